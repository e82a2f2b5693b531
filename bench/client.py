"""CPU and rate of the engine `server` against a mock on loopback that answers after 20 ms: python bench/client.py

The mock runs in a process of its own, so that the CPU time is the engine's alone.
"""

import argparse
import asyncio
import multiprocessing
import resource
import time
from multiprocessing.connection import Connection

from aiohttp import web

from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.types import Message, Request

LATENCY = 0.02
COMPLETION = {
    "choices": [{"message": {"role": "assistant", "content": '{"answer": "B"}'}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 226, "completion_tokens": 6},
}


def serve(pipe: Connection) -> None:
    async def complete(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(LATENCY)
        return web.json_response(COMPLETION)

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", complete)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(main())


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(url: str, calls: int, in_flight: int) -> tuple[float, float]:
    """(calls a second, CPU milliseconds a call); the window has been opened by earlier calls."""
    requests = [
        Request(messages=(Message(role="user", content="Who is Bob to Ann? " * 40),), seed=i) for i in range(calls)
    ]
    engine = open_engine(ModelSpec(name="t", engine="server", model="m"), EngineRuntime(url=url, concurrency=in_flight))
    try:
        list(engine.generate(requests[: 4 * in_flight]))
        start, used = time.perf_counter(), cpu()
        replies = dict(engine.generate(requests))
        seconds, used = time.perf_counter() - start, cpu() - used
    finally:
        engine.close()
    assert {reply.text for reply in replies.values()} == {'{"answer": "B"}'}, next(iter(replies.values()))
    return calls / seconds, 1000 * used / calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    mock = context.Process(target=serve, args=(theirs,), daemon=True)
    mock.start()
    url = f"http://127.0.0.1:{ours.recv()}/v1"
    print(f"{options.calls} calls of {1000 * LATENCY:g} ms, {options.runs} runs\n")
    print("| in flight | calls/s | of the latency's bound | CPU ms a call |\n|---|---|---|---|")
    try:
        for in_flight in (1, 8, 64):
            calls = min(options.calls, 50 * in_flight)
            rates, used = zip(*(measure(url, calls, in_flight) for _ in range(options.runs)), strict=True)
            bound = in_flight / LATENCY
            shown = "-".join(f"{x:.0f}" for x in sorted({round(min(rates)), round(max(rates))}))
            print(f"| {in_flight} | {shown} | {max(rates) / bound:.0%} | {min(used):.2f}-{max(used):.2f} |")
    finally:
        mock.kill()


if __name__ == "__main__":
    main()
