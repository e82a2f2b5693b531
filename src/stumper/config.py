"""One typed tree for a whole run, composed of each stage's own settings; read from a recipe and dotted overrides."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from stumper import discover, puzzles
from stumper.arena import PlaySettings
from stumper.calibration import Settings as CalibrationSettings
from stumper.committee import Settings as CommitteeSettings
from stumper.dataset import Settings as DatasetSettings
from stumper.engines import EngineRuntime, ModelSpec
from stumper.errors import BadInput
from stumper.evaluate import Settings as EvaluateSettings
from stumper.files import Lines, read_yaml
from stumper.forensics import Settings as ForensicsSettings
from stumper.generate import Count
from stumper.generate import Settings as GenerateSettings
from stumper.train import TrainConfig
from stumper.types import JsonObject, Value

ENTRANTS = ("base", "tuned", "rival-base", "rival")
"""The students before and after training, by the names under which they are measured."""


class Teacher(ModelSpec):
    """A model that writes questions, votes on them, or both."""

    questions: Count | dict[str, Count] = 100
    """To be written per topic: the same for all topics, or by topic."""
    votes: bool = True
    """Answers every question blind, as a member of the committee."""
    family: str = ""
    """Teachers of one family (one maker's models, or one trained on another's words) err together; empty: of its
    own."""

    def spec(self) -> ModelSpec:
        return ModelSpec.model_validate(self.model_dump(include=set(ModelSpec.model_fields)))


class Student(Value):
    """The model that is trained, and the engine that runs it in the agents."""

    model: str
    engine: str = "llamacpp"
    options: dict[str, Any] = Field(default_factory=dict)

    def base(self, engine: str = "") -> ModelSpec:
        """The student before training, on its own engine or another."""
        return ModelSpec(name="base", engine=engine or self.engine, model=self.model, options=self.options)


class Evaluation(EvaluateSettings):
    questions: int = Field(500, ge=1)
    """Held-out proven questions, answered by the base and by the tuned model."""
    calibration: CalibrationSettings = CalibrationSettings(questions=60)
    engine: str = ""
    """The engine that runs both for this; empty: the student's own. On a CPU transformers reads prompts faster."""


class Budget(Value):
    """What a run may spend on model calls, its earlier sittings included; None: any amount."""

    calls: int | None = Field(None, ge=0)
    tokens: int | None = Field(None, ge=0)
    """Read and written."""
    money: float | None = Field(None, ge=0)
    """In the currency of the prices."""
    seconds: float | None = Field(None, ge=0)
    """Wall-clock time in which calls are under way."""


class RayCluster(Value):
    """Where models run with `executor: ray`."""

    address: str = Field("", pattern=r"^(auto|[^/\s]+:[0-9]{1,5})?$")
    """Such as 10.0.0.1:6379, or auto for the cluster of this machine; empty: one that is started for the run alone."""


class Runtime(Value):
    """Where and how fast: never hashed, so a run can be resumed on another machine."""

    executor: Literal["local", "ray"] = "local"
    """Models run in this process, or each in as many actors of a Ray cluster as `actors` says; those with a `url` are
    asked from this process in any case."""
    ray: RayCluster = RayCluster()
    default: EngineRuntime = EngineRuntime()
    models: dict[str, EngineRuntime] = Field(default_factory=dict)
    """By a model's name: its endpoint, key, concurrency."""
    accept_none: bool = False
    """Nobody reviews: leave out (and count) what needs a person, instead of waiting for one."""
    budget: Budget = Budget()
    """Reaching it stops the run; with a larger one it goes on where it stopped."""

    def of(self, name: str) -> EngineRuntime:
        return self.models.get(name, self.default)


