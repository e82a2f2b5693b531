"""Reads family puzzles: a sentence is understood when the grammar covers it and it can mean one thing only."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from itertools import combinations
from typing import TypeVar

from pydantic import ValidationError

from stumper.puzzles import TooLarge, Unread
from stumper.puzzles._grammar import Words
from stumper.puzzles._kin_codes import decoded
from stumper.puzzles._kin_discourse import MUTUAL, Discourse
from stumper.puzzles._kin_grammar import Asked, Name, Nonsense, Of, Phrase, Thing, Told, readings
from stumper.puzzles._kin_language import (
    META,
    OF,
    Claim,
    Clue,
    Count,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinProblem,
    Older,
    Query,
    Related,
    Same,
    Tally,
    Which,
    WhichSex,
    Who,
    WhoIs,
    WhoIsOfSex,
    is_unnamed,
)
from stumper.puzzles._kin_words import MEN, NUMBERS, PERSONS, WOMEN, Sentence, names_alone, sentences, tidy, words
from stumper.puzzles._meta import read_meta

MOST_CHARACTERS = 6_000
"""Of a stem and its choices together."""
MOST_NAMES = 60

T = TypeVar("T")

_SCENE = (
    r"(?: (?:standing |sitting |shown |seen )?(?:in|on|at) (?:an?|the|his|her)"
    r" (?:photograph|photo|picture|stage|party|portrait))?"
)
_NOUN = "|".join((*MEN, *WOMEN, *PERSONS))
_NAME = r"[A-Z][\w-]*"
_INTRODUCTION = re.compile(
    rf"(?:(?:while )?(?:pointing|looking|introducing|indicating)(?: (?:to|at|towards))?"
    rf" (?:(?:an?|the) (?:photograph|photo|picture|portrait|image)(?: of (?:an?|the) (?P<portrayed>{_NOUN}))?"
    rf"|(?:an?|the) (?P<noun>{_NOUN}){_SCENE}|(?P<shown>(?-i:{_NAME}))),? )?"
    rf"(?:(?P<speaker>(?-i:{_NAME}))|(?:an?|the) (?P<stranger>{_NOUN}))"
    rf" (?:said|says|stated|states|remarked|remarks|exclaimed|told|tells)"
    rf"(?: (?:to )?(?:his|her|an?) (?:friend|colleague)"
    rf"| to (?:(?P<hearer>(?-i:{_NAME}))|(?:an?|the) (?P<hearing>{_NOUN})))?"
    r"(?: that)?[,:]?\s*",
    re.IGNORECASE,
)
"""What stands before a speech: who speaks, and of whom."""


def read(stem: str, choices: Sequence[str]) -> KinProblem:
    """Formalise a question; see `Family.read`. Raises Unread, TooLarge when the text is out of all proportion."""
    if len(stem) + sum(map(len, choices)) > MOST_CHARACTERS:
        raise TooLarge(f"a text of more than {MOST_CHARACTERS} characters")
    stem = decoded(tidy(stem))
    alone = names_alone(stem)
    discourse = Discourse()
    query: Query | None = None
    said: list[str] = []
    spoken = False
    for sentence in sentences(stem):
        if query is not None:
            if not words(sentence, alone):
                continue
            raise Unread(sentence.text[:200], "nothing may follow the question, but there is")
        if spoken and not sentence.spoken:
            discourse.speaker = discourse.listener = ""
        spoken = sentence.spoken
        if not spoken and (found := _INTRODUCTION.fullmatch(sentence.text)) is not None:
            _introduce(found, discourse, sentence)
            continue
        if discourse.shown and not spoken:
            sentence = sentence._replace(text=re.sub(rf"(?<=\w){_SCENE}(?=[\s?]|'s)", "", sentence.text))
        discourse, query = _read_sentence(sentence, words(sentence, alone), discourse)
        said += [sentence.text] * (len(discourse.clues) - len(said))
    if query is None:
        raise Unread(stem.strip()[-200:], "no question found in")
    claims = tuple(_read_choice(choice, query, discourse, alone) for choice in choices)
    if isinstance(query, Which) and not choices:
        raise Unread(stem.strip()[-200:], "asks for one of its choices and has none")
    if discourse.undirected and any(claim not in MUTUAL and claim not in META for claim in claims):
        raise Unread(stem.strip()[-200:], "does not say who is to be related to whom:")
    if isinstance(query, Who) and not choices and any(is_unnamed(p) and p != query.object for p in discourse.mentioned):
        raise Unread(stem.strip()[-200:], "may ask for somebody without a name:")
    try:
        problem = KinProblem(clues=tuple(discourse.clues), query=query, choices=claims, said=tuple(said))
    except ValidationError as error:
        raise Unread(stem.strip()[:200], error.errors()[0]["msg"]) from error
    _check_names([name for name in problem.people() if not is_unnamed(name)])
    return problem


def _introduce(found: re.Match[str], discourse: Discourse, sentence: Sentence) -> None:
    def person(noun: str) -> Thing:
        word = noun.lower()
        return Thing(word, "male" if word in MEN else "female" if word in WOMEN else None, new=True)

    if found["shown"]:
        discourse.shown = discourse.resolve(Name(found["shown"]))
    elif found["noun"] or found["portrayed"]:
        discourse.shown = discourse.resolve(person(found["noun"] or found["portrayed"]))
    elif re.match(r"\w+ing\b", found[0]):
        discourse.shown = discourse.resolve(person("person"))
    try:
        discourse.speaker = discourse.resolve(Name(found["speaker"]) if found["speaker"] else person(found["stranger"]))
        if found["hearer"] or found["hearing"]:
            discourse.listener = discourse.resolve(
                Name(found["hearer"]) if found["hearer"] else person(found["hearing"])
            )
    except Unread as unread:
        raise Unread(sentence.text[:200], f"{unread} in") from unread


def _read_sentence(sentence: Sentence, said: Words, before: Discourse) -> tuple[Discourse, Query | None]:
    """What is known after a sentence, and what it asks, if it does."""

    def follow(reading: Told | Asked | Phrase) -> tuple[Discourse, Query | None] | None:
        if isinstance(reading, Phrase) or isinstance(reading, Asked) != (sentence.asked or _orders(said)):
            return None
        discourse = before.copy()
        for clause in reading.clauses:
            discourse.tell(clause)
        query = _query(reading, discourse, sentence) if isinstance(reading, Asked) else None
        return discourse, query

    if not said:
        return before, None
    return _one_meaning(sentence.text, said, follow)


def _orders(said: Words) -> bool:
    return said[0][0] == "DETERMINE"


def _one_meaning(quoted: str, said: Words, follow: Callable[[Told | Asked | Phrase], T | None]) -> T:
    """What all readings of the words come to. Raises Unread where there is none, or more than one."""
    quoted = quoted[:200]
    try:
        found = [meaning for reading in readings(said) if (meaning := _sense(follow, reading)) is not None]
    except ValidationError as error:
        raise Unread(quoted, error.errors()[0]["msg"]) from error
    except Unread as unread:
        raise Unread(quoted, f"{unread.why} {unread.sentence!r} in") from unread
    if not found:
        raise Unread(quoted)
    if any(other != found[0] for other in found):
        raise Unread(quoted, "can be read in two ways")
    return found[0]


def _sense(follow: Callable[[Told | Asked | Phrase], T | None], reading: Told | Asked | Phrase) -> T | None:
    try:
        return follow(reading)
    except Nonsense:
        return None


def _query(asked: Asked, discourse: Discourse, sentence: Sentence) -> Query:
    def person(i: int, subject: str | None = None) -> str:
        return discourse.resolve(asked.people[i], subject)

    match asked.kind:
        case "related" | "between":
            discourse.undirected = asked.kind == "between"
            subject = person(0)
            return Related(subject=subject, object=person(1, subject))
        case "who":
            of = asked.people[0]
            assert isinstance(of, Of)
            if of.term.only or of.term.age:
                raise Unread(of.term.word, "asks for more than kinship:")
            return Who(term=of.term.word, object=discourse.resolve(of.owners[0]))
        case "how many":
            return HowMany(counted=asked.word, object=person(0))
        case "how many members":
            return HowManyMembers.model_validate({"of": asked.word})
        case "which sex":
            return WhichSex(sex_of=person(0))
        case "who of sex":
            return WhoIsOfSex.model_validate({"sex": asked.word})
        case "who is":
            return WhoIs(who=discourse.resolve(Thing(asked.word, None)))
        case "which":
            return Which.model_validate({"asks": asked.word})
    raise AssertionError(sentence)


def _read_choice(choice: str, query: Query, discourse: Discourse, alone: Collection[str]) -> str | Claim:
    """What a choice says as an answer. Raises Unread, also for a choice about other people than the question."""
    meta = read_meta(choice)
    if meta is not None:
        return meta
    text = tidy(choice).strip(" .")
    match query:
        case Related():
            return _read_kin(text, query, discourse, alone)
        case Who() | WhoIs() | WhoIsOfSex():
            said = words(Sentence(text, False), alone or {text})
            if len(said) == 1 and said[0][0] == "NAME":
                return said[0][1]
        case HowMany() | HowManyMembers():
            small = text.lower()
            if small in NUMBERS or small == "none":
                return str(NUMBERS.index(small)) if small in NUMBERS else "0"
            if re.fullmatch(r"[0-9]{1,2}", small):
                return small
        case WhichSex():
            small = text.lower()
            if small in ("male", "female"):
                return small
            if small in (*MEN, *WOMEN):
                return "male" if small in MEN else "female"
        case Which():
            return _read_claim(text, discourse, alone)
    raise Unread(choice[:200], "not understood as a choice")


def _read_kin(text: str, query: Related, discourse: Discourse, alone: Collection[str]) -> str:
    said = words(Sentence(text, False), alone)

    def follow(reading: Told | Asked | Phrase) -> str | None:
        if isinstance(reading, Phrase):
            if reading.owner is not None and discourse.copy().resolve(reading.owner, query.subject) != query.object:
                return None
            return reading.text
        if isinstance(reading, Told) and said[0][0] != "CHOICE":
            claim = _claim(reading, discourse)
            if isinstance(claim, Kin) and (claim.subject, claim.object) == (query.subject, query.object):
                return claim.term
        return None

    try:
        return _one_meaning(text, (("CHOICE", ""), *said), follow)
    except Unread:
        return _one_meaning(text, said, follow)


def _read_claim(text: str, discourse: Discourse, alone: Collection[str]) -> Claim:
    def follow(reading: Told | Asked | Phrase) -> tuple[Claim] | None:
        return (_claim(reading, discourse),) if isinstance(reading, Told) else None

    return _one_meaning(text, words(Sentence(text, False), alone), follow)[0]


def _claim(told: Told, before: Discourse) -> Claim:
    """The one thing that is claimed. Raises Unread for more than one."""
    discourse = before.copy()
    discourse.clues = []
    for clause in told.clauses:
        discourse.tell(clause)
    new: list[Clue] = discourse.clues
    while len(new) > 1:
        *rest, one, other = new
        between = other.object if isinstance(other, Kin) else ""
        if not (isinstance(one, Kin) and isinstance(other, Kin) and one.subject == between and is_unnamed(between)):
            break
        if between in before.mentioned:
            break
        new = [*rest, Kin(subject=other.subject, term=one.term + OF + other.term, object=one.object)]
    strangers = {person for clue in new for person in clue.people() if is_unnamed(person)}
    if len(new) != 1 or not strangers <= set(before.mentioned):
        raise Unread(", ".join(map(str, new))[:100], "claims more than one thing:")
    claim = new[0]
    if not isinstance(claim, Kin | Is | Older | Same | Count | Tally):
        raise Unread(str(claim)[:100], "no claim:")
    return claim


def _check_names(names: Sequence[str]) -> None:
    """Raises Unread where two names may be meant for one person, or for too many people."""
    if len(names) > MOST_NAMES:
        raise TooLarge(f"more than {MOST_NAMES} people")
    plain = {name: set(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").lower().split()) for name in names}
    for one, other in combinations(names, 2):
        if plain[one] & plain[other]:
            raise Unread(f"{one}, {other}", "perhaps one person under two names")
