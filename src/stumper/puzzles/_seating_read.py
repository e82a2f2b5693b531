"""The reader: looks every sentence up in the table of forms. What is not there is not understood.

Words are sorted into a few classes (N a name, S a side, C a count, O an ordinal; the rest stand for themselves), so a
sentence is found by one look-up of its signature, and its length is all that its cost depends on.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles import _seating_words as words
from stumper.puzzles._seating_language import (
    BLANK,
    MOST_PEOPLE,
    AnyClue,
    AnyQuery,
    Choice,
    Facing,
    HowMany,
    Not,
    Seating,
    Shape,
    Which,
    WhoSits,
    check,
)

MOST_CHARACTERS = 4000
"""Of a stem; longer text is not read at all."""
MOST_TOKENS = 80
"""Of a sentence."""

NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ'-]{0,23}")
TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|\S")
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
JOINTS = frozenset({"and", "but", "while", "whereas"})

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


def read(stem: str, choices: Sequence[str]) -> Seating:
    """Formalise a question's text. Raises Unread with the first sentence that no form covers; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > MOST_PEOPLE:
        raise Unread(choices[0][:80], f"more than {MOST_PEOPLE} choices")
    sentences = [s for s in SENTENCE_END.split(unicodedata.normalize("NFC", stem).strip()) if s]
    if not sentences:
        raise Unread(stem[:80], "empty")
    people, shape, facing = _opening(sentences[0])
    clues: list[AnyClue] = []
    query: AnyQuery | None = None
    for sentence in sentences[1:]:
        found = _sentence(sentence, people, shape)
        if isinstance(found, list):
            clues += found
        elif query is not None:
            raise Unread(sentence[:200], "a second question")
        else:
            query = found
    if query is None:
        raise Unread(sentences[-1][:200], "no question")
    if isinstance(query, Which) and not choices:
        raise Unread(sentences[-1][:200], "asks for one of its choices and has none")
    try:
        return Seating(
            shape=shape,
            facing=facing,
            people=people,
            clues=tuple(clues),
            query=query,
            choices=tuple(_choice(choice, query, people, shape) for choice in choices),
        )
    except ValidationError as error:
        raise Unread(sentences[-1][:200], error.errors()[0]["msg"]) from error


def _tokens(sentence: str) -> list[str]:
    """Words and marks in order, without the mark at the end."""
    text = sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    for dash in "\N{EN DASH}\N{EM DASH}":
        text = text.replace(dash, "-")
    tokens = TOKEN.findall(text.rstrip(".?!; "))
    if len(tokens) > MOST_TOKENS:
        raise Unread(sentence[:80], f"longer than {MOST_TOKENS} words")
    return tokens


def _opening(sentence: str) -> tuple[tuple[str, ...], Shape, Facing | None]:
    """Who sits where. The names are the one list of capitalised words."""
    tokens = _tokens(sentence)
    start, end = max(_lists(tokens), key=lambda span: span[1] - span[0], default=(0, 0))
    people = tuple(token for token in tokens[start:end] if token not in (",", "and"))
    if len(people) < 2:
        raise Unread(sentence[:200], "no list of names")
    if len(people) > MOST_PEOPLE:
        raise Unread(sentence[:80], f"more than {MOST_PEOPLE} people")
    if len({name.casefold() for name in people}) < len(people):
        raise Unread(sentence[:200], "two people have the same name")
    rest = [_plain(token) for token in (*tokens[:start], "{names}", *tokens[end:]) if token not in (*",:()-",)]
    count = {words.NUMBERS[len(people)], str(len(people))}
    rest = ["{count}" if token in count else "{group}" if token in words.GROUPS else token for token in rest]
    found = _openings().get(" ".join(rest))
    if found is None:
        raise Unread(sentence[:200])
    return people, *found


