"""What has to hold before training and needs the model: a few rows, a few steps, and nothing left of them.

Each check ends with the adapter as fresh as it was.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stumper.engines._checkpoint import Checkpoint, import_torch
from stumper.engines._lora import unfused
from stumper.engines.transformers import Transformers
from stumper.train import export
from stumper.train.preflight import Check
from stumper.train.rows import Row, Weights, collate
from stumper.types import Example, Request, Sampling

if TYPE_CHECKING:
    from stumper.train.trainer import Student

OVERFIT_ROWS = 8
OVERFIT_STEPS = 40
OVERFIT_RATE = 3e-3
OVERFIT_LOSS = 0.1
"""Mean over the labels, in nats, that a few rows must be brought below: a right loss can always be driven there."""

WRITINGS = 3
"""How often it is tried to have the rows written out, each time after another step."""

REHEARSED = 4
"""Steps of the rehearsed stop: half of them, a checkpoint, the other half, and again from the checkpoint."""

TOP = 20
"""Likeliest tokens at each label, on whose log-probabilities three forms of the adapter must agree."""

DIFFERS = 0.2
"""How far they may differ, as a part of what leaving the adapter out changes: merging rounds to bfloat16."""

Pair = tuple[Example, Row]


@contextmanager
def fresh(model: Any) -> Iterator[None]:
    """Whatever is done to the adapter's weights inside is undone."""
    torch, _ = import_torch()
    before = [(p, p.detach().clone()) for p in model.parameters() if p.requires_grad]
    try:
        yield
    finally:
        with torch.no_grad():
            for parameter, weights in before:
                parameter.copy_(weights)
                parameter.grad = None


def by_heart(student: "Student", pairs: Sequence[Pair], base: str) -> tuple[list[Check], float]:
    """Learn a few rows by heart, have the model write them out, compare the adapter's forms; the pace.

    A loss over the wrong tokens, an adapter that is frozen or a head that is not reached cannot pass. The last check
    is left out where the first fails, since an adapter that does nothing agrees with everything. The pace is in tokens
    a second, padding included; 0 where nothing was measured.
    """
    from stumper.train.trainer import at_labels, tensors

    torch, _ = import_torch()
    model = student.checkpoint.model
    chosen = _few(pairs)
    rows = [row for _, row in chosen]
    trained = [p for p in model.parameters() if p.requires_grad]
    with fresh(model):
        optimizer = torch.optim.AdamW(trained, lr=OVERFIT_RATE, weight_decay=0.0)
        batch = tensors(collate(rows, lambda row: [1.0] * len(row.completion), student.pad), student.checkpoint.device)
        astray = ["no step was taken"]
        loss, known, written, tries = float("inf"), False, False, 0
        pace = 0.0
        for steps in range(OVERFIT_STEPS + 1):
            model.train()
            begun = time.monotonic()
            logits, labels, _ = at_labels(model, batch)
            objective = torch.nn.functional.cross_entropy(logits, labels)
            loss = float(objective.detach())
            # The likeliest token at every label, given the labels before it.
            known = loss < OVERFIT_LOSS and bool((logits.argmax(-1) == labels).all())
            if known:
                tries += 1
                written = _writes_out(student.checkpoint, chosen)
            if written or tries == WRITINGS or steps == OVERFIT_STEPS:
                break
            objective.backward()
            pace = max(pace, batch["input_ids"].numel() / (time.monotonic() - begun + 1e-9))
            # LoRA begins with one factor at zero, so no gradient reaches the other before the second step.
            if steps == 1:
                astray = _astray(model)
            optimizer.step()
            optimizer.zero_grad()
        reached = _check(
            "gradients reach the adapter alone",
            astray,
            f"all {len(trained)} tensors of the adapter, and none of the base",
            "the model's layers are not what LoRA was put on: another base, or another version of peft",
        )
        how = "the model writes" if written else "under teacher forcing it knows" if known else "it does not know"
        detail = f"{len(rows)} rows after {steps} steps: loss {loss:.2g}, {how} all of them"
        if known and not written:
            detail += ", but writing freely it does not write them out: prompts or ends are not those of training"
        checks = [reached, Check(name="a few rows are learned by heart", passed=written, detail=detail)]
        if written:
            checks.append(_forms_agree(student, batch, base))
    return checks, pace


