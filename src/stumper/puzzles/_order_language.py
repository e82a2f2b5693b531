"""The typed language of linear orders and its one semantics. Ends have names; nothing counts from an index."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Problem, Solution, Status, status
from stumper.puzzles._grammar import ORDINALS
from stumper.puzzles._meta import NONE, UNDETERMINED, Meta, meta_status
from stumper.types import Value

MOST_THINGS = 10

Thing = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÀ-ÖØ-öø-ɏ][A-Za-zÀ-ÖØ-öø-ɏ' -]{0,31}$")]
Count = Annotated[int, Field(ge=1, le=MOST_THINGS)]
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
}
"""What things are ordered by, with its two ends. No two things share a place."""

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
    things: Annotated[int, Field(ge=0, le=MOST_THINGS)]


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
    low: Annotated[int, Field(ge=0, le=MOST_THINGS)]
    high: Annotated[int, Field(ge=0, le=MOST_THINGS)]


class Row(Value):
    """From the end `end` on, the things stand in this order; all of them are named."""

    kind: Literal["row"] = "row"
    end: End
    things: Annotated[tuple[Thing, ...], Field(min_length=2, max_length=MOST_THINGS)]


AnySimple = Beyond | Place | Gap | Between | Number | Row
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


AnyQuery = WhoIs | WhereIs | HowMany | WhichOrder | Which
Choice = Thing | int | Clue | tuple[Thing, ...] | Meta


class Order(Problem):
    scale: Literal["position", "finish", "age", "price", "height", "weight", "speed", "size", "score", "time"]
    things: Annotated[tuple[Thing, ...], Field(min_length=2, max_length=MOST_THINGS)]
    clues: Annotated[tuple[Clue, ...], Field(max_length=40)]
    query: Annotated[AnyQuery, Field(discriminator="kind")]
    choices: Annotated[tuple[Choice, ...], Field(max_length=MOST_THINGS)] = ()

    @property
    def right(self) -> tuple[Status, ...]:
        certain = self.query.certain if isinstance(self.query, Which | WhichOrder) else True
        return ("must",) if certain else ("must", "could")

    @model_validator(mode="after")
    def _is_about_its_things(self) -> "Order":
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
        if not set(names) <= {*self.things, BLANK} or (names[0] == BLANK) != asked:
            raise ValueError("a thing is named that is not there")
        if isinstance(simple, Row) and len(names) < len(self.things):
            raise ValueError("an order of not all things")
        ends = {e for e in (getattr(simple, "towards", None), getattr(simple, "end", None)) if e}
        if not ends <= set(SCALES[self.scale]):
            raise ValueError(f"{min(ends)} is no end of an order by {self.scale}")
        if isinstance(simple, Place) and simple.place > len(self.things):
            raise ValueError("a place is named that is not there")


def _names(clue: AnySimple) -> list[str]:
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
        case Which(truth=truth), Value():
            if truth:
                return choice
            return choice.clue if isinstance(choice, Not) else Not(clue=choice)
    raise ValueError("a choice is no answer to the question")


Places = Mapping[str, Any]
"""Of each thing, counted from the scale's first end; 0 is that end. A number, or an array of them: many orders."""


def holds(clue: AnyClue, places: Places, scale: str) -> Any:
    """Whether the clue is true of one order of all its things, or of which of many."""
    first = SCALES[scale][0]
    match clue:
        case Not(clue=plain):
            return np.logical_not(holds(plain, places, scale))
        case Beyond(who=who, towards=towards, than=than, by=by):
            ahead = (places[than] - places[who]) * (1 if towards == first else -1)
            return ahead > 0 if by is None else ahead == by
        case Place(who=who, place=place, end=end):
            return places[who] == (place - 1 if end == first else len(places) - place)
        case Gap(who=who, of=of, things=things):
            return abs(places[who] - places[of]) == things + 1
        case Between(who=who, of=of, other=other):
            return ((places[of] < places[who]) & (places[who] < places[other])) | (
                (places[other] < places[who]) & (places[who] < places[of])
            )
        case Number(where=where, low=low, high=high):
            others = [thing for thing in places if thing not in _names(where)]
            found = sum(holds(where.model_copy(update={"who": thing}), places, scale) * 1 for thing in others)
            return (low <= found) & (found <= high)
        case Row(end=end, things=things):
            row = things if end == first else things[::-1]
            return np.logical_and.reduce([places[thing] == i for i, thing in enumerate(row)])
    raise AssertionError(clue)


