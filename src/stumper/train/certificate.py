"""What was checked before a training, in a form that shows a change made to it afterwards.

`sha256` is over the canonical JSON of everything but `here` and itself. It tells a certificate that was altered, torn
or put beside another data set or recipe. It is no proof against somebody who wants to deceive: whoever alters the
content can compute the digest anew, since there is no secret in it.
"""

import importlib.metadata
import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from stumper import __version__
from stumper.errors import BadInput
from stumper.store import replace_text, writing
from stumper.train.preflight import Check, failed
from stumper.types import JsonObject, Value, canonical, digest

FILE = "certificate.json"

PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "tokenizers")


class Here(Value):
    """What this machine adds: not covered by the digest, since it differs from run to run."""

    machine: str = ""
    threads: int = 0
    seconds: float | None = None
    """The training is expected to take; None: not measured."""


class Certificate(Value):
    format: Literal[1] = 1
    recipe: JsonObject
    """As it was given to the training."""
    data: str
    """Digest of all rows, in order."""
    rows: dict[str, int]
    """Training rows of each role."""
    versions: dict[str, str]
    checks: tuple[Check, ...]
    sha256: str
    here: Here = Field(default_factory=Here)

    @property
    def passed(self) -> bool:
        return not failed(self.checks)


def certify(recipe: Value, data: str, rows: dict[str, int], checks: Sequence[Check], here: Here) -> Certificate:
    content = {
        "format": 1,
        "recipe": recipe.model_dump(mode="json"),
        "data": data,
        "rows": dict(sorted(rows.items())),
        "versions": versions(),
        "checks": [check.model_dump(mode="json") for check in checks],
    }
    return Certificate.model_validate({**content, "sha256": digest(content), "here": here})


def versions() -> dict[str, str]:
    found = {"stumper": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "none"
    return found


def holds(certificate: Certificate) -> bool:
    """Whether the content is what the digest was made of."""
    return digest(certificate.model_dump(mode="json", exclude={"sha256", "here"})) == certificate.sha256


def save(certificate: Certificate, folder: Path) -> None:
    text = json.dumps(json.loads(canonical(certificate)), indent=1, ensure_ascii=False)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    replace_text(folder / FILE, text + "\n")


def load(path: Path) -> Certificate:
    """Read a certificate. Raises BadInput when it was changed after it was made."""
    try:
        found = Certificate.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}") from error
    except ValidationError as error:
        raise BadInput(f"{path} is no certificate of this version; `stumper train RECIPE --check` makes one") from error
    if not holds(found):
        raise BadInput(f"{path} was changed after it was made: its digest does not fit; run the training again")
    return found
