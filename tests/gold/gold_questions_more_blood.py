"""Blood relations: every question of the family in questions.jsonl (more-blood) as a finite model."""

from typing import Any

from gold_kin import chain, coded, kin
from gold_rules import asks


def more_blood_01() -> Any:
    return kin(
        "female w; mother m w; daughter _x m; only-daughter _x m; mother _x y; male y",
        "mother w y",
        "sister w y",
        "aunt w y",
        "grandmother w y",
    )


def more_blood_02() -> Any:
    return kin(
        "husband t h; son g t; son g h; father g a",
        "aunt h a",
        "grandmother h a",
        "mother-in-law h a",
        lambda b: False,
    )


def more_blood_03() -> Any:
    return kin(
        chain({"★": "husband", "◆": "sister", "●": "mother"}, "K ★ L ◆ M ● N"),
        "father K N",
        "brother K N",
        "uncle|uncle-by-marriage K N",
        "grandfather K N",
    )


def more_blood_04() -> Any:
    females = {"grandmother": 1, "sons": 0, "wife": 1, "daughters": 3}
    return asks([females], lambda house: sum(house.values()), 3, 4, 5, 6)


def more_blood_05() -> Any:
    return kin(
        "sister e d; son f e; wife g f",
        "mother-in-law d g",
        "mother-in-law e g",
        "mother-in-law f g",
        lambda b: not any(b.says(f"mother-in-law {x} g") for x in "def"),
    )


def more_blood_06() -> Any:
    return kin("daughter x u; brother u f; father f y", "niece x y", "aunt x y", "sister x y", "cousin x y")


def more_blood_07() -> Any:
    return kin(
        "husband a b; son d c; only-son d c; brother c a; sister e d; wife b _x; child _x f; self _x a; husband _h f",
        "sister-in-law f a",
        "sister f a",
        "mother f a",
        "aunt f a",
    )


def more_blood_08() -> Any:
    return kin(
        "brother e b; daughter c e",
        "niece c b",
        "cousin c b",
        "sister-in-law c b",
        "granddaughter c b",
        names="female b",
    )


def more_blood_09() -> Any:
    return coded(
        {"×": "son", "÷": "wife", "+": "father"}, "grandson G J", "G × H × J", "G ÷ H × J", "J × H + G", "G + H ÷ J"
    )


def more_blood_10() -> Any:
    return kin(
        "wife n y; father t n; daughter s t; not-self s n", "sister s y", "sister-in-law s y", "niece s y", "cousin s y"
    )


def more_blood_11() -> Any:
    m = [(4, daughters) for daughters in range(10) if all(daughters == 1 for _ in range(4))]
    return asks(m, sum, 5, 6, 8, 9)


def more_blood_12() -> Any:
    return kin("sibling y x; mother z x", "son y z", "daughter y z", "niece y z", "brother y z")


def more_blood_13() -> Any:
    return kin("female o; sister p o; son q p", "aunt o q", "mother p o", "nephew q o", "brother q p")


def more_blood_14() -> Any:
    return kin("son a d; granddaughter r d", "father a r", "uncle a r", "brother a r", "grandfather a r")


def more_blood_15() -> Any:
    return kin("wife l o; sister o p", "sister-in-law p l", "sister p l", "mother p l", "daughter p l")


def more_blood_16() -> Any:
    return kin("father f c; father w f; father c w", "father w f", "son w f", "brother w f", "cousin w f")


def more_blood_17() -> Any:
    return kin("father a r; wife m a; mother l m", "grandmother l r", "aunt l r", "mother l r", lambda b: False)


def more_blood_18() -> Any:
    return kin(
        "female g; male b; mother m g; mother n b; sister m n", "niece g b", "cousin g b", "sister g b", "aunt g b"
    )


def more_blood_19() -> Any:
    return kin(
        "father g h; father g i; female h; female i; child j i",
        "mother h j",
        "brother j h",
        "grandfather g i",
        "grandfather g j",
        names="male j",
    )


def more_blood_20() -> Any:
    return kin(
        "male s; daughter i s; only-daughter i s; wife i r",
        "father s r",
        "uncle s r",
        "father-in-law s r",
        "brother-in-law s r",
    )
