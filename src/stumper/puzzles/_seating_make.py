"""The setter: a question of a wanted difficulty with a minimal set of clues."""

import random
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache, reduce
from itertools import combinations, permutations
from operator import and_
from typing import Literal, NamedTuple

from stumper.prompts import MAX_CHOICE, MAX_STEM
from stumper.puzzles._seating_forms import NAMES
from stumper.puzzles._seating_language import (
    BLANK,
    Adjacent,
    AnyClue,
    AnyPlain,
    AnyQuery,
    AtAnEnd,
    Beside,
    Between,
    Choice,
    Facing,
    Gap,
    HowMany,
    Not,
    Opposite,
    Place,
    Seating,
    Shape,
    Somewhere,
    Which,
    WhoSits,
    denies,
    names_in,
    proposition,
)
from stumper.puzzles._seating_seats import constraint, model
from stumper.puzzles._seating_words import ask, introduce, kind_of, say, say_choices
from stumper.types import LETTERS, Question, Value

Setting = tuple[Shape, Facing, int]


class Plan(NamedTuple):
    """What makes a level."""

    settings: tuple[Setting, ...]
    clues: dict[str, int]
    """Kinds of clues by weight; "not" before a kind denies it."""
    queries: dict[str, int]
    lengths: range
    """How many clues the answer needs: every one of them, since the set is minimal."""
    needed: tuple[str, ...] = ()
    """Beginnings of kinds of which at least one clue must be."""
    characters: int = 420
    """The most for stem and choices together: 420 stays below the challenge's 130 tokens."""


ROW = {"beside one": 3, "beside": 3, "end": 2, "place": 3, "adjacent": 2, "somewhere": 2}
HARD_ROW = ROW | {"between": 2, "gap": 4, "at an end": 2, "not adjacent": 4, "not at an end": 3, "not place": 1}
CIRCLE = {"beside one": 3, "beside": 4, "adjacent": 3, "between": 2, "opposite": 2}
HARD_CIRCLE = CIRCLE | {"gap": 6, "not adjacent": 6, "not opposite": 3, "not beside one": 3}

LEVELS: dict[int, tuple[Plan, ...]] = {
    1: (
        Plan((("row", "north", 4),), {"beside one": 3, "beside": 2, "end": 2, "place": 2}, {"who": 3, "which": 1},
             range(2, 4)),
    ),
    2: (
        Plan((("row", "north", 5), ("row", "south", 5)), ROW, {"who": 4, "how many": 1, "which": 1}, range(3, 5)),
        Plan((("circle", "centre", 5),), CIRCLE, {"who": 4, "which": 1, "which not": 1}, range(2, 4)),
    ),
    3: (
        Plan((("row", "north", 6), ("row", "south", 6)), HARD_ROW, {"who": 4, "how many": 1, "which": 1}, range(3, 6)),
        Plan((("circle", "centre", 6),), HARD_CIRCLE, {"who": 4, "which": 1}, range(3, 6)),
    ),
    4: (
        Plan((("row", "north", 7), ("row", "south", 7)), HARD_ROW,
             {"who": 4, "how many": 1, "which": 1}, range(4, 7), ("not",), 480),
        Plan((("circle", "centre", 7), ("circle", "outwards", 6)), HARD_CIRCLE,
             {"who": 4, "which": 1}, range(4, 7), ("not",), 480),
    ),
    5: (
        Plan((("circle", "centre", 8), ("circle", "outwards", 8)), HARD_CIRCLE,
             {"who": 4, "which": 1}, range(5, 9), ("not", "gap"), 500),
    ),
}  # fmt: skip


def make(rng: random.Random, level: int) -> Question:
    """Set one question. Deterministic in the generator's state. Raises KeyError for a level that is not 1 to 5."""
    plan = rng.choice(LEVELS[level])
    # Settled before the first attempt: what fails more often would otherwise be rarer.
    setting = rng.choice(plan.settings)
    query = rng.choices(list(plan.queries), list(plan.queries.values()))[0]
    stands = Stands(*(rng.choice(STANDS) for _ in Stands._fields))
    rank = rng.randrange(4)
    while True:
        question = _attempt(rng, plan, setting, query, stands, rank)
        if question is not None:
            return question.model_copy(update={"level": level})


Stand = Literal["least", "between", "most", "level"]
STANDS: tuple[Stand, ...] = ("least", "between", "between", "most", "level", "level")
"""How the key compares with the three wrong choices: least as often as most, and between as often as both together,
so that it is a quarter wherever they differ."""


class Stands(NamedTuple):
    """Where the key stands among the choices in what somebody might guess by without any thought.

    Left to itself, the choice that the clues speak of least would be right in two fifths of the easiest questions.
    """

    spoken: Stand
    """How often the clues speak of it."""
    kindred: Stand
    """How much of it is found in the other choices; of people: how often a clue names them with those of the query."""


