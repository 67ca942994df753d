"""Weighted kappa against Cohen's published table, hand arithmetic, and a jackknife written out here."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.agreement import weighted_kappa

# Cohen (1968), two diagnosticians, 200 patients: shares of personality disorder, neurosis and psychosis.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
COHEN_WEIGHTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]


def spread(table):
    """A table of counts as two lists of levels."""
    pairs = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in pairs], [j for _, j in pairs]


def by_definition(first, second, cost):
    """One minus the mean cost of the real pairs over the mean cost of every mark paired with every other."""
    observed = sum(cost(a, b) for a, b in zip(first, second, strict=True)) / len(first)
    expected = sum(cost(a, b) for a, b in product(first, second)) / len(first) ** 2
    return 1 - observed / expected


def test_cohens_published_example():
    first, second = spread(COHEN)
    plain = weighted_kappa(first, second, levels=range(3), weights="equal")
    weighted = weighted_kappa(first, second, levels=range(3), weights=COHEN_WEIGHTS)
    assert (plain.marks, plain.same) == (200, 140)
    assert round(plain.kappa, 3) == 0.492  # (0.70 - 0.41) / (1 - 0.41)
    assert round(weighted.kappa, 3) == 0.348  # 1 - 0.90 / 1.38
    assert weighted.observed == pytest.approx(0.90)
    assert weighted.expected == pytest.approx(1.38)
    assert plain.table == tuple(map(tuple, COHEN))


def test_linear_and_quadratic_by_hand():
    # First: 0 0 1 2, second: 0 1 1 2. Steps apart: 0 1 0 0, so observed is 1/4 whichever the weights.
    marks = ([0, 0, 1, 2], [0, 1, 1, 2])
    linear = 2 * (2 * 1 + 1 * 2) + 1 * (1 * 1 + 1 * 1) + 1 * (1 * 2 + 2 * 1)  # = 8 + 2 + 4
    quadratic = 2 * (2 * 1 + 1 * 4) + 1 * (1 * 1 + 1 * 1) + 1 * (1 * 4 + 2 * 1)  # = 12 + 2 + 6
    for weights, expected in (("linear", linear / 16), ("quadratic", quadratic / 16)):
        found = weighted_kappa(*marks, levels=(0, 1, 2), weights=weights, least_marks=1)
        assert found.observed == pytest.approx(0.25)
        assert found.expected == pytest.approx(expected)
        assert found.kappa == pytest.approx(1 - 0.25 / expected)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=20, max_size=40))
def test_any_marks_agree_with_the_definition(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    for weights, cost in (("quadratic", lambda a, b: (a - b) ** 2), ("linear", lambda a, b: abs(a - b))):
        found = weighted_kappa(first, second, levels=range(4), weights=weights)
        if len({*first, *second}) == 1:
            assert found.kappa is None
        else:
            assert found.kappa == pytest.approx(by_definition(first, second, cost))
            assert found.kappa <= 1


def test_a_far_mark_costs_more_than_a_near_one_only_with_weights():
    base = [0, 1, 2, 3] * 6
    near, far = [1, *base[1:]], [3, *base[1:]]

    def kappa(second, weights):
        return weighted_kappa(base, second, levels=range(4), weights=weights).kappa

    assert kappa(near, "quadratic") > kappa(near, "linear") > kappa(near, "equal")
    assert kappa(far, "quadratic") < kappa(near, "quadratic")
    assert kappa(far, "equal") == pytest.approx(kappa(near, "equal"), abs=0.01)


def test_the_interval_is_the_jackknife_over_groups():
    first = [0, 1, 2, 3, 2, 1, 0, 3, 2, 1, 1, 2, 3, 3, 0, 1, 2, 2, 1, 0, 3, 1, 2, 2]
    second = [0, 1, 3, 3, 2, 0, 0, 2, 2, 1, 1, 1, 3, 3, 1, 1, 2, 3, 1, 0, 3, 1, 1, 2]
    groups = [name for name in "abcdef" for _ in range(4)]
    found = weighted_kappa(first, second, levels=range(4), groups=groups)
    left = []
    for name in "abcdef":
        rest = [(a, b) for a, b, g in zip(first, second, groups, strict=True) if g != name]
        left.append(by_definition([a for a, _ in rest], [b for _, b in rest], lambda a, b: (a - b) ** 2))
    centre = sum(left) / 6
    error = math.sqrt(5 / 6 * sum((one - centre) ** 2 for one in left))
    reach = 2.5706 * error  # t with 5 degrees of freedom, from a printed table
    assert found.low == pytest.approx(found.kappa - reach, abs=1e-4)
    assert found.high == pytest.approx(min(1, found.kappa + reach), abs=1e-4)
    assert found.refusal == ""


def test_too_few_marks_or_scripts_are_refused_in_words():
    few = weighted_kappa([0, 1] * 9, [0, 1] * 9, levels=range(4))
    assert few.kappa is None
    assert "18 marks are too few" in few.refusal
    assert few.same == 18
    lone = weighted_kappa([1], [2], levels=range(4))
    assert "1 mark is too few" in lone.refusal
    marks = [0, 1, 2, 3] * 6
    other = [0, 1, 2, 2] * 6
    scripts = weighted_kappa(marks, other, levels=range(4), groups=["a", "b", "c", "d"] * 6)
    assert scripts.kappa is not None
    assert scripts.low is None
    assert "4 scripts are too few" in scripts.refusal
    nothing = weighted_kappa([], [], levels=range(4))
    assert "0 marks are too few" in nothing.refusal


def test_no_kappa_from_one_mark_and_no_interval_from_perfect_agreement():
    flat = weighted_kappa([2] * 24, [2] * 24, levels=range(4))
    assert flat.kappa is None
    assert "chance alone" in flat.refusal
    perfect = weighted_kappa([0, 1, 2, 3] * 6, [0, 1, 2, 3] * 6, levels=range(4))
    assert perfect.kappa == 1
    assert perfect.low is None
    assert perfect.refusal


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"second": [1]}, "same things"),
        ({"groups": ["a"]}, "groups"),
        ({"first": [0, 4]}, "4 is not one of the marks 0, 1, 2, 3"),
        ({"weights": "cubic"}, "no weights 'cubic'"),
        ({"weights": [[0, 1], [1, 0]]}, "4 rows and 4 columns"),
        ({"weights": [[1] * 4] * 4}, "0 where both give the same mark"),
    ],
)
def test_what_cannot_be_compared_is_said(change, words):
    with pytest.raises(ValueError, match=words):
        weighted_kappa(**{"first": [0, 1], "second": [0, 1], "levels": range(4), **change})
