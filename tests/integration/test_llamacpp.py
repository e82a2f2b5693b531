"""The llama.cpp engine on SmolLM2-135M, fetched through its model reference."""

import json
import math
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from stumper import forms, models, prompts
from stumper.engines import EngineRuntime, ModelSpec, open_engine
from stumper.engines._chat import render
from stumper.engines._contract import check
from stumper.engines._gguf import read_header
from stumper.errors import BadInput, StumperError
from stumper.types import Form, FormField, Message, OneOf, Question, Request, Sampling, Text

pytest.importorskip("xllamacpp")
pytestmark = pytest.mark.models

MODEL = "smollm2-135m-instruct"
RIDDLE = Question(
    topic="blood_relations",
    stem="Anna is the mother of Bob. Bob is the father of Carl. How is Anna related to Carl?",
    choices=("mother", "grandmother", "aunt", "sister"),
)
SLACK = 0.25


@pytest.fixture(scope="module")
def path():
    try:
        return models.resolve(MODEL)
    except StumperError as error:
        pytest.skip(f"the weights cannot be fetched here: {error}")


@pytest.fixture(scope="module")
def engine(path):
    engine = open_engine(ModelSpec(name="smol", engine="llamacpp", model=MODEL, options={"context": 4096}))
    yield engine
    engine.close()


def spec(**more):
    return ModelSpec(name="smol", engine="llamacpp", model=MODEL, **more)


def ask(seed=1, title="Blood relations", **more):
    return Request(
        messages=prompts.render_question_request(title, 2),
        form=prompts.question_form(title),
        sampling=more.pop("sampling", Sampling(temperature=0.8, max_tokens=200)),
        seed=seed,
        **more,
    )


def score(*continuations, opening=prompts.ANSWER_OPENING, **more):
    return Request(messages=prompts.render_answer_request(RIDDLE), opening=opening, continuations=continuations, **more)


def only(replies):
    ((index, reply),) = replies
    assert index == 0
    return reply


def fits(text, form):
    """The object has the form's fields in order, each of its type; empty strings are what a cut leaves."""
    filled = json.loads(text)
    assert list(filled) == [field.name for field in form.fields]
    return all(
        len(value) == len(field.content) if isinstance(field.content, tuple) else isinstance(value, str)
        for field, value in zip(form.fields, filled.values(), strict=True)
    )


def test_the_engine_keeps_the_promises_of_every_engine(path):
    check(open_engine(spec()))


def test_twenty_questions_at_temperature_0_8_are_json_of_the_form(engine):
    form = prompts.question_form("Blood relations")
    replies = dict(
        engine.generate([ask(seed, sampling=Sampling(temperature=0.8, max_tokens=60)) for seed in range(20)])
    )
    assert sorted(replies) == list(range(20))
    assert all(fits(reply.text, form) for reply in replies.values())
    assert all(reply.finish in ("stop", "length") for reply in replies.values())
    assert len({reply.text for reply in replies.values()}) > 1


def test_filled_slots_match_the_forms_regular_expression(engine):
    form = Form(
        fields=(
            FormField(name="a", content=Text(max_chars=12)),
            FormField(name="b", content=(Text(max_chars=5, starts="A)"), Text(max_chars=5, starts="B)"))),
            FormField(name="c", content=OneOf(options=("uncle", "aunt"))),
        )
    )
    for seed in range(5):
        text = only(engine.generate([ask(seed).model_copy(update={"form": form})])).text
        assert forms.re.fullmatch(forms.regex(form), text), text


def test_distinct_slots_never_repeat_each_other_where_others_do(engine):
    def kinds(distinct, seed):
        slots = tuple(Text(max_chars=2, starts=f"{letter})", distinct=distinct) for letter in "ABCD")
        form = Form(fields=(FormField(name="choices", content=slots),))
        warm = Sampling(temperature=0.8, max_tokens=60)
        text = only(engine.generate([ask(seed, sampling=warm).model_copy(update={"form": form})])).text
        return len({choice[2:].strip().casefold() for choice in json.loads(text)["choices"]} - {""})

    assert min(kinds(False, seed) for seed in range(12)) < 4
    assert min(kinds(True, seed) for seed in range(12)) == 4


def test_a_cut_at_any_moment_leaves_valid_json_in_time(engine):
    form = prompts.question_form("Blood relations")
    for deadline in (0.05, 0.3, 0.8):
        start = time.monotonic()
        reply = only(engine.generate([ask(deadline=deadline)]))
        assert time.monotonic() - start < deadline + SLACK
        assert fits(reply.text, form)
        assert reply.finish in ("deadline", "stop")


def test_used_up_tokens_leave_valid_json(engine):
    reply = only(engine.generate([ask(sampling=Sampling(temperature=0.8, max_tokens=7))]))
    assert reply.finish == "length"
    assert reply.tokens <= 7
    assert fits(reply.text, prompts.question_form("Blood relations"))


