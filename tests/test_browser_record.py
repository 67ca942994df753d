"""The learner's record in a real browser: a lesson done, found again, saved, erased, opened, printed, and never sent."""

import base64
import json
import re

import pytest
from playwright.sync_api import expect

from browsing import LIVE, faults_of, overflow, tab_to, visit
from improvement import views

LESSON = "modules/measurement/xmr-charts.html"
RECORD = "book/record.html"
PACK = "book/evidence-pack.html"
CERTIFICATE = "book/board-certificate.html"
NASTY = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
FORBID = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}
"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


def guess(page, number="40"):
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    page.get_by_label("I would ask at").fill(number)
    page.get_by_role("button", name="Commit and show me").click()
    expect(page.locator(".iip-sentence").first).to_contain_text("Your line", timeout=LIVE)


def do_the_lesson(page):
    """A prediction, one wrong and one right answer, an action with a date, a note, and done."""
    guess(page)
    check = page.get_by_role("region", name="Check yourself")
    check.get_by_label("They move with it").check()
    check.get_by_role("button", name="Check my answer").nth(1).click()
    expect(check.locator(".iip-feedback")).to_contain_text("Not quite", timeout=LIVE)
    check.get_by_label("Nothing", exact=True).check()
    check.get_by_role("button", name="Check my answer").nth(1).click()
    expect(check.locator(".iip-feedback")).to_contain_text("Right", timeout=LIVE)
    end = page.locator("[data-finish]")
    end.get_by_label("What will you do?").fill("Chart our delayed discharges")
    end.get_by_label("By when?").fill("2026-12-01")
    end.get_by_role("button", name="Add to my next actions").click()
    end.get_by_label("A note to yourself").fill("I would have asked every week.")
    end.get_by_role("button", name="I have done this lesson").click()
    expect(end).to_contain_text("15 minutes.")


def saved_record(page):
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    return json.loads(saving.value.path().read_text(encoding="utf-8"))


def file_of(text, name="record.json"):
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def open_record(page, given, how="Add it to what is here"):
    page.get_by_label(how).check()
    text = given if isinstance(given, str) else json.dumps(given)
    page.get_by_label("Open a record that you saved").set_input_files(file_of(text))


def blank(**parts):
    return {"version": 1, **parts}


def without_dates(saved):
    return {name: value for name, value in saved.items() if name not in ("saved", "started")}


def printed(page):
    page.emulate_media(media="print")
    words = page.locator("main").inner_text()
    page.emulate_media(media="screen")
    return words


# One learner, from a fresh browser to paper


def test_a_lesson_done_is_found_again_saved_erased_and_opened(opener):
    page = opener(LESSON)
    do_the_lesson(page)
    page.goto(opener.origin + RECORD)
    main = page.locator("[data-record-page]")
    expect(main).to_contain_text("1 done of 1 opened")
    expect(main).to_contain_text("You guessed: 40")
    (said,) = [
        panel["text"]
        for panel in views.compute("xmr-studio", {"prediction": 40})["panels"]
        if panel.get("heading") == "Your line"
    ]
    expect(main).to_contain_text(f"What happened: {said}")
    answers = page.get_by_role("region", name="Answers of self-checks").locator("tbody tr")
    expect(answers).to_have_count(2)
    expect(answers.nth(0)).to_contain_text("They move with it")
    expect(answers.nth(0).locator("td").last).to_have_text("not yet")
    expect(answers.nth(1).locator("td").last).to_have_text("right")
    expect(page.get_by_label("Chart our delayed discharges (by 1 December 2026)")).not_to_be_checked()
    expect(page.get_by_label("M02.3 XmR charts")).to_have_value("I would have asked every week.")

    first = saved_record(page)
    assert first["version"] == 1
    assert first["lessons"]["M02.3"]["minutes"] == 15
    assert first["predictions"][0]["guess"] == "40"
    assert [one["right"] for one in first["answers"]] == [False, True]

    page.get_by_role("button", name="Erase my record").click()
    page.get_by_role("button", name="No, keep it").click()
    expect(main).to_contain_text("1 done of 1 opened")
    page.get_by_role("button", name="Erase my record").click()
    page.get_by_role("button", name="Yes, erase it").click()
    expect(main).to_contain_text("None yet. Open a lesson")
    page.reload()
    expect(main).to_contain_text("None yet. Open a lesson")
    assert "delayed discharges" not in page.evaluate(KEPT)

    open_record(page, first)
    expect(main).to_contain_text("1 done of 1 opened")
    assert without_dates(saved_record(page)) == without_dates(first)
    open_record(page, first)  # the same file again adds nothing
    assert without_dates(saved_record(page)) == without_dates(first)

    page.goto(opener.origin + LESSON)
    expect(page.locator("[data-finish]")).to_contain_text("You guessed: 40.")
    expect(page.get_by_label("A note to yourself")).to_have_value("I would have asked every week.")


