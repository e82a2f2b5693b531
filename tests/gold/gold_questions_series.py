"""Series: every question of the family as a finite model."""

from itertools import product
from typing import Any

from gold_rules import Outside
from gold_series import cyclic, fills, letters, mends, nexts, one_of


def series_01() -> Any:
    return one_of(nexts([7, 11, 15, 19, 23]), 26, 27, 28, 29)


def series_02() -> Any:
    return one_of(nexts([3, 6, 12, 24, 48]), 72, 84, 96, 60)


def series_03() -> Any:
    return one_of(nexts([2, 6, 12, 20, 30, 42]), 56, 54, 52, 60)


def series_04() -> Any:
    return one_of(nexts([1, 3, 7, 15, 31]), 47, 61, 63, 62)


def series_05() -> Any:
    return one_of({chr(64 + x) for x in cyclic(letters("BEHKN"))}, "P", "Q", "R", "O")


def series_06() -> Any:
    return one_of({chr(64 + x) for x in cyclic(letters("JHFDB"))}, "A", "Y", "X", "Z")


def series_07() -> Any:
    found = {f"{chr(64 + x)}{n}" for x in cyclic(letters("ACEGI")) for n in nexts([2, 4, 6, 8, 10])}
    return one_of(found, "J12", "K11", "K12", "L12")


def series_08() -> Any:
    return one_of(fills([5, 9, 13, None, 21, 25, 29], range(14, 21)), 17, 16, 18, 19)


def series_09() -> Any:
    return one_of(mends([2, 6, 18, 56, 162, 486], range(600)), 18, 56, 162, 6)


def series_10() -> Any:
    return one_of(nexts([1, 4, 9, 16, 25, 36]), 49, 47, 48, 64)


def series_11() -> Any:
    return one_of(nexts([1, 1, 2, 3, 5, 8, 13]), 18, 20, 21, 26)


def series_12() -> Any:
    return one_of(nexts([10, 3, 12, 6, 14, 12, 16, 24]), 20, 48, 28, 18)


def series_13() -> Any:
    return one_of(nexts([1, 8, 27, 64, 125]), 196, 225, 343, 216)


def series_14() -> Any:
    # Constant step, constant ratio, squaring, and steps that grow by one.
    return one_of({2 + 2 * 2, 4 * 2, 4**2, 4 + 3}, 6, 8, 16, 7)


def series_15() -> Any:
    return one_of({4 * 2, 4 + 3}, 8, 7, 9, 10)


def series_16() -> Any:
    groups = ["ABC", "BCD", "CDE", "DEF", "EFG"]
    found = {
        a + b + c
        for a, b, c in product(*[[chr(64 + x) for x in cyclic(letters("".join(g)))] for g in zip(*groups, strict=True)])
    }
    return one_of(found, "EGH", "FGH", "GHI", "FHI")


def series_17() -> Any:
    return one_of(mends([640, 320, 160, 80, 45, 20, 10], range(1300)), 80, 45, 20, 160)


def series_18() -> Any:
    return one_of(nexts([50, 45, 40, 35, 30]), 20, 24, 26, 28)


def series_19() -> Any:
    return Outside("astronomy and its history, not a rule over numbers or letters")


def series_20() -> Any:
    return one_of(nexts([3, 6, 5, 10, 9, 18, 17]), 16, 33, 36, 34)
