"""The reader: the opening, then sentence by sentence. What stands in no form is not understood."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles import _seating_forms as forms
from stumper.puzzles import _seating_forms_read as forms_read
from stumper.puzzles._seating_language import (
    MOST_PEOPLE,
    Adjacent,
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
from stumper.puzzles._seating_signatures import COUNTS, meaning, plain_word, queries, statements

MOST_CHARACTERS = 4000
"""Of a stem; longer text is not read at all."""
MOST_TOKENS = 80
"""Of a sentence."""

NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ'-]{0,23}")
TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|\S")
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
JOINTS = frozenset({"and", "but", "while", "whereas", ","})


class _Group(NamedTuple):
    """Who sits how."""

    people: tuple[str, ...]
    shape: Shape
    facing: Facing | None


def read(stem: str, choices: Sequence[str]) -> Seating:
    """Formalise a question's text. Raises Unread with the first sentence that no form covers; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > MOST_PEOPLE:
        raise Unread(choices[0][:80], f"more than {MOST_PEOPLE} choices")
    sentences = [s for s in SENTENCE_END.split(unicodedata.normalize("NFC", stem).strip()) if s]
    if not sentences:
        raise Unread(stem[:80], "empty")
    group, rest = _opening([(_tokens(sentence), sentence) for sentence in sentences])
    clues: list[AnyClue] = []
    query: AnyQuery | None = None
    for tokens, sentence in rest:
        looks = _facings().get(_key(tokens))
        if looks is not None and group.facing is None and (looks in ("north", "south")) == (group.shape == "row"):
            group = group._replace(facing=looks)
            continue
        said, asked = _sentence(tokens, sentence, group)
        clues += said
        if asked and query:
            raise Unread(sentence[:200], "a second question")
        query = asked or query
    if query is None:
        raise Unread(sentences[-1][:200], "no question")
    if isinstance(query, Which) and not choices:
        raise Unread(sentences[-1][:200], "asks for one of its choices and has none")
    try:
        return Seating(
            shape=group.shape,
            facing=group.facing,
            people=group.people,
            clues=tuple(clues),
            query=query,
            choices=tuple(_choice(choice, query, group) for choice in choices),
        )
    except ValidationError as error:
        raise Unread(sentences[-1][:200], error.errors()[0]["msg"]) from error


Told = tuple[list[str], str]
"""The words and marks of a sentence, and the sentence as it is quoted."""


def _tokens(sentence: str) -> list[str]:
    """Words and marks in order, without the mark at the end."""
    text = sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    for dash in "\N{EN DASH}\N{EM DASH}":
        text = text.replace(dash, "-")
    tokens = TOKEN.findall(text.rstrip(".?!; "))
    if len(tokens) > MOST_TOKENS:
        raise Unread(sentence[:80], f"longer than {MOST_TOKENS} words")
    return tokens


def _opening(told: list[Told]) -> tuple[_Group, list[Told]]:
    """Who sits how, and what is left to be read. Three ways: names and seats, names alone, a number alone."""
    (tokens, sentence), *rest = told
    people, key = _listed(tokens)
    if len(people) >= 2:
        if len(people) > MOST_PEOPLE:
            raise Unread(sentence[:80], f"more than {MOST_PEOPLE} people")
        if len({name.casefold() for name in people}) < len(people):
            raise Unread(sentence[:200], "two people have the same name")
        if key in _openings():
            return _Group(people, *_openings()[key]), rest
        if key in _bare_openings() and rest and _key(rest[0][0]) in _seatings():
            return _Group(people, *_seatings()[_key(rest[0][0])]), rest[1:]
    size, shape, used = _sized(tokens, sentence)
    return _Group(_named(told, size, sentence), shape, None), [(tokens[used:], sentence), *rest]


