"""Any OpenAI-compatible endpoint (vLLM, llama.cpp's server, Ollama, hosted ones): POST {url}/chat/completions.

Every reply is hostile until read: whatever comes back ends as exactly one Reply, within the request's deadline.
"""

import json
import logging
import math
import os
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, JsonValue, ValidationError

from stumper import forms, prompts
from stumper.engines import EngineRuntime, ModelSpec
from stumper.engines._endpoint import Endpoint, Fault, Host, Late, Line, Turn
from stumper.errors import BadInput
from stumper.types import LETTERS, Form, FormField, JsonObject, Message, OneOf, Reply, Request, Value, seed_for

TOPS = (20, 5)
"""Log-probabilities asked for at a position: the most that OpenAI and an unconfigured vLLM give; then what the others
give."""
SAMPLES = 5
"""Letters drawn where an endpoint gives no log-probabilities."""
AGAIN = 2
"""How often a reply that is no filled-in form is sent back, where nothing but words holds the model to it."""
UNWRITTEN = -100.0
"""Score of a letter that was not written, where the model can only be asked to write one (`letters: written`)."""
OUTAGES = 8
"""Calls of one batch that may come to nothing in a row before the rest of it is no longer asked."""


_log = logging.getLogger(__name__)


class Options(Value):
    """What `ModelSpec.options` may hold."""

    dialect: Literal["auto", "vllm", "llamacpp", "guided", "openai", "none"] = "auto"
    """How the endpoint is told the form of a reply: "auto" finds out by small calls; "none" asks for it in words."""
    letters: Literal["auto", "scored", "sampled", "written"] = "auto"
    """How the letters of an answer are scored: by log-probabilities, by draws, or by one written letter; "auto" draws
    where there are no log-probabilities and the endpoint cannot continue a reply."""
    body: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields added to every call, such as {"chat_template_kwargs": {"enable_thinking": false}}; null removes one."""


class Dialect(NamedTuple):
    name: str
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
    # The regular expression and not the schema, for vLLM's schema mode has the same free white space.
    "vllm": Dialect(
        "vllm",
        lambda form: {"structured_outputs": {"regex": forms.regex(form)}},
        lambda options: {"structured_outputs": {"choice": list(options)}},
        _CONTINUED,
    ),
    "llamacpp": Dialect(
        "llamacpp",
        lambda form: {"grammar": grammar(form)},
        lambda options: {"grammar": f"root ::= {_alternatives(options)}"},
        _ECHOED,
    ),
    # What vLLM understood before 0.12, and some that follow it still do.
    "guided": Dialect(
        "guided",
        lambda form: {"guided_regex": forms.regex(form)},
        lambda options: {"guided_choice": list(options)},
        _CONTINUED,
    ),
    "openai": Dialect("openai", _response_format, lambda _: {}, None),
    "none": Dialect("none", lambda _: {}, lambda _: {}, None),
}
"""The strictest ones come first: that is the order in which an endpoint is tried."""

PROBE = Form(fields=(FormField(name="animal", content=OneOf(options=("quokka", "axolotl"))),))
"""What no model writes that is only told to greet."""


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
        self._model = spec.model
        advice = {
            401: f"the key is refused; put the right one into the environment variable {_variable(runtime)}",
            403: f"the key in the environment variable {_variable(runtime)} has no right to use {spec.model!r}",
            404: f"no model {spec.model!r} at {_shown(runtime.url)}, or no API; see {_shown(runtime.url)}/models",
        }
        urls = [_target(url, where) for url in (runtime.url, *runtime.urls)]
        self._endpoint = Endpoint(urls, _key(runtime, where), runtime.concurrency, advice, runtime.timeout)

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        return self._replies(requests, self._write)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        return self._replies(requests, self._score)

    def count_tokens(self, text: str) -> int | None:
        return None

    def close(self) -> None:
        self._endpoint.close()

    def _replies(
        self, requests: Sequence[Request], ask: Callable[["_Call"], Awaitable[Reply]]
    ) -> Iterator[tuple[int, Reply]]:
        given = time.monotonic()
        outages = 0

        async def work(line: Line, index: int) -> Reply:
            nonlocal outages
            request = requests[index]
            ends = None if request.deadline is None else given + request.deadline
            try:
                async with line.turn(ends) as turn:
                    if outages >= OUTAGES:
                        return _failed(f"not asked, since {outages} calls in a row came to nothing", outage=True)
                    reply = await _settled(ask(_Call(line, turn, request, ends)))
                    outages = outages + 1 if reply.outage else 0
                    return reply
            except Fault as fault:
                return _failed(str(fault), outage=fault.outage)

        return self._endpoint.run(work, len(requests))

    async def _write(self, call: "_Call") -> Reply:
        request, form = call.request, call.request.form

        def make(dialect: Dialect) -> JsonObject:
            body = self._body(request)
            if form is not None:
                body |= dialect.filled(form)
                if dialect.name == "none":
                    # Into the last message, for many chat templates refuse two of the user's in a row.
                    body["messages"][-1]["content"] += f"\n\n{_in_words(form)}"
            elif request.opening:
                body |= _continuing(dialect, body["messages"], request.opening)
            return body

        def read(choice: JsonObject, body: JsonObject) -> JsonObject:
            text = _text(choice)
            return {"text": text.removeprefix(request.opening) if form is None and body.get("echo") else text}

        reply = await self._ask(call, make, read)
        if form is None or reply.finish == "failed":
            return reply
        if (await self._dialect(call.line, call.turn.host)).name == "none":
            return await self._in_words(call, reply, form, make, read)
        if why := _no_object(reply.text):
            cut = f"cut off after {request.sampling.max_tokens} tokens: " if reply.finish == "length" else ""
            return reply.model_copy(update={"finish": "failed", "error": cut + why})
        return reply

    async def _in_words(
        self,
        call: "_Call",
        reply: Reply,
        form: Form,
        make: "Make",
        read: Callable[[JsonObject, JsonObject], JsonObject],
    ) -> Reply:
        """The object in a reply that nothing but words held to the form; where there is none, it is sent back."""
        for attempt in range(AGAIN + 1):
            text = _unfenced(reply.text)
            why = _no_object(text) or _unlike(text, form)
            if not why:
                return reply.model_copy(update={"text": text})
            if attempt == AGAIN or reply.finish == "length":
                break
            said = [
                {"role": "assistant", "content": reply.text or "-"},
                {"role": "user", "content": f"That does not fit: {why}. {_in_words(form)}"},
            ]

            def corrected(dialect: Dialect, said: list[JsonObject] = said) -> JsonObject:
                body = make(dialect)
                return body | {"messages": [*body["messages"], *said]}

            try:
                again = await self._ask(call, corrected, read)
            except Fault:
                break
            reply = _joined(again, reply)
            if again.finish == "failed":
                return reply
        cut = f"cut off after {call.request.sampling.max_tokens} tokens: " if reply.finish == "length" else ""
        return reply.model_copy(update={"finish": "failed", "error": cut + why})

    async def _score(self, call: "_Call") -> Reply:
        """Scores by what the endpoint gives: log-probabilities, or else draws."""
        manner = self._options.letters
        if manner == "written":
            return await self._pick(call, 1)
        if manner == "sampled":
            return await self._pick(call, SAMPLES)
        letters = _letters(call.request)
        dialect = await self._known_dialect(call)
        if dialect.continued is not None or (manner == "scored" and call.request.opening != prompts.ANSWER_OPENING):
            return await self._log_probabilities(call, letters, None)
        learnt = call.turn.host.learnt
        if manner == "auto" and (dialect.name == "none" or learnt.get("letters") == "sampled"):
            return await self._pick(call, SAMPLES)
        _answerable(call.request, letters)
        try:
            reply = await self._log_probabilities(call, letters, prompts.answer_form(len(letters), reasoned=False))
        except Fault as fault:
            if manner == "scored" or fault.status not in (400, 422):
                raise
            reply = _failed(str(fault))
        if manner == "scored" or reply.finish != "failed" or reply.outage:
            return reply
        learnt["letters"] = "sampled"
        return _joined(await self._pick(call, SAMPLES), reply)

    async def _log_probabilities(self, call: "_Call", letters: tuple[str, ...], form: Form | None) -> Reply:
        """Scores of the letters after the opening; with `form` at the letter's place in the filled-in form."""
        learnt = call.turn.host.learnt
        top = learnt.setdefault("top", TOPS[0])

        def make(dialect: Dialect) -> JsonObject:
            body = self._body(call.request)
            if form is None:
                body |= dialect.picked(letters)
                if call.request.opening:
                    if dialect.continued is None and self._options.dialect == "auto":
                        raise Fault("the call came to an endpoint that cannot continue a reply", outage=True)
                    body |= _continuing(dialect, body["messages"], call.request.opening)
                body |= {"max_tokens": 1}
            else:
                body |= dialect.filled(form)
            return body | {"temperature": 0.0, "top_p": 1.0, "logprobs": True, "top_logprobs": top}

        def read(choice: JsonObject, _: JsonObject) -> JsonObject:
            return {"scores": _scores(choice, letters, top, None if form is None else prompts.ANSWER_OPENING)}

        try:
            scored = await self._ask(call, make, read)
        except Fault as fault:
            if fault.status not in (400, 422) or "logprobs" not in str(fault) or top == TOPS[-1]:
                raise
            learnt["top"] = TOPS[-1]
            return await self._log_probabilities(call, letters, form)
        return scored if scored.finish == "failed" else scored.model_copy(update={"finish": "stop"})

    async def _pick(self, call: "_Call", draws: int) -> Reply:
        """The letter as the model writes it: once by the request's own sampling, or drawn several times.

        Of n draws, a letter that was drawn k times has the log of (k + 1/2) / (n + letters / 2).
        """
        request = call.request
        letters = _letters(request)
        _answerable(request, letters)
        form = prompts.answer_form(len(letters), reasoned=False)
        drawn: list[str] = []
        whole: Reply | None = None
        for draw in range(draws):
            asked = request.model_copy(update={"form": form})
            if draws > 1:
                sampling = request.sampling.model_copy(update={"temperature": 1.0, "top_p": 1.0})
                asked = asked.model_copy(update={"sampling": sampling, "seed": seed_for(request.seed, "letter", draw)})
            try:
                reply = await self._write(call._replace(request=asked))
            except Fault:
                if len(drawn) * 2 <= draws:
                    raise
                break  # what was drawn has been paid for, and is enough
            answer = prompts.parse_answer(reply.text, len(letters)) if reply.finish != "failed" else reply.error
            if not isinstance(answer, str):
                drawn.append(answer[0])
            elif reply.finish != "failed":
                reply = reply.model_copy(update={"finish": "failed", "error": answer})
            whole = _joined(reply, whole)
        assert whole is not None
        if not drawn:
            return whole
        whole = whole.model_copy(update={"finish": "stop", "error": ""})
        if draws == 1:
            return whole.model_copy(update={"scores": tuple(0.0 if c == drawn[0] else UNWRITTEN for c in letters)})
        n = len(drawn) + len(letters) / 2
        return whole.model_copy(update={"scores": tuple(math.log((drawn.count(c) + 0.5) / n) for c in letters)})

    async def _known_dialect(self, call: "_Call") -> Dialect:
        """The dialect at the endpoint whose turn it is; finding it out may move the call to another one."""
        if self._options.dialect == "auto" and "dialect" not in call.turn.host.learnt:
            seed = seed_for(call.request.seed, "retry")
            await call.line.insist(call.turn, lambda host: self._dialect(call.line, host), call.ends, seed)
        return await self._dialect(call.line, call.turn.host)

    async def _dialect(self, line: Line, host: Host) -> Dialect:
        """How this endpoint is told the form of a reply, found out once. Raises Fault where it does not answer."""
        if self._options.dialect != "auto":
            return DIALECTS[self._options.dialect]
        async with host.learning:
            if "dialect" not in host.learnt:
                host.learnt["dialect"] = await self._found(line, host)
        found: Dialect = host.learnt["dialect"]
        return found

    async def _found(self, line: Line, host: Host) -> Dialect:
        for dialect in DIALECTS.values():
            if dialect.name == "none":
                break
            body = self._body(Request(messages=(Message(role="user", content="Say hello."),)))
            body |= {"max_tokens": 512} | dialect.filled(PROBE)  # some models think first
            try:
                payload = await line.post(host, self._mended(body))
                text = _text(payload["choices"][0])
            except Fault as fault:
                # Many refuse fields they do not know, some by an error of their own.
                if fault.status in (400, 404, 422, 500, 501) or not fault.outage:
                    continue
                raise
            except (LookupError, TypeError, AttributeError):
                continue
            if not _no_object(text) and not _unlike(text, PROBE):
                _log.info("%s: forms are held by the dialect %s", _shown(host.url), dialect.name)
                return dialect
        _log.info("%s: nothing but words holds replies to a form", _shown(host.url))
        return DIALECTS["none"]

    def _body(self, request: Request) -> JsonObject:
        if not request.messages:
            raise Fault("the request has no messages")
        return {
            "model": self._model,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "max_tokens": request.sampling.max_tokens,
            "temperature": request.sampling.temperature,
            "top_p": request.sampling.top_p,
            "seed": request.seed % 2**31,  # llama.cpp reads 32 bits
        }

    def _mended(self, body: JsonObject) -> JsonObject:
        """The body with the fields that the user adds or removes."""
        body = body | self._options.body if self._options.body else body
        return {name: value for name, value in body.items() if value is not None}

    async def _ask(self, call: "_Call", make: "Make", read: Callable[[JsonObject, JsonObject], JsonObject]) -> Reply:
        """The reply with what `read` makes of the first choice that came back. Raises Fault where none came."""
        sent: JsonObject = {}

        async def compose(host: Host) -> JsonObject:
            nonlocal sent
            plain = call.request.form is None and not call.request.opening and not call.request.continuations
            sent = self._mended(make(DIALECTS["none"] if plain else await self._dialect(call.line, host)))
            return sent

        payload, seconds = await call.line.call(call.turn, compose, call.ends, seed_for(call.request.seed, "retry"))
        usage = payload.get("usage")
        counts = usage if isinstance(usage, dict) else {}
        fields: JsonObject = {
            "prompt_tokens": _count(counts.get("prompt_tokens")),
            "tokens": _count(counts.get("completion_tokens")),
            "seconds": seconds,
        }
        try:
            choices = payload.get("choices")
            choice = choices[0] if isinstance(choices, list) and choices else None
            if not isinstance(choice, dict):
                raise Fault("the reply has no choices", outage=True)
            finish = "length" if choice.get("finish_reason") == "length" else "stop"
            return Reply(**fields, **{"finish": finish} | read(choice, sent))
        except Fault as fault:
            return Reply(**fields, finish="failed", error=str(fault), outage=fault.outage)


