"""Blood relations: every question of the family in unseen.jsonl as a finite model."""

from typing import Any

from gold_kin import chain, kin
from gold_rules import UNDETERMINED, asks


def unseen_kin_01() -> Any:
    return kin(
        "father p r; mother q r; father p s; mother q s; male r; male s; wife t r; father r u; mother t u; female u",
        "father s u",
        "brother s u",
        "uncle s u",
        "grandfather s u",
    )


def unseen_kin_02() -> Any:
    return kin(
        "male m; daughter _e m; husband _b _e; daughter _y m; mother _y k",
        "paternal-grandfather m k",
        "maternal-grandfather m k",
        "uncle|uncle-by-marriage m k",
        "father-in-law m k",
    )


def unseen_kin_03() -> Any:
    return kin("male t; sister v t; husband a v", "cousin a t", "brother-in-law a t", "brother a t", "son-in-law a t")


def unseen_kin_04() -> Any:
    return kin(
        chain({"@": "mother", "#": "brother", "$": "daughter"}, "L $ M # N"),
        "nephew L N",
        "niece L N",
        "uncle N L",
        "mother N L",
    )


def unseen_kin_05() -> Any:
    return kin(
        "male s; mother _m s; brother _b _m; daughter mala _b; grandfather r mala",
        "maternal-grandfather r s",
        "uncle|uncle-by-marriage r s",
        "father r s",
        "great-uncle r s",
    )


def unseen_kin_06() -> Any:
    return kin("mother g h; father h i; mother i g", "son h g", "brother h g", "grandson h g", "father h g")


def unseen_kin_07() -> Any:
    return kin(
        "mother _m o; father _f o; only-child o _m; only-child o _f; brother p o; father p r; male r",
        "cousin r o",
        "son r o",
        "nephew r o",
        "brother r o",
    )


def unseen_kin_08() -> Any:
    return kin(
        "spouse h l; daughter t l",
        "daughter t h",
        "niece t h",
        "sister t h",
        "granddaughter t h",
        names="male h; female l",
    )


def unseen_kin_09() -> Any:
    return kin(
        "male p; female l; son _s p; father _f _s; brother _f l", "wife l p", "mother l p", "daughter l p", "sister l p"
    )


def unseen_kin_10() -> Any:
    girls = {"jakob": 3, "klara": 1}
    return asks([girls], lambda house: sum(house.values()), 3, 4, 5, 6)


def unseen_kin_11() -> Any:
    return kin(
        "sister n e; brother e n; son t n; daughter i e", "brother t i", "cousin i t", "mother n i", "grandfather e t"
    )


def unseen_kin_12() -> Any:
    return kin("child a r; male a; child m r; child s a", "uncle m s", "father m s", "grandmother m s", UNDETERMINED)


def unseen_kin_13() -> Any:
    return kin(
        "wife s p; brother a s; brother m p; wife d m",
        "sister-in-law s p",
        "sister-in-law d p",
        "sister-in-law a p",
        lambda b: not any(b.says(f"sister-in-law {x} p") for x in "sda"),
    )


def unseen_kin_14() -> Any:
    return kin(
        "male k; father _f k; son _s _f; only-son _s _f; father _s r; male r",
        "son r k",
        "brother r k",
        "nephew r k",
        "father r k",
    )


def unseen_kin_15() -> Any:
    return kin("mother-in-law h e; wife s e", "mother h s", "sister h s", "aunt h s", "mother-in-law h s")


def unseen_kin_16() -> Any:
    return kin(
        "mother l m; mother m j; father j w; male w", "grandson w l", "great-grandson w l", "nephew w l", "son w l"
    )


def unseen_kin_17() -> Any:
    return kin(
        "father d e; mother c d; sister m c",
        "aunt|aunt-by-marriage m e",
        lambda b: any(b.says(f"sister m {g}") for g in b.relatives("grandparent", "e")),
        "grandmother m e",
        "cousin m e",
    )


def unseen_kin_18() -> Any:
    return kin("sister y k; male k; brother-in-law f k", "husband f y", "brother f y", "cousin f y", "father f y")


def unseen_kin_19() -> Any:
    return kin("nephew b c; sister d c", "mother d b", "aunt d b", "cousin d b", "grandmother d b")


def unseen_kin_20() -> Any:
    return kin(
        "father a b; daughter c b; brother d b; son e a",
        "sister c e",
        "daughter c e",
        "cousin c e",
        "niece c e",
        "mother c e",
    )
