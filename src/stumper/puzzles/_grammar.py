"""Grammars over words whose kinds are known before parsing: what the readers of the families share."""

import math
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Literal

from lark import Lark, Token, Transformer, Tree, UnexpectedInput
from lark.exceptions import VisitError
from lark.lexer import Lexer
from lark.parsers.earley_forest import SymbolNode
from lark.visitors import CollapseAmbiguities
from pydantic import ValidationError

from stumper.puzzles import TooLarge, Unread

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
"""The number of each is its index; of an ordinal its index + 1."""

MOST_PARSES = 64
"""Of a sentence: a list that can be cut in any way has as many parses as it has parts to the power of two."""

Words = tuple[tuple[str, str], ...]
"""(kind, word) of each word of a sentence."""


class _Given(Lexer):
    def __init__(self, conf: Any) -> None: ...

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        yield from data


@cache
def _parser(grammar: str, ambiguity: Literal["explicit", "forest"]) -> Lark:
    return Lark(grammar, parser="earley", lexer=_Given, ambiguity=ambiguity)


def _ways(node: Any, counted: dict[int, int]) -> int:
    """How many parses a shared forest holds; they are not built for that."""
    if not isinstance(node, SymbolNode):
        return 1
    if id(node) not in counted:
        counted[id(node)] = sum(
            math.prod(_ways(child, counted) for child in packed.children) for packed in node.children
        )
    return counted[id(node)]


@lru_cache(maxsize=8192)
def parses(grammar: str, words: Words) -> tuple[Tree[Token], ...]:
    """All parses of a sentence by a grammar in lark's notation, none where it is not covered. Raises TooLarge.

    Quoted terminals of the grammar are kinds of words that the tree leaves out, declared ones stay in it.
    """
    if not words:
        return ()
    tokens = [Token(kind, word) for kind, word in words]
    parser, forest = _parser(grammar, "explicit"), _parser(grammar, "forest")
    try:
        # A mistake in the grammar is raised above: it is no sentence that is not covered.
        ways = _ways(forest.parse(tokens), {})
        if ways > MOST_PARSES:
            raise TooLarge(f"a sentence that can be parsed in {ways} ways")
        tree = parser.parse(tokens)
    except UnexpectedInput:
        return ()
    return tuple(CollapseAmbiguities().transform(tree))


def meaning(grammar: str, words: Words, transformer: Transformer[Token, Any], sentence: str) -> Any:
    """The one meaning that all parses of a sentence have. Raises Unread with the sentence.

    A parse that means nothing (the transformer raises) spoils the sentence: another one may not have been meant.
    """
    try:
        found = [transformer.transform(tree) for tree in parses(grammar, words)]
    except VisitError as error:
        raise Unread(sentence[:200], _why(error.orig_exc)) from error
    if not found:
        raise Unread(sentence[:200])
    if any(other != found[0] for other in found):
        raise Unread(sentence[:200], "can be read in two ways")
    return found[0]


def _why(error: Exception) -> str:
    match error:
        case Unread():
            return error.why
        case ValidationError():
            return f"not understood ({error.errors()[0]['msg']})"
        case ValueError():
            return str(error)[:100]
    raise error
