"""W07 run-chart trainer: marks come first, three sets of rules after, and the score keeps both honest."""

import csv
import json
import math
import statistics
from collections import Counter
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.paths import ROOT
from improvement import views
from improvement.views import describe
from improvement.views import run_chart_trainer as trainer

KIND = "run-chart-trainer"


def compute(**params):
    return views.compute(KIND, {"prediction": 3, **params})


def own(values, **params):
    pasted = "\n".join("" if value is None else str(value) for value in values)
    return compute(deal="service", service="own", pasted=pasted, show=True, **params)


def panels(view, kind, heading=None):
    return [p for p in view["panels"] if p["type"] == kind and heading in (None, p.get("heading"))]


def said(view, heading):
    (panel,) = panels(view, "sentence", heading)
    return panel["text"]


def rules_say(view, name):
    (listing,) = panels(view, "listing")
    (line,) = [item for item in listing["items"] if item.split(".")[0].endswith(name)]
    return line


def column(view, name):
    place = view["data"]["columns"].index(name)
    return [row[place] for row in view["data"]["rows"]]


def by_hand(values):
    """Median, useful observations, longest run and crossings as a person with a ruler would find them."""
    present = [value for value in values if value is not None]
    median = statistics.median(present)
    sides = [value > median for value in present if value != median]
    runs = [len(list(group)) for _, group in groupby(sides)]
    return median, len(sides), max(runs, default=0), max(len(runs) - 1, 0)


def from_runs(*lengths):
    """A series above and below a middle by turns, in runs of these lengths, all values different."""
    values, above = [], True
    for length in lengths:
        values += [(100 if above else 50) + (7 * len(values) + i) % 23 for i in range(length)]
        above = not above
    return [value + place / 100 for place, value in enumerate(values)]


