"""The capability lens and its self-check: the map's oracles, the three verdicts, and what the lens refuses to say."""

import itertools
import json
import math
import re
from collections import Counter
from statistics import NormalDist, fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import datasets, views
from improvement.views import describe

KIND = "capability-lens"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}


def lens(**params):
    return views.compute(KIND, params)


def chosen(control, value, **params):
    """The view after picking an answer, as the page asks for it: with the settings that the answer brings along."""
    (option,) = [one for one in CONTROLS[control]["options"] if one["value"] == value]
    return lens(**{control: value, **option["sets"], **params})


def own(values, **params):
    pasted = "\n".join("" if value is None else str(value) for value in values)
    return lens(**{"source": "own", "pasted": pasted, **params})


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def verdict(view, heading):
    (one,) = panels(view, "verdict", heading)
    return one


def icon(view):
    return verdict(view, "The icon on a dashboard")["code"]


def predictable(view):
    return verdict(view, "Is it predictable?")


def reliable(view):
    return verdict(view, "Does it reliably meet the need?")


def aim(view):
    return verdict(view, "Does it meet the agreed aim?")


def figure(view):
    return panels(view, "figure")[0]


def marks(view, **wanted):
    return [one for one in figure(view)["marks"] if all(one[name] == value for name, value in wanted.items())]


def column(view, name):
    at = view["data"]["columns"].index(name)
    return [row[at] for row in view["data"]["rows"]]


def long_run(view):
    (said,) = [one for one in panels(view, "sentence") if one["beside"] == "mean"]
    return said["text"]


def challenge(view):
    (one,) = panels(view, "challenge")
    return one


def wilson(met, n, z=1.959964):
    centre, half = met + z * z / 2, z * math.sqrt(met * (n - met) / n + z * z / 4)
    return (centre - half) / (n + z * z), (centre + half) / (n + z * z)


def xmr_limits(values):
    step = fmean(abs(b - a) for a, b in itertools.pairwise(values))
    return fmean(values) - 2.66 * step, fmean(values) + 2.66 * step


# The guess, and what is kept back until it is made


@pytest.mark.parametrize("story", [option["value"] for option in CONTROLS["story"]["options"]])
def test_the_question_is_true_of_every_story_and_the_answer_is_hardly_anybody(story):
    (option,) = [one for one in CONTROLS["story"]["options"] if one["value"] == story]
    start = option["sets"]
    before, after = (
        NormalDist(start["mean"], sd).cdf(start["upper"])
        - (0 if start["lower"] is None else NormalDist(start["mean"], sd).cdf(start["lower"]))
        for sd in (start["sd"], start["sd"] / 5)
    )
    assert round(100 * before) == 23
    assert "23 in 100" in views.spec(KIND)["prediction"]["question"]
    (said,) = panels(chosen("story", story, prediction=60), "sentence", "Your guess")
    assert f"1 patient in {round(1 / after, -3):,.0f}." in said["text"]
    assert f"from {start['sd']:g} to {start['sd'] / 5:g}" in said["text"]


def test_each_way_of_guessing_is_answered_for_what_it_was():
    said = {
        guess: panels(lens(prediction=guess), "sentence", "Your guess")[0]["text"]
        for guess in (60, 23, 10, 0)
    }
    assert all(f"You said {guess} in 100" in text for guess, text in said.items())
    assert len({text.split("11,000. ")[1] for text in said.values()}) == 4
    assert "beyond the need" in said[60]
    assert "You saw it" in said[0]
    assert "owed it to the spread" in said[23]


def test_before_the_guess_only_the_dots_and_the_need_are_shown():
    view = lens()
    assert [one["type"] for one in view["panels"] if not one["reveal"]] == ["figure"]
    shown = [one for one in figure(view)["marks"] if not one["reveal"]]
    assert {one["role"] for one in shown} == {"quiet", "group_a", "group_b", "target", "signal_concern"}
    assert sum(len(one["x"]) for one in shown if one["mark"] == "dot") == 60


