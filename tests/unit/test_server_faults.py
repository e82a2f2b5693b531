"""A whole run of teachers behind an endpoint that fails, stalls, truncates and is restarted."""

import asyncio
import json
import random
import threading
from collections import Counter, defaultdict

import pytest
from aiohttp import web
from endpoints import Mock, completion

from stumper import prompts, puzzles
from stumper import run as runs
from stumper.config import Config
from stumper.engines import _endpoint
from stumper.types import LETTERS

FAILS, STALLS, TRUNCATES = 0.10, 0.02, 0.05
RESTARTS = (60, 200)
"""Calls after which the endpoint is restarted."""


class Shaky:
    """Writes questions and picks letters; counts for each call how often its reply went out."""

    def __init__(self):
        self.rng = random.Random(7)
        self.came = Counter()
        self.faults = Counter()
        self.questions = set()
        self.letters = defaultdict(list)
        self.restarts = list(RESTARTS)
        self.threads = []

    async def __call__(self, request, n):
        if self.restarts and n >= self.restarts[0]:
            self.restarts.pop(0)
            self.threads.append(threading.Thread(target=self.mock.restart))
            self.threads[-1].start()
        body = await request.json()
        if "logprobs" in body:
            return web.json_response({"error": {"message": "logprobs are not supported"}}, status=400)
        fate = self.rng.random()
        if fate < FAILS:
            self.faults["failed"] += 1
            return web.Response(status=self.rng.choice((500, 429, 503)))
        if fate < FAILS + STALLS:
            self.faults["stalled"] += 1
            await asyncio.sleep(60)
        await asyncio.sleep(0.01)
        key = json.dumps(body, sort_keys=True)
        text = self.write(body, key)
        if fate > 1 - TRUNCATES / 2:
            self.faults["broken off"] += 1
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b'{"choices": [')
            request.transport.abort()
            return response
        if fate > 1 - TRUNCATES:
            self.faults["cut"] += 1
            text = text[: len(text) // 2]
            self.came[key] += 1
            return web.json_response(completion(text, finish_reason="length"))
        self.came[key] += 1
        self.keep(body, text)
        return web.json_response(completion(text))

    def write(self, body, key):
        rng = random.Random(key)
        schema = json.dumps(body["response_format"])
        if '"choices"' not in schema:
            letters = body["response_format"]["json_schema"]["schema"]["properties"]["answer"]["enum"]
            return json.dumps({"answer": rng.choice(letters)})
        family = next(f for f in map(puzzles.family, puzzles.families()) if f.TITLE in schema)
        return prompts.write_question(family.make(rng, 1), family.TITLE)

    def keep(self, body, text):
        record = json.loads(text)
        if "question" in record:
            self.questions.add(record["question"])
        else:
            self.letters[body["model"], json.dumps(body["messages"])].append(record["answer"])


def test_a_run_on_a_shaky_endpoint_ends_whole_with_no_answer_invented_and_no_reply_paid_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(_endpoint, "FIRST_WAIT", 0.1)
    shaky = Shaky()
    shaky.mock = mock = Mock(shaky)
    runtime = {"url": mock.url, "concurrency": 16, "timeout": 0.5}
    teacher = {"engine": "server", "questions": 8, "options": {"dialect": "openai"}}
    tree = {
        "name": "test",
        "topics": ["blood_relations", "seating"],
        "teachers": [{"name": n, "model": n, **teacher} for n in ("one", "two")],
        "student": {"model": "path:none"},
        "committee": {"probes": 100, "calibration": {"questions": 6}},
        "runtime": {"accept_none": True, "default": runtime},
    }
    try:
        run = runs.Run.open(Config.model_validate(tree), tmp_path / "run")
        runs.run_all(run, "verdict", lambda *_: None)
    finally:
        for thread in shaky.threads:
            thread.join(20)
        mock.stop()
    assert not shaky.restarts
    assert min(shaky.faults[fault] for fault in ("failed", "stalled", "broken off", "cut")) > 0
    assert max(shaky.came.values()) == 1
    written = run.records("generate")
    assert len(written) == 32
    assert {w.question.stem for w in written.values()} <= shaky.questions
    ballots = run.records("vote")
    assert len(ballots) == 2 * 32
    for key, ballot in ballots.items():
        question = written[key.rsplit("#", 1)[0]].question
        messages = prompts.render_answer_request(question, ballot.order)
        asked = json.dumps([{"role": m.role, "content": m.content} for m in messages])
        drawn = Counter(shaky.letters[ballot.voter, asked])
        letter = LETTERS[ballot.order.index(ballot.choice)]
        assert drawn[letter] == max(drawn.values()), key


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    before = threading.active_count()
    yield
    assert threading.active_count() <= before
