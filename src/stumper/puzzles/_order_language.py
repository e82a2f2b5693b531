"""The typed language of linear orders and its one semantics. Ends have names; nothing counts from an index."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Problem, Solution, Status, TooLarge, status
from stumper.puzzles._grammar import ORDINALS
from stumper.puzzles._meta import NONE, UNDETERMINED, Meta, meta_status
from stumper.types import JsonObject, Value

MOST_THINGS = 10
MOST_PLACES = 150
"""Where not all things are named: how many there are at the most."""
MOST_ROWS = 4_000_000

Thing = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÀ-ÖØ-öø-ɏ][A-Za-zÀ-ÖØ-öø-ɏ' -]{0,31}$")]
Count = Annotated[int, Field(ge=1, le=MOST_PLACES)]
End = Literal[
    "left",
    "right",
    "first",
    "last",
    "newest",
    "oldest",
    "cheapest",
    "dearest",
    "shortest",
    "tallest",
    "lightest",
    "heaviest",
    "slowest",
    "fastest",
    "smallest",
    "largest",
    "lowest",
    "highest",
    "earliest",
    "latest",
    "top",
    "bottom",
    "weakest",
    "strongest",
    "poorest",
    "richest",
    "coldest",
    "hottest",
    "shallowest",
    "deepest",
    "narrowest",
    "widest",
    "thinnest",
    "thickest",
    "quietest",
    "loudest",
    "easiest",
    "hardest",
    "nearest",
    "farthest",
    "darkest",
    "brightest",
    "worst",
    "best",
]
SCALES: Mapping[str, tuple[End, End]] = {
    "position": ("left", "right"),
    "finish": ("first", "last"),
    "age": ("newest", "oldest"),
    "price": ("cheapest", "dearest"),
    "height": ("shortest", "tallest"),
    "weight": ("lightest", "heaviest"),
    "speed": ("slowest", "fastest"),
    "size": ("smallest", "largest"),
    "score": ("lowest", "highest"),
    "time": ("earliest", "latest"),
    "rank": ("top", "bottom"),
    "strength": ("weakest", "strongest"),
    "wealth": ("poorest", "richest"),
    "temperature": ("coldest", "hottest"),
    "depth": ("shallowest", "deepest"),
    "width": ("narrowest", "widest"),
    "thickness": ("thinnest", "thickest"),
    "loudness": ("quietest", "loudest"),
    "difficulty": ("easiest", "hardest"),
    "distance": ("nearest", "farthest"),
    "brightness": ("darkest", "brightest"),
    "quality": ("worst", "best"),
}
"""What things are ordered by, with its two ends. No two things share a place."""

Scale = Literal[
    "position",
    "finish",
    "age",
    "price",
    "height",
    "weight",
    "speed",
    "size",
    "score",
    "time",
    "rank",
    "strength",
    "wealth",
    "temperature",
    "depth",
    "width",
    "thickness",
    "loudness",
    "difficulty",
    "distance",
    "brightness",
    "quality",
]

SCALE_OF = {end: scale for scale, ends in SCALES.items() for end in ends}

BLANK: Literal["?"] = "?"
"""Stands in a query, or where things are counted, for the thing asked for."""

Who = Thing | Literal["?"]


class Beyond(Value):
    """`who` lies nearer to the end `towards` than `than` does; by exactly `by` places, or by any number."""

    kind: Literal["beyond"] = "beyond"
    who: Who
    towards: End
    than: Thing
    by: Count | None = None


class Place(Value):
    """`who` has the `place`-th place counted from `end`; 1 is the end itself."""

    kind: Literal["place"] = "place"
    who: Who
    place: Count
    end: End


class Gap(Value):
    """Exactly `things` lie between `who` and `of`, whichever comes first; none: they are next to each other."""

    kind: Literal["gap"] = "gap"
    who: Who
    of: Thing
    things: Annotated[int, Field(ge=0, le=MOST_PLACES)]


class Between(Value):
    """`who` lies somewhere between the two."""

    kind: Literal["between"] = "between"
    who: Who
    of: Thing
    other: Thing


AnyPlain = Beyond | Place | Gap | Between
Plain = Annotated[AnyPlain, Field(discriminator="kind")]


class Number(Value):
    """At least `low` and at most `high` of the things are such that `where` is true of them: its `who` is the blank."""

    kind: Literal["number"] = "number"
    where: Annotated[Beyond | Between, Field(discriminator="kind")]
    low: Annotated[int, Field(ge=0, le=MOST_PLACES)]
    high: Annotated[int, Field(ge=0, le=MOST_PLACES)]


class Row(Value):
    """From the end `end` on, the things stand in this order; all of them are named."""

    kind: Literal["row"] = "row"
    end: End
    things: Annotated[tuple[Thing, ...], Field(min_length=2, max_length=MOST_THINGS)]


class Size(Value):
    """There are `total` things in all."""

    kind: Literal["size"] = "size"
    total: Count


AnySimple = Beyond | Place | Gap | Between | Number | Row | Size
Simple = Annotated[AnySimple, Field(discriminator="kind")]


class Not(Value):
    kind: Literal["not"] = "not"
    clue: Simple


AnyClue = AnySimple | Not
Clue = Annotated[AnyClue, Field(discriminator="kind")]


class WhoIs(Value):
    """Which thing is it of which `where` is true? Its `who` is the blank; a choice is a thing."""

    kind: Literal["who"] = "who"
    where: Plain


class WhereIs(Value):
    """Which place has this thing, counted from `end`? A choice is a number from 1."""

    kind: Literal["where"] = "where"
    who: Thing
    end: End


class HowMany(Value):
    """Of how many things is `where` true? Its `who` is the blank; a choice is a number."""

    kind: Literal["how_many"] = "how_many"
    where: Annotated[Beyond | Between, Field(discriminator="kind")]


class WhichOrder(Value):
    """Which is the order from `end` on, or may be it? A choice is all things in an order."""

    kind: Literal["order"] = "order"
    end: End
    certain: bool = True


class Which(Value):
    """Which of the statements must be true (or: must be false; not certain: could be true, could be false)?"""

    kind: Literal["which"] = "which"
    truth: bool = True
    certain: bool = True


class InAll(Value):
    """How many are there in all, named or not? A choice is a number."""

    kind: Literal["in_all"] = "in_all"


AnyQuery = WhoIs | WhereIs | HowMany | WhichOrder | Which | InAll
Choice = Thing | int | Clue | tuple[Thing, ...] | Meta


class Order(Problem):
    scale: Scale
    things: Annotated[tuple[Thing, ...], Field(min_length=1, max_length=MOST_THINGS)]
    total: Annotated[int, Field(ge=2, le=MOST_PLACES)] | Literal["open"] | None = None
    """How many there are with those that are not named; "open": the clues must tell. None: all are named."""
    clues: Annotated[tuple[Clue, ...], Field(max_length=40)]
    query: Annotated[AnyQuery, Field(discriminator="kind")]
    choices: Annotated[tuple[Choice, ...], Field(max_length=MOST_THINGS)] = ()

    @property
    def right(self) -> tuple[Status, ...]:
        certain = self.query.certain if isinstance(self.query, Which | WhichOrder) else True
        return ("must",) if certain else ("must", "could")

    @model_validator(mode="after")
    def _is_about_its_things(self) -> "Order":
        if self.total is None and len(self.things) < 2:
            raise ValueError("one thing alone has no order")
        if isinstance(self.total, int) and self.total < len(self.things):
            raise ValueError("more things are named than there are")
        if (self.total == "open") != isinstance(self.query, InAll):
            raise ValueError("how many there are is open exactly where it is asked for")
        if len({thing.casefold() for thing in self.things}) < len(self.things):
            raise ValueError("two things have the same name")
        for clue in self.clues:
            self._check(clue)
        match self.query:
            case WhoIs(where=where):
                self._check(where, asked=True)
            case WhereIs(who=who, end=end):
                self._check(Place(who=who, place=1, end=end))
            case HowMany(where=where):
                self._check(Number(where=where, low=0, high=0))
            case WhichOrder(end=end):
                self._check(Row(end=end, things=self.things))
        for choice in self.choices:
            if choice not in (NONE, UNDETERMINED):
                self._check(claim(self, choice))
        if UNDETERMINED in self.choices and not self.right == ("must",):
            raise ValueError("asks what is possible, which can always be determined")
        return self

    @property
    def most(self) -> int:
        """How many things there are at the most."""
        if self.total is None:
            return len(self.things)
        return MOST_PLACES if self.total == "open" else self.total

    def _check(self, clue: AnyClue, asked: bool = False) -> None:
        """Raises ValueError for a clue that is not about these things; `asked`: its blank is what is asked for."""
        simple = clue.clue if isinstance(clue, Not) else clue
        if isinstance(simple, Number):
            if simple.low > simple.high:
                raise ValueError("at least more than at most")
            self._check(simple.where, asked=True)
            return
        names = _names(simple)
        if len(set(names)) < len(names):
            raise ValueError("a thing is compared with itself")
        if not set(names) <= {*self.things, BLANK} or (BLANK in names) != asked:
            raise ValueError("a thing is named that is not there")
        if isinstance(simple, Row) and len(names) < self.most:
            raise ValueError("an order of not all things")
        ends = {e for e in (getattr(simple, "towards", None), getattr(simple, "end", None)) if e}
        if not ends <= set(SCALES[self.scale]):
            raise ValueError(f"{min(ends)} is no end of an order by {self.scale}")
        if isinstance(simple, Place) and simple.place > self.most:
            raise ValueError("a place is named that is not there")


def _names(clue: AnySimple) -> list[str]:
    if isinstance(clue, Size):
        return []
    if isinstance(clue, Row):
        return list(clue.things)
    said = clue.where if isinstance(clue, Number) else clue
    return [getattr(said, slot) for slot in ("who", "than", "of", "other") if hasattr(said, slot)]


def claim(problem: Order, choice: str | int | tuple[str, ...] | AnyClue) -> AnyClue:
    """What a choice claims, as a clue. Raises ValueError for what is no answer to the query."""
    match problem.query, choice:
        case WhoIs(where=where), str():
            return where.model_copy(update={"who": choice})
        case WhereIs(who=who, end=end), int():
            return Place(who=who, place=choice, end=end)
        case HowMany(where=where), int():
            return Number(where=where, low=choice, high=choice)
        case WhichOrder(end=end), tuple():
            return Row(end=end, things=choice)
        case InAll(), int():
            return Size(total=choice)
        case Which(truth=truth), Value():
            if truth:
                return choice
            return choice.clue if isinstance(choice, Not) else Not(clue=choice)
    raise ValueError("a choice is no answer to the question")


Places = Mapping[str, Any]
"""Of each thing, counted from the scale's first end; 0 is that end. A number, or an array of them: many orders."""


