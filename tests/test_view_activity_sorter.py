"""The sorter: what four and three parts make of the reader's piles, and the pattern of what they call control."""

import json
import re

import pytest

from improvement import views
from improvement.views import activity_sorter, describe
from improvement.views.activity_sorter import ACTIVITIES, PILES

KIND = "activity-sorter"
USUAL = [activity.piles[0] for activity in ACTIVITIES]
CHECKS_ARE_CONTROL = ["control" if pile == "assurance" else pile for pile in USUAL]


def view(sort=(), **params):
    return views.compute(KIND, {"prediction": "control", "sort": list(sort), **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def marks(shown):
    """Cards placed, right by four parts, right by three, as the sentence says."""
    text = panel(shown, "sentence", "Your marks")["text"]
    return tuple(
        map(
            int,
            re.match(r"Of (\d+) cards? placed, (\d+) right by four parts and (\d+) by three", text).groups(),
        )
    )


def segments(shown):
    """The picture as {(pile, what four parts say): cards}."""
    figure = panel(shown, "figure")
    found = {}
    for mark in figure["marks"]:
        if mark["mark"] == "bar_x" and mark["label"]:
            kind = mark["label"].rpartition(" ")[2]
            for start, end, pile in zip(mark["x1"], mark["x2"], mark["text"], strict=True):
                found[pile.lower(), kind] = end - start
    return found


def test_the_24_activities_come_from_all_over_and_every_pile_gets_some():
    assert len(ACTIVITIES) == len({activity.label for activity in ACTIVITIES}) == 24
    for pile in PILES:
        assert sum(activity.piles == (pile,) for activity in ACTIVITIES) >= 4
    assert sum(len(activity.piles) == 2 for activity in ACTIVITIES) >= 5
    assert all(len(activity.because) > 30 for activity in ACTIVITIES)
    assert all("depends" in a.because or "both will do" in a.because for a in ACTIVITIES if len(a.piles) == 2)
    told = " ".join(activity.label for activity in ACTIVITIES)
    for work in (
        "Ward",
        "ambulance",
        "practice",
        "crisis team",
        "community",
        "care homes",
        "health board",
        "Finance",
    ):
        assert work in told


def test_audit_is_not_quality_control_but_it_was_the_common_answer():
    by_name = {activity.name: activity for activity in ACTIVITIES}
    for name in ("audit", "inspection", "accreditation"):
        assert by_name[name].piles == ("assurance",)
        assert not activity_sorter.accepts(by_name[name], "control")
        assert activity_sorter.accepts(by_name[name], "control", "three")
    for name in ("huddle", "board"):
        assert by_name[name].piles == ("control",)
    told = {guess: panel(view(prediction=guess), "sentence", "Your guess")["text"] for guess in PILES}
    assert told["assurance"].startswith("Yes.")
    for guess in ("control", "planning", "improvement"):
        assert told[guess].startswith(f"You said {guess}")
    assert len(set(told.values())) == 4


def test_before_the_guess_nothing_gives_the_answer_away():
    shown = views.compute(KIND, {})
    assert [one["type"] for one in shown["panels"] if not one["reveal"]] == ["sentence"]
    assert shown["panels"][0]["text"].startswith("Ward huddle at 8")


def test_the_card_in_hand_follows_the_cards_placed():
    for placed in (0, 1, 23):
        assert view(USUAL[:placed])["panels"][0]["text"] == f"{ACTIVITIES[placed].label}."
    done = [one for one in view(USUAL)["panels"] if one.get("beside") == "sort"]
    assert done[0]["text"].startswith("No card left")


def test_others_piles_show_only_when_asked_for_or_after_the_last_card():
    partway = view(USUAL[:10])
    assert not [one for one in partway["panels"] if one["type"] in ("figure", "listing")]
    assert panel(partway, "sentence", "So far")["text"] == "10 of 24 placed."
    assert marks(view(USUAL[:10], compare=True)) == (10, 10, 10)
    assert marks(view(USUAL)) == (24, 24, 24)


def test_the_same_piles_earn_different_marks_from_three_parts_and_from_four():
    assurance = [activity for activity in ACTIVITIES if activity.piles[0] == "assurance"]
    shown = view(CHECKS_ARE_CONTROL)
    assert len(assurance) == 7
    assert marks(shown) == (24, 24 - 7, 24)
    assert "18 is plenty" in panel(shown, "sentence", "Your marks")["text"]
    assert (
        "that is enough" in panel(view(CHECKS_ARE_CONTROL, model="three"), "sentence", "Your marks")["text"]
    )
    assert panel(shown, "challenge")["met"]
    assert not panel(view(USUAL), "challenge")["met"]
    elsewhere = panel(shown, "listing", "Cards that")["items"]
    assert len(elsewhere) == 7
    assert all(item.startswith("You said control. ") for item in elsewhere)
    assert panel(view(CHECKS_ARE_CONTROL, model="three"), "listing", "Cards that")["items"] == []


def test_eighteen_right_is_enough():
    wrong = {
        "planning": "improvement",
        "control": "planning",
        "assurance": "planning",
        "improvement": "assurance",
    }
    single = [place for place, activity in enumerate(ACTIVITIES) if len(activity.piles) == 1]
    for spoiled, enough in ((6, True), (7, False)):
        sort = list(USUAL)
        for place in single[:spoiled]:
            sort[place] = wrong[sort[place]]
        shown = view(sort)
        assert marks(shown)[1] == 24 - spoiled
        assert ("that is enough" in panel(shown, "sentence", "Your marks")["text"]) == enough


def test_either_answer_to_a_card_that_depends_is_right():
    other = [activity.piles[-1] for activity in ACTIVITIES]
    assert other != USUAL
    assert marks(view(other)) == (24, 24, 24)


def test_the_pattern_under_control_is_named_and_drawn():
    shown = view(CHECKS_ARE_CONTROL)
    text = panel(shown, "sentence", "What you call control")["text"]
    under = sum(pile == "control" for pile in CHECKS_ARE_CONTROL)
    assert f"You put {under} cards there. Four-part models agree on {under - 7}." in text
    assert "assurance (7)" in text
    drawn = segments(shown)
    assert drawn["control", "assurance"] == 7
    assert drawn["control", "control"] == under - 7
    assert sum(drawn.values()) == 24
    assert "7 they call assurance" in panel(shown, "figure")["description"]
    nothing = view(["planning"] * 24)
    assert panel(nothing, "sentence", "What you call control")["text"].startswith("Nothing yet")


def test_one_card_reads_as_one_card():
    shown = view(["control"], compare=True)
    assert panel(shown, "sentence", "What you call control")["text"].startswith("You put 1 card there.")
    shown = view(["control", "control"], compare=True)
    assert "For that card, ask" in panel(shown, "sentence", "What you call control")["text"]
    assert "1 card turns right" in panel(shown, "sentence", "Your marks")["text"]


def test_what_is_saved_holds_every_card_with_both_judgements():
    data = view(CHECKS_ARE_CONTROL[:5])["data"]
    assert data["columns"] == ["Activity", "You said", "Four parts", "Three parts agree", "Why"]
    assert len(data["rows"]) == 24
    assert data["rows"][1][1:4] == ["control", "assurance", "yes"]
    assert data["rows"][5][1] == ""


@pytest.mark.parametrize("sort", [[], ["planning"] * 24, CHECKS_ARE_CONTROL[:3], USUAL])
@pytest.mark.parametrize("model", ["four", "three"])
def test_every_state_reads_whole(sort, model):
    shown = view(sort, model=model, compare=True)
    text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
    assert not re.search(r"(?<!\d)(nan|1 cards|0 cards?)\b", text)


def test_an_entry_that_cannot_be_used_says_what_to_do():
    (notice,) = view(["control"] * 25)["notices"]
    assert "24" in notice["text"]
    assert "Reset" in view(["quality"])["notices"][0]["text"]


def test_the_self_check_gives_a_reason_for_every_answer():
    spec = views.spec("check-vocabulary")
    assert {question["name"] for question in spec["controls"]} == {
        "sort",
        "audit",
        "models",
        "word",
        "cornerstone",
    }
    right = views.compute("check-vocabulary", {"audit": "2", "models": "2", "word": "2", "cornerstone": "3"})
    assert [one["right"] for one in right["panels"]] == [True] * 4
    sort = {
        "1": "Control",
        "2": "Assurance",
        "3": "Planning",
        "4": "Improvement",
        "5": "Assurance",
        "6": "Assurance",
    }
    (panel_,) = views.compute("check-vocabulary", {"sort": sort})["panels"]
    assert panel_["right"]
    assert "5 of 6" in panel_["text"]
