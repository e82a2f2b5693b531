"""Arrangements: who sits, stands or ranks where, by going through all permutations."""

from collections.abc import Callable, Iterable, Iterator
from itertools import permutations, product
from types import SimpleNamespace
from typing import Any

Where = Callable[[Any], list[Any]]


def place(names: str, seats: Iterable[Any] | None = None, where: Where | None = None) -> list[Any]:
    """All ways to give each name its own seat (1 to n when not stated) such that every condition holds."""
    who = names.split()
    spots = list(range(1, len(who) + 1)) if seats is None else list(seats)
    out = []
    for perm in permutations(spots, len(who)):
        p = SimpleNamespace(**dict(zip(who, perm, strict=True)))
        p.people, p.n = tuple(who), len(spots)
        if where is None or all(where(p)):
            out.append(p)
    return out


def more(
    models: Iterable[Any], names: str, seats: Iterable[Any] | None = None, where: Where | None = None
) -> list[Any]:
    """Each model, extended by all ways to give further names (drinks, cities) their own seats."""
    who = names.split()
    out = []
    for p in models:
        spots = list(range(1, len(who) + 1)) if seats is None else list(seats)
        for perm in permutations(spots, len(who)):
            q = SimpleNamespace(**vars(p), **dict(zip(who, perm, strict=True)))
            if where is None or all(where(q)):
                out.append(q)
    return out


def facing(models: Iterable[Any], where: Where | None = None) -> list[Any]:
    """Each model, with all ways for the people to look up (+1: north, the centre) or down (-1: south, outward)."""
    out = []
    for p in models:
        for signs in product((1, -1), repeat=len(p.people)):
            q = SimpleNamespace(**vars(p), face=dict(zip(p.people, signs, strict=True)))
            if where is None or all(where(q)):
                out.append(q)
    return out


def at(p: Any, seat: Any) -> str | None:
    """Who has the seat; None when it is empty."""
    return next((name for name in p.people if getattr(p, name) == seat), None)


def near(a: int, b: int) -> bool:
    return abs(a - b) == 1


def gap(a: int, b: int) -> int:
    """How many seats lie between two of a row."""
    return abs(a - b) - 1


def circle(names: str, where: Where | None = None, n: int | None = None) -> list[Any]:
    """Round table, seats 0 to n - 1 clockwise seen from above; the first name always has seat 0."""
    who = names.split()
    n = n or len(who)
    out = []
    for perm in permutations(range(1, n), len(who) - 1):
        p = SimpleNamespace(**dict(zip(who, (0, *perm), strict=True)))
        p.people, p.n = tuple(who), n
        if where is None or all(where(p)):
            out.append(p)
    return out


def step(p: Any, a: int, k: int) -> int:
    """The seat k places clockwise of seat a. For one who faces the centre that is k places to the left."""
    return (a + k) % p.n


def beside(p: Any, a: int, b: int) -> bool:
    return (a - b) % p.n in (1, p.n - 1)


def opposite(p: Any, a: int, b: int) -> bool:
    return p.n % 2 == 0 and (a - b) % p.n == p.n // 2


def walk(p: Any, start: str, stop: str) -> Iterator[str | None]:
    """Who sits strictly between two people of a circle, clockwise from the first to the second."""
    seat = step(p, getattr(p, start), 1)
    while seat != getattr(p, stop):
        yield at(p, seat)
        seat = step(p, seat, 1)
