"""Dataset D10: the 34 projects under way in an invented mixed trust, scored against its six goals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

GOALS = {
    "goal_safe_care": "Nobody is harmed by care that could have been safe.",
    "goal_shorter_waits": "Nobody waits longer than is safe for them.",
    "goal_care_near_home": "People are cared for at home or near it whenever that is right for them.",
    "goal_staff_stay": "People want to work here and stay.",
    "goal_live_within_means": "The money we have goes as far as it can.",
    "goal_fair_access": "Care works as well for the people who have had least from it.",
}
COLUMNS = {
    "project": int,
    "name": str,
    "team": str,
    "service": str,
    "measure": str,
    "started": date,
    "days_a_month": int,
    **dict.fromkeys(GOALS, int),
}

_FINANCE = "finance programme"
_OFFICE = "programme office"
_IMPROVEMENT = "quality improvement"
_SAFETY = "patient safety"
_AUDIT = "clinical audit"

# Name, team, service, measure, month of start, days a month, and a score of 0 to 3 for each of GOALS.
PROJECTS = (
    ("Home by lunch", _IMPROVEMENT, "acute medicine", "discharges before noon", (2025, 9), 7, "020010"),
    ("Falls on the frailty wards", _SAFETY, "older people", "falls with harm", (2025, 4), 6, "300010"),
    ("Agency nursing savings", _FINANCE, "inpatient wards", "agency shifts", (2025, 4), 8, "000130"),
    ("New intranet pages", _OFFICE, "corporate", "pages moved", (2025, 11), 5, "000000"),
    ("Talking therapies first contact", _IMPROVEMENT, "mental health", "days to first contact", (2026, 1), 6, "031000"),
    ("Medicines reconciliation audit", _AUDIT, "pharmacy", "records complete within 24 hours", (2025, 6), 5, "200000"),
    ("Virtual ward growth", _OFFICE, "community", "people on the virtual ward", (2025, 5), 9, "013010"),
    ("Restraint reduction", _SAFETY, "mental health", "restraints", (2025, 2), 7, "310200"),
    ("Theatre start times", _FINANCE, "theatres", "minutes of late start", (2025, 10), 7, "020030"),
    ("Meeting room refresh", _OFFICE, "corporate", "rooms refitted", (2026, 2), 4, "000000"),
    ("Community wound care", _IMPROVEMENT, "community", "wounds healed in 12 weeks", (2025, 7), 8, "203010"),
    ("Joy at work on Maple ward", _IMPROVEMENT, "mental health", "staff who would recommend", (2025, 12), 4, "000300"),
    ("Record-keeping annual audit", _AUDIT, "all services", "records sampled", (2025, 4), 6, "000000"),
    ("Stock control in stores", _FINANCE, "procurement", "stock written off", (2025, 8), 5, "000020"),
    ("Early discharge programme", _OFFICE, "acute medicine", "discharges before noon", (2026, 1), 8, "020010"),
    ("Sepsis in the emergency department", _SAFETY, "emergency", "minutes to antibiotic", (2025, 3), 6, "310000"),
    ("Outpatient letters", _OFFICE, "outpatients", "days to letter", (2025, 10), 6, "120000"),
    ("Retention of newly qualified nurses", _IMPROVEMENT, "inpatient wards", "leavers in year one", (2025, 9), 6, "000310"),
    ("Legacy dashboard upkeep", _OFFICE, "corporate", "dashboards updated", (2024, 9), 6, "000000"),
    ("Pressure ulcers in district nursing", _SAFETY, "community", "new pressure ulcers", (2025, 5), 6, "302000"),
    ("Falls prevention bundle", _IMPROVEMENT, "older people", "falls with harm", (2025, 11), 6, "300010"),
    ("Estates energy saving", _FINANCE, "estates", "energy used", (2025, 1), 5, "000030"),
    ("Nutrition audit", _AUDIT, "inpatient wards", "charts complete", (2025, 9), 4, "000000"),
    ("Crisis line answer times", _OFFICE, "mental health", "calls answered in a minute", (2026, 3), 5, "230000"),
    ("Learning from incidents", _SAFETY, "all services", "actions tested before close", (2025, 10), 5, "200100"),
    ("Community hospital flow", _IMPROVEMENT, "community", "days after fit to leave", (2026, 2), 7, "023010"),
    ("Consultant job plans", _FINANCE, "all services", "plans agreed", (2025, 6), 7, "010220"),
    ("Hand hygiene posters", _SAFETY, "all services", "posters put up", (2026, 3), 3, "000000"),
    ("Diabetes foot pathway", _AUDIT, "outpatients", "feet checked within a day", (2025, 12), 5, "212000"),
    ("Same-day emergency care", _OFFICE, "emergency", "people home the same day", (2025, 8), 8, "031010"),
    ("Lost property policy", _AUDIT, "corporate", "policy signed off", (2026, 1), 2, "000000"),
    ("Rostering", _FINANCE, "inpatient wards", "rosters out six weeks ahead", (2025, 7), 6, "000320"),
    ("Physiotherapy self-referral", _IMPROVEMENT, "community", "days to first contact", (2026, 2), 5, "022000"),
    ("Ligature risk works", _SAFETY, "mental health", "rooms made safe", (2025, 6), 5, "300000"),
)  # fmt: skip


def rows() -> Iterator[tuple[int | str | date, ...]]:
    """The rows in file order, a project each."""
    for number, (name, team, service, measure, start, days, scores) in enumerate(PROJECTS, start=1):
        yield number, name, team, service, measure, date(*start, 1), days, *map(int, scores)
