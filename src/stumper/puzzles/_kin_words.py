"""The words of family puzzles: from a text to sentences, and from a sentence to words of known kinds."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from stumper.puzzles import Unread
from stumper.puzzles._grammar import Words
from stumper.puzzles._kin_language import MEANINGS

MOST_WORDS = 90
"""Of a sentence."""
MOST_NAME_WORDS = 3

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def plural(term: str) -> str:
    for tail in ("-in-law", " once removed"):
        if term.endswith(tail):
            return plural(term.removesuffix(tail)) + tail
    if term.endswith("child"):
        return f"{term}ren"
    return "wives" if term == "wife" else f"{term}s"


def _spellings(term: str) -> tuple[str, ...]:
    """How a term is spelt: "step-mother" and "step mother" for a stepmother, "grand-uncle" for a great-uncle."""
    found = [term]
    for short, spelt in (
        ("step", ("step-", "step ")),
        ("step-", ("step", "step ")),
        ("half-", ("half ",)),
        ("great-great-", ("great great ", "great-great ")),
        ("great-", ("great ",)),
        ("grand", ("grand-", "grand ")),
    ):
        if term.startswith(short):
            found += [start + term.removeprefix(short) for start in spelt]
    if term in ("great-uncle", "great-aunt", "great-nephew", "great-niece"):
        found += [start + term.removeprefix("great-") for start in ("grand", "grand-", "grand ")]
    if term in ("brother", "sister", "sibling"):
        found.append(f"twin {term}")
    return tuple(found)


_AT_HOME: Mapping[str, str] = {
    "kid": "child",
    **dict.fromkeys(("dad", "daddy", "papa"), "father"),
    **dict.fromkeys(("mum", "mom", "mummy", "mommy", "mama"), "mother"),
    **dict.fromkeys(("grandpa", "granddad", "grandad", "grandfather"), "grandfather"),
    **dict.fromkeys(("grandma", "granny", "gran", "grandmother"), "grandmother"),
    **dict.fromkeys(("auntie", "aunty"), "aunt"),
    **dict.fromkeys(("hubby",), "husband"),
}
"""How kin are spoken of at home."""

SINGULARS = {spelt: term for term in MEANINGS for spelt in _spellings(term)} | {**_AT_HOME}
TERMS = {plural(spelt): term for spelt, term in SINGULARS.items()} | {"grannies": "grandmother", "aunties": "aunt"}
MEN = ("groom", "man", "boy", "gentleman", "guy", "lad", "fellow", "chap", "youth", "widower")
WOMEN = ("bride", "woman", "girl", "lady", "lass", "widow")
PERSONS = ("person", "individual", "youngster", "teenager")
LOOKS = tuple(str.split("little young old elderly tall short small dear aged middle-aged smiling well-dressed"))
"""What people are like, before a noun or a name: it says nothing, where nobody is told from another by it."""
PROFESSIONS = tuple(
    str.split(
        """
        doctor teacher lawyer engineer nurse accountant architect professor chef artist musician writer banker manager
        singer dancer painter dentist pilot scientist journalist farmer actor actress psychologist surgeon salesman
        advocate student housewife lecturer businessman clerk contractor pharmacist plumber policeman physician editor
        baker barber builder butcher carpenter cashier chemist coach composer cook director driver electrician
        firefighter florist gardener geologist historian jeweller judge librarian mechanic merchant model nurse officer
        optician photographer poet politician principal programmer psychiatrist sailor sculptor secretary
        shopkeeper soldier tailor trader translator veterinarian vet waiter weaver
        """
    )
)

_GRAND = {home: MEANINGS[term].sex or "" for home, term in _AT_HOME.items() if term.startswith("grand")}
TITLES: Mapping[str, str] = {
    **dict.fromkeys(("dr", "prof", "professor", "doctor", "captain", "colonel", "judge", "baby"), ""),
    **dict.fromkeys(("mr", "sir", "lord", "king", "prince"), "male"),
    **dict.fromkeys(("lady", "mrs", "ms", "miss", "madam", "queen", "princess"), "female"),
    **_GRAND,
}
"""Before a name, and what each says of the sex."""
PETS = tuple(str.split("dog cat parrot horse car bicycle house shop pet"))
"""What people have besides kin: it says nothing."""

SEXES = {
    **dict.fromkeys(("males", "men", "boys"), "male"),
    **dict.fromkeys(("females", "women", "girls"), "female"),
}

_KINDS: Mapping[str, Iterable[str]] = {
    "BE": ("is", "am"),
    "ARE": ("are",),
    "TOBE": ("be",),
    "HAVE": ("has",),
    "THEYHAVE": ("have",),
    "A": ("a", "an"),
    "TERM": (word for word in SINGULARS if " " not in word),
    "TERMS": (word for word in TERMS if " " not in word),
    "MAN": MEN,
    "WOMAN": WOMEN,
    "PERSON": PERSONS,
    "PROFESSION": PROFESSIONS,
    "SEX": ("male", "female"),
    "SEXES": tuple(SEXES),
    "PET": PETS,
    "SPEAKER": ("speaker", "pictured"),
    "LATTER": ("latter", "former"),
    "NUMBER": NUMBERS,
    "ONLY": ("only", "sole", "exactly", "just", "precisely"),
    "OLDER": ("older", "elder", "younger"),
    "HE": ("he", "him"),
    "SHE": ("she",),
    "THEY": ("they", "them"),
    "HIS": ("his",),
    "HER": ("her",),
    "THEIR": ("their",),
    "I": ("i", "me", "you"),
    "MY": ("my", "your"),
    "NAMED": ("named", "called"),
    "THIS": ("this",),
    "THAT": ("that",),
    "SIRE": ("fathered", "bore"),
    "CALL": ("calls", "call"),
    "MARRY": ("marries",),
    "WAS": ("was", "were"),
    "HAD": ("had",),
    "WED": ("wed",),
    "DEPICT": ("describe", "define", "express"),
    "BELONG": ("belong",),
    "TOGETHER": ("together",),
    "BLANK": ("____",),
    "SINGLE": ("unmarried", "single"),
    "CHILDLESS": ("childless",),
    "NAMING": ("name",),
    "DETERMINE": ("determine", "find", "identify", "state", "deduce", "tell", "work-out"),
    "RELATION": ("relation", "relationship", "kinship"),
    "DESCRIBE": ("describes", "fits", "names", "gives", "expresses", "states", "captures", "defines", "suits"),
    "INTRODUCE": ("introduces", "introduced", "described", "presents", "presented"),
    "WORD": ("word", "term", "expression", "option", "phrase"),
    "NOBODY": ("nobody", "none"),
    "WOULD": ("would",),
    "SURELY": ("definitely", "certainly", "necessarily"),
    "TRUE": ("true", "correct"),
    "FALSE": ("false", "incorrect"),
    "STATEMENT": ("statement", "statements"),
    "WHO": ("who",),
    "WHICH": ("which",),
    "MEMBER": ("members", "people", "persons", "individuals", "relatives"),
    "FAMILY": ("family", "household"),
    "GENDER": ("gender", "sex"),
    "WHAT": ("what",),
    "COUPLES": ("couples",),
    **{
        word.upper(): (word,)
        for word in str.split(
            """
            also among and as bear belongs between both but can cannot consists couple does following
            given how if in it kin making many married may must now of or related respectively
            says so than the then there these to way whereas while whom whose with each else seen by
            """
        )
    },
    "COMMA": (",",),
    "COLON": (":",),
    "POSS": ("'s",),
}
LEXICON = {word: kind for kind, words in _KINDS.items() for word in words}
PHRASES: Mapping[tuple[str, ...], tuple[str, str]] = {
    **{tuple(words.split()): ("TERM", words) for words in SINGULARS if " " in words},
    **{tuple(words.split()): ("TERMS", words) for words in TERMS if " " in words},
    ("gave", "birth", "to"): ("SIRE", "bore"),
    ("was", "born", "to"): ("BORN", "born"),
    ("were", "born", "to"): ("BORN", "born"),
    ("is", "born", "to"): ("BORN", "born"),
    **{(be, "fathered", "by"): ("BORN", "fathered") for be in ("is", "was", "were")},
    **{
        (be, *way.split()): ("BORN", "borne")
        for be in ("is", "was", "were")
        for way in ("brought into the world by", "borne by", "given birth to by", "mothered by")
    },
    ("each", "other"): ("EACHOTHER", "each"),
    ("one", "another"): ("EACHOTHER", "each"),
    ("in", "turn"): ("ALSO", "also"),
    ("as", "well"): ("ALSO", "also"),
    ("got", "married"): ("WED", "wed"),
    ("got", "married", "to"): ("MARRY", "marries"),
    ("later", "marries"): ("MARRY", "marries"),
    **{
        tuple(words.split()): ("BELONG", "belong")
        for words in ("belong to", "who belong to", "belong to the same", "are members of the same", "belonging to")
    },
    ("live", "together"): ("TOGETHER", "together"),
    ("too",): ("ALSO", "also"),
    ("work", "out"): ("DETERMINE", "determine"),
    ("an", "only", "child"): ("ONLYCHILD", "only"),
    ("never", "married"): ("SINGLE", "single"),
    ("not", "married"): ("SINGLE", "single"),
    ("best", "describes"): ("DESCRIBE", "describes"),
    ("correctly", "describes"): ("DESCRIBE", "describes"),
    **{(word,): ("SO", "so") for word in ("therefore", "hence", "thus")},
}
NO_NAMES = frozenset(
    {
        *LEXICON,
        *TITLES,
        *LOOKS,
        *str.split(
            """
            those every not its our mine where why or because since did at for step half great someone
            somebody nobody everyone everybody yes suppose now we us it some any another pointing introducing
            looking said says his her when thus hence therefore consider there assume let however further furthermore
            also additionally moreover finally next first second last both either only later after before during
            """
        ),
    }
)
"""Words that are no name even where a capital stands: titles would drop what they say about the sex."""

_BLOOD = ("father", "mother", "parent", "grandfather", "grandmother", "brother", "sister", "son", "daughter", "child")
"""Whoever of them is dead is no less: of a husband it matters who was married after him."""

_WORD = re.compile(r"____|'s?(?!\w)|[^\W_]+(?:[-'](?!s(?!\w))[^\W_]+)*|[^\w\s]|_")
_NUMBERED = re.compile(
    r"^(?:\((?:[0-9]{1,2}|[ivx]{1,4}|[a-z])\)|(?:statement|fact|clue|hint)s? (?:[0-9]{1,2}|[ivx]{1,3}):)\s*(?=\S)",
    re.IGNORECASE,
)
_ABOUT = (
    r"(?:information|statements?|facts?|clues?|relations?|relationships?|data|code|definitions|passage|text|family)"
)
_IDLE = re.compile(
    rf"(?:please )?(?:read|study|consider|examine|look at|use|here (?:is|are)|take) (?:all )?"
    rf"(?:the |these |this |an? |some )?"
    rf"(?:following |given |family )*{_ABOUT}(?: tree| given)?(?: below)?(?: carefully)?"
    r"(?:,? (?:and|to|then)(?: then)? answer(?: (?:the|this|each) questions?)?(?: (?:below|given|that follows?))*)?"
    rf"|(?:the following|these|two|three|four|five|six|some) {_ABOUT} (?:are|is) (?:known|given|true)"
    r"(?: (?:about|of) (?:a|this|the|one) family)?"
    r"|(?:answer|solve) (?:the|this) (?:question|puzzle|riddle)(?: below)?|hello|hi|think carefully"
    r"|[0-9]{1,2}|[ivx]{1,4}",
    re.IGNORECASE,
)
"""A sentence that says nothing about anybody."""
_OPENING = re.compile(
    r"^(?:in (?:an?|the|this|one) (?:(?-i:[A-Z]\w+) )?"
    r"(?:(?:complex|certain|extended|large|particular|traditional|joint|complicated"
    r"|typical|given) )*(?:family(?: tree| relationship)?|household)(?: relationship| tree)?,"
    r"|(?:given|from|based on|according to|considering|using|with|in) (?:all )?(?:the |these |this |that )?"
    r"(?:above |given )?(?:relationships?|relations?|information|facts?|statements?|clues?|data|family tree)"
    r"(?: given| above| provided)?,"
    r"|in (?:that|this) case,|we can (?:say|conclude|tell|infer) that|it follows that"
    r"|at (?:an?|the|this|their) (?:family |big |large |birthday |wedding |annual )*(?:reunion|gathering|party|wedding"
    r"|dinner|picnic|function|celebration|meeting|feast),"
    r"|(?:it is (?:known|given|clear|a fact)|we (?:know|are told)|suppose|assume|note|let us (?:say|suppose|assume))"
    r"(?: that)?(?=\s)"
    r"|(?:consider|study|read) the following(?: information| statements| relationships| facts)?(?: carefully)?:?"
    r"|(?:respond only|provide the relationship|answer) (?:with|in) (?:the|a single|one) word"
    r"(?: that describes their relationship)?\.?$)",
    re.IGNORECASE,
)
"""Says nothing about anybody: a frame for the sentence, or how the answer should look."""


class Sentence(NamedTuple):
    text: str
    asked: bool
    spoken: bool = False


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order; what stands in quotes is spoken."""
    for part, spoken in _speech(tidy(text)):
        for match in re.finditer(r"[^.;?!\n]+[.;?!]*", part):
            said = match.group().strip()
            if re.search(r"[^\W_]", said):
                yield Sentence(said, said.endswith("?") or BLANK in said, spoken)


