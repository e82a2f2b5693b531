"""How often intervals and tests are wrong, by simulation: `python bench/intervals.py --runs 2000`

Prints, for each n and p, the share of runs whose 95 % interval holds p; and how often the sequential test calls one of
two equal sides better.
"""

import argparse

import numpy as np

from stumper import stats

SIZES = (20, 100, 500)
RATES = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    a = parser.parse_args()
    rng = np.random.default_rng(0)
    print("| n | p | Wilson | Clopper-Pearson |\n|---|---|---|---|")
    for n in SIZES:
        for p in RATES:
            hits = rng.binomial(n, p, a.runs)
            found = []
            for interval in (stats.wilson, stats.clopper_pearson):
                bounds = {int(k): interval(int(k), n) for k in set(hits)}
                found.append(np.mean([bounds[int(k)].low <= p <= bounds[int(k)].high for k in hits]))
            print(f"| {n} | {p:g} | {found[0]:.1%} | {found[1]:.1%} |")
    everything = stats.wilson(20, 20)
    print(f"\n20 of 20: {everything.low:.3f} to {everything.high:.3f}")
    for pairs in (20, 100, 500):
        false = 0
        for _ in range(a.runs // 10):
            wins = np.cumsum(rng.random(pairs) < 0.5)
            false += any(
                stats.sequential(int(wins[k]), k + 1 - int(wins[k])).e_value >= 20
                for k in range(0, pairs, max(1, pairs // 50))
            )
        low, high = stats.wilson(false, a.runs // 10)
        told = f"{false} of {a.runs // 10} called better ({low:.1%} to {high:.1%})"
        print(f"{pairs} discordant pairs of equal sides: {told}")


if __name__ == "__main__":
    main()
