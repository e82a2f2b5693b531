"""Families: the chase and the answer-set program agree, and both say what the language means."""

import contextlib
import random

import pytest
import random_kin
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from stumper.oracle import engines
from stumper.puzzles import TooLarge
from stumper.puzzles import blood_relations as family
from stumper.puzzles._kin_language import (
    ANSWERS,
    MEANINGS,
    NONE,
    UNDETERMINED,
    Count,
    Family,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinConventions,
    KinProblem,
    Member,
    Older,
    Related,
    Same,
    Tally,
    Which,
    WhichSex,
    Who,
    WhoIs,
)


def kin(said):
    return Kin(**dict(zip(("subject", "term", "object"), said.split("|"), strict=True)))


def problem(clues, query, choices=(), **conventions):
    clues = [kin(clue) if isinstance(clue, str) else clue for clue in clues]
    return KinProblem(clues=clues, query=query, choices=choices, conventions=KinConventions(**conventions))


def related(clues, asked, choices=(), **conventions):
    subject, object_ = asked.split("|")
    return problem(clues, Related(subject=subject, object=object_), choices, **conventions)


def proven(asked):
    """The statuses, as both engines prove them; None without a family that fits."""
    solution = engines.solve(family, asked)
    return solution.statuses if solution.models else None


def only(term, object_, number=1):
    return Count(object=object_, term=term, number=number, bound="exactly")


def answer(asked):
    """What is right in answer to an open question."""
    candidates = family.candidates(asked)
    asked = asked.model_copy(update={"choices": tuple(candidates.values())})
    return [said for said, status in zip(candidates, proven(asked), strict=True) if status == "must"]


# The two engines


def agree(seed):
    with contextlib.suppress(TooLarge):
        engines.solve(family, random_kin.problem(random.Random(seed)))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_two_engines_agree_on_random_problems(seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "MOST_CONFLICTS", 1_000)
        agree(seed)


@pytest.mark.slow
def test_the_two_engines_agree_on_a_thousand_random_problems(monkeypatch):
    monkeypatch.setattr(engines, "MOST_CONFLICTS", 20_000)
    for seed in range(1_000):
        agree(seed)


@pytest.mark.parametrize("level", range(1, 6))
def test_the_two_engines_agree_on_what_is_set(level):
    for seed in range(5):
        asked = family.load(family.make(random.Random(seed), level).clues)
        for parents in ("unmarried", "married"):
            assert proven(asked.under({"parents": parents})).count("must") == 1


# People without a name, and descriptions


def test_a_description_may_be_of_somebody_with_a_name():
    clues = ["?1|brother|Bo", "Ana|daughter|?1", "Cy|brother|Bo"]
    assert proven(related(clues, "Cy|Ana", ["father", "uncle", "father or uncle"])) == ("could", "could", "must")
    assert proven(related([*clues, only("brother", "Bo")], "Cy|Ana", ["father"])) == ("must",)


def test_a_phrase_says_the_same_as_its_steps():
    steps = ["?1|brother|Bo", "Ana|daughter|?1"]
    for clues in (steps, ["Ana|brother's daughter|Bo"]):
        assert proven(related(clues, "Ana|Bo", ["niece", "brother's daughter", "sister's child"])) == (
            "must",
            "must",
            "cannot",
        )


def test_parents_whom_nobody_mentions_exist():
    assert proven(related(["Ana|sister|Bo"], "Ana|Bo", ["mother's daughter", "father's child"])) == ("must", "must")
    assert proven(related(["Al|father|Bo"], "Al|Bo", ["grandfather's son", "grandmother's daughter"])) == (
        "must",
        "cannot",
    )


def test_which_person_is_the_one_described():
    clues = [Family(members=["A", "B", "C"]), Member(person="?doctor"), "?doctor|wife|A", "C|child|B", "A|father|C"]
    assert proven(problem(clues, WhoIs(who="?doctor"), ["A", "B", "C"])) == ("cannot", "must", "cannot")
    assert proven(problem([*clues, Is(person="C", sex="male")], Who(term="spouse", object="?doctor"), ["A", "B"])) == (
        "must",
        "cannot",
    )


# Step- and half-kin