def holds(clue: AnyClue, places: Places, scale: str, total: Any = None) -> Any:
    """Whether the clue is true of one order, or of which of many.

    `total`: how many things there are, a number or one for each order; without it all things have their places here.
    """
    first = SCALES[scale][0]
    n = len(places) if total is None else total
    match clue:
        case Not(clue=plain):
            return np.logical_not(holds(plain, places, scale, n))
        case Beyond(who=who, towards=towards, than=than, by=by):
            ahead = (places[than] - places[who]) * (1 if towards == first else -1)
            return ahead > 0 if by is None else ahead == by
        case Place(who=who, place=place, end=end):
            return places[who] == (place - 1 if end == first else n - place)
        case Gap(who=who, of=of, things=things):
            return abs(places[who] - places[of]) == things + 1
        case Between(who=who, of=of, other=other):
            return ((places[of] < places[who]) & (places[who] < places[other])) | (
                (places[other] < places[who]) & (places[who] < places[of])
            )
        case Number(where=Beyond(towards=towards, than=than, by=by), low=low, high=high):
            # Each place is some thing's, so what is counted are the places that lie there.
            there = places[than] if towards == first else n - 1 - places[than]
            found = there if by is None else (there >= by) * 1
            return (low <= found) & (found <= high)
        case Number(where=Between(of=of, other=other), low=low, high=high):
            found = abs(places[of] - places[other]) - 1
            return (low <= found) & (found <= high)
        case Row(end=end, things=things):
            row = things if end == first else things[::-1]
            return np.logical_and.reduce([places[thing] == i for i, thing in enumerate(row)])
        case Size(total=size):
            return n == size
    raise AssertionError(clue)


