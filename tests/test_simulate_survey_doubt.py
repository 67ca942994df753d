"""Count, sample, doubt (W46): oracles of the curriculum map, exact sums, and enumeration."""

import itertools
import json
import math
import random
import statistics

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from improvement.simulate import survey_doubt
from improvement.simulate.survey_doubt import Parameters, Table, bounds, looks_like, simulate, total

shares = st.floats(0.01, 0.99)


def test_the_published_tables_leave_out_what_the_map_says():
    interviews, trusts, collaboratives = simulate().totals
    assert (interviews.total, interviews.missing) == (40, 1)
    assert (trusts.total, trusts.missing) == (98, 2)
    assert (collaboratives.total, collaboratives.missing) == (60, 40)
    assert not interviews.rounding_explains
    assert not collaboratives.rounding_explains


def test_ninety_five_trusts_at_45_percent_imply_about_211():
    implied = simulate().implied_clusters
    assert implied.whole == pytest.approx(211.1, abs=0.05)
    assert implied.low == pytest.approx(95 / 0.455)
    assert implied.high == pytest.approx(95 / 0.445)
    assert [n for n in range(190, 240) if implied.low <= n <= implied.high] == [
        n for n in range(190, 240) if round(100 * 95 / n) == 45
    ]
    assert survey_doubt.implied_whole(95, 1).low == 95  # never fewer than were counted


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=3), st.integers(1, 40), st.sampled_from([100, 98, 60])
)
def test_rounding_explains_a_table_only_if_whole_counts_fit(percents, base, whole):
    def printed(percent):
        return [count for count in range(base + 1) if abs(100 * count / base - percent) <= 0.5]

    sums = {sum(counts) for counts in itertools.product(*map(printed, percents))}
    found = total(Table("t", [("a", percent) for percent in percents], whole, "percent", base))
    assert found.rounding_explains == any(abs(100 * number / base - whole) < 1e-9 for number in sums)
    if sums:
        assert (found.least_people, found.most_people) == (min(sums), max(sums))
    else:
        assert found.least_people is None


def test_without_a_base_rounding_allows_half_a_point_a_part():
    assert total(Table("t", [("a", 50), ("b", 49)], 100, "percent")).rounding_explains
    four = [("a", 20), ("b", 20), ("c", 20), ("d", 20)]
    assert total(Table("t", [*four, ("e", 18)], 100, "percent")).rounding_explains
    assert not total(Table("t", [*four, ("e", 17)], 100, "percent")).rounding_explains
    assert not total(Table("t", [*four, ("e", 19)], 100)).rounding_explains
    assert total(Table("t", [*four, ("e", 21)], 100)).missing == -1


def test_the_interval_of_the_map_and_its_cluster_adjustment():
    run = simulate()
    assert (run.interval.low, run.interval.high) == pytest.approx((0.157, 0.299), abs=0.0005)
    assert run.clustering.answers_per_cluster == pytest.approx(1.36, abs=0.005)
    alike = simulate(Parameters(icc=1))
    assert alike.clustering.effective_size == pytest.approx(95)
    assert alike.clustering.interval == alike.clustering.worst
    alone = simulate(Parameters(icc=0))
    assert list(alone.clustering.interval) == pytest.approx(list(alone.interval))


@settings(deadline=None)
@given(shares, st.integers(2, 400), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]), st.data())
def test_interval_ends_are_as_far_from_the_share_as_chance_allows(share, n, icc, confidence, data):
    clusters = data.draw(st.integers(1, n))
    p = Parameters(
        share=share, respondents=n, clusters=clusters, icc=icc, confidence=confidence, replicates=10
    )
    run = simulate(p)
    effective = n / (1 + (n / clusters - 1) * icc)
    assert run.clustering.effective_size == pytest.approx(effective)
    z = statistics.NormalDist().inv_cdf((1 + confidence) / 2)
    for interval, size in ((run.interval, n), (run.clustering.interval, effective)):
        for end in interval:
            assert abs(share - end) == pytest.approx(z * math.sqrt(end * (1 - end) / size), abs=1e-9)
    assert run.clustering.interval.low <= run.interval.low + 1e-12
    assert run.clustering.interval.high >= run.interval.high - 1e-12


def cluster_counts(share, size, icc):
    alike = math.sqrt(icc)
    mass = [0.0] * (size + 1)
    for own, weight in ((1, share), (0, 1 - share)):
        yes = alike * own + (1 - alike) * share
        for count in range(size + 1):
            mass[count] += weight * math.comb(size, count) * yes**count * (1 - yes) ** (size - count)
    return mass


def exact_coverage(p, effective):
    mass = [1.0]
    for cluster in range(p.clusters):
        size = len(range(cluster, p.respondents, p.clusters))
        one = cluster_counts(p.share, size, p.icc)
        new = [0.0] * (len(mass) + size)
        for i, a in enumerate(mass):
            for j, b in enumerate(one):
                new[i + j] += a * b
        mass = new
    z = statistics.NormalDist().inv_cdf((1 + p.confidence) / 2)
    reach = z * math.sqrt(p.share * (1 - p.share) / effective)
    return sum(m for count, m in enumerate(mass) if abs(count / p.respondents - p.share) <= reach)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"icc": 0.0},
        {"share": 0.5, "respondents": 120, "clusters": 20, "icc": 0.4},
        {"share": 0.7, "respondents": 60, "clusters": 60, "icc": 1.0, "confidence": 0.8},
    ],
)
def test_coverage_agrees_with_exact_sums_over_all_surveys(changes):
    p = Parameters(replicates=2000, **changes)
    run = simulate(p, seed=3)
    for simulated, effective in (
        (run.coverage, p.respondents),
        (run.adjusted_coverage, run.clustering.effective_size),
    ):
        exact = exact_coverage(p, effective)
        assert simulated == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 2000) + 1e-9)


