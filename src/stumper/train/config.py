"""How a model is trained."""

import math
from typing import Literal

from pydantic import Field

from stumper.types import Value


class TrainConfig(Value):
    """How a model is trained. The defaults suit a small model on two CPU cores; `recipes/hybrid.yaml` a large one."""

    rank: int = Field(16, ge=1, le=512)
    alpha: int = Field(32, ge=1)
    """The update is scaled by alpha / rank."""
    rank_stabilised: bool = False
    """Scale it by alpha / sqrt(rank) instead (rsLoRA, arXiv 2312.03732); with a high rank each step is then long."""
    dropout: float = Field(0.0, ge=0, lt=1)
    learning_rate: float = Field(1e-3, gt=0)
    warm_up: int = Field(10, ge=0)
    """Steps in which the learning rate rises; afterwards it falls to zero along a line."""
    epochs: int = Field(1, ge=1)
    batch_size: int = Field(16, ge=1)
    max_length: int = Field(1024, ge=16)
    """Tokens of a row. Nothing is ever cut: a longer row ends the preflight with its name."""
    answer_weight: float = Field(2.0, gt=0)
    """The answering role's part of the loss, as a multiple of the writing role's."""
    letter_weight: float = Field(1.0, gt=0)
    """Of an answer's letter, as a multiple of the words and the frame around it; the role's part stays what it is."""
    waive: tuple[str, ...] = ()
    """Checks of the preflight that may fail, by name; they stand in the certificate and the card as waived."""
    probe_every: int = Field(60, ge=1)
    """Steps between looks at what the model writes."""
    save_every: int = Field(60, ge=1)
    """Steps between checkpoints."""
    precision: Literal["bfloat16", "float32"] = "bfloat16"
    """Of the frozen weights; the adapter is float32."""

    @property
    def scaling(self) -> float:
        """What the adapter's product is multiplied by."""
        return self.alpha / (math.sqrt(self.rank) if self.rank_stabilised else self.rank)
