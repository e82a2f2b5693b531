"""Forms that others write and the setter does not, and all forms that the reader knows."""

from collections.abc import Iterator

from stumper.puzzles._seating_forms import (
    ASKS,
    DENIES,
    GROUPS,
    PHRASES,
    SAYS,
    SAYS_DEFINITE,
    SENTENCES,
)
from stumper.puzzles._seating_language import Facing, Shape

GROUPS_READ = (
    "persons",
    "individuals",
    "men",
    "women",
    "boys",
    "girls",
    "siblings",
    "employees",
    "classmates",
    "members",
    "professionals",
    "executives",
)
ALL_GROUPS = frozenset((*GROUPS, *GROUPS_READ))
ARRANGEMENTS: dict[str, Shape] = {
    "in a linear arrangement": "row",
    "in a linear seating arrangement": "row",
    "in a circular arrangement": "circle",
    "in a circular seating arrangement": "circle",
}
OPENINGS_BARE = (
    "there are {count} {group}: {names}",
    "there are {count} {group} - {names}",
    "{count} {group} - {names} - are seated",
    "{count} {group}, {names}, sit",
)
OPENINGS_READ = (
    "{count} {group} {names} sit {setting}",
    "{count} {group} {names} are seated {setting}",
    "{count} {group} {names} are sitting {setting}",
    "{count} {group} named {names} are sitting {setting}",
    "{count} {group} named {names} are seated {setting}",
    "{count} {group} are sitting {setting}: {names}",
    "there are {count} {group} sitting {setting}: {names}",
    "there are {count} {group} {setting}: {names}",
)
SEATINGS = ("they sit {setting}", "they are seated {setting}", "they are sitting {setting}", "they all sit {setting}")
FACINGS: dict[Facing, tuple[str, ...]] = {
    "north": ("all face north", "all of them face north", "they all face north", "everyone faces north"),
    "south": ("all face south", "all of them face south", "they all face south", "everyone faces south"),
    "centre": (
        "all face the centre",
        "all of them face the centre",
        "they all face the centre",
        "everyone faces the centre",
        "all are facing the centre",
        "all of them are facing the centre",
    ),
    "outwards": ("all face outwards", "all of them face outwards", "they all face outwards", "everyone faces outwards"),
}
PRELUDES = (
    "given these constraints",
    "given these conditions",
    "given these clues",
    "based on these constraints",
    "based on these clues",
    "based on this arrangement",
    "based on the given information",
    "in this arrangement",
    "then",
)
BEGINNINGS = frozenset(
    {
        "if",
        "given",
        "who",
        "which",
        "what",
        "how",
        "name",
        "exactly",
        "only",
        "there",
        "between",
        "the",
        "it",
        "in",
        "at",
    }
)
"""Words that may begin a sentence and are then no names."""
SETTINGS_READ: dict[tuple[Shape, Facing | None], tuple[str, ...]] = {
    ("row", None): (
        "in a row",
        "in a line",
        "in a straight line",
        "in a straight row",
        "side by side",
        "on a bench",
        "in a linear arrangement",
    ),
    ("row", "north"): ("in a straight line facing north", "in a row and facing north"),
    ("row", "south"): ("in a straight line facing south", "in a row and facing south"),
    ("circle", None): (
        "in a circle",
        "in a ring",
        "at a round table",
        "at a circular table",
        "on a circular table",
        "on a round table",
        "around a table",
        "around a round table",
        "around a circular table",
        "in a circular arrangement",
    ),
    ("circle", "centre"): tuple(
        f"{place} {looking}"
        for place in ("in a circle", "around a round table", "around a circular table", "on a circular table")
        for looking in (
            "facing the centre",
            "facing towards the centre",
            "and facing the centre",
            "facing inwards",
            "all facing the centre",
        )
    ),
}
SAYS_READ = (
    "{who} must sit ...",
    "{who} must be seated ...",
    "{who} must be ...",
    "{who} stands ...",
    "{who} is standing ...",
)
DENIES_READ = (
    "{who} cannot sit ...",
    "{who} cannot be ...",
    "{who} must not sit ...",
    "{who} must not be ...",
    "{who} will not sit ...",
)
ASKS_READ = ("who must sit ...", "who must be ...", "who is the one ...", "who stands ...")
PHRASES_READ: dict[str, tuple[str, ...]] = {
    "beside one": (
        "one position to the {side} of {of}",
        "one chair to the {side} of {of}",
        "immediate {side} of {of}",
        "immediately on the {side} of {of}",
    ),
    "beside": (
        "{steps} positions to the {side} of {of}",
        "exactly {steps} positions to the {side} of {of}",
        "the {steps:th} to the {side} of {of}",
        "{steps:th} {side} of {of}",
    ),
    "somewhere": ("{side} of {of}", "anywhere to the {side} of {of}", "at some place to the {side} of {of}"),
    "adjacent": ("adjacent to {of}", "immediately beside {of}", "directly next to {of}"),
    "at an end": (
        "at either end",
        "at one of the ends of the row",
        "at either end of the row",
        "at an extreme end",
        "at one of the extreme ends",
    ),
    "end": (
        "the {end}most",
        "the {end}most person",
        "on the {end} end",
        "at the {end}most end",
        "on the extreme {end}",
    ),
    "place": ("the {place:th} from the {end}", "in the {place:th} position from the {end}"),
    "between": ("exactly between {of} and {other}",),
}
SENTENCES_READ: dict[str, tuple[str, ...]] = {
    "adjacent": (
        "{who} and {of} must sit next to each other",
        "{who} and {of} sit together",
        "{who} and {of} are adjacent",
        "{who} and {of} are adjacent to each other",
        "{who} is an immediate neighbour of {of}",
        "{who} is the neighbour of {of}",
    ),
    "not adjacent": (
        "{who} and {of} cannot sit next to each other",
        "{who} and {of} must not sit next to each other",
        "{who} and {of} are not adjacent",
        "{who} and {of} are not adjacent to each other",
        "{who} is not an immediate neighbour of {of}",
        "{who} is not the neighbour of {of}",
        "{who} and {of} do not sit together",
        "{who} and {of} cannot sit together",
        "{who} and {of} cannot be adjacent",
    ),
    "gap": (
        "{people:people} {people:sit} between {who} and {of}",
        "there {people:are} {people:people} between {who} and {of}",
        "only {people:people} {people:are} between {who} and {of}",
        "there {people:are} only {people:people} between {who} and {of}",
        "exactly {people:people} {people:are} sitting between {who} and {of}",
    ),
    "which true": (
        "which of the following is true",
        "which of the following is correct",
        "which one of the following is true",
        "which of the following statements is true",
        "which of these is true",
        "which statement is true",
        "which statement is correct",
        "which of the following is definitely true",
        "which of the following statements is correct",
        "what must be true",
    ),
    "which false": (
        "which of the following is false",
        "which statement is false",
        "which of the following statements is false",
        "which of these is false",
        "which of the following is definitely false",
        "which of the following is not true",
    ),
}


def readable_statements(kind: str) -> Iterator[str]:
    yield from _readable(SAYS + SAYS_READ + SAYS_DEFINITE, kind)
    yield from readable_sentences(kind)


def readable_denials(kind: str) -> Iterator[str]:
    yield from _readable(DENIES + DENIES_READ, kind)
    yield from readable_sentences(f"not {kind}")


def readable_questions(kind: str) -> Iterator[str]:
    return _readable(ASKS + ASKS_READ, kind)


def readable_sentences(kind: str) -> Iterator[str]:
    yield from SENTENCES.get(kind, ())
    yield from SENTENCES_READ.get(kind, ())


def _readable(frames: tuple[str, ...], kind: str) -> Iterator[str]:
    for phrase in (*PHRASES.get(kind, ()), *PHRASES_READ.get(kind, ())):
        for frame in frames:
            yield frame.replace("...", phrase)
