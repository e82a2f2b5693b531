"""Three engines on the same seating problems: eight people on a circle, each looking in or out by himself.

    python bench/seating_engines.py [--n N] [--seed S]

Each time is that of one proof, from the typed problem to the status of all four choices: the package's own search,
its answer-set program under clingo, and the same clues stated for z3 (`pip install z3-solver`; left out where it is
missing). Ratios are medians over the problems of the time against that of the own search.

The second table is for whole rulings, from the setter's text on such a circle to the certificate: as they come in one
process, and with every sentence parsed anew (what was parsed once is kept, whatever names stand in it).
"""

import argparse
import random
import time
from collections.abc import Callable
from itertools import islice
from statistics import median, quantiles
from typing import Any

from stumper import oracle
from stumper.oracle import engines
from stumper.puzzles import Status, seating, status
from stumper.puzzles._grammar import parses
from stumper.puzzles._seating_language import (
    Adjacent,
    AnyClue,
    Beside,
    Faces,
    FacesAlike,
    Gap,
    Not,
    Opposite,
    Seating,
    WhoSits,
    proposition,
)

PEOPLE = ("Ana", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal")
SIZE = len(PEOPLE)


def true_clue(rng: random.Random, seats: list[str], outwards: dict[str, bool]) -> AnyClue:
    """Something true of people who sit clockwise."""
    here, steps = rng.randrange(SIZE), rng.randint(1, 3)
    one, other = seats[here], seats[(here + steps) % SIZE]
    stranger = rng.choice([name for name in seats if name not in (one, other)])
    alike = FacesAlike(who=one, of=other)
    gap = abs(seats.index(stranger) - here)
    return rng.choice(
        (
            Beside(who=other, side="right" if outwards[one] else "left", steps=steps, of=one),
            Beside(who=one, side="left" if outwards[other] else "right", steps=steps, of=other),
            Gap(who=one, of=other, people=steps - 1),
            Opposite(who=one, of=seats[(here + SIZE // 2) % SIZE]),
            Faces(who=one, direction="outwards" if outwards[one] else "centre"),
            alike if outwards[one] == outwards[other] else Not(clue=alike),
            Not(clue=Adjacent(who=one, of=stranger)) if 1 < gap < SIZE - 1 else Adjacent(who=one, of=seats[here - 1]),
        )
    )


def set_problem(rng: random.Random) -> Seating:
    """As many clues as settle who sits at a place: 6 to 16."""
    seats = rng.sample(PEOPLE, SIZE)
    outwards = {name: rng.random() < 0.5 for name in PEOPLE}
    of = rng.choice(PEOPLE)
    choices = tuple(rng.sample([name for name in PEOPLE if name != of], 4))
    query = WhoSits(where=Beside(who="?", side=rng.choice(("left", "right")), steps=rng.randint(1, 3), of=of))
    clues: list[AnyClue] = []
    while len(clues) < 16:
        clues.append(true_clue(rng, seats, outwards))
        problem = Seating(
            shape="circle", facing="mixed", people=PEOPLE, clues=tuple(clues), query=query, choices=choices
        )
        found = seating.solve(problem)
        if len(clues) > 5 and found.complete and set(found.statuses) <= {"must", "cannot"}:
            return problem
    return set_problem(rng)


def by_z3(z3: Any, problem: Seating) -> tuple[Status, ...]:
    """The statuses of the choices, each by two calls of a solver that holds the clues."""
    solver = z3.Solver()
    seat = {name: z3.Int(f"seat {name}") for name in problem.people}
    out = {name: z3.Bool(f"out {name}") for name in problem.people}
    solver.add(*(z3.And(s >= 0, s < SIZE) for s in seat.values()), z3.Distinct(*seat.values()))
    solver.add(seat[problem.people[0]] == 0)

    def clockwise(one: str, other: str, steps: int) -> Any:
        return z3.Or(seat[other] - seat[one] == steps, seat[other] - seat[one] == steps - SIZE)

    def holds(clue: AnyClue) -> Any:
        match clue:
            case Not(clue=plain):
                return z3.Not(holds(plain))
            case Beside(who=who, side=side, steps=steps, of=of):
                there, back = clockwise(of, who, steps), clockwise(of, who, SIZE - steps)
                return z3.If(out[of] == (side == "right"), there, back)
            case Adjacent(who=who, of=of):
                return z3.Or(clockwise(who, of, 1), clockwise(of, who, 1))
            case Gap(who=who, of=of, people=people):
                return z3.Or(clockwise(who, of, people + 1), clockwise(of, who, people + 1))
            case Opposite(who=who, of=of):
                return clockwise(who, of, SIZE // 2)
            case Faces(who=who, direction=direction):
                return out[who] == (direction == "outwards")
            case FacesAlike(who=who, of=of):
                return out[who] == out[of]
        raise AssertionError(clue)

    solver.add(*(holds(clue) for clue in problem.clues))
    found = []
    for choice in problem.choices:
        claim = holds(proposition(problem.query, choice))
        found.append(status({truth for truth in (True, False) if solver.check(claim == truth) == z3.sat}))
    return tuple(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=100, help="problems (default 100)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    problems = [set_problem(rng) for _ in range(arguments.n)]
    ways: dict[str, Callable[[Seating], tuple[Status, ...] | None]] = {
        "own": lambda problem: seating.solve(problem).statuses,
        "clingo": lambda problem: seating.recheck(problem, engines.statuses),
        "both": lambda problem: engines.solve(seating, problem).statuses,
    }
    try:
        import z3

        ways["z3"] = lambda problem: by_z3(z3, problem)
    except ImportError:
        print("z3 is left out: pip install z3-solver brings it.")
    for way in ways.values():
        way(problems[0])
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for problem in problems:
        found = set()
        for name, way in ways.items():
            start = time.process_time()
            found.add(way(problem))
            seconds[name].append(time.process_time() - start)
        assert len(found) == 1, problem
    clues = median(len(problem.clues) for problem in problems)
    print(f"{len(problems)} problems, {clues:.0f} clues in the median; milliseconds on one core")
    print(f"{'engine':<8} {'median':>8} {'99 %':>8} {'slowest':>8} {'ratio':>8}")
    for name, times in seconds.items():
        ratio = median(t / own for t, own in zip(times, seconds["own"], strict=True))
        last = quantiles(times, n=100)[98]
        print(f"{name:<8} {1e3 * median(times):>8.2f} {1e3 * last:>8.2f} {1e3 * max(times):>8.2f} {ratio:>8.1f}")
    _whole_rulings(arguments.n, rng)


def _whole_rulings(n: int, rng: random.Random) -> None:
    set_now = (seating.make(rng, 5) for _ in iter(int, 1))
    asked = list(islice((q for q in set_now if q.clues is not None and len(q.clues["people"]) == SIZE), n))
    print(f"\n{n} texts, milliseconds from text to certificate on one core")
    print(f"{'sentences':<12} {'median':>8} {'99 %':>8} {'slowest':>8}")
    for name in ("parsed anew", "as they come"):
        times = []
        for question in asked:
            if name == "parsed anew":
                parses.cache_clear()
            start = time.process_time()
            ruling = oracle.prove(question)
            times.append(time.process_time() - start)
            assert ruling.ruling == "proven"
            assert ruling.certificate is not None
        last = quantiles(times, n=100)[98]
        print(f"{name:<12} {1e3 * median(times):>8.2f} {1e3 * last:>8.2f} {1e3 * max(times):>8.2f}")


if __name__ == "__main__":
    main()
