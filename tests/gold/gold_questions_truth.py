"""Truth-tellers: every question of the family as a finite model."""

from typing import Any

from gold_roles import count, roles, says
from gold_rules import UNDETERMINED, Outside, asks, holds


def truth_01() -> Any:
    w = roles("a b", where=lambda w: [says(w.a, w.a == "knave" and w.b == "knave")])
    return asks(
        w, lambda w: (w.a, w.b), ("knave", "knight"), ("knight", "knave"), ("knave", "knave"), ("knight", "knight")
    )


def truth_02() -> Any:
    w = roles("c d e", where=lambda w: [says(w.c, w.d == "knave"), says(w.d, w.c == w.e)])
    return asks(w, lambda w: w.e, "knight", "neither", "knave", UNDETERMINED)._replace(labels=())


def truth_03() -> Any:
    w = roles(
        "fiona gabor hiroshi isla", where=lambda w: [says(k, count(w, "knave") == i) for i, k in enumerate(w.kinds, 1)]
    )
    return holds(w, *[lambda w, x=x: getattr(w, x) == "knight" for x in ("fiona", "gabor", "isla", "hiroshi")])


def truth_04() -> Any:
    w = roles("j", where=lambda w: [says(w.j, w.j == "knave")])
    return asks(w, lambda w: w.j, "knight", "knave", "both", "either")


def truth_05() -> Any:
    w = roles("k l", where=lambda w: [says(w.k, w.l == "knave"), says(w.l, w.k == "knave")])
    return asks(
        w, lambda w: (w.k, w.l), ("knight", "knave"), ("knave", "knight"), ("knight", "knight"), ("knave", "knave")
    )


def truth_06() -> Any:
    w = roles("m n", where=lambda w: [says(w.m, "knave" in w.kinds)])
    return asks(w, lambda w: w.n, "knight", "knave", "depends", UNDETERMINED)._replace(labels=())


def truth_07() -> Any:
    w = roles(
        "o p q",
        "knight knave spy",
        lambda w: [
            len(set(w.kinds)) == 3,
            says(w.o, w.o == "spy"),
            says(w.p, w.o == "spy"),
            says(w.q, w.q != "spy"),
            w.o != "spy",
        ],
    )
    return asks(w, lambda w: next(x for x in "opq" if getattr(w, x) == "spy"), "o", "p", "q", UNDETERMINED)


def truth_08() -> Any:
    w = roles("r s", where=lambda w: [says(w.r, w.r != "knight" or w.s == "knight")])
    return asks(
        w, lambda w: (w.r, w.s), ("knight", "knight"), ("knave", "knave"), ("knight", "knave"), ("knave", "knight")
    )


def truth_09() -> Any:
    w = [c for c in ("tariq", "una", "victor") if [c == "una", c != "una", c != "victor"].count(True) == 1]
    return asks(w, lambda c: c, "tariq", "una", "victor", UNDETERMINED)


def truth_10() -> Any:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

    def can_say(day, lying):
        return says("knave" if day in lying else "knight", days[days.index(day) - 1] in lying)

    w = [d for d in days if can_say(d, days[:3]) and can_say(d, days[3:6])]
    return asks(w, lambda d: d, "thursday", "monday", "friday", "sunday")


def truth_11() -> Any:
    w = [g for g in ("red", "green", "blue") if [g == "red", g != "green", g != "red"].count(True) == 1]
    return asks(w, lambda g: g, "red", "blue", UNDETERMINED, "green")


def truth_12() -> Any:
    w = roles(
        "x y z",
        where=lambda w: [
            count(w, "knight") == 2,
            says(w.x, w.y == "knave"),
            says(w.y, w.z == "knave"),
            says(w.z, w.x == "knave"),
        ],
    )
    return asks(
        w, lambda w: next((x for x in "xyz" if getattr(w, x) == "knave"), "none"), "x", "y", "z", "none"
    )._replace(labels=())


def truth_13() -> Any:
    w = roles("a b c d", where=lambda w: [says(k, w.kinds[(i + 1) % 4] == "knave") for i, k in enumerate(w.kinds)])
    return asks(w, lambda w: count(w, "knight"), 0, 1, 2, 3)


