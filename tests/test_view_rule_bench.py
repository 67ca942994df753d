"""W09 rule bench: good rules cry wolf, the trend rule misses trends, and every sentence holds at every setting."""

import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.simulate import rule_bench as model
from improvement.views import describe

KIND = "rule-bench"
RULES = ("outside_limits", "shift", "trend", "two_in_three")
ROWS = {
    "any": "Any rule that is on",
    "outside_limits": "Outside limits",
    "shift": "Shift",
    "trend": "Trend",
    "two_in_three": "Two in three",
}


def compute(**params):
    return views.compute(KIND, {"prediction": 3, **params})


def panels(view, kind):
    return [panel for panel in view["panels"] if panel["type"] == kind]


def said(view, heading):
    (panel,) = [panel for panel in panels(view, "sentence") if panel["heading"] == heading]
    return panel["text"]


def rates(view, column="False alarms"):
    """The downloaded shares by rule."""
    place = view["data"]["columns"].index(column)
    by_name = {row[0].split(":")[0]: row[place] for row in view["data"]["rows"]}
    return {rule: by_name[name] for rule, name in ROWS.items() if name in by_name}


def found(view):
    return rates(view, "Signals with the change")


def challenge(view):
    (panel,) = panels(view, "challenge")
    return panel


def near(share, reps):
    """Four standard errors, and half a unit of the last digit of the map's rounded oracles."""
    return 4 * math.sqrt(share * (1 - share) / reps) + 0.005


# Before the guess, and what it meets


def test_before_the_guess_only_the_points_of_one_quiet_chart_show():
    view = views.compute(KIND, {})
    example, *rest = view["panels"]
    assert all(panel["reveal"] for panel in rest)
    assert {mark["role"] for mark in example["marks"] if not mark["reveal"]} == {"data"}
    assert len(example["x_ticks"]) == 24


def test_the_first_chart_looks_calm_so_that_trust_in_the_rules_wins_first():
    (example, _) = panels(views.compute(KIND, {}), "figure")
    assert "No rule that is on fires on it." in example["description"]


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        (0, "fresh chance for luck"),
        (5, "fresh chance for luck"),
        (15, "met these rules"),
        (60, "Most quiet charts"),
    ],
)
def test_every_guess_is_answered_by_the_rate_of_the_question_asked(guess, words):
    for params in ({}, {"n": 60}, {"trend": False}, {"change": "step"}):
        text = said(compute(prediction=guess, **params), "Your guess")
        assert words in text
        assert f"You said {guess} of 100." in text
        assert "15% signalled" in text


def test_the_guess_stands_on_the_figure_only_while_it_answers_the_question():
    def drawn(**params):
        return any(mark["role"] == "prediction" for mark in panels(compute(**params), "figure")[1]["marks"])

    assert drawn()
    for other in ({"n": 30}, {"shift": False}, {"trend_n": "6"}, {"screen": True}, {"change": "drift"}):
        assert not drawn(**other), other


# The numbers


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, {"any": 0.15, "outside_limits": 0.056, "shift": 0.089, "trend": 0.006, "two_in_three": 0.027}),
        ({"trend_n": "6"}, {"trend": 0.045}),
        ({"screen": True}, {"any": 0.18}),
    ],
)
def test_false_alarms_at_24_points_are_those_of_the_map(params, expected):
    seen = rates(compute(reps=4000, **params))
    for rule, share in expected.items():
        assert seen[rule] == pytest.approx(share, abs=near(share, 4000)), rule


def test_the_trend_rule_misses_the_drift_that_the_shift_rule_finds():
    view = compute(change="drift", size=2, reps=4000)
    seen = found(view)
    assert seen["trend"] == pytest.approx(0.011, abs=near(0.011, 4000))
    assert seen["shift"] == pytest.approx(0.37, abs=near(0.37, 4000))
    text = said(view, "Rule by rule")
    assert text.startswith("Shift finds most: 3")
    assert "Trend finds" in text


def test_a_step_of_one_and_a_half_is_found_two_times_in_three():
    assert found(compute(change="step", size=1.5, reps=4000))["any"] == pytest.approx(
        0.67, abs=near(0.67, 4000)
    )


