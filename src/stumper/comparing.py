"""Several runs side by side: the plan's table, in which what its authors guessed stands beside what was measured."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stumper import entrants, findings, pipeline, spending, stats
from stumper.errors import BadInput
from stumper.report import Findings, wording
from stumper.run import Run
from stumper.types import Share, Times, digest, seed_for

GUESSES: Mapping[str, Mapping[str, str]] = {
    "A-agent: right": {"distill": "80-85 %", "direct": "85-90 %", "hybrid": "85-90 %"},
    "Q-agent: stumps": {"distill": "good", "direct": "30-45 %", "hybrid": "35-45 %"},
    "seconds": {"distill": "fast (8B)", "direct": "medium (14B)", "hybrid": "medium (14B)"},
    "models to deploy": {"distill": "1", "direct": "2, pick the best", "hybrid": "1"},
    "stages": {"distill": "multi-stage", "direct": "direct", "hybrid": "medium"},
    "data": {"distill": "cross-validated", "direct": "curated", "hybrid": "cross-validated"},
    "failures": {"distill": "medium-high", "direct": "low", "hybrid": "medium"},
    "compute": {"distill": "40-55 GPU hours", "direct": "50-100 GPU hours", "hybrid": "40-50 GPU hours"},
    "wins": {"distill": "70 %", "direct": "75 %", "hybrid": "80 %"},
}
"""The table of the plan (criterion -> variant -> guess), which nobody had measured."""

BRACKETS = 4000
"""Simulated brackets behind a probability of winning."""


class Column(NamedTuple):
    """One run."""

    name: str
    variant: str
    """hybrid, distill or direct, by the recipe's name; empty for another one."""
    cells: Mapping[str, str]
    """Criterion -> what was measured."""
    right: Mapping[str, bool]
    """Held-out question (digest of its text) -> answered rightly by the tuned model."""


class Pair(NamedTuple):
    """Two runs on the questions that both held out."""

    a: str
    b: str
    n: int
    only_a: int
    only_b: int
    p: float
    """Exact McNemar, by Holm's correction over all pairs."""
    chance: float
    """The probability that `a` is really the better one."""


def columns(runs: Sequence[Run], n: int, seed: int = 0) -> list[Column]:
    """What each run measured. `n`: questions in an innings of the simulated brackets. Raises BadInput without any."""
    gathered = {}
    for run in runs:
        found = findings.gather(run)
        if found.tuned is None:
            raise BadInput(f"{run.folder} has no evaluation yet: `stumper run` it to its end first")
        name = found.recipe if found.recipe not in gathered else str(run.folder)
        gathered[name] = (run, found)
    wins = win_chances({name: f.tuned.accuracy for name, (_, f) in gathered.items() if f.tuned}, n, seed)
    return [
        Column(
            name=name,
            variant=next((v for v in ("hybrid", "distill", "direct") if found.recipe.startswith(v)), ""),
            cells={row: cell(run, found) for row, cell in CELLS.items()}
            | {"wins": _wins(wins[name], len(gathered), n)},
            right=_right(run),
        )
        for name, (run, found) in gathered.items()
    ]


def _right(run: Run) -> dict[str, bool]:
    kept, tuned = run.records("select"), entrants.submitted(run.records("calibrate-entries"))
    return {
        digest(kept[g.item].question.stem, kept[g.item].question.choices): g.correct
        for g in run.records("evaluate").values()
        if g.entry == tuned and g.item in kept
    }


def _accuracy(_: Run, f: Findings) -> str:
    base = f", base {wording.score(f.base.accuracy)}" if f.base else ""
    return f"{wording.score(f.tuned.accuracy if f.tuned else None)}{base}"


def _stumps(_: Run, f: Findings) -> str:
    if f.match is None:
        return "no match was played"
    mine = next(i for i in f.match.innings if i.asker in ("tuned", "rival"))
    if not mine.stumps.n:
        return f"none of its {mine.well_formed.n} questions to {mine.answerer} is proven and counts"
    return f"{wording.score(mine.stumps)} of its proven questions to {mine.answerer}"


def _seconds(_: Run, f: Findings) -> str:
    measured = [("answer", f.tuned.times)] if f.tuned else []
    measured += [("question", asking.times) for asking in f.asking if asking.entry in ("tuned", "rival")]
    return "; ".join(f"{what} {_times(times)}" for what, times in measured if times) or "not measured"


def _times(times: Times) -> str:
    return f"{wording.seconds(times.p50)}, slowest {wording.seconds(times.max)} of {times.limit:g} s"


def _models(run: Run, _: Findings) -> str:
    trained = len(run.records("train"))
    return f"1 of {trained} trained" if trained > 1 else "1"


def _stages(run: Run, _: Findings) -> str:
    return f"{sum(bool(run.records(stage.name)) for stage in pipeline.STAGES)} of {len(pipeline.STAGES)} had work"


