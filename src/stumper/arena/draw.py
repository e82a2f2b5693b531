"""Who meets whom: knockout, league and Swiss, as pure functions of the seeding and of what was decided so far."""

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Literal, NamedTuple

Form = Literal["knockout", "league", "swiss"]

WIN, DRAW = 2, 1
"""Points in a league or a Swiss tournament."""


class Meeting(NamedTuple):
    round: int
    a: str
    b: str | None
    """None: a bye."""


class Result(NamedTuple):
    meeting: Meeting
    winner: str | None
    """None: a draw, which a knockout does not know."""
    scores: Mapping[str, float]
    """Score of each side in the match; empty for a bye."""


def next_round(form: Form, seeded: Sequence[str], results: Sequence[Result]) -> tuple[Meeting, ...]:
    """The meetings of the round after the results; none when the tournament is over. `seeded`: the best first."""
    if len(seeded) < 2:
        return ()
    return {"knockout": _knockout, "league": _league, "swiss": _swiss}[form](seeded, results)


def rounds(form: Form, entrants: int) -> int:
    """How many rounds a tournament has."""
    return entrants - 1 + entrants % 2 if form == "league" else math.ceil(math.log2(max(entrants, 1)))


def _knockout(seeded: Sequence[str], results: Sequence[Result]) -> tuple[Meeting, ...]:
    """Seeds 1 and 2 can meet in the final alone; byes go to the best seeds."""
    played = max((result.meeting.round for result in results), default=0)
    if not played:
        size = 2 ** rounds("knockout", len(seeded))
        line: list[str | None] = [seeded[i] if i < len(seeded) else None for i in bracket(size)]
    else:
        line = [result.winner for result in results if result.meeting.round == played]
    if len(line) < 2:
        return ()
    places = {name: place for place, name in enumerate(seeded)}
    met = (
        sorted((side for side in pair if side is not None), key=places.__getitem__)
        for pair in zip(line[::2], line[1::2], strict=True)
    )
    return tuple(Meeting(played + 1, pair[0], pair[1] if len(pair) > 1 else None) for pair in met)


def bracket(size: int) -> list[int]:
    """Places (from 0) of the seeds along a bracket of a power of two: the best two at its ends, and so on within."""
    line = [0]
    while len(line) < size:
        line = [place for seed in line for place in (seed, 2 * len(line) - 1 - seed)]
    return line


def _league(seeded: Sequence[str], results: Sequence[Result]) -> tuple[Meeting, ...]:
    """All against all by the circle method: one place stands still, the others turn."""
    number = max((result.meeting.round for result in results), default=0) + 1
    if number > rounds("league", len(seeded)):
        return ()
    places: list[str | None] = [*seeded, *([None] if len(seeded) % 2 else [])]
    turning = places[1:]
    turn = (number - 1) % len(turning)
    line = [places[0], *turning[turn:], *turning[:turn]]
    pairs = zip(line[: len(line) // 2], reversed(line[len(line) // 2 :]), strict=True)
    return tuple(Meeting(number, a or b or "", b if a else None) for a, b in pairs)


def _swiss(seeded: Sequence[str], results: Sequence[Result]) -> tuple[Meeting, ...]:
    """Those of equal standing meet, nobody twice while that can be; a bye goes to the last one who had none."""
    number = max((result.meeting.round for result in results), default=0) + 1
    if number > rounds("swiss", len(seeded)):
        return ()
    order = standing(seeded, results)
    byes = [result.meeting.a for result in results if result.meeting.b is None]
    free = next((name for name in reversed(order) if name not in byes), order[-1]) if len(order) % 2 else None
    met = {frozenset(pair) for pair in _pairs_of(results)}
    rest = [name for name in order if name != free]
    pairs = _pair(rest, met) or [(rest[i], rest[i + 1]) for i in range(0, len(rest), 2)]
    meetings = [Meeting(number, a, b) for a, b in pairs]
    return (*meetings, *([Meeting(number, free, None)] if free else []))


def _pairs_of(results: Sequence[Result]) -> Iterator[tuple[str, str]]:
    for result in results:
        if result.meeting.b is not None:
            yield result.meeting.a, result.meeting.b


def _pair(order: Sequence[str], met: Set[frozenset[str]], tries: int = 20_000) -> list[tuple[str, str]] | None:
    """Pairs along the order in which nobody meets again; None where none were found in so many tries."""
    left = [tries]

    def pair(rest: list[str]) -> list[tuple[str, str]] | None:
        if not rest:
            return []
        left[0] -= 1
        if left[0] < 0:
            return None
        for other in rest[1:]:
            if frozenset((rest[0], other)) not in met:
                found = pair([name for name in rest[1:] if name != other])
                if found is not None:
                    return [(rest[0], other), *found]
        return None

    return pair(list(order))


def points(seeded: Sequence[str], results: Sequence[Result]) -> dict[str, int]:
    """A bye counts as a win."""
    found = dict.fromkeys(seeded, 0)
    for result in results:
        sides = [side for side in (result.meeting.a, result.meeting.b) if side is not None]
        for side in sides:
            found[side] += WIN if result.winner == side else DRAW if result.winner is None else 0
    return found


def standing(seeded: Sequence[str], results: Sequence[Result]) -> list[str]:
    """The entrants in order: by points, then by the sum of their scores, then by seed."""
    won = points(seeded, results)
    scored = dict.fromkeys(seeded, 0.0)
    for result in results:
        for side, score in result.scores.items():
            scored[side] += score
    return sorted(seeded, key=lambda name: (-won[name], -scored[name], seeded.index(name)))


def final_order(form: Form, seeded: Sequence[str], results: Sequence[Result]) -> list[str]:
    """The entrants in the order of their success. In a knockout: by the round in which they were beaten."""
    if form != "knockout":
        return standing(seeded, results)
    beaten = {
        side: result.meeting.round
        for result in results
        for side in (result.meeting.a, result.meeting.b)
        if side is not None and side != result.winner
    }
    last = rounds("knockout", len(seeded)) + 1
    return sorted(seeded, key=lambda name: (-beaten.get(name, last), seeded.index(name)))
