"""Policies as data, and the pure function that applies one to all that is known about a question."""

from collections.abc import Callable
from functools import cache
from itertools import combinations_with_replacement
from typing import Literal

from pydantic import Field

from stumper.committee.opinions import Counting
from stumper.types import LETTERS, Ballot, Ruling, RulingName, Value, Verdict, Written

Decision = Literal["accept", "reject", "review"]
REFUTED: tuple[RulingName, ...] = ("wrong_key", "ambiguous", "contradictory")


class Policy(Value):
    """How votes are counted, and what becomes of a question: each case names its decision."""

    counting: Counting = "votes"
    """Heads, or a model of the voters (label_models.py) that gives each choice a probability."""
    sure: float = Field(0.95, gt=0.5, lt=1)
    """The probability from which a choice counts as agreed on, where a model counts. It is a claim of the model; only
    an audit says how often such keys are wrong."""
    proven: Decision = "accept"
    refuted: Decision = "reject"
    unanimous: Decision = "accept"
    """All counted votes for one choice, or a model sure of it, and it is the key."""
    majority: Decision = "review"
    """More than half of the counted votes for one choice, and it is the key."""
    against_key: Decision = "review"
    """All or more than half of the counted votes for one choice that is not the key, or a model sure of it."""
    objected: Decision = "review"
    """More than half of the counted voters hold that none of the choices is the one right answer."""
    split: Decision = "reject"
    too_few: Decision = "review"
    min_votes: int = Field(2, ge=1)
    """Counted votes (the author's own is not counted) below which votes decide nothing."""


class Case(Value):
    """All there is to know about one question when it is decided."""

    written: Written
    ruling: Ruling
    ballots: tuple[Ballot, ...]
    belief: tuple[float, ...] = ()
    """The probability that each choice is right, where the policy counts by a model."""


def verdict(policy: Policy, case: Case) -> Verdict:
    """Apply the policy to one case: a pure function of its data."""
    question = case.written.question
    counted = [b for b in case.ballots if not b.own and (b.choice is not None or b.objection)]
    votes = [0] * len(question.choices)
    for ballot in counted:
        if ballot.choice is not None:
            votes[ballot.choice] += 1
    key = None if question.key is None else LETTERS.index(question.key)
    return _decided(policy, case.ruling, tuple(votes), len(counted) - sum(votes), key, case.belief)


def _decided(
    policy: Policy, ruling: Ruling, votes: tuple[int, ...], objections: int, key: int | None, belief: tuple[float, ...]
) -> Verdict:
    top, counted = max(votes, default=0), sum(votes) + objections
    choice = votes.index(top) if top and votes.count(top) == 1 else None
    agreement: Literal["unanimous", "majority", "split", "none", "sure", "objected"] = "split"
    if not counted:
        agreement = "none"
    elif 2 * objections > counted:
        choice, agreement = None, "objected"
    elif belief:
        choice = max(range(len(votes)), key=belief.__getitem__)
        agreement = "sure" if belief[choice] >= policy.sure else "split"
    elif top == counted:
        agreement = "unanimous"
    elif 2 * top > counted:
        agreement = "majority"
    agrees = None if choice is None or key is None else choice == key
    decision, reason = _decide(policy, ruling, counted, agreement, agrees)
    return Verdict(
        decision=decision,
        agreement=agreement,
        votes=votes,
        objections=objections,
        choice=choice,
        key_agrees=agrees,
        reason=reason,
    )


def _decide(policy: Policy, ruling: Ruling, counted: int, agreement: str, agrees: bool | None) -> tuple[Decision, str]:
    if ruling.ruling == "proven":
        return policy.proven, "proven"
    if ruling.ruling in REFUTED:
        return policy.refuted, f"refuted: {ruling.why}"
    if counted < policy.min_votes:
        return policy.too_few, f"{counted} counted votes, the policy asks for {policy.min_votes}; {ruling.why}"
    if agreement == "objected":
        return policy.objected, "the voters object: none of the choices is the one right answer"
    if agreement in ("split", "none") or agrees is None:
        return policy.split, "the voters are split"
    if not agrees:
        return policy.against_key, f"{agreement} against the key"
    return (policy.majority if agreement == "majority" else policy.unanimous), f"{agreement} for the key"


Settled = Callable[[Case, int], bool]


def settled(policy: Policy, audited: bool) -> Settled:
    """(case, voters still to be asked) -> whether no answer of theirs can change the decision.

    Found by trying every way in which they may vote, object or fail. Where a model of the voters counts, or an audit
    orders the questions by their votes, each ballot can matter: only proof settles a question then.
    """

    @cache
    def fixed(name: RulingName, votes: tuple[int, ...], objections: int, key: int | None, missing: int) -> bool:
        ruling = Ruling(ruling=name, why="")
        choices = len(votes)
        decisions = set()
        for more in combinations_with_replacement(range(choices + 2), missing):
            added = tuple(n + more.count(choice) for choice, n in enumerate(votes))
            ended = _decided(policy, ruling, added, objections + more.count(choices), key, ())
            decisions.add(ended.decision)
            if len(decisions) > 1:
                return False
        return True

    def of(case: Case, missing: int) -> bool:
        if case.ruling.ruling in REFUTED:
            return True
        if case.ruling.ruling == "proven" or audited or policy.counting != "votes":
            return False
        now = verdict(policy, case)
        key = case.written.question.key
        # Choices other than the key are alike: their order makes no new case.
        place = None if key is None else LETTERS.index(key)
        others = sorted((n for choice, n in enumerate(now.votes) if choice != place), reverse=True)
        votes = (*(() if place is None else (now.votes[place],)), *others)
        return fixed(case.ruling.ruling, votes, now.objections, None if place is None else 0, missing)

    return of
