"""Twelve demands and five steps: each is dated and hedged, most share steps, and something is always left over."""

import json
import re
from collections import Counter
from datetime import date

import pytest

from improvement import views
from improvement.views import check_policy_fit, describe, machinery_map, policy_fit
from improvement.views.policy_fit import BY_NAME, DEMANDS, STEPS

KIND = "policy-fit"
FIRST_DOORS = [one.doors[0] for one in DEMANDS]


def view(sort=(), **params):
    return views.compute(KIND, {"prediction": "twelve", "sort": list(sort), **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def crosswalk(shown):
    return {row[0]: row[1:] for row in panel(shown, "table", "What is left over")["rows"]}


def test_every_demand_of_the_register_is_among_the_twelve():
    assert len(BY_NAME) == len({one.what.label for one in DEMANDS}) == 12
    told = " ".join(f"{one.what.label} {one.what.what}" for one in DEMANDS)
    for name in (
        "Patient Safety Strategy", "PSIRF", "Well-led", "Oversight Framework", "GIRFT", "GPIP", "Model Hospital", "Long Term Plan",
        "Messenger", "Hewitt", "productivity", "Self-assessment",
    ):  # fmt: skip
        assert name in told


def test_facts_are_the_machinery_maps_kind_dated_and_sourced():
    for one in DEMANDS:
        assert isinstance(one.what, machinery_map.Mechanism)
        assert one.what.records
        assert all(
            date(2018, 1, 1) <= record.on <= machinery_map.CHECKED and record.source
            for record in one.what.records
        )
        assert set(one.what.reach) <= set(machinery_map.AUDIENCES)
        assert set(one.doors) <= set(one.steps) <= set(STEPS)
        assert one.own
        assert len(one.because) > 30
    assert any(one.what in machinery_map.MECHANISMS for one in DEMANDS)


def test_nothing_is_stated_as_current():
    for row in crosswalk(view(compare=True)).values():
        assert re.search(r"\b20[12]\d\b", row[2])
        assert row[2].lower().endswith("check.")
    told = json.dumps(view(FIRST_DOORS))
    assert not re.search(r"\b(?:currently|now requires|is in force|from this year)\b", told)
    assert "What is in force today" in " ".join(views.spec(KIND)["cannot_tell"])


def test_before_the_guess_only_the_card_shows():
    for sort in ([], FIRST_DOORS):
        shown = views.compute(KIND, {"sort": sort, "compare": True})
        assert [one["type"] for one in shown["panels"]] == ["sentence"]
    assert views.compute(KIND, {})["panels"][0]["text"].startswith("PSIRF.")


def test_the_picture_waits_until_asked_for_or_the_last_card():
    assert not [one for one in view(FIRST_DOORS[:5])["panels"] if one["type"] == "figure"]
    assert panel(view(FIRST_DOORS[:5], compare=True), "figure")
    assert panel(view(FIRST_DOORS), "figure")


def test_twelve_systems_wins_first_and_is_then_undone():
    assert views.spec(KIND)["prediction"]["control"]["options"][0]["value"] == "twelve"
    text = panel(view(compare=True), "sentence", "Your guess")["text"]
    assert text.startswith("You said twelve. Twelve owners")
    assert "all 12 fit the same five steps" in text
    assert "So it looks" in panel(view(prediction="one", compare=True), "sentence", "Your guess")["text"]
    told = {
        guess: panel(view(prediction=guess, compare=True), "sentence", "Your guess")["text"]
        for guess in ("twelve", "five", "two", "one")
    }
    assert len(set(told.values())) == 4


def test_the_same_steps_serve_several_demands_and_the_picture_shows_each():
    counted = Counter(step for one in DEMANDS for step in one.steps)
    assert policy_fit.used(DEMANDS) == {step: counted[step] for step in STEPS}
    assert min(counted.values()) >= 5
    dots = panel(view(compare=True), "figure")["marks"][0]
    assert len(dots["x"]) == sum(counted.values())
    assert Counter(dots["x"]) == {place: counted[step] for place, step in enumerate(STEPS, 1)}


@pytest.mark.parametrize("desk", ["director", "board", "gp", "doctor", "patient", "care"])
def test_a_desk_shows_what_lands_on_it_and_no_more(desk):
    names = [one.what.label for one in DEMANDS if one.what.reach.get(desk, ("none",))[0] == "named"]
    shown = view(compare=True, desk=desk)
    assert names
    assert list(crosswalk(shown)) == names
    assert f"{len(names)} demand{'' if len(names) == 1 else 's'}." in panel(shown, "sentence", "From this desk")["text"]  # fmt: skip


def test_doors_that_can_be_defended_count_and_others_are_explained():
    assert panel(view(FIRST_DOORS), "sentence", "Your doors")["text"].startswith("12 of your 12 are")
    last = [one.doors[-1] for one in DEMANDS]
    assert panel(view(last), "sentence", "Your doors")["text"].startswith("12 of your 12 are")
    wrong = ["hold", *FIRST_DOORS[1:]]
    (item,) = panel(view(wrong), "listing")["items"]
    assert item.startswith("PSIRF: you said “hold the gain”; we would say understand why.")
    assert panel(view(["hold"], compare=True), "sentence", "Your doors")["text"].startswith("0 of your 1 are")  # fmt: skip


def test_one_engine_is_not_one_door():
    everything = view(["see"] * 12)
    assert panel(everything, "challenge")["met"]
    good = sum("see" in one.doors for one in DEMANDS)
    assert panel(everything, "challenge")["text"].startswith(f"{good} of 12.")
    assert not panel(view(FIRST_DOORS), "challenge")["met"]


def test_duties_to_people_stay_their_own():
    left = crosswalk(view(compare=True))["PSIRF"][0]
    assert "candour" in left
    assert "Compassionate" in left


def test_the_whole_can_be_read_as_words():
    text = describe.as_text(views.spec(KIND), view(FIRST_DOORS))
    assert all(one.what.label in text for one in DEMANDS)


def test_a_bad_door_says_what_to_mend():
    assert "Press Reset" in view(["elsewhere"])["notices"][0]["text"]


def test_self_check_accepts_each_door_that_can_be_defended():
    check = check_policy_fit.CHECKS[0]
    given = {str(place): card.piles[-1] for place, card in enumerate(check.cards, 1)}
    assert check.judge(given)[0]
    assert not check.judge(dict.fromkeys(given, "Test a change"))[0]
