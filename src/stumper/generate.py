"""Teachers write questions: each the asked number per topic, at the recipe's levels in turn."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from stumper import oracle, prompts, puzzles
from stumper.engines import Engine, ModelSpec
from stumper.oracle.identity import identity, proven_problem
from stumper.types import (
    Failure,
    JsonObject,
    Level,
    Outcome,
    Question,
    Reply,
    Request,
    Ruling,
    RulingName,
    Sampling,
    Value,
    Written,
    seed_for,
)

VERSION = 2

AT_ONCE = 1024
"""Requests that an engine is given in one go."""
SENT_BACK = ("ambiguous", "contradictory")
"""Rulings that an author is told of, to write the question anew."""


GOOD: Mapping[str, tuple[RulingName, ...]] = {
    "not_refuted": ("proven", "unformalised", "convention_dependent"),
    "proven": ("proven",),
}
"""The rulings that are good enough."""


class Settings(Value):
    levels: tuple[Level, ...] = Field((1, 2, 3), min_length=1)
    """The levels asked for, in turn; one that is named twice is asked twice as often."""
    examples: int = Field(2, ge=0, le=8)
    """Questions of the setter shown to a language model before it writes; other ones for each question."""
    until: Literal["well_formed", "not_refuted", "proven"] = "well_formed"
    """What is taken for a question: what has its form; what the oracle does not refute and is no repetition; or what it
    proves and is none. For anything else the author is asked again, so that the last gives exactly as many proven
    and different questions as were asked for, unless `attempts` or the run's budget end first."""
    repair: bool = False
    """A draft that the oracle refuted is mended once: it puts the key that it proves, and what is ambiguous or
    contradictory goes back to its author with the reason. Only with `until` beyond well_formed."""
    attempts: int = Field(3, ge=1, le=1000)
    """How often a language model may try before the question is given up."""
    sampling: Sampling = Sampling(temperature=0.8, top_p=0.95, max_tokens=400)

    @model_validator(mode="after")
    def _what_is_mended_was_looked_at(self) -> "Settings":
        if self.repair and self.until == "well_formed":
            raise ValueError("repair needs until: not_refuted or proven, which have the oracle look at each draft")
        return self


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


def write(
    recipe: Recipe,
    owed: Mapping[str, Assignment],
    engines: Mapping[str, Engine],
    done: Mapping[str, Written] | None = None,
) -> Iterator[Outcome[Written]]:
    """Have each author write what it owes, asking again for what is refused. `done`: the questions there are."""
    taken = set()
    if recipe.until != "well_formed":
        taken = {name for w in (done or {}).values() for name in _names(w.question, oracle.prove(w.question))}
    for writer in recipe.writers:
        mine = {key: task for key, task in owed.items() if task.author == writer.model.name}
        if mine:
            yield from _Author(recipe, engines[writer.model.name], taken).write(mine)


def _names(question: Question, ruling: Ruling) -> tuple[str, ...]:
    return identity(question, proven_problem(question, ruling))


class _Draft(NamedTuple):
    written: Written
    ruling: Ruling | None
    """None where nobody looked."""


@dataclass
class _Place:
    """A question that is owed, and what was tried for it."""

    refused: list[str] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0
    tokens: int = 0
    prompt: int = 0

    def pay(self, reply: Reply) -> None:
        self.calls += 1
        self.seconds += reply.seconds
        self.tokens += reply.tokens
        self.prompt += reply.prompt_tokens

    @property
    def cost(self) -> JsonObject:
        return {"attempts": self.calls, "seconds": self.seconds, "tokens": self.tokens, "prompt": self.prompt}


