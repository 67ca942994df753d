"""Mandate, benchmark, gaming (W40): oracles of the curriculum map, closed forms and organisations drawn apart."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import gaming
from improvement.simulate.gaming import Parameters, simulate

NORMAL = statistics.NormalDist()
WIDE = {"lowest": -50.0, "highest": 50.0}


def intensity(share):
    """How far below the mean the lowest share of a normal distribution is on average."""
    return NORMAL.pdf(NORMAL.inv_cdf(share)) / share


@pytest.mark.parametrize(("g", "correlation"), [(0, 0.89), (0.5, 0.74), (1, 0.24)])
def test_reports_lose_touch_with_the_truth_as_gaming_grows(g, correlation):
    run = simulate(Parameters(gaming=g, organisations=20_000), seed=3)
    assert run.exact.correlation == pytest.approx(correlation, abs=0.005)
    assert run.simulated.correlation == pytest.approx(correlation, abs=0.03)
    assert run.incentive == g


def draw(p, g, slope, n, rng):
    """Organisations drawn and helped by the rules in the module's docstring, in plain steps."""
    rows = []
    for _ in range(n):
        t = rng.gauss(0, 1)
        r = t + rng.gauss(0, p.noise_sd)
        if t < p.expected_level:
            r += g * (p.expected_level - t)
        r = p.lowest if r < p.lowest else p.highest if r > p.highest else r
        here = p.submission == "mandatory" or rng.random() < NORMAL.cdf(
            NORMAL.inv_cdf(p.volunteers) + slope * t
        )
        rows.append((t, r if here else None, rng.random()))
    seen = sorted((row for row in rows if row[1] is not None), key=lambda row: (row[1], row[2]))
    unseen = [row for row in rows if row[1] is None]
    k = round(p.support_share * n)
    helped = (seen + unseen)[:k]
    by_truth = sorted(row[0] for row in rows)
    average = statistics.fmean(by_truth)
    true, reported = [row[0] for row in seen], [row[1] for row in seen]
    return {
        "submitted": len(seen) / n,
        "mean_true": statistics.fmean(true),
        "mean_reported": statistics.fmean(reported),
        "correlation": statistics.correlation(true, reported),
        "learning_value": (average - statistics.fmean(row[0] for row in helped))
        / (average - statistics.fmean(by_truth[:k])),
        "found": sum(row[0] <= by_truth[k - 1] for row in helped) / k,
    }


@pytest.mark.parametrize(
    ("changes", "g", "slope"),
    [
        ({"consequence": 0.8, "board_safety": 0.25}, 0.75 * (0.2 + 0.3 + 0.4), 0),
        ({"publication": "peers", "consequence": 0, "board_safety": 0.4, "noise_sd": 1.1}, 0.6 * 0.35, 0),
        (
            {"submission": "voluntary", "publication": "private", "consequence": 0.2, "board_safety": 0.1},
            0.09,
            0.9,
        ),
        ({"submission": "voluntary", "volunteers": 0.15, "self_selection": 2, "board_safety": 0}, 0.55, 2),
        ({"gaming": 0.9, "expected_level": -0.4, "support_share": 0.6, "noise_sd": 0.2}, 0.9, 0),
        ({"gaming": 1.0, "expected_level": 1.8, "lowest": -1, "highest": 0.5, "support_share": 0.1}, 1, 0),
        ({"gaming": 0.0, "lowest": -0.5, "highest": 3, "support_share": 0.15}, 0, 0),
        (
            {
                "mandate_weight": 0.6,
                "publication_weight": 0.9,
                "consequence_weight": 0.1,
                "board_safety": 0.5,
            },
            0.5,
            0,
        ),
    ],
)
def test_exact_and_simulated_findings_agree_with_organisations_drawn_apart(changes, g, slope):
    p = Parameters(organisations=40_000, **changes)
    assert p.incentive == pytest.approx(g)
    brute = draw(p, g, slope, 60_000, random.Random(5))
    run = simulate(p, seed=9)
    for name, expected in brute.items():
        assert getattr(run.exact, name) == pytest.approx(expected, abs=0.02)
        assert getattr(run.simulated, name) == pytest.approx(expected, abs=0.03)


