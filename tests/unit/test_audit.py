"""The audit: what it bounds is true as often as it says, whatever the votes claimed."""

import random
from functools import cache

import pytest
from scipy.stats import hypergeom

from stumper.committee.audit import Audit, Candidate, Target, _most_wrong, looks, run


@pytest.mark.parametrize(
    ("error", "alpha", "size", "budget"),
    [(0.02, 0.05, 2500, 300), (0.02, 0.035, 900, 300), (0.05, 0.05, 400, 200), (0.1, 0.015, 200, 100)],
)
def test_no_look_comes_out_well_more_often_than_it_may(error, alpha, size, budget):
    taken, alphas = looks(error, alpha, size, budget)
    wrong = int(error * size) + 1

    @cache
    def won(n: int, faults: int) -> float:
        """The chance that some look from here on comes out well, question by question."""
        if any(n == at and faults <= k for k, at in enumerate(taken)):
            return 1.0
        if n == max(taken):
            return 0.0
        miss = (wrong - faults) / (size - n)
        return miss * won(n + 1, faults + 1) + (1 - miss) * won(n + 1, faults)

    assert len(taken) > 1
    assert sum(alphas) == pytest.approx(alpha)
    assert 0.5 * alpha < won(0, 0) <= alpha


def test_a_look_is_no_later_than_it_must_be():
    taken, alphas = looks(0.02, 0.05, 2500, 300)
    for k, (n, alpha) in enumerate(zip(taken, alphas, strict=True)):
        assert hypergeom.cdf(k, 2500, 51, n) <= alpha < hypergeom.cdf(k, 2500, 51, n - 1)


def test_a_budget_too_small_for_a_bound_has_no_look():
    assert looks(0.02, 0.05, 2500, 100) == ((), ())


def test_the_most_that_can_be_wrong_is_what_the_sample_cannot_exclude():
    most = _most_wrong(1, 250, 2000, 0.03)
    assert hypergeom.cdf(1, 2000, most, 250) > 0.03 >= hypergeom.cdf(1, 2000, most + 1, 250)
    assert _most_wrong(2, 2000, 2000, 0.03) == 2


def made(seed: int, shares: dict[str, tuple[int, float]]) -> tuple[list[Candidate], set[str]]:
    """Candidates of strata with (size, share of wrong keys), who claim that very share."""
    rng = random.Random(seed)
    candidates, wrong = [], set()
    for stratum, (size, share) in shares.items():
        for i in range(size):
            item = f"{stratum}-{i}"
            candidates.append(Candidate(item, share))
            if rng.random() < share:
                wrong.add(item)
    return candidates, wrong


def test_the_bound_holds_as_often_as_it_says_where_the_claims_are_lies():
    target, kept, broken = Target(error=0.05, budget=150), 0, 0
    for seed in range(400):
        # All that the votes are sure of is wrong about as often as the bound just allows, or a little more.
        candidates, wrong = made(seed, {"sure": (300, 0.052), "unsure": (200, 0.06)})
        liar = [c._replace(claimed=0.0001 if c.item.startswith("sure") else 0.002) for c in candidates]
        certificate = run(Audit(target, liar, seed), lambda item, wrong=wrong: item not in wrong)
        kept += bool(certificate.kept)
        broken += bool(certificate.kept) and len(wrong & set(certificate.kept)) > certificate.bound * len(
            certificate.kept
        )
    assert kept > 5
    assert broken <= 0.05 * 400


def test_what_a_person_found_wrong_is_never_kept_and_the_budget_is_never_passed():
    for seed in range(40):
        candidates, wrong = made(seed, {"a": (400, 0.004), "b": (300, 0.03), "c": (300, 0.3)})
        asked: list[str] = []

        def answer(item: str, asked: list[str] = asked, wrong: set[str] = wrong) -> bool:
            asked.append(item)
            return item not in wrong

        certificate = run(Audit(Target(error=0.03, budget=200), candidates, seed), answer)
        assert len(asked) == len(set(asked)) == certificate.answered <= 200
        assert not wrong & set(asked) & set(certificate.kept)
        assert certificate.faults == len(wrong & set(asked))


def test_what_is_likely_wrong_is_left_out_unless_a_person_confirms_it():
    candidates, wrong = made(1, {"good": (1000, 0.0), "bad": (1000, 0.3)})
    told = run(Audit(Target(error=0.02, budget=250), candidates, 1), lambda item: item not in wrong)
    assert len(told.kept) >= 1000
    assert sum(item.startswith("bad") for item in told.kept) <= 250
    assert "at most" in str(told)


def test_the_smaller_set_is_bounded_where_the_larger_one_is_too_wrong():
    outcomes = []
    for seed in range(20):
        candidates, wrong = made(seed, {"good": (1500, 0.0), "middling": (900, 0.06)})
        claims = [c._replace(claimed=0.0005 if c.item.startswith("good") else 0.001) for c in candidates]
        certificate = run(Audit(Target(error=0.02, budget=300), claims, seed), lambda i, wrong=wrong: i not in wrong)
        outcomes.append(len(certificate.kept))
        assert certificate.sampled <= certificate.answered
    assert sum(kept >= 1500 for kept in outcomes) >= 15


def test_with_nothing_answered_nothing_is_kept():
    candidates, _ = made(1, {"a": (500, 0.0)})
    certificate = Audit(Target(error=0.02, budget=300), candidates, 1).certificate()
    assert certificate.kept == ()
    assert certificate.bound == 1.0
    assert "nothing could be certified" in str(certificate)


def test_an_audit_that_is_over_takes_no_more_answers():
    candidates, _ = made(1, {"a": (1000, 0.0)})
    audit = Audit(Target(error=0.02, budget=5), candidates, 1)
    assert audit.next is None
    with pytest.raises(ValueError, match="over"):
        audit.tell(True)
