"""How likely a key is wrong: known answers correct what the votes claim."""

import numpy as np
import pytest

from stumper.committee.label_models import NONE, Votes, one_coin
from stumper.committee.risk import claimed, corrected


def committee(seed: int, n: int, known: int) -> tuple[Votes, np.ndarray, np.ndarray, list[tuple[str]]]:
    """Votes of three that err together on one topic and hardly ever on the other; each key is the first vote."""
    rng = np.random.default_rng(seed)
    truth, hard = rng.integers(4, size=n), rng.random(n) < 0.5
    together = (truth + (hard & (rng.random(n) < 0.4))) % 4
    alone = (truth[:, None] + (rng.random((n, 3)) < 0.05)) % 4
    choice = np.where(hard[:, None], together[:, None], alone)
    votes = Votes(choice, np.full(n, 4), np.where(np.arange(n) < known, truth, NONE))
    return votes, choice[:, 0], truth, [("hard" if h else "easy",) for h in hard]


def test_voters_who_err_together_on_a_topic_are_believed_less_there():
    votes, key, truth, topics = committee(1, 8000, 2000)
    claim = claimed(one_coin(votes), key)
    risk = corrected(votes, claim, key, topics)
    hard = np.array([topic == ("hard",) for topic in topics])
    rest = np.arange(8000) >= 2000
    assert claim[hard & rest].mean() < 0.1
    assert risk[hard & rest].mean() == pytest.approx((key != truth)[hard & rest].mean(), abs=0.06)
    assert risk[~hard & rest].mean() == pytest.approx((key != truth)[~hard & rest].mean(), abs=0.03)


def test_without_known_answers_the_claim_stands():
    votes, key, _, topics = committee(2, 100, 0)
    claim = claimed(one_coin(votes), key)
    assert corrected(votes, claim, key, topics) is claim


def test_a_known_answer_does_not_tell_on_its_own_question():
    votes, key, truth, _ = committee(3, 500, 500)
    alike = (votes.choice == votes.choice[:, :1]).all(axis=1)
    claim = claimed(one_coin(votes), key)
    assert claim[alike & (key == truth)].max() == pytest.approx(claim[alike & (key != truth)].min())
