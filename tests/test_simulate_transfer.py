"""Benefit lands elsewhere (W42): hand arithmetic, exhaustive search and properties of side payments."""

import itertools
import json
import math
import random
import statistics
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from improvement.simulate import transfer
from improvement.simulate.transfer import Effect, Intervention, Parameters, simulate

AB = ("A", "B")
SHIFT = Intervention("shift", (Effect("A", (10, 10), (30, 30)), Effect("B", (12, 24))))
SHARED = Intervention("shared", (Effect("A", (), (4,)), Effect("B", (1,), (2, 2))))
SMALL = Parameters(partners=AB, interventions=(SHIFT, SHARED), decider="A", years=2, discount_rate=0.0)


def test_values_and_totals_by_hand():
    nothing, shift, shared = simulate(replace(SMALL, discount_rate=0.25)).options
    assert (nothing.names, nothing.values, nothing.total) == ((), (0, 0), 0)
    assert shift.values == pytest.approx((20 + 20 / 1.25, -12 - 24 / 1.25))
    assert shift.total == pytest.approx(36 - 31.2)
    assert shift.hurt == ("B",)
    assert shared.values == pytest.approx((4, 1 + 2 / 1.25))
    assert shared.hurt == ()
    run = simulate(replace(SMALL, years=1))
    assert run.options[1].values == (20, -12)
    assert run.ledger == ((20,), (-12,))


def test_effects_add_up_when_two_things_are_done():
    both = simulate(replace(SMALL, most=2)).options[-1]
    assert both.names == ("shift", "shared")
    assert both.values == pytest.approx((44, -33))
    assert len(simulate(replace(SMALL, most=2)).options) == 4


def test_the_best_choice_for_all_hurts_somebody_until_others_pay():
    run = simulate()
    assert run.best.total == max(option.total for option in run.options) > 0
    assert run.best.hurt
    assert run.agreement.feasible
    assert min(run.agreement.values_after) >= -1e-6
    assert sum(run.agreement.values_after) == pytest.approx(run.best.total)
    assert not run.without_transfer.hurt
    assert run.without_transfer.total < run.best.total


def test_the_choice_of_one_partner_alone_costs_all_together():
    run = simulate()
    assert run.local.names == run.favourites[0]
    assert run.local.values[0] == max(option.values[0] for option in run.options)
    assert run.local.total < 0
    assert run.local_loss == pytest.approx(run.best.total - run.local.total)
    # The message fails where the decider's own best is everybody's: then nothing is lost.
    assert simulate(replace(SMALL, interventions=(SHARED,))).local_loss == 0


def test_a_short_view_changes_the_choice():
    slow = Intervention("slow", (Effect("A", (10,), (0, 8, 8)), Effect("B", (), (0, 1, 1))))
    p = Parameters(partners=AB, interventions=(slow,), decider="A", years=3, discount_rate=0.0)
    assert simulate(p).local.names == ("slow",)
    assert simulate(replace(p, years=2)).local.names == ()
    assert simulate(replace(p, discount_rate=0.5)).local.names == ()


def random_interventions(rng, partners, how_many, years):
    def amounts():
        return tuple(rng.choice((0, rng.uniform(0, 50))) for _ in range(years))

    return tuple(
        Intervention(str(i), tuple(Effect(partner, amounts(), amounts()) for partner in partners))
        for i in range(how_many)
    )


