"""Ledger of poor quality (W05): hand arithmetic, repeats counted pass by pass, and brute-force ranges."""

import json
import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import copq
from improvement.simulate.copq import CATEGORIES, INPUTS, Line, Parameters, simulate

lines = st.builds(
    Line,
    st.text("abcdef", min_size=1, max_size=6),
    st.sampled_from(CATEGORIES),
    st.floats(0, 1e5),
    st.floats(0, 1),
    minutes=st.floats(0, 600),
    rate=st.floats(0, 90),
    paid_extra=st.floats(0, 1),
    spend=st.floats(0, 500),
    avoided=st.floats(0, 500),
    again=st.floats(0, 0.9),
)
ledgers = st.lists(lines, min_size=1, max_size=5, unique_by=lambda line: line.name)

# 1,200 items, of which 5% are late by 90 minutes at £40 an hour, a quarter of it overtime, and £10 of materials.
LATE = Line("Late", "internal_failure", 1200, 0.05, minutes=90, rate=40, paid_extra=0.25, spend=10)


def test_a_line_by_hand():
    found = copq.cost(LATE)
    assert found.occurrences == pytest.approx(60)
    assert found.hours == pytest.approx(90)
    assert found.cash_releasing == pytest.approx(60 * 10 + 90 * 0.25 * 40)  # 600 + 900
    assert found.capacity_releasing == pytest.approx(2700)
    assert found.cost_avoiding == 0
    assert found.total == pytest.approx(4200)


def test_a_ledger_by_hand():
    ledger = (
        LATE,
        Line("Checklist", "prevention", 1000, minutes=6, rate=30),  # 100 hours, £3,000
        Line("Audit", "appraisal", 12, minutes=600, rate=30),  # 120 hours, £3,600
        Line("Claim", "external_failure", 1200, 0.01, avoided=500),  # 12 * 500 = £6,000
    )
    run = simulate(Parameters(lines=ledger, reduction=0.5, investment=2000))
    assert run.total == pytest.approx(4200 + 3000 + 3600 + 6000)
    assert run.copq == pytest.approx(13_800)
    assert run.failure == pytest.approx(10_200)
    assert run.whole.hours == pytest.approx(310)
    assert run.categories["appraisal"].total == pytest.approx(3600)
    assert run.saving.cash_releasing == pytest.approx(750)
    assert run.saving.capacity_releasing == pytest.approx(1350)
    assert run.saving.cost_avoiding == pytest.approx(3000)
    assert run.saving.hours == pytest.approx(45)
    assert run.saving.net == pytest.approx(5100 - 2000)
    assert run.saving.net_cash == pytest.approx(750 - 2000)


@pytest.mark.parametrize("again", [0.0, 0.1, 0.5, 0.9])
def test_repeats_are_counted_pass_by_pass(again):
    line = replace(LATE, again=again)
    passes = sum(60 * again**k for k in range(2000))
    assert copq.cost(line).occurrences == pytest.approx(passes)
    assert copq.cost(line).total == pytest.approx(passes * 70)  # £10 and 1.5 hours at £40


@settings(deadline=None)
@given(ledgers, st.floats(0, 1))
def test_cash_is_never_more_than_the_total_and_all_sums_agree(ledger, reduction):
    run = simulate(Parameters(lines=tuple(ledger), reduction=reduction, replicates=10))
    assert run.whole.cash_releasing <= run.total + 1e-6
    assert run.total == pytest.approx(sum(cost.total for cost in run.lines.values()))
    assert run.total == pytest.approx(sum(cost.total for cost in run.categories.values()))
    assert run.failure - 1e-6 <= run.copq <= run.total + 1e-6
    saved = run.saving.cash_releasing + run.saving.capacity_releasing + run.saving.cost_avoiding
    assert saved == pytest.approx(reduction * run.failure, abs=1e-6)
    assert run.saving.net == pytest.approx(saved - 15_000, abs=1e-6)
    assert run.saving.net_cash <= run.saving.net + 1e-6


