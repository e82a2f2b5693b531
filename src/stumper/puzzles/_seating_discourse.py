"""What a text says of itself and not of seats: "Consider the following", numbers of clues, titles before names.

What is left out here asserts nothing: it is made of words about texts alone, none of which is a number, a relation, a
quantity or a denial.
"""

import re
from collections.abc import Sequence

ABOUT_TEXTS = frozenset(
    "information info clue clues fact facts detail details condition conditions constraint constraints statement "
    "statements rule rules hint hints data question questions puzzle problem scenario following above below note "
    "situation know known".split()
)
"""One of these is in every sentence that is left out."""
BETWEEN = frozenset(
    "read study consider use using examine review analyse analyze given based according answer solve see look from on "
    "to in under the a an these this those all about of their its seating arrangement arrangements and as is are was "
    "were be been that which follow follows carefully here what we you have has provided stated listed "
    "mentioned described apply applies hold holds satisfied met also with it please now then help determine positions "
    "by careful some additional observe below".split()
)
"""And these say nothing of seats where they stand among them."""
_LEAD = re.compile(r"[A-Za-z' ]{4,90}?[,:]\s+")
_TOLD = re.compile(
    r"(?:(?:it is|we are|you are|we have been) (?:also |further |now )?(?:known|given|told|stated|noted)"
    r"|we (?:also )?know|note|remember|recall|keep in mind|observe)(?: also)? that,? (?!not\b)",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"(?:(?<=[.:;?!])|(?<=\n))\s*(?:\(?(?:[0-9]{1,2}|[ivx]{1,4})[.)]|\([a-h]\)|[a-h]\)|[\N{BULLET}*-])\s+(?=[A-Z\"])"
)
_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Aunt|Uncle|Coach|Captain)\.? (?=([A-Z][\w-]*))")
ITEM = "\x1e"
"""Stands where the next clue of a list begins."""


def itemised(text: str) -> str:
    """With a mark in the place of the number (or the bullet) of each clue."""
    return _ITEM.sub(ITEM, text)


def spoken(sentence: str) -> str:
    """Without what it says of the text; nothing where it says nothing else."""
    if (told := _TOLD.match(sentence)) is not None:
        sentence = sentence[told.end() :]
    if not sentence.rstrip().endswith("?") and _of_text(sentence):
        return ""
    if (lead := _LEAD.match(sentence)) is not None and _of_text(lead[0]):
        return sentence[lead.end() :]
    return sentence


def _of_text(words: str) -> bool:
    small = re.findall(r"[^\W_]+", words.casefold())
    asks = small[:1] in (["which"], ["what"]) or (
        len(small) > 1 and small[1] in ("which", "what") and small[0] != "here"
    )
    return not asks and not ABOUT_TEXTS.isdisjoint(small) and ABOUT_TEXTS.union(BETWEEN).issuperset(small)


def untitled(texts: Sequence[str]) -> list[str]:
    """Without titles before names, where no two people share the name."""
    titles: dict[str, set[str]] = {}
    for text in texts:
        for title, name in _TITLE.findall(text):
            titles.setdefault(name, set()).add(title)
    return [_TITLE.sub(lambda m: "" if len(titles[m[2]]) == 1 else m[0], text) for text in texts]
