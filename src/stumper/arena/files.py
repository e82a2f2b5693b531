"""The challenge's files: questions.json and answers.json, each with its filtered twin beside it."""

import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from stumper import prompts
from stumper.arena.match import Entry, ask, asked_of, hand_in
from stumper.arena.rules import Rules, check_answer, check_question
from stumper.errors import BadInput
from stumper.store import replace_text, writing
from stumper.types import LETTERS, JsonObject, Question, Value, seed_for

Watch = Callable[[int, int], None]
"""Told (items done, items in all)."""


class Handed(Value):
    """What was written, and how long each item took in wall-clock seconds."""

    due: int
    written: int
    passed: int
    """Past the format filter."""
    guessed: int = 0
    """Answers that no model chose: a seeded guess stands in the file."""
    late: int
    seconds: tuple[float, ...]


def ask_to_file(
    entry: Entry,
    rules: Rules,
    n: int,
    seed: int,
    out: Path,
    families: Sequence[str] = (),
    watch: Watch = lambda done, due: None,  # noqa: ARG005
) -> Handed:
    """Write n questions to `out` and those past the filter to filtered_<name of out> beside it.

    Topics rotate as in a match. A question that the model could not write in time, or not within the filter's limits,
    is missing from both files.
    With the trap `visible_keys` mended the filtered file, which goes to the other side, holds no keys.
    """
    owed = asked_of(rules, n, seed, entry.name, families=families)
    records, seconds = [], []
    entry.answerer.wake()
    for delivery in owed:
        start = time.monotonic()
        asked = ask(rules, delivery, entry)
        seconds.append(time.monotonic() - start)
        if asked.question is not None:
            records.append(prompts.to_challenge(asked.question, delivery.title))
        watch(len(seconds), len(owed))
    passed = [record for record in records if not check_question(record, rules, entry.count_tokens)]
    shown = passed if rules.traps.visible_keys == "faithful" else [_without_key(record) for record in passed]
    _write_both(out, records, shown)
    late = sum(s > rules.question.seconds for s in seconds)
    return Handed(due=len(owed), written=len(records), passed=len(passed), late=late, seconds=tuple(seconds))


def answer_file(
    entry: Entry,
    rules: Rules,
    records: Iterable[Any],
    out: Path,
    watch: Watch = lambda done, due: None,  # noqa: ARG005
) -> Handed:
    """Answer each record of a file of questions; the answers in `out` stand in the same order, one for each.

    Keys and explanations that the file may still hold are dropped before anything is read. A record that is no
    question gets a guess: the other side's mistake must not shift or stop the answers to the rest.
    """
    records = list(records)
    entry.answerer.wake()
    replies: list[JsonObject] = []
    seconds, guessed = [], 0
    for record in records:
        start = time.monotonic()
        question = _question(record)
        if question is None:
            replies.append({"answer": LETTERS[seed_for(0, "guess", len(replies)) % 4]})
            guessed += 1
        else:
            answer = entry.answerer.answer(question).answer
            replies.append(hand_in(answer))
            guessed += answer.fallback
        seconds.append(time.monotonic() - start)
        watch(len(replies), len(records))
    passed = [reply for reply in replies if not check_answer(reply, rules, entry.count_tokens)]
    _write_both(out, replies, passed)
    late = sum(s > rules.answer.seconds for s in seconds)
    return Handed(
        due=len(records),
        written=len(replies),
        passed=len(passed),
        guessed=guessed,
        late=late,
        seconds=tuple(seconds),
    )


def _without_key(record: JsonObject) -> JsonObject:
    return {name: value for name, value in record.items() if name not in ("answer", "explanation")}


def _question(record: Any) -> Question | None:
    if not isinstance(record, dict):
        return None
    shown = {name: record[name] for name in ("topic", "question", "choices") if name in record}
    if isinstance(shown.get("choices"), list):
        shown["choices"] = _in_letter_order(shown["choices"])
    try:
        question = prompts.from_challenge(shown)
    except BadInput:
        return None
    return question if question.choices else None


def _in_letter_order(choices: list[Any]) -> list[Any]:
    """The choices as "A) ...", "B) ...": a side may hand them in shuffled, and the scorer compares letters."""
    letters = [re.match(r"\s*([A-Ia-i])\s*[).:]", c) if isinstance(c, str) else None for c in choices]
    named = {match.group(1).upper(): choice for match, choice in zip(letters, choices, strict=True) if match}
    wanted = LETTERS[: len(choices)]
    return [named[letter] for letter in wanted] if set(named) == set(wanted) else choices


def _write_both(out: Path, whole: Sequence[JsonObject], filtered: Sequence[JsonObject]) -> None:
    with writing(out.parent):
        out.parent.mkdir(parents=True, exist_ok=True)
    for path, records in ((out, whole), (out.with_name(f"filtered_{out.name}"), filtered)):
        replace_text(path, json.dumps(records, ensure_ascii=False, indent=2) + "\n")
