"""The pages on scale and forensics say what the code does."""

import re
from pathlib import Path

import yaml

from stumper import benchmarks, generate
from stumper.config import Runtime
from stumper.engines import _pool
from stumper.forensics import Settings

DOCS = Path(__file__).parents[2] / "docs"
SCALE, FORENSICS = ((DOCS / f"{name}.md").read_text() for name in ("scale", "forensics"))


def test_their_settings_are_valid():
    [block] = re.findall(r"```yaml\n(.*?)```", SCALE, re.DOTALL)
    runtime = Runtime.model_validate(yaml.safe_load(block)["runtime"])
    assert runtime.of("qwen3").gpus == 1
    [block] = re.findall(r"```yaml\n(.*?)```", FORENSICS, re.DOTALL)
    assert Settings.model_validate(yaml.safe_load(block)["forensics"]).benchmarks == ("exams.jsonl",)


def test_their_figures_are_those_of_the_code():
    assert f"up to {_pool.RESTARTS} times" in SCALE
    assert (_pool.TRIES, generate.AT_ONCE) == (3, 1024)
    assert f"{benchmarks.TOO_NEAR:.0%} of the {benchmarks.WORDS}-grams".replace("%", " %") in FORENSICS


def test_the_plan_adds_up():
    seconds = 1.8e9 / (64 * 2000) + 7.2e9 / (64 * 20000) + 3.8e9 / (64 * 20000)
    assert f"{50e6 / seconds:,.0f}"[:3] == "2,2"
    assert f"over {seconds / 3600:.1f} h" in SCALE
    question = 1056 + 2228 + 226 + 995 + 656 + 3 * 419 + 946 + 3 * 587
    assert f"its four calls is {question / 1000:.1f} kB" in SCALE
    assert f"{round(3.43 + 7.18 + 0.47 + 3.2 + 1.83 + 3 * 1.01)} kB a question" in SCALE
