"""Every teacher answers every question blind; a policy, which is data, turns the ballots into a verdict.

Proof outranks votes: language models that err together pick the same wrong answer about 60 % of the time
(arXiv 2506.07962), so consensus is used only where the oracle cannot read the question.
"""

import random
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from stumper import oracle
from stumper.agents import AnswerAgent, AnswerSettings
from stumper.calibration import Settings as CalibrationSettings
from stumper.committee.audit import Target
from stumper.committee.opinions import Counting, beliefs, opinion, panel
from stumper.engines import Engine, ModelSpec
from stumper.types import (
    LETTERS,
    Ballot,
    Calibration,
    Failure,
    Outcome,
    Review,
    Ruling,
    Value,
    Verdict,
    Written,
    seed_for,
    shuffled,
)

VOTE_VERSION = 1
VERDICT_VERSION = 2

Decision = Literal["accept", "reject", "review"]
REFUTED = ("wrong_key", "ambiguous", "contradictory")


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
    split: Decision = "reject"
    too_few: Decision = "review"
    min_votes: int = Field(2, ge=1)
    """Counted votes (the author's own is not counted) below which votes decide nothing."""


class Settings(Value):
    policy: Policy = Policy()
    calibration: CalibrationSettings = CalibrationSettings()
    probes: int = Field(100, ge=0)
    """Of the questions that are proven already, how many are voted on all the same, to measure the voters.

    All questions that are not proven are voted on.
    """
    audit: Target | None = None
    """What a person's answers are to prove of the keys that only votes speak for; None: nothing is audited."""


class VoteRecipe(Value):
    seed: int
    voters: tuple[ModelSpec, ...]
    probes: int


class Vote(Value):
    """One ballot owed."""

    voter: str
    item: str
    order: tuple[int, ...]
    own: bool


def tasks(recipe: VoteRecipe, written: Mapping[str, Written], rulings: Mapping[str, Ruling]) -> dict[str, Vote]:
    """The ballots owed: "item#voter" -> vote, with that voter's own order of the choices."""
    proven = [item for item in written if item in rulings and rulings[item].ruling == "proven"]
    probes = set(random.Random(seed_for(recipe.seed, "probes")).sample(proven, min(recipe.probes, len(proven))))
    voted = [item for item in written if item in probes or rulings[item].ruling != "proven"]
    return {
        (key := f"{item}#{voter.name}"): Vote(
            voter=voter.name,
            item=item,
            order=shuffled(len(written[item].question.choices), seed_for(recipe.seed, "order", key)),
            own=voter.name == written[item].author,
        )
        for voter in recipe.voters
        for item in voted
    }


def vote(
    recipe: VoteRecipe,
    owed: Mapping[str, Vote],
    written: Mapping[str, Written],
    calibrations: Mapping[str, Calibration],
    engines: Mapping[str, Engine],
) -> Iterator[Outcome[Ballot]]:
    """Ask each voter, by the scoring rule that calibration found best for it."""
    for voter in recipe.voters:
        mine = {key: task for key, task in owed.items() if task.voter == voter.name}
        if not mine:
            continue
        agent = AnswerAgent(engines[voter.name], AnswerSettings(rule=calibrations[voter.name].rule, deadline=None))
        keys = list(mine)
        questions = [written[mine[key].item].question for key in keys]
        orders = [mine[key].order for key in keys]
        for i, (answer, seconds) in agent.answer_many(questions, orders):
            task = mine[keys[i]]
            if answer.fallback:
                yield keys[i], Failure(type="engine", message=answer.error, outage=answer.outage), {}
                continue
            ballot = Ballot(
                voter=voter.name, choice=answer.choice, order=task.order, scores=answer.scores, own=task.own
            )
            yield keys[i], ballot, {"seconds": seconds}


class RecheckRecipe(Value):
    seed: int
    voters: tuple[ModelSpec, ...]
    policy: Policy


def edited(
    _: RecheckRecipe, written: Mapping[str, Written], reviews: Mapping[str, Review], __: object
) -> dict[str, Written]:
    """The questions that a person edited, as they stand now."""
    return {
        item: written[item].model_copy(update={"question": review.question})
        for item, review in reviews.items()
        if review.decision == "edit" and review.question is not None
    }


