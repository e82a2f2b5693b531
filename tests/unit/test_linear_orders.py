import json
import random
from itertools import permutations
from pathlib import Path

import pytest

from stumper import oracle
from stumper.oracle import engines
from stumper.prompts import from_challenge
from stumper.puzzles import Unread, linear_orders
from stumper.puzzles._order_language import SCALES, holds, in_order, orders
from stumper.types import Question

DATA = Path(__file__).parents[3] / "shared" / "data" / "logical_deduction.jsonl"
BOOKS = "On a shelf, there are three books: a red book, a blue book, and a green book."
RACE = "In a race, there were four runners: Ana, Bo, Cy and Di."
VANS = "In a yard, there are three vehicles: a van, a bus and a truck."


def orders_of(stem):
    problem = linear_orders.read(stem, ())
    return {tuple(in_order(problem, row)) for row in orders(problem)}


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        ("The red book is to the left of the blue book. The green book is the rightmost.", {"red blue green"}),
        ("The red book is immediately to the right of the blue book.", {"blue red green", "green blue red"}),
        ("The red book is between the blue book and the green book.", {"blue red green", "green red blue"}),
        ("The red book is not the leftmost and the blue book is the second from the left.", {"green blue red"}),
        ("The red book is neither the leftmost nor the rightmost.", {"blue red green", "green red blue"}),
        ("Exactly one book is between the red book and the blue book.", {"red green blue", "blue green red"}),
        (
            "The red book and the blue book are both to the left of the green book.",
            {"red blue green", "blue red green"},
        ),
        ("The green book is at the far left, but the red book is next to the green book.", {"green red blue"}),
    ],
)
def test_sentences_about_places_mean_what_they_say(clues, expected):
    found = orders_of(f"{BOOKS} {clues} Which book is the leftmost?")
    assert {" ".join(thing.removesuffix(" book") for thing in order) for order in found} == expected


@pytest.mark.parametrize(
    ("clue", "expected"),
    [
        ("Ana finished second-to-last and Bo finished last.", {"CDAB", "DCAB"}),
        ("Ana finished ahead of Bo and Bo finished immediately ahead of Cy. Cy finished third.", {"ABCD"}),
        ("Ana finished in first place, Bo came second and Di finished after Cy.", {"ABCD"}),
        ("Ana finished exactly two places below Bo. Bo finished first. Di was not last.", {"BDAC"}),
    ],
)
def test_sentences_about_a_race_mean_what_they_say(clue, expected):
    found = orders_of(f"{RACE} {clue} Who finished first?")
    assert {"".join(name[0] for name in order) for order in found} == expected


def test_more_and_less_point_to_opposite_ends():
    stem = "A stall sells three tools: a saw, a rake and a drill. {} Which tool is the cheapest?"
    more = orders_of(stem.format("The saw is more expensive than the rake. The drill is the second-most expensive."))
    less = orders_of(stem.format("The rake is less expensive than the saw. The drill is the second-cheapest."))
    assert more == less == {("rake", "drill", "saw")}


@pytest.mark.parametrize(
    "stem",
    [
        f"{BOOKS} The red book is nicer than the blue book. Which book is the leftmost?",
        f"{BOOKS} The pink book is the leftmost. Which book is the leftmost?",
        f"{BOOKS} If the red book is the leftmost, the blue book is the rightmost. Which book is the leftmost?",
        f"{BOOKS} The red book is the leftmost or the rightmost. Which book is the leftmost?",
        f"{BOOKS} The red book is the oldest. Which book is the leftmost?",
        f"{BOOKS} The red book is the leftmost.",
        f"{BOOKS} Which book is the leftmost? The red book is the leftmost.",
        f"{BOOKS} Which book is not the leftmost?",
        f"{BOOKS} The red book is to the left of the red book. Which book is the leftmost?",
        f"{BOOKS} The red book is the fourth from the left. Which book is the leftmost?",
        "On a shelf, there are four books: a red book, a blue book and a green book. Which book is the leftmost?",
        "In alphabetical order, there are two books: an atlas and a bible. Which book is the leftmost?",
        f"{VANS} Two are of the same age. The van is the oldest. Which vehicle is the newest?",
        "",
        "?" * 5000,
    ],
)
def test_what_is_not_understood_is_not_guessed(stem):
    with pytest.raises(Unread):
        linear_orders.read(stem, ())


