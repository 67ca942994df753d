"""Inspection: it finds and never un-makes, half measures never win, and there is a case for checking everything."""

import itertools
import json
import re

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.inspection import STORIES

KIND = "inspection"


def view(**params):
    return views.compute(KIND, {"prediction": "20", **params})


def story(name, **params):
    (choice,) = [control for control in views.spec(KIND)["controls"] if control["name"] == "story"]
    (option,) = [option for option in choice["options"] if option["value"] == name]
    return view(story=name, **{**option["sets"], **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def policies(shown):
    return {row[0]: dict(zip(shown["data"]["columns"], row, strict=True)) for row in shown["data"]["rows"]}


def test_before_the_guess_nothing_is_shown():
    shown = views.compute(KIND, {})
    assert all(one["reveal"] for one in shown["panels"])
    assert all(mark["reveal"] for one in shown["panels"] if one["type"] == "figure" for mark in one["marks"])


def test_the_practice_of_the_question_by_hand():
    found = policies(view(share=100))  # 5,000 items, 2% wrong, a check finds 8 of 10
    assert found["No checks"]["Made wrong"] == found["Your checks"]["Made wrong"] == 100
    assert (found["Your checks"]["Found"], found["Your checks"]["Reach people"]) == (80, 20)
    assert found["Your checks"]["All"] == 5000 * 0.5 + 80 * 5 + 20 * 60
    assert found["Prevention"]["Made wrong"] == 40
    assert found["Prevention"]["All"] == 40 * 60 + 1000
    assert policies(view(share=50))["Your checks"]["Reach people"] == 60


def test_the_guess_that_fewer_will_be_made_is_undone():
    for guess in ("20", "50", "60", "100", "160"):
        reply = panel(view(prediction=guess), "sentence", "Your guess")["text"]
        assert reply.startswith("You said ")
        assert "the practice makes 100, before and after" in reply
    assert panel(view(prediction="20"), "sentence", "Your guess")["text"].startswith("You said about 20.")


@pytest.mark.parametrize("name", list(STORIES))
def test_checking_changes_colours_and_never_the_length_of_a_bar(name):
    lengths = set()
    for share in (0, 35, 100):
        figure = panel(story(name, share=share), "figure", "Of")
        (reach,) = [mark for mark in figure["marks"] if mark["role"] == "signal_concern"]
        (found,) = [mark for mark in figure["marks"] if mark["role"] == "group_a"]
        assert found["x2"] == reach["x1"]
        lengths.add(tuple(round(x, 9) for x in reach["x2"]))
        assert figure["x_range"][1] > max(reach["x2"])
    assert len(lengths) == 1


def test_a_second_signature_adds_little_and_a_fresh_pair_of_eyes_much():
    through = {
        checks: policies(view(share=100, checks=checks))["Your checks"]["Reach people"]
        for checks in ("one", "same", "fresh")
    }
    assert through["one"] == 20
    assert through["same"] == pytest.approx(100 * 0.2 * (1 - 0.8 * 0.2))
    assert through["fresh"] == pytest.approx(100 * 0.2 * 0.2)


def test_prevention_can_make_checking_too_dear():
    text = panel(view(), "sentence", "When it pays")["text"]
    assert "while more than 1.1% is made wrong" in text  # 0.5 / (0.8 * (60 - 5)) = 0.01136
    assert "Now it is 2%: check all. With prevention it is 0.8%: check none." in text


def test_the_cost_lines_end_where_none_and_all_are_checked():
    figure = panel(view(), "figure", "What a month costs")
    ends = {mark["label"]: mark["y"] for mark in figure["marks"] if mark["mark"] == "line"}
    assert ends["Checks alone"] == pytest.approx([6000, 4100])
    assert ends["With prevention"] == pytest.approx([3400, 1000 + 2500 + 32 * 5 + 8 * 60])


def test_for_a_rare_catastrophe_checking_everything_is_cheap_at_almost_any_rate():
    text = panel(story("blood"), "sentence", "When it pays")["text"]
    assert "check all. With prevention it is 0.05%: check all." in text
    found = policies(story("blood", share=100))
    assert (
        found["Both"]["All"]
        < found["Your checks"]["All"]
        < found["Prevention"]["All"]
        < found["No checks"]["All"]
    )


def test_the_challenge_is_the_best_case_for_inspection():
    assert not panel(view(), "challenge")["met"]
    assert panel(view(prevented=10, prevention=5000), "challenge")["met"]
    assert panel(story("blood", prevented=0, prevention=500), "challenge")["met"]


def test_every_corner_reads_whole():
    corners = itertools.product(
        (0, 20), (0, 100), (10, 100), ("one", "same", "fresh"), (0, 95), (0, 20), (0, 1_000_000)
    )
    for rate, share, detection, checks, prevented, check, harm in corners:
        shown = view(
            rate=rate,
            share=share,
            detection=detection,
            checks=checks,
            prevented=prevented,
            check=check,
            harm=harm,
        )
        assert not shown["notices"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|None)\b|−0\b", text)


def test_checking_that_never_pays_says_so():
    assert "never pays" in panel(view(harm=0), "sentence", "When it pays")["text"]
    assert "never pays, however much" in panel(view(check=20, harm=10), "sentence", "When it pays")["text"]


def test_an_entry_that_cannot_be_used_says_what_would_do():
    (notice,) = view(share=130)["notices"]
    assert "100" in notice["text"]
    assert notice["control"] == "share"


def test_the_self_check_by_hand_arithmetic():
    (told,) = views.compute("check-control-or-assurance", {"through": 5})["panels"]  # 20 wrong, 15 found
    assert told["right"]
    for slip in (15, 20, 0, 100):
        (told,) = views.compute("check-control-or-assurance", {"through": slip})["panels"]
        assert not told["right"]
        assert not told["text"].startswith("First how many")
    answers = views.compute("check-control-or-assurance", {"again": "3", "rare": "2"})
    assert [one["right"] for one in answers["panels"]] == [True, True]
