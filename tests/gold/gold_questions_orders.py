"""Linear orders: every question of the family as a finite model."""

from typing import Any

from gold_rules import UNDETERMINED, Outside, asks, holds, never
from gold_seats import at, gap, near, place


def order_01() -> Any:
    m = place("amina bjarne carlos dinesh", where=lambda p: [p.amina < p.bjarne < p.carlos, p.dinesh > p.carlos])
    return asks(m, lambda p: at(p, 4), "amina", "dinesh", "carlos", "bjarne")


def order_02() -> Any:
    m = place(
        "atlas bible cookbook dictionary encyclopaedia",
        where=lambda p: [p.dictionary == 2, p.atlas == 5, p.cookbook < p.dictionary, p.bible == p.atlas - 1],
    )
    return asks(m, lambda p: at(p, 3), "bible", "cookbook", "encyclopaedia", "dictionary")


def order_03() -> Any:
    m = place(
        "ebele filip gita hector iman",
        where=lambda p: [p.ebele not in (1, 5), p.filip == p.ebele + 1, p.gita == 1, p.filip < p.hector < p.iman],
    )
    return asks(m, lambda p: at(p, 3), "ebele", "gita", "hector", "filip")


def order_04() -> Any:
    m = [top for top in range(1, 41) if top == 12]
    return asks(m, lambda top: len(range(top, 41)), 28, 29, 27, 30)


def order_05() -> Any:
    m = [(n, k) for n in range(1, 60) for k in range(1, n + 1) if k == 7 and n - k + 1 == 11]
    return asks(m, lambda nk: nk[0], 16, 18, 17, 19)


def order_06() -> Any:
    m = place("lamp vase rug", where=lambda p: [p.lamp > p.vase, p.rug < p.lamp])
    return asks(m, lambda p: at(p, 1), "vase", "rug", "lamp")


def order_07() -> Any:
    m = place(
        "leon malia njeri orhan",
        where=lambda p: [
            p.leon > p.malia,
            p.malia > p.njeri,
            p.njeri > p.leon,
            p.orhan < min(p.leon, p.malia, p.njeri),
        ],
    )
    return asks(m, lambda p: at(p, 2), "leon", "malia", "njeri", "orhan")


def order_08() -> Any:
    m = place(
        "figs dates mangoes kiwis lychees",
        where=lambda p: [p.dates < p.figs < p.mangoes, p.kiwis < p.figs, p.lychees < p.mangoes],
    )
    return asks(m, lambda p: at(p, 4), "figs", "lychees", "kiwis", UNDETERMINED)


