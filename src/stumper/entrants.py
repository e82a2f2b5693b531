"""The models that are measured: each student before and after training, and the one of them that is submitted."""

from collections.abc import Mapping
from pathlib import Path

from stumper import train
from stumper.config import Config, Student
from stumper.engines import ModelSpec
from stumper.train import Trained
from stumper.types import Calibration, Share

RECORD = {"tuned": "model", "rival": "rival"}
"""Tuned entrant -> its record of the stage `train`."""

BEFORE = {"tuned": "base", "rival": "rival-base"}
"""Tuned entrant -> the same model before training."""


def students(config: Config) -> dict[str, Student]:
    """Record of the stage `train` -> the student that it trains."""
    return {"model": config.student} | ({"rival": config.rival} if config.rival else {})


def entrants(config: Config, engine: str = "") -> dict[str, ModelSpec]:
    """All models that are measured, still without adapters, on `engine` or their own."""
    found: dict[str, ModelSpec] = {}
    for tuned, record in RECORD.items():
        if student := students(config).get(record):
            base = student.base(engine)
            found |= {name: base.model_copy(update={"name": name}) for name in (BEFORE[tuned], tuned)}
    return found


def home(folder: Path, record: str) -> Path:
    """Where a trained model lies within the folder of the stage `train`."""
    return folder if record == "model" else folder / record


def trained(specs: Mapping[str, ModelSpec], records: Mapping[str, Trained], folder: Path) -> dict[str, ModelSpec]:
    """The entrants as the agents run them: those that were trained with their adapters, none that is not there yet."""
    ready = dict(specs)
    for name, record in RECORD.items():
        if name in ready and record in records:
            adapter = train.adapter_for(ready[name].engine, records[record], home(folder, record))
            ready[name] = ready[name].model_copy(update=adapter)
        else:
            ready.pop(name, None)
    return ready


def validated(calibration: Calibration) -> Share:
    """How many validation questions an entrant answered rightly by the rule that suits it best."""
    return next(score.correct for score in calibration.scores if score.rule == calibration.rule)


def submitted(calibrations: Mapping[str, Calibration]) -> str:
    """The tuned entrant with the most validation questions right; the first one where there is no other or they tie.

    Test questions have no part in it: what they then say of the choice is not flattered by it.
    """
    if not {"tuned", "rival"} <= calibrations.keys():
        return "tuned"
    mine, other = (validated(calibrations[name]) for name in ("tuned", "rival"))
    return "rival" if other.successes * mine.n > mine.successes * other.n else "tuned"


def sides(calibrations: Mapping[str, Calibration]) -> tuple[str, str]:
    """Who plays the match: what is submitted, and the same model before training."""
    name = submitted(calibrations)
    return name, BEFORE[name]
