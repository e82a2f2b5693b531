"""Reads syllogisms in English by a grammar. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, cast

from lark import Token, Transformer, v_args
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import meaning
from stumper.puzzles._meta import NONE, UNDETERMINED, Meta, read_meta
from stumper.puzzles._syllogism_language import Asks, Follow, Quantifier, Statement, Syllogism

MOST_CHARACTERS = 2000
MOST_WORDS = 30
"""Of a stem, and of a sentence."""

GRAMMAR = """
start: stated
     | "SOME" _of? term _can term                   -> can_some
     | "ALL" _of? term _can term                    -> can_all
     | "SOME" _of? term _being term _possibility    -> can_some
     | "ALL" _of? term _being term _possibility     -> can_all
     | "IT" "BE" "POSSIBLE" "THAT" stated           -> possibly
     | "THERE" "BE" "A" "POSSIBILITY" "THAT" stated -> possibly
stated: "ALL" _of? term "BE" "A"? term              -> all
     | ("NO" | "NONE" _of) term "BE" "A"? term      -> no
     | "SOME" _of? term "BE" "A"? term              -> some
     | "SOME" _of? term "BE" "NOT" "A"? term        -> some_not
     | "NOT" "ALL" _of? term "BE" "A"? term         -> some_not
     | "ALL" _of? term "BE" "NOT" "A"? term         -> all_not
     | "ONLY" term "BE" "A"? term                   -> only
     | "ONLY" ("FEW" | "SOME") _of? term "BE" "A"? term  -> only_few
     | "FEW" _of? term "BE" "A"? term               -> few
_of: "OF"? "THE" | "OF"
_can: "CAN" "BE" "A"?
_being: "BEING" "A"?
_possibility: "BE" ("A" "POSSIBILITY" | "POSSIBLE")
term: WORD WORD?
%declare WORD
"""
LEXICON = {
    word: kind
    for kind, words in {
        "ALL": ("all", "every", "each", "any"),
        "NO": ("no",),
        "NONE": ("none",),
        "SOME": ("some",),
        "FEW": ("few",),
        "ONLY": ("only",),
        "BE": ("is", "are", "be"),
        "NOT": ("not",),
        "A": ("a", "an"),
        "OF": ("of",),
        "THE": ("the",),
        "CAN": ("can", "may", "might", "could"),
        "BEING": ("being",),
        "POSSIBLE": ("possible",),
        "POSSIBILITY": ("possibility",),
        "IT": ("it",),
        "THERE": ("there",),
        "THAT": ("that",),
    }.items()
    for word in words
}
PHRASES = {
    ("at", "least", "one"): [("SOME", "some")],
    ("at", "least", "some"): [("SOME", "some")],
    ("a", "few"): [("SOME", "some")],
    ("only", "a", "few"): [("ONLY", "only"), ("FEW", "few")],
}
REFUSED = frozenset(
    {
        *("who", "which", "and", "or", "nor", "but", "if", "then", "most", "many", "several", "least", "almost"),
        *("never", "always", "also", "exactly", "more", "less", "than", "both", "either", "neither", "except"),
        *("unless", "other", "others", "exists", "exist", "have", "has", "was", "were", "cannot", "nearly", "should"),
        *("will", "would", "must", "i", "at", "one", "two", "three", "same", "usually", "sometimes", "these", "those"),
        *("their", "its", "them", "they", "with", "without", "in", "on", "by", "for", "to", "from", "as", "do", "does"),
    }
)
"""Words that a term cannot be: they say something that the grammar does not read."""
IRREGULAR = {
    plural: one
    for line in (
        "men:man women:woman people:person children:child mice:mouse geese:goose wolves:wolf knives:knife",
        "leaves:leaf shelves:shelf thieves:thief lives:life wives:wife loaves:loaf halves:half calves:calf",
        "elves:elf scarves:scarf feet:foot teeth:tooth oxen:ox lice:louse dice:die buses:bus gases:gas",
        "lenses:lens potatoes:potato tomatoes:tomato heroes:hero echoes:echo cacti:cactus fungi:fungus",
        "alumni:alumnus nuclei:nucleus criteria:criterion phenomena:phenomenon bacteria:bacterium",
        "analyses:analysis crises:crisis viruses:virus foxes:fox boxes:box movies:movie cookies:cookie",
        "ties:tie pies:pie zombies:zombie axes:axe aches:ache headaches:headache",
    )
    for plural, one in (pair.split(":") for pair in line.split())
}
"""Plural -> singular, where the endings would mislead."""

WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)?|\d+|\S")
ROMAN: Mapping[str, int] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, **{str(n): n for n in range(1, 6)}}
LABEL = re.compile(r"(?:^|(?<=\s))\(?(iv|v|i{1,3}|[1-5])\s?[.):]\s+", re.IGNORECASE)
INTRODUCTION = re.compile(
    r"^(?:consider|read|given|here are)(?: (?:these|the|following|given|below|two|three|four))*"
    r" (?:statements|premises)(?: (?:below|carefully))?:\s*",
    re.IGNORECASE,
)
PART = re.compile(r"(statements?|premises?|conclusions?)\s*:", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+|\n+")
_WHICH = (
    r"(?:which|what)(?: one)?(?: of(?: the)?(?: following| given| above| two)*)?"
    r"(?: conclusions?| statements?| options?)?"
)
_FROM = r"(?: from (?:these|the|the above|the given|the following) (?:statements|premises|information))?"
_SURELY = r"(?: logically| necessarily| definitely| certainly| validly)?"
QUESTIONS: tuple[tuple[re.Pattern[str], Asks], ...] = (
    (
        re.compile(
            rf"{_WHICH}(?: given)?(?: (?:can|must|is|are))?(?: be)?{_SURELY}"
            rf" (?:follows?|true|valid|correct|drawn|concluded|deduced|inferred){_FROM}",
            re.IGNORECASE,
        ),
        "true",
    ),
    (
        re.compile(
            rf"{_WHICH} (?:could|can|may|might)(?: possibly)? be true{_FROM}|{_WHICH} (?:is|are) possible", re.I
        ),
        "possible",
    ),
    (
        re.compile(rf"{_WHICH} (?:must be{_SURELY} false|cannot be true|is{_SURELY} false|is impossible){_FROM}", re.I),
        "false",
    ),
    (re.compile(rf"{_WHICH} does not{_SURELY} follow{_FROM}", re.I), "not_certain"),
)
ASKS_WHETHER = re.compile(r"does it(?: logically| necessarily)? follow that:?\s*(.*)", re.IGNORECASE)
ASKS_VALID = re.compile(
    rf"(?:does (?:the|this) conclusion{_SURELY} follow{_FROM}"
    rf"|is (?:the|this) (?:argument|conclusion|syllogism|inference){_SURELY} (?:valid|correct))",
    re.IGNORECASE,
)
ANSWER_FORM = re.compile(r"\s*\(?answer (?:with )?(?:yes or no|valid or invalid)\.?\)?\.?$", re.IGNORECASE)


def singular(word: str) -> str:
    """A regular English noun in the singular; both "cat" and "cats" give "cat"."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, other in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + other
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2 else word


