"""What a choice must do to be right, and the rulings that follow. Knows nothing of stumper."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

LETTERS = "ABCDE"


class Undetermined:
    """The choice "cannot be determined": right when no other choice is."""

    def __repr__(self) -> str:
        return "UNDETERMINED"


class NoneOfThese:
    """The choice "none of these": holds in a model in which no other choice does."""

    def __repr__(self) -> str:
        return "NONE_OF_THESE"


UNDETERMINED = Undetermined()
NONE_OF_THESE = NoneOfThese()


class Reading(NamedTuple):
    """One reading of a question: whether anything fits its text, and which choices are then right."""

    fits: bool
    right: frozenset[int]
    labels: tuple[Any, ...] = ()
    """What the choices say, where it is a word or a number: compared with the printed choices."""
    size: int = 0


class Outside(NamedTuple):
    """Why no finite model states the question."""

    why: str


def _judge(models: Iterable[Any], choices: Sequence[Any], right: Callable[[list[bool]], bool]) -> Reading:
    """choices: predicates of a model or the two sentinels; right: from a choice's truth in all models to its merit."""
    models = list(models)
    preds = [c for c in choices if not isinstance(c, Undetermined | NoneOfThese)]
    truth: list[list[bool] | None] = []
    for choice in choices:
        if isinstance(choice, Undetermined):
            truth.append(None)
        elif isinstance(choice, NoneOfThese):
            truth.append([not any(p(m) for p in preds) for m in models])
        else:
            truth.append([bool(choice(m)) for m in models])
    good = {i for i, t in enumerate(truth) if models and t is not None and right(t)}
    if models and not good:
        good = {i for i, t in enumerate(truth) if t is None}
    return Reading(bool(models), frozenset(good), (), len(models))


def holds(models: Iterable[Any], *choices: Any) -> Reading:
    """Right: true in all models."""
    return _judge(models, choices, all)


def could(models: Iterable[Any], *choices: Any) -> Reading:
    """Right: true in some model."""
    return _judge(models, choices, any)


def never(models: Iterable[Any], *choices: Any) -> Reading:
    """Right: true in no model."""
    return _judge(models, choices, lambda t: not any(t))


def may_fail(models: Iterable[Any], *choices: Any) -> Reading:
    """Right: false in some model."""
    return _judge(models, choices, lambda t: not all(t))


def asks(models: Iterable[Any], value: Callable[[Any], Any], *labels: Any) -> Reading:
    """Right: equal to the value in all models."""

    def named(label: Any) -> Any:
        if isinstance(label, Undetermined | NoneOfThese):
            return label
        return lambda m: value(m) == label

    return holds(models, *map(named, labels))._replace(labels=labels)


def ruling(readings: dict[str, Reading], key: str | None) -> tuple[str, str | None]:
    """The ruling and the right letter that all readings together give."""
    found = {(r.fits, r.right) for r in readings.values()}
    if len(found) > 1:
        return "convention_dependent", None
    [(fits, right)] = found
    if not fits:
        return "contradictory", None
    if len(right) != 1:
        return "ambiguous", None
    true = LETTERS[next(iter(right))]
    return ("proven" if key in (true, None) else "wrong_key"), true
