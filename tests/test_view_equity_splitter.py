"""The equity splitter and its lesson's self-check: the map's oracle, both gaps, the mix, and what small counts hide."""

import json
import re
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import datasets, views
from improvement.views import check_measure_families, describe

KIND = "equity-splitter"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
STORIES = [option["value"] for option in CONTROLS["source"]["options"]]


def splitter(**params):
    return views.compute(KIND, params)


def story(name, **params):
    """The view after picking a story, as the page asks for it: with the settings that it brings along."""
    (option,) = [one for one in CONTROLS["source"]["options"] if one["value"] == name]
    return splitter(**{"source": name, **option["sets"], **params})


def mine(**params):
    return splitter(set_own=True, **params)


def said(view, heading):
    found = [one["text"] for one in view["panels"] if one.get("heading") == heading and "text" in one]
    return found[0] if found else ""


def table(view, start):
    (one,) = [one for one in view["panels"] if one["type"] == "table" and one["caption"].startswith(start)]
    return {row[0]: row[1:] for row in one["rows"]}


def challenge(view):
    (one,) = [one for one in view["panels"] if one["type"] == "challenge"]
    return one


def figure(view):
    (one,) = [one for one in view["panels"] if one["type"] == "figure"]
    return one


# The guess


@pytest.mark.parametrize("name", STORIES)
def test_the_question_is_true_of_every_story(name):
    rates = table(story(name), "Rates and shares")
    assert rates["Everyone"][2:4] == ["7.6%", "6.2%"]
    group = next(iter(rates))
    assert (rates[group][0], rates[group][2]) == ("20%", "14%")


def test_before_the_guess_only_the_line_for_everybody_shows():
    view = splitter()
    assert all(panel["reveal"] for panel in view["panels"] if panel["type"] != "figure")
    shown_first = [mark for mark in figure(view)["marks"] if not mark["reveal"]]
    assert {mark["role"] for mark in shown_first} == {"recalculation", "data", "quiet"}
    assert not any(value > 10 for mark in shown_first for value in mark.get("y", []))
    assert view["notices"] == story("restraint")["notices"] == []


def test_letting_the_average_speak_for_the_group_is_answered_with_its_own_rate():
    text = said(splitter(prediction=11.4), "Your guess")
    assert "You said 11.4" in text
    assert "it is 15, up from 14" in text
    assert f"would have made it {14 * 6.2 / 7.6:.1f}" in text
    assert "Close" in said(splitter(prediction=15), "Your guess")
    assert "Less bad" in said(splitter(prediction=20), "Your guess")
    assert "as it was before" in said(story("wounds", prediction=9), "Your guess")
    assert said(mine(prediction=11), "Your guess") == ""


# The map's oracle, the two gaps and the mix


def test_the_average_improves_while_the_gap_widens():
    for view in (splitter(), mine()):
        assert "7.6% before and 6.2% after, better" in view["summary"]
        assert "from 8 points to 11 points: wider" in view["summary"]
        gaps = said(view, "The gap, two ways")
        assert f"{14 / 6:.2f} times, then {15 / 4:g} times" in gaps


def test_the_outpatient_split_is_that_of_the_file():
    rows = datasets.read("did_not_attend")
    missed, booked = defaultdict(int), defaultdict(int)
    for month, fifth, seen, absent in zip(
        rows["month"], rows["deprivation_fifth"], rows["appointments"], rows["not_attended"], strict=True
    ):
        period = "after" if str(month) >= "2025-10-01" else "before"
        missed[fifth, period] += absent
        booked[fifth, period] += seen
    rates = list(table(splitter(split="five"), "Rates and shares").values())[:5]
    for fifth, row in enumerate(rates, start=1):
        assert [float(cell.rstrip("%")) for cell in row[2:4]] == pytest.approx(
            [100 * missed[fifth, period] / booked[fifth, period] for period in ("before", "after")]
        )
    assert "from 9.75 points to 12.2 points" in splitter(split="five")["summary"]


def test_no_chart_of_the_most_deprived_fifth_alone_shows_it_left_behind():
    (alone,) = [panel["items"] for panel in splitter(split="five")["panels"] if panel["type"] == "listing"]
    assert "no special cause in 24 months" in alone[0]
    assert all("special cause, towards lower rates" in item for item in alone[1:])


def test_the_two_gaps_can_move_opposite_ways():
    text = said(story("ambulance"), "The gap, two ways")
    assert "8, then 7.5 points" in text
    assert f"then {12.2 / 4.7:.1f} times" in text
    assert "The difference shrank and the ratio grew" in text
    assert "The ratio shrank and the difference grew" in said(
        mine(group_before=6, group_after=20, others_before=2, others_after=10), "The gap, two ways"
    )
    assert "shrank" not in said(splitter(), "The gap, two ways")


def test_the_mix_alone_moves_the_average_and_the_splitter_says_so():
    view = story("wounds")
    assert "0 points because rates changed, −1.4 points because a different mix" in said(
        view, "What moved the average"
    )
    assert "No group's rate moved" in said(view, "What moved the average")
    assert "stays at 8 points" in view["summary"]
    both = mine(group_before=14, group_after=16, others_before=6, others_after=7, share_after=0)
    # 0.2 x 2 + 0.8 x 1 = 1.2 worse; 0.2 of the people move from 16 to 7, 1.8 better
    assert "+1.2 points because rates changed, −1.8 points" in said(both, "What moved the average")
    assert "the mix won" in said(both, "What moved the average")


