"""Truth-tellers: every assignment of kinds to people."""

from collections.abc import Callable, Iterable
from itertools import product
from types import SimpleNamespace
from typing import Any


def roles(names: str, kinds: str = "knight knave", where: Callable[[Any], Iterable[Any]] | None = None) -> list[Any]:
    """All assignments in which every condition holds."""
    who, all_kinds = names.split(), kinds.split()
    out = []
    for combination in product(all_kinds, repeat=len(who)):
        w = SimpleNamespace(**dict(zip(who, combination, strict=True)))
        w.people, w.kinds = tuple(who), combination
        if where is None or all(where(w)):
            out.append(w)
    return out


def says(kind: str, statement: Any) -> bool:
    """Whether somebody of the kind can have said it: truth-tellers only truths, liars only lies, others anything."""
    if kind in ("knight", "honest", "truthful"):
        return bool(statement)
    if kind in ("knave", "liar"):
        return not statement
    return True


def count(w: Any, kind: str) -> int:
    return w.kinds.count(kind)
