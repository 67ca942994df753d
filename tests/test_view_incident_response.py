"""A plan for every incident: what is owed first, the guess undone, the break-even, and a true rival reading."""

import itertools
import json
import re

import pytest

from improvement import spc, views
from improvement.views import describe

KIND = "incident-response"
OPEN = {"prediction": "hardly", "workings": True}


def view(**params):
    return views.compute(KIND, {**OPEN, **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def bill(**params):
    return {row[0]: row[1:] for row in panel(view(**params), "table")["rows"]}


def beside(shown, control):
    return next(one for one in shown["panels"] if one.get("beside") == control)["text"]


def test_before_the_guess_there_is_an_ordinary_year_and_what_is_owed_in_any_case():
    shown = views.compute(KIND, {})
    visible = [one for one in shown["panels"] if not one["reveal"]]
    assert [one["type"] for one in visible] == ["figure", "listing"]
    (dots,) = [mark for mark in visible[0]["marks"] if not mark["reveal"]]
    assert len(dots["y"]) == 12
    assert not spc.xmr(dots["y"]).signals
    owed = " ".join(visible[1]["items"])
    for duty in ("person harmed", "apology", "duty of candour", "national rules", "staff", "reply"):
        assert duty in owed
    for settings in ({"reach": 100}, {"hours": 600}, {"fault": 0}):
        assert panel(view(**settings), "listing")["items"] == visible[1]["items"]


def test_the_guess_is_undone_by_288_plans_that_all_work():
    # 120 hours buy eight plans of fifteen a month; three years have 36 months.
    for guess in ("hardly", "quarter", "half", "most"):
        said = panel(view(prediction=guess), "sentence", "Your guess")["text"]
        assert "288 plans later" in said
        assert "one in 200" in said
        assert ("As you thought" in said) == (guess == "most")
    assert bill()["A plan for each"][2] == "288"
    assert "reaches far" in panel(view(reach=60), "sentence", "Your guess")["text"]
    assert "already happened" in panel(view(reach=0), "sentence", "Your guess")["text"]


def test_the_break_even_is_where_the_two_ways_harm_equally_many():
    level = float(re.search(r"([\d.]+) in 1,000", beside(view(), "reach")).group(1))
    for reach, words in ((int(level), "In proportion"), (int(level) + 1, "A plan for each")):
        assert panel(view(reach=reach), "verdict")["words"] == words


def test_a_new_fault_is_found_by_plans_and_by_looking_not_by_counting_themes():
    rows = bill()
    by_fault = {name: float(row[1]) for name, row in rows.items()}
    assert by_fault["Themes only"] > 5 * by_fault["In proportion"]
    assert by_fault["A plan for each"] < by_fault["Themes only"] / 5
    calm = bill(fault=0)
    assert {row[1] for row in calm.values()} == {"0"}
    assert calm["Themes only"][0] == calm["In proportion"][0]
    assert panel(view(fault=0), "verdict")["words"] == "Themes"
    unseen = bill(spot=0)
    assert unseen["Themes only"][0] == unseen["In proportion"][0]


def test_the_load_of_plans_can_make_things_worse():
    assert float(bill(burden=2)["A plan for each"][4]) > 20
    assert "adds to the load" in panel(view(burden=2), "sentence", "Your guess")["text"]


def test_the_rival_reading_is_always_given_with_what_would_tell_them_apart():
    for settings in ({}, {"reach": 50}, {"hours": 10}, {"burden": 10, "effect": 0}):
        said = panel(view(**settings), "sentence", "Two readings")["text"]
        assert "more harm or more trust" in said
        assert "nobody reports" in said
        assert "from 50% to" in said


def test_the_challenge_is_met_where_single_plans_harm_fewest():
    for settings in (
        {},
        {"reach": 13},
        {"reach": 60},
        {"effect": 0, "reach": 5},
        {"hours": 600, "reach": 30},
    ):
        shown = view(**settings)
        rows = {row[0]: float(row[1].replace(",", "")) for row in panel(shown, "table")["rows"]}
        ahead = rows["A plan for each"] < min(rows["In proportion"], rows["Themes only"]) - 1
        if ahead:
            assert panel(shown, "challenge")["met"]
        if rows["A plan for each"] > min(rows.values()) + 1:
            assert not panel(shown, "challenge")["met"]


def test_the_description_gives_start_ends_and_the_fault():
    shown = view()
    words = panel(shown, "figure", "Restraints")["description"]
    ends = [row[-1] for row in panel(shown, "table")["rows"]]
    for text in ("scatter around 20", "month 13", *ends):
        assert text in words
    assert "fault" not in panel(view(fault=0), "figure", "Restraints")["description"]


def test_every_service_offered_has_its_own_sector_and_a_plan_for_each_is_not_the_best_there():
    options = views.spec(KIND)["controls"][0]["options"]
    assert len({option["sector"] for option in options}) == len(options) == 4
    for option in options:
        shown = view(story=option["value"], **option["sets"])
        assert not shown["notices"]
        assert panel(shown, "verdict")["words"] == "In proportion"


def test_every_corner_gives_whole_true_sentences():
    corners = itertools.product(
        (0, 100), (10, 600), (0, 80), (0, 10), (0, 20), (0, 100), ("wards", "practice")
    )
    names = ("reach", "hours", "effect", "burden", "fault", "spot", "story")
    for corner in corners:
        shown = view(**dict(zip(names, corner, strict=True)))
        assert not shown["notices"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|None)\b", text)
        said, rows = panel(shown, "verdict"), panel(shown, "table")["rows"]
        harmed = {row[0]: float(row[1].replace(",", "")) for row in rows}
        name = {"Themes": "Themes only"}.get(said["words"], said["words"])
        if name in harmed:
            assert harmed[name] <= min(harmed.values()) + 1
        else:
            assert max(harmed.values()) - min(harmed.values()) <= 2


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"reach": 500}, "100"),
        ({"hours": 0}, "10"),
        ({"spot": "x"}, "not a number"),
        ({"prediction": "x"}, "About half"),
    ],
)
def test_an_entry_that_cannot_be_used_says_what_would_do(params, words):
    shown = view(**params)
    assert not shown["panels"]
    (notice,) = shown["notices"]
    assert words in notice["text"]
    assert notice["control"] == next(iter(params))


def test_the_self_check_sorts_ten_cases_into_four_and_never_lets_a_chart_cancel_a_duty():
    controls = {control["name"]: control for control in views.spec("check-incidents")["controls"]}
    cases = controls["cases"]
    assert len(cases["control"]["cards"]) == 10
    piles = [answer["answer"].rsplit(": ", 1)[1] for answer in cases["answers"]]
    assert len(set(piles)) == 4
    assert max(piles.count(pile) for pile in piles) <= 3
    assert "apology and the truth" in cases["label"]
    (left,) = [answer for answer in controls["left"]["answers"] if answer["right"]]
    value = 100.0
    for _ in range(50):
        value -= value / 100
    assert float(left["answer"]) == pytest.approx(value, abs=0.01)
    (owed,) = [answer for answer in controls["owed"]["answers"] if answer["right"]]
    assert "never cancels" in owed["because"]
