"""The divergence plot as a facilitator uses it: a file of answers opened, read, printed on one page, and never sent."""

import csv
import io
import re
from itertools import cycle, islice
from statistics import fmean, median

import pytest
from playwright.sync_api import expect

from browsing import LIVE, faults_of, overflow, tab_to

LESSON = "modules/self-assessment/divergence.html"
A4 = (595, 842)  # points; browsers round up

SPEAK, SEE, FIRST, HANDOVER = (
    "I can speak up", "Leaders come and see", "We know what comes first", "Handovers work",
)  # fmt: skip
HEADING = ("group", "round", f"purpose: {FIRST}", f"people: {SPEAK}", f"leadership: {SEE}", f"systems: {HANDOVER}")  # fmt: skip
PEOPLE = {"board": 12, "nurses": 24, "therapists": 15, "porters": 7, "patient partners": 3}
SHOWN = ("board", "nurses", "therapists")
# Group -> statement -> levels that its people give in turn.
ROUND_1 = {
    "board": {FIRST: (3, 4, 4), SPEAK: (3, 4, 5), SEE: (3, 4, 5), HANDOVER: (2, 3, 3)},
    "nurses": {FIRST: (3, 3, 4), SPEAK: (1, 1, 2), SEE: (1, 2, 3), HANDOVER: (2, 3, 3)},
    "therapists": {FIRST: (3, 4, 5), SPEAK: (1, 2, 3), SEE: (2, 3, 3), HANDOVER: (2, 3, 3)},
    "porters": dict.fromkeys((FIRST, SPEAK, SEE, HANDOVER), (2, 3, 3)),
}
ROUND_2 = ROUND_1 | {"nurses": ROUND_1["nurses"] | {SPEAK: (2, 2, 3)}}


def levels(group, statement):
    return list(islice(cycle(ROUND_1[group][statement]), PEOPLE[group]))


def people(partners):
    """One row a person, two rounds; each of the three patient partners gives the one level to everything."""
    for number, answers in enumerate((ROUND_1, ROUND_2), start=1):
        given = answers | {"patient partners": dict.fromkeys((FIRST, SPEAK, SEE, HANDOVER), (partners,))}
        for group, of_it in given.items():
            turns = zip(*map(cycle, of_it.values()), strict=False)
            yield from ((group, number, *person) for person in islice(turns, PEOPLE[group]))


def write(folder, *rows, name="answers.csv"):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADING, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8", newline="")
    return folder / name


def open_tool(opener, **options):
    """The lesson in a profile of its own, own answers chosen and a guess made: page, tool."""
    page = opener(LESSON, **options)
    tool = page.get_by_role("region", name="Divergence plot")
    tool.get_by_label("Two levels").check()
    tool.get_by_role("button", name="Commit and show me").click()
    tool.get_by_label("Whose answers?").select_option("own")
    expect(tool).to_contain_text("How the file looks", timeout=LIVE)
    return page, tool


def load(tool, file):
    tool.get_by_label("or open a CSV or text file").set_input_files(file)
    expect(tool.get_by_label("Your answers, as CSV")).to_have_value(file.read_text(encoding="utf-8"))
    expect(tool.locator(".iip-lead figcaption")).to_contain_text(SPEAK, timeout=LIVE)


def saved(page, tool):
    with page.expect_download() as saving:
        tool.get_by_role("button", name="Save data").click()
    return saving.value.path().read_bytes().decode("utf-8-sig")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def tool(opener, tmp_path):
    """The tool at 1280 pixels with the file of five groups open."""
    _, opened = open_tool(opener)
    load(opened, write(tmp_path, *people(5)))
    return opened