def test_the_solver_agrees_with_plain_enumeration():
    for seed in range(40):
        question = linear_orders.make(random.Random(seed), 1 + seed % 5)
        problem = linear_orders.load(question.clues)
        whole = [dict(zip(order, range(len(order)), strict=True)) for order in permutations(problem.things)]
        expected = [places for places in whole if all(holds(clue, places, problem.scale) for clue in problem.clues)]
        found = [dict(zip(problem.things, map(int, row), strict=True)) for row in orders(problem)]
        assert len(found) == len(expected)
        assert all(places in expected for places in found)


def test_every_scale_has_two_ends_of_its_own():
    ends = [end for pair in SCALES.values() for end in pair]
    assert len(set(ends)) == len(ends)


def test_a_choice_that_must_be_false_is_found():
    stem = (
        f"{VANS} The van is newer than the bus. The bus is newer than the truck. Which of the following must be false?"
    )
    choices = (
        "The van is the newest",
        "The truck is the newest",
        "The bus is the second-newest",
        "The van is newer than the truck",
    )
    ruling = oracle.prove(Question(topic="linear_orders", stem=stem, choices=choices, key="B"))
    assert (ruling.ruling, ruling.true_key) == ("proven", "B")


@pytest.mark.skipif(not DATA.exists(), reason="the folder of foreign questions is not here")
def test_published_questions_are_proven_with_their_published_keys():
    records = [json.loads(line) for line in DATA.read_text().splitlines()]
    rulings = [oracle.prove(from_challenge(record, "linear_orders")) for record in records]
    proven = sum(ruling.ruling == "proven" for ruling in rulings)
    assert not [ruling.why for ruling in rulings if ruling.ruling == "wrong_key"]
    assert proven == len(records)


def random_order(rng, n):
    """A problem of any kinds of clues, true of one order or not."""
    scale = rng.choice(list(SCALES))
    things = [f"t{chr(97 + i)}" for i in range(n)]

    def simple(asked=False):
        one, other, third = ["?", *rng.sample(things, 2)] if asked else rng.sample(things, 3)
        end = rng.choice(SCALES[scale])
        return rng.choice(
            [
                {"kind": "beyond", "who": one, "towards": end, "than": other, "by": rng.choice([None, None, 1, 2])},
                {"kind": "between", "who": one, "of": other, "other": third},
                {"kind": "place", "who": one, "place": rng.randint(1, n), "end": end},
                {"kind": "gap", "who": one, "of": other, "things": rng.randrange(n - 1)},
            ][: 2 if asked == "counted" else 4]
        )

    def clue():
        found = simple()
        if rng.random() < 0.25:
            low = rng.randrange(n)
            found = {"kind": "number", "where": simple("counted"), "low": low, "high": rng.choice([low, n])}
        return {"kind": "not", "clue": found} if rng.random() < 0.2 else found

    kind = rng.choice(["who", "where", "how_many", "order", "which"])
    end = rng.choice(SCALES[scale])
    query, choices = {
        "who": lambda: ({"where": (where := simple(True))}, [t for t in things if t not in where.values()]),
        "where": lambda: ({"who": things[0], "end": end}, list(range(1, n + 1))),
        "how_many": lambda: ({"where": simple("counted")}, list(range(n))),
        "order": lambda: (
            {"end": end, "certain": rng.random() < 0.5},
            [rng.sample(things, n) for _ in range(4)],
        ),
        "which": lambda: (
            {"truth": rng.random() < 0.5, "certain": rng.random() < 0.5},
            [clue() for _ in range(4)],
        ),
    }[kind]()
    choices = rng.sample(choices, min(4, len(choices))) + ["!none"]
    if query.get("certain", True):
        choices.append("!undetermined")
    clues = [clue() for _ in range(rng.randint(0, 4))]
    return linear_orders.load(
        {"scale": scale, "things": things, "clues": clues, "query": {"kind": kind} | query, "choices": choices}
    )


def disagreements(seeds):
    """How many problems have models; raises where the two engines differ."""
    rngs = (random.Random(seed) for seed in seeds)
    return sum(engines.solve(linear_orders, random_order(rng, rng.randint(3, 6))).models > 0 for rng in rngs)


def test_two_engines_agree_on_random_problems():
    assert disagreements(range(100)) > 30


@pytest.mark.slow
def test_two_engines_agree_on_many_random_problems():
    assert disagreements(range(1000, 3000)) > 600
