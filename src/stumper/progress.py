"""Progress of long work: a bar with rate and time left on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

PLAIN_EVERY = 15.0
"""Seconds between plain lines."""


class Progress:
    """Use as a context manager; `watch(stage, made, total)` is what the pipeline calls."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bars = Bars(
            TextColumn("{task.description:<18}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._terminal = console.is_terminal
        self._tasks: dict[str, TaskID] = {}
        self._begun: dict[str, tuple[float, int]] = {}
        self._said = 0.0

    def __enter__(self) -> "Progress":
        if self._terminal:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal:
            self._bars.stop()

    def say(self, text: str) -> None:
        """A line that stays."""
        self._bars.console.print(text, highlight=False, markup=False)

    def watch(self, stage: str, made: int, total: int) -> None:
        """Note that `made` of `total` records of a stage are there."""
        now = time.monotonic()
        start, first = self._begun.setdefault(stage, (now, made))
        rate = (made - first) / (now - start) if now > start and made > first else 0.0
        if self._terminal:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=total, rate="")
            self._bars.update(self._tasks[stage], completed=made, total=total, rate=f"{rate:.1f}/s" if rate else "")
        elif made == total or now - self._said >= PLAIN_EVERY:
            self._said = now
            left = f", {rate:.1f}/s, {(total - made) / rate:.0f} s left" if rate and made < total else ""
            print(f"{stage}: {made} of {total}{left}", file=sys.stderr, flush=True)