@pytest.mark.parametrize(("seed", "most", "rate"), [(1, 1, 0.0), (2, 2, 0.035), (3, 4, 0.2), (4, 5, 1.0)])
def test_options_pareto_set_and_choices_agree_with_exhaustive_search(seed, most, rate):
    rng = random.Random(seed)
    partners = ("A", "B", "C")
    things = random_interventions(rng, partners, 5, 4)
    values = {}
    for wanted in itertools.product((False, True), repeat=5):
        if sum(wanted) > most:
            continue
        chosen = [thing for thing, want in zip(things, wanted, strict=True) if want]
        values[tuple(thing.name for thing in chosen)] = [
            sum(
                (benefit - cost) / (1 + rate) ** t
                for thing in chosen
                for effect in thing.effects
                if effect.partner == partner
                for t, (cost, benefit) in enumerate(zip(effect.costs, effect.benefits, strict=True))
            )
            for partner in partners
        ]
    p = Parameters(
        partners=partners, interventions=things, most=most, years=4, discount_rate=rate, decider="B"
    )
    run = simulate(p)
    assert {option.names for option in run.options} == set(values)
    for option in run.options:
        mine = values[option.names]
        assert option.values == pytest.approx(mine)
        assert option.hurt == tuple(
            partner for partner, value in zip(partners, mine, strict=True) if value < -1e-6
        )
        dominated = any(
            all(o >= m for o, m in zip(other, mine, strict=True)) and other != mine
            for other in values.values()
        )
        assert option.pareto != dominated
    assert run.best.names == max(values, key=lambda names: sum(values[names]))
    assert run.local.names == max(values, key=lambda names: values[names][1])
    unhurt = [names for names in values if min(values[names]) >= 0]
    assert run.without_transfer.names == max(unhurt, key=lambda names: sum(values[names]))
    assert run.best.pareto


def test_the_least_payments_by_hand():
    # B is 30 short, a quarter is lost on the way, so 40 must be sent, shared 3 to 1 as A and C gain.
    amounts, shortfall = transfer.settle([60, -30, 20], friction=0.25)
    assert shortfall == 0
    assert amounts[0] == pytest.approx((0, 30, 0))
    assert amounts[1] == (0, 0, 0)
    assert amounts[2] == pytest.approx((0, 10, 0))
    # Everybody at least 5: B needs 35, and gives above 5 are 55 and 15.
    amounts, _ = transfer.settle([60, -30, 20], minimum_gain=5)
    assert amounts[0][1] == pytest.approx(35 * 55 / 70)
    assert amounts[2][1] == pytest.approx(35 * 15 / 70)


def test_equal_gains_by_hand():
    # Without friction all end at 50 / 3. With half lost, level x solves (60 - x) / 2 + (20 - x) / 2 = x + 30: x = 5.
    amounts, _ = transfer.settle([60, -30, 20], rule="equal")
    assert 60 - sum(amounts[0]) == pytest.approx(50 / 3)
    assert -30 + amounts[0][1] + amounts[2][1] == pytest.approx(50 / 3)
    amounts, _ = transfer.settle([60, -30, 20], rule="equal", friction=0.5)
    assert amounts[0] == pytest.approx((0, 55, 0))
    assert amounts[2] == pytest.approx((0, 15, 0))


def test_when_there_is_too_little_to_share_the_shortfall_is_named():
    assert transfer.settle([10, -30]) == (None, 20)
    amounts, shortfall = transfer.settle([40, -30], friction=0.5)
    assert (amounts, shortfall) == (None, 10)
    assert transfer.settle([3, 4], minimum_gain=4) == (None, 1)


money = st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=7)


@given(money, st.floats(0, 0.8), st.floats(0, 100), st.sampled_from(transfer.RULES))
def test_payments_leave_nobody_short_and_send_no_more_than_payers_have(values, friction, floor, rule):
    amounts, shortfall = transfer.settle(values, rule=rule, friction=friction, minimum_gain=floor)
    spare, short = sum(max(0, v - floor) for v in values), sum(max(0, floor - v) for v in values)
    gap = short - (1 - friction) * spare
    if amounts is None:
        assert shortfall == pytest.approx(gap)
        assert gap > 0
        return
    assert gap <= 1e-5
    sent = [sum(row) for row in amounts]
    got = [sum(column) * (1 - friction) for column in zip(*amounts, strict=True)]
    after = [v - s + g for v, s, g in zip(values, sent, got, strict=True)]
    assert min(after) >= floor - 1e-4
    assert all(s == 0 or g == 0 for s, g in zip(sent, got, strict=True))
    assert sum(after) == pytest.approx(sum(values) - friction * sum(sent), abs=1e-4)
    if rule == "least":
        assert sum(sent) * (1 - friction) == pytest.approx(short, abs=1e-4)
        assert all(a == pytest.approx(v) for a, v in zip(after, values, strict=True) if v == floor)
    else:
        assert max(after) - min(after) <= 1e-4


