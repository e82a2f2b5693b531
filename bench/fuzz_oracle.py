"""Hands the oracle texts that nobody would write, and reports what it should never do.

    python bench/fuzz_oracle.py [--seconds S] [--seed S] [--topic FAMILY]

Texts are spliced from the setter's questions: sentences of others, words dropped, doubled and swapped, grammar words,
numbers, brackets and speech within speech, odd characters, great lengths, foreign choices. Reported are errors of ours,
exceptions, proofs that differ, certificates that do not hold, and rulings that take more than a second of processor
time; each with the seed that makes it again (--only SEED). Exit code 1 where there is any.
"""

import argparse
import json
import logging
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from stumper import oracle, puzzles
from stumper.oracle.check import check
from stumper.oracle.engines import Disagreement
from stumper.types import LETTERS, Question

SLOW = 1.0
"""Seconds of processor time."""

GIVE_UP = 30
"""Seconds on the clock."""

META = ("Cannot be determined", "None of these", "None of the above", "All of the above", "Both A and B", "No data")
GLUE = (
    *("and", "or", "not", "if", "then", "only", "exactly", "at", "least", "most", "either", "neither", "nor", "but"),
    *("while", "who", "which", "whose", "the", "a", "an", "of", "to", "from", "in", "between", "left", "right", "is"),
    *("immediately", "second", "third", "first", "last", "end", "every", "all", "some", "no", "none", "same", "are"),
    *("different", "was", "has", "have", "sits", "says", "their", "his", "her", "he", "she", "it", "they", "them"),
    *("him", "one", "two", "three", "four", "seven", "8", "99", "1000000", "-1", "0.5", "two-thirds"),
)
ODD = (
    *("\u202e", "\u0301", "\x00", "\ud800", "\u2019", "\u201c", "\u201d", "\u2014", "\u2026", "\n", "\t", "\ufb01"),
    *("\u2163", "\uff11", "\u0130", "\u00df", "\U0001f642", "\u00a0", ";;"),
)
SWAPPED = (
    ("left", "right", "north", "south", "clockwise"),
    ("first", "second", "third", "fourth", "fifth", "last"),
    ("one", "two", "three", "four", "five", "six"),
    ("All", "No", "Some", "Only", "Every", "Each", "Not", "Any"),
    ("father", "mother", "son", "daughter", "brother", "sister", "husband", "wife", "uncle", "niece", "cousin"),
    ("grandfather", "grandmother", "grandson", "granddaughter", "parent", "child", "sibling", "spouse"),
    ("knight", "knave", "liar", "truth-teller", "spy"),
    ("knights", "knaves", "liars", "truth-tellers"),
    ("immediately", "directly", "exactly", "somewhere", "anywhere", "not"),
    ("before", "after", "above", "below", "between", "opposite", "beside"),
    ("taller", "shorter", "older", "younger", "cheaper", "tallest", "shortest", "oldest", "newest", "cheapest"),
    ("is", "is not", "was", "sits", "are"),
    ("and", "or", "but", "if", "unless"),
    ("must", "can", "could", "cannot", "may"),
    ("true", "false"),
)
"""Words that may stand in for one another and leave a sentence a sentence."""


class Odd(NamedTuple):
    what: str
    seed: int
    detail: str


class _GaveUp(BaseException):
    """Past everything that catches Exception."""


def _give_up(*_: object) -> None:
    raise _GaveUp


def set_question(rng: random.Random, topic: str | None) -> Question:
    return puzzles.family(topic or rng.choice(puzzles.families())).make(rng, rng.randint(1, 5))


