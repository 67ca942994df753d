"""The worst of ten and the lesson's self-check: how far luck falls back, with and without a project."""

import json
import math
import random
import re
from statistics import fmean

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.worst_of_ten import outlook

KIND = "worst-of-ten"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}


def ten(**params):
    return views.compute(KIND, {"prediction": "none", **params})


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def text(view, heading):
    (found,) = panels(view, "sentence", heading)
    return found["text"]


def rows(view):
    return {row[0]: row[1:] for row in panels(view, "table")[0]["rows"]}


def poisson(rng, mean):
    """Knuth's product of uniforms: slow, and unlike the inversion the widget uses."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def changes(teams, mean, *, quarters=1, place=1, runs=8000):
    rng = random.Random(3)
    found = []
    for _ in range(runs):
        totals = sorted((poisson(rng, mean * quarters) for _ in range(teams)), reverse=True)
        found.append(poisson(rng, mean) * quarters / totals[place - 1] - 1)
    return found


# The map's oracles


def test_the_worst_of_ten_falls_by_a_quarter_with_no_project():
    assert outlook(10, 20).change == pytest.approx(-0.25, abs=0.01)
    assert outlook(10, 8).change == pytest.approx(-0.35, abs=0.01)
    assert rows(ten())["The worst, left alone"][2] == "−25%"
    assert rows(ten(expected=8))["The worst, left alone"][2] == "−35%"


@pytest.mark.parametrize(
    ("teams", "mean", "quarters", "place"), [(10, 20, 1, 1), (10, 8, 1, 1), (10, 8, 4, 1), (3, 30, 1, 1), (10, 20, 1, 2), (4, 9, 1, 2)]
)  # fmt: skip
def test_what_to_expect_agrees_with_many_draws(teams, mean, quarters, place):
    found = changes(teams, mean, quarters=quarters, place=place, runs=4000)
    error = math.sqrt(fmean(one * one for one in found) / 4000)
    expected = outlook(teams, mean, quarters=quarters, place=place).change
    assert expected == pytest.approx(fmean(found), abs=4 * error)


def test_more_teams_and_smaller_numbers_mean_more_luck_and_a_longer_look_less():
    def fall(teams, expected, **look):
        return -outlook(teams, expected, **look).change

    assert fall(30, 20) > fall(10, 20) > fall(3, 20)
    assert fall(10, 8) > fall(10, 20) > fall(10, 100)
    assert fall(10, 20) > fall(10, 20, quarters=3) > fall(10, 20, quarters=6)
    assert fall(10, 20) > fall(10, 20, place=2) > 0


# What a reader sees


def test_before_the_guess_only_the_quarter_of_the_choice_is_shown():
    view = views.compute(KIND, {})
    seen = [one for one in view["panels"] if not one["reveal"]]
    assert [one["type"] for one in seen] == ["figure"]
    for mark in seen[0]["marks"]:
        if not mark["reveal"] and mark["mark"] == "dot":
            assert set(mark["x"]) == {6}
    (picked,) = [m for m in seen[0]["marks"] if m["role"] == "signal_concern"]
    (others,) = [m for m in seen[0]["marks"] if m["role"] == "ghost" and m["mark"] == "dot"]
    assert len(others["y"]) == 9
    assert picked["y"][0] >= max(others["y"])


def test_whoever_expected_no_fall_meets_one_and_whoever_knew_is_told_so():
    said = {
        guess: text(ten(prediction=guess), "Your guess") for guess in ("none", "little", "quarter", "half")
    }
    assert all("The average is −25%." in text for text in said.values())
    assert "With no project at all" in said["none"]
    assert "You knew" in said["quarter"]


def test_the_first_draw_is_a_usual_one():
    before, after = map(int, re.search(r"with (\d+) results.*?after: (\d+)", ten()["summary"]).groups())
    assert -0.35 < after / before - 1 < -0.15


def test_the_sentences_are_true_of_the_counts():
    for seed in range(1, 30):
        view = ten(seed=seed, look=2)
        counts = list(zip(*[row[1:] for row in view["data"]["rows"]], strict=True))
        totals = [sum(team[4:6]) for team in counts]
        number, had, after = re.match(
            r"Practice (\d+) was the worst of ten, with ([\d.]+).*?The quarter after: (\d+)", view["summary"]
        ).groups()
        picked = counts[int(number) - 1]
        assert sum(picked[4:6]) == max(totals)
        assert float(had) == sum(picked[4:6]) / 2
        assert int(after) == picked[6]
        second = int(re.match(r"Practice (\d+)", text(view, "A team to compare with")).group(1)) - 1
        assert totals[second] == sorted(totals)[-2]


def test_a_project_that_prevents_a_fifth_adds_to_the_luck_and_stands_alone_when_drawn_by_lot():
    view = ten(effect=20)
    alone, helped = (rows(view)[f"The worst, {what}"] for what in ("left alone", "with the project"))
    assert helped[1] == "16"
    both = (1 + outlook(10, 20).change) * 0.8 - 1
    assert helped[2] == f"−{-100 * both:.0f}%"
    assert alone[2] == "−25%"
    assert "20%, is the project's" in text(ten(effect=20, choose="lot"), "The share of the project")
    assert "Nothing is what the project does" in text(ten(choose="lot"), "The share of the project")


def test_the_effect_is_in_the_counts_after_the_choice_and_in_no_others():
    plain, helped = ten(), ten(effect=60)
    before = [row[1:] for row in plain["data"]["rows"]]
    after = [row[1:] for row in helped["data"]["rows"]]
    assert before[:6] == after[:6]
    changed = [
        place
        for place in range(10)
        if [row[place] for row in before[6:]] != [row[place] for row in after[6:]]
    ]
    assert len(changed) == 1
    left = sum(row[changed[0]] for row in after[6:]) / sum(row[changed[0]] for row in before[6:])
    assert 0.2 < left < 0.6


def test_the_message_can_be_made_to_fail():
    def met(**params):
        (one,) = panels(ten(**params), "challenge")
        return one["met"]

    assert not met()
    assert not met(effect=20)
    assert not met(effect=30)  # more than luck, and less than twice as much
    assert not met(choose="lot")
    assert met(choose="lot", effect=10)
    assert met(effect=60, look=6, expected=100)


@pytest.mark.parametrize("choose", ["worst", "lot"])
@pytest.mark.parametrize(
    ("teams", "expected", "look", "effect"), [(3, 5, 1, 0), (30, 100, 6, 60), (3, 5, 6, 60), (12, 6, 2, 5)]
)
def test_every_setting_gives_a_whole_view_in_plain_words(choose, teams, expected, look, effect):
    for seed in range(1, 8):
        view = ten(choose=choose, teams=teams, expected=expected, look=look, effect=effect, seed=seed)
        json.dumps(view, allow_nan=False)
        assert not view["notices"]
        told = describe.as_text(views.spec(KIND), view)
        assert not re.search(r"\bone quarters|nan|None(?! of)|[ (]-\d|\+0%|−0%", told), told
        (figure,) = panels(view, "figure")
        top = figure["y_range"][1]
        assert all(value <= top for mark in figure["marks"] for value in mark.get("y", []))


def test_too_few_teams_is_said_with_what_to_do():
    view = ten(teams=2)
    assert not view["panels"]
    assert "The least it can be is 3" in view["notices"][0]["text"]


# The self-check


def check(**answers):
    view = views.compute("check-did-it-work", answers)
    (said,) = [one for one in view["panels"] if one["type"] == "feedback"]
    return said["right"], said["text"]


def test_the_self_check_expects_a_third_for_small_numbers():
    assert check(eight=35)[0]
    assert check(eight=36)[0]
    wrong = {value: check(eight=value) for value in (0, 25, 60)}
    assert not any(right for right, _ in wrong.values())
    assert len({why for _, why in wrong.values()}) == 3


@pytest.mark.parametrize(
    ("name", "right"), [("first", "3"), ("limits", "3"), ("neighbour", "2"), ("claim", "2")]
)
def test_one_answer_is_right_and_every_wrong_one_has_a_reason_of_its_own(name, right):
    controls = {control["name"]: control for control in views.spec("check-did-it-work")["controls"]}
    said = {
        option["value"]: check(**{name: option["value"]}) for option in controls[name]["control"]["options"]
    }
    assert [value for value, (ok, _) in said.items() if ok] == [right]
    assert len({why for _, why in said.values()}) == len(said)
