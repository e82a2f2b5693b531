"""Runs side by side: every guessed cell has a measured one beside it, and what is compared is paired."""

import json

import pytest
import run_findings

from stumper import comparing, stats
from stumper.cli import main
from stumper.comparing import Column, columns, pairs, win_chances
from stumper.errors import BadInput


class Done:
    """A run of which only the findings matter."""

    def __init__(self, name):
        self.folder = name

    def records(self, _):
        return {}

    def failures(self, _):
        return {}

    def ledger(self, _):
        return {"model": {"seconds": 360.0}}


@pytest.fixture(autouse=True)
def _findings(monkeypatch):
    made = {"hybrid-x": run_findings.full(), "direct-x": run_findings.full(), "odd": run_findings.full()}
    made = {name: found.model_copy(update={"recipe": name}) for name, found in made.items()}
    made["empty"] = run_findings.empty()
    monkeypatch.setattr("stumper.findings.gather", lambda run: made[run.folder])
    monkeypatch.setattr("stumper.spending.spent", lambda _: ())


def test_every_guess_of_the_plan_stands_beside_a_measurement():
    found = columns([Done("hybrid-x"), Done("direct-x"), Done("odd")], 20)
    assert [c.variant for c in found] == ["hybrid", "direct", ""]
    for column in found:
        assert column.cells.keys() == comparing.GUESSES.keys()
        assert all(column.cells.values())
    lines = list(comparing.as_markdown(found, pairs(found)))
    assert len([line for line in lines if line.startswith("|")]) == len(comparing.GUESSES) + 2
    assert len({line.count("|") for line in lines if line.startswith("|")}) == 1
    assert json.loads(comparing.as_json(found, []))["guessed"]["wins"]["hybrid"] == "80 %"


def test_a_run_without_results_is_refused():
    with pytest.raises(BadInput, match="no evaluation yet"):
        columns([Done("empty")], 20)


def column(name, right):
    return Column(name, "", {}, {str(i): r for i, r in enumerate(right)})


def test_pairs_are_of_common_questions_and_corrected():
    found = [column("a", [True] * 20), column("b", [False] * 12 + [True] * 8), column("c", [])]
    one, other, none = pairs(found)
    assert (one.n, one.only_a, one.only_b) == (20, 12, 0)
    assert one.p == pytest.approx(min(1, 3 * stats.mcnemar(12, 0).exact))
    assert one.chance > 0.99
    assert other.n == none.n == 0
    assert "no held-out question in common" in "\n".join(comparing.as_markdown([], [other]))


def test_who_answers_better_wins_more_and_equals_win_alike():
    chances = win_chances({"a": stats.share(450, 500), "b": stats.share(350, 500)}, 100, 0)
    assert chances["a"] > 0.95
    equal = win_chances({name: stats.share(300, 500) for name in "abcd"}, 20, 0)
    assert all(0.2 < chance < 0.3 for chance in equal.values())
    assert sum(equal.values()) == pytest.approx(1)


def test_the_command_names_what_is_no_run(tmp_path, capsys):
    assert main(["compare", str(tmp_path)]) == 2
    assert "no run folder" in capsys.readouterr().err