def test_opening_a_file_adds_or_replaces_as_was_said(opener):
    page = opener(RECORD)
    mine = {"lesson": "M02.1", "text": "Mine", "by": "", "done": False}
    theirs = {"lesson": "M02.2", "text": "From the file", "by": "", "done": False}
    open_record(page, blank(actions=[mine], notes={"M02.1": "Here first."}))
    open_record(
        page,
        blank(actions=[{**mine, "done": True}, theirs], notes={"M02.1": "Written at home."}),
    )
    now = saved_record(page)
    assert now["actions"] == [{**mine, "done": True}, theirs]
    assert now["notes"]["M02.1"].split("\n\n") == ["Here first.", "Written at home."]
    open_record(page, blank(actions=[theirs]), "Put it in place of what is here")
    assert saved_record(page)["actions"] == [theirs]
    assert saved_record(page)["notes"] == {}


def test_a_pdsa_log_keeps_every_box_as_it_is_typed_and_prints_it(opener):
    page = opener(RECORD)
    boxes = {
        "Its name": "Two patients, one text",
        "Plan:": "Text two patients on Tuesday.\nSame words to both.",
        "Prediction:": "One of the two books.",
        "What happened?": "Neither did.",
        "What next?": "Ring them.",
    }
    page.get_by_role("button", name="Add a PDSA cycle").click()
    for label, words in boxes.items():
        page.get_by_label(label).fill(words)
    page.get_by_label("What next?").blur()
    (cycle,) = saved_record(page)["pdsa"]
    assert [cycle[name] for name in ("title", "plan", "prediction", "happened", "next")] == list(
        boxes.values()
    )
    paper = printed(page)
    for words in boxes.values():
        for line in words.splitlines():
            assert line in paper
    assert "Erase my record" not in paper
    page.reload()
    for label, words in boxes.items():
        expect(page.get_by_label(label)).to_have_value(words)
    page.get_by_role("button", name="Remove cycle 1").click()
    page.get_by_role("button", name="Yes, remove it").click()
    assert saved_record(page)["pdsa"] == []


# Where it is kept


def test_nothing_outlives_the_session_unless_the_device_is_the_learners_own(opener):
    context = opener.context()
    page = context.new_page()
    visit(page, opener.origin + LESSON)
    page.get_by_role("button", name="I have done this lesson").click()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('course'))") == []
    again = opener.context(storage_state=context.storage_state()).new_page()
    visit(again, opener.origin + RECORD)
    expect(again.locator("[data-record-page]")).to_contain_text("None yet. Open a lesson")

    page.goto(opener.origin + RECORD)
    page.get_by_label("This is my own device").check()
    expect(page.locator("[data-record-page]")).to_contain_text("until you erase it")
    home = opener.context(storage_state=context.storage_state()).new_page()
    visit(home, opener.origin + RECORD)
    expect(home.locator("[data-record-page]")).to_contain_text("1 done of 1 opened")
    home.get_by_label("This is my own device").uncheck()
    assert "M02.3" not in home.evaluate("JSON.stringify({...localStorage})")
    expect(home.locator("[data-record-page]")).to_contain_text("1 done of 1 opened")


def test_what_one_tab_erases_another_does_not_bring_back(opener):
    context = opener.context()
    page = context.new_page()
    visit(page, opener.origin + RECORD)
    page.get_by_label("This is my own device").check()
    open_record(page, blank(notes={"M02.1": "Secret."}))
    expect(page.get_by_label("M02.1")).to_have_value("Secret.")
    other = context.new_page()
    visit(other, opener.origin + RECORD)
    expect(other.get_by_label("M02.1")).to_have_value("Secret.")
    other.get_by_role("button", name="Erase my record").click()
    other.get_by_role("button", name="Yes, erase it").click()
    expect(page.get_by_label("M02.1")).to_have_count(0)
    page.get_by_role("button", name="Add a PDSA cycle").click()
    assert "Secret." not in page.evaluate(KEPT)
    assert "Secret." not in other.evaluate(KEPT)


