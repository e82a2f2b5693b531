"""GGUF models on llama.cpp, in this process (package xllamacpp): the engine for a CPU.

Every request starts from an empty cache and reuses it within itself alone, so the same request and seed give the same
reply whatever was asked before; a prefix left by another request shifts log-probabilities by 0.1 to 0.4, because
llama.cpp computes short and long batches by different kernels. Requests run one after the other, and the clock of a
request starts when the engine takes it up.
"""

import math
import os
import random
import re
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from stumper import models
from stumper.engines import EngineRuntime, ModelSpec
from stumper.engines._chat import TRANSCRIPT_STOP, render, scored_part, scrub, shared
from stumper.engines._gguf import Header, read_header
from stumper.engines._loopback import Loopback, Refused
from stumper.engines._threads import wait_briefly
from stumper.errors import BadInput, StumperError
from stumper.forms import Slot, fill, slot_regex
from stumper.types import OneOf, Reply, Request, Text, seed_for

CONTEXT = 2048
"""Tokens of prompt and reply together, where the spec's options name no other `context`."""

CHUNK = 256
"""Tokens read at once: between two chunks llama.cpp notices that a connection is closed (0.3 s on two cores)."""

CLOSING = r'"(\]?[,}]?( ?"?)?)?'
"""What may follow a slot's content. Not the quote alone: models know it as one token with what comes after it (`",`),
and one that may not close its string runs on to the slot's cap."""

SEEN = 64
"""Next tokens whose log-probability one scoring step brings along; letters are usually among them."""

MARGIN = 0.03
"""Share of a deadline kept back to hand the reply over in time, at most `LONGEST_MARGIN` seconds."""

LONGEST_MARGIN = 0.05


