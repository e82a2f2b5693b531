"""Pictures of seatings, seen from above with north at the top.

Everything that carries meaning brings its own background, so a picture reads the same on white and on dark pages.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import cos, hypot, pi, sin

from stumper.puzzles._seating_language import Seating
from stumper.puzzles._seating_seats import Scene, at_corner, away, scene_of
from stumper.puzzles._seating_solve import Seated, fitting, told

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


Spot = tuple[float, float]


def draw(problem: Seating) -> str:
    """The first arrangement that fits, as SVG; empty chairs where none does. Raises TooLarge."""
    scene = scene_of(problem)
    seated = fitting(problem)
    size = problem.size
    labels = [""] * size if seated is None else [_label(seated, seat) for seat in range(size)]
    looks = [away(scene, seat) for seat in range(size)] if seated is None else seated.looks
    plate = max(map(len, (*labels, *problem.people))) * LETTER + 16
    ring = problem.shape in ("circle", "table")
    known = problem.facing is not None or problem.shape == "rows"
    chairs = list(_round(scene, plate) if ring else _rows(scene, plate))
    parts = [_table(scene, chairs)] if ring else []
    for (x, y), (nx, ny), label, look in zip(chairs, _outwards(scene, chairs), labels, looks, strict=True):
        down = 1.0 if look else -1.0
        nose = (nx * down, ny * down) if ring else (0.0, down)
        parts.append(_chair(x, y, nose if known else None))
        # A name stands behind its bearer in a row, and half its extent further out everywhere.
        side = -down if problem.shape == "row" else 1.0
        reach = SEAT + (8 if problem.shape == "row" else NOSE + 4) + abs(nx) * plate / 2 + abs(ny) * HEIGHT / 2
        parts.append(_name(x + side * reach * nx, y + side * reach * ny, plate, label))
    width = 2 * max(abs(x) + plate for x, _ in chairs) + 4 * MARGIN
    height = 2 * max(abs(y) for _, y in chairs) + 2 * (2 * SEAT + HEIGHT + 2 * MARGIN)
    what = {"row": "Row", "circle": "Circle", "rows": "Two rows", "table": "Table"}[problem.shape]
    title = f"{what}: {'nobody fits the clues' if seated is None else _said(problem, seated)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-width / 2:.0f} {-height / 2:.0f} {width:.0f} {height:.0f}" '
        'role="img" font-family="sans-serif" font-size="14" '
        f'font-weight="bold" text-anchor="middle"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _label(seated: Seated, seat: int) -> str:
    """A name with what its bearer has."""
    name = "?" if seated.names[seat].startswith("!") else seated.names[seat]
    values = [values[seat] for values in seated.values if seat in values]
    return ", ".join([name, *values]) if name else ""


def _said(problem: Seating, seated: Seated) -> str:
    """The arrangement in one line."""
    lines = []
    for way, content in told(problem, seated).items():
        names = content if isinstance(content, list) else [f"{who} {what}" for who, what in content.items()]
        lines.append(f"{way.replace('_', ' ')} {', '.join(names)}")
    return "; ".join(lines)


def _rows(scene: Scene, plate: float) -> Iterator[Spot]:
    """Chairs from west to east; the row that looks south, or has its back to the other, stands in the north."""
    pitch, length = plate + MARGIN, scene.length
    north_first = (scene.first_faces == "south") != (scene.facing == "outwards")
    for seat in range(scene.size):
        upper = (seat < length) == north_first
        y = 0.0 if scene.shape == "row" else (SEAT + HEIGHT) * (-1 if upper else 1)
        yield (seat % length - (length - 1) / 2) * pitch, y


def _round(scene: Scene, plate: float) -> Iterator[Spot]:
    """Chairs clockwise: round a circle from the top, round a table from its north-western corner."""
    if scene.shape == "circle":
        ring = _ring(scene.size, plate)
        for seat in range(scene.size):
            angle = 2 * pi * seat / scene.size - pi / 2
            yield ring * cos(angle), ring * sin(angle)
        return
    pitch = plate + 2 * MARGIN
    wide, high = (pitch * (n + 1) / 2 for n in scene.sides[:2])
    for side, length in enumerate(scene.sides):
        corners = ((-wide, -high), (wide, -high), (wide, high), (-wide, high))
        (x, y), (u, v) = corners[side], corners[(side + 1) % 4]
        for j in range(0 if scene.corners else 1, length + 1):
            part = j / (length + 1)
            yield x + part * (u - x), y + part * (v - y)


def _outwards(scene: Scene, chairs: Sequence[Spot]) -> Iterator[Spot]:
    """From each chair the direction of its name: away from the table, or from the middle of two rows."""
    wide = max(abs(x) for x, _ in chairs)
    for seat, (x, y) in enumerate(chairs):
        if scene.shape == "row":
            yield 0.0, 1.0
        elif scene.shape == "rows":
            yield 0.0, (1.0 if y > 0 else -1.0)
        elif scene.shape == "circle" or at_corner(scene, seat):
            yield x / hypot(x, y), y / hypot(x, y)
        else:
            yield (x / abs(x), 0.0) if abs(abs(x) - wide) < 1e-6 else (0.0, y / abs(y))


def _table(scene: Scene, chairs: Sequence[Spot]) -> str:
    """What they sit at."""
    gap = SEAT + NOSE + 5
    if scene.shape == "circle":
        return f'<circle r="{-chairs[0][1] - gap:.1f}" fill="none" stroke="{TABLE}" stroke-width="3"/>'
    wide, high = max(x for x, _ in chairs) - gap, max(y for _, y in chairs) - gap
    return (
        f'<rect x="{-wide:.1f}" y="{-high:.1f}" width="{2 * wide:.1f}" height="{2 * high:.1f}" fill="none" '
        f'stroke="{TABLE}" stroke-width="3"/>'
    )


def _ring(size: int, plate: float) -> float:
    """Radius on which the chairs stand: far enough apart for the plates next to them."""
    return max(66.0, size * (0.85 * plate + MARGIN) / (2 * pi))


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
