"""The report in a real browser: nothing is fetched, nothing runs, nothing sticks out, and all of it can be read."""

import asyncio
import base64
import contextlib
import json
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
import run_findings

from stumper import report
from stumper.report import Sample, Voter
from stumper.types import Question

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)

CONTRAST = """
(() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const found = rgb(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim()) continue;
    const style = getComputedStyle(node);
    const ink = node.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(rgb(ink)), light(ground(node))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) faint.push(walk.currentNode.textContent.trim().slice(0, 40));
  }
  return faint;
})()
"""

OVERHANG = """
[...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => !e.closest('.scroll, .sample figure, .skip') && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.outerHTML.slice(0, 80))
"""


class Seen(NamedTuple):
    requests: list[str]
    complaints: list[str]
    """Messages of the console, exceptions and dialogs."""
    width: int
    """Of the document, in CSS pixels."""
    overhang: list[str]
    faint: list[str]
    """Texts whose contrast is below 4.5 to 1."""
    png: bytes


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[str]:
    """The address of a browser's debugging socket."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    profile = tmp_path_factory.mktemp("profile")
    with subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield _address(profile / "DevToolsActivePort", process)
        finally:
            process.terminate()


def _address(file: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            port, path = file.read_text().split("\n")
            return f"ws://127.0.0.1:{port}{path}"
        time.sleep(0.1)
    pytest.skip("Chromium does not start on this machine")


def look(address: str, page: Path, width: int, dark: bool = False) -> Seen:
    return asyncio.run(asyncio.wait_for(_look(address, page, width, dark), 60))


async def _look(address: str, page: Path, width: int, dark: bool) -> Seen:
    async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
        events: list[dict] = []
        number = 0

        async def call(method: str, session_id: str | None = None, **params: object) -> dict:
            nonlocal number
            number += 1
            mine = number
            message = {"id": mine, "method": method, "params": params}
            await socket.send_json(message | ({"sessionId": session_id} if session_id else {}))
            while True:
                answer = json.loads(await socket.receive_str())
                if answer.get("id") == mine:
                    assert "error" not in answer, answer
                    return answer["result"]
                events.append(answer)

        target = (await call("Target.createTarget", url="about:blank"))["targetId"]
        tab = (await call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await call(f"{domain}.enable", tab)
        await call(
            "Emulation.setDeviceMetricsOverride", tab, width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await call("Emulation.setEmulatedMedia", tab, features=[scheme])
        events.clear()
        await call("Page.navigate", tab, url=page.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in events):
            events.append(json.loads(await socket.receive_str()))

        async def value(expression: str) -> object:
            return (await call("Runtime.evaluate", tab, expression=expression, returnByValue=True))["result"]["value"]

        width_seen = await value("document.scrollingElement.scrollWidth")
        overhang = await value(OVERHANG)
        faint = await value(CONTRAST)
        size = (await call("Page.getLayoutMetrics", tab))["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": width, "height": size["height"], "scale": 1}
        shot = await call("Page.captureScreenshot", tab, captureBeyondViewport=True, clip=clip)
        await call("Target.closeTarget", targetId=target)
        loud = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening")
        return Seen(
            requests=[e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"],
            complaints=[json.dumps(e) for e in events if e["method"] in loud],
            width=width_seen,
            overhang=overhang,
            faint=faint,
            png=base64.b64decode(shot["data"]),
        )


def _hostile() -> report.Findings:
    text = "<script>alert(1)</script><svg onload=alert(2)>" + "W" * 3000 + "\u202e" + "e\u0301\u0302\u0303" * 200
    question = Question(topic="none", stem=text, choices=(text, "b"), key="A", reasoning=text)
    return run_findings.full().model_copy(
        update={
            "recipe": text,
            "student": text,
            "voters": (Voter(name=text),),
            "samples": (Sample(item=text, author=text, topic=text, kept=False, question=question, reason=text),),
            "notes": (text,),
        }
    )


PAGES = {"full": run_findings.full, "empty": run_findings.empty, "hostile": _hostile}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", PAGES)
def test_the_report_loads_nothing_fits_the_window_and_can_be_read(name, width, dark, browser, tmp_path):
    page = tmp_path / f"{name}.html"
    page.write_text(report.render(PAGES[name]()), encoding="utf-8")
    seen = look(browser, page, width, dark)
    (tmp_path / f"{name}.png").write_bytes(seen.png)
    assert [url for url in seen.requests if not url.startswith("data:")] == [page.as_uri()]
    assert seen.complaints == []
    assert seen.width <= width
    assert seen.overhang == []
    assert seen.faint == []
    assert struct.unpack(">I", seen.png[16:20])[0] == width
