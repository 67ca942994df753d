"""The built book in a real browser: live without a server, by keyboard, on a phone, without scripts."""

import csv
import io
import json
import re
import struct

import pytest
from playwright.sync_api import expect

from browsing import LIVE, faults_of, tab_to
from coursekit.build.frontend import browser_sources
from improvement import views


def paste_box(page):
    page.get_by_label("Whose numbers?").focus()
    page.get_by_label("Whose numbers?").select_option("own")
    return page.get_by_role("textbox", name="Your numbers")


def predict(page, guess="40"):
    """Commit to a guess and wait for the answer that Python gives to it."""
    page.get_by_label("I would ask at").fill(guess)
    page.get_by_role("button", name="Commit and show me").click()
    expect(page.locator(".iip-sentence").first).to_contain_text("Your line", timeout=LIVE)


def words_of(view):
    """Every sentence, verdict and finding of a view, as the page prints them."""
    words = []
    for panel in view["panels"]:
        if panel["type"] == "sentence":
            words.append(f"{panel['heading']}. {panel['text']}" if panel["heading"] else panel["text"])
        elif panel["type"] == "verdict":
            words += [panel["words"], panel["text"]]
        elif panel["type"] == "listing":
            words += panel["items"] or [panel["empty"]]
    return words


def expect_the_answer_of_python(page, params):
    view = views.compute("xmr-studio", params)
    spoken = words_of(view)
    assert len(spoken) > 4
    for words in spoken:
        expect(page.locator(".iip-panels").first).to_contain_text(words, timeout=LIVE)
    sentences = [" ".join(text.split()) for text in page.locator(".iip-sentence").all_text_contents()]
    assert sentences == [
        f"{panel['heading']}. {panel['text']}" for panel in view["panels"] if panel["type"] == "sentence"
    ]
    notices = [text.split(": ", 1)[1] for text in page.locator(".iip-notice").all_text_contents()]
    assert notices == [notice["text"] for notice in view["notices"]]
    return view


# The studio, live


def test_the_limits_are_kept_back_until_the_reader_has_predicted(page, by_hand, northfield):
    limits = by_hand(northfield[:24])
    drawn = page.locator(".iip-figure svg").first
    shown = [f"{number:.1f}" for number in (limits.upper, limits.lower)]
    assert not any(number in drawn.text_content() for number in shown)
    expect(page.locator(".iip-sentence")).to_have_count(0)
    expect(page.get_by_role("button", name="Save data").first).to_be_disabled()
    page.get_by_role("button", name="Commit and show me").click()
    expect(page.locator(".iip-prediction").first).to_contain_text("Give your best guess first")
    predict(page)
    for number in shown:
        expect(drawn).to_contain_text(re.sub(r"\.0$", "", number))
    expect(page.locator(".iip-prediction").first).to_be_empty()
    view = expect_the_answer_of_python(page, {"prediction": 40})
    (feedback,) = [panel for panel in view["panels"] if panel.get("heading") == "Your line"]
    assert "40.0" in feedback["text"]


def test_a_target_and_a_baseline_set_by_keyboard_change_the_numbers_to_those_of_python(page):
    tab_to(page, "I would ask at")
    page.keyboard.type("52")
    page.keyboard.press("Enter")
    first = expect_the_answer_of_python(page, {"prediction": 52})

    tab_to(page, "Target or need")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("36")
    second = expect_the_answer_of_python(page, {"prediction": 52, "target": 36})
    assert words_of(first) != words_of(second)

    page.keyboard.press("ArrowUp")
    expect_the_answer_of_python(page, {"prediction": 52, "target": 36.5})

    tab_to(page, "Points used for the limits")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Backspace")
    third = expect_the_answer_of_python(page, {"prediction": 52, "target": 36.5, "baseline": None})
    assert third["summary"] != second["summary"]

    tab_to(page, "Leave out freak moving ranges")
    page.keyboard.press("Space")
    expect_the_answer_of_python(page, {"prediction": 52, "target": 36.5, "baseline": None, "screen": True})