def text_edits(rng: random.Random, other: Question) -> Sequence[Callable[[list[str]], list[str]]]:
    """Changes to a list of words."""

    def at(words: list[str]) -> int:
        return rng.randrange(len(words) + 1)

    def put(words: list[str], more: Sequence[str]) -> list[str]:
        i = at(words)
        return [*words[:i], *more, *words[i:]]

    def part(words: list[str]) -> list[str]:
        i, j = sorted((at(words), at(words)))
        return words[i:j]

    def swap(words: list[str]) -> list[str]:
        words = list(words)
        if len(words) > 1:
            i, j = rng.sample(range(len(words)), 2)
            words[i], words[j] = words[j], words[i]
        return words

    foreign = other.stem.split()
    sentences = other.stem.replace("? ", ". ").split(". ")
    return (
        swap,
        lambda words: put(words, [rng.choice(sentences).rstrip(".?") + "."]),
        lambda words: [*(s + "." for s in rng.sample(sentences, 1)), *words],
        lambda words: put(words, part(foreign)[:8]),
        lambda words: put(words, [rng.choice(foreign)]),
        lambda words: put(words, rng.choices(GLUE, k=rng.randint(1, 4))),
        lambda words: put(words, part(words)),
        lambda words: [w for w in words if w not in part(words)[:3]],
        lambda words: words[: at(words)],
        lambda words: put(words, [rng.choice(ODD)]),
        lambda words: [w + rng.choice(ODD) if rng.random() < 0.05 else w for w in words],
        lambda words: [rng.choice(GLUE) if rng.random() < 0.08 else w for w in words],
        lambda words: [w.upper() if rng.random() < 0.1 else w for w in words],
        lambda words: put(words, ["(" * (k := rng.choice((1, 3, 60))) + "so" + ")" * k]),
        lambda words: put(words, ["Ana", "says:", "'Bo", "says", "that"] * rng.choice((1, 2, 40))),
        lambda words: words * rng.choice((2, 3)),
        lambda words: (words * 400)[: rng.choice((500, 1500))],
        lambda words: put(words, [", ".join(f"Ab{i}" for i in range(rng.choice((3, 9, 60)))) + ","]),
    )


def light_edit(rng: random.Random, stem: str, other: Question) -> str:
    """A change that mostly leaves sentences: one dropped, doubled or moved, a name or word for another of its kind."""
    parts = re.split(r"(?<=[.?]) +", stem)
    names = sorted(set(re.findall(r"(?<=[a-z] )[A-Z][a-z]+", stem))) or ["Ana"]
    i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
    match rng.randrange(8):
        case 0:
            del parts[i]
        case 1:
            parts.insert(j, parts[i])
        case 2:
            parts[i], parts[j] = parts[j], parts[i]
        case 3:
            parts[i] = re.sub(rf"\b{rng.choice(names)}\b", rng.choice(names), parts[i])
        case 4:
            foreign = rng.choice(re.split(r"(?<=[.?]) +", other.stem))
            parts.insert(j, re.sub(r"(?<=[a-z] )[A-Z][a-z]+", lambda _: rng.choice(names), foreign))
        case _:
            kinds = [kind for kind in SWAPPED if set(kind) & set(re.findall(r"[\w-]+", stem))]
            words = rng.choice(kinds) if kinds else GLUE
            old, new = rng.choice(words), rng.choice(words)
            return re.sub(rf"\b{old}\b", new, stem, count=rng.choice((0, 1)))
    return " ".join(parts)


def choice_edits(rng: random.Random, other: Question) -> Sequence[Callable[[list[str]], list[str]]]:
    """Changes to a list of choices."""
    return (
        lambda _: [],
        lambda choices: [*choices, *other.choices][:9],
        lambda choices: [*choices[:3], rng.choice(META)],
        lambda choices: [*choices[:2], *rng.sample(META, 2)],
        lambda choices: [c if rng.random() < 0.6 else rng.choice(other.choices) for c in choices],
        lambda choices: [f"{c} and {rng.choice(choices)}" for c in choices],
        lambda choices: [f"{rng.choice(('Both', 'Only', 'Neither', 'Not'))} {c}" for c in choices],
        lambda choices: [rng.choice(choices)] * len(choices),
        lambda choices: [c * rng.choice((1, 1, 50)) for c in choices],
        lambda choices: [rng.choice((c, c.lower(), c.upper(), c + ".", f"{c}{rng.choice(ODD)}")) for c in choices],
        lambda choices: [str(rng.randint(-1, 99)) for _ in choices],
    )


