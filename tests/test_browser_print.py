"""A lesson on paper: no navigation, no controls, whole figures, and dark words on light paper whatever the screen was."""

import pytest
from playwright.sync_api import expect

from browsing import visit
from conftest import LESSON
from test_browser import predict

NOT_PRINTED = [
    ".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header", ".prev-next-footer", "#jb-print-toc",
    ".lanes", ".sectors", ".notebook-links", ".iip-actions", ".iip-status", ".iip-question-form button",
    ".iip:not(.iip-questions) .iip-controls",
]  # fmt: skip
A4 = {"width": 794, "height": 1123}


@pytest.fixture
def paper(opener):
    page = opener.context(color_scheme="dark").new_page()
    page.add_init_script("localStorage.setItem('mode', 'dark'); localStorage.setItem('theme', 'dark')")
    visit(page, opener.origin + LESSON)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    predict(page)
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    return page


def test_paper_has_the_lesson_and_nothing_to_press(paper):
    for selector in NOT_PRINTED:
        assert paper.locator(selector).count(), f"nothing is {selector}: the page has changed"
        assert not [one for one in paper.locator(selector).all() if one.is_visible()], selector
    for words in ("which number deserves a question", "Your line", "The best case against"):
        expect(paper.get_by_text(words).filter(visible=True).first).to_be_visible()
    expect(paper.get_by_role("heading", level=1).filter(visible=True)).to_have_count(1)


def test_figures_stay_whole_and_fit(paper):
    figures = paper.locator(".iip-figure").filter(visible=True)
    assert figures.count() >= 2
    for figure in figures.all():
        assert figure.evaluate("(one) => getComputedStyle(one).breakInside") == "avoid"
        assert figure.bounding_box()["width"] <= A4["width"]


def test_paper_is_light_though_the_screen_was_dark(paper):
    colours = "(one) => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).map(Number)"
    for words in ("Nobody has asked whether", "Your line"):
        assert max(paper.get_by_text(words).last.evaluate(colours)) < 100  # near black
    stroke = "(one) => getComputedStyle(one).stroke.match(/\\d+/g).slice(0, 3).map(Number)"
    assert max(paper.locator(".iip-icon").first.evaluate(stroke)) < 200
