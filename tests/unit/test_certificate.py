"""Certificates: an honest one is replayed, a touched one is not."""

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stumper import oracle, puzzles
from stumper.cli import main
from stumper.oracle.check import check
from stumper.types import Question

checked = pytest.mark.parametrize("name", puzzles.families())

SHELF = "On a shelf, there are four books: a white book, a green book, a purple book and a yellow book."


def made(name, seed, level=2):
    return puzzles.family(name).make(random.Random(seed), level)


def record(question, conventions="strict"):
    ruling = oracle.prove(question, conventions)
    return json.loads(json.dumps({"id": "1", **ruling.model_dump(mode="json")}))


def shelf(stem, choices=("white book", "green book", "purple book", "yellow book"), key=None):
    return Question(topic="linear_orders", stem=f"{SHELF} {stem}", choices=choices, key=key)


@checked
@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_ruling_is_replayed_by_clingo_alone(name, level, monkeypatch):
    questions = [made(name, seed, level) for seed in range(6)]
    records = [(question, record(question)) for question in questions]
    monkeypatch.setattr(puzzles.family(name), "solve", None)
    for question, each in records:
        assert check(each, question) is None


@pytest.mark.parametrize(
    ("question", "ruling"),
    [
        (shelf("The white book is to the left of the green book. Which book is leftmost?"), "ambiguous"),
        (shelf("The white book is second from the left. Which book is second from the left?", key="B"), "wrong_key"),
        (
            shelf(
                "The white book is to the left of the green book. The green book is to the left of the white book. "
                "Which book is leftmost?"
            ),
            "contradictory",
        ),
        (shelf("The green book is leftmost. Which book is leftmost?", choices=()), "proven"),
        (shelf("The green book smells. Which book is leftmost?"), "unformalised"),
    ],
)
def test_every_ruling_is_replayed(question, ruling):
    each = record(question)
    assert each["ruling"] == ruling
    assert check(each, question) is None


def tampered(name, each):
    """(what was done, the record with that done to it)"""

    def change(what, *path, to):
        touched = copy.deepcopy(each)
        inner = touched
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to(inner[path[-1]]) if callable(to) else to
        assert touched != each, what
        return what, touched

    letter = each["true_key"]
    other = "A" if letter != "A" else "B"
    reading = ("certificate", "readings", 0)
    clues = "premises" if "premises" in each["certificate"]["problem"] else "clues"
    yield change("status of the key", *reading, "choices", letter, to="could")
    yield change("status of another choice", *reading, "choices", other, to=lambda s: "must")
    yield change("a choice left out", *reading, "choices", to=lambda c: {k: v for k, v in c.items() if k != "D"})
    yield change("key", "true_key", to=other)
    yield change("no key", "true_key", to=None)
    yield change("ruling", "ruling", to="wrong_key")
    yield change("ruling and key", "ruling", to="ambiguous")
    yield change("the key that was ruled on", "certificate", "key", to=other)
    yield change("a dropped clue", "certificate", "problem", clues, to=lambda c: c[1:])
    yield change("a doubled clue", "certificate", "problem", clues, to=lambda c: [*c, c[0]])
    yield change("choices in another order", "certificate", "problem", "choices", to=lambda c: c[::-1])
    yield change("an unknown profile", "certificate", "profile", to="loose")
    yield change("another family", "certificate", "family", to="nothing")
    yield change("no readings", "certificate", "readings", to=[])
    yield change("a reading twice", "certificate", "readings", to=lambda r: [*r, r[0]])
    yield change("no models", *reading, "models", to=0)
    yield change("no witness", *reading, "witnesses", to=[])
    yield change("a witness twice", *reading, "witnesses", to=lambda w: [w[0], w[0]])
    yield change("another version", "certificate", "version", to=1)
    yield change("open", "certificate", "open", to=True)
    yield change("no certificate", "certificate", to=None)
    yield change("unformalised", "ruling", to="unformalised")
    yield "something more", {**each, "more": 1}


@checked
def test_a_touched_certificate_fails_with_one_sentence(name):
    for seed in range(3):
        question = made(name, seed)
        for what, touched in tampered(name, record(question)):
            fault = check(touched, question)
            assert fault, what
            assert "\n" not in fault