def _plurals(word: str) -> set[str]:
    """What English may make of a singular noun."""
    found = {word + "s", word + "es"} | {plural for plural, one in IRREGULAR.items() if one == word}
    for ending, other in (
        ("y", "ies"),
        ("f", "ves"),
        ("fe", "ves"),
        ("man", "men"),
        ("us", "i"),
        ("um", "a"),
        ("is", "es"),
    ):
        if word.endswith(ending):
            found.add(word.removesuffix(ending) + other)
    return found


class _Raw(NamedTuple):
    """A statement whose terms stand as in the text, in singular or plural."""

    quantifier: Quantifier
    subject: str
    predicate: str
    possible: bool = False


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def term(self, *words: Token) -> str:
        return " ".join(words)

    def start(self, raw: _Raw) -> _Raw:
        return raw

    def only(self, subject: str, predicate: str) -> _Raw:
        return _Raw("all", predicate, subject)

    def can_some(self, subject: str, predicate: str) -> _Raw:
        return _Raw("some", subject, predicate, possible=True)

    def can_all(self, subject: str, predicate: str) -> _Raw:
        return _Raw("all", subject, predicate, possible=True)

    def possibly(self, raw: _Raw) -> _Raw:
        return raw._replace(possible=True)

    def __default__(self, data: str, children: list[Any], _: object) -> _Raw:
        """The other rules are named as the quantifiers are."""
        return _Raw(cast("Quantifier", str(data)), *children)


