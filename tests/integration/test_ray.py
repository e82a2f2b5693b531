"""Stages over a Ray cluster on this machine: two actors a model, some of which are killed in the middle."""

import contextlib
import importlib.util
import json
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import diaries
import pytest

from stumper import run as runs
from stumper.config import Config
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.engines._contract import check
from stumper.engines._pool import Pool
from stumper.errors import BadInput, StumperError
from stumper.types import Message, Request, Sampling

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="needs the extra ray"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own, when it starts processes
]

TWO = EngineRuntime(actors=2, batch=4, concurrency=8)
NOTING = ModelSpec(name="noting", engine="scripted", model="diaries:noting")


@pytest.fixture(scope="module", autouse=True)
def _cluster(tmp_path_factory):
    """The cluster's processes find the scripted models, and end with these tests."""
    with pytest.MonkeyPatch.context() as patch:
        here = Path(__file__).parents[1] / "helpers", Path(__file__).parents[1] / "contract"
        patch.setenv("PYTHONPATH", os.pathsep.join([*map(str, here), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("STUMPER_DIARY", str(tmp_path_factory.mktemp("diary")))
        yield
        import ray

        ray.shutdown()


@pytest.fixture(autouse=True)
def _new_diary():
    diaries.burn()


class Killer(threading.Thread):
    """Kills the process that answered last, each time that so many more answers are there."""

    def __init__(self, every: int, kills: int) -> None:
        super().__init__(daemon=True)
        self._every = every
        self._owed = kills
        self.killed: set[int] = set()

    def run(self) -> None:
        while len(self.killed) < self._owed:
            time.sleep(0.005)
            pid = diaries.latest()
            if pid is None or len(diaries.read()) < self._every * (1 + len(self.killed)):
                continue
            assert pid != os.getpid(), "a model ran in the process of the tests"
            if pid not in self.killed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.killed.add(pid)


def free(seed: int, text: str = "hello") -> Request:
    return Request(messages=(Message(role="user", content=text),), seed=seed)


def config(executor: str) -> Config:
    one, two = ({"engine": "scripted", "model": f"diaries:{name}"} for name in ("noting", "noting_too"))
    return Config.model_validate(
        {
            "name": "test",
            "topics": ["blood_relations"],
            "teachers": [
                {"name": "one", "questions": 40, **one},
                {"name": "two", "questions": 20, **two},
                {"name": "setter", "engine": "setter", "questions": 20, "votes": False},
            ],
            "student": {"model": "path:none"},
            "generate": {"until": "not_refuted"},
            "committee": {"probes": 10, "calibration": {"questions": 8}},
            "forensics": {"questions": 2},
            "runtime": {"accept_none": True, "executor": executor, "default": TWO.model_dump()},
        }
    )


def sealed(folder: Path, executor: str) -> dict[str, bytes]:
    made = runs.Run.open(config(executor), folder)
    runs.run_all(made, "dataset", lambda *_: None)
    return {
        stage.name: (made.folder_of(stage.name) / "records.jsonl").read_bytes()
        for stage in runs.STAGES
        if made.artefact(stage) and (made.folder_of(stage.name) / "manifest.json").exists()
    }


def test_killed_actors_leave_the_records_of_an_undisturbed_run_and_no_call_is_asked_twice(tmp_path):
    here = sealed(tmp_path / "here" / "run", "local")
    diaries.burn()
    killer = Killer(every=40, kills=3)
    killer.start()
    there = sealed(tmp_path / "there" / "run", "ray")
    assert len(killer.killed) == 3, "the run ended before its actors were killed"
    assert list(there) == list(here)
    assert "dataset" in there
    assert there == here
    for path in (tmp_path / "there").rglob("calls/*.jsonl"):
        calls = Counter(json.loads(line)["call"] for line in path.read_text().splitlines())
        assert max(calls.values()) == 1, path.name
    notes = diaries.read()
    assert len({note["pid"] for note in notes}) >= 4
    assert os.getpid() not in {note["pid"] for note in notes}
    # One may have been answered and not handed over when its process was killed.
    answered = Counter((note["model"], note["request"]) for note in notes)
    assert len(notes) - len(answered) <= 3


def test_a_pool_keeps_what_an_engine_promises():
    check(Pool(ModelSpec(name="play", engine="scripted", model="test_engines:play"), TWO))


def test_replies_come_as_they_are_ready_and_no_more_is_under_way_than_allowed():
    pool = Pool(NOTING, TWO)
    replies = pool.generate([free(i) for i in range(200)])
    first = [next(replies) for _ in range(3)]
    time.sleep(1)
    under_way = len(diaries.read())
    rest = list(replies)
    pool.close()
    assert under_way <= 2 * TWO.concurrency + 3
    assert sorted(i for i, _ in first + rest) == list(range(200))
    assert all(reply.text == str(i) for i, reply in first + rest)


def test_a_request_at_which_actors_die_is_an_outage_and_costs_no_other():
    pool = Pool(NOTING, TWO)
    requests = [free(i, diaries.DEADLY if i == 5 else "hello") for i in range(30)]
    replies = dict(pool.generate(requests))
    pool.close()
    assert sorted(replies) == list(range(30))
    assert [i for i, reply in replies.items() if reply.finish == "failed"] == [5]
    assert replies[5].outage
    assert "died 3 times" in replies[5].error


def test_models_that_do_not_fit_beside_each_other_take_turns():
    import ray

    cores = int(ray.cluster_resources()["CPU"])
    pools = [Pool(NOTING.model_copy(update={"name": n}), EngineRuntime(threads=cores)) for n in ("one", "two")]
    for pool in (*pools, *pools):
        assert len(list(pool.generate([free(i) for i in range(3)]))) == 3
    for pool in pools:
        pool.close()


def test_what_cannot_work_is_said_when_it_is_opened():
    with pytest.raises(BadInput, match="cannot import nowhere"):
        Pool(ModelSpec(name="x", engine="scripted", model="nowhere:play"), TWO)
    with pytest.raises(StumperError, match=r"x wants 1 GPUs \(gpus\), and the Ray cluster has 0"):
        Pool(ModelSpec(name="x", engine="scripted", model="diaries:noting"), EngineRuntime(gpus=1))


def working_actors() -> list[int]:
    """The processes in which actors of this program's cluster are at work."""
    found, parents = [], {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if (folder / "cmdline").read_text().startswith("ray::Worker.work"):
                found.append(int(folder.name))
    return [pid for pid in found if parents.get(parents[pid]) == os.getpid()]


@pytest.mark.models
def test_llamacpp_on_actors_says_what_it_says_in_process():
    pytest.importorskip("xllamacpp")
    spec = ModelSpec(name="smollm2", engine="llamacpp", model="smollm2-135m-instruct")
    requests = [
        free(i, f"Tell me something about the number {i}.").model_copy(
            update={"sampling": Sampling(temperature=0.8, max_tokens=30)}
        )
        for i in range(16)
    ]
    here = open_engine(spec, EngineRuntime(threads=1))
    wanted = {i: reply.text for i, reply in here.generate(requests)}
    here.close()
    pool = Pool(spec, EngineRuntime(actors=2, batch=2, concurrency=4))
    found = {}
    for i, reply in pool.generate(requests):
        found[i] = reply.text
        if len(found) == 4:
            os.kill(working_actors()[0], signal.SIGKILL)
    pool.close()
    assert found == wanted
