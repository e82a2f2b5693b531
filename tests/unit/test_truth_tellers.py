import random
from itertools import pairwise, product

import pytest
from pydantic import ValidationError

from stumper import oracle
from stumper.oracle import engines
from stumper.puzzles import Unread, truth_tellers
from stumper.types import Question

ISLAND = "On an island, knights always tell the truth and knaves always lie. You meet {} islanders: {}. "
TWO, THREE = ISLAND.format("two", "Ann and Bob"), ISLAND.format("three", "Ann, Bob and Cal")


def models(stem):
    problem = truth_tellers.read(f"{stem} How many knights are there?", ())
    letters = {"truth-teller": "T", "liar": "L", "spy": "S"}
    return {"".join(letters[world.roles[name]] for name in problem.people) for world in truth_tellers.models(problem)}


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        (TWO + "Ann says, 'We are both knaves.'", {"LT"}),
        (TWO + "Ann says, 'Bob and I are both knaves.'", {"LT"}),
        (TWO + "Ann says: 'At least one of us is a knave.'", {"TL"}),
        (TWO + "Ann says, 'I am a knight.'", {"TT", "TL", "LT", "LL"}),
        (TWO + "Ann says, 'I am a knave.'", set()),
        (TWO + "Ann claims that Bob is a knave. Bob claims that Ann is a knight.", set()),
        (TWO + 'Ann says, "If I am a knight, then Bob is a knight."', {"TT"}),
        (TWO + "Ann says, 'Bob and I are of the same kind.' Exactly one of them is a knave.", {"LT"}),
        (THREE + "Ann says, 'Exactly one of us is a knight.' Bob says, 'All of us are knaves.'", {"TLL"}),
        (THREE + "Ann says, 'None of Bob and Cal is a knight.' Cal is not a knave.", {"LTT", "LLT"}),
        (THREE + "Bob says, 'Ann is a knave and Cal is a knave.' Ann says, 'Bob is a knight.'", {"LLT"}),
        (
            "Each of Ann and Bob is either a truth teller, who always tells the truth, or a liar, who always lies. "
            "Ann says, 'Bob is a liar.' Bob says, 'Ann and I are of different kinds.'",
            {"LT"},
        ),
        (
            "Each of Ann, Bob and Cal is a knight, a knave or a spy. In a land, knights always tell the truth, knaves "
            "always lie and spies can say anything. Exactly one of them is a spy. Exactly one of them is a knave. "
            "Ann says, 'I am a spy.' Bob says, 'Ann is a spy.'",
            {"LST", "STL"},
        ),
    ],
)
def test_what_people_say_means_what_logic_says(stem, expected):
    assert models(stem) == expected


@pytest.mark.parametrize(
    "stem",
    [
        TWO + "Ann says, 'Bob is a knave. Who is a knave?",
        TWO + "Ann says, 'Bob is a knave.' Zoe says, 'Ann is a knave.' Who is a knave?",
        TWO + "We are both knaves. Who is a knave?",
        TWO + "Ann says, 'Exactly one of them is a knave.' Who is a knave?",
        "On an island, there are knights, knaves and spies. Each of Ann and Bob is a knight, a knave or a spy. "
        "Ann says, 'Bob is lying.' Who is a spy?",
        "One of Ann, Bob and Cal stole the cake. Ann says, 'I did not steal it.' Exactly one of them is lying. "
        "Who stole the cake?",
        TWO + "Ann says that I am a knave. Who is a knave?",
        TWO + "Ann says, 'Zoe is a knave.' Who is a knave?",
        TWO + "Ann never says that Bob is a knave. Who is a knave?",
        TWO + "Ann says, 'Bob is a knave.' Who is not a knave?",
        TWO + "Ann would say, 'Bob is a knave.' Who is a knave?",
        TWO + "Ann says, 'Bob is a knave.'",
        TWO.replace("two", "three") + "Ann says, 'Bob is a knave.' Who is a knave?",
        "On an island, knights always lie and knaves always tell the truth. You meet two islanders: Ann and Bob. "
        "Ann says, 'Bob is a knave.' Who is a knave?",
        "You meet two islanders: Ann and Bob. Ann says, 'Bob is a knave.' Who is a knave?",
        "",
    ],
)
def test_what_is_not_understood_is_not_guessed(stem):
    with pytest.raises(Unread):
        truth_tellers.read(stem, ())


