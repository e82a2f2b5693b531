import pytest

from stumper import oracle
from stumper.puzzles import Unread, truth_tellers
from stumper.types import Question

ISLAND = "On an island, knights always tell the truth and knaves always lie. You meet {} islanders: {}. "
TWO, THREE = ISLAND.format("two", "Ann and Bob"), ISLAND.format("three", "Ann, Bob and Cal")


def models(stem):
    problem = truth_tellers.read(f"{stem} How many knights are there?", ())
    letters = {"truth-teller": "T", "liar": "L", "spy": "S"}
    return {"".join(letters[roles[name]] for name in problem.people) for roles in truth_tellers.models(problem)}


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        (TWO + "Ann says, 'We are both knaves.'", None),
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
    if expected is None:
        with pytest.raises(Unread):
            models(stem)
    else:
        assert models(stem) == expected


@pytest.mark.parametrize(
    "stem",
    [
        TWO + "Ann says, 'Bob is a knave or I am a knave.' Who is a knave?",
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
