"""What a training recipe is worth: `python bench/train_recipe.py --levels 1 1 2 --rows 3000 learning_rate=2e-3`

Sets questions, trains on them as the stage does, and lets base and tuned model answer the same held-out questions.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from stumper import dataset, prompts, puzzles, train
from stumper.agents import AnswerAgent, AnswerSettings
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.stats import mcnemar_of, share
from stumper.train.trainer import CHECKPOINTS
from stumper.types import LETTERS, Example, Question, ScoringRule, seed_for


def questions(topics: list[str], levels: list[int], count: int, root: int) -> list[Question]:
    """Questions without twins, names disregarded."""
    found: dict[str, Question] = {}
    n = 0
    while len(found) < count:
        level, topic = levels[n // len(topics) % len(levels)], topics[n % len(topics)]
        question = puzzles.family(topic).make(random.Random(seed_for(root, topic, level, n)), level)
        found.setdefault(dataset.renamed(question.stem) + " ".join(sorted(question.choices)), question)
        n += 1
    return list(found.values())


def example(question: Question, role: str, form: str, split: str, item: str) -> Example:
    title = puzzles.family(question.topic).TITLE
    right = question.choices[LETTERS.index(question.key or "A")]
    before = {"letter": "", "stated": right, "reasoned": question.reasoning}[form]
    answers = role == "<A>"
    return Example(
        role=role,
        split=split,
        topic=question.topic,
        level=question.level,
        messages=prompts.render_answer_request(question)
        if answers
        else prompts.render_question_request(title, question.level or 1),
        completion=prompts.write_answer(question.key or "A", before)
        if answers
        else prompts.write_question(question, title),
        item=item,
    )


def answered(spec: ModelSpec, held_out: list[Question], rule: ScoringRule, threads: int | None) -> list[bool]:
    engine = open_engine(spec, EngineRuntime(threads=threads))
    agent = AnswerAgent(engine, AnswerSettings(rule=rule, deadline=None))
    found = dict(agent.answer_many(held_out))
    engine.close()
    return [LETTERS[found[i].answer.choice] == q.key for i, q in enumerate(held_out)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="smollm2-135m-instruct")
    parser.add_argument("--topics", nargs="+", default=["blood_relations"])
    parser.add_argument("--levels", nargs="+", type=int, default=[1])
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--writing", type=int, default=150)
    parser.add_argument("--held-out", type=int, default=500)
    parser.add_argument("--form", choices=("letter", "stated", "reasoned"), default="stated")
    parser.add_argument("--rules", nargs="+", default=["cloze", "text_sum", "letter"])
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path)
    parser.add_argument("settings", nargs="*", help="key=value of train.TrainConfig")
    a = parser.parse_args()

    made = questions(a.topics, a.levels, a.rows + a.held_out + 64, root=1)
    held_out, validation, training = made[: a.held_out], made[a.held_out : a.held_out + 64], made[a.held_out + 64 :]
    examples = [example(q, "<A>", a.form, "train", f"q{i}") for i, q in enumerate(training)]
    examples += [example(q, "<Q>", a.form, "train", f"w{i}") for i, q in enumerate(training[: a.writing])]
    for i, q in enumerate(validation):
        examples += [example(q, role, a.form, "validation", f"v{i}{role}") for role in ("<A>", "<Q>")[: 1 + (i < 4)]]
    settings = dict(setting.split("=", 1) for setting in a.settings)
    recipe = train.Recipe.model_validate({"base": a.base, **settings})

    folder = a.out or Path(tempfile.mkdtemp())
    start, cpu = time.monotonic(), time.process_time()

    def watch(done: int, of: int) -> None:
        if done % 20 == 0 or done == of:
            print(f"step {done} of {of}: {time.monotonic() - start:.0f} s, CPU {time.process_time() - cpu:.0f} s")

    trained = train.train(recipe, examples, folder, watch)
    print(trained.model_dump_json(include={"losses", "probes", "tokens", "loss_share", "adapter_digest"}, indent=1))
    print(f"checkpoints: {folder / CHECKPOINTS}")

    base = ModelSpec(name="base", engine="transformers", model=a.base)
    tuned = base.model_copy(update={"name": "tuned"} | train.adapter_for("transformers", trained, folder))
    for rule in (ScoringRule(by=by) for by in a.rules):
        right = {spec.name: answered(spec, held_out, rule, a.threads) for spec in (base, tuned)}
        found = {name: share(sum(column), len(column)) for name, column in right.items()}
        test = mcnemar_of(right["tuned"], right["base"])
        told = ", ".join(f"{n} {s.successes / s.n:.3f} ({s.low:.3f} to {s.high:.3f})" for n, s in found.items())
        print(f"{rule.by}: {told}; exact McNemar p {test.exact:.2g}")
        for level in sorted(set(a.levels)):
            rows = [ok for ok, q in zip(right["tuned"], held_out, strict=True) if q.level == level]
            print(f"  level {level}: tuned {sum(rows)} of {len(rows)}")


if __name__ == "__main__":
    main()
