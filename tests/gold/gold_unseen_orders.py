"""Linear orders: every question of the family in unseen.jsonl as a finite model."""

from itertools import product
from typing import Any

from gold_rules import UNDETERMINED, asks, could, holds, never
from gold_seats import at, gap, place


def unseen_ord_01() -> Any:
    m = place(
        "atlas bible cookbook diary encyclopedia",
        where=lambda p: [p.atlas == p.diary - 1, p.cookbook == 5, p.bible < p.encyclopedia < p.atlas],
    )
    return asks(m, lambda p: at(p, 3), "atlas", "bible", "diary", "encyclopedia")


def unseen_ord_02() -> Any:
    m = place("marta nils oskar pia", where=lambda p: [p.oskar < p.marta < p.nils, p.pia == 4])
    return asks(m, lambda p: at(p, 1), "marta", "nils", "oskar", "pia")


def unseen_ord_03() -> Any:
    m = place("ruth saul tess uri", where=lambda p: [p.ruth < p.saul, p.saul < p.tess < p.uri])
    return asks(m, lambda p: at(p, 2), "ruth", "saul", "tess", "uri")


def unseen_ord_04() -> Any:
    m = place("nova lumo orbit zip", where=lambda p: [p.lumo < p.nova < p.orbit, p.zip == 1])
    return asks(m, lambda p: at(p, 2), "nova", "lumo", "orbit", "zip")


def unseen_ord_05() -> Any:
    m = place("anya boris clem dina emil", where=lambda p: [p.clem == 1, p.anya == p.boris + 2, p.dina == p.emil - 1])
    return asks(m, lambda p: at(p, 5), "anya", "boris", "dina", "emil")


def unseen_ord_06() -> Any:
    m = place("kay lou max", where=lambda p: [p.kay > p.lou, p.max > p.lou])
    return asks(m, lambda p: at(p, 3), "kay", "lou", "max")


def unseen_ord_07() -> Any:
    m = place("priya quentin rosa sam", where=lambda p: [p.priya < p.quentin, p.rosa > p.quentin, p.sam < p.rosa])
    return asks(m, lambda p: at(p, 1), "priya", "quentin", "sam", UNDETERMINED)


def unseen_ord_08() -> Any:
    m = [size for size, nina in product(range(1, 40), repeat=2) if nina == 7 and size - nina == 12 - 1]
    return asks(m, lambda size: size, 17, 18, 19, 20)


def unseen_ord_09() -> Any:
    m = place(
        "crow jay owl robin wren",
        where=lambda p: [p.robin == 1, p.crow > p.owl, p.jay == 4, p.owl > p.wren],
    )
    return asks(m, lambda p: at(p, 3), "crow", "owl", "wren", "jay")


def unseen_ord_10() -> Any:
    m = place("f g h j k", where=lambda p: [p.f < p.g, p.h == 3, p.j == p.g + 1])
    orders = ("fghjk", "kfhgj", "fkhjg", "gjhfk")
    return could(m, *[lambda p, o=o: [at(p, i) for i in range(1, 6)] == [*o] for o in orders])


def unseen_ord_11() -> Any:
    m = place("alba brio cora dune elan", where=lambda p: [p.alba < p.brio, p.cora < p.dune, p.elan == 3])
    return never(m, lambda p: p.brio == 2, lambda p: p.cora == 4, lambda p: p.dune == 1, lambda p: p.alba == 2)


def unseen_ord_12() -> Any:
    m = place("vera wim xenia yuri", where=lambda p: [p.wim == p.vera + 1, p.yuri == 4, p.xenia != 1])
    return holds(
        m, lambda p: p.vera == 1, lambda p: p.xenia == 3, lambda p: p.wim == 3, lambda p: p.xenia == p.vera - 1
    )


def unseen_ord_13() -> Any:
    m = place(
        "p q r s t",
        where=lambda w: [w.q == 5, sum(getattr(w, x) < w.p for x in "qrst") == 2, w.r < w.s, w.s < w.p],
    )
    return asks(m, lambda w: at(w, 4), "p", "r", "s", "t")


def unseen_ord_14() -> Any:
    m = place("ada bo", range(1, 11), lambda p: [p.ada == 4, p.bo == 10 - 2])
    return asks(m, lambda p: gap(p.ada, p.bo), 2, 3, 4, 5)


def unseen_ord_15() -> Any:
    m = place("finch gull heron ibis", where=lambda p: [p.gull < p.finch < p.heron, p.ibis < p.gull])
    names = ("finch", "gull", "heron", "ibis")
    return {
        "the lowest is the first": asks(m, lambda p: at(p, 2), *names),
        "the lowest is the ground floor": asks(m, lambda p: at(p, 3), *names),
    }
