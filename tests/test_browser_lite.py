"""The notebooks in a real browser, as a learner meets them: from the lesson's page, live, with an exercise to hand in."""

import json
import re
import threading
from dataclasses import dataclass
from urllib.parse import urljoin

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coursekit.build.serve import book_server
from coursekit.grade.submissions import parse
from coursekit.paths import EXERCISES
from improvement import views

START = 120_000  # milliseconds: Python starts in some ten seconds, on a busy machine in a minute
OWN = "localStorage.setItem('course:own-device', 'yes')"


@dataclass
class Reader:
    """A browser profile that nobody has used, and the book's address in it."""

    context: BrowserContext
    origin: str

    def open(self, address: str) -> Page:
        page = self.context.new_page()
        page.goto(self.origin + address)
        return page


@pytest.fixture(scope="module", params=["", "course/"], ids=["at the root", "in a folder"])
def served(request, book, tmp_path_factory):
    """The address of the book, on a server that has it at its root, and on one that has it in a folder."""
    root = book
    if request.param:
        root = tmp_path_factory.mktemp("server")
        (root / request.param.rstrip("/")).symlink_to(book)
    server = book_server(0, str(root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{request.param}"
    server.shutdown()
    server.server_close()


def reader_at(browser, origin, asked):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(START)
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: asked.append(f"script error: {error.error}"))
    return Reader(context, origin)


@pytest.fixture
def reader(browser, served):
    """A new reader; the test fails if any page asks anything outside the course's own folder, or has a script error."""
    asked = []
    made = reader_at(browser, served, asked)
    yield made
    made.context.close()
    assert len(asked) > 20
    outside = [url for url in asked if not url.startswith((served, "data:", "blob:"))]
    # The service worker answers this one itself, in the browser.
    assert [url for url in outside if url != urljoin(served, "/api/service-worker-heartbeat")] == []


@pytest.fixture
def readers(browser, origin):
    """A function that gives a new reader each time."""
    made = []

    def new():
        made.append(reader_at(browser, origin, []))
        return made[-1]

    yield new
    for one in made:
        one.context.close()


def wait_for_python(page):
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("Python (Pyodide)").first.wait_for()


def run_all(page):
    """Run every cell and wait until the last has run."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts.last).to_have_text("[*]:", timeout=START)
    expect(prompts.last).to_have_text(re.compile(r"\[\d+\]"), timeout=START)


def to_the_top(page):
    page.locator(".jp-WindowedPanel-outer").first.evaluate("one => { one.scrollTop = 0; }")


def words_of(view):
    """Every sentence, verdict and finding of a view."""
    words = []
    for panel in view["panels"]:
        if panel["type"] in ("sentence", "verdict"):
            words.append(panel["text"])
        elif panel["type"] == "listing":
            words += panel["items"] or [panel["empty"]]
    return words


def expect_the_answer_of_python(page, kind, params):
    view = views.compute(kind, params)
    for words in words_of(view):
        expect(page.locator(".iip-panels").first).to_contain_text(words, timeout=START)
    return view


def outputs(page):
    return [text.strip() for text in page.locator(".jp-OutputArea-output").all_inner_texts()]


def test_a_lesson_opens_as_a_notebook_whose_widget_recomputes(reader):
    lesson = reader.open("modules/measurement/xmr-charts.html")
    lesson.get_by_role("link", name="Open as notebook").click()
    wait_for_python(lesson)
    assert "/lite/notebooks/" in lesson.url
    run_all(lesson)
    to_the_top(lesson)
    lesson.get_by_label("I would ask at").fill("40")
    lesson.get_by_role("button", name="Commit and show me").click()
    first = expect_the_answer_of_python(lesson, "xmr-studio", {"prediction": 40})
    lesson.get_by_label("Target or need").first.fill("36")
    second = expect_the_answer_of_python(lesson, "xmr-studio", {"prediction": 40, "target": 36})
    lesson.get_by_label("Points used for the limits").first.fill("")
    third = expect_the_answer_of_python(
        lesson, "xmr-studio", {"prediction": 40, "target": 36, "baseline": None}
    )
    assert len({json.dumps(words_of(view)) for view in (first, second, third)}) == 3
    grid = lesson.locator(".iip-verdict").first.evaluate("one => getComputedStyle(one).display")
    assert grid == "grid", "the widget's style sheet did not arrive"


def test_a_slider_moved_by_keyboard_and_cells_with_and_without_pandas(reader):
    page = reader.open("lite/notebooks/index.html?path=quality-control/feedback-loop.ipynb")
    wait_for_python(page)
    run_all(page)
    said = "\n".join(outputs(page))
    assert said.count("pandas is not part of this copy of the course") == 1
    assert "Traceback" not in said
    expect(page.get_by_text("Check yourself").last).to_be_visible()  # the last cell: nothing stopped the run
    to_the_top(page)
    page.get_by_label("None", exact=True).first.check()
    page.get_by_role("button", name="Commit and show me").first.click()
    subject = page.locator(".iip-panels").first
    expect(subject).to_contain_text("seen the same day", timeout=START)
    slider = page.get_by_label("It reaches the owner after, slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("3")
    expect(subject).to_contain_text("seen 3 days later", timeout=START)


@pytest.mark.parametrize("assignment", ["E00", "E02"])
def test_an_exercise_is_answered_saved_and_handed_in(readers, tmp_path, assignment):
    (released,) = (EXERCISES / assignment).glob("*.ipynb")
    before = nbformat.read(released, as_version=4)
    asks = [one.cell_type == "code" and "Your code here" in one.source for one in before.cells].index(True)
    page = readers().open("book/notebooks.html")
    page.get_by_role("link", name=re.compile(f"^{assignment}")).click()
    wait_for_python(page)
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{asks}']")
    expect(cell).to_contain_text("Your code here")
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("my_own_answer = 6 * 7")
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=START)
    page.keyboard.press("ControlOrMeta+s")
    page.get_by_role("menuitem", name="File", exact=True).click()
    with page.expect_download() as downloading:
        page.get_by_text("Download", exact=True).click()
    handed_in = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(handed_in)
    assert handed_in.name == released.name
    after = parse(handed_in.read_bytes(), before, assignment)
    assert "my_own_answer = 6 * 7" in "\n".join(one.source for one in after.cells)
    marked = {one.metadata.nbgrader.grade_id: one for one in before.cells if "nbgrader" in one.metadata}
    found = {one.metadata.nbgrader.grade_id: one for one in after.cells if "nbgrader" in one.metadata}
    assert {name: one.metadata.nbgrader for name, one in found.items()} == {
        name: one.metadata.nbgrader for name, one in marked.items()
    }
    for name, one in marked.items():
        if one.metadata.nbgrader.locked:
            assert found[name].source == one.source


# Shared computers


def write(page, words):
    wait_for_python(page)
    cell = page.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_function(
        """async (words) => {
          const open = indexedDB.open("course-notebooks");
          const base = await new Promise((done) => { open.onsuccess = () => done(open.result); });
          const files = base.transaction("files").objectStore("files").getAll();
          const kept = await new Promise((done) => { files.onsuccess = () => done(files.result); });
          base.close();
          return JSON.stringify(kept).includes(words);
        }""",
        arg=words,
    )


NOTEBOOK = "lite/notebooks/index.html?path=measurement/xmr-charts.ipynb"


def wait_until_nobody_has_notebooks_open(reader):
    """A tab that is closed ends some moments later on a busy machine, and until then the sitting goes on."""
    reader.open("book/notebooks.html").wait_for_function(
        "async () => !(await navigator.locks.query()).held.some((one) => one.name.startsWith('course:'))"
    )


def first_cell(page):
    wait_for_python(page)
    return page.locator(".jp-CodeCell").first.locator(".cm-content")


def test_what_was_written_outlives_a_reload_and_a_second_tab_and_not_the_sitting(readers):
    reader = readers()
    page = reader.open(NOTEBOOK)
    write(page, "whose = 'mine'")
    page.reload()
    expect(first_cell(page)).to_have_text("whose = 'mine'")
    second = reader.open(NOTEBOOK)
    expect(first_cell(second)).to_have_text("whose = 'mine'")
    second.close()
    page.close()
    wait_until_nobody_has_notebooks_open(reader)
    expect(first_cell(reader.open(NOTEBOOK))).not_to_contain_text("mine")


def test_on_the_learners_own_device_it_stays(readers):
    reader = readers()
    page = reader.open("book/notebooks.html")
    page.evaluate(OWN)
    page.goto(reader.origin + NOTEBOOK)
    write(page, "whose = 'mine'")
    page.close()
    expect(first_cell(reader.open(NOTEBOOK))).to_have_text("whose = 'mine'")