def _check(name: str, wrong: Sequence[str], right: str, mend: str) -> Check:
    more = f" and {len(wrong) - 2} more" if len(wrong) > 2 else ""
    detail = f"{', '.join(wrong[:2])}{more}; {mend}" if wrong else right
    return Check(name=name, passed=not wrong, detail=detail)


def _few(pairs: Sequence[Pair]) -> list[Pair]:
    """OVERFIT_ROWS short rows without twins among their prompts, one of them a written question where there is one."""
    found: dict[tuple[int, ...], Pair] = {}
    for pair in sorted(pairs, key=lambda pair: len(pair[1])):
        # Rows of one prompt and different completions cannot all be written out.
        found.setdefault(pair[1].prompt, pair)
    written = [pair for pair in found.values() if pair[1].role == "<Q>"][:1]
    answers = [pair for pair in found.values() if pair[1].role == "<A>"][: OVERFIT_ROWS - len(written)]
    return [*answers, *written]


def _writes_out(checkpoint: Checkpoint, chosen: Sequence[Pair]) -> bool:
    """Whether the model, writing freely and greedily, writes each completion and ends there."""
    checkpoint.model.eval()
    requests = [
        Request(messages=e.messages, sampling=Sampling(max_tokens=len(row.completion) + 8)) for e, row in chosen
    ]
    for index, reply in Transformers.of(checkpoint).generate(requests):
        if reply.text != chosen[index][0].completion or reply.finish != "stop":
            return False
    return True


def _astray(model: Any) -> list[str]:
    """Parameters that should have a gradient and have none, or the reverse; layers that have no adapter."""
    torch, _ = import_torch()
    from peft.tuners.lora import LoraLayer

    wrong = []
    for name, parameter in model.named_parameters():
        if "lora_" not in name:
            if parameter.requires_grad or parameter.grad is not None:
                wrong.append(f"{name} of the base is trained")
        elif parameter.grad is None or not bool(parameter.grad.any()):
            wrong.append(f"no gradient reaches {name}")
        elif not bool(torch.isfinite(parameter.grad).all()):
            wrong.append(f"the gradient of {name} is not finite")
    head = model.get_output_embeddings()
    adapted = [layer for layer in model.modules() if isinstance(layer, LoraLayer)]
    inside = {id(part) for layer in adapted for part in layer.modules()}
    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear) and id(layer) not in inside and layer is not head:
            wrong.append(f"{name} has no adapter")
    return wrong


def _forms_agree(student: "Student", batch: dict[str, Any], base: str) -> Check:
    """The adapter in training, the same merged into the weights, and the same saved and read again by PEFT."""
    model = student.checkpoint.model
    model.eval()
    ours, places = _top(model, batch)
    with model.disable_adapter():
        without = _top(model, batch, places)[0]
    with _merged(model):
        merged = _top(model, batch, places)[0]
    with _reloaded(model, base):
        again = _top(model, batch, places)[0]
    whole = float((ours - without).abs().mean())
    found = {"merged": float((ours - merged).abs().mean()), "reloaded": float((ours - again).abs().mean())}
    passed = all(difference <= DIFFERS * whole for difference in found.values())
    told = ", ".join(f"{name} by {difference:.2g}" for name, difference in found.items())
    detail = f"mean difference of log-probabilities: {told}; without it by {whole:.2g}"
    mend = "" if passed else "; what is saved would not be what was trained: another version of peft"
    return Check(name="adapter, merged and reloaded agree", passed=passed, detail=detail + mend)