@given(st.floats(0.05, 3), st.floats(0.02, 0.9))
@settings(max_examples=30, deadline=None)
def test_honest_reports_are_worth_their_correlation_with_the_truth(noise, share):
    found = gaming.exact(Parameters(gaming=0, noise_sd=noise, support_share=share, **WIDE))
    r = 1 / math.sqrt(1 + noise**2)
    assert found.correlation == pytest.approx(r, abs=1e-4)
    assert found.learning_value == pytest.approx(r, abs=1e-4)
    assert found.submitted == 1
    assert found.mean_true == pytest.approx(0, abs=1e-8)


@given(st.floats(0, 1), st.floats(-1.5, 2), st.floats(0.1, 2))
@settings(max_examples=30, deadline=None)
def test_without_clipping_the_correlation_has_a_closed_form(g, level, noise):
    # X = T + g (level - T)+ with T standard normal: moments of the normal distribution cut at the level.
    pdf, cdf = NORMAL.pdf(level), NORMAL.cdf(level)
    short, short_2 = level * cdf + pdf, (level**2 + 1) * cdf + level * pdf
    t_short = level * -pdf - (cdf - level * pdf)
    variance = 1 + 2 * g * t_short + g**2 * short_2 - (g * short) ** 2 + noise**2
    found = gaming.exact(Parameters(gaming=g, expected_level=level, noise_sd=noise, **WIDE))
    assert found.mean_reported == pytest.approx(g * short, abs=1e-4)
    assert found.correlation == pytest.approx((1 + g * t_short) / math.sqrt(variance), abs=1e-4)


@given(st.floats(0.05, 0.95), st.floats(0, 1), st.floats(0, 3))
@settings(max_examples=30, deadline=None)
def test_who_volunteers_follows_the_closed_form_of_probit_selection(volunteers, safety, selection):
    found = gaming.exact(
        Parameters(
            submission="voluntary",
            volunteers=volunteers,
            board_safety=safety,
            self_selection=selection,
            gaming=0,
        )
    )
    slope = selection * (1 - safety)
    at = NORMAL.inv_cdf(volunteers) / math.sqrt(1 + slope**2)
    assert found.submitted == pytest.approx(NORMAL.cdf(at), abs=1e-5)
    tilt = slope / math.sqrt(1 + slope**2) * NORMAL.pdf(at) / NORMAL.cdf(at)
    assert found.mean_true == pytest.approx(tilt, abs=1e-4)


def test_volunteers_like_all_others_are_worth_what_a_sample_is():
    # With no selection, help reaches the lowest 0.2 / 0.6 of the reports that were sent.
    p = Parameters(submission="voluntary", volunteers=0.6, board_safety=1, support_share=0.2, **WIDE)
    expected = intensity(0.2 / 0.6) / intensity(0.2) / math.sqrt(1.25)
    assert gaming.exact(p).learning_value == pytest.approx(expected, abs=2e-3)
    # With fewer reports than places, all who sent one are helped, and lots decide the rest: worth nothing.
    p = Parameters(submission="voluntary", volunteers=0.1, board_safety=1, support_share=0.3, **WIDE)
    assert gaming.exact(p).learning_value == pytest.approx(0, abs=1e-6)
    assert gaming.exact(p).found == pytest.approx(0.3, abs=1e-6)


def test_neither_a_mandate_nor_choice_makes_reports_true():
    forced = Parameters(submission="mandatory", publication="public", consequence=1, board_safety=0)
    assert forced.incentive == 1
    assert gaming.exact(forced).correlation == pytest.approx(0.24, abs=0.005)
    unsafe_choice = Parameters(submission="voluntary", publication="private", consequence=0, board_safety=0)
    found = gaming.exact(unsafe_choice)
    assert found.correlation > 0.8
    assert found.mean_reported > 0.4
    assert found.learning_value < 0.3
    safe = Parameters(submission="mandatory", publication="private", consequence=0, board_safety=1)
    assert gaming.exact(safe).learning_value == pytest.approx(1 / math.sqrt(1.25), abs=2e-3)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(gaming.PUBLICATIONS))
def test_stakes_raise_gaming_and_safety_lowers_it(consequence, safety, more, publication):
    def g(**changes):
        base = {"consequence": consequence, "board_safety": safety, "publication": publication}
        return Parameters(**{**base, **changes}).incentive

    assert g(board_safety=safety + (1 - safety) * more) <= g() + 1e-12
    assert g(consequence=consequence + (1 - consequence) * more) >= g() - 1e-12
    assert g(publication="private") <= g(publication="peers") <= g(publication="public")
    assert g(submission="voluntary") <= g()
    assert g(board_safety=1) == 0


