"""The engine for endpoints, against a mock on loopback that misbehaves in every way that endpoints do."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from endpoints import Mock, completion

from stumper import forms, prompts
from stumper.engines import EngineRuntime, ModelSpec, _endpoint, open_engine
from stumper.engines.server import OUTAGES, UNWRITTEN, grammar
from stumper.errors import BadInput, StumperError
from stumper.types import Message, OneOf, Request, Sampling

SLACK = 0.75
"""Seconds by which a busy machine may be late."""

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def serve():
    mocks = []

    def start(behave):
        if not callable(behave):
            answer = behave

            async def behave(request, n):
                return web.json_response(answer)

        mocks.append(Mock(behave))
        return mocks[-1]

    yield start
    for mock in mocks:
        mock.stop()


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(_endpoint, "FIRST_WAIT", 0.01)


@contextmanager
def engine(url, *, concurrency=32, api_key_env="", urls=(), timeout=200, **options):
    options = {"dialect": "openai"} | options
    spec = ModelSpec(name="teacher", engine="server", model="some-model", options=options)
    runtime = EngineRuntime(url=url, urls=urls, concurrency=concurrency, api_key_env=api_key_env, timeout=timeout)
    opened = open_engine(spec, runtime)
    try:
        yield opened
    finally:
        opened.close()


def ask(content="2 + 2?", **fields):
    return Request(messages=(Message(role="user", content=content),), **fields)


def one(opened, request=None):
    [(index, reply)] = opened.generate([request or ask()])
    assert index == 0
    return reply


LETTER = prompts.answer_form(4, reasoned=False)
SCORED = {"opening": prompts.ANSWER_OPENING, "continuations": ("A", "B", "C", "D")}


# What is asked


def test_a_call_carries_model_prompt_and_sampling(serve):
    mock = serve(completion())
    with engine(mock.url) as opened:
        reply = one(opened, ask(sampling=Sampling(temperature=0.8, top_p=0.9, max_tokens=77), seed=2**40 + 5))
    assert (reply.text, reply.finish, reply.prompt_tokens, reply.tokens) == ("four", "stop", 11, 3)
    assert 0 < reply.seconds < 5
    [body] = mock.bodies
    assert body == {
        "model": "some-model",
        "messages": [{"role": "user", "content": "2 + 2?"}],
        "max_tokens": 77,
        "temperature": 0.8,
        "top_p": 0.9,
        "seed": 5,
    }


def test_options_body_adds_and_removes_fields(serve):
    mock = serve(completion())
    template = {"enable_thinking": False}
    with engine(mock.url, body={"chat_template_kwargs": template, "top_p": None}) as opened:
        one(opened)
    assert mock.bodies[0]["chat_template_kwargs"] == template
    assert "top_p" not in mock.bodies[0]


def test_the_key_goes_into_the_header_alone(serve, monkeypatch, caplog):
    monkeypatch.setenv("TEACHER_KEY", KEY)

    async def parrot(request, n):
        return web.json_response({"error": {"message": f"bad request by {KEY}"}}, status=400)

    mock = serve(parrot)
    with caplog.at_level("DEBUG"), engine(mock.url, api_key_env="TEACHER_KEY") as opened:
        reply = one(opened)
        assert KEY not in repr(opened) + repr(vars(opened))
    assert mock.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(mock.bodies)
    assert KEY not in caplog.text
    assert reply.error == "HTTP 400: bad request by ***"


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_reported_with_its_variable_and_none_of_it(serve, monkeypatch, status):
    monkeypatch.setenv("TEACHER_KEY", KEY)

    async def refuse(request, n):
        return web.json_response({"error": {"message": f"no such key {KEY[:9]}..."}}, status=status)

    mock = serve(refuse)
    with engine(mock.url, api_key_env="TEACHER_KEY") as opened:
        reply = one(opened)
    assert (reply.finish, reply.outage, mock.calls) == ("failed", True, 1)
    assert "TEACHER_KEY" in reply.error
    assert KEY[:9] not in reply.error


def test_an_unknown_model_is_reported_with_its_name_and_the_url(serve):
    async def unknown(request, n):
        return web.json_response({"error": {"message": "not found"}}, status=404)

    mock = serve(unknown)
    with engine(mock.url) as opened:
        reply = one(opened)
    assert (reply.finish, mock.calls) == ("failed", 1)
    assert "some-model" in reply.error
    assert mock.url in reply.error


@pytest.mark.parametrize(
    ("spec", "runtime", "told"),
    [
        ({}, {"url": ""}, "runtime.url"),
        ({}, {"url": "localhost:8000"}, "runtime.url"),
        ({}, {"url": "http://me:pw4711@localhost/v1"}, "api_key_env"),
        ({"model": ""}, {}, "model"),
        ({"adapter": "path:adapter"}, {}, "adapter"),
        ({"options": {"dialect": "klingon"}}, {}, "options.dialect"),
        ({"options": {"dialekt": "vllm"}}, {}, "options.dialekt"),
        ({}, {"api_key_env": "NO_SUCH_VARIABLE"}, "NO_SUCH_VARIABLE"),
        ({}, {"api_key_env": "BROKEN_KEY"}, "BROKEN_KEY"),
    ],
)
def test_a_spec_that_cannot_work_is_refused_by_its_key(monkeypatch, spec, runtime, told):
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)
    monkeypatch.setenv("BROKEN_KEY", "abc\r\nX-Evil: 1")
    spec = {"name": "teacher", "engine": "server", "model": "m"} | spec
    with pytest.raises(BadInput, match=re.escape(told)) as caught:
        open_engine(ModelSpec(**spec), EngineRuntime(**{"url": "http://127.0.0.1:9/v1"} | runtime))
    assert "X-Evil" not in str(caught.value)
    assert "pw4711" not in str(caught.value)


# Forms, openings, letters


def filled(form):
    return forms.fill(
        form, lambda _, slot: slot.options[1] if isinstance(slot, OneOf) else f"{' ' * bool(slot.starts)}x"
    )


def test_the_openai_dialect_sends_a_strict_schema_with_lists_of_one_kind(serve):
    form = prompts.question_form("Blood relations")
    mock = serve(completion(filled(form)))
    with engine(mock.url) as opened:
        reply = one(opened, ask(form=form))
    assert reply.text == filled(form)
    sent = mock.bodies[0]["response_format"]
    assert (sent["type"], sent["json_schema"]["strict"]) == ("json_schema", True)
    schema = sent["json_schema"]["schema"]
    assert schema["required"] == [field.name for field in form.fields]
    assert schema["properties"]["choices"] == {
        "type": "array",
        "minItems": 4,
        "maxItems": 4,
        "items": {"type": "string"},
    }


def test_the_vllm_dialect_sends_an_expression_that_the_filled_form_matches(serve):
    form = prompts.question_form("Blood relations")
    mock = serve(completion(filled(form)))
    with engine(mock.url, dialect="vllm") as opened:
        one(opened, ask(form=form))
    assert re.fullmatch(mock.bodies[0]["structured_outputs"]["regex"], filled(form))


def test_the_llamacpp_dialect_sends_a_grammar_without_free_white_space(serve):
    form = prompts.answer_form(3, reasoned=True)
    mock = serve(completion(filled(form)))
    with engine(mock.url, dialect="llamacpp") as opened:
        one(opened, ask(form=form))
    assert mock.bodies[0]["grammar"] == grammar(form)
    slot = r'[^"\\\x00-\x1F]{1,320}'
    assert grammar(form).split(" ", 2)[:2] == ["root", "::="]
    assert grammar(form).endswith(slot + r' "\"" ", \"answer\": " "\"" ("A" | "B" | "C") "\"" "}"')


def test_without_a_dialect_the_form_is_asked_for_in_words(serve):
    mock = serve(completion(filled(LETTER)))
    with engine(mock.url, dialect="none") as opened:
        one(opened, ask(form=LETTER))
    [body] = mock.bodies
    assert "response_format" not in body
    assert json.dumps(forms.schema(LETTER)) in body["messages"][-1]["content"]


@pytest.mark.parametrize("text", ["The answer is B.", '["B"]', '{"answer": "B"} because', "```json\n{}\n```", ""])
def test_a_text_that_is_not_one_object_is_the_models_failure(serve, text):
    mock = serve(completion(text))
    with engine(mock.url) as opened:
        reply = one(opened, ask(form=LETTER))
    assert (reply.finish, reply.outage, reply.text) == ("failed", False, text)
    assert "JSON" in reply.error
    assert mock.calls == 1


def test_an_object_cut_off_by_max_tokens_says_so(serve):
    mock = serve(completion('{"answer": "', finish_reason="length"))
    with engine(mock.url) as opened:
        reply = one(opened, ask(form=LETTER, sampling=Sampling(max_tokens=4)))
    assert reply.error.startswith("cut off after 4 tokens")


@pytest.mark.parametrize(("dialect", "echo"), [("vllm", ""), ("llamacpp", ""), ("llamacpp", "Sum: ")])
def test_an_opening_is_continued_and_left_out_of_the_text(serve, dialect, echo):
    mock = serve(completion(f"{echo}4"))
    with engine(mock.url, dialect=dialect) as opened:
        assert one(opened, ask(opening="Sum: ")).text == "4"
    [body] = mock.bodies
    assert body["messages"][-1] == {"role": "assistant", "content": "Sum: "}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)


def test_an_opening_is_refused_where_the_endpoint_cannot_continue_it(serve):
    mock = serve(completion())
    with engine(mock.url) as opened:
        reply = one(opened, ask(opening="Sum:"))
    assert (reply.finish, reply.outage, mock.calls) == ("failed", False, 0)
    assert "openai" in reply.error


def logprobs(**top):
    entries = [{"token": token, "logprob": value} for token, value in top.items()]
    return {"logprobs": {"content": [{**entries[0], "top_logprobs": entries}]}}


def scores(opened, **fields):
    [(_, reply)] = opened.choose([ask(**SCORED | fields)])
    return reply


def test_letters_are_scored_by_one_token_and_absent_ones_get_the_lowest_score(serve):
    mock = serve(completion("B", **logprobs(B=-0.1, A=-2.5, the=-4.0, C=-3.0)))
    with engine(mock.url, dialect="vllm") as opened:
        reply = scores(opened)
    assert reply.scores == (-2.5, -0.1, -3.0, -4.0)
    [body] = mock.bodies
    assert (body["max_tokens"], body["logprobs"], body["top_logprobs"]) == (1, True, 20)
    assert body["messages"][-1] == {"role": "assistant", "content": prompts.ANSWER_OPENING}
    assert body["structured_outputs"] == {"choice": ["A", "B", "C", "D"]}


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"logprobs": None},
        {"logprobs": {"content": []}},
        {"logprobs": {"content": [{"token": "A", "logprob": None, "top_logprobs": "many"}]}},
        {"logprobs": {"content": [{"token": "A", "logprob": 10**400}]}},
        logprobs(the=-0.1, a=-3.0),
    ],
)
def test_scores_are_never_invented(serve, choice):
    mock = serve(completion("B", **choice))
    with engine(mock.url, dialect="vllm") as opened:
        reply = scores(opened)
    assert (reply.finish, reply.scores, reply.outage) == ("failed", (), False)
    assert reply.error


def test_letters_can_be_taken_as_written_where_the_user_says_so(serve):
    mock = serve(completion('{"answer": "C"}'))
    with engine(mock.url, letters="written") as opened:
        assert scores(opened).scores == (UNWRITTEN, UNWRITTEN, 0.0, UNWRITTEN)
        assert scores(opened, opening='{"reasoning": "long", "answer": "').finish == "failed"
    assert "response_format" in mock.bodies[0]


def test_continuations_of_more_than_one_letter_are_refused(serve):
    mock = serve(completion())
    with engine(mock.url, dialect="vllm") as opened:
        reply = scores(opened, continuations=("aunt", "uncle"))
    assert (reply.finish, mock.calls) == ("failed", 0)


# Misbehaviour


def body_of(content, status=200, content_type="application/json", headers=None):
    async def behave(request, n):
        return web.Response(body=content, status=status, content_type=content_type, headers=headers)

    return behave


async def reset(request, n):
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"choices": [')
    request.transport.abort()
    return response


async def endless(request, n):
    response = web.StreamResponse(headers={"Content-Length": str(40 * 2**20)})
    await response.prepare(request)
    try:
        for _ in range(40):
            await response.write(b" " * 2**20)
    except ConnectionError:
        pass
    return response


async def drip(request, n):
    response = web.StreamResponse()
    await response.prepare(request)
    for byte in json.dumps(completion()):
        await response.write(byte.encode())
        await asyncio.sleep(0.1)
    return response


async def slow(request, n):
    await asyncio.sleep(30)


def as_json(value):
    return body_of(json.dumps(value).encode())


ONCE, BOUND = 1, _endpoint.ATTEMPTS

MISBEHAVIOUR = {
    "errors for ever": (body_of(b"oops", 500), BOUND, True),
    "gateway's web page": (body_of(b"<html>502</html>", 502, "text/html"), BOUND, True),
    "overloaded": (body_of(b"", 429), BOUND, True),
    "web page": (body_of(b"<!doctype html><h1>Log in</h1>", content_type="text/html"), ONCE, True),
    "half a JSON": (body_of(b'{"choices": [{"mess'), BOUND, True),
    "empty": (body_of(b""), BOUND, True),
    "deep": (body_of(b"[" * 100_000), BOUND, True),
    "no JSON object": (as_json([1, 2]), ONCE, True),
    "no choices": (as_json({}), ONCE, True),
    "empty choices": (as_json({"choices": []}), ONCE, True),
    "choice of a wrong type": (as_json({"choices": ["four"]}), ONCE, True),
    "no message": (as_json({"choices": [{}]}), ONCE, True),
    "content of a wrong type": (as_json(completion(4)), ONCE, True),
    "content null": (as_json(completion(None)), ONCE, False),
    "tool call": (as_json({"choices": [{"message": {"content": None, "tool_calls": [{}]}}]}), ONCE, False),
    "refusal": (as_json({"choices": [{"message": {"content": None, "refusal": "no"}}]}), ONCE, False),
    "half a character": (body_of(b'{"choices": [{"message": {"content": "\\ud800"}}]}'), ONCE, False),
    "filtered": (as_json(completion("x", finish_reason="content_filter")), ONCE, False),
    "error in a sound reply": (as_json({"error": {"message": "upstream", "code": 502}}), BOUND, True),
    "40 MB": (endless, ONCE, True),
    "reset mid-body": (reset, BOUND, True),
    "compressed": (body_of(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), ONCE, True),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_misbehaviour_ends_as_one_failed_reply_after_a_bounded_number_of_calls(serve, name):
    behave, calls, outage = MISBEHAVIOUR[name]
    mock = serve(behave)
    with engine(mock.url) as opened:
        start = time.monotonic()
        reply = one(opened, ask(deadline=5))
    assert time.monotonic() - start < 5 + SLACK
    assert (reply.finish, reply.text, reply.outage) == ("failed", "", outage)
    assert reply.error
    assert reply.error.isprintable()
    assert mock.calls == calls


def test_what_a_failed_reply_has_cost_is_counted(serve):
    mock = serve(completion(None))
    with engine(mock.url) as opened:
        reply = one(opened)
    assert (reply.finish, reply.prompt_tokens, reply.tokens) == ("failed", 11, 3)
    assert reply.seconds > 0


@pytest.mark.parametrize("status", [400, 422])
def test_a_bad_request_is_not_repeated_and_quotes_the_reason(serve, status):
    mock = serve(body_of(b'{"error": {"message": "context is \\u001b[31m too long"}}', status))
    with engine(mock.url) as opened:
        reply = one(opened)
    assert (reply.error, reply.outage, mock.calls) == (f"HTTP {status}: context is [31m too long", False, 1)


@pytest.mark.parametrize(
    "usage", [None, "many", {"prompt_tokens": -4, "completion_tokens": "3"}, {"prompt_tokens": 9e99}]
)
def test_unusable_token_counts_are_counted_as_none(serve, usage):
    mock = serve(completion() | {"usage": usage})
    with engine(mock.url) as opened:
        reply = one(opened)
    assert (reply.text, reply.prompt_tokens, reply.tokens) == ("four", 0, 0)


@pytest.mark.parametrize("behave", [slow, drip])
def test_a_slow_endpoint_is_left_at_the_deadline(serve, behave):
    mock = serve(behave)
    with engine(mock.url) as opened:
        start = time.monotonic()
        reply = one(opened, ask(deadline=0.4))
        took = time.monotonic() - start
    assert 0.4 <= took < 0.4 + SLACK
    assert (reply.finish, reply.outage, reply.text) == ("deadline", False, "")
    assert 0.3 < reply.seconds < 0.4 + SLACK
    assert mock.calls == 1


def test_time_lost_to_an_outage_is_not_the_models(serve):
    async def fails_then_hangs(request, n):
        return web.Response(status=500) if n == 1 else await slow(request, n)

    mock = serve(fails_then_hangs)
    with engine(mock.url) as opened:
        reply = one(opened, ask(deadline=0.4))
    assert (reply.finish, reply.outage) == ("failed", True)
    assert "HTTP 500" in reply.error


def test_a_call_without_a_deadline_ends_too(serve, monkeypatch):
    monkeypatch.setattr(_endpoint, "CALL_SECONDS", 0.3)
    mock = serve(slow)
    with engine(mock.url) as opened:
        start = time.monotonic()
        reply = one(opened)
    assert time.monotonic() - start < 0.3 + SLACK
    assert (reply.finish, reply.outage) == ("failed", True)


def test_a_closed_port_is_an_outage_within_the_deadline(serve):
    mock = serve(completion())
    mock.stop()
    mock.stop = lambda: None
    with engine(mock.url) as opened:
        start = time.monotonic()
        reply = one(opened, ask(deadline=2))
    assert time.monotonic() - start < 2 + SLACK
    assert (reply.finish, reply.outage) == ("failed", True)
    assert "connection" in reply.error


def test_a_redirect_is_not_followed(serve):
    other = serve(completion())
    mock = serve(body_of(b"", 307, headers={"Location": f"{other.url}/chat/completions"}))
    with engine(mock.url) as opened:
        reply = one(opened)
    assert (reply.finish, mock.calls, other.calls) == ("failed", 1, 0)
    assert other.url in reply.error


def test_errors_that_pass_are_retried(serve):
    async def recovers(request, n):
        return web.json_response(completion()) if n == 4 else web.Response(status=(500, 503, 408)[n - 1])

    mock = serve(recovers)
    with engine(mock.url) as opened:
        assert one(opened).text == "four"
    assert mock.calls == 4


@pytest.mark.parametrize("form", ["0.4", "date"])
def test_retry_after_is_kept(serve, form):
    times = []

    async def later(request, n):
        times.append(time.monotonic())
        if n == 2:
            return web.json_response(completion())
        # A date counts whole seconds, so that one two seconds ahead is at least one away.
        after = form if form != "date" else format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        return web.Response(status=429, headers={"Retry-After": after})

    mock = serve(later)
    with engine(mock.url) as opened:
        assert one(opened, ask(deadline=8)).text == "four"
    assert times[1] - times[0] >= (0.4 if form != "date" else 0.9)


def test_a_retry_that_would_miss_the_deadline_is_not_waited_for(serve):
    mock = serve(body_of(b"busy", 429, headers={"Retry-After": "3600"}))
    with engine(mock.url) as opened:
        start = time.monotonic()
        reply = one(opened, ask(deadline=5))
    assert time.monotonic() - start < SLACK
    assert (reply.outage, mock.calls) == (True, 1)


@pytest.mark.parametrize("header", ["", "soon", "-5", "nan", "inf", "1e400", "Mon, 99 Foo 99999 99:99:99 GMT"])
def test_an_unreadable_retry_after_is_no_wait(header):
    assert _endpoint._seconds(header) == 0.0


def test_jitter_is_seeded():
    assert list(_endpoint._waits(1)) == list(_endpoint._waits(1)) != list(_endpoint._waits(2))


# Load


def test_64_calls_in_flight_all_come_back(serve):
    async def echo(request, n):
        body = await request.json()
        await asyncio.sleep(0.02)
        return web.json_response(completion(body["messages"][0]["content"]))

    mock = serve(echo)
    with engine(mock.url, concurrency=64) as opened:
        replies = dict(opened.generate([ask(str(i)) for i in range(600)]))
    assert {i: reply.text for i, reply in replies.items()} == {i: str(i) for i in range(600)}
    assert mock.calls == 600
    assert mock.busiest == 64


def test_load_starts_low(serve):
    together = []

    async def count(request, n):
        together.append(mock.busy)
        await asyncio.sleep(0.05)
        return web.json_response(completion())

    mock = serve(count)
    with engine(mock.url, concurrency=64) as opened:
        list(opened.generate([ask()] * 30))
    assert max(together[:4]) <= _endpoint.FIRST_WINDOW < max(together)


def test_a_busy_endpoint_gets_the_load_it_bears(serve):
    async def bears_six(request, n):
        if mock.busy > 6:
            return web.Response(status=429)
        await asyncio.sleep(0.01)
        return web.json_response(completion())

    mock = serve(bears_six)
    with engine(mock.url, concurrency=64) as opened:
        replies = dict(opened.generate([ask()] * 200))
    assert {reply.text for reply in replies.values()} == {"four"}
    assert mock.calls < 2 * 200


def test_a_window_is_halved_once_for_calls_that_were_in_flight_together():
    window = _endpoint.Window(64)
    for _ in range(12):
        window.success()
    assert window.limit == 16
    sent = time.monotonic()
    window.complaint(sent)
    window.complaint(sent)
    assert window.limit == 8
    for _ in range(8):
        window.success()
    assert window.limit == 9


def test_a_dead_endpoint_is_not_asked_for_every_request_of_a_batch(serve):
    mock = serve(body_of(b"", 500))
    with engine(mock.url) as opened:
        replies = dict(opened.generate([ask()] * 100))
    assert len(replies) == 100
    assert all(reply.outage for reply in replies.values())
    assert mock.calls <= BOUND * (OUTAGES + _endpoint.FIRST_WINDOW)


def test_a_request_whose_turn_does_not_come_is_not_the_models_failure(serve):
    mock = serve(slow)
    with engine(mock.url, concurrency=4) as opened:
        start = time.monotonic()
        replies = dict(opened.generate([ask(deadline=0.4)] * 6))
    assert time.monotonic() - start < 0.4 + SLACK
    finishes = sorted((reply.finish, reply.outage) for reply in replies.values())
    assert finishes == [("deadline", False)] * 4 + [("failed", True)] * 2


def test_requests_whose_turn_does_not_come_do_not_keep_later_ones_from_being_asked(serve):
    async def one_at_a_time(request, n):
        await asyncio.sleep(0.5)
        return web.json_response(completion())

    mock = serve(one_at_a_time)
    batch = [ask(), *[ask(deadline=0.1)] * (OUTAGES + 2), ask()]
    with engine(mock.url, concurrency=1) as opened:
        replies = dict(opened.generate(batch))
    assert (replies[0].text, replies[len(batch) - 1].text, mock.calls) == ("four", "four", 2)


# Where it is called from


def test_it_works_inside_a_running_loop_and_from_threads(serve):
    mock = serve(completion())

    async def inside():
        return one(opened).text

    with engine(mock.url) as opened:
        assert asyncio.run(inside()) == "four"
        texts = []
        threads = [threading.Thread(target=lambda: texts.append(one(opened).text)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert texts == ["four"] * 4


def test_leaving_the_iterator_cancels_the_calls_under_way(serve):
    mock = serve(completion())
    with engine(mock.url) as opened:
        first = opened.generate([ask()] * 500)
        next(first)
        first.close()
        assert one(opened).text == "four"
    assert mock.calls < 500


def test_closing_ends_what_is_under_way_and_all_threads(serve):
    before = threading.active_count()
    mock = serve(slow)
    with engine(mock.url) as opened:
        threading.Timer(0.2, opened.close).start()
        with pytest.raises(StumperError, match="closed"):
            list(opened.generate([ask()]))
        opened.close()
    mock.stop()
    mock.stop = lambda: None
    assert threading.active_count() == before


PROGRAM = """
import sys
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.types import Message, Request

