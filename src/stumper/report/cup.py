"""A tournament as one HTML file that loads nothing: standings, rounds, causes, every ball."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stumper.report import _environment
from stumper.types import Judged, Share, Times

MOST_MATCHES = 200
"""Shown ball by ball; a league of 64 has 2,016."""


class Row(NamedTuple):
    """One entry, in the order of the outcome."""

    name: str
    model: str
    answers: Share
    stumps: Share
    total: float
    """Strength in logits, with its interval."""
    low: float
    high: float
    first: float
    causes: Mapping[str, int]
    seconds: Times | None
    """Of its answers."""


class Met(NamedTuple):
    """One meeting."""

    round: int
    a: str
    b: str | None
    scores: Mapping[str, float]
    winner: str | None
    by: str
    judged: Sequence[Judged]


def render(title: str, about: Sequence[str], rows: Sequence[Row], met: Sequence[Met], controls: Sequence[str]) -> str:
    """The page. `about`: edition, format and the like; `controls`: what the outcome can tell, a sentence each."""
    rounds: dict[int, list[Met]] = {}
    for each in met:
        rounds.setdefault(each.round, []).append(each)
    span = max([1.0, *(abs(x) for row in rows for x in (row.low, row.high))])
    causes = list(dict.fromkeys(why for row in rows for why in row.causes))
    template = _environment().get_template("cup.html.j2")
    return template.render(
        title=title,
        about=about,
        rows=rows,
        rounds=rounds,
        controls=controls,
        causes=causes,
        span=span,
        shown=[each for each in met if each.judged][:MOST_MATCHES],
        matches=sum(bool(each.judged) for each in met),
    )