class Orders(NamedTuple):
    """Many orders, a row each."""

    rows: NDArray[np.int16]
    """The place of each thing from the scale's first end, which is 0."""
    totals: NDArray[np.int16]
    """How many things there are, with those that are not named."""


def orders(problem: Order) -> NDArray[np.int16]:
    """All orders that fit the clues, as `Orders.rows`. Raises TooLarge."""
    return all_orders(problem).rows


def all_orders(problem: Order) -> Orders:
    """All orders that fit the clues, grown by one thing at a time. Raises TooLarge."""
    n = len(problem.things)
    told = {clue.who for clue in problem.clues if isinstance(clue, Place)}
    # Those whose places are told come first: of a hundred places one is left.
    grown = sorted(problem.things, key=lambda thing: thing not in told) if problem.total is not None else problem.things
    # By the thing placed last of those that a clue speaks of.
    due: list[list[AnyClue]] = [[] for _ in range(n)]
    for clue in problem.clues:
        simple = clue.clue if isinstance(clue, Not) else clue
        names = _names(simple)
        due[max((grown.index(name) for name in names if name != BLANK), default=0)].append(clue)
    sizes = range(n, MOST_PLACES + 1) if problem.total == "open" else (problem.most,)
    totals = np.array(sizes, dtype=np.int16)
    rows = np.zeros((len(totals), 0), dtype=np.int16)
    for i in range(n):
        free = np.arange(problem.most)[None, :] < totals[:, None]
        for column in rows.T:
            free[np.arange(len(rows)), column] = False
        which, spot = np.nonzero(free)
        if len(which) > MOST_ROWS:
            raise TooLarge("more orders than can be looked at")
        rows, totals = np.column_stack([rows[which], spot.astype(np.int16)]), totals[which]
        if due[i]:
            fits = held(due[i], Orders(rows, totals), grown, problem.scale).all(axis=0)
            rows, totals = rows[fits], totals[fits]
    if problem.total == "open" and len(totals) and totals.max() == MOST_PLACES:
        raise TooLarge("how many there are in all is left open")
    return Orders(rows[:, [grown.index(thing) for thing in problem.things]], totals)


