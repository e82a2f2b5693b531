"""The review page: blind until answered, nothing lost, nothing run, nothing from outside taken at its word."""

import asyncio
import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from review_desk import HOSTILE, Desk, records

from stumper import oracle
from stumper import run as runs
from stumper.cli import main
from stumper.committee import certify
from stumper.config import Config
from stumper.errors import BadInput, StumperError
from stumper.reviewing import exchange
from stumper.reviewing.decisions import FILE, Entry
from stumper.reviewing.serve import MOST_BODY, application, serve
from stumper.reviewing.sittings import Auditing, Reviewing, deciding
from stumper.store import Artefact, cut_torn_line
from stumper.types import Question, Review, Ruling, Value, Written


class Client:
    """Asks the application without a network, and keeps its cookies."""

    def __init__(self, app, base="http://testserver"):
        self._app, self._base, self._cookies = app, base, httpx.Cookies()

    def get(self, path, **more):
        return asyncio.run(self._ask("GET", path, **more))

    def post(self, path, **more):
        return asyncio.run(self._ask("POST", path, **more))

    async def _ask(self, method, path, **more):
        transport = httpx.ASGITransport(app=self._app)
        settings = {"base_url": self._base, "cookies": self._cookies, "follow_redirects": True}
        async with httpx.AsyncClient(transport=transport, **settings) as client:
            answer = await client.request(method, path, **more)
            self._cookies = client.cookies
            return answer


class Browser:
    """A person's browser, by the page's own forms."""

    def __init__(self, app, name):
        self.client = Client(app)
        self.page = self.client.get("/?token=secret").text
        self.send("/name", name=name)

    def send(self, to="/act", **form):
        proof = re.search('name="proof" value="([^"]+)"', self.page)[1]
        self.page = self.client.post(to, data={"proof": proof, **form}).text
        return self.page

    @property
    def item(self):
        return re.search('class="item">([^<]+)<', self.page)[1]

    def answer(self, choice="1"):
        return self.send(act="answer", item=self.item, choice=choice)

    def decide(self, act="keep", **more):
        return self.send(act=act, item=self.item, **more)


def test_key_author_and_votes_are_hidden_until_the_reviewer_has_answered(tmp_path):
    ada = Browser(Desk(tmp_path).app, "ada")
    for hidden in ("teacher-x", "voter-y", 'class="tag">key', "the voters are split"):
        assert hidden not in ada.page
    ada.answer()
    for told in ("teacher-x", "voter-y: C) Cy", 'class="tag">key', "the voters are split"):
        assert told in ada.page


def test_a_decision_before_the_answer_is_refused(tmp_path):
    desk = Desk(tmp_path)
    ada = Browser(desk.app, "ada")
    assert "not to be decided before" in ada.decide("keep")
    assert not desk.kept


def test_decisions_and_their_reasons_are_stored_at_once_and_undone(tmp_path):
    desk = Desk(tmp_path)
    ada = Browser(desk.app, "ada")
    ada.answer()
    ada.decide("discard", reason="two are right")
    assert desk.kept == [("t/0", Review(decision="discard", reviewer="ada", reason="two are right"))]
    assert ada.item == "t/1"
    ada.send(act="undo", item="")
    assert ada.item == "t/0"
    assert desk.standing == {}
    ada.decide("keep")
    assert desk.standing == {"t/0": "keep"}


def test_what_was_skipped_comes_last(tmp_path):
    ada = Browser(Desk(tmp_path).app, "ada")
    ada.send(act="skip", item="t/0")
    seen = []
    while "Nothing is left" not in ada.page:
        seen.append(ada.item)
        ada.answer()
        ada.decide()
    assert seen == ["t/1", "t/2", "t/0"]


def test_two_reviewers_at_once_get_different_questions_and_lose_nothing(tmp_path):
    desk = Desk(tmp_path, records(40))
    both = [Browser(desk.app, "ada"), Browser(desk.app, "ben")]
    assert both[0].item != both[1].item
    while any("Nothing is left" not in one.page for one in both):
        for one in both:
            if "Nothing is left" not in one.page:
                one.answer()
                one.decide()
    assert desk.standing == dict.fromkeys(desk.found["generate"], "keep")
    assert sum(desk.decisions.by_reviewer().values()) == 40
    assert len((tmp_path / FILE).read_text().splitlines()) == 80


