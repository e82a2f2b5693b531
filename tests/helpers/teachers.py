"""Scripted teachers: deterministic functions of the request."""

import random
import time

from stumper import prompts, puzzles
from stumper.types import Reply, Request


def careful(request: Request) -> Reply:
    """Writes half of its questions well; answers by a seeded guess."""
    time.sleep(0.002)
    return _reply(request)


def quick(request: Request) -> Reply:
    return _reply(request)


def _reply(request: Request) -> Reply:
    rng = random.Random(request.seed)
    if request.continuations:
        return Reply(scores=tuple(-rng.random() for _ in request.continuations), seconds=0.01)
    if rng.random() < 0.3:
        return Reply(text="I would rather not.")
    topic = request.about["topic"]
    question = puzzles.family(topic).make(rng, request.about["level"])
    if rng.random() < 0.5:
        question = question.model_copy(update={"stem": question.stem.replace(".", " indeed.", 1)})
    return Reply(text=prompts.write_question(question, puzzles.family(topic).TITLE), tokens=50, seconds=0.01)