@pytest.mark.parametrize(("script", "said"), [(FORBID, "lasts only until"), (FULL, "no room left")])
def test_with_storage_off_or_full_the_lesson_works_and_the_page_says_so(opener, script, said):
    context = opener.browser.new_context()  # the theme's own scripts fail here, which the opener would count
    context.add_init_script(script)
    page = context.new_page()
    ours = []
    page.on(
        "pageerror", lambda error: ours.append(error) if "_static/course" in (error.stack or "") else None
    )
    page.goto(opener.origin + LESSON)
    guess(page)
    end = page.locator("[data-finish]")
    end.get_by_role("button", name="I have done this lesson").click()
    expect(end).to_contain_text("15 minutes.")
    expect(end).to_contain_text("You guessed: 40.")
    expect(end.locator(".record-trouble")).to_contain_text(said)
    page.goto(opener.origin + RECORD)
    expect(page.locator("[data-record-page]")).to_contain_text("None yet. Open a lesson")
    open_record(page, blank(notes={"M02.1": "From the file."}))
    assert saved_record(page)["notes"] == {"M02.1": "From the file."}
    expect(page.locator(".record-trouble")).to_contain_text(said)
    assert ours == []
    context.close()


def test_without_scripts_a_lesson_promises_no_record(opener):
    page = opener(LESSON, java_script_enabled=False)
    expect(page.locator("[data-finish]")).to_be_empty()
    page.goto(opener.origin + RECORD)
    expect(page.get_by_text("Without its script this page has nothing to show")).to_be_visible()


# What is refused, and what never runs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json at all {", "it is not JSON"),
        ("[1, 2]", "not a learner's record"),
        ('{"kind": "xmr-studio"}', "it names no version"),
        ('{"version": 0}', "older version (0)"),
        ('{"version": 2}', "newer copy of the course"),
        ('{"version": "<b>x"}', "of version <b>x"),
        ('{"version": 1, "actions": {}}', "“actions” is not a list"),
        (
            '{"version": 1, "actions": [{"lesson": "M02.1", "text": {}}]}',
            "actions, entry 1, text” is not text",
        ),
        ('{"version": 1, "lessons": {"__proto__": {}, "javascript:x": {}}}', "is not a lesson"),
        ('{"version": 1, "lessons": {"M02.1": {"minutes": "9"}}}', "minutes” is not a number"),
        ('{"version": 1, "notes": {"M02.1": "' + "x" * 30_000 + '"}}', "longer than 20,000 characters"),
    ],
)
def test_a_broken_or_old_file_is_refused_with_what_to_do_and_changes_nothing(opener, text, said):
    page = opener(RECORD)
    open_record(page, blank(notes={"M02.1": "Mine."}))
    expect(page.locator(".record-said")).to_contain_text("was added")
    open_record(page, text, "Put it in place of what is here")
    expect(page.locator(".record-said")).to_contain_text(said)
    expect(page.locator(".record-said")).to_contain_text(re.compile("Choose|Open"))
    assert saved_record(page)["notes"] == {"M02.1": "Mine."}


def test_a_stored_record_that_cannot_be_read_is_set_aside_and_can_be_saved(opener):
    page = opener(RECORD)
    page.evaluate("""sessionStorage.setItem("course:record", '{"version": 7, "notes": "precious"}')""")
    page.reload()
    expect(page.locator(".record-trouble")).to_contain_text("set aside, not deleted")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the record that could not be read").click()
    assert "precious" in saving.value.path().read_text(encoding="utf-8")
    page.goto(opener.origin + LESSON)
    page.get_by_role("button", name="I have done this lesson").click()
    expect(page.locator("[data-finish]")).to_contain_text("15 minutes.")


