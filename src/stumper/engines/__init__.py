"""Backends that run a model. One file an engine; teachers and tuned students are the same to every caller.

A module here defines `ENGINE`, a class with the constructor and the methods of `Engine`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from pydantic import Field

from stumper import discover
from stumper.types import Reply, Request, Value


class ModelSpec(Value):
    """What decides a model's replies: hashed into every artefact made with it."""

    name: str
    engine: str
    model: str = ""
    """Model reference: hf:org/name@revision, path:..., pypi:...; empty for authors that are no language model."""
    adapter: str = ""
    """Folder of a PEFT adapter (transformers) or a GGUF adapter file (llamacpp); empty for none."""
    adapter_digest: str = ""
    """Content hash of the adapter: the path alone would let a retrained adapter reuse old replies."""
    options: dict[str, Any] = Field(default_factory=dict)
    """The engine's own settings that decide the result (context length, number format)."""


class Prices(Value):
    """What a model's tokens cost, in any currency, a million."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class EngineRuntime(Value):
    """Where and how fast a model runs: never hashed."""

    threads: int | None = Field(None, gt=0)
    """Cores to use; None: all."""
    url: str = ""
    """Base URL of an OpenAI-compatible endpoint, such as http://localhost:8000/v1."""
    api_key_env: str = ""
    """Name of the environment variable that holds the key."""
    urls: tuple[str, ...] = ()
    """Base URLs of further endpoints with the same model under the same name and key: work goes where there is room."""
    concurrency: int = Field(32, gt=0)
    """The most calls in flight at an endpoint, or at an actor of a Ray cluster."""
    timeout: float = Field(200.0, gt=0, le=600)
    """Seconds without a reply after which a call is given up and asked again."""
    prices: Prices | None = None
    batch: int = Field(16, gt=0)
    """Requests in one forward pass, where the engine batches."""
    actors: int = Field(1, gt=0)
    """On a Ray cluster: how many actors hold the model."""
    gpus: float = Field(0.0, ge=0)
    """On a Ray cluster: of each actor. Its cores are `threads`, 1 unless said."""


class Engine(Protocol):
    """A model that is ready. Failures of single calls are replies with finish="failed", never exceptions."""

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        """Load the model. Raises BadInput for a spec that cannot work, StumperError when loading fails."""

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Write a reply to each request; yields (index of the request, reply) as they are ready, in any order.

        With `form` the text is the filled-in JSON object; without, free text that continues `opening`.
        """

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Score each request's `continuations` after prompt + opening; yields (index, reply with `scores`)."""

    def count_tokens(self, text: str) -> int | None:
        """The number of tokens of a text, without special tokens; None where the backend has no tokenizer."""

    def close(self) -> None:
        """Free the model, its threads and its connections; safe to call twice."""


def open_engine(spec: ModelSpec, runtime: EngineRuntime | None = None) -> Engine:
    """Load the engine that the spec names. Raises BadInput for an unknown one, naming those there are."""
    engine: type[Engine] = discover.load(__name__, spec.engine).ENGINE
    return engine(spec, runtime or EngineRuntime())