def _statement(sentence: str) -> _Raw:
    """What a sentence states. Raises Unread."""
    words = [word.casefold() for word in WORD.findall(sentence.strip().rstrip(".?!;, "))]
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        phrase = next((p for p in PHRASES if tuple(words[at : at + len(p)]) == p), None)
        if phrase is not None:
            tokens += PHRASES[phrase]
            at += len(phrase)
            continue
        word = words[at]
        if word not in LEXICON and (word in REFUSED or not word[0].isalpha()):
            raise Unread(sentence[:200], f"{word[:30]!r} is not known here")
        tokens.append((LEXICON.get(word, "WORD"), word))
        at += 1
    return cast("_Raw", meaning(GRAMMAR, tuple(tokens), _Meaning(), sentence))


def _named(surfaces: Iterable[str]) -> dict[str, str]:
    """The term, in the singular, of each way in which terms are written. Raises Unread for terms that are no two."""
    written = list(dict.fromkeys(surfaces))

    def one(surface: str) -> str:
        *before, last = surface.split(" ")
        singulars = [s for s in written if s.split(" ")[:-1] == before and last in _plurals(s.split(" ")[-1])]
        return min(singulars, key=len, default=" ".join([*before, singular(last)]))

    terms = {surface: one(surface) for surface in written}
    for a, b in combinations(sorted(set(terms.values()), key=len), 2):
        if set(a.split()) & set(b.split()):
            raise Unread(b, f"may be a part of {a!r}")
        if re.fullmatch(rf"(?:non|un|in|im|ir|il|dis)[- ]?{re.escape(a)}", b):
            raise Unread(b, f"may be the opposite of {a!r}")
        short = max(4, len(a) - 1)
        if b in _plurals(a) or (a[:short] == b[:short] and len(b) - len(a) <= 2):
            raise Unread(b, f"may be the same as {a!r}")
    return terms


class _Parts(NamedTuple):
    premises: list[str]
    conclusions: list[str]
    asks: Asks = "true"


def read(stem: str, choices: Sequence[str]) -> Syllogism:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    parts = _parts(ANSWER_FORM.sub("", unicodedata.normalize("NFC", stem).strip()))
    n = len(parts.conclusions)
    if not parts.premises:
        raise Unread(stem[:200], "no premises")
    if not n and not choices:
        raise Unread(stem[-200:], "asks for one of its choices and has none")
    premises = [_statement(sentence) for sentence in parts.premises]
    conclusions = [_statement(sentence) for sentence in parts.conclusions]
    answers = [_answer(choice, n) for choice in choices]
    raws = [*premises, *conclusions, *(answer for answer in answers if isinstance(answer, _Raw))]
    terms = _named(term for raw in raws for term in (raw.subject, raw.predicate))

    def stated(raw: _Raw) -> Statement:
        said = raw._asdict() | {"subject": terms[raw.subject], "predicate": terms[raw.predicate]}
        return Statement.model_validate(said)

    try:
        return Syllogism(
            premises=tuple(map(stated, premises)),
            conclusions=tuple(map(stated, conclusions)),
            asks=parts.asks,
            choices=tuple(stated(answer) if isinstance(answer, _Raw) else answer for answer in answers),
            said=tuple(parts.premises),
        )
    except ValidationError as error:
        raise Unread(stem[:200], error.errors()[0]["msg"]) from error


def _parts(text: str) -> _Parts:
    """Premises, numbered conclusions and the question, by their labels or by their order."""
    pieces = PART.split(INTRODUCTION.sub("", text))
    labels = [label.casefold()[0] for label in pieces[1::2]]
    if labels not in ([], ["s"], ["p"], ["s", "c"], ["p", "c"], ["c"]) or (
        labels[:1] in (["s"], ["p"]) and pieces[0].strip()
    ):
        raise Unread(text[:200], "parts in an order that is not known")
    if labels[-1:] == ["c"]:
        premises = _sentences(_unnumbered(pieces[-3]))
        stated, *numbered = _numbered(pieces[-1])
        if not numbered:
            conclusion, *asked = _sentences(stated)
            if not asked or not ASKS_VALID.fullmatch(" ".join(asked).rstrip("?. ")):
                raise Unread(pieces[-1][:200], "conclusions without numbers")
            return _Parts(premises, [conclusion])
        if stated.strip():
            raise Unread(stated[:200])
        *conclusions, last = numbered
        conclusions, asked = [*conclusions, _sentences(last)[0]], _sentences(last)[1:]
        if asked and _asks(" ".join(asked)) != "true":
            raise Unread(" ".join(asked)[:200])
        return _Parts(premises, [conclusion.strip() for conclusion in conclusions])
    *premises, asked_last = _sentences(_unnumbered(pieces[-1]))
    if premises and (whether := ASKS_WHETHER.fullmatch(f"{premises[-1]} {asked_last}".strip())):
        return _Parts(premises[:-1], [whether[1]])
    if whether := ASKS_WHETHER.fullmatch(asked_last):
        return _Parts(premises, [whether[1]])
    return _Parts(premises, [], _asks(asked_last))


