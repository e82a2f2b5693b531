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


SINGULARS = {spelt: term for term in MEANINGS for spelt in _spellings(term)} | {"kid": "child"}
TERMS = {plural(spelt): term for spelt, term in SINGULARS.items()}
MEN = ("man", "boy", "gentleman", "guy")
WOMEN = ("woman", "girl", "lady")
PERSONS = ("person", "individual")
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

TITLES: Mapping[str, str] = {"mr": "male", "mrs": "female", "ms": "female", "miss": "female", "dr": "", "prof": ""}
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
    "ONLY": ("only", "sole", "exactly", "just"),
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
            also among and as bear belongs between both but can cannot consists couple determine does following
            given how if in it kin making many married may must name now of or related respectively
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
    ("best", "describes"): ("DESCRIBE", "describes"),
    ("correctly", "describes"): ("DESCRIBE", "describes"),
    **{(word,): ("SO", "so") for word in ("therefore", "hence", "thus")},
}
NO_NAMES = frozenset(
    {
        *LEXICON,
        *TITLES,
        *str.split(
            """
            those every not its our mine where why or because since was were had did at for sir old
            lord king queen prince princess granny grandma grandpa mum mom dad mummy daddy step half great someone
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

_WORD = re.compile(r"'s?(?!\w)|[^\W_]+(?:[-'](?!s(?!\w))[^\W_]+)*|[^\w\s]|_")
_OPENING = re.compile(
    r"^(?:in (?:an?|the|this|one) (?:(?:complex|certain|extended|large|particular|traditional|joint|complicated"
    r"|typical|given) )*(?:family(?: tree| relationship)?|household)(?: relationship| tree)?,"
    r"|(?:given|from|based on|according to|considering|using|with|in) (?:all )?(?:the |these |this |that )?"
    r"(?:above |given )?(?:relationships?|relations?|information|facts?|statements?|clues?|data|family tree)"
    r"(?: given| above| provided)?,"
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
            if re.search(r"\w", said):
                yield Sentence(said, said.endswith("?"), spoken)


def tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\b(Mr|Mrs|Ms|Dr|Prof)\.(?= )", r"\1", text)
    return re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))


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
    text = _OPENING.sub("", sentence.text).rstrip(".;:?!, ")
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
        elif small in TITLES and at + 1 < len(plain) and _is_name(plain[at + 1]):
            end = at + 2
            while plain[end - 1] not in alone and end < min(len(plain), at + MOST_NAME_WORDS) and _is_name(plain[end]):
                end += 1
            found.append(("NAME", " ".join((small.title(), *plain[at + 1 : end]))))
            at = end
        elif small == "old" and following in TITLES:
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
        elif small.isdigit() and small.isascii() and int(small[:3]) < len(NUMBERS):
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
        return at > 0 or kind in ("BE", "HAVE", "POSS", "COMMA", "AND", "CALL", "SIRE", "MARRY", "BORN", "WHO")
    return True


def _is_name(word: str) -> bool:
    return (
        word[0].isupper()
        and len(word) > 1
        and word.lower() not in NO_NAMES
        and all(c in "-'0123456789" or unicodedata.name(c, "").startswith("LATIN") for c in word)
    )


def _joined(plain: list[str]) -> list[str]:
    """With "mother in law" as one word, and without what only stresses ("her own mother", "who is herself")."""
    joined: list[str] = []
    if len(plain) > 1 and plain[-1].lower() in ("precisely", "exactly"):
        plain = plain[: -2 if plain[-2] == "," else -1]
    for i, word in enumerate(plain):
        if word.lower() in ("himself", "herself") and 0 < i < len(plain) - 1 and plain[i + 1] not in ",'s":
            continue
        following = plain[i + 1].lower() if i + 1 < len(plain) else ""
        if word.lower() in ("late", "deceased") and following in SINGULARS and SINGULARS[following] in _BLOOD:
            continue
        if word.lower() == "own" and i > 0 and plain[i - 1].lower() in ("his", "her", "their", "my", "your", "'s"):
            continue
        joined.append(word)
        if [w.lower() for w in joined[-2:]] == ["in", "law"] and len(joined) > 2:
            joined[-3:] = [f"{joined[-3]}-in-law"]
    return joined
