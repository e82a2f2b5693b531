"""Both agents of a model over HTTP: bounded in size, rate and time, and spoken to as OpenAI's API too.

One request at a time uses the model; what waits for it waits within its own limit, and what could not come in time is
refused at once, so that a full house is said and not felt.
"""

import asyncio
import hmac
import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pydantic import Field, ValidationError

from stumper import arena, prompts, puzzles
from stumper.agents import AnswerAgent, QuestionAgent
from stumper.arena import Entry, Rules
from stumper.errors import BadInput, StumperError
from stumper.types import JsonObject, Level, Question, Value

MOST_BODY = 64_000
"""Bytes of a request."""

WAITING = 32
"""Requests that may wait for the model."""

LEAST = 0.25
"""Share of a limit that must be left when a request's turn comes; otherwise it is refused."""


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, why: str, retry: float | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.retry = retry


class AskBody(Value):
    topic: str = ""
    """A puzzle family or a topic of the edition; empty: its first one."""
    level: Level | None = None
    seed: int | None = None
    deadline: float | None = Field(None, gt=0)
    """Seconds; at most the edition's limit."""


class ChatMessage(Value):
    role: str
    content: str


class Service:
    """The agents behind the routes."""

    def __init__(self, entry: Entry, rules: Rules, name: str, rate: float = 50.0) -> None:
        self._entry = entry
        self.rules = rules
        self.name = name
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._rate = rate
        self._allowance = rate
        self._counted = time.monotonic()

    def admit(self) -> None:
        """Raises Refused beyond `rate` requests a second, in bursts of a second's worth."""
        now = time.monotonic()
        self._allowance = min(self._rate, self._allowance + (now - self._counted) * self._rate)
        self._counted = now
        if self._allowance < 1:
            raise Refused(429, f"more than {self._rate:g} requests a second", 1.0)
        self._allowance -= 1

    async def ask(self, body: AskBody) -> JsonObject:
        """A question in the challenge's format. Raises Refused where none came in time."""
        titles = {topic.family: topic.title for topic in self.rules.topics}
        by_title = {topic.title: topic.family for topic in self.rules.topics}
        topic = by_title.get(body.topic, body.topic) or self.rules.topics[0].family
        if topic not in puzzles.families():
            raise Refused(400, f"no topic {body.topic[:80]!r}; there are: {', '.join(puzzles.families())}")
        title = titles.get(topic) or puzzles.family(topic).TITLE
        settings = self._entry.asker.settings

        def work(left: float) -> JsonObject:
            changed = settings.model_copy(update={"deadline": left, "level": body.level or settings.level})
            agent = QuestionAgent(self._entry.asker._patient, changed)
            delivery = arena.Delivery(
                innings=1,
                number=0,
                asker=self.name,
                answerer="",
                topic=topic,
                title=title,
                seed=secrets.randbits(63) if body.seed is None else body.seed,
            )
            asked = arena.ask(self.rules, delivery, Entry(self.name, agent, self._entry.answerer, self._count))
            if asked.question is None:
                raise Refused(504, f"no question was written in time: {(asked.problems or ('',))[-1][:200]}")
            return prompts.to_challenge(asked.question, title)

        return await self._in_turn(work, self.rules.question.seconds, body.deadline)

    @property
    def _count(self) -> Callable[[str], int | None]:
        return self._entry.count_tokens

    async def answer(self, question: Question, deadline: float | None = None) -> JsonObject:
        """An answer in the challenge's format."""
        if not question.choices:
            raise Refused(400, "a question needs choices to be answered")
        settings = self._entry.answerer.settings

        def work(left: float) -> JsonObject:
            agent = AnswerAgent(self._entry.answerer._patient, settings.model_copy(update={"deadline": left}))
            answer = agent.answer(question).answer
            if answer.outage:
                raise Refused(503, f"the model does not answer: {answer.error[:200]}", 5.0)
            return arena.hand_in(answer) | ({"guessed": True} if answer.fallback else {})

        return await self._in_turn(work, self.rules.answer.seconds, deadline)

    async def _in_turn(self, work: Callable[[float], JsonObject], limit: float, wanted: float | None) -> JsonObject:
        start = time.monotonic()
        limit = min(limit, wanted or limit)
        if self._waiting >= WAITING:
            raise Refused(503, f"{WAITING} requests are waiting for the model", limit)
        self._waiting += 1
        try:
            await asyncio.wait_for(self._turn.acquire(), limit * (1 - LEAST))
        except TimeoutError as error:
            raise Refused(503, "the model was busy for too long", limit) from error
        finally:
            self._waiting -= 1
        try:
            left = limit - (time.monotonic() - start)
            return await asyncio.get_running_loop().run_in_executor(None, partial(work, left))
        finally:
            self._turn.release()

    async def chat(self, body: Any) -> str:
        """The reply to a conversation of OpenAI's form: by the roles' own tags, or by a question in plain words."""
        if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
            raise Refused(400, '"messages" must be a list')
        if body.get("stream"):
            raise Refused(400, "replies are not streamed; leave stream out")
        try:
            messages = [ChatMessage.model_validate(m) for m in body["messages"]]
        except ValidationError as error:
            raise Refused(400, "each message needs role and content, both strings") from error
        last = next((m.content.strip() for m in reversed(messages) if m.role == "user"), "")
        if last.startswith(prompts.QUESTION_ROLE):
            asked = re.fullmatch(r"(.*?)(?:,\s*level\s*([1-5]))?", last.removeprefix(prompts.QUESTION_ROLE).strip())
            topic = asked[1] if asked else ""
            level: Any = int(asked[2]) if asked and asked[2] else None
            return json.dumps(await self.ask(AskBody(topic=topic, level=level)), ensure_ascii=False)
        question = _read(last.removeprefix(prompts.ANSWER_ROLE).strip())
        if question is None:
            wanted = f"{prompts.QUESTION_ROLE} TOPIC, or a question with its choices A) ... on lines of their own"
            raise Refused(400, f"this model writes and answers multiple-choice questions alone: say {wanted}")
        return json.dumps(await self.answer(question), ensure_ascii=False)


