"""Whether two formalisations of one sentence say the same: by the solver, over all models of the bare scene.

A *formalisation* is a tuple of clues that are true together. Where it takes a family's own way to say that a clue is
not true, or that one follows, this is a line of a table below; of a family that has none, only equal values are the
same. Clues are looked at as JSON, so that no family's types are known here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple, get_type_hints

from pydantic import TypeAdapter, ValidationError, create_model

from stumper import puzzles
from stumper.oracle.clash import CLAUSES
from stumper.oracle.conventions import STRICT, readings
from stumper.oracle.engines import solve
from stumper.puzzles import Family, Problem, Unread
from stumper.types import JsonObject, canonical

Clues = tuple[Any, ...]

DENIED: Mapping[str, str] = {"seating": "clue", "linear_orders": "clue", "truth_tellers": "fact"}
"""Families whose language has a "not": the field in which it keeps what is denied."""

ASKED: Mapping[str, JsonObject] = {
    "blood_relations": {"query": {"asks": "true"}},
    "syllogisms": {"conclusions": []},
}
"""Families that can only offer a clue as a choice: how they ask which statement must be true. Where one is true in some
models alone, they show first a model in which it holds and then one in which it does not."""

UNNAMED = re.compile(r'"\?([\d.]+)"')
"""In a clue's JSON: somebody whom one sentence speaks of without a name."""


_made: Any = create_model
"""Its types know of no fields that are made."""


class Scene(NamedTuple):
    """A problem without its clues, and what belongs to it."""

    name: str
    family: Family
    bare: Problem
    checked: bool
    """The family's own validation takes it without clues. Otherwise only equal values are the same in it."""

    @property
    def field(self) -> str:
        return clue_field(type(self.bare))

    def with_clues(self, clues: Clues) -> Problem:
        """Raises ValidationError for clues that are not about this scene, as far as it is checked."""
        if not self.checked:
            return self.bare.model_copy(update={self.field: clues})
        data = self.bare.model_dump(mode="json") | {self.field: _data(clues)}
        return type(self.bare).model_validate(data)


class Difference(NamedTuple):
    """That one formalisation can hold where another does not; a model in which it is so, where one can be shown."""

    model: JsonObject | None


def clue_field(kind: type[Problem]) -> str:
    """The field in which the family states what is given."""
    return next(field for field in CLAUSES if field in kind.model_fields)


def kind_of(name: str) -> type[Problem]:
    """The type of a family's problems."""
    kind: type[Problem] = get_type_hints(puzzles.family(name).load)["return"]
    return kind


def scene(name: str, frame: JsonObject) -> Scene:
    """The scene that a frame states: a problem's data without clues. Raises ValidationError."""
    kind = kind_of(name)
    field = clue_field(kind)
    # A family may ask for at least one clue, which a bare scene does not have.
    clues: dict[str, Any] = {field: (kind.model_fields[field].annotation, ())}
    bare = _made(kind.__name__, __base__=kind, **clues)
    try:
        return Scene(name, puzzles.family(name), bare.model_validate(frame), checked=True)
    except ValidationError:
        if name in DENIED:
            raise
    # All terms of a series are clues, and members are counted of a family that a clue states.
    others = {key: (info.annotation, info) for key, info in kind.model_fields.items() if key != field}
    parts = _made("Parts", __config__=kind.model_config, **others)
    problem: Problem = bare.model_construct(**dict(parts.model_validate(frame)))
    return Scene(name, puzzles.family(name), problem, checked=False)


def clues_of(scene: Scene) -> TypeAdapter[Any]:
    """What reads a list of the family's clues."""
    kind: Any = type(scene.bare).model_fields[scene.field].annotation
    return TypeAdapter(kind)


def same(scene: Scene, one: Clues, other: Clues) -> bool:
    """Whether each holds exactly when the other does, in all models of the scene under all readings of English.

    Raises TooLarge, and `engines.Disagreement`.
    """
    if _known_as(one) == _known_as(other):
        return True
    return apart(scene, one, other) is None and apart(scene, other, one) is None


def apart(scene: Scene, one: Clues, other: Clues) -> Difference | None:
    """Where the one can hold and the other not; None: never. Raises TooLarge, and `engines.Disagreement`."""
    if not other:
        return None
    try:
        problem = scene.with_clues((*one, *other))
    except ValidationError:
        return Difference(None)
    if scene.checked and scene.name in DENIED:
        return _apart_by_denial(scene, problem, one, other)
    if scene.checked and scene.name in ASKED and not UNNAMED.search(canonical(_data((*one, *other)))):
        return _apart_by_choice(scene, problem, one, other)
    return None if set(_known_as(other)) <= set(_known_as(one)) else Difference(None)


