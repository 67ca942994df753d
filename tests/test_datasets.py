"""The example datasets: files equal generators, codebooks equal files, and what cards say is planted is there."""

import math
import re
import statistics
from collections import Counter
from datetime import date, timedelta
from importlib import import_module
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from improvement.datasets import generate_all, load, names, read
from improvement.files import locate

TYPE_NAMES = {date: "date", int: "whole number", float: "number", str: "text"}
CODEBOOK_ROW = re.compile(r"^\| `(\w+)` \|([^|]+)\|([^|]*)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)


def card(name):
    return locate("datasets", f"{name}.md").read_text(encoding="utf-8")


def codebook(name):
    """Column -> (type, unit, allowed, meaning), as the data card states them."""
    return {row[0]: tuple(cell.strip() for cell in row[1:]) for row in CODEBOOK_ROW.findall(card(name))}


def step_in_level(values, at):
    return statistics.fmean(values[at:]) - statistics.fmean(values[:at])


def xmr_signals(values, *, screened=False, run=7):
    """Points that signal by the four XmR rules, two-in-three read at its widest; written apart from the package."""
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean_range = statistics.fmean(ranges)
    if screened:
        mean_range = statistics.fmean(r for r in ranges if r < 3.267 * mean_range)
    centre = statistics.fmean(values)
    sigmas = [(value - centre) / (2.66 * mean_range / 3) for value in values]
    found = {i for i, z in enumerate(sigmas) if abs(z) > 3}
    for start in range(len(values) - run + 1):
        window = range(start, start + run)
        steps = [values[i + 1] - values[i] for i in window[:-1]]
        one_side = all(sigmas[i] > 0 for i in window) or all(sigmas[i] < 0 for i in window)
        if one_side or all(s > 0 for s in steps) or all(s < 0 for s in steps):
            found.update(window)
    for start in range(len(values) - 2):
        three = sigmas[start : start + 3]
        for side in (1, -1):
            if all(side * z > 0 for z in three) and sum(side * z > 2 for z in three) >= 2:
                found.update(range(start, start + 3))
    return found


# Every dataset


def test_every_csv_file_is_what_its_generator_writes_byte_for_byte(tmp_path):
    written = generate_all(tmp_path)
    committed = sorted(path.name for path in locate("datasets").glob("*.csv"))
    assert sorted(path.name for path in written) == committed
    for path in written:
        assert path.read_bytes() == locate("datasets", path.name).read_bytes(), path.name


def test_there_is_one_data_card_for_each_dataset_and_the_index_lists_them_all():
    cards = sorted(path.stem for path in locate("datasets").glob("*.md") if path.stem != "README")
    assert cards == list(names())
    index = locate("datasets", "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[`(\w+)`\]\((\w+)\.md\)", index, re.MULTILINE) == [(n, n) for n in names()]


@pytest.mark.parametrize("name", names())
def test_the_card_says_synthetic_first_and_states_the_generators_seed(name):
    text = card(name)
    assert "synthetic" in text.splitlines()[0]
    generator = import_module(f"improvement.datasets.{name}")
    assert re.findall(r"Seed: (\d+)", text) == [str(generator.SEED)]
    assert f"src/improvement/datasets/{name}.py" in text
    for heading in ("What it is", "How it was made", "What was planted", "Codebook", "What it cannot show"):
        assert f"\n## {heading}\n" in text


@pytest.mark.parametrize("name", names())
def test_the_codebook_holds_against_the_file(name):
    dataset = read(name)
    book = codebook(name)
    assert list(book) == list(dataset)
    kinds = {TYPE_NAMES[kind]: kind for kind in TYPE_NAMES}
    for column, (kind, unit, allowed, meaning) in book.items():
        values = [value for value in dataset[column] if value is not None]
        assert {type(value) for value in values} == {kinds[kind]}, column
        assert meaning
        assert ("or blank" in allowed) == (None in dataset[column]), column
        allowed = allowed.removesuffix(", or blank")
        if decimals := re.search(r"(\d) decimals?$", unit):
            assert all(round(value, int(decimals[1])) == value for value in values), column
        assert (kind == "number") == (decimals is not None), column
        if kind == "text" and allowed.startswith("`"):
            assert set(values) == set(re.findall(r"`([^`]+)`", allowed)), column
        elif kind == "text":
            assert allowed == "free text", column
        else:
            low, high = (
                kinds[kind](end) if kind != "date" else date.fromisoformat(end)
                for end in allowed.split(" to ")
            )
            assert low <= min(values), column
            assert max(values) <= high, column


@pytest.mark.parametrize("name", names())
def test_pandas_sees_the_same_table(name):
    dataset, frame = read(name), load(name)
    assert list(frame.columns) == list(dataset)
    assert len(frame) == dataset.row_count
    for column, values in dataset.items():
        assert frame[column].isna().sum() == values.count(None)
        present = frame[column].dropna()
        if isinstance(next(v for v in values if v is not None), date):
            present = present.dt.date
        assert list(present) == [value for value in values if value is not None]


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"'ambulances'.*ambulance_response"):
        read("ambulances")


