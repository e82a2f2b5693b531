"""What has to hold before a single step is taken: each check names one way in which fine-tuning fails in silence.

The checks here read rows and recipe alone; those that need passes through the model are in `rehearsal`.
"""

import re
from collections.abc import Iterator, Sequence

from stumper.engines._chat import scored_part
from stumper.errors import StumperError
from stumper.train.config import TrainConfig
from stumper.train.rows import BEFORE_THE_LETTER, IGNORED, Row, Voice, Weights, collate
from stumper.types import LETTERS, Example, Value

SHOWN = 3
"""Rows that a failed check names."""

STEP = 0.2
"""Budget for scaling times rank times learning rate, on a model 576 wide (SmolLM2-135M).

Adam moves each entry of B by about the learning rate in its first steps, so a layer's output moves by about scaling x
rank x learning rate times its input. 0.13 learns here, 0.19 does with half of what is written broken on the way
(docs/log.md); rank-stabilised rank 128 with alpha 256 (scaling 22.6) comes to 0.58 at 2e-4.
"""

STEP_WIDTH, STEP_EXPONENT = 576, 0.781
"""Wider models bear less: the best learning rate falls with width^-0.781 (tinker-cookbook, hyperparam_utils, Llama)."""


class Check(Value):
    name: str
    passed: bool
    detail: str = ""
    waived: bool = False
    """It failed, and the recipe says (train.waive) that it may."""


def waive(checks: Sequence[Check], names: Sequence[str]) -> list[Check]:
    """The checks, those that failed and may fail marked so."""
    return [c.model_copy(update={"waived": True}) if not c.passed and c.name in names else c for c in checks]


def failed(checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if not check.passed and not check.waived]


def demand(checks: Sequence[Check]) -> None:
    """Raises StumperError that names the failed checks."""
    if wrong := failed(checks):
        reasons = "; ".join(f"{check.name}: {check.detail}" for check in wrong)
        raise StumperError(f"training would fail in silence, so it does not begin: {reasons}")


def inspect(
    examples: Sequence[Example],
    rows: Sequence[Row],
    weights: Weights,
    voice: Voice,
    config: TrainConfig,
    width: int,
    vocabulary: int,
) -> list[Check]:
    """All checks that need no pass through the model. `rows` are the examples', in the same order.

    `width`: of the model's hidden layers; `vocabulary`: rows of its embedding.
    """
    return [
        _rows_of_both_splits(examples),
        _rows_of_both_roles(examples),
        _there_is_a_template(voice),
        _control_tokens_are_one(examples, voice),
        _tokens_spell_the_text(examples, rows, voice),
        _tokens_have_embeddings(rows, vocabulary),
        _prompts_begin_rows(examples, rows, voice),
        _ends_are_learned(rows, voice),
        _nothing_is_cut(rows, config.max_length),
        _padding_keeps_ends(rows),
        _letters_are_the_scored_ones(examples, rows, voice),
        _letters_are_those_of_the_prompt(examples, rows, voice),
        _roles_are_told_apart(examples, rows, voice),
        _shares(rows, weights),
        _step_is_in_budget(config, width),
    ]


def _verdict(name: str, wrong: Sequence[str], right: str, mend: str) -> Check:
    if not wrong:
        return Check(name=name, passed=True, detail=right)
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return Check(name=name, passed=False, detail=f"{', '.join(wrong[:SHOWN])}{more}; {mend}")


def _rows_of_both_splits(examples: Sequence[Example]) -> Check:
    splits = {example.split for example in examples}
    missing = [split for split in ("train", "validation") if split not in splits]
    return _verdict(
        "rows",
        [f"no row of the split {split}" for split in missing],
        f"{len(examples)} rows, train and validation",
        "write more questions, or raise dataset.validation",
    )


def _rows_of_both_roles(examples: Sequence[Example]) -> Check:
    roles = {example.role for example in examples if example.split == "train"}
    return _verdict(
        "both roles",
        [f"no training row of {role}" for role in ("<A>", "<Q>") if role not in roles],
        "training rows of <A> and <Q>",
        "raise dataset.writing, or write more questions; train.waive=[both roles] trains a model for one role",
    )


def _there_is_a_template(voice: Voice) -> Check:
    return _verdict(
        "chat template",
        [] if voice.header.template else ["the base has no chat template"],
        "the base's own",
        "name its instruct version, or waive this check to train on a plain transcript",
    )


