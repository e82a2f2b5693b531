"""What the arena itself costs: `python bench/arena.py --entries 64 --n 2`

A league of scripted entries that answer at once, with a prover that knows the answer: what is left is drawing, playing,
judging, writing to disk. With --kill the league is stopped once in the middle and gone on with.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from players import FIXED, Player, prove

from stumper import arena
from stumper.arena import tournament

INSIDE = [0.0]
"""Seconds within the agents, which are not the arena's."""


def timed(function):
    def call(*arguments, **named):
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            INSIDE[0] += time.perf_counter() - start

    return call


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=64)
    parser.add_argument("--n", type=int, default=2)
    parser.add_argument("--kill", action="store_true")
    a = parser.parse_args()
    players = {f"e{i:02d}": arena.entry(f"e{i:02d}", Player(picks="right" if i % 2 else "x"), FIXED)
               for i in range(a.entries)}  # fmt: skip
    settings = tournament.Settings(format="league", n=a.n)
    with tempfile.TemporaryDirectory() as folder:  # whatever is loaded at the first ball
        two = dict(list(players.items())[:2])
        list(tournament.hold(FIXED, two, settings, Path(folder), prove=prove))
    with tempfile.TemporaryDirectory() as folder:
        for each in players.values():
            each.asker.ask, each.answerer.answer = timed(each.asker.ask), timed(each.answerer.answer)
        start, cpu = time.monotonic(), time.process_time()
        count = 0
        if a.kill:
            for _ in tournament.hold(FIXED, players, settings, Path(folder), prove=prove):
                count += 1
                if count == a.entries:
                    break
        played = list(tournament.hold(FIXED, players, settings, Path(folder), prove=prove))
        balls = sum(len(each.judged) for each in played)
        seconds, used = time.monotonic() - start, time.process_time() - cpu
        print(f"{len(played)} matches, {balls} questions: {seconds:.1f} s, {used:.1f} s of processor time")
        own = seconds - INSIDE[0]
        print(f"{balls / seconds:.0f} questions a second with the agents, {balls / own:.0f} by the arena alone")
        start = time.monotonic()
        told, again = tournament.read(Path(folder))
        found = tournament.standings(told, again)
        print(f"read and ranked again in {time.monotonic() - start:.1f} s; first: {found.order[0]}")


if __name__ == "__main__":
    main()
