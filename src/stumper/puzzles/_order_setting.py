"""Orders that are told as days, months or storeys: their places are put as first, second ... and so on to the last.

What is put so has one thing for each place, and the text says it. Days are counted from the first one that is named,
storeys from the top, because "above" and "ahead" are one direction in the grammar; the number of a storey is read only
where the text tells which one is number one.
"""

import re
from typing import NamedTuple

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._order_language import MOST_THINGS, ordinal

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple("january february march april may june july august september october november december".split())
_NUMBER = rf"(?:{'|'.join(NUMBERS[1:])}|\d{{1,2}})"
_NTH = rf"(?:{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))"
_STOREY = r"(?:stor(?:e?y|eys|ies)|floors?|levels?)"
_UP = r"(?: up(?:wards?)?| to (?:the )?(?:top|highest))?"
_UPWARDS = rf"(?:from (?:the )?(?:ground|bottom|lowest)(?: {_STOREY})?{_UP}|upwards|bottom to top)"


class Setting(NamedTuple):
    """Where the places of an order have names."""

    labels: tuple[str, ...]
    """What the places are called, the first one first; "" where a place has no name."""
    unit: str
    """A pattern: what a place is called in general."""
    verbs: tuple[str, ...]
    """Patterns of what the things do at their places, which says nothing more."""
    opening: tuple[re.Pattern[str], ...]
    """What of the text has been understood already."""
    from_last: bool = False
    """Whether places are counted from the last one."""

    def place(self, label: str) -> str:
        """A place in plain words."""
        at = self.labels.index(label)
        return f"in {ordinal(at + 1)} place" if not self.from_last else _from_last(len(self.labels) - at)

    def plain(self, sentence: str) -> str:
        """The sentence with places for days and storeys; what is left of it is not understood here."""
        for opening in self.opening:
            sentence = opening.sub("", sentence)
        for pattern, new in self._rules():
            sentence = re.sub(pattern, new, sentence, flags=re.IGNORECASE)
        return re.sub(r"\s+([,.?;])", r"\1", re.sub(r"\s+", " ", sentence)).strip(" ,")

    def choice(self, choice: str) -> str:
        """A place as an answer."""
        said = re.sub(rf"^(?:on |in )?(?:the )?|\W+$| {self.unit}$|(?<=\d) +$", "", choice.strip().casefold())
        said = re.sub(rf"^{self.unit} ", "", said)
        if self.from_last and "1" in self.labels:
            if said in (*NUMBERS[1:], *ORDINALS, "top", "bottom", "ground", "highest", "lowest"):
                numbers = {"top": len(self.labels), "highest": len(self.labels), "bottom": 1, "ground": 1, "lowest": 1}
                numbers |= {word: n for words in (NUMBERS[1:], ORDINALS) for n, word in enumerate(words, 1)}
                said = str(numbers[said])
            digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", said)
            return ordinal(int(digits[1])) if digits else choice
        return ordinal(self.labels.index(said) + 1) if said in self.labels else choice

    def _rules(self) -> list[tuple[str, str]]:
        unit, does = self.unit, "|".join(self.verbs)
        on, exact = r"\b(?:on|in|at)", rf"\b(?:exactly )?({_NUMBER}) {unit}"
        each = rf"{unit}(?: of the \w+)? (?:(?:is|was) (.+?)(?: (?:{does}))?|(?:does|did|will) (.+?) (?:be|{does}))"
        rules: list[tuple[str, str]] = []
        if not self.from_last or "1" in self.labels:
            asked = rf"In which place is \1\2 from the {'last' if self.from_last else 'first'}?"
            rules += [(rf"{on} which {each}\?", asked), (rf"\b(?:which|what) {each} (?:on|in|at)\?", asked)]
        rules += [
            (
                rf"(?:{on} )?the {unit} (?:immediately |directly |right |just )?(before|after|above|below)\b",
                r"immediately \1",
            ),
            (rf"{exact} (?:earlier than|before)\b", r"exactly \1 places before"),
            (rf"{exact} (?:later than|after)\b", r"exactly \1 places after"),
            (rf"{exact} (?:higher than|above)\b", r"exactly \1 places above"),
            (rf"{exact} (?:lower than|below)\b", r"exactly \1 places below"),
            (rf"{on} an? (?:earlier|higher) {unit} than\b|\bearlier (?:in the \w+ )?than\b", "before"),
            (rf"{on} an? (?:later|lower) {unit} than\b|\blater (?:in the \w+ )?than\b", "after"),
            (r"\b(?:some ?time|at some point|somewhere) (before|after|above|below)\b", r"\1"),
            (r"\bhigher (?:up )?than\b", "above"),
            (r"\blower (?:down )?than\b", "below"),
            (rf"{on} (?:two )?(?:consecutive|adjacent|neighbou?ring|successive) {unit}", "next to each other"),
            (r"\bbetween those of\b", "between"),
            (rf"\b({_NUMBER}) {unit} (?=(?:is|are|was|were|lies?|come|comes|between)\b)", r"\1 things "),
        ]
        if not self.from_last:
            rules.append((rf"{on} which {unit} (?:does|did|will) ([\w'-]+ [a-z]+)\?", r"In which place did \1?"))
        rules += self._storeys() if self.from_last else self._days()
        place = r"in \w+ place|\w+ to last|before|after|above|below|next to"
        place = rf"(?=(?:not )?(?:(?:immediately|directly|right|just|somewhere|exactly(?: \w+){{2}}) )?(?:{place})\b)"
        return [
            *rules,
            (rf"\b(?:do|does|did)(?: not|n't) (?:{does}) {place}", "is not "),
            (rf"\b(is|are|was|were) (?:to be )?(?:{does}) {place}", r"\1 "),
            (rf"\b(?:{does}) {place}", "finished "),
        ]

    def _days(self) -> list[tuple[str, str]]:
        named = [(rf"\b(?:on|in) {label}\b", self.place(label)) for label in self.labels]
        return [*named, (rf"\b(?:on|in) the (last|{_NTH})(?: of these)? {self.unit}", r"in \1 place")]

    def _storeys(self) -> list[tuple[str, str]]:
        on, unit = r"\b(?:on|in|at)", self.unit
        rules = [
            (rf"{on} the (?:top|highest|uppermost|topmost)(?: {unit})?\b(?! of)", "in first place"),
            (rf"{on} the (?:bottom|lowest|ground)(?: {unit})?\b(?! of)", "in last place"),
            (rf"(?:{on} )?the ({_NTH})(?: {unit})? from the (?:bottom|ground)\b", r"\1 to last"),
            (rf"(?:{on} )?the ({_NTH})(?: {unit})? from the top\b", r"in \1 place"),
        ]
        for label in filter(None, self.labels):
            word, nth = NUMBERS[int(label)], ORDINALS[int(label) - 1]
            digits = rf"{label}(?:st|nd|rd|th)"
            told = self.place(label)
            rules.append((rf"{on} the (?:{nth}|{digits}) {unit}", told))
            rules.append((rf"{on} {unit} (?:number |no\.? )?(?:{label}|{word})\b", told))
        return rules


