"""The second proof of talk of truth-tellers and liars: an answer-set program, written from what the values say."""

from itertools import count

from stumper.puzzles import Ask, Status
from stumper.puzzles._meta import NONE, UNDETERMINED
from stumper.puzzles._truth_language import (
    AnyClaim,
    Both,
    Count,
    Culprit,
    Did,
    HowMany,
    If,
    Iff,
    Is,
    Lies,
    Not,
    Or,
    RoleOf,
    Same,
    Talk,
    Which,
    Who,
    WhoAll,
    Would,
    candidates,
)
from stumper.types import Value

TALK = """
1 {{ role(P, R) : R = ({roles}) }} 1 :- person(P).
% says(P, N): the N-th thing that P says, and whether it is true.
says(P, N) :- said(P, N, _).
truth(P, N) :- said(P, N, C), so(C).
:- role(P, truth_teller), says(P, N), not truth(P, N).
:- role(P, liar), truth(P, N).
:- role(P, alternator), says(P, N), says(P, N+1), truth(P, N), truth(P, N+1).
:- role(P, alternator), says(P, N), says(P, N+1), not truth(P, N), not truth(P, N+1).
:- role(P, half), says(P, _), not 1 {{ truth(P, N) }} 1.
% What somebody would say: lies from a liar, truths from the others.
would(P, C) :- may_say(P, C), so(C), role(P, truth_teller).
would(P, C) :- may_say(P, C), not so(C), role(P, liar).
#defined said/3.
#defined so/1.
#defined may_say/2.
#defined did/1.
"""


def recheck(problem: Talk, ask: Ask) -> tuple[Status, ...] | None:
    """See `Family.recheck`."""
    program = _Program(problem)
    spoken = dict.fromkeys(problem.people, 0)
    for clue in problem.clues:
        claim = program.number(clue.claim)
        if clue.speaker is None:
            program.lines.append(f":- not so({claim}).")
        else:
            spoken[clue.speaker] += 1
            program.lines.append(f"said({program.person(clue.speaker)}, {spoken[clue.speaker]}, {claim}).")
    shown = [None if choice in (NONE, UNDETERMINED) else program.claim(choice) for choice in problem.choices]
    offered = [i for i in shown if i is not None]
    every = (
        [program.claim(answer) for answer in candidates(problem).values()] if UNDETERMINED in problem.choices else []
    )
    nothing = program.claims
    program.lines.append(f"claim({nothing}) :- {', '.join(f'not claim({i})' for i in offered) or '#true'}.")
    found = ask("\n".join(program.lines), nothing + 1)
    if found is None:
        return None
    statuses: list[Status] = []
    for i, choice in zip(shown, problem.choices, strict=True):
        if i is not None:
            statuses.append(found[i])
        elif choice == NONE and not isinstance(problem.query, Which):
            statuses.append(found[nothing])
        else:
            others = every if choice == UNDETERMINED and every else offered
            statuses.append("cannot" if any(found[j] in problem.right for j in others) else "must")
    return tuple(statuses)


class _Program:
    def __init__(self, problem: Talk) -> None:
        self._problem = problem
        self._fresh = count()
        self.claims = 0
        roles = "; ".join(role.replace("-", "_") for role in problem.roles)
        self.lines = [f"person(0..{len(problem.people) - 1}).", TALK.format(roles=roles)]
        if problem.culprit:
            self.lines.append("1 { did(P) : person(P) } 1.")

    def person(self, name: str) -> int:
        return self._problem.people.index(name)

    def claim(self, choice: object) -> int:
        """Its number in the program, where it is true in those worlds where the choice answers the query."""
        body: str
        match self._problem.query, choice:
            case RoleOf(person=name), str(role):
                body = f"role({self.person(name)}, {role.replace('-', '_')})"
            case Who(role=role), str(name):
                body = f"role({self.person(name)}, {role.replace('-', '_')})"
            case Culprit(), str(name):
                body = f"did({self.person(name)})"
            case HowMany(role=role), int(n):
                body = f"#count {{ P : role(P, {role.replace('-', '_')}) }} = {n}"
            case WhoAll(role=role), tuple(names):
                inside = {self.person(name) for name in names}
                are = f", {role.replace('-', '_')})"
                every = range(len(self._problem.people))
                body = ", ".join(f"{'' if i in inside else 'not '}role({i}{are}" for i in every)
            case Who() | RoleOf(), Value():
                body = f"so({self.number(choice)})"  # type: ignore[arg-type]
            case Which(truth=truth), _:
                body = f"{'' if truth else 'not '}so({self.number(choice)})"  # type: ignore[arg-type]
        self.lines.append(f"claim({self.claims}) :- {body}.")
        self.claims += 1
        return self.claims - 1

    def number(self, claim: AnyClaim) -> int:
        """Its number n: so(n) is true where the claim is."""
        n = next(self._fresh)
        bodies: list[str]
        match claim:
            case Is(person=name, role=role):
                bodies = [f"role({self.person(name)}, {role.replace('-', '_')})"]
            case Same(one=one, other=other):
                bodies = [f"role({self.person(one)}, R), role({self.person(other)}, R)"]
            case Count(role=role, of=of, low=low, high=high, bare=bare):
                if bare and self._problem.conventions.number == "at_least":
                    high = len(of)
                these = "; ".join(f"{i} : role({i}, {role.replace('-', '_')})" for i in map(self.person, of))
                bodies = [f"{low} <= #count {{ {these} }} <= {high}"]
            case Did(person=name):
                bodies = [f"did({self.person(name)})"]
            case Not(fact=fact):
                bodies = [f"not so({self.number(fact)})"]
            case Both(parts=parts):
                bodies = [", ".join(f"so({self.number(part)})" for part in parts)]
            case Or(one=one, other=other):
                a, b = self.number(one), self.number(other)
                exclusive = self._problem.conventions.either == "exclusive"
                bodies = [f"so({a}), not so({b})", f"so({b}), not so({a})"]
                bodies += [] if exclusive else [f"so({a}), so({b})"]
            case If(condition=one, then=other):
                a, b = self.number(one), self.number(other)
                bodies = [f"so({b})", f"not so({a})"]
            case Iff(one=one, other=other):
                a, b = self.number(one), self.number(other)
                bodies = [f"so({a}), so({b})", f"not so({a}), not so({b})"]
            case Would(person=name, claim=said):
                a = self.number(said)
                self.lines.append(f"may_say({self.person(name)}, {a}).")
                bodies = [f"would({self.person(name)}, {a})"]
            case Lies(person=name, role=role, said=said):
                a = self.number(said)
                bodies = [f"so({a})" if role == "truth-teller" else f"not so({a})"]
                if self._problem.conventions.lying == "always":
                    bodies = [f"role({self.person(name)}, {role.replace('-', '_')})"]
        self.lines += [f"so({n}) :- {body}." for body in bodies]
        return n