def test_the_trend_rule_cries_wolf_as_often_as_counting_orders_says():
    exact = _monotone_share(8, 5)
    seen = rates(compute(n=8, trend_n="5", reps=4000))["trend"]
    assert seen == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 4000))


def _monotone_share(points, length):
    """Share of the orders of `points` values with `length` or more in a row that all rise or all fall.

    Independent values of one process come in any order equally often. They are added one at a time; the state is the
    rank of the last among those so far, its slope and its run.
    """
    states = {(0, 0, 1): 1}
    for size in range(2, points + 1):
        after = {}
        for (rank, slope, run), ways in states.items():
            for new in range(size):
                way = 1 if new > rank else -1
                longer = run + 1 if way == slope else 2
                if longer < length:
                    after[new, way, longer] = after.get((new, way, longer), 0) + ways
        states = after
    return 1 - sum(states.values()) / math.factorial(points)


def test_trend_of_five_costs_more_than_it_buys():
    seven, five = (compute(change="drift", trend_n=length) for length in ("7", "5"))
    cost = rates(five)["any"] - rates(seven)["any"]
    gain = found(five)["any"] - found(seven)["any"]
    assert cost > gain > 0


def test_switching_the_trend_rule_off_hardly_moves_either_number():
    on, off = compute(change="drift"), compute(change="drift", trend=False)
    assert 0 <= rates(on)["any"] - rates(off)["any"] <= rates(on)["trend"]
    assert 0 <= found(on)["any"] - found(off)["any"] <= found(on)["trend"]
    assert "trend" not in rates(off)
    assert "Trend: 7 in a row (off)" in panels(off, "figure")[1]["y_ticks"]


def test_more_points_mean_more_false_alarms():
    by_length = [rates(compute(n=n))["any"] for n in (12, 24, 36, 60)]
    assert by_length == sorted(by_length)
    assert by_length[-1] > 2 * by_length[1]


def test_more_charts_make_the_intervals_narrower_as_the_square_root():
    def width(reps):
        row = compute(reps=reps)["data"]["rows"][0]
        return row[3] - row[2]

    assert width(100) / width(4000) == pytest.approx(math.sqrt(40), rel=0.25)


def test_the_signals_marked_on_the_example_are_those_the_model_counts():
    for seed in range(1, 40):
        view = compute(seed=seed, change="step", size=1.5, reps=100)
        result = model.simulate(model.Parameters(change="step", size=1.5, reps=100), seed=seed)
        example = panels(view, "figure")[0]
        (flagged,) = [mark for mark in example["marks"] if mark["role"] == "signal_neutral"]
        assert bool(flagged["x"]) == bool(model.fired(result.example))
        assert ("No rule that is on fires on it." in example["description"]) != bool(flagged["x"])


def test_the_change_is_said_in_the_units_of_the_service():
    assert "a drift of 2 standard deviations (13.2 restraints)" in compute(change="drift")["summary"]
    view = compute(change="step", size=1, service="response")
    assert "a step of 1 standard deviation (3 minutes)" in view["summary"]


# The report


@pytest.mark.parametrize(("charts", "n"), [(40, 24), (40, 60), (1, 24), (100, 8)])
def test_the_report_expects_what_the_binomial_distribution_gives(charts, n):
    view = compute(charts=charts, n=n)
    chance, text = rates(view)["any"], said(view, "In your report")
    expected = float(re.search(r"about ([\d.]+) with", text).group(1))
    assert expected == pytest.approx(charts * chance, abs=0.051)
    usual = re.search(r"most often (\d+)(?: to (\d+))?", text)
    low, high = int(usual[1]), int(usual[2] or usual[1])
    masses = [math.comb(charts, k) * chance**k * (1 - chance) ** (charts - k) for k in range(charts + 1)]
    assert sum(masses[:low]) < 0.025 <= sum(masses[: low + 1])
    assert sum(masses[:high]) < 0.975 <= sum(masses[: high + 1])