@given(lines, st.sampled_from(["volume", "share", "minutes", "rate", "spend", "avoided", "again"]))
def test_more_of_anything_never_costs_less(line, field):
    most = {"share": 1.0, "again": 0.95}.get(field, 1e9)
    more = replace(line, **{field: min(most, getattr(line, field) * 1.1 + 0.01)})
    assert copq.cost(more).total >= copq.cost(line).total - 1e-9


@given(lines, st.floats(0, 1))
def test_paying_extra_moves_pounds_between_kinds_but_not_the_total(line, extra):
    moved = copq.cost(replace(line, paid_extra=extra))
    assert moved.total == pytest.approx(copq.cost(line).total, abs=1e-6)
    wages = moved.hours * line.rate
    assert moved.capacity_releasing == pytest.approx(wages * (1 - extra), abs=1e-6)


def test_sensitivity_bars_change_one_input_of_one_line():
    p = Parameters(sensitivity=0.3)
    run = simulate(p)
    assert [bar.swing for bar in run.bars] == sorted((bar.swing for bar in run.bars), reverse=True)
    wanted = {(line.name, name) for line in p.lines for name in INPUTS if getattr(line, name)}
    assert {(bar.line, bar.input) for bar in run.bars} == wanted
    for bar in run.bars:
        for end, factor in ((bar.low, 0.7), (bar.high, 1.3)):
            most = {"share": 1.0, "again": 0.95}.get(bar.input, math.inf)
            changed = tuple(
                replace(line, **{bar.input: min(most, getattr(line, bar.input) * factor)})
                if line.name == bar.line
                else line
                for line in p.lines
            )
            assert end == pytest.approx(sum(copq.cost(line).total for line in changed))
        assert bar.swing == pytest.approx(abs(bar.high - bar.low))


def test_the_range_of_the_total_agrees_with_brute_force():
    p = Parameters(sensitivity=0.4, replicates=4000)
    run = simulate(p, seed=3)
    rng = random.Random(5)

    def about(value, most=math.inf):
        return min(most, value * rng.uniform(0.6, 1.4))

    totals = []
    for _ in range(4000):
        total = 0.0
        for line in p.lines:
            passes = about(line.volume) * about(line.share, 1) / (1 - about(line.again, 0.95))
            wages = about(line.minutes) / 60 * about(line.rate)
            total += passes * (wages + about(line.spend) + about(line.avoided))
        totals.append(total)
    totals.sort()
    spread = totals[3800] - totals[200]
    assert run.low == pytest.approx(totals[200], abs=0.06 * spread)
    assert run.middle == pytest.approx(totals[2000], abs=0.05 * spread)
    assert run.high == pytest.approx(totals[3800], abs=0.08 * spread)
    sure = simulate(Parameters(sensitivity=0))
    assert sure.low == pytest.approx(sure.total)
    assert sure.high == pytest.approx(sure.total)


def test_capacity_released_is_not_cash():
    unpaid = simulate(Parameters(lines=(replace(LATE, paid_extra=0, spend=0),), investment=100))
    assert unpaid.saving.net > 0
    assert unpaid.saving.net_cash == pytest.approx(-100)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).low != simulate(seed=3).low
    plain = json.loads(json.dumps(simulate().to_dict()))
    assert plain["total"] == pytest.approx(sum(cost["total"] for cost in plain["categories"].values()))


@pytest.mark.parametrize(
    ("name", "value"), [("reduction", 1.1), ("investment", -1), ("sensitivity", 1), ("replicates", 5)]
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("share", 1.2),
        ("again", 0.99),
        ("volume", -1),
        ("category", "waste"),
        ("paid_extra", 2),
        ("rate", "£30"),
    ],
)
def test_a_wrong_line_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} of Late must be .*{value}"):
        replace(LATE, **{name: value})


def test_a_ledger_needs_lines_with_different_names():
    with pytest.raises(ValueError, match="at least one line"):
        Parameters(lines=())
    with pytest.raises(ValueError, match="different names"):
        Parameters(lines=(LATE, LATE))
    with pytest.raises(ValueError, match="name of a line must be text"):
        replace(LATE, name=" ")
