"""Asking the voters: each sees the choices in an order of its own, and nobody is asked what cannot matter."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from stumper import prompts
from stumper.agents import AnswerAgent, Answered, AnswerSettings
from stumper.committee.policy import Case, Policy, Settled, settled
from stumper.engines import Engine, ModelSpec
from stumper.types import (
    OBJECTIONS,
    Ballot,
    Calibration,
    Failure,
    Outcome,
    Question,
    Ruling,
    Sampling,
    Value,
    Written,
    seed_for,
    shuffled,
)


class Asking(Value):
    """How each voter is asked."""

    samples: int = Field(1, ge=1, le=64)
    """How often, each time with the choices in another order; the ballot is what most samples say."""
    objections: bool = False
    """Offer three further answers: none is right, more than one is, the text does not settle it."""
    stop_early: bool = False
    """Ask the voters that calibration found best first, and nobody whose vote cannot change the decision any more."""
    sampling: Sampling = Sampling(temperature=0.2, max_tokens=160)
    """Of the reasoning, for voters that reason: several samples want more heat, such as 0.7."""


class VoteRecipe(Asking):
    seed: int
    voters: tuple[ModelSpec, ...]
    probes: int
    policy: Policy | None = None
    """The one that asking stops for; None: everybody is asked."""
    audited: bool = False


class Vote(Value):
    """One ballot owed."""

    voter: str
    item: str
    orders: tuple[tuple[int, ...], ...]
    """One for each sample: position -> choice, or objection behind the choices."""
    own: bool


def tasks(recipe: VoteRecipe, written: Mapping[str, Written], rulings: Mapping[str, Ruling]) -> dict[str, Vote]:
    """The ballots owed: "item#voter" -> vote, with that voter's own orders of the choices."""
    proven = [item for item in written if item in rulings and rulings[item].ruling == "proven"]
    probes = set(random.Random(seed_for(recipe.seed, "probes")).sample(proven, min(recipe.probes, len(proven))))
    voted = [item for item in written if item in probes or rulings[item].ruling != "proven"]
    return {
        (key := f"{item}#{voter.name}"): Vote(
            voter=voter.name,
            item=item,
            orders=tuple(
                shuffled(len(_asked(recipe, written[item].question).choices), seed_for(recipe.seed, "order", key, n))
                for n in range(recipe.samples)
            ),
            own=voter.name == written[item].author,
        )
        for voter in recipe.voters
        for item in voted
    }


def _asked(recipe: VoteRecipe, question: Question) -> Question:
    return prompts.with_objections(question) if recipe.objections else question


def vote(
    recipe: VoteRecipe,
    owed: Mapping[str, Vote],
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    calibrations: Mapping[str, Calibration],
    engines: Mapping[str, Engine],
    cast: Mapping[str, Ballot] | None = None,
) -> Iterator[Outcome[Ballot]]:
    """Ask each voter, by the scoring rule that calibration found best for it. `cast`: the ballots there are."""
    stop = settled(recipe.policy, recipe.audited) if recipe.policy else None
    by_item: dict[str, list[Ballot]] = defaultdict(list)
    for key, ballot in (cast or {}).items():
        by_item[key.rsplit("#", 1)[0]].append(ballot)
    voters = _order(recipe, calibrations)
    for voter in voters:
        mine = {key: task for key, task in owed.items() if task.voter == voter.name}
        asked = {}
        for key, task in mine.items():
            if stop and _moot(stop, task, written[task.item], rulings[task.item], by_item[task.item], voters):
                yield key, Ballot(voter=voter.name, choice=None, order=(), own=task.own, asked=False), {}
            else:
                asked[key] = task
        if not asked:
            continue
        for key, found, ledger in _ask(recipe, asked, written, calibrations[voter.name], engines[voter.name]):
            if isinstance(found, Ballot):
                by_item[asked[key].item].append(found)
            yield key, found, ledger


def _order(recipe: VoteRecipe, calibrations: Mapping[str, Calibration]) -> Sequence[ModelSpec]:
    """The best first, where asking may stop: good voters agree soonest."""
    if recipe.policy is None:
        return recipe.voters

    def accuracy(voter: ModelSpec) -> float:
        shares = [score.correct for score in calibrations[voter.name].scores if score.correct.n]
        return max((share.successes / share.n for share in shares), default=0.0)

    return sorted(recipe.voters, key=accuracy, reverse=True)


def _moot(
    stop: Settled, task: Vote, written: Written, ruling: Ruling, cast: Sequence[Ballot], voters: Sequence[ModelSpec]
) -> bool:
    """Whether this voter and those who come after it cannot change the decision."""
    names = [voter.name for voter in voters]
    after = [name for name in names[names.index(task.voter) :] if name != written.author]
    before = set(names[: names.index(task.voter)])
    heard = tuple(ballot for ballot in cast if ballot.voter in before)
    return stop(Case(written=written, ruling=ruling, ballots=heard), len(after))


def _ask(
    recipe: VoteRecipe,
    asked: Mapping[str, Vote],
    written: Mapping[str, Written],
    calibration: Calibration,
    engine: Engine,
) -> Iterator[Outcome[Ballot]]:
    """The ballots of one voter; each is there when its last sample is."""
    heard: dict[str, list[tuple[int, Answered]]] = defaultdict(list)
    for n in range(recipe.samples):
        settings = AnswerSettings(
            rule=calibration.rule, deadline=None, sampling=recipe.sampling, seed=seed_for(recipe.seed, "sample", n)
        )
        questions = [_asked(recipe, written[task.item].question) for task in asked.values()]
        orders = [task.orders[n] for task in asked.values()]
        keys = list(asked)
        for i, answered in AnswerAgent(engine, settings).answer_many(questions, orders):
            heard[keys[i]].append((n, answered))
            if len(heard[keys[i]]) == recipe.samples:
                task = asked[keys[i]]
                samples = [answer for _, answer in sorted(heard.pop(keys[i]), key=lambda pair: pair[0])]
                seconds = sum(answer.seconds for answer in samples)
                yield keys[i], _ballot(task, samples, len(written[task.item].question.choices)), {"seconds": seconds}


def _ballot(task: Vote, samples: Sequence[Answered], choices: int) -> Ballot | Failure:
    """What most samples say; of equally many, what was likeliest. Samples that failed say nothing."""
    lost = [a.answer for a in samples if a.answer.fallback]
    if lost and (len(lost) == len(samples) or any(answer.outage for answer in lost)):
        worst = next((answer for answer in lost if answer.outage), lost[0])
        return Failure(type="engine", message=worst.error, outage=worst.outage)
    answers = [a.answer for a in samples if not a.answer.fallback]
    said = Counter(answer.choice for answer in answers)
    scored = [answer.scores for answer in answers if answer.scores]
    scores = tuple(sum(column) / len(scored) for column in zip(*scored, strict=True))
    most = max(said.values())
    tied = [choice for choice in said if said[choice] == most]
    found = max(tied, key=lambda choice: scores[choice]) if scores else tied[0] if len(tied) == 1 else None
    return Ballot(
        voter=task.voter,
        choice=found if found is not None and found < choices else None,
        order=task.orders[0],
        scores=scores,
        own=task.own,
        objection=OBJECTIONS[found - choices] if found is not None and found >= choices else None,
        samples=tuple(answer.choice for answer in answers) if len(samples) > 1 else (),
        reasoning=next((answer.reasoning for answer in answers if answer.choice == found), ""),
    )
