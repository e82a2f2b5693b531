"""The typed language of seating problems and its one semantics: which seats a clue allows.

The conventions stand in `stumper.puzzles.seating`.
"""

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, model_validator

from stumper import puzzles
from stumper.puzzles import Problem
from stumper.types import JsonObject, Value

MOST_PEOPLE = 20


class Conventions(puzzles.Conventions):
    """Open points; see conventions/seating.yaml."""

    between: Literal["anywhere", "immediately"] = "anywhere"
    to_the_side: Literal["anywhere", "immediately"] = "anywhere"


WEAK = Conventions()
Shape = Literal["row", "circle"]
Facing = Literal["north", "south", "centre", "outwards"]
Side = Literal["left", "right"]
Name = Annotated[str, StringConstraints(pattern=r"^[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ'-]{0,23}$")]
Count = Annotated[int, Field(ge=1, le=MOST_PEOPLE)]

BLANK: Literal["?"] = "?"
"""Stands in a query for the person asked for."""

Who = Name | Literal["?"]


class Beside(Value):
    """`who` sits `steps` seats to the left or right of `of`; one step is the next seat."""

    kind: Literal["beside"] = "beside"
    who: Who
    side: Side
    steps: Count = 1
    of: Name


class Somewhere(Value):
    """`who` sits anywhere to the left or right of `of`. Rows only."""

    kind: Literal["somewhere"] = "somewhere"
    who: Who
    side: Side
    of: Name


class Adjacent(Value):
    """No seat lies between `who` and `of`."""

    kind: Literal["adjacent"] = "adjacent"
    who: Who
    of: Name


class Gap(Value):
    """Exactly `people` sit between `who` and `of`; on a circle, counted one way round or the other."""

    kind: Literal["gap"] = "gap"
    who: Who
    of: Name
    people: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class Opposite(Value):
    """As many people sit between `who` and `of` one way round as the other. Circles only; never so when odd."""

    kind: Literal["opposite"] = "opposite"
    who: Who
    of: Name


class AtAnEnd(Value):
    """`who` has the first or the last seat of the row."""

    kind: Literal["at_an_end"] = "at_an_end"
    who: Who


class Place(Value):
    """`who` has the `place`-th seat counted from the named end of the row; 1 is the end itself."""

    kind: Literal["place"] = "place"
    who: Who
    place: Count
    end: Side


class Between(Value):
    """The neighbours of `who` are `of` and `other`. In a row, where `immediately` is not said, conventions differ."""

    kind: Literal["between"] = "between"
    who: Who
    of: Name
    other: Name
    immediately: bool = True


AnyPlain = Beside | Somewhere | Adjacent | Gap | Opposite | AtAnEnd | Place | Between
Plain = Annotated[AnyPlain, Field(discriminator="kind")]


class Not(Value):
    kind: Literal["not"] = "not"
    clue: Plain


AnyClue = AnyPlain | Not
Clue = Annotated[AnyClue, Field(discriminator="kind")]


class WhoSits(Value):
    """Who is it of whom `where` is true? Its `who` is the blank; a choice is a name."""

    kind: Literal["who"] = "who"
    where: Plain


class HowMany(Value):
    """How many people sit between the two? Rows only; a choice is a number."""

    kind: Literal["how_many"] = "how_many"
    who: Name
    of: Name


class Which(Value):
    """Which statement must be true (or must be false)? A choice is a clue."""

    kind: Literal["which"] = "which"
    truth: bool = True


AnyQuery = WhoSits | HowMany | Which
Query = Annotated[AnyQuery, Field(discriminator="kind")]
Choice = Name | int | Clue


