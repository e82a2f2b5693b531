"""The story of one question, from what a run kept."""

import pytest

from stumper import run as runs
from stumper import why
from stumper.cli import main
from stumper.config import Config
from stumper.errors import BadInput
from stumper.types import LETTERS


def run(folder, n):
    teacher = {"engine": "scripted", "model": "teachers:quick", "questions": n}
    tree = {
        "name": "test",
        "topics": ["blood_relations", "seating"],
        "teachers": [
            {"name": "one", **teacher},
            {"name": "two", **teacher, "options": {"version": 1}},
            {"name": "setter", "engine": "setter", "questions": 2 * n, "votes": False},
        ],
        "student": {"model": "path:none"},
        "committee": {"probes": 5, "calibration": {"questions": 4}},
        "runtime": {"accept_none": True},
    }
    made = runs.Run.open(Config.model_validate(tree), folder)
    runs.run_all(made, "select", lambda *_: None)
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return run(tmp_path_factory.mktemp("runs") / "run", 4)


def test_a_story_has_every_prompt_reply_ruling_and_vote_and_calls_no_model(made, monkeypatch):
    monkeypatch.setattr("stumper.run.open_engine", lambda *_: pytest.fail("a model was opened"))
    item, ballot = next((key.split("#")[0], b) for key, b in made.records("vote").items() if not b.own)
    written = made.records("generate")[item]
    chapters = {chapter.title: chapter.facts for chapter in why.story(made, item)}
    assert {"generate", "prove", "vote", "verdict"} <= set(chapters)
    told = {title: "\n".join(f"{fact.label}: {fact.text}" for fact in facts) for title, facts in chapters.items()}
    assert written.question.stem in told["generate"]
    assert f"{written.author} was told (user)" in told["generate"]
    assert f"{written.author} replied (stop)" in told["generate"]
    assert made.records("prove")[item].why in told["prove"]
    assert f"{ballot.voter}: {LETTERS[ballot.choice]})" in told["vote"]
    assert f"{ballot.voter} was told (user)" in told["vote"]
    assert made.records("verdict")[item].reason in told["verdict"]
    assert "not on record" not in "".join(told.values())


def test_what_is_no_longer_on_record_is_said_to_be_missing(tmp_path):
    made = run(tmp_path / "run", 2)
    item = next(iter(made.records("vote"))).split("#")[0]
    for path in (made.artifacts / "calls").glob("*.jsonl"):
        path.unlink()
    facts = [fact for chapter in why.story(made, item) for fact in chapter.facts]
    assert ("missing", "this call is not on record") in facts
    assert any(fact.label == "question" for fact in facts)


def test_a_name_that_is_none_is_answered_with_some_that_are(made):
    with pytest.raises(BadInput, match="one/seating/00000"):
        why.story(made, "one/seating")


def test_a_page_runs_nothing_that_a_model_wrote():
    page = why.as_page("<i>", [why.Chapter("vote", (why.Fact("x", "<script>alert(1)</script><svg onload=x>"),))])
    assert "<script" not in page
    assert "<svg" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_a_terminal_gets_no_control_characters():
    lines = list(why.as_text([why.Chapter("vote", (why.Fact("x", "a\x1b[2Jb\nc\x07"),))]))
    assert all(line.isprintable() for line in "".join(lines).replace("\n", "").splitlines())
    assert "    c " in lines


def test_the_command_prints_the_story_or_writes_the_page(made, tmp_path, capsys):
    item = next(iter(made.records("verdict")))
    assert main(["why", str(made.folder), item]) == 0
    assert "== verdict ==" in capsys.readouterr().out
    assert main(["why", str(made.folder), item, "--page", str(tmp_path / "why.html")]) == 0
    assert "<h2>verdict</h2>" in (tmp_path / "why.html").read_text()
    assert main(["why", str(made.folder), "nothing"]) == 2
    assert "has no question" in capsys.readouterr().err


def test_policies_are_compared_on_a_run_and_decide_its_ballots_again(made, tmp_path, capsys):
    assert main(["compare-policies", str(made.folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "independent ones" in lines.pop(0)
    assert len(lines) == 7
    assert all("of" in line for line in lines[1:])
    assert main(["vote", str(made.folder), "--policy", "dependent", "--out", str(tmp_path / "v.jsonl")]) == 0
    assert len((tmp_path / "v.jsonl").read_text().splitlines()) == len(made.records("verdict"))
    assert main(["vote", str(made.folder), "--policy", "best"]) == 2
    assert "unanimous, majority" in capsys.readouterr().err