engine = open_engine(ModelSpec(name="t", engine="server", model="m"), EngineRuntime(url=sys.argv[1]))
print("asking", flush=True)
try:
    list(engine.generate([Request(messages=(Message(role="user", content="?"),))]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT between processes")
def test_an_interrupt_ends_it_even_when_nobody_closes_it(serve):
    mock = serve(slow)
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, mock.url], stdout=-1, stderr=-1, text=True
    )
    try:
        assert process.stdout.readline() == "asking\n"
        until = time.monotonic() + 20
        while not mock.calls and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (out, err, process.returncode) == ("interrupted\n", "", 0)


# Several endpoints


async def quick(request, n):
    await asyncio.sleep(0.005)
    return web.json_response(completion())


def test_work_goes_to_the_endpoint_with_room(serve):
    async def lazy(request, n):
        await asyncio.sleep(0.1)
        return web.json_response(completion())

    one, other = serve(quick), serve(lazy)
    with engine(one.url, urls=[other.url], concurrency=4) as opened:
        replies = dict(opened.generate([ask(str(i)) for i in range(120)]))
    assert {reply.text for reply in replies.values()} == {"four"}
    assert one.calls + other.calls == 120
    assert one.calls > 2 * other.calls > 0


def test_an_endpoint_that_dies_is_set_aside_and_its_calls_are_asked_elsewhere_once(serve):
    async def dies(request, n):
        if n > 10:
            request.transport.abort()
            return web.Response()
        return await quick(request, n)

    one, other = serve(quick), serve(dies)
    with engine(one.url, urls=[other.url], concurrency=8) as opened:
        replies = dict(opened.generate([ask(str(i)) for i in range(300)]))
    assert {reply.text for reply in replies.values()} == {"four"}
    assert one.calls == 290
    assert other.calls < 10 + 3 * 8


