import random

import pytest

from stumper import committee
from stumper.committee import Case, Policy, verdict
from stumper.committee.policy import settled
from stumper.engines import ModelSpec
from stumper.engines.scripted import Scripted
from stumper.prompts import OBJECTED
from stumper.stats import share
from stumper.types import Ballot, Calibration, Failure, Question, Reply, RuleScore, Ruling, ScoringRule, Written

UNREAD = Ruling(ruling="unformalised", why="not understood")
WRONG = Ruling(ruling="wrong_key", why="A is right", true_key="A")
VOTERS = ("v1", "v2", "v3", "v4", "v5")


def calibration(right):
    score = RuleScore(rule=ScoringRule(), correct=share(right, 10))
    return Calibration(scores=(score,), rule=ScoringRule(), first=ScoringRule())


CALIBRATIONS = {name: calibration(right) for name, right in zip(VOTERS, (3, 9, 5, 7, 4), strict=True)}


def written(n):
    question = Question(topic="seating", stem="Who?", choices=("a", "b", "c", "d"), key="B")
    stems = {f"q{i}": question.model_copy(update={"stem": f"Who is {i}?"}) for i in range(n)}
    return {item: Written(author="x", question=found) for item, found in stems.items()}


def saying(answer):
    """An engine that prefers the choice whose text `answer(stem, texts as shown, seed)` returns; None: it fails."""

    def reply(request):
        text = answer(request.about["question"], request.about["choices"], request.seed)
        if text is None:
            return Reply(finish="failed", error="no")
        return Reply(scores=tuple(-0.1 if shown == text else -3.0 for shown in request.about["choices"]))

    return Scripted(reply)


def recipe(voters=VOTERS, **changes):
    specs = tuple(ModelSpec(name=name, engine="scripted") for name in voters)
    return committee.VoteRecipe(seed=1, probes=0, voters=specs, **changes)


def cast(made, questions, engines, rulings=None, before=None):
    rulings = rulings or dict.fromkeys(questions, UNREAD)
    tasks = committee.tasks(made, questions, rulings)
    owed = {key: task for key, task in tasks.items() if key not in (before or {})}
    outcomes = committee.vote(made, owed, questions, rulings, CALIBRATIONS, engines, before)
    return {key: record for key, record, _ in outcomes}


def by_table(answers):
    """Voters that answer by (stem, voter) -> text."""
    return {name: saying(lambda stem, shown, seed, name=name: answers[stem, name]) for name in VOTERS}


@pytest.mark.parametrize("objection", OBJECTED)
def test_a_voter_may_object_and_the_objection_is_no_choice(objection):
    engine = saying(lambda stem, shown, seed: OBJECTED[objection])
    ballots = cast(recipe(("v1",), objections=True), written(20), {"v1": engine})
    assert {ballot.objection for ballot in ballots.values()} == {objection}
    assert all(ballot.choice is None for ballot in ballots.values())
    assert len({ballot.order for ballot in ballots.values()}) > 10


def test_nobody_is_offered_objections_that_have_no_letters_left():
    whole = written(1)["q0"]
    long = whole.model_copy(update={"question": whole.question.model_copy(update={"choices": tuple("abcdefg")})})
    seen = []
    engine = saying(lambda stem, shown, seed: seen.append(shown) or "a")
    cast(recipe(("v1",), objections=True), {"q0": long}, {"v1": engine})
    assert [sorted(shown) for shown in seen] == [list("abcdefg")]


def test_a_ballot_of_several_samples_is_what_most_of_them_say():
    """A voter that takes the first place every third time; only the order of the choices tells its samples apart."""
    engine = saying(lambda stem, shown, seed: "b" if seed % 3 else shown[0])
    ballots = cast(recipe(("v1",), samples=9), written(30), {"v1": engine})
    for ballot in ballots.values():
        assert len(ballot.samples) == 9
        counts = [ballot.samples.count(choice) for choice in range(4)]
        assert counts[ballot.choice] == max(counts)
    assert sum(ballot.choice == 1 for ballot in ballots.values()) > 25


