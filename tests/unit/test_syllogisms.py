import random
from itertools import combinations, product

import pytest

from stumper import oracle
from stumper.oracle import engines
from stumper.puzzles import Unread, syllogisms
from stumper.puzzles._syllogism_language import Statement, Syllogism, consistent, follows, solve, witness
from stumper.puzzles._syllogism_statement import named, statements
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
        "Several cats are dogs. Which conclusion follows?",
        "Some cats are pets. All cats are house pets. Which conclusion follows?",
        "Some cats are mortal. No cats are immortal. Which conclusion follows?",
        "Cats are dogs. Which conclusion follows?",
        "No cats can be dogs. Which conclusion follows?",
        "All cats can be dogs. Which conclusion follows?",
        "All cats that bark are dogs. Which conclusion follows?",
        "All cats are dogs or lions. Which conclusion follows?",
        "All cats are cats. Which conclusion follows?",
        "If a cat is a dog, it is a lion. Which conclusion follows?",
        "All cats are dogs. Conclusions: II. Some cats are dogs. I. No cats are dogs.",
        "All cats are dogs.",
        "All winners are rich. Some students won. Which conclusion follows?",
        "All red cars are fast. Some cars are slow. Which conclusion follows?",
        "No cats have long fur. All dogs have fur. Which conclusion follows?",
        "Most people who swim are fit. Which conclusion follows?",
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


def random_syllogism(rng):
    terms = ("cat", "dog", "lion", "fish")[: rng.randint(2, 4)]
    quantifiers = (*QUANTIFIERS, "only_few", "few", "all_not")

    def statement(possible=False):
        subject, predicate = rng.sample(terms, 2)
        quantifier = rng.choice(quantifiers)
        return {"quantifier": quantifier, "subject": subject, "predicate": predicate, "possible": possible}

    def of_somebody():
        return {"quantifier": rng.choice(("all", "no")), "subject": "ana", "predicate": rng.choice(terms)}

    named = rng.random() < 0.4
    premises = [statement() for _ in range(rng.randint(1, 4))] + [of_somebody() for _ in range(named)]
    stated = [statement(rng.random() < 0.2) for _ in range(rng.randint(2, 4))]
    numbered = rng.random() < 0.5
    if named:
        stated[0] = of_somebody()
    joint = {"kind": "joint", "statements": [s for s in stated if not s.get("possible")]}
    joints = [joint] if len(joint["statements"]) > 1 else []
    n = len(stated)
    follow = [
        *({"conclusions": [i]} for i in range(1, n + 1)),
        *({"conclusions": [i], "either": [[1, 2]]} for i in range(3, n + 1)),
        {},
        {"conclusions": [1, 2]},
        {"either": [[2, 1]]},
        {"either": [[1, n]]},
    ]
    return syllogisms.load(
        {
            "premises": premises,
            "conclusions": stated if numbered else [],
            "asks": "true" if numbered else rng.choice(["true", "possible", "false", "not_certain"]),
            "choices": [*(rng.sample(follow, 4) if numbered else [*stated, *joints]), "!none"],
            "individuals": ["ana"] if named else [],
            "conventions": {
                "existence": rng.choice(["open", "granted"]),
                "few": rng.choice(["some", "some_not_all"]),
                "all_not": rng.choice(["not_all", "none"]),
                "possibility": rng.choice(["not_impossible", "not_certain"]),
            },
        }
    )


@pytest.mark.parametrize("seed", range(30))
def test_a_name_stands_for_one_thing(seed):
    """Looking at every model in which Ana is of exactly one kind."""
    rng = random.Random(seed)

    def of_somebody():
        return Statement(quantifier=rng.choice(("all", "no")), subject="ana", predicate=rng.choice(TERMS))

    def holds(statement, inhabited, ana):
        if statement.subject == "ana":
            return (statement.quantifier == "all") == bool(ana[TERMS.index(statement.predicate)])
        return true(statement, inhabited)

    general = [Statement(quantifier=rng.choice(QUANTIFIERS), subject=a, predicate=b) for a, b in combinations(TERMS, 2)]
    premises = (*general[: rng.randint(1, 3)], of_somebody())
    choices = [of_somebody() for _ in range(4)]
    problem = Syllogism(premises=premises, choices=choices, individuals=("ana",))
    found = [
        [holds(choice, inhabited, ana) for choice in choices]
        for inhabited in models([], imports=False)
        for ana in inhabited
        if all(holds(premise, inhabited, ana) for premise in premises)
    ]
    solution = solve(problem)
    assert bool(solution.models) == bool(found)
    for held, status in zip(zip(*found, strict=True), solution.statuses, strict=False):
        assert status == ("must" if all(held) else "could" if any(held) else "cannot")