def test_the_template_is_shown_and_saved_once_a_guess_is_made_and_can_be_opened_again(opener):
    page = opener(LESSON)
    tool = page.get_by_role("region", name="Divergence plot")
    tool.get_by_label("Whose answers?").select_option("own")
    expect(tool).to_contain_text(
        "“Save data” gives you the template as a file once you have made your guess", timeout=LIVE
    )
    expect(tool.get_by_role("button", name="Save data")).to_be_disabled()
    expect(tool.locator("table")).to_be_visible()
    tool.get_by_label("One level").check()
    tool.get_by_role("button", name="Commit and show me").click()
    with page.expect_download() as saving:
        tool.get_by_role("button", name="Save data").click()
    template = saving.value.path()
    heading, *rows = csv.reader(io.StringIO(template.read_bytes().decode("utf-8-sig"), newline=""))
    assert heading[:2] == ["group", "round"]
    assert heading == tool.locator("th").all_inner_texts()
    assert [row[0] for row in rows] == ["board", "nurses"]
    tool.get_by_label("or open a CSV or text file").set_input_files(
        {"name": "template.csv", "mimeType": "text/csv", "buffer": template.read_bytes()}
    )
    expect(tool).to_contain_text("No group has ten people or more who answered", timeout=LIVE)


def test_a_file_is_compared_by_groups_widest_gap_first_and_nothing_is_sent(opener, tmp_path):
    page, tool = open_tool(opener)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    load(tool, write(tmp_path, *people(5)))
    lead = tool.locator(".iip-lead")
    expect(lead.locator("figcaption")).to_have_text(f"{SPEAK} (the widest gap)")
    drawn = lead.locator("svg").text_content()
    assert all(group in drawn for group in SHOWN)
    expect(lead.locator(".iip-legend")).to_contain_text("middle half of a group")

    # 12 people at 3, 4 and 5; 24 at 1, 1 and 2; 15 at 1, 2 and 3, ten of them at 1 or 2.
    for said in (
        "board: middle answer 4, middle half 3 to 5, few or none at levels 1 and 2",
        "nurses: middle answer 1, middle half 1 to 2, all or nearly all at levels 1 and 2",
        "therapists: middle answer 2, middle half 1 to 3, about 7 in 10 at levels 1 and 2",
    ):
        expect(lead).to_contain_text(said)

    questions = tool.locator(".iip-listing li").all_inner_texts()
    assert len(questions) == 3
    assert questions[0].startswith(f"“{SPEAK}” Nurses at 1, the board at 4")
    assert questions[1].startswith(f"“{SEE}”")

    expect(tool).to_contain_text("board 12, nurses 24, therapists 15. Fewer than ten answered, so not shown")
    expect(tool.locator("[data-control=minimum]")).to_contain_text("freedom of information")
    words = tool.inner_text().replace("Show the one number instead", "")
    mean = fmean(level for group in SHOWN for one in ROUND_1[group] for level in levels(group, one))
    assert f"{mean:.1f}" == "2.8"
    assert not re.search(r"2\.8|\bmean\b|one number|We are a", words)

    medians = {
        one: {group: median(levels(group, one)) for group in SHOWN} for one in (FIRST, SPEAK, SEE, HANDOVER)
    }
    gaps = {one: max(of_it.values()) - min(of_it.values()) for one, of_it in medians.items()}
    tool.get_by_label("Compare").select_option("table")
    table = tool.locator(".iip-panels table")
    expect(table).to_be_attached(timeout=LIVE)
    cells = [row.locator("td").all_text_contents() for row in table.locator("tbody tr").all()]
    assert table.locator("th").all_text_contents() == ["Statement", "Gap", *SHOWN]
    assert [row[0] for row in cells] == sorted(gaps, key=gaps.get, reverse=True) == [SPEAK, SEE, FIRST, HANDOVER]  # fmt: skip
    for name, gap, *middle in cells:
        assert float(gap) == gaps[name]
        assert list(map(float, middle)) == list(medians[name].values())
    rows = rows_of(saved(page, tool))
    assert {row["Group"] for row in rows} == set(SHOWN)
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_bad_rows_are_named_by_row_and_column_and_the_others_kept(opener, tmp_path):
    _, tool = open_tool(opener)
    load(tool, write(tmp_path, ("nurses", 1, 3, 7, 2, 2), ("", 1, 3, 3, 3, 3), *people(5)))
    beside = tool.locator("[data-control=pasted]")
    expect(beside).to_contain_text("2 rows were left out, the others kept")
    expect(beside).to_contain_text(f"Row 2, column “people: {SPEAK}”: “7” is above level 5")
    expect(beside).to_contain_text("Row 3, column “group”: is empty")
    expect(tool).to_contain_text("board 12, nurses 24, therapists 15.")


