"""Players whose answers and questions the tests decide."""

import time

from stumper import arena, prompts
from stumper.types import Question, Reply, Ruling

FIXED = arena.load_rules("sf-2025", traps="fixed")


class Player:
    """Writes questions whose right answer is the choice "right", and picks the choices it is told to."""

    def __init__(self, picks="right", key="B", text=None, delay=0.0, outage=False):
        self.picks, self.key, self.text, self.delay, self.outage = picks, key, text, delay, outage
        self.seen = []

    def generate(self, requests):
        for i, request in enumerate(requests):
            self.seen.append(request)
            if self.outage:
                yield i, Reply(finish="failed", error="connection refused", outage=True)
                continue
            time.sleep(self.delay)
            question = Question(
                topic="t", stem=f"Riddle {request.seed}?", choices=("x", "right", "y", "z"), key=self.key
            )
            yield i, Reply(text=self.text or prompts.write_question(question, "T"), clues={"SECRET": 1})

    def choose(self, requests):
        for i, request in enumerate(requests):
            if request.about["question"] != "Ready?":
                self.seen.append(request)
            yield i, Reply(scores=tuple(0.0 if text == self.picks else -5.0 for text in request.about["choices"]))

    def count_tokens(self, text):
        return len(text.split())

    def close(self):
        pass


def prove(question):
    """The choice "right" is the right one."""
    true = "ABCD"[question.choices.index("right")]
    assert question.clues is None
    return Ruling(ruling="proven" if question.key == true else "wrong_key", true_key=true, why="because")
