"""Intervals, exact tests, sample sizes and quantiles: no figure leaves stumper without what it can tell."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

from stumper.types import Share, Times


class Interval(NamedTuple):
    low: float
    high: float


class Estimate(NamedTuple):
    value: float
    low: float
    high: float


class McNemar(NamedTuple):
    """`only_a`, `only_b`: items that only one of the two got right; p-values are two-sided."""

    only_a: int
    only_b: int
    exact: float
    mid: float


class Agreement(NamedTuple):
    """How far raters agree on the items that at least two of them rated."""

    items: int
    raters: int
    pairs: int
    """Pairs of ratings of one item."""
    same: int
    """Pairs that are the same."""
    kappa: float | None
    """Cohen's kappa (1960), for two raters alone."""
    alpha: float | None
    """Krippendorff's alpha for names without order (2011); None where all ratings are the same: it is undefined."""


class Duel(NamedTuple):
    """Probabilities that the first side gets more right than the second, as many, or fewer."""

    win: float
    draw: float
    loss: float


def _check(successes: int, n: int, confidence: float) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion (1927); 0 to 1 when nothing was observed."""
    _check(successes, n, confidence)
    if n == 0:
        return Interval(0.0, 1.0)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At the ends the bound is exactly 0 or 1; rounding would leave 1e-17.
    return Interval(0.0 if successes == 0 else centre - half, 1.0 if successes == n else centre + half)


def share(successes: int, n: int) -> Share:
    """A count with its Wilson interval at 95 %, as the value that travels."""
    low, high = wilson(successes, n)
    return Share(successes=successes, n=n, low=low, high=high)


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """The exact two-sided interval of a proportion (Clopper and Pearson 1934): never covers less than it says."""
    _check(successes, n, confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(stats.beta.ppf(tail, successes, n - successes + 1))
    high = 1.0 if successes == n else float(stats.beta.isf(tail, successes + 1, n - successes))
    return Interval(low, high)


def upper_bound(successes: int, n: int, confidence: float = 0.95) -> float:
    """The exact one-sided upper bound of a rate: what `0 misses in n` still allows (about 3/n at 95 %)."""
    _check(successes, n, confidence)
    return 1.0 if successes == n else float(stats.beta.ppf(confidence, successes + 1, n - successes))


def mcnemar(only_a: int, only_b: int) -> McNemar:
    """Exact conditional McNemar test on the discordant pairs, and its mid-p (Fagerland, Lydersen, Laake 2013)."""
    if min(only_a, only_b) < 0:
        raise ValueError(f"discordant pairs {only_a} and {only_b}")
    n, k = only_a + only_b, min(only_a, only_b)
    if n == 0:
        return McNemar(0, 0, 1.0, 1.0)
    two_tails = 2 * float(stats.binom.cdf(k, n, 0.5))
    centre = float(stats.binom.pmf(k, n, 0.5))
    mid = 1 - centre / 2 if only_a == only_b else two_tails - centre
    # With equal counts the two tails share their centre, and the sum passes 1.
    return McNemar(only_a, only_b, min(1.0, two_tails), mid)


def mcnemar_of(a: Sequence[bool], b: Sequence[bool]) -> McNemar:
    """The test for two answerers of the same items, in the same order."""
    pairs = list(zip(a, b, strict=True))
    return mcnemar(sum(x and not y for x, y in pairs), sum(y and not x for x, y in pairs))


def chance_better(only_a: int, only_b: int) -> float:
    """The probability that `a` is really the better of two answerers of the same items, by their discordant pairs.

    Bayes with Jeffreys' prior on the chance that `a` is the right one of a discordant pair: P(chance > 1/2).
    """
    if min(only_a, only_b) < 0:
        raise ValueError(f"discordant pairs {only_a} and {only_b}")
    return float(stats.beta.sf(0.5, only_a + 0.5, only_b + 0.5))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down correction (1979): p-values that may be compared with alpha whatever their number."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    found, largest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[i]))
        found[i] = largest
    return found


class Sequential(NamedTuple):
    """A comparison that may be looked at after every pair of answers."""

    e_value: float
    """Evidence against equal sides: under that hypothesis it reaches 1 / alpha with a probability of alpha at most,
    whenever one looks (Ville 1939)."""
    low: float
    high: float
    """Anytime-valid interval of the chance that the first side is the right one of a discordant pair."""

    def verdict(self, alpha: float = 0.05, margin: float = 0.1) -> str:
        """better, worse, indistinguishable (the chance is within `margin` of 1/2), or undecided."""
        if self.e_value >= 1 / alpha:
            return "better" if self.low + self.high > 1 else "worse"
        return "indistinguishable" if self.low > 0.5 - margin and self.high < 0.5 + margin else "undecided"


def sequential(only_a: int, only_b: int, alpha: float = 0.05) -> Sequential:
    """The state of an anytime-valid paired comparison by its discordant pairs so far.

    The e-value is the likelihood ratio of a Beta(1/2, 1/2) mixture against 1/2; the interval holds all chances whose
    own e-value is below 1 / alpha (Robbins 1970, confidence sequences by mixtures).
    """
    if min(only_a, only_b) < 0:
        raise ValueError(f"discordant pairs {only_a} and {only_b}")

    def log_e(chance: float) -> float:
        mixed = special.betaln(only_a + 0.5, only_b + 0.5) - special.betaln(0.5, 0.5)
        return float(mixed - only_a * math.log(chance) - only_b * math.log1p(-chance))

    centre = (only_a + 0.5) / (only_a + only_b + 1)
    least, limit = 1e-9, math.log(1 / alpha)
    low = optimize.brentq(lambda x: log_e(x) - limit, least, centre) if log_e(least) > limit else 0.0
    high = optimize.brentq(lambda x: log_e(x) - limit, centre, 1 - least) if log_e(1 - least) > limit else 1.0
    return Sequential(math.exp(min(log_e(0.5), 700.0)), float(low), float(high))


RESAMPLES = 4000


def cluster_bootstrap(
    values: Sequence[float], clusters: Sequence[Hashable], seed: int, confidence: float = 0.95
) -> Estimate:
    """Mean of the values with a percentile interval; whole clusters (a template, an author) are drawn anew.

    For a paired difference hand in the differences. Fewer than two clusters cannot tell their own spread: the
    interval is then (-inf, inf), never of width zero. Raises ValueError without values.
    """
    mean, resampled = _resampled(values, clusters, np.random.default_rng(seed))
    return _percentiles(mean, resampled, confidence)


def cluster_bootstrap_difference(
    a: Sequence[float],
    a_clusters: Sequence[Hashable],
    b: Sequence[float],
    b_clusters: Sequence[Hashable],
    seed: int,
    confidence: float = 0.95,
) -> Estimate:
    """Mean of `a` minus mean of `b`, two independent samples; the interval as in `cluster_bootstrap`."""
    rng = np.random.default_rng(seed)
    a_mean, a_resampled = _resampled(a, a_clusters, rng)
    b_mean, b_resampled = _resampled(b, b_clusters, rng)
    return _percentiles(a_mean - b_mean, a_resampled - b_resampled, confidence)


def _resampled(
    values: Sequence[float], clusters: Sequence[Hashable], rng: np.random.Generator
) -> tuple[float, "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"]:
    """The mean, and the means of RESAMPLES draws of whole clusters; one draw that is NaN for a single cluster."""
    if not values:
        raise ValueError("no values to resample")
    groups: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        groups.setdefault(cluster, []).append(value)
    sums = np.array([sum(group) for group in groups.values()], dtype=np.float64)
    sizes = np.array([len(group) for group in groups.values()], dtype=np.float64)
    mean = float(sums.sum() / sizes.sum())
    if len(groups) < 2:
        return mean, np.array([np.nan])
    drawn = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=RESAMPLES)
    return mean, (drawn @ sums) / (drawn @ sizes)


def _percentiles(
    value: float, resampled: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", confidence: float
) -> Estimate:
    if np.isnan(resampled).any():
        return Estimate(value, -math.inf, math.inf)
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))


def times(seconds: Sequence[float], limit: float) -> Times:
    """Quantiles of wall-clock seconds, rounded up to a time that was seen, and how many passed the limit."""
    if not seconds:
        return Times(n=0, p50=None, p95=None, max=None, limit=limit, over=0)
    p50, p95 = np.quantile(seconds, [0.5, 0.95], method="inverted_cdf")
    over = sum(s > limit for s in seconds)
    return Times(n=len(seconds), p50=float(p50), p95=float(p95), max=max(seconds), limit=limit, over=over)


def unpaired_n(p: float, q: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Questions per arm that tell proportion p from q on different questions (normal approximation, two-sided)."""
    if p == q:
        raise ValueError("no number of questions tells equal proportions apart")
    pooled = (p + q) / 2
    z_alpha, z_beta = _z(alpha, power)
    spread = z_alpha * math.sqrt(2 * pooled * (1 - pooled)) + z_beta * math.sqrt(p * (1 - p) + q * (1 - q))
    return math.ceil((spread / (p - q)) ** 2)


