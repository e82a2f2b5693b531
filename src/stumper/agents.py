"""The two agents that play: on any engine, inside a wall-clock limit, with output that is always valid.

The answer agent scores the choices first, so that from then on an answer stands; it reasons only while time is left.
The question agent fills a form, so that its output is an object at any cut; what is malformed all the same is asked
again while time is left.
"""

import json
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from pydantic import Field

from stumper import oracle, prompts, puzzles
from stumper.engines import Engine
from stumper.engines._patient import Clock, Patient
from stumper.stats import share
from stumper.types import (
    LETTERS,
    Answer,
    Asked,
    Calibration,
    Form,
    JsonObject,
    Level,
    Question,
    Reply,
    Request,
    RuleScore,
    RulingName,
    Sampling,
    ScoringRule,
    Value,
    digest,
    seed_for,
    shuffled,
)

BATCH = 1024
"""Questions handed to an engine at once by `answer_many`; the engine cuts them further as it likes. Many, since an
endpoint with hundreds of calls in flight stands idle at the end of each batch."""

RULES = (
    ScoringRule(by="letter"),
    ScoringRule(by="text_mean"),
    ScoringRule(by="text_sum"),
    ScoringRule(by="cloze"),
    ScoringRule(by="letter", reasoned=True),
)
"""All rules, the simpler ones first."""


CLOZE_OPENING = "Answer:"
"""How the cloze rule opens a reply to the stem alone; " " + choice follows.

SmolLM2-135M, untuned, is right on 23 of 30 easy questions by it, on 10 to 14 by texts with the choices in sight, and
on 7 by letter.
"""


class AnswerSettings(Value):
    rule: ScoringRule = ScoringRule()
    """The rule that decides; `calibrate` finds the one that suits a model."""
    first: ScoringRule | None = None
    """Where `rule` reasons: the rule without reasoning whose answer stands meanwhile; None: by the letter."""
    deadline: float | None = Field(6.0, gt=0)
    """Wall-clock seconds for one answer, from the question to the answer; None: no limit."""
    sampling: Sampling = Sampling(temperature=0.2, max_tokens=160)
    """Of the reasoning. The answer itself is the choice with the highest score: nothing is drawn."""
    seed: int = 0


class QuestionSettings(Value):
    level: Level = 3
    deadline: float | None = Field(10.0, gt=0)
    """Wall-clock seconds for one question, all attempts together; None: no limit."""
    attempts: int = Field(5, ge=1)
    examples: int = Field(0, ge=0, le=8)
    """Questions of the setter shown before each attempt, other ones each time: for models that were not trained."""
    proves: bool = False
    """Have the oracle look over each question: a wrong key is mended, and what is not proven is asked again while time
    is left. What is then handed in is the work of model and oracle, not of the model alone."""
    sampling: Sampling = Sampling(temperature=0.8, max_tokens=400)


WORTH: tuple[RulingName, ...] = (
    "proven",
    "unformalised",
    "convention_dependent",
    "ambiguous",
    "contradictory",
    "wrong_key",
)
"""What a question is worth to the side that hands it in, by the oracle's ruling: the best first."""

PROOF = 0.1
"""Share of the limit that is kept for the oracle."""


class Answered(NamedTuple):
    answer: Answer
    seconds: float
    """Wall clock, measured inside the agent."""


