import os
import random
import signal
import time

import pytest

from stumper import findings, pipeline, puzzles, report
from stumper import run as runs
from stumper.config import Config
from stumper.errors import BadInput, StumperError
from stumper.report import wording
from stumper.types import Review

UNTIL = "dataset"
STAGES = [stage for stage in pipeline.STAGES if stage.name in (
    "generate", "prove", "calibrate-voters", "vote", "verdict", "review", "recheck", "select", "dataset"
)]  # fmt: skip


def config(function="quick", n=6, **changes):
    teacher = {"engine": "scripted", "model": f"teachers:{function}"}
    tree = {
        "name": "test",
        "topics": ["blood_relations", "seating"],
        "teachers": [
            {"name": "one", "questions": n, **teacher},
            {"name": "two", "questions": n, **teacher, "options": {"version": 1}},
            {"name": "setter", "engine": "setter", "questions": 2 * n, "votes": False},
        ],
        "student": {"model": "path:none"},
        "committee": {"probes": 5, "calibration": {"questions": 4}},
        "runtime": {"accept_none": True},
    }
    return Config.model_validate(tree | changes)


def run(folder, made):
    run = runs.Run.open(made, folder)
    runs.run_all(run, UNTIL, lambda *_: None)
    return run


def sealed(run):
    return {stage.name: (run.folder_of(stage.name) / "records.jsonl").read_bytes() for stage in STAGES}


def test_every_stage_ends_sealed_and_a_second_run_calls_no_model(tmp_path, monkeypatch):
    first = run(tmp_path / "run", config())
    monkeypatch.setattr("stumper.run.open_engine", lambda *_: pytest.fail("a model was opened"))
    again = run(tmp_path / "run", config())
    assert sealed(again) == sealed(first)
    assert [row.state for row in runs.plan(again)][: len(STAGES)] == ["done"] * len(STAGES)


def test_every_family_is_set_proven_and_reported(tmp_path):
    made = run(tmp_path / "run", config(n=12, topics=list(puzzles.families())))
    written = made.records("generate")
    for name, ruling in made.records("prove").items():
        assert written[name].author != "setter" or ruling.ruling == "proven"
    assert {kept.question.topic for kept in made.records("select").values()} == set(puzzles.families())
    page = report.render(findings.gather(made))
    for name in puzzles.families():
        assert f">{wording.name(name)}</td>" in page


def test_a_changed_policy_decides_again_without_a_model_call(tmp_path, monkeypatch):
    run(tmp_path / "one", config())
    monkeypatch.setattr("stumper.run.open_engine", lambda *_: pytest.fail("a model was opened"))
    policy = {"probes": 5, "calibration": {"questions": 4}, "policy": {"too_few": "accept", "split": "accept"}}
    other = run(tmp_path / "two", config(committee=policy))
    assert {v.decision for v in other.records("verdict").values()} <= {"accept", "reject", "review"}
    assert other.stages["vote"] == runs.Run.read(tmp_path / "one").stages["vote"]
    assert other.stages["verdict"] != runs.Run.read(tmp_path / "one").stages["verdict"]


def test_a_swapped_teacher_is_asked_and_the_others_are_not(tmp_path, monkeypatch):
    run(tmp_path / "one", config())
    opened = []
    real = runs.open_engine
    monkeypatch.setattr(
        "stumper.run.open_engine", lambda spec, runtime: opened.append(spec.name) or real(spec, runtime)
    )
    tree = config().model_dump(mode="json")
    tree["teachers"][1]["options"] = {"version": 2}
    runs.run_all(runs.Run.open(Config.model_validate(tree), tmp_path / "two"), "generate", lambda *_: None)
    assert opened == ["two"]


def test_a_run_killed_at_twenty_moments_seals_the_same_bytes_as_one_that_was_not(tmp_path):
    made = config("careful", n=10)
    whole = run(tmp_path / "whole" / "run", made)
    rng = random.Random(20)
    kills = 0
    for _ in range(400):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run(tmp_path / "killed" / "run", made)
                code = 0
            finally:
                os._exit(code)
        if kills < 20:
            time.sleep(rng.uniform(0.01, 0.12))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        kills += os.WIFSIGNALED(status)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
    assert kills == 20
    assert sealed(runs.Run.read(tmp_path / "killed" / "run")) == sealed(whole)


def test_a_run_waits_for_a_person_and_keeps_what_they_decided(tmp_path):
    waiting = config(runtime={})
    with pytest.raises(StumperError, match="wait for a person"):
        run(tmp_path / "run", waiting)
    taken_up = runs.Run.read(tmp_path / "run")
    queue, artefact = runs.queue(taken_up)
    first = next(iter(queue))
    with artefact:
        artefact.append(first, Review(decision="keep", reviewer="ada"))
    done = run(tmp_path / "run", config())
    reviews = done.records("review")
    assert reviews[first] == Review(decision="keep", reviewer="ada")
    assert {r.decision for key, r in reviews.items() if key != first} == {"left"}
    assert first in done.records("select") or first in done.failures("select")


def test_a_run_folder_of_another_recipe_is_refused_and_left_alone(tmp_path):
    run(tmp_path / "run", config())
    before = (tmp_path / "run" / "run.json").read_bytes()
    with pytest.raises(BadInput, match=r"another recipe \(it differs in seed\); choose another --run-dir"):
        runs.Run.open(config(seed=1), tmp_path / "run")
    assert (tmp_path / "run" / "run.json").read_bytes() == before


def test_a_run_folder_of_another_version_is_refused(tmp_path):
    run(tmp_path / "run", config())
    path = tmp_path / "run" / "run.json"
    path.write_text(path.read_text().replace('"format":1', '"format":99'))
    with pytest.raises(BadInput, match=r"format 99.*choose another --run-dir"):
        runs.Run.open(config(), tmp_path / "run")


def test_an_unknown_stage_is_named_with_those_there_are(tmp_path):
    with pytest.raises(BadInput, match="no stage 'trian'; there are: generate, "):
        runs.run_all(runs.Run.open(config(), tmp_path / "run"), "trian", lambda *_: None)


def test_what_an_outage_left_owed_stops_the_run_and_is_asked_again(tmp_path, monkeypatch):
    import teachers

    from stumper.types import Reply

    real = teachers.quick
    broken = {"on": True}

    def flaky(request):
        if broken["on"] and request.seed % 3 == 0:
            return Reply(finish="failed", error="the endpoint is down", outage=True)
        return real(request)

    monkeypatch.setattr(teachers, "quick", flaky)
    with pytest.raises(StumperError, match=r"generate: \d+ of 48 failed: the endpoint is down"):
        run(tmp_path / "flaky" / "run", config())
    broken["on"] = False
    mended = run(tmp_path / "flaky" / "run", config())
    monkeypatch.undo()
    assert sealed(mended) == sealed(run(tmp_path / "fine" / "run", config()))
