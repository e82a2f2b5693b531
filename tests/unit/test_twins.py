"""Twins: one clue apart, another key, both proven."""

import json
import random

import pytest

from stumper import oracle, puzzles
from stumper.cli import main
from stumper.oracle.twins import pair, twin
from stumper.types import canonical

TOPICS = ("blood_relations", "linear_orders", "seating", "syllogisms", "truth_tellers")


def clues_of(question):
    return sorted(map(canonical, question.clues["premises" if "premises" in question.clues else "clues"]))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_twin_differs_in_one_clue_and_in_its_key_and_both_are_proven(topic):
    question, other = pair(topic, 2, seed=7)
    assert other.choices == question.choices
    assert other.key != question.key
    for each in (question, other):
        ruling = oracle.prove(each)
        assert (ruling.ruling, ruling.true_key) == ("proven", each.key)
    ours, theirs = clues_of(question), clues_of(other)
    assert len(ours) == len(theirs)
    assert len([clue for clue in ours if clue not in theirs]) == 1
    assert other.reasoning != question.reasoning


@pytest.mark.parametrize("topic", TOPICS)
def test_no_clue_of_a_twin_is_its_answer(topic):
    for seed in range(3):
        _, other = pair(topic, 1, seed)
        assert not set(clues_of(other)) & set(map(canonical, other.clues["choices"]))


def test_a_twin_depends_on_the_generators_state_alone():
    question = puzzles.family("linear_orders").make(random.Random(2), 2)
    assert twin(random.Random(3), question) == twin(random.Random(3), question)


def test_set_writes_pairs(capsys):
    assert main(["set", "--topic", "truth_tellers", "--n", "2", "--level", "1", "--twins"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["pair"] for record in records] == [0, 0, 1, 1]
    assert all(one["answer"] != other["answer"] for one, other in zip(records[::2], records[1::2], strict=True))


def test_a_family_without_twins_says_so(capsys):
    assert main(["set", "--topic", "series", "--twins"]) == 1
    assert "has a twin" in capsys.readouterr().err
