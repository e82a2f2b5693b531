"""Two innings: one side asks and the other answers, then they swap.

Playing and scoring are apart: a ball holds what was asked, ruled and answered, and the seconds stand beside it. So a
match can be scored again, by the rules of another edition, without calling a model (`scoring.py`).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import Field

from stumper import oracle, prompts, puzzles
from stumper.agents import AnswerAgent, AnswerSettings, QuestionAgent, QuestionSettings
from stumper.arena.rules import (
    AnswerRules,
    CountTokens,
    Mode,
    QuestionRules,
    Rules,
    check_question,
    count_answer,
    count_question,
    questions_due,
)
from stumper.engines import Engine
from stumper.engines._patient import Patient
from stumper.errors import BadInput, StumperError
from stumper.types import (
    LETTERS,
    Answer,
    Asked,
    Ball,
    Calibration,
    Failure,
    JsonObject,
    Outcome,
    Question,
    Ruling,
    Value,
    seed_for,
)

PLAY_VERSION = 1

Prove = Callable[[Question], Ruling]


class PlaySettings(Value):
    rules: str = "sf-2025"
    """An edition, or the path of a YAML file."""
    traps: Mode | None = None
    """Play all traps of the reference code as they are, or mended; None: as the rules say."""
    n: int = Field(20, ge=1)
    """Questions in an innings."""
    asking: QuestionSettings = QuestionSettings()
    """The deadline in it is replaced by the edition's."""


@dataclass(frozen=True)
class Entry:
    """A question agent and an answer agent that play as one side."""

    name: str
    asker: QuestionAgent
    answerer: AnswerAgent
    count_tokens: CountTokens


def entry(
    name: str,
    engine: Engine,
    rules: Rules,
    calibration: Calibration | None = None,
    asking: QuestionSettings | None = None,
    seed: int = 0,
) -> Entry:
    """Both agents on one engine, within the edition's limits of time and tokens."""
    asker = _limited(asking or QuestionSettings(), rules.question)
    answerer = _limited(AnswerSettings(seed=seed), rules.answer)
    if calibration is not None:
        answerer = answerer.model_copy(update={"rule": calibration.rule, "first": calibration.first})
    patient = Patient(engine)
    return Entry(name, QuestionAgent(patient, asker), AnswerAgent(patient, answerer), engine.count_tokens)


S = TypeVar("S", QuestionSettings, AnswerSettings)


def _limited(settings: S, limits: QuestionRules | AnswerRules) -> S:
    tokens = min(settings.sampling.max_tokens, limits.max_new_tokens)
    sampling = settings.sampling.model_copy(update={"max_tokens": tokens})
    return settings.model_copy(update={"deadline": limits.seconds, "sampling": sampling})


class Delivery(Value):
    """One ball owed."""

    innings: Literal[1, 2]
    number: int
    asker: str
    answerer: str
    topic: str
    """The puzzle family, or the edition's title where there is none."""
    title: str
    seed: int


def deliveries(
    rules: Rules, n: int, seed: int, sides: tuple[str, str], families: Sequence[str] = ()
) -> dict[str, Delivery]:
    """The balls of a match: "innings/number" -> delivery. Topics rotate from a seeded start, alike in both innings.

    `families` keeps only the edition's topics of these puzzle families. Raises BadInput when none is left, when both
    sides have one name, or when the edition does not play n questions.
    """
    a, b = sides
    if a == b:
        raise BadInput(f"both sides are called {a!r}; give one another name")
    due = questions_due(rules, n)
    both = [*asked_of(rules, due, seed, a, b, families), *asked_of(rules, due, seed, b, a, families, innings=2)]
    return {key(d.innings, d.number): d for d in both}


def asked_of(
    rules: Rules,
    n: int,
    seed: int,
    asker: str,
    answerer: str = "",
    families: Sequence[str] = (),
    innings: Literal[1, 2] = 1,
) -> list[Delivery]:
    """The n questions that one side is to write, whatever number the edition plays. `families` as in `deliveries`."""
    topics = [t for t in rules.topics if not families or t.family in families]
    if not topics:
        raise BadInput(f"{rules.edition} has no topic of the families {', '.join(families)}")
    start = seed_for(seed, "topics") % len(topics)
    return [
        Delivery(
            innings=innings,
            number=number,
            asker=asker,
            answerer=answerer,
            topic=topic.family or topic.title,
            title=topic.title,
            seed=seed_for(seed, "ball", innings, number),
        )
        for number in range(n)
        for topic in (topics[(start + number) % len(topics)],)
    ]


