"""The models of the votes: what they find where the truth is known to the test."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from stumper.committee.label_models import (
    NONE,
    PRIOR_RIGHT,
    PRIOR_WRONG,
    Opinion,
    Votes,
    dependent,
    effective,
    error_correlation,
    glad,
    one_coin,
)


def panel(seed: int, n: int, accuracy: list[float], k: int = 4, together: float = 0.0) -> tuple[Votes, np.ndarray]:
    """Votes about n questions; with probability `together` all who err choose one wrong choice, and err as one does."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(k, size=n)
    common = rng.random(n) < together
    luck = rng.random((n, len(accuracy)))
    luck[common] = luck[common][:, :1]
    wrong = (truth[:, None] + rng.integers(1, k, size=luck.shape)) % k
    wrong[common] = wrong[common][:, :1]
    choice = np.where(luck < np.array(accuracy), truth[:, None], wrong)
    return Votes(choice, np.full(n, k), np.full(n, NONE)), truth


def test_one_coin_finds_how_good_each_voter_is() -> None:
    accuracy = [0.9, 0.8, 0.7, 0.6, 0.4]
    votes, _ = panel(1, 20_000, accuracy)
    assert one_coin(votes).accuracy == pytest.approx(accuracy, abs=0.02)


def test_one_coin_stands_where_the_posterior_of_all_truths_says() -> None:
    votes, _ = panel(2, 6, [0.9, 0.7, 0.5], k=3)
    fitted = one_coin(votes)
    again = np.zeros((6, 3))
    for i, t in itertools.product(range(6), range(3)):
        again[i, t] = np.prod(
            [a if c == t else (1 - a) / 2 for a, c in zip(fitted.accuracy, votes.choice[i], strict=True)]
        )
    again /= again.sum(axis=1, keepdims=True)
    assert fitted.posterior == pytest.approx(again, abs=1e-5)
    right = np.array([[again[i, votes.choice[i, v]] for v in range(3)] for i in range(6)]).sum(axis=0)
    assert fitted.accuracy == pytest.approx((right + PRIOR_RIGHT) / (6 + PRIOR_RIGHT + PRIOR_WRONG), abs=1e-5)


@pytest.mark.parametrize("model", [one_coin, glad, lambda votes: dependent(votes, ("a", "b", "c"))])
def test_names_of_choices_change_nothing(model: Callable[[Votes], Opinion]) -> None:
    votes, _ = panel(3, 200, [0.9, 0.7, 0.5])
    votes = votes._replace(truth=np.where(np.arange(200) < 20, votes.choice[:, 0], NONE))
    order = np.random.default_rng(0).permuted(np.tile(np.arange(4), (200, 1)), axis=1)
    renamed = Votes(
        np.take_along_axis(order, votes.choice, axis=1),
        votes.choices,
        np.where(votes.truth == NONE, NONE, order[np.arange(200), np.maximum(votes.truth, 0)]),
    )
    told = np.take_along_axis(model(renamed).posterior, order, axis=1)
    assert told == pytest.approx(model(votes).posterior, abs=1e-4)


def test_missing_votes_and_shorter_questions_are_no_votes_against() -> None:
    votes = Votes(
        np.array([[0, NONE, 0], [1, 1, NONE], [NONE, NONE, NONE], [2, 2, 2]]),
        np.array([2, 4, 3, 4]),
        np.array([NONE, NONE, NONE, 2]),
    )
    for opinion in (one_coin(votes), glad(votes), dependent(votes, ("a", "b", "c"))):
        assert opinion.posterior.sum(axis=1) == pytest.approx(1)
        assert opinion.posterior[0, 2:] == pytest.approx(0)
        assert opinion.posterior[2] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
        assert opinion.posterior.argmax(axis=1)[[0, 1, 3]].tolist() == [0, 1, 2]


def test_glad_knows_that_a_split_question_is_a_hard_one() -> None:
    rng = np.random.default_rng(4)
    n, k = 6_000, 4
    truth = rng.integers(k, size=n)
    chance = np.where(rng.random(n) < 0.5, 0.97, 0.45)[:, None]
    wrong = (truth[:, None] + rng.integers(1, k, size=(n, 5))) % k
    choice = np.where(rng.random((n, 5)) < chance, truth[:, None], wrong)
    votes = Votes(choice, np.full(n, k), np.full(n, NONE))

    def surprise(posterior: np.ndarray) -> float:
        return float(-np.log(np.maximum(posterior[np.arange(n), truth], 1e-12)).mean())

    assert surprise(glad(votes).posterior) < surprise(one_coin(votes).posterior)


def test_voters_who_err_together_are_told_from_those_who_do_not() -> None:
    votes, truth = panel(5, 3_000, [0.8] * 5, together=0.6)
    known = votes._replace(truth=truth)
    alone, _ = panel(6, 3_000, [0.8] * 5)
    alone_known = alone._replace(truth=panel(6, 3_000, [0.8] * 5)[1])
    names = tuple("abcde")
    assert effective(error_correlation(known, names)) == pytest.approx(5 / (1 + 4 * 0.6), abs=0.15)
    assert effective(error_correlation(alone_known, names)) == pytest.approx(5, abs=0.3)


def test_with_nothing_known_kin_count_for_less_than_strangers() -> None:
    votes, _ = panel(7, 50, [0.8] * 4)
    assert effective(error_correlation(votes, ("a",) * 4)) < effective(error_correlation(votes, tuple("abcd"))) < 4


def test_a_voter_who_repeats_another_adds_next_to_nothing() -> None:
    votes, truth = panel(8, 2_000, [0.8, 0.8, 0.8])
    doubled = Votes(votes.choice[:, [0, 0, 0, 1, 2]], votes.choices, truth)
    assert effective(error_correlation(doubled, tuple("abcde"))) == pytest.approx(3, abs=0.3)


def test_dependence_makes_the_panel_less_sure_than_one_coin_and_better_calibrated() -> None:
    votes, truth = panel(9, 8_000, [0.8] * 5, together=0.6)
    probed = votes._replace(truth=np.where(np.arange(8_000) < 300, truth, NONE))
    rest = np.arange(300, 8_000)

    def surprise(posterior: np.ndarray) -> float:
        return float(-np.log(np.maximum(posterior[rest, truth[rest]], 1e-12)).mean())

    assert surprise(dependent(probed, tuple("abcde")).posterior) < surprise(one_coin(probed).posterior)
