"""Records a second and CPU of a record, of three clients of one mock endpoint: python bench/client.py --beside PYTHON

The mock runs in processes of its own on loopback, answers after 20 ms and knows nothing of who asks. A record is one
call: a prompt of 760 characters, a JSON object back. stumper keeps each call on disk, data-designer writes Parquet,
the openai SDK (AsyncOpenAI, as many tasks as calls in flight) keeps nothing. PYTHON is an interpreter of an environment
with `openai` and `data-designer`; without it, stumper is measured alone. CPU is user and system time of the client's
process, imports not counted.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

LATENCY = 0.02
TEXT = '{"answer": "B"}'
PROMPT = "Who is Bob to Ann? " * 40
COMPLETION = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 226, "completion_tokens": 6, "total_tokens": 232},
}


def serve(pipe: Connection) -> None:
    """The least that is an HTTP server, so that it is not what is measured: no framework, one canned reply."""
    body = json.dumps(COMPLETION).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    class Mock(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport, self.received = transport, b""

        def data_received(self, data: bytes) -> None:
            self.received += data
            while (end := self.received.find(b"\r\n\r\n")) >= 0:
                fields = self.received[:end].lower().split(b"\r\n")
                length = next((int(f[15:]) for f in fields if f.startswith(b"content-length:")), 0)
                if len(self.received) < end + 4 + length:
                    return
                self.received = self.received[end + 4 + length :]
                asyncio.get_running_loop().call_later(LATENCY, self.answer)

        def answer(self) -> None:
            if not self.transport.is_closing():
                self.transport.write(head + body)

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Mock, "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(main())


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def stumper(url: str, records: int, in_flight: int) -> None:
    from stumper.calls import Recorded
    from stumper.engines import EngineRuntime, ModelSpec, open_engine
    from stumper.types import Message, Request

    spec = ModelSpec(name="t", engine="server", model="m")
    requests = [Request(messages=(Message(role="user", content=PROMPT),), seed=i) for i in range(records)]

    def work(folder: str) -> None:
        engine = Recorded(spec, lambda: open_engine(spec, EngineRuntime(url=url, concurrency=in_flight)), Path(folder))
        replies = dict(engine.generate(requests))
        engine.close()
        assert {reply.text for reply in replies.values()} == {TEXT}

    with tempfile.TemporaryDirectory() as folder:
        report(lambda: work(folder), records)


def openai(url: str, records: int, in_flight: int) -> None:
    from openai import AsyncOpenAI

    async def work() -> None:
        client = AsyncOpenAI(base_url=url, api_key="none")
        owed = iter(range(records))

        async def worker() -> None:
            for i in owed:
                messages = [{"role": "user", "content": PROMPT}]
                reply = await client.chat.completions.create(model="m", messages=messages, max_tokens=256, seed=i)
                assert reply.choices[0].message.content == TEXT

        await asyncio.gather(*(worker() for _ in range(in_flight)))
        await client.close()

    report(lambda: asyncio.run(work()), records)


def data_designer(url: str, records: int, in_flight: int) -> None:
    import data_designer.config as dd
    from data_designer.interface import DataDesigner

    model = dd.ModelConfig(
        alias="m",
        model="m",
        provider="mock",
        skip_health_check=True,
        inference_parameters=dd.ChatCompletionInferenceParams(max_parallel_requests=in_flight, max_tokens=256),
    )
    builder = dd.DataDesignerConfigBuilder(model_configs=[model])
    builder.add_column(dd.SamplerColumnConfig(name="id", sampler_type="uuid", params=dd.UUIDSamplerParams()))
    builder.add_column(dd.LLMTextColumnConfig(name="text", prompt="{{ id }} " + PROMPT, model_alias="m"))
    with tempfile.TemporaryDirectory() as folder:
        provider = dd.ModelProvider(name="mock", endpoint=url, provider_type="openai", api_key="none")
        designer = DataDesigner(artifact_path=folder, model_providers=[provider])

        def work() -> None:
            frame = designer.create(builder, num_records=records).load_dataset()
            assert len(frame) == records
            assert set(frame["text"]) == {TEXT}

        report(work, records)


CLIENTS = {"stumper": stumper, "openai": openai, "data-designer": data_designer}


def report(work, records: int) -> None:  # type: ignore[no-untyped-def]
    start, used = time.perf_counter(), cpu()
    work()
    seconds, used = time.perf_counter() - start, cpu() - used
    print("\n" + json.dumps({"rate": records / seconds, "cpu": 1000 * used / records}))


def measure(client: str, python: str, url: str, records: int, in_flight: int) -> tuple[float, float]:
    """(records a second, CPU milliseconds a record) of one client in a process of its own."""
    environment = os.environ | {"NEMO_TELEMETRY_ENABLED": "false", "OMP_NUM_THREADS": "1"}
    command = [python, __file__, "--client", client, "--url", url, "--records", str(records)]
    done = subprocess.run(
        [*command, "--in-flight", str(in_flight)], capture_output=True, text=True, env=environment, timeout=600
    )
    if done.returncode:
        raise SystemExit(f"{client} failed:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return told["rate"], told["cpu"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", metavar="PYTHON", help="interpreter that has openai and data-designer")
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        CLIENTS[options.client](options.url, options.records, options.in_flight)
        return
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    mock = context.Process(target=serve, args=(theirs,), daemon=True)
    mock.start()
    url = f"http://127.0.0.1:{ours.recv()}/v1"
    print(f"{options.records} records, {options.in_flight} in flight, {1000 * LATENCY:g} ms each: at most", end=" ")
    print(f"{options.in_flight / LATENCY:.0f} a second; {options.runs} runs, taking turns\n")
    print("| client | records/s | CPU ms a record |\n|---|---|---|")
    clients = {"stumper": sys.executable}
    if options.beside:
        clients |= {"openai": options.beside, "data-designer": options.beside}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in clients}
    try:
        for _ in range(options.runs):
            for name, python in clients.items():
                found[name].append(measure(name, python, url, options.records, options.in_flight))
    finally:
        mock.kill()
    for name, figures in found.items():
        rates, used = zip(*figures, strict=True)
        print(f"| {name} | {min(rates):.0f}-{max(rates):.0f} | {min(used):.2f}-{max(used):.2f} |")


if __name__ == "__main__":
    main()
