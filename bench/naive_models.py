"""What a stated problem comes to, by looking at every arrangement there is: slow, short, and shared with no solver.

`truths(family, problem)`: for each reading of the problem that its family leaves open, the truth of every choice in
every model, from the problem as plain JSON. Only what the setter writes is known here; anything else is `Unknown`.
"""

from collections.abc import Callable
from functools import cache
from itertools import permutations, product
from typing import Any

import numpy as np

Data = dict[str, Any]
Row = np.ndarray
"""Of booleans: one a candidate model."""

MOST_PEOPLE = 8
MOST_TERMS = 4


class Unknown(Exception):
    """The problem holds something that is not written down here."""


def truths(family: str, problem: Data) -> list[Row]:
    """For each reading: booleans [choice, model]."""
    return NAIVE[family](problem)


def answer(family: str, problem: Data) -> tuple[str, int | None]:
    """The strict ruling without a key: (proven, ambiguous, contradictory or convention_dependent; right choice)."""
    found = []
    for table in truths(family, problem):
        if table.shape[1] == 0:
            continue
        right = [i for i, row in enumerate(table) if row.all()]
        found.append(("proven", right[0]) if len(right) == 1 else ("ambiguous", None))
    if not found:
        return "contradictory", None
    return found[0] if len(set(found)) == 1 else ("convention_dependent", None)


def _known(data: Data, *fields: str) -> list[Any]:
    """The values of exactly these fields."""
    if set(data) != set(fields):
        raise Unknown(f"{sorted(data)}")
    return [data[field] for field in fields]


@cache
def _orders(n: int, first_fixed: bool) -> Row:
    """Every way to place n things: [way, thing] -> place."""
    if n > MOST_PEOPLE:
        raise Unknown(f"{n} people")
    if first_fixed:
        return np.array([(0, *rest) for rest in permutations(range(1, n))], dtype=np.int8)
    return np.array(list(permutations(range(n))), dtype=np.int8)


PLAIN_SCENE: Data = {
    "conventions": {
        "between": "anywhere",
        "to_the_side": "anywhere",
        "arc": "either",
        "ends": "own",
        "unstated_facing": "centre",
    },
    "first_faces": "south",
    "sides": [],
    "corners": False,
    "seats": None,
    "others": 0,
    "attributes": [],
}
"""What the setter leaves at its default."""


