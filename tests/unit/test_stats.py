"""Figures from the literature and from simulation, none from the code under test."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from stumper import stats

# Newcombe (1998), Statistics in Medicine 17:857-872, table I: (successes, n), Wilson, Clopper-Pearson.
NEWCOMBE = [
    ((81, 263), (0.2553, 0.3662), (0.2527, 0.3676)),
    ((15, 148), (0.0624, 0.1605), (0.0578, 0.1617)),
    ((0, 20), (0.0, 0.1611), (0.0, 0.1684)),
    ((1, 29), (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("counts", "wilson", "exact"), NEWCOMBE)
def test_intervals_match_newcombes_table(counts, wilson, exact):
    assert stats.wilson(*counts) == pytest.approx(wilson, abs=5e-5)
    assert stats.clopper_pearson(*counts) == pytest.approx(exact, abs=5e-5)


@pytest.mark.parametrize("interval", [stats.wilson, stats.clopper_pearson])
def test_nothing_observed_leaves_everything_open(interval):
    assert interval(0, 0) == (0.0, 1.0)
    assert stats.upper_bound(0, 0) == 1.0


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_hold_the_rate_and_have_width(counts):
    successes, n = counts
    for low, high in (stats.wilson(successes, n), stats.clopper_pearson(successes, n)):
        assert 0 <= low <= successes / n <= high <= 1
        assert high > low


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="3 successes of 2"):
        stats.wilson(3, 2)


def test_coverage_of_the_intervals_is_what_they_promise():
    rng = np.random.default_rng(1)
    for p in (0.25, 0.5, 0.85):
        draws = rng.binomial(60, p, size=2000).tolist()
        covered = {k: stats.wilson(k, 60) for k in set(draws)}
        exact = {k: stats.clopper_pearson(k, 60) for k in set(draws)}
        assert np.mean([covered[k].low <= p <= covered[k].high for k in draws]) > 0.93
        assert np.mean([exact[k].low <= p <= exact[k].high for k in draws]) > 0.94


def test_upper_bound_solves_its_own_equation():
    assert stats.upper_bound(0, 500) == pytest.approx(1 - 0.05 ** (1 / 500))
    assert reference.binom.cdf(3, 200, stats.upper_bound(3, 200)) == pytest.approx(0.05)


def test_mcnemar_matches_fagerland_2013():
    # The airway hyper-responsiveness study of Bentur et al.: 1 against 7 discordant pairs.
    result = stats.mcnemar(1, 7)
    assert result.exact == pytest.approx(0.0703, abs=5e-5)
    assert result.mid == pytest.approx(0.0391, abs=5e-5)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_two_sided_binomial_test(a, b):
    result = stats.mcnemar(a, b)
    assert result.exact == pytest.approx(reference.binomtest(a, a + b).pvalue if a + b else 1.0)
    assert result.mid <= result.exact
    assert stats.mcnemar(b, a)[2:] == result[2:]


def test_mcnemar_counts_only_the_items_where_one_is_right():
    assert stats.mcnemar_of([True, True, False, False], [True, False, True, False])[:2] == (1, 1)
    with pytest.raises(ValueError):
        stats.mcnemar_of([True], [True, False])


def test_bootstrap_repeats_with_its_seed_and_is_wider_for_clustered_data():
    values = [float(c % 2) for c in range(20) for _ in range(10)]
    by_cluster = stats.cluster_bootstrap(values, [c for c in range(20) for _ in range(10)], seed=3)
    by_item = stats.cluster_bootstrap(values, range(200), seed=3)
    assert by_cluster == stats.cluster_bootstrap(values, [c for c in range(20) for _ in range(10)], seed=3)
    assert by_cluster.high - by_cluster.low > 2 * (by_item.high - by_item.low)


def test_bootstrap_covers_the_mean_of_clustered_draws():
    rng = np.random.default_rng(5)
    clusters = [c for c in range(40) for _ in range(4)]
    hits = 0
    for trial in range(150):
        values = np.repeat(rng.normal(size=40), 4) + rng.normal(size=160)
        estimate = stats.cluster_bootstrap(values.tolist(), clusters, seed=trial)
        hits += estimate.low <= 0 <= estimate.high
    assert hits / 150 > 0.87


def test_bootstrap_of_one_cluster_admits_that_it_knows_no_spread():
    assert stats.cluster_bootstrap([1.0, 1.0], ["x", "x"], seed=0) == (1.0, -math.inf, math.inf)
    assert stats.cluster_bootstrap_difference([1.0], ["x"], [0.0, 0.5], "yz", seed=0)[1:] == (-math.inf, math.inf)
    with pytest.raises(ValueError, match="no values"):
        stats.cluster_bootstrap([], [], seed=0)


def test_bootstrap_difference_covers_a_known_difference():
    rng = np.random.default_rng(6)
    a, b = (rng.random(400) < 0.8).astype(float), (rng.random(400) < 0.5).astype(float)
    estimate = stats.cluster_bootstrap_difference(a.tolist(), range(400), b.tolist(), range(400), seed=0)
    assert estimate.value == pytest.approx(a.mean() - b.mean())
    standard_error = math.sqrt(a.var() / 400 + b.var() / 400)
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * standard_error, rel=0.1)


def test_quantiles_of_seconds_are_times_that_were_seen():
    seconds = [0.1 * i for i in range(1, 101)]
    result = stats.times(seconds, limit=9.75)
    assert (result.p50, result.p95, result.max, result.over) == (seconds[49], seconds[94], seconds[99], 3)
    nothing = stats.times([], 6)
    assert (nothing.n, nothing.p50, nothing.max, nothing.over) == (0, None, None, 0)


def test_sample_sizes_match_the_published_ones_for_85_against_90_percent():
    assert stats.unpaired_n(0.85, 0.90) == 686
    assert stats.paired_n(0.05, 0.06) == 186
    assert stats.paired_n(0.05, 0.20) == 626


def test_detectable_difference_inverts_the_sample_size():
    assert stats.detectable_difference(626, 0.20) == pytest.approx(0.05, abs=1e-4)
    assert stats.detectable_difference(3, 0.2) is None
    with pytest.raises(ValueError, match="discordance"):
        stats.paired_n(0.2, 0.1)


def test_paired_n_has_the_power_it_claims():
    rng = np.random.default_rng(2)
    n = stats.paired_n(0.15, 0.3)
    draws = rng.multinomial(n, [0.225, 0.075, 0.7], size=600)
    power = np.mean([stats.mcnemar(a, b).mid < 0.05 for a, b, _ in draws.tolist()])
    assert 0.74 < power < 0.88


def test_duels_match_the_known_statistics_of_a_match():
    assert 1 - stats.duel(0.85, 0.85, 20).draw == pytest.approx(0.82, abs=0.005)
    assert stats.duel(0.90, 0.85, 20).win == pytest.approx(0.59, abs=0.01)
    assert stats.duel(0.90, 0.85, 100).win == pytest.approx(0.83, abs=0.01)
    assert stats.duel(0.90, 0.85, 500).win == pytest.approx(0.99, abs=0.01)


def test_duels_of_unequal_length_compare_shares():
    # Half of two equals half of four; anything else decides.
    assert stats.duel(1.0, 1.0, 3, 7) == pytest.approx((0, 1, 0))
    assert stats.duel(0.5, 0.5, 1, 2).draw == pytest.approx(0.5 * 0.25 + 0.5 * 0.25)
    assert stats.duel(0.5, 0.5, 0, 5) == (0, 1, 0)


@given(st.integers(1, 12), st.integers(1, 12), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_duels_are_the_sum_over_all_outcomes(n, m, p, q):
    pmf = reference.binom.pmf
    outcomes = [(i * m - j * n, pmf(i, n, p) * pmf(j, m, q)) for i in range(n + 1) for j in range(m + 1)]
    expected = (
        sum(w for lead, w in outcomes if lead > 0),
        sum(w for lead, w in outcomes if lead == 0),
        sum(w for lead, w in outcomes if lead < 0),
    )
    assert stats.duel(p, q, n, m) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 9), st.integers(1, 9), st.floats(0.05, 0.95), st.data())
def test_chance_of_margin_is_the_sum_over_outcomes_at_least_as_far_apart(n, m, p, data):
    right, other = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    pmf = reference.binom.pmf
    gap = abs(right * m - other * n)
    expected = sum(pmf(i, n, p) * pmf(j, m, p) for i in range(n + 1) for j in range(m + 1) if abs(i * m - j * n) >= gap)
    assert stats.chance_of_margin(p, right, n, other, m) == pytest.approx(expected, abs=1e-9)


def test_sum_interval_matches_newcombes_difference():
    # Newcombe (1998) Statistics in Medicine 17:873-890, method 10: 56/70 - 48/80 has the interval 0.0524 to 0.3339.
    difference = stats.sum_interval(stats.share(56, 70), stats.share(80 - 48, 80))
    assert (difference.low - 1, difference.high - 1) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def units(*raters):
    """Ratings as one string a rater, a letter an item, "." where there is none."""
    return [{str(n): said[i] for n, said in enumerate(raters) if said[i] != "."} for i in range(len(raters[0]))]


def test_krippendorffs_own_example_with_four_raters_and_missing_ratings():
    # Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: 0.743.
    found = stats.agreement(units("123321412...", "1233224125.3", ".3332342251.", "12332441251."))
    assert found.alpha == pytest.approx(0.743, abs=5e-4)
    assert (found.items, found.raters, found.kappa) == (11, 4, None)


def test_cohens_kappa_of_two_readers_of_fifty_proposals():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: 0.7 observed, 0.5 by chance.
    found = stats.agreement(units("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15))
    assert found.kappa == pytest.approx(0.4)
    assert (found.pairs, found.same) == (50, 35)


def test_cohens_kappa_of_fleiss_levin_and_paiks_two_raters():
    # Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: 0.68.
    table = {"pp": 75, "pn": 1, "po": 4, "np": 5, "nn": 4, "no": 1, "oo": 10}
    one, two = ("".join(pair[i] * n for pair, n in table.items()) for i in (0, 1))
    assert stats.agreement(units(one, two)).kappa == pytest.approx(0.676, abs=5e-4)


def test_agreement_is_undefined_where_nothing_varies_and_absent_where_nothing_is_shared():
    same = stats.agreement(units("kkk", "kkk"))
    assert (same.kappa, same.alpha, same.same) == (None, None, 3)
    assert stats.agreement(units("k.", ".k")) is None


def test_holms_correction_by_hand():
    # 0.01 * 3, then 0.02 * 2 = 0.04, then 0.5; never smaller than the one before.
    assert stats.holm([0.5, 0.01, 0.02]) == pytest.approx([0.5, 0.03, 0.04])
    assert stats.holm([0.04, 0.03]) == pytest.approx([0.06, 0.06])
    assert stats.holm([]) == []


def test_a_sequential_test_of_equal_sides_is_wrong_at_most_as_often_as_it_says():
    rng = np.random.default_rng(3)
    runs, false = 200, 0
    for _ in range(runs):
        wins = np.cumsum(rng.random(200) < 0.5)
        looks = [stats.sequential(int(wins[n]), n + 1 - int(wins[n])).verdict() for n in range(4, 200, 5)]
        false += "better" in looks or "worse" in looks
    assert false <= 0.05 * runs + 2 * math.sqrt(runs * 0.05 * 0.95)


def test_a_sequential_test_decides_between_unequal_sides_and_says_when_there_is_nothing_to_decide():
    assert stats.sequential(40, 10).verdict() == "better"
    assert stats.sequential(10, 40).verdict() == "worse"
    assert stats.sequential(6, 4).verdict() == "undecided"
    assert stats.sequential(2000, 2010).verdict() == "indistinguishable"
    nothing = stats.sequential(0, 0)
    assert (nothing.e_value, nothing.low, nothing.high) == (1.0, 0.0, 1.0)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_anytime_interval_holds_its_centre_and_is_wider_than_a_fixed_one(a, b):
    found = stats.sequential(a, b)
    assert found.low <= (a + 0.5) / (a + b + 1) <= found.high
    fixed = stats.clopper_pearson(a, a + b)
    assert found.high - found.low >= 0.9 * (fixed.high - fixed.low)


def test_the_chance_to_be_better_is_a_half_for_equals_and_grows_with_evidence():
    assert stats.chance_better(0, 0) == pytest.approx(0.5)
    assert stats.chance_better(7, 7) == pytest.approx(0.5)
    assert stats.chance_better(20, 10) == pytest.approx(1 - stats.chance_better(10, 20))
    assert stats.chance_better(40, 20) > stats.chance_better(20, 10) > 0.9
