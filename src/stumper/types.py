"""The values that travel between stages. They know nothing of files, engines or votes cast elsewhere."""

import hashlib
import json
import random
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

LETTERS = "ABCDEFGHI"

Letter = Literal["A", "B", "C", "D", "E", "F", "G", "H", "I"]
Level = Annotated[int, Field(ge=1, le=5)]
JsonObject = dict[str, Any]


class Value(BaseModel):
    """Base of all values: immutable, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no white space, UTF-8.

    Raises TypeError for what has no exact JSON form (floats that are not finite, sets, objects):
    a permissive `str(o)` would silently fork every fingerprint built on it.
    """
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise TypeError(f"no canonical form: {error}") from error


def digest(*values: Any) -> str:
    """SHA-256 (64 hex digits) of the canonical form of the values, in order."""
    return hashlib.sha256(canonical([_plain(v) for v in values]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def seed_for(root: int, *path: str | int) -> int:
    """A seed (63 bits) for one item: a hash, because `root + index` overlaps between neighbouring roots."""
    return int.from_bytes(hashlib.sha256(canonical([root, *path]).encode()).digest()[:8], "big") >> 1


def shuffled(n: int, seed: int) -> tuple[int, ...]:
    """A seeded order of n choices: position -> choice."""
    return tuple(random.Random(seed).sample(range(n), n))


class Question(Value):
    """A multiple-choice question. `choices` are bare texts, in the order of the letters; none: an open question."""

    topic: str
    stem: str
    choices: tuple[str, ...] = ()
    key: Letter | None = None
    reasoning: str = ""
    level: Level | None = None
    clues: JsonObject | None = None
    """The formal problem (clues, query, choices) in the language of the topic's family, where the author states it."""

    @model_validator(mode="after")
    def _key_is_a_choice(self) -> "Question":
        if len(self.choices) > len(LETTERS):
            raise ValueError(f"{len(self.choices)} choices, at most {len(LETTERS)} have letters")
        if self.key is not None and self.choices and LETTERS.index(self.key) >= len(self.choices):
            raise ValueError(f"key {self.key} names none of the {len(self.choices)} choices")
        return self


RulingName = Literal["proven", "wrong_key", "ambiguous", "contradictory", "convention_dependent", "unformalised"]


class Ruling(Value):
    """What the oracle proves about one question."""

    ruling: RulingName
    true_key: Letter | None = None
    why: str
    certificate: JsonObject | None = None


class Written(Value):
    """A question and who wrote it."""

    author: str
    question: Question
    refused: tuple[str, ...] = ()
    """Why earlier drafts for its place were refused, in order: malformed, a ruling, or repeated."""
    repaired: Literal["", "key", "rewritten"] = ""
    """After a refutation: the oracle put the proven key, or the author wrote it anew, told what is wrong."""


Objection = Literal["none", "several", "ambiguous"]
OBJECTIONS: tuple[Objection, ...] = get_args(Objection)
"""What a voter may say instead of a choice: none is right, more than one is, or the text does not settle it."""


class Ballot(Value):
    """One voter's answer to one question. Choices are counted from 0 in the question's own order, not as shown.

    Where the voter was offered objections, they are numbered behind the choices, in the order of OBJECTIONS.
    """

    voter: str
    choice: int | None
    """None: the voter objects, or was not asked, or its samples are tied."""
    order: tuple[int, ...]
    """The order in which the voter saw the choices: position -> choice; of several samples: the first."""
    scores: tuple[float, ...] = ()
    """Natural log-probability of each choice, in the question's own order, as the mean over samples; empty where the
    engine gives none."""
    own: bool = False
    """The voter wrote the question: kept, never counted."""
    objection: Objection | None = None
    samples: tuple[int, ...] = ()
    """What each sample said, where there were several: the ballot is what most of them said."""
    reasoning: str = ""
    """Of the first sample that said what the ballot says; empty where the voter answered at once."""
    asked: bool = True
    """False: nobody asked, because no further vote could change the verdict."""


class Verdict(Value):
    """The committee's decision on one question."""

    decision: Literal["accept", "reject", "review"]
    agreement: Literal["unanimous", "majority", "split", "none", "sure", "objected"]
    """`sure`: a model of the voters is, of one choice. `objected`: more than half of the voters object."""
    votes: tuple[int, ...]
    objections: int = 0
    """Counted voters who found that none of the choices is the one right answer."""
    choice: int | None
    """The choice with most counted votes, None when tied or nobody voted."""
    key_agrees: bool | None
    reason: str


class Review(Value):
    """A person's decision on one question; `left`: nobody was there. The time of it stands in the ledger."""

    decision: Literal["keep", "edit", "discard", "left"]
    reviewer: str
    reason: str = ""
    question: Question | None = None
    """The edited question, for `edit` alone."""


class Message(Value):
    role: Literal["system", "user", "assistant"]
    content: str


class Text(Value):
    """A string that the model writes: 1 to `max_chars` characters, without quotes, backslashes and controls."""

    max_chars: int
    starts: str = ""
    distinct: bool = False
    """Not blank, and unlike every distinct slot filled before it, case disregarded. Only an engine that fills slot by
    slot can see to it; elsewhere, reading the reply finds the fault."""


class Fixed(Value):
    """A string that is given."""

    text: str


class OneOf(Value):
    """A string that the model picks."""

    options: tuple[str, ...]


class FormField(Value):
    name: str
    content: Text | Fixed | OneOf | tuple[Text, ...]


class Form(Value):
    """A flat JSON object to be filled in, field by field, in this order. Every cut of it can be closed."""

    fields: tuple[FormField, ...]


class Sampling(Value):
    temperature: float = Field(0.0, ge=0)
    top_p: float = Field(1.0, gt=0, le=1)
    max_tokens: int = Field(256, gt=0)


class Request(Value):
    """One call of a model. With `continuations` the engine scores them; otherwise it writes."""

    messages: tuple[Message, ...]
    opening: str = ""
    """Text with which the reply already begins; never ends in white space."""
    form: Form | None = None
    continuations: tuple[str, ...] = ()
    sampling: Sampling = Sampling()
    seed: int = 0
    deadline: float | None = Field(None, gt=0)
    """Wall-clock limit in seconds from the moment the engine is given the request."""
    about: JsonObject = Field(default_factory=dict)
    """What is asked, as plain data ({"role": "<Q>", "topic": ..., "level": ...}), for authors that read no prompt."""


class Reply(Value):
    """What came back. `text` leaves out the opening. A failed call is a reply with `finish="failed"` and an `error`."""

    text: str = ""
    finish: Literal["stop", "length", "deadline", "failed"] = "stop"
    error: str = ""
    outage: bool = False
    """The failure is the endpoint's or the machine's, not the model's: worth asking again."""
    prompt_tokens: int = 0
    tokens: int = 0
    seconds: float = 0.0
    scores: tuple[float, ...] = ()
    """Natural log-probability of each continuation (sum over its tokens)."""
    clues: JsonObject | None = None
    """Formal statement of a question, from authors that are no language model."""


class Example(Value):
    """One training row: a conversation up to the reply, and the reply."""

    role: Literal["<Q>", "<A>"]
    split: Literal["train", "validation", "test"]
    topic: str
    level: Level | None
    messages: tuple[Message, ...]
    completion: str
    item: str
    """The key of the question it was made from."""


class Failure(Value):
    """What stands in the store where a record should: why there is none."""

    type: str
    message: str
    outage: bool = False


R = TypeVar("R", bound=Value)

Outcome = tuple[str, R | Failure, JsonObject]
"""What a stage yields: the task's key, the record or why there is none, and the ledger line (seconds, attempts)."""


class Share(Value):
    """A count of successes with the Wilson interval of its rate at 95 %."""

    successes: int
    n: int
    low: float
    high: float


class ScoringRule(Value):
    """How an answer is read off a model, at once or after reasoning."""

    by: Literal["letter", "text_mean", "text_sum", "cloze"] = "letter"
    """By the likelihood of the letter; of the choice's text per character; of the whole text; of the text per
    character with no choices in sight, for models that were not trained on them."""
    reasoned: bool = False

    @model_validator(mode="after")
    def _only_letters_follow_reasoning(self) -> "ScoringRule":
        if self.reasoned and self.by != "letter":
            raise ValueError(f"after reasoning the letter is scored, not {self.by}")
        return self


class RuleScore(Value):
    rule: ScoringRule
    correct: Share


class Calibration(Value):
    """Which scoring rule suits one model, measured on validation questions."""

    scores: tuple[RuleScore, ...]
    rule: ScoringRule
    """The best one."""
    first: ScoringRule
    """The best rule without reasoning: it gives the answer that stands while the model still reasons."""


class Answer(Value):
    """What an answer agent says to one question; always one of the question's choices."""

    choice: int
    """Counted from 0 in the question's own order, not as shown."""
    order: tuple[int, ...]
    """The order in which the choices were shown: position -> choice."""
    rule: ScoringRule
    """The rule that decided."""
    scores: tuple[float, ...] = ()
    """Of each choice in the question's own order: natural log-probability, per character by `text_mean`
    and `cloze`."""
    reasoning: str = ""
    finish: Literal["stop", "length", "deadline", "failed"] = "stop"
    fallback: bool = False
    """No model chose: a seeded guess, because an answer was due. `error` says why."""
    error: str = ""
    outage: bool = False


class Asked(Value):
    """What a question agent wrote: the question, or None with the problems of every attempt."""

    question: Question | None
    attempts: int
    problems: tuple[str, ...] = ()
    """Why each attempt was refused or, with a question, not good enough to stop at; in order."""
    finish: Literal["stop", "length", "deadline", "failed"] = "stop"
    outage: bool = False


class Graded(Value):
    """One entry's answer to one held-out question, marked."""

    entry: str
    item: str
    topic: str
    level: Level | None
    key: Letter
    answer: Answer
    valid: bool
    """The model chose in time; a guess in its place is not valid."""
    correct: bool
    """Valid, and the choice is the key."""


class Times(Value):
    """Wall-clock seconds against a limit; every quantile is a time that was seen."""

    n: int
    p50: float | None
    p95: float | None
    max: float | None
    limit: float
    over: int


class Scorecard(Value):
    """What one entry's marked answers add up to."""

    entry: str
    accuracy: Share
    chance: float
    """The accuracy of blind guessing on these questions."""
    valid: Share
    by_topic: dict[str, Share]
    by_level: dict[str, Share]
    """Keys "1" to "5", and "-" for questions without a level."""
    letters: dict[str, int]
    """How often each letter was answered, as the choices were shown: a lean shows a position bias."""
    key_letters: dict[str, int]
    """How often each letter was right, as the choices were shown."""
    times: Times | None
    """None where no seconds were kept."""


class Comparison(Value):
    """Two entries on the same questions (McNemar)."""

    a: str
    b: str
    n: int
    both: int
    only_a: int
    only_b: int
    difference: float
    """Accuracy of a minus accuracy of b."""
    p_exact: float
    p_mid: float
    detectable: float | None
    """The smallest difference that n questions with this much discordance tell with 80 % power; None: none."""


class TokenCounts(Value):
    """Tokens of a question (question, choices, answer; explanation) or of an answer (answer; reasoning)."""

    core: int
    optional: int


class Ball(Value):
    """What happened when one side asked once and the other answered. No rule of any edition is applied yet."""

    innings: Literal[1, 2]
    number: int
    asker: str
    answerer: str
    topic: str
    level: Level
    asked: Asked
    question: JsonObject | None
    """The question as handed in, in the challenge's format; None: the asker wrote none."""
    question_tokens: TokenCounts | None
    ruling: Ruling | None
    """The oracle's, on the question as handed in."""
    answer: Answer | None
    reply: JsonObject | None
    """The answer as handed in; None: there was nothing to answer."""
    reply_tokens: TokenCounts | None


class Judged(Value):
    """A ball under the rules of one edition."""

    ball: Ball
    problems: tuple[str, ...]
    """What the format filter has against the question."""
    late_question: bool
    late_answer: bool
    counted: bool
    """In time, past the filter and not dropped: one of the N that both scores are shares of."""
    correct: bool
    stump: bool
    """Counted, *proven* by the oracle, and answered wrong."""


class Innings(Value):
    """What one side's questions and the other side's answers add up to."""

    asker: str
    answerer: str
    well_formed: Share
    """Of the questions due."""
    disqualified: bool
    late_questions: int
    late_answers: int
    rulings: dict[str, int]
    """Of the questions that passed the filter."""
    right: Share
    """Of the counted questions: the answerer's official score, in parts of 1."""
    wrong: Share
    """Of the counted questions: the asker's official score, in parts of 1."""
    stumps: Share
    """Proven stumps, of the proven questions that counted."""


class Total(Value):
    """A side's official score: 0 to 200."""

    points: float
    low: float
    high: float


class MatchSummary(Value):
    """The score of a match, and what it can tell."""

    edition: str
    innings: tuple[Innings, Innings]
    totals: dict[str, Total]
    winner: str | None
    """None for a tie; the edition decides it by hidden questions."""
    decided_by: Literal["score", "disqualification", "tie"]
    even_winner: float
    """The chance that two identical sides show a winner in a match of this length."""
    even_margin: float
    """The chance that two identical sides differ by this margin or more."""
    says: str
    """The same in one sentence."""
