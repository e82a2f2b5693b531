"""Supervised training of one small model in both roles: LoRA on the completion alone, checked before, watched during.

What is trained is exactly what the agents ask for: the same text, the same tokens, the same end.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stumper import models
from stumper.errors import BadInput
from stumper.train import preflight
from stumper.train.config import TrainConfig
from stumper.train.preflight import Check
from stumper.train.probes import Probe
from stumper.train.rows import Row, Voice, Weights, encode, schedule, weigh
from stumper.types import Example, Outcome, Value, digest

__all__ = [
    "Check",
    "Probe",
    "Recipe",
    "TrainConfig",
    "Trained",
    "adapter_for",
    "card",
    "check",
    "merge",
    "train",
    "work",
]

VERSION = 1

ADAPTER = "adapter"
"""Folder of the PEFT adapter, within the stage's folder."""

GGUF = "adapter.gguf"
"""The same adapter for llama.cpp."""

Watch = Callable[[int, int], None]
"""Told (steps done, steps in all)."""


class Recipe(TrainConfig):
    base: str
    """Model reference."""
    seed: int = 0


class Loss(Value):
    step: int
    loss: float
    """Mean over the labels since the entry before, each with its weight, in nats."""


class Trained(Value):
    """What came out of training: the record of the stage."""

    base: str
    licence: str
    """Of the base."""
    adapter: str
    """Path of the PEFT adapter within the stage's folder."""
    adapter_digest: str
    gguf: str
    """Path of the same adapter for llama.cpp; empty where the base's architecture has no export."""
    checks: tuple[Check, ...]
    examples: dict[str, int]
    """Training rows of each role."""
    loss_share: dict[str, float]
    """Of each role, in parts of 1."""
    data_digest: str
    """Of all rows, in order."""
    steps: int
    tokens: int
    """Labels that the loss was taken over, all epochs together."""
    losses: tuple[Loss, ...]
    probes: tuple[Probe, ...]


def check(recipe: Recipe, examples: Sequence[Example]) -> list[Check]:
    """The preflight alone: every check, passed or not."""
    from stumper.train import trainer

    student = trainer.Student.load(recipe.base, recipe, recipe.seed)
    rows, _, checks = _prepare(recipe, examples, student.checkpoint)
    return [*checks, *([trainer.overfit(student, rows)] if all(c.passed for c in checks) else [])]


def _prepare(recipe: Recipe, examples: Sequence[Example], voice: Voice) -> tuple[list[Row], Weights, list[Check]]:
    """The training rows with their weights, and the checks of all rows, those of the probes too."""
    rows = [encode(example, voice) for example in examples]
    training = [row for row, example in zip(rows, examples, strict=True) if example.split == "train"]
    weights = weigh(training, recipe.answer_weight)
    return training, weights, preflight.inspect(examples, rows, weights, voice, recipe.max_length)


def train(recipe: Recipe, examples: Sequence[Example], folder: Path, watch: Watch | None = None) -> Trained:
    """Train on the rows of the split "train", probe on those of "validation"; adapter and card end up in `folder`.

    Started again on a folder in which it was killed, it goes on from the last whole checkpoint; on a CPU with the same
    number of threads the result is the same to the bit. Raises StumperError when a check fails or the run collapses.
    """
    from stumper.train import export, trainer

    run = digest(recipe, [digest(example) for example in examples])
    found = trainer.resumable(folder, run)
    student = trainer.Student.load(recipe.base, recipe, recipe.seed)
    rows, weights, checks = _prepare(recipe, examples, student.checkpoint)
    preflight.demand(checks)
    # A run that is resumed has passed it, and the fresh adapter that it needs is gone.
    checks = list(found.checks) if found else [*checks, trainer.overfit(student, rows)]
    preflight.demand(checks)
    batches = schedule(rows, recipe.epochs, recipe.batch_size, recipe.seed)
    probe = trainer.probing(student, [e for e in examples if e.split == "validation"])
    course = trainer.Course(run, checks, found, probe, watch)
    trainer.run(student, rows, weights, batches, folder, course, found)
    export.save_adapter(student.checkpoint.model, recipe.base, folder / ADAPTER)
    gguf = export.save_gguf(folder / ADAPTER, student.checkpoint.model.config, folder / GGUF)
    trained = Trained(
        base=recipe.base,
        licence=str(models.licence_of(recipe.base)),
        adapter=ADAPTER,
        adapter_digest=models.digest_of(folder / ADAPTER / export.WEIGHTS),
        gguf=GGUF if gguf else "",
        data_digest=digest([digest(example) for example in examples]),
        checks=tuple(checks),
        examples=dict(sorted(Counter(row.role for row in rows).items())),
        loss_share=dict(weights.shares),
        steps=len(batches),
        tokens=sum(len(rows[i].completion) for batch in batches for i in batch),
        losses=tuple(Loss(step=step, loss=loss) for step, loss in course.curve()),
        probes=tuple(course.probes),
    )
    (folder / ADAPTER / "README.md").write_text(card(trained), encoding="utf-8")
    return trained


