"""One reader, by keyboard alone: start page, a lesson to its end, the evidence pack."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from browsing import FOCUSED, LIVE, faults_of, tab_to

START = "/book/index.html"


def follow(page: Page, name: str, presses: int = 400) -> None:
    """Press Tab until the link of that name has the focus, then Enter."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        tag, _, label = page.evaluate(FOCUSED)
        if tag == "a" and label.startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no link {name!r} can be reached with the Tab key")


def test_from_the_start_page_to_a_finished_lesson_to_the_evidence_pack(opener) -> None:
    page = opener(START)
    tab_to(page, "Who are you?", tag="select")
    page.keyboard.type("Ward")
    page.keyboard.press("Tab")
    page.keyboard.type("15")
    page.keyboard.press("Tab")
    link = page.locator(".start-answer .start-lesson a")
    title = re.sub(r"^M\d\d\.\d+ ", "", link.inner_text())
    follow(page, link.inner_text())
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.locator("[data-live] .iip-figure svg, [data-live] fieldset").first.wait_for()

    guess = page.locator("[data-live] .iip-prediction").first
    expect(guess).to_be_visible()
    choice = guess.locator("input").first
    for _ in range(200):
        if choice.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    commit = guess.get_by_role("button").first
    for _ in range(30):
        if commit.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-live]").first).to_contain_text(
        re.compile("You guessed|Your guess"), timeout=LIVE
    )

    tab_to(page, "What will you do", "input")
    page.keyboard.type("Show the team one chart")
    page.keyboard.press("Enter")
    tab_to(page, "I have done this lesson", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Not done after all")).to_be_focused()

    follow(page, "Evidence pack")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Evidence pack")
    expect(page.locator("[data-pack-page], .record").first).to_contain_text(title[:20])
    assert faults_of(page) == []
