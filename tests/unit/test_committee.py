import random

import pytest

from stumper import committee
from stumper.committee import Case, Policy, compare, verdict
from stumper.committee.opinions import panel
from stumper.engines import ModelSpec
from stumper.types import Ballot, Question, Ruling, Written

QUESTION = Question(topic="seating", stem="Who?", choices=("a", "b", "c", "d"), key="B")
WRITTEN = Written(author="x", question=QUESTION)
UNREAD = Ruling(ruling="unformalised", why="not understood")


def ballot(choice, own=False):
    return Ballot(voter="v", choice=choice, order=(0, 1, 2, 3), own=own)


def case(*choices, ruling=UNREAD, own=()):
    ballots = [ballot(c) for c in choices] + [ballot(c, own=True) for c in own]
    return Case(written=WRITTEN, ruling=ruling, ballots=tuple(ballots))


@pytest.mark.parametrize(
    ("choices", "agreement", "decision"),
    [
        ((1, 1, 1), "unanimous", "accept"),
        ((1, 1, 0), "majority", "review"),
        ((0, 0, 0), "unanimous", "review"),
        ((0, 0, 1), "majority", "review"),
        ((0, 1), "split", "reject"),
        ((0, 1, 2), "split", "reject"),
        ((1, 1, 0, 0), "split", "reject"),
        ((1,), "unanimous", "review"),
        ((), "none", "review"),
    ],
)
def test_votes_decide_what_the_oracle_cannot_read(choices, agreement, decision):
    found = verdict(Policy(), case(*choices))
    assert (found.agreement, found.decision) == (agreement, decision)
    assert sum(found.votes) == len(choices)


def test_the_authors_own_ballot_never_counts():
    assert verdict(Policy(), case(1, own=(1, 1))) == verdict(Policy(), case(1))
    assert verdict(Policy(), case(own=(1, 1, 1))).votes == (0, 0, 0, 0)


@pytest.mark.parametrize("choices", [(), (0, 0, 0), (1, 1, 1)])
@pytest.mark.parametrize(
    ("name", "decision"),
    [("proven", "accept"), ("wrong_key", "reject"), ("ambiguous", "reject"), ("contradictory", "reject")],
)
def test_proof_outranks_any_vote(choices, name, decision):
    assert verdict(Policy(), case(*choices, ruling=Ruling(ruling=name, why="so"))).decision == decision


def test_the_policy_is_data():
    policy = Policy(majority="accept", split="review", min_votes=1, against_key="reject")
    assert verdict(policy, case(1, 1, 0)).decision == "accept"
    assert verdict(policy, case(0, 1)).decision == "review"
    assert verdict(policy, case(0)).decision == "reject"


def recipe(probes=3, voters=("v", "x")):
    return committee.VoteRecipe(
        seed=1, probes=probes, voters=tuple(ModelSpec(name=v, engine="scripted") for v in voters)
    )


def test_every_unproven_question_is_voted_on_and_a_sample_of_the_proven_ones():
    written = {f"q{i}": WRITTEN for i in range(20)}
    rulings = {f"q{i}": Ruling(ruling="proven", why="") if i < 15 else UNREAD for i in range(20)}
    owed = committee.tasks(recipe(), written, rulings)
    items = {vote.item for vote in owed.values()}
    assert {f"q{i}" for i in range(15, 20)} <= items
    assert len(items) == 5 + 3
    assert len(owed) == 2 * 8


def test_each_voter_has_its_own_order_and_its_own_questions_are_marked():
    written = {f"q{i}": WRITTEN for i in range(30)}
    owed = committee.tasks(recipe(), written, dict.fromkeys(written, UNREAD))
    orders = {key: vote.orders[0] for key, vote in owed.items()}
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders.values())
    assert any(orders[f"q{i}#v"] != orders[f"q{i}#x"] for i in range(30))
    assert all(vote.own == (vote.voter == "x") for vote in owed.values())