class _Call(NamedTuple):
    """One request on its way."""

    line: Line
    turn: Turn
    request: Request
    ends: float | None
    """When the reply is needed (monotonic clock)."""


Make = Callable[[Dialect], JsonObject]


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


def _continuing(dialect: Dialect, messages: list[JsonObject], opening: str) -> JsonObject:
    if dialect.continued is None:
        why = f"the dialect {dialect.name!r} cannot begin a reply with a given text"
        raise Fault(f"{why}; vllm and llamacpp can")
    return {"messages": [*messages, {"role": "assistant", "content": opening}], **dialect.continued}


def _joined(last: Reply, earlier: Reply | None) -> Reply:
    """The last of several replies to one request, with what all of them took."""
    if earlier is None:
        return last
    return last.model_copy(
        update={
            "prompt_tokens": last.prompt_tokens + earlier.prompt_tokens,
            "tokens": last.tokens + earlier.tokens,
            "seconds": last.seconds + earlier.seconds,
        }
    )


def _answerable(request: Request, letters: tuple[str, ...]) -> None:
    """Raise Fault for what cannot be written as a whole reply."""
    if request.opening not in ("", prompts.ANSWER_OPENING):
        raise Fault("a letter is written as the whole reply, not after an opening that holds more than its field")
    if letters != tuple(LETTERS[: len(letters)]):
        raise Fault(f"a written letter is one of {LETTERS[: len(letters)]}, not of {''.join(letters)}")


