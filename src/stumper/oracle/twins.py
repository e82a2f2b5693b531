"""Twins: two questions that differ in one clue and have different keys. Who answers by their looks errs on one of them.

A twin is looked for in the text: one word is exchanged for one of its kind, and the oracle reads and proves the result.
So no family states what may be exchanged, and a twin is as well-formed as its readers are strict.
"""

import random
import re
from collections.abc import Iterator

from stumper import puzzles
from stumper.errors import StumperError
from stumper.oracle import prove
from stumper.prompts import MAX_STEM
from stumper.puzzles import Problem, TooLarge, Unread
from stumper.types import LETTERS, Question, canonical, seed_for

MOST_TRIES = 80
"""Exchanges that are read, for one question."""

KINDS = tuple(
    tuple(kind.split(", "))
    for kind in (
        "left, right",
        "clockwise, anticlockwise",
        "one, two, three, four",
        "first, second, third, fourth",
        "before, after",
        "ahead of, behind",
        "above, below",
        "older, younger",
        "older, newer",
        "oldest, youngest",
        "oldest, newest",
        "taller, shorter",
        "tallest, shortest",
        "heavier, lighter",
        "heaviest, lightest",
        "faster, slower",
        "cheaper, more expensive",
        "cheapest, most expensive",
        "father, brother, son",
        "mother, sister, daughter",
        "father, mother",
        "brother, sister",
        "son, daughter",
        "uncle, aunt",
        "nephew, niece",
        "grandfather, grandmother",
        "all, no, some",
        "every, no",
        "are, are not",
        "is, is not",
        "knight, knave",
        "truth-teller, liar",
        "of the same kind, of different kinds",
        "exactly, at least, at most",
    )
)
"""Words that may stand in each other's place in a clue."""


def twin(rng: random.Random, question: Question) -> Question | None:
    """A question that differs from this proven one in a single clue, with another of the same choices proven right.

    None where none was found: in families whose clues hang together, such as series, there is hardly ever one.
    """
    family = puzzles.family(question.topic)
    problem = family.read(question.stem, question.choices)
    stems = sorted(_stems(question.stem, puzzles.names_of(problem)))
    for stem in rng.sample(stems, min(MOST_TRIES, len(stems))):
        try:
            changed = family.read(stem, question.choices)
            if not _one_clue_apart(problem, changed) or _says_a_choice(changed):
                continue
            statuses = family.solve(changed).statuses
        except (Unread, TooLarge):
            continue
        right = [i for i, status in enumerate(statuses) if status in changed.right]
        if len(right) != 1 or LETTERS[right[0]] == question.key:
            continue
        clues = changed.model_dump(mode="json")
        found = question.model_copy(update={"stem": stem, "key": LETTERS[right[0]], "reasoning": "", "clues": clues})
        ruling = prove(found)
        if ruling.ruling == "proven":
            return found.model_copy(update={"reasoning": f"{ruling.why}."})
    return None


MOST_QUESTIONS = 20


def pair(topic: str, level: int, seed: int) -> tuple[Question, Question]:
    """A question of the setter and a twin of it. Raises StumperError where none of many questions has one."""
    family = puzzles.family(topic)
    for attempt in range(MOST_QUESTIONS):
        rng = random.Random(seed_for(seed, attempt))
        question = family.make(rng, level)
        other = twin(rng, question)
        if other is not None:
            return question, other
    raise StumperError(f"none of {MOST_QUESTIONS} {topic} questions of level {level} has a twin; leave out --twins")


def _stems(stem: str, names: tuple[str, ...]) -> set[str]:
    """The text with one word or name exchanged, in all ways."""
    made = (
        f"{stem[:start]}{new}{stem[end:]}" for kind in (*KINDS, names) for start, end, new in _exchanges(stem, kind)
    )
    return {text for text in made if len(text) <= MAX_STEM}


def _exchanges(stem: str, kind: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    if not kind:
        return
    # The longest first: "are not" is not "are" and a word behind it.
    words = sorted(kind, key=len, reverse=True)
    for match in re.finditer(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", stem, re.IGNORECASE):
        for word in words:
            if word.casefold() != match.group().casefold():
                upper = match.group()[0].isupper()
                yield match.start(), match.end(), word[0].upper() + word[1:] if upper else word


def _says_a_choice(problem: Problem) -> bool:
    """Whether a clue is word for word what a choice says: nothing would be left to deduce."""
    data = problem.model_dump(mode="json")
    clues = [canonical(clue) for clue in data["premises" if "premises" in data else "clues"]]
    return any(canonical(choice) in clues for choice in data["choices"])


def _one_clue_apart(one: Problem, other: Problem) -> bool:
    """Whether the two say the same but for one clue."""
    data, changed = (problem.model_dump(mode="json") for problem in (one, other))
    field = "premises" if "premises" in data else "clues"
    clues, instead = (sorted(map(canonical, each.pop(field))) for each in (data, changed))
    gone = [clue for clue in clues if clue not in instead]
    new = [clue for clue in instead if clue not in clues]
    return data == changed and len(clues) == len(instead) and len(gone) == len(new) == 1
