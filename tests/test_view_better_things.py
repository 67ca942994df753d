"""Better things or things better: the hopeful year, both paths, the break-even, and neither slogan surviving."""

import itertools
import json
import math
import re
from statistics import NormalDist

import pytest

from improvement import views
from improvement.views import describe

KIND = "better-things"
OPEN = {"prediction": "four", "workings": True}


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


def verdict(**params):
    return panel(view(**params), "verdict")


def bill(**params):
    return {row[0]: row[1:] for row in panel(view(**params), "table", "The bill")["rows"]}


def losses(need_level, *, ceiling=0.5, dip=0.1, risk=0.2, cost=300, given_up=5, months=60, z=-0.75, new_z=2):
    """Both options' loss and cumulative shortfall for 200 people a month, a month at a time."""
    start, after = NormalDist().cdf(z), NormalDist().cdf(new_z)
    short = {"improve": [], "redesign": []}
    for month in range(1, months + 1):
        improve = start + max(0, ceiling - start) * (1 - 0.5 ** (month / 6))
        short["improve"].append(200 * max(0, need_level - improve))
        share = start if month <= 6 else max(0, start - dip) if month <= 9 else None
        ways = [(1, share)] if share is not None else [(1 - risk, after), (risk, start)]
        short["redesign"].append(200 * sum(w * max(0, need_level - s) for w, s in ways))
    costs = {"improve": 5 * months, "redesign": cost + given_up * max(0, months - 6)}
    totals = {name: list(itertools.accumulate(values)) for name, values in short.items()}
    return {name: totals[name][-1] + costs[name] for name in costs}, totals


def test_before_the_guess_there_is_a_hopeful_year_and_no_sign_of_a_ceiling():
    shown = views.compute(KIND, {})
    visible = [one for one in shown["panels"] if not one["reveal"]]
    assert [one["type"] for one in visible] == ["figure"]
    marks = [mark for mark in visible[0]["marks"] if not mark["reveal"]]
    assert {mark["label"] for mark in marks} == {"Needed", "Improving"}
    (line,) = [mark for mark in marks if mark["mark"] == "line"]
    assert line["x"] == list(range(13))
    assert all(b > a for a, b in itertools.pairwise(line["y"]))
    assert line["y"][-1] - line["y"][0] > 20  # a year that promises the rest within a few
    hidden = {control["name"] for control in views.spec(KIND)["controls"] if control["show_when"]}
    assert "ceiling" in hidden


def test_the_guess_is_undone_whoever_extrapolated():
    for guess in ("two", "four", "ten", "never"):
        said = panel(view(prediction=guess), "sentence", "Your guess")["text"]
        assert "this design's ceiling is 50" in said
        assert ("You saw it coming" in said) == (guess == "never")
    # From 22.7 towards 80, half the rest every six months: 45 is there after 6 * log2(57.3 / 35) = 4.3 months.
    said = panel(view(prediction="two", ceiling=80, need_level=45), "sentence", "Your guess")["text"]
    assert said.startswith("You said within two years. So it is: it takes 5 months")


def test_the_maps_cases_a_need_of_95_wants_redesign_and_one_of_45_improvement():
    assert verdict(need_level=95, ceiling=50)["words"] == "Redesign"
    assert verdict(need_level=45, ceiling=50)["words"] == "Keep improving"
    assert "never reaches 95" in verdict(need_level=95)["text"]
    assert "nothing they need" in verdict(need_level=45)["text"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"need_level": 70, "risk": 40, "dip": 20},
        {"need_level": 45},
        {"cost": 2000, "given_up": 40, "months": 30, "ceiling": 65},
        {"need_level": 99, "risk": 0, "months": 120},
    ],
)
def test_the_bill_and_the_break_even_month_agree_with_month_by_month_arithmetic(changes):
    settings = {"need_level": 95, **changes}
    shares = {name: settings[name] / 100 for name in ("ceiling", "dip", "risk") if name in settings}
    rest = {name: settings[name] for name in ("cost", "given_up", "months") if name in settings}
    loss, totals = losses(settings["need_level"] / 100, **shares, **rest)
    shown = view(**settings)
    rows = {row[0]: row[1:] for row in panel(shown, "table", "The bill")["rows"]}
    for name, row in (("improve", rows["Improving"]), ("redesign", rows["Redesign"])):
        assert float(row[0].replace(",", "")) == pytest.approx(totals[name][-1], abs=0.51)
        assert float(row[2].replace(",", "")) == pytest.approx(loss[name], abs=0.51)
    behind = [a > b for a, b in zip(totals["redesign"], totals["improve"], strict=True)]
    figure = panel(shown, "figure", "People short")
    rules = [mark for mark in figure["marks"] if mark["mark"] == "dot"]
    if behind[-1]:
        assert not rules
    else:
        last = max(month for month, late in enumerate(behind, 1) if late)
        assert [mark["x"] for mark in rules] == [[last + 1]]
        assert f"month {last + 1}" in rules[0]["label"]


def test_the_break_even_need_is_where_the_bills_meet():
    said = next(one for one in view()["panels"] if one.get("beside") == "need_level")["text"]
    level = float(re.search(r"Break-even need: ([\d.]+) in 100", said).group(1)) / 100
    above, _ = losses(level + 0.001)
    below, _ = losses(level - 0.001)
    assert above["redesign"] < above["improve"]
    assert below["redesign"] > below["improve"]


