"""How much of somebody's questions the readers formalise, what the oracle rules, and why the rest is refused.

    python bench/coverage.py FILE [--family NAME] [--show RULING] [--reasons N]

FILE holds questions in the challenge's format, as JSON or as JSON lines; choices and answers may be absent. With
`--family` only the questions filed under that topic are counted; a question without a topic belongs to `seating`
where it speaks of seats and of nobody's relatives, else to `blood_relations`. No language model is asked.
"""

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

from stumper import oracle, puzzles
from stumper.prompts import from_challenge
from stumper.stats import wilson
from stumper.types import Question, Ruling

SEATS = re.compile(r"\b(?:sit|sits|sitting|seat|seats|seated|seating|row)\b", re.IGNORECASE)
RELATIVES = re.compile(
    r"\b(?:son|daughter|brother|mother|father|uncle|aunt|cousin|nephew|niece|grand\w+|married|husband|wife)s?\b",
    re.IGNORECASE,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--family", choices=puzzles.families(), help="count this family's questions alone")
    parser.add_argument("--reasons", type=int, default=12, help="how many refusal reasons to print (default 12)")
    parser.add_argument("--show", help="print the questions of this ruling, with the reason")
    arguments = parser.parse_args()
    questions = [q for q in _questions(arguments.file) if arguments.family in (None, _family(q))]
    rulings, seconds = [], []
    for question in questions:
        start = time.process_time()
        rulings.append(oracle.prove(question))
        seconds.append(time.process_time() - start)
    _print(rulings, seconds, arguments.reasons)
    for question, ruling in zip(questions, rulings, strict=True):
        if ruling.ruling == arguments.show:
            print(f"\n{question.stem}\n  {'; '.join(question.choices)}\n  -> {ruling.why}")


def _questions(path: Path) -> list[Question]:
    text = path.read_text(encoding="utf-8")
    records = json.loads(text) if text.lstrip().startswith("[") else [json.loads(s) for s in text.splitlines() if s]
    return [from_challenge(record, where=f"{path.name}, question {i}") for i, record in enumerate(records, 1)]


def _family(question: Question) -> str:
    titles = {puzzles.family(name).TITLE.casefold(): name for name in puzzles.families()}
    if question.topic:
        return titles.get(question.topic.casefold(), question.topic)
    return "seating" if SEATS.search(question.stem) and not RELATIVES.search(question.stem) else "blood_relations"


def _print(rulings: list[Ruling], seconds: list[float], reasons: int) -> None:
    counts = Counter(ruling.ruling for ruling in rulings)
    formal = len(rulings) - counts["unformalised"]
    low, high = wilson(formal, len(rulings))
    share = formal / max(1, len(rulings))
    print(f"{len(rulings)} questions, {formal} formalised: {share:.1%} (95 % interval {low:.1%} to {high:.1%})")
    print(f"{1e3 * median(seconds or [0]):.1f} ms a question (median), slowest {1e3 * max(seconds, default=0):.0f} ms")
    for name, n in counts.most_common():
        print(f"{n:>6}  {name}")
    refused: dict[str, list[str]] = defaultdict(list)
    for ruling in rulings:
        if ruling.ruling == "unformalised":
            why, _, sentence = ruling.why.partition(": ")
            refused[why].append(sentence)
    print("\nwhy the others are not read, with an example")
    for why, sentences in sorted(refused.items(), key=lambda item: -len(item[1]))[:reasons]:
        print(f"{len(sentences):>6}  {why}: {sentences[0]}")


if __name__ == "__main__":
    main()
