"""One resumable artefact on disk: `<stage>/<fingerprint>/` with recipe, records, ledger and manifest.

Records are appended one whole line at a time; a torn last line is owed again. What depends on the clock or the
machine goes to the ledger, never into a record. The manifest is written last: it exists = the artefact is done.
"""

import errno
import gc
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from filelock import FileLock, Timeout
from pydantic import ValidationError
from pydantic_core import from_json

from stumper.errors import BadInput, StumperError
from stumper.types import Failure, JsonObject, Value, canonical, digest

FORMAT = 1
"""Version of this layout; an artefact of another one is refused, never converted in silence."""


def fingerprint(stage: str, version: int, recipe: Value, inputs: Mapping[str, str]) -> str:
    """The name of an artefact: a hash of the stage, its version, everything it reads and its inputs' contents."""
    return digest(FORMAT, stage, version, recipe, dict(inputs))[:24]


R = TypeVar("R", bound=Value)


class Artefact(Generic[R]):
    """The records of one stage under one fingerprint, by key. Use as a context manager to hold the write lock."""

    def __init__(self, root: Path, stage: str, name: str, record: type[R]) -> None:
        self.folder = root / stage / name
        self.stage = stage
        self._record = record
        self._fields = set(record.model_fields)
        self._records: dict[str, R | Failure] = {}
        self._lock: FileLock | None = None

    @property
    def sealed(self) -> bool:
        return (self.folder / "manifest.json").exists()

    @property
    def content(self) -> str:
        """SHA-256 of the sealed records, as the manifest states it; what later stages build their fingerprint on."""
        return str(self._manifest()["sha256"])

    def records(self) -> dict[str, R | Failure]:
        """All records by key; of several lines with one key the last counts."""
        return dict(self._records)

    def done(self) -> dict[str, R]:
        """The records without the failures."""
        return {key: value for key, value in self._records.items() if not isinstance(value, Failure)}

    def open(self, recipe: Value | None = None) -> "Artefact[R]":
        """Read what is there; with `recipe`, create the folder first. Raises BadInput for a corrupt record.

        A sealed artefact is checked against its manifest.
        """
        if recipe is not None:
            with writing(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
                if not (self.folder / "recipe.json").exists():
                    replace_text(self.folder / "recipe.json", canonical(recipe) + "\n")
        path = self.folder / "records.jsonl"
        lines = whole_lines(path)
        self._records = {}
        with _without_collecting():
            for number, line in enumerate(lines, start=1):
                key, value = self._parse(line, path, number)
                self._records[key] = value
        if self.sealed:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != self.content:
                raise BadInput(
                    f"{path} was changed after it was finished (its manifest states another hash); "
                    f"delete {self.folder / 'manifest.json'} to have the stage check and finish it again"
                )
        return self

    def _parse(self, line: bytes, path: Path, number: int) -> tuple[str, R | Failure]:
        try:
            entry = from_json(line, cache_strings="all")
            if "failure" in entry:
                return entry["key"], Failure.model_validate(entry["failure"])
            value = self._record.model_validate(entry["value"])
            # Of frozen values nobody asks which fields were given, and a set of their names is larger than the rest.
            object.__setattr__(value, "__pydantic_fields_set__", self._fields)
            return entry["key"], value
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            reason = f"{error.error_count()} fields are wrong" if isinstance(error, ValidationError) else "damaged"
            raise BadInput(
                f"{path}, line {number}: not a whole record ({reason}); delete that line"
                f"{' and manifest.json beside it' if self.sealed else ''}, the record is then made again"
            ) from error

    def __enter__(self) -> "Artefact[R]":
        self._lock = FileLock(self.folder / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise StumperError(f"another run is writing {self.folder}; wait for it or stop it") from error
        cut_torn_line(self.folder / "records.jsonl")
        cut_torn_line(self.folder / "ledger.jsonl")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock:
            self._lock.release()

    def append(self, key: str, value: R | Failure, ledger: JsonObject | None = None) -> None:
        """Keep one record; the ledger line (seconds, time stamps, hosts) goes first, so no record lacks its own."""
        if ledger:
            append_line(self.folder / "ledger.jsonl", {"key": key, **ledger})
        append_line(self.folder / "records.jsonl", _entry(key, value))
        self._records[key] = value

    def forget(self, key: str) -> None:
        """Take a record out again, so that it is owed anew; the file is rewritten whole."""
        del self._records[key]
        text = "".join(canonical(_entry(each, value)) + "\n" for each, value in self._records.items())
        replace_text(self.folder / "records.jsonl", text)

    def ledger(self) -> dict[str, JsonObject]:
        """What the clock and the machine had to say about each record, by key; the last line of a key counts."""
        return {entry["key"]: entry for entry in map(json.loads, whole_lines(self.folder / "ledger.jsonl"))}

    def seal(self, order: Iterable[str]) -> None:
        """Rewrite the records in the order of their tasks and write the manifest: the artefact is done."""
        text = "".join(canonical(_entry(key, self._records[key])) + "\n" for key in order)
        failures = sum(isinstance(self._records[key], Failure) for key in self._records)
        replace_text(self.folder / "records.jsonl", text)
        manifest = {
            "format": FORMAT,
            "stage": self.stage,
            "records": len(self._records),
            "failures": failures,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
        replace_text(self.folder / "manifest.json", canonical(manifest) + "\n")

    def unseal(self) -> None:
        """Take the manifest away, so that records may be added; the artefact is then to be sealed anew."""
        (self.folder / "manifest.json").unlink(missing_ok=True)

    def _manifest(self) -> JsonObject:
        path = self.folder / "manifest.json"
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise BadInput(
                    f"{path} has format {manifest['format']}, this stumper reads {FORMAT}; use a new run folder"
                )
            return {**manifest, "sha256": str(manifest["sha256"])}
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                f"{path} is damaged; delete it to have the stage check and finish its records again"
            ) from error


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Records hold no cycles; looking for some while a million of them are made takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _entry(key: str, value: Value) -> JsonObject:
    return {"key": key, "failure" if isinstance(value, Failure) else "value": value.model_dump(mode="json")}


class writing:  # noqa: N801  (reads as a statement)
    """Turn the file system's refusals into one sentence: `with writing(path): ...`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, OSError):
            return
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StumperError(
                f"the disk is full at {self._path}; free some space and run the same command again, nothing is lost"
            ) from error
        raise StumperError(
            f"cannot write {self._path}: {error.strerror}; mend that and run the same command again"
        ) from error


def append_line(path: Path, entry: JsonObject) -> None:
    """Append one JSON line in one write. Raises StumperError where the file system refuses."""
    data = (canonical(entry) + "\n").encode()
    with writing(path):
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            written = os.write(handle, data)
            while written < len(data):
                written += os.write(handle, data[written:])
        finally:
            os.close(handle)


def whole_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file that end in a newline; a missing file has none."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line


def cut_torn_line(path: Path) -> None:
    """Drop what a killed process left of its last line, so that the next line starts on its own."""
    if not path.exists():
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        position = end
        while position > 0:
            step = min(4096, position)
            file.seek(position - step)
            found = file.read(step).rfind(b"\n")
            if found >= 0:
                position = position - step + found + 1
                break
            position -= step
        if position < end:
            file.truncate(position)


def replace_text(path: Path, text: str) -> None:
    """Write a whole file or leave the old one."""
    with writing(path):
        part = path.with_name(path.name + ".part")
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
