"""Seating: rows, circles, tables: every question of the family as a finite model."""

from typing import Any

from gold_rules import UNDETERMINED, Outside, asks, could, holds, never
from gold_seats import at, beside, circle, facing, gap, more, near, opposite, place, step, walk


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


def seat_26() -> Any:
    m = circle("ama bo cy dee eli fay gus hal", lambda p: [p.ama < p.bo < p.cy < p.dee < p.eli < p.fay < p.gus < p.hal])
    # One who faces outwards has the clockwise neighbour on the right.
    return asks(m, lambda p: at(p, step(p, p.dee, 2)), "bo", "fay", "hal", "eli")


def seat_27() -> Any:
    m = place("ivan jia kofi lena", where=lambda p: [p.ivan in (1, 4), near(p.jia, p.ivan)])
    return asks([len(m)], lambda n: n, 2, 3, 4, 6)


def seat_28() -> Any:
    m = place(
        "mandla nour ofelia pascal renata", where=lambda p: [p.ofelia == 3, p.pascal == 2, p.renata == 5, p.mandla != 1]
    )
    return asks(m, lambda p: at(p, 1), "mandla", "renata", "pascal", "nour")


def seat_29() -> Any:
    top = place("aline burak ciro dunja", where=lambda p: [p.aline == 1, near(p.burak, p.aline), p.dunja not in (1, 4)])
    m = more(top, "erik farah gino hana", where=lambda p: [p.gino == p.aline, p.farah == p.burak, p.hana != p.dunja])
    return asks(m, lambda p: at(p, p.hana), "dunja", "burak", "aline", "ciro")


def seat_30() -> Any:
    m = more(
        place("ines javier kemi", where=lambda p: [p.javier == 2]),
        "lagos lima lyon",
        where=lambda p: [p.lyon == 1, p.kemi == p.lima + 1],
    )
    return asks(
        m,
        lambda p: next(c for c in ("lima", "lyon", "lagos") if getattr(p, c) == p.ines),
        "lima",
        "lyon",
        "lagos",
        UNDETERMINED,
    )


def seat_31() -> Any:
    m = circle(
        "agata boubacar cosima dragan eszter feng",
        lambda p: [opposite(p, p.agata, p.boubacar), opposite(p, p.cosima, p.dragan)],
    )
    return asks(m, lambda p: at(p, step(p, p.agata, 1)), "cosima", "dragan", "eszter", "feng")


def seat_32() -> Any:
    def reading(left):
        m = circle(
            "quinn pim rhoda sasha teo",
            lambda p: [
                p.pim == step(p, p.quinn, left),
                p.rhoda == step(p, p.pim, left),
                p.sasha == step(p, p.rhoda, left),
            ],
        )
        return asks(m, lambda p: at(p, step(p, p.quinn, 1)), "teo", "sasha", "pim", "rhoda")

    return {"facing the centre": reading(1), "facing outwards": reading(-1)}


def seat_33() -> Any:
    m = circle(
        "tola umar vida wes xu yann zia",
        lambda p: [p.umar == step(p, p.tola, 3), p.vida == step(p, p.tola, -2), p.wes == step(p, p.umar, 1)],
    )
    return asks(m, lambda p: len(list(walk(p, "tola", "vida"))), 4, 3, 2, 1)


def seat_34() -> Any:
    m = place("anselm brook catia dai", where=lambda p: [p.brook == 2, p.anselm == p.brook + 1, p.dai == 3])
    return asks(m, lambda p: at(p, 4), "catia", "dai", "anselm", "brook")


def seat_35() -> Any:
    m = place(
        "edda fritz gamal hoa ilias",
        where=lambda p: [
            (p.edda in (1, 5)) != (p.gamal in (1, 5)),
            p.hoa == 1,
            near(p.gamal, p.hoa),
            near(p.fritz, p.gamal),
        ],
    )
    return asks(m, lambda p: at(p, 4), "edda", "fritz", "ilias", "gamal")


def seat_36() -> Any:
    m = place(
        "jorn kalinda lamine moira", where=lambda p: [p.jorn == 4, p.kalinda == p.jorn - 1, p.lamine == p.kalinda - 1]
    )
    return asks(m, lambda p: at(p, 1), "jorn", "kalinda", "moira", "lamine")


def seat_37() -> Any:
    m = circle(
        "nia otis pru raj",
        lambda p: [
            opposite(p, p.nia, p.otis),
            at(p, step(p, p.nia, 1)) is None,
            at(p, step(p, p.otis, 1)) is None,
            beside(p, p.pru, p.nia),
        ],
        n=6,
    )
    return asks(m, lambda p: at(p, step(p, p.otis, -1)) or "nobody", "pru", "raj", "nia", "nobody")


