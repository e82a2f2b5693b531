"""All families that fit a set of clues, by case distinction: a chase with equalities.

Why this is a proof over families of every size. Every clue says that some people *exist* on a path from object to
subject, or how many at least; every convention is universal (it forbids, or makes two people one), and so is a number
that is not exceeded. So whatever family fits the clues, keep the people referred to and one path for each clue, and
forget everybody else: what is left still fits (missing parents can be put back as strangers, who add no kinship between
those who are left). It is the image of one of the families built here: for each clue one of its paths, walked through
new unnamed people, with just the identities the conventions force; where too many are counted, in each way in which two
of them are one, or one of them is of the other sex. A claim "X is the T of Y" is positive but for one thing, that some
people are two (siblings; a step-parent and the parent). Hence:

- a claim holds in all families when it holds in each built one, and still does when unnamed people in it turn out to
  be others (`Chase.counter` tries every identity, and every sex, on which the claim depends);
- a claim holds in some family when one of the built ones can be extended by it, as if it were a clue;
- a claim about a number, a sex or an identity fails in some family when one can be extended by its contrary;
- sex: who has none stated may be either; where a path depends on it both are built;
- age: who is not known to be older may be younger.

A person who is counted can be unnamed. In a family with stated members only they count; nobody else need be thought of.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from stumper.puzzles import Solution, Status, TooLarge
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
    Hop,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinProblem,
    Member,
    Older,
    Related,
    Same,
    Sex,
    Shows,
    Step,
    Tally,
    Walk,
    Which,
    WhichSex,
    is_unnamed,
    opposite,
    walks,
)
from stumper.puzzles._kin_tree import MAX_PEOPLE, Clash, Rule, Tree
from stumper.types import JsonObject

MAX_FAMILIES = 1_500
MAX_STEPS = 40_000
"""Families tried in one question."""

_STEP_KIN = frozenset(("half-sibling", "step-parent", "step-child", "step-sibling"))


class Two(NamedTuple):
    """These have to be two people."""

    a: int
    b: int


class OfSex(NamedTuple):
    person: int
    sex: Sex


Needs = tuple[Two | OfSex, ...]
"""What has yet to be so for a path to hold."""


class Chase:
    """The search through the families of some people: those with a name come first."""

    def __init__(
        self, people: Sequence[str], customary: bool = False, by_blood: bool = False, members: Sequence[str] = ()
    ) -> None:
        if len(people) > MAX_PEOPLE // 2:
            raise TooLarge(f"more than {MAX_PEOPLE // 2} people")
        self.people = people
        self.index = {name: i for i, name in enumerate(people)}
        self.named = sum(not is_unnamed(name) for name in people)
        self.customary = customary
        self.by_blood = by_blood
        self.members = [self.index[name] for name in members]
        self.steps = 0

    def families(self, clues: Sequence[Clue]) -> list[Tree]:
        """The families described above, each shape once. Raises TooLarge when there are too many cases."""
        trees = [Tree(self.named, len(self.people), self.customary)]
        for clue in sorted(clues, key=self._choices):
            grown: dict[tuple[object, ...], Tree] = {}
            for tree in trees:
                if isinstance(clue, Kin) and self._certain(tree, clue):
                    grown[tree.shape()] = tree
                    continue
                for new in self.extended(tree, clue, by_blood=self.by_blood):
                    grown.setdefault(new.shape(), new)
                    if len(grown) > MAX_FAMILIES:
                        raise TooLarge(f"more than {MAX_FAMILIES} cases")
            trees = list(grown.values())
        return trees

    def _choices(self, clue: Clue) -> tuple[int, int]:
        """How many cases the clue opens at most: those that open few come first, so that they rule cases out."""
        match clue:
            case Kin():
                ways = walks(clue.term, self.by_blood)
                cases = (1 << sum(hop.sex is None and hop.step in ("parent", "child") for hop in way) for way in ways)
                return 1, sum(cases)
            case Member():
                return 2, 0
            case Count() | Tally():
                return 3, clue.number
            case _:
                return 0, 0

    # Claims

    def entails(self, tree: Tree, claim: Claim) -> bool:
        """The claim holds here, and still does whoever unnamed people turn out to be, and whatever else holds."""
        return self.counter(tree, claim) is None

    def counter(self, tree: Tree, claim: Claim) -> Tree | None:
        """This family, or one that it is a part of, where the claim fails; None: nowhere."""
        match claim:
            case Kin():
                return next(filter(None, (self._kin_counter(t, claim) for t in self._prepared(tree, claim))), None)
            case Is():
                contraries: tuple[Claim, ...] = (Is(person=claim.person, sex=opposite(claim.sex)),)
            case Same():
                contraries = (claim.model_copy(update={"not_": not claim.not_}),)
            case Older():
                return None if tree.is_older(self.index[claim.older], self.index[claim.younger]) else tree
            case Count() | Tally():
                below = [claim.model_copy(update={"number": claim.number - 1, "bound": "most"})]
                above = [claim.model_copy(update={"number": claim.number + 1, "bound": "least"})]
                contraries = (
                    *(below if claim.bound != "most" and claim.number > 0 else []),
                    *(above if claim.bound in ("most", "exactly") else []),
                )
        return next((found for contrary in contraries for found in self.extended(tree, contrary)), None)

    def _kin_counter(self, tree: Tree, kin: Kin) -> Tree | None:
        open_way: Needs = ()
        for needs in self.ways(tree, kin):
            if not needs:
                return None
            if not open_way or len(needs) < len(open_way):
                open_way = needs
        if not open_way:
            return tree
        for new in self._decided(tree, open_way[0]):
            found = self._kin_counter(new, kin)
            if found is not None:
                return found
        return None

    def _decided(self, tree: Tree, need: Two | OfSex) -> Iterator[Tree]:
        """The family with what is needed, the other way first."""
        if isinstance(need, Two):
            yield from self._changed(tree, lambda t: t.identify(need.a, need.b))
            yield from self._changed(tree, lambda t: t.keep_apart(need.a, need.b))
        else:
            yield from self._changed(tree, lambda t: t.is_sex(need.person, opposite(need.sex)))
            yield from self._changed(tree, lambda t: t.is_sex(need.person, need.sex))

    def _certain(self, tree: Tree, kin: Kin) -> bool:
        return any(not needs for needs in self.ways(tree, kin, self.by_blood))

    def holds(self, tree: Tree, claim: Claim) -> bool:
        """Here, where all people are different who are not known to be one. Of numbers it is not said."""
        match claim:
            case Kin():
                ways = (needs for t in self._prepared(tree, claim) for needs in self.ways(t, claim))
                return any(all(isinstance(need, Two) for need in needs) for needs in ways)
            case Is():
                return tree.sex[tree.who(self.index[claim.person])] == claim.sex
            case Older():
                return tree.is_older(self.index[claim.older], self.index[claim.younger])
            case Same():
                return (tree.who(self.index[claim.one]) == tree.who(self.index[claim.other])) != claim.not_
        return self.entails(tree, claim)

    def ways(self, tree: Tree, kin: Kin, by_blood: bool = False) -> Iterator[Needs]:
        """Each way in which the claim holds here, by what has yet to be so."""
        subject, start = tree.who(self.index[kin.subject]), tree.who(self.index[kin.object])
        if subject == start:
            return
        different: Needs = () if tree.two(subject, start) else (Two(subject, start),)
        for walk in walks(kin.term, by_blood):
            sex = tree.sex[subject]
            if sex is not None and walk[-1].sex not in (None, sex):
                continue
            for there, needs in _reach(tree, start, walk):
                if there == subject:
                    yield tuple(dict.fromkeys((*different, *needs)))

    def _prepared(self, tree: Tree, claim: Kin | Count) -> Iterator[Tree]:
        """The family with those strangers through whom the claim could lead back to people referred to."""
        ways = walks(claim.term)
        single = isinstance(claim, Kin) and OF not in claim.term and OR not in claim.term
        if single and not any(hop.step in _STEP_KIN for way in ways for hop in way):
            yield tree
        else:
            yield from self._changed(tree, lambda t: _prepare(t, self.index[claim.object], ways))

    # What is added

    def _changed(self, tree: Tree, change: Callable[[Tree], None]) -> Iterator[Tree]:
        """Copies of the family with the change and all its consequences."""
        new = tree.copy()
        try:
            change(new)
        except Clash:
            return
        yield from self._settled(new)

    def _settled(self, tree: Tree) -> Iterator[Tree]:
        """The family with all consequences drawn: none where they clash, several where rules leave a choice."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLarge(f"more than {MAX_STEPS} families tried")
        try:
            tree.settle()
            for rule in tree.rules:
                if rule.start is not None:
                    _prepare(tree, rule.start, rule.walks)
            choices = (choice for rule in tree.rules if (choice := self._exceeded(tree, rule)) is not None)
            choice = next(choices, None)
        except Clash:
            return
        if choice is None:
            yield tree
        else:
            yield from self._decided(tree, choice)

    def _exceeded(self, tree: Tree, rule: Rule) -> Two | OfSex | None:
        """What is to be decided because more may be counted than the rule allows. Raises Clash where more are."""
        if rule.start is None:
            if self._couples(tree) > rule.most:
                raise Clash
            return None
        counted: dict[int, Needs] = {}
        start = tree.who(rule.start)
        for walk in rule.walks:
            for there, needs in _reach(tree, start, walk):
                if there != start and (not self.members or there in self._members(tree)):
                    needs = (*needs, *(() if tree.two(there, start) else (Two(there, start),)))
                    counted[there] = min(needs, counted.get(there, needs), key=len)
        if len(counted) <= rule.most:
            return None
        undecided: list[Two | OfSex] = [need for open_ in counted.values() for need in open_]
        if undecided:
            return undecided[0]
        for a, b in combinations(counted, 2):
            if not tree.two(a, b):
                return Two(a, b)
        raise Clash

    def _members(self, tree: Tree) -> list[int]:
        return [tree.who(member) for member in self.members]

    def _couples(self, tree: Tree) -> int:
        members = self._members(tree)
        return sum(tree.spouse_of(m) in members for m in members) // 2

    def extended(self, tree: Tree, clue: Clue, by_blood: bool = False) -> Iterator[Tree]:
        """This family with the clue added, in each way that the conventions allow."""
        index = self.index
        match clue:
            case Kin():
                yield from self._related(tree, index[clue.subject], walks(clue.term, by_blood), index[clue.object])
            case Is():
                yield from self._changed(tree, lambda t: t.is_sex(index[clue.person], clue.sex))
            case Older():
                yield from self._changed(tree, lambda t: t.older.add((index[clue.older], index[clue.younger])))
            case Same():
                one, other = index[clue.one], index[clue.other]
                yield from self._changed(
                    tree, lambda t: t.keep_apart(one, other) if clue.not_ else t.identify(one, other)
                )
            case Family():
                yield from self._changed(tree, self._tell_members_apart)
            case Generations():
                yield tree
            case Member():
                for member in self.members:
                    yield from self._changed(tree, lambda t, m=member: t.identify(index[clue.person], m))  # type: ignore[misc]
            case Count():
                yield from self._counted(tree, clue, walks(clue.term, by_blood))
            case Tally():
                yield from self._tallied(tree, clue)

    def _tell_members_apart(self, tree: Tree) -> None:
        for a, b in combinations(self.members, 2):
            tree.keep_apart(a, b)

    def _related(self, tree: Tree, subject: int, ways: Sequence[Walk], start: int) -> Iterator[Tree]:
        base = tree.copy()
        try:
            base.keep_apart(subject, start)
        except Clash:
            return
        for way in ways:
            for new in _paved(base, start, way, subject):
                yield from self._settled(new)

    def _counted(self, tree: Tree, clue: Count, ways: Sequence[Walk]) -> Iterator[Tree]:
        start = self.index[clue.object]
        trees: Iterator[Tree] = iter((tree,))
        if clue.bound != "most":
            trees = self._at_least(tree, start, ways, clue.number)
        if clue.bound == "least":
            yield from trees
            return
        rule = Rule(start, tuple(ways), clue.number)
        for new in trees:
            yield from self._ruled(new, rule)

    def _ruled(self, tree: Tree, rule: Rule) -> Iterator[Tree]:
        ruled = tree.copy()
        ruled.rules = (*tree.rules, rule)
        yield from self._settled(ruled)

    def _at_least(self, tree: Tree, start: int, ways: Sequence[Walk], number: int) -> Iterator[Tree]:
        """Further people on the paths until there are so many, apart from those that there surely are."""
        here = tree.who(start)
        sure: list[int] = []
        for there in (there for way in ways for there, needs in _reach(tree, here, way) if not needs):
            new = tree.two(there, here) and all(tree.two(there, one) for one in sure)
            if new and (not self.members or there in self._members(tree)):
                sure.append(there)
        missing = max(0, number - len(sure))
        if self.members:
            others = [m for m in self._members(tree) if m not in sure and m != here]
            choices: Iterator[Sequence[int | None]] = combinations(others, missing)
        else:
            choices = iter([[None] * missing])
        for chosen in choices:
            yield from self._with_each(tree, start, ways, chosen, sure)

    def _with_each(
        self, tree: Tree, start: int, ways: Sequence[Walk], chosen: Sequence[int | None], others: Sequence[int]
    ) -> Iterator[Tree]:
        if not chosen:
            yield tree
            return
        base = tree.copy()
        one = base.stranger(None) if chosen[0] is None else chosen[0]
        try:
            for other in others:
                base.keep_apart(one, other)
        except Clash:
            return
        for new in self._related(base, one, ways, start):
            yield from self._with_each(new, start, ways, chosen[1:], [*others, one])

    def _tallied(self, tree: Tree, clue: Tally) -> Iterator[Tree]:
        least = 0 if clue.bound == "most" else clue.number
        most = len(self.members) if clue.bound == "least" else clue.number
        if clue.of == "couple":
            for new in self._with_couples(tree, least):
                yield from self._ruled(new, Rule(None, (), most))
            return
        wanted: Sex = clue.of

        def decide(tree: Tree) -> Iterator[Tree]:
            sexes = [tree.sex[m] for m in self._members(tree)]
            if sexes.count(wanted) > most or sexes.count(wanted) + sexes.count(None) < least:
                return
            if None not in sexes:
                yield tree
                return
            person = self._members(tree)[sexes.index(None)]
            for new in self._decided(tree, OfSex(person, wanted)):
                yield from decide(new)

        yield from decide(tree)

    def _with_couples(self, tree: Tree, least: int) -> Iterator[Tree]:
        """The family with further marriages among the members until there are so many."""
        if self._couples(tree) >= least:
            yield tree
            return
        for a, b in combinations(self._members(tree), 2):
            if tree.spouse_of(a) not in self._members(tree) and tree.spouse_of(b) not in self._members(tree):
                for new in self._changed(tree, lambda t, a=a, b=b: t.marry(a, b)):  # type: ignore[misc]
                    yield from self._with_couples(new, least)


