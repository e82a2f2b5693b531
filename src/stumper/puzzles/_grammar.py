"""Grammars over words whose kinds are known before parsing: what the readers of the families share."""

import math
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, Tree, UnexpectedInput
from lark.exceptions import VisitError
from lark.lexer import Lexer
from lark.parsers.earley_forest import ForestToParseTree, SymbolNode
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
def _parser(grammar: str) -> tuple[Lark, ForestToParseTree]:
    """A parser that gives the forest of all parses, and what makes trees of it: so a sentence is parsed once."""
    explicit = Lark(grammar, parser="earley", lexer=_Given, ambiguity="explicit")
    earley: Any = explicit.parser.parser
    to_tree = ForestToParseTree(earley.Tree, earley.callbacks, resolve_ambiguity=False)  # type: ignore[no-untyped-call]
    return Lark(grammar, parser="earley", lexer=_Given, ambiguity="forest"), to_tree


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
    parser, to_tree = _parser(grammar)
    try:
        # A mistake in the grammar is raised above: it is no sentence that is not covered.
        forest = parser.parse([Token(kind, word) for kind, word in words])
    except UnexpectedInput:
        return ()
    ways = _ways(forest, {})
    if ways > MOST_PARSES:
        raise TooLarge(f"a sentence that can be parsed in {ways} ways")
    return tuple(CollapseAmbiguities().transform(to_tree.transform(forest)))  # type: ignore[no-untyped-call]


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
