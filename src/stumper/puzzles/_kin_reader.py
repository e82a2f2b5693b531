"""Reads family puzzles: a sentence is understood when the grammar covers it and it can mean one thing only."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import combinations
from typing import TypeVar

from pydantic import ValidationError

from stumper.puzzles import TooLarge, Unread
from stumper.puzzles import _kin_speech as speech
from stumper.puzzles._grammar import Words
from stumper.puzzles._kin_codes import Code, decoded
from stumper.puzzles._kin_discourse import MUTUAL, Discourse
from stumper.puzzles._kin_grammar import (
    Asked,
    IsKin,
    Name,
    Nonsense,
    Of,
    One,
    Person,
    Phrase,
    Term,
    Thing,
    Told,
    readings,
)
from stumper.puzzles._kin_language import (
    MEANINGS,
    META,
    NONE,
    OF,
    OR,
    SELF,
    UNDETERMINED,
    Choice,
    Claim,
    Clue,
    Count,
    Expression,
    Generations,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinProblem,
    Older,
    Query,
    Related,
    Same,
    Sex,
    Shows,
    Tally,
    Which,
    WhichSex,
    Who,
    WhoIs,
    WhoIsOfSex,
    is_unnamed,
)
from stumper.puzzles._kin_words import (
    MEN,
    NUMBERS,
    SINGULARS,
    TERMS,
    WOMEN,
    Sentence,
    couples,
    names_alone,
    sentences,
    tidy,
    told_by_looks,
    with_blank,
    words,
)
from stumper.puzzles._meta import read_meta

MOST_CHARACTERS = 6_000
"""Of a stem and its choices together."""
MOST_NAMES = 60

T = TypeVar("T")

_GENERATIONS = re.compile(
    r"(?:in )?(?:an?|the|this|one) (?:[A-Z]\w+ )?(?:family|household)(?: tree)?,?"
    r" (?:there are|has|spans|of|consists of|with) (?:just |exactly |only )?"
    r"(?P<number>two|three|four|five)(?: |-)generations?\.?",
    re.IGNORECASE,
)
_IN_THE_PICTURE = re.compile(
    r"(?:then,? )?(?:who (?:is|was) (?:the (?:person|man|woman|boy|girl|lady) )?(?:shown |seen |depicted |painted )?in"
    r" (?:the|this|that) \w+|whose (?:photograph|photo|picture|portrait|painting) (?:is|was) (?:it|this|that|he \w+ at"
    r"|she \w+ at)|whose (?:photograph|photo|picture|portrait|painting) (?:is|was) (?-i:[A-Z]\w+)"
    r" (?:looking|pointing|gazing) at)\?",
    re.IGNORECASE,
)
_AS = re.compile(r"(?i)^as (?=(?:an?|the|his|her|their) )")
"""How is he related to her? As her father."""
_HIMSELF = re.compile(
    r"(?:it is )?(?:himself|herself|the speaker(?: (?:himself|herself))?|the same person)", re.IGNORECASE
)
_WHETHER = re.compile(
    r"((?:it )?can ?not be (?:determined|decided|known|concluded|said|told)) (?:whether|if|how|what|who) .*"
)
_NOBODY = re.compile(
    r"(?:no ?(?:body|one)|none)(?: (?:else|of them))?"
    r"(?: (?:who (?:is|was) )?(?:mentioned|named|listed|given)(?: here| above)?)?",
    re.IGNORECASE,
)


def read(stem: str, choices: Sequence[str]) -> KinProblem:
    """Formalise a question; see `Family.read`. Raises Unread, TooLarge when the text is out of all proportion."""
    if len(stem) + sum(map(len, choices)) > MOST_CHARACTERS:
        raise TooLarge(f"a text of more than {MOST_CHARACTERS} characters")
    stem, code = decoded(with_blank(tidy(stem)))
    alone = names_alone(stem)
    if told_by_looks(stem):
        raise Unread(stem[:200], "tells people by what they are like:")
    discourse = Discourse(told=not re.search(r"\"|\b(?:sa(?:ys?|id)|tells?|told|asks?|asked)\b|(?<![\w])'", stem))
    query: Query | None = None
    said: list[str] = []
    spoken = False
    before: Words = ()
    ordered = list(_in_order(sentences(stem)))
    for sentence, following in zip(ordered, [*ordered[1:], None], strict=False):
        if query is not None:
            if not words(sentence, alone):
                continue
            raise Unread(sentence.text[:200], "nothing may follow the question, but there is")
        if spoken and not sentence.spoken:
            discourse.speaker = discourse.listener = ""
        spoken = sentence.spoken
        line = following is not None and following.spoken
        if not spoken and (found := speech.before(sentence.text, line) or speech.after(sentence.text)) is not None:
            _introduce(found, discourse, sentence)
            if found.having:
                who = found.speaker or f"the {found.stranger}"
                having = Sentence(f"{who} has {found.having}.", False)
                discourse, _ = _read_sentence(having, words(having, alone), discourse)
            said += [sentence.text] * (len(discourse.clues) - len(said))
            continue
        if (many := _GENERATIONS.fullmatch(sentence.text)) is not None:
            discourse.clues.append(Generations(number=NUMBERS.index(many["number"].lower())))
            said.append(sentence.text)
            continue
        if discourse.shown:
            if _IN_THE_PICTURE.fullmatch(sentence.text):
                sentence = sentence._replace(text="What is the pictured to the speaker?")
            sentence = sentence._replace(text=_pictured(sentence.text, discourse))
        if sentence.asked and code.signs and (shows := _SHOWS.fullmatch(sentence.text)) is not None:
            query = _shows(shows["claim"], discourse, alone)
            continue
        for husband, wife in couples(sentence.text):
            discourse.tell(One(Name(wife), (IsKin(Term("wife"), (Name(husband),)),)))
        discourse, query = _read_sentence(sentence, _pointed_back(words(sentence, alone), before), discourse)
        before = words(sentence, alone)
        said += [sentence.text] * (len(discourse.clues) - len(said))
    discourse.finish()
    said += [stem.strip()[:200]] * (len(discourse.clues) - len(said))
    if query is None:
        raise Unread(stem.strip()[-200:], "no question found in")
    query, claims = _read_choices(choices, query, discourse, alone, code)
    if isinstance(query, Which) and not choices:
        raise Unread(stem.strip()[-200:], "asks for one of its choices and has none")
    if (
        discourse.undirected
        and isinstance(query, Related)
        and any(claim not in MUTUAL and claim not in META for claim in claims)
    ):
        raise Unread(stem.strip()[-200:], "does not say who is to be related to whom:")
    if isinstance(query, Who) and not choices and any(is_unnamed(p) and p != query.object for p in discourse.mentioned):
        raise Unread(stem.strip()[-200:], "may ask for somebody without a name:")
    try:
        problem = KinProblem(clues=tuple(discourse.clues), query=query, choices=claims, said=tuple(said))
    except ValidationError as error:
        raise Unread(stem.strip()[:200], error.errors()[0]["msg"]) from error
    _check_names([name for name in problem.people() if not is_unnamed(name)])
    return problem


_SHOWS = re.compile(
    r"(?:then,? )?which (?:one )?(?:of (?:the following|these|them|the)(?: \w+)?(?: below| given)?|\w+) (?:correctly )?"
    r"(?:shows?|means?|indicates?|implies|imply|represents?|says?|denotes?|expresses|states?|proves?|tells us)"
    r"(?: that)? ['\"]?(?P<claim>.*?)['\"]?\?",
    re.IGNORECASE,
)


def _shows(text: str, discourse: Discourse, alone: Collection[str]) -> Shows:
    claim = _read_claim(text, discourse, {*alone, *re.findall(r"\b[A-Z]\b", text)})
    if not isinstance(claim, Kin):
        raise Unread(text[:200], "no kinship to show:")
    return Shows(subject=claim.subject, term=claim.term, object=claim.object)


def _in_order(said: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences, with what stands after a speech in front of it."""
    waiting: list[Sentence] = []
    introduced = False
    for sentence in said:
        if sentence.spoken:
            waiting.append(sentence)
            continue
        if waiting and speech.after(sentence.text) is not None:
            if introduced:
                raise Unread(sentence.text[:200], "more than one speaks:")
            yield sentence
            yield from waiting
        else:
            yield from waiting
            yield sentence
        introduced = speech.before(sentence.text, line=True) is not None
        waiting = []
    yield from waiting


