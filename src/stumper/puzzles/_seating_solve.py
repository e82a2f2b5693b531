"""All arrangements that fit the clues, by backtracking."""

from collections.abc import Iterator, Sequence
from itertools import count
from math import factorial
from typing import NamedTuple

from stumper.puzzles import Solution, TooLarge, status
from stumper.puzzles._seating_language import Seating
from stumper.puzzles._seating_seats import Constraint, claims, constraints, model

MOST_STEPS = 400_000
"""Seats tried before the search is given up: well above the 109,600 of eight people in a row without any clue."""


def solve(problem: Seating) -> Solution:
    """Count the models in full and decide each choice. Raises TooLarge when that would take more than about a second.

    People whom neither a clue nor a choice names are alike: they are counted, not permuted.
    """
    size = len(problem.people)
    clues = constraints(problem)
    claimed = claims(problem)
    named = {name for c in (*clues, *claimed) for name in c.people} or {problem.people[0]}
    order = _order([name for name in problem.people if name in named], clues)
    tests = [(tuple(order.index(name) for name in c.people), c.seats, c.negated) for c in claimed]
    open_tests = list(enumerate(tests))
    seen: list[set[bool]] = [set() for _ in claimed]
    found = 0
    witnesses: list[list[int]] = []
    for seats in _arrangements(order, problem.shape == "circle", size, clues):
        found += 1
        told_apart = False
        for i, (scope, allowed, negated) in open_tests:
            holds = (tuple([seats[p] for p in scope]) in allowed) != negated
            if holds not in seen[i]:
                seen[i].add(holds)
                told_apart = True
        if told_apart or not witnesses:
            open_tests = [(i, test) for i, test in open_tests if len(seen[i]) < 2]
            witnesses.append(seats.copy())
    return Solution(
        models=found * factorial(size - len(order)),
        statuses=tuple(map(status, seen)),
        witnesses=tuple(model(problem, _fill(problem, order, seats)) for seats in witnesses[:2]),
    )


def fitting(problem: Seating) -> list[str] | None:
    """The first arrangement that fits the clues, towards the right; None where none does. Raises TooLarge."""
    clues = constraints(problem)
    named = {name for c in clues for name in c.people} or {problem.people[0]}
    order = _order([name for name in problem.people if name in named], clues)
    seats = next(_arrangements(order, problem.shape == "circle", len(problem.people), clues), None)
    return None if seats is None else _fill(problem, order, seats)


def _fill(problem: Seating, order: Sequence[str], seats: Sequence[int]) -> list[str]:
    """Everybody by seat: those of the search, and the others in the seats left over."""
    taken = dict(zip(seats, order, strict=True))
    others = iter([name for name in problem.people if name not in order])
    return [taken[seat] if seat in taken else next(others) for seat in range(len(problem.people))]


def _order(names: Sequence[str], clues: Sequence[Constraint]) -> list[str]:
    """Whom to seat when: next the person whose seat is tied most tightly to the people already seated."""
    order: list[str] = []
    left = list(names)
    total = {name: sum(name in c.people for c in clues) for name in names}

    def tightness(name: str) -> tuple[float, int]:
        seated = {*order, name}
        tied = (c for c in clues if name in c.people and seated.issuperset(c.people))
        return sum(1 / (1 + len(c.seats)) for c in tied if not c.negated), total[name]

    while left:
        order.append(max(left, key=tightness))
        left.remove(order[-1])
    return order


class _Step(NamedTuple):
    """What limits the seat of one person, given those seated earlier."""

    seats: int
    """Bit set of the seats that clues about this person alone allow."""
    given: list[tuple[int, list[int]]]
    """(position of an earlier person, bit set of allowed seats by that person's seat)."""
    tests: list[tuple[tuple[int, ...], frozenset[tuple[int, ...]], bool]]
    """(positions, tuples of seats, negated) of clues about three people."""


def _steps(order: Sequence[str], size: int, clues: Sequence[Constraint]) -> list[_Step]:
    everywhere = (1 << size) - 1
    alone = [everywhere] * len(order)
    given: list[list[tuple[int, list[int]]]] = [[] for _ in order]
    tests: list[list[tuple[tuple[int, ...], frozenset[tuple[int, ...]], bool]]] = [[] for _ in order]
    for people, seats, negated in clues:
        scope = tuple(order.index(name) for name in people)
        last = max(scope)
        flip = everywhere if negated else 0
        if len(scope) == 1:
            alone[last] &= flip ^ sum(1 << seat for (seat,) in seats)
        elif len(scope) == 2:
            table = [flip] * size
            here = scope.index(last)
            for pair in seats:
                table[pair[1 - here]] ^= 1 << pair[here]
            given[last].append((scope[1 - here], table))
        else:
            tests[last].append((scope, seats, negated))
    return [_Step(*parts) for parts in zip(alone, given, tests, strict=True)]


def _arrangements(order: Sequence[str], circle: bool, size: int, clues: Sequence[Constraint]) -> Iterator[list[int]]:
    """Every way to seat `order` that fits the clues: the seat of each, in one list that is reused.

    On a circle the first person keeps seat 0, since rotations are equal. Raises TooLarge.
    """
    steps = _steps(order, size, clues)
    seats = [0] * len(order)
    untried = [0] * len(order)
    untried[0] = steps[0].seats & (1 if circle else -1)
    free = (1 << size) - 1
    depth, last = 0, len(order) - 1
    for tried in count():
        if tried > MOST_STEPS:
            raise TooLarge(f"more than {MOST_STEPS} steps for {size} people")
        if not untried[depth]:
            if depth == 0:
                return
            depth -= 1
            free |= 1 << seats[depth]
            continue
        seat = untried[depth] & -untried[depth]
        untried[depth] ^= seat
        seats[depth] = seat.bit_length() - 1
        if any((tuple([seats[p] for p in scope]) in ok) == negated for scope, ok, negated in steps[depth].tests):
            continue
        if depth == last:
            yield seats
            continue
        free ^= seat
        depth += 1
        step = steps[depth]
        mask = free & step.seats
        for earlier, table in step.given:
            mask &= table[seats[earlier]]
        untried[depth] = mask
