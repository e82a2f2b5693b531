"""How an answer is read off each model (letter or text, with reasoning or without) is measured, never assumed."""

import random
from collections.abc import Iterator, Mapping

from pydantic import Field

from stumper import agents, puzzles
from stumper.engines import Engine, ModelSpec
from stumper.types import Calibration, Level, Outcome, Question, Value, seed_for

VERSION = 1


class Settings(Value):
    questions: int = Field(40, ge=1)
    """Questions with known keys, none of them trained on."""
    reasoned: bool = False
    """Also try the rules that let the model reason first."""


class VotersRecipe(Settings):
    seed: int
    topics: tuple[str, ...]
    voters: tuple[ModelSpec, ...]
    level: Level = 1


class EntriesRecipe(Settings):
    seed: int
    models: dict[str, ModelSpec]


Exam = Mapping[str, Question]


def voters(recipe: VotersRecipe) -> dict[str, Exam]:
    """The same fresh questions of the setter for each voter."""
    exam = {}
    for number in range(recipe.questions):
        topic = recipe.topics[number % len(recipe.topics)]
        rng = random.Random(seed_for(recipe.seed, "calibrate", topic, number))
        exam[f"{topic}/{number}"] = puzzles.family(topic).make(rng, recipe.level)
    return {voter.name: exam for voter in recipe.voters}


def measure(
    recipe: Settings, owed: Mapping[str, Exam], engines: Mapping[str, Engine]
) -> Iterator[Outcome[Calibration]]:
    """Calibrate each model on its exam."""
    rules = agents.RULES if recipe.reasoned else tuple(rule for rule in agents.RULES if not rule.reasoned)
    for name, exam in owed.items():
        yield name, agents.calibrate(engines[name], list(exam.values()), rules), {}
