"""The typed language of series: terms at places, and what is asked of them."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Conventions, Problem
from stumper.types import Value

MOST = 9_999_999
"""The largest number in a series, taken as positive: products of two parts of a rule stay below 2**31."""
MOST_PLACES = 12
MOST_PARTS = 4

NONE: Literal["none"] = "none"
"""The choice "none of these"."""

NUMBER = r"0|[1-9]\d{0,6}"
Term = Annotated[str, StringConstraints(pattern=rf"^(-[1-9]\d{{0,6}}|(?:{NUMBER}|[A-Z]){{1,{MOST_PARTS}}})$")]
"""A whole number, or letters and whole numbers side by side, such as "7", "-3", "AZ" and "2B9"."""
Place = Annotated[int, Field(ge=1, le=MOST_PLACES + 1)]
Kind = Literal["letter", "number"]


class Given(Value):
    """The term at one place, counted from 1."""

    place: Place
    term: Term


class Find(Value):
    """Which term has this place? It is the one that is not given."""

    kind: Literal["find"] = "find"
    place: Place


class Wrong(Value):
    """Which of the given terms is not what the rule gives at its place?"""

    kind: Literal["wrong"] = "wrong"


class SeriesConventions(Conventions):
    rule: Literal["near", "simplest"] = "near"


class Series(Problem):
    conventions: SeriesConventions = SeriesConventions()
    clues: Annotated[tuple[Given, ...], Field(min_length=3, max_length=MOST_PLACES)]
    query: Annotated[Find | Wrong, Field(discriminator="kind")]
    choices: Annotated[tuple[Term | Literal["none"], ...], Field(max_length=9)] = ()

    @model_validator(mode="after")
    def _has_every_place_once(self) -> "Series":
        blank = [self.query.place] if isinstance(self.query, Find) else []
        places = sorted([*(clue.place for clue in self.clues), *blank])
        if places != list(range(1, len(places) + 1)):
            raise ValueError("every place has one term, and the one that is asked for has none")
        if any(said(*zip(*parts(term), strict=True)) != term for term in {*self.terms, *self.choices} - {NONE}):
            raise ValueError("a number begins with 0")
        if isinstance(self.query, Wrong) and not {*self.choices} - {NONE} <= set(self.terms):
            raise ValueError("a choice is no term of the series")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Nothing in a series can be called otherwise."""
        return ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The given terms, in the order of their places."""
        return tuple(clue.term for clue in sorted(self.clues, key=lambda clue: clue.place))


Part = tuple[Kind, int]
"""A letter by its place in the alphabet (A is 1), or a number."""


def parts(term: str) -> tuple[Part, ...]:
    """ "C12" is the letter 3 and the number 12."""
    return tuple(
        ("letter", ord(part) - 64) if part.isalpha() else ("number", int(part))
        for part in re.findall(r"-?\d+|[A-Z]", term)
    )


def said(kinds: Sequence[Kind], values: Sequence[int]) -> str | None:
    """The term of these parts; None where they are none: two numbers side by side, a letter beyond Z, "C-3"."""
    term = "".join(
        chr(64 + v) if kind == "letter" and 1 <= v <= 26 else str(v) if kind == "number" else "?"
        for kind, v in zip(kinds, values, strict=True)
    )
    signed = len(values) > 1 and min(values) < 0
    return term if "?" not in term and not signed and tuple(zip(kinds, values, strict=True)) == parts(term) else None


class Strand(NamedTuple):
    """One part of every term, or of every second one, with the place asked for left out."""

    kind: Kind
    values: tuple[int | None, ...]
    """By place; exactly one is None."""
    asked: bool
    """Whether the term asked for has this part; if not, the None stands behind the last value."""
    group: int
    """0 and, for the even places of a series whose terms are of two shapes in turn, 1."""

    @property
    def blank(self) -> int:
        return self.values.index(None)


def strands(terms: Sequence[str | None]) -> tuple[Strand, ...] | None:
    """The parts of a series with one blank; None where its terms have no common shape, nor two in turn."""
    split = [None if term is None else parts(term) for term in terms]
    if (whole := _strands(split, group=0)) is not None:
        return whole
    if len({tuple(kind for kind, _ in term) for term in split if term is not None}) != 2:
        return None
    found: list[Strand] = []
    for group in (0, 1):
        one = _strands(split[group::2], group)
        if one is None:
            return None
        found += one
    return tuple(found)


def _strands(split: Sequence[tuple[Part, ...] | None], group: int) -> tuple[Strand, ...] | None:
    shapes = {tuple(kind for kind, _ in term) for term in split if term is not None}
    if len(shapes) != 1:
        return None
    asked = None in split
    rows = [*split] if asked else [*split, None]
    return tuple(
        Strand(kind, tuple(None if row is None else row[i][1] for row in rows), asked, group)
        for i, kind in enumerate(next(iter(shapes)))
    )
