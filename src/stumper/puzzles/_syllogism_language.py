"""The typed language of syllogisms and its one semantics.

With k terms, a thing belongs to some of them and not to others: 2^k kinds of things. A model says of which kinds
there are any. "All" and "no" empty kinds; "some" wants one of several kinds inhabited. So whatever is not emptied may
be inhabited, and a set of statements can be true exactly if each "some" finds a kind that no other statement empties.
"""

from collections.abc import Mapping, Sequence, Set
from itertools import combinations, product
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Conventions, Problem, Solution, Status
from stumper.puzzles._meta import Meta, meta_status
from stumper.types import JsonObject, Value

MOST_TERMS = 8
MOST_CONCLUSIONS = 5

Term = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z']{0,19}(?:[ -][a-z][a-z']{0,19}){0,7}$")]
"""A kind of things in the singular ("horned animal"), what is said of some ("have fur"), or one person's name."""
Quantifier = Literal["all", "no", "some", "some_not", "only_few", "few", "all_not"]


class Statement(Value):
    """`quantifier` of the things that are `subject` are `predicate`.

    some_not: some are not. only_few: some are and some are not. few and all_not ("all are not"): see `Readings`.
    """

    quantifier: Quantifier
    subject: Term
    predicate: Term
    possible: bool = False
    """Of a conclusion: that it can be so is claimed, not that it is."""


class Joint(Value):
    """A conclusion that claims several things at once."""

    kind: Literal["joint"] = "joint"
    statements: Annotated[tuple[Statement, ...], Field(min_length=2, max_length=4)]


Number = Annotated[int, Field(ge=1, le=MOST_CONCLUSIONS)]


class Follow(Value):
    """Of the numbered conclusions exactly these follow; of each of these pairs one must be true, but neither follows.

    Neither conclusions nor pairs: none follows.
    """

    kind: Literal["follow"] = "follow"
    conclusions: Annotated[tuple[Number, ...], Field(max_length=MOST_CONCLUSIONS)] = ()
    either: Annotated[tuple[tuple[Number, Number], ...], Field(max_length=2)] = ()


class Readings(Conventions):
    """Open points; see conventions/syllogisms.yaml."""

    existence: Literal["open", "granted"] = "open"
    """`granted`: there is at least one thing of every term that is named."""
    few: Literal["some", "some_not_all"] = "some"
    all_not: Literal["not_all", "none"] = "not_all"
    possibility: Literal["not_impossible", "not_certain"] = "not_impossible"
    """Of "can be": not_certain wants that it need not be so, too."""


Asks = Literal["true", "possible", "false", "not_certain"]
"""Which conclusion must be true, can be, cannot be, or does not follow."""

RIGHT: Mapping[Asks, tuple[Status, ...]] = {
    "true": ("must",),
    "possible": ("must", "could"),
    "false": ("cannot",),
    "not_certain": ("could", "cannot"),
}