def _from_last(place: int) -> str:
    return "in last place" if place == 1 else f"{ordinal(place)} to last"


def settle(text: str) -> Setting | None:
    """The setting of a text; None where its places have no such names. Raises Unread where some may be left empty."""
    setting = _calendar(text) or _building(text)
    if setting is not None and not 2 <= len(setting.labels) <= MOST_THINGS:
        raise Unread(text[:200], f"2 to {MOST_THINGS} places are read")
    return setting


def _calendar(text: str) -> Setting | None:
    for names, unit in ((DAYS, "day"), (MONTHS, "month")):
        name = "|".join(names)
        span = _all(rf",? ?(?:\b(?:from|between|on) )?\b({name})s? (?:to|through|until|till) ({name})\b")
        found = span.search(text)
        if found is None or text.find("?") < found.start():
            continue
        first, last = (names.index(found[i].casefold()) for i in (1, 2))
        labels = tuple(names[(first + i) % len(names)] for i in range((last - first) % len(names) + 1))
        n = NUMBERS[min(len(labels), MOST_THINGS)]
        opening = (
            span,
            _alone(text, rf"{unit}s?"),
            _all(rf",? ?(?:on|over|in|during) {n} (?:consecutive |successive )?{unit}s,?(?: of (?:the|one) \w+)?"),
            _all(r",? ?(?:of|in|during) (?:one|an?|the|the same|this|next|last) (?:week|year)\b"),
        )
        return Setting(labels, rf"(?:{unit}s?)", _verbs(text[: found.start()]), opening)
    return None


