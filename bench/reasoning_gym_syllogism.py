"""How many keys of reasoning-gym's `syllogism` task the oracle proves, and what an independent count says of the rest.

    pip install --no-deps --target DIR reasoning-gym==0.1.25
    PYTHONPATH=DIR python bench/reasoning_gym_syllogism.py [--n 500] [--seed 0] [--show]

The task asks whether a conclusion follows; its key comes from rules of distribution. Each question is ruled on under
three profiles, and counted once more by looking at every set of inhabited kinds of things.
"""

import argparse
import importlib
import re
import sys
import types
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from stumper import oracle
from stumper.types import Question

STATED = re.compile(r"(All|No|Some) (\w+) are (not )?(\w+)")
PROFILES = ("strict", "exam-us", "exam-india")


def generated(n: int, seed: int) -> Iterator[tuple[str, str]]:
    """(question, key) of n items. Only the task's own module is imported, so its package needs no dependencies."""
    folder = next(path for each in sys.path if (path := Path(each) / "reasoning_gym").is_dir())
    for name, where in (("reasoning_gym", folder), ("reasoning_gym.logic", folder / "logic")):
        package = types.ModuleType(name)
        package.__path__ = [str(where)]
        sys.modules[name] = package
    stubs = {
        "coaching": {"BaseCurriculum": object, "ScalarAttributeDefinition": lambda **_: None},
        "factory": {"ProceduralDataset": _Dataset, "register_dataset": lambda *_: None},
    }
    for name, content in stubs.items():
        module = types.ModuleType(f"reasoning_gym.{name}")
        vars(module).update(content)
        sys.modules[module.__name__] = module
    task = importlib.import_module("reasoning_gym.logic.syllogisms")
    task.SyllogismCurriculum = object
    dataset = task.SyllogismDataset(task.SyllogismConfig(seed=seed, size=n))
    for i in range(n):
        item = dataset[i]
        yield item["question"], item["answer"]


class _Dataset:
    def __init__(self, config: object, seed: int, size: int) -> None:
        self.config, self.seed, self.size = config, seed, size


def follows(question: str, imports: bool) -> bool | None:
    """Whether the last statement is true in all worlds of the others; None where there is no world."""
    *premises, conclusion = (
        (quantifier, subject, bool(negated), predicate)
        for quantifier, subject, negated, predicate in STATED.findall(question)
    )
    terms = list(dict.fromkeys(term for said in (*premises, conclusion) for term in (said[1], said[3])))
    kinds = list(product((False, True), repeat=len(terms)))

    def true(said: tuple[str, str, bool, str], world: list[tuple[bool, ...]]) -> bool:
        quantifier, subject, negated, predicate = said
        inside = [kind[terms.index(predicate)] != negated for kind in world if kind[terms.index(subject)]]
        return {"All": all(inside), "No": not any(inside), "Some": any(inside)}[quantifier]

    held = []
    for mask in range(1 << len(kinds)):
        world = [kind for i, kind in enumerate(kinds) if mask >> i & 1]
        if imports and not all(any(kind[t] for kind in world) for t in range(len(terms))):
            continue
        if all(true(premise, world) for premise in premises):
            held.append(true(conclusion, world))
    return all(held) if held else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print each question whose key is wrong")
    args = parser.parse_args()
    items = list(generated(args.n, args.seed))
    for profile in PROFILES:
        rulings: Counter[str] = Counter()
        differing = 0
        for text, key in items:
            letter = "AB"[("Yes", "No").index(key)]
            question = Question(topic="syllogisms", stem=text, choices=("Yes", "No"), key=letter)
            ruling = oracle.prove(question, profile)
            rulings[ruling.ruling] += 1
            counts = {follows(text, imports) for imports in {"strict": (0, 1), "exam-us": (0,)}.get(profile, (1,))}
            expected = counts.pop() if len(counts) == 1 else None
            proven = {"A": True, "B": False}.get(ruling.true_key or "")
            differing += expected != proven
            if args.show and ruling.ruling == "wrong_key":
                print(f"{profile}: key {key}, {ruling.why}\n{text}\n")
        shares = ", ".join(f"{name} {n} ({n / len(items):.1%})" for name, n in rulings.most_common())
        print(f"{profile}: {shares}; {differing} of {len(items)} differ from the count over all worlds")


if __name__ == "__main__":
    main()
