"""One text for a problem however it is told: other names, other order of clues and choices, other words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stumper.types import canonical

if TYPE_CHECKING:
    from stumper.puzzles import Problem

UNORDERED = ("clues", "premises", "choices")
NAMED = ("names", "people", "things", "terms")
"""Where a problem keeps what may be renamed: the first of these that it has."""
MOST_TRIES = 200
"""Of ways to tell people apart of whom the clues say the same. Where they do not suffice, two tellings of one problem
may keep different texts; different problems never share one."""

Colours = dict[str, int]


def canonical_form(problem: "Problem", choices: bool = True) -> str:
    """The problem as JSON with its names replaced and its clues and choices sorted, the conventions left out.

    Two problems have the same text only if renaming and reordering make one of them the other. `choices`: whether they
    are part of it; without them, all questions that ask the same of the same clues share one text.
    """
    data = problem.model_dump(mode="json", exclude={"conventions"} if choices else {"conventions", "choices"})
    names = names_of(problem)
    facts = list(_facts(data, frozenset(names)))
    used = [name for name in names if any(_mentions(fact, name) for fact in facts)]
    return min(_tellings(facts, _refined(facts, dict.fromkeys(used, 0)), [MOST_TRIES]))


def names_of(problem: "Problem") -> tuple[str, ...]:
    """What may be renamed without changing the problem: its people or things."""
    for place in NAMED:
        if hasattr(problem, place):
            found = getattr(problem, place)
            return tuple(dict.fromkeys(found() if callable(found) else found))
    return ()


def _facts(data: Mapping[str, Any], names: frozenset[str]) -> Iterator[Any]:
    """What the problem says, one thing each, in no order."""
    for field, value in data.items():
        if isinstance(value, list) and (field in UNORDERED or (value and names.issuperset(map(str, value)))):
            yield from ([field, item] for item in value)
        else:
            yield [field, value]


def _mentions(tree: Any, name: str) -> bool:
    if isinstance(tree, dict):
        return any(_mentions(value, name) for value in tree.values())
    return any(_mentions(item, name) for item in tree) if isinstance(tree, list) else bool(tree == name)


def _renamed(tree: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _renamed(value, names) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_renamed(item, names) for item in tree]
    return names.get(tree, tree) if isinstance(tree, str) else tree


def _told(facts: Sequence[Any], colours: Colours) -> list[str]:
    labels = {name: {"name": colour} for name, colour in colours.items()}
    return sorted(canonical(_renamed(fact, labels)) for fact in facts)


def _refined(facts: Sequence[Any], colours: Colours) -> Colours:
    """Names apart as far as what is said of them tells them apart (colour refinement)."""
    while True:
        labels: dict[str, Any] = {name: {"name": colour} for name, colour in colours.items()}
        seen = {
            name: (
                colours[name],
                sorted(
                    canonical(_renamed(fact, labels | {name: {"self": colours[name]}}))
                    for fact in facts
                    if _mentions(fact, name)
                ),
            )
            for name in colours
        }
        ranks = sorted(map(canonical, seen.values()))
        finer = {name: ranks.index(canonical(seen[name])) for name in colours}
        if len(set(finer.values())) == len(set(colours.values())):
            return finer
        colours = finer


def _tellings(facts: Sequence[Any], colours: Colours, tries: list[int]) -> Iterator[str]:
    """The text for each way to tell apart those who are still alike."""
    alike: dict[int, list[str]] = {}
    for name, colour in colours.items():
        alike.setdefault(colour, []).append(name)
    tied = next((alike[colour] for colour in sorted(alike) if len(alike[colour]) > 1), None)
    if tied is None:
        tries[0] -= 1
        yield "\n".join(_told(facts, colours))
        return
    kept: list[str] = []
    for name in tied:
        # Who can change places with another one makes no difference.
        if tries[0] <= 0 or any(_twins(facts, name, other) for other in kept):
            continue
        kept.append(name)
        apart = {other: 2 * colour for other, colour in colours.items()} | {name: 2 * colours[name] - 1}
        yield from _tellings(facts, _refined(facts, apart), tries)


def _twins(facts: Sequence[Any], one: str, other: str) -> bool:
    swapped = [_renamed(fact, {one: other, other: one}) for fact in facts]
    return sorted(map(canonical, swapped)) == sorted(map(canonical, facts))
