"""The first engine's meanings: which seats, and which ways of looking, a relation allows.

A *state* of somebody is a seat and a way to look. Seats count clockwise as seen from above, or from west to east (the
second of two rows after the first). Where facing is mixed, state s + n is seat s with the face to the south or
outwards, and s with the face to the north or the centre; elsewhere a seat alone tells how its sitter looks.
"""

from functools import lru_cache
from typing import NamedTuple

from stumper.puzzles._seating_language import (
    SLOTS,
    Adjacent,
    AnyRelation,
    AtACorner,
    AtAnEnd,
    Beside,
    Between,
    Conventions,
    Direction,
    Faces,
    FacesAlike,
    Facing,
    Gap,
    InRow,
    InTheMiddle,
    Is,
    Opposite,
    OtherEnd,
    Place,
    SameRow,
    Seating,
    Shape,
    Somewhere,
    names_in,
)


class Scene(NamedTuple):
    """Seats and how one looks from them."""

    shape: Shape
    size: int
    facing: Facing | None
    first_faces: Direction
    sides: tuple[int, ...]
    corners: bool
    between: str
    arc: str
    ends: str
    unstated: str

    @property
    def ring(self) -> bool:
        return self.shape in ("circle", "table")

    @property
    def mixed(self) -> bool:
        return self.facing == "mixed"

    @property
    def states(self) -> int:
        return self.size * (2 if self.mixed else 1)

    @property
    def length(self) -> int:
        """Of a row."""
        return self.size // 2 if self.shape == "rows" else self.size


def scene_of(problem: Seating) -> Scene:
    conventions: Conventions = problem.conventions
    return Scene(
        problem.shape,
        problem.size,
        problem.facing,
        problem.first_faces,
        problem.sides,
        problem.corners,
        conventions.between,
        conventions.arc,
        conventions.ends,
        conventions.unstated_facing,
    )


def away(scene: Scene, state: int) -> bool:
    """Whether who is in this state looks to the south or outwards."""
    if state >= scene.size:
        return True
    match scene.facing:
        case "mixed":
            return False
        case "corners_inwards" | "corners_outwards":
            return at_corner(scene, state) == (scene.facing == "corners_outwards")
    if scene.shape == "rows":
        return (state < scene.length) == (scene.first_faces == "south")
    if scene.facing is None:
        return scene.unstated == "outwards"
    return scene.facing in ("south", "outwards")


@lru_cache(64)
def _sides(scene: Scene) -> tuple[tuple[int, int], ...]:
    """(side, place on it) of each seat at a table; a corner stands before its side, in place -1."""
    return tuple((side, j) for side, length in enumerate(scene.sides) for j in range(-scene.corners, length))


def at_corner(scene: Scene, seat: int) -> bool:
    return scene.shape == "table" and _sides(scene)[seat][1] < 0


