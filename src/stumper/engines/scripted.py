"""A Python function as a model: the fake for tests, and the shortest way to any model that stumper does not know.

engine = Scripted(lambda request: '{"answer": "B"}')
"""

import importlib
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stumper.engines import EngineRuntime, ModelSpec
from stumper.errors import BadInput
from stumper.types import Reply, Request

Script = Callable[[Request], Reply | str]
"""A string is the text of the reply. What the function raises becomes a failed reply."""


class Scripted:
    """Asks `function` for each request in turn, in the caller's thread. As deterministic as the function is.

    Nothing interrupts the function; what it returns after the request's deadline is dropped. `seconds` is what the
    function's own reply says, so that a test can play a slow model without waiting for it.
    """

    def __init__(self, function: Script) -> None:
        self._function = function

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            yield index, self._ask(request)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            yield index, _scored(self._ask(request), len(request.continuations))

    def count_tokens(self, text: str) -> int | None:
        return None

    def close(self) -> None:
        pass

    def _ask(self, request: Request) -> Reply:
        start = time.monotonic()
        try:
            reply = self._function(request)
        except Exception as error:  # it is the model here, and a model's failure is data
            return Reply(finish="failed", error=f"{type(error).__name__}: {error}")
        took = time.monotonic() - start
        if request.deadline is not None and took > request.deadline:
            return Reply(finish="deadline", error=f"the function took {took:.1f} s", seconds=took)
        if isinstance(reply, str):
            return Reply(text=reply)
        if not isinstance(reply, Reply):
            return Reply(finish="failed", error=f"the function returned {type(reply).__name__}, not Reply or str")
        return reply


def _scored(reply: Reply, n: int) -> Reply:
    """The reply if it holds n scores, or else a failed one."""
    if reply.finish in ("failed", "deadline"):
        return reply
    if len(reply.scores) != n or not all(map(math.isfinite, reply.scores)):
        why = f"asked to score {n} continuations, the function must return a Reply with {n} finite scores"
        return Reply(finish="failed", error=why)
    return reply


class ENGINE(Scripted):
    """The function that `spec.model` names as "package.module:function"; the current folder is searched last.

    The name alone is hashed into what is made with it, so change `options.version` when the function changes.
    """

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        where = f"model {spec.name!r} (engine scripted)"
        if unknown := spec.options.keys() - {"version"}:
            raise BadInput(f"{where}: options.{min(unknown)} is unknown; the only option is version")
        if spec.adapter:
            raise BadInput(f"{where}: a function takes no adapter")
        super().__init__(_function(spec.model, where))


def _function(name: str, where: str) -> Script:
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise BadInput(f"{where}: model must be package.module:function, found {name!r}")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # whatever the user's module raises at import
        raise BadInput(f"{where}: cannot import {module_name}: {type(error).__name__}: {error}") from error
    function = getattr(module, attribute, None)
    if not callable(function):
        found = "not callable" if hasattr(module, attribute) else "missing"
        raise BadInput(f"{where}: {attribute} is {found} in {module_name}")
    return function  # type: ignore[no-any-return]
