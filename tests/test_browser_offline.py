"""The offline zip as its reader uses it: unpacked, opened by a double click, a lesson done to its end, the record taken away."""

import json
import zipfile

import pytest
from playwright.sync_api import expect

from browsing import LIVE, SETTLED, faults_of, overflow
from coursekit.build import offline
from improvement import views

AT_HOME = ("file:", "blob:", "data:")
START = "START HERE.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The zip unpacked into a folder whose name has a space and an accent."""
    if not offline.TARGET.exists():
        pytest.fail("The offline zip is not built. Run: course build")
    target = tmp_path_factory.mktemp("offline") / "Qualité des soins"
    with zipfile.ZipFile(offline.TARGET) as packed:
        packed.extractall(target)
    return target / "impact-in-practice"


@pytest.fixture
def open_file(browser, folder):
    """Opens a file of the folder in a fresh profile; the test fails if a page asks for anything outside the folder."""
    contexts, faults = [], []

    def open_in_new_profile(name, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(30_000)
        context.on(
            "request", lambda one: one.url.startswith(AT_HOME) or faults.append(f"asked for {one.url}")
        )
        context.on("requestfailed", lambda one: faults.append(f"not there: {one.url}"))
        context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
        contexts.append(context)
        page = context.new_page()
        page.goto((folder / name).as_uri())
        return page

    yield open_in_new_profile
    for context in contexts:
        context.close()
    assert faults == []


def lesson(page):
    """From the one file at the top to a lesson, by links that a reader sees."""
    page.get_by_role("link", name="Open the course").click()
    page.get_by_role("link", name="Measurement", exact=True).first.click()
    page.locator("article").get_by_role("link", name="XmR charts: which number deserves a question?").click()
    page.locator("[data-live] .iip-figure svg").first.wait_for()


def test_from_a_double_click_to_a_finished_lesson_and_a_record_in_hand(open_file):
    page = open_file(START)
    lesson(page)
    page.get_by_label("I would ask at").fill("40")
    page.get_by_role("button", name="Commit and show me").click()
    page.get_by_label("Target or need").first.fill("36")
    view = views.compute("xmr-studio", {"prediction": 40, "target": 36})
    spoken = [panel["text"] for panel in view["panels"] if panel["type"] == "sentence"]
    assert len(spoken) > 1
    for words in spoken:  # what Python says to this target, here, with no server
        expect(page.locator(".iip-panels").first).to_contain_text(words, timeout=2 * LIVE)
    check = page.get_by_role("region", name="Check yourself")
    check.get_by_label("Nothing", exact=True).check()
    check.get_by_role("button", name="Check my answer").nth(1).click()
    expect(check.locator(".iip-feedback")).to_contain_text("Right", timeout=LIVE)
    page.get_by_role("button", name="I have done this lesson").click()

    page.get_by_role("link", name="See, save or erase your record").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    saved = json.loads(saving.value.path().read_text(encoding="utf-8"))
    assert saved["lessons"]["M02.3"]["done"]
    assert [one["guess"] for one in saved["predictions"]] == ["40"]
    assert [one["right"] for one in saved["answers"]] == [True]


def test_a_shared_computer_keeps_nothing_and_an_own_device_what_its_owner_asked(open_file):
    page = open_file("course/modules/measurement/xmr-charts.html")
    page.get_by_role("button", name="I have done this lesson").click()
    assert "course:record" not in page.evaluate("Object.keys(localStorage)")
    page.goto(page.url.replace("modules/measurement/xmr-charts", "book/record"))
    page.get_by_label("This is my own device").check()
    assert "M02.3" in json.loads(page.evaluate("localStorage['course:record']"))["lessons"]


def test_with_scripts_off_the_first_file_and_a_lesson_read_whole(open_file):
    page = open_file(START, java_script_enabled=False)
    page.get_by_role("link", name="Open the course").click()
    page.get_by_role("link", name="Measurement", exact=True).first.click()
    page.locator("article").get_by_role("link", name="XmR charts: which number deserves a question?").click()
    expect(page.locator("article h1").first).to_contain_text("XmR charts")
    expect(page.locator('[data-widget="xmr-studio"] .iip-intro').first).to_be_visible()
    page.get_by_text("Show the answer").first.click()
    expect(page.locator('[data-widget="xmr-studio"] svg').first).to_be_visible()


def test_search_finds_a_lesson_without_a_server(open_file, folder):
    page = open_file("course/book/index.html")
    page.goto((folder / "course/search.html").as_uri() + "?q=tampering")
    found = page.locator("ul.search a")
    found.first.wait_for()
    page.get_by_role("link", name="Tampering", exact=True).last.click()
    expect(page.locator("article h1").first).to_contain_text("Tampering")


def test_whoever_opens_it_inside_the_zip_is_told_to_unpack_it(browser, folder, tmp_path):
    """Windows shows a file of a zip by copying that file alone."""
    alone = tmp_path / START
    alone.write_bytes((folder / START).read_bytes())
    context = browser.new_context()
    page = context.new_page()
    page.goto(alone.as_uri())
    expect(page.get_by_role("heading", name="Unpack it first")).to_be_visible()
    expect(page.get_by_role("link", name="Open the course")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_file_is_faultless_and_fits_a_phone(open_file, scheme):
    page = open_file(START, color_scheme=scheme, viewport={"width": 390, "height": 800})
    page.evaluate(SETTLED)
    assert faults_of(page) == []
    assert overflow(page) == 0
