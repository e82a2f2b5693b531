"""Reads series in English: the series itself by its commas, the rest by a grammar. What is not covered is not read."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from lark import Tree
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import parses
from stumper.puzzles._series_language import MOST_PLACES, NONE, NUMBER, Find, Given, Series, Wrong
from stumper.puzzles._series_solve import accounts

MOST_CHARACTERS = 2000
MOST_WORDS = 40

Asked = Literal["next", "blank", "wrong"]
ASKED: tuple[Asked, ...] = ("next", "blank", "wrong")

GRAMMAR = """
start: _opening? _ask _choosing?
_ask: next | blank | wrong
next: "FIND" "DET"? "NEXT" _noun _in?
    | "WHAT" _noun? "BE" "DET"? "NEXT" _noun? _in?
    | "WHAT" _noun? "AUX" "BE" "DET"? "NEXT" _noun? _in?
    | "WHAT" _noun? "AUX"? "COME" "NEXT" _in?
    | "FIND" "DET" _noun "THAT" "AUX"? "COME" "NEXT" _in?
    | "CONTINUE" _series
blank: "FIND" "DET"? "MISSING" _noun _in?
     | "WHAT" "BE" "DET"? "MISSING" _noun _in?
     | "WHAT" _noun? "BE" "MISSING" _in?
     | "WHAT" _noun? "AUX"? _replace _in?
     | "FIND" "DET" _noun "THAT" "AUX"? _replace _in?
     | "COMPLETE" _series
     | "WHAT" _noun? "AUX"? "COMPLETE" _series
     | "FIND" "DET" _noun ("THAT" "AUX"? | "TO") "COMPLETE" _series
wrong: "FIND" "DET" "WRONG" _noun _in?
     | "WHAT" "BE" "DET" "WRONG" _noun _in?
     | "WHAT" _noun "BE" "WRONG" _in?
     | "WHAT" _noun "DOES" "NOT" "FIT" _in?
     | "WHAT" _noun "DOES" "NOT" "FIT" _series
     | "FIND" "DET" _noun "THAT" "BE" "WRONG" _in?
     | "ONE" _noun _in? "BE" "WRONG" ("WHAT" ("ONE" | "BE" "IT" | "ONE" "BE" "IT") | "FIND" "IT")
_replace: "REPLACE" _mark | ("COME" | "BE") "IN" "DET"? "PLACE" "OF" _mark | "TAKE" "DET" "PLACE" "OF" _mark
_mark: "DET"? "QUESTION" "MARK"
_noun: "CORRECT"? "TERM" "TERM"?
_in: ("IN" | "OF" | "FROM") _series
_series: "DET"? ("KIND" | "TERM" | "GIVEN")* "SERIES" ("GIVEN"? "BELOW")?
_opening: "LOOK" "AT"? _series "CAREFULLY"? "AND"?
        | "IN"? _series