def truth_14() -> Any:
    w = roles("e g h", where=lambda w: [w.e == "knave", says(w.e, w.g == "knight" or w.h == "knave")])
    return asks(
        w, lambda w: (w.g, w.h), ("knight", "knight"), ("knave", "knave"), ("knight", "knave"), ("knave", "knight")
    )


def truth_15() -> Any:
    def can(kind, first, second):
        return {"truth": first and second, "lie": not first and not second, "turn": first != second}[kind]

    w = roles(
        "red blue green",
        "truth lie turn",
        lambda w: [len(set(w.kinds)) == 3, can(w.red, w.red == "lie", w.red == "turn")],
    )
    return asks(
        w,
        lambda w: next(h for h in ("red", "blue", "green") if getattr(w, h) == "turn"),
        "blue",
        "red",
        "green",
        UNDETERMINED,
    )


def truth_16() -> Any:
    w = roles("l m", where=lambda w: [says(w.l, says(w.m, w.l == "knave"))])
    return holds(
        w,
        lambda w: (w.l, w.m) == ("knight", "knight"),
        lambda w: w.m == "knave",
        lambda w: w.l == "knave",
        UNDETERMINED,
    )


def truth_17() -> Any:
    w = roles("n o", where=lambda w: [says(w.n, w.o == "knight"), says(w.o, True)])
    return holds(w, lambda w: w.n == "knight", lambda w: w.o == "knight", lambda w: "knight" not in w.kinds)


def truth_18() -> Any:
    w = roles("p q", where=lambda w: [says(w.p, w.p != w.q)])
    return holds(w, lambda w: w.q == "knave", lambda w: w.q == "knight", lambda w: w.p == "knave", UNDETERMINED)


def truth_19() -> Any:
    w = roles("r s t u", where=lambda w: [says(k, count(w, "knave") >= i) for i, k in enumerate(w.kinds, 1)])
    return asks(w, lambda w: count(w, "knave"), 1, 3, 2, 4)


def truth_20() -> Any:
    return Outside("nothing in the text tells how much bread is sold")


def truth_21() -> Any:
    w = roles("y z", "knight knave normal", lambda w: [says(w.y, w.z == "knave"), says(w.z, w.y == "normal")])
    return asks(w, lambda w: w.z, "knight", "knave", "normal")


def truth_22() -> Any:
    w = roles(
        "a b c",
        "knight knave normal",
        lambda w: [
            len(set(w.kinds)) == 3,
            says(w.a, w.a == "normal"),
            says(w.b, w.a == "normal"),
            says(w.c, w.c != "normal"),
            w.a == "knave",
        ],
    )
    return asks(w, lambda w: w.b, "knight", "normal", "knave", UNDETERMINED)


def truth_23() -> Any:
    w = roles(
        "d e f g",
        where=lambda w: [
            w.d == "knight",
            says(w.d, w.e == "knave"),
            says(w.e, w.f == "knave"),
            says(w.f, w.g == "knave"),
        ],
    )
    return asks(
        w, lambda w: (w.f, w.g), ("knave", "knave"), ("knight", "knight"), ("knight", "knave"), ("knave", "knight")
    )


def truth_24() -> Any:
    def reading(either):
        w = roles("h i", where=lambda w: [says(w.h, either(w.h == "knave", w.i == "knight"))])
        return asks(
            w, lambda w: (w.h, w.i), ("knight", "knight"), ("knave", "knave"), ("knight", "knave"), ("knave", "knight")
        )

    return {"inclusive": reading(lambda a, b: a or b), "exclusive": reading(lambda a, b: a != b)}


def truth_25() -> Any:
    w = roles(
        "j k l",
        where=lambda w: [says(w.j, "knight" not in (w.k, w.l)), says(w.k, w.j == "knave"), says(w.l, w.k == "knight")],
    )
    return asks(
        w, lambda w: w.kinds, ("knight", "knave", "knave"), ("knave",) * 3, ("knave", "knave", "knight"), UNDETERMINED
    )
