"""The engine `server` against a real llama.cpp server on loopback, with a real model."""

import math

import pytest

from stumper import models, prompts
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.engines._contract import ASKED, check
from stumper.types import Request, Sampling

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def url():
    xllamacpp = pytest.importorskip("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(models.resolve("smollm2-135m-instruct"))
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 2
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
def engine(url):
    spec = ModelSpec(name="smollm2", engine="server", model="smollm2", options={"dialect": "llamacpp"})
    opened = open_engine(spec, EngineRuntime(url=url, concurrency=2))
    yield opened
    opened.close()


def test_it_keeps_what_every_engine_promises(engine):
    check(engine)


def test_the_dialect_of_a_real_server_is_found_out(url):
    spec = ModelSpec(name="smollm2", engine="server", model="smollm2")
    opened = open_engine(spec, EngineRuntime(url=url, concurrency=2))
    check(opened)


@pytest.mark.parametrize("dialect", ["llamacpp", "openai"])
def test_a_real_server_is_held_to_a_form_by_grammar_and_by_schema(url, dialect):
    spec = ModelSpec(name="smollm2", engine="server", model="smollm2", options={"dialect": dialect})
    opened = open_engine(spec, EngineRuntime(url=url))
    form = prompts.answer_form(4, reasoned=False)
    [(_, reply)] = opened.generate([Request(messages=ASKED, form=form, sampling=Sampling(max_tokens=64), deadline=60)])
    opened.close()
    assert not isinstance(prompts.parse_answer(reply.text, 4), str), reply


@pytest.mark.parametrize("manner", ["auto", "sampled"])
def test_letters_of_a_real_server_are_scored_in_the_form_or_drawn(url, manner):
    spec = ModelSpec(name="smollm2", engine="server", model="smollm2", options={"dialect": "openai", "letters": manner})
    opened = open_engine(spec, EngineRuntime(url=url))
    asked = Request(messages=ASKED, opening=prompts.ANSWER_OPENING, continuations=tuple("ABCD"), deadline=60)
    [(_, reply)] = opened.choose([asked])
    opened.close()
    assert len(reply.scores) == 4, reply
    assert (sum(math.exp(score) for score in reply.scores) == pytest.approx(1)) == (manner == "sampled")


def test_a_dead_endpoint_beside_a_real_one_costs_no_reply(url):
    spec = ModelSpec(name="smollm2", engine="server", model="smollm2")
    opened = open_engine(spec, EngineRuntime(url="http://127.0.0.1:9/v1", urls=(url,)))
    asked = [Request(messages=ASKED, sampling=Sampling(max_tokens=4), seed=i) for i in range(6)]
    replies = [reply.finish for _, reply in opened.generate(asked)]
    opened.close()
    assert set(replies) <= {"stop", "length"}
    assert len(replies) == 6


def test_the_grammar_holds_a_real_model_to_the_form(engine):
    form = prompts.question_form("Blood relations")
    messages = prompts.render_question_request("Blood relations", 2)
    hot = Sampling(temperature=1.0, max_tokens=600)
    asked = [Request(messages=messages, form=form, sampling=hot, seed=seed) for seed in range(3)]
    replies = [reply for _, reply in engine.generate(asked)]
    assert [reply.finish for reply in replies] == ["stop"] * 3
    read = [prompts.parse_question(reply.text, "blood_relations") for reply in replies]
    # Two choices alike is all that may be wrong with a text that follows the grammar.
    assert [r for r in read if isinstance(r, str) and "two choices" not in r and "choice is empty" not in r] == []


def test_scores_are_those_of_the_model_before_the_grammar(engine):
    opening = prompts.ANSWER_OPENING
    narrow, wide = (
        Request(messages=ASKED, opening=opening, continuations=letters) for letters in (("A", "B"), tuple("ABCD"))
    )
    (_, two), (_, four) = sorted(engine.choose([narrow, wide]))
    assert two.scores == pytest.approx(four.scores[:2], abs=1e-3)
