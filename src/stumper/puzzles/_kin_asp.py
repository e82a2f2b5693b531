"""The second proof of family puzzles: the language's meanings as an answer-set program.

Nothing is taken over from the first proof but the values of the language: every word is defined anew below. A stable
model is a family of a bounded number of people that fits the clues. So many suffice: of any family that fits, keep the
people referred to, those on one path for each clue, and those on one path for the claim that is looked at; what is left
fits as well, and the claim is as true as it was (the first proof's argument, see `_kin_models`). Each such person has a
place of its own here, which stays empty or is taken by somebody who stands on a path of that clue, so that families
which differ only in the places do not come up again and again. Parents outside are shared by siblings and otherwise
unlike everybody.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from stumper.puzzles import Ask, Status, TooLarge
from stumper.puzzles._kin_language import (
    ANSWERS,
    NONE,
    OF,
    OR,
    UNDETERMINED,
    Claim,
    Clue,
    Count,
    Family,
    Generations,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinProblem,
    Member,
    Older,
    Related,
    Same,
    Shows,
    Tally,
    Which,
    WhichSex,
    is_unnamed,
)

MOST_PLACES = 34
"""People in the domain, and the program grows with their third power."""

Chain = tuple[tuple[str, str], ...]
"""From object to subject: (relation, sex of whom it reaches or "")."""

_FAMILY = """
{ on(P) } :- place(P).
1 { male(P); female(P) } 1 :- on(P).

% A litter is a set of siblings, named by its first member: they have the same father and the same mother.
1 { litter(P,R) : on(R), R <= P } 1 :- on(P).
:- litter(P,R), not litter(R,R).
{ sire(F,R) : male(F), F != R } 1 :- litter(R,R).
{ dam(M,R) : female(M), M != R } 1 :- litter(R,R).
father(F,P) :- sire(F,R), litter(P,R).
mother(M,P) :- dam(M,R), litter(P,R).
parent(P,C) :- father(P,C).
parent(P,C) :- mother(P,C).
#edge (P,C) : parent(P,C).
sibling(A,B) :- litter(A,R), litter(B,R), A != B.
by_one(A,B) :- sire(F,A), sire(F,B), A < B.
by_other(A,B) :- dam(M,A), dam(M,B), A < B.
:- by_one(A,B), by_other(A,B).
half(A,B) :- by_one(R,S), litter(A,R), litter(B,S).
half(A,B) :- by_other(R,S), litter(A,R), litter(B,S).

{ wed(A,B) : on(B), A < B } 1 :- on(A).
:- on(B), 2 { wed(A,B); wed(B,C) }.
:- wed(A,B), male(A), male(B).
:- wed(A,B), female(A), female(B).
spouse(A,B) :- wed(A,B).
spouse(A,B) :- wed(B,A).

above(A,B) :- parent(A,B).
above(A,C) :- parent(A,B), above(B,C).
couple(A,B) :- wed(A,B).
couple(A,B) :- sire(A,R), dam(B,R).
:- couple(A,B), above(A,B).
:- couple(A,B), above(B,A).
:- couple(A,B), sibling(A,B).
:- couple(A,B), half(A,B).
:- couple(A,B), half(B,A).

