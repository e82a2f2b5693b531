"""The kinship solver against a second one, the setter's promises, and the reader's refusals."""

import contextlib
import random
import time
from collections import Counter
from itertools import pairwise, product
from typing import get_args

import numpy as np
import pytest
import small_families
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from stumper.puzzles import TooLarge
from stumper.puzzles import blood_relations as family
from stumper.puzzles._kin_language import MEANINGS, PLAIN, Is, Kin, KinConventions, KinProblem, Related, Who
from stumper.types import LETTERS

NAMES = ("Ana", "Bo", "Cy", "Dan")
TERMS = tuple(PLAIN)
SOME_TERMS = st.lists(st.sampled_from(TERMS), min_size=9, max_size=9, unique=True)
READINGS = ("unmarried", "married")
PROFILES = st.sampled_from(READINGS)


def kin(text):
    subject, term, object_ = text.split()
    return Kin(subject=subject, term=term, object=object_)


def ask(clues, subject, object_, *terms, parents="unmarried"):
    query = Related(subject=subject, object=object_)
    return KinProblem(
        clues=tuple(kin(c) if isinstance(c, str) else c for c in clues),
        query=query,
        choices=terms,
        conventions={"parents": parents},
    )


def statuses(*arguments, **named):
    return family.solve(ask(*arguments, **named)).statuses


# The solver


@st.composite
def clue_sets(draw, names):
    near = [pair for a, b in pairwise(names) for pair in ((a, b), (b, a))]
    # Most clues in a chain: clues that share nobody compose to nothing.
    pairs = [*near, *near, *((a, b) for a, b in product(names, names) if a != b)]
    kins = st.builds(
        lambda pair, term: Kin(subject=pair[0], term=term, object=pair[1]),
        st.sampled_from(pairs),
        st.sampled_from(TERMS),
    )
    sexes = st.builds(Is, person=st.sampled_from(names), sex=st.sampled_from(["male", "female"]))
    return tuple(draw(st.lists(st.one_of(kins, kins, kins, sexes), min_size=1, max_size=4)))


def fitting(worlds, clues, profile, index):
    fits = (worlds.customary if profile == "married" else worlds.lawful).copy()
    for clue in clues:
        if isinstance(clue, Is):
            fits &= worlds.male[:, index[clue.person]] == (clue.sex == "male")
        else:
            fits &= worlds.facts[clue.term][:, index[clue.subject], index[clue.object]]
    return fits


def world_of(witness, sexes):
    """A witness of the solver as a world of one row, under one choice for the people of open sex."""
    people = list(witness)
    number = {name: i for i, name in enumerate(people)} | {None: small_families.OUTSIDE}
    litter: dict[str, int] = {}
    for i, name in enumerate(people):
        litter.setdefault(name, i)
        for sibling in witness[name]["siblings"]:
            litter.setdefault(sibling, litter[name])
    columns = ([number[witness[p][role]] for p in people] for role in ("father", "mother", "spouse"))
    father, mother, spouse = (np.array([column]) for column in columns)
    male = np.array([[(witness[p]["sex"] or sexes[p]) == "male" for p in people]])
    return small_families.Worlds(male, father, mother, spouse, np.array([[litter[p] for p in people]])), number


def worlds_of(witness):
    free = [p for p, person in witness.items() if person["sex"] is None]
    for chosen in product(("male", "female"), repeat=len(free)):
        sexes = dict(zip(free, chosen, strict=True))
        if all(sexes.get(witness[p]["spouse"]) != sex for p, sex in sexes.items()):
            yield world_of(witness, sexes)


@settings(max_examples=150, deadline=None)
@given(names=st.sampled_from([NAMES[:2], NAMES[:3], NAMES]), data=st.data(), profile=PROFILES, terms=SOME_TERMS)
def test_no_family_of_four_contradicts_the_solver(names, data, profile, terms):
    clues = data.draw(clue_sets(names))
    worlds = small_families.all_worlds()
    index = {name: i for i, name in enumerate(NAMES)}
    fits = fitting(worlds, clues, profile, index)
    for subject, object_ in ((names[0], names[1]), (names[-1], names[0])):
        solution = family.solve(ask(clues, subject, object_, *terms, parents=profile))
        assert solution.models or not fits.any()
        for term, status in zip(terms, solution.statuses, strict=True):
            holds = worlds.facts[term][fits, index[subject], index[object_]]
            assert not (status == "must" and not holds.all()), (clues, subject, term, object_)
            assert not (status == "cannot" and holds.any()), (clues, subject, term, object_)