def test_an_unknown_column_is_answered_with_the_columns_there_are():
    with pytest.raises(KeyError, match=r"'minutes'.*category_2_mean_minutes"):
        read("ambulance_response")["minutes"]


def test_rows_can_be_chosen_and_a_choice_of_none_names_the_values():
    dataset = read("ambulance_response").where(hospital="Southmoor", week_starting=date(2026, 9, 28))
    assert dataset.row_count == 1
    with pytest.raises(ValueError, match=r"'Northfeild'.*: Northfield, Southmoor\."):
        read("ambulance_response").where(hospital="Northfeild")


def test_a_changed_copy_does_not_change_what_is_read_next():
    read("ambulance_response")["hospital"].clear()
    assert len(read("ambulance_response")["hospital"]) == 312


def test_a_missing_file_is_reported_with_both_places_and_what_to_run():
    with pytest.raises(FileNotFoundError, match=r"nowhere/at_all\.csv.*data.*make course"):
        locate("nowhere", "at_all.csv")


def test_the_installed_copy_of_a_file_wins_over_the_checkouts(tmp_path, monkeypatch):
    package = tmp_path / "src" / "improvement"
    for place in (package / "data", tmp_path):
        (place / "things").mkdir(parents=True)
        (place / "things" / "both.txt").write_text(str(place))
    (tmp_path / "things" / "one.txt").touch()
    monkeypatch.setattr("improvement.files._PACKAGE", package)
    assert Path(locate("things", "both.txt")).read_text() == str(package / "data")
    assert locate("things", "one.txt") == tmp_path / "things" / "one.txt"


# D04 ambulance_response


@pytest.fixture(scope="module")
def northfield():
    return read("ambulance_response").where(hospital="Northfield")


@pytest.fixture(scope="module")
def southmoor():
    return read("ambulance_response").where(hospital="Southmoor")


def test_ambulance_weeks_are_consecutive_mondays_for_both_hospitals(northfield, southmoor):
    weeks = [date(2023, 10, 9) + timedelta(weeks=week) for week in range(156)]
    assert northfield["week_starting"] == southmoor["week_starting"] == weeks
    assert {week.weekday() for week in weeks} == {0}


def test_northfield_steps_down_at_point_25_of_the_last_60_weeks(northfield):
    assert northfield["week_starting"][120] == date(2026, 1, 26)
    response = northfield["category_2_mean_minutes"]
    steady = response[:107] + response[108:]
    assert step_in_level(steady, 119) == pytest.approx(-7, abs=1)
    assert step_in_level(northfield["handover_mean_minutes"], 120) == pytest.approx(-11, abs=1)
    assert 2 < statistics.stdev(steady[:119]) < 4


def test_northfields_storm_week_shows_in_all_three_measures(northfield):
    assert northfield["week_starting"][107] == date(2025, 10, 27)
    for column in ("category_2_mean_minutes", "handover_mean_minutes", "category_2_incidents"):
        assert northfield[column].index(max(northfield[column])) == 107, column


@pytest.mark.parametrize("screened", [False, True])
@pytest.mark.parametrize("run", [6, 7])
def test_northfield_carries_no_signal_that_was_not_planted(northfield, screened, run):
    response = northfield["category_2_mean_minutes"]
    assert xmr_signals(response[96:120], screened=screened, run=run) == {11}
    assert xmr_signals(response[120:], screened=screened, run=run) == set()
    if run == 7:
        assert xmr_signals(response[:96], screened=screened) == set()


def test_northfields_storm_hides_inside_standard_deviation_limits_but_not_inside_xmr_limits(northfield):
    last = northfield["category_2_mean_minutes"][96:]
    centre, spread = statistics.fmean(last), statistics.stdev(last)
    assert all(abs(value - centre) < 3 * spread for value in last)
    assert 11 in xmr_signals(last)
    assert any(set(range(start, start + 7)) <= xmr_signals(last) for start in range(24, 54))


def test_southmoor_is_steady_and_then_drifts_with_its_handover_times(southmoor):
    response, handover = southmoor["category_2_mean_minutes"], southmoor["handover_mean_minutes"]
    assert xmr_signals(response[:104]) == set()
    weeks = range(52)
    assert 52 * statistics.linear_regression(weeks, handover[104:]).slope == pytest.approx(16, abs=3)
    assert 52 * statistics.linear_regression(weeks, response[104:]).slope == pytest.approx(8, abs=3)
    assert statistics.correlation(response[104:], handover[104:]) > 0.5
    assert xmr_signals(response[104:])