def _pointed_back(said: Words, before: Words) -> Words:
    """The words with names for "the former", "the latter" and "both": of the two who were named last. Raises Unread."""
    found: list[tuple[str, str]] = []
    for i, (kind, word) in enumerate(said):
        both = kind == "BOTH" and said[i + 1 : i + 2] and said[i + 1][0] in ("ARE", "THEYHAVE")
        both = both and (not found or found[-1][0] in ("AND", "COMMA", "WHILE", "BUT"))
        if kind != "LATTER" and not both:
            found.append((kind, word))
            continue
        names = list(
            dict.fromkeys(w for k, w in (found if any(k == "NAME" for k, _ in found) else before) if k == "NAME")
        )
        if len(names) != 2:
            raise Unread(word, "may mean different people:")
        if both:
            found += [("NAME", names[0]), ("AND", "and"), ("NAME", names[1])]
            continue
        if found and found[-1][0] == "THE":
            found.pop()
        found.append(("NAME", names[word == "latter"]))
    return tuple(found)


def _pictured(text: str, discourse: Discourse) -> str:
    """The sentence without where people are shown: which of two men is told by that."""
    for noun, who in discourse.things.items():
        if not who:
            text = re.sub(rf"\b(?:the|this|that) {noun}{speech.SCENE.pattern}", "the pictured", text)
    return speech.SCENE.sub("", text)


