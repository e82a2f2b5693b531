"""Every teacher answers every question blind; a policy, which is data, turns the ballots into a verdict.

Proof outranks votes: language models that err together pick the same wrong answer about 60 % of the time
(arXiv 2506.07962), so consensus is used only where the oracle cannot read the question.
"""

from collections.abc import Iterator, Mapping

from pydantic import Field

from stumper import oracle
from stumper.calibration import Settings as CalibrationSettings
from stumper.committee.audit import Target
from stumper.committee.ballots import Asking, VoteRecipe, tasks, vote
from stumper.committee.opinions import beliefs, opinion, panel
from stumper.committee.policy import Case, Policy, verdict
from stumper.engines import Engine, ModelSpec
from stumper.types import Ballot, Calibration, Failure, Outcome, Review, Ruling, Value, Verdict, Written

__all__ = ["Case", "Policy", "VoteRecipe", "tasks", "verdict", "vote"]

VOTE_VERSION = 2
VERDICT_VERSION = 3


class Settings(Value):
    policy: Policy = Policy()
    calibration: CalibrationSettings = CalibrationSettings()
    probes: int = Field(100, ge=0)
    """Of the questions that are proven already, how many are voted on all the same, to measure the voters.

    All questions that are not proven are voted on.
    """
    asking: Asking = Asking()
    audit: Target | None = None
    """What a person's answers are to prove of the keys that only votes speak for; None: nothing is audited."""


class RecheckRecipe(Value):
    seed: int
    voters: tuple[ModelSpec, ...]
    policy: Policy
    asking: Asking = Asking()


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
    votes = VoteRecipe(seed=recipe.seed, voters=recipe.voters, probes=0, **dict(recipe.asking))
    ballots: dict[str, Ballot] = {}
    failed: dict[str, Failure] = {}
    for key, ballot, _ in vote(votes, tasks(votes, anonymous, rulings), anonymous, rulings, calibrations, engines):
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
