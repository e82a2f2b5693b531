"""Reads talk of truth-tellers and liars by a grammar. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from lark import Token, Transformer, v_args
from pydantic import TypeAdapter, ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, meaning
from stumper.puzzles._meta import read_meta
from stumper.puzzles._truth_language import (
    MOST_PEOPLE,
    AnyClaim,
    AnyQuery,
    Both,
    Count,
    Culprit,
    Did,
    HowMany,
    If,
    Iff,
    Is,
    Lies,
    Name,
    Not,
    Or,
    Role,
    RoleOf,
    Same,
    Says,
    Talk,
    Which,
    Who,
    WhoAll,
    Would,
)
from stumper.puzzles._truth_scene import LISTED, NAME, PLURALS, ROLES, VERB, WAY, WORD, people_in, prepared, scene

MOST_CHARACTERS = 3000
MOST_WORDS = 50
"""Of a stem, and of a sentence."""

ORDER: tuple[Role, ...] = ("truth-teller", "liar", "spy", "alternator", "half")

GRAMMAR = """
?start: claim | query | scene
?claim: "IF" part "COMMA"? "THEN"? part                  -> conditional
     | part "IF" part                                    -> conversely
     | part "IF" "AND" "ONLY" "IF" part                  -> equivalent
     | part (("COMMA" | "COMMA"? ("AND" | "BUT")) part)* -> claims
     | "EITHER"? part "COMMA"? "OR" part                 -> either
     | "EITHER"? part "COMMA"? "OR" part "COMMA"? "OR" "BOTH"         -> at_least_one
     | "EITHER"? part "COMMA"? "OR" part "COMMA"? "BUT" "NOT" "BOTH"  -> just_one
     | "IF" "YOU" "ASK" NAME "COMMA"? "HE" "WOULD" "SAY" "THAT"? part -> would
     | "EITHER"? NAME "OR" NAME _be_a ROLE               -> either_is
     | "EITHER"? NAME "OR" NAME DID                      -> either_did
     | NAME "WOULD" "SAY" "THAT"? part                   -> would
     | "IT" "BE" "NOT" "TRUE" "THAT" part                -> untrue
     | "IT" "BE" "FALSE" "THAT" part                     -> untrue
?part: NAME _be_a ROLE                                   -> is_role
     | NAME "BE" "NOT" "A" ROLE                          -> is_not_role
     | NAME "BE"? (LYING | TRUTHFUL)                     -> is_lying
     | NAME "BE" "NOT" (LYING | TRUTHFUL)                -> is_not_lying
     | NAME DID                                          -> did
     | "IT" "BE" NAME                                    -> did
     | NAME NOT_DID                                      -> did_not
     | "NEITHER" NAME "NOR" NAME _be_a ROLE              -> neither
     | "NEITHER" NAME "NOR" NAME DID                     -> neither_did
     | names "BE" "BOTH"? ROLES                          -> are
     | "WE" "BE" ("BOTH" | "ALL")? ROLES                 -> we_are
     | "BOTH" ("OF" group)? "BE" ROLES                   -> both_are
     | "BOTH"? names "BE" "BOTH"? "OF"? "THE" "SAME" "KIND"          -> same
     | "WE" "BE" "BOTH"? "OF"? "THE" "SAME" "KIND"                   -> we_same
     | names "BE" "OF"? ("A" | "THE")? "DIFFERENT" "KIND"            -> different
     | "WE" "BE" "OF"? ("A" | "THE")? "DIFFERENT" "KIND"             -> we_differ
     | BOUND? NUMBER "OF" group "BE" "A"? (ROLE | ROLES)             -> count
     | BOUND? NUMBER "OF" group "BE"? (LYING | TRUTHFUL)             -> count_lying
     | BOUND? NUMBER (ROLE | ROLES) "AMONG" group                    -> count_among
     | "THERE" "BE" BOUND? NUMBER (ROLE | ROLES) ("AMONG" group)?    -> there_are
     | BOUND? NUMBER "OF" "THE" NUMBER? "STATEMENT" "BE" (TRUE | FALSE)  -> count_statements
     | "ALL" "BE" ROLES                                              -> every
     | "ONLY" NAME _be_a ROLE                                        -> only
     | NAME "BE" "THE" "ONLY" ROLE                                   -> only
     | ("ALL" | "EACH") "OF" group "BE" ("A" ROLE | ROLES)           -> all_are
     | "NONE" "OF" group "BE" ("A" ROLE | ROLES)         -> none_are
_be_a: "BE" "A"
group: "US" -> everybody
     | names
names: NAME ("COMMA" NAME)* "COMMA"? "AND" NAME

query: "WHAT" "BE" "A"? NAME                            -> role_of
     | ("WHAT" | "WHICH") "KIND" ("OF" "PERSON")? "BE" NAME  -> role_of
     | ("WHO" | "WHICH" "PERSON") "BE" ("A" | "THE") ROLE    -> who
     | "WHICH" "OF" group "BE" ("A" | "THE") ROLE   -> who_of
     | ("WHO" | "WHICH" "OF" group) "BE" "THE"? ROLES   -> who_all
     | "WHO" "BE"? (TRUTHFUL | LYING)                   -> who_lies
     | "WHICH" "OF" group "BE"? (TRUTHFUL | LYING)      -> who_lies
     | "WHO" DID                                        -> culprit
     | "WHICH" ("OF" group | "PERSON") DID            -> culprit
     | "HOW" "MANY" "OF" group "BE" ROLES               -> how_many
     | "HOW" "MANY" ROLES "BE" "THERE" ("AMONG" group)? -> how_many_there
     | "WHICH" ("OF" "THE" "FOLLOWING")? "STATEMENT"? SURE? "BE"? SURELY? (TRUE | FALSE)  -> which
     | "WHAT" "BE" names                                -> which_of