def test_an_endpoint_that_comes_back_is_asked_again(serve, monkeypatch):
    monkeypatch.setattr(_endpoint, "ASIDE", (0.05, 0.1))
    down = {"now": True}

    async def back(request, n):
        return web.Response(status=503) if down["now"] else await quick(request, n)

    one, other = serve(quick), serve(back)
    with engine(one.url, urls=[other.url], concurrency=4) as opened:
        list(opened.generate([ask(str(i)) for i in range(60)]))
        down["now"], failed = False, other.calls
        time.sleep(0.15)
        replies = dict(opened.generate([ask(str(i)) for i in range(60)]))
    assert {reply.text for reply in replies.values()} == {"four"}
    assert other.calls > failed + 5


def test_all_endpoints_down_is_an_outage_within_the_deadline(serve):
    one, other = serve(body_of(b"", 503)), serve(body_of(b"", 503))
    with engine(one.url, urls=[other.url]) as opened:
        start = time.monotonic()
        [(_, reply)] = opened.generate([ask(deadline=2)])
    assert time.monotonic() - start < 2 + SLACK
    assert (reply.finish, reply.outage) == ("failed", True)
    assert one.calls + other.calls <= BOUND + 2


def test_a_call_that_stalls_is_asked_again(serve):
    async def stalls_once(request, n):
        return await (slow if n == 1 else quick)(request, n)

    mock = serve(stalls_once)
    with engine(mock.url, timeout=0.3) as opened:
        assert one(opened).text == "four"
    assert mock.calls == 2


