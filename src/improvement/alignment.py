"""W24 alignment: what projects do for goals, what they cost against the days there are, and a round of catchball.

**Alignment.** Project p takes d_p days a month and scores a_pg on goal g: 0 not at all, 1 somebody hopes so, 2 it
contributes and says how, 3 it is there for this goal. Its strength is s_p = max over g of a_pg / 3. Over all projects but
those that must be done anyway (`must`: law, safety of the building), which are no improvement work,

    alignment score = sum of d_p s_p / sum of d_p                 the weighted share of effort on goals.

An orphan project scores 0 on every goal and is no must; an orphan goal has 0 from every project. Duplicates have the
same service and the same measure.

**Catchball.** Team t has C_t days a month and its projects ask for L_t = sum of d_p. There are three ways to deploy.

- *cascade*: the list is sent down and nobody may answer. Every project is accepted in full, and a project of team t then
  gets the share min(1, C_t / L_t) of the days it needs.
- *answer*: each team takes its own projects in the order: musts; then strength, falling; then the sum of a_pg, falling;
  then d_p, rising; then their place in the list. With F_t days free (C_t at the start) it

      accepts d_p              if d_p <= F_t or p is a must,
      trims to F_t             if least * d_p <= F_t < d_p,
      refuses                  otherwise,

  and takes what it gave from F_t.
- *across*: teams also see each other's lists. First each set of duplicates is merged into its longest project. Then the
  projects of all teams stand in one list, in the same order, and each is offered in turn to its own team and, if it serves
  a goal, to the team with most days free: accepted by the first that has d_p; else trimmed by the first that has
  least * d_p; else refused.

A merger keeps the longer project, with the better of the scores on each goal, and adds `carried` times the days of those
it takes in. The rules are this course's own, made to be argued with; they stand for a conversation.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

HIGHEST = 3
LEAST = 0.5  # a project offered less than this share of its days is better refused
WAYS = ("cascade", "answer", "across")
DECISIONS = ("keep", "stop", "merge", "must", "new")
MOST_PROJECTS, MOST_TEAMS, MOST_GOALS = 60, 8, 8


@dataclass(frozen=True)
class Team:
    """A team and the days a month it has for projects."""

    name: str
    capacity: float


@dataclass(frozen=True)
class Project:
    """A project: the days a month it takes of its team, and a score of 0 to 3 for each goal of its portfolio."""

    name: str
    team: str
    days: float
    scores: tuple[int, ...]
    service: str = ""
    measure: str = ""
    must: bool = False

    @property
    def strength(self) -> float:
        """Return how firmly it is tied to the goal it serves best, from 0 to 1."""
        return max(self.scores) / HIGHEST

    @property
    def orphan(self) -> bool:
        return not any(self.scores) and not self.must


@dataclass(frozen=True)
class Portfolio:
    """Goals, teams and projects. Raises ValueError naming the project (counted from 1) and the column that is wrong."""

    goals: tuple[str, ...]
    teams: tuple[Team, ...]
    projects: tuple[Project, ...]

    def __post_init__(self) -> None:
        if not self.goals:
            raise ValueError("A portfolio needs at least one goal.")
        for what, names in (
            ("goal", self.goals),
            ("team", [team.name for team in self.teams]),
            ("project", [project.name for project in self.projects]),
        ):
            for row, name in enumerate(names, start=1):
                if not name.strip() or name in names[: row - 1]:
                    raise ValueError(
                        f"{what} {row}, column name: {name!r} is empty or given twice. Name each {what} once."
                    )
        for row, team in enumerate(self.teams, start=1):
            if not (math.isfinite(team.capacity) and team.capacity >= 0):
                raise ValueError(
                    f"team {row} ({team.name}), column capacity: {team.capacity!r} is not days a month. "
                    "Give 0 or more."
                )
        known = {team.name for team in self.teams}
        for row, project in enumerate(self.projects, start=1):
            where = f"project {row} ({project.name})"
            if project.team not in known:
                raise ValueError(
                    f"{where}, column team: there is no team {project.team!r}. There are: {', '.join(known)}."
                )
            if not (math.isfinite(project.days) and project.days > 0):
                raise ValueError(
                    f"{where}, column days: {project.days!r} is not days a month. Give more than 0."
                )
            if len(project.scores) != len(self.goals):
                raise ValueError(
                    f"{where}: {len(project.scores)} scores for {len(self.goals)} goals. Give one for each goal."
                )
            for goal, score in zip(self.goals, project.scores, strict=True):
                if isinstance(score, bool) or score not in range(HIGHEST + 1):
                    raise ValueError(f"{where}, column {goal}: {score!r} is not a score. Give 0, 1, 2 or 3.")

    @property
    def days(self) -> float:
        """Return the days a month that all projects take together."""
        return math.fsum(project.days for project in self.projects)

    @property
    def capacity(self) -> float:
        """Return the days a month that all teams have together."""
        return math.fsum(team.capacity for team in self.teams)

    def of(self, team: str) -> tuple[Project, ...]:
        """Return the projects of one team."""
        return tuple(project for project in self.projects if project.team == team)


@dataclass(frozen=True)
class Load:
    """A team's projects in days a month, against the days it has."""

    team: str
    projects: int
    days: float
    capacity: float

    @property
    def over(self) -> float:
        """Return the days too many, 0 when the work fits."""
        return max(0.0, self.days - self.capacity)

    @property
    def share(self) -> float:
        """Return the share of the days they need that its projects can get, at most 1."""
        return min(1.0, self.capacity / self.days) if self.days else 1.0