scene: _place? told (("COMMA" | "COMMA"? ("AND" | "WHILE" | "BUT")) told)*    -> definition
     | _place? "YOU" "MEET" NUMBER (WORD | "PERSON") _colon names               -> meeting
     | _place? "THERE" "BE" NUMBER (WORD | "PERSON") _colon names               -> meeting
     | _place? "THERE" "BE" NUMBER "KIND" _of_people? _colon told_who "COMMA"? "AND" told_who -> definition
     | _place? "EACH" ("OF" (names | "US") | WORD | "PERSON") "BE" "EITHER"? choice          -> kinds
     | _place? "ALL" "OF"? "THE"? (WORD | "PERSON") "BE" "EITHER"? ROLES "OR" ROLES          -> all_kinds
     | names "BE" "EACH" "EITHER"? choice                                                    -> kinds
     | "EACH" ("OF" (names | "US") | WORD | "PERSON") MAKES TWO_HALVES                       -> halves
told: (ROLES | "A" ROLE) (TRUTHFUL | LYING | EITHER_WAY | BY_TURNS)
told_who: ROLES "COMMA"? ("WHO" (TRUTHFUL | LYING | EITHER_WAY | BY_TURNS) "COMMA"?)?   -> role_told
choice: role_told "OR" role_told | "A" ROLE "COMMA" "A"? ROLE "COMMA"? "OR" "A"? ROLE
role_told: "A"? ROLE "COMMA"? ("WHO" (TRUTHFUL | LYING) "COMMA"?)?
_place: ("IN" | "ON") ("A" | "THE") _word _word? ("OF" ROLES "AND" ROLES)? "COMMA"
_word: "WORD"
_colon: "COLON" | "COMMA"
_of_people: "OF" ("PERSON" | "WORD")
%declare NAME ROLE ROLES BOUND NUMBER TRUTHFUL LYING EITHER_WAY BY_TURNS SURELY SURE TRUE FALSE WORD DID NOT_DID
%declare MAKES TWO_HALVES
"""
LEXICON = {
    word: kind
    for kind, words in {
        "BE": ("is", "are", "be", "were", "was"),
        "A": ("a", "an"),
        "THE": ("the",),
        "NOT": ("not",),
        "AND": ("and",),
        "BUT": ("but",),
        "OR": ("or",),
        "NEITHER": ("neither",),
        "NOR": ("nor",),
        "IF": ("if",),
        "THEN": ("then",),
        "ONLY": ("only",),
        "OF": ("of",),
        "BOTH": ("both",),
        "EITHER": ("either",),
        "SAME": ("same",),
        "DIFFERENT": ("different",),
        "KIND": ("kind", "kinds", "type", "types"),
        "STATEMENT": ("statement", "statements", "claim"),
        "AMONG": ("among",),
        "ALL": ("all",),
        "NONE": ("none",),
        "WE": ("we",),
        "US": ("us", "them"),
        "WHAT": ("what",),
        "WHO": ("who",),
        "WHICH": ("which",),
        "PERSON": ("person", "people"),
        "HOW": ("how",),
        "MANY": ("many",),
        "IT": ("it",),
        "THAT": ("that",),
        "THERE": ("there",),
        "FOLLOWING": ("following",),
        "SURE": ("must", "could", "can", "may", "might", "cannot"),
        "SURELY": ("certainly", "definitely", "necessarily"),
        "TRUE": ("true",),
        "FALSE": ("false",),
        "WHILE": ("while", "whereas"),
        "WOULD": ("would",),
        "SAY": ("say", "claim"),
        "ASK": ("ask", "asked"),
        "HE": ("he", "she", "they"),
        "YOU": ("you",),
        "MEET": ("meet", "encounter", "see"),
        "EACH": ("each", "every"),
        "MAKES": ("makes", "made", "make"),
        "IN": ("in",),
        "ON": ("on",),
        "NUMBER": NUMBERS[: MOST_PEOPLE + 1],
        "COMMA": (",",),
        "COLON": (":",),
    }.items()
    for word in words
}
PHRASES: dict[tuple[str, ...], list[tuple[str, str]]] = {
    ("only", "one"): [("BOUND", "exactly"), ("NUMBER", "one")],
    ("which", "one"): [("WHICH", "which")],
    ("only", "two"): [("BOUND", "exactly"), ("NUMBER", "two")],
}
PHRASES |= {
    tuple(words.split()): [(kind, said)]
    for words, kind, said in (
        ("at least", "BOUND", "least"),
        ("at most", "BOUND", "most"),
        ("exactly", "BOUND", "exactly"),
        ("always tells the truth", "TRUTHFUL", "truth"),
        ("always tell the truth", "TRUTHFUL", "truth"),
        ("tells the truth", "TRUTHFUL", "truth"),
        ("tell the truth", "TRUTHFUL", "truth"),
        ("telling the truth", "TRUTHFUL", "truth"),
        ("always truthful", "TRUTHFUL", "truth"),
        ("always lies", "LYING", "lie"),
        ("always lie", "LYING", "lie"),
        ("lies", "LYING", "lie"),
        ("lie", "LYING", "lie"),
        ("lying", "LYING", "lie"),
        ("can say anything", "EITHER_WAY", "anything"),
        ("may say anything", "EITHER_WAY", "anything"),
        ("can either lie or tell the truth", "EITHER_WAY", "anything"),
        ("can lie or tell the truth", "EITHER_WAY", "anything"),
        ("may lie or tell the truth", "EITHER_WAY", "anything"),
        ("sometimes lie and sometimes tell the truth", "EITHER_WAY", "anything"),
        ("alternate between telling the truth and lying", "BY_TURNS", "turns"),
        ("alternate between truth and lies", "BY_TURNS", "turns"),
        ("alternate between true and false statements", "BY_TURNS", "turns"),
        ("alternates between telling the truth and lying", "BY_TURNS", "turns"),
        ("alternates between true and false statements", "BY_TURNS", "turns"),
        ("two statements , one true and one false", "TWO_HALVES", "halves"),
        ("two statements , one of which is true and one of which is false", "TWO_HALVES", "halves"),
        ("two statements , one of which is true and the other false", "TWO_HALVES", "halves"),
        ("exactly one true and one false statement", "TWO_HALVES", "halves"),
        ("one true and one false statement", "TWO_HALVES", "halves"),
        ("one true statement and one false statement", "TWO_HALVES", "halves"),
        ("did it", "DID", "did"),
        ("did not do it", "NOT_DID", "not"),
    )
}
REFUSED = frozenset(
    {"never", "sometimes", "except", "unless", "most", "least", "alternates", "turns", "always", "other"}
)


class _Defined(NamedTuple):
    """What a sentence of the scene tells: who is there, which roles there are."""

    people: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def __init__(
        self, people: tuple[str, ...], mixed: bool, speaker: str | None, said: Mapping[str, AnyClaim] | None = None
    ) -> None:
        super().__init__()
        self._people, self._mixed, self._speaker, self._said = people, mixed, speaker, said or {}

    def ROLE(self, token: Token) -> Role:  # noqa: N802
        return ROLES[token]

    def ROLES(self, token: Token) -> Role:  # noqa: N802
        return PLURALS[token]

    def NUMBER(self, token: Token) -> int:  # noqa: N802
        return NUMBERS.index(token)

    def NAME(self, token: Token) -> str:  # noqa: N802
        return str(token)

    def names(self, *names: str) -> tuple[str, ...]:
        return names

    def everybody(self) -> tuple[str, ...]:
        return self._people

    def group(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return names

    def conditional(self, condition: AnyClaim, then: AnyClaim) -> AnyClaim:
        return If(condition=condition, then=then)

    def conversely(self, then: AnyClaim, condition: AnyClaim) -> AnyClaim:
        return If(condition=condition, then=then)

    def equivalent(self, one: AnyClaim, other: AnyClaim) -> AnyClaim:
        return Iff(one=one, other=other)

    def claims(self, *parts: AnyClaim) -> AnyClaim:
        flat = [p for part in parts for p in (part.parts if isinstance(part, Both) else (part,))]
        return flat[0] if len(flat) == 1 else Both(parts=tuple(flat))

    def either(self, one: AnyClaim, other: AnyClaim) -> AnyClaim:
        return Or(one=one, other=other)

    def at_least_one(self, one: AnyClaim, other: AnyClaim) -> AnyClaim:
        return Not(fact=Both(parts=(Not(fact=one), Not(fact=other))))

    def just_one(self, one: AnyClaim, other: AnyClaim) -> AnyClaim:
        return Not(fact=Iff(one=one, other=other))

    def either_is(self, one: str, other: str, role: Role) -> AnyClaim:
        return Or(one=Is(person=one, role=role), other=Is(person=other, role=role))

    def either_did(self, one: str, other: str, _: Token) -> AnyClaim:
        return Or(one=Did(person=one), other=Did(person=other))

    def would(self, person: str, claim: AnyClaim) -> AnyClaim:
        return Would(person=person, claim=claim)

    def untrue(self, claim: AnyClaim) -> AnyClaim:
        return Not(fact=claim)

    def is_role(self, person: str, role: Role) -> AnyClaim:
        return Is(person=person, role=role)

    def is_not_role(self, person: str, role: Role) -> AnyClaim:
        return Not(fact=Is(person=person, role=role))

    def _lying(self, way: Token) -> Role:
        """What "lies" and "tells the truth" say of who does, where everybody does always the one or the other."""
        if self._mixed:
            raise ValueError("some lie and tell the truth, so it may be meant of one statement")
        return "liar" if way.type == "LYING" else "truth-teller"

    def is_lying(self, person: str, way: Token) -> AnyClaim:
        if self._mixed and person in self._said:
            return Lies(person=person, role="liar" if way.type == "LYING" else "truth-teller", said=self._said[person])
        return Is(person=person, role=self._lying(way))

    def is_not_lying(self, person: str, way: Token) -> AnyClaim:
        return Not(fact=self.is_lying(person, way))

    def did(self, person: str, *_: Token) -> AnyClaim:
        return Did(person=person)

    def did_not(self, person: str, _: Token) -> AnyClaim:
        return Not(fact=Did(person=person))

    def neither(self, one: str, other: str, role: Role) -> AnyClaim:
        return Both(parts=tuple(Not(fact=Is(person=person, role=role)) for person in (one, other)))

    def neither_did(self, one: str, other: str, _: Token) -> AnyClaim:
        return Both(parts=(Not(fact=Did(person=one)), Not(fact=Did(person=other))))

    def are(self, names: tuple[str, ...], role: Role) -> AnyClaim:
        return Both(parts=tuple(Is(person=name, role=role) for name in names))

    def we_are(self, role: Role) -> AnyClaim:
        self._we()
        return self.are(self._people, role)

    def _we(self) -> None:
        if self._speaker is None:
            raise ValueError("'we' is said by nobody")

    def both_are(self, *found: Any) -> AnyClaim:
        *named, role = found
        of = named[0] if named else self._people
        if len(of) != 2:
            raise ValueError("both of more than two")
        return self.are(of, role)

    def same(self, names: tuple[str, ...]) -> AnyClaim:
        one, other = names
        return Same(one=one, other=other)

    def we_same(self) -> AnyClaim:
        self._we()
        return self.same(self._people)

    def different(self, names: tuple[str, ...]) -> AnyClaim:
        return Not(fact=self.same(names))

    def we_differ(self) -> AnyClaim:
        return Not(fact=self.we_same())

    def count(self, *found: Any) -> AnyClaim:
        *bound, number, of, role = found
        return _count(str(bound[0]) if bound else "", number, of, role)

    def count_lying(self, *found: Any) -> AnyClaim:
        *bound, number, of, way = found
        return _count(str(bound[0]) if bound else "", number, of, self._lying(way))

    def count_among(self, *found: Any) -> AnyClaim:
        *bound, number, role, of = found
        return _count(str(bound[0]) if bound else "", number, of, role)

    def there_are(self, *found: Any) -> AnyClaim:
        of = found[-1] if isinstance(found[-1], tuple) else self._people
        *bound, number, role = found[:-1] if isinstance(found[-1], tuple) else found
        return _count(str(bound[0]) if bound else "", number, of, role)

    def count_statements(self, *found: Any) -> AnyClaim:
        """Of the statements that are made; the reader sees to it that everybody makes one."""
        *bounded, way = found
        bound = str(bounded.pop(0)) if isinstance(bounded[0], Token) else ""
        number, *every = bounded
        if every and every[0] != len(self._people):
            raise ValueError("statements of not everybody")
        return _count(bound, number, self._people, "truth-teller" if way.type == "TRUE" else "liar")

    def all_are(self, of: tuple[str, ...], role: Role) -> AnyClaim:
        return Count(role=role, of=of, low=len(of), high=len(of))

    def none_are(self, of: tuple[str, ...], role: Role) -> AnyClaim:
        return Count(role=role, of=of, low=0, high=0)

    def role_of(self, person: str) -> AnyQuery:
        return RoleOf(person=person)

    def who(self, role: Role) -> AnyQuery:
        return Who(role=role)

    def _of_all(self, of: tuple[str, ...]) -> None:
        if set(of) != set(self._people):
            raise ValueError("asks of some of them alone")

    def every(self, role: Role) -> AnyClaim:
        return self.all_are(self._people, role)

    def only(self, person: str, role: Role) -> AnyClaim:
        each = [Is(person=name, role=role) for name in self._people]
        return Both(parts=tuple(fact if fact.person == person else Not(fact=fact) for fact in each))

    def who_lies(self, *found: Any) -> AnyQuery:
        for of in found[:-1]:
            self._of_all(of)
        return Who(role=self._lying(found[-1]))

    def who_of(self, of: tuple[str, ...], role: Role) -> AnyQuery:
        self._of_all(of)
        return Who(role=role)

    def who_all(self, *found: Any) -> AnyQuery:
        for of in found[:-1]:
            self._of_all(of)
        return WhoAll(role=found[-1])

    def culprit(self, *found: Any) -> AnyQuery:
        for of in found[:-1]:
            self._of_all(of)
        return Culprit()

    def how_many(self, of: tuple[str, ...], role: Role) -> AnyQuery:
        self._of_all(of)
        return HowMany(role=role)

    def how_many_there(self, role: Role, *of: tuple[str, ...]) -> AnyQuery:
        for each in of:
            self._of_all(each)
        return HowMany(role=role)

    def which(self, *words: Token) -> AnyQuery:
        said = {word.type: str(word) for word in words}
        sure, truth = said.get("SURE", "must"), "TRUE" in said
        if sure == "cannot" and not truth:
            raise ValueError("may be meant in two ways")
        if sure == "cannot":
            return Which(truth=False)
        if sure != "must" and "SURELY" in said:
            raise ValueError("may be meant in two ways")
        return Which(truth=truth, certain=sure == "must")

    def which_of(self, _: tuple[str, ...]) -> AnyQuery:
        return Which()

    def told(self, role: Role, way: Token) -> Role:
        if (
            role
            != {"TRUTHFUL": "truth-teller", "LYING": "liar", "EITHER_WAY": "spy", "BY_TURNS": "alternator"}[way.type]
        ):
            raise ValueError("a role that is otherwise here")
        return role

    def role_told(self, role: Role, *way: Token) -> Role:
        return self.told(role, way[0]) if way else role

    def choice(self, *roles: Role) -> tuple[Role, ...]:
        return roles

    def definition(self, *found: Any) -> _Defined:
        return _Defined(roles=tuple(role for role in found if role in ORDER))

    def meeting(self, number: int, *found: Any) -> _Defined:
        people = found[-1]
        if number != len(people):
            raise ValueError(f"lists {len(people)} people, not {number}")
        return _Defined(people=people)

    def kinds(self, *found: Any) -> _Defined:
        people = found[0] if isinstance(found[0], tuple) and len(found) > 1 else ()
        return _Defined(people=people, roles=found[-1])

    def all_kinds(self, *found: Any) -> _Defined:
        return _Defined(roles=tuple(role for role in found if role in ORDER))

    def halves(self, *found: Any) -> _Defined:
        people = found[0] if isinstance(found[0], tuple) else ()
        return _Defined(people=people, roles=("half",))


def known(person: str) -> AnyClaim:
    """A claim that everybody knows to be true."""
    fact = Is(person=person, role="truth-teller")
    return Iff(one=fact, other=fact)


def _count(bound: str, number: int, of: tuple[str, ...], role: Role) -> Count:
    low, high = {"least": (number, len(of)), "most": (0, number)}.get(bound, (number, number))
    return Count(role=role, of=of, low=low, high=high, bare=not bound)


QUOTES = re.compile('["\u2018\u2019\u201c\u201d]')
SENTENCE_END = re.compile(r"(?<=[.?!])\s+|(?<=[.?!]')\s+")
MARK = re.compile(r"(?<!\w)'|'(?!\w)")
"""A quotation mark, and no apostrophe."""
SAYS = re.compile(rf"({NAME}) (?:then |also )?{VERB}(?: that |,? ?:? ?'|: | )(.*)")
SILENT = re.compile(rf"({NAME}) (?:says|said|stays|is) (?:nothing(?: at all)?|silent)\.?")
_NAMES = rf"{NAME}(?:, {NAME})*,? and {NAME}"
_NOUN = (
    r"(?:inhabitants|islanders|people|natives|residents|locals|villagers|friends|strangers|citizens|persons|men|women)"
)
MEETS = re.compile(
    rf"(?:(?:[Oo]ne day,? |[Tt]here,? |[Nn]ow,? )?(?:[Yy]ou|[Ww]e|[Aa] (?:traveller|visitor|tourist|stranger)) "
    rf"(?:meet|meets|met|encounter|encounters|see|sees|come across|comes across|talk to|talks to|run into) "
    rf"(?:(?P<n>\w+) (?:of (?:the|its|these) )?{_NOUN}(?: there| here)?(?:,|:| called| named) )?{_NAMES}"
    rf"|{_NAMES} (?:live|are|were) (?:there|here|{_NOUN}|on (?:this|the|that) island)"
    rf"(?: (?:of|on|from|in) (?:this|the|that) (?:island|village|land|town|place))?)(?: there| here)?\."
)
KNOWN = re.compile(r"^(?:It is (?:also )?(?:known|certain|a fact)|(?:You|We) (?:also )?know) that (\w)")
WHICH_IS = re.compile(r"(?:Which|Who)(?: one)?(?: of (?:them|the \w+))? is\?")
THAT = re.compile(r"[Tt]hat is (?:true|false|not true|a lie|the truth)\.?")
LIE = re.compile(r"\b(?:false|not|lie)\b")
THIS_LIE = re.compile(r"\b(?:lie|lies|lying|truth)\b")
NUMERAL = rf"({'|'.join(NUMBERS)}|\d{{1,3}})"
SUM = re.compile(rf"{NUMERAL} (?:plus|\+|and) {NUMERAL} (?:is|are|makes?|equals?|=) {NUMERAL}")
_MANY = rf"there (?:is|are) (?:at least|at most|exactly) (?:{'|'.join(NUMBERS)})"
THERE = re.compile(rf"{_MANY}\.?", re.IGNORECASE)
ELLIPTIC = re.compile(rf"{_MANY}\.?$", re.IGNORECASE)
THERE_ROLE = re.compile(rf"{_MANY}(?: \w+)? ({'|'.join((*PLURALS, *ROLES))})\b", re.IGNORECASE)
RING = re.compile(
    rf"(?P<n>{'|'.join(NUMBERS)})(?: \w+){{0,2}} (?:sit|are sitting|stand|are standing|are seated) "
    rf"(?:in a circle|around a (?:round )?table): (?P<names>{NAME}(?:, {NAME})*),? and (?P<last>{NAME}),? "
    r"in (?:this|that) order\.",
    re.IGNORECASE,
)
RING_SAYS = re.compile(
    r"Each(?: one)?(?: of (?:them|the \w+))? says (?:of|to) the next(?: one| person)?"
    rf"(?: \((?P<last>{NAME}) says it (?:of|to) (?P<first>{NAME})\))?[:,] "
    r"'(?:You are|He is|She is) (?P<what>an? \w+)\.?'"
)
ASKED = re.compile(
    r"(?:what|which(?: one)?(?: of (?:these|the following))?(?: statements?| conclusions?)?) "
    r"(?:follows|can (?:be|we|you) (?:concluded?|inferred|deduced?|infer)|is certain|do we know|must be the case"
    r"|is (?:necessarily |certainly |definitely )?true of (?:them|the (?:two|three|four))"
    r"|are (?:they|the (?:two|three|four)))\?",
    re.IGNORECASE,
)
OTHERS = re.compile(
    rf"({NAME}) is (an?) ([\w-]+),? (?:and|but|while) the others?(?: two| three| four)? (?:is|are) "
    r"(?:both |all )?(?:an? )?([\w-]+)"
)
CONTRACTED = (
    (re.compile(r"\bcan't\b", re.IGNORECASE), "cannot"),
    (re.compile(r"(\w)n't\b"), r"\1 not"),
    (re.compile(r"\bI'm\b"), "I am"),
    (re.compile(r"\b(we|they)'re\b", re.IGNORECASE), r"\1 are"),
    (re.compile(r"\b(it|he|she|that)'s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\btruth[ -]?teller", re.IGNORECASE), "truth-teller"),
)
DEED = re.compile(
    rf"(?:exactly |only )?one of (?:them|(?:the |these )?\w+(?: \w+)?|{NAME}(?:, {NAME})*,? and {NAME})"
    r" (?P<past>\w+) (?P<what>[\w ]+)\."
)
PAST = {"stole": "steal", "broke": "break", "ate": "eat", "took": "take", "committed": "commit", "hid": "hide"}
PAST |= {"robbed": "rob", "killed": "kill", "painted": "paint", "wrote": "write", "opened": "open", "won": "win"}
"""What one of the people may have done, and its plain form."""
GUILT = (
    (re.compile(r"\b(?:am|is|was) (?:guilty|the (?:culprit|thief|murderer|killer))\b"), "did it"),
    (
        re.compile(r"\b(?:am|is|was) (?:innocent|not guilty|not the (?:culprit|thief|murderer|killer))\b"),
        "did not do it",
    ),
)


def read(stem: str, choices: Sequence[str]) -> Talk:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    text = prepared(_circle(_plain(stem)))
    people = people_in(text)
    try:
        TypeAdapter(tuple[Name, ...]).validate_python(people)
    except ValidationError as error:
        raise Unread(text[:200], "a name with signs that are not known here") from error
    mixed = WAY["spy"].search(text) is not None or (
        re.search(r"\b(?:spy|spies|normals?|alternat\w+|true and (?:one|the other)|true and one false)\b", text)
        is not None
    )
    sentences, suspects = _deed(_sentences(re.sub(r" about (?:it|this|that)(?=[.,])", "", text)), len(people))
    pair = re.search(rf"\bWhat are ({NAME} and {NAME})\?", text)
    deed, present = suspects is not None, suspects or ()
    roles: set[Role] = set()
    clues: list[Says] = []
    told: list[str] = []
    query: AnyQuery | None = None
    later: dict[int, tuple[str, str | None]] = {}
    once = singly = False
    for sentence in sentences:
        if singly:
            sentence = re.sub(rf"\b(am|is)( not)? the (?={'|'.join(ROLES)})", r"\1\2 a ", sentence)
        sentence = KNOWN.sub(lambda found: found[1].upper(), sentence)
        if WHICH_IS.fullmatch(sentence) and told:
            kinds = re.findall(rf"\bthe ({'|'.join(ROLES)})\b", sentences[sentences.index(sentence) - 1])
            if len(set(kinds)) == 1:
                sentence = f"{sentence.rstrip('?')} the {kinds[0]}?"
        if query is not None:
            raise Unread(sentence[:200], "stands behind the question")
        if (silent := SILENT.fullmatch(sentence)) is not None and silent[1] in people:
            continue
        said = SAYS.fullmatch(sentence)
        if said is not None and said[1] in people:
            direct = MARK.search(sentence) is not None
            for statement in SENTENCE_END.split(said[2].strip("' ")) if direct else [said[2]]:
                if re.search(r"\b(?:them|they)\b", re.sub(rf"\ball {NUMBERS[len(people)]} of them\b", "", statement)):
                    raise Unread(sentence[:200], "may speak of all or of the others")
                if THAT.fullmatch(statement):
                    before = clues[-1].speaker if clues else None
                    spoken = sum(clue.speaker == before for clue in clues)
                    if before in (None, said[1]) or spoken != 1 or len(clues) - 1 in later:
                        raise Unread(sentence[:200], "says that of nothing")
                    claim = clues[-1].claim
                    clues.append(
                        Says(speaker=said[1], claim=claim if LIE.search(statement) is None else Not(fact=claim))
                    )
                elif mixed and THIS_LIE.search(statement):
                    later[len(clues)] = statement, said[1] if direct else None
                    clues.append(Says(speaker=said[1], claim=known(people[0])))
                else:
                    statement = _whole(statement, told)
                    claim = _claim(statement, people, mixed, said[1] if direct else None)
                    clues.append(Says(speaker=said[1], claim=claim))
                told.append(sentence)
            continue
        if (met := MEETS.fullmatch(sentence)) is not None and _listed(sentence):
            n, listed = met["n"], _listed(sentence)
            if set(listed) != set(people) or (n and n.casefold() != NUMBERS[len(people)]):
                raise Unread(sentence[:200], "lists other people")
            present = present or listed
            continue
        if MARK.search(sentence):
            raise Unread(sentence[:200], "quotes nobody who is there")
        if (around := scene(sentence, people)) is not None:
            if present and around.people and set(present) != set(around.people):
                raise Unread(sentence[:200], "lists other people")
            present, roles = present or around.people, roles | set(around.roles)
            if around.once_each:
                present = present or people
                singly = True
                for role in around.roles:
                    clues.append(Says(speaker=None, claim=_count("exactly", 1, people, role)))
                    told.append(sentence)
            continue
        found = Which() if ASKED.fullmatch(sentence) else _meaning(sentence, people, mixed, None)
        if isinstance(found, _Defined):
            if present and found.people and set(present) != set(found.people):
                raise Unread(sentence[:200], "lists other people")
            present, roles = present or found.people, roles | set(found.roles)
        elif isinstance(found, AnyClaim):
            clues.append(Says(speaker=None, claim=found))
            told.append(sentence)
            once = once or re.search(r"\bstatements? \w+ (?:true|false)\b", sentence) is not None
        else:
            query = found
    if query is None:
        raise Unread(text[-200:], "no question")
    speakers = [clue.speaker for clue in clues if clue.speaker is not None]
    alone = {
        clue.speaker: clue.claim
        for i, clue in enumerate(clues)
        if clue.speaker is not None and speakers.count(clue.speaker) == 1 and i not in later
    }
    for i, (statement, by) in later.items():
        clues[i] = Says(speaker=clues[i].speaker, claim=_claim(statement, people, mixed, by, alone))
    if not roles and not re.search(rf"\b(?:{'|'.join((*ROLES, *PLURALS))})\b", text.casefold()):
        roles, once = {"truth-teller", "liar"}, True
    if once and sorted(speakers) != sorted(people):
        raise Unread(text[:200], "does not say of what kinds they are, and not everybody makes one statement")
    if "half" in roles and any(speakers.count(person) != 2 for person in people):
        raise Unread(text[:200], "not everybody makes two statements")
    if present and set(present) != set(people):
        raise Unread(text[:200], "does not say who there is")
    if roles != {"half"} and not {"truth-teller", "liar"} <= roles:
        raise Unread(text[:200], "does not say of what kinds they are")
    try:
        return Talk(
            people=people,
            roles=tuple(role for role in ORDER if role in roles),
            culprit=deed,
            clues=tuple(clues),
            query=query,
            choices=tuple(
                read_meta(choice) or _choice(_done(_both(_plain(choice), pair), deed), query, people, mixed)
                for choice in choices
            ),
            said=tuple(told),
        )
    except ValidationError as error:
        raise Unread(text[:200], error.errors()[0]["msg"]) from error


def _whole(statement: str, told: Sequence[str]) -> str:
    """ "There are at least two" after somebody else's "there is at least one liar": two liars."""
    if THERE.fullmatch(statement) is None:
        return statement
    full = next((said for said in reversed(told) if ELLIPTIC.search(said) is None), "")
    before = THERE_ROLE.search(full)
    if before is None:
        raise Unread(statement[:200], "does not say of what kind")
    role = next(role for role in PLURALS if PLURALS[role] == ROLES.get(before[1], PLURALS.get(before[1])))
    return f"{statement.rstrip('.')} {role}"