def _top(model: Any, batch: dict[str, Any], places: Any = None) -> tuple[Any, Any]:
    """Log-probabilities (labels, TOP) at the likeliest tokens, or at the `places` found before."""
    from stumper.train.trainer import at_labels

    torch, _ = import_torch()
    with torch.no_grad():
        logs = at_labels(model, batch)[0].log_softmax(-1)
    places = logs.topk(min(TOP, logs.shape[-1])).indices if places is None else places
    return logs.gather(-1, places), places


@contextmanager
def _merged(model: Any) -> Iterator[None]:
    """Each layer computes with its merged weights, rounded as `export.merge` writes them; one layer's at a time."""
    torch, _ = import_torch()
    from peft.tuners.lora import LoraLayer

    layers = [layer for layer in model.modules() if isinstance(layer, LoraLayer)]

    def forward_of(layer: Any) -> Any:
        def forward(x: Any, *_: Any, **__: Any) -> Any:
            base = layer.base_layer
            whole = (base.weight.float() + layer.get_delta_weight("default").float()).to(torch.bfloat16)
            return torch.nn.functional.linear(x, whole.to(x.dtype), base.bias)

        return forward

    with unfused(model):
        for layer in layers:
            layer.forward = forward_of(layer)
        try:
            yield
        finally:
            for layer in layers:
                del layer.forward


@contextmanager
def _reloaded(model: Any, base: str) -> Iterator[None]:
    """The adapter as it comes back from its folder, computed by PEFT's own layers."""
    with tempfile.TemporaryDirectory(prefix="stumper-") as folder, unfused(model):
        export.save_adapter(model, base, Path(folder))
        model.load_adapter(folder, adapter_name="reloaded")
        model.set_adapter("reloaded")
        try:
            yield
        finally:
            model.set_adapter("default")
            model.delete_adapter("reloaded")


def resumes(student: "Student", rows: Sequence[Row], weights: Weights) -> Check:
    """Some steps at once, and the same with a stop in the middle: the weights must be the same.

    To the bit on a CPU; a GPU adds in an order of its own, so there they must be close.
    """
    from stumper.train import trainer

    torch, _ = import_torch()
    model = student.checkpoint.model
    half = REHEARSED // 2
    rows = sorted(rows, key=len)[: 2 * REHEARSED]
    config = student.config.model_copy(update={"batch_size": 2, "save_every": half, "warm_up": 1})
    student = replace(student, config=config)
    batches = [[2 * i % len(rows), (2 * i + 1) % len(rows)] for i in range(REHEARSED)]

    def train(folder: Path, found: Any) -> list[Any]:
        with fresh(model):
            trainer.run(
                student, rows, weights, batches, folder, trainer.Course("rehearsal", [], None, None, None), found
            )
            return [p.detach().clone() for p in model.parameters() if p.requires_grad]

    with tempfile.TemporaryDirectory(prefix="stumper-") as made:
        folder = Path(made)
        whole = train(folder, None)
        last = folder / trainer.CHECKPOINTS / f"checkpoint-{REHEARSED}"
        (last / trainer.WHOLE).unlink()
        found = trainer.resumable(folder, "rehearsal")
        again = train(folder, found) if found else []
    exact = student.checkpoint.device.type == "cpu"
    same = bool(again) and all(
        torch.equal(a, b) if exact else torch.allclose(a, b, rtol=1e-3, atol=1e-5)
        for a, b in zip(whole, again, strict=True)
    )
    how = "to the bit" if exact else "within 0.1 %"
    return Check(
        name="stopped and resumed is the same",
        passed=same,
        detail=f"{half} steps, a stop and {half} more give the weights of {REHEARSED}, {how}"
        if same
        else f"{half} steps, a stop and {half} more do not give the weights of {REHEARSED}; "
        "a run that is interrupted would be another run: the versions of torch and transformers are to blame",
    )
