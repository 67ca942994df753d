"""The board paper rewriter: a pasted table of indicators becomes a page that tells changes from ordinary months."""

import csv
import io
import itertools
import json
import re
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.views import board_paper, describe

KIND = "board-paper"
MONTHS = [
    f"{name} {year}"
    for year in (25, 26)
    for name in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
]
QUIET = [10, 12, 9, 11, 10, 13, 9, 12, 10, 11, 12, 9, 11, 10, 12, 11, 9, 10]
RAISED = [
    10,
    12,
    9,
    11,
    10,
    13,
    9,
    12,
    10,
    11,
    16,
    17,
    18,
    16,
    17,
    18,
    16,
    17,
]  # eight above the mean of 13.4


def pasted(*rows, heading=()):
    """The page of rows (name, values, target, direction, colour)."""
    longest = max(len(values) for _, values, *_ in rows)
    lines = ["\t".join(["Indicator", *(heading or MONTHS[:longest]), "Target", "Better", "RAG"])]
    for name, values, *rest in rows:
        filled = ["" if value is None else str(value) for value in values] + [""] * (longest - len(values))
        lines.append("\t".join([name, *filled, *rest]))
    return views.compute(KIND, {"source": "own", "pasted": "\n".join(lines)})


def listing(view, start):
    (found,) = [
        panel for panel in view["panels"] if panel["type"] == "listing" and panel["heading"].startswith(start)
    ]
    return found["items"]


def sentences(view):
    return [panel["text"] for panel in view["panels"] if panel["type"] == "sentence"][1:]


def glance(view):
    (table,) = [panel for panel in view["panels"] if panel["type"] == "table"]
    return {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}


def example(text):
    """The rows of an example as plain numbers, read here and not by the code under test."""
    rows = list(csv.reader(io.StringIO(text)))
    return {
        row[0]: (
            float(row[1].strip("<>=%")),
            row[2],
            [float(cell.strip("%")) for cell in row[3:-1] if cell not in ("", "n/a")],
            row[-1],
        )
        for row in rows[1:]
    }


def test_the_page_is_alive_before_anyone_pastes_and_its_counts_are_right():
    view = views.compute(KIND, {})
    assert not view["notices"]
    rows = example(board_paper.MENTAL_HEALTH)
    shown = glance(view)
    assert list(shown) == list(rows)
    for name, (target, direction, values, colour) in rows.items():
        met = sum(value <= target if direction == "lower" else value >= target for value in values)
        assert shown[name]["Target met"] == f"{met} of {len(values)}"
        assert shown[name]["Latest"].rstrip("%") == f"{values[-1]:g}"
        assert shown[name]["Colour given"][0].upper() == colour
    for colour, letter in (("red", "R"), ("amber", "A"), ("green", "G")):
        number = sum(row[3] == letter for row in rows.values())
        items = listing(view, f"Given as {colour}")
        assert sum(int(item.split()[0]) for item in items) == number
    assert len(listing(view, "Ask these first")) == 3


def test_each_figure_has_the_limits_that_hand_arithmetic_gives():
    view = views.compute(KIND, {})
    figures = {panel["title"]: panel for panel in view["panels"] if panel["type"] == "figure"}
    rows = example(board_paper.MENTAL_HEALTH)
    for name in ("Restraints on the wards", "Staff sickness", "Agency spend: thousands of pounds"):
        values = rows[name][2]
        reach = 2.66 * fmean(abs(b - a) for a, b in itertools.pairwise(values))
        levels = {mark["label"]: mark["y"][0] for mark in figures[name]["marks"] if mark["mark"] == "rule_y"}
        assert levels["Mean"] == pytest.approx(fmean(values))
        assert levels["Upper limit"] == pytest.approx(fmean(values) + reach)
        assert levels["Lower limit"] == pytest.approx(fmean(values) - reach)
        assert levels["Target"] == rows[name][0]


def test_reds_that_are_changes_are_told_from_reds_that_are_ordinary_and_greens_that_hide_one_are_found():
    view = pasted(
        ("Red and rising", RAISED, "<=12", "lower", "R"),
        ("Red and falling", [30 - value for value in RAISED], "<=12", "lower", "R"),
        ("Red by habit", QUIET, "<=5", "lower", "R"),
        ("Red this time", QUIET, "<=9", "lower", "R"),
        ("Green and rising", RAISED, "<=40", "lower", "G"),
        ("Green this time", QUIET, "<=10", "lower", "G"),
        ("Green for good", QUIET, "<=40", "lower", "G"),
    )
    red = listing(view, "Given as red: 4")
    assert red == [
        "1 shows a change for the worse: Red and rising",
        "1 is already changing for the better: Red and falling",
        "1 missed the target every month, unchanged: Red by habit",
        "1 is an ordinary month where the target is met at times: Red this time",
    ]
    green = listing(view, "Given as green: 3")
    assert "1 hides a change for the worse: Green and rising" in green
    assert "1 is an ordinary month where the target is met at times: Green this time" in green
    assert "1 met the target every month, unchanged: Green for good" in green
    assert "Three show a change, two for the worse, one for the better. Four are doing" in view["summary"]
    first = listing(view, "Ask these first")
    assert [item.split(":")[0] for item in first] == ["Green and rising", "Red and rising", "Red by habit"]


