"""One HTTP endpoint: calls that keep their deadline, retries that know it, and a load that the endpoint sets.

The event loop runs in a thread of its own, so that callers stay synchronous and may themselves sit in a loop.
"""

import asyncio
import io
import json
import math
import queue
import random
import re
import threading
import time
import weakref
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp

from stumper.errors import StumperError
from stumper.types import JsonObject

MAX_BODY = 8 * 2**20
"""Bytes of a body that are read; a chat completion has some kilobytes."""
MAX_QUOTE = 300
"""Characters of an endpoint's own words in an error."""
ATTEMPTS = 6
FIRST_WAIT = 0.5
"""Seconds before the first retry; doubled for each further one, times a jitter of 0.5 to 1."""
CONNECT_SECONDS = 10.0
CALL_SECONDS = 600.0
"""Limit of a call, retries included, that has no deadline of its own."""
FIRST_WINDOW = 4
"""Calls in flight before the endpoint has answered any."""

Result = TypeVar("Result")


class Fault(Exception):
    """A call that came to nothing."""

    def __init__(self, why: str, *, outage: bool = False, retried: bool = False, congested: bool = False) -> None:
        super().__init__(why)
        self.outage = outage
        """The endpoint's doing, not the model's."""
        self.retried = retried
        """The same call may fare better in a while."""
        self.congested = congested
        self.after = 0.0
        """Seconds that the endpoint asks to wait."""
        self.seconds = 0.0
        """Time since the call left for the endpoint."""


class Late(Fault):
    """The deadline passed while the endpoint was at work on a sound call."""


class Window:
    """How many calls may be in flight.

    One more for each success until the endpoint first complains; from then on one more for each full window of
    successes, and half as many at each complaint (slow start and AIMD, as in RFC 5681).
    """

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self.limit = min(FIRST_WINDOW, ceiling)
        self.in_flight = 0
        self._successes = 0
        self._halved: float | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        while self.in_flight >= self.limit:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._wake()  # the turn may have been given already, and would be lost with this waiter
                raise
        self.in_flight += 1

    def give(self) -> None:
        self.in_flight -= 1
        self._wake()

    def _wake(self) -> None:
        free = self.limit - self.in_flight
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1

    def success(self) -> None:
        self._successes += 1
        if self._successes >= (1 if self._halved is None else self.limit):
            self._successes = 0
            self.limit = min(self.limit + 1, self.ceiling)

    def complaint(self, sent: float) -> None:
        """Halve, once for all calls that were in flight together. `sent`: when this call went out (monotonic)."""
        if self._halved is None or sent > self._halved:
            self._halved = time.monotonic()
            self._successes = 0
            self.limit = max(1, self.limit // 2)


class Endpoint:
    """Posts JSON to one URL. Nothing runs and nothing is connected before the first call, nor after `close`."""

    def __init__(self, url: str, key: str, ceiling: int, advice: Mapping[int, str]) -> None:
        """`key`: sent as a bearer token, empty for none. `ceiling`: the most calls in flight.

        `advice`: what the user can mend, for each HTTP status by which the endpoint refuses any call.
        """
        self._parts = (url, key, ceiling, advice)
        self._ceiling = ceiling
        self._lock = threading.Lock()
        self._line: Line | None = None

    def run(self, work: Callable[["Line", int], Awaitable[Result]], n: int) -> Iterator[tuple[int, Result]]:
        """Do `work(line, index)` for n indices, many at a time; yields (index, result) as they are ready.

        Leaving the iterator, by an exception such as KeyboardInterrupt too, cancels what is still under way.
        """
        with self._lock:
            self._line = line = self._line or Line(*self._parts)
        ready: queue.SimpleQueue[tuple[int, Result] | None] = queue.SimpleQueue()
        owed = iter(range(n))

        async def worker() -> None:
            for index in owed:
                ready.put((index, await work(line, index)))

        async def workers() -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(n, self._ceiling)):
                    group.create_task(worker())

        future = asyncio.run_coroutine_threadsafe(workers(), line.loop)
        future.add_done_callback(lambda _: ready.put(None))
        try:
            while (item := ready.get()) is not None:
                yield item
            if future.cancelled():
                raise StumperError("the engine was closed while its calls were under way")
            future.result()
        finally:
            future.cancel()

    def close(self) -> None:
        with self._lock:
            line, self._line = self._line, None
        if line:
            line.close()


