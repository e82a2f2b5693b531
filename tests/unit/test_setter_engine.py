"""The puzzle families as an author, with a tiny family in the place of the real ones."""

import types

import pytest

from stumper import prompts, puzzles
from stumper.engines import ModelSpec, open_engine
from stumper.errors import BadInput
from stumper.types import Message, Question, Request


def make(rng, level):
    if level == 5:
        raise puzzles.TooLarge
    numbers = rng.sample(range(100), 4)
    key = "ABCD"[numbers.index(max(numbers))]
    return Question(
        topic="largest",
        stem=f"Which number of level {level} is the largest?",
        choices=tuple(map(str, numbers)),
        key=key,
        reasoning="By looking.",
        level=level,
        clues={"numbers": numbers},
    )


@pytest.fixture
def engine(monkeypatch):
    def family(name):
        if name != "largest":
            raise BadInput(f"no {name!r} among the puzzles; there are: largest")
        return types.SimpleNamespace(TITLE="Largest number", make=make)

    monkeypatch.setattr(puzzles, "family", family)
    return open_engine(ModelSpec(name="setter", engine="setter"))


def asked(topic="largest", level=2, seed=7, role="<Q>"):
    about = {"role": role, "topic": topic, "level": level}
    return Request(messages=(Message(role="user", content="ignored"),), about=about, seed=seed)


def reply_to(engine, request):
    [(_, reply)] = engine.generate([request])
    return reply


def test_a_reply_reads_back_as_the_question_and_carries_the_formal_problem(engine):
    reply = reply_to(engine, asked())
    question = prompts.parse_question(reply.text, "largest")
    numbers = reply.clues["numbers"]
    assert question.choices == tuple(map(str, numbers))
    assert question.key == "ABCD"[numbers.index(max(numbers))]
    assert question.stem == "Which number of level 2 is the largest?"
    assert '"topic": "Largest number"' in reply.text
    assert reply.tokens == 0


def test_the_seed_alone_decides_and_not_the_place_in_the_batch(engine):
    batch = dict(engine.generate([asked(seed=s) for s in (1, 2, 3)]))
    assert batch[2] == reply_to(engine, asked(seed=3))
    assert len({reply.text for reply in batch.values()}) == 3


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (asked(role="<A>"), "only writes"),
        (Request(messages=()), "only writes"),
        (asked(topic=7), "only writes"),
        (asked(topic="chess"), "there are: largest"),
        (asked(level=0), "1 to 5"),
        (asked(level="2"), "1 to 5"),
        (asked(level=True), "1 to 5"),
        (asked(level=2.0), "1 to 5"),
        (asked(level=[1]), "1 to 5"),
        (asked(level=5), "level 5"),
    ],
)
def test_what_it_cannot_write_is_a_failed_reply_that_says_why(engine, request_, told):
    reply = reply_to(engine, request_)
    assert (reply.finish, reply.text, reply.clues) == ("failed", "", None)
    assert told in reply.error


def test_it_refuses_to_score(engine):
    [(_, reply)] = engine.choose([asked()])
    assert (reply.finish, reply.scores) == ("failed", ())
    assert "only writes" in reply.error


@pytest.mark.parametrize("field", [{"model": "hf:a/b@c"}, {"adapter": "x"}, {"options": {"level": 3}}])
def test_a_spec_that_says_more_than_setter_is_refused(field):
    with pytest.raises(BadInput, match=next(iter(field))):
        open_engine(ModelSpec(name="setter", engine="setter", **field))
