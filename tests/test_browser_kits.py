"""The kits as they are used: ticked by keyboard, printed on A4, and two markers compared in the page."""

import re

import pytest
from playwright.sync_api import expect

from browsing import LIVE, tab_to, visit

DAY_1 = "book/kits/onboarding/day-1.html"
PAPER = "book/kits/facilitator/paper-kit.html"
CALIBRATION = "book/kits/facilitator/calibration.html"
A4 = (595, 842)  # points; browsers round up


def printed(page):
    """The width and height, in points, of each page of the print."""
    pdf = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "12mm"))
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_a_checklist_is_ticked_by_keyboard_and_keeps_its_ticks_in_the_tab(opener):
    page = opener.context().new_page()
    visit(page, opener.origin + DAY_1)
    count = page.locator(".checklist-bar [role=status]")
    boxes = page.locator("ul.checklist input")
    everything = boxes.count()
    expect(count).to_have_text(f"0 of {everything} done")
    tab_to(page, "Be at the door.")
    page.keyboard.press("Space")
    expect(count).to_have_text(f"1 of {everything} done")
    page.reload()
    expect(count).to_have_text(f"1 of {everything} done")
    expect(page.get_by_label("Be at the door.")).to_be_checked()
    tab_to(page, "Clear the ticks", "button")
    page.keyboard.press("Enter")
    expect(count).to_have_text(f"0 of {everything} done")
    page.reload()
    expect(page.get_by_label("Be at the door.")).not_to_be_checked()


def test_ticks_of_one_page_are_not_those_of_another(opener):
    page = opener.context().new_page()
    visit(page, opener.origin + DAY_1)
    page.get_by_label("Be at the door.").check()
    visit(page, opener.origin + DAY_1.replace("day-1", "week-1"))
    expect(page.locator(".checklist-bar [role=status]")).to_contain_text("0 of ")


@pytest.mark.parametrize("stage", ["day-1", "week-1", "month-1", "month-2", "month-3"])
def test_member_buddy_and_manager_each_get_one_side_of_a4(opener, stage):
    page = opener.context().new_page()
    visit(page, opener.origin + DAY_1.replace("day-1", stage))
    sheets = printed(page)
    assert all(sheet == pytest.approx(A4, abs=1.5) for sheet in sheets)
    assert len(sheets) == 3
    page.emulate_media(media="print")
    assert page.locator(".checklist-bar").is_hidden()
    box = page.locator("ul.checklist input").first
    assert box.evaluate("node => getComputedStyle(node).borderTopWidth") != "0px"
    assert box.evaluate("node => node.getBoundingClientRect().width") > 10


def test_the_paper_kit_prints_on_a4_and_each_sheet_fits_one_side(opener):
    page = opener.context().new_page()
    visit(page, opener.origin + PAPER)
    sheets = printed(page)
    assert all(sheet == pytest.approx(A4, abs=1.5) for sheet in sheets)
    assert 6 <= len(sheets) <= 9
    page.set_viewport_size({"width": 703, "height": 1000})  # what 186 mm hold, as the margins leave them
    page.emulate_media(media="print")
    tall = page.evaluate(
        "[...document.querySelectorAll('.paper-sheet')].map((one) => one.getBoundingClientRect().height)"
    )
    assert len(tall) == 2
    assert max(tall) < 1032  # 273 mm


def test_two_markers_compare_in_the_page(opener):
    page = opener(CALIBRATION)
    widget = page.locator("[data-live]").first
    widget.get_by_label("Exactly the same").fill("20")
    widget.get_by_role("button", name="Commit and show me").click()
    for script, marks in (("A", 5), ("B", 5), ("C", 5), ("D", 4), ("E", 6), ("F", 5)):
        widget.get_by_label("Which script?").select_option(script)
        for select in widget.locator(".iip-card select").all()[:marks]:
            select.select_option("3")
    widget.get_by_label("Compare", exact=True).check()
    expect(widget).to_contain_text("the same on 11 of 30 marks", timeout=LIVE)
    widget.get_by_label("another marker's").check()
    widget.get_by_label("The other marker's line").fill("A 3 3 3 3 3; F 3 3 3 3 0")
    expect(widget).to_contain_text("the same on 9 of 10 marks", timeout=LIVE)
    expect(widget).to_contain_text("10 marks are too few for kappa")
