"""Rulings: what is proven, what is refuted, and what the oracle refuses to judge."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stumper import oracle, puzzles
from stumper.errors import BadInput
from stumper.oracle.conventions import points
from stumper.oracle.engines import Disagreement
from stumper.oracle.text import MOST_CHARACTERS
from stumper.puzzles import Unread, blood_relations
from stumper.types import LETTERS, Question, canonical

STEM = "Ana is Bo's mother. Bo is Cy's father. How is Ana related to Cy?"
CHOICES = ("Mother", "Grandmother", "Aunt", "Sister")


def rule(stem=STEM, choices=CHOICES, key="B", topic="blood_relations", clues=None, conventions="strict"):
    question = Question(topic=topic, stem=stem, choices=choices, key=key, clues=clues)
    return oracle.prove(question, conventions)


def test_the_one_choice_that_must_hold_is_proven():
    ruling = rule()
    assert (ruling.ruling, ruling.true_key) == ("proven", "B")
    assert "B (Grandmother)" in ruling.why


def test_another_key_is_wrong_and_the_right_one_is_named():
    ruling = rule(key="A")
    assert (ruling.ruling, ruling.true_key) == ("wrong_key", "B")
    assert "the key is A" in ruling.why


def test_without_a_key_the_one_right_letter_is_given():
    ruling = rule(key=None)
    assert (ruling.ruling, ruling.true_key) == ("proven", "B")


def test_no_choice_that_must_hold_is_ambiguous():
    ruling = rule(stem="Ana is Bo's mother. Bo is Cy's brother-in-law. How is Ana related to Cy?")
    assert (ruling.ruling, ruling.true_key) == ("ambiguous", None)
    assert "no choice is right in all models" in ruling.why


def test_two_names_for_one_relation_are_ambiguous():
    ruling = rule(choices=("Grandparent", "Grandmother", "Aunt", "Sister"))
    assert (ruling.ruling, ruling.true_key) == ("ambiguous", None)
    assert "A (Grandparent) and B (Grandmother)" in ruling.why


def test_where_no_choice_can_hold_none_is_right():
    ruling = rule(choices=("Mother", "Son", "Father", "Uncle"))
    assert (ruling.ruling, ruling.true_key) == ("ambiguous", None)
    assert "none of them can hold" in ruling.why


def test_clues_that_nothing_fits_are_contradictory():
    ruling = rule(stem="Ana is Bo's mother. Bo is Ana's mother. How is Ana related to Bo?")
    assert (ruling.ruling, ruling.true_key) == ("contradictory", None)


def test_a_step_mother_by_strict_reading_makes_the_answer_depend_on_conventions():
    stem = "Ana is Bo's wife. Bo is Cy's father. How is Ana related to Cy?"
    ruling = rule(stem=stem, key="A")
    assert ruling.ruling == "convention_dependent"
    assert points("blood_relations")["parents"].asks in ruling.why
    assert "parents: unmarried it is ambiguous" in ruling.why
    assert "parents: married it is proven" in ruling.why
    assert rule(stem=stem, key="A", conventions="exam-india").ruling == "proven"
    assert rule(stem=stem, key="B", conventions="exam-india").ruling == "wrong_key"


def test_unknown_conventions_are_refused_with_those_there_are():
    with pytest.raises(BadInput, match="exam-india"):
        rule(conventions="loose")


def test_an_unread_sentence_is_quoted():
    ruling = rule(stem="Ana is Bo's only mother. How is Ana related to Bo?")
    assert ruling.ruling == "unformalised"
    assert "Ana is Bo's only mother." in ruling.why
    assert ruling.certificate is None


def test_an_unread_choice_is_quoted():
    ruling = rule(choices=("Mother", "Grandmother", "Aunt", "Best friend"))
    assert ruling.ruling == "unformalised"
    assert "Best friend" in ruling.why


def test_a_topic_that_is_no_family_is_tried_with_all():
    assert rule(topic="puzzles about my relatives").ruling == "proven"


def test_the_title_of_a_family_is_its_topic():
    assert rule(topic=blood_relations.TITLE).ruling == "proven"


def test_a_topic_that_is_a_family_is_read_by_that_alone():
    other = next(name for name in puzzles.families() if name != "blood_relations")
    assert rule(topic=other).ruling == "unformalised"


@pytest.mark.parametrize(
    ("clues", "why"),
    [
        ({}, "not valid"),
        ({"clues": [[[[]]]], "query": 3, "choices": None}, "not valid"),
        (
            blood_relations.read(STEM.replace("father", "uncle"), CHOICES).model_dump(mode="json"),
            "the text and its formal clues differ",
        ),
        (
            blood_relations.read(STEM, CHOICES[::-1]).model_dump(mode="json"),
            "the text and its formal clues differ",
        ),
    ],
)
def test_formal_clues_prove_nothing_about_a_text_that_says_something_else(clues, why):
    ruling = rule(clues=clues)
    assert ruling.ruling == "unformalised"
    assert why in ruling.why


def test_formal_clues_in_another_order_say_the_same():
    clues = blood_relations.read(STEM, CHOICES).model_dump(mode="json")
    clues["clues"].reverse()
    assert rule(clues=clues).ruling == "proven"


def test_the_certificate_states_the_problem_the_statuses_and_the_models():
    ruling = rule()
    certificate = ruling.certificate
    assert certificate["family"] == "blood_relations"
    assert certificate["version"] == oracle.VERSION
    for reading in certificate["readings"]:
        assert reading["choices"]["B"] == "must"
        assert reading["models"] > 0
        assert 1 <= len(reading["witnesses"]) <= 2
    family = puzzles.family(certificate["family"])
    problem = family.load(certificate["problem"])
    for reading in certificate["readings"]:
        solution = family.solve(problem.under(reading["conventions"]))
        assert dict(zip(LETTERS, solution.statuses, strict=False)) == reading["choices"]
    canonical(ruling)


def test_an_ambiguous_question_comes_with_two_families_that_differ():
    ruling = rule(stem="Ana is Bo's mother. Bo is Cy's brother-in-law. How is Ana related to Cy?")
    first, second = ruling.certificate["readings"][0]["witnesses"]
    assert first != second


def test_two_arrangements_that_differ_show_why_a_question_is_ambiguous():
    ruling = rule(
        topic="seating",
        stem="Ana, Bo, Cy and Dan sit in a row facing north. Ana is at the left end. Who is at the right end?",
        choices=("Bo", "Cy", "Dan", "Ana"),
    )
    assert ruling.ruling == "ambiguous"
    first, second = ruling.certificate["readings"][0]["witnesses"]
    assert first["left_to_right"][3] != second["left_to_right"][3]
    for model in (first, second):
        assert f"left_to_right {', '.join(model['left_to_right'])}" in ruling.why


SEATED = "Ana, Bo, Cy and Dan sit in a row facing north."


def test_the_clues_that_clash_and_the_fewest_to_drop_are_named():
    stem = (
        f"{SEATED} Ana is immediately to the left of Bo. Cy is at the left end. Bo is immediately to the left of Ana. "
        "Dan is at the right end. Who is at the right end?"
    )
    reading = rule(topic="seating", stem=stem, choices=("Bo", "Cy", "Dan", "Ana")).certificate["readings"][0]
    assert reading["ruling"] == "contradictory"
    assert reading["clash"] == [0, 2]
    assert reading["repair"] in ([0], [2])


def test_two_clashes_that_share_no_clue_take_two_repairs():
    stem = (
        f"{SEATED} Ana is at the left end. Ana is at the right end. "
        "Bo is immediately to the left of Cy. Cy is immediately to the left of Bo. Who is at the right end?"
    )
    reading = rule(topic="seating", stem=stem, choices=("Bo", "Cy", "Dan", "Ana")).certificate["readings"][0]
    assert reading["clash"] in ([0, 1], [2, 3])
    assert len({i // 2 for i in reading["repair"]}) == len(reading["repair"]) == 2


def test_a_text_of_any_length_is_refused_at_once():
    start = time.process_time()
    for long in ({"stem": "Ana is Bo's mother. " * 60_000}, {"choices": ("Ana " * 300_000, "Bo")}):
        ruling = rule(topic="", key=None, **long)
        assert ruling.ruling == "unformalised"
        assert f"{MOST_CHARACTERS:,}" in ruling.why
    assert time.process_time() - start < 1


def test_an_error_of_ours_is_a_ruling_that_says_so_and_is_logged(monkeypatch, caplog):
    def broken(stem, choices):
        raise KeyError("seat")

    monkeypatch.setattr(blood_relations, "read", broken)
    ruling = rule()
    assert (ruling.ruling, ruling.true_key) == ("unformalised", None)
    assert ruling.why.startswith(oracle.OWN_FAULT)
    assert "KeyError" in caplog.text


def test_engines_that_disagree_stop_the_work(monkeypatch):
    monkeypatch.setattr(blood_relations, "recheck", lambda problem, ask: ("cannot",) * 4, raising=False)
    with pytest.raises(Disagreement, match="please report this problem"):
        rule()


def test_a_long_sentence_is_quoted_in_part(monkeypatch):
    def unread(stem, choices):
        raise Unread("x" * 5000)

    monkeypatch.setattr(blood_relations, "read", unread)
    assert len(rule().why) < 300


@pytest.mark.parametrize(
    ("stem", "ruling", "why"),
    [
        (STEM, "proven", "grandmother"),
        ("Ana is Bo's mother. Bo is Cy's brother-in-law. How is Ana related to Cy?", "ambiguous", "no answer"),
        ("Ana is Bo's wife. Bo is Cy's father. How is Ana related to Cy?", "convention_dependent", "mother"),
        ("Ana is Bo's mother. Bo is Ana's mother. How is Ana related to Bo?", "contradictory", "nothing fits"),
        ("Ana is Bo's mother. Bo is Cy's father. Who is Cy's grandmother?", "proven", "Ana"),
        ("Who will win?", "unformalised", "Who will win?"),
    ],
)
def test_open_questions_are_ruled_on_by_their_answer(stem, ruling, why):
    found = rule(stem=stem, choices=(), key=None)
    assert found.ruling == ruling
    assert why in found.why


def test_a_shuffled_question_keeps_its_ruling():
    for seed in range(20):
        rng = random.Random(seed)
        question = blood_relations.make(rng, 1 + seed % 5)
        order = rng.sample(range(4), 4)
        key = LETTERS[order.index(LETTERS.index(question.key))]
        shuffled = question.model_copy(
            update={"choices": tuple(question.choices[i] for i in order), "key": key, "clues": None}
        )
        ruling = oracle.prove(shuffled)
        assert (ruling.ruling, ruling.true_key) == ("proven", key)


def test_every_wrong_letter_of_a_set_question_is_a_wrong_key():
    for seed in range(10):
        question = blood_relations.make(random.Random(seed), 3)
        for letter in set("ABCD") - {question.key}:
            ruling = oracle.prove(question.model_copy(update={"key": letter}))
            assert (ruling.ruling, ruling.true_key) == ("wrong_key", question.key)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    topic=st.sampled_from(["", "blood_relations", "seating", "\ud800", "Ana"]),
    stem=st.text(max_size=200) | st.just(STEM),
    choices=st.lists(st.text(max_size=20) | st.sampled_from(CHOICES), max_size=9),
    key=st.none() | st.just("A"),
    clues=st.none() | st.dictionaries(st.sampled_from(["clues", "query", "choices", "x"]), json_values, max_size=4),
)
def test_no_question_makes_the_oracle_raise(topic, stem, choices, key, clues):
    key = key if choices else None
    ruling = oracle.prove(Question(topic=topic, stem=stem, choices=tuple(choices), key=key, clues=clues))
    assert ruling.ruling != "proven" or stem == STEM


@pytest.mark.parametrize("topic", ["blood_relations", "nonsense"])
def test_too_large_is_unformalised(topic):
    clues = " ".join(f"Ab{i} is Ab{i + 1}'s uncle." for i in range(25))
    ruling = rule(topic=topic, stem=f"{clues} How is Ab0 related to Ab1?")
    assert ruling.ruling == "unformalised"
    assert "too large" in ruling.why


def test_a_question_that_reads_is_drawn():
    assert oracle.draw(Question(topic="blood_relations", stem=STEM, choices=CHOICES)).startswith("<svg")
    assert oracle.draw(Question(topic="blood_relations", stem="Who?", choices=CHOICES)) is None


def test_half_a_character_is_refused_and_can_be_printed():
    question = blood_relations.make(random.Random(1), 1)
    ruling = oracle.prove(question.model_copy(update={"stem": f"{question.stem}\ud800"}))
    assert ruling.ruling == "unformalised"
    assert "half a character" in ruling.why
    ruling.why.encode()


@pytest.mark.parametrize(
    "topic", ["truth_tellers", "series", "seating", "linear_orders", "blood_relations", "syllogisms"]
)
def test_a_superscript_is_no_number(topic):
    question = Question(topic=topic, stem="¹;AA ² of 3", choices=("1", "²"), key="A")
    ruling = oracle.prove(question)
    assert ruling.ruling == "unformalised"
    assert oracle.OWN_FAULT not in ruling.why