@settings(max_examples=150, deadline=None)
@given(
    names=st.sampled_from([NAMES[:2], NAMES[:3], NAMES]),
    data=st.data(),
    profile=PROFILES,
    term=st.sampled_from(TERMS),
)
def test_could_is_backed_by_one_family_where_it_holds_and_one_where_it_fails(names, data, profile, term):
    clues = data.draw(clue_sets(names))
    problem = ask(clues, names[0], names[1], term, parents=profile)
    solution = family.solve(problem)
    outcomes = []
    for witness in solution.witnesses:
        seen = set()
        for world, number in worlds_of(witness):
            index = {name: number[name] for name in problem.people()}
            assert fitting(world, clues, profile, index).all(), (clues, witness)
            seen.add(bool(world.facts[term][0, index[names[0]], index[names[1]]]))
        outcomes.append(seen)
    if solution.statuses == ("could",):
        assert {True} in outcomes
        assert any(False in seen for seen in outcomes)
    elif solution.models:
        assert outcomes == [{solution.statuses == ("must",)}]


@st.composite
def grown_families(draw):
    """A lawful family of up to ten people with ordinary parents, some of them married."""
    n = draw(st.integers(5, 10))
    male = [draw(st.booleans()) for _ in range(n)]
    father, mother, spouse = ([small_families.OUTSIDE] * n for _ in range(3))
    for p in range(n):
        for parents, sex in ((father, True), (mother, False)):
            older = [q for q in range(p) if male[q] == sex]
            if older and draw(st.integers(0, 2)):
                parents[p] = draw(st.sampled_from(older))
        single = [q for q in range(p) if male[q] != male[p] and spouse[q] == small_families.OUTSIDE]
        if single and draw(st.booleans()):
            q = draw(st.sampled_from(single))
            spouse[p], spouse[q] = q, p
    pairs = list(zip(father, mother, strict=True))
    litter = [p if small_families.OUTSIDE in pairs[p] else pairs.index(pairs[p]) for p in range(n)]
    rows = (np.array([row]) for row in (father, mother, spouse, litter))
    return small_families.Worlds(np.array([male]), *rows)


@settings(max_examples=150, deadline=None)
@given(world=grown_families(), data=st.data(), profile=PROFILES, terms=SOME_TERMS)
def test_no_larger_family_contradicts_the_solver(world, data, profile, terms):
    lawful = world.customary if profile == "married" else world.lawful
    named = data.draw(st.lists(st.sampled_from(range(world.male.shape[1])), min_size=3, max_size=5, unique=True))
    names = (*NAMES, "Eve")[: len(named)]
    facts = [
        Kin(subject=names[i], term=term, object=names[j])
        for term in TERMS
        for i, s in enumerate(named)
        for j, o in enumerate(named)
        if world.facts[term][0, s, o]
    ]
    if not lawful.all() or not facts:
        return
    clues = data.draw(st.lists(st.sampled_from(facts), min_size=1, max_size=4, unique=True))
    found = statuses(clues, names[0], names[1], *terms, parents=profile)
    for term, status in zip(terms, found, strict=True):
        assert status != ("cannot" if world.facts[term][0, named[0], named[1]] else "must"), (clues, term)


@pytest.mark.parametrize(
    ("clues", "term", "status"),
    [
        (["Ana mother Bo", "Bo father Cy"], "grandmother", "must"),
        (["Ana wife Bo", "Bo brother Cy"], "sister-in-law", "must"),
        (["Ana sister Bo", "Bo parent Cy"], "aunt", "must"),
        (["Ana wife Bo", "Bo uncle Cy"], "aunt", "must"),
        (["Ana wife Bo", "Bo father Cy"], "mother", "could"),
        (["Ana child Bo", "Bo sister Cy"], "niece", "could"),
        (["Ana mother Bo", "Bo uncle Cy"], "grandmother", "could"),
        (["Ana daughter Bo", "Bo mother Cy"], "sister", "could"),
        (["Ana mother Bo", "Bo father Cy"], "daughter", "cannot"),
        (["Ana spouse Bo", "Bo father Cy"], "father", "cannot"),
        (["Ana cousin Bo", "Bo brother Cy"], "cousin", "must"),
        (["Ana father-in-law Bo", "Bo spouse Cy"], "father", "must"),
    ],
)
def test_textbook_compositions(clues, term, status):
    assert statuses(clues, "Ana", "Cy", term) == (status,)


def test_an_unnamed_person_may_be_a_named_one():
    """A grandfather's son is an uncle, or the father himself; only the first would be seen with Bo kept apart."""
    clues = ["Gio grandfather Cy", "Bo son Gio"]
    assert statuses(clues, "Bo", "Cy", "uncle", "father", parents="married") == ("could", "could")
    with_father = [*clues, "Al father Cy", "Al son Gio"]
    assert statuses(with_father, "Bo", "Cy", "uncle", "father", parents="married") == ("must", "cannot")