def disagreements(seeds):
    """How many problems have models; raises where the two engines differ."""
    return sum(engines.solve(syllogisms, random_syllogism(random.Random(seed))).models > 0 for seed in seeds)


def test_two_engines_agree_on_random_problems():
    assert disagreements(range(100)) > 30


@pytest.mark.slow
def test_two_engines_agree_on_many_random_problems():
    assert disagreements(range(1000, 3000)) > 600


@pytest.mark.parametrize(
    ("plurals", "singulars"),
    [("buses", "bus"), ("women", "woman"), ("wolves", "wolf"), ("flies", "fly"), ("fish", "fish"), ("cacti", "cactus")],
)
def test_singular_and_plural_are_one_term(plurals, singulars):
    problem = syllogisms.read(
        f"All {plurals} are red. Every {singulars} is tall. Which conclusion follows?", ("Some red are tall",)
    )
    assert len(problem.terms) == 3


def worlds(terms, premises):
    """All sets of inhabited kinds of things in which the premises are true, without and with a thing of every term."""
    kinds = list(product((False, True), repeat=len(terms)))
    every = [[kind for i, kind in enumerate(kinds) if mask >> i & 1] for mask in range(1 << len(kinds))]
    fit = [world for world in every if all(said(terms, premise, world) for premise in premises)]
    return fit, [world for world in fit if all(any(column) for column in zip(*world, strict=True)) and world]


def said(terms, statement, world):
    """A statement is (quantifier, subject, predicate), with terms by their first letters."""
    quantifier, subject, predicate = statement
    inside = [kind[terms.index(predicate)] for kind in world if kind[terms.index(subject)]]
    truths = {"all": all(inside), "no": not any(inside), "some": any(inside), "some_not": not all(inside)}
    return truths["some"] and truths["some_not"] if quantifier == "only_few" else truths[quantifier]


# Written by hand: text, choices, the terms by letters, what is stated, what is claimed, and which choices are right
# given the claims' truths in each world.
NATURAL = [
    (
        "Statements: Only a few cats are dogs. All dogs are lions. Conclusions: I. All cats are dogs. II. Some lions "
        "are cats.",
        FIVE,
        ("cdl", [("only_few", "c", "d"), ("all", "d", "l")], [("all", "c", "d"), ("some", "l", "c")]),
        lambda one, two: numbered(one, two),
    ),
    (
        "Statements: All pens are cups. No cup is red. Conclusions: I. No pen is red. II. Some pens being red is a "
        "possibility. Which of the above conclusions follows?",
        FIVE,
        ("pcr", [("all", "p", "c"), ("no", "c", "r")], [("no", "p", "r"), ("some", "p", "r")]),
        lambda one, two: [all(one) and not any(two), any(two) and not all(one), all(one) and any(two), False, False],
    ),
    (
        "Statements: 1. Some keys are locks. 2. No lock is a door. Conclusions: I. Some keys are not doors. II. No "
        "door is a lock. III. All keys are doors. Which of the following conclusions follow?",
        ("Only I follows", "Only I and II follow", "Only II and III follow", "All follow", "None follows"),
        (
            "kld",
            [("some", "k", "l"), ("no", "l", "d")],
            [("some_not", "k", "d"), ("no", "d", "l"), ("all", "k", "d")],
        ),
        lambda a, b, c: [
            (all(a), all(b), all(c)) == right for right in ((1, 0, 0), (1, 1, 0), (0, 1, 1), (1, 1, 1), (0, 0, 0))
        ],
    ),
    (
        "Statements: Some rivers are lakes. Some lakes are seas. Conclusions: I. Some rivers are seas. II. No river is "
        "a sea. III. Some seas are lakes.",
        (
            "Only III follows",
            "Either I or II and III follow",
            "All follow",
            "None follows",
            "Only either I or II follows",
        ),
        ("rls", [("some", "r", "l"), ("some", "l", "s")], [("some", "r", "s"), ("no", "r", "s"), ("some", "s", "l")]),
        lambda a, b, c: [
            (all(c), all(x or y for x, y in zip(a, b, strict=True)), all(a) or all(b)) == right
            for right in ((1, 0, 0), (1, 1, 0), (1, 1, 1), (0, 0, 0), (0, 1, 0))
        ],
    ),
    (
        "Every poet is a dreamer. Not every singer is a dreamer. Which of the following must be true?",
        ("Some singers are not poets", "No singer is a poet", "Some poets are singers", "None of these"),
        (
            "pds",
            [("all", "p", "d"), ("some_not", "s", "d")],
            [("some_not", "s", "p"), ("no", "s", "p"), ("some", "p", "s")],
        ),
        lambda *claims: [*map(all, claims), not any(map(all, claims))],
    ),
    (
        "Only adults are voters. Some students are voters. What can be concluded?",
        ("All adults are voters", "Some students are adults", "No student is an adult", "All students are adults"),
        (
            "avs",
            [("all", "v", "a"), ("some", "s", "v")],
            [("all", "a", "v"), ("some", "s", "a"), ("no", "s", "a"), ("all", "s", "a")],
        ),
        lambda *claims: list(map(all, claims)),
    ),
    (
        "Some cars are red. No truck is red. Which of the following cannot be true?",
        ("All cars are red", "All cars are trucks", "Some trucks are cars", "No car is a truck"),
        (
            "crt",
            [("some", "c", "r"), ("no", "t", "r")],
            [("all", "c", "r"), ("all", "c", "t"), ("some", "t", "c"), ("no", "c", "t")],
        ),
        lambda *claims: [not any(claim) for claim in claims],
    ),
    (
        "All wolves are hunters. Some hunters are grey. Which of the following does not follow?",
        ("Some grey are hunters", "Every wolf is a hunter", "Some wolves are grey", "Some wolves may be grey"),
        (
            "whg",
            [("all", "w", "h"), ("some", "h", "g")],
            [("some", "g", "h"), ("all", "w", "h"), ("some", "w", "g"), ("some", "w", "g")],
        ),
        lambda a, b, c, d: [not all(a), not all(b), not all(c), not any(d)],
    ),
    (
        "Premises: No mice are cats. All kittens are cats. Conclusion: No kitten is a mouse. Is the argument valid?",
        ("Valid", "Invalid"),
        ("mck", [("no", "m", "c"), ("all", "k", "c")], [("no", "k", "m")]),
        lambda claim: [all(claim), not all(claim)],
    ),
    (
        "Consider these statements:\n1. All fish are swimmers\n2. Some swimmers are whales\n\nDoes it logically follow "
        "that:\nSome fish are whales?\n(Answer Yes or No)",
        ("Yes", "No"),
        ("fsw", [("all", "f", "s"), ("some", "s", "w")], [("some", "f", "w")]),
        lambda claim: [all(claim), not all(claim)],
    ),
]


