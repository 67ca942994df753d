"""The capability statement of the theatre suite: counted again from the file, with intervals worked out by hand."""

import math

import pytest

from improvement import capability_statement
from improvement.capability_statement import line, theatres
from improvement.planning import NEED_KINDS


def wilson(met, of, z=1.959964):
    centre, half = met + z * z / 2, z * math.sqrt(met * (of - met) / of + z * z / 4)
    return (centre - half) / (of + z * z), (centre + half) / (of + z * z)


@pytest.fixture(scope="module")
def counted(table):
    """Met and asked for, by kind of need, over the whole year."""
    rows = table("theatre_sessions")

    def total(column, chosen=lambda row: True):
        return sum(int(row[column]) for row in rows if chosen(row))

    def general(row):
        return row["specialty"] == "general surgery"

    done, planned = total("cases_done"), total("cases_planned")
    return {
        "outcomes": (done - total("returns_to_theatre"), done),
        "safety": (done - total("sets_sent_back"), done),
        "equality": (total("cases_done", general), total("cases_planned", general)),
        "timeliness": (done, planned),
        "efficiency": (sum(row["late_start_minutes"] == "0" for row in rows), len(rows)),
        "experience": (total("pre_assessment_calls"), planned),
    }


def test_every_kind_of_need_has_its_line_counted_right(counted):
    assert tuple(one.kind for one in theatres()) == NEED_KINDS
    for one in theatres():
        met, of = counted[one.kind]
        assert (one.judged.meeting, one.judged.n) == (met, of)
        assert tuple(one.judged.observed_interval) == pytest.approx(wilson(met, of), abs=1e-6)


def test_the_data_card_says_what_the_statement_says():
    lines = {one.kind: one.judged for one in theatres()}
    assert lines["efficiency"].meeting == 400 - 141 - 64
    assert lines["timeliness"].n - lines["timeliness"].meeting == 61
    assert lines["timeliness"].n == 1550


def test_what_may_be_said_follows_from_misses_chart_and_interval(counted):
    for one in theatres():
        met, of = counted[one.kind]
        if of - met < 25:
            wanted = "too rare to say yet"
        elif wilson(met, of)[0] >= one.judged.aim:
            wanted = "meets the agreed aim"
        else:
            wanted = "predictable, falls short of the aim"
        assert one.verdict == wanted
    assert {one.verdict for one in theatres()} == {*capability_statement.VERDICTS} - {
        "not predictable: no promise"
    }


def test_a_change_takes_the_promise_away():
    steady = line("safety", "Checks made", [90, 91, 89, 90, 92] * 4, [100] * 20, 0.85)
    moved = line("safety", "Checks made", [90] * 10 + [60] * 10, [100] * 20, 0.5)
    assert steady.verdict == "meets the agreed aim"
    assert moved.verdict == "not predictable: no promise"


def test_a_seventh_kind_of_need_is_refused():
    with pytest.raises(ValueError, match="'parking' is none of the six"):
        line("parking", "Spaces", [1] * 20, [2] * 20, 0.5)