# The map's oracles


@pytest.mark.parametrize(
    ("mean", "sd", "said", "code"),
    [
        (75, 20, "22.7%", "hit_and_miss"),
        (60, 15, "50%", "hit_and_miss"),
        (40, 8, "99.4%", "hit_and_miss"),
        (75, 4, "under 0.1%", "reliably_misses"),
        (40, 5, "over 99.9%", "reliably_meets"),
    ],
)
def test_one_icon_covers_three_very_different_services(mean, sd, said, code):
    view = lens(mean=mean, sd=sd)
    assert long_run(view) == f"In the long run {said} of patients meet the need."
    assert icon(view) == code
    low, high = xmr_limits(column(view, "Value"))
    assert code == ("reliably_meets" if high < 60 else "reliably_misses" if low > 60 else "hit_and_miss")


def test_the_four_processes_are_set_side_by_side():
    (table,) = [one for one in panels(lens(), "table") if "share an icon" in one["caption"]]
    assert [row[-1] for row in table["rows"]] == ["22.7%", "50%", "99.4%", "1 in 11,000"]
    assert [row[3] for row in table["rows"]] == ["15 to 135", "15 to 105", "16 to 64", "63 to 87"]
    assert Counter(row[4] for row in table["rows"]).most_common(1)[0][1] == 3


def test_less_spread_alone_serves_fewer_and_never_reaches_the_aim():
    met = [lens(sd=sd, seed=92) for sd in (20, 10, 4, 1)]
    counts = [column(view, "Meets the need").count("yes") for view in met]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 0
    assert {aim(view)["code"] for view in met} == {"reliably_misses"}


# Three verdicts


def test_almost_all_may_meet_the_aim_and_still_not_be_reliable():
    view = lens(mean=40, sd=8)
    met = column(view, "Meets the need").count("yes")
    assert wilson(met, 60)[0] > 0.9
    assert xmr_limits(column(view, "Value"))[1] > 60
    assert predictable(view)["words"] == "Predictable"
    assert reliable(view)["words"] == "Does not reliably meet"
    assert aim(view)["words"] == "Meets the agreed aim"
    assert aim(lens(mean=40, sd=8, aim=99))["words"] == "Short of the agreed aim"


def test_the_share_met_is_always_given_with_its_interval():
    for params in ({}, {"changed": True}, {"dot": "month"}, {"points": 12}, {"shape": "long_tail"}):
        view = lens(**params)
        answers = column(view, "Meets the need")
        low, high = wilson(answers.count("yes"), len(answers))
        (said,) = panels(view, "sentence", "What the dots say")
        assert f"{answers.count('yes')} of {len(answers)} " in said["text"]
        assert f"{100 * low:.1f}".removesuffix(".0") in said["text"]
        assert f"{100 * high:.1f}".removesuffix(".0") in said["text"]


def test_a_change_halfway_takes_every_promise_away():
    view = lens(changed=True)
    assert predictable(view)["words"] == "Not predictable"
    assert reliable(view)["words"] == aim(view)["words"] == "Cannot say"
    assert marks(view, mark="band", role="limit") == []
    before, after = (100 * NormalDist(mean, 20).cdf(60) for mean in (75, 105))
    assert f"{before:.1f}% of patients meet the need before the change, {after:.1f}% after it" in long_run(
        view
    )
    steady = column(lens(), "Value")
    moves = [b - a for a, b in zip(steady, column(view, "Value"), strict=True)]
    assert moves == pytest.approx([0] * 30 + [30] * 30)


