"""The first engine: all arrangements that fit the clues, by backtracking over bit sets of seats and ways to look."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from math import comb, factorial, perm
from typing import NamedTuple

from stumper.puzzles import Solution, Status, TooLarge, status
from stumper.puzzles._meta import NONE, UNDETERMINED, meta_status
from stumper.puzzles._seating_formula import (
    NEVER,
    Formula,
    Tests,
    Truth,
    denied,
    fits,
    formula,
    looked_at,
    parts,
    plain_parts,
)
from stumper.puzzles._seating_language import (
    SOMEONE,
    Adjacent,
    Between,
    Choice,
    Gap,
    HowManyFace,
    Seating,
    Someone,
    Together,
    Which,
    candidates,
    denies,
    names_in,
    proposition,
)
from stumper.puzzles._seating_seats import ALONE, TWO, Scene, away, close, mask, scene_of, table, turned, within
from stumper.types import JsonObject

MOST_STEPS = 1_000_000
"""Seats tried, and claims and other clues tested, before the search is given up: about a second."""
STEPS_TO_COUNT = 150_000
"""Seats tried before models are no longer counted and claims are decided one by one: well above the 109,600 of eight
people in a row without any clue."""
STEPS_WHEN_SETTLED = 20_000
"""The same where every claim has been seen both true and false."""


def solve(problem: Seating) -> Solution:
    """Count the models and decide each choice. Raises TooLarge when that would take more than about a second.

    People and values that neither a clue nor a choice names are alike: they are counted, not permuted. Where models
    are too many to be counted, `models` is how many were seen and `complete` is False.
    """
    offered = [choice for choice in problem.choices if choice not in (UNDETERMINED, NONE)]
    asked: list[Choice] = list(offered)
    if UNDETERMINED in problem.choices:
        asked += candidates(problem).values()
    claimed = [_claim(problem, choice) for choice in asked]
    # "None of these" is an answer of its own where the others are; where they are statements it speaks of their truth.
    answers_none = NONE in problem.choices and problem.right == ("must",) and not isinstance(problem.query, Which)
    if answers_none:
        claimed.append(("and", tuple(map(denied, claimed[: len(offered)]))))
    found = _decide(problem, claimed)
    statuses: list[Status] = []
    known = iter(found.statuses)
    for choice in problem.choices:
        if not found.models:
            statuses.append("cannot")
        elif choice == UNDETERMINED:
            statuses.append(meta_status(problem.right, found.statuses[: len(asked)]))
        elif choice == NONE and answers_none:
            statuses.append(found.statuses[-1])
        elif choice == NONE:
            statuses.append(meta_status(problem.right, found.statuses[: len(offered)]))
        else:
            statuses.append(next(known))
    return found.model_copy(update={"statuses": tuple(statuses)})


class Seated(NamedTuple):
    """One arrangement, by seat."""

    names: list[str]
    """"!..." for somebody whom nobody names, "" for nobody."""
    looks: list[bool]
    """Whether the sitter looks to the south or outwards."""
    values: list[dict[int, str]]
    """Of each attribute: by seat, where it is settled."""


def fitting(problem: Seating) -> Seated | None:
    """The first model of the clues; None where nothing fits. Raises TooLarge."""
    search = _Search(problem, [formula(clue) for clue in problem.clues], [])
    seats = next((s for s in search.leaves(MOST_STEPS) if search.completions(s)), None)
    return None if seats is None else search.model(seats)


def _claim(problem: Seating, choice: Choice) -> Formula:
    said = proposition(problem.query, choice, problem.conventions)
    claim = NEVER if said is None else formula(said)
    return denied(claim) if denies(problem.query) else claim


def _decide(problem: Seating, claimed: Sequence[Formula]) -> Solution:
    clues = [formula(clue) for clue in problem.clues]
    search = _Search(problem, clues, claimed)
    tests = [search.truth(claim) for claim in claimed]
    left = list(enumerate(tests))
    seen: list[set[bool]] = [set() for _ in claimed]
    models, complete = 0, True
    witnesses: list[JsonObject] = []
    for seats in search.leaves(STEPS_TO_COUNT):
        ways = search.completions(seats)
        if not ways:
            continue
        models += ways
        told_apart = False
        search.steps += 2 * len(left)
        for i, test in left:
            holds = test(seats)
            if holds not in seen[i]:
                seen[i].add(holds)
                told_apart = True
        if told_apart:
            left = [(i, test) for i, test in left if len(seen[i]) < 2]
        if len(witnesses) < 2 and (told_apart or not witnesses):
            witnesses.append(told(problem, search.model(seats)))
        if claimed and not left and search.steps > STEPS_WHEN_SETTLED:
            break
    complete = search.finished
    if not complete:
        spent = search.steps
        for i, truth in ((i, truth) for i in range(len(claimed)) for truth in (True, False)):
            if truth in seen[i]:
                continue
            one = _Search(problem, [*clues, claimed[i] if truth else denied(claimed[i])], [])
            fit = next((s for s in one.leaves(MOST_STEPS - spent) if one.completions(s)), None)
            spent += one.steps
            if fit is not None:
                seen[i].add(truth)
                models = max(models, 1)
                witnesses.append(told(problem, one.model(fit)))
            elif not one.finished:
                raise TooLarge(f"more than {MOST_STEPS} steps for {problem.size} seats")
        if not models:
            raise TooLarge(f"more than {STEPS_TO_COUNT} steps for {problem.size} seats")
    return Solution(models=models, statuses=tuple(map(status, seen)), witnesses=tuple(witnesses[:2]), complete=complete)


class _Step(NamedTuple):
    """What limits the state of one person, given those who were placed earlier."""

    states: int
    """Bit set of the states that clues about this person alone allow."""
    given: list[tuple[int, tuple[int, ...]]]
    """(position of an earlier person, bit set of allowed states by that person's state)."""
    tests: list[Truth]
    group: int
    """People, or one of the attributes: within a group no seat is had twice."""
    looks: bool
    """Whether the way of looking matters: the same seat looks one way only."""


class _Search:
    """The search for the arrangements of everybody who is named in some formulas."""

    def __init__(self, problem: Seating, clues: Sequence[Formula], claimed: Sequence[Formula]) -> None:
        self.problem = problem
        self.scene = scene_of(problem)
        self.steps = 0
        self.finished = False
        said = [part for clue in clues for part in parts(clue)]
        self._counts = [part for part in said if _count_of(part) is not None] if self.scene.mixed else []
        rest = [part for part in said if part not in self._counts]
        spoken = [*rest, *claimed]
        looked = {name for claim in spoken for name in looked_at(claim)} if self.scene.mixed else set()
        strangers = tuple(f"!{i}" for i in range(problem.others))
        empty = tuple(f"!empty {i}" for i in range(problem.size - problem.everybody))
        everybody = (*problem.people, *strangers)
        self._tests = Tests(self.scene, everybody, empty, SOMEONE in looked)
        if SOMEONE in looked or any(isinstance(p, HowManyFace) for claim in spoken for p in plain_parts(claim)):
            looked |= set(everybody)
        self._group = dict.fromkeys((*everybody, *empty), 0)
        for i, attribute in enumerate(problem.attributes):
            self._group |= dict.fromkeys(attribute.values, i + 1)
        scopes = {name for claim in spoken for name in self._tests.scope(claim)} | set(empty)
        self.names = [name for name in self._group if name in scopes] or [everybody[0]]
        if all(name in empty for name in self.names):
            self.names.append(everybody[0])
        self._looked = looked
        self._prepare(rest, strangers, empty)

    def truth(self, claim: Formula) -> Truth:
        return self._tests.truth(claim, self._position)

    def _prepare(self, said: Sequence[Formula], strangers: Sequence[str], empty: Sequence[str]) -> None:
        scene = self.scene
        low = (1 << scene.size) - 1
        domain = {name: (1 << scene.states) - 1 if name in self._looked else low for name in self.names}
        tables: dict[tuple[str, str], list[tuple[int, ...]]] = {}
        tested: list[tuple[Formula, tuple[str, ...]]] = []
        for claim in said:
            names, rows = self._compiled(claim)
            if len(names) == 1:
                domain[names[0]] &= rows[0]
            elif names:
                tables.setdefault(names, []).append(rows)  # type: ignore[arg-type]
            if isinstance(claim, Between) and close(scene, claim):
                for neighbour in (claim.of, claim.other):
                    tables.setdefault((claim.who, neighbour), []).append(table(scene, _NEXT))
            if isinstance(claim, Together):
                near = within(scene, len(claim.people) - 1)
                for pair in combinations(claim.people, 2):
                    tables.setdefault(pair, []).append(near)
            if not names:
                tested.append((claim, self._tests.scope(claim)))
        # Alike are the nameless people, and the empty seats: each kind in one order.
        for kind in (strangers, empty):
            kept = [name for name in kind if name in domain]
            for one, other in pairwise(kept):
                tables.setdefault((other, one), []).append(_above(scene))
        for seat in empty:
            for value in (name for name in self.names if self._group[name]):
                tables.setdefault((value, seat), []).append(_apart(scene))
        order = self._order(domain, tables)
        self._position = {name: i for i, name in enumerate(order)}
        self._steps = [
            _Step(domain[name], [], [], self._group[name], scene.mixed and name in self._looked) for name in order
        ]
        for (who, of), several in tables.items():
            here, there = self._position[who], self._position[of]
            for rows in several:
                if here > there:
                    self._steps[here].given.append((there, rows))
                else:
                    self._steps[there].given.append((here, turned(scene, rows)))
        for claim, scope in tested:
            last = max((self._position[name] for name in scope), default=0)
            self._steps[last].tests.append(self.truth(claim))

    def _compiled(self, claim: Formula) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """A formula about one person (whose states it allows) or two (a table); about nobody where it is neither."""
        if isinstance(claim, tuple):
            if claim[0] == "not":
                names, rows = self._compiled(claim[1][0])
                everything = (1 << self.scene.states) - 1
                return names, tuple(everything ^ allowed for allowed in rows)
            return (), ()
        if isinstance(claim, ALONE):
            return names_in(claim), (mask(self.scene, claim),)
        if isinstance(claim, TWO) and not (isinstance(claim, Gap) and self._tests.empty):
            return names_in(claim), table(self.scene, claim)
        if isinstance(claim, Someone) and not self._tests.by_person and not self._tests.empty:
            return self._described(claim)
        return (), ()

    def _described(self, claim: Someone) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """A description through which two people are tied (or one is), seat by seat of the described one."""
        scene = self.scene
        by: dict[str, list[int]] = {}
        for relation in claim.that:
            other: str = SOMEONE
            if isinstance(relation, ALONE):
                seats = [-(mask(scene, relation) >> s & 1) for s in range(scene.size)]
            elif isinstance(relation, TWO):
                other = relation.who if relation.of == SOMEONE else relation.of
                rows = table(scene, relation)
                seats = [*(rows if relation.of == SOMEONE else turned(scene, rows))][: scene.size]
            else:
                return (), ()
            old = by.get(other, [-1] * scene.size)
            by[other] = [a & b for a, b in zip(old, seats, strict=True)]
        here = by.pop(SOMEONE, [-1] * scene.size)
        if not 1 <= len(by) <= 2:
            return (), ()
        names = tuple(by)
        first, *second = by.values()
        if not second:
            allowed = 0
            for s in range(scene.size):
                allowed |= first[s] & here[s]
            return names, (allowed,)
        rows_of = [0] * scene.states
        for of in range(scene.states):
            for s in range(scene.size):
                if here[s] and second[0][s] >> of & 1:
                    rows_of[of] |= first[s]
        return names, tuple(rows_of)

    def _order(
        self, domain: Mapping[str, int], tables: Mapping[tuple[str, str], Sequence[tuple[int, ...]]]
    ) -> list[str]:
        """Whom to place when: next the person with the fewest states left, as far as can be guessed."""
        guess = {name: float(states.bit_count()) for name, states in domain.items()}
        square = self.scene.states**2
        share = {
            pair: min(sum(row.bit_count() for row in rows) for rows in several) / square
            for pair, several in tables.items()
        }
        weight = dict.fromkeys(domain, 0.0)
        for (who, of), part in share.items():
            weight[who] += 1 - part
            weight[of] += 1 - part
        left, order = list(self.names), list[str]()
        while left:
            # Who keeps the first seat of a circle is to be somebody who is like nobody else.
            choosable = left if order else [n for n in left if n[0] != "!"] or [n for n in left if " " not in n]
            best = min(choosable, key=lambda name: (guess[name], -weight[name]))
            order.append(best)
            left.remove(best)
            for (who, of), part in share.items():
                if best in (who, of):
                    guess[of if best == who else who] *= part
        return order

    def leaves(self, most: int) -> Iterator[list[int]]:
        """The states of all who are searched for, in one list that is reused; `finished` afterwards unless `most`
        seats were tried before the end.

        On a circle the first person keeps the first seat, since rotations are equal; at a table, one of the first.
        """
        scene, steps = self.scene, self._steps
        n, both = scene.size, (1 << scene.states) - 1
        states = [0] * len(steps)
        untried = [0] * len(steps)
        free = [both] * (len(self.problem.attributes) + 1)
        looks = both
        undo: list[tuple[int, int]] = [(0, 0)] * len(steps)
        start = 1
        if scene.shape == "table":
            start = (1 << n // (4 if len(set(scene.sides)) == 1 else 2)) - 1
        untried[0] = steps[0].states & ((start | start << n) if scene.ring else -1)
        depth, last = 0, len(steps) - 1
        while True:
            if not untried[depth]:
                if depth == 0:
                    self.finished = True
                    return
                depth -= 1
                free[steps[depth].group], looks = undo[depth]
                continue
            self.steps += 1
            if self.steps > most:
                return
            bit = untried[depth] & -untried[depth]
            untried[depth] ^= bit
            state = bit.bit_length() - 1
            states[depth] = state
            step = steps[depth]
            if step.tests:
                self.steps += 4 * len(step.tests)
                if not all(test(states) for test in step.tests):
                    continue
            if depth == last:
                yield states
                continue
            group = step.group
            undo[depth] = free[group], looks
            seat = state % n
            free[group] &= ~(1 << seat | 1 << seat + n)
            if step.looks:
                looks &= ~(1 << (seat if state >= n else seat + n))
            depth += 1
            step = steps[depth]
            allowed = free[step.group] & step.states
            if step.looks:
                allowed &= looks
            for earlier, rows in step.given:
                allowed &= rows[states[earlier]]
            untried[depth] = allowed

    def _looking(self, states: Sequence[int]) -> dict[int, bool]:
        """By seat: whether its sitter looks away, where the search has settled that."""
        n = self.scene.size
        return {s % n: s >= n for s, step in zip(states, self._steps, strict=True) if step.looks}

    def completions(self, states: Sequence[int]) -> int:
        """In how many ways the others can have the seats that are left, and look."""
        problem = self.problem
        searched = [0] * (len(problem.attributes) + 1)
        nameless = 0
        for name in self.names:
            searched[self._group[name]] += 1
            nameless += name.startswith("!") and not name.startswith("!empty")
        ways = factorial(problem.size - searched[0]) // factorial(problem.others - nameless)
        for attribute, done in zip(problem.attributes, searched[1:], strict=True):
            ways *= perm(problem.everybody - done, len(attribute.values) - done)
        if not self.scene.mixed:
            return ways
        looking = self._looking(states)
        free = problem.everybody - len(looking)
        return ways * sum(comb(free, more) for more in self._more(sum(looking.values()), free))

    def _more(self, away_already: int, free: int) -> list[int]:
        """How many of those whose way of looking is not settled may look away."""
        total = self.problem.everybody

        def counted(more: int) -> bool:
            outwards = away_already + more
            return all(_counted(part, outwards, total) for part in self._counts)

        return [more for more in range(free + 1) if counted(more)]

    def model(self, states: Sequence[int]) -> Seated:
        """An arrangement, the others in the seats left over."""
        problem, n = self.problem, self.scene.size
        groups: list[dict[int, str]] = [{} for _ in range(len(problem.attributes) + 1)]
        for name, place in self._position.items():
            groups[self._group[name]][states[place] % n] = name
        placed = set(self.names)
        others = iter([name for name, group in self._group.items() if group == 0 and name not in placed])
        for seat in range(n):
            if seat not in groups[0]:
                groups[0][seat] = next(others)
        seated = ["" if groups[0][seat].startswith("!empty") else groups[0][seat] for seat in range(n)]
        taken = [seat for seat in range(n) if seated[seat]]
        for attribute, group in zip(problem.attributes, groups[1:], strict=True):
            rest = [value for value in attribute.values if value not in placed]
            group |= dict(zip([seat for seat in taken if seat not in group], rest, strict=False))
        looking = self._looking(states)
        looks = [away(self.scene, seat) for seat in range(n)]
        if self.scene.mixed:
            undecided = [seat for seat in taken if seat not in looking]
            more = next(iter(self._more(sum(looking.values()), len(undecided))), 0)
            looks = [looking.get(seat, seat in undecided[:more]) for seat in range(n)]
        return Seated(seated, looks, groups[1:])


_NEXT = Adjacent(who="?", of="??")


def _count_of(claim: Formula) -> HowManyFace | None:
    """The number of people who look some way, said by itself or denied."""
    if isinstance(claim, tuple):
        return _count_of(claim[1][0]) if claim[0] == "not" else None
    return claim if isinstance(claim, HowManyFace) else None


def _counted(claim: Formula, outwards: int, total: int) -> bool:
    if isinstance(claim, tuple):
        return not _counted(claim[1][0], outwards, total)
    assert isinstance(claim, HowManyFace)
    number = outwards if claim.direction in ("south", "outwards") else total - outwards
    return fits(claim.how, number, claim.people)


def _above(scene: Scene) -> tuple[int, ...]:
    """By the seat of one: the states on higher seats."""
    n = scene.size
    rows = []
    for state in range(scene.states):
        high = sum(1 << s for s in range(state % n + 1, n))
        rows.append(high | high << n if scene.mixed else high)
    return tuple(rows)


def _apart(scene: Scene) -> tuple[int, ...]:
    """By the seat of one: the states on other seats."""
    n, both = scene.size, (1 << scene.states) - 1
    return tuple(both & ~(1 << s % n | 1 << s % n + n) for s in range(scene.states))


def told(problem: Seating, seated: Seated) -> JsonObject:
    """One arrangement as plain data.

    A row in which all look the same way is told from its people's left to their right, another one from the west; a
    circle or table clockwise seen from above, a circle from its first person on.
    """
    scene, looks = scene_of(problem), seated.looks
    names = ["nobody" if not name else "somebody" if name.startswith("!") else name for name in seated.names]
    n, length = scene.size, scene.length
    first = 0
    found: JsonObject
    if scene.shape == "row":
        found = {"west_to_east": names} if scene.mixed else {"left_to_right": names[::-1] if looks[0] else names}
    elif scene.shape == "rows":
        found = {"first_row_west_to_east": names[:length], "second_row_west_to_east": names[length:]}
    else:
        first = names.index(problem.people[0]) if scene.shape == "circle" and problem.people else 0
        found = {"clockwise": names[first:] + names[:first]}
    if scene.mixed or scene.corners:
        way = "south" if scene.shape == "row" else "outwards"
        found[f"facing_{way}"] = [
            names[s % n] for s in range(first, first + n) if looks[s % n] and names[s % n] != "nobody"
        ]
    for attribute, values in zip(problem.attributes, seated.values, strict=True):
        found[attribute.name] = {names[seat]: value for seat, value in sorted(values.items())}
    return found
