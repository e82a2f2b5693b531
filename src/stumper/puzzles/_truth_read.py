"""Reads talk of truth-tellers and liars by a grammar. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from lark import Token, Transformer, v_args
from lark.exceptions import VisitError
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import parses
from stumper.puzzles._truth_language import (
    MOST_PEOPLE,
    AnyClaim,
    AnyFact,
    AnyQuery,
    Both,
    Count,
    HowMany,
    If,
    Is,
    Not,
    Role,
    RoleOf,
    Same,
    Says,
    Talk,
    Which,
    Who,
)

MOST_CHARACTERS = 3000
MOST_WORDS = 50
"""Of a stem, and of a sentence."""

ROLES: dict[str, Role] = {
    "knight": "truth-teller",
    "knave": "liar",
    "truth-teller": "truth-teller",
    "liar": "liar",
    "spy": "spy",
}
PLURALS = {f"{word}s": role for word, role in ROLES.items()} | {"spies": "spy"}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight")

GRAMMAR = """
?start: claim | query | scene
claim: "IF" part "COMMA"? "THEN"? part                  -> conditional
     | part (("COMMA" | "COMMA"? ("AND" | "BUT")) part)*  -> claims
?part: NAME "BE" "A" ROLE                               -> is_role
     | NAME "BE" "NOT" "A" ROLE                         -> is_not_role
     | names "BE" "BOTH"? ROLES                         -> are
     | "BOTH"? names "BE" "BOTH"? "OF"? "THE" "SAME" "KIND"          -> same
     | names "BE" "OF"? ("A" | "THE")? "DIFFERENT" "KIND"            -> different
     | BOUND? NUMBER "OF" group "BE" "A"? (ROLE | ROLES)             -> count
     | BOUND? NUMBER ROLE "AMONG" group                              -> count_among
     | "ALL" "OF" group "BE" ROLES                      -> all_are
     | "NONE" "OF" group "BE" ("A" ROLE | ROLES)        -> none_are
group: "US" -> everybody
     | names
names: NAME ("COMMA" NAME)* "COMMA"? "AND" NAME

query: "WHAT" "BE" "A"? NAME                            -> role_of
     | "WHAT" "KIND" "BE" NAME                          -> role_of
     | "WHO" "BE" "A" ROLE                              -> who
     | "WHICH" "OF" group "BE" "A" ROLE                 -> who_of
     | "HOW" "MANY" "OF" group "BE" ROLES               -> how_many
     | "HOW" "MANY" ROLES "BE" "THERE"                  -> how_many_there
     | "WHICH" ("OF" "THE" "FOLLOWING")? "KIND"? "MUST"? "BE" SURELY? "TRUE"  -> which
     | "WHAT" "BE" names                                -> which_of

scene: _place? told (("COMMA" | "COMMA"? ("AND" | "WHILE" | "BUT")) told)*    -> definition
     | _place? "YOU" "MEET" NUMBER WORD ("COLON" | "COMMA") names             -> meeting
     | _place? "THERE" "BE" NUMBER WORD ("COLON" | "COMMA") names             -> meeting
     | _place? "EACH" ("OF" (names | "US") | WORD) "BE" "EITHER"? choice      -> kinds
told: (ROLES | "A" ROLE) "ALWAYS"? (TELL "THE"? "TRUTH" | LIE | EITHER_WAY)
choice: role_told "OR" role_told | "A" ROLE "COMMA" "A" ROLE "COMMA"? "OR" "A" ROLE
role_told: "A" ROLE "COMMA"? ("WHO" "ALWAYS"? (TELL "THE"? "TRUTH" | LIE) "COMMA"?)?
_place: ("IN" | "ON") "A" _word _word? "COMMA"
_word: "WORD"
%declare NAME ROLE ROLES BOUND NUMBER TELL LIE EITHER_WAY SURELY WORD
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
        "IF": ("if",),
        "THEN": ("then",),
        "OF": ("of",),
        "BOTH": ("both",),
        "EITHER": ("either",),
        "SAME": ("same",),
        "DIFFERENT": ("different",),
        "KIND": ("kind", "kinds", "type", "types", "statement", "statements"),
        "AMONG": ("among",),
        "ALL": ("all",),
        "NONE": ("none",),
        "US": ("us", "them"),
        "WHAT": ("what",),
        "WHO": ("who",),
        "WHICH": ("which",),
        "HOW": ("how",),
        "MANY": ("many",),
        "THERE": ("there",),
        "FOLLOWING": ("following",),
        "MUST": ("must",),
        "SURELY": ("certainly", "definitely", "necessarily"),
        "TRUE": ("true",),
        "WHILE": ("while", "whereas"),
        "YOU": ("you",),
        "MEET": ("meet",),
        "EACH": ("each", "every"),
        "ALWAYS": ("always",),
        "TELL": ("tell", "tells"),
        "TRUTH": ("truth",),
        "LIE": ("lie", "lies"),
        "IN": ("in",),
        "ON": ("on",),
        "NUMBER": NUMBERS,
        "COMMA": (",",),
        "COLON": (":",),
    }.items()
    for word in words
}
PHRASES = {
    ("at", "least"): ("BOUND", "least"),
    ("at", "most"): ("BOUND", "most"),
    ("exactly",): ("BOUND", "exactly"),
    ("only",): ("BOUND", "exactly"),
    ("can", "say", "anything"): ("EITHER_WAY", "anything"),
    ("may", "say", "anything"): ("EITHER_WAY", "anything"),
}
REFUSED = frozenset(
    {"never", "sometimes", "except", "unless", "nor", "neither", "most", "least", "alternates", "turns"}
)


