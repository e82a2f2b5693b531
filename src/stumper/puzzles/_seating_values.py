"""What people are, have or wear besides a seat, as a text lists it: one is a doctor, one a pilot ...

A sentence that lists the values is left out, and what is said with a value (the one who ordered tea, in the red hat)
is put into the value's name alone, which the grammar takes for somebody's.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

WORD = r"[A-Za-z]+(?:-[a-z]+)?"
_LIST = rf"(?:an? )?{WORD}(?: , (?:an? )?{WORD})*(?: ,)? (?:and|or) (?:an? )?{WORD}"
_EACH = r"(?:each(?: of them| person| one)?(?: of (?:the )?people)?|they(?: each| all)?|everyone|all of them|each of the people)"
_ONE = r"(?:one|another|the other|the third|the fourth|the last)(?: person)?"
DECLARED = (
    re.compile(
        rf"{_ONE} is (?P<one>an? {WORD}(?: ,(?: and)? {_ONE}(?: is)? an? {WORD})*(?: ,)? and {_ONE}(?: is)? an? {WORD})",
        re.I,
    ),
    re.compile(
        rf"{_EACH} (?P<verb>{WORD})(?: (?P<prep>from|in|as))? (?:an? |one |the )?(?:(?P<thing>{WORD}) of )?(?:an? )?(?:different|distinct|unique|separate) "
        rf"(?P<noun>{WORD}) (?:[:,-]|from|among|out of) (?P<list>{_LIST})",
        re.I,
    ),
    re.compile(rf"{_EACH} (?P<verb>come|work|are|travel|hail)(?: (?P<prep>from|as|in))? (?P<list>{_LIST})", re.I),
)
APART = re.compile(
    r"(?: ,)? and (?=(?:each(?: of them)?|they each) [a-z]+ (?:an? |one )?[a-z ]*different\b)|(?: ,)? and (?=their names are\b)",
    re.I,
)
"""Where a declaration is one half of a sentence."""


class Values(NamedTuple):
    """Values of one kind, and the words they are spoken of with."""

    name: str
    values: tuple[str, ...]
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]


def declared(sentence: str) -> Values | None:
    """What a sentence lists, where it does nothing else; words and marks of the sentence are set apart by blanks."""
    for pattern in DECLARED:
        if not (found := pattern.fullmatch(sentence)):
            continue
        groups = {name: text for name, text in found.groupdict().items() if text is not None}
        if "one" in groups:
            values = re.findall(rf"\ban? ({WORD})", groups["one"])
            return Values("profession", tuple(values), ("is",), ("profession", "job", "occupation"))
        values = [re.sub(r"^an? ", "", part) for part in re.split(r" , and | , or | , | and | or ", groups["list"])]
        verb = groups.get("verb", "").casefold()
        nouns = tuple(groups[key].casefold() for key in ("noun", "thing") if key in groups)
        if verb == "are" and not re.search(r"\ban? ", groups["list"]) and "prep" not in groups:
            return None
        name = nouns[0] if nouns else {"come": "origin", "hail": "origin", "travel": "origin"}.get(verb, "profession")
        if len({*values}) < len(values) or any(" " in value for value in values):
            return None
        return Values(name, tuple(values), _forms(verb), nouns or ("city", "town", "country", "profession", "job"))
    return None


def _forms(verb: str) -> tuple[str, ...]:
    """Order, orders, ordered, ordering: of whichever was found."""
    if verb in ("are", "is", "has", "have"):
        return ("is", "has", "have")
    stem = re.sub(r"(?:es|s|ed|d)$", "", verb) if verb not in ("come", "wore", "drank") else verb
    found = {verb, stem, f"{stem}s", f"{stem}es", f"{stem}ed", f"{stem}e", f"{stem}d", f"{stem}ing"}
    irregular = {"wear": "wore", "drink": "drank", "come": "came", "own": "owned", "hold": "held", "choose": "chose"}
    for base, past in irregular.items():
        if found & {base, past}:
            found |= {base, past, f"{base}s", f"{base}ing"}
    return tuple(sorted(found))


def named_by(sentence: str, values: Values) -> str:
    """With the bare value wherever somebody is spoken of by it."""
    value = f"(?P<v>{'|'.join(map(re.escape, values.values))})"
    noun = f"(?: (?:{'|'.join(map(re.escape, values.nouns))}))?"
    verb = f"(?:{'|'.join(map(re.escape, values.verbs))})"
    article = "(?:the |an? |from |in |as |as an? )*"
    rules = (
        (rf"\bthe (?:person|one) (?:who )?(?:{verb}|is|was|has) {article}{value}{noun}\b", r"\g<v>"),
        (rf"\bthe (?:person|one) (?:with|in|from|wearing|having|of) {article}{value}{noun}\b", r"\g<v>"),
        (rf"\b(does|did|do) not {verb} {article}{value}{noun}\b", r"is not \g<v>"),
        (rf"\b(is|was) not {article}{value}{noun}\b", r"is not \g<v>"),
        (rf"(?<= ,) (?:the|in|from|an?|wearing) {article}{value}{noun} ,", r" who is \g<v> ,"),
        (rf"\b(?:{verb}|is|was|has) {article}{value}{noun}\b", r"is \g<v>"),
        (rf"\bthe {value}\b(?: (?:drinker|wearer|lover|owner))?", r"\g<v>"),
    )
    for pattern, new in rules:
        sentence = re.sub(pattern, new, sentence, flags=re.I)
    return sentence


def what_is_asked(sentence: str, kinds: Sequence[Values]) -> tuple[str, str] | None:
    """(who, the name of the values) of a question for somebody's value."""
    for values in kinds:
        verb = f"(?:{'|'.join(map(re.escape, values.verbs))})"
        noun = f"(?:{'|'.join(map(re.escape, values.nouns))})"
        for pattern in (
            rf"what (?:does|did) (?P<who>\S+) {verb}",
            rf"what is (?P<who>\S+) 's {noun}",
            rf"what is the {noun} of (?P<who>\S+)",
            rf"(?:which|what) {noun} (?:does|did|is|has) (?P<who>\S+)(?: {verb})?(?: from| in)?",
            rf"(?:from )?(?:which|what) {noun} (?:does|did|is) (?P<who>\S+) (?:{verb})?",
        ):
            if found := re.fullmatch(pattern, sentence, re.I):
                return found["who"], values.name
    return None
