"""From what holds over all models to a ruling, with its reasons in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stumper.oracle.certificate import Certificate, Reading
from stumper.oracle.clash import Clash, clash, clauses
from stumper.oracle.conventions import points, readings
from stumper.oracle.engines import solve
from stumper.oracle.text import Text, fingerprint
from stumper.puzzles import Problem, Solution, Status
from stumper.types import Letter, Question, Ruling, RulingName, canonical

MOST_SAID = 160
"""Characters of a model that still make a readable sentence."""


class Found(NamedTuple):
    """What one reading comes to."""

    ruling: RulingName
    right: tuple[int, ...]
    why: str

    @property
    def outcome(self) -> tuple[object, ...]:
        """Two readings under which this is the same need no convention."""
        return (self.ruling, self.right) if self.ruling in ("proven", "wrong_key") else (self.ruling,)


def rule(question: Question, text: Text, profile: str, read_by: Sequence[str] = ()) -> Ruling:
    """The ruling over all readings that text and profile leave open. Raises TooLarge and Disagreement.

    `read_by`: the models that read the text, where it was not the grammar; the ruling says so.
    """
    found: list[Found] = []
    certified: list[Reading] = []
    first_read: Problem | None = None
    for chosen, problem in readings(text.name, text.family, text.problem, profile):
        solution = solve(text.family, problem)
        found.append(weigh(text, problem, solution, question.key))
        certified.append(
            Reading(
                conventions=chosen,
                ruling=found[-1].ruling,
                models=solution.models,
                counted=solution.complete,
                choices=dict(zip(text.letters or text.offered, solution.statuses, strict=True)),
                witnesses=solution.witnesses,
            )
        )
        first_read = first_read or problem
    if first_read is not None and all(each.ruling == "contradictory" for each in found):
        # Of the first reading alone: what clashes is costly to find, and to be told once.
        named = clash(text.family, first_read)
        found[0] = found[0]._replace(why=found[0].why + _explained(first_read, named))
        certified[0] = certified[0].model_copy(update={"clash": named.clues, "repair": named.repair})
    certificate = Certificate(
        family=text.name,
        profile=profile,
        text=fingerprint(question),
        key=question.key,
        open=not text.letters,
        problem=text.problem.model_dump(mode="json"),
        sentences=text.problem.said,
        read_by=tuple(read_by),
        readings=tuple(certified),
    ).model_dump(mode="json")
    # Nobody means a reading under which nothing fits, as long as there is another one.
    meant = [i for i, each in enumerate(found) if each.ruling != "contradictory"] or [0]
    first = found[meant[0]]
    by = f"as {', '.join(read_by)} read it: " if read_by else ""
    if len({found[i].outcome for i in meant}) > 1:
        ways = [(certified[i].conventions, found[i]) for i in meant]
        return Ruling(ruling="convention_dependent", why=by + _depends(text.name, ways), certificate=certificate)
    key = text.letters[first.right[0]] if text.letters and len(first.right) == 1 else None
    return Ruling(ruling=first.ruling, true_key=key, why=by + first.why, certificate=certificate)


def _depends(family: str, ways: Sequence[tuple[Mapping[str, str], Found]]) -> str:
    """Which points decide, as questions, and what each of their readings comes to."""

    def decides(point: str) -> bool:
        """Whether changing this point alone changes the outcome."""
        return any(
            one[point] != other[point] and {**one, point: ""} == {**other, point: ""} and a.outcome != b.outcome
            for one, a in ways
            for other, b in ways
        )

    names = list(ways[0][0])
    named = [p for p in names if decides(p)] or [p for p in names if len({way[p] for way, _ in ways}) > 1]
    asked = " ".join(points(family)[point].asks for point in named)
    results: dict[str, str] = {}
    for way, found in ways:
        read = ", ".join(f"{point}: {way[point]}" for point in named)
        results.setdefault(read, f"with {read} it is {found.ruling} ({found.why})")
    said = [*results.values()][:4]
    return f"it depends on what the text leaves open. {asked} {_capital('; '.join(said))}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def weigh(text: Text, problem: Problem, solution: Solution, key: Letter | None) -> Found:
    """What one reading comes to, given what holds over its models."""
    if not solution.models:
        return Found("contradictory", (), "nothing fits all the clues")
    right = tuple(i for i, status in enumerate(solution.statuses) if status in problem.right)
    could = tuple(i for i, status in enumerate(solution.statuses) if status == "could")
    degree = _degree(problem.right)
    if len(right) > 1:
        why = f"{_shown(text, right)} are {degree}"
        return Found("ambiguous", right, why + _differ(solution) * ("must" not in problem.right))
    if not right:
        why = f"no {'choice' if text.letters else 'answer'} is {degree}"
        if could:
            return Found("ambiguous", right, f"{why}; {_shown(text, could)} can hold but need not{_differ(solution)}")
        held = "all of them hold always" if "must" in solution.statuses else "none of them can hold"
        return Found("ambiguous", right, f"{why}; {held}")
    if not text.letters:
        if problem.exclusive and problem.right == ("must",) and could:
            why = f"{_shown(text, right)} is {degree}, {_shown(text, could)} in some of them"
            return Found("ambiguous", right, why + _differ(solution))
        return Found("proven", right, f"the one answer that is {degree}: {_shown(text, right)}")
    why = f"{_shown(text, right)} alone is {degree}"
    if key in (text.letters[right[0]], None):
        return Found("proven", right, why)
    return Found("wrong_key", right, f"{why}, the key is {key}")


def _degree(right: Iterable[Status]) -> str:
    names = {("must",): "right in all models", ("cannot",): "false in all models", ("could", "must"): "possible"}
    return names.get(tuple(sorted(right)), "right")


def _shown(text: Text, indices: Sequence[int]) -> str:
    said = [text.offered[i][:60] for i in indices[:4]]
    if text.letters:
        said = [f"{text.letters[i]} ({what})" for i, what in zip(indices, said, strict=False)]
    return " and ".join([*said, *(["others"] if len(indices) > 4 else [])])


def _differ(solution: Solution) -> str:
    """The two models between which a choice changes, where they are short enough to be said."""
    models = [told(model) for model in solution.witnesses]
    if len(models) < 2 or max(map(len, models)) > MOST_SAID:
        return ""
    return f": both {models[0]} and {models[1]} fit"


def told(model: object) -> str:
    """A model in one line: its values as JSON without the marks."""
    if isinstance(model, Mapping):
        return "; ".join(f"{key} {told(value)}" for key, value in model.items() if value not in (None, [], ""))
    if isinstance(model, list | tuple):
        inner = [f"({told(each)})" if isinstance(each, list | tuple | Mapping) else told(each) for each in model]
        return ", ".join(inner)
    return model if isinstance(model, str) else json.dumps(model)


def _explained(problem: Problem, found: Clash) -> str:
    """Which sentences clash, and which to drop."""
    if not found.clues:
        return ""
    said = problem.said or tuple(canonical(clause) for clause in clauses(problem))

    def quoted(indices: Sequence[int]) -> str:
        return " and ".join(dict.fromkeys(repr(said[i]) for i in indices))

    together = "cannot be true together" if len(found.clues) > 1 else "cannot be true"
    mend = f"; it has models without {quoted(found.repair)}" if found.repair else ""
    return f": {quoted(found.clues)} {together}{mend}"