@pytest.mark.parametrize(("down", "source"), [(1, "practice"), (2, "sepsis")])
def test_each_example_can_be_chosen_by_keyboard(page, down, source):
    predict(page, "61")
    tab_to(page, "Whose numbers?", tag="select")
    for _ in range(down):
        page.keyboard.press("ArrowDown")
    (control,) = [one for one in views.spec("xmr-studio")["controls"] if one["name"] == "source"]
    (chosen,) = [one for one in control["options"] if one["value"] == source]
    expect_the_answer_of_python(page, {"prediction": 61, "source": source, **chosen["sets"]})


def test_new_limits_wait_for_a_reason_and_appear_with_it(page):
    predict(page)
    page.get_by_role("button", name="Add a recalculation").click()
    expect(page.locator(".iip-notices").first).to_contain_text("reason", timeout=LIVE)
    page.get_by_label("What changed in the work?").fill("Handover bay opened")
    params = {"prediction": 40, "recalculations": [{"at": 25, "reason": "Handover bay opened"}]}
    expect_the_answer_of_python(page, params)
    expect(page.locator(".iip-figure svg").first).to_contain_text("Handover bay opened")


BAD_PASTES = {
    "text": ("12\n14\nabc\n15", "Row 3"),
    "infinite": ("12\n14\ninf", "Row 3"),
    "mixed percentages": ("12\n14%\n15", "Row 2"),
    "one number": ("12", "at least two"),
}


@pytest.mark.parametrize("case", BAD_PASTES)
def test_bad_numbers_are_answered_by_row_and_stay_in_the_box(page, case):
    pasted, said = BAD_PASTES[case]
    box = paste_box(page)
    box.fill(pasted)
    expect(page.locator(".iip-notice-error")).to_contain_text(said, timeout=LIVE)
    assert box.input_value() == pasted
    expect(page.locator(".iip-figure svg").first).to_be_visible()


def test_mended_numbers_are_charted(page):
    predict(page, "12")
    box = paste_box(page)
    box.fill("12\n14\nabc\n15\n11")
    expect(page.locator(".iip-notice-error")).to_contain_text("Row 3", timeout=LIVE)
    box.fill("12\n14\n13\n15\n11")
    settled = {"target": None, "baseline": None, "improvement_direction": "neutral", "prediction": 12}
    expect_the_answer_of_python(page, {"source": "own", "pasted": "12\n14\n13\n15\n11", **settled})