# Dialects that are found out


def refuses(body, *names):
    unknown = [name for name in names if name in body]
    return web.json_response({"error": {"message": f"unknown field {unknown[0]}"}}, status=400) if unknown else None


def speaking(field, *refused):
    """An endpoint that understands one field and refuses or ignores the others."""

    async def behave(request, n):
        body = await request.json()
        if (no := refuses(body, *refused)) is not None:
            return no
        if field not in body:
            return web.json_response(completion("Hello! How can I help?"))
        asked = json.dumps(body)
        return web.json_response(completion('{"animal": "quokka"}' if "quokka" in asked else '{"answer": "B"}'))

    return behave


@pytest.mark.parametrize(
    ("field", "refused"),
    [
        ("structured_outputs", ()),
        ("grammar", ("structured_outputs",)),
        ("guided_regex", ()),
        ("response_format", ("structured_outputs", "grammar", "guided_regex")),
        ("response_format", ()),
    ],
)
def test_the_dialect_is_found_out_once_and_kept(serve, field, refused):
    mock = serve(speaking(field, *refused))
    with engine(mock.url, dialect="auto") as opened:
        replies = dict(opened.generate([ask(str(i), form=LETTER) for i in range(5)]))
    assert {reply.text for reply in replies.values()} == {'{"answer": "B"}'}
    assert all(field in body for body in mock.bodies[-5:])
    assert mock.calls <= 5 + 4


