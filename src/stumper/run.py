"""A run on disk: which artefact each stage has made, and the runner that makes, resumes and seals them."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stumper import review
from stumper.calls import Recorded
from stumper.committee import certify
from stumper.committee.audit import Audit
from stumper.config import Config, Runtime
from stumper.engines import Engine, ModelSpec, open_engine
from stumper.engines._pool import Pool
from stumper.errors import BadInput, StumperError
from stumper.pipeline import STAGE, STAGES, Desk, Records, Stage
from stumper.spending import Meter
from stumper.store import FORMAT, Artefact, fingerprint, replace_text, whole_lines, writing
from stumper.types import Failure, JsonObject, Review, canonical

Watch = Callable[[str, int, int], None]
"""Told (stage, records made, records owed in all) as they are made."""


class Engines(Mapping[str, Recorded]):
    """The models of one stage by name; each is opened when it is first called and closed with the stage."""

    def __init__(
        self,
        specs: Mapping[str, ModelSpec],
        config: Config,
        calls: Path,
        timed: bool,
        artefact: str,
        meter: Meter | None = None,
    ) -> None:
        self._specs = specs
        self._config = config
        self._calls = calls
        self._timed = timed
        self._artefact = artefact
        self._meter = meter
        self._open: dict[str, Recorded] = {}

    def __getitem__(self, name: str) -> Recorded:
        if name not in self._open:
            spec, runtime = self._specs[name], self._config.runtime.of(name)
            self._open[name] = Recorded(
                spec,
                lambda: opened(spec, self._config.runtime),
                self._calls,
                not self._timed,
                self._artefact,
                runtime.prices,
                # What plays under the clock cannot be stopped in the middle; an author that is no model costs nothing.
                self._meter if spec.model and not self._timed else None,
            )
        return self._open[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def close(self) -> None:
        for engine in self._open.values():
            engine.close()


def opened(spec: ModelSpec, runtime: Runtime) -> Engine:
    """The engine of a model, in this process or on Ray's cluster."""
    own = runtime.of(spec.name)
    if runtime.executor == "ray" and not own.url:
        return Pool(spec, own, runtime.ray.address)
    return open_engine(spec, own)


class Run:
    """A run folder: the resolved recipe, and which artefact each stage has made."""

    def __init__(self, config: Config, folder: Path) -> None:
        self.config = config
        self.folder = folder
        self.artifacts = folder.parent / "artifacts"
        self.stages: dict[str, str] = {}

    @classmethod
    def open(cls, config: Config, folder: Path) -> "Run":
        """Create the run folder, or take up an earlier run of the same recipe.

        Raises BadInput for a folder of another recipe or of another version of stumper's layout.
        """
        run = cls(config, folder)
        path = folder / "run.json"
        if path.exists():
            earlier = _read_json(path)
            if earlier.get("format") != FORMAT:
                raise BadInput(
                    f"{path} has format {earlier.get('format')}, this stumper reads {FORMAT}; choose another --run-dir"
                )
            changed = sorted(_differences(earlier.get("config", {}), config.decisive()))
            if changed:
                raise BadInput(
                    f"{folder} was made by another recipe (it differs in {', '.join(changed[:3])}); choose another "
                    "--run-dir: finished stages that are the same are taken over"
                )
            run.stages = dict(earlier.get("stages", {}))
        else:
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
            run.save()
        return run

    @classmethod
    def read(cls, folder: Path) -> "Run":
        """Open a run that exists. Raises BadInput when the folder is none."""
        path = folder / "run.json"
        if not path.exists():
            raise BadInput(f"{folder} is no run folder: it has no run.json; name one that `stumper run` made")
        entry = _read_json(path)
        run = cls(Config.model_validate(entry["config"] | {"runtime": entry.get("runtime", {})}), folder)
        run.stages = dict(entry.get("stages", {}))
        return run

    def save(self) -> None:
        entry = {
            "format": FORMAT,
            "config": self.config.decisive(),
            "runtime": self.config.runtime.model_dump(mode="json"),
            "stages": self.stages,
        }
        replace_text(self.folder / "run.json", canonical(entry) + "\n")

    def artefact(self, stage: Stage) -> Artefact[Any] | None:
        """The stage's artefact as it stands; None as long as an input of it is not sealed."""
        contents = {}
        for name in stage.inputs:
            before = self.artefact(STAGE[name])
            if before is None or not before.sealed:
                return None
            contents[name] = before.content
        name = fingerprint(stage.name, stage.version, stage.recipe(self.config), contents)
        return Artefact(self.artifacts, stage.name, name, stage.record)

    def records(self, stage: str) -> Records:
        """The records of a stage without its failures; empty as long as it has not begun."""
        artefact = self.artefact(STAGE[stage])
        return artefact.open().done() if artefact and artefact.folder.exists() else {}

    def failures(self, stage: str) -> Mapping[str, Failure]:
        """Why the records that a stage could not make are missing."""
        artefact = self.artefact(STAGE[stage])
        records = artefact.open().records() if artefact and artefact.folder.exists() else {}
        return {key: record for key, record in records.items() if isinstance(record, Failure)}

    def ledger(self, stage: str) -> Mapping[str, JsonObject]:
        """What the clock and the machine had to say about each record of a stage."""
        artefact = self.artefact(STAGE[stage])
        return artefact.ledger() if artefact else {}

    def folder_of(self, stage: str) -> Path:
        """Where a stage's artefact lies. Raises StumperError as long as a stage before it is not finished."""
        artefact = self.artefact(STAGE[stage])
        if artefact is None:
            raise StumperError(f"{stage} has not begun: a stage before it is not finished")
        return artefact.folder

    def tasks(self, stage: Stage) -> Mapping[str, Any]:
        return stage.tasks(stage.recipe(self.config), *(self.records(name) for name in stage.inputs))


