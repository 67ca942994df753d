"""Pasted tables of indicators: what a board paper holds is read, and a row that cannot be costs no other row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.views import pasted_table
from improvement.views.pasted_table import read_table

TABLE = [
    ["Indicator", "Target", "Better", "Apr 25", "May 25", "Jun 25", "RAG"],
    ["Falls", "<=20", "lower", "18", "22.5", "17", "G"],
    ["Seen in time", "95%", "higher", "93%", "n/a", "94%", "Red"],
]


def written(rows, mark="\t"):
    return "\n".join(mark.join(row) for row in rows)


def row(*cells, heading=("Indicator", "Apr 25", "May 25", "Jun 25", "Target", "Better", "RAG")):
    """The table of one row under a heading; cells left out are empty."""
    return read_table(written([heading, cells]))


def only(table):
    assert table.unread == ()
    (indicator,) = table.indicators
    return indicator


@pytest.mark.parametrize("mark", ["\t", ",", ";", " , ", "; "])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_tabs_commas_and_semicolons_and_any_line_ending_give_the_same_table(mark, ending):
    table = read_table(written(TABLE, mark).replace("\n", ending) + ending)
    assert table.labels == ("Apr 25", "May 25", "Jun 25")
    assert table.period == "month"
    falls, seen = table.indicators
    assert (falls.name, falls.row, falls.values) == ("Falls", 2, (18, 22.5, 17))
    assert (falls.target, falls.direction, falls.rag, falls.percent) == (20, "decrease", "green", False)
    assert seen.values == (93, None, 94)
    assert (seen.target, seen.direction, seen.rag, seen.percent) == (95, "increase", "red", True)
    assert table.unread == ()


def test_columns_may_stand_in_any_order_and_unknown_ones_are_left_out_by_name():
    table = read_table(
        "Owner,Status,Jun 25,Measure,Standard,Jul 25,YTD,Aug 25,Direction\n"
        "Ann,amber,4,Falls,at most 5,6,99,5,down"
    )
    falls = only(table)
    assert (falls.name, falls.values, falls.target) == ("Falls", (4, 6, 5), 5)
    assert (falls.direction, falls.rag) == ("decrease", "amber")
    (note,) = [note for note in table.notes if "Left out" in note]
    assert "Owner" in note
    assert "YTD" in note


@pytest.mark.parametrize(
    ("text", "target", "direction"),
    [
        ("<=95%", 95, "decrease"),
        ("≤ 20", 20, "decrease"),
        ("<5", 5, "decrease"),
        (">=92%", 92, "increase"),
        ("≥92", 92, "increase"),
        ("at least 92", 92, "increase"),
        ("no less than 92", 92, "increase"),
        ("no more than 1,200", 1200, "decrease"),
        ("at most 18 weeks", 18, "decrease"),
        ("max 10", 10, "decrease"),
        ("min 10", 10, "increase"),
        ("30 minutes", 30, "neutral"),
        ("15 mins", 15, "neutral"),
        ("£380", 380, "neutral"),
        ("95", 95, "neutral"),
        ("-2.5", -2.5, "neutral"),
        ("zero", 0, "decrease"),
        ("", None, "neutral"),
        ("n/a", None, "neutral"),
        ("TBC", None, "neutral"),
    ],
)
def test_a_target_is_read_with_the_direction_its_wording_implies(text, target, direction):
    indicator = only(row("Falls", "3", "4", "5", text))
    assert (indicator.target, indicator.direction) == (target, direction)


@pytest.mark.parametrize("text", ["85-92%", "80 to 90", "95% in 4 hours", "as plan"])
def test_a_target_that_is_not_one_number_is_told_and_the_row_charted_without(text):
    table = row("Falls", "3", "4", "5", text)
    assert only(table).target is None
    assert any(text in note and "without one" in note for note in table.notes)


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("lower", "decrease"), ("Low", "decrease"), ("Lower is better", "decrease"), ("DOWN", "decrease"),
        ("↓", "decrease"), ("reduce", "decrease"), ("fewer", "decrease"), ("minimise", "decrease"),
        ("higher", "increase"), ("High is good", "increase"), ("up", "increase"), ("upwards", "increase"),
        ("▲", "increase"), ("more", "increase"), ("increasing", "increase"), ("maximise", "increase"),
        ("neither", "neutral"), ("", "neutral"), ("-", "neutral"),
    ],
)  # fmt: skip
def test_direction_words(words, direction):
    assert only(row("Falls", "3", "4", "5", "", words)).direction == direction


def test_a_direction_column_outranks_the_target_and_the_quarrel_is_told():
    table = row("Falls", "3", "4", "5", ">=4", "lower")
    assert only(table).direction == "decrease"
    assert any("opposite ways" in note for note in table.notes)


@pytest.mark.parametrize(
    ("given_as", "rag"),
    [
        ("R", "red"), ("a", "amber"), ("Yellow", "amber"), ("GREEN", "green"), ("🔴", "red"), ("🟡", "amber"),
        ("Green ▲", "green"), ("", None), ("n/a", None),
    ],
)  # fmt: skip
def test_colours_as_given(given_as, rag):
    assert only(row("Falls", "3", "4", "5", "", "", given_as)).rag == rag


@pytest.mark.parametrize(
    ("latest", "colour", "direction"),
    [
        ("8", "R", "decrease"), ("8", "A", "decrease"), ("8", "G", "increase"),
        ("2", "R", "increase"), ("2", "G", "decrease"), ("5", "G", "neutral"), ("8", "", "neutral"),
    ],
)  # fmt: skip
def test_without_a_better_way_the_colour_and_the_target_imply_one(latest, colour, direction):
    table = row("Falls", "3", "4", latest, "5", "", colour)
    assert only(table).direction == direction
    assert any("imply" in note for note in table.notes) == (direction != "neutral")
    assert only(row("Falls", "3", "4", latest, "5", "neither", colour)).direction == "neutral"


def test_a_colour_that_is_none_is_told_and_costs_nothing():
    table = row("Falls", "3", "4", "5", "", "", "blue")
    assert only(table).rag is None
    assert any("blue" in note for note in table.notes)


@pytest.mark.parametrize(
    ("cell", "shown", "remedy"),
    [
        ("abc", "abc", "leave the cell empty"),
        ("12,5", "12,5", "full stop"),
        ("00:36:08", "00:36:08", "minutes"),
        ("<5", "<5", "small number"),
        ("£1.2m", "1.2m", "Correct it"),
        ("1e300", "1e300", "too large"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column_and_the_other_rows_are_kept(cell, shown, remedy):
    table = read_table(written([TABLE[0], ["Bad", "", "", "1", cell, "3", ""], *TABLE[1:]]))
    assert [one.name for one in table.indicators] == ["Falls", "Seen in time"]
    (bad,) = table.unread
    assert (bad.row, bad.name) == (2, "Bad")
    for words in ("Row 2", "“Bad”", "“May 25”", shown, remedy):
        assert words in bad.problem


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["", "", "", "1", "2", "3", ""], "no name"),
        (["Falls", "", "", "1", "2", "3", ""], "Give each its own"),
        (["Mixed", "", "", "12%", "13", "14%", ""], "Give every month a % sign, or none"),
        (["Empty", "5", "", "", "n/a", "", "R"], "no numbers"),
        (["Fraction", "95%", "", "0.93", "0.92", "0.95", ""], "same unit"),
        (["Percent", "0.95", "", "93%", "92%", "95%", ""], "same unit"),
        (["Long", "", "", "1", "234", "2", "R", "9"], "comma inside a number"),
    ],
)
def test_a_row_that_cannot_be_read_says_what_to_mend(cells, words):
    table = read_table(written([*TABLE, cells]))
    assert len(table.indicators) == 2
    (bad,) = table.unread
    assert bad.problem.startswith("Row 4")
    assert words in bad.problem


@pytest.mark.parametrize(
    ("cell", "value"),
    [("£1,200", 1200), ("(0.4)", -0.4), ("−3", -3), ("12*", 12), ('"1,234"', 1234), (" 7 ", 7)],
)
def test_numbers_as_finance_and_board_tables_write_them(cell, value):
    assert only(row("Spend", cell, "2", "3")).values == (value, 2, 3)


def test_thousands_in_quotation_marks_survive_a_comma_separated_table():
    table = read_table('Indicator,Apr 25,May 25\n"Calls, answered","1,234","2,000"')
    assert only(table).name == "Calls, answered"
    assert only(table).values == (1234, 2000)
    assert any("1234" in note for note in table.notes)


def test_rows_that_are_only_a_heading_and_lines_above_the_table_are_left_out_and_told():
    table = read_table(
        "Integrated performance report\n\nIndicator\tApr 25\tMay 25\nQuality\t\t\nFalls\t3\t4\n\nPeople"
    )
    falls = only(table)
    assert falls.row == 5
    assert {note.split(" (")[0] for note in table.notes if "read as a heading" in note} == {"Row 4", "Row 7"}


@pytest.mark.parametrize(
    "heading",
    [
        ["Jun 25", "May 25", "Apr 25"],
        ["Jun-2025", "May-2025", "Apr-2025"],
        ["2025-06", "2025-05", "2025-04"],
        ["01/06/2025", "01/05/2025", "01/04/2025"],
        ["February 2026", "January 2026", "December 2025"],
    ],
)
def test_months_from_newest_to_oldest_are_turned_round(heading):
    table = read_table(written([["Indicator", *heading], ["Falls", "3", "2", "1"]]))
    assert only(table).values == (1, 2, 3)
    assert table.labels == tuple(reversed(heading))
    assert any("turned round" in note for note in table.notes)


@pytest.mark.parametrize(
    ("heading", "period"),
    [
        (["Week 1", "Week 2", "Week 3"], "week"),
        (["w/c 7 Apr", "w/c 14 Apr", "w/c 21 Apr"], "week"),
        (["Q1 25/26", "Q2 25/26", "Q3 25/26"], "quarter"),
        (["Apr", "May", "Jun"], "month"),
        (["M1", "M2", "M3"], "month"),
        (["1", "2", "3"], "period"),
    ],
)
def test_what_one_column_is(heading, period):
    table = read_table(written([["Indicator", *heading], ["Falls", "9", "8", "7"]]))
    assert (table.period, only(table).values) == (period, (9, 8, 7))


def test_a_table_without_a_heading_is_numbered():
    table = read_table("Falls,3,4,5,4\nUlcers,10,12,9,8")
    assert table.labels == ("1", "2", "3", "4")
    assert [one.values for one in table.indicators] == [(3, 4, 5, 4), (10, 12, 9, 8)]
    assert any("no heading" in note for note in table.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "heading row"),
        ("our falls went down", "heading row"),
        ("Month,Falls,Ulcers\nApr 25,3,4\nMay 25,4,5\nJun 25,4,4", "Transpose"),
        ("Indicator,Last month,This month\nFalls,3,4", "13 or more"),
        ("Indicator,Apr 25,Jun 25,May 25\nFalls,1,2,3", "“May 25”"),
        ("Indicator,Apr 25,May 25,May 25\nFalls,1,2,3", "“May 25”"),
        ("Indicator,Apr 25,May 25", "nothing under it"),
        ("Indicator," + ",".join(f"Week {n}" for n in range(1, 200)) + "\nFalls,1", "199"),
        ("Indicator,Apr 25,May 25\n" + "Falls,1,2\n" * 600, "601 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(text, words):
    with pytest.raises(ValueError, match=r"(?i)paste|put|turn|latest|copy") as refusal:
        read_table(text)
    assert words in str(refusal.value)


def test_more_indicators_than_the_page_holds_are_listed_and_the_first_kept():
    rows = [["Indicator", "Apr 25", "May 25"]] + [[f"Measure {n}", "1", "2"] for n in range(45)]
    table = read_table(written(rows))
    assert len(table.indicators) == pasted_table.MOST_INDICATORS == 40
    assert len(table.unread) == 5


@given(st.text(alphabet=st.sampled_from('ab R%<=≥0123456789.,;\t\n"()-:/AprMay25🔴'), max_size=200))
def test_whatever_is_pasted_is_read_or_refused_in_words(text):
    try:
        table = read_table(text)
    except ValueError:
        return
    for one in table.indicators:
        assert len(one.values) == len(table.labels)
        assert any(value is not None for value in one.values)
    assert all(bad.problem.startswith(f"Row {bad.row}") for bad in table.unread)
