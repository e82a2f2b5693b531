"""What every engine promises: the shape for all that are found, the behaviour for those that need no heavy package.

Engines that load a model call `stumper.engines._contract.check` in their own tests.
"""

import inspect
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stumper import discover, engines, forms, puzzles
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.engines._contract import ASKED, FORM, check
from stumper.engines.scripted import Scripted
from stumper.errors import BadInput
from stumper.types import OneOf, Reply, Request

HEAVY = ("torch", "transformers", "xllamacpp", "llguidance", "peft")


@pytest.mark.parametrize("name", discover.names("stumper.engines"))
def test_an_engine_has_the_interface_and_loads_no_heavy_package_before_it_is_opened(name):
    before = set(sys.modules)
    engine = discover.load("stumper.engines", name).ENGINE
    assert not (set(sys.modules) - before) & set(HEAVY)
    for method in ("__init__", "generate", "choose", "count_tokens", "close"):
        promised = inspect.signature(getattr(engines.Engine, method)).parameters
        assert list(inspect.signature(getattr(engine, method)).parameters) == list(promised), method


def test_an_unknown_engine_is_refused_with_the_names_there_are():
    with pytest.raises(BadInput, match=r"'llama3'.*scripted.*server.*setter"):
        open_engine(ModelSpec(name="x", engine="llama3"))


def play(request):
    """A function that keeps all promises."""
    if request.continuations:
        return Reply(scores=tuple(-float(i) - 0.1 for i, _ in enumerate(request.continuations)))
    if request.form is not None:
        return forms.fill(request.form, lambda _, slot: slot.options[0] if isinstance(slot, OneOf) else "so")
    return "so it is"


def test_scripted():
    check(Scripted(play), scores=[("A", "B", "C", "D"), ("the aunt", "the niece")])


def test_setter():
    about = {"role": "<Q>", "topic": puzzles.families()[0], "level": 1}
    spec = ModelSpec(name="setter", engine="setter")
    check(open_engine(spec), write=Request(messages=ASKED, about=about, seed=3), scores=(), continues=False)


class Handler(BaseHTTPRequestHandler):
    """A sound endpoint with a context of 1,000 words."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if len(body["messages"][0]["content"].split()) > 1000:
            return self._answer(400, {"error": {"message": "the prompt is longer than the context"}})
        structured = body.get("structured_outputs", {})
        text = forms.fill(FORM, lambda _, slot: slot.options[2]) if "regex" in structured else "so it is"
        top = [{"token": letter, "logprob": -float(i)} for i, letter in enumerate("CABD", 1)]
        choice = {"message": {"content": text}, "finish_reason": "stop"}
        if body.get("logprobs"):
            choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
        return self._answer(200, {"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 3}})

    def _answer(self, status, value):
        raw = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args):
        pass


@pytest.fixture
def url():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_server(url):
    spec = ModelSpec(name="teacher", engine="server", model="m", options={"dialect": "vllm"})
    check(open_engine(spec, EngineRuntime(url=url, concurrency=4)))


# The check itself: each promise, broken.


def broken(name):
    """An engine that keeps all promises but one."""

    class Broken(Scripted):
        def __init__(self):
            super().__init__(play)

        def generate(self, requests):
            replies = list(super().generate(requests))
            for index, reply in replies:
                request = requests[index]
                match name:
                    case "raises" if len(request.messages[0].content) > 10_000:
                        raise RuntimeError("too long")
                    case "forgets" if index == 1:
                        continue
                    case "fails without a reason":
                        yield index, Reply(finish="failed")
                    case "free text in a form" if request.form:
                        yield index, Reply(text="I would say B")
                    case "repeats the opening":
                        yield index, Reply(text=request.opening + reply.text)
                    case "chance":
                        self.n = getattr(self, "n", 0) + 1
                        yield index, Reply(text=json.dumps({"answer": "AB"[self.n % 2]}))
                    case "thread" if threading.current_thread() is not threading.main_thread():
                        yield index, Reply(finish="failed", error="wrong thread")
                    case _:
                        yield index, reply

        def choose(self, requests):
            for index, reply in super().choose(requests):
                scores = {"probabilities": (0.4, 0.3, 0.2, 0.1), "one score": (-1.0,)}.get(name, reply.scores)
                yield index, Reply(scores=scores)

        def count_tokens(self, text):
            return 1 + len(text.split()) if name == "special tokens" else None

        def close(self):
            assert name != "close once" or not getattr(self, "closed", False), "closed twice"
            self.closed = True

    return Broken()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("raises", "too long"),
        ("forgets", "replies to"),
        ("fails without a reason", "must say why"),
        ("free text in a form", "Expecting value"),
        ("repeats the opening", "leaves out the opening"),
        ("chance", "two texts"),
        ("thread", "another thread"),
        ("probabilities", "log-probabilities"),
        ("one score", "one score a continuation"),
        ("special tokens", "empty text"),
        ("close once", "closed twice"),
    ],
)
def test_the_check_finds_a_broken_promise(name, told):
    with pytest.raises((AssertionError, RuntimeError, ValueError), match=told):
        check(broken(name))


def test_the_check_passes_what_breaks_none():
    check(broken("none"))
