"""The baseline: answers before the sheet, a score that is the sum of the ticks, and nothing that calls it a pass or a fail."""

from __future__ import annotations

import itertools

import pytest

from improvement import views
from improvement.views import baseline, describe

ANSWERED = {f"answer_{case.name}": "An aim. A measure. A change." for case in baseline.CASES}
SHEET = [f"{case.name}_{point.name}" for case in baseline.CASES for point in baseline.POINTS]


def shown(*ticked: str, **params):
    ticks = dict.fromkeys(ticked, True)
    return views.compute("baseline", {**ANSWERED, "scoring": True, "prediction": 14, **ticks, **params})


def sentences(view) -> dict[str, str]:
    return {one["heading"]: one["text"] for one in view["panels"] if one["type"] == "sentence"}


def captions(view) -> list[str]:
    return [one["caption"] for one in view["panels"] if one["type"] == "table"]


def figure(view) -> dict:
    (found,) = [one for one in view["panels"] if one["type"] == "figure"]
    return found


def test_three_cases_from_three_sectors_with_nine_points_each() -> None:
    assert len(baseline.CASES) == 3
    for sector in ("general practice", "mental health", "ambulance"):
        assert sum(sector in case.title for case in baseline.CASES) == 1
    assert [point.part for point in baseline.POINTS] == ["aim"] * 3 + ["measure"] * 3 + ["change"] * 3
    assert len({point.ask for point in baseline.POINTS}) == 9
    assert views.spec("baseline")["prediction"]["control"]["maximum"] == 27


def test_the_cases_can_be_read_before_anything_else_and_without_scripts() -> None:
    text = describe.as_text(views.spec("baseline"), views.compute("baseline", {}))
    for case in baseline.CASES:
        assert case.story in text
    for point in baseline.POINTS:
        assert point.earns not in text


@pytest.mark.parametrize("left", [("phone",), ("discharge", "kit"), ("phone", "discharge", "kit")])
def test_the_sheet_stays_shut_until_all_three_are_answered(left: tuple[str, ...]) -> None:
    view = shown(**{f"answer_{name}": "  \n" for name in left})
    assert "What earns a point, with examples" not in captions(view)
    (notice,) = view["notices"]
    assert notice["control"] == "scoring"
    for place, case in enumerate(baseline.CASES, start=1):
        assert (str(place) in notice["text"].split(" still")[0]) == (case.name in left)


def test_the_score_is_the_sum_of_the_ticks_case_by_case_and_part_by_part() -> None:
    # Two aim points in case 1, one change point in case 2, all nine in case 3: aims 5, measures 3, changes 4.
    ticked = [
        "phone_work",
        "phone_amount",
        "discharge_test",
        *[f"kit_{point.name}" for point in baseline.POINTS],
    ]
    view = shown(*ticked)
    assert sentences(view)["Your score"].startswith(
        "12 of 27 so far (aim 5, measure 3, change 4, each of 9)."
    )
    assert "Fewest for the measure" in sentences(view)["Your score"]
    cases = view["data"]["rows"][:3]
    assert [row[1:] for row in cases] == [[2, 0, 0, 2, 9], [0, 0, 1, 1, 9], [3, 3, 3, 9, 9]]


def test_no_tick_is_nought_and_every_tick_is_twenty_seven() -> None:
    assert sentences(shown())["Your score"].startswith("0 of 27")
    assert sentences(shown(*SHEET))["Your score"].startswith("27 of 27")
    for view in (shown(), shown(*SHEET)):
        assert "Fewest" not in sentences(view)["Your score"]


def test_two_lowest_parts_are_both_named() -> None:
    assert "Fewest for the measure and change" in sentences(shown("phone_work"))["Your score"]


@pytest.mark.parametrize(
    ("guess", "said"),
    [(14, "13 points fewer"), (1, "what you gave yourself"), (0, "1 point more"), (2, "1 point fewer")],
)
def test_the_guess_is_set_beside_the_score(guess: int, said: str) -> None:
    assert said in sentences(shown("phone_work", prediction=guess))["Your guess"]


def test_confidence_and_points_share_a_scale() -> None:
    # Three of nine measure points are 33%; confidence 8 of 10 is 80%.
    view = shown(*[f"{case.name}_moves" for case in baseline.CASES], sure_measure=8, sure_aim=1)
    bars, dots = figure(view)["marks"]
    assert bars["y"] == pytest.approx([0, 100 / 3, 0])
    assert dots["y"] == [10, 80, 50]
    assert "measure: 33% of the points, confidence 80%" in figure(view)["description"]


def test_what_can_be_saved_holds_points_and_all_four_ratings() -> None:
    rows = shown(sure_aim=2, sure_measure=3, sure_change=4, sure_signal=9)["data"]["rows"]
    assert len(rows) == 3 + 4
    assert [row[4] for row in rows[3:]] == [2, 3, 4, 9]
    assert {row[5] for row in rows[3:]} == {10}
    assert views.compute("baseline", {})["data"] is None


def test_nothing_says_pass_or_fail_except_that_there_is_none() -> None:
    spec = views.spec("baseline")
    for view in (views.compute("baseline", {}), shown(), shown(*SHEET)):
        text = f"{describe.as_text(spec, view)} {spec['intro']}".lower().replace("no pass mark", "")
        for word in ("pass", "fail", "excellent", "poor", "weak"):
            assert word not in text
    assert "no pass mark" in spec["intro"]


def test_score_and_guess_wait_for_the_guess() -> None:
    view = shown(prediction=None)
    assert "Your guess" not in sentences(view)
    assert all(one["reveal"] for one in view["panels"] if one.get("heading") == "Your score")
    assert figure(view)["reveal"]


def test_any_ticks_make_a_view_with_every_sentence_whole() -> None:
    for first, second in itertools.combinations(SHEET[::4], 2):
        view = shown(first, second, prediction=2)
        assert sentences(view)["Your score"].startswith("2 of 27")
        assert view["notices"] == []


@pytest.mark.parametrize(
    ("name", "value"), [("sure_aim", 0), ("sure_aim", 11), ("answer_kit", "x" * 1501), ("kit_test", 1)]
)
def test_what_cannot_be_read_names_its_control(name: str, value) -> None:
    (notice,) = shown(**{name: value})["notices"]
    assert notice["control"] == name