# D01 ed_sepsis_antibiotics and ed_departures


@pytest.fixture(scope="module")
def sepsis():
    return read("ed_sepsis_antibiotics")


def timed_patients(sepsis):
    """Minutes to antibiotics before and after the change of 1 September 2025, blanks left out."""
    pairs = list(zip(sepsis["date"], sepsis["antibiotics_minutes"], strict=True))
    change = date(2025, 9, 1)
    before = [minutes for day, minutes in pairs if day < change and minutes is not None]
    return before, [minutes for day, minutes in pairs if day >= change and minutes is not None]


def test_emergency_department_days_run_for_three_years_without_a_gap(sepsis):
    assert sepsis["date"] == [date(2023, 10, 1) + timedelta(days=day) for day in range(1096)]
    assert sepsis["date"][701] == date(2025, 9, 1)
    assert 0.02 < sepsis["antibiotics_minutes"].count(None) / 1096 < 0.06


def test_weekends_have_fewer_attendances_and_longer_stays_but_the_same_time_to_antibiotics(sepsis):
    weekend = [day.weekday() >= 5 for day in sepsis["date"]]

    def gap(values, keep=lambda day: True):
        chosen = [
            (value, late)
            for day, value, late in zip(sepsis["date"], values, weekend, strict=True)
            if value is not None and keep(day)
        ]
        return statistics.fmean(v for v, late in chosen if late) - statistics.fmean(
            v for v, late in chosen if not late
        )

    shares = [
        100 * left / came
        for left, came in zip(sepsis["left_within_4_hours"], sepsis["attendances"], strict=True)
    ]
    assert gap(sepsis["mean_minutes_in_department"]) == pytest.approx(30, abs=2)
    assert gap(sepsis["attendances"]) == pytest.approx(229 - 244.8, abs=3)
    assert gap(shares) == pytest.approx(-7.5, abs=1)
    assert (
        abs(gap(sepsis["antibiotics_minutes"], lambda day: day < date(2025, 9, 1)))
        < 2 * 20 * (7 / 1400) ** 0.5 * 2
    )


def test_antibiotics_were_75_minutes_sd_20_and_then_60_minutes_sd_15(sepsis):
    before, after = timed_patients(sepsis)
    assert statistics.fmean(before) == pytest.approx(75, abs=1)
    assert statistics.stdev(before) == pytest.approx(20, abs=0.6)
    assert statistics.fmean(after) == pytest.approx(60, abs=1)
    assert statistics.stdev(after) == pytest.approx(15, abs=0.6)
    assert sum(minutes <= 60 for minutes in before) / len(before) == pytest.approx(0.2266, abs=0.01)
    assert sum(minutes <= 60 for minutes in after) / len(after) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("screened", [False, True])
@pytest.mark.parametrize("count", [24, 30, 40, 60, 90, 120])
def test_patients_on_either_side_of_the_change_chart_without_accidental_signals(sepsis, count, screened):
    before, after = timed_patients(sepsis)
    assert xmr_signals(before[-count:], screened=screened) == set()
    assert xmr_signals(after[:count], screened=screened) == set()
    assert xmr_signals(before[-count:] + after[:count], screened=screened)


