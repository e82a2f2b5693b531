"""The HTTP calls to a llama.cpp server in this process.

Over HTTP and not by its Python methods, because closing a connection is the only thing that stops it in the middle of
reading a prompt.
"""

import json
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from stumper.errors import StumperError

LONGEST = 3600.0
"""Seconds after which a call without a deadline is given up."""


class Refused(StumperError):
    """The server answered with an error, or not at all (`outage`)."""

    def __init__(self, message: str, outage: bool = False) -> None:
        super().__init__(message[:300])
        self.outage = outage


class Loopback:
    """A client of `http://host:port`. Every call has an end (`time.monotonic()` seconds, None: an hour from now).

    Calls raise TimeoutError at their end, having closed the connection, and Refused for errors.
    """

    def __init__(self, address: str, key: str) -> None:
        self._host = address.removeprefix("http://")
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def post(self, path: str, body: dict[str, Any], until: float | None = None) -> dict[str, Any]:
        """The JSON object that the server answers."""
        with self._answer(path, body, until) as (response, wait):
            wait()
            return _object(response.read())

    def stream(
        self, path: str, body: dict[str, Any], until: float | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """The objects of a stream of server-sent events, as they come; closing the iterator closes the connection."""
        with self._answer(path, {**body, "stream": True}, until) as (response, wait):
            while True:
                wait()
                line = response.readline()
                if not line:
                    return
                if line.startswith(b"data: ") and line.strip() != b"data: [DONE]":
                    yield _object(line[len(b"data: ") :])

    @contextmanager
    def _answer(
        self, path: str, body: dict[str, Any], until: float | None
    ) -> Iterator[tuple[HTTPResponse, Callable[[], None]]]:
        """The open response, and what to call before each read of it: it limits the read to the time that is left."""
        connection = HTTPConnection(self._host, timeout=_left(until))
        try:
            connection.connect()
            # Kept, because a response that ends with the connection takes the socket over.
            wire = connection.sock

            def wait() -> None:
                wire.settimeout(_left(until))

            connection.request("POST", path, json.dumps(body), self._headers)
            wait()
            with connection.getresponse() as response:
                wait()
                if response.status != 200:
                    raise Refused(_reason(response.read()))
                yield response, wait
        except TimeoutError:
            raise
        except (OSError, HTTPException) as error:
            reason = f"the llama.cpp server in this process does not answer ({type(error).__name__})"
            raise Refused(reason, outage=True) from error
        finally:
            connection.close()


def _left(until: float | None) -> float:
    left = LONGEST if until is None else until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise Refused("the llama.cpp server answered no JSON") from error
    if not isinstance(found, dict) or "error" in found:
        raise Refused(_reason(data))
    return found


def _reason(data: bytes) -> str:
    try:
        return str(json.loads(data)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return data.decode("utf-8", "replace") or "no reason given"