def test_with_two_wanted_a_third_decides_where_they_disagree(tmp_path):
    desk = Desk(tmp_path, records(1), wanted=2)
    for name, act in (("ada", "keep"), ("ben", "discard")):
        one = Browser(desk.app, name)
        one.answer()
        one.decide(act)
        assert not desk.kept
    cleo = Browser(desk.app, "cleo")
    cleo.answer()
    cleo.decide("discard")
    assert desk.standing == {"t/0": "discard"}
    page = cleo.client.get("/progress").text
    assert "1 of 3" in page  # pairs of decisions that are alike
    assert "3 of 3" in page  # blind answers


def test_a_sitting_goes_on_where_a_kill_between_two_files_left_it(tmp_path):
    first = Desk(tmp_path)
    ada = Browser(first.app, "ada")
    ada.answer()
    ada.decide("discard")
    with (tmp_path / FILE).open("a") as file:
        file.write('{"item":"t/1","revi')
    cut_torn_line(tmp_path / FILE)
    again = Desk(tmp_path)
    assert again.standing == {"t/0": "discard"}
    assert Browser(again.app, "ada").item == "t/1"
    whole = Desk(tmp_path, settled=dict(again.kept))
    assert not whole.kept
    assert whole.decisions.undo("ada") == "t/0"
    assert whole.standing == {}


def test_what_the_terminal_decided_is_not_asked_again(tmp_path):
    desk = Desk(tmp_path, settled={"t/0": Review(decision="keep", reviewer="tom")})
    assert Browser(desk.app, "ada").item == "t/1"
    assert not desk.kept


def test_an_edit_is_proven_before_it_is_saved(tmp_path):
    desk = Desk(tmp_path)
    ada = Browser(desk.app, "ada")
    ada.answer()
    stem = "Ann, Bob, Cy and Di sit in a row. Ann sits to the left of Bob. Bob sits to the left of Cy. Di sits to the "
    stem += "right of Cy. Who sits at the left end?"
    form = {"item": "t/0", "stem": stem, "choice0": "Ann", "choice1": "Bob", "choice2": "Cy", "choice3": "Di"}
    assert "wrong key" in ada.send(act="prove", key="B", **form)
    assert not desk.kept
    assert "two choices are the same" in ada.send(act="save", key="A", **(form | {"choice1": "ann"}))
    assert "the oracle: proven" in ada.send(act="save", key="A", reason="was broken", **form)
    ((item, review),) = desk.kept
    assert (item, review.decision, review.question.key, review.reason) == ("t/0", "edit", "A", "was broken")


def test_hostile_text_is_escaped_and_bounded(tmp_path):
    found = records(1, stem=HOSTILE + "x" * 1_000_000)
    question = found["generate"]["t/0"].question.model_copy(update={"choices": (HOSTILE, "b", "c", "d" * 9999)})
    found["generate"]["t/0"] = Written(author=HOSTILE, question=question)
    found["prove"]["t/0"] = Ruling(ruling="unformalised", why=HOSTILE)
    ada = Browser(Desk(tmp_path, found).app, HOSTILE)
    pages = [ada.page, ada.answer()]
    assert "too long to be edited" in ada.client.get("/edit").text
    for page in pages:
        assert "<svg" not in page
        assert page.count("<script") == 1  # the page's own
        assert len(page) < 40_000
        assert "characters more" in page


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/", {}), ("/?token=wrong", {}), ("/progress", {}), ("/edit", {}), ("/", {"cookie": "stumper-review=guess"})],
)
def test_nobody_enters_without_the_token(tmp_path, path, headers):
    client = Client(Desk(tmp_path).app)
    answer = client.get(path, headers=headers)
    assert answer.status_code == 403
    assert "Ann" not in answer.text


def test_a_form_of_another_origin_changes_nothing(tmp_path):
    desk = Desk(tmp_path)
    ada = Browser(desk.app, "ada")
    for form in ({"act": "answer", "item": "t/0", "choice": "1"}, {"proof": "guess", "act": "answer", "item": "t/0"}):
        assert ada.client.post("/act", data=form).status_code == 403
    assert ada.client.post("/act", content=b"x" * (MOST_BODY + 1)).status_code == 403
    assert not (tmp_path / FILE).exists()


def test_another_host_name_is_refused(tmp_path):
    assert Client(Desk(tmp_path).app, base="http://evil.test").get("/?token=secret").status_code == 400


