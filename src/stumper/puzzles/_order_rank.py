"""Reads ranks from both ends: few are named, and most of those in the order are only counted."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._meta import read_meta
from stumper.puzzles._order_language import BLANK, SCALE_OF, Between, Gap, HowMany, InAll, Order, Place, WhereIs

_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TEENTHS = "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
COUNTS = {word: n for n, word in enumerate(NUMBERS)} | {word: n for n, word in enumerate(_TEENS, 11)}
PLACES = {word: n for n, word in enumerate(ORDINALS, 1)} | {word: n for n, word in enumerate(_TEENTHS, 11)}
for _tens, _word in zip(range(20, 100, 10), _TENS, strict=True):
    COUNTS[_word], PLACES[f"{_word[:-1]}ieth"] = _tens, _tens
    COUNTS |= {f"{_word}-{NUMBERS[i]}": _tens + i for i in range(1, 10)}
    PLACES |= {f"{_word}-{ORDINALS[i - 1]}": _tens + i for i in range(1, 10)}
ENDS = {"left": "left", "right": "right", "top": "top", "bottom": "bottom", "front": "first", "back": "last"}

_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
_PLACE = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(sorted(PLACES, key=len, reverse=True))})"
_END = rf"(?:{'|'.join(ENDS)})"
_FROM = (
    rf"(?:in |at )?(?:the )?{_PLACE}(?: (?:place|position|spot|rank))?(?: in (?:rank|order))?"
    rf" from (?:the |its )?(?:very )?{_END}(?: end| side)?"
)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'-]*"
_IS = r"(?:is|was|stands|stood|sits|sat|ranks|ranked|comes|came|is (?:ranked|placed|standing|sitting))"
_GROUP = r"(?:row|line|queue|class|group|column|list|file|team|school|contest|race|ranking)"
_NOUN = r"[a-z]{3,20}"
_OF = (
    rf"in (?:a|the|one|this|that|her|his) (?:single |straight )?{_GROUP}"
    rf"(?: (?:of|with) (?:(?P<n>{_COUNT})(?: {_NOUN})?|{_NOUN}))?(?: (?:all )?facing north)?"
)
_AND = r"(?:,? and|,? but|,)(?: also| at the same time)?"
_UNIQUE = re.compile(
    r",? (?:and |with |where |in which )?"
    r"(?:no two (?:\w+ )?(?:share|have|hold|shared|had) (?:a|the same) (?:rank|place|position)"
    r"|(?:there (?:are|were) )?no ties|without (?:any )?ties|nobody tied)",
    re.IGNORECASE,
)
OPENING = re.compile(rf"^{_OF}, ", re.IGNORECASE)
THERE = re.compile(
    rf"^(?:there (?:are|were) )?(?P<n>{_COUNT}) {_NOUN}(?: (?:are|were|stand|stood|sit|sat)(?: standing| sitting)?)?"
    rf" in (?:a|the|one) (?:single |straight )?{_GROUP}$",
    re.IGNORECASE,
)
TOLD = re.compile(
    rf"^(?P<who>{_NAME}) (?i:{_IS}) (?P<one>(?i:{_FROM}))"
    rf"(?:(?i:{_AND}) (?:(?P<other>{_NAME}) )?(?:(?i:{_IS}) )?(?P<two>(?i:{_FROM})))?(?i: {_OF})?$"
)
APART = re.compile(
    rf"^(?i:there (?:are|is|were|was) )(?i:exactly )?(?P<n>(?i:{_COUNT}|no)) {_NOUN} between (?P<who>{_NAME}) and"
    rf" (?P<of>{_NAME})$"
)
ASKED_PLACE = re.compile(
    rf"^(?i:what|which) (?i:is|was) (?:(?P<who>{_NAME})'s|(?i:his|her|its|their)) (?i:rank|position|place)"
    rf"(?i: in the {_GROUP})? (?i:from|counted from|counting from) the"
    rf" (?P<end>{_END})(?: end| side)?(?i: of the {_GROUP})?$"
    rf"|^(?i:what|which) (?i:rank|position|place) (?i:does|did) (?:(?P<who2>{_NAME})|he|she) (?i:have|hold|take)"
    rf" from the (?P<end2>{_END})(?: end| side)?$"
)
ASKED_ALL = re.compile(
    rf"^how many {_NOUN} (?:are|were|stand|stood|sit|are standing|are sitting)"
    rf"(?: there)?(?: (?:in all|altogether|in total|in the {_GROUP}|in her class|in his class)){{0,2}}$"
    rf"|^what is the (?:total )?(?:number of {_NOUN}|strength of the class)(?: in the {_GROUP})?$",
    re.IGNORECASE,
)
ASKED_BETWEEN = re.compile(
    rf"^(?i:how many) {_NOUN} (?i:are|were|stand|sit)(?: there| standing| sitting)? between"
    rf" (?P<who>{_NAME}) and (?P<of>{_NAME})$"
)
OF_ONE = re.compile(rf"\b(?:his|her) {_GROUP}\b", re.IGNORECASE)
GROUPS = re.compile(rf"\b{_GROUP}\b", re.IGNORECASE)
NOUNS = re.compile(
    rf"(?:\b{_GROUP} (?:of|with) (?:{_COUNT} )?|\bhow many |\bthere (?:are|were|is|was) (?:exactly )?{_COUNT} "
    rf"|^{_COUNT} )({_NOUN})",
    re.IGNORECASE | re.MULTILINE,
)


def ranks(text: str, choices: Sequence[str]) -> Order | None:
    """The problem that a text about ranks states; None for one with a sentence of another kind. Raises Unread."""
    total: int | None = None
    clues: list[Place | Gap] = []
    said: list[str] = []
    *told, asked = [s for s in re.split(r"(?<=[.?!;])\s+", text) if s] or [""]
    for sentence in told:
        plain = _UNIQUE.sub("", sentence.rstrip(".; "))
        if not plain.strip():
            continue
        counted = [match["n"] for match in (OPENING.match(plain), THERE.match(plain)) if match and match["n"]]
        found = [] if THERE.match(plain) else _said(OPENING.sub("", plain))
        if found is None:
            return None
        if (last := re.search(rf" {_OF}$", plain, re.IGNORECASE)) is not None and last["n"]:
            counted.append(last["n"])
        for word in counted:
            if total not in (None, number := _count(word)):
                raise Unread(sentence[:200], "gives two numbers")
            total = number
        clues += found
        said += [sentence] * len(found)
    things = tuple(dict.fromkeys(name for clue in clues for name in _names(clue)))
    query = _query(asked.rstrip("? "), things)
    if query is None or not clues:
        return None
    if isinstance(query, InAll) != (total is None):
        raise Unread(asked[:200], "tells how many there are, or does not")
    nouns = {noun.casefold().removesuffix("s") for noun in NOUNS.findall(text)} - {"people", "person"}
    groups = {group.casefold() for group in GROUPS.findall(text)}
    if len(nouns) > 1 or len(groups) > 1 or (len(things) > 1 and OF_ONE.search(text)):
        raise Unread(asked[:200], "counts some of them alone, or speaks of two orders")
    ends = {end for clue in (*clues, query) if (end := getattr(clue, "end", None))}
    scales = {SCALE_OF[end] for end in ends}
    if len(scales) != 1:
        raise Unread(asked[:200], "counts from ends that are not those of one order")
    try:
        return Order(
            scale=scales.pop(),
            things=things,
            total=total or "open",
            clues=tuple(clues),
            query=query,
            choices=tuple(read_meta(choice) or _choice(choice, query) for choice in choices),
            said=tuple(said),
        )
    except ValidationError as error:
        raise Unread(asked[:200], error.errors()[0]["msg"]) from error


def _said(sentence: str) -> list[Place | Gap] | None:
    sentence = re.sub(rf"\b({_NAME})'s (?:rank|position|place) (?=(?:is|was)\b)", r"\1 ", sentence)
    if (apart := APART.match(sentence)) is not None:
        return [Gap(who=apart["who"], of=apart["of"], things=_count(apart["n"]))]
    told = TOLD.match(sentence)
    if told is None:
        return None
    clues: list[Place | Gap] = [_place(told["who"], told["one"])]
    if told["two"]:
        clues.append(_place(told["other"] or told["who"], told["two"]))
    return clues


def _place(who: str, told: str) -> Place:
    place = re.search(_PLACE, told, re.IGNORECASE)
    end = re.search(rf"from (?:the |its )?(?:very )?({_END})", told, re.IGNORECASE)
    assert place
    assert end
    data = {"who": who, "place": _nth(place[0]), "end": ENDS[end[1].casefold()]}
    try:
        return Place.model_validate(data)
    except ValidationError as error:
        raise Unread(told, "a place that is not there") from error


def _query(asked: str, things: Sequence[str]) -> InAll | WhereIs | HowMany | None:
    if ASKED_ALL.match(asked):
        return InAll()
    if (between := ASKED_BETWEEN.match(asked)) is not None:
        return HowMany(where=Between(who=BLANK, of=between["who"], other=between["of"]))
    if (place := ASKED_PLACE.match(asked)) is not None:
        who = place["who"] or place["who2"] or (things[0] if len(things) == 1 else None)
        if who is None:
            raise Unread(asked[:200], "speaks of somebody without a name, who may be several")
        return WhereIs.model_validate({"who": who, "end": ENDS[(place["end"] or place["end2"]).casefold()]})
    return None


def _names(clue: Any) -> list[str]:
    return [clue.who, clue.of] if isinstance(clue, Gap) else [clue.who]


def _count(word: str) -> int:
    return 0 if word.casefold() == "no" else COUNTS[word.casefold()] if word.casefold() in COUNTS else int(word)


def _nth(word: str) -> int:
    return PLACES[word.casefold()] if word.casefold() in PLACES else int(word[:-2])


def _choice(choice: str, query: InAll | WhereIs | HowMany) -> int:
    said = re.sub(r"^the ", "", choice.strip().rstrip(".").casefold())
    number = (
        rf"(?P<n>{_PLACE})(?: place| position)?" if isinstance(query, WhereIs) else rf"(?P<n>{_COUNT})(?: {_NOUN})?"
    )
    found = re.fullmatch(number, said)
    if found is None and isinstance(query, WhereIs):
        found = re.fullmatch(rf"(?P<n>{_COUNT})", said)
    if found is None:
        raise Unread(choice[:200], "a choice that is no answer")
    return _nth(found["n"]) if re.fullmatch(_PLACE, found["n"]) else _count(found["n"])
