"""What this machine can run, and what is missing."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from stumper import discover, models, puzzles

EXTRAS = {
    "cpu": ("xllamacpp",),
    "ray": ("ray",),
    "train": ("torch", "transformers", "trl", "peft", "datasets", "llguidance", "gguf", "pyarrow"),
    "web": ("prometheus_client", "starlette", "uvicorn"),
}
NEEDS = {"llamacpp": "xllamacpp", "transformers": "torch"}
"""Engine -> the package without which it cannot run; the others need nothing beyond the base."""


def examine() -> Iterator[str]:
    """One line a finding; nothing heavy is imported and nothing is fetched."""
    yield f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    yield f"memory: {_memory()}; free disk here: {shutil.disk_usage(Path.cwd()).free / 2**30:.0f} GB"
    for extra, packages in EXTRAS.items():
        missing = [p for p in packages if importlib.util.find_spec(p) is None]
        found = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in packages if p not in missing)
        mend = f"; missing: {', '.join(missing)} (pip install 'stumper[{extra}]')" if missing else ""
        yield f"extra {extra}: {found or 'nothing installed'}{mend}"
    for engine in discover.names("stumper.engines"):
        need = NEEDS.get(engine)
        state = "ready" if need is None or importlib.util.find_spec(need) else f"needs {need}"
        yield f"engine {engine}: {state}"
    yield f"puzzle families: {', '.join(puzzles.families())}"
    yield f"GPU: {_gpu()}"
    cached = sum(p.stat().st_size for p in models.cache_dir().rglob("*") if p.is_file())
    yield f"fetched weights: {cached / 2**20:.0f} MB in {models.cache_dir()}"


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    except (ValueError, OSError, AttributeError):
        return "unknown"


def _gpu() -> str:
    if shutil.which("nvidia-smi"):
        return "an NVIDIA driver is installed"
    if shutil.which("rocm-smi"):
        return "an AMD driver is installed"
    return "none found; training and agents run on the CPU"