def test_a_report_of_forty_quiet_charts_is_almost_never_quiet():
    text = said(compute(), "In your report")
    assert "A report of 40 such charts" in text
    assert "with none is 0.1%" in text  # 0.85 to the power of 40 is 0.15%, 0.847 gives 0.13%
    assert "A report of 1 such chart," in said(compute(charts=1), "In your report")


# Edges


def test_with_every_rule_off_nothing_is_claimed():
    view = compute(**dict.fromkeys(RULES, False), change="drift")
    assert view["summary"].startswith("No rule is on.")
    assert "no false signal" in said(view, "In your report")
    assert [notice["level"] for notice in view["notices"]] == ["info"]


def test_one_rule_is_spoken_of_in_the_singular_and_without_a_ranking():
    view = compute(outside_limits=False, trend=False, two_in_three=False, change="step")
    assert "the one rule that is on" in view["summary"]
    assert "finds most" not in said(view, "Rule by rule")
    assert said(view, "Rule by rule").startswith("Shift finds")


def test_few_points_carry_a_warning_about_trial_limits():
    assert "trial limits" in compute(n=12)["notices"][0]["text"]
    assert compute(n=13)["notices"] == []


@pytest.mark.parametrize(
    ("params", "words"),
    [({"n": 7}, "least"), ({"size": 9}, "most"), ({"reps": 10**6}, "most"), ({"prediction": 101}, "most")],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(params, words):
    view = compute(**params)
    assert view["panels"] == []
    assert words in view["notices"][0]["text"]


def test_the_challenge_is_met_by_a_season_and_a_short_trend_but_not_by_false_alarms():
    met = challenge(compute(change="cycle", size=1.5, trend_n="5"))
    assert met["met"]
    assert "fires on 2" in met["text"]
    assert not challenge(compute())["met"]
    assert not challenge(compute(change="step", size=0.5, trend_n="5"))["met"]
    assert not challenge(compute(change="cycle", size=1.5, trend_n="5", shift=False))["met"]


@settings(max_examples=60, deadline=None)
@given(
    params=st.fixed_dictionaries(
        {"reps": st.just(100)},
        optional={
            "service": st.sampled_from(["restraints", "response", "appointments", "sickness"]),
            "change": st.sampled_from(["none", "drift", "step", "spike", "cycle"]),
            "size": st.sampled_from([0.5, 1, 2, 3]),
            "n": st.integers(8, 60),
            "trend_n": st.sampled_from(["5", "6", "7"]),
            "screen": st.booleans(),
            "charts": st.integers(1, 100),
            "seed": st.integers(1, 9999),
            "prediction": st.none() | st.integers(0, 100),
            **{rule: st.booleans() for rule in RULES},
        },
    )
)
def test_whatever_is_set_the_bench_answers_in_words_and_numbers(params):
    view = views.compute(KIND, params)
    json.dumps(view, allow_nan=False)
    heard = describe.as_text(views.spec(KIND), view)
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b|-\d", heard)
    for name, *cells in view["data"]["rows"]:
        assert all(0 <= cell <= 1 for cell in cells), name
    example = panels(view, "figure")[0]
    values = next(mark["y"] for mark in example["marks"] if mark["role"] == "data")
    low, high = example["y_range"]
    assert low < min(values) <= max(values) < high


# The lesson's self-check


def test_the_self_check_takes_the_maps_answers_and_gives_every_wrong_one_its_own_reason():
    right = {
        "thirty": 30 * 0.154,
        "drift": {"1": "Sometimes", "2": "Most often", "3": "Hardly ever", "4": "Sometimes"},
    }
    view = views.compute("check-rules", right)
    assert [panel["right"] for panel in view["panels"]] == [True, True]
    wrong = views.compute("check-rules", {"thirty": 1.7, "trend": "1", "twelve": "1", "six": "1"})
    assert [panel["right"] for panel in wrong["panels"]] == [False] * 4
    assert len({panel["text"] for panel in wrong["panels"]}) == 4
    assert views.compute("check-rules", {"trend": "2", "twelve": "3", "six": "2"})["summary"].startswith(
        "3 right of 3"
    )
