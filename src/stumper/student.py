"""A trained model as a folder that can be moved: its base, its adapter in both forms, how it answers best.

<folder>/model.json       what this module reads
<folder>/adapter/         PEFT adapter (safetensors), for the transformers engine
<folder>/adapter.gguf     the same adapter for the llamacpp engine
<folder>/README.md        the model card
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from stumper.engines import ModelSpec
from stumper.errors import BadInput
from stumper.types import Calibration, Value

FILE = "model.json"
ADAPTERS = {"transformers": "adapter", "llamacpp": "adapter.gguf"}
"""Engine -> where its form of the adapter lies in the folder."""


class Student(Value):
    """The contents of model.json."""

    format: Literal[1] = 1
    name: str
    base: str
    """Model reference of the base."""
    engine: str
    """The engine it was measured with."""
    options: dict[str, Any] = Field(default_factory=dict)
    adapter_digest: str
    licence: str
    """Of the base."""
    calibration: Calibration | None = None


def save(student: Student) -> str:
    """The text of model.json."""
    return student.model_dump_json(indent=2) + "\n"


def is_student(reference: str) -> bool:
    return (_folder(reference) / FILE).is_file()


def _folder(reference: str) -> Path:
    return Path(reference.removeprefix("path:"))


def load(reference: str) -> tuple[Student, Path]:
    """Read a student's folder. Raises BadInput when model.json is damaged or of another version."""
    path = _folder(reference) / FILE
    try:
        return Student.model_validate_json(path.read_bytes()), path.parent
    except OSError as error:
        raise BadInput(
            f"cannot read {path}: {error.strerror}; name the model folder of a run (runs/NAME/model)"
        ) from error
    except ValidationError as error:
        mistake = error.errors()[0]
        key = ".".join(map(str, mistake["loc"])) or "the file"
        raise BadInput(f"{path}: {key}: {mistake['msg']}; it was not written by this version of stumper") from error


def spec_of(reference: str, engine: str | None = None) -> tuple[ModelSpec, Calibration | None]:
    """What to open for a student's folder or for any model reference, and how it answers best if that was measured.

    A bare reference runs on `engine` (default: llamacpp) and has no calibration.
    """
    if not is_student(reference):
        return ModelSpec(name=_short(reference), engine=engine or "llamacpp", model=reference), None
    student, folder = load(reference)
    engine = engine or student.engine
    if engine not in ADAPTERS:
        raise BadInput(f"{reference} holds an adapter for {' and '.join(ADAPTERS)}, none for the engine {engine}")
    adapter = folder / ADAPTERS[engine]
    if not adapter.exists():
        raise BadInput(f"{folder} has no {ADAPTERS[engine]}, which the engine {engine} needs; choose another --engine")
    spec = ModelSpec(
        name=student.name,
        engine=engine,
        model=student.base,
        adapter=str(adapter),
        adapter_digest=student.adapter_digest,
        options=student.options,
    )
    return spec, student.calibration


def _short(reference: str) -> str:
    """A file-name-safe name for a model reference."""
    last = reference.split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    return "".join(c if c.isalnum() or c in "._-" else "-" for c in last)[:64] or "model"
