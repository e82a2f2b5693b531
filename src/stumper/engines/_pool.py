"""A model as a pool of Ray actors: each holds the engine itself, and all work on one lot of requests.

Ray places the actors and starts a dead one again. What an actor had not answered when it died is asked again, one
request at a time, so that one that kills actors cannot take others with it; every reply is handed on as it comes.
Ray's own retries of calls are not used for that: they would ask for the answered part of a batch once more.
"""

import os
import socket
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from stumper.engines import Engine, EngineRuntime, ModelSpec, open_engine
from stumper.errors import StumperError
from stumper.types import Reply, Request

TRIES = 3
"""How often a request is asked whose actor dies, before it is given up as an outage."""
RESTARTS = 20
"""How often Ray starts an actor again; lost nodes are not counted."""
CONNECT_SECONDS = 10.0
SOON = 0.02
"""Seconds between two messages of an actor with replies: a message costs a millisecond, whatever is in it."""
STORE = 128 * 2**20
"""Bytes of the object store of a cluster that is started here: it holds nothing but prompts and replies."""


class Worker:
    """What an actor is: the engine, loaded when it is first needed, so that a failure to load is an error of a call."""

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        self._parts = (spec, runtime)
        self._loaded: Engine | None = None

    def engine(self) -> Engine:
        if self._loaded is None:
            self._loaded = open_engine(*self._parts)
        return self._loaded

    def load(self) -> None:
        self.engine()

    def work(self, verb: str, requests: Sequence[Request]) -> Iterator[list[tuple[int, Reply]]]:
        """(index, reply) as they are ready; what comes `SOON` after others goes with the next ones."""
        ready: list[tuple[int, Reply]] = []
        last = -SOON
        for reply in getattr(self.engine(), verb)(requests):
            ready.append(reply)
            if time.monotonic() - last >= SOON:
                yield ready
                ready, last = [], time.monotonic()
        if ready:
            yield ready

    def count_tokens(self, text: str) -> int | None:
        return self.engine().count_tokens(text)


