import random
from itertools import combinations, product

import pytest

from stumper import oracle
from stumper.puzzles import Unread, syllogisms
from stumper.puzzles._syllogism_language import Statement, Syllogism, consistent, follows, solve, witness
from stumper.types import Question

QUANTIFIERS = ("all", "no", "some", "some_not")
KINDS = list(product((False, True), repeat=3))
TERMS = ("cat", "dog", "lion")


def true(statement, inhabited):
    inside = [kind for kind in inhabited if kind[TERMS.index(statement.subject)]]
    hits = [kind[TERMS.index(statement.predicate)] for kind in inside]
    return {"all": all(hits), "no": not any(hits), "some": any(hits), "some_not": not all(hits)}[statement.quantifier]


def models(premises, imports):
    """All sets of kinds of things, looked at one by one."""
    for n in range(len(KINDS) + 1):
        for inhabited in combinations(KINDS, n):
            if imports and not all(any(kind[t] for kind in inhabited) for t in range(3)):
                continue
            if all(true(premise, inhabited) for premise in premises):
                yield inhabited


@pytest.mark.parametrize("seed", range(40))
def test_the_solver_agrees_with_looking_at_every_model(seed):
    rng = random.Random(seed)

    def statement():
        subject, predicate = rng.sample(TERMS, 2)
        return Statement(quantifier=rng.choice(QUANTIFIERS), subject=subject, predicate=predicate)

    premises = [statement() for _ in range(rng.randint(1, 3))]
    # All three terms are named, so that both count the same kinds.
    claims = [Statement(quantifier=q, subject=a, predicate=b) for q in QUANTIFIERS for a, b in combinations(TERMS, 2)]
    for existence in ("open", "granted"):
        problem = Syllogism(premises=premises, choices=claims[:9], conventions={"existence": existence})
        assert set(problem.terms) == set(TERMS)
        found = list(models(premises, existence == "granted"))
        solution = solve(problem)
        assert solution.models == len(found)
        for claim, status in zip(problem.choices, solution.statuses, strict=True):
            held = [true(claim, inhabited) for inhabited in found]
            assert status == ("must" if held and all(held) else "could" if any(held) else "cannot")
        for shown in solution.witnesses:
            inhabited = [tuple(term in kind for term in TERMS) for kind in shown["there are"]]
            assert all(true(premise, inhabited) for premise in premises)


def problem_of(stem):
    return syllogisms.read(f"{stem} Which conclusion follows?", ("All xs are ys",))


@pytest.mark.parametrize(
    ("stem", "claim", "follows_strictly", "follows_with_import"),
    [
        ("All cats are dogs. All dogs are lions.", "All cats are lions", True, True),
        ("All cats are dogs. All dogs are lions.", "Some cats are lions", False, True),
        ("All cats are dogs. Some dogs are lions.", "Some cats are lions", False, False),
        ("No cat is a dog. Some lions are dogs.", "Some lions are not cats", True, True),
        ("Only dogs are cats. No dogs are lions.", "No lion is a cat", True, True),
        ("All cats are dogs. No cat is a lion.", "Some dogs are not lions", False, True),
        ("Only a few cats are dogs. All dogs are lions.", "At least one cat is a lion", True, True),
        ("Only a few cats are dogs. All lions are dogs.", "Not all cats are lions", True, True),
        ("Some cats are dogs. Some dogs are lions.", "No cat is a lion", False, False),
    ],
)
def test_known_inferences_stand_and_known_fallacies_do_not(stem, claim, follows_strictly, follows_with_import):
    (conclusion,) = syllogisms.read(f"{stem} Which conclusion follows?", (claim,)).choices
    bare = problem_of(stem)
    assert follows(bare, conclusion) == follows_strictly
    assert follows(bare.under({"existence": "granted"}), conclusion) == follows_with_import


STATED = "Statements: {} Conclusions: I. {}. II. {}. Which of the conclusions follows?"
FIVE = (
    "Only conclusion I follows",
    "Only II follows",
    "Both follow",
    "Neither I nor II follows",
    "Either I or II follows",
)


@pytest.mark.parametrize(
    ("premises", "one", "other", "right"),
    [
        ("All cats are dogs. All dogs are lions.", "All cats are lions", "All lions are cats", 0),
        ("All cats are dogs. No dog is a lion.", "Some cats are lions", "No cat is a lion", 1),
        ("Some cats are dogs. All dogs are lions.", "Some cats are lions", "Some lions are cats", 2),
        ("Some cats are dogs. Some dogs are lions.", "Some cats are lions", "All cats are lions", 3),
        ("Some cats are dogs. Some dogs are lions.", "Some cats are lions", "No cats are lions", 4),
        ("Some cats are dogs. Some dogs are lions.", "All cats are lions", "Some cats are not lions", 4),
    ],
)
def test_numbered_conclusions_are_ruled_on_as_examiners_do(premises, one, other, right):
    question = Question(topic="syllogisms", stem=STATED.format(premises, one, other), choices=FIVE, key="ABCDE"[right])
    ruling = oracle.prove(question)
    assert (ruling.ruling, ruling.true_key) == ("proven", "ABCDE"[right]), ruling.why


def test_what_rests_on_existential_import_alone_is_convention_dependent():
    stem = STATED.format("All cats are dogs. All dogs are lions.", "Some cats are lions", "No cat is a fish")
    ruling = oracle.prove(Question(topic="syllogisms", stem=stem, choices=FIVE, key="A"))
    assert ruling.ruling == "convention_dependent"


def test_an_open_question_whether_it_follows_is_answered():
    stem = "Consider these statements: 1. All cats are dogs. 2. Some dogs are lions. Does it logically follow that: {}?"
    for claim, right in (("Some cats are lions", "no"), ("Some dogs are cats", None), ("Some lions are dogs", "yes")):
        ruling = oracle.prove(Question(topic="syllogisms", stem=stem.format(claim).partition(": ")[2]))
        assert ruling.ruling == ("proven" if right else "convention_dependent"), ruling.why
        if right:
            assert f"models: {right}" in ruling.why


@pytest.mark.parametrize(
    "stem",
    [
        "Most cats are dogs. Which conclusion follows?",
        "Few cats are dogs. Which conclusion follows?",
        "All cats that bark are dogs. Which conclusion follows?",
        "All cats are dogs or lions. Which conclusion follows?",
        "All cats are cats. Which conclusion follows?",
        "If a cat is a dog, it is a lion. Which conclusion follows?",
        "All cats are dogs. Which conclusion does not follow?",
        "All cats are dogs. Conclusions: II. Some cats are dogs. I. No cats are dogs.",
        "All cats are dogs.",
        "",
    ],
)
def test_what_is_not_understood_is_not_guessed(stem):
    with pytest.raises(Unread):
        syllogisms.read(stem, ("Some cats are dogs",))


def test_contradictory_statements_are_found():
    stem = "All cats are dogs. Some cats are not dogs. Which conclusion follows?"
    ruling = oracle.prove(Question(topic="syllogisms", stem=stem, choices=("Some cats are dogs", "No cats are dogs")))
    assert ruling.ruling == "contradictory"


def test_the_fullest_model_is_a_model():
    problem = problem_of("All cats are dogs. Some dogs are not lions.")
    assert consistent(problem)
    assert ["cat"] not in witness(problem)["there are"]
    assert ["dog"] in witness(problem)["there are"]
