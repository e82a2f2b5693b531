"""What a run spends is on record, and a budget stops it without losing anything."""

import pytest

from stumper import run as runs
from stumper import spending
from stumper.cli import main
from stumper.config import Budget, Config
from stumper.engines import Prices
from stumper.spending import BudgetSpent, Meter, Spent
from stumper.types import Message, Reply, Request, Sampling

PRICES = {"input": 2.0, "output": 10.0}


def config(**runtime):
    teacher = {"engine": "scripted", "model": "teachers:quick", "questions": 6}
    tree = {
        "name": "test",
        "topics": ["seating"],
        "teachers": [
            {"name": "one", **teacher},
            {"name": "two", **teacher, "options": {"version": 1}},
            {"name": "setter", "engine": "setter", "questions": 6, "votes": False},
        ],
        "student": {"model": "path:none"},
        "generate": {"examples": 0, "sampling": {"max_tokens": 60}},
        "committee": {"probes": 3, "calibration": {"questions": 3}},
        "runtime": {"accept_none": True, "models": {"one": {"prices": PRICES}}} | runtime,
    }
    return Config.model_validate(tree)


def run(folder, made):
    opened = runs.Run.open(made, folder)
    runs.run_all(opened, "verdict", lambda *_: None)
    return opened


def sealed(run):
    return {name: (run.folder_of(name) / "records.jsonl").read_bytes() for name in ("generate", "vote", "verdict")}


def test_tokens_and_money_are_told_by_stage_and_model_and_what_is_replayed_costs_nothing(tmp_path):
    first = run(tmp_path / "one", config())
    rows = {(row.stage, row.model): row for row in spending.spent(first)}
    row = rows["generate", "one"]
    assert row.calls >= 6
    assert row.tokens > 0
    assert row.tokens % 50 == 0
    assert row.money == pytest.approx(row.tokens * 10 / 1e6)
    assert rows["generate", "two"].money is None
    whole = spending.by_model(rows.values())["one"]
    assert whole.calls == sum(r.calls for (_, model), r in rows.items() if model == "one")
    run(tmp_path / "one", config())
    assert spending.spent(first) == tuple(rows.values())


@pytest.mark.parametrize("budget", [{"calls": 10}, {"tokens": 700}, {"seconds": 0.0}, {"money": 0.003}])
def test_a_spent_budget_stops_the_run_and_a_larger_one_goes_on_without_a_call_made_twice(tmp_path, budget):
    whole = run(tmp_path / "whole" / "run", config())
    name = next(iter(budget))
    with pytest.raises(
        BudgetSpent, match=rf"runtime\.budget\.{name}=.*raise it and run the same command again"
    ) as stop:
        run(tmp_path / "small" / "run", config(budget=budget))
    assert stop.value.exit_code == 1
    begun = runs.Run.read(tmp_path / "small" / "run")
    spent = spending.total(row for row in spending.spent(begun) if row.model != "setter")
    assert spent.calls <= budget.get("calls", spent.calls)
    assert spent.prompt_tokens + spent.tokens <= budget.get("tokens", 10**9)
    assert (spent.money or 0) <= budget.get("money", 1)
    assert spent.calls > 0 or name == "seconds"
    done = run(tmp_path / "small" / "run", config())
    assert sealed(done) == sealed(whole)
    assert [row[:3] for row in spending.spent(done)] == [row[:3] for row in spending.spent(whole)]


def test_a_budget_of_money_asks_for_the_price_of_each_endpoint():
    with pytest.raises(ValueError, match=r"runtime\.models\.two\.prices"):
        config(budget={"money": 1}, models={"two": {"url": "http://localhost:1/v1"}})


def test_the_command_tells_what_was_spent(tmp_path, capsys):
    recipe = tmp_path / "r.yaml"
    recipe.write_text(
        "name: tiny\ntopics: [seating]\nteachers:\n  - {name: one, engine: scripted, model: 'teachers:quick',"
        " questions: 3}\nstudent: {model: 'path:none'}\nruntime: {default: {prices: {input: 1, output: 1000}}}\n"
    )
    where = ["--run-dir", str(tmp_path / "run")]
    assert main(["run", str(recipe), *where, "--until", "generate"]) == 0
    capsys.readouterr()
    assert main(["spent", str(tmp_path / "run")]) == 0
    lines = capsys.readouterr().out.splitlines()
    row = next(line for line in lines if line.startswith("generate") and " one " in line).split()
    assert int(row[5]) / 1000 == pytest.approx(float(row[7]), abs=0.001)
    assert lines[-1].startswith("all")


def test_seconds_are_wall_clock_however_many_calls_are_under_way(tmp_path):
    class Folder:
        stages = {"generate": "f"}  # noqa: RUF012
        artifacts = tmp_path

    (tmp_path / "calls").mkdir()
    line = '{{"artefact":"generate/f","at":{},"reply":{{"seconds":{}}}}}\n'
    spans = [(100, 10), (102, 4), (105, 10), (200, 1)]
    (tmp_path / "calls" / "m-1.jsonl").write_text("".join(line.format(*span) for span in spans))
    assert spending.busy(Folder()) == 16


def request(max_tokens):
    return Request(messages=(Message(role="user", content="x" * 30),), sampling=Sampling(max_tokens=max_tokens))


def test_a_call_is_let_through_only_when_the_most_it_can_take_is_left():
    meter = Meter(Budget(tokens=100), Spent("", ""), 0.0)
    assert meter.admit([request(30)] * 5, None) == 2
    meter.note(Reply(prompt_tokens=8, tokens=3), None)
    meter.note(Reply(prompt_tokens=8, tokens=1), None)
    assert meter.admit([request(30)] * 3, None) == 2
    meter.note(Reply(prompt_tokens=20, tokens=30), None)
    with pytest.raises(BudgetSpent, match="tokens=100 does not cover the next call"):
        meter.admit([request(30)], None)


def test_money_counts_read_and_written_tokens_by_their_own_price():
    assert spending.money(Prices(input=1, output=4), 1_000_000, 500_000) == 3.0
