"""The measure-family builder: people who count apart, kappa by hand, and a family held back until it balances."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.views import describe
from improvement.views.measure_family import CASES

KIND = "measure-family"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
NAMES = [case.name for case in CASES]
BALANCING = {
    "name": "Repeat visits", "kind": "balancing", "counts": "Back within 14 days", "not_counts": "Planned returns",
    "who": "Clerk", "when": "Monthly", "minutes": 30, "times": 1,
}  # fmt: skip
EQUITY = {**BALANCING, "name": "Missed, by fifth", "kind": "equity"}


def builder(**params):
    return views.compute(KIND, params)


def sorted_by(codes, definition="loose", **params):
    return builder(
        **{"definition": definition, f"sort_{definition}": dict(zip(NAMES, codes, strict=True)), **params}
    )


def family(*measures, **params):
    return builder(job="family", measures=list(measures), **params)


def start(value):
    (option,) = [one for one in CONTROLS["start"]["options"] if one["value"] == value]
    return builder(job="family", start=value, **option["sets"])


def said(view, heading):
    found = [one["text"] for one in view["panels"] if one.get("heading") == heading and "text" in one]
    return found[0] if found else ""


def listed(view, start):
    (one,) = [one for one in view["panels"] if one["type"] == "listing" and one["heading"].startswith(start)]
    return one["items"]


def tables(view):
    return [one for one in view["panels"] if one["type"] == "table"]


def kappa(first, second):
    """Cohen's kappa of two lists of yes and no, from its definition."""
    n = len(first)
    same = sum(a == b for a, b in zip(first, second, strict=True)) / n
    luck = sum((first.count(code) / n) * (second.count(code) / n) for code in ("yes", "no"))
    return (same - luck) / (1 - luck)


def coded(name, definition):
    return [getattr(case, definition)[("Jo", "Sam").index(name)] for case in CASES]


# The test of a definition


def test_there_are_ten_cases_and_nobody_can_agree_with_both_colleagues_on_the_four_words():
    assert len(CASES) == 10
    assert sum(a == b for a, b in (case.loose for case in CASES)) == 5
    assert [a == b for a, b in (case.full for case in CASES)].count(False) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["yes", "no"]), min_size=10, max_size=10))
def test_nine_or_ten_is_never_the_answer_whatever_the_reader_sorts(codes):
    view = sorted_by(codes, prediction=9)
    alike = sum(len({*case.loose, code}) == 1 for case, code in zip(CASES, codes, strict=True))
    assert f"All three of you agree on {alike} of 10." in view["summary"]
    assert alike <= 5
    assert f"You said 9 of 10; it was {alike}. Nobody was careless." in said(view, "Your guess")
    assert len(listed(view, "Cases that split you")) == 10 - alike


def test_kappa_is_that_of_the_definition_for_all_three_pairs():
    codes = ["yes", "no"] * 5
    text = said(sorted_by(codes), "Agreement beyond luck")
    jo, sam = coded("Jo", "loose"), coded("Sam", "loose")
    for pair, value in (("You and Jo", kappa(codes, jo)), ("you and Sam", kappa(codes, sam)), ("Jo and Sam", kappa(jo, sam))):  # fmt: skip
        shown = f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
        assert f"{pair}: {shown if shown != '−0' else '0'}" in text


def test_the_same_ten_people_give_two_rates():
    text = said(sorted_by(coded("Jo", "loose")), "In plain English")
    assert "you count 8, Jo counts 8, Sam counts 3" in text
    assert "30% or 80%" in text


def test_the_full_definition_leaves_one_case_open_to_those_who_follow_it():
    view = sorted_by(coded("Sam", "full"), "full")
    assert "agree on 9 of 10" in view["summary"]
    (left,) = listed(view, "Cases that split you")
    assert "Still open" in left
    jo, sam = coded("Jo", "full"), coded("Sam", "full")
    assert f"Jo and Sam: {kappa(jo, sam):.2f}" in said(view, "Agreement beyond luck")
    assert kappa(jo, sam) > 3 * kappa(coded("Jo", "loose"), coded("Sam", "loose"))


def test_one_code_throughout_against_itself_has_no_kappa_and_against_others_nought():
    text = said(sorted_by(["yes"] * 10), "Agreement beyond luck")
    assert "You and Jo: 0;" in text


def test_unsorted_cases_are_counted_and_the_colleagues_codes_stay_folded():
    view = builder(sort_loose={"silent": "yes"})
    assert view["summary"] == "9 cases are still to be sorted."
    folded = tables(view)[0]
    assert [panel["type"] for panel in view["panels"]] == ["sentence", "table"]
    assert folded["reveal"]
    assert not folded["open"]
    assert [row[1:] for row in folded["rows"]].count(["missed", "missed"]) == 3
    assert "1 case is" in builder(sort_loose=dict.fromkeys(NAMES[1:], "no"))["summary"]


def test_the_results_wait_for_the_guess():
    assert all(panel["reveal"] for panel in sorted_by(["no"] * 10)["panels"])


def test_copying_a_colleague_breaks_the_model():
    def challenge(view):
        (one,) = [one for one in view["panels"] if one["type"] == "challenge"]
        return one

    assert not challenge(sorted_by(["no"] * 10))["met"]
    assert not challenge(sorted_by(coded("Sam", "full"), "full"))["met"]
    met = challenge(sorted_by(coded("Jo", "loose")))
    # Jo counts the bus, the link, the moved letter and the unread text, which the full definition does not.
    assert met["met"]
    assert "otherwise in 4 cases" in met["text"]


