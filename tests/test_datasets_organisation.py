"""The datasets about organisations, D07 to D12: what their cards say is planted, or printed, is in the files."""

import re
import statistics
from collections import Counter
from itertools import groupby

import pytest

from improvement.datasets import read
from improvement.datasets.self_assessment import COMPONENTS, ITEMS, LEVELS
from improvement.simulate import copq
from test_datasets import card, codebook, count_chart_signals, month_starts, xmr_signals


def table(name, pattern):
    """The rows of a table in a data card, as the cells that a pattern for one row captures."""
    return re.findall(rf"^\| {pattern} \|$", card(name), re.MULTILINE)


def stated(name, pattern):
    """The whole numbers that a sentence of a data card states."""
    (numbers,) = re.findall(pattern, " ".join(card(name).split()))
    return [int(number.replace(",", "")) for number in ([numbers] if isinstance(numbers, str) else numbers)]


# D07 self_assessment

CLINICIANS = ("doctors", "nurses", "allied health professionals")
WAVES = [("community trust", 1), ("community trust", 2), ("acute trust", 1)]


def groups_of(organisation, round_number, minimum=10):
    """Group -> its rows, for the groups that are large enough."""
    wave = read("self_assessment").where(organisation=organisation, round=round_number)
    rows = {group: wave.where(group=group) for group in dict.fromkeys(wave["group"])}
    return {group: answers for group, answers in rows.items() if answers.row_count >= minimum}


def gaps(groups):
    """Item -> the largest median less the smallest."""
    medians = {item: [statistics.median(rows[item]) for rows in groups.values()] for item in ITEMS}
    return {item: max(of_item) - min(of_item) for item, of_item in medians.items()}


def component_median(rows, component):
    items = COMPONENTS[component]
    return statistics.median(
        statistics.median(answers) for answers in zip(*(rows[item] for item in items), strict=True)
    )


@pytest.fixture(scope="module")
def community():
    return groups_of("community trust", 1)


def test_the_card_gives_the_levels_the_statements_and_the_size_of_every_group():
    assert table("self_assessment", r"(\d) \| ([a-z ]+)") == [
        (str(level), name) for level, name in LEVELS.items()
    ]
    book = codebook("self_assessment")
    for statements in COMPONENTS.values():
        assert len(statements) == 3
        for item, statement in statements.items():
            assert book[item][3] == statement
    sizes = table("self_assessment", r"([a-z ]+) \| (\d+) \| (\d+) \| (\d+)")
    for place, wave in enumerate(WAVES, start=1):
        assert {group: rows.row_count for group, rows in groups_of(*wave, minimum=1).items()} == {
            row[0]: int(row[place]) for row in sizes
        }


def test_patient_partners_are_too_few_to_show_at_any_minimum_and_seven_only_at_five():
    for wave in WAVES[:2]:
        assert groups_of(*wave, minimum=1)["patient partners"].row_count == 3
        assert "patient partners" not in groups_of(*wave, minimum=5)
    assert "patient partners" not in groups_of(*WAVES[2])
    assert "patient partners" in groups_of(*WAVES[2], minimum=5)
    for wave in WAVES:
        assert len(groups_of(*wave)) == 7


def test_the_boards_median_on_purpose_is_4_and_the_clinicians_2(community):
    assert component_median(community["board"], "purpose") == 4
    assert [component_median(community[group], "purpose") for group in CLINICIANS] == [2, 2, 2]


def test_one_statement_has_the_largest_gap_and_an_unhidden_group_of_three_would_name_another(community):
    found = gaps(community)
    assert found.pop("purpose_few_priorities") == 3
    assert max(found.values()) == 2
    assert statistics.median(community["board"]["purpose_few_priorities"]) == 4
    unhidden = gaps(groups_of("community trust", 1, minimum=1))
    assert unhidden.pop("purpose_patients") == 4
    assert max(unhidden.values()) < 4


def test_board_and_clinicians_have_the_same_mean_and_opposite_medians(community):
    answers = {group: community[group]["leaders_unblock"] for group in ("board", *CLINICIANS)}
    for values in answers.values():
        assert 10 * sum(values) == 28 * len(values)
    assert [statistics.median(values) for values in answers.values()] == [4, 2, 2, 2]