def _building(text: str) -> Setting | None:
    count = re.search(rf"\b({_NUMBER})[- ](?:different |separate )?{_STOREY}", text, re.IGNORECASE)
    if count is None or re.search(r"\b(?:above|below|between)\b", text[: text.find(".", count.end())]):
        return None
    n = NUMBERS.index(count[1].casefold()) if count[1].casefold() in NUMBERS else int(count[1])
    top, one = rf"(?:{n}|{NUMBERS[min(n, MOST_THINGS)]})", r"(?:1|one)"
    are, number = rf",? ?(?:the {_STOREY} |which |that )?(?:are |is |being )?", rf"(?:number(?:ed)? |{_STOREY} )?"
    where, storey = r",? ?(?:where |and |with )?", rf"(?: {_STOREY})?"
    lowest, highest = (
        rf"(?:the )?(?:lowest|bottom|ground|lowermost|bottommost){storey}",
        rf"(?:the )?(?:highest|top|topmost){storey}",
    )
    upwards = [
        rf"{are}numbered (?:from )?{one} (?:to|through|up to) {top},? {_UPWARDS}",
        rf"{are}numbered {_UPWARDS},? (?:as |from )?{one} (?:to|through) {top}",
        rf"{where}{_STOREY} {one} (?:is|being) {lowest}(?:,? and {_STOREY} {top} (?:is |being )?{highest})?",
        rf"{where}{lowest} (?:is|being) {number}{one}(?:,? and {highest} (?:is |being )?{number}{top})?",
        r",? ?counted from (?:the )?(?:bottom|ground)(?: up(?:wards)?)?",
    ]
    others = [
        rf"{are}numbered (?:from )?{one} (?:to|through|up to) {top}(?=[,.])",
        rf",? ?(?:with|has|having|of) (?:exactly )?{top} {_STOREY}(?= |,|\.)|\b{top}[- ]{_STOREY} ",
    ]
    numbered = any(_all(pattern).search(text) for pattern in upwards)
    labels = tuple(str(n - i) if numbered else "" for i in range(n))
    verbs = {verb.casefold() for verb in re.findall(r"\b(live|stay|reside|work|sleep|dwell)", text, re.IGNORECASE)}
    if len(verbs) > 1:
        raise Unread(text[:200], "does several things on its storeys")
    does = ("lies?", *(f"{verb}s?" for verb in verbs), *(f"{verb}e?d" for verb in verbs))
    return Setting(labels, _STOREY, does, (*map(_all, (*upwards, *others)), _alone(text, _STOREY)), from_last=True)


def _alone(text: str, unit: str) -> re.Pattern[str]:
    """What says that each place has one thing alone. Raises Unread where nothing does."""
    on, one = r"(?:on|in)", r",? ?(?:and |with )?(?:exactly |only |just )?one(?: of them| \w+)?"
    alone = _all(
        rf"{one} (?:an?|per|each|every|{on} (?:each|every)) (?:week)?{unit}(?: of the \w+)?"
        rf"|,? ?(?:and |with )?each (?:\w+ ){{0,3}}?(?:on|in|to|for) an? (?:different|separate) {unit}"
        rf"|,? ?(?:all )?{on} (?:{_NUMBER} )?different {unit}"
        rf"|,? ?(?:and |with )?no two (?:of them )?{on} the same {unit}"
    )
    if alone.search(text) is None:
        raise Unread(text[:200], "does not say that each place has one thing alone")
    return alone


def _verbs(opening: str) -> tuple[str, ...]:
    """What the things do on their days: what the opening says of all of them, and words that say nothing more."""
    told = re.findall(r"\b[a-z]+\b", opening.rsplit(". ", 1)[-1])
    nouns = {noun for _, noun in re.findall(rf"\b({_NUMBER}) ([a-z]+)", opening, re.IGNORECASE)} | {"place"}
    stems = {re.sub(r"(?:ing|ed|es|s|e|d)$", "", word) for word in told if word not in nouns}
    act = "|".join(sorted((stem for stem in stems if len(stem) > 2), key=len, reverse=True))
    word = rf"(?:{act})(?:ing|ed|es|s|e|d)?"
    own = (rf"{word}(?: (?:(?:the|an?|his|her|their|its) )?{word})*",) if act else ()
    return (*own, "takes? place", "took place", "occurs?", "happens?", "falls?", "scheduled", "held")


def _all(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
