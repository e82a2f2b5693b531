"""Syllogisms: from statements with all, no, some and only, what follows?

Conventions, the same for the setter, the reader and the solver:

- "Some" means at least one, perhaps all. "Some are not" means at least one is not. "Only a few A are B" says that some
  are and some are not. "Only A are B" says that all B are A. "Most" is not read; "few" and "all are not" are open.
- "Some A can be B" follows where it is not impossible.
- Under `strict`, "all A are B" is true where there is no A at all; under `import` there is at least one thing of every
  kind that is named, as school logic has it. The setter's answers are the same under both.
- A conclusion follows when it is true in all models of the statements. "Either I or II follows" is right when neither
  follows by itself and there is no model in which both are false; "neither follows" is then wrong.
"""

import random
from collections.abc import Sequence
from html import escape
from itertools import combinations, pairwise, permutations

from stumper.prompts import MAX_CHOICE
from stumper.puzzles._syllogism_check import recheck
from stumper.puzzles._syllogism_language import (
    Follow,
    Quantifier,
    Statement,
    Syllogism,
    consistent,
    follows,
    open_points,
    solve,
    statuses,
    witness,
)
from stumper.puzzles._syllogism_read import read
from stumper.types import LETTERS, JsonObject, Question

__all__ = ["TITLE", "candidates", "draw", "load", "make", "open_points", "read", "recheck", "solve"]

TITLE = "Syllogisms"


PREMISES = (2, 2, 3, 3, 4)
"""By level; they chain one term more than their number."""

NOUNS = (
    *("actor", "artist", "baker", "banker", "chef", "clerk", "dancer", "doctor", "driver", "farmer", "gardener"),
    *("hunter", "judge", "lawyer", "miner", "nurse", "painter", "pilot", "poet", "sailor", "singer", "teacher"),
    *("cat", "dog", "goat", "horse", "lion", "tiger", "zebra", "apple", "lemon", "orange", "pear", "plum"),
    *("table", "chair", "lamp", "desk", "window", "door", "river", "lake", "hill", "road", "tower", "bridge"),
)
QUANTIFIERS: tuple[Quantifier, ...] = ("all", "no", "some", "some_not")
HARDER: tuple[Quantifier, ...] = ("only_few",)
FORMS: dict[Quantifier, tuple[str, ...]] = {
    "all": ("All {s}s are {p}s", "Every {s} is {a} {p}", "Each {s} is {a} {p}", "Only {p}s are {s}s"),
    "no": ("No {s}s are {p}s", "No {s} is {a} {p}", "None of the {s}s are {p}s"),
    "some": ("Some {s}s are {p}s", "At least one {s} is {a} {p}", "A few {s}s are {p}s"),
    "some_not": ("Some {s}s are not {p}s", "Not all {s}s are {p}s", "Not every {s} is {a} {p}"),
    "only_few": ("Only a few {s}s are {p}s",),
}
EITHER = Follow(either=((1, 2),))
STANDARD = (Follow(conclusions=(1,)), Follow(conclusions=(2,)), Follow(conclusions=(1, 2)), Follow(), EITHER)


def load(clues: JsonObject) -> Syllogism:
    """Validate a problem stated as JSON. Raises pydantic.ValidationError."""
    return Syllogism.model_validate(clues)


def candidates(problem: Syllogism) -> dict[str, Follow]:
    """Whether the one conclusion of an open question follows; without one conclusion nothing is asked."""
    return {"yes": Follow(conclusions=(1,)), "no": Follow()} if len(problem.conclusions) == 1 else {}


def make(rng: random.Random, level: int) -> Question:
    """Set one question; see `Family.make`. Half of them have two numbered conclusions, half four to choose from."""
    while True:
        terms = rng.sample(NOUNS, PREMISES[level - 1] + 1)
        premises = tuple(
            _turned(rng, Statement(quantifier=rng.choice(QUANTIFIERS + HARDER * (level > 3)), subject=a, predicate=b))
            for a, b in pairwise(terms)
        )
        found = (_numbered if rng.random() < 0.5 else _offered)(rng, premises, terms)
        if found is None:
            continue
        problem, key = found
        said = tuple(_choice(rng, choice) for choice in problem.choices)
        if max(map(len, said)) <= MAX_CHOICE:
            return Question(
                topic="syllogisms",
                stem=_stem(rng, problem),
                choices=said,
                key=LETTERS[key],
                reasoning=_reasoning(problem, said[key]),
                level=level,
                clues=problem.model_dump(mode="json"),
            )


def _turned(rng: random.Random, statement: Statement) -> Statement:
    if rng.random() < 0.5:
        return statement
    return statement.model_copy(update={"subject": statement.predicate, "predicate": statement.subject})


def _offered(rng: random.Random, premises: tuple[Statement, ...], terms: Sequence[str]) -> tuple[Syllogism, int] | None:
    """Four conclusions of which one follows, from all the premises together."""
    bare = Syllogism(premises=rng.sample(premises, len(premises)))
    claims = [
        Statement(quantifier=q, subject=a, predicate=b)
        for a, b in permutations((terms[0], rng.choice(terms[1:-1]), terms[-1]), 2)
        for q in QUANTIFIERS
    ]
    right = [c for c in claims if {c.subject, c.predicate} == {terms[0], terms[-1]} and _needs_all(bare, c)]
    wrong = [c for c in claims if not any(follows(p, c) for p in _readings(bare)) and c not in premises]
    if not right or len(wrong) < 3 or not _agrees(bare):
        return None
    choices = [rng.choice(right), *rng.sample(wrong, 3)]
    rng.shuffle(choices)
    problem = bare.model_copy(update={"choices": tuple(choices)})
    key = _settled(problem)
    return None if key is None else (problem, key)


