"""Training rows: token ids of prompt and completion, what each label weighs, and which rows share a batch."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Literal, NamedTuple, Protocol, get_args

from stumper.engines._gguf import Header
from stumper.errors import BadInput
from stumper.types import Example, Message, seed_for

IGNORED = -100
"""The label of tokens that are not learned (torch's cross entropy)."""

LENGTHS = 32
"""Batches are padded to multiples of this many tokens: the first pass at each new shape costs a CPU seconds."""

BEFORE_THE_LETTER = '"answer": "'

Kind = Literal["letter", "words", "frame", "end"]
"""What a label is for: the key's letter, the text of a field, the object around it, the end of the turn."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Voice(Protocol):
    """How a model's prompts are written and cut into tokens."""

    @property
    def turn_end(self) -> int:
        """The token that ends the assistant's turn."""

    @property
    def stops(self) -> tuple[int, ...]:
        """The tokens at which generation stops."""

    @property
    def header(self) -> Header:
        """The chat template and the control tokens."""

    def prompt(self, messages: Sequence[Message], opening: str = "") -> str: ...

    def ids(self, text: str) -> list[int]: ...

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where each of the text's tokens begins and ends in it, in characters."""

    def spelled(self, ids: Sequence[int]) -> str:
        """The text of token ids, control tokens included."""


class Row(NamedTuple):
    item: str
    role: str
    prompt: tuple[int, ...]
    completion: tuple[int, ...]
    """With the token that ends the turn."""
    letter: int
    """Where the answer's letter stands in the completion; -1 where there is none to learn."""
    whole: bool
    """The prompt's tokens are the beginning of those of prompt and completion together."""
    kinds: tuple[Kind, ...]
    """One for each token of the completion."""

    def __len__(self) -> int:
        return len(self.prompt) + len(self.completion)


def encode(example: Example, voice: Voice) -> Row:
    """Tokenise one example as generation would: prompt and completion together, then the turn's end.

    Raises BadInput for an answer without a letter.
    """
    if example.role == "<A>" and BEFORE_THE_LETTER not in example.completion:
        raise BadInput(f"the training row {example.item} {example.role} holds no {BEFORE_THE_LETTER}: mend or drop it")
    text = voice.prompt(example.messages)
    prompt = voice.ids(text)
    together = voice.ids(text + example.completion)
    whole = together[: len(prompt)] == prompt
    letter = -1
    if example.role == "<A>":
        before = example.completion[: example.completion.rindex(BEFORE_THE_LETTER) + len(BEFORE_THE_LETTER)]
        letter = len(voice.ids(text + before)) - len(prompt)
    completion = (*together[len(prompt) :], voice.turn_end)
    spans = [(a - len(text), b - len(text)) for a, b in voice.spans(text + example.completion)[len(prompt) :]]
    kinds = (*_kinds(example.completion, spans), "end")
    return Row(example.item, example.role, tuple(prompt), completion, letter, whole, kinds)


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)


def _kinds(completion: str, spans: Sequence[tuple[int, int]]) -> Iterator[Kind]:
    """The kind of each token, by its first character that is not blank."""
    of: list[Kind] = ["frame"] * len(completion)
    key = ""
    for found in _STRING.finditer(completion):
        if found[2]:
            key = found[1]
        else:
            kind: Kind = "letter" if key == "answer" and len(found[1]) == 1 else "words"
            of[found.start(1) : found.end(1)] = [kind] * len(found[1])
    for start, end in spans:
        first = next((i for i in range(max(start, 0), end) if not completion[i].isspace()), start)
        yield of[first] if 0 <= first < len(of) else "frame"


class Weights(NamedTuple):
    """What each label weighs, by role and kind; the mean over all labels is 1."""

    label: Mapping[str, Mapping[Kind, float]]
    shares: Mapping[str, Mapping[Kind, float]]
    """Each role's and kind's part of the whole weight."""

    def of(self, row: Row) -> list[float]:
        """One weight for each token of the row's completion."""
        weight = self.label[row.role]
        return [weight[kind] for kind in row.kinds]

    def share(self, role: str) -> float:
        return sum(self.shares[role].values())