def test_departures_bunch_before_four_hours_by_the_stated_excess():
    minutes = read("ed_departures")["minutes_in_department"]
    stays = statistics.NormalDist(math.log(205), 0.5)

    def excess(low, high):
        expected = len(minutes) * (stays.cdf(math.log(high)) - stays.cdf(math.log(low)))
        return sum(low < stay <= high for stay in minutes) - expected

    assert excess(220, 240) == pytest.approx(221, abs=3)
    assert excess(240, 300) == pytest.approx(-221, abs=3)
    assert abs(excess(0.001, 220)) < 3
    assert abs(excess(300, 5000)) < 3
    in_ten_minutes = Counter((stay - 1) // 10 for stay in minutes)
    assert max(in_ten_minutes, key=in_ten_minutes.get) == 23
    assert sum(stay <= 240 for stay in minutes) / len(minutes) == pytest.approx(0.72, abs=0.01)
    assert stays.cdf(math.log(240)) == pytest.approx(0.62, abs=0.01)


def test_patients_who_left_just_in_time_were_mostly_admitted():
    departures = read("ed_departures")

    def share_admitted(low, high):
        outcomes = [
            outcome
            for stay, outcome in zip(departures["minutes_in_department"], departures["outcome"], strict=True)
            if low < stay <= high
        ]
        return outcomes.count("admitted") / len(outcomes)

    assert share_admitted(220, 240) > 0.5
    assert share_admitted(180, 220) < 0.35
    assert share_admitted(240, 300) < 0.45


def test_departures_carry_no_pattern_over_the_fortnight():
    departures = read("ed_departures")
    assert departures["departure"] == list(range(1, 2401))
    by_day = {}
    for day, stay in zip(departures["departed_on"], departures["minutes_in_department"], strict=True):
        by_day.setdefault(day, []).append(stay)
    assert list(by_day) == [date(2026, 3, 2) + timedelta(days=day) for day in range(14)]
    assert {len(stays) for stays in by_day.values()} == {171, 172}
    assert xmr_signals([statistics.fmean(stays) for stays in by_day.values()]) == set()


# D05 practice_calls


@pytest.fixture(scope="module")
def calls():
    return read("practice_calls")


def kappa(first, second):
    """Cohen's kappa for two raters (Cohen 1960)."""
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    shares = [Counter(codes) for codes in (first, second)]
    by_chance = sum(shares[0][code] * shares[1][code] for code in shares[0]) / len(first) ** 2
    return (agreed - by_chance) / (1 - by_chance)


def calls_a_day(calls, wanted):
    counts = dict.fromkeys(calls["called_on"], 0)
    for row, day in enumerate(calls["called_on"]):
        counts[day] += wanted(row)
    return list(counts.values())


def anhoej(values):
    """Whether a run is unusually long and whether crossings are unusually few (Anhøj and Olesen 2014)."""
    median = statistics.median(values)
    sides = [value > median for value in values if value != median]
    runs = [len(list(run)) for _, run in groupby(sides)]
    chances = [math.comb(len(sides) - 1, k) / 2 ** (len(sides) - 1) for k in range(len(sides))]
    fewest = next(k for k in range(len(sides)) if sum(chances[: k + 1]) >= 0.05)
    return max(runs) > round(math.log2(len(sides))) + 3, len(runs) - 1 < fewest


def test_calls_cover_forty_working_days_in_order(calls):
    assert calls["call"] == list(range(1, 601))
    days = [date(2026, 6, 1) + timedelta(days=day) for day in range(54)]
    assert list(dict.fromkeys(calls["called_on"])) == [day for day in days if day.weekday() < 5]
    assert calls["called_on"] == sorted(calls["called_on"])


def test_failure_demand_is_40_percent_and_unclear_12_percent(calls):
    assert Counter(calls["demand"]) == {"value": 288, "failure": 240, "unclear": 72}


def test_the_cause_table_in_the_card_is_the_tally_of_the_file(calls):
    table = re.findall(
        r"^\| ([a-z ]+) \| (value|failure|unclear) \| (\d+) \|$", card("practice_calls"), re.MULTILINE
    )
    tally = Counter(zip(calls["cause"], calls["demand"], strict=True))
    assert {(cause, demand): int(count) for cause, demand, count in table} == tally


def test_the_kappas_in_the_card_are_those_of_the_codes(calls):
    pairs = [("code_a", "code_b"), ("code_a", "demand"), ("code_b", "demand")]
    stated = re.search(
        r"kappa is ([\d.]+) between.* ([\d.]+) between.*?\s([\d.]+) between", card("practice_calls"), re.S
    )
    assert [float(value) for value in stated.groups()] == [
        round(kappa(calls[a], calls[b]), 2) for a, b in pairs
    ]
    assert min(kappa(calls[a], calls[b]) for a, b in pairs) > 0.6


def test_reasons_read_as_different_notes_and_carry_no_identifier(calls):
    reasons = calls["reason"]
    assert len(set(reasons)) > 590
    assert max(map(len, reasons)) <= 120
    openings = Counter(" ".join(reason.lower().split()[:3]) for reason in reasons)
    assert openings.most_common(1)[0][1] <= 9
    assert not any(re.search(r"\d{4}|[{}@]", reason) for reason in reasons)


def test_no_word_of_an_aside_gives_the_code_away(calls):
    for aside in ("needs interpreter", "text is best", "bad signal"):
        codes = {
            code for reason, code in zip(calls["reason"], calls["demand"], strict=True) if aside in reason
        }
        assert codes >= {"value", "failure"}, aside


def test_calls_chasing_a_result_fall_from_day_21_and_a_run_chart_shows_it(calls):
    chasers = calls_a_day(calls, lambda row: calls["cause"][row] == "chasing a result")
    assert (sum(chasers[:20]), sum(chasers[20:])) == (48, 12)
    assert list(dict.fromkeys(calls["called_on"]))[20] == date(2026, 6, 29)
    assert anhoej(chasers) == (True, True)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda calls, row: True,
        lambda calls, row: calls["demand"][row] == "value",
        lambda calls, row: calls["demand"][row] == "failure",
        lambda calls, row: calls["demand"][row] == "failure" and calls["cause"][row] != "chasing a result",
    ],
    ids=["all", "value", "failure", "other failure"],
)
def test_no_other_daily_count_of_calls_signals(calls, wanted):
    assert anhoej(calls_a_day(calls, lambda row: wanted(calls, row))) == (False, False)
