"""Puzzle families: one file each, found by being here.

A family states problems in a small typed language, sets them in English, reads them back and solves them by
enumeration. The *answer* must be unique, not the arrangement: a choice is right when it holds in all models.
"""

import random
from collections.abc import Sequence
from typing import Literal, Protocol

from stumper import discover
from stumper.types import JsonObject, Question, Value

Status = Literal["must", "could", "cannot"]


class Problem(Value):
    """Base of a family's formal problems: clues, a query and the choices as typed values of that family."""


class Unread(Exception):
    """A sentence that the family's grammar does not cover; `sentence` is quoted in the ruling."""

    def __init__(self, sentence: str, why: str = "not understood") -> None:
        super().__init__(f"{why}: {sentence}")
        self.sentence = sentence
        self.why = why


class Solution(Value):
    """What holds over all models of the clues."""

    models: int
    """How many models there are; counted in full."""
    statuses: tuple[Status, ...]
    """Of each choice: holds in all models, in some but not all, in none. Without models: all "cannot"."""
    witnesses: tuple[JsonObject, ...] = ()
    """Up to two models, where possible two in which different choices hold; for drawing and for the certificate."""


class Family(Protocol):
    """What a module in this package defines.

    Optional, and used by the oracle where a module has them:
    `PROFILES`, names of conventions from weak to strong, the first "strict"; the problems then have a field
    `conventions`. `answers(problem) -> tuple[str, ...] | None`: what answers an open question in all models (None
    without models).
    """

    TITLE: str
    """The topic as the challenge's players write it."""

    def make(self, rng: random.Random, level: int) -> Question:
        """Set one question (four choices, a key, one-line reasoning, `clues` = the problem as JSON).

        Deterministic in the generator's state. Level 1 to 5 grows with the length of the deduction. The clue set is
        minimal: without any one clue no choice holds in all models, or more than one.
        """

    def read(self, stem: str, choices: Sequence[str]) -> Problem:
        """Formalise a question's text. Raises Unread; never guesses."""

    def load(self, clues: JsonObject) -> Problem:
        """Validate a problem stated as JSON. Raises pydantic.ValidationError."""

    def solve(self, problem: Problem) -> Solution:
        """Enumerate all models of the clues. Raises TooLarge when the search would not end in time."""

    def draw(self, problem: Problem) -> str:
        """One model of the problem as a self-contained SVG; every name in it is escaped."""


class TooLarge(Exception):
    """The search was given up: not a ruling of any kind."""


def families() -> tuple[str, ...]:
    """The names of all families: these are the topics that stumper can set and prove."""
    return discover.names(__name__)


def family(name: str) -> Family:
    """One family by its name. Raises BadInput with the names there are."""
    return discover.load(__name__, name)
