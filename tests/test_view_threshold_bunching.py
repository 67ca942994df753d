"""Threshold bunching and its self-check: what pressure does, the bar that stands out, and readers' own waits."""

import itertools
import json
import math
import random
import re
from statistics import NormalDist, fmean

import pytest

from improvement import datasets, views
from improvement.simulate import bunching
from improvement.views import describe, threshold_bunching

KIND = "threshold-bunching"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
STORIES = [option["value"] for option in CONTROLS["story"]["options"]]
RECORD = datasets.read("ed_departures")["minutes_in_department"]


def show(**params):
    return views.compute(KIND, params)


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def said(view, heading):
    (one,) = panels(view, "sentence", heading)
    return one["text"]


def balance(view):
    (one,) = [one for one in panels(view, "table") if one["columns"][0] == "Measure"]
    names = ("met", "mean", "p95", "longest", "hurried", "harm")
    plain = [
        [float(cell.replace(",", "").replace("−", "-").replace("+", "")) for cell in row[1:]]
        for row in one["rows"]
    ]
    return dict(zip(names, plain, strict=True))


def challenge(view):
    (one,) = panels(view, "challenge")
    return one


def own(waits, target, **params):
    return show(source="own", own_target=target, pasted="\n".join(map(str, waits)), **params)


# The guess


def test_before_the_guess_only_the_dashboard_shows_and_it_says_better():
    view = show()
    (shown,) = [one for one in view["panels"] if not one["reveal"]]
    before, after, arrow = shown["rows"][0]
    assert float(after.rstrip("%")) > float(before.rstrip("%")) + 5
    assert "better" in arrow


def test_the_question_is_about_the_default_service_and_the_mean_has_not_moved():
    asked = views.spec(KIND)["prediction"]["question"]
    was, now = (int(number) for number in re.search(r"from (\d+)% to (\d+)%", asked).groups())
    mean = int(re.search(r"mean stay was (\d+)", asked).group(1))
    table = balance(show(prediction=180))
    assert [round(share) for share in table["met"][:2]] == [was, now]
    assert round(table["mean"][0]) == round(table["mean"][1]) == mean
    assert table["mean"][2] == 0
    texts = {guess: said(show(prediction=guess), "Your guess") for guess in (180, mean, 230)}
    assert all(
        f"You said {guess} minutes" in text and f"it is {mean}" in text for guess, text in texts.items()
    )
    assert "feels like shorter waits" in texts[180]
    assert "not taken in" in texts[mean]
    assert "rise" in texts[230]


def test_the_guess_is_judged_for_the_department_it_was_made_about():
    there = said(show(prediction=180), "Your guess")
    assert said(show(prediction=180, story="repair", pressure=0), "Your guess") == there


# Pressure, who pays, and redesign


@pytest.mark.parametrize("story", STORIES)
def test_pressure_raises_the_share_and_never_the_mean_while_others_pay(story):
    runs = [balance(show(story=story, pressure=pressure)) for pressure in (0, 30, 60, 100)]
    shares = [run["met"][1] for run in runs]
    assert shares == sorted(set(shares))
    for run in runs:
        assert run["mean"][2] == 0
        assert run["longest"][2] >= 0
        assert run["hurried"][0] == 0
    assert runs[0]["met"][2] == runs[0]["longest"][2] == runs[0]["harm"][2] == 0
    assert balance(show(story=story, payback=1.5))["mean"][2] > 0


@pytest.mark.parametrize("story", STORIES)
def test_the_share_in_time_is_blind_to_who_pays(story):
    runs = [balance(show(story=story, payback=payback)) for payback in (0, 1, 2)]
    assert len({tuple(run["met"]) for run in runs}) == 1
    changes = [run["mean"][2] for run in runs]
    assert changes[0] < changes[1] == 0 < changes[2]


