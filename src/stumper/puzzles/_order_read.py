"""Reads orders in English by a grammar over a lexicon. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from lark import Token, Transformer, v_args
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS, meaning
from stumper.puzzles._meta import read_meta
from stumper.puzzles._order_language import (
    BLANK,
    MOST_THINGS,
    SCALE_OF,
    SCALES,
    AnyClue,
    AnyQuery,
    Between,
    Beyond,
    Gap,
    HowMany,
    Not,
    Number,
    Order,
    Place,
    WhereIs,
    Which,
    WhichOrder,
    WhoIs,
)
from stumper.puzzles._order_plain import plainer
from stumper.puzzles._order_rank import ranks
from stumper.types import Value

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
AMOUNTS = {"weighs": "weight", "weigh": "weight", "weighed": "weight", "costs": "price", "cost": "price"}
AMOUNTS |= {"scored": "score", "scores": "score"}
"""Verbs with more and less, and the scale of what they tell."""
DIGIT_ORDINALS = ("1st", "2nd", "3rd", *(f"{n}th" for n in range(4, MOST_THINGS + 1)))

GRAMMAR = r"""
?start: clauses | query | row
clauses: clause (_joint clause)*
_joint: "COMMA" | "COMMA"? ("AND" | "BUT" | "WHILE" | "WHEREAS")

clause: things _be "BOTH"? part (_also _be? part)*        -> said
      | things _came "BOTH"? ended (_also _came? ended)*  -> said
      | things _be "NEITHER" part "NOR" part              -> said_neither
      | things _came "NEITHER" ended "NOR" ended          -> said_neither
      | "NEITHER" THING "NOR" THING _be part              -> neither_said
      | "NEITHER" THING "NOR" THING _came ended           -> neither_said
      | things AMOUNTS amount_said (_also AMOUNTS? amount_said)*          -> amounted
      | "THERE" _be amount "NOUN"? "BETWEEN" THING "AND" THING    -> apart
      | amount "NOUN"? (_be | _came) "BETWEEN" THING "AND" THING  -> apart
      | amount "NOUN"? _be counted                        -> number
      | amount "NOUN"? _came counted_ended                -> number
      | "THERE" _be amount "NOUN" counted                 -> number
things: "BOTH"? THING (("COMMA" | "COMMA"? "AND") THING)*
amount: ("EXACTLY" | "ONLY")? NUMBER                      -> exactly
      | "AT" EXTREME NUMBER                               -> bounded
      | "NOBODY"                                          -> nobody
?counted: beyond
?counted_ended: finished_by
amount_said: (DEGREE | MORE) "THAN" things | "THE" (EXTREME | MOST)
_also: "AND" | "BUT"
_be: "BE"
_came: "CAME"

?part: "NOT" plain   -> negated
     | plain
?ended: "NOT" ending -> negated
      | ending
?plain: place | beyond | gap | between
?ending: finished | finished_by | gap | between

beyond: by? MORE "THAN" things                             -> compared
      | by? DEGREE GRADED "THAN" things                    -> graded
      | (by | "SOMEWHERE")? "TO" "THE" SIDE "OF" things    -> beside
      | by SIDE "OF" THING                                 -> beside
finished_by: by? AHEAD "OF"? things                        -> ahead
           | by? MORE "THAN" things                        -> ahead_by_rank
by: "IMMEDIATELY" | "EXACTLY"? NUMBER "PLACE"
place: "THE"? MOST "NOUN"? ("OF" "ALL")?                   -> extreme
     | "THE"? EXTREME GRADED "NOUN"?                       -> extreme_graded
     | "THE"? ORDINAL MOST "NOUN"?                         -> nth
     | "THE"? ORDINAL EXTREME GRADED "NOUN"?               -> nth_graded
     | ("IN" | "AT")? "THE"? ORDINAL "PLACE"? "FROM" "THE" SIDE "END"?  -> from_end
     | ("AT" | "ON") "THE" "FAR"? SIDE "END"?              -> at_end
     | finished
finished: "IN"? "THE"? ORDINAL "PLACE"?                    -> nth_place
        | "IN"? "THE"? LAST "PLACE"?                       -> last_place
        | "THE"? ORDINAL ("TO" | "FROM") LAST              -> nth_to_last