def _lists(words_and_marks: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Spans of the form: Name, Name (,) and Name."""
    named = [bool(NAME.fullmatch(part)) for part in words_and_marks] + [False]
    start = 0
    while start < len(words_and_marks):
        end = start
        following = start
        while named[following]:
            end = following + 1
            following = end + (words_and_marks[end : end + 1] == [","])
            following += words_and_marks[following : following + 1] == ["and"]
            if following == end:
                break
        if end > start:
            yield start, end
        start = max(end, start + 1)


def _plain(token: str) -> str:
    token = token.lower()
    return SAME.get(token, token)


@cache
def _openings() -> dict[str, tuple[Shape, Facing | None]]:
    index: dict[str, tuple[Shape, Facing | None]] = {}
    for (shape, facing), settings in (*words.SETTINGS.items(), *words.SETTINGS_READ.items()):
        for setting in settings:
            for opening in words.OPENINGS:
                text = opening.replace("{setting}", setting)
                tokens = re.findall(r"\{\w+\}|[\w']+", text)
                index[" ".join(map(_plain, tokens))] = shape, facing
    return index


class _Form(NamedTuple):
    """What a signature may mean."""

    roles: tuple[str | tuple[str | int], ...]
    """Of each word of a class, in order: the field it fills, or (in a tuple) what it has to be."""
    build: Callable[..., AnyClue | AnyQuery]


Index = dict[str, list[_Form]]


def _index(forms: Iterator[tuple[str, Callable[..., AnyClue | AnyQuery]]]) -> Index:
    index: Index = {}
    for text, build in forms:
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
                signature.append(_plain(style))
        form = _Form(tuple(roles), build)
        known = index.setdefault(" ".join(signature), [])
        if form not in known:
            known.append(form)
    return index


CLASSES = frozenset("NSCO")
SIDES = frozenset({"left", "right"})
COUNTS = {word: i for i, word in enumerate(words.NUMBERS)} | {str(i): i for i in range(len(words.NUMBERS))}
ORDINALS = {word: i for i, word in enumerate(words.ORDINALS)} | {
    f"{i}{ending}": i
    for i in range(1, len(words.ORDINALS))
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
    plain = _plain(word)
    if plain in SIDES:
        return "S", plain
    if plain in COUNTS:
        return "C", COUNTS[plain]
    if plain in ORDINALS:
        return "O", ORDINALS[plain]
    return plain, plain


@cache
def _statements() -> Index:
    def forms() -> Iterator[tuple[str, Callable[..., AnyClue]]]:
        for kind, (plain, fixed) in words.CLASSES.items():
            says = partial(plain, **fixed)
            for text in words.readable_statements(kind):
                yield text, says
            for text in words.readable_denials(kind):
                yield text, lambda says=says, **fields: Not(clue=says(**fields))

    return _index(forms())


@cache
def _queries() -> Index:
    def forms() -> Iterator[tuple[str, Callable[..., AnyQuery]]]:
        for kind, (plain, fixed) in words.CLASSES.items():
            asked = partial(plain, who=BLANK, **fixed)
            for text in words.readable_questions(kind):
                yield text, lambda asked=asked, **fields: WhoSits(where=asked(**fields))
        for kind, query in (
            ("how many", HowMany),
            ("which true", partial(Which, truth=True)),
            ("which false", partial(Which, truth=False)),
        ):
            for text in words.readable_sentences(kind):
                yield text, query

    return _index(forms())


def _found(index: Index, tokens: Sequence[str], people: Sequence[str]) -> AnyClue | AnyQuery | None:
    """The one meaning of some words; None for none, or for more than one."""
    classified = [_classified(part, people) for word in tokens if word != "," for part in _split(word)]
    values = [value for kind, value in classified if kind in CLASSES]
    meanings: list[AnyClue | AnyQuery] = []
    for form in index.get(" ".join(kind for kind, _ in classified), ()):
        pairs = list(zip(form.roles, values, strict=True))
        if all(role[0] == value for role, value in pairs if isinstance(role, tuple)):
            try:
                meaning = form.build(**{role: value for role, value in pairs if isinstance(role, str)})
            except ValidationError:  # no seats to the left, the zeroth from the right
                continue
            if meaning not in meanings:
                meanings.append(meaning)
    return meanings[0] if len(meanings) == 1 else None


def _clues(tokens: Sequence[str], people: Sequence[str]) -> list[AnyClue]:
    """The statements of which some words consist, joined by "and" and its kin; empty where a part is none."""
    whole = _found(_statements(), tokens, people)
    if whole is not None:
        return [whole]  # type: ignore[list-item]
    if not tokens or tokens[0].lower() == "it":
        return []  # "it is not true that ... and ...": who knows how far the denial reaches
    for i, token in enumerate(tokens):
        if token in JOINTS:
            first = _found(_statements(), tokens[:i], people)
            rest = first and _clues(tokens[i + 1 :], people)
            if rest:
                return [first, *rest]  # type: ignore[list-item]
    return []


def _sentence(sentence: str, people: Sequence[str], shape: Shape) -> list[AnyClue] | AnyQuery:
    tokens = _tokens(sentence)
    clues = _clues(tokens, people)
    query = None if clues else _found(_queries(), tokens, people)
    try:
        for clue in clues:
            check(clue, shape, people)
        if isinstance(query, WhoSits):
            check(query.where, shape, people, blank=True)
    except ValueError as error:
        raise Unread(sentence[:200], str(error)) from error
    if not clues and query is None:
        raise Unread(sentence[:200])
    return clues or query  # type: ignore[return-value]


def _choice(text: str, query: AnyQuery, people: Sequence[str], shape: Shape) -> Choice:
    if len(text) > MOST_CHARACTERS:
        raise Unread(text[:80], f"longer than {MOST_CHARACTERS} characters")
    tokens = _tokens(unicodedata.normalize("NFC", text).strip())
    match query:
        case WhoSits():
            if len(tokens) == 1 and tokens[0] in people:
                return tokens[0]
            raise Unread(text[:200], "nobody of that name has a seat")
        case HowMany():
            if tokens and tokens[0].lower() in COUNTS and [_plain(t) for t in tokens[1:]] in ([], ["people"]):
                return COUNTS[tokens[0].lower()]
            raise Unread(text[:200], "no number")
        case Which():
            clue = _found(_statements(), tokens, people)
            if clue is None:
                raise Unread(text[:200])
            try:
                check(clue, shape, people)  # type: ignore[arg-type]
            except ValueError as error:
                raise Unread(text[:200], str(error)) from error
            return clue  # type: ignore[return-value]
