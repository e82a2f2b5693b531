import random

import pytest
from pydantic import ValidationError

from stumper import discover, generate, oracle, prompts, puzzles
from stumper.engines import EngineRuntime, ModelSpec
from stumper.engines.scripted import Scripted
from stumper.oracle.identity import identity, proven_problem
from stumper.types import Failure, Reply, Written


def recipe(questions=4, attempts=3, name="m", **more):
    writer = generate.Writer(model=ModelSpec(name=name, engine="scripted"), questions=questions)
    return generate.Recipe(seed=7, topics=("blood_relations", "seating"), writers=(writer,), attempts=attempts, **more)


def good(request):
    family = puzzles.family(request.about["topic"])
    return prompts.write_question(family.make(random.Random(request.seed), 1), family.TITLE)


def write(made, function):
    return {
        key: (value, cost) for key, value, cost in generate.write(made, generate.tasks(made), {"m": Scripted(function)})
    }


def test_each_author_is_asked_for_the_stated_number_per_topic_at_the_levels_in_turn():
    owed = generate.tasks(recipe(questions=5, levels=(1, 1, 3)))
    assert len(owed) == 10
    assert [task.level for task in owed.values()] == [1, 1, 3, 1, 1] * 2
    assert len({task.seed for task in owed.values()}) == 10


def test_an_author_may_owe_more_on_one_topic_than_on_another():
    owed = generate.tasks(recipe(questions={"seating": 3}))
    assert [task.topic for task in owed.values()] == ["seating"] * 3


def test_more_questions_do_not_change_the_earlier_ones():
    few, many = generate.tasks(recipe(questions=3)), generate.tasks(recipe(questions=9))
    assert few.items() <= many.items()


def test_what_a_model_writes_is_filed_under_what_it_was_asked():
    done = write(recipe(), good)
    assert {w.question.topic for w, _ in done.values()} == {"blood_relations", "seating"}
    assert all(isinstance(w, Written) and w.author == "m" for w, _ in done.values())


def test_a_model_cannot_state_formal_clues_of_its_own():
    lying = '{"question": "q?", "choices": ["aa", "bb", "cc", "dd"], "answer": "A", "clues": {"proven": true}}'
    done = write(recipe(), lambda request: lying)
    assert all(w.question.clues is None for w, _ in done.values())


def test_a_malformed_reply_is_asked_again_with_another_seed_and_then_given_up():
    seeds = []

    def bad(request):
        seeds.append(request.seed)
        return "no question"

    done = write(recipe(questions=1, attempts=3), bad)
    assert all(
        isinstance(value, Failure) and value.type == "malformed" and cost["attempts"] == 3
        for value, cost in done.values()
    )
    assert len(seeds) == len(set(seeds)) == 6


def test_an_outage_is_no_malformed_question():
    done = write(recipe(), lambda request: Reply(finish="failed", error="down", outage=True))
    assert all(isinstance(value, Failure) and value.outage for value, _ in done.values())


@pytest.mark.parametrize("topic", ["blood_relations", "seating"])
def test_the_setter_is_an_author_like_the_others_but_states_its_clues(topic):
    made = recipe(name="setter")
    engine = discover.load("stumper.engines", "setter").ENGINE(
        ModelSpec(name="setter", engine="setter"), EngineRuntime()
    )
    done = {k: v for k, v, _ in generate.write(made, generate.tasks(made), {"setter": engine})}
    mine = [w.question for w in done.values() if w.question.topic == topic]
    assert len(mine) == 4
    assert all(question.clues and question.key for question in mine)


def drafts(*kinds):
    """A script that writes drafts of these kinds in turn; and what it was asked."""
    asked = []

    def script(request):
        asked.append(request)
        family = puzzles.family(request.about["topic"])
        kind = "good" if "flaw" in request.about else kinds[(len(asked) - 1) % len(kinds)]
        question = family.make(random.Random(5 if kind == "same" else request.seed), 1)
        if kind == "malformed":
            return "no question"
        if kind == "wrong_key":
            question = question.model_copy(update={"key": "ABCD"[("ABCD".index(question.key) + 1) % 4]})
        if kind == "ambiguous":
            question = ambiguous(family.make(random.Random(request.seed), 3))
        if kind == "strange":
            question = question.model_copy(update={"stem": "Frobnicate the wug. " + question.stem})
        return prompts.write_question(question, family.TITLE)

    return script, asked


