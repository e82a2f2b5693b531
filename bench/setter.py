"""How many proven questions a second each family sets on one core, at each level.

    python bench/setter.py [--n N] [--level L]

`make` proves what it sets, so the rate includes the proofs.
"""

import argparse
import random
import time
from statistics import median

from stumper import puzzles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=300, help="questions a family and level (default 300)")
    parser.add_argument("--level", type=int, choices=range(1, 6), help="one level (default: all)")
    arguments = parser.parse_args()
    levels = [arguments.level] if arguments.level else list(range(1, 6))
    print(f"{'family':<20} {'level':>5} {'questions/s':>12} {'median ms':>10} {'slowest ms':>11}")
    for name in puzzles.families():
        make = puzzles.family(name).make
        for level in levels:
            rng = random.Random(0)
            make(rng, level)
            seconds = []
            for _ in range(arguments.n):
                start = time.process_time()
                make(rng, level)
                seconds.append(time.process_time() - start)
            rate = arguments.n / sum(seconds)
            print(f"{name:<20} {level:>5} {rate:>12.0f} {1e3 * median(seconds):>10.2f} {1e3 * max(seconds):>11.1f}")


if __name__ == "__main__":
    main()
