"""Syllogisms: every way for the regions of a Venn diagram to be empty or not."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from gold_rules import Reading, holds

World = frozenset[frozenset[str]]
"""The regions in which something is; a region is the set of the terms that cover it."""
Claim = Callable[[World], bool]


def al(a: str, b: str) -> Claim:
    return lambda w: all(b in r for r in w if a in r)


def no(a: str, b: str) -> Claim:
    return lambda w: not any(a in r and b in r for r in w)


def some(a: str, b: str) -> Claim:
    return lambda w: any(a in r and b in r for r in w)


def some_not(a: str, b: str) -> Claim:
    return lambda w: any(a in r and b not in r for r in w)


def only(a: str, b: str) -> Claim:
    """Only a are b."""
    return al(b, a)


def both(*claims: Claim) -> Claim:
    return lambda w: all(c(w) for c in claims)


def only_a_few(a: str, b: str) -> Claim:
    """Some are and some are not."""
    return both(some(a, b), some_not(a, b))


def worlds(terms: str, *claims: Claim, nonempty: bool = False) -> list[World]:
    """All worlds over up to four terms in which the claims hold; nonempty: each term has a member."""
    names = terms.split()
    regions = [
        frozenset(t for t, i in zip(names, bits, strict=True) if i) for bits in product((0, 1), repeat=len(names))
    ]
    out = []
    for filled in product((0, 1), repeat=len(regions)):
        w = frozenset(r for r, i in zip(regions, filled, strict=True) if i)
        if nonempty and not all(any(t in r for r in w) for t in names):
            continue
        if all(c(w) for c in claims):
            out.append(w)
    return out


def syllogism(terms: str, claims: Sequence[Claim], judge: Callable[[list[World]], Reading]) -> dict[str, Reading]:
    """With and without the assumption that every class that is named has a member."""
    return {
        "classes may be empty": judge(worlds(terms, *claims)),
        "classes have members": judge(worlds(terms, *claims, nonempty=True)),
    }


def follows(*conclusions: Any) -> Callable[[list[World]], Reading]:
    """Each choice is one conclusion."""
    return lambda ws: holds(ws, *conclusions)


def one_or_two(first: Claim, second: Claim, order: str) -> Callable[[list[World]], Reading]:
    """The exam's menu over conclusions I and II, its choices in `order`: words of I II either neither both."""

    def judge(ws: list[World]) -> Reading:
        one, two = all(map(first, ws)), all(map(second, ws))
        if one or two:
            verdict = "both" if one and two else "I" if one else "II"
        else:
            verdict = "either" if all(first(w) or second(w) for w in ws) else "neither"
        return Reading(bool(ws), frozenset(i for i, word in enumerate(order.split()) if word == verdict), (), len(ws))

    return judge
