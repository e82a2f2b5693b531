"""Sentences by their signature: the words' classes in order.

Words are sorted into a few classes (N a name, S a side, C a count, O an ordinal; the rest stand for themselves), so a
sentence is found by one look-up in the table of forms, and what it costs depends on its length alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from pydantic import ValidationError

from stumper.puzzles import _seating_forms as forms
from stumper.puzzles import _seating_forms_read as forms_read
from stumper.puzzles._seating_language import BLANK, AnyClue, AnyQuery, HowMany, Not, Which, WhoSits

SAME = {
    "sits": "sit",
    "is": "are",
    "does": "do",
    "has": "have",
    "follows": "follow",
    "lies": "lie",
    "separates": "separate",
    "person": "people",
    "seats": "seat",
    "places": "place",
    "positions": "position",
    "chairs": "chair",
    "center": "centre",
    "neighbor": "neighbour",
    "neighbors": "neighbours",
    "outward": "outwards",
    "inward": "inwards",
}
"""Spellings and endings that change nothing here: agreement is not checked."""


def plain_word(token: str) -> str:
    token = token.lower()
    return SAME.get(token, token)


class _Form(NamedTuple):
    """What a signature may mean."""

    roles: tuple[str | tuple[str | int], ...]
    """Of each word of a class, in order: the field it fills, or (in a tuple) what it has to be."""
    build: Callable[..., AnyClue | AnyQuery]


Index = dict[str, list[_Form]]


def _index(texts: Iterator[tuple[str, Callable[..., AnyClue | AnyQuery]]]) -> Index:
    index: Index = {}
    for text, build in texts:
        signature: list[str] = []
        roles: list[str | tuple[str | int]] = []
        for slot, style, word in re.findall(r"\{(\w+):?(\w*)\}|([\w']+)", text):
            if word or style not in ("", "th", "people", "seats"):
                for kind, value in map(_classified, _split(word or style)):
                    signature.append(kind)
                    if kind in CLASSES:
                        roles.append((value,))
                continue
            is_name, is_side = slot in ("who", "of", "other"), slot in ("side", "end")
            signature.append("N" if is_name else "S" if is_side else "O" if style == "th" else "C")
            roles.append(slot)
            if style in ("people", "seats"):
                signature.append(plain_word(style))
        form = _Form(tuple(roles), build)
        known = index.setdefault(" ".join(signature), [])
        if form not in known:
            known.append(form)
    return index


CLASSES = frozenset("NSCO")
SIDES = frozenset({"left", "right"})
COUNTS = {word: i for i, word in enumerate(forms.NUMBERS)} | {str(i): i for i in range(len(forms.NUMBERS))}
ORDINALS = {word: i for i, word in enumerate(forms.ORDINALS)} | {
    f"{i}{ending}": i
    for i in range(1, len(forms.ORDINALS))
    for ending in [{1: "st", 2: "nd", 3: "rd"}.get(i if i < 10 or i > 20 else i % 10, "th")]
}


def _split(word: str) -> list[str]:
    """A word in the parts that the forms know: doesn't is does not, leftmost is left most."""
    if word.endswith("n't"):
        return [word[:-3], "not"]
    if word.lower() in ("leftmost", "rightmost"):
        return [word[:-4], "most"]
    return [word]


def _classified(word: str, people: Sequence[str] = ()) -> tuple[str, str | int]:
    """The class of a word and its value; a word of no class is its own."""
    if word in people:
        return "N", word
    plain = plain_word(word)
    if plain in SIDES:
        return "S", plain
    if plain in COUNTS:
        return "C", COUNTS[plain]
    if plain in ORDINALS:
        return "O", ORDINALS[plain]
    return plain, plain


@cache
def statements() -> Index:
    def texts() -> Iterator[tuple[str, Callable[..., AnyClue]]]:
        for kind, (plain, fixed) in forms.CLASSES.items():
            says = partial(plain, **fixed)
            for text in forms_read.readable_statements(kind):
                yield text, says
            for text in forms_read.readable_denials(kind):
                yield text, lambda says=says, **fields: Not(clue=says(**fields))

    return _index(texts())


@cache
def queries() -> Index:
    def texts() -> Iterator[tuple[str, Callable[..., AnyQuery]]]:
        for kind, (plain, fixed) in forms.CLASSES.items():
            asked = partial(plain, who=BLANK, **fixed)
            for text in forms_read.readable_questions(kind):
                yield text, lambda asked=asked, **fields: WhoSits(where=asked(**fields))
        for kind, query in (
            ("how many", HowMany),
            ("which true", partial(Which, truth=True)),
            ("which false", partial(Which, truth=False)),
        ):
            for text in forms_read.readable_sentences(kind):
                yield text, query

    return _index(texts())


def meaning(index: Index, tokens: Sequence[str], people: Sequence[str]) -> AnyClue | AnyQuery | None:
    """The one meaning of some words; None for none, or for more than one."""
    classified = [_classified(part, people) for word in tokens if word != "," for part in _split(word)]
    values = [value for kind, value in classified if kind in CLASSES]
    meanings: list[AnyClue | AnyQuery] = []
    for form in index.get(" ".join(kind for kind, _ in classified), ()):
        pairs = list(zip(form.roles, values, strict=True))
        if all(role[0] == value for role, value in pairs if isinstance(role, tuple)):
            try:
                found = form.build(**{role: value for role, value in pairs if isinstance(role, str)})
            except ValidationError:  # no seats to the left, the zeroth from the right
                continue
            if found not in meanings:
                meanings.append(found)
    return meanings[0] if len(meanings) == 1 else None
