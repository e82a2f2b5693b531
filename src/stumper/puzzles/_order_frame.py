"""What a text says about its own sentences, and says nothing of the order with: these words are taken out of it."""

import re

_FACTS = r"(?:information|statements?|clues?|facts?|conditions?|data|details)"
_NUMERAL = r"(?:\d{1,2}|[ivx]{1,4}|[IVX]{1,4})"
_FRAMES = tuple(
    re.compile(rf"(?:^|(?<=[.:;] )|(?<=\n)){pattern}", re.IGNORECASE)
    for pattern in (
        rf"(?:consider|read|study|use|examine|look at) (?:the )?(?:following |given )?{_FACTS}"
        r"(?: (?:given )?below)?(?: carefully)?"
        r"(?: (?:and|to|then) answer the question(?: (?:that follows|below))?)?[:.]\s+",
        rf"(?:based on|according to|from|using|given|on the basis of) (?:the |this |these )?(?:above |given )?{_FACTS}"
        r"(?: (?:provided|given|stated))?(?: above)?, ",
        r"(?:please )?note (?:also )?that "
        r"|(?:it is|we|you) (?:also )?(?:known?|given|told) that |you are (?:also )?told that ",
        r"(?:also|moreover|in addition|additionally|furthermore|finally|then|so), ",
        r"(?:assuming|given|suppose|supposing) (?:that )?(?:no two(?: of (?:them|the \w+)| \w+)?"
        r" (?:are|were|have|had|finished|came)(?: of| in| at| with)? the same \w+|there (?:are|were) no ties), ",
    )
)
_NUMBERED = re.compile(rf"(?:^|(?<=[.:;] )|(?<=\n))(?:\({_NUMERAL}\)|{_NUMERAL}[.)]) (?=[A-ZÀ-ÖØ-Þ])")
"""The number of a clue: it stands where a sentence begins, and one follows it."""


def unframed(text: str) -> str:
    """The text without such words. A frame that says any more is left, for the grammar to stumble over."""
    text = _NUMBERED.sub("", text)
    for frame in _FRAMES * 2:
        text = frame.sub("\0", text)
    return re.sub(r"\0+(.?)", lambda m: m[1].upper(), text)