class _Seat:
    """An actor and its place in the pool."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.awake = False
        self.streams: set[Any] = set()
        """Of the batches that were handed over and have not ended."""

    def wake(self) -> Any:
        """What Ray gives for the loading of its engine; it waits until a dead actor lives again."""
        self.awake = False
        self.streams.clear()
        return self.actor.load.options(max_task_retries=RESTARTS).remote()


class _Batch(NamedTuple):
    seat: _Seat
    indices: list[int]
    left: set[int]
    """The indices that are not answered."""


class _Lot:
    """The requests of one call: those that are owed, and those that actors have."""

    def __init__(self, verb: str, requests: Sequence[Request], size: int) -> None:
        self.verb = verb
        self.requests = requests
        n = len(requests)
        self.owed = deque(list(range(i, min(i + size, n))) for i in range(0, n, size))
        self.batches: dict[Any, _Batch] = {}
        """By the stream of replies that Ray gives for it."""
        self.deaths = [0] * n
        """Of actors that died while they were asked this."""


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()


class Pool:
    """`runtime.actors` actors of one model, with `gpus` and `threads` (1 unless said) for each.

    An actor is handed `batch` requests at a time, and at most `concurrency` before it has answered. Actors that come
    late, as a cluster grows, take part once they are there. Where the cluster has no room beside the actors of models
    that nobody is asking, those are let go, and started anew when they are asked.
    """

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime, address: str = "") -> None:
        """`address`: of a running cluster; empty: one on this machine, which ends with the program.

        Raises what the engine raises when it cannot load, and StumperError without Ray, without the cluster, or where
        no actor has a place in it.
        """
        self._spec = spec
        self._runtime = runtime.model_copy(update={"threads": runtime.threads or 1})
        self._batch = min(runtime.batch, runtime.concurrency)
        self._depth = runtime.concurrency // self._batch
        self._ray = cluster(address)
        self._seats: list[_Seat] = []
        self._waking: dict[Any, _Seat] = {}
        self._calls = 0
        self._why = ""
        self._lock = threading.Lock()
        """Of all that calls share; no call holds it while it waits for replies or hands them on."""
        _pools.add(self)
        with self._lock:
            self._start()

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        return self._replies("generate", requests)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        return self._replies("choose", requests)

    def count_tokens(self, text: str) -> int | None:
        with self._lock:
            self._start()
            seat = next(seat for seat in self._seats if seat.awake)
        found: int | None = self._ray.get(seat.actor.count_tokens.options(max_task_retries=RESTARTS).remote(text))
        return found

    def close(self) -> None:
        with self._lock:
            self._rest()

    def _rest(self) -> None:
        for seat in self._seats:
            self._ray.kill(seat.actor)
        self._seats, self._waking, self._why = [], {}, "the engine was closed"

    def _start(self) -> None:
        """Have actors, and one at least that is ready."""
        if not self._seats:
            wanted = {"CPU": float(self._runtime.threads or 1), "GPU": self._runtime.gpus}
            self._make_room(wanted)
            actor = self._ray.remote(Worker).options(
                num_cpus=wanted["CPU"], num_gpus=wanted["GPU"], max_restarts=RESTARTS
            )
            self._seats = [_Seat(actor.remote(self._spec, self._runtime)) for _ in range(self._runtime.actors)]
            self._waking = {seat.wake(): seat for seat in self._seats}
        while not any(seat.awake for seat in self._seats):
            ready, _ = self._ray.wait(list(self._waking))
            if (why := self._woken(ready[0])) is not None:
                self._rest()
                raise why

    def _make_room(self, wanted: dict[str, float]) -> None:
        """Let go actors of idle pools until all of this one's have room. Raises StumperError where none can have it."""
        there = self._ray.cluster_resources()
        for kind, amount in wanted.items():
            if amount > there.get(kind, 0.0):
                what = f"{amount:g} " + {"CPU": "cores (threads)", "GPU": "GPUs (gpus)"}[kind]
                raise StumperError(
                    f"an actor of {self._spec.name} wants {what}, and the Ray cluster has {there.get(kind, 0.0):g}; "
                    f"mend runtime.models.{self._spec.name}, or runtime.ray.address"
                )
        for pool in list(_pools):
            free = self._ray.available_resources()
            if all(amount * self._runtime.actors <= free.get(kind, 0.0) for kind, amount in wanted.items()):
                return
            if pool is not self and pool._lock.acquire(blocking=False):
                try:
                    if not pool._calls:
                        pool._rest()
                finally:
                    pool._lock.release()

    def _woken(self, ref: Any) -> Exception | None:
        """Note that an actor is ready. Returns why it is not and never will be: then it has no place any more."""
        seat = self._waking.pop(ref, None)
        if seat is None:  # another call has seen it first
            return None
        try:
            self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            self._seats.remove(seat)
            cause = getattr(error, "cause", None)
            why = cause if isinstance(cause, StumperError) else StumperError(f"{self._spec.name}: {_line(error)}")
            self._why = str(why)
            return why
        seat.awake = True
        return None

    def _replies(self, verb: str, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        if not requests:
            return
        lot = _Lot(verb, requests, self._batch)
        with self._lock:
            self._start()
            self._calls += 1
        try:
            while lot.owed or lot.batches:
                with self._lock:
                    self._hand_over(lot)
                    awaited = [*lot.batches, *self._waking]
                if not awaited:
                    break
                ready, _ = self._ray.wait(awaited)
                yield from self._heard(lot, ready[0])
            for i in (i for indices in lot.owed for i in indices):
                yield i, _outage(f"no actor of {self._spec.name} is left: {self._why}")
        finally:
            with self._lock:
                self._calls -= 1
                for stream, batch in lot.batches.items():
                    batch.seat.streams.discard(stream)
                    self._ray.cancel(stream)

    def _hand_over(self, lot: _Lot) -> None:
        """Give the actors that are ready as many batches as they may hold, the idlest first."""
        awake = [seat for seat in self._seats if seat.awake]
        while lot.owed and awake:
            seat = min(awake, key=lambda seat: len(seat.streams))
            if len(seat.streams) >= self._depth:
                return
            indices = lot.owed.popleft()
            asked = [lot.requests[i] for i in indices]
            stream = seat.actor.work.options(num_returns="streaming").remote(lot.verb, asked)
            seat.streams.add(stream)
            lot.batches[stream] = _Batch(seat, indices, set(indices))

    def _heard(self, lot: _Lot, ready: Any) -> Iterator[tuple[int, Reply]]:
        """The replies in what Ray has ready. What a dead actor did not answer is owed again."""
        if ready not in lot.batches:
            with self._lock:
                self._woken(ready)
            return
        batch = lot.batches[ready]
        try:
            replies: list[tuple[int, Reply]] = self._ray.get(next(ready))
        except StopIteration:
            replies = []
            del lot.batches[ready]
            with self._lock:
                batch.seat.streams.discard(ready)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError as error:
            replies = []
            del lot.batches[ready]
            yield from self._lost(lot, batch, error)
        for j, reply in replies:
            batch.left.discard(batch.indices[j])
            yield batch.indices[j], reply

    def _lost(self, lot: _Lot, batch: _Batch, error: Exception) -> Iterator[tuple[int, Reply]]:
        with self._lock:
            # A batch that waited behind the one at which the actor died is not blamed.
            blamed = batch.seat.awake and batch.seat in self._seats
            if blamed:
                self._waking[batch.seat.wake()] = batch.seat
        for i in sorted(batch.left, reverse=True):
            lot.deaths[i] += blamed
            if lot.deaths[i] < TRIES:
                lot.owed.appendleft([i])
            else:
                yield i, _outage(f"its actor died {TRIES} times while it was asked: {_line(error)}")


def _outage(why: str) -> Reply:
    return Reply(finish="failed", error=why, outage=True)


def _line(error: Exception | None) -> str:
    """The first line of what Ray says, which goes on for many."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__


def cluster(address: str) -> Any:
    """Ray, connected to a cluster, or to one that it starts on this machine for this program alone: on loopback,
    without a dashboard and without statistics of use. Raises StumperError."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not address:
        # What makes Ray listen on loopback on Windows and macOS; elsewhere it would listen on every interface.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        import ray
    except ImportError as error:
        raise StumperError(
            "runtime.executor: ray needs the package ray: install it with pip install 'stumper[ray]'"
        ) from error
    if not ray.is_initialized():
        _reach(address)
        own: dict[str, Any] = {} if address else {"object_store_memory": STORE, "include_dashboard": False}
        try:
            # Without "local" it would join whatever cluster this machine happens to run.
            ray.init(address=address or "local", log_to_driver=False, logging_level="error", **own)
        except (ConnectionError, ValueError, RuntimeError, OSError) as error:
            where = NO_CLUSTER.format(address) if address else "Ray does not start here"
            token = "; if it asks for a token, set RAY_AUTH_MODE=token" if address else ""
            raise StumperError(f"{where}: {_line(error)}{token}") from error
    return ray


NO_CLUSTER = "no Ray cluster at {} (runtime.ray.address)"


def _reach(address: str) -> None:
    """Raises StumperError where nobody listens: Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    if host:
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise StumperError(f"{NO_CLUSTER.format(address)}: {error}") from error
