"""Seating: rows, circles, tables: every question of the family as a finite model."""

from typing import Any

from gold_rules import Outside, asks, could, holds, never
from gold_seats import at, beside, circle, facing, gap, more, near, opposite, place, step


def seat_01() -> Any:
    m = place("asha bruno chen dana emeka", where=lambda p: [p.asha == 1, p.chen == 2, p.emeka == 5, near(p.bruno, 5)])
    return asks(m, lambda p: at(p, 3), "bruno", "dana", "chen", "emeka")


def seat_02() -> Any:
    m = circle(
        "farid gwen hugo ines jamal kira",
        lambda p: [
            p.gwen == step(p, p.farid, 2),
            opposite(p, p.hugo, p.gwen),
            beside(p, p.ines, p.farid),
            beside(p, p.ines, p.gwen),
            not beside(p, p.jamal, p.gwen),
        ],
    )
    return asks(m, lambda p: at(p, step(p, p.farid, 3)), "hugo", "jamal", "kira", "ines")


def seat_03() -> Any:
    m = place(
        "leila marco nadia oskar",
        where=lambda p: [p.leila not in (1, 4), p.oskar not in (1, 4), 4 - p.marco == 3, 4 - p.leila == 1],
    )
    return asks(
        m,
        lambda p: " ".join(at(p, i) for i in (1, 2, 3, 4)),
        "marco oskar leila nadia",
        "marco leila oskar nadia",
        "nadia leila oskar marco",
        "nadia oskar leila marco",
    )


def seat_04() -> Any:
    m = place(
        "priya quentin rosa stefan tariq",
        where=lambda p: [p.rosa == 3, p.tariq == 5, p.quentin == p.rosa - 2, near(p.priya, p.tariq)],
    )
    return asks(m, lambda p: at(p, p.rosa - 1), "quentin", "tariq", "priya", "stefan")


def seat_05() -> Any:
    m = place("uma viktor wanjiru xavier", where=lambda p: [p.uma == 1, not near(p.viktor, p.uma)])
    return asks(m, lambda p: at(p, 4), "uma", "viktor", "wanjiru", "xavier")


def seat_06() -> Any:
    m = place(
        "yusuf zara aiko benoit carla",
        where=lambda p: [
            {p.yusuf, p.zara} == {1, 5},
            p.aiko == 5,
            min(p.carla, p.aiko) < p.benoit < max(p.carla, p.aiko),
        ],
    )
    return asks(m, lambda p: at(p, 3), "carla", "benoit", "aiko", "zara")


def seat_07() -> Any:
    base = place("dmitri elena fatou giorgos helga", where=lambda p: [p.elena == 1, near(p.fatou, 1)])
    wide = [p for p in base if min(p.fatou, p.giorgos) < p.dmitri < max(p.fatou, p.giorgos)]
    tight = [p for p in base if near(p.dmitri, p.fatou) and near(p.dmitri, p.giorgos)]
    return {
        "directly": asks(tight, lambda p: p.dmitri, 2, 3, 4, 5),
        "anywhere": asks(wide, lambda p: p.dmitri, 2, 3, 4, 5),
    }


def seat_08() -> Any:
    m = circle(
        "hana ibrahim julia kwame lars",
        lambda p: [p.ibrahim == step(p, p.hana, -1), p.julia == step(p, p.ibrahim, -2), not beside(p, p.lars, p.hana)],
    )
    return holds(
        m,
        lambda p: beside(p, p.julia, p.ibrahim),
        lambda p: beside(p, p.kwame, p.lars),
        lambda p: beside(p, p.hana, p.julia) and beside(p, p.hana, p.lars),
        lambda p: beside(p, p.lars, p.ibrahim) and beside(p, p.lars, p.julia),
    )


def seat_09() -> Any:
    top = place("maya nikolai olu", where=lambda p: [p.nikolai == 2])
    m = more(top, "paula qing rafael", where=lambda p: [p.paula == p.nikolai, p.qing == p.paula + 1, p.maya == p.qing])
    return asks(m, lambda p: at(p, p.rafael), "olu", "maya", "nikolai", "paula")


def seat_10() -> Any:
    # Numbered from the west: for people who face south, left is east and so a higher number.
    m = place(
        "sanjay tomas ursula vikram wei ximena yara",
        where=lambda p: [
            p.vikram == 4,
            p.tomas == p.vikram + 2,
            p.wei == 1,
            p.sanjay == p.vikram - 1,
            p.ximena > p.tomas,
            near(p.ursula, p.vikram),
        ],
    )
    return asks(m, lambda p: at(p, 2), "sanjay", "ximena", "yara", "ursula")


def seat_11() -> Any:
    m = more(
        place("abena boris camila dev", where=lambda p: [p.camila == p.abena + 1, p.boris == 4]),
        "tea coffee milk juice",
        where=lambda p: [p.tea == 1, p.camila == p.coffee, p.boris != p.juice, p.abena != p.tea],
    )
    drinks = ("tea", "milk", "coffee", "juice")
    return asks(m, lambda p: next(d for d in drinks if getattr(p, d) == p.boris), *drinks)