@pytest.mark.slow
@pytest.mark.parametrize("profile", READINGS)
def test_no_family_of_four_contradicts_the_solver_on_any_chain_of_two_clues(profile):
    worlds = small_families.all_worlds()
    index = {name: i for i, name in enumerate(NAMES[:3])}
    one_sex = [t for t in TERMS if MEANINGS[t].sex != "female"]
    for first, second, forth, back in product(one_sex, one_sex, (True, False), (True, False)):
        a, b = ("Ana", "Bo") if forth else ("Bo", "Ana")
        c, d = ("Bo", "Cy") if back else ("Cy", "Bo")
        clues = (Kin(subject=a, term=first, object=b), Kin(subject=c, term=second, object=d))
        fits = fitting(worlds, clues, profile, index)
        for batch in (TERMS[i : i + 9] for i in range(0, len(TERMS), 9)):
            for term, status in zip(batch, statuses(clues, "Ana", "Cy", *batch, parents=profile), strict=True):
                holds = worlds.facts[term][fits, 0, 2]
                assert not (status == "must" and not holds.all()), (clues, term)
                assert not (status == "cannot" and holds.any()), (clues, term)


def test_a_fathers_wife_is_the_mother_by_custom_alone():
    clues = ["Ana wife Bo", "Bo father Cy"]
    assert statuses(clues, "Ana", "Cy", "mother") == ("could",)
    assert statuses(clues, "Ana", "Cy", "mother", parents="married") == ("must",)


@pytest.mark.parametrize(
    "clues",
    [
        ["Ana mother Bo", "Bo mother Ana"],
        ["Ana wife Bo", "Ana wife Cy"],
        ["Ana wife Bo", "Ana brother Cy"],
        ["Ana mother Bo", "Cy mother Bo"],
        ["Ana wife Bo", "Ana sister Bo"],
        ["Ana daughter Bo", "Ana wife Bo"],
        ["Ana mother Ana"],
        ["Ana uncle Ana"],
        ["Ana mother Bo", Is(person="Ana", sex="male")],
    ],
)
def test_impossible_families_have_no_model(clues):
    assert family.solve(ask(clues, "Ana", "Bo", "sister")).models == 0


def test_a_person_without_stated_sex_is_counted_both_ways():
    assert family.solve(ask(["Ana child Bo", Is(person="Bo", sex="male")], "Ana", "Bo", "son", "daughter")).models == 2


@pytest.mark.parametrize("term", ["cousin", "brother-in-law", "uncle", "spouse"])
def test_large_problems_end_soon_with_an_answer_or_too_large(term):
    people = [f"P{i}" for i in range(30)]
    clues = tuple(Kin(subject=a, term=term, object=b) for a, b in pairwise(people))
    for few in (5, 10, 29):
        start = time.process_time()
        with contextlib.suppress(TooLarge):
            family.solve(ask(clues[:few], "P0", "P1", "brother", "sister", "cousin", "uncle"))
        assert time.process_time() - start < 3


# The setter


@pytest.mark.parametrize("level", range(1, 6))
def test_each_level_asks_for_a_longer_deduction(level):
    sizes = {len(family.make(random.Random(seed), level).clues["clues"]) for seed in range(30)}
    assert sizes == {family.SIZES[level].links}


def test_every_clue_is_needed():
    for seed in range(40):
        question = family.make(random.Random(seed), 1 + seed % 5)
        problem = family.load(question.clues)
        key = LETTERS.index(question.key)
        for i in range(len(problem.clues)):
            fewer = problem.model_copy(update={"clues": problem.clues[:i] + problem.clues[i + 1 :]})
            assert family.solve(fewer).statuses[key] != "must"


def test_keys_hold_under_every_convention_and_alone():
    points = {name: get_args(field.annotation) for name, field in KinConventions.model_fields.items()}
    for seed in range(25):
        question = family.make(random.Random(seed), 1 + seed % 5)
        for readings in product(*points.values()):
            problem = family.load(question.clues).under(dict(zip(points, readings, strict=True)))
            solution = family.solve(problem)
            musts = [LETTERS[i] for i, status in enumerate(solution.statuses) if status == "must"]
            assert musts == [question.key]