class Seating(Problem):
    """Some people on equally spaced seats, one each, all facing the same way."""

    shape: Shape
    facing: Facing | None = None
    """None: not stated. Left and right are the sitters' own, so the answer does not depend on it."""
    conventions: Conventions = Conventions()
    people: Annotated[tuple[Name, ...], Field(min_length=2, max_length=MOST_PEOPLE)]
    clues: Annotated[tuple[Clue, ...], Field(max_length=64)]
    query: Query
    choices: Annotated[tuple[Choice, ...], Field(max_length=MOST_PEOPLE)] = ()

    @model_validator(mode="after")
    def _is_well_formed(self) -> "Seating":
        if len({name.casefold() for name in self.people}) < len(self.people):
            raise ValueError("two people have the same name")
        if self.facing is not None and (self.facing in ("north", "south")) != (self.shape == "row"):
            raise ValueError(f"a {self.shape} cannot face {self.facing}")
        for clue in self.clues:
            check(clue, self.shape, self.people)
        match self.query:
            case WhoSits(where=where):
                check(where, self.shape, self.people, blank=True)
                wanted: type | tuple[type, ...] = str
            case HowMany(who=who, of=of):
                check(Gap(who=who, of=of, people=0), self.shape, self.people)
                if self.shape == "circle":
                    raise ValueError("how many sit between two people on a circle depends on the way round")
                wanted = int
            case Which():
                wanted = Value
        for choice in self.choices:
            if not isinstance(choice, wanted):
                raise ValueError(f"{choice!r} is no answer to the query")  # noqa: TRY004  pydantic reports ValueError
            if isinstance(choice, Value):
                check(choice, self.shape, self.people)
            elif isinstance(choice, str) and choice not in self.people:
                raise ValueError(f"{choice} has no seat")
        return self


def check(clue: AnyClue, shape: Shape, people: Sequence[str], blank: bool = False) -> None:
    """Raises ValueError for a clue that says nothing of this group on this shape."""
    plain = clue.clue if isinstance(clue, Not) else clue
    names = names_in(clue)
    if (names[0] == BLANK) != blank:
        raise ValueError("the blank stands in the query, and nowhere else")
    strangers = set(names[blank:]) - set(people)
    if strangers:
        raise ValueError(f"{min(strangers)} has no seat")
    if len(set(names)) < len(names):
        raise ValueError("a person is set against the same person")
    if isinstance(plain, Somewhere) and shape == "circle":
        raise ValueError("left and right without a count say nothing on a circle")
    if isinstance(plain, AtAnEnd | Place) and shape == "circle":
        raise ValueError("a circle has no ends")
    if isinstance(plain, Opposite) and shape == "row":
        raise ValueError("nobody sits opposite in a row")


def names_in(clue: AnyClue) -> tuple[str, ...]:
    """The people a clue is about: `who` first."""
    match clue:
        case Not():
            return names_in(clue.clue)
        case AtAnEnd() | Place():
            return (clue.who,)
        case Between():
            return (clue.who, clue.of, clue.other)
        case _:
            return (clue.who, clue.of)


class Constraint(NamedTuple):
    """`people` sit on one of the tuples of seats in `seats`; on none of them when `negated`."""

    people: tuple[str, ...]
    seats: frozenset[tuple[int, ...]]
    negated: bool


