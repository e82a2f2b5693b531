"""Every question that was not answered rightly, with its one cause; and what the balls say of each entry."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from stumper import stats
from stumper.types import Judged, Share

Cause = Literal[
    "hard", "late answer", "ambiguous", "contradictory", "wrong key", "open to readings", "unproven", "malformed",
    "late question",
]  # fmt: skip
"""`hard` alone is a stump: a proven question in time, answered in time and wrong. `unproven`: the oracle does not
read it, so nobody knows whose fault it is."""

BY_RULING: Mapping[str, Cause] = {
    "proven": "hard",
    "ambiguous": "ambiguous",
    "contradictory": "contradictory",
    "wrong_key": "wrong key",
    "convention_dependent": "open to readings",
    "unformalised": "unproven",
}


def cause(judged: Judged) -> Cause | None:
    """Why a question was not answered rightly; None where it was. The asker's own faults come first."""
    if judged.correct:
        return None
    if judged.problems or judged.ball.question is None:
        return "malformed"
    if judged.late_question:
        return "late question"
    found = BY_RULING[judged.ball.ruling.ruling] if judged.ball.ruling else "unproven"
    return "late answer" if found == "hard" and judged.late_answer else found


class Line(NamedTuple):
    """One entry over a whole tournament."""

    name: str
    answers: Share
    """Right, of the counted questions that it was asked."""
    stumps: Share
    """Answered wrong by others, of its own proven questions that count."""
    well_formed: Share
    causes: Mapping[Cause, int]
    """Of its own questions that were not answered rightly."""


def lines(names: Sequence[str], judged: Iterable[Judged]) -> list[Line]:
    """What the balls of all matches say of each entry, in the order of the names."""
    every = list(judged)
    found = []
    for name in names:
        asked = [j for j in every if j.ball.asker == name]
        answered = [j for j in every if j.ball.answerer == name and j.counted]
        proven = [j for j in asked if j.counted and j.ball.ruling is not None and j.ball.ruling.ruling == "proven"]
        causes = Counter(why for why in map(cause, asked) if why is not None)
        found.append(
            Line(
                name=name,
                answers=stats.share(sum(j.correct for j in answered), len(answered)),
                stumps=stats.share(sum(j.stump for j in proven), len(proven)),
                well_formed=stats.share(sum(not j.problems for j in asked), len(asked)),
                causes=dict(causes.most_common()),
            )
        )
    return found
