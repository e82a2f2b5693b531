"""What a run found, as one HTML file: complete in itself, without scripts, and plain about what was not run."""

from functools import cache
from typing import TYPE_CHECKING

from pydantic import Field

from stumper.types import (
    Calibration,
    Comparison,
    Judged,
    MatchSummary,
    Question,
    Ruling,
    Scorecard,
    Share,
    Times,
    Value,
    Verdict,
)

if TYPE_CHECKING:
    from jinja2 import Environment


class Model(Value):
    """A model of the run and its part in it."""

    name: str
    part: str
    """What it did, in a few words: "writes and votes", "student"."""
    reference: str = ""
    licence: str = ""
    """Empty: not stated."""


class FunnelRow(Value):
    """What became of the questions one author wrote on one topic; None: that stage was not run.

    A question is accepted in one of three ways, and counted under the first that applies: proven, agreed, reviewed.
    """

    author: str
    topic: str
    asked: int
    well_formed: int | None = None
    proven: int | None = None
    """The oracle proves the key."""
    agreed: int | None = None
    """Not proven; the committee accepted the key."""
    reviewed: int | None = None
    """A person kept or edited it."""
    kept: int | None = None
    """In the data set: accepted, no twin of another, and not dropped to balance the keys."""


class Fallen(Value):
    """How many questions fell out at one stage for one reason (a failure's type, a ruling, a decision)."""

    stage: str
    reason: str
    count: int


class Voter(Value):
    name: str
    calibration: Calibration | None = None
    probes: Share | None = None
    """Right answers to proven questions, those of its own not counted."""


class Pair(Value):
    """Two voters on the questions both answered."""

    a: str
    b: str
    agree: Share
    """The same choice, of all questions that both answered."""
    same_wrong: Share
    """The same wrong choice, of the proven questions on which both erred."""


class Check(Value):
    """One check before training."""

    name: str
    passed: bool
    detail: str = ""


class Loss(Value):
    step: int
    loss: float
    """Mean over the trained tokens since the entry before, in nats; not finite where training diverged."""


class Probe(Value):
    """The model's own writing at one step of training; None: not measured."""

    step: int
    valid_json: float | None = None
    """Share of the outputs."""
    eos: float | None = None
    """Share of the outputs that end by themselves."""
    letter_entropy: float | None = None
    """Of the letters answered, in bits: 0 when it is always the same, 2 when four letters are equally frequent."""
    distinct: float | None = None
    """Share of the outputs that differ from all before them."""


class Training(Value):
    checks: tuple[Check, ...] = ()
    losses: tuple[Loss, ...] = ()
    probes: tuple[Probe, ...] = ()
    loss_share: dict[str, float] = Field(default_factory=dict)
    """Of each role, in parts of 1."""
    examples: dict[str, int] = Field(default_factory=dict)
    """Training rows of each role."""
    tokens: int | None = None
    """Tokens that the loss was taken over, all epochs together."""
    stopped: str = ""
    """Why training ended before its time; empty: it did not."""


class Asking(Value):
    """How one entry wrote questions under the clock."""

    entry: str
    valid: Share
    times: Times | None = None


class Sample(Value):
    """One question of the run, kept or not. `question` is None where nothing well-formed was written."""

    item: str
    author: str
    topic: str
    kept: bool
    question: Question | None = None
    ruling: Ruling | None = None
    verdict: Verdict | None = None
    reason: str = ""
    """Why it was not kept."""


class Sound(Value):
    """How often something other than reasoning finds the key, or changes an answer."""

    what: str
    """In words: "the longest choice is the key"."""
    share: Share
    chance: float | None = None
    """None: not tested against chance."""
    p: float | None = None
    """One-sided exact binomial."""
    items: tuple[str, ...] = ()
    """The questions it rests on, where it is no chance."""


class Nearest(Value):
    """A kept question and the benchmark question that is most like it."""

    item: str
    other: str
    share: float
    """Of the n-grams of the other's stem, in parts of 1."""


