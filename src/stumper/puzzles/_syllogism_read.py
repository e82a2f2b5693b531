"""Reads syllogisms in English by a grammar. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lark import Token, Transformer, v_args
from lark.exceptions import VisitError
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import parses
from stumper.puzzles._syllogism_language import Either, Follow, Quantifier, Statement, Syllogism

MOST_CHARACTERS = 2000
MOST_WORDS = 30
"""Of a stem, and of a sentence."""

GRAMMAR = """
start: "ALL" _of? term "BE" "A"? term               -> all
     | ("NO" | "NONE" _of) term "BE" "A"? term      -> no
     | "SOME" _of? term "BE" "A"? term              -> some
     | "SOME" _of? term "BE" "NOT" "A"? term        -> some_not
     | "NOT" "ALL" _of? term "BE" "A"? term         -> some_not
     | "ONLY" term "BE" "A"? term                   -> only
     | "ONLY" "FEW" term "BE" "A"? term             -> only_few
_of: "OF" "THE"?
term: WORD WORD?
%declare WORD
"""
LEXICON = {
    "all": "ALL",
    "every": "ALL",
    "each": "ALL",
    "any": "ALL",
    "no": "NO",
    "none": "NONE",
    "some": "SOME",
    "only": "ONLY",
    "is": "BE",
    "are": "BE",
    "not": "NOT",
    "a": "A",
    "an": "A",
    "of": "OF",
    "the": "THE",
}
PHRASES = {("at", "least", "one"): "SOME", ("at", "least", "some"): "SOME", ("a", "few"): "FEW"}
REFUSED = frozenset(
    {
        *("who", "which", "that", "and", "or", "nor", "but", "if", "then", "most", "many", "few", "several", "least"),
        *(
            "never",
            "always",
            "also",
            "exactly",
            "more",
            "less",
            "than",
            "both",
            "either",
            "neither",
            "except",
            "unless",
        ),
        *("other", "others", "there", "exists", "exist", "have", "has", "was", "were", "be", "can", "cannot", "may"),
        *("will", "must", "i", "at", "one", "two", "three", "same", "almost", "nearly", "usually", "sometimes"),
    }
)
"""Words that a term cannot be: they say something that the grammar does not read."""
IRREGULAR = {"men": "man", "women": "woman", "people": "person", "children": "child", "mice": "mouse", "geese": "goose"}
IRREGULAR |= {"wolves": "wolf", "knives": "knife", "leaves": "leaf", "shelves": "shelf", "thieves": "thief"}

WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)?|\d+|\S")
ROMAN: Mapping[str, int] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
LABEL = re.compile(r"(?:^|(?<=\s))\(?(iv|i{1,3}|[1-4])\s?[.):]\s+", re.IGNORECASE)
PART = re.compile(r"(statements?|premises?|conclusions?)\s*:", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+|\n+")
ASKS = re.compile(
    r"(?:which|what)(?: one)?(?: of(?: the)?(?: following)?)?(?: given)?(?: conclusions?| statements?)?"
    r"(?: (?:can|must)(?: be)?)?(?: logically| necessarily| definitely| certainly| validly)?"
    r"(?: (?:follows?|true|is true|drawn|concluded))(?: from (?:these|the) (?:statements|premises))?",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(r"does it(?: logically| necessarily)? follow that:?\s*(.*)", re.IGNORECASE)


def singular(word: str) -> str:
    """A regular English noun in the singular; both "cat" and "cats" give "cat"."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, other in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + other
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2 else word


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def term(self, *words: Token) -> str:
        return " ".join([*map(str, words[:-1]), singular(str(words[-1]))])

    def all(self, subject: str, predicate: str) -> list[Statement]:
        return _stated("all", subject, predicate)

    def no(self, subject: str, predicate: str) -> list[Statement]:
        return _stated("no", subject, predicate)

    def some(self, subject: str, predicate: str) -> list[Statement]:
        return _stated("some", subject, predicate)

    def some_not(self, subject: str, predicate: str) -> list[Statement]:
        return _stated("some_not", subject, predicate)

    def only(self, subject: str, predicate: str) -> list[Statement]:
        return _stated("all", predicate, subject)

    def only_few(self, subject: str, predicate: str) -> list[Statement]:
        return _stated("some", subject, predicate) + _stated("some_not", subject, predicate)


def _stated(quantifier: Quantifier, subject: str, predicate: str) -> list[Statement]:
    return [Statement(quantifier=quantifier, subject=subject, predicate=predicate)]


