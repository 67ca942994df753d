"""Incident response: the equations by hand, closed forms, and what must follow from them."""

import json
import random
from dataclasses import replace

import pytest

from improvement.simulate import incident_response as model
from improvement.simulate.incident_response import RESPONSES, Parameters, course, left_after, simulate


def test_fifty_plans_that_each_prevent_one_in_a_hundred_leave_more_than_half():
    assert left_after(50, 0.01) == pytest.approx(0.605, abs=0.0005)  # 0.99^50
    assert left_after(0, 0.5) == 1
    assert left_after(3, 1) == 0


def test_one_month_of_each_response_by_hand():
    p = Parameters(months=1, fault=0)
    # Ten of twenty events are reported; 120 hours pay for eight plans of fifteen.
    own = course("own plan", p)
    assert own.months[0].reports == 10
    assert own.plans == 8
    themes = [8, 5, 3, 2, 2]
    assert own.last == pytest.approx(sum(one * 0.995 ** (0.8 * 0.5 * one) for one in themes))
    # Ten short looks leave 110 hours, which are not yet 400.
    assert course("themes", p).last == pytest.approx(20)
    assert course("themes", replace(p, theme_hours=110)).last == pytest.approx(20 - 0.3 * 8)


def test_hours_are_saved_until_they_pay_for_work_on_the_largest_theme():
    p = Parameters(fault=0, theme_hours=220, months=4, speed=0)
    run = course("themes", p)
    assert [month.themes for month in run.months] == [0, 1, 0, 1]
    # 8 becomes 5.6, still the largest, and then 3.92.
    assert run.last == pytest.approx(20 - 8 + 8 * 0.7**2)


def test_reporting_follows_whether_people_hear_back():
    own = course("own plan", Parameters(months=1, fault=0))
    # Eight of ten are answered: 0.5 + 0.1 (0.3 + 0.5 * 0.8 - 0.5) = 0.52.
    assert own.last_reports / own.last == pytest.approx(0.52)
    answered = course("themes", Parameters(months=1, fault=0))
    assert answered.last_reports / answered.last == pytest.approx(0.53)
    unheard = course("own plan", Parameters(months=200, fault=0, hours=0))
    assert unheard.last_reports / unheard.last == pytest.approx(0.3)


def test_a_new_fault_gets_a_plan_in_proportion_if_a_look_sees_it():
    p = Parameters(months=2, fault=4, fault_month=0, speed=0, theme_hours=1e5)
    run = course("in proportion", p)
    # Half of four are reported, seven in ten of them seen as new: 1.4 plans.
    assert run.months[0].plans == pytest.approx(1.4)
    assert run.months[1].new == pytest.approx(4 * 0.2**1.4)
    blind = course("in proportion", replace(p, spot=0))
    assert blind.months[1].new == 4
    assert blind.harmed == course("themes", p).harmed


def test_every_response_does_the_same_when_the_hours_buy_nothing():
    p = Parameters(hours=0)
    assert len({course(response, p).harmed for response in RESPONSES}) == 1


def brute(response, p):
    """Harm under a response, written out anew."""
    sizes, fault, told, bank, harmed = (
        {k: p.events * w for k, w in enumerate(model.THEMES)},
        0.0,
        p.safety,
        0.0,
        0.0,
    )
    for month in range(p.months):
        fault = p.fault if month == p.fault_month else fault
        everything = sum(sizes.values()) + fault
        harmed += everything
        reports = told * everything
        done = 0
        if response == "own plan":
            share = min(1, p.hours / p.plan_hours / reports)
            done = share * reports
            for k in sizes:
                sizes[k] *= (1 - p.reach) ** (share * told * sizes[k])
            fault *= (1 - p.mend) ** (share * told * fault)
        else:
            share = min(1, p.hours / (p.look_hours * reports))
            spare = max(0, p.hours - p.look_hours * reports)
            if response == "in proportion":
                done = min(p.spot * told * fault, spare / p.plan_hours)
                spare -= done * p.plan_hours
                fault *= (1 - p.mend) ** done
            bank += spare
            while bank >= p.theme_hours:
                bank -= p.theme_hours
                done += 1
                top = max(sizes, key=sizes.get)
                if fault > sizes[top]:
                    fault *= 1 - p.mend
                else:
                    sizes[top] *= 1 - p.theme_effect
        for k in sizes:
            sizes[k] *= (1 + p.burden) ** done
        told += p.speed * (p.quiet + (p.heard - p.quiet) * share - told)
    return harmed


def test_harm_agrees_with_a_second_reading_of_the_equations():
    rng = random.Random(5)
    for _ in range(30):
        p = Parameters(
            events=rng.uniform(2, 60),
            hours=rng.uniform(5, 500),
            reach=rng.uniform(0, 0.1),
            theme_effect=rng.random(),
            burden=rng.uniform(0, 0.005),
            fault=rng.uniform(0, 20),
            spot=rng.random(),
            fault_month=rng.randrange(40),
        )
        for response in RESPONSES:
            assert course(response, p).harmed == pytest.approx(brute(response, p))


def test_the_break_even_reach_separates_the_two_ways():
    for changes in ({}, {"theme_effect": 0.1}, {"hours": 300}, {"burden": 0.001}):
        p = Parameters(**changes)
        reach = model.break_even_reach(p)
        proportion = course("in proportion", p).harmed
        assert course("own plan", replace(p, reach=reach * 1.01)).harmed < proportion
        assert course("own plan", replace(p, reach=reach * 0.99)).harmed > proportion
    assert model.break_even_reach(Parameters(hours=0)) is None
    # A plan that reaches nothing still beats theme work that takes off nothing, once there is a fault to mend.
    assert model.break_even_reach(Parameters(theme_effect=0, spot=0)) is None


def test_neither_way_is_always_best():
    assert simulate(Parameters()).best == "in proportion"
    assert simulate(Parameters(reach=0.05)).best == "own plan"
    assert simulate(Parameters(fault=0)).courses[1].harmed == simulate(Parameters(fault=0)).courses[2].harmed


def test_a_burden_can_make_plans_do_harm():
    p = Parameters(fault=0, reach=0.001, burden=0.002)
    assert course("own plan", p).last > p.events
    assert course("own plan", p).harmed > course("own plan", replace(p, hours=0)).harmed


def test_the_year_before_depends_on_the_seed_alone_and_averages_to_the_rate():
    assert simulate(seed=3) == simulate(seed=3)
    counts = [count for seed in range(200) for count in simulate(seed=seed).past]
    assert sum(counts) / len(counts) == pytest.approx(20, abs=4 * (20 / len(counts)) ** 0.5)
    assert json.loads(json.dumps(simulate().to_dict()))["best"] == "in proportion"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"reach": 2}, "reach must be from 0 to 1"),
        ({"hours": -1}, "hours"),
        ({"months": 0}, "months"),
        ({"burden": 1}, "burden"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(settings, words):
    with pytest.raises(ValueError, match=words):
        Parameters(**settings)
    with pytest.raises(ValueError, match="own plan"):
        course("blame", Parameters())
