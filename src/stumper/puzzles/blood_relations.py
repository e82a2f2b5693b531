"""Blood relations: how is one person related to another, given some facts about a family.

What the kin terms mean and what is taken for granted about families stands in `_kin_language`.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from stumper.prompts import MAX_REASONING
from stumper.puzzles import Solution
from stumper.puzzles import _kin_drawing as drawing
from stumper.puzzles import _kin_english as english
from stumper.puzzles import _kin_models as models
from stumper.puzzles import _kin_reader as reader
from stumper.puzzles._kin_language import (
    MEANINGS,
    Clue,
    Is,
    Kin,
    KinProblem,
    Path,
    Related,
    Sex,
    Step,
    Who,
    opposite,
    terms,
)
from stumper.types import LETTERS, JsonObject, Question

TITLE = "Blood Relations and Family Tree"

NAMES: dict[Sex, tuple[str, ...]] = {
    "female": tuple(
        str.split(
            "Ada Aisha Alma Amara Ana Asha Astrid Bianca Carla Chloe Clara Dina Elena Emma Esther Fatima Fiona Freya "
            "Gita Greta Hana Ida Imani Ines Jada Julia Karen Kira Lara Leila Linda Maria Maya Mei Mina Mona Nadia Nia "
            "Nina Olga Paula Petra Priya Rana Rosa Ruth Sara Tara Uma Vera Wanda Yara Zara Zoe Alex Bo Dara Kim Lin "
            "Noor Robin Sam"
        )
    ),
    "male": tuple(
        str.split(
            "Aaron Adam Akira Alan Amir Anil Anton Ben Bruno Carlos Chen Cyrus David Diego Eli Erik Farid Felix Goran "
            "Hans Hugo Igor Ivan Jakob James Jin Jonas Kamal Kenji Kofi Leo Lucas Malik Marco Nils Noah Omar Oscar "
            "Pedro Rahul Raj Ravi Sami Sven Tariq Thomas Tomas Victor Wei Yusuf Alex Bo Dara Kim Lin Noor Robin Sam"
        )
    ),
}
"""Names that go with the sex, where there is one, so that the text reads well; no proof depends on them."""

"""See `_kin_language`."""

_SEXES: tuple[Sex, ...] = ("female", "male")

_SAME_SEX = (
    ("father", "grandfather", "uncle", "father-in-law"),
    ("son", "grandson", "nephew", "son-in-law"),
    ("brother", "brother-in-law", "cousin", "uncle"),
    ("brother", "brother-in-law", "cousin", "nephew"),
    ("mother", "grandmother", "aunt", "mother-in-law"),
    ("daughter", "granddaughter", "niece", "daughter-in-law"),
    ("sister", "sister-in-law", "cousin", "aunt"),
    ("sister", "sister-in-law", "cousin", "niece"),
)
_REVERSED = (
    ("father", "mother", "son", "daughter"),
    ("grandfather", "grandmother", "grandson", "granddaughter"),
    ("uncle", "aunt", "nephew", "niece"),
    ("father-in-law", "mother-in-law", "son-in-law", "daughter-in-law"),
    ("brother", "sister", "brother-in-law", "sister-in-law"),
)
CHOICE_SETS = _SAME_SEX + _REVERSED
"""Terms that one misreading (direction, sex, generation, marriage) turns into each other.

The set is drawn first and the key from it: who sees the choices alone has no better chance than one in four.
"""


class Size(NamedTuple):
    """How long a question's deduction is."""

    links: int
    """Facts on the way from the object to the subject; one fewer where the subject's sex has to be deduced."""
    sex_deduced: float
    """How often the subject's sex comes from a fact that stands apart from the way."""
    neutral: float
    """How often a fact says "child" and not "son"."""


SIZES = {
    1: Size(2, 0.15, 0.0),
    2: Size(3, 0.2, 0.1),
    3: Size(4, 0.3, 0.2),
    4: Size(5, 0.6, 0.3),
    5: Size(7, 0.8, 0.4),
}

WHO_SHARE = 0.25
"""Questions that ask for a name, from level 4 on: there are enough names, all mentioned as often as the right one."""

_NEUTRAL_WORDS = ("parent", "child", "sibling", "spouse", "grandparent", "grandchild", "cousin")

_DETOURS: dict[Step, tuple[tuple[Path, ...], ...]] = {
    "parent": ((("sibling",), ("parent",)), (("spouse",), ("spouse", "parent"))),
    "child": ((("child",), ("sibling",)), (("child", "spouse"), ("spouse",))),
    "sibling": ((("sibling",), ("sibling",)),),
    "spouse": (),
}
"""Longer ways that lead to the same person whatever the family, as one fact each."""

_BACK: dict[Step, Step] = {"parent": "child", "child": "parent", "sibling": "sibling", "spouse": "spouse"}


