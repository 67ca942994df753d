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
from improvement.spc import Recalculation, xmr

REAL = ("evaluation_interviews", "evaluation_quotations", "provider_survey")
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
    return signalling([(value - centre) / (2.66 * mean_range / 3) for value in values], run=run)


def count_chart_signals(counts, exposures, *, binomial=False):
    """Points that signal on a u chart or, for a share, a p chart, by the same four rules."""
    rate = sum(counts) / sum(exposures)
    variance = rate * (1 - rate) if binomial else rate
    return signalling(
        [
            (count / size - rate) / math.sqrt(variance / size)
            for count, size in zip(counts, exposures, strict=True)
        ]
    )


def signalling(sigmas, *, run=7):
    """Points that signal, given how many sigmas each lies from the centre."""
    found = {i for i, z in enumerate(sigmas) if abs(z) > 3}
    for start in range(len(sigmas) - run + 1):
        window = sigmas[start : start + run]
        one_side = all(z > 0 for z in window) or all(z < 0 for z in window)
        steps = [after - before for before, after in pairwise(window)]
        if one_side or all(s > 0 for s in steps) or all(s < 0 for s in steps):
            found.update(range(start, start + run))
    for start in range(len(sigmas) - 2):
        three = sigmas[start : start + 3]
        for side in (1, -1):
            if all(side * z > 0 for z in three) and sum(side * z > 2 for z in three) >= 2:
                found.update(range(start, start + 3))
    return found


