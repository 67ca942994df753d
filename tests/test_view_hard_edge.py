"""The hard-edge ledger: the theatres counted from the files, kinds of money kept apart, and where capacity is cash."""

import json
import re

import pytest

from improvement import views
from improvement.views import describe, hard_edge
from improvement.views.hard_edge import STORIES

KIND = "hard-edge"
OWN = {
    "what": "Letter sent again", "category": "internal_failure", "volume": 1000, "share": 12, "minutes": 15, "rate": 20, "bought": 25,
    "spend": 2, "avoided": 5,
}  # fmt: skip
# By hand: 120 letters, 30 hours, £600 of time. £150 of it bought in, £240 of postage: £390 cash, £450 capacity, £600 avoided.


def view(guess="half", story="theatres", **params):
    sets = {}
    if story in STORIES:
        sets = {"reduction": STORIES[story].reduction, "investment": STORIES[story].investment}
    return views.compute(KIND, {"prediction": guess, "story": story, **sets, **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def stacked(figure):
    """The ledger's picture as {(category, kind of money): pounds}."""
    found = {}
    for mark in figure["marks"]:
        if mark["mark"] == "bar_x" and mark["label"]:
            for start, end, row in zip(mark["x1"], mark["x2"], mark["text"], strict=True):
                found[row, mark["label"]] = 1000 * (end - start)
    return found


@pytest.fixture(scope="module")
def counted(table):
    """{(category, kind): pounds} of the theatres, counted from the two files."""
    sessions = table("theatre_sessions")
    found = {}
    for rate in table("theatre_cost_rates"):
        count = sum(int(row[rate["counted_in"]]) for row in sessions)
        wages = count * int(rate["staff"]) * int(rate["minutes_each"] or 1) / 60 * int(rate["pounds_an_hour"])
        bought = float(rate["paid_extra"])
        for kind, pounds in (
            ("Cash-releasing", count * int(rate["pounds_spent_each"]) + wages * bought),
            ("Capacity-releasing", wages * (1 - bought)),
            ("Cost-avoiding", count * int(rate["pounds_avoided_each"])),
        ):
            key = hard_edge.CATEGORY_WORDS[rate["category"]], kind
            found[key] = found.get(key, 0) + pounds
    return {key: pounds for key, pounds in found.items() if pounds}


def test_the_theatres_cost_what_the_files_say(counted):
    shown = view()
    assert stacked(panel(shown, "figure", "A year's cost")) == pytest.approx(counted, abs=0.01)
    poor = sum(pounds for (category, _), pounds in counted.items() if category != "Prevention")
    assert round(poor) == 64803
    assert round(sum(counted.values())) in (69994, 69995)
    assert "Poor quality costs £64,803 a year" in shown["summary"]


def test_before_the_guess_the_cost_shows_and_its_kinds_do_not():
    shown = views.compute(KIND, {})
    (only,) = shown["panels"]
    assert only["type"] == "figure"
    text = json.dumps(shown, ensure_ascii=False)
    assert "£64,803" in text
    assert "releasing" not in text


def test_cash_is_about_a_third_and_most_guesses_are_higher(counted):
    cash = sum(
        p for (category, kind), p in counted.items() if kind == "Cash-releasing" and category != "Prevention"
    )
    assert 100 * cash / 64803 == pytest.approx(32.1, abs=0.1)
    told = {
        guess: panel(view(guess), "sentence", "Your guess")["text"]
        for guess in ("fifth", "third", "half", "most", "all")
    }
    assert "Right." in told["third"]
    assert all("£32 of every £100" in text for text in told.values())
    assert all("Most of it is no cash" in told[guess] for guess in ("half", "most", "all"))
    assert "more cash in it than you thought" in told["fifth"]


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("hours", ["ledger", "paid", "bought"])
@pytest.mark.parametrize("again", [0, 60])
def test_cash_is_never_more_than_the_total_and_the_table_adds_up(story, hours, again):
    shown = view(story=story, hours=hours, again=again)
    rows = panel(shown, "table", "Line by line")["rows"]
    for _, _, _, _, pounds, cash, capacity, avoided in rows:
        assert cash <= pounds + 1
        assert cash + capacity + avoided == pytest.approx(pounds, abs=2)
    poor = sum(row[4] for row in rows if row[1] != "Prevention")
    told = int(re.search(r"Poor quality costs £([\d,]+)", shown["summary"]).group(1).replace(",", ""))
    assert told == pytest.approx(poor, abs=4)


def test_the_source_of_the_hours_moves_money_between_kinds_and_not_the_total():
    totals = [view(hours=hours)["summary"].partition(".")[0] for hours in ("ledger", "paid", "bought")]
    assert len(set(totals)) == 1
    paid = stacked(panel(view(hours="paid"), "figure", "A year's cost"))
    bought = stacked(panel(view(hours="bought"), "figure", "A year's cost"))
    assert ("Internal failure", "Capacity-releasing") not in bought
    # Paid anyway: only materials are cash, 61 × £85 + 62 × £45.
    assert paid["Internal failure", "Cash-releasing"] == pytest.approx(61 * 85 + 62 * 45)


def test_rework_multiplies_failures_by_one_over_one_minus_it():
    once, again = (stacked(panel(view(again=percent), "figure", "A year's cost")) for percent in (0, 50))
    for key, pounds in once.items():
        factor = 2 if "failure" in key[0] else 1
        assert again[key] == pytest.approx(factor * pounds)


def test_an_own_line_by_hand():
    shown = view(story="own", lines=[OWN], reduction=50, investment=200, unsure=10)
    assert stacked(panel(shown, "figure", "A year's cost")) == pytest.approx(
        {
            ("Internal failure", "Cash-releasing"): 390,
            ("Internal failure", "Capacity-releasing"): 450,
            ("Internal failure", "Cost-avoiding"): 600,
        }
    )
    cash, capacity, avoided, everything = panel(shown, "listing", "What you may write")["items"]
    assert "£195 a year stops going out" in cash
    assert "Cash falls £5 short" in cash
    assert "15 staff hours, of which £225 worth" in capacity
    assert "£300 might not" in avoided
    assert "less what it takes: £520" in everything
    tornado = panel(shown, "figure", "If one figure is 10% wrong")
    ends = {
        row: (1000 * low, 1000 * high)
        for mark in tornado["marks"]
        if mark["mark"] == "bar_x"
        for low, high, row in zip(mark["x1"], mark["x2"], mark["text"], strict=True)
    }
    assert ends["Letter: how often"] == pytest.approx((1296, 1584))
    assert ends["Letter: minutes"] == pytest.approx((1380, 1500))
    assert ends["Letter: later bill"] == pytest.approx((1380, 1500))
    assert ends["Letter: money out"] == pytest.approx((1416, 1464))


def test_the_widest_bar_comes_first_and_prevention_has_none():
    for story in STORIES:
        (bars,) = [
            mark for mark in panel(view(story=story), "figure", "If one")["marks"] if mark["mark"] == "bar_x"
        ]
        widths = [high - low for low, high in zip(bars["x1"], bars["x2"], strict=True)]
        assert widths == sorted(widths, reverse=True)
        assert len(set(bars["text"])) == len(bars["text"]) <= 6


def test_a_net_total_may_please_while_cash_does_not_pay():
    items = panel(view(), "listing", "What you may write")["items"]
    assert "Cash falls £" in items[0]
    assert "−" not in items[3]
    assert (
        "Cash alone pays for it" in panel(view(investment=6000), "listing", "What you may write")["items"][0]
    )
    assert "−£" in panel(view(investment=20000), "listing", "What you may write")["items"][3]


def test_capacity_is_cash_where_beds_and_agency_are_bought():
    assert not panel(view(), "challenge")["met"]
    assert panel(view(story="beds"), "challenge")["met"]
    assert panel(view(story="practice", hours="bought"), "challenge")["met"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "Add a line"),
        ([OWN, OWN], "Two lines are called “Letter sent again”. Give line 2 a name of its own."),
        ([{**OWN, "share": 120}], "Lines, a year, row 1. Happens to: 120 is too large"),
        ([{**OWN, "minutes": None}], "the box is empty"),
    ],
)
def test_a_ledger_that_cannot_be_used_says_what_to_mend(lines, words):
    shown = view(story="own", lines=lines)
    assert words in shown["notices"][0]["text"]
    assert shown["notices"][0]["control"] == "lines"


@pytest.mark.parametrize(
    "params",
    [
        {"reduction": 0}, {"reduction": 100, "investment": 0}, {"unsure": 0}, {"unsure": 50, "again": 60},
        {"story": "own", "lines": [{**OWN, "volume": 0}]},
        {"story": "own", "lines": [{**OWN, "category": "prevention"}]},
        {"story": "own", "lines": [{**OWN, "what": ""}, {**OWN, "what": " ", "minutes": 0}]},
        {"story": "own", "lines": [{**OWN, "what": "Letter lost"}, OWN, {**OWN, "what": "Letter late"}]},
    ],
)  # fmt: skip
def test_edge_settings_read_whole(params):
    shown = view(**params)
    text = describe.as_text(views.spec(KIND), shown)
    json.dumps(shown)
    for wrong in (" nan", "£nan", "inf ", "None", "£-", "{", " 1 staff hours"):
        assert wrong not in text
    assert shown["summary"]


def test_ledgers_come_from_five_sectors_each_with_all_four_categories():
    sectors = set()
    for story in STORIES.values():
        sectors.add(story.sector)
        assert {line.category for line in story.lines()} == set(hard_edge.CATEGORY_WORDS)
    assert sectors == {"acute", "primary care", "community", "ambulance", "mental health"}