@pytest.mark.parametrize(
    ("asked", "choices", "ruling", "true_key"),
    [
        ("What is Bob?", ("a knight", "a knave"), "proven", "B"),
        ("Who is a knave?", ("Ann", "Bob"), "proven", "B"),
        ("How many of them are knights?", ("0", "1", "2"), "proven", "B"),
        (
            "Which of the following must be true?",
            ("Ann is a knave", "Bob is not a knave", "Bob is a knave"),
            "proven",
            "C",
        ),
    ],
)
def test_every_kind_of_question_is_ruled_on(asked, choices, ruling, true_key):
    stem = f"{TWO}Ann says: 'At least one of us is a knave.' {asked}"
    found = oracle.prove(Question(topic="truth_tellers", stem=stem, choices=choices, key=true_key))
    assert (found.ruling, found.true_key) == (ruling, true_key), found.why


def test_a_question_that_leaves_it_open_is_ambiguous():
    question = Question(
        topic="truth_tellers", stem=f"{TWO}Ann says, 'I am a knight.' What is Bob?", choices=("knight", "knave")
    )
    assert oracle.prove(question).ruling == "ambiguous"


def random_talk(rng):
    people = ["Ann", "Bob", "Cal", "Dot"][: rng.randint(2, 4)]
    roles = rng.choice([["truth-teller", "liar"]] * 3 + [["truth-teller", "liar", "spy", "alternator"], ["half"]])
    deed = rng.random() < 0.5

    def claim(depth=0):
        kinds = ["is", "is", "same", "count"] + ["did"] * 3 * deed
        if depth < 3:
            kinds += ["not", "both", "or", "if", "iff"] + ["would"] * (len(roles) == 2) + ["lies"] * (len(roles) > 1)
        kind = rng.choice(kinds)
        one, other = rng.sample(people, 2)
        role = rng.choice(roles)
        low = rng.randrange(len(people) + 1)
        return {"kind": kind} | {
            "is": lambda: {"person": one, "role": role},
            "did": lambda: {"person": one},
            "same": lambda: {"one": one, "other": other},
            "count": lambda: {
                "role": role,
                "of": people,
                "low": low,
                "high": (high := rng.choice([low, len(people)])),
                "bare": high == low and rng.random() < 0.5,
            },
            "not": lambda: {"fact": claim(depth + 1)},
            "both": lambda: {"parts": [claim(depth + 1) for _ in range(2)]},
            "or": lambda: {"one": claim(depth + 1), "other": claim(depth + 1)},
            "iff": lambda: {"one": claim(depth + 1), "other": claim(depth + 1)},
            "if": lambda: {"condition": claim(depth + 1), "then": claim(depth + 1)},
            "lies": lambda: {
                "person": one,
                "role": rng.choice(["truth-teller", "liar"]),
                "said": claim(depth + 1),
            },
            "would": lambda: {"person": one, "claim": claim(depth + 1)},
        }[kind]()

    kind = rng.choice(["role", "who", "how_many", "who_all", "which"] + ["culprit"] * 2 * deed)
    sets = [[p for p in people if rng.random() < 0.5] for _ in range(4)]
    query, choices = {
        "role": lambda: ({"person": people[0]}, roles),
        "who": lambda: ({"role": rng.choice(roles)}, people),
        "how_many": lambda: ({"role": rng.choice(roles)}, list(range(len(people) + 1))),
        "who_all": lambda: ({"role": rng.choice(roles)}, sets),
        "culprit": lambda: ({}, people),
        "which": lambda: (
            {"truth": rng.random() < 0.5, "certain": rng.random() < 0.5},
            [claim() for _ in range(4)],
        ),
    }[kind]()
    metas = ["!none", "!undetermined"] if query.get("certain", True) else ["!none"]
    return truth_tellers.load(
        {
            "people": people,
            "roles": roles,
            "culprit": deed,
            "conventions": {
                "either": rng.choice(["inclusive", "exclusive"]),
                "number": rng.choice(["at_least", "exactly"]),
                "lying": rng.choice(["now", "always"]),
            },
            "clues": [{"speaker": rng.choice([*people, None]), "claim": claim()} for _ in range(rng.randint(1, 5))],
            "query": {"kind": kind} | query,
            "choices": [*rng.sample(choices, min(4, len(choices))), *metas],
        }
    )


