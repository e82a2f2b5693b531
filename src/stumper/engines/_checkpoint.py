"""Weights, tokenizer and prompt text of a model in this process: the same for batch scoring and for training."""

import contextlib
import ctypes
import gc
import json
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stumper import models
from stumper.engines._chat import render
from stumper.engines._gguf import Header, read_header
from stumper.engines._threads import wait_briefly
from stumper.errors import BadInput, StumperError
from stumper.types import Message

DTYPES = ("bfloat16", "float32", "float16")

CONVERSION = 2
"""Of GGUF files: raised when what is kept in the cache would come out otherwise."""

_MARK = "stumper"
"""Stands where an assistant's words would: what the template puts behind it ends a turn."""


@dataclass(frozen=True)
class Checkpoint:
    """A model that is loaded, with what turns messages into its token ids."""

    model: Any
    tokenizer: Any
    header: Header
    turn_end: int
    """The token that ends the assistant's turn: last label in training, and where generation stops."""
    stops: tuple[int, ...]
    """All tokens at which generation stops."""

    @property
    def device(self) -> Any:
        return self.model.device

    def prompt(self, messages: Sequence[Message], opening: str = "") -> str:
        """The prompt's text, with the beginning token where the template or the tokenizer wants one."""
        return prompt_text(self.header, messages, opening)

    def ids(self, text: str, special: bool = True) -> list[int]:
        """Token ids of a text. `special`: control tokens in it are read as such; none are added."""
        return token_ids(self.tokenizer, text, special)

    def text(self, ids: Sequence[int]) -> str:
        """The text of token ids, without control tokens."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def spelled(self, ids: Sequence[int]) -> str:
        """The text of token ids, control tokens included."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where each of the text's tokens begins and ends in it, in characters. Raises BadInput where none is told."""
        if not self.tokenizer.is_fast:
            raise BadInput(
                f"the tokenizer of {self.header.architecture} tells no places in text: name a base with tokenizer.json"
            )
        found = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        return [(int(start), int(end)) for start, end in found]


def prompt_text(header: Header, messages: Sequence[Message], opening: str = "") -> str:
    bos = header.bos if header.template or header.adds_bos else ""
    return render(messages, header.template, bos, header.eos, opening, header.control)


def token_ids(tokenizer: Any, text: str, special: bool = True) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False, split_special_tokens=not special)["input_ids"]
    return ids


def load(reference: str, dtype: str = "bfloat16", attention: str = "sdpa", threads: int | None = None) -> Checkpoint:
    """Load a folder of safetensors or a GGUF file (its quantised weights become `dtype`) on the GPU, if there is one.

    Raises BadInput for a reference that cannot work, StumperError when loading fails.
    """
    if dtype not in DTYPES:
        raise BadInput(f"the option dtype must be one of {', '.join(DTYPES)}, not {dtype!r}")
    path = models.resolve(reference)
    if path.is_file() and path.suffix != ".gguf":
        raise BadInput(f"{reference}: name the folder of {path.name}, with its configuration and tokenizer")
    torch, transformers = import_torch(threads)
    with _loading(path):
        folder = _converted(path, dtype) if path.is_file() else path
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=getattr(torch, dtype),
            attn_implementation=attention,
            trust_remote_code=False,
            use_safetensors=True,
        )
    model.eval()
    model.requires_grad_(False)
    if torch.cuda.is_available():
        model.to("cuda")
    header = read_header(path) if path.is_file() else _header(tokenizer, model.config)
    turn_end = _turn_end(header, tokenizer)
    return Checkpoint(model, tokenizer, header, turn_end, _stops((model.config, model.generation_config), turn_end))


def voice_of(reference: str) -> Checkpoint:
    """What writes a model's prompts and cuts them into tokens, without its weights. Raises as `load` does."""
    path = models.resolve(reference)
    _, transformers = import_torch()
    with _loading(path):
        folder = _converted(path, "bfloat16") if path.is_file() else path
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        config = transformers.AutoConfig.from_pretrained(folder, trust_remote_code=False)
    header = read_header(path) if path.is_file() else _header(tokenizer, config)
    turn_end = _turn_end(header, tokenizer)
    return Checkpoint(None, tokenizer, header, turn_end, _stops((config,), turn_end))


@contextlib.contextmanager
def _loading(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise StumperError(f"transformers cannot load {path.name}: {str(error)[:300]}") from error


def _converted(path: Path, dtype: str) -> Path:
    """A GGUF file's weights, unpacked to `dtype`, and its tokenizer as a folder of safetensors in the cache.

    transformers reads the file's header four times in Python, 20 s for SmolLM2-135M; the folder takes 2 s.
    """
    torch, transformers = import_torch()
    target = models.cache_dir() / "converted" / f"{models.digest_of(path)}-{dtype}-{CONVERSION}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    source = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name, "trust_remote_code": False}
    tokenizer = transformers.AutoTokenizer.from_pretrained(**source)
    _mend(tokenizer, read_header(path))
    model = transformers.AutoModelForCausalLM.from_pretrained(**source, dtype=getattr(torch, dtype))
    # Only the file was quantised: with this entry transformers refuses to save the unpacked weights.
    model.hf_quantizer = None
    del model.config.quantization_config
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="converting-") as made:
        whole = Path(made) / "model"
        model.save_pretrained(whole)
        tokenizer.save_pretrained(whole)
        with contextlib.suppress(OSError):  # another process was faster
            whole.rename(target)
    return target


