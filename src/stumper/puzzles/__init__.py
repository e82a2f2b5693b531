"""Puzzle families: one file each, found by being here.

A family states problems in a small typed language, sets them in English, reads them back and solves them by
enumeration. The *answer* must be unique, not the arrangement: a choice is right when it holds in all models.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, Protocol, Self

from pydantic import Field

from stumper import discover
from stumper.puzzles._canonical import canonical_form, names_of
from stumper.types import JsonObject, Question, Value

__all__ = ["Ask", "Conventions", "Family", "Problem", "Solution", "Status", "TooLarge", "Unread"]
__all__ += ["canonical_form", "families", "family", "names_of", "status"]

Status = Literal["must", "could", "cannot"]
"""Of a claim: true in all models, in some but not all, in none."""


class Conventions(Value):
    """Base of a family's open points of English: one field a point, a Literal of its readings, the weakest the default.

    What each point asks, and which reading a profile takes, stands in `conventions/FAMILY.yaml`.
    """


class Problem(Value):
    """Base of a family's formal problems: `clues`, a `query` and `choices` as typed values of that family."""

    conventions: Conventions = Conventions()
    said: tuple[str, ...] = Field(default=(), exclude=True, repr=False)
    """The sentence each clue was read from, in the order of the clues; empty where the problem was not read."""

    @property
    def right(self) -> tuple[Status, ...]:
        """The statuses of a right choice: "could" too for "who can sit", "cannot" alone for "which must be false"."""
        return ("must",)

    @property
    def exclusive(self) -> bool:
        """Whether an open question has no one answer as soon as another answer could hold too."""
        return True

    def under(self, readings: Mapping[str, str]) -> Self:
        """The same problem with these points read so: {point: reading}. Raises pydantic.ValidationError."""
        conventions = type(self.conventions).model_validate(self.conventions.model_dump() | dict(readings))
        return self.model_copy(update={"conventions": conventions})


class Unread(Exception):
    """A sentence that the family's grammar does not cover; `sentence` is quoted in the ruling."""

    def __init__(self, sentence: str, why: str = "not understood") -> None:
        super().__init__(f"{why}: {sentence}")
        self.sentence = sentence
        self.why = why


class Solution(Value):
    """What holds over all models of the clues."""

    models: int
    """How many models there are; counted in full where `complete`."""
    statuses: tuple[Status, ...]
    """Of each choice: holds in all models, in some but not all, in none. Without models: all "cannot"."""
    witnesses: tuple[JsonObject, ...] = ()
    """Up to two models, where possible two in which different choices hold; for drawing and for the certificate."""
    complete: bool = True
    """False: there are too many models to count, and `models` is how many were seen; the statuses are proven anyway."""


Ask = Callable[[str, int], tuple[Status, ...] | None]
"""Solves an answer-set program: (program, n) -> the status of each of the atoms claim(0) ... claim(n - 1) over all its
stable models; None where it has none. Raises TooLarge."""


class Family(Protocol):
    """What a module in this package defines.

    Optional, and used by the oracle where a module has them:
    `open_points(problem) -> Sequence[str]`: which of the fields of `problem.conventions` the text leaves open and the
    models depend on (without it: all of them).
    `candidates(problem) -> Mapping[str, choice]`: all answers that an open question may have, by how they are said.
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

    def recheck(self, problem: Problem, ask: Ask) -> tuple[Status, ...] | None:
        """The statuses of the choices once more, by an answer-set program that shares no code with `solve`.

        The program states the language's meanings anew: its stable models are the models of the clues, and claim(i)
        is true in those where choice i holds. None where there is no model.
        """

    def draw(self, problem: Problem) -> str:
        """One model of the problem as a self-contained SVG; every name in it is escaped."""


class TooLarge(Exception):
    """The search was given up: not a ruling of any kind."""


def status(seen: Collection[bool]) -> Status:
    """Of a claim, from its truth in each model (or from the set of the truths that were seen)."""
    if not any(seen):
        return "cannot"
    return "must" if all(seen) else "could"


def families() -> tuple[str, ...]:
    """The names of all families: these are the topics that stumper can set and prove."""
    return discover.names(__name__)


def family(name: str) -> Family:
    """One family by its name. Raises BadInput with the names there are."""
    return discover.load(__name__, name)