_LINE = re.compile(r"\(?([A-I])[).:]\s*(.+)")


def _read(text: str) -> Question | None:
    """A stem and, on the lines below it, its choices."""
    lines = text.splitlines()
    found = [_LINE.fullmatch(line.strip()) for line in lines]
    first = next((i for i, match in enumerate(found) if match), len(lines))
    choices = [match[2] for match in found[first:] if match]
    stem = "\n".join(lines[:first]).strip()
    if not stem or not 2 <= len(choices) <= 9 or len(choices) < sum(bool(line.strip()) for line in lines[first:]):
        return None
    return Question(topic="", stem=stem, choices=tuple(choices))


def application(service: Service, token: str, hosts: tuple[str, ...] = ("*",)) -> Any:
    """The ASGI application. `token`: what a request must bear; empty: nothing. Health needs none."""
    import prometheus_client as prometheus
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    registry = prometheus.CollectorRegistry()
    count = prometheus.Counter(
        "stumper_requests", "Requests by route and status.", ["route", "status"], registry=registry
    )
    took = prometheus.Histogram(
        "stumper_seconds", "Seconds of a request that was served.", ["route"], registry=registry
    )

    def route(name: str, work: Callable[[Any], Awaitable[JsonObject]]) -> Callable[[Any], Awaitable[Any]]:
        async def handle(request: Any) -> Any:
            start = time.monotonic()
            try:
                _authorise(request, token)
                service.admit()
                found, status, headers = await work(request), 200, {}
            except Refused as error:
                found, status = {"error": {"message": str(error), "type": "refused"}}, error.status
                headers = {"Retry-After": f"{error.retry:.0f}"} if error.retry else {}
            count.labels(name, str(status)).inc()
            if status == 200:
                took.labels(name).observe(time.monotonic() - start)
            return JSONResponse(found, status, headers)

        return handle

    async def ask(request: Any) -> JsonObject:
        body = await _body(request)
        try:
            return await service.ask(AskBody.model_validate(body or {}))
        except ValidationError as error:
            mistake = error.errors()[0]
            raise Refused(400, f"{'.'.join(map(str, mistake['loc'])) or 'body'}: {mistake['msg']}") from error

    async def answer(request: Any) -> JsonObject:
        body = await _body(request)
        deadline = body.pop("deadline", None) if isinstance(body, dict) else None
        if deadline is not None and not (isinstance(deadline, int | float) and deadline > 0):
            raise Refused(400, "deadline must be a number of seconds")
        shown = {k: body[k] for k in ("topic", "question", "choices") if k in body} if isinstance(body, dict) else body
        try:
            return await service.answer(prompts.from_challenge(shown), deadline)
        except BadInput as error:
            raise Refused(400, str(error)) from error

    async def chat(request: Any) -> JsonObject:
        body = await _body(request)
        text = await service.chat(body)
        said = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        words = " ".join(str(m.get("content")) for m in body["messages"])
        read, written = (service._count(part) or 0 for part in (words, text))
        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": "chat.completion", "created": int(time.time())}
        return head | {"model": service.name, "choices": [said], "usage": usage}

    async def models(_: Any) -> JsonObject:
        return {"object": "list", "data": [{"id": service.name, "object": "model", "owned_by": "stumper"}]}

    async def health(_: Any) -> Any:
        return JSONResponse({"status": "ok", "model": service.name, "rules": service.rules.edition})

    async def metrics(request: Any) -> Any:
        try:
            _authorise(request, token)
        except Refused as error:
            return JSONResponse({"error": {"message": str(error), "type": "refused"}}, error.status)
        return Response(prometheus.generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(
        routes=[
            Route("/ask", route("ask", ask), methods=["POST"]),
            Route("/answer", route("answer", answer), methods=["POST"]),
            Route("/v1/chat/completions", route("chat", chat), methods=["POST"]),
            Route("/v1/models", route("models", models), methods=["GET"]),
            Route("/health", health, methods=["GET"]),
            Route("/metrics", metrics, methods=["GET"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
    )


def _authorise(request: Any, token: str) -> None:
    if not token:
        return
    said = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not hmac.compare_digest(said.encode(), token.encode()):
        raise Refused(401, "send the token as Authorization: Bearer TOKEN")


async def _body(request: Any) -> Any:
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MOST_BODY:
            raise Refused(413, f"a request may have {MOST_BODY} bytes")
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError) as error:
        raise Refused(400, "the body is not JSON") from error


LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(service: Service, host: str, port: int, token: str, show: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM, and then finish what is under way. Elsewhere than on loopback a token is needed.

    Raises BadInput without one, StumperError without the packages.
    """
    if host not in LOOPBACK and not token:
        raise BadInput("on an address that others reach, set a token in the environment variable STUMPER_TOKEN")
    try:
        import prometheus_client  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise StumperError(
            "serving needs starlette, uvicorn and prometheus-client: pip install 'stumper[web]'"
        ) from error
    # On loopback a page in a browser could ask under a name of its own that leads here.
    hosts = LOOPBACK if host in LOOPBACK else ("*",)
    server = uvicorn.Server(
        uvicorn.Config(
            application(service, token, hosts),
            host=host,
            port=port,
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=int(service.rules.question.seconds) + 1,
        )
    )
    socket = server.config.bind_socket()
    show(f"http://{host}:{socket.getsockname()[1]}")
    try:
        server.run(sockets=[socket])
    except KeyboardInterrupt:
        return