class AnswerAgent:
    """Answers multiple-choice questions. It reads stem and choices alone, whatever else a question holds."""

    def __init__(self, engine: Engine | Patient, settings: AnswerSettings | None = None) -> None:
        self._patient = engine if isinstance(engine, Patient) else Patient(engine)
        self.settings = settings or AnswerSettings()

    def wake(self) -> None:
        """Have the engine load its model now, so that loading counts against no question's clock.

        Raises what the engine raises when it cannot (BadInput, StumperError).
        """
        task = _Task(Question(topic="", stem="Ready?", choices=("yes", "no")), None, self.settings.seed)
        for _ in self._patient.engine.choose([task.scoring(self._first)]):
            pass

    def answer(self, question: Question, order: Sequence[int] | None = None) -> Answered:
        """One answer within the deadline; never raises for what an engine does.

        `order`: position shown -> choice, by default the question's own. Raises ValueError for an open question.
        """
        clock = Clock(self.settings.deadline)
        task = _Task(question, order, self.settings.seed)
        first = self._first
        reply = self._patient.choose(task.scoring(first), clock)
        answer = task.read(first, reply)
        if self.settings.rule.reasoned:
            answer = self._reason(task, answer, clock, scoring=clock.seconds)
        return Answered(answer, clock.seconds)

    @property
    def _first(self) -> ScoringRule:
        """The rule without reasoning."""
        rule = self.settings.rule
        return (self.settings.first or ScoringRule()) if rule.reasoned else rule

    def _reason(self, task: "_Task", standing: Answer, clock: Clock, scoring: float) -> Answer:
        """Reason in the time that is left and score again; without time or luck the standing answer stays."""
        # The second scoring reads the reasoning too: it gets twice what the first one took.
        thought = self._patient.generate(task.reasoning(self.settings.sampling), clock, keep=2 * scoring)
        reasoning = _reasoning_of(thought)
        if not reasoning:
            return standing
        rule = self.settings.rule
        answer = task.read(rule, self._patient.choose(task.scoring(rule, reasoning), clock), thought)
        return standing if answer.fallback and not standing.fallback else answer

    def answer_many(
        self, questions: Iterable[Question], orders: Iterable[Sequence[int]] | None = None
    ) -> Iterator[tuple[int, Answered]]:
        """Answer in batches and without a clock, by `settings.rule`; yields (index, answer) as they are ready.

        The seconds are the engine's own per call. An answer with `fallback` was not chosen by the model: count it as
        missing, or as owed where `outage` is set, never as the model's opinion.
        """
        seed = self.settings.seed
        tasks = (
            (i, _Task(question, order, seed)) for i, (question, order) in enumerate(_with_orders(questions, orders))
        )
        while batch := list(islice(tasks, BATCH)):
            yield from self._answer_batch(batch)

    def _answer_batch(self, batch: list[tuple[int, "_Task"]]) -> Iterator[tuple[int, Answered]]:
        engine = self._patient.engine
        thoughts: dict[int, Reply] = {}
        if self.settings.rule.reasoned:
            thoughts = dict(engine.generate([task.reasoning(self.settings.sampling) for _, task in batch]))
        reasonings = [_reasoning_of(thoughts[j]) if j in thoughts else "" for j in range(len(batch))]
        rules = [self.settings.rule if reasoning else self._first for reasoning in reasonings]
        scoring = [task.scoring(rules[j], reasonings[j]) for j, (_, task) in enumerate(batch)]
        for j, reply in engine.choose(scoring):
            i, task = batch[j]
            thought = thoughts.get(j) if reasonings[j] else None
            seconds = reply.seconds + (thoughts[j].seconds if j in thoughts else 0.0)
            yield i, Answered(task.read(rules[j], reply, thought), seconds)


def _with_orders(
    questions: Iterable[Question], orders: Iterable[Sequence[int]] | None
) -> Iterator[tuple[Question, Sequence[int] | None]]:
    if orders is None:
        yield from ((question, None) for question in questions)
    else:
        yield from zip(questions, orders, strict=True)


