import pytest

from stumper.calls import Recorded
from stumper.engines import ModelSpec
from stumper.errors import BadInput, StumperError
from stumper.types import Message, Reply, Request, Sampling

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


class Cutting:
    """An engine that writes six tokens, or as many as it may."""

    def __init__(self, finish="length", outage=False):
        self.limits = []
        self.finish = finish
        self.outage = outage

    def generate(self, requests):
        for i, request in enumerate(requests):
            limit = request.sampling.max_tokens
            self.limits.append(limit)
            if limit > 6:
                yield i, Reply(text="whole", tokens=6)
            else:
                yield i, Reply(text="wh", finish=self.finish, error="cut", tokens=limit, outage=self.outage)

    def close(self):
        pass


def asked_under(engine, folder, *limits):
    recorded = Recorded(SPEC, lambda: engine, folder)
    for limit in limits:
        request = Request(messages=(Message(role="user", content="a"),), sampling=Sampling(max_tokens=limit))
        [(_, reply)] = recorded.generate([request])
    return reply


@pytest.mark.parametrize("finish", ["length", "failed"])
def test_a_larger_max_tokens_asks_again_only_what_was_cut(tmp_path, finish):
    engine = Cutting(finish)
    asked_under(engine, tmp_path, 4, 4)
    asked_under(engine, tmp_path, 4)
    assert engine.limits == [4]
    assert asked_under(engine, tmp_path, 8).text == "whole"
    assert engine.limits == [4, 8]
    assert asked_under(engine, tmp_path, 100, 8).text == "whole"
    assert engine.limits == [4, 8]
    asked_under(engine, tmp_path, 5)
    assert engine.limits == [4, 8, 5], "a whole reply that does not fit is no reply under the smaller limit"


def test_a_useless_reply_that_was_paid_for_is_not_paid_twice_but_an_outage_is_asked_again(tmp_path):
    paid, broken = Cutting("failed"), Cutting("failed", outage=True)
    asked_under(paid, tmp_path / "paid", 4)
    asked_under(paid, tmp_path / "paid", 4)
    asked_under(broken, tmp_path / "broken", 4)
    asked_under(broken, tmp_path / "broken", 4)
    assert (paid.limits, broken.limits) == ([4], [4, 4])


def test_reading_the_record_beside_a_run_that_writes_it_changes_nothing(tmp_path):
    ask(Recorded(SPEC, Counting, tmp_path), "a")
    path = next(tmp_path.glob("*.jsonl"))
    path.write_bytes(path.read_bytes() + b'{"call": "half a li')
    before = path.read_bytes()
    reader = Recorded(SPEC, None, tmp_path)
    assert ask(reader, "a")[0].text == "A"
    with pytest.raises(StumperError, match="not on record"):
        ask(reader, "b")
    assert path.read_bytes() == before
    Recorded(SPEC, None, tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
