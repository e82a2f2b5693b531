import json
import random
import re

import jsonschema_mini as schema_check
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper import forms, prompts
from stumper.types import OneOf, Text

QUESTION = prompts.question_form("Blood relations")
ANSWER = prompts.answer_form(4, reasoned=True)


@given(st.data())
def test_a_form_is_valid_json_whatever_the_model_writes(data):
    form = data.draw(st.sampled_from([QUESTION, ANSWER, prompts.answer_form(9, reasoned=False)]))
    text = forms.fill(form, lambda *_: data.draw(st.text()))
    record = json.loads(text)
    assert list(record) == [field.name for field in form.fields]


def good(slot, rng):
    if isinstance(slot, OneOf):
        return rng.choice(slot.options)
    lead = " " if slot.starts else ""
    return lead + "".join(rng.choice("abc é?'") for _ in range(rng.randint(1, slot.max_chars)))


@pytest.mark.parametrize("form", [QUESTION, ANSWER], ids=["question", "answer"])
@pytest.mark.parametrize("seed", range(20))
def test_a_well_filled_form_passes_its_own_schema_and_regex(form, seed):
    rng = random.Random(seed)
    text = forms.fill(form, lambda _, slot: good(slot, rng))
    assert re.fullmatch(forms.regex(form), text)
    schema_check.check(json.loads(text), forms.schema(form))


def test_slots_follow_each_other_with_all_that_stands_before_them():
    seen = []
    forms.fill(ANSWER, lambda before, slot: seen.append((before, type(slot))) or "A")
    assert seen == [('{"reasoning": "', Text), ('{"reasoning": "A", "answer": "', OneOf)]


def test_no_slot_begins_after_a_blank():
    openings = []
    forms.fill(QUESTION, lambda before, slot: openings.append(before) or "A")
    assert not [o for o in openings if o.endswith(" ")]


def test_what_a_question_looks_like_in_training_is_what_slot_filling_produces():
    record = {"topic": "Blood relations", "question": "Who?", "choices": ["A) a", "B) b", "C) c", "D) d"]}
    record |= {"answer": "B", "explanation": "so"}
    question = prompts.from_challenge(record, "blood_relations")
    slots = iter(["Who?", " a", " b", " c", " d", "B", "so"])
    assert forms.fill(QUESTION, lambda *_: next(slots)) == prompts.write_question(question, "Blood relations")


@pytest.mark.parametrize("form", [QUESTION, ANSWER], ids=["question", "answer"])
def test_a_text_cut_anywhere_is_closed_and_keeps_what_was_written(form):
    rng = random.Random(5)
    whole = forms.fill(form, lambda _, slot: good(slot, rng))
    assert forms.close(form, whole) == whole
    for cut in range(len(whole)):
        closed = json.loads(forms.close(form, whole[:cut]))
        for name, content in json.loads(whole).items():
            if isinstance(content, str) and json.dumps({name: content}, ensure_ascii=False)[1:-1] in whole[:cut]:
                assert closed[name] == content
