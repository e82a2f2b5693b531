"""Reading English with models: what is taken of what they say, and what is not."""

import json
import random

import pytest

from stumper import puzzles
from stumper.calls import Recorded
from stumper.engines import ModelSpec
from stumper.engines.scripted import Scripted
from stumper.errors import BadInput
from stumper.oracle import readers
from stumper.oracle.formalise import formalise, sentences
from stumper.oracle.sameness import ASKED, DENIED, apart, clue_field, model_of, same, scene
from stumper.puzzles import Unread
from stumper.types import Question

STEM = "Ana, Bo, Cy and Dee sit in a row facing north. Ana sits immediately left of Bo. Cy sits at the left end. Who is at the right end?"
SCENE = {
    "shape": "row",
    "facing": "north",
    "people": ["Ana", "Bo", "Cy", "Dee"],
    "query": {"kind": "who", "where": {"kind": "place", "who": "?", "place": 1, "end": "right"}},
    "choices": ["Ana", "Bo", "Cy", "Dee"],
}
QUESTION = Question(topic="seating", stem=STEM, choices=("Ana", "Bo", "Cy", "Dee"), key="D")


def of(request):
    """What a request asks: ("frame",), ("sentence", number) or ("verdict", number, ...)."""
    return tuple(request.about["asks"])


class Reader(Scripted):
    """Reads sentence i as `clues[i]` and holds to it when it is asked about a model; `judge` says otherwise."""

    def __init__(self, clues, frame=None, judge=None):
        self.asked = []
        self._clues, self._frame, self._judge = clues, frame or {}, judge
        super().__init__(self._reply)

    def _reply(self, request):
        self.asked.append(request)
        kind, *rest = of(request)
        if kind == "frame":
            return json.dumps(self._frame)
        if kind == "sentence":
            clues = self._clues.get(rest[0], [])
            return (
                clues if isinstance(clues, str) else json.dumps({"says": "clues" if clues else "scene", "clues": clues})
            )
        return json.dumps({"holds": "yes" if self._judge(request) else "no"})


def true_clues(question, name):
    """Sentence -> the true clues in it, from the question's own; and the frame."""
    family = puzzles.family(name)
    problem = family.load(question.clues)
    said = family.read(question.stem, question.choices).said
    data = problem.model_dump(mode="json")
    clues = data.pop(clue_field(type(problem)))
    data.pop("conventions")
    plain = [" ".join(sentence.split()) for sentence in sentences(question.stem)]
    found = {}
    for clue, origin in zip(clues, said, strict=True):
        # Of a series each clue is said to be "term 3: 87".
        key = origin.strip(" .;,").split(": ")[-1 if name == "series" else 0].casefold()
        where = next(i for i, sentence in enumerate(plain) if key in sentence.casefold())
        found.setdefault(where, []).append(clue)
    return found, data


@pytest.mark.parametrize("name", puzzles.families())
def test_readers_who_say_what_was_set_lead_to_the_problem_that_was_set(name):
    family = puzzles.family(name)
    for level in range(1, 6):
        question = family.make(random.Random(level), level)
        clues, frame = true_clues(question, name)
        engines = {"one": Reader(clues, frame), "other": Reader(clues, frame)}
        problem = formalise(question, engines, name)
        assert problem.model_dump() == family.read(question.stem, question.choices).model_dump()
