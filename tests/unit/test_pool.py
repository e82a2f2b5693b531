"""What is decided before Ray is there; the pool itself: tests/integration/test_ray.py."""

import socket
import sys
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from stumper import run as runs
from stumper.config import Config, Runtime
from stumper.engines import ModelSpec
from stumper.engines.scripted import Scripted
from stumper.engines.server import Server
from stumper.errors import StumperError

SPEC = ModelSpec(name="one", engine="scripted", model="teachers:quick")


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(StumperError, match=r"pip install 'stumper\[ray\]'"):
        runs.opened(SPEC, Runtime(executor="ray"))


def test_a_cluster_that_nobody_runs_is_named_at_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(is_initialized=lambda: False))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StumperError, match=rf"no Ray cluster at {address} \(runtime.ray.address\)"):
            runs.opened(SPEC, Runtime.model_validate({"executor": "ray", "ray": {"address": address}}))
    with pytest.raises(ValidationError, match="address"):
        Runtime.model_validate({"executor": "ray", "ray": {"address": "ray://somewhere:10001"}})


def test_a_model_behind_an_endpoint_is_asked_from_this_process_whatever_the_executor(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    runtime = Runtime.model_validate({"executor": "ray", "models": {"far": {"url": "http://localhost:1/v1"}}})
    engine = runs.opened(ModelSpec(name="far", engine="server", model="m"), runtime)
    assert isinstance(engine, Server)
    engine.close()
    assert isinstance(runs.opened(SPEC, Runtime()), Scripted)


def test_the_executor_decides_no_record():
    tree = {
        "name": "test",
        "topics": ["seating"],
        "teachers": [{"name": "setter", "engine": "setter", "votes": False}],
        "student": {"model": "path:none"},
    }
    far = {"executor": "ray", "ray": {"address": "10.0.0.1:6379"}, "models": {"setter": {"actors": 64, "gpus": 1}}}
    assert Config.model_validate(tree | {"runtime": far}).decisive() == Config.model_validate(tree).decisive()