@dataclass(frozen=True)
class Answer:
    """What became of a project, as it stood after any merger: `kind` is accept, trim, move, refuse or merge.

    `team` gives it `days` a month (0 when refused or merged); `into` names the project that took in a merged one.
    """

    project: Project
    kind: str
    team: str
    days: float
    into: str = ""


@dataclass(frozen=True)
class Round:
    """A round of deployment: every project's answer, in the order of the portfolio, and the portfolio agreed."""

    way: str
    answers: tuple[Answer, ...]
    agreed: Portfolio

    def answered(self, kind: str) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.kind == kind)


@dataclass(frozen=True)
class Reading:
    """A pasted portfolio: the good rows, what was decided for each by name, the bad rows with what to mend, and notes."""

    portfolio: Portfolio
    decisions: Mapping[str, str]
    unread: tuple[str, ...]
    notes: tuple[str, ...]


def orphan_projects(portfolio: Portfolio) -> tuple[Project, ...]:
    """Return the projects that serve no goal and are not musts."""
    return tuple(project for project in portfolio.projects if project.orphan)


def orphan_goals(portfolio: Portfolio) -> tuple[str, ...]:
    """Return the goals that no project serves."""
    return tuple(
        goal
        for place, goal in enumerate(portfolio.goals)
        if not any(project.scores[place] for project in portfolio.projects)
    )


def duplicates(portfolio: Portfolio) -> tuple[tuple[Project, ...], ...]:
    """Return each set of two or more projects with the same service and measure, whatever their teams."""
    sets: dict[tuple[str, str], list[Project]] = {}
    for project in portfolio.projects:
        key = (_plain(project.service), _plain(project.measure))
        if all(key):
            sets.setdefault(key, []).append(project)
    return tuple(tuple(same) for same in sets.values() if len(same) > 1)


def loads(portfolio: Portfolio) -> tuple[Load, ...]:
    """Return each team's work in progress against its capacity, in the order of the teams."""
    return tuple(
        Load(
            team.name,
            len(portfolio.of(team.name)),
            math.fsum(project.days for project in portfolio.of(team.name)),
            team.capacity,
        )
        for team in portfolio.teams
    )


def score(portfolio: Portfolio) -> float:
    """Return the alignment score, from 0 to 1; 0 when there is no work to weigh."""
    weighed = [project for project in portfolio.projects if not project.must]
    total = math.fsum(project.days for project in weighed)
    return math.fsum(project.days * project.strength for project in weighed) / total if total else 0.0


def stop(portfolio: Portfolio, names: Iterable[str]) -> Portfolio:
    """Return the portfolio without the projects named. Raises ValueError for a name it does not hold."""
    gone = set(_held(portfolio, names))
    return replace(portfolio, projects=tuple(p for p in portfolio.projects if p.name not in gone))


def add(portfolio: Portfolio, project: Project) -> Portfolio:
    """Return the portfolio with one project more."""
    return replace(portfolio, projects=(*portfolio.projects, project))


def require(portfolio: Portfolio, names: Iterable[str]) -> Portfolio:
    """Return the portfolio with the projects named marked as musts. Raises ValueError for a name it does not hold."""
    musts = set(_held(portfolio, names))
    return replace(
        portfolio,
        projects=tuple(replace(p, must=True) if p.name in musts else p for p in portfolio.projects),
    )


