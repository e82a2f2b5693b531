"""All families that fit a set of clues, by case distinction: a chase with equalities.

Why this is a proof over families of every size. Every clue says that some people *exist* on a path from object to
subject, and every convention is universal (it forbids, or makes two people one). So whatever family fits the clues,
keep the named people and one path for each clue, and forget everybody else: what is left still fits (missing parents
can be put back as strangers, who add no kinship between those who are left). It is the image of one of the families
built here: for each clue one of its paths, walked through new unnamed people, with just the identities the
conventions force. A claim "X is the T of Y" is positive but for one thing, that siblings are two people. Hence:

- a claim holds in all families when it holds in each built one, and still does when unnamed people in it turn out to
  be others (`entails` tries every identity on which the siblings of the claim depend);
- a claim holds in some family when one of the built ones can be extended by it, as if it were a clue;
- sex: who has none stated may be either; where a path depends on it both are built.
"""

from collections.abc import Iterator, Sequence

from stumper.puzzles import Solution, Status, TooLarge
from stumper.puzzles._kin_language import MEANINGS, Clue, Kin, KinProblem, Path, Sex, Step, opposite
from stumper.types import JsonObject

MAX_FAMILIES = 1_500
MAX_PEOPLE = 60

Pair = tuple[int, int]


class _Clash(Exception):
    """Two facts that no family holds together."""