def _attempt(
    rng: random.Random, plan: Plan, setting: Setting, query: str, stands: Stands, rank: int
) -> Question | None:
    """One try; None where chance finds nothing that suits. `rank`: how many of the choices are smaller numbers."""
    shape, facing, size = setting
    people = tuple(rng.sample(NAMES, size))
    seated = rng.sample(people, size)
    worlds = Worlds(shape, people)
    goal = _goal(rng, query, shape, seated, rank)
    clues = _clues(rng, plan, worlds, seated, goal)
    left = worlds.of_all(clues)
    if not clues or left.bit_count() > MOST_SHOWN:
        return None
    match goal.query:
        case HowMany():
            wrong = [*goal.wrong]
        case WhoSits():
            wrong = _picked(goal, goal.wrong, stands, clues)
        case Which():
            wrong = _picked(goal, _wrong_statements(rng, goal, worlds, left, seated), stands, clues)
    if not wrong:
        return None
    rng.shuffle(wrong)
    key = rng.randrange(4)
    choices = (*wrong[:key], goal.key, *wrong[key:])
    problem = Seating(shape=shape, facing=facing, people=people, clues=clues, query=goal.query, choices=choices)
    return _worded(rng, problem, key, worlds.arrangements(left), plan.characters)


MOST_SHOWN = 3
"""The most arrangements that may fit the clues: the reasoning lists them."""


class Goal(NamedTuple):
    """The query, the choice that is to follow from the clues, and where they need no clues those that do not.

    The wrong choices stand in order of temptation.
    """

    query: AnyQuery
    key: Choice
    wrong: tuple[Choice, ...] = ()

    @property
    def claim(self) -> AnyClue:
        claim = proposition(self.query, self.key)
        assert claim is not None
        return Not(clue=claim) if denies(self.query) else claim


class Worlds:
    """All arrangements of some people as the bits of integers: a clue is the set of those in which it holds."""

    def __init__(self, shape: Shape, people: Sequence[str]) -> None:
        self.shape = shape
        self.people = people
        self.index = {name: i for i, name in enumerate(people)}
        self.seatings, _, self.number = _universe(shape, len(people))
        self.everything = (1 << len(self.seatings)) - 1

    def of(self, clue: AnyClue) -> int:
        names, allowed, negated = constraint(clue, self.shape, len(self.people))
        found = _where(self.shape, len(self.people), tuple([self.index[name] for name in names]), allowed)
        return self.everything ^ found if negated else found

    def of_all(self, clues: Sequence[AnyClue]) -> int:
        return reduce(and_, map(self.of, clues), self.everything)

    def arrangements(self, worlds: int) -> list[list[str]]:
        """The arrangements in a set: names by seat."""
        told = []
        while worlds:
            seats = self.seatings[worlds.bit_length() - 1]
            told.append([name for _, name in sorted(zip(seats, self.people, strict=True))])
            worlds ^= 1 << (worlds.bit_length() - 1)
        return told

    def place_of(self, seated: Sequence[str]) -> int:
        """The bit that stands for an arrangement."""
        turn = seated.index(self.people[0]) if self.shape == "circle" else 0
        return self.number[tuple((seated.index(name) - turn) % len(seated) for name in self.people)]


