"""Proves a question: reads its text into the formal language of a family, solves that, and compares with the key.

Only the text counts. Formal clues that a question carries must say the same, and prove nothing by themselves.
"""

from typing import NamedTuple

from pydantic import ValidationError

from stumper import puzzles
from stumper.errors import BadInput
from stumper.puzzles import Family, Problem, Solution, TooLarge, Unread
from stumper.types import LETTERS, JsonObject, Letter, Question, Ruling, canonical

VERSION = 1

STRICT = "strict"
"""Assume only what every reader grants. A family may name more profiles in `PROFILES`, from weak to strong."""


class _Reading(NamedTuple):
    name: str
    family: Family
    problem: Problem


def prove(question: Question, conventions: str = STRICT) -> Ruling:
    """Rule on one question; never raises, whatever the question holds.

    proven: exactly one choice holds in all models, and no other is the key (an open question: one answer does).
    wrong_key: exactly one does, and another is the key.
    ambiguous: no choice holds in all models, or more than one. contradictory: there is no model.
    convention_dependent: which choices hold in all models changes between the family's conventions.
    unformalised: the text is not read, is too large, or differs from its formal clues.

    `conventions`: a profile under which alone to rule; `strict` also looks whether the others would change the ruling.
    Raises BadInput for a profile that no family knows.
    """
    known = {STRICT, *(profile for name in puzzles.families() for profile in _profiles(puzzles.family(name)))}
    if conventions not in known:
        raise BadInput(f"no conventions {conventions!r}; there are: {', '.join(sorted(known))}")
    try:
        reading = _read(question)
        if question.choices:
            return _rule(question, reading, conventions)
        return _rule_open(reading, conventions)
    except Unread as unread:
        return Ruling(ruling="unformalised", why=f"{unread.why}: {unread.sentence!r}")
    except TooLarge as large:
        return Ruling(ruling="unformalised", why=f"too large: {large}")


def draw(question: Question) -> str | None:
    """One model of the question as a self-contained SVG; None for a question that is not read."""
    try:
        reading = _read(question)
        return reading.family.draw(reading.problem)
    except (Unread, TooLarge):
        return None


def _read(question: Question) -> _Reading:
    """The one formal reading of the text. Raises Unread and TooLarge."""
    names = puzzles.families()
    titles = {puzzles.family(name).TITLE.casefold(): name for name in names}
    topic = titles.get(question.topic.casefold(), question.topic)
    readings: list[_Reading] = []
    refusals: dict[str, Unread] = {}
    for name in (topic,) if topic in names else names:
        family = puzzles.family(name)
        try:
            readings.append(_Reading(name, family, family.read(question.stem, question.choices)))
        except Unread as unread:
            refusals[name] = unread
    if len(readings) > 1:
        raise Unread(question.stem[:200], f"{' and '.join(r.name for r in readings)} both read it")
    if not readings:
        raise max(refusals.values(), key=lambda unread: _how_far(question.stem, unread))
    if question.clues is not None:
        _compare(readings[0], question.clues)
    return readings[0]


def _how_far(stem: str, unread: Unread) -> int:
    """How much of the text the family understood before it gave up: the closest family's refusal is the one to show."""
    return stem.find(unread.sentence)


def _compare(reading: _Reading, clues: JsonObject) -> None:
    try:
        stated = reading.family.load(clues)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise Unread(f"{place}: {first['msg']}"[:200], "its formal clues are not valid") from error
    if _unordered(stated) != _unordered(reading.problem):
        raise Unread(canonical(stated)[:200], "the text and its formal clues differ")


def _unordered(problem: Problem) -> JsonObject:
    """The problem as data, with its clues in one order: shuffled clues say the same."""
    data = problem.model_dump(mode="json")
    return data | {"clues": sorted(map(canonical, data["clues"]))} if isinstance(data.get("clues"), list) else data


def _profiles(family: Family) -> tuple[str, ...]:
    return tuple(getattr(family, "PROFILES", (STRICT,)))


