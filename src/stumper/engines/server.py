"""Any OpenAI-compatible endpoint (vLLM, llama.cpp's server, Ollama, hosted ones): POST {url}/chat/completions.

Every reply is hostile until read: whatever comes back ends as exactly one Reply, within the request's deadline.
"""

import json
import math
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, JsonValue, ValidationError

from stumper import forms, prompts
from stumper.engines import EngineRuntime, ModelSpec
from stumper.engines._endpoint import Endpoint, Fault, Late, Line
from stumper.errors import BadInput
from stumper.types import LETTERS, Form, JsonObject, OneOf, Reply, Request, Value, seed_for

TOP = 20
"""Log-probabilities asked for at a position: the most that OpenAI and an unconfigured vLLM give."""
UNWRITTEN = -100.0
"""Score of a letter that was not written, where the model can only be asked to write one (`letters: written`)."""
OUTAGES = 8
"""Calls of one batch that may come to nothing in a row before the rest of it is no longer asked."""


class Options(Value):
    """What `ModelSpec.options` may hold."""

    dialect: Literal["openai", "vllm", "llamacpp", "none"] = "openai"
    """How the endpoint is told the form of a reply. Ollama understands "openai"; "none" asks for it in words."""
    letters: Literal["scored", "written"] = "scored"
    body: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields added to every call, such as {"chat_template_kwargs": {"enable_thinking": false}}; null removes one."""


class Dialect(NamedTuple):
    filled: Callable[[Form], JsonObject]
    """Fields that make the reply a filled-in form."""
    picked: Callable[[Sequence[str]], JsonObject]
    """Fields that make the reply one of these texts."""
    continued: JsonObject | None
    """Fields that make the reply continue a last message of the assistant's; None where that is impossible."""


def _response_format(form: Form) -> JsonObject:
    schema = forms.schema(form)
    for name, field in schema["properties"].items():
        if "prefixItems" in field:
            # OpenAI knows lists of one kind only; the caller's validation knows the rest.
            items = {"type": "string"}
            schema["properties"][name] = {k: field[k] for k in ("type", "minItems", "maxItems")} | {"items": items}
    return {
        "response_format": {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}
    }


def grammar(form: Form) -> str:
    """A form in llama.cpp's grammar notation (GBNF).

    Not its JSON schema mode: that one allows free white space, in which small models run on until the tokens end.
    """
    return "root ::= " + " ".join(_gbnf(part) for part in forms.parts(form))


def _gbnf(part: str | forms.Slot) -> str:
    if isinstance(part, str):
        return json.dumps(part, ensure_ascii=False)
    if isinstance(part, OneOf):
        return _alternatives(part.options)
    blank = '" " ' if part.starts else ""
    return blank + r'[^"\\\x00-\x1F]' + f"{{1,{part.max_chars}}}"


def _alternatives(options: Sequence[str]) -> str:
    return "(" + " | ".join(json.dumps(option, ensure_ascii=False) for option in options) + ")"


_CONTINUED = {"continue_final_message": True, "add_generation_prompt": False}
_ECHOED = _CONTINUED | {"echo": True}
"""llama.cpp builds differ in whether the reply repeats the opening; the newer ones do what they are told."""

DIALECTS = {
    "openai": Dialect(_response_format, lambda _: {}, None),
    # The regular expression and not the schema, for vLLM's schema mode has the same free white space.
    "vllm": Dialect(
        lambda form: {"structured_outputs": {"regex": forms.regex(form)}},
        lambda options: {"structured_outputs": {"choice": list(options)}},
        _CONTINUED,
    ),
    "llamacpp": Dialect(
        lambda form: {"grammar": grammar(form)},
        lambda options: {"grammar": f"root ::= {_alternatives(options)}"},
        _ECHOED,
    ),
    "none": Dialect(lambda _: {}, lambda _: {}, None),
}


