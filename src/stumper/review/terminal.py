"""The review queue in the terminal: one question at a time, one key a decision."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from stumper import oracle
from stumper.review import Item
from stumper.types import LETTERS, Question, Review

HELP = "k keep   e edit   d discard   s skip for now   q stop"


def decide(
    queue: Mapping[str, Item], reviewer: str, ask: Callable[[str], str], show: Callable[[str], None]
) -> Iterator[tuple[str, Review]]:
    """Show each question and yield the decisions as they are made; ends with the queue or at "q".

    `ask(prompt)` returns a line of the reviewer's; EOFError from it ends the queue like "q".
    """
    for number, (key, item) in enumerate(queue.items(), start=1):
        show(f"\n[{number} of {len(queue)}] {key}\nwhy: {item.reason}\n\n{_shown(item.written.question)}")
        try:
            review = _decision(item.written.question, reviewer, ask, show)
        except EOFError:
            return
        if review == "stop":
            return
        if isinstance(review, Review):
            yield key, review


def answer(
    question: Question, title: str, ask: Callable[[str], str], show: Callable[[str], None]
) -> int | Literal["stop"] | None:
    """A person's own answer to a question whose key is not shown: a choice, None for a question without one right
    choice, or "stop"."""
    letters = LETTERS[: len(question.choices)].lower()
    show(f"\n{title}\n\n{_shown(question, key=False)}")
    while True:
        try:
            said = (
                ask(f"{' '.join(letters)} the right choice   n none or several are right   q stop > ").strip().lower()
            )
        except EOFError:
            return "stop"
        if said in ("n", "q"):
            return None if said == "n" else "stop"
        if len(said) == 1 and said in letters:
            return letters.index(said)


def _decision(
    question: Question, reviewer: str, ask: Callable[[str], str], show: Callable[[str], None]
) -> Review | str:
    while True:
        match ask(f"{HELP} > ").strip().lower():
            case "k":
                return Review(decision="keep", reviewer=reviewer, reason=ask("reason (may be empty) > ").strip())
            case "d":
                return Review(decision="discard", reviewer=reviewer, reason=ask("reason (may be empty) > ").strip())
            case "e":
                edited = _edited(question, ask)
                show(f"\n{_shown(edited)}\nthe oracle: {oracle.prove(edited).why}")
                if ask("save this edit? y/n > ").strip().lower() == "y":
                    return Review(decision="edit", reviewer=reviewer, question=edited)
            case "s":
                return "skip"
            case "q":
                return "stop"


def _edited(question: Question, ask: Callable[[str], str]) -> Question:
    """Ask for each part anew; an empty line keeps what stands. The formal clues of the old text are dropped."""
    stem = ask("question (empty: as it is) > ").strip() or question.stem
    choices = tuple(
        ask(f"{letter}) (empty: as it is) > ").strip() or choice
        for letter, choice in zip(LETTERS, question.choices, strict=False)
    )
    letters = tuple(LETTERS[: len(choices)])
    letter = "?"
    while letter and letter not in letters:
        letter = ask(f"key, one of {', '.join(letters)} (empty: {question.key}) > ").strip().upper()
    key = letter or question.key
    reasoning = question.reasoning if (stem, choices, key) == (question.stem, question.choices, question.key) else ""
    return Question.model_validate(
        {"topic": question.topic, "stem": stem, "choices": choices, "key": key, "reasoning": reasoning}
        | {"level": question.level}
    )


def _shown(question: Question, key: bool = True) -> str:
    """The question as plain text, without the control characters that a model may have put in."""
    lines = [question.stem, *(f"  {a}) {c}" for a, c in zip(LETTERS, question.choices, strict=False))]
    if key:
        lines.append(f"  key: {question.key or '-'}")
    return "\n".join("".join(c for c in line if c.isprintable()) for line in lines)
