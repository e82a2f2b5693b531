"""What a ruling rests on, as plain data that somebody else can check."""

from importlib.metadata import version

from pydantic import Field

import stumper
from stumper.puzzles import Status
from stumper.types import JsonObject, Letter, RulingName, Value

VERSION = 3
"""Of this form; a certificate of another version is not replayed."""

CLINGO = version("clingo")


class Reading(Value):
    """What one way to settle the open points of the text comes to."""

    conventions: dict[str, str]
    """Open point -> the reading taken."""
    ruling: RulingName
    models: int = Field(ge=0)
    """How many there are: the enumeration ended, so each was looked at; where not `counted`, how many were seen."""
    counted: bool = True
    choices: dict[str, Status]
    """Of each letter; of an open question, of each answer that it may have."""
    witnesses: tuple[JsonObject, ...] = Field(max_length=2)
    """Models: where some choice could hold, two that differ."""
    clash: tuple[int, ...] = ()
    """Of the first reading where none has a model: places of clues that cannot be true together, but could without any
    one of them."""
    repair: tuple[int, ...] = ()
    """Places of the fewest clues without which the rest can be true."""


class Certificate(Value):
    version: int = VERSION
    stumper: str = stumper.__version__
    clingo: str = CLINGO
    family: str
    profile: str
    text: str
    """SHA-256 of stem and choices, see `text.fingerprint`."""
    key: Letter | None
    """The key that was ruled on."""
    open: bool
    """The question has no choices; those of the problem are all answers that it may have."""
    problem: JsonObject
    sentences: tuple[str, ...]
    """The sentence that each clue of the problem was read from, in the order of the clues."""
    read_by: tuple[str, ...] = ()
    """The models that read the text, where the family's grammar does not: what follows from the problem is proven, but
    not that the text says it. None: the grammar read it."""
    readings: tuple[Reading, ...] = Field(min_length=1)