def test_a_shift_an_outlier_and_a_quiet_measure_are_told_in_words():
    outlier = [*QUIET[:-1], 40]
    view = pasted(
        ("Up", RAISED, "", "lower"), ("Spike", outlier, "", "lower"), ("Quiet", QUIET, "<=10", "lower")
    )
    up, spike, quiet = sentences(view)
    assert "for the worse: eight months in a row, Nov 25 to Jun 26, lie above the mean of 13.4" in up
    assert "Jun 26 (40) is above the usual" in spike
    assert quiet.startswith("No sign of a change: Jun 26 lies within the usual")
    met = sum(value <= 10 for value in QUIET)
    assert f"it met 10 in {met} of 18 months" in quiet
    assert any("What was different in Jun 26" in item for item in listing_of_questions(view, "Spike"))
    assert any("What was different from Nov 25 on" in item for item in listing_of_questions(view, "Up"))


def listing_of_questions(view, name):
    at = next(
        i for i, panel in enumerate(view["panels"]) if panel["type"] == "figure" and panel["title"] == name
    )
    return next(
        panel["items"]
        for panel in view["panels"][at:]
        if panel["type"] == "listing" and panel["heading"] == "Three questions"
    )


def test_every_indicator_has_figure_sentence_findings_and_three_questions_which_can_be_left_out():
    for source in ("mental_health", "system"):
        view = views.compute(KIND, {"source": source})
        kinds = [panel["type"] for panel in view["panels"]]
        figures = kinds.count("figure")
        asked = [
            p["items"] for p in view["panels"] if p["type"] == "listing" and p["heading"] == "Three questions"
        ]
        found = [
            p["items"]
            for p in view["panels"]
            if p["type"] == "listing" and p["heading"].startswith("What changed")
        ]
        assert figures == len(asked) == len(found) == len(sentences(view)) == len(view["data"]["rows"])
        assert all(len(items) == 3 and all(item.endswith("?") for item in items) for items in asked)
        assert all(
            items[0].startswith("Changed: ") and items[1].startswith("Not changed: ") for items in found
        )
        short = views.compute(KIND, {"source": source, "questions": False})
        assert not [p for p in short["panels"] if p.get("heading") == "Three questions"]


def test_bad_rows_are_listed_with_what_to_mend_and_the_good_ones_charted():
    view = pasted(
        ("Falls", QUIET, "<=10", "lower", "R"), ("Ulcers", [*QUIET[:3], "oops", *QUIET[4:]], "", "lower", "G")
    )
    assert list(glance(view)) == ["Falls"]
    (item,) = listing(view, "Not charted")
    for words in ("Row 3", "Ulcers", "Apr 25", "oops", "leave the cell empty"):
        assert words in item
    (notice,) = view["notices"]
    assert notice["level"] == "warning"
    assert notice["text"].startswith("1 row is not charted")


@pytest.mark.parametrize(
    ("number", "charted", "trial"), [(4, False, False), (5, True, True), (12, True, True), (13, True, False)]
)
def test_few_months_are_trial_limits_and_a_handful_is_refused(number, charted, trial):
    view = pasted(("Falls", QUIET[:number], "<=10", "lower", "R"), ("Enough", QUIET, "", "lower", "G"))
    assert ("Falls" in glance(view)) == charted
    if not charted:
        (item,) = listing(view, "Not charted")
        assert "four numbers" in item
        assert "at least 5, and 13 or more" in item
        return
    assert ("trial limits" in sentences(view)[0]) == trial
    assert ("trial limits" in glance(view)["Falls"]["Changed?"]) == trial


def test_a_page_with_nothing_to_chart_says_so_and_offers_no_download():
    view = pasted(("Falls", QUIET[:3], "<=10", "lower", "R"))
    assert "no indicator could be charted" in view["summary"]
    assert view["data"] is None
    assert listing(view, "Not charted")


def test_an_empty_box_waits_and_something_that_is_no_table_says_what_to_paste():
    waiting = views.compute(KIND, {"source": "own", "pasted": " \n "})
    assert waiting["notices"][0]["level"] == "info"
    refused = views.compute(KIND, {"source": "own", "pasted": "falls went down"})
    assert not refused["panels"]
    assert "heading row" in refused["notices"][0]["text"]


