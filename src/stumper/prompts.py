"""All text of both roles. The data set and the agents use the same functions, so they cannot drift apart."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from stumper.errors import BadInput
from stumper.types import (
    LETTERS,
    Fixed,
    Form,
    FormField,
    JsonObject,
    Letter,
    Message,
    Objection,
    OneOf,
    Question,
    Text,
)

QUESTION_ROLE = "<Q>"
ANSWER_ROLE = "<A>"

SYSTEM = "You write and solve logic puzzles."

MAX_STEM = 480
MAX_CHOICE = 48
MAX_REASONING = 320
MAX_FLAW = 600
"""Characters; the challenge's limits are in tokens, and these stay below them for English text."""

ANSWER_OPENING = '{"answer": "'
"""Up to the letter, and not into white space: the letter is the next token in training and in scoring."""

STATED_OPENING = '{"reasoning": "'
"""Up to where an answer states the right choice in words, before its letter."""


def shown(choices: Sequence[str]) -> list[str]:
    """Choices as the challenge writes them: "A) ..."."""
    return [f"{letter}) {choice}" for letter, choice in zip(LETTERS, choices, strict=False)]


OBJECTED: Mapping[Objection, str] = {
    "none": "None of the other answers is right",
    "several": "More than one of the other answers is right",
    "ambiguous": "The question does not settle which answer is right",
}
"""How a voter is offered to object: as further choices, in the order of types.OBJECTIONS."""


def with_objections(question: Question) -> Question:
    """The question as a voter sees it who may object; without them where its choices leave no letters for it."""
    choices = (*question.choices, *OBJECTED.values())
    return question.model_copy(update={"choices": choices}) if len(choices) <= len(LETTERS) else question


def render_question_request(topic_title: str, level: int, examples: Sequence[Question] = ()) -> tuple[Message, ...]:
    """The conversation that asks for one question; `examples` are shown as earlier turns (for untuned teachers)."""
    messages = [Message(role="system", content=SYSTEM)]
    for example in examples:
        messages.append(_ask_for_question(topic_title, example.level or level))
        messages.append(Message(role="assistant", content=write_question(example, topic_title)))
    return (*messages, _ask_for_question(topic_title, level))


def _ask_for_question(topic_title: str, level: int) -> Message:
    return Message(role="user", content=f"{QUESTION_ROLE} {topic_title}, level {level}")


def render_repair_request(asked: Sequence[Message], draft: str, why: str) -> tuple[Message, ...]:
    """The conversation `asked` that led to `draft`, and what a proof found wrong with it."""
    wanted = "Write the question again so that exactly one choice is right, and name that one."
    return (
        *asked,
        Message(role="assistant", content=draft),
        Message(role="user", content=f"{QUESTION_ROLE} This question is flawed: {why[:MAX_FLAW]}. {wanted}"),
    )


@lru_cache(maxsize=64)
def question_form(topic_title: str) -> Form:
    """The object a question agent fills in; the optional field stands last."""
    return Form(
        fields=(
            FormField(name="topic", content=Fixed(text=topic_title)),
            FormField(name="question", content=Text(max_chars=MAX_STEM)),
            FormField(
                name="choices",
                content=tuple(Text(max_chars=MAX_CHOICE, starts=f"{letter})", distinct=True) for letter in "ABCD"),
            ),
            FormField(name="answer", content=OneOf(options=tuple("ABCD"))),
            FormField(name="explanation", content=Text(max_chars=MAX_REASONING)),
        )
    )


def write_question(question: Question, topic_title: str) -> str:
    """A question as the object of `question_form`, to the letter what slot filling produces."""
    return json.dumps(to_challenge(question, topic_title), ensure_ascii=False)


def render_answer_request(question: Question, order: Sequence[int] | None = None) -> tuple[Message, ...]:
    """The conversation that asks for an answer. `order` maps position shown -> choice; the key is never shown."""
    order = range(len(question.choices)) if order is None else order
    lines = [f"{ANSWER_ROLE} {question.stem}", *shown([question.choices[c] for c in order])]
    return (Message(role="system", content=SYSTEM), Message(role="user", content="\n".join(lines)))


def without_stem(question: Question) -> Question:
    """The question as it is asked where its choices alone are shown."""
    return question.model_copy(update={"stem": "Which of these is right?", "clues": None, "reasoning": ""})


def answer_form(n_choices: int, reasoned: bool) -> Form:
    """The object an answer agent fills in, with the reasoning before the letter or without."""
    letters = FormField(name="answer", content=OneOf(options=tuple(LETTERS[:n_choices])))
    if not reasoned:
        return Form(fields=(letters,))
    return Form(fields=(FormField(name="reasoning", content=Text(max_chars=MAX_REASONING)), letters))


def write_answer(letter: Letter, reasoning: str = "") -> str:
    """An answer as the object of `answer_form`; reasoning, where there is some, stands before the letter."""
    answer = {"reasoning": reasoning, "answer": letter} if reasoning else {"answer": letter}
    return json.dumps(answer, ensure_ascii=False)


