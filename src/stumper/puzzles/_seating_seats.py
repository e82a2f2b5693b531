"""Which seats a relation allows."""

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from typing import NamedTuple

from stumper.puzzles._seating_language import (
    WEAK,
    Adjacent,
    AnyClue,
    AtAnEnd,
    Beside,
    Between,
    Conventions,
    Gap,
    Not,
    Opposite,
    Place,
    Seating,
    Shape,
    Side,
    Somewhere,
    denies,
    names_in,
    proposition,
)
from stumper.types import JsonObject


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
    found = [constraint(claim, problem.shape, size, problem.conventions) if claim else NEVER for claim in said]
    return [c._replace(negated=not c.negated) if denies(problem.query) else c for c in found]


def model(problem: Seating, seated: Sequence[str]) -> JsonObject:
    """One arrangement as plain data; `seated` goes towards everybody's right.

    A row is told from its people's left to their right; a circle clockwise seen from above, from the first person on.
    Where the facing is not stated, it is told as facing the centre.
    """
    if problem.shape == "row":
        return {"left_to_right": list(seated)}
    clockwise = list(seated) if problem.facing == "outwards" else [seated[0], *reversed(seated[1:])]
    return {"clockwise": clockwise}
