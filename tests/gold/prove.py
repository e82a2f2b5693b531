"""Proves the rulings of questions.jsonl and unseen.jsonl by brute force: `python tests/gold/prove.py`.

It needs the standard library only.

Each question is stated once more as a small finite model, by hand and from its text: in gold_questions_*.py for the
first file, in gold_unseen_*.py for the second. Here the ruling and the right letter that follow from the model are
compared with those that the file states.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import gold_questions_blood  # noqa: E402
import gold_questions_more_blood  # noqa: E402
import gold_questions_orders  # noqa: E402
import gold_questions_seating  # noqa: E402
import gold_questions_series  # noqa: E402
import gold_questions_syllogisms  # noqa: E402
import gold_questions_truth  # noqa: E402
import gold_unseen_kin  # noqa: E402
import gold_unseen_orders  # noqa: E402
import gold_unseen_seating  # noqa: E402
import gold_unseen_series  # noqa: E402
import gold_unseen_syllogisms  # noqa: E402
import gold_unseen_truth  # noqa: E402
from gold_kin import HALF  # noqa: E402
from gold_rules import Outside, Reading, ruling  # noqa: E402

SETS = {
    "questions.jsonl": (
        gold_questions_seating,
        gold_questions_blood,
        gold_questions_more_blood,
        gold_questions_orders,
        gold_questions_syllogisms,
        gold_questions_truth,
        gold_questions_series,
    ),
    "unseen.jsonl": (
        gold_unseen_kin,
        gold_unseen_seating,
        gold_unseen_syllogisms,
        gold_unseen_orders,
        gold_unseen_truth,
        gold_unseen_series,
    ),
}
TOPICS = {"seating", "blood_relations", "linear_orders", "syllogisms", "truth_tellers", "series"}
FIELDS = {"id", "topic", "question", "choices", "answer", "ruling", "true_key", "note", "convention"}
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
RANKS = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]


def says(label: Any, choice: str) -> bool:
    """Whether the printed choice names what the model calls it."""
    text = choice.casefold()
    if isinstance(label, str):
        return all(part in text for part in label.casefold().replace("_", " ").split())
    if isinstance(label, bool) or not isinstance(label, int):
        return True
    spelled = [table[label] for table in (WORDS, RANKS) if 0 <= label < len(table)]
    return any(word in text for word in (str(label), *spelled)) or (label == 0 and "no" in text)


def wrong(question: dict[str, Any], outcome: Any) -> str | None:
    """What differs between the file and the model; None when all is the same."""
    stated = (question["ruling"], question["true_key"])
    if not FIELDS - {"convention"} <= set(question) <= FIELDS or question["topic"] not in TOPICS:
        return "fields or topic"
    if not 2 <= len(question["choices"]) <= 5:
        return "2 to 5 choices"
    if isinstance(outcome, Outside):
        return None if stated == ("unformalised", None) else "the model calls it unformalised"
    readings = outcome if isinstance(outcome, dict) else {"the one": outcome}
    for reading in readings.values():
        assert isinstance(reading, Reading)
        if reading.labels and len(reading.labels) != len(question["choices"]):
            return "the model has another number of choices"
        for label, choice in zip(reading.labels, question["choices"], strict=False):
            if not says(label, choice):
                return f"the model calls {choice!r} {label!r}"
    half = readings.pop(HALF, None)
    if half and half.right != readings["strict"].right and "convention" not in question:
        return "rests on siblings sharing both parents, and no convention says so"
    found = ruling(readings, question["answer"] and question["answer"][0])
    if found != stated:
        shown = {name: (r.size, sorted(r.right)) for name, r in readings.items()}
        return f"stated {stated}, found {found}: {shown}"
    return None


def prove(file: str, modules: Iterable[ModuleType]) -> list[str]:
    """Prints what is confirmed of one file, by topic. Returns a line for each question that is not."""
    questions = [json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()]
    models = {name: state for module in modules for name, state in vars(module).items() if name[-1].isdigit()}
    confirmed: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter(q["topic"] for q in questions)
    failures = []
    for question in questions:
        state = models.pop(question["id"].replace("-", "_"), None)
        difference = "no model" if state is None else wrong(question, state())
        if difference is None:
            confirmed[question["topic"], question["ruling"]] += 1
        else:
            failures.append(f"{question['id']}: {difference}")
    failures += [f"{name}: no question" for name in models]
    failures += [f"{name}: twice" for name, n in Counter(q["id"] for q in questions).items() if n > 1]
    print(f"{file}: {confirmed.total()} of {total.total()} confirmed")
    for topic in sorted(total):
        parts = {r: n for (t, r), n in sorted(confirmed.items()) if t == topic}
        listed = ", ".join(f"{n} {r}" for r, n in parts.items())
        print(f"  {topic}: {sum(parts.values())} of {total[topic]} ({listed})")
    return failures


def main() -> int:
    failures = [failure for file, modules in SETS.items() for failure in prove(file, modules)]
    print(*failures, sep="\n", end="\n" if failures else "")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