@cache
def _universe(shape: Shape, size: int) -> tuple[list[tuple[int, ...]], list[list[int]], dict[tuple[int, ...], int]]:
    """Every arrangement (seat by person; on a circle person 0 keeps seat 0), the set of them
    by [person][seat], and the number of each."""
    fixed = shape == "circle"
    seatings = [(0,) * fixed + rest for rest in permutations(range(fixed, size))]
    bits = [[bytearray(len(seatings) // 8 + 1) for _ in range(size)] for _ in range(size)]
    for i, seats in enumerate(seatings):
        for person, seat in enumerate(seats):
            bits[person][seat][i // 8] |= 1 << i % 8
    at = [[int.from_bytes(b, "little") for b in by_seat] for by_seat in bits]
    return seatings, at, {seats: i for i, seats in enumerate(seatings)}


@lru_cache(4096)
def _where(shape: Shape, size: int, people: tuple[int, ...], allowed: frozenset[tuple[int, ...]]) -> int:
    """The arrangements in which the people have one of the allowed tuples of seats."""
    at = _universe(shape, size)[1]
    found = 0
    for seats in allowed:
        found |= reduce(and_, [at[person][seat] for person, seat in zip(people, seats, strict=True)])
    return found


def _claim(rng: random.Random, kind: str, shape: Shape, seated: Sequence[str]) -> AnyPlain:
    """Something of a kind that is true when people are seated so, towards the right."""
    size = len(seated)
    circle = shape == "circle"
    here = rng.randrange(size)
    who = seated[here]
    match kind:
        case "end" | "place":
            side = rng.choice(("left", "right"))
            seat = {"left": 0, "right": size - 1}[side] if kind == "end" else rng.randrange(1, size - 1)
            return Place(who=seated[seat], place=seat + 1 if side == "left" else size - seat, end=side)
        case "at an end":
            return AtAnEnd(who=seated[rng.choice((0, -1))])
        case "between":
            here = here if circle else rng.randrange(1, size - 1)
            of, other = rng.sample((seated[here - 1], seated[(here + 1) % size]), 2)
            return Between(who=seated[here], of=of, other=other)
        case "opposite":
            return Opposite(who=who, of=seated[(here + size // 2) % size])
        case "somewhere":
            left, right = sorted(rng.sample(range(size), 2))
            if rng.random() < 0.5:
                return Somewhere(who=seated[left], side="left", of=seated[right])
            return Somewhere(who=seated[right], side="right", of=seated[left])
    # On a circle more than half way round would be said the other way.
    most = (size - 1) // 2 if circle else size - 1
    steps = 1 if kind in ("beside one", "adjacent") else rng.randint(2, min(most, 4))
    side = rng.choice(("left", "right"))
    start = here if circle else rng.randrange(size - steps) + (steps if side == "left" else 0)
    of, who = seated[start], seated[(start + (steps if side == "right" else -steps)) % size]
    match kind:
        case "adjacent":
            return Adjacent(who=who, of=of)
        case "gap":
            return Gap(who=who, of=of, people=steps - 1)
        case _:
            return Beside(who=who, side=side, steps=steps, of=of)


def _clue(rng: random.Random, kind: str, shape: Shape, seated: Sequence[str]) -> AnyClue:
    """A clue of a kind; a denial may be untrue."""
    if kind.startswith("not "):
        return Not(clue=_claim(rng, kind[4:], shape, rng.sample(seated, len(seated))))
    return _claim(rng, kind, shape, seated)


def _goal(rng: random.Random, query: str, shape: Shape, seated: Sequence[str], rank: int) -> Goal:
    size = len(seated)
    if query == "how many":
        numbers = range(4) if size == 5 else range(least := rng.randrange(size - 4), least + 4)
        people = numbers[rank]
        start = rng.randrange(size - people - 1)
        who, of = rng.sample((seated[start], seated[start + people + 1]), 2)
        wrong = [n for n in numbers if n != people]
        return Goal(HowMany(who=who, of=of), people, tuple(rng.sample(wrong, 3)))
    kinds = ["beside one", "beside"]
    if shape == "row":
        kinds += ["end", "place"]
    elif size % 2 == 0:
        kinds += ["opposite"]
    if query == "who":
        # Of four people only the place of one leaves four to choose from.
        kinds = ["end", "place"] if size == 4 else [*kinds, "between"]
        claim = _claim(rng, rng.choice(kinds), shape, seated)
        blank = claim.model_copy(update={"who": BLANK})
        return Goal(WhoSits(where=blank), claim.who, _wrong_people(rng, claim, shape, seated))
    kind = rng.choice([*kinds, "adjacent"])
    if query == "which":
        return Goal(Which(), _claim(rng, kind, shape, seated))
    return Goal(Which(truth=False), _claim(rng, kind, shape, rng.sample(seated, size)))


def _wrong_people(rng: random.Random, claim: AnyPlain, shape: Shape, seated: Sequence[str]) -> tuple[str, ...]:
    """Three people for whom the key may be mistaken: by the mirrored reading, by a seat, by another person's view."""
    size = len(seated)
    seat = {name: i for i, name in enumerate(seated)}
    key = seat[claim.who]
    near = {key - 1, key + 1}
    for name in names_in(claim)[1:]:
        near |= {2 * seat[name] - key, seat[name] - 1, seat[name] + 1}
    if isinstance(claim, Place):
        near.add(size - 1 - key)
    tempting = {seated[s % size] for s in near if shape == "circle" or 0 <= s < size}
    barred = set(names_in(claim))
    first = [name for name in seated if name in tempting - barred]
    rest = [name for name in seated if name not in tempting | barred]
    return (*rng.sample(first, len(first)), *rng.sample(rest, len(rest)))


def _wrong_statements(
    rng: random.Random, goal: Goal, worlds: Worlds, left: int, seated: Sequence[str]
) -> tuple[Choice, ...]:
    """Statements that do not follow, of the key's kind and drawn as it is: no form gives it away."""
    assert isinstance(goal.query, Which)
    assert isinstance(goal.key, AnyPlain)
    wrong: list[Choice] = []
    taken = {worlds.of(goal.key)}
    for _ in range(30):
        seats = rng.sample(seated, len(seated)) if goal.query.truth else seated
        statement = _claim(rng, kind_of(goal.key), worlds.shape, seats)
        holds = worlds.of(statement)
        follows = left & ~holds == 0 if goal.query.truth else left & holds == 0
        if not follows and holds not in taken:
            taken.add(holds)
            wrong.append(statement)
    return tuple(wrong[:10])


def _picked(goal: Goal, wrong: Sequence[Choice], stands: Stands, clues: Sequence[AnyClue]) -> list[Choice]:
    """The first three of the wrong choices with which the key stands as it should; empty where there are none.

    How kindred they are is a wish: in small groups it cannot always be met.
    """
    spoken = Counter(name for clue in clues for name in names_in(clue))
    asked = set(names_in(goal.claim)[1:])
    with_asked = Counter(name for clue in clues if asked.intersection(names_in(clue)) for name in names_in(clue))

    def said(choice: Choice) -> int:
        assert not isinstance(choice, int)
        return spoken[choice] if isinstance(choice, str) else sum(spoken[name] for name in names_in(choice))

    def kindred(choice: Choice, others: Sequence[Choice]) -> int:
        if isinstance(choice, str):
            return with_asked[choice]
        return sum(len(_parts(choice) & _parts(other)) for other in others)

    suited: list[Choice] = []
    for three in combinations(wrong, 3):
        four = (goal.key, *three)
        if _is(stands.spoken, [said(c) for c in four]):
            if _is(stands.kindred, [kindred(c, four) for c in four]):
                return [*three]
            suited = suited or [*three]
    return suited


def _parts(choice: Choice) -> set[object]:
    assert isinstance(choice, Value)
    return {part for _, part in choice}


def _is(stand: Stand, scores: Sequence[int]) -> bool:
    """Whether the first score stands so among them."""
    first, *others = scores
    match stand:
        case "least":
            return first < min(others)
        case "most":
            return first > max(others)
        case "between":
            return min(others) < first < max(others)
        case "level":
            return min(others) == first == max(others)


def _clues(rng: random.Random, plan: Plan, worlds: Worlds, seated: Sequence[str], goal: Goal) -> tuple[AnyClue, ...]:
    """A minimal set of clues, true of the arrangement, from which the key follows; none of them says it alone.

    Empty where chance finds no set that suits the plan.
    """
    open_worlds = worlds.everything ^ worlds.of(goal.claim)
    """Those in which the key does not hold: the clues are to rule out every one."""
    actual = 1 << worlds.place_of(seated)
    if open_worlds & actual:
        return ()
    kinds, weights = list(plan.clues), list(plan.clues.values())
    left = worlds.everything
    chosen: list[tuple[AnyClue, int]] = []
    for _ in range(40):
        clue = _clue(rng, rng.choices(kinds, weights)[0], worlds.shape, seated)
        holds = worlds.of(clue)
        if holds & actual and left & holds != left and holds & open_worlds:
            left &= holds
            chosen.append((clue, holds))
        if not left & open_worlds:
            break
    else:
        return ()
    # What is easily used goes first, so that denials and gaps are left over to be needed.
    for pair in sorted(chosen, key=lambda pair: isinstance(pair[0], Not | Gap)):
        others = [p for p in chosen if p is not pair]
        if not reduce(and_, (holds for _, holds in others), open_worlds):
            chosen = others
    clues = [clue for clue, _ in chosen]
    if len(clues) not in plan.lengths or not all(any(c.kind == need for c in clues) for need in plan.needed):
        return ()
    return tuple(rng.sample(clues, len(clues)))


def _worded(
    rng: random.Random, problem: Seating, key: int, fitting: Sequence[Sequence[str]], characters: int
) -> Question | None:
    """The problem in English; None where it comes out too long."""
    assert problem.facing is not None
    sentences = [introduce(problem.people, problem.shape, problem.facing, rng)]
    sentences += [f"{say(clue, rng)}." for clue in problem.clues]
    sentences += [ask(problem.query, rng)]
    choices = say_choices(problem.choices, rng)
    stem = " ".join(sentences)
    if len(stem) > MAX_STEM or len(stem) + sum(map(len, choices)) > characters or max(map(len, choices)) > MAX_CHOICE:
        return None
    return Question(
        topic="seating",
        stem=stem,
        choices=choices,
        key=LETTERS[key],
        reasoning=_reasoning(problem, fitting, choices[key]),
        clues=problem.model_dump(mode="json"),
    )


def _reasoning(problem: Seating, fitting: Sequence[Sequence[str]], key: str) -> str:
    """One line: the arrangements that fit, and what they have in common."""
    told = [", ".join(next(iter(model(problem, seated).values()))) for seated in fitting]
    direction = "Left to right" if problem.shape == "row" else "Clockwise"
    if len(told) == 1:
        return f"{direction}: {told[0]}; so {key}."
    return f"{direction}: {' or '.join(told)}; either way {key}."
