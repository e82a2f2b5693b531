"""How strong entries are, from who answered whose questions rightly: a logistic model of both at once."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats as distributions

Floats = npt.NDArray[np.float64]

PRIOR = 1.5
"""Standard deviation (in logits) of skill and of hardness before anything was seen: nobody is infinitely good."""
STEPS = 60
DRAWS = 4000


class Strength(NamedTuple):
    """In logits, about the mean of all entries."""

    name: str
    skill: float
    """As an answerer."""
    hardness: float
    """Of the questions it asks."""
    total: float
    low: float
    high: float
    first: float
    """The probability that it is the strongest of all."""
    ranks: tuple[float, ...]
    """The probability of each place, the first one first."""


class Abilities(NamedTuple):
    level: float
    """Logit of a right answer between average entries."""
    strengths: tuple[Strength, ...]
    """In the order of the names."""

    def chance(self, answerer: int, asker: int) -> float:
        """That an entry answers another one's question rightly, by their places."""
        logit = self.level + self.strengths[answerer].skill - self.strengths[asker].hardness
        return 1 / (1 + math.exp(-logit))


def abilities(
    names: Sequence[str], balls: Sequence[tuple[int, int, bool]], seed: int, confidence: float = 0.95
) -> Abilities:
    """Fit logit P(right) = level + skill(answerer) - hardness(asker) with normal priors; intervals by Laplace.

    `balls`: (place of the answerer, place of the asker, right). (A Rasch model, 1960, in which the items of one
    author share their difficulty, since each question of a match is answered once.) Rank probabilities are those of
    draws from the normal approximation of the posterior.
    """
    n = len(names)
    who, whose, right = (np.array(column) for column in zip(*balls, strict=True)) if balls else (np.empty(0, int),) * 3
    counts = np.zeros((n, n))
    hits = np.zeros((n, n))
    np.add.at(counts, (who.astype(int), whose.astype(int)), 1)
    np.add.at(hits, (who.astype(int), whose.astype(int)), right.astype(float))
    weight = np.zeros(2 * n + 1)
    precision = np.full(2 * n + 1, 1 / PRIOR**2)
    precision[0] = 1 / 10**2
    for _ in range(STEPS):
        chance = _chances(weight, n)
        residual, spread = hits - counts * chance, counts * chance * (1 - chance)
        gradient = np.concatenate([[residual.sum()], residual.sum(1), -residual.sum(0)]) - precision * weight
        hessian = _hessian(spread, n) + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        weight = weight + step
        if np.abs(step).max() < 1e-9:
            break
    cover = np.linalg.inv(_hessian(counts * _chances(weight, n) * (1 - _chances(weight, n)), n) + np.diag(precision))
    drawn = np.random.default_rng(seed).multivariate_normal(weight, cover, DRAWS, method="cholesky")
    totals = drawn[:, 1 : n + 1] + drawn[:, n + 1 :]
    totals = totals - totals.mean(1, keepdims=True)
    places = (-totals).argsort(1).argsort(1)
    z = float(distributions.norm.ppf((1 + confidence) / 2))
    skill, hardness = weight[1 : n + 1], weight[n + 1 :]
    found = []
    for i, name in enumerate(names):
        total = skill[i] + hardness[i] - (skill + hardness).mean()
        half = z * totals[:, i].std()
        ranks = tuple(float(x) for x in np.bincount(places[:, i], minlength=n) / DRAWS)
        found.append(
            Strength(name, float(skill[i]), float(hardness[i]), total, total - half, total + half, ranks[0], ranks)
        )
    return Abilities(float(weight[0]), tuple(found))


def _chances(weight: Floats, n: int) -> Floats:
    logit = weight[0] + weight[1 : n + 1][:, None] - weight[n + 1 :][None, :]
    chances: Floats = 1 / (1 + np.exp(-logit))
    return chances


def _hessian(spread: Floats, n: int) -> Floats:
    """Of the negative log-likelihood, from the variance of each (answerer, asker)."""
    found = np.zeros((2 * n + 1, 2 * n + 1))
    rows, columns = spread.sum(1), spread.sum(0)
    found[0, 0] = spread.sum()
    found[0, 1 : n + 1] = found[1 : n + 1, 0] = rows
    found[0, n + 1 :] = found[n + 1 :, 0] = -columns
    found[1 : n + 1, 1 : n + 1] = np.diag(rows)
    found[n + 1 :, n + 1 :] = np.diag(columns)
    found[1 : n + 1, n + 1 :] = -spread
    found[n + 1 :, 1 : n + 1] = -spread.T
    return found
