"""Reads syllogisms in English by a grammar. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._meta import NONE, UNDETERMINED, Meta, read_meta
from stumper.puzzles._syllogism_language import Asks, Follow, Joint, Quantifier, Statement, Syllogism
from stumper.puzzles._syllogism_statement import WORD, Raw, named, statements

MOST_CHARACTERS = 2000
"""Of a stem."""
ROMAN: Mapping[str, int] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, **{str(n): n for n in range(1, 6)}}
LABEL = re.compile(r"(?:^|(?<=\s))\(?(iv|v|i{1,3}|[1-5])\s?[.):]\s+", re.IGNORECASE)
INTRODUCTION = re.compile(
    r"^(?:consider|read|given|here are)(?: (?:these|the|following|given|below|two|three|four))*"
    r" (?:statements|premises|facts)(?: (?:below|carefully|as true|to be true))?"
    r"(?::\s*|\s+(?=[\"\N{LEFT DOUBLE QUOTATION MARK}]))",
    re.IGNORECASE,
)
PART = re.compile(r"(statements?|premises?|conclusions?)\s*:", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+|\n+")
_FROM = r"(?: from (?:these|the|the above|the given|the following) (?:statements|premises|information))?"
_SURELY = r"(?: logically| necessarily| definitely| certainly| validly)?"
ASKED_WITH = frozenset(
    "which what one of a an the following these those given above below two statement statements conclusion "
    "conclusions option options inference inferences claim claims assertion assertions sentence sentences "
    "choice choices answer "
    "is are be can could may might must will would does do has to have we you one surely then "
    "logically necessarily definitely certainly validly always possibly surely therefore thus safely correctly "
    "follow follows true valid correct drawn concluded deduced inferred derived reached know known conclude infer "
    "deduce derive say sure certain right hold holds possible impossible false not except cannot wrong invalid "
    "from this that it them all information premises premise facts statements only by on basis alone if".split()
)
SURE = frozenset(
    "must follow follows true valid correct drawn concluded deduced inferred derived reached know known conclude infer "
    "deduce derive sure certain right hold holds".split()
)
DRAWN = SURE - {"must", "true", "right", "correct", "hold", "holds"}
MAYBE = frozenset(["could", "may", "might", "possible", "possibly"])
COMPLETED = re.compile(
    r"(?:therefore|hence|thus|so|consequently|it follows that|it must be true that|we (?:can|may) conclude that"
    r"|it can be (?:concluded|inferred|deduced) that|this means that|from this it follows that)\b[,:]?\s*(.*?)[:.]?",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(r"does it(?: logically| necessarily)? follow that:?\s*(.*)", re.IGNORECASE)
ASKS_TRUTH = re.compile(
    r"is it(?: (?:certainly|definitely|necessarily))?( true| false)(?: then)? that:?\s*(.*)", re.IGNORECASE
)
"""Yes or no: where it is not certain, neither is right."""
ASKS_VALID = re.compile(
    rf"(?:does (?:the|this) conclusion{_SURELY} follow{_FROM}"
    rf"|is (?:the|this) (?:argument|conclusion|syllogism|inference){_SURELY} (?:valid|correct))",
    re.IGNORECASE,
)
ANSWER_FORM = re.compile(r"\s*\(?answer (?:with )?(?:yes or no|valid or invalid)\.?\)?\.?$", re.IGNORECASE)


class _Parts(NamedTuple):
    premises: list[str]
    conclusions: list[str]
    asks: Asks = "true"
    begun: str = ""
    """How each choice begins, where the stem begins the sentence."""
    yes: tuple[str, bool] | None = None
    """What is true, or false, where the answer is yes."""


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
    premises = [(raw, sentence) for sentence in parts.premises for raw in statements(sentence)]
    conclusions = [_one(statements(sentence), sentence) for sentence in parts.conclusions]
    answers: list[tuple[Raw, ...] | Follow | Meta]
    if parts.yes:
        answers = [_yes_or_no(choice, *parts.yes) for choice in choices]
    else:
        answers = [_answer(f"{parts.begun} {choice}".strip(), choice, n) for choice in choices]
    raws = [*(raw for raw, _ in premises), *conclusions, *(raw for a in answers if isinstance(a, tuple) for raw in a)]
    terms = named(term for raw in raws for term in (raw.subject, raw.predicate))

    def stated(raw: Raw) -> Statement:
        said = {"subject": terms[raw.subject], "predicate": terms[raw.predicate]}
        return Statement.model_validate({"quantifier": raw.quantifier, "possible": raw.possible} | said)

    def chosen(answer: tuple[Raw, ...] | Follow | Meta) -> Statement | Joint | Follow | Meta:
        if not isinstance(answer, tuple):
            return answer
        return stated(answer[0]) if len(answer) == 1 else Joint(statements=tuple(map(stated, answer)))

    try:
        return Syllogism(
            premises=tuple(stated(raw) for raw, _ in premises),
            conclusions=tuple(map(stated, conclusions)),
            asks=parts.asks,
            choices=tuple(map(chosen, answers)),
            individuals=tuple(dict.fromkeys(terms[term] for term in terms if term.name)),
            said=tuple(sentence for _, sentence in premises),
        )
    except ValidationError as error:
        raise Unread(stem[:200], error.errors()[0]["msg"]) from error


def _one(raws: tuple[Raw, ...], sentence: str) -> Raw:
    if len(raws) > 1:
        raise Unread(sentence[:200], "a conclusion that says several things")
    return raws[0]


def _unquoted(text: str) -> str:
    """The text with statements in quotes as sentences of their own: "No A are B" and "All C are B"."""
    plain = re.sub("[\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]", '"', text)
    quoted = re.findall(r'"([^"]{1,200})"', plain)
    if not quoted or plain.count('"') != 2 * len(quoted):
        return text
    ended = re.sub(r'"([^"]+?)[.,;]?"(?:\s*(?:,|and|, and)\s*(?="))?', r"\1. ", plain)
    return re.sub(r"\.\s*\.", ".", ended)


def _parts(text: str) -> _Parts:
    """Premises, numbered conclusions and the question, by their labels or by their order."""
    pieces = PART.split(_unquoted(INTRODUCTION.sub("", text)))
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
    if premises and (begun := COMPLETED.fullmatch(asked_last)):
        return _Parts(premises, [], "true", begun[1])
    if premises and (whether := ASKS_WHETHER.fullmatch(f"{premises[-1]} {asked_last}".strip())):
        return _Parts(premises[:-1], [whether[1]])
    if premises and (truth := ASKS_TRUTH.fullmatch(asked_last)):
        return _Parts(premises, [], yes=(truth[2], truth[1].strip().casefold() == "true"))
    if whether := ASKS_WHETHER.fullmatch(asked_last):
        return _Parts(premises, [whether[1]])
    return _Parts(premises, [], _asks(asked_last))


def _asks(question: str) -> Asks:
    """Which conclusion is asked for, by the words of the question; they must say nothing else. Raises Unread."""
    said = re.sub(r"n't\b", " not", question.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    said = re.sub(
        r"\b(know|conclude|infer|say|concluded|inferred|known) about .*", r"\1", said.replace("cannot", "can not")
    )
    words = re.findall(r"[a-z]+", said)
    if re.search(r"[^a-z\s,.?:]", said) or not set(words) <= ASKED_WITH or len(words) > 40:
        raise Unread(question[:200])
    denied = [word for word in words if word in ("not", "false", "except", "impossible", "wrong", "invalid")]
    maybe = bool(MAYBE & set(words)) or ("can" in words and "true" in words and not DRAWN & set(words))
    match denied:
        case [] if maybe and not {"must"} & set(words):
            return "possible"
        case [] if SURE & set(words) and not maybe:
            return "true"
        case ["false"] | ["impossible"] if not maybe:
            return "false"
        case ["not"] if "true" in words and {"can", "could"} & set(words) and not DRAWN & set(words):
            return "false"
        case ["not"] if (DRAWN & set(words) or "necessarily" in words) and not maybe:
            return "not_certain"
        case ["except"] if SURE & set(words) and not maybe:
            return "not_certain"
    raise Unread(question[:200])


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


def _answer(sentence: str, choice: str, n: int) -> tuple[Raw, ...] | Follow | Meta:
    """What a choice, which ends `sentence`, says where there are n numbered conclusions. Raises Unread."""
    meta = read_meta(choice)
    if meta == NONE and n and "above" not in choice.casefold():
        raise Unread(choice[:200], "may speak of the conclusions or of the choices")
    if meta is not None and not (meta == UNDETERMINED and n):
        return meta
    return _follow(choice, n) if n else statements(sentence)


DENIAL: Mapping[str, Quantifier] = {"all": "some_not", "some_not": "all", "no": "some", "some": "no"}


def _yes_or_no(choice: str, sentence: str, true: bool) -> tuple[Raw, ...] | Meta:
    """What "yes" or "no" says of a sentence: itself or its denial. Raises Unread."""
    meta = read_meta(choice)
    if meta is not None:
        return meta
    raw = _one(statements(sentence), sentence)
    said = choice.strip().rstrip(".!").casefold()
    if said not in ("yes", "no") or raw.possible or raw.quantifier not in DENIAL:
        raise Unread(choice[:200], "a choice that is not understood")
    return (raw,) if (said == "yes") == true else (raw._replace(quantifier=DENIAL[raw.quantifier]),)


FILLER = frozenset(
    {
        *("conclusion", "conclusions", "follow", "follows", "logically", "of", "the", "and", "or", "nor", "is", "true"),
        *("are", "it", "if", "does", "do", "valid", "argument", ","),
    }
)


def _follow(choice: str, n: int) -> Follow:
    """What a choice such as "Only conclusion I follows" says of n conclusions. Raises Unread."""
    said = [word.casefold() for word in WORD.findall(re.sub(r"\((\w+)\)", r"\1", choice).rstrip(". "))]
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
        case ["all"] | ["all", "three"] if not numbers and (n == 3 or "three" not in said):
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