def _seating(problem: Data) -> list[Row]:
    shape, facing, people, clues, query, choices = _known(
        {field: value for field, value in problem.items() if value != PLAIN_SCENE.get(field, ...)},
        *("shape", "facing", "people", "clues", "query", "choices"),
    )
    if shape not in ("row", "circle") or facing not in ("north", "south", "centre", "outwards"):
        raise Unknown(f"{shape} {facing}")
    n = len(people)
    ways = _orders(n, shape == "circle")
    seat = {name: ways[:, i] for i, name in enumerate(people)}

    def right_of(who: str, of: str, steps: int) -> Row:
        """`who` is the given number of seats to the right of `of`."""
        if steps >= n:
            return np.zeros(len(ways), dtype=bool)
        there = seat[of].astype(int) + steps
        return seat[who] == (there % n if shape == "circle" else there)

    def apart(one: str, other: str, steps: int) -> Row:
        return right_of(one, other, steps) | right_of(other, one, steps)

    def true(clue: Data, tight: bool, shorter: bool, viewer: bool) -> Row:
        if clue.get("side") in ("clockwise", "anticlockwise"):
            raise Unknown(str(clue))
        match clue:
            case {"kind": "not", "clue": inner}:
                return ~true(inner, tight, shorter, viewer)
            case {"kind": "beside", "who": who, "side": side, "steps": steps, "of": of}:
                return right_of(who, of, steps) if side == "right" else right_of(of, who, steps)
            case {"kind": "somewhere", "who": who, "side": side, "of": of} if shape == "row":
                return seat[who] > seat[of] if side == "right" else seat[who] < seat[of]
            case {"kind": "adjacent", "who": who, "of": of}:
                return apart(who, of, 1)
            case {"kind": "gap", "who": who, "of": of, "people": between}:
                if shape == "circle" and shorter and between + 1 > n // 2:
                    return np.zeros(len(ways), dtype=bool)
                return apart(who, of, between + 1)
            case {"kind": "opposite", "who": who, "of": of} if shape == "circle":
                return right_of(who, of, n // 2) if n % 2 == 0 else np.zeros(len(ways), dtype=bool)
            case {"kind": "at_an_end", "who": who} if shape == "row":
                return (seat[who] == 0) | (seat[who] == n - 1)
            case {"kind": "place", "who": who, "place": place, "end": end} if shape == "row":
                if viewer and facing == "south":
                    end = "right" if end == "left" else "left"
                return seat[who] == (place - 1 if end == "left" else n - place)
            case {"kind": "between", "who": who, "of": of, "other": other, "immediately": immediately}:
                if immediately or tight or shape == "circle":
                    return apart(who, of, 1) & apart(who, other, 1)
                low, high = np.minimum(seat[of], seat[other]), np.maximum(seat[of], seat[other])
                return (low < seat[who]) & (seat[who] < high)
        raise Unknown(str(clue))

    def claim(choice: Any, next_seat: bool, *reading: bool) -> Row:
        match query:
            case {"kind": "who", "where": where, "how": "does", "among": None} if choice in people:
                if choice in (where.get("of"), where.get("other")):
                    return np.zeros(len(ways), dtype=bool)
                if where["kind"] == "somewhere" and next_seat:
                    where = {**where, "kind": "beside", "steps": 1}
                return true({**where, "who": choice}, *reading)
            case {"kind": "how_many", "who": who, "of": of, "side": None}:
                return true({"kind": "gap", "who": who, "of": of, "people": choice}, *reading)
            case {"kind": "which", "truth": truth, "can": False}:
                return true(choice, *reading) == truth
        raise Unknown(str(query))

    return [
        _over(ways, [true(c, *reading) for c in clues], [claim(c, near, *reading) for c in choices])
        for near, *reading in product((False, True), repeat=4)
    ]


def _over(ways: Row, clues: list[Row], choices: list[Row]) -> Row:
    """[choice, model] from [way]s."""
    fits = np.ones(len(ways), dtype=bool)
    for clue in clues:
        fits &= clue
    return np.array([choice[fits] for choice in choices]).reshape(len(choices), int(fits.sum()))


FIRST_ENDS = (
    "left",
    "first",
    "newest",
    "cheapest",
    "shortest",
    "lightest",
    "slowest",
    "smallest",
    "lowest",
    "earliest",
)


def _linear(problem: Data) -> list[Row]:
    conventions, _, things, total, clues, query, choices = _known(
        problem, "conventions", "scale", "things", "total", "clues", "query", "choices"
    )
    if conventions or total is not None:
        raise Unknown(f"{conventions} {total}")
    n = len(things)
    ways = _orders(n, False)
    place = {thing: ways[:, i].astype(int) for i, thing in enumerate(things)}

    def true(clue: Data) -> Row:
        match clue:
            case {"kind": "not", "clue": inner}:
                return ~true(inner)
            case {"kind": "beyond", "who": who, "towards": end, "than": than, "by": by}:
                ahead = place[than] - place[who] if end in FIRST_ENDS else place[who] - place[than]
                return ahead > 0 if by is None else ahead == by
            case {"kind": "place", "who": who, "place": nth, "end": end}:
                return place[who] == (nth - 1 if end in FIRST_ENDS else n - nth)
            case {"kind": "gap", "who": who, "of": of, "things": between}:
                return np.abs(place[who] - place[of]) - 1 == between
            case {"kind": "between", "who": who, "of": of, "other": other}:
                return (place[who] - place[of]) * (place[who] - place[other]) < 0
        raise Unknown(str(clue))

    def claim(choice: Any) -> Row:
        match query:
            case {"kind": "who", "where": where} if choice in things:
                if choice in [where.get(slot) for slot in ("than", "of", "other")]:
                    return np.zeros(len(ways), dtype=bool)
                return true({**where, "who": choice})
            case {"kind": "which", "truth": truth, "certain": True} if isinstance(choice, dict):
                return true(choice) == truth
        raise Unknown(str(query))

    return [_over(ways, [true(c) for c in clues], [claim(c) for c in choices])]


def _talk(problem: Data) -> list[Row]:
    conventions, culprit, people, roles, clues, query, choices = _known(
        problem, "conventions", "culprit", "people", "roles", "clues", "query", "choices"
    )
    if (
        set(conventions) != {"either", "number", "lying"}
        or culprit
        or not set(roles) <= {"truth-teller", "liar", "spy"}
    ):
        raise Unknown(f"{conventions} {roles}")

    def true(claim: Data, dealt: dict[str, str]) -> bool:
        if claim.get("bare"):
            raise Unknown(str(claim))
        match claim:
            case {"kind": "would", "person": person, "claim": inner} if dealt[person] != "spy":
                return true(inner, dealt) is (dealt[person] == "truth-teller")
            case {"kind": "is", "person": person, "role": role}:
                return dealt[person] == role
            case {"kind": "same", "one": one, "other": other}:
                return dealt[one] == dealt[other]
            case {"kind": "count", "role": role, "of": of, "low": low, "high": high}:
                return low <= [dealt[p] for p in of].count(role) <= high
            case {"kind": "not", "fact": fact}:
                return not true(fact, dealt)
            case {"kind": "both", "parts": parts}:
                return all(true(part, dealt) for part in parts)
            case {"kind": "if", "condition": condition, "then": then}:
                return true(then, dealt) if true(condition, dealt) else True
        raise Unknown(str(claim))

    def sayable(clue: Data, dealt: dict[str, str]) -> bool:
        role = dealt[clue["speaker"]] if clue["speaker"] else "truth-teller"
        return role == "spy" or true(clue["claim"], dealt) is (role == "truth-teller")

    def holds(choice: Any, dealt: dict[str, str]) -> bool:
        match query:
            case {"kind": "role", "person": person} if choice in roles:
                return dealt[person] == choice
            case {"kind": "who", "role": role} if choice in people:
                return dealt[choice] == role
            case {"kind": "how_many", "role": role} if isinstance(choice, int):
                return list(dealt.values()).count(role) == choice
            case {"kind": "which", "truth": True, "certain": True} if isinstance(choice, dict):
                return true(choice, dealt)
        raise Unknown(str(query))

    worlds = [dict(zip(people, dealt, strict=True)) for dealt in product(roles, repeat=len(people))]
    models = [dealt for dealt in worlds if all(sayable(clue, dealt) for clue in clues)]
    return [np.array([[holds(c, d) for d in models] for c in choices], dtype=bool).reshape(len(choices), len(models))]


def _syllogism(problem: Data) -> list[Row]:
    conventions, asks, premises, conclusions, choices, individuals = _known(
        problem, "conventions", "asks", "premises", "conclusions", "choices", "individuals"
    )
    if set(conventions) != {"existence", "few", "all_not", "possibility"} or asks != "true" or len(conclusions) > 2:
        raise Unknown(str(conventions))
    if individuals:
        raise Unknown(f"{individuals} are named")
    if not all(isinstance(choice, dict) for choice in choices):
        raise Unknown(str(choices))
    said = [s for s in (*premises, *conclusions, *choices) if "quantifier" in s]
    terms = sorted({s[side] for s in said for side in ("subject", "predicate")})
    if len(terms) > MOST_TERMS:
        raise Unknown(f"{len(terms)} terms")
    kinds = list(product((False, True), repeat=len(terms)))
    worlds = np.arange(1 << len(kinds))
    there = {kind: (worlds >> i & 1).astype(bool) for i, kind in enumerate(kinds)}

    def some(*wanted: tuple[str, bool]) -> Row:
        """In which worlds there is a thing that is, or is not, each of these."""
        found = np.zeros(len(worlds), dtype=bool)
        for kind in kinds:
            if all(kind[terms.index(term)] == is_so for term, is_so in wanted):
                found |= there[kind]
        return found

    def true(statement: Data) -> Row:
        quantifier, subject, predicate, possible = _known(statement, "quantifier", "subject", "predicate", "possible")
        inside = some((subject, True), (predicate, True))
        outside = some((subject, True), (predicate, False))
        meanings = {"all": ~outside, "no": ~inside, "some": inside, "some_not": outside, "only_few": inside & outside}
        if possible or quantifier not in meanings:
            raise Unknown(str(statement))
        return meanings[quantifier]

    tables = []
    for granted in (False, True):
        fits = np.ones(len(worlds), dtype=bool)
        for premise in premises:
            fits &= true(premise)
        for term in terms if granted else ():
            fits &= some((term, True))
        concluded = [true(each)[fits] for each in conclusions]
        follows = {i for i, row in enumerate(concluded, 1) if row.all()}

        def claim(choice: Data, rows: list[Row], sure: set[int], fits: Row) -> Row:
            match choice:
                case {"kind": "follow", "conclusions": these, "either": pairs}:
                    one_of_two = len(rows) == 2 and not sure and bool((rows[0] | rows[1]).all())
                    right = set(these) == sure and [list(pair) for pair in pairs] == [[1, 2]] * one_of_two
                case _:
                    return true(choice)[fits]
            return np.full(int(fits.sum()), right)

        table = [claim(choice, concluded, follows, fits) for choice in choices]
        tables.append(np.array(table, dtype=bool).reshape(len(choices), int(fits.sum())))
    return tables


NAIVE: dict[str, Callable[[Data], list[Row]]] = {
    "seating": _seating,
    "linear_orders": _linear,
    "truth_tellers": _talk,
    "syllogisms": _syllogism,
}
