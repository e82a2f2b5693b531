"""The typed language of syllogisms and its one semantics.

With k terms, a thing belongs to some of them and not to others: 2^k kinds of things. A model says of which kinds
there are any. "All" and "no" empty kinds; "some" wants one of several kinds inhabited. So whatever is not emptied may
be inhabited, and a set of statements can be true exactly if each "some" finds a kind that no other statement empties.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Conventions, Problem, Solution, Status
from stumper.types import JsonObject, Value

MOST_TERMS = 6

Term = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}(?:[ -][a-z]{1,20})?$")]
"""In the singular."""
Quantifier = Literal["all", "no", "some", "some_not"]


class Statement(Value):
    """`quantifier` of the things that are `subject` are `predicate` (some_not: some are not)."""

    quantifier: Quantifier
    subject: Term
    predicate: Term


class Follow(Value):
    """Of the numbered conclusions exactly these follow; none of them: no conclusion follows."""

    kind: Literal["follow"] = "follow"
    conclusions: Annotated[tuple[Annotated[int, Field(ge=1, le=4)], ...], Field(max_length=4)] = ()


class Either(Value):
    """Neither of the two conclusions follows, but that one of them is true does."""

    kind: Literal["either"] = "either"
    one: Annotated[int, Field(ge=1, le=4)] = 1
    other: Annotated[int, Field(ge=1, le=4)] = 2


class Existence(Conventions):
    """Open points; see conventions/syllogisms.yaml."""

    existence: Literal["open", "granted"] = "open"
    """`granted`: there is at least one thing of every term that is named."""


class Syllogism(Problem):
    conventions: Existence = Existence()
    premises: Annotated[tuple[Statement, ...], Field(min_length=1, max_length=8)]
    conclusions: Annotated[tuple[Statement, ...], Field(max_length=4)] = ()
    """Numbered from 1; none where the choices are themselves the conclusions."""
    choices: Annotated[tuple[Statement | Follow | Either, ...], Field(max_length=9)] = ()

    @model_validator(mode="after")
    def _is_about_its_terms(self) -> "Syllogism":
        said = [*self.premises, *self.conclusions, *(c for c in self.choices if isinstance(c, Statement))]
        if any(statement.subject == statement.predicate for statement in said):
            raise ValueError("a term is compared with itself")
        if len(self.terms) > MOST_TERMS:
            raise ValueError(f"more than {MOST_TERMS} terms")
        n = len(self.conclusions)
        for choice in self.choices:
            if isinstance(choice, Statement) == bool(n):
                raise ValueError("a choice is no answer to the question")
            numbers = (
                choice.conclusions
                if isinstance(choice, Follow)
                else (choice.one, choice.other)
                if isinstance(choice, Either)
                else ()
            )
            if len(set(numbers)) < len(numbers) or max(numbers, default=0) > n:
                raise ValueError("a choice names a conclusion that is not there")
        return self

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term of premises, conclusions and choices, once."""
        return _terms([*self.premises, *self.conclusions, *(c for c in self.choices if isinstance(c, Statement))])


def _terms(said: Sequence[Statement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for s in said for term in (s.subject, s.predicate)))


class _Kinds:
    """Sets of kinds of things as the bits of whole numbers; kind i belongs to term t where bit t of i is set."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self.all = (1 << (1 << len(terms))) - 1

    def of(self, term: str) -> int:
        bit = 1 << self._terms.index(term)
        return sum(1 << kind for kind in range(1 << len(self._terms)) if kind & bit)

    def meant(self, statement: Statement) -> int:
        """The kinds that the statement empties, or of which it wants one inhabited."""
        inside = statement.quantifier in ("no", "some")
        predicate = self.of(statement.predicate)
        return self.of(statement.subject) & (predicate if inside else self.all & ~predicate)


OPPOSITE: dict[Quantifier, Quantifier] = {"all": "some_not", "some_not": "all", "no": "some", "some": "no"}


def opposite(statement: Statement) -> Statement:
    """The statement that is true exactly when this one is not."""
    return statement.model_copy(update={"quantifier": OPPOSITE[statement.quantifier]})


def _stated(problem: Syllogism, also: Sequence[Statement] = ()) -> tuple[_Kinds, int, list[int]]:
    """The kinds, those that may be inhabited, and of which sets of them one must be."""
    terms = tuple(dict.fromkeys((*problem.terms, *_terms(also))))
    kinds = _Kinds(terms)
    allowed, wanted = kinds.all, []
    for statement in (*problem.premises, *also):
        if statement.quantifier in ("all", "no"):
            allowed &= ~kinds.meant(statement)
        else:
            wanted.append(kinds.meant(statement))
    if problem.conventions.existence == "granted":
        wanted += [kinds.of(term) for term in terms]
    return kinds, allowed, wanted


def consistent(problem: Syllogism, also: Sequence[Statement] = ()) -> bool:
    """Whether the premises and these statements can be true together."""
    _, allowed, wanted = _stated(problem, also)
    return all(allowed & some for some in wanted)


def follows(problem: Syllogism, statement: Statement) -> bool:
    """Whether the statement is true in all models of the premises."""
    return not consistent(problem, (opposite(statement),))


def _either(problem: Syllogism, one: Statement, other: Statement) -> bool:
    if follows(problem, one) or follows(problem, other):
        return False
    return not consistent(problem, (opposite(one), opposite(other)))


def _status(problem: Syllogism, choice: Statement | Follow | Either) -> Status:
    if isinstance(choice, Statement):
        return "must" if follows(problem, choice) else "could" if consistent(problem, (choice,)) else "cannot"
    conclusions = problem.conclusions
    if isinstance(choice, Either):
        true = _either(problem, conclusions[choice.one - 1], conclusions[choice.other - 1])
    else:
        found = tuple(i for i, c in enumerate(conclusions, 1) if follows(problem, c))
        true = found == tuple(sorted(choice.conclusions))
        # Where one of two must be true, examiners do not say that neither follows.
        true = true and (bool(found) or not any(_either(problem, a, b) for a, b in combinations(conclusions, 2)))
    return "must" if true else "cannot"


def solve(problem: Syllogism) -> Solution:
    """What follows from the premises; at most six terms, 64 kinds of things, so it always ends."""
    models = _count(problem)
    if not models:
        return Solution(models=0, statuses=("cannot",) * len(problem.choices))
    statuses = tuple(_status(problem, choice) for choice in problem.choices)
    open_ = [c for c, s in zip(problem.choices, statuses, strict=True) if s == "could" and isinstance(c, Statement)]
    shown = [(open_[0],), (opposite(open_[0]),)] if open_ else [()]
    return Solution(models=models, statuses=statuses, witnesses=tuple(witness(problem, also) for also in shown))


def _count(problem: Syllogism) -> int:
    """How many sets of inhabited kinds fit the premises; by inclusion and exclusion over the sets that are wanted."""
    _, allowed, wanted = _stated(problem)
    counted = 0
    for size in range(len(wanted) + 1):
        for missed in combinations(wanted, size):
            left = allowed
            for some in missed:
                left &= ~some
            counted += (-1) ** size * (1 << left.bit_count())
    return counted


def witness(problem: Syllogism, also: Sequence[Statement] = ()) -> JsonObject:
    """The fullest model of premises and statements: the terms of each kind of thing that there can be."""
    _, allowed, _ = _stated(problem, also)
    terms = problem.terms
    inhabited = [kind for kind in range(1 << len(terms)) if allowed >> kind & 1]
    return {"there are": [[term for t, term in enumerate(terms) if kind >> t & 1] for kind in inhabited]}
