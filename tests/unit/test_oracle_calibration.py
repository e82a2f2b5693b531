"""The benchmark of the oracle's errors finds none in a small run, and finds those that are put in."""

import random
import sys
from pathlib import Path

import pytest

from stumper import oracle, puzzles
from stumper.types import LETTERS, Ruling

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import naive_models
import oracle_calibration as calibration


def test_no_changed_question_is_falsely_proven():
    families, kinds, errors = calibration.calibrate(200, seed=1)
    assert not errors, errors
    assert set(families) == set(puzzles.families())
    assert sum(tally.n for tally in families.values()) == 200
    assert {"another key", "a clue dropped", "left for right", "another number", "denied"} <= set(kinds)
    assert "at most 1.487 % (one-sided 95 %)" in calibration.report(families, kinds)


def test_an_oracle_that_believes_every_key_is_found_out(monkeypatch):
    monkeypatch.setattr(oracle, "prove", lambda q: Ruling(ruling="proven", true_key=q.key, why=""))
    _, kinds, errors = calibration.calibrate(100)
    for kind in ("another key", "a clue dropped", "the right choice twice"):
        assert kinds[kind].false_proof == kinds[kind].n > 0
    assert errors


def test_an_oracle_that_refuses_is_found_out(monkeypatch):
    monkeypatch.setattr(oracle, "prove", lambda q: Ruling(ruling="ambiguous", why=""))
    _, kinds, _ = calibration.calibrate(100)
    assert kinds["other names"].false_refusal == kinds["other names"].provable > 0
    assert not any(tally.false_proof for tally in kinds.values())


@pytest.mark.parametrize("family", sorted(naive_models.NAIVE))
def test_looking_at_every_model_finds_the_setters_key(family):
    looked_through = 0
    for seed in range(30):
        question = puzzles.family(family).make(random.Random(seed), 1 + seed % 5)
        try:
            found = naive_models.answer(family, question.clues)
        except naive_models.Unknown:
            continue
        looked_through += 1
        assert found == ("proven", LETTERS.index(question.key))
    assert looked_through >= 15
