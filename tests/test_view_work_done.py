"""Work as imagined, disclosed and done: the map's oracle, what is kept back, and what an audit could mean."""

import itertools
import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.spc.distributions import Interval
from improvement.views import describe, work_done

KIND = "work-done"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
KNOBS = {
    "self_report": "safety",
    "records": "honest_records",
    "announced": "best_behaviour",
    "unannounced": "surprise_effect",
}


def show(**params):
    return views.compute(KIND, {"prediction": "98", **params})


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def table(view, caption):
    (one,) = [one for one in panels(view, "table") if one["caption"].startswith(caption)]
    return {row[0]: row[1:] for row in one["rows"]}


def pictures(view):
    return table(view, "Each picture")


def challenge(view):
    (one,) = panels(view, "challenge")
    return one


def wilson(met, of, z=1.959964):
    centre, half = met + z * z / 2, z * math.sqrt(met * (of - met) / of + z * z / 4)
    return (centre - half) / (of + z * z), (centre + half) / (of + z * z)


@pytest.mark.parametrize(("safety", "disclosed"), [(5, "98%"), (50, "80%"), (100, "60%")])
def test_sixty_per_cent_done_is_disclosed_as_the_map_says(safety, disclosed):
    view = show(safety=safety)
    assert pictures(view)["Disclosed"][0] == disclosed
    assert pictures(view)["Done"][0] == "60%"
    assert f"Disclosed as done: {disclosed}. Done: 60%." in view["summary"]


def test_three_pictures_three_decisions_and_a_fourth_for_what_patients_get():
    # 0.97 of work as written meets the need; of 40 departures 20 are workarounds, and 16 of those meet it.
    assert pictures(show()) == {
        "Imagined": ["100%", "97%", "keep watching"],
        "Disclosed": ["98%", "95.1%", "keep watching"],
        "Done": ["60%", "58.2%", "redesign"],
        "Done, workarounds counted": ["60%", f"{60 * 0.97 + 16:.1f}%", "improve"],
    }
    (verdict,) = panels(show(), "verdict")
    assert verdict["words"] == "The report says “keep watching”. The needs met say “improve”"


def test_the_answer_is_kept_back_until_the_guess():
    view = views.compute(KIND, {})
    assert not panels(view, "sentence", "Your guess")
    for panel in view["panels"]:
        open_to_all = {**panel, "marks": [one for one in panel.get("marks", []) if not one["reveal"]]}
        if not panel["reveal"]:
            open_to_all.pop("description", None)
            assert not re.search(r"\b(60|74\.2)\b", json.dumps(open_to_all)), panel["type"]
    shown = [
        c
        for c in CONTROLS.values()
        if all(views.spec(KIND)["defaults"][k] == v for k, v in c["show_when"].items())
    ]
    assert "true_rate" not in {one["name"] for one in shown}
    assert "98 patients in 100" in views.spec(KIND)["prediction"]["question"]


def test_each_guess_is_answered_and_only_not_knowing_is_right():
    guesses = [option["value"] for option in views.spec(KIND)["prediction"]["control"]["options"]]
    said = {guess: panels(show(prediction=guess), "sentence", "Your guess")[0]["text"] for guess in guesses}
    assert [guess for guess in guesses if "Right" in said[guess]] == ["unknown"]
    # Twenty departures hide nineteen: nobody following the rule still scores 95.
    assert all(
        "would still say 95%" in text and "one departure in 20 gets reported" in text
        for text in said.values()
    )


def test_the_reply_to_the_guess_tells_how_departures_show_in_the_way_of_looking_chosen():
    def reply(method):
        (told,) = panels(show(method=method, best_behaviour=95), "sentence", "Your guess")
        return told["text"]

    said = {method: reply(method) for method in KNOBS}
    assert "one departure in 20 still happens in front of the visitor" in said["announced"]
    assert "report" not in said["announced"]
    assert len(set(said.values())) == len(KNOBS)
    assert all("it is 60%" in text and "would still say 95%" in text for text in said.values())


def test_with_little_safety_no_true_rate_brings_the_report_below_ninety_five():
    for rate in range(0, 101, 5):
        assert float(pictures(show(open=True, true_rate=rate))["Disclosed"][0].rstrip("%")) == pytest.approx(
            95 + rate / 20, abs=0.06
        )


@pytest.mark.parametrize(
    ("method", "shown"),
    [("self_report", "98%"), ("records", "88%"), ("announced", "88%"), ("unannounced", "64%")],
)
def test_the_way_of_looking_sets_what_is_disclosed(method, shown):
    view = show(method=method)
    assert pictures(view)["Disclosed"][0] == shown
    assert [row[1] for row in table(view, "The same 100 cases").values()] == ["98%", "88%", "88%", "64%"]
    visible = [name for name in KNOBS.values() if CONTROLS[name]["show_when"]["method"] == method]
    assert visible == [KNOBS[method]]


