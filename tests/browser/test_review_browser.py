"""The review page in a real browser: by keyboard alone, in both themes, on a phone, with hostile text."""

import random
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
from review_desk import HOSTILE, SPLIT, Desk, records

from stumper import oracle, puzzles
from stumper.types import LETTERS, Question, Review, Written

pytestmark = pytest.mark.browser

playwright = pytest.importorskip("playwright.sync_api")
PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium():
    if PROGRAM is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=PROGRAM, args=list(FLAGS), chromium_sandbox=False)
        yield browser
        browser.close()


class Served:
    """A desk's page on a port of this machine."""

    def __init__(self, desk):
        import uvicorn

        from stumper.reviewing.serve import application
        from stumper.reviewing.sittings import Reviewing

        app = application(Reviewing(desk.decisions, desk.found), "secret", ("127.0.0.1",), "ada")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self):
        self._thread.start()
        end = time.monotonic() + 20
        while not self._server.started and time.monotonic() < end:
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()


class Seat:
    """A reviewer before a browser, who notes every request to elsewhere and everything that complains or runs."""

    def __init__(self, chromium, url, name, width=1200, dark=False):
        self.context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            is_mobile=width < 600,
            has_touch=width < 600,
        )
        self.page = self.context.new_page()
        self.strange: list[str] = []
        self.page.on("request", lambda r: None if r.url.startswith((url, "data:")) else self.strange.append(r.url))
        self.page.on("dialog", lambda d: (self.strange.append(d.message), d.dismiss()))
        self.page.on("console", lambda m: self.strange.append(m.text))
        self.page.on("pageerror", lambda e: self.strange.append(str(e)))
        self.page.goto(url + "?token=secret")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(name)
        self.press("Enter")

    def press(self, key):
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def close(self):
        self.context.close()


def read(n):
    """Questions that the oracle reads: with readings, pictures and witnesses behind the answer."""
    found = records(0)
    for i in range(n):
        topic = puzzles.families()[i % len(puzzles.families())]
        question = puzzles.family(topic).make(random.Random(i), 2)
        key = LETTERS[(LETTERS.index(question.key) + i) % 4]
        question = question.model_copy(update={"key": key, "clues": None})
        item = f"teacher/{topic}/{i:05d}"
        found["generate"][item] = Written(author="teacher", question=question)
        found["prove"][item], found["verdict"][item] = oracle.prove(question), SPLIT
    return found


def test_sixty_decisions_in_a_row_by_keyboard_alone(chromium, tmp_path):
    desk = Desk(tmp_path, records(60))
    with Served(desk) as served:
        seat = Seat(chromium, served.url, "Ada")
        for n in range(60):
            seat.press("abcdn"[n % 5])
            if n % 7 == 0:
                seat.page.keyboard.press("r")
                seat.page.keyboard.type("kdun")  # letters in a field are text
                seat.page.keyboard.press("Escape")
            seat.press("d" if n % 3 == 0 else "k")
            if n == 10:
                seat.press("u")
                seat.press("d")
        assert "Nothing is left for you" in seat.page.inner_text("h1")
        assert seat.strange == []
        seat.close()
    wanted = {f"t/{n}": "discard" if n % 3 == 0 or n == 10 else "keep" for n in range(60)}
    assert desk.standing == wanted
    assert desk.decisions.reviews("t/0")["Ada"].reason == "kdun"


def test_shortcuts_can_be_switched_off_and_stay_off(chromium, tmp_path):
    desk = Desk(tmp_path)
    with Served(desk) as served:
        seat = Seat(chromium, served.url, "Ada")
        seat.page.click("#shortcuts")
        seat.page.reload()
        seat.page.keyboard.press("a")
        seat.page.click("#shortcuts")
        seat.press("b")
        assert seat.strange == []
        seat.close()
    assert desk.decisions.answer_of("t/0", "Ada") == 1


def test_two_reviewers_at_once_lose_nothing(chromium, tmp_path):
    desk = Desk(tmp_path, records(20))
    with Served(desk) as served:
        seats = [Seat(chromium, served.url, name) for name in ("Ada", "Ben")]
        for n in range(10):
            for seat in seats:
                seat.press("b")
            for seat in seats:
                seat.press("k" if n % 2 else "d")
        assert all("Nothing is left" in seat.page.inner_text("h1") for seat in seats)
        assert [seat.strange for seat in seats] == [[], []]
        for seat in seats:
            seat.close()
    assert desk.decisions.by_reviewer() == {"Ada": 10, "Ben": 10}
    assert len(desk.standing) == 20


def test_hostile_text_does_nothing(chromium, tmp_path):
    found = records(2, stem=HOSTILE + "W" * 1_000_000 + "{}")
    for item, written in found["generate"].items():
        question = Question(topic=HOSTILE, stem=written.question.stem, choices=(HOSTILE, "b" * 5000, "c"), key="A")
        found["generate"][item] = Written(author=HOSTILE, question=question)
    with Served(Desk(tmp_path, found)) as served:
        seat = Seat(chromium, served.url, HOSTILE[:30], width=390)
        seat.press("a")
        assert seat.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert seat.page.evaluate("document.querySelectorAll('svg, main script').length") == 0
        seat.press("k")
        assert seat.strange == []
        seat.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_every_page_is_accessible_and_fits(chromium, tmp_path, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = read(12)
    shots = Path(tmp_path)
    with Served(Desk(tmp_path, found, settled={"teacher/none": Review(decision="keep", reviewer="x")})) as served:
        seat = Seat(chromium, served.url, "Ada", width, dark)

        def look(name):
            seat.page.screenshot(path=shots / f"{name}.png", full_page=True)
            # The page's policy forbids scripts of others, and axe is one: it is run through the debugger.
            results = axe.run(seat.page)
            assert results.violations_count == 0, results.generate_report()
            assert seat.page.evaluate("document.documentElement.scrollWidth") <= width

        look("question")
        for n in range(3):
            seat.press("b")
            look(f"answered-{n}")
            seat.press("k")
        seat.press("a")
        seat.press("e")
        look("edit")
        seat.page.click("text=Prove")
        look("proven")
        seat.page.click("text=Back")
        seat.press("p")
        look("progress")
        seat.press("q")
        look("queue")
        seat.close()
