"""Sets series: draws rules of a level's cost, writes their terms, and shows as few of them as prove the answer."""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, product

from stumper.prompts import MAX_REASONING
from stumper.puzzles import TooLarge
from stumper.puzzles._series_language import MOST_PLACES, Find, Given, Kind, Series, Wrong, parts, said, strands
from stumper.puzzles._series_rules import LETTERS as ALPHABET
from stumper.puzzles._series_rules import PRIMES, explanations
from stumper.puzzles._series_solve import TIE_COST, Account, accounts, tied
from stumper.types import LETTERS, Question

COSTS = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 14))
"""Of the rules of a question, by level: from, to."""
MOST_TERMS = 9
MOST_SHOWN = 9_999
TRIES = 2_000


def make(rng: random.Random, level: int) -> Question:
    """Set one question; see `Family.make`. A level is a range of what the rules cost together.

    Minimal: without its first term, or its last one, the series has not one answer.
    """
    for _ in range(TRIES):
        found = _try(rng, level)
        if found is not None:
            return found
    raise TooLarge(f"no series of level {level} in {TRIES} tries")


def _try(rng: random.Random, level: int) -> Question | None:
    low, high = COSTS[level - 1]
    terms = _terms(rng, level)
    if terms is None:
        return None
    asks = rng.choices((_next, _missing, _wrong), ((1, 0, 0), (3, 1, 0), (2, 1, 0), (2, 1, 1), (2, 1, 1))[level - 1])[0]
    problem = asks(rng, terms)
    if problem is None:
        return None
    account = accounts(problem)[0]
    if account.answer is None or not low <= account.cost <= high:
        return None
    wrong = _tempting(rng, problem, account)
    if len(wrong) < 3:
        return None
    choices = [account.answer, *wrong[:3]]
    rng.shuffle(choices)
    problem = problem.model_copy(update={"choices": tuple(choices)})
    reasoning = _reasoning(problem, account)
    if len(reasoning) > MAX_REASONING:
        return None
    return Question(
        topic="series",
        stem=_stem(rng, problem),
        choices=problem.choices,
        key=LETTERS[choices.index(account.answer)],
        reasoning=reasoning,
        level=level,
        clues=problem.model_dump(mode="json"),
    )


def _from(start: int, step: Callable[[int, int], int]) -> list[int]:
    return list(accumulate(range(1, MOST_PLACES), lambda x, i: step(x, i), initial=start))


def _difference(rng: random.Random) -> list[int]:
    a, d = rng.randint(1, 40), rng.choice((-9, -7, -6, -5, -4, -3, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12))
    return _from(a + (70 if d < 0 else 0), lambda x, _: x + d)


def _ratio(rng: random.Random) -> list[int]:
    r = rng.choice((2, 2, 3, 3, 4, 5))
    up = _from(rng.randint(1, 9), lambda x, _: x * r)
    up = [x for x in up if x <= MOST_SHOWN]
    return up if rng.random() < 0.7 else up[:7][::-1]


def _quadratic(rng: random.Random) -> list[int]:
    d, s = rng.randint(1, 7), rng.randint(1, 4)
    return _from(rng.randint(1, 20), lambda x, i: x + d + s * (i - 1))


def _powers(rng: random.Random) -> list[int]:
    e, first = rng.choice(((2, rng.randint(1, 9)), (3, rng.randint(1, 4))))
    return [(first + i) ** e for i in range(MOST_PLACES)]


def _primes(rng: random.Random) -> list[int]:
    first = rng.randrange(12)
    return list(PRIMES[first : first + MOST_PLACES])


def _sum_of_two(rng: random.Random, plus: int = 0) -> list[int]:
    numbers = [rng.randint(1, 6), rng.randint(2, 9)]
    while len(numbers) < MOST_PLACES:
        numbers.append(numbers[-1] + numbers[-2] + plus)
    return numbers


def _affine(rng: random.Random) -> list[int]:
    m, c = rng.choice((2, 2, 3, 3, 4)), rng.choice((-3, -2, -1, 1, 2, 3, 4, 5))
    return _from(rng.randint(2, 9), lambda x, _: x * m + c)