def _statements(sentence: str) -> list[Statement]:
    """What a sentence states. Raises Unread."""
    words = [word.casefold() for word in WORD.findall(sentence.strip().rstrip(".?!;"))]
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        phrase = next((p for p in PHRASES if tuple(words[at : at + len(p)]) == p), None)
        if phrase is not None:
            # "A few" alone is some of them; "only a few" says that there are others too.
            only = bool(tokens) and tokens[-1][0] == "ONLY"
            tokens.append(("SOME" if PHRASES[phrase] == "FEW" and not only else PHRASES[phrase], "some"))
            at += len(phrase)
            continue
        if words[at] in REFUSED or not words[at][0].isalpha():
            raise Unread(sentence[:200], f"{words[at][:30]!r} is not known here")
        tokens.append((LEXICON.get(words[at], "WORD"), words[at]))
        at += 1
    try:
        found = [_Meaning().transform(tree) for tree in parses(GRAMMAR, tuple(tokens))]
    except VisitError as error:
        raise Unread(sentence[:200], "a term of letters a to z is needed") from error
    if len(found) != 1:
        raise Unread(sentence[:200])
    statements: list[Statement] = found[0]
    return statements


class _Parts(NamedTuple):
    premises: list[str]
    conclusions: list[str]
    asked: str


def read(stem: str, choices: Sequence[str]) -> Syllogism:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    parts = _parts(unicodedata.normalize("NFC", stem).strip())
    premises = [statement for sentence in parts.premises for statement in _statements(sentence)]
    conclusions = [_one(sentence) for sentence in parts.conclusions]
    if not premises:
        raise Unread(stem[:200], "no premises")
    if not conclusions and not choices:
        raise Unread(parts.asked[:200], "asks for one of its choices and has none")
    try:
        return Syllogism(
            premises=tuple(premises),
            conclusions=tuple(conclusions),
            choices=tuple(_follow(c, len(conclusions)) if conclusions else _one(c) for c in choices),
        )
    except ValidationError as error:
        raise Unread(stem[:200], error.errors()[0]["msg"]) from error


def _parts(text: str) -> _Parts:
    """Premises, numbered conclusions and the question, by their labels or by their order."""
    pieces = PART.split(text)
    labels = [label.casefold()[0] for label in pieces[1::2]]
    if labels not in ([], ["s"], ["p"], ["s", "c"], ["p", "c"], ["c"]) or (
        labels[:1] in (["s"], ["p"]) and pieces[0].strip()
    ):
        raise Unread(text[:200], "parts in an order that is not known")
    if labels[-1:] == ["c"]:
        stated, *numbered = _numbered(pieces[-1])
        if stated.strip() or not numbered:
            raise Unread(pieces[-1][:200], "conclusions without numbers")
        *conclusions, last = numbered
        told = _sentences(last)
        conclusions, asked = [*conclusions, told[0]], " ".join(told[1:])
        premises = _sentences(_unnumbered(pieces[-3]))
        if asked and not ASKS.fullmatch(asked.rstrip("?. ")):
            raise Unread(asked[:200])
        return _Parts(premises, conclusions, asked)
    *premises, asked = _sentences(_unnumbered(pieces[-1]))
    if premises and (whether := ASKS_WHETHER.fullmatch(f"{premises[-1]} {asked}".strip())):
        return _Parts(premises[:-1], [whether[1]], whether[1])
    if whether := ASKS_WHETHER.fullmatch(asked):
        return _Parts(premises, [whether[1]], asked)
    if not ASKS.fullmatch(asked.rstrip("?. ")):
        raise Unread(asked[:200])
    return _Parts(premises, [], asked)


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in SENTENCE_END.split(text) if s.strip()] or [""]


def _numbered(text: str) -> list[str]:
    """What stands before number 1, then what stands behind each number. Raises Unread when one is left out."""
    pieces = LABEL.split(text)
    if [ROMAN[n.casefold()] for n in pieces[1::2]] != list(range(1, len(pieces) // 2 + 1)):
        raise Unread(text[:200], "numbers out of order")
    return pieces[0::2]


def _unnumbered(text: str) -> str:
    return " ".join(_numbered(text))


def _one(sentence: str) -> Statement:
    found = _statements(sentence)
    if len(found) != 1:
        raise Unread(sentence[:200], "a conclusion that states not one thing")
    return found[0]


FILLER = frozenset(
    {"conclusion", "conclusions", "follow", "follows", "logically", "of", "the", "and", "or", "nor", "is", "true"}
)


def _follow(choice: str, n: int) -> Follow | Either:
    """What a choice such as "Only conclusion I follows" says of n conclusions. Raises Unread."""
    words = [w for w in (word.casefold() for word in WORD.findall(choice.rstrip(". "))) if w not in FILLER]
    numbers = tuple(sorted(ROMAN[word] for word in words if word in ROMAN))
    match [word for word in words if word not in ROMAN]:
        case ["only"] if numbers:
            return Follow(conclusions=numbers)
        case ["both"] if n == 2 and numbers in ((), (1, 2)):
            return Follow(conclusions=(1, 2))
        case ["all"] if not numbers:
            return Follow(conclusions=tuple(range(1, n + 1)))
        case ["neither"] if n == 2 and numbers in ((), (1, 2)):
            return Follow()
        case ["none"] if not numbers:
            return Follow()
        case ["either"] if len(numbers) == 2:
            return Either(one=numbers[0], other=numbers[1])
        case ["yes"] if n == 1 and not numbers:
            return Follow(conclusions=(1,))
        case ["no"] if n == 1 and not numbers:
            return Follow()
    raise Unread(choice[:200], "a choice that is not understood")
