"""The one picture of the data flow: STAGES, read from top to bottom."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from stumper import (
    arena,
    benchmarks,
    calibration,
    committee,
    dataset,
    entrants,
    evaluate,
    forensics,
    generate,
    oracle,
    review,
    train,
)
from stumper.agents import QuestionSettings
from stumper.committee import certify
from stumper.config import Config
from stumper.engines import Engine, ModelSpec
from stumper.types import (
    Ball,
    Ballot,
    Calibration,
    Example,
    Graded,
    Outcome,
    Question,
    Review,
    Ruling,
    Value,
    Verdict,
    Written,
    digest,
)

Records = Mapping[str, Any]


class Finished(Protocol):
    """What the table asks of a run: the records of stages that stand before."""

    def records(self, stage: str) -> Records: ...

    def folder_of(self, stage: str) -> Path: ...


@dataclass(frozen=True)
class Desk:
    """What a stage's work is given besides its recipe and its tasks."""

    inputs: Mapping[str, Records]
    done: Records
    """The stage's own records of before, where it was stopped."""
    engines: Mapping[str, Engine]
    folder: Path
    """For `train` alone: where checkpoints and the adapter go."""
    accept_none: bool
    tell: Callable[[int, int], None]
    """Told (steps done, steps in all) by work that takes long over one record."""


@dataclass(frozen=True)
class Stage:
    """One step of the flow. `recipe` holds everything the work reads besides its inputs."""

    name: str
    version: int
    inputs: tuple[str, ...]
    record: type[Value]
    recipe: Callable[[Config], Any]
    tasks: Callable[..., Mapping[str, Any]]
    """(recipe, records of each input in order) -> what is owed, by key; cheap and without models."""
    work: Callable[[Any, Mapping[str, Any], Desk], Iterator[Outcome[Any]]]
    models: Callable[[Any, Finished], Mapping[str, ModelSpec]] = field(default=lambda recipe, run: {})
    timed: bool = False
    """Seconds are a result: no call is answered from the record."""


def _families(config: Config) -> dict[str, str]:
    return {teacher.name: teacher.family for teacher in config.teachers if teacher.votes and teacher.family}


def _certified(audits: Mapping[str, certify.Audited]) -> frozenset[str] | None:
    """The questions an audit lets be kept by their votes; None where there was no audit."""
    return frozenset(audits[certify.KEY].certificate.kept) if certify.KEY in audits else None


def _voters(config: Config) -> tuple[ModelSpec, ...]:
    return tuple(teacher.spec() for teacher in config.teachers if teacher.votes)


def _by_name(specs: Iterable[ModelSpec]) -> dict[str, ModelSpec]:
    return {spec.name: spec for spec in specs}


def _held_out(kept: Mapping[str, dataset.Kept], split: str, most: int) -> dict[str, Question]:
    """The proven questions of one split, at most so many, drawn by hash so that no author or topic comes first."""
    found = {item: k.question for item, k in kept.items() if k.split == split and k.proven}
    return {item: found[item] for item in sorted(found, key=digest)[:most]}


class PlayRecipe(Value):
    seed: int
    rules: arena.Rules
    n: int
    families: tuple[str, ...]
    asking: QuestionSettings
    models: dict[str, ModelSpec]


class EvaluateRecipe(evaluate.Recipe):
    questions: int
    models: dict[str, ModelSpec]


class TrainRecipe(train.TrainConfig):
    seed: int
    bases: dict[str, str]
    """Record -> model reference."""


def trainings(recipe: TrainRecipe) -> dict[str, train.Recipe]:
    """Record of the stage `train` -> how its base is trained."""
    settings = recipe.model_dump(exclude={"bases"})
    return {name: train.Recipe(**settings, base=base) for name, base in recipe.bases.items()}


def _train(recipe: TrainRecipe, owed: Mapping[str, None], desk: Desk) -> Iterator[Outcome[train.Trained]]:
    examples = list(desk.inputs["dataset"].values())
    for name, one in trainings(recipe).items():
        if name in owed:
            for _, record, ledger in train.work(one, examples, entrants.home(desk.folder, name), desk.tell):
                yield name, record, ledger


def _trained(run: Finished, models: Mapping[str, ModelSpec]) -> dict[str, ModelSpec]:
    records = run.records("train")
    return entrants.trained(models, records, run.folder_of("train") if records else Path())