def recheck(
    recipe: RecheckRecipe,
    owed: Mapping[str, Written],
    calibrations: Mapping[str, Calibration],
    engines: Mapping[str, Engine],
) -> Iterator[Outcome[Verdict]]:
    """Send edited questions through proof and vote again. No voter wrote them: every ballot counts.

    They are too few for a model of the voters, so heads are counted.
    """
    policy = recipe.policy.model_copy(update={"counting": "votes"})
    rulings = {item: oracle.prove(w.question) for item, w in owed.items()}
    anonymous = {item: w.model_copy(update={"author": ""}) for item, w in owed.items()}
    votes = VoteRecipe(seed=recipe.seed, voters=recipe.voters, probes=0)
    ballots: dict[str, Ballot] = {}
    failed: dict[str, Failure] = {}
    for key, ballot, _ in vote(votes, tasks(votes, anonymous, rulings), anonymous, calibrations, engines):
        if isinstance(ballot, Failure):
            failed[key.rsplit("#", 1)[0]] = ballot
        else:
            ballots[key] = ballot
    for item, case in cases(VerdictRecipe(policy=policy), anonymous, rulings, ballots).items():
        outage = failed.get(item)
        yield item, outage if outage and outage.outage else verdict(policy, case), {}


class VerdictRecipe(Value):
    policy: Policy
    families: dict[str, str] = Field(default_factory=dict)
    """The model family of each voter; one that is not named is its own."""


class Case(Value):
    """All there is to know about one question when it is decided."""

    written: Written
    ruling: Ruling
    ballots: tuple[Ballot, ...]
    belief: tuple[float, ...] = ()
    """The probability that each choice is right, where the policy counts by a model."""


def cases(
    recipe: VerdictRecipe,
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    ballots: Mapping[str, Ballot],
) -> dict[str, Case]:
    """Gather rulings, ballots and beliefs by question. A ballot that failed is missing, never counted."""
    return dict(each_case(recipe, written, rulings, ballots))


def each_case(
    recipe: VerdictRecipe,
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    ballots: Mapping[str, Ballot],
) -> Iterator[tuple[str, Case]]:
    """The cases one after the other: a million ballots fit once into the memory, not twice."""
    table = panel(written, rulings, ballots if recipe.policy.counting != "votes" else {})
    believed = beliefs(table, opinion(recipe.policy.counting, table, recipe.families))
    by_item: dict[str, list[Ballot]] = {}
    for key, ballot in ballots.items():
        by_item.setdefault(key.rsplit("#", 1)[0], []).append(ballot)
    for item, w in written.items():
        if item in rulings:
            cast = tuple(by_item.pop(item, ()))
            yield item, Case(written=w, ruling=rulings[item], ballots=cast, belief=believed(item))


def decide(recipe: VerdictRecipe, owed: Mapping[str, Case]) -> Iterator[Outcome[Verdict]]:
    """The verdict on each case. No model is called: a changed policy re-decides what was voted."""
    for item, case in owed.items():
        yield item, verdict(recipe.policy, case), {}


def verdict(policy: Policy, case: Case) -> Verdict:
    """Apply the policy to one case: a pure function of its data."""
    question = case.written.question
    counted = [b.choice for b in case.ballots if not b.own and b.choice is not None]
    votes = tuple(counted.count(c) for c in range(len(question.choices)))
    top = max(votes, default=0)
    choice = votes.index(top) if top and votes.count(top) == 1 else None
    agreement: Literal["unanimous", "majority", "split", "none", "sure"] = "split"
    if not counted:
        agreement = "none"
    elif case.belief:
        choice = max(range(len(votes)), key=case.belief.__getitem__)
        agreement = "sure" if case.belief[choice] >= policy.sure else "split"
    elif top == len(counted):
        agreement = "unanimous"
    elif 2 * top > len(counted):
        agreement = "majority"

    agrees = None if choice is None or question.key is None else LETTERS[choice] == question.key
    decision, reason = _decide(policy, case.ruling, len(counted), agreement, agrees)
    return Verdict(decision=decision, agreement=agreement, votes=votes, choice=choice, key_agrees=agrees, reason=reason)


def _decide(policy: Policy, ruling: Ruling, counted: int, agreement: str, agrees: bool | None) -> tuple[Decision, str]:
    if ruling.ruling == "proven":
        return policy.proven, "proven"
    if ruling.ruling in REFUTED:
        return policy.refuted, f"refuted: {ruling.why}"
    if counted < policy.min_votes:
        return policy.too_few, f"{counted} counted votes, the policy asks for {policy.min_votes}; {ruling.why}"
    if agreement in ("split", "none") or agrees is None:
        return policy.split, "the voters are split"
    if not agrees:
        return policy.against_key, f"{agreement} against the key"
    return (policy.majority if agreement == "majority" else policy.unanimous), f"{agreement} for the key"
