"""What a run's model calls took (tokens, money, seconds), read off their record; and the budget that stops it.

Money is tokens times the prices in `runtime.models.NAME.prices`: a changed price counts for calls of the past too.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from pydantic_core import from_json

from stumper.config import Budget, Config
from stumper.engines import Prices
from stumper.errors import BadInput, StumperError
from stumper.store import whole_lines
from stumper.types import Reply, Request

CHARS = 3
"""Characters that are taken for one token of a prompt before it is sent: fewer than English has, to be careful."""
AT_ONCE = 64
"""Calls that are handed to an engine in one go, at the least, while a budget of seconds runs."""


class BudgetSpent(StumperError):
    """The run stops because its budget says so."""


class Spent(NamedTuple):
    """The calls that one stage of a run made to one model. What was answered from the record costs nothing."""

    stage: str
    model: str
    calls: int = 0
    failed: int = 0
    """Of the calls: without a usable reply, though perhaps with tokens."""
    prompt_tokens: int = 0
    tokens: int = 0
    """Written by the model."""
    seconds: float = 0.0
    """Of all calls added up: 64 calls at a time for a minute are 64 minutes."""
    money: float | None = None
    """In the currency of the prices; None where none are stated."""

    def plus(self, other: "Spent") -> "Spent":
        """The sum, under this one's names. Unknown money counts as none beside money that is known."""
        money = None if self.money is None and other.money is None else (self.money or 0.0) + (other.money or 0.0)
        return self._replace(
            calls=self.calls + other.calls,
            failed=self.failed + other.failed,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            tokens=self.tokens + other.tokens,
            seconds=self.seconds + other.seconds,
            money=money,
        )


class Kept(Protocol):
    """What is asked of a run: where its calls are, which of them are its own, and the prices."""

    @property
    def config(self) -> Config: ...

    @property
    def artifacts(self) -> Path: ...

    @property
    def stages(self) -> Mapping[str, str]: ...


class _Call(NamedTuple):
    stage: str
    model: str
    at: float
    reply: Mapping[str, object]


def spent(run: Kept) -> tuple[Spent, ...]:
    """What each stage of the run spent on each model, in the order in which the stages began.

    Raises BadInput for a damaged record. Calls to authors that are no language model are counted like the others.
    """
    rows: dict[tuple[str, str], Spent] = {}
    begun: dict[str, float] = {}
    for call in _calls(run):
        key = (call.stage, call.model)
        begun[call.stage] = min(call.at, begun.get(call.stage, call.at))
        rows[key] = rows.get(key, Spent(*key)).plus(_cost(call, run.config.runtime.of(call.model).prices))
    return tuple(rows[key] for key in sorted(rows, key=lambda key: (begun[key[0]], key)))


def by_model(rows: Iterable[Spent]) -> dict[str, Spent]:
    """The rows of all stages added up for each model; `stage` is empty."""
    sums: dict[str, Spent] = {}
    for row in rows:
        sums[row.model] = sums.get(row.model, Spent("", row.model)).plus(row)
    return sums


def total(rows: Iterable[Spent]) -> Spent:
    """All rows in one; its names are empty."""
    whole = Spent("", "")
    for row in rows:
        whole = whole.plus(row)
    return whole


def money(prices: Prices | None, prompt_tokens: int, tokens: int) -> float | None:
    """What the tokens cost; None without prices."""
    return None if prices is None else (prompt_tokens * prices.input + tokens * prices.output) / 1e6


def _cost(call: _Call, prices: Prices | None) -> Spent:
    reply = call.reply
    prompt, tokens = _number(reply.get("prompt_tokens")), _number(reply.get("tokens"))
    return Spent(
        call.stage,
        call.model,
        1,
        int(reply.get("finish") not in ("stop", "length")),
        int(prompt),
        int(tokens),
        _number(reply.get("seconds")),
        money(prices, int(prompt), int(tokens)),
    )


