"""Blood relations: every question of the family as a finite model."""

from typing import Any

from gold_kin import chain, coded, families, kin
from gold_rules import NONE_OF_THESE, UNDETERMINED, Outside, asks, holds


def blood_01() -> Any:
    return kin("father n t; mother t r", "father n r", "grandfather n r", "uncle n r", "great-grandfather n r")


def blood_02() -> Any:
    return kin("daughter e p; brother p m; brother m p", "cousin m e", "father m e", "uncle m e", "grandfather m e")


def blood_03() -> Any:
    return kin(
        "female a; mother m a; child _x m; only-child _x m; son b _x",
        "mother a b",
        "sister a b",
        "aunt a b",
        "grandmother a b",
    )


def blood_04() -> Any:
    return kin("brother k y; mother y s", "father k s", "uncle k s", "grandfather k s", "nephew k s")


def blood_05() -> Any:
    return kin("father l f; wife i l", "aunt i f", "sister i f", "mother i f", "grandmother i f")


def blood_06() -> Any:
    return kin("parent p q; father q r", "grandson r p", "granddaughter r p", "son r p", "nephew r p")


def blood_07() -> Any:
    return kin("child a b; sister b c", "nephew a c", "niece a c", "cousin a c", UNDETERMINED)


def blood_08() -> Any:
    return kin(
        chain({"+": "mother", "-": "brother", "*": "father"}, "M + N - P"),
        "sister M P",
        "mother M P",
        "aunt M P",
        "grandmother M P",
    )


def blood_09() -> Any:
    return coded(
        {"#": "father", "@": "sister", "&": "son"}, "aunt J L", "J # K @ L", "J & K # L", "J @ K # L", "L # K @ J"
    )


def blood_10() -> Any:
    return kin(
        "mother ngozi chike; father chike ada",
        "grandmother chike ada",
        "grandmother ada ada",
        "grandmother chike ada",
        "grandmother ngozi ada",
    )


def blood_11() -> Any:
    return kin("husband o h; brother r h", "brother-in-law r o", "brother r o", "cousin r o", "son-in-law r o")


def blood_12() -> Any:
    return kin(
        "mother l s; father y l; father k s",
        "maternal-grandfather k s",
        "maternal-grandfather y s",
        "maternal-grandfather l s",
        "maternal-grandfather s s",
    )


def blood_13() -> Any:
    return kin("father d e; mother e f; father f d", "daughter e d", "sister e d", "mother e d", "niece e d")


def blood_14() -> Any:
    return kin("brother r s; son s t; mother r u", "grandson u t", "granddaughter u t", "grandchild u t", "nephew u t")


def blood_15() -> Any:
    return kin(
        "brother a b; brother b a; daughter c a; daughter d b; male a; male b",
        "sister c d",
        "aunt c d",
        "niece c d",
        "cousin c d",
    )


def blood_16() -> Any:
    return kin("son m l; mother c l", "mother c m", "grandmother c m", "sister c m", "daughter c m")


def blood_17() -> Any:
    return kin(
        "female w; mother m w; daughter _x m; only-daughter _x m; brother b _x",
        "brother b w",
        "uncle b w",
        "father b w",
        "cousin b w",
    )


def blood_18() -> Any:
    return kin(
        "child p m; child m a",
        "grandson p a",
        "granddaughter p a",
        "daughter p a",
        "niece p a",
        names="female p; female m; male a",
    )


def blood_19() -> Any:
    children = {"rami": (0, 2), "salma": (0, 0), "tarek": (1, 4)}
    return asks([children], lambda c: sum(map(sum, c.values())), 5, 6, 7, 8)


def blood_20() -> Any:
    return kin(
        "mother o p; father p r; mother r s", "grandmother o s", "aunt o s", "mother o s", "great-grandmother o s"
    )


def blood_21() -> Any:
    return kin("son v g; grandmother g z", "uncle v z", "father v z", "brother v z", "grandfather v z")


def blood_22() -> Any:
    return kin("mother f b; sister t f", "aunt t b", "cousin t b", "mother-in-law t b", "grandmother t b")


def blood_23() -> Any:
    return Outside("nothing in the text tells who tells the better stories")


def blood_24() -> Any:
    return kin("husband e g; father f e", "daughter g f", "sister-in-law g f", "niece g f", "daughter-in-law g f")


def blood_25() -> Any:
    return kin("son h i; husband i k; sister k j; mother k h", "mother j h", "wife k i", "brother h j", "uncle i h")


