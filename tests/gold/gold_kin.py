"""Families: each sentence is spelled out to parents, marriages and sexes, in all ways; then equal people are merged.

A fact `R x y` reads "x is the R of y". What holds in every branch holds in every family, as the relations that choices
name are positive: further relatives only add to them.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count, product
from typing import Any

from gold_rules import NoneOfThese, Reading, Undetermined

Primitive = tuple[str, ...]
_fresh = count()

CHAINS = {
    "grandparent": "parent parent",
    "grandfather": "father parent",
    "grandmother": "mother parent",
    "paternal-grandfather": "father father",
    "paternal-grandmother": "mother father",
    "maternal-grandfather": "father mother",
    "maternal-grandmother": "mother mother",
    "grandson": "son child",
    "granddaughter": "daughter child",
    "grandchild": "child child",
    "great-grandfather": "father parent parent",
    "great-grandmother": "mother parent parent",
    "great-grandson": "son child child",
    "great-granddaughter": "daughter child child",
    "uncle": "brother parent",
    "aunt": "sister parent",
    "paternal-uncle": "brother father",
    "maternal-uncle": "brother mother",
    "paternal-aunt": "sister father",
    "maternal-aunt": "sister mother",
    "great-uncle": "brother parent parent",
    "nephew": "son sibling",
    "niece": "daughter sibling",
    "cousin": "child sibling parent",
    "father-in-law": "father spouse",
    "mother-in-law": "mother spouse",
    "son-in-law": "husband child",
    "daughter-in-law": "wife child",
    "uncle-by-marriage": "husband sister parent",
    "aunt-by-marriage": "wife brother parent",
    "wife's-brother": "brother wife",
    "wife's-sister": "sister wife",
    "husband's-brother": "brother husband",
    "husband's-sister": "sister husband",
    "brother's-wife": "wife brother",
    "sister's-husband": "husband sister",
    "cousin-brother": "son sibling parent",
    "cousin-sister": "daughter sibling parent",
}
UNIONS = {
    "brother-in-law": "wife's-brother husband's-brother sister's-husband",
    "sister-in-law": "wife's-sister husband's-sister brother's-wife",
}


def spelled(relation: str, x: str, y: str, half: bool) -> list[list[Primitive]]:
    """All ways for x to be the relation of y, as primitive facts."""
    if relation in UNIONS:
        return [way for r in UNIONS[relation].split() for way in spelled(r, x, y, half)]
    if relation in CHAINS:
        names = CHAINS[relation].split()
        people = [x, *(f"_{next(_fresh)}" for _ in names[1:]), y]
        links = [spelled(r, people[i], people[i + 1], half) for i, r in enumerate(names)]
        return [[fact for way in ways for fact in way] for ways in product(*links)]
    f, m = f"_{next(_fresh)}", f"_{next(_fresh)}"
    whole: list[Primitive] = [("!=", x, y)]
    shared_father: list[Primitive] = [("F", f, x), ("F", f, y)]
    shared_mother: list[Primitive] = [("M", m, x), ("M", m, y)]
    siblings = [whole + shared_father + shared_mother]
    if half:
        siblings += [whole + shared_father, whole + shared_mother]
    male, female = ("male", x), ("female", x)
    child: list[list[Primitive]] = [[("F", y, x)], [("M", y, x)]]
    table: dict[str, list[list[Primitive]]] = {
        "father": [[("F", x, y)]],
        "mother": [[("M", x, y)]],
        "parent": [[("F", x, y)], [("M", x, y)]],
        "child": child,
        "son": [[*way, male] for way in child],
        "daughter": [[*way, female] for way in child],
        "sibling": siblings,
        "brother": [[*way, male] for way in siblings],
        "sister": [[*way, female] for way in siblings],
        "spouse": [[("S", x, y), male, ("female", y)], [("S", x, y), female, ("male", y)]],
        "husband": [[("S", x, y), male, ("female", y)]],
        "wife": [[("S", x, y), female, ("male", y)]],
        "self": [[("=", x, y)]],
    }
    return table.get(relation) or [[(relation, x, y)]]


class Clash(Exception):
    pass


class Family:
    """One branch: who is the same person, who is whose father, mother and spouse, and the sexes that are known."""

    def __init__(self, couples: bool) -> None:
        self.couples = couples
        self.same: dict[str, str] = {}
        self.links: set[Primitive] = set()
        self.sex: dict[str, str] = {}
        self.apart: set[tuple[str, str]] = set()
        self.rules: list[Primitive] = []

    def copy(self) -> "Family":
        other = Family(self.couples)
        other.same, other.links, other.sex = dict(self.same), set(self.links), dict(self.sex)
        other.apart, other.rules = set(self.apart), list(self.rules)
        return other

    def find(self, x: str) -> str:
        while x in self.same:
            x = self.same[x]
        return x

    def tell(self, fact: Primitive) -> None:
        kind, args = fact[0], [self.find(a) for a in fact[1:]]
        if kind in ("male", "female"):
            if self.sex.setdefault(args[0], kind) != kind:
                raise Clash
        elif kind == "=":
            self.merge(*args)
        elif kind == "!=":
            if args[0] == args[1]:
                raise Clash
            self.apart.add((args[0], args[1]))
        elif kind in ("F", "M", "S"):
            self.links.add((kind, *args))
            if kind == "S":
                self.links.add((kind, args[1], args[0]))
            else:
                self.tell(("male" if kind == "F" else "female", args[0]))
        else:
            self.rules.append((kind, *args))

    def differ(self, x: str, y: str) -> bool:
        named = not x.startswith("_") and not y.startswith("_")
        clash = {self.sex.get(x), self.sex.get(y)} == {"male", "female"}
        told = any({self.find(a), self.find(b)} == {x, y} for a, b in self.apart)
        return x != y and (named or clash or told)

    def merge(self, x: str, y: str) -> None:
        x, y = self.find(x), self.find(y)
        if x == y:
            return
        if self.differ(x, y):
            raise Clash
        keep, drop = (y, x) if x.startswith("_") else (x, y)
        self.same[drop] = keep
        sex = self.sex.pop(drop, None)
        if sex:
            self.tell((sex, keep))
        self.links = {(k, self.find(a), self.find(b)) for k, a, b in self.links}

    def parents(self, x: str) -> set[str]:
        x = self.find(x)
        return {a for k, a, b in self.links if k in "FM" and b == x}

    def children(self, x: str) -> set[str]:
        x = self.find(x)
        return {b for k, a, b in self.links if k in "FM" and a == x}

    def spouses(self, x: str) -> set[str]:
        x = self.find(x)
        return {b for k, a, b in self.links if k == "S" and a == x}

    def siblings(self, x: str) -> set[str]:
        return {c for p in self.parents(x) for c in self.children(p)} - {self.find(x)}

    def close(self) -> None:
        """Merge and infer until nothing changes. Raises Clash when the branch is no family."""
        while True:
            before = (len(self.same), len(self.links), len(self.sex))
            for kind, a, b in sorted(self.links):
                if kind == "S":
                    for sex, other in (("male", "female"), ("female", "male")):
                        if self.sex.get(self.find(a)) == sex:
                            self.tell((other, b))
                for k, c, d in sorted(self.links):
                    if kind == k and b == d and a != c:
                        self.merge(a, c)
                        break
                    if self.couples and kind == "F" and k == "M" and b == d:
                        self.tell(("S", a, c))
                    if self.couples and k == "S" and kind in "FM" and a == c:
                        self.tell(("M" if kind == "F" else "F", d, b))
            for kind, x, y in self.rules:
                x = self.find(x)
                family = self.siblings(x) | {x} if kind.endswith("sibling") else self.children(y)
                for z in sorted(family - {x}):
                    wanted = {"only-son": "male", "only-daughter": "female"}.get(kind)
                    if self.differ(z, x):
                        if wanted is None:
                            raise Clash
                        self.tell(("female" if wanted == "male" else "male", z))
                    elif wanted is None or self.sex.get(z) == wanted:
                        self.merge(z, x)
                        break
            if before == (len(self.same), len(self.links), len(self.sex)):
                break
        people = {p for _, a, b in self.links for p in (a, b)}
        for p in people:
            seen, front = set(), self.parents(p)
            while front:
                seen |= front
                front = {q for a in front for q in self.parents(a)} - seen
            if p in seen:
                raise Clash
            if self.spouses(p) & (seen | self.siblings(p)):
                raise Clash

    def undecided(self) -> tuple[str, str] | None:
        """Two children of one parent that may or may not be one person."""
        for p in sorted({a for k, a, _ in self.links if k in "FM"}):
            kids = sorted(self.children(p))
            for i, x in enumerate(kids):
                for y in kids[i + 1 :]:
                    if not self.differ(x, y):
                        return x, y
        return None

    def relatives(self, relation: str, y: str) -> set[str]:
        """Everybody who is the relation of y."""
        if relation in UNIONS:
            return {x for r in UNIONS[relation].split() for x in self.relatives(r, y)}
        if relation in CHAINS:
            found = {self.find(y)}
            for link in reversed(CHAINS[relation].split()):
                found = {x for z in found for x in self.relatives(link, z)}
            return found
        male = {p for p, s in self.sex.items() if s == "male"}
        female = {p for p, s in self.sex.items() if s == "female"}
        table: dict[str, Callable[[], set[str]]] = {
            "self": lambda: {self.find(y)},
            "parent": lambda: self.parents(y),
            "father": lambda: self.parents(y) & male,
            "mother": lambda: self.parents(y) & female,
            "child": lambda: self.children(y),
            "son": lambda: self.children(y) & male,
            "daughter": lambda: self.children(y) & female,
            "sibling": lambda: self.siblings(y),
            "brother": lambda: self.siblings(y) & male,
            "sister": lambda: self.siblings(y) & female,
            "spouse": lambda: self.spouses(y),
            "husband": lambda: self.spouses(y) & male,
            "wife": lambda: self.spouses(y) & female,
            "male": lambda: male,
            "female": lambda: female,
        }
        return table[relation]()

    def says(self, fact: str) -> bool:
        """Whether "R x y" (or "male x") holds in the branch. "a|b x y": one of the relations."""
        relation, x, *rest = fact.split()
        y = rest[0] if rest else x
        return any(self.find(x) in self.relatives(r, y) for r in relation.split("|"))


def _settled(family: Family) -> Iterator[Family]:
    try:
        family.close()
    except Clash:
        return
    pair = family.undecided()
    if pair is None:
        yield family
        return
    for kind in ("=", "!="):
        branch = family.copy()
        try:
            branch.tell((kind, *pair))
        except Clash:
            continue
        yield from _settled(branch)


def families(facts: Sequence[str], couples: bool = False, half: bool = False) -> list[Family]:
    """All branches of the facts. couples: father and mother of a child are married, and the children of one are the
    other's; half: siblings need share one parent only."""
    ways = []
    for fact in facts:
        relation, *people = fact.split()
        if relation in ("male", "female"):
            ways.append([[(relation, *people)]])
        elif relation.startswith("not-"):
            ways.append([[("!=", *people)]])
        else:
            ways.append([way for r in relation.split("|") for way in spelled(r, *people, half)])
    out = []
    for choice in product(*ways):
        family = Family(couples)
        try:
            for way in choice:
                for primitive in way:
                    family.tell(primitive)
        except Clash:
            continue
        out += _settled(family)
    return out