def constraint(clue: AnyClue, shape: Shape, size: int, conventions: Conventions = WEAK) -> Constraint:
    """What a clue says of the seats 0 .. size - 1, counted towards everybody's right; in a row, 0 is the left end."""
    plain, negated = (clue.clue, True) if isinstance(clue, Not) else (clue, False)
    names = names_in(plain)
    match plain:
        case Beside():
            seats = _beside(shape, size, plain.steps if plain.side == "right" else -plain.steps)
        case Somewhere():
            seats = _somewhere(size, plain.side)
        case Adjacent():
            seats = _apart(shape, size, 1)
        case Gap():
            seats = _apart(shape, size, plain.people + 1)
        case Opposite():
            seats = _apart(shape, size, size // 2) if size % 2 == 0 else frozenset()
        case AtAnEnd():
            seats = frozenset({(0,), (size - 1,)})
        case Place():
            seat = plain.place - 1 if plain.end == "left" else size - plain.place
            seats = frozenset({(seat,)} if 0 <= seat < size else ())
        case Between():
            anywhere = shape == "row" and conventions.between == "anywhere" and not plain.immediately
            seats = _inside(size) if anywhere else _between(shape, size)
    return Constraint(names, seats, negated)


def _rightwards(shape: Shape, size: int, start: int, steps: int) -> int | None:
    """The seat `steps` to the right (negative: left) of `start`, if there is one; nobody is counted past himself."""
    if abs(steps) >= size:
        return None
    if shape == "circle":
        return (start + steps) % size
    return start + steps if 0 <= start + steps < size else None


@cache
def _beside(shape: Shape, size: int, steps: int) -> frozenset[tuple[int, ...]]:
    pairs = ((_rightwards(shape, size, of, steps), of) for of in range(size))
    return frozenset((who, of) for who, of in pairs if who is not None)


@cache
def _apart(shape: Shape, size: int, steps: int) -> frozenset[tuple[int, ...]]:
    return _beside(shape, size, steps) | _beside(shape, size, -steps)


@cache
def _somewhere(size: int, side: Side) -> frozenset[tuple[int, ...]]:
    pairs = permutations(range(size), 2)
    return frozenset((who, of) for who, of in pairs if (who < of) == (side == "left"))


@cache
def _between(shape: Shape, size: int) -> frozenset[tuple[int, ...]]:
    near = _apart(shape, size, 1)
    return frozenset(
        (who, of, other) for who, of in near for neighbour, other in near if neighbour == who and other != of
    )


@cache
def _inside(size: int) -> frozenset[tuple[int, ...]]:
    triples = permutations(range(size), 3)
    return frozenset((who, of, other) for who, of, other in triples if min(of, other) < who < max(of, other))


def constraints(problem: Seating) -> list[Constraint]:
    """Of the clues, in order."""
    size = len(problem.people)
    return [constraint(clue, problem.shape, size, problem.conventions) for clue in problem.clues]


NEVER = Constraint((), frozenset(), False)


def claims(problem: Seating) -> list[Constraint]:
    """Of the choices, in order; `NEVER` for what cannot be true."""
    said = [proposition(problem.query, choice, problem.conventions) for choice in problem.choices]
    size = len(problem.people)
    return [constraint(claim, problem.shape, size, problem.conventions) if claim else NEVER for claim in said]


def proposition(query: AnyQuery, choice: Choice, conventions: Conventions = WEAK) -> AnyClue | None:
    """What a choice claims; None where it cannot be true: somebody beside himself, fewer than no people."""
    match query:
        case WhoSits(where=where):
            assert isinstance(choice, str)
            if choice in names_in(where):
                return None
            if isinstance(where, Somewhere) and conventions.to_the_side == "immediately":
                return Beside(who=choice, side=where.side, of=where.of)
            return where.model_copy(update={"who": choice})
        case HowMany(who=who, of=of):
            assert isinstance(choice, int)
            return Gap(who=who, of=of, people=choice) if 0 <= choice <= MOST_PEOPLE else None
        case Which(truth=truth):
            assert isinstance(choice, Value)
            return choice if truth else negation(choice)


def negation(clue: AnyClue) -> AnyClue:
    return clue.clue if isinstance(clue, Not) else Not(clue=clue)


def model(problem: Seating, seated: Sequence[str]) -> JsonObject:
    """One arrangement as plain data; `seated` goes towards everybody's right.

    A row is told from its people's left to their right; a circle clockwise seen from above, from the first person on.
    Where the facing is not stated, it is told as facing the centre.
    """
    if problem.shape == "row":
        return {"left_to_right": list(seated)}
    clockwise = list(seated) if problem.facing == "outwards" else [seated[0], *reversed(seated[1:])]
    return {"clockwise": clockwise}