def weigh(rows: Sequence[Row], answer_weight: float, letter_weight: float = 1.0) -> Weights:
    """Weights under which the answering role has `answer_weight` times the writing role's part of the loss.

    A written question has some 25 times the labels of an answer: counted by tokens, the answers would hardly count.
    `letter_weight`: an answer's letter, as a multiple of its other labels.
    """
    counts: dict[str, Counter[Kind]] = {}
    for row in rows:
        counts.setdefault(row.role, Counter()).update(row.kinds)
    parts = {"<A>": answer_weight, "<Q>": 1.0}
    whole = sum(parts[role] for role in counts)
    total = sum(n for of_role in counts.values() for n in of_role.values())
    label: dict[str, dict[Kind, float]] = {}
    for role, of_role in sorted(counts.items()):
        times = {kind: letter_weight if (role, kind) == ("<A>", "letter") else 1.0 for kind in KINDS}
        unit = parts[role] / whole * total / sum(n * times[kind] for kind, n in of_role.items())
        label[role] = {kind: unit * times[kind] for kind in KINDS}
    shares = {role: {k: label[role][k] * n / total for k, n in sorted(of.items())} for role, of in counts.items()}
    return Weights(label, shares)


def schedule(rows: Sequence[Row], epochs: int, batch: int, seed: int) -> list[list[int]]:
    """Batches of row numbers for the whole training: shuffled anew each epoch, each role spread evenly over it.

    Within a role, rows of similar length stand together. Batches of one role alone would not do: the gradient of a
    batch of written questions is many times that of a batch of answers, and Adam's step for the answers shrinks
    after each. All batches of an epoch are full but its last.
    """
    return [b for epoch in range(epochs) for b in _epoch(rows, batch, random.Random(seed_for(seed, "schedule", epoch)))]


def _epoch(rows: Sequence[Row], batch: int, rng: random.Random) -> list[list[int]]:
    steps = -(-len(rows) // batch)
    drawn: list[list[int]] = [[] for _ in range(steps)]
    # The smaller role first, evenly; the larger one fills up what is left.
    roles = sorted({row.role for row in rows}, key=lambda role: (sum(row.role == role for row in rows), role))
    for role in roles:
        order = [i for i, row in enumerate(rows) if row.role == role]
        rng.shuffle(order)
        if role == roles[-1]:
            takes = [batch - len(b) for b in drawn]
        else:
            takes = [(k + 1) * len(order) // steps - k * len(order) // steps for k in range(steps)]
        # Stable: rows of one padded length stay in the order they were shuffled into.
        queue = iter(sorted(order, key=lambda i: _width(rows[i])))
        for k in rng.sample(range(steps), steps):
            drawn[k] += islice(queue, takes[k])
    return [b for b in drawn if b]


class Batch(NamedTuple):
    """Lists of equal length, padded on the right to a multiple of LENGTHS."""

    input_ids: list[list[int]]
    attention_mask: list[list[int]]
    labels: list[list[int]]
    """IGNORED on prompt and padding; the end of the turn keeps its label though it may be the padding token too."""
    weights: list[list[float]]


def passes(rows: Sequence[Row], tokens: int) -> list[list[Row]]:
    """A batch cut into the passes in which it goes through the model: rows of one padded length, `tokens` at most.

    Their gradients add up to the batch's; a written question among answers pads none of them.
    """
    cut = []
    for width, group in groupby(sorted(rows, key=_width), key=_width):
        alike = list(group)
        size = max(1, tokens // width)
        cut += [alike[i : i + size] for i in range(0, len(alike), size)]
    return cut


def _width(row: Row) -> int:
    return -(-len(row) // LENGTHS) * LENGTHS


def collate(rows: Sequence[Row], weight: Callable[[Row], Sequence[float]], pad: int) -> Batch:
    """Pad rows to one length. `weight`: a row's weights, one for each token of its completion."""
    width = max(map(_width, rows))
    batch = Batch([], [], [], [])
    for row in rows:
        empty = width - len(row)
        before = len(row.prompt)
        batch.input_ids.append([*row.prompt, *row.completion, *[pad] * empty])
        batch.attention_mask.append([1] * len(row) + [0] * empty)
        batch.labels.append([IGNORED] * before + list(row.completion) + [IGNORED] * empty)
        batch.weights.append([0.0] * before + list(weight(row)) + [0.0] * empty)
    return batch
