"""The engine for endpoints against exchanges as the services' public documentation tells them.

Each file of tests/exchanges is written by hand after the page that it names; no service was asked. `has` lists fields
that the request must carry for its reply to be given.
"""

import json
from pathlib import Path

import pytest
from aiohttp import web
from endpoints import Mock

from stumper import prompts
from stumper.engines import EngineRuntime, ModelSpec, _endpoint, open_engine
from stumper.types import Message, Request

FILES = sorted((Path(__file__).parents[1] / "exchanges").glob("*.json"))


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(_endpoint, "FIRST_WAIT", 0.01)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_exchange_ends_as_its_service_means_it(path):
    told = json.loads(path.read_text())
    faults = []

    async def replay(request, n):
        step = told["exchanges"][n - 1]
        if missing := set(step["has"]) - set(await request.json()):
            faults.append((n, missing))
        return web.json_response(step["reply"], status=step["status"], headers=step.get("headers"))

    mock = Mock(replay)
    spec = ModelSpec(name="t", engine="server", model="m", options=told.get("options", {}))
    engine = open_engine(spec, EngineRuntime(url=mock.url))
    letters = {"opening": prompts.ANSWER_OPENING, "continuations": tuple("ABCD")}
    form = {"form": prompts.answer_form(4, reasoned=False)}
    fields = form if told["verb"] == "generate" else letters
    asked = Request(messages=(Message(role="user", content="Which one?"),), deadline=20, **fields)
    try:
        [(_, reply)] = getattr(engine, told["verb"])([asked])
    finally:
        engine.close()
        mock.stop()
    assert not faults
    assert mock.calls == len(told["exchanges"]), reply
    expected = dict(told["expected"])
    if (letter := expected.pop("likeliest", None)) is not None:
        assert "ABCD"[reply.scores.index(max(reply.scores))] == letter
    found = json.loads(reply.model_dump_json())
    assert {name: found[name] for name in expected} == expected
