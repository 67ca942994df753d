"""Machinery map: open doors look like reach, naming shows the gaps, and every entry has a source and an age."""

import itertools
import json
import re
from datetime import date

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.machinery_map import AUDIENCES, MECHANISMS, REACHES, heard, reached

KIND = "machinery-map"
PART = {one.name: one for one in MECHANISMS}
GAPS = ("gp", "patient", "doctor")


def view(**params):
    return views.compute(KIND, {"prediction": "nine", **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def test_the_ten_parts_and_every_group_are_there():
    assert set(PART) == {
        "tool", "idn", "iln", "lunch", "masterclass", "cases", "guides", "bulletin", "nib", "website",
    }  # fmt: skip
    for one in MECHANISMS:
        assert set(one.reach) == set(AUDIENCES)
        for audience, (reach, why) in one.reach.items():
            assert reach in REACHES
            assert why.strip(), (one.name, audience)
        assert one.records
        for record in one.records:
            assert date(2023, 4, 1) <= record.on <= date(2026, 11, 24)
            assert record.source.strip()


def test_before_the_guess_nothing_is_shown():
    shown = views.compute(KIND, {})
    assert all(one["reveal"] for one in shown["panels"])
    assert all(mark["reveal"] for one in shown["panels"] if one["type"] == "figure" for mark in one["marks"])


def test_counting_open_doors_everybody_is_reached_and_counting_names_four_groups_are():
    first = view(prediction="eleven")
    assert "11 of 11 groups had something they could use" in panel(first, "sentence", "Across")["text"]
    assert "you are right" in panel(first, "sentence", "Your guess")["text"]
    named = view(count="named")
    assert "4 of 11 groups" in panel(named, "sentence", "Across")["text"]
    assert "name 4 of the 11" in panel(named, "sentence", "Your guess")["text"]
    for group in ("Doctor", "GP", "Patient", "Social care", "Manager", "Other staff"):
        assert group in panel(named, "sentence", "Across")["text"]


@pytest.mark.parametrize("audience", GAPS)
def test_the_filters_for_gp_patient_partner_and_front_line_doctor_show_gaps(audience):
    shown = view(audience=audience)
    rows = panel(shown, "table", "Ten parts")["rows"]
    assert len(rows) == 10
    assert "For them" not in {row[1] for row in rows}
    assert {"Directors' network (IDN)", "National Improvement Board"} <= {
        row[0] for row in rows if row[1] == "Not theirs"
    }
    assert "none made for them" in panel(shown, "sentence", AUDIENCES[audience].label)["text"]


def test_a_patient_partner_without_an_nhs_account_has_only_what_is_on_the_public_web():
    rows = panel(view(audience="patient"), "table", "Ten parts")["rows"]
    assert {row[0] for row in rows if row[1] == "Could use it"} == {"Case studies", "Four guides", "Website"}


def test_the_director_finds_no_hole_and_is_told_who_was_asked():
    assert panel(view(audience="director"), "challenge")["met"]
    assert "two networks" in panel(view(audience="director"), "challenge")["text"]
    for audience in AUDIENCES:
        if audience != "director":
            assert not panel(view(audience=audience), "challenge")["met"]


def test_what_was_known_by_each_year_follows_the_dates_of_the_sources():
    record, _ = heard(PART["nib"], 2023)
    assert record.on == date(2023, 9, 1)
    assert heard(PART["guides"], 2024) == (None, False)  # our sources first speak of them in April 2025
    planned, old = heard(PART["bulletin"], 2024)
    assert planned.planned
    assert old  # October 2023 to December 2024 is fourteen months
    assert reached("board", "named", 2023) == (2, 0)  # the self-assessment and the national board
    assert reached("patient", "open", 2023) == (0, 0)


def test_in_2026_every_part_is_flagged_and_in_2025_none():
    for one in MECHANISMS:
        assert not heard(one, 2025)[1]
        assert heard(one, 2026)[1]
    for audience in AUDIENCES:
        assert reached(audience, "open", 2026)[0] == 0
        assert reached(audience, "open", 2026)[1] == reached(audience, "open", 2025)[0]
    shown = view(year=2026)
    rows = panel(shown, "table", "Ten parts")["rows"]
    assert all("Check what is current" in row[3] for row in rows)
    assert "24 November 2026" in panel(shown, "figure")["title"]
    assert "Check what is current" not in json.dumps(view(year=2025)["panels"][:5])


def test_bars_are_as_long_as_the_numbers_beside_them():
    for count, year in itertools.product(("open", "named"), (2023, 2024, 2025, 2026)):
        figure = panel(view(count=count, year=year), "figure")
        length = {}
        for mark in figure["marks"]:
            if mark["mark"] == "bar_x":
                for name, end in zip(mark["text"], mark["x2"], strict=True):
                    length[name] = max(length.get(name, 0), end)
        (numbers,) = [mark for mark in figure["marks"] if mark["mark"] == "text"]
        assert {name: str(end).removesuffix(".0") for name, end in length.items()} == dict(
            zip(numbers["y"], numbers["text"], strict=True)
        )


def test_what_is_told_names_its_source():
    for audience in AUDIENCES.values():
        assert re.search(r"\((Burgess and Downham, 2025|Health Foundation)\)$", audience.told)


def test_every_setting_reads_whole():
    for audience, count, year in itertools.product(AUDIENCES, ("open", "named"), (2023, 2024, 2025, 2026)):
        shown = view(audience=audience, count=count, year=year)
        assert not shown["notices"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\bnan\b|\| None|: None|\b1 parts\b", text)


def test_an_entry_that_cannot_be_used_says_what_would_do():
    (notice,) = view(year=2030)["notices"]
    assert "2026" in notice["text"]
    assert notice["control"] == "year"


def test_the_self_check_knows_the_unreached_and_wants_six_of_eight():
    right = {
        "1": "Not yet",
        "2": "Reached, by the evaluation's account",
        "3": "Not yet",
        "4": "Outside the roll-out",
        "5": "Not yet",
        "6": "Reached, by the evaluation's account",
        "7": "Not yet",
    }
    (told,) = views.compute("check-supporting-machinery", {"unreached": right})["panels"]
    assert told["right"]
    (told,) = views.compute(
        "check-supporting-machinery", {"unreached": {**right, "1": "Outside the roll-out", "3": "Outside the roll-out"}}
    )["panels"]  # fmt: skip
    assert not told["right"]
    top, leaders, anybody = (
        "Boards and their executives",
        "Senior improvement leaders",
        "Anybody who finds it",
    )
    sorted_right = dict(
        zip("12345678", (anybody, top, top, leaders, top, leaders, top, anybody), strict=True)
    )
    (told,) = views.compute("check-supporting-machinery", {"mechanisms": sorted_right})["panels"]
    assert "8 of 8" in told["text"]
    given = views.compute("check-supporting-machinery", {"gp": "3", "current": "2"})
    assert [one["right"] for one in given["panels"]] == [True, True]