def _listed(tokens: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The one list of names, and the key of what stands around it."""
    start, end = max(_lists(tokens), key=lambda span: span[1] - span[0], default=(0, 0))
    people = tuple(token for token in tokens[start:end] if token not in (",", "and"))
    count = {forms.NUMBERS[len(people)], str(len(people))} if len(people) < len(forms.NUMBERS) else set()
    around = _key([*tokens[:start], "{names}", *tokens[end:]]).split()
    return people, " ".join("{count}" if w in count else "{group}" if w in forms_read.ALL_GROUPS else w for w in around)


def _key(tokens: Sequence[str]) -> str:
    """Words without marks, for the tables of openings."""
    return " ".join(plain_word(token) for token in tokens if token not in (*",:()-",))


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


Seats = tuple[Shape, Facing | None]


@cache
def _openings() -> dict[str, Seats]:
    """Names and how they sit, with or without the kind of arrangement said before it."""
    whole = {
        _form_key(opening.replace("{setting}", setting)): seats
        for seats, setting in _settings()
        for opening in forms.OPENINGS + forms_read.OPENINGS_READ
    }
    before = {
        f"{_form_key(phrase)} {key}": (seats[0], seats[1])
        for phrase, shape in forms_read.ARRANGEMENTS.items()
        for key, seats in whole.items()
        if seats[0] == shape
    }
    alone: dict[str, Seats] = {
        f"{_form_key(phrase)} {key}": (shape, None)
        for phrase, shape in forms_read.ARRANGEMENTS.items()
        for key in _bare_openings()
    }
    return alone | before | whole


@cache
def _bare_openings() -> frozenset[str]:
    """Names alone."""
    return frozenset(map(_form_key, forms_read.OPENINGS_BARE))


@cache
def _seatings() -> dict[str, Seats]:
    """How those named in the sentence before sit."""
    return {_form_key(form.replace("{setting}", s)): seats for seats, s in _settings() for form in forms_read.SEATINGS}


@cache
def _facings() -> dict[str, Facing]:
    """Where all look."""
    return {_form_key(form): facing for facing, forms in forms_read.FACINGS.items() for form in forms}


def _settings() -> Iterator[tuple[Seats, str]]:
    for seats, settings in (*forms.SETTINGS.items(), *forms_read.SETTINGS_READ.items()):
        for setting in settings:
            yield seats, setting


def _form_key(text: str) -> str:
    return " ".join(map(plain_word, re.findall(r"\{\w+\}|[\w']+", text)))


def _sized(tokens: Sequence[str], sentence: str) -> tuple[int, Shape, int]:
    """(people, shape, words used) of an opening that lists no names: in a linear arrangement of 7 people, ..."""
    plain = [plain_word(token) for token in tokens]
    for phrase, shape in forms_read.ARRANGEMENTS.items():
        start = [*_form_key(phrase).split(), "of"]
        if plain[: len(start)] == start and len(plain) > len(start) + 3:
            size, group, mark = plain[len(start) : len(start) + 3]
            if size in COUNTS and group in forms_read.ALL_GROUPS and mark == ",":
                return COUNTS[size], shape, len(start) + 3
    raise Unread(sentence[:200])


def _named(told: Sequence[Told], size: int, sentence: str) -> tuple[str, ...]:
    """Whoever is named anywhere, and nameless people up to the number that there are."""
    names: dict[str, None] = {}
    for tokens, _ in told:
        for i, token in enumerate(tokens):
            ordinary = i == 0 and token.lower() in forms_read.BEGINNINGS and len(token) > 1
            if NAME.fullmatch(token) and not ordinary:
                names[token] = None
    nameless = [f"Unnamed-{forms.NUMBERS[i]}" for i in range(1, size - len(names) + 1)]
    people = (*names, *nameless)
    if not 2 <= len(people) == size or len({name.casefold() for name in people}) < size:
        raise Unread(sentence[:200], f"{size} people, of whom {len(names)} are named")
    return people


def _sentence(tokens: list[str], sentence: str, group: _Group) -> tuple[list[AnyClue], AnyQuery | None]:
    """What one sentence claims and asks. Raises Unread where it does neither."""
    clues = _clues(tokens, group.people)
    query: AnyQuery | None = None
    if not clues:
        clues, query = _question(tokens, group.people)
    try:
        for clue in clues:
            check(clue, group.shape, group.people)
        if isinstance(query, WhoSits):
            check(query.where, group.shape, group.people, blank=True)
    except ValueError as error:
        raise Unread(sentence[:200], str(error)) from error
    if not clues and query is None:
        raise Unread(sentence[:200])
    return clues, query


def _clues(tokens: list[str], people: Sequence[str]) -> list[AnyClue]:
    """The statements of which some words consist, joined by "and" and its kin; empty where a part is none."""
    whole = _statement(tokens, people)
    if whole or not tokens or tokens[0].lower() == "it":
        return whole  # "it is not true that ... and ...": who knows how far the denial reaches
    for i, word in enumerate(tokens):
        if word in JOINTS:
            first = _statement(tokens[:i], people)
            start = i + 1 + (word == "," and tokens[i + 1 : i + 2] in (["and"], ["but"], ["while"], ["whereas"]))
            rest = _clues(tokens[start:], people) if first else []
            if rest:
                return [*first, *rest]
    return []


def _statement(tokens: list[str], people: Sequence[str]) -> list[AnyClue]:
    """What one clause says: one clue, or two of "next to both Bo and Cy" and of "not next to Bo or Cy"."""
    whole = meaning(statements(), tokens, people)
    if whole is not None:
        return [whole]  # type: ignore[list-item]
    if len(tokens) < 5 or tokens[-2] not in ("and", "or") or not {tokens[-1], tokens[-3]} <= set(people):
        return []
    head = tokens[:-4] if tokens[-4] in ("both", "either") else tokens[:-3]
    each = [meaning(statements(), [*head, name], people) for name in (tokens[-3], tokens[-1])]
    if tokens[-2] == "and":
        both: list[AnyClue] = [clue for clue in each if isinstance(clue, Adjacent)]
    else:
        both = [clue for clue in each if isinstance(clue, Not) and isinstance(clue.clue, Adjacent)]
    return both if len(both) == 2 else []


def _question(tokens: list[str], people: Sequence[str]) -> tuple[list[AnyClue], AnyQuery | None]:
    """What a question asks, and what it presupposes: if Ana sits next to Bo, who ...?"""
    for prelude in forms_read.PRELUDES:
        start = prelude.split()
        if [token.lower() for token in tokens[: len(start)]] == start:
            tokens = tokens[len(start) + (tokens[len(start) : len(start) + 1] == [","]) :]
            break
    whole = meaning(queries(), tokens, people)
    if whole is not None:
        return [], whole  # type: ignore[return-value]
    condition = 1 if tokens[:1] == ["If"] else 2 if tokens[:2] == ["Given", "that"] else 0
    if condition:
        for i in (i for i, word in enumerate(tokens) if word == ","):
            query = meaning(queries(), tokens[i + 1 :], people)
            clues = _clues(tokens[condition:i], people)
            if query is not None and clues:
                return clues, query  # type: ignore[return-value]
    return [], None


def _choice(text: str, query: AnyQuery, group: _Group) -> Choice:
    if len(text) > MOST_CHARACTERS:
        raise Unread(text[:80], f"longer than {MOST_CHARACTERS} characters")
    tokens = _tokens(unicodedata.normalize("NFC", text).strip())
    match query:
        case WhoSits():
            if len(tokens) == 1 and tokens[0] in group.people:
                return tokens[0]
            raise Unread(text[:200], "nobody of that name has a seat")
        case HowMany():
            if tokens and tokens[0].lower() in COUNTS and [plain_word(t) for t in tokens[1:]] in ([], ["people"]):
                return COUNTS[tokens[0].lower()]
            raise Unread(text[:200], "no number")
        case Which():
            clue = meaning(statements(), tokens, group.people)
            if clue is None:
                raise Unread(text[:200])
            try:
                check(clue, group.shape, group.people)  # type: ignore[arg-type]
            except ValueError as error:
                raise Unread(text[:200], str(error)) from error
            return clue  # type: ignore[return-value]
