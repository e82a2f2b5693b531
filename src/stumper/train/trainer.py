"""The steps themselves: TRL's trainer over our own rows, with whole checkpoints and probes on the way."""

import json
import os
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stumper.engines._checkpoint import Checkpoint, give_back, import_torch, load
from stumper.engines._lora import fuse
from stumper.engines.transformers import Transformers
from stumper.train import machine, probes
from stumper.train.config import TrainConfig
from stumper.train.preflight import Check
from stumper.train.probes import Probe
from stumper.train.rows import IGNORED, Batch, Row, Weights, collate, passes
from stumper.types import Example

Watch = Callable[[int, int], None]
"""Told (steps done, steps in all)."""

CHECKPOINTS = "checkpoints"

ADAM_BETA2 = 0.98
"""Below the usual 0.999: a run of some hundred steps is over before such an average has settled."""

WHOLE = "whole.json"
"""Written last into a checkpoint: without it, the checkpoint is one that a kill cut short."""

LOSS_EVERY = 10
"""Steps between entries of the loss history."""

PASS_TOKENS = 1536
"""Tokens in one pass, padding included: what a pass keeps for its gradients grows with them (some 1 MB each)."""


@dataclass(frozen=True)
class Student:
    """The base with a fresh adapter."""

    checkpoint: Checkpoint
    config: TrainConfig

    @classmethod
    def load(cls, base: str, config: TrainConfig, seed: int) -> "Student":
        """Raises BadInput or StumperError when the base cannot be loaded."""
        machine.demand_room(base, config)
        torch, _ = import_torch()
        # torch's fused attention is 2.5 times slower backwards than the plain one on a CPU.
        attention = "sdpa" if torch.cuda.is_available() else "eager"
        checkpoint = load(base, config.precision, attention)
        return cls(replace(checkpoint, model=_with_adapter(checkpoint.model, config, seed)), config)

    @property
    def pad(self) -> int:
        return self.checkpoint.turn_end

    @property
    def width(self) -> int:
        return int(self.checkpoint.model.config.hidden_size)

    @property
    def vocabulary(self) -> int:
        """Rows of the embedding."""
        return int(self.checkpoint.model.get_input_embeddings().weight.shape[0])


def _with_adapter(model: Any, config: TrainConfig, seed: int) -> Any:
    import peft

    torch, _ = import_torch()
    torch.manual_seed(seed)
    lora = peft.LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        use_rslora=config.rank_stabilised,
    )
    adapted = peft.get_peft_model(model, lora)
    if adapted.device.type == "cpu":
        fuse(adapted)
    return adapted