_MARKER = re.compile(r"<\|[^|<>\s]{1,40}\|>|<(?:start|end)_of_turn>|</?s>")
"""What chat templates write for control tokens."""


def _control_tokens_are_one(examples: Sequence[Example], voice: Voice) -> Check:
    """A template written for another tokenizer marks its turns with words that the model has never seen as marks."""
    text = voice.prompt(examples[0].messages) if examples else ""
    marks = dict.fromkeys([*_MARKER.findall(text), *[c for c in voice.header.control if c.strip() and c in text]])
    wrong = [f"{mark} is {len(ids)} tokens" for mark in marks if len(ids := voice.ids(mark)) != 1]
    if (bos := voice.header.bos) and len(voice.ids(bos)) == 1:
        begin = voice.ids(bos)[0]
        # ChatML models have one token for both: there it stands before every turn.
        doubled = [e.item for e in examples if voice.ids(voice.prompt(e.messages))[:2] == [begin, begin]]
        wrong += [f"{item} begins with two {bos}" for item in doubled]
    return _verdict(
        "control tokens",
        wrong,
        f"{', '.join(marks) or 'none'}: one token each",
        "the chat template is not this tokenizer's: name a base whose two belong together",
    )


def _tokens_spell_the_text(examples: Sequence[Example], rows: Sequence[Row], voice: Voice) -> Check:
    wrong = []
    for example, row in _spread(list(zip(examples, rows, strict=True))):
        text = voice.prompt(example.messages) + example.completion
        if voice.spelled([*row.prompt, *row.completion[:-1]]) != text:
            wrong.append(row.item)
    return _verdict(
        "tokens spell the text",
        wrong,
        "decoding a row's tokens gives its text back",
        "the tokenizer changes the text: name another base, or normalise the data",
    )


def _tokens_have_embeddings(rows: Sequence[Row], vocabulary: int) -> Check:
    most = max((max((*row.prompt, *row.completion)) for row in rows), default=0)
    return _verdict(
        "vocabulary",
        [] if most < vocabulary else [f"token {most} is outside the model's {vocabulary} embeddings"],
        f"tokens up to {most} of {vocabulary}",
        "tokenizer and weights are of different models: name the folder of one",
    )


def _prompts_begin_rows(examples: Sequence[Example], rows: Sequence[Row], voice: Voice) -> Check:
    """Tokens that reach across the seam are never seen in generation; a blank before it flips the next token."""
    wrong = [row.item for row in rows if not row.whole or not row.prompt]
    wrong += [e.item for e in examples if voice.prompt(e.messages).endswith((" ", "\t"))]
    return _verdict(
        "prompts as in generation",
        wrong,
        "every prompt's tokens begin those of prompt and completion",
        "the completion begins inside a token of the prompt: change the text around the seam",
    )


def _ends_are_learned(rows: Sequence[Row], voice: Voice) -> Check:
    wrong = [row.item for row in rows if row.completion[-1:] != (voice.turn_end,)]
    if voice.turn_end not in voice.stops:
        wrong = ["the end of a turn is no token at which generation stops"]
    return _verdict(
        "ends are learned",
        wrong,
        f"the last label of all {len(rows)} rows is token {voice.turn_end}, at which generation stops",
        "a model that never sees the end rambles without end",
    )


def _nothing_is_cut(rows: Sequence[Row], max_length: int) -> Check:
    wrong = [f"{row.item} ({len(row)} tokens)" for row in rows if len(row) > max_length]
    longest = max(map(len, rows), default=0)
    return _verdict(
        "no row is cut",
        wrong,
        f"the longest row has {longest} tokens of at most {max_length}",
        f"raise train.max_length above {longest}, or leave these rows out",
    )


def _padding_keeps_ends(rows: Sequence[Row]) -> Check:
    """With the padding token set to the end's, a collator that hides padding hides the end from the loss too."""
    if not rows:
        return Check(name="padding keeps ends", passed=False, detail="no rows; write questions first")
    by_length = sorted(rows, key=len)
    pair = [by_length[0], by_length[-1]]
    batch = collate(pair, lambda row: [1.0] * len(row.completion), pad=pair[0].completion[-1])
    wrong = []
    for row, labels in zip(pair, batch.labels, strict=True):
        kept = [label for label in labels if label != IGNORED]
        if kept != list(row.completion) or labels[len(row) - 1] != row.completion[-1]:
            wrong.append(row.item)
    return _verdict(
        "padding keeps ends", wrong, "padded rows keep all their labels, the end too", "mend the collation of rows"
    )


