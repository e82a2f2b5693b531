"""One text for a problem however it is told, and another one for every other problem."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper import puzzles
from stumper.puzzles import canonical_form
from stumper.puzzles._canonical import NAMED

families = pytest.mark.parametrize("name", puzzles.families())


def names_of(problem):
    found = next((getattr(problem, place) for place in NAMED if hasattr(problem, place)), ())
    return list(found() if callable(found) else found)


def renamed(value, names):
    if isinstance(value, dict):
        return {key: renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


@families
@given(data=st.data())
def test_renaming_and_reordering_keep_the_text(name, data):
    family = puzzles.family(name)
    rng = random.Random(data.draw(st.integers(0, 10_000)))
    problem = family.load(family.make(rng, data.draw(st.integers(1, 5))).clues)
    names = names_of(problem)
    told = problem.model_dump(mode="json")
    told = renamed(told, dict(zip(names, rng.sample(names, len(names)), strict=True)))
    for field in ("clues", "premises", "choices", "people", "things"):
        if field in told:
            rng.shuffle(told[field])
    assert canonical_form(family.load(told)) == canonical_form(problem)
    assert canonical_form(family.load(told), choices=False) == canonical_form(problem, choices=False)


@families
def test_different_problems_have_different_texts(name):
    """The setter's problems are hardly ever the same; those that share a text have the same answer."""
    family = puzzles.family(name)
    seen = {}
    for seed in range(60):
        problem = family.load(family.make(random.Random(seed), 4).clues)
        statuses = sorted(family.solve(problem).statuses)
        assert seen.setdefault(canonical_form(problem), statuses) == statuses
    assert len(seen) > 30


@families
def test_a_clue_less_is_another_problem(name):
    family = puzzles.family(name)
    for seed in range(5):
        problem = family.load(family.make(random.Random(seed), 3).clues)
        told = problem.model_dump(mode="json")
        field = "premises" if "premises" in told else "clues"
        fewer = problem.model_copy(update={field: getattr(problem, field)[1:]})
        assert canonical_form(fewer) != canonical_form(problem)


def test_strangers_make_no_work():
    """Of people of whom nothing is said any order is as good: none of their 40,320 is tried."""
    seating = puzzles.family("seating")
    problem = seating.load(seating.make(random.Random(1), 5).clues)
    strangers = problem.model_copy(update={"clues": problem.clues[:1]})
    assert canonical_form(strangers)