def test_a_false_alarm_is_owned_up_to_and_never_cut_away():
    view = next(
        view for seed in range(1, 60) if predictable(view := lens(seed=seed))["words"] == "Not predictable"
    )
    (what_now,) = panels(view, "listing", "A rule fired. What now?")
    assert "false alarm" in what_now["items"][0]
    assert "keep the dot" in " ".join(what_now["items"])
    assert len(column(view, "Value")) == 60
    (changed,) = panels(lens(changed=True), "listing", "A rule fired. What now?")
    assert "false alarm" not in " ".join(changed["items"])


def test_months_may_all_meet_a_need_that_one_patient_in_four_does_not():
    view = lens(mean=50, sd=15, dot="month")
    assert set(column(view, "Meets the need")) == {"yes"}
    assert f"{100 * NormalDist(50, 15).cdf(60):.1f}% of patients" in long_run(view)
    assert icon(view) == "reliably_meets"
    assert reliable(view)["code"] == "none"
    assert "for people, cannot say" in reliable(view)["words"]


def test_means_are_means_of_as_many_patients_as_they_say():
    (one,) = [p for p in CONTROLS["dot"]["options"] if p["value"] == "month"]
    size = int(re.search(r"mean of (\d+)", one["label"]).group(1))
    values = column(lens(dot="month", points=80), "Value")
    spread = math.sqrt(sum((value - 75) ** 2 for value in values) / 80)
    assert spread == pytest.approx(20 / math.sqrt(size), rel=0.25)
    assert any(
        f"spread of {20 / math.sqrt(size):g} " in one["text"] for one in panels(lens(dot="month"), "sentence")
    )


def test_two_sided_needs_are_missed_on_either_side():
    view = lens(mean=125, sd=15, upper=140, lower=110)
    values, met = column(view, "Value"), column(view, "Meets the need")
    assert met == ["yes" if 110 <= value <= 140 else "no" for value in values]
    assert min(values) < 110
    assert max(values) > 140
    truth = NormalDist(125, 15)
    assert f"{100 * (truth.cdf(140) - truth.cdf(110)):.1f}%" in long_run(view)


def test_too_few_dots_are_no_promise():
    view = lens(points=19, mean=20, sd=1)
    assert predictable(view)["words"] == "Too soon to say"
    assert reliable(view)["words"] == aim(view)["words"] == "Cannot say"
    assert "Not placed" in panels(view, "figure")[1]["description"]
    assert reliable(lens(points=20, mean=20, sd=1))["words"] == "Reliably meets"


@pytest.mark.parametrize(
    ("params", "here"),
    [
        ({}, (1, 1)),
        ({"mean": 40, "sd": 8}, (2, 1)),
        ({"changed": True}, (1, 2)),
        ({"changed": True, "mean": 20, "sd": 4}, (2, 2)),
    ],
)
def test_the_four_places_can_all_be_reached(params, here):
    grid = panels(lens(**params), "figure")[1]
    (dot,) = [one for one in grid["marks"] if one["mark"] == "dot"]
    assert (dot["x"][0], round(dot["y"][0])) == here


# The picture


@pytest.mark.parametrize(
    "params", [{}, {"sd": 4}, {"sd": 40, "mean": 150}, {"source": "before"}, {"source": "stays"}]
)
def test_every_dot_stands_once_in_order_and_once_in_the_stack_on_its_own_side_of_the_need(params):
    view = lens(**params)
    values, need = column(view, "Value"), 240 if params.get("source") == "stays" else 60
    low, high = figure(view)["y_range"]
    assert all(low <= value <= high for value in values)
    for role, side in (("group_a", lambda y: y <= need), ("group_b", lambda y: y > need)):
        wanted = sum(map(side, values))
        drawn = marks(view, mark="dot", role=role)
        assert [len(one["x"]) for one in drawn] == ([wanted, wanted] if wanted else [])
        for one in drawn:
            assert all(map(side, one["y"]))
            assert len(set(zip(one["x"], one["y"], strict=True))) == wanted
    assert max(x for one in marks(view, mark="dot") for x in one["x"]) <= len(figure(view)["x_ticks"]) + 0.5