@pytest.mark.parametrize(
    ("clues", "asked", "term", "status"),
    [
        (["Ana|wife|Al", "Al|father|Bo"], "Ana|Bo", "mother or stepmother", "must"),
        (["Ana|wife|Al", "Al|father|Bo"], "Ana|Bo", "stepmother", "could"),
        (["Ana|stepmother|Bo"], "Ana|Bo", "father's wife", "must"),
        (["Ana|stepmother|Bo"], "Ana|Bo", "mother", "cannot"),
        (["Ana|stepmother|Bo", "Ana|mother|Cy"], "Cy|Bo", "step-sibling or half-sibling", "must"),
        (["Ana|stepmother|Bo", "Ana|mother|Cy"], "Cy|Bo", "sibling", "cannot"),
        (["Ana|half-sister|Bo"], "Ana|Bo", "sister", "cannot"),
        (["Al|father|Ana", "Al|father|Bo"], "Ana|Bo", "sibling or half-sibling", "must"),
        (["Ana|stepsister|Bo"], "Ana|Bo", "half-sister", "cannot"),
    ],
)
def test_step_and_half_kin(clues, asked, term, status):
    assert proven(related(clues, asked, [term])) == (status,)


@pytest.mark.parametrize("term", ["stepmother", "stepson", "half-brother", "stepsister"])
def test_where_parents_are_married_there_are_no_step_and_half_kin(term):
    assert proven(related([f"Ana|{term}|Bo"], "Ana|Bo", ["cousin"], parents="married")) is None


# Numbers


def test_an_only_son_may_have_sisters():
    clues = ["Bo|son|Cy", only("son", "Cy")]
    assert proven(related([*clues, "Ana|daughter|Cy"], "Ana|Cy", ["daughter"])) == ("must",)
    assert proven(related([*clues, "Dan|son|Cy"], "Dan|Cy", ["son"])) is None


def test_an_only_child_has_no_sisters():
    assert proven(related(["Bo|son|Cy", only("child", "Cy"), "Ana|daughter|Cy"], "Ana|Cy", ["daughter"])) is None


def test_who_would_be_one_too_many_is_of_the_other_sex():
    clues = ["Bo|son|Cy", only("son", "Cy"), "Eve|child|Cy"]
    assert proven(problem(clues, WhichSex(sex_of="Eve"), ["male", "female", UNDETERMINED])) == (
        "cannot",
        "must",
        "cannot",
    )


def test_the_only_son_of_my_grandfather_is_my_father_or_uncle():
    clues = ["?1|grandfather|Ana", "Bo|son|?1", only("son", "?1")]
    assert proven(related(clues, "Bo|Ana", ["father or uncle"], parents="married")) == ("must",)
    paternal = ["?1|paternal grandfather|Ana", "Bo|son|?1", only("son", "?1")]
    assert proven(related(paternal, "Bo|Ana", ["father"])) == ("must",)


@pytest.mark.parametrize(("counts", "status"), [("at_least", "could"), ("exactly", "must")])
def test_whether_two_sons_exclude_a_third_is_a_convention(counts, status):
    asked = problem(
        [Count(object="Cy", term="son", number=2)], HowMany(counted="son", object="Cy"), ["2"], counts=counts
    )
    assert proven(asked) == (status,)
    assert "counts" in family.open_points(asked)


def test_how_many_members_are_men():
    clues = [
        Family(members=tuple("ABCDEF")),
        Tally(of="couple", number=2),
        "A|husband|B",
        "E|wife|C",
        "C|father|D",
        "F|son|A",
    ]
    for said, right in (((), UNDETERMINED), ((Is(person="D", sex="female"),), "3")):
        asked = problem([*clues, *said], HowManyMembers(of="male"), ["2", "3", "4", UNDETERMINED])
        assert proven(asked)[asked.choices.index(right)] == "must"


def test_members_alone_are_counted():
    clues = [Family(members=tuple("ABC")), "A|father|B", "?1|son|A", "C|daughter|A"]
    asked = problem([*clues, Is(person="B", sex="female")], HowMany(counted="son", object="A"), ["0", "1", "2"])
    assert proven(asked) == ("must", "cannot", "cannot")


# Ages


def test_a_parent_is_older_than_a_child_and_so_on_down():
    asks = Which(asks="true")
    ages = [Older(older="Ana", younger="Dan"), Older(older="Dan", younger="Ana"), Older(older="Bo", younger="Cy")]
    clues = ["Ana|grandmother|Bo", Older(older="Bo", younger="Dan")]
    assert proven(problem(clues, asks, ages)) == ("must", "cannot", "could")


def test_ages_rule_out_parents():
    clues = ["Ana|parent or child|Bo", Older(older="Bo", younger="Ana")]
    assert proven(related(clues, "Ana|Bo", ["child", "parent"])) == ("must", "cannot")


# Conventions


def test_an_aunt_in_a_clue_may_be_one_by_marriage():
    clues = ["Ana|aunt|Bo", "Cy|husband|Ana"]
    for uncles, status in (("by_marriage_too", "could"), ("by_blood", "must")):
        asked = related(clues, "Ana|Bo", ["mother's sister or father's sister", "aunt"], uncles=uncles)
        assert proven(asked) == (status, "must")
    assert proven(related(clues, "Cy|Bo", ["uncle"], uncles="by_blood")) == ("must",)


