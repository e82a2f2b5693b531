"""What several commands need."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class output:  # noqa: N801  (reads as a statement)
    """Write JSON lines to a file, whole or not at all, or to standard output."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines: list[str] = []

    def __enter__(self) -> Callable[[Any], None]:
        return self._write

    def _write(self, record: Any) -> None:
        line = json.dumps(record, ensure_ascii=False)
        if self._path is None:
            print(line)
        else:
            self._lines.append(line + "\n")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._path is None or error is not None:
            return
        from stumper.store import replace_text, writing

        with writing(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self._path, "".join(self._lines))


def questions_of(source: str | Path) -> Iterator[tuple[str, Any]]:
    """(id, question) of a file's records; the place in the file where a record has no id."""
    from stumper.files import read_records

    return questions_in(read_records(source))


def questions_in(records: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    from stumper import prompts, puzzles

    for number, (place, record) in enumerate(records, start=1):
        question = prompts.from_challenge(record, where=place)
        if isinstance(record.get("clues"), dict):
            question = question.model_copy(update={"clues": record["clues"]})
        topics = {puzzles.family(name).TITLE: name for name in puzzles.families()}
        topic = topics.get(question.topic, question.topic)
        yield str(record.get("id", number)), question.model_copy(update={"topic": topic})


def of(share: Any) -> str:
    if not share.n:
        return "none"
    return f"{share.successes} of {share.n} ({share.low:.0%}-{share.high:.0%})"


def open_entry(reference: str, arguments: Any, rules: Any, name: str = "") -> Any:
    """(entry, its engine) for a model reference or a student's folder."""
    from stumper import arena, student
    from stumper.engines import EngineRuntime, open_engine

    spec, calibration = student.spec_of(reference, getattr(arguments, "engine", None))
    if calibration is None:
        say(f"{reference}: no calibration is stored with it; its answers are read off by the letter")
    engine = open_engine(spec, EngineRuntime(url=getattr(arguments, "url", "")))
    return arena.entry(name or spec.name, engine, rules, calibration, seed=arguments.seed), engine
