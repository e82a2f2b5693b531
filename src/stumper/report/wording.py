"""Figures and sentences of the report: nothing is said more exactly, or more kindly, than it was measured."""

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from markupsafe import Markup

from stumper.types import LETTERS, Comparison, Judged, Question, Scorecard, ScoringRule, Share, Times

if TYPE_CHECKING:
    from stumper.report import Findings, Training

MOST_CHARACTERS = 2000
"""Of any one text; a question of the challenge has fewer than 1,000."""

SIGNIFICANT = 0.05

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Controls: characters that turn the reading direction, hide, or are no text at all."""

_GAP = "\N{NARROW NO-BREAK SPACE}"
_NBSP = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


def clean(value: Any) -> Any:
    """What the template may print: texts lose nothing but length, and controls become visible as [U+202E].

    Applied to every expression of the template; what our own functions marked up passes as it is.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    kept = value[:MOST_CHARACTERS]
    text = visible(kept)
    if len(value) > len(kept):
        text += f" … [cut here: {len(value):,} characters in all]"
    return text


def visible(text: str) -> str:
    """The text with its controls spelled out."""
    return _ODD.sub(lambda m: f"[U+{ord(m.group()):04X}]", text)


def brief(text: str, most: int = 160) -> str:
    """The beginning of a text, for a cell of a table."""
    return text if len(text) <= most else f"{text[:most].rstrip()} … [{len(text):,} characters]"


def name(text: str) -> str:
    """What something is called, as words: "blood_relations" is "blood relations"."""
    return brief(text, 80).replace("_", " ")


def count(number: int | None) -> str:
    return "not run" if number is None else f"{number:,}"


def percent(part: float) -> str:
    """In per cent with one decimal; what is not 0 or 1 is never shown as 0 or 100 %."""
    if 0 < part < 0.0005:
        return f"<{_GAP}0.1{_GAP}%"
    if 0.9995 < part < 1:
        return f">{_GAP}99.9{_GAP}%"
    return f"{100 * part:.1f}{_GAP}%"


def interval(share: Share) -> str:
    return f"{100 * share.low:.1f} to {100 * share.high:.1f}{_GAP}%"


def score(share: Share | None) -> str:
    """A share with its counts and its interval."""
    if share is None:
        return "not run"
    if share.n == 0:
        return "none observed"
    return f"{share.successes:,} of {share.n:,} ({percent(share.successes / share.n)}, {interval(share)})"


