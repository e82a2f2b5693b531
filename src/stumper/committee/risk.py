"""How likely each key is wrong: what the votes claim, corrected by questions whose answers are known."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit

from stumper.committee.label_models import NONE, Floats, Ints, Opinion, Votes

SURE = 1e-4
"""The least and, from 1, the greatest chance that votes may claim."""
TRUST = 4.0
GROUPS = 1.0
PATTERNS = 0.5
"""Ridge penalties: on the weight of the claim (towards 1), on groups and on patterns of votes (towards 0)."""


def claimed(opinion: Opinion, key: Ints) -> Floats:
    """Of shape (questions,): the probability that the key is wrong, by the opinion alone."""
    return np.asarray(1 - opinion.posterior[np.arange(len(key)), key])


def corrected(votes: Votes, claim: Floats, key: Ints, groups: Sequence[Sequence[str]]) -> Floats:
    """Of shape (questions,): the claim, corrected by a ridge logistic regression on the questions with known truth.

    It knows the claim, how many voters differ from the key and whether they differ alike, and the groups (of each
    question: its topic, its author). With no known truth the claim comes back as it is.
    """
    known = votes.truth != NONE
    if not known.any():
        return claim
    against = (votes.choice != NONE) & (votes.choice != key[:, None])
    others = sum((against & (votes.choice == c)).any(axis=1).astype(int) for c in range(votes.choices.max()))
    patterns = _columns([f"{n} against, for {m}" for n, m in zip(against.sum(axis=1), others, strict=True)])
    factors = [_columns(each) for each in zip(*groups, strict=True)]
    odds = logit(np.clip(claim, SURE, 1 - SURE))
    features = np.column_stack([np.ones(len(key)), odds, patterns, *factors])
    toward = np.zeros(features.shape[1])
    toward[1] = 1.0
    penalty = np.concatenate(
        [[0.1, TRUST], np.full(patterns.shape[1], PATTERNS), np.full(sum(f.shape[1] for f in factors), GROUPS)]
    )
    x, wrong = features[known], (key != votes.truth)[known]

    def loss(weights: Floats) -> tuple[float, Floats]:
        z, off = x @ weights, weights - toward
        likely = np.where(wrong, log_expit(z), log_expit(-z)).sum()
        return float((penalty * off**2).sum() / 2 - likely), x.T @ (expit(z) - wrong) + penalty * off

    fitted = minimize(loss, toward, jac=True, method="L-BFGS-B")
    return np.asarray(expit(features @ fitted.x))


def _columns(names: Sequence[str]) -> Floats:
    """One column of 0 and 1 for each name."""
    return np.asarray(np.array(names)[:, None] == np.array(sorted(set(names)))[None, :], dtype=float)
