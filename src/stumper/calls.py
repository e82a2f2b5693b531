"""Every model call is kept, and none whose reply has come is made twice."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic_core import from_json

from stumper.engines import Engine, ModelSpec, Prices
from stumper.errors import BadInput, StumperError
from stumper.spending import Meter
from stumper.store import append_line, cut_torn_line, whole_lines, writing
from stumper.types import Reply, Request, digest


class _Known(NamedTuple):
    reply: Reply
    limit: int
    """The `max_tokens` it was written under."""

    def answers(self, limit: int) -> bool:
        """Whether it is the reply under another `max_tokens` too.

        One that ended by itself is, as long as it fits; one that was cut is, unless it may now go on.
        """
        if self.limit == limit:
            return True
        reply = self.reply
        cut = reply.finish == "length" or (reply.finish == "failed" and reply.tokens >= self.limit)
        return limit < self.limit if cut else limit > self.limit or 0 < reply.tokens < limit


def _came(reply: Reply) -> bool:
    """Whether it is what the model said: it ended, or it was paid for though it is of no use."""
    return reply.finish in ("stop", "length") or (reply.finish == "failed" and not reply.outage and reply.tokens > 0)


class Recorded:
    """An engine that answers from the record of earlier calls and opens the real one only when it must.

    A call is known by the model and everything in the request; a larger `max_tokens` is another call only where the
    reply was cut by the smaller one. A reply that was cut by its deadline, or never came, is kept, but asked again
    when it is owed again. With `replay=False` (where seconds are measured) all are asked.
    """

    def __init__(
        self,
        spec: ModelSpec,
        opener: Callable[[], Engine] | None,
        folder: Path,
        replay: bool = True,
        artefact: str = "",
        prices: Prices | None = None,
        meter: Meter | None = None,
    ) -> None:
        """`opener`: None to read alone: nothing is asked and no file is touched, so that a run may go on beside it.

        `artefact` says in the record what a call was made for. `meter`: the budget that lets calls through.
        """
        self.spec = spec
        self._opener = opener
        self._engine: Engine | None = None
        self._replay = replay
        self._artefact = artefact
        self._prices = prices
        self._meter = meter
        # An adapter is known by its content: where it lies does not decide what it says.
        known_as = spec.model_copy(update={"adapter": ""}) if spec.adapter_digest else spec
        self._path = folder / f"{spec.name}-{digest(known_as)[:12]}.jsonl"
        self._known: dict[str, _Known] = {}
        if opener is not None:
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
            cut_torn_line(self._path)
        for number, line in enumerate(whole_lines(self._path) if replay else (), start=1):
            call, known = self._read(line, number)
            if _came(known.reply):
                self._known[call] = known

    def _read(self, line: bytes, number: int) -> tuple[str, _Known]:
        try:
            entry = from_json(line)
            reply = Reply.model_validate(entry["reply"])
            return str(entry["call"]), _Known(reply, int(entry["sampling"]["max_tokens"]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadInput(
                f"{self._path}, line {number}: not a whole call; delete that line, the call is then made again"
            ) from error

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            if self._opener is None:
                raise StumperError("this call is not on record")
            self._engine = self._opener()
        return self._engine

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from self._through("generate", requests)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from self._through("choose", requests)

    def _through(self, verb: str, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        calls = [_name(verb, request) for request in requests]
        owed: list[int] = []
        for i, call in enumerate(calls):
            known = self._known.get(call)
            if known is not None and known.answers(requests[i].sampling.max_tokens):
                yield i, known.reply
            else:
                owed.append(i)
        while owed:
            asked = [requests[i] for i in owed]
            n = len(owed) if self._meter is None else self._meter.admit(asked, self._prices)
            for j, reply in getattr(self.engine, verb)(asked[:n]):
                i = owed[j]
                self._keep(calls[i], verb, requests[i], reply)
                yield i, reply
            owed = owed[n:]

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
        if self._meter is not None:
            self._meter.note(reply, self._prices)
        if self._replay and _came(reply):
            self._known[call] = _Known(reply, request.sampling.max_tokens)

    def count_tokens(self, text: str) -> int | None:
        return self.engine.count_tokens(text)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def _name(verb: str, request: Request) -> str:
    """The hash by which a call is known: all that decides its reply, but for where it is cut."""
    entry = request.model_dump(mode="json")
    del entry["sampling"]["max_tokens"]
    return digest(verb, entry)
