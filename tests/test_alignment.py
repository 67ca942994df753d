"""Alignment and catchball: counts planted in D10, sums by hand, and rules re-enacted without the code under test."""

import csv
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.paths import ROOT
from improvement import alignment
from improvement.alignment import Portfolio, Project, Team

GOALS = ("Safer", "Sooner")


def small(*projects, capacity=(10, 10)):
    """Two teams, a and b; each project is (name, team, days, scores[, service, measure])."""
    return Portfolio(
        GOALS,
        tuple(Team(name, days) for name, days in zip("ab", capacity, strict=True)),
        tuple(Project(*project) for project in projects),
    )


def rows():
    with (ROOT / "datasets" / "project_portfolio.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trust():
    with (ROOT / "datasets" / "portfolio_teams.csv").open(encoding="utf-8", newline="") as file:
        teams = tuple(Team(row["team"], int(row["days_a_month"])) for row in csv.DictReader(file))
    goals = tuple(column for column in rows()[0] if column.startswith("goal_"))
    return Portfolio(
        goals,
        teams,
        tuple(
            Project(
                row["name"],
                row["team"],
                int(row["days_a_month"]),
                tuple(int(row[goal]) for goal in goals),
                row["service"],
                row["measure"],
            )
            for row in rows()
        ),
    )


def names(projects):
    return [project.name for project in projects]


# What is there


def test_what_was_planted_in_the_trust_is_found_exactly():
    whole = trust()
    assert set(names(alignment.orphan_projects(whole))) == {
        "New intranet pages", "Meeting room refresh", "Record-keeping annual audit", "Legacy dashboard upkeep",
        "Nutrition audit", "Hand hygiene posters", "Lost property policy",
    }  # fmt: skip
    assert alignment.orphan_goals(whole) == ("goal_fair_access",)
    assert [set(names(same)) for same in alignment.duplicates(whole)] == [
        {"Home by lunch", "Early discharge programme"},
        {"Falls on the frailty wards", "Falls prevention bundle"},
    ]
    assert (whole.days, whole.capacity) == (198, 150)
    assert [(load.projects, load.days, load.capacity) for load in alignment.loads(whole)] == [
        (6, 38, 32), (8, 51, 34), (8, 49, 40), (7, 38, 26), (5, 22, 18),
    ]  # fmt: skip


def test_the_score_is_the_days_weighted_by_the_best_score_of_each_project():
    weighed = sum(
        int(row["days_a_month"]) * max(int(row[goal]) for goal in row if goal.startswith("goal_")) / 3
        for row in rows()
    )
    assert alignment.score(trust()) == pytest.approx(weighed / 198)
    # 6 days at 3, 3 days at 2 and 1 day at nothing: (6 + 2) of 10.
    assert alignment.score(
        small(("x", "a", 6, (3, 0)), ("y", "a", 3, (1, 2)), ("z", "b", 1, (0, 0)))
    ) == pytest.approx(0.8)
    assert alignment.score(small()) == 0


def test_what_must_be_done_is_no_orphan_and_no_improvement_but_takes_its_days():
    before = small(("x", "a", 6, (3, 0)), ("law", "a", 4, (0, 0)))
    after = alignment.require(before, ["law"])
    assert names(alignment.orphan_projects(before)) == ["law"]
    assert alignment.orphan_projects(after) == ()
    assert alignment.score(after) == 1
    assert after.days == before.days


def test_a_team_over_its_days_gives_each_project_a_share():
    (load, idle) = alignment.loads(small(("x", "a", 16, (3, 0))))
    assert (load.over, load.share) == (6, 0.625)
    assert (idle.projects, idle.over, idle.share) == (0, 0, 1)


def test_a_duplicate_needs_both_service_and_measure_and_does_not_mind_capitals():
    portfolio = small(
        ("x", "a", 1, (1, 0), "Ward", "falls"),
        ("y", "b", 1, (1, 0), "ward ", "Falls"),
        ("z", "b", 1, (1, 0), "ward", "sores"),
        ("v", "a", 1, (1, 0)),
        ("w", "b", 1, (1, 0)),
    )
    assert [names(same) for same in alignment.duplicates(portfolio)] == [["x", "y"]]


# What decisions do


def test_stopping_and_merging_leave_168_then_155_days():
    whole = trust()
    stopped = alignment.stop(whole, names(alignment.orphan_projects(whole)))
    assert stopped.days == 168
    decided = alignment.decide(stopped, {"Home by lunch": "merge", "Falls on the frailty wards": "merge"})
    assert decided.days == 155
    assert alignment.duplicates(decided) == ()
    # Half of 7 and of 6 days is carried over.
    half = alignment.decide(
        stopped, {"Home by lunch": "merge", "Falls on the frailty wards": "merge"}, carried=0.5
    )
    assert half.days == pytest.approx(155 + 3.5 + 3)


def test_a_merger_keeps_the_longer_project_and_the_better_scores():
    merged = alignment.merge(small(("x", "a", 3, (3, 0)), ("y", "b", 5, (1, 2))), ["x", "y"], carried=1 / 3)
    assert merged.projects == (Project("y", "b", 6, (3, 2)),)


def test_adding_work_gives_a_goal_somebody():
    before = small(("x", "a", 3, (3, 0)))
    after = alignment.add(before, Project("y", "b", 2, (0, 3)))
    assert alignment.orphan_goals(before) == ("Sooner",)
    assert alignment.orphan_goals(after) == ()
    assert after.days == 5


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ({"x": "burn"}, "x, column decision: 'burn'"),
        ({"q": "stop"}, "no project called 'q'"),
        ({"x": "merge"}, "nothing to merge it with"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_says_why(decisions, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        alignment.decide(small(("x", "a", 3, (3, 0))), decisions)


# Catchball


def test_a_list_that_is_sent_down_comes_back_as_it_was():
    sent = alignment.catchball(trust(), "cascade")
    assert sent.agreed == trust()
    assert {answer.kind for answer in sent.answers} == {"accept"}


def test_a_team_accepts_trims_and_refuses_by_the_stated_order():
    # Of 10 days: x takes 4 (strongest), y 3, z wants 5 and gets 3 (more than half), v wants 7 and is refused.
    asked = small(
        ("v", "a", 7, (1, 0)), ("z", "a", 5, (2, 0)), ("y", "a", 3, (2, 0)), ("x", "a", 4, (3, 0)),
        ("other", "b", 2, (0, 0)),
    )  # fmt: skip
    held = alignment.catchball(asked, "answer")
    assert [(answer.project.name, answer.kind, answer.days) for answer in held.answers] == [
        ("v", "refuse", 0), ("z", "trim", 3), ("y", "accept", 3), ("x", "accept", 4), ("other", "accept", 2),
    ]  # fmt: skip
    assert held.agreed.days == 12
    strict = alignment.catchball(asked, "answer", least=0.7)
    assert [answer.kind for answer in strict.answers][1] == "refuse"


def test_what_must_be_done_is_taken_even_beyond_the_days():
    asked = alignment.require(small(("law", "a", 12, (0, 0)), ("x", "a", 1, (3, 0))), ["law"])
    held = alignment.catchball(asked, "answer")
    assert [answer.kind for answer in held.answers] == ["accept", "refuse"]
    assert held.agreed.days == 12


def test_across_merges_first_then_lends_days_to_what_serves_a_goal_and_to_nothing_else():
    asked = small(
        ("pair one", "a", 4, (3, 0), "ward", "falls"), ("pair two", "b", 5, (3, 0), "ward", "falls"),
        ("big", "a", 10, (3, 0)), ("late", "a", 4, (2, 0)), ("idle", "a", 3, (0, 0)),
    )  # fmt: skip
    held = alignment.catchball(asked, "across", carried=0)
    said = {answer.project.name: answer for answer in held.answers}
    assert (said["pair one"].kind, said["pair one"].into) == ("merge", "pair two")
    assert (said["late"].kind, said["late"].team, said["late"].days) == ("move", "b", 4)
    # One day is left with b; it is not for work that serves no goal.
    assert said["idle"].kind == "refuse"
    assert held.agreed.of("b") == (replace(asked.projects[1]), replace(asked.projects[3], team="b"))


def test_across_trims_at_home_first_and_abroad_next():
    home = small(("x", "a", 6, (3, 0)), ("y", "a", 7, (2, 0)), ("z", "b", 6, (3, 0)))
    (_, trimmed, _) = alignment.catchball(home, "across").answers
    assert (trimmed.kind, trimmed.team, trimmed.days) == ("trim", "a", 4)
    abroad = small(("x", "a", 9, (3, 0)), ("y", "a", 7, (2, 0)), ("z", "b", 6, (3, 0)))
    (_, trimmed, _) = alignment.catchball(abroad, "across").answers
    assert (trimmed.kind, trimmed.team, trimmed.days) == ("trim", "b", 4)


def team_by_team(capacity):
    """The trust's teams answering by the stated rule, from the CSV file alone: {name: days} of what goes on."""
    with (ROOT / "datasets" / "portfolio_teams.csv").open(encoding="utf-8", newline="") as file:
        days = {row["team"]: int(row["days_a_month"]) * capacity for row in csv.DictReader(file)}
    going = {}
    for team, free in days.items():
        mine = [row for row in rows() if row["team"] == team]
        scores = {row["name"]: [int(row[goal]) for goal in row if goal.startswith("goal_")] for row in mine}
        mine.sort(
            key=lambda row: (-max(scores[row["name"]]), -sum(scores[row["name"]]), int(row["days_a_month"]))
        )
        for row in mine:
            wanted = int(row["days_a_month"])
            given = wanted if wanted <= free else free if 2 * free >= wanted else 0
            if given:
                going[row["name"]] = given
            free -= given
    return going


@pytest.mark.parametrize("capacity", [0.6, 1, 1.5])
def test_the_trusts_teams_answer_as_the_rule_re_enacted(capacity):
    agreed = alignment.catchball(trust(), "answer", capacity=capacity).agreed
    expected = team_by_team(capacity)
    assert {project.name: project.days for project in agreed.projects} == pytest.approx(expected)


def test_catchball_cuts_work_in_progress_and_orphans_where_a_cascade_keeps_them():
    sent, answered, across = (alignment.catchball(trust(), way).agreed for way in alignment.WAYS)
    assert len(alignment.orphan_projects(sent)) == 7 > len(alignment.orphan_projects(answered))
    assert alignment.orphan_projects(across) == ()
    assert alignment.duplicates(across) == ()
    assert sent.days == 198
    assert max(answered.days, across.days) <= 150
    assert alignment.score(sent) < alignment.score(answered) < alignment.score(across)
    # A goal of which nobody was asked anything stays alone in all three.
    assert {alignment.orphan_goals(one) for one in (sent, answered, across)} == {("goal_fair_access",)}


PROJECTS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.integers(1, 12),
        st.tuples(st.integers(0, 3), st.integers(0, 3)),
        st.sampled_from(["", "ward", "clinic"]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(PROJECTS, st.integers(0, 30), st.integers(0, 30), st.sampled_from(alignment.WAYS))
def test_no_round_loses_a_project_or_spends_days_a_team_has_not_got(made, first, second, way):
    asked = Portfolio(
        GOALS,
        (Team("a", first), Team("b", second)),
        tuple(
            Project(str(place), team, days, scores, service, "falls", must)
            for place, (team, days, scores, service, must) in enumerate(made)
        ),
    )
    held = alignment.catchball(asked, way)
    assert names(answer.project for answer in held.answers) == names(asked.projects)
    going = {answer.project.name for answer in held.answers if answer.days}
    assert going == {project.name for project in held.agreed.projects}
    for answer in held.answers:
        if answer.kind == "trim":
            assert answer.project.days / 2 - 1e-9 <= answer.days < answer.project.days
        if answer.project.must:
            assert answer.kind in ("accept", "move", "merge")
    if way != "cascade" and not any(project.must for project in asked.projects):
        assert all(load.over <= 1e-9 for load in alignment.loads(held.agreed))


@pytest.mark.parametrize(
    ("arguments", "word"), [({"way": "up"}, "way"), ({"least": 0}, "least"), ({"capacity": -1}, "capacity"), ({"carried": 2, "way": "across"}, "carried")]
)  # fmt: skip
def test_a_parameter_out_of_range_is_named(arguments, word):
    pair = small(("x", "a", 3, (3, 0), "ward", "falls"), ("y", "b", 3, (3, 0), "ward", "falls"))
    with pytest.raises(ValueError, match=f"^{word} must be"):
        alignment.catchball(pair, **{"way": "answer", **arguments})


@pytest.mark.parametrize(
    ("project", "words"),
    [
        (("y", "c", 3, (3, 0)), "project 2 (y), column team"),
        (("y", "a", 0, (3, 0)), "project 2 (y), column days"),
        (("y", "a", 3, (3, 4)), "project 2 (y), column Sooner"),
        (("y", "a", 3, (3,)), "project 2 (y): 1 scores for 2 goals"),
        (("x", "a", 3, (3, 0)), "project 2, column name"),
    ],
)
def test_a_portfolio_names_the_row_and_the_column_that_is_wrong(project, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        small(("x", "a", 3, (3, 0)), project)


# A portfolio that somebody pasted

PASTED = """project,team,days,service,measure,decision,goal safer,goal_sooner,started
capacity,Quality,10,,,,,,
Falls,Quality,6,wards,falls,keep,3,,2026
Falls bundle,quality,5,wards,falls,merge,2,0,
Newsletter,Office,3,all,issues,stop,0,0,
"""


def test_a_pasted_table_is_read_with_its_days_goals_and_decisions():
    read = alignment.read_portfolio(PASTED)
    assert read.portfolio.goals == ("Safer", "Sooner")
    assert read.portfolio.teams == (Team("Quality", 10), Team("Office", 3))
    assert read.portfolio.projects[1] == Project("Falls bundle", "Quality", 5, (2, 0), "wards", "falls")
    assert read.decisions == {"Falls": "keep", "Falls bundle": "merge", "Newsletter": "stop"}
    assert read.unread == ()
    assert any("Office" in note and "capacity" in note for note in read.notes)
    assert any("started" in note for note in read.notes)


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_tabs_and_semicolons_do_as_well(mark):
    assert (
        alignment.read_portfolio(PASTED.replace(",", mark)).portfolio
        == alignment.read_portfolio(PASTED).portfolio
    )


def test_the_courses_own_file_can_be_pasted():
    text = (ROOT / "datasets" / "project_portfolio.csv").read_text(encoding="utf-8")
    read = alignment.read_portfolio(text)
    assert names(read.portfolio.projects) == names(trust().projects)
    assert len(alignment.orphan_projects(read.portfolio)) == 7
    assert alignment.orphan_goals(read.portfolio) == ("Fair access",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Bad,Quality,many,,,,0,0,", "Row 6, column days: “many”"),
        ("Bad,Quality,0,,,,0,0,", "Row 6, column days: “0”"),
        ("Bad,Quality,2,,,,0,5,", "Row 6, column Sooner: “5”"),
        (",Quality,2,,,,0,1,", "Row 6, column project"),
        ("Bad,,2,,,,0,1,", "Row 6, column team"),
        ("falls,Quality,2,,,,0,1,", "Row 6, column project: “falls”"),
        ("Bad,Quality,2,,,burn,0,1,", "Row 6, column decision: “burn”"),
        ("Bad, worse,Quality,2,,,,0,1,2026", "Row 6: 10 cells"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_costs_no_other(line, words):
    read = alignment.read_portfolio(PASTED + line)
    (problem,) = read.unread
    assert problem.startswith(words)
    assert names(read.portfolio.projects) == ["Falls", "Falls bundle", "Newsletter"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing was pasted"),
        ("Falls,Quality,6,3", "no column called project or team or days"),
        ("project,team,days\nFalls,Quality,6", "No column of scores"),
        ("project,team,days,goal a\nFalls,Quality,x,3", "Row 2, column days"),
        ("project,team,days,goal a,goal A\nFalls,Quality,1,3,3", "Two columns"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_to_paste(text, words):
    with pytest.raises(ValueError, match=words):
        alignment.read_portfolio(text)


def test_goal_columns_are_known_by_their_scores_when_none_is_called_goal():
    read = alignment.read_portfolio(
        "project,team,days,lead,safer\nFalls,Quality,6,Jo,3\nPosters,Quality,2,Sam,0"
    )
    assert read.portfolio.goals == ("Safer",)
    assert any("lead" in note for note in read.notes)
