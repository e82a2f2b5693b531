"""The page on adding a family: its family is found, keeps the contract and does what the page says."""

import importlib.util
import inspect
import re
import sys
from pathlib import Path

import pytest

from stumper import discover, puzzles
from stumper.oracle import conventions

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-family.md").read_text()
FAMILY, USE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def _saved(tmp_path, monkeypatch):
    """The page's family, saved where families are looked for."""
    (tmp_path / "weights.py").write_text(FAMILY)
    monkeypatch.setattr(puzzles, "__path__", [*puzzles.__path__, str(tmp_path)])
    discover.names.cache_clear()
    yield
    sys.modules.pop("stumper.puzzles.weights", None)
    vars(puzzles).pop("weights", None)
    discover.names.cache_clear()


def contract():
    """The contract tests that take a family, with their cases: (test, arguments beside the name)."""
    spec = importlib.util.spec_from_file_location("families_contract", ROOT / "tests/contract/test_families.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for label, test in inspect.getmembers(module, inspect.isfunction):
        if label.startswith("test_") and "name" in inspect.signature(test).parameters:
            marks = {mark.args[0]: mark.args[1] for mark in test.pytestmark if mark.name == "parametrize"}
            marks.pop("name")
            cases = [{key: value} for key, values in marks.items() for value in values] or [{}]
            for case in cases:
                yield pytest.param(test, case, id=" ".join([label, *map(str, case.values())]))


@pytest.mark.usefixtures("_saved")
def test_the_family_is_found_and_used_as_the_page_says(capsys):
    assert "weights" in puzzles.families()
    exec(compile(USE, "add-a-family.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[-1] == "proven"


@pytest.mark.usefixtures("_saved")
@pytest.mark.parametrize(("test", "case"), list(contract()))
def test_the_family_keeps_the_contract(test, case):
    test(name="weights", **case)


@pytest.mark.usefixtures("_saved")
def test_a_missing_clue_is_noticed():
    stem = "These things differ in weight: cup, axe, jug. The cup is heavier than the axe. Which is the heaviest?"
    question = puzzles.family("weights").read(stem, ("cup", "jug", "axe"))
    assert puzzles.family("weights").solve(question).statuses == ("could", "could", "cannot")


def test_what_the_page_says_of_the_other_families_is_so():
    for name in ("seating", "blood_relations"):
        family = puzzles.family(name)
        assert conventions.points(name)
        assert callable(family.candidates)
