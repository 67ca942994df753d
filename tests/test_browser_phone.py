"""Every page of the built book on a phone: nothing runs off the side, before and after each widget has answered."""

import json

from playwright.sync_api import expect

from browsing import LIVE, faults_of, overflow, visit


def commit_every_guess(page):
    """Answer each open question with whatever stands first, and wait until Python has answered."""
    open_questions = page.locator(".iip-prediction form")
    while left := open_questions.count():
        form = open_questions.first
        box = form.locator("input[type=number]")
        if box.count():
            box.first.fill(box.first.get_attribute("max") or box.first.get_attribute("min") or "10")
        elif form.locator("input[type=radio]").count():
            form.locator("input[type=radio]").first.check()
        form.locator("button[type=submit]").click()
        expect(open_questions).to_have_count(left - 1)
    if page.locator("[data-live]").count():
        page.locator("[data-live]").first.dispatch_event("pointerenter")
        expect(page.locator("[data-live]").first).to_have_attribute("data-live", "ready", timeout=LIVE)


def test_no_page_scrolls_sideways_and_none_has_a_fault_once_everything_is_open(opener, pages):
    page = opener(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    wide, faults = [], {}

    def measure(address, when):
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if overflow(page) > 0:
                wide.append((address, when, width, overflow(page)))

    for address in pages:
        visit(page, opener.origin + address)
        measure(address, "closed")
        if not page.locator("[data-live], [data-lanes]").count():
            continue
        commit_every_guess(page)
        page.evaluate("document.documentElement.dataset.lane = 'build'")
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
        page.wait_for_timeout(300)  # the last widget to be answered redraws
        measure(address, "open")
        if found := faults_of(page):
            faults[address] = found
    assert wide == []
    assert faults == {}, json.dumps(faults, indent=1)


def test_a_table_of_words_names_the_column_before_each_answer_on_a_phone_only(opener):
    page = opener("book/kits/facilitator/measuring.html", viewport={"width": 390, "height": 800})
    row = page.locator("table.stacks").first.locator("tbody tr").first
    cells, names = row.locator("td"), row.locator(".column-name")
    tops = [cell.bounding_box()["y"] for cell in cells.all()]
    assert tops == sorted(set(tops))
    assert len(tops) == 4
    shown = "(label) => getComputedStyle(label, '::before').content"
    assert [label.evaluate(shown) for label in names.all()] == ['"question: "', '"how: "', '"when: "']
    page.set_viewport_size({"width": 1280, "height": 800})
    assert len({cell.bounding_box()["y"] for cell in cells.all()}) == 1
    assert {label.evaluate(shown) for label in names.all()} == {"none"}
    assert " ".join(row.inner_text().split()).endswith("three items, one minute, no names as they leave")