def numbered(one, two):
    """Which of only I, only II, both, neither, either is right."""
    first, second = all(one), all(two)
    bound = all(a or b for a, b in zip(one, two, strict=True)) and not first and not second
    return [first and not second, second and not first, first and second, not (first or second or bound), bound]


@pytest.mark.parametrize(("stem", "choices", "stated", "right"), NATURAL)
def test_questions_in_plain_english_are_ruled_on_as_all_worlds_say(stem, choices, stated, right):
    terms, premises, claims = stated
    found = [
        right(*([said(terms, claim, world) for world in fit] for claim in claims)) for fit in worlds(terms, premises)
    ]
    assert found[0] == found[1], "settled without existential import"
    assert sum(map(bool, found[0])) == 1
    ruling = oracle.prove(Question(topic="syllogisms", stem=stem, choices=choices))
    assert (ruling.ruling, ruling.true_key) == ("proven", "ABCDE"[list(map(bool, found[0])).index(True)]), ruling.why


@pytest.mark.parametrize(
    ("stem", "choice"),
    [
        ("Few cats are dogs.", "Some cats are not dogs"),
        ("All cats are not dogs.", "No cat is a dog"),
        ("All cats are dogs.", "All cats can be dogs"),
    ],
)
def test_what_english_leaves_open_is_convention_dependent(stem, choice):
    question = Question(
        topic="syllogisms", stem=f"{stem} Which of the following follows?", choices=(choice, "Some fish are red")
    )
    assert oracle.prove(question).ruling == "convention_dependent"


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("Every musician can read a score.", [("all", "musician", "can read score")]),
        ("All roses are flowers, and no flowers are stones.", [("all", "rose", "flower"), ("no", "flower", "stone")]),
        ("Some applicants didn't pass the exam.", [("some_not", "applicant", "passed exam")]),
        ("Nobody who has a passport is a spy.", [("no", "have passport", "spy")]),
        ("Everybody on the committee is a lawyer.", [("all", "on committee", "lawyer")]),
        ("Whoever is a citizen has a passport.", [("all", "citizen", "have passport")]),
        ("If something is a whale, then it is a mammal.", [("all", "whale", "mammal")]),
        ("Socrates is a man.", [("all", "socrates", "man")]),
        ("Sir Balin is not brave.", [("no", "sir balin", "brave")]),
        ("Some calm things are not tigers.", [("some_not", "calm", "tiger")]),
        ("There are no bridges that are green.", [("no", "bridge", "green")]),
        ("Every dog barks.", [("all", "dog", "bark")]),
        ("Only members have entered the library.", [("all", "entered library", "member")]),
        ("Everyone with a ticket is lucky.", [("all", "have ticket", "lucky")]),
        ("Nothing built by the Romans is ugly.", [("no", "built by romans", "ugly")]),
    ],
)
def test_kinds_of_things_are_said_in_many_ways(sentence, stated):
    raws = statements(sentence)
    terms = named(term for raw in raws for term in (raw.subject, raw.predicate))
    assert [(raw.quantifier, terms[raw.subject], terms[raw.predicate]) for raw in raws] == stated


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Which of these must be true?", "true"),
        ("What can be concluded from these statements?", "true"),
        ("Which conclusion follows necessarily?", "true"),
        ("Which of the following could be true?", "possible"),
        ("Which of these can be true?", "possible"),
        ("Which of these cannot be true?", "false"),
        ("Which statement must be false?", "false"),
        ("Which of these does NOT follow?", "not_certain"),
        ("Which one doesn't necessarily follow?", "not_certain"),
    ],
)
def test_what_is_asked_for_is_told_by_the_words(question, asks):
    problem = syllogisms.read(f"All cats are dogs. All dogs are lions. {question}", ("All cats are lions",))
    assert problem.asks == asks


