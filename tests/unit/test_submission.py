"""Submissions of anybody: what is read out of the organisers' prompts, and entries that want to do harm."""

import json
import os
import subprocess
import sys
import time

import pytest

from stumper import arena, student, submission
from stumper.arena.sandbox import Limits, run
from stumper.errors import BadInput
from stumper.submission.agents import family_of, read_question
from stumper.submission.check import _faults, told

RULES = arena.load_rules("sf-2025")

GOOD = {
    "ask": 'json.dumps({"topic": "Seating", "question": "Who?", "choices": ["A) ann", "B) bob", "C) cy", "D) di"], '
    '"answer": "A"})',
    "answer": 'json.dumps({"answer": "B", "reasoning": ""})',
}

ENTRY = """
import json, os, signal, subprocess, sys, threading, time

class Tokens:
    def encode(self, text, **_):
        return text.split()

class {name}:
    tokenizer = Tokens()

    def generate_response(self, message, system_prompt=None, **settings):
        {harm}
        return [{reply} for _ in message], 9, 0.1
"""


def folder(path, ask="pass", answer="pass", ask_reply=GOOD["ask"], answer_reply=GOOD["answer"]):
    (path / "agents").mkdir(parents=True)
    (path / "assets").mkdir()
    (path / "agents" / "question_model.py").write_text(ENTRY.format(name="QAgent", harm=ask, reply=ask_reply))
    (path / "agents" / "answer_model.py").write_text(ENTRY.format(name="AAgent", harm=answer, reply=answer_reply))
    (path / "assets" / "topics.json").write_text('{"Puzzles": ["Seating Arrangements (Linear, Circular)"]}')
    (path / "assets" / "topics_example.json").write_text("{}")
    (path / "qgen.yaml").write_text("max_new_tokens: 1024\ntemperature: 0.7 # as you like\n")
    (path / "agen.yaml").write_text("max_new_tokens: 512\n")
    return path


def check(path, n=2, **more):
    return submission.check(path, RULES, n, **more)


def test_a_sound_entry_passes_by_both_counts(tmp_path):
    found = check(folder(tmp_path / "entry"), other=len)
    assert found.passed, list(told(found, RULES))
    assert [item.part for item in found.items] == ["ask", "ask", "answer", "answer"]
    long = check(folder(tmp_path / "long"), other=lambda text: 100)
    assert all("tokens" in item.otherwise[0] for item in long.items)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ask_reply": "'no JSON'"}, "disqualified"),
        ({"answer_reply": "json.dumps({'answer': 'E'})"}, "must be one of"),
        ({"ask": "time.sleep(0.3); raise ValueError('boom')"}, "2 of 2 questions are missing: it ended by itself"),
        ({"ask": "os._exit(7)"}, "code 7"),
        ({"answer_reply": "5"}, "wrote nothing"),
    ],
)
def test_what_loses_points_is_named(tmp_path, change, said):
    found = check(folder(tmp_path / "entry", **change))
    assert not found.passed
    assert said in "\n".join(told(found, RULES))


def test_a_folder_that_lacks_files_or_changes_fixed_limits_is_not_started(tmp_path):
    path = folder(tmp_path / "entry", ask="open('/tmp/started', 'w')")
    (path / "agents" / "answer_model.py").unlink()
    (path / "qgen.yaml").write_text("max_new_tokens: 4096\n")
    found = check(path)
    assert not found.ran
    assert found.faults == (
        "agents/answer_model.py is missing",
        "qgen.yaml: max_new_tokens must be 1024, found 4096",
    )
    with pytest.raises(BadInput, match="is no folder"):
        check(tmp_path / "nowhere")


def left(mark):
    """Processes that still run with this mark in their command line."""
    found = subprocess.run(["pgrep", "-f", mark], capture_output=True, text=True).stdout.split()
    return [pid for pid in found if int(pid) != os.getpid()]


def script(path, text):
    path.mkdir()
    (path / "x.py").write_text(text)
    return [sys.executable, "x.py"]