class _Task:
    """One question in the order in which it is shown, without what would give it away."""

    def __init__(self, question: Question, order: Sequence[int] | None, seed: int) -> None:
        n = len(question.choices)
        self.order = tuple(range(n)) if order is None else tuple(order)
        if n < 2 or sorted(self.order) != list(range(n)):
            raise ValueError(f"order {self.order} does not show the {n} choices (at least 2), each once")
        self.question = Question(topic=question.topic, stem=question.stem, choices=question.choices)
        self.seed = seed_for(seed, "answer", digest(self.question))

    def _about(self) -> JsonObject:
        return {
            "role": prompts.ANSWER_ROLE,
            "topic": self.question.topic,
            "question": self.question.stem,
            "choices": [self.question.choices[c] for c in self.order],
        }

    def scoring(self, rule: ScoringRule, reasoning: str = "") -> Request:
        """The request that scores the choices; its continuations stand in the order shown."""
        question, order = self.question, self.order
        if rule.by == "letter":
            opening = prompts.answer_opening(reasoning)
            continuations = tuple(LETTERS[: len(self.order)])
        elif rule.by == "cloze":
            question, opening = question.model_copy(update={"choices": ()}), CLOZE_OPENING
            order, continuations = (), tuple(f" {self.question.choices[c]}" for c in self.order)
        else:
            opening = prompts.STATED_OPENING
            continuations = tuple(prompts.stated(self.question.choices[c]) for c in self.order)
        return Request(
            messages=prompts.render_answer_request(question, order),
            opening=opening,
            continuations=continuations,
            seed=self.seed,
            about=self._about(),
        )

    def reasoning(self, sampling: Sampling) -> Request:
        """The request that fills the `reasoning` slot of the answer's form, and nothing after it."""
        form = prompts.answer_form(len(self.order), reasoned=True)
        return Request(
            messages=prompts.render_answer_request(self.question, self.order),
            form=Form(fields=form.fields[:1]),
            sampling=sampling,
            seed=self.seed,
            about=self._about(),
        )

    def read(self, rule: ScoringRule, reply: Reply, thought: Reply | None = None) -> Answer:
        """The answer that a scoring reply stands for; a seeded guess when it holds no usable scores."""
        n = len(self.order)
        shown = reply.scores
        if reply.finish == "failed" or len(shown) != n or not all(map(math.isfinite, shown)):
            error = reply.error or f"{len(shown)} scores for {n} choices, or some that are no finite numbers"
            finish: Literal["deadline", "failed"] = "deadline" if reply.finish == "deadline" else "failed"
            return Answer(
                choice=self.seed % n,
                order=self.order,
                rule=rule,
                finish=finish,
                fallback=True,
                error=error,
                outage=reply.outage,
            )
        scores = [0.0] * n
        for position, choice in enumerate(self.order):
            length = len(self.question.choices[choice]) if rule.by in ("text_mean", "cloze") else 1
            scores[choice] = shown[position] / length
        return Answer(
            choice=max(self.order, key=lambda choice: scores[choice]),
            order=self.order,
            rule=rule,
            scores=tuple(scores),
            reasoning=_reasoning_of(thought) if thought else "",
            finish=thought.finish if thought else reply.finish,
        )


def _reasoning_of(reply: Reply) -> str:
    """The filled slot; "" where the model wrote none."""
    if reply.finish == "failed":
        return ""
    try:
        record = json.loads(reply.text)
    except (ValueError, RecursionError):
        return ""
    reasoning = record.get("reasoning") if isinstance(record, dict) else None
    return prompts.unicode(reasoning[: prompts.MAX_REASONING].strip()) if isinstance(reasoning, str) else ""


def calibrate(
    engine: Engine, questions: Sequence[Question], rules: Sequence[ScoringRule] = RULES, seed: int = 0
) -> Calibration:
    """Measure each rule on validation questions with keys and choose the best; on a tie the simpler one.

    Choices are shown in a seeded order, so that a model that always says "A" earns no more than chance. Answers that
    no model chose are left out of n. Raises ValueError without a rule that needs no reasoning, or without a key.
    """
    direct = [rule for rule in RULES if rule in rules and not rule.reasoned]
    if not direct:
        raise ValueError("calibration needs at least one rule without reasoning")
    if not all(question.key for question in questions):
        raise ValueError("calibration needs questions with keys")
    keys = [LETTERS.index(question.key) for question in questions if question.key]
    orders = [shuffled(len(q.choices), seed_for(seed, "calibrate", digest(q))) for q in questions]
    scores = []
    for rule in (rule for rule in RULES if rule in rules):
        agent = AnswerAgent(engine, AnswerSettings(rule=rule, deadline=None, seed=seed))
        chosen = [(a.choice == keys[i]) for i, (a, _) in agent.answer_many(questions, orders) if not a.fallback]
        scores.append(RuleScore(rule=rule, correct=share(sum(chosen), len(chosen))))
    return Calibration(
        scores=tuple(scores), rule=_best(scores), first=_best([s for s in scores if not s.rule.reasoned])
    )


def _best(scores: Sequence[RuleScore]) -> ScoringRule:
    """The rule with the highest accuracy; `scores` run from simple to elaborate, and max keeps the first of equals."""
    return max(scores, key=lambda s: s.correct.successes / s.correct.n if s.correct.n else -1.0).rule