def _problems(reading: _Reading, conventions: str) -> dict[str, Problem]:
    """The problem under each profile that is asked for, the one to rule by first."""
    profiles = _profiles(reading.family)
    if profiles == (STRICT,):
        return {STRICT: reading.problem}
    if conventions != STRICT:
        profiles = (conventions,) if conventions in profiles else (STRICT,)
    return {profile: reading.problem.model_copy(update={"conventions": profile}) for profile in profiles}


def _musts(solution: Solution) -> list[int]:
    return [i for i, status in enumerate(solution.statuses) if status == "must"]


def _rule(question: Question, reading: _Reading, conventions: str) -> Ruling:
    by_profile = {name: reading.family.solve(problem) for name, problem in _problems(reading, conventions).items()}
    profile, solution = next(iter(by_profile.items()))
    certificate: JsonObject = {
        "version": VERSION,
        "family": reading.name,
        "conventions": profile,
        "problem": reading.problem.model_dump(mode="json"),
        "models": solution.models,
        "choices": dict(zip(LETTERS, solution.statuses, strict=False)),
        "witnesses": list(solution.witnesses),
    }

    def shown(i: int) -> str:
        return f"{LETTERS[i]} ({question.choices[i][:60]})"

    if not solution.models:
        return Ruling(ruling="contradictory", why="nothing fits all the clues", certificate=certificate)
    musts = _musts(solution)
    for other, changed in by_profile.items():
        if changed.models and _musts(changed) != musts:
            found = " and ".join(map(shown, _musts(changed))) or "none"
            held = " and ".join(map(shown, musts)) or "none"
            certificate["under"] = {other: dict(zip(LETTERS, changed.statuses, strict=False))}
            why = f"right choices under {profile} conventions: {held}; under {other} ones: {found}"
            return Ruling(ruling="convention_dependent", why=why, certificate=certificate)
    if len(musts) > 1:
        why = f"{' and '.join(map(shown, musts))} hold in all models"
        return Ruling(ruling="ambiguous", why=why, certificate=certificate)
    if not musts:
        could = [i for i, status in enumerate(solution.statuses) if status == "could"]
        if not could:
            return Ruling(ruling="ambiguous", why="no choice can hold", certificate=certificate)
        why = f"no choice holds in all models; {' and '.join(map(shown, could))} can hold but need not"
        return Ruling(ruling="ambiguous", why=why, certificate=certificate)
    right = musts[0]
    letter: Letter = LETTERS[right]  # type: ignore[assignment]
    why = f"{shown(right)} alone holds in all models"
    if question.key in (letter, None):
        return Ruling(ruling="proven", true_key=letter, why=why, certificate=certificate)
    return Ruling(ruling="wrong_key", true_key=letter, why=f"{why}, the key is {question.key}", certificate=certificate)


def _rule_open(reading: _Reading, conventions: str) -> Ruling:
    """On a question without choices: whether one answer holds in all models. A key it may carry names nothing."""
    answers = getattr(reading.family, "answers", None)
    if answers is None:
        why = f"open questions of the family {reading.name} are ruled on only with choices"
        return Ruling(ruling="unformalised", why=why)
    problems = _problems(reading, conventions)
    found: dict[str, tuple[str, ...] | None] = {name: answers(problem) for name, problem in problems.items()}
    profile, held = next(iter(found.items()))
    certificate: JsonObject = {
        "version": VERSION,
        "family": reading.name,
        "conventions": profile,
        "problem": reading.problem.model_dump(mode="json"),
        "answers": {name: None if each is None else list(each) for name, each in found.items()},
    }
    if held is None:
        return Ruling(ruling="contradictory", why="nothing fits all the clues", certificate=certificate)
    if any(other is not None and set(other) != set(held) for other in found.values()):
        why = f"the answer depends on the conventions: {certificate['answers']}"
        return Ruling(ruling="convention_dependent", why=why, certificate=certificate)
    if len(held) != 1:
        why = f"{' and '.join(held)} hold in all models" if held else "no answer holds in all models"
        return Ruling(ruling="ambiguous", why=why, certificate=certificate)
    return Ruling(ruling="proven", why=f"the one answer that holds in all models: {held[0]}", certificate=certificate)
