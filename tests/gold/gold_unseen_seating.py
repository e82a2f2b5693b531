"""Seating: every question of the family in unseen.jsonl as a finite model."""

from typing import Any

from gold_rules import UNDETERMINED, Reading, asks, could, never
from gold_seats import at, beside, circle, gap, more, near, opposite, place, step


def unseen_seat_01() -> Any:
    m = circle(
        "a b c d e f g h",
        lambda p: [
            p.b == step(p, p.a, 3),
            p.c == step(p, p.b, -2),
            opposite(p, p.d, p.a),
            beside(p, p.e, p.a),
            p.f == step(p, p.d, 2),
            not beside(p, p.g, p.d),
        ],
    )
    return asks(m, lambda p: at(p, step(p, p.f, -1)), "g", "h", "d", "e")


def unseen_seat_02() -> Any:
    m = place(
        "ferris gale hsu ito jenks kane",
        where=lambda p: [p.hsu == p.gale + 1, p.ito == 4, p.ferris < p.gale, not near(p.jenks, p.ito)],
    )
    orders = ("gale hsu ferris ito kane jenks", "ferris gale hsu ito jenks kane")
    orders += ("ferris gale hsu ito kane jenks", "jenks ferris gale ito hsu kane")
    return could(m, *[lambda p, o=o: [at(p, i) for i in range(1, 7)] == o.split() for o in orders])


def unseen_seat_03() -> Any:
    m = place(
        "i mum dad ada leo",
        where=lambda p: [p.mum == 1, p.dad == 5, near(p.ada, p.dad), p.leo == p.mum + 1],
    )
    return asks(m, lambda p: at(p, p.i - 1), "ada", "mum", "leo", "dad")


def unseen_seat_04() -> Any:
    first = place("p q r s", where=lambda p: [p.p == 1, p.q == p.r + 1])
    m = more(first, "w x y z", where=lambda p: [p.w == p.p, p.x == p.w + 2, p.r == p.x, p.y != p.s])
    return asks(m, lambda p: next(n for n in "pqrs" if getattr(p, n) == p.z), "p", "q", "s", "r")


def unseen_seat_05() -> Any:
    m = circle("hal ines jo kit", lambda p: [opposite(p, p.hal, p.ines), p.jo == step(p, p.hal, 1)])
    return asks(m, lambda p: at(p, step(p, p.ines, 1)), "hal", "jo", "kit", "nobody")


def unseen_seat_06() -> Any:
    m = place("red blue green white black", where=lambda p: [p.red == 1, near(p.blue, p.green), p.white != 5])
    return asks(m, lambda p: at(p, 5), "black", "blue", "green", "red")


def unseen_seat_07() -> Any:
    m = place("a b c d e", where=lambda p: [p.a < p.b < p.c < p.d < p.e])
    return asks(m, lambda p: at(p, p.d - 1), "e", "c", "b", "a")


def unseen_seat_08() -> Any:
    names = "ann ben cat dan eve fay"
    m = circle(names, lambda p: [getattr(p, n) == i for i, n in enumerate(names.split())])
    return {
        way: asks(m, lambda p, k=k: at(p, step(p, p.ben, k)), "cat", "ann", "dan", "fay")
        for way, k in (("inwards", 1), ("outwards", -1))
    }


def unseen_seat_09() -> Any:
    m = place("om pia raj sia tej", where=lambda p: [p.om < p.pia < p.raj < p.sia < p.tej])
    return {
        way: asks(m, lambda p, k=k: at(p, p.raj + k), "sia", "pia", "tej", "om")
        for way, k in (("north", 1), ("south", -1))
    }


def unseen_seat_10() -> Any:
    m = circle(
        "m n o p q r",
        lambda p: [opposite(p, p.m, p.n), p.n == step(p, p.o, 1), opposite(p, p.o, p.p), beside(p, p.p, p.n)],
    )
    return asks(m, lambda p: at(p, step(p, p.m, 1)), "o", "p", "q", "r")


def unseen_seat_11() -> Any:
    m = place(
        "italy japan kenya laos malta nepal oman",
        where=lambda p: [p.italy == 1, p.oman == 7, p.kenya == 4, p.nepal == p.kenya + 1, p.laos == p.kenya - 1],
    )
    return asks(m, lambda p: gap(p.laos, p.oman), 2, 3, 4, 5)


def unseen_seat_12() -> Any:
    m = place("v w x y z", where=lambda p: [p.v == 2, p.y == 5, p.w > p.x])
    return asks(m, lambda p: at(p, 1), "x", "w", "z", UNDETERMINED)


