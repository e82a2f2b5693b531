"""The audit of a run: what is asked of a person, what is kept of the answers, and what is kept without any."""

import random

import pytest

from stumper import dataset
from stumper import run as runs
from stumper.cli import main
from stumper.committee import certify
from stumper.committee.audit import Target
from stumper.config import Config
from stumper.errors import BadInput, StumperError
from stumper.review import terminal
from stumper.store import Artefact
from stumper.types import LETTERS, Ballot, Question, Ruling, Verdict, Written

UNREAD = Ruling(ruling="unformalised", why="not understood")
PROVEN = Ruling(ruling="proven", why="")
RECIPE = certify.Recipe(seed=1, target=Target(error=0.05, budget=120))


def records(n=900):
    """Questions whose right choice is known to the test; on easy ones the voters are right, on hard ones they guess."""
    rng = random.Random(1)
    written, rulings, ballots, truths = {}, {}, {}, {}
    for i in range(n):
        item, truth, easy = f"t/{i}", rng.randrange(4), rng.random() < 0.7
        key = truth if easy or rng.random() < 0.5 or i % 3 == 0 else (truth + 1) % 4
        topic = "seating" if easy else "series"
        question = Question(topic=topic, stem=f"Who is {i}?", choices=("a", "b", "c", "d"), key=LETTERS[key])
        written[item], rulings[item], truths[item] = Written(author="t", question=question), UNREAD, truth
        if i % 3 == 0:
            rulings[item] = PROVEN
        for voter in ("v", "w", "x"):
            choice = truth if rng.random() < (0.97 if easy else 0.4) else rng.randrange(4)
            ballots[f"{item}#{voter}"] = Ballot(voter=voter, choice=choice, order=(0, 1, 2, 3))
    return written, rulings, ballots, truths


def answered(folder, stop=None):
    """The audit answered from the truth, each answer kept, up to `stop` of them in this sitting."""
    *inputs, truths = records()
    begun = certify.begin(RECIPE, *inputs)
    certify.resume(begun, inputs[0], folder)
    given = 0
    while (item := begun.next) is not None and given != stop:
        answer = certify.Answer(item=item, choice=truths[item], reviewer="ada")
        certify.keep(folder, answer)
        begun.tell(certify.is_right(answer, inputs[0]))
        given += 1
    return begun, inputs, truths


def test_an_audit_in_many_sittings_is_the_audit_in_one(tmp_path):
    (tmp_path / "many").mkdir()
    (tmp_path / "one").mkdir()
    for _ in range(200):
        begun, *_ = answered(tmp_path / "many", stop=7)
        if begun.next is None:
            break
    whole, *_ = answered(tmp_path / "one")
    assert begun.certificate() == whole.certificate()
    assert whole.certificate().kept


def test_the_certificate_holds_and_leaves_out_what_the_voters_guess_at(tmp_path):
    _, (written, rulings, ballots), truths = answered(tmp_path)
    inputs = {"generate": written, "prove": rulings, "vote": ballots}
    ((key, audited, _),) = certify.settle(RECIPE, inputs, tmp_path, accept_none=False)
    kept = audited.certificate.kept
    wrong = [item for item in kept if LETTERS[truths[item]] != written[item].question.key]
    assert key == certify.KEY
    assert len(wrong) <= audited.certificate.bound * len(kept) <= 0.05 * len(kept)
    assert all(rulings[item] is UNREAD for item in kept)
    assert sum(written[item].question.topic == "series" for item in kept) < 0.2 * len(kept)


def test_a_run_waits_for_answers_unless_nobody_is_to_give_them(tmp_path):
    written, rulings, ballots, _ = records()
    inputs = {"generate": written, "prove": rulings, "vote": ballots}
    with pytest.raises(StumperError, match="up to 120 more answers"):
        list(certify.settle(RECIPE, inputs, tmp_path, accept_none=False))
    ((_, audited, _),) = certify.settle(RECIPE, inputs, tmp_path, accept_none=True)
    assert audited.certificate.kept == ()


