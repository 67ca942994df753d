"""The equity splitter (W14): the worked example of the curriculum map, and the parts of a change."""

import json
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import equity
from improvement.simulate.equity import Group, Parameters, simulate


def test_the_average_improves_while_the_gap_widens():
    done = equity.split([Group("a", 0.8, 6, 4), Group("b", 0.2, 14, 15)])
    assert done.overall_before == pytest.approx(7.6)
    assert done.overall_after == pytest.approx(6.2)
    assert done.gap_before.absolute == 8
    assert done.gap_after.absolute == 11
    assert done.gap_before.ratio == pytest.approx(14 / 6)
    assert done.gap_after.ratio == pytest.approx(3.75)
    assert (done.gap_after.highest, done.gap_after.lowest) == ("b", "a")
    assert done.contributions == pytest.approx({"a": -1.6, "b": 0.2})


def test_an_average_can_improve_by_the_mix_alone_while_every_group_gets_worse():
    done = equity.split([Group("a", 0.5, 10, 11, 0.9), Group("b", 0.5, 40, 42, 0.1)])
    assert done.overall_before == 25
    assert done.overall_after == pytest.approx(14.1)
    assert done.from_rates == pytest.approx(1.5)
    assert done.from_mix == pytest.approx(-12.4)


@given(
    st.lists(
        st.tuples(st.floats(0.01, 1), st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 1)),
        min_size=2,
        max_size=6,
    )
)
def test_the_parts_add_up_to_the_change(rows):
    before, after = sum(row[0] for row in rows), sum(row[3] for row in rows)
    groups = [Group(str(i), w / before, x, y, v / after) for i, (w, x, y, v) in enumerate(rows)]
    done = equity.split(groups)
    assert done.from_rates + done.from_mix == pytest.approx(
        done.overall_after - done.overall_before, abs=1e-9
    )
    assert sum(done.contributions.values()) == pytest.approx(done.from_rates, abs=1e-9)
    assert done.gap_before.absolute == pytest.approx(max(r[1] for r in rows) - min(r[1] for r in rows))


def test_a_lowest_rate_of_nought_has_no_ratio():
    done = equity.split([Group("a", 0.5, 0, 0), Group("b", 0.5, 3, 5)])
    assert done.gap_before.ratio is None
    assert done.gap_before.absolute == 3


def test_simulated_months_follow_the_true_rates_and_shares():
    groups = (Group("x", 0.55, 30, 12), Group("y", 0.3, 8, 9, 0.2), Group("z", 0.15, 50, 45, 0.25))
    run = simulate(Parameters(groups=groups, months=60, people=333), seed=4)
    assert [month.month for month in run.months] == [*range(-60, 0), *range(60)]
    assert {month.people for month in run.months[:60]} == {(183, 100, 50)}
    assert all(sum(month.people) == 333 for month in run.months)
    for position, group in enumerate(groups):
        for rate, months in ((group.before, run.months[:60]), (group.after, run.months[60:])):
            events = [month.events[position] for month in months]
            n = months[0].people[position]
            p = rate / 100
            assert statistics.fmean(events) == pytest.approx(n * p, abs=4 * math.sqrt(n * p * (1 - p) / 60))
            assert statistics.variance(events) == pytest.approx(n * p * (1 - p), rel=0.75)
    for pooled in run.pooled:
        side = run.months[:60] if pooled.period == "before" else run.months[60:]
        position = [group.name for group in groups].index(pooled.name)
        events = sum(month.events[position] for month in side)
        assert pooled.rate == pytest.approx(100 * events / pooled.people)
        assert pooled.low < pooled.rate < pooled.high


def test_intervals_cover_the_true_rate_nineteen_times_in_twenty():
    covered = total = 0
    for seed in range(150):
        for pooled in simulate(Parameters(months=3, people=400), seed=seed).pooled:
            truth = {
                ("Less deprived", "before"): 6,
                ("Less deprived", "after"): 4,
                ("More deprived", "before"): 14,
                ("More deprived", "after"): 15,
            }[pooled.name, pooled.period]
            covered += pooled.low <= truth <= pooled.high
            total += 1
    assert covered / total == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / total))


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2) != simulate(seed=3)
    assert json.loads(json.dumps(simulate().to_dict()))["exact"]["gap_after"]["absolute"] == 11


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Group("a", 1.1, 3, 3), "share of a"),
        (lambda: Group("a", 0.5, 101, 3), "before of a"),
        (lambda: Group("", 0.5, 1, 3), "name"),
        (lambda: Parameters(groups=(Group("a", 1, 3, 3),)), "two or more"),
        (lambda: Parameters(groups=(Group("a", 0.5, 3, 3), Group("b", 0.4, 3, 3))), "adds up to 0.9"),
        (lambda: Parameters(groups=(Group("a", 0.5, 3, 3), Group("a", 0.5, 3, 3))), "different names"),
        (lambda: Parameters(people=0), "people"),
    ],
)
def test_a_wrong_parameter_is_named(build, message):
    with pytest.raises(ValueError, match=message):
        build()