def test_a_deadline_stops_decoding_and_keeps_the_text_so_far(engine):
    request = Request(
        messages=(Message(role="user", content="Count to a thousand."),),
        opening="1, 2, 3, 4, 5, 6, 7, 8, 9,",
        sampling=Sampling(max_tokens=3000),
        deadline=3.0,
    )
    start = time.monotonic()
    reply = only(engine.generate([request]))
    assert time.monotonic() - start < 3.0 + SLACK
    assert reply.finish == "deadline"
    assert reply.text
    assert reply.tokens > 0


def test_a_deadline_stops_the_reading_of_a_long_prompt_and_frees_the_engine(engine):
    long = Request(messages=(Message(role="user", content="circle " * 3000),), sampling=Sampling(max_tokens=1))
    unhurried = only(engine.generate([long])).seconds
    long = long.model_copy(update={"deadline": 0.5})
    for call, request in (
        (engine.generate, long),
        (engine.choose, long.model_copy(update={"continuations": ("A", "B")})),
    ):
        start = time.monotonic()
        reply = only(call([request]))
        assert time.monotonic() - start < 0.5 + SLACK
        assert reply.finish == "deadline"
        assert reply.scores == ()
        start = time.monotonic()
        assert only(engine.choose([score("A", "B")])).finish == "stop"
        # At most one chunk of 256 tokens was under way.
        assert time.monotonic() - start < 256 / 3000 * unhurried + 2


def test_the_same_request_gives_the_same_reply_whatever_was_asked_before(engine):
    requests = [ask(3), score("A", "B", "C", "D"), score(*RIDDLE.choices)]

    def answers(order):
        found = {}
        for i in order:
            call = engine.choose if requests[i].continuations else engine.generate
            reply = only(call([requests[i]]))
            found[i] = (reply.text, reply.scores)
        return found

    assert answers((0, 1, 2)) == answers((2, 0, 1)) == answers((1, 2, 0))


def test_letters_score_as_probabilities_of_exclusive_events(engine):
    reply = only(engine.choose([score("A", "B", "C", "D")]))
    assert len(reply.scores) == 4
    assert all(s < 0 for s in reply.scores)
    assert sum(map(math.exp, reply.scores)) <= 1 + 1e-6


def test_scores_follow_the_request_and_not_its_order(engine):
    forward = only(engine.choose([score(*RIDDLE.choices)])).scores
    backward = only(engine.choose([score(*reversed(RIDDLE.choices))])).scores
    assert forward == tuple(reversed(backward))


def test_a_score_is_the_sum_along_the_chain_of_its_tokens(engine):
    """p("grandmother") p(" knows" | "grandmother") = p("grandmother knows"): up to the kernels of long and short
    batches, which differ by some tenths."""
    whole, first = only(engine.choose([score("grandmother knows", "grandmother")])).scores
    rest = only(engine.choose([score(" knows", opening=prompts.ANSWER_OPENING + "grandmother")])).scores[0]
    assert whole == pytest.approx(first + rest, abs=0.6)


def test_continuations_that_begin_inside_a_token_still_compare(engine):
    """The opening ends within what the tokenizer joins with the continuation: "grand" + "mother"."""
    reply = only(engine.choose([score("mother", "xqzvk", opening=prompts.ANSWER_OPENING + "grand")]))
    assert reply.scores[0] > reply.scores[1]
    assert all(s < 0 for s in reply.scores)


def test_greedy_text_is_what_scoring_prefers(engine):
    reply = only(engine.generate([ask(sampling=Sampling(temperature=0))]))
    letter = json.loads(reply.text)["answer"]
    opening = reply.text[: reply.text.index('"answer": "') + len('"answer": "')]
    request = Request(
        messages=prompts.render_question_request("Blood relations", 2), opening=opening, continuations=tuple("ABCD")
    )
    scores = only(engine.choose([request])).scores
    assert scores["ABCD".index(letter)] >= max(scores) - 0.5


def test_control_tokens_in_a_message_are_no_control_tokens(engine, path):
    assert "<|im_end|>" in read_header(path).control
    plain = score("A", "B")
    user = plain.messages[-1]
    spiked = user.model_copy(update={"content": user.content.replace("Anna", "An<|im_<|im_end|>end|>na")})
    hostile = plain.model_copy(update={"messages": (*plain.messages[:-1], spiked)})
    assert only(engine.choose([hostile])).scores == only(engine.choose([plain])).scores
    assert engine.count_tokens("<|im_end|>") > 1


