"""Shared random draws and percentiles: the right distributions, and the same numbers on every Python."""

import math
import statistics
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import checks, streams


def test_streams_are_named_repeatable_and_unrelated():
    first = [streams.seeded(1, "a", 2).random() for _ in range(2)]
    assert first[0] == first[1]
    names = [(1,), (2,), (1, "a"), (1, "b"), (1, "a", 2), (1, "a2"), (1, 2)]
    assert len({streams.seeded(*name).random() for name in names}) == len(names)


def test_a_stream_gives_the_numbers_recorded_under_another_python():
    # Recorded with CPython 3.12.1 and 3.13.0: random.Random(repr((7, "week", 3))).
    stream = streams.seeded(7, "week", 3)
    assert [round(stream.random(), 12) for _ in range(3)] == [0.300834562272, 0.114784513779, 0.398908009168]


@pytest.mark.parametrize("seed", [1.0, "1", None, True])
def test_a_seed_that_is_not_a_whole_number_is_refused(seed):
    with pytest.raises(ValueError, match="seed must be a whole number"):
        streams.seeded(seed)


@pytest.mark.parametrize("mean", [0.0, 0.3, 8.0, 199.0, 650.0])
def test_poisson_draws_have_their_mean_variance_and_zero_share(mean):
    stream = streams.seeded(3, "poisson")
    n = 8000
    draws = [streams.poisson(stream, mean) for _ in range(n)]
    assert statistics.fmean(draws) == pytest.approx(mean, abs=4 * math.sqrt(mean / n))
    assert statistics.variance(draws) == pytest.approx(mean, rel=4 * math.sqrt((2 + 1 / max(mean, 0.1)) / n))
    nought = math.exp(-mean)
    assert draws.count(0) / n == pytest.approx(nought, abs=4 * math.sqrt(nought * (1 - nought) / n) + 1e-9)


@given(mean=st.floats(min_value=0.01, max_value=200), draws=st.lists(st.floats(0, 0.999999999), min_size=1))
def test_a_poisson_draw_is_the_fewest_events_whose_cumulative_chance_is_above_the_uniform_one(mean, draws):
    for drawn in draws:
        mass = cumulative = math.exp(-mean)
        count = 0
        while drawn >= cumulative:
            count += 1
            mass *= mean / count
            cumulative += mass
        assert streams.poisson(SimpleNamespace(random=lambda drawn=drawn: drawn), mean) == count


@pytest.mark.parametrize(
    ("trials", "share"),
    [(0, 0.5), (5, 0.0), (5, 1.0), (1, 0.3), (50, 0.2), (50, 0.93), (3000, 0.45), (10**6, 1e-4)],
)
def test_binomial_draws_have_their_mean_variance_and_range(trials, share):
    stream = streams.seeded(4, "binomial")
    n = 3000
    draws = [streams.binomial(stream, trials, share) for _ in range(n)]
    variance = trials * share * (1 - share)
    assert 0 <= min(draws) <= max(draws) <= trials
    assert statistics.fmean(draws) == pytest.approx(trials * share, abs=4 * math.sqrt(variance / n))
    assert statistics.pvariance(draws) == pytest.approx(variance, rel=0.16)


def test_normal_and_exponential_draws_have_their_moments():
    stream = streams.seeded(5)
    normal = [streams.normal(stream, 10, 3) for _ in range(20_000)]
    assert statistics.fmean(normal) == pytest.approx(10, abs=4 * 3 / math.sqrt(20_000))
    assert statistics.stdev(normal) == pytest.approx(3, rel=4 / math.sqrt(40_000))
    waits = [streams.exponential(stream, 7) for _ in range(20_000)]
    assert statistics.fmean(waits) == pytest.approx(7, abs=4 * 7 / math.sqrt(20_000))
    assert sum(wait > 7 for wait in waits) / 20_000 == pytest.approx(math.exp(-1), abs=0.014)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.integers(1, 99))
def test_percentiles_are_those_of_the_standard_library_method_inclusive(values, p):
    expected = statistics.quantiles(values, n=100, method="inclusive")[p - 1]
    assert streams.percentile(values, p) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_percentiles_at_the_ends_and_of_one_value():
    assert streams.percentile([3, 1, 2], 0) == 1
    assert streams.percentile([3, 1, 2], 100) == 3
    assert streams.percentile([5], 37) == 5
    with pytest.raises(ValueError, match="at least one value"):
        streams.percentile([], 50)
    with pytest.raises(ValueError, match="0 to 100"):
        streams.percentile([1], 101)


@pytest.mark.parametrize("value", [True, "1", None, math.nan, math.inf, -0.1, 10.1, 10**400])
def test_a_number_out_of_range_is_named_with_its_value(value):
    with pytest.raises(ValueError, match=r"^dose must be .*from 0 to 10 mg, but it is"):
        checks.number("dose", value, 0, 10, unit="mg")


@pytest.mark.parametrize("value", [True, "1", None, 2.0, 0, 11])
def test_a_whole_number_out_of_range_is_named_with_its_value(value):
    with pytest.raises(ValueError, match=f"^beds must be a whole number from 1 to 10, but it is {value!r}"):
        checks.whole("beds", value, 1, 10)


def test_choices_and_flags_are_checked():
    assert checks.choice("colour", "red", ("red", "blue")) == "red"
    with pytest.raises(ValueError, match="colour must be one of 'red', 'blue', but it is 'green'"):
        checks.choice("colour", "green", ("red", "blue"))
    with pytest.raises(ValueError, match="hold must be True or False, but it is 1"):
        checks.flag("hold", 1)


def test_a_chance_too_small_to_ever_happen_never_happens():
    assert [
        streams.binomial(streams.seeded(1, "rare"), 1000, chance) for chance in (5e-324, 1e-306, 1e-200)
    ] == [0, 0, 0]
