"""The calibration widget: marking without seeing the answers, comparing with the authors or a colleague, and refusals."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from coursekit.build.prerender import static_html
from improvement import rubrics, views
from improvement.views import calibration, describe

KIND = "calibration"
SCRIPTS = rubrics.scripts()
AGREED = {script.id: [one.mark for one in script.agreed] for script in SCRIPTS}


def params(marks, **others):
    """Parameters for marks given as {"A": [2, None, ...]}."""
    given = {}
    for script in SCRIPTS:
        pairs = zip(script.agreed, marks.get(script.id, []), strict=False)
        given[f"marks_{script.id.lower()}"] = {
            one.criterion: str(mark) for one, mark in pairs if mark is not None
        }
    return {"prediction": 18, **given, **others}


def compared(marks, **others):
    return views.compute(KIND, params(marks, show="compare", **others))


def said(view, heading):
    (found,) = [one for one in view["panels"] if one.get("heading") == heading]
    return found["text"]


def only(view, kind):
    (found,) = [one for one in view["panels"] if one["type"] == kind]
    return found


def shifted(by):
    return {name: [min(3, max(0, mark + by)) for mark in marks] for name, marks in AGREED.items()}


def test_marking_shows_the_script_and_its_rubric_and_no_agreed_mark():
    for script in SCRIPTS:
        view = views.compute(KIND, params({}, script=script.id))
        shown = json.dumps(view, ensure_ascii=False)
        assert script.text in shown
        rows = only(view, "table")["rows"]
        assert [row[0] for row in rows] == [one.criterion for one in script.agreed]
        assert not any(one.reason in shown for one in script.agreed)


def test_without_scripts_the_page_holds_the_first_script_and_no_agreed_mark():
    html = static_html(views.spec(KIND), views.compute(KIND, {}))
    text = BeautifulSoup(html, "html.parser").get_text(" ")
    assert SCRIPTS[0].text in text
    assert SCRIPTS[0].agreed[0].reason not in text


def test_a_total_and_a_pass_are_told_once_a_script_is_wholly_marked():
    assert "9 of 15. 9 and no zero pass, so this one passes." in json.dumps(
        views.compute(KIND, params({"A": [2, 3, 2, 1, 1]}))
    )
    zero = views.compute(KIND, params({"A": [3, 3, 3, 3, 0]}))
    assert "12 of 15" in json.dumps(zero)
    assert "does not pass" in json.dumps(zero)
    assert "of 15" not in json.dumps(views.compute(KIND, params({"A": [3, 3, 3, 3, None]})))


def test_marks_are_kept_while_another_script_is_read():
    view = views.compute(KIND, params({"A": [2, 3, 2, 1, 1]}, script="F"))
    assert view["summary"].startswith("5 of 30 marks given.")


def test_the_authors_own_marks_agree_in_full():
    view = compared(AGREED)
    assert said(view, "How often") == "You and the authors gave the same on 30 of 30 marks."
    assert "kappa is 1 " in said(view, "Beyond luck")
    assert said(view, "Which way") == "Nowhere: not one mark differs."
    assert said(view, "Your guess") == ("You said 18; it is 30. You expected less agreement than there is.")
    assert only(view, "listing")["items"] == []


def test_one_mark_off_everywhere_by_hand():
    view = compared(shifted(1))
    top = sum(mark == 3 for marks in AGREED.values() for mark in marks)  # these cannot rise
    assert f"the same on {top} of 30" in said(view, "How often")
    assert f"You gave more {30 - top} times and less never" in said(view, "Which way")
    lean = (30 - top) / 30
    assert f"{lean:.2f}".rstrip("0") in said(view, "Which way")
    apart = only(view, "listing")["items"]
    assert len(apart) == 30 - top
    reasons = [one.reason for script in SCRIPTS for one in script.agreed]
    assert all(any(item.endswith(reason) for reason in reasons) for item in apart)


def test_kappa_on_the_page_is_that_of_the_definition():
    marks = shifted(1)
    mine = [mark for script in SCRIPTS for mark in marks[script.id]]
    theirs = [mark for script in SCRIPTS for mark in AGREED[script.id]]
    for weights, cost in (("quadratic", lambda a, b: (a - b) ** 2), ("linear", lambda a, b: abs(a - b))):
        observed = sum(map(cost, mine, theirs)) / 30
        expected = sum(cost(a, b) for a in mine for b in theirs) / 900
        shown = said(compared(marks, weights=weights), "Beyond luck")
        number = float(re.search(r"kappa is ([\d.]+)", shown).group(1))
        assert number == pytest.approx(1 - observed / expected, abs=0.005)


def test_the_verdict_against_the_aim_follows_the_interval():
    for marks in (
        shifted(1),
        shifted(-1),
        {**AGREED, "F": [3, 0, 3, 3, 0]},
        {**AGREED, "A": [1, 2, 2, 1, 1]},
    ):
        shown = said(compared(marks), "Beyond luck")
        low, high = (
            float(number.replace("−", "-")) for number in re.search(r"from (\S+) to (\S+)\. ", shown).groups()
        )
        assert low < high
        if low >= 0.6:
            assert "at or above the aim" in shown
        elif high < 0.6:
            assert "below the aim" in shown
        else:
            assert "does not settle it" in shown


def test_too_few_marks_are_refused_and_still_counted():
    view = compared({"A": [2, 3, 2, 1, 1], "D": [3, 3, 1, 2]})
    assert said(view, "How often") == "You and the authors gave the same on 9 of 9 marks."
    assert "9 marks are too few" in said(view, "Beyond luck")
    assert "21 are still to mark" in said(view, "Your guess")
    nothing = compared({})
    assert said(nothing, "Nothing to compare yet") == "Mark a script first."


def test_the_widest_difference_comes_first_and_names_its_criterion():
    view = compared({**AGREED, "F": [1, 3, 1, 3, 2]})
    items = only(view, "listing")["items"]
    assert items[0].startswith("Script F, Equity: you 3, the authors 0. ")
    assert items[1].startswith("Script F, The board's own action: you 2, the authors 3. ")
    assert said(view, "Where to talk") == "Furthest apart: Equity (R7), 3 marks in all."


def test_two_markers_compare_by_a_line_each():
    hers = calibration.write_line(
        {(script.id, one.criterion): one.mark for script in SCRIPTS for one in script.agreed}
    )
    assert hers.startswith("A 2 3 2 1 1; B 1 0 1 1 1; ")
    view = compared(shifted(1), against="other", line=hers)
    assert said(view, "How often").startswith("You and the other marker gave the same on ")
    reasons = [one.reason for script in SCRIPTS for one in script.agreed]
    assert not any(reason in json.dumps(view, ensure_ascii=False) for reason in reasons)
    assert not any(one.get("heading") == "Your guess" for one in view["panels"])
    assert said(view, "Your line").startswith("A 3 3 3 2 2; ")


def test_a_line_may_be_written_in_several_ways_and_says_what_it_cannot_use():
    assert calibration.read_line("a 23211") == calibration.read_line("A: 2, 3, 2, 1, 1") != ({}, [])
    marks, problems = calibration.read_line("A 2 - 2 1 1")
    assert ("A", "Signals by rule") not in marks
    assert len(marks) == 4
    assert problems == []
    for line, words in (
        ("A 2 3 2", "Script A has 5 criteria, and the line gives 3 marks"),
        ("Z 1 2", "There is no script Z"),
        ("A 2 3 2 1 4", "4 is no mark"),
        ("23211", "No script was found"),
    ):
        view = compared(AGREED, against="other", line=line)
        assert any(words in notice["text"] for notice in view["notices"]), line
    assert compared(AGREED, against="other", line="")["notices"] == []


@pytest.mark.parametrize("mark", [0, 1, 2, 3])
def test_one_mark_for_everything_meets_the_challenge_where_it_agrees_on_a_third(mark):
    view = compared({name: [mark] * len(marks) for name, marks in AGREED.items()})
    same = sum(one == mark for marks in AGREED.values() for one in marks)
    assert only(view, "challenge")["met"] == (same >= 10)
    assert f"the same on {same} of 30" in said(view, "How often")
    assert "kappa is 0 " in said(view, "Beyond luck")


def test_the_picture_counts_every_pair_and_says_so_in_words():
    view = compared({**AGREED, "F": [3, 3, 1, 3, 2]})
    figure = only(view, "figure")
    assert sum(int(text) for mark in figure["marks"] if mark["mark"] == "text" for text in mark["text"]) == 30
    assert "you 3 where the authors gave 0: 1" in figure["description"]
    assert "the authors" in describe.as_text(views.spec(KIND), view)


def test_a_dot_stands_where_its_two_marks_meet():
    view = compared({**AGREED, "F": [3, 3, 1, 3, 2]})
    figure = only(view, "figure")
    dots = {
        (figure["x_ticks"][x - 1], y)
        for mark in figure["marks"]
        if mark["mark"] == "dot"
        for x, y in zip(mark["x"], mark["y"], strict=True)
    }
    assert dots == {("0", 0), ("1", 1), ("2", 2), ("3", 3), ("1", 3), ("0", 3), ("3", 2)}