def test_a_first_name_tells_the_sex_by_convention_alone():
    clues = ["Emily|child|Bo"]
    assert proven(related(clues, "Emily|Bo", ["daughter", UNDETERMINED])) == ("could", "must")
    assert proven(related(clues, "Emily|Bo", ["daughter", UNDETERMINED], names="conventional")) == ("must", "cannot")


def test_what_the_text_says_outweighs_a_first_name():
    clues = ["Michael|daughter|Bo"]
    assert proven(related(clues, "Michael|Bo", ["daughter"], names="conventional")) == ("must",)


# Meta choices


def test_undetermined_is_right_where_no_word_is():
    clues = ["Ana|mother|Cy", "Bo|child|Cy"]
    assert proven(related(clues, "Bo|Ana", ["grandson", "son", UNDETERMINED, NONE])) == (
        "could",
        "cannot",
        "must",
        "cannot",
    )
    man = [*clues, Is(person="Bo", sex="male")]
    assert proven(related(man, "Bo|Ana", ["grandmother", "father", UNDETERMINED, NONE])) == (
        "cannot",
        "cannot",
        "cannot",
        "must",
    )


# Open questions


@pytest.mark.parametrize(
    ("clues", "asked", "right"),
    [
        (["Ana|mother|Bo", "Bo|father|Cy"], "Ana|Cy", ["grandmother"]),
        (["Ana|child|Bo"], "Ana|Bo", []),
        (["Ana|child|?1", "?1|brother|Eve", "Bo|daughter|Eve"], "Ana|Bo", ["cousin"]),
        (["?1|wife|Bo", "?2|brother|Bo", "?3|wife|?2", "Ana|sister|?3"], "Ana|Bo", ["brother's wife's sister"]),
        (["?1|grandfather|Bo", "Ana|daughter|?1"], "Ana|Bo", []),
        (["Ana|wife|Al", "Al|father|Bo"], "Ana|Bo", []),
        (["Ana|sister|Bo", "Cy|cousin|Bo"], "Dan|Ana", []),
    ],
)
def test_an_open_question_has_one_answer_or_none(clues, asked, right):
    assert answer(related(clues, asked)) == right


def test_two_answers_of_which_either_may_be_right_are_both_candidates():
    assert set(family.candidates(related(["Ana|child|Bo"], "Ana|Bo"))) == {"son", "daughter"}


def test_answers_say_the_sex_where_a_word_does():
    assert {"cousin", "second cousin", "cousin once removed"} < set(ANSWERS)
    assert not {"parent", "sibling", "spouse", "grandchild"} & set(ANSWERS)


# What is refused


@pytest.mark.parametrize(
    "data",
    [
        {"clues": [], "query": {"subject": "A", "object": "B"}, "choices": ["godfather"]},
        {"clues": [], "query": {"subject": "A", "object": "B"}, "choices": ["brother's"]},
        {"clues": [], "query": {"subject": "A", "object": "B"}, "choices": ["'s ".join(["son"] * 9)]},
        {"clues": [], "query": {"of": "male"}, "choices": ["1"]},
        {"clues": [], "query": {"counted": "son", "object": "A"}, "choices": ["1", "\u0663"]},
        {"clues": [{"object": "A", "term": "grandparent", "number": 2}], "query": {"sex_of": "A"}, "choices": ["male"]},
        {"clues": [], "query": {"sex_of": "A"}, "choices": ["neither"]},
        {"clues": [], "query": {"asks": "true"}, "choices": ["male"]},
        {"clues": [{"members": ["A", "A"]}], "query": {"sex_of": "A"}, "choices": ["male"]},
    ],
)
def test_what_is_no_problem_is_refused(data):
    with pytest.raises(ValidationError):
        family.load(data)


def test_each_term_survives_json_and_both_engines():
    for term in MEANINGS:
        asked = related([f"Ana|{term}|Bo"], "Ana|Bo", [term])
        assert family.load(asked.model_dump(mode="json")) == asked
        assert proven(asked) == ("must",)


def test_same_and_different_people():
    asks = Which(asks="true")
    claims = [Same(one="Ana", other="?1"), Same(one="Bo", other="?1", not_=True)]
    assert proven(problem(["?1|mother|Cy", "Ana|mother|Cy"], asks, claims)) == ("must", "must")
    assert proven(problem(["?1|son|Cy", "Bo|son|Cy"], asks, claims)) == ("could", "could")
