"""The certificate and the rows of a training on a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stumper.train.certificate import Certificate
from stumper.train.rows import Kind, Row, Voice, Weights, encode, weigh
from stumper.types import Example

if TYPE_CHECKING:
    from stumper.train import Recipe

COLOURS: dict[Kind, str] = {"letter": "bold black on yellow", "words": "green", "frame": "cyan", "end": "white on red"}
PROMPT = "dim"


def certificate(found: Certificate, path: Path, console: Console | None = None) -> None:
    """A table of the checks, and where the certificate lies."""
    console = console or Console()
    table = Table(box=None, pad_edge=False)
    for head in ("", "check", "what was found"):
        table.add_column(head)
    for check in found.checks:
        mark, colour = ("ok", "green") if check.passed else ("waived", "yellow") if check.waived else ("FAIL", "red")
        table.add_row(Text(mark, style=colour), Text(check.name), Text(check.detail))
    console.print(table)
    if found.here.seconds is not None:
        console.print(f"training will take about {_time(found.here.seconds)} here, probes not counted", highlight=False)
    console.print(Text(f"{path}: sha256 {found.sha256}"))


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} hours"


def mask(recipe: "Recipe", examples: Sequence[Example], most: int, console: Console | None = None) -> None:
    """Print rows of both roles in the colours of what the loss does with each token. No weights are loaded."""
    from stumper.engines._checkpoint import voice_of

    voice = voice_of(recipe.base)
    training = [e for e in examples if e.split == "train"]
    weights = weigh([encode(e, voice) for e in training], recipe.answer_weight, recipe.letter_weight)
    console = console or Console()
    legend = Text("prompt, not learned", style=PROMPT)
    for kind, colour in COLOURS.items():
        legend.append("  ").append(kind, style=colour)
    console.print(legend)
    for example in _both(training, most):
        console.print(painted(encode(example, voice), weights, voice), soft_wrap=True)


def _both(examples: Sequence[Example], most: int) -> list[Example]:
    """Some of each role, in turn."""
    by_role = [[e for e in examples if e.role == role] for role in ("<A>", "<Q>")]
    return [e for pair in zip(*by_role, strict=False) for e in pair][:most] or list(examples[:most])


def painted(row: Row, weights: Weights, voice: Voice) -> Text:
    """A row: its tokens as they are spelled, each label in the colour of its kind, then what its labels weigh."""
    text = Text(f"{row.item} {row.role}\n", style="bold")
    text.append(voice.spelled(row.prompt), style=PROMPT)
    start = 0
    for end in range(1, len(row.completion) + 1):
        if end == len(row.completion) or row.kinds[end] != row.kinds[start]:
            text.append(voice.spelled(row.completion[start:end]), style=COLOURS[row.kinds[start]])
            start = end
    weight = weights.label[row.role]
    told = ", ".join(f"{row.kinds.count(kind)} {kind} x {weight[kind]:.2f}" for kind in COLOURS if kind in row.kinds)
    return text.append(f"\n{len(row.prompt)} tokens of prompt; labels: {told}\n", style="italic")