def test_answers_in_one_cluster_correlate_as_stated():
    neither, _, both = cluster_counts(0.3, 2, 0.4)
    assert both - 0.3**2 == pytest.approx(0.4 * 0.3 * 0.7)
    assert neither - 0.7**2 == pytest.approx(0.4 * 0.3 * 0.7)


def test_ignoring_clusters_promises_too_much():
    p = Parameters(share=0.5, respondents=200, clusters=20, icc=0.5, replicates=600)
    run = simulate(p)
    assert run.coverage < 0.75
    assert run.adjusted_coverage > 0.9


def test_worst_case_bounds_of_the_map():
    silence = simulate().silence
    assert (silence.low, silence.high) == pytest.approx((0.099, 0.649), abs=0.0005)
    assert silence.low_with_chance < silence.low
    assert silence.high_with_chance > silence.high
    assert bounds(0.4, 1) == pytest.approx((0.4, 0.4))
    assert bounds(0.4, 0) == (0, 1)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.data())
def test_bounds_are_what_the_silent_could_make_of_it(heard, silent, data):
    yes = data.draw(st.integers(0, heard))
    everyone = heard + silent
    possible = [(yes + quiet) / everyone for quiet in range(silent + 1)]
    low, high = bounds(yes / heard, heard / everyone)
    assert (low, high) == pytest.approx((min(possible), max(possible)))
    quiet = data.draw(st.integers(0, silent))
    assume(heard / everyone >= 0.01)
    p = Parameters(
        share=yes / heard,
        response=heard / everyone,
        silent_share=quiet / silent if silent else 0.0,
        replicates=10,
    )
    assert simulate(p).silence.assumed == pytest.approx((yes + quiet) / everyone)


def test_sixty_percent_can_look_like_eighty_two():
    assert looks_like(0.6, 0.3, 0.1) == pytest.approx(0.818, abs=0.0005)
    assert looks_like(0.4, 0.3, 0.1) == pytest.approx(0.667, abs=0.0005)
    assert survey_doubt.keenness_needed(0.6, 9 / 11) == pytest.approx(3)


@given(shares, shares, st.floats(0.01, 1))
def test_keenness_undoes_the_bias(support, seen, others):
    keenness = survey_doubt.keenness_needed(support, seen)
    supporters = min(1.0, keenness * others)
    assert looks_like(support, supporters, supporters / keenness) == pytest.approx(seen)
    assert looks_like(support, others, others) == pytest.approx(support)


@pytest.mark.parametrize(
    ("support", "supporters", "others"), [(0.6, 0.3, 0.1), (0.2, 0.05, 0.4), (0.5, 1, 1)]
)
def test_volunteers_agree_with_brute_force(support, supporters, others):
    rng = random.Random(5)
    yes = answers = 0
    for _ in range(60_000):
        supporter = rng.random() < support
        if rng.random() < (supporters if supporter else others):
            answers += 1
            yes += supporter
    p = Parameters(
        support=support, supporters_answer=supporters, others_answer=others, invited=60_000, replicates=10
    )
    found = simulate(p).volunteers
    near = 4 * math.sqrt(0.25 / answers)
    assert found.looks_like == pytest.approx(yes / answers, abs=near)
    assert found.simulated == pytest.approx(yes / answers, abs=1.5 * near)
    assert found.answering == pytest.approx(answers / 60_000, abs=0.01)


def test_a_large_biased_survey_is_sure_and_wrong():
    held = [simulate(Parameters(invited=2000, replicates=10), seed=seed).volunteers for seed in range(30)]
    assert not any(one.holds_truth for one in held)
    fair = Parameters(invited=2000, supporters_answer=0.2, others_answer=0.2, replicates=10)
    assert sum(simulate(fair, seed=seed).volunteers.holds_truth for seed in range(100)) >= 87


def test_nobody_may_answer():
    p = Parameters(invited=1, supporters_answer=0.001, others_answer=0.001, replicates=10)
    found = simulate(p).volunteers
    assert (found.answers, found.simulated, found.interval, found.holds_truth) == (0, None, None, None)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).volunteers != simulate(seed=3).volunteers
    assert len(json.loads(json.dumps(simulate().to_dict()))["totals"]) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("share", 1.2),
        ("clusters", 130),
        ("respondents", 0),
        ("response", 0),
        ("icc", -0.1),
        ("confidence", 1),
        ("others_answer", 0),
        ("support", "x"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


def test_a_wrong_table_or_argument_is_named():
    with pytest.raises(ValueError, match="Yes in t must be from 0 to 100, but it is 120"):
        Table("t", (("Yes", 120),), 100, "percent")
    with pytest.raises(ValueError, match="parts of t must"):
        Table("t", (), 100)
    with pytest.raises(ValueError, match="base of t must be None"):
        Table("t", (("Yes", 1),), 2, "count", 2)
    with pytest.raises(ValueError, match="leave somebody to answer"):
        looks_like(1, 0, 0.5)
    with pytest.raises(ValueError, match="share must be above"):
        survey_doubt.implied_whole(95, 0.004)
    with pytest.raises(ValueError, match="response must be from 0 to 1"):
        bounds(0.5, 2)
    with pytest.raises(ValueError, match="seen must be between 0 and 1"):
        survey_doubt.keenness_needed(0.5, 1)
