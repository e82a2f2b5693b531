"""Calls of an engine under a wall clock that holds even when the engine does not."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future

from stumper.engines import Engine
from stumper.types import Reply, Request

MARGIN = 0.08
"""Share of a limit that no engine is given: it must stop, hand over, and our own code must run on a busy machine."""

GRACE = 0.04
"""Share of a limit, out of the margin, for which an engine that has to stop is still waited for."""

Call = Callable[[Sequence[Request]], Iterator[tuple[int, Reply]]]


class Clock:
    """The time that is left of a limit."""

    def __init__(self, limit: float | None) -> None:
        self._start = time.monotonic()
        self._limit = limit

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    @property
    def left(self) -> float | None:
        """Seconds that an engine may still use, 0 at the least; None without a limit."""
        return None if self._limit is None else max(0.0, self._limit * (1 - MARGIN) - self.seconds)

    @property
    def grace(self) -> float:
        """Seconds that an engine is waited for beyond those it may use."""
        return GRACE * (self._limit or 0.0)


class Patient:
    """An engine whose calls run in one thread of their own, so that one that overruns can be left behind.

    One thread, since engines are not promised to bear two calls at once: a call that was left behind holds up the
    next ones until it returns, and they are given up at their own limits. An engine that raises has failed, like one
    that says so; an engine that never lets go of the interpreter cannot be left behind by any thread.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._jobs: queue.SimpleQueue[tuple[Future[Reply], Call, Request]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def generate(self, request: Request, clock: Clock, keep: float = 0.0) -> Reply:
        """One reply; `keep`: seconds of what is left that are not this call's."""
        return self._run(self.engine.generate, request, clock, keep)

    def choose(self, request: Request, clock: Clock) -> Reply:
        """One reply with scores."""
        return self._run(self.engine.choose, request, clock, 0.0)

    def _run(self, call: Call, request: Request, clock: Clock, keep: float) -> Reply:
        left = clock.left
        if left is None:
            return _one(call, request)
        left -= keep
        if left <= 0:
            return Reply(finish="deadline", error="no time was left")
        request = request.model_copy(update={"deadline": left})
        if self._thread is None:
            # A daemon: an engine that never returns must not keep the program from ending.
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        future: Future[Reply] = Future()
        self._jobs.put((future, call, request))
        try:
            return future.result(timeout=left + clock.grace)
        except (TimeoutError, CancelledError):
            future.cancel()
            return Reply(finish="deadline", error=f"the engine did not return within its {left:.1f} s")

    def _work(self) -> None:
        while True:
            future, call, request = self._jobs.get()
            if future.set_running_or_notify_cancel():
                future.set_result(_one(call, request))


def _one(call: Call, request: Request) -> Reply:
    try:
        replies = [reply for _, reply in call([request])]
    except Exception as error:  # a dead engine is data here: the tournament waits for an answer, not a traceback
        return Reply(finish="failed", error=f"{type(error).__name__}: {error}"[:500], outage=True)
    return replies[0] if len(replies) == 1 else Reply(finish="failed", error=f"{len(replies)} replies to one request")
