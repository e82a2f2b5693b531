"""Series: every rule of a fixed library, and which of them the terms obey with at least one term to spare."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from gold_rules import Reading

PRIMES = [p for p in range(2, 400) if all(p % d for d in range(2, int(p**0.5) + 1))]


def _differences(s: Sequence[int]) -> list[int]:
    return [b - a for a, b in pairwise(s)]


def _simple(s: Sequence[int]) -> Iterator[int]:
    """Constant steps or constant ratio, from three terms on."""
    if len(s) < 3:
        return
    d = _differences(s)
    if len(set(d)) == 1:
        yield s[-1] + d[0]
    if (
        all(s)
        and len({(b * s[0] == a * s[1]) for a, b in pairwise(s)}) == 1
        and s[-1] * s[1] % s[0] == 0
        and s[0] != s[1]
    ):
        yield s[-1] * s[1] // s[0]


def _run(s: Sequence[int], table: Sequence[int]) -> Iterator[int]:
    """Consecutive entries of a table, from three terms on."""
    for i in range(len(table) - len(s)):
        if list(table[i : i + len(s)]) == list(s):
            yield table[i + len(s)]


def nexts(s: Sequence[int], turns: bool = True) -> set[int]:
    """What the rules that fit the terms say comes next; turns: two series in turn are a rule, too."""
    out: set[int] = set()
    n = len(s)
    if n < 4:
        return out
    out |= set(_simple(s))
    d = s
    for degree in range(1, 4):  # constant differences of the first, second and third order
        d = _differences(d)
        if n >= degree + 3 and len(set(d)) == 1:
            row, last = list(s), []
            for _ in range(degree + 1):
                last.append(row[-1])
                row = _differences(row)
            out.add(sum(last))
    first = _differences(s)
    for step in (*_simple(first), *_run(first, PRIMES), *_run([-x for x in first], PRIMES)):
        if n >= 5 or (len(first) >= 3 and len(set(first)) > 1):
            out.add(s[-1] + step)
    if n >= 5:
        if all(c == a + b for a, b, c in zip(first, first[1:], first[2:], strict=False)):
            out.add(s[-1] + first[-1] + first[-2])
        squares, cubes = [k * k for k in range(1, 60)], [k**3 for k in range(1, 30)]
        for table in (squares, cubes):
            out |= {s[-1] + x for x in _run(first, table)} | {s[-1] - x for x in _run([-x for x in first], table)}
    for c in range(-9, 10):
        cubes = [k**3 + c for k in range(1, 30)]
        squares = [k * k + c for k in range(1, 60)]
        out |= set(_run(s, cubes)) | set(_run(s, squares))
        if n >= 5 and all(z == x + y + c for x, y, z in zip(s, s[1:], s[2:], strict=False)):
            out.add(s[-1] + s[-2] + c)
    out |= set(_run(s, PRIMES))
    for p in range(-4, 11):  # next = p * term + q
        q = s[1] - p * s[0]
        if p not in (0, 1) and all(b == p * a + q for a, b in pairwise(s)) and (n >= 5 or abs(q) <= 10):
            out.add(p * s[-1] + q)
    for p in range(1, 6):  # next = p * term + something that grows by a constant
        rest = [b - p * a for a, b in pairwise(s)]
        if n >= 5 and len(set(_differences(rest))) == 1:
            out.add(p * s[-1] + 2 * rest[-1] - rest[-2])
    for c in range(-5, 6):  # next = term * k + c with k growing by one
        if all(s) and all((b - c) % a == 0 for a, b in pairwise(s)):
            k = [(b - c) // a for a, b in pairwise(s)]
            if n >= 4 and len(k) >= 3 and set(_differences(k)) in ({1}, {2}, {-1}):
                out.add(s[-1] * (2 * k[-1] - k[-2]) + c)
    if n >= 5:  # two operations in turn
        for p in range(2, 6):
            for q in range(-12, 13):
                for phase in (0, 1):
                    if q and all(b == (a * p if i % 2 == phase else a + q) for i, (a, b) in enumerate(pairwise(s))):
                        out.add(s[-1] * p if (n - 1) % 2 == phase else s[-1] + q)
        if n >= 6 and len(set(first[::2])) == 1 and len(set(first[1::2])) == 1:
            out.add(s[-1] + first[-2])
        if n >= 6 and all(z == x * y for x, y, z in zip(s, s[1:], s[2:], strict=False)):
            out.add(s[-1] * s[-2])
    if turns and n >= 6:  # two series in turn
        mine, other = s[n % 2 :: 2], s[1 - n % 2 :: 2]
        if all(any(True for _ in _half(part)) for part in (mine, other)):
            out |= set(_half(mine))
    return out


def _half(s: Sequence[int]) -> Iterator[int]:
    yield from _simple(s)
    yield from _run(s, PRIMES)
    yield from _run(s, [k * k for k in range(1, 60)])
    d = _differences(s)
    if len(s) >= 4 and len(set(_differences(d))) == 1:
        yield s[-1] + 2 * d[-1] - d[-2]


def fills(s: Sequence[int | None], candidates: Iterable[int]) -> set[int]:
    """What can stand at the None such that one rule goes through all terms."""
    hole = list(s).index(None)
    out = set()
    for c in candidates:
        full = [*s[:hole], c, *s[hole + 1 :]]
        if nexts(full, turns=False):
            out.add(c)
    return out


def mends(s: Sequence[int], candidates: Iterable[int]) -> set[int]:
    """The terms that can be replaced by another such that one rule goes through all terms."""
    pool = list(candidates)
    out = set()
    for i, old in enumerate(s):
        if any(c != old and nexts([*s[:i], c, *s[i + 1 :]], turns=False) for c in pool):
            out.add(old)
    return out


def letters(word: str) -> list[int]:
    return [ord(c) - 64 for c in word]


def cyclic(s: Sequence[int], n: int = 26) -> set[int]:
    """Next letters (1 to 26, Z before A): the numbers that the unrolled series may stand for."""
    out: set[int] = set()
    for way in (_unrolled(s, n, 1), _unrolled(s, n, -1), list(s)):
        out |= {(x - 1) % n + 1 for x in nexts(way)}
    return out


def _unrolled(s: Sequence[int], n: int, sign: int) -> list[int]:
    out = [s[0]]
    for x in s[1:]:
        step = (x - out[-1]) % n if sign > 0 else -((out[-1] - x) % n)
        out.append(out[-1] + step)
    return out


def one_of(found: set[Any], *labels: Any) -> Reading:
    """Right: what every rule that fits says; a label that some but not all rules say is not proven."""
    if len(found) == 1:
        return Reading(True, frozenset(i for i, x in enumerate(labels) if x in found), labels)
    return Reading(True, frozenset(), labels)
