"""Supervised training of one small model in both roles: LoRA on the completion alone, checked before, watched during.

What is trained is exactly what the agents ask for: the same text, the same tokens, the same end.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stumper import models
from stumper.errors import BadInput
from stumper.train import certificate, preflight
from stumper.train.certificate import Certificate
from stumper.train.config import TrainConfig
from stumper.train.preflight import Check
from stumper.train.probes import Probe
from stumper.train.rows import Kind, Row, Voice, Weights, encode, schedule, weigh
from stumper.types import Example, Outcome, Value, digest

if TYPE_CHECKING:
    from stumper.train.trainer import Student

__all__ = [
    "Certificate",
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

VERSION = 2

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
    certificate: str
    """Digest of the certificate that stands beside the adapter."""
    examples: dict[str, int]
    """Training rows of each role."""
    loss_share: dict[str, float]
    """Of each role, in parts of 1."""
    kind_share: dict[str, dict[Kind, float]]
    """The same, by what a label is for."""
    data_digest: str
    """Of all rows, in order."""
    steps: int
    tokens: int
    """Labels that the loss was taken over, all epochs together."""
    losses: tuple[Loss, ...]
    probes: tuple[Probe, ...]


def check(recipe: Recipe, examples: Sequence[Example]) -> Certificate:
    """The preflight alone: every check, passed or not. Raises StumperError where the base cannot be loaded here."""
    from stumper.train import trainer

    student = trainer.Student.load(recipe.base, recipe, recipe.seed)
    rows, weights, checks = _prepare(recipe, examples, student)
    checks, seconds = _rehearse(student, recipe, examples, rows, weights, checks)
    return _certified(recipe, examples, rows, checks, seconds)


def _prepare(recipe: Recipe, examples: Sequence[Example], student: "Student") -> tuple[list[Row], Weights, list[Check]]:
    """The rows of all examples, the weights of those to train on, and the checks that need no pass of the model."""
    voice: Voice = student.checkpoint
    rows = [encode(example, voice) for example in examples]
    training = [row for row, example in zip(rows, examples, strict=True) if example.split == "train"]
    weights = weigh(training, recipe.answer_weight, recipe.letter_weight)
    checks = preflight.inspect(examples, rows, weights, voice, recipe, student.width, student.vocabulary)
    return rows, weights, preflight.waive(checks, recipe.waive)


def _rehearse(
    student: "Student",
    recipe: Recipe,
    examples: Sequence[Example],
    rows: Sequence[Row],
    weights: Weights,
    checks: list[Check],
) -> tuple[list[Check], float | None]:
    """The checks with those that need the model, and the seconds that training will take.

    Where one of the first failed, the model is not asked: its answers would mislead.
    """
    from stumper.train import machine, rehearsal, trainer

    if preflight.failed(checks):
        return checks, None
    training = [(e, row) for e, row in zip(examples, rows, strict=True) if e.split == "train"]
    longest, labels = max(len(row) for _, row in training), trainer.most_labels([row for _, row in training])
    shape = machine.shape_of(student.checkpoint.model)
    room = machine.fits(shape, longest, trainer.PASS_TOKENS, labels, machine.free_memory())
    checks = [*checks, *preflight.waive([room], recipe.waive)]
    if preflight.failed(checks):
        return checks, None
    learned, pace = rehearsal.by_heart(student, training, recipe.base)
    checks += preflight.waive(learned, recipe.waive)
    if not preflight.failed(checks):
        checks += preflight.waive([rehearsal.resumes(student, [row for _, row in training], weights)], recipe.waive)
    tokens = sum(len(row) for _, row in training) * recipe.epochs
    return checks, tokens / pace if pace else None


def _certified(
    recipe: Recipe, examples: Sequence[Example], rows: Sequence[Row], checks: Sequence[Check], seconds: float | None
) -> Certificate:
    from stumper.train import trainer

    training = [row for row, example in zip(rows, examples, strict=True) if example.split == "train"]
    counts = dict(Counter(row.role for row in training))
    here = certificate.Here(machine=trainer.machine_name(), threads=trainer.threads(), seconds=seconds)
    return certificate.certify(recipe, _digest(examples), counts, checks, here)


def _digest(examples: Sequence[Example]) -> str:
    return digest([digest(example) for example in examples])


def train(recipe: Recipe, examples: Sequence[Example], folder: Path, watch: Watch | None = None) -> Trained:
    """Train on the rows of the split "train", probe on those of "validation"; adapter and card end up in `folder`.

    Started again on a folder in which it was killed, it goes on from the last whole checkpoint; on a CPU with the same
    number of threads the result is the same to the bit. Raises StumperError when a check fails or the run collapses.
    """
    from stumper.train import export, trainer

    run = digest(recipe, _digest(examples))
    found = trainer.resumable(folder, run)
    student = trainer.Student.load(recipe.base, recipe, recipe.seed)
    every, weights, checks = _prepare(recipe, examples, student)
    preflight.demand(checks)
    seconds: float | None = None
    if found:
        # A run that is resumed has passed the rest, and the fresh adapter that it needs is gone.
        checks = list(found.checks)
    else:
        checks, seconds = _rehearse(student, recipe, examples, every, weights, checks)
    certified = _certified(recipe, examples, every, checks, seconds)
    if not found:
        certificate.save(certified, folder)
    preflight.demand(checks)
    rows = [row for row, example in zip(every, examples, strict=True) if example.split == "train"]
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
        data_digest=_digest(examples),
        checks=tuple(checks),
        certificate=certified.sha256,
        examples=dict(sorted(Counter(row.role for row in rows).items())),
        loss_share={role: weights.share(role) for role in weights.shares},
        kind_share={role: dict(kinds) for role, kinds in weights.shares.items()},
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
            f"Certificate of the checks: `{trained.certificate}` (certificate.json).",
            "",
            "| check before training | |",
            "|---|---|",
            *(f"| {c.name} | {verdict(c)}: {_cell(c.detail)} |" for c in trained.checks),
            "",
            "| step | valid JSON | ends by itself | distinct | entropy of letters, bits |",
            "|---:|---:|---:|---:|---:|",
            *probes,
            "",
        ]
    )


def verdict(check: Check) -> str:
    return "passed" if check.passed else "waived" if check.waived else "failed"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