@pytest.mark.parametrize("outage", [False, True])
def test_samples_that_failed_say_nothing_and_an_outage_owes_the_ballot_again(outage):
    calls = []

    def second_fails(request):
        calls.append(request)
        if len(calls) == 2:
            return Reply(finish="failed", error="gone", outage=outage)
        return Reply(scores=(-0.1, -3.0, -3.0, -3.0))

    ballot = cast(recipe(("v1",), samples=3), written(1), {"v1": Scripted(second_fails)})["q0#v1"]
    if outage:
        assert isinstance(ballot, Failure)
        assert ballot.outage
    else:
        assert len(ballot.samples) == 2


def case(*said):
    ballots = tuple(
        Ballot(voter="v", choice=None, order=(), objection=s)
        if isinstance(s, str)
        else Ballot(voter="v", choice=s, order=())
        for s in said
    )
    return Case(written=written(1)["q0"], ruling=UNREAD, ballots=ballots)


def test_objections_count_as_votes_for_no_choice():
    assert verdict(Policy(), case(1, 1, 1)).decision == "accept"
    one = verdict(Policy(), case(1, 1, "none"))
    assert (one.agreement, one.decision, one.objections) == ("majority", "review", 1)
    most = verdict(Policy(), case(1, "several", "ambiguous"))
    assert (most.agreement, most.decision, most.choice) == ("objected", "review", None)
    assert verdict(Policy(objected="reject"), case(1, "several", "ambiguous")).decision == "reject"


POLICIES = (
    Policy(),
    Policy(majority="accept", against_key="reject"),
    Policy(majority="reject", against_key="reject", too_few="reject", objected="reject"),
)


@pytest.mark.parametrize("policy", POLICIES)
def test_asking_stops_only_where_the_decision_stands(policy):
    """However the voters answer, fail or object: asking early and asking all decide alike, and early asks fewer."""
    rng = random.Random(7)
    questions = written(200)
    texts = ("b", "b", "b", "b", "a", "c", OBJECTED["none"], None)
    engines = by_table({(w.question.stem, name): rng.choice(texts) for w in questions.values() for name in VOTERS})
    everybody = cast(recipe(objections=True), questions, engines)
    few = cast(recipe(objections=True, stop_early=True, policy=policy), questions, engines)

    def decisions(ballots):
        counted = {key: ballot for key, ballot in ballots.items() if isinstance(ballot, Ballot)}
        made = committee.VerdictRecipe(policy=policy)
        found = committee.cases(made, questions, dict.fromkeys(questions, UNREAD), counted)
        return {item: verdict(policy, known).decision for item, known in found.items()}

    assert decisions(few) == decisions(everybody)
    assert any(isinstance(ballot, Ballot) and not ballot.asked for ballot in few.values())
    asked = {key: ballot for key, ballot in few.items() if isinstance(ballot, Failure) or ballot.asked}
    assert all(everybody[key] == ballot for key, ballot in asked.items())


def test_the_best_voters_are_asked_first_and_nobody_about_a_refuted_question():
    engines = {name: saying(lambda stem, shown, seed: "b") for name in VOTERS}
    policy = Policy(majority="accept")
    ballots = cast(recipe(stop_early=True, policy=policy), written(2), engines, {"q0": UNREAD, "q1": WRONG})
    assert {key for key, ballot in ballots.items() if ballot.asked} == {"q0#v2", "q0#v4", "q0#v3"}


def test_asking_that_was_stopped_goes_on_as_if_it_had_not_been():
    rng = random.Random(3)
    questions = written(60)
    engines = by_table({(w.question.stem, name): rng.choice("abbbc") for w in questions.values() for name in VOTERS})
    made = recipe(stop_early=True, policy=Policy(majority="accept"))
    whole = cast(made, questions, engines)
    for cut in (1, 60, 100, 200, 299):
        before = dict(list(whole.items())[:cut])
        assert before | cast(made, questions, engines, before=before) == whole


def test_an_audit_hears_every_voter():
    assert not settled(Policy(), audited=True)(case(), 1)
    assert settled(Policy(), audited=False)(case(), 1)
