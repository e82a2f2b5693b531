"""Truth-tellers and liars: from what people say of each other, who is what?

Conventions, the same for the setter, the reader and the solver:

- A truth-teller says only what is true, a liar only what is false; what a spy says may be either. Knights are
  truth-tellers, knaves are liars, and normals are spies. What an alternator says is by turns true and false.
- "B would say" so: it is true and B a truth-teller, or it is false and B a liar.
- Each sentence that somebody says is a statement of its own: of a liar all are false.
- A claim of several parts is one claim: a liar's "A is a liar and B is a liar" is false when one part is.
- "If" is that of logic: false only where the condition is true and the rest is not.
- Whether "two of us are liars" is true where three are, and "or" where both parts are, is open. "Us" is everybody, the
  speaker too.
- Everybody who is named is one or the other, whether he speaks or not.
"""

import random
from collections.abc import Sequence
from html import escape
from itertools import product

from stumper.prompts import MAX_STEM
from stumper.puzzles._grammar import NUMBERS
from stumper.puzzles._truth_check import recheck
from stumper.puzzles._truth_language import (
    AnyClaim,
    AnyQuery,
    Both,
    Count,
    HowMany,
    If,
    Is,
    Not,
    Role,
    Same,
    Says,
    Speech,
    Talk,
    Which,
    World,
    Would,
    candidates,
    models,
    open_points,
    solve,
    true,
)
from stumper.puzzles._truth_read import read
from stumper.types import LETTERS, JsonObject, Question

__all__ = ["TITLE", "candidates", "draw", "load", "make", "open_points", "read", "recheck", "solve"]

TITLE = "Truth-teller and Liar Problems"

NAMES = ("Ada", "Bo", "Cy", "Dan", "Eve", "Flo", "Gus", "Hal", "Ida", "Jon", "Kay", "Lou", "Max", "Nan", "Oz", "Pia")
SIZES = (2, 3, 3, 4, 5)
KINDS = (
    ("is", "same", "count"),
    ("is", "same"),
    ("is", "same", "count"),
    ("same", "count", "both"),
    ("same", "count", "both", "if", "would"),
)
FEWEST_CLUES = (2, 2, 2, 3, 3)
"""People, what is said of them, and how many speak at the least, by level."""
WORDS: tuple[dict[Role, str], ...] = (
    {"truth-teller": "knight", "liar": "knave"},
    {"truth-teller": "truth-teller", "liar": "liar"},
)


def load(clues: JsonObject) -> Talk:
    """Validate a problem stated as JSON. Raises pydantic.ValidationError."""
    return Talk.model_validate(clues)


def make(rng: random.Random, level: int) -> Question:
    """Set one question; see `Family.make`. Levels grow in people and in what one claim says."""
    while True:
        question = _try(rng, level)
        if question is not None and len(question.stem) <= MAX_STEM:
            return question


def _try(rng: random.Random, level: int) -> Question | None:
    people = tuple(rng.sample(NAMES, SIZES[level - 1]))
    roles: dict[str, Role] = {name: rng.choice(("truth-teller", "liar")) for name in people}
    counts = len(people) > 2 and rng.random() < 0.3
    query: AnyQuery = HowMany(role=rng.choice(("truth-teller", "liar"))) if counts else Which()
    choices: list[int | AnyClaim]
    if isinstance(query, HowMany):
        right = sum(role == query.role for role in roles.values())
        wrong = [n for n in range(len(people) + 1) if n != right]
        choices = [right, *rng.sample(wrong, 3)]
    else:
        one, other = rng.sample(people, 2)
        kinds: tuple[Role, Role] = ("truth-teller", "liar")
        dealt = list(product(kinds, repeat=2))
        dealt.sort(key=lambda d: d != (roles[one], roles[other]))
        choices = [Both(parts=(Is(person=one, role=a), Is(person=other, role=b))) for a, b in dealt]
    first = choices[0]
    rng.shuffle(choices)
    key = choices.index(first)

    def problem(clues: Sequence[Says]) -> Talk:
        return Talk(people=people, clues=tuple(clues), query=query, choices=tuple(choices))

    def settled(clues: Sequence[Says]) -> bool:
        statuses = solve(problem(clues)).statuses
        return statuses.count("must") == 1 and statuses[key] == "must"

    clues: list[Says] = []
    for speaker in rng.sample(people, len(people)):
        claim = _said_by(rng, speaker, people, roles, KINDS[level - 1])
        if claim is not None:
            clues.append(Says(speaker=speaker, claim=claim))
    if not settled(clues):
        return None
    for clue in list(clues):
        left = [c for c in clues if c != clue]
        if settled(left):
            clues = left
    if len(clues) < FEWEST_CLUES[level - 1]:
        return None
    made = problem(clues)
    words = rng.choice(WORDS)
    said = [str(choice) if isinstance(choice, int) else _told(rng, choice, words, None) for choice in choices]
    return Question(
        topic="truth_tellers",
        stem=_stem(rng, made, words),
        choices=tuple(said),
        key=LETTERS[key],
        reasoning=_reasoning(made, words, said[key]),
        level=level,
        clues=made.model_dump(mode="json"),
    )