def points(difference: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    sign = "+" if difference > 0 else _MINUS if difference < 0 else "±"
    return f"{sign}{abs(100 * difference):.1f} points"


def p_value(p: float) -> str:
    return f"p{_NBSP}<{_NBSP}0.001" if p < 0.001 else f"p{_NBSP}={_NBSP}{p:.3f}" if p < 0.995 else f"p{_NBSP}={_NBSP}1"


def seconds(value: float | None) -> str:
    if value is None:
        return "not kept"
    if value < 10:
        return f"{value:.2f}{_GAP}s"
    if value < 120:
        return f"{value:.1f}{_GAP}s"
    return f"{value / 60:.1f}{_GAP}min" if value < 7200 else f"{value / 3600:.1f}{_GAP}h"


def money(value: float | None) -> str:
    """In the currency of the prices, which nobody states."""
    return "no price" if value is None else f"{value:,.4f}" if value < 1 else f"{value:,.2f}"


def chance(p: float | None) -> str:
    """How likely chance alone does as well."""
    return "not tested" if p is None else p_value(p)


RULES = {
    "letter": "the letter",
    "text_mean": "the choice's text, per character",
    "text_sum": "the choice's whole text",
    "cloze": "the choice's text, with no choices in sight",
}
"""Whose likelihood tells the answer."""


def rule(scoring: ScoringRule) -> str:
    return f"{RULES[scoring.by]}, after reasoning" if scoring.reasoned else RULES[scoring.by]


def letter(choice: int | None) -> str:
    return "none" if choice is None else LETTERS[choice]


class Answered(NamedTuple):
    """The report's first sentence. `badge` says the same in a word or two."""

    tone: Literal["good", "bad", "open", "none"]
    badge: str
    sentence: str
    more: tuple[str, ...] = ()


def verdict(f: "Findings") -> Answered:
    """Whether the tuned model is better than its base on held-out proven questions, with all that this rests on."""
    if f.tuned is None:
        return Answered(
            "none",
            "Not run",
            "This run did not evaluate a tuned model, so this report cannot say whether training helped.",
            () if f.base is None else (f"The untuned base got {score(f.base.accuracy)} right.",),
        )
    if f.base is None or f.comparison is None:
        return Answered(
            "none",
            "Not compared",
            f"The tuned model got {score(f.tuned.accuracy)} of the held-out proven questions right; "
            "its base was not evaluated on them, so this report cannot say whether training helped.",
        )
    c = _tuned_first(f.comparison, f.tuned.entry)
    figures = f"{score(f.tuned.accuracy)} right against {score(f.base.accuracy)}"
    test = (
        f"Of the {c.n:,} questions that both answered, {c.only_a:,} were answered right by the tuned model alone and "
        f"{c.only_b:,} by the base alone: a difference of {points(c.difference)} (exact McNemar test, "
        f"{p_value(c.p_exact)})."
    )
    more = (test, _power(c), _against_chance(f.tuned.accuracy, f.tuned.chance))
    if c.p_exact >= SIGNIFICANT or c.difference == 0:
        sentence = f"No: this run does not show that the tuned model is better than its base: {figures}."
        return Answered("open", "Not shown to be better", sentence, more)
    if c.difference > 0:
        sentence = f"Yes: the tuned model answers held-out proven questions better than its base: {figures}."
        return Answered("good", "Better than its base", sentence, more)
    sentence = f"No: the tuned model answers held-out proven questions worse than its base: {figures}."
    return Answered("bad", "Worse than its base", sentence, more)


def _tuned_first(c: Comparison, tuned: str) -> Comparison:
    if c.a == tuned:
        return c
    return c.model_copy(
        update={"a": c.b, "b": c.a, "only_a": c.only_b, "only_b": c.only_a, "difference": -c.difference}
    )


def _power(c: Comparison) -> str:
    if c.detectable is None:
        return f"{c.n:,} questions on which the two differ this seldom can tell no difference with 80{_NBSP}% power."
    return (
        f"{c.n:,} questions with this many differing answers tell a difference of {100 * c.detectable:.1f} points or "
        f"more with 80{_NBSP}% power."
    )


def _against_chance(accuracy: Share, chance: float) -> str:
    if accuracy.low > chance:
        where = "lies above it"
    elif accuracy.high < chance:
        where = "lies below it"
    else:
        where = "includes it: the tuned model cannot be told from a guesser"
    return f"Blind guessing gets {percent(chance)}; the tuned model's interval {where}."


def limits(f: "Findings") -> list[str]:
    """What the report cannot claim: what holds for every run, and what holds for this one."""
    families = " and ".join(name(topic) for topic in f.topics) or "the families of this run"
    said = [
        f"Accuracy is about questions that the oracle reads and proves: {families}, in the setter's sentence forms. "
        "It says nothing about logic in general, nor about the same puzzles in other words.",
        "“Proven” means proven under the oracle's conventions (which way is left, who counts as a cousin). A reader "
        "with other conventions can arrive at another key.",
        "The intervals cover the choice of questions, not the choice of seed: a second training run gives another "
        "model, and this report saw one.",
        "Seconds were taken on this machine under the load it had; another machine has other times.",
    ]
    agreed = sum(row.agreed or 0 for row in f.funnel or ())
    if f.audited:
        said.append(f"Keys that only votes speak for were audited by a person: {f.audited}.")
    elif agreed:
        said.append(
            f"{agreed:,} questions were accepted by agreement, not by proof. The share of wrong keys among them was "
            "not audited; voters that err together often choose the same wrong answer."
        )
    if f.left:
        said.append(
            f"{f.left:,} questions waited for a person and nobody reviewed them: they were left out. The data set "
            "lacks whatever they had in common."
        )
    if f.base and f.tuned and (f.base.accuracy.n, f.tuned.accuracy.n) != (f.comparison.n if f.comparison else 0,) * 2:
        said.append(
            f"The base answered {f.base.accuracy.n:,} questions and the tuned model {f.tuned.accuracy.n:,}; only "
            "those that both answered are compared."
        )
    failed = sum(cost.failed for cost in f.costs or ())
    if failed:
        said.append(
            f"{failed:,} calls of models brought no usable reply. Votes and probes among them are left out, not "
            "counted as wrong answers."
        )
    missing = _not_run(f)
    if missing:
        said.append(f"Not run, and so not claimed: {', '.join(missing)}.")
    return [*said, *f.notes]


def _not_run(f: "Findings") -> list[str]:
    parts: Sequence[tuple[str, object]] = (
        ("the funnel of questions", f.funnel),
        ("the calibration of the teachers", f.voters),
        ("training", f.training),
        ("the accuracy of the base", f.base),
        ("the accuracy of the tuned model", f.tuned),
        ("writing questions under the clock", f.asking or None),
        ("a match", f.match),
    )
    return [part for part, value in parts if value is None]


def trained(t: "Training") -> str:
    """What the loss was taken over, as sentences."""
    rows = " and ".join(f"{count(number)} for {role}" for role, number in t.examples.items())
    parts = " and ".join(f"{percent(part)} by {role}" for role, part in t.loss_share.items())
    said = [
        f"Training rows: {rows}." if rows else "",
        "The number of trained tokens was not kept."
        if t.tokens is None
        else f"The loss was taken over {count(t.tokens)} tokens, all epochs together{f', {parts}' if parts else ''}.",
    ]
    return " ".join(filter(None, said))


def outcome(judged: Judged) -> str:
    """What a ball came to, in a few words."""
    ball = judged.ball
    if ball.question is None:
        return f"no question: {ball.asked.problems[-1]}" if ball.asked.problems else "no question"
    if judged.problems:
        return f"not well-formed: {judged.problems[0]}"
    if judged.late_question:
        return "the question came late"
    if not judged.counted:
        return f"dropped: {ball.ruling.ruling.replace('_', ' ')}" if ball.ruling else "dropped"
    if judged.correct:
        return "right"
    late = ", late" if judged.late_answer else ""
    return f"proven stump{late}" if judged.stump else f"wrong{late}, the key is not proven"


def stem_of(record: dict[str, Any] | Question | None) -> str:
    """The text of a question as it was handed in, whatever stands in its place."""
    if record is None:
        return ""
    return record.stem if isinstance(record, Question) else str(record.get("question", ""))


class Output(NamedTuple):
    """What one entry put out under the clock."""

    name: str
    valid: Share
    times: Times | None


def outputs_of(f: "Findings") -> list[Output]:
    """Answers to the held-out questions, then questions written."""
    cards = [card for card in (f.base, f.tuned) if card is not None]
    answers = [Output(f"answers of {card.entry}", card.valid, card.times) for card in cards]
    return answers + [Output(f"questions of {asking.entry}", asking.valid, asking.times) for asking in f.asking]


def groups(base: Scorecard | None, tuned: Scorecard | None, by: Literal["by_topic", "by_level"]) -> list[str]:
    """The names of the groups that either has, sorted."""
    return sorted({name for card in (base, tuned) if card is not None for name in getattr(card, by)})


def letters(base: Scorecard | None, tuned: Scorecard | None) -> list[str]:
    """The letters that were right or answered, sorted."""
    cards = [card for card in (base, tuned) if card is not None]
    return sorted({letter for card in cards for letter in (*card.letters, *card.key_letters)})


def finite(value: float) -> bool:
    return math.isfinite(value)
