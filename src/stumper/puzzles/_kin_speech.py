"""Who speaks, and of whom: what stands before a speech or after it ("Pointing to a man, Rita said, ...")."""

import re
from typing import NamedTuple

from stumper.puzzles._kin_words import LEXICON, LOOKS, MEN, PERSONS, WOMEN

_NOUN = "|".join((*MEN, *WOMEN, *PERSONS))
_LOOK = rf"(?:(?:{'|'.join(LOOKS)}) )*"
_NAME = r"(?-i:[A-Z][\w-]*)"
_PICTURE = r"(?:photograph|photo|picture|portrait|painting|image|snapshot|drawing|statue|frame|album)"
SCENE = re.compile(
    rf" (?:who is |that is )?(?:standing |sitting |seen |shown )?(?:in|on|at) (?:an?|the|that|this|his|her)"
    rf" (?:{_PICTURE}|stage|party|podium|wall|screen|crowd|dais)(?=[\s?.,]|'s|$)"
)
"""Where somebody is who is shown: it says nothing."""
_SHOWN = (
    rf"(?:(?:an?|the|that|this|his|her) (?:[a-z]+ )?{_PICTURE}(?: (?:hanging )?on the wall)?"
    rf"(?: of (?:(?:an?|the) {_LOOK}(?P<portrayed>{_NOUN})|(?P<sitter>{_NAME})))?"
    r"(?: to (?:his|her|an?) [a-z]+)?"
    rf"|(?:an?|the|that|this) {_LOOK}(?P<noun>{_NOUN})(?P<scene>(?: [a-z-]+){{0,7}}?)"
    rf"|(?P<shown>{_NAME})(?: in (?:an?|the) {_PICTURE})?|some(?:body|one)(?: in (?:an?|the) {_PICTURE})?)"
)
_VERBS = r"(?:point|look|gestur|nodd?|indicat|introduc|wav|show|gaz|star|glanc|motion)"
_AT = r"(?: (?:to|at|towards?))?"
_POINTING = rf"(?:while |when |on )?{_VERBS}ing{_AT} {_SHOWN}"
_SAYING = (
    r"(?:said|says?|stated|states|remark(?:ed|s)|exclaim(?:ed|s)|told|tells|repl(?:ied|ies)|observe[sd]"
    r"|whisper(?:ed|s)|comment(?:ed|s)|declare[sd]|announce[sd]|explain(?:ed|s))"
)
_SPEAKER = (
    rf"(?:(?P<speaker>{_NAME})|(?:an?|the) {_LOOK}(?P<stranger>{_NOUN})"
    rf"(?:,? (?:named|called) (?P<name>{_NAME})(?:,(?= ))?)?)"
    r"(?P<place> (?:in|at|on|from|near|by|behind) (?:[a-z]+ ){0,3}[a-z]+?)??"
    r"(?: (?:with|who has) (?P<having>no [a-z]+(?: (?:and|or) (?:no )?[a-z]+)?))?"
)
_TO = (
    rf"(?: (?:to )?(?:his|her|an?) (?:friend|colleague|companion|neighbou?r)"
    rf"| (?:to )?(?:(?P<hearer>{_NAME})|(?:an?|the) {_LOOK}(?P<hearing>{_NOUN})))?"
)
_BEFORE = tuple(
    re.compile(pattern + rf" {_SAYING}{_TO}(?: that)?[,:]?\s*", re.IGNORECASE)
    for pattern in (
        rf"(?:(?:if|when|suppose|once) )?(?:{_POINTING},? )?{_SPEAKER}",
        rf"{_SPEAKER},? {_POINTING},?",
        rf"{_SPEAKER} {_VERBS}(?:e?[sd]|ed){_AT} {_SHOWN},? and",
    )
)
_LINE = re.compile(rf"{_SPEAKER}:\s*", re.IGNORECASE)
_SAID_OF = re.compile(rf"{_SPEAKER} (?P<about>{_SAYING} (?:of|about)) {_SHOWN}[,:]?\s*", re.IGNORECASE)
_AFTER = (
    *(
        re.compile(rf"[,\s]*{pattern}(?:,? {_POINTING})?[.,]?\s*", re.IGNORECASE)
        for pattern in (rf"{_SAYING} {_SPEAKER}", rf"{_SPEAKER} {_SAYING}{_TO}")
    ),
    re.compile(rf"[,\s]*{_SAYING} {_SPEAKER} (?P<about>of|about) {_SHOWN}[.,]?\s*", re.IGNORECASE),
)
_OF_KIN = ("TERM", "TERMS", "MAN", "WOMAN", "WHO", "WHOSE", "MARRIED", "MARRY", "BORN", "SIRE", "ONLY", "NAMED")


class Speech(NamedTuple):
    """The speaker, whom he speaks to, and of whom: each by name, or by a noun."""

    speaker: str
    stranger: str
    having: str
    """What is said of the speaker in passing: "no siblings"."""
    hearer: str
    hearing: str
    shown: str
    noun: str
    """ "person" for somebody shown of whom nothing is said, empty where nobody is."""


def before(text: str, line: bool) -> Speech | None:
    """What a sentence says that stands before a speech; None where it is no such sentence.

    `line`: a speech does stand there, so that "Ann:" says who speaks.
    """
    return next(
        (
            speech
            for pattern in (*_BEFORE, _SAID_OF, *(_LINE,) * line)
            if (speech := _speech(pattern.fullmatch(text))) is not None
        ),
        None,
    )


def after(text: str) -> Speech | None:
    """The same of what stands after one."""
    return next((speech for pattern in _AFTER if (speech := _speech(pattern.fullmatch(text))) is not None), None)


def _speech(found: re.Match[str] | None) -> Speech | None:
    if found is None:
        return None
    said = {name: part or "" for name, part in found.groupdict().items()}
    if any(LEXICON.get(word) in _OF_KIN for word in (said.get("scene", "") + said.get("place", "")).split()):
        return None
    pointed = "about" in said or re.search(rf"\b{_VERBS}(?:ing|e?[sd]|ed)\b", found[0], re.IGNORECASE) is not None
    noun = said.get("noun", "") or said.get("portrayed", "")
    shown = said.get("shown", "") or said.get("sitter", "")
    return Speech(
        speaker=said["speaker"] or said["name"],
        stranger=said["stranger"].lower(),
        having=said["having"],
        hearer=said.get("hearer", ""),
        hearing=said.get("hearing", "").lower(),
        shown=shown,
        noun=noun.lower() or ("person" if pointed and not shown else ""),
    )