def make(rng: random.Random, level: int) -> Question:
    """Set one question; see `Family.make`."""
    size = SIZES[level]
    pool = [s for s in CHOICE_SETS if level > 1 or "cousin" not in s]
    options = list(rng.choice(pool))
    rng.shuffle(options)
    key = rng.randrange(4)
    asks_name = level >= 4 and MEANINGS[options[key]].sex is not None and rng.random() < WHO_SHARE
    while True:
        plan = _plan(rng, size, options[key], asks_name)
        problem = None if plan is None else _problem(rng, plan, options, key, asks_name, shuffled=level > 1)
        trees = None if problem is None else _proof(problem, key)
        if plan is not None and problem is not None and trees is not None:
            break
    return Question(
        topic="blood_relations",
        stem=english.write_stem(problem, rng),
        choices=english.write_choices(problem, rng),
        key=LETTERS[key],
        reasoning=_reasoning(plan, problem, trees),
        level=level,
        clues=problem.model_dump(mode="json"),
    )


class _Plan(NamedTuple):
    """A way from the object (first of `people`) to the subject (last), with the facts that say so, in order."""

    people: tuple[str, ...]
    links: tuple[Path, ...]
    facts: tuple[Kin, ...]
    """One a link."""
    sex_facts: tuple[Clue, ...]
    """From which the subject's sex follows, where the link does not say it."""
    key: Kin


def _plan(rng: random.Random, size: Size, term: str, asks_name: bool) -> _Plan | None:
    meaning = MEANINGS[term]
    sex: Sex = rng.choice(_SEXES) if meaning.sex is None else meaning.sex
    deduced = meaning.sex is not None and (asks_name or rng.random() < size.sex_deduced)
    hops = (2 if size.links > 4 and rng.random() < 0.5 else 1) if deduced else 0
    links = _links(rng, rng.choice(meaning.paths), size.links - hops)
    if links is None:
        return None
    sexes: list[Sex] = [sex]
    for link in reversed(links):
        sexes.insert(0, opposite(sexes[0]) if link == ("spouse",) else rng.choice(_SEXES))
    strangers: list[Sex] = [rng.choice(_SEXES), opposite(sex)]
    *people, other, spouse = _names(rng, [*sexes, *strangers])
    facts = []
    for i, link in enumerate(links):
        neutral = rng.random() < size.neutral
        if i < len(links) - 1:
            backward = rng.random() < 0.5
        else:
            backward = deduced and rng.random() < 0.5
            neutral = deduced
        near, far = (people[i], sexes[i]), (people[i + 1], sexes[i + 1])
        fact = _fact(far, near, link, neutral) if not backward else _fact(near, far, _reversed(link), neutral)
        if fact is None:
            return None
        facts.append(fact)
    sex_facts: tuple[Clue, ...] = ()
    if hops == 1:
        sex_facts = (_sex_fact(rng, people[-1], sex, other),)
    elif hops == 2:
        sex_facts = (
            Kin(subject=people[-1], term="spouse", object=spouse),
            _sex_fact(rng, spouse, opposite(sex), other),
        )
    return _Plan(tuple(people), links, tuple(facts), sex_facts, Kin(subject=people[-1], term=term, object=people[0]))


def _names(rng: random.Random, sexes: Sequence[Sex]) -> list[str]:
    names: list[str] = []
    for sex in sexes:
        names.append(rng.choice([n for n in NAMES[sex] if n not in names]))
    return names


def _links(rng: random.Random, path: Path, count: int) -> tuple[Path, ...] | None:
    """The path, or a longer one to the same person, cut into `count` links that each have a word."""
    links: list[Path] = [(step,) for step in path]
    for _ in range(max(0, count - len(links)) + rng.choice((0, 0, 1, 2))):
        at = rng.choice([i for i, link in enumerate(links) if len(link) == 1])
        detours = _DETOURS[links[at][0]]
        if detours:
            links[at : at + 1] = rng.choice(detours)
    while len(links) > count:
        joinable = [i for i in range(len(links) - 1) if terms(links[i] + links[i + 1])]
        if not joinable:
            return None
        at = rng.choice(joinable)
        links[at : at + 2] = [links[at] + links[at + 1]]
    return tuple(links) if len(links) == count else None


def _reversed(path: Path) -> Path:
    return tuple(_BACK[step] for step in reversed(path))


def _fact(subject: tuple[str, Sex], object_: tuple[str, Sex], path: Path, neutral: bool) -> Kin | None:
    words = terms(path)
    word = words.get(None)
    if not (neutral and word in _NEUTRAL_WORDS):
        word = words.get(subject[1], word)
    return Kin(subject=subject[0], term=word, object=object_[0]) if word else None


def _sex_fact(rng: random.Random, person: str, sex: Sex, other: str) -> Clue:
    if rng.random() < 0.2:
        return Is(person=person, sex=sex)
    return Kin(subject=person, term=rng.choice([w for w, m in MEANINGS.items() if m.sex == sex]), object=other)