class Line:
    """An open endpoint: the thread with the event loop, where `turn` and `call` run, its connections, the window."""

    def __init__(self, url: str, key: str, ceiling: int, advice: Mapping[int, str]) -> None:
        self.window = Window(ceiling)
        self._url = url
        self._key = key
        self._advice = advice
        opened: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, aiohttp.ClientSession]] = Future()
        thread = threading.Thread(target=asyncio.run, args=(_stay_open(opened, key, ceiling),), daemon=True)
        thread.start()
        self.loop, stop, self._session = opened.result()
        # A finalizer also runs at exit and when an engine is dropped without being closed.
        self.close = weakref.finalize(self, _hang_up, self.loop, stop, thread)

    @asynccontextmanager
    async def turn(self, ends: float | None) -> AsyncIterator[None]:
        """Hold a place among the calls in flight. `ends`: when the caller needs the reply (monotonic clock)."""
        try:
            async with asyncio.timeout_at(ends):
                await asyncio.sleep(
                    0
                )  # a free place is taken without a pause, in which a deadline that is past is seen
                await self.window.take()
        except TimeoutError:
            why = "its turn did not come before its deadline; give the engine fewer requests at a time"
            raise Fault(why, outage=True) from None
        try:
            yield
        finally:
            self.window.give()

    async def call(self, body: JsonObject, ends: float | None, seed: int) -> tuple[JsonObject, float]:
        """Post `body`; returns (the JSON object that came back, seconds it took, retries included). Raises Fault.

        `seed`: of the retries' jitter.
        """
        sent = time.monotonic()
        try:
            return await self._within(ends, json.dumps(body).encode(), seed), time.monotonic() - sent
        except Fault as fault:
            fault.seconds = time.monotonic() - sent
            raise

    async def _within(self, ends: float | None, body: bytes, seed: int) -> JsonObject:
        cap = time.monotonic() + CALL_SECONDS
        fault: Fault | None = None
        sent = 0.0
        try:
            # Around all of it, since the client's own limits count from one read to the next.
            async with asyncio.timeout_at(ends or cap):
                for wait in _waits(seed):
                    sent = time.monotonic()
                    try:
                        reply = await self._post(body)
                    except Fault as error:
                        fault = error
                    else:
                        self.window.success()
                        return reply
                    if fault.congested:
                        self.window.complaint(sent)
                    pause = max(wait, fault.after)
                    if not fault.retried or time.monotonic() + pause >= (ends or cap):
                        break
                    await asyncio.sleep(pause)
        except TimeoutError:
            self.window.complaint(sent)
            if fault is None and ends is not None:
                raise Late("no answer before the deadline") from None
            before = f" (before that: {fault})" if fault else ""
            raise Fault(f"no answer in time{before}", outage=True) from None
        assert fault is not None
        raise fault

    async def _post(self, body: bytes) -> JsonObject:
        try:
            # No redirect is followed: it would carry the prompts, and perhaps the key, to another host.
            # Not the bare bytes, which would be written in one piece and hold up all other calls.
            async with self._session.post(self._url, data=io.BytesIO(body), allow_redirects=False) as response:
                raw = await _read(response)
                status, headers = response.status, response.headers
        except aiohttp.ClientSSLError as error:
            raise Fault(self._quote(f"no secure connection: {error}"), outage=True) from None
        except (aiohttp.ClientError, OSError) as error:
            why = self._quote(f"the connection failed: {type(error).__name__}: {error}")
            raise Fault(why, outage=True, retried=True) from None
        if 300 <= status < 400:
            to = self._quote(headers.get("Location", "nowhere"))
            raise Fault(f"HTTP {status}: redirected to {to}; give the final address as url", outage=True)
        if status != 200:
            raise self._fault(status, _words(raw), headers.get("Retry-After"))
        reply = _parse(raw)
        if "choices" not in reply and "error" in reply:
            code = reply["error"].get("code") if isinstance(reply["error"], dict) else None
            raise self._fault(code if isinstance(code, int) else 500, _words(raw), headers.get("Retry-After"))
        return reply

    def _fault(self, status: int, words: str, after: str | None) -> Fault:
        """The fault that an HTTP status tells of."""
        if status in self._advice:
            # Without the endpoint's words: they may hold a part of the key.
            return Fault(f"HTTP {status}: {self._advice[status]}", outage=True)
        retried = status in (408, 409, 425, 429) or (status >= 500 and status not in (501, 505))
        why = f"HTTP {status}: {self._quote(words)}"
        fault = Fault(why, outage=retried, retried=retried, congested=status in (429, 503))
        fault.after = _seconds(after)
        return fault

    def _quote(self, words: str) -> str:
        """What somebody else wrote, as one printable line without the key."""
        if self._key:
            words = words.replace(self._key, "***")
        line = " ".join("".join(c if c.isprintable() else " " for c in words[: 4 * MAX_QUOTE]).split())
        return line if len(line) <= MAX_QUOTE else line[:MAX_QUOTE] + "..."