def _read_json(path: Path) -> JsonObject:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(
            f"{path} is damaged ({error}); choose another --run-dir, finished stages are taken over"
        ) from error
    if not isinstance(entry, dict):
        raise BadInput(f"{path} is damaged; choose another --run-dir, finished stages are taken over")
    return entry


def _differences(one: Any, other: Any, at: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from _differences(one.get(key), other.get(key), f"{at}.{key}" if at else key)
    elif one != other:
        yield at


def make(run: Run, stage: Stage, watch: Watch) -> None:
    """Bring one stage to its end: do what is owed, seal. Raises StumperError when something stays owed."""
    artefact = run.artefact(stage)
    if artefact is None:
        raise StumperError(f"{stage.name} cannot start: one of {', '.join(stage.inputs)} is not finished")
    if run.stages.get(stage.name) != artefact.folder.name:
        run.stages[stage.name] = artefact.folder.name
        run.save()
    if artefact.sealed:
        artefact.open()
        return
    recipe = stage.recipe(run.config)
    artefact.open(recipe)
    with artefact:
        tasks = run.tasks(stage)
        done = artefact.done()
        owed = {key: task for key, task in tasks.items() if key not in done}
        watch(stage.name, len(tasks) - len(owed), len(tasks))
        if owed:
            _work(run, stage, recipe, artefact, owed, len(tasks), watch)
        outages = [r for r in artefact.records().values() if isinstance(r, Failure) and r.outage]
        if outages:
            raise StumperError(
                f"{stage.name}: {len(outages)} of {len(tasks)} failed: {outages[0].message}; mend that and run the "
                "same command again, what is finished is kept"
            )
        artefact.seal(tasks)


def _work(
    run: Run, stage: Stage, recipe: Any, artefact: Artefact[Any], owed: Mapping[str, Any], total: int, watch: Watch
) -> None:
    made = total - len(owed)
    with ExitStack() as stack:
        name = f"{stage.name}/{artefact.folder.name}"
        specs = stage.models(recipe, run)
        meter = Meter.of(run) if specs else None
        engines = Engines(specs, run.config, run.artifacts / "calls", stage.timed, name, meter)
        stack.callback(engines.close)
        inputs = {name: run.records(name) for name in stage.inputs}
        desk = Desk(
            inputs,
            artefact.done(),
            engines,
            artefact.folder,
            run.config.runtime.accept_none,
            tell=lambda done, steps: watch(f"{stage.name} (steps)", done, steps),
        )
        for key, record, ledger in stage.work(recipe, owed, desk):
            artefact.append(key, record, {"at": round(time.time(), 3), **ledger})
            made += 1
            watch(stage.name, made, total)


def run_all(run: Run, until: str | None, watch: Watch) -> None:
    """Make the stages in order, up to and with `until`. Raises BadInput for an unknown stage."""
    if until is not None and until not in STAGE:
        raise BadInput(f"no stage {until!r}; there are: {', '.join(STAGE)}")
    for stage in STAGES:
        make(run, stage, watch)
        if stage.name == until:
            return


def queue(run: Run) -> tuple[dict[str, review.Item], Artefact[Review]]:
    """What waits for a person's decision, and the artefact that takes it. What nobody looked at waits again.

    Raises BadInput as long as the verdicts are not there.
    """
    stage = STAGE["review"]
    artefact = run.artefact(stage)
    if artefact is None:
        raise BadInput(f"{run.folder} has no verdicts yet: `stumper run` it first")
    artefact.open(stage.recipe(run.config))
    decided = {key for key, record in artefact.done().items() if record.decision != "left"}
    waiting = {key: item for key, item in run.tasks(stage).items() if key not in decided}
    return waiting, artefact


def audit(run: Run) -> tuple[Audit, Records, Artefact[certify.Audited]]:
    """The audit before its first answer, the questions, and the artefact whose folder takes the answers.

    Raises BadInput where the recipe states no target, where nothing was voted on, or where the audit has ended.
    """
    stage = STAGE["audit"]
    artefact = run.artefact(stage)
    if run.config.committee.audit is None:
        raise BadInput(f"{run.folder} is not to be audited: its recipe states no committee.audit")
    recipe = stage.recipe(run.config)
    begun = certify.begin(recipe, *(run.records(name) for name in stage.inputs)) if artefact else None
    if artefact is None or begun is None:
        raise BadInput(f"{run.folder} has no ballots yet: `stumper run` it first")
    if artefact.sealed:
        raise BadInput(f"the audit of {run.folder} has ended; its certificate stands in the data card")
    artefact.open(recipe)
    return begun, run.records("generate"), artefact


@dataclass(frozen=True)
class Plan:
    """Where one stage stands."""

    stage: str
    state: str
    """done, begun, owed, or waits (for a stage before it)."""
    made: int
    owed: int | None
    """Records still to be made; None as long as a stage before it has not said how many."""
    fingerprint: str
    seconds: float | None
    """What the owed records will take, by the mean of the same stage's records so far; None without any."""


def plan(run: Run) -> Iterator[Plan]:
    """Every stage in order; nothing is written and no model is loaded."""
    for stage in STAGES:
        artefact = run.artefact(stage)
        if artefact is None:
            yield Plan(stage.name, "waits", 0, None, "", None)
            continue
        done = artefact.open().done() if artefact.folder.exists() else {}
        name = artefact.folder.name
        if artefact.sealed:
            yield Plan(stage.name, "done", len(done), 0, name, 0.0)
            continue
        owed = len(run.tasks(stage).keys() - done.keys())
        mean = _mean_seconds(run.artifacts / stage.name)
        seconds = None if mean is None else mean * owed
        yield Plan(stage.name, "begun" if done else "owed", len(done), owed, name, seconds)


def _mean_seconds(folder: Path) -> float | None:
    """The mean seconds a record of earlier artefacts of one stage, this run's or another's."""
    seconds = [
        float(entry["seconds"])
        for path in sorted(folder.glob("*/ledger.jsonl"))
        for entry in map(json.loads, whole_lines(path))
        if isinstance(entry.get("seconds"), (int, float))
    ]
    return sum(seconds) / len(seconds) if seconds else None
