"""The English of seats that other people write: what each sentence says, and what must not be read."""

import pytest

from stumper.puzzles import Unread, seating
from stumper.puzzles._seating_language import (
    Adjacent,
    AllOf,
    AtAnEnd,
    Beside,
    ExactlyOne,
    Faces,
    HowManyBeyond,
    InRow,
    Is,
    Not,
    Opposite,
    OtherEnd,
    Place,
    Somewhere,
    WhatHas,
    Which,
    WhoSits,
)

PEOPLE = ("Ana", "Bo", "Cy", "Di", "Ed")
QUERY = " Who sits next to Bo?"


@pytest.mark.parametrize(
    ("opening", "shape", "facing"),
    [
        ("Five cricketers, Ana, Bo, Cy, Di and Ed, stand in a row facing the crowd.", "row", "north"),
        ("Five members of a jury - Ana, Bo, Cy, Di and Ed - sat in a line, all facing the judge.", "row", "north"),
        ("Ana, Bo, Cy, Di and Ed took the five seats of a theatre row, all looking at the screen.", "row", "north"),
        ("Five passengers (Ana, Bo, Cy, Di and Ed) are seated on the back bench of a bus.", "row", None),
        ("Five tax inspectors wait on five chairs in a row, looking south: Ana, Bo, Cy, Di and Ed.", "row", "south"),
        ("Five walkers sit in a row on a park bench: Ana, Bo, Cy, Di and Ed.", "row", None),
        ("Five monks sit side by side on a wooden bench and are called Ana, Bo, Cy, Di and Ed.", "row", None),
        ("Five delegates sit round a circular table facing one another: Ana, Bo, Cy, Di and Ed.", "circle", "centre"),
        ("Around a circular table, with everyone facing the centre, sit Ana, Bo, Cy, Di and Ed.", "circle", "centre"),
        ("Ana, Bo, Cy, Di and Ed are evenly spaced around a campfire, all facing the middle.", "circle", "centre"),
        ("At a pentagonal table, one on each side, sit Ana, Bo, Cy, Di and Ed, facing outwards.", "circle", "outwards"),
        ("Five scouts stand in a circle with their backs to the centre: Ana, Bo, Cy, Di and Ed.", "circle", "outwards"),
    ],
)
def test_an_opening_tells_who_sits_there_and_what_they_look_at(opening, shape, facing):
    problem = seating.read(opening + QUERY, ())
    assert (problem.people, problem.shape, problem.facing) == (PEOPLE, shape, facing)


ROW = "Five singers, Ana, Bo, Cy, Di and Ed, stand in a row facing north, numbered 1 to 5 from left to right. "


@pytest.mark.parametrize(
    ("sentence", "clues"),
    [
        ("Ana occupies the left end.", [Place(who="Ana", place=1, end="left")]),
        ("Ana took the leftmost seat.", [Place(who="Ana", place=1, end="left")]),
        ("Ana stood at the far left.", [Place(who="Ana", place=1, end="left")]),
        ("Ana and Bo occupy the two ends.", [OtherEnd(who="Ana", of="Bo")]),
        ("Ana stands in position three.", [Place(who="Ana", place=3, end="left")]),
        ("Ana has the third place.", [Place(who="Ana", place=3, end="left")]),
        ("Ana stands at the western end.", [Place(who="Ana", place=1, end="west")]),
        ("Ana was right beside Bo.", [Adjacent(who="Ana", of="Bo")]),
        ("Ana is the right-hand neighbour of Bo.", [Beside(who="Ana", side="right", of="Bo")]),
        ("Ana has Bo on her immediate right.", [Beside(who="Bo", side="right", of="Ana")]),
        ("Ana is two to the left of Bo.", [Beside(who="Ana", side="left", steps=2, of="Bo")]),
        (
            "Ana stands at an end, with Bo right beside her.",
            [AtAnEnd(who="Ana"), Adjacent(who="Bo", of="Ana")],
        ),
        (
            "Ana sits next to neither Bo nor Cy.",
            [Not(clue=Adjacent(who="Ana", of="Bo")), Not(clue=Adjacent(who="Ana", of="Cy"))],
        ),
        (
            "Either Ana or Bo, but not both, stands at an end.",
            [ExactlyOne(clues=(AtAnEnd(who="Ana"), AtAnEnd(who="Bo")))],
        ),
        (
            "Ana stands third from the left and Bo fifth from the left.",
            [Place(who="Ana", place=3, end="left"), Place(who="Bo", place=5, end="left")],
        ),
        ("Two of them stand to the left of Ana.", [Place(who="Ana", place=3, end="left")]),
        ("Ana has exactly one person to her right.", [Place(who="Ana", place=2, end="right")]),
        (
            "There are at least two people to the left of Ana.",
            [Not(clue=Place(who="Ana", place=i, end="left")) for i in (1, 2)],
        ),
        (
            "Ana and Bo stand next to Cy and Di, respectively.",
            [Adjacent(who="Ana", of="Cy"), Adjacent(who="Bo", of="Di")],
        ),
        (
            "Ana and Bo stand at the right and left ends respectively.",
            [Place(who="Ana", place=1, end="right"), Place(who="Bo", place=1, end="left")],
        ),
        ("The left end is occupied by Ana.", [Place(who="Ana", place=1, end="left")]),
        ("The leftmost place is not taken by Ana.", [Not(clue=Place(who="Ana", place=1, end="left"))]),
        ("The two ends are held by Ana and Bo.", [OtherEnd(who="Ana", of="Bo")]),
        ("The fifth singer is Ed.", []),
        ("Ed takes the remaining place.", []),
    ],
)
def test_a_sentence_is_these_clues(sentence, clues):
    assert list(seating.read(ROW + sentence + QUERY, ()).clues) == clues