def order_09() -> Any:
    m = place(
        "physics botany law history music greek",
        where=lambda p: [p.physics == 1, p.botany == p.law + 2, p.history == p.law - 1, p.music == 6],
    )
    days = ("", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
    return asks(m, lambda p: days[p.greek], "thursday", "tuesday", "wednesday", "friday")


def order_10() -> Any:
    m = place("patrik queenie rashid simone", where=lambda p: [p.queenie > p.patrik > p.rashid, p.simone == 4])
    return holds(
        m,
        *[
            lambda p, o=o: [at(p, i) for i in (1, 2, 3, 4)] == o.split()
            for o in (
                "rashid queenie patrik simone",
                "patrik rashid queenie simone",
                "rashid patrik queenie simone",
                "simone queenie patrik rashid",
            )
        ],
    )


def order_11() -> Any:
    m = place(
        "tendai ulrike vasco wafa xin",
        where=lambda p: [p.tendai == 5, gap(p.ulrike, p.tendai) == 1, p.vasco == p.wafa + 1],
    )
    return asks(m, lambda p: at(p, 4), "xin", "vasco", "wafa", "ulrike")


def order_12() -> Any:
    m = place(
        "yasmin zoran ana borys c d",
        where=lambda p: [p.yasmin == 2, p.zoran == 5, 2 < p.ana < 5, 2 < p.borys < 5, p.borys == p.zoran - 1],
    )
    return asks(m, lambda p: at(p, 3), "borys", "ana", "yasmin", "zoran")


def order_13() -> Any:
    m = place("green white black red", where=lambda p: [p.green > p.white, p.black < p.red])
    return holds(m, lambda p: p.red == 4, lambda p: p.white == 1, lambda p: p.green == 4, lambda p: p.black == 1)


def order_14() -> Any:
    m = place(
        "cork derry ennis galway sligo trim naas",
        where=lambda p: [p.ennis < p.cork < p.derry, p.galway == 7, p.sligo == p.derry + 1],
    )
    return holds(
        m, lambda p: p.ennis == 1, lambda p: p.trim < p.naas, lambda p: p.sligo == 6, lambda p: p.cork < p.sligo
    )


def order_15() -> Any:
    m = [(2 * e, e, e + 3) for e in range(1, 100) if 2 * e + e + e + 3 == 23]
    return asks(m, lambda ages: ages[0], 10, 8, 5, 12)


def order_16() -> Any:
    m = place("gil hawa ilya jun", where=lambda p: [p.gil == 1, p.hawa < p.gil, p.ilya == 4])
    return asks(m, lambda p: at(p, 3), "jun", "hawa", "gil", "ilya")


def order_17() -> Any:
    m = place(
        "kaito lupe moses nkem odile petar",
        where=lambda p: [p.kaito > p.lupe, p.kaito > p.moses, p.kaito < p.nkem, p.lupe > p.odile, p.petar == 6],
    )
    return asks(m, lambda p: p.kaito - 1, 1, 2, 3, 4)


def order_18() -> Any:
    return Outside("nothing in the text tells who knows the best story")


def order_19() -> Any:
    def reading(first):
        return asks([4 - (first + 2)], lambda above: above, 3, 2, 0, 1)._replace(labels=())

    return {"first floor at street level": reading(1), "first floor above it": reading(2)}


def order_20() -> Any:
    m = place(
        "wim xola yuna zeno", where=lambda p: [p.wim not in (1, 4), p.xola == p.wim + 1, p.yuna == 1, p.zeno == 4]
    )
    return asks(m, lambda p: at(p, 2), "zeno", "xola", "wim", "yuna")


def order_21() -> Any:
    m = place(
        "arif bente cho darya elias gwyn",
        where=lambda p: [
            p.arif == 3,
            p.bente == 6,
            gap(p.arif, p.cho) == 1,
            p.cho > p.arif,
            p.darya == 1,
            not near(p.elias, p.darya),
        ],
    )
    return asks(m, lambda p: at(p, 2), "gwyn", "elias", "cho", "arif")


def order_22() -> Any:
    m = place(
        "harriet ismail jonna kenta lwazi",
        where=lambda p: [p.harriet < p.ismail < p.jonna, p.kenta == 5, p.lwazi == p.kenta - 1],
    )
    return asks(m, lambda p: at(p, 2), "harriet", "jonna", "lwazi", "ismail")


def order_23() -> Any:
    m = place("milo nuria otis pia", where=lambda p: [p.milo < p.nuria, p.nuria < p.pia, p.nuria < p.otis, p.otis != 4])
    return asks(m, lambda p: at(p, 3), "pia", "otis", "nuria", "milo")


def order_24() -> Any:
    m = place("north east west", where=lambda p: [p.north > p.east > p.west])
    return asks(m, lambda p: at(p, 3), "east", "west", "south")


def order_25() -> Any:
    m = place("quirin rasa sibusiso tuva", where=lambda p: [p.quirin < p.rasa, p.rasa < p.sibusiso, p.rasa < p.tuva])
    return never(
        m, lambda p: p.tuva == 4, lambda p: p.sibusiso > p.tuva, lambda p: p.rasa == 3, lambda p: p.sibusiso == 4
    )
