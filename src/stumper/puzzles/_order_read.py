"""Reads orders in English by a grammar over a lexicon. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from lark import Token, Transformer, v_args
from lark.exceptions import VisitError
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import parses
from stumper.puzzles._order_language import (
    BLANK,
    MOST_THINGS,
    SCALE_OF,
    AnyClue,
    AnyPlain,
    AnyQuery,
    Between,
    Beyond,
    Gap,
    Not,
    Order,
    Place,
    Which,
    WhoIs,
)

MOST_CHARACTERS = 4000
"""Of a stem; longer text is not read at all."""
MOST_WORDS = 60
"""Of a sentence."""

COMPARATIVES = {
    "newer": "newest",
    "younger": "newest",
    "older": "oldest",
    "cheaper": "cheapest",
    "costlier": "dearest",
    "dearer": "dearest",
    "pricier": "dearest",
    "shorter": "shortest",
    "taller": "tallest",
    "longer": "tallest",
    "lighter": "lightest",
    "heavier": "heaviest",
    "slower": "slowest",
    "faster": "fastest",
    "quicker": "fastest",
    "smaller": "smallest",
    "larger": "largest",
    "bigger": "largest",
    "lower": "lowest",
    "higher": "highest",
    "earlier": "earliest",
    "later": "latest",
}
SUPERLATIVES = {
    "newest": "newest",
    "youngest": "newest",
    "oldest": "oldest",
    "eldest": "oldest",
    "cheapest": "cheapest",
    "costliest": "dearest",
    "dearest": "dearest",
    "priciest": "dearest",
    "shortest": "shortest",
    "tallest": "tallest",
    "longest": "tallest",
    "lightest": "lightest",
    "heaviest": "heaviest",
    "slowest": "slowest",
    "fastest": "fastest",
    "quickest": "fastest",
    "smallest": "smallest",
    "largest": "largest",
    "biggest": "largest",
    "lowest": "lowest",
    "highest": "highest",
    "earliest": "earliest",
    "latest": "latest",
    "leftmost": "left",
    "rightmost": "right",
}
GRADED = {"expensive": ("dearest", "cheapest"), "costly": ("dearest", "cheapest")}
"""Words that are compared with more and less: the end that "most" names, and the one that "least" does."""
AHEAD = {"above": "first", "ahead": "first", "before": "first", "below": "last", "behind": "last", "after": "last"}
SIDES = ("left", "right")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight")

GRAMMAR = r"""
?start: clauses | query
clauses: clause (_joint clause)*
_joint: "COMMA" | "COMMA"? ("AND" | "BUT" | "WHILE" | "WHEREAS")

clause: things _be "BOTH"? part (_also _be? part)*        -> said
      | things _came "BOTH"? ended (_also _came? ended)*  -> said
      | things _be "NEITHER" part "NOR" part              -> said_neither
      | "NEITHER" THING "NOR" THING _be part              -> neither_said
      | "NEITHER" THING "NOR" THING _came ended           -> neither_said
      | "THERE" _be "EXACTLY"? NUMBER "NOUN" "BETWEEN" THING "AND" THING    -> apart
      | "EXACTLY"? NUMBER "NOUN" (_be | _came) "BETWEEN" THING "AND" THING  -> apart
things: "BOTH"? THING (("COMMA" | "COMMA"? "AND") THING)*
_also: "AND" | "BUT"
_be: "BE"
_came: "CAME"

?part: "NOT" plain   -> negated
     | plain
?ended: "NOT" ending -> negated
      | ending
?plain: place | beyond | gap | between
?ending: finished | finished_by | gap | between

beyond: by? MORE "THAN" THING                              -> compared
      | by? DEGREE GRADED "THAN" THING                     -> graded
      | (by | "SOMEWHERE")? "TO" "THE" SIDE "OF" THING     -> beside
      | by SIDE "OF" THING                                 -> beside
finished_by: by? AHEAD "OF"? THING                         -> ahead
           | by? MORE "THAN" THING                         -> ahead_by_rank
by: "IMMEDIATELY" | "EXACTLY"? NUMBER "PLACE"
place: "THE"? MOST                                         -> extreme
     | "THE"? EXTREME GRADED                               -> extreme_graded
     | "THE"? ORDINAL MOST                                 -> nth
     | "THE"? ORDINAL EXTREME GRADED                       -> nth_graded
     | ("IN" | "AT")? "THE"? ORDINAL "PLACE"? "FROM" "THE" SIDE "END"?  -> from_end
     | ("AT" | "ON") "THE" "FAR"? SIDE "END"?              -> at_end
     | finished