def _circle(text: str) -> str:
    """The text with "each says of the next one" told of each person. Raises Unread."""
    found = RING.search(text)
    if found is None:
        return text
    names = (*found["names"].split(", "), found["last"])
    said = RING_SAYS.search(text)
    if NUMBERS.index(found["n"].casefold()) != len(names):
        raise Unread(found[0][:200], f"names {len(names)} people")
    if said is None or (said["last"] and (said["last"], said["first"]) != (names[-1], names[0])):
        raise Unread(found[0][:200], "says nothing of the next one")
    told = " ".join(f"{name} says: '{names[(i + 1) % len(names)]} is {said['what']}.'" for i, name in enumerate(names))
    placed = f"There are {NUMBERS[len(names)]} people: {', '.join(names[:-1])} and {names[-1]}."
    return text.replace(said[0], told).replace(found[0], placed)


def _plain(text: str) -> str:
    text = QUOTES.sub("'", unicodedata.normalize("NFC", text)).strip()
    for pattern, instead in CONTRACTED:
        text = pattern.sub(instead, text)
    return text


def _both(choice: str, pair: re.Match[str] | None) -> str:
    return re.sub(r"^Both(?= are)", pair[1], choice) if pair else choice


def _sentences(text: str) -> list[str]:
    """The sentences, each with all that it quotes. Raises Unread where a quotation does not end."""
    found: list[str] = []
    open_ = False
    for piece in SENTENCE_END.split(text):
        if open_:
            found[-1] += f" {piece}"
        elif piece:
            found.append(piece)
        open_ ^= len(MARK.findall(piece)) % 2 == 1
    if open_:
        raise Unread(found[-1][:200], "a quotation without an end")
    return found