def work(
    recipe: Recipe, examples: Sequence[Example], folder: Path, watch: Watch | None = None
) -> Iterator[Outcome[Trained]]:
    """The stage: one record, "model", with the seconds in its ledger line. Checkpoints go once it is taken."""
    from stumper.engines._checkpoint import give_back
    from stumper.train import trainer

    start = time.monotonic()
    trained = train(recipe, examples, folder, watch)
    yield "model", trained, {"seconds": round(time.monotonic() - start, 1)}
    trainer.forget(folder)
    give_back()


def adapter_for(engine: str, trained: Trained, folder: Path) -> dict[str, str]:
    """What a model's spec needs to run the trained model on an engine. Raises BadInput where there is no way."""
    found = {"transformers": trained.adapter, "llamacpp": trained.gguf}.get(engine)
    if not found:
        raise BadInput(f"the trained adapter cannot run on the engine {engine}; set student.engine to transformers")
    return {"adapter": str(folder / found), "adapter_digest": trained.adapter_digest}


def merge(base: str, adapter: Path, out: Path) -> None:
    """Write the base with the adapter merged into it as a folder of safetensors in bfloat16."""
    from stumper.train import export

    export.merge(base, adapter, out)


def card(trained: Trained) -> str:
    """The model card (Markdown with the hub's header)."""
    probes = [
        f"| {p.step} | {p.valid_json:.0%} | {p.eos:.0%} | {p.distinct:.0%} | "
        f"{'' if p.letter_entropy is None else f'{p.letter_entropy:.2f}'} |"
        for p in trained.probes
    ]
    first, last = trained.losses[:1], trained.losses[-1:]
    curve = (
        f"Loss {first[0].loss:.3f} at step {first[0].step}, {last[0].loss:.3f} at step {last[0].step}." if first else ""
    )
    rows = ", ".join(
        f"{n} rows of `{role}` ({trained.loss_share[role]:.0%} of the loss)" for role, n in trained.examples.items()
    )
    return "\n".join(
        [
            "---",
            "library_name: peft",
            "tags: [lora, logic, multiple-choice, stumper]",
            "---",
            "# A model that writes and answers logic questions",
            "",
            f"LoRA adapter on `{trained.base}` (licence of the base: {trained.licence}), trained with stumper.",
            "The tags `<Q>` and `<A>` at the beginning of a user's turn say which of the two roles is asked.",
            "",
            f"Data: {rows}; fingerprint `{trained.data_digest}`.",
            f"{trained.steps} steps, the loss taken over {trained.tokens} tokens. {curve}",
            "",
            "| check before training | |",
            "|---|---|",
            *(f"| {c.name} | {'passed' if c.passed else 'failed'}: {_cell(c.detail)} |" for c in trained.checks),
            "",
            "| step | valid JSON | ends by itself | distinct | entropy of letters, bits |",
            "|---:|---:|---:|---:|---:|",
            *probes,
            "",
        ]
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