def voted(seed, n, counting="votes", **policy):
    """Rulings and verdicts of n questions of which a third are proven; two voters copy each other, three do not."""
    rng = random.Random(seed)
    written, rulings, ballots = {}, {}, {}
    for i in range(n):
        item = f"q{i}"
        written[item] = WRITTEN
        rulings[item] = Ruling(ruling="proven", why="") if i % 3 == 0 else UNREAD
        copied = 1 if rng.random() < 0.6 else 0
        for voter in ("copy-1", "copy-2", "v1", "v2", "v3"):
            choice = copied if voter.startswith("copy") else 1 if rng.random() < 0.9 else rng.choice((0, 2, 3))
            ballots[f"{item}#{voter}"] = Ballot(voter=voter, choice=choice, order=(0, 1, 2, 3))
    recipe = committee.VerdictRecipe(
        policy=Policy(counting=counting, **policy), families={"copy-1": "copy", "copy-2": "copy"}
    )
    found = committee.cases(recipe, written, rulings, ballots)
    return found, {item: verdict(recipe.policy, case) for item, case in found.items()}


@pytest.mark.parametrize("counting", ["weighted", "one-coin", "glad", "dependent"])
def test_a_model_of_the_voters_sees_that_good_voters_outweigh_a_bad_pair(counting):
    found, verdicts = voted(1, 600, counting)
    outvoted = [
        item
        for item, case in found.items()
        if case.ruling is UNREAD and [b.choice for b in case.ballots] == [0, 0, 1, 1, 1]
    ]
    assert len(outvoted) > 20
    assert all(verdicts[item].choice == 1 for item in outvoted)
    assert all(sum(case.belief) == pytest.approx(1) for case in found.values())


def test_a_model_that_is_not_sure_leaves_the_question_split():
    found, verdicts = voted(2, 300, "dependent", sure=0.9)
    for item, case in found.items():
        if case.ruling is UNREAD:
            agreed = max(case.belief) >= 0.9
            assert verdicts[item].agreement == ("sure" if agreed else "split")
            assert agreed or verdicts[item].decision == "reject"


def test_a_voters_vote_on_its_own_question_is_the_key_it_wrote():
    ballots = {
        "q#x": Ballot(voter="x", choice=3, order=(0, 1, 2, 3), own=True),
        "q#v": Ballot(voter="v", choice=None, order=(0, 1, 2, 3)),
    }
    table = panel({"q": WRITTEN}, {"q": UNREAD}, ballots)
    assert table.voters == ("v", "x")
    assert table.votes.choice.tolist() == [[-1, 1]]
    assert table.votes.truth.tolist() == [-1]


def test_votes_on_nothing_are_no_error():
    recipe = committee.VerdictRecipe(policy=Policy(counting="dependent"))
    found = committee.cases(recipe, {"q": WRITTEN}, {"q": UNREAD}, {})
    assert verdict(recipe.policy, found["q"]).agreement == "none"


def stored(seed, n):
    """The records behind `voted`, with keys that are right where they are proven."""
    found, _ = voted(seed, n)
    written = {item: case.written for item, case in found.items()}
    rulings = {item: case.ruling for item, case in found.items()}
    ballots = {f"{item}#{b.voter}": b for item, case in found.items() for b in case.ballots}
    return {"copy-1": "copy", "copy-2": "copy"}, written, rulings, ballots


def test_policies_are_compared_on_the_same_ballots_and_measured_on_proven_questions():
    rows = {row.name: row for row in compare.compare(compare.POLICIES, *stored(3, 900))}
    assert set(rows) == set(compare.POLICIES)
    for row in rows.values():
        assert sum(row.decisions.values()) == 900
        assert row.decided.n == 300
        assert row.wrong.n == row.decided.successes
    assert rows["unanimous"].by_votes < rows["majority"].by_votes
    # Three good voters of five settle more by a model than by heads, and err less often.
    assert rows["dependent"].decided.successes > rows["unanimous"].decided.successes
    assert rows["dependent"].wrong.high < 0.1


def test_proof_held_back_from_a_probe_is_not_seen_by_its_verdict():
    families, written, rulings, ballots = stored(4, 300)
    liar = {key: b.model_copy(update={"choice": 0}) for key, b in ballots.items()}
    row = next(compare.compare({"majority": compare.POLICIES["majority"]}, families, written, rulings, liar))
    assert row.wrong.successes == row.wrong.n == 100


def test_deciding_again_gives_what_the_run_itself_would():
    families, written, rulings, ballots = stored(5, 200)
    _, own = voted(5, 200, "dependent")
    assert compare.decide_all(compare.POLICIES["dependent"], families, written, rulings, ballots) == own