def _problem(
    rng: random.Random, plan: _Plan, options: Sequence[str], key: int, asks_name: bool, shuffled: bool
) -> KinProblem | None:
    clues = (*plan.sex_facts, *reversed(plan.facts))
    if shuffled:
        clues = tuple(rng.sample(clues, len(clues)))
    if not asks_name:
        query = Related(subject=plan.key.subject, object=plan.key.object)
        return KinProblem(clues=clues, query=query, choices=tuple(options))
    who = Who(term=plan.key.term, object=plan.key.object)
    mentions = Counter(name for clue in clues for name in _mentioned(clue))
    # The ends of the way are mentioned once, unless the subject's sex is deduced: a choice must not stand out by that.
    others = [n for n in mentions if n not in (who.object, plan.key.subject) and mentions[n] == 2]
    if len(others) < 3 or mentions[plan.key.subject] != 2:
        return None
    names = rng.sample(others, 3)
    names.insert(key, plan.key.subject)
    return KinProblem(clues=clues, query=who, choices=tuple(names))


def _mentioned(clue: Clue) -> tuple[str, ...]:
    return (clue.subject, clue.object) if isinstance(clue, Kin) else (clue.person,)


def _proof(problem: KinProblem, key: int) -> list[models.Tree] | None:
    """The families that fit, if under all conventions the key alone holds in all of them, and no clue is idle."""
    names = problem.people()
    index = {name: i for i, name in enumerate(names)}
    claims = problem.claims()

    def hold(clues: Sequence[Clue], customary: bool) -> tuple[list[bool], list[models.Tree]]:
        trees = models.families(clues, names, customary)
        return [bool(trees) and all(tree.entails(claim, index) for tree in trees) for claim in claims], trees

    wanted = [i == key for i in range(len(claims))]
    held, trees = hold(problem.clues, customary=False)
    if held != wanted or hold(problem.clues, customary=True)[0] != wanted:
        return None
    for i in range(len(problem.clues)):
        fewer = models.families(problem.clues[:i] + problem.clues[i + 1 :], names)
        if all(tree.entails(claims[key], index) for tree in fewer):
            return None
    return trees


def _reasoning(plan: _Plan, problem: KinProblem, trees: Sequence[models.Tree]) -> str:
    """The facts from subject to object, each followed by what it composes to where English has a word for that."""
    index = {name: i for i, name in enumerate(problem.people())}

    def word(path: Path, subject: str, object_: str) -> Kin | None:
        """What the path is called, as far as it is certain."""
        for sex in ("male", "female", None):
            term = terms(path).get(sex)
            if term is not None:
                kin = Kin(subject=subject, term=term, object=object_)
                if all(tree.entails(kin, index) for tree in trees):
                    return kin
        return None

    subject = plan.people[-1]
    said = [english.plain(fact) for fact in plan.sex_facts]
    if plan.sex_facts and isinstance(plan.sex_facts[0], Kin):
        said.append(f"so {english.plain(Is(person=subject, sex=_sex_of(plan.key)))}")
    so_far: Path = ()
    between = []
    for i in range(len(plan.links) - 1, -1, -1):
        far, near, link = plan.people[i + 1], plan.people[i], plan.links[i]
        said.append(english.plain(word(link, far, near) or plan.facts[i]))
        so_far = _shortest((*link, *so_far))
        if 0 < i < len(plan.links) - 1:
            kin = word(so_far, subject, near)
            if kin is not None:
                said.append(f"so {english.plain(kin)}")
                between.append(len(said) - 1)
    said.append(f"so {english.plain(plan.key)}")
    while len("; ".join(said)) >= MAX_REASONING and between:
        del said[between.pop()]
    return "; ".join(said) + "."


def _sex_of(kin: Kin) -> Sex:
    sex = MEANINGS[kin.term].sex
    assert sex is not None
    return sex


def _shortest(path: Path) -> Path:
    """The path without its detours."""
    for step, detours in _DETOURS.items():
        for detour in detours:
            long = tuple(s for link in detour for s in link)
            for i in range(len(path) - len(long) + 1):
                if path[i : i + len(long)] == long:
                    return _shortest((*path[:i], step, *path[i + len(long) :]))
    return path


def read(stem: str, choices: Sequence[str]) -> KinProblem:
    """Formalise a question's text; see `_kin_reader.read`."""
    return reader.read(stem, choices)


def load(clues: JsonObject) -> KinProblem:
    """Validate a problem stated as JSON; see `Family.load`."""
    return KinProblem.model_validate(clues)


def solve(problem: KinProblem) -> Solution:
    """Status of each choice over all families that fit; see `_kin_models.solve`."""
    return models.solve(problem)


def candidates(problem: KinProblem) -> dict[str, str]:
    """The kin terms, or the named people, that may answer the question.

    A term for either sex ("sibling") answers only where it is the only word ("cousin").
    """
    if isinstance(problem.query, Related):
        terms = [word for word, meaning in MEANINGS.items() if meaning.sex or meaning == MEANINGS["cousin"]]
        return {term: term for term in terms}
    return {name: name for name in problem.people() if name != problem.query.object}


def draw(problem: KinProblem) -> str:
    """One family that fits as a picture; see `Family.draw`."""
    names = problem.people()
    trees = models.families(problem.clues, names, problem.conventions.parents == "married")
    if not trees:
        return drawing.draw_nothing("No family fits the clues.")
    asked = [problem.query.object, *([problem.query.subject] if isinstance(problem.query, Related) else [])]
    return drawing.draw_tree(min(trees, key=lambda tree: len(tree.people())), names, asked)
