"""A reviewer's form as an edited question."""

from collections.abc import Mapping

from pydantic import ValidationError

from stumper.errors import BadInput
from stumper.types import LETTERS, Question

MOST_EDITED = 20_000
"""Characters of a stem that can be edited in a browser."""


def edited(question: Question, form: Mapping[str, str]) -> Question:
    """The question with the form's stem, choices and key. The formal clues of the old text are dropped.

    Raises BadInput that says what is missing, for the reviewer to read.
    """
    stem = form.get("stem", "").strip()
    choices = tuple(form.get(f"choice{i}", "").strip() for i in range(len(question.choices)))
    if not stem or not all(choices):
        raise BadInput("the question and each of its choices must hold some text")
    if len(stem) > MOST_EDITED:
        raise BadInput(f"the question has more than {MOST_EDITED} characters; discard it or shorten it")
    if len({choice.casefold() for choice in choices}) < len(choices):
        raise BadInput("two choices are the same")
    key = form.get("key", "")
    if key not in tuple(LETTERS[: len(choices)]):
        raise BadInput("name the letter of the right choice")
    same = (stem, choices, key) == (question.stem, question.choices, question.key)
    fields = {"topic": question.topic, "level": question.level, "stem": stem, "choices": choices, "key": key}
    try:
        return Question.model_validate(fields | {"reasoning": question.reasoning if same else ""})
    except ValidationError as error:
        raise BadInput(f"the edit is no question: {error.errors()[0]['msg']}") from error
