"""Syllogisms: every question of the family as a finite model."""

from typing import Any

from gold_classes import al, both, follows, no, one_or_two, only, only_a_few, some, some_not, syllogism, worlds
from gold_rules import UNDETERMINED, Outside, could, holds, may_fail


def syl_01() -> Any:
    return syllogism(
        "V M R", [al("V", "M"), al("M", "R")], follows(al("R", "V"), al("V", "R"), no("V", "R"), al("M", "V"))
    )


def syl_02() -> Any:
    return syllogism(
        "L T W", [some("L", "T"), some("T", "W")], one_or_two(some("L", "W"), al("T", "L"), "I II both neither")
    )


def syl_03() -> Any:
    return syllogism(
        "P B A", [no("P", "B"), al("A", "B")], one_or_two(no("A", "P"), some("P", "A"), "I II either neither both")
    )


def syl_04() -> Any:
    return syllogism(
        "S B R",
        [al("S", "B"), al("R", "B")],
        follows(al("S", "R"), some("S", "R"), both(al("R", "B"), al("S", "B")), no("S", "R")),
    )


def syl_05() -> Any:
    return syllogism(
        "U H D", [al("U", "H"), al("H", "D")], follows(no("U", "D"), some_not("H", "U"), some("D", "U"), al("D", "U"))
    )


def syl_06() -> Any:
    ws = worlds("M E H", only("M", "E"), al("H", "E"), some("H", "E"))
    return holds(ws, no("H", "M"), al("H", "M"), al("M", "E"), UNDETERMINED)


def syl_07() -> Any:
    return syllogism(
        "E P A",
        [al("E", "P"), some_not("A", "P")],
        follows(some_not("E", "A"), no("A", "E"), al("A", "E"), some_not("A", "E")),
    )


def syl_08() -> Any:
    return syllogism(
        "R D C",
        [some("R", "D"), some("D", "C")],
        follows(some("R", "C"), no("R", "C"), al("R", "C"), some_not("R", "C")),
    )


def syl_09() -> Any:
    return syllogism(
        "B K D", [al("B", "K"), some("K", "D")], one_or_two(some("B", "D"), no("B", "D"), "I II either neither")
    )


def syl_10() -> Any:
    return syllogism(
        "T V C",
        [no("T", "V"), some("V", "T"), al("V", "C")],
        follows(al("T", "C"), some("T", "C"), no("T", "C"), some_not("C", "T")),
    )


def syl_11() -> Any:
    return syllogism(
        "R F P M",
        [al("R", "F"), al("F", "P"), no("P", "M")],
        follows(some("M", "R"), al("P", "R"), some("F", "M"), no("R", "M")),
    )


def syl_12() -> Any:
    ws = worlds("C L I", al("C", "L"), no("I", "L"), lambda w: any("I" in r for r in w))

    def outsiders(w):
        return all("L" in r or "I" in r for r in w)

    return holds(ws, no("I", "C"), al("I", "C"), outsiders, UNDETERMINED)


def syl_13() -> Any:
    return syllogism(
        "P O I",
        [only_a_few("P", "O"), al("O", "I")],
        follows(al("P", "I"), no("P", "I"), both(some_not("P", "O"), some("I", "P")), al("I", "P")),
    )


def syl_14() -> Any:
    return syllogism(
        "J L W", [al("J", "L"), some("W", "J")], one_or_two(some("W", "L"), some("L", "W"), "neither I II both")
    )


def syl_15() -> Any:
    def judge(ws):
        return may_fail(ws, some("F", "R"), no("C", "R"), no("R", "C"), no("F", "R"))

    return syllogism("R F C", [no("R", "F"), al("C", "F")], judge)


def syl_16() -> Any:
    return syllogism(
        "D S O", [al("D", "S"), al("S", "O")], follows(no("D", "O"), some_not("S", "D"), al("O", "D"), al("D", "O"))
    )


def syl_17() -> Any:
    return syllogism(
        "D P T", [some("D", "P"), al("P", "T")], follows(some("D", "T"), some("T", "D"), al("D", "T"), no("T", "D"))
    )


def syl_18() -> Any:
    return syllogism(
        "M G C", [al("M", "G"), no("G", "C")], one_or_two(some_not("M", "C"), no("M", "C"), "II both I neither")
    )


def syl_19() -> Any:
    def judge(ws):
        return could(ws, some("K", "F"), some_not("P", "O"), al("P", "K"), no("O", "K"))

    return syllogism("P O K F", [al("P", "O"), some("O", "K"), no("K", "F")], judge)


def syl_20() -> Any:
    return Outside("how enjoyable a novel is does not follow from classes")


def syl_21() -> Any:
    return syllogism(
        "S A W",
        [some_not("S", "A"), al("W", "A")],
        follows(no("S", "W"), some_not("S", "W"), some_not("W", "S"), some("S", "A")),
    )


def syl_22() -> Any:
    return syllogism(
        "C P S", [al("C", "P"), no("P", "S")], follows(al("P", "C"), some("S", "C"), some("P", "S"), no("S", "C"))
    )


def syl_23() -> Any:
    ws = worlds("K B S", al("K", "B"), al("S", "K"), no("S", "B"), lambda w: any("S" in r for r in w))
    return holds(ws, some_not("K", "B"), al("S", "B"), no("S", "K"), al("K", "S"))


def syl_24() -> Any:
    def judge(ws):
        found = frozenset(
            i for i, c in enumerate((some("A", "D"), some_not("A", "J"), al("J", "A"))) if all(map(c, ws))
        )
        return holds(ws, *[lambda _, s=s: found == s for s in ({0}, {0, 2}, {0, 1}, {0, 1, 2})])

    return syllogism("A S D J", [some("A", "S"), al("S", "D"), no("D", "J")], judge)


def syl_25() -> Any:
    return syllogism(
        "B R U",
        [al("B", "R"), no("R", "U")],
        follows(some("B", "U"), lambda w: all("B" in r for r in w if "U" not in r), some_not("R", "B"), no("B", "U")),
    )


def syl_26() -> Any:
    return syllogism(
        "P C E", [some("P", "C"), al("C", "E")], one_or_two(some("E", "P"), al("E", "C"), "II I both neither")
    )


def syl_27() -> Any:
    return syllogism(
        "G V T",
        [some_not("G", "V"), some_not("V", "T")],
        follows(some_not("G", "T"), some_not("T", "G"), no("T", "V"), al("G", "T")),
    )


def syl_28() -> Any:
    return syllogism(
        "W M D",
        [al("W", "M"), al("M", "W"), no("M", "D")],
        follows(some("W", "D"), no("W", "D"), some_not("M", "W"), lambda w: all("W" in r for r in w if "D" not in r)),
    )


def syl_29() -> Any:
    return syllogism("C D B", [no("C", "D"), some("C", "B")], follows(al("B", "D"), some_not("B", "D"), UNDETERMINED))


def syl_30() -> Any:
    return syllogism(
        "W M D",
        [al("W", "M"), al("D", "M")],
        follows(
            lambda w: all("W" in r or "D" in r for r in w if "M" in r),
            al("W", "D"),
            lambda w: all("M" not in r for r in w if "W" not in r),
            some("W", "D"),
        ),
    )
