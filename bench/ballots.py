"""How long it takes to decide stored ballots again, from the files of a run to the verdicts.

    python bench/ballots.py [--questions 200000] [--voters 5] [--policy dependent]

Writes the records of a run's writing, proving and voting into a temporary folder and reads, counts and decides them.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from stumper.committee.compare import POLICIES, decide_all
from stumper.store import Artefact
from stumper.types import LETTERS, Ballot, Question, Ruling, Value, Written, canonical

STEM = (
    "Six people sit in a row facing north. Ann sits at the left end. Bob sits second to the right of Ann. Cy sits next "
    "to Bob. Dee sits at neither end. Eve sits to the right of Dee. Question {number}: who sits next to Ann?"
)

PROVEN = Ruling(ruling="proven", why="A alone is right in all models")
UNREAD = Ruling(ruling="unformalised", why="not understood: 'Cy sits next to Bob'")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200_000)
    parser.add_argument("--voters", type=int, default=5)
    parser.add_argument("--policy", default="dependent", choices=POLICIES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), given.questions, given.voters)
        begun = time.perf_counter()
        written, rulings, ballots = (
            artefact(Path(folder), stage, record).open().done()
            for stage, record in (("generate", Written), ("prove", Ruling), ("vote", Ballot))
        )
        read = time.perf_counter()
        verdicts = decide_all(POLICIES[given.policy], {}, written, rulings, ballots)
        done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(ballots):,} ballots on {len(verdicts):,} questions by {given.policy}: read in {read - begun:.1f} s, "
        f"decided in {done - read:.1f} s, {peak:.2f} GiB at the most"
    )


def artefact(folder: Path, stage: str, record: type) -> Artefact:
    return Artefact(folder, stage, "bench", record)


def write(folder: Path, questions: int, voters: int) -> None:
    rng = random.Random(1)
    truths = [rng.randrange(4) for _ in range(questions)]
    lines(folder, "generate", ((f"q{i}", asked(i, truth)) for i, truth in enumerate(truths)))
    lines(folder, "prove", ((f"q{i}", PROVEN if i % 100 == 0 else UNREAD) for i in range(questions)))
    cast = ((f"q{i}#v{v}", vote(rng, v, truth)) for i, truth in enumerate(truths) for v in range(voters))
    lines(folder, "vote", cast)


def asked(number: int, truth: int) -> Written:
    choices = ("Bob", "Cy", "Dee", "Eve")
    stem = STEM.format(number=number)
    return Written(author="writer", question=Question(topic="seating", stem=stem, choices=choices, key=LETTERS[truth]))


def vote(rng: random.Random, voter: int, truth: int) -> Ballot:
    choice = truth if rng.random() < 0.7 else rng.randrange(4)
    return Ballot(voter=f"v{voter}", choice=choice, order=tuple(rng.sample(range(4), 4)))


def lines(folder: Path, stage: str, records: Iterator[tuple[str, Value]]) -> None:
    path = artefact(folder, stage, Value).folder / "records.jsonl"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8") as file:
        for key, value in records:
            file.write(canonical({"key": key, "value": value.model_dump(mode="json")}) + "\n")


if __name__ == "__main__":
    main()