def test_numbers_can_come_from_a_file(page, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("week,minutes\n5 Jan,12\n12 Jan,14\n19 Jan,13\n", encoding="utf-8")
    predict(page, "12")
    box = paste_box(page)
    page.get_by_label("or open a CSV or text file").set_input_files(file)
    settled = {"target": None, "baseline": None, "improvement_direction": "neutral", "prediction": 12}
    expect_the_answer_of_python(
        page, {"source": "own", "pasted": file.read_text(encoding="utf-8"), **settled}
    )
    assert box.input_value() == file.read_text(encoding="utf-8")


def test_a_file_of_a_hundred_thousand_rows_is_answered_and_leaves_the_page_usable(page, tmp_path):
    file = tmp_path / "long.csv"
    file.write_text("\n".join(str(number % 89) for number in range(100_000)), encoding="utf-8")
    box = paste_box(page)
    page.get_by_label("or open a CSV or text file").set_input_files(file)
    expect(page.locator(".iip-notice-error")).to_contain_text("100,000", timeout=LIVE)
    assert page.evaluate("(box) => box.value.length", box.element_handle()) == file.stat().st_size
    page.get_by_label("Whose numbers?").select_option("ambulance")
    expect(page.locator(".iip-notice-error")).to_have_count(0, timeout=LIVE)


def test_reset_brings_back_the_start_and_the_question(page):
    start = page.locator(".iip-figure svg").first.text_content()
    predict(page)
    page.get_by_label("Target or need").fill("12")
    expect_the_answer_of_python(page, {"prediction": 40, "target": 12})
    page.get_by_role("button", name="Reset").first.click()
    expect(page.get_by_role("button", name="Commit and show me")).to_be_visible()
    expect(page.locator(".iip-sentence")).to_have_count(0)
    assert page.get_by_label("Target or need").input_value() == "30"
    expect(page.get_by_role("button", name="Save data").first).to_be_disabled()
    page.wait_for_function(
        "(wanted) => document.querySelector('.iip-figure svg').textContent === wanted",
        arg=start,
    )


def test_the_data_saved_are_the_rows_of_python(page):
    predict(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save data").first.click()
    assert saving.value.suggested_filename == "xmr-studio.csv"
    rows = list(csv.reader(io.StringIO(saving.value.path().read_bytes().decode("utf-8-sig"), newline="")))
    data = views.compute("xmr-studio", {"prediction": 40})["data"]
    assert rows[0] == data["columns"]
    assert len(rows) == len(data["rows"]) + 1 == 61
    for saved, row in zip(rows[1:], data["rows"], strict=True):
        for cell, value in zip(saved, row, strict=True):
            if isinstance(value, int | float):
                assert float(cell) == value
            else:
                assert cell == (value or "")


def test_the_picture_saved_is_a_png_with_something_on_it(page):
    predict(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save picture").first.click()
    picture = saving.value.path().read_bytes()
    assert saving.value.suggested_filename == "xmr-studio.png"
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width > 1000
    assert height > 1000
    assert len(picture) > 30_000  # a blank sheet of this size compresses to a few thousand bytes


def test_a_second_widget_is_live_in_a_page_with_no_edit_to_host_worker_or_shell(
    opener, second_widget, book, embedded_state, tmp_path
):
    """The lesson's page and the browser's Python, with only the widget's one file and its own state put in."""
    sources = browser_sources()
    sources["improvement/views/doubling_demo.py"] = (tmp_path / "doubling_demo.py").read_text(
        encoding="utf-8"
    )
    html = (book / "modules/measurement/xmr-charts.html").read_text(encoding="utf-8")
    place, saved = embedded_state(html)
    spec = views.spec(second_widget)
    for model in saved["state"].values():
        if "spec" in model["state"]:
            model["state"].update(
                kind=second_widget, spec=spec, params=spec["defaults"], view=views.compute(second_widget, {})
            )
    html = html[: place.start(2)] + json.dumps(saved).replace("</", "<\\/") + html[place.end(2) :]
    context = opener.context()
    context.route("**/xmr-charts.html", lambda route: route.fulfill(body=html, content_type="text/html"))
    context.route("**/improvement.json", lambda route: route.fulfill(json=sources))
    page = context.new_page()
    page.goto(opener.origin + "modules/measurement/xmr-charts.html")
    widget = page.get_by_role("region", name="Doubling").first
    expect(widget).to_contain_text("The double is 42.")
    widget.get_by_label("Number to double", exact=True).fill("8")
    expect(widget).to_contain_text("The double is 16.", timeout=LIVE)
    widget.get_by_label("Change its sign").check()
    expect(widget).to_contain_text("The double is -16.", timeout=LIVE)


# Self-checks and the sector switch


def test_a_self_check_is_answered_by_keyboard_and_told_why(page):
    check = page.get_by_role("region", name="Check yourself")
    tab_to(page, "A crisis line took")
    page.keyboard.type("1.5")
    page.keyboard.press("Enter")
    expect(check.locator(".iip-feedback")).to_contain_text(
        "Not quite. That keeps the direction", timeout=LIVE
    )
    page.keyboard.press("Control+A")
    page.keyboard.type("3.5")
    page.keyboard.press("Enter")
    expect(check.locator(".iip-feedback")).to_contain_text("Right. The steps are 3, 4, 3 and 4", timeout=LIVE)
    check.get_by_role("button", name="Check my answer").nth(1).click()
    expect(check).to_contain_text("Choose an answer first")
    check.get_by_label("Nothing", exact=True).check()
    check.get_by_role("button", name="Check my answer").nth(1).click()
    expect(check.locator(".iip-feedback").nth(1)).to_contain_text("Right. Limits say what the process does")
    expect(check.locator(".iip-feedback").first).to_contain_text("Right")


def test_whoever_says_where_they_work_gets_examples_from_there_in_this_tab_only(opener):
    context = opener.context()
    page = context.new_page()
    page.goto(opener.origin + "modules/measurement/xmr-charts.html")
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    assert not page.evaluate("[...Object.keys(localStorage)].some((name) => name.includes('sector'))")
    tab_to(page, "Examples from", "select")
    page.get_by_label("Examples from").select_option("primary care")
    expect(page.get_by_label("Whose numbers?")).to_have_value("practice")
    expect(page.locator("figcaption").first).to_contain_text("Calls to the practice", timeout=LIVE)
    page.reload()
    expect(page.locator("figcaption").first).to_contain_text("Calls to the practice", timeout=LIVE)
    stranger = opener.context().new_page()
    stranger.goto(opener.origin + "modules/measurement/xmr-charts.html")
    expect(stranger.locator("figcaption").first).to_contain_text("Northfield")


# Where things fail


def test_with_python_blocked_the_page_stays_whole_and_says_so(opener):
    context = opener.context()
    context.route("**/*.wasm", lambda route: route.abort())
    page = context.new_page()
    page.goto(opener.origin + "modules/measurement/xmr-charts.html")
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    page.get_by_label("I would ask at").fill("40")
    page.get_by_role("button", name="Commit and show me").click()
    expect(page.locator(".iip-status").first).to_contain_text("could not start here", timeout=LIVE)
    expect(page.locator(".iip-figure svg").first).to_be_visible()
    expect(page.locator(".iip-sentence").first).to_be_visible()
    page.wait_for_timeout(1000)
    expect(page.locator(".iip-status").first).to_contain_text("could not start here")
    expect(page.get_by_role("heading", name="One next action")).to_be_visible()


def test_without_scripts_the_whole_lesson_reads(opener, by_hand, northfield):
    page = opener(java_script_enabled=False)
    for heading in ("Guess, then look", "Change one line", "Build it", "The best case against"):
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    answer = page.locator("[data-widget] details").first
    expect(answer.locator("svg").first).to_be_hidden()
    answer.locator("summary").first.click()
    expect(answer.locator("svg").first).to_be_visible()
    limits = by_hand(northfield[:24])
    for number in (limits.mean, limits.lower, limits.upper):
        expect(answer.locator(".iip-sentence").first).to_contain_text(f"{number:.1f}")
    answer.get_by_text("Every point, with its limits and signals").click()
    expect(answer.locator("tbody tr").last).to_be_visible()
    assert answer.locator("tbody tr").count() == 60


# Everyone


def test_the_lane_is_switched_by_keyboard_and_kept(page):
    light, built = (
        page.get_by_text("The same chart in four lines"),
        page.get_by_role("heading", name="Build it"),
    )
    expect(light).to_be_hidden()
    tab_to(page, "No code")
    page.keyboard.press("ArrowRight")
    expect(light).to_be_visible()
    expect(built).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(built).to_be_visible()
    page.reload()
    expect(built).to_be_visible()
    expect(page.get_by_role("radio", name="Build it")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_fault_in_the_lesson_with_everything_open(opener, scheme, width):
    page = opener(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    predict(page)
    paste_box(page).fill("12\n14\nabc")
    expect(page.locator(".iip-notice-error")).to_contain_text("Row 3", timeout=LIVE)
    page.get_by_role("button", name="Add a recalculation").click()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.get_by_role("radio", name="Build it").check(force=True)
    found = faults_of(page)
    assert found == [], json.dumps(found, indent=1)