async def _stay_open(
    opened: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, aiohttp.ClientSession]]", key: str, ceiling: int
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=ceiling),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # a small body could unfold beyond the bound
    ) as session:
        opened.set_result((loop, stop, session))
        await stop.wait()
        calls = asyncio.all_tasks() - {asyncio.current_task()}
        for task in calls:
            task.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


def _hang_up(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(stop.set)
    if threading.current_thread() is not thread:  # the garbage collector may run this anywhere
        thread.join()


def _waits(seed: int) -> Iterator[float]:
    """Seconds to wait after each attempt; after the last one, for ever."""
    rng = random.Random(seed)
    for attempt in range(ATTEMPTS - 1):
        yield FIRST_WAIT * 2**attempt * rng.uniform(0.5, 1)
    yield math.inf


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Fault("the body is compressed, which was not asked for", outage=True)
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise Fault(f"the body is longer than {MAX_BODY // 2**20} MB", outage=True)
    return bytes(body)


def _parse(raw: bytes) -> JsonObject:
    try:
        reply = json.loads(raw)
    except (ValueError, RecursionError):
        start = raw.lstrip()[:1]
        if start == b"<":
            why = "a web page came back instead of JSON; url must be the API's base, such as http://localhost:8000/v1"
            raise Fault(why, outage=True) from None
        why = "the body is broken JSON" if start else "the body is empty"
        raise Fault(why, outage=True, retried=True) from None
    if not isinstance(reply, dict):
        raise Fault(f"the body is not a JSON object but {type(reply).__name__}", outage=True)
    return reply


def _words(raw: bytes) -> str:
    """What an error body says: the usual fields of a JSON error, or else its text."""
    text = "a web page" if raw.lstrip()[:1] == b"<" else raw[: 4 * MAX_QUOTE].decode("utf-8", "replace")
    try:
        told: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return text
    for name in ("error", "message", "detail"):
        if isinstance(told, dict) and told.get(name):
            told = told[name]
    return told if isinstance(told, str) else text


def _seconds(header: str | None) -> float:
    """Retry-After (RFC 9110, 10.2.3): seconds or a date; 0 for none and for what is neither."""
    if header is None:
        return 0.0
    if re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*", header, re.ASCII):
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