def test_leaders_and_managers_have_the_same_mean_and_median_and_opposite_shapes(community):
    leaders, managers = (
        sorted(community[group]["systems_routine"]) for group in ("senior leaders", "middle managers")
    )
    for values in (leaders, managers):
        assert statistics.fmean(values) == statistics.median(values) == 3
    assert (leaders[4], leaders[5], leaders[14], leaders[15]) == (3, 3, 3, 3)
    assert (managers[9], managers[10], managers[29], managers[30]) == (1, 1, 5, 5)
    assert (managers.count(1), managers.count(5)) == (15, 15)


def test_everybody_shown_agrees_that_capability_is_low(community):
    assert {component_median(rows, "capability") for rows in community.values()} == {2}


def test_the_same_headline_stands_for_a_divided_trust_and_an_agreed_one(community):
    for wave in WAVES:
        for minimum in (1, 10):
            groups = groups_of(*wave, minimum=minimum)
            answers = [level for rows in groups.values() for item in ITEMS for level in rows[item]]
            assert round(statistics.fmean(answers), 1) == 2.4
    assert max(gaps(community).values()) == 3
    assert max(gaps(groups_of("acute trust", 1)).values()) == 1


def test_in_the_second_round_the_board_comes_down(community):
    second = groups_of("community trust", 2)
    assert component_median(second["board"], "purpose") == 3
    assert [component_median(second[group], "purpose") for group in CLINICIANS] == [2, 2, 2]
    assert {
        statistics.median(second[group]["purpose_few_priorities"]) for group in ("board", *CLINICIANS)
    } == {2}
    means = [
        statistics.fmean(level for rows in groups.values() for item in ITEMS for level in rows[item])
        for groups in (community, second)
    ]
    assert 0 < means[0] - means[1] < 0.1


def test_people_who_mark_one_statement_high_tend_to_mark_others_high(community):
    nurses = community["nurses"]
    assert statistics.correlation(nurses["purpose_known"], nurses["systems_hold"]) > 0.2


# D08 provider_survey


def printed(**wanted):
    rows = read("provider_survey").where(**wanted)
    return dict(zip(rows["answer"], rows["value"], strict=True))


def test_stages_add_up_to_98_for_trusts_and_60_for_collaboratives():
    assert sorted(printed(level="trust", question="stage").values()) == [5, 7, 14, 22, 50]
    assert sum(printed(level="trust", question="stage").values()) == 22 + 50 + 14 + 5 + 7 == 98
    assert sorted(printed(level="collaborative", question="stage").values()) == [5, 17, 38]
    assert 100 - sum(printed(level="collaborative", question="stage").values()) == 40


def test_the_sample_implies_about_211_trusts_and_clustered_answers():
    sample = read("provider_survey").where(question="sample")
    figures = dict(zip(sample["answer"], sample["value"], strict=True))
    respondents, trusts, share = figures.values()
    assert round(trusts / (share / 100)) == 211
    assert round(respondents / trusts, 2) == 1.36
    embedded = printed(level="trust", question="stage")["embedded for several years"]
    assert round(share * embedded / 100, 1) == 9.9
    assert round(share * embedded / 100 + 100 - share, 1) == 64.9


@pytest.mark.parametrize(
    ("question", "trust", "collaborative"),
    [
        ("alignment", [75], [25]),
        ("barrier", [75, 68, 64], [50, 44, 43]),
        ("support wanted", [64, 58, 53], [66, 60, 58]),
        ("enabler", [64], [63]),
    ],
)
def test_the_other_figures_are_those_printed_in_falling_order(question, trust, collaborative):
    assert list(printed(level="trust", question=question).values()) == trust
    assert list(printed(level="collaborative", question=question).values()) == collaborative


# D09 evaluation_interviews and evaluation_quotations


def test_the_categories_of_interviews_add_up_to_40_and_the_stated_total_is_41():
    interviews = read("evaluation_interviews")
    assert interviews.where(kind="category")["count"] == [21, 7, 6, 5, 1]
    assert sum(interviews.where(kind="category")["count"]) == 40
    assert interviews.where(kind="stated total", item="interviews")["count"] == [41]
    assert interviews.where(kind="stated total", item="replies to the short online survey")["count"] == [6]
    hedged = [
        (word, number)
        for word, number in zip(interviews["qualifier"], interviews["count"], strict=True)
        if word != "exactly"
    ]
    assert hedged == [("over", 40), ("nearly", 40), ("over", 100), ("about", 300)]


