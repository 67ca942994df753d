"""`course open`, as a learner uses it: the book and a notebook in JupyterLab, the same widget live in both."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from processes import hear_ctrl_c

START = 60
LIVE = 60_000


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    said = tmp_path_factory.mktemp("open") / "said.txt"
    with said.open("w") as output:
        command = [str(Path(sys.executable).with_name("course")), "open", "--port", "0"]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, preexec_fn=hear_ctrl_c)
    try:
        deadline = time.monotonic() + START
        while len(found := re.findall(r"http://\S+", said.read_text())) < 2:
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        yield found[0], found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def test_the_book_is_served_on_this_machine_only(addresses: tuple[str, str]) -> None:
    assert addresses[0].startswith("http://127.0.0.1:")
    with urllib.request.urlopen(addresses[0]) as answer:
        assert answer.status == 200


def test_the_lessons_widget_is_live_in_jupyterlab(addresses: tuple[str, str], browser: Browser) -> None:
    server, token = addresses[1].split("/lab?")
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    strangers = []
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("data:", "blob:", server)) else strangers.append(asked.url)
        ),
    )
    deadline = time.monotonic() + START
    while True:
        try:
            page.goto(f"{server}/lab/tree/measurement/xmr-charts.ipynb?{token}")
            break
        except Exception:
            assert time.monotonic() < deadline, "JupyterLab did not start"
            time.sleep(0.5)
    page.locator(".jp-Notebook").wait_for(timeout=LIVE)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=LIVE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator(".iip-figure svg").first.wait_for(timeout=LIVE)
    page.get_by_label("I would ask at").fill("40")
    page.get_by_role("button", name="Commit and show me").click()
    expect(page.locator(".iip-panels").first).to_contain_text("You would ask at 40.0 minutes", timeout=LIVE)
    grid = page.locator(".iip-verdict").first.evaluate("one => getComputedStyle(one).display")
    page.close()
    assert grid == "grid", "the widget's style sheet did not arrive"
    assert strangers == []
