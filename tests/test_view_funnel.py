"""W10 funnel: what a learner is told while they run it, and the oracles of the four standing orders."""

import json
import math
import random
import re
import statistics
from itertools import pairwise

import pytest

from improvement import views
from improvement.simulate import funnel as model
from improvement.simulate.funnel import Parameters
from improvement.views import describe, funnel

SPEC = views.spec("funnel")
EVERY_DAY = ["push", "ease"] * 10
AIMS = {"department": 240, "handover": 30, "calls": 300, "theatre": 60}


def run(**params):
    return views.compute("funnel", params)


def ordered(order="from_setting", **params):
    return run(who="order", order=order, prediction="from_setting", **params)


def panels(view, kind, heading=None):
    return [p for p in view["panels"] if p["type"] == kind and heading in (None, p.get("heading"))]


def said(view, heading):
    (panel,) = panels(view, "sentence", heading)
    return panel["text"]


def column(view, start):
    (at,) = [place for place, name in enumerate(view["data"]["columns"]) if name.startswith(start)]
    return [row[at] for row in view["data"]["rows"]]


def table(view, start):
    (found,) = [panel for panel in panels(view, "table") if panel["caption"].startswith(start)]
    return found


def orders(view):
    four = table(view, "Four orders")
    return {row[0]: dict(zip(four["columns"], row, strict=True)) for row in four["rows"]}


def around(values, aim):
    return math.sqrt(statistics.fmean((value - aim) ** 2 for value in values))


def holds(text, value):
    """Whether a sentence says a value, to the decimal that is shown."""
    return any(abs(found - value) < 0.0501 for found in numbers(text))


def leaves(part):
    if isinstance(part, dict | list):
        for one in part.values() if isinstance(part, dict) else part:
            yield from leaves(one)
    else:
        yield part


def numbers(text):
    return [float(found.replace("−", "-")) for found in re.findall(r"[−-]?\d+(?:\.\d+)?", text)]


# The four standing orders


def test_the_oracles_of_the_four_orders_stand_in_the_table():
    """Order 2 holds two independent helpings of luck: √2. Orders 3 and 4 add a helping a day: √50 on day 50."""
    long_run = [row["In the long run, day 50"] for row in orders(ordered()).values()]
    assert long_run == pytest.approx([1.0, 1.41, 7.07, 7.07], abs=0.005)


def test_each_order_does_to_the_days_what_its_name_says():
    view = ordered()
    luck = [value - 240 for value in column(view, "Leave")]
    setting = dict.fromkeys(("Correct", "Start", "Do what"), 0.0)
    for day, chance in enumerate(luck):
        for name in setting:
            error = setting[name] + chance
            assert column(view, name)[day] - 240 == pytest.approx(error, abs=0.3), (name, day)
            setting[name] = {"Correct": setting[name] - error, "Start": -error, "Do what": error}[name]


def test_the_table_describes_the_days_shown():
    view = ordered()
    rows = orders(view)
    assert list(rows) == ["Leave it alone", "Correct what is in force", "Start afresh from the plan", "Do what we did last time"]  # fmt: skip
    alone = around(column(view, "Leave"), 240)
    for name, row in rows.items():
        values = column(view, name)
        assert row["SD around the aim, minutes"] == pytest.approx(around(values, 240), abs=0.01)
        assert row["Times leaving it alone"] == pytest.approx(around(values, 240) / alone, abs=0.01)
        assert row["Furthest off, minutes"] == pytest.approx(max(abs(v - 240) for v in values), abs=0.06)
        back = sum((a - 240) * (b - a) < 0 for a, b in pairwise(values))
        assert row["Next day moved back"] == f"{back} of 49"
    assert [row["Wasted instructions"] for row in rows.values()] == [0, 49, 49, 49]


def test_the_misconception_wins_the_next_morning_and_loses_the_fifty_days():
    """By symmetry a steady day off the aim moves back 3 times in 4; under order 2, by the arcsine law, 5 in 6."""
    rng = random.Random(3)
    luck = [rng.gauss(0, 1) for _ in range(40_000)]
    corrected = [b - a for a, b in pairwise(luck)]
    for days, share in ((luck, 3 / 4), (corrected, 5 / 6)):
        back = [a * (b - a) < 0 for a, b in pairwise(days)]
        assert statistics.fmean(back) == pytest.approx(share, abs=0.01)
    better = worse = 0
    for seed in range(1, 41):
        rows = orders(ordered(seed=seed))
        back = {name: int(row["Next day moved back"].split()[0]) for name, row in rows.items()}
        better += back["Correct what is in force"] > back["Leave it alone"]
        worse += rows["Correct what is in force"]["Times leaving it alone"] > 1
        assert back["Start afresh from the plan"] >= back["Leave it alone"]
    assert better >= 28
    assert worse == 40
    view = ordered()
    assert "looks as if it works" in said(view, "Why it feels right")
    assert "it costs" in said(view, "Your guess")