class Tree:
    """People, couples and births, closed under the conventions. People are numbers; the named ones come first.

    A birth is a set of siblings: those who share it have the same father and the same mother, known or not.
    """

    __slots__ = ("apart", "birth", "born_to", "customary", "named", "same", "same_birth", "sex", "spouse")

    def __init__(self, named: int, customary: bool) -> None:
        self.named = named
        self.customary = customary
        self.same = list(range(named))
        """Person -> the person it was found to be, or itself."""
        self.sex: list[Sex | None] = [None] * named
        self.spouse: list[int | None] = [None] * named
        self.birth = list(range(named))
        self.same_birth = list(range(named))
        self.born_to: dict[Sex, list[int | None]] = {"male": [None] * named, "female": [None] * named}
        """Father and mother of each birth."""
        self.apart: set[Pair] = set()
        """Pairs, with an unnamed person in them, that are known to be two people."""

    def copy(self) -> "Tree":
        new = Tree.__new__(Tree)
        new.named = self.named
        new.customary = self.customary
        new.same = self.same[:]
        new.sex = self.sex[:]
        new.spouse = self.spouse[:]
        new.birth = self.birth[:]
        new.same_birth = self.same_birth[:]
        new.born_to = {"male": self.born_to["male"][:], "female": self.born_to["female"][:]}
        new.apart = self.apart.copy()
        return new

    # What is known

    def who(self, person: int) -> int:
        while self.same[person] != person:
            person = self.same[person]
        return person

    def people(self) -> list[int]:
        return [p for p, q in enumerate(self.same) if p == q]

    def birth_of(self, person: int) -> int:
        return self._root(self.birth[person])

    def _root(self, birth: int) -> int:
        while self.same_birth[birth] != birth:
            birth = self.same_birth[birth]
        return birth

    def spouse_of(self, person: int) -> int | None:
        spouse = self.spouse[person]
        return None if spouse is None else self.who(spouse)

    def parent_of(self, person: int, sex: Sex) -> int | None:
        parent = self.born_to[sex][self.birth_of(person)]
        return None if parent is None else self.who(parent)

    def parents_of(self, person: int) -> list[int]:
        return [p for p in (self.parent_of(person, "male"), self.parent_of(person, "female")) if p is not None]

    def two(self, a: int, b: int) -> bool:
        """These are two people, whoever the unnamed turn out to be."""
        if a < self.named and b < self.named:
            return a != b
        sexes = self.sex[a], self.sex[b]
        return sexes in (("male", "female"), ("female", "male")) or any(
            (self.who(x), self.who(y)) in ((a, b), (b, a)) for x, y in self.apart
        )

    def step(self, person: int, step: Step) -> list[int]:
        match step:
            case "parent":
                return self.parents_of(person)
            case "child":
                return [p for p in self.people() if person in self.parents_of(p)]
            case "sibling":
                birth = self.birth_of(person)
                return [p for p in self.people() if p != person and self.birth_of(p) == birth]
            case "spouse":
                spouse = self.spouse_of(person)
                return [] if spouse is None else [spouse]

    # What is added; each raises _Clash

    def stranger(self, sex: Sex | None) -> int:
        person = len(self.same)
        if person >= MAX_PEOPLE:
            raise TooLarge(f"more than {MAX_PEOPLE} people")
        self.same.append(person)
        self.sex.append(sex)
        self.spouse.append(None)
        self.birth.append(len(self.same_birth))
        self.same_birth.append(len(self.same_birth))
        self.born_to["male"].append(None)
        self.born_to["female"].append(None)
        return person

    def is_sex(self, person: int, sex: Sex) -> None:
        person = self.who(person)
        if self.sex[person] == sex:
            return
        if self.sex[person] is not None:
            raise _Clash
        self.sex[person] = sex
        spouse = self.spouse_of(person)
        if spouse is not None:
            self.is_sex(spouse, opposite(sex))

    def marry(self, a: int, b: int) -> None:
        if self.who(a) == self.who(b):
            raise _Clash
        for x, y in ((a, b), (b, a)):
            other = self.spouse_of(self.who(x))
            if other is None:
                self.spouse[self.who(x)] = y
            else:
                self.identify(other, y)
        for x, y in ((a, b), (b, a)):
            sex = self.sex[self.who(x)]
            if sex is not None:
                self.is_sex(y, opposite(sex))

    def beget(self, parent: int, child: int) -> None:
        """The parent's sex must be known."""
        parent = self.who(parent)
        sex = self.sex[parent]
        assert sex is not None
        other = self.parent_of(self.who(child), sex)
        if other is None:
            self.born_to[sex][self.birth_of(self.who(child))] = parent
        else:
            self.identify(other, parent)

    def join_siblings(self, a: int, b: int) -> None:
        a, b = self.who(a), self.who(b)
        self.keep_apart(a, b)
        self._join_births(self.birth_of(a), self.birth_of(b))

    def keep_apart(self, a: int, b: int) -> None:
        a, b = self.who(a), self.who(b)
        if a == b:
            raise _Clash
        if not self.two(a, b):
            self.apart.add((a, b))

    def identify(self, a: int, b: int) -> None:
        """a and b are one person."""
        a, b = sorted((self.who(a), self.who(b)))
        if a == b:
            return
        if self.two(a, b):
            raise _Clash
        self.same[b] = a
        sex, spouse = self.sex[b], self.spouse_of(b)
        if sex is not None:
            self.is_sex(a, sex)
        if spouse is not None:
            self.marry(a, spouse)
        self._join_births(self.birth_of(a), self.birth_of(b))

    def _join_births(self, birth: int, other: int) -> None:
        birth, other = self._root(birth), self._root(other)
        if birth == other:
            return
        self.same_birth[other] = birth
        for parents in self.born_to.values():
            # Making two parents one may join this birth to a third: hence the root anew.
            root = self._root(birth)
            one, two = parents[root], parents[other]
            if one is None:
                parents[root] = two
            elif two is not None:
                self.identify(one, two)

    def settle(self) -> None:
        """Draw the conventions' consequences to the end, then check what they forbid."""
        while self._join_shared_births() or (self.customary and self._marry_parents()):
            pass
        self._check()

    def _births(self) -> list[tuple[int, int | None, int | None]]:
        fathers, mothers = self.born_to["male"], self.born_to["female"]
        live = (b for b, c in enumerate(self.same_birth) if b == c)
        return [
            (b, None if (f := fathers[b]) is None else self.who(f), None if (m := mothers[b]) is None else self.who(m))
            for b in live
        ]

    def _join_shared_births(self) -> bool:
        """Two births with the same father and mother are one; `customary`: with the same father or mother."""
        seen: dict[tuple[int | None, int | None], int] = {}
        for birth, father, mother in self._births():
            shared: list[tuple[int | None, int | None]]
            if self.customary:
                shared = [(p, None) for p in (father, mother) if p is not None]
            else:
                shared = [(father, mother)] if father is not None and mother is not None else []
            for parents in shared:
                if seen.setdefault(parents, birth) != birth:
                    self._join_births(seen[parents], birth)
                    return True
        return False

    def _marry_parents(self) -> bool:
        """The parents of a child are married: what is known of either is known of both."""
        for birth, father, mother in self._births():
            if father is not None and mother is not None:
                if self.spouse_of(father) != mother:
                    self.marry(father, mother)
                    return True
            elif father is not None and (spouse := self.spouse_of(father)) is not None:
                self.born_to["female"][birth] = spouse
                return True
            elif mother is not None and (spouse := self.spouse_of(mother)) is not None:
                self.born_to["male"][birth] = spouse
                return True
        return False

    def _check(self) -> None:
        above: dict[int, int] = {}
        """Person -> set of own ancestors, as bits."""
        under_way = 0

        def climb(person: int) -> int:
            nonlocal under_way
            if person in above:
                return above[person]
            if under_way >> person & 1:
                raise _Clash
            under_way |= 1 << person
            found = 0
            for parent in self.parents_of(person):
                found |= 1 << parent | climb(parent)
            above[person] = found
            return found

        people = self.people()
        for person in people:
            climb(person)
        couples = [(p, s) for p in people if (s := self.spouse_of(p)) is not None and p < s]
        couples += [(f, m) for _, f, m in self._births() if f is not None and m is not None]
        for a, b in couples:
            if (
                above[a] >> b & 1
                or above[b] >> a & 1
                or self.birth_of(a) == self.birth_of(b)
                or any(p in self.parents_of(b) for p in self.parents_of(a))
            ):
                raise _Clash

    # Claims

    def ways(self, kin: Kin, index: dict[str, int]) -> Iterator[list[Pair]]:
        """Each way in which the claim holds here, as the pairs of siblings it needs to be two people."""
        subject, goal = index[kin.subject], index[kin.object]
        sex, paths = MEANINGS[kin.term]
        if subject == goal or (sex is not None and self.sex[subject] != sex):
            return
        for path in paths:
            yield from self._walk(goal, path, subject)

    def _walk(self, here: int, path: Path, goal: int) -> Iterator[list[Pair]]:
        if not path:
            if here == goal:
                yield []
            return
        for there in self.step(here, path[0]):
            for pairs in self._walk(there, path[1:], goal):
                yield [(here, there), *pairs] if path[0] == "sibling" and not self.two(here, there) else pairs

    def entails(self, kin: Kin, index: dict[str, int]) -> bool:
        """The claim holds here, and still does if unnamed people turn out to be others."""
        return self.counter(kin, index) is None

    def counter(self, kin: Kin, index: dict[str, int]) -> "Tree | None":
        """This family, or it with unnamed people turned out to be others, where the claim fails; None: nowhere."""
        doubtful: Pair | None = None
        for pairs in self.ways(kin, index):
            if not pairs:
                return None
            doubtful = pairs[0]
        if doubtful is None:
            return self
        one = self.copy()
        try:
            one.identify(*doubtful)
            one.settle()
        except _Clash:
            pass
        else:
            found = one.counter(kin, index)
            if found is not None:
                return found
        two = self.copy()
        two.keep_apart(*doubtful)
        return two.counter(kin, index)

    def extended(self, clue: Clue, index: dict[str, int]) -> Iterator["Tree"]:
        """This family with the clue added, in each way that the conventions allow."""
        if isinstance(clue, Kin):
            subject, start = index[clue.subject], index[clue.object]
            if subject == start:
                return
            sex, paths = MEANINGS[clue.term]
            branches = [(start, path, subject) for path in paths]
        else:
            subject, sex, branches = index[clue.person], clue.sex, [(0, (), 0)]
        base = self.copy()
        try:
            if sex is not None:
                base.is_sex(subject, sex)
        except _Clash:
            return
        for start, path, goal in branches:
            for tree in base._paved(start, path, goal):
                try:
                    tree.settle()
                except _Clash:
                    continue
                yield tree

    def _paved(self, here: int, path: Path, goal: int) -> Iterator["Tree"]:
        """Copies of this family in which the path leads from `here` to `goal`; not settled."""
        if not path:
            if self.who(here) == self.who(goal):
                yield self.copy()
            return
        step, rest = path[0], path[1:]
        last = not rest
        for sex in self._sexes_to_try(self.who(here), step, self.who(goal) if last else None):
            tree = self.copy()
            try:
                there = tree._pave(tree.who(here), step, sex, goal if last else None)
            except _Clash:
                continue
            yield from tree._paved(there, rest, goal)

    def _sexes_to_try(self, here: int, step: Step, goal: int | None) -> tuple[Sex | None, ...]:
        """The parent of a step has a sex: the one known, or each."""
        if step not in ("parent", "child"):
            return (None,)
        parent = goal if step == "parent" else here
        known = None if parent is None else self.sex[parent]
        return ("male", "female") if known is None else (known,)

    def _pave(self, here: int, step: Step, sex: Sex | None, goal: int | None) -> int:
        match step:
            case "parent":
                assert sex is not None
                if goal is None:
                    known = self.parent_of(here, sex)
                    if known is not None:
                        return known
                    goal = self.stranger(sex)
                self.is_sex(goal, sex)
                self.beget(goal, here)
            case "child":
                assert sex is not None
                goal = self.stranger(None) if goal is None else goal
                self.is_sex(here, sex)
                self.beget(here, goal)
            case "sibling":
                goal = self.stranger(None) if goal is None else goal
                self.join_siblings(here, goal)
            case "spouse":
                if goal is None:
                    known = self.spouse_of(here)
                    if known is not None:
                        return known
                    goal = self.stranger(None)
                self.marry(here, goal)
        return self.who(goal)

    def open_sexes(self) -> int:
        """How many free decisions between man and woman there are: one for a couple."""
        free = [p for p in self.people() if self.sex[p] is None]
        return sum(1 for p in free if (s := self.spouse_of(p)) is None or p < s)

    def as_data(self, names: Sequence[str]) -> JsonObject:
        """Who is whose father, mother, spouse and sibling; unnamed people are called "someone 1" and on."""
        people = self.people()
        called = dict(enumerate(names)) | {
            p: f"someone {i}" for i, p in enumerate((p for p in people if p >= self.named), start=1)
        }
        return {
            called[p]: {
                "sex": self.sex[p],
                "father": None if (f := self.parent_of(p, "male")) is None else called[f],
                "mother": None if (m := self.parent_of(p, "female")) is None else called[m],
                "spouse": None if (s := self.spouse_of(p)) is None else called[s],
                "siblings": [called[q] for q in self.step(p, "sibling")],
            }
            for p in people
        }

    def shape(self) -> tuple[object, ...]:
        """The same for two families that differ only in the numbers of unnamed people.

        Every unnamed person is somebody's parent or spouse, so a way from the named ones finds it by a function.
        """
        order = list(range(self.named))
        for person in order:
            for there in (self.parent_of(person, "male"), self.parent_of(person, "female"), self.spouse_of(person)):
                if there is not None and there not in order:
                    order.append(there)
        number = {p: i for i, p in enumerate(order)}
        births: dict[int, int] = {}
        apart = frozenset(frozenset((number[self.who(a)], number[self.who(b)])) for a, b in self.apart)
        return apart, *(
            (
                self.sex[p],
                None if (s := self.spouse_of(p)) is None else number[s],
                births.setdefault(self.birth_of(p), len(births)),
                tuple(number[q] for q in self.parents_of(p)),
            )
            for p in order
        )


