"""The reporting iceberg: a rise in reports looks like harm, is undone, and always keeps its rival reading."""

import itertools
import json
import re

import pytest

from improvement import views
from improvement.views import describe

KIND = "reporting-iceberg"
RIVAL = {"reaction": "ignore", "drift": 13.2}


def view(**params):
    return views.compute(KIND, {"prediction": "more", **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def beside(shown, control):
    return next(one for one in shown["panels"] if one.get("beside") == control)["text"]


def line(shown, start, label):
    return next(mark for mark in panel(shown, "figure", start)["marks"] if mark["label"] == label)["y"]


def test_before_the_guess_only_the_rising_reports_are_seen():
    shown = views.compute(KIND, {})
    (figure,) = [one for one in shown["panels"] if not one["reveal"]]
    (dots,) = [mark for mark in figure["marks"] if not mark["reveal"]]
    assert dots["y"][-1] > 3.5 * dots["y"][0]  # so that harm is the natural reading
    assert "true" not in (figure["title"] + figure["description"]).lower()
    assert figure["y_range"][1] < 100  # the axis does not give the true events away


@pytest.mark.parametrize(("events", "chance", "seen"), [(100, 10, 10), (90, 30, 27), (70, 60, 42)])
def test_reports_are_the_products_of_the_map(events, chance, seen):
    said = beside(view(events=events, safety=chance), "safety")
    assert said.startswith(f"First month: {events} events × {chance}% = {seen} reports.")


def test_at_first_true_events_fall_from_100_to_70_while_reports_rise_from_10_to_42():
    shown = view()
    assert (
        "reports went from 10 to 42 a month and true events from 100 to 70"
        in panel(shown, "sentence", "Your guess")["text"]
    )
    assert panel(shown, "verdict")["words"] == "Reports up, true events down"
    assert "would see trouble" in panel(shown, "verdict")["text"]


def test_the_same_reports_come_from_four_times_the_harm():
    shown, rival = view(), view(**RIVAL)
    # 24 months of 13.2 more events, a tenth of them reported.
    assert "true events from 100 to 417" in panel(rival, "sentence", "Your guess")["text"]
    assert "10 to 42" in panel(rival, "sentence", "Your guess")["text"]
    assert "from 100 to 417 events" in panel(shown, "sentence", "The rival reading")["text"]


def test_no_guess_about_harm_is_praised_for_what_reports_cannot_tell():
    said = {
        guess: panel(view(prediction=guess), "sentence", "Your guess")["text"]
        for guess in ("more", "same", "less", "cannot")
    }
    assert "could not have known" in said["less"]
    assert "right not to say" in said["cannot"]
    for guess in ("more", "same"):
        assert "rise if more is said" in said[guess]
    assert "could not have known" in panel(view(**RIVAL), "sentence", "Your guess")["text"]
    # Reports beyond the first month's events leave only one reading.
    loud = view(prediction="more", reaction="ignore", safety=90, drift=15, events=20)
    assert "do say so" in panel(loud, "sentence", "Your guess")["text"]
    assert "impossible" in panel(loud, "sentence", "The rival reading")["text"]


def test_a_review_separates_the_two_stories():
    rows = {row[0]: row for row in panel(view(), "table", "Counts")["rows"]}
    # One in five of three months of 100 events; severe: one in twenty.
    assert rows["Record review"][1] == "60"
    assert rows["Severe events"][1] == "15"
    # Reports of the last three months, divided by the first month's 10%.
    reports = line(view(), "Reports", "Reports expected")[-3:]
    assert rows["Record review"][2] == f"{0.2 * sum(reports) / 0.1:.0f}"
    assert rows["Record review"][4] == "only reporting changed"
    assert {row[0]: row for row in panel(view(**RIVAL), "table", "Counts")["rows"]}["Record review"][
        4
    ] == "only harm changed"


def test_both_stories_are_drawn_and_make_the_reports_seen():
    for settings in ({}, RIVAL, {"reaction": "blame", "safety": 60}):
        shown = view(**settings)
        seen = line(shown, "Reports", "Reports expected")
        chance = settings.get("safety", 10) / 100
        assert [
            chance * events for events in line(shown, "True events", "Only harm changed")
        ] == pytest.approx(seen)
        assert set(line(shown, "True events", "Only reporting changed")) == {100}
        assert line(shown, "True events", "This world") == line(shown, "Reports", "True events")


def test_blame_gives_the_board_the_best_picture_and_the_most_silence():
    rows = {
        row[0]: [float(cell.replace(",", "")) for cell in row[1:]]
        for row in panel(view(), "table", "The same")["rows"]
    }
    thanks, silence, blame = rows.values()
    assert blame[0] < silence[0] < thanks[0]
    assert thanks[1] < silence[1] == blame[1] == 100
    assert blame[2] > silence[2] > thanks[2]
    assert thanks[3] < silence[3] == blame[3] == 125  # 25 months of 100 events, 5 in 100 severe


def test_where_nothing_moves_nothing_is_claimed():
    shown = view(reaction="ignore")
    assert panel(shown, "verdict")["words"] == "Reports level, true events level"
    assert "may be silence" in panel(shown, "sentence", "What would")["text"]
    assert {row[4] for row in panel(shown, "table", "Counts")["rows"]} == {"neither"}


@pytest.mark.parametrize(
    ("settings", "met"),
    [
        ({}, False),
        ({"reaction": "ignore"}, False),
        ({"reaction": "ignore", "drift": 2}, False),
        ({"reaction": "ignore", "drift": 5}, True),
        ({"drift": 5}, True),
        (RIVAL, True),
    ],
)
def test_the_challenge_is_met_where_reports_double_and_more_goes_wrong(settings, met):
    shown = view(**settings)
    assert panel(shown, "challenge")["met"] == met
    events = line(shown, "Reports", "True events")
    seen = line(shown, "Reports", "Reports expected")
    assert met == (seen[-1] >= 1.99 * seen[0] and events[-1] > 1.01 * events[0])


def test_every_corner_gives_whole_true_sentences_with_the_rival_reading():
    corners = itertools.product(
        (20, 200), (2, 90), (0, 15), ("support", "ignore", "blame"), ("more", "cannot")
    )
    for corner in corners:
        shown = view(
            **dict(zip(("events", "safety", "drift", "reaction", "prediction"), corner, strict=True))
        )
        assert not shown["notices"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|None)\b", text)
        assert panel(shown, "sentence", "The rival reading")["text"]
        events, seen = line(shown, "Reports", "True events"), line(shown, "Reports", "Reports expected")
        words = panel(shown, "verdict")["words"]
        for name, values in (("Reports", seen), ("true events", events)):
            change = values[-1] / values[0] - 1
            way = "level" if abs(change) < 0.005 else "up" if change > 0 else "down"
            assert f"{name} {way}" in words


def test_every_service_offered_has_its_own_sector_and_events():
    options = next(one for one in views.spec(KIND)["controls"] if one["name"] == "service")["options"]
    assert len({one["sector"] for one in options}) == len(options) == 5
    titles = {
        panel(view(service=one["value"], **one["sets"]), "figure", "Reports")["title"] for one in options
    }
    assert len(titles) == 5


def test_a_slip_of_the_finger_is_named():
    (notice,) = view(safety=95)["notices"]
    assert "Reported in the first month" in notice["text"]
    assert "90" in notice["text"]
