"""All families of a few people, by plain enumeration: the second opinion on the kinship solver.

A world gives each of N people a sex, a father and a mother among the N or outside, a spouse or none, and says who are
siblings through parents outside. Nothing here is shared with the solver but the kin terms' spelling.
"""

from functools import cache
from itertools import product

import numpy as np

N = 4
OUTSIDE = -1

MALE_FEMALE = {
    ("father", "mother", "parent"): "parent",
    ("son", "daughter", "child"): "child",
    ("brother", "sister", "sibling"): "sibling",
    ("husband", "wife", "spouse"): "spouse",
    ("grandfather", "grandmother", "grandparent"): "grandparent",
    ("grandson", "granddaughter", "grandchild"): "grandchild",
    ("uncle", "aunt", ""): "pibling",
    ("nephew", "niece", ""): "nibling",
    ("", "", "cousin"): "cousin",
    ("father-in-law", "mother-in-law", "parent-in-law"): "parent-in-law",
    ("son-in-law", "daughter-in-law", "child-in-law"): "child-in-law",
    ("brother-in-law", "sister-in-law", "sibling-in-law"): "sibling-in-law",
    ("great-grandfather", "great-grandmother", "great-grandparent"): "great-grandparent",
    ("great-grandson", "great-granddaughter", "great-grandchild"): "great-grandchild",
    ("great-great-grandfather", "great-great-grandmother", "great-great-grandparent"): "great-great-grandparent",
    ("great-great-grandson", "great-great-granddaughter", "great-great-grandchild"): "great-great-grandchild",
    ("great-uncle", "great-aunt", ""): "great-pibling",
    ("great-nephew", "great-niece", ""): "great-nibling",
    ("", "", "second cousin"): "second cousin",
    ("", "", "cousin once removed"): "cousin once removed",
    ("grandfather-in-law", "grandmother-in-law", "grandparent-in-law"): "grandparent-in-law",
    ("grandson-in-law", "granddaughter-in-law", "grandchild-in-law"): "grandchild-in-law",
    ("half-brother", "half-sister", "half-sibling"): "half",
    ("stepfather", "stepmother", "step-parent"): "step-parent",
    ("stepson", "stepdaughter", "stepchild"): "step-child",
    ("stepbrother", "stepsister", "step-sibling"): "step-sibling",
}


def _then(first, second):
    """[w, a, c]: some b is related to a by the first and to c by the second relation."""
    return np.einsum("wab,wbc->wac", first.astype(np.uint8), second.astype(np.uint8)) > 0