def families(clues: Sequence[Clue], names: Sequence[str], customary: bool = False) -> list[Tree]:
    """The families described above, each shape once; names are the people 0, 1, ... in order.

    Raises TooLarge when there are too many people or cases.
    """
    if len(names) > MAX_PEOPLE // 2:
        raise TooLarge(f"more than {MAX_PEOPLE // 2} named people")
    index = {name: i for i, name in enumerate(names)}
    trees = [Tree(len(names), customary)]
    for clue in sorted(clues, key=_choices):
        grown: dict[tuple[object, ...], Tree] = {}
        for tree in trees:
            if isinstance(clue, Kin) and tree.entails(clue, index):
                grown[tree.shape()] = tree
                continue
            for new in tree.extended(clue, index):
                grown.setdefault(new.shape(), new)
                if len(grown) > MAX_FAMILIES:
                    raise TooLarge(f"more than {MAX_FAMILIES} cases")
        trees = list(grown.values())
    return trees


def _choices(clue: Clue) -> int:
    """How many cases the clue opens at most: those that open few come first, so that they rule cases out."""
    if not isinstance(clue, Kin):
        return 0
    sex, paths = MEANINGS[clue.term]
    return sum(1 << (path.count("parent") + path.count("child")) for path in paths) - (sex is not None)