gap: "IMMEDIATELY"? "NEXT" "TO" THING
between: "SOMEWHERE"? "BETWEEN" THING "AND" THING

query: "WHICH" "OF" "THE" "FOLLOWING" "NOUN"? truth        -> which
     | "WHICH" "NOUN"? truth                               -> which
     | "WHICH" "NOUN"? ("OF" "THE" "NOUN")? (_be plain | _came ending)  -> who
     | ("IN" | "AT")? "WHICH" "PLACE" "DID" THING "CAME" "IN"?   -> where_finished
     | ("IN" | "AT")? "WHICH" "PLACE" _be THING "IN"? counted_from?      -> where
     | "WHICH" _be ("THE" "PLACE" "OF" THING | THING "POSS" "PLACE") counted_from?  -> where
     | "HOW" "MANY" "NOUN"? _be "THERE"? "SOMEWHERE"? "BETWEEN" THING "AND" THING   -> how_many_between
     | "HOW" "MANY" "NOUN"? _came "SOMEWHERE"? "BETWEEN" THING "AND" THING          -> how_many_between
     | "HOW" "MANY" "NOUN"? _be counted                    -> how_many
     | "HOW" "MANY" "NOUN"? _came counted_ended            -> how_many
     | "WHICH" _offered? SURE? "BE" _ordering "COMMA"? "FROM" "THE"? end "TO" "THE"? end  -> order
