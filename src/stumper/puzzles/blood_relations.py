"""Blood relations: how is one person related to another, given some facts about a family.

What the kin terms mean and what is taken for granted about families stands in `_kin_language`.
"""

import random
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import islice, product
from typing import NamedTuple, get_args

from stumper.prompts import MAX_REASONING
from stumper.puzzles import Ask, Solution, Status, TooLarge
from stumper.puzzles import _kin_asp as asp
from stumper.puzzles import _kin_drawing as drawing
from stumper.puzzles import _kin_english as english
from stumper.puzzles import _kin_models as models
from stumper.puzzles import _kin_reader as reader
from stumper.puzzles._kin_language import (
    ANSWERS,
    MEANINGS,
    OF,
    PLAIN,
    Choice,
    Clue,
    Count,
    Expression,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinConventions,
    KinProblem,
    Path,
    Related,
    Sex,
    Shows,
    Step,
    Tally,
    Which,
    WhichSex,
    Who,
    is_unnamed,
    opposite,
    terms,
    walks,
)
from stumper.puzzles._kin_tree import Tree
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

_EVERYDAY = tuple({term: None for options in CHOICE_SETS for term in options} | {"husband": None, "wife": None})
"""Terms in which facts are put."""

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
    return Kin(subject=person, term=rng.choice([w for w in _EVERYDAY if MEANINGS[w].sex == sex]), object=other)


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
    mentions = Counter(name for clue in clues for name in clue.people())
    # The ends of the way are mentioned once, unless the subject's sex is deduced: a choice must not stand out by that.
    others = [n for n in mentions if n not in (who.object, plan.key.subject) and mentions[n] == 2]
    if len(others) < 3 or mentions[plan.key.subject] != 2:
        return None
    names = rng.sample(others, 3)
    names.insert(key, plan.key.subject)
    return KinProblem(clues=clues, query=who, choices=tuple(names))


_STRONGEST = {"parents": "married", "uncles": "by_blood", "counts": "exactly", "names": "conventional"}
"""What holds in all families under any conventions also does under these: they leave the fewest."""


def _proof(problem: KinProblem, key: int) -> list[Tree] | None:
    """The families that fit, if under all conventions the key alone holds in all of them, and no clue is idle."""
    claims = [claim for claim in problem.claims() if claim is not None]
    wanted = [i == key for i in range(len(claims))]

    def fit(asked: KinProblem) -> list[Tree] | None:
        """The families, if the key alone holds in all of them."""
        search, trees = models.chase(asked)
        held = [bool(trees) and all(search.entails(tree, claim) for tree in trees) for claim in claims]
        return trees if held == wanted else None

    trees = fit(problem)
    if trees is None or fit(problem.under(_STRONGEST)) is None:
        return None
    search = models.Chase(problem.people())
    for i in range(len(problem.clues)):
        fewer = search.families(problem.clues[:i] + problem.clues[i + 1 :])
        if all(search.entails(tree, claims[key]) for tree in fewer):
            return None
    return trees


def _reasoning(plan: _Plan, problem: KinProblem, trees: Sequence[Tree]) -> str:
    """The facts from subject to object, each followed by what it composes to where English has a word for that."""
    search = models.Chase(problem.people())

    def word(path: Path, subject: str, object_: str) -> Kin | None:
        """What the path is called, as far as it is certain."""
        for sex in ("male", "female", None):
            term = terms(path).get(sex)
            if term is not None:
                kin = Kin(subject=subject, term=term, object=object_)
                if all(search.entails(tree, kin) for tree in trees):
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


def recheck(problem: KinProblem, ask: Ask) -> tuple[Status, ...] | None:
    """The statuses by an answer-set program; see `_kin_asp`."""
    return asp.recheck(problem, ask)


def open_points(problem: KinProblem) -> tuple[str, ...]:
    """The conventions on which the families that fit may depend."""
    supposed = (kin for choice in problem.choices if isinstance(choice, Expression) for kin in choice.says)
    clues = (*problem.clues, *supposed)
    points = ["parents"]
    if any(isinstance(c, Kin | Count) and walks(c.term) != walks(c.term, by_blood=True) for c in clues):
        points.append("uncles")
    if any(isinstance(c, Count | Tally) and c.bound == "stated" for c in (*clues, *problem.choices)):
        points.append("counts")
    if problem.sexes_by_name():
        points.append("names")
    return tuple(points)