class AskedIn(NamedTuple):
    asked: Asked
    seconds: float
    """Wall clock of all attempts together, measured inside the agent."""


class _Draft(NamedTuple):
    worth: int
    """Place in WORTH: 0 is taken at once."""
    question: Question
    reply: Reply
    flaw: str


class QuestionAgent:
    """Writes multiple-choice questions with four choices and a key."""

    def __init__(self, engine: Engine | Patient, settings: QuestionSettings | None = None) -> None:
        self._patient = engine if isinstance(engine, Patient) else Patient(engine)
        self.settings = settings or QuestionSettings()

    def ask(
        self,
        topic: str,
        title: str,
        seed: int,
        check: Callable[[Question], Sequence[str]] | None = None,
    ) -> AskedIn:
        """One question on `topic` (a puzzle family, or any other name), shown to the model as `title`, in time.

        `check`: further problems that send a question back, such as a format filter's. The first question without a
        problem is taken; with `settings.proves` the first that is proven, or else the best there is at the limit.
        Never raises for what an engine does; without any question `asked.question` is None.
        """
        clock = Clock(self.settings.deadline)
        proof = PROOF * (self.settings.deadline or 0) if self.settings.proves else 0.0
        problems: list[str] = []
        drafts: list[_Draft] = []
        attempts, reply = 0, Reply(finish="failed")
        while attempts < self.settings.attempts and _enough(clock, attempts):
            attempts += 1
            request = self._request(topic, title, seed_for(seed, "ask", attempts))
            reply = self._patient.generate(request, clock, keep=proof)
            question = read_question(reply, topic)
            found = [question] if isinstance(question, str) else list(check(question) if check else ())
            if isinstance(question, str) or found:
                problems.append("; ".join(found))
                continue
            draft = self._draft(question, reply)
            drafts.append(draft)
            if not draft.worth:
                break
            problems.append(draft.flaw)
        best = min(drafts, key=lambda draft: draft.worth, default=None)
        reply = best.reply if best else reply
        asked = Asked(
            question=best.question if best else None,
            attempts=attempts,
            problems=tuple(problems),
            finish=reply.finish,
            outage=reply.outage,
        )
        return AskedIn(asked, clock.seconds)

    def _draft(self, question: Question, reply: Reply) -> "_Draft":
        """The question with how good it is, its key mended where the oracle proves another one."""
        whole = question.model_copy(update={"level": self.settings.level, "clues": reply.clues})
        if not self.settings.proves:
            return _Draft(0, whole, reply, "")
        ruling = oracle.prove(question)
        if ruling.ruling == "wrong_key" and ruling.true_key:
            # The explanation argues for the key that was wrong.
            return _Draft(0, whole.model_copy(update={"key": ruling.true_key, "reasoning": ""}), reply, "")
        return _Draft(WORTH.index(ruling.ruling), whole, reply, f"{ruling.ruling}: {ruling.why}")

    def _request(self, topic: str, title: str, seed: int) -> Request:
        level, rng = self.settings.level, random.Random(seed)
        shown = self.settings.examples if topic in puzzles.families() else 0
        examples = [puzzles.family(topic).make(rng, level) for _ in range(shown)]
        return Request(
            messages=prompts.render_question_request(title, level, examples),
            form=prompts.question_form(title),
            sampling=self.settings.sampling,
            seed=seed,
            about={"role": prompts.QUESTION_ROLE, "topic": topic, "level": level},
        )


def _enough(clock: Clock, attempts: int) -> bool:
    """Whether another attempt is worth beginning: half the time of an average one is left. The first always is."""
    return not attempts or clock.left is None or clock.left > clock.seconds / attempts / 2


def read_question(reply: Reply, topic: str) -> Question | str:
    """The question in a reply, or the reason why there is none.

    A reply that was cut is a question only if the cut fell into the explanation, which stands last: a stem or choice
    that was cut makes another question than the one the model set out to write.
    """
    if reply.finish == "failed" or reply.error:
        return reply.error or "the engine failed"
    question = prompts.parse_question(reply.text, topic)
    if isinstance(question, Question) and reply.finish != "stop" and not question.reasoning:
        return f"question: cut ({reply.finish}) before its end"
    return question
