"""Whether a question is sound beyond its key: can it be answered without its stem, by a letter, in one wording only?"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from pydantic import Field
from rapidfuzz import fuzz
from scipy.stats import binomtest

from stumper import oracle, prompts, puzzles
from stumper.agents import AnswerAgent, AnswerSettings
from stumper.dataset import Kept
from stumper.engines import Engine, ModelSpec
from stumper.puzzles import Unread
from stumper.stats import share
from stumper.types import LETTERS, Calibration, Failure, Outcome, Question, Share, Value, digest

VERSION = 1

Probe = Literal["order", "choices", "rewrite"]

ALPHA = 0.01
"""Chance that a set of questions without a fault is reported, over all tests of one kind together (Bonferroni)."""


class Settings(Value):
    questions: int = Field(0, ge=0)
    """Kept questions probed for each topic and author; 0: none, and no model is called."""
    benchmarks: tuple[str, ...] = ()
    """Files of questions, in the challenge's format, of which none may come into the data set."""


class Recipe(Value):
    questions: int
    voters: tuple[ModelSpec, ...]


class Sitting(Value):
    """One answer owed: the question as the probe shows it, and the order of its choices."""

    item: str
    probe: Probe
    voter: str
    question: Question
    order: tuple[int, ...]


class Probed(Value):
    """What a voter chose in one probe of one question; choices are counted in the question's own order."""

    item: str
    probe: Probe
    voter: str
    order: tuple[int, ...]
    choice: int
    key: int


class Finding(Value):
    """One measured share against what chance gives; `items`: the questions it rests on, where it is no chance."""

    probe: str
    by: str
    share: Share
    chance: float | None = None
    p: float | None = None
    """Exact binomial, one-sided."""
    items: tuple[str, ...] = ()