def disagreements(seeds):
    """How many problems have models; raises where the two engines differ."""
    return sum(engines.solve(truth_tellers, random_talk(random.Random(seed))).models > 0 for seed in seeds)


def test_two_engines_agree_on_random_problems():
    assert disagreements(range(100)) > 30


@pytest.mark.slow
def test_two_engines_agree_on_many_random_problems():
    assert disagreements(range(1000, 3000)) > 600


def test_claims_within_claims_are_bounded():
    claim = {"kind": "is", "person": "Ann", "role": "liar"}
    for _ in range(200):
        claim = {"kind": "not", "fact": claim}
    with pytest.raises(ValidationError):
        truth_tellers.load(
            {"people": ["Ann", "Bob"], "clues": [{"speaker": None, "claim": claim}], "query": {"kind": "which"}}
        )


ZOO = "On the island of knights and knaves, knights always tell the truth and knaves always lie. "
THEFT = "One of Ann, Bob and Cal stole the cake. "
# Written by hand: text, choices, and by brute force over T(ruth-teller), L(iar), S(py), A(lternator) for each person
# and over who did it (None where nothing was done): the clues, and what each choice claims.
NATURAL = [
    (
        ZOO + "You meet two inhabitants: Zoe and Mel. Zoe says, 'Mel is a knave.' Mel says, 'Neither Zoe nor I am a "
        "knave.' What is Zoe?",
        ("a knight", "a knave", "It cannot be determined"),
        "TL",
        2,
        lambda z, m, _: says(z, m == "L") and says(m, z == "T" and m == "T"),
        lambda z, m, _: (z == "T", z == "L"),
    ),
    (
        ZOO + "You meet three islanders: A, B and C. A says: 'All of us are knaves.' B says: 'Exactly one of us is a "
        "knight.' Who are the knights?",
        ("A and B", "B", "C", "B and C"),
        "TL",
        3,
        lambda a, b, c, _: says(a, a == b == c == "L") and says(b, (a, b, c).count("T") == 1),
        lambda a, b, c, _: (
            (a, b, c) == ("T", "T", "L"),
            (a, b, c) == ("L", "T", "L"),
            (a, b, c) == ("L", "L", "T"),
            (a, b, c) == ("L", "T", "T"),
        ),
    ),
    (
        ZOO + "You meet three islanders: Ann, Bob and Cal. Ann says that Bob would say that Cal is a knave. Cal says, "
        "'Ann and Bob are of different kinds.' Which of the following must be true?",
        ("Cal is a knave", "Ann is a knight", "Bob is a knave", "None of these"),
        "TL",
        3,
        lambda a, b, c, _: says(a, (c == "L") == (b == "T")) and says(c, a != b),
        lambda a, b, c, _: (c == "L", a == "T", b == "L"),
    ),
    (
        THEFT
        + "Each of them either always lies or always tells the truth. Ann says, 'Bob did it.' Bob says, 'Ann lies.' "
        "Cal says, 'I did not do it.' Exactly two of them lie. Who stole the cake?",
        ("Ann", "Bob", "Cal"),
        "TL",
        3,
        lambda a, b, c, who: (
            says(a, who == 1) and says(b, a == "L") and says(c, who != 2) and (a, b, c).count("L") == 2
        ),
        lambda a, b, c, who: (who == 0, who == 1, who == 2),
    ),
    (
        THEFT + "Ann says, 'Bob did it.' Bob says, 'I did not steal the cake.' Cal says, 'I am innocent.' Exactly one "
        "of them is telling the truth. Who stole the cake?",
        ("Ann", "Bob", "Cal", "Cannot be determined"),
        "TL",
        3,
        lambda a, b, c, who: (
            says(a, who == 1) and says(b, who != 1) and says(c, who != 2) and (a, b, c).count("T") == 1
        ),
        lambda a, b, c, who: (who == 0, who == 1, who == 2),
    ),
    (
        THEFT + "Each of them makes two statements, one true and one false. Ann says, 'I did not do it. Bob did it.' "
        "Bob says, 'I did not do it. Ann did it.' Cal says, 'I did it. Ann did it.' Who did it?",
        ("Ann", "Bob", "Cal", "Cannot be determined"),
        "H",
        3,
        lambda a, b, c, who: ((who != 0) + (who == 1), (who != 1) + (who == 0), (who == 2) + (who == 0)) == (1, 1, 1),
        lambda a, b, c, who: (who == 0, who == 1, who == 2),
    ),
    (
        "Knights always tell the truth, knaves always lie and alternators alternate between telling the truth and "
        "lying. Each of Ann, Bob and Cal is a knight, a knave or an alternator. Exactly one of them is an alternator. "
        "Ann says, 'Bob is a knave. I am an alternator.' Bob says, 'Cal is an alternator.' What is Ann?",
        ("knight", "knave", "alternator"),
        "TLA",
        3,
        lambda a, b, c, _: (a, b, c).count("A") == 1 and says(a, b == "L", a == "A") and says(b, c == "A"),
        lambda a, b, c, _: (a == "T", a == "L", a == "A"),
    ),
    (
        "Each of Ann, Bob and Cal is a knight, a knave or a normal. Knights always tell the truth, knaves always lie "
        "and normals can say anything. There is exactly one knight among them. Exactly one of them is a knave. Ann "
        "says, 'I am a normal.' Bob says, 'That is something.' Who is the knight?",
        ("Ann", "Bob", "Cal"),
        None,
        3,
        None,
        None,
    ),
    (
        "Each of Ann, Bob and Cal is a knight, a knave or a normal. Knights always tell the truth, knaves always lie "
        "and normals can say anything. There is exactly one knight among them. Exactly one of them is a knave. Ann "
        "says, 'I am a normal.' Bob says, 'Ann is a normal.' Cal says, 'I am not a normal.' Who is the knight?",
        ("Ann", "Bob", "Cal", "Cannot be determined"),
        "TLS",
        3,
        lambda a, b, c, _: (
            sorted((a, b, c)) == ["L", "S", "T"] and says(a, a == "S") and says(b, a == "S") and says(c, c != "S")
        ),
        lambda a, b, c, _: (a == "T", b == "T", c == "T"),
    ),
    (
        "Ann, Bob and Cal are each either truth-tellers or liars. Ann says, 'At least two of us are liars.' How many "
        "liars are there?",
        ("0", "1", "2", "3"),
        "TL",
        3,
        lambda *dealt: (dealt[0] == "T") == (dealt.count("L") > 1),
        lambda *dealt: tuple(dealt.count("L") == n for n in range(4)),
    ),
    (
        "All islanders are either knights or knaves. Knights always tell the truth and knaves always lie. You meet "
        "three islanders: Ann, Bob and Cal. Ann says, 'At least two of us are knaves.' Bob says, 'Ann is lying.' How "
        "many knaves are there among them?",
        ("0", "one", "two", "3"),
        "TL",
        3,
        lambda a, b, c, _: says(a, (a, b, c).count("L") >= 2) and says(b, a == "L"),
        lambda a, b, c, _: tuple((a, b, c).count("L") == n for n in range(4)),
    ),
    (
        ZOO + "You meet two islanders: Ann and Bob. Ann says, 'If Bob is a knight, then I am a knave.' Which of the "
        "following could be true?",
        ("Ann is a knave", "Bob is a knight", "We know nothing", "Both are knights"),
        None,
        2,
        None,
        None,
    ),
    (
        ZOO + "You meet two islanders: Ann and Bob. Ann says, 'If Bob is a knight, then I am a knave.' Which of the "
        "following could be true?",
        ("Ann is a knave", "Both are knights", "Bob is a knave"),
        "TL",
        2,
        lambda a, b, _: says(a, b == "L" or a == "L"),
        lambda a, b, _: (a == "L", a == b == "T", b == "L"),
    ),
    (
        "Ann, Bob and Cal ran a test, and one of them won. One of Ann, Bob and Cal broke the vase. Who broke the vase?",
        ("Ann", "Bob", "Cal"),
        None,
        3,
        None,
        None,
    ),
    (
        "One of Ann, Bob and Cal broke the vase. Ann said, 'Bob broke the vase.' Bob said, 'Cal broke it.' Cal said, "
        "'I didn't do it.' Only one of the three statements is false. Which one of them broke the vase?",
        ("Ann", "Bob", "Cal", "None of these"),
        "TL",
        3,
        lambda a, b, c, who: (
            says(a, who == 1) and says(b, who == 2) and says(c, who != 2) and (a, b, c).count("L") == 1
        ),
        lambda a, b, c, who: (who == 0, who == 1, who == 2),
    ),
]