def test_the_plain_sentence_holds_the_numbers_of_the_order_chosen():
    for order, start in (("from_setting", "Correct"), ("copy_last", "Do what")):
        view = ordered(order)
        values = column(view, start)
        worst = max(range(50), key=lambda day: abs(values[day] - 240))
        text = said(view, "In plain English")
        assert holds(text, around(values, 240))
        assert f"day {worst + 1}:" in text
        assert holds(text, values[worst])
        assert "49 instructions, all wasted" in text
        assert view["summary"] == text
        assert text in describe.as_text(SPEC, view)


def test_left_alone_nobody_is_blamed():
    text = said(ordered("leave"), "In plain English")
    assert "instruction" not in text
    assert len(panels(ordered("leave"), "figure")[0]["marks"]) < len(panels(ordered(), "figure")[0]["marks"])


@pytest.mark.parametrize("order", list(funnel.ORDERS))
def test_the_service_changes_units_and_words_not_the_mathematics(order):
    drawn = {}
    for place, aim in AIMS.items():
        view = ordered(order, place=place)
        drawn[place] = [(value - aim) / (aim / 30) for value in column(view, funnel.ORDERS[order])]
        unit = "seconds" if place == "calls" else "minutes"
        assert unit in said(view, "In plain English")
        assert unit in panels(view, "figure")[0]["title"]
    for values in drawn.values():
        assert values == pytest.approx(drawn["department"], abs=0.02)


def test_no_draw_sends_a_wait_below_nought():
    for seed in range(1, funnel.LAST_SEED + 1):
        runs = model.compare_policies(
            Parameters(target=30, sd=1, days=50, replicates=0), seed=funnel.ORDER_SEED + seed
        )
        assert min(min(one.values) for one in runs.values()) > 0, seed


# When something really changes


def test_a_real_change_is_answered_by_each_order_as_arithmetic_says():
    """Deterministic response to a shift of 2 from day 26, without luck: leave 2 for ever, order 2 one day of 2,
    order 3 2, 0, 2, 0, ..., order 4 2, 4, 6, ...; the variance of each day is added to its square."""
    responses = {
        "leave": [2] * 25,
        "from_setting": [2] + [0] * 24,
        "from_target": [2, 0] * 12 + [2],
        "copy_last": [2 * day for day in range(1, 26)],
    }
    for policy, after in responses.items():
        p = Parameters(policy=policy, target=0, sd=1, days=50, replicates=4000, shift=2)
        exact = model.exact_distances(p)
        spread = {"leave": lambda _: 1, "from_setting": lambda day: min(day, 2)}.get(policy, lambda day: day)
        expected = [math.sqrt(spread(day) + r * r) for day, r in enumerate([0] * 25 + after, 1)]
        assert exact == pytest.approx(expected)
        result = model.simulate(p, seed=2)
        assert result.rms == pytest.approx(math.sqrt(statistics.fmean(d * d for d in expected)), rel=0.05)
        assert result.exact_rms == pytest.approx(math.sqrt(statistics.fmean(d * d for d in expected)))


@pytest.mark.parametrize(("shift", "met"), [(0, False), (1, False), (1.5, True), (3, True)])
def test_the_challenge_is_met_when_the_change_outweighs_the_tampering(shift, met):
    """Over 50 days leaving alone costs 1 + shift²/2, order 2 about 1.98 + shift²/50: even at a shift of 1.43."""
    assert (1 + shift**2 / 2 > 1.98 + shift**2 / 50) is met
    (challenge,) = panels(ordered(shift=shift), "challenge")
    assert challenge["met"] is met
    if met:
        waited, daily = math.sqrt(1 + 7 * shift**2 / 50) * 8, math.sqrt(1.98 + shift**2 / 50) * 8
        assert holds(challenge["text"], waited)
        assert holds(challenge["text"], daily)
        assert ("shows sooner" in challenge["text"]) is (waited > daily)


def test_other_orders_do_not_meet_the_challenge_however_large_the_change():
    for order in ("leave", "from_target", "copy_last"):
        (challenge,) = panels(ordered(order, shift=2), "challenge")
        assert challenge["met"] is False


def test_with_a_real_change_nothing_is_called_wasted():
    view = ordered(shift=2)
    assert "wasted" not in json.dumps(view["panels"])
    assert "16 minutes longer" in json.dumps(view["panels"])


# By hand


def test_before_the_first_instruction_ten_days_can_be_seen_and_no_more():
    view = run()
    assert len(view["data"]["rows"]) == 10
    assert view["data"]["columns"] == ["Day", "Instruction for this day", "Minutes"]
    assert [panel["caption"] for panel in panels(view, "table")] == ["Every day so far"]


def test_the_future_and_the_days_left_alone_stay_hidden_until_the_last_instruction():
    full = run(moves=EVERY_DAY)
    values, alone = column(full, "Minutes"), column(full, "Left alone")
    for given in range(20):
        view = run(moves=EVERY_DAY[:given])
        seen = 10 + given
        assert column(view, "Minutes") == values[:seen]
        found = list(leaves(view))
        held = {round(leaf, 2) for leaf in found if isinstance(leaf, float)}
        assert not held & {*values[seen:], *alone[10:]} - set(values[:seen])
        words = " ".join(leaf for leaf in found if isinstance(leaf, str))
        assert "eft alone" not in words
        assert max(int(day) for day in re.findall(r"[Dd]ay (\d+)", words)) == seen


