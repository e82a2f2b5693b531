import pytest

from stumper.calls import Recorded
from stumper.engines import ModelSpec
from stumper.errors import BadInput
from stumper.types import Message, Reply, Request

SPEC = ModelSpec(name="m", engine="scripted")


class Counting:
    """An engine that counts its calls; a prompt that says "fail" fails."""

    def __init__(self):
        self.calls = 0

    def generate(self, requests):
        for i, request in enumerate(requests):
            self.calls += 1
            failed = "fail" in request.messages[0].content
            yield i, Reply(finish="failed", error="no") if failed else Reply(text=request.messages[0].content.upper())

    choose = generate

    def count_tokens(self, text):
        return len(text)

    def close(self):
        pass


def ask(engine, *texts, seed=0):
    requests = [Request(messages=(Message(role="user", content=t),), seed=seed) for t in texts]
    return dict(engine.generate(requests))


def test_a_call_is_made_once_in_all_runs(tmp_path):
    engine = Counting()
    first = ask(Recorded(SPEC, lambda: engine, tmp_path), "a", "b")
    again = ask(Recorded(SPEC, lambda: pytest.fail("opened"), tmp_path), "a", "b")
    assert again == first
    assert ask(Recorded(SPEC, lambda: engine, tmp_path), "b", "c")[1].text == "C"
    assert engine.calls == 3


def test_another_seed_or_model_or_verb_is_another_call(tmp_path):
    engine = Counting()
    recorded = Recorded(SPEC, lambda: engine, tmp_path)
    ask(recorded, "a")
    ask(recorded, "a", seed=1)
    ask(Recorded(SPEC.model_copy(update={"options": {"context": 1}}), lambda: engine, tmp_path), "a")
    list(recorded.choose([Request(messages=(Message(role="user", content="a"),))]))
    assert engine.calls == 4


def test_a_retrained_adapter_is_another_model_and_a_moved_one_is_not(tmp_path):
    engine = Counting()
    tuned = SPEC.model_copy(update={"adapter": "here", "adapter_digest": "1"})
    ask(Recorded(tuned, lambda: engine, tmp_path), "a")
    ask(Recorded(tuned.model_copy(update={"adapter": "there"}), lambda: engine, tmp_path), "a")
    assert engine.calls == 1
    ask(Recorded(tuned.model_copy(update={"adapter_digest": "2"}), lambda: engine, tmp_path), "a")
    assert engine.calls == 2


def test_a_failed_call_is_kept_but_asked_again(tmp_path):
    engine = Counting()
    ask(Recorded(SPEC, lambda: engine, tmp_path), "fail")
    ask(Recorded(SPEC, lambda: engine, tmp_path), "fail")
    assert engine.calls == 2
    assert len(next(tmp_path.glob("*.jsonl")).read_text().splitlines()) == 2


def test_where_seconds_are_a_result_nothing_is_replayed(tmp_path):
    engine = Counting()
    ask(Recorded(SPEC, lambda: engine, tmp_path), "a")
    ask(Recorded(SPEC, lambda: engine, tmp_path, replay=False), "a")
    assert engine.calls == 2


def test_a_damaged_call_names_file_and_line(tmp_path):
    ask(Recorded(SPEC, Counting, tmp_path), "a", "b")
    path = next(tmp_path.glob("*.jsonl"))
    path.write_text("{}\n" + path.read_text())
    with pytest.raises(BadInput, match=r"line 1: not a whole call; delete that line"):
        Recorded(SPEC, Counting, tmp_path)


def test_a_call_torn_by_a_kill_is_made_again(tmp_path):
    engine = Counting()
    ask(Recorded(SPEC, lambda: engine, tmp_path), "a", "b")
    path = next(tmp_path.glob("*.jsonl"))
    path.write_bytes(path.read_bytes()[:-5])
    assert ask(Recorded(SPEC, lambda: engine, tmp_path), "a", "b")[1].text == "B"
    assert engine.calls == 3