def _deed(sentences: Sequence[str], people: int) -> tuple[list[str], tuple[str, ...] | None]:
    """The sentences with "did it" for what one of the people did, and who they are, if told; None without a deed."""
    for i, sentence in enumerate(sentences):
        found = DEED.fullmatch(
            sentence[0].lower() + sentence[1:] if sentence[:4] in ("One ", "Exac", "Only") else sentence
        )
        if found is not None and found["past"] in PAST:
            past = found["past"]
            number = re.search(rf"\bof (?:the |these )?({'|'.join(NUMBERS)})\b", found[0], re.IGNORECASE)
            if number is not None and NUMBERS.index(number[1].casefold()) != people:
                raise Unread(sentence[:200], f"names {people} people")
            what = re.sub(r"^an? ", r"(?:an?|the) ", found["what"])
            rest = [each for j, each in enumerate(sentences) if j != i]
            plain = [
                re.sub(
                    rf"\bdid not {PAST[past]} (?:{what}|it)\b",
                    "did not do it",
                    re.sub(rf"\b{past} (?:{what}|it)\b", "did it", s),
                )
                for s in rest
            ]
            return [_done(each, True) for each in plain], _listed(sentence)
    return list(sentences), None


def _listed(text: str) -> tuple[str, ...]:
    found = LISTED.search(text)
    return (*found[1].split(", "), found[2]) if found else ()


