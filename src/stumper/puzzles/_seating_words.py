"""Clues, questions and openings put into words."""

import random
import re
from collections.abc import Sequence
from functools import cache

from stumper.puzzles._seating_forms import (
    ASKS,
    DEFINITE,
    DENIES,
    GROUPS,
    NUMBERS,
    OPENINGS,
    ORDINALS,
    PHRASES,
    SAYS,
    SAYS_DEFINITE,
    SENTENCES,
    SETTINGS,
    SINGULAR,
)
from stumper.puzzles._seating_language import (
    AnyClue,
    AnyPlain,
    AnyQuery,
    Beside,
    Between,
    Choice,
    Faces,
    Facing,
    HowMany,
    Not,
    Place,
    Shape,
    Which,
    WhoSits,
)
from stumper.types import Value


def kind_of(clue: AnyClue) -> str:
    """The kind in whose forms a clue is said."""
    match clue:
        case Beside(steps=1):
            return "beside one"
        case Place(place=1):
            return "end"
        case Between(immediately=False):
            return "loosely between"
        case Faces(direction=direction):
            return f"faces {direction}"
        case _:
            return clue.kind.replace("_", " ")


@cache
def statements(kind: str) -> tuple[str, ...]:
    """All texts that claim a kind."""
    frames = SAYS + SAYS_DEFINITE if kind in DEFINITE else SAYS
    return (*_framed(frames, kind), *SENTENCES.get(kind, ()))


@cache
def denials(kind: str) -> tuple[str, ...]:
    """All texts that deny a kind."""
    return (*_framed(DENIES, kind), *SENTENCES.get(f"not {kind}", ()))


@cache
def questions(kind: str) -> tuple[str, ...]:
    """All texts that ask of whom a kind is true; none where several people may be meant."""
    return _framed(ASKS, kind) if kind in DEFINITE else ()


def _framed(frames: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return tuple(frame.replace("...", phrase) for frame in frames for phrase in PHRASES.get(kind, ()))


def say(clue: AnyClue, rng: random.Random) -> str:
    """One of the clue's texts as a sentence, without its full stop."""
    plain = clue.clue if isinstance(clue, Not) else clue
    kind = kind_of(plain)
    return filled(rng.choice(denials(kind) if isinstance(clue, Not) else statements(kind)), plain)


def ask(query: AnyQuery, rng: random.Random) -> str:
    """One of the query's texts as a sentence with its mark."""
    match query:
        case WhoSits(where=where):
            text = filled(rng.choice(questions(kind_of(where))), where)
        case HowMany():
            text = filled(rng.choice(SENTENCES["how many"]), query)
        case Which(truth=truth):
            text = filled(rng.choice(SENTENCES["which true" if truth else "which false"]), query)
    return text + ("." if text.startswith("Name") else "?")


def say_choices(choices: Sequence[Choice], rng: random.Random) -> tuple[str, ...]:
    """Choices as text. Statements of one kind are put in one form, so that the form gives nothing away."""
    plain = [choice.clue if isinstance(choice, Not) else choice for choice in choices]
    kinds = {kind_of(p) for p in plain if isinstance(p, AnyPlain)}
    form = {kind: rng.choice(_framed(SAYS[:4], kind)) for kind in sorted(kinds)}
    return tuple(filled(form[kind_of(c)], c) if isinstance(c, AnyPlain) else str(c) for c in choices)


def introduce(people: Sequence[str], shape: Shape, facing: Facing, rng: random.Random) -> str:
    """The opening sentence."""
    slots = {
        "{count}": NUMBERS[len(people)],
        "{group}": rng.choice(GROUPS),
        "{names}": f"{', '.join(people[:-1])} and {people[-1]}",
        "{setting}": rng.choice(SETTINGS[shape, facing]),
    }
    text = rng.choice(OPENINGS)
    for slot, word in slots.items():
        text = text.replace(slot, word)
    return f"{text[0].upper()}{text[1:]}."


SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


def filled(text: str, value: Value) -> str:
    """A form with the value's fields in its slots, beginning with a capital."""

    def word(slot: re.Match[str]) -> str:
        field, style = slot.groups()
        content: str | int = getattr(value, field)
        if isinstance(content, str):
            return content
        match style:
            case None:
                return NUMBERS[content]
            case "th":
                return ORDINALS[content]
            case "people" | "seats":
                return f"{NUMBERS[content]} {SINGULAR[style] if content == 1 else style}"
            case _:
                return SINGULAR.get(style, f"{style}s") if content == 1 else str(style)

    sentence = SLOT.sub(word, text)
    return sentence[0].upper() + sentence[1:]
