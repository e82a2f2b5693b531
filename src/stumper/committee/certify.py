"""The audit of a run: which questions it may ask for, the answers a person gave, and the certificate."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from stumper.committee.audit import Audit, Candidate, Certificate, Target
from stumper.committee.label_models import dependent
from stumper.committee.opinions import panel
from stumper.committee.risk import claimed, corrected
from stumper.errors import BadInput, StumperError
from stumper.store import append_line, cut_torn_line, whole_lines
from stumper.types import LETTERS, Ballot, Outcome, Ruling, Value, Written

VERSION = 1
KEY = "audit"
ANSWERS = "answers.jsonl"
"""In the artefact's folder: one line an answer, as a person gives them."""


class Recipe(Value):
    seed: int
    target: Target | None = None
    families: dict[str, str] = Field(default_factory=dict)


class Answer(Value):
    """What a person who saw neither key nor votes answered."""

    item: str
    choice: int | None
    """Counted from 0; None where the person found that no choice, or more than one, is right."""
    reviewer: str


class Audited(Value):
    answers: tuple[Answer, ...]
    certificate: Certificate


def begin(
    recipe: Recipe, written: Mapping[str, Written], rulings: Mapping[str, Ruling], ballots: Mapping[str, Ballot]
) -> Audit | None:
    """The audit before its first answer, of the questions the oracle could not rule on; None where none is asked for.

    A question counts as likely right by its votes, corrected by those on proven questions, its topic, its author and
    how many voters object.
    """
    table = panel(written, rulings, ballots)
    if recipe.target is None or not table.items:
        return None
    found = dependent(table.votes, tuple(recipe.families.get(voter) or voter for voter in table.voters))
    questions = [written[item].question for item in table.items]
    key = table.votes.truth.copy()
    key[:] = [LETTERS.index(question.key or "A") for question in questions]
    objections = Counter(name.rsplit("#", 1)[0] for name, b in ballots.items() if b.objection and not b.own)
    groups = [
        (written[item].question.topic, written[item].author, f"{objections[item]} object") for item in table.items
    ]
    risk = corrected(table.votes, claimed(found, key), key, groups)
    candidates = [
        Candidate(item, float(wrong))
        for item, question, wrong in zip(table.items, questions, risk, strict=True)
        if question.key is not None and rulings[item].ruling in ("unformalised", "convention_dependent")
    ]
    return Audit(recipe.target, candidates, recipe.seed)


def tasks(
    recipe: Recipe, _: Mapping[str, Written], __: Mapping[str, Ruling], ballots: Mapping[str, Ballot]
) -> dict[str, None]:
    """One audit, where the recipe states a target and anything was voted on."""
    return {KEY: None} if recipe.target is not None and ballots else {}


def resume(begun: Audit, written: Mapping[str, Written], folder: Path) -> tuple[Answer, ...]:
    """Tell the audit the answers so far, under the artefact's lock. Raises BadInput for one to what was not asked."""
    answers = []
    path = folder / ANSWERS
    cut_torn_line(path)
    for number, line in enumerate(whole_lines(path), start=1):
        try:
            answer = Answer.model_validate(json.loads(line))
        except (ValueError, RecursionError, ValidationError) as error:
            raise BadInput(f"{path}, line {number}: no answer; delete that line and those behind it") from error
        if answer.item != begun.next:
            raise BadInput(
                f"{path}, line {number}: an answer to {answer.item!r} where {begun.next!r} was asked; delete that "
                "line and those behind it"
            )
        begun.tell(is_right(answer, written))
        answers.append(answer)
    return tuple(answers)


def is_right(answer: Answer, written: Mapping[str, Written]) -> bool:
    """Whether the person's answer is the question's key."""
    return answer.choice is not None and LETTERS[answer.choice] == written[answer.item].question.key


def keep(folder: Path, answer: Answer) -> None:
    """Store one answer at once: nothing is lost when the person closes the terminal."""
    append_line(folder / ANSWERS, answer.model_dump(mode="json"))


def settle(recipe: Recipe, inputs: Mapping[str, Any], folder: Path, accept_none: bool) -> Iterator[Outcome[Audited]]:
    """The certificate by the answers that were given. Raises StumperError where it is to wait for more."""
    written = inputs["generate"]
    begun = begin(recipe, written, inputs["prove"], inputs["vote"])
    if begun is None:
        return
    answers = resume(begun, written, folder)
    if begun.next is not None and not accept_none:
        budget = recipe.target.budget if recipe.target else 0
        raise StumperError(
            f"the audit asks for up to {budget - len(answers)} more answers: give them with `stumper review RUN "
            "--audit`, or end it here with `--accept-none`; then run the same command again"
        )
    yield KEY, Audited(answers=answers, certificate=begun.certificate()), {}
