"""Series: every question of the family in unseen.jsonl as a finite model."""

from typing import Any

from gold_rules import asks
from gold_series import cyclic, fills, letters, mends, nexts, one_of


def unseen_series_01() -> Any:
    terms = [3]
    while len(terms) < 5:
        terms.append(2 * terms[-1])
    return asks([terms] if terms[3] == 25 else [], lambda s: s[4], 48, 50, 51, 100)


def unseen_series_02() -> Any:
    return one_of(nexts([3, 8, 15, 24, 35]), 46, 47, 48, 50)


def unseen_series_03() -> Any:
    return one_of({chr(64 + x) for x in cyclic(letters("BEHKN"))}, "O", "P", "Q", "R")


def unseen_series_04() -> Any:
    return one_of(fills([4, 9, None, 25, 36], range(100)), 12, 14, 16, 20)


def unseen_series_05() -> Any:
    return one_of(mends([2, 6, 12, 20, 31, 42, 56], range(100)), 12, 20, 31, 42)


def unseen_series_06() -> Any:
    doubling, growing_steps = 4 * 2, 4 + 3
    return one_of({doubling, growing_steps}, 5, 6, 7, 8)


def unseen_series_07() -> Any:
    return one_of(nexts([7, 50, 10, 45, 13, 40]), 16, 35, 15, 43)


def unseen_series_08() -> Any:
    terms = [4, 7]
    while len(terms) < 6:
        terms.append(terms[-1] + terms[-2])
    return asks([terms], lambda s: s[5], 29, 47, 76, 123)