def test_fragments_are_a_few_words_each():
    assert all(2 <= len(fragment.split()) <= 7 for fragment in read("evaluation_quotations")["fragment"])


def test_the_cards_table_of_voices_is_that_of_the_file():
    in_card = {
        voice: int(count) for voice, count in table("evaluation_quotations", r"([a-z ]+) \| (\d+)") if count
    }
    voices = Counter(read("evaluation_quotations")["voice"])
    assert voices.pop(None) == 1
    assert voices == in_card
    assert sum(in_card.values()) == 155


def test_a_voice_agrees_with_the_printed_speaker():
    words = {
        "hospital": "Hospital", "integrated care board": "ICB", "community": "Community", "national": "National",
        "mental health": "Mental Health", "patient partner": "Patient Partner", "ambulance": "Ambulance",
        "specialist": "Specialist", "other provider": "Non-Hospital",
    }  # fmt: skip
    quotations = read("evaluation_quotations")
    for speaker, voice in zip(quotations["speaker"], quotations["voice"], strict=True):
        if speaker:
            assert words[voice] in speaker.rsplit(", ", 1)[-1]


def test_nine_passages_are_printed_twice_and_four_of_them_under_two_speakers():
    quotations = read("evaluation_quotations")
    printings = [
        (quotations["fragment"][first - 1], quotations["speaker"][first - 1], quotations["speaker"][again])
        for again, first in enumerate(quotations["repeat_of"])
        if first
    ]
    assert len(printings) == 9
    assert all(
        quotations["fragment"][again] == quotations["fragment"][first - 1] and first <= again
        for again, first in enumerate(quotations["repeat_of"])
        if first
    )
    assert {row for row in printings if row[2] and row[1] != row[2]} == {
        (
            "mentioned so often by so many people",
            "Improvement Facilitator, Hospital Trust",
            "Quality Improvement Facilitator, Hospital Trust",
        ),
        (
            "come together around the business of",
            "Associate Director, Hospital Trust",
            "Director of Improvement, Hospital Trust",
        ),
        (
            "fluffy stuff",
            "Associate Director of Quality, Mental Health Trust",
            "Associate Director of Improvement, Community Health Trust",
        ),
        (
            "oversight and assurance and performance management",
            "Deputy Director of Improvement, ICB",
            "Improvement Director, ICB",
        ),
    }
    assert [row for row in printings if row[2] is None] == [
        ("judging it at the other end", "Associate Director, ICB", None)
    ]


# D10 project_portfolio and portfolio_teams

GOALS = (
    "goal_safe_care",
    "goal_shorter_waits",
    "goal_care_near_home",
    "goal_staff_stay",
    "goal_live_within_means",
    "goal_fair_access",
)


@pytest.fixture(scope="module")
def portfolio():
    """The projects as dictionaries."""
    projects = read("project_portfolio")
    return [dict(zip(projects, row, strict=True)) for row in zip(*projects.values(), strict=True)]


@pytest.mark.parametrize("counts_from", [1, 2])
def test_seven_projects_and_one_goal_are_orphans_whether_or_not_a_1_counts(portfolio, counts_from):
    orphans = [row["name"] for row in portfolio if all(row[goal] < counts_from for goal in GOALS)]
    assert len(orphans) == 7
    listed = re.search(r"days a month: (.*?)\. Every other", card("project_portfolio"), re.DOTALL)[1]
    assert set(orphans) == set(re.split(r", | and ", " ".join(listed.split())))
    assert [goal for goal in GOALS if all(row[goal] < counts_from for row in portfolio)] == [
        "goal_fair_access"
    ]


def duplicates(portfolio):
    def key(row):
        return row["service"], row["measure"]

    same = (list(rows) for _, rows in groupby(sorted(portfolio, key=key), key=key))
    return [rows for rows in same if len(rows) > 1]