_choosing: "FROM" "DET"? ("GIVEN" | "CORRECT")* "OPTIONS" ("GIVEN"? "BELOW")?
"""
LEXICON: Mapping[str, str] = {
    **dict.fromkeys(("find", "identify", "determine", "select", "choose", "pick", "name", "spot"), "FIND"),
    **dict.fromkeys(("what", "which"), "WHAT"),
    **dict.fromkeys(("term", "number", "letter", "element", "item", "entry", "group", "pair"), "TERM"),
    **dict.fromkeys(("series", "sequence", "progression", "pattern"), "SERIES"),
    **dict.fromkeys(("alphanumeric", "alphabetical", "alphabetic", "alphabet", "numeric", "numerical"), "KIND"),
    **dict.fromkeys(("mixed", "logical"), "KIND"),
    **dict.fromkeys(("given", "following"), "GIVEN"),
    **dict.fromkeys(("correct", "right", "appropriate"), "CORRECT"),
    **dict.fromkeys(("the", "this", "a", "these"), "DET"),
    **dict.fromkeys(("will", "should", "would", "must", "can"), "AUX"),
    **dict.fromkeys(("is", "be"), "BE"),
    **dict.fromkeys(("comes", "come", "follows", "follow"), "COME"),
    **dict.fromkeys(("complete", "completes"), "COMPLETE"),
    **dict.fromkeys(("continue", "continues"), "CONTINUE"),
    **dict.fromkeys(("replace", "replaces"), "REPLACE"),
    **dict.fromkeys(("take", "takes"), "TAKE"),
    **dict.fromkeys(("look", "consider", "study", "examine", "observe"), "LOOK"),
    **dict.fromkeys(("options", "alternatives", "choices", "responses"), "OPTIONS"),
    **dict.fromkeys(("wrong", "incorrect"), "WRONG"),
    **dict.fromkeys(("fit", "belong"), "FIT"),
    **dict.fromkeys(("do", "does"), "DOES"),
    **{word: word.upper() for word in ("next", "missing", "that", "to", "in", "of", "from", "at", "and", "carefully")},
    **{word: word.upper() for word in ("place", "question", "mark", "below", "not", "one", "it")},
}
TERM = rf"-[1-9]\d{{0,6}}|(?:{NUMBER}|[A-Z]){{1,8}}"
BLANK = r"\(\?\)|\[\?\]|\?|_+|\.{3}"
ITEM = rf"(?:{TERM}|{BLANK})"
SERIES = re.compile(
    rf"(?<![\w.,/*+%^=-])(?<!\d )({ITEM})((?:, {ITEM})+|(?:,{ITEM})+|(?: {ITEM})+)(?![\w/*+%^=-]|[.,]\d)"
)
MARK = re.compile(r"(question mark),?\s*\(?'?\?'?\)?", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z]+")
PLAIN = re.compile(r"[A-Za-z\s.,:;?]*")
NONE_OF_THEM = re.compile(r"none of (?:these|the above|them|the others)", re.IGNORECASE)


class _Found(NamedTuple):
    text: str
    terms: list[str | None]
    rest: str


def read(stem: str, choices: Sequence[str]) -> Series:
    """Formalise a question's text. Raises Unread with what is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    text = unicodedata.normalize("NFC", stem).replace("\u2212", "-").replace("…", "...").strip()
    found = _series(text)
    asked = _asked(found.rest)
    blanks = [i for i, term in enumerate(found.terms) if term is None]
    if asked == "next" and not blanks:
        blanks = [len(found.terms)]
    elif asked == "next" and blanks != [len(found.terms) - 1]:
        raise Unread(found.text[:200], "asks for the next term, and the blank is elsewhere")
    elif asked == "blank" and len(blanks) != 1:
        raise Unread(found.text[:200], "one term must be left out")
    elif asked == "wrong" and blanks:
        raise Unread(found.text[:200], "asks for a wrong term, and one is left out")
    clues = tuple(Given(place=i, term=term) for i, term in enumerate(found.terms, 1) if term is not None)
    try:
        problem = Series(
            clues=clues,
            query=Find(place=blanks[0] + 1) if blanks else Wrong(),
            choices=tuple(map(_choice, choices)),
            said=tuple(f"term {clue.place}: {clue.term}" for clue in clues),
        )
    except ValidationError as error:
        raise Unread(found.text[:200], error.errors()[0]["msg"]) from error
    if not accounts(problem):
        raise Unread(found.text[:200], "no rule of the library explains it")
    return problem


def _series(text: str) -> _Found:
    """The one list in the text, and the text without it."""
    bare = MARK.sub(r"\1", text)
    found = [m for m in SERIES.finditer(bare) if len(re.findall(ITEM, m.group())) >= 3]
    if len(found) != 1:
        raise Unread(text[-200:], "no series" if not found else "more than one series")
    (match,) = found
    items = re.findall(ITEM, match.group())
    if len(items) > MOST_PLACES + 1:
        raise Unread(match.group()[:200], f"more than {MOST_PLACES} terms")
    terms = [None if re.fullmatch(BLANK, item) else item for item in items]
    # "2, 4, 6, ?" and "2, 4, 6 ..." are blanks; a second mark only ends the sentence.
    rest = f"{bare[: match.start()]} {bare[match.end() :]}"
    if re.search(r"_|\d|\(\?\)|\[\?\]", rest):
        raise Unread(text[-200:], "a term or a blank that is not in the series")
    if re.match(r"\s*(?:\.{2,}|,\s*(?:\?|\.))", bare[match.end() :]):
        raise Unread(text[-200:], "a series that breaks off")
    return _Found(match.group(), terms, rest)


def _asked(rest: str) -> Asked:
    if not PLAIN.fullmatch(rest):
        raise Unread(rest.strip()[:200], "signs that are not known here")
    words = [word.casefold() for word in WORD.findall(rest)]
    if len(words) > MOST_WORDS:
        raise Unread(rest.strip()[:80], f"longer than {MOST_WORDS} words")
    for word in words:
        if word not in LEXICON:
            raise Unread(rest.strip()[:200], f"{word[:30]!r} is not known here")
    trees = parses(GRAMMAR, tuple((LEXICON[word], word) for word in words))
    kinds = {child.data for tree in trees for child in tree.children if isinstance(child, Tree)}
    for kind in ASKED:
        if kinds == {kind}:
            return kind
    raise Unread(rest.strip()[:200])


def _choice(text: str) -> str:
    said = text.strip().removesuffix(".").replace("\u2212", "-")
    if NONE_OF_THEM.fullmatch(said):
        return NONE
    if not re.fullmatch(TERM, said):
        raise Unread(text[:80], "a choice that is no term")
    return said