def seat_12() -> Any:
    m = circle(
        "eleni faisal gudrun hiro", lambda p: [p.faisal == step(p, p.eleni, 1), not opposite(p, p.gudrun, p.faisal)]
    )
    return holds(
        m,
        lambda p: p.hiro == step(p, p.gudrun, -1),
        lambda p: opposite(p, p.hiro, p.eleni),
        lambda p: p.hiro == step(p, p.faisal, -1),
        lambda p: opposite(p, p.hiro, p.faisal),
    )


def seat_13() -> Any:
    m = place(
        "ingrid jorge kofi lucia mehmet nora",
        where=lambda p: [p.kofi == 1, p.lucia == 6, p.ingrid == p.lucia - 1, p.mehmet == 3, near(p.nora, p.kofi)],
    )
    return asks(m, lambda p: gap(p.nora, p.ingrid), 1, 3, 2, 4)


def seat_14() -> Any:
    m = place(
        "omar petra ravi sinead",
        range(1, 6),
        lambda p: [
            p.omar == 1,
            p.sinead == 5,
            any(at(p, e) is None and near(e, p.omar) and near(e, p.ravi) for e in range(1, 6)),
        ],
    )
    return asks(m, lambda p: p.petra, 2, 3, 4, 5)


def seat_15() -> Any:
    m = facing(
        place("tunde ulla vera"),
        lambda p: [
            p.ulla == 2,
            p.face["ulla"] == 1,
            p.tunde == p.ulla - p.face["ulla"],
            p.face["tunde"] == -1,
            p.face["vera"] == -1,
        ],
    )

    def side(p):
        return "left" if p.ulla == p.vera - p.face["vera"] else "right"

    return asks(
        m,
        lambda p: f"{at(p, p.ulla - p.face['ulla'])} {side(p)}",
        "tunde left",
        "tunde right",
        "vera left",
        "nobody right",
    )


def seat_16() -> Any:
    def with_left(sign):
        m = place(
            "walid xiomara yosef zeynep anton",
            where=lambda p: [p.walid == 1, p.zeynep == 5, p.yosef == 3, p.anton == p.yosef - sign],
        )
        return asks(m, lambda p: at(p, 2), "yosef", "xiomara", "anton", "zeynep")

    return {"facing north": with_left(1), "facing south": with_left(-1)}


def seat_17() -> Any:
    return Outside("nothing in the text tells who would enjoy a concert")


def seat_18() -> Any:
    m = place(
        "femi greta hamid irina joao",
        where=lambda p: [p.greta == (5 if p.femi == 1 else 2), p.hamid == 1, p.irina == 2 * p.greta, p.femi < p.joao],
    )
    return asks(m, lambda p: at(p, 3), "irina", "joao", "greta", "femi")


def seat_19() -> Any:
    m = more(
        circle("kamala luis mirek noor", lambda p: [p.luis == step(p, p.kamala, -1), opposite(p, p.mirek, p.kamala)]),
        "doctor pilot baker judge",
        range(4),
        lambda p: [opposite(p, p.doctor, p.judge), p.kamala == p.pilot, p.luis != p.doctor],
    )
    jobs = ("judge", "doctor", "baker", "pilot")
    return asks(m, lambda p: next(j for j in jobs if getattr(p, j) == p.noor), *jobs)


def seat_20() -> Any:
    m = place("orla pavel qadir ruth sven", where=lambda p: [p.orla < p.pavel < p.qadir < p.ruth < p.sven])
    return holds(m, *[lambda p, x=x: near(getattr(p, x), p.qadir) for x in ("orla", "pavel", "ruth", "sven")])


def seat_21() -> Any:
    m = place(
        "amara bjorn celia daoud esme", where=lambda p: [near(p.amara, p.bjorn), p.celia == 3, p.daoud not in (1, 5)]
    )
    return could(
        m, lambda p: p.amara == 2 and p.esme == 1, lambda p: p.bjorn == 3, lambda p: p.daoud == 5, lambda p: p.esme == 5
    )


def seat_22() -> Any:
    m = place("farah goran haewon ivo jade karim", where=lambda p: [p.farah < p.goran < p.haewon, p.ivo == 1])
    return never(
        m, lambda p: p.haewon == 3, lambda p: p.farah == 2, lambda p: p.jade == 6, lambda p: p.karim == p.haewon - 1
    )


def seat_23() -> Any:
    m = circle(
        "lina milan nasser olga pedro",
        lambda p: [p.milan == step(p, p.lina, 1), p.nasser == step(p, p.milan, 1), p.olga == step(p, p.lina, -1)],
    )
    return asks(m, lambda p: at(p, step(p, p.olga, -1)), "pedro", "lina", "milan", "nasser")


def seat_24() -> Any:
    m = circle(
        "rania sergio thandi ursel vasil", lambda p: [opposite(p, p.rania, p.sergio), p.thandi == step(p, p.rania, 1)]
    )
    return asks(m, lambda p: at(p, step(p, p.sergio, -1)), "vasil", "ursel", "thandi", "rania")


def seat_25() -> Any:
    m = place("yann zofia ade", where=lambda p: [p.yann < p.zofia < p.ade])
    south = place("bela chidi dora", where=lambda p: [p.bela < p.chidi < p.dora])
    pairs = [(p, q) for p in m for q in south]
    return asks(pairs, lambda pq: at(pq[1], pq[0].zofia), "bela", "dora", "chidi", "ade")
