"""Coded relations: "A + B means A is the father of B. How is P related to R in P + Q + R?" as plain sentences."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from stumper.puzzles import Unread

_SIGN = r"(?:[^\w\s'\".,;:?!()]|(?<= )x(?= ))"
_MEANS = (
    r"(?:means?|impl(?:y|ies)|denotes?|indicates?|stands? for|represents?|signif(?:y|ies)|says?|expresses|is read as"
    r"|is to mean|is used to mean)(?: that)?"
)
_SIGNED = rf"['\"]?[A-Z] ?{_SIGN} ?[A-Z]['\"]?,? {_MEANS}"
_DEFINITION = (
    rf"(?:(?i:let|suppose|say|if|given|assume|when|where)(?: that)? )?{_SIGNED}"
    r",? ['\"]?[A-Z] is (?:(?:the )?[a-z -]{3,40} (?:of|to) [A-Z](?!\w|'s)|[A-Z]'s [a-z-]{3,40})['\"]?"
)
_PARTS = re.compile(
    rf"['\"]?(?P<one>[A-Z]) ?(?P<sign>{_SIGN}) ?(?P<other>[A-Z])['\"]?,? \D+?"
    r"(?P<subject>[A-Z]) is (?:(?P<kin>(?:the )?[a-z -]+) (?:of|to) (?P<object>[A-Z])(?!\w|'s)"
    r"|(?P<owner>[A-Z])'s (?P<term>[a-z-]+))"
)
_DEFINITIONS = re.compile(
    rf"{_DEFINITION}(?:\s*(?:[;,.]|,? (?:and|while|whereas|but))\s*(?:and )?{_DEFINITION})*\s*[,.;]?\s*"
)
_FRAME = re.compile(
    r"\b(?:in|using|with|under) (?:an?|this|the|some|one|the following)"
    r" (?:(?:certain|secret|particular|given|family) )*(?:code|notation|language|cipher|system|convention)"
    r"(?: language)?,?\s*|^\s*(?:suppose|assume)(?: that)?:?\s*(?=[A-Z])",
    re.IGNORECASE,
)
_CHAIN = rf"[A-Z](?: ?{_SIGN} ?[A-Z])+"
_PLACES = re.compile(
    rf",?\s*\b(?i:in|if|from|given(?: that)?|when|where|suppose(?: that)?|for|by)"
    rf"(?: the (?:expression|relation|equation|statement|code|string))? ['\"]?(?P<chain>{_CHAIN})['\"]?"
    rf"(?P<more>(?:(?:,| and|, and) ['\"]?{_CHAIN}['\"]?)*)"
    r"(?: (?:is|are) (?:both )?(?:true|given|correct)| holds?(?: true)?)?,?(?=[\s?.])"
)
_MEANT = re.compile(
    rf"(?:then,? )?what (?:does|do|is) (?:the )?(?:expression )?['\"]?(?P<chain>(?-i:{_CHAIN}))['\"]?"
    r" (?:mean|imply|indicate|denote|represent|stand for|show|say|signify|tell us|meant by)\?",
    re.IGNORECASE,
)


class Code(NamedTuple):
    """What each sign between two letters says: (kin, whether of the first to the second)."""

    signs: Mapping[str, tuple[str, bool]]

    def sentences(self, chain: str) -> list[str]:
        """What a chain of letters and signs says. Raises Unread."""
        said: list[str] = []
        names = re.findall(r"[A-Z]", chain)
        for one, sign, other in zip(names[:-1], re.findall(_SIGN, chain), names[1:], strict=True):
            if sign not in self.signs:
                raise Unread(chain[:200], f"what {sign} means is not said:")
            kin, forth = self.signs[sign]
            said.append(f"{one} is {kin} of {other}." if forth else f"{other} is {kin} of {one}.")
        return said

    def expression(self, choice: str) -> list[str] | None:
        """What a choice says that is a chain; None where it is none."""
        text = choice.strip(" .'\"")
        return self.sentences(text) if self.signs and re.fullmatch(_CHAIN, text) else None


def decoded(text: str) -> tuple[str, Code]:
    """The text with its definitions of signs applied, as it is where it has none; and the code. Raises Unread."""
    if re.search(_SIGNED, text) is None:
        return text, Code({})
    signs: dict[str, tuple[str, bool]] = {}
    for run in _DEFINITIONS.finditer(text):
        for found in _PARTS.finditer(run[0]):
            kin, object_ = found["kin"] or f"the {found['term']}", found["object"] or found["owner"]
            forth = (found["subject"], object_) == (found["one"], found["other"])
            if not forth and (found["subject"], object_) != (found["other"], found["one"]):
                raise Unread(found[0][:200], "a sign defined by other people:")
            if signs.setdefault(found["sign"], (kin, forth)) != (kin, forth):
                raise Unread(found[0][:200], "a sign with two meanings:")
    code = Code(signs)
    text = _MEANT.sub(r"In \g<chain>, which of the following is true?", text)
    rest = _FRAME.sub("", _DEFINITIONS.sub("", text)).strip(" ,.;")
    said = [
        sentence
        for found in _PLACES.finditer(rest)
        for chain in (found["chain"], *re.findall(_CHAIN, found["more"]))
        for sentence in code.sentences(chain)
    ]
    return " ".join([*said, _PLACES.sub("", rest).strip(" ,")]), code