def _done(text: str, deed: bool) -> str:
    for pattern, instead in GUILT if deed else ():
        text = pattern.sub(instead, text)
    return text


def _meaning(
    sentence: str,
    people: tuple[str, ...],
    mixed: bool,
    speaker: str | None,
    said: Mapping[str, AnyClaim] | None = None,
) -> AnyClaim | AnyQuery | _Defined:
    words = _words(sentence, people, speaker)
    meant = meaning(GRAMMAR, words, _Meaning(people, mixed, speaker, said), sentence)
    return cast("AnyClaim | AnyQuery | _Defined", meant)


def _words(sentence: str, people: tuple[str, ...], speaker: str | None) -> tuple[tuple[str, str], ...]:
    words = WORD.findall(sentence.rstrip(".?! '"))
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    small = [word.casefold() for word in words]
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        called = [p for p in PHRASES if tuple(small[at : at + len(p)]) == p]
        if called:
            phrase = max(called, key=len)
            found += PHRASES[phrase]
            at += len(phrase)
            continue
        word, low = words[at], small[at]
        at += 1
        everybody = NUMBERS[len(people)]
        counted = small[at : at + 1] == [everybody] and small[at + 1 : at + 2] not in (["statement"], ["statements"])
        if counted and low in ("the", "these", "those") and found and found[-1][1] in ("of", "among"):
            at += 1
            found.append(("US", "us"))
        elif low == everybody and found and found[-1][0] == "ALL":
            continue
        elif word in people and not (word == "A" and small[at : at + 1] and small[at] in ROLES):
            found.append(("NAME", word))
        elif low in ("i", "me", "am") or (low in ("us", "we") and speaker is None):
            if speaker is None:
                raise Unread(sentence[:200], f"{word!r} is said by nobody")
            found.append(("BE", "is") if low == "am" else ("NAME", speaker))
        elif low in ROLES or low in PLURALS:
            found.append(("ROLE" if low in ROLES else "ROLES", low))
        elif low in LEXICON:
            found.append((LEXICON[low], low))
        elif low in REFUSED or not low.isalpha():
            raise Unread(sentence[:200], f"{word[:30]!r} is not known here")
        else:
            found.append(("WORD", low))
    return tuple(found)