def drawn(kept: Mapping[str, Kept], most: int) -> dict[str, Question]:
    """At most so many questions of each topic and author, by hash."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item, k in kept.items():
        if k.question.key is not None and len(k.question.choices) > 1:
            groups.setdefault((k.question.topic, k.author), []).append(item)
    return {i: kept[i].question for group in groups.values() for i in sorted(group, key=digest)[:most]}


def tasks(recipe: Recipe, kept: Mapping[str, Kept]) -> dict[str, Sitting]:
    """The answers owed: "item#voter#probe#number" -> sitting."""
    owed = {}
    for item, question in drawn(kept, recipe.questions).items():
        n = len(question.choices)
        own = tuple(range(n))
        shown: list[tuple[Probe, Question, tuple[int, ...]]] = [
            ("order", question, own[i:] + own[:i]) for i in range(n)
        ]
        shown.append(("choices", prompts.without_stem(question), own))
        if (other := rewrite(question)) is not None:
            shown.append(("rewrite", other, own))
        for voter in recipe.voters:
            for i, (probe, text, order) in enumerate(shown):
                owed[f"{item}#{voter.name}#{probe}#{i}"] = Sitting(
                    item=item, probe=probe, voter=voter.name, question=text, order=order
                )
    return owed


def probe(
    recipe: Recipe,
    owed: Mapping[str, Sitting],
    calibrations: Mapping[str, Calibration],
    engines: Mapping[str, Engine],
) -> Iterator[Outcome[Probed]]:
    """Ask each voter by its calibrated rule. What no model chose is a failure, never an answer."""
    for voter in recipe.voters:
        mine = {key: sitting for key, sitting in owed.items() if sitting.voter == voter.name}
        if not mine:
            continue
        agent = AnswerAgent(engines[voter.name], AnswerSettings(rule=calibrations[voter.name].rule, deadline=None))
        keys = list(mine)
        sittings = [mine[key] for key in keys]
        for i, (answer, seconds) in agent.answer_many([s.question for s in sittings], [s.order for s in sittings]):
            sitting = sittings[i]
            if answer.fallback:
                yield keys[i], Failure(type="engine", message=answer.error, outage=answer.outage), {}
                continue
            found = Probed(
                item=sitting.item,
                probe=sitting.probe,
                voter=sitting.voter,
                order=sitting.order,
                choice=answer.choice,
                key=LETTERS.index(sitting.question.key or "A"),
            )
            yield keys[i], found, {"seconds": seconds}


def rewrite(question: Question) -> Question | None:
    """The question with its names exchanged and its clues in reverse, proven to be the same problem; None: there is
    no such one, or the question itself is not proven."""
    first = oracle.prove(question)
    if first.ruling != "proven" or first.certificate is None:
        return None
    family = puzzles.family(first.certificate["family"])
    problem = family.load(first.certificate["problem"])
    try:
        said = tuple(dict.fromkeys(family.read(question.stem, question.choices).said))
    except Unread:
        return None
    names = puzzles.names_of(problem)
    meant = puzzles.canonical_form(problem)
    swapped = dict(zip(names, names[1:] + names[:1], strict=True))
    for stem, exchange in (
        (_reversed(question.stem, said), swapped),
        (question.stem, swapped),
        (_reversed(question.stem, said), {}),
    ):
        made = question.model_copy(
            update={
                "stem": _exchanged(stem, exchange),
                "choices": tuple(_exchanged(choice, exchange) for choice in question.choices),
                "clues": None,
                "reasoning": "",
            }
        )
        if made.stem == question.stem:
            continue
        ruling = oracle.prove(made)
        if ruling.ruling == "proven" and ruling.certificate is not None and ruling.true_key == first.true_key:
            again = puzzles.family(ruling.certificate["family"]).load(ruling.certificate["problem"])
            if puzzles.canonical_form(again) == meant:
                return made
    return None


def _reversed(stem: str, said: Sequence[str]) -> str:
    if len(said) < 2 or any(stem.count(sentence) != 1 for sentence in said):
        return stem
    found = re.compile("|".join(map(re.escape, sorted(said, key=len, reverse=True))))
    order = found.findall(stem)[::-1]
    return found.sub(lambda _: order.pop(0), stem)


def _exchanged(text: str, names: Mapping[str, str]) -> str:
    if not names:
        return text
    words = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{words})(?!\w)", lambda m: names[m.group()], text)


def findings(probed: Sequence[Probed]) -> tuple[Finding, ...]:
    """Per voter: right without the stem, one letter in all orders, and choices that flip under a rewrite.

    Questions are named only where their voter does better than chance, over all voters tested.
    """
    voters = list(dict.fromkeys(p.voter for p in probed))
    found = []
    for voter in voters:
        mine = [p for p in probed if p.voter == voter]
        sizes = {p.item: len(p.order) for p in mine}
        right = {p.item: p.choice == p.key for p in mine if p.probe == "choices"}
        found.append(_against("choices", voter, right, {i: 1 / sizes[i] for i in right}, len(voters)))
        orders: dict[str, list[Probed]] = {}
        for p in mine:
            if p.probe == "order":
                orders.setdefault(p.item, []).append(p)
        letters = {
            item: len({p.order.index(p.choice) for p in all_}) == 1
            for item, all_ in orders.items()
            if len(all_) == sizes[item]
        }
        chances = {item: float(sizes[item]) ** (1 - sizes[item]) for item in letters}
        found.append(_against("letter", voter, letters, chances, len(voters)))
        own = {p.item: p.choice for p in mine if p.probe == "order" and p.order == tuple(range(len(p.order)))}
        flips = {p.item: p.choice != own[p.item] for p in mine if p.probe == "rewrite" and p.item in own}
        items = tuple(item for item, flip in flips.items() if flip)
        found.append(Finding(probe="rewrite", by=voter, share=share(len(items), len(flips)), items=items))
    return tuple(found)


def _against(name: str, by: str, hits: Mapping[str, bool], chances: Mapping[str, float], tests: int) -> Finding:
    n, k = len(hits), sum(hits.values())
    if not n:
        return Finding(probe=name, by=by, share=share(0, 0))
    # With questions of different sizes the binomial at the mean is the wider law (Hoeffding 1956).
    chance = sum(chances.values()) / n
    p = float(binomtest(k, n, chance, alternative="greater").pvalue)
    items = tuple(item for item, hit in hits.items() if hit) if p * tests < ALPHA else ()
    return Finding(probe=name, by=by, share=share(k, n), chance=chance, p=p, items=items)


def baselines(questions: Mapping[str, Question]) -> tuple[Finding, ...]:
    """How often the longest, the shortest or the least similar choice is the key, and each letter; without a model.

    A rule that leaves two choices passes over the question.
    """
    rules: dict[str, Callable[[Question], list[float]]] = {
        "longest choice": lambda q: [len(c) for c in q.choices],
        "shortest choice": lambda q: [-len(c) for c in q.choices],
        "odd one out": lambda q: [-sum(fuzz.ratio(c, other) for other in q.choices) for c in q.choices],
    }
    rules |= {f"letter {letter}": partial(_is_letter, letter) for letter in "ABCD"}
    found = []
    for name, scores_of in rules.items():
        hits = {}
        for item, q in questions.items():
            scores = scores_of(q)
            if q.key and scores and scores.count(max(scores)) == 1:
                hits[item] = scores.index(max(scores)) == LETTERS.index(q.key)
        chances = {item: 1 / len(questions[item].choices) for item in hits}
        found.append(_against("baseline", name, hits, chances, len(rules)))
    return tuple(found)


def _is_letter(letter: str, question: Question) -> list[float]:
    return [float(letter == other) for other in LETTERS[: len(question.choices)]]