def says(role, *truths):
    turns = all(x != y for x, y in pairwise(truths))
    return {"T": all(truths), "L": not any(truths), "S": True, "A": turns}[role]


@pytest.mark.parametrize(("stem", "choices", "roles", "n", "clues", "claims"), NATURAL)
def test_questions_in_plain_english_are_ruled_on_as_all_worlds_say(stem, choices, roles, n, clues, claims):
    ruling = oracle.prove(Question(topic="truth_tellers", stem=stem, choices=choices))
    if roles is None:
        assert ruling.ruling == "unformalised"
        return
    deeds = range(n) if "stole" in stem or "broke" in stem else [None]
    worlds = [(*dealt, who) for dealt in product(roles, repeat=n) for who in deeds]
    found = [claims(*world) for world in worlds if clues(*world)]
    must = [all(column) for column in zip(*found, strict=True)]
    could = [any(column) for column in zip(*found, strict=True)]
    right = could if "could be" in stem else must
    if len(right) < len(choices):
        # The choices of such questions name all the answers that there can be.
        right = [*right, not any(could if "None" in choices[-1] and "Which of" not in stem else right)]
    assert found
    letters = [letter for letter, each in zip("ABCDE", right, strict=False) if each]
    expected = ("proven", letters[0]) if len(letters) == 1 else ("ambiguous", None)
    assert (ruling.ruling, ruling.true_key) == expected, ruling.why


