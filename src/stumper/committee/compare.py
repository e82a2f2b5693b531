"""What each policy would keep of the same ballots, and how often it is wrong where the truth is known."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from stumper import stats
from stumper.committee import Case, Policy, VerdictRecipe, cases, each_case, verdict
from stumper.committee.policy import Settled, settled
from stumper.types import LETTERS, Ballot, Ruling, Share, Verdict, Written

POLICIES: Mapping[str, Policy] = {
    "unanimous": Policy(majority="review"),
    "majority": Policy(majority="accept"),
    "weighted": Policy(counting="weighted"),
    "one-coin": Policy(counting="one-coin"),
    "glad": Policy(counting="glad"),
    "dependent": Policy(counting="dependent"),
}
"""What a policy is called on the command line."""
UNREAD = Ruling(ruling="unformalised", why="its proof is held back, to see what the votes say")


class Compared(NamedTuple):
    """One policy on the ballots of a run."""

    name: str
    decisions: Mapping[str, int]
    """How many questions are accepted, rejected, and sent to a person."""
    by_votes: int
    """Accepted though the oracle could not prove them."""
    decided: Share
    """Of the probes (proven questions that were voted on): those whose votes would settle on one choice."""
    wrong: Share
    """Of those: settled on a wrong choice, which would have let a wrong key pass or struck a right one."""
    needed: int
    """Ballots on questions without a proof that it could not have decided without, where asking stops as early as it
    may."""
    seconds: float


def decide_all(
    policy: Policy,
    families: Mapping[str, str],
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    ballots: Mapping[str, Ballot],
) -> dict[str, Verdict]:
    """The verdicts of a policy on stored ballots; no model is called."""
    recipe = VerdictRecipe(policy=policy, families=dict(families))
    return {item: verdict(policy, case) for item, case in each_case(recipe, written, rulings, ballots)}


def compare(
    policies: Mapping[str, Policy],
    families: Mapping[str, str],
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    ballots: Mapping[str, Ballot],
) -> Iterator[Compared]:
    """Each policy in turn.

    A probe's own known answer helps to fit the model of the voters, as it would in the run; what the model then says
    of the probe comes from its votes alone.
    """
    for name, policy in policies.items():
        begun = time.perf_counter()
        found = cases(VerdictRecipe(policy=policy, families=dict(families)), written, rulings, ballots)
        verdicts = {item: verdict(policy, case) for item, case in found.items()}
        seconds = time.perf_counter() - begun
        probes = {item: case for item, case in found.items() if case.ruling.ruling == "proven" and case.ballots}
        blind = {item: verdict(policy, case.model_copy(update={"ruling": UNREAD})) for item, case in probes.items()}
        settled = [item for item, v in blind.items() if v.choice is not None and _settles(policy, v)]
        wrong = [item for item in settled if LETTERS[blind[item].choice or 0] != probes[item].written.question.key]
        yield Compared(
            name,
            Counter(v.decision for v in verdicts.values()),
            sum(v.decision == "accept" and found[item].ruling.ruling != "proven" for item, v in verdicts.items()),
            stats.share(len(settled), len(probes)),
            stats.share(len(wrong), len(settled)),
            sum(_needed(policy, case) for case in found.values() if case.ruling.ruling != "proven"),
            seconds,
        )


def _needed(policy: Policy, case: Case) -> int:
    """How many of the case's ballots have to be asked for, in the order they stand."""
    stop = _stop(policy)
    counted = [ballot for ballot in case.ballots if not ballot.own]
    for n in range(len(counted)):
        if stop(case.model_copy(update={"ballots": tuple(counted[:n])}), len(counted) - n):
            return n
    return len(counted)


@cache
def _stop(policy: Policy) -> Settled:
    return settled(policy, audited=False)


def _settles(policy: Policy, blind: Verdict) -> bool:
    """Whether the policy would accept this agreement, were the key the choice agreed on."""
    if sum(blind.votes) < policy.min_votes:
        return False
    if blind.agreement == "majority":
        return policy.majority == "accept"
    return blind.agreement in ("unanimous", "sure") and policy.unanimous == "accept"