def at_labels(model: Any, batch: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Logits (labels, vocabulary) in float32 where a label is to be predicted; those labels and their weights.

    The head is computed there alone: with 49,000 words it would cost a fifth of a step at every token of the prompts.
    (TRL 1.15 has such a head too, but on Triton, which CPUs lack.)
    """
    wanted = batch["labels"][:, 1:]
    here = wanted != IGNORED
    hook = model.get_output_embeddings().register_forward_pre_hook(lambda _, inputs: (inputs[0][:, :-1][here],))
    try:
        logits = model(batch["input_ids"], attention_mask=batch["attention_mask"], use_cache=False).logits
    finally:
        hook.remove()
    return logits.float(), wanted[here], batch["weights"][:, 1:][here]


def most_labels(rows: Sequence[Row]) -> int:
    """Of a pass, at most."""
    return max(max(1, PASS_TOKENS // len(row)) * len(row.completion) for row in rows)


def machine_name() -> str:
    torch, _ = import_torch()
    return torch.cuda.get_device_name() if torch.cuda.is_available() else platform.machine()


def threads() -> int:
    return int(import_torch()[0].get_num_threads())


def tensors(batch: Batch, device: Any) -> dict[str, Any]:
    torch, _ = import_torch()
    return {name: torch.tensor(column, device=device) for name, column in batch._asdict().items()}


@dataclass(frozen=True)
class Resumable:
    """A checkpoint that was written to its end."""

    folder: Path
    checks: tuple[Check, ...]
    losses: tuple[float, ...]
    probes: tuple[Probe, ...]


def resumable(folder: Path, run: str) -> Resumable | None:
    """The newest whole checkpoint of this run in a stage's folder; what is of another run or was cut short is removed.

    `run`: digest of the recipe and the rows.
    """
    found = None
    for path in sorted((folder / CHECKPOINTS).glob("checkpoint-*"), key=lambda p: int(p.name.rpartition("-")[2])):
        try:
            whole = json.loads((path / WHOLE).read_text())
        except (OSError, ValueError):
            whole = {}
        if whole.get("run") == run:
            found = Resumable(
                path,
                tuple(Check.model_validate(check) for check in whole["checks"]),
                tuple(whole["losses"]),
                tuple(Probe.model_validate(probe) for probe in whole["probes"]),
            )
        else:
            shutil.rmtree(path)
    return found


class Course:
    """What is watched while the trainer runs: progress, the loss of each step, probes, and whole checkpoints."""

    def __init__(
        self,
        run: str,
        checks: Sequence[Check],
        found: Resumable | None,
        probe: Callable[[int], Probe] | None,
        watch: Watch | None,
    ) -> None:
        self._run = run
        self._checks = checks
        self._probe = probe
        self._watch = watch
        self._losses = list(found.losses) if found else []
        self.probes = list(found.probes) if found else []

    def note(self, loss: float) -> None:
        """Take down the loss of the step under way."""
        self._losses.append(loss)

    def step(self, step: int, steps: int, probe_every: int) -> None:
        """Raises StumperError when the run has collapsed."""
        probes.check_loss(self._losses[-1], step)
        if self._watch is not None:
            self._watch(step, steps)
        if self._probe is not None and (step % probe_every == 0 or step == steps):
            self.probes.append(self._probe(step))
            if reason := probes.stop_reason(self.probes):
                raise probes.refuse(reason)

    def seal(self, checkpoint: Path) -> None:
        """Mark a checkpoint that the trainer has written to its end."""
        told = {
            "run": self._run,
            "checks": [check.model_dump() for check in self._checks],
            "losses": self._losses,
            "probes": [probe.model_dump() for probe in self.probes],
        }
        with (checkpoint / WHOLE).open("w") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())

    def curve(self) -> list[tuple[int, float]]:
        """(step, mean loss since the entry before), an entry every LOSS_EVERY steps and at the end."""
        blocks = [self._losses[i : i + LOSS_EVERY] for i in range(0, len(self._losses), LOSS_EVERY)]
        return [(i * LOSS_EVERY + len(block), sum(block) / len(block)) for i, block in enumerate(blocks)]


def run(
    student: Student,
    rows: Sequence[Row],
    weights: Weights,
    batches: Sequence[Sequence[int]],
    folder: Path,
    course: Course,
    found: Resumable | None,
) -> None:
    """Train over the batches, from `found` on. Raises StumperError when the run collapses."""
    trainer = _trainer(student, rows, weights, batches, folder, course)
    trainer.train(resume_from_checkpoint=str(found.folder) if found else None)


def _trainer(
    student: Student,
    rows: Sequence[Row],
    weights: Weights,
    batches: Sequence[Sequence[int]],
    folder: Path,
    course: Course,
) -> Any:
    import datasets
    import trl
    from transformers import PrinterCallback, TrainerCallback

    torch, _ = import_torch()
    config = student.config
    cuda = torch.cuda.is_available()
    # The labels of an average batch, not of each: all labels of a role weigh the same in whatever batch they stand.
    mass = sum(len(rows[i].completion) for batch in batches for i in batch) / len(batches)

    class Sft(trl.SFTTrainer):  # type: ignore[misc]
        def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> Any:  # noqa: ARG002
            model.train()
            inputs = self._prepare_inputs(inputs)
            losses = []
            for part in inputs["passes"]:
                logits, labels, weight = at_labels(model, part)
                loss = (torch.nn.functional.cross_entropy(logits, labels, reduction="none") * weight).sum() / mass
                self.accelerator.backward(loss)
                losses.append(loss.detach())
            course.note(float(sum(losses)))
            return sum(losses)

        def create_model_card(self, *_: Any, **__: Any) -> None:
            """Ours is written once, at the end."""

    class Watcher(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
            course.step(state.global_step, state.max_steps, config.probe_every)
            if state.global_step % LOSS_EVERY == 0:
                give_back()

        def on_save(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
            course.seal(folder / CHECKPOINTS / f"checkpoint-{state.global_step}")

    def collator(drawn: Sequence[dict[str, int]]) -> dict[str, Any]:
        cut = passes([rows[d["row"]] for d in drawn], PASS_TOKENS)
        columns = [collate(part, weights.of, student.pad) for part in cut]
        return {"passes": [tensors(part, "cpu") for part in columns]}

    arguments = trl.SFTConfig(
        output_dir=str(folder / CHECKPOINTS),
        max_steps=len(batches),
        per_device_train_batch_size=config.batch_size,
        train_sampling_strategy="sequential",
        learning_rate=config.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=config.warm_up,
        weight_decay=0.0,
        adam_beta2=ADAM_BETA2,
        max_grad_norm=1.0,
        logging_strategy="no",
        save_steps=config.save_every,
        # Two, since the older one goes before the newer one is marked as whole.
        save_total_limit=2,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        max_length=None,
        gradient_checkpointing=False,
        use_cpu=not cuda,
        bf16=cuda and config.precision == "bfloat16",
    )
    trainer = Sft(
        model=student.checkpoint.model,
        args=arguments,
        train_dataset=datasets.Dataset.from_dict({"row": [i for batch in batches for i in batch]}),
        data_collator=collator,
        processing_class=student.checkpoint.tokenizer,
        callbacks=[Watcher()],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def probing(student: Student, examples: Sequence[Example]) -> Callable[[int], Probe]:
    """A probe of the model in training on these validation examples."""
    engine = Transformers.of(student.checkpoint)

    def probe(step: int) -> Probe:
        model = student.checkpoint.model
        model.eval()
        try:
            return probes.take(engine, examples, step)
        finally:
            model.train()

    return probe


def forget(folder: Path) -> None:
    """Remove the checkpoints of a run that is done."""
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