def test_each_difficulty_of_redesign_raises_the_break_even_and_a_short_horizon_forbids_it():
    def level(**params):
        said = next(one for one in view(**params)["panels"] if one.get("beside") == "need_level")["text"]
        found = re.search(r"need: ([\d.]+)", said)
        return float(found.group(1)) if found else 101

    base = level()
    for harder in ({"risk": 40}, {"cost": 900}, {"given_up": 20}, {"dip": 40}, {"ceiling": 60}):
        assert level(**harder) > base
    levels = [level(months=months) for months in (12, 18, 24, 36, 60, 120)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == 101


def test_neither_is_said_when_nothing_on_the_table_reaches_the_need():
    assert verdict(need_level=99)["words"] == "Neither reaches it"  # the new design gives 97.7
    late = verdict(need_level=99, ceiling=100, months=12)  # improvement is on its way to 100
    assert late["words"] == "Neither reaches it"
    assert "would get there later" in late["text"]
    assert "later" not in verdict(need_level=99, ceiling=50)["text"]


def test_the_challenge_is_met_by_a_need_above_the_ceiling_and_a_redesign_not_worth_it():
    assert not panel(view(), "challenge")["met"]
    assert not panel(view(need_level=45), "challenge")["met"]
    met = panel(view(need_level=60, risk=60), "challenge")
    assert met["met"]
    assert "still the better buy" in verdict(need_level=60, risk=60)["text"]
    assert "Say aloud" in verdict(need_level=60, risk=60)["text"]


def test_every_service_starts_with_redesign_ahead_and_says_what_is_let_go_money_and_standing_too():
    options = views.spec(KIND)["controls"][0]["options"]
    assert {option["sector"] for option in options} == {
        "mental health", "acute", "ambulance", "system", "primary care",
    }  # fmt: skip
    for option in options:
        shown = view(story=option["value"], **option["sets"])
        assert not shown["notices"]
        assert panel(shown, "verdict")["words"] == "Redesign"
        lost = " ".join(panel(shown, "listing", "To let go")["items"]).lower()
        assert re.search(r"budget|money|pay", lost)


def test_the_description_tells_both_paths():
    words = panel(view(), "figure", "Wait to speak")["description"]
    start, dipped = 100 * NormalDist().cdf(-0.75), 100 * NormalDist().cdf(-0.75) - 10
    for number in (95, start, dipped, 50, 100 * NormalDist().cdf(2)):
        assert f"{number:.0f}" in words


def test_every_corner_gives_whole_true_sentences():
    corners = itertools.product(
        (30, 100), (5, 100), (0, 100), (0, 50), (0, 5000), (0, 100), (1, 60), (0.5, 30), (12, 120)
    )
    names = ("need_level", "ceiling", "risk", "dip", "cost", "given_up", "mean", "sd", "months")
    for corner in corners:
        settings = dict(zip(names, corner, strict=True))
        shown = view(**settings)
        assert not shown["notices"]
        said = panel(shown, "verdict")
        assert not re.search(r"\b(nan|inf|None)\b", said["text"] + shown["summary"])
        start = NormalDist(settings["mean"], settings["sd"]).cdf(10)
        if "never reaches" in said["text"]:
            assert max(start, settings["ceiling"] / 100) <= settings["need_level"] / 100
        if said["words"] == "Redesign":
            improve, redesign = (
                float(row[3].replace(",", "")) for row in panel(shown, "table", "The bill")["rows"]
            )
            assert redesign <= improve
    text = describe.as_text(views.spec(KIND), json.loads(json.dumps(view())))
    assert "ceiling of 50" in text


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"need_level": 10}, "30"),
        ({"risk": 150}, "100"),
        ({"mean": "x"}, "not a number"),
        ({"months": 3}, "12"),
    ],
)
def test_an_entry_that_cannot_be_used_says_what_would_do(params, words):
    shown = view(**params)
    assert not shown["panels"]
    (notice,) = shown["notices"]
    assert words in notice["text"]
    assert notice["control"] == next(iter(params))


def test_the_self_check_agrees_with_arithmetic_and_ten_cases_have_three_kinds_of_answer():
    controls = {control["name"]: control for control in views.spec("check-better-things")["controls"]}
    (right,) = [one for one in controls["break_even"]["answers"] if one["right"]]
    # 20 more let down for 6 months is 120; then 30 more are served each month: four months to make it good.
    assert float(right["answer"]) == 6 + 120 / 30
    cards = controls["cases"]["control"]["cards"]
    assert len(cards) == 10
    piles = [answer["answer"].rsplit(": ", 1)[1] for answer in controls["cases"]["answers"]]
    assert len(set(piles)) == 3
    assert all(2 <= piles.count(pile) <= 5 for pile in set(piles))
    assert len({answer["because"] for answer in controls["cases"]["answers"]}) == 10


def test_the_cards_can_be_answered_from_what_they_say():
    """Reading need, ceiling and new design off a card, and nothing else, sorts at least eight of the ten."""
    controls = {control["name"]: control for control in views.spec("check-better-things")["controls"]}
    control = controls["cases"]["control"]
    given = {}
    for card in control["cards"]:
        need, ceiling, new = (
            int(re.search(pattern, card["label"]).group(1))
            for pattern in (r"(\d+) needed", r"improving could reach (\d+)", r"redesign (\d+)")
        )
        risky = int(re.search(r"fails (\d+) in 10 times", card["label"]).group(1)) >= 5
        improve, redesign, neither = (pile["value"] for pile in control["piles"])
        if need > max(ceiling, new):
            given[card["value"]] = neither
        else:
            given[card["value"]] = improve if ceiling >= need or risky else redesign
    shown = views.compute("check-better-things", {"cases": given})
    assert shown["panels"][0]["right"]
    assert math.isclose(len(given), 10)
