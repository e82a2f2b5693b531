"""Proves a question: reads its text into the formal language of a family, solves that, and compares with the key.

Only the text counts. Formal clues that a question carries must say the same, and prove nothing by themselves. Each
reading that the text leaves open is solved by two engines that must agree.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from pydantic import ValidationError

from stumper import puzzles
from stumper.errors import BadInput
from stumper.oracle.conventions import STRICT, profiles, readings
from stumper.oracle.engines import solve
from stumper.puzzles import Family, Problem, Solution, TooLarge, Unread
from stumper.types import LETTERS, JsonObject, Letter, Question, Ruling, RulingName, canonical

VERSION = 2


class _Text(NamedTuple):
    """What a question's text says, before its open points are settled."""

    name: str
    family: Family
    problem: Problem
    offered: tuple[str, ...]
    """How each choice of the problem is said; of an open question: each answer that it may have."""
    letters: tuple[Letter, ...]
    """Of the choices; none for an open question."""


class _Found(NamedTuple):
    """What one reading comes to."""

    ruling: RulingName
    right: tuple[int, ...]
    why: str


def prove(question: Question, conventions: str = STRICT) -> Ruling:
    """Rule on one question; never raises on what a question holds.

    proven: exactly one choice is right in all models, and no other is the key (an open question: one answer is).
    wrong_key: exactly one is, and another is the key.
    ambiguous: no choice is, or more than one. contradictory: there is no model.
    convention_dependent: one of these changes between the readings that the text leaves open.
    unformalised: the text is not read, is too large, or differs from its formal clues.

    `conventions`: a profile that settles open points; `strict` settles none, so every reading is run.
    Raises BadInput for a profile that does not exist, and `engines.Disagreement` where the two engines differ, which
    is an error of ours.
    """
    if conventions not in profiles():
        raise BadInput(f"no conventions {conventions!r}; there are: {', '.join(profiles())}")
    try:
        return _rule(question, _read(question), conventions)
    except Unread as unread:
        return Ruling(ruling="unformalised", why=f"{unread.why}: {unread.sentence!r}")
    except TooLarge as large:
        return Ruling(ruling="unformalised", why=f"too large: {large}")


def draw(question: Question) -> str | None:
    """One model of the question as a self-contained SVG; None for a question that is not read."""
    try:
        text = _read(question)
        return text.family.draw(text.problem)
    except (Unread, TooLarge):
        return None


def _read(question: Question) -> _Text:
    """The one family that reads the text. Raises Unread and TooLarge."""
    names = puzzles.families()
    titles = {puzzles.family(name).TITLE.casefold(): name for name in names}
    topic = titles.get(question.topic.casefold(), question.topic)
    found: list[tuple[str, Family, Problem]] = []
    refusals: dict[str, Unread] = {}
    for name in (topic,) if topic in names else names:
        family = puzzles.family(name)
        try:
            found.append((name, family, family.read(question.stem, question.choices)))
        except Unread as unread:
            refusals[name] = unread
    if len(found) > 1:
        raise Unread(question.stem[:200], f"{' and '.join(name for name, _, _ in found)} both read it")
    if not found:
        raise max(refusals.values(), key=lambda unread: _how_far(question.stem, unread))
    name, family, problem = found[0]
    if question.clues is not None:
        _compare(family, problem, question.clues)
    if question.choices:
        letters: tuple[Letter, ...] = LETTERS[: len(question.choices)]  # type: ignore[assignment]
        return _Text(name, family, problem, question.choices, letters)
    candidates = family.candidates(problem) if hasattr(family, "candidates") else {}
    if not candidates:
        raise Unread(question.stem[-200:], "asks for one of its choices and has none")
    problem = problem.model_copy(update={"choices": tuple(candidates.values())})
    return _Text(name, family, problem, tuple(candidates), ())


def _how_far(stem: str, unread: Unread) -> int:
    """How much of the text the family understood before it gave up: the closest family's refusal is the one to show."""
    return stem.find(unread.sentence)


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