def test_every_page_forbids_what_it_does_not_need(tmp_path):
    ada = Browser(Desk(tmp_path).app, "ada")
    for path in ("/", "/progress", "/page.css", "/page.js"):
        policy = ada.client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy


def test_two_pages_of_one_machine_do_not_shut_each_other_out(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = (Desk(tmp_path / name) for name in ("one", "two"))
    two.app = application(Reviewing(two.decisions, two.found), "another", ("testserver",), "ada")
    client = Client(one.app)
    client.get("/?token=secret")
    client._app = two.app
    client.get("/?token=another")
    for app in (one.app, two.app):
        client._app = app
        assert client.get("/").status_code == 200


def test_the_queue_tells_why_and_nothing_that_is_hidden_before_the_answer(tmp_path):
    desk = Desk(tmp_path, records(150))
    ada, ben = Browser(desk.app, "ada"), Browser(desk.app, "ben")
    before = ada.client.get("/queue").text
    assert "the oracle cannot read it (not understood" in before
    assert "the voters are split" not in before
    assert before.count("<tr>") == 1 + 100
    assert "t/149" in ada.client.get("/queue?from=100").text
    ada.answer()
    ada.decide("discard")
    assert "the voters are split" in ada.client.get("/queue").text
    assert "you: discard" in ada.client.get("/queue").text
    for hidden in ("discard", "the voters are split"):
        assert hidden not in ben.client.get("/queue").text
    for strange in ("-5", "x", "9" * 50, "\u0663"):
        assert ada.client.get("/queue", params={"from": strange}).status_code == 200


def test_controls_that_turn_or_hide_text_are_spelled_out_but_not_in_what_is_edited(tmp_path):
    ada = Browser(Desk(tmp_path, records(1, stem="Who \u202e sits?")).app, "ada")
    assert "Who [U+202E] sits?" in ada.page
    assert "\u202e" not in ada.page
    ada.answer()
    assert "Who \u202e sits?" in ada.client.get("/edit").text


def test_every_way_to_read_an_open_text_is_shown_after_the_answer(tmp_path):
    found = records(1)
    question = Question(
        topic="seating",
        stem="Ann, Bob, Cy, Di and Eve sit in a row facing north. Bob sits between Ann and Cy. Di sits immediately to "
        "the left of Ann. Eve sits at the right end. Who sits immediately to the right of Ann?",
        choices=("Bob", "Cy", "Di", "Eve"),
        key="A",
    )
    ruling = oracle.prove(question)
    found["generate"]["t/0"], found["prove"]["t/0"] = Written(author="teacher-x", question=question), ruling
    ada = Browser(Desk(tmp_path, found).app, "ada")
    assert "Choices that hold" not in ada.page
    ada.answer()
    readings = ruling.certificate["readings"]
    assert len(readings) > 1
    assert ada.page.split("Choices that hold")[1].split("</table>")[0].count("<tr>") == len(readings)


@pytest.mark.parametrize(
    ("host", "said"),
    [("0.0.0.0", "names no address"), ("::", "names no address"), ("127.0.0.1", "name another --port")],
)
def test_an_address_that_cannot_serve_is_one_sentence(tmp_path, host, said):
    desk = Desk(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BadInput, match=said):
        serve(Reviewing(desk.decisions, desk.found), "ada", host, taken.getsockname()[1], print)


def test_the_pace_of_a_reviewer_leaves_out_their_pauses(tmp_path):
    acts = [
        Entry(item=f"t/{n}", reviewer="ada", act="decide", review=Review(decision="keep", reviewer="ada"), at=at)
        for n, at in enumerate([1000, 1010, 1030, 9000, 9014])
    ]
    (tmp_path / FILE).write_text("".join(act.model_dump_json() + "\n" for act in acts))
    desk = Desk(tmp_path, records(5))
    assert desk.decisions.pace("ada") == 14
    assert desk.decisions.pace("ben") is None
    assert "14" in Browser(desk.app, "ben").client.get("/progress").text


@pytest.mark.parametrize("choice", ["7", "-1", "٣", "1e9", ""])
def test_what_is_no_button_of_the_question_is_no_answer(tmp_path, choice):
    desk = Desk(tmp_path)
    ada = Browser(desk.app, "ada")
    assert 'role="status"' in ada.answer(choice)
    assert not desk.decisions.answered("t/0", "ada")


class Fixed:
    """An audit that asks for three questions in order."""

    def __init__(self):
        self.told = []

    @property
    def next(self):
        return f"t/{len(self.told)}" if len(self.told) < 3 else None

    def tell(self, right):
        self.told.append(right)

    def certificate(self):
        return "certified"


def test_an_audit_shows_no_key_and_takes_each_answer_once(tmp_path):
    audit = Fixed()
    app = application(Auditing(audit, records(), tmp_path, 3), "secret", ("testserver",), "ada")
    ada, ben = Browser(app, "ada"), Browser(app, "ben")
    ada.answer("1")
    assert 'class="tag">key' not in ada.page
    assert "somebody else has answered" in ben.send(act="answer", item="t/0", choice="2")
    ben.answer("none")
    ada.send(act="answer", item="t/2", choice="0")
    assert audit.told == [True, False, False]
    assert "certified" in ada.page
    lines = (tmp_path / "answers.jsonl").read_text().splitlines()
    assert [json.loads(line)["reviewer"] for line in lines] == ["ada", "ben", "ada"]


ROWS = [
    exchange.Row("t/0", records()["generate"]["t/0"].question, Review(decision="keep", reviewer="ada", reason="=1+1")),
    exchange.Row(
        "t/1",
        records()["generate"]["t/1"].question,
        Review(
            decision="edit",
            reviewer="ben",
            question=Question(topic="seating", stem="Who, anew?", choices=("a", "b"), key="A"),
        ),
    ),
    exchange.Row("t/2", records()["generate"]["t/2"].question, None),
]
QUEUE = {row.item: row.question for row in ROWS}


@pytest.mark.parametrize("form", exchange.FORMS)
def test_what_is_exported_is_what_is_imported(form):
    text = exchange.dump(ROWS, form)
    assert list(exchange.load(text, form, QUEUE, "file")) == [(row.item, row.review) for row in ROWS if row.review]


def test_a_cell_is_never_a_formula():
    cells = [cell for row in csv.reader(io.StringIO(exchange.dump(ROWS, "csv"))) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "text", ["=1", " =1", "\t@x", "\n-1", "\uff1dcmd()", "'=1", "''", "'quoted'", "\ufeff+1", "plain", ""]
)
def test_what_would_run_in_a_spreadsheet_stands_behind_a_quote_and_comes_back(text):
    row = exchange.Row("t/0", QUEUE["t/0"], Review(decision="keep", reviewer="ada", reason=text))
    written = exchange.dump([row], "csv")
    cell = next(csv.DictReader(io.StringIO(written)))["reason"]
    assert not re.match(r"[\s\ufeff]*[=+@\uff1d-]", cell)
    ((_, review),) = exchange.load(written, "csv", QUEUE, "file")
    assert review.reason == text


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("csv", "a,b\n1,2\n", "has no column"),
        ("csv", "item,decision\nt/9,keep\n", "row 1: 't/9' is not in the queue"),
        ("csv", "item,decision\nt/0,maybe\n", "row 1: the decision must be one of"),
        ("csv", "item,decision\nt/0,edit\n", "an edit needs the new question"),
        ("argilla", "{", "is not JSON"),
        ("argilla", "[1]", "must be a list"),
        ("label-studio", '[{"data": 1}]', "each task needs data"),
        ("label-studio", "[" * 5000, "is not JSON"),
    ],
)
def test_a_broken_import_is_one_sentence(form, text, said):
    with pytest.raises(BadInput, match=re.escape(said)):
        list(exchange.load(text, form, QUEUE, "file"))