def _strides(rng: random.Random) -> list[int]:
    first, stride = rng.randint(1, 5), rng.choice((2, 2, 3))
    return [(first + stride * i) ** 2 for i in range(MOST_PLACES)]


def _powers_plus(rng: random.Random) -> list[int]:
    plus = rng.choice((-2, -1, 1, 2, 3, 4))
    return [x + plus for x in _powers(rng)]


def _cubic(rng: random.Random) -> list[int]:
    first, sign = rng.randint(1, 3), rng.choice((-1, 1))
    return [(first + i) ** 3 + sign * (first + i) for i in range(MOST_PLACES)]


def _sum_of_two_plus(rng: random.Random) -> list[int]:
    return _sum_of_two(rng, rng.choice((-1, 1, 2)))


def _factor(rng: random.Random) -> list[int]:
    m = rng.randint(1, 3)
    return _from(rng.randint(1, 6), lambda x, i: x * (m + i - 1))


def _primes_plus(rng: random.Random) -> list[int]:
    plus = rng.choice((-1, 1, 2))
    return [p + plus for p in _primes(rng)]


def _turns(rng: random.Random) -> list[int]:
    plus, times, first = rng.randint(1, 6), rng.choice((2, 3)), rng.randrange(2)
    return _from(rng.randint(1, 9), lambda x, i: x * times if i % 2 == first else x + plus)


def _sums(rng: random.Random) -> list[int]:
    steps = rng.choice((_powers, _primes))(rng)
    return list(accumulate(steps[:-1], initial=rng.randint(1, 12)))


def _factor_plus(rng: random.Random) -> list[int]:
    m, c, before = rng.randint(1, 3), rng.choice((-1, 1, 2)), rng.random() < 0.5
    return _from(rng.randint(1, 6), lambda x, i: (x + c) * (m + i - 1) if before else x * (m + i - 1) + c)


def _easy(rng: random.Random) -> list[int]:
    return rng.choice((_difference, _difference, _ratio, _quadratic, _powers, _primes, _sum_of_two))(rng)


def _in_turn(rng: random.Random) -> list[int]:
    pairs = zip(_difference(rng) if rng.random() < 0.5 else _easy(rng), _easy(rng), strict=False)
    return [x for pair in pairs for x in pair]


Maker = Callable[[random.Random], list[int]]
NUMBERS: Mapping[int, tuple[Maker, ...]] = {
    1: (_difference,),
    3: (_ratio, _quadratic, _powers, _primes, _sum_of_two),
    4: (_affine, _strides, _powers_plus, _cubic, _in_turn),
    5: (_sum_of_two_plus, _factor, _primes_plus, _turns, _sums),
    6: (_factor_plus, _in_turn),
}
"""What numbers may do, by cost; a series in turn costs 4 or more."""


def _letters(rng: random.Random, cost: int) -> list[int]:
    """Places in the alphabet."""
    if cost == 5:
        made = rng.choice((_powers, _primes, _sum_of_two, _ratio))(rng)
        return [x for x in made if x <= ALPHABET]
    d = rng.choice((-4, -3, -2, -1, 1, 2, 3, 4, 5))
    s = 0 if cost == 1 else rng.choice((-1, 1, 1, 2))
    return [(x - 1) % ALPHABET + 1 for x in _from(rng.randint(1, ALPHABET), lambda x, i: x + d + s * (i - 1))]


SHAPES: tuple[tuple[tuple[Kind, ...], ...], ...] = (
    (("number",), ("letter",), ("letter", "number"), ("letter", "number"), ("number", "letter"), ("letter", "letter")),
    (("number",), ("letter",), ("letter", "number"), ("letter", "number"), ("number", "letter"), ("letter", "letter")),
    (("number",), ("letter", "number"), ("letter", "number"), ("number", "letter"), ("letter", "letter", "number")),
    (("letter", "number"), ("number", "letter"), ("number", "letter", "number"), ("letter", "letter", "number")),
    (("letter", "number"), ("letter", "number"), ("number", "letter", "number"), ("letter", "number", "letter")),
)
"""Of the terms, by level."""
TIES: Mapping[tuple[Kind, Kind], tuple[str, ...]] = {
    ("letter", "letter"): ("mirror",),
    ("letter", "number"): ("same", "mirror", "square"),
    ("number", "letter"): (),
    ("number", "number"): ("square",),
}


