"""What the votes say about the truth, beyond counting them.

Each model takes a table of votes and gives, for every question, the probability that each choice is right. Choices are
exchangeable (every voter saw them in an order of its own), so questions with the same pattern of votes are one row
with a count: a million ballots of five voters are a few hundred rows.

No model here is to be believed about its own error: voters who err together make all of them too sure, and the audit
is what bounds the error. They order the questions; the audit draws the line.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar, nnls
from scipy.special import expit, log_expit, logsumexp

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NONE = -1
"""No vote, or no known truth."""
ROUNDS = 200
SETTLED = 1e-7
PRIOR_RIGHT, PRIOR_WRONG = 3.0, 1.5
"""Votes that every voter is taken to have cast before its first: better than chance, and soon outweighed."""
PRIOR_PAIRS = 30.0
"""Known answers that the assumed correlation of two voters' errors counts for."""
KIN, STRANGERS = 0.6, 0.3
"""The correlation of two voters' errors that is assumed where nothing is known: of one model family, and of two."""


class Votes(NamedTuple):
    """Questions by voters."""

    choice: Ints
    """Of shape (questions, voters): the choice voted for, NONE where there is no vote."""
    choices: Ints
    """Of shape (questions,): how many choices there are."""
    truth: Ints
    """Of shape (questions,): the right choice where it is known, else NONE."""


class Opinion(NamedTuple):
    """What a model makes of the votes."""

    posterior: Floats
    """Of shape (questions, most choices): the probability that a choice is right, by the votes alone; 0 beyond a
    question's choices. Known truths shape the model, and not what it says of their own questions."""
    accuracy: Floats
    """Of shape (voters,): the share of a voter's votes that are right, as estimated."""
    effective: float
    """How many voters with independent errors would be worth as much."""


class _Patterns(NamedTuple):
    votes: Votes
    rows: Floats
    """How many questions have the pattern."""
    of: Ints
    """Question -> pattern."""
    back: Ints
    """Of shape (questions, most choices): a question's own choice -> its name in the pattern."""


def one_coin(votes: Votes) -> Opinion:
    """Each voter is right with a probability of its own; its errors fall on the wrong choices alike.

    Dawid and Skene (1979) with one parameter for each voter, by expectation and maximisation from the plain majority.
    """
    return _by_pattern(votes, lambda rows, count: _one_coin(rows, count))


def glad(votes: Votes) -> Opinion:
    """As one_coin, but questions are easy or hard too: a voter of skill a is right on one of ease b with logit a * b.

    Whitehill et al., "Whose Vote Should Count More" (2009), with their normal priors.
    """
    return _by_pattern(votes, _glad)


def weighted(votes: Votes, families: tuple[str, ...]) -> Opinion:
    """Votes weigh by the log-odds of the voter on questions with known answers alone; a family shares one weight.

    A family's weights are scaled down where they add up to more than its greatest one: relatives who agree are heard
    as one voter.
    """
    known = (votes.truth != NONE)[:, None] & (votes.choice != NONE)
    right = (known & (votes.choice == votes.truth[:, None])).sum(axis=0)
    accuracy = (right + PRIOR_RIGHT) / (known.sum(axis=0) + PRIOR_RIGHT + PRIOR_WRONG)

    def fit(rows: Votes, count: Floats) -> tuple[Floats, Floats, float]:
        weights = _log_odds(accuracy, rows, count)
        for family in set(families):
            own = np.array([family == other for other in families])
            weights[own] *= weights[own].max() / max(weights[own].sum(), 1e-12)
        return _normal(_support(rows, weights)), accuracy, float(len(set(families)))

    return _by_pattern(votes, fit)


def dependent(votes: Votes, families: tuple[str, ...]) -> Opinion:
    """Voters who err together count for less.

    Weights are R^-1 l, not below 0, where R is the correlation of the voters' errors on questions with known answers
    (shrunk towards what is assumed for voters of one family and of two) and l their log-odds by one_coin; one
    temperature, fitted to the known answers, turns the sums of weights into probabilities. Families: of each voter.
    """
    correlation = error_correlation(votes, families)

    def fit(rows: Votes, count: Floats) -> tuple[Floats, Floats, float]:
        _, accuracy, _ = _one_coin(rows, count)
        weights = nnls(correlation, _log_odds(accuracy, rows, count))[0]
        score = _support(rows, weights)
        known = rows.truth != NONE
        temperature = _temperature(score[known], rows.truth[known], count[known])
        return _normal(temperature * score), accuracy, effective(correlation)

    return _by_pattern(votes, fit)