class LlamaCpp:
    """`spec.model` is a reference to one GGUF file, `spec.adapter` a GGUF adapter; `spec.options`: `context`."""

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        path = _gguf_file(models.resolve(spec.model), spec.name)
        self._header = read_header(path)
        self._context = _context(spec, self._header.context_length)
        self._lock = threading.Lock()
        # The listener is open to every process of this machine: only who holds the key is served.
        key = secrets.token_hex(16)
        self._server: Any = _load(path, spec, self._context, runtime.threads or os.cpu_count() or 1, key)
        self._http = Loopback(self._server.listening_address, key)
        # Until its loop has run once, the server cannot be told to end: it would hang. And the first grammar indexes
        # the vocabulary, which takes seconds for a large one: too much for a request with a deadline.
        self._http.post("/completion", {"prompt": [0], "n_predict": 1, "grammar": _grammar(Text(max_chars=1))})

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            yield index, self._answer(request, _Call.fill_in if request.form else _Call.continue_freely)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Exact up to the arithmetic of the quantised model: each continuation's tokens are forced one by one and
        their log-probabilities, from the unaltered logits, are added up."""
        for index, request in enumerate(requests):
            yield index, self._answer(request, _Call.score_continuations)

    def count_tokens(self, text: str) -> int | None:
        return len(_tokens(self._http, text, special=False))

    def close(self) -> None:
        with self._lock:
            self._server = None

    def _answer(self, request: Request, work: "Callable[[_Call], None]") -> Reply:
        with self._lock:
            if self._server is None:
                return Reply(finish="failed", error="the engine is closed")
            call = _Call(self._http, self._header, self._context, request)
            try:
                work(call)
            except TimeoutError:
                call.finish = "deadline"
            except (BadInput, Refused) as error:
                return Reply(
                    finish="failed",
                    error=str(error),
                    outage=isinstance(error, Refused) and error.outage,
                    seconds=call.seconds,
                )
            return call.reply()


ENGINE = LlamaCpp


class _Call:
    """One request under way."""

    def __init__(self, http: Loopback, header: Header, context: int, request: Request) -> None:
        self._http = http
        self._header = header
        self._context = context
        self._request = request
        self._start = time.monotonic()
        limit = request.deadline
        self._until = None if limit is None else self._start + limit - min(limit * MARGIN, LONGEST_MARGIN)
        self._fresh = True
        self._prompt_tokens = 0
        self._written = 0
        self.text = ""
        self.scores: tuple[float, ...] = ()
        self.finish: Any = "stop"

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def reply(self) -> Reply:
        return Reply(
            text=self.text,
            finish=self.finish,
            prompt_tokens=self._prompt_tokens,
            tokens=self._written,
            seconds=self.seconds,
            scores=self.scores,
        )

    def continue_freely(self) -> None:
        stop = [] if self._header.template else [TRANSCRIPT_STOP]
        for piece in self._write(self._ids(), self._request.sampling.max_tokens, self._request.seed, {"stop": stop}):
            self.text += piece

    def fill_in(self) -> None:
        """Fill the form's slots one by one. Once time, tokens or context are used up, the rest stays empty."""
        form = self._request.form
        assert form is not None
        numbers = count()
        distinct: list[str] = []

        def write(text: str, slot: Slot) -> str:
            seed = seed_for(self._request.seed, "slot", next(numbers))
            if isinstance(slot, OneOf):
                return self._pick(text, slot, seed)
            grammar = _grammar(slot, distinct if slot.distinct else ())
            content = scrub("".join(self._fill(text, grammar, seed)), self._header.control)
            if slot.distinct:
                distinct.append(content)
            return content

        self.text = fill(form, write)

    def _pick(self, text: str, slot: OneOf, seed: int) -> str:
        try:
            scores = self._score(text, slot.options)
        except TimeoutError:
            self.finish = "deadline"
            return ""
        return slot.options[_draw(scores, self._request.sampling.temperature, seed)]

    def _fill(self, text: str, grammar: str, seed: int) -> Iterator[str]:
        """Pieces of a slot's content, the last with its closing quote, as far as time and tokens reach."""
        ids = self._ids(text)
        budget = min(self._request.sampling.max_tokens - self._written, self._context - len(ids))
        if budget <= 0:
            self.finish = "length"
            return
        try:
            yield from self._write(ids, budget, seed, {"grammar": grammar, "stop": ['"']})
        except TimeoutError:
            self.finish = "deadline"

    def score_continuations(self) -> None:
        self.scores = tuple(self._score("", self._request.continuations))

    def _ids(self, more: str = "") -> list[int]:
        ids = _tokens(self._http, self._prompt + more)
        if not self._prompt_tokens:
            self._prompt_tokens = len(ids)
            if len(ids) >= self._context:
                raise Refused(
                    f"the prompt has {len(ids)} tokens and the context {self._context}; raise the option context"
                )
        return ids

    @cached_property
    def _prompt(self) -> str:
        header = self._header
        bos = header.bos if header.template or header.adds_bos else ""
        return render(self._request.messages, header.template, bos, header.eos, self._request.opening, header.control)

    def _write(self, ids: Sequence[int], budget: int, seed: int, more: dict[str, Any]) -> Iterator[str]:
        """Pieces of text as they are sampled. Raises TimeoutError at the deadline."""
        sampling = self._request.sampling
        body = {
            **self._basics(ids, budget),
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            # Temperature first, as in transformers: llama.cpp's own order cuts before it warms.
            "samplers": ["temperature", "top_p"],
            # All 32 bits set would mean a random seed.
            "seed": seed & 0x7FFFFFFF,
            **more,
        }
        with closing(self._http.stream("/completion", body, self._until)) as events:
            for event in events:
                self._written += len(event.get("tokens", ()))
                yield event.get("content", "")
                if event.get("stop"):
                    self.finish = "length" if event.get("stop_type") == "limit" else self.finish
                    return

    def _basics(self, ids: Sequence[int], budget: int) -> dict[str, Any]:
        fresh, self._fresh = self._fresh, False
        return {"prompt": list(ids), "n_predict": budget, "cache_prompt": not fresh, "return_tokens": True}

    def _score(self, text: str, options: Sequence[str]) -> list[float]:
        """Log-probability of each option after prompt + text.

        Every scored token is computed alone, in a batch of one: read together with others it would come from another
        kernel, and options would gain or lose some tenths by which of them is scored first.
        """
        before = self._prompt + text
        prompt, targets = scored_part(self._ids(text), [_tokens(self._http, before + option) for option in options])
        if len(prompt) > 1:
            self._http.post("/completion", self._basics(prompt[:-1], 0), self._until)
        seen: dict[tuple[int, ...], dict[int, float]] = {}
        cached: Sequence[int] = ()

        def unseen(target: Sequence[int]) -> list[int]:
            return [i for i, t in enumerate(target) if t not in seen.get(tuple(target[:i]), ())]

        while missing := max(map(unseen, targets), key=len, default=[]):
            target = next(t for t in targets if unseen(t) == missing)
            first, end = min(missing[0], shared(cached, target) + 1), missing[-1] + 1
            for i, step in enumerate(self._force([*prompt, *target[:first]], target[first:end]), first):
                seen.setdefault(tuple(target[:i]), {}).update(step)
            # The token written last has not been read.
            cached = target[: end - 1]
        return [sum(seen[tuple(t[:i])][token] for i, token in enumerate(t)) for t in targets]

    def _force(self, ids: Sequence[int], target: Sequence[int]) -> list[dict[int, float]]:
        """Let the model write exactly `target`; for each of its tokens, log-probabilities of it and likely others."""
        body = {
            **self._basics(ids, len(target)),
            "temperature": 0,
            "samplers": ["temperature"],
            # GBNF: llguidance takes some tokens of Gemma's for others here, and then constrains nothing.
            "grammar": "root ::= " + " ".join(f"<[{token}]>" for token in target),
            "n_probs": SEEN,
        }
        answer = self._http.post("/completion", body, self._until)
        steps = answer.get("completion_probabilities", ())
        if answer.get("tokens") != list(target) or [step.get("id") for step in steps] != list(target):
            raise Refused("llama.cpp did not write the tokens it was to score")
        return [{p["id"]: p["logprob"] for p in [*step["top_logprobs"], step]} for step in steps]