def _prepare(tree: Tree, start: int, ways: Sequence[Walk]) -> None:
    """Add the strangers whom everybody has, as far as the ways may lead through them to others."""
    if any(hop.step in _STEP_KIN or (tree.customary and hop.step == "spouse") for way in ways for hop in way):
        tree.fill()
        tree.settle()
    for way in ways:
        here = {tree.who(start)}
        for i, hop in enumerate(way):
            ahead = next((later.step for later in way[i:] if later.step != "parent"), None)
            if hop.step == "parent" and ahead not in (None, "sibling"):
                for person in here:
                    tree.parent_or_stranger(person, "male")
                    tree.parent_or_stranger(person, "female")
                tree.settle()
            here = {there for person in here for there, _ in _near(tree, tree.who(person), hop.step)}


def _reach(tree: Tree, here: int, walk: Walk) -> Iterator[tuple[int, Needs]]:
    """Whom the walk reaches, each time it does, and what has yet to be so."""
    if not walk:
        yield here, ()
        return
    step, sex = walk[0]
    for there, needs in _near(tree, here, step):
        if sex is not None and tree.sex[there] != sex:
            if tree.sex[there] is not None:
                continue
            needs = (*needs, OfSex(there, sex))
        for end, more in _reach(tree, there, walk[1:]):
            yield end, (*needs, *more)


