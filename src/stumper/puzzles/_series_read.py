"""Reads series in English: the series itself by its commas, the rest by its words, all of which must be known."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._series_language import MOST_PLACES, NONE, NUMBER, Find, Given, Series, Wrong
from stumper.puzzles._series_rules import EASY
from stumper.puzzles._series_solve import Account, accounts
from stumper.puzzles._series_told import Told, continued, told

MOST_CHARACTERS = 2000
MOST_WORDS = 60

Asked = Literal["next", "blank", "wrong"]
NEXT = "next continue continues continued continuing follow follows after extend extends"
BLANK_WORDS = (
    "missing replace replaces replaced fill fills filled blank gap complete completes completed omitted erased removed "
    "absent left_out taken_out in_place_of question_mark"
)
WRONG_WORDS = (
    "wrong incorrect mistake error mistaken misprint misprinted erroneous not_fit not_belong not_follow not_match "
    "not_obey not_correct not_right out_of_place breaks violates"
)
HARMLESS = (
    "a an the this that these those it its he she they him her them his their i you we us "
    "is are was were be been being has have had do does did will would shall should must can could may might "
    "what which who one only exactly single just some someone somebody of in on at to from by with for as so and then "
    "here there below above when while where down up out into under "
    "find identify determine select choose pick name spot state give tell say work figure guess decide look consider "
    "study examine observe write writes wrote written writing copy copied copying made make makes note noted noting "
    "put form forms formed arranged arrange ordered shown given stands stand placed listed according forming "
    "always same definite rule pattern trend logic logical certain fixed regular obeys obey "
    "term terms number numbers letter letters element elements item items entry entries member members group groups "
    "pair pairs value values symbol symbols figures "
    "series sequence sequences progression list row line chain string alphanumeric alphabetical alphabetic alphabet "
    "numeric numerical mixed english natural "
    "correct right appropriate suitable best proper carefully correctly please now "
    "option options alternative alternatives choice choices response responses answer answers following "
    "student teacher pupil child clerk boy girl person people friend puzzle quiz question code "
    "simple insert way ways run runs print prints printed display displays displayed machine computer notebook "
    "blackboard board paper page together mathematical obvious usual uniform underlying governed supply suggest "
    "start starts started begin begins began go goes place position spot mark come comes coming another"
)
"""Words about a series that change nothing in it; no word that says how its terms are made, or counts them."""
NOUNS = r"(?:term|number|letter|element|item|entry|member|group|pair|value|figure|one|symbol)s?"
RULE = r"(?:(?:a|an|the|one|some|this|its|always|same|certain|fixed|logical|regular) )*(?:rule|pattern|logic|order)"
LISTS = r"(?:series|sequence|progression|list|pattern|row|options?|alternatives|choices|numbers|letters|terms|answers)"
PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), word)
    for pattern, word in (
        (r"(?:do|does|did)(?: not|n't) (?:seem to )?(fit|belong|follow|match|obey)", r"not_\1"),
        (r"(?:is|are) not (correct|right)", r"not_\1"),
        (
            r"(?:if|assuming|suppose|given)(?: that)? (?:the|this) (?:same )?(?:pattern|rule|series|sequence|trend)"
            r" (?:continues|goes on|holds|is continued|is extended)"
            r"(?: (?:in|on in) (?:the same|this) (?:way|manner|fashion))?",
            "",
        ),
        (r"(?:continuing|continues?) (?=(?:the|this) (?:pattern|trend)\b)", ""),
        (r"(?:goes|looks|reads) like this|(?:is|are) as follows", ""),
        (r"(?:one|two|three|four)-letter (?=groups?\b|terms?\b|codes?\b)", ""),
        (r"(left|taken) out", r"\1_out"),
        (r"(?:in|take|takes|taking) (?:the )?place of", "in_place_of"),
        (r"out of place", "out_of_place"),
        (rf"odd {NOUNS}(?: \w+)? out(?= (?:of|in|from) (?:the|this) (?:given )?(?:series|sequence)\b)", "not_fit"),
        (r"question mark", "question_mark"),
        # These ask for something else: the words do not stand in the lexicon.
        (r"wrong (?:place|position|order|spot)", "misplaced"),
        (r"(?:after|follows?|following|next to) (?:the )?(?:next|missing|blank|question_mark|wrong|gap)", "beyond_it"),
        # What follows a rule, or follows in the text, is no next term.
        (rf"follow(?:s|ing|ed)? {RULE}", "obeys"),
        (rf"(?:the )?following (?=(?:\w+ ){{0,3}}{LISTS})", "given "),
        (rf"one after another|each of the (?={NOUNS})|follows from its place", ""),
    )
)
KINDS: Mapping[str, Asked | None] = {
    **dict.fromkeys(HARMLESS.split()),
    **dict.fromkeys(NEXT.split(), "next"),
    **dict.fromkeys(BLANK_WORDS.split(), "blank"),
    **dict.fromkeys(WRONG_WORDS.split(), "wrong"),
}
TERM = rf"-[1-9]\d{{0,6}}|(?:{NUMBER}|[A-Z]){{1,8}}"
BLANK = r"\(\?\)|\[\?\]|\?|_+|\.{3}"
ARROW = r"(?:->|→|\N{EN DASH}|\N{EM DASH})"
ITEM = rf"(?:{TERM}|{BLANK})"
LISTED = rf"(?:, {ITEM})+(?:,? and (?:{TERM}))?|(?:,{ITEM})+|(?:; {ITEM})+|(?: {ARROW} {ITEM})+|(?: {ITEM})+"
SERIES = re.compile(rf"(?<![\w.,/*+%^=-])(?<!\d )({ITEM})({LISTED})(?![\w/*+%^=-]|[.,]\d)")
MARK = re.compile(r"(question mark),?\s*\(?'?\?'?\)?", re.IGNORECASE)
WORD = re.compile(r"[a-z_]+")
PLAIN = re.compile(r"""[a-z_\s.,:;?!'"()\N{EN DASH}\N{EM DASH}-]*""")
NONE_OF_THEM = re.compile(r"none of (?:these|the above|them|the others)", re.IGNORECASE)


class _Found(NamedTuple):
    text: str
    terms: list[str | None]
    rest: str


def read(stem: str, choices: Sequence[str]) -> Series:
    """Formalise a question's text. Raises Unread with what is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > 9:
        raise Unread(choices[0][:80], "more than 9 choices")
    text = unicodedata.normalize("NFC", stem).replace("\u2212", "-").replace("…", "...").strip()
    found = _series(text)
    rest = re.sub(r"\s+", " ", found.rest.casefold())
    rules = told(re.sub(rf"\b(?:starting|beginning) (?:from|with|at) {found.terms[0]}\b,?", "", rest))
    asked = _asked(rules.text, found.terms)
    blanks = [i for i, term in enumerate(found.terms) if term is None]
    if asked == "next" and not blanks:
        blanks = [len(found.terms)]
    elif asked == "next" and blanks != [len(found.terms) - 1]:
        raise Unread(found.text[:200], "asks for the next term, and the blank is elsewhere")
    elif asked == "blank" and len(blanks) != 1:
        raise Unread(found.text[:200], "one term must be left out")
    elif asked == "wrong" and blanks:
        raise Unread(found.text[:200], "asks for a wrong term, and one is left out")
    clues = tuple(Given(place=i, term=term) for i, term in enumerate(found.terms, 1) if term is not None)
    try:
        problem = Series(
            clues=clues,
            query=Find(place=blanks[0] + 1) if blanks else Wrong(),
            choices=tuple(map(_choice, choices)),
            said=tuple(f"term {clue.place}: {clue.term}" for clue in clues),
        )
    except ValidationError as error:
        raise Unread(found.text[:200], error.errors()[0]["msg"]) from error
    explained = accounts(problem)
    if not explained:
        raise Unread(found.text[:200], "no rule of the library explains it")
    if asked == "wrong" and INTRUDER.search(rest) and _intruders(clues) - {account.answer for account in explained}:
        raise Unread(found.text[:200], "another term does not belong, where one is too many")
    if rules.steps or rules.in_turn:
        _check(rules, [*found.terms, None] if asked == "next" and None not in found.terms else found.terms, explained)
    return problem


INTRUDER = re.compile(r"\b(?:belong|fit|odd)\b")
"""What does not belong may be one too many, and not only stand for another term."""


def _intruders(clues: Sequence[Given]) -> set[str]:
    """The terms without any one of which the others are an easy series."""
    found = set()
    for left_out in clues:
        others = [clue.term for clue in clues if clue != left_out]
        given = tuple(Given(place=i, term=term) for i, term in enumerate(others, 1))
        series = accounts(Series(clues=given, query=Find(place=len(given) + 1))) if len(given) > 2 else ()
        if any(account.cost <= EASY for account in series):
            found.add(left_out.term)
    return found


def _check(rules: Told, terms: Sequence[str | None], explained: Sequence[Account]) -> None:
    """Raises Unread where a rule that is told is not what the library finds."""
    answers = {account.answer for account in explained}
    found = {continued(step, terms) for step in rules.steps} if terms.count(None) == 1 else {None}
    turned = not rules.in_turn or any(part.endswith(" in turn") for account in explained for part in account.told)
    if len(answers) != 1 or (rules.steps and found != answers) or not turned:
        raise Unread(rules.text.strip()[:200], "tells of a rule that the library does not find")


def _series(text: str) -> _Found:
    """The one list in the text, and the text without it."""
    bare = MARK.sub(r"\1", text)
    found = [m for m in SERIES.finditer(bare) if len(re.findall(ITEM, m.group())) >= 3]
    if len(found) != 1:
        raise Unread(text[-200:], "no series" if not found else "more than one series")
    (match,) = found
    items = re.findall(ITEM, match.group())
    if len(items) > MOST_PLACES + 1:
        raise Unread(match.group()[:200], f"more than {MOST_PLACES} terms")
    terms = [None if re.fullmatch(BLANK, item) else item for item in items]
    # "2, 4, 6, ?" and "2, 4, 6 ..." are blanks; a second mark only ends the sentence.
    rest = f"{bare[: match.start()]} {bare[match.end() :]}"
    if re.search(r"_|\(\?\)|\[\?\]", rest):
        raise Unread(text[-200:], "a term or a blank that is not in the series")
    if re.match(r"\s*(?:\.{2,}|,\s*(?:\?|\.))", bare[match.end() :]):
        raise Unread(text[-200:], "a series that breaks off")
    return _Found(match.group(), terms, rest)


def _asked(rest: str, terms: Sequence[str | None]) -> Asked:
    """What is asked for, by the words around the series.

    Each must be known to say nothing of how the terms are made, so their order does not matter; and they must not ask
    for two different things.
    """
    text = re.sub(r"\s+", " ", rest.casefold())
    for pattern, word in PHRASES:
        text = pattern.sub(word, text)
    text = _placed(text, terms)
    if not PLAIN.fullmatch(text):
        raise Unread(rest.strip()[:200], "signs that are not known here")
    words = WORD.findall(text)
    if len(words) > MOST_WORDS:
        raise Unread(rest.strip()[:80], f"longer than {MOST_WORDS} words")
    for word in words:
        if word not in KINDS:
            raise Unread(rest.strip()[:200], f"{word[:30]!r} is not known here")
    kinds = {kind for word in words if (kind := KINDS[word]) is not None}
    if not kinds and terms.count(None) == 1:
        return "blank"
    if kinds == {"next", "blank"} and terms.count(None) == 1 and terms[-1] is None:
        return "next"
    if len(kinds) == 1:
        return kinds.pop()
    raise Unread(rest.strip()[:200])


def _placed(text: str, terms: Sequence[str | None]) -> str:
    """The text with "next" for a place that is named by its number, or by the term before it, and is the next one."""
    given = terms[:-1] if terms[-1] is None else terms
    if (last := given[-1]) is None:
        return text
    here = ORDINALS[len(given)] if len(given) < len(ORDINALS) else f"{len(given) + 1}th"
    text = re.sub(
        rf"\b(?:(?:directly|immediately|right|just) )?after (?:the )?(?:{NOUNS} )?{last.casefold()}\b", "next", text
    )
    text = re.sub(rf"\bfollows {last.casefold()}\b", "next", text)
    text = re.sub(rf"\bfirst (?:{NUMBERS[min(len(given), 10)]}|{len(given)})(?= {NOUNS}\b)", "given", text)
    return re.sub(rf"\b(?:{here}|{len(given) + 1}th)(?= {NOUNS}\b| place\b|\W*$)", "next", text)


def _choice(text: str) -> str:
    said = text.strip().removesuffix(".").replace("\u2212", "-")
    if NONE_OF_THEM.fullmatch(said):
        return NONE
    if not re.fullmatch(TERM, said):
        raise Unread(text[:80], "a choice that is no term")
    return said
