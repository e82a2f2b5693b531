"""The two classes that the organisers' code calls, on a stumper model. An exported folder imports this module.

What is asked is read out of the organisers' prompts (topic; question and choices); the model itself is asked in the
words that it was trained on. Each item has its own limit, however many come in a batch.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from stumper import arena, dataset, prompts, student
from stumper.arena import Entry, Rules
from stumper.engines import open_engine
from stumper.puzzles import families
from stumper.types import LETTERS, Question, Value, seed_for

FILE = "entry.json"

Reply = tuple[str | list[str], int, float]

_TOPIC = re.compile(r"topic\W*:\s*([^\n]+?)\s*\.?\s*(?:\n|$)", re.IGNORECASE)
_WANTED = re.compile(r"option ([ABCD]) is", re.IGNORECASE)
_ASKED = re.compile(r"question\s*:\s*(.*?)\n\s*choices\s*:\s*(.*?)\s*(?:\n\s*\n|\Z)", re.IGNORECASE | re.DOTALL)
_CHOICE = re.compile(r"\(?([A-I])[).:]\s*(.*?)(?=\s*(?:\n|,|\s)\s*\(?[A-I][).:]\s|\s*\Z)", re.DOTALL)


class Settings(Value):
    """The contents of entry.json."""

    rules: Rules
    seed: int = 0


class Tokens:
    """The tokenizer as the organisers' filter uses it: for the number of tokens alone."""

    def __init__(self, count: Callable[[str], int | None]) -> None:
        self._count = count

    def encode(self, text: str, **_: Any) -> list[int]:
        """A list as long as the text has tokens."""
        found = self._count(text)
        return [0] * (len(text) // 4 + 1 if found is None else found)


class Agent:
    """What both agents have in common."""

    def __init__(self, home: Path) -> None:
        settings = Settings.model_validate_json((home / FILE).read_bytes())
        spec, calibration = student.spec_of(str(home / "model"))
        if spec.model.startswith("path:") and not Path(spec.model.removeprefix("path:")).is_absolute():
            # Whoever starts it, from wherever: the weights lie in the submission.
            spec = spec.model_copy(update={"model": f"path:{home / spec.model.removeprefix('path:')}"})
        self.rules = settings.rules
        self.seed = settings.seed
        self.engine = open_engine(spec)
        self.entry: Entry = arena.entry(spec.name, self.engine, self.rules, calibration, seed=settings.seed)
        self.entry.answerer.wake()
        self.tokenizer = Tokens(self.engine.count_tokens)
        self._calls = 0

    def generate_response(
        self,
        message: str | list[str],
        system_prompt: str | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Reply:
        """(reply, or a list of replies for a list of messages; tokens written; seconds). Replies are JSON objects."""
        start = time.monotonic()
        messages = [message] if isinstance(message, str) else message
        replies = [self._reply(each) for each in messages]
        tokens = sum(len(self.tokenizer.encode(reply)) for reply in replies)
        # A list for a list, of one message too: the organisers' loop extends its results by it.
        return (replies[0] if isinstance(message, str) else replies), tokens, time.monotonic() - start

    def _reply(self, message: str) -> str:
        raise NotImplementedError


class Asker(Agent):
    """Writes one question for each prompt; an empty object where the model wrote none in time."""

    def _reply(self, message: str) -> str:
        self._calls += 1
        named = _TOPIC.search(message)
        title = named.group(1).rsplit("/", 1)[-1] if named else self.rules.topics[0].title
        delivery = arena.asked_of(self.rules, 1, self.seed, self.entry.name)[0].model_copy(
            update={
                "topic": family_of(named.group(1) if named else title, self.rules),
                "title": title,
                "seed": seed_for(self.seed, "ask", self._calls),
            }
        )
        question = arena.ask(self.rules, delivery, self.entry).question
        if question is None:
            return "{}"
        wanted = _WANTED.search(message)
        if wanted and question.key and wanted.group(1).upper() in LETTERS[: len(question.choices)]:
            question = _keyed(question, wanted.group(1).upper(), delivery.seed)
        return json.dumps(prompts.to_challenge(question, title), ensure_ascii=False)


class Answerer(Agent):
    """Answers one question for each prompt; always one of its letters."""

    def _reply(self, message: str) -> str:
        self._calls += 1
        letters, question = read_question(message)
        if question is None:
            return json.dumps({"answer": LETTERS[seed_for(self.seed, "guess", self._calls) % 4], "reasoning": ""})
        answer = self.entry.answerer.answer(question).answer
        return json.dumps({"answer": letters[answer.choice], "reasoning": answer.reasoning}, ensure_ascii=False)


def family_of(title: str, rules: Rules) -> str:
    """The puzzle family of a topic as the organisers write it: the edition's topic that it is most like."""
    known = {topic.title: topic.family for topic in rules.topics if topic.family in families()}
    found = process.extractOne(title, list(known), scorer=fuzz.token_set_ratio) if known else None
    return known[found[0]] if found else title


def _keyed(question: Question, letter: str, seed: int) -> Question:
    """With the right choice under the letter that is asked for, where its text names no letters."""
    if re.search(r"\b(?:choice|option|answer is) [A-I]\b|\b[A-I]\)", question.reasoning + " ".join(question.choices)):
        return question
    return dataset.with_key_at(question, letter, seed)


def read_question(message: str) -> tuple[Sequence[str], Question | None]:
    """(letters of the choices in the order shown, question) of the organisers' prompt; ((), None) of another one."""
    asked = _ASKED.search(message)
    found = _CHOICE.findall(asked.group(2)) if asked else []
    letters = [letter for letter, _ in found]
    if asked is None or not 2 <= len(found) <= len(LETTERS) or len(set(letters)) < len(letters):
        return (), None
    choices = tuple(text.strip() or letter for letter, text in found)
    return letters, Question(topic="", stem=asked.group(1).strip(), choices=choices)
