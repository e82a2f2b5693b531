"""Random seating problems of every kind of scene, clue and query, true or not."""

import random

from pydantic import ValidationError

from stumper.puzzles import _seating_language as language
from stumper.puzzles._seating_language import Seating

NAMES = ("Ana", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal")
JOBS, DRINKS = ("doctor", "baker", "clerk", "nurse"), ("tea", "milk", "cola")
TABLES = (
    ((1, 1, 1, 1), False),
    ((2, 1, 2, 1), False),
    ((1, 1, 1, 1), True),
    ((2, 1, 2, 1), True),
    ((3, 1, 3, 1), False),
)


def scene(rng: random.Random, most: int = 6) -> dict:
    shape = rng.choice(("row", "circle", "circle", "rows", "table"))
    found = {"shape": shape}
    if shape == "table":
        sides, corners = rng.choice(TABLES)
        size = sum(sides) + 4 * corners
        found |= {"sides": sides, "corners": corners}
    else:
        size = rng.randint(2, most) if shape != "rows" else 2 * rng.randint(1, most // 2)
    looks = {"row": (None, "north", "south", "mixed"), "rows": (None, "centre", "outwards")}
    ring = (None, "centre", "outwards", "mixed", "mixed") + ("corners_inwards", "corners_outwards") * (
        found.get("corners", False)
    )
    found["facing"] = rng.choice(looks.get(shape, ring))
    found["first_faces"] = rng.choice(("north", "south"))
    empty = rng.choice((0, 0, 0, 1, 2)) if size > 3 else 0
    people = size - empty
    named = max(1, people - rng.choice((0, 0, 0, 1, 2)))
    found |= {"seats": size, "people": NAMES[:named], "others": people - named}
    attributes = []
    for name, values in (("job", JOBS), ("drink", DRINKS)):
        if people > 2 and rng.random() < 0.3:
            attributes.append({"name": name, "values": values[: rng.randint(1, min(len(values), people))]})
    found["attributes"] = attributes
    found["conventions"] = {
        "between": rng.choice(("anywhere", "immediately")),
        "to_the_side": rng.choice(("anywhere", "immediately")),
        "arc": rng.choice(("either", "shorter")),
        "ends": rng.choice(("own", "viewer")),
        "unstated_facing": rng.choice(("centre", "outwards")),
    }
    return found


def relation(rng: random.Random, found: dict, blanks: tuple[str, ...] = ()) -> dict:
    terms = [*found["people"], *(v for a in found["attributes"] for v in a["values"])]
    rng.shuffle(terms)
    terms = [*blanks, *terms]
    kind = rng.choice(RELATIONS)
    fields: dict = {}
    slots = [slot for slot in language.SLOTS if slot in kind.model_fields]
    chosen = [*terms[: max(len(slots), len(blanks))]]
    if kind is language.AsMany and len(terms) > 2 and rng.random() < 0.5:
        chosen = [terms[0], terms[1], terms[0], terms[2]]
    rng.shuffle(chosen)
    fields |= dict(zip(slots, chosen, strict=False))
    if kind is language.Together:
        fields["people"] = tuple(terms[: rng.randint(2, 4)])
    if "side" in kind.model_fields:
        fields["side"] = rng.choice(("left", "right", "west", "east", "clockwise", "anticlockwise"))
    if "end" in kind.model_fields:
        fields["end"] = rng.choice(("left", "right", "west", "east"))
    if "steps" in kind.model_fields:
        fields["steps"] = rng.randint(1, 4)
    if "place" in kind.model_fields:
        fields["place"] = rng.randint(1, 4)
    if kind in (language.Gap, language.HowManyFace):
        fields["people"] = rng.randint(0, 4)
    if "how" in kind.model_fields:
        fields["how"] = rng.choice(("exactly", "at_least", "at_most"))
    if "direction" in kind.model_fields:
        fields["direction"] = rng.choice(language.directions(found["shape"]))
    if "row" in kind.model_fields:
        fields["row"] = rng.choice(("first", "second"))
    if "immediately" in kind.model_fields:
        fields["immediately"] = rng.choice((True, False))
    return {"kind": kind.model_fields["kind"].default} | fields


RELATIONS = language.AnyRelation.__args__


def plain(rng: random.Random, found: dict, blanks: tuple[str, ...] = ()) -> dict:
    if rng.random() < 0.12:
        kind = rng.choice(("someone", "someone", "empty_seat"))
        that = [relation(rng, found, ("*",)) for _ in range(rng.randint(1, 2))]
        if blanks:
            that.append(relation(rng, found, ("*", *blanks)))
        return {"kind": kind, "that": that}
    return relation(rng, found, blanks)


def basic(rng: random.Random, found: dict) -> dict:
    clue = plain(rng, found)
    return {"kind": "not", "clue": clue} if rng.random() < 0.25 else clue


def clue(rng: random.Random, found: dict) -> dict:
    kind = rng.choice(("basic",) * 10 + ("all_of", "any_of", "exactly_one", "if"))
    if kind == "basic":
        return basic(rng, found)
    if kind == "if":
        return {"kind": "if", "condition": basic(rng, found), "then": basic(rng, found)}
    return {"kind": kind, "clues": [basic(rng, found) for _ in range(rng.randint(2, 3))]}


def query(rng: random.Random, found: dict) -> tuple[dict, list]:
    terms = [*found["people"], *(v for a in found["attributes"] for v in a["values"])]
    how = rng.choice(("does", "does", "can", "cannot"))
    match rng.choice(("who", "who", "pair", "how_many", "place", "what", "way", "look", "which")):
        case "who":
            return {"kind": "who", "where": plain(rng, found, ("?",)), "how": how}, terms
        case "pair":
            pairs = [rng.sample(terms, 2) for _ in range(4)] if len(terms) > 1 else []
            return {"kind": "which_pair", "where": plain(rng, found, ("?", "??")), "how": how}, pairs
        case "how_many":
            who, of = rng.sample(terms, 2) if len(terms) > 1 else ("", "")
            side = rng.choice((None, "left", "right", "clockwise"))
            return {"kind": "how_many", "who": who, "of": of, "side": side}, [-1, 0, 1, 2, 3]
        case "place":
            end = rng.choice(("left", "right", "east"))
            if rng.random() < 0.3:
                return {"kind": "how_many_beyond", "who": terms[0], "side": end}, [0, 1, 2, 3]
            return {"kind": "which_place", "who": terms[0], "end": end}, [0, 1, 2, 3, 4]
        case "what":
            attribute = found["attributes"][0] if found["attributes"] else {"name": "job", "values": ()}
            return {"kind": "what", "who": terms[0], "attribute": attribute["name"]}, list(attribute["values"])
        case "way":
            return {"kind": "which_way", "who": terms[0]}, list(language.directions(found["shape"]))
        case "look":
            direction = rng.choice(language.directions(found["shape"]))
            return {"kind": "how_many_look", "direction": direction}, [0, 1, 2, 3, 4]
    asked = {"kind": "which", "truth": rng.random() < 0.5, "can": rng.random() < 0.3}
    return asked, [clue(rng, found) for _ in range(3)]


def _tried(rng: random.Random, found: dict, make, tries: int = 60):
    """Something that the scene allows; None where chance finds nothing."""
    for _ in range(tries):
        made = make(rng, found)
        try:
            return made, language.Seating.model_validate(_whole(found, made))
        except ValidationError:
            continue
    return None


def _whole(found: dict, made) -> dict:
    if isinstance(made, tuple):
        asked, choices = made
        return found | {"clues": (), "query": asked, "choices": choices}
    return found | {"clues": (made,), "query": {"kind": "which"}}


def problem(rng: random.Random, most: int = 6) -> Seating:
    """A problem of at most `most` people (tables: ten seats), which may have no model."""
    while True:
        found = scene(rng, most)
        made = _tried(rng, found, query)
        if made is None:
            continue
        asked, choices = made[0]
        clues = [pair[0] for pair in (_tried(rng, found, clue) for _ in range(rng.randint(0, 5))) if pair]
        if found["seats"] > 7:
            # Else all is open, and both engines only count.
            clues += [pair[0] for pair in (_tried(rng, found, relation) for _ in range(3)) if pair]
        choices = choices + [meta for meta in ("!undetermined", "!none") if rng.random() < 0.2]
        try:
            return Seating.model_validate(found | {"clues": clues, "query": asked, "choices": choices})
        except ValidationError:
            continue