def test_tokens_and_scores_are_those_of_transformers_up_to_quantisation(engine, path):
    """Activations are rounded to 8 bits in llama.cpp: log-probabilities of likely letters move by some hundredths."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    request = score("A", "B", "C", "D")
    header = read_header(path)
    text = render(request.messages, header.template, header.bos, header.eos, request.opening, header.control)
    tokenizer = transformers.AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    reply = only(engine.choose([request]))
    assert reply.prompt_tokens == len(ids)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32)
        with torch.no_grad():
            scores = torch.log_softmax(model(torch.tensor([ids])).logits[0, -1], -1)
    finally:
        torch.set_num_threads(threads)
    expected = [scores[tokenizer.convert_tokens_to_ids(letter)].item() for letter in "ABCD"]
    assert reply.scores == pytest.approx(expected, abs=0.35)


@pytest.mark.parametrize("case", range(3))
def test_prompts_are_rendered_as_transformers_renders_them(path, case):
    chat_templates = pytest.importorskip("transformers.utils.chat_template_utils")
    template = (
        read_header(path).template,
        "{{ bos_token }}{% for m in messages %}\n  {% if m.role == 'user' %}\n<u>{{ m.content | trim }}</u>\n"
        "  {% else %}\n{% generation %}{{ m | tojson }}{% endgeneration %}{{ eos_token }}\n  {% endif %}\n{% endfor %}",
        "{% for m in messages %}{% if loop.index > 2 %}{% break %}{% endif %}{{ loop.index }}{{ m['content'] }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<reply>' }}{% endif %}",
    )[case]
    messages = [
        Message(role="system", content='Sei kurz: <b> & "é"'),
        Message(role="user", content=" Why?\n"),
        Message(role="assistant", content="Because."),
        Message(role="user", content="Oh."),
    ]
    (expected,), _ = chat_templates.render_jinja_template(
        [[m.model_dump() for m in messages]],
        chat_template=template,
        add_generation_prompt=True,
        bos_token="<s>",
        eos_token="</s>",
    )
    assert render(messages, template, "<s>", "</s>", "{") == expected + "{"


def write_adapter(path, scale, seed=0):
    """A LoRA adapter of rank 4 on the first layer's attention, random but for its scale."""
    gguf = pytest.importorskip("gguf")
    random = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 4.0)
    for layer in range(4):
        name = f"blk.{layer}.attn_output.weight"
        writer.add_tensor(f"{name}.lora_a", random.normal(size=(4, 576)).astype(np.float32))
        writer.add_tensor(f"{name}.lora_b", (scale * random.normal(size=(576, 4))).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return str(path)


def test_an_adapter_changes_the_scores_and_one_of_zeros_does_not(path, engine, tmp_path):
    def scores(scale):
        tuned = open_engine(spec(adapter=write_adapter(tmp_path / f"{scale}.gguf", scale), adapter_digest=str(scale)))
        try:
            return only(tuned.choose([score("A", "B", "C", "D")])).scores
        finally:
            tuned.close()

    plain = only(engine.choose([score("A", "B", "C", "D")])).scores
    assert scores(0.0) == pytest.approx(plain, abs=1e-3)
    assert scores(0.5) != pytest.approx(plain, abs=0.1)


def test_calls_from_two_threads_do_not_mix(engine):
    request = score("A", "B", "C", "D")
    alone = only(engine.choose([request])).scores
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda _: only(engine.choose([request])), range(4)))
    assert {reply.scores for reply in replies} == {alone}


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal to itself")
def test_an_open_engine_leaves_ctrl_c_to_python(engine):
    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert only(engine.choose([score("A", "B")])).finish == "stop"


def test_the_number_of_threads_does_not_change_a_reply(path, engine):
    other = open_engine(spec(options={"context": 4096}), EngineRuntime(threads=1))
    try:
        assert only(other.choose([score("A", "B")])).scores == only(engine.choose([score("A", "B")])).scores
        assert only(other.generate([ask(5)])).text == only(engine.generate([ask(5)])).text
    finally:
        other.close()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"options": {"contxt": 1}}, "contxt"),
        ({"options": {"context": 10}}, "context"),
        ({"options": {"context": 10**6}}, "8192"),
        ({"adapter": "nowhere.gguf"}, "adapter"),
        ({"model": "path:nowhere.gguf"}, "nowhere"),
    ],
)
def test_a_spec_that_cannot_work_is_bad_input(path, more, message):
    with pytest.raises(BadInput, match=message):
        open_engine(spec().model_copy(update=more))


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF" + b"\xff" * 64, b"PK\x03\x04" + bytes(100)])
def test_a_file_that_is_no_gguf_is_named(tmp_path, content):
    (tmp_path / "m.gguf").write_bytes(content)
    with pytest.raises(BadInput, match=r"m\.gguf"):
        open_engine(spec().model_copy(update={"model": f"path:{tmp_path / 'm.gguf'}"}))


def test_a_torn_gguf_is_one_sentence(path, tmp_path):
    torn = tmp_path / "torn.gguf"
    with path.open("rb") as whole:
        torn.write_bytes(whole.read(4_000_000))
    with pytest.raises(StumperError, match=r"torn\.gguf"):
        open_engine(spec().model_copy(update={"model": f"path:{torn}"}))


def test_a_closed_engine_gives_back_its_memory_and_answers_with_failures(path):
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    if not os.path.exists("/proc/self/statm"):
        pytest.skip("reads the memory in use from /proc")
    open_engine(spec()).close()
    before = resident()
    for _ in range(3):
        other = open_engine(spec())
        assert only(other.choose([score("A", "B")])).finish == "stop"
        other.close()
        other.close()
    # An open engine takes 140 MiB; the allocator keeps some pages for later.
    assert resident() - before < 140
    assert only(other.generate([ask()])).finish == "failed"
    assert only(other.choose([score("A", "B")])).finish == "failed"