def _rules(rng: random.Random, level: int) -> tuple[tuple[Kind, ...], list[int | str]]:
    """The parts of the terms, and for each the cost of its rule or how it follows from the first part."""
    low, high = COSTS[level - 1]
    while True:
        kinds = rng.choice(SHAPES[level - 1])
        rules: list[int | str] = []
        for i, kind in enumerate(kinds):
            ties = TIES[kinds[0], kind] if i else ()
            tied_to_first = ties and rng.random() < 0.3
            rules.append(
                rng.choice(ties) if tied_to_first else rng.choice((1, 3, 5) if kind == "letter" else [*NUMBERS])
            )
        if low <= sum(rule if isinstance(rule, int) else TIE_COST[rule] for rule in rules) <= high:
            return kinds, rules


def _terms(rng: random.Random, level: int) -> list[str] | None:
    """As many terms as there may be; None where the rules did not go together."""
    kinds, rules = _rules(rng, level)
    columns: list[list[int]] = []
    for kind, rule in zip(kinds, rules, strict=True):
        if isinstance(rule, str):
            columns.append([tied(rule, value) for value in columns[0]])
        else:
            columns.append(_letters(rng, rule) if kind == "letter" else rng.choice(NUMBERS[rule])(rng))
    n = min(map(len, columns))
    rows = [[column[i] for column in columns] for i in range(min(n, MOST_TERMS + 1))]
    terms = []
    for row in rows:
        term = said(kinds, row)
        if term is None or max(map(abs, row)) > MOST_SHOWN:
            break
        terms.append(term)
    return terms if len(terms) >= 4 else None


def _sure(problem: Series) -> str | None:
    """The one answer that all rules give which count under any reading."""
    answers = {account.answer for account in accounts(problem)}
    return answers.pop() if len(answers) == 1 else None


def _find(terms: Sequence[str], place: int) -> Series:
    """The term at a place, counted from 1, is asked for."""
    clues = tuple(Given(place=i, term=term) for i, term in enumerate(terms, 1) if i != place)
    return Series(clues=clues, query=Find(place=place))


def _next(_rng: random.Random, terms: Sequence[str]) -> Series | None:
    for n in range(4, len(terms) + 1):
        shown = list(terms[:n])
        if _sure(_find(shown, n)) == terms[n - 1]:
            while len(shown) > 4 and _sure(_find(shown[1:], len(shown) - 1)) == terms[n - 1]:
                shown = shown[1:]
            return _find(shown, len(shown))
    return None


def _missing(rng: random.Random, terms: Sequence[str]) -> Series | None:
    blank = rng.randint(1, 4)
    for n in range(blank + 2, len(terms) + 1):
        shown, place = list(terms[:n]), blank + 1
        if n < 4 or _sure(_find(shown, place)) != terms[blank]:
            continue
        while place > 2 and len(shown) > 4 and _sure(_find(shown[1:], place - 1)) == terms[blank]:
            shown, place = shown[1:], place - 1
        return _find(shown, place)
    return None


def _wrong(rng: random.Random, terms: Sequence[str]) -> Series | None:
    at = rng.randint(1, 4)
    for n in range(max(5, at + 2), len(terms)):
        shown = list(terms[:n])
        changed = _changed(rng, shown[at])
        if changed is None or changed in shown:
            return None
        shown[at] = changed
        if _sure(_stated(shown)) != changed:
            continue
        while len(shown) > 5 and shown[0] != changed and _sure(_stated(shown[1:])) == changed:
            shown = shown[1:]
        return _stated(shown)
    return None


def _stated(terms: Sequence[str]) -> Series:
    return Series(clues=tuple(Given(place=i, term=term) for i, term in enumerate(terms, 1)), query=Wrong())


def _changed(rng: random.Random, term: str) -> str | None:
    """The term with one part a little off."""
    split = parts(term)
    at = rng.randrange(len(split))
    values = [value for _, value in split]
    values[at] += rng.choice((-3, -2, -1, 1, 2, 3))
    return said([kind for kind, _ in split], values) if min(values) > 0 else None