def test_when_the_groups_change_places_it_is_said():
    view = mine(group_after=2, others_after=9)
    assert "passed from “Most deprived fifth” to “Other four fifths”" in said(view, "The gap, two ways")


def test_a_rate_of_nought_has_no_ratio():
    view = mine(others_after=0)
    assert "a group has a rate of nought" in said(view, "The gap, two ways")
    assert table(view, "Rates and shares")["Gap, as a ratio"][3] is None


# Small numbers


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([50, 100, 150, 400, 1000]),
    st.sampled_from([0.5, 2.5, 10, 20, 50]),
    st.sampled_from([0, 0.5, 2.5, 20]),
    st.sampled_from([0, 1, 5, 15]),
    st.integers(1, 200),
)
def test_no_count_from_one_to_four_is_shown_or_can_be_worked_out(people, share, later, rate, seed):
    view = mine(
        people=people, share_before=share, share_after=later, group_after=rate, others_after=rate / 2, seed=seed, prediction=10
    )  # fmt: skip
    months = defaultdict(dict)
    for month, group, events, seen in view["data"]["rows"]:
        months[month][group] = (events, seen)
        for count in (events, seen):
            assert count is None or count == 0 or count >= 5
    for groups in months.values():
        assert sum(counts[0] is None for name, counts in groups.items() if name != "Everyone") != 1
    drawn = {
        title.split(":")[0]
        for mark in figure(view)["marks"]
        if mark["reveal"]
        for title in mark.get("title", [])
    }
    kept = {month for month, groups in months.items() if all(c[0] is not None for n, c in groups.items() if n != "Everyone")}  # fmt: skip
    assert drawn <= kept
    for cells in table(view, "What twelve months").values():
        for cell in cells:
            count = re.match(r"([\d,]+) of ([\d,]+)", cell)
            assert count or cell in ("nobody", "held back: too few")
            if count:
                assert all(n == 0 or n >= 5 for n in (int(one.replace(",", "")) for one in count.groups()))
    assert bool(view["notices"]) == (len(kept) < 24)


def test_held_back_months_are_counted_in_a_warning_with_the_remedy():
    (warning,) = story("restraint", prediction=10)["notices"]
    assert re.search(r"\d+ of 24 months", warning["text"])
    assert "Add months together" in warning["text"]
    assert splitter(prediction=10)["notices"] == []


def test_the_challenge_is_met_only_when_counts_reverse_a_real_change():
    assert "Tick" in challenge(splitter())["text"]
    met = next(view for seed in range(1, 200) if challenge(view := mine(people=50, seed=seed))["met"])
    true, counted = re.findall(r"[+−][\d.]+", challenge(met)["text"])[:2]
    assert (true, counted[0]) == ("+3", "−")
    assert not challenge(mine(people=10_000))["met"]
    assert "less than a point" in challenge(mine(group_after=12, others_after=4))["text"]


# Every setting


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("guess", [None, 0, 30])
def test_every_story_is_complete_in_words(name, guess):
    view = story(name, prediction=guess)
    text = describe.as_text(views.spec(KIND), view)
    assert json.loads(json.dumps(view)) == view
    assert "None" not in text
    assert "nan" not in text
    rates = table(view, "Rates and shares")
    for group in list(rates)[:2]:
        assert f"{group} {rates[group][2]} before, {rates[group][3]} after" in figure(view)["description"]


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            name: st.sampled_from([0, 0.5, 14, top])
            for name, top in (
                ("group_before", 30), ("group_after", 30), ("others_before", 30), ("others_after", 30),
                ("share_before", 50), ("share_after", 50),
            )
        }
    )
)  # fmt: skip
def test_no_setting_breaks_the_splitter(numbers):
    view = mine(**numbers, people=50, prediction=3)
    assert view["panels"]
    low, high = figure(view)["y_range"]
    for mark in figure(view)["marks"]:
        assert all(value is None or low <= value <= high for value in mark.get("y", []))
    assert "−0 " not in describe.as_text(views.spec(KIND), view)


def test_a_number_out_of_range_is_named():
    (problem,) = mine(group_after=31)["notices"]
    assert "Smaller group: rate after" in problem["text"]


# The self-check


def test_the_self_check_asks_for_the_oracle_and_ten_charts():
    checks = {check.name: check for check in check_measure_families.CHECKS}
    assert checks["overall_after"].right == pytest.approx(6.2)
    assert checks["gap_after"].right == 11
    for wrong in (9.5, 7.6):
        right, why = checks["overall_after"].judge(wrong)
        assert not right
        assert why != checks["overall_after"].otherwise
    for wrong in (8, 3.75, 3):
        assert checks["gap_after"].judge(wrong)[1] != checks["gap_after"].otherwise
    charts = checks["charts"]
    assert (len(charts.cards), charts.enough) == (10, 8)
    assert {pile for card in charts.cards for pile in card.piles} == set(charts.piles)
    key = {str(place): card.piles[0] for place, card in enumerate(charts.cards, start=1)}
    for wrong, passes in ((2, True), (3, False)):
        given_piles = {**key, **{str(place): charts.piles[3] for place in range(1, wrong + 1)}}
        assert charts.judge(given_piles)[0] is passes
