"""`stumper prove` on what people hand it: text, files, mistakes, and far too much of everything."""

import io
import itertools
import json
import sys
import time

import pytest

from stumper import oracle
from stumper.cli import main
from stumper.types import Question

SHELF = "On a shelf, there are three books: a white book, a green book and a purple book."
TYPED = f"""{SHELF}
The white book is to the left of the green book.
The purple book is leftmost. Which book is rightmost?

A) the white book
(B) the green book
c. the purple book
Answer: A
"""


@pytest.fixture
def typed(monkeypatch, capsys):
    def prove(text, *arguments):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        code = main(["prove", "-", *arguments])
        return code, *capsys.readouterr()

    return prove


def test_a_question_typed_as_text_gets_its_ruling_in_words(typed):
    code, out, _ = typed(TYPED)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "question: wrong_key, B"
    assert "the key is A" in lines[1]
    assert any(line.split() == ["cannot", "A)", "the", "white", "book", "(the", "key)"] for line in lines)
    assert any(line.split() == ["must", "B)", "the", "green", "book"] for line in lines)
    assert lines[-1].strip() == "model: from left; order purple book, white book, green book"


def test_a_typed_question_may_have_no_answer_and_no_choices(typed):
    stem = TYPED.partition("\n\n")[0]
    assert typed(TYPED.replace("Answer: A\n", ""))[1].startswith("question: proven, B\n")
    out = typed(stem)[1]
    assert out.startswith("question: proven\n")
    assert "must    green book" in out


def test_typed_text_with_a_file_to_write_is_json(typed, tmp_path):
    out = tmp_path / "ruling.jsonl"
    assert typed(TYPED, "--out", str(out))[1] == ""
    assert json.loads(out.read_text())["ruling"] == "wrong_key"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (TYPED.replace("(B)", "(C)"), 'line 6: expected "B) ..."'),
        (TYPED + "A) once more", "line 9: something follows the answer"),
        (TYPED.replace("Answer: A", "and so on"), 'line 8: expected "D) ..."'),
        ("Who?\nA) Ana", '"choices" must be 2 to 9 strings, found 1'),
        ("Who?\nA) Ana\nB) Bo\nAnswer: C", '"answer" must be the letter of a choice'),
        ("", "standard input is empty"),
        ("[{", "standard input is not JSON"),
        ('{"question": "Who?"}\n{"question": 3}', 'standard input, line 2: "question" must be a string'),
        ('"Who?"', "line 1: expected a JSON object"),
    ],
)
def test_what_cannot_be_a_question_is_refused_with_its_line(typed, text, complaint):
    code, _, error = typed(text)
    assert code == 2
    assert complaint in error
    assert error.count("\n") == 1


def test_text_cannot_steer_the_terminal(typed):
    out = typed("Who \x1b[2J is \u202e it?\nA) \x1b]0;x\x07Ana\nB) Bo")[1]
    assert not [c for c in out if not c.isprintable() and c != "\n"]


def test_a_terminal_gets_readable_lines_and_a_pipe_gets_json(tmp_path, monkeypatch, capsys):
    path = tmp_path / "q.json"
    path.write_text(json.dumps([{"id": "seven", "question": TYPED.partition("\n\n")[0]}]))
    main(["prove", str(path)])
    assert json.loads(capsys.readouterr().out)["id"] == "seven"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["prove", str(path)])
    assert capsys.readouterr().out.startswith("seven: proven\n")


MANY = [f"Ab{i}" for i in range(200)]


@pytest.mark.parametrize(
    "question",
    [
        Question(topic="", stem=f"{SHELF} " * 12_000, choices=("Ana", "Bo")),
        Question(topic="", stem=TYPED[:-100], choices=tuple(f"{n}" * 100_000 for n in range(9))),
        Question(topic="", stem=f"{', '.join(MANY)} sit in a row. Who sits first?", choices=("Ana", "Bo")),
        Question(topic="", stem=f"{', '.join(MANY)} and Bo sit in a circle facing the centre. Who is left of Bo?"),
        Question(topic="", stem=" ".join(f"{a} is {b}'s son." for a, b in itertools.pairwise(MANY)) + " Who?"),
        Question(topic="", stem=f"{SHELF} Which book is leftmost?", choices=tuple("ABCDEFGHI")),
        Question(topic="", stem=f"{SHELF} Which book is leftmost?"),
        Question(topic="", stem="Ana says, 'Bo is a liar.' " * 500 + "Who is the liar?", choices=("Ana", "Bo")),
        Question(topic="", stem="All cats are dogs. " * 500 + "Which follows?", choices=("All dogs are cats", "No")),
    ],
    ids=["stem", "choices", "row", "circle", "family", "nine", "none", "liars", "syllogism"],
)
def test_a_ruling_takes_no_longer_than_a_second(question):
    oracle.prove(Question(topic="", stem="Who?"))
    start = time.process_time()
    assert oracle.prove(question).ruling != "proven"
    assert time.process_time() - start < 1
