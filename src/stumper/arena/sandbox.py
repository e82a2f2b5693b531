"""A command of anybody's, run where it can do no harm: its time, memory, output and processes are bounded, and all of
its children end with it.

On Linux it has namespaces of its own where the system grants them (`unshare`): no network, and a process namespace
that dies as a whole. Elsewhere it has a session of its own, and `Ran.confined` says that there was no more.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from stumper.types import Value

POLL = 0.05
SHOWN = 4000
"""Characters of what it printed that are kept, from the end."""


class Limits(Value):
    seconds: float = Field(600.0, gt=0)
    memory: int = Field(24 * 2**30, gt=0)
    """Bytes of address space of each process."""
    disk: int = Field(256 * 2**20, gt=0)
    """Bytes of the largest file it may write, and of all that it may leave in its folder beyond what lay there."""
    processes: int = Field(256, gt=0)
    """Processes and threads at once."""


class Ran(NamedTuple):
    ended: Literal["exited", "time", "disk", "processes"]
    code: int | None
    """Of an exit by itself."""
    output: str
    """The end of what it printed."""
    seconds: float
    confined: bool
    """It had no network and a process namespace of its own."""


def run(command: Sequence[str], folder: Path, limits: Limits, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command in a folder until it ends or a limit does; never raises for what it does.

    It gets a bare environment (PATH, HOME and a temporary folder within `folder`, and what `environment` names).
    """
    home = folder / ".home"
    home.mkdir(exist_ok=True)
    bare = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"}
    before = _size(folder)
    start = time.monotonic()
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(  # noqa: S603
            [*_wrapper(), *command],
            cwd=folder,
            env=bare | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_limiter(limits) if sys.platform != "win32" else None,
        )
        try:
            ended = _watch(process, folder, before, printed.fileno(), limits, start)
        finally:
            _end(process)
        length = printed.seek(0, os.SEEK_END)
        printed.seek(max(0, length - SHOWN))
        output = printed.read(SHOWN).decode("utf-8", "replace")
    code = process.returncode if ended == "exited" else None
    return Ran(ended, code, output, time.monotonic() - start, bool(_wrapper()))


def _watch(
    process: "subprocess.Popen[bytes]", folder: Path, before: int, printed: int, limits: Limits, start: float
) -> Literal["exited", "time", "disk", "processes"]:
    wait = POLL
    while process.poll() is None:
        if time.monotonic() - start > limits.seconds:
            return "time"
        if os.fstat(printed).st_size > limits.disk or _size(folder) - before > limits.disk:
            return "disk"
        if _count(process.pid) > limits.processes:
            return "processes"
        time.sleep(wait)
        wait = min(1.0, wait * 1.2)
    return "disk" if _size(folder) - before > limits.disk else "exited"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill it with all of its children: in a namespace of its own they end with the first of them."""
    for pid in (process.pid, *_descendants(process.pid)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _descendants(pid: int) -> list[int]:
    """All processes below one, from /proc; none where there is no such thing."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
        except (OSError, ValueError, IndexError):
            continue
    found: list[int] = []
    todo = [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def _count(pid: int) -> int:
    return len(_descendants(pid)) + 1


def _size(folder: Path) -> int:
    """Bytes on disk under a folder, links not followed."""
    total = 0
    for path, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except OSError:
                continue
    return total


@cache
def _wrapper() -> tuple[str, ...]:
    """The command that shuts another one off, as far as the system grants it; empty where it does not."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    shut = (program, "--net", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc")
    for wrapper in (shut, (program, "--user", "--map-root-user", *shut[1:])):
        try:
            if subprocess.run([*wrapper, "true"], capture_output=True, timeout=10).returncode == 0:  # noqa: S603
                return wrapper
        except (OSError, subprocess.SubprocessError):
            continue
    return ()


def _limiter(limits: Limits) -> Any:
    """What the child does before it becomes the command. It may not fail: then the command must not run."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.disk, limits.disk))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        cpu = int(limits.seconds * (os.cpu_count() or 1)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))

    return limit
