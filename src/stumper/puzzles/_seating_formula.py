"""Clues as formulas over relations, and their truth in one arrangement, for the first engine."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stumper.puzzles._seating_language import (
    SOMEONE,
    Adjacent,
    AllOf,
    AnyClue,
    AnyOf,
    AnyPlain,
    AnyRelation,
    AsMany,
    Between,
    EmptySeat,
    ExactlyOne,
    Gap,
    HowManyFace,
    If,
    Not,
    Someone,
    SomewhereBetween,
    Together,
    names_in,
    relations,
)
from stumper.puzzles._seating_seats import ALONE, Scene, arcs, away, close, gap_ways, looked_from, mask, shorter, table

_NEXT = Adjacent(who="?", of="??")

Formula = AnyPlain | tuple[Literal["and", "or", "one", "not"], tuple["Formula", ...]]
"""A relation, or a connective and what it joins; `one`: exactly one of them."""

NEVER: Formula = ("or", ())


def formula(clue: AnyClue) -> Formula:
    match clue:
        case Not(clue=plain):
            return denied(plain)
        case AllOf(clues=clues):
            return ("and", tuple(map(formula, clues)))
        case AnyOf(clues=clues):
            return ("or", tuple(map(formula, clues)))
        case ExactlyOne(clues=clues):
            return ("one", tuple(map(formula, clues)))
        case If(condition=condition, then=then):
            return ("or", (denied(formula(condition)), formula(then)))
        case _:
            return clue


def denied(claim: Formula) -> Formula:
    return ("not", (claim,))


def parts(claim: Formula) -> Iterator[Formula]:
    """What has to hold, each by itself, for the formula to hold."""
    if isinstance(claim, tuple):
        match claim:
            case ("and", claims):
                for each in claims:
                    yield from parts(each)
                return
            case ("not", (("or", claims),)):
                for each in claims:
                    yield from parts(denied(each))
                return
            case ("not", (("not", (inner,)),)):
                yield from parts(inner)
                return
            case ("or" | "one", (only,)):
                yield from parts(only)
                return
    yield claim


def plain_parts(claim: Formula) -> Iterator[AnyPlain]:
    """All plain statements in a formula."""
    if isinstance(claim, tuple):
        for each in claim[1]:
            yield from plain_parts(each)
    else:
        yield claim


Truth = Callable[[list[int]], bool]
"""Whether something holds, given the state of everybody who has a position."""


@dataclass(frozen=True)
class Tests:
    """Makes tests of formulas. `position` tells where in the list of states a term stands."""

    scene: Scene
    people: tuple[str, ...]
    """All of them, with stand-ins for those whom nobody names."""
    empty: tuple[str, ...]
    """Stand-ins for the empty seats."""
    by_person: bool
    """Descriptions depend on how the described person looks."""

    def scope(self, claim: Formula) -> tuple[str, ...]:
        """Who has to have a place before the formula can be tested."""
        names: dict[str, None] = {}
        for plain in plain_parts(claim):
            names |= dict.fromkeys(name for name in names_in(plain) if name != SOMEONE)
            if isinstance(plain, Someone | EmptySeat) or any(isinstance(r, Gap | AsMany) for r in relations(plain)):
                names |= dict.fromkeys(self.empty)
            if isinstance(plain, HowManyFace) or (isinstance(plain, Someone) and self.by_person):
                names |= dict.fromkeys(self.people)
        return tuple(names)

    def truth(self, claim: Formula, position: Mapping[str, int]) -> Truth:
        if not isinstance(claim, tuple):
            return self._plain(claim, position)
        tests = [self.truth(each, position) for each in claim[1]]
        match claim[0]:
            case "not":
                (test,) = tests
                return lambda at: not test(at)
            case "and":
                return lambda at: all(test(at) for test in tests)
            case "or":
                return lambda at: any(test(at) for test in tests)
            case "one":
                return lambda at: sum(test(at) for test in tests) == 1

    def _plain(self, plain: AnyPlain, position: Mapping[str, int]) -> Truth:
        if not isinstance(plain, Someone | EmptySeat):
            return self._relation(plain, position)
        # The described one has a place of his own at the end of the list.
        star = len(position)
        tests = [self._relation(r, {**position, SOMEONE: star}) for r in plain.that]
        empty = [position[seat] for seat in self.empty]
        n = self.scene.size
        if isinstance(plain, EmptySeat):
            return lambda at: any(all(test([*at, at[p]]) for test in tests) for p in empty)
        if self.by_person:
            people = [position[name] for name in self.people]
            return lambda at: any(all(test([*at, at[p]]) for test in tests) for p in people)

        def described(at: list[int]) -> bool:
            left_out = {at[p] for p in empty}
            return any(s not in left_out and all(test([*at, s]) for test in tests) for s in range(n))

        return described

    def _relation(self, relation: AnyRelation, position: Mapping[str, int]) -> Truth:
        scene, n = self.scene, self.scene.size
        where = [position[name] for name in names_in(relation)]
        empty = [position[seat] for seat in self.empty]
        if isinstance(relation, ALONE):
            allowed = mask(scene, relation)
            (who,) = where
            return lambda at: bool(allowed >> at[who] & 1)
        match relation:
            case Between() if close(scene, relation):
                near = [set(_neighbours(scene, seat)) for seat in range(n)]
                who, of, other = where

                def holds(at: list[int]) -> bool:
                    a, b, c = at[who] % n, at[of] % n, at[other] % n
                    return b != c and b in near[a] and c in near[a]

            case Between() | SomewhereBetween():
                who, of, other = where

                def holds(at: list[int]) -> bool:
                    return any(at[who] % n in way for way in arcs(scene, at[of] % n, at[other] % n))

            case Gap(people=people) if empty:
                who, of = where

                def holds(at: list[int]) -> bool:
                    left_out = {at[p] for p in empty}
                    ways = gap_ways(scene, at[who] % n, at[of] % n)
                    return any(sum(s not in left_out for s in way) == people for way in ways)

            case AsMany():

                def counts(at: list[int], one: int, other: int) -> set[int]:
                    left_out = {at[p] for p in empty}
                    ways = shorter(arcs(scene, at[one] % n, at[other] % n))
                    return {sum(s not in left_out for s in way) for way in ways}

                def holds(at: list[int]) -> bool:
                    return bool(counts(at, where[0], where[1]) & counts(at, where[2], where[3]))

            case Together():

                def holds(at: list[int]) -> bool:
                    return block(scene, {at[p] % n for p in where})

            case HowManyFace(direction=direction, people=people, how=how):
                everybody = [position[name] for name in self.people]
                wanted = direction in ("south", "outwards")

                def holds(at: list[int]) -> bool:
                    return fits(how, sum(away(scene, at[p]) == wanted for p in everybody), people)

            case _:
                rows = table(scene, relation)
                who, of = where
                return lambda at: bool(rows[at[of]] >> at[who] & 1)
        return holds


def _neighbours(scene: Scene, seat: int) -> list[int]:
    rows = table(scene, _NEXT)
    return [s for s in range(scene.size) if rows[seat] >> s & 1]


def block(scene: Scene, seats: set[int]) -> bool:
    """Whether the seats follow one another with none left out."""
    starts = [s for s in seats if s - 1 not in seats]
    if scene.ring:
        starts = [s for s in seats if (s - 1) % scene.size not in seats]
        return len(starts) <= 1
    return len(starts) == 1 and len({s // scene.length for s in seats}) == 1


def fits(how: str, number: int, wanted: int) -> bool:
    match how:
        case "exactly":
            return number == wanted
        case "at_least":
            return number >= wanted
        case _:
            return number <= wanted


def looked_at(claim: Formula) -> set[str]:
    """Everybody whose way of looking a formula depends on; "*" among them for a described one."""
    return {name for plain in plain_parts(claim) for r in relations(plain) for name in looked_from(r)}