def model_of(scene: Scene, clues: Clues) -> JsonObject | None:
    """A model of the scene in which the clues hold, under the first reading that has one."""
    if not scene.checked:
        return None
    for _, problem in readings(scene.name, scene.family, _unasked(scene.with_clues(clues)), STRICT):
        if witnesses := solve(scene.family, problem).witnesses:
            return witnesses[0]
    return None


def _apart_by_denial(scene: Scene, problem: Problem, one: Clues, other: Clues) -> Difference | None:
    ways = [way for clue in _data(other) for way in _denials(scene.name, clue)]
    for _, under in readings(scene.name, scene.family, problem, STRICT):
        for way in ways:
            try:
                denied = _read(scene, way)
                scene.with_clues(denied)
            except ValidationError:
                return Difference(None)
            found = solve(scene.family, _unasked(under).model_copy(update={scene.field: (*one, *denied)}))
            if found.models:
                return Difference(found.witnesses[0])
    return None


def _denials(name: str, clue: JsonObject) -> Iterator[list[JsonObject]]:
    """Lists of clues of which one list is true exactly where the clue is not."""
    if name == "truth_tellers":
        # Where all lie or tell the truth, somebody says a thing just where he would say it; nothing else is valid here.
        would = {"kind": "would", "person": clue["speaker"], "claim": clue["claim"]}
        said = clue["claim"] if clue["speaker"] is None else would
        yield [{"speaker": None, "claim": {"kind": "not", "fact": said}}]
    else:
        yield from _opposites(clue, DENIED[name])


def _opposites(clue: JsonObject, field: str) -> Iterator[list[JsonObject]]:
    parts: Sequence[JsonObject] = clue.get("clues", ())
    match clue["kind"]:
        case "not":
            yield [clue[field]]
        case "all_of":
            for part in parts:
                yield from _opposites(part, field)
        case "any_of" | "exactly_one" as kind:
            for ways in product(*(_opposites(part, field) for part in parts)):
                yield [each for way in ways for each in way]
            if kind == "exactly_one":
                yield from ([a, b] for a, b in combinations(parts, 2))
        case "if":
            # Where the condition holds and what follows does not.
            for way in _opposites(clue["then"], field):
                yield [clue["condition"], *way]
        case _:
            yield [{"kind": "not", field: clue}]


def _apart_by_choice(scene: Scene, problem: Problem, one: Clues, other: Clues) -> Difference | None:
    for _, under in readings(scene.name, scene.family, problem, STRICT):
        for clue in other:
            data = under.model_dump(mode="json") | {scene.field: _data(one), "choices": _data((clue,))}
            try:
                found = solve(scene.family, type(scene.bare).model_validate(data | ASKED[scene.name]))
            except ValidationError:
                return Difference(None)
            if found.models and found.statuses != ("must",):
                shown = found.statuses == ("cannot",) or len(found.witnesses) == 2
                return Difference(found.witnesses[-1] if shown else None)
    # What a choice says is read more widely than what a clue says: a point that only one turns on tells them apart.
    return Difference(None) if one and _open(scene, one) != _open(scene, other) else None


def _open(scene: Scene, clues: Clues) -> Sequence[str]:
    return list(next(readings(scene.name, scene.family, scene.with_clues(clues), STRICT))[0])


def _unasked(problem: Problem) -> Problem:
    return problem.model_copy(update={"choices": ()})


def _read(scene: Scene, clues: Sequence[JsonObject]) -> Clues:
    return tuple(clues_of(scene).validate_python(clues))


def _data(clues: Clues) -> list[JsonObject]:
    return [clue.model_dump(mode="json") for clue in clues]


def _known_as(clues: Clues) -> list[str]:
    """The clues in one order, their unnamed people counted from 1 in the order of mention."""
    numbers: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f'"?{len(numbers) + 1}"')

    return sorted(UNNAMED.sub(renamed, canonical(clue)) for clue in clues)


def described(scene: Scene, clues: Clues, text: str) -> None:
    """Raises Unread for a person whom the text does not name."""
    problem = scene.with_clues(clues)
    people: Any = getattr(problem, "people", ())
    known = text.casefold()
    for person in people() if callable(people) else people:
        if not person.startswith("?") and person.casefold() not in known:
            raise Unread(person, "named nowhere in the text")
