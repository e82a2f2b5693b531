"""Do the agents keep their word? Many answers and questions by one model; counts what is invalid and what is late.

    python bench/soak.py runs/hybrid-laptop/model
    python bench/soak.py package.module:function --engine scripted --answers 50 --questions 10

Seconds are taken outside the agents. Each count stands with its exact upper bound: at 95 % confidence the rate is no
higher. Ends with exit code 1 when anything is invalid or late.
"""

import argparse
import json
import random
import sys
import time

from stumper import arena, prompts, puzzles, stats, student
from stumper.agents import QuestionSettings
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.types import Calibration, Question, ScoringRule, seed_for


def setter_question(number: int) -> Question:
    names = puzzles.families()
    family = puzzles.family(names[number % len(names)])
    return family.make(random.Random(seed_for(0, "soak", number)), 1 + number // len(names) % 5)


def soak_answers(entry: arena.Entry, rules: arena.Rules, n: int) -> bool:
    """Answer n questions; returns whether all answers were valid and in time."""
    invalid, guessed, reasoned, seconds = 0, 0, 0, []
    for number in range(n):
        question = setter_question(number)
        start = time.monotonic()
        answer = entry.answerer.answer(question).answer
        text = json.dumps(arena.hand_in(answer), ensure_ascii=False)
        seconds.append(time.monotonic() - start)
        read = prompts.parse_answer(text, len(question.choices))
        invalid += isinstance(read, str) or bool(arena.check_answer(json.loads(text), rules, entry.count_tokens))
        guessed += answer.fallback
        reasoned += answer.rule.reasoned
    return report(
        "answers", seconds, rules.answer.seconds, {"invalid": invalid}, {"guessed": guessed, "reasoned": reasoned}
    )


def soak_questions(entry: arena.Entry, rules: arena.Rules, n: int) -> bool:
    """Write n questions; returns whether all were written, valid and in time."""
    none, invalid, attempts, seconds = 0, 0, 0, []
    for delivery in arena.asked_of(rules, n, 0, entry.name):
        start = time.monotonic()
        asked = arena.ask(rules, delivery, entry)
        text = "" if asked.question is None else prompts.write_question(asked.question, delivery.title)
        seconds.append(time.monotonic() - start)
        attempts += asked.attempts
        none += asked.question is None
        if asked.question is None:
            print(f"question {delivery.number}: {'; '.join(asked.problems)}")
        else:
            invalid += bool(arena.check_question(json.loads(text), rules, entry.count_tokens))
    faults = {"not written": none, "invalid": invalid}
    return report("questions", seconds, rules.question.seconds, faults, {"attempts": attempts})


def report(what: str, seconds: list[float], limit: float, faults: dict[str, int], facts: dict[str, int]) -> bool:
    times = stats.times(seconds, limit)
    print(f"{what}: {times.n}; p50 {times.p50:.2f} s, p95 {times.p95:.2f} s, slowest {times.max:.2f} s of {limit:g} s")
    for name, count in {**faults, "late": times.over}.items():
        print(f"  {name}: {count} (at most {stats.upper_bound(count, times.n):.2%})")
    for name, count in facts.items():
        print(f"  {name}: {count}")
    return not any(faults.values()) and not times.over


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="student's folder, model reference, or (scripted) package.module:function")
    parser.add_argument("--engine", default="llamacpp")
    parser.add_argument("--rules", default="sf-2025")
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--examples", type=int, default=0, help="setter questions shown before each question")
    parser.add_argument("--reasoned", action="store_true", help="reason before the letter while time is left")
    parser.add_argument("--threads", type=int)
    chosen = parser.parse_args()

    rules = arena.load_rules(chosen.rules, traps="fixed")
    letter = ScoringRule()
    calibration = Calibration(scores=(), rule=ScoringRule(reasoned=chosen.reasoned), first=letter)
    spec = ModelSpec(name="soak", engine=chosen.engine, model=chosen.model)
    if chosen.engine != "scripted":
        spec, measured = student.spec_of(chosen.model, chosen.engine)
        calibration = measured or calibration
    engine = open_engine(spec, EngineRuntime(threads=chosen.threads))
    try:
        entry = arena.entry("soak", engine, rules, calibration, QuestionSettings(examples=chosen.examples))
        entry.answerer.wake()
        fine = [soak_answers(entry, rules, chosen.answers)] if chosen.answers else []
        fine += [soak_questions(entry, rules, chosen.questions)] if chosen.questions else []
    finally:
        engine.close()
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