def ambiguous(question):
    """The question without the first sentence whose loss leaves no choice right."""
    sentences = question.stem.split(". ")
    for i in range(len(sentences) - 1):
        less = question.model_copy(update={"clues": None, "stem": ". ".join(sentences[:i] + sentences[i + 1 :])})
        if oracle.prove(less).ruling == "ambiguous":
            return less
    raise AssertionError("no sentence matters")


def places(until, *kinds, repair=False, questions=1, attempts=12):
    made = recipe(questions={"blood_relations": questions}, until=until, repair=repair, attempts=attempts)
    script, asked = drafts(*kinds)
    return list(write(made, script).values()), asked


def test_an_author_is_asked_on_until_as_many_different_questions_are_proven_as_were_asked_for():
    done, asked = places("proven", "wrong_key", "strange", "same", "malformed", "good", questions=8, attempts=50)
    assert len(done) == 8
    rulings = [oracle.prove(w.question) for w, _ in done]
    assert {ruling.ruling for ruling in rulings} == {"proven"}
    names = [
        name
        for (w, _), ruling in zip(done, rulings, strict=True)
        for name in identity(w.question, proven_problem(w.question, ruling))
    ]
    assert len(set(names)) == len(names)
    assert len(asked) == sum(len(w.refused) + 1 for w, _ in done) == sum(cost["attempts"] for _, cost in done)
    assert {reason for w, _ in done for reason in w.refused} >= {"malformed", "unformalised", "wrong_key"}


def test_what_the_oracle_cannot_read_is_taken_where_only_a_refutation_sends_back():
    [(written, _)], _ = places("not_refuted", "wrong_key", "strange")
    assert written.refused == ("wrong_key",)
    assert oracle.prove(written.question).ruling == "unformalised"


def test_a_place_that_is_given_up_says_what_was_tried():
    [(failure, cost)], asked = places("proven", "wrong_key", "malformed", attempts=5)
    assert failure.type == "wrong_key"
    assert "5 attempts (wrong_key 3, malformed 2)" in failure.message
    assert cost["attempts"] == len(asked) == 5


def test_a_proven_key_is_put_in_place_of_a_wrong_one_without_another_call():
    [(written, _)], asked = places("proven", "wrong_key", repair=True)
    assert (len(asked), written.repaired, written.refused) == (1, "key", ("wrong_key",))
    assert oracle.prove(written.question).ruling == "proven"
    assert not written.question.reasoning


def test_an_ambiguous_draft_goes_back_once_with_the_reason():
    [(written, cost)], asked = places("proven", "ambiguous", repair=True)
    assert (written.repaired, cost["attempts"]) == ("rewritten", 2)
    first, second = asked
    assert second.messages[: len(first.messages)] == first.messages
    assert second.about["flaw"] in second.messages[-1].content
    assert "no choice is right" in second.about["flaw"]


def test_repair_without_a_look_is_refused():
    with pytest.raises(ValidationError, match="repair needs until"):
        recipe(repair=True)


def test_writing_that_was_stopped_takes_the_same_questions():
    """Twins are judged by place and attempt, however the run was cut."""
    made = recipe(questions=6, until="proven", attempts=30)

    def script(request):
        rng = random.Random(request.seed)
        family = puzzles.family(request.about["topic"])
        question = family.make(random.Random(rng.randrange(8)), 1)
        return "no" if rng.random() < 0.3 else prompts.write_question(question, family.TITLE)

    records = {key: record for key, (record, _) in write(made, script).items()}
    assert all(isinstance(record, Written) for record in records.values())
    for cut in range(1, len(records)):
        before = dict(list(records.items())[:cut])
        owed = {key: task for key, task in generate.tasks(made).items() if key not in before}
        rest = {key: record for key, record, _ in generate.write(made, owed, {"m": Scripted(script)}, before)}
        assert before | rest == records
