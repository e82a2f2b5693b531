"""Why nothing fits: clues that cannot be true together, and the fewest to drop so that the rest can."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from stumper.oracle.engines import consistent
from stumper.puzzles import Family, Problem, TooLarge

CLAUSES = ("clues", "premises")
"""The fields in which families state what is given."""

MOST_QUESTIONS = 20
"""To the solver about one problem; beyond it no clash is named, or no repair of it."""


class Clash(NamedTuple):
    """Clues of a problem by their places."""

    clues: tuple[int, ...] = ()
    """Cannot be true together, but could without any one of them; empty where the search was given up."""
    repair: tuple[int, ...] = ()
    """One or two without which the rest can be true, no fewer would do; empty where there are none so few."""


def clauses(problem: Problem) -> tuple[object, ...]:
    """What the problem states as given, in order."""
    return next((tuple(getattr(problem, field)) for field in CLAUSES if hasattr(problem, field)), ())


def only(problem: Problem, kept: Sequence[int]) -> Problem:
    """The problem with these of its clues alone, and without choices."""
    field = next(field for field in CLAUSES if hasattr(problem, field))
    given = clauses(problem)
    return problem.model_copy(update={field: tuple(given[i] for i in kept), "choices": ()})


def clash(family: Family, problem: Problem) -> Clash:
    """A smallest clash of a problem without models (QuickXplain, Junker 2004: halves of the clues at a time)."""
    every = range(len(clauses(problem)))
    asked = 0

    def fits(kept: Sequence[int]) -> bool:
        nonlocal asked
        if not kept:
            return True
        asked += 1
        if asked > MOST_QUESTIONS:
            raise TooLarge("more questions than the clash is worth")
        return consistent(family, only(problem, sorted(kept)))

    def needed(given: Sequence[int], added: bool, left: Sequence[int]) -> list[int]:
        """Of `left`, what clashes with `given`; `added`: something was put there since it was last looked at."""
        if added and not fits(given):
            return []
        if len(left) == 1:
            return list(left)
        half = len(left) // 2
        later = needed([*given, *left[:half]], True, left[half:])
        return [*needed([*given, *later], bool(later), left[:half]), *later]

    try:
        found = sorted(needed([], False, every)) if every and not fits(every) else []
    except TooLarge:
        return Clash()
    singles = ((i,) for i in found)
    pairs = ((i, j) for i in found for j in every if j != i and (j not in found or i < j))
    try:
        repair = next((d for d in chain(singles, pairs) if fits([i for i in every if i not in d])), ())
    except TooLarge:
        repair = ()
    return Clash(tuple(found), tuple(sorted(repair)))
