"""Steps between levels: equal means at equal steps, an order of means that turns with a step, medians that stay."""

import statistics

import pytest

from improvement import views
from improvement.views import level_steps

KIND = "level-steps"


def people(group):
    return [level for level, number in enumerate(group.counts, start=1) for _ in range(number)]


def words(heading, **params):
    view = views.compute(KIND, {"prediction": "alike", **params})
    return next(one["text"] for one in view["panels"] if one.get("heading") == heading)


@pytest.mark.parametrize("example", level_steps.EXAMPLES.values())
def test_at_equal_steps_the_means_agree_and_the_medians_are_two_levels_apart(example):
    assert statistics.fmean(people(example.one)) == pytest.approx(statistics.fmean(people(example.other)))
    assert statistics.median(people(example.one)) == example.one.spread.median == 4
    assert statistics.median(people(example.other)) == example.other.spread.median == 2


def test_board_and_nurses_are_those_of_the_data_and_both_have_a_mean_of_2_8():
    assert "both means are 2.8: the board and nurses look alike" in words("The means")


def test_a_longer_last_step_lifts_the_nurses_by_their_share_at_level_5():
    # 18 of 120 nurses mark 5 and nobody on the board does: 2.8 + 0.15.
    assert "the mean of nurses is 2.95 and that of the board 2.8" in words("The means", last=2)


def test_a_shorter_first_step_puts_the_board_ahead():
    # Everybody above level 1 moves down by a half: 10 of 15 on the board (2.8 − 0.333), 108 of 120 nurses (2.8 − 0.45).
    assert "the mean of the board is 2.47 and that of nurses 2.35" in words("The means", first=0.5)


@pytest.mark.parametrize("example", level_steps.EXAMPLES)
@pytest.mark.parametrize(("first", "last"), [(0.5, 0.5), (0.5, 3), (3, 0.5), (3, 3)])
def test_medians_stay_at_their_levels_whatever_the_steps(example, first, last):
    assert words("The medians", example=example, first=first, last=last) == words(
        "The medians", example=example
    )


@pytest.mark.parametrize("example", level_steps.EXAMPLES)
def test_the_challenge_is_met_when_the_means_name_the_group_with_the_higher_median(example):
    def met(**params):
        (panel,) = [
            one
            for one in views.compute(KIND, {"example": example, **params})["panels"]
            if one["type"] == "challenge"
        ]
        return panel["met"]

    assert met(first=0.5)
    assert not met()
    assert not met(last=3)


def test_nothing_is_given_away_before_the_guess():
    assert all(panel["reveal"] for panel in views.compute(KIND, {})["panels"])