class Syllogism(Problem):
    conventions: Readings = Readings()
    premises: Annotated[tuple[Statement, ...], Field(min_length=1, max_length=8)]
    conclusions: Annotated[tuple[Statement, ...], Field(max_length=MOST_CONCLUSIONS)] = ()
    """Numbered from 1; none where the choices are themselves the conclusions."""
    asks: Asks = "true"
    choices: Annotated[tuple[Statement | Joint | Follow | Meta, ...], Field(max_length=9)] = ()
    individuals: Annotated[tuple[Term, ...], Field(max_length=4)] = ()
    """Terms of which there is one thing: "Socrates is a man" is all, and "is not" is no."""

    @property
    def right(self) -> tuple[Status, ...]:
        return RIGHT[self.asks]

    @model_validator(mode="after")
    def _is_about_its_terms(self) -> "Syllogism":
        if any(statement.subject == statement.predicate for statement in self.statements):
            raise ValueError("a term is compared with itself")
        if any(premise.possible for premise in self.premises):
            raise ValueError("a statement that says only what can be")
        if len(self.terms) > MOST_TERMS:
            raise ValueError(f"more than {MOST_TERMS} terms")
        said_of = [s.subject for s in self.statements]
        if any(
            s.predicate in self.individuals or s.quantifier not in ("all", "no")
            for s in self.statements
            if {s.subject, s.predicate} & set(self.individuals)
        ):
            raise ValueError("a name is no kind of things")
        if not set(self.individuals) <= set(said_of):
            raise ValueError("nothing is said of somebody who is named")
        n = len(self.conclusions)
        alone = [s.subject for s in self.conclusions if s.subject in self.individuals]
        if len(set(alone)) < len(alone):
            raise ValueError("two conclusions about the same individual")
        if n and self.asks != "true":
            raise ValueError("numbered conclusions are asked for by what follows")
        for choice in self.choices:
            if isinstance(choice, str):
                continue
            if isinstance(choice, Statement | Joint) == bool(n):
                raise ValueError("a choice is no answer to the question")
            if isinstance(choice, Joint) and any(each.possible for each in choice.statements):
                raise ValueError("a choice that says several things, of which one is only possible")
            if isinstance(choice, Follow):
                numbers = (*choice.conclusions, *(number for pair in choice.either for number in pair))
                if len(set(numbers)) < len(numbers) or max(numbers, default=0) > n:
                    raise ValueError("a choice names a conclusion that is not there")
        return self

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of premises, conclusions and choices."""
        chosen = [statement for choice in self.choices for statement in parts_of(choice)]
        return (*self.premises, *self.conclusions, *chosen)

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term of premises, conclusions and choices, once."""
        return _terms(self.statements)


def parts_of(choice: Statement | Joint | Follow | Meta) -> tuple[Statement, ...]:
    """The statements that a choice claims together; none of a choice that speaks of conclusions."""
    if isinstance(choice, Joint):
        return choice.statements
    return (choice,) if isinstance(choice, Statement) else ()


def open_points(problem: Syllogism) -> list[str]:
    """Which conventions the problem turns on."""
    used = {statement.quantifier for statement in problem.statements}
    return [
        "existence",
        *(point for point in ("few", "all_not") if point in used),
        *(["possibility"] if any(statement.possible for statement in problem.statements) else []),
    ]


def _terms(said: Sequence[Statement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for s in said for term in (s.subject, s.predicate)))


def plain(statement: Statement, readings: Readings) -> tuple[Statement, ...]:
    """The statements with all, no, some and some_not that together say the same; its possibility is left out."""
    quantifiers: tuple[Quantifier, ...]
    match statement.quantifier:
        case "only_few":
            quantifiers = ("some", "some_not")
        case "few":
            quantifiers = ("some",) if readings.few == "some" else ("some", "some_not")
        case "all_not":
            quantifiers = ("some_not",) if readings.all_not == "not_all" else ("no",)
        case same:
            quantifiers = (same,)
    return tuple(statement.model_copy(update={"quantifier": q, "possible": False}) for q in quantifiers)


