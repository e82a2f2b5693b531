"""Every model call is kept, and none that came to an end is made twice."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stumper.engines import Engine, ModelSpec
from stumper.errors import BadInput
from stumper.store import append_line, cut_torn_line, whole_lines, writing
from stumper.types import Reply, Request, digest

ENDED = ("stop", "length")
"""Replies that came to an end by themselves: these answer the same call again."""


class Recorded:
    """An engine that answers from the record of earlier calls and opens the real one only when it must.

    A call is known by the model and everything in the request. A reply that was cut by its deadline or failed is
    kept, but asked again when it is owed again. With `replay=False` (where seconds are measured) all are asked.
    `artefact` says in the record what a call was made for.
    """

    def __init__(
        self, spec: ModelSpec, opener: Callable[[], Engine], folder: Path, replay: bool = True, artefact: str = ""
    ) -> None:
        self.spec = spec
        self._opener = opener
        self._engine: Engine | None = None
        self._replay = replay
        self._artefact = artefact
        # An adapter is known by its content: where it lies does not decide what it says.
        known_as = spec.model_copy(update={"adapter": ""}) if spec.adapter_digest else spec
        self._path = folder / f"{spec.name}-{digest(known_as)[:12]}.jsonl"
        self._known: dict[str, Reply] = {}
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        cut_torn_line(self._path)
        for number, line in enumerate(whole_lines(self._path) if replay else (), start=1):
            call, reply = self._read(line, number)
            if reply.finish in ENDED:
                self._known[call] = reply

    def _read(self, line: bytes, number: int) -> tuple[str, Reply]:
        try:
            entry = json.loads(line)
            return str(entry["call"]), Reply.model_validate(entry["reply"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadInput(
                f"{self._path}, line {number}: not a whole call; delete that line, the call is then made again"
            ) from error

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = self._opener()
        return self._engine

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from self._through("generate", requests)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from self._through("choose", requests)

    def _through(self, verb: str, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        calls = [digest(verb, request) for request in requests]
        owed = [i for i, call in enumerate(calls) if call not in self._known]
        for i, call in enumerate(calls):
            if call in self._known:
                yield i, self._known[call]
        if not owed:
            return
        for j, reply in getattr(self.engine, verb)([requests[i] for i in owed]):
            i = owed[j]
            self._keep(calls[i], verb, requests[i], reply)
            yield i, reply

    def _keep(self, call: str, verb: str, request: Request, reply: Reply) -> None:
        append_line(
            self._path,
            {
                "call": call,
                "artefact": self._artefact,
                "verb": verb,
                "prompt": digest([m.model_dump() for m in request.messages], request.opening),
                "sampling": request.sampling.model_dump(),
                "seed": request.seed,
                "at": round(time.time(), 3),
                "reply": reply.model_dump(mode="json"),
            },
        )
        if self._replay and reply.finish in ENDED:
            self._known[call] = reply

    def count_tokens(self, text: str) -> int | None:
        return self.engine.count_tokens(text)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
