"""Small charts as SVG. Horizontal positions are per cent of the chart's width, so that text keeps its size on a phone.

Colours are classes of style.css: "base", "tuned", "limit", "chance".
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from stumper.types import Share, Times

if TYPE_CHECKING:
    from stumper.report import Training
    from stumper.report.wording import Output

MOST_POINTS = 240
"""Of a line; more are averaged in groups."""

Points = Sequence[tuple[int, float]]
"""(step, value)"""


def _svg(height: int | str, marks: Sequence[Markup], label: str = "", kind: str = "") -> Markup:
    """An SVG as wide as its box. Without a label it is decoration: its figures stand beside it as text."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="chart {}" width="100%" height="{}" {}>{}</svg>').format(
        kind, height, told, Markup("").join(marks)
    )


def _line(kind: str, x1: str, x2: str, y1: str, y2: str) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(kind, x1, x2, y1, y2)


def _upright(kind: str, x: str) -> Markup:
    return _line(kind, x, x, "0", "100%")


def _dot(kind: str, x: str, y: str, radius: int = 4) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(kind, x, y, radius)


def _at(value: float, top: float) -> str:
    """A position from 0 to 100 %, of a value from 0 to `top`."""
    return f"{100 * min(max(value / top, 0), 1) if top > 0 else 0:.2f}%"


def bar(value: float, of: float, kind: str = "tuned") -> Markup:
    """A bar of `value` on a track of `of`."""
    piece = Markup('<rect class="{}" width="{}" height="5" rx="1"/>')
    return _svg(5, [piece.format("track", "100%"), piece.format(kind, _at(value, of))], kind="bar")


def whiskers(shares: Mapping[str, Share | None], chance: float | None = None) -> Markup:
    """One dot with its interval for each share ("base" hollow, "tuned" filled), and a dashed line at chance."""
    marks = _grid()
    if chance is not None:
        marks.append(_upright("chance", _at(chance, 1)))
    for i, (kind, share) in enumerate(shares.items()):
        if share is not None and share.n:
            y = f"{100 * (i + 1) / (len(shares) + 1):.0f}%"
            marks += _whisker(kind, share.successes / share.n, share.low, share.high, 1, y)
    return _svg("100%", marks)


def totals(points: float, low: float, high: float, top: float = 200) -> Markup:
    """One score with its interval on an axis from 0 to `top`."""
    return _svg("100%", [*_grid(), *_whisker("tuned", points, low, high, top, "50%")])


def _grid() -> list[Markup]:
    return [_upright("grid", f"{x}%") for x in (0, 25, 50, 75, 100)]


def _whisker(kind: str, value: float, low: float, high: float, top: float, y: str) -> list[Markup]:
    return [_line(kind, _at(low, top), _at(high, top), y, y), _dot(kind, _at(value, top), y)]


def axis(labels: Sequence[str]) -> Markup:
    """Labels at equal distances from the left to the right edge, for the head of a chart's column."""
    last = len(labels) - 1
    anchors = ["start", *["middle"] * (last - 1), "end"]
    tick = Markup('<text class="tick" x="{:.2f}%" y="12" text-anchor="{}">{}</text>')
    return _svg(16, [tick.format(100 * i / last, anchors[i], label) for i, label in enumerate(labels)])


def times(measured: Times, top: float) -> Markup:
    """Median (dot), 95th percentile and maximum (ticks) in seconds from 0 to `top`, with the limit as a line."""
    marks = [*_grid(), _upright("limit", _at(measured.limit, top))]
    if measured.p50 is not None and measured.p95 is not None and measured.max is not None:
        marks.append(_line("tuned", _at(measured.p50, top), _at(measured.max, top), "50%", "50%"))
        marks += [_line("tuned", _at(x, top), _at(x, top), "35%", "65%") for x in (measured.p95, measured.max)]
        marks.append(_dot("tuned", _at(measured.p50, top), "50%"))
    return _svg("100%", marks)


