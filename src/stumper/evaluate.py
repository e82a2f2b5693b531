"""Held-out questions, answered under the tournament's clock and marked, with what the figures can tell.

An answerer is shown stem and choices alone: `AnswerAgent` strips key, reasoning and clues before it builds a request.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pydantic import Field

from stumper import stats
from stumper.agents import AnswerAgent, AnswerSettings
from stumper.engines import Engine
from stumper.errors import BadInput
from stumper.types import (
    LETTERS,
    Answer,
    Calibration,
    Comparison,
    Failure,
    Graded,
    Outcome,
    Question,
    Scorecard,
    Share,
    Value,
    seed_for,
    shuffled,
)

VERSION = 1


class Settings(Value):
    deadline: float = Field(6.0, gt=0)
    """Seconds an answer may take, wall clock."""


class Recipe(Settings):
    seed: int
    entries: tuple[str, ...]


class Sitting(Value):
    """One answer owed. Every entry sees a question in the same order, so that pairs differ by the entry alone."""

    entry: str
    item: str
    order: tuple[int, ...]


def tasks(recipe: Recipe, questions: Mapping[str, Question]) -> dict[str, Sitting]:
    """The answers owed: "item#entry" -> sitting. Raises BadInput for a question without choices or key."""
    for item, question in questions.items():
        if len(question.choices) < 2 or question.key is None:
            raise BadInput(f"question {item}: evaluation needs choices and a key; leave it out or add them")
    return {
        f"{item}#{entry}": Sitting(
            entry=entry, item=item, order=shuffled(len(question.choices), seed_for(recipe.seed, "evaluate", item))
        )
        for entry in recipe.entries
        for item, question in questions.items()
    }


def answer(
    recipe: Recipe,
    owed: Mapping[str, Sitting],
    questions: Mapping[str, Question],
    calibrations: Mapping[str, Calibration],
    engines: Mapping[str, Engine],
) -> Iterator[Outcome[Graded]]:
    """Have each entry answer its questions one by one, as in the tournament, by the rule calibrated for it.

    An outage is a failure and owed again; an answer that the model missed is marked as not valid.
    """
    for entry in recipe.entries:
        mine = {key: sitting for key, sitting in owed.items() if sitting.entry == entry}
        if not mine:
            continue
        agent = AnswerAgent(engines[entry], _settings(recipe, calibrations.get(entry)))
        agent.wake()
        for key, sitting in mine.items():
            question = questions[sitting.item]
            answered, seconds = agent.answer(question, sitting.order)
            if answered.outage:
                yield key, Failure(type="engine", message=answered.error, outage=True), {"seconds": seconds}
            else:
                yield key, mark(entry, sitting.item, question, answered), {"seconds": seconds}


def _settings(recipe: Recipe, calibration: Calibration | None) -> AnswerSettings:
    settings = AnswerSettings(deadline=recipe.deadline, seed=recipe.seed)
    if calibration is None:
        return settings
    return settings.model_copy(update={"rule": calibration.rule, "first": calibration.first})


def mark(entry: str, item: str, question: Question, answer: Answer) -> Graded:
    """Compare an answer with the key of its question. A guess in the model's place is never correct."""
    if question.key is None:
        raise ValueError(f"question {item} has no key")
    valid = not answer.fallback
    return Graded(
        entry=entry,
        item=item,
        topic=question.topic,
        level=question.level,
        key=question.key,
        answer=answer,
        valid=valid,
        correct=valid and LETTERS[answer.choice] == question.key,
    )


def scorecard(graded: Sequence[Graded], seconds: Sequence[float] = (), limit: float = 6.0) -> Scorecard:
    """Add up one entry's marked answers. Raises ValueError when they are of several entries or there are none."""
    entries = {g.entry for g in graded}
    if len(entries) != 1:
        raise ValueError(f"a scorecard is about one entry, not {len(entries)}")
    shown = Counter(LETTERS[g.answer.order.index(g.answer.choice)] for g in graded if g.valid)
    keys = Counter(LETTERS[g.answer.order.index(LETTERS.index(g.key))] for g in graded)
    return Scorecard(
        entry=entries.pop(),
        accuracy=_share(g.correct for g in graded),
        chance=sum(1 / len(g.answer.order) for g in graded) / len(graded),
        valid=_share(g.valid for g in graded),
        by_topic=_by(graded, lambda g: g.topic),
        by_level=_by(graded, lambda g: "-" if g.level is None else str(g.level)),
        letters=dict(sorted(shown.items())),
        key_letters=dict(sorted(keys.items())),
        times=stats.times(seconds, limit) if seconds else None,
    )


def _by(graded: Sequence[Graded], group: Callable[[Graded], str]) -> dict[str, Share]:
    groups: dict[str, list[bool]] = {}
    for g in graded:
        groups.setdefault(group(g), []).append(g.correct)
    return {name: _share(groups[name]) for name in sorted(groups)}


def _share(hits: Iterable[bool]) -> Share:
    hits = list(hits)
    return stats.share(sum(hits), len(hits))


def compare(a: Sequence[Graded], b: Sequence[Graded]) -> Comparison:
    """McNemar's exact test between two entries on the questions that both have answered.

    Raises ValueError when there is no such question.
    """
    other = {g.item: g for g in b}
    pairs = [(g.correct, other[g.item].correct) for g in a if g.item in other]
    if not pairs:
        raise ValueError("the two entries have no question in common")
    test = stats.mcnemar_of([x for x, _ in pairs], [y for _, y in pairs])
    n = len(pairs)
    return Comparison(
        a=a[0].entry,
        b=b[0].entry,
        n=n,
        both=sum(x and y for x, y in pairs),
        only_a=test.only_a,
        only_b=test.only_b,
        difference=(test.only_a - test.only_b) / n,
        p_exact=test.exact,
        p_mid=test.mid,
        detectable=stats.detectable_difference(n, (test.only_a + test.only_b) / n),
    )
