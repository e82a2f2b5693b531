"""Grammars over words whose kinds are known before parsing: what the readers of the families share."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Tree, UnexpectedInput
from lark.lexer import Lexer
from lark.visitors import CollapseAmbiguities

Words = tuple[tuple[str, str], ...]
"""(kind, word) of each word of a sentence."""


class _Given(Lexer):
    def __init__(self, conf: Any) -> None: ...

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        yield from data


@cache
def _parser(grammar: str) -> Lark:
    return Lark(grammar, parser="earley", lexer=_Given, ambiguity="explicit")


@lru_cache(maxsize=8192)
def parses(grammar: str, words: Words) -> tuple[Tree[Token], ...]:
    """All parses of a sentence by a grammar in lark's notation, none where it is not covered.

    Quoted terminals of the grammar are kinds of words that the tree leaves out, declared ones stay in it.
    """
    if not words:
        return ()
    try:
        tree = _parser(grammar).parse([Token(kind, word) for kind, word in words])
    except UnexpectedInput:
        return ()
    return tuple(CollapseAmbiguities().transform(tree))