def unseen_seat_13() -> Any:
    m = place(
        "adil bela chris deb edwin",
        where=lambda p: [{p.adil, p.edwin} == {1, 5}, p.bela == 4, near(p.chris, p.adil)],
    )
    return asks(m, lambda p: at(p, 3), "bela", "chris", "deb", "adil")


def unseen_seat_14() -> Any:
    m = more(place("karl luc max"), "nora olga pia", where=lambda p: [p.karl == 1, p.luc == p.olga == 2, p.nora != 1])
    return asks(
        m, lambda p: next(n for n in ("nora", "olga", "pia") if getattr(p, n) == p.max), "olga", "pia", "nora", "nobody"
    )


def unseen_seat_15() -> Any:
    m = circle(
        "abe boz cy del_ eli fox",
        lambda p: [
            p.boz == step(p, p.abe, 1),
            p.eli == step(p, p.abe, -1),
            p.del_ == step(p, p.abe, 3),
            beside(p, p.cy, p.boz),
            beside(p, p.cy, p.del_),
        ],
    )
    return asks(m, lambda p: at(p, step(p, p.del_, 1)), "cy", "eli", "fox", "abe")


def unseen_seat_16() -> Any:
    m = place(
        "rosa sven tilda ugo vera walt",
        where=lambda p: [
            p.rosa == 3,
            p.sven == p.rosa + 1,
            p.ugo == p.rosa - 1,
            p.tilda == 6,
            p.vera not in (1, 6),
        ],
    )
    return asks(m, lambda p: at(p, 1), "vera", "walt", "ugo", "sven")


def unseen_seat_17() -> Any:
    m = place(
        "land mural portrait sketch still",
        where=lambda p: [p.land == 2, near(p.portrait, p.land), not near(p.still, p.portrait)],
    )
    return never(
        m,
        lambda p: p.still == 4,
        lambda p: p.sketch == 1,
        lambda p: p.mural == 3,
        lambda p: p.still == 3 and p.sketch == 1,
    )


def unseen_seat_18() -> Any:
    m = circle("gil hana ira joy kev", lambda p: [beside(p, p.gil, p.hana), beside(p, p.gil, p.ira)])
    return asks(m, lambda p: at(p, step(p, p.gil, 1)), "hana", "ira", "joy", "kev")


def unseen_seat_19() -> Any:
    m = place(
        "lena milo nell otto pam",
        (1, 2, 3, 5, 6),
        lambda p: [p.lena == 1, p.milo == 3, near(p.nell, p.otto)],
    )
    return asks(m, lambda p: p.pam, 2, 3, 5, 6)


def unseen_seat_20() -> Any:
    m = more(
        place("rob sara tom una"),
        "tea milk coffee juice",
        where=lambda p: [p.tea == 1, p.sara == p.milk == p.tea + 1, p.rob == 4, p.coffee != p.rob],
    )
    drinks = ("tea", "milk", "coffee", "juice")
    return asks(m, lambda p: next(d for d in drinks if getattr(p, d) == p.rob), *drinks)


def unseen_seat_21() -> Any:
    m = circle(
        "percy quill rafe sid tor ulf",
        lambda p: [
            opposite(p, p.percy, p.quill),
            p.rafe == step(p, p.percy, 2),
            opposite(p, p.sid, p.rafe),
            p.tor == step(p, p.percy, 1),
        ],
    )
    return asks(m, lambda p: at(p, step(p, p.tor, 3)), "sid", "ulf", "rafe", "quill")


def unseen_seat_22() -> Reading:
    m = place("anand bina chetan deepa eshan falak", where=lambda p: [p.anand == 3, p.bina == 6 - 3, p.chetan == 1])
    return asks(m, lambda p: at(p, p.chetan + 1), "anand", "bina", "deepa", "eshan")


def unseen_seat_23() -> Reading:
    return asks(
        place("ali bo cem", where=lambda p: [p.ali < p.bo, p.bo < p.cem]), lambda p: at(p, 2), "ali", "bo", "cem"
    )


def unseen_seat_24() -> Reading:
    m = place(
        "ames bell cole dunn ely ford gray",
        where=lambda p: [
            p.ames == 1,
            p.gray == 7,
            p.bell == p.ames + 3,
            p.cole == p.bell - 1,
            p.dunn == p.bell + 2,
            p.bell < p.ely < p.dunn,
        ],
    )
    return asks(m, lambda p: at(p, p.ely - 2), "bell", "ford", "dunn", "cole")


def unseen_seat_25() -> Reading:
    names = "tom una vic wes xia"
    m = circle(names, lambda p: [getattr(p, n) == i for i, n in enumerate(names.split())])
    return asks(m, lambda p: at(p, step(p, p.tom, -2)), "vic", "wes", "una", "xia")
