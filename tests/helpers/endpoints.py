"""An OpenAI-compatible endpoint on loopback whose behaviour is a coroutine."""

import asyncio
import threading

from aiohttp import web


def completion(content="four", **choice):
    message = {"role": "assistant", "content": content}
    return {
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 3},
    }


class Mock:
    """An endpoint whose behaviour is a coroutine `behave(web request, number of the call)`; keeps what it was sent."""

    def __init__(self, behave, port=0):
        self.behave = behave
        self.port = port
        self.bodies = []
        self.headers = []
        self.busy = 0
        self.busiest = 0
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(10)
        self.url = f"http://127.0.0.1:{self.port}/v1"

    @property
    def calls(self):
        return len(self.bodies)

    def _serve(self, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._start())
        started.set()
        self.loop.run_forever()
        self.loop.run_until_complete(self.runner.cleanup())
        self.loop.close()

    async def _start(self):
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/v1/chat/completions", self._handle)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def _handle(self, request):
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            return await self.behave(request, self.calls)
        finally:
            self.busy -= 1

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def restart(self):
        """Break off what is under way, be gone for a moment, and come back on the same port."""
        self.stop()
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(10)
