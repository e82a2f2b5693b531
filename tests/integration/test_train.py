"""Training on SmolLM2-135M for a dozen steps: what is learned, what is left behind, and what a kill leaves intact."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stumper import prompts, puzzles, train
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.errors import StumperError
from stumper.train import Recipe, probes
from stumper.types import LETTERS, Example, Request

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("peft")

pytestmark = pytest.mark.models

BASE = "smollm2-135m-instruct"
TOPIC = "blood_relations"
RECIPE = Recipe(base=BASE, batch_size=4, probe_every=6, save_every=4, learning_rate=2e-3, warm_up=2)


def examples(answers=40, written=4):
    family = puzzles.family(TOPIC)
    found = []
    for i in range(answers):
        q = family.make(random.Random(i), 1)
        about = {"topic": TOPIC, "level": 1, "item": f"q{i}", "split": "validation" if i % 10 == 9 else "train"}
        stated = prompts.write_answer(q.key, q.choices[LETTERS.index(q.key)])
        found.append(Example(role="<A>", messages=prompts.render_answer_request(q), completion=stated, **about))
        if i < written:
            asked = prompts.render_question_request(family.TITLE, 1)
            found.append(
                Example(role="<Q>", messages=asked, completion=prompts.write_question(q, family.TITLE), **about)
            )
    return found


EXAMPLES = examples()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    return train.train(RECIPE, EXAMPLES, folder), folder


@pytest.fixture(scope="module")
def student():
    from stumper.train.trainer import Student

    return Student.load(BASE, RECIPE, seed=0)


def test_the_form_of_an_answer_is_learned_in_a_dozen_steps(made):
    trained, _ = made
    assert trained.probes[-1].valid_json > 0.5
    assert trained.probes[-1].eos > 0.5
    assert all(check.passed for check in trained.checks)
    assert trained.examples == {"<A>": 36, "<Q>": 4}
    assert (trained.steps, trained.probes[-1].step) == (10, 10)
    assert trained.licence.startswith("Apache-2.0")


def test_the_adapter_names_its_base_by_reference_and_no_path_of_this_machine(made):
    _, folder = made
    config = (folder / "adapter" / "adapter_config.json").read_text()
    assert f'"base_model_name_or_path": "{BASE}"' in config
    assert str(Path.home()) not in config + (folder / "adapter" / "README.md").read_text()


REQUESTS = [
    Request(
        messages=e.messages,
        opening=e.completion[: e.completion.rindex('"') - 1],
        continuations=tuple("ABCD"),
    )
    for e in examples(30, 0)
]


def scores(engine, adapter, model=BASE):
    # An engine's threads are torch's for the whole process, and resuming is exact for one number of threads alone.
    runtime = EngineRuntime(threads=torch.get_num_threads())
    opened = open_engine(ModelSpec(name="t", engine=engine, model=model, adapter=adapter), runtime)
    try:
        return [reply.scores for _, reply in sorted(opened.choose(REQUESTS), key=lambda found: found[0])]
    finally:
        opened.close()


def mean_difference(one, other):
    return sum(abs(a - b) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)) / 4 / len(one)


def test_llama_cpp_computes_what_was_trained(made):
    """Query and key rows in the wrong order would shift the scores as far as leaving the adapter out."""
    pytest.importorskip("xllamacpp")
    trained, folder = made
    twin = scores("transformers", **adapter(trained, folder, "transformers"))
    exported = scores("llamacpp", **adapter(trained, folder, "llamacpp"))
    bare = scores("llamacpp", "")
    assert mean_difference(twin, exported) < 0.2
    assert mean_difference(twin, bare) > 5 * mean_difference(twin, exported)


def adapter(trained, folder, engine):
    return {"adapter": train.adapter_for(engine, trained, folder)["adapter"]}


def test_the_merged_model_computes_what_was_trained(made, tmp_path):
    trained, folder = made
    train.merge(trained.base, folder / trained.adapter, tmp_path / "merged")
    merged = scores("transformers", "", model=f"path:{tmp_path / 'merged'}")
    twin = scores("transformers", **adapter(trained, folder, "transformers"))
    assert mean_difference(twin, merged) < 0.2


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from test_train import EXAMPLES, RECIPE
from stumper import train
train.train(RECIPE, EXAMPLES, Path({folder!r}), lambda done, of: done == 7 and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_to_the_same_weights(made, tmp_path):
    code = KILLED.format(here=str(Path(__file__).parent), folder=str(tmp_path))
    threads = {"OMP_NUM_THREADS": str(torch.get_num_threads())}
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | threads, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "checkpoints" / "checkpoint-4" / "whole.json").exists()
    steps = []
    again = train.train(RECIPE, EXAMPLES, tmp_path, lambda done, of: steps.append(done))
    assert steps == [5, 6, 7, 8, 9, 10]
    assert again == made[0]


@pytest.mark.slow
def test_a_run_that_collapses_stops_with_the_reason(tmp_path):
    wild = RECIPE.model_copy(update={"learning_rate": 1e3, "probe_every": 3, "waive": ("size of a step",)})
    with pytest.raises(StumperError, match="training was stopped"):
        train.train(wild, EXAMPLES, tmp_path)


def test_rows_that_cannot_be_learned_by_heart_fail_the_preflight(student, monkeypatch):
    from stumper.train import rehearsal
    from stumper.train.rows import encode

    rows = [(e, encode(e, student.checkpoint)) for e in EXAMPLES]
    before = [p.clone() for p in student.checkpoint.model.parameters() if p.requires_grad]
    monkeypatch.setattr(rehearsal, "OVERFIT_STEPS", 3)
    monkeypatch.setattr(rehearsal, "OVERFIT_RATE", 0.0)
    checks, _ = rehearsal.by_heart(student, rows, BASE)
    assert [c.name for c in checks if not c.passed] == [
        "gradients reach the adapter alone",
        "a few rows are learned by heart",
    ]
    after = [p for p in student.checkpoint.model.parameters() if p.requires_grad]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.fixture
def exact():
    """A miniature with LoRA layers that are not at zero, in float32, where no mistake hides in rounding."""
    from peft import LoraConfig, get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    model = LlamaForCausalLM(LlamaConfig(vocab_size=49152, initializer_range=0.2, **sizes))
    model = get_peft_model(model, LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False))
    for name, parameter in model.named_parameters():
        if "lora" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def test_logits_at_the_labels_are_those_of_the_whole_model(student, exact):
    from stumper.train.rows import collate, encode
    from stumper.train.trainer import at_labels, tensors

    rows = [encode(e, student.checkpoint) for e in EXAMPLES[:3]]
    batch = tensors(collate(rows, lambda row: [1.0] * len(row.completion), student.pad), "cpu")
    with torch.no_grad():
        logits, labels, weights = at_labels(exact, batch)
        whole = exact(batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    assert labels.tolist() == [token for row in rows for token in row.completion]
    assert weights.tolist() == [1.0] * len(labels)
    torch.testing.assert_close(logits, whole[:, :-1][batch["labels"][:, 1:] != -100], rtol=1e-4, atol=1e-4)


def test_the_fused_layers_compute_what_peft_computes_forwards_and_backwards(exact):
    from stumper.engines._lora import fuse

    ids = torch.randint(0, 1000, (2, 9))
    found = []
    for _ in range(2):
        exact.zero_grad()
        loss = exact(ids, labels=ids).loss
        loss.backward()
        found.append((loss.detach(), torch.cat([p.grad.flatten() for p in exact.parameters() if p.requires_grad])))
        fuse(exact)
    assert any("forward" in vars(module) for module in exact.modules())
    torch.testing.assert_close(found[0], found[1], rtol=1e-4, atol=1e-6)


def test_a_probe_sees_what_the_untrained_base_writes(student):
    from stumper.train.trainer import probing

    probe = probing(student, [e for e in EXAMPLES if e.split == "validation"])(0)
    assert isinstance(probe, probes.Probe)
    assert probe.valid_json < 1
    assert student.checkpoint.model.training