class Server:
    """A model behind an endpoint. `spec.model` is its name there; `runtime` has the URL, the key's variable, the load.

    `choose` scores single letters. A letter that is not among the TOP log-probabilities gets the lowest of those,
    which is more than it deserves.
    """

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        where = f"model {spec.name!r} (engine server)"
        if not spec.model:
            raise BadInput(f"{where}: give as model the name under which the endpoint lists it")
        if spec.adapter:
            raise BadInput(f"{where}: serve the adapter under a name of its own and give that as model, not adapter")
        try:
            self._options = Options.model_validate(spec.options)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in ("options", *first["loc"]))
            raise BadInput(f"{where}: {key}: {first['msg']}; options are {', '.join(Options.model_fields)}") from error
        self._dialect = DIALECTS[self._options.dialect]
        self._model = spec.model
        advice = {
            401: f"the key is refused; put the right one into the environment variable {_variable(runtime)}",
            403: f"the key in the environment variable {_variable(runtime)} has no right to use {spec.model!r}",
            404: f"no model {spec.model!r} at {_shown(runtime.url)}, or no API; see {_shown(runtime.url)}/models",
        }
        self._endpoint = Endpoint(_target(runtime.url, where), _key(runtime, where), runtime.concurrency, advice)

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        return self._replies(requests, self._write)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        return self._replies(requests, self._score if self._options.letters == "scored" else self._pick)

    def count_tokens(self, text: str) -> int | None:
        return None

    def close(self) -> None:
        self._endpoint.close()

    def _replies(
        self, requests: Sequence[Request], ask: Callable[[Line, Request, float | None], Awaitable[Reply]]
    ) -> Iterator[tuple[int, Reply]]:
        given = time.monotonic()
        outages = 0

        async def work(line: Line, index: int) -> Reply:
            nonlocal outages
            request = requests[index]
            ends = None if request.deadline is None else given + request.deadline
            try:
                async with line.turn(ends):
                    if outages >= OUTAGES:
                        return _failed(f"not asked, since {outages} calls in a row came to nothing", outage=True)
                    reply = await _settled(ask(line, request, ends))
                    outages = outages + 1 if reply.outage else 0
                    return reply
            except Fault as fault:
                return _failed(str(fault), outage=fault.outage)

        return self._endpoint.run(work, len(requests))

    async def _write(self, line: Line, request: Request, ends: float | None) -> Reply:
        body = self._body(request)
        form = request.form
        if form is not None:
            body |= self._dialect.filled(form)
            if self._options.dialect == "none":
                # Into the last message, for many chat templates refuse two of the user's in a row.
                body["messages"][-1]["content"] += f"\n\n{_in_words(form)}"
        elif request.opening:
            body |= self._continuing(body["messages"], request.opening)
        echoed = request.opening if body.get("echo") else ""
        reply = await self._ask(line, request, body, ends, lambda choice: {"text": _text(choice).removeprefix(echoed)})
        if form is not None and reply.finish != "failed" and (why := _no_object(reply.text)):
            cut = f"cut off after {request.sampling.max_tokens} tokens: " if reply.finish == "length" else ""
            return reply.model_copy(update={"finish": "failed", "error": cut + why})
        return reply

    async def _score(self, line: Line, request: Request, ends: float | None) -> Reply:
        letters = _letters(request)
        body = self._body(request) | self._dialect.picked(letters)
        if request.opening:
            body |= self._continuing(body["messages"], request.opening)
        body |= {"max_tokens": 1, "temperature": 0.0, "top_p": 1.0, "logprobs": True, "top_logprobs": TOP}
        scored = await self._ask(line, request, body, ends, lambda choice: {"scores": _scores(choice, letters)})
        return scored if scored.finish == "failed" else scored.model_copy(update={"finish": "stop"})

    async def _pick(self, line: Line, request: Request, ends: float | None) -> Reply:
        letters = _letters(request)
        form = prompts.answer_form(len(letters), reasoned=False)
        if request.opening not in ("", prompts.ANSWER_OPENING):
            raise Fault("a letter is written as the whole reply, not after an opening that holds more than its field")
        if letters != tuple(LETTERS[: len(letters)]):
            raise Fault(f"a written letter is one of {LETTERS[: len(letters)]}, not of {''.join(letters)}")
        reply = await self._write(line, request.model_copy(update={"form": form}), ends)
        if reply.finish == "failed":
            return reply
        answer = prompts.parse_answer(reply.text, len(letters))
        if isinstance(answer, str):
            return reply.model_copy(update={"finish": "failed", "error": answer})
        return reply.model_copy(update={"scores": tuple(0.0 if c == answer[0] else UNWRITTEN for c in letters)})

    def _body(self, request: Request) -> JsonObject:
        if not request.messages:
            raise Fault("the request has no messages")
        return {
            "model": self._model,
            "messages": [message.model_dump() for message in request.messages],
            "max_tokens": request.sampling.max_tokens,
            "temperature": request.sampling.temperature,
            "top_p": request.sampling.top_p,
            "seed": request.seed % 2**31,  # llama.cpp reads 32 bits
        }

    def _continuing(self, messages: list[JsonObject], opening: str) -> JsonObject:
        if self._dialect.continued is None:
            why = f"the dialect {self._options.dialect!r} cannot begin a reply with a given text"
            raise Fault(f"{why}; vllm and llamacpp can")
        return {"messages": [*messages, {"role": "assistant", "content": opening}], **self._dialect.continued}

    async def _ask(
        self,
        line: Line,
        request: Request,
        body: JsonObject,
        ends: float | None,
        read: Callable[[JsonObject], JsonObject],
    ) -> Reply:
        """The reply with what `read` makes of the first choice that came back. Raises Fault where none came."""
        body = {name: value for name, value in (body | self._options.body).items() if value is not None}
        payload, seconds = await line.call(body, ends, seed_for(request.seed, "retry"))
        usage = payload.get("usage")
        counts = usage if isinstance(usage, dict) else {}
        reply = Reply(
            prompt_tokens=_count(counts.get("prompt_tokens")),
            tokens=_count(counts.get("completion_tokens")),
            seconds=seconds,
        )
        try:
            choices = payload.get("choices")
            choice = choices[0] if isinstance(choices, list) and choices else None
            if not isinstance(choice, dict):
                raise Fault("the reply has no choices", outage=True)
            finish = "length" if choice.get("finish_reason") == "length" else "stop"
            return reply.model_copy(update={"finish": finish} | read(choice))
        except Fault as fault:
            return reply.model_copy(update={"finish": "failed", "error": str(fault), "outage": fault.outage})


