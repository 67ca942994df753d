"""The diagnostic journey: the favourite wins first and reaches a tenth, the vital few are exact, luck can beat looking."""

import csv
from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.simulate import diagnosis
from improvement.views import describe
from improvement.views.diagnostic_journey import CASES, practice

KIND = "diagnostic-journey"
DATA = Path(__file__).parents[1] / "datasets"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}


def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def journey(*steps, case="practice", **params):
    return views.compute(KIND, {"case": case, f"journey_{case}": list(steps), "prediction": "half", **params})


def said(view, heading):
    return next(
        (one["text"] for one in view["panels"] if one.get("heading") == heading and "text" in one), ""
    )


def listed(view, heading):
    return next(
        (one["items"] for one in view["panels"] if one["type"] == "listing" and one["heading"] == heading), []
    )


def figures(view):
    return [one for one in view["panels"] if one["type"] == "figure"]


def challenge(view):
    return next(one for one in view["panels"] if one["type"] == "challenge")


def recent_failures():
    return [
        row
        for row in rows("practice_calls")
        if row["demand"] == "failure" and row["called_on"] >= "2026-06-29"
    ]


def test_the_favourite_reaches_a_tenth_and_the_guess_says_so():
    failures = recent_failures()
    wanting = sum(row["cause"] == "could not get an appointment" for row in failures)
    text = said(journey(), "Your guess")
    assert f"{100 * 0.6 * wanting / len(failures):.0f}%" in text
    assert f"Only {wanting / 4:g} a week ring for want of an appointment" in text
    assert "Everybody in the room" in text
    assert "not carried away" in said(journey(prediction="tenth"), "Your guess")


def test_nothing_is_shown_of_the_answer_before_the_guess():
    view = views.compute(KIND, {})
    open_panels = [one for one in view["panels"] if not one["reveal"]]
    assert [one["type"] for one in open_panels] == ["sentence", "figure"]
    assert not said(view, "Your guess")
    assert "appointment" not in open_panels[1]["description"]


def test_jumping_first_is_allowed_and_follows_from_its_cause():
    failures = Counter(row["cause"] for row in recent_failures())
    view = journey("slots")
    left = (sum(failures.values()) - 0.6 * failures["could not get an appointment"]) / 4
    assert f"{left:.1f} needless calls a week are left" in view["summary"]
    assert (
        "Blind remedy: release more appointments at 8 (20 h)"
        in listed(view, "Wasted looks and blind remedies")[0]
    )


def test_the_longest_bar_is_history():
    failures = [row for row in rows("practice_calls") if row["demand"] == "failure"]
    whole = Counter(row["cause"] for row in failures).most_common()
    now = Counter(row["cause"] for row in recent_failures()).most_common()
    assert whole[0][0] == "chasing a result" != now[0][0]
    view = journey("results_now")
    before = whole[0][1] - dict(now)["chasing a result"]
    assert f"{before} calls chased a result in the first four weeks, {dict(now)['chasing a result']} in the last" in listed(view, "The evidence, in order")[0]  # fmt: skip


def vital(counts, line):
    """The fewest largest counts that reach the line, in exact whole numbers."""
    total, reached, few = sum(counts.values()), 0, []
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        few.append(name)
        reached += count
        if 100 * reached >= line * total:
            return few
    return few


@pytest.mark.parametrize("line", [50, 55, 60, 65, 70, 75, 80, 85, 90, 95])
def test_the_vital_few_are_exact_at_every_line(line):
    minutes = Counter()
    for row in rows("theatre_sessions"):
        minutes[row["late_because"]] += int(row["late_start_minutes"])
    minutes.pop("", None)
    few = vital(minutes, line)
    text = said(journey("reasons", case="theatre", line=line), "The vital few")
    assert f": {', '.join(few)}." in text
    teams = Counter()
    for row in rows("pressure_ulcers"):
        teams[row["team"]] += int(row["new_pressure_ulcers"])
    text = said(journey("teams", case="community", line=line), "The vital few")
    assert f": {', '.join(vital(teams, line))}." in text
    assert ("Hardly few" in text) == (2 * len(vital(teams, line)) > 12)


def test_the_bars_show_only_what_was_sorted():
    assert len(figures(journey("slots", "mondays"))) == 2
    assert len(figures(journey("slots", "reasons"))) == 3


