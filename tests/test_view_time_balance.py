"""Leadership hours: shares of a diary, and what control, improvement and planning each do in three years."""

import json

import pytest

from improvement import views
from improvement.views import check_leadership_time, describe, time_balance

KIND = "time-balance"


def view(**params):
    return views.compute(KIND, {"prediction": "falls", **params})


def hours(planning=0, control=0, assurance=0, improvement=0, **params):
    return view(planning=planning, control=control, assurance=assurance, improvement=improvement, **params)


def own(text, **params):
    return view(hours_from="own", lines=text, **params)


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def compared(shown):
    return {row[0]: row[1:] for row in panel(shown, "table", "This week")["rows"]}


def everyday(improvement, control, weeks=156):
    """The level after three years with points won and leaked, week by week from the docstring of the model."""
    gain = won = leaked = 0.0
    for _ in range(weeks - 1):
        up = 0.02 * improvement / (improvement + 5) * (20 - 4 - gain)
        down = 0.03 * (1 - control / (control + 5)) * gain
        gain, won, leaked = gain + up - down, won + up, leaked + down
    return 20 - gain, won, leaked


def test_before_the_guess_the_three_years_stay_hidden():
    for params in ({}, {"hours_from": "sample"}):
        open_ = [one for one in views.compute(KIND, params)["panels"] if not one["reveal"]]
        assert "three years" not in json.dumps(open_)
        assert any(one["type"] == "figure" for one in open_)  # where the hours go


def test_control_wins_first_and_is_then_undone():
    text = panel(view(), "sentence", "Your guess")["text"]
    assert "It stays at 20%" in text
    assert "Control did what it is for" in text
    assert "about 2.3 weeks" in text  # 1 / (1 - (1 - 0.9 * 0.8) * 0.9) + 1
    assert "takes 11" in text  # 1 / 0.1 + 1
    assert "So it does" in panel(view(prediction="same"), "sentence", "Your guess")["text"]
    for control in (1, 20, 30):
        shown = compared(hours(control=control))
        assert shown["Everyday work that goes wrong, %"][0] == 20
        assert shown["Points won by improvement"][0] == 0


@pytest.mark.parametrize(("improvement", "control"), [(20, 0), (8, 6), (2, 12), (10, 10)])
def test_improvement_wins_and_leaks_what_control_does_not_hold(improvement, control):
    level, won, leaked = everyday(improvement, control)
    shown = compared(hours(improvement=improvement, control=control))
    assert shown["Everyday work that goes wrong, %"][0] == pytest.approx(level, abs=0.051)
    assert shown["Points won by improvement"][0] == pytest.approx(won, abs=0.051)
    assert shown["Points leaked again"][0] == pytest.approx(leaked, abs=0.051)


def test_all_improvement_leaks_most_of_its_gains_and_outsiders_find_the_trouble():
    shown = compared(hours(improvement=20))
    assert shown["Points leaked again"][0] > shown["Points won by improvement"][0] / 2
    assert shown["Weeks until trouble ends, on average"][0] == 11
    assert shown["Surprises a year found by others, expected"][0] == pytest.approx(52 * 0.08, abs=0.051)


@pytest.mark.parametrize("planning", [0, 4, 20])
def test_planning_decides_how_new_services_begin(planning):
    fails = 35 - 32 * planning / (planning + 5)
    shown = compared(hours(planning=planning, control=10))
    assert shown["A new service meets the need, %"][0] == pytest.approx(100 - fails, abs=0.51)
    assert shown["Everyday work that goes wrong, %"][0] == 20
    worse = shown["The same with new services, %"][0] > 20
    assert worse == (fails > 20)


def test_starting_weeks_set_the_sliders_and_are_twenty_hours_each():
    (choice,) = [one for one in views.spec(KIND)["controls"] if one["name"] == "week"]
    for option in choice["options"]:
        assert sum(option["sets"].values()) == 20
    defaults = views.spec(KIND)["defaults"]
    assert {kind: defaults[kind] for kind in time_balance.USUAL} == {
        option["value"]: option["sets"] for option in choice["options"]
    }[defaults["week"]]


def test_shares_of_the_ambulance_diary():
    text = panel(view(hours_from="sample", diary="ambulance"), "sentence", "Where the hours go")["text"]
    # 12, 4, 2 and 1 of 19 hours
    for words in ("planning 0.11", "control 0.63", "assurance 0.21", "improvement 0.05"):
        assert words in text


@pytest.mark.parametrize("name", sorted(time_balance.DIARIES))
def test_control_takes_most_of_every_sample_diary(name):
    text = panel(view(hours_from="sample", diary=name), "sentence", "Where the hours go")["text"]
    assert text.startswith("Control takes most")


def test_own_diary_reads_letters_words_and_separators():
    shown = own("Bed meeting, C, 5\nCommittee;assurance;2.5h\nNew clinic\tP\t.5\n\nVisit, ward 6, I, 2 hours")
    text = panel(shown, "sentence", "Where the hours go")["text"]
    for words in ("planning 0.05", "control 0.5", "assurance 0.25", "improvement 0.2."):
        assert words in text
    assert panel(own("C, 3\nI, 3"), "sentence", "Where")["text"].startswith("Control and improvement take most: 50% each")  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Bed meeting, 5", "none of P, C, A and I"),
        ("Bed meeting", "needs a letter and hours"),
        ("Fine, C, 2\nBed meeting, C, lots", "Line 2"),
        ("Bed meeting, C, −3", "not a number of hours"),
        ("Bed meeting, C, 480", "Were these minutes?"),
        ("Bed meeting, C, 0", "All four are 0"),
        ("\n".join(["C, 1"] * 61), "61 lines is too many"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_to_mend(lines, said):
    shown = own(lines)
    assert shown["panels"] == []
    assert said in shown["notices"][0]["text"]


def test_an_empty_diary_asks_for_lines_and_no_hours_are_refused():
    assert own(" ")["panels"][0]["text"].startswith("Put in your diary")
    assert "Give at least one" in hours()["notices"][0]["text"]


def test_own_lines_are_private():
    (lines,) = [one for one in views.spec(KIND)["controls"] if one["name"] == "lines"]
    assert lines["private"]


def test_one_number_alone_can_beat_balance():
    assert not panel(hours(**time_balance.BALANCED), "challenge")["met"]
    won = panel(hours(control=10, improvement=10), "challenge")
    assert won["met"]
    assert "Counting new services" in won["text"]
    assert not panel(hours(control=30, improvement=30), "challenge")["met"]  # more than twenty hours


def test_the_whole_can_be_read_as_words_at_the_edges():
    for params in ({"planning": 1}, {"assurance": 30}, {"control": 30, "improvement": 30}, {"improvement": 1}):  # fmt: skip
        for seed in (1, 7, 9999):
            text = describe.as_text(views.spec(KIND), hours(**params, seed=seed))
            assert "nan" not in text.lower()
            assert "1 times" not in text
            assert "0 times" not in text


def test_self_check_share_is_four_of_sixteen_hours():
    (check,) = [one for one in check_leadership_time.CHECKS if one.name == "share"]
    for given, right in ((0.25, True), (0.24, True), (0.26, True), (0.23, False), (4, False), (0.19, False)):
        assert check.judge(given)[0] == right