def test_the_axis_stands_still_while_the_spread_is_dragged():
    assert {tuple(figure(lens(sd=sd))["y_range"]) for sd in (1, 4, 10, 20)} == {(0, 150)}


@pytest.mark.parametrize("shape", ["normal", "long_tail", "two_peaks"])
def test_the_long_run_shape_holds_all_the_dots_there_are(shape):
    view = lens(shape=shape)
    (curve,) = marks(view, label="Long-run shape")
    stacked = [one for one in marks(view, mark="dot") if one["reveal"] and one["role"].startswith("group")]
    start = min(x for one in stacked for x in one["x"])
    assert all(x >= 61 for x in curve["x"])
    assert max(curve["x"]) > start


def test_the_description_reaches_the_same_conclusion_without_the_picture():
    text = figure(lens())["description"]
    for words in ("One dot is one patient", "60 dots", "Predictable", "Does not reliably meet", "13 of 60"):
        assert words in text


# Examples


def test_the_sepsis_example_is_the_last_sixty_timed_patients_before_the_change():
    rows = datasets.read("ed_sepsis_antibiotics")
    timed = [
        minutes
        for day, minutes in zip(rows["date"], rows["antibiotics_minutes"], strict=True)
        if minutes is not None and str(day) < "2025-09-01"
    ][-60:]
    view = chosen("source", "before")
    assert column(view, "Value") == timed
    low, high = xmr_limits(timed)
    said = [float(number) for number in re.findall(r"\d+\.?\d*", reliable(view)["text"])[:2]]
    assert said == pytest.approx([low, high], abs=0.05)
    assert f"{sum(minutes <= 60 for minutes in timed)} of 60 patients" in view["summary"]


def test_yes_or_no_data_give_a_share_and_no_natural_limits_for_a_person():
    team = datasets.read("district_nurse_first_contact").where(team="Plover")
    seen, referred = sum(team["seen_within_2_days"]), sum(team["referrals"])
    view = chosen("source", "nurses")
    assert f"{seen:,} of {referred:,} patients" in view["summary"]
    assert f"{100 * seen / referred:.1f}%" in view["summary"]
    assert reliable(view)["words"] == "Does not apply"
    assert (aim(view)["words"] == "Meets the agreed aim") is (wilson(seen, referred)[0] >= 0.75)
    (upper,) = marks(view, label="Upper limit")
    share = seen / referred
    assert upper["y"] == pytest.approx(
        [100 * (share + 3 * math.sqrt(share * (1 - share) / n)) for n in team["referrals"]]
    )


def test_weekly_means_are_judged_as_weeks():
    view = chosen("source", "ambulance")
    assert "for people, cannot say" in reliable(view)["words"]
    assert "week by week" in aim(view)["words"]


def test_single_stays_with_a_long_tail_are_refused_and_the_shape_is_named():
    view = chosen("source", "stays")
    assert predictable(view)["words"] == "Not predictable"
    (care,) = panels(view, "listing", "Handle with care")
    assert "not shaped like a bell" in " ".join(care["items"])


@pytest.mark.parametrize("source", [option["value"] for option in CONTROLS["source"]["options"]])
def test_no_index_is_ever_quoted(source):
    params = {"pasted": "\n".join(str(40 + place % 7) for place in range(40)), "own_upper": 60}
    text = describe.as_text(views.spec(KIND), chosen("source", source, **params))
    assert not re.search(r"\b[CP]p[kulm]?\b|[Ii]ndex|indices", text)