def test_a_number_that_may_be_exact_is_convention_dependent():
    stem = f"{TWO}Ann says, 'One of us is a knave.' What is Ann?"
    question = Question(topic="truth_tellers", stem=stem, choices=("knight", "knave", "Cannot be determined"))
    assert oracle.prove(question).ruling == "convention_dependent"


def test_an_or_that_may_exclude_both_is_convention_dependent():
    stem = f"{TWO}Ann says, 'Bob is a knight or I am a knight.' What is Bob?"
    question = Question(topic="truth_tellers", stem=stem, choices=("knight", "knave", "Cannot be determined"))
    assert oracle.prove(question).ruling == "convention_dependent"
    assert (oracle.prove(question, "exam-us").ruling, oracle.prove(question, "exam-us").true_key) == ("proven", "C")


@pytest.mark.parametrize(
    ("stem", "choices", "right"),
    [
        (
            "On an island every inhabitant is either a knight, who always tells the truth, or a knave, who always "
            "lies. "
            'Abel says, "Bashir and I are both knaves." What are they?',
            ("Abel is a knave and Bashir is a knight.", "Both are knaves.", "Both are knights."),
            "A",
        ),
        (
            'Rosa and Sami are each either a knight (always truthful) or a knave (always lying). Rosa: "If I am a '
            'knight, then Sami is a knight." What can be concluded?',
            ("Only Rosa is a knight.", "Both are knights.", "Nothing can be concluded."),
            "B",
        ),
        (
            "Kofi and Lena live on an island of knights, who only make true statements, and knaves, who only make "
            "false "
            'ones. "Lena is a knave," says Kofi. "We are of different kinds," says Lena. Who is the knight?',
            ("Kofi", "Lena", "Neither of them"),
            "B",
        ),
        (
            "Each of four suspects \u2013 Fi, Gabor, Hiro and Isla \u2013 either always lies or always tells the "
            "truth. "
            'Fi: "Exactly one of us is a liar." Gabor: "Exactly two of us are liars." Hiro: "Exactly three of us are '
            'liars." Isla: "All four of us are liars." Who is telling the truth?',
            ("Fi", "Gabor", "Isla", "Hiro"),
            "D",
        ),
        (
            "One of Otto, Pilar and Qasim is a knight who always tells the truth, one is a knave who always lies, and "
            'one is a spy who may do either. Otto says, "I am a knave." Pilar says, "Otto is the spy." Qasim says '
            "nothing. What is Qasim?",
            ("a knight", "a knave", "a spy", "he may be either"),
            "B",
        ),
        (
            "Each of these three boys either always lies or always tells the truth. Dawit, who tells the truth, says "
            "that Emil lies. Emil says that Faruk lies. What are Emil and Faruk?",
            ("Both are liars.", "Emil is a liar and Faruk is a truth-teller."),
            "B",
        ),
        (
            "Luz and Malik are each a knight, who always tells the truth, or a knave, who always lies. Luz says: "
            '"If you asked Malik, he would say that I am a knave." What follows?',
            ("Both are knights.", "Malik is a knave."),
            "B",
        ),
    ],
)
def test_the_scene_is_set_in_many_ways(stem, choices, right):
    ruling = oracle.prove(Question(topic="truth_tellers", stem=stem, choices=choices, key=right))
    assert ruling.ruling == "proven", ruling.why