def _numbered(
    rng: random.Random, premises: tuple[Statement, ...], terms: Sequence[str]
) -> tuple[Syllogism, int] | None:
    """Two numbered conclusions and four of the usual five choices; no premise can be left out."""
    first, last = rng.sample((terms[0], terms[-1]), 2)
    one = Statement(quantifier=rng.choice(QUANTIFIERS), subject=first, predicate=last)
    other = _turned(rng, Statement(quantifier=rng.choice(QUANTIFIERS), subject=first, predicate=last))
    if (one.quantifier, {one.subject}) == (other.quantifier, {other.subject}):
        return None
    bare = Syllogism(premises=rng.sample(premises, len(premises)), conclusions=(one, other))
    right = _settled(bare.model_copy(update={"choices": STANDARD}))
    # Most pairs of conclusions do not follow: that answer would be the key of nearly all questions.
    if right is None or not _agrees(bare) or (STANDARD[right] == Follow() and rng.random() < 0.9):
        return None
    wrong = [choice for i, choice in enumerate(STANDARD) if i != right]
    choices = [STANDARD[right], *rng.sample(wrong, 3)]
    rng.shuffle(choices)
    problem = bare.model_copy(update={"choices": tuple(choices)})
    if STANDARD[right] in (Follow(), EITHER):
        return problem, choices.index(STANDARD[right])
    needed = all(
        _settled(problem.model_copy(update={"premises": left})) != choices.index(STANDARD[right])
        for left in combinations(problem.premises, len(problem.premises) - 1)
    )
    return (problem, choices.index(STANDARD[right])) if needed else None


def _readings(problem: Syllogism) -> list[Syllogism]:
    return [problem.under({"existence": reading}) for reading in ("open", "granted")]


def _agrees(problem: Syllogism) -> bool:
    return all(map(consistent, _readings(problem)))


def _needs_all(bare: Syllogism, claim: Statement) -> bool:
    """Whether the claim follows under every convention, and does not without any one premise."""
    if not all(follows(problem, claim) for problem in _readings(bare)):
        return False
    fewer = [bare.model_copy(update={"premises": left}) for left in combinations(bare.premises, len(bare.premises) - 1)]
    return not any(follows(problem, claim) for problem in fewer)


def _settled(problem: Syllogism) -> int | None:
    """The one choice that is right under every convention."""
    found = set()
    for each in _readings(problem):
        right = statuses(each) if consistent(each) else ()
        if right.count("must") != 1:
            return None
        found.add(right.index("must"))
    return found.pop() if len(found) == 1 else None


def _said(rng: random.Random, statement: Statement) -> str:
    form = rng.choice(FORMS[statement.quantifier])
    a = "an" if statement.predicate[0] in "aeiou" else "a"
    return form.format(s=statement.subject, p=statement.predicate, a=a)


def _choice(rng: random.Random, choice: object) -> str:
    assert isinstance(choice, Statement | Follow)
    match choice:
        case Statement():
            return _said(rng, choice)
        case Follow(either=((1, 2),)):
            return "Either conclusion I or II follows"
        case Follow(conclusions=()):
            return "Neither conclusion I nor II follows"
        case Follow(conclusions=(1, 2)):
            return "Both conclusions I and II follow"
    return f"Only conclusion {'I' * choice.conclusions[0]} follows"


def _stem(rng: random.Random, problem: Syllogism) -> str:
    premises = " ".join(f"{_said(rng, premise)}." for premise in problem.premises)
    if problem.conclusions:
        one, other = (_said(rng, conclusion) for conclusion in problem.conclusions)
        asked = rng.choice(("Which of the conclusions follows?", "Which conclusion logically follows?"))
        return f"Statements: {premises} Conclusions: I. {one}. II. {other}. {asked}"
    asked = rng.choice(("Which conclusion follows?", "Which of the following must be true?"))
    return f"{rng.choice(('', 'Statements: '))}{premises} {asked}"


def _reasoning(problem: Syllogism, said: str) -> str:
    counted = f"The {len(problem.premises)} statements leave {solve(problem).models} cases"
    if not problem.conclusions:
        return f"{counted}; in all of them: {said[0].lower()}{said[1:]}."
    told = [
        f"{'I' * i} is {'true in all' if follows(problem, c) else 'not true in all'}"
        for i, c in enumerate(problem.conclusions, 1)
    ]
    both = " One of the two is true in each." if said.startswith("Either") else ""
    return f"{counted}; {', '.join(told)}.{both} {said}."


def draw(problem: Syllogism) -> str:
    """The fullest model as a table, a column for each term and a row for each kind of thing that there can be."""
    terms = problem.terms
    rows = witness(problem)["there are"] if consistent(problem) else []
    rows = [row for row in rows if row][:16]
    heads = "".join(
        f'<text x="{60 + 90 * i}" y="20" text-anchor="middle" fill="#808080">{escape(term[:12])}</text>'
        for i, term in enumerate(terms)
    )
    dots = "".join(
        f'<circle cx="{60 + 90 * i}" cy="{42 + 22 * r}" r="7" stroke="#808080" '
        f'fill="{"#d9822b" if term in row else "none"}"/>'
        for r, row in enumerate(rows)
        for i, term in enumerate(terms)
    )
    title = (
        f"<title>What there can be: {escape('; '.join(' and '.join(row) for row in rows)) or 'nothing fits'}</title>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {30 + 90 * len(terms)} {50 + 22 * len(rows)}" '
        f'font-family="sans-serif" font-size="13">{title}{heads}{dots}</svg>'
    )
