"""The typed language of linear orders and its one semantics. Ends have names; nothing counts from an index."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Problem, Solution, status
from stumper.types import Value

MOST_THINGS = 8

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
"""Stands in a query for the thing asked for."""

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


class Not(Value):
    kind: Literal["not"] = "not"
    clue: Plain


AnyClue = AnyPlain | Not
Clue = Annotated[AnyClue, Field(discriminator="kind")]


class WhoIs(Value):
    """Which thing is it of which `where` is true? Its `who` is the blank; a choice is a thing."""

    kind: Literal["who"] = "who"
    where: Plain


class Which(Value):
    """Which of the statements must be true, or must be false?"""

    kind: Literal["which"] = "which"
    truth: bool = True


AnyQuery = WhoIs | Which


class Order(Problem):
    scale: Literal["position", "finish", "age", "price", "height", "weight", "speed", "size", "score", "time"]
    things: Annotated[tuple[Thing, ...], Field(min_length=2, max_length=MOST_THINGS)]
    clues: Annotated[tuple[Clue, ...], Field(max_length=40)]
    query: Annotated[AnyQuery, Field(discriminator="kind")]
    choices: Annotated[tuple[Thing | Clue, ...], Field(max_length=9)] = ()

    @model_validator(mode="after")
    def _is_about_its_things(self) -> "Order":
        if len({thing.casefold() for thing in self.things}) < len(self.things):
            raise ValueError("two things have the same name")
        asked = isinstance(self.query, WhoIs)
        said = [clue for clue in (*self.clues, *self.choices) if not isinstance(clue, str)]
        if isinstance(self.query, WhoIs):
            if self.query.where.who != BLANK:
                raise ValueError("the query asks for nobody")
            said.append(self.query.where)
        for clue in said:
            plain = clue.clue if isinstance(clue, Not) else clue
            names = _names(plain)
            if len(set(names)) < len(names):
                raise ValueError("a thing is compared with itself")
            if not set(names) <= {*self.things, BLANK} or (BLANK in names and clue is not said[-1]):
                raise ValueError("a thing is named that is not there")
            ends = {e for e in (getattr(plain, "towards", None), getattr(plain, "end", None)) if e}
            if not ends <= set(SCALES[self.scale]):
                raise ValueError(f"{min(ends)} is no end of an order by {self.scale}")
            if isinstance(plain, Place) and plain.place > len(self.things):
                raise ValueError("a place is named that is not there")
        if any(isinstance(choice, str) != asked or (asked and choice not in self.things) for choice in self.choices):
            raise ValueError("a choice is no answer to the question")
        return self


def _names(clue: AnyPlain) -> list[str]:
    return [getattr(clue, slot) for slot in ("who", "than", "of", "other") if hasattr(clue, slot)]


Places = Mapping[str, int]
"""Of each thing, counted from the scale's first end; 0 is that end."""


def holds(clue: AnyClue, places: Places, scale: str) -> bool:
    """Whether the clue is true of one order of all its things."""
    first = SCALES[scale][0]
    match clue:
        case Not(clue=plain):
            return not holds(plain, places, scale)
        case Beyond(who=who, towards=towards, than=than, by=by):
            ahead = (places[than] - places[who]) * (1 if towards == first else -1)
            return ahead > 0 if by is None else ahead == by
        case Place(who=who, place=place, end=end):
            return places[who] == (place - 1 if end == first else len(places) - place)
        case Gap(who=who, of=of, things=things):
            return abs(places[who] - places[of]) == things + 1
        case Between(who=who, of=of, other=other):
            low, high = sorted((places[of], places[other]))
            return low < places[who] < high
    raise AssertionError(clue)


def orders(problem: Order) -> Iterator[dict[str, int]]:
    """All orders of the things that fit the clues."""
    n = len(problem.things)
    # By the thing placed last of those a clue names.
    due: list[list[AnyClue]] = [[] for _ in range(n)]
    for clue in problem.clues:
        names = _names(clue.clue if isinstance(clue, Not) else clue)
        due[max(map(problem.things.index, names))].append(_from_first(clue, n, problem.scale))
    places: dict[str, int] = {}

    def place(i: int, free: frozenset[int]) -> Iterator[dict[str, int]]:
        if i == n:
            yield dict(places)
            return
        for spot in sorted(free):
            places[problem.things[i]] = spot
            if all(holds(clue, places, problem.scale) for clue in due[i]):
                yield from place(i + 1, free - {spot})

    yield from place(0, frozenset(range(n)))


def _from_first(clue: AnyClue, n: int, scale: str) -> AnyClue:
    """The same clue with a place counted from the scale's first end."""
    if isinstance(clue, Not):
        return Not(clue=_from_first(clue.clue, n, scale))
    if isinstance(clue, Place) and clue.end != SCALES[scale][0]:
        return Place(who=clue.who, place=n + 1 - clue.place, end=SCALES[scale][0])
    return clue


def claim(problem: Order, choice: str | AnyClue) -> AnyClue:
    """What a choice claims, as a clue."""
    match problem.query:
        case WhoIs(where=where):
            return where.model_copy(update={"who": choice})
        case Which(truth=False) if not isinstance(choice, str):
            return choice.clue if isinstance(choice, Not) else Not(clue=choice)
    assert not isinstance(choice, str)
    return choice


def solve(problem: Order) -> Solution:
    """What holds over all orders; at most eight things, so 40,320 orders, and it always ends."""
    claims = [claim(problem, choice) for choice in problem.choices]
    truths: list[set[bool]] = [set() for _ in claims]
    models = 0
    witnesses: list[dict[str, int]] = []
    seen: list[bool] = []
    for places in orders(problem):
        models += 1
        true = [holds(c, places, problem.scale) for c in claims]
        for truth, now in zip(truths, true, strict=True):
            truth.add(now)
        if not witnesses or (len(witnesses) == 1 and true != seen):
            witnesses.append(places)
            seen = true
    return Solution(
        models=models,
        statuses=tuple(map(status, truths)),
        witnesses=tuple({"from": SCALES[problem.scale][0], "order": in_order(places)} for places in witnesses),
    )


def in_order(places: Places) -> list[str]:
    """The things from the scale's first end on."""
    return sorted(places, key=lambda thing: places[thing])


def candidates(problem: Order) -> dict[str, str]:
    """The things that may answer an open question; "which of these" has no answer without choices."""
    return {} if isinstance(problem.query, Which) else {thing: thing for thing in problem.things}