def test_what_was_set_for_one_way_of_looking_still_counts_when_another_is_chosen():
    view = show(method="announced", safety=50)
    assert table(view, "The same 100 cases")["Ask staff to report"][1] == "80%"


def test_a_go_see_lesson_can_open_on_an_announced_visit_that_shows_the_98_of_the_question():
    assert pictures(show(method="announced", best_behaviour=95))["Disclosed"][0] == "98%"


def test_more_cases_narrow_the_interval_round_the_wrong_number():
    widths = []
    for cases in (100, 1000):
        found = table(show(cases=cases), "The same")["Ask staff to report"][2]
        share, low, high = (float(one) / 100 for one in re.findall(r"[\d.]+", found))
        assert (low, high) == pytest.approx(wilson(round(share * cases), cases), abs=0.0006)
        assert low > 0.6
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


@pytest.mark.parametrize("visible", [0.05, 0.3, 0.9, 1.0])
def test_the_true_rates_behind_an_audit_agree_with_trying_them_all(visible):
    for met in (0, 40, 75, 90, 98, 100):
        low, high = wilson(met, 100)
        fits = [rate / 1000 for rate in range(1001) if low <= 1 - (1 - rate / 1000) * visible <= high]
        found = work_done.true_rates(Interval(low, high, 0.95, "by hand"), visible)
        if fits:
            assert found == pytest.approx((min(fits), max(fits)), abs=0.0011)
        else:
            assert found[0] == found[1]


def test_when_nothing_shows_anything_could_be_true():
    view = show(safety=0)
    assert work_done.true_rates(Interval(0.9, 1, 0.95, ""), 0) == (0, 1)
    assert "Any true rate at all" in panels(view, "sentence", "What the truth could be")[0]["text"]


def test_the_challenge_is_met_where_workarounds_serve_patients():
    # 90 as written give 87.3, ten workarounds give 8: 95.3 of 100 reach the aim of 95, and 87.3 alone does not.
    met = challenge(show(open=True, true_rate=90, workarounds=100))
    assert met["met"] is True
    for other in ({}, {"open": True, "workarounds": 100}, {"open": True, "true_rate": 100}, {"safety": 100}):
        assert challenge(show(**other))["met"] is False


def test_every_story_tells_what_is_written_what_is_done_instead_and_what_is_left():
    told = {
        story: panels(show(story=story), "sentence", "What people do")[0]["text"]
        for story in work_done.STORIES
    }
    assert len(set(told.values())) == len(told) == 5
    assert {CONTROLS["story"]["options"][place]["sector"] for place in range(5)} == {
        "acute", "ambulance", "community", "mental health", "primary care",
    }  # fmt: skip
    assert all(
        re.fullmatch(r"As written: .+\. A workaround: .+\. An omission: .+\.", text) for text in told.values()
    )


def test_bad_input_says_what_to_mend():
    assert "Really done as written: 120 is too large" in show(open=True, true_rate=120)["summary"]
    assert "Cases audited: the box is empty" in show(cases=None)["summary"]


EDGES = list(itertools.product(KNOBS, (0, 100), (0, 100), (0, 100)))


@pytest.mark.parametrize(("method", "knob", "rate", "around"), EDGES)
def test_sentences_hold_at_the_ends_of_every_slider(method, knob, rate, around):
    view = show(
        method=method, open=True, true_rate=rate, workarounds=around, cases=20, **{KNOBS[method]: knob}
    )
    text = describe.as_text(views.spec(KIND), view)
    assert not re.search(r"\bnan\b|\binf\b|-\d|−\d|\.\.|  ", text)
    rates = [float(row[0].rstrip("%")) for name, row in pictures(view).items() if row[0]]
    assert all(0 <= one <= 100 for one in rates)
    assert rates[1] >= rates[2]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(KNOBS)), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(1, 50), st.integers(1, 99)
)  # fmt: skip
def test_the_verdict_agrees_with_the_table(method, knob, rate, around, cases, seed):
    view = show(
        method=method, open=True, true_rate=5 * rate, workarounds=5 * around, cases=20 * cases, seed=seed, **{KNOBS[method]: 5 * knob}
    )  # fmt: skip
    disclosed, patients = pictures(view)["Disclosed"][2], pictures(view)["Done, workarounds counted"][2]
    (verdict,) = panels(view, "verdict")
    if disclosed == patients:
        assert verdict["words"] == f"The report and the needs met agree: “{patients}”"
    else:
        assert verdict["words"] == f"The report says “{disclosed}”. The needs met say “{patients}”"
