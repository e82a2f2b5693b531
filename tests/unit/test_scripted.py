"""A Python function as a model."""

import re
import sys
import textwrap
import time

import pytest

from stumper import prompts
from stumper.engines import ModelSpec, open_engine
from stumper.engines.scripted import Scripted
from stumper.errors import BadInput
from stumper.types import Message, Reply, Request

ASK = Request(messages=(Message(role="user", content="Who?"),))
SCORE = ASK.model_copy(update={"continuations": ("A", "B")})


def one(call, request=ASK):
    [(index, reply)] = call([request])
    assert index == 0
    return reply


def test_the_function_sees_each_request_and_its_string_is_the_text():
    requests = [ASK.model_copy(update={"seed": seed}) for seed in range(3)]
    engine = Scripted(lambda request: f"seed {request.seed}")
    assert list(engine.generate(requests)) == [(i, Reply(text=f"seed {i}")) for i in range(3)]


def test_the_text_is_passed_on_as_it_is_so_that_tests_can_play_a_bad_model():
    asked = ASK.model_copy(update={"form": prompts.answer_form(4, reasoned=False)})
    assert one(Scripted(lambda _: "no JSON").generate, asked) == Reply(text="no JSON")


def test_a_reply_is_passed_on_with_its_seconds():
    slow = Reply(text="x", seconds=99.0, finish="length")
    assert one(Scripted(lambda _: slow).generate) == slow


def test_what_the_function_raises_is_a_failed_reply_and_the_rest_goes_on():
    def fails_once(request):
        if request.seed == 1:
            raise ValueError("no idea")
        return "fine"

    replies = dict(Scripted(fails_once).generate([ASK.model_copy(update={"seed": s}) for s in range(3)]))
    assert replies[1] == Reply(finish="failed", error="ValueError: no idea")
    assert [replies[0].text, replies[2].text] == ["fine", "fine"]


def test_another_type_is_a_failed_reply():
    reply = one(Scripted(lambda _: None).generate)
    assert (reply.finish, "NoneType" in reply.error) == ("failed", True)


def test_a_late_function_is_a_missed_deadline():
    def sleeps(_):
        time.sleep(0.1)
        return "late"

    reply = one(Scripted(sleeps).generate, ASK.model_copy(update={"deadline": 0.02}))
    assert (reply.finish, reply.text) == ("deadline", "")


def test_scores_are_passed_on():
    assert one(Scripted(lambda _: Reply(scores=(-1.0, -0.5))).choose, SCORE).scores == (-1.0, -0.5)


@pytest.mark.parametrize("reply", ["A", Reply(), Reply(scores=(-1.0,)), Reply(scores=(-1.0, float("nan")))])
def test_without_a_finite_score_for_each_continuation_choosing_fails(reply):
    answered = one(Scripted(lambda _: reply).choose, SCORE)
    assert (answered.finish, answered.scores) == ("failed", ())
    assert "2 finite scores" in answered.error


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder, importable as far as this test goes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def spec(model, **fields):
    return ModelSpec(name="mine", engine="scripted", model=model, **fields)


def test_a_function_in_the_current_folder_is_found_by_name(here):
    (here / "my_models.py").write_text(
        textwrap.dedent(
            """
            def parrot(request):
                return request.messages[-1].content
            """
        )
    )
    engine = open_engine(spec("my_models:parrot", options={"version": 2}))
    assert one(engine.generate).text == "Who?"


def test_the_current_folder_shadows_no_installed_module(here, monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    (here / "colorsys.py").write_text("raise AssertionError")
    with pytest.raises(BadInput, match="nothing is missing in colorsys"):
        open_engine(spec("colorsys:nothing"))


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("", "package.module:function"),
        ("my_models", "package.module:function"),
        (":parrot", "package.module:function"),
        ("no_such_module:parrot", "cannot import no_such_module: ModuleNotFoundError"),
        ("broken_models:parrot", "cannot import broken_models: ZeroDivisionError"),
        ("math:parrot", "parrot is missing in math"),
        ("math:pi", "pi is not callable in math"),
        ("..relative:x", "cannot import ..relative"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused_with_the_reason(here, model, told):
    (here / "broken_models.py").write_text("1 / 0")
    with pytest.raises(BadInput, match=re.escape(told)):
        open_engine(spec(model))


def test_options_that_do_nothing_are_refused():
    with pytest.raises(BadInput, match=r"options\.temperature"):
        open_engine(spec("math:sqrt", options={"temperature": 1}))
