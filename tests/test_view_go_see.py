"""The go-see planner: every gap and sign of theatre by its stated rule, and a plan without either."""

import re

import pytest

from improvement import views
from improvement.views import describe, go_see

KIND = "go-see"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
GOOD = {
    "start": "own",
    "place": "The reception desk at eight",
    "seen": [{"who": "Two receptionists", "when": "day"}, {"who": "Out-of-hours nurse", "when": "weekend"}],
    "notice": "week",
    "companions": 1,
    "route": "task",
    "questions": "What do you say when there is nothing left to offer?\n2. Show me the last call that went wrong.",
    "wont": "Give orders or take names",
    "unsafe": "Tell the nurse in charge at once",
    "asked": True,
    "back": "week",
    "back_how": "At their meeting, with what I take on",
}


def show(**params):
    return views.compute(KIND, {**GOOD, **params})


def panel(view, kind, heading=""):
    (one,) = [
        one
        for one in view["panels"]
        if one["type"] == kind and heading in (one.get("heading") or one.get("caption", ""))
    ]
    return one


def signs(**params):
    return panel(show(**params), "listing", "Signs of theatre")["items"]


def still(**params):
    return panel(show(**params), "listing", "Still open")["items"]


def test_a_plan_without_gap_or_sign_passes_and_is_told_what_that_is_worth():
    view = show()
    assert (signs(), still()) == ([], [])
    verdict = panel(view, "verdict")
    assert verdict["words"] == "Complete, and no sign of theatre"
    assert "cannot tell whether the plan is any good" in verdict["text"]
    assert "check of completeness" in views.spec(KIND)["honesty"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"notice": "hour"}, "hour is announced"),
        ({"notice": "nobody"}, "inspection"),
        ({"companions": 2}, "two people"),
        ({"companions": 8}, "eight people"),
        ({"route": "managers"}, "Managers choose the route"),
        ({"seen": [{"who": "Ward manager", "when": "night"}]}, "Only managers are seen"),
        ({"questions": "What slows you down?\nDo you feel safe?"}, "answered with yes"),
        ({"questions": "What slows you down?\nHow is compliance?"}, "asks for the rule"),
        ({"back": "report"}, "goes up to the board"),
    ],
)
def test_each_sign_of_theatre_is_seen_alone(change, says):
    (sign,) = signs(**change)
    assert says in sign


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"place": "Ward 7"}, "Which place"),
        ({"seen": []}, "Who is seen"),
        ({"seen": [{"who": "A porter", "when": ""}, {"who": "A nurse", "when": "night"}]}, "When is each"),
        ({"seen": [{"who": "A porter", "when": "day"}]}, "An evening, a night or a weekend"),
        ({"questions": "What slows you down?"}, "Two questions at least. There is one."),
        ({"questions": " \n 1. \n"}, "There are none."),
        ({"wont": "Shout"}, "What will you not do?"),
        ({"unsafe": ""}, "something unsafe"),
        ({"asked": False}, "can they say no"),
        ({"back": ""}, "By when"),
        ({"back_how": "by e-mail"}, "How do you report back"),
    ],
)
def test_each_gap_is_named(change, says):
    assert any(says in gap for gap in still(**change))
    assert signs(**change) == []


@pytest.mark.parametrize(
    "question",
    [
        "Are you happy?",
        "Isn't this easier now?",
        "do you wash your hands?",
        "Can it be done?",
        "Have you had the training?",
    ],
)
def test_a_question_that_can_be_answered_with_yes_is_marked(question):
    assert "answered with yes" in go_see.compliance(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is hard tonight?",
        "Show me the form.",
        "Walk me through Sunday.",
        "Haste makes what go wrong?",
        "Whose job is it?",
    ],
)
def test_an_open_question_is_left_alone(question):
    assert go_see.compliance(question) == ""


def test_numbers_and_bullets_are_no_part_of_a_question():
    assert go_see.questions({"questions": "1. What?\n- How?\n• Why?\n\n3) Who?"}) == [
        "What?",
        "How?",
        "Why?",
        "Who?",
    ]


def test_a_few_managers_among_others_are_no_sign():
    seen = [{"who": "Ward manager", "when": "day"}, {"who": "Night porter", "when": "night"}]
    assert signs(seen=seen) == []


def test_the_form_opens_on_a_royal_visit_that_it_marks_down():
    view = views.compute(KIND, {})
    items = panel(view, "listing", "Signs of theatre")["items"]
    # Hour, crowd, route, only managers, three questions, feedback upwards.
    assert len(items) == 8
    assert panel(view, "verdict")["code"] == "reliably_misses"


def test_each_plan_to_mend_has_something_to_mend_and_can_be_mended():
    for value, start in go_see.STARTS.items():
        view = views.compute(KIND, {"start": value, **start.sets})
        assert panel(view, "listing", "Signs of theatre")["items"], value
        assert panel(view, "listing", "Still open")["items"], value
        assert set(start.sets) == set(GOOD) - {"start"}
    sectors = {option["sector"] for option in CONTROLS["start"]["options"]}
    assert sectors >= {"acute", "ambulance", "community", "mental health", "primary care"}


def test_the_empty_form_lacks_everything_and_breaks_nothing():
    (own,) = [one for one in CONTROLS["start"]["options"] if one["value"] == "own"]
    view = views.compute(KIND, {"start": "own", **own["sets"]})
    assert len(panel(view, "listing", "Still open")["items"]) == 9
    sheet = panel(view, "table", "To take along")["rows"]
    assert sum(row[1] == "…" for row in sheet) == 7


def test_the_sheet_carries_all_that_was_written():
    sheet = dict(panel(show(), "table", "To take along")["rows"])
    assert (
        sheet["Who is seen, and when"] == "Two receptionists (weekday, daytime); Out-of-hours nurse (weekend)"
    )
    assert sheet["Question 2"] == "Show me the last call that went wrong."
    assert sheet["With me"] == "one companion"
    assert sheet["I will not"] == GOOD["wont"]
    assert show()["data"]["rows"] == panel(show(), "table", "To take along")["rows"]
    assert views.spec(KIND)["printable"]


def test_the_form_can_be_fooled_and_says_so():
    assert panel(show(), "challenge")["met"] is False
    fooled = show(wont="Words words words", unsafe="words WORDS words")
    assert (panel(fooled, "challenge")["met"], panel(fooled, "verdict")["code"]) == (True, "reliably_meets")
    assert panel(show(notice="hour", wont="a b c", unsafe="a b c"), "challenge")["met"] is False


def test_bad_input_says_what_to_mend():
    assert "9 is too large" in show(companions=9)["summary"]
    assert "6 rows is too many" in show(seen=GOOD["seen"] * 3)["summary"]


@pytest.mark.parametrize("companions", range(9))
def test_the_text_holds_for_every_number(companions):
    view = show(companions=companions, notice="hour" if companions % 2 else "week")
    text = describe.as_text(views.spec(KIND), view)
    assert not re.search(r"\bNone\b(?! that)|\.\.|  |\bone gaps|\bone signs", text)
    assert (
        view["summary"]
        == f"No gaps, {('no signs', 'one sign', 'two signs')[(companions > 1) + companions % 2]} of theatre."
    )