def held(clues: Sequence[AnyClue], found: Orders, things: Sequence[str], scale: str) -> NDArray[np.bool_]:
    """(clues, orders): in which orders each clue is true."""
    places = dict(zip(things, found.rows.T, strict=False))
    truths = [np.broadcast_to(holds(clue, places, scale, found.totals), len(found.rows)) for clue in clues]
    return np.array(truths, dtype=bool).reshape(len(clues), len(found.rows))


def solve(problem: Order) -> Solution:
    """What holds over all orders. Raises TooLarge."""
    found = all_orders(problem)
    rows = found.rows
    answers = [choice for choice in problem.choices if choice not in (NONE, UNDETERMINED)]
    truths = held([claim(problem, c) for c in answers], found, problem.things, problem.scale)
    known = iter(truths)
    lines = {i: next(known) for i, choice in enumerate(problem.choices) if choice not in (NONE, UNDETERMINED)}
    statuses = [_status(lines[i]) if i in lines else "cannot" for i in range(len(problem.choices))]
    for i, choice in enumerate(problem.choices):
        if not len(rows):
            break
        if choice == UNDETERMINED:
            every = [claim(problem, c) for c in candidates(problem).values()] or None
            open_ = truths if every is None else held(every, found, problem.things, problem.scale)
            statuses[i] = meta_status(problem.right, [_status(line) for line in open_])
        elif choice == NONE and isinstance(problem.query, Which):
            statuses[i] = meta_status(problem.right, [_status(line) for line in truths])
        elif choice == NONE:
            statuses[i] = _status(np.logical_not(truths.any(axis=0)))
    differing = np.flatnonzero((truths != truths[:, :1]).any(axis=0))[:1] if len(rows) else np.zeros(0, dtype=int)
    shown = [0, *differing.tolist()] if len(rows) else []
    return Solution(
        models=len(rows),
        statuses=tuple(statuses),
        witnesses=tuple(_witness(problem, found, i) for i in shown),
    )


def _witness(problem: Order, found: Orders, i: int) -> JsonObject:
    row = found.rows[i]
    order: JsonObject = {"from": SCALES[problem.scale][0], "order": in_order(problem, row)}
    if problem.total is not None:
        order |= {"places": [int(place) + 1 for place in np.sort(row)], "total": int(found.totals[i])}
    return order


def _status(line: NDArray[np.bool_]) -> Status:
    return status({bool(truth) for truth in np.unique(line)})


def in_order(problem: Order, row: NDArray[np.int16]) -> list[str]:
    """The things from the scale's first end on, of one row of `orders`."""
    return [problem.things[i] for i in np.argsort(row)]


def candidates(problem: Order) -> dict[str, str | int]:
    """What may answer an open question, by how it is said; "which of these" has no answer without choices."""
    match problem.query:
        case WhoIs(where=where):
            return {thing: thing for thing in problem.things if thing not in _names(where)}
        case WhereIs():
            return {ordinal(place): place for place in range(1, problem.most + 1)}
        case HowMany():
            return {str(number): number for number in range(problem.most)}
        case InAll():
            return {str(number): number for number in range(2, problem.most + 1)}
    return {}


def ordinal(place: int) -> str:
    """How a place is said: `first`, `12th`."""
    if place <= len(ORDINALS):
        return ORDINALS[place - 1]
    teen = place % 100 in (11, 12, 13)
    return f"{place}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"
