"""From a question's text to a formal problem: the one family that reads it, and how its choices are said."""

import re
from typing import NamedTuple

from pydantic import ValidationError

from stumper import puzzles
from stumper.puzzles import Family, Problem, Unread
from stumper.types import LETTERS, JsonObject, Letter, Question, canonical, digest

MOST_CHARACTERS = 20_000
"""Of stem and choices together: no puzzle needs them, and every family would have to look through them."""


class Text(NamedTuple):
    """What a question's text says, before its open points are settled."""

    name: str
    family: Family
    problem: Problem
    offered: tuple[str, ...]
    """How each choice of the problem is said; of an open question: each answer that it may have."""
    letters: tuple[Letter, ...]
    """Of the choices; none for an open question."""


def fingerprint(question: Question) -> str:
    """What a ruling is about: the digest of stem and choices."""
    return digest(question.stem, question.choices)


def family_of(question: Question) -> str:
    """The name of the family that the question is filed under, by name or title; any other topic as it is."""
    titles = {puzzles.family(name).TITLE.casefold(): name for name in puzzles.families()}
    return titles.get(question.topic.casefold(), question.topic)


def read(question: Question) -> Text:
    """The problem that the text states, by the one family that reads it. Raises Unread and TooLarge."""
    if len(question.stem) + sum(map(len, question.choices)) > MOST_CHARACTERS:
        raise Unread(question.stem[:60], f"longer than {MOST_CHARACTERS:,} characters")
    if lone := re.search("[\ud800-\udfff]", "".join((question.stem, *question.choices))):
        raise Unread(lone[0], "half a character, which no text has")
    names = puzzles.families()
    topic = family_of(question)
    found: list[tuple[str, Family, Problem]] = []
    refusals: list[Unread] = []
    for name in (topic,) if topic in names else names:
        family = puzzles.family(name)
        try:
            found.append((name, family, family.read(question.stem, question.choices)))
        except Unread as unread:
            refusals.append(unread)
    if len(found) > 1:
        raise Unread(question.stem[:200], f"{' and '.join(name for name, _, _ in found)} both read it")
    if not found:
        # The family that understood most before it gave up says best what stands in the way.
        raise max(refusals, key=lambda unread: question.stem.find(unread.sentence))
    name, family, problem = found[0]
    return stated(question, name, problem)


def stated(question: Question, name: str, problem: Problem) -> Text:
    """The problem with what it is weighed by. Raises Unread where its formal clues differ, or nothing is offered."""
    family = puzzles.family(name)
    if question.clues is not None:
        _compare(family, problem, question.clues)
    if question.choices:
        letters: tuple[Letter, ...] = LETTERS[: len(question.choices)]  # type: ignore[assignment]
        return Text(name, family, problem, question.choices, letters)
    candidates = family.candidates(problem) if hasattr(family, "candidates") else {}
    if not candidates:
        raise Unread(question.stem[-200:], "asks for one of its choices and has none")
    problem = problem.model_copy(update={"choices": tuple(candidates.values())})
    return Text(name, family, problem, tuple(candidates), ())


def _compare(family: Family, problem: Problem, clues: JsonObject) -> None:
    try:
        stated = family.load(clues)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise Unread(f"{place}: {first['msg']}"[:200], "its formal clues are not valid") from error
    if _unordered(stated) != _unordered(problem):
        raise Unread(canonical(stated)[:200], "the text and its formal clues differ")


def _unordered(problem: Problem) -> JsonObject:
    """The problem as data, with its clues in one order: shuffled clues say the same."""
    data = problem.model_dump(mode="json")
    return data | {"clues": sorted(map(canonical, data["clues"]))} if isinstance(data.get("clues"), list) else data
