"""The typed language of truth-tellers and liars and its one semantics."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Problem, Solution, status
from stumper.types import Value

MOST_PEOPLE = 8

Name = Annotated[str, StringConstraints(pattern=r"^[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ-]{0,23}$")]
Role = Literal["truth-teller", "liar", "spy"]
"""What a truth-teller says is true, what a liar says is false, what a spy says may be either."""


class Is(Value):
    kind: Literal["is"] = "is"
    person: Name
    role: Role


class Same(Value):
    """The two are of the same role."""

    kind: Literal["same"] = "same"
    one: Name
    other: Name


class Count(Value):
    """Of these people, at least `low` and at most `high` have the role."""

    kind: Literal["count"] = "count"
    role: Role
    of: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_PEOPLE)]
    low: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
    high: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


AnyFact = Is | Same | Count
Fact = Annotated[AnyFact, Field(discriminator="kind")]


class Not(Value):
    kind: Literal["not"] = "not"
    fact: Fact


class Both(Value):
    """All of the parts are true."""

    kind: Literal["both"] = "both"
    parts: Annotated[
        tuple[Annotated[AnyFact | Not, Field(discriminator="kind")], ...], Field(min_length=2, max_length=MOST_PEOPLE)
    ]


class If(Value):
    """The first is false or the second is true: "if" as logic has it."""

    kind: Literal["if"] = "if"
    condition: Annotated[AnyFact | Not, Field(discriminator="kind")]
    then: Annotated[AnyFact | Not, Field(discriminator="kind")]


AnyClaim = AnyFact | Not | Both | If
Claim = Annotated[AnyClaim, Field(discriminator="kind")]


class Says(Value):
    """What one of them says; by nobody: it is so."""

    speaker: Name | None
    claim: Claim


class RoleOf(Value):
    """What is this person? A choice is a role."""

    kind: Literal["role"] = "role"
    person: Name


class Who(Value):
    """Who has this role? A choice is a person."""

    kind: Literal["who"] = "who"
    role: Role


class HowMany(Value):
    """How many have this role? A choice is a number."""

    kind: Literal["how_many"] = "how_many"
    role: Role


class Which(Value):
    """Which of the statements must be true?"""

    kind: Literal["which"] = "which"


AnyQuery = RoleOf | Who | HowMany | Which


class Talk(Problem):
    people: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_PEOPLE)]
    roles: Annotated[tuple[Role, ...], Field(min_length=2, max_length=3)] = ("truth-teller", "liar")
    clues: Annotated[tuple[Says, ...], Field(max_length=24)]
    query: Annotated[AnyQuery, Field(discriminator="kind")]
    choices: Annotated[tuple[Role | Name | int | Claim, ...], Field(max_length=9)] = ()

    @model_validator(mode="after")
    def _is_about_its_people(self) -> "Talk":
        if len(set(self.people)) < len(self.people) or len(set(self.roles)) < len(self.roles):
            raise ValueError("two people have the same name")
        kinds = {"role": str, "who": str, "how_many": int, "which": Value}
        if not all(isinstance(choice, kinds[self.query.kind]) for choice in self.choices):
            raise ValueError("a choice is no answer to the question")
        claims = [claim_of(self.query, choice, self.people) for choice in self.choices]
        claims += [claim_of(self.query, self.roles[0])] if isinstance(self.query, RoleOf) else []
        facts = [fact for claim in (*(clue.claim for clue in self.clues), *claims) for fact in _facts(claim)]
        named = {name for fact in facts for name in _names(fact)} | {c.speaker for c in self.clues if c.speaker}
        if not named <= set(self.people) or any(
            getattr(fact, "role", self.roles[0]) not in self.roles for fact in facts
        ):
            raise ValueError("a person or a role is named that is not there")
        if any(len(set(_names(fact))) < len(_names(fact)) for fact in facts):
            raise ValueError("a person is named twice in one claim")
        return self


def _facts(claim: AnyClaim) -> Iterator[AnyFact]:
    match claim:
        case Not(fact=fact):
            yield fact
        case Both(parts=parts):
            for part in parts:
                yield from _facts(part)
        case If(condition=condition, then=then):
            yield from _facts(condition)
            yield from _facts(then)
        case _:
            yield claim


def _names(fact: AnyFact) -> tuple[str, ...]:
    match fact:
        case Is(person=person):
            return (person,)
        case Same(one=one, other=other):
            return (one, other)
    return fact.of


def claim_of(query: AnyQuery, choice: str | int | AnyClaim, people: tuple[str, ...] = ()) -> AnyClaim:
    """What a choice claims. `people`: of whom "how many" is asked. Raises ValidationError for what is no answer."""
    match query:
        case RoleOf(person=person):
            return Is.model_validate({"person": person, "role": choice})
        case Who(role=role):
            return Is.model_validate({"person": choice, "role": role})
        case HowMany(role=role):
            return Count.model_validate({"role": role, "of": people, "low": choice, "high": choice})
    assert not isinstance(choice, str | int)
    return choice


Roles = Mapping[str, Role]


def true(claim: AnyClaim, roles: Roles) -> bool:
    """Whether the claim is true of one distribution of roles."""
    match claim:
        case Is(person=person, role=role):
            return roles[person] == role
        case Same(one=one, other=other):
            return roles[one] == roles[other]
        case Count(role=role, of=of, low=low, high=high):
            return low <= sum(roles[person] == role for person in of) <= high
        case Not(fact=fact):
            return not true(fact, roles)
        case Both(parts=parts):
            return all(true(part, roles) for part in parts)
        case If(condition=condition, then=then):
            return not true(condition, roles) or true(then, roles)
    raise AssertionError(claim)


def could_say(clue: Says, roles: Roles) -> bool:
    """Whether the speaker could say so, being what he is; without a speaker: whether it is so."""
    role = "truth-teller" if clue.speaker is None else roles[clue.speaker]
    return role == "spy" or true(clue.claim, roles) == (role == "truth-teller")


def models(problem: Talk) -> Iterator[dict[str, Role]]:
    """All distributions of roles under which everybody could say what they say."""
    for dealt in product(problem.roles, repeat=len(problem.people)):
        roles = dict(zip(problem.people, dealt, strict=True))
        if all(could_say(clue, roles) for clue in problem.clues):
            yield roles


def solve(problem: Talk) -> Solution:
    """What holds over all models; at most eight people of three roles, 6,561 distributions, so it always ends."""
    claims = [claim_of(problem.query, choice, problem.people) for choice in problem.choices]
    found = list(models(problem))
    truths = [[true(claim, roles) for roles in found] for claim in claims]
    by_truth = {tuple(column): roles for column, roles in zip(zip(*truths, strict=True), found, strict=True)}
    return Solution(
        models=len(found),
        statuses=tuple(map(status, truths)),
        witnesses=tuple(list(by_truth.values())[:2]) if truths else tuple(found[:2]),
    )


def candidates(problem: Talk) -> dict[str, str | int]:
    """What may answer an open question; "which of these" has no answer without choices."""
    offered: tuple[str | int, ...] = ()
    match problem.query:
        case RoleOf():
            offered = problem.roles
        case Who():
            offered = problem.people
        case HowMany():
            offered = tuple(range(len(problem.people) + 1))
    return {str(each): each for each in offered}