def test_nothing_in_notes_names_or_files_ever_runs(opener):
    page = opener(RECORD)
    picture = '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.ran=1;window.ran=1"><script>window.ran=1</script><circle r="9"/></svg>'
    nasty = {"lesson": "M02.1", "text": NASTY, "by": NASTY, "done": False}
    words = dict.fromkeys(("widget", "question", "guess", "outcome", "answer", "at"), NASTY)
    open_record(
        page,
        blank(
            lessons={"M02.1": {"opened": NASTY, "done": NASTY, "minutes": 9, "path": "javascript:window.ran=1", "title": NASTY}},
            notes={"M02.1": NASTY},
            predictions=[{"lesson": "M02.1", **words}],
            answers=[{"lesson": "M02.1", **words, "right": True}],
            actions=[nasty],
            pdsa=[dict.fromkeys(("title", "plan", "prediction", "happened", "next", "when", "at", "changed"), NASTY)],
            decisions=[dict.fromkeys(("text", "owner", "by", "known"), NASTY)],
            charts=[{"lesson": "M02.1", "title": NASTY, "description": NASTY, "svg": picture, "width": 40, "height": 40, "at": NASTY}],
            exercises=[{"name": NASTY, "score": NASTY, "passed": True, "on": NASTY, "source": NASTY}],
            pack={"name": NASTY, "post": NASTY, "shared": "M02.1", "specialty": NASTY, "mapping": NASTY},
            board={"name": NASTY, "present": NASTY, "from": NASTY, "review": NASTY},
        ),
    )  # fmt: skip
    expect(page.locator("[data-record-page]")).to_contain_text("1 done of 1 opened")
    assert page.locator("[data-record-page] a[href^='javascript']").count() == 0
    for address in (RECORD, PACK, CERTIFICATE, "modules/measurement/two-point-trap.html"):
        visit(page, opener.origin + address)
        expect(page.locator("main .record").first).to_contain_text("onerror")
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None
        assert page.locator("main .record [onerror], main .record [onload], main .record script").count() == 0
    page.goto(opener.origin + PACK)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as one HTML file").click()
    page.set_content(saving.value.path().read_text(encoding="utf-8"))
    page.wait_for_timeout(200)
    expect(page.locator("main")).to_contain_text("onerror")
    assert page.evaluate("window.ran") is None
    assert page.locator("[onerror], script").count() == 0


# The evidence pack


def test_a_kept_chart_and_a_shared_note_reach_the_pack_and_the_supervisors_box_stays_empty(opener):
    page = opener(LESSON)
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    keep = page.get_by_role("button", name="Keep this chart")
    expect(keep.first).to_be_disabled()  # as long as the answer would be kept back
    do_the_lesson(page)
    keep.first.click()
    expect(page.locator(".iip-kept").first).to_contain_text("Kept in your record")
    visit(page, opener.origin + PACK)
    page.get_by_label("Your name").fill("Sam Okafor")
    page.get_by_label("Specialty").select_option("foundation")
    paper = page.locator(".pack-paper")
    expect(paper).to_contain_text("Sam Okafor")
    expect(paper).to_contain_text("Mapping: Foundation")
    expect(paper).not_to_contain_text("I would have asked every week.")
    page.get_by_label("M02.3 XmR charts").check()
    expect(paper).to_contain_text("I would have asked every week.")
    measured = paper.locator("tr", has_text="tells a signal from ordinary variation")
    expect(measured.locator("td").nth(1)).to_have_text("M02.3 XmR charts: which number deserves a question?")
    expect(paper.locator("tr", has_text="small tests").locator("td").nth(1)).to_have_text("none done yet")
    chart = paper.locator("figure img")
    assert "Northfield" in chart.get_attribute("alt")
    assert chart.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300
    assert "var(" not in chart.get_attribute("src")

    box = page.get_by_role("region", name="For the supervisor")
    assert [line.strip() for line in box.inner_text().splitlines() if line.strip()] == [
        "For the supervisor",
        "To be written by the supervisor. The course and the learner leave it empty.",
        "What I have seen of this work",
        "My judgement",
        "Name and role",
        "Signature and date",
    ]
    assert box.locator("input, textarea, select, [contenteditable]").count() == 0
    assert box.locator(".pack-line").all_text_contents() == [""] * 4

    sheet = printed(page)
    assert "Sam Okafor" in sheet
    assert "For the supervisor" in sheet
    for form in ("Post and year", "Save as one HTML file", "Who and what for", "So that it does not become"):
        assert form not in sheet
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert "A well-run project that improved nothing can have full marks" in page.locator("main").inner_text()


