"""The page on adding an engine: its engine is found, keeps all promises and does what the page says."""

import re
import sys
from pathlib import Path

import pytest
import yaml

from stumper import discover, engines, prompts
from stumper.engines import EngineRuntime, ModelSpec, _endpoint, open_engine
from stumper.engines.server import DIALECTS, OUTAGES, UNWRITTEN
from stumper.types import Question, Request

PAGE = (Path(__file__).parents[2] / "docs" / "add-an-engine.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ENGINE, CHECK = (code for language, code in BLOCKS if language == "python")
RECIPE, ENDPOINT = (yaml.safe_load(code) for language, code in BLOCKS if language == "yaml")


@pytest.fixture
def _saved(tmp_path, monkeypatch):
    """The page's engine, saved where engines are looked for."""
    (tmp_path / "longest.py").write_text(ENGINE)
    monkeypatch.setattr(engines, "__path__", [*engines.__path__, str(tmp_path)])
    discover.names.cache_clear()
    yield
    sys.modules.pop("stumper.engines.longest", None)
    vars(engines).pop("longest", None)
    discover.names.cache_clear()


@pytest.mark.usefixtures("_saved")
def test_the_engine_passes_the_check_as_the_page_calls_it():
    exec(compile(CHECK, "add-an-engine.md", "exec"), {})


@pytest.mark.usefixtures("_saved")
def test_the_engine_answers_with_the_longest_choice_in_whatever_order_it_is_shown():
    engine = open_engine(ModelSpec(name="longest", engine="longest"))
    question = Question(topic="kin", stem="Who is he?", choices=("uncle", "maternal grandfather", "son", "niece"))
    orders = [(0, 1, 2, 3), (3, 2, 1, 0)]
    letters = [
        Request(messages=prompts.render_answer_request(question, order), continuations=tuple("ABCD"))
        for order in orders
    ]
    best = [max(zip(reply.scores, "ABCD", strict=True))[1] for _, reply in engine.choose(letters)]
    assert best == ["B", "C"]
    [(_, by_text)] = engine.choose([Request(messages=letters[0].messages, continuations=question.choices)])
    assert by_text.scores.index(max(by_text.scores)) == 1
    written = [r.model_copy(update={"form": prompts.answer_form(4, reasoned=True)}) for r in letters]
    assert [prompts.parse_answer(reply.text, 4)[0] for _, reply in engine.generate(written)] == ["B", "C"]


def test_the_recipes_of_the_page_are_valid(monkeypatch):
    from stumper.config import Runtime, Teacher

    for recipe in (RECIPE, ENDPOINT):
        [Teacher.model_validate(teacher) for teacher in recipe["teachers"]]
    [teacher] = [Teacher.model_validate(teacher) for teacher in ENDPOINT["teachers"]]
    runtime = Runtime.model_validate(ENDPOINT["runtime"]).of(teacher.name)
    monkeypatch.setenv("QWEN_KEY", "x")
    assert runtime != EngineRuntime()
    open_engine(teacher.spec(), runtime).close()


def test_the_figures_of_the_page_are_those_of_the_code():
    assert re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE) == [*DIALECTS]
    assert f"up to {_endpoint.ATTEMPTS} times" in PAGE
    assert f"start at {_endpoint.FIRST_WINDOW}," in PAGE
    assert f"When {OUTAGES} calls in a row" in PAGE
    assert f"the others {UNWRITTEN:g}." in PAGE
