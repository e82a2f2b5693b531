"""Coded relations: "A + B means A is the father of B. How is P related to R in P + Q + R?" as plain sentences."""

import re

from stumper.puzzles import Unread

_SIGN = r"[^\w\s'\".,;:?!()]"
_DEFINITION = (
    rf"['\"]?[A-Z] ?{_SIGN} ?[A-Z]['\"]? (?:means|implies|denotes|indicates|stands for)(?: that)?"
    r" ['\"]?[A-Z] is (?:the )?[a-z -]{3,40} (?:of|to) [A-Z](?!\w|'s)['\"]?"
)
_PARTS = re.compile(
    rf"['\"]?(?P<one>[A-Z]) ?(?P<sign>{_SIGN}) ?(?P<other>[A-Z])['\"]? \D+?"
    r"(?P<subject>[A-Z]) is (?P<kin>(?:the )?[a-z -]+ (?:of|to)) (?P<object>[A-Z])(?!\w|'s)"
)
_DEFINITIONS = re.compile(
    rf"(?:(?i:if|given that) )?{_DEFINITION}(?:\s*(?:[;,.]|,? and)\s*(?:and )?{_DEFINITION})*\s*[,.;]?\s*"
)
_EXPRESSION = rf"(?P<chain>[A-Z](?: ?{_SIGN} ?[A-Z])+)"
_PLACES = re.compile(
    rf",?\s*\b(?i:in|if|from)(?: the (?:expression|relation|equation|statement))? ['\"]?{_EXPRESSION}['\"]?"
    r"(?: is true| holds)?,?(?=[\s?.])"
)


def decoded(text: str) -> str:
    """The text with its definitions of signs applied; as it is where it has none. Raises Unread."""
    if re.search(rf"[A-Z] ?{_SIGN} ?[A-Z]['\"]? (?:means|implies|denotes|indicates|stands for)", text) is None:
        return text
    signs: dict[str, tuple[str, bool]] = {}
    for run in _DEFINITIONS.finditer(text):
        for found in _PARTS.finditer(run[0]):
            forth = (found["subject"], found["object"]) == (found["one"], found["other"])
            if not forth and (found["subject"], found["object"]) != (found["other"], found["one"]):
                raise Unread(found[0][:200], "a sign defined by other people:")
            if signs.setdefault(found["sign"], (found["kin"], forth)) != (found["kin"], forth):
                raise Unread(found[0][:200], "a sign with two meanings:")
    rest = _DEFINITIONS.sub("", text).strip()
    said: list[str] = []
    for found in _PLACES.finditer(rest):
        names = re.findall(r"[A-Z]", found["chain"])
        for one, sign, other in zip(names[:-1], re.findall(_SIGN, found["chain"]), names[1:], strict=True):
            if sign not in signs:
                raise Unread(found["chain"][:200], f"what {sign} means is not said:")
            kin, forth = signs[sign]
            said.append(f"{one} is {kin} {other}." if forth else f"{other} is {kin} {one}.")
    return " ".join([*said, _PLACES.sub("", rest).strip()])
