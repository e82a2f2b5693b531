"""The second proof of linear orders: an answer-set program, written from what the language's values say."""

from itertools import count, pairwise

from stumper.puzzles import Ask, Status
from stumper.puzzles._meta import NONE, UNDETERMINED
from stumper.puzzles._order_language import (
    BLANK,
    SCALES,
    AnyClue,
    Between,
    Beyond,
    Gap,
    HowMany,
    Not,
    Number,
    Order,
    Place,
    Row,
    WhereIs,
    Which,
    WhichOrder,
    WhoIs,
    candidates,
)

ORDER = """
thing(0..{n}-1).
1 {{ stands(T, 1..{n}) }} 1 :- thing(T).
:- stands(T, P), stands(U, P), T < U.
% before(T, U): T is nearer to the first end than U.
before(T, U) :- stands(T, P), stands(U, Q), P < Q.
"""


def recheck(problem: Order, ask: Ask) -> tuple[Status, ...] | None:
    """See `Family.recheck`."""
    program = _Program(problem)
    for clue in problem.clues:
        program.lines.append(f":- not {program.truth(clue)}.")
    shown: list[int | None] = []
    for choice in problem.choices:
        if choice in (NONE, UNDETERMINED):
            shown.append(None)
        else:
            shown.append(program.claim(choice))
    answers = [i for i in shown if i is not None]
    others = (
        [program.claim(choice) for choice in candidates(problem).values()] if UNDETERMINED in problem.choices else []
    )
    nothing = program.claims
    program.claims += 1
    program.lines.append(f"claim({nothing}) :- {', '.join(f'not claim({i})' for i in answers) or '#true'}.")
    found = ask("\n".join(program.lines), program.claims)
    if found is None:
        return None

    def right(claims: list[int]) -> bool:
        return any(found[i] in problem.right for i in claims)

    def status(i: int, choice: object) -> Status:
        if (known := shown[i]) is not None:
            return found[known]
        if choice == NONE and not isinstance(problem.query, Which):
            return found[nothing]
        return "cannot" if right(others if choice == UNDETERMINED and others else answers) else "must"

    return tuple(status(i, choice) for i, choice in enumerate(problem.choices))


class _Program:
    def __init__(self, problem: Order) -> None:
        self._problem = problem
        self._fresh = count()
        self.claims = 0
        self.lines = [ORDER.format(n=len(problem.things))]

    def claim(self, choice: object) -> int:
        """Its number in the program, where it is true in those orders where the choice answers the query."""
        query = self._problem.query
        atom: str
        match query, choice:
            case WhoIs(where=where), str():
                atom = f"{self._of(where)}({self._thing(choice)})"
            case WhereIs(who=who, end=end), int():
                atom = self.truth(Place(who=who, place=choice, end=end))
            case HowMany(where=where), int():
                atom = self._counted(where, choice, choice)
            case WhichOrder(end=end), tuple():
                atom = self.truth(Row(end=end, things=choice))
            case Which(truth=truth), _:
                atom = f"{'' if truth else 'not '}{self.truth(choice)}"  # type: ignore[arg-type]
        self.lines.append(f"claim({self.claims}) :- {atom}.")
        self.claims += 1
        return self.claims - 1

    def truth(self, clue: AnyClue) -> str:
        """An atom that is true where the clue is."""
        match clue:
            case Not(clue=plain):
                return self._rule(f"not {self.truth(plain)}")
            case Number(where=where, low=low, high=high):
                return self._counted(where, low, high)
            case Row(end=end, things=things):
                pairs = [self._nearer(end, self._thing(a), self._thing(b)) for a, b in pairwise(things)]
                return self._rule(", ".join(pairs))
        return f"{self._of(clue)}({self._thing(clue.who)})"

    def _counted(self, where: Beyond | Between, low: int, high: int) -> str:
        of = self._of(where)
        return self._rule(f"{low} <= #count {{ T : {of}(T) }} <= {high}")

    def _of(self, clue: Beyond | Place | Gap | Between) -> str:
        """A predicate of things: of which T the clue would be true, were T its `who`."""
        name = f"of{next(self._fresh)}"
        match clue:
            case Beyond(towards=towards, than=than, by=by):
                body = self._nearer(towards, "T", self._thing(than))
                if by is not None:
                    body += f", stands(T, P), stands({self._thing(than)}, Q), |P - Q| = {by}"
            case Place(place=place, end=end):
                body = f"thing(T), #count {{ U : {self._nearer(end, 'U', 'T')} }} = {place - 1}"
            case Gap(of=of, things=things):
                body = (
                    f"thing(T), T != {self._thing(of)}, "
                    f"#count {{ U : before(T, U), before(U, {self._thing(of)}); "
                    f"U : before({self._thing(of)}, U), before(U, T) }} = {things}"
                )
            case Between(of=of, other=other):
                one, two = self._thing(of), self._thing(other)
                self.lines.append(f"{name}(T) :- before({one}, T), before(T, {two}).")
                body = f"before({two}, T), before(T, {one})"
        self.lines.append(f"{name}(T) :- {body}.")
        return name

    def _nearer(self, end: str, one: str, other: str) -> str:
        first, _ = SCALES[self._problem.scale]
        return f"before({one}, {other})" if end == first else f"before({other}, {one})"

    def _rule(self, body: str) -> str:
        name = f"so{next(self._fresh)}"
        self.lines.append(f"{name} :- {body}.")
        return name

    def _thing(self, name: str) -> str:
        assert name != BLANK
        return str(self._problem.things.index(name))
