"""The board session's slides as presenter and board meet them: full window, keyboard, notes, live charts, A4."""

import re

import pytest

from browsing import FOCUSED, LIVE, faults_of, overflow, tab_to

DECK = "book/kits/board-session/deck.html"
CURRENT = ".slide-current"
SIZES = [(1280, 720), (1024, 768)]
# Where a slide's own content ends beyond what is seen of it, in pixels; a chart may scroll within itself.
SPILLS = """
() => {
  const slide = document.querySelector(".slide-current");
  const seen = slide.getBoundingClientRect();
  const bar = document.querySelector(".slides-bar").getBoundingClientRect();
  const chart = slide.querySelector(".iip");
  return {
    down: slide.scrollHeight - slide.clientHeight,
    across: slide.scrollWidth - slide.clientWidth,
    under: Math.max(0, seen.bottom - bar.top),
    bar: Math.max(0, bar.bottom - innerHeight, bar.right - innerWidth),
    chartAcross: chart ? chart.scrollWidth - chart.clientWidth : 0,
    chartSmall: chart ? Math.max(0, 300 - chart.clientHeight) : 0,
  };
}
"""


def present(opener, size=(1280, 720), address=DECK, **options):
    width, height = size
    page = opener(address, viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
    page.get_by_role("button", name="Show as slides").click()
    return page


def title(page):
    return page.locator(f"{CURRENT} > :is(h2, h3)").inner_text().strip().rstrip("#").strip()


def titles(page):
    headings = page.locator("section.slide > :is(h2, h3)").all_text_contents()
    return [heading.rstrip("#").strip() for heading in headings]


def to_slide_with(page, kind):
    """Press Page Down until the slide with that widget is shown, and return the widget's place."""
    for _ in range(30):
        widget = page.locator(f"{CURRENT} [data-widget='{kind}']")
        if widget.count():
            return widget
        page.keyboard.press("PageDown")
    pytest.fail(f"no slide shows {kind}")


def test_the_keyboard_goes_through_every_slide_and_back_and_escape_returns(opener):
    page = present(opener)
    all_titles = titles(page)
    assert len(all_titles) > 10
    for number, expected in enumerate(all_titles, start=1):
        assert title(page) == expected
        assert page.locator("section.slide:visible").count() == 1
        assert page.evaluate(
            "document.activeElement === document.querySelector('.slide-current > :is(h2, h3)')"
        )
        assert page.locator(".slides-place").inner_text() == f"{number} of {len(all_titles)}"
        page.keyboard.press("ArrowRight")
    assert title(page) == all_titles[-1]  # the last stays
    page.keyboard.press("ArrowLeft")
    assert title(page) == all_titles[-2]
    page.keyboard.press("Home")
    assert title(page) == all_titles[0]
    page.keyboard.press("End")
    assert title(page) == all_titles[-1]
    page.keyboard.press("Escape")
    assert page.locator("section.slide:visible").count() == len(all_titles)
    assert page.evaluate(FOCUSED)[2] == "Show as slides"
    assert page.locator(".slides-bar").count() == 0
    assert page.locator(".bd-sidebar-primary").is_visible()


def test_buttons_move_too_and_only_slide_and_bar_can_be_reached(opener):
    page = present(opener)
    first = titles(page)[0]
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED)[2])
    assert reached[:6] == ["Previous", "Next", "Start the clock", "Show notes", "Notes in a window", "Leave"]
    page.get_by_role("button", name="Next").click()
    assert title(page) == titles(page)[1]
    page.get_by_role("button", name="Previous").click()
    assert title(page) == first
    page.get_by_role("button", name="Leave").click()
    assert page.locator(".slides-bar").count() == 0