def _introduce(found: speech.Speech, discourse: Discourse, sentence: Sentence) -> None:
    def person(noun: str, name: str) -> str:
        sex: Sex | None = "male" if noun in MEN else "female" if noun in WOMEN else None
        if name and not noun:
            return discourse.resolve(Name(name))
        return discourse.resolve(Thing(noun, sex, new=True, name=name))

    try:
        if found.noun or found.shown:
            discourse.shown = person(found.noun, found.shown)
            discourse.things["pictured"] = discourse.shown
        discourse.speaker = person(found.stranger, found.speaker)
        discourse.things["speaker"] = discourse.speaker
        if found.hearing or found.hearer:
            discourse.listener = person(found.hearing, found.hearer)
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
    if {"IF", "WAS"} <= (kinds := {kind for kind, _ in said}) or {"IF", "HAD"} <= kinds:
        raise Unread(sentence.text[:200], "supposes what is not:")
    return _one_meaning(sentence.text, said, follow)


def _orders(said: Words) -> bool:
    return said[0][0] == "DETERMINE" or [kind for kind, _ in said[:2]] == ["NAMING", "THE"]


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


def _read_choices(
    choices: Sequence[str], query: Query, discourse: Discourse, alone: Collection[str], code: Code
) -> tuple[Query, tuple[Choice, ...]]:
    """What the choices say, and the question: of what is true where they are statements."""
    if isinstance(query, Shows):
        return query, tuple(_read_meta(choice) or _read_expression(choice, code) for choice in choices)
    try:
        found = tuple(_read_choice(choice, query, discourse, alone) for choice in choices)
    except Unread:
        stated = _read_statements(choices, query, discourse, alone)
        if stated is None:
            raise
        return stated
    if discourse.undirected and any(claim not in MUTUAL and claim not in META for claim in found):
        return _read_statements(choices, query, discourse, alone) or (query, found)
    return query, found


def _read_statements(
    choices: Sequence[str], query: Query, discourse: Discourse, alone: Collection[str]
) -> tuple[Query, tuple[Choice, ...]] | None:
    """The choices as statements that may be true, where each is one or can be made one."""
    if isinstance(query, Related) and discourse.undirected:
        around = discourse.copy()
        around.couple, around.group = (), (query.subject, query.object)
        return Which(asks="true"), tuple(
            _read_meta(choice) or _read_between(choice, query, around, alone) for choice in choices
        )
    if isinstance(query, Who):
        found = [_read_meta(choice) or _read_described(choice, query, discourse, alone) for choice in choices]
        offered = {claim.subject for claim in found if isinstance(claim, Kin)} | {query.object}
        if UNDETERMINED in found and not {p for p in discourse.mentioned if not is_unnamed(p)} <= offered:
            return None
        return Which(asks="true"), tuple(found)
    return None


def _read_between(choice: str, query: Related, around: Discourse, alone: Collection[str]) -> Claim:
    """Of "They are cousins", "Ann is Bo's aunt". Raises Unread."""
    text = tidy(choice).strip(" .")
    plain = text.lower().removeprefix("they are ")
    term = TERMS.get(plain) or SINGULARS.get(plain)
    if term is None or term not in MUTUAL:
        claim = _read_claim(text, around, alone)
        if isinstance(claim, Kin) and set(claim.people()) == {query.subject, query.object}:
            return claim
        raise Unread(choice[:200], "not understood as a choice")
    sex = MEANINGS[term].sex
    if sex is None:
        return Kin(subject=query.subject, term=term, object=query.object)
    # Said of both: what is known of the sex of one is not said again.
    sexes = [around.sex(person) for person in (query.subject, query.object)]
    if sexes[1] == sex or (sexes[0] is not None and sexes[0] != sex):
        return Kin(subject=query.subject, term=term, object=query.object)
    if sexes[0] == sex or sexes[1] is not None:
        return Kin(subject=query.object, term=term, object=query.subject)
    raise Unread(choice[:200], "claims more than one thing:")


_PARENTS: dict[str, Sex | None] = {"father": "male", "mother": "female", "parent": None}


