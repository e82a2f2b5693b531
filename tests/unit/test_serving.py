"""Agents over HTTP: in time or refused, in the challenge's format, and never more than was asked for."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from players import FIXED, Player

from stumper import arena, serving
from stumper.errors import BadInput

QUESTION = {
    "question": "Which one?",
    "choices": ["A) x", "B) right", "C) y", "D) z"],
    "answer": "A",
    "explanation": "!",
}


def app(player=None, token="", rate=1000.0, rules=FIXED):
    entry = arena.entry("it", player or Player(), rules)
    return serving.application(serving.Service(entry, rules, "it", rate), token, ("testserver",))


def ask(served, *calls, base="http://testserver"):
    """The answers to (method, path, body or headers) calls, all at once."""

    async def all_of():
        transport = httpx.ASGITransport(app=served)
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await asyncio.gather(*(client.request(m, path, **more) for m, path, more in calls))

    return asyncio.run(all_of())


def post(served, path, body, **more):
    return ask(served, ("POST", path, {"json": body, **more}))[0]


def test_an_answer_is_in_the_challenges_format_and_knows_no_key():
    player = Player()
    found = post(app(player), "/answer", QUESTION)
    assert found.json()["answer"] == "B"
    assert "!" not in str(player.seen)


def test_a_question_passes_the_editions_filter():
    found = post(app(), "/ask", {"topic": "seating", "seed": 3})
    assert found.status_code == 200
    assert arena.check_question(found.json(), FIXED, lambda text: len(text.split())) == []
    again = post(app(), "/ask", {"topic": "Seating Arrangements (Linear, Circular)", "seed": 3})
    assert again.json() == found.json()


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/ask", {"topic": "chess"}, 400, "no topic"),
        ("/ask", {"level": 9}, 400, "level"),
        ("/ask", {"what": 1}, 400, "what"),
        ("/answer", {"question": "Which?"}, 400, "choices"),
        ("/answer", [1], 400, "JSON object"),
        ("/answer", QUESTION | {"deadline": "soon"}, 400, "deadline"),
        ("/answer", {"question": "x" * 70_000, "choices": ["a", "b"]}, 413, "bytes"),
        ("/v1/chat/completions", {"messages": 1}, 400, "messages"),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "Hello!"}]}, 400, "alone"),
        ("/v1/chat/completions", {"messages": [], "stream": True}, 400, "stream"),
    ],
)
def test_what_is_no_request_is_told_in_a_sentence(path, body, status, said):
    found = post(app(), path, body)
    assert found.status_code == status
    assert said in found.json()["error"]["message"]


def test_a_body_that_is_no_json_is_refused():
    for content in (b"{", b"[" * 5000, b"\xff"):
        assert ask(app(), ("POST", "/answer", {"content": content}))[0].status_code == 400


def test_the_openai_route_answers_and_asks_by_the_roles_tags():
    text = "<A> Which one?\nA) x\nB) right\nC) y\nD) z"
    found = post(
        app(), "/v1/chat/completions", {"model": "any", "messages": [{"role": "user", "content": text}]}
    ).json()
    assert json.loads(found["choices"][0]["message"]["content"])["answer"] == "B"
    assert found["object"] == "chat.completion"
    assert found["usage"]["total_tokens"] > 0
    asked = [{"role": "system", "content": "x"}, {"role": "user", "content": "<Q> seating, level 2"}]
    found = post(app(), "/v1/chat/completions", {"messages": asked}).json()
    assert len(json.loads(found["choices"][0]["message"]["content"])["choices"]) == 4
    assert ask(app(), ("GET", "/v1/models", {}))[0].json()["data"][0]["id"] == "it"


def test_without_the_token_nothing_is_served_but_health():
    served = app(token="secret")
    right = {"headers": {"Authorization": "Bearer secret"}}
    calls = [("GET", "/health", {}), ("GET", "/metrics", {}), ("POST", "/answer", {"json": QUESTION})]
    assert [a.status_code for a in ask(served, *calls)] == [200, 401, 401]
    assert ask(served, ("POST", "/answer", {"json": QUESTION, **right}))[0].status_code == 200
    metrics = ask(served, ("GET", "/metrics", right))[0].text
    assert 'stumper_requests_total{route="answer",status="200"} 1.0' in metrics
    assert 'stumper_requests_total{route="answer",status="401"} 1.0' in metrics


def test_another_host_name_is_refused():
    assert ask(app(), ("GET", "/health", {}), base="http://evil.test")[0].status_code == 400


def test_more_requests_than_the_rate_are_refused_with_a_time_to_come_back():
    found = ask(app(rate=5), *[("POST", "/answer", {"json": QUESTION})] * 20)
    refused = [a for a in found if a.status_code == 429]
    assert 10 <= len(refused) <= 15
    assert {a.headers["retry-after"] for a in refused} == {"1"}


class Slow(Player):
    def choose(self, requests):
        time.sleep(0.2)
        yield from super().choose(requests)


def test_what_cannot_come_in_time_is_refused_and_the_rest_is_in_time():
    start = time.monotonic()
    body = QUESTION | {"deadline": 1.0}
    found = ask(app(Slow()), *[("POST", "/answer", {"json": body})] * 12)
    seconds = time.monotonic() - start
    served = [a for a in found if a.status_code == 200]
    assert 2 <= len(served) < 12
    assert {a.status_code for a in found} == {200, 503}
    assert all("guessed" not in a.json() for a in served)
    assert seconds < 3


def test_an_outage_is_an_error_and_no_answer():
    player = Player()
    player.choose = lambda requests: (_ for _ in ()).throw(OSError("connection refused"))
    assert post(app(player), "/answer", QUESTION).status_code == 503


def test_elsewhere_than_on_loopback_a_token_is_needed():
    entry = arena.entry("it", Player(), FIXED)
    with pytest.raises(BadInput, match="STUMPER_TOKEN"):
        serving.serve(serving.Service(entry, FIXED, "it"), "0.0.0.0", 0, "", print)


def test_the_command_serves_until_it_is_told_to_end():
    command = [
        sys.executable,
        "-m",
        "stumper",
        "serve",
        "--model",
        "teachers:quick",
        "--engine",
        "scripted",
        "--port",
        "0",
    ]
    path = os.pathsep.join([str(Path(__file__).parents[1] / "helpers"), *sys.path])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    ) as process:
        url = re.search(r"http\S+", process.stdout.readline())[0]
        answer = httpx.post(f"{url}/answer", json=QUESTION, trust_env=False, timeout=30)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert answer.json()["answer"] in "ABCD"
    assert "Traceback" not in err
