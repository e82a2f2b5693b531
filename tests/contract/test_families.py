"""What every puzzle family promises, for each module found in the package."""

import random
import time
import xml.etree.ElementTree as ET
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import chisquare

from stumper import oracle, puzzles
from stumper.oracle.conventions import points
from stumper.prompts import MAX_CHOICE, MAX_REASONING, MAX_STEM
from stumper.puzzles import TooLarge, Unread
from stumper.types import LETTERS, Question, canonical

LEVELS = range(1, 6)

families = pytest.mark.parametrize("name", puzzles.families())


def questions(name, n, seed=0):
    family = puzzles.family(name)
    return [family.make(random.Random(seed * 10_000 + i), 1 + i % 5) for i in range(n)]


def test_families_are_found():
    assert puzzles.families()


@families
def test_make_depends_on_the_generators_state_alone(name):
    assert questions(name, 20) == questions(name, 20)
    assert len({q.stem for q in questions(name, 40)}) == 40


@families
@pytest.mark.parametrize("level", LEVELS)
def test_made_questions_are_whole(name, level):
    for seed in range(20):
        question = puzzles.family(name).make(random.Random(seed), level)
        assert (question.topic, question.level) == (name, level)
        assert len(question.choices) == 4
        assert len({choice.casefold() for choice in question.choices}) == 4
        assert question.key in tuple("ABCD")
        assert question.reasoning
        assert question.clues is not None
        canonical(question)
        # What the form's slots cannot hold would be cut from a model's training text.
        for text in (question.stem, *question.choices, question.reasoning):
            assert not set('"\\\n\t') & set(text)
        assert len(question.stem) <= MAX_STEM
        assert max(map(len, question.choices)) <= MAX_CHOICE
        assert len(question.reasoning) <= MAX_REASONING


@families
def test_the_key_alone_holds_in_all_models(name):
    family = puzzles.family(name)
    for question in questions(name, 60):
        solution = family.solve(family.load(question.clues))
        assert solution.models > 0
        assert [i for i, s in enumerate(solution.statuses) if s == "must"] == [LETTERS.index(question.key)]


@families
def test_made_text_reads_back_to_its_formal_problem(name):
    family = puzzles.family(name)
    for question in questions(name, 100):
        read = family.read(question.stem, question.choices)
        assert read.model_dump() == family.load(question.clues).model_dump()


@families
def test_the_order_of_the_choices_does_not_matter_to_their_statuses(name):
    family = puzzles.family(name)
    for question in questions(name, 20):
        there = family.solve(family.read(question.stem, question.choices))
        back = family.solve(family.read(question.stem, question.choices[::-1]))
        assert there.statuses == back.statuses[::-1]
        assert there.models == back.models


@families
def test_problems_survive_json_and_bad_ones_are_refused(name):
    family = puzzles.family(name)
    for question in questions(name, 10):
        problem = family.load(question.clues)
        assert family.load(problem.model_dump(mode="json")) == problem
        for broken in ({}, question.clues | {"more": 1}, question.clues | {"clues": "none"}, {"clues": [None] * 9}):
            with pytest.raises(ValidationError):
                family.load(broken)


@families
def test_keys_are_uniform_over_the_letters(name):
    counts = Counter(q.key for q in questions(name, 600, seed=3))
    assert chisquare([counts[letter] for letter in "ABCD"]).pvalue > 1e-4


@families
def test_the_oracle_proves_what_was_set(name):
    for question in questions(name, 40):
        ruling = oracle.prove(question)
        assert (ruling.ruling, ruling.true_key) == ("proven", question.key), ruling.why
        canonical(ruling)


@families
def test_open_points_are_documented_as_they_are_typed(name):
    """conventions/FAMILY.yaml names each field of the family's conventions, its readings, the default first."""
    question = puzzles.family(name).make(random.Random(0), 1)
    conventions = puzzles.family(name).load(question.clues).conventions
    typed = {point: get_args(field.annotation) for point, field in type(conventions).model_fields.items()}
    assert {point: tuple(page.readings) for point, page in points(name).items()} == typed
    assert all(getattr(conventions, point) == readings[0] for point, readings in typed.items())


@families
def test_pictures_are_self_contained_svg(name):
    family = puzzles.family(name)
    for question in questions(name, 15):
        svg = family.draw(family.load(question.clues))
        root = ET.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        for element in root.iter():
            assert element.tag.rsplit("}")[-1] not in ("script", "image", "foreignObject", "use", "style")
            assert not [key for key in element.attrib if key.startswith("on") or "href" in key]
        assert root.find("{http://www.w3.org/2000/svg}title") is not None


HOSTILE = {
    "a megabyte": "Ana sits left of Bo and is his mother. " * 26_000,
    "nested": "(" * 3000 + "Ana" + ")" * 3000 + "?",
    "many people": " ".join(f"Ab{i} is Ab{i + 1}'s uncle." for i in range(200)) + " How is Ab0 related to Ab1?",
    "a long list": "Two hundred friends, "
    + ", ".join(f"Ab{i}" for i in range(200))
    + ", sit in a row. Who sits first?",
    "unicode": "".join(chr(i) for i in range(1, 0x3000)),
    "surrogates": "\ud800\udc00" * 300 + "?",
    "blank": " \n\t ",
    "empty": "",
    "zalgo": "A\u0301" * 2000 + "?",
    "one word": "a" * 3000,
    "joints": "Ana, and Bo, and " * 180 + "?",
}


@families
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_refused_within_a_second(name, kind):
    family = puzzles.family(name)
    start = time.process_time()
    with pytest.raises((Unread, TooLarge)):
        family.solve(family.read(HOSTILE[kind], ["Ana", "Bo", "Cy", "Dan"]))
    assert time.process_time() - start < 1


@families
@given(stem=st.text(max_size=200), choices=st.lists(st.text(max_size=20), max_size=9))
def test_any_question_gets_a_ruling(name, stem, choices):
    ruling = oracle.prove(Question(topic=name, stem=stem, choices=tuple(choices)))
    assert ruling.ruling == "unformalised"


@families
@given(data=st.data())
def test_a_changed_text_is_proven_only_where_it_still_says_its_problem(name, data):
    """One word is dropped or doubled: the formal clues must notice, unless the word said nothing."""
    family = puzzles.family(name)
    question = family.make(random.Random(data.draw(st.integers(0, 50))), data.draw(st.integers(1, 5)))
    words = question.stem.split()
    at = data.draw(st.integers(0, len(words) - 1))
    changed = [*words[:at], *([words[at]] * data.draw(st.sampled_from([0, 2]))), *words[at + 1 :]]
    ruling = oracle.prove(question.model_copy(update={"stem": " ".join(changed)}))
    if ruling.ruling == "proven":
        read = family.read(" ".join(changed), question.choices)
        assert read.model_dump() == family.load(question.clues).model_dump()