class _Scene(NamedTuple):
    people: tuple[str, ...]
    roles: frozenset[Role] = frozenset()


class _Defined(NamedTuple):
    """What a sentence of the scene tells: who is there, which roles there are."""

    people: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def __init__(self, people: tuple[str, ...]) -> None:
        super().__init__()
        self._people = people

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

    def conditional(self, condition: AnyFact | Not, then: AnyFact | Not) -> AnyClaim:
        return If(condition=condition, then=then)

    def claims(self, *parts: AnyFact | Not | Both) -> AnyClaim:
        flat = [p for part in parts for p in (part.parts if isinstance(part, Both) else (part,))]
        return flat[0] if len(flat) == 1 else Both(parts=tuple(flat))

    def is_role(self, person: str, role: Role) -> AnyFact:
        return Is(person=person, role=role)

    def is_not_role(self, person: str, role: Role) -> Not:
        return Not(fact=Is(person=person, role=role))

    def are(self, names: tuple[str, ...], role: Role) -> Both:
        return Both(parts=tuple(Is(person=name, role=role) for name in names))

    def same(self, names: tuple[str, ...]) -> AnyFact:
        one, other = names
        return Same(one=one, other=other)

    def different(self, names: tuple[str, ...]) -> Not:
        return Not(fact=self.same(names))

    def count(self, *found: Any) -> Count:
        *bound, number, of, role = found
        return _count(str(bound[0]) if bound else "", number, of, role)

    def count_among(self, *found: Any) -> Count:
        *bound, number, role, of = found
        return _count(str(bound[0]) if bound else "", number, of, role)

    def all_are(self, of: tuple[str, ...], role: Role) -> Count:
        return Count(role=role, of=of, low=len(of), high=len(of))

    def none_are(self, of: tuple[str, ...], role: Role) -> Count:
        return Count(role=role, of=of, low=0, high=0)

    def role_of(self, person: str) -> AnyQuery:
        return RoleOf(person=person)

    def who(self, role: Role) -> AnyQuery:
        return Who(role=role)

    def who_of(self, of: tuple[str, ...], role: Role) -> AnyQuery:
        if set(of) != set(self._people):
            raise ValueError("asks of some of them alone")
        return Who(role=role)

    def how_many(self, of: tuple[str, ...], role: Role) -> AnyQuery:
        if set(of) != set(self._people):
            raise ValueError("asks of some of them alone")
        return HowMany(role=role)

    def how_many_there(self, role: Role) -> AnyQuery:
        return HowMany(role=role)

    def which(self, *_: Token) -> AnyQuery:
        return Which()

    def which_of(self, _: tuple[str, ...]) -> AnyQuery:
        return Which()

    def told(self, role: Role, way: Token) -> Role:
        if role != {"TELL": "truth-teller", "LIE": "liar", "EITHER_WAY": "spy"}[way.type]:
            raise ValueError("a role that is otherwise here")
        return role

    def role_told(self, role: Role, *way: Token) -> Role:
        return self.told(role, way[0]) if way else role

    def choice(self, *roles: Role) -> tuple[Role, ...]:
        return roles

    def definition(self, *roles: Role) -> _Defined:
        return _Defined(roles=roles)

    def meeting(self, number: int, _: Token, people: tuple[str, ...]) -> _Defined:
        if number != len(people):
            raise ValueError(f"lists {len(people)} people, not {number}")
        return _Defined(people=people)

    def kinds(self, *found: Any) -> _Defined:
        people = found[0] if isinstance(found[0], tuple) and len(found) > 1 else ()
        return _Defined(people=people, roles=found[-1])


def _count(bound: str, number: int, of: tuple[str, ...], role: Role) -> Count:
    low, high = {"least": (number, len(of)), "most": (0, number)}.get(bound, (number, number))
    return Count(role=role, of=of, low=low, high=high)


WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|\S")
NAME = r"[A-ZÀ-ÖØ-Þ][^\W\d_]*"
LISTED = re.compile(rf"\b({NAME}(?:, {NAME})*),? and ({NAME})\b")
QUOTES = re.compile('["\u2018\u2019\u201c\u201d]')
SENTENCE_END = re.compile(r"(?<=[.?!])\s+|(?<=[.?!]')\s+")
SAYS = re.compile(rf"({NAME}) (?:says|said|claims|states)(?: that |,? ?:? ?'|: )(.*)")


