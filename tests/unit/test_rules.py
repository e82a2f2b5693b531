"""The editions as their organisers' code plays them, and as they meant them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stumper import discover, prompts, puzzles
from stumper.arena import rules as arena
from stumper.errors import BadInput
from stumper.types import Question


def words(text):
    """One word, one token."""
    return len(text.split())


FAITHFUL = arena.load_rules("sf-2025")
FIXED = arena.load_rules("sf-2025", traps="fixed")


def question(**changes):
    record = {
        "topic": "Blood Relations",
        "question": "How is Ann related to Cid?",
        "choices": ["A) aunt", "B) mother", "C) niece", "D) sister"],
        "answer": "B",
    }
    return {**record, **changes}


@pytest.mark.parametrize("edition", ["aaipl-2025", "sf-2025", "aaipl-2026"])
def test_every_edition_loads_and_names_families_that_exist(edition):
    rules = arena.load_rules(edition)
    assert rules.edition == edition
    assert {t.family for t in rules.topics} - {""} <= set(puzzles.families())
    assert arena.load_rules(edition, traps="fixed").traps == FIXED.traps


@pytest.mark.parametrize(
    ("edition", "question_seconds", "answer_seconds", "topics"),
    [("aaipl-2025", 10, 6, 3), ("sf-2025", 10, 6, 2), ("aaipl-2026", 13, 9, 4)],
)
def test_editions_differ_as_announced(edition, question_seconds, answer_seconds, topics):
    rules = arena.load_rules(edition)
    assert (rules.question.seconds, rules.answer.seconds) == (question_seconds, answer_seconds)
    assert len(rules.topics) == topics
    assert (rules.question.max_new_tokens, rules.answer.max_new_tokens) == (1024, 512)


def test_a_family_title_in_an_edition_is_the_one_the_model_was_trained_on():
    titles = {t.family: t.title for t in FAITHFUL.topics}
    assert titles == {name: puzzles.family(name).TITLE for name in titles}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"edition": None}, "edition"),
        ({"seconds": 3}, "unknown key seconds; allowed here: edition"),
        ({"traps": {"timing": "broken"}}, "traps.comparison is missing"),
        ({"disqualified_below": "half"}, "disqualified_below"),
        ({"question": 3}, "question"),
        ({"dropped_rulings": ["wrong"]}, "dropped_rulings.0"),
        ({"topics": []}, "topics"),
    ],
)
def test_mistakes_in_rules_name_file_and_key(tmp_path, change, message):
    tree = yaml.safe_load((discover.shipped("rules") / "sf-2025.yaml").read_text())
    path = tmp_path / "house.yaml"
    path.write_text(yaml.safe_dump(tree | change))
    with pytest.raises(BadInput) as error:
        arena.load_rules(str(path))
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_an_unknown_edition_is_answered_with_those_there_are():
    with pytest.raises(BadInput, match="aaipl-2025, aaipl-2026, sf-2025"):
        arena.load_rules("sf-2024")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)
)


@pytest.mark.parametrize(
    "text", ["", "[", "- 1", "topics: [" * 5000, BOMB, BOMB + "topics: [*m]\nedition: *m\n", "\x00", "x" * 200_000]
)
def test_hostile_rules_are_refused_in_a_sentence(tmp_path, text):
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(BadInput) as error:
        arena.load_rules(str(path))
    assert len(str(error.value)) < 1000


def test_missing_files_are_named(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere\.yaml"):
        arena.load_rules(str(tmp_path / "nowhere.yaml"))


def test_a_sound_question_passes_the_filter():
    assert arena.check_question(question(), FAITHFUL, words) == []
    assert arena.check_question(question(explanation="Because."), FIXED, words) == []


QUESTION_FAULTS = {
    "no topic": ({"topic": ...}, '"topic" is missing'),
    "three choices": ({"choices": ["A) x", "B) x", "C) x"]}, "must be 4, found 3"),
    "five choices": ({"choices": ["A) x"] * 5}, "must be 4, found 5"),
    "choices as text": ({"choices": "A) x"}, "must be a list"),
    "short choice": ({"choices": ["A)", "B) x", "C) x", "D) x"]}, "choice 1 must be a string of more than 2"),
    "choice as number": ({"choices": [1, "B) x", "C) x", "D) x"]}, "choice 1"),
    "foreign letter": ({"choices": ["A) x", "B) x", "C) x", "E) x"]}, "choice 4 must begin with"),
    "key as number": ({"answer": 2}, '"answer" must be a string'),
    "key as list": ({"answer": ["B"]}, '"answer" must be a string'),
    "explanation as list": ({"explanation": ["x"]}, '"explanation" must be a string'),
}


@pytest.mark.parametrize("fault", QUESTION_FAULTS)
def test_question_faults_are_named(fault):
    change, message = QUESTION_FAULTS[fault]
    record = {key: value for key, value in question(**change).items() if value is not ...}
    problems = arena.check_question(record, FAITHFUL, words)
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize("record", [None, [], "text", 3])
def test_records_that_are_no_objects_are_no_crash(record):
    assert arena.check_question(record, FAITHFUL, words)
    assert arena.check_answer(record, FAITHFUL, words)


def test_choices_may_begin_with_small_letters_and_in_any_order():
    assert arena.check_question(question(choices=["a is", "b is", "b to", "AND"]), FAITHFUL, words) == []


def test_the_token_limit_of_a_question_is_130_after_15_are_taken_off():
    rest = 1 + 4 * 2
    fits = question(question=" ".join(["w"] * (144 - rest)))
    assert arena.check_question(fits, FAITHFUL, words) == []
    over = question(question=" ".join(["w"] * (145 - rest)))
    assert "take 130 tokens, 129 are allowed" in arena.check_question(over, FAITHFUL, words)[0]


def test_the_token_limit_with_explanation_is_1024():
    core = words(question()["question"]) + 1 + 4 * 2 - 15
    assert arena.check_question(question(explanation="w " * (1024 - core)), FAITHFUL, words) == []
    assert "1025 tokens" in arena.check_question(question(explanation="w " * (1025 - core)), FAITHFUL, words)[0]


def test_without_a_tokenizer_the_token_limits_are_not_checked():
    assert arena.check_question(question(question="w " * 9000), FAITHFUL, lambda text: None) == []


def test_the_answer_filter():
    def problems(record):
        return arena.check_answer(record, FAITHFUL, words)

    assert problems({"answer": "B"}) == []
    assert problems({"answer": "b", "reasoning": "w " * 510}) == []
    assert problems({"answer": "B) mother"}) == []
    assert problems({}) == ['"answer" is missing']
    assert problems({"answer": 2}) == ['"answer" must be a string']
    assert problems({"answer": "E"}) == ['"answer" must be one of ABCDabcd']
    assert "50 tokens" in problems({"answer": "w " * 50})[0]
    assert "512 tokens" in problems({"answer": "B", "reasoning": "w " * 511})[0]
    assert problems({"answer": "B", "reasoning": {}}) == []
    assert problems({"answer": "B", "reasoning": ["w"]}) == ['"reasoning" must be a string']


def test_the_official_sample_key_passes_in_faithful_mode_alone():
    sample = question(answer="A) 572")
    assert arena.check_question(sample, FAITHFUL, words) == []
    assert arena.check_question(sample, FIXED, words) == ['"answer" must be one of ABCD']


@pytest.mark.parametrize(
    ("key", "said", "faithful", "fixed"),
    [
        ("B", "B", True, True),
        ("B", "A", False, False),
        ("B", "b", False, True),
        ("B", "B) mother", False, True),
        ("A) 572", "A", True, True),
        ("", "B", False, False),
        ("", "", False, False),
        ("Both", "B", True, False),
        ("B", "Both of them", False, False),
    ],
)
def test_the_scorer_compares_the_keys_first_character(key, said, faithful, fixed):
    assert arena.is_correct({"answer": key}, {"answer": said}, FAITHFUL) == faithful
    assert arena.is_correct({"answer": key}, {"answer": said}, FIXED) == fixed


@given(st.integers(2, 60))
def test_a_partial_last_batch_is_generated_twice_in_faithful_mode(n):
    assert arena.questions_due(FIXED, n) == n
    batches = [5] * (n // 5) + [n % 5] * 2
    assert arena.questions_due(FAITHFUL, n) == sum(batches)


def test_the_number_of_questions_has_bounds():
    with pytest.raises(BadInput, match="2 to any number of questions an innings, not 1"):
        arena.questions_due(FAITHFUL, 1)


def test_a_batch_shares_its_time_in_faithful_mode():
    seconds = [1.0, 1.0, 1.0, 1.0, 21.0, 8.0]
    assert arena.charged(seconds, FIXED) == seconds
    assert arena.charged(seconds, FAITHFUL) == [5.0] * 5 + [8.0]
    assert arena.charged([], FAITHFUL) == []


def test_what_the_prompts_write_passes_the_filter():
    written = prompts.to_challenge(
        Question(topic="t", stem="Who?", choices=("Ann", "Bob", "Cid", "Dee"), key="C", reasoning="So."), "Title"
    )
    for rules in (FAITHFUL, FIXED):
        assert arena.check_question(written, rules, words) == []