def _judge(branches: list[Family], choices: Sequence[Any], refute: Callable[[str], bool]) -> Reading:
    good = set()
    for i, choice in enumerate(choices):
        if isinstance(choice, Undetermined):
            continue
        if isinstance(choice, NoneOfThese):
            if all(refute(c) for c in choices if isinstance(c, str)):
                good.add(i)
        elif branches and all(b.says(choice) if isinstance(choice, str) else choice(b) for b in branches):
            good.add(i)
    if branches and not good:
        good = {i for i, c in enumerate(choices) if isinstance(c, Undetermined)}
    return Reading(bool(branches), frozenset(good) if branches else frozenset(), (), len(branches))


HALF = "half-siblings are siblings"
"""A reading that does not enter the ruling: where it changes the right choices, the question states a convention."""


def kin(facts: str, *choices: Any, names: str = "") -> dict[str, Reading]:
    """facts: "R x y" with ';' between; a choice: such a fact (one of several relations: "R|S x y"), a predicate of a
    branch, or a sentinel. names: facts that first names suggest. Read with and without parents being married."""
    told, hinted = ([f.strip() for f in part.split(";") if f.strip()] for part in (facts, names))
    readings = {"strict": (told, False, False), "parents married": (told, True, False), HALF: (told, False, True)}
    if hinted:
        readings["names tell the sex"] = ([*told, *hinted], False, False)

    def judge(facts: list[str], couples: bool, half: bool) -> Reading:
        return _judge(families(facts, couples, half), choices, lambda c: not families([*facts, c], couples, half))

    return {name: judge(*how) for name, how in readings.items()}


def coded(codes: dict[str, str], target: str, *expressions: str) -> dict[str, Reading]:
    """Which expression entails the target. codes: sign -> relation of the left person to the right one."""
    out = {}
    for couples in (False, True):
        good = set()
        for i, expression in enumerate(expressions):
            tokens = expression.split()
            facts = [f"{codes[tokens[j + 1]]} {tokens[j]} {tokens[j + 2]}" for j in range(0, len(tokens) - 2, 2)]
            branches = families(facts, couples)
            if branches and all(b.says(target) for b in branches):
                good.add(i)
        out["parents married" if couples else "strict"] = Reading(True, frozenset(good))
    return out


def chain(codes: dict[str, str], expression: str) -> str:
    """The facts that a coded expression states."""
    tokens = expression.split()
    return ";".join(f"{codes[tokens[j + 1]]} {tokens[j]} {tokens[j + 2]}" for j in range(0, len(tokens) - 2, 2))
