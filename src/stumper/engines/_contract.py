"""What every engine promises, as checks that its tests call: `check(engine)` raises AssertionError with the promise."""

import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from stumper import prompts
from stumper.engines import Engine
from stumper.types import Form, Message, OneOf, Reply, Request, Sampling

Call = Callable[[Sequence[Request]], Iterator[tuple[int, Reply]]]

ASKED = (Message(role="user", content="Ann is Bob's mother. Who is Bob to Ann?\nA) aunt\nB) son\nC) niece\nD) father"),)
FORM = prompts.answer_form(4, reasoned=False)
SLACK = 2.0
"""Seconds by which an engine may overrun a deadline: a busy machine's, and the last step of a prefill."""


def check(
    engine: Engine,
    *,
    write: Request | None = None,
    scores: Sequence[tuple[str, ...]] = (tuple("ABCD"),),
    formed: bool = True,
    continues: bool = True,
    deterministic: bool = True,
) -> None:
    """Check an engine that is ready, and close it.

    `write`: a request that this engine writes a reply to, for engines that cannot write to any.
    `scores`: continuations that it scores; empty for an engine that scores none.
    `formed`: it fills in forms. `continues`: it writes on from an opening. `deterministic`: the same request has the
    same text at temperature 0.
    Raises AssertionError with the broken promise.
    """
    free = write or Request(messages=ASKED, sampling=Sampling(max_tokens=8), seed=1)
    filled = free.model_copy(update={"form": FORM, "sampling": Sampling(max_tokens=32)})
    written = free if write or not formed else filled
    letters = [
        Request(messages=ASKED, opening=prompts.ANSWER_OPENING, continuations=continuations, seed=1)
        for continuations in scores or (tuple("ABCD"),)
    ]
    try:
        _answers_each_request_once(engine.generate, [free, written, free])
        _answers_each_request_once(engine.choose, letters)
        for request in (free, written):
            _writes(engine, request)
        for request in letters:
            _scores(engine, request, able=bool(scores))
        if continues:
            _continues(engine, free)
        if deterministic:
            texts = {_one(engine.generate, written).text for _ in range(2)}
            assert len(texts) == 1, f"temperature 0 and one seed, but two texts: {texts}"
        _fails_as_a_reply(engine, free)
        _keeps_a_deadline(engine, free)
        _can_be_left_early(engine, free)
        _works_in_another_thread(engine, free)
        _counts_tokens(engine)
    finally:
        engine.close()
    engine.close()  # twice is safe


def _one(call: Call, request: Request) -> Reply:
    replies = list(call([request]))
    assert [index for index, _ in replies] == [0], f"one request, but the indices {[i for i, _ in replies]}"
    reply = replies[0][1]
    assert isinstance(reply, Reply), f"a reply must be a Reply, not {type(reply).__name__}"
    assert (reply.finish == "failed") <= bool(reply.error), "a failed reply must say why in `error`"
    assert min(reply.prompt_tokens, reply.tokens, reply.seconds) >= 0, "counts and seconds are never negative"
    return reply


def _answers_each_request_once(call: Call, requests: Sequence[Request]) -> None:
    assert list(call([])) == [], "no requests, but replies"
    indices = sorted(index for index, _ in call(requests))
    assert indices == list(range(len(requests))), f"{len(requests)} requests, but replies to {indices}"


def _writes(engine: Engine, request: Request) -> None:
    reply = _one(engine.generate, request)
    assert reply.finish in ("stop", "length"), f"a plain request must succeed: {reply.error}"
    assert reply.text, "a plain request must have a text"
    if request.form is not None:
        _is_filled_in(reply.text, request.form)


def _continues(engine: Engine, request: Request) -> None:
    opening = "The one who asks is"
    reply = _one(engine.generate, request.model_copy(update={"opening": opening}))
    assert reply.finish in ("stop", "length"), f"an opening must be continued: {reply.error}"
    assert not reply.text.startswith(opening), "the text leaves out the opening"


def _is_filled_in(text: str, form: Form) -> None:
    filled = json.loads(text)
    assert list(filled) == [field.name for field in form.fields], f"the form's fields in order, not {list(filled)}"
    for field in form.fields:
        if isinstance(field.content, OneOf):
            assert filled[field.name] in field.content.options, f"{field.name}: {filled[field.name]!r} is no option"


def _scores(engine: Engine, request: Request, able: bool) -> None:
    reply = _one(engine.choose, request)
    if not able:
        assert reply.finish == "failed", "an engine that scores nothing must say so in a failed reply"
        assert not reply.scores, "a failed reply has no scores"
        return
    assert reply.finish != "failed", f"scoring must succeed: {reply.error}"
    assert len(reply.scores) == len(request.continuations), "one score a continuation, in order"
    assert all(math.isfinite(s) and s <= 1e-3 for s in reply.scores), f"log-probabilities, not {reply.scores}"


def _fails_as_a_reply(engine: Engine, request: Request) -> None:
    """A prompt beyond any context is one reply, and spoils none of its batch."""
    endless = Request(
        messages=(Message(role="user", content="circle " * 150_000),), sampling=request.sampling, deadline=20
    )
    replies = dict(engine.generate([endless, request]))
    assert sorted(replies) == [0, 1], "a hopeless request must be answered too"
    assert replies[1].finish in ("stop", "length"), f"a hopeless request spoilt another one: {replies[1].error}"


def _keeps_a_deadline(engine: Engine, request: Request) -> None:
    long = request.model_copy(update={"deadline": 0.5, "sampling": Sampling(max_tokens=4096, temperature=1.0)})
    start = time.monotonic()
    _one(engine.generate, long)
    took = time.monotonic() - start
    assert took < 0.5 + SLACK, f"a deadline of 0.5 s took {took:.1f} s"


def _can_be_left_early(engine: Engine, request: Request) -> None:
    replies = engine.generate([request] * 4)
    next(replies)
    close = getattr(replies, "close", None)
    if close is not None:
        close()
    _writes(engine, request)


def _works_in_another_thread(engine: Engine, request: Request) -> None:
    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.append(_one(engine.generate, request)))
    thread.start()
    thread.join()
    assert [reply.finish in ("stop", "length") for reply in replies] == [True], "it must work in another thread"


def _counts_tokens(engine: Engine) -> None:
    count = engine.count_tokens("Ann is Bob's mother.")
    if count is not None:
        assert count > 0, "a text has tokens"
        assert engine.count_tokens("") == 0, "an empty text has no tokens, special ones are not counted"