_offered: "OF" "THE" "FOLLOWING" "NOUN"?
_ordering: ("A" | "THE")? (POSSIBLE | TRUTH)? "ORDER" ("OF" "THE" "NOUN")?
counted_from: "FROM" "THE" (SIDE "END"? | MOST | LAST | ORDINAL)  -> end
end: SIDE | MOST | LAST | ORDINAL | EXTREME GRADED
truth: ("BE" | SURE "BE")? SURELY? TRUTH
row: THING ("COMMA"? "AND"? THING)+
%declare SURE POSSIBLE AMOUNTS THING MORE MOST GRADED AHEAD SIDE ORDINAL NUMBER DEGREE EXTREME LAST SURELY TRUTH
"""

Said = Callable[[str], tuple[AnyClue, ...]]
"""What is said of a thing, as clues about it."""


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    """From the tree of a sentence to clues, to the query or to a row. Raises Unread for what means nothing."""

    def __init__(self, things: Sequence[str], n: int) -> None:
        super().__init__()
        self._things, self._n = things, n

    def THING(self, token: Token) -> str:  # noqa: N802
        return self._things[int(token)]

    def NUMBER(self, token: Token) -> int:  # noqa: N802
        return NUMBERS.index(token) if token in NUMBERS else int(token)

    def ORDINAL(self, token: Token) -> int:  # noqa: N802
        return (ORDINALS if token in ORDINALS else DIGIT_ORDINALS).index(token) + 1

    def clauses(self, *clauses: list[AnyClue]) -> list[AnyClue]:
        return [clue for clause in clauses for clue in clause]

    def things(self, *things: str) -> tuple[str, ...]:
        return things

    def said(self, things: Sequence[str], *parts: Said) -> list[AnyClue]:
        return [clue for thing in things for part in parts for clue in part(thing)]

    def said_neither(self, things: Sequence[str], one: Said, other: Said) -> list[AnyClue]:
        return self.said(things, self.negated(one), self.negated(other))

    def neither_said(self, one: str, other: str, part: Said) -> list[AnyClue]:
        return self.said((one, other), self.negated(part))

    def exactly(self, number: int) -> tuple[int, int]:
        return number, number

    def bounded(self, extreme: str, number: int) -> tuple[int, int]:
        return (number, self._n) if extreme == "least" else (0, number)

    def nobody(self) -> tuple[int, int]:
        return 0, 0

    def apart(self, amount: tuple[int, int], one: str, other: str) -> list[AnyClue]:
        if amount[0] == amount[1]:
            return [Gap(who=one, of=other, things=amount[0])]
        return [Number(where=Between(who=BLANK, of=one, other=other), low=amount[0], high=amount[1])]

    def number(self, amount: tuple[int, int], part: Said) -> list[AnyClue]:
        return [Number(where=_beyond_alone(part), low=amount[0], high=amount[1])]

    def negated(self, part: Said) -> Said:
        def unsaid(who: str) -> tuple[AnyClue, ...]:
            clues = part(who)
            if len(clues) != 1:
                raise Unread(who, "may deny all or some of several things")
            return (clues[0].clue if isinstance(clues[0], Not) else Not(clue=clues[0]),)

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

    def amount_said(self, word: Token, *than: Sequence[str]) -> tuple[Token, Any]:
        return word, than[0] if than else None

    def amounted(self, things: Sequence[str], verb: Token, *found: Any) -> list[AnyClue]:
        clues: list[AnyClue] = []
        for each in found:
            if isinstance(each, Token):
                verb = each
                continue
            word, than = each
            low, high = SCALES[AMOUNTS[verb]]
            if word.type in ("MORE", "MOST"):
                end = (COMPARATIVES if word.type == "MORE" else SUPERLATIVES)[word]
                if end not in (low, high):
                    raise Unread(f"{verb} {word}")
            else:
                end = low if word in ("less", "least") else high
            clues += self.said(things, _beyond(end, than, ()) if than else _place(1, end))
        return clues

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
        return lambda who: (Gap(who=who, of=of, things=0),)

    def between(self, of: str, other: str) -> Said:
        return lambda who: (Between(who=who, of=of, other=other),)

    def truth(self, *words: Token) -> Which:
        said = {word.type: str(word) for word in words}
        sure, truth = said.get("SURE", "must"), said["TRUTH"] != "false"
        if sure == "cannot":
            if not truth or "SURELY" in said:
                raise Unread("cannot be", "may be meant in two ways")
            return Which(truth=False)
        if sure == "could" and "SURELY" in said:
            raise Unread("could be", "may be meant in two ways")
        return Which(truth=truth, certain=sure == "must")

    def which(self, query: Which) -> Which:
        return query

    def who(self, part: Said) -> WhoIs:
        (where,) = part(BLANK)
        if not isinstance(where, Beyond | Place | Gap | Between):
            raise Unread("asks what is not so")
        return WhoIs(where=where)

    def end(self, *words: Any) -> Any:
        if len(words) == 2:
            return GRADED[words[1]][words[0] == "least"]
        if words[0] == 1:
            return "first"
        if isinstance(words[0], int):
            raise Unread(ORDINALS[words[0] - 1], "no end")
        return SUPERLATIVES.get(words[0], str(words[0]))

    def where(self, who: str, *end: Any) -> WhereIs:
        if not end:
            raise Unread(who, "does not say from which end places are counted")
        return WhereIs(who=who, end=end[0])

    def where_finished(self, who: str, _: str | None = None) -> WhereIs:
        return WhereIs(who=who, end="first")

    def how_many_between(self, of: str, other: str) -> HowMany:
        return HowMany(where=Between(who=BLANK, of=of, other=other))

    def how_many(self, part: Said) -> HowMany:
        return HowMany(where=_beyond_alone(part))

    def order(self, *found: Any) -> WhichOrder:
        *words, end, other = found
        said = {word.type: str(word) for word in words}
        if (end, other) not in SCALES.values() and (other, end) not in SCALES.values():
            raise Unread(str(end), "not from one end to the other")
        if said.get("SURE") == "cannot" or said.get("TRUTH") == "false":
            raise Unread("cannot be", "asks for an order that is not")
        return WhichOrder(end=end, certain="POSSIBLE" not in said and said.get("SURE", "must") == "must")

    def row(self, *things: str) -> tuple[str, ...]:
        return things


def _beyond(end: Any, than: str | Sequence[str], by: Sequence[int]) -> Said:
    others = (than,) if isinstance(than, str) else tuple(than)
    if by and len(others) > 1:
        raise Unread(others[-1], "cannot be that far from several things")
    return lambda who: tuple(Beyond(who=who, towards=end, than=other, by=by[0] if by else None) for other in others)


def _beyond_alone(part: Said) -> Beyond:
    """Of which things it is said, where they are counted."""
    (clue,) = part(BLANK)
    if not isinstance(clue, Beyond) or clue.by is not None:
        raise Unread("counts what has one place")
    return clue


def _place(place: int, end: Any) -> Said:
    return lambda who: (Place(who=who, place=place, end=end),)


_WORDS: Mapping[str, Iterable[str]] = {
    "MORE": COMPARATIVES,
    "MOST": SUPERLATIVES,
    "GRADED": GRADED,
    "AHEAD": AHEAD,
    "SIDE": SIDES,
    "ORDINAL": (*ORDINALS, *DIGIT_ORDINALS),
    "NUMBER": NUMBERS,
    "DEGREE": ("more", "less"),
    "EXTREME": ("most", "least"),
    "LAST": ("last",),
    "BE": ("be", "is", "are", "was", "were", "sits", "sit", "stands", "stand", "lies", "lie"),
    "CAME": ("finished", "came", "ranked", "placed", "finish", "come", "rank"),
    "AMOUNTS": AMOUNTS,
    "SURE": ("must", "could", "can", "may", "might", "cannot"),
    "POSSIBLE": ("possible",),
    "NOBODY": ("nobody", "no", "none"),
    "POSS": ("'s",),
    "PLACE": ("place", "places", "position", "positions", "spot", "spots", "seat", "seats"),
    "IMMEDIATELY": ("immediately", "directly", "just"),
    "SURELY": ("certainly", "definitely", "necessarily"),
    "TRUTH": ("true", "correct", "false"),
    "WHICH": ("which", "who", "what"),
    "NOUN": (
        *("thing", "things", "item", "items", "object", "objects", "statement", "statements", "people", "person"),
        *("runner", "runners", "racer", "racers", "contestant", "contestants", "competitor", "competitors"),
        *("participant", "participants", "candidate", "candidates", "friend", "friends", "student", "students"),
        *("player", "players"),
    ),
    **{
        word.upper(): (word,)
        for word in (
            *("the", "of", "to", "from", "in", "at", "on", "than", "and", "but", "while", "whereas", "not", "both"),
            *("neither", "nor", "there", "exactly", "between", "somewhere", "next", "end", "far", "following"),
            *("all", "only", "a", "how", "many", "did", "order"),
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


WORD = re.compile(r"'s\b|[^\W_]+(?:'(?!s\b)[^\W_]+)?|\S")
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
ARTICLE = re.compile(r"^(?:an?|the)\s+(?=\S)")
MEASURE = r"(?:age|height|weight|price|cost|speed|size|score|time|rank|place|position)s?"
DISTINCT = re.compile(
    rf"(?:,? ?(?:and )?(?:each|all|every one)(?: of (?:them|which|whom|these|the \w+))?"
    rf"(?: (?:is|are|was|were|has|had|have))?"
    rf"(?: of| with| having| at| in)? (?:an? )?different {MEASURE}"
    rf"|,? ?(?:and )?no two(?: of (?:them|which|whom|the \w+))?(?: \w+)?"
    rf" (?:are|were|is|was|have|had|has|finished|came)"
    rf"(?: of| in| at| with)? (?:the )?same {MEASURE}"
    rf"|,? ?(?:and )?(?:there (?:are|were) |with )no ties)",
    re.IGNORECASE,
)
"""What goes without saying here: no two things share a place."""
TELLING = frozenset(
    {
        *("order", "alphabetical", "reverse", "tie", "ties", "tied", "same", "equal", "equally", "random", "twice"),
        *("except", "unless", "if", "or", "no", "not", "never", "each", "every", "half", "double", "respectively"),
        *("among", "including", "include", "included", "such", "others", "other", "next", "between"),
        *("some", "any", "than", "sit", "sits", "sat", "sitting", "seated", "facing", "faces", "face", "faced"),
    }
)
"""Words of an opening that may say something about the order, or whose left is meant: with them it is no mere scene."""


def read(stem: str, choices: Sequence[str]) -> Order:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > MOST_THINGS:
        raise Unread(choices[0][:80], f"more than {MOST_THINGS} choices")
    text = _plain(stem)
    if (ranked := ranks(text, [_plain(choice) for choice in choices])) is not None:
        return ranked
    if all(move.search(text) for move in MOVES):
        raise Unread(text[:200], "orders by leaving and by arriving may differ")
    first, *rest = [s for s in SENTENCE_END.split(text) if s] or [""]
    try:
        scene = _scene(first)
    except Unread as unread:
        scene = _named(text, [_plain(choice) for choice in choices], unread)
        rest = [first, *rest]
    clues: list[AnyClue] = []
    said: list[str] = []
    query: AnyQuery | None = None
    mentioned: list[str] = []
    for before, sentence in zip(["", *rest], rest, strict=False):
        if query is not None:
            raise Unread(sentence[:200], "stands behind the question")
        if DISTINCT.fullmatch(sentence.rstrip(". ")) or _is_scene(sentence, scene, opens=not clues):
            mentioned = _mentioned(sentence, scene)
            continue
        for found in _meanings(_filled(sentence, before), scene, mentioned):
            if isinstance(found, list):
                clues += found
                said += [sentence] * len(found)
            elif isinstance(found, tuple) or query is not None:
                raise Unread(sentence[:200])
            else:
                query = found
        mentioned = _mentioned(sentence, scene)
    if query is None:
        raise Unread((rest or [first])[-1][:200], "no question")
    if isinstance(query, Which | WhichOrder) and not choices:
        raise Unread(rest[-1][:200], "asks for one of its choices and has none")
    answers = tuple(read_meta(choice) or _choice(_plain(choice), query, scene) for choice in choices)
    claims = [answer for answer in answers if isinstance(answer, Value)]
    try:
        return Order(
            scale=_scale([*clues, *claims], query, rest[-1]),
            things=scene.things,
            clues=tuple(clues),
            query=query,
            choices=answers,
            said=tuple(said),
        )
    except ValidationError as error:
        raise Unread(rest[-1][:200], error.errors()[0]["msg"]) from error


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()


OPENING = (
    re.compile(r"^(?P<before>[^:(]*)[:(](?P<list>[^:()]*)\)?(?P<after>[^:()]*)\.$"),
    re.compile(
        r"^(?P<before>(?:\w+ ){1,8}?\w+),? ?(?:[,\N{EN DASH}\N{EM DASH}-] |(?<=s) )"
        r"(?P<list>(?:[^\W\d_][\w' ]*?, )*[^\W\d_][\w' ]*?,? and (?:an? |the )?[\w']+)"
        r"(?P<after>(?:,| [\N{EN DASH}\N{EM DASH}-])?(?: [^,:]*)?)\.$"
    ),
    re.compile(
        r"^(?P<list>(?:[^\W\d_][\w']*, )*[^\W\d_][\w']*,? and [\w']+)(?P<before> (?:are|were|ran|finished|took) [^,:]*)"
        r"(?P<after>)\.$"
    ),
)
"""`there are five birds: a quail, an owl ...`, `Five friends, Ana, Bo ... and Di, ran a race`, and
`Ana, Bo ... and Di are friends`, which is the only one that may give no number."""


def _scene(sentence: str) -> _Scene:
    """A place or an event, a number, a noun and a list of that many things. Raises Unread."""
    told = DISTINCT.sub("", sentence)
    words = [word.casefold() for word in WORD.findall(told)]
    if set(words) & {*TELLING, *COMPARATIVES, *SUPERLATIVES, *AHEAD}:
        raise Unread(sentence[:200], "the opening says more than what there is")
    found = next((match for opening in OPENING if (match := opening.fullmatch(told))), None)
    if found is None:
        raise Unread(sentence[:200])
    before = WORD.findall(found["before"].casefold())
    around = [*before, *WORD.findall(found["after"].casefold())]
    listed = [ARTICLE.sub("", item.strip()) for item in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["list"].strip())]
    numbers = [i for i, word in enumerate(before) if word in NUMBERS or word.isdigit()]
    listed_first = found.start("list") == 0
    if len(numbers) != 1 - listed_first and (len(numbers) != 1 or numbers[0] + 1 >= len(before)):
        raise Unread(sentence[:200], "no number of things")
    number = before[numbers[0]] if numbers else str(len(listed))
    if (NUMBERS.index(number) if number in NUMBERS else int(number[:3])) != len(listed):
        raise Unread(sentence[:200], f"lists {len(listed)} things, not {number}")
    if not 2 <= len(listed) <= MOST_THINGS or len({item.casefold() for item in listed}) < len(listed):
        raise Unread(sentence[:200], f"2 to {MOST_THINGS} different things are read")
    if any(set(item.casefold().split()) & set(LEXICON) for item in listed if not _is_letter(item)):
        raise Unread(sentence[:200], "a thing's name has another meaning too")
    written = WORD.findall(found["before"] + found["after"])
    if any(item in written if _is_letter(item) else item.casefold() in around for item in listed):
        raise Unread(sentence[:200], "says more of a thing than that it is there")
    noun = before[numbers[0] + 1] if numbers else around[-1]
    names = tuple(tuple(item.casefold().replace("-", " ").split()) for item in listed)
    return _Scene(tuple(listed), names, frozenset({noun, noun.removesuffix("s"), noun.removesuffix("es")}))


def _is_letter(item: str) -> bool:
    """A name of one capital letter: "A" is no article where it is one of the things."""
    return len(item) == 1 and item.isupper()


OPENERS = frozenset(
    "in on at if of the a an all no each every which who what arrange exactly between there it he she they their this "
    "these some only neither both either everyone nobody two three four five six seven eight nine ten how where when "
    "while but and so then suppose consider after before rank order list put as for from during one".split()
)
COUNTED = re.compile(
    rf"\b({'|'.join(NUMBERS[2:])}|\d+) (?:\w+ )?"
    r"((?!is\b|was\b|has\b|does\b|as\b|less\b)\w+s|people|children|men|women)\b",
    re.IGNORECASE,
)
SPEAKING = frozenset(
    "statement statements claim claims clue clues fact facts remark remarks sentence sentences hint hints "
    "following true untrue false wrong lie lies lied liar nothing nobody believe believes said says told thinks heard "
    "circle round".split()
)
"""Words about what is said, which may be that it is not so; and of circles, which have no ends."""
PART = frozenset("girl boy man woman lady gentleman male female girls boys men women males females".split())
MOVES = (
    re.compile(r"\b(?:leaves?|departs?|departed)\b", re.I),
    re.compile(r"\b(?:arrive[sd]?|finish(?:ed|es)?)\b", re.I),
)
PLACES = frozenset(
    "beat beats won wins outscored defeated front back top bottom ahead behind remaining listed sorted arranged ranked "
    "ordered alphabetically succession turn turns twins them".split()
)


def _named(text: str, choices: Sequence[str], unread: Unread) -> _Scene:
    """The things of a text that does not list them: whoever is named, or what the choices name. Raises Unread."""
    counted = COUNTED.search(text)
    noun = counted[2].casefold() if counted else ""
    one = {"people": "person", "children": "child"}.get(noun, noun.removesuffix("s"))
    whole = " ".join((text, *choices))
    known = {*LEXICON, *SUPERLATIVES, *COMPARATIVES, *ORDINALS, *NUMBERS}
    typed = re.findall(rf"\bthe ([^\W\d_]+) {one}\b", whole, re.IGNORECASE) if one else []
    typed = [word for word in typed if word.casefold() not in known]
    things = [f"{word} {one}" for word in dict.fromkeys(typed)] or _capitals(text, whole, known)
    if len(things) < 2:
        bare = [ARTICLE.sub("", choice.rstrip(". ")) for choice in choices]
        things = [word for word in bare if re.fullmatch(r"[^\W\d_]+", word) and word.casefold() in text.casefold()]
    number = None
    if counted:
        word = counted[1].casefold()
        number = NUMBERS.index(word) if word in NUMBERS else int(word[:3])
    if not 2 <= len(things) <= MOST_THINGS or (number is not None and number != len(things)):
        raise unread
    names = tuple(tuple(thing.casefold().replace("-", " ").split()) for thing in things)
    return _Scene(tuple(things), names, frozenset({noun, one} - {""}))


def _capitals(text: str, whole: str, known: set[str]) -> list[str]:
    found: dict[str, None] = {}
    for match in re.finditer(r"[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:-[^\W\d_]+)*", text):
        word = match[0]
        begins = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".?!:"
        if word.casefold() in known | OPENERS and not _is_letter(word):
            continue
        if _is_letter(word) and (word == "I" or (begins and word == "A")):
            continue
        acts = re.match(
            r"(?: (?:is|are|was|were|came|finished|has|did|costs?|weighs|beat|scored|and [A-Z])\b|, [A-Z])",
            text[match.end() :],
        )
        if not begins or acts or len(re.findall(rf"\b{re.escape(word)}\b", whole)) > 1:
            found[word] = None
    return list(found)


def _mentioned(sentence: str, scene: _Scene) -> list[str]:
    """The things that a sentence names, in its order."""
    at = {thing: re.search(rf"\b{re.escape(thing)}\b", sentence, re.IGNORECASE) for thing in scene.things}
    return sorted((thing for thing, match in at.items() if match), key=lambda thing: at[thing].start())  # type: ignore[union-attr]


def _is_scene(sentence: str, scene: _Scene, opens: bool) -> bool:
    """Whether a sentence only tells what there is: it names all the things or none, and no place or comparison.

    `opens`: no clue stands before it. Behind a clue, words that are not known may take it back.
    """
    if sentence.endswith("?") or len(_mentioned(sentence, scene)) not in (0, len(scene.things)):
        return False
    try:
        plain = " ".join(plainer(re.sub(r"\b(?:his|her|their|hers|theirs)\b", "", sentence), scene.things, ()))
    except Unread:
        return False
    if not opens and WORD.findall(DISTINCT.sub("", plain)):
        return False
    words = {word.casefold() for word in WORD.findall(DISTINCT.sub("", plain))}
    telling = {
        *TELLING,
        *COMPARATIVES,
        *SUPERLATIVES,
        *AHEAD,
        *ORDINALS,
        *GRADED,
        *PLACES,
        "last",
        "left",
        "right",
        *SPEAKING,
    }
    return not words & telling and not re.match(r"(?:which|arrange|order|rank|list|put)\b", plain, re.IGNORECASE)


def _filled(sentence: str, before: str) -> str:
    """ "Petar is", behind "Nkem is not the tallest"."""
    short = re.fullmatch(r"([\w' -]+) (is|was|does|did)[.;]?", sentence)
    denied = re.search(r"\b(?:is|was|does|did) not ([^,;.]+)[;.]?$", before)
    return f"{short[1]} {short[2]} {denied[1]}." if short and denied else sentence


def _meanings(sentence: str, scene: _Scene, before: Sequence[str]) -> list[list[AnyClue] | tuple[str, ...] | AnyQuery]:
    """What a sentence says: as it stands, or else put into plainer ones. Raises Unread."""
    if any(" " in thing for thing in scene.things):
        kind = scene.things[0].split(" ")[-1]
        sentence = re.sub(r"\b(the \w+) one\b", rf"\1 {kind}", sentence, flags=re.IGNORECASE)
    try:
        return [_meaning(sentence, scene)]
    except Unread as unread:
        asked = re.match(
            r"(?:which|what|how many(?: of the)? other) (\w+) (?:is|was|are|were|came|finished|costs|weighs)\b",
            sentence,
            re.I,
        )
        noun = asked[1].casefold() if asked else ""
        # "Which girl" asks for one of the girls alone, unless all are called so.
        if noun and noun not in LEXICON and noun not in scene.nouns and (scene.nouns or noun in PART):
            raise
        whether = re.fullmatch(r"if (.+), ((?:who|which|what|where|how)\b.+\?)", sentence, re.IGNORECASE)
        parts = [whether[1], whether[2]] if whether else [sentence]
        plain = [one for part in parts for one in plainer(part, scene.things, before)]
        if plain == [sentence.rstrip(".?! ")]:
            raise
        try:
            return [_meaning(one, scene) for one in plain]
        except Unread as other:
            raise Unread(sentence[:200], other.why) from unread


def _meaning(sentence: str, scene: _Scene) -> list[AnyClue] | tuple[str, ...] | AnyQuery:
    tokens = _tokens(sentence, scene)
    # Numbered as they occur, so that sentences of one form are parsed once whatever they are about.
    named = list(dict.fromkeys(word for kind, word in tokens if kind == "THING"))
    form = tuple((kind, str(named.index(word)) if kind == "THING" else word) for kind, word in tokens)
    transformer = _Meaning([scene.things[int(word)] for word in named], len(scene.things))
    return cast("list[AnyClue] | tuple[str, ...] | AnyQuery", meaning(GRAMMAR, form, transformer, sentence))


def _tokens(sentence: str, scene: _Scene) -> list[tuple[str, str]]:
    """(kind, word) of each word; a thing's name is one token, with its article, and its word is the thing's number."""
    words = WORD.findall(re.sub(r"\bcan(?:'t| not)\b", "cannot", sentence.rstrip(".?!; ").replace("-", " ")))
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    plain = [word.casefold() for word in words]

    def called(at: int) -> int | None:
        """The thing with the longest name that stands here."""
        found = [
            i
            for i, name in enumerate(scene.names)
            if plain[at : at + len(name)] == list(name) and (not _is_letter(scene.things[i]) or words[at].isupper())
        ]
        return max(found, key=lambda i: len(scene.names[i]), default=None)

    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(plain):
        start = at
        thing = called(at)
        if thing is None and plain[at] in ("the", "a", "an"):
            start = at + 1
            thing = called(start)
        if thing is not None:
            tokens.append(("THING", str(thing)))
            at = start + len(scene.names[thing])
            continue
        word = plain[at]
        kind = "NOUN" if word in scene.nouns else "NUMBER" if word in DIGITS else LEXICON.get(word)
        if kind is None:
            raise Unread(sentence[:200], f"the word {word[:30]!r} is not known here")
        tokens.append((kind, word))
        at += 1
    return tokens


DIGITS = frozenset(map(str, range(MOST_THINGS + 1)))


def _choice(choice: str, query: AnyQuery, scene: _Scene) -> str | int | tuple[str, ...] | AnyClue:
    """What a choice says as an answer. Raises Unread."""
    tokens = [] if isinstance(query, Which) else _tokens(choice, scene)
    match query:
        case WhoIs():
            if [kind for kind, _ in tokens] in (["THING"], ["THE", "THING"]):
                return scene.things[int(tokens[0][1])]
        case WhereIs():
            kinds = [kind for kind, _ in tokens if kind not in ("THE", "PLACE", "IN")]
            words = [word for kind, word in tokens if kind in ("ORDINAL", "NUMBER", "LAST")]
            if kinds == ["ORDINAL"]:
                return (ORDINALS if words[0] in ORDINALS else DIGIT_ORDINALS).index(words[0]) + 1
            if kinds == ["LAST"] and query.end == "first":
                return len(scene.things)
            if kinds == ["NUMBER"] and words[0].isdigit():
                return int(words[0])
        case HowMany():
            words = [word for kind, word in tokens if kind == "NUMBER"]
            if [kind for kind, _ in tokens if kind != "NOUN"] == ["NUMBER"]:
                return NUMBERS.index(words[0]) if words[0] in NUMBERS else int(words[0])
            if [kind for kind, _ in tokens if kind != "NOUN"] == ["NOBODY"]:
                return 0
        case WhichOrder():
            found = _meaning(choice, scene)
            if isinstance(found, tuple) and sorted(found) == sorted(scene.things):
                return found
        case Which():
            claims = [clue for each in _meanings(choice, scene, ()) if isinstance(each, list) for clue in each]
            if len(claims) == 1:
                return claims[0]
            raise Unread(choice[:200], "a choice that claims not one thing")
    raise Unread(choice[:200], "a choice that is no answer")


def _scale(said: Sequence[AnyClue], query: AnyQuery, sentence: str) -> Any:
    """What the things are ordered by: the one scale to which all ends belong that are named."""
    plain: list[Any] = [clue.clue if isinstance(clue, Not) else clue for clue in said]
    if isinstance(query, WhoIs | HowMany):
        plain.append(query.where)
    if isinstance(query, WhereIs | WhichOrder):
        plain.append(query)
    plain = [clue.where if isinstance(clue, Number) else clue for clue in plain]
    ends = [end for clue in plain if (end := getattr(clue, "towards", None) or getattr(clue, "end", None))]
    scales = {SCALE_OF[end] for end in ends}
    if len(scales) != 1:
        raise Unread(sentence[:200], f"ordered by {' and '.join(sorted(scales)) or 'nothing that is named'}")
    return scales.pop()