def _data(run: Run, f: Findings) -> str:
    kept = run.records("select").values()
    proven = stats.share(sum(k.proven for k in kept), len(kept))
    return f"{wording.score(proven)} proven" + (f"; {f.audited}" if f.audited else "")


def _failures(run: Run, f: Findings) -> str:
    failed = sum(len(run.failures(stage.name)) for stage in pipeline.STAGES if stage.name != "select")
    if f.tuned is None:
        return f"{failed} records failed"
    valid = f.tuned.valid
    return f"{failed} records failed; {valid.n - valid.successes} of {valid.n} answers late or invalid"


def _compute(run: Run, _: Findings) -> str:
    spent = spending.total(spending.spent(run))
    hours = sum(float(line.get("seconds", 0)) for line in run.ledger("train").values()) / 3600
    cost = "" if spent.money is None else f", {spent.money:.2f} by its prices"
    calls = f"{spent.prompt_tokens + spent.tokens} tokens in {spent.seconds / 3600:.2f} h of calls{cost}"
    return f"{calls}; training {hours:.2f} h"


CELLS: Mapping[str, Callable[[Run, Findings], str]] = {
    "A-agent: right": _accuracy,
    "Q-agent: stumps": _stumps,
    "seconds": _seconds,
    "models to deploy": _models,
    "stages": _stages,
    "data": _data,
    "failures": _failures,
    "compute": _compute,
}


def win_chances(accuracies: Mapping[str, Share], n: int, seed: int) -> dict[str, float]:
    """How often each entry wins a knockout among these with n questions an innings, by what is known of its accuracy.

    In each simulated bracket the accuracies are drawn anew from their posteriors (Jeffreys), the draw is by lot, and
    draws too. All questions count as equally hard, so this is about the answer agents alone.
    """
    names = list(accuracies)
    rng = np.random.default_rng(seed_for(seed, "wins"))
    shares = list(accuracies.values())
    chances = np.stack([rng.beta(s.successes + 0.5, s.n - s.successes + 0.5, BRACKETS) for s in shares])
    wins = dict.fromkeys(names, 0)
    for k in range(BRACKETS):
        left = list(rng.permutation(len(names)))
        while len(left) > 1:
            pairs = list(zip(left[::2], left[1::2], strict=False))
            left = [*([left[-1]] if len(left) % 2 else []), *(_winner(a, b, chances[:, k], n, rng) for a, b in pairs)]
        wins[names[left[0]]] += 1
    return {name: count / BRACKETS for name, count in wins.items()}


def _winner(a: int, b: int, chances: npt.NDArray[np.float64], n: int, rng: np.random.Generator) -> int:
    right = rng.binomial(n, [chances[a], chances[b]])
    return a if right[0] > right[1] or (right[0] == right[1] and rng.random() < 0.5) else b


def _wins(chance: float, entries: int, n: int) -> str:
    if entries == 1:
        return "nobody to play against"
    return f"{chance:.0%} of knockouts among these {entries}, {n} questions an innings"


def pairs(found: Sequence[Column]) -> list[Pair]:
    """Every two runs on their common held-out questions, with Holm's correction (1979)."""
    raw = []
    for a, b in combinations(found, 2):
        common = a.right.keys() & b.right.keys()
        only_a, only_b = (sum(x.right[q] and not y.right[q] for q in common) for x, y in ((a, b), (b, a)))
        p = stats.mcnemar(only_a, only_b).exact
        raw.append(Pair(a.name, b.name, len(common), only_a, only_b, p, stats.chance_better(only_a, only_b)))
    corrected = stats.holm([pair.p for pair in raw])
    return [pair._replace(p=p) for pair, p in zip(raw, corrected, strict=True)]


def as_markdown(found: Sequence[Column], paired: Sequence[Pair]) -> Iterator[str]:
    """The table as Markdown, a line each."""
    yield "| | " + " | ".join(f"{c.name}: guessed | {c.name}: measured" for c in found) + " |"
    yield "|---|" + "---|---|" * len(found)
    for row, guess in GUESSES.items():
        cells = (f"{guess.get(c.variant, '-')} | {_cell(c.cells[row])}" for c in found)
        yield f"| {row} | " + " | ".join(cells) + " |"
    yield ""
    for pair in paired:
        if not pair.n:
            yield f"{pair.a} and {pair.b} have no held-out question in common: their accuracies are not paired."
            continue
        yield (
            f"{pair.a} against {pair.b} on {pair.n} common questions: {pair.only_a} only the first had right, "
            f"{pair.only_b} only the second; p = {pair.p:.2g} (exact McNemar, Holm); the first is really the better "
            f"one with a probability of {pair.chance:.0%}."
        )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def as_json(found: Sequence[Column], paired: Sequence[Pair]) -> str:
    return json.dumps(
        {
            "runs": {c.name: {"variant": c.variant, "measured": dict(c.cells)} for c in found},
            "guessed": {row: dict(guess) for row, guess in GUESSES.items()},
            "pairs": [pair._asdict() for pair in paired],
        },
        indent=2,
    )