def test_no_dialect_is_looked_for_where_no_form_is_asked_for(serve):
    mock = serve(completion())
    with engine(mock.url, dialect="auto") as opened:
        assert one(opened).text == "four"
    assert mock.calls == 1


def test_where_nothing_holds_a_reply_to_its_form_it_is_checked_and_sent_back(serve):
    async def learns(request, n):
        body = await request.json()
        if len(body["messages"]) > 1:
            return web.json_response(completion('```json\n{"answer": "C"}\n```'))
        return web.json_response(completion('{"answer": "perhaps"}'))

    mock = serve(learns)
    with engine(mock.url, dialect="auto") as opened:
        reply = one(opened, ask(form=LETTER))
        assert (reply.text, reply.finish, reply.tokens) == ('{"answer": "C"}', "stop", 6)
        assert "That does not fit" in mock.bodies[-1]["messages"][-1]["content"]
    stubborn = serve(completion("Certainly!"))
    with engine(stubborn.url, dialect="none") as opened:
        reply = one(opened, ask(form=LETTER))
    assert (reply.finish, reply.outage, stubborn.calls) == ("failed", False, 3)


def test_each_endpoint_is_told_the_form_in_its_own_dialect(serve):
    one, other = serve(speaking("grammar", "structured_outputs")), serve(speaking("response_format"))
    with engine(one.url, urls=[other.url], dialect="auto", concurrency=4) as opened:
        replies = dict(opened.generate([ask(str(i), form=LETTER) for i in range(40)]))
    assert {reply.text for reply in replies.values()} == {'{"answer": "B"}'}
    assert "grammar" in one.bodies[-1]
    assert "response_format" in other.bodies[-1]