def seat_38() -> Any:
    m = more(
        place("suri tage ume vlad", where=lambda p: [p.suri == 4, p.tage == 3]),
        "red blue green white",
        where=lambda p: [p.red == p.blue - 1, p.green == p.suri, p.white == p.tage, p.ume != p.red],
    )
    return asks(m, lambda p: at(p, p.red), "vlad", "ume", "tage", "suri")


def seat_39() -> Any:
    return Outside("nothing in the text tells how often anybody has flown")


def seat_40() -> Any:
    m = place("zola akio britt cem", where=lambda p: [p.zola == 1, p.cem == 4])
    return holds(
        m,
        lambda p: near(p.zola, p.cem),
        lambda p: near(p.akio, p.britt),
        lambda p: gap(p.zola, p.cem) == 2,
        lambda p: p.britt in (1, 4),
    )


def seat_41() -> Any:
    m = place(
        "delia emre flora gideon haruki ilana",
        where=lambda p: [{p.delia, p.ilana} == {1, 6}, p.emre == p.delia + 1, p.gideon == 3, p.haruki == 5],
    )
    return asks(
        m,
        lambda p: {at(p, 3), at(p, 4)},
        {"emre", "gideon"},
        {"flora", "haruki"},
        {"gideon", "flora"},
        {"emre", "flora"},
    )


def seat_42() -> Any:
    m = more(
        place("jelena kasper lupita", where=lambda p: [p.jelena == 2, p.kasper == 1, p.lupita == 3]),
        "manu nils oona",
        where=lambda p: [p.manu == p.kasper, p.nils == p.lupita],
    )
    names = ("oona", "manu", "nils")
    return asks(m, lambda p: next(x for x in names if getattr(p, x) == p.jelena), *names, "lupita")


def seat_43() -> Any:
    m = facing(
        place("poppy rui selma tor"),
        lambda p: [
            p.poppy == 1,
            p.face["poppy"] == 1,
            p.rui == p.poppy + 1,
            p.face["rui"] == -1,
            p.selma == p.rui - p.face["rui"],
            p.face["selma"] == p.face["rui"],
        ],
    )

    def right(p):
        return (p.tor - p.selma) * p.face["selma"]

    return asks(m, right, 1, -2, 2, -1)._replace(labels=())


def seat_44() -> Any:
    m = place("ursulina vadim wim xochitl yesenia", where=lambda p: [p.vadim == p.wim - 1, p.xochitl == 5, p.vadim > 2])
    return holds(
        m,
        lambda p: near(p.wim, p.xochitl),
        lambda p: p.ursulina == 1,
        lambda p: near(p.yesenia, p.vadim),
        lambda p: p.ursulina < p.yesenia,
    )


def seat_45() -> Any:
    m = circle(
        "zita adem birk carys dion edie",
        lambda p: [
            beside(p, p.zita, p.adem),
            beside(p, p.adem, p.birk),
            beside(p, p.birk, p.carys),
            beside(p, p.carys, p.dion),
        ],
    )
    return asks(m, lambda p: at(p, step(p, p.zita, -1)), "dion", "carys", "edie", "birk")


def seat_46() -> Any:
    base = place("anna bruno maria peter", where=lambda p: [p.anna != 1, p.bruno == 2])

    def reading(known):
        m = [p for p in base if known is None or {at(p, 1), at(p, 4)} == known]
        return asks(m, lambda p: at(p, 1), "maria", "bruno", "peter", "anna")

    return {"names tell": reading({"anna", "maria"}), "anybody may be a woman": reading(None)}


def seat_47() -> Any:
    m = place(
        "jules kamil lotte mbali",
        where=lambda p: [p.jules == 1, not near(p.lotte, p.jules), p.lotte != 4, near(p.mbali, p.jules)],
    )
    return asks(m, lambda p: at(p, 4), "lotte", "kamil", "mbali", "jules")


def seat_48() -> Any:
    m = circle(
        "nakia orson pilar rurik sunniva", lambda p: [not beside(p, p.nakia, p.orson), not beside(p, p.nakia, p.pilar)]
    )
    return never(
        m,
        lambda p: beside(p, p.orson, p.pilar),
        lambda p: p.rurik == step(p, p.nakia, 1),
        lambda p: beside(p, p.sunniva, p.pilar),
        lambda p: beside(p, p.rurik, p.sunniva),
    )


def seat_49() -> Any:
    m = place(
        "tashi ugyen vajra wangchuk xam yeshe zopa",
        where=lambda p: [p.ugyen == 4, p.tashi == 1, p.zopa == 7, p.vajra == p.ugyen + 1, p.xam == p.vajra + 1],
    )
    return asks(m, lambda p: at(p, 4), "vajra", "yeshe", "ugyen", "wangchuk")


def seat_50() -> Any:
    m = place(
        "aziza bertil chiara dusan efe",
        where=lambda p: [near(p.aziza, p.bertil), near(p.aziza, p.chiara), p.dusan == 1, near(p.bertil, p.dusan)],
    )
    return asks(m, lambda p: at(p, 5), "chiara", "efe", "aziza", "bertil")