def across(scene: Scene, seat: int) -> int | None:
    """The opposite seat, if there is one."""
    if scene.shape == "circle":
        return None if scene.size % 2 else (seat + scene.size // 2) % scene.size
    if scene.shape == "rows":
        return (seat + scene.length) % scene.size
    side, j = _sides(scene)[seat]
    return _sides(scene).index(((side + 2) % 4, -1 if j < 0 else scene.sides[side] - 1 - j))


def onwards(scene: Scene, seat: int, steps: int) -> int | None:
    """The seat so many steps clockwise or east, if there is one; nobody is counted past himself."""
    if scene.ring:
        return (seat + steps) % scene.size if abs(steps) < scene.size else None
    start = seat - seat % scene.length
    return seat + steps if start <= seat + steps < start + scene.length else None


@lru_cache(4096)
def arcs(scene: Scene, one: int, other: int) -> tuple[tuple[int, ...], ...]:
    """The seats between two, by each way that leads from one to the other; on a circle by the shorter ones last."""
    if one == other:
        return ()
    if not scene.ring:
        low, high = sorted((one, other))
        return (tuple(range(low + 1, high)),) if low // scene.length == high // scene.length else ()
    there = tuple((one + i) % scene.size for i in range(1, (other - one) % scene.size))
    back = tuple((other + i) % scene.size for i in range(1, (one - other) % scene.size))
    return tuple(sorted((there, back), key=len, reverse=True))


def shorter(ways: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(way for way in ways if len(way) == len(ways[-1]))


@lru_cache(4096)
def gap_ways(scene: Scene, one: int, other: int) -> tuple[tuple[int, ...], ...]:
    """Those of the ways round that a number of people between two may mean."""
    ways = arcs(scene, one, other)
    return ways if scene.arc == "either" else shorter(ways)


def close(scene: Scene, relation: Between) -> bool:
    """Whether "between" says that they are neighbours."""
    return relation.immediately or scene.ring or scene.between == "immediately"


def _places(scene: Scene, relation: AnyRelation) -> list[int]:
    """The seats that a relation of one person allows, unless it is about looking."""
    every = range(scene.size)
    row, length = scene.shape in ("row", "rows"), scene.length
    match relation:
        case AtAnEnd():
            return [s for s in every if s % length in (0, length - 1)]
        case InTheMiddle():
            if row:
                return [s for s in every if s % length == (length - 1) / 2]
            return [s for s in every if 2 * _sides(scene)[s][1] == scene.sides[_sides(scene)[s][0]] - 1]
        case AtACorner():
            return [s for s in every if at_corner(scene, s)]
        case InRow(row=which):
            return [s for s in every if (s < length) == (which == "first")]
        case Place(place=place, end=end):
            found = []
            for start in range(0, scene.size, length):
                # An end is the people's own, where they agree; on a page the west is left.
                own = scene.ends == "own" and not scene.mixed
                west = end == "west" if end in ("west", "east") else (end == "left") != (own and away(scene, start))
                if place <= length:
                    found.append(start + (place - 1 if west else length - place))
            return found
    raise AssertionError(relation)


def _seats_for(scene: Scene, relation: AnyRelation, of: int) -> list[int]:
    """The seats of `who`, where `of` is in this state."""
    seat = of % scene.size
    every = range(scene.size)
    match relation:
        case Beside(side=side, steps=steps):
            found = [onwards(scene, seat, steps * rightwards(scene, of, side))]
        case Somewhere(side=side):
            step = rightwards(scene, of, side)
            found = [s for s in every if s // scene.length == seat // scene.length and (s - seat) * step > 0]
        case Adjacent():
            found = [onwards(scene, seat, 1), onwards(scene, seat, -1)]
        case Gap(people=people):
            found = [s for s in every if any(len(way) == people for way in gap_ways(scene, s, seat))]
        case Opposite():
            found = [across(scene, seat)]
        case OtherEnd():
            place = seat % scene.length
            found = [seat - place + scene.length - 1 - place] if place in (0, scene.length - 1) else []
        case SameRow() if scene.shape == "rows":
            found = [s for s in every if s // scene.length == seat // scene.length]
        case SameRow():
            sides = _sides(scene)
            found = [s for s in every if sides[s][0] == sides[seat][0] and min(sides[s][1], sides[seat][1]) >= 0]
        case Is():
            return [seat]
        case _:
            raise AssertionError(relation)
    return [s for s in found if s is not None and s != seat]


def rightwards(scene: Scene, state: int, side: str) -> int:
    """1 where a person in this state has the side clockwise or to the east, else -1."""
    if side not in ("left", "right"):
        return 1 if side in ("clockwise", "east") else -1
    return 1 if (side == "right") == (away(scene, state) == scene.ring) else -1


Nameless = tuple[type[AnyRelation], tuple[tuple[str, object], ...]]
"""A relation without its terms: what its mask or table depends on."""


def nameless(relation: AnyRelation) -> Nameless:
    return type(relation), tuple((field, content) for field, content in relation if field not in SLOTS)


def _named(without: Nameless) -> AnyRelation:
    kind, fields = without
    return kind.model_construct(None, **dict(fields))  # type: ignore[arg-type]


def mask(scene: Scene, relation: AnyRelation) -> int:
    """Bit set of the states that a relation of one person allows."""
    return mask_of(scene, nameless(relation))


@lru_cache(4096)
def mask_of(scene: Scene, without: Nameless) -> int:
    relation = _named(without)
    if isinstance(relation, Faces):
        wanted = relation.direction in ("south", "outwards")
        return sum(1 << s for s in range(scene.states) if away(scene, s) == wanted)
    return _both(scene, _places(scene, relation))


def _both(scene: Scene, seats: list[int]) -> int:
    low = 0
    for seat in seats:
        low |= 1 << seat
    return low | low << scene.size if scene.mixed else low


def table(scene: Scene, relation: AnyRelation) -> tuple[int, ...]:
    """By the state of `of`: the bit set of the states that a relation of two people allows `who`."""
    return table_of(scene, nameless(relation))


@lru_cache(4096)
def table_of(scene: Scene, without: Nameless) -> tuple[int, ...]:
    relation = _named(without)
    if isinstance(relation, FacesAlike):
        looks = [away(scene, s) for s in range(scene.states)]
        sets = [sum(1 << s for s, look in enumerate(looks) if look == way) for way in (False, True)]
        return tuple(sets[look] for look in looks)
    return tuple(_both(scene, _seats_for(scene, relation, of)) for of in range(scene.states))


@lru_cache(256)
def within(scene: Scene, steps: int) -> tuple[int, ...]:
    """By the state of one: the states on seats at most so many steps away, his own among them."""
    reach = [[onwards(scene, seat, step) for step in range(-steps, steps + 1)] for seat in range(scene.size)]
    rows = [_both(scene, [seat for seat in seats if seat is not None]) for seats in reach]
    return tuple(rows[state % scene.size] for state in range(scene.states))


@lru_cache(4096)
def turned(scene: Scene, rows: tuple[int, ...]) -> tuple[int, ...]:
    """A table by the state of `who`."""
    found = [0] * scene.states
    for of, allowed in enumerate(rows):
        while allowed:
            low = allowed & -allowed
            found[low.bit_length() - 1] |= 1 << of
            allowed ^= low
    return tuple(found)


ALONE = (AtAnEnd, InTheMiddle, AtACorner, InRow, Place, Faces)
"""Relations of one person: `mask`."""
TWO = (Beside, Somewhere, Adjacent, Gap, Opposite, OtherEnd, SameRow, Is, FacesAlike)
"""Relations of two people: `table`."""


def looked_from(relation: AnyRelation) -> tuple[str, ...]:
    """The terms whose way of looking a relation depends on."""
    match relation:
        case Beside(side="left" | "right", of=of) | Somewhere(side="left" | "right", of=of):
            return (of,)
        case Faces() | FacesAlike():
            return names_in(relation)
    return ()