def test_a_pronoun_means_the_one_other_person_who_was_spoken_of():
    clues = seating.read(ROW + "Ana stands at an end. Bo stands immediately to her right." + QUERY, ()).clues
    assert clues == (AtAnEnd(who="Ana"), Beside(who="Bo", side="right", of="Ana"))
    with pytest.raises(Unread):
        seating.read(ROW + "Ana stands next to Cy. Bo stands immediately to her right." + QUERY, ())


def test_an_order_is_everybodys_place():
    row = seating.read("Ana, Bo and Cy sit in a row in exactly that order, from left to right." + QUERY, ())
    assert row.clues == tuple(Place(who=name, place=i, end="left") for i, name in enumerate(PEOPLE[:3], 1))
    circle = seating.read("Three friends sit in a circle. Going clockwise they are Ana, Bo and Cy." + QUERY, ())
    assert circle.clues == tuple(
        Beside(who=other, side="clockwise", of=name) for name, other in (("Ana", "Bo"), ("Bo", "Cy"))
    )


def test_two_rows_look_at_each_other():
    problem = seating.read(
        "Four people are seated in two parallel rows of two so that each person in one row faces a person in the "
        "other. Ana and Bo are in row 1 and face north; Cy and Di are in row 2 and face south. Ana faces Cy. "
        "Who faces Bo?",
        ("Cy", "Di"),
    )
    assert (problem.shape, problem.first_faces) == ("rows", "north")
    assert problem.clues[:2] == (InRow(who="Ana", row="first"), InRow(who="Bo", row="first"))
    assert problem.clues[-1] == Opposite(who="Ana", of="Cy")
    assert seating.solve(problem).statuses == ("cannot", "must")


def test_what_people_have_besides_a_seat_is_read_where_it_is_listed():
    problem = seating.read(
        "Ana, Bo and Cy sit in a row facing the counter. Each ordered a different drink: tea, coffee or milk. The one "
        "who ordered tea sits at the left end. Ana, who ordered coffee, is next to Bo. Cy did not order tea. What "
        "did Cy order?",
        ("tea", "milk"),
    )
    assert [attribute.values for attribute in problem.attributes] == [("tea", "coffee", "milk")]
    assert Is(who="Ana", of="coffee") in problem.clues
    assert problem.query == WhatHas(who="Cy", attribute="drink")
    assert seating.solve(problem).statuses == ("cannot", "must")


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Which one of these is in the middle?", None),
        ("How many people stand to the left of Ana?", HowManyBeyond(who="Ana", side="left")),
        ("By whom is the right end occupied?", WhoSits(where=Place(who="?", place=1, end="right"))),
        ("Who ended up at the right end?", WhoSits(where=Place(who="?", place=1, end="right"))),
        ("Which of them is standing next to Ana?", WhoSits(where=Adjacent(who="?", of="Ana"))),
        ("Who is to the left of Ana?", WhoSits(where=Somewhere(who="?", side="left", of="Ana"))),
    ],
)
def test_a_question_asks_this(question, query):
    if query is None:
        query = seating.read(ROW + "Who is in the middle?", ()).query
    assert seating.read(ROW + question, ()).query == query