def _grammar(slot: Text, unlike: Sequence[str] = ()) -> str:
    """The slot's content, neither blank nor one of `unlike` (case disregarded), and its end."""
    others = "|".join(re.escape(content.strip()).replace("/", r"\/") for content in ("", *unlike))
    return f"%llguidance {{}}\nstart: CONTENT /{CLOSING}/\nCONTENT: /{slot_regex(slot)}/ & ~/ *(?i:{others}) */\n"


def _draw(scores: Sequence[float], temperature: float, seed: int) -> int:
    if temperature == 0:
        return max(range(len(scores)), key=scores.__getitem__)
    highest = max(scores)
    weights = [math.exp((score - highest) / temperature) for score in scores]
    return random.Random(seed).choices(range(len(scores)), weights)[0]


def _tokens(http: Loopback, text: str, special: bool = True) -> list[int]:
    ids: list[int] = http.post("/tokenize", {"content": text, "add_special": False, "parse_special": special})["tokens"]
    return ids


def _gguf_file(path: Path, name: str) -> Path:
    files = sorted(path.glob("*.gguf")) if path.is_dir() else [path]
    if len(files) != 1 or files[0].suffix != ".gguf":
        raise BadInput(f"{name}: the llamacpp engine runs one GGUF file, and {path.name} is not one or has not one")
    return files[0]


def _context(spec: ModelSpec, longest: int | None) -> int:
    if unknown := set(spec.options) - {"context"}:
        raise BadInput(f"{spec.name}: the llamacpp engine has no option {min(unknown)!r}; it knows: context")
    context = spec.options.get("context", CONTEXT)
    longest = longest or sys.maxsize
    if not isinstance(context, int) or isinstance(context, bool) or not CHUNK <= context <= longest:
        raise BadInput(f"{spec.name}: the option context must be a whole number from {CHUNK} to {longest}")
    return context


def _load(path: Path, spec: ModelSpec, context: int, threads: int, key: str) -> Any:
    wait_briefly()
    try:
        import xllamacpp
    except ImportError as error:
        raise StumperError(
            "the llamacpp engine needs the package xllamacpp: install it with pip install 'stumper[cpu]'"
        ) from error
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context
    params.n_batch = params.n_ubatch = CHUNK
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    params.cache_ram_mib = 0
    # Models with a sliding window cannot go back to a shared beginning otherwise, and read it again in other batches.
    params.swa_full = True
    params.verbosity = -1
    if spec.adapter:
        if not Path(spec.adapter).is_file():
            raise BadInput(f"{spec.name}: no adapter file {spec.adapter}; the llamacpp engine takes a GGUF adapter")
        read_header(Path(spec.adapter))
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(spec.adapter, 1.0)]
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise StumperError(f"{spec.name}: llama.cpp cannot load {path.name}; is it a whole GGUF model?") from error
    finally:
        _restore_signals()


def _restore_signals() -> None:
    """Give Ctrl-C and SIGTERM back to Python: the server takes them for itself."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.getsignal(number))