def test_the_threshold_shows_seven_at_seven_and_stops_at_five(tool):
    fewest = tool.get_by_label("Fewest people in a group that is shown", exact=True)
    drawn = tool.locator(".iip-lead svg")
    expect(fewest).to_have_value("10")
    expect(drawn).not_to_contain_text("porters")
    fewest.fill("7")
    expect(drawn).to_contain_text("porters", timeout=LIVE)
    fewest.fill("8")
    expect(drawn).not_to_contain_text("porters", timeout=LIVE)
    fewest.fill("5")
    expect(drawn).to_contain_text("porters", timeout=LIVE)
    expect(drawn).not_to_contain_text("partners")
    fewest.fill("3")
    expect(tool.locator(".iip-notice-error")).to_contain_text("The least it can be is 5", timeout=LIVE)
    expect(drawn).not_to_contain_text("partners")


def test_what_three_people_answered_cannot_be_worked_out_from_anything_on_the_page(opener, tmp_path):
    """Whatever they answered, every word, figure and saved file is the same: there is nothing to subtract from."""
    page, tool = open_tool(opener)
    legend = tool.locator(".iip-legend").first
    second = tool.get_by_label("Lay the second round over the first")
    one_number = tool.get_by_label("Show the one number instead")
    words, files = {1: [], 5: []}, {1: [], 5: []}
    for answer in words:
        load(tool, write(tmp_path, *people(answer), name=f"all-{answer}.csv"))
        tool.get_by_label("Fewest people in a group that is shown", exact=True).fill("5")
        expect(tool).to_contain_text("porters 7. Fewer than five", timeout=LIVE)
        for compare, leads in (("components", "People"), ("table", SPEAK), ("statements", SPEAK)):
            tool.get_by_label("Compare").select_option(compare)
            expect(tool.locator(".iip-lead figcaption")).to_contain_text(leads, timeout=LIVE)
            second.check()
            expect(legend).to_contain_text("second round", timeout=LIVE)
            words[answer].append(tool.text_content())
            files[answer].append(saved(page, tool))
            one_number.check()
            expect(tool).to_contain_text("“We are a", timeout=LIVE)
            words[answer].append(tool.text_content())
            one_number.uncheck()
            second.uncheck()
            expect(legend).to_have_text(re.compile("middle half of a groupmiddle answer$"), timeout=LIVE)
    assert words[1] == words[5]
    assert files[1] == files[5]
    groups = {row["Group"] for text in files[1] for row in rows_of(text)}
    assert groups == {*SHOWN, "porters"}


def test_the_second_round_lies_over_the_first(tool):
    lead = tool.locator(".iip-lead")
    expect(lead.locator(".iip-legend")).not_to_contain_text("second round")
    tool.get_by_label("Lay the second round over the first").check()
    expect(lead.locator(".iip-legend")).to_contain_text("middle answer, second round", timeout=LIVE)
    expect(lead.locator(".iip-legend")).to_contain_text("middle answer, first round")
    expect(lead).to_contain_text("second round, nurses: middle answer 2")
    expect(lead).to_contain_text("; nurses: middle answer 1")
    expect(tool).to_contain_text(
        "In the second round: two levels between nurses and therapists at 2 and the board at 4"
    )


def test_the_one_number_comes_only_when_asked_for_and_goes_again(tool):
    tool.get_by_label("Show the one number instead").check()
    expect(tool).to_contain_text("“We are a 2.8.”", timeout=LIVE)
    expect(tool).to_contain_text("No question follows from one number")
    tool.get_by_label("Show the one number instead").uncheck()
    expect(tool).not_to_contain_text("“We are a", timeout=LIVE)