def solve(problem: KinProblem) -> Solution:
    """The status of each choice over all families that fit.

    `models` counts the built families, each person of open sex both ways (couples in step): those in which nobody and
    no link is there without a clue, and unnamed people are one only where they must be.
    Raises TooLarge when there are too many people or cases.
    """
    names = problem.people()
    index = {name: i for i, name in enumerate(names)}
    trees = families(problem.clues, names, problem.conventions.parents == "married")
    statuses: list[Status] = []
    examples: list[Tree] = []
    for claim in problem.claims():
        example = next((new for tree in trees for new in tree.extended(claim, index)), None)
        if example is None:
            statuses.append("cannot")
            continue
        counter = next((found for tree in trees if (found := tree.counter(claim, index)) is not None), None)
        statuses.append("must" if counter is None else "could")
        examples += [example] if counter is None else [example, counter]
    return Solution(
        models=sum(1 << tree.open_sexes() for tree in trees),
        statuses=tuple(statuses),
        witnesses=tuple(_two_different([*examples, *trees], problem.claims(), names)),
    )


def _two_different(trees: Sequence[Tree], claims: Sequence[Kin], names: Sequence[str]) -> list[JsonObject]:
    """The first family and the next in which other choices hold, as data."""
    index = {name: i for i, name in enumerate(names)}
    kept: dict[tuple[bool, ...], Tree] = {}
    for tree in trees:
        kept.setdefault(tuple(any(True for _ in tree.ways(claim, index)) for claim in claims), tree)
        if len(kept) == 2:
            break
    return [tree.as_data(names) for tree in kept.values()]