def calls_a_day(wanted):
    with (ROOT / "datasets" / "practice_calls.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts = Counter(row["called_on"] for row in rows if wanted(row))
    return [counts[day] for day in sorted({row["called_on"] for row in rows})]


# Marks come first


def test_before_the_commitment_only_the_bare_chart_shows_and_its_words_give_nothing_away():
    view = views.compute(KIND, {})
    (first,) = [panel for panel in view["panels"] if not panel["reveal"]]
    assert first["type"] == "figure"
    assert first["pick"] == "marks"
    assert {mark["role"] for mark in first["marks"] if not mark["reveal"]} == {"data"}
    heard = f"{first['title']} {first['description']}".lower()
    assert not any(word in heard for word in ("signal", "planted", "nothing", "median", "shift", "anh"))


def test_the_first_chart_ends_on_three_rises_that_no_rule_set_sees_and_nobody_planted():
    view = compute(marks=[21, 22, 23, 24])
    values = column(view, "Value")
    assert values[-4] < values[-3] < values[-2] < values[-1]
    assert len(values) == 24
    _, useful, longest, crossings = by_hand(values)
    assert useful >= 20
    assert longest < 6
    assert crossings > 8
    assert "Weeks 21 to 24" in said(view, "Your marks")
    assert "No rule set sees a signal there" in said(view, "Your marks")
    assert said(view, "What was really planted").startswith("Nothing")
    assert "right on 0" in said(view, "You against the rules")


def test_after_drawing_again_the_rules_keep_quiet_until_asked():
    view = compute(moves=["show", "draw"])
    assert {panel["type"] for panel in view["panels"]} == {"figure", "sentence", "challenge", "table"}
    assert len(panels(view, "figure")) == 1
    assert panels(view, "figure")[0]["pick"] == "marks"
    assert view["data"]["columns"] == ["Point", "Value", "You"]
    assert "planted" not in json.dumps(view["panels"][0]).lower()
    asked = compute(moves=["show", "draw", "show"])
    assert len(panels(asked, "figure")) == 2
    assert panels(asked, "figure")[0]["pick"] == ""
    assert "Planted here" in asked["data"]["columns"]


def test_asking_before_the_commitment_is_answered_with_what_to_do():
    for asked in ({"moves": ["show", "draw", "show"]}, {"deal": "service", "show": True}):
        view = views.compute(KIND, asked)
        assert any("question at the top" in notice["text"] for notice in view["notices"])
        assert sum(not panel["reveal"] for panel in view["panels"]) == 1
    assert views.compute(KIND, {})["notices"] == []


def test_marks_stay_with_the_chart_they_were_made_on():
    view = compute(marks=[21, 22, 23, 24], moves=["show", "draw"])
    assert set(column(view, "You")) == {""}
    back = compute(marks=[21, 22, 23, 24], moves=["show"])
    assert [place for place, cell in enumerate(column(back, "You"), start=1) if cell] == [21, 22, 23, 24]
    figure = panels(view, "figure")[0]
    (dots,) = [mark for mark in figure["marks"] if mark["mark"] == "dot"]
    assert dots["x"] == list(range(25, 49))
    assert figure["x_range"] == [24.5, 48.5]


# What the rules see


@pytest.mark.parametrize(
    ("lengths", "longest", "crossings", "signals"),
    [
        ((8, 3, 1, 3, 1, 3, 1, 3, 1), 8, 8, False),
        ((2, 9, 2, 1, 4, 1, 3, 1, 1), 9, 8, True),
        ((8, 3, 2, 3, 1, 3, 1, 3), 8, 7, True),
    ],
)
def test_of_24_points_more_than_8_in_a_run_or_fewer_than_8_crossings_is_a_signal(
    lengths, longest, crossings, signals
):
    values = from_runs(*lengths)
    assert by_hand(values)[1:] == (24, longest, crossings)
    view = own(values)
    line = rules_say(view, "Anhøj")
    assert ("No signal" in line) is not signals
    assert any(column(view, "Anhøj")) is signals
    assert "more than eight is a signal" in line or "fewer than eight is a signal" in line


@pytest.mark.parametrize(
    "values",
    [
        [4, 6, 5, 7, 5, 8, 3, 5, 9, 2],
        [1, 1, 1, 2, 2, 2],
        [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9],
        [5, None, 6, 7, None, 4, 5, 8, 2, 6, 1, 9, 3, 5],
    ],
)
def test_the_median_and_the_useful_observations_are_those_of_a_ruler(values):
    median, useful, longest, _ = by_hand(values)
    view = own(values)
    assert f"The median is {median:g}:" in said(view, "The line")
    assert f" {useful} " in said(view, "The line")
    texts = [mark["text"] for mark in panels(view, "figure")[0]["marks"] if mark["mark"] == "text"]
    assert texts == [[f"Longest run: {longest}"]]


def test_each_rule_set_marks_what_it_was_built_for():
    quiet = [10, 12, 9, 11, 13, 10, 8, 12, 11, 9, 12, 10, 11]
    freak = own([*quiet, 40, *quiet])
    assert [place for place, cell in enumerate(column(freak, "MDC")) if cell] == [13]
    assert not any(column(freak, "Anhøj"))
    five_up = own([10, 12, 9, 12, 9, 8.5, 9.5, 10.5, 11.5, 12.5, 9, 12, 8, 11, 9, 12])
    assert [place for place, cell in enumerate(column(five_up, "IHI")) if cell] == [5, 6, 7, 8, 9]
    assert not any(column(five_up, "MDC"))
    assert "five points in a row" in rules_say(five_up, "IHI")


def test_the_texted_results_show_in_their_own_calls_and_are_lost_in_the_whole():
    results = compute(deal="service", service="results", show=True)
    values = calls_a_day(lambda row: row["cause"] == "chasing a result")
    median, useful, longest, crossings = by_hand(values)
    assert column(results, "Value") == values
    assert (median, useful) == (1, 31)
    assert longest > 8
    assert crossings < 11
    assert all(any(column(results, name)) for name in trainer.RULE_SETS.values())
    for service, wanted in (
        ("practice", lambda row: True),
        ("failure", lambda row: row["demand"] == "failure"),
    ):
        view = compute(deal="service", service=service, show=True)
        assert column(view, "Value") == calls_a_day(wanted)
        assert not any(column(view, "Anhøj"))
        assert "29 June" in said(view, "What was really planted")
        assert "29 Jun to 24 Jul" in panels(view, "figure")[1]["description"]


def test_the_first_five_charts_and_the_failure_calls_are_as_the_lesson_tells():
    seen = [trainer.flags(trainer.deal("mix", number).measured.values) for number in range(5)]
    assert [trainer.deal("mix", number).kind for number in (0, 1, 2, 3)] == [
        "nothing",
        "shift",
        "freak",
        "nothing",
    ]
    assert [name for name, points in seen[2].items() if points] == ["mdc"]
    assert [name for name, points in seen[3].items() if points] == ["ihi"]
    view = compute(deal="service", service="failure", show=True)
    days = column(view, "Point")
    ihi = [day for day, cell in zip(days, column(view, "IHI"), strict=True) if cell]
    mdc = [day for day, cell in zip(days, column(view, "MDC"), strict=True) if cell]
    assert all(days.index(day) < days.index("29 Jun") for day in ihi)
    assert [column(view, "Value")[days.index(day)] for day in mdc] == [0]


def test_the_strip_says_in_words_who_sees_what():
    (_, strip) = panels(compute(moves=["draw", "draw", "show"]), "figure")
    (freak,) = trainer.deal("mix", 2).stretch
    week = f"Week {trainer.deal('mix', 2).first + freak}"
    assert strip["description"] == f"You: nothing. Anhøj: nothing. IHI: nothing. MDC: {week}. Truth: {week}."
    assert strip["y_ticks"] == ["You", "Anhøj", "IHI", "MDC", "Truth"]


def test_the_colours_follow_the_rule_set_chosen_and_the_axes_stay_still():
    views_by_lens = {lens: compute(moves=["draw", "draw", "show"], lens=lens) for lens in trainer.RULE_SETS}
    flagged = {}
    for lens, view in views_by_lens.items():
        figure = panels(view, "figure")[0]
        flagged[lens] = [mark["x"] for mark in figure["marks"] if mark["role"] == "signal_neutral"]
    place = trainer.deal("mix", 2).first + min(trainer.deal("mix", 2).stretch)
    assert flagged == {"anhoej": [], "ihi": [], "mdc": [[place]]}
    assert len({tuple(panels(view, "figure")[0]["y_range"]) for view in views_by_lens.values()}) == 1


# What is planted, and who was right


@pytest.mark.parametrize("kind", list(trainer.KINDS))
def test_every_pack_plants_what_it_says_and_says_where(kind):
    for number in range(12):
        chart = trainer.deal(kind, number)
        levels = chart.levels
        moves = [place for place, (a, b) in enumerate(pairwise(levels), start=1) if a != b]
        if kind == "nothing":
            assert moves == []
            assert chart.stretch == frozenset()
        elif kind == "shift":
            (at,) = moves
            assert chart.stretch == frozenset(range(at, 24))
            assert chart.measured.labels[at] in chart.planted
        elif kind == "freak":
            (at,) = chart.stretch
            assert moves == [place for place in (at, at + 1) if 0 < place < 24]
            assert chart.measured.labels[at] in chart.planted
        elif kind == "drift":
            steps = [b - a for a, b in pairwise(levels)]
            assert max(steps) - min(steps) < 1e-9
            assert ("up" if steps[0] > 0 else "down") in chart.planted.split()
            assert chart.stretch == frozenset(range(12, 24))
        else:
            assert levels[:12] == pytest.approx(levels[12:])
            assert len(chart.stretch) == 24


def test_the_mixed_pack_deals_every_kind_and_leaves_about_a_third_alone():
    dealt = Counter(trainer.deal("mix", number).kind for number in range(201))
    assert set(dealt) == set(trainer.KINDS)
    assert dealt["nothing"] == pytest.approx(201 / 3, abs=4 * math.sqrt(201 * 2 / 9))
    assert len({trainer.deal("mix", number).measured.values for number in range(201)}) == 201


@pytest.mark.parametrize(
    ("kind", "marks", "by_eye", "expected"),
    [
        ("nothing", [], True, "right"),
        ("nothing", [3], True, "false alarm"),
        ("nothing", [3], False, "false alarm"),
        ("shift", [], True, "missed"),
        ("shift", [22, 23], True, "right"),
        ("shift", [0, 1, 2, 23], True, "missed"),
        ("shift", [0, 1, 2, 23], False, "right"),
        ("shift", [0, 1], False, "missed"),
    ],
)
def test_marks_are_right_when_at_least_half_lie_where_the_change_shows(kind, marks, by_eye, expected):
    assert trainer.outcome(trainer.deal(kind, 1), frozenset(marks), by_eye=by_eye) == expected


def test_the_score_counts_every_chart_shown_and_none_that_was_passed_over():
    chart = trainer.deal("mix", 1)
    good = [chart.first + point for point in sorted(chart.stretch)[:2]]
    view = compute(marks=good, moves=["show", "draw", "show", "draw", "draw"])
    assert said(view, "You against the rules").startswith("2 charts judged: you were right on 2.")
    assert "Your streak is 2" in said(view, "You against the rules")
    (table,) = [panel for panel in panels(view, "table") if panel["caption"] == "The score so far"]
    assert table["rows"][0] == ["You", 2, 0, 0]
    broken = compute(marks=[1, *good], moves=["show", "draw", "show", "draw", "show"])
    text = said(broken, "You against the rules")
    assert "3 charts judged: you were right on 1." in text
    assert "starts again" in text


def test_the_challenge_is_met_by_an_eye_that_beats_two_rule_sets():
    chart = trainer.deal("mix", 2)
    (freak,) = chart.stretch
    asked = {"moves": ["draw", "draw", "show"]}
    (met,) = panels(compute(marks=[chart.first + freak], **asked), "challenge")
    assert met["met"]
    assert "chart 3" in met["text"]
    assert "Anhøj and IHI" in met["text"]
    (unmet,) = panels(compute(**asked), "challenge")
    assert not unmet["met"]


# What the rules cost


@pytest.mark.parametrize(
    ("points", "anhoej", "ihi", "mdc"), [(24, 0.031, 0.367, 0.152), (36, 0.042, 0.565, 0.256)]
)
def test_false_alarms_agree_with_rates_from_20_000_series(points, anhoej, ihi, mdc):
    """The rates are those of qicharts2's and this package's rules on 20,000 normal series, measured apart."""
    bill = trainer.bill("nothing", points)
    for name, rate in (("anhoej", anhoej), ("ihi", ihi), ("mdc", mdc)):
        error = math.sqrt(rate * (1 - rate) / bill.charts)
        assert bill.seen[name] / bill.charts == pytest.approx(rate, abs=3.5 * error)
    assert bill.seen["any"] >= max(bill.seen[name] for name in trainer.RULE_SETS)


def test_a_row_of_three_is_in_nearly_every_quiet_chart():
    """Charts without one alternate up and down throughout: 2 E(24) / 24! of all orders, E the zigzag numbers."""
    row = [1]
    for _ in range(24):
        sums = [0]
        for value in reversed(row):
            sums.append(sums[-1] + value)
        row = sums
    assert 1 - 2 * row[-1] / math.factorial(24) > 0.999
    quiet = trainer.bill("nothing", 24)
    assert quiet.rows_of(3) > 0.99
    five = 0.25
    assert quiet.rows_of(5) == pytest.approx(five, abs=3.5 * math.sqrt(five * 0.75 / quiet.charts))
    assert "Three in a row" in said(compute(), "Your rule for a trend")
    assert "almost nothing about drift" in said(compute(), "Your rule for a trend")


@pytest.mark.parametrize(
    ("guess", "words"),
    [(-4, "Two in a row"), (3.5, "Four in a row"), (7, "Seven in a row"), (1e9, "24 in a row")],
)
def test_any_number_may_be_committed(guess, words):
    view = compute(prediction=guess)
    assert view["notices"] == []
    assert said(view, "Your rule for a trend").startswith(words)


def test_more_rules_find_more_and_cost_more():
    (table,) = [panel for panel in panels(compute(), "table") if "costs" in panel["caption"]]
    assert [row[0] for row in table["rows"]] == ["Anhøj", "IHI", "MDC", "Any of them"]
    assert table["open"]
    rates = [[int(cell.split("%")[0]) for cell in row[1:]] for row in table["rows"]]
    assert all(max(column) == column[-1] for column in zip(*rates, strict=True))
    quiet = rates[0][0]
    assert quiet < rates[2][0] < rates[1][0]
    assert f"{rates[3][0]}%" in said(compute(), "The price of more rules")


def test_the_cost_is_that_of_the_number_of_points_on_the_chart():
    view = compute(deal="service", service="ambulance", show=True)
    assert "60 points" in said(view, "The price of more rules")
    gap = own([1, None, *range(2, 14), None, 5, 9])
    assert "15 points" in said(gap, "The price of more rules")


# Own numbers


def test_own_numbers_are_waited_for_and_too_many_are_refused_with_what_to_do():
    waiting = compute(deal="service", service="own", pasted=" ")
    assert [notice["level"] for notice in waiting["notices"]] == ["info"]
    refused = own(range(121))
    assert [notice["level"] for notice in refused["notices"]] == ["error"]
    assert "121" in refused["notices"][0]["text"]
    assert "120" in refused["notices"][0]["text"]
    assert own(range(120))["panels"]


def test_with_own_numbers_nobody_pretends_to_know_the_truth():
    view = own([10, 12, 9, 11, 13, 10, 8, 12, 11, 9, 12, 10, 11], marks=[4])
    assert panels(view, "sentence", "What was really planted") == []
    assert panels(view, "sentence", "You against the rules") == []
    assert panels(view, "figure")[1]["y_ticks"] == ["You", "Anhøj", "IHI", "MDC"]
    assert "Planted here" not in view["data"]["columns"]
    assert panels(view, "challenge") == []
    assert said(view, "Your marks") == "You marked Point 4. No rule set sees a signal there."


@pytest.mark.parametrize("values", [[5] * 12, [1, 2], [3, 3, 4, 5, 2, 3, 3, 3, 9]])
def test_too_few_useful_observations_are_said_to_be_too_few(values):
    useful = by_hand(values)[1]
    (warning,) = [notice for notice in own(values)["notices"] if notice["level"] == "warning"]
    assert f"{useful or 'no'} useful observation" in warning["text"]
    assert "ten" in warning["text"]


# Whatever comes

CHOICES = {
    "deal": st.sampled_from(["practice", "service"]),
    "planted": st.sampled_from(["mix", *trainer.KINDS]),
    "service": st.sampled_from(["practice", "failure", "results", "mental_health", "community", "own"]),
    "pasted": st.lists(st.integers(-9, 9), max_size=30).map(lambda values: "\n".join(map(str, values))),
    "lens": st.sampled_from(list(trainer.RULE_SETS)),
    "moves": st.lists(st.sampled_from(["show", "draw"]), max_size=12),
    "show": st.booleans(),
    "marks": st.lists(st.integers(1, 200), max_size=30),
    "prediction": st.none() | st.integers(-3, 40) | st.floats(-1e9, 1e9),
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(params=st.fixed_dictionaries({}, optional=CHOICES))
def test_whatever_a_reader_chooses_the_trainer_answers_in_json(params):
    view = views.compute(KIND, params)
    json.dumps(view, allow_nan=False)
    assert view["summary"]
    assert view["panels"] or view["notices"]
    heard = describe.as_text(views.spec(KIND), view)
    assert "nan" not in heard.lower().split()
    assert view == views.compute(KIND, params)


def test_the_last_chart_can_still_be_marked():
    """Every move may draw, so the places of the last chart must be within what may be marked."""
    moves = ["draw"] * trainer.MOVES
    last = 24 * (trainer.MOVES + 1)
    view = compute(moves=moves, marks=[last])
    assert column(view, "You")[-1] == "yes"


# The lesson's self-check


def test_the_self_check_agrees_with_a_ruler():
    _, useful, longest, _ = by_hand([4, 6, 5, 7, 5, 8, 3, 5, 9, 2])
    view = views.compute("check-run-charts", {"useful": useful, "longest_run": longest})
    assert [panel["right"] for panel in view["panels"]] == [True, True]
    wrong = views.compute(
        "check-run-charts", {"useful": 10, "longest_run": 1, "more_rules": "1", "median_target": "1"}
    )
    assert [panel["right"] for panel in wrong["panels"]] == [False] * 4
    assert len({panel["text"] for panel in wrong["panels"]}) == 4
