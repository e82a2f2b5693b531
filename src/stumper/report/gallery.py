"""Questions of every family and level with their drawings and proofs, as one HTML file for people to read."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from stumper import oracle, puzzles
from stumper.report import _environment
from stumper.report.pictures import Picture, picture
from stumper.types import Level, Question, Ruling, seed_for

LEVELS: tuple[Level, ...] = (1, 2, 3, 4, 5)


class Piece(NamedTuple):
    question: Question
    ruling: Ruling
    picture: Picture | None
    command: str
    """Which sets this very question."""


class Room(NamedTuple):
    """A family's part of the gallery."""

    family: str
    title: str
    pieces: tuple[Piece, ...]


def gallery(families: Sequence[str], n: int, seed: int) -> str:
    """The page (HTML that loads nothing): n questions of each level of each family, those of `stumper set`.

    Raises BadInput for a family that does not exist.
    """
    rooms = [
        Room(
            name, puzzles.family(name).TITLE, tuple(_piece(name, level, i, seed) for level in LEVELS for i in range(n))
        )
        for name in families
    ]
    return _environment().get_template("gallery.html.j2").render(rooms=rooms, n=n, seed=seed)


def _piece(name: str, level: Level, number: int, seed: int) -> Piece:
    question = puzzles.family(name).make(random.Random(seed_for(seed, "set", name, level, number)), level)
    command = f"stumper set --topic {name} --level {level} --seed {seed} --n {number + 1}"
    return Piece(question, oracle.prove(question), picture(question), command)
