"""The library of rules that a series may follow, ordered by how simple they are.

A rule is a table: its cost, how many terms must be given before it counts, and its sequences. Each sequence is an
offset plus any combination of a few basis sequences: the same step each time is a combination of 1, 1, 1, ... and
0, 1, 2, ..., and the squares have an offset for every first base. A rule counts where more terms are given than it has
free numbers (the weights of the basis, and which of its sequences it is): that is what `needs` says. Three terms are
enough for the same step and for squares and cubes alone: 2, 3, 5 may be primes or sums, and 1, 2, 4 goes on as 7 or 8.

Costs, and why. One step is a difference that people argue about; two are one that they do not.

1 the same step each time, and a part that repeats another one: what everybody tries first.
3 what every textbook lists: a ratio, steps that grow evenly, squares, cubes, primes, each the sum of the two before.
4 one of these with a twist: times and plus, squares of every second number, squares plus a constant, third differences.
5 two of these at once: a growing factor, two operations in turn, steps that are squares, primes plus a constant.
6 three: times a growing factor and plus a constant.
Two more for letters that are first counted as numbers, and for two series in turn (then both their costs).
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate, combinations, pairwise
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stumper.puzzles._series_language import MOST, MOST_PLACES, Kind

LETTERS = 26
LONGEST = MOST_PLACES + 1
MOST_BASE = {2: 99, 3: 30}
"""The largest number that is squared or cubed."""
PRIMES = tuple(p for p in range(2, 500) if all(p % d for d in range(2, int(p**0.5) + 1)))
IN_TURN = 2
COUNTED = 2
"""What two series in turn, and letters counted as numbers, cost beyond their rules."""
MOST_PLUS = 20
"""What is added to primes, at the most: any three gaps occur somewhere among enough primes."""
EASY = 3
"""The dearest rule that one of two series in turn may follow."""

Numbers = tuple[int, ...]


class Rule(NamedTuple):
    name: str
    cost: int
    needs: int
    """How many terms must be given."""
    run: int = 0
    """How many of them side by side."""
    letters: bool = False
    """Whether letters, counted as numbers, are tried too."""


DIFFERENCE = Rule("difference", 1, 3)
RATIO = Rule("ratio", 3, 4, letters=True)
QUADRATIC = Rule("growing difference", 3, 4)
POWERS = Rule("powers", 3, 3, letters=True)
PRIME = Rule("primes", 3, 4, letters=True)
FIBONACCI = Rule("sum of two", 3, 4, letters=True)
AFFINE = Rule("times and plus", 4, 4)
STRIDES = Rule("powers at a stride", 4, 4)
POWERS_PLUS = Rule("powers plus", 4, 4)
CUBIC = Rule("third differences", 4, 5, run=4)
PRIME_PLUS = Rule("primes plus", 5, 5)
FIBONACCI_PLUS = Rule("sum of two plus", 5, 5, run=3)
FACTOR = Rule("growing factor", 5, 4)
TURNS = Rule("two operations", 5, 5)
SUMMED = Rule("steps of a kind", 5, 5)
FACTOR_PLUS = Rule("growing factor plus", 6, 5)


class Form(NamedTuple):
    """One of a rule's sequences, up to the weights of its basis."""

    rule: Rule
    said: str
    offset: Numbers
    """As long as the rule lasts: squares of numbers that fall end at 0."""
    basis: tuple[Numbers, ...] = ()


class Explanation(NamedTuple):
    """A rule that gives all the given terms, and what it gives at the blank."""

    value: int
    cost: int
    said: str


def _times(u: int, v: int) -> str:
    return f"times {u}" if v == 1 else f"divided by {v}" if u == 1 else f"times {u}/{v}"


def _geometric(u: int, v: int) -> Numbers:
    return tuple(u**i * v ** (LONGEST - 1 - i) for i in range(LONGEST))