def waiting(folder):
    """A run that stopped at its queue."""
    teacher = {"engine": "scripted", "model": "teachers:quick"}
    made = Config.model_validate(
        {
            "name": "test",
            "topics": ["seating"],
            "teachers": [
                {"name": "one", "questions": 8, **teacher},
                {"name": "two", "questions": 8, **teacher, "options": {"version": 1}},
            ],
            "student": {"model": "path:none"},
            "committee": {"calibration": {"questions": 4}},
        }
    )
    run = runs.Run.open(made, folder)
    runs.run_all(run, "verdict", lambda *_: None)
    return run


def test_a_run_goes_on_with_what_was_imported(tmp_path, capsys):
    run = waiting(tmp_path / "runs" / "r")
    count = len(runs.queue(run)[0])
    assert count
    file = tmp_path / "queue.csv"
    assert main(["review", str(run.folder), "--export", str(file)]) == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows({**row, "decision": "discard", "reviewer": "ada", "edited": ""} for row in rows)
    file.write_text(out.getvalue())
    assert main(["review", str(run.folder), "--import", str(file)]) == 0
    assert f"{count} decisions taken" in capsys.readouterr().out
    runs.run_all(run, "review", lambda *_: None)
    assert {r.decision for r in run.records("review").values()} == {"discard"}