def test_a_chart_comes_before_the_bar_in_the_order_of_focus(opener):
    page = present(opener)
    to_slide_with(page, "trilogy")
    places = []
    for _ in range(12):
        page.keyboard.press("Tab")
        places.append(
            page.evaluate(
                "document.activeElement.closest('.slides-bar') ? 'bar' : document.activeElement.closest('.slide-current') ? 'slide' : 'else'"
            )
        )
    assert places[0] == "slide"
    assert "else" not in places[: places.index("bar") + 6]
    assert "slide" not in places[places.index("bar") : places.index("bar") + 6]


def test_a_chart_on_a_slide_computes_and_keeps_its_state_and_its_keys(opener):
    page = present(opener)
    place = to_slide_with(page, "thinning")
    here = title(page)
    page.evaluate("document.querySelector('.slide-current .iip').dataset.mine = 'same'")
    place.get_by_label("As many as before").check()
    place.get_by_role("button", name=re.compile("Commit")).click()
    place.locator(".iip-range").first.wait_for()
    before = place.locator(".iip-panels").inner_text()
    slider = place.locator(".iip-range").first
    slider.focus()
    value = slider.input_value()
    page.keyboard.press("ArrowRight")
    assert slider.input_value() != value
    assert title(page) == here  # the arrow was the slider's
    page.wait_for_function(
        "before => document.querySelector('.slide-current .iip-panels').innerText !== before",
        arg=before,
        timeout=LIVE,
    )
    page.keyboard.press("Escape")
    kept = page.locator("[data-widget='thinning']")
    assert kept.locator(".iip").get_attribute("data-mine") == "same"
    assert kept.locator(".iip-range").first.input_value() == str(int(value) + 1)
    assert page.locator("[data-widget='thinning'] .iip").count() == 1


def test_notes_are_shown_by_key_said_aloud_and_hidden_otherwise(opener):
    page = present(opener)
    assert page.locator(".presenter-note:visible").count() == 0
    page.keyboard.press("Alt+n")
    assert page.locator(".presenter-note:visible").count() == 1
    assert "stand aside" in page.locator(".presenter-note:visible").inner_text()
    assert page.locator(".slides-bar [role=status]").inner_text() == "Notes shown."
    assert page.get_by_role("button", name="Hide notes").is_visible()
    page.keyboard.press("Alt+n")
    assert page.locator(".presenter-note:visible").count() == 0
    assert page.locator(".slides-bar [role=status]").inner_text() == "Notes hidden."


def test_a_second_window_follows_and_leads(opener):
    page = present(opener)
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Notes in a window").click()
    notes = popup.value
    names = titles(page)
    assert names[0] in notes.get_by_role("heading").inner_text()
    assert f"Next: {names[1]}" in notes.locator("body").inner_text()
    page.keyboard.press("PageDown")
    assert names[1] in notes.get_by_role("heading").inner_text()
    notes.get_by_role("button", name="Next").click()
    assert title(page) == names[2]
    notes.keyboard.press("ArrowLeft")
    assert title(page) == names[1]
    assert faults_of(notes) == []
    with notes.expect_event("close"):
        page.keyboard.press("Escape")


def test_the_clock_counts_each_part_by_itself_and_says_when_it_is_over(opener):
    page = opener.context(viewport={"width": 1280, "height": 720}).new_page()
    page.clock.install()
    page.goto(opener.origin + DECK)
    page.get_by_role("button", name="Show as slides").click()
    clock = page.get_by_role("timer")
    assert clock.inner_text() == "0:00 of 8:00"
    page.get_by_role("button", name="Start the clock").click()
    page.clock.run_for(65_000)
    assert clock.inner_text() == "1:05 of 8:00"
    page.keyboard.press("PageDown")
    assert clock.inner_text() == "1:05 of 8:00"  # the second slide of the same part
    page.keyboard.press("PageDown")
    assert clock.inner_text() == "0:00 of 12:00"
    page.keyboard.press("PageUp")
    page.clock.run_for(60_000 * 7)
    assert clock.inner_text() == "8:05 of 8:00, over"
    page.get_by_role("button", name="Stop the clock").click()
    page.clock.run_for(30_000)
    assert clock.inner_text() == "8:05 of 8:00, over"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", [DECK, "book/kits/board-session/icb.html"])