def _letters_are_the_scored_ones(examples: Sequence[Example], rows: Sequence[Row], voice: Voice) -> Check:
    """The letter is one token, and scoring conditions on the very tokens that stand before it in training."""
    wrong = []
    answers = [(e, row) for e, row in zip(examples, rows, strict=True) if row.role == "<A>"]
    for example, row in _spread(answers):
        opening = example.completion[: example.completion.rindex(BEFORE_THE_LETTER) + len(BEFORE_THE_LETTER)]
        text = voice.prompt(example.messages, opening)
        letters = LETTERS[:4]
        before, scored = scored_part(voice.ids(text), [voice.ids(text + letter) for letter in letters])
        conditions = (*row.prompt, *row.completion[: row.letter])
        learned = [row.completion[row.letter]]
        if conditions != tuple(before) or learned not in scored or any(len(ids) != 1 for ids in scored):
            wrong.append(row.item)
    return _verdict(
        "letters as in scoring",
        wrong,
        "a letter is one token, the same in training and in scoring",
        "the tokenizer joins the letter with its neighbours: this model cannot be scored by letter",
    )


def _letters_are_those_of_the_prompt(examples: Sequence[Example], rows: Sequence[Row], voice: Voice) -> Check:
    """The letter before a choice is the token that the answer is to hold: copying is easier than translating."""
    wrong = []
    for example, row in _spread([(e, row) for e, row in zip(examples, rows, strict=True) if row.role == "<A>"]):
        letter = voice.spelled([row.completion[row.letter]])
        text = voice.prompt(example.messages)
        before, mark, _ = text.rpartition(f"\n{letter}) ")
        shown = voice.ids(f"{before}\n{letter}")
        if mark and (shown[-1] != row.completion[row.letter] or row.prompt[: len(shown)] != tuple(shown)):
            wrong.append(row.item)
    return _verdict(
        "letters as in the prompt",
        wrong,
        "the answer's letter is the token that stands before its choice",
        "the tokenizer joins the letter before a choice with its bracket: another base learns letters more easily",
    )


def _spread(pairs: Sequence[tuple[Example, Row]], most: int = 64) -> Iterator[tuple[Example, Row]]:
    yield from pairs[:: max(1, len(pairs) // most)]


def _roles_are_told_apart(examples: Sequence[Example], rows: Sequence[Row], voice: Voice) -> Check:
    """The role's tag reaches the model: a template or a clean-up of control tokens may swallow it."""
    wrong = [e.item for e in examples if e.role not in voice.prompt(e.messages)]
    heads = {row.role: row.prompt for row in rows}
    if len(heads) == 2 and heads["<A>"] == heads["<Q>"]:
        wrong.append("both roles have one prompt")
    return _verdict(
        "roles are told apart",
        wrong,
        f"every prompt carries its tag: {', '.join(sorted(heads))}",
        "the chat template drops the role tags: use another base or another template",
    )


def _shares(rows: Sequence[Row], weights: Weights) -> Check:
    told = [
        f"{role} {sum(row.role == role for row in rows)} rows, {weights.share(role):.0%} of the loss ("
        + ", ".join(f"{kind} {share:.1%}" for kind, share in kinds.items())
        + ")"
        for role, kinds in sorted(weights.shares.items())
    ]
    passed = bool(told) and all(weights.share(role) > 0 for role in weights.shares)
    return Check(name="shares of the loss", passed=passed, detail="; ".join(told) or "no training rows")


def _step_is_in_budget(config: TrainConfig, width: int) -> Check:
    step = config.scaling * config.rank * config.learning_rate
    budget = STEP * min(1.0, (STEP_WIDTH / width) ** STEP_EXPONENT)
    told = f"scaling {config.scaling:.3g} x rank {config.rank} x learning rate {config.learning_rate:.3g} = {step:.3g}"
    return _verdict(
        "size of a step",
        [] if step <= budget else [f"{told} is above the budget of {budget:.2g}"],
        f"{told}, within the budget of {budget:.2g}",
        f"set train.learning_rate to at most {budget / config.scaling / config.rank:.1g}, or lower train.alpha",
    )