ENGINE = Server


def _target(url: str, where: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(f"{where}: runtime.url must be the API's base, such as http://localhost:8000/v1")
    if parts.username or parts.password:
        raise BadInput(f"{where}: runtime.url must hold no password; name its variable in runtime.api_key_env")
    return parts._replace(path=parts.path.rstrip("/") + "/chat/completions", fragment="").geturl()


def _shown(url: str) -> str:
    """A URL without its query, which may hold a key."""
    return urlsplit(url)._replace(query="", fragment="").geturl().rstrip("/")


def _variable(runtime: EngineRuntime) -> str:
    return runtime.api_key_env or "that runtime.api_key_env names (it names none)"


def _key(runtime: EngineRuntime, where: str) -> str:
    if not runtime.api_key_env:
        return ""
    key = os.environ.get(runtime.api_key_env, "").strip()
    if not key:
        raise BadInput(f"{where}: the environment variable {runtime.api_key_env} (runtime.api_key_env) holds no key")
    if not (key.isascii() and key.isprintable()):
        raise BadInput(f"{where}: the environment variable {runtime.api_key_env} holds characters no key can have")
    return key


def _failed(why: str, *, outage: bool = False, seconds: float = 0.0) -> Reply:
    return Reply(finish="failed", error=why, outage=outage, seconds=seconds)


async def _settled(reply: Awaitable[Reply]) -> Reply:
    """The reply, which also stands for a call that came to nothing."""
    try:
        return await reply
    except Late as late:
        return Reply(finish="deadline", error=str(late), seconds=late.seconds)
    except Fault as fault:
        return _failed(str(fault), outage=fault.outage, seconds=fault.seconds)


def _in_words(form: Form) -> str:
    schema = json.dumps(forms.schema(form), ensure_ascii=False)
    return f"Reply with one JSON object and nothing else. It must follow this JSON schema: {schema}"


def _text(choice: JsonObject) -> str:
    message = choice.get("message")
    if not isinstance(message, dict):
        raise Fault("the reply has no message", outage=True)
    if choice.get("finish_reason") == "content_filter":
        raise Fault("the endpoint's content filter stopped the reply")
    if message.get("refusal"):
        raise Fault("the model refused to reply")
    text = message.get("content")
    if text is None:
        called = (
            "the model called a tool instead of writing" if message.get("tool_calls") else "the model wrote no text"
        )
        raise Fault(called)
    if not isinstance(text, str):
        raise Fault(f"the text of the reply is no string but {type(text).__name__}", outage=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Fault("the text of the reply is no valid Unicode") from None
    return text


def _no_object(text: str) -> str:
    """Why the text is not one JSON object; empty when it is."""
    try:
        filled = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"the reply is not one JSON object: {error}"
    return "" if isinstance(filled, dict) else f"the reply is not a JSON object but {type(filled).__name__}"


def _letters(request: Request) -> tuple[str, ...]:
    letters = request.continuations
    if not letters or any(len(letter) != 1 for letter in letters):
        raise Fault("an endpoint scores continuations of one letter only")
    return letters


def _scores(choice: JsonObject, letters: Sequence[str]) -> tuple[float, ...]:
    found: dict[str, float] = {}
    logprobs = choice.get("logprobs")
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    first = content[0] if isinstance(content, list) and content else None
    top = first.get("top_logprobs") if isinstance(first, dict) else None
    for entry in [first, *(top if isinstance(top, list) else [])]:
        if isinstance(entry, dict) and isinstance(entry.get("token"), str) and _is_number(entry.get("logprob")):
            # Rounding can lift a log-probability above 0, and one token may be told twice.
            found[entry["token"]] = max(min(float(entry["logprob"]), 0.0), found.get(entry["token"], -math.inf))
    if not found:
        raise Fault(
            "the endpoint gives no log-probabilities; with options.letters=written it is asked to write a letter"
        )
    if not any(letter in found for letter in letters):
        raise Fault(f"none of the letters {''.join(letters)} is among the {TOP} likeliest tokens")
    floor = min(found.values())
    return tuple(found.get(letter, floor) for letter in letters)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e6 < value < 1


def _count(value: Any) -> int:
    """A token count; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0