def test_the_axis_stretches_only_for_days_that_have_been_seen():
    for given in range(0, 20, 3):
        view = run(moves=["push"] * given)
        seen = max(abs(value - 240) for value in column(view, "Minutes"))
        low, high = panels(view, "figure")[0]["y_range"]
        assert (240 - low, high - 240) == pytest.approx([max(40, 1.08 * seen)] * 2, abs=0.02)


def test_a_push_takes_one_standard_deviation_off_every_day_after_it_until_eased():
    still, pushed = run(moves=["leave"] * 20), run(moves=["push", "leave", "ease"] + ["leave"] * 17)
    differences = [a - b for a, b in zip(column(pushed, "Minutes"), column(still, "Minutes"), strict=True)]
    assert differences == pytest.approx([0] * 10 + [-8, -8] + [0] * 18, abs=0.011)
    assert "8 minutes off tomorrow" in run()["summary"]


def test_the_learner_meets_their_own_spread_against_the_same_days():
    view = run(moves=EVERY_DAY)
    mine, alone = column(view, "Minutes")[10:], column(view, "Left alone")[10:]
    text = said(view, "You against nobody")
    for value in (around(mine, 240), around(alone, 240)):
        assert holds(text, value)
    assert f"{around(mine, 240) / around(alone, 240):.2f} times" in text
    assert "20 instructions" in text
    rows = table(view, "Your 20 days")["rows"]
    assert [row[0] for row in rows] == ["You", "Left alone"]
    assert [row[3] for row in rows] == [20, 0]


def test_a_manager_who_answers_every_miss_feels_right_and_does_worse():
    moves = []
    for _ in range(20):
        yesterday = column(run(moves=moves), "Minutes")[-1]
        moves.append("push" if yesterday > 240 else "ease")
    view = run(moves=moves)
    mine, alone = column(view, "Minutes")[9:], column(view, "Left alone")[10:]
    worked = sum((b < a) == (move == "push") for a, b, move in zip(mine, mine[1:], moves, strict=False))
    assert worked >= 15
    assert f"{worked} of your 20 instructions" in said(view, "Why it felt right")
    assert around(mine[1:], 240) > 1.25 * around(alone, 240)


def test_doing_nothing_is_praised_and_is_the_days_left_alone():
    view = run(moves=["leave"] * 20)
    assert column(view, "Minutes") == column(view, "Left alone")
    assert "no instruction" in said(view, "You against nobody")
    assert "your 0" not in json.dumps(view)


def test_beating_the_days_is_called_luck():
    lucky = None
    for seed in range(1, 200):
        for first in ("push", "ease"):
            view = run(moves=[first] + ["leave"] * 19, seed=seed)
            if around(column(view, "Minutes")[10:], 240) < around(column(view, "Left alone")[10:], 240):
                lucky = view
    assert lucky is not None
    assert "luck" in said(lucky, "You against nobody")
    assert "1 instruction." in said(lucky, "You against nobody")
    assert panels(lucky, "challenge")[0]["met"] is False


# What the page needs


def test_the_result_waits_for_the_guess():
    view = ordered()
    open_panels = [panel for panel in view["panels"] if not panel["reveal"]]
    assert [panel["type"] for panel in open_panels] == ["figure"]
    assert {mark["role"] for mark in open_panels[0]["marks"] if not mark["reveal"]} == {"target"}


@pytest.mark.parametrize("guess", list(funnel.ORDERS))
def test_every_guess_is_answered_with_its_own_number(guess):
    view = run(who="order", order="leave", prediction=guess)
    text = said(view, "Your guess")
    assert holds(text, around(column(view, funnel.ORDERS[guess]), 240))
    assert ("No other order does better" in text) is (guess == "leave")


def test_a_reader_who_works_elsewhere_gets_their_own_service():
    (place,) = [control for control in SPEC["controls"] if control["name"] == "place"]
    sectors = [option["sector"] for option in place["options"] if option["sector"]]
    assert sectors == ["acute", "ambulance", "primary care"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"moves": ["shout"]}, "Reset"),
        ({"moves": ["push"] * 21}, "21"),
        ({"who": "order", "shift": 4}, "3"),
        ({"seed": 5000}, "999"),
        ({"place": "bank"}, "Practice telephones"),
    ],
)
def test_what_cannot_be_used_is_named(params, words):
    view = run(**params)
    assert view["panels"] == []
    assert any(words in notice["text"] for notice in view["notices"])


def test_every_figure_says_in_words_what_it_shows():
    for view in (run(), run(moves=EVERY_DAY), ordered(), ordered("copy_last", shift=3, place="calls")):
        json.dumps(view, allow_nan=False)
        for figure in panels(view, "figure"):
            assert len(numbers(figure["description"])) >= 3
            assert figure["description"] in describe.as_text(SPEC, view)
