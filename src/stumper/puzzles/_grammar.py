"""Grammars over words whose kinds are known before parsing: what the readers of the families share."""

import math
from collections.abc import Iterator
from copy import copy
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, Tree, UnexpectedInput
from lark.exceptions import VisitError
from lark.lexer import Lexer
from lark.parsers import earley
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
    """Gives the tokens that it is made of."""

    def __init__(self, tokens: Any) -> None:
        self._tokens = tokens

    def lex(self, *_: Any) -> Iterator[Token]:
        yield from self._tokens


class _Ahead(earley.Parser):
    """Lark's Earley parser, which only predicts rules that can begin with the word that comes next: three times faster.

    Whatever it leaves out could not have been completed, so it finds the same parses.
    """

    _kinds: list[str | None]
    """Of the words of one sentence, and None for its end."""

    def __init__(self, grammar: str) -> None:
        built = Lark(grammar, parser="earley", lexer=_Given, ambiguity="explicit").parser
        super().__init__(built.lexer_conf, built.parser_conf, built.parser.term_matcher, False, tree_class=None)
        self._all = self.predictions
        self._before: dict[str | None, Any] = {}
        self.to_tree = ForestToParseTree(Tree, self.callbacks, resolve_ambiguity=False)  # type: ignore[no-untyped-call]

    def forest(self, words: Words) -> Any:
        """All parses at once. Raises UnexpectedInput."""
        parser = copy(self)
        parser._kinds = [*(kind for kind, _ in words), None]
        parser.predictions = self._all
        return parser.parse(_Given([Token(kind, word) for kind, word in words]), "start")  # type: ignore[no-untyped-call]

    def predict_and_complete(self, i: int, *rest: Any) -> Any:
        kind = self._kinds[i]
        if kind not in self._before:
            self._before[kind] = {
                origin: [rule for rule in rules if self._may_begin(rule, kind)] for origin, rules in self._all.items()
            }
        self.predictions = self._before[kind]
        return super().predict_and_complete(i, *rest)  # type: ignore[no-untyped-call]

    def _may_begin(self, rule: Any, kind: str | None) -> bool:
        for symbol in rule.expansion:
            if any(first.name == kind for first in self.FIRST[symbol]):
                return True
            if symbol not in self.NULLABLE:
                return False
        return True


_parser = cache(_Ahead)


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
    parser = _parser(grammar)
    try:
        # A mistake in the grammar is raised above: it is no sentence that is not covered.
        forest = parser.forest(words)
    except UnexpectedInput:
        return ()
    ways = _ways(forest, {})
    if ways > MOST_PARSES:
        raise TooLarge(f"a sentence that can be parsed in {ways} ways")
    return tuple(CollapseAmbiguities().transform(parser.to_tree.transform(forest)))  # type: ignore[no-untyped-call]


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