def month_starts(year, month, count):
    return [date(year + (month - 1 + i) // 12, (month - 1 + i) % 12 + 1, 1) for i in range(count)]


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
def test_the_card_says_synthetic_or_real_first_and_states_the_generators_seed(name):
    text = card(name)
    real = name in REAL
    assert text.splitlines()[0].endswith(" (real)" if real else " (synthetic)")
    generator = import_module(f"improvement.datasets.{name}")
    if hasattr(generator, "SEED"):
        assert not real
        assert re.findall(r"Seed: (\d+)", text) == [str(generator.SEED)]
    else:
        assert "Nothing is drawn at random, so there is no seed." in " ".join(text.split())
    assert f"src/improvement/datasets/{name}.py" in text
    special = "What to notice" if real else "What was planted"
    for heading in ("What it is", "How it was made", special, "Codebook", "What it cannot show"):
        assert f"\n## {heading}\n" in text


@pytest.mark.parametrize("name", REAL)
def test_every_row_of_a_real_table_says_where_it_was_read(name):
    works = ("Burgess and Downham 2025: ", "Hartley 2023, NHS Providers: ")
    sources = read(name)["source"]
    assert all(source.startswith(works) and len(source.split(": ", 1)[1]) > 5 for source in sources)


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


@pytest.mark.parametrize("preset", ["mdc", "mdc-2023"])
@pytest.mark.parametrize("screen", [False, True])
def test_the_packages_own_chart_of_northfield_agrees(northfield, preset, screen):
    chart = xmr(
        northfield["category_2_mean_minutes"][96:],
        recalculations=[Recalculation(24, "The hospital changed how it receives ambulances")],
        preset=preset,
        screen=screen,
    )
    assert [(signal.rule, signal.points) for signal in chart.signals] == [("outside_limits", (11,))]


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


# D02 restrictive_interventions and prone_restraint_events


@pytest.fixture(scope="module")
def wards():
    """Ward -> its months, in order."""
    return {
        name: read("restrictive_interventions").where(ward=name)
        for name in ("Alder", "Birch", "Cedar", "Rowan")
    }


def total_restraints(wards):
    return [sum(month) for month in zip(*(ward["restraints"] for ward in wards.values()), strict=True)]


def test_every_ward_has_the_same_36_months(wards):
    for ward in wards.values():
        assert ward["month"] == month_starts(2023, 10, 36)


def test_the_only_special_cause_in_restraints_is_cedars_crisis_month(wards):
    assert wards["Cedar"]["month"][22] == date(2025, 8, 1)
    for name, ward in wards.items():
        signals = count_chart_signals(ward["restraints"], ward["occupied_bed_days"])
        assert signals == ({22} if name == "Cedar" else set()), name
    for screened in (False, True):
        assert xmr_signals(total_restraints(wards), screened=screened) == {22}
    others = [count for month, count in enumerate(wards["Cedar"]["restraints"]) if month != 22]
    assert wards["Cedar"]["restraints"][22] - statistics.fmean(others) == pytest.approx(30, abs=3.5)


def test_rowan_reports_fewest_restraints_but_its_alarms_tell_otherwise(wards):
    reported = {name: sum(ward["restraints"]) for name, ward in wards.items()}
    alarms = {name: sum(ward["alarm_activations"]) / reported[name] for name, ward in wards.items()}
    assert min(reported, key=reported.get) == "Rowan"
    assert alarms.pop("Rowan") > 3
    assert all(ratio == pytest.approx(1.6, abs=0.15) for ratio in alarms.values())
    assert reported["Rowan"] / 36 == pytest.approx(13 * 0.4, abs=0.8)


def test_the_last_two_months_of_restraints_are_a_two_point_trap(wards):
    total = total_restraints(wards)
    assert (total[34], total[35]) == (37, 48)
    steady = total[:22] + total[23:]
    assert statistics.fmean(steady) == pytest.approx(44, abs=0.5)
    assert statistics.stdev(steady) / statistics.fmean(steady) == pytest.approx(0.15, abs=0.005)


def test_prone_restraints_are_few_enough_to_be_among_each_wards_restraints(wards):
    events = read("prone_restraint_events")
    happened = Counter(
        (day.replace(day=1), ward) for day, ward in zip(events["happened_on"], events["ward"], strict=True)
    )
    for (month, name), count in happened.items():
        ward = wards[name]
        assert count <= ward["restraints"][ward["month"].index(month)]


def test_gaps_between_prone_restraints_are_those_of_their_dates():
    events = read("prone_restraint_events")
    assert events["event"] == list(range(1, 45))
    days = events["happened_on"]
    assert events["days_since_last"] == [None, *((after - before).days for before, after in pairwise(days))]


def test_gaps_between_prone_restraints_lengthen_from_april_2025():
    events = read("prone_restraint_events")
    gaps = list(zip(events["happened_on"], events["days_since_last"], strict=True))[1:]
    before = [gap for day, gap in gaps if day < date(2025, 4, 1)]
    after = [gap for day, gap in gaps if day >= date(2025, 4, 1)]
    roots = [gap ** (1 / 3.6) for gap in before]
    assert xmr_signals(roots) == set()
    centre = statistics.fmean(roots)
    upper = centre + 2.66 * statistics.fmean(abs(b - a) for a, b in pairwise(roots))
    assert len(after) >= 7
    assert all(gap ** (1 / 3.6) > centre for gap in after)
    assert sum(gap ** (1 / 3.6) > upper for gap in after) >= 2
    # Means of 35 and of 8 exponential gaps: within about 2.5 standard errors of the model's.
    assert statistics.fmean(before) == pytest.approx(16, rel=2.5 / 35**0.5)
    assert statistics.fmean(after) == pytest.approx(60, rel=2.5 / 8**0.5)


# D03 pressure_ulcers and district_nurse_first_contact


def by_team(name, count, exposure):
    """Team -> (counts, exposures), month by month."""
    dataset = read(name)
    assert list(dict.fromkeys(dataset["month"])) == month_starts(2024, 10, 24)
    teams = {team: dataset.where(team=team) for team in dict.fromkeys(dataset["team"])}
    assert len(teams) == 12
    return {team: (rows[count], rows[exposure]) for team, rows in teams.items()}


def funnel(teams, months):
    """Team -> how many sigmas its rate over some months lies from the rate of all."""
    sums = {team: (sum(counts[months]), sum(sizes[months])) for team, (counts, sizes) in teams.items()}
    rate = sum(count for count, _ in sums.values()) / sum(size for _, size in sums.values())
    return {team: (count / size - rate) / math.sqrt(rate / size) for team, (count, size) in sums.items()}


@pytest.fixture(scope="module")
def ulcers():
    return by_team("pressure_ulcers", "new_pressure_ulcers", "patient_days")


def test_only_heron_has_a_special_cause_and_only_after_its_shift(ulcers):
    for team, (counts, days) in ulcers.items():
        if team != "Heron":
            assert count_chart_signals(counts, days) == set(), team
    counts, days = ulcers["Heron"]
    assert count_chart_signals(counts[:14], days[:14]) == set()
    assert count_chart_signals(counts, days) & set(range(14, 24))
    ratio = (sum(counts[14:]) / sum(days[14:])) / (sum(counts[:14]) / sum(days[:14]))
    assert ratio == pytest.approx(1.6, abs=0.2)


def test_team_rates_of_pressure_ulcers_differ_by_no_more_than_luck_until_the_shift(ulcers):
    counts = [sum(team[:14]) for team, _ in ulcers.values()]
    days = [sum(team[:14]) for _, team in ulcers.values()]
    assert 1000 * sum(counts) / sum(days) == pytest.approx(2.5, abs=0.15)
    assert max(abs(z) for z in funnel(ulcers, slice(0, 12)).values()) < 3
    # Chi-squared for equal rates, 11 degrees of freedom: 24.7 is its upper 1% point.
    assert sum(z**2 for z in funnel(ulcers, slice(0, 14)).values()) < 24.7


def test_a_funnel_of_the_last_ten_months_finds_heron_alone(ulcers):
    outside = {team for team, z in funnel(ulcers, slice(14, 24)).items() if abs(z) > 3}
    assert outside == {"Heron"}


def test_the_worst_team_of_a_month_does_better_the_next_month_in_12_of_13(ulcers):
    rates = {
        team: [c / d for c, d in zip(counts, days, strict=True)] for team, (counts, days) in ulcers.items()
    }
    better = 0
    for month in range(13):
        worst = max(rates, key=lambda team: rates[team][month])
        better += rates[worst][month + 1] < rates[worst][month]
    assert better == 12


def test_only_curlew_sees_more_patients_in_time_and_from_october_2025():
    contacts = by_team("district_nurse_first_contact", "seen_within_2_days", "referrals")
    for team, (seen, referrals) in contacts.items():
        assert all(some <= every for some, every in zip(seen, referrals, strict=True))
        if team != "Curlew":
            assert count_chart_signals(seen, referrals, binomial=True) == set(), team
            assert sum(seen) / sum(referrals) == pytest.approx(0.78, abs=0.04), team
    seen, referrals = contacts["Curlew"]
    for half in (slice(0, 12), slice(12, 24)):
        assert count_chart_signals(seen[half], referrals[half], binomial=True) == set()
    assert count_chart_signals(seen, referrals, binomial=True) & set(range(12, 24))
    assert sum(seen[:12]) / sum(referrals[:12]) == pytest.approx(0.78, abs=0.03)
    assert sum(seen[12:]) / sum(referrals[12:]) == pytest.approx(0.91, abs=0.03)


# D06 hypertension_frailty_pathway, _costs and _referrals

STARTS = {"Fenland": 17, "Harbour": 9, "Moorside": 21, "Old Town": 13, "Valley": 30}


@pytest.fixture(scope="module")
def places():
    """Place -> its months, in order."""
    return {place: read("hypertension_frailty_pathway").where(place=place) for place in STARTS}


def test_visits_begin_in_each_place_in_its_own_month(places):
    for place, start in STARTS.items():
        assert places[place]["month"] == month_starts(2024, 4, 30)
        visits = places[place]["proactive_visits"]
        assert not any(visits[:start]), place
        assert all(visits[start:]), place


def test_control_of_blood_pressure_rises_by_twelve_points_where_there_are_visits(places):
    for place, start in STARTS.items():
        rows = places[place]
        shares = [
            controlled / people
            for controlled, people in zip(
                rows["blood_pressure_controlled"], rows["people_on_register"], strict=True
            )
        ]
        assert statistics.fmean(shares[:start]) == pytest.approx(0.60, abs=0.01), place
        if start < 30:
            assert statistics.fmean(shares[start + 5 :]) == pytest.approx(0.72, abs=0.01), place


def test_admissions_fall_three_months_after_visits_begin(places):
    signalled = set()
    for place, start in STARTS.items():
        admissions, people = places[place]["emergency_admissions"], places[place]["people_on_register"]
        fall = start + 3
        assert count_chart_signals(admissions[:fall], people[:fall]) == set(), place
        if count_chart_signals(admissions, people):
            signalled.add(place)
        if start < 30:
            assert count_chart_signals(admissions[fall:], people[fall:]) == set(), place
            before = sum(admissions[:fall]) / sum(people[:fall])
            assert sum(admissions[fall:]) / sum(people[fall:]) / before == pytest.approx(0.78, abs=0.05), (
                place
            )
    assert signalled == {"Harbour", "Old Town", "Fenland"}


def test_costs_change_by_what_the_card_states_and_the_benefit_lands_elsewhere():
    table = re.findall(
        r"^\| ([a-z ]+) \| (\d+) \| ([+−]\d+) \| (in the|three) month",
        card("hypertension_frailty_costs"),
        re.MULTILINE,
    )
    costs = read("hypertension_frailty_costs")
    registers = {"Fenland": 1.9, "Harbour": 2.6, "Moorside": 1.5, "Old Town": 3.1, "Valley": 2.2}
    changes = {}
    for partner, before, change, when in table:
        stated = int(change.replace("−", "-"))
        differences = []
        for place, start in STARTS.items():
            spent = [
                pounds / registers[place]
                for pounds in costs.where(place=place, partner=partner)["cost_pounds"]
            ]
            begins = start + 3 * (when == "three")
            assert statistics.fmean(spent[:begins]) == pytest.approx(int(before), rel=0.02), (place, partner)
            if start < 30:
                differences.append(step_in_level(spent, begins))
        changes[partner] = statistics.fmean(differences)
        assert changes[partner] == pytest.approx(stated, abs=0.02 * int(before)), partner
    assert len(changes) == 4
    assert sum(changes.values()) < 0
    assert [partner for partner, change in changes.items() if change > 0] == [
        "primary care",
        "community trust",
    ]


def test_only_45_percent_of_referral_labels_name_the_need():
    referrals = read("hypertension_frailty_referrals")
    pairs = list(zip(referrals["referred_as"], referrals["need_found"], strict=True))
    assert sum(label == need for label, need in pairs) == 180
    table = re.findall(
        r"^\| ([a-z ]+) \| ([a-z ]+) \| (\d+) \|$", card("hypertension_frailty_referrals"), re.MULTILINE
    )
    assert {(label, need): int(count) for label, need, count in table} == Counter(pairs)
    assert referrals["month"] == sorted(referrals["month"])
    assert set(Counter(referrals["month"]).values()) <= {44, 45}


# D13 did_not_attend


def missed_appointments(fifths):
    """(not attended, appointments) of some fifths together, month by month."""
    months = {month: [0, 0] for month in month_starts(2024, 10, 24)}
    data = read("did_not_attend")
    for month, fifth, booked, missed in zip(*data.values(), strict=True):
        if fifth in fifths:
            months[month][0] += missed
            months[month][1] += booked
    return [missed for missed, _ in months.values()], [booked for _, booked in months.values()]


def percent_missed(fifths, months):
    missed, booked = missed_appointments(fifths)
    return 100 * sum(missed[months]) / sum(booked[months])


BEFORE, AFTER = slice(0, 12), slice(12, 24)


def test_missed_appointments_fall_overall_while_the_gap_widens_exactly_as_stated():
    everyone, most_deprived, others = {1, 2, 3, 4, 5}, {1}, {2, 3, 4, 5}
    assert percent_missed(everyone, BEFORE) == pytest.approx(7.6, abs=1e-9)
    assert percent_missed(everyone, AFTER) == pytest.approx(6.2, abs=1e-9)
    assert percent_missed(most_deprived, BEFORE) == pytest.approx(14, abs=1e-9)
    assert percent_missed(most_deprived, AFTER) == pytest.approx(15, abs=1e-9)
    assert percent_missed(others, BEFORE) == pytest.approx(6, abs=1e-9)
    assert percent_missed(others, AFTER) == pytest.approx(4, abs=1e-9)
    assert percent_missed({1}, BEFORE) - percent_missed({5}, BEFORE) == pytest.approx(9.75, abs=1e-9)
    assert percent_missed({1}, AFTER) - percent_missed({5}, AFTER) == pytest.approx(12.2, abs=1e-9)


def test_the_table_of_missed_appointments_in_the_card_is_that_of_the_file():
    table = re.findall(r"^\| (\d) \| (\d+) \| (\d+) \|$", card("did_not_attend"), re.MULTILINE)
    assert [int(fifth) for fifth, _, _ in table] == [1, 2, 3, 4, 5]
    for fifth, before, after in table:
        missed, booked = missed_appointments({int(fifth)})
        assert (sum(missed[BEFORE]), sum(missed[AFTER])) == (int(before), int(after))
        assert (sum(booked[BEFORE]), sum(booked[AFTER])) == (18_000, 18_000)


@pytest.mark.parametrize("fifths", [{1}, {2}, {3}, {4}, {5}, {2, 3, 4, 5}, {1, 2, 3, 4, 5}], ids=str)
def test_missed_appointments_carry_no_signal_within_either_period(fifths):
    missed, booked = missed_appointments(fifths)
    for period in (BEFORE, AFTER):
        assert count_chart_signals(missed[period], booked[period], binomial=True) == set()


def test_the_most_deprived_fifths_own_chart_shows_nothing_while_every_other_chart_improves():
    assert count_chart_signals(*missed_appointments({1}), binomial=True) == set()
    for fifths in ({2}, {3}, {4}, {5}, {1, 2, 3, 4, 5}):
        assert count_chart_signals(*missed_appointments(fifths), binomial=True), fifths