def paired_n(difference: float, discordance: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Questions that tell two answerers of the same questions apart by McNemar's test (Connor 1987).

    `discordance`: the share of questions that exactly one of the two gets right; at least |difference|.
    """
    d = abs(difference)
    if not 0 < d <= discordance <= 1:
        raise ValueError(f"a difference of {difference} needs a discordance between {d} and 1, not {discordance}")
    z_alpha, z_beta = _z(alpha, power)
    return math.ceil(((z_alpha * math.sqrt(discordance) + z_beta * math.sqrt(discordance - d * d)) / d) ** 2)


def detectable_difference(n: int, discordance: float, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """The smallest difference that `n` shared questions can tell; None when even the largest possible stays hidden."""
    z_alpha, z_beta = _z(alpha, power)

    def excess(d: float) -> float:
        return z_alpha * math.sqrt(discordance) + z_beta * math.sqrt(max(discordance - d * d, 0)) - d * math.sqrt(n)

    if n == 0 or discordance == 0 or excess(discordance) > 0:
        return None
    return float(optimize.brentq(excess, 0, discordance))


def _z(alpha: float, power: float) -> tuple[float, float]:
    return float(stats.norm.isf(alpha / 2)), float(stats.norm.ppf(power))


def duel(p: float, q: float, n: int, m: int | None = None) -> Duel:
    """Who gets more right when one side answers n questions with chance p each, the other m (default n) with q.

    With m != n the *shares* are compared, as the score does. Exact, by the two binomial distributions.
    """
    m = n if m is None else m
    if min(n, m) == 0:
        return Duel(0.0, 1.0, 0.0)
    win = _chance_of_lead(p, q, n, m, 1)
    loss = _chance_of_lead(q, p, m, n, 1)
    return Duel(win, max(0.0, 1 - win - loss), loss)


def chance_of_margin(p: float, right: int, n: int, other: int, m: int) -> float:
    """The chance that two sides of equal strength p differ at least as much as right/n and other/m do."""
    gap = abs(right * m - other * n)
    if min(n, m) == 0 or gap == 0:
        return 1.0
    return min(1.0, _chance_of_lead(p, p, n, m, gap) + _chance_of_lead(p, p, m, n, gap))


def _chance_of_lead(p: float, q: float, n: int, m: int, gap: int) -> float:
    """P(i * m - j * n >= gap) for i of n and j of m: whole numbers, so that 0.1 + 0.2 decides no match."""
    i = np.arange(n + 1)
    return float(stats.binom.pmf(i, n, p) @ stats.binom.cdf((i * m - gap) // n, m, q))


def agreement(units: Iterable[Mapping[str, str]]) -> Agreement | None:
    """Agreement of raters. A unit: rater -> rating, of one item. None where no item has two ratings."""
    rated = [unit for unit in units if len(unit) > 1]
    if not rated:
        return None
    raters = sorted({rater for unit in rated for rater in unit})
    observed: dict[tuple[str, str], float] = {}
    same = pairs = 0
    for unit in rated:
        for a, b in permutations(unit, 2):
            pair = unit[a], unit[b]
            observed[pair] = observed.get(pair, 0.0) + 1 / (len(unit) - 1)
        for a, b in combinations(unit, 2):
            pairs += 1
            same += unit[a] == unit[b]
    totals: dict[str, float] = {}
    for (rating, _), count in observed.items():
        totals[rating] = totals.get(rating, 0.0) + count
    n = sum(totals.values())
    apart = n - sum(count for (a, b), count in observed.items() if a == b)
    expected = (n * n - sum(count * count for count in totals.values())) / (n - 1)
    alpha = 1 - apart / expected if expected else None
    return Agreement(len(rated), len(raters), pairs, same, _kappa(rated, raters), alpha)


def _kappa(rated: Sequence[Mapping[str, str]], raters: Sequence[str]) -> float | None:
    if len(raters) != 2:
        return None
    first, second = (Counter(unit[rater] for unit in rated) for rater in raters)
    n = len(rated)
    by_chance = sum(first[rating] * second[rating] for rating in first) / (n * n)
    same = sum(len(set(unit.values())) == 1 for unit in rated) / n
    return (same - by_chance) / (1 - by_chance) if by_chance < 1 else None


def sum_interval(a: Share, b: Share) -> Interval:
    """An interval for the sum of two independent rates, from their own (square-and-add; Newcombe 1998, method 10).

    A rate that was never observed (n = 0) counts as 0.5 with its interval of 0 to 1.
    """
    x, y = (s.successes / s.n if s.n else 0.5 for s in (a, b))
    return Interval(x + y - math.hypot(x - a.low, y - b.low), x + y + math.hypot(a.high - x, b.high - y))
