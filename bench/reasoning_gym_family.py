"""How many keys of reasoning-gym's `family_relationships` task the oracle proves and refutes, read as text.

    pip install --no-deps --target DIR reasoning-gym==0.1.25
    PYTHONPATH=DIR python bench/reasoning_gym_family.py [--n 500] [--seed 0] [--show] [--out FILE]

Each item is an open question ("What is Ann to Bob?") with a kin term as its key. The text says nobody's sex; the task
has it from two lists of names. So every item is ruled on as it stands, by what first names say under `exam-us`, and
with the sexes of the task's own lists stated in front ("Ann is a woman."). A key is refuted where it holds in no
family. An independent count works the right terms out from the couples and children that the text lists.
"""

import argparse
import importlib
import json
import re
import sys
import types
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from stumper import puzzles
from stumper.oracle.conventions import readings
from stumper.puzzles import TooLarge, Unread
from stumper.stats import wilson

FAMILY = puzzles.family("blood_relations")


def generated(n: int, seed: int) -> Iterator[tuple[str, str, dict[str, bool]]]:
    """(question, key, name -> male) of n items. Only the task's own module is imported: no dependency is needed."""
    folder = next(path for each in sys.path if (path := Path(each) / "reasoning_gym").is_dir())
    for name, where in (("reasoning_gym", folder), ("reasoning_gym.graphs", folder / "graphs")):
        package = types.ModuleType(name)
        package.__path__ = [str(where)]
        sys.modules[name] = package
    stubs = {
        "coaching": {"BaseCurriculum": object, "RangeAttributeDefinition": lambda **_: None},
        "factory": {"ProceduralDataset": _Dataset, "register_dataset": lambda *_: None},
        "utils": {"StrEnum": StrEnum},
    }
    for name, content in stubs.items():
        module = types.ModuleType(f"reasoning_gym.{name}")
        vars(module).update(content)
        sys.modules[module.__name__] = module
    task = importlib.import_module("reasoning_gym.graphs.family_relationships")
    config = task.FamilyRelationshipsConfig(seed=seed, size=n)
    dataset = task.FamilyRelationshipsDataset(config)
    male = dict.fromkeys(config.male_names, True) | dict.fromkeys(config.female_names, False)
    for i in range(n):
        item = dataset[i]
        yield item["question"], item["answer"], male


class _Dataset:
    def __init__(self, config: object, seed: int, size: int) -> None:
        self.config, self.seed, self.size = config, seed, size


def counted(text: str, male: dict[str, bool]) -> set[str]:
    """The right terms, from the couples and children that the text lists; shares nothing with stumper."""
    parents: dict[str, set[str]] = {}
    spouse: dict[str, str] = {}
    for one, other, children in re.findall(
        r"(\w+) is married to (\w+)\.(?: They have (?:a child|children) called ([\w, ]+)\.)?", text
    ):
        spouse |= {one: other, other: one}
        for child in re.findall(r"[A-Z]\w+", children):
            parents[child] = {one, other}

    def up(people: set[str]) -> set[str]:
        return {parent for person in people for parent in parents.get(person, ())}

    def siblings(people: set[str]) -> set[str]:
        return {q for q in parents for p in people if p != q and parents.get(p) == parents[q]}

    def wed(people: set[str]) -> set[str]:
        return {spouse[p] for p in people if p in spouse}

    def down(people: set[str]) -> set[str]:
        return {child for child, both in parents.items() if both & people}

    asked = re.search(r"(?:What is|How is|What relation is) (\w+) (?:related )?to (\w+)\?", text)
    assert asked is not None
    subject, to = asked[1], {asked[2]}
    ways = {
        ("father", "mother"): up(to),
        ("son", "daughter"): down(to),
        ("brother", "sister"): siblings(to),
        ("husband", "wife"): wed(to),
        ("grandfather", "grandmother"): up(up(to)),
        ("grandson", "granddaughter"): down(down(to)),
        ("uncle", "aunt"): siblings(up(to)) | wed(siblings(up(to))),
        ("nephew", "niece"): down(siblings(to)) | down(siblings(wed(to))),
        ("father-in-law", "mother-in-law"): up(wed(to)),
        ("son-in-law", "daughter-in-law"): wed(down(to)),
        ("brother-in-law", "sister-in-law"): siblings(wed(to)) | wed(siblings(to)) | wed(siblings(wed(to))),
    }
    return {terms[not male[subject]] for terms, found in ways.items() if subject in found}


def status(text: str, key: str, profile: str) -> str:
    """What the oracle makes of a key: must, could or cannot hold, "depends" on an open point, or "unread"."""
    try:
        problem = FAMILY.read(text, [key])
        found = {FAMILY.solve(p).statuses[0] for _, p in readings("blood_relations", FAMILY, problem, profile)}
    except (Unread, TooLarge):
        return "unread"
    return found.pop() if len(found) == 1 else "depends"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print each question whose key is refuted")
    parser.add_argument("--out", type=Path, help="write the items as JSON lines")
    args = parser.parse_args()
    items = list(generated(args.n, args.seed))
    if args.out:
        lines = (json.dumps({"question": text, "answer": key}) + "\n" for text, key, _ in items)
        args.out.write_text("".join(lines), encoding="utf-8")
    wrong = {text for text, key, male in items if key not in counted(text, male)}
    rows: dict[str, Counter[str]] = {"as it stands": Counter(), "first names": Counter(), "sexes stated": Counter()}
    differing, why = 0, Counter[str]()
    for text, key, male in items:
        people = sorted(set(re.findall(r"[A-Z]\w+", text)) & male.keys())
        stated = " ".join(f"{name} is a {'man' if male[name] else 'woman'}." for name in people) + " " + text
        found = [status(text, key, "strict"), status(text, key, "exam-us"), status(stated, key, "exam-us")]
        for row, each in zip(rows.values(), found, strict=True):
            row[each] += 1
        differing += (found[-1] == "cannot") != (text in wrong)
        if found[-1] == "cannot":
            right = sorted(counted(text, male))
            why[f"{key} where {' and '.join(right)} is right"] += 1
            if args.show:
                print(f"{text}\n  key {key}, right {', '.join(right)}\n")
    for name, row in rows.items():
        read = args.n - row["unread"]
        low, high = wilson(row["cannot"], read)
        print(
            f"{name}: {read} of {args.n} read; key refuted {row['cannot']} ({row['cannot'] / max(1, read):.1%}, ",
            end="",
        )
        print(f"95 % interval {low:.1%} to {high:.1%}); {dict(row)}")
    low, high = wilson(len(wrong), args.n)
    print(f"independent count: {len(wrong)} wrong ({len(wrong) / args.n:.1%}, {low:.1%} to {high:.1%}); ", end="")
    print(f"{differing} of {args.n} differ from the oracle with the sexes stated")
    for kind, n in why.most_common():
        print(f"{n:>6}  {kind}")


if __name__ == "__main__":
    main()