@checked
def test_a_touched_certificate_fails_without_its_question_too(name):
    question = made(name, 5)
    missed = {what for what, touched in tampered(name, record(question)) if check(touched) is None}
    # A clue said twice says the same; a problem with fewer sentences than clues is seen where sentences are kept.
    assert missed <= {"a doubled clue"}


def test_another_profile_than_was_ruled_by_fails():
    stem = "Ana is Bo's wife. Bo is Cy's father. How is Ana related to Cy?"
    question = Question(topic="blood_relations", stem=stem, choices=("Mother", "Aunt", "Sister", "Niece"), key="A")
    for ruled, claimed in (("strict", "exam-us"), ("exam-us", "strict")):
        each = record(question, ruled)
        assert check(each, question) is None
        each["certificate"]["profile"] = claimed
        assert f"not those that the text and {claimed} leave open" in check(each, question)


@checked
def test_a_certificate_of_another_text_or_key_fails(name):
    question, other = made(name, 1), made(name, 2)
    each = record(question)
    assert "another text" in check(each, other)
    assert "another text" in check(each, question.model_copy(update={"stem": question.stem + " "}))
    letter = "A" if question.key != "A" else "B"
    assert "the question's is" in check(each, question.model_copy(update={"key": letter}))


def test_a_clash_that_is_none_or_not_the_smallest_fails():
    question = shelf(
        "The white book is to the left of the green book. The green book is to the left of the white book. "
        "The purple book is rightmost. Which book is leftmost?"
    )
    each = record(question)
    reading = each["certificate"]["readings"][0]
    assert (reading["clash"], len(reading["repair"])) == ([0, 1], 1)
    for clash, repair, fault in (
        ([0, 2], [0], "can be true together"),
        ([0, 1, 2], [0], "does not need clue 3"),
        ([0, 1], [2], "mends nothing"),
        ([0, 1], [0, 1], "mends as much"),
        ([0, 9], [0], "not there"),
    ):
        reading.update(clash=clash, repair=repair)
        assert fault in check(each, question)


@settings(max_examples=80)
@given(data=st.data())
def test_no_record_makes_the_checker_raise(data):
    """A value somewhere in an honest record is replaced by any other."""
    question = made("linear_orders", data.draw(st.integers(0, 5)))
    each = record(question)
    inner, key = {"": each}, ""
    while isinstance(inner[key], dict | list) and inner[key] and data.draw(st.integers(0, 4)):
        inner = inner[key]
        key = data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else range(len(inner))))
    inner[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({}) | st.just([[]])
    )
    fault = check(each if isinstance(each, dict) else {}, question)
    assert fault is None or "\n" not in fault


def write(path, records):
    path.write_text("".join(json.dumps(each) + "\n" for each in records))


def test_the_command_replays_what_it_wrote(capsys, tmp_path):
    questions, out = tmp_path / "q.jsonl", tmp_path / "rulings.jsonl"
    main(["set", "--topic", "linear_orders", "--n", "4", "--out", str(questions)])
    assert main(["prove", str(questions), "--out", str(out)]) == 0
    assert main(["prove", "--check", str(out), "--questions", str(questions)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "4 of 4 certificates hold"
    records = [json.loads(line) for line in out.read_text().splitlines()]
    records[1]["true_key"] = "A" if records[1]["true_key"] != "A" else "B"
    write(out, records)
    assert main(["prove", "--check", str(out)]) == 1
    printed, error = capsys.readouterr()
    assert [line.split(":")[0] for line in printed.splitlines() if line.startswith("FAIL")] == ["FAIL 2"]
    assert "1 of 4" in error


def test_the_command_misses_a_ruling_that_was_taken_out(capsys, tmp_path):
    questions, out = tmp_path / "q.jsonl", tmp_path / "rulings.jsonl"
    main(["set", "--topic", "linear_orders", "--n", "2", "--out", str(questions)])
    main(["prove", str(questions), "--out", str(out)])
    write(out, [json.loads(out.read_text().splitlines()[0])])
    assert main(["prove", "--check", str(out), "--questions", str(questions)]) == 1
    assert "FAIL 2: it has no ruling" in capsys.readouterr().out


def test_the_command_wants_one_file_to_rule_on_or_to_check(capsys, tmp_path):
    for arguments in ([], ["q.json", "--check", "r.json"], ["q.json", "--questions", "r.json"]):
        assert main(["prove", *arguments]) == 2
        assert "prove FILE" in capsys.readouterr().err
