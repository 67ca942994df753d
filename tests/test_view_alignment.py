"""The alignment matrix and catchball as readers meet them, and the self-checks of their two lessons."""

import csv
import itertools
import json
import re

import pytest

from coursekit.paths import ROOT
from improvement import views
from improvement.views import describe

with (ROOT / "datasets" / "project_portfolio.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
GOALS = [column for column in ROWS[0] if column.startswith("goal_")]
ORPHANS = [row["name"] for row in ROWS if all(row[goal] == "0" for goal in GOALS)]
PAIRS = ["Home by lunch", "Falls on the frailty wards"]
PASTED = (
    "project,team,days,service,measure,decision,goal safer,goal sooner\n"
    "capacity,quality,8,,,,,\n"
    "Falls,quality,6,wards,falls,keep,3,0\n"
    "Falls bundle,quality,5,wards,falls,merge,2,0\n"
    "Newsletter,quality,3,all,issues,stop,0,0\n"
)


def matrix(prediction="none", **params):
    return views.compute("alignment", {"prediction": prediction, **params})


def ball(prediction="all", **params):
    return views.compute("catchball", {"prediction": prediction, **params})


def panel(view, kind, start=""):
    return next(
        one
        for one in view["panels"]
        if one["type"] == kind and (one.get("heading") or one.get("title") or one.get("caption") or "").startswith(start)
    )  # fmt: skip


def side_by_side(view):
    return {row[0]: row[1:] for row in panel(view, "table", "Side by side")["rows"]}


def decided(pile, **params):
    return matrix(
        job="decide", orphans=dict.fromkeys(ORPHANS, pile), pairs=dict.fromkeys(PAIRS, "merge"), **params
    )


# The matrix


def test_before_the_guess_nothing_tells_how_many_serve_no_goal():
    seen = [one for one in views.compute("alignment", {})["panels"] if not one["reveal"]]
    assert [one["caption"] for one in seen] == ["Five teams, four chiefs"]
    assert [row[-1] for row in seen[0]["rows"]] == [6, 8, 8, 7, 5]


def test_the_guess_is_answered_with_the_count_planted_in_the_data():
    assert len(ORPHANS) == 7
    days = sum(int(row["days_a_month"]) for row in ROWS if row["name"] in ORPHANS)
    for option in views.spec("alignment")["prediction"]["control"]["options"]:
        told = panel(matrix(option["value"]), "sentence", "Your guess")["text"]
        assert "It is 7." in told
        assert (f"{days} days" in told) == (option["value"] != "seven")


def test_the_grid_counts_projects_by_goal_and_team_and_leaves_the_orphan_goal_empty():
    figure = panel(matrix(), "figure")
    for goal in GOALS:
        words = goal.removeprefix("goal_").replace("_", " ").capitalize()
        teams = [row["team"] for row in ROWS if int(row[goal])]
        if teams:
            for team in set(teams):
                assert re.search(rf"{words}: [^;]*{team} {teams.count(team)}\b", figure["description"])
        else:
            assert f"{words}: no project at all" in figure["description"]
    (empty,) = [
        mark for mark in figure["marks"] if mark["mark"] == "text" and mark["role"] == "signal_concern"
    ]
    assert (empty["y"], empty["text"]) == (["Fair access"], ["none"])
    bars = [mark for mark in figure["marks"] if mark["mark"] == "bar_x" and mark["role"] == "signal_concern"]
    assert set(bars[0]["text"]) == {"No goal"}


def test_the_same_person_is_reached_by_five_teams_whoever_it_is():
    people = next(one for one in views.spec("alignment")["controls"] if one["name"] == "person")["options"]
    for option in people[1:]:
        assert "of 5 teams" in matrix(person=option["value"])["summary"]
    home = [row for row in ROWS if row["service"] in ("community", "all services")]
    assert f"{len(home)} projects" in matrix(person="home")["summary"]
    assert {option["sector"] for option in people[1:]} == {"acute", "mental health", "community"}


def test_orphans_pairs_and_days_are_listed():
    view = matrix()
    assert [item.partition(":")[0] for item in panel(view, "listing", "Serves no goal")["items"]] == ORPHANS
    pairs = panel(view, "listing", "Same service")["items"]
    assert len(pairs) == 2
    assert "quality improvement, 7 days" in pairs[0]
    assert "programme office, 8 days" in pairs[0]
    assert panel(view, "table", "Work in progress")["rows"][-1] == ["All", 34, "198", "150", "48"]


def test_the_easy_decisions_leave_five_days_too_many_and_ask_who_chooses():
    view = decided("stop")
    facts = side_by_side(view)
    assert facts["Days taken"] == ["198", "155"]
    assert facts["Serve no goal"] == [7, 0]
    assert facts["Duplicates"] == [2, 0]
    assert facts["Goals unserved"] == [1, 1]
    assert "5 too many" in view["summary"]
    assert "Who chooses now?" in view["summary"]
    assert panel(view, "verdict")["words"] == "It does not fit"


def test_a_merger_that_saves_nothing_saves_nothing():
    assert side_by_side(decided("stop", carried=100))["Days taken"] == ["198", "168"]


def test_work_for_the_orphan_goal_costs_its_days():
    facts = side_by_side(decided("stop", add="clinical audit"))
    assert facts["Goals unserved"] == [1, 0]
    assert facts["Days taken"] == ["198", "161"]


def test_cards_not_placed_are_counted():
    assert "9 cards are still to be placed" in matrix(job="decide")["summary"]
    one = matrix(job="decide", orphans=dict.fromkeys(ORPHANS, "keep"), pairs={"Home by lunch": "keep"})
    assert "1 card is still to be placed" in one["summary"]


def test_renaming_orphans_breaks_the_score_and_stopping_them_does_not():
    renamed = matrix(job="decide", orphans=dict.fromkeys(ORPHANS, "must"))
    assert panel(renamed, "challenge")["met"]
    assert side_by_side(renamed)["Days taken"] == ["198", "198"]
    assert not panel(decided("stop"), "challenge")["met"]
    assert not panel(matrix(job="decide"), "challenge")["met"]


def test_the_x_matrix_can_be_printed_and_names_owner_measure_and_goals():
    table = panel(decided("stop"), "table", "X-matrix")
    assert views.spec("alignment")["printable"]
    assert table["columns"][:4] == ["Priority", "Owner", "Measure", "Days"]
    assert len(table["columns"]) == 4 + len(GOALS)
    falls = next(row for row in table["rows"] if row[0] == "Falls on the frailty wards")
    assert falls[1:5] == ["Patient safety", "falls with harm", "6", 3]
    assert len(table["rows"]) == 34 - 7 - 2 + 1


def test_a_pasted_portfolio_gets_its_matrix_and_its_decisions():
    view = views.compute("alignment", {"job": "own", "pasted": PASTED})
    assert not any(one["reveal"] for one in view["panels"])
    facts = side_by_side(view)
    assert facts["Projects"] == [3, 1]
    assert facts["Days taken"] == ["14", "6"]
    assert facts["Goals unserved"] == [1, 1]
    assert panel(view, "verdict")["words"] == "It fits"
    assert view["notices"] == []


@pytest.mark.parametrize("kind", ["alignment", "catchball"])
def test_a_bad_row_is_named_and_the_good_ones_are_drawn(kind):
    own = {"job": "own"} if kind == "alignment" else {"source": "own"}
    view = views.compute(kind, {**own, "pasted": f"{PASTED}Odd,quality,lots,,,,0,0\n"})
    (notice,) = view["notices"]
    assert notice["text"].startswith("Row 6, column days: “lots”")
    assert notice["control"] == "pasted"
    assert "quality" in panel(view, "figure")["description"]
    waiting = views.compute(kind, own)
    assert "Paste" in waiting["summary"]
    assert views.compute(kind, {**own, "pasted": "nonsense"})["notices"][0]["level"] == "error"


def test_a_decision_that_cannot_be_carried_out_is_named_and_the_rest_still_shown():
    view = views.compute(
        "alignment", {"job": "own", "pasted": PASTED.replace("wards,falls,keep", "wards,beds,keep")}
    )
    (notice,) = view["notices"]
    assert "Falls bundle, column decision" in notice["text"]
    assert panel(view, "figure")["title"].startswith("How many projects")


def test_more_work_than_was_there_is_told_as_new():
    view = views.compute("alignment", {"job": "own", "pasted": f"{PASTED}Fresh,quality,2,x,y,new,0,3\n"})
    facts = side_by_side(view)
    assert facts["Projects"] == [3, 2]
    assert facts["Goals unserved"] == [1, 0]


# Catchball


def test_before_the_guess_no_answer_of_the_teams_shows():
    assert all(one["reveal"] for one in views.compute("catchball", {})["panels"])


def test_everything_stays_is_the_guess_that_is_undone():
    told = panel(ball("all"), "sentence", "Your guess")["text"]
    assert "25 go on" in told
    assert "2 of the 25 serve no goal" in told
    assert panel(ball("some"), "sentence", "Your guess")["text"].startswith("You said: about 25.")


def test_three_ways_side_by_side():
    facts = side_by_side(ball())
    assert facts["Days taken"][0] == "198"
    assert [float(days) <= 150 for days in facts["Days taken"]] == [False, True, True]
    orphans = facts["Serve no goal"]
    assert orphans[0] == 7 > orphans[1] > orphans[2] == 0
    assert facts["Duplicates"][0] == 2
    assert facts["Duplicates"][2] == 0
    assert facts["Goals unserved"] == [1, 1, 1]


def test_sent_down_is_spread_thin_and_asks_nobody():
    view = ball(way="cascade")
    verdict = panel(view, "verdict")
    assert verdict["words"] == "It does not fit"
    # The programme office has 34 days for 51.
    assert "programme office gets 67% of the days it needs, and takes 1.5 times as long" in verdict["text"]
    assert panel(view, "listing", "What the teams said")["items"] == []


def test_the_board_is_asked_about_the_refusal_no_one_would_sign_and_it_goes_when_lists_are_shared():
    first = panel(ball(), "listing", "Now the board")["items"][0]
    assert "Patient safety refused Ligature risk works, which scores 3 for safe care" in first
    assert "Clinical audit keeps Lost property policy, which scores nothing" in first
    across = ball(way="across")
    assert not any("Ligature" in item for item in panel(across, "listing", "Now the board")["items"])
    assert any(
        "takes over" in item and "Ligature" in item
        for item in panel(across, "listing", "What the teams")["items"]
    )


def test_work_on_fair_access_comes_only_when_somebody_is_asked():
    for team in ("finance programme", "quality improvement"):
        facts = side_by_side(ball(add=team))
        assert facts["Goals unserved"] == [0, 0, 0]
        assert facts["Projects"][0] == 35


def test_what_may_not_be_refused_is_taken():
    view = ball(protect=True)
    refused = " ".join(panel(view, "listing", "What the teams")["items"])
    assert not re.search(r"refuses [^;]*(Ligature|Record-keeping)", refused)


def test_days_to_spare_bring_orphans_back_and_meet_the_challenge():
    assert panel(ball(way="across", capacity=150), "challenge")["met"]
    for params in ({"way": "across"}, {"way": "answer", "capacity": 150}, {"way": "cascade"}):
        assert not panel(ball(**params), "challenge")["met"]


def test_my_own_portfolio_plays_too():
    view = views.compute("catchball", {"source": "own", "pasted": PASTED, "way": "answer"})
    # Of 8 days Falls takes 6; 2 are less than half of what the bundle asks; the newsletter's 3 are trimmed to 2.
    (said,) = panel(view, "listing", "What the teams said")["items"]
    assert "takes on 1 as asked (6 days)" in said
    assert "trims Newsletter from 3 to 2" in said
    assert "refuses Falls bundle" in said
    assert not any(one["reveal"] for one in view["panels"] if one["type"] != "challenge")


def test_every_corner_gives_whole_sentences():
    corners = itertools.product(
        ("cascade", "answer", "across"), (60, 100, 150), ("nobody", "clinical audit"), (False, True)
    )
    views_of = [ball(way=way, capacity=days, add=who, protect=must) for way, days, who, must in corners]
    views_of += [
        decided(pile, carried=carried) for pile in ("keep", "stop", "must") for carried in (0, 55, 100)
    ]
    tiny = "project,team,days,goal a\nOne,us,1,0\n"
    views_of += [
        views.compute("alignment", {"job": "own", "pasted": tiny}),
        views.compute("catchball", {"source": "own", "pasted": tiny}),
        views.compute("catchball", {"source": "own", "pasted": f"{tiny}capacity,us,0,", "way": "cascade"}),
    ]  # fmt: skip
    for kind, view in zip(["catchball"] * 36 + ["alignment"] * 10 + ["catchball"] * 2, views_of, strict=True):
        assert view["panels"]
        text = describe.as_text(views.spec(kind), json.loads(json.dumps(view)))
        assert not re.search(
            r"\b(nan|inf|None(?! is left)|1 projects|1 days|1 teams|1 measures|1 cards)\b|\(No days|\.\.",
            text,
        )


# The self-checks


def test_the_self_checks_compute_what_hand_arithmetic_gives():
    # 4 + 3 days of orphans; (6 + 4) of 15 days; 11 - 6 days left for Stock.
    right = views.compute("check-separate-teams", {"orphan_days": 7})
    assert right["panels"][0]["right"]
    right = views.compute("check-strategy-deployment", {"score": 66.7, "trim": 5})
    assert [one["right"] for one in right["panels"]] == [True, True]


@pytest.mark.parametrize("kind", ["check-separate-teams", "check-strategy-deployment"])
def test_every_answer_has_a_reason_of_its_own(kind):
    for question in views.spec(kind)["controls"]:
        reasons = [answer["because"] for answer in question["answers"]]
        assert len(set(reasons)) == len(reasons)
