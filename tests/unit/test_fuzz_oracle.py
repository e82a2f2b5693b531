"""Texts that nobody would write get rulings, and the fuzzer sees it when they do not."""

import sys
from collections import Counter
from pathlib import Path

from stumper import oracle
from stumper.types import Ruling

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fuzz_oracle


def test_no_spliced_text_breaks_the_oracle():
    rulings = Counter()
    found = [fuzz_oracle.attempt(seed, None, rulings)[1] for seed in range(60)]
    # How long a ruling takes is the machine's matter here, and the benchmark's.
    assert not [odd for odd in found if odd and odd.what != "slow"]
    assert len(rulings) >= 3


def test_the_fuzzer_sees_errors_and_lies(monkeypatch):
    def seen():
        return {odd.what for seed in range(3) if (odd := fuzz_oracle.attempt(seed, None, Counter())[1])}

    monkeypatch.setattr(oracle, "prove", lambda question: 1 / 0)
    assert seen() == {"exception"}
    monkeypatch.setattr(oracle, "prove", lambda q: Ruling(ruling="unformalised", why=f"{oracle.OWN_FAULT}: x"))
    assert seen() == {"error of ours"}
    monkeypatch.setattr(
        oracle, "prove", lambda q: Ruling(ruling="proven", true_key=q.key, why="", certificate={"a": 1})
    )
    assert seen() == {"certificate"}