class Worlds:
    """`facts[term][w, s, o]`: in world w, s is the term of o."""

    def __init__(self, male, father, mother, spouse, litter):
        people = np.arange(father.shape[1])
        is_father = father[:, None, :] == people[None, :, None]
        is_mother = mother[:, None, :] == people[None, :, None]
        parent = is_father | is_mother
        child = parent.transpose(0, 2, 1)
        other = ~np.eye(len(people), dtype=bool)[None]
        sibling = (litter[:, :, None] == litter[:, None, :]) & other
        spouse = spouse[:, None, :] == people[None, :, None]
        # In each: [w, s, o], read from the subject: a cousin is a child of a sibling of a parent.
        pibling = _then(sibling, parent)
        nibling = _then(child, sibling)
        by_blood = _then(sibling, parent)
        cousin = _then(child, by_blood)
        grandparent, grandchild = _then(parent, parent), _then(child, child)
        great_pibling = _then(sibling, grandparent)
        half = _then(child, parent) & ~sibling & other
        step = _then(spouse, parent) & ~parent
        step_sibling = _then(child, step) & ~sibling & ~half & other
        related = {
            "parent": parent,
            "child": child,
            "sibling": sibling,
            "spouse": spouse,
            "grandparent": grandparent,
            "grandchild": grandchild,
            "pibling": pibling | _then(spouse, pibling),
            "nibling": nibling | _then(nibling, spouse),
            "cousin": cousin,
            "parent-in-law": _then(parent, spouse),
            "child-in-law": _then(spouse, child),
            "sibling-in-law": _then(sibling, spouse) | _then(spouse, sibling) | _then(spouse, _then(sibling, spouse)),
            "great-grandparent": _then(parent, grandparent),
            "great-grandchild": _then(child, grandchild),
            "great-great-grandparent": _then(grandparent, grandparent),
            "great-great-grandchild": _then(grandchild, grandchild),
            "great-pibling": great_pibling | _then(spouse, great_pibling),
            "great-nibling": _then(child, nibling) | _then(child, _then(nibling, spouse)),
            "second cousin": _then(grandchild, great_pibling),
            "cousin once removed": _then(child, cousin) | _then(child, great_pibling),
            "grandparent-in-law": _then(grandparent, spouse),
            "grandchild-in-law": _then(spouse, grandchild),
            "half": half,
            "step-parent": step,
            "step-child": step.transpose(0, 2, 1),
            "step-sibling": step_sibling,
        }
        self.male = male
        self.facts = {}
        for words, name in MALE_FEMALE.items():
            for word, allowed in zip(words, (male, ~male, np.ones_like(male)), strict=True):
                if word:
                    self.facts[word] = related[name] & allowed[:, :, None] & other
        self.lawful = self._lawful(parent, is_father, is_mother, sibling, spouse)
        unmarried = _then(is_father, is_mother.transpose(0, 2, 1)) & ~spouse
        self.customary = self.lawful & ~(step | half | unmarried).any((1, 2))

    @staticmethod
    def _lawful(parent, is_father, is_mother, sibling, spouse):
        above = parent.copy()
        for _ in range(parent.shape[1]):
            above |= _then(above, parent)
        share = _then(parent.transpose(0, 2, 1), parent)
        close = above | above.transpose(0, 2, 1) | sibling | share
        couple = spouse | _then(is_father, is_mother.transpose(0, 2, 1))
        n = parent.shape[1]
        acyclic = ~above[:, range(n), range(n)].any(1)
        return acyclic & ~(couple & close).any((1, 2))


def _partitions(n):
    def grow(labels):
        if len(labels) == n:
            yield tuple(labels)
            return
        for label in range(max(labels, default=-1) + 2):
            yield from grow([*labels, label])

    return list(grow([]))


def _matchings(n):
    return [
        spouse
        for spouse in product(range(OUTSIDE, n), repeat=n)
        if all(s == OUTSIDE or (s != p and spouse[s] == p) for p, s in enumerate(spouse))
    ]


@cache
def all_worlds():
    """Every lawful world of N people."""
    rows = []
    partitions = _partitions(N)
    for male in product((False, True), repeat=N):
        men = [p for p in range(N) if male[p]]
        women = [p for p in range(N) if not male[p]]
        spouses = [m for m in _matchings(N) if all(s == OUTSIDE or male[s] != male[p] for p, s in enumerate(m))]
        for father in product((OUTSIDE, *men), repeat=N):
            for mother in product((OUTSIDE, *women), repeat=N):
                if _cyclic(father, mother):
                    continue
                rows += [
                    (male, father, mother, spouse, litter)
                    for litter in partitions
                    if _fits(father, mother, litter)
                    for spouse in spouses
                ]
    male, father, mother, spouse, litter = (np.array(column, dtype=np.int8) for column in zip(*rows, strict=True))
    return Worlds(male.astype(bool), father, mother, spouse, litter)


def _cyclic(father, mother):
    return any(p in _ancestors(p, father, mother, N) for p in range(N))


def _ancestors(p, father, mother, depth):
    if depth == 0:
        return set()
    parents = {q for q in (father[p], mother[p]) if q != OUTSIDE}
    return parents.union(*(_ancestors(q, father, mother, depth - 1) for q in parents))


def _fits(father, mother, litter):
    for p in range(N):
        for q in range(p):
            same = father[p] == father[q] and mother[p] == mother[q]
            if litter[p] == litter[q] and not same:
                return False
            if same and OUTSIDE not in (father[p], mother[p]) and litter[p] != litter[q]:
                return False
    return True
