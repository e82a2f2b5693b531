"""Two engines that must agree: a family's own enumeration, and clingo on its answer-set program."""

import clingo

from stumper.puzzles import Family, Problem, Solution, Status, TooLarge
from stumper.types import canonical

MOST_CONFLICTS = 200_000
"""Of clingo's search, before it is given up: far above what any set question takes."""


class Disagreement(Exception):
    """The two engines differ: an error of ours, with what is needed to mend it."""

    def __init__(self, problem: Problem, own: Solution, other: tuple[Status, ...] | None, programs: list[str]) -> None:
        found = "no model" if other is None else ", ".join(other)
        super().__init__(
            f"two proofs differ: enumeration finds {own.models} models and {', '.join(own.statuses)}, clingo {found}; "
            f"please report this problem: {canonical(problem)}\n" + "\n\n".join(programs)
        )
        self.programs = programs


def solve(family: Family, problem: Problem) -> Solution:
    """What holds over all models, when both engines say so. Raises TooLarge, and Disagreement when they do not."""
    own = family.solve(problem)
    programs: list[str] = []

    def ask(program: str, claims: int) -> tuple[Status, ...] | None:
        programs.append(program)
        return statuses(program, claims)

    other = family.recheck(problem, ask)
    if other != (own.statuses if own.models else None):
        raise Disagreement(problem, own, other, programs)
    return own


def consistent(family: Family, problem: Problem) -> bool:
    """Whether the problem has a model: by clingo, which needs to find only one. Raises TooLarge."""
    return family.recheck(problem, statuses) is not None


def statuses(program: str, claims: int) -> tuple[Status, ...] | None:
    """The status of claim(0) ... claim(claims - 1) over all stable models; None without one. Raises TooLarge."""
    # The default search: presets that prepare ("handy", "jumpy", "crafty") never end on orders of unnamed things.
    options = ["--warn=none", f"--solve-limit={MOST_CONFLICTS},umax"]
    control = clingo.Control(options, message_limit=1)
    control.add("base", [], f"{program}\n#defined claim/1.\n#show.\n#show claim(I) : claim(I).")
    control.ground([("base", [])])
    some = _consequences(control, "brave")
    if some is None:
        return None
    every = _consequences(control, "cautious") or frozenset()
    return tuple("must" if i in every else "could" if i in some else "cannot" for i in range(claims))


def _consequences(control: clingo.Control, mode: str) -> frozenset[int] | None:
    """The claims that hold in some model ("brave") or in all ("cautious"); None without a model."""
    control.configuration.solve.enum_mode = mode
    control.configuration.solve.models = 0
    last: frozenset[int] | None = None
    with control.solve(yield_=True) as handle:
        for model in handle:
            last = frozenset(symbol.arguments[0].number for symbol in model.symbols(shown=True))
        if not handle.get().exhausted:
            raise TooLarge(f"more than {MOST_CONFLICTS} conflicts")
    return last
