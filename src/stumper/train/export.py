"""The trained adapter for other programs: PEFT's folder, llama.cpp's file, or merged into the base."""

import math
from pathlib import Path
from typing import Any

from stumper.engines._checkpoint import add_adapter, import_torch, load
from stumper.errors import BadInput

WEIGHTS = "adapter_model.safetensors"

ARCHITECTURES = {"llama": "llama"}
"""transformers' model type -> llama.cpp's architecture, of those whose export is checked against llama.cpp."""

_PREFIX = "base_model.model."


def save_adapter(model: Any, base: str, folder: Path) -> None:
    """Save a PEFT model's adapter under its base's reference, not under a path of this machine."""
    config = model.peft_config["default"]
    # The trainer's own checkpoints go on naming the base by its folder, where PEFT finds its configuration.
    config.base_model_name_or_path, folder_of_base = base, config.base_model_name_or_path
    try:
        model.save_pretrained(str(folder), save_embedding_layers=False)
    finally:
        config.base_model_name_or_path = folder_of_base


def save_gguf(adapter: Path, config: Any, out: Path) -> bool:
    """Write a PEFT adapter as GGUF; False, and no file, for an architecture that is not in ARCHITECTURES.

    Layout as in llama.cpp's convert_lora_to_gguf.py: `<tensor>.lora_a` (rank, in) and `<tensor>.lora_b` (out, rank).
    """
    import gguf
    import peft
    from safetensors.numpy import load_file

    if config.model_type not in ARCHITECTURES:
        return False
    architecture = ARCHITECTURES[config.model_type]
    kind = {name: number for number, name in gguf.MODEL_ARCH_NAMES.items()}[architecture]
    names = gguf.get_tensor_name_map(kind, config.num_hidden_layers)
    writer = gguf.GGUFWriter(str(out), architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    lora = peft.LoraConfig.from_pretrained(str(adapter))
    # llama.cpp divides by the rank and knows no other scaling.
    alpha = lora.lora_alpha * math.sqrt(lora.r) if lora.use_rslora else lora.lora_alpha
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(alpha))
    for name, weights in sorted(load_file(adapter / WEIGHTS).items()):
        module, _, which = name.removeprefix(_PREFIX).removesuffix(".weight").rpartition(".")
        target = names.get_name(module)
        if target is None or which not in ("lora_A", "lora_B"):
            raise BadInput(f"{adapter}: {name} has no place in a GGUF adapter")
        if which == "lora_B" and architecture == "llama":
            weights = _as_llama_cpp_rotates(weights, module, config)
        writer.add_tensor(f"{target}.weight.{which.lower()}", weights.astype("float32"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return True


def _as_llama_cpp_rotates(weights: Any, module: str, config: Any) -> Any:
    """Query and key rows in the order of llama.cpp's rotary embedding: pairs side by side, not half a head apart.

    Its converter of the llama architecture orders the base's rows like this (convert_hf_to_gguf.py, `permute`).
    """
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(module.rpartition(".")[2])
    if heads is None:
        return weights
    rows, rank = weights.shape
    return weights.reshape(heads, 2, rows // heads // 2, rank).swapaxes(1, 2).reshape(rows, rank)


def merge(base: str, adapter: Path, out: Path) -> None:
    """Write the base with the adapter merged into it, as safetensors in bfloat16. Raises BadInput, StumperError."""
    torch, _ = import_torch()
    # In float32, since a small update is lost when it is added to a large weight in bfloat16.
    checkpoint = add_adapter(load(base, "float32"), adapter, str(adapter))
    merged = checkpoint.model.merge_and_unload().to(torch.bfloat16)
    merged.save_pretrained(str(out))
    checkpoint.tokenizer.save_pretrained(str(out))
