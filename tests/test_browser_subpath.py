"""The static site in a folder of a larger website: lessons live, search working, nothing asked for outside the folder."""

import threading

import pytest
from playwright.sync_api import expect

from browsing import LIVE
from coursekit.build.serve import book_server
from improvement import views

FOLDER = "course/"


@pytest.fixture(scope="module")
def site(book, tmp_path_factory):
    """The address of the book below /course/ of a server that has nothing else."""
    root = tmp_path_factory.mktemp("website")
    (root / FOLDER.strip("/")).symlink_to(book, target_is_directory=True)
    server = book_server(0, str(root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{FOLDER}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    faults = []
    context.on(
        "request",
        lambda one: one.url.startswith((site, "blob:", "data:")) or faults.append(f"asked for {one.url}"),
    )
    context.on("response", lambda one: one.ok or one.status < 400 or faults.append(f"{one.status} {one.url}"))
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    yield context.new_page()
    context.close()
    assert faults == []


def test_the_folders_own_address_leads_to_a_live_lesson(page, site):
    page.goto(site)
    page.wait_for_url(f"{site}book/index.html")
    page.get_by_role("link", name="Measurement", exact=True).first.click()
    page.locator("article").get_by_role("link", name="XmR charts: which number deserves a question?").click()
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    page.get_by_label("I would ask at").fill("40")
    page.get_by_role("button", name="Commit and show me").click()
    page.get_by_label("Target or need").first.fill("36")
    view = views.compute("xmr-studio", {"prediction": 40, "target": 36})
    for panel in (one for one in view["panels"] if one["type"] == "sentence"):
        expect(page.locator(".iip-panels").first).to_contain_text(panel["text"], timeout=2 * LIVE)
    page.get_by_role("button", name="I have done this lesson").click()
    page.get_by_role("link", name="See, save or erase your record").click()
    expect(page.locator("[data-record-page]")).to_contain_text("XmR charts")


def test_search_finds_a_lesson_and_opens_it(page, site):
    page.goto(f"{site}book/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("tampering")
    page.keyboard.press("Enter")
    page.locator("ul.search").get_by_role("link", name="Tampering", exact=True).click()
    page.wait_for_url(f"{site}modules/measurement/tampering.html**")
    expect(page.locator("article h1").first).to_contain_text("Tampering")
