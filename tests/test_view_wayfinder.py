"""The wayfinder: whatever a reader says of themselves, there is a lesson to open, and the route says what is still planned."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from improvement import curriculum, views
from improvement.curriculum import Planned
from improvement.views import describe, wayfinder
from improvement.views.wayfinder import Answers, suggest

PLAN = curriculum.lessons()
WRITTEN = [replace(lesson, page=f"modules/{lesson.slug}") for lesson in PLAN]
ONE_WRITTEN = [
    replace(lesson, page=f"modules/{lesson.slug}" if lesson.id == "M02.3" else "") for lesson in PLAN
]
NONE_WRITTEN = [replace(lesson, page="") for lesson in PLAN]

ROLES = [*wayfinder.ROLES, "none"]
SECTORS = [*wayfinder.SECTOR_PILES, "none"]
BARRIERS = [*wayfinder.BARRIERS, "none"]
EVERYBODY = [
    Answers(*one)
    for one in itertools.product(ROLES, SECTORS, (5, 15, 30, 60), ("new", "some", "expert"), BARRIERS)
]


def options(name: str) -> list[dict]:
    (control,) = [one for one in views.spec("wayfinder")["controls"] if one["name"] == name]
    return control["options"]


def shown(**params):
    return views.compute("wayfinder", {"prediction": "all", **params})


def panel(view, kind: str, heading: str) -> dict:
    (found,) = [one for one in view["panels"] if one["type"] == kind and one["heading"] == heading]
    return found


def test_all_that_can_be_answered_is_in_every_combination() -> None:
    assert len(wayfinder.ROLES) == 12
    assert [one["value"] for one in options("role")] == ["none", *wayfinder.ROLES]
    assert {one["value"] for one in options("sector")} == set(SECTORS)
    assert [int(one["value"]) for one in options("minutes")] == [5, 15, 30, 60]
    assert {one["value"] for one in options("barrier")} == set(BARRIERS)
    assert len(EVERYBODY) == 13 * 7 * 4 * 3 * 4


@pytest.mark.parametrize(
    "plan", [WRITTEN, ONE_WRITTEN, PLAN], ids=["all written", "one written", "as it stands"]
)
def test_everybody_gets_a_lesson_that_can_be_opened_within_their_minutes(plan: list[Planned]) -> None:
    for answers in EVERYBODY:
        route = suggest(answers, plan)
        assert route.now is not None
        assert route.now.lesson.page
        assert 0 < route.taken <= answers.minutes
        assert route.stops[0] is route.now
        assert 1 <= len(route.stops) <= 6
        ids = [stop.lesson.id for stop in route.stops]
        assert len(set(ids)) == len(ids)
        assert "M00.1" not in ids
        assert route.minutes == sum(stop.lesson.minutes for stop in route.stops)
        today = route.stops[: route.today]
        assert route.taken + sum(stop.lesson.minutes for stop in today[1:]) <= answers.minutes
        assert all(stop.lesson.written for stop in today)


def test_with_every_lesson_written_the_first_choice_opens_and_every_stop_has_a_reason() -> None:
    for answers in EVERYBODY:
        route = suggest(answers, WRITTEN)
        assert route.now is route.ideal
        assert all(stop.reasons for stop in route.stops)
        if answers.minutes >= 15:
            assert route.taken == route.now.lesson.minutes


def test_with_nothing_written_there_is_a_plan_and_it_says_so() -> None:
    for answers in EVERYBODY:
        route = suggest(answers, NONE_WRITTEN)
        assert route.now is None
        assert route.taken == route.today == 0
        assert len(route.stops) == 6


def test_a_shorter_lesson_opens_when_the_first_choice_is_too_long() -> None:
    plan = [
        replace(lesson, page=f"modules/{lesson.slug}", minutes=20 if lesson.id == "M04.4" else lesson.minutes)
        for lesson in PLAN
    ]
    route = suggest(Answers(barrier="staff", minutes=15), plan)
    assert route.now.lesson.id != "M04.4"
    assert route.now.lesson.minutes <= 15


def test_each_question_changes_what_is_advised() -> None:
    me = Answers("foundation-doctor", "acute", 15, "new", "operations")
    for change in (
        {"role": "patient-partner"}, {"sector": "ambulance"}, {"experience": "expert"},
        {"barrier": "staff"}, {"role": "none"}, {"sector": "none"}, {"barrier": "none"},
    ):  # fmt: skip
        before = [stop.lesson.id for stop in suggest(me, WRITTEN).stops]
        after = [stop.lesson.id for stop in suggest(replace(me, **change), WRITTEN).stops]
        assert before != after, change
    hour = suggest(replace(me, minutes=60), WRITTEN)
    assert hour.today > suggest(me, WRITTEN).today


def test_in_five_minutes_what_needs_fewer_sittings_goes_first() -> None:
    practice = Answers("gp", "primary care", 15, "new", "staff")
    assert suggest(practice, WRITTEN).now.lesson.id == "M12.5"  # 12 minutes: one sitting of 15, three of 5
    assert suggest(replace(practice, minutes=5), WRITTEN).now.lesson.id == "M02.1"  # 10 minutes: two of 5


def test_the_first_lesson_is_for_the_obstacle_unless_the_reader_is_an_expert() -> None:
    for answers in EVERYBODY:
        if answers.barrier == "none":
            continue
        first = suggest(answers, WRITTEN).stops[0].lesson.id
        if answers.experience != "expert" and answers.minutes >= 15:
            assert first in wayfinder.BARRIER_PILES[answers.barrier].split()


def test_experts_begin_with_a_debate_and_never_meet_the_basics() -> None:
    for answers in EVERYBODY:
        if answers.experience != "expert":
            continue
        route = suggest(answers, WRITTEN)
        assert route.stops[0].lesson.id in wayfinder.DEBATES.split()
        assert not {stop.lesson.id for stop in route.stops} & wayfinder.BASICS


def test_an_expert_is_told_to_test_out_of_a_lesson_that_is_no_debate(monkeypatch) -> None:
    monkeypatch.setattr(curriculum, "lessons", lambda: ONE_WRITTEN)
    (item,) = panel(shown(experience="expert"), "links", "Open this now")["items"]
    assert item["page"] == "modules/measurement/xmr-charts"
    assert "self-check first" in item["note"]
    (item,) = panel(shown(experience="new"), "links", "Open this now")["items"]
    assert "self-check" not in item["note"]


def test_no_sector_is_chosen_until_the_reader_chooses_and_none_is_favoured() -> None:
    assert views.spec("wayfinder")["defaults"]["sector"] == "none"
    view = views.compute("wayfinder", {})
    assert "acute" not in describe.as_text(views.spec("wayfinder"), view)
    for answers in EVERYBODY:
        if answers.sector != "acute":
            assert not any("acute hospitals" in stop.reasons for stop in suggest(answers, WRITTEN).stops)
    assert {one["sector"] for one in options("sector")} == {"", *wayfinder.SECTOR_PILES}


def test_every_lesson_named_in_a_pile_is_in_the_plan() -> None:
    known = {lesson.id for lesson in PLAN}
    lists = [
        *wayfinder.ROLE_PILES.values(),
        *wayfinder.BARRIER_PILES.values(),
        *wayfinder.SECTOR_PILES.values(),
    ]
    for pile in [*lists, wayfinder.DEBATES, " ".join(wayfinder.BASICS)]:
        ids = pile.split()
        assert set(ids) <= known
        assert len(set(ids)) == len(ids)


def test_planned_lessons_are_named_and_never_linked(monkeypatch) -> None:
    monkeypatch.setattr(curriculum, "lessons", lambda: ONE_WRITTEN)
    view = shown(role="gp", barrier="staff")
    now = panel(view, "links", "Open this now")["items"]
    later = panel(view, "links", "On another day")["items"]
    assert [item["page"] for item in now] == ["modules/measurement/xmr-charts"]
    assert len(later) == 5
    assert all(item["page"] == "" and "planned" in item["note"] for item in later)
    assert "1 can be opened today; 5 are planned" in view["summary"]
    assert "still to be written" in panel(view, "sentence", "Why this one")["text"]


def test_with_no_lesson_written_the_widget_says_so_and_shows_the_plan(monkeypatch) -> None:
    monkeypatch.setattr(curriculum, "lessons", lambda: NONE_WRITTEN)
    view = shown()
    now = panel(view, "links", "Open this now")
    assert now["items"] == []
    assert "No lesson is written yet" in now["empty"]
    assert "None can be opened today; 6 are planned" in view["summary"]
    assert len(view["data"]["rows"]) == 6


def test_five_minutes_buy_the_start_of_a_lesson(monkeypatch) -> None:
    monkeypatch.setattr(curriculum, "lessons", lambda: WRITTEN)
    view = shown(minutes="5", barrier="operations")
    (item,) = panel(view, "links", "Open this now")["items"]
    assert item["text"].startswith("M02.1 ")  # the shortest for that obstacle: 10 minutes, two sittings
    assert "in 5 minutes" in item["note"]
    assert "takes 5 of your minutes" in panel(view, "sentence", "Your hunch")["text"]


@pytest.mark.parametrize(
    ("minutes", "available", "sittings"),
    [
        ([10], 15, 1),
        ([10, 12, 12], 15, 3),
        ([14, 14, 12, 12, 8], 30, 3),  # 28, 24 and 8 minutes
        ([15, 15, 15, 15, 10], 60, 2),
        ([12, 10], 5, 5),  # three sittings for the first, two for the second
        ([], 15, 0),
    ],
)
def test_sittings_are_counted_in_order(minutes: list[int], available: int, sittings: int) -> None:
    assert wayfinder._sittings(minutes, available) == sittings


@pytest.mark.parametrize(("barrier", "share"), [("operations", 75), ("staff", 68), ("capacity", 64)])
def test_the_survey_is_quoted_as_printed_with_who_was_asked(barrier: str, share: int) -> None:
    text = panel(shown(barrier=barrier), "sentence", "You are not alone")["text"]
    for words in (f"{share}%", "129", "95 trusts", "NHS Providers", "26 October 2023"):
        assert words in text


def test_the_hunch_is_answered_with_the_size_of_the_course() -> None:
    text = panel(shown(prediction="all"), "sentence", "Your hunch")["text"]
    assert "all of it" in text
    assert f"{len(PLAN)} lessons" in text
    assert f"{sum(lesson.minutes for lesson in PLAN):,} minutes" in text
    assert all(one.get("heading") != "Your hunch" for one in views.compute("wayfinder", {})["panels"])


def test_nothing_advised_shows_before_the_hunch() -> None:
    assert all(one["reveal"] for one in views.compute("wayfinder", {})["panels"])


def test_every_combination_makes_a_whole_view_in_words() -> None:
    spec = views.spec("wayfinder")
    for role, sector, barrier in itertools.product(ROLES, SECTORS, BARRIERS):
        view = shown(role=role, sector=sector, barrier=barrier)
        text = describe.as_text(spec, view)
        assert view["notices"] == []
        assert "None" not in text.replace("None of th", "").replace("None can", "")
        assert ": ;" not in text
        for row in view["data"]["rows"]:
            assert f"{row[1]} {row[2]}" in text


def test_answers_that_are_not_offered_are_named() -> None:
    with pytest.raises(ValueError, match="role is 'doctor'"):
        suggest(Answers(role="doctor"))
    with pytest.raises(ValueError, match="minutes is '15'"):
        wayfinder.read_answers(
            {"role": "gp", "sector": "none", "minutes": "15", "experience": "new", "barrier": "none"}
        )
    with pytest.raises(ValueError, match="exactly these inputs"):
        wayfinder.read_answers({"role": "gp"})