@pytest.mark.parametrize("second", [False, True], ids=["one round", "two rounds"])
@pytest.mark.parametrize("whose", ["own", "community"])
def test_plot_groups_questions_and_honesty_print_on_one_page_of_a4(opener, tmp_path, whose, second):
    page, tool = open_tool(opener)
    load(tool, write(tmp_path, *people(5)))
    if whose == "community":
        tool.get_by_label("Whose answers?").select_option("community")
        expect(tool).to_contain_text("A community trust (invented): board", timeout=LIVE)
    if second:
        tool.get_by_label("Lay the second round over the first").check()
        expect(tool.locator(".iip-legend").first).to_contain_text("second round", timeout=LIVE)
    page.evaluate("window.print = () => { window.printing = true; }")
    tool.get_by_role("button", name="Print this").click()
    assert page.evaluate("window.printing")
    page.emulate_media(media="print")
    for part in (".iip-lead svg", ".iip-lead .iip-legend li"):
        expect(tool.locator(part).first).to_be_visible()
    groups = SHOWN if whose == "own" else ("board", "nurses", "middle managers")
    for group in groups:
        expect(tool.locator(".iip-lead svg text", has_text=re.compile(f"^{group}$"))).to_be_visible()
    questions = tool.locator(".iip-listing li")
    assert [one.is_visible() for one in questions.all()] == [True] * 3
    expect(tool.get_by_text("A gap says that people see different things, not who is right")).to_be_visible()
    invented = tool.get_by_text("These answers are synthetic: nobody gave them")
    expect(invented).to_have_count(1 if whose == "community" else 0)
    for part in (".iip-controls", ".iip-actions", ".iip-details"):
        expect(tool.locator(part).last).to_be_hidden()
    expect(page.get_by_role("heading", name="What you lost")).to_be_hidden()
    paper = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "12mm"))
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert [tuple(map(float, sheet)) for sheet in sheets] == [pytest.approx(A4, abs=1.5)]
    expect(page.get_by_role("heading", name="What you lost")).to_be_visible()  # once it is printed


def chosen(page, choosers):
    """Press Enter on the file box, again if a busy browser opened nothing, and return what it opened."""
    for _ in range(3):
        page.keyboard.press("Enter")
        for _ in range(100):
            if choosers:
                return choosers[0]
            page.wait_for_timeout(100)
    pytest.fail("Enter opens no dialogue to choose a file")


def test_the_whole_way_by_keyboard(opener, tmp_path):
    page = opener(LESSON)
    choosers = []
    # Early: a browser that is not yet told to hand the dialogue over opens its own.
    page.on("filechooser", lambda chooser: choosers.append(chooser))
    tool = page.get_by_role("region", name="Divergence plot")
    page.evaluate("window.print = () => { window.printing = true; }")
    tab_to(page, "None: they agree")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Commit and show me", "button")
    page.keyboard.press("Enter")
    tab_to(page, "Whose answers?", "select")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(tool).to_contain_text("How the file looks", timeout=LIVE)
    tab_to(page, "or open a CSV or text file")
    chosen(page, choosers).set_files(write(tmp_path, *people(5)))
    expect(tool.locator(".iip-lead figcaption")).to_have_text(f"{SPEAK} (the widest gap)", timeout=LIVE)
    expect(tool).to_contain_text("You said “one level”: too little")
    tab_to(page, "Look at one")
    page.keyboard.press("ArrowRight")
    expect(tool.locator(".iip-lead figcaption")).to_contain_text(SEE, timeout=LIVE)
    tab_to(page, "Lay the second round")
    page.keyboard.press("Space")
    expect(tool.locator(".iip-legend")).to_contain_text("second round", timeout=LIVE)
    tab_to(page, "Fewest people in a group that is shown")
    page.keyboard.press("Home")
    expect(tool.locator(".iip-lead svg")).to_contain_text("porters", timeout=LIVE)
    assert tool.get_by_label("Fewest people in a group that is shown", exact=True).input_value() == "5"
    tab_to(page, "Print this", "button")
    page.keyboard.press("Enter")
    assert page.evaluate("window.printing")


@pytest.mark.parametrize("width", [1280, 390])
def test_with_a_file_open_nothing_runs_off_the_side_and_axe_finds_no_fault(opener, tmp_path, width):
    page, tool = open_tool(opener, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    load(tool, write(tmp_path, ("nurses", 1, 3, 7, 2, 2), *people(5)))
    assert overflow(page) == 0
    assert faults_of(page) == []