_BROKEN = re.compile(r"([\"'])([^\"\n]{1,80}),\1 ([^\".?!\n]{1,120}), \1([a-z][^\"\n]*[.?!])\1")
"""A speech with who speaks in its midst."""


def tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\b(Mr|Mrs|Ms|Dr|Prof)\.(?= )", r"\1", text)
    text = re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))
    return _BROKEN.sub(r"\1\2 \4\1 \3.", text)


BLANK = "____"
"""What is left open in a question that is a sentence."""


def with_blank(text: str) -> str:
    """A stem with the same blank wherever it leaves something open, also where it breaks off: "Ann is Bob's"."""
    text = re.sub(r"_{2,}|\.{3,}|\u2026", f" {BLANK} ", text).rstrip()
    return re.sub(r"(?<=\w)('s|(?<=s)'| are)(?:\s*:)?$", rf"\1 {BLANK}", text)


def _speech(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut at its quotes: (part, whether it is spoken)."""
    at = 0
    for found in re.finditer(
        r"(?:(?<=[\s,:])|^)(\"|')(?=\w)((?:(?!\1).|(?<=\w)'(?=\w)|(?<=s)' (?=[a-z]))*?)"
        r"(?:(?<=[.?!,])\1|\1(?=[.?!,]|\s*$))[.,]?",
        text,
    ):
        yield text[at : found.start()], False
        yield found[2], True
        at = found.end()
    yield text[at:], False


_IDLE_VERBS = frozenset(
    str.split(
        "lives live lived works work worked resides reside studies studied teaches travels plays loves likes enjoys"
    )
)
"""Whatever people do where no kin is spoken of says nothing."""
_OF_KIN = frozenset(
    str.split("TERM TERMS MAN WOMAN HIS HER MY THEIR SHE HE WHO WHOSE MARRIED MARRY SIRE BORN NAMED ONLY HAVE THEYHAVE")
)


def words(sentence: Sentence, alone: Collection[str]) -> Words:
    """(kind, word) of each word; a name is one word. Raises Unread with a word that is not known.

    `alone` are the text's names of one word (see `names_alone`).
    """
    quoted = sentence.text[:200]
    text = _NUMBERED.sub("", sentence.text).rstrip(".;:?!, ")
    if _IDLE.fullmatch(text):
        return ()
    text = _OPENING.sub("", text)
    if (frame := re.match(r"([^:]{1,80}):\s*", text)) is not None and _IDLE.fullmatch(frame[1]):
        text = text[frame.end() :]
    plain = _joined(["'s" if word == "'" else word for word in _WORD.findall(text)])
    if len(plain) > MOST_WORDS:
        raise Unread(quoted, f"longer than {MOST_WORDS} words")
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(plain):
        word, small = plain[at], plain[at].lower()
        phrase = next(
            (p for n in (6, 5, 4, 3, 2, 1) if (p := tuple(w.lower() for w in plain[at : at + n])) in PHRASES), None
        )
        following = plain[at + 1].lower() if at + 1 < len(plain) else ""
        if phrase is not None:
            found.append(PHRASES[phrase])
            at += len(phrase)
        elif len(word) == 1 and word.isupper() and _is_letter(word, following, at, alone, sentence.spoken):
            if found and found[-1][0] == "PERSON" and found[-1][1] == "person" and plain[at - 1][0].isupper():
                found.pop()
            found.append(("NAME", word))
            at += 1
        elif (pair := _couple(plain[at : at + 4])) is not None:
            found += [("NAME", pair[0]), ("AND", "and"), ("NAME", pair[1])]
            at += 4
        elif small in TITLES and _is_title(found, plain[at : at + 2]):
            end = at + 2
            while plain[end - 1] not in alone and end < min(len(plain), at + MOST_NAME_WORDS) and _is_name(plain[end]):
                end += 1
            found.append(("NAME", " ".join((small.title(), *plain[at + 1 : end]))))
            at = end
        elif small in LOOKS and at + 1 < len(plain) and _has_looks(found, plain[at + 1]):
            at += 1
        elif small in _IDLE_VERBS:
            at += 1
            while at < len(plain) and plain[at].lower() not in (",", "and", "but", "while"):
                if LEXICON.get(plain[at].lower()) in _OF_KIN:
                    raise Unread(quoted, f"{plain[at][:30]!r} is not understood in")
                at += 1
            found.append(("LIVE", small))
        elif small in LEXICON:
            kind = LEXICON[small]
            if kind == "NUMBER" and small == "one":
                kind = "ONE"
            found.append((kind, small))
            at += 1
        elif small.isdecimal() and small.isascii() and int(small[:3]) < len(NUMBERS):
            found.append(("NUMBER", NUMBERS[int(small)]) if small != "1" else ("ONE", "one"))
            at += 1
        elif _is_name(word):
            end = at + 1
            while word not in alone and end < min(len(plain), at + MOST_NAME_WORDS) and _is_name(plain[end]):
                end += 1
            found.append(("NAME", " ".join(plain[at:end])))
            at = end
        else:
            raise Unread(quoted, f"{word[:30]!r} is not known in")
    return tuple(found)


def _couple(said: list[str]) -> tuple[str, str] | None:
    """The names of "Mr and Mrs Rao"."""
    if [word.lower() for word in said[:3]] != ["mr", "and", "mrs"] or not _is_name(said[3] if said[3:] else "is"):
        return None
    return f"Mr {said[3]}", f"Mrs {said[3]}"


def couples(text: str) -> list[tuple[str, str]]:
    """Those who are called "Mr and Mrs"."""
    said = _WORD.findall(text)
    return [pair for i in range(len(said)) if (pair := _couple(said[i : i + 4])) is not None]


def _is_title(before: list[tuple[str, str]], said: list[str]) -> bool:
    """Is it a title before a name: no kin ("Bo's grandma Ann"), nor what somebody is ("the doctor Ann")."""
    if len(said) < 2 or not _is_name(said[1]):
        return False
    return (
        said[0].lower() not in LEXICON
        or not before
        or before[-1][0] not in ("POSS", "HIS", "HER", "THEIR", "MY", "A", "THE")
    )


def _has_looks(before: list[tuple[str, str]], noun: str) -> bool:
    if before and before[-1][0] in ("A", "THE", "THIS", "THAT") and noun.lower() in (*MEN, *WOMEN, *PERSONS, *LOOKS):
        return True
    return noun.lower() in TITLES or (_is_name(noun) and (not before or before[-1][0] not in ("A", "THE")))


def told_by_looks(text: str) -> bool:
    """Is somebody told from another by what he is like: "the tall man", "the short man"."""
    looks: dict[str, set[str]] = {}
    for look, noun in re.findall(rf"\b({'|'.join(LOOKS)}) ([\w-]+)", text, re.IGNORECASE):
        looks.setdefault(noun.lower(), set()).add(look.lower())
    return any(len(found) > 1 for found in looks.values())


def names_alone(text: str) -> frozenset[str]:
    """The names of one word in a text, and the single capitals that are names: an A and an I alone are none."""
    single = set(re.findall(r"(?<![\w'])[A-Z](?![\w-])", text))
    plain = _WORD.findall(text)
    names = [_is_name(word) for word in plain]
    alone = {
        word for i, word in enumerate(plain) if names[i] and not any(names[max(0, i - 1) : i] + names[i + 1 : i + 2])
    }
    return frozenset(alone | (single if single - {"A", "I"} else set()))


def _is_letter(word: str, following: str, at: int, alone: Collection[str], spoken: bool) -> bool:
    if word not in alone:
        return word not in "AI"
    if word == "I":
        return not spoken and following not in ("am", "have")
    if word == "A":
        kind = LEXICON.get(following, "")
        return (
            at > 0
            or not following
            or kind in ("BE", "HAVE", "POSS", "COMMA", "AND", "CALL", "SIRE", "MARRY", "BORN", "WHO")
        )
    return True


def _is_name(word: str) -> bool:
    return (
        word[0].isupper()
        and len(word) > 1
        and word.lower() not in NO_NAMES
        and all(c in "-'0123456789" or unicodedata.name(c, "").startswith("LATIN") for c in word)
    )


_NO_OWNERS = ("he", "she", "it", "that", "who", "what", "there", "here")
"""Whatever 's stands after, it is no possession."""
_SIDES = {"father": "paternal", "mother": "maternal"}
_SHORT = {
    "i'm": ["I", "am"],
    "i've": ["I", "have"],
    "they're": ["they", "are"],
    "they've": ["they", "have"],
    "you're": ["you", "are"],
    "you've": ["you", "have"],
}


def _joined(plain: list[str]) -> list[str]:
    """With "mother in law" as one word, and without what only stresses ("her own mother", "who is herself")."""
    joined: list[str] = []
    skipped = 0
    if len(plain) > 1 and plain[-1].lower() in ("precisely", "exactly"):
        plain = plain[: -2 if plain[-2] == "," else -1]
    for i, word in enumerate(plain):
        if word.lower() in ("himself", "herself") and 0 < i < len(plain) - 1 and plain[i + 1] not in ",'s":
            continue
        following = plain[i + 1].lower() if i + 1 < len(plain) else ""
        if word.lower() in ("late", "deceased") and following in SINGULARS and SINGULARS[following] in _BLOOD:
            continue
        side = [w.lower() for w in plain[i : i + 5]]
        if len(side) == 5 and side[0] in ("on", "from") and side[3:] == ["'s", "side"] and side[2] in _SIDES and joined:
            joined.insert(-1, _SIDES[side[2]])
            skipped = 4
            continue
        if skipped:
            skipped -= 1
            continue
        if word.lower() == "ever" and following in ("had", "has"):
            continue
        if word.lower() == "own" and i > 0 and plain[i - 1].lower() in ("his", "her", "their", "my", "your", "'s"):
            continue
        if word == "'s" and i > 0 and plain[i - 1].lower() in _NO_OWNERS:
            word = "is"
        if word.lower() == "got" and joined and joined[-1].lower() in ("has", "have"):
            continue
        if word.lower() in _SHORT:
            joined += _SHORT[word.lower()]
            continue
        joined.append(word)
        if [w.lower() for w in joined[-2:]] == ["in", "law"] and len(joined) > 2:
            joined[-3:] = [f"{joined[-3]}-in-law"]
    return joined