def test_an_answer_to_what_was_not_asked_is_refused_with_its_line(tmp_path):
    answered(tmp_path, stop=3)
    certify.keep(tmp_path, certify.Answer(item="t/none", choice=0, reviewer="ada"))
    with pytest.raises(BadInput, match=r"answers.jsonl, line 4: .*'t/none'"):
        answered(tmp_path)


def test_no_target_asks_nobody():
    *inputs, _ = records(30)
    recipe = certify.Recipe(seed=1)
    assert certify.begin(recipe, *inputs) is None
    assert certify.tasks(recipe, *inputs) == {}


@pytest.mark.parametrize(("certified", "kept"), [(None, True), (frozenset(), False), (frozenset({"t/1"}), True)])
def test_what_votes_accepted_is_kept_only_as_the_audit_says(certified, kept):
    question = Question(topic="seating", stem="Who?", choices=("a", "b", "c", "d"), key="A")
    written = {item: Written(author="t", question=question) for item in ("t/0", "t/1")}
    verdict = Verdict(decision="accept", agreement="unanimous", votes=(), choice=0, key_agrees=True, reason="")
    found = dataset.accepted(
        written, {"t/0": PROVEN, "t/1": UNREAD}, dict.fromkeys(written, verdict), {}, {}, certified
    )
    assert "t/0" in found
    assert ("t/1" in found) == kept


def test_a_person_sees_neither_key_nor_votes():
    shown, asked = [], iter(["z", "b"])
    question = Question(topic="seating", stem="Who?", choices=("x", "y", "w", "v"), key="C")
    assert terminal.answer(question, "t/0", lambda _: next(asked), shown.append) == 1
    assert "key" not in "".join(shown)
    assert terminal.answer(question, "t/0", lambda _: "n", shown.append) is None
    assert terminal.answer(question, "t/0", lambda _: "q", shown.append) == "stop"


def test_a_run_with_a_target_and_nobody_there_keeps_only_what_is_proven(tmp_path, monkeypatch, capsys):
    teacher = {"engine": "scripted", "model": "teachers:quick", "questions": 8}
    tree = {
        "name": "test",
        "topics": ["seating"],
        "teachers": [
            {"name": "one", **teacher},
            {"name": "two", **teacher, "options": {"version": 1}},
            {"name": "setter", "engine": "setter", "questions": 8, "votes": False},
        ],
        "student": {"model": "path:none"},
        "committee": {
            "probes": 5,
            "calibration": {"questions": 4},
            "audit": {"error": 0.02, "budget": 3},
            "policy": {"min_votes": 1},
        },
        "runtime": {"accept_none": True},
    }
    made = runs.Run.open(Config.model_validate(tree), tmp_path / "run")
    runs.run_all(made, "audit", lambda *_: None)
    assert any(v.decision == "accept" and v.reason != "proven" for v in made.records("verdict").values())
    runs.run_all(made, "select", lambda *_: None)
    assert made.records("audit")[certify.KEY].certificate.kept == ()
    assert made.records("select")
    assert all(kept.proven for kept in made.records("select").values())
    assert main(["review", str(made.folder), "--audit"]) == 2
    assert "has ended" in capsys.readouterr().err


def test_the_command_asks_blind_and_keeps_every_answer(tmp_path, monkeypatch, capsys):
    *inputs, _ = records()
    begun = certify.begin(RECIPE, *inputs)
    monkeypatch.setattr(runs.Run, "read", classmethod(lambda cls, folder: None))
    artefact = Artefact(tmp_path, "audit", "a", certify.Audited).open(RECIPE)
    monkeypatch.setattr(runs, "audit", lambda _: (begun, inputs[0], artefact))
    said = iter(["a", "n", "q"])
    monkeypatch.setattr("builtins.input", lambda _: next(said))
    assert main(["review", "any", "--audit", "--terminal", "--reviewer", "ada"]) == 0
    out = capsys.readouterr().out
    assert "2 answers" in out
    assert "key:" not in out
    assert len((artefact.folder / certify.ANSWERS).read_text().splitlines()) == 2
