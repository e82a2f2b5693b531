"""The oracle on questions in natural English whose rulings are proven by brute force elsewhere (`tests/gold`)."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from stumper import oracle
from stumper.prompts import from_challenge

FOLDER = Path(__file__).parents[1] / "gold"
LEAST = {
    "blood_relations": 0.62,
    "linear_orders": 0.77,
    "seating": 0.6,
    "series": 0.76,
    "syllogisms": 0.6,
    "truth_tellers": 0.75,
}
"""Below what `bench/gold.py` measured by less than two questions."""


@pytest.fixture(scope="module")
def ruled():
    """(record, ruling) of every question."""
    records = [json.loads(line) for line in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = ("topic", "question", "choices", "answer")
    return [
        (r, oracle.prove(from_challenge({name: r[name] for name in asked if r[name] is not None}, where=r["id"])))
        for r in records
    ]


def test_nothing_is_proven_falsely(ruled):
    false = [
        (record["id"], ruling.ruling, ruling.true_key)
        for record, ruling in ruled
        if ruling.ruling in ("proven", "wrong_key")
        and (ruling.ruling, ruling.true_key) != (record["ruling"], record["true_key"])
    ]
    assert false == []


@pytest.mark.parametrize("topic", sorted(LEAST))
def test_most_of_the_natural_english_is_read(ruled, topic):
    read = Counter(ruling.ruling != "unformalised" for record, ruling in ruled if record["topic"] == topic)
    assert read[True] / read.total() >= LEAST[topic]


def test_the_stated_rulings_are_proven_by_brute_force():
    subprocess.run([sys.executable, FOLDER / "prove.py"], check=True, capture_output=True)