def answer_opening(reasoning: str = "") -> str:
    """How a written answer begins, up to its letter."""
    if not reasoning:
        return ANSWER_OPENING
    return json.dumps({"reasoning": reasoning}, ensure_ascii=False)[:-1] + ', "answer": "'


def stated(choice: str) -> str:
    """A choice as an answer states it after STATED_OPENING, with its end: "mother" begins "mother-in-law" too."""
    return json.dumps(choice, ensure_ascii=False)[1:]


def to_challenge(question: Question, topic_title: str = "") -> JsonObject:
    """A question in the challenge's format."""
    record: JsonObject = {"topic": topic_title or question.topic, "question": question.stem}
    if question.choices:
        record["choices"] = shown(question.choices)
    if question.key is not None:
        record["answer"] = question.key
    if question.reasoning:
        record["explanation"] = question.reasoning
    return record


_LETTERED = re.compile(r"\s*\(?([A-Ia-i])\s*[).:]\s*(\S.*)", re.DOTALL)
_LETTER_ALONE = re.compile(r"\(?[A-Ia-i]\s*[).:]")


def from_challenge(record: Any, topic: str | None = None, where: str = "question") -> Question:
    """Read a question in the challenge's format, or ours (bare choices, none, an absent answer).

    `topic`: the family it is filed under, instead of what the record says. Raises BadInput that begins with `where`.
    """
    if not isinstance(record, dict):
        raise BadInput(f"{where}: expected a JSON object, found {type(record).__name__}")
    stem = record.get("question")
    if not isinstance(stem, str) or not stem.strip():
        raise BadInput(f'{where}: "question" must be a string that is not empty')
    choices = record.get("choices") or []
    if not isinstance(choices, list) or not all(isinstance(c, str) and c.strip() for c in choices):
        raise BadInput(f'{where}: "choices" must be a list of strings that are not empty')
    if len(choices) == 1 or len(choices) > len(LETTERS):
        raise BadInput(f'{where}: "choices" must be 2 to {len(LETTERS)} strings, found {len(choices)}')
    return Question(
        topic=topic or unicode(str(record.get("topic", ""))),
        stem=unicode(stem.strip()),
        choices=tuple(map(unicode, _bare(choices))),
        key=_read_key(record.get("answer"), len(choices), where),
        reasoning=unicode(str(record.get("explanation") or "")),
    )


def unicode(text: str) -> str:
    """The text with "?" for half characters, which JSON can spell (\\ud800) and no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _bare(choices: list[str]) -> list[str]:
    """Strip "A) " and its kind, but only when every choice carries its own letter in order."""
    matches = [_LETTERED.fullmatch(choice) for choice in choices]
    if all(m and m.group(1).upper() == LETTERS[i] for i, m in enumerate(matches)):
        return [m.group(2).strip() for m in matches if m]
    return [choice.strip() for choice in choices]


def _read_key(answer: Any, n_choices: int, where: str) -> Letter | None:
    if answer is None:
        return None
    match = re.fullmatch(r"\s*\(?([A-Ia-i])(?:\s*[).:].*)?\s*", answer, re.DOTALL) if isinstance(answer, str) else None
    letter = match.group(1).upper() if match else ""
    if not letter or (n_choices and LETTERS.index(letter) >= n_choices):
        raise BadInput(f'{where}: "answer" must be the letter of a choice, found {str(answer)[:40]!r}')
    return letter  # type: ignore[return-value]


def parse_question(text: str, topic: str) -> Question | str:
    """A question from a model's reply, filed under `topic`; or the reason why it is none."""
    record = only_object(text)
    if isinstance(record, str):
        return record
    try:
        question = from_challenge(record, topic)
    except BadInput as error:
        return str(error)
    if len(question.choices) != 4 or question.key is None:
        return f"question: 4 choices and a key are needed, found {len(question.choices)} and {question.key}"
    if any(_LETTER_ALONE.fullmatch(choice) for choice in question.choices):
        return "question: a choice is empty"
    if len({choice.casefold().rstrip(" .,;:!") for choice in question.choices}) < 4:
        return "question: two choices are the same"
    return question


def parse_answer(text: str, n_choices: int) -> tuple[Letter, str] | str:
    """(letter, reasoning) from a model's reply; or the reason why there is none. Two answers are no answer."""
    record = only_object(text)
    if isinstance(record, str):
        return record
    letter = record.get("answer")
    if not isinstance(letter, str) or letter not in tuple(LETTERS[:n_choices]):
        return f'answer: "answer" must be one of {LETTERS[:n_choices]}, found {str(letter)[:40]!r}'
    return letter, str(record.get("reasoning", ""))  # type: ignore[return-value]


def only_object(text: str) -> JsonObject | str:
    """The one JSON object that the text is; no repair, since repair turns prose into objects."""
    try:
        record = json.loads(text, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        return f"reply is not JSON: {error}"
    if not isinstance(record, dict):
        return f"reply is not a JSON object but {type(record).__name__}"
    return record


def _distinct(pairs: list[tuple[str, Any]]) -> JsonObject:
    """An object; one that states a field twice is refused, since JSON's readers differ in which one counts."""
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a field is stated twice")
    return record
