"""What Ray costs a record: python bench/ray_overhead.py

The same calls of a scripted model, each kept on disk: in this process, and by one and by two actors of a Ray cluster on
this machine; they take turns, three times. A record is one call: a prompt of 760 characters, a JSON object back. The
model answers at once, or computes for some milliseconds (`--work`), as one does that is worth an actor. Processor time
is that of this process and of all that it started: actors, and Ray's own processes.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from stumper.calls import Recorded
from stumper.engines import Engine, EngineRuntime, ModelSpec, open_engine
from stumper.engines._pool import Pool
from stumper.types import Message, Reply, Request

PROMPT = "Who is Bob to Ann? " * 40
RUNTIME = EngineRuntime(concurrency=64, batch=32)
TICK = os.sysconf("SC_CLK_TCK")


def answer(_: Request) -> Reply:
    """The scripted model."""
    end = time.process_time() + float(os.environ.get("BENCH_WORK", "0"))
    while time.process_time() < end:
        pass
    return Reply(text='{"answer": "B"}', prompt_tokens=226, tokens=6)


def processor_seconds() -> float:
    """Of this process and all its descendants, those that have ended not counted."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid], used[pid] = int(fields[1]), int(fields[11]) + int(fields[12])

    def mine(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and mine(parents[pid]))

    return sum(ticks for pid, ticks in used.items() if mine(pid)) / TICK


def measure(engine: Engine, spec: ModelSpec, n: int, salt: int) -> tuple[float, float]:
    """(records a second, processor milliseconds a record)."""
    requests = [Request(messages=(Message(role="user", content=PROMPT),), seed=salt * n + i) for i in range(n)]
    with tempfile.TemporaryDirectory() as folder:
        recorded = Recorded(spec, lambda: engine, Path(folder))
        start, before = time.monotonic(), processor_seconds()
        assert sum(reply.text != "" for _, reply in recorded.generate(requests)) == n
        seconds = time.monotonic() - start
        return n / seconds, (processor_seconds() - before) * 1000 / n


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=5000)
    parser.add_argument("--work", type=float, default=0.0, help="milliseconds of computing a call")
    args = parser.parse_args()
    os.environ["BENCH_WORK"] = str(args.work / 1000)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    spec = ModelSpec(name="bench", engine="scripted", model="ray_overhead:answer")
    found: dict[str, list[tuple[float, float]]] = {}
    for turn in range(3):
        for actors in (0, 1, 2):
            engine = Pool(spec, RUNTIME.model_copy(update={"actors": actors})) if actors else open_engine(spec, RUNTIME)
            list(engine.generate([Request(messages=())] * 200 * actors))  # until all actors have loaded
            name = f"Ray, {actors} actor{'s' * (actors > 1)}" if actors else "in process"
            found.setdefault(name, []).append(measure(engine, spec, args.n, turn))
            engine.close()
            time.sleep(3)  # until the actors' processes have ended, and are no longer counted
    print("| | records/s | CPU ms a record |\n|---|---|---|")
    for name, figures in found.items():
        rates, costs = zip(*figures, strict=True)
        print(f"| {name} | {min(rates):,.0f} to {max(rates):,.0f} | {min(costs):.2f} to {max(costs):.2f} |")


if __name__ == "__main__":
    main()