def _tempting(rng: random.Random, problem: Series, account: Account) -> list[str]:
    """Other terms of the series with a wrong one; else what comes of a part that is one step off or by another rule."""
    if isinstance(problem.query, Wrong):
        others = sorted({*problem.terms} - {account.answer})
        return rng.sample(others, len(others))
    place = problem.query.place
    terms: list[str | None] = list(problem.terms)
    split = strands([*terms[: place - 1], None, *terms[place - 1 :]]) or ()
    asked = [strand for strand in split if strand.asked]
    kinds = [strand.kind for strand in asked]
    right = [value for _, value in parts(account.term)]
    options = [
        [value, *_off(rng, strand.kind, strand.values, value)] for strand, value in zip(asked, right, strict=True)
    ]
    made = []
    for values in product(*options):
        term = said(kinds, values)
        if term is not None and term not in (account.term, *problem.terms) and len(term) <= len(account.term) + 2:
            made.append((sum(a != b for a, b in zip(values, right, strict=True)), rng.random(), term))
    # First those that are right in all parts but one.
    return list(dict.fromkeys(term for _, _, term in sorted(made)))


def _off(rng: random.Random, kind: Kind, values: Sequence[int | None], right: int) -> list[int]:
    """Values near the right one: of rules that count too little, of the last step taken again, of one step too few."""
    found = [e.value for e in explanations(kind, tuple(values))][:4]
    known = [v for v in values if v is not None]
    blank = list(values).index(None)
    before = known[:blank] or known
    if len(before) > 1:
        found.append(2 * before[-1] - before[-2])
    step = right - before[-1]
    found += [right + (1 if step >= 0 else -1), right - 1, right + 2, right - 2, right + 3]
    if kind == "letter":
        found = [(v - 1) % ALPHABET + 1 for v in found]
    least = 1 if kind == "letter" or min(*known, right) > 0 else -MOST_SHOWN
    kept = [v for v in dict.fromkeys(found) if v != right and v >= least]
    return kept[:2] + rng.sample(kept[2:], min(2, len(kept[2:])))


PROMPTS: Mapping[str, tuple[str, ...]] = {
    "next": (
        "Find the next term in the series: {}",
        "What comes next in the series? {}",
        "Which term comes next in the following series? {}",
        "Look at this series: {} What comes next?",
        "What is the next term in the sequence {}",
        "Continue the series: {}",
    ),
    "mark": (
        "What should come in place of the question mark in the series {}",
        "Which term will replace the question mark in the following series? {}",
        "Complete the series: {}",
    ),
    "missing": (
        "Find the missing term in the series: {}",
        "Which term is missing in the series? {}",
    ),
    "wrong": (
        "Find the wrong term in the series: {}",
        "Which term is wrong in the following series? {}",
        "One term in the series is wrong. Which one is it? {}",
    ),
}


def _stem(rng: random.Random, problem: Series) -> str:
    terms = list(problem.terms)
    if isinstance(problem.query, Wrong):
        return rng.choice(PROMPTS["wrong"]).format(", ".join(terms))
    place = problem.query.place
    last = place > len(terms)
    asked = rng.choice(PROMPTS[rng.choice(("next", "next", "mark") if last else ("mark", "missing"))])
    return asked.format(", ".join([*terms[: place - 1], "?", *terms[place - 1 :]]))


def _reasoning(problem: Series, account: Account) -> str:
    kinds = [kind for kind, _ in parts(account.term)]
    told = [
        f"{_part(kinds, i)}: {rule}" if len(kinds) > 1 else rule for i, rule in enumerate(account.told[: len(kinds)])
    ]
    rules = "; ".join(told)
    rules = f"{rules[0].upper()}{rules[1:]}"
    if isinstance(problem.query, Wrong):
        return f"{rules}; that gives {account.term} where {account.answer} stands. So {account.answer}."
    return f"{rules}. So {account.answer}."


def _part(kinds: Sequence[Kind], i: int) -> str:
    if kinds.count(kinds[i]) == 1:
        return f"{kinds[i]}s"
    return f"{('first', 'second', 'third', 'fourth')[kinds[: i + 1].count(kinds[i]) - 1]} {kinds[i]}s"