class _Author:
    """One author at work.

    Where drafts are looked at, they are judged in the order of their places, attempt by attempt, in whatever order
    the replies come: which of two twins is taken, and so every record, is the same however the run was cut.
    """

    def __init__(self, recipe: Recipe, engine: Engine, taken: set[str]) -> None:
        self._recipe = recipe
        self._engine = engine
        self._taken = taken

    def write(self, owed: Mapping[str, Assignment]) -> Iterator[Outcome[Written]]:
        places = {key: _Place() for key in owed}
        for attempt in range(1, self._recipe.attempts + 1):
            left: dict[str, Assignment] = {}
            for keys in _parts(list(owed)):
                for key, outcome in self._attempt({key: owed[key] for key in keys}, places, attempt):
                    if isinstance(outcome, Written) or outcome.outage:
                        yield key, outcome, places.pop(key).cost
                        continue
                    places[key].refused.append(outcome.type)
                    left[key] = owed[key]
                    if attempt == self._recipe.attempts:
                        place = places.pop(key)
                        yield key, _given_up(place, outcome), place.cost
            owed = left

    def _attempt(
        self, owed: Mapping[str, Assignment], places: Mapping[str, _Place], attempt: int
    ) -> Iterator[tuple[str, Written | Failure]]:
        requests = {key: request(self._recipe, task, attempt) for key, task in owed.items()}
        if self._recipe.until == "well_formed":
            for key, reply in self._ask(requests, places):
                yield key, read(reply, owed[key], places[key].refused)
            return
        replies = dict(self._ask(requests, places))
        drafts = {key: self._look(read(replies[key], owed[key], places[key].refused)) for key in owed}
        if self._recipe.repair:
            drafts |= self._repaired(owed, requests, replies, drafts, places, attempt)
        for key in owed:
            yield key, self._judged(drafts[key])

    def _ask(self, requests: Mapping[str, Request], places: Mapping[str, _Place]) -> Iterator[tuple[str, Reply]]:
        keys = list(requests)
        for i, reply in self._engine.generate(list(requests.values())):
            places[keys[i]].pay(reply)
            yield keys[i], reply

    def _look(self, outcome: Written | Failure) -> _Draft | Failure:
        if isinstance(outcome, Failure):
            return outcome
        return _Draft(outcome, oracle.prove(outcome.question))

    def _repaired(
        self,
        owed: Mapping[str, Assignment],
        requests: Mapping[str, Request],
        replies: Mapping[str, Reply],
        drafts: Mapping[str, _Draft | Failure],
        places: Mapping[str, _Place],
        attempt: int,
    ) -> dict[str, _Draft | Failure]:
        """The drafts that were refuted and are mended now; what is still refuted is left as it was."""
        mended: dict[str, _Draft | Failure] = {}
        back: dict[str, Request] = {}
        for key, draft in drafts.items():
            if isinstance(draft, Failure) or draft.ruling is None:
                continue
            if draft.ruling.true_key and draft.ruling.ruling == "wrong_key":
                # The explanation argues for the key that was wrong.
                question = draft.written.question.model_copy(update={"key": draft.ruling.true_key, "reasoning": ""})
                mended[key] = self._again(draft, draft.written.model_copy(update={"question": question}), "key")
            elif draft.ruling.ruling in SENT_BACK:
                asked = requests[key]
                back[key] = asked.model_copy(
                    update={
                        "messages": prompts.render_repair_request(asked.messages, replies[key].text, draft.ruling.why),
                        "seed": seed_for(owed[key].seed, attempt, "repair"),
                        "about": asked.about | {"flaw": draft.ruling.why},
                    }
                )
        for key, reply in self._ask(back, places) if back else ():
            outcome, before = read(reply, owed[key], places[key].refused), drafts[key]
            if isinstance(outcome, Failure) and outcome.outage:
                mended[key] = outcome
            elif isinstance(outcome, Written) and isinstance(before, _Draft):
                mended[key] = self._again(before, outcome, "rewritten")
        return mended

    def _again(self, before: _Draft, written: Written, how: Literal["key", "rewritten"]) -> _Draft:
        reason = before.ruling.ruling if before.ruling else ""
        update = {"repaired": how, "refused": (*before.written.refused, reason)}
        after = _Draft(written.model_copy(update=update), oracle.prove(written.question))
        return after if after.ruling and after.ruling.ruling == "proven" else before

    def _judged(self, draft: _Draft | Failure) -> Written | Failure:
        if isinstance(draft, Failure) or draft.ruling is None:
            return draft if isinstance(draft, Failure) else draft.written
        name, why = draft.ruling.ruling, draft.ruling.why
        if name not in GOOD[self._recipe.until]:
            return Failure(type=name, message=why)
        known_by = _names(draft.written.question, draft.ruling)
        if not self._taken.isdisjoint(known_by):
            return Failure(type="repeated", message="the same question as one before, names disregarded")
        self._taken.update(known_by)
        return draft.written


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[i : i + AT_ONCE] for i in range(0, len(keys), AT_ONCE))


def _given_up(place: _Place, last: Failure) -> Failure:
    tried = ", ".join(f"{reason} {n}" for reason, n in Counter(place.refused).most_common())
    message = f"given up after {len(place.refused)} attempts ({tried}); the last: {last.message}"
    return last if len(place.refused) == 1 else last.model_copy(update={"message": message})


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


def read(reply: Reply, task: Assignment, refused: Sequence[str] = ()) -> Written | Failure:
    """The question in a reply, or why there is none. `refused`: why earlier drafts were."""
    if reply.finish == "failed":
        return Failure(type="engine", message=reply.error, outage=reply.outage)
    question = prompts.parse_question(reply.text, task.topic)
    if isinstance(question, str):
        return Failure(type="malformed", message=question)
    whole = question.model_copy(update={"level": task.level, "clues": reply.clues})
    return Written(author=task.author, question=whole, refused=tuple(refused))
