"""The steps themselves: TRL's trainer over our own rows, with whole checkpoints and probes on the way."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stumper.engines._checkpoint import Checkpoint, give_back, import_torch, load
from stumper.engines._lora import fuse
from stumper.engines.transformers import Transformers
from stumper.train import probes
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

OVERFIT_ROWS = 8
OVERFIT_STEPS = 40
OVERFIT_RATE = 3e-3
OVERFIT_LOSS = 0.1
"""Mean over the labels, in nats, that a few rows must be brought below: a right loss can always be driven there."""


@dataclass(frozen=True)
class Student:
    """The base with a fresh adapter."""

    checkpoint: Checkpoint
    config: TrainConfig

    @classmethod
    def load(cls, base: str, config: TrainConfig, seed: int) -> "Student":
        """Raises BadInput or StumperError when the base cannot be loaded."""
        torch, _ = import_torch()
        # torch's fused attention is 2.5 times slower backwards than the plain one on a CPU.
        attention = "sdpa" if torch.cuda.is_available() else "eager"
        checkpoint = load(base, config.precision, attention)
        return cls(replace(checkpoint, model=_with_adapter(checkpoint.model, config, seed)), config)

    @property
    def pad(self) -> int:
        return self.checkpoint.turn_end


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
    )
    adapted = peft.get_peft_model(model, lora)
    if adapted.device.type == "cpu":
        fuse(adapted)
    return adapted


def overfit(student: Student, rows: Sequence[Row]) -> Check:
    """Learn a few rows by heart, see that the model would write them out again, and forget them.

    A loss over the wrong tokens, an adapter that is frozen or a head that is not reached cannot pass.
    """
    torch, _ = import_torch()
    model = student.checkpoint.model
    chosen = _few(rows)
    trained = [p for p in model.parameters() if p.requires_grad]
    fresh = [p.detach().clone() for p in trained]
    optimizer = torch.optim.AdamW(trained, lr=OVERFIT_RATE, weight_decay=0.0)
    batch = _tensors(collate(chosen, lambda row: [1.0] * len(row.completion), student.pad), student.checkpoint.device)
    loss, known = float("inf"), False
    for steps in range(OVERFIT_STEPS + 1):
        logits, labels, _ = at_labels(model, batch)
        objective = torch.nn.functional.cross_entropy(logits, labels)
        loss = float(objective.detach())
        # The likeliest token at every label, given the labels before it: what greedy writing writes.
        known = loss < OVERFIT_LOSS and bool((logits.argmax(-1) == labels).all())
        if known or steps == OVERFIT_STEPS:
            break
        objective.backward()
        optimizer.step()
        optimizer.zero_grad()
    with torch.no_grad():
        for parameter, before in zip(trained, fresh, strict=True):
            parameter.copy_(before)
    outcome = "which it would write out again" if known else "which it would not write out again"
    detail = f"{len(chosen)} rows after {steps} steps: loss {loss:.2g}, {outcome}"
    return Check(name="a few rows are learned by heart", passed=known, detail=detail)


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


def _few(rows: Sequence[Row]) -> list[Row]:
    """OVERFIT_ROWS short rows, one of them a written question where there is one."""
    by_length = sorted(rows, key=len)
    written = [row for row in by_length if row.role == "<Q>"][:1]
    answers = [row for row in by_length if row.role == "<A>"][: OVERFIT_ROWS - len(written)]
    return [*answers, *written]


def _tensors(batch: Batch, device: Any) -> dict[str, Any]:
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
        probe: Callable[[int], Probe],
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
        if step % probe_every == 0 or step == steps:
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
        columns = [collate(part, lambda r: [weights.label[r.role]] * len(r.completion), student.pad) for part in cut]
        return {"passes": [_tensors(part, "cpu") for part in columns]}

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