def top_seconds(outputs: "Sequence[Output]") -> float | None:
    """The end of a common axis for all times and their limits; None where no seconds were kept."""
    measured = [output.times for output in outputs if output.times is not None]
    return round_up(max(max(m.limit, m.max or 0) for m in measured)) if measured else None


class Line(NamedTuple):
    """A curve with the ends of its axes. `thinned`: how many points were averaged into one."""

    svg: Markup
    top: float
    last: int
    thinned: int


def line(name: str, points: Points, top: float | None = None) -> Line | None:
    """A curve of values against steps, from 0 to `top` (None: a round number above the largest value).

    Values that are not finite leave a gap. None when there is nothing finite to draw.
    """
    finite = [(step, value) for step, value in points if math.isfinite(value)]
    if not finite:
        return None
    size = math.ceil(len(points) / MOST_POINTS)
    drawn = list(_thinned(points, size))
    ceiling = round_up(max(value for _, value in finite)) if top is None else top
    last = max(step for step, _ in points)
    marks = [_line("grid", "0", "100%", y, y) for y in ("0", "50%", "100%")]
    marks += [_stretched(part, last, ceiling) for part in _unbroken(drawn)]
    if len(drawn) <= MOST_POINTS // 8:
        marks += [
            _dot("tuned", _at(step, last), _at(ceiling - value, ceiling), 3)
            for step, value in drawn
            if math.isfinite(value)
        ]
    low, high = min(v for _, v in finite), max(v for _, v in finite)
    label = (
        f"{name} against step: {finite[0][1]:.3g} at step {finite[0][0]}, {finite[-1][1]:.3g} at step "
        f"{finite[-1][0]}; lowest {low:.3g}, highest {high:.3g}"
    )
    return Line(_svg(120, marks, label), ceiling, last, size)


def _stretched(points: Points, last: int, top: float) -> Markup:
    """A polyline in a nested SVG of 100 by 100 that is stretched; its stroke is not (see style.css)."""
    at = " ".join(f"{_at(step, last)[:-1]},{_at(top - value, top)[:-1]}" for step, value in points)
    return Markup(
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%"><polyline points="{}"/></svg>'
    ).format(at)


def _thinned(points: Points, size: int) -> Iterator[tuple[int, float]]:
    for start in range(0, len(points), size):
        group = points[start : start + size]
        yield group[-1][0], sum(value for _, value in group) / len(group)


def _unbroken(points: Points) -> Iterator[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for step, value in points:
        if math.isfinite(value):
            run.append((step, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


def round_up(value: float) -> float:
    """The next of `ROUND` times a power of ten; 1 where there is nothing to see."""
    if value < 1e-9:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in ROUND if value <= step * power * (1 + 1e-9)), 10 * power)


class Curve(NamedTuple):
    title: str
    line: Line | None
    ticks: tuple[str, str, str]
    """From the top down."""


PROBES = (
    ("valid_json", "Valid JSON", 1.0),
    ("eos", "Outputs that end by themselves", 1.0),
    ("letter_entropy", "Entropy of the answered letters, bits", 2.0),
    ("distinct", "Distinct outputs", 1.0),
)
"""Field of a probe, title, end of the axis."""


def curves(training: "Training") -> list[Curve]:
    """Loss and the probes against step, each on an axis from 0."""
    loss = line("Loss", [(entry.step, entry.loss) for entry in training.losses])
    found = [Curve("Loss, nats a token", loss, _ticks(loss.top if loss else 1.0))]
    for field, title, top in PROBES:
        values = [(probe.step, getattr(probe, field)) for probe in training.probes]
        points = [(step, value) for step, value in values if value is not None]
        found.append(Curve(title, line(title, points, top), ("100 %", "50 %", "0 %") if top == 1 else _ticks(top)))
    return found


def _ticks(top: float) -> tuple[str, str, str]:
    return f"{top:g}", f"{top / 2:g}", "0"
