"""The typed language of truth-tellers and liars and its one semantics."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Annotated, Literal, NamedTuple, Union

from pydantic import Field, StringConstraints, model_validator

from stumper.puzzles import Conventions, Problem, Solution, Status, TooLarge, status
from stumper.puzzles._meta import NONE, UNDETERMINED, Meta, meta_status
from stumper.types import Value

MOST_PEOPLE = 8
DEEPEST = 5
"""Of claims within claims."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ-]{0,23}$")]
Role = Literal["truth-teller", "liar", "spy", "alternator", "half"]
"""What a truth-teller says is true, what a liar says is false, what a spy says may be either. What an alternator says
is by turns true and false, beginning with either. Of what a half-truther says exactly one statement is true."""


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
    """Of these people, at least `low` and at most `high` have the role; for `bare` see `Speech.number`."""

    kind: Literal["count"] = "count"
    role: Role
    of: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_PEOPLE)]
    low: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
    high: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
    bare: bool = False
    """The number is said without "exactly" or "at least"."""


class Did(Value):
    """It was this person who did it: one of them did."""

    kind: Literal["did"] = "did"
    person: Name


class Not(Value):
    kind: Literal["not"] = "not"
    fact: "Claim"


class Both(Value):
    """All of the parts are true."""

    kind: Literal["both"] = "both"
    parts: Annotated[tuple["Claim", ...], Field(min_length=2, max_length=MOST_PEOPLE)]


class Or(Value):
    """One of the two is true, or both: see `Speech.either`."""

    kind: Literal["or"] = "or"
    one: "Claim"
    other: "Claim"


class If(Value):
    """The first is false or the second is true: "if" as logic has it."""

    kind: Literal["if"] = "if"
    condition: "Claim"
    then: "Claim"


class Iff(Value):
    """Both are true or both are false."""

    kind: Literal["iff"] = "iff"
    one: "Claim"
    other: "Claim"


class Would(Value):
    """The person could say so: the claim is true of a truth-teller, false of a liar. Of no other role it is asked."""

    kind: Literal["would"] = "would"
    person: Name
    claim: "Claim"


class Lies(Value):
    """The person is lying, or (truth-teller) tells the truth: in what he says here, or always: see `Speech.lying`."""

    kind: Literal["lies"] = "lies"
    person: Name
    role: Literal["truth-teller", "liar"]
    said: "Claim"


AnyFact = Is | Same | Count | Did
AnyClaim = AnyFact | Not | Both | Or | If | Iff | Would | Lies
Claim = Annotated[
    Union[Is, Same, Count, Did, Not, Both, Or, If, Iff, Would, Lies],  # noqa: UP007
    Field(discriminator="kind"),
]
for _recursive in (Not, Both, Or, If, Iff, Would, Lies):
    _recursive.model_rebuild()


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


class WhoAll(Value):
    """Who are all that have this role? A choice is some people."""

    kind: Literal["who_all"] = "who_all"
    role: Role


class Culprit(Value):
    """Who did it? A choice is a person."""

    kind: Literal["culprit"] = "culprit"


class Which(Value):
    """Which of the statements must be true (or: must be false; not certain: could be true, could be false)?"""

    kind: Literal["which"] = "which"
    truth: bool = True
    certain: bool = True


AnyQuery = RoleOf | Who | HowMany | WhoAll | Culprit | Which


class Speech(Conventions):
    """Open points; see conventions/truth_tellers.yaml."""

    either: Literal["inclusive", "exclusive"] = "inclusive"
    number: Literal["at_least", "exactly"] = "at_least"
    """Of a bare number; with at_least its `high` is not meant."""
    lying: Literal["now", "always"] = "now"