def test_two_pairs_of_projects_are_duplicates_run_by_different_teams(portfolio):
    pairs = duplicates(portfolio)
    assert [{row["name"] for row in pair} for pair in pairs] == [
        {"Home by lunch", "Early discharge programme"},
        {"Falls on the frailty wards", "Falls prevention bundle"},
    ]
    for first, second in pairs:
        assert first["team"] != second["team"]
        assert [first[goal] for goal in GOALS] == [second[goal] for goal in GOALS]


def test_work_in_progress_exceeds_capacity_even_without_orphans_and_duplicates(portfolio):
    orphans = [row for row in portfolio if not any(row[goal] for goal in GOALS)]
    smaller = [min(pair, key=lambda row: row["days_a_month"]) for pair in duplicates(portfolio)]
    taken = [sum(row["days_a_month"] for row in rows) for rows in (portfolio, orphans, smaller)]
    capacity = sum(read("portfolio_teams")["days_a_month"])
    assert len(portfolio) == 34
    assert (taken[0], taken[1], capacity) == (198, 30, 150)
    assert (taken[0] - taken[1], taken[0] - taken[1] - taken[2]) == (168, 155)


def test_every_team_has_taken_on_more_than_it_has_as_the_card_says(portfolio):
    teams = read("portfolio_teams")
    days = dict(zip(teams["team"], teams["days_a_month"], strict=True))
    rows = table("portfolio_teams", r"([a-z ]+) \| (\d+) \| (\d+) \| (\d+)")
    assert {row[0]: int(row[3]) for row in rows} == days
    for team, projects, taken, available in rows:
        of_team = [row["days_a_month"] for row in portfolio if row["team"] == team]
        assert (len(of_team), sum(of_team)) == (int(projects), int(taken))
        assert sum(of_team) > int(available)


# D11 theatre_sessions and theatre_cost_rates


@pytest.fixture(scope="module")
def theatre():
    return read("theatre_sessions")


def test_the_minutes_of_every_session_add_up(theatre):
    columns = (
        "late_start_minutes", "operating_minutes", "turnover_minutes", "unused_minutes", "overrun_minutes",
    )  # fmt: skip
    for late, operating, turnover, unused, overrun in zip(*(theatre[c] for c in columns), strict=True):
        assert late + operating + turnover == 240 - unused + overrun
        assert not (unused and overrun)
    for planned, done, cancelled in zip(
        theatre["cases_planned"], theatre["cases_done"], theatre["cancelled_on_the_day"], strict=True
    ):
        assert planned == done + cancelled
    for minutes, reason in (
        ("late_start_minutes", "late_because"),
        ("cancelled_on_the_day", "cancelled_because"),
    ):
        assert [bool(count) for count in theatre[minutes]] == [why is not None for why in theatre[reason]]


def test_sessions_are_eight_a_week_monday_to_thursday_for_50_weeks(theatre):
    weeks = Counter(day.isocalendar()[:2] for day in theatre["held_on"])
    assert (len(weeks), set(weeks.values())) == (50, {8})
    assert {day.weekday() for day in theatre["held_on"]} == {0, 1, 2, 3}
    slots = zip(theatre["held_on"], theatre["theatre"], theatre["half_day"], strict=True)
    assert len(set(slots)) == 400


def test_late_starts_belong_to_mornings_and_wait_for_beds(theatre):
    late = {
        half: sum(minutes > 0 for minutes in theatre.where(half_day=half)["late_start_minutes"])
        for half in ("morning", "afternoon")
    }
    said = stated(
        "theatre_sessions", r"(\d+) of 200 mornings start late and (\d+) of 200 afternoons, ([\d,]+) minutes"
    )
    assert [late["morning"], late["afternoon"], sum(theatre["late_start_minutes"])] == said
    assert late["morning"] / 200 == pytest.approx(0.70, abs=0.08)
    assert late["afternoon"] / 200 == pytest.approx(0.30, abs=0.08)
    beds = sum(theatre.where(late_because="no bed confirmed")["late_start_minutes"])
    assert 0.5 < beds / sum(theatre["late_start_minutes"]) < 0.6


