"""The page on teachers says what the code does."""

import re
from pathlib import Path

import yaml

from stumper.config import Runtime
from stumper.engines import EngineRuntime, _endpoint
from stumper.engines.server import AGAIN, SAMPLES, TOPS

PAGE = re.sub(r"\s+", " ", (text := (Path(__file__).parents[2] / "docs" / "teachers.md").read_text()))


def test_its_settings_are_valid():
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    runtime = Runtime.model_validate(yaml.safe_load(block)["runtime"])
    assert len(runtime.of("qwen3").urls) == 2
    assert runtime.budget.seconds == 8 * 3600


def test_its_figures_are_those_of_the_code():
    assert f"starts at {_endpoint.FIRST_WINDOW}," in PAGE
    assert f"deadline or {_endpoint.CALL_SECONDS:g} s" in PAGE
    assert f"within `timeout` ({EngineRuntime().timeout:g} s unless said)" in PAGE
    assert f"{TOPS[0]} of them, or {TOPS[1]} where {TOPS[0]} are refused" in PAGE
    assert f"Otherwise {SAMPLES} letters are drawn" in PAGE
    assert (_endpoint.LOST, _endpoint.ASIDE, AGAIN) == (3, (1.0, 60.0), 2)
