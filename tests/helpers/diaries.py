"""Scripted models that note in the folder STUMPER_DIARY which process has answered what."""

import json
import os
import signal
import time
from pathlib import Path

import teachers

from stumper.types import Reply, Request, digest

SECONDS = 0.03
"""A call takes; more than an actor waits between two messages."""
DEADLY = "kill"
"""A message at which the process kills itself."""


def noting(request: Request, model: str = "one") -> Reply:
    """As teachers.quick, slowly."""
    if request.messages[-1].content == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(SECONDS)
    reply = teachers.quick(request) if request.about or request.continuations else Reply(text=str(request.seed))
    note = {"pid": os.getpid(), "model": model, "request": digest(request)}
    with (Path(os.environ["STUMPER_DIARY"]) / f"{os.getpid()}.jsonl").open("a") as file:
        file.write(json.dumps(note) + "\n")
    return reply


def noting_too(request: Request) -> Reply:
    return noting(request, "two")


def read() -> list[dict]:
    folder = Path(os.environ["STUMPER_DIARY"])
    return [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]


def latest() -> int | None:
    """The process that answered last; None where that is a while ago."""
    files = {file.stat().st_mtime: file for file in Path(os.environ["STUMPER_DIARY"]).glob("*.jsonl")}
    return int(files[max(files)].stem) if files and time.time() - max(files) < 3 * SECONDS else None


def burn() -> None:
    for file in Path(os.environ["STUMPER_DIARY"]).glob("*.jsonl"):
        file.unlink()