# The reader's own pairs


def test_own_codes_are_read_and_the_splits_named():
    lines = ["yes yes", "Y, n", "no no", "", "n;n", "1 0", "yes yes", "no no", "no no", "yes yes", "no no"]
    view = builder(job="own", pairs="\n".join(lines))
    first = ["yes", "yes", "no", "no", "yes", "yes", "no", "no", "yes", "no"]
    second = ["yes", "no", "no", "no", "no", "yes", "no", "no", "yes", "no"]
    assert "You agree on 8 of 10 cases." in view["summary"]
    assert f"Kappa: {kappa(first, second):.1f}" in view["summary"]
    assert listed(view, "Cases that split you") == [
        "Case 2: you said yes, they said no.",
        "Case 5: you said yes, they said no.",
    ]
    assert "You would report 5, your colleague 3" in said(view, "What it does to the number")
    assert view["notices"] == []


def test_a_thin_test_is_flagged_and_an_unreadable_line_named():
    assert "Only 1 case:" in builder(job="own", pairs="yes no")["notices"][0]["text"]
    assert "Kappa: none" in builder(job="own", pairs="yes yes\nyes yes")["summary"]
    for line in ("yes", "yes maybe", "yes no yes"):
        (problem,) = builder(job="own", pairs=f"yes no\n{line}")["notices"]
        assert problem["level"] == "error"
        assert "Line 2" in problem["text"]
    assert "Waiting" in builder(job="own")["summary"]


# The family


@pytest.mark.parametrize("value", [option["value"] for option in CONTROLS["start"]["options"]])
def test_every_start_is_held_back_until_something_balances(value):
    view = start(value)
    (notice,) = view["notices"]
    assert "no balancing measure" in notice["text"]
    assert "something gives" in notice["text"]
    assert not tables(view)
    missing = listed(view, "Missing")
    assert any(item.startswith("A balancing measure") for item in missing)
    assert any(item.startswith("An equity measure") for item in missing)


def test_a_named_balancing_measure_releases_the_sheet_for_printing():
    outcome = {**BALANCING, "name": "Missed", "kind": "outcome"}
    process = {**BALANCING, "name": "Reminders", "kind": "process"}
    view = family(outcome, process, BALANCING, EQUITY)
    assert view["notices"] == []
    assert listed(view, "Missing") == []
    (sheet,) = tables(view)
    assert [row[1] for row in sheet["rows"]] == ["Missed", "Reminders", "Repeat visits", "Missed, by fifth"]
    assert views.spec(KIND)["printable"]
    assert "2 hours a month" in said(view, "What it costs to collect")  # four times 30 minutes
    assert "29 of 29 boxes" in said(view, "Where it stands")


def test_it_owns_up_to_checking_only_that_boxes_are_filled():
    text = said(family({**BALANCING, "counts": "x", "not_counts": "y"}), "Where it stands")
    assert "completeness check: any words would pass it" in text
    assert "No box" not in said(family(BALANCING), "Where it stands")


def test_the_outcome_under_another_tag_does_not_balance_it():
    view = family({**BALANCING, "kind": "outcome"}, {**BALANCING, "name": " repeat  VISITS "})
    assert "no balancing measure" in view["notices"][0]["text"]
    assert "no balancing measure" in family({**BALANCING, "name": " "})["notices"][0]["text"]


def test_what_is_missing_is_listed_by_name():
    view = family({**BALANCING, "who": " ", "minutes": None}, {**EQUITY, "name": "", "not_counts": EQUITY["counts"].upper()}, aim=" ")  # fmt: skip
    missing = listed(view, "Missing")
    assert "The aim." in missing
    assert "“Repeat visits”: who collects it, minutes each time." in missing
    assert "Measure 2: its name." in missing
    assert "Measure 2: the same words stand for what counts and what does not." in missing
    assert "from 1 of 2 measures" in said(view, "What it costs to collect")


@pytest.mark.parametrize(
    ("minutes", "times", "told"),
    [
        (2, 29, "58 minutes"),
        (2, 30, "1 hour a"),
        (5, 30, "2.5 hours"),
        (0, 9, "0 minutes"),
        (1, 1, "1 minute a"),
    ],
)
def test_burden_is_minutes_times_months_in_plain_units(minutes, times, told):
    assert told in said(family({**BALANCING, "minutes": minutes, "times": times}), "What it costs to collect")


def test_an_untouched_row_is_no_measure():
    blank = {**dict.fromkeys(("name", "counts", "not_counts", "who", "when"), ""), "kind": "balancing", "minutes": None, "times": None}  # fmt: skip
    assert "0 of 1 boxes" in said(family(blank, aim=""), "Where it stands")
    assert "unknown" in said(family(blank), "What it costs to collect")


@pytest.mark.parametrize("params", [{}, {"job": "own", "pairs": "yes no"}, {"job": "family"}, {"sort_loose": dict.fromkeys(NAMES, "no")}])  # fmt: skip
def test_every_part_is_complete_in_words(params):
    view = builder(**params)
    assert json.loads(json.dumps(view)) == view
    assert "None" not in describe.as_text(views.spec(KIND), view).replace("None.", "")