def _log_odds(accuracy: Floats, rows: Votes, count: Floats) -> Floats:
    """What a vote adds to its choice, against any one of the others; nothing for a voter no better than chance."""
    k = float(np.average(rows.choices, weights=count))
    return np.asarray(np.maximum(np.log(accuracy * (k - 1) / (1 - accuracy)), 0.0))


def effective(correlation: Floats) -> float:
    """The number of independent voters whose mean is as sure as that of these: 1' R^-1 1 over weights not below 0."""
    weights = nnls(correlation, np.ones(len(correlation)))[0]
    return float(weights.sum() ** 2 / (weights @ correlation @ weights))


def error_correlation(votes: Votes, families: tuple[str, ...]) -> Floats:
    """Of shape (voters, voters): how strongly errors go together on questions with known answers, shrunk."""
    same = np.equal.outer(np.array(families), np.array(families))
    assumed = np.where(same, KIN, STRANGERS)
    known = votes.truth != NONE
    cast = votes.choice[known] != NONE
    wrong = (cast & (votes.choice[known] != votes.truth[known][:, None])).astype(float)
    both = cast.T.astype(float) @ cast
    with np.errstate(invalid="ignore", divide="ignore"):
        mine, theirs = (wrong.T @ cast) / both, (cast.T @ wrong) / both
        covariance = (wrong.T @ wrong) / both - mine * theirs
        seen = covariance / np.sqrt(mine * (1 - mine) * theirs * (1 - theirs))
    told = np.isfinite(seen)
    weight = np.where(told, both / (both + PRIOR_PAIRS), 0.0)
    shrunk = weight * np.where(told, seen, 0.0) + (1 - weight) * assumed
    np.fill_diagonal(shrunk, 1.0)
    values, vectors = np.linalg.eigh(shrunk)
    positive = (vectors * np.maximum(values, 0.01)) @ vectors.T
    scale = np.sqrt(np.diag(positive))
    return np.asarray(positive / np.outer(scale, scale))


def _by_pattern(votes: Votes, fit: Callable[[Votes, Floats], tuple[Floats, Floats, float]]) -> Opinion:
    patterns = _patterns(votes)
    posterior, accuracy, worth = fit(patterns.votes, patterns.rows)
    return Opinion(np.take_along_axis(posterior[patterns.of], patterns.back, axis=1), accuracy, worth)


def _patterns(votes: Votes) -> _Patterns:
    """Choices are renamed in the order in which voters name them, so that questions alike but for names are one."""
    n, voters = votes.choice.shape
    most = int(votes.choices.max(initial=2))
    back = np.full((n, most), NONE)
    named = np.zeros(n, dtype=np.int64)
    every = np.arange(n)
    for column in [*votes.choice.T, votes.truth, *(np.full(n, c) for c in range(most))]:
        new = (column != NONE) & (back[every, column] == NONE)
        new &= column < votes.choices
        back[every[new], column[new]] = named[new]
        named += new
    for choice in range(most):
        beyond = back[:, choice] == NONE
        back[every[beyond], choice] = named[beyond]
        named += beyond
    renamed = np.where(votes.choice == NONE, NONE, np.take_along_axis(back, np.maximum(votes.choice, 0), axis=1))
    truth = np.where(votes.truth == NONE, NONE, back[every, np.maximum(votes.truth, 0)])
    table = np.column_stack([renamed, votes.choices, truth])
    rows, of, count = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    return _Patterns(Votes(rows[:, :voters], rows[:, voters], rows[:, voters + 1]), count.astype(float), of, back)


def _support(rows: Votes, weight: Floats, wrong: Floats | None = None) -> Floats:
    """Of shape (patterns, most choices): the sum of the weights of those who chose it, -inf beyond the choices.

    Weight: of shape (voters,) or (patterns, voters); `wrong`, of shape (patterns, voters), is what each vote adds to
    every other choice.
    """
    n, voters = rows.choice.shape
    most = int(rows.choices.max(initial=2))
    score = np.zeros((n, most))
    each = np.broadcast_to(weight, (n, voters))
    for v in range(voters):
        cast = np.flatnonzero(rows.choice[:, v] != NONE)
        if wrong is not None:
            score[cast] += wrong[cast, v][:, None]
            score[cast, rows.choice[cast, v]] -= wrong[cast, v]
        score[cast, rows.choice[cast, v]] += each[cast, v]
    score[np.arange(most)[None, :] >= rows.choices[:, None]] = -np.inf
    return score


