"""What has to hold before a single step is taken: each check names one way in which fine-tuning fails in silence."""

from collections.abc import Iterator, Sequence

from stumper.engines._chat import scored_part
from stumper.errors import StumperError
from stumper.train.rows import BEFORE_THE_LETTER, IGNORED, Row, Voice, Weights, collate
from stumper.types import LETTERS, Example, Value

SHOWN = 3
"""Rows that a failed check names."""


class Check(Value):
    name: str
    passed: bool
    detail: str = ""


def demand(checks: Sequence[Check]) -> None:
    """Raises StumperError that names the failed checks."""
    failed = [check for check in checks if not check.passed]
    if failed:
        reasons = "; ".join(f"{check.name}: {check.detail}" for check in failed)
        raise StumperError(f"training would fail in silence, so it does not begin: {reasons}")


def inspect(
    examples: Sequence[Example], rows: Sequence[Row], weights: Weights, voice: Voice, max_length: int
) -> list[Check]:
    """All checks that need no pass through the model. `rows` are the examples', in the same order."""
    return [
        _rows_of_both_splits(examples),
        _prompts_begin_rows(examples, rows, voice),
        _ends_are_learned(rows, voice),
        _nothing_is_cut(rows, max_length),
        _padding_keeps_ends(rows),
        _letters_are_the_scored_ones(examples, rows, voice),
        _roles_are_told_apart(examples, rows, voice),
        Check(
            name="role shares",
            passed=all(share > 0 for share in weights.shares.values()),
            detail=", ".join(
                f"{role} {sum(row.role == role for row in rows)} rows, {share:.0%} of the loss"
                for role, share in weights.shares.items()
            ),
        ),
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