STAGES: tuple[Stage, ...] = (
    Stage(
        name="generate",
        version=generate.VERSION,
        inputs=(),
        record=Written,
        recipe=lambda c: generate.Recipe(
            **dict(c.generate),
            seed=c.seed,
            topics=c.topics,
            writers=tuple(generate.Writer(model=t.spec(), questions=t.questions) for t in c.teachers if t.questions),
        ),
        tasks=generate.tasks,
        work=lambda recipe, owed, desk: generate.write(recipe, owed, desk.engines, desk.done),
        models=lambda recipe, run: _by_name(writer.model for writer in recipe.writers),
    ),
    Stage(
        name="prove",
        version=oracle.VERSION,
        inputs=("generate",),
        record=Ruling,
        recipe=lambda c: Value(),
        tasks=lambda recipe, written: written,
        work=lambda recipe, owed, desk: ((item, oracle.prove(w.question), {}) for item, w in owed.items()),
    ),
    Stage(
        name="calibrate-voters",
        version=calibration.VERSION,
        inputs=(),
        record=Calibration,
        recipe=lambda c: calibration.VotersRecipe(
            seed=c.seed, topics=c.topics, voters=_voters(c), **dict(c.committee.calibration)
        ),
        tasks=calibration.voters,
        work=lambda recipe, owed, desk: calibration.measure(recipe, owed, desk.engines),
        models=lambda recipe, run: _by_name(recipe.voters),
    ),
    Stage(
        name="vote",
        version=committee.VOTE_VERSION,
        inputs=("generate", "prove", "calibrate-voters"),
        record=Ballot,
        recipe=lambda c: committee.VoteRecipe(
            **dict(c.committee.asking),
            seed=c.seed,
            voters=_voters(c),
            probes=c.committee.probes,
            policy=c.committee.policy if c.committee.asking.stop_early else None,
            audited=c.committee.audit is not None,
        ),
        tasks=lambda recipe, written, rulings, calibrations: committee.tasks(recipe, written, rulings),
        work=lambda recipe, owed, desk: committee.vote(
            recipe,
            owed,
            desk.inputs["generate"],
            desk.inputs["prove"],
            desk.inputs["calibrate-voters"],
            desk.engines,
            desk.done,
        ),
        models=lambda recipe, run: _by_name(recipe.voters),
    ),
    Stage(
        name="verdict",
        version=committee.VERDICT_VERSION,
        inputs=("generate", "prove", "vote"),
        record=Verdict,
        recipe=lambda c: committee.VerdictRecipe(
            policy=c.committee.policy,
            families=_families(c),
        ),
        tasks=committee.cases,
        work=lambda recipe, owed, desk: committee.decide(recipe, owed),
    ),
    Stage(
        name="review",
        version=review.VERSION,
        inputs=("generate", "verdict"),
        record=Review,
        recipe=lambda c: Value(),
        tasks=review.tasks,
        work=lambda recipe, owed, desk: review.settle(owed, desk.accept_none),
    ),
    Stage(
        name="recheck",
        version=committee.VOTE_VERSION,
        inputs=("generate", "review", "calibrate-voters"),
        record=Verdict,
        recipe=lambda c: committee.RecheckRecipe(
            seed=c.seed, voters=_voters(c), policy=c.committee.policy, asking=c.committee.asking
        ),
        tasks=committee.edited,
        work=lambda recipe, owed, desk: committee.recheck(recipe, owed, desk.inputs["calibrate-voters"], desk.engines),
        models=lambda recipe, run: _by_name(recipe.voters),
    ),
    Stage(
        name="audit",
        version=certify.VERSION,
        inputs=("generate", "prove", "vote"),
        record=certify.Audited,
        recipe=lambda c: certify.Recipe(seed=c.seed, target=c.committee.audit, families=_families(c)),
        tasks=certify.tasks,
        work=lambda recipe, owed, desk: certify.settle(recipe, desk.inputs, desk.folder, desk.accept_none),
    ),
    Stage(
        name="benchmarks",
        version=benchmarks.VERSION,
        inputs=(),
        record=benchmarks.Known,
        recipe=lambda c: benchmarks.Recipe(files=benchmarks.files(c.forensics.benchmarks)),
        tasks=benchmarks.tasks,
        work=lambda recipe, owed, desk: benchmarks.read(owed),
    ),
    Stage(
        name="select",
        version=dataset.SELECT_VERSION,
        inputs=("generate", "prove", "verdict", "review", "recheck", "audit", "benchmarks"),
        record=dataset.Kept,
        recipe=lambda c: dataset.SelectRecipe(seed=c.seed, **dict(c.dataset)),
        tasks=lambda recipe, written, rulings, verdicts, reviews, rechecks, audits, known: dataset.select(
            recipe, dataset.accepted(written, rulings, verdicts, reviews, rechecks, _certified(audits)), rulings, known
        ),
        work=lambda recipe, owed, desk: dataset.as_outcomes(owed),
    ),
    Stage(
        name="forensics",
        version=forensics.VERSION,
        inputs=("select", "calibrate-voters"),
        record=forensics.Probed,
        recipe=lambda c: forensics.Recipe(voters=_voters(c), questions=c.forensics.questions),
        tasks=lambda recipe, kept, calibrations: forensics.tasks(recipe, kept),
        work=lambda recipe, owed, desk: forensics.probe(recipe, owed, desk.inputs["calibrate-voters"], desk.engines),
        models=lambda recipe, run: _by_name(recipe.voters),
    ),
    Stage(
        name="dataset",
        version=dataset.ROWS_VERSION,
        inputs=("select",),
        record=Example,
        recipe=lambda c: dataset.RowsRecipe(seed=c.seed, writing=c.dataset.writing, answer=c.dataset.answer),
        tasks=dataset.rows,
        work=lambda recipe, owed, desk: dataset.as_outcomes(owed),
    ),
    Stage(
        name="train",
        version=train.VERSION,
        inputs=("dataset",),
        record=train.Trained,
        recipe=lambda c: TrainRecipe(
            **dict(c.train), seed=c.seed, bases={name: s.model for name, s in entrants.students(c).items()}
        ),
        tasks=lambda recipe, examples: dict.fromkeys(recipe.bases),
        work=_train,
    ),
    Stage(
        name="calibrate-entries",
        version=calibration.VERSION,
        inputs=("select", "train"),
        record=Calibration,
        recipe=lambda c: calibration.EntriesRecipe(
            seed=c.seed, models=entrants.entrants(c, c.evaluate.engine), **dict(c.evaluate.calibration)
        ),
        tasks=lambda recipe, kept, trained: dict.fromkeys(
            recipe.models, _held_out(kept, "validation", recipe.questions)
        ),
        work=lambda recipe, owed, desk: calibration.measure(recipe, owed, desk.engines),
        models=lambda recipe, run: _trained(run, recipe.models),
    ),
    Stage(
        name="evaluate",
        version=evaluate.VERSION,
        inputs=("select", "train", "calibrate-entries"),
        record=Graded,
        recipe=lambda c: EvaluateRecipe(
            seed=c.seed,
            entries=tuple(entrants.entrants(c)),
            deadline=c.evaluate.deadline,
            questions=c.evaluate.questions,
            models=entrants.entrants(c, c.evaluate.engine),
        ),
        tasks=lambda recipe, kept, trained, calibrations: evaluate.tasks(
            recipe, _held_out(kept, "test", recipe.questions)
        ),
        work=lambda recipe, owed, desk: evaluate.answer(
            recipe,
            owed,
            _held_out(desk.inputs["select"], "test", recipe.questions),
            desk.inputs["calibrate-entries"],
            desk.engines,
        ),
        models=lambda recipe, run: _trained(run, recipe.models),
        timed=True,
    ),
    Stage(
        name="play",
        version=arena.PLAY_VERSION,
        inputs=("train", "calibrate-entries"),
        record=Ball,
        recipe=lambda c: PlayRecipe(
            seed=c.seed,
            rules=arena.load_rules(c.play.rules, c.play.traps),
            n=c.play.n,
            families=c.topics,
            asking=c.play.asking,
            models=entrants.entrants(c),
        ),
        tasks=lambda recipe, trained, calibrations: arena.deliveries(
            recipe.rules, recipe.n, recipe.seed, entrants.sides(calibrations), recipe.families
        ),
        work=lambda recipe, owed, desk: arena.play(
            recipe.rules,
            owed,
            {
                name: arena.entry(
                    name,
                    desk.engines[name],
                    recipe.rules,
                    desk.inputs["calibrate-entries"].get(name),
                    recipe.asking,
                    recipe.seed,
                )
                for name in entrants.sides(desk.inputs["calibrate-entries"])
            },
            oracle.prove,
        ),
        models=lambda recipe, run: _trained(run, recipe.models),
        timed=True,
    ),
)
STAGE = {stage.name: stage for stage in STAGES}