def _normal(score: Floats) -> Floats:
    return np.asarray(np.exp(score - logsumexp(score, axis=1, keepdims=True)))


def _blind(rows: Votes, log_right: Floats, log_wrong: Floats) -> Floats:
    """The posterior by the votes alone; what a right and a wrong vote say, of shape (voters,) or as the votes."""
    shape = rows.choice.shape
    return _normal(_support(rows, np.broadcast_to(log_right, shape), np.broadcast_to(log_wrong, shape)))


def _believed(rows: Votes, log_right: Floats, log_wrong: Floats) -> Floats:
    """The posterior of the truth, where known truths are certain."""
    posterior = _blind(rows, log_right, log_wrong)
    known = np.flatnonzero(rows.truth != NONE)
    posterior[known] = 0.0
    posterior[known, rows.truth[known]] = 1.0
    return posterior


def _rightness(rows: Votes, posterior: Floats) -> Floats:
    """Of shape (patterns, voters): the probability that a vote is right, 0 where there is none."""
    right = np.take_along_axis(posterior, np.maximum(rows.choice, 0), axis=1)
    return np.where(rows.choice == NONE, 0.0, right)


def _one_coin(rows: Votes, count: Floats) -> tuple[Floats, Floats, float]:
    cast = (rows.choice != NONE) * count[:, None]
    others = np.log(np.maximum(rows.choices - 1, 1))[:, None]
    accuracy = np.full(rows.choice.shape[1], PRIOR_RIGHT / (PRIOR_RIGHT + PRIOR_WRONG))
    for _ in range(ROUNDS):
        log_wrong = np.log1p(-accuracy)[None, :] - others
        posterior = _believed(rows, np.log(accuracy), log_wrong)
        right = (_rightness(rows, posterior) * count[:, None]).sum(axis=0)
        before, accuracy = accuracy, (right + PRIOR_RIGHT) / (cast.sum(axis=0) + PRIOR_RIGHT + PRIOR_WRONG)
        if np.abs(accuracy - before).max() < SETTLED:
            break
    return _blind(rows, np.log(accuracy), np.log1p(-accuracy) - others), accuracy, float(len(accuracy))


def _glad(rows: Votes, count: Floats) -> tuple[Floats, Floats, float]:
    n, voters = rows.choice.shape
    cast = rows.choice != NONE
    others = np.log(np.maximum(rows.choices - 1, 1))[:, None]
    parameters = np.concatenate([np.ones(voters), np.zeros(n)])

    def loss(x: Floats, right: Floats) -> tuple[float, Floats]:
        skill, ease = x[:voters], np.exp(x[voters:])
        logit = ease[:, None] * skill
        likely = right * log_expit(logit) + (1 - right) * (log_expit(-logit) - others)
        slope = np.where(cast, right - expit(logit), 0.0) * count[:, None]
        value = (np.where(cast, likely, 0.0) * count[:, None]).sum()
        value -= ((skill - 1) ** 2).sum() / 2 + (count * x[voters:] ** 2).sum() / 2
        by_skill = (slope * ease[:, None]).sum(axis=0) - (skill - 1)
        by_ease = (slope * logit).sum(axis=1) - count * x[voters:]
        return -value, -np.concatenate([by_skill, by_ease])

    for _ in range(ROUNDS):
        logit = np.exp(parameters[voters:])[:, None] * parameters[:voters]
        posterior = _believed(rows, log_expit(logit), log_expit(-logit) - others)
        before = parameters
        fitted = minimize(loss, before, args=(_rightness(rows, posterior),), jac=True, method="L-BFGS-B")
        parameters = fitted.x
        if np.abs(parameters - before).max() < 1e-4:
            break
    logit = np.exp(parameters[voters:])[:, None] * parameters[:voters]
    weight = cast * count[:, None]
    accuracy = (expit(logit) * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1)
    return _blind(rows, log_expit(logit), log_expit(-logit) - others), accuracy, float(voters)


def _temperature(score: Floats, truth: Ints, count: Floats) -> float:
    """The factor that makes known answers likeliest, with a log-normal prior about 1 that ten answers outweigh."""

    def loss(log_factor: float) -> float:
        scaled = np.exp(log_factor) * score
        told = scaled[np.arange(len(truth)), truth] - logsumexp(scaled, axis=1) if len(truth) else np.zeros(0)
        return float(-(count * told).sum() + log_factor**2 / 2)

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 3.0), method="bounded").x))
