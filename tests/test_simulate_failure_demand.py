"""The failure-demand sorter and amplifier (W37): oracles of the curriculum map, hand arithmetic and callers one by one."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import failure_demand
from improvement.simulate.failure_demand import CODES, Parameters, simulate

shares = st.floats(0, 0.95)


@pytest.mark.parametrize(
    ("unresolved", "contacts"), [(0, 100), (0.2, 125), (0.3, 142.857), (0.4, 166.667), (0.5, 200)]
)
def test_contacts_that_a_hundred_needs_make(unresolved, contacts):
    assert failure_demand.amplifier(unresolved) == pytest.approx(contacts, abs=0.001)


def test_halving_what_is_unresolved_takes_a_quarter_off():
    run = simulate(Parameters(unresolved=0.4, unresolved_first_time=0.2))
    assert run.contacts_per_100_all_return == pytest.approx(166.667, abs=0.001)
    assert run.contacts_per_100_first_time_all_return == pytest.approx(125)
    # With a tenth of the unresolved going elsewhere only nine tenths come back.
    assert run.contacts_per_100 == pytest.approx(100 / 0.64)
    assert run.contacts_per_100_first_time == pytest.approx(100 / 0.82)


def follow_callers(rng, needs, unresolved, deflection, gives_up):
    """Each need, call by call, until it is met, seen elsewhere or given up."""
    calls = elsewhere = gone = 0
    for _ in range(needs):
        while True:
            calls += 1
            if rng.random() >= unresolved:
                break
            fate = rng.random()
            if fate < deflection:
                elsewhere += 1
                break
            if fate < deflection + gives_up:
                gone += 1
                break
    return calls, elsewhere, gone


@pytest.mark.parametrize(("f", "d", "g"), [(0.4, 0, 0), (0.6, 0.2, 0.1), (0.3, 0.9, 0.1), (0.9, 0.05, 0)])
def test_the_amplifier_and_the_long_run_agree_with_following_callers(f, d, g):
    n = 5000
    rng = random.Random(3)
    calls, elsewhere, gone = (
        sum(parts) / 12 for parts in zip(*(follow_callers(rng, n, f, d, g) for _ in range(12)), strict=True)
    )
    contacts = failure_demand.amplifier(f, deflection=d, gives_up=g)
    assert contacts == pytest.approx(100 * calls / n, rel=0.02)
    week = failure_demand.steady_state(n, 1e9, unresolved=f, deflection=d, gives_up=g, minutes=6)
    assert week.contacts == pytest.approx(calls, rel=0.02)
    assert week.unanswered == 0
    assert week.deflected == pytest.approx(elsewhere, abs=4 * math.sqrt(n / 12) / 2)
    assert week.gave_up == pytest.approx(gone, abs=4 * math.sqrt(n / 12) / 2)
    assert week.failure_share == pytest.approx(1 - n / calls, abs=0.01)
    assert week.hours == pytest.approx(week.contacts / 10)


def test_a_service_with_too_few_staff_by_hand():
    # 600 contacts answered of what 500 new needs bring; half unresolved, a fifth of open needs go elsewhere.
    # A = 500 + 0.8 (A - 300), so A = 260 / 0.2 = 1300; open 1000, of which 200 go elsewhere.
    week = failure_demand.steady_state(500, 600, unresolved=0.5, deflection=0.2, minutes=10)
    assert week.contacts == pytest.approx(1300)
    assert week.answered == 600
    assert week.unanswered == pytest.approx(700)
    assert week.resolved == 300
    assert week.deflected == pytest.approx(200)
    assert week.gave_up == 0
    assert week.hours == 100
    assert week.failure_share == pytest.approx(8 / 13)
    assert week.contacts_per_100 == pytest.approx(260)


def test_if_nobody_leaves_a_service_that_is_too_small_contacts_grow_without_end():
    assert failure_demand.steady_state(100, 150, unresolved=0.5, minutes=5) is None
    assert failure_demand.steady_state(100, 200, unresolved=0.5, minutes=5).contacts == pytest.approx(200)
    run = simulate(
        Parameters(
            needs=100, unresolved=0.5, deflection=0, minutes=6, staff_hours=15, added_hours=10, weeks=60
        )
    )
    now, more, _ = run.plans
    assert (now.capacity, more.capacity) == (150, 250)
    assert now.steady is None
    assert more.steady.contacts == pytest.approx(200)
    # 25 more each week than the service closes: the average growth from week 20 to week 60.
    growth = (now.weeks[-1].contacts - now.weeks[19].contacts) / 40
    assert growth == pytest.approx(25, abs=4 * math.sqrt(100 + 150 / 4) / math.sqrt(40))


@given(st.floats(1, 5000), st.floats(0, 9000), shares, st.floats(0.01, 1), st.floats(0, 1))
def test_every_need_ends_somewhere_and_the_week_repeats_itself(needs, capacity, f, d, part):
    g = (1 - d) * part
    week = failure_demand.steady_state(needs, capacity, unresolved=f, deflection=d, gives_up=g, minutes=8)
    assert week.resolved + week.deflected + week.gave_up == pytest.approx(needs, rel=1e-9)
    open_needs = week.contacts - week.resolved
    assert needs + (1 - d - g) * open_needs == pytest.approx(week.contacts, rel=1e-9)
    assert week.answered <= capacity
    assert week.unanswered == 0 or week.answered == pytest.approx(capacity)
    assert 0 <= week.failure_share < 1


@given(shares, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.001, 0.04))
def test_more_unresolved_makes_more_contacts_and_more_leaving_fewer(f, d, g, step):
    def amplifier(f, d):
        return failure_demand.amplifier(f, deflection=d, gives_up=g)

    assert amplifier(max(0, f - step), d) <= amplifier(f, d)
    assert amplifier(f, max(0, d - step)) >= amplifier(f, d)
    assert 100 <= amplifier(f, d) <= 100 / (1 - f) + 1e-9


@given(st.floats(0.05, 0.95), st.floats(0.01, 0.94), st.floats(0.01, 1), st.floats(1, 60))
def test_the_extra_minutes_worth_spending_use_just_as_many_hours(f, better, d, minutes):
    p = Parameters(unresolved=f, unresolved_first_time=better * f, deflection=d, minutes=minutes, weeks=1)
    worth = simulate(p).extra_minutes_worth
    before = minutes * p.needs / (1 - f * (1 - d))
    after = (minutes + worth) * p.needs / (1 - better * f * (1 - d))
    assert after == pytest.approx(before)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "needs": 240,
            "unresolved": 0.55,
            "deflection": 0.05,
            "gives_up": 0.15,
            "staff_hours": 60,
            "minutes": 9.5,
        },
        {
            "needs": 900,
            "unresolved": 0.25,
            "deflection": 0.5,
            "gives_up": 0.5,
            "staff_hours": 100,
            "added_hours": 60,
        },
    ],
)
def test_simulated_weeks_settle_at_the_long_run_average(changes):
    p = Parameters(weeks=260, **changes)
    for plan in simulate(p, seed=3).plans:
        weeks, steady = plan.weeks[60:], plan.steady
        for name in ("contacts", "answered", "resolved", "deflected", "gave_up", "hours"):
            values = [getattr(week, name) for week in weeks]
            # Weeks resemble their neighbours, so an average of 200 weeks is worth some 20 independent ones at least.
            error = 4 * statistics.pstdev(values) / math.sqrt(20)
            slack = 0.02 * getattr(
                steady, name
            )  # near capacity a busy week costs more than a quiet one gives back
            assert statistics.fmean(values) == pytest.approx(getattr(steady, name), abs=error + slack + 1e-9)
        assert plan.hours_to_answer_all == pytest.approx(
            plan.minutes / 60 * p.needs / (1 - plan.unresolved * (1 - p.deflection - p.gives_up))
        )


def test_weeks_keep_the_books():
    run = simulate(Parameters(gives_up=0.1, staff_hours=93.31), seed=5)
    assert [plan.name for plan in run.plans] == ["now", "more_hours", "first_time"]
    assert [week.needs for week in run.plans[0].weeks] == [week.needs for week in run.plans[2].weeks]
    for plan in run.plans:
        before = 0
        for week in plan.weeks:
            assert week.contacts == week.needs + before
            before = week.coming_back
            assert week.contacts == week.resolved + week.deflected + week.gave_up + week.coming_back
            assert week.answered <= week.contacts
            assert week.hours == pytest.approx(week.answered * plan.minutes / 60)
        answered = sum(week.answered for week in plan.weeks)
        assert answered <= plan.capacity * len(plan.weeks) + 1e-6
        assert plan.total_contacts == sum(week.contacts for week in plan.weeks)
        assert plan.total_deflected == sum(week.deflected for week in plan.weeks)
        assert plan.total_hours == pytest.approx(answered * plan.minutes / 60)
        repeats = sum(week.contacts - week.needs for week in plan.weeks)
        assert plan.failure_share == pytest.approx(repeats / plan.total_contacts)
    assert sum(week.answered for week in run.plans[0].weeks) >= run.plans[0].capacity * 52 - 500
    assert run.plans[1].staff_hours == pytest.approx(113.31)
    assert (run.plans[2].unresolved, run.plans[2].minutes) == (0.2, 9)


def test_more_hours_answer_more_and_first_time_resolution_does_so_with_fewer():
    now, more, first_time = simulate(seed=2).plans
    assert now.total_deflected > more.total_deflected > first_time.total_deflected
    assert more.total_hours > now.total_hours > first_time.total_hours
    # The message fails if resolving first time takes too long.
    slow = simulate(Parameters(extra_minutes=9), seed=2).plans[2]
    assert slow.total_deflected > more.total_deflected


def test_kappa_by_hand():
    # 20 alike on value, 15 alike on failure, 5 and 10 apart: 0.7 alike, 0.5 * 0.6 + 0.5 * 0.4 = 0.5 by chance.
    first = ["value"] * 25 + ["failure"] * 25
    second = ["value"] * 20 + ["failure"] * 5 + ["value"] * 10 + ["failure"] * 15
    found = failure_demand.agreement(first, second)
    assert found.cards == 50
    assert found.observed == pytest.approx(0.7)
    assert found.expected == pytest.approx(0.5)
    assert found.kappa == pytest.approx(0.4)
    assert found.table["value"] == {"value": 20, "failure": 5, "unclear": 0}
    assert found.table["failure"] == {"value": 10, "failure": 15, "unclear": 0}
    # Wilson limits of 35 of 50: (0.7 + z^2/100 -+ z sqrt(0.21/50 + z^2/10000)) / (1 + z^2/50).
    z = 1.959964
    middle, reach = 0.7 + z**2 / 100, z * math.sqrt(0.21 / 50 + z**2 / 10_000)
    low, high = ((middle + side * reach) / (1 + z**2 / 50) for side in (-1, 1))
    assert (found.low, found.high) == pytest.approx(((low - 0.5) / 0.5, (high - 0.5) / 0.5), abs=1e-6)


def test_agreement_on_the_course_data(table):
    rows = table("practice_calls")
    first, second, key = ([row[column] for row in rows] for column in ("code_a", "code_b", "demand"))
    for one, other, kappa in ((first, second, 0.67), (first, key, 0.79), (second, key, 0.77)):
        found = failure_demand.agreement(one, other)
        assert found.kappa == pytest.approx(kappa, abs=0.005)
        assert found.low < found.kappa < found.high
    share = failure_demand.failure_share(key)
    assert (share.contacts, share.failure, share.unclear) == (600, 240, 72)
    assert share.share == pytest.approx(0.4)
    assert share.share_with_unclear == pytest.approx(0.52)


coded = st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), min_size=1, max_size=60)


@given(coded)
def test_kappa_is_the_same_either_way_round_and_one_only_for_full_agreement(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    one, other = failure_demand.agreement(first, second), failure_demand.agreement(second, first)
    n = len(pairs)
    by_chance = sum(a == b for a in first for b in second) / n**2
    assert one.expected == pytest.approx(by_chance)
    assert one.kappa == other.kappa
    if one.kappa is None:
        assert len(set(first) | set(second)) == 1
        return
    assert one.kappa == pytest.approx((sum(a == b for a, b in pairs) / n - by_chance) / (1 - by_chance))
    assert (one.kappa == 1) == (first == second)
    assert one.low - 1e-9 <= one.kappa <= one.high + 1e-9
    assert one.high <= 1 + 1e-9


def test_guessing_gives_a_kappa_of_nought_and_the_interval_covers_the_truth():
    rng = random.Random(6)
    guesses = failure_demand.agreement(*([rng.choice(CODES) for _ in range(4000)] for _ in range(2)))
    assert guesses.kappa == pytest.approx(0, abs=4 * math.sqrt(1 / 3 * 2 / 3 / 4000) / (2 / 3))
    # Both see the truth (even odds of two codes) nine times in ten: agree 0.82, by chance 0.5, kappa 0.64.
    covered = 0
    for _ in range(600):
        truth = [rng.randrange(2) for _ in range(50)]
        coders = [[CODES[t if rng.random() < 0.9 else 1 - t] for t in truth] for _ in range(2)]
        found = failure_demand.agreement(*coders)
        covered += found.low <= 0.64 <= found.high
    assert covered / 600 == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 600))


def test_causes_can_be_compared_as_well():
    causes = ["chasing", "mistake", "letter"]
    found = failure_demand.agreement(["chasing", "mistake"] * 3, ["chasing", "letter"] * 3, codes=causes)
    assert found.observed == 0.5
    assert found.kappa == pytest.approx((0.5 - 0.25) / 0.75)


def test_the_share_of_failure_demand_with_its_interval():
    found = failure_demand.failure_share(["failure"] * 65 + ["value"] * 54 + ["unclear"] * 10)
    z, p = 1.959964, 65 / 129
    middle, reach = p + z**2 / 258, z * math.sqrt(p * (1 - p) / 129 + z**2 / (4 * 129**2))
    assert (found.low, found.high) == pytest.approx(
        ((middle - reach) / (1 + z**2 / 129), (middle + reach) / (1 + z**2 / 129)), abs=1e-6
    )
    assert found.share_with_unclear == pytest.approx(75 / 129)
    wide = failure_demand.failure_share(["failure"] * 65 + ["value"] * 64, confidence=0.99)
    assert wide.low < found.low


def test_purposes_have_streams_of_their_own():
    base = simulate(seed=1)
    assert simulate(Parameters(added_hours=60), seed=1).plans[0] == base.plans[0]
    assert simulate(Parameters(extra_minutes=3), seed=1).plans[:2] == base.plans[:2]
    longer = simulate(Parameters(weeks=80), seed=1)
    assert longer.plans[1].weeks[:52] == base.plans[1].weeks
    other = simulate(Parameters(unresolved=0.3), seed=1)
    assert [week.needs for week in other.plans[0].weeks] == [week.needs for week in base.plans[0].weeks]


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=4) == simulate(seed=4)
    assert simulate(seed=4).plans != simulate(seed=5).plans
    assert len(json.loads(json.dumps(simulate().to_dict()))["plans"]) == 3


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("needs", 0, "from 1 to 5000"), ("unresolved", 1, "from 0 to 0.95"), ("unresolved", math.nan, "nan"),
        ("deflection", -0.1, "from 0 to 1"), ("gives_up", "0.1", "'0.1'"), ("minutes", None, "None"),
        ("staff_hours", math.inf, "inf"), ("added_hours", -1, "-1"), ("unresolved_first_time", True, "True"),
        ("extra_minutes", -1, "from 0 to 480"), ("weeks", 0, "from 1 to 260"), ("weeks", 52.0, "52.0"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_its_value(name, value, message):
    with pytest.raises(ValueError, match=f"^{name} must be .*{message}"):
        Parameters(**{name: value})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Parameters(deflection=0.7, gives_up=0.4),
            r"deflection \+ gives_up must be from 0 to 1.*1.1",
        ),
        (lambda: failure_demand.agreement(["value"], []), "second must hold at least one"),
        (lambda: failure_demand.agreement(["value"], ["value", "failure"]), "the same cards.*1 and 2"),
        (lambda: failure_demand.agreement(["value", "maybe"], ["value", "value"]), "first: card 2.*maybe"),
        (lambda: failure_demand.agreement("value", "value"), "first must be a list"),
        (lambda: failure_demand.failure_share(["failure", None]), "codes: card 2.*None"),
        (lambda: failure_demand.failure_share([]), "at least one"),
        (lambda: failure_demand.steady_state(100, -1, unresolved=0.1, minutes=5), "capacity must be"),
        (lambda: failure_demand.amplifier(1.0), "unresolved must be"),
        (lambda: simulate(seed="1"), "seed"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