def test_a_long_tailed_curve_is_offered_for_a_long_tail_and_not_for_two_humps():
    tail = [round(math.exp(NormalDist(4, 0.5).inv_cdf((place + 0.5) / 31)), 1) for place in range(31)]
    shuffled = ([tail[step * place % 31] for place in range(31)] for step in range(2, 31))
    view = next(
        view
        for values in shuffled
        if predictable(view := own(values, own_upper=2000))["words"] == "Predictable"
    )
    (care,) = panels(view, "listing", "Handle with care")
    (offered,) = [item for item in care["items"] if "lognormal" in item]
    low, high = map(float, re.findall(r"\d+\.?\d*", offered))
    assert low == pytest.approx(math.exp(4 - 3 * 0.5), rel=0.15)
    assert high == pytest.approx(math.exp(4 + 3 * 0.5), rel=0.15)
    (care,) = panels(lens(shape="two_peaks", sd=12, mean=60), "listing", "Handle with care")
    assert "lognormal" not in " ".join(care["items"])


# The challenge


def test_a_long_tail_seen_through_few_dots_breaks_the_model():
    assert not challenge(lens())["met"]
    for need in range(60, 200):
        view = lens(shape="long_tail", points=20, mean=40, upper=need)
        if challenge(view)["met"]:
            break
    assert challenge(view)["met"]
    assert reliable(view)["words"] == "Reliably meets"
    assert math.exp(-(need - 20) / 20) > 0.01


def test_an_honest_promise_and_a_month_do_not_break_it():
    assert not challenge(lens(mean=30, sd=5))["met"]
    assert "Go back to one patient" in challenge(lens(mean=50, sd=15, dot="month"))["text"]


# Own numbers

STEADY = [40, 44, 38, 47, 41, 36, 45, 42, 39, 46, 43, 37, 41, 48, 40, 35, 44, 42, 38, 45, 41, 47, 39, 43]


def test_own_numbers_are_judged_against_the_need_typed():
    low, high = xmr_limits(STEADY)
    roomy, tight = own(STEADY, own_upper=math.ceil(high)), own(STEADY, own_upper=math.floor(high))
    assert reliable(roomy)["words"] == "Reliably meets"
    assert reliable(tight)["words"] == "Does not reliably meet"
    assert f"{low:.1f} to {high:.1f}" in reliable(roomy)["text"]
    floor = own(STEADY, own_lower=40)
    assert column(floor, "Meets the need") == ["yes" if value >= 40 else "no" for value in STEADY]


def test_own_numbers_without_a_need_are_shown_and_the_need_is_asked_for():
    view = own(STEADY)
    assert [one["control"] for one in view["notices"]] == ["own_upper"]
    assert predictable(view)["words"] == "Predictable"
    assert panels(view, "verdict", "Does it meet the agreed aim?") == []


def test_own_summaries_get_no_promise_about_people():
    assert "for people, cannot say" in reliable(own(STEADY, own_upper=60, own_dot="summary"))["words"]


def test_gaps_stay_gaps():
    view = own([*STEADY[:5], None, *STEADY[5:]], own_upper=60)
    assert column(view, "Value")[5] is None
    assert column(view, "Meets the need")[5] is None
    assert "24 of 24 cases" in view["summary"]


