"""How wrong are the kept keys? A bound that people's answers give, not the votes.

The votes order the questions; a person then answers some of them, drawn at random, and exact binomial bounds on what
the person found say how many of the others can be wrong. What the votes claim about themselves never enters a bound,
so voters who err together make the kept set smaller and not the bound untrue.
"""

import math
import random
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from pydantic import Field
from scipy.stats import betabinom, hypergeom

from stumper.types import Value, seed_for

CUTS = 40
"""How many sizes of a set are considered."""
TRUST = 200.0
"""Of how many answered questions the claims about a set count as the outcome, when it is chosen."""
SHARES = (0.6, 0.4)
"""The parts of the chance of error that the bounds of the larger and of the smaller set may use."""
SMALLER = 0.6
"""The smaller set is at most this part of the larger one, and is planned for this part of the budget."""
EARLY_SHARE = 0.1
"""The part of a set's chance of error that is spent on ending early, where there are fewer faults than allowed."""


class Target(Value):
    """What a person wants to be true of the kept questions, and how many they will answer for it."""

    error: float = Field(gt=0, lt=1)
    """The greatest share of kept keys that may be wrong, between 0 and 1."""
    confidence: float = Field(0.95, gt=0.5, lt=1)
    budget: int = Field(gt=0)
    """Questions that a person answers."""


class Candidate(NamedTuple):
    """A question that might be kept."""

    item: str
    claimed: float
    """The probability that its key is wrong, before a person looks: see risk.py."""


class Plan(NamedTuple):
    """A set of questions that the audit tries to bound."""

    items: frozenset[str]
    looks: tuple[int, ...]
    """looks[k]: the number of answers after which at most k faults suffice."""
    alphas: tuple[float, ...]
    """The chance of error that is used at each look."""


class Certificate(Value):
    """What was proven about the kept questions."""

    kept: tuple[str, ...]
    bound: float
    """At most this share of the kept keys is wrong, at the confidence."""
    confidence: float
    answered: int
    """Questions that a person answered."""
    faults: int
    """Keys among them that the person found wrong; they are not kept."""
    sampled: int
    """Answers that gave the bound: a random sample of the set it speaks of."""
    sampled_faults: int

    def __str__(self) -> str:
        if not self.kept:
            return f"nothing could be certified with {self.answered} answers ({self.faults} keys were wrong)"
        return (
            f"{len(self.kept)} questions kept; at most {self.bound:.2%} of their keys are wrong "
            f"({self.confidence:.0%} confidence), by {self.answered} answers of a person, "
            f"{self.faults} of them against the key"
        )