def question(seed: int, topic: str | None = None) -> Question:
    """The text of one attempt."""
    rng = random.Random(seed)
    base, other = set_question(rng, topic), set_question(rng, None if rng.random() < 0.3 else topic)
    if rng.random() < 0.7:
        other = puzzles.family(base.topic).make(rng, rng.randint(1, 5))
    words, choices = base.stem.split(), list(base.choices)
    light = rng.random() < 0.7
    for _ in range(rng.choice((0, 1, 1, 2, 3) if light else (1, 1, 2, 3))):
        words = light_edit(rng, " ".join(words), other).split() if light else rng.choice(text_edits(rng, other))(words)
    if rng.random() < 0.5 and choices:
        choices = rng.choice(choice_edits(rng, other))(choices)
    key = rng.choice([None, *LETTERS[: len(choices)]]) if choices else None
    about = rng.choice([base.topic, base.topic, "", other.topic])
    return Question(topic=about, stem=" ".join(words), choices=tuple(choices), key=key)


def attempt(seed: int, topic: str | None, rulings: Counter[str]) -> tuple[float, Odd | None]:
    """One ruling: its seconds, and what is wrong with it."""
    asked = question(seed, topic)
    shown = json.dumps({"topic": asked.topic, "question": asked.stem[:600], "choices": [c[:80] for c in asked.choices]})
    start = time.process_time()
    signal.alarm(GIVE_UP)
    try:
        ruling = oracle.prove(asked)
    except _GaveUp:
        return float(GIVE_UP), Odd("endless", seed, shown)
    except Disagreement as error:
        return time.process_time() - start, Odd("disagreement", seed, f"{str(error)[:600]} {shown}")
    except Exception as error:  # it is what is looked for
        return time.process_time() - start, Odd("exception", seed, f"{type(error).__name__}: {error} {shown}")
    finally:
        signal.alarm(0)
    took = time.process_time() - start
    rulings[ruling.ruling] += 1
    if ruling.why.startswith(oracle.OWN_FAULT):
        return took, Odd("error of ours", seed, f"{ruling.why} {shown}")
    if took > SLOW:
        return took, Odd("slow", seed, f"{took:.1f} s, {ruling.ruling}: {ruling.why[:100]} {shown}")
    fault = check({"id": "", **ruling.model_dump(mode="json")}, asked) if ruling.certificate else None
    # A family whose second engine is not written yet is no fault of the certificate.
    if fault and "no answer-set program" not in fault:
        return took, Odd("certificate", seed, f"{fault} {shown}")
    return took, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=0, help="of the first text; the next has the next one")
    parser.add_argument("--topic", help="one family (default: all)")
    parser.add_argument("--only", type=int, metavar="SEED", help="the text of this seed alone")
    arguments = parser.parse_args()
    logging.getLogger("stumper").setLevel(logging.CRITICAL if arguments.only is None else logging.DEBUG)
    signal.signal(signal.SIGALRM, _give_up)
    rulings: Counter[str] = Counter()
    odd: Counter[str] = Counter()
    slowest = (0.0, 0)
    seed, end = arguments.only if arguments.only is not None else arguments.seed, time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        took, found = attempt(seed, arguments.topic, rulings)
        slowest = max(slowest, (took, seed))
        if found:
            odd[found.what] += 1
            if odd[found.what] <= 20:
                print(f"{found.what}, seed {found.seed}: {found.detail}", flush=True)
        seed += 1
        if arguments.only is not None:
            break
    print(f"{seed - (arguments.only or arguments.seed)} texts: {dict(rulings)}")
    print(f"slowest {slowest[0]:.2f} s (seed {slowest[1]}); found {dict(odd) or 'nothing'}")
    return int(bool(odd))


if __name__ == "__main__":
    sys.exit(main())