def _calls(run: Kept) -> Iterator[_Call]:
    stages = {f"{stage}/{name}": stage for stage, name in run.stages.items()}
    for path in sorted((run.artifacts / "calls").glob("*.jsonl")):
        model = path.stem.rpartition("-")[0]
        for number, line in enumerate(whole_lines(path), start=1):
            try:
                entry = from_json(line, cache_strings="keys")
                stage = stages.get(entry["artefact"])
                if stage is not None:
                    yield _Call(stage, model, _number(entry["at"]), dict(entry["reply"]))
            except (ValueError, KeyError, TypeError) as error:
                raise BadInput(
                    f"{path}, line {number}: not a whole call; delete that line, the call is then made again"
                ) from error


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def busy(run: Kept) -> float:
    """Wall-clock seconds in which at least one call of the run was under way."""
    spans = sorted((call.at - _number(call.reply.get("seconds")), call.at) for call in _calls(run))
    seconds, until = 0.0, float("-inf")
    for start, end in spans:
        seconds += max(0.0, end - max(start, until))
        until = max(until, end)
    return seconds


class Meter:
    """What a run has spent of its budget and may still spend.

    A call is let through when the most that it can take is left, so that no call has to be broken off: tokens and
    money by the prompt's length and `max_tokens`, so some of the budget may stay unspent. What an endpoint bills for
    calls that it never answered is not known here.
    """

    def __init__(self, budget: Budget, so_far: Spent, seconds: float) -> None:
        """`so_far`: of the run's earlier sittings and stages. `seconds`: wall clock, see `busy`."""
        self._budget = budget
        self._spent = so_far
        self._seconds = seconds
        self._begun: float | None = None
        self._here = 0
        self._lock = threading.Lock()

    @classmethod
    def of(cls, run: Kept) -> "Meter | None":
        """The meter of a run as it stands; None for one without a budget."""
        budget = run.config.runtime.budget
        return None if budget == Budget() else cls(budget, total(spent(run)), busy(run) if budget.seconds else 0.0)

    @property
    def seconds(self) -> float:
        """Wall-clock seconds that the calls have taken."""
        return self._seconds + (time.monotonic() - self._begun if self._begun is not None else 0.0)

    def admit(self, requests: Sequence[Request], prices: Prices | None) -> int:
        """How many of the requests, from the first, may be asked now. Raises BudgetSpent when it is none."""
        with self._lock:
            if self._begun is None:
                self._begun = time.monotonic()
            tokens, cost, n = self._spent.prompt_tokens + self._spent.tokens, self._spent.money or 0.0, 0
            most = self._most(len(requests))
            for request in requests[:most]:
                prompt = (sum(len(m.content) for m in request.messages) + len(request.opening)) // CHARS
                tokens += prompt + request.sampling.max_tokens
                cost += money(prices, prompt, request.sampling.max_tokens) or 0.0
                if _over(tokens, self._budget.tokens) or _over(cost, self._budget.money):
                    break
                n += 1
            if not n:
                raise BudgetSpent(self._sentence(most))
            return n

    def _most(self, n: int) -> int:
        """How many of n calls the budgets of calls and seconds leave."""
        if self._budget.calls is not None:
            n = min(n, max(0, self._budget.calls - self._spent.calls))
        if self._budget.seconds is not None:
            here = time.monotonic() - (self._begun or 0.0)
            left = self._budget.seconds - self.seconds
            n = min(n, max(AT_ONCE, int(left * self._here / here) if here > 0 else 0)) if left > 0 else 0
        return n

    def _sentence(self, most: int) -> str:
        b, s = self._budget, self._spent
        used = s.prompt_tokens + s.tokens
        if b.calls is not None and s.calls >= b.calls:
            said = f"calls={b.calls} is spent ({s.calls} calls were made)"
        elif not most:
            said = f"seconds={b.seconds:g} is spent (the calls took {self.seconds:.0f} s)"
        elif b.money is not None and (b.tokens is None or used < b.tokens) and (s.money or 0.0) > 0:
            said = f"money={b.money:g} does not cover the next call ({s.money:.4f} spent)"
        elif b.tokens is not None:
            said = f"tokens={b.tokens} does not cover the next call ({used} spent)"
        else:
            said = f"money={b.money:g} does not cover the next call ({s.money or 0.0:.4f} spent)"
        return f"the budget runtime.budget.{said}; raise it and run the same command again, all that was made is kept"

    def note(self, reply: Reply, prices: Prices | None) -> None:
        """Count a call that has come back."""
        with self._lock:
            self._here += 1
            cost = money(prices, reply.prompt_tokens, reply.tokens)
            one = Spent("", "", 1, 0, reply.prompt_tokens, reply.tokens, reply.seconds, cost)
            self._spent = self._spent.plus(one)


def _over(value: float, limit: float | None) -> bool:
    return limit is not None and value > limit
