"""Control loop (W31): closed forms for delays, a brute force of the rules, and what the capability gate may block."""

import itertools
import json
import math
from dataclasses import replace
from statistics import NormalDist

import pytest

from improvement.simulate import control_loop
from improvement.simulate.control_loop import OWNERS, RESPONSES, RULES, Parameters, Trouble, simulate

HUGE = 50.0  # standard deviations: no luck can hide it


def run(seed=1, **settings):
    return simulate(Parameters(**settings), seed=seed)


@pytest.mark.parametrize(("rule", "response", "every"), list(itertools.product(RULES, RESPONSES, (1, 5))))
def test_a_loop_with_no_owner_never_acts(rule, response, every):
    result = run(owner="nobody", rule=rule, response=response, every=every, tighten=True, gate=False)
    assert result.responses == ()
    assert result.acted_on == result.rescued == 0
    assert [outcome.last_day for outcome in result.outcomes] == [29, 120, 102]


def test_a_loop_with_no_rule_acts_on_everything_above_the_usual_level_or_on_nothing():
    assert run(rule="ignore").responses == ()
    calm = run(rule="react", troubles=())
    above = [day for day, value in enumerate(calm.values, start=1) if value > 6.0]
    assert [response.day for response in calm.responses] == above
    assert 40 < len(above) < 80
    assert calm.count("false") == len(above)


@pytest.mark.parametrize(
    ("every", "delay", "start"), [(1, 0, 10), (1, 3, 10), (4, 0, 9), (7, 2, 15), (10, 9, 11)]
)
def test_the_delay_to_act_is_the_wait_for_a_reading_and_the_wait_to_see_it(every, delay, start):
    result = run(every=every, delay=delay, rule="limits", troubles=[Trouble(start, HUGE)])
    seen = math.ceil(start / every) * every + delay
    (outcome,) = result.outcomes
    assert outcome.ended_on == outcome.last_day == seen
    assert outcome.delay_to_act == seen - start <= result.parameters.slowest_sight
    assert result.days_in_trouble == seen - start + 1


def test_the_slowest_sight_is_reached_by_the_worst_start():
    for owner, every, delay in itertools.product(("person", "committee"), (1, 3, 7), (0, 2, 5)):
        found = []
        for start in range(1, 43):
            result = run(
                owner=owner, every=every, delay=delay, meets_every=6, rule="limits", days=80, troubles=[Trouble(start, HUGE)],
            )  # fmt: skip
            found.append(result.outcomes[0].delay_to_act)
        assert max(found) <= result.parameters.slowest_sight
    assert Parameters(every=7, delay=3).slowest_sight == 9
    assert Parameters(every=1, delay=0, owner="committee").slowest_sight == 27
    assert Parameters(owner="nobody").slowest_sight is None


def test_a_committee_acts_only_when_it_meets_and_too_late_for_a_spike_that_has_passed():
    result = run(owner="committee", rule="limits", troubles=[Trouble(30, HUGE, 5), Trouble(80, HUGE, 6)])
    spike, caught = result.outcomes
    assert (spike.ended_on, spike.last_day) == (None, 34)
    assert (caught.ended_on, caught.delay_to_act) == (84, 4)
    assert [(response.day, response.kind) for response in result.responses] == [(56, "late"), (84, "due")]
    assert result.responses[0].readings == tuple(range(30, 35))


def test_a_spike_between_two_readings_is_missed():
    result = run(every=10, rule="limits", troubles=[Trouble(11, HUGE, 9)])
    assert result.acted_on == 0
    assert result.days_in_trouble == 9


def test_an_explanation_takes_time_and_ends_nothing():
    acting, writing = (run(response=response, rule="limits") for response in ("cause", "explain"))
    assert acting.acted_on == 3
    assert writing.acted_on == writing.rescued == 0
    assert len(writing.responses) > len(acting.responses)
    assert writing.days_in_trouble == 6 + 60  # the second spike falls within the shift
    assert run(response="nothing").responses == ()


def brute_days(values, mean, upper, rule):
    """The days on which a daily loop without trouble calls for a response, from the words of the rule."""
    days, row = [], 0
    for day, value in enumerate(values, start=1):
        row = row + 1 if value > mean else 0
        if value > upper or (rule == "runs" and row >= 7):
            days.append(day)
            row = 0
    return days


@pytest.mark.parametrize("rule", ["limits", "runs"])
def test_the_rules_are_applied_as_they_are_written(rule):
    fired = 0
    for seed in range(1, 31):
        result = run(seed, rule=rule, troubles=[], days=200)
        expected = brute_days(result.values, 6.0, 9.0, rule)
        assert [response.day for response in result.responses] == expected
        assert result.count("false") == len(expected)
        fired += len(expected)
    assert fired > (2 if rule == "limits" else 15)