def merge(portfolio: Portfolio, names: Sequence[str], *, carried: float = 0.0) -> Portfolio:
    """Return the portfolio with the projects named merged into the one that takes most days (the first, on a tie).

    Raises ValueError for a name the portfolio does not hold, fewer than two names, or `carried` outside 0 to 1.
    """
    if not 0 <= carried <= 1:
        raise ValueError(f"carried must be from 0 to 1, but it is {carried!r}")
    held = set(_held(portfolio, names))
    same = [project for project in portfolio.projects if project.name in held]
    if len(same) < 2:
        raise ValueError(
            f"A merger needs two projects or more, but only {', '.join(held) or 'none'} was named."
        )
    keeper = max(same, key=lambda project: project.days)
    taken = [project for project in same if project is not keeper]
    joined = replace(
        keeper,
        days=keeper.days + carried * math.fsum(project.days for project in taken),
        scores=tuple(map(max, zip(*(project.scores for project in same), strict=True))),
        must=any(project.must for project in same),
    )
    return replace(
        portfolio,
        projects=tuple(joined if p is keeper else p for p in portfolio.projects if p not in taken),
    )


def decide(portfolio: Portfolio, decisions: Mapping[str, str], *, carried: float = 0.0) -> Portfolio:
    """Return the portfolio after decisions by project name: keep, stop, merge, must or new (as keep).

    Projects marked merge join their duplicates, whatever those are marked, unless they are stopped. Raises ValueError
    for a decision that is none of these, a name the portfolio does not hold, or a merger without a duplicate to join.
    """
    for name, decision in decisions.items():
        if decision not in DECISIONS:
            raise ValueError(
                f"{name}, column decision: {decision!r} is no decision. Write one of {', '.join(DECISIONS)}."
            )
    after = stop(portfolio, [name for name, decision in decisions.items() if decision == "stop"])
    after = require(after, [name for name, decision in decisions.items() if decision == "must"])
    waiting = {name for name, decision in decisions.items() if decision == "merge"}
    _held(after, waiting)
    for same in duplicates(after):
        names = [project.name for project in same]
        if waiting & set(names):
            after = merge(after, names, carried=carried)
            waiting -= set(names)
    if waiting:
        name = sorted(waiting)[0]
        raise ValueError(
            f"{name}, column decision: there is nothing to merge it with. Give the two projects the same service "
            "and the same measure."
        )
    return after


def catchball(
    portfolio: Portfolio, way: str, *, capacity: float = 1.0, least: float = LEAST, carried: float = 0.0
) -> Round:
    """Return a round of deployment by the rules at the head of this module.

    Parameters:
        way: "cascade", "answer" or "across".
        capacity: what every team's days are multiplied by.
        least: the least share of its days at which a trimmed project is still worth running, above 0 and up to 1.
        carried: the share of a merged project's days that the keeper takes on.

    Raises ValueError naming a parameter that is out of range.
    """
    if way not in WAYS:
        raise ValueError(f"way must be one of {', '.join(WAYS)}, but it is {way!r}")
    if not (math.isfinite(capacity) and capacity >= 0):
        raise ValueError(f"capacity must be 0 or more, but it is {capacity!r}")
    if not 0 < least <= 1:
        raise ValueError(f"least must be above 0 and at most 1, but it is {least!r}")
    teams = tuple(replace(team, capacity=team.capacity * capacity) for team in portfolio.teams)
    offered = replace(portfolio, teams=teams)
    merged: dict[str, str] = {}
    if way == "across":
        for same in duplicates(offered):
            offered = merge(offered, [project.name for project in same], carried=carried)
            (keeper,) = (p.name for p in same if p.name in {held.name for held in offered.projects})
            merged |= {project.name: keeper for project in same if project.name != keeper}
    given = _answers(offered, way, least)
    answers = tuple(
        Answer(project, "merge", project.team, 0.0, merged[project.name])
        if project.name in merged
        else given[project.name]
        for project in portfolio.projects
    )
    running = {answer.project.name: answer for answer in given.values() if answer.days}
    agreed = tuple(
        replace(project, team=running[project.name].team, days=running[project.name].days)
        for project in offered.projects
        if project.name in running
    )
    return Round(way, answers, replace(offered, projects=agreed))


def _answers(offered: Portfolio, way: str, least: float) -> dict[str, Answer]:
    if way == "cascade":
        return {p.name: Answer(p, "accept", p.team, p.days) for p in offered.projects}
    free = {team.name: team.capacity for team in offered.teams}
    answers = {}
    for project in sorted(offered.projects, key=lambda p: (not p.must, -p.strength, -sum(p.scores), p.days)):
        asked = [project.team]
        if way == "across" and project.strength:
            asked.append(max(free, key=lambda name: free[name]))
        answer = _answer(project, asked, free, least)
        free[answer.team] -= answer.days
        answers[project.name] = answer
    return answers