def test_general_surgery_plans_more_than_fits(theatre):
    general = theatre.where(specialty="general surgery")
    said = stated("theatre_sessions", r"sessions are (\d+) of 400 and have (\d+) of the ([\d,]+) minutes")
    assert [general.row_count, sum(general["overrun_minutes"]), sum(theatre["overrun_minutes"])] == said
    said = stated("theatre_sessions", r"(\d+) cases are cancelled on the day\*\* out of ([\d,]+)")
    assert [sum(theatre["cancelled_on_the_day"]), sum(theatre["cases_planned"])] == said
    for specialty in ("orthopaedics", "gynaecology", "eye surgery"):
        rows = theatre.where(specialty=specialty)
        share = sum(general["overrun_minutes"]) / general.row_count
        assert sum(rows["overrun_minutes"]) / rows.row_count < share


@pytest.mark.parametrize("column", ["late_start_minutes", "overrun_minutes"])
def test_weeks_in_theatre_carry_no_signal(theatre, column):
    assert xmr_signals([sum(theatre[column][start : start + 8]) for start in range(0, 400, 8)]) == set()


def test_the_ledger_of_the_card_is_that_of_sessions_and_rates(theatre):
    rates = read("theatre_cost_rates")
    pounds, hours = {}, {}
    for line, _, column, staff, minutes, rate, _, spent, avoided in zip(*rates.values(), strict=True):
        count = sum(theatre[column])
        hours[line] = count * staff * (1 if minutes is None else minutes) / 60
        pounds[line] = hours[line] * rate + count * (spent + avoided)
        if minutes is None:
            assert (spent, avoided) == (0, 0)
    in_card = table("theatre_cost_rates", r"([a-z -]+) \| (\d+) \| ([\d.]+) \| (\d+)")
    assert [row[0] for row in in_card] == rates["line"]
    for line, count, in_hours, in_pounds in in_card:
        column = rates.where(line=line)["counted_in"][0]
        assert sum(theatre[column]) == int(count)
        assert hours[line] == pytest.approx(float(in_hours), abs=0.05)
        assert pounds[line] == pytest.approx(int(in_pounds), abs=0.51)
    total = sum(pounds.values())
    poor = total - pounds["pre-assessment call"]
    for name in ("theatre_cost_rates", "theatre_sessions"):
        assert f"£{poor:,.0f}" in card(name)
    assert f"£{total:,.0f}" in card("theatre_cost_rates")
    assert pounds["return to theatre"] > pounds["late start"]
    assert sum(theatre["returns_to_theatre"]) * 1500 > pounds["return to theatre"] / 2


def test_the_packages_own_ledger_gives_the_same_cost_of_poor_quality(theatre):
    lines = tuple(
        copq.Line(
            line, category, sum(theatre[column]), minutes=staff * (minutes or 1), rate=rate, paid_extra=extra,
            spend=spent, avoided=avoided,
        )
        for line, category, column, staff, minutes, rate, extra, spent, avoided in zip(
            *read("theatre_cost_rates").values(), strict=True
        )
    )  # fmt: skip
    ledger = copq.simulate(copq.Parameters(lines=lines, replicates=10))
    assert [ledger.copq] == pytest.approx(
        stated("theatre_cost_rates", r"cost of poor quality is £([\d,]+)\*\*"), abs=0.5
    )
    assert ledger.whole.cash_releasing < ledger.total / 2


# D12 incident_reports and speaking_up_survey


@pytest.fixture(scope="module")
def teams():
    """Team -> its 24 months."""
    incidents = read("incident_reports")
    return {team: incidents.where(team=team) for team in dict.fromkeys(incidents["team"])}


def monthly(teams, column):
    return [sum(month) for month in zip(*(rows[column] for rows in teams.values()), strict=True)]


def rate(rows, column, months):
    return sum(rows[column][months]) / sum(rows["staff_in_post"][months])


FIRST, LAST, SECOND_YEAR = slice(0, 6), slice(18, 24), slice(12, 24)
STILL = ("Larch", "Willow")


def test_ten_teams_have_the_same_24_months(teams):
    assert len(teams) == 10
    for rows in teams.values():
        assert rows["month"] == month_starts(2024, 10, 24)