def _near(tree: Tree, here: int, step: Step) -> Iterator[tuple[int, Needs]]:
    """Who is one step away, each with those who have to be two people."""

    def two(*pairs: tuple[int | None, int | None]) -> Iterator[Needs]:
        """What the pairs need, unless one of them is one person."""
        known = [(a, b) for a, b in pairs if a is not None and b is not None]
        if len(known) == len(pairs) and all(a != b for a, b in known):
            yield tuple(Two(a, b) for a, b in known if not tree.two(a, b))

    def other_parent(child: int, parent: int) -> int | None:
        sex = tree.sex[parent]
        return None if sex is None else tree.parent_of(child, opposite(sex))

    match step:
        case "sibling":
            for there in tree.step(here, step):
                for needs in two((here, there)):
                    yield there, needs
        case "half-sibling":
            for parent in tree.parents_of(here):
                for there in tree.step(parent, "child"):
                    for needs in two((other_parent(here, parent), other_parent(there, parent))):
                        yield there, needs
        case "step-parent":
            for parent in tree.parents_of(here):
                for there in tree.step(parent, "spouse"):
                    for needs in two((there, other_parent(here, parent))):
                        yield there, needs
        case "step-child":
            for spouse in tree.step(here, "spouse"):
                for there in tree.step(spouse, "child"):
                    for needs in two((here, other_parent(there, spouse))):
                        yield there, needs
        case "step-sibling":
            for parent in tree.parents_of(here):
                for spouse in tree.step(parent, "spouse"):
                    for there in tree.step(spouse, "child"):
                        mine, other = other_parent(here, parent), other_parent(there, spouse)
                        for needs in two((spouse, mine), (parent, other)):
                            yield there, needs
        case _:
            for there in tree.step(here, step):
                yield there, ()


