"""The second engine: a seating problem as an answer-set program, written from the language's docstrings alone."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from stumper.puzzles import Ask, Status
from stumper.puzzles._meta import NONE, UNDETERMINED, meta_status
from stumper.puzzles._seating_language import (
    SOMEONE,
    Adjacent,
    AllOf,
    AnyClue,
    AnyOf,
    AnyRelation,
    AsMany,
    AtACorner,
    AtAnEnd,
    Beside,
    Between,
    Choice,
    EmptySeat,
    ExactlyOne,
    Faces,
    FacesAlike,
    Gap,
    HowManyFace,
    If,
    InRow,
    InTheMiddle,
    Is,
    Not,
    Opposite,
    OtherEnd,
    Place,
    SameRow,
    Seating,
    Someone,
    Somewhere,
    SomewhereBetween,
    Together,
    Which,
    candidates,
    denies,
    names_in,
    proposition,
)

SCENE = """
% Everybody has one seat, and nobody has another's.
1 { at(P,S) : seat(S) } 1 :- person(P).
:- at(P,S), at(Q,S), person(P), person(Q), P < Q.
taken(S) :- at(P,S), person(P).
% Each value is one person's, and nobody has two of one attribute.
1 { has(P,V) : person(P) } 1 :- value(V,A).
:- has(P,V), has(P,W), value(V,A), value(W,A), V < W.
at(V,S) :- has(P,V), at(P,S).
look(V,L) :- has(P,V), look(P,L).
% An empty seat is called by its number.
at(S,S) :- seat(S), not taken(S).
look(S,L) :- seat(S), not taken(S), seen(S,L).
% Which way somebody looks: 0 is to the north or the centre, 1 to the south or outwards.
look(P,L) :- person(P), at(P,S), seen(S,L).
1 { look(P,0); look(P,1) } 1 :- person(P), free_to_look.
% Whom nobody names is like the others whom nobody names.
:- nameless(P), nameless(Q), P < Q, at(P,S), at(Q,T), S > T.
% walk(S,T,K): K steps from S to T, clockwise or eastwards.
near(S,T) :- walk(S,T,1).
near(T,S) :- walk(S,T,1).
% inside(S,T,N): N people sit on the seats that one passes from S to T, clockwise or eastwards.
inside(S,T,N) :- walk(S,T,K), N = #count { U : walk(S,U,J), J < K, taken(U) }.
% few(S,T,N): the same without regard to direction, by the way with fewer seats.
few(S,T,N) :- inside(S,T,N), walk(S,T,K), not shorter_back(S,T).
few(S,T,N) :- inside(T,S,N), walk(T,S,K), not shorter_back(T,S).
shorter_back(S,T) :- walk(S,T,K), walk(T,S,J), J < K.
ways(S,T,N) :- few(S,T,N).
ways(S,T,N) :- inside(S,T,N), either_way.
ways(S,T,N) :- inside(T,S,N), either_way.
% rightwards(X,D): whoever is X has his right hand clockwise or eastwards (1), or not (-1).
rightwards(X,1) :- look(X,0), in_rows.
rightwards(X,-1) :- look(X,1), in_rows.
rightwards(X,-1) :- look(X,0), not in_rows.
rightwards(X,1) :- look(X,1), not in_rows.
#defined nameless/1. #defined value/2. #defined seen/2. #defined free_to_look/0. #defined either_way/0.
#defined in_rows/0. #defined walk/3. #defined place/3. #defined across/2. #defined corner/1. #defined middle/1.
#defined side/2.
"""


def recheck(problem: Seating, ask: Ask) -> tuple[Status, ...] | None:
    """The statuses of the choices by clingo; None where there is no model."""
    offered = [choice for choice in problem.choices if choice not in (UNDETERMINED, NONE)]
    asked: list[Choice] = list(offered)
    if UNDETERMINED in problem.choices:
        asked += candidates(problem).values()
    program = _Program(problem)
    for i, choice in enumerate(asked):
        claim = proposition(problem.query, choice, problem.conventions)
        if claim is not None:
            program.lines.append(f"claim({i}) :- {'not ' * denies(problem.query)}{program.holds(claim)}.")
        elif denies(problem.query):
            program.lines.append(f"claim({i}).")
    by_model = problem.right == ("must",) and not isinstance(problem.query, Which)
    if NONE in problem.choices:
        rest = ", ".join(f"not claim({i})" for i in range(len(offered)))
        program.lines.append(f"claim({len(asked)}) :- {rest}." if rest else f"claim({len(asked)}).")
    statuses = ask(program.text(), len(asked) + (NONE in problem.choices))
    if statuses is None:
        return None
    plain = iter(statuses)
    found: list[Status] = []
    for choice in problem.choices:
        if choice == UNDETERMINED:
            found.append(meta_status(problem.right, statuses[: len(asked)]))
        elif choice == NONE:
            found.append(statuses[-1] if by_model else meta_status(problem.right, statuses[: len(offered)]))
        else:
            found.append(next(plain))
    return tuple(found)


class _Program:
    def __init__(self, problem: Seating) -> None:
        self.problem = problem
        self.rows = problem.shape in ("row", "rows")
        self.lines = [SCENE, *self._facts()]
        self._numbered = 0
        for clue in problem.clues:
            self.lines.append(f":- not {self.holds(clue)}.")

    def text(self) -> str:
        return "\n".join(self.lines)

    def _facts(self) -> Iterator[str]:
        problem, n = self.problem, self.problem.size
        yield f"seat(0..{n - 1})."
        if n == problem.everybody:
            yield "taken(S) :- seat(S)."
        people = [*problem.people, *(f"!{i}" for i in range(problem.others))]
        self.term = {name: f"p{i}" for i, name in enumerate(people)}
        for name in people:
            yield f"person({self.term[name]})."
            if name.startswith("!"):
                yield f"nameless({self.term[name]})."
        for a, attribute in enumerate(problem.attributes):
            for j, value in enumerate(attribute.values):
                self.term[value] = f"v{a}_{j}"
                yield f"value(v{a}_{j},{a})."
        yield from self._round() if not self.rows else self._straight()
        yield from self._looks()

    def _straight(self) -> Iterator[str]:
        """Rows: place(seat, row, number from the west)."""
        length = self.problem.size // (2 if self.problem.shape == "rows" else 1)
        yield "in_rows."
        for seat in range(self.problem.size):
            yield f"place({seat},{seat // length},{seat % length + 1})."
        yield f"walk(S,T,B-A) :- place(S,R,A), place(T,R,B), A < B. length({length})."
        if self.problem.shape == "rows":
            yield "across(S,T) :- place(S,0,C), place(T,1,C). across(T,S) :- across(S,T), S < T."

    def _round(self) -> Iterator[str]:
        n = self.problem.size
        yield f"walk(S,(S+K)\\{n},K) :- seat(S), K = 1..{n - 1}."
        if self.problem.conventions.arc == "either":
            yield "either_way."
        first = next(iter(self.term.values()))
        if self.problem.shape == "circle":
            yield "across(S,T) :- walk(S,T,K), walk(T,S,K)."
            yield f"at({first},0)."
            return
        spots = self._spots()
        for seat, (x, y, side) in enumerate(spots):
            if side is None:
                yield f"corner({seat})."
                yield f"across({seat},{spots.index((-x, -y, None))})."
                continue
            yield f"side({seat},{side})."
            facing = (x, -y) if side % 2 == 0 else (-x, y)
            yield f"across({seat},{spots.index((*facing, (side + 2) % 4))})."
            if (x if side % 2 == 0 else y) == 0:
                yield f"middle({seat})."
        # Half a turn makes the same table.
        yield f":- at({first},S), S >= {n // 2}."

    def _spots(self) -> list[tuple[Fraction, Fraction, int | None]]:
        """Of a table's seats: (east, south) of its middle, and the side: north, east, south, west."""
        one = Fraction(1)
        spots: list[tuple[Fraction, Fraction, int | None]] = []
        for side, number in enumerate(self.problem.sides):
            # Along a side, clockwise, from -1 to 1.
            along = [Fraction(2 * j, number + 1) - 1 for j in range(number + 1)]
            for j, t in enumerate(along):
                x, y = ((t, -one), (one, t), (-t, one), (-one, -t))[side]
                if j or self.problem.corners:
                    spots.append((x, y, side if j else None))
        return spots

    def _looks(self) -> Iterator[str]:
        problem = self.problem
        facing = problem.facing
        if facing == "mixed":
            yield "free_to_look."
        elif problem.shape == "rows":
            first = 1 if problem.first_faces == "south" else 0
            yield f"seen(S,{first}) :- place(S,0,_). seen(S,{1 - first}) :- place(S,1,_)."
        elif facing in ("corners_inwards", "corners_outwards"):
            corner = 0 if facing == "corners_inwards" else 1
            yield f"seen(S,{corner}) :- corner(S). seen(S,{1 - corner}) :- side(S,_)."
        else:
            stated = facing or problem.conventions.unstated_facing
            yield f"seen(S,{1 if stated in ('south', 'outwards') else 0}) :- seat(S)."

    def holds(self, clue: AnyClue) -> str:
        """An atom that is true where the clue is."""
        match clue:
            case Not(clue=plain):
                return self._define([f"not {self.holds(plain)}"])
            case AllOf(clues=clues):
                return self._define([", ".join(map(self.holds, clues))])
            case AnyOf(clues=clues):
                return self._define([self.holds(each) for each in clues])
            case ExactlyOne(clues=clues):
                each = "; ".join(f"{i} : {self.holds(part)}" for i, part in enumerate(clues))
                return self._define([f"1 = #count {{ {each} }}"])
            case If(condition=condition, then=then):
                return self._define([f"not {self.holds(condition)}", self.holds(then)])
            case Someone(that=that):
                return self._described(that, "person(X)")
            case EmptySeat(that=that):
                return self._described(that, "seat(X), not taken(X)")
            case _:
                return self._define(self._bodies(clue))

    def _define(self, bodies: Sequence[str], of: str = "") -> str:
        self._numbered += 1
        head = f"h{self._numbered}{of}"
        self.lines.append(f"#defined h{self._numbered}/{1 if of else 0}.")
        self.lines += [f"{head} :- {body}." for body in bodies]
        return head

    def _described(self, that: Sequence[AnyRelation], who: str) -> str:
        each = [self._define([f"{who}, {body}" for body in self._bodies(r)], "(X)") for r in that]
        return self._define([", ".join(each)])

    def _bodies(self, relation: AnyRelation) -> list[str]:
        """In each of these cases the relation holds; seats are S, T and U, whoever is described is X."""
        terms = ["X" if name == SOMEONE else self.term[name] for name in names_in(relation)]
        at = ", ".join(f"at({term},{seat})" for term, seat in zip(terms, "STUV", strict=False))
        near, conventions = "near(S,T), near(S,U), T != U", self.problem.conventions
        match relation:
            case Beside(side="clockwise", steps=steps):
                return [f"{at}, walk(T,S,{steps})"]
            case Beside(side="anticlockwise", steps=steps):
                return [f"{at}, walk(S,T,{steps})"]
            case Beside(side="east", steps=steps):
                return [f"{at}, walk(T,S,{steps})"]
            case Beside(side="west", steps=steps):
                return [f"{at}, walk(S,T,{steps})"]
            case Somewhere(side="east"):
                return [f"{at}, walk(T,S,_)"]
            case Somewhere(side="west"):
                return [f"{at}, walk(S,T,_)"]
            case Beside(side=side, steps=steps):
                there, back = (1, -1) if side == "right" else (-1, 1)
                hand = f"rightwards({terms[1]},"
                return [f"{at}, {hand}{there}), walk(T,S,{steps})", f"{at}, {hand}{back}), walk(S,T,{steps})"]
            case Somewhere(side=side):
                there, back = (1, -1) if side == "right" else (-1, 1)
                hand = f"rightwards({terms[1]},"
                return [f"{at}, {hand}{there}), walk(T,S,_)", f"{at}, {hand}{back}), walk(S,T,_)"]
            case Adjacent():
                return [f"{at}, near(S,T)"]
            case Gap(people=people):
                return [f"{at}, ways(S,T,{people})"]
            case Opposite():
                return [f"{at}, across(S,T)"]
            case AtAnEnd():
                return [f"{at}, place(S,_,1)", f"{at}, place(S,_,N), length(N)"]
            case OtherEnd():
                ends = "place(S,R,{}), place(T,R,{}), length(N), N > 1"
                return [f"{at}, {ends.format(1, 'N')}", f"{at}, {ends.format('N', 1)}"]
            case Place(place=place, end=end):
                return self._place(at, place, end)
            case InTheMiddle():
                return [f"{at}, place(S,_,C), length(N), 2*C = N+1" if self.rows else f"{at}, middle(S)"]
            case AtACorner():
                return [f"{at}, corner(S)"]
            case InRow(row=row):
                return [f"{at}, place(S,{0 if row == 'first' else 1},_)"]
            case SameRow():
                where = "place(S,R,_), place(T,R,_)" if self.rows else "side(S,R), side(T,R)"
                return [f"{at}, {where}, S != T"]
            case Between(immediately=False) if self.rows and conventions.between == "anywhere":
                return [f"{at}, walk(T,S,_), walk(S,U,_)", f"{at}, walk(U,S,_), walk(S,T,_)"]
            case Between():
                return [f"{at}, {near}"]
            case SomewhereBetween():
                return [f"{at}, walk(T,S,_), walk(S,U,_)", f"{at}, walk(U,S,_), walk(S,T,_)"]
            case AsMany():
                return self._as_many(terms)
            case Together():
                return self._together(terms)
            case Is():
                return [", ".join(f"at({term},S)" for term in terms)]
            case Faces(direction=direction):
                return [f"look({terms[0]},{1 if direction in ('south', 'outwards') else 0})"]
            case FacesAlike():
                return [f"look({terms[0]},L), look({terms[1]},L)"]
            case HowManyFace(direction=direction, people=people, how=how):
                sign = {"exactly": "=", "at_least": ">=", "at_most": "<="}[how]
                look = 1 if direction in ("south", "outwards") else 0
                return [f"#count {{ P : person(P), look(P,{look}) }} {sign} {people}"]
        raise AssertionError(relation)

    def _place(self, at: str, place: int, end: str) -> list[str]:
        """Whose left the left end is: the people's own where they look one way, if it is not the page's."""
        west, east = f"place(S,R,{place})", f"place(S,R,N+1-{place}), length(N)"
        page = f"{at}, {west if end == 'left' else east}"
        turned = f"{at}, {east if end == 'left' else west}"
        if end in ("west", "east"):
            return [f"{at}, {west if end == 'west' else east}"]
        if self.problem.conventions.ends == "viewer" or self.problem.facing == "mixed":
            return [page]
        return [f"{page}, seen(S,0)", f"{turned}, seen(S,1)"]

    def _as_many(self, terms: Sequence[str]) -> list[str]:
        x = "(X,N)" if "X" in terms else "(N)"
        pairs = []
        for one, other in (terms[:2], terms[2:]):
            bound = "at(X,_), " if "X" in terms else ""
            name = f"many{len(self.lines)}"
            self.lines.append(f"#defined {name}/{x.count(',') + 1}.")
            self.lines.append(f"{name}{x} :- {bound}at({one},S), at({other},T), few(S,T,N).")
            pairs.append(f"{name}{x}")
        return [", ".join(pairs)]

    def _together(self, terms: Sequence[str]) -> list[str]:
        """One seat alone among theirs is followed by a seat that is not theirs, or by none at all."""
        block = f"block{len(self.lines)}"
        x, bound = ("X,", "at(X,_), ") if "X" in terms else ("", "")
        if bound:
            self.lines += [f"{block}(X,S) :- at(X,_), at({term},S)." for term in terms]
        else:
            self.lines += [f"{block}(S) :- at({term},S)." for term in terms]
        self.lines.append(f"{block}_goes_on({x}S) :- {block}({x}S), walk(S,T,1), {block}({x}T).")
        return [f"{bound}#count {{ S : {block}({x}S), not {block}_goes_on({x}S) }} <= 1"]