FORKS = """
import os, sys, time
for _ in range(80):  # bounded, but many more than allowed
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


def test_a_fork_bomb_is_stopped_with_all_its_children(tmp_path):
    mark = f"mark{os.getpid()}forks"
    command = [*script(tmp_path / "e", FORKS), mark]
    ran = run(command, tmp_path / "e", Limits(seconds=30, processes=20))
    assert ran.ended == "processes"
    assert ran.seconds < 15
    time.sleep(0.2)
    assert left(mark) == []


def test_an_endless_loop_that_ignores_signals_ends_at_its_limit(tmp_path):
    mark = f"mark{os.getpid()}loop"
    text = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass\n"
    ran = run([*script(tmp_path / "e", text), mark], tmp_path / "e", Limits(seconds=1))
    assert ran.ended == "time"
    assert ran.seconds < 5
    assert left(mark) == []


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nwhile True: sys.stdout.write('x' * 10**6)\n",
        "open('big', 'wb').write(b'x' * (40 * 2**20))\n",
        "import itertools\nfor i in itertools.count(): open(f'f{i}', 'wb').write(b'x' * 10**6)\n",
    ],
    ids=["printed", "a file", "many files"],
)
def test_endless_output_is_bounded(tmp_path, text):
    ran = run(script(tmp_path / "e", text), tmp_path / "e", Limits(seconds=30, disk=8 * 2**20))
    size = sum(path.stat().st_size for path in (tmp_path / "e").rglob("*") if path.is_file())
    assert size < 512 * 2**20
    assert len(ran.output) <= 4000
    assert ran.ended == "disk" or ran.code != 0


def test_memory_is_bounded(tmp_path):
    text = "x = bytearray(2 * 2**30)\nprint('had it')\n"
    ran = run(script(tmp_path / "e", text), tmp_path / "e", Limits(seconds=30, memory=2**30))
    assert "had it" not in ran.output
    assert ran.code != 0


def test_there_is_no_network_and_no_view_of_other_processes_where_the_system_grants_it(tmp_path):
    text = (
        "import os, socket\n"
        "print('processes', len([p for p in os.listdir('/proc') if p.isdigit()]))\n"
        "own = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(own.getsockname(), timeout=2)\n"
        "print('loopback')\n"
        "socket.create_connection(('192.0.2.1', 9), timeout=2)\n"  # an address that is nobody's
    )
    ran = run(script(tmp_path / "e", text), tmp_path / "e", Limits(seconds=20))
    if not ran.confined:
        pytest.skip("this system grants no namespaces")
    assert "loopback" in ran.output
    assert "unreachable" in ran.output
    assert int(ran.output.split()[1]) <= 3


def test_an_entry_sees_neither_keys_nor_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-ours")
    spy = (
        "found = [open(os.path.join(d, f), errors='replace').read() for d, _, fs in os.walk('.') for f in fs]; "
        "print('SEEN', [('\"answer\"' in t and 'check' in t) for t in found].count(True), os.environ, flush=True)"
    )
    found = check(folder(tmp_path / "entry", answer=spy))
    output = found.ran[1].output
    assert "SEEN" in output
    assert "secret-of-ours" not in output
    shown = json.dumps([item.record for item in found.items])
    assert "explanation" not in shown


def test_what_an_entry_prints_and_forges_is_not_taken_for_its_score(tmp_path):
    forged = json.dumps({"reply": "{}", "seconds": "soon", "tokens": 1})
    print_other = f"print({forged!r}); open('.answer.jsonl', 'a').write({forged + chr(10)!r})"
    found = check(folder(tmp_path / "entry", answer=print_other))
    assert [item.record for item in found.items if item.part == "answer"] == [{"answer": "B", "reasoning": ""}] * 2


def test_the_organisers_prompt_is_read():
    message = (
        "INSTRUCTIONS:\n1. Read.\nQuestion: Ann (a girl) sits left of Bob.\nWho is left?\n"
        "Choices: A) Ann, the girl B) Bob C) Cy D) 1) none\n\nRESPONSE FORMAT: JSON"
    )
    letters, question = read_question(message)
    assert letters == ["A", "B", "C", "D"]
    assert question.choices == ("Ann, the girl", "Bob", "Cy", "1) none")
    assert question.stem.endswith("Who is left?")
    assert read_question("Fix this JSON: {")[1] is None


def test_topics_of_the_organisers_are_known_by_their_nearest_name():
    assert family_of("Puzzles/Seating Arrangements (Linear, Circular)", RULES) == "seating"
    assert (
        family_of("Blood Relations and Family Tree/Puzzles involving generations and family tree logic", RULES)
        == "blood_relations"
    )


def a_student(path):
    path.mkdir()
    (path / "base.gguf").write_bytes(b"weights")
    (path / "adapter.gguf").write_bytes(b"adapter")
    (path / "README.md").write_text("the card")
    made = student.Student(
        name="it",
        base=f"path:{path / 'base.gguf'}",
        engine="llamacpp",
        adapter_digest="0" * 64,
        licence="Apache-2.0",
    )
    (path / student.FILE).write_text(student.save(made))
    return path


def test_an_exported_folder_is_whole_and_runs_its_own_copy_of_the_package(tmp_path):
    out = tmp_path / "entry"
    lines = list(submission.export(str(a_student(tmp_path / "model")), out, RULES))
    assert any("Apache-2.0" in line for line in lines)
    assert list(_faults(out, RULES)) == []
    assert (out / "model" / "base.gguf").read_bytes() == b"weights"
    assert student.load(str(out / "model"))[0].base == "path:model/base.gguf"
    topics = json.loads((out / "assets" / "topics.json").read_text())
    assert set(topics) == {topic.title for topic in RULES.topics}
    for example in json.loads((out / "assets" / "sample_question.json").read_text()):
        assert arena.check_question(example, RULES, lambda text: len(text.split())) == []
    code = (
        "import sys; sys.path.insert(0, 'vendor'); import stumper, stumper.submission.agents as a;"
        "from stumper import arena; arena.load_rules('sf-2025'); print(stumper.__file__)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=out, capture_output=True, text=True, env={"PATH": ""})
    assert ran.stdout.startswith(str(out / "vendor")), ran.stderr
    for name in ("question_model", "answer_model"):
        compile((out / "agents" / f"{name}.py").read_text(), name, "exec")
    with pytest.raises(BadInput, match="is not empty"):
        list(submission.export(str(tmp_path / "model"), out, RULES))


def test_a_submission_by_reference_copies_no_weights(tmp_path):
    source = a_student(tmp_path / "model")
    list(submission.export(str(source), tmp_path / "entry", RULES, weights=False))
    assert not (tmp_path / "entry" / "model" / "base.gguf").exists()
    assert student.load(str(tmp_path / "entry" / "model"))[0].base == f"path:{source / 'base.gguf'}"
