"""The oracle on the gold set: questions in natural English whose rulings are proven by brute force elsewhere.

    python bench/gold.py [--set unseen] [--show] [--family NAME]

Prints, by family, how many are formalised, how many of those rulings are the stated ones, and how many are proven
falsely. `--show` prints each question that is refused or ruled on differently. The rulings are proven by
`python tests/gold/prove.py`, which shares no code with stumper. The set `unseen` was never looked at while the readers
were written: please keep it so.
"""

import argparse
import json
from pathlib import Path

from stumper import oracle
from stumper.prompts import from_challenge
from stumper.stats import clopper_pearson, wilson

GOLD = Path(__file__).parents[1] / "tests" / "gold"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print what is refused or ruled on differently")
    parser.add_argument("--family", help="this family alone")
    parser.add_argument("--set", choices=("questions", "unseen"), default="questions", help="default: questions")
    arguments = parser.parse_args()
    rows: dict[str, list[tuple[bool, bool, bool]]] = {}
    for line in (GOLD / f"{arguments.set}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if arguments.family not in (None, record["topic"]):
            continue
        question = from_challenge(
            {name: record[name] for name in ("topic", "question", "choices", "answer") if record[name] is not None},
            where=record["id"],
        )
        found = oracle.prove(question)
        read = found.ruling != "unformalised"
        right = (found.ruling, found.true_key) == (record["ruling"], record["true_key"])
        rows.setdefault(record["topic"], []).append((read, right, found.ruling == "proven" and not right))
        if arguments.show and not right:
            print(f"{record['id']}: {record['ruling']} {record['true_key']}, found {found.ruling} {found.true_key}")
            print(f"  {record['question']}\n  {record['choices']}\n  -> {found.why}\n")
    print("| family | questions | formalised | of these as stated | proven falsely |\n|---|---|---|---|---|")
    everything = [each for family in rows.values() for each in family]
    for family, results in [*sorted(rows.items()), ("all", everything)]:
        n, read = len(results), sum(each[0] for each in results)
        right = sum(each[0] and each[1] for each in results)
        low, high = wilson(read, n)
        cells = f"{read} ({read / n:.0%}, {low:.0%} to {high:.0%})"
        false = sum(each[2] for each in results)
        print(f"| {family} | {n} | {cells} | {right} | {false} (at most {clopper_pearson(false, n)[1]:.1%}) |")


if __name__ == "__main__":
    main()
