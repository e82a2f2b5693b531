"""Choices that speak of the other choices: "cannot be determined", "none of these"."""

import re
from collections.abc import Sequence
from typing import Literal

from stumper.puzzles import Status

UNDETERMINED: Literal["!undetermined"] = "!undetermined"
"""Right exactly where no answer to the question is right, offered or not."""
NONE: Literal["!none"] = "!none"
"""Right exactly where none of the other choices can be."""

Meta = Literal["!undetermined", "!none"]

SAID: tuple[tuple[re.Pattern[str], Meta], ...] = (
    (
        re.compile(
            r"(?:it )?(?:can ?not|can't|could not) be (?:determined|decided|known|concluded|said|told)"
            r"(?: (?:for certain|with certainty|from what (?:is|was|has been) (?:given|said|told|stated)"
            r"|from the (?:given )?(?:information|statements|clues|data|facts)(?: given)?))?"
            r"|(?:the )?(?:data|information)(?: given)?"
            r" (?:is |are )?(?:inadequate|insufficient|not sufficient|not enough)"
            r"|(?:not enough|insufficient|inadequate) (?:data|information)"
            r"|it is impossible to (?:say|tell|know|determine)"
            r"|nothing (?:certain )?(?:can be|is) (?:concluded|inferred|said|known|deduced)"
            r"(?: (?:about|of) [\w' ]{1,30})?"
            r"|nothing is certain(?: (?:about|of) [\w' ]{1,30})?"
            r"|it depends(?: on [\w' ]{1,30})?|nobody can (?:tell|say|know)"
            r"|(?:he|she|it|they) (?:may|might|could) be (?:either|any)(?: of (?:them|the two|these))?"
            r"|it can ?not be (?:determined|known|said) (?:who|which|what|whether|if) [\w' ]{1,60}"
            r"|(?:\w+ )?may or may not (?:be|have)\b[\w' ]{0,40}"
        ),
        UNDETERMINED,
    ),
    (
        re.compile(r"none of (?:these|those|the above|them|the others?|the other (?:choices|options))|no one of these"),
        NONE,
    ),
)


def read_meta(choice: str) -> Meta | None:
    """Which of them a choice is, if any."""
    said = re.sub(r"\s+", " ", choice.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).strip(" .")
    return next((meta for pattern, meta in SAID if pattern.fullmatch(said)), None)


def meta_status(right: tuple[Status, ...], answers: Sequence[Status]) -> Status:
    """Of a choice that is right exactly where none of the answers, given by their statuses, is right."""
    return right[0] if not set(answers) & set(right) else next(s for s in ("cannot", "could", "must") if s not in right)