class _Kinds:
    """Sets of kinds of things as the bits of whole numbers; kind i belongs to term t where bit t of i is set."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self.all = (1 << (1 << len(terms))) - 1

    def of(self, term: str) -> int:
        bit = 1 << self._terms.index(term)
        return sum(1 << kind for kind in range(1 << len(self._terms)) if kind & bit)

    def meant(self, statement: Statement) -> int:
        """The kinds that a plain statement empties, or of which it wants one inhabited."""
        inside = statement.quantifier in ("no", "some")
        predicate = self.of(statement.predicate)
        return self.of(statement.subject) & (predicate if inside else self.all & ~predicate)


OPPOSITE: dict[Quantifier, Quantifier] = {"all": "some_not", "some_not": "all", "no": "some", "some": "no"}


def opposite(statement: Statement) -> Statement:
    """The statement that is true exactly when this plain one is not."""
    return statement.model_copy(update={"quantifier": OPPOSITE[statement.quantifier]})


def _stated(problem: Syllogism, also: Sequence[Statement] = ()) -> tuple[_Kinds, int, list[int]]:
    """The kinds, those that may be inhabited, and of which sets of them one must be."""
    terms = tuple(dict.fromkeys((*problem.terms, *_terms(also))))
    kinds = _Kinds(terms)
    allowed, wanted = kinds.all, []
    stated = [each for said in (*problem.premises, *also) for each in plain(said, problem.conventions)]
    for statement in stated:
        if statement.quantifier in ("all", "no"):
            allowed &= ~kinds.meant(statement)
        else:
            wanted.append(kinds.meant(statement))
    if problem.conventions.existence == "granted":
        wanted += [kinds.of(term) for term in terms]
    wanted += [kinds.of(one) for one in problem.individuals]
    return kinds, allowed, wanted


def consistent(problem: Syllogism, also: Sequence[Statement] = ()) -> bool:
    """Whether the premises and these statements can be true together."""
    _, allowed, wanted = _stated(problem, also)
    return all(allowed & some for some in wanted)


def follows(problem: Syllogism, statement: Statement) -> bool:
    """Whether the statement is true in all models of the premises; of what is possible: in one (and not in all)."""
    certain = not any(consistent(problem, (opposite(part),)) for part in plain(statement, problem.conventions))
    if not statement.possible:
        return certain
    possible = consistent(problem, plain(statement, problem.conventions))
    return possible and not (certain and problem.conventions.possibility == "not_certain")


def _either(problem: Syllogism, one: Statement, other: Statement) -> bool:
    """Whether one of the two is true in each model, and neither in all."""
    if one.possible or other.possible or follows(problem, one) or follows(problem, other):
        return False
    ways = product(plain(one, problem.conventions), plain(other, problem.conventions))
    return not any(consistent(problem, (opposite(a), opposite(b))) for a, b in ways)


def statuses(problem: Syllogism) -> tuple[Status, ...]:
    """What follows, of each choice; of premises that can be true together."""
    conclusions = problem.conclusions
    found = {i for i, conclusion in enumerate(conclusions, 1) if follows(problem, conclusion)}
    numbered = combinations(enumerate(conclusions, 1), 2)
    pairs = {(i, j) for (i, one), (j, other) in numbered if _either(problem, one, other)}

    def status_of(choice: Statement | Joint | Follow) -> Status:
        if isinstance(choice, Follow):
            return follow_status(choice, found, pairs)
        said = parts_of(choice)
        if all(follows(problem, each) for each in said):
            return "must"
        return "could" if not said[0].possible and consistent(problem, said) else "cannot"

    known = [None if isinstance(choice, str) else status_of(choice) for choice in problem.choices]
    rest = meta_status(problem.right, [status for status in known if status])
    return tuple(status or rest for status in known)


def follow_status(choice: Follow, found: Set[int], pairs: Set[tuple[int, int]]) -> Status:
    """Of a choice, given which conclusions follow and of which pairs one must be true.

    Where one of a pair must be true, examiners do not say that neither follows, nor that other ones alone do.
    """
    chosen = {(min(pair), max(pair)) for pair in choice.either}
    return "must" if set(choice.conclusions) == found and chosen == pairs else "cannot"


def solve(problem: Syllogism) -> Solution:
    """What follows from the premises; at most eight terms, 256 kinds of things, so it always ends."""
    models = _count(problem)
    if not models:
        return Solution(models=0, statuses=("cannot",) * len(problem.choices))
    found = statuses(problem)
    open_ = [parts_of(c) for c, s in zip(problem.choices, found, strict=True) if s == "could" and parts_of(c)]
    shown: list[tuple[Statement, ...]] = [()]
    if open_:
        parts = [part for each in open_[0] for part in plain(each, problem.conventions)]
        against = next(o for part in parts if consistent(problem, (o := opposite(part),)))
        shown = [open_[0], (against,)]
    return Solution(models=models, statuses=found, witnesses=tuple(witness(problem, also) for also in shown))


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
