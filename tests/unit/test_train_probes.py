"""When a run is stopped, how a model is probed, and what is told of it; the model is a function."""

import math
import re

import pytest

from stumper import prompts, train
from stumper.engines.scripted import Scripted
from stumper.errors import BadInput, StumperError
from stumper.train import Check, Probe, Trained, probes
from stumper.train.trainer import WHOLE, Course, resumable
from stumper.types import Example, Question, Reply

QUESTION = Question(
    topic="kin", stem="Who?", choices=("aunt", "son", "niece", "uncle"), key="B", reasoning="so", level=1
)
ANSWER = Example(
    role="<A>",
    split="validation",
    topic="kin",
    level=1,
    messages=prompts.render_answer_request(QUESTION),
    completion=prompts.write_answer("B", "son"),
    item="a",
)
WRITING = ANSWER.model_copy(
    update={
        "role": "<Q>",
        "messages": prompts.render_question_request("Kin", 1),
        "completion": prompts.write_question(QUESTION, "Kin"),
    }
)


class Counting(Scripted):
    def count_tokens(self, text):
        return len(text)


def probed(play, examples=(ANSWER, ANSWER, WRITING)):
    return probes.take(Counting(play), list(examples), step=7)


def test_a_model_that_writes_what_it_was_shown_is_sound():
    def play(request):
        if request.continuations:
            return Reply(scores=(-3.0, -0.1, -3.0, -3.0))
        return ANSWER.completion if "<A>" in request.messages[-1].content else WRITING.completion

    probe = probed(play)
    assert (probe.step, probe.valid_json, probe.eos) == (7, 1.0, 1.0)
    assert probe.distinct == pytest.approx(2 / 3)
    assert probe.letter_entropy is None
    assert probed(play, [ANSWER] * 20).letter_entropy == 0.0


def test_the_letter_is_scored_after_the_examples_own_words():
    openings = []

    def play(request):
        openings.append(request.opening)
        return Reply(scores=(0.0, 0.0, 0.0, 0.0)) if request.continuations else "x"

    probed(play)
    assert '{"reasoning": "son", "answer": "' in openings


def test_rambling_and_text_that_is_no_object_are_told():
    probe = probed(lambda r: Reply(scores=(-1.0,) * 4) if r.continuations else Reply(text="10000000", finish="length"))
    assert (probe.valid_json, probe.eos) == (0.0, 0.0)


def probe(step, valid=1.0, entropy=1.9):
    return Probe(step=step, valid_json=valid, eos=1.0, distinct=1.0, letter_entropy=entropy)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ([probe(1, valid=0.0)], ""),
        ([probe(1), probe(2)], ""),
        ([probe(1), probe(2, entropy=0.0)], ""),
        ([probe(1), probe(2, valid=0.4)], "valid JSON"),
        ([probe(i, entropy=0.0) for i in (1, 2, 3)], "since step 1 .* same letter"),
        ([probe(1), *[probe(i, entropy=0.0) for i in (2, 3)]], ""),
        ([probe(i, entropy=None) for i in (1, 2, 3)], ""),
    ],
)
def test_a_collapse_stops_the_run_and_a_weak_start_does_not(seen, reason):
    found = probes.stop_reason(seen)
    assert re.search(reason, found) if reason else found == ""


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_stops_the_run_with_the_mend(loss):
    with pytest.raises(StumperError, match=r"step 3 is .*learning_rate"):
        probes.check_loss(loss, 3)


def course(found=None, losses=(), run="r", probe_of=probe):
    made = Course(run, [Check(name="c", passed=True)], found, probe_of, None)
    for loss in losses:
        made.note(loss)
    return made


def test_a_checkpoint_counts_when_it_is_whole_and_of_the_same_run(tmp_path):
    for step in (5, 10, 15):
        (tmp_path / "checkpoints" / f"checkpoint-{step}").mkdir(parents=True)
    first = course(losses=[1.0])
    first.step(1, 9, probe_every=1)
    first.seal(tmp_path / "checkpoints" / "checkpoint-5")
    course(run="another").seal(tmp_path / "checkpoints" / "checkpoint-10")
    (tmp_path / "checkpoints" / "checkpoint-15" / WHOLE).write_text('{"run": "r", "che')
    found = resumable(tmp_path, "r")
    assert found.folder.name == "checkpoint-5"
    assert [p.name for p in (tmp_path / "checkpoints").iterdir()] == ["checkpoint-5"]
    again = course(found, losses=[3.0])
    assert again.curve() == [(2, 2.0)]
    assert [p.step for p in again.probes] == [1]


def test_a_course_stops_at_a_collapse():
    made = course(losses=[1.0], probe_of=lambda step: probe(step, valid=0.0))
    made.step(1, 9, probe_every=1)
    with pytest.raises(StumperError, match="valid JSON"):
        made.step(2, 9, probe_every=1)


TRAINED = Trained(
    base="smollm2-135m-instruct",
    licence="Apache-2.0",
    adapter="adapter",
    adapter_digest="d" * 64,
    gguf="",
    data_digest="e" * 64,
    checks=(Check(name="no row is cut", passed=True, detail="a | b\nc"),),
    certificate="f" * 64,
    kind_share={"<A>": {"letter": 0.1, "frame": 2 / 3 - 0.1}, "<Q>": {"words": 1 / 3}},
    examples={"<A>": 10, "<Q>": 1},
    loss_share={"<A>": 2 / 3, "<Q>": 1 / 3},
    steps=20,
    tokens=400,
    losses=(),
    probes=(probe(10, entropy=None),),
)


def test_an_engine_without_an_adapter_of_its_kind_is_refused(tmp_path):
    assert train.adapter_for("transformers", TRAINED, tmp_path) == {
        "adapter": str(tmp_path / "adapter"),
        "adapter_digest": "d" * 64,
    }
    with pytest.raises(BadInput, match="llamacpp"):
        train.adapter_for("llamacpp", TRAINED, tmp_path)


def test_the_card_says_what_the_model_is_made_of():
    card = train.card(TRAINED)
    assert card.startswith("---\n")
    for told in (
        "smollm2-135m-instruct",
        "Apache-2.0",
        "e" * 64,
        "f" * 64,
        "67%",
        "| no row is cut | passed: a \\| b c |",
    ):
        assert told in card
