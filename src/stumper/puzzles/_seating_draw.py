"""Pictures of seatings, seen from above with north at the top.

Everything that carries meaning brings its own background, so a picture reads the same on white and on dark pages.
"""

from collections.abc import Iterator
from html import escape
from math import cos, pi, sin

from stumper.puzzles._seating_language import Facing, Seating
from stumper.puzzles._seating_seats import model
from stumper.puzzles._seating_solve import fitting

HEIGHT = 26.0
"""Of a name plate, in the picture's units (pixels at its natural size)."""
LETTER = 8.6
"""Width to reserve for one letter at 14 pixels, bold."""
SEAT = 13.0
"""Radius of a chair."""
NOSE = 11.0
"""How far the arrow reaches out of the chair."""
MARGIN = 14.0

CHAIR, ARROW, PLATE, INK, TABLE = "#8a94a6", "#d9822b", "#f4f1e8", "#1d2433", "#9aa3b2"


def draw(problem: Seating) -> str:
    """The first arrangement that fits, as SVG; empty chairs where none does. Raises TooLarge."""
    seated = fitting(problem)
    names = [""] * len(problem.people) if seated is None else next(iter(model(problem, seated).values()))
    plate = max(map(len, problem.people)) * LETTER + 16
    parts = list(
        _row(names, plate, problem.facing) if problem.shape == "row" else _circle(names, plate, problem.facing)
    )
    width, height = _extent(problem, plate)
    facing = f" facing {'the centre' if problem.facing == 'centre' else problem.facing}" if problem.facing else ""
    told = "nobody fits the clues" if seated is None else ", ".join(names)
    title = f"{'Row' if problem.shape == 'row' else 'Circle'}{facing}: {told}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-width / 2:.0f} {-height / 2:.0f} {width:.0f} {height:.0f}" '
        'role="img" font-family="sans-serif" font-size="14" '
        f'font-weight="bold" text-anchor="middle"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _extent(problem: Seating, plate: float) -> tuple[float, float]:
    if problem.shape == "row":
        return len(problem.people) * (plate + MARGIN) + MARGIN, 2 * (SEAT + HEIGHT + 2 * MARGIN)
    ring = _ring(len(problem.people), plate)
    return 2 * (ring + 2 * SEAT + plate + 2 * MARGIN), 2 * (ring + 2 * SEAT + HEIGHT + 2 * MARGIN)


def _row(names: list[str], plate: float, facing: Facing | None) -> Iterator[str]:
    """Names come from their people's left to right: in a row that faces south that is from east to west."""
    down = 1 if facing == "south" else -1
    pitch = plate + MARGIN
    for i, name in enumerate(names):
        x = (i - (len(names) - 1) / 2) * pitch * -down
        yield _chair(x, 0, (0, down) if facing else None)
        yield _name(x, -down * (SEAT + HEIGHT / 2 + 8), plate, name)


def _ring(size: int, plate: float) -> float:
    """Radius on which the chairs stand: far enough apart for the plates next to them."""
    return max(66.0, size * (0.85 * plate + MARGIN) / (2 * pi))


def _circle(names: list[str], plate: float, facing: Facing | None) -> Iterator[str]:
    """Names come clockwise; the first sits at the top."""
    ring = _ring(len(names), plate)
    yield f'<circle r="{ring - SEAT - NOSE - 5:.1f}" fill="none" stroke="{TABLE}" stroke-width="3"/>'
    outwards = 1 if facing == "outwards" else -1
    for i, name in enumerate(names):
        angle = 2 * pi * i / len(names) - pi / 2
        x, y = cos(angle), sin(angle)
        yield _chair(ring * x, ring * y, (outwards * x, outwards * y) if facing else None)
        # Half the plate's extent in this direction: it stays clear of the chair whatever the angle.
        clear = ring + SEAT + NOSE + 4
        reach = clear + abs(x) * plate / 2 + abs(y) * HEIGHT / 2
        yield _name(reach * x, reach * y, plate, name)


def _chair(x: float, y: float, direction: tuple[float, float] | None) -> str:
    """A sitter seen from above, with an arrow like a nose in the direction of the face."""
    chair = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{SEAT}" fill="{CHAIR}"/>'
    if direction is None:
        return chair
    dx, dy = direction
    corners = ((SEAT + NOSE, 0.0), (SEAT - 2, 7.0), (SEAT - 2, -7.0))
    points = " ".join(f"{x + a * dx - b * dy:.1f},{y + a * dy + b * dx:.1f}" for a, b in corners)
    return f'<polygon points="{points}" fill="{ARROW}"/>{chair}'


def _name(x: float, y: float, plate: float, name: str) -> str:
    return (
        f'<rect x="{x - plate / 2:.1f}" y="{y - HEIGHT / 2:.1f}" width="{plate:.1f}" height="{HEIGHT}" rx="6" '
        f'fill="{PLATE}" stroke="{TABLE}"/><text x="{x:.1f}" y="{y + 5:.1f}" fill="{INK}">{escape(name)}</text>'
    )
