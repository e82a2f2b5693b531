"""Linear orders: books on a shelf, runners in a race, cars by age; who or what stands where?

Conventions, the same for the setter, the reader and the solver:

- No two things share a place. What stands in the order are the things that are listed, or else those that are named;
  where the text tells that there are more of them, the others are not named.
- "Left of", "newer than", "finished before" without a number mean any distance; "immediately" is the next place.
- "Between" two others is anywhere between them.
- A choice is right when it holds in every order that fits the clues, whether or not there is only one.
"""

import random
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stumper.prompts import MAX_STEM
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._order_check import recheck
from stumper.puzzles._order_language import (
    BLANK,
    SCALES,
    AnyClue,
    AnyQuery,
    Between,
    Beyond,
    End,
    Gap,
    HowMany,
    Not,
    Number,
    Order,
    Place,
    Which,
    WhoIs,
    all_orders,
    candidates,
    claim,
    held,
    in_order,
    orders,
    solve,
)
from stumper.puzzles._order_read import read
from stumper.types import LETTERS, JsonObject, Question

__all__ = ["TITLE", "candidates", "draw", "load", "make", "read", "recheck", "solve"]

TITLE = "Linear Orders"

N_CHOICES = 4
SIZES = (4, 5, 5, 6, 7)
FEWEST_CLUES = (2, 3, 3, 4, 5)
"""Things, and clues at the least, by level."""


def load(clues: JsonObject) -> Order:
    """Validate a problem stated as JSON. Raises pydantic.ValidationError."""
    return Order.model_validate(clues)


class Theme(NamedTuple):
    scale: str
    opening: str
    noun: str
    """Plural, with a plain "s"."""
    things: tuple[str, ...]
    article: bool
    comparatives: tuple[str, str] = ("", "")
    superlatives: tuple[str, str] = ("", "")


