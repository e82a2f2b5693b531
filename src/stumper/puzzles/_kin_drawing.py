"""A family as a picture: a row a generation, squares for men, circles for women, diamonds where either is possible."""

from collections.abc import Sequence
from html import escape
from statistics import mean

from stumper.puzzles._kin_tree import Tree

WIDTH, HEIGHT = 96, 120
"""Pixels from person to person and from row to row."""
MARGIN = 24
"""Pixels above the first row, for the bars of siblings whose parents are not known."""
RADIUS = 30
MAX_LABEL = 9

LINE = "#7d8590"
INK = "#1b1f24"
FILLS = {"male": "#a9cdf3", "female": "#f6b8cf", None: "#d9d4ea"}
ASKED = "#d9730d"
"""Ink stands on the fills alone, and the grey and the orange keep 3:1 against white and against near-black."""


def draw_tree(tree: Tree, names: Sequence[str], asked: Sequence[str]) -> str:
    """The family as SVG, with the people asked about outlined; unnamed people are dashed."""
    place = _places(tree)
    across, down = (max((xy[i] for xy in place.values()), default=0) for i in (0, 1))
    where = {p: (WIDTH * (x + 0.5), HEIGHT * y + WIDTH * 0.5 + MARGIN) for p, (x, y) in place.items()}
    width, height = round(WIDTH * (across + 1)), round(HEIGHT * down + WIDTH + MARGIN)
    lines = [*_couple_lines(tree, where), *_birth_lines(tree, where)]
    people = [_person(tree, p, *where[p], names, asked) for p in place]
    return _svg(width, height, f"Family of {', '.join(names)}", [*lines, *people])


def draw_nothing(why: str) -> str:
    """A picture that says why there is no family in it."""
    width = 20 + 8 * len(why)
    box = f'<rect x="1" y="1" width="{width - 2}" height="38" rx="6" fill="{FILLS[None]}"/>'
    text = f'<text x="{width / 2:.0f}" y="25" text-anchor="middle" fill="{INK}">{escape(why)}</text>'
    return _svg(width, 40, why, [box, text])


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="sans-serif" font-size="13"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _generations(tree: Tree) -> dict[int, int]:
    """Person -> row. Where uncle and niece are a couple no numbering fits all; the first found is kept."""
    rows: dict[int, int] = {}
    for root in tree.people():
        if root in rows:
            continue
        rows[root] = 0
        kin = [root]
        for p in kin:
            near = [(q, rows[p]) for q in (*tree.step(p, "spouse"), *tree.step(p, "sibling"))]
            near += [(q, rows[p] - 1) for q in tree.step(p, "parent")]
            near += [(q, rows[p] + 1) for q in tree.step(p, "child")]
            for q, row in near:
                if q not in rows:
                    rows[q] = row
                    kin.append(q)
        top = min(rows[p] for p in kin)
        rows.update({p: rows[p] - top for p in kin})
    return rows


def _places(tree: Tree) -> dict[int, tuple[float, int]]:
    """Person -> place from the left, in widths, and row. Sweeps down and up bring children below their parents."""
    generation = _generations(tree)
    rows = range(max(generation.values(), default=-1) + 1)
    groups = {y: _groups(tree, [p for p in generation if generation[p] == y]) for y in rows}
    x: dict[int, float] = {}
    for sweep in (rows, reversed(rows), rows, reversed(rows)):
        for y in sweep:
            wanted = {id(group): _wanted(tree, group, x, float(i)) for i, group in enumerate(groups[y])}
            groups[y].sort(key=lambda group: wanted[id(group)])
            free = -1e9
            for group in groups[y]:
                start = max(free, wanted[id(group)])
                x |= {p: start + n for n, p in enumerate(group)}
                free = start + len(group)
    left = min(x.values(), default=0.0)
    return {p: (x[p] - left, generation[p]) for p in x}


def _wanted(tree: Tree, group: Sequence[int], x: dict[int, float], default: float) -> float:
    """Where the group would start if each member stood below the parents and above the children placed so far."""
    starts = [
        mean(near) - n
        for n, p in enumerate(group)
        for step in ("parent", "child")
        if (near := [x[q] for q in tree.step(p, step) if q in x])
    ]
    return mean(starts) if starts else default


def _groups(tree: Tree, row: Sequence[int]) -> list[list[int]]:
    """Who should stand side by side: siblings, each next to the spouse."""
    groups: list[list[int]] = []
    placed: set[int] = set()
    for first in row:
        if first in placed:
            continue
        group: list[int] = []
        queue = [first]
        while queue:
            p = queue.pop(0)
            if p in placed:
                continue
            placed.add(p)
            group.append(p)
            # The spouse next, before further siblings, so that couples are not torn apart.
            queue = [q for q in tree.step(p, "spouse") if q in row] + queue
            queue += [q for q in tree.step(p, "sibling") if q in row]
        groups.append(group)
    return groups


def _couple_lines(tree: Tree, where: dict[int, tuple[float, float]]) -> list[str]:
    couples = [(p, s) for p in where if (s := tree.spouse_of(p)) is not None and p < s]
    return [_path([where[p], where[s]], 'stroke-width="4"') for p, s in couples]


def _birth_lines(tree: Tree, where: dict[int, tuple[float, float]]) -> list[str]:
    """From the parents down to a bar, and from the bar down to each child; siblings of unknown parents share a bar."""
    births: dict[int, list[int]] = {}
    for p in where:
        births.setdefault(tree.birth_of(p), []).append(p)
    lines = []
    for n, children in enumerate(births.values()):
        parents = [where[p] for p in tree.parents_of(children[0])]
        if not parents and len(children) == 1:
            continue
        tops = [where[c] for c in children]
        # Bars of different families in one row at slightly different heights, so that they do not run together.
        bar = min(y for _, y in tops) - HEIGHT / 2 + 4 - 5 * (n % 4)
        lines += [_path([(x, bar), (x, y)]) for x, y in tops]
        ends = [x for x, _ in tops]
        if parents:
            x, y = mean(p[0] for p in parents), max(p[1] for p in parents)
            lines.append(_path([(x, y), (x, bar)]))
            if len(parents) == 2:
                lines.append(_path(parents))
            ends.append(x)
        lines.append(_path([(min(ends), bar), (max(ends), bar)]))
    return lines


def _path(points: Sequence[tuple[float, float]], style: str = 'stroke-width="2"') -> str:
    spelled = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{spelled}" fill="none" stroke="{LINE}" {style}/>'


def _person(tree: Tree, person: int, x: float, y: float, names: Sequence[str], asked: Sequence[str]) -> str:
    named = person < len(names)
    name = names[person] if named else "?"
    sex, r = tree.sex[person], RADIUS
    outline = f'stroke="{ASKED}" stroke-width="4"' if name in asked else f'stroke="{LINE}" stroke-width="2"'
    style = f'fill="{FILLS[sex]}" {outline}' + ("" if named else ' stroke-dasharray="4 3"')
    match sex:
        case "male":
            shape = f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}" rx="3" {style}/>'
        case "female":
            shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r + 2}" {style}/>'
        case None:
            d = r + 10
            corners = f"{x:.1f},{y - d:.1f} {x + d:.1f},{y:.1f} {x:.1f},{y + d:.1f} {x - d:.1f},{y:.1f}"
            shape = f'<polygon points="{corners}" {style}/>'
    label = name if len(name) <= MAX_LABEL else f"{name[: MAX_LABEL - 1]}\u2026"
    text = f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle" fill="{INK}">{escape(label)}</text>'
    return f"<g><title>{escape(name if named else 'not named')}</title>{shape}{text}</g>"