def _paved(tree: Tree, here: int, walk: Walk, goal: int) -> Iterator[Tree]:
    """Copies of the family in which the walk leads from `here` to `goal`; not settled."""
    if not walk:
        if tree.who(here) == tree.who(goal):
            yield tree.copy()
        return
    hop, rest = walk[0], walk[1:]
    last = not rest
    for sex in _sexes_to_try(tree, tree.who(here), hop, tree.who(goal) if last else None):
        new = tree.copy()
        try:
            there = _pave(new, new.who(here), hop.step, sex, goal if last else None)
            if hop.sex is not None:
                new.is_sex(there, hop.sex)
        except Clash:
            continue
        yield from _paved(new, there, rest, goal)


def _sexes_to_try(tree: Tree, here: int, hop: Hop, goal: int | None) -> tuple[Sex | None, ...]:
    """Of the parent of a step, in whose sex it says which of two parents is meant: the one known, or each."""
    known: Sex | None = None
    match hop.step:
        case "parent":
            known = hop.sex or (None if goal is None else tree.sex[goal])
        case "child" | "step-child":
            known = tree.sex[here]
        case "step-parent":
            reached = hop.sex or (None if goal is None else tree.sex[goal])
            known = None if reached is None else opposite(reached)
        case "sibling" | "spouse":
            return (None,)
    return ("male", "female") if known is None else (known,)