def test_false_alarms_of_the_upper_limit_come_at_the_rate_of_a_normal_tail():
    alarms = sum(len(run(seed, rule="limits", troubles=[], days=1000).responses) for seed in range(1, 61))
    expected = 60_000 * (1 - NormalDist().cdf(3))  # 81
    assert abs(alarms - expected) < 4 * math.sqrt(expected)


def test_a_small_lasting_shift_is_found_sooner_with_the_run_rule():
    delays = {"limits": [], "runs": []}
    for rule, seed in itertools.product(delays, range(1, 41)):
        result = run(seed, rule=rule, troubles=[Trouble(20, 1.5)], days=300)
        delays[rule].append(result.outcomes[0].delay_to_act)
    assert sum(delays["runs"]) < sum(delays["limits"])
    assert max(delays["runs"]) < max(delays["limits"])


def test_every_loop_meets_the_same_days():
    calm = {run(owner=owner, rule=rule, every=every, troubles=()).values
            for owner, rule, every in itertools.product(OWNERS, RULES, (1, 6))}  # fmt: skip
    assert len(calm) == 1
    (values,) = calm
    troubled = run(owner="nobody", troubles=[Trouble(50, 2, 3)]).values
    assert [round(b - a, 9) for a, b in zip(values, troubled, strict=True)] == [0] * 49 + [2] * 3 + [0] * 68


def test_the_gate_blocks_tightening_of_an_incapable_process_and_nothing_else():
    sepsis = {"mean": 75.0, "sd": 20.0, "need": 60.0}
    plain, asked = run(**sepsis), run(**sepsis, tighten=True)
    assert plain.parameters.p_meet == pytest.approx(0.2266, abs=5e-5)
    assert not asked.parameters.capable
    assert not asked.parameters.tightened
    assert (asked.values, asked.responses, asked.outcomes) == (plain.values, plain.responses, plain.outcomes)
    assert len(asked.readings) == 120  # it goes on watching
    assert asked.rescued == asked.past_need > 60  # and rescuing
    assert asked.acted_on == 3  # and controlling


def test_without_the_gate_every_miss_of_the_need_asks_for_a_reason():
    result = run(mean=75.0, sd=20.0, need=60.0, tighten=True, gate=False, rule="ignore", troubles=())
    assert [response.day for response in result.responses] == [
        day for day, value in enumerate(result.values, start=1) if value > 60
    ]
    assert result.count("false") == len(result.responses)


def test_a_capable_process_may_be_tightened():
    p = Parameters(mean=50, sd=8, need=60, aim=0.85, tighten=True, rule="ignore", troubles=())
    assert p.p_meet == pytest.approx(0.8944, abs=5e-5)  # NormalDist: z = 1.25
    assert p.tightened
    assert not replace(p, aim=0.9).tightened
    result = simulate(p)
    assert len(result.responses) == sum(value > 60 for value in result.values)


def test_rescue_is_in_time_only_if_seen_within_the_days_allowed():
    late = run(mean=75.0, sd=20.0, need=60.0, delay=2, troubles=())
    assert late.past_need > 60
    assert late.rescued == 0
    assert run(mean=75.0, sd=20.0, need=60.0, delay=1, troubles=()).rescued == late.past_need - (
        late.values[-1] > 60
    )


def test_hours_are_readings_and_responses():
    result = run(
        every=10, rule="limits", troubles=[Trouble(20, HUGE)], hours_per_reading=0.5, hours_per_response=4
    )
    assert len(result.readings) == 12
    assert result.hours == 12 * 0.5 + 4 * len(result.responses)


def test_the_same_seed_repeats_and_results_are_json():
    assert run(7) == run(7)
    assert run(7).values != run(8).values
    assert len(json.loads(json.dumps(run().to_dict()))["values"]) == 120


@pytest.mark.parametrize(
    ("name", "value"),
    [("sd", 0), ("every", 0), ("owner", "x"), ("rule", "x"), ("response", 1), ("tighten", 1)],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


def test_a_trouble_after_the_last_day_is_refused():
    with pytest.raises(
        ValueError, match="start of a trouble must be a whole number from 1 to 30, but it is 31"
    ):
        Parameters(days=30, troubles=[Trouble(31, 2)])


def test_the_model_says_what_it_assumes_and_cannot_tell():
    assert all(one.endswith(".") for one in control_loop.ASSUMPTIONS + control_loop.CANNOT_TELL)
