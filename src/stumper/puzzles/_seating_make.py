"""The setter: a question of a wanted difficulty with a minimal set of clues."""

import random
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache, reduce
from itertools import combinations, permutations, product
from operator import and_, or_
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
    Faces,
    FacesAlike,
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
    directions,
    names_in,
    proposition,
)
from stumper.puzzles._seating_seats import (
    ALONE,
    TWO,
    Nameless,
    Scene,
    away,
    mask_of,
    nameless,
    onwards,
    rightwards,
    scene_of,
    table_of,
)
from stumper.puzzles._seating_solve import Seated, told
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
MIXED = {"beside one": 3, "beside": 4, "adjacent": 2, "gap": 2, "faces": 7, "faces alike": 4, "not faces alike": 4}
HARD_MIXED = MIXED | {"opposite": 2, "not adjacent": 2, "between": 2}

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
        Plan((("circle", "mixed", 6),), MIXED, {"who": 1}, range(4, 8), ("faces",), 480),
    ),
    5: (
        Plan((("circle", "centre", 8), ("circle", "outwards", 8)), HARD_CIRCLE,
             {"who": 4, "which": 1}, range(5, 9), ("not", "gap"), 500),
        Plan((("circle", "mixed", 7),), HARD_MIXED, {"who": 1}, range(5, 10), ("faces",), 520),
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
    scene = _scene(shape, facing, size)
    looks = [away(scene, s) for s in range(size)]
    seated = _shuffled(rng, Seated([*people], looks, []))
    worlds = Worlds(scene, people)
    goal = _goal(rng, query, scene, seated, rank)
    clues = _clues(rng, plan, worlds, seated, goal)
    left = worlds.of_all(clues)
    if not clues or left.bit_count() > (MOST_LOOKS if scene.mixed else MOST_SHOWN):
        return None
    arranged = worlds.arrangements(left)
    if len({tuple(found.names) for found in arranged}) > MOST_SHOWN:
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
    return _worded(rng, problem, key, arranged, plan.characters)


MOST_SHOWN = 3
"""The most arrangements that may fit the clues: the reasoning lists them."""
MOST_LOOKS = 64
"""The same where people may look either way, which the reasoning tells of those for whom it is settled."""


@cache
def _scene(shape: Shape, facing: Facing, size: int) -> Scene:
    people = tuple(NAMES[:size])
    return scene_of(Seating(shape=shape, facing=facing, people=people, clues=(), query=Which()))


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

    def __init__(self, scene: Scene, people: Sequence[str]) -> None:
        self.scene = scene
        self.people = people
        self.index = {name: i for i, name in enumerate(people)}
        self.worlds, self.at = _universe(scene.ring, scene.size, scene.mixed)
        self.everything = (1 << len(self.worlds)) - 1

    def of(self, clue: AnyClue) -> int:
        if isinstance(clue, Not):
            return self.everything ^ self.of(clue.clue)
        if isinstance(clue, Between):
            return self.of(Adjacent(who=clue.who, of=clue.of)) & self.of(Adjacent(who=clue.who, of=clue.other))
        assert isinstance(clue, (*ALONE, *TWO))
        return _where(self.scene, nameless(clue), tuple([self.index[name] for name in names_in(clue)]))

    def of_all(self, clues: Sequence[AnyClue]) -> int:
        return reduce(and_, map(self.of, clues), self.everything)

    def arrangements(self, worlds: int) -> list[Seated]:
        """The arrangements in a set."""
        n = self.scene.size
        found = []
        while worlds:
            states = self.worlds[worlds.bit_length() - 1]
            worlds ^= 1 << (worlds.bit_length() - 1)
            names, looks = [""] * n, [False] * n
            for name, state in zip(self.people, states, strict=True):
                names[state % n], looks[state % n] = name, away(self.scene, state)
            found.append(Seated(names, looks, []))
        return found

    def only(self, seated: Seated) -> int:
        """The set of one arrangement."""
        n = self.scene.size
        turn = seated.names.index(self.people[0]) if self.scene.ring else 0
        found = self.everything
        for seat, name in enumerate(seated.names):
            state = (seat - turn) % n + (n if self.scene.mixed and seated.looks[seat] else 0)
            found &= self.at[self.index[name]][state]
        return found


@cache
def _universe(circle: bool, size: int, mixed: bool) -> tuple[list[tuple[int, ...]], list[list[int]]]:
    """Every arrangement (state by person; on a circle person 0 keeps seat 0), and the set of them by [person][state].

    A state is a seat, or, where facing is mixed, also a seat plus `size`.
    """
    worlds = [
        tuple([seat + size * look for seat, look in zip(seats, looks, strict=True)])
        for seats in ((0,) * circle + rest for rest in permutations(range(circle, size)))
        for looks in product((0, 1) if mixed else (0,), repeat=size)
    ]
    bits = [[bytearray(len(worlds) // 8 + 1) for _ in range(size * (1 + mixed))] for _ in range(size)]
    for i, states in enumerate(worlds):
        for person, state in enumerate(states):
            bits[person][state][i // 8] |= 1 << i % 8
    return worlds, [[int.from_bytes(b, "little") for b in by_state] for by_state in bits]


@lru_cache(8192)
def _where(scene: Scene, relation: Nameless, people: tuple[int, ...]) -> int:
    """The arrangements in which these people stand in a relation."""
    at = _universe(scene.ring, scene.size, scene.mixed)[1]

    def found(person: int, allowed: int) -> int:
        return reduce(or_, (worlds for s, worlds in enumerate(at[person]) if allowed >> s & 1), 0)

    if len(people) == 1:
        return found(people[0], mask_of(scene, relation))
    who, of = people
    rows = enumerate(table_of(scene, relation))
    return reduce(or_, (at[of][s] & found(who, allowed) for s, allowed in rows))


def _claim(rng: random.Random, kind: str, scene: Scene, seated: Seated) -> AnyPlain:
    """Something of a kind that is true of an arrangement."""
    size, names = scene.size, seated.names
    here = rng.randrange(size)
    who = names[here]
    match kind:
        case "end" | "place":
            end = rng.choice(("left", "right"))
            place = 1 if kind == "end" else rng.randrange(2, size)
            west = (end == "left") != (seated.looks[0] and not scene.mixed)
            return Place(who=names[place - 1 if west else size - place], place=place, end=end)
        case "at an end":
            return AtAnEnd(who=names[rng.choice((0, -1))])
        case "between":
            here = here if scene.ring else rng.randrange(1, size - 1)
            of, other = rng.sample((names[here - 1], names[(here + 1) % size]), 2)
            return Between(who=names[here], of=of, other=other)
        case "opposite":
            return Opposite(who=who, of=names[(here + size // 2) % size])
        case "faces":
            return Faces(who=who, direction=directions(scene.shape)[seated.looks[here]])
        case "faces alike":
            return FacesAlike(who=who, of=rng.choice([n for n in names if n != who]))
    # On a circle more than half way round would be said the other way.
    most = (size - 1) // 2 if scene.ring else size - 1
    steps = 1 if kind in ("beside one", "adjacent") else rng.randint(1 if kind == "somewhere" else 2, min(most, 4))
    east = rng.choice((1, -1))
    if onwards(scene, here, steps * east) is None:
        ways = [(i, e) for i in range(size) for e in (1, -1) if onwards(scene, i, steps * e) is not None]
        here, east = rng.choice(ways)
    of, who = names[here], names[(here + steps * east) % size]
    right = rightwards(scene, here + size * (scene.mixed and seated.looks[here]), "right")
    side: Literal["left", "right"] = "right" if right == east else "left"
    match kind:
        case "adjacent":
            return Adjacent(who=who, of=of)
        case "gap":
            return Gap(who=who, of=of, people=steps - 1)
        case "somewhere":
            return Somewhere(who=who, side=side, of=of)
        case _:
            return Beside(who=who, side=side, steps=steps, of=of)


def _clue(rng: random.Random, kind: str, scene: Scene, seated: Seated) -> AnyClue:
    """A clue of a kind; a denial may be untrue."""
    if kind.startswith("not "):
        return Not(clue=_claim(rng, kind[4:], scene, _shuffled(rng, seated)))
    return _claim(rng, kind, scene, seated)


def _shuffled(rng: random.Random, seated: Seated) -> Seated:
    """Everybody somewhere else."""
    n = len(seated.names)
    looks = rng.sample(seated.looks, n) if len(set(seated.looks)) > 1 else seated.looks
    return Seated(rng.sample(seated.names, n), looks, [])


def _goal(rng: random.Random, query: str, scene: Scene, seated: Seated, rank: int) -> Goal:
    size, names = scene.size, seated.names
    if query == "how many":
        numbers = range(4) if size == 5 else range(least := rng.randrange(size - 4), least + 4)
        people = numbers[rank]
        start = rng.randrange(size - people - 1)
        who, of = rng.sample((names[start], names[start + people + 1]), 2)
        wrong = [n for n in numbers if n != people]
        return Goal(HowMany(who=who, of=of), people, tuple(rng.sample(wrong, 3)))
    kinds = ["beside one", "beside"]
    if scene.shape == "row":
        kinds += ["end", "place"] if scene.facing != "south" else []
    elif size % 2 == 0:
        kinds += ["opposite"]
    if query == "who":
        # Of four people only the place of one leaves four to choose from.
        kinds = ["end", "place"] if size == 4 else [*kinds, "between"]
        claim = _claim(rng, rng.choice(kinds), scene, seated)
        (key, *_) = names_in(claim)
        blank = claim.model_copy(update={"who": BLANK})
        return Goal(WhoSits(where=blank), key, _wrong_people(rng, claim, scene, names))
    kind = rng.choice([*kinds, "adjacent"])
    if query == "which":
        return Goal(Which(), _claim(rng, kind, scene, seated))
    return Goal(Which(truth=False), _claim(rng, kind, scene, _shuffled(rng, seated)))


def _wrong_people(rng: random.Random, claim: AnyPlain, scene: Scene, seated: Sequence[str]) -> tuple[str, ...]:
    """Three people for whom the key may be mistaken: by the mirrored reading, by a seat, by another person's view."""
    size = len(seated)
    seat = {name: i for i, name in enumerate(seated)}
    key = seat[names_in(claim)[0]]
    near = {key - 1, key + 1}
    for name in names_in(claim)[1:]:
        near |= {2 * seat[name] - key, seat[name] - 1, seat[name] + 1}
    if isinstance(claim, Place):
        near.add(size - 1 - key)
    tempting = {seated[s % size] for s in near if scene.ring or 0 <= s < size}
    barred = set(names_in(claim))
    first = [name for name in seated if name in tempting - barred]
    rest = [name for name in seated if name not in tempting | barred]
    return (*rng.sample(first, len(first)), *rng.sample(rest, len(rest)))


def _wrong_statements(rng: random.Random, goal: Goal, worlds: Worlds, left: int, seated: Seated) -> tuple[Choice, ...]:
    """Statements that do not follow, of the key's kind and drawn as it is: no form gives it away."""
    assert isinstance(goal.query, Which)
    assert isinstance(goal.key, AnyPlain)
    wrong: list[Choice] = []
    taken = {worlds.of(goal.key)}
    for _ in range(30):
        other = _shuffled(rng, seated) if goal.query.truth else seated
        statement = _claim(rng, kind_of(goal.key), worlds.scene, other)
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
        assert not isinstance(choice, int | tuple)
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


def _clues(rng: random.Random, plan: Plan, worlds: Worlds, seated: Seated, goal: Goal) -> tuple[AnyClue, ...]:
    """A minimal set of clues, true of the arrangement, from which the key follows; none of them says it alone.

    Empty where chance finds no set that suits the plan.
    """
    open_worlds = worlds.everything ^ worlds.of(goal.claim)
    """Those in which the key does not hold: the clues are to rule out every one."""
    actual = worlds.only(seated)
    if open_worlds & actual:
        return ()
    # Whose left is the left end of a row that faces south?
    kinds = [k for k in plan.clues if worlds.scene.facing != "south" or k not in ("end", "place", "not place")]
    weights = [plan.clues[kind] for kind in kinds]
    left = worlds.everything
    chosen: list[tuple[AnyClue, int]] = []
    for _ in range(40):
        clue = _clue(rng, rng.choices(kinds, weights)[0], worlds.scene, seated)
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
    rng: random.Random, problem: Seating, key: int, fitting: Sequence[Seated], characters: int
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


def _reasoning(problem: Seating, fitting: Sequence[Seated], key: str) -> str:
    """One line: the arrangements that fit, and what they have in common."""
    out = [{name for name, look in zip(s.names, s.looks, strict=True) if look} for s in fitting]
    settled = set.intersection(*out) if problem.facing == "mixed" else set()
    rows = dict.fromkeys(tuple(next(iter(told(problem, seated).values()))) for seated in fitting)
    arranged = [", ".join(f"{name} (out)" if name in settled else name for name in row) for row in rows]
    direction = "Left to right" if problem.shape == "row" else "Clockwise"
    if len(arranged) == 1:
        return f"{direction}: {arranged[0]}; so {key}."
    return f"{direction}: {' or '.join(arranged)}; either way {key}."