def _asks(question: str) -> Asks:
    """Which conclusion is asked for. Raises Unread."""
    said = re.sub(r"\s+", " ", question).rstrip("?. :")
    found = {asks for pattern, asks in QUESTIONS if pattern.fullmatch(said)}
    if len(found) != 1:
        raise Unread(question[:200])
    return found.pop()


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in SENTENCE_END.split(text) if s.strip()] or [""]


def _numbered(text: str) -> list[str]:
    """What stands before number 1, then what stands behind each number. Raises Unread when one is left out."""
    pieces = LABEL.split(text)
    if [ROMAN[n.casefold()] for n in pieces[1::2]] != list(range(1, len(pieces) // 2 + 1)):
        raise Unread(text[:200], "numbers out of order")
    return pieces[0::2]


def _unnumbered(text: str) -> str:
    return " ".join(_numbered(text))


def _answer(choice: str, n: int) -> _Raw | Follow | Meta:
    """What a choice says as an answer, where there are n numbered conclusions. Raises Unread."""
    meta = read_meta(choice)
    if meta == NONE and n and "above" not in choice.casefold():
        raise Unread(choice[:200], "may speak of the conclusions or of the choices")
    if meta is not None and not (meta == UNDETERMINED and n):
        return meta
    return _follow(choice, n) if n else _statement(choice)


FILLER = frozenset(
    {
        *("conclusion", "conclusions", "follow", "follows", "logically", "of", "the", "and", "or", "nor", "is", "true"),
        *("are", "it", "if", "does", "do", "valid", "argument", ","),
    }
)


def _follow(choice: str, n: int) -> Follow:
    """What a choice such as "Only conclusion I follows" says of n conclusions. Raises Unread."""
    said = [word.casefold() for word in WORD.findall(choice.rstrip(". "))]
    if n == 1:
        match [word for word in said if word not in ("the", "conclusion", "argument", "it", "logically")]:
            case ["yes"] | ["valid"] | ["follows"] | ["is", "valid"]:
                return Follow(conclusions=(1,))
            case ["no"] | ["invalid"] | ["does", "not", "follow"] | ["is", ("invalid")] | ["is", "not", "valid"]:
                return Follow()
        raise Unread(choice[:200], "a choice that is not understood")
    numbers = tuple(sorted(ROMAN[word] for word in said if word in ROMAN))
    match [word for word in said if word not in ROMAN and word not in FILLER]:
        case ["only"] | ["only", "both"] if numbers and "or" not in said:
            return Follow(conclusions=numbers)
        case [] if numbers and ("and" in said or "," in said) and "or" not in said and "nor" not in said:
            return Follow(conclusions=numbers)
        case ["both"] if (n == 2 and not numbers) or (len(numbers) == 2 and "and" in said):
            return Follow(conclusions=numbers or (1, 2))
        case ["all"] if not numbers:
            return Follow(conclusions=tuple(range(1, n + 1)))
        case ["neither"] if n == 2 and numbers in ((), (1, 2)):
            return Follow()
        case ["none"] if not numbers:
            return Follow()
        case ["either"] | ["only", "either"] if len(numbers) == 2 and "or" in said:
            return Follow(either=(numbers,))
        case ["either"] | ["only", "either"] if len(numbers) == 3 and "or" in said and "and" in said:
            return _either_and(choice, said)
    raise Unread(choice[:200], "a choice that is not understood")


def _either_and(choice: str, said: Sequence[str]) -> Follow:
    """ "Either I or II and III follow", "I and either II or III follow"."""
    told = [word for word in said if word in ROMAN or word in ("either", "or", "and")]
    match told:
        case ["either", one, "or", other, "and", third] | [third, "and", "either", one, "or", other]:
            low, high = sorted((ROMAN[one], ROMAN[other]))
            return Follow(conclusions=(ROMAN[third],), either=((low, high),))
    raise Unread(choice[:200], "a choice that is not understood")