def _mend(tokenizer: Any, header: Header) -> None:
    """Put right what transformers reads wrongly from a GGUF file's tokenizer.

    The decoder of byte-level ones is one for SentencePiece, after which llguidance takes a blank for two other bytes.
    Gemma's comes without merges, as a unigram model that cuts words into their letters. And the end of a text is set to
    the beginning's token.
    """
    from tokenizers import decoders, pre_tokenizers
    from tokenizers import models as kinds

    backend = tokenizer.backend_tokenizer
    if isinstance(backend.pre_tokenizer, pre_tokenizers.ByteLevel):
        backend.decoder = decoders.ByteLevel()
    if isinstance(backend.model, kinds.Unigram):
        kind = json.loads(backend.to_str())["model"]
        vocabulary, unknown = kind["vocab"], kind["vocab"][kind["unk_id"]][0]
        places = {text: place for place, (text, _) in enumerate(vocabulary)}
        backend.model = kinds.BPE(
            vocab=places, merges=_merges(vocabulary), unk_token=unknown, fuse_unk=True, byte_fallback=True
        )
    tokenizer.bos_token, tokenizer.eos_token = header.bos or None, header.eos


def _merges(vocabulary: Sequence[tuple[str, float]]) -> list[tuple[str, str]]:
    """The merges of a SentencePiece vocabulary with scores: of two pieces whose union is one, the best union first.

    Pieces that share one score (runs of blanks and of line ends) were defined by hand; SentencePiece cuts them out
    before all others. Of Gemma 3's vocabulary there are 514,906 merges, as many as its own tokenizer has.
    """
    known = {text for text, _ in vocabulary}
    times = Counter(score for _, score in vocabulary)
    found = [
        (-score if times[score] == 1 else -math.inf, i, text[:i], text[i:])
        for text, score in vocabulary
        for i in range(1, len(text))
        if text[:i] in known and text[i:] in known
    ]
    return [(left, right) for _, _, left, right in sorted(found)]


def import_torch(threads: int | None = None) -> tuple[Any, Any]:
    """The packages torch and transformers, quiet. Raises StumperError that says how to install them."""
    wait_briefly()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TQDM_DISABLE", "1")
    try:
        import torch
        import transformers
    except ImportError as error:
        raise StumperError(
            "training and the transformers engine need torch, transformers and peft: "
            "install them with pip install 'stumper[train]'"
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    if threads:
        torch.set_num_threads(threads)
    return torch, transformers


def give_back() -> None:
    """Return free memory to the system: glibc keeps it, and training's changing shapes let it pile up."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def add_adapter(checkpoint: Checkpoint, folder: Path, name: str) -> Checkpoint:
    """The model with a PEFT adapter (not merged, so that it computes what was trained). Raises BadInput."""
    import peft

    from stumper.engines._lora import fuse

    if not (folder / "adapter_config.json").is_file() or not (folder / "adapter_model.safetensors").is_file():
        raise BadInput(f"{name}: {folder} is no folder of a PEFT adapter (adapter_config.json, safetensors)")
    try:
        model = peft.PeftModel.from_pretrained(checkpoint.model, str(folder))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise BadInput(
            f"{name}: the adapter in {folder} does not fit the model {checkpoint.header.architecture}: "
            f"{str(error)[:300]}"
        ) from error
    model.eval()
    model.requires_grad_(False)
    if model.device.type == "cpu":
        fuse(model)
    return Checkpoint(model, checkpoint.tokenizer, checkpoint.header, checkpoint.turn_end, checkpoint.stops)


def _header(tokenizer: Any, config: Any) -> Header:
    """What a GGUF file would say, from the tokenizer's files."""
    bos, eos = tokenizer.bos_token or "", tokenizer.eos_token or ""
    control = [token.content for token in tokenizer.added_tokens_decoder.values() if token.special]
    ids = tokenizer("a")["input_ids"]
    template = tokenizer.chat_template
    return Header(
        architecture=config.model_type,
        template=template.get("default") if isinstance(template, dict) else template,
        bos=bos,
        eos=eos,
        adds_bos=bool(bos) and ids[:1] == [tokenizer.bos_token_id],
        control=tuple(control),
        context_length=getattr(config, "max_position_embeddings", None),
    )


def _turn_end(header: Header, tokenizer: Any) -> int:
    """The first control token that the template puts behind an assistant's words; without one, the end of a text.

    Not the tokenizer's own `eos_token`: read from a GGUF file it can be the wrong one (SmolLM2's says "<|im_start|>").
    """
    turns = (Message(role="user", content="?"), Message(role="assistant", content=_MARK))
    behind = prompt_text(header, turns).rpartition(_MARK)[2]
    control = set(tokenizer.convert_tokens_to_ids(list(header.control)))
    ends = [i for i in token_ids(tokenizer, behind) if i in control] if header.template else []
    if not ends and not header.eos:
        raise BadInput(f"the tokenizer of {header.architecture} names no token that ends a text (eos_token)")
    return int(ends[0] if ends else tokenizer.convert_tokens_to_ids(header.eos))


def _stops(configs: Sequence[Any], turn_end: int) -> tuple[int, ...]:
    found = {turn_end}
    for config in configs:
        eos = getattr(config, "eos_token_id", None)
        found.update(eos if isinstance(eos, list) else [] if eos is None else [eos])
    return tuple(sorted(found))
