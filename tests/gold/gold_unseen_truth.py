"""Truth-tellers: every question of the family in unseen.jsonl as a finite model."""

from itertools import permutations
from types import SimpleNamespace
from typing import Any

from gold_roles import count, roles, says
from gold_rules import UNDETERMINED, asks, could, holds


def unseen_truth_01() -> Any:
    m = roles("b c", where=lambda w: [says(w.b, count(w, "knave") >= 1)])
    pairs = [("knight", "knight"), ("knave", "knave"), ("knight", "knave"), ("knave", "knight")]
    return holds(m, *[lambda w, p=p: (w.b, w.c) == p for p in pairs])


def unseen_truth_02() -> Any:
    m = roles(
        "f g h",
        where=lambda w: [
            says(w.f, w.g == "knave"),
            says(w.g, w.h == "knave"),
            says(w.h, w.f == w.g == "knave"),
        ],
    )
    return holds(m, *[lambda w, n=n: [x for x in "fgh" if getattr(w, x) == "knight"] == [n] for n in "fgh"])


def unseen_truth_03() -> Any:
    def truths(did: str) -> int:
        ben = did == "dov"
        return [did == "ben", ben, did != "cal", not ben].count(True)

    m = [did for did in ("al", "ben", "cal", "dov") if truths(did) == 1]
    return asks(m, lambda did: did, "al", "ben", "cal", "dov")


def unseen_truth_04() -> Any:
    m = []
    for kinds in permutations(("knight", "knave", "spy")):
        w = SimpleNamespace(**dict(zip(("abbot", "brand", "crewe"), kinds, strict=True)))
        if says(w.abbot, w.abbot != "spy") and says(w.brand, w.abbot == "knave") and says(w.crewe, w.brand == "spy"):
            m.append(w)
    names = ("abbot", "brand", "crewe")
    return asks(m, lambda w: next(n for n in names if getattr(w, n) == "spy"), *names)


def unseen_truth_05() -> Any:
    m = roles("una vito", "honest liar", lambda w: [says(w.una, w.una == "honest"), says(w.vito, w.una == "honest")])
    return asks(m, lambda w: w.una, "honest", "liar")


def unseen_truth_06() -> Any:
    m = roles("wes yara", "truthful liar", lambda w: [says(w.wes, w.wes == "liar"), says(w.yara, w.wes == "truthful")])
    return holds(m, lambda w: w.yara == "truthful", lambda w: w.yara == "liar")


def unseen_truth_07() -> Any:
    m = roles(
        "j k l m",
        "truthful liar",
        lambda w: [says(kind, count(w, "liar") == n) for n, kind in enumerate(w.kinds, start=1)],
    )
    return asks(m, lambda w: count(w, "liar"), 1, 2, 3, 4)


def unseen_truth_08() -> Any:
    exactly = roles("ann bea", "truthful liar", lambda w: [says(w.bea, count(w, "liar") == 1)])
    at_least = roles("ann bea", "truthful liar", lambda w: [says(w.bea, count(w, "liar") >= 1)])
    return {
        name: holds(m, lambda w: w.bea == "truthful", lambda w: w.bea == "liar")
        for name, m in (("exactly", exactly), ("at least", at_least))
    }


def unseen_truth_09() -> Any:
    inclusive = roles("piet oona", where=lambda w: [says(w.piet, w.piet == "knave" or w.oona == "knight")])
    exclusive = roles("piet oona", where=lambda w: [says(w.piet, (w.piet == "knave") != (w.oona == "knight"))])
    return {
        name: asks(m, lambda w: w.oona, "knight", "knave", UNDETERMINED)
        for name, m in (("inclusive", inclusive), ("exclusive", exclusive))
    }


def unseen_truth_10() -> Any:
    m = [box for box in ("red", "blue", "green") if [box == "red", box != "blue", box != "red"].count(True) <= 1]
    return asks(m, lambda box: box, "red", "blue", "green")


def unseen_truth_11() -> Any:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    lies = days[:3]
    m = [day for i, day in enumerate(days) if (day not in lies) == (days[i - 1] in lies)]
    return could(m, *[lambda day, d=d: day == d for d in ("Tuesday", "Thursday", "Saturday", "Sunday")])


def unseen_truth_12() -> Any:
    m = roles(
        "a b c",
        "truthful liar",
        lambda w: [says(w.a, w.b == w.c), says(w.b, w.a == "truthful"), says(w.c, w.b == "liar")],
    )

    def northerners(w: Any) -> str:
        return "".join(n for n in "abc" if getattr(w, n) == "truthful")

    return holds(m, *[lambda w, who=who: northerners(w) == who for who in ("a", "c", "ab", "")])
