"""What the simplest rules say of a series."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from stumper.puzzles import Solution, status
from stumper.puzzles._series_language import MOST, NONE, Find, Kind, Series, Strand, Wrong, said, strands
from stumper.puzzles._series_rules import LETTERS, Explanation, explanations

SLACK = {"near": 1, "simplest": 0}
"""By how much the rules of a series, taken together, may cost more than the simplest ones."""
SURE = 1
"""How many more terms a rule needs where the question leaves one term out of its own choice."""
TIE_COST: Mapping[str, int] = {"same": 1, "mirror": 1, "square": 3, "cube": 3}
"""What it costs that a part of a term follows from an earlier one."""


class Account(NamedTuple):
    """Rules that together give all the terms, and what follows."""

    cost: int
    answer: str | None
    """The term at the blank, or the wrong term; None where no term is wrong."""
    place: int
    """Of the blank, or of the wrong term; 0 where no term is wrong."""
    term: str
    """What the rules give at that place."""
    told: tuple[str, ...]
    """Of each part of the term asked for: its rule."""


def solve(problem: Series) -> Solution:
    """What holds under all of the simplest rules; at most 13 places of 4 parts, so it always ends."""
    found = accounts(problem)
    truths = [[_holds(problem, choice, account) for account in found] for choice in problem.choices]
    shown: dict[str | None, Account] = {}
    for account in found:
        shown.setdefault(account.answer, account)
    return Solution(
        models=len(found),
        statuses=tuple(map(status, truths)),
        witnesses=tuple(
            {"rule": list(a.told), "place": a.place, "term": a.term}
            for _, a in zip(range(2), shown.values(), strict=False)
        ),
    )


def _holds(problem: Series, choice: str, account: Account) -> bool:
    if choice == NONE:
        return account.answer is not None and account.answer not in problem.choices
    return choice == account.answer


def accounts(problem: Series) -> tuple[Account, ...]:
    """All of the rules that count under the problem's conventions, the cheapest first."""
    terms: list[str | None] = list(problem.terms)
    slack = SLACK[problem.conventions.rule]
    if isinstance(problem.query, Find):
        terms.insert(problem.query.place - 1, None)
        stage = _stage(tuple(terms), 0, slack)
        return () if stage is None else tuple(sorted(stage.accounts, key=_order))
    stages: list[_Stage] = []
    for k, term in enumerate(terms):
        stage = _stage((*terms[:k], None, *terms[k + 1 :]), SURE, slack)
        if stage is not None:
            wrong = [a._replace(answer=term) for a in stage.accounts if a.term != term]
            stages.append(_Stage(stage.least, wrong))
    least = min((stage.least for stage in stages), default=0)
    found = [account for stage in stages for account in stage.accounts if account.cost <= least + slack]
    if (whole := _stage((*terms, None), 0, 0)) is not None:
        found += [a._replace(answer=None, place=0) for a in whole.accounts]
    return tuple(sorted(found, key=_order))


def _order(account: Account) -> tuple[int, int, str, tuple[str, ...]]:
    return account.cost, account.place, account.term, account.told


class _Stage(NamedTuple):
    least: int
    accounts: Sequence[Account]


class _Way(NamedTuple):
    """How one part of the terms is explained: by itself, or (`tie`) from an earlier part of the same term."""

    cost: int
    value: int
    told: str
    tie: str = ""
    of: int = 0


def _stage(terms: tuple[str | None, ...], spare: int, slack: int) -> _Stage | None:
    """The rules that give all the terms but the blank; None where a part of them has no rule."""
    split = strands(terms)
    if split is None:
        return None
    ways: list[list[_Way]] = []
    for i, strand in enumerate(split):
        # The blank of a part that is not asked for stands behind its end, and nothing was left out of it.
        found = list(_ways(split, i, spare if strand.asked else 0))
        if not found:
            return None
        least = min(way.cost for way in found)
        found = [way for way in found if way.cost <= least + slack]
        ways.append(found if strand.asked else [min(found)])
    least = sum(min(way.cost for way in each) for each in ways)
    asked = [i for i, strand in enumerate(split) if strand.asked]
    kinds = [split[i].kind for i in asked]
    place = terms.index(None) + 1
    made: dict[tuple[str, tuple[str, ...]], Account] = {}
    for chosen in product(*ways):
        cost = sum(way.cost for way in chosen)
        values: dict[int, int] = {}
        for i in asked:
            way = chosen[i]
            values[i] = tied(way.tie, values[way.of]) if way.tie else way.value
        term = said(kinds, list(values.values()))
        if cost > least + slack or term is None or not all(_within(split[i].kind, v) for i, v in values.items()):
            continue
        told = tuple(chosen[i].told for i in asked)
        made.setdefault((term, told), Account(cost, term, place, term, told))
    return _Stage(least, list(made.values()))


def _within(kind: Kind, value: int) -> bool:
    return 1 <= value <= LETTERS if kind == "letter" else abs(value) <= MOST


def _ways(split: Sequence[Strand], i: int, spare: int) -> Iterator[_Way]:
    strand = split[i]
    known = [p for p, value in enumerate(strand.values) if value is not None]
    for e in cheapest(strand.kind, strand.values, spare):
        yield _Way(e.cost, e.value, e.said)
    if len(known) - spare < 3:
        return
    for j, other in enumerate(split[:i]):
        for tie in _ties(strand, other):
            if other.group == strand.group and all(tied(tie, other.values[p] or 0) == strand.values[p] for p in known):
                yield _Way(TIE_COST[tie], 0, _told(tie, other), tie, j)


@lru_cache(maxsize=8192)
def cheapest(kind: Kind, values: tuple[int | None, ...], spare: int) -> tuple[Explanation, ...]:
    """Of the rules that give the same value at the blank, the cheapest: the others say nothing new."""
    first: dict[int, Explanation] = {}
    for explanation in explanations(kind, values, spare):
        first.setdefault(explanation.value, explanation)
    return tuple(first.values())


def _ties(strand: Strand, other: Strand) -> Iterator[str]:
    """How a part of a term may follow from an earlier one."""
    yield "same"
    if "letter" in (strand.kind, other.kind):
        yield "mirror"
    if strand.kind == "number":
        yield "square"
        yield "cube"


def tied(tie: str, value: int) -> int:
    """A part from an earlier one; a letter is its place in the alphabet, and its mirror image that from the end."""
    return {"same": value, "mirror": LETTERS + 1 - value, "square": value**2, "cube": value**3}[tie]


def _told(tie: str, other: Strand) -> str:
    if tie == "mirror":
        return "the place counted from Z" if other.kind == "letter" else "the letter counted from Z"
    of = "the letter's place" if other.kind == "letter" else "the number before"
    return of if tie == "same" else f"{of} {tie}d"


def candidates(problem: Series) -> dict[str, str]:
    """The answers that an open question may have: the terms of a series with a wrong one, or what any rule gives."""
    if isinstance(problem.query, Wrong):
        return {term: term for term in problem.terms}
    near = problem.under({"rule": "near"})
    return {account.term: account.term for account in accounts(near)}


def open_points(problem: Series) -> tuple[str, ...]:
    """Whether it matters how far a rule counts that is less simple."""
    answers = [{a.answer for a in accounts(problem.under({"rule": rule}))} for rule in SLACK]
    return ("rule",) if answers[0] != answers[1] else ()