def _answer(project: Project, asked: Sequence[str], free: Mapping[str, float], least: float) -> Answer:
    """What the teams asked, in turn, say to a project. A hair's breadth of a day decides nothing."""
    for team in asked:
        if free[team] >= project.days - 1e-9:
            return Answer(project, "accept" if team == project.team else "move", team, project.days)
    if project.must:
        return Answer(project, "accept", project.team, project.days)
    for team in asked:
        if free[team] >= least * project.days - 1e-9:
            return Answer(project, "trim", team, free[team])
    return Answer(project, "refuse", project.team, 0.0)


def read_portfolio(text: str) -> Reading:
    """Return the portfolio in a table that somebody pasted: a heading row, then one project a row.

    Tabs, semicolons or commas part the cells. Needed columns: project (or name), team, days. Every other column whose
    heading begins with "goal" is a goal; without any such heading, every column of scores is. A score is 0 to 3, empty
    for 0. Optional columns: service, measure and decision (keep, stop, merge, must, new). A row whose project is
    "capacity" gives the days a month its team has; without one, what the team has taken on counts.

    A row that cannot be read is named in `unread` with what to mend, and costs no other row. Raises ValueError, saying
    what to do, when a needed column or every row is missing.
    """
    rows = _cells(text)
    if not rows:
        raise ValueError("Nothing was pasted. Copy the cells with their heading row and paste them here.")
    (_, heading), body = rows[0], rows[1:]
    columns = _columns(heading)
    notes: list[str] = []
    goals = _goal_columns(heading, columns, body, notes)
    if len(goals) > MOST_GOALS:
        raise ValueError(
            f"{len(goals)} goals is more than this page holds ({MOST_GOALS}). Fewer goals is the point."
        )
    names = {place: _goal_name(heading[place]) for place in goals}
    teams: dict[str, str] = {}
    capacities: dict[str, float] = {}
    projects: list[Project] = []
    decisions: dict[str, str] = {}
    unread: list[str] = []
    for row, cells in body:
        try:
            if len(cells) > len(heading) and any(cells[len(heading) :]):
                raise ValueError(
                    f"Row {row}: {len(cells)} cells under a heading of {len(heading)}. A comma inside a name makes a cell of its "
                    "own: take it out, or paste straight from the spreadsheet."
                )
            cells = [*cells, *[""] * (len(heading) - len(cells))]
            named = _needed(row, cells, columns, "team")
            if _plain(named) not in teams and len(teams) == MOST_TEAMS:
                raise ValueError(
                    f"Row {row}, column team: this page holds {MOST_TEAMS} teams. Paste the rest on their own."
                )
            team = teams.setdefault(_plain(named), named)
            if _plain(cells[columns["project"]]) == "capacity":
                capacities[team] = _days(row, cells, columns, least=0)
                continue
            project = _project(row, cells, columns, names, team)
            if _plain(project.name) in {_plain(held.name) for held in projects}:
                raise ValueError(
                    f"Row {row}, column project: “{project.name}” stands there twice. Give each its own name."
                )
            if len(projects) == MOST_PROJECTS:
                raise ValueError(
                    f"Row {row}: this page holds {MOST_PROJECTS} projects. Paste the rest on their own."
                )
            decisions[project.name] = _decision(row, cells, columns)
            projects.append(project)
        except ValueError as error:
            unread.append(str(error))
    if not projects:
        raise ValueError(" ".join(["No project could be read.", *unread[:3]]))
    taken = {team: math.fsum(p.days for p in projects if p.team == team) for team in teams.values()}
    unknown = [team for team, days in taken.items() if days and team not in capacities]
    if unknown:
        notes.append(
            f"No days are given for {', '.join(unknown)}, so what they have taken on counts as what they have. Add a row: "
            f"capacity, {unknown[0]}, and the days."
        )
    if not {"service", "measure"} <= set(columns):
        notes.append("Without the columns service and measure, duplicates cannot be found.")
    had = tuple(
        Team(team, capacities.get(team, days)) for team, days in taken.items() if days or team in capacities
    )
    return Reading(
        Portfolio(tuple(names.values()), had, tuple(projects)), decisions, tuple(unread), tuple(notes)
    )


_HEADINGS = {
    "project": r"name|project name|project|initiative|title",
    "team": r"team|owner|run by",
    "days": r"days|days a month|days per month|effort",
    "service": r"service|where|department",
    "measure": r"measure|indicator|metric",
    "decision": r"decision|decide",
}