@pytest.mark.parametrize("story", STORIES)
def test_the_long_run_shares_are_those_of_a_lognormal(story):
    plain = threshold_bunching.STORIES[story]
    variance = math.log(1 + (plain.sd / plain.mean) ** 2)
    logs = NormalDist(math.log(plain.mean) - variance / 2, math.sqrt(variance))
    met = logs.cdf(math.log(plain.target))
    close = logs.cdf(math.log(plain.target + plain.window)) - met
    table = balance(show(story=story))
    assert table["met"][0] == pytest.approx(100 * met, abs=400 * math.sqrt(met * (1 - met) / 6000))
    assert table["hurried"][1] == pytest.approx(0.6 * close * 6000, abs=4 * math.sqrt(0.6 * close * 6000))
    assert table["met"][2] == pytest.approx(100 * table["hurried"][1] / 6000, abs=0.11)


def test_a_redesign_shortens_every_wait_alike_and_leaves_no_spike():
    view = show(pressure=0, shorter=20)
    table = balance(view)
    for name in ("mean", "p95", "longest"):
        assert table[name][1] == pytest.approx(0.8 * table[name][0], abs=0.1)
    assert table["met"][2] > 0
    assert "No bar at the target" in said(view, "The spike")
    assert "nobody was hurried" in said(view, "What the dashboard could not tell")


@pytest.mark.parametrize("story", STORIES)
def test_the_spike_follows_the_target(story):
    control = CONTROLS[f"target_{story}"]
    for target in (control["minimum"], control["default"], control["maximum"]):
        view = show(story=story, pressure=100, **{f"target_{story}": target})
        rows = view["data"]["rows"]
        place = next(place for place, row in enumerate(rows) if row[1] == target)
        jump = [row[3] - row[2] for row in rows]
        assert jump.index(max(jump)) == place
        assert f"to {target:g} {threshold_bunching.STORIES[story].unit}" in said(view, "The spike")


def test_the_harm_points_add_up_as_the_table_says():
    free, dear = balance(show(harm=0)), balance(show(harm=3))
    assert dear["harm"][1] - free["harm"][1] == pytest.approx(3 * free["hurried"][1] / 60, abs=0.11)
    assert dear["harm"][0] == free["harm"][0]
    # The spread of a lognormal beyond the target, an hour a point.
    variance = math.log(1 + (110 / 210) ** 2)
    logs = NormalDist(math.log(210) - variance / 2, math.sqrt(variance))
    cut = math.log(240)
    beyond = 210 * (1 - logs.cdf(cut - variance)) - 240 * (1 - logs.cdf(cut))
    assert free["harm"][0] == pytest.approx(100 * beyond / 60, rel=0.06)


def test_a_bar_holds_what_lies_in_it():
    stays = bunching.simulate(
        threshold_bunching.model_of(threshold_bunching.STORIES["stay"], 240, 0, 60, 1.0, 1.0)
    ).stays
    for low, high, _, after in show()["data"]["rows"]:
        assert after == sum(low < stay <= high for stay in stays)


def test_the_challenge_is_met_only_when_hurrying_did_good():
    assert not challenge(show())["met"]
    assert not challenge(show(pressure=0, shorter=20))["met"]
    assert not challenge(show(payback=0, harm=3))["met"]
    won = show(payback=0, harm=0)
    assert challenge(won)["met"]
    table = balance(won)
    assert table["met"][2] > 0 > table["mean"][2]
    assert table["harm"][2] < 0


@pytest.mark.parametrize("story", STORIES)
def test_no_setting_is_nonsense(story):
    target = CONTROLS[f"target_{story}"]
    corners = itertools.product((0, 5, 100), (0, 2), (0, 1, 25), (target["minimum"], target["maximum"]))
    for pressure, payback, shorter, at in corners:
        params = {
            "story": story,
            "pressure": pressure,
            "payback": payback,
            "shorter": shorter,
            "prediction": 200,
        }
        view = show(**params, **{f"target_{story}": at})
        assert not view["notices"]
        table = balance(view)
        assert 0 < table["met"][0] <= 100
        assert table["longest"][1] < 1.25 * table["longest"][0]
        text = said(view, "What the dashboard could not tell")
        if table["mean"][2] > 0:
            assert "mean got worse" in text
        elif pressure and table["mean"][2] < 0:
            assert "mean fell" in text
        elif pressure == shorter == 0:
            assert "Nothing has changed" in text
        json.dumps(view)