def _said_by(
    rng: random.Random, speaker: str, people: Sequence[str], roles: dict[str, Role], kinds: Sequence[str]
) -> AnyClaim | None:
    """A claim that the speaker could make, being what he is; None without luck."""
    others = [name for name in people if name != speaker]
    for _ in range(12):
        kind = rng.choice(kinds)
        claim: AnyClaim
        if kind == "is":
            claim = _is(rng, others)
        elif kind == "same":
            pair = Same(one=rng.choice(others), other=speaker)
            claim = pair if rng.random() < 0.5 else Not(fact=pair)
        elif kind == "count":
            n = rng.randrange(1, len(people))
            low, high = rng.choice(((n, n), (n, len(people)), (0, n)))
            claim = Count(role=rng.choice(("truth-teller", "liar")), of=tuple(people), low=low, high=high)
        elif len(others) < 2:
            continue
        else:
            one, other = rng.sample(others, 2)
            claim = Both(parts=(_is(rng, [one]), _is(rng, [other])))
            if kind == "if":
                claim = If(condition=_is(rng, [one]), then=_is(rng, [other]))
            elif kind == "would":
                claim = Would(person=one, claim=_is(rng, [other]))
        if true(claim, World(roles), Speech()) == (roles[speaker] == "truth-teller"):
            return claim
    return None


def _is(rng: random.Random, names: Sequence[str]) -> Is:
    return Is(person=rng.choice(names), role=rng.choice(("truth-teller", "liar")))


def _stem(rng: random.Random, problem: Talk, words: dict[Role, str]) -> str:
    knight, knave = words["truth-teller"], words["liar"]
    people, n = problem.people, NUMBERS[len(problem.people)]
    listed = f"{', '.join(people[:-1])} and {people[-1]}"
    opening = rng.choice(
        (
            f"On an island, {knight}s always tell the truth and {knave}s always lie. You meet {n} islanders: {listed}.",
            f"Each of {listed} is either a {knight}, who always tells the truth, or a {knave}, who always lies.",
            f"In a town, {knight}s always tell the truth, but {knave}s always lie. There are {n} citizens: {listed}.",
        )
    )
    told = " ".join(_speech(rng, clue, words) for clue in problem.clues)
    if isinstance(problem.query, HowMany):
        role = words[problem.query.role]
        asked = rng.choice((f"How many of them are {role}s?", f"How many {role}s are there?"))
    else:
        asked = rng.choice(("Which of the following must be true?", "Which of the following is true?"))
    return f"{opening} {told} {asked}"


def _speech(rng: random.Random, clue: Says, words: dict[Role, str]) -> str:
    told = _told(rng, clue.claim, words, clue.speaker)
    return f"{clue.speaker} {rng.choice(('says', 'claims'))}{rng.choice((',', ':'))} '{told[0].upper()}{told[1:]}.'"


def _told(rng: random.Random, claim: AnyClaim, words: dict[Role, str], speaker: str | None) -> str:
    def told(part: AnyClaim) -> str:
        return _told(rng, part, words, speaker)

    match claim:
        case Is(person=person, role=role):
            return f"{person} is a {words[role]}"
        case Same(one=one, other=other):
            return f"{one} and {_name(other, speaker)} are of the same kind"
        case Not(fact=Same(one=one, other=other)):
            return f"{one} and {_name(other, speaker)} are of different kinds"
        case Not(fact=Is(person=person, role=role)):
            return f"{person} is not a {words[role]}"
        case Count(role=role, of=of, low=low, high=high):
            bound = "exactly" if low == high else "at least" if high == len(of) else "at most"
            n = high if bound == "at most" else low
            return f"{bound} {NUMBERS[n]} of us {'is a' if n == 1 else 'are'} {words[role]}{'' if n == 1 else 's'}"
        case Both(parts=parts):
            return " and ".join(map(told, parts))
        case Would(person=person, claim=would_say):
            return f"{person} would say that {told(would_say)}"
        case If(condition=condition, then=then):
            return f"if {told(condition)}, then {told(then)}"
    raise AssertionError(claim)


def _name(person: str, speaker: str | None) -> str:
    return "I" if person == speaker else person


def _reasoning(problem: Talk, words: dict[Role, str], said: str) -> str:
    found = [", ".join(f"{name} {words[r]}" for name, r in world.roles.items()) for world in models(problem)]
    shown = " or ".join(found[:2]) + (" or other ways" if len(found) > 2 else "")
    return f"It fits only if: {shown}; so {said}."


def draw(problem: Talk) -> str:
    """The people of one model as circles, filled for truth-tellers, as a self-contained SVG."""
    roles = next((world.roles for world in models(problem)), {})
    fill = {"truth-teller": "#d9822b", "liar": "none"}
    marks = "".join(
        f'<circle cx="{50 + 90 * i}" cy="36" r="20" stroke="#808080" fill="{fill.get(role, "#808080")}"/>'
        f'<text x="{50 + 90 * i}" y="76" text-anchor="middle" fill="#808080">{escape(name[:12])}</text>'
        f'<text x="{50 + 90 * i}" y="92" text-anchor="middle" fill="#808080">{role}</text>'
        for i, (name, role) in enumerate(roles.items())
    )
    title = f"<title>{escape(', '.join(f'{name}: {role}' for name, role in roles.items())) or 'nothing fits'}</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {10 + 90 * max(len(roles), 2)} 104" '
        f'font-family="sans-serif" font-size="12">{title}{marks}</svg>'
    )