@given(money, st.floats(0, 0.4), st.floats(0.05, 0.4))
def test_less_loss_and_lower_demands_only_help_an_agreement(values, friction, more):
    assume(transfer.settle(values, friction=friction + more)[0] is not None)
    assert transfer.settle(values, friction=friction)[0] is not None
    assert transfer.settle(values)[0] is not None
    # Without friction an agreement exists exactly if the total is no loss.
    assert sum(values) >= -1e-5


def test_payments_each_year_keep_everybody_whole_every_year():
    things = (
        Intervention(
            "x", (Effect("A", (), (30, 5, 20)), Effect("B", (10, 4, 20)), Effect("C", (0, 0), (2, 2)))
        ),
    )
    p = Parameters(
        partners=("A", "B", "C"),
        interventions=things,
        decider="A",
        years=3,
        timing="every_year",
        friction=0.2,
    )
    run = simulate(replace(p, discount_rate=0.1, friction=0.0))
    assert run.agreement.feasible
    for year, net in enumerate(zip(*run.agreement.ledger_after, strict=True)):
        assert min(net) >= -1e-6
        assert sum(net) == pytest.approx(sum(row[year] for row in run.ledger))
    assert {payment.year for payment in run.agreement.payments} == {0, 1, 2}
    assert run.agreement.lost == 0
    # With a fifth lost, year 2 needs 25 from A, who has only 20: 20 - 0.8 * 20 is missing.
    run = simulate(p)
    assert not run.agreement.feasible
    assert run.agreement.payments == ()
    assert run.agreement.shortfalls == pytest.approx((0, 0, 4))
    assert run.agreement.ledger_after == run.ledger


def test_what_an_agreement_loses_on_the_way_is_the_difference_in_totals():
    for timing, years in (("present_value", 5), ("every_year", 5)):
        things = (Intervention("x", (Effect("A", (), (30,) * 5), Effect("B", (10,) * 5))),)
        p = Parameters(
            partners=AB,
            interventions=things,
            decider="A",
            years=years,
            timing=timing,
            friction=0.3,
            discount_rate=0.1,
        )
        run = simulate(p)
        assert run.agreement.lost == pytest.approx(run.chosen.total - sum(run.agreement.values_after))
        assert run.agreement.lost == pytest.approx(sum(10 / 0.7 * 0.3 / 1.1**t for t in range(5)))
        assert run.agreement.values_after[1] == pytest.approx(0, abs=1e-9)


def test_the_learner_may_agree_on_another_option():
    run = simulate(replace(SMALL, most=2, option=("shared", "shift")))
    assert run.chosen.names == ("shift", "shared")
    assert run.ledger == ((24, 20), (-11, -22))
    assert simulate(Parameters(option=())).agreement.payments == ()
    assert not simulate(Parameters(option=("Discharge a day earlier, support unchanged",))).agreement.feasible