def _cells(text: str) -> list[tuple[int, list[str]]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    filled = [(row, line) for row, line in enumerate(lines, start=1) if line.strip(" \t;,")]
    if not filled:
        return []
    mark = next((one for one in "\t;" if one in filled[0][1]), ",")
    quoting = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    return [
        (row, [" ".join(cell.split()) for cell in next(csv.reader([line], delimiter=mark, quoting=quoting))])
        for row, line in filled
    ]


def _columns(heading: Sequence[str]) -> dict[str, int]:
    plain = [_plain(words) for words in heading]
    found = {}
    for column, pattern in _HEADINGS.items():
        # The pattern's order counts: a list that numbers its projects has a name as well.
        for words in pattern.split("|"):
            if words in plain:
                found[column] = plain.index(words)
                break
    missing = [column for column in ("project", "team", "days") if column not in found]
    if missing:
        raise ValueError(
            f"The first row has no column called {' or '.join(missing)}. Paste the heading row too: project, team, days, "
            "then a column for each goal."
        )
    return found


def _goal_columns(
    heading: Sequence[str],
    columns: Mapping[str, int],
    body: Sequence[tuple[int, Sequence[str]]],
    notes: list[str],
) -> list[int]:
    others = [place for place, words in enumerate(heading) if words and place not in columns.values()]
    goals = [place for place in others if _plain(heading[place]).startswith("goal")]
    if not goals:
        projects = [cells for _, cells in body if _plain(cells[0]) != "capacity"]
        goals = [
            place
            for place in others
            if sum(len(cells) > place and cells[place] in ("", "0", "1", "2", "3") for cells in projects) * 2
            > len(projects)
        ]
    if not goals:
        raise ValueError(
            "No column of scores was found. Give each goal a column, and each project 0, 1, 2 or 3 in it."
        )
    spare = [heading[place] for place in others if place not in goals]
    if spare:
        notes.append(f"Left out: {', '.join(spare)}.")
    repeated = [_goal_name(heading[place]) for place in goals]
    twice = next((name for name in repeated if repeated.count(name) > 1), None)
    if twice:
        raise ValueError(f"Two columns are called {twice}. Give each goal a name of its own.")
    return goals


def _goal_name(words: str) -> str:
    name = re.sub(r"^goal[\s_:]*(?=\D)", "", words.replace("_", " "), flags=re.IGNORECASE).strip()
    return (name[:1].upper() + name[1:]) or words


def _project(
    row: int, cells: Sequence[str], columns: Mapping[str, int], goals: Mapping[int, str], team: str
) -> Project:
    name, days = _needed(row, cells, columns, "project"), _days(row, cells, columns)
    scores = []
    for place, goal in goals.items():
        if cells[place] not in ("", "0", "1", "2", "3"):
            raise ValueError(
                f"Row {row}, column {goal}: “{cells[place]}” is not a score. Write 0, 1, 2 or 3."
            )
        scores.append(int(cells[place] or 0))
    service, measure = (cells[columns[one]] if one in columns else "" for one in ("service", "measure"))
    return Project(name, team, days, tuple(scores), service, measure)


def _decision(row: int, cells: Sequence[str], columns: Mapping[str, int]) -> str:
    decision = _plain(cells[columns["decision"]]) if "decision" in columns else ""
    if decision and decision not in DECISIONS:
        raise ValueError(
            f"Row {row}, column decision: “{decision}” is no decision. Write {', '.join(DECISIONS)}, or nothing."
        )
    return decision or "keep"


def _needed(row: int, cells: Sequence[str], columns: Mapping[str, int], column: str) -> str:
    words = cells[columns[column]]
    if not words:
        raise ValueError(f"Row {row}, column {column}: the cell is empty. Fill it in, or take the row out.")
    return words


def _days(row: int, cells: Sequence[str], columns: Mapping[str, int], least: float = 0.1) -> float:
    words = cells[columns["days"]]
    try:
        days = float(words)
    except ValueError:
        days = math.nan
    if not least <= days <= 1000:
        raise ValueError(
            f"Row {row}, column days: “{words}” is not a number of days a month. Write one from {least:g} to 1000, such as 6."
        )
    return days


def _held(portfolio: Portfolio, names: Iterable[str]) -> list[str]:
    known = {project.name for project in portfolio.projects}
    names = list(names)
    for name in names:
        if name not in known:
            raise ValueError(f"There is no project called {name!r} in this portfolio.")
    return names


def _plain(words: str) -> str:
    return " ".join(words.replace("_", " ").casefold().split())
