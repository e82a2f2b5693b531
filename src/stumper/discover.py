"""One file = one plugin: whatever module lies in a package folder is found, nothing is listed by hand."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType

from stumper.errors import BadInput


@cache
def names(package: str) -> tuple[str, ...]:
    """The plugins of a package (such as "stumper.puzzles"), sorted; modules whose name starts with _ are helpers."""
    path = importlib.import_module(package).__path__
    return tuple(sorted(m.name for m in pkgutil.iter_modules(path) if not m.name.startswith("_")))


def load(package: str, name: str) -> ModuleType:
    """Import one plugin. Raises BadInput with the names there are."""
    if name not in names(package):
        kind = package.rsplit(".", 1)[-1]
        raise BadInput(f"no {name!r} among the {kind}; there are: {', '.join(names(package))}")
    return importlib.import_module(f"{package}.{name}")


def shipped(folder: str) -> Path:
    """The folder of data files ("recipes", "rules") that ship with stumper: in the wheel, or in a checkout."""
    package = Path(__file__).parent
    installed = package / "data" / folder
    return installed if installed.is_dir() else package.parents[1] / folder
