"""Files of other people: JSON, JSON lines, YAML; bounded, each mistake named with file and line."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from stumper.errors import BadInput

MAX_BYTES = 512 * 2**20
MAX_LINE = 16 * 2**20
MAX_YAML = 2**20

Lines = dict[tuple[str | int, ...], int]
"""Where each key of a YAML file stands: path of keys -> line."""


def read_records(source: str | Path) -> Iterator[tuple[str, Any]]:
    """The records of a file ("-": standard input), each with where it stands ("file, line 3", "file, record 3").

    A file is a JSON list, one JSON object, or one JSON value a line. Raises BadInput with the place and the mend.
    """
    return records_in(read_text(source), _name(source))


def records_in(text: str, name: str) -> Iterator[tuple[str, Any]]:
    """The records of a text, as `read_records` has them; `name`: of the file it comes from."""
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


def _name(source: str | Path) -> str:
    return "standard input" if str(source) == "-" else str(source)


def read_text(source: str | Path) -> str:
    """The text of a file ("-": standard input). Raises BadInput where it cannot be read, is too large or not UTF-8."""
    name = _name(source)
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


class _Loader(yaml.SafeLoader):
    """Plain YAML without aliases, which could blow a page up to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not used here", problem_mark=mark)
        return super().compose_node(parent, index)


def read_yaml(path: Path) -> tuple[dict[str, Any], Lines]:
    """The mapping in a YAML file of ours (a recipe, rules), and the line of each of its keys.

    Raises BadInput with the file and the line.
    """
    try:
        if path.stat().st_size > MAX_YAML:
            raise BadInput(f"{path} is larger than {MAX_YAML:,} bytes: that is no page of settings")
        node = _Loader(path.read_text(encoding="utf-8")).get_single_node()
        tree = _Loader("").construct_document(node) if node else None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read {path}: {error}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path}{line}: {getattr(error, 'problem', None) or 'not readable as YAML'}") from error
    if not isinstance(tree, dict):
        raise BadInput(f"{path}: a mapping of keys to values is expected")
    return tree, dict(_lines(node, ()))


def _lines(node: yaml.Node | None, at: tuple[str | int, ...]) -> Iterable[tuple[tuple[str | int, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*at, key.value), key.start_mark.line + 1
            yield from _lines(value, (*at, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield (*at, i), value.start_mark.line + 1
            yield from _lines(value, (*at, i))
