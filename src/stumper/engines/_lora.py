"""LoRA layers of a PEFT model with two matrix products of their own, for CPUs.

PEFT computes the low-rank update in its own number format and adds it in passes of its own over memory, which are what
a CPU is slow at: SmolLM2-135M trains at 690 tokens a second with PEFT's layers under autocast and at 1,010 with these
(two cores, batch 16 of 160 tokens). The weights stay PEFT's, so adapters load and save as ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


def fuse(model: Any) -> None:
    """Let the LoRA layers of a PEFT model on a CPU compute `x W^T + s (x A^T) B^T` in the number format of `W`.

    Layers with dropout or a bias, and those of other kinds, stay as they are.
    """
    from peft.tuners.lora.layer import Linear

    product = _product()
    for layer in model.modules():
        if isinstance(layer, Linear) and layer.base_layer.bias is None and _without_dropout(layer):
            layer.forward = _forward(layer, product)


@contextmanager
def unfused(model: Any) -> Iterator[None]:
    """PEFT's own layers for a while."""
    fused = {
        module: vars(module).pop("forward")
        for module in model.modules()
        if hasattr(module, "lora_A") and "forward" in vars(module)
    }
    try:
        yield
    finally:
        for module, forward in fused.items():
            module.forward = forward


def _without_dropout(layer: Any) -> bool:
    return all(getattr(dropout, "p", 0.0) == 0.0 for dropout in layer.lora_dropout.values())


def _forward(layer: Any, product: Any) -> Any:
    (name,) = layer.lora_A.keys()
    if not layer.lora_A[name].weight.requires_grad:
        return _frozen(layer, name)

    def forward(x: Any) -> Any:
        if layer.disable_adapters:
            return layer.base_layer(x)
        down, up = layer.lora_A[name].weight, layer.lora_B[name].weight
        return product(x, layer.base_layer.weight, down, up, layer.scaling[name])

    return forward


def _frozen(layer: Any, name: str) -> Any:
    """For a model that only answers: the update's matrices are converted once."""
    weight = layer.base_layer.weight
    down = layer.lora_A[name].weight.to(weight.dtype).T
    up = (layer.lora_B[name].weight * layer.scaling[name]).to(weight.dtype).T

    def forward(x: Any) -> Any:
        flat = x.reshape(-1, x.shape[-1])
        return (flat @ weight.T).addmm_(flat @ down, up).view(*x.shape[:-1], -1)

    return forward


@cache
def _product() -> Any:
    import torch

    class LoraProduct(torch.autograd.Function):
        """x: (..., in), weight: (out, in), down: (rank, in), up: (out, rank) -> (..., out)."""

        @staticmethod
        def forward(ctx: Any, x: Any, weight: Any, down: Any, up: Any, scale: float) -> Any:
            flat = x.reshape(-1, x.shape[-1])
            down, up = down.to(x.dtype), (up * scale).to(x.dtype)
            low = flat @ down.T
            ctx.save_for_backward(flat, weight, down, up, low)
            ctx.scale, ctx.shape = scale, x.shape
            return torch.mm(flat, weight.T).addmm_(low, up.T).view(*x.shape[:-1], -1)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            flat, weight, down, up, low = ctx.saved_tensors
            gradient = gradient.reshape(-1, gradient.shape[-1])
            low_gradient = gradient @ up
            of_up = (gradient.T @ low).float() * ctx.scale
            of_down = (low_gradient.T @ flat).float()
            of_x = None
            if ctx.needs_input_grad[0]:
                of_x = torch.mm(gradient, weight).addmm_(low_gradient, down).view(ctx.shape)
            return of_x, None, of_down, of_up, None

    return LoraProduct.apply