ZERO: Numbers = (0,) * LONGEST
ONE: Numbers = (1,) * LONGEST
COUNT: Numbers = tuple(range(LONGEST))
TRIANGLE: Numbers = tuple(i * (i - 1) // 2 for i in range(LONGEST))


def _bases(strides: Iterable[int], most: int, n: int = LONGEST) -> Iterator[tuple[int, Numbers]]:
    """(stride, numbers) at an even stride, from any start, for as long as they stay within 0 to most."""
    for stride in strides:
        for start in range(most + 1):
            numbers = tuple(b for b in range(start, start + stride * n, stride) if 0 <= b <= most)
            if len(numbers) >= 3:
                yield stride, numbers


def _primes(most: int) -> Iterator[Numbers]:
    """Primes in order, up or down, from any start."""
    primes = tuple(p for p in PRIMES if p <= most)
    for order in (primes, primes[::-1]):
        yield from (order[i : i + LONGEST] for i in range(len(order) - 2))


POWER = {1: "numbers", 2: "squares", 3: "cubes"}
RATIOS = tuple(
    (u, v)
    for v in range(1, 13)
    for u in (*range(-12, 0), *range(1, 13))
    if gcd(u, v) == 1 and (u, v) != (1, 1) and (v == 1 or abs(u) == 1 or max(abs(u), v) <= 5)
)
MULTIPLIERS = (*((u, 1) for u in (*range(-12, 0), *range(2, 13))), *((1, v) for v in range(2, 13)))
IN_TURNS = (*((b, 1) for b in range(2, 10)), *((1, b) for b in range(2, 10)))


@cache
def forms() -> tuple[Form, ...]:
    """The library, for numbers."""
    found = [
        Form(DIFFERENCE, "", ZERO, (ONE, COUNT)),
        Form(QUADRATIC, "", ZERO, (ONE, COUNT, TRIANGLE)),
        Form(CUBIC, "", ZERO, (ONE, COUNT, TRIANGLE, tuple(i * (i - 1) * (i - 2) // 6 for i in range(LONGEST)))),
    ]
    found += [Form(RATIO, _times(u, v), ZERO, (_geometric(u, v),)) for u, v in RATIOS]
    found += [Form(AFFINE, _times(u, v), ZERO, (_geometric(u, v), ONE)) for u, v in MULTIPLIERS]
    for e, most in MOST_BASE.items():
        for stride, numbers in _bases((*range(-5, 0), *range(1, 6)), most):
            powers = tuple(b**e for b in numbers)
            found.append(Form(POWERS if abs(stride) == 1 else STRIDES, POWER[e], powers))
            if abs(stride) == 1:
                found.append(Form(POWERS_PLUS, POWER[e], powers, (ONE,)))
        for _, numbers in _bases((-1, 1), MOST_BASE[3], LONGEST - 1):
            sums = tuple(accumulate((b**e for b in numbers), initial=0))
            found += [Form(SUMMED, POWER[e], tuple(sign * s for s in sums), (ONE,)) for sign in (1, -1)]
    squared = (tuple(p**2 for p in primes) for primes in _primes(MOST_BASE[2]))
    found += [Form(PRIME_PLUS, POWER[2], squares, (ONE,)) for squares in squared]
    for primes in _primes(PRIMES[-1]):
        found += [Form(PRIME, "primes", primes), Form(PRIME_PLUS, POWER[1], primes, (ONE,))]
        sums = tuple(accumulate(primes[: LONGEST - 1], initial=0))
        found += [Form(SUMMED, "primes", tuple(sign * s for s in sums), (ONE,)) for sign in (1, -1)]
    two = (_two_before(1, 0, 0), _two_before(0, 1, 0))
    found += [
        Form(FIBONACCI, "", ZERO, two),
        Form(FIBONACCI_PLUS, "", ZERO, (*two, _two_before(0, 0, 1))),
    ]
    found += _growing()
    found += _in_turns()
    return tuple(found)


def _two_before(one: int, two: int, plus: int) -> Numbers:
    numbers = [one, two]
    while len(numbers) < LONGEST:
        numbers.append(numbers[-1] + numbers[-2] + plus)
    return tuple(numbers)


MOST_FACTOR = 20


def _growing() -> Iterator[Form]:
    for grows in (-3, -2, -1, 1, 2, 3):
        for first in range(1, MOST_FACTOR + 1):
            factors = [f for f in range(first, first + grows * (LONGEST - 1), grows) if 1 <= f <= MOST_FACTOR]
            if len(factors) < 2:
                continue
            said = f"{factors[0]}, {factors[1]} and so on"
            products = tuple(accumulate(factors, lambda x, f: x * f, initial=1))
            yield Form(FACTOR, f"times {said}", (0,) * len(products), (products,))
            # Divided by growing factors: the same from behind, over what all of them multiply to.
            yield Form(
                FACTOR, f"divided by {said}", (0,) * len(products), (tuple(products[-1] // p for p in products),)
            )
    for first in range(1, 10):
        said = f"times {first}, {first + 1} and so on"
        rising = range(first, first + LONGEST - 1)
        products = tuple(accumulate(rising, lambda x, f: x * f, initial=1))
        after = tuple(accumulate(rising, lambda x, f: x * f + 1, initial=0))
        before = tuple(accumulate(rising, lambda x, f: (x + 1) * f, initial=0))
        yield Form(FACTOR_PLUS, said, ZERO, (products, after))
        yield Form(FACTOR_PLUS, f"plus and {said}", ZERO, (products, before))


def _in_turns() -> Iterator[Form]:
    """One operation from odd to even places, another one back; each adds a number of any size, or multiplies."""
    none: tuple[int, int] | None = None
    for one in (none, *IN_TURNS):
        for other in (none, *IN_TURNS):
            added = [i for i, op in enumerate((one, other)) if op is None]
            starts = [(1, (0, 0)), *((0, (int(i == 0), int(i == 1))) for i in added)]
            said = " and ".join("plus" if op is None else _times(*op) for op in (one, other))
            yield Form(TURNS, said, ZERO, tuple(_turned(x, plus, (one, other)) for x, plus in starts))


def _turned(x: int, plus: tuple[int, int], ops: tuple[tuple[int, int] | None, ...]) -> Numbers:
    values = [Fraction(x)]
    for i in range(LONGEST - 1):
        op = ops[i % 2]
        values.append(values[-1] + plus[i % 2] if op is None else values[-1] * op[0] / op[1])
    whole = 1
    for value in values:
        whole = whole * value.denominator // gcd(whole, value.denominator)
    return tuple(int(value * whole) for value in values)


class _Table(NamedTuple):
    """Forms with one size of basis, made ready for fitting.

    All values follow from those at the pivots, the first places that are given: den * x = weights @ (x[pivots] -
    offset[pivots]) + den * offset. The arrays hold the numbers modulo 2**64, the tuples as they are.
    """

    pivots: tuple[int, ...]
    forms: tuple[Form, ...]
    weights: tuple[tuple[Numbers, ...], ...]
    dens: tuple[int, ...]
    wrapped_weights: NDArray[np.int64]
    """(forms, places, pivots)"""
    wrapped_dens: NDArray[np.int64]
    offsets: NDArray[np.int64]
    """(forms, places)"""


@cache
def _table(size: int, pivots: tuple[int, ...]) -> _Table:
    rows = [
        (form, *solved)
        for form in forms()
        if len(form.basis) == size and (solved := _solved(form.basis, pivots)) is not None
    ]
    flat = [w for _, _, weights in rows for row in weights for w in row]
    return _Table(
        pivots=pivots,
        forms=tuple(form for form, _, _ in rows),
        weights=tuple(weights for _, _, weights in rows),
        dens=tuple(den for _, den, _ in rows),
        wrapped_weights=_wrapped(flat).reshape(len(rows), LONGEST, size),
        wrapped_dens=_wrapped([den for _, den, _ in rows]),
        offsets=np.array([[*form.offset, *ZERO][:LONGEST] for form, _, _ in rows], dtype=np.int64),
    )


SIZES = range(5)


@lru_cache(maxsize=256)
def _tables(places: int, blank: int, given: int, kind: Kind, easy: bool) -> tuple[_Table, ...]:
    """The forms that count. `given`: how many terms do; one less than there are where one was left out by choice."""
    known = [i for i in range(places) if i != blank]
    runs = max(blank, places - 1 - blank)
    found = []
    for size in SIZES:
        done: set[int] = set()
        # A second set of pivots helps where the first one tells nothing, as places 1 and 3 of what only changes sign.
        for pivots in list(combinations(known, size))[:3]:
            table = _table(size, pivots)
            rows = [
                r
                for r, form in enumerate(table.forms)
                if given >= form.rule.needs
                and runs >= form.rule.run
                and len(form.offset) >= places
                and (kind == "number" or form.rule.letters)
                and not (easy and form.rule.cost > EASY)
                and id(form) not in done
            ]
            if not rows:
                break
            done |= {id(table.forms[r]) for r in rows}
            found.append(
                _Table(
                    pivots,
                    tuple(table.forms[r] for r in rows),
                    tuple(table.weights[r] for r in rows),
                    tuple(table.dens[r] for r in rows),
                    table.wrapped_weights[rows, :places],
                    table.wrapped_dens[rows],
                    table.offsets[rows, :places],
                )
            )
    return tuple(found)


def _wrapped(numbers: Sequence[int]) -> NDArray[np.int64]:
    return np.array([(n + 2**63) % 2**64 - 2**63 for n in numbers], dtype=np.int64)


def _solved(basis: Sequence[Numbers], pivots: Sequence[int]) -> tuple[int, tuple[Numbers, ...]] | None:
    """(den, weights) such that den * x[i] = sum of weights[i][j] * x[pivots[j]] for all combinations of the basis."""
    size = len(basis)
    if size == 0:
        return 1, ((),) * LONGEST
    if size == 1:
        # A form may end before the pivot.
        numbers = (*basis[0], *ZERO)[:LONGEST]
        return (numbers[pivots[0]], tuple((n,) for n in numbers)) if numbers[pivots[0]] else None
    rows = [
        [Fraction(b[p]) for b in basis] + [Fraction(int(i == j)) for j in range(size)] for i, p in enumerate(pivots)
    ]
    for column in range(size):
        best = next((r for r in range(column, size) if rows[r][column]), None)
        if best is None:
            return None
        rows[column], rows[best] = rows[best], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for r in range(size):
            if r != column and rows[r][column]:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[column], strict=True)]
    inverse = [row[size:] for row in rows]
    weights = [[sum(b[i] * inverse[k][j] for k, b in enumerate(basis)) for j in range(size)] for i in range(LONGEST)]
    den = 1
    for weight in (w for row in weights for w in row):
        den = den * Fraction(weight).denominator // gcd(den, Fraction(weight).denominator)
    return den, tuple(tuple(int(w * den) for w in row) for row in weights)


@lru_cache(maxsize=8192)
def explanations(kind: Kind, values: tuple[int | None, ...], spare: int = 0) -> tuple[Explanation, ...]:
    """All rules that give these values, cheapest first; one None among them is the blank, the place asked for.

    `spare`: how many of the given terms do not count, because the question has chosen which one to leave out.
    """
    found = [*_simple(kind, values, spare, easy=False), *_in_turn(kind, values, spare)]
    return tuple(sorted(found, key=lambda e: (e.cost, e.value, e.said)))


def _simple(kind: Kind, values: tuple[int | None, ...], spare: int, easy: bool) -> Iterator[Explanation]:
    if kind == "letter":
        yield from _stepped(values, spare)
    places, blank = len(values), values.index(None)
    x = np.array([v or 0 for v in values], dtype=np.int64)
    low, high = (1, LETTERS) if kind == "letter" else (-MOST, MOST)
    for table in _tables(places, blank, places - 1 - spare, kind, easy):
        pivots = list(table.pivots)
        free = x[pivots] - table.offsets[:, pivots]
        # Modulo 2**64 no series that fits is missed; those that only seem to fit are dropped below.
        made = np.einsum("rps,rs->rp", table.wrapped_weights, free)
        fits = made == table.wrapped_dens[:, None] * (x - table.offsets)
        fits[:, blank] = True
        for r in np.flatnonzero(fits.all(axis=1)):
            form, den = table.forms[r], table.dens[r]
            start = [int(x[p]) - form.offset[p] for p in pivots]
            exact = [
                sum(w * s for w, s in zip(row, start, strict=True)) + den * form.offset[i]
                for i, row in enumerate(table.weights[r][:places])
            ]
            if form.rule == PRIME_PLUS and abs(start[0]) > MOST_PLUS:
                continue
            if any(e != den * v for e, v in zip(exact, values, strict=True) if v is not None) or exact[blank] % den:
                continue
            value = exact[blank] // den
            if low <= value <= high:
                whole = [value if v is None else v for v in values]
                cost = form.rule.cost + (COUNTED if kind == "letter" else 0)
                yield Explanation(value, cost, _said(form, whole))


GROWS = tuple(s for s in range(-5, 6) if s)
"""By how many letters a step of letters may grow each time."""


def _stepped(values: tuple[int | None, ...], spare: int) -> Iterator[Explanation]:
    """Steps through the alphabet, with A after Z."""
    blank = values.index(None)
    given = len(values) - 1 - spare
    steps = np.arange(LETTERS)[:, None] * COUNT[: len(values)]
    x = np.array([v or 0 for v in values])
    for grows in (0, *GROWS):
        rule = QUADRATIC if grows else DIFFERENCE
        if given < rule.needs:
            continue
        starts = (x - steps - grows * np.array(TRIANGLE[: len(values)])) % LETTERS
        known = np.delete(starts, blank, axis=1)
        for step in np.flatnonzero((known == known[:, :1]).all(axis=1)):
            value = (known[step, 0] + step * blank + grows * TRIANGLE[blank] - 1) % LETTERS + 1
            first = int(step) if step <= LETTERS // 2 else int(step) - LETTERS
            said = f"steps of {first:+d}, {first + grows:+d} and so on" if grows else f"{first:+d} each time"
            yield Explanation(int(value), rule.cost, said)


def _in_turn(kind: Kind, values: tuple[int | None, ...], spare: int) -> Iterator[Explanation]:
    """Two series in turn, each of which stands by itself."""
    blank = values.index(None)
    mine, other = values[blank % 2 :: 2], (*values[1 - blank % 2 :: 2], None)
    if min(len(mine) - 1 - spare, len(other) - 1) < DIFFERENCE.needs:
        return
    others = sorted(_simple(kind, other, 0, easy=True), key=lambda e: (e.cost, e.said))
    others = [e for e in others if e.cost <= EASY]
    if not others:
        return
    for one in _simple(kind, mine, spare, easy=True):
        if one.cost <= EASY:
            told = (one.said, others[0].said) if blank % 2 == 0 else (others[0].said, one.said)
            yield Explanation(one.value, IN_TURN + one.cost + others[0].cost, f"in turn: {told[0]}; {told[1]}")


def _said(form: Form, whole: Sequence[int]) -> str:
    """What the rule says of the whole series, in a few words."""
    steps = [b - a for a, b in pairwise(whole)]
    match form.rule:
        case Rule("difference"):
            return f"{steps[0]:+d} each time"
        case Rule("growing difference" | "third differences" | "steps of a kind"):
            shown = ", ".join(f"{s:+d}" for s in steps)
            kind = f" ({form.said})" if form.rule == SUMMED else ""
            return f"steps {shown}{kind}"
        case Rule("powers" | "powers at a stride" | "powers plus"):
            e = 2 if form.said == POWER[2] else 3
            first, second = (round(value ** (1 / e)) for value in form.offset[:2])
            plus = whole[0] - form.offset[0]
            return f"{form.said} of {first}, {second} and so on{f', {plus:+d}' if plus else ''}"
        case Rule("primes"):
            return "primes in order"
        case Rule("primes plus"):
            plus = whole[0] - form.offset[0]
            return f"{'squares of ' if form.said == POWER[2] else ''}primes in order{f', {plus:+d}' if plus else ''}"
        case Rule("sum of two"):
            return "each is the sum of the two before"
        case Rule("sum of two plus"):
            return f"each is the sum of the two before, {whole[2] - whole[1] - whole[0]:+d}"
        case Rule("times and plus"):
            u, v = _ratio_of(form)
            if v == 1:
                return f"{form.said}, then {whole[1] - u * whole[0]:+d}"
            return f"{v * whole[1] - whole[0]:+d}, then {form.said}"
        case Rule("two operations"):
            ops = form.said.split(" and ")
            return (
                " and ".join(f"{s:+d}" if op == "plus" else op for op, s in zip(ops, steps, strict=False)) + " in turn"
            )
        case Rule("growing factor plus"):
            first = form.basis[0][1]
            if form.said.startswith("plus"):
                return f"{whole[1] // first - whole[0]:+d}, then {form.said.removeprefix('plus and ')}"
            return f"{form.said}, then {whole[1] - first * whole[0]:+d}"
    return form.said


def _ratio_of(form: Form) -> tuple[int, int]:
    return next((u, v) for u, v in MULTIPLIERS if _times(u, v) == form.said)