# The record


def test_the_record_is_drawn_as_it_is_and_the_right_bar_is_accepted():
    view = show(source="record")
    for low, high, count, _ in view["data"]["rows"]:
        assert count == sum(low < stay <= high for stay in RECORD)
    (figure,) = panels(view, "figure")
    assert figure["pick"] == "bar"
    assert "221 to 240 minutes: 382 patients" in figure["description"]
    assert said(show(source="record", bar=[12]), "Your mark").startswith("Yes")
    assert said(show(source="record", bar=[8]), "Your mark").startswith("Its neighbours")
    assert said(show(source="record", bar=[13, 14]), "Your mark").startswith("A dip")
    assert "among those" in said(show(source="record", bar=[8, 12]), "Your mark")


def excess_by_hand():
    bars = [sum(high - 20 < stay <= high for stay in RECORD) for high in range(140, 241, 20)]
    bars = [sum(100 < stay <= 120 for stay in RECORD), *bars]
    places, line = range(6), bars[:6]
    slope = sum((x - 2.5) * y for x, y in zip(places, line, strict=True)) / 17.5
    return bars[6] - (fmean(line) + 3.5 * slope)


@pytest.mark.parametrize(
    ("share", "right"), [(1, True), (1.049, True), (0.951, True), (1.07, False), (0.9, False)]
)
def test_an_excess_within_five_per_cent_of_the_straight_line_is_right(share, right):
    (told,) = panels(show(source="record", excess=round(share * excess_by_hand(), 1) // 1), "feedback")
    assert told["right"] is right


def test_the_number_that_the_recipe_moved_is_right_too_and_the_whole_bar_is_not():
    # The data card: 60% of those whose stay would have been over 240 and up to 300 minutes.
    logs = NormalDist(math.log(205), 0.5)
    moved = 0.6 * 2400 * (logs.cdf(math.log(300)) - logs.cdf(math.log(240)))
    assert pytest.approx(moved, abs=1) == threshold_bunching.MOVED_BY_RECIPE
    for given, right, words in (
        (211, True, "truth"),
        (221, True, "truth"),
        (231, True, "truth"),
        (382, False, "everybody"),
        (300, False, "Too many"),
        (50, False, "Too few"),
    ):
        (told,) = panels(show(source="record", excess=given), "feedback")
        assert told["right"] is right
        assert words in told["text"]


def test_who_was_in_the_bar_is_told_only_after_an_answer():
    assert not panels(show(source="record"), "sentence", "Who was in it")
    rows = datasets.read("ed_departures")
    inside = [outcome for stay, outcome in zip(RECORD, rows["outcome"], strict=True) if 220 < stay <= 240]
    share = round(100 * inside.count("admitted") / len(inside))
    assert f"In this one {share}%" in said(show(source="record", excess=177), "Who was in it")


# The reader's own waits


def waits(number, hurried, seed=4):
    """Whole minutes; those up to 50 beyond 240 are hurried into the last ten with that probability."""
    luck = random.Random(seed)
    drawn = (luck.lognormvariate(math.log(205), 0.45) for _ in range(number))
    return [
        math.ceil(240 - 10 * luck.random() if 240 < stay <= 290 and luck.random() < hurried else stay)
        for stay in drawn
    ]


def test_a_spike_in_the_readers_waits_is_found_and_nobody_is_accused():
    view = own(waits(800, 0.9), 240)
    text = said(view, "The spike")
    assert "from 220 to 240" in text
    assert "honest" in text
    assert not view["notices"]
    assert "800 waits" in view["summary"]


@pytest.mark.parametrize(("last", "beyond_luck"), [(37, False), (40, True)])
def test_a_spike_is_believed_when_it_passes_three_standard_errors(last, beyond_luck):
    # Bars of 10 up to 120, 20 waits in each: a line through six such bars, carried on, leads to 20, with the variance of
    # a count and of the line there: 20 (1 + 1/6 + 3.5^2 / 17.5), so luck seldom passes 3 x 6.11 = 18.3.
    typed = [high - place % 10 for high in range(50, 180, 10) for place in range(20)]
    view = own([*typed, *[115] * (last - 20)], 120)
    text = said(view, "The spike")
    assert f"holds {last}" in text
    assert "18" in text.split("Luck")[1]
    assert ("happens near this line" in text) is beyond_luck


def test_luck_alone_is_seldom_taken_for_a_spike_at_the_target():
    texts = [said(own(waits(600, 0, seed=seed), 240), "The spike") for seed in range(60)]
    assert sum("happens near this line" in text for text in texts) <= 2


@pytest.mark.parametrize(("number", "says"), [(12, "nobody can say"), (60, "few"), (199, "few")])
def test_too_few_waits_bring_a_caution(number, says):
    view = own(waits(number, 0.9), 240)
    assert f"{number} waits are few" in view["notices"][0]["text"]
    if number < 30:
        assert says in said(view, "The spike")


def test_rounded_times_are_named_as_a_rival():
    rounded = [15 * round(wait / 15) for wait in waits(400, 0)]
    assert any("multiples of 15" in note["text"] for note in own(rounded, 240)["notices"])
    half = [5 * round(wait / 5) if place % 2 else wait for place, wait in enumerate(waits(400, 0))]
    assert any("a fifth would be so by chance" in note["text"] for note in own(half, 240)["notices"])


@pytest.mark.parametrize(
    ("typed", "target", "says"),
    [
        ("10\n-4\n20", 15, "below nought"),
        ("10\n20\n30", 0, "more than nought"),
        ("10\n20\n30", 3, "steps"),
        ("10\ntwelve\n20", 15, "not a number"),
        ("", 15, "Paste or load"),
        ("10\n20", None, "Type the target"),
    ],
)
def test_what_cannot_be_used_says_what_to_mend(typed, target, says):
    view = show(source="own", pasted=typed, own_target=target)
    assert says in view["notices"][0]["text"]


@pytest.mark.parametrize("target", [1, 7.5, 14, 62, 5000])
def test_every_wait_up_to_the_last_bar_is_counted_whatever_the_target(target):
    days = [1 + (7 * place) % 41 for place in range(300)]
    view = own(days, target)
    rows = view["data"]["rows"]
    assert sum(row[2] for row in rows) == sum(day <= rows[-1][1] for day in days)
    assert target in [row[1] for row in rows]
    assert f"{100 * sum(day <= target for day in days) / 300:.1f}% within" in view["summary"]


def test_missing_waits_are_left_out_and_said_so():
    view = own([*waits(300, 0), "n/a"], 240)
    assert view["summary"].startswith("300 waits")
    assert any("1 without a number" in note["text"] for note in view["notices"])


# The self-check, and every view in words


def test_the_self_check_marks_right_answers_and_gives_each_wrong_one_its_reason():
    right = {
        "better": "3",
        "bar": 36,
        "uses": {"1": "To improve", "2": "To judge", "3": "To find out what is true everywhere", "4": "To improve", "5": "To judge"},
        "pair": "2",
    }  # fmt: skip
    assert [one["right"] for one in panels(views.compute("check-gaming", right), "feedback")] == [True] * 4
    wrong = {58: "everybody", 52: "after the target", 43: "average", 5: "trend"}
    for given, words in wrong.items():
        (told,) = panels(views.compute("check-gaming", {"bar": given}), "feedback")
        assert not told["right"]
        assert words in told["text"]


@pytest.mark.parametrize("params", [{}, {"source": "record", "bar": [12], "excess": 177}, {"source": "own"}])
def test_every_view_can_be_read_in_words(params):
    text = describe.as_text(views.spec(KIND), show(prediction=190, **params))
    assert "None" not in text
    assert "nan" not in text
