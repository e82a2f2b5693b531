"""Committees with known truth: what each way of keeping questions keeps, and how wrong it is.

    python bench/committee.py [--runs 500] [--questions 5000] [--probes 500] [--budget 300] [--error 0.02]

Five voters of about 79 % answer questions with four choices; two that err on one question pick the same wrong choice
60 % of the time, as language models do (arXiv 2506.07962). In the world "alike" all questions are equally hard, so
voters err independently and only their wrong answers agree; in "mixed" questions and topics differ in difficulty, so
they also err together. Each question's key is one voter's answer. The audit's answers come from the truth; the probes
are questions of the same kind whose answers are known.
"""

import argparse
import json
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stumper import stats
from stumper.committee.audit import Audit, Candidate, Certificate, Target, run
from stumper.committee.label_models import NONE, Votes, dependent, one_coin
from stumper.committee.risk import claimed, corrected

VOTERS = tuple("abcde")
CHOICES = 4
TOPICS = 5
POPULAR = (1 + 1.6**0.5) / 3
"""The chance of the popular wrong choice at which two voters who err agree 60 % of the time: q² + (1 - q)²/2 = 0.6."""


class World(NamedTuple):
    ease: float
    """Of a middling question, in log-odds of knowing (not guessing) its answer."""
    of_topics: float
    of_questions: float
    """Standard deviations of ease."""
    of_voters: float


WORLDS = {"alike": World(0.95, 0.0, 0.0, 0.3), "mixed": World(1.3, 0.8, 1.0, 0.4)}


class Panel(NamedTuple):
    choice: npt.NDArray[np.int64]
    truth: npt.NDArray[np.int64]
    topic: npt.NDArray[np.int64]
    key: npt.NDArray[np.int64]


def panel(world: World, n: int, seed: int) -> Panel:
    """The votes on n questions."""
    rng = np.random.default_rng(seed)
    voters = len(VOTERS)
    topic = rng.integers(TOPICS, size=n)
    of_topic = rng.normal(0, world.of_topics, TOPICS)
    skill = rng.normal(0, world.of_voters, voters)
    ease = world.ease + (of_topic - of_topic.mean())[topic] + rng.normal(0, world.of_questions, n)
    knows = 1 / (1 + np.exp(-(ease[:, None] + skill - skill.mean())))
    truth = rng.integers(CHOICES, size=n)
    right = rng.random((n, voters)) < knows + (1 - knows) / CHOICES
    popular = rng.integers(1, CHOICES, size=n)
    rare = (popular[:, None] - 1 + rng.integers(1, CHOICES - 1, size=(n, voters))) % (CHOICES - 1) + 1
    off = np.where(rng.random((n, voters)) < POPULAR, popular[:, None], rare)
    choice = (truth[:, None] + np.where(right, 0, off)) % CHOICES
    return Panel(choice, truth, topic, choice[np.arange(n), rng.integers(voters, size=n)])


class Outcome(NamedTuple):
    """One run; kept and wrong by way of keeping."""

    kept: dict[str, int]
    wrong: dict[str, int]
    certificate: Certificate
    accuracy: float
    agreeing: float


def once(world: World, questions: int, probes: int, target: Target, seed: int) -> Outcome:
    """All ways of keeping on one committee."""
    asked = panel(world, questions + probes, seed)
    every = np.arange(questions + probes)
    known = every >= questions
    votes = Votes(asked.choice, np.full(len(every), CHOICES), np.where(known, asked.truth, NONE))
    claim, coin = (claimed(opinion, asked.key) for opinion in (dependent(votes, VOTERS), one_coin(votes)))
    risk = corrected(votes, claim, asked.key, [(f"topic {topic}",) for topic in asked.topic])
    agree = (asked.choice == asked.key[:, None]).sum(axis=1)
    wrong = asked.key != asked.truth
    candidates = [Candidate(str(i), float(risk[i])) for i in range(questions)]
    certificate = run(Audit(target, candidates, seed), lambda item: not wrong[int(item)])
    audited = np.zeros(len(every), dtype=bool)
    audited[[int(item) for item in certificate.kept]] = True
    ways = {
        "unanimous": agree == len(VOTERS),
        "majority": 2 * agree > len(VOTERS),
        f"one coin claims {target.error:.0%}": coin <= target.error,
        f"dependent claims {target.error:.0%}": claim <= target.error,
        f"corrected claims {target.error:.0%}": risk <= target.error,
        "audited": audited,
    }
    ways = {name: way & ~known for name, way in ways.items()}
    off = asked.choice != asked.truth[:, None]
    both = off[:, :, None] & off[:, None, :] & ~np.eye(len(VOTERS), dtype=bool)
    same = both & (asked.choice[:, :, None] == asked.choice[:, None, :])
    return Outcome(
        {name: int(way.sum()) for name, way in ways.items()},
        {name: int((way & wrong).sum()) for name, way in ways.items()},
        certificate,
        float(1 - off.mean()),
        float(same.sum() / both.sum()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--probes", type=int, default=500)
    parser.add_argument("--budget", type=int, default=300)
    parser.add_argument("--error", type=float, default=0.02)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    target = Target(error=given.error, budget=given.budget)
    for name, world in WORLDS.items():
        runs = [once(world, given.questions, given.probes, target, seed) for seed in range(given.runs)]
        held = sum(r.wrong["audited"] <= r.certificate.bound * r.kept["audited"] for r in runs)
        cover = stats.clopper_pearson(held, len(runs))
        certified = sum(bool(r.certificate.kept) for r in runs)
        accuracy, agreeing = (float(np.mean([getattr(r, f) for r in runs])) for f in ("accuracy", "agreeing"))
        print(f"\n{name}: voters are right {accuracy:.1%}, the same wrong choice {agreeing:.1%}, {len(runs)} runs")
        for way in runs[0].kept:
            kept, wrong = sum(r.kept[way] for r in runs), sum(r.wrong[way] for r in runs)
            over = sum(r.wrong[way] > given.error * r.kept[way] for r in runs)
            ratio = kept / sum(r.kept["unanimous"] for r in runs)
            print(
                f"  {way:22} keeps {kept / len(runs) / given.questions:6.1%} ({ratio:.2f} of unanimous), "
                f"{wrong / max(kept, 1):.2%} wrong, over {given.error:.0%} in {over} of {len(runs)} runs"
            )
        bounds = [r.certificate.bound for r in runs if r.certificate.kept]
        print(
            f"  the bound held in {held} of {len(runs)} runs ({cover.low:.1%} to {cover.high:.1%}), "
            f"{certified} runs had one, {np.mean(bounds):.2%} on average; "
            f"{np.mean([r.certificate.answered for r in runs]):.0f} answers"
        )
        if given.json:
            print(json.dumps([[r.kept, r.wrong, r.certificate.bound] for r in runs]))


if __name__ == "__main__":
    main()
