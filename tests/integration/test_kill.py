"""A run with a real model, killed again and again: nothing finished is lost, no call is made twice."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter

import pytest

RECIPE = """name: killed
topics: [blood_relations]
teachers:
  - {name: smollm2, engine: llamacpp, model: smollm2-135m-instruct, questions: 3}
  - {name: setter, engine: setter, questions: 30, votes: false}
student: {model: smollm2-135m-instruct}
generate: {examples: 0, sampling: {temperature: 0.8, max_tokens: 80}}
committee: {probes: 6, calibration: {questions: 4}}
runtime: {accept_none: true}
"""
KILLS = 6


def records(folder):
    """Every whole record line there is, by file."""
    found = {}
    for path in folder.rglob("records.jsonl"):
        found[path] = {line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")}
    return found


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_with_a_real_model_no_record_is_lost_and_no_call_made_twice(tmp_path):
    pytest.importorskip("xllamacpp")
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE)
    command = [sys.executable, "-m", "stumper", "run", str(recipe), "--run-dir", str(tmp_path / "runs" / "killed")]
    command += ["--until", "verdict"]
    rng = random.Random(6)
    kills, kept = 0, {}
    for _ in range(40):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                process.wait(rng.uniform(2, 8) if kills < KILLS else 600)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            output = process.stdout.read().decode()
        now = records(tmp_path)
        assert all(lines <= now[path] for path, lines in kept.items()), "a finished record is gone"
        kept = now
        if process.returncode != -signal.SIGKILL:
            assert process.returncode == 0, output
            break
    assert kills >= 3, "the run ended before it was killed often enough to tell"
    calls = [json.loads(line) for path in tmp_path.rglob("calls/*.jsonl") for line in path.read_text().splitlines()]
    assert len(calls) > 15
    assert max(Counter(call["call"] for call in calls).values()) == 1
