"""Pasted numbers: whatever a spreadsheet or an e-mail holds is read, or refused with the row and the remedy."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement import views
from improvement.views.pasted import read_series

REMEDY = re.compile(r"\b(Correct|Paste|Put|Give|Use|Type|leave)\b")

numbers = st.lists(
    st.floats(min_value=-1e12, max_value=1e12, allow_nan=False, allow_infinity=False),
    min_size=2,
    max_size=60,
)
labels = st.text("abcdefghijklmnopqrstuvwxyz -", min_size=1, max_size=12).map(lambda text: f"w{text}".strip())


@pytest.mark.parametrize(
    ("text", "row", "shown"),
    [
        ("12\n14\nabc\n15", 3, "abc"),
        ("12\n14\n15 minutes\n16", 3, "15 minutes"),
        ("Minutes\n12\nabc\n15", 3, "abc"),
        ("week,minutes\n1,12\n2,fourteen\n3,15", 3, "fourteen"),
        ("12\n\n14\nabc", 4, "abc"),
        ("12 14 abc 15", 3, "abc"),
        ("12\ninf\n14", 2, "inf"),
        ("12\n14\n-Infinity", 3, "-Infinity"),
        ("12\n1e999\n14", 2, "1e999"),
        ("12\n14\n10000000000000", 3, "10000000000000"),
        ("12\n£14\n15", 2, "£14"),
        ("12\n1 234\n15", 2, "1 234"),
        ("12\n14\n" + "9" * 400, 3, "999"),
    ],
)
def test_a_row_that_is_no_number_is_refused_by_its_row_with_the_remedy(text, row, shown):
    with pytest.raises(ValueError, match=rf"^Row {row}\b") as refusal:
        read_series(text)
    assert shown in str(refusal.value)
    assert REMEDY.search(str(refusal.value))


def test_rows_are_counted_as_they_stand_in_the_box_blank_lines_before_them_included():
    with pytest.raises(ValueError, match=r"^Row 5\b"):
        read_series("\n\n12\n13\nabc\n")


@pytest.mark.parametrize("text", ["", "\n\n\n", "5", "5\n", "n/a\nn/a\n7", "Minutes\n7"])
def test_fewer_than_two_numbers_are_refused_with_how_many_to_paste(text):
    with pytest.raises(ValueError, match=r"Paste at least two"):
        read_series(text)


@pytest.mark.parametrize("separator", ["\n", " ", "; ", "\r\n"])
def test_a_hundred_thousand_numbers_are_refused_at_once_with_what_to_paste_instead(separator):
    text = separator.join(str(number % 97) for number in range(100_000))
    started = time.perf_counter()
    with pytest.raises(ValueError, match=r"100,000.*Paste the latest 1,000") as refusal:
        read_series(text)
    assert time.perf_counter() - started < 2
    assert len(str(refusal.value)) < 300


def test_a_thousand_numbers_are_read_and_one_more_is_not():
    assert len(read_series("\n".join(["1", "2"] * 500)).values) == 1000
    with pytest.raises(ValueError, match="1,001"):
        read_series("\n".join(["1", "2"] * 500 + ["3"]))


def test_thousands_commas_are_read_as_one_number_and_the_first_is_named():
    read = read_series("980\n1,234\n1,234,567.5\n-2,000")
    assert read.values == (980, 1234, 1234567.5, -2000)
    (note,) = read.notes
    assert note.startswith("Row 2")
    assert "1,234" in note
    assert "1234" in note
    assert "2 more" in note


@pytest.mark.parametrize(
    "row", ['5 January,"1,234"', "5 January\t1,234", "5 January;1,234", "5 January, 1,234"]
)
def test_a_label_beside_a_thousands_comma_is_not_taken_for_a_number(row):
    read = read_series(f"4 January\t980\n{row}")
    assert read.values == (980, 1234)
    assert read.labels[1] == "5 January"


def test_a_lone_row_of_commas_that_could_be_read_two_ways_is_refused():
    with pytest.raises(ValueError, match=r"^Row 1\b.*own line"):
        read_series("123,456,789")


def test_a_comma_that_marks_no_thousands_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"^Row 2\b.*full stop"):
        read_series("5 January\t12.5\n6 January\t12,5")


def test_percent_signs_are_left_out_and_said_so():
    read = read_series("12%\n14.5 %\n9%")
    assert read.values == (12, 14.5, 9)
    assert "row 1" in read.notes[0]
    assert "%" in read.notes[0]


@pytest.mark.parametrize(("text", "rows"), [("12%\n14\n9%", (1, 2)), ("12\n14\n9%", (3, 1))])
def test_percentages_mixed_with_plain_numbers_are_refused_naming_one_row_of_each(text, rows):
    with pytest.raises(ValueError, match=rf"^Row {rows[0]}\b.*row {rows[1]}\b.*Give every row"):
        read_series(text)


@pytest.mark.parametrize("blank", ["", " ", "n/a", "NA", "-", "–", "#N/A", "missing", "nan", "NULL"])
def test_blanks_inside_a_series_are_gaps_that_keep_their_place(blank):
    read = read_series(f"12\n{blank}\n14\n15")
    assert read.values == (12, None, 14, 15)
    assert "row 2" in " ".join(read.notes)


def test_blank_rows_after_the_last_number_are_not_gaps():
    assert read_series("12\n14\n\n\n").values == (12, 14)


def test_a_heading_is_left_out_and_named():
    read = read_series("Week,Minutes\n5 Jan,41.2\n12 Jan,38.9")
    assert read.values == (41.2, 38.9)
    assert read.labels == ("5 Jan", "12 Jan")
    assert "Week" in read.notes[0]
    assert "heading" in read.notes[0]


@pytest.mark.parametrize("separator", [", ", ",", ";", "\t"])
def test_a_label_and_a_number_may_stand_on_a_row(separator):
    read = read_series(f"2026-01-05{separator}41.2\n2026-01-12{separator}38.9\n2026-01-19{separator}44.0")
    assert read.values == (41.2, 38.9, 44.0)
    assert read.labels == ("2026-01-05", "2026-01-12", "2026-01-19")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@given(values=numbers)
def test_plain_numbers_come_back_as_they_went_in(ending, values):
    read = read_series(ending.join(repr(value) for value in values))
    assert list(read.values) == values
    assert read.labels == tuple(str(number) for number in range(1, len(values) + 1))
    assert read.notes == ()


@given(values=numbers, separator=st.sampled_from([" ", "  ", ", ", "; ", ";", "\t"]))
def test_numbers_on_one_line_come_back_as_they_went_in(values, separator):
    assert list(read_series(separator.join(repr(value) for value in values)).values) == values


@given(rows=st.lists(st.tuples(labels, st.integers(-999, 999)), min_size=2, max_size=40))
def test_labels_and_numbers_come_back_as_they_went_in(rows):
    read = read_series("\n".join(f"{label}\t{value}" for label, value in rows))
    assert list(zip(read.labels, read.values, strict=True)) == rows


@given(text=st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused_in_a_sentence(text):
    try:
        read = read_series(text)
    except ValueError as refusal:
        assert REMEDY.search(str(refusal)), refusal  # noqa: PT017  text that is read is as good
    else:
        assert len(read.values) == len(read.labels)
        assert sum(value is not None for value in read.values) >= 2


@pytest.mark.parametrize("text", ["12\n14\nabc\n15", "5", "12\ninf\n13", "12%\n14\n15%"])
def test_the_widget_passes_the_refusal_on_word_for_word(text):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  its words are compared below
        read_series(text)
    view = views.compute("xmr-studio", {"source": "own", "pasted": text})
    assert view["panels"] == []
    assert [(notice["level"], notice["text"]) for notice in view["notices"]] == [
        ("error", str(refusal.value))
    ]
