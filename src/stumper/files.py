"""Files of other people: JSON or JSON lines, bounded, each mistake named with file and line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stumper.errors import BadInput

MAX_BYTES = 512 * 2**20
MAX_LINE = 16 * 2**20


def read_records(source: str | Path) -> Iterator[tuple[str, Any]]:
    """The records of a file ("-": standard input), each with where it stands ("file, line 3", "file, record 3").

    A file is a JSON list, one JSON object, or one JSON value a line. Raises BadInput with the place and the mend.
    """
    name = "standard input" if str(source) == "-" else str(source)
    text = _text(source, name)
    lines = [(i, line) for i, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise BadInput(f"{name} is empty; give questions as a JSON list or as one JSON object a line")
    if text.lstrip().startswith("[") or not _is_json(lines[0][1]):
        whole = _parse(text, name)
        records = whole if isinstance(whole, list) else [whole]
        yield from ((f"{name}, record {i}", record) for i, record in enumerate(records, start=1))
        return
    for i, line in lines:
        place = f"{name}, line {i}"
        if len(line) > MAX_LINE:
            raise BadInput(f"{place} is longer than {MAX_LINE:,} characters; drop it")
        yield place, _parse(line, place)


def _text(source: str | Path, name: str) -> str:
    try:
        if str(source) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"cannot read {name}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise BadInput(f"{name} is larger than {MAX_BYTES:,} bytes; split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 (byte {error.start}); convert it") from error


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _parse(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"{place} is not JSON: {error}") from error
    except RecursionError as error:
        raise BadInput(f"{place} is nested too deeply") from error
