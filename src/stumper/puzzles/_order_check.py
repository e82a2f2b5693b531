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
    InAll,
    Not,
    Number,
    Order,
    Place,
    Row,
    Size,
    WhereIs,
    Which,
    WhichOrder,
    WhoIs,
    candidates,
)

ORDER = """
thing(0..{n}-1).
1 {{ size({low}..{high}) }} 1.
place(1..N) :- size(N).
1 {{ stands(T, P) : place(P) }} 1 :- thing(T).
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
        named = len(problem.things)
        low, high = (named if problem.total == "open" else problem.most), problem.most
        self.lines = [ORDER.format(n=named, low=low, high=high)]

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
            case InAll(), int():
                atom = f"size({choice})"
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
            case Size(total=total):
                return self._rule(f"size({total})")
        return f"{self._of(clue)}({self._thing(clue.who)})"

    def _counted(self, where: Beyond | Between, low: int, high: int) -> str:
        """That many things are there: at each place of the order is one, be it named or not."""
        if isinstance(where, Between):
            one, two = self._thing(where.of), self._thing(where.other)
            there = f"stands({one}, P), stands({two}, Q), L < H, L = (P + Q - |P - Q|) / 2, H = (P + Q + |P - Q|) / 2"
            within = "L < X, X < H"
        else:
            first, _ = SCALES[self._problem.scale]
            there = f"stands({self._thing(where.than)}, Q)"
            within = "X < Q" if where.towards == first else "X > Q"
            if where.by is not None:
                within += f", |X - Q| = {where.by}"
        return self._rule(f"{there}, {low} <= #count {{ X : place(X), {within} }} <= {high}")

    def _of(self, clue: Beyond | Place | Gap | Between) -> str:
        """A predicate of things: of which T the clue would be true, were T its `who`."""
        name = f"of{next(self._fresh)}"
        match clue:
            case Beyond(towards=towards, than=than, by=by):
                body = self._nearer(towards, "T", self._thing(than))
                if by is not None:
                    body += f", stands(T, P), stands({self._thing(than)}, Q), |P - Q| = {by}"
            case Place(place=place, end=end):
                body = f"stands(T, P), #count {{ X : place(X), {self._further(end)} }} = {place - 1}"
            case Gap(of=of, things=things):
                body = f"stands(T, P), stands({self._thing(of)}, Q), |P - Q| - 1 = {things}"
            case Between(of=of, other=other):
                one, two = self._thing(of), self._thing(other)
                self.lines.append(f"{name}(T) :- before({one}, T), before(T, {two}).")
                body = f"before({two}, T), before(T, {one})"
        self.lines.append(f"{name}(T) :- {body}.")
        return name

    def _nearer(self, end: str, one: str, other: str) -> str:
        first, _ = SCALES[self._problem.scale]
        return f"before({one}, {other})" if end == first else f"before({other}, {one})"

    def _further(self, end: str) -> str:
        """That place X lies nearer to the end than place P."""
        return "X < P" if end == SCALES[self._problem.scale][0] else "X > P"

    def _rule(self, body: str) -> str:
        name = f"so{next(self._fresh)}"
        self.lines.append(f"{name} :- {body}.")
        return name

    def _thing(self, name: str) -> str:
        assert name != BLANK
        return str(self._problem.things.index(name))