def looks(error: float, alpha: float, size: int, budget: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """After how many answers 0, 1, 2 ... faults suffice, and the chance of error that each look uses.

    Of `size` questions more than error * size are wrong: then the chance that any of the looks comes out well (k
    faults at most after n random ones) is alpha at most, by the hypergeometric distribution of each and their sum.
    Empty where the budget is too small. Early looks only save answers; the last one has most of alpha.
    """
    wrong = math.floor(error * size) + 1
    most = -1
    while (n := _answers(most + 1, size, wrong, alpha * (1 - EARLY_SHARE))) is not None and n <= budget:
        most += 1
    if most < 0:
        n = _answers(0, size, wrong, alpha)
        return ((n,), (alpha,)) if n is not None and n <= budget else ((), ())
    shares = [*(alpha * EARLY_SHARE / most for _ in range(most)), alpha * (1 - EARLY_SHARE if most else 1)]
    found = [(n, share) for k, share in enumerate(shares) if (n := _answers(k, size, wrong, share)) is not None]
    return tuple(n for n, _ in found), tuple(share for _, share in found)


@lru_cache(maxsize=65536)
def _answers(k: int, size: int, wrong: int, alpha: float) -> int | None:
    """The least n at which k faults or fewer among n of the questions have a chance of alpha or less."""
    if wrong <= k or wrong > size:
        return None
    low, high = k, size - wrong + k + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if hypergeom.cdf(k, size, wrong, middle) > alpha else (low, middle)
    return high


def _most_wrong(k: int, n: int, size: int, alpha: float) -> int:
    """The greatest number of wrong ones among `size` at which k faults or fewer in n have a chance above alpha."""
    low, high = k, size - n + k + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if hypergeom.cdf(k, size, middle, n) > alpha else (low, middle)
    return low


class Audit:
    """An audit under way: `next` names the question to answer, `tell` takes the answer, `certificate` the outcome.

    Two sets of the questions with the likeliest keys are chosen, one within the other, each worth most by its size
    times the chance that the budget bounds it. A person answers the larger one in random order; once it holds too
    many faults, what is left of the budget goes to the smaller one, of which the answers so far are a random sample
    too. Both sets and their looks stand before the first answer, and the chances of error of all looks add up to
    1 - confidence. What is left after a bound confirms single questions.
    """

    def __init__(self, target: Target, candidates: Sequence[Candidate], seed: int) -> None:
        self._target = target
        self._candidates = {c.item: c for c in candidates}
        self._plans = _plans(target, candidates)
        self._order = sorted(self._plans[0].items) if self._plans else []
        random.Random(seed_for(seed, "audit")).shuffle(self._order)
        self._right: dict[str, bool] = {}
        self._bound: tuple[Plan, int, int, float] | None = None

    @property
    def next(self) -> str | None:
        """The item to be answered; None when the audit is over."""
        if len(self._right) >= self._target.budget:
            return None
        order = self._outside if self._bound else (item for item in self._order if item in self._tried)
        return next((item for item in order if item not in self._right), None)

    def tell(self, right: bool) -> None:
        """The person's answer to `next`: whether its key is right. Raises ValueError when the audit is over."""
        item = self.next
        if item is None:
            raise ValueError("the audit is over")
        self._right[item] = right
        while self._bound is None and self._plans:
            self._bound = self._bounded(self._plans[0])
            if self._bound or self._alive(self._plans[0]):
                break
            self._plans = self._plans[1:]

    def certificate(self) -> Certificate:
        """What can be said now. Without a bound nothing is kept."""
        wrong = {item for item, right in self._right.items() if not right}
        kept: list[str] = []
        bound, told, faults = 1.0, 0, 0
        if self._bound is not None:
            plan, told, faults, alpha = self._bound
            unseen = plan.items - self._right.keys()
            kept = sorted(unseen | (self._right.keys() - wrong))
            # What is wrong of the set, less what was found, is among those that nobody answered.
            left = _most_wrong(faults, told, len(plan.items), alpha) - len(wrong & plan.items)
            bound = min(len(unseen), max(left, 0)) / len(kept) if kept else 0.0
        return Certificate(
            kept=tuple(kept),
            bound=bound,
            confidence=self._target.confidence,
            answered=len(self._right),
            faults=len(wrong),
            sampled=told,
            sampled_faults=faults,
        )

    @property
    def _tried(self) -> frozenset[str]:
        return self._plans[0].items if self._plans else frozenset()

    @cached_property
    def _outside(self) -> list[str]:
        """The questions outside the bounded set, likeliest right first: each that a person confirms is kept too."""
        within = self._bound[0].items if self._bound else frozenset()
        outside = [c for c in self._candidates.values() if c.item not in within]
        return [c.item for c in sorted(outside, key=lambda c: (c.claimed, c.item))]

    def _answers(self, plan: Plan) -> list[bool]:
        """The answers within a set, in the order they were given: a random sample of it, however long."""
        return [right for item, right in self._right.items() if item in plan.items]

    def _bounded(self, plan: Plan) -> tuple[Plan, int, int, float] | None:
        answers = self._answers(plan)
        for k, (n, alpha) in enumerate(zip(plan.looks, plan.alphas, strict=True)):
            if n <= len(answers) and (faults := answers[:n].count(False)) <= k:
                return plan, n, faults, alpha
        return None

    def _alive(self, plan: Plan) -> bool:
        """Whether a look at this set can still come out well."""
        answers = self._answers(plan)
        due = [n for n in plan.looks[answers.count(False) :] if n > len(answers)]
        return bool(due) and due[0] - len(answers) <= self._target.budget - len(self._right)


def _plans(target: Target, candidates: Sequence[Candidate]) -> tuple[Plan, ...]:
    """The larger set and the smaller one; fewer where the budget bounds none."""
    ordered = sorted(candidates, key=lambda c: (c.claimed, c.item))
    faults = list(accumulate((c.claimed for c in ordered), initial=0.0))
    plans: list[Plan] = []
    most, budget = len(ordered), target.budget
    for share in SHARES:
        alpha = share * (1 - target.confidence)
        best, worth = 0, 0.0
        for size in sorted({len(ordered) * cut // CUTS for cut in range(1, CUTS + 1)}):
            taken, _ = looks(target.error, alpha, size, budget)
            if size <= most and taken and (gain := size * _chance(taken, faults[size] / size)) > worth:
                best, worth = size, gain
        if best:
            plans.append(Plan(frozenset(c.item for c in ordered[:best]), *looks(target.error, alpha, best, budget)))
            most, budget = int(SMALLER * best), int(SMALLER * target.budget)
    return tuple(plans)


def _chance(taken: Sequence[int], rate: float) -> float:
    """That the last look comes out well, where the rate of faults is a beta of this mean and of TRUST."""
    a, b = max(rate * TRUST, 1e-3), max((1 - rate) * TRUST, 1e-3)
    return float(betabinom.cdf(len(taken) - 1, taken[-1], a, b))


def run(audit: Audit, answer: Callable[[str], bool]) -> Certificate:
    """Answer what is asked until the audit is over."""
    while (item := audit.next) is not None:
        audit.tell(answer(item))
    return audit.certificate()
