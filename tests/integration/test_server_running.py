"""The engine `server` against an endpoint that somebody runs.

STUMPER_ENDPOINT=URL STUMPER_MODEL=NAME pytest -m models tests/integration/test_server_running.py
"""

import os

import pytest

from stumper import prompts
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.engines._contract import ASKED, check
from stumper.types import Request, Sampling

URL, MODEL = os.environ.get("STUMPER_ENDPOINT", ""), os.environ.get("STUMPER_MODEL", "")

pytestmark = [pytest.mark.models, pytest.mark.skipif(not URL, reason="STUMPER_ENDPOINT names no endpoint")]


@pytest.fixture
def engine():
    opened = open_engine(ModelSpec(name="running", engine="server", model=MODEL), EngineRuntime(url=URL, concurrency=8))
    yield opened
    opened.close()


def test_a_form_is_filled_in(engine):
    form = prompts.answer_form(4, reasoned=False)
    [(_, reply)] = engine.generate([Request(messages=ASKED, form=form, sampling=Sampling(max_tokens=64))])
    assert not isinstance(prompts.parse_answer(reply.text, 4), str), reply


def test_letters_have_scores(engine):
    asked = Request(messages=ASKED, opening=prompts.ANSWER_OPENING, continuations=tuple("ABCD"))
    [(_, reply)] = engine.choose([asked])
    assert len(reply.scores) == 4, reply


def test_it_keeps_what_every_engine_promises_where_a_reply_can_be_begun(engine):
    [(_, begun)] = engine.generate([Request(messages=ASKED, opening="The answer is", sampling=Sampling(max_tokens=4))])
    check(engine, continues=begun.finish != "failed")