class Talk(Problem):
    conventions: Speech = Speech()
    people: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_PEOPLE)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=5)] = ("truth-teller", "liar")
    culprit: bool = False
    """Whether exactly one of the people did it; without it nobody did anything."""
    clues: Annotated[tuple[Says, ...], Field(max_length=24)]
    query: Annotated[AnyQuery, Field(discriminator="kind")]
    choices: Annotated[
        tuple[Role | Name | int | Claim | Annotated[tuple[Name, ...], Field(max_length=MOST_PEOPLE)] | Meta, ...],
        Field(max_length=9),
    ] = ()

    @property
    def right(self) -> tuple[Status, ...]:
        certain = self.query.certain if isinstance(self.query, Which) else True
        return ("must",) if certain else ("must", "could")

    @model_validator(mode="after")
    def _is_about_its_people(self) -> "Talk":
        if len(set(self.people)) < len(self.people) or len(set(self.roles)) < len(self.roles):
            raise ValueError("two people have the same name")
        claims = [claim_of(self, choice) for choice in self.choices if choice not in (NONE, UNDETERMINED)]
        if isinstance(self.query, RoleOf):
            claims.append(claim_of(self, self.roles[0]))
        if isinstance(self.query, Culprit) and not self.culprit:
            raise ValueError("asks who did it, and nobody did anything")
        if UNDETERMINED in self.choices and self.right != ("must",):
            raise ValueError("asks what is possible, which can always be determined")
        said = [part for claim in (*(clue.claim for clue in self.clues), *claims) for part in parts(claim)]
        named = {name for part in said for name in _names(part)} | {c.speaker for c in self.clues if c.speaker}
        asked = {self.query.role} if isinstance(self.query, Who | HowMany | WhoAll) else set()
        roles = asked | {part.role for part in said if isinstance(part, Is | Count | Lies)}
        if not named <= set(self.people) or not roles <= set(self.roles):
            raise ValueError("a person or a role is named that is not there")
        if any(len(set(_names(part))) < len(_names(part)) for part in said):
            raise ValueError("a person is named twice in one claim")
        if not self.culprit and any(isinstance(part, Did) for part in said):
            raise ValueError("somebody did it, and nothing was done")
        if any(isinstance(part, Would) for part in said) and not set(self.roles) <= {"truth-teller", "liar"}:
            raise ValueError("what somebody would say is open here")
        return self


def open_points(problem: Talk) -> list[str]:
    """Which conventions the problem turns on."""
    claims = [clue.claim for clue in problem.clues] + [c for c in problem.choices if isinstance(c, AnyClaim)]
    said = [part for claim in claims for part in parts(claim)]
    either = any(isinstance(part, Or) for part in said)
    number = any(isinstance(part, Count) and part.bare for part in said)
    lying = any(isinstance(part, Lies) for part in said)
    return [*(["either"] if either else []), *(["number"] if number else []), *(["lying"] if lying else [])]


def parts(claim: AnyClaim, depth: int = 0) -> Iterator[AnyClaim]:
    """The claim and all claims within it. Raises ValueError for too many within each other."""
    if depth > DEEPEST:
        raise ValueError("too many claims within claims")
    yield claim
    within: Sequence[AnyClaim] = ()
    match claim:
        case Not(fact=fact):
            within = (fact,)
        case Both(parts=each):
            within = each
        case Or(one=one, other=other) | Iff(one=one, other=other) | If(condition=one, then=other):
            within = (one, other)
        case Would(claim=other) | Lies(said=other):
            within = (other,)
    for part in within:
        yield from parts(part, depth + 1)


def _names(claim: AnyClaim) -> tuple[str, ...]:
    match claim:
        case Is(person=person) | Did(person=person) | Would(person=person) | Lies(person=person):
            return (person,)
        case Same(one=one, other=other):
            return (one, other)
        case Count(of=of):
            return of
    return ()


def claim_of(problem: Talk, choice: str | int | tuple[str, ...] | AnyClaim) -> AnyClaim:
    """What a choice claims. Raises ValueError for what is no answer to the query."""
    match problem.query, choice:
        case RoleOf(person=person), str():
            return Is.model_validate({"person": person, "role": choice})
        case Who(role=role), str():
            return Is(person=choice, role=role)
        case Culprit(), str():
            return Did(person=choice)
        case HowMany(role=role), int():
            return Count(role=role, of=problem.people, low=choice, high=choice)
        case WhoAll(role=role), tuple():
            if not set(choice) <= set(problem.people):
                raise ValueError("a person is named that is not there")
            each = [Is(person=person, role=role) for person in problem.people]
            told = tuple(fact if fact.person in choice else Not(fact=fact) for fact in each)
            return Both(parts=told) if len(told) > 1 else told[0]
        case Which(truth=truth), Value():
            return choice if truth else Not(fact=choice)
        case Who() | RoleOf(), Value():
            return choice
    raise ValueError("a choice is no answer to the question")


class World(NamedTuple):
    """One way it can be."""

    roles: Mapping[str, Role]
    culprit: str | None = None


