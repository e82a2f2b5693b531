"""The puzzle families as an author: questions that are proven by construction, from a seed and without a model.

It reads no prompt but `Request.about`: {"role": "<Q>", "topic": a family's name, "level": 1 to 5}.
"""

import random
from collections.abc import Iterator, Sequence

from stumper import prompts, puzzles
from stumper.engines import EngineRuntime, ModelSpec
from stumper.errors import BadInput
from stumper.types import Reply, Request

ONLY_WRITES = "the setter only writes questions: give it requests about {'role': '<Q>', 'topic': ..., 'level': ...}"


class ENGINE:
    """One question a request, determined by `about` and `seed` alone. Its reply carries the formal problem too."""

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        for name in ("model", "adapter", "options"):
            if getattr(spec, name):
                raise BadInput(f"model {spec.name!r} (engine setter): leave out {name}, the setter takes none")

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            yield index, _write(request)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, _ in enumerate(requests):
            yield index, Reply(finish="failed", error=ONLY_WRITES)

    def count_tokens(self, text: str) -> int | None:
        return None

    def close(self) -> None:
        pass


def _write(request: Request) -> Reply:
    about = request.about
    topic, level = about.get("topic"), about.get("level")
    if about.get("role") != prompts.QUESTION_ROLE or not isinstance(topic, str):
        return Reply(finish="failed", error=ONLY_WRITES)
    if type(level) is not int or not 1 <= level <= 5:
        return Reply(finish="failed", error=f"level must be 1 to 5, found {level!r}")
    try:
        family = puzzles.family(topic)
        question = family.make(random.Random(request.seed), level)
    except (BadInput, puzzles.TooLarge) as error:
        return Reply(finish="failed", error=str(error) or f"no {topic} of level {level} was found in time")
    return Reply(text=prompts.write_question(question, family.TITLE), clues=question.clues)
