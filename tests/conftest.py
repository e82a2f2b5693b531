"""No test reaches beyond this machine, and none of the hubs' clients tries to."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from stumper.engines._threads import wait_briefly

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

wait_briefly()

# A job that a shell runs in the background is born deaf to interrupts, and so are its children.
signal.signal(signal.SIGINT, signal.default_int_handler)

sys.path.insert(0, str(Path(__file__).parent / "helpers"))

# Machines are shared and noisy: a slow example is no wrong one.
settings.register_profile("stumper", deadline=None)
settings.load_profile("stumper")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