def blood_26() -> Any:
    return kin(
        "father m _g; paternal-grandfather _g d", "grandfather m d", "uncle m d", "great-grandfather m d", "father m d"
    )


def blood_27() -> Any:
    return kin(
        "male y; father k y; only-child y k; granddaughter e k", "father k e", "father y e", "uncle k e", UNDETERMINED
    )


def blood_28() -> Any:
    m = families(["son l n", "son m n", "daughter p _f", "son _f n"])
    m = [b for b in m if b.says("father l p") or b.says("father m p")]
    return holds(
        m,
        lambda b: b.says("father l p"),
        lambda b: b.says("father m p"),
        lambda b: b.says("father n p"),
        lambda b: b.says("father l p") and b.says("father m p"),
    )


def blood_29() -> Any:
    return kin(
        chain({"%": "son", "$": "sister", "^": "brother"}, "D % E $ F"),
        "nephew D F",
        "son D F",
        "uncle D F",
        "brother D F",
    )


def blood_30() -> Any:
    return kin(
        chain({"=": "father", "/": "wife"}, "R = S = T"), "uncle R T", "brother R T", "father R T", "grandfather R T"
    )


def blood_31() -> Any:
    m = families(
        ["husband a b", "son d a", "son d b", "son e a", "son e b", "wife f d", "daughter g f", "daughter g d"]
    )
    return asks(m, lambda b: sum(b.says(f"female {x}") for x in "abdefg"), 2, 3, 4, 5)


def blood_32() -> Any:
    return kin("sister m n; husband f m", "cousin f n", "nephew f n", "brother-in-law f n", "father-in-law f n")


def blood_33() -> Any:
    return kin(
        "father d a; sister g d; wife h d; mother h a; sister i h",
        "paternal-aunt h a",
        "paternal-aunt i a",
        "paternal-aunt d a",
        "paternal-aunt g a",
    )


def blood_34() -> Any:
    return kin("mother s f; husband c s", "father c f", "uncle c f", "brother c f", "grandfather c f")


def blood_35() -> Any:
    return kin("wife r e; son k r; father l e", "son k l", "nephew k l", "grandson k l", "brother k l")


def blood_36() -> Any:
    return kin(
        "brother t u; sister u t; mother u w; mother w x", "cousin w t", "niece w t", "daughter w t", lambda b: False
    )


def blood_37() -> Any:
    return kin("mother a _w; wife _w b", "mother-in-law a b", "mother a b", "aunt a b", "sister-in-law a b")


def blood_38() -> Any:
    return kin(
        "male s; father f s; only-child s f; male t; father _x t; son _x f",
        "father t s",
        "nephew t s",
        "self t s",
        "son t s",
    )


def blood_39() -> Any:
    return kin(
        "male s; only-sibling s s; male p; son _x p; father _x s",
        "self p s",
        "father p s",
        "son p s",
        "grandfather p s",
    )


def blood_40() -> Any:
    return kin("mother e f; daughter g f; mother g e", "mother e f", "mother f g", "mother g e", lambda b: False)


def blood_41() -> Any:
    return kin("son o p; brother p r; female r", "sister r o", "daughter r o", "uncle r o", NONE_OF_THESE)


def blood_42() -> Any:
    return kin(
        "husband j k; child l j; child l k; daughter m j; child m k; daughter n l; brother o k",
        "cousin m n",
        "mother m n",
        "aunt m n",
        "sister m n",
    )


def blood_43() -> Any:
    return kin(
        "male w; sister x w; daughter y x; son z y",
        "great-uncle x z",
        "great-uncle y z",
        "great-uncle w z",
        lambda b: False,
    )


def blood_44() -> Any:
    return kin("brother h e; child h s; child e s", "brother e h", "son h s", "sibling h e", "child s e")


def blood_45() -> Any:
    return kin("brother-in-law v a; male a", "wife's-brother v a", "father v a", "sister's-husband v a", "son v a")


def blood_46() -> Any:
    return kin("daughter l p; only-daughter l p; son i l", "son i p", "brother i p", "grandson i p", "nephew i p")


def blood_47() -> Any:
    return kin("sister z o; wife z t; father o h; female h", "cousin h z", "daughter h z", "sister h z", "niece h z")


def blood_48() -> Any:
    return kin("father r m; son s m", "grandfather r s", "father r s", "uncle r s", "brother-in-law r s")


def blood_49() -> Any:
    return Outside("nothing in the text tells whom Gaspar liked best")


def blood_50() -> Any:
    return Outside("history, not deduction")