finished: "IN"? "THE"? ORDINAL "PLACE"?                    -> nth_place
        | "IN"? "THE"? LAST "PLACE"?                       -> last_place
        | "THE"? ORDINAL ("TO" | "FROM") LAST              -> nth_to_last
gap: "IMMEDIATELY"? "NEXT" "TO" THING
between: "SOMEWHERE"? "BETWEEN" THING "AND" THING

query: "WHICH" "OF" "THE" "FOLLOWING" "NOUN"? truth        -> which
     | "WHICH" "NOUN" truth                                -> which
     | "WHICH" "NOUN"? ("OF" "THE" "NOUN")? (_be plain | _came ending)  -> who
truth: (_be | "MUST" "BE")? SURELY? TRUTH
     | "CANNOT" "BE" TRUTH                                 -> untruth
%declare THING MORE MOST GRADED AHEAD SIDE ORDINAL NUMBER DEGREE EXTREME LAST SURELY TRUTH
"""

Said = Callable[[str], AnyClue]
"""What is said of a thing, as a clue about it."""


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    """From the tree of a sentence to clues, or to the query. Raises Unread for what it cannot mean."""

    def __init__(self, things: Sequence[str]) -> None:
        super().__init__()
        self._things = things

    def THING(self, token: Token) -> str:  # noqa: N802
        return self._things[int(token)]

    def NUMBER(self, token: Token) -> int:  # noqa: N802
        return NUMBERS.index(token) if token in NUMBERS else int(token)

    def ORDINAL(self, token: Token) -> int:  # noqa: N802
        return ORDINALS.index(token) + 1

    def clauses(self, *clauses: list[AnyClue]) -> list[AnyClue]:
        return [clue for clause in clauses for clue in clause]

    def things(self, *things: str) -> tuple[str, ...]:
        return things

    def said(self, things: Sequence[str], *parts: Said) -> list[AnyClue]:
        return [part(thing) for thing in things for part in parts]

    def said_neither(self, things: Sequence[str], one: Said, other: Said) -> list[AnyClue]:
        return self.said(things, self.negated(one), self.negated(other))

    def neither_said(self, one: str, other: str, part: Said) -> list[AnyClue]:
        return self.said((one, other), self.negated(part))

    def apart(self, number: int, one: str, other: str) -> list[AnyClue]:
        return [Gap(who=one, of=other, things=number)]

    def negated(self, part: Said) -> Said:
        def unsaid(who: str) -> AnyClue:
            clue = part(who)
            return clue.clue if isinstance(clue, Not) else Not(clue=clue)

        return unsaid

    def by(self, number: int = 1) -> int:
        return number

    def compared(self, *found: Any) -> Said:
        *by, word, than = found
        return _beyond(COMPARATIVES[word], than, by)

    def graded(self, *found: Any) -> Said:
        *by, degree, word, than = found
        return _beyond(GRADED[word][degree == "less"], than, by)

    def beside(self, *found: Any) -> Said:
        *by, side, than = found
        return _beyond(side, than, by)

    def ahead(self, *found: Any) -> Said:
        *by, word, than = found
        return _beyond(AHEAD[word], than, by)

    def ahead_by_rank(self, *found: Any) -> Said:
        *by, word, than = found
        ends = {"highest": "first", "earliest": "first", "lowest": "last", "latest": "last"}
        if (end := ends.get(COMPARATIVES[word])) is None:
            raise Unread(word)
        return _beyond(end, than, by)

    def extreme(self, word: str) -> Said:
        return _place(1, SUPERLATIVES[word])

    def extreme_graded(self, extreme: str, word: str) -> Said:
        return _place(1, GRADED[word][extreme == "least"])

    def nth(self, place: int, word: str) -> Said:
        return _place(place, SUPERLATIVES[word])

    def nth_graded(self, place: int, extreme: str, word: str) -> Said:
        return _place(place, GRADED[word][extreme == "least"])

    def from_end(self, place: int, side: str) -> Said:
        return _place(place, side)

    def at_end(self, side: str) -> Said:
        return _place(1, side)

    def nth_place(self, place: int) -> Said:
        return _place(place, "first")

    def last_place(self, _: str) -> Said:
        return _place(1, "last")

    def nth_to_last(self, place: int, _: str) -> Said:
        return _place(place, "last")

    def place(self, part: Said) -> Said:
        return part

    def gap(self, of: str) -> Said:
        return lambda who: Gap(who=who, of=of, things=0)

    def between(self, of: str, other: str) -> Said:
        return lambda who: Between(who=who, of=of, other=other)

    def truth(self, *found: str) -> Which:
        return Which(truth=found[-1] != "false")

    def untruth(self, word: str) -> Which:
        if word == "false":
            raise Unread(word)
        return Which(truth=False)

    def which(self, query: Which) -> Which:
        return query

    def who(self, part: Said) -> WhoIs:
        where = part(BLANK)
        if isinstance(where, Not):
            raise Unread("asks what is not so")
        return WhoIs(where=where)


def _beyond(end: Any, than: str, by: Sequence[int]) -> Said:
    return lambda who: Beyond(who=who, towards=end, than=than, by=by[0] if by else None)


def _place(place: int, end: Any) -> Said:
    return lambda who: Place(who=who, place=place, end=end)


_WORDS: Mapping[str, Iterable[str]] = {
    "MORE": COMPARATIVES,
    "MOST": SUPERLATIVES,
    "GRADED": GRADED,
    "AHEAD": AHEAD,
    "SIDE": SIDES,
    "ORDINAL": ORDINALS,
    "NUMBER": NUMBERS,
    "DEGREE": ("more", "less"),
    "EXTREME": ("most", "least"),
    "LAST": ("last",),
    "BE": ("be", "is", "are", "was", "were", "sits", "sit", "stands", "stand", "lies", "lie"),
    "CAME": ("finished", "came", "ranked", "placed"),
    "PLACE": ("place", "places", "position", "positions", "spot", "spots", "seat", "seats"),
    "IMMEDIATELY": ("immediately", "directly", "just"),
    "SURELY": ("certainly", "definitely", "necessarily"),
    "TRUTH": ("true", "correct", "false"),
    "CANNOT": ("cannot",),
    "WHICH": ("which", "who", "what"),
    "NOUN": ("thing", "things", "item", "items", "object", "objects", "statement", "statements", "people", "person"),
    **{
        word.upper(): (word,)
        for word in (
            *("the", "of", "to", "from", "in", "at", "on", "than", "and", "but", "while", "whereas", "not", "both"),
            *("neither", "nor", "there", "exactly", "between", "somewhere", "next", "end", "far", "following", "must"),
        )
    },
    "COMMA": (",",),
}
LEXICON = {word: kind for kind, words in _WORDS.items() for word in words}


class _Scene(NamedTuple):
    """The opening: what is ordered, and what it is called."""

    things: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    """Of each thing, its words in small letters."""
    nouns: frozenset[str]


WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|\S")
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
TELLING = frozenset(
    {
        *("order", "alphabetical", "reverse", "tie", "ties", "tied", "same", "equal", "equally", "random", "twice"),
        *("except", "unless", "if", "or", "no", "not", "never", "each", "every", "half", "double", "respectively"),
        *("some", "any", "than"),
    }
)
"""Words of an opening that may say something about the order: with them it is not a mere scene."""


def read(stem: str, choices: Sequence[str]) -> Order:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    text = unicodedata.normalize("NFC", stem).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    first, *rest = [s for s in SENTENCE_END.split(text) if s] or [""]
    scene = _scene(first)
    clues: list[AnyClue] = []
    query: AnyQuery | None = None
    for sentence in rest:
        meaning = _meaning(sentence, scene)
        if isinstance(meaning, list) and query is None:
            clues += meaning
        elif isinstance(meaning, list) or query is not None:
            raise Unread(sentence[:200], "stands behind the question")
        else:
            query = meaning
    if query is None:
        raise Unread((rest or [first])[-1][:200], "no question")
    if isinstance(query, Which) and not choices:
        raise Unread(rest[-1][:200], "asks for one of its choices and has none")
    claims = tuple(_choice(choice, query, scene) for choice in choices)
    try:
        return Order(
            scale=_scale([*clues, *claims], query, rest[-1]),
            things=scene.things,
            clues=tuple(clues),
            query=query,
            choices=claims,
        )
    except ValidationError as error:
        raise Unread(rest[-1][:200], error.errors()[0]["msg"]) from error


def _scene(sentence: str) -> _Scene:
    """`[where,] there are five birds: a quail, an owl ...` and its kind: a scene, a number, a noun and a list."""
    words = [word.casefold() for word in WORD.findall(sentence)]
    if set(words) & {*TELLING, *COMPARATIVES, *SUPERLATIVES, *AHEAD}:
        raise Unread(sentence[:200], "the opening says more than what there is")
    found = re.search(r"^(?P<before>[^:(]*)[:(](?P<list>[^:()]*)\)?(?P<after>[^:()]*)\.$", sentence)
    if found is None:
        raise Unread(sentence[:200])
    before = WORD.findall(found["before"].casefold())
    listed = [ARTICLE.sub("", item.strip()) for item in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["list"].strip())]
    numbers = [i for i, word in enumerate(before) if word in NUMBERS or word.isdigit()]
    if len(numbers) != 1 or numbers[0] + 1 >= len(before):
        raise Unread(sentence[:200], "no number of things")
    number = before[numbers[0]]
    if (NUMBERS.index(number) if number in NUMBERS else int(number[:3])) != len(listed):
        raise Unread(sentence[:200], f"lists {len(listed)} things, not {number}")
    if not 2 <= len(listed) <= MOST_THINGS or len({item.casefold() for item in listed}) < len(listed):
        raise Unread(sentence[:200], f"2 to {MOST_THINGS} different things are read")
    if any(set(item.casefold().split()) & set(LEXICON) for item in listed):
        raise Unread(sentence[:200], "a thing's name has another meaning too")
    noun = before[numbers[0] + 1]
    names = tuple(tuple(item.casefold().replace("-", " ").split()) for item in listed)
    return _Scene(tuple(listed), names, frozenset({noun, noun.removesuffix("s"), noun.removesuffix("es")}))


def _meaning(sentence: str, scene: _Scene) -> list[AnyClue] | AnyQuery:
    tokens = _tokens(sentence, scene)
    # Numbered as they occur, so that sentences of one form are parsed once whatever they are about.
    named = list(dict.fromkeys(word for kind, word in tokens if kind == "THING"))
    form = tuple((kind, str(named.index(word)) if kind == "THING" else word) for kind, word in tokens)
    meaning = _Meaning([scene.things[int(word)] for word in named])
    try:
        found = [meaning.transform(tree) for tree in parses(GRAMMAR, form)]
    except VisitError as error:
        raise Unread(sentence[:200]) from error
    if not found:
        raise Unread(sentence[:200])
    if any(other != found[0] for other in found):
        raise Unread(sentence[:200], "can be read in two ways")
    return cast("list[AnyClue] | AnyQuery", found[0])


def _tokens(sentence: str, scene: _Scene) -> list[tuple[str, str]]:
    """(kind, word) of each word; a thing's name is one token, with its article, and its word is the thing's number."""
    plain = [word.casefold() for word in WORD.findall(sentence.rstrip(".?!; ").replace("-", " "))]
    if len(plain) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(plain):
        start = at + (plain[at] in ("the", "a", "an"))
        called = [i for i, name in enumerate(scene.names) if plain[start : start + len(name)] == list(name)]
        if called:
            longest = max(called, key=lambda i: len(scene.names[i]))
            tokens.append(("THING", str(longest)))
            at = start + len(scene.names[longest])
            continue
        word = plain[at]
        kind = "NOUN" if word in scene.nouns else "NUMBER" if word in DIGITS else LEXICON.get(word)
        if kind is None:
            raise Unread(sentence[:200], f"the word {word[:30]!r} is not known here")
        tokens.append((kind, word))
        at += 1
    return tokens


DIGITS = frozenset(map(str, range(MOST_THINGS + 1)))


def _choice(choice: str, query: AnyQuery, scene: _Scene) -> str | AnyClue:
    if isinstance(query, WhoIs):
        tokens = _tokens(choice, scene)
        if [kind for kind, _ in tokens] != ["THING"]:
            raise Unread(choice[:200], "a choice that names no thing")
        return scene.things[int(tokens[0][1])]
    claims = _meaning(choice, scene)
    if not isinstance(claims, list) or len(claims) != 1:
        raise Unread(choice[:200], "a choice that claims not one thing")
    return claims[0]


def _scale(said: Sequence[str | AnyClue], query: AnyQuery, sentence: str) -> Any:
    """What the things are ordered by: the one scale to which all ends belong that are named."""
    plain: list[AnyPlain] = [c.clue if isinstance(c, Not) else c for c in said if not isinstance(c, str)]
    if isinstance(query, WhoIs):
        plain.append(query.where)
    ends = [c.towards if isinstance(c, Beyond) else c.end for c in plain if isinstance(c, Beyond | Place)]
    scales = {SCALE_OF[end] for end in ends}
    if len(scales) != 1:
        raise Unread(sentence[:200], f"ordered by {' and '.join(sorted(scales)) or 'nothing that is named'}")
    return scales.pop()