# Letters


def in_a_form(letter, top, pieces=('{"', "answer", '":', ' "')):
    """Log-probabilities of a filled-in form, as OpenAI gives them."""
    content = [{"token": piece, "logprob": 0.0, "top_logprobs": []} for piece in pieces]
    entries = [{"token": token, "logprob": value} for token, value in top.items()]
    content.append({"token": letter, "logprob": top[letter], "top_logprobs": entries})
    return {"logprobs": {"content": content}}


@pytest.mark.parametrize(
    "pieces",
    [
        ('{"', "answer", '":', ' "'),
        ('{"answer', '":"'),
        ("```", "json\n", '{"answer":', ' "'),
        ("{", ' "answer" ', ": ", '"'),
    ],
)
def test_letters_are_scored_inside_the_form_where_a_reply_cannot_be_begun(serve, pieces):
    mock = serve(completion('{"answer": "B"}', **in_a_form("B", {"B": -0.2, "D": -1.8, "A": -4.0}, pieces)))
    with engine(mock.url) as opened:
        assert scores(opened).scores == (-4.0, -0.2, -4.0, -1.8)
    assert "response_format" in mock.bodies[0]


def test_fewer_log_probabilities_are_asked_for_where_twenty_are_too_many(serve):
    async def at_most_five(request, n):
        body = await request.json()
        if body["top_logprobs"] > 5:
            return web.json_response({"error": {"message": "top_logprobs must be <= 5"}}, status=400)
        return web.json_response(completion("B", **logprobs(B=-0.1, A=-2.5)))

    mock = serve(at_most_five)
    with engine(mock.url, dialect="vllm") as opened:
        assert scores(opened).scores == (-2.5, -0.1, -2.5, -2.5)
        assert scores(opened).scores
    assert [body["top_logprobs"] for body in mock.bodies] == [20, 5, 5]


def test_letters_are_drawn_where_there_are_no_log_probabilities(serve):
    async def draws(request, n):
        body = await request.json()
        if "logprobs" in body:
            return web.json_response({"error": {"message": "logprobs are not supported"}}, status=400)
        return web.json_response(completion(json.dumps({"answer": "BBBCB"[mock.drawn.index(body["seed"])]})))

    mock = serve(draws)
    with engine(mock.url) as opened:
        from stumper.types import seed_for

        mock.drawn = [seed_for(0, "letter", i) % 2**31 for i in range(5)]
        reply = scores(opened)
        asked = mock.calls
        assert scores(opened).scores == reply.scores
    assert [round(2.718281828**score * 7, 3) for score in reply.scores] == [0.5, 4.5, 1.5, 0.5]
    assert reply.tokens == 15
    assert mock.calls == asked + 5, "that there are none is found out once"