def test_paper_is_light_whatever_the_screen_showed(opener):
    page = opener(PACK)
    page.locator(".pack-paper h2").wait_for()
    page.evaluate(
        """() => {
          document.documentElement.dataset.theme = "dark";
          const ink = () => getComputedStyle(document.querySelector(".pack-paper p")).color.match(/\\d+/g).map(Number);
          window.onScreen = Math.max(...ink());
          addEventListener("beforeprint", () => { window.onPaper = Math.max(...ink()); });
        }"""
    )
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.evaluate("window.onScreen") > 128  # light words on dark
    assert page.evaluate("window.onPaper") < 128
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_pack_is_one_file_that_needs_nothing_and_says_the_same(opener, tmp_path):
    page = opener(PACK)
    page.get_by_label("Your name").fill("Sam Okafor")
    page.get_by_label("Exercise", exact=True).fill("E02 chart pack")
    page.get_by_label("Result").fill("14 of 20")
    page.get_by_label("Passed").check()
    page.get_by_role("button", name="Add the exercise").click()
    expect(page.locator(".pack-paper")).to_contain_text(
        "E02 chart pack, 14 of 20, passed, typed by the learner"
    )
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as one HTML file").click()
    text = saving.value.path().read_text(encoding="utf-8")
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    shown = page.locator(".pack-paper").inner_text().split()
    alone = opener.context(java_script_enabled=False).new_page()
    alone.set_content(text)
    assert alone.locator("main").inner_text().split() == shown