def _read_described(choice: str, query: Who, discourse: Discourse, alone: Collection[str]) -> Claim:
    """That the person whom a choice names or describes ("Ann's brother") is who is asked for. Raises Unread."""
    with suppress(Unread):
        name = _read_choice(choice, query, discourse, alone)
        return Kin(subject=str(name), term=query.term, object=query.object)
    said = (("CHOICE", ""), *words(Sentence(tidy(choice).strip(" ."), False), alone))

    def follow(reading: Told | Asked | Phrase) -> tuple[str, str] | None:
        if isinstance(reading, Phrase) and reading.owner is not None and OR not in reading.text:
            return reading.text, discourse.copy().resolve(reading.owner)
        return None

    term, owner = _one_meaning(choice, said, follow)
    sex = MEANINGS[term.split(OF)[-1]].sex
    if query.term not in _PARENTS or _PARENTS[query.term] not in (sex, None) or owner == query.object:
        raise Unread(choice[:200], "not understood as a choice")
    return Kin(subject=query.object, term=f"{term}{OF}child", object=owner)


def _read_expression(choice: str, code: Code) -> Expression:
    said = code.expression(tidy(choice))
    if said is None:
        raise Unread(choice[:200], "not understood as a choice")
    letters = frozenset(re.findall(r"\b[A-Z]\b", choice))
    discourse = Discourse()
    for text in said:
        sentence = Sentence(text, False)
        discourse, _ = _read_sentence(sentence, words(sentence, letters), discourse)
    kins = tuple(clue for clue in discourse.clues if isinstance(clue, Kin))
    if len(kins) < len(discourse.clues):
        raise Unread(choice[:200], "says more than kinship:")
    return Expression(says=kins)


def _read_meta(choice: str) -> str | None:
    text = re.sub(r"\s+", " ", tidy(choice)).strip(" .")
    return read_meta(_WHETHER.sub(r"\1", text.lower())) or read_meta(choice)


def _read_choice(choice: str, query: Query, discourse: Discourse, alone: Collection[str]) -> str | Claim:
    """What a choice says as an answer. Raises Unread, also for a choice about other people than the question."""
    meta = _read_meta(choice)
    if meta is not None:
        return meta
    text = tidy(choice).strip(" .")
    if isinstance(query, Who | WhoIs | WhoIsOfSex) and _NOBODY.fullmatch(text):
        return NONE
    match query:
        case Related():
            return _read_kin(text, query, discourse, alone)
        case Who() | WhoIs() | WhoIsOfSex():
            said = words(Sentence(text, False), alone or {text})
            if len(said) == 1 and said[0][0] == "NAME":
                return said[0][1]
            if [kind for kind, _ in said] == ["THE", "PROFESSION"] and said[1][1] in discourse.things:
                return discourse.things[said[1][1]]
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
    if _HIMSELF.fullmatch(text) and (not text.lower().endswith("speaker") or _speaks(query.object, discourse)):
        return SELF
    said = _with_people(words(Sentence(_AS.sub("", text), False), alone), query, discourse)

    def follow(reading: Told | Asked | Phrase) -> str | None:
        if isinstance(reading, Phrase):
            if reading.owner is not None and _owner(reading.owner, query, discourse) != query.object:
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


def _owner(owner: Person, query: Related, discourse: Discourse) -> str:
    if isinstance(owner, Name) and is_unnamed(owner.word):
        return owner.word
    return discourse.copy().resolve(owner, query.subject)


def _speaks(person: str, discourse: Discourse) -> bool:
    return discourse.things.get("speaker") == person


def _with_people(said: Words, query: Related, discourse: Discourse) -> Words:
    """The words of a choice with the people of the question for its pronouns: "She is his aunt", "his wife's brother".

    Who is asked for is spoken of first, and is nobody's kin but the other's. Raises Unread where the sex is another.
    """

    def of_sex(person: str, sex: Sex) -> bool:
        return discourse.sex(person) in (sex, None)

    found = list(said)
    if len(said) > 1 and said[0][0] in ("HE", "SHE") and said[1][0] == "BE":
        sex: Sex = "male" if said[0][0] == "HE" else "female"
        terms = [MEANINGS[SINGULARS[word]].sex for kind, word in said if kind == "TERM"]
        if discourse.sex(query.subject) != sex and (not terms or terms[-1] != sex):
            raise Unread(said[0][1], "is not known to be of that sex:")
        if not of_sex(query.subject, sex):
            raise Unread(said[0][1], "is of the other sex:")
        found[0] = ("NAME", query.subject)
    for i, (kind, _) in enumerate(said):
        if kind in ("HIS", "HER") and i + 1 < len(said) and of_sex(query.object, "male" if kind == "HIS" else "female"):
            found[i : i + 1] = [("NAME", query.object), ("POSS", "'s")]
            break
    return tuple(found)


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
        if {one.split()[0], other.split()[0]} == {"Mr", "Mrs"}:
            continue
        if plain[one] & plain[other]:
            raise Unread(f"{one}, {other}", "perhaps one person under two names")
