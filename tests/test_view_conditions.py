"""Five-cog conditions: training wins first, the advice flips with the model, and every sentence holds at the edges."""

import itertools
import json
import math
import re

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.conditions import NAMES, PLACES, POINTS, together

KIND = "conditions"
FIVE = list(NAMES)
MODELS = ("additive", "geometric", "weakest_link")


def view(**params):
    return views.compute(KIND, {"prediction": "training", **params})


def at(place, **params):
    (choice,) = [control for control in views.spec(KIND)["controls"] if control["name"] == "place"]
    (option,) = [option for option in choice["options"] if option["value"] == place]
    return view(place=place, **{**option["sets"], **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def sentence(shown, start):
    return panel(shown, "sentence", start)["text"]


def result(levels, model):
    """What five levels give together, by the definition of each model."""
    if model == "additive":
        return sum(levels) / 5
    if model == "geometric":
        return math.prod(levels) ** 0.2
    return min(levels)


def test_the_oracles_of_the_map_are_what_a_reader_sees():
    assert [round(together((80, 80, 20, 90, 50), model), 1) for model in MODELS] == [64, 56.5, 20]
    assert "they give 56.5 of 100" in sentence(view(model="geometric"), "What the five")
    assert "they give 57.7 of 100" in sentence(view(model="geometric", capability=100), "What the five")
    assert "they give 67.9 of 100" in sentence(view(model="geometric", leadership=50), "What the five")
    assert "they give 20 of 100" in sentence(view(model="weakest_link", capability=100), "What the five")


def test_before_the_guess_only_the_five_levels_are_seen():
    shown = views.compute(KIND, {})
    seen = [one for one in shown["panels"] if not one["reveal"]]
    assert [one["type"] for one in seen] == ["figure"]
    assert [mark["x2"] for mark in seen[0]["marks"] if not mark["reveal"]] == [[80, 80, 20, 90, 50]]


@pytest.mark.parametrize("place", list(PLACES))
def test_wherever_a_reader_works_training_wins_first_and_then_loses(place):
    lowest = FIVE[PLACES[place].levels.index(min(PLACES[place].levels))]
    assert lowest != "capability"
    first = at(place)
    assert "the best place for the next point is capability and capacity: it adds 2." in sentence(
        first, "The next"
    )
    assert "you are right" in sentence(first, "Your guess")
    for guess in ("lowest", "spread"):
        assert "training wins all the same" in sentence(at(place, prediction=guess), "Your guess")
    for model in ("geometric", "weakest_link"):
        assert NAMES[lowest].lower() in sentence(at(place, model=model), "The next")


def test_the_guess_is_judged_by_where_the_reader_started_whatever_has_moved_since():
    assert sentence(at("hospital", capability=0, spend=["people"]), "Your guess") == sentence(
        at("hospital"), "Your guess"
    )


def test_ten_points_of_training_buy_one_step_up_and_nine_times_nothing():
    shown = view(spend=["capability"] * POINTS)
    text = sentence(shown, "What the five")
    assert text.startswith("If the five add up, they gave 64 of 100. After 10 points: 66.")
    assert "9 points bought nothing" in text
    rows = {row[0]: row for row in shown["data"]["rows"]}
    assert rows["Lowest decides"][1:3] == [20, 20]
    assert rows["They multiply"][1:3] == [56.5, 57.7]


def test_a_point_that_no_longer_fits_buys_what_is_left():
    figure = panel(view(capability=95, spend=["capability"]), "figure", "The five")
    assert "Capability 100, of which 5 bought" in figure["description"]
    assert "One point bought nothing" in sentence(view(spend=["capability"] * 2), "What the five")


def test_the_plan_beside_yours_has_as_many_points_and_is_the_best_there_is():
    """Every way to place three points, tried by hand, under each model."""
    price = {"purpose": 3, "people": 3, "leadership": 3, "capability": 10, "management": 5}
    start = dict(zip(FIVE, (80, 80, 20, 90, 50), strict=True))
    shown = view(spend=["purpose", "people", "management"])
    for row, model in zip(shown["data"]["rows"], MODELS, strict=True):
        found = []
        for plan in itertools.combinations_with_replacement(FIVE, 3):
            levels = [min(100, start[name] + plan.count(name) * price[name]) for name in FIVE]
            found.append(result(levels, model))
        assert row[3] == pytest.approx(max(found), abs=0.05)
        assert row[2] == pytest.approx(result([83, 83, 20, 90, 55], model), abs=0.05)
        assert sum(int(count) for count in re.findall(r"\d+", row[4])) == 3


def test_at_one_price_the_average_no_longer_cares_where_a_point_goes():
    text = sentence(view(same=True), "The next")
    assert text.endswith("it adds 1. A tie.")
    assert all(name.lower() in text for name in NAMES.values())
    assert "leadership behaviours" in sentence(view(same=True, model="geometric"), "The next")


def test_two_that_share_the_lowest_place_cannot_be_helped_by_one_point():
    text = sentence(view(model="weakest_link", purpose=20), "The next")
    assert "no single point helps" in text
    assert "shares the lowest place" in text
    both = sentence(view(model="geometric", purpose=0, leadership=0), "The next")
    assert "stands at nought" in both


def test_the_challenge_is_met_only_where_training_is_best_under_all_three():
    assert not panel(view(), "challenge")["met"]
    met = panel(view(capability=10), "challenge")
    assert met["met"]
    assert "train" in met["text"]
    for place in PLACES:
        assert not panel(at(place), "challenge")["met"]


def test_every_corner_reads_whole_and_draws_within_its_axes():
    for levels in itertools.product((0, 100), repeat=5):
        for model in MODELS:
            shown = view(**dict(zip(FIVE, levels, strict=True)), model=model, spend=["purpose", "capability"])
            assert not shown["notices"]
            text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
            assert not re.search(r"\b(nan|inf|None)\b|−0\b", text)
            gains = panel(shown, "figure", "What one more")
            assert max(max(mark["x2"]) for mark in gains["marks"] if "x2" in mark) <= gains["x_range"][1]
    full = view(**dict.fromkeys(FIVE, 100))
    assert "All five are full" in sentence(full, "The next")
    assert {row[-1] for row in full["data"]["rows"]} == {"Nothing left to buy"}


def test_my_own_place_keeps_the_levels_that_stand():
    shown = view(place="own", purpose=35)
    assert panel(shown, "figure", "The five")["marks"][0]["x2"][0] == 35


def test_an_entry_that_cannot_be_used_says_what_would_do():
    (notice,) = view(leadership=120)["notices"]
    assert "100" in notice["text"]
    assert notice["control"] == "leadership"


def test_it_says_that_nobody_knows_which_model_is_true():
    spec = views.spec(KIND)
    assert any("does not say" in line for line in spec["cannot_tell"])
    assert "invented" in spec["honesty"]


SORTED = {
    "Shared purpose": (3, 6, 12),
    "People and culture": (4, 10, 14),
    "Leadership behaviours": (7, 11, 15),
    "Capability and capacity": (2, 5, 9),
    "Management systems": (1, 8, 13),
}


def test_the_self_check_wants_twelve_of_fifteen_and_the_new_lowest():
    right = {str(card): pile for pile, cards in SORTED.items() for card in cards}
    (told,) = views.compute("check-five-components", {"sort": right})["panels"]
    assert told["right"]
    assert "15 of 15" in told["text"]
    swapped = {**right, "2": "Management systems", "3": "Management systems", "4": "Management systems"}
    assert views.compute("check-five-components", {"sort": swapped})["panels"][0]["right"]
    swapped["5"] = "Shared purpose"
    (told,) = views.compute("check-five-components", {"sort": swapped})["panels"]
    assert not told["right"]
    # 70, 60, 85, 40 raised to 90, 55: the lowest is now 55.
    (told,) = views.compute("check-five-components", {"lowest": 55})["panels"]
    assert told["right"]
    for slip in (40, 90, 72, 50):
        (told,) = views.compute("check-five-components", {"lowest": slip})["panels"]
        assert not told["right"]
        assert not told["text"].startswith("List the five")
