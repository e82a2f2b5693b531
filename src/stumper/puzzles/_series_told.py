"""Rules that the text itself tells: each is taken out of the text and must be the rule of the series."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from stumper.puzzles._grammar import NUMBERS
from stumper.puzzles._series_language import parts, said

Step = Callable[[Sequence[int]], Fraction | int]
"""The next number from those before it."""


class Told(NamedTuple):
    text: str
    """The text without the rules that it tells."""
    steps: tuple[Step, ...]
    in_turn: bool = False
    """Whether it tells of two operations in turn, without saying which."""


LETTERS = 26
_DIGITS = rf"(?:\d{{1,4}}|{'|'.join(NUMBERS[1:])})"
_NUMBER = rf"({_DIGITS})"
_NOUN = r"(?:terms?|numbers?|letters?|elements?|items?|entr(?:y|ies)|members?|values?|figures?|ones?)"
_EACH = (
    rf"(?:each|every)(?: (?:of (?:them|these)|next|new|following|later))?(?: {_NOUN})?"
    r"(?: (?:in|of)(?: (?:the|this)(?: (?:following|given|above))? (?:series|sequence|list))?)?"
    rf"(?: after (?:that|the first(?: one)?)| from the (?:second|third)(?: {_NOUN})? on)?,?"
)
_BEFORE = (
    rf"(?:(?:the|its) (?:previous|preceding|last|earlier)(?: {_NOUN})?|its predecessor"
    rf"|(?:the|that)(?: {_NOUN})? (?:(?:immediately|just|right|directly)"
    rf" )?(?:before|preceding)(?: it)?|what comes before it)"
)
_GOT = r"(?:is|are|was|were) (?:got|obtained|found|formed|made|produced|given|reached|derived) by"
_TIMES = {
    "twice": 2,
    "double": 2,
    "doubling": 2,
    "tripling": 3,
    "trebling": 3,
    "doubl": 2,
    "tripl": 3,
    "trebl": 3,
    "thrice": 3,
    "three times": 3,
}
_UNITS = r"(?:places?|letters?|positions?|steps?)"
_TIME = r"(?: (?:each|every) (?:time|step)| at (?:each|every) step)?"
_MOVES = (
    r"(?:moves?|going|go(?:es)?|jumps?|steps?|increas(?:es?|ing)|decreas(?:es?|ing)|ris(?:es?|ing)|fall(?:s|ing)?"
    r"|drops?|grows?)"
)
TURNS = re.compile(
    rf"(?:the |its |all )?{_NOUN} {_GOT} (?:doing|using|applying|performing) two (?:different )?"
    r"(?:things|operations|steps|rules) (?:by turns|in turns?|alternately|alternatingly|one after the other)"
    r"|two (?:different )?(?:operations|steps|rules) (?:are|is) (?:used|applied|performed|done|followed) "
    r"(?:by turns|in turns?|alternately)(?: (?:in|to (?:make|form|get|produce|build)))?"
)
WRAP = re.compile(
    r"(?:and )?after (?:(?:the )?letter )?(?:(z)|a),? (?:the alphabet|it|the count|counting)"
    r" (?:starts|begins|goes on|continues)"
    r"(?: again| anew| over)?(?: again)? (?:from|with|at) (?(1)a|z)(?: again| backwards)?"
)
"""What these series always do: A comes after Z, and Z before A."""


def told(text: str) -> Told:
    """The text in small letters without the rules that it tells, and these."""
    text = WRAP.sub(" ", text)
    in_turn = TURNS.search(text) is not None
    text = TURNS.sub(" the ", text)
    steps: list[Step] = []
    for pattern, make in RULES:
        while (match := pattern.search(text)) is not None:
            steps.append(make(match))
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return Told(text, tuple(steps), in_turn)


def continued(step: Step, terms: Sequence[str | None]) -> str | None:
    """The term at the blank by a rule that is told; None where it is not the rule of the other terms."""
    known = [parts(term) for term in terms if term is not None]
    kinds = {part[0][0] for part in known}
    if any(len(part) != 1 for part in known) or len(kinds) != 1:
        return None
    kind = kinds.pop()
    values: list[int] = []
    answer: str | None = None
    for at, term in enumerate(terms):
        try:
            made = Fraction(step(values))
        except IndexError:
            made = Fraction(-1, 2)
        if kind == "letter" and made.denominator == 1:
            made = (made - 1) % LETTERS + 1
        if term is None:
            if made.denominator != 1 or at == 0:
                return None
            answer = said((kind,), (int(made),))
            values.append(int(made))
            continue
        value = parts(term)[0][1]
        if made != value and made != Fraction(-1, 2):
            return None
        values.append(value)
    return answer


def _n(word: str) -> int:
    return NUMBERS.index(word) if word in NUMBERS else int(word)


def _affine(times: Fraction | int, plus: int) -> Step:
    return lambda values: values[-1] * times + plus


DOWN = re.compile(
    r"\b(?:less|smaller|lower|before|behind|earlier|back|backwards?|down|decreas(?:es?|ing)|fall(?:s|ing)?|drops?|subtracting)\b"
)


def _more(match: re.Match[str]) -> Step:
    down = DOWN.search(match[0].removesuffix(match["of"] or ""))
    return _affine(1, -_n(match[1]) if down else _n(match[1]))


def _ratio(match: re.Match[str]) -> Step:
    word = match["times"]
    times = Fraction(1, 2) if word.startswith("hal") else Fraction(_TIMES.get(word) or _n(word.split(" ")[0]))
    plus = 0 if match["plus"] is None else _n(match["plus"]) * (-1 if match["less"] or match["less2"] else 1)
    return _affine(times, plus)


_MANY = rf"(?P<times>twice|double|half(?: of)?|thrice|{_DIGITS} times)"
_DOING = r"(?P<times>doubling|tripling|trebling|halving)"
_THEN = (
    rf"(?:,? (?:and|then|and then|plus|(?P<less>minus))"
    rf" (?:(?:adding|(?P<less2>subtracting|taking away)) )?(?P<plus>{_DIGITS})(?: more)?"
    r"(?: (?:to|from) (?:it|that|the result))?)?"
)
RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Step]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (
            rf"{_EACH} (?:is|was) (?:exactly )?{_NUMBER} (?:{_UNITS} )?"
            rf"(?:(?:more|greater|higher|larger|bigger|less|smaller|lower|further|earlier|later) than"
            rf"|before|after|behind) (?P<of>{_BEFORE})",
            _more,
        ),
        (
            rf"(?:(?:each|every) {_NOUN} |they |it )?{_MOVES}"
            rf"(?: (?:forwards?|back|backwards?|up|down))? by {_NUMBER}(?: {_UNITS})?{_TIME}(?P<of>)",
            _more,
        ),
        (rf"{_EACH} {_GOT} (?:adding|subtracting) {_NUMBER} (?:to|from) (?P<of>{_BEFORE})", _more),
        (rf"{_EACH} (?:is|was) {_MANY} {_BEFORE}{_THEN}", _ratio),
        (
            rf"(?:{_EACH}|(?:it|they)|(?:the )?(?:series|sequence|{_NOUN})) {_GOT} "
            rf"multiplying (?:each {_NOUN}|{_BEFORE}) by (?P<times>{_DIGITS})(?P<less>)(?P<less2>)(?P<plus>\b\B)?",
            _ratio,
        ),
        (
            rf"(?:(?:each|every) {_NOUN} |they |it |which )?(?P<times>doubl|tripl|trebl)(?:es?|ing){_TIME}"
            r"(?:(?<= time)|(?<= step))(?P<less>)(?P<less2>)(?P<plus>\b\B)?",
            _ratio,
        ),
        (rf"{_EACH} {_GOT} {_DOING} {_BEFORE}{_THEN}", _ratio),
        (
            rf"{_EACH} (?:is|was) the sum of the (?:two (?:{_NOUN} )?(?:before|preceding)(?: it)?"
            rf"|(?:previous|preceding|last) two(?: {_NOUN})?|two (?:previous|preceding)(?: {_NOUN})?)",
            lambda _: lambda values: values[-1] + values[-2],
        ),
    )
)
"""What each term is, by those before it."""
