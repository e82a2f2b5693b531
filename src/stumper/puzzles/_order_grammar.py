"""The grammar of orders, and what its trees mean."""

from collections.abc import Callable, Sequence
from typing import Any

from lark import Token, Transformer, v_args

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._order_language import (
    BLANK,
    SCALES,
    AnyClue,
    Between,
    Beyond,
    Gap,
    HowMany,
    Not,
    Number,
    Place,
    WhereIs,
    Which,
    WhichOrder,
    WhoIs,
)
from stumper.puzzles._order_words import AHEAD, AMOUNTS, COMPARATIVES, DIGIT_ORDINALS, GRADED, SUPERLATIVES

GRAMMAR = r"""
?start: clauses | query | row
clauses: clause (_joint clause)*
_joint: "COMMA" | "COMMA"? ("AND" | "BUT" | "WHILE" | "WHEREAS")

clause: things _be "BOTH"? part (_also _be? part)* (_also _came ended)*       -> said
      | things _came "BOTH"? ended (_also _came? ended)* (_also _be part)*  -> said
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
_also: "COMMA"? ("AND" | "BUT")
_be: "BE"
_came: "CAME"

?part: "NOT" plain   -> negated
     | plain
?ended: "NOT" ending -> negated
      | ending
?plain: place | beyond | gap | between | in_front
in_front: by? AHEAD "OF"? things                           -> ahead
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
     | ("IN" | "AT") "THE" MOST "PLACE"                    -> extreme
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
class Meaning(Transformer[Token, Any]):
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