def test_a_sentence_may_end_in_the_choices():
    stem = "Everybody on the committee is a lawyer. Ingeborg is not a lawyer. It follows that Ingeborg"
    choices = ("is not on the committee", "is on the committee", "may or may not be on the committee")
    assert solve(syllogisms.read(stem, choices)).statuses == ("must", "cannot", "cannot")


def ruled(stem, *choices):
    return oracle.prove(Question(topic="syllogisms", stem=stem, choices=choices))


CATS = "All cats are dogs. All dogs are birds. "


@pytest.mark.parametrize(
    ("asked", "ruling"),
    [
        ("Is it true that all cats are birds?", "proven"),
        ("Is it true that all birds are cats?", "ambiguous"),
        ("Is it false that some cats are not birds?", "proven"),
        ("Is it true that few cats are birds?", "unformalised"),
        ("Is it possible that some cats are not birds?", "unformalised"),
    ],
)
def test_yes_is_right_where_the_statement_is_certain(asked, ruling):
    found = ruled(CATS + asked, "Yes", "No")
    assert found.ruling == ruling
    assert ruling != "proven" or "A (Yes)" in found.why


def test_what_is_not_certain_cannot_be_determined_however_it_is_asked():
    found = ruled(CATS + "Is it true that all birds are cats?", "Yes", "No", "Cannot be determined")
    assert found.ruling == "proven"
    assert "C (Cannot be determined)" in found.why


@pytest.mark.parametrize("word", ["not-birds", "half-birds", "ex-birds", "bird-like"])
def test_a_word_within_a_word_is_not_passed_over(word):
    choices = ("All cats are birds", "No cats are birds", "Some cats are not birds", "All birds are cats")
    stem = f"All cats are dogs. All dogs are {word}. Which conclusion follows?"
    assert ruled(stem, *choices).ruling == "unformalised"


@pytest.mark.parametrize(
    "only", ["None but dogs are cats.", "No one but dogs are cats.", "However, only dogs are cats."]
)
def test_none_but_means_only(only):
    choices = ("All cats are birds", "No cats are birds", "Some cats are not birds", "Some dogs are not birds")
    found = ruled(f"All dogs are birds. {only} Which conclusion follows?", *choices)
    assert found.ruling == "proven"
    assert "A (All cats are birds)" in found.why


def test_not_any_means_no():
    assert [raw.quantifier for raw in statements("Not any cat is a dog.")] == ["no"]


@pytest.mark.parametrize("who", ["anyone who", "anybody who", "anything that"])
def test_not_anyone_may_mean_two_things(who):
    with pytest.raises(Unread):
        statements(f"Not {who} is a cat is a dog.")


@pytest.mark.parametrize("word", ["barely", "hardly", "scarcely"])
def test_a_word_that_all_but_denies_is_no_part_of_a_term(word):
    with pytest.raises(Unread):
        statements(f"All cats {word} bark.")


def test_calm_people_are_not_calm_things():
    stem = "All calm people are wise. Some calm things are dogs. Which conclusion follows?"
    with pytest.raises(Unread, match="are not"):
        syllogisms.read(stem, ("Some dogs are wise", "No dog is wise", "All dogs are wise", "Some dogs are not wise"))
