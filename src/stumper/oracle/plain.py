"""Questions and rulings for people: a question typed as plain text, and a ruling in readable lines."""

import re
from collections.abc import Iterator

from stumper.errors import BadInput
from stumper.oracle.certificate import Certificate, Reading
from stumper.oracle.ruling import told
from stumper.types import LETTERS, JsonObject, Question, Ruling

MOST_LINES = 12
"""Answers or readings of one question that are listed."""

MOST_SHOWN = 300
"""Characters of a choice or a model that are shown."""

_CHOICE = re.compile(r"\(?([A-Ia-i])[).:]\s+(\S.*)")
_ANSWER = re.compile(r"(?:correct )?(?:answer|key)(?: is)? ?[:=]? ?\(?([A-I])\b.*", re.IGNORECASE)


def question_in(text: str, where: str) -> JsonObject:
    """A question in plain text as a record in the challenge's format.

    First the stem, on as many lines as it takes; then, if there are any, the choices, a line each, as "A) ..." or
    "A. ..."; then, if it is known, "Answer: B". Raises BadInput with the line and what is expected there.
    """
    stem: list[str] = []
    choices: list[str] = []
    record: JsonObject = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line:
            continue
        choice, answer = _CHOICE.fullmatch(line), _ANSWER.fullmatch(line)
        if "answer" in record:
            raise BadInput(f"{where}, line {number}: something follows the answer; give one question at a time")
        if choice and stem and LETTERS[: len(choices) + 1].endswith(choice[1].upper()):
            choices.append(f"{choice[1].upper()}) {choice[2]}")
        elif answer and stem:
            record["answer"] = answer[1].upper()
        elif choices:
            expected = LETTERS[len(choices) : len(choices) + 1] or LETTERS[-1]
            raise BadInput(f'{where}, line {number}: expected "{expected}) ...", or "Answer: A" at the end')
        else:
            stem.append(line)
    return {"question": " ".join(stem), "choices": choices, **record}


def lines(name: str, question: Question, ruling: Ruling) -> Iterator[str]:
    """A ruling as text for a terminal; what a stranger wrote cannot move its cursor or change its colours."""
    yield f"{_safe(name)}: {ruling.ruling}{f', {ruling.true_key}' if ruling.true_key else ''}"
    yield f"  {_safe(ruling.why, 2000)}"
    if ruling.certificate is None:
        return
    readings = Certificate.model_validate(ruling.certificate).readings
    for reading in readings[:MOST_LINES]:
        if len(readings) > 1:
            ways = ", ".join(f"{point}: {way}" for point, way in reading.conventions.items())
            yield f"  read with {ways}: {reading.ruling}"
        yield from (f"    {line}" for line in _statuses(question, reading))
        for model in reading.witnesses:
            yield f"    model: {_safe(told(model))}"


def _statuses(question: Question, reading: Reading) -> Iterator[str]:
    said = dict(zip(LETTERS, question.choices, strict=False))
    held = [item for item in reading.choices.items() if said or item[1] != "cannot"]
    for label, status in held[:MOST_LINES]:
        key = "  (the key)" if said and label == question.key else ""
        yield f"{status:<7} {_safe(f'{label}) {said[label]}' if said else label)}{key}"
    if len(held) > MOST_LINES:
        yield f"and {len(held) - MOST_LINES} more"


def _safe(text: str, most: int = MOST_SHOWN) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text[:most])
    return shown + "..." * (len(text) > most)
