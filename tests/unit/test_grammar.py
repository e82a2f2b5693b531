"""The parser that looks one word ahead finds the parses that lark's own finds."""

from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Token
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer
from lark.visitors import CollapseAmbiguities

from stumper.puzzles import _grammar

GRAMMAR = """
    start: list | opening? list "MARK" rest*
    list: NAME | list "AND" list | list "COMMA" list
    opening: "AND"? nothing
    nothing: | "MARK"
    rest: NAME nothing | "COMMA" list
    %declare NAME AND COMMA MARK
"""


class Given(Lexer):
    def __init__(self, _):
        pass

    def lex(self, tokens):
        yield from tokens


LARK = Lark(GRAMMAR, parser="earley", lexer=Given, ambiguity="explicit")


@given(st.lists(st.sampled_from(["NAME", "AND", "COMMA", "MARK", "ELSE"]), min_size=1, max_size=8))
def test_looking_ahead_loses_no_parse(kinds):
    words = tuple((kind, str(i)) for i, kind in enumerate(kinds))
    try:
        tree = LARK.parse([Token(kind, word) for kind, word in words])
    except UnexpectedInput:
        assert _grammar.parses(GRAMMAR, words) == ()
    else:
        assert set(_grammar.parses(GRAMMAR, words)) == set(CollapseAmbiguities().transform(tree))
