import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper import prompts
from stumper.errors import BadInput
from stumper.types import Question, digest

QUESTION = Question(
    topic="blood_relations",
    stem="Ana is Bo's mother. How is Bo related to Ana?",
    choices=("son", "uncle", "father", "niece"),
    key="A",
    reasoning="Secret reasoning.",
    level=1,
    clues={"secret": "clues"},
)


def test_an_answerer_never_sees_key_reasoning_or_clues():
    text = " ".join(message.content for message in prompts.render_answer_request(QUESTION))
    assert "Secret" not in text
    assert "secret" not in text
    moved = QUESTION.model_copy(update={"key": "C", "reasoning": "", "clues": None})
    assert prompts.render_answer_request(moved) == prompts.render_answer_request(QUESTION)


def test_the_order_shown_maps_positions_to_choices():
    shown = prompts.render_answer_request(QUESTION, (2, 0, 3, 1))[-1].content
    assert shown.splitlines()[1:] == ["A) father", "B) son", "C) niece", "D) uncle"]


def test_a_question_survives_the_challenge_format():
    again = prompts.from_challenge(prompts.to_challenge(QUESTION))
    assert again == QUESTION.model_copy(update={"level": None, "clues": None})


@pytest.mark.parametrize(
    ("answer", "key"), [("B", "B"), ("b", "B"), ("B) uncle", "B"), ("(b) uncle", "B"), (" A. son", "A"), (None, None)]
)
def test_keys_are_read_in_the_forms_people_write_them(answer, key):
    record = {"question": "Who?", "choices": ["son", "uncle"], "answer": answer}
    assert prompts.from_challenge(record).key == key


@pytest.mark.parametrize(
    "change",
    [
        {"question": ""},
        {"question": 7},
        {"choices": "A) x"},
        {"choices": ["A) x"]},
        {"choices": ["x"] * 10},
        {"choices": ["x", ""]},
        {"choices": ["x", 3]},
        {"answer": "E"},
        {"answer": "AB"},
        {"answer": 1},
        {"answer": ["A"]},
    ],
)
def test_a_bad_record_is_one_sentence_that_names_where_and_what(change):
    record = {"question": "Who?", "choices": ["A) x", "B) y"], "answer": "A"} | change
    with pytest.raises(BadInput, match=rf'^file, line 7: "{next(iter(change))}" must be'):
        prompts.from_challenge(record, where="file, line 7")


def test_letters_are_stripped_only_when_all_choices_carry_their_own():
    assert prompts.from_challenge({"question": "q", "choices": ["A) x", "B) y"]}).choices == ("x", "y")
    assert prompts.from_challenge({"question": "q", "choices": ["A. Smith", "Bo"]}).choices == ("A. Smith", "Bo")
    assert prompts.from_challenge({"question": "q", "choices": ["B) x", "A) y"]}).choices == ("B) x", "A) y")


@given(
    st.text()
    | st.recursive(st.none() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)).map(
        json.dumps
    )
)
def test_a_reply_is_a_question_or_a_reason_and_never_a_crash(text):
    assert isinstance(prompts.parse_question(text, "seating"), Question | str)
    assert isinstance(prompts.parse_answer(text, 4), tuple | str)


@pytest.mark.parametrize(
    "text",
    [
        '{"answer": "A", "answer": "B"}',
        '{"answer": "E"}',
        '{"answer": "AB"}',
        '{"answer": ""}',
        '["A"]',
        "A",
        '{"answer": "A"} {"answer": "B"}',
    ],
)
def test_an_answer_that_is_not_one_letter_of_a_choice_is_none(text):
    assert isinstance(prompts.parse_answer(text, 4), str)


def test_an_answer_is_read_back():
    assert prompts.parse_answer(prompts.write_answer("C", "because"), 4) == ("C", "because")


@pytest.mark.parametrize("reasoning", ["", "so", 'a "quoted" é'])
def test_openings_are_how_a_written_answer_begins(reasoning):
    assert prompts.write_answer("C", reasoning).startswith(prompts.answer_opening(reasoning) + "C")
    assert prompts.write_answer("C", "aunt").startswith(prompts.STATED_OPENING + prompts.stated("aunt"))
    assert not prompts.ANSWER_OPENING.endswith(" ")


def test_half_characters_are_replaced_so_that_every_question_can_be_written_to_a_file():
    record = {"question": "\ud800?", "choices": ["x\udfff", "y"], "topic": "\ud800", "explanation": "\ud800"}
    digest(prompts.from_challenge(record))


def test_choices_that_differ_in_a_full_stop_alone_are_the_same():
    def reply(third):
        record = {"question": "q?", "choices": ["A) Ann", "B) Bo.", f"C) {third}", "D) -5"], "answer": "A"}
        return prompts.parse_question(json.dumps(record), "seating")

    assert reply("bo") == "question: two choices are the same"
    assert isinstance(reply("5"), Question)