@given(st.floats(0, 0.9), st.floats(0.05, 0.1))
@settings(max_examples=20, deadline=None)
def test_more_gaming_is_worth_less(g, step):
    before, after = gaming.exact(Parameters(gaming=g)), gaming.exact(Parameters(gaming=g + step))
    assert after.correlation < before.correlation
    assert after.learning_value < before.learning_value
    assert after.mean_reported > before.mean_reported


def test_the_league_table_describes_the_reports():
    run = simulate(
        Parameters(submission="voluntary", organisations=80, highest=0.8, support_share=0.2), seed=6
    )
    all_of_them = run.organisations
    assert [o.number for o in all_of_them] == list(range(1, 81))
    for o in all_of_them:
        assert o.true_rank == 1 + sum(other.true > o.true for other in all_of_them)
        assert (o.reported is None) == (o.place is None) == (o.number not in run.league)
        if o.place:
            assert o.place == 1 + sum(other.reported > o.reported for other in all_of_them if other.place)
    listed = [all_of_them[number - 1] for number in run.league]
    assert [o.place for o in listed] == sorted(o.place for o in listed)
    assert sum(o.reported == 0.8 for o in listed) > 1  # ties at the top were met
    helped = [o for o in all_of_them if o.helped]
    assert len(helped) == 16
    assert max(o.reported for o in helped) <= min(o.reported for o in listed if not o.helped)
    assert run.simulated.found == sum(o.true_rank > 64 for o in helped) / 16
    assert run.simulated.correlation == pytest.approx(
        statistics.correlation([o.true for o in listed], [o.reported for o in listed])
    )


def test_gaming_changes_reports_but_not_the_truth_or_who_submits():
    base = {"submission": "voluntary", "board_safety": 0.2}
    honest, gamed = (
        simulate(Parameters(**base, gaming=0.0), seed=2),
        simulate(Parameters(**base, gaming=0.7), seed=2),
    )
    for a, b in zip(honest.organisations, gamed.organisations, strict=True):
        assert a.true == b.true
        assert (a.reported is None) == (b.reported is None)
        if a.reported is not None and -1.99 < a.reported < b.reported < 1.99:
            assert b.reported - a.reported == pytest.approx(0.7 * (1 - a.true))
    assert gamed.honest == honest.exact
    assert [o.true for o in simulate(Parameters(noise_sd=1), seed=2).organisations] == [
        o.true for o in honest.organisations
    ]
    longer = simulate(Parameters(**base, gaming=0.0, organisations=300), seed=2).organisations
    assert [o.reported for o in longer[:200]] == [o.reported for o in honest.organisations]


def test_few_reports_have_no_correlation():
    p = Parameters(submission="voluntary", organisations=10, volunteers=0.02, self_selection=0)
    found = next(run for run in (simulate(p, seed=s) for s in range(50)) if not run.league).simulated
    assert found.submitted == 0
    assert found.mean_true is found.mean_reported is found.correlation is None


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=4) == simulate(seed=4)
    assert simulate(seed=4).organisations != simulate(seed=5).organisations
    assert len(json.loads(json.dumps(simulate().to_dict()))["organisations"]) == 200


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("submission", "optional", "'voluntary', 'mandatory'.*'optional'"), ("publication", None, "None"),
        ("consequence", 1.5, "from 0 to 1"), ("board_safety", math.nan, "nan"), ("gaming", -0.1, "-0.1"),
        ("gaming", True, "True"), ("organisations", 9, "from 10"), ("organisations", 50.0, "50.0"),
        ("noise_sd", 0, "from 0.05 to 5"), ("noise_sd", "0.5", "'0.5'"), ("expected_level", math.inf, "inf"),
        ("highest", -2, "from -1.5"), ("lowest", -math.inf, "inf"), ("volunteers", 1, "from 0.02 to 0.98"),
        ("self_selection", -1, "from 0 to 5"), ("support_share", 0, "from 0.01 to 0.9"),
        ("mandate_weight", 2, "from 0 to 1"), ("publication_weight", None, "None"), ("consequence_weight", -1, "-1"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_its_value(name, value, message):
    with pytest.raises(ValueError, match=f"^{name} must be .*{message}"):
        Parameters(**{name: value})


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="gaming must be"):
        gaming.exact(gaming=1.1)
    with pytest.raises(ValueError, match="seed"):
        simulate(seed=None)