def true(claim: AnyClaim, world: World, conventions: Speech) -> bool:
    """Whether the claim is true of one world."""

    def holds(part: AnyClaim) -> bool:
        return true(part, world, conventions)

    match claim:
        case Is(person=person, role=role):
            return world.roles[person] == role
        case Same(one=one, other=other):
            return world.roles[one] == world.roles[other]
        case Count(role=role, of=of, low=low, high=high, bare=bare):
            found = sum(world.roles[person] == role for person in of)
            return low <= found and (found <= high or (bare and conventions.number == "at_least"))
        case Did(person=person):
            return world.culprit == person
        case Not(fact=fact):
            return not holds(fact)
        case Both(parts=each):
            return all(map(holds, each))
        case Or(one=one, other=other):
            how_many = holds(one) + holds(other)
            return how_many == 1 if conventions.either == "exclusive" else how_many > 0
        case If(condition=condition, then=then):
            return not holds(condition) or holds(then)
        case Iff(one=one, other=other):
            return holds(one) == holds(other)
        case Would(person=person, claim=said):
            return holds(said) == (world.roles[person] == "truth-teller")
        case Lies(person=person, role=role, said=said):
            if conventions.lying == "always":
                return world.roles[person] == role
            return holds(said) == (role == "truth-teller")
    raise AssertionError(claim)


def could_say(role: Role, truths: Sequence[bool]) -> bool:
    """Whether somebody of this role could say all that he says, in this order."""
    match role:
        case "truth-teller":
            return all(truths)
        case "liar":
            return not any(truths)
        case "alternator":
            return all(one != other for one, other in pairwise(truths))
        case "half":
            return sum(truths) == 1 or not truths
        case "spy":
            return True


def models(problem: Talk) -> Iterator[World]:
    """All worlds in which everybody could say what they say, and what nobody says is so."""
    for culprit in problem.people if problem.culprit else (None,):
        for dealt in product(problem.roles, repeat=len(problem.people)):
            world = World(dict(zip(problem.people, dealt, strict=True)), culprit)
            truths = [(clue.speaker, true(clue.claim, world, problem.conventions)) for clue in problem.clues]
            if all(is_so for speaker, is_so in truths if speaker is None) and all(
                could_say(role, [is_so for speaker, is_so in truths if speaker == person])
                for person, role in world.roles.items()
            ):
                yield world


MOST_WORLDS = 60_000
"""That are looked at one by one: about a second."""


def solve(problem: Talk) -> Solution:
    """What holds over all models. Raises TooLarge for many people with many roles."""
    ways = len(problem.roles) ** len(problem.people) * (len(problem.people) if problem.culprit else 1)
    if ways > MOST_WORLDS:
        raise TooLarge(f"{ways} ways to be what they are")
    found = list(models(problem))

    def truths(answers: Sequence[str | int | tuple[str, ...] | AnyClaim]) -> list[list[bool]]:
        claims = [claim_of(problem, answer) for answer in answers]
        return [[true(claim, world, problem.conventions) for world in found] for claim in claims]

    told = truths([choice for choice in problem.choices if choice not in (NONE, UNDETERMINED)])
    known = iter(told)
    statuses: list[Status] = []
    for choice in problem.choices:
        if choice not in (NONE, UNDETERMINED):
            statuses.append(status(next(known)))
        elif not found:
            statuses.append("cannot")
        elif choice == NONE and not isinstance(problem.query, Which):
            statuses.append(status([not any(line[i] for line in told) for i in range(len(found))]))
        else:
            every = list(candidates(problem).values()) if choice == UNDETERMINED else []
            statuses.append(meta_status(problem.right, list(map(status, truths(every) if every else told))))
    by_truth = dict(zip(zip(*told, strict=True), found, strict=False))
    shown = list(by_truth.values())[:2] if told else found[:2]
    return Solution(
        models=len(found),
        statuses=tuple(statuses),
        witnesses=tuple({**world.roles, **({"did it": world.culprit} if world.culprit else {})} for world in shown),
    )


def candidates(problem: Talk) -> dict[str, str | int | tuple[str, ...]]:
    """What may answer an open question, by how it is said; "which of these" has no answer without choices."""
    people = problem.people
    match problem.query:
        case RoleOf():
            return {role: role for role in problem.roles}
        case Who() | Culprit():
            return {person: person for person in people}
        case HowMany():
            return {str(number): number for number in range(len(people) + 1)}
        case WhoAll():
            sets = (tuple(p for i, p in enumerate(people) if n >> i & 1) for n in range(1 << len(people)))
            return {" and ".join(each) or "nobody": each for each in sets}
    return {}