class Decontaminated(Value):
    """What the data set was compared with."""

    files: tuple[str, ...]
    questions: int
    proven: int
    """Of the benchmarks' questions; the others are known by their text alone."""
    left_out: int
    nearest: tuple[Nearest, ...]
    """The kept questions that come closest, closest first."""


class ModelCost(Value):
    """The calls of one stage to one model."""

    stage: str
    model: str
    calls: int
    failed: int = 0
    """Of the calls: without a usable reply."""
    prompt_tokens: int
    tokens: int
    """Written by the model."""
    seconds: float
    """Of all calls added up."""
    money: float | None = None
    """In the currency of the prices; None where none are stated."""


class StageCost(Value):
    stage: str
    records: int | None
    """None: the stage was not run."""
    seconds: float | None
    """None where no seconds were kept."""


class Findings(Value):
    """Everything the report says, taken from the records of a run. None: that part was not run."""

    recipe: str
    seed: int
    version: str
    """Of stumper."""
    date: str = ""
    topics: tuple[str, ...] = ()
    models: tuple[Model, ...] = ()
    student: str = ""
    """The name of the model that was trained."""

    funnel: tuple[FunnelRow, ...] | None = None
    fallen: tuple[Fallen, ...] = ()
    left: int | None = None
    """Questions left out because nobody reviewed them."""

    voters: tuple[Voter, ...] | None = None
    pairs: tuple[Pair, ...] = ()

    training: Training | None = None

    base: Scorecard | None = None
    tuned: Scorecard | None = None
    comparison: Comparison | None = None
    """Of those two, either way round."""
    calibrations: dict[str, Calibration] = Field(default_factory=dict)
    """How answers were read off each entry, by the entry's name."""

    asking: tuple[Asking, ...] = ()

    match: MatchSummary | None = None
    balls: tuple[Judged, ...] = ()

    samples: tuple[Sample, ...] | None = None

    baselines: tuple[Sound, ...] | None = None
    """Without a model, on the kept questions."""
    probes: tuple[Sound, ...] = ()
    """With the voters."""
    benchmarks: Decontaminated | None = None

    costs: tuple[ModelCost, ...] | None = None
    """By stage and model."""
    by_model: tuple[ModelCost, ...] = ()
    """The same added up over the stages; `stage` is empty."""
    total: ModelCost | None = None
    stages: tuple[StageCost, ...] | None = None

    audited: str = ""
    """What a person's audit certified of the keys that only votes speak for."""
    notes: tuple[str, ...] = ()
    """What else this run cannot claim, one sentence each."""


MOST_SAMPLES = 12
MOST_BALLS = 200
"""Shown; a match of the challenge has 20 to 1,000."""


def render(findings: Findings) -> str:
    """The report as HTML: one file that loads nothing, whatever the models wrote into the questions.

    Every text passes `wording.clean` and Jinja's escaping. Pictures are never taken from records: a sample carries
    its question, and `pictures.picture` has the topic's own family draw it anew.
    """
    from stumper.report import pictures, wording

    return (
        _environment()
        .get_template("template.html.j2")
        .render(
            f=findings,
            verdict=wording.verdict(findings),
            limits=wording.limits(findings),
            pictures={
                s.item: pictures.picture(s.question) for s in (findings.samples or ())[:MOST_SAMPLES] if s.question
            },
        )
    )


FILTERS = (
    "brief",
    "chance",
    "count",
    "interval",
    "letter",
    "money",
    "name",
    "percent",
    "points",
    "rule",
    "score",
    "seconds",
)
FUNCTIONS = ("groups", "letters", "outcome", "outputs_of", "stem_of", "trained")
"""Of wording.py, as the template uses them."""


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from stumper import stats
    from stumper.report import charts, wording

    environment = Environment(
        loader=PackageLoader("stumper.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=wording.clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {name: getattr(wording, name) for name in FILTERS}
    environment.globals |= {"most_samples": MOST_SAMPLES, "most_balls": MOST_BALLS}
    environment.globals |= {"charts": charts, "upper_bound": stats.upper_bound}
    environment.globals |= {name: getattr(wording, name) for name in FUNCTIONS}
    environment.tests["finite"] = wording.finite
    return environment