def candidates(problem: KinProblem) -> dict[str, Choice]:
    """The answers that an open question may have: kin terms, people, numbers.

    Of the kin terms those that hold in all families under some convention, and those that fit what is said but for
    somebody's sex or identity: two of them show that the text leaves the answer open. Where there is none, the shortest
    phrase answers for which English has no word ("brother's wife's brother"): of at most `MOST_STEPS` steps, none of
    which another could replace, so that nobody on the way is passed by.
    """
    query = problem.query
    match query:
        case Which() | Shows():
            return {}
        case Related():
            return {phrase: phrase for phrase in _relations(problem)}
        case HowMany():
            return {str(n): str(n) for n in range(problem.most_counted() + 1)}
        case HowManyMembers():
            return {str(n): str(n) for n in range(len(problem.members()) + 1)}
        case WhichSex():
            return {"male": "male", "female": "female"}
    asked = problem.asked() if isinstance(query, Who) else ()
    return {name: name for name in problem.people() if not is_unnamed(name) and name not in asked}


def _relations(problem: KinProblem) -> list[str]:
    """What may answer "How is X related to Y?"."""
    query = problem.query
    assert isinstance(query, Related)
    kins = {term: Kin(subject=query.subject, term=term, object=query.object) for term in ANSWERS}
    certain: set[str] = set()
    tempting: set[str] = set()
    points = open_points(problem)
    for way in product(*(get_args(KinConventions.model_fields[point].annotation) for point in points)):
        search, trees = models.chase(problem.under(dict(zip(points, way, strict=True))))
        if len(trees) > MOST_OPEN_FAMILIES:
            raise TooLarge(f"an open question about more than {MOST_OPEN_FAMILIES} families")
        certain |= {t for t, kin in kins.items() if trees and all(search.entails(tree, kin) for tree in trees)}
        open_ = {term: kin for term, kin in kins.items() if term not in tempting}
        tempting |= {t for t, kin in open_.items() if any(any(True for _ in search.ways(tree, kin)) for tree in trees)}
    found = [term for term in ANSWERS if term in certain | tempting] or _composed(problem)
    search, trees = models.chase(problem)
    possible = (t for t, kin in kins.items() if any(any(True for _ in search.extended(tree, kin)) for tree in trees))
    return found or list(islice(possible, 4)) or list(ANSWERS[:4])


MOST_STEPS = 4
MOST_OPEN_FAMILIES = 200
"""In which all kin terms are tried, before that is given up: about half a second."""

_APART = frozenset(
    (
        ("parent", "parent"),
        ("parent", "sibling"),
        ("child", "child"),
        ("child", "spouse"),
        ("sibling", "child"),
        ("sibling", "spouse"),
        ("spouse", "parent"),
        ("spouse", "sibling"),
    )
)
"""Steps that may follow each other: after any other two one may be back, or have taken a detour."""

_WORDS: dict[Step, tuple[str, str, str]] = {
    "parent": ("parent", "father", "mother"),
    "child": ("child", "son", "daughter"),
    "sibling": ("sibling", "brother", "sister"),
    "spouse": ("spouse", "husband", "wife"),
}


@cache
def _unnamed_paths() -> tuple[Path, ...]:
    """Paths of the kind for which English has no word."""
    named = {path for meaning in PLAIN.values() for path in meaning.paths}
    steps: tuple[Step, ...] = ("parent", "child", "sibling", "spouse")
    found: list[Path] = [(step,) for step in steps]
    for path in found:
        if len(path) < MOST_STEPS:
            found += [(*path, step) for step in steps if (path[-1], step) in _APART]
    return tuple(path for path in found if path not in named)


def _composed(problem: KinProblem) -> list[str]:
    """The shortest phrases that hold in all families that fit; both sexes of the last word."""
    search, trees = models.chase(problem)

    def holds(phrase: str) -> bool:
        claim = problem.claim(phrase)
        return claim is not None and bool(trees) and all(search.entails(tree, claim) for tree in trees)

    found: list[str] = []
    for path in _unnamed_paths():
        if found and len(path) > found[0].count(OF) + 1:
            break
        phrase = OF.join(_WORDS[step][0] for step in path)
        if holds(phrase):
            for at in range(len(path)):
                words = phrase.split(OF)
                sexed = [OF.join((*words[:at], word, *words[at + 1 :])) for word in _WORDS[path[at]][1:]]
                phrase = next(filter(holds, sexed), phrase)
            *way, _ = phrase.split(OF)
            found += [OF.join((*way, last)) for last in _WORDS[path[-1]][1:]]
    return found


def draw(problem: KinProblem) -> str:
    """One family that fits as a picture; see `Family.draw`."""
    names = problem.people()
    _, trees = models.chase(problem)
    if not trees:
        return drawing.draw_nothing("No family fits the clues.")
    return drawing.draw_tree(min(trees, key=lambda tree: len(tree.people())), names, problem.asked())
