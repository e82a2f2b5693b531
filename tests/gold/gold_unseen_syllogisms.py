"""Syllogisms: every question of the family in unseen.jsonl as a finite model."""

from typing import Any

from gold_classes import Claim, al, follows, no, one_or_two, only, only_a_few, some, some_not, syllogism
from gold_rules import UNDETERMINED, could, may_fail, never


def alone(a: str) -> Claim:
    """The term names one thing."""
    return lambda w: sum(a in r for r in w) == 1


def unseen_syl_01() -> Any:
    return syllogism(
        "violin tool veg",
        [al("violin", "tool"), no("tool", "veg")],
        one_or_two(no("violin", "veg"), some("veg", "violin"), "I II both neither"),
    )


def unseen_syl_02() -> Any:
    return syllogism(
        "p s w",
        [some("p", "s"), al("s", "w")],
        one_or_two(some("p", "w"), al("p", "w"), "I II either neither both"),
    )


def unseen_syl_03() -> Any:
    return syllogism(
        "jar jam safe",
        [al("jar", "jam"), no("jam", "safe")],
        follows(al("jar", "safe"), no("jar", "safe"), some("safe", "jam"), al("jam", "jar")),
    )


def unseen_syl_04() -> Any:
    return syllogism(
        "r t f", [al("r", "f"), al("t", "f")], follows(al("r", "t"), some("r", "t"), no("r", "t"), some("t", "r"))
    )


def unseen_syl_05() -> Any:
    return syllogism(
        "m club left",
        [alone("m"), al("club", "left"), no("m", "left")],
        follows(al("m", "club"), no("m", "club"), al("left", "club"), no("club", "left")),
    )


def unseen_syl_06() -> Any:
    return syllogism(
        "b n w",
        [al("b", "n"), no("n", "w"), some("b", "w")],
        follows(some("w", "b"), no("b", "n"), al("n", "b"), no("b", "w")),
    )


def unseen_syl_07() -> Any:
    return syllogism(
        "e code cello",
        [al("e", "code"), some("code", "cello")],
        follows(some("e", "cello"), some("cello", "code"), al("code", "e"), no("e", "cello")),
    )


def unseen_syl_08() -> Any:
    return syllogism(
        "u m h", [al("u", "m"), al("u", "h")], follows(some("m", "h"), al("m", "h"), no("m", "h"), al("h", "u"))
    )


def unseen_syl_09() -> Any:
    return syllogism(
        "m p g",
        [only("m", "p"), some("g", "p")],
        follows(some("g", "m"), al("m", "g"), no("g", "m"), al("g", "p")),
    )


def unseen_syl_10() -> Any:
    return syllogism(
        "k d b",
        [some("k", "d"), no("d", "b")],
        lambda ws: could(ws, al("k", "b"), some("d", "b"), some("k", "b"), no("k", "d")),
    )


def unseen_syl_11() -> Any:
    return syllogism(
        "r f p o",
        [no("r", "f"), al("p", "f"), some("p", "o")],
        lambda ws: never(ws, al("r", "o"), some("p", "r"), al("p", "o"), some("r", "o")),
    )


def unseen_syl_12() -> Any:
    return syllogism(
        "p b c",
        [al("p", "b"), some("b", "c")],
        one_or_two(some("p", "c"), no("p", "c"), "I II either neither both"),
    )


def unseen_syl_13() -> Any:
    return syllogism(
        "s r p y",
        [al("s", "r"), al("r", "p"), some("r", "y")],
        lambda ws: may_fail(ws, al("s", "p"), some("p", "y"), some("s", "y"), some("y", "r")),
    )


def unseen_syl_14() -> Any:
    return syllogism(
        "f s c", [al("f", "s"), no("s", "c")], follows(no("f", "c"), no("c", "f"), some("s", "c"), al("s", "f"))
    )


def unseen_syl_15() -> Any:
    return syllogism(
        "p b r",
        [no("p", "b"), some("b", "r")],
        one_or_two(no("p", "r"), some_not("r", "p"), "I II both neither"),
    )


def unseen_syl_16() -> Any:
    return syllogism(
        "t z e c",
        [alone("t"), al("z", "e"), no("e", "c"), al("t", "z")],
        follows(al("t", "c"), no("t", "c"), no("t", "e"), UNDETERMINED),
    )


def unseen_syl_17() -> Any:
    return syllogism("b g f", [al("b", "g"), some("g", "f")], follows(some("b", "f"), no("b", "f"), UNDETERMINED))


def unseen_syl_18() -> Any:
    return syllogism(
        "p c l",
        [only_a_few("p", "c"), al("c", "l")],
        one_or_two(some_not("p", "c"), al("p", "l"), "I II both neither"),
    )


def unseen_syl_19() -> Any:
    return syllogism(
        "o l p",
        [alone("o"), only("l", "p"), al("o", "p")],
        follows(al("o", "l"), no("o", "l"), al("l", "p"), no("p", "l")),
    )


def unseen_syl_20() -> Any:
    return syllogism(
        "g n s",
        [al("g", "n"), no("n", "s")],
        one_or_two(some_not("g", "s"), no("s", "g"), "I II both neither"),
    )
