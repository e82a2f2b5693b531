"""When two questions are one, under other names or told in other words."""

import re

from stumper import puzzles
from stumper.oracle.text import fingerprint
from stumper.types import Question, Ruling, digest


def renamed(stem: str) -> str:
    """The stem with its names replaced in order of appearance, so that twins under other names coincide.

    Every capitalised word counts as a name: that merges too much rather than too little.
    """
    names: dict[str, str] = {}
    text = re.sub(r"\b[A-Z]\w*", lambda m: names.setdefault(m.group(), f"\x00{len(names)}"), stem)
    return " ".join(text.casefold().split())


def proven_problem(question: Question, ruling: Ruling | None) -> puzzles.Problem | None:
    """The formal problem of a proven question; None for one that is not proven, or was edited since."""
    if ruling is None or ruling.ruling != "proven" or ruling.certificate is None:
        return None
    if ruling.certificate["text"] != fingerprint(question):
        return None
    return puzzles.family(ruling.certificate["family"]).load(ruling.certificate["problem"])


def identity(question: Question, problem: puzzles.Problem | None) -> tuple[str, ...]:
    """What a question is known by, its stem and (where it is proven) its formal problem: two that share one are one."""
    stem = renamed(question.stem)
    # The same stem may ask two things by its choices ("Which of the following is true?").
    told = digest(stem, sorted(question.choices) if "which of the following" in stem else [])
    return (told,) if problem is None else (told, puzzles.canonical_form(problem))