def test_choices_may_be_orders_and_places():
    order = seating.read(
        "Ana, Bo and Cy sit in a row. Which of the following lists the people from left to right?",
        ("Ana, Bo, Cy", "Cy, Bo, Ana"),
    )
    assert order.query == Which()
    assert order.choices[1] == AllOf(
        clues=tuple(Place(who=name, place=i, end="left") for i, name in enumerate(("Cy", "Bo", "Ana"), 1))
    )
    place = seating.read(
        "Ana, Bo and Cy sit in a row. What is the position of Ana with respect to Cy?",
        ("second to the left", "immediate right"),
    )
    assert place.choices == (
        Beside(who="Ana", side="left", steps=2, of="Cy"),
        Beside(who="Ana", side="right", of="Cy"),
    )


def test_the_others_look_the_other_way():
    problem = seating.read(
        "Four friends, Ana, Bo, Cy and Di, sit in a circle. Ana faces the centre, while the other three face outwards."
        + QUERY,
        (),
    )
    assert problem.facing == "mixed"
    assert problem.clues[1:] == tuple(Faces(who=name, direction="outwards") for name in ("Bo", "Cy", "Di"))


@pytest.mark.parametrize(
    "text",
    [
        "Ana, Bo, Cy and Di sit in a semicircle facing the stage.",
        "Ana, Bo, Cy and Di sit around an oval table.",
        "Ana, Bo, Cy and Di sit around a round table facing the window.",
        "Ana, Bo, Cy and Di sit in two rows.",
        "Six people sit in a row. Two boys sit between Ana and Bo.",
        "Ana, Bo, Cy and Di sit in that order.",
        "Ana, Bo, Cy and Di sit in a row. Ana is in seat 2.",
        "Ana, Bo, Cy and Di sit in a row, each facing north or south. Two people sit to the left of Ana.",
        "Ana, Bo, Cy and Di sit in a row. Ana is Bo.",
        "Ana, Bo, Cy and Di sit in a row except Bo.",
        "Five friends, Ana, Bo, Cy, Di and Ed, sit in a row. Ana is the third.",
        "Ana, Bo, Cy and Di sit in a row of four. Ana and Bo swap places at noon.",
    ],
)
def test_what_is_not_said_in_full_is_not_read(text):
    with pytest.raises(Unread):
        seating.read(text + QUERY, ())


@pytest.mark.parametrize(
    "setting",
    [
        "sit at a round table in a horseshoe",
        "sit around a sofa",
        "sit in a row around a table",
        "sit in a row on five non-adjacent seats",
        "sit in a row, not necessarily in the same order, from left to right",
        "sit in a row in that order from left to right, not necessarily in that order",
    ],
)
def test_a_scene_that_may_be_another_one_is_not_read(setting):
    with pytest.raises(Unread):
        seating.read(f"Ana, Bo, Cy, Di and Ed {setting}." + QUERY, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Ana and Bo do not stand at the two ends.",
        "Ana and Bo do not stand next to Cy and Di respectively.",
        "Ana might not stand next to Bo.",
        "In the photo Ana is at the left end.",
        "Ana is at the left end in the photo.",
        "Seen from above, Ana stands immediately to the left of Bo.",
        "Ana stands at the same distance to the left of Bo.",
        "The person to the left of Bo is Ana.",
        "Ana stands second to the left of Bo and Cy.",
        "Ana and Bo stand next to Cy and Di.",
        "The one to the right of Bo is not Ana.",
    ],
)
def test_a_word_that_changes_the_meaning_is_not_passed_over(sentence):
    with pytest.raises(Unread):
        seating.read(ROW + sentence + QUERY, ())


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Which of the following could be the order from left to right?", Which(can=True)),
        ("Which of the following cannot be the order from left to right?", Which(truth=False)),
        ("Which of the following is not a possible order from left to right?", Which(truth=False)),
        ("Which of the following is an impossible order from left to right?", Which(truth=False)),
    ],
)
def test_a_question_for_an_order_that_cannot_be_is_no_question_for_one_that_can(question, query):
    problem = seating.read(
        "Ana, Bo and Cy sit in a row. Ana sits at the left end. " + question, ("Ana, Bo, Cy", "Bo, Ana, Cy")
    )
    assert problem.query == query


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Each of the following could be true except:", Which(truth=False)),
        ("All of the following must be true except which one?", Which(truth=False, can=True)),
        ("Each of the following could be false except:", Which()),
        ("All of the following cannot be true except one?", Which(can=True)),
        ("Which of the following need not be true?", Which(truth=False, can=True)),
        ("Which statement is not necessarily true?", Which(truth=False, can=True)),
    ],
)
def test_the_exception_is_the_choice_of_which_it_is_not_true(question, query):
    assert seating.read(ROW + question, ("Ana stands next to Bo", "Ana stands at an end")).query == query
