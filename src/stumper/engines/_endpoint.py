"""HTTP endpoints of one model: calls that keep their deadline, retries that know it, a load that each endpoint sets.

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
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
from pydantic_core import from_json, to_json

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
LOST = 3
"""Calls in a row that come to nothing at one of several endpoints before it is set aside."""
ASIDE = (1.0, 60.0)
"""Seconds for which it is set aside: at first, doubled each time that it fails again, and at the most."""
WHOLE = 2**16
"""Bytes of a body that are handed to the connection in one piece; a longer one would hold up all other calls."""

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
        self.status = 0
        """Of HTTP; 0 where there was none."""
        self.lost = False
        """There is nobody at the other end."""
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

    @property
    def room(self) -> int:
        return self.limit - self.in_flight

    def restart(self) -> None:
        """One call may try whether the endpoint is there again; then the load grows as at first."""
        self.limit, self._successes, self._halved = 1, 0, None

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


class Host:
    """One of the endpoints at which the model is served."""

    def __init__(self, url: str, ceiling: int) -> None:
        self.url = url
        self.window = Window(ceiling)
        self.aside = 0.0
        """When (monotonic) it may be tried again; 0 while it answers."""
        self.learnt: dict[str, Any] = {}
        """What a caller found out about it."""
        self.learning = asyncio.Lock()
        self._lost = 0
        self._asides = 0

    def answered(self) -> None:
        self._lost = self._asides = 0
        self.aside = 0.0
        self.window.success()

    def failed(self, fault: Fault) -> None:
        """Set the endpoint aside where it is gone or asks for a pause. `fault`: one that is worth another try."""
        self._lost += 1
        if fault.lost or self._lost >= LOST:
            pause = min(ASIDE[0] * 2**self._asides, ASIDE[1])
            self._asides += self.aside <= time.monotonic()
            self.window.restart()
        else:
            pause = min(fault.after, CALL_SECONDS)
        if pause:
            self.aside = max(self.aside, time.monotonic() + pause)


class Turn:
    """A place among the calls in flight at one endpoint."""

    def __init__(self, host: Host) -> None:
        self.host = host


class Endpoint:
    """Posts JSON to the URLs of one model. Nothing runs and nothing is connected before the first call, nor after
    `close`."""

    def __init__(
        self, urls: Sequence[str], key: str, ceiling: int, advice: Mapping[int, str], timeout: float = CALL_SECONDS
    ) -> None:
        """`key`: sent as a bearer token, empty for none. `ceiling`: the most calls in flight at each URL.

        `advice`: what the user can mend, for each HTTP status by which the endpoint refuses any call.
        `timeout`: seconds without a reply after which a call is asked again.
        """
        self._parts = (urls, key, ceiling, advice, timeout)
        self._ceiling = ceiling * len(urls)
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

    def __init__(self, urls: Sequence[str], key: str, ceiling: int, advice: Mapping[int, str], timeout: float) -> None:
        self.hosts = [Host(url, ceiling) for url in urls]
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._key = key
        self._advice = advice
        self._timeout = timeout
        opened: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, aiohttp.ClientSession]] = Future()
        ceiling *= len(urls)
        thread = threading.Thread(target=asyncio.run, args=(_stay_open(opened, key, ceiling),), daemon=True)
        thread.start()
        self.loop, stop, self._session = opened.result()
        # A finalizer also runs at exit and when an engine is dropped without being closed.
        self.close = weakref.finalize(self, _hang_up, self.loop, stop, thread)

    @asynccontextmanager
    async def turn(self, ends: float | None) -> AsyncIterator[Turn]:
        """Hold a place among the calls in flight. `ends`: when the caller needs the reply (monotonic clock)."""
        try:
            async with asyncio.timeout_at(ends):
                if ends is not None:
                    # A free place is taken without a pause, in which a deadline that is past would be seen.
                    await asyncio.sleep(0)
                turn = Turn(await self._take())
        except TimeoutError:
            why = "its turn did not come before its deadline; give the engine fewer requests at a time"
            raise Fault(why, outage=True) from None
        try:
            yield turn
        finally:
            self._give(turn.host)

    def _up(self) -> list[Host]:
        """The endpoints that may be asked; where all are set aside, the one whose time is next."""
        now = time.monotonic()
        return [host for host in self.hosts if host.aside <= now] or [min(self.hosts, key=lambda host: host.aside)]

    async def _take(self) -> Host:
        while (host := max(self._up(), key=lambda host: host.window.room)).window.room <= 0:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._wake()  # the turn may have been given already, and would be lost with this waiter
                raise
        host.window.in_flight += 1
        return host

    def _give(self, host: Host) -> None:
        host.window.in_flight -= 1
        self._wake()

    def _wake(self) -> None:
        free = sum(max(0, host.window.room) for host in self._up()) if self._waiting else 0
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1

    async def _move(self, turn: Turn) -> bool:
        """Take the turn to another endpoint that is up; False where there is none."""
        others = [host for host in self.hosts if host is not turn.host and host.aside <= time.monotonic()]
        if not others:
            return False
        self._give(turn.host)
        # Not through the queue: this call has waited once. It may stand above the window until another one ends.
        turn.host = max(others, key=lambda host: host.window.room)
        turn.host.window.in_flight += 1
        return True

    async def call(
        self, turn: Turn, compose: Callable[[Host], Awaitable[JsonObject]], ends: float | None, seed: int
    ) -> tuple[JsonObject, float]:
        """Post what `compose` makes for the endpoint whose turn it is, which may become another one.

        Returns (the JSON object that came back, seconds it took, retries included). Raises Fault.
        `seed`: of the retries' jitter.
        """

        async def attempt(host: Host) -> JsonObject:
            return await self.post(host, await compose(host))

        sent = time.monotonic()
        try:
            return await self.insist(turn, attempt, ends, seed), time.monotonic() - sent
        except Fault as fault:
            fault.seconds = time.monotonic() - sent
            raise

    async def insist(
        self, turn: Turn, attempt: Callable[[Host], Awaitable[Result]], ends: float | None, seed: int
    ) -> Result:
        """The result of the first attempt that succeeds, here or at another endpoint. Raises Fault."""
        cap = time.monotonic() + CALL_SECONDS
        fault: Fault | None = None
        waits = _waits(seed)
        moves, sent = 0, 0.0
        try:
            # Around all of it, since the client's own limits count from one read to the next.
            async with asyncio.timeout_at(ends or cap):
                while True:
                    sent = time.monotonic()
                    try:
                        async with asyncio.timeout(self._timeout):
                            result = await attempt(turn.host)
                    except TimeoutError:
                        why = f"no answer within {self._timeout:g} s (runtime.timeout)"
                        fault = Fault(why, outage=True, retried=True, congested=True)
                    except Fault as error:
                        fault = error
                    else:
                        turn.host.answered()
                        return result
                    if fault.congested:
                        turn.host.window.complaint(sent)
                    if not fault.retried:
                        break
                    if len(self.hosts) > 1:
                        turn.host.failed(fault)
                        if moves < len(self.hosts) and await self._move(turn):
                            moves += 1
                            continue
                    pause = max(next(waits), fault.after)
                    if time.monotonic() + pause >= (ends or cap):
                        break
                    await asyncio.sleep(pause)
                    await self._move_away(turn)
        except TimeoutError:
            turn.host.window.complaint(sent)
            if fault is None and ends is not None:
                raise Late("no answer before the deadline") from None
            before = f" (before that: {fault})" if fault else ""
            raise Fault(f"no answer in time{before}", outage=True) from None
        assert fault is not None
        raise fault

    async def _move_away(self, turn: Turn) -> None:
        """After a pause: away from an endpoint that is still set aside."""
        if turn.host.aside > time.monotonic():
            await self._move(turn)

    async def post(self, host: Host, body: JsonObject) -> JsonObject:
        """One attempt: the JSON object that came back. Raises Fault."""
        raw = to_json(body)
        data = raw if len(raw) <= WHOLE else io.BytesIO(raw)
        try:
            # No redirect is followed: it would carry the prompts, and perhaps the key, to another host.
            async with self._session.post(host.url, data=data, allow_redirects=False) as response:
                raw = await _read(response)
                status, headers = response.status, response.headers
        except aiohttp.ClientSSLError as error:
            raise Fault(self._quote(f"no secure connection: {error}"), outage=True) from None
        except (aiohttp.ClientError, OSError) as error:
            why = self._quote(f"the connection failed: {type(error).__name__}: {error}")
            fault = Fault(why, outage=True, retried=True)
            fault.lost = True
            raise fault from None
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
        fault.status = status
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
        reply = _json(raw)
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


def _json(raw: bytes) -> Any:
    """The slower parser is asked about what the faster one refuses: it also reads half characters."""
    try:
        return from_json(raw)
    except ValueError:
        return json.loads(raw)


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