def test_a_decision_that_was_taken_back_makes_the_run_wait_again(tmp_path):
    run = waiting(tmp_path / "runs" / "r")
    queue, artefact = runs.queue(run)
    first = next(iter(queue))
    with deciding(run, artefact, 1) as decisions:
        for item in queue:
            decisions.answer(item, "ada", 0)
            decisions.decide(item, Review(decision="keep", reviewer="ada"))
    with deciding(run, runs.queue(run)[1], 1) as decisions:
        while decisions.undo("ada") != first:
            pass
    assert set(runs.queue(run)[0]) == set(queue)
    with pytest.raises(StumperError, match=f"{len(queue)} questions wait for a person"):
        runs.run_all(run, "review", lambda *_: None)


def test_what_terminal_and_import_decide_stands_beside_what_the_page_decided(tmp_path, monkeypatch):
    run = waiting(tmp_path / "runs" / "r")
    queue, artefact = runs.queue(run)
    first, second = list(queue)[:2]
    with deciding(run, artefact, 1) as decisions:
        for item in (first, second):
            decisions.answer(item, "ada", 0)
            decisions.decide(item, Review(decision="keep", reviewer="ada"))
        decisions.undo("ada")
    said = iter(["d", "from the terminal", "q"])
    monkeypatch.setattr("builtins.input", lambda _: next(said))
    assert main(["review", str(run.folder), "--terminal", "--reviewer", "tom"]) == 0
    file = tmp_path / "more.csv"
    file.write_text(f"item,decision,reviewer\n{first},discard,ben\n{first},discard,cleo\n")
    assert main(["review", str(run.folder), "--import", str(file)]) == 0
    with deciding(run, runs.queue(run)[1], 1) as decisions:
        assert {who: r.decision for who, r in decisions.reviews(first).items()} == {
            "ada": "keep",
            "ben": "discard",
            "cleo": "discard",
        }
    standing = run.records("review")
    assert standing[first].decision == "discard"
    assert standing[second] == Review(decision="discard", reviewer="tom", reason="from the terminal")
    assert main(["review", str(run.folder), "--export", str(file)]) == 0
    assert [row["reviewer"] for row in csv.DictReader(io.StringIO(file.read_text())) if row["item"] == first] == [
        "ada",
        "ben",
        "cleo",
    ]


def test_an_audit_is_answered_by_one_process_at_a_time(tmp_path, monkeypatch, capsys):
    artefact = Artefact(tmp_path, "audit", "a", certify.Audited).open(Value())
    monkeypatch.setattr(runs.Run, "read", classmethod(lambda cls, folder: None))
    monkeypatch.setattr(runs, "audit", lambda _: (Fixed(), {}, artefact))
    with Artefact(tmp_path, "audit", "a", certify.Audited):
        assert main(["review", "any", "--audit", "--terminal"]) == 1
    assert "another run is writing" in capsys.readouterr().err


def test_the_docs_show_the_interface_for_label_studio():
    page = Path(__file__).parents[2] / "docs" / "review.md"
    assert exchange.LABELS in page.read_text(encoding="utf-8")


def test_the_command_serves_until_it_is_interrupted_and_says_how_far_it_came(tmp_path):
    run = waiting(tmp_path / "runs" / "r")
    command = [sys.executable, "-m", "stumper", "review", str(run.folder), "--reviewer", "ada"]
    path = os.pathsep.join([str(Path(__file__).parents[1] / "helpers"), *sys.path])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    ) as process:
        address = process.stdout.readline().partition("review page: ")[2].strip()
        page = httpx.get(address, follow_redirects=True, trust_env=False)
        second = subprocess.run([*command, "--terminal"], capture_output=True, text=True, env=os.environ, input="")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert "Who reviews?" in page.text
    assert "another run is writing" in second.stderr
    assert "0 of" in out
    assert (err, process.returncode) == ("", 0)