def _pave(tree: Tree, here: int, step: Step, sex: Sex | None, goal: int | None) -> int:
    """Make one step lead to the goal, or to somebody who is there or new; returns whom."""
    if step in ("sibling", "spouse"):
        if step == "spouse":
            goal = tree.spouse_or_stranger(here) if goal is None else goal
            if tree.spouse_of(here) != tree.who(goal):
                tree.marry(here, goal)
        else:
            goal = tree.stranger(None) if goal is None else goal
            tree.join_siblings(here, goal)
        return tree.who(goal)
    assert sex is not None
    match step:
        case "parent":
            if goal is None:
                return tree.parent_or_stranger(here, sex)
            tree.is_sex(goal, sex)
            tree.beget(goal, here)
        case "child":
            goal = tree.stranger(None) if goal is None else goal
            tree.is_sex(here, sex)
            tree.beget(here, goal)
        case "half-sibling":
            goal = tree.stranger(None) if goal is None else goal
            tree.beget(tree.parent_or_stranger(here, sex), goal)
            other = opposite(sex)
            tree.keep_apart(tree.parent_or_stranger(here, other), tree.parent_or_stranger(goal, other))
        case "step-parent":
            there = tree.spouse_or_stranger(tree.parent_or_stranger(here, sex))
            tree.is_sex(there, opposite(sex))
            tree.keep_apart(there, tree.parent_or_stranger(here, opposite(sex)))
            if goal is None:
                goal = there
            tree.identify(goal, there)
        case "step-child":
            goal = tree.stranger(None) if goal is None else goal
            tree.is_sex(here, sex)
            spouse = tree.spouse_or_stranger(here)
            tree.is_sex(spouse, opposite(sex))
            tree.beget(spouse, goal)
            tree.keep_apart(here, tree.parent_or_stranger(goal, sex))
        case "step-sibling":
            goal = tree.stranger(None) if goal is None else goal
            there = tree.spouse_or_stranger(tree.parent_or_stranger(here, sex))
            tree.is_sex(there, opposite(sex))
            tree.keep_apart(there, tree.parent_or_stranger(here, opposite(sex)))
            tree.beget(there, goal)
            tree.keep_apart(tree.parent_or_stranger(here, sex), tree.parent_or_stranger(goal, sex))
        case _:
            raise AssertionError(step)
    return tree.who(goal)


