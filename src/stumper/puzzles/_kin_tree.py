"""One family under construction: people, couples and births, closed under the conventions of the language."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stumper.puzzles import TooLarge
from stumper.puzzles._kin_language import Sex, Step, Walk, opposite
from stumper.types import JsonObject

MAX_PEOPLE = 60

Pair = tuple[int, int]


class Rule(NamedTuple):
    """At most `most` people (members, where there are some) are reached from `start` by one of the walks.

    `start` None: at most so many couples among the members.
    """

    start: int | None
    walks: tuple[Walk, ...]
    most: int


class Clash(Exception):
    """Two facts that no family holds together."""


class Tree:
    """People are numbers: the named ones come first, then those to whom clues refer otherwise, then all others.

    A birth is a set of siblings: those who share it have the same father and the same mother, known or not.
    """

    __slots__ = (
        "apart",
        "birth",
        "born_to",
        "customary",
        "known",
        "named",
        "older",
        "rules",
        "same",
        "same_birth",
        "sex",
        "spouse",
    )

    def __init__(self, named: int, known: int, customary: bool) -> None:
        self.named = named
        """So many have names: they are different people."""
        self.known = known
        """So many are referred to."""
        self.customary = customary
        self.same = list(range(known))
        """Person -> the person it was found to be, or itself."""
        self.sex: list[Sex | None] = [None] * known
        self.spouse: list[int | None] = [None] * known
        self.birth = list(range(known))
        self.same_birth = list(range(known))
        self.born_to: dict[Sex, list[int | None]] = {"male": [None] * known, "female": [None] * known}
        """Father and mother of each birth."""
        self.apart: set[Pair] = set()
        """Pairs, with an unnamed person in them, that are known to be two people."""
        self.older: set[Pair] = set()
        """Pairs of which the first is the older one, beside parents and children."""
        self.rules: tuple[Rule, ...] = ()
        """What may not be exceeded."""

    def copy(self) -> "Tree":
        new = Tree.__new__(Tree)
        new.named = self.named
        new.known = self.known
        new.customary = self.customary
        new.same = self.same[:]
        new.sex = self.sex[:]
        new.spouse = self.spouse[:]
        new.birth = self.birth[:]
        new.same_birth = self.same_birth[:]
        new.born_to = {"male": self.born_to["male"][:], "female": self.born_to["female"][:]}
        new.apart = self.apart.copy()
        new.older = self.older.copy()
        new.rules = self.rules
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
        birth = self._root(self.birth[person])
        father, mother = self.born_to["male"][birth], self.born_to["female"][birth]
        if father is None:
            return [] if mother is None else [self.who(mother)]
        return [self.who(father)] if mother is None else [self.who(father), self.who(mother)]

    def two(self, a: int, b: int) -> bool:
        """These are two people, whoever the unnamed turn out to be."""
        if a < self.named and b < self.named:
            return a != b
        sexes = self.sex[a], self.sex[b]
        return sexes in (("male", "female"), ("female", "male")) or any(
            (self.who(x), self.who(y)) in ((a, b), (b, a)) for x, y in self.apart
        )

    def step(self, person: int, step: Step) -> list[int]:
        """The people one plain step away, as far as they are known."""
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
        raise AssertionError(step)

    # What is added; each raises Clash

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
            raise Clash
        self.sex[person] = sex
        spouse = self.spouse_of(person)
        if spouse is not None:
            self.is_sex(spouse, opposite(sex))

    def marry(self, a: int, b: int) -> None:
        if self.who(a) == self.who(b):
            raise Clash
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
            raise Clash
        if not self.two(a, b):
            self.apart.add((a, b))

    def parent_or_stranger(self, person: int, sex: Sex) -> int:
        person = self.who(person)
        known = self.parent_of(person, sex)
        if known is not None:
            return known
        parent = self.stranger(sex)
        self.beget(parent, person)
        return parent

    def spouse_or_stranger(self, person: int) -> int:
        person = self.who(person)
        known = self.spouse_of(person)
        if known is not None:
            return known
        spouse = self.stranger(None)
        self.marry(person, spouse)
        return spouse

    def fill(self) -> None:
        """Give both parents to siblings, and the other one to whom one parent is known: everybody has two."""
        people = self.people()
        births = [self.birth_of(p) for p in people]
        for p in people:
            if births.count(self.birth_of(p)) > 1 or self.parents_of(p):
                self.parent_or_stranger(p, "male")
                self.parent_or_stranger(p, "female")

    def identify(self, a: int, b: int) -> None:
        """a and b are one person."""
        a, b = sorted((self.who(a), self.who(b)))
        if a == b:
            return
        if self.two(a, b):
            raise Clash
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
                raise Clash
            under_way |= 1 << person
            found = 0
            for parent in self.parents_of(person):
                found |= 1 << parent | climb(parent)
            above[person] = found
            return found

        people = self.people()
        for person in people:
            climb(person)
        if self.older:
            younger = self._younger()
            if any(old in _below(younger, old) for old in {self.who(old) for old, _ in self.older}):
                raise Clash
        couples = [(p, s) for p in people if (s := self.spouse_of(p)) is not None and p < s]
        couples += [(f, m) for _, f, m in self._births() if f is not None and m is not None]
        for a, b in couples:
            if (
                above[a] >> b & 1
                or above[b] >> a & 1
                or self.birth_of(a) == self.birth_of(b)
                or any(p in self.parents_of(b) for p in self.parents_of(a))
            ):
                raise Clash

    def is_older(self, a: int, b: int) -> bool:
        """It follows that a is older than b."""
        return self.who(b) in _below(self._younger(), self.who(a))

    def _younger(self) -> dict[int, list[int]]:
        """Person -> children, and those who are said to be younger."""
        younger: dict[int, list[int]] = {}
        for p in self.people():
            for parent in self.parents_of(p):
                younger.setdefault(parent, []).append(p)
        for old, young in self.older:
            younger.setdefault(self.who(old), []).append(self.who(young))
        return younger

    def open_sexes(self) -> int:
        """How many free decisions between man and woman there are: one for a couple."""
        free = [p for p in self.people() if self.sex[p] is None]
        return sum(1 for p in free if (s := self.spouse_of(p)) is None or p < s)

    def as_data(self, names: Sequence[str]) -> JsonObject:
        """Who is whose father, mother, spouse and sibling; whom no clue refers to is called "someone 1" and on."""
        people = self.people()
        called = dict(enumerate(names)) | {
            p: f"someone {i}" for i, p in enumerate((p for p in people if p >= self.known), start=1)
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
        """The same only for two families that differ in nothing but the numbers of the people nobody refers to."""
        order = [p for p in range(self.known) if self.same[p] == p]
        for person in order:
            for there in (self.parent_of(person, "male"), self.parent_of(person, "female"), self.spouse_of(person)):
                if there is not None and there not in order:
                    order.append(there)
        # Who is nobody's parent or spouse: only siblings of somebody are, so in any order.
        order += [p for p in self.people() if p not in order]
        number = {p: i for i, p in enumerate(order)}
        births: dict[int, int] = {}
        apart = frozenset(frozenset((number[self.who(a)], number[self.who(b)])) for a, b in self.apart)
        older = frozenset((number[self.who(a)], number[self.who(b)]) for a, b in self.older)
        same = tuple(number[self.who(p)] for p in range(self.named, self.known))
        return (
            apart,
            older,
            same,
            *(
                (
                    self.sex[p],
                    None if (s := self.spouse_of(p)) is None else number[s],
                    births.setdefault(self.birth_of(p), len(births)),
                    tuple(number[q] for q in self.parents_of(p)),
                )
                for p in order
            ),
        )


def _below(younger: Mapping[int, Sequence[int]], person: int) -> list[int]:
    """Who is younger than a person by a chain of such facts."""
    found = list(younger.get(person, ()))
    for p in found:
        found += [q for q in younger.get(p, ()) if q not in found]
    return found
