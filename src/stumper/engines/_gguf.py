"""What the header of a GGUF file says about the model's prompts (GGUF specification, version 3; ggml docs/gguf.md).

The `gguf` package would bring in numpy-heavy readers and the training extra for six fields; the file is hostile like
any other, so every length is checked against what is left of it.
"""

import mmap
import struct
from pathlib import Path
from typing import Any

from stumper.errors import BadInput
from stumper.types import Value

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_CONTROL_TYPES = (2, 3)
"""Token types "unknown" and "control": those that a tokenizer told to parse special tokens finds in text."""

_KEPT = (
    "general.architecture",
    "tokenizer.chat_template",
    "tokenizer.ggml.model",
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.token_type",
    "tokenizer.ggml.bos_token_id",
    "tokenizer.ggml.eos_token_id",
    "tokenizer.ggml.add_bos_token",
)


class Header(Value):
    architecture: str
    template: str | None
    """The Jinja chat template; None for a base model that has none."""
    bos: str
    eos: str
    adds_bos: bool
    """The tokenizer puts `bos` before a text that has no template."""
    control: tuple[str, ...]
    """Texts of all control tokens, such as "<|im_end|>"."""
    context_length: int | None
    """The longest context the model was trained for, in tokens."""


def read_header(path: Path) -> Header:
    """Read the metadata of a GGUF model or adapter. Raises BadInput that names the file when it is none."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            fields = _Cursor(data).fields()
        return _header(fields)
    except (OSError, ValueError, struct.error, KeyError, IndexError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BadInput(f"{path.name}: not a readable GGUF file ({reason})") from error


def _header(fields: dict[str, Any]) -> Header:
    architecture = str(fields.get("general.architecture", ""))
    tokens: list[str] = fields.get("tokenizer.ggml.tokens", [])
    kinds: list[int] = fields.get("tokenizer.ggml.token_type", [])
    template = fields.get("tokenizer.chat_template")
    sentencepiece = fields.get("tokenizer.ggml.model") == "llama"

    def text_of(key: str) -> str:
        index = fields.get(key)
        return tokens[index] if isinstance(index, int) and 0 <= index < len(tokens) else ""

    return Header(
        architecture=architecture,
        template=template if isinstance(template, str) and template else None,
        bos=text_of("tokenizer.ggml.bos_token_id"),
        eos=text_of("tokenizer.ggml.eos_token_id"),
        adds_bos=bool(fields.get("tokenizer.ggml.add_bos_token", sentencepiece)),
        control=tuple(t for t, kind in zip(tokens, kinds, strict=False) if kind in _CONTROL_TYPES and t),
        context_length=fields.get(f"{architecture}.context_length"),
    )


class _Cursor:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def fields(self) -> dict[str, Any]:
        if self._take(4) != b"GGUF":
            raise ValueError("it does not begin with GGUF")
        version = self._number("I")
        if version not in (2, 3):
            raise ValueError(f"version {version}, readable are 2 and 3")
        self._number("Q")
        found = {}
        for _ in range(self._number("Q")):
            key = self._string()
            value = self._value(self._number("I"))
            if key in _KEPT or key.endswith(".context_length"):
                found[key] = value
        return found

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._number(_SCALARS[kind])
        item = self._number("I")
        count = self._number("Q")
        if item == _STRING:
            if count > len(self._data) - self._at:
                raise ValueError("an array is longer than the file")
            return [self._string() for _ in range(count)]
        size = struct.calcsize("<" + _SCALARS[item])
        return list(struct.unpack(f"<{count}{_SCALARS[item]}", self._take(count * size)))

    def _string(self) -> str:
        return self._take(self._number("Q")).decode("utf-8", "replace")

    def _number(self, code: str) -> Any:
        return struct.unpack("<" + code, self._take(struct.calcsize("<" + code)))[0]

    def _take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise ValueError("it ends too early")
        taken = self._data[self._at : end]
        self._at = end
        return taken
