"""Answers for the capstone kits M16A and M16B: complete records made up with care, from which each test spoils one part."""

from __future__ import annotations

from datetime import date, timedelta

FULL_A = {
    "charter-form": 1, "charter-aim": 1, "diagram-form": 1, "measures-form": 1, "log-rows": 1, "log-chain": 1,
    "chart-series": 1, "claim-borne-out": 1, "handed-on": 1,
}  # fmt: skip
FULL_B = {
    "metric-series": 1, "variation-words": 1, "assurance-words": 1, "divergence-gap": 1, "diary-shares": 1,
    "decisions-form": 1, "calendar-form": 1,
}  # fmt: skip
BY_HAND_A = {"account": 24}
BY_HAND_B = {"questions": 15, "session": 15}
"""The points that a marker gives."""

QUIET = [41, 44, 39, 43, 40, 45, 42, 38, 43, 41, 44, 40, 42, 39, 45, 41, 43, 40, 44, 42, 39, 43, 41, 44]
"""Twenty-four weeks in which nothing happens: no rule finds a signal with limits from the first 13, 14 or all."""


def weekly(values: list[float], *, month: int = 1) -> str:
    """A series as pasted: every seventh day of 2025 from the sixth of a month on; 6 January is a Monday."""
    start = date(2025, month, 6)
    return "\n".join(f"{start + timedelta(weeks=place)}; {value}" for place, value in enumerate(values))


PROJECT = {
    "charter": '''charter = """
title: Blood results seen by evening
problem: On Oak ward four of ten results of the morning are first read the next day, which I counted on two days
why it matters: Two patients waited a night for potassium nobody had read
who was asked: Three patients and the night nurses, who wanted results on the handover sheet
aim: Raise the share of results read by 18:00 on Oak ward from 42% to 70% by 31 December 2025
team: a registrar, a charge nurse, a ward clerk
sponsor: clinical director
in and out of scope: Morning bloods of adult inpatients, no weekends
equity: Outliers on other wards could be left behind; split by base ward
cost: Six repeat samples weekly, and thirty hours of mine
registered: QI-2025-114
registered on: 2025-03-10
information governance: The data officer agreed to counts without names
information governance on: 2025-03-12
my own part: I followed the samples and drew the chart; the charge nurse counted
route: project
"""''',
    "diagram": '''diagram = """
kind;name;what;leads to
primary;P1;Somebody looks at four;
primary;P2;Results come in time;
secondary;S1;The list is at hand;P1
idea;I1;Results on the handover sheet;S1
idea;I2;First round of the porter at nine;P2
"""''',
    "measures": '''measures = """
kind;measure;how it is counted;how often;who collects it;split by
outcome;results read by 18:00;read, out of all taken before noon;weekly;ward clerk;base ward
process;sheets with results;filled, out of all sheets;weekly;charge nurse;none, because one sheet
balancing;calls to the laboratory;counted by the laboratory;weekly;laboratory;none, because few
"""''',
    "log": '''log = """
test;question;written;tested;size;low;high;happened;learnt;act
A;Does the sheet have room?;2025-04-13;2025-04-14;1;1;1;1;room for four results;widen
B;Will the night team read it?;2025-04-15;2025-04-22;5;4;5;2;they read it after midnight;mend
C;Does a reminder at six help?;2025-04-23;2025-04-29;5;4;5;3;only with the regular nurse;drop
"""''',
    "series": f'''measure_name = "results read by 18:00 (percent)"
better = "increase"
source = "own"
series = """{weekly(QUIET)}"""
limits_from = 14
limits_are = "firm"''',
    "results": '''claim = "no change shown"
results = """
No rule finds a signal in the ten weeks since the first test. The limits come from fourteen weeks before and run from about 33 to
51 percent, so a rise of a few points could hide in them. In May the laboratory moved its lunch hour, which could have masked a gain. Calls to the
laboratory stayed as they were. Outliers were read later all along, in numbers too small for a chart.
"""''',
    "control": '''control = """
measure: results read by 18:00
what is expected: between 33 and 51 percent
looked at by: ward manager
how often: each Monday
signal to act on: a point outside, or seven on one side
what they do then: asks the ward about that week, with the clerk
who is told if that fails: clinical director
what stops: the second paper list
handed to: charge nurse
handed over on: 2025-07-07
"""''',
    "dossier": "dossier = ''",
}
"""A project in which nothing improved. The first test is on the 14 April 2025, after the fourteenth Monday."""

HANDOVER = PROJECT | {
    "charter": PROJECT["charter"].replace("route: project", "route: handover"),
    "log": "\n".join(line for line in PROJECT["log"].splitlines() if not line.startswith(("B;", "C;"))),
    "series": PROJECT["series"].replace('source = "own"', 'source = "course"').replace("limits_from = 14", "limits_from = 24"),
    "results": PROJECT["results"].replace("no change shown", "too early to say"),
    "control": "control = ''",
    "dossier": '''dossier = """
where it stands: forty percent are read in time
what was tried: one sheet, which had room
next test: five sheets with the night team
where the data are: the folder of the ward clerk
who wants it: night nurses, who fear more paper
what could do harm: a result read by nobody twice
taken over by: the next registrar
handed over on: 2025-08-05
supervisor asked on: 2025-07-01
"""''',
}  # fmt: skip

IMPROVED = [*QUIET[:14], 60, 62, 61, 63, 60, 62, 61, 64, 62, 61]

_MONTHS = [f"2026-{month:02}" for month in range(9, 13)] + [f"2027-{month:02}" for month in range(1, 9)]
_BRINGERS = ("lead nurse", "porter", "patient partner")
BOARD = {
    "metric": f'''measure_name = "beds free by noon"
better = "increase"
target = 60
series = """{weekly(QUIET)}"""
variation = "common cause"
assurance = "reliably misses"''',
    "divergence": '''statement = "A mistake may be spoken of here"
groups = """
group;people;median
board;12;4.5
porters;25;2
nurses;80;2.5
"""
widest_gap = 2.5
answers_file = ""''',
    "diary": '''diary = """
what;kind;minutes
performance;control;100
risk;other;50
what was tried;improvement;20
strategy;planning;30
"""
shares = {"planning": 15, "control": 50, "improvement": 10, "other": 25}''',
    "decisions": '''decided_on = "2026-09-10"
decisions = """
kind;what;owner;by;how we shall know
start;each director goes to see;chair;2026-10-31;a note after each
stop;the daily bed report ends;chief operating officer;2026-10-01;nobody asks for it
protect;two days of an analyst;finance director;2026-12-31;days worked, charted
"""
freed_hours = 11''',
    "calendar": 'calendar = """\nmonth;what we look at;what we want to learn;who brings it\n'
    + "".join(f"{month};beds by noon;question {place};{_BRINGERS[place % 3]}\n" for place, month in enumerate(_MONTHS))
    + '"""',
}  # fmt: skip