def _unfenced(text: str) -> str:
    """The text without a Markdown fence around all of it."""
    found = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", text, re.DOTALL)
    return found.group(1) if found else text


def _unlike(text: str, form: Form) -> str:
    """What a JSON object lacks of the form; empty when it fits."""
    filled = json.loads(text)
    names = [field.name for field in form.fields]
    if list(filled) != names:
        return f"its fields must be {', '.join(names)}, in this order"
    for field in form.fields:
        value = filled[field.name]
        if isinstance(field.content, tuple):
            fits = (
                isinstance(value, list) and len(value) == len(field.content) and all(isinstance(v, str) for v in value)
            )
        elif isinstance(field.content, OneOf):
            fits = value in field.content.options
        else:
            fits = isinstance(value, str)
        if not fits:
            return f"{field.name} is none of the values that the schema allows"
    return ""


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


def _scores(choice: JsonObject, letters: Sequence[str], most: int, after: str | None) -> tuple[float, ...]:
    """Scores from the `most` log-probabilities of the first token, or of the letter that stands behind `after`."""
    found: dict[str, float] = {}
    logprobs = choice.get("logprobs")
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    at = _place(content, after) if isinstance(content, list) and after is not None else 0
    first = content[at] if isinstance(content, list) and 0 <= at < len(content) else None
    top = first.get("top_logprobs") if isinstance(first, dict) else None
    for entry in [first, *(top if isinstance(top, list) else [])]:
        if isinstance(entry, dict) and isinstance(entry.get("token"), str) and _is_number(entry.get("logprob")):
            # Rounding can lift a log-probability above 0, and one token may be told twice.
            token = entry["token"] if after is None else entry["token"].strip(' "')
            found[token] = max(min(float(entry["logprob"]), 0.0), found.get(token, -math.inf))
    if not found:
        raise Fault(
            "the endpoint gives no log-probabilities; with options.letters=sampled or written it is asked to write "
            "letters"
        )
    if not any(letter in found for letter in letters):
        raise Fault(f"none of the letters {''.join(letters)} is among the {most} likeliest tokens")
    floor = min(found.values())
    return tuple(found.get(letter, floor) for letter in letters)


def _place(content: list[Any], after: str) -> int:
    """The index of the token that holds the letter behind `after`, blanks disregarded; -1 where there is none."""
    wanted, text = re.sub(r"\s", "", after), ""
    for i, entry in enumerate(content):
        token = entry.get("token") if isinstance(entry, dict) else None
        if not isinstance(token, str):
            return -1
        before = text
        text += re.sub(r"\s", "", token)
        # Not only at the beginning: llama.cpp's tokens also hold a fence that the text leaves out.
        start = text.find(wanted)
        if start >= 0 and start + len(wanted) < len(text):
            return i if len(before) >= start + len(wanted) - 1 else -1
    return -1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e6 < value < 1


def _count(value: Any) -> int:
    """A token count; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0