def test_reports_rise_while_severe_harm_and_what_review_finds_fall(teams):
    staff = monthly(teams, "staff_in_post")
    sentences = {
        "reports": r"rise from (\d+) a month in the first six months to (\d+) in the last six",
        "severe_harm": r"severe harm falls from (\d+) to (\d+)",
        "found_by_review": r"what review finds from (\d+) to (\d+)",
    }
    for column, sentence in sentences.items():
        before, after = stated("incident_reports", sentence)
        counts = monthly(teams, column)
        assert round(statistics.fmean(counts[FIRST])) == before
        assert round(statistics.fmean(counts[LAST])) == after
        assert count_chart_signals(counts, staff)
    assert count_chart_signals(monthly(teams, "reports")[FIRST], staff[FIRST]) == set()
    assert count_chart_signals(monthly(teams, "severe_harm")[FIRST], staff[FIRST]) == set()


def test_each_count_is_what_the_model_states(teams):
    moving = [rows for team, rows in teams.items() if team not in STILL]
    for months, events in ((FIRST, 1.25), (LAST, 1.25 * 0.7)):
        people = sum(sum(rows["staff_in_post"][months]) for rows in moving)
        for column, share in (("severe_harm", 0.06), ("found_by_review", 0.2)):
            found = sum(sum(rows[column][months]) for rows in moving)
            expected = people * events * share
            assert abs(found - expected) < 3 * expected**0.5, (column, months)


def test_the_quiet_and_the_flattered_team_report_least_and_are_harmed_most(teams):
    for team in STILL:
        staff = teams[team]["staff_in_post"]
        for column in ("reports", "severe_harm", "found_by_review"):
            assert count_chart_signals(teams[team][column], staff) == set(), (team, column)
    reported = {team: rate(rows, "reports", SECOND_YEAR) for team, rows in teams.items()}
    severe = {team: rate(rows, "severe_harm", SECOND_YEAR) for team, rows in teams.items()}
    assert sorted(reported, key=reported.get)[:2] == ["Willow", "Larch"]
    assert set(sorted(severe, key=severe.get)[-2:]) == set(STILL)
    assert sum(teams["Willow"]["reports"][SECOND_YEAR]) == min(
        sum(rows["reports"][SECOND_YEAR]) for rows in teams.values()
    )
    assert [sum(teams["Willow"]["reports"][SECOND_YEAR])] == stated(
        "incident_reports", r"(\d+) in its last twelve months"
    )


def test_every_other_team_reports_more(teams):
    for team in teams.keys() - set(STILL):
        assert count_chart_signals(teams[team]["reports"], teams[team]["staff_in_post"]), team


def feel_safe(month):
    survey = read("speaking_up_survey").where(surveyed_in=month)
    return {
        team: agree / replies
        for team, agree, replies in zip(
            survey["team"], survey["agree_safe_to_say"], survey["replies"], strict=True
        )
        if agree is not None
    }


def test_answers_of_fewer_than_ten_people_are_blank_and_no_others():
    survey = read("speaking_up_survey")
    hidden = set()
    rows = zip(
        survey["team"],
        survey["replies"],
        survey["agree_safe_to_say"],
        survey["agree_heard_what_happened"],
        survey["agree_treated_fairly"],
        strict=True,
    )
    for team, replies, *agree in rows:
        assert all((count is None) == (replies < 10) for count in agree)
        assert all(count <= replies for count in agree if count is not None)
        if replies < 10:
            hidden.add(team)
    assert hidden == {"Yew"}


def test_the_survey_agrees_with_reports_save_in_one_flattered_team(teams):
    before, after = (
        feel_safe(month) for month in (month_starts(2024, 10, 1)[0], month_starts(2026, 9, 1)[0])
    )
    for shares in (before, after):
        assert max(shares, key=shares.get) == "Larch"
        assert min(shares, key=shares.get) == "Willow"
    assert all(after[team] > before[team] for team in after.keys() - set(STILL))
    said = stated("speaking_up_survey", r"In Larch (\d+) of (\d+) and then (\d+) of (\d+) feel safe")
    assert [before["Larch"], after["Larch"]] == [said[0] / said[1], said[2] / said[3]]
    reported = {team: rate(teams[team], "reports", LAST) for team in after}
    without = [team for team in after if team != "Larch"]
    paired = [[shares[team] for team in without] for shares in (after, reported)]
    assert statistics.correlation(*paired) > 0.7
    others = [reported[team] for team in without if team != "Willow"]
    assert reported["Larch"] < min(others) / 2
