"""Plays the organisers' part on a submission's folder, anybody's, and says what would be disqualified and why."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from stumper import oracle, prompts, puzzles
from stumper.arena import Rules, asked_of
from stumper.arena.rules import CountTokens, answer_problems, count_answer, count_question, question_problems
from stumper.arena.sandbox import Limits, Ran, run
from stumper.errors import BadInput
from stumper.types import JsonObject, Question

NEEDED = (
    "agents/question_model.py",
    "agents/answer_model.py",
    "assets/topics.json",
    "assets/topics_example.json",
    "qgen.yaml",
    "agen.yaml",
)
START = 300.0
"""Seconds that loading a model may take, beside those of the items."""

LOST = "it wrote nothing"


class Item(NamedTuple):
    """One question or answer of the submission."""

    part: Literal["ask", "answer"]
    record: JsonObject | None
    problems: tuple[str, ...]
    """By the entry's own count of tokens."""
    otherwise: tuple[str, ...]
    """By a second count, where one was given."""
    seconds: float
    ruling: str
    """The oracle's on a question; empty for an answer."""


class Checked(NamedTuple):
    faults: tuple[str, ...]
    """Of the folder as a whole."""
    items: tuple[Item, ...]
    ran: tuple[Ran, ...]

    @property
    def passed(self) -> bool:
        return not self.faults and not any(item.problems for item in self.items)


def check(folder: Path, rules: Rules, n: int, other: CountTokens | None = None, seed: int = 0) -> Checked:
    """Run the submission on n questions and n answers in a copy of its folder, confined as far as the system allows.

    `other`: a second tokenizer, since the organisers' notebook counts by one of its own. Raises BadInput where there
    is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder; name the one that holds agents/")
    faults = list(_faults(folder, rules))
    if faults:
        return Checked(tuple(faults), (), ())
    with tempfile.TemporaryDirectory(prefix="submission-") as made:
        home = Path(made) / "entry"
        shutil.copytree(folder, home, symlinks=True)
        asked = _fresh(rules, n, seed)
        (home / "check-questions.json").write_text(json.dumps([_without_key(q) for q in asked]), encoding="utf-8")
        shutil.copy2(Path(__file__).with_name("organisers.py"), home / ".organisers.py")
        items, ran = [], []
        for part, limit in (("ask", rules.question.seconds), ("answer", rules.answer.seconds)):
            out = home / f".{part}.jsonl"
            command = [sys.executable, ".organisers.py", part, str(n), out.name]
            ran.append(run(command, home, Limits(seconds=START + 3 * limit * n)))
            lines = list(_lines(out))
            items += [_item(part, line, rules, other) for line in lines[:n]]  # type: ignore[arg-type]
            if missing := n - len(lines):
                faults.append(_missing(part, missing, n, ran[-1]))
    bad = sum(bool(item.problems) for item in items if item.part == "ask") + max(0, n - len(items))
    if n and (n - bad) < rules.disqualified_below * n:
        faults.append(f"disqualified: fewer than {rules.disqualified_below:.0%} of its questions are well-formed")
    return Checked(tuple(faults), tuple(items), tuple(ran))


def _faults(folder: Path, rules: Rules) -> Iterator[str]:
    for name in NEEDED:
        if not (folder / name).is_file():
            yield f"{name} is missing"
    for name, limit in (("qgen.yaml", rules.question.max_new_tokens), ("agen.yaml", rules.answer.max_new_tokens)):
        path = folder / name
        if not path.is_file():
            continue
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
            found = None
        tokens = found.get("max_new_tokens") if isinstance(found, dict) else None
        if tokens != limit:
            yield f"{name}: max_new_tokens must be {limit}, found {str(tokens)[:40]}"


def _fresh(rules: Rules, n: int, seed: int) -> list[JsonObject]:
    """Proven questions for the answer agent, on the edition's topics."""
    import random

    return [
        prompts.to_challenge(puzzles.family(d.topic).make(random.Random(d.seed), 2), d.title)
        for d in asked_of(rules, n, seed, "check", families=puzzles.families())
    ]


def _without_key(record: JsonObject) -> JsonObject:
    return {name: value for name, value in record.items() if name in ("topic", "question", "choices")}


def _lines(path: Path) -> Iterator[JsonObject]:
    """What the runner wrote, as far as it is what it should be: the submission may write there too."""
    if not path.is_file() or path.is_symlink():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict) and isinstance(entry.get("seconds"), int | float):
                yield entry


def _item(part: Literal["ask", "answer"], line: JsonObject, rules: Rules, other: CountTokens | None) -> Item:
    record = prompts.only_object(line["reply"]) if isinstance(line.get("reply"), str) else LOST
    limit = rules.question.seconds if part == "ask" else rules.answer.seconds
    seconds = float(line["seconds"])
    late = [f"took {seconds:.1f} s of {limit:g}"] if seconds > limit else []
    if isinstance(record, str):
        return Item(part, None, (record[:200], *late), (), seconds, "")
    counts = line.get("counts")

    def own(text: str) -> int | None:
        found = counts.get(text) if isinstance(counts, dict) else None
        return found if isinstance(found, int) else None

    problems, otherwise = (tuple(_problems(part, record, rules, count)) for count in (own, other or (lambda _: None)))
    ruling = _ruling(record) if part == "ask" and not problems else ""
    return Item(part, record, (*problems, *late), otherwise if other else (), seconds, ruling)


def _problems(part: str, record: JsonObject, rules: Rules, count: CountTokens) -> list[str]:
    if part == "ask":
        return question_problems(record, rules, count_question(record, count))
    return answer_problems(record, rules, count_answer(record, count))


def _ruling(record: JsonObject) -> str:
    try:
        question: Question = prompts.from_challenge(record)
    except BadInput as error:
        return str(error)
    return oracle.prove(question).ruling


def _missing(part: str, missing: int, n: int, ran: Ran) -> str:
    noun = "questions" if part == "ask" else "answers"
    how = {"exited": f"it ended by itself with code {ran.code}", "time": "its time was over"}.get(
        ran.ended, f"it was stopped for its {ran.ended}"
    )
    last = next((line for line in reversed(ran.output.splitlines()) if line.strip()), "")
    shown = "".join(c if c.isprintable() else " " for c in last)[:200]
    return f"{missing} of {n} {noun} are missing: {how}" + (f" ({shown})" if shown else "")


def told(found: Checked, rules: Rules) -> Iterator[str]:
    """The outcome in lines."""
    for fault in found.faults:
        yield f"FAULT {fault}"
    for part, noun in (("ask", "question"), ("answer", "answer")):
        mine: list[Any] = [item for item in found.items if item.part == part]
        for number, item in enumerate(mine, start=1):
            state = "FAIL" if item.problems else "ok  "
            ruling = f", {item.ruling}" if item.ruling else ""
            yield f"{state} {noun} {number}: {item.seconds:.1f} s{ruling}" + "".join(f"; {p}" for p in item.problems)
            yield from (f"     by the second tokenizer: {problem}" for problem in item.otherwise)
        if mine:
            limit = rules.question.seconds if part == "ask" else rules.answer.seconds
            passed = sum(not item.problems for item in mine)
            yield f"{noun}s: {passed} of {len(mine)} pass, slowest {max(i.seconds for i in mine):.1f} s of {limit:g} s"
    if found.ran and not all(ran.confined for ran in found.ran):
        yield "it was not cut off from the network: this system grants no namespaces"