@pytest.mark.parametrize(
    ("params", "control", "said"),
    [
        ({"lower": 60, "upper": 60}, "lower", ["60", "smaller"]),
        ({"source": "own", "pasted": "1\n2", "own_lower": 9, "own_upper": 3}, "own_lower", ["9", "3"]),
        ({"source": "own", "pasted": "1\nabc"}, None, ["abc"]),
        ({"source": "own", "pasted": " "}, "pasted", ["Paste"]),
        ({"mean": 400}, "mean", ["400", "160"]),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_do(params, control, said):
    view = lens(**params)
    (notice,) = view["notices"]
    assert view["panels"] == []
    assert notice["control"] == control
    assert all(words in notice["text"] for words in said)


@pytest.mark.parametrize(
    ("values", "said"),
    [([5] * 30, "hardly differ"), ([0, 1] * 15, "0 or 1"), ([40, 41, 42], "below 20")],
)
def test_numbers_that_support_nothing_are_told_why(values, said):
    assert said in describe.as_text(views.spec(KIND), own(values, own_upper=60))


VALID = {
    "source": st.sampled_from([option["value"] for option in CONTROLS["source"]["options"]]),
    "story": st.sampled_from([option["value"] for option in CONTROLS["story"]["options"]]),
    "dot": st.sampled_from(["patient", "day", "month"]),
    "sd": st.integers(2, 80).map(lambda half: half / 2),
    "mean": st.integers(10, 320).map(lambda half: half / 2),
    "upper": st.integers(1, 200),
    "lower": st.none() | st.integers(0, 200),
    "shape": st.sampled_from(["normal", "long_tail", "two_peaks"]),
    "changed": st.booleans(),
    "aim": st.integers(50, 99),
    "points": st.integers(12, 80),
    "seed": st.integers(1, 9999),
    "own_dot": st.sampled_from(["case", "summary"]),
    "pasted": st.lists(st.none() | st.floats(-1e12, 1e12), max_size=40).map(
        lambda values: "\n".join("" if value is None else repr(value) for value in values)
    ),
    "own_upper": st.none() | st.floats(-1e9, 1e9),
    "own_lower": st.none() | st.floats(-1e9, 1e9),
    "prediction": st.none() | st.integers(0, 100),
}


@settings(max_examples=150, deadline=None)
@given(params=st.fixed_dictionaries({}, optional=VALID))
def test_whatever_a_reader_sets_the_lens_answers(params):
    view = lens(**params)
    json.dumps(view, allow_nan=False)
    assert view["summary"]
    assert view["panels"] or view["notices"]
    text = describe.as_text(views.spec(KIND), view)
    assert not re.search(r"\bNone\b|\bnan\b|\.\.|\b1 (dots|patients|months|days|cases|weeks)\b", text)


# The self-check

CHECK = "check-capability"


def test_six_processes_fall_into_the_places_their_numbers_give_them():
    six = views.spec(CHECK)["controls"][0]["control"]
    assert len(six["cards"]) == 6
    right = {}
    for card in six["cards"]:
        met, of = map(int, re.search(r"(\d+) of (\d+) met it", card["label"]).groups())
        steady = "No rule fires" in card["label"]
        enough = wilson(met, of)[0] >= 0.9
        right[card["value"]] = {
            (True, True): "Predictable, enough",
            (True, False): "Predictable, falls short",
            (False, True): "Unpredictable, enough so far",
            (False, False): "Unpredictable, falls short",
        }[steady, enough]
    assert len(set(right.values())) == 4
    (said,) = views.compute(CHECK, {"six": right})["panels"]
    assert said["right"]
    assert "6 of 6" in said["text"]
    (said,) = views.compute(CHECK, {"six": dict.fromkeys(right, "Predictable, enough")})["panels"]
    assert not said["right"]


@pytest.mark.parametrize(
    ("given", "right"), [(93.3, True), (93, True), (6.7, False), (86.6, False), (100, False), (50, False)]
)
def test_the_letters_in_time_are_the_bell_up_to_one_and_a_half_spreads(given, right):
    assert 100 * NormalDist().cdf(1.5) == pytest.approx(93.3, abs=0.05)
    (said,) = views.compute(CHECK, {"letters": given})["panels"]
    assert said["right"] is right


@pytest.mark.parametrize(
    ("question", "right"),
    [("months", "not how many"), ("alarm", "judge the dots that come next"), ("squeeze", "Change the work")],
)
def test_one_answer_is_right_and_every_answer_has_its_own_reason(question, right):
    (control,) = [one["control"] for one in views.spec(CHECK)["controls"] if one["name"] == question]
    reasons = set()
    for option in control["options"]:
        (said,) = views.compute(CHECK, {question: option["value"]})["panels"]
        assert said["right"] is (right in option["label"])
        reasons.add(said["text"])
    assert len(reasons) == len(control["options"])