def test_doubt_follows_the_lognormal_distribution():
    # B gains 10 X - 8 and A gains 20 X' - 5, where ln X has variance ln(1 + cv^2) and X has mean 1.
    things = (Intervention("x", (Effect("A", (5,), (20,)), Effect("B", (8,), (10,)))),)
    cv = 0.6
    p = Parameters(
        partners=AB,
        interventions=things,
        decider="A",
        years=1,
        benefit_cv=cv,
        replicates=20_000,
        rule="equal",
    )
    s = math.sqrt(math.log(1 + cv**2))

    def below(x):
        return statistics.NormalDist().cdf((math.log(x) + s**2 / 2) / s)

    run = simulate(p, seed=3)
    assert run.agreement.values_after == pytest.approx((8.5, 8.5))  # A pays B 6.5
    assert run.doubt.hurt_before == pytest.approx((below(5 / 20), below(8 / 10)), abs=0.015)
    assert run.doubt.hurt_after == pytest.approx((below(11.5 / 20), below(1.5 / 10)), abs=0.015)
    rng = random.Random(2)
    totals = [
        20 * rng.lognormvariate(-(s**2) / 2, s) + 10 * rng.lognormvariate(-(s**2) / 2, s)
        for _ in range(20_000)
    ]
    assert run.doubt.total_below_0 == pytest.approx(sum(t < 13 for t in totals) / 20_000, abs=0.015)


def test_without_doubt_the_agreement_holds_for_certain():
    run = simulate(Parameters(benefit_cv=0, replicates=20))
    assert run.doubt.hurt_before == tuple(float(value < 0) for value in run.best.values)
    assert run.doubt.hurt_after == (0, 0, 0, 0)
    assert run.doubt.total_below_0 == 0


def test_the_same_seed_repeats_and_only_doubt_depends_on_it():
    assert simulate(seed=4) == simulate(seed=4)
    one, other = simulate(seed=4), simulate(seed=5)
    assert one.doubt != other.doubt
    assert replace(one, seed=5, doubt=other.doubt) == other
    assert len(json.loads(json.dumps(simulate().to_dict()))["options"]) == 5


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("most", 0, "from 1 to 8"), ("years", 1.5, "1.5"), ("years", True, "True"), ("discount_rate", math.nan, "nan"),
        ("discount_rate", -0.1, "from 0 to 1"), ("decider", "Nobody", "'Nobody'"), ("rule", None, "None"),
        ("timing", "monthly", "'monthly'"), ("friction", 1, "from 0 to 0.9"), ("minimum_gain", math.inf, "inf"),
        ("benefit_cv", "0.3", "'0.3'"), ("replicates", 0, "from 1 to 20000"), ("option", ("x",), "'x'"),
        ("option", "Falls team at home", "a list"), ("partners", ("A",), "2 to 10"), ("partners", ("A", "A"), "different"),
        ("partners", ("A", 3), "text"), ("interventions", (), "1 to 8"), ("interventions", ("x",), "Intervention"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_its_value(name, value, message):
    with pytest.raises(ValueError, match=f"^{name[:7]}.* must .*{message}"):
        Parameters(**{name: value})


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Effect("A", (1, -2)), "costs of A in year 1 must be .*-2"),
        (lambda: Effect("A", (), (math.nan,)), "benefits of A in year 0 must be .*nan"),
        (lambda: Effect("A", 5), "costs of A must be a list"),
        (lambda: Effect(" "), "partner of an effect must be text"),
        (lambda: Intervention("x", (Effect("A"), Effect("A"))), "partners of x must be different"),
        (lambda: Intervention("x", ("A",)), "effects of x must be Effect values"),
        (lambda: Intervention("", ()), "name of an intervention"),
        (lambda: replace(SMALL, partners=("A", "C")), "partner of shift must be one of 'A', 'C'.*'B'"),
        (lambda: replace(SMALL, option=("shift", "shared")), "option must name at most 1"),
        (lambda: transfer.settle([1, None]), "values: partner 2 must be"),
        (lambda: transfer.settle([1, 2], rule="fair"), "rule must be"),
        (lambda: transfer.settle([1, 2], friction=0.95), "friction must be"),
        (lambda: simulate(seed=True), "seed"),
    ],
)
def test_a_wrong_value_is_named(build, message):
    with pytest.raises(ValueError, match=message):
        build()
