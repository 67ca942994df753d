"""Hello, variation: the same work varies, the widget cannot be broken, and the cell returns the list the chart shows."""

from __future__ import annotations

import re
import statistics

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.hello_variation import journeys


def shown(**params):
    return views.compute("hello-variation", {"prediction": 5, **params})


def own(values, **params):
    return shown(source="own", own="\n".join(map(str, values)), **params)


def sentences(view) -> dict[str, str]:
    return {one["heading"]: one["text"] for one in view["panels"] if one["type"] == "sentence"}


def challenge(view) -> dict:
    (found,) = [one for one in view["panels"] if one["type"] == "challenge"]
    return found


def column(view, name: str) -> list:
    at = view["data"]["columns"].index(name)
    return [row[at] for row in view["data"]["rows"]]


def test_the_cells_list_is_the_charts_list() -> None:
    for seed in (1, 2, 50):
        for spread in (0, 3, 8):
            assert column(shown(seed=seed, spread=spread), "This list") == journeys(seed, 30, spread)


def test_twelve_whole_minutes_the_same_for_a_seed_and_different_for_another() -> None:
    assert len(journeys()) == 12
    assert all(isinstance(one, int) and one >= 1 for one in journeys())
    assert journeys(3) == journeys(3)
    assert journeys(3) != journeys(4)


def test_the_draws_have_the_mean_and_spread_asked_for() -> None:
    values = journeys(1, 30, 5, days=1000)
    assert statistics.fmean(values) == pytest.approx(30, abs=3 * 5 / 1000**0.5)
    # Rounding to whole minutes adds 1/12 to the variance; 3 standard errors of a standard deviation are 7% at 1,000.
    assert statistics.stdev(values) == pytest.approx((25 + 1 / 12) ** 0.5, rel=0.07)


def test_twelve_unchanged_mornings_are_usually_further_apart_than_people_guess() -> None:
    # The mean range of twelve normal values is 3.258 standard deviations (d2 for n = 12): 16 minutes here.
    apart = [max(one) - min(one) for one in map(journeys, range(1, 301))]
    assert statistics.fmean(apart) == pytest.approx(3.258 * 5, abs=0.6)


def test_a_guess_is_answered_by_what_the_list_did() -> None:
    values = journeys(1)
    apart = max(values) - min(values)
    assert (
        f"You said {apart - 6}; they are {apart} apart"
        in sentences(shown(prediction=apart - 6))["Your guess"]
    )
    assert "more the same" in sentences(shown(prediction=apart - 6))["Your guess"]
    assert "more room" in sentences(shown(prediction=apart + 1))["Your guess"]
    assert "Exactly" in sentences(shown(prediction=apart))["Your guess"]
    assert "which no road has" in sentences(shown(prediction=5, spread=0))["Your guess"]


def test_nothing_of_the_answer_shows_before_the_guess() -> None:
    panels = views.compute("hello-variation", {})["panels"]
    assert all(one["reveal"] for one in panels)


def test_no_variation_breaks_the_model_and_only_that() -> None:
    assert challenge(shown(spread=0))["met"]
    assert not challenge(shown(spread=5))["met"]
    assert challenge(own([4, 4, 4, 4, 4]))["met"]
    assert "no variation" in sentences(shown(spread=0))["What you see"]


def test_own_numbers_are_set_beside_draws_of_their_own_mean_and_spread() -> None:
    values = [40, 44, 39, 47, 52, 41, 45, 38, 50, 43]
    view = own(values)
    assert column(view, "Yours") == values
    drawn = [one for place in range(1, 6) for one in column(view, f"Draw {place}")]
    assert len(drawn) == 50
    sd = statistics.stdev(values)
    assert statistics.fmean(drawn) == pytest.approx(statistics.fmean(values), abs=4 * sd / 50**0.5)
    assert "38 to 52: 14 apart" in sentences(view)["What you see"]
    assert "number 5" in sentences(view)["What you see"]
    assert "Your guess" not in sentences(view)
    assert "Nothing changed" not in sentences(view)["What you see"]


def test_ties_for_the_worst_are_all_named() -> None:
    assert "The highest are numbers 2 and 4." in sentences(own([1, 9, 3, 9, 2]))["What you see"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "5 to 30 numbers"),
        ("cat", "“cat” is not a number"),
        ("1\n2\n3", "You gave 3 numbers"),
        ("\n".join(["7"] * 31), "You gave 31 numbers"),
        ("1\n2\nthree\n4\n5", "Row 3"),
        ("1\n2\n3\n4\n1e400", "Row 5"),
    ],
)
def test_whatever_is_typed_gets_a_remedy_and_never_a_crash(typed: str, said: str) -> None:
    view = shown(source="own", own=typed)
    assert view["panels"] == []
    assert said in view["notices"][0]["text"]


def test_reset_goes_back_to_the_same_picture() -> None:
    defaults = views.spec("hello-variation")["defaults"]
    assert views.compute("hello-variation", defaults) == views.compute("hello-variation", {})


def test_every_setting_is_described_in_words() -> None:
    for spread in range(9):
        view = shown(spread=spread, seed=9)
        for figure in (one for one in view["panels"] if one["type"] == "figure"):
            assert figure["description"]
        text = describe.as_text(views.spec("hello-variation"), view)
        assert not re.search(r"\bnan\b|\binf\b|-0\b", text)
        values = journeys(9, 30, spread)
        assert f"{min(values)} to {max(values)}" in text or spread == 0


@pytest.mark.parametrize("wrong", [{"spread": -1}, {"mean": 0}, {"days": 0}, {"seed": "one"}])
def test_the_function_names_what_it_cannot_use(wrong: dict) -> None:
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        journeys(**wrong)