def test_looking_alone_gives_a_caller_nothing_and_the_accounts_differ():
    view = journey("mondays", "early", "reasons", "results_now")
    assert "0% removed" in view["summary"]
    assert "a cause that is known is not a cause removed" in said(view, "In plain English")
    looking, acting = listed(view, "Two journeys, two accounts")
    assert looking.startswith("From symptom to cause: 9 hours, 4 looks, nothing removed")
    assert acting.startswith("From cause to remedy: 0 hours, 0 remedies, 0 a week removed")


def test_the_remedy_belongs_to_others_than_the_finding():
    _, acting = listed(journey("reasons", "beds", case="theatre"), "Two journeys, two accounts")
    assert "the site team and the wards, outside theatre" in acting
    assert "34 hours" not in acting
    assert "30 hours, 1 remedy" in acting


def test_a_wasted_look_says_why():
    items = listed(journey("results", "results_now", "mondays"), "Wasted looks and blind remedies")
    assert any("results: then and now (1 h). It came after" in item for item in items)
    assert any("is it Mondays? (1 h). It speaks to no remedy" in item for item in items)


def test_what_no_longer_fits_is_said():
    view = journey("handler", "referrals", "handler")
    evidence = listed(view, "The evidence, in order")
    assert "Not done: it takes 24 hours, and of 60 you have spent 40" in evidence[1]
    assert "You had done this" in evidence[2]


def test_three_lucky_remedies_beat_every_journey_that_looks():
    problem = practice().problem
    lucky = diagnosis.follow(problem, ["slots", "referrals", "scripts"]).removed
    for look in problem.tests:
        for order in permutations(problem.remedies):
            assert diagnosis.follow(problem, [look, *order]).removed < lucky
    assert challenge(journey("slots", "referrals", "scripts"))["met"]
    assert not challenge(journey("slots", "handler"))["met"]
    assert "Press Reset" in challenge(journey("reasons", "slots"))["text"]


def test_where_looking_costs_nothing_that_matters_the_challenge_says_so():
    assert "only draws level" in challenge(journey("all", case="community"))["text"]
    assert not challenge(journey("all", case="community"))["met"]


def test_the_team_at_the_top_has_the_most_patients_and_one_other_signals():
    view = journey("rates", "charts", case="community")
    ulcers, days = Counter(), Counter()
    for row in rows("pressure_ulcers"):
        ulcers[row["team"]] += int(row["new_pressure_ulcers"])
        days[row["team"]] += int(row["patient_days"])
    ranked = sorted(ulcers, key=lambda team: -ulcers[team] / days[team])
    rates, charts = listed(view, "The evidence, in order")
    assert max(days, key=days.get) == max(ulcers, key=ulcers.get) == "Plover"
    assert (
        f"{1000 * ulcers['Plover'] / days['Plover']:.1f}, which puts it at place {ranked.index('Plover') + 1}"
        in rates
    )
    assert "A signal in Heron" in charts
    assert "the other 11" in charts


def test_every_service_declares_its_sector_and_journey():
    assert [option["sector"] for option in CONTROLS["case"]["options"]] == [
        "primary care",
        "acute",
        "community",
    ]
    for name, (_, _, make) in CASES.items():
        options = [option["value"] for option in CONTROLS[f"journey_{name}"]["options"]]
        assert options == [*make().problem.tests, *make().problem.remedies]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_journey_at_any_setting_is_told_whole(data):
    case = data.draw(st.sampled_from(list(CASES)))
    problem = CASES[case][2]().problem
    steps = data.draw(st.lists(st.sampled_from([*problem.tests, *problem.remedies]), max_size=6))
    strength = data.draw(st.sampled_from([10, 60, 100]))
    view = journey(*steps, case=case, strength=strength)
    assert not view["notices"]
    text = describe.as_text(views.spec(KIND), view)
    assert "None " not in text.replace("None:", "").replace("None in", "")
    assert len(view["data"]["rows"]) == len(steps)
    for figure in figures(view):
        assert len(figure["description"]) > 60


def test_bad_input_says_what_to_mend():
    assert "not one of those offered" in journey("cake")["summary"]
    assert "too large" in journey(strength=110)["summary"]
