import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stumper.engines._loopback import Loopback, Refused


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, "_" + self.path.strip("/"))()

    def _send(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def _key(self):
        self._send(200, json.dumps({"key": self.headers["Authorization"]}).encode())

    def _busy(self):
        self.server.released.wait(10)
        self._send(200, b"{}")

    def _refuse(self):
        self._send(400, b'{"error": {"message": "too long"}}')

    def _prose(self):
        self._send(200, b"not JSON")

    def _hang_up(self):
        self.close_connection = True

    def _events(self):
        self._send(200, b': ping\n\ndata: {"content": "a"}\n\ndata: {"content": "b"}\n\ndata: [DONE]\n\n')

    def _trickle(self):
        self._send(200, b'data: {"content": "a"}\n\n')
        self.wfile.flush()
        self.server.released.wait(10)

    def _fail_late(self):
        self._send(200, b'data: {"content": "a"}\n\ndata: {"error": {"message": "broke"}}\n\n')

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def client():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Loopback(f"http://127.0.0.1:{server.server_port}", "secret")
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_key_is_sent_along(client):
    assert client.post("/key", {}) == {"key": "Bearer secret"}


def test_a_silent_server_is_left_at_the_deadline(client):
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        client.post("/busy", {}, start + 0.2)
    assert 0.15 < time.monotonic() - start < 1.2


def test_a_stream_that_stalls_is_left_at_the_deadline_after_what_came(client):
    start = time.monotonic()
    got = []
    with pytest.raises(TimeoutError):
        got.extend(event["content"] for event in client.stream("/trickle", {}, start + 0.3))
    assert time.monotonic() - start < 1.3
    events = client.stream("/trickle", {}, time.monotonic() + 5)
    assert next(events) == {"content": "a"}
    events.close()


def test_a_deadline_in_the_past_asks_nothing(client):
    with pytest.raises(TimeoutError):
        client.post("/key", {}, time.monotonic() - 1)


def test_events_come_one_by_one_and_end(client):
    assert [event["content"] for event in client.stream("/events", {})] == ["a", "b"]


@pytest.mark.parametrize(
    ("path", "message", "outage"),
    [("/refuse", "too long", False), ("/prose", "no JSON", False), ("/hang_up", "does not answer", True)],
)
def test_an_error_says_whose_it_is(client, path, message, outage):
    with pytest.raises(Refused, match=message) as caught:
        client.post(path, {})
    assert caught.value.outage is outage


def test_an_error_in_the_middle_of_a_stream_is_not_the_end_of_a_text(client):
    with pytest.raises(Refused, match="broke"):
        list(client.stream("/fail_late", {}))


def test_a_server_that_is_gone_is_an_outage():
    with pytest.raises(Refused) as caught:
        Loopback("http://127.0.0.1:9", "").post("/key", {})
    assert caught.value.outage