def _claim(
    text: str,
    people: tuple[str, ...],
    mixed: bool,
    speaker: str | None,
    said: Mapping[str, AnyClaim] | None = None,
) -> AnyClaim:
    """A claim; in direct speech its "I" is the speaker. Raises Unread."""
    if (sum_ := SUM.fullmatch(text.casefold().rstrip(". "))) is not None:
        one, other, both = (NUMBERS.index(n) if n in NUMBERS else int(n) for n in sum_.groups())
        truth = known(people[0])
        return truth if one + other == both else Not(fact=truth)
    found = _meaning(text, people, mixed, speaker, said)
    if not isinstance(found, AnyClaim):
        raise Unread(text[:200], "no claim")
    return found


def _choice(choice: str, query: AnyQuery, people: tuple[str, ...], mixed: bool) -> Any:
    """What a choice says as an answer. Raises Unread."""
    said = choice.rstrip(".").strip()
    small = said.casefold()
    if (rest := OTHERS.fullmatch(said)) is not None and {rest[3], rest[4]} <= {*ROLES, *PLURALS}:
        one, other = Is(person=rest[1], role=ROLES[rest[3]]), (ROLES | PLURALS)[rest[4]]
        return Both(parts=(one, *(Is(person=p, role=other) for p in people if p != rest[1])))
    if isinstance(query, Who):
        nobody = {"nobody", "no one", "neither", "neither of them", "none of them", "there is none", "none"}
        everybody = (
            {"both", "both of them"} if len(people) == 2 else {"all", "all of them", f"all {NUMBERS[len(people)]}"}
        )
        if small in nobody | everybody:
            return _count("exactly", 0 if small in nobody else len(people), people, query.role)
    if isinstance(query, RoleOf) and small in ("both", "neither", "neither of the two", "neither of them"):
        truthful, liar = Is(person=query.person, role="truth-teller"), Is(person=query.person, role="liar")
        return Both(parts=(Not(fact=truthful), Not(fact=liar)))
    match query:
        case RoleOf():
            bare = re.sub(r"^an? ", "", small)
            if bare in ROLES:
                return ROLES[bare]
        case Who() | Culprit():
            if said in people:
                return said
        case WhoAll():
            names = tuple(re.split(r",? and |, ", re.sub(r"^(?:only|both) ", "", said, flags=re.IGNORECASE)))
            if set(names) <= set(people) and len(set(names)) == len(names):
                return names
        case HowMany():
            if said.casefold() in NUMBERS:
                return NUMBERS.index(said.casefold())
            if re.fullmatch(r"[0-8]", said):
                return int(said)
        case Which():
            return _claim(said, people, mixed, None)
    raise Unread(choice[:200], "a choice that is no answer")
