"""Voters who cheat are found out; one who reads raises no flag."""

import random

import pytest

from stumper import forensics, puzzles
from stumper.dataset import Kept
from stumper.engines import ModelSpec
from stumper.engines.scripted import Scripted
from stumper.types import LETTERS, Calibration, Reply, ScoringRule, digest

CALIBRATION = {"v": Calibration(scores=(), rule=ScoringRule(), first=ScoringRule())}
RECIPE = forensics.Recipe(questions=100, voters=(ModelSpec(name="v", engine="scripted"),))


def kept(seed, n=10, long=False):
    found = {}
    for i in range(n):
        q = puzzles.family("seating").make(random.Random(seed * 1000 + i), 1)
        if long:
            at = LETTERS.index(q.key)
            q = q.model_copy(update={"choices": tuple(c + " indeed, sir" * (j == at) for j, c in enumerate(q.choices))})
        found[f"s/seating/{i}"] = Kept(author="s", split="train", question=q, proven=True)
    return found


def put(kept_, pick):
    def answer(request):
        at = pick(request.about)
        return Reply(scores=tuple(float(i == at) for i in range(len(request.continuations))))

    owed = forensics.tasks(RECIPE, kept_)
    records = [r for _, r, _ in forensics.probe(RECIPE, owed, CALIBRATION, {"v": Scripted(answer)})]
    return {f.probe: f for f in forensics.findings(records)}


def reader(kept_):
    keys = {}
    for sitting in forensics.tasks(RECIPE, kept_).values():
        if sitting.probe != "choices":
            q = sitting.question
            keys[q.stem, frozenset(q.choices)] = q.choices[LETTERS.index(q.key)]

    def pick(about):
        right = keys.get((about["question"], frozenset(about["choices"])))
        return about["choices"].index(right) if right else int(digest(about)[:8], 16) % len(about["choices"])

    return pick


def test_a_voter_who_takes_the_longest_choice_shows_that_the_choices_leak():
    questions = kept(1, long=True)
    found = put(questions, lambda about: max(range(4), key=lambda i: len(about["choices"][i])))
    assert len(found["choices"].items) == 10
    assert not found["letter"].items
    longest = forensics.baselines({i: k.question for i, k in questions.items()})[0]
    assert longest.share.successes == 10
    assert longest.items


def test_a_voter_who_follows_the_letter_is_found_out():
    found = put(kept(2), lambda about: 1)
    assert len(found["letter"].items) == 10


@pytest.mark.parametrize("seed", range(20))
def test_a_voter_who_reads_raises_no_flag(seed):
    questions = kept(seed, n=6)
    found = put(questions, reader(questions))
    assert not any(f.items for f in found.values())


def test_a_rewrite_is_another_text_with_the_same_key():
    made = [(k.question, forensics.rewrite(k.question)) for k in kept(3).values()]
    found = [(q, r) for q, r in made if r]
    assert found
    assert all(q.stem != r.stem and q.key == r.key for q, r in found)


def test_no_questions_are_probed_unless_asked_for():
    assert forensics.tasks(RECIPE.model_copy(update={"questions": 0}), kept(4)) == {}
