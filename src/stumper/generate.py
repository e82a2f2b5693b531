"""Teachers write questions: each the asked number per topic, at the recipe's levels in turn."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from stumper import prompts, puzzles
from stumper.engines import Engine, ModelSpec
from stumper.types import Failure, Level, Outcome, Question, Reply, Request, Sampling, Value, Written, seed_for

VERSION = 1


class Settings(Value):
    levels: tuple[Level, ...] = Field((1, 2, 3), min_length=1)
    """The levels asked for, in turn; one that is named twice is asked twice as often."""
    examples: int = Field(2, ge=0, le=8)
    """Questions of the setter shown to a language model before it writes; other ones for each question."""
    attempts: int = Field(3, ge=1, le=20)
    """How often a language model may try before the question is given up as malformed."""
    sampling: Sampling = Sampling(temperature=0.8, top_p=0.95, max_tokens=400)


Count = Annotated[int, Field(ge=0)]


class Writer(Value):
    model: ModelSpec
    questions: Count | dict[str, Count] = 100
    """Per topic: the same for all, or by topic (one that is not named gets none)."""

    def owes(self, topic: str) -> int:
        return self.questions.get(topic, 0) if isinstance(self.questions, dict) else self.questions


class Recipe(Settings):
    seed: int
    topics: tuple[str, ...]
    writers: tuple[Writer, ...]


class Assignment(Value):
    author: str
    topic: str
    level: Level
    seed: int


def tasks(recipe: Recipe) -> dict[str, Assignment]:
    """What is to be written: "author/topic/number" -> assignment."""
    return {
        (key := f"{writer.model.name}/{topic}/{number:05d}"): Assignment(
            author=writer.model.name,
            topic=topic,
            level=recipe.levels[number % len(recipe.levels)],
            seed=seed_for(recipe.seed, "generate", key),
        )
        for writer in recipe.writers
        for topic in recipe.topics
        for number in range(writer.owes(topic))
    }


def write(recipe: Recipe, owed: Mapping[str, Assignment], engines: Mapping[str, Engine]) -> Iterator[Outcome[Written]]:
    """Have each author write what it owes. A reply that is no question is asked again, up to `attempts` times."""
    for writer in recipe.writers:
        mine = {key: task for key, task in owed.items() if task.author == writer.model.name}
        if mine:
            yield from _write(recipe, mine, engines[writer.model.name])


def _write(recipe: Recipe, owed: Mapping[str, Assignment], engine: Engine) -> Iterator[Outcome[Written]]:
    for attempt in range(1, recipe.attempts + 1):
        keys = list(owed)
        refused = {}
        for i, reply in engine.generate([request(recipe, owed[key], attempt) for key in keys]):
            key = keys[i]
            outcome = read(reply, owed[key])
            cost = {
                "attempts": attempt,
                "seconds": reply.seconds,
                "tokens": reply.tokens,
                "prompt": reply.prompt_tokens,
            }
            if isinstance(outcome, Failure) and not outcome.outage and attempt < recipe.attempts:
                refused[key] = owed[key]
            else:
                yield key, outcome, cost
        owed = refused
        if not owed:
            return


def request(recipe: Recipe, task: Assignment, attempt: int = 1) -> Request:
    """The call that asks for one question; every attempt has its own seed and examples."""
    family = puzzles.family(task.topic)
    seed = seed_for(task.seed, attempt)
    return Request(
        messages=prompts.render_question_request(family.TITLE, task.level, _examples(recipe, task, seed)),
        form=prompts.question_form(family.TITLE),
        sampling=recipe.sampling,
        seed=seed,
        about={"role": prompts.QUESTION_ROLE, "topic": task.topic, "level": task.level},
    )


def _examples(recipe: Recipe, task: Assignment, seed: int) -> Sequence[Question]:
    rng = random.Random(seed)
    return [puzzles.family(task.topic).make(rng, task.level) for _ in range(recipe.examples)]


def read(reply: Reply, task: Assignment) -> Written | Failure:
    """The question in a reply, or why there is none."""
    if reply.finish == "failed":
        return Failure(type="engine", message=reply.error, outage=reply.outage)
    question = prompts.parse_question(reply.text, task.topic)
    if isinstance(question, str):
        return Failure(type="malformed", message=question)
    return Written(author=task.author, question=question.model_copy(update={"level": task.level, "clues": reply.clues}))