def key(innings: int, number: int) -> str:
    """The key of a ball in a match."""
    return f"{innings}/{number:04d}"


def play(
    rules: Rules, owed: Mapping[str, Delivery], entries: Mapping[str, Entry], prove: Prove = oracle.prove
) -> Iterator[Outcome[Ball]]:
    """Play the balls owed. The ledger line holds `question_seconds` and `answer_seconds`, taken outside the agents.

    An engine's outage is a failure, owed again, and no ball: it must not score for the other side.
    """
    for side in {d.asker for d in owed.values()} | {d.answerer for d in owed.values()}:
        entries[side].answerer.wake()
    for name, delivery in owed.items():
        asker, answerer = entries[delivery.asker], entries[delivery.answerer]
        yield (name, *_play(rules, delivery, asker, answerer, prove))


def _play(
    rules: Rules, delivery: Delivery, asker: Entry, answerer: Entry, prove: Prove
) -> tuple[Ball | Failure, JsonObject]:
    start = time.monotonic()
    asked = ask(rules, delivery, asker)
    ledger: JsonObject = {"question_seconds": time.monotonic() - start}
    ball = Ball(
        innings=delivery.innings,
        number=delivery.number,
        asker=delivery.asker,
        answerer=delivery.answerer,
        topic=delivery.topic,
        level=asker.asker.settings.level,
        asked=asked,
        question=None,
        question_tokens=None,
        ruling=None,
        answer=None,
        reply=None,
        reply_tokens=None,
    )
    if asked.question is None:
        if asked.outage:
            return Failure(type="engine", message=asked.problems[-1], outage=True), ledger
        return ball, ledger
    record = prompts.to_challenge(asked.question, delivery.title)
    # What was handed in is ruled on and answered: the text, not what its author knows besides.
    question = prompts.from_challenge(record, delivery.topic)
    start = time.monotonic()
    answer = answerer.answerer.answer(question).answer
    ledger["answer_seconds"] = time.monotonic() - start
    if answer.outage:
        return Failure(type="engine", message=answer.error, outage=True), ledger
    reply = hand_in(answer)
    played = {
        "question": record,
        "question_tokens": count_question(record, asker.count_tokens),
        "ruling": prove(question),
        "answer": answer,
        "reply": reply,
        "reply_tokens": count_answer(reply, answerer.count_tokens),
    }
    return ball.model_copy(update=played), ledger


def ask(rules: Rules, delivery: Delivery, asker: Entry) -> Asked:
    """Have a side write its question; what the format filter refuses is asked again while time is left."""
    known = delivery.topic in puzzles.families()
    return asker.asker.ask(
        delivery.topic,
        # A tuned model knows a family by the title it was trained on.
        puzzles.family(delivery.topic).TITLE if known else delivery.title,
        delivery.seed,
        check=lambda q: check_question(prompts.to_challenge(q, delivery.title), rules, asker.count_tokens),
    ).asked


def hand_in(answer: Answer) -> JsonObject:
    """An answer in the challenge's format."""
    reply: JsonObject = {"answer": LETTERS[answer.choice]}
    return reply | {"reasoning": answer.reasoning} if answer.reasoning else reply


class Seconds(Value):
    question: float
    answer: float = 0.0


class Match(Value):
    """A match as it is kept in a file: the balls, and beside them what the clock said."""

    rules: Rules
    sides: tuple[str, str]
    balls: tuple[Ball, ...]
    seconds: dict[str, Seconds]
    """By the key of the ball."""


def keep(rules: Rules, sides: tuple[str, str], outcomes: Iterable[Outcome[Ball]]) -> Match:
    """Gather what `play` yields. Raises StumperError at the first failure: an outage decides no match."""
    balls, seconds = [], {}
    for name, ball, ledger in outcomes:
        if isinstance(ball, Failure):
            raise StumperError(f"ball {name} could not be played: {ball.message}; mend that and play again")
        balls.append(ball)
        seconds[name] = Seconds(question=ledger["question_seconds"], answer=ledger.get("answer_seconds", 0.0))
    return Match(rules=rules, sides=sides, balls=tuple(balls), seconds=seconds)
