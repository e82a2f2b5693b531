"""What the model writes while it trains, and when that is a reason to stop.

The loss of a run that has collapsed can look healthy; what it writes does not.
"""

import math
from collections import Counter
from collections.abc import Sequence

from stumper import prompts
from stumper.engines.transformers import Transformers
from stumper.errors import StumperError
from stumper.train.rows import BEFORE_THE_LETTER
from stumper.types import LETTERS, Example, Reply, Request, Sampling, Value

LETTERS_ASKED = 32
"""Validation questions whose letter is scored at each probe."""

WRITTEN = 4
"""Validation rows of each role that are written out at each probe."""

VALID = 0.5
"""From the second probe on, a smaller share of valid JSON stops the run: the form is learned in the first steps."""

ENTROPY = 0.1
ONE_LETTER = 3
"""Entropy of the letters in bits, and for how many probes in a row: one letter for every question stops the run, but
small models pass through such a bias on their way."""

FEWEST_LETTERS = 16
"""Fewer letters say nothing about the entropy."""


class Probe(Value):
    """The model's own writing, free and greedy, after one number of steps."""

    step: int
    valid_json: float
    """Share of the outputs that are the object their role is to write."""
    eos: float
    """Share of the outputs that end by themselves."""
    distinct: float
    """Share of the outputs that differ from all before them."""
    letter_entropy: float | None
    """Of the letters answered, in bits: 0 when it is always the same, 2 when four letters are equally frequent.

    None: too few were asked.
    """


def take(engine: Transformers, examples: Sequence[Example], step: int) -> Probe:
    """Probe a model in training on validation examples."""
    answers = [e for e in examples if e.role == "<A>"]
    written = [*answers[:WRITTEN], *[e for e in examples if e.role == "<Q>"][:WRITTEN]]
    replies = [reply for _, reply in sorted(engine.generate([_writing(e, engine) for e in written]), key=_index)]
    letters = _letters(engine, answers[:LETTERS_ASKED])
    count = max(len(written), 1)
    return Probe(
        step=step,
        valid_json=sum(_is_valid(reply.text, e) for reply, e in zip(replies, written, strict=True)) / count,
        eos=sum(reply.finish == "stop" for reply in replies) / count,
        distinct=len({reply.text for reply in replies}) / count,
        letter_entropy=_entropy(letters) if len(letters) >= FEWEST_LETTERS else None,
    )


def stop_reason(probes: Sequence[Probe]) -> str:
    """Why training should end after the last of these probes; empty: it should not."""
    last = probes[-1]
    if len(probes) > 1 and last.valid_json < VALID:
        return f"after {last.step} steps only {last.valid_json:.0%} of what it writes is valid JSON"
    lately = probes[-ONE_LETTER:]
    if len(lately) == ONE_LETTER and all(p.letter_entropy is not None and p.letter_entropy < ENTROPY for p in lately):
        return f"since step {lately[0].step} it answers every question with the same letter"
    return ""


def refuse(reason: str) -> StumperError:
    return StumperError(f"training was stopped: {reason}; lower train.learning_rate, or look at the data")


def check_loss(loss: float, step: int) -> None:
    """Raises StumperError for a loss that is no finite number."""
    if not math.isfinite(loss):
        raise refuse(f"the loss at step {step} is {loss}")


def _writing(example: Example, engine: Transformers) -> Request:
    # What the example's own completion takes, and a quarter more: who does not end by then does not end.
    room = math.ceil(1.25 * (engine.count_tokens(example.completion) or 0)) + 8
    return Request(messages=example.messages, sampling=Sampling(max_tokens=room))


def _is_valid(text: str, example: Example) -> bool:
    """The object that the role writes. Whether a question is a good one (its choices differ) is not asked here."""
    record = prompts.only_object(text)
    fields = {"<A>": {"answer"}, "<Q>": {"question", "choices", "answer"}}[example.role]
    return not isinstance(record, str) and fields <= record.keys()


def _letters(engine: Transformers, answers: Sequence[Example]) -> list[str]:
    """The likeliest letter after each example's own words before it."""
    requests = [
        Request(
            messages=e.messages,
            opening=e.completion[: e.completion.rindex(BEFORE_THE_LETTER) + len(BEFORE_THE_LETTER)],
            continuations=tuple(LETTERS[:4]),
        )
        for e in answers
    ]
    scores = [reply.scores for _, reply in sorted(engine.choose(requests), key=_index)]
    return [LETTERS[max(range(len(row)), key=row.__getitem__)] for row in scores if row]


def _index(found: tuple[int, Reply]) -> int:
    return found[0]


def _entropy(letters: Sequence[str]) -> float:
    counts = Counter(letters)
    return -sum(n / len(letters) * math.log2(n / len(letters)) for n in counts.values()) + 0.0