def read(stem: str, choices: Sequence[str]) -> Talk:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    text = QUOTES.sub("'", unicodedata.normalize("NFC", stem)).strip()
    sentences = [s for s in SENTENCE_END.split(text) if s]
    people = _people(text)
    present: tuple[str, ...] = ()
    roles: set[Role] = set()
    clues: list[Says] = []
    query: AnyQuery | None = None
    for sentence in sentences:
        if query is not None:
            raise Unread(sentence[:200], "stands behind the question")
        said = SAYS.fullmatch(sentence)
        if said is not None and said[1] in people:
            clues.append(
                Says(speaker=said[1], claim=_claim(said[2].strip("' "), people, said[1], direct="'" in sentence))
            )
            continue
        meaning = _meaning(sentence, people, None)
        if isinstance(meaning, _Defined):
            present, roles = present or meaning.people, roles | set(meaning.roles)
        elif isinstance(meaning, RoleOf | Who | HowMany | Which):
            query = meaning
        else:
            clues.append(Says(speaker=None, claim=meaning))
    if query is None or set(present) != set(people) or not {"truth-teller", "liar"} <= roles:
        raise Unread(text[:200], "no question" if query is None else "does not say who there is, or of what kinds")
    try:
        return Talk(
            people=people,
            roles=tuple(role for role in ("truth-teller", "liar", "spy") if role in roles),
            clues=tuple(clues),
            query=query,
            choices=tuple(_choice(choice, query, people) for choice in choices),
        )
    except ValidationError as error:
        raise Unread(text[:200], error.errors()[0]["msg"]) from error


def _people(text: str) -> tuple[str, ...]:
    """The first list of names. Raises Unread."""
    for found in LISTED.finditer(text):
        names = (*found[1].split(", "), found[2])
        if not {name.casefold() for name in names} & {*ROLES, *PLURALS, *LEXICON}:
            if not 2 <= len(names) <= MOST_PEOPLE or len(set(names)) < len(names):
                raise Unread(found[0][:200], f"2 to {MOST_PEOPLE} different people are read")
            return names
    raise Unread(text[:80], "names nobody")


def _meaning(sentence: str, people: tuple[str, ...], speaker: str | None) -> AnyClaim | AnyQuery | _Defined:
    words = _words(sentence, people, speaker)
    meaning = _Meaning(people)
    try:
        found = [meaning.transform(tree) for tree in parses(GRAMMAR, words)]
    except VisitError as error:
        raise Unread(sentence[:200], str(error.orig_exc)[:100]) from error
    if not found:
        raise Unread(sentence[:200])
    if any(other != found[0] for other in found):
        raise Unread(sentence[:200], "can be read in two ways")
    return cast("AnyClaim | AnyQuery | _Defined", found[0])


def _words(sentence: str, people: tuple[str, ...], speaker: str | None) -> tuple[tuple[str, str], ...]:
    words = WORD.findall(re.sub(r"truth[ -]?teller", "truth-teller", sentence.rstrip(".?! '"), flags=re.IGNORECASE))
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        word, small = words[at], words[at].casefold()
        phrase = next((p for p in PHRASES if tuple(w.casefold() for w in words[at : at + len(p)]) == p), None)
        if phrase is not None:
            found.append(PHRASES[phrase])
            at += len(phrase)
            continue
        at += 1
        if word in people:
            found.append(("NAME", word))
        elif small in ("i", "me", "am") or (small == "us" and speaker is None):
            if speaker is None:
                raise Unread(sentence[:200], f"{word!r} is said by nobody")
            found.append(("BE", "is") if small == "am" else ("NAME", speaker))
        elif small in ROLES or small in PLURALS:
            found.append(("ROLE" if small in ROLES else "ROLES", small))
        elif small in LEXICON:
            found.append((LEXICON[small], small))
        elif small in REFUSED or not small.isalpha():
            raise Unread(sentence[:200], f"{word[:30]!r} is not known here")
        else:
            found.append(("WORD", small))
    return tuple(found)


def _claim(text: str, people: tuple[str, ...], speaker: str | None, direct: bool) -> AnyClaim:
    """A claim; in direct speech its "I" is the speaker. Raises Unread."""
    meaning = _meaning(text, people, speaker if direct else None)
    if isinstance(meaning, _Defined | RoleOf | Who | HowMany | Which):
        raise Unread(text[:200], "no claim")
    return meaning


def _choice(choice: str, query: AnyQuery, people: tuple[str, ...]) -> Any:
    """What a choice says as an answer. Raises Unread."""
    said = choice.strip().rstrip(".").strip()
    match query:
        case RoleOf():
            small = re.sub(r"^an? ", "", said.casefold()).replace("truth teller", "truth-teller")
            if small in ROLES:
                return ROLES[small]
        case Who():
            if said in people:
                return said
        case HowMany():
            if said.casefold() in NUMBERS:
                return NUMBERS.index(said.casefold())
            if re.fullmatch(r"[0-8]", said):
                return int(said)
        case Which():
            return _claim(said, people, None, direct=False)
    raise Unread(choice[:200], "a choice that is no answer")
