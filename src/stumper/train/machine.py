"""Whether a training fits this machine, and how long it will take."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stumper import models
from stumper.errors import StumperError
from stumper.train.config import TrainConfig
from stumper.train.preflight import Check
from stumper.types import Value

SPARE = 0.9
"""Of the free memory that may be used."""

UNPACKED = 4.0
"""Bytes in bfloat16 for each byte of a quantised GGUF file (4.1 for Q4_1)."""

WORKING = 400 * 2**20
"""Bytes for the packages and their workspaces."""


class Shape(Value):
    """What a model's memory grows with."""

    layers: int
    width: int
    heads: int
    vocabulary: int
    parameters: int
    """Of the base."""
    adapter: int
    """Parameters that are trained."""
    sharp: bool = False
    """The base is held in float32."""


def shape_of(model: Any) -> Shape:
    config = model.config.get_text_config() if hasattr(model.config, "get_text_config") else model.config
    of = {
        trained: sum(p.numel() for p in model.parameters() if p.requires_grad is trained) for trained in (True, False)
    }
    return Shape(
        layers=config.num_hidden_layers,
        width=config.hidden_size,
        heads=config.num_attention_heads,
        vocabulary=model.get_input_embeddings().weight.shape[0],
        parameters=of[False],
        adapter=of[True],
        sharp=next(model.parameters()).dtype.itemsize == 4,
    )


def memory(shape: Shape, longest: int, pass_tokens: int, labels: int) -> dict[str, int]:
    """Bytes that training takes, by what for.

    Adapter: float32 weights, gradients and Adam's two moments. Activations of a layer: width x (34 + 5 x heads x
    length / width) bytes a token in 16 bits (Korthikanti et al. 2022, arXiv 2205.05198, without recomputation).
    """
    number = 4 if shape.sharp else 2
    tokens = max(pass_tokens, longest)
    token = shape.width * (34 + 5 * shape.heads * longest / shape.width) * number / 2
    return {
        "base": shape.parameters * number,
        "adapter": shape.adapter * 16,
        "activations": round(tokens * shape.layers * token),
        # Logits at the labels, their softmax and its gradient, in float32.
        "logits": 3 * 4 * labels * shape.vocabulary,
        "packages": WORKING,
    }


def fits(shape: Shape, longest: int, pass_tokens: int, labels: int, free: int | None) -> Check:
    """`free`: bytes that are free now, with the base already in memory; None: unknown."""
    parts = memory(shape, longest, pass_tokens, labels)
    # What is loaded already is no longer to be found.
    wanted = sum(parts.values()) - parts["base"] - parts["packages"]
    passed = free is None or wanted <= SPARE * free
    told = f"about {sum(parts.values()) / 2**30:.1f} GB (" + ", ".join(f"{k} {_gb(v)}" for k, v in parts.items()) + ")"
    mend = (
        ""
        if passed
        else (
            f"; the {_gb(wanted)} beside the base do not fit into the {_gb(free or 0)} that are free: shorter rows, "
            "a lower train.rank, or a machine with more memory"
        )
    )
    return Check(name="memory", passed=passed, detail=told + mend)


def _gb(size: float) -> str:
    return f"{size / 2**30:.2g} GB"


def demand_room(reference: str, config: TrainConfig) -> None:
    """Raises StumperError when the base alone cannot be loaded here; nothing of it is read but its size."""
    path = models.resolve(reference)
    free = free_memory()
    files: Sequence[Path] = [path] if path.is_file() else sorted(path.glob("*.safetensors"))
    size = sum(file.stat().st_size for file in files)
    wanted = size * (UNPACKED if path.suffix == ".gguf" else 1) * (2 if config.precision == "float32" else 1)
    if free is not None and wanted > SPARE * free:
        raise StumperError(
            f"{reference} takes about {_gb(wanted)} and {_gb(free)} are free: name a smaller student.model, or use a "
            "machine with more memory"
        )


def free_memory() -> int | None:
    """Bytes that a process may still take where the model will lie: on the GPU if there is one. None: unknown."""
    from stumper.engines._checkpoint import import_torch

    torch, _ = import_torch()
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    found = [size for size in (_available(), _left_in_group()) if size is not None]
    return min(found, default=None)


def _available() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    except (OSError, ValueError, AttributeError, IndexError):
        return None


def _left_in_group(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """What a container's limit leaves (cgroup version 2), the cache of files counted as free."""
    try:
        cached = dict(line.split() for line in (root / "memory.stat").read_text().splitlines())["inactive_file"]
        used = int((root / "memory.current").read_text()) - int(cached)
        return int((root / "memory.max").read_text()) - used
    except (OSError, ValueError, KeyError):
        return None