def test_without_direction_or_colour_the_page_says_what_changed_and_not_whether_it_is_good():
    view = pasted(("Calls", RAISED), ("Visits", QUIET))
    assert sentences(view)[0].startswith("Something changed: eight months")
    assert "whatever the colour" not in view["summary"]
    assert "one with no better or worse given" in view["summary"]
    (colours,) = [panel for panel in view["panels"] if panel.get("heading") == "Colours"]
    assert "No colours" in colours["empty"]
    assert glance(view)["Calls"]["Target met"] == ""


def test_an_earlier_change_that_is_over_is_not_forgotten():
    # The spike lifts the mean to 12.8, so that the 13 at the end stands just above it.
    (said,) = sentences(pasted(("Falls", [10, 12, 9, 60, *QUIET, 13], "<=12", "lower", "G")))
    assert said.startswith("No new sign of a change")
    assert "cannot be told" in said


def test_a_run_that_one_far_off_month_may_have_made_says_so():
    (said,) = sentences(pasted(("Falls", [10, 12, 9, 60, *QUIET], "<=12", "lower", "G")))
    assert "lie below the mean of 12.8" in said
    assert "But Apr 25 drags the mean up" in said
    (plain,) = sentences(pasted(("Falls", RAISED, "<=12", "lower", "G")))
    assert "drags" not in plain


def test_a_measure_that_never_varies_and_one_mostly_nought_are_named_as_such():
    flat, rare = sentences(
        pasted(
            ("Flat", [7] * 15, "<=8", "lower", "G"),
            ("Rare", [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0], "0", "lower"),
        )
    )
    assert "Every month reads 7" in flat
    assert "days between events" in rare


def test_limits_are_drawn_within_what_the_measure_can_be():
    view = pasted(
        (
            "Seen",
            [f"{value}%" for value in [99, 92, 100, 95, 98, 91, 99, 94, 100, 93, 99, 95, 98, 92]],
            "95%",
            "higher",
            "R",
        )
    )
    (figure,) = [panel for panel in view["panels"] if panel["type"] == "figure"]
    levels = {mark["label"]: mark["y"][0] for mark in figure["marks"] if mark["mark"] == "rule_y"}
    assert levels["Upper limit"] == 100
    low = pasted(("Falls", [0, 5, 1, 6, 0, 4, 2, 7, 0, 5, 1, 6, 3], "", "lower"))
    (figure,) = [panel for panel in low["panels"] if panel["type"] == "figure"]
    assert {mark["label"]: mark["y"][0] for mark in figure["marks"] if mark["mark"] == "rule_y"}[
        "Lower limit"
    ] == 0


def test_a_target_missed_every_month_is_not_called_luck_though_the_limits_reach_it():
    values = [34.1, 36.8, 35.2, 38.0, 41.3, 39.9, 36.4, 35.0, 33.7, 36.1, 34.9, 37.2, 33.8, 38.6]
    view = pasted(("Response", values, "<=30", "lower", "R"))
    assert listing(view, "Given as red") == ["1 missed the target every month, unchanged: Response"]
    assert "go on missing 30, as in all 14 months" in sentences(view)[0]


def test_weeks_are_called_weeks():
    view = pasted(("Calls", QUIET, "<=10", "lower", "R"), heading=[f"Week {n}" for n in range(1, 19)])
    text = describe.as_text(views.spec(KIND), view)
    assert "18 weeks" in text
    assert "month" not in text.replace("Paste the table", "")


def test_it_prints_and_its_second_example_shows_rows_to_mend():
    assert views.spec(KIND)["printable"]
    view = views.compute(KIND, {"source": "system"})
    assert view["notices"][0]["text"].startswith("2 rows are not charted")
    assert len(listing(view, "Not charted")) == 2


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.none(), st.integers(-5, 60)), min_size=5, max_size=20),
            st.sampled_from(["", "<=10", "95%", "20"]),
            st.sampled_from(["", "lower", "higher"]),
            st.sampled_from(["", "R", "A", "G"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_table_gives_a_page_of_whole_sentences(rows):
    view = pasted(*((f"Measure {n}", *row) for n, row in enumerate(rows)))
    text = describe.as_text(views.spec(KIND), json.loads(json.dumps(view)))
    assert not re.search(r"\bnan\b|None[^ ]|one months|one rows|[a-z]  [a-z]|\.\.", text)
    listed = sum(
        len(panel["items"]) for panel in view["panels"] if panel.get("heading", "").startswith("Not charted")
    )
    assert len(view["data"]["rows"] if view["data"] else []) + listed == sum(
        any(v is not None for v in row[0]) or any(row[1:]) for row in rows
    )