def orders(problem: Order) -> NDArray[np.int8]:
    """All orders that fit the clues, a row each: the place of each thing from the scale's first end, which is 0.

    Grown by one thing at a time: at most ten things, so 3.6 million rows.
    """
    n = len(problem.things)
    # By the thing placed last of those that a clue speaks of; what counts things speaks of all.
    due: list[list[AnyClue]] = [[] for _ in range(n)]
    for clue in problem.clues:
        simple = clue.clue if isinstance(clue, Not) else clue
        names = problem.things if isinstance(simple, Number) else _names(simple)
        due[max(map(problem.things.index, names))].append(_from_first(clue, n, problem.scale))
    rows, taken = np.zeros((1, 0), dtype=np.int8), np.zeros(1, dtype=np.int16)
    for i in range(n):
        which, spot = np.nonzero(taken[:, None] >> np.arange(n) & 1 == 0)
        rows = np.column_stack([rows[which], spot.astype(np.int8)])
        taken = taken[which] | (1 << spot).astype(np.int16)
        if due[i]:
            fits = held(due[i], rows, problem.things, problem.scale).all(axis=0)
            rows, taken = rows[fits], taken[fits]
    return rows


def _from_first(clue: AnyClue, n: int, scale: str) -> AnyClue:
    """The same clue with a place counted from the scale's first end, so that it can be judged before all stand."""
    if isinstance(clue, Not):
        plain = _from_first(clue.clue, n, scale)
        assert not isinstance(plain, Not)
        return Not(clue=plain)
    if isinstance(clue, Place) and clue.end != SCALES[scale][0]:
        return Place(who=clue.who, place=n + 1 - clue.place, end=SCALES[scale][0])
    return clue


def held(clues: Sequence[AnyClue], rows: NDArray[np.int8], things: Sequence[str], scale: str) -> NDArray[np.bool_]:
    """(clues, rows): in which orders, as `orders` gives them, each clue is true."""
    places = dict(zip(things, rows.T, strict=False))
    found = [np.broadcast_to(holds(clue, places, scale), len(rows)) for clue in clues]
    return np.array(found, dtype=bool).reshape(len(clues), len(rows))


def solve(problem: Order) -> Solution:
    """What holds over all orders; at most ten things, so it always ends."""
    rows = orders(problem)
    answers = [choice for choice in problem.choices if choice not in (NONE, UNDETERMINED)]
    truths = held([claim(problem, c) for c in answers], rows, problem.things, problem.scale)
    known = iter(truths)
    lines = {i: next(known) for i, choice in enumerate(problem.choices) if choice not in (NONE, UNDETERMINED)}
    statuses = [_status(lines[i]) if i in lines else "cannot" for i in range(len(problem.choices))]
    for i, choice in enumerate(problem.choices):
        if not len(rows):
            break
        if choice == UNDETERMINED:
            every = [claim(problem, c) for c in candidates(problem).values()] or None
            open_ = truths if every is None else held(every, rows, problem.things, problem.scale)
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
        witnesses=tuple({"from": SCALES[problem.scale][0], "order": in_order(problem, rows[i])} for i in shown),
    )


def _status(line: NDArray[np.bool_]) -> Status:
    return status({bool(truth) for truth in np.unique(line)})


def in_order(problem: Order, row: NDArray[np.int8]) -> list[str]:
    """The things from the scale's first end on, of one row of `orders`."""
    return [problem.things[i] for i in np.argsort(row)]


def candidates(problem: Order) -> dict[str, str | int]:
    """What may answer an open question, by how it is said; "which of these" has no answer without choices."""
    match problem.query:
        case WhoIs(where=where):
            return {thing: thing for thing in problem.things if thing not in _names(where)}
        case WhereIs():
            return {ORDINALS[place]: place + 1 for place in range(len(problem.things))}
        case HowMany():
            return {str(number): number for number in range(len(problem.things))}
    return {}