def _rule(question: Question, text: _Text, profile: str) -> Ruling:
    found: list[_Found] = []
    certified: list[JsonObject] = []
    for chosen, problem in readings(text.name, text.family, text.problem, profile):
        solution = solve(text.family, problem)
        found.append(_weigh(text, problem, solution, question.key))
        certified.append(
            {
                "conventions": chosen,
                "ruling": found[-1].ruling,
                "models": solution.models,
                "choices": dict(zip(text.letters or text.offered, solution.statuses, strict=True)),
                "witnesses": list(solution.witnesses),
            }
        )
    certificate: JsonObject = {
        "version": VERSION,
        "family": text.name,
        "profile": profile,
        "problem": text.problem.model_dump(mode="json"),
        "sentences": list(text.problem.said),
        "readings": certified,
    }
    # Nobody means a reading under which nothing fits, as long as there is another one.
    meant = [i for i, each in enumerate(found) if each.ruling != "contradictory"] or [0]
    first = found[meant[0]]
    changed = next((i for i in meant if found[i][:2] != first[:2]), None)
    if changed is not None:
        one, other = certified[meant[0]]["conventions"], certified[changed]["conventions"]
        points = ", ".join(f"{p}: {one[p]}" for p in one if one[p] != other[p])
        instead = ", ".join(f"{p}: {other[p]}" for p in one if one[p] != other[p])
        why = (
            f"read with {points} it is {first.ruling} ({first.why}); with {instead} it is {found[changed].ruling} "
            f"({found[changed].why})"
        )
        return Ruling(ruling="convention_dependent", why=why, certificate=certificate)
    key = text.letters[first.right[0]] if text.letters and len(first.right) == 1 else None
    return Ruling(ruling=first.ruling, true_key=key, why=first.why, certificate=certificate)


def _weigh(text: _Text, problem: Problem, solution: Solution, key: Letter | None) -> _Found:
    """What one reading comes to, given what holds over its models."""

    def shown(indices: Sequence[int]) -> str:
        said = [text.offered[i][:60] for i in indices[:4]]
        if text.letters:
            said = [f"{text.letters[i]} ({what})" for i, what in zip(indices, said, strict=False)]
        return " and ".join([*said, *(["others"] if len(indices) > 4 else [])])

    if not solution.models:
        return _Found("contradictory", (), f"nothing fits all the clues{_clash(text.family, problem)}")
    right = tuple(i for i, status in enumerate(solution.statuses) if status in problem.right)
    could = [i for i, status in enumerate(solution.statuses) if status == "could"]
    if len(right) > 1:
        return _Found("ambiguous", right, f"{shown(right)} are right in all models")
    if not right:
        why = f"{shown(could)} can hold but need not" if could else "none of them can hold"
        return _Found("ambiguous", right, f"no {'choice' if text.letters else 'answer'} is right in all models; {why}")
    if not text.letters:
        if problem.exclusive and problem.right == ("must",) and could:
            return _Found("ambiguous", right, f"{shown(right)} is right in all models, {shown(could)} in some of them")
        return _Found("proven", right, f"the one answer that is right in all models: {shown(right)}")
    why = f"{shown(right)} alone is right in all models"
    if key in (text.letters[right[0]], None):
        return _Found("proven", right, why)
    return _Found("wrong_key", right, f"{why}, the key is {key}")


def _clash(family: Family, problem: Problem) -> str:
    """The smallest mend of a problem without models, in words: which sentences clash, and which to drop."""
    clues: Sequence[object] = problem.model_dump().get("clues", ())
    if not clues:
        return ""
    clues = tuple(problem.clues)  # type: ignore[attr-defined]

    def fits(kept: Sequence[int]) -> bool:
        update = {"clues": tuple(clues[i] for i in kept), "choices": ()}
        try:
            return family.solve(problem.model_copy(update=update)).models > 0
        except TooLarge:
            return True

    def quoted(indices: Sequence[int]) -> str:
        said = problem.said or [canonical(clue) for clue in clues]
        return " and ".join(dict.fromkeys(repr(said[i]) for i in indices))

    every = range(len(clues))
    clash = list(every)
    for i in every:
        without = [j for j in clash if j != i]
        if not fits(without):
            clash = without
    repair = next((d for n in (1, 2) for d in combinations(clash, n) if fits([i for i in every if i not in d])), ())
    mend = f"; it has models without {quoted(repair)}" if repair else ""
    return f": {quoted(clash)} cannot be true together{mend}" if clash else ""