def test_no_slide_spills_before_its_guess_or_after(opener, size, address):
    page = present(opener, size, address)
    spilt = {}
    for name in titles(page):
        form = page.locator(f"{CURRENT} .iip-prediction form")
        found = [page.evaluate(SPILLS)]
        if form.count():
            answer = form.locator("input").first
            if answer.get_attribute("type") == "number":
                answer.fill("40")
            else:
                answer.check()
            form.get_by_role("button").click()
            page.locator(f"{CURRENT} [data-live=ready]").wait_for(timeout=LIVE)
            found.append(page.evaluate(SPILLS))
        page.keyboard.press("Alt+n")
        found.append(
            {key: value for key, value in page.evaluate(SPILLS).items() if key in ("across", "under", "bar")}
        )
        page.keyboard.press("Alt+n")
        if any(value > 1 for one in found for value in one.values()):
            spilt[name] = found
        page.locator(f"{CURRENT} > :is(h2, h3)").focus()
        page.keyboard.press("PageDown")
    assert spilt == {}


def test_every_slide_is_faultless_for_axe_with_its_notes(opener):
    page = present(opener)
    page.keyboard.press("Alt+n")
    faults = {}
    for name in titles(page):
        if found := faults_of(page):
            faults[name] = found
        page.keyboard.press("PageDown")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    if found := faults_of(page, contrast_only=True):
        faults["dark"] = found
    assert faults == {}


def test_on_a_phone_the_deck_reads_as_a_page(opener):
    page = opener(DECK, viewport={"width": 390, "height": 844})
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    assert overflow(page) == 0
    assert page.locator(".presenter-note:visible").count() == page.locator("section.slide").count()
    page.get_by_role("button", name="Show as slides").click()
    assert overflow(page) == 0
    page.keyboard.press("Escape")
    tab_to(page, "Print slides with notes", tag="button")


# How far each element that is printed reaches over the paper's text area, and each slide over one page's height.
BEYOND_PAPER = """
(height) => {
  const wide = document.documentElement.clientWidth;
  const shown = [...document.querySelectorAll(".slide, .slide *")].filter((one) => one.getClientRects().length);
  return {
    across: Math.max(0, ...shown.filter((one) => !one.closest(".iip-sr, svg")).map((one) => one.getBoundingClientRect().right - wide)),
    tall: [...document.querySelectorAll(".slide")].filter((one) => one.getBoundingClientRect().height > height).map((one) => one.querySelector("h2").innerText),
    notes: [...document.querySelectorAll(".presenter-note")].filter((one) => one.getClientRects().length).length,
    tools: [...document.querySelectorAll(".slides-offer, .iip-controls, .iip-actions, .slides-bar")].filter((one) => one.getClientRects().length).length,
  };
}
"""
A4_TEXT = (718, 1047)  # A4 at 96 pixels an inch, less margins of 1 cm


@pytest.mark.parametrize("handouts", [False, True])
def test_on_a4_each_slide_fits_a_page_whole_with_its_note_or_room_for_one(opener, handouts):
    page = opener(DECK, viewport={"width": A4_TEXT[0], "height": A4_TEXT[1]})
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    slides = page.locator("section.slide").count()
    if handouts:
        page.evaluate("window.print = () => {}")
        page.get_by_role("button", name="Print handouts").click()
    page.emulate_media(media="print")
    found = page.evaluate(BEYOND_PAPER, A4_TEXT[1])
    assert found == {"across": 0, "tall": [], "notes": 0 if handouts else slides, "tools": 0}
    printed = page.pdf(format="A4")
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert slides / 3 <= sheets <= slides + 1
    if handouts:
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator(".presenter-note:visible").count() == slides


def test_printing_while_showing_prints_the_whole_deck(opener):
    page = present(opener)
    page.keyboard.press("PageDown")
    page.emulate_media(media="print")
    assert page.locator("section.slide:visible").count() == page.locator("section.slide").count()