MEET = "Knights always tell the truth and knaves always lie. You meet {}. "


@pytest.mark.parametrize(
    ("stem", "choices", "ruling", "true_key"),
    [
        (
            MEET.format("Ana and Bo")
            + "Ana says, 'Bo is a knave.' Bo says, 'That is false.' Bo is a knight. What is Ana?",
            ("a knight", "a knave"),
            "proven",
            "B",
        ),
        (
            MEET.format("Ana and Bo") + "Ana says that two plus two is five. Bo says, 'Ana is a knave.' What is Bo?",
            ("a knight", "a knave"),
            "proven",
            "A",
        ),
        (
            MEET.format("Ana, Bo and Cy") + "Ana says that there is at most one knave. Bo says there are at least two, "
            "and Cy says that all three of them are knaves. How many of them are knaves?",
            ("0", "1", "2", "3"),
            "proven",
            "C",
        ),
        (
            "Each is a knight who always tells the truth or a knave who always lies. Three people sit in a circle: "
            "Ana, Bo and Cy, in this order. Each of the three says of the next one: 'You are a knight.' Ana is a "
            "knave. What is Cy?",
            ("a knight", "a knave"),
            "proven",
            "B",
        ),
        (
            "One of Ana, Bo and Cy is a knight who always tells the truth, one is a knave who always lies, and one is "
            "a spy who may do either. Ana says, 'Bo is lying.' Bo says, 'I am the knight.' We know that Cy is not "
            "the spy. Which of them is?",
            ("Ana", "Bo", "Cy", "It cannot be determined"),
            "proven",
            "D",
        ),
    ],
)
def test_speech_may_lean_on_what_others_said(stem, choices, ruling, true_key):
    found = oracle.prove(Question(topic="truth_tellers", stem=stem, choices=choices))
    assert (found.ruling, found.true_key) == (ruling, true_key), found.why


@pytest.mark.parametrize(
    "stem",
    [
        "Ana and Bo live among knights and knaves. Every knight always lies. Ana says, 'Bo is a knave.' What is Bo?",
        "Ana and Bo are knights or knaves, except on Mondays. Ana says, 'Bo is a knave.' What is Bo?",
        "Most people here are knights or knaves. Ana says, 'Bo is a knave.' Bo says, 'Ana is a knave.' What is Bo?",
        "Each of Ana and Bo is a knight or a knave. Cy says, 'Bo is a knave.' What is Bo?",
        "Ana is either a knight or a knave. Ana says, 'Bo is a knave.' What is Bo?",
        MEET.format("Ana and Bo") + "Ana and Bo, either both knights or both knaves, stand here. Ana says, 'Bo is a "
        "knave.' What is Bo?",
        MEET.format("Ana and Bo") + "Ana says, 'Bo is a knave. I am a knight.' Bo says, 'That is true.' What is Bo?",
        "Three people sit around a table: Ana, Bo, Cy and Dee, in this order. Each is a knight, who always tells the "
        "truth, or a knave, who always lies. Each of them says to the next one: 'You are a knave.' What is Bo?",
        MEET.format("Ana and Bo") + "All islanders are knights or all islanders are knaves. Ana says, 'Bo is a knave.' "
        "What is Bo?",
        MEET.format("Ana and Bo") + "The women are knights, who always tell the truth, and the men are knaves, who "
        "always lie. Ana says, 'Bo is a knave.' What is Bo?",
        MEET.format("Ana and Bo") + "Either Ana and Bo are knights or they are knaves. Ana says, 'Bo is a knave.' What "
        "is Bo?",
        MEET.format("Ana and Bo") + "Ana and Bo, a majority of them knights, are knights or knaves. Ana says, 'Bo is a "
        "knave.' What is Bo?",
        "Knights sometimes tell the truth and knaves always lie. Ana says, 'Bo is a knave.' What is Bo?",
    ],
)
def test_a_scene_that_limits_who_talks_how_is_not_understood(stem):
    assert (
        oracle.prove(Question(topic="truth_tellers", stem=stem, choices=("a knight", "a knave"))).ruling
        == "unformalised"
    )


