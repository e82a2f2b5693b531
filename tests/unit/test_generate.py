import pytest

from stumper import discover, generate, prompts, puzzles
from stumper.engines import EngineRuntime, ModelSpec
from stumper.engines.scripted import Scripted
from stumper.types import Failure, Reply, Written


def recipe(questions=4, attempts=3, name="m", **more):
    writer = generate.Writer(model=ModelSpec(name=name, engine="scripted"), questions=questions)
    return generate.Recipe(seed=7, topics=("blood_relations", "seating"), writers=(writer,), attempts=attempts, **more)


def good(request):
    family = puzzles.family(request.about["topic"])
    import random

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