someone(P) :- on(P).
up(P,C) :- parent(P,C).
man(P) :- male(P).
woman(P) :- female(P).
joined(A,B) :- spouse(A,B).
"""

_MARRIED = """
:- couple(A,B), not spouse(A,B).
:- sire(F,R), spouse(F,M), not dam(M,R).
:- dam(M,R), spouse(F,M), not sire(F,R).
:- half(A,B).
"""

_OUTSIDE = """
% Parents who are nobody in the domain, for claims that lead through them.
fathered(C) :- father(F,C).
mothered(C) :- mother(M,C).
outside(1,dad(R)) :- litter(R,R), not fathered(R).
outside(1,mum(R)) :- litter(R,R), not mothered(R).
up(dad(R),P) :- litter(P,R), outside(1,dad(R)).
up(mum(R),P) :- litter(P,R), outside(1,mum(R)).
outside(G+1,dad(S)) :- outside(G,S), G < depth.
outside(G+1,mum(S)) :- outside(G,S), G < depth.
up(dad(S),S) :- outside(G,S), G < depth.
up(mum(S),S) :- outside(G,S), G < depth.
man(dad(S)) :- outside(_,dad(S)).
woman(mum(S)) :- outside(_,mum(S)).
someone(S) :- outside(_,S).
"""

_OUTSIDE_MARRIED = """
joined(dad(S),mum(S)) :- outside(_,dad(S)), outside(_,mum(S)).
joined(mum(S),dad(S)) :- outside(_,dad(S)), outside(_,mum(S)).
joined(F,mum(R)) :- father(F,R), outside(1,mum(R)).
joined(mum(R),F) :- father(F,R), outside(1,mum(R)).
joined(M,dad(R)) :- mother(M,R), outside(1,dad(R)).
joined(dad(R),M) :- mother(M,R), outside(1,dad(R)).
"""

_STEPS = {
    "parent": "up({b},{a})",
    "child": "up({a},{b})",
    "sibling": "sibling({b},{a})",
    "spouse": "joined({b},{a})",
    "step-parent": "step_parent({b},{a})",
    "step-child": "step_parent({a},{b})",
    "half-sibling": "halves({b},{a})",
    "step-sibling": "step_sibling({b},{a})",
}
"""Who is one step from A: B."""

_STEP_KIN = """
step_parent(B,A) :- joined(B,P), up(P,A), not up(B,A), someone(B), someone(A).
halves(A,B) :- half(A,B).
halves(A,B) :- half(B,A).
step_sibling(B,A) :- step_parent(S,A), up(S,B), A != B, not sibling(A,B), not halves(A,B).
"""

_HIDDEN: dict[str, tuple[str, ...]] = {
    "step-parent": ("parent", "spouse"),
    "step-child": ("spouse", "child"),
    "half-sibling": ("parent", "child"),
    "step-sibling": ("parent", "spouse", "child"),
}
"""Who has to be there for such a step: the way it takes at least."""

_PAIRS = """
father mother parent: parent
son daughter child: child
brother sister sibling: sibling
husband wife spouse: spouse
grandfather grandmother grandparent: parent of parent
grandson granddaughter grandchild: child of child
uncle aunt -: sibling of parent; spouse of sibling of parent
nephew niece -: child of sibling; child of sibling of spouse
- - cousin: child of sibling of parent
father-in-law mother-in-law parent-in-law: parent of spouse
son-in-law daughter-in-law child-in-law: spouse of child
brother-in-law sister-in-law sibling-in-law: sibling of spouse; spouse of sibling; spouse of sibling of spouse
great-grandfather great-grandmother great-grandparent: parent of parent of parent
great-grandson great-granddaughter great-grandchild: child of child of child
great-great-grandfather great-great-grandmother great-great-grandparent: parent of parent of parent of parent
great-great-grandson great-great-granddaughter great-great-grandchild: child of child of child of child
great-uncle great-aunt -: sibling of parent of parent; spouse of sibling of parent of parent
great-nephew great-niece -: child of child of sibling; child of child of sibling of spouse
- - second_cousin: child of child of sibling of parent of parent
- - cousin_once_removed: child of child of sibling of parent; child of sibling of parent of parent
grandfather-in-law grandmother-in-law grandparent-in-law: parent of parent of spouse
grandson-in-law granddaughter-in-law grandchild-in-law: spouse of child of child
half-brother half-sister half-sibling: half-sibling
stepfather stepmother step-parent: step-parent
stepson stepdaughter stepchild: step-child
stepbrother stepsister step-sibling: step-sibling
co-brother - -: husband of sister of wife
- co-sister -: wife of brother of husband
"""

_SEXED = {
    "father": ("parent", "male"),
    "mother": ("parent", "female"),
    "brother": ("sibling", "male"),
    "sister": ("sibling", "female"),
    "husband": ("spouse", "male"),
    "wife": ("spouse", "female"),
}

_MAYBE_BY_MARRIAGE = ("uncle", "aunt", "nephew", "niece")


def _dictionary() -> dict[str, tuple[Chain, ...]]:
    """Every word with its chains."""
    found: dict[str, tuple[Chain, ...]] = {}
    for line in _PAIRS.strip().splitlines():
        words, _, meaning = line.partition(": ")
        for word, sex in zip(words.split(), ("male", "female", ""), strict=True):
            if word != "-":
                found[word.replace("_", " ")] = tuple(
                    _chain(way.split(" of ")[::-1], sex) for way in meaning.split("; ")
                )
    for word, chains in tuple(found.items()):
        if all(chain[0][0] == "parent" and len(chain) > 1 for chain in chains):
            for side, sex in (("maternal", "female"), ("paternal", "male")):
                found[f"{side} {word}"] = tuple((("parent", sex), *chain[1:]) for chain in chains)
    return found


def _chain(steps: Sequence[str], sex: str) -> Chain:
    hops = [_SEXED.get(step, (step, "")) for step in steps]
    return (*hops[:-1], (hops[-1][0], sex or hops[-1][1]))


_WORDS = _dictionary()


def _chains(phrase: str, by_blood: bool) -> list[Chain]:
    """All ways from object to subject of "subject is the phrase of object"."""
    found: list[Chain] = []
    for alternative in phrase.split(OR):
        ways = []
        for word in alternative.split(OF):
            strict = by_blood and word.endswith(_MAYBE_BY_MARRIAGE)
            ways.append([c for c in _WORDS[word] if not (strict and any(step == "spouse" for step, _ in c))])
        found += [tuple(hop for chain in parts for hop in chain) for parts in product(*ways)]
    return found


class _Program:
    """The program of a problem, statement by statement."""

    def __init__(self, problem: KinProblem, claims: Sequence[Claim], others: Sequence[Claim] = ()) -> None:
        """`others` follow the claims; of them it only comes out whether they hold in all models."""
        self.lines: list[str] = []
        self.places = 0
        self.steps: set[str] = set()
        self.reached: dict[tuple[str, str, bool, bool], tuple[int, int]] = {}
        self.married = problem.conventions.parents == "married"
        self.by_blood = problem.conventions.uncles == "by_blood"
        self.number: dict[str, int] = {}
        self.members = problem.members()
        self.outside = 0
        """How many generations of parents outside are needed."""
        self._people(problem.people())
        for clue in problem.settled_clues():
            self._clue(clue)
        self._claims(claims, others)

    def text(self) -> str:
        parts = [_FAMILY]
        if self.married:
            parts.append(_MARRIED)
        if self.steps & _HIDDEN.keys():
            parts.append(_STEP_KIN)
        if self.outside:
            parts += [f"#const depth = {self.outside}.", _OUTSIDE, *([_OUTSIDE_MARRIED] if self.married else [])]
        return "\n".join([*parts, *self.lines])

    def _say(self, *lines: str) -> None:
        self.lines += lines

    def _place(self) -> int:
        self.places += 1
        if self.places > MOST_PLACES:
            raise TooLarge(f"more than {MOST_PLACES} people")
        return self.places - 1

    def _people(self, people: Sequence[str]) -> None:
        """is(V,P): the person referred to by V is P."""
        before: list[int] = []
        for i, name in enumerate(people):
            self.number[name] = i
            place = self._place()
            if not is_unnamed(name):
                self._say(f"on({place}). is({i},{place}).")
            else:
                options = "; ".join(f"is({i},{p})" for p in (*before, place))
                self._say(f"1 {{ {options} }} 1. on({place}) :- is({i},{place}).")
                self._say(*(f":- is({i},{p}), not on({p})." for p in before))
            before.append(place)

    def _free(self, condition: str) -> int:
        """A further place, taken by nobody or by somebody of whom the condition holds."""
        place = self._place()
        self._say(f"place({place}). :- on({place}), not {condition.format(p=place)}.")
        return place

    def _reach(self, phrase: str, object_: str, by_blood: bool, counted: bool = False) -> tuple[int, int]:
        """Define ends(K,P): P is the phrase of the object, and along(K,I,P): P is where a way leads after I steps.

        Ways are taken here as short as they can be, a stepmother as the father's wife. Returns K, and how many steps
        the longest way has.
        """
        asked = phrase, object_, by_blood, counted
        if asked in self.reached:
            return self.reached[asked]
        k = len(self.reached)
        start = self.number[object_]
        length = 0
        for w, chain in enumerate(_chains(phrase, by_blood)):
            self._way("way", k, w, start, chain)
            self._say(f"ends({k},P) :- way({k},{w},{len(chain)},P), not is({start},P).")
            least = _least(chain)
            if least != chain:
                self._way("least", k, w, start, least)
            named = "way" if least == chain else "least"
            self._say(*(f"along({k},{i},P) :- {named}({k},{w},{i},P)." for i in range(1, len(least) + 1)))
            length = max(length, len(least))
            steps = [step for step, _ in chain]
            self.steps.update(steps)
            if (counted or OF in phrase) and any(step in ("child", "spouse") for step in steps):
                self.outside = max(self.outside, steps.count("parent"), int(self.married))
        self.reached[asked] = k, length
        return k, length

    def _way(self, name: str, k: int, w: int, start: int, chain: Chain) -> None:
        self._say(f"{name}({k},{w},0,P) :- is({start},P).")
        for i, (step, sex) in enumerate(chain):
            body = f"{name}({k},{w},{i},A), {_STEPS[step].format(a='A', b='B')}"
            self._say(f"{name}({k},{w},{i + 1},B) :- {body}{_of_sex(sex, 'B')}.")

    def _clue(self, clue: Clue) -> None:
        match clue:
            case Kin():
                k, length = self._reach(clue.term, clue.object, self.by_blood)
                subject = self.number[clue.subject]
                self._say(f":- is({subject},P), not ends({k},P).")
                for i in range(1, length):
                    self._free(f"along({k},{i},{{p}})")
            case Is():
                self._say(f":- is({self.number[clue.person]},P), not {clue.sex}(P).")
            case Older():
                old, young = self.number[clue.older], self.number[clue.younger]
                self._say(f"#edge (A,B) : is({old},A), is({young},B).")
            case Same():
                one, other = self.number[clue.one], self.number[clue.other]
                self._say(f":- is({one},P), {'' if clue.not_ else 'not '}is({other},P).")
            case Family():
                numbers = [self.number[member] for member in clue.members]
                self._say(*(f":- is({a},P), is({b},P)." for a, b in combinations(numbers, 2)))
            case Generations():
                pass
            case Member():
                self._say(*(f"in(P) :- is({self.number[m]},P)." for m in self.members))
                self._say(f":- is({self.number[clue.person]},P), not in(P).")
            case Count():
                k, length = self._reach(clue.term, clue.object, self.by_blood, counted=True)
                self._say(f":- not {self._amount(clue, k)}.")
                if clue.bound != "most":
                    self._counted_places(k, length, clue.number)
            case Tally():
                self._say(f":- not {self._amount(clue, None)}.")

    def _counted_places(self, k: int, length: int, number: int, extra: str = "") -> None:
        """Room for so many people who are counted, with those on the way to them."""
        for _ in range(number):
            for i in range(1, length + (0 if self.members else 1)):
                place = self._free(f"along({k},{i},{{p}})")
                if extra:
                    self._say(f":- on({place}), not {extra}.")

    def _amount(self, claim: Count | Tally, k: int | None) -> str:
        """The bound on a number as an aggregate."""
        if self.members:
            self._say(*(f"in(P) :- is({self.number[m]},P)." for m in self.members))
        if isinstance(claim, Count):
            inside = ", in(P)" if self.members else ""
            counted = f"#count {{ P : ends({k},P){inside} }}"
        elif claim.of == "couple":
            counted = "#count { A,B : wed(A,B), in(A), in(B) }"
        else:
            counted = f"#count {{ P : {claim.of}(P), in(P) }}"
        sign = {"exactly": "=", "least": ">=", "most": "<="}[claim.bound]
        return f"{counted} {sign} {claim.number}"

    def _claims(self, claims: Sequence[Claim], others: Sequence[Claim]) -> None:
        """claim(I), and room for one claim at a time to hold or fail where it needs further people."""
        needed: list[tuple[int, int, list[int]]] = []
        if others:
            # Whether one of these could hold is not asked: then all of them do, at once.
            self._say("{ granted }.", *(f"claim({len(claims) + i}) :- granted." for i in range(len(others))))
        for i, claim in enumerate((*claims, *others)):
            match claim:
                case Kin():
                    k, length = self._reach(claim.term, claim.object, by_blood=False)
                    self._say(f"claim({i}) :- ends({k},P), is({self.number[claim.subject]},P).")
                    needed.append((i, k, list(range(1, length)) if i < len(claims) else []))
                case Is():
                    self._say(f"claim({i}) :- is({self.number[claim.person]},P), {claim.sex}(P).")
                case Same():
                    one, other = self.number[claim.one], self.number[claim.other]
                    self._say(f"claim({i}) :- is({one},P), {'not ' if claim.not_ else ''}is({other},P).")
                case Older():
                    old, young = self.number[claim.older], self.number[claim.younger]
                    self._say(f"{{ claim({i}) }}.")
                    self._say(f"#edge (A,B) : claim({i}), is({old},A), is({young},B).")
                    self._say(f"#edge (B,A) : not claim({i}), is({old},A), is({young},B), A != B.")
                case Count():
                    k, length = self._reach(claim.term, claim.object, by_blood=False, counted=True)
                    self._say(f"claim({i}) :- {self._amount(claim, k)}.")
                    way = list(range(1, length + (0 if self.members else 1)))
                    needed.append((i, k, way * (claim.number + 1)))
                case Tally():
                    self._say(f"claim({i}) :- {self._amount(claim, None)}.")
        # People are added to a family for a relation to hold, for a number both to hold and to be exceeded.
        self._say("{ looked_at(I) : room(I) } 1.", "#defined room/1.")
        kins = [i for i, claim in enumerate(claims) if isinstance(claim, Kin)]
        self._say(*(f":- looked_at({i}), not claim({i})." for i in kins))
        pool = [self._place() for _ in range(max((len(way) for _, _, way in needed), default=0))]
        self._say(*(f"place({place}). :- on({place}), not allowed({place})." for place in pool), "#defined allowed/1.")
        for i, k, way in needed:
            if way:
                self._say(f"room({i}).")
            for place, at in zip(pool, way, strict=False):
                self._say(f"allowed({place}) :- looked_at({i}), along({k},{at},{place}).")


def _of_sex(sex: str, person: str) -> str:
    return {"male": f", man({person})", "female": f", woman({person})", "": ""}[sex]


def _least(chain: Chain) -> Chain:
    """The chain with each step by marriage or halves taken as the way it goes at least."""
    found: list[tuple[str, str]] = []
    for step, sex in chain:
        way = _HIDDEN.get(step, (step,))
        found += [*((part, "") for part in way[:-1]), (way[-1], sex)]
    return tuple(found)


def recheck(problem: KinProblem, ask: Ask) -> tuple[Status, ...] | None:
    """The statuses of the choices; None where nothing fits. Raises TooLarge."""
    if isinstance(problem.query, Shows):
        return _recheck_shown(problem, ask)
    offered = [claim for claim in problem.claims() if claim is not None]
    others = [claim for claim in _answers(problem) if claim not in offered] if UNDETERMINED in problem.choices else []
    statuses = ask(_Program(problem, offered, others).text(), len(offered) + len(others))
    if statuses is None:
        return None
    rest = iter(statuses)
    found = [None if claim is None else next(rest) for claim in problem.claims()]
    right = {
        UNDETERMINED: "must" not in statuses,
        NONE: all(status in (None, "cannot") for status in found),
    }
    return tuple(
        status if status is not None else "must" if right[str(choice)] else "cannot"
        for status, choice in zip(found, problem.choices, strict=True)
    )


def _recheck_shown(problem: KinProblem, ask: Ask) -> tuple[Status, ...]:
    found: list[Status | None] = []
    for under in problem.shown():
        again = None if under is None else recheck(under, ask) or ("cannot",)
        found.append(None if again is None else again[0])
    nothing: Status = "cannot" if "must" in found else "must"
    return tuple(status or nothing for status in found)


def _answers(problem: KinProblem) -> Iterator[Claim]:
    """Whatever answers the question in one word."""
    match problem.query:
        case Which() | Shows():
            return
        case Related():
            said: Sequence[str] = ANSWERS
        case HowMany():
            said = [str(n) for n in range(problem.most_counted() + 1)]
        case HowManyMembers():
            said = [str(n) for n in range(len(problem.members()) + 1)]
        case WhichSex():
            said = ["male", "female"]
        case _:
            said = [name for name in problem.people() if not is_unnamed(name)]
    for choice in said:
        claim = problem.claim(choice)
        if claim is not None:
            yield claim