@pytest.mark.parametrize(
    "aside",
    [
        "hardly a knight",
        "perhaps a knight",
        "dressed as a knight",
        "married to a knight",
        "a knave like Bo",
        "who claims to be a knight",
        "who lives beside a knave",
        "who rarely lies",
        "who tells the truth today",
    ],
)
def test_an_aside_is_read_whole_or_not_at_all(aside):
    stem = f"{ZOO}Ana, {aside}, says, 'Bo is a knave.' What is Bo?"
    question = Question(topic="truth_tellers", stem=stem, choices=("a knight", "a knave"))
    assert oracle.prove(question).ruling == "unformalised"


@pytest.mark.parametrize(
    "people",
    [
        "Ana, Bo and two others",
        "Ana, Bo and their friends",
        "Two strangers and Ana and Bo",
        "Ana and Bo and two people",
    ],
)
def test_people_without_a_name_are_not_left_out(people):
    stem = (
        f"{people} are each a knight, who always tells the truth, or a knave, who always lies. Ana says, 'Exactly one "
        "of us is a knave.' Bo says, 'Exactly two of us are knaves.' How many knaves are there?"
    )
    question = Question(topic="truth_tellers", stem=stem, choices=("1", "2", "3", "4"))
    assert oracle.prove(question).ruling == "unformalised"


@pytest.mark.parametrize(
    "scene",
    [
        "Knights always tell the truth to knights and knaves always lie.",
        "Knights always tell the truth and knaves always lie to strangers.",
        "Knights always tell the truth and knaves always lie in the morning.",
        "Knights always tell the truth and knaves always lie on the beach.",
        "In the evening knights always tell the truth and knaves always lie.",
        "It is a myth that knights always tell the truth and knaves always lie.",
        "Suppose knights always tell the truth or knaves always lie.",
        "Formerly knights always told the truth and knaves always lie.",
    ],
)
def test_a_scene_that_is_not_always_so_is_not_understood(scene):
    stem = f"{scene} You meet Ana and Bo. Ana says, 'We are both knaves.' What is Bo?"
    question = Question(topic="truth_tellers", stem=stem, choices=("a knight", "a knave"))
    assert oracle.prove(question).ruling == "unformalised"


@pytest.mark.parametrize(
    ("children", "ruling"), [("three", "proven"), ("the three", "proven"), ("four", "unformalised")]
)
def test_whoever_may_have_done_it_is_named(children, ruling):
    stem = (
        f"One of {children} children broke a vase. Ana says, 'Bo did it.' Bo says, 'I did not do it.' Cy says, 'I did "
        "not do it.' Only one of them tells the truth. Who broke the vase?"
    )
    question = Question(topic="truth_tellers", stem=stem, choices=("Ana", "Bo", "Cy"))
    assert oracle.prove(question).ruling == ruling


def test_a_name_with_strange_signs_is_refused_and_no_error_of_ours():
    stem = (
        "In a town, knights always tell the truth, but knaves always lie. There are two citizens: Dan and Jon. "
        "Jon\u2163 says: 'Dan is a knight.' Dan claims: 'Jon and I are of the same kind.' "
        "Which of the following is true?"
    )
    with pytest.raises(Unread):
        truth_tellers.read(stem, ("Jon is a knave and Dan is a knave", "Jon is a knight and Dan is a knave"))