def badge(name):
    """A credential's token, signed by nobody: the page says that it has not looked at the signature."""
    claims = {
        "vc": {"credentialSubject": {"achievement": {"name": name}}, "validFrom": "2026-11-20T09:00:00Z"}
    }
    parts = [json.dumps({"alg": "EdDSA"}), json.dumps(claims), "signature"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def test_exercises_come_from_what_a_facilitator_gave(opener):
    page = opener(PACK)
    box = page.get_by_label("Or open the certificate")
    box.set_input_files(file_of(badge("Passed: E02 chart pack – ü"), "sam.openbadge.jwt"))
    expect(page.locator(".pack-paper")).to_contain_text(
        "Passed: E02 chart pack – ü, passed, 20 November 2026, from a certificate whose signature this page has not checked"
    )
    marks = {"marks": [{"exercise": "E11", "score": 7, "out_of": 12, "passed": False, "on": "2026-11-21"}]}
    box.set_input_files(file_of(json.dumps(marks)))
    expect(page.locator(".pack-paper")).to_contain_text(
        "E11, 7 of 12, 21 November 2026, from the facilitator's"
    )
    expect(page.locator(".pack-paper")).to_contain_text("1 exercise passed")
    for wrong, said in [
        ("{}", "no list called “marks”"),
        ('{"marks": [{"score": 1}]}', "entry 1: “exercise” is missing"),
        ('{"marks": [{"exercise": "E1", "score": "9"}]}', "entry 1: “score” is not a number"),
        ("a.b.c", "cannot be read"),
    ]:
        box.set_input_files(file_of(wrong))
        expect(page.locator(".record-said")).to_contain_text(said)
    assert page.locator(".pack-paper").inner_text().count("from the facilitator's") == 1


HEAD = "capability_id,capability,framework,lessons,evidence,checked,verify\r\n"


def test_a_learner_can_load_a_mapping_of_their_own_and_is_told_what_is_wrong_with_it(opener):
    page = opener(PACK)
    page.get_by_text("Change the mapping").click()
    box = page.get_by_label("Open my own mapping")
    for text, said in [
        ("a,b\n1,2\n", "no column “capability_id”"),
        (HEAD, "no rows"),
        (HEAD + "X1,Does,Mine,M02.1,,,\r\n\r\nX2,Does,Mine,M77.7,,,\r\n", "Row 4, column “lessons”: M77.7"),
        (HEAD + "X1,,Mine,M02.1,,,\r\n", "Row 2, column “capability”"),
        (HEAD + "X1,Does,Mine,M02.1,,2026-02-30,\r\n", "Row 2, column “checked”"),
        (HEAD + "X1,Does, with a comma,Mine,M02.1,,,\r\n", "Row 2: 8 cells under 7 headings"),
    ]:
        box.set_input_files(file_of(text, "mine.csv"))
        expect(page.locator(".record-said")).to_contain_text(said)
        expect(page.locator(".pack-paper")).to_contain_text("Mapping: Any specialty")
    own = (
        "\ufeff"
        + HEAD
        + f'X1,"Says ""hello"", {NASTY.replace(chr(34), chr(34) * 2)}",My panel,M02.1; M02.3,a chart,2026-11-24,\r\n'
    )
    box.set_input_files(file_of(own, "mine.csv"))
    expect(page.locator(".record-said")).to_contain_text("Your mapping is in use: 1 row.")
    expect(page.locator(".pack-paper")).to_contain_text(f'X1: Says "hello", {NASTY} (My panel)')
    page.reload()
    expect(page.locator(".pack-paper")).to_contain_text("Mapping: the learner's own")
    with page.expect_download() as saving:
        page.get_by_text("Change the mapping").click()
        page.get_by_role("button", name="Save this mapping as CSV").click()
    saved = saving.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Go back to the course's mapping").click()
    expect(page.locator(".pack-paper")).to_contain_text("Mapping: Any specialty")
    box.set_input_files(file_of(saved, "mine.csv"))  # what was saved can be opened
    expect(page.locator(".pack-paper")).to_contain_text(f'X1: Says "hello", {NASTY} (My panel)')


# The board's certificate


def test_a_certificate_lists_decisions_with_owners_and_dates_and_waits_for_them(opener):
    page = opener(CERTIFICATE)
    paper, button = page.locator(".certificate"), page.get_by_role("button", name="Print the certificate")
    expect(paper).to_contain_text("A board that has decided nothing has nothing to be certified.")
    expect(button).to_be_disabled()
    page.get_by_label("Name of the board").fill("Northshire Community Trust")
    page.get_by_label("When will the board look").fill("2027-02-01")
    page.get_by_role("button", name="Add a decision").click()
    page.get_by_label("What was decided").fill("Stop the weekly colour table.")
    page.get_by_label("Who owns it").fill("Chief nurse")
    page.get_by_label("Who owns it").blur()
    expect(page.locator(".record-said")).to_contain_text("decision 1 needs a date")
    expect(button).to_be_disabled()
    page.get_by_label("By when").fill("2026-12-15")
    page.get_by_label("By when").blur()
    expect(button).to_be_enabled()
    assert [cell.strip() for cell in paper.locator("tbody td").all_inner_texts()] == [
        "Stop the weekly colour table.", "Chief nurse", "15 December 2026", "",
    ]  # fmt: skip
    sheet = printed(page)
    assert "Northshire Community Trust" in sheet
    assert "It is not accreditation" in sheet
    assert "Add a decision" not in sheet


# Everyone


def test_by_keyboard_alone_from_a_finished_lesson_to_an_erased_record(opener):
    page = opener(LESSON)
    page.locator("[data-live] .iip-figure svg").first.wait_for()
    page.get_by_label("By when?").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Ask the night team")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Ask the night team")).to_be_visible()
    tab_to(page, "A note to yourself", "textarea")
    page.keyboard.type("By night.")
    tab_to(page, "I have done this lesson", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Not done after all")).to_be_focused()
    page.goto(opener.origin + RECORD)
    page.locator("[data-record-page] h2").first.wait_for()
    tab_to(page, "Ask the night team")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Ask the night team")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Ask the night team")).to_be_focused()
    assert saved_record(page)["actions"][0]["done"] is True
    tab_to(page, "Add it to what is here")
    tab_to(page, "Erase my record", "button")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Erase my record")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, erase it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".record-said")).to_have_text("Your record is erased.")


def test_full_pages_are_faultless_in_both_themes_and_fit_a_phone(opener):
    page = opener(LESSON, reduced_motion="reduce")
    do_the_lesson(page)
    page.get_by_role("button", name="Keep this chart").first.click()
    visit(page, opener.origin + RECORD)
    page.get_by_role("button", name="Add a PDSA cycle").click()
    page.get_by_label("Plan:").fill("A plan with averylongwordthatdoesnotbreak" + "x" * 80)
    visit(page, opener.origin + CERTIFICATE)
    page.get_by_role("button", name="Add a decision").click()
    for address in (LESSON, RECORD, PACK, CERTIFICATE):
        visit(page, opener.origin + address)
        page.locator("main .record :is(h2, h3)").first.wait_for()
        assert faults_of(page) == []
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert faults_of(page, contrast_only=True) == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert overflow(page) == 0
        page.set_viewport_size({"width": 1280, "height": 900})