class Config(Value):
    """A recipe. All but `runtime` decides the result."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    seed: int = Field(0, ge=0, lt=2**63)
    topics: tuple[str, ...] = Field(min_length=1)
    teachers: tuple[Teacher, ...] = Field(min_length=1)
    student: Student
    rival: Student | None = None
    """A second base, trained on the same data: of the two, the one that is better on validation is submitted."""
    generate: GenerateSettings = GenerateSettings()
    committee: CommitteeSettings = CommitteeSettings()
    dataset: DatasetSettings = DatasetSettings()
    forensics: ForensicsSettings = ForensicsSettings()
    train: TrainConfig = TrainConfig()
    evaluate: Evaluation = Evaluation()
    play: PlaySettings = PlaySettings()
    runtime: Runtime = Runtime()

    @field_validator("topics")
    @classmethod
    def _topics_exist(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        for topic in topics:
            if topic not in puzzles.families():
                raise ValueError(f"no topic {topic!r}; there are: {', '.join(puzzles.families())}")
        return topics

    @model_validator(mode="after")
    def _names_are_unique_and_engines_exist(self) -> "Config":
        names = [teacher.name for teacher in self.teachers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two teachers are called {name!r}")
            if not name or set(name) & set("/#\\ "):
                raise ValueError(f"a teacher's name must not be empty nor hold / # \\ or a blank, found {name!r}")
        students = [self.student, *([self.rival] if self.rival else [])]
        for engine in (*(t.engine for t in self.teachers), *(s.engine for s in students), self.evaluate.engine):
            if engine and engine not in discover.names("stumper.engines"):
                known = ", ".join(discover.names("stumper.engines"))
                raise ValueError(f"no engine {engine!r}; there are: {known}")
        for teacher in self.teachers:
            if isinstance(teacher.questions, dict) and (other := teacher.questions.keys() - set(self.topics)):
                raise ValueError(f"{teacher.name} is to write on {min(other)!r}, which is none of the recipe's topics")
        for name in self.runtime.models:
            if name not in (*names, *ENTRANTS):
                raise ValueError(f"runtime.models names {name!r}, which is no teacher, nor {' or '.join(ENTRANTS)}")
        if self.runtime.budget.money is not None:
            for name in names:
                if (runtime := self.runtime.of(name)).url and runtime.prices is None:
                    raise ValueError(f"runtime.budget.money needs the prices of {name!r}: runtime.models.{name}.prices")
        return self

    def decisive(self) -> JsonObject:
        """The half that decides the result."""
        return self.model_dump(mode="json", exclude={"runtime"})


def load(recipe: str, overrides: Sequence[str] = ()) -> Config:
    """Read a recipe by name (of those shipped) or path, with overrides "a.b=value" (values as in YAML).

    Raises BadInput with the file, the line or key, and the allowed values.
    """
    path = find(recipe, "recipes")
    tree, lines = read_yaml(path)
    for override in overrides:
        _override(tree, override)
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        raise BadInput(_sentence(path, error, lines, tree)) from error


def find(name: str, folder: Literal["recipes", "rules"]) -> Path:
    """A shipped YAML file by its bare name, or any by its path. Raises BadInput with the names there are."""
    if name.endswith((".yaml", ".yml")) or "/" in name:
        path = Path(name)
        if not path.is_file():
            raise BadInput(f"no file {name}")
        return path
    home = discover.shipped(folder)
    path = home / f"{name}.yaml"
    if not path.is_file():
        names = ", ".join(sorted(p.stem for p in home.glob("*.yaml")))
        raise BadInput(f"no {name!r} among the shipped {folder}; there are: {names} (or give a path to a .yaml file)")
    return path


def _override(tree: JsonObject, override: str) -> None:
    """Set one dotted key, such as train.learning_rate=1e-4 or teachers.0.questions=20."""
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise BadInput(f"{override!r} is no override; write key=value, such as train.epochs=1")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f"{override!r}: the value is not readable as YAML") from error
    if isinstance(value, str):
        # YAML 1.1 takes 1e-4 for a string; people who write it mean a number.
        value = _number(value)
    *path, last = key.split(".")
    at: Any = tree
    for part in path:
        at = at.setdefault(part, {}) if isinstance(at, dict) else _element(at, part, override)
    if isinstance(at, dict):
        at[last] = value
    else:
        _element(at, last, override)
        at[int(last)] = value


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _element(at: Any, part: str, override: str) -> Any:
    if not isinstance(at, list):
        raise BadInput(f"{override!r}: {part!r} is not inside a mapping or a list")
    if not part.isdecimal() or int(part) >= len(at):
        raise BadInput(f"{override!r}: {part!r} is no place of a list of {len(at)}; places count from 0")
    return at[int(part)]


def _sentence(path: Path, error: ValidationError, lines: Lines, tree: JsonObject) -> str:
    """The first mistake, with its line where the recipe has one, and what is allowed."""
    mistakes = error.errors()
    # A value of several allowed forms fails once for each of them; the form it comes closest to fails deepest.
    one_key = [m for m in mistakes if _place(m["loc"])[: len(_place(mistakes[0]["loc"]))] == _place(mistakes[0]["loc"])]
    mistake = max(one_key, key=lambda m: len(_place(m["loc"])))
    where = _place(mistake["loc"])
    line = next((lines[where[:n]] for n in range(len(where), 0, -1) if where[:n] in lines), None)
    key = ".".join(map(str, where)) or "recipe"
    place = f"{path}, line {line}" if line and _present(tree, where) else str(path)
    if mistake["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_at(Config, where[:-1]))
        return f"{place}: unknown key {key}; allowed here: {allowed}"
    more = len(mistakes) - len(one_key)
    reason = str(mistake["msg"]).removeprefix("Value error, ")
    return f"{place}: {key}: {reason}" + (f" (and {more} more)" if more else "")


def _place(loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """The path of keys in the recipe, without the names of forms that pydantic puts between them."""
    return tuple(
        part for part in loc if not (isinstance(part, str) and ("[" in part or part.startswith("constrained")))
    )


def _present(tree: Any, where: Sequence[str | int]) -> bool:
    for part in where:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _keys_at(model: Any, where: Sequence[str | int]) -> list[str]:
    """The field names of the model found by following `where` from `model`."""
    for part in where:
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = model.model_fields[str(part)].annotation if str(part) in model.model_fields else None
        else:
            model = next((arg for arg in get_args(model) if isinstance(arg, type)), None)
            if isinstance(part, str) and get_args(model):
                model = get_args(model)[-1]
    while get_args(model) and not (isinstance(model, type) and issubclass(model, BaseModel)):
        model = get_args(model)[0]
    return sorted(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