def test_names_never_decide():
    """Men's names for women and the other way round leave the proof as it was."""
    swapped = dict(zip(family.NAMES["male"], family.NAMES["female"], strict=False))
    for seed in range(20):
        problem = family.load(family.make(random.Random(seed), 3).clues)
        renamed = {name: f"N{i}" for i, name in enumerate(problem.people())}

        def new(value, renamed=renamed):
            if isinstance(value, dict):
                return {k: new(v) for k, v in value.items()}
            if isinstance(value, list):
                return [new(v) for v in value]
            return renamed.get(value, value)

        again = family.load(new(problem.model_dump(mode="json")))
        assert family.solve(again).statuses == family.solve(problem).statuses
    assert swapped


@pytest.fixture(scope="module")
def two_thousand():
    rng = random.Random(7)
    return [family.make(rng, 1 + i % 5) for i in range(2000)]


def _chance(hits, n, p=0.25):
    """No shortcut is better than chance at one in ten thousand."""
    return binomtest(hits, n, p, alternative="greater").pvalue > 1e-4


def test_keys_are_uniform_over_the_letters(two_thousand):
    counts = Counter(question.key for question in two_thousand)
    for letter in "ABCD":
        assert binomtest(counts[letter], 2000, 0.25).pvalue > 1e-4


def test_no_choice_gives_itself_away_by_its_length(two_thousand):
    for pick in (max, min):
        scored = [q for q in two_thousand if len({len(c) for c in q.choices}) == 4]
        hits = sum(LETTERS.index(q.key) == q.choices.index(pick(q.choices, key=len)) for q in scored)
        assert len(scored) > 100
        assert _chance(hits, len(scored))


def test_no_term_is_the_key_more_often_than_chance_where_it_is_offered(two_thousand):
    offered, right = Counter(), Counter()
    for question in two_thousand:
        problem = family.load(question.clues)
        if isinstance(problem.query, Related):
            offered.update(problem.choices)
            right[problem.choices[LETTERS.index(question.key)]] += 1
    assert set(right) == {t for s in family.CHOICE_SETS for t in s}
    for term in offered:
        assert _chance(right[term], offered[term]), (term, right[term], offered[term])


def test_no_name_gives_itself_away_by_how_often_it_is_mentioned():
    rng = random.Random(3)
    tried, hits = 0, Counter()
    for _ in range(900):
        question = family.make(rng, rng.choice((4, 5)))
        problem = family.load(question.clues)
        if isinstance(problem.query, Who):
            key = problem.choices[LETTERS.index(question.key)]
            mentions = {name: question.stem.count(name) for name in problem.choices}
            for pick in (min, max):
                level = pick(mentions.values())
                tied = [name for name in problem.choices if mentions[name] == level]
                hits[pick] += rng.choice(tied) == key
            tried += 1
    assert tried > 100
    for pick in (min, max):
        assert _chance(hits[pick], tried)


def test_questions_fit_the_token_limit_of_the_tournament(two_thousand):
    for question in two_thousand:
        size = len(question.stem) + sum(map(len, question.choices))
        assert size < (420 if question.level <= 3 else 600)
        assert len(question.stem) <= 480
        assert max(map(len, question.choices)) <= 44
        assert len(question.reasoning) <= 320


def test_reasoning_ends_in_the_key(two_thousand):
    for question in two_thousand:
        problem = family.load(question.clues)
        claim = problem.claims()[LETTERS.index(question.key)]
        assert question.reasoning.endswith(f"so {claim.subject} is {claim.object}'s {claim.term}.")


def test_reasoning_states_nothing_but_what_follows(two_thousand):
    for question in two_thousand[:200]:
        problem = family.load(question.clues)
        for said in question.reasoning.removesuffix(".").split("; "):
            read = family.read(f"{said.removeprefix('so ')}. How is Zed related to Zack?", ["son", "aunt"]).clues[0]
            if isinstance(read, Kin):
                held = statuses(problem.clues, read.subject, read.object, read.term)
                assert held == ("must",), (question, said)


# The picture


def test_names_in_the_picture_are_escaped_and_nothing_is_loaded():
    evil = "<script>&\"'"
    svg = family.draw(ask([Kin(subject=evil, term="mother", object="Bo")], evil, "Bo", "mother"))
    assert "<script>" not in svg
    assert "href" not in svg
    assert "&lt;script&gt;" in svg


def test_the_picture_shows_each_person_by_sex():
    svg = family.draw(ask(["Ana mother Bo", "Cy brother Bo"], "Ana", "Cy", "mother"))
    assert (svg.count("<circle"), svg.count("<rect"), svg.count("<polygon")) == (1, 1, 1)
    for name in ("Ana", "Bo", "Cy"):
        assert f">{name}</text>" in svg


def test_a_problem_without_families_is_said_in_the_picture():
    assert "No family" in family.draw(ask(["Ana mother Ana"], "Ana", "Bo", "mother"))
