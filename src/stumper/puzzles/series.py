"""Series of numbers, of letters and of both: which term comes next, which one is missing, which one is wrong?

Any number continues any series by some rule, so a proof here rests on a library of rules with stated costs
(`_series_rules`). Conventions, the same for the setter, the reader and the solver:

- A rule counts where more terms are given than it has free numbers. It gives every given term, and whole numbers of at
  most seven digits at every place.
- The parts of alphanumeric terms ("A1, C4, E9") follow a rule each, or one follows from an earlier one (the place of
  the letter in the alphabet, its mirror image, a square). What a series costs is the sum of its parts.
- An answer is right when all rules give it that are as simple as the simplest ones, or one step less simple (the
  reading `near` of the open point `rule`).
- A term is wrong where it is the only one that the simplest rules do not give, and no rule gives all the terms.
- A series that no rule of the library explains is not read. Nothing follows from that: another rule may explain it.
"""

from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import NamedTuple

from stumper.puzzles._series_language import Find, Series, Wrong
from stumper.puzzles._series_make import make
from stumper.puzzles._series_program import recheck
from stumper.puzzles._series_read import read
from stumper.puzzles._series_solve import Account, accounts, candidates, open_points, solve
from stumper.types import JsonObject

__all__ = ["TITLE", "candidates", "draw", "load", "make", "open_points", "read", "recheck", "solve"]

TITLE = "Mixed Series (Alphanumeric)"


def load(clues: JsonObject) -> Series:
    """Validate a problem stated as JSON. Raises pydantic.ValidationError."""
    return Series.model_validate(clues)


class _Box(NamedTuple):
    text: str
    fill: str


def draw(problem: Series) -> str:
    """The series as a row of boxes, the answer filled in, as a self-contained SVG."""
    found = accounts(problem)
    boxes = list(_boxes(problem, found[0] if found else None))
    wide = max(54, *(14 + 9 * len(box.text) for box in boxes))
    row = "".join(
        f'<rect x="{10 + i * (wide + 8)}" y="10" width="{wide}" height="36" rx="6" stroke="#808080" fill="{box.fill}"/>'
        f'<text x="{10 + i * (wide + 8) + wide / 2}" y="33" text-anchor="middle" fill="#808080">'
        f"{escape(box.text)}</text>"
        for i, box in enumerate(boxes)
    )
    rules = "; ".join(found[0].told) if found else "no rule of the library explains it"
    lines = wrap(rules, 70)[:4]
    below = "".join(
        f'<text x="10" y="{68 + 18 * i}" fill="#808080">{escape(line)}</text>' for i, line in enumerate(lines)
    )
    title = f"<title>{escape(', '.join(box.text for box in boxes))}: {escape(rules)}</title>"
    width, height = max(20 + len(boxes) * (wide + 8), 20 + 8 * max(map(len, lines))), 62 + 18 * len(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="14">{title}{row}{below}</svg>'
    )


def _boxes(problem: Series, account: Account | None) -> Iterator[_Box]:
    terms = list(problem.terms)
    if isinstance(problem.query, Find):
        terms.insert(problem.query.place - 1, account.term if account else "?")
        marked = problem.query.place
    else:
        marked = account.place if account else 0
    for place, term in enumerate(terms, 1):
        wrong = isinstance(problem.query, Wrong) and place == marked and account is not None
        text = f"{term} ({account.term})" if wrong and account else term
        yield _Box(text, "#d9822b33" if place == marked else "none")