PEOPLE = ("Ana", "Ben", "Chen", "Dara", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kofi", "Lea", "Mia", "Noor", "Omar")
COLOURS = ("red", "blue", "green", "white", "black", "grey", "orange", "purple", "brown", "yellow")
THEMES = (
    Theme("position", "On a shelf, there are {n} books", "books", tuple(f"{c} book" for c in COLOURS), article=True),
    Theme("position", "On a wall, there are {n} lamps", "lamps", tuple(f"{c} lamp" for c in COLOURS), article=True),
    Theme(
        "position",
        "On a wire, there are {n} birds",
        "birds",
        ("wren", "robin", "finch", "crow", "dove", "jay", "lark", "swift", "thrush", "magpie"),
        article=True,
    ),
    Theme("finish", "In a race, there were {n} runners", "runners", PEOPLE, article=False),
    Theme("finish", "In a chess tournament, there were {n} players", "players", PEOPLE, article=False),
    Theme(
        "age",
        "In a garage, there are {n} vehicles",
        "vehicles",
        ("van", "bus", "truck", "tractor", "coupe", "jeep", "minivan", "limousine", "scooter", "camper"),
        True,
        ("newer", "older"),
        ("newest", "oldest"),
    ),
    Theme(
        "age",
        "In a choir, there are {n} singers",
        "singers",
        PEOPLE,
        False,
        ("younger", "older"),
        ("youngest", "oldest"),
    ),
    Theme(
        "price",
        "A market stall sells {n} tools",
        "tools",
        ("hammer", "saw", "drill", "wrench", "chisel", "ladder", "shovel", "rake", "plane", "clamp"),
        True,
        ("cheaper", "more expensive"),
        ("cheapest", "most expensive"),
    ),
    Theme(
        "height",
        "In a class, there are {n} pupils",
        "pupils",
        PEOPLE,
        False,
        ("shorter", "taller"),
        ("shortest", "tallest"),
    ),
    Theme(
        "weight",
        "In a box, there are {n} stones",
        "stones",
        tuple(f"{c} stone" for c in COLOURS),
        True,
        ("lighter", "heavier"),
        ("lightest", "heaviest"),
    ),
)


def make(rng: random.Random, level: int) -> Question:
    """Set one question; see `Family.make`. Levels grow in things, and lose the clues that name a place."""
    while True:
        question = _try(rng, level)
        if question is not None and len(question.stem) <= MAX_STEM:
            return question


def _try(rng: random.Random, level: int) -> Question | None:
    theme = rng.choice(THEMES)
    things = tuple(rng.sample(theme.things, SIZES[level - 1]))
    order = rng.sample(things, len(things))
    names = rng.sample(things, len(things))
    asked = _asked(rng, theme, order, level)

    def problem(clues: Sequence[AnyClue]) -> Order:
        return Order(scale=theme.scale, things=names, clues=clues, query=asked.query, choices=asked.choices)

    clues = _clues(rng, theme, order, level, problem(()), asked.key)
    # Without an end that is named nobody can tell what the order is by.
    if not clues or not (asked.names_an_end or any(isinstance(clue, Beyond | Place | Not | Number) for clue in clues)):
        return None
    made = problem(clues)
    told = [_sentence(rng, theme, clue) for clue in clues]
    said = [_choice(rng, theme, choice) for choice in asked.choices]
    opening = theme.opening.format(n=NUMBERS[len(names)])
    listed = [f"{_a(name)} {name}" if theme.article else name for name in names]
    stem = f"{opening}: {', '.join(listed[:-1])} and {listed[-1]}. {' '.join(told)} {asked.said}"
    return Question(
        topic="linear_orders",
        stem=stem,
        choices=tuple(said),
        key=LETTERS[asked.key],
        reasoning=_reasoning(made, said[asked.key]),
        level=level,
        clues=made.model_dump(mode="json"),
    )


class _Asked(NamedTuple):
    query: AnyQuery
    said: str
    choices: tuple[str | int | Place, ...]
    key: int
    names_an_end: bool = True


def _asked(rng: random.Random, theme: Theme, order: Sequence[str], level: int) -> _Asked:
    """What is asked of the order; at the higher levels now and then how many lie between two things."""
    n = len(order)
    if level > 3 and theme.scale in ("position", "finish") and rng.random() < 0.25:
        one, other = rng.sample(range(n), 2)
        between = Between(who=BLANK, of=order[one], other=order[other])
        number = abs(one - other) - 1
        counts = [number, *rng.sample([i for i in range(n - 1) if i != number], N_CHOICES - 1)]
        rng.shuffle(counts)
        be = "finished" if theme.scale == "finish" else "are there"
        said = f"How many {theme.noun} {be} between {_about(theme, order[one])} and {_about(theme, order[other])}?"
        return _Asked(HowMany(where=between), said, tuple(counts), counts.index(number), names_an_end=False)
    place = _place(rng, theme, rng.randrange(n), n)
    right = order[_from_first(place, n, theme)]
    offered = [right, *rng.sample([thing for thing in order if thing != right], N_CHOICES - 1)]
    rng.shuffle(offered)
    key = offered.index(right)
    if rng.random() < 0.5:
        return _Asked(WhoIs(where=place), _question(rng, theme, place), tuple(offered), key)
    claims = tuple(place.model_copy(update={"who": thing}) for thing in offered)
    return _Asked(Which(), "Which of the following is true?", claims, key)


def _choice(rng: random.Random, theme: Theme, choice: str | int | Place) -> str:
    match choice:
        case int():
            return str(choice)
        case str():
            return _about(theme, choice)
    return _sentence(rng, theme, choice)[:-1]


def _place(rng: random.Random, theme: Theme, spot: int, n: int) -> Place:
    """A place by the end it is nearer to."""
    low, high = SCALES[theme.scale]
    low_end = rng.random() < 0.5 if spot * 2 == n - 1 else spot * 2 < n - 1
    return Place(who=BLANK, place=spot + 1 if low_end else n - spot, end=low if low_end else high)


def _from_first(place: Place, n: int, theme: Theme) -> int:
    return place.place - 1 if place.end == SCALES[theme.scale][0] else n - place.place


def _clues(rng: random.Random, theme: Theme, order: Sequence[str], level: int, bare: Order, key: int) -> list[AnyClue]:
    """True clues under which the key alone holds, and without any one of which it does not; [] without luck."""
    every = all_orders(bare)
    claims = held([claim(bare, choice) for choice in bare.choices], every, bare.things, bare.scale)
    chosen: list[AnyClue] = []
    fits = np.zeros((0, len(every.rows)), dtype=bool)
    for clue in _true(rng, theme, order, level):
        chosen.append(clue)
        fits = np.concatenate([fits, held([clue], every, bare.things, bare.scale)])
        if _settles(fits, claims, key):
            break
    else:
        return []
    for clue in list(chosen):
        others = [i for i, other in enumerate(chosen) if other != clue]
        if _settles(fits[others], claims, key):
            chosen, fits = [chosen[i] for i in others], fits[others]
    rng.shuffle(chosen)
    return chosen if len(chosen) >= FEWEST_CLUES[level - 1] else []


def _settles(clues: NDArray[np.bool_], claims: NDArray[np.bool_], key: int) -> bool:
    """Whether the key holds in all models of the clues and no other choice does; both as `held`."""
    models = np.flatnonzero(clues.all(axis=0))
    holding = [bool(claim[models].all()) for claim in claims]
    return len(models) > 0 and holding[key] and sum(holding) == 1


def _true(rng: random.Random, theme: Theme, order: Sequence[str], level: int) -> Iterator[AnyClue]:
    """Different clues that are true of the order, at random."""
    n, (low_end, high_end) = len(order), SCALES[theme.scale]
    kinds = ["beyond", "beyond", "place", "place"] if level == 1 else ["beyond"] * 3 + ["place"]
    if theme.scale in ("position", "finish"):
        kinds += ["by"] + ["gap", "between"] * (level > 1)
    if level > 2:
        kinds += ["not"]
    if level > 3:
        kinds += ["number"]
    seen = []
    for _ in range(40):
        kind = rng.choice(kinds)
        one, other, third = rng.sample(range(n), 3)
        clue: AnyClue
        if kind == "place":
            clue = _place(rng, theme, one, n).model_copy(update={"who": order[one]})
        elif kind == "number":
            ahead = rng.random() < 0.5
            counted = one if ahead else n - 1 - one
            low = rng.randint(1, max(1, counted))
            if low > counted:
                continue
            where = Beyond(who=BLANK, towards=low_end if ahead else high_end, than=order[one])
            clue = Number(where=where, low=low, high=n)
        elif kind == "not":
            clue = Not(clue=_place(rng, theme, one, n).model_copy(update={"who": order[other]}))
        elif kind == "gap" and abs(one - other) > 1:
            clue = Gap(who=order[one], of=order[other], things=abs(one - other) - 1)
        elif kind == "between":
            first, middle, last = sorted((one, other, third))
            clue = Between(who=order[middle], of=order[first], other=order[last])
        else:
            by = abs(one - other) if kind in ("by", "gap") else None
            clue = Beyond(who=order[one], towards=low_end if one < other else high_end, than=order[other], by=by)
        if clue not in seen:
            seen.append(clue)
            yield clue


def _a(name: str) -> str:
    return "an" if name[0] in "aeiou" else "a"


def _about(theme: Theme, thing: str) -> str:
    return f"the {thing}" if theme.article else thing


def _sentence(rng: random.Random, theme: Theme, clue: AnyClue) -> str:
    told = _told(rng, theme, clue)
    return f"{told[0].upper()}{told[1:]}."


def _told(rng: random.Random, theme: Theme, clue: AnyClue) -> str:
    def name(slot: str) -> str:
        return _about(theme, getattr(clue, slot))

    be = "finished" if theme.scale == "finish" else "is"
    match clue:
        case Not(clue=Place() as place):
            return f"{_about(theme, place.who)} {'was' if be == 'finished' else be} not {_where(rng, theme, place)}"
        case Place():
            return f"{name('who')} {be} {_where(rng, theme, clue)}"
        case Beyond(towards=towards, by=by):
            return f"{name('who')} {be} {_how_far(by)}{_towards(rng, theme, towards)} {name('than')}"
        case Gap(things=things):
            noun = theme.noun.removesuffix("s") if things == 1 else theme.noun
            verb = be if be == "finished" else "is" if things == 1 else "are"
            return f"exactly {NUMBERS[things]} {noun} {verb} between {name('who')} and {name('of')}"
        case Number(where=Beyond() as where, low=low):
            noun = theme.noun.removesuffix("s") if low == 1 else theme.noun
            verb = be if be == "finished" else "is" if low == 1 else "are"
            than = _about(theme, where.than)
            return f"at least {NUMBERS[low]} {noun} {verb} {_towards(rng, theme, where.towards)} {than}"
        case Between():
            return f"{name('who')} {be} somewhere between {name('of')} and {name('other')}"
    raise AssertionError(clue)


def _how_far(by: int | None) -> str:
    if by is None:
        return ""
    return "immediately " if by == 1 else f"exactly {NUMBERS[by]} places "


def _towards(rng: random.Random, theme: Theme, end: End) -> str:
    side = SCALES[theme.scale].index(end)
    if theme.scale == "position":
        return f"to the {end} of"
    if theme.scale == "finish":
        return rng.choice((("ahead of", "before", "above"), ("behind", "after", "below"))[side])
    return f"{theme.comparatives[side]} than"


def _where(rng: random.Random, theme: Theme, place: Place) -> str:
    side, ordinal = SCALES[theme.scale].index(place.end), ORDINALS[place.place - 1]
    if theme.scale == "position":
        said = [f"the {ordinal} from the {place.end}", f"{ordinal} from the {place.end}"]
        if place.place == 1:
            said += [f"the {place.end}most", f"at the far {place.end}"]
        return rng.choice(said)
    if theme.scale == "finish":
        if side == 0:
            return rng.choice((ordinal, f"in {ordinal} place"))
        return "last" if place.place == 1 else f"{ordinal}-to-last"
    superlative: str = theme.superlatives[side]
    return f"the {superlative}" if place.place == 1 else f"the {ordinal}-{superlative}"


def _question(rng: random.Random, theme: Theme, place: Place) -> str:
    be = "finished" if theme.scale == "finish" else "is"
    asked = (
        f"which {theme.noun.removesuffix('s')}" if theme.article else rng.choice(("who", f"which {theme.noun[:-1]}"))
    )
    return f"{asked.capitalize()} {be} {_where(rng, theme, place)}?"


def _reasoning(problem: Order, said: str) -> str:
    found = [", ".join(in_order(problem, row)) for row in orders(problem)[:2]]
    first, last = SCALES[problem.scale]
    others = ", or in another order that fits" if len(found) > 1 else ""
    said = said[0].lower() + said[1:] if said.startswith("The ") else said
    return f"From {first} to {last}: {found[0]}{others}; so {said}."


def draw(problem: Order) -> str:
    """One order as a row of boxes from the scale's first end to its other one, as a self-contained SVG."""
    row = next((in_order(problem, places) for places in orders(problem)), [])
    first, last = SCALES[problem.scale]
    width = 110
    boxes = "".join(
        f'<rect x="{10 + i * width}" y="34" width="{width - 10}" height="40" rx="6" fill="none" stroke="#808080"/>'
        f'<text x="{5 + i * width + width / 2}" y="59" text-anchor="middle" fill="#808080">{escape(thing[:14])}</text>'
        for i, thing in enumerate(row)
    )
    ends = (
        f'<text x="10" y="20" fill="#808080">{first}</text>'
        f'<text x="{len(row) * width}" y="20" text-anchor="end" fill="#808080">{last}</text>'
    )
    title = f"<title>{first} to {last}: {escape(', '.join(row)) or 'nothing fits'}</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {20 + max(len(row), 2) * width} 90" '
        f'font-family="sans-serif" font-size="13">{title}{boxes}{ends}</svg>'
    )