def chase(problem: KinProblem) -> tuple[Chase, list[Tree]]:
    """The search of a problem, and the families that fit its clues. Raises TooLarge."""
    conventions = problem.conventions
    search = Chase(
        problem.people(), conventions.parents == "married", conventions.uncles == "by_blood", problem.members()
    )
    return search, search.families(problem.settled_clues())


def solve(problem: KinProblem) -> Solution:
    """The status of each choice over all families that fit.

    `models` counts the built families, each person of open sex both ways (couples in step): those in which nobody and
    no link is there without a clue, and unnamed people are one only where they must be.
    Raises TooLarge when there are too many people or cases.
    """
    if isinstance(problem.query, Shows):
        return _solve_shown(problem)
    search, trees = chase(problem)
    statuses: list[Status | None] = []
    examples: list[Tree] = []
    for claim in problem.claims():
        if claim is None:
            statuses.append(None)
            continue
        found, shown = _status(search, trees, claim)
        statuses.append(found)
        examples += shown
    if None in statuses:
        claims = [claim for claim in answers(problem) if claim not in problem.claims()]
        known = "must" in statuses or any(_must(search, trees, claim) for claim in claims)
        statuses = list(meta_statuses(problem, statuses, known, fits=bool(trees)))
    if "could" in statuses and any(isinstance(clue, Generations) for clue in problem.clues):
        raise TooLarge("generations, by whose number the answer may be settled")
    offered = [claim for claim in problem.claims() if claim is not None]
    return Solution(
        models=sum(1 << tree.open_sexes() for tree in trees),
        statuses=tuple(s for s in statuses if s is not None),
        witnesses=tuple(_two_different(search, [*examples, *trees], offered)),
    )


def _solve_shown(problem: KinProblem) -> Solution:
    """Each choice under its own expression; one that contradicts itself shows nothing."""
    found = [None if under is None else solve(under) for under in problem.shown()]
    statuses = [None if s is None else s.statuses[0] if s.models else "cannot" for s in found]
    bare = solve(problem.model_copy(update={"query": Which(asks="true"), "choices": ()}))
    nothing: Status = "cannot" if "must" in statuses else "must"
    return Solution(
        models=bare.models,
        statuses=tuple(status or nothing for status in statuses),
        witnesses=tuple(witness for s in found if s is not None for witness in s.witnesses[:1])[:2],
    )


def _must(search: Chase, trees: Sequence[Tree], claim: Claim) -> bool:
    return bool(trees) and all(search.entails(tree, claim) for tree in trees)


def _status(search: Chase, trees: Sequence[Tree], claim: Claim) -> tuple[Status, list[Tree]]:
    """Of a claim, with a family where it holds and one where it fails, as far as there are."""
    example = next((new for tree in trees for new in search.extended(tree, claim)), None)
    if example is None:
        return "cannot", []
    counter = next((found for tree in trees if (found := search.counter(tree, claim)) is not None), None)
    return ("must", [example]) if counter is None else ("could", [example, counter])


def answers(problem: KinProblem) -> list[Claim]:
    """All that could answer the question in a word, whether it is offered or not."""
    query = problem.query
    match query:
        case Which() | Shows():
            return []
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
    return [claim for claim in map(problem.claim, said) if claim is not None]


def meta_statuses(problem: KinProblem, statuses: Sequence[Status | None], known: bool, fits: bool) -> Iterator[Status]:
    """The statuses with those of the meta choices; `known`: an answer to the question holds in all families."""
    for choice, status in zip(problem.choices, statuses, strict=True):
        if status is not None:
            yield status
        elif choice == UNDETERMINED:
            yield "must" if fits and not known else "cannot"
        else:
            assert choice == NONE
            yield "must" if fits and all(s in (None, "cannot") for s in statuses) else "cannot"


def _two_different(search: Chase, trees: Sequence[Tree], claims: Sequence[Claim]) -> list[JsonObject]:
    """The first family and the next in which other choices hold, as data."""
    kept: dict[tuple[bool, ...], Tree] = {}
    for tree in trees:
        kept.setdefault(tuple(search.holds(tree, claim) for claim in claims), tree)
        if len(kept) == 2:
            break
    return [tree.as_data(search.people) for tree in kept.values()]
