"""Self-assessment: what is read, what is compared, and that nothing shown depends on an answer that may not be."""

import csv
import io
import math
import statistics

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from improvement import assessment, datasets
from improvement.assessment import BadRow, Person, Responses, Statement, assess, read_responses, spread_of
from improvement.datasets.self_assessment import COMPONENTS

OURS = {key: (component, words) for component, of_it in COMPONENTS.items() for key, words in of_it.items()}


def trust(name):
    return assessment.from_columns(datasets.read("self_assessment").where(organisation=f"{name} trust"), OURS)


def people(group, *answers, round=1):
    return [Person(0, round, group, tuple(of_one)) for of_one in answers]


def responses(*groups, components=("a", "a", "b")):
    return Responses(
        tuple(Statement(f"q{place}", f"q{place}", of) for place, of in enumerate(components, start=1)),
        tuple(person for group in groups for person in group),
    )


def only(text, **options):
    """The one bad row of a file, which must keep its good ones."""
    read = read_responses(text, **options)
    (bad,) = read.bad_rows
    assert len(read.people) == 2
    return bad


# Quartiles


def test_quartiles_by_hand():
    # 1 2 2 | 3 4 5: the middle lies between 2 and 3; each half has its own middle.
    of_six = spread_of([5, 2, 1, 3, 2, 4])
    assert (of_six.lower_quartile, of_six.median, of_six.upper_quartile) == (2, 2.5, 4)
    assert of_six.low_share == 0.5
    # Eight answers 1 1 2 2 4 4 5 5: quartiles fall between the second and third, and the sixth and seventh.
    of_eight = spread_of([1, 1, 2, 2, 4, 4, 5, 5])
    assert (of_eight.lower_quartile, of_eight.median, of_eight.upper_quartile) == (1.5, 3, 4.5)
    assert of_eight.interquartile_range == 3
    assert spread_of([4]).median == 4


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_quartiles_are_levels_or_half_levels_with_at_least_a_quarter_either_side(levels):
    spread = spread_of(levels)
    assert spread.median == statistics.median(levels)
    for quartile, share in ((spread.lower_quartile, 0.25), (spread.upper_quartile, 0.75)):
        assert (2 * quartile).is_integer()
        assert sum(level <= quartile for level in levels) >= share * len(levels)
        assert sum(level >= quartile for level in levels) >= (1 - share) * len(levels)


def test_no_answers_have_no_median():
    with pytest.raises(ValueError, match="at least one level"):
        spread_of([])


# What the data card promises


def test_the_widest_gap_of_the_community_trust_is_three_levels_on_priorities():
    of = assess(trust("community"))
    first, second = of.widest_first(of.statements)[:2]
    assert (first.statement.key, first.gap, second.gap) == ("purpose_few_priorities", 3, 2)
    assert first.highest == ("board",)
    assert first.lowest == ("doctors", "nurses", "allied health professionals")


def test_on_purpose_the_board_stands_at_4_and_clinicians_at_2():
    (purpose,) = [one for one in assess(trust("community")).components if one.statement.key == "purpose"]
    assert purpose.spreads["board"].median == 4
    assert {
        purpose.spreads[group].median for group in ("doctors", "nurses", "allied health professionals")
    } == {2}


def test_same_middle_and_opposite_spread_on_ordinary_meetings():
    (routine,) = [
        one for one in assess(trust("community")).statements if one.statement.key == "systems_routine"
    ]
    leaders, managers = routine.spreads["senior leaders"], routine.spreads["middle managers"]
    assert (leaders.lower_quartile, leaders.median, leaders.upper_quartile) == (3, 3, 3)
    assert (managers.lower_quartile, managers.median, managers.upper_quartile) == (1, 3, 5)
    assert managers.low_share == 18 / 40


def test_one_number_for_two_trusts_and_two_stories():
    community, acute = assess(trust("community")), assess(trust("acute"))
    assert round(community.mean, 1) == round(acute.mean, 1) == 2.4
    assert [of.widest_first(of.statements)[0].gap for of in (community, acute)] == [3, 1]


def test_capability_is_low_and_has_no_gap():
    (capability,) = [
        one for one in assess(trust("community")).components if one.statement.key == "capability"
    ]
    assert capability.gap == 0
    assert capability.highest == capability.lowest == tuple(capability.spreads)


def test_patient_partners_are_hidden_in_both_rounds_and_seven_show_only_at_five():
    community, acute = trust("community"), trust("acute")
    for round_number in (1, 2):
        for minimum in (5, 10):
            of = assess(community, round=round_number, minimum=minimum)
            assert of.hidden == ("patient partners",)
    assert "patient partners" in assess(acute).hidden
    assert assess(acute, minimum=5).groups["patient partners"] == 7
    assert "patient partners" in assess(acute, minimum=8).hidden


# Who may be shown


@pytest.mark.parametrize("minimum", [4, 1, 0, -3])
def test_the_minimum_cannot_be_set_under_five(minimum):
    with pytest.raises(ValueError, match="Use 5 or more"):
        assess(trust("community"), minimum=minimum)


def test_a_group_is_hidden_by_its_answers_not_by_its_rows():
    padded = people("carers", *[(3, 3, 3)] * 4, *[(None, None, None)] * 20)
    of = assess(responses(padded, people("nurses", *[(2, 2, 2)] * 12)), minimum=5)
    assert of.hidden == ("carers",)
    assert of.groups == {"nurses": 12}


def test_one_statement_with_too_few_answers_has_no_figure_and_takes_its_component_along():
    some = people("nurses", *[(2, 3, 4)] * 6, *[(2, None, 4)] * 6)
    of = assess(responses(some, people("board", *[(4, 4, 4)] * 12)), minimum=10)
    assert of.partly_hidden == (("nurses", "q2"),)
    assert [list(one.spreads) for one in of.statements] == [
        ["nurses", "board"],
        ["board"],
        ["nurses", "board"],
    ]
    assert [list(one.spreads) for one in of.components] == [["board"], ["nurses", "board"]]
    assert of.statements[1].gap is None
    # 12 times 2 and 4 from nurses, 12 times 4, 4 and 4 from the board; the six hidden threes are in no total.
    assert of.mean == (12 * 2 + 12 * 4 + 36 * 4) / 60


def test_a_component_takes_all_answers_to_its_statements_together():
    # q1 and q2 make one component: ten ones and ten fives have their middle at 3.
    of = assess(responses(people("nurses", *[(1, 5, 2)] * 10), people("board", *[(4, 4, 4)] * 10)))
    assert of.components[0].spreads["nurses"].median == 3
    assert of.components[0].gap == 1


def test_rounds_are_judged_apart():
    both = responses(
        people("carers", *[(1, 1, 1)] * 10),
        people("carers", *[(5, 5, 5)] * 4, round=2),
        people("nurses", *[(3, 3, 3)] * 10, round=2),
    )
    first, second = assess(both, minimum=5), assess(both, round=2, minimum=5)
    assert first.groups == {"carers": 10}
    assert second.hidden == ("carers",)
    assert second.mean == 3
    assert both.rounds == (1, 2)


def test_a_unanimous_group_and_repeated_rows_are_pointed_out():
    alike = responses(
        people("board", *[tuple(1 + (place + shift) % 5 for place in range(8)) for shift in range(10)]),
        people("nurses", *[(2, 2, 2, 2, 2, 2, 2, 1 + place % 2) for place in range(10)]),
        components="abcdefgh",
    )
    of = assess(alike)
    assert {group for group, _ in of.unanimous} == {"nurses"}
    assert len(of.unanimous) == 7
    # Five shapes twice over in the board, and two shapes five times in the nurses.
    assert of.copies == 5 + 8


LEVEL = st.one_of(st.none(), st.integers(1, 5))
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from([1, 1, 2]),
        st.sampled_from(["board", "board", "nurses", "nurses", "nurses", "carers"]),
        st.tuples(LEVEL, LEVEL, LEVEL, LEVEL),
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(rows=PEOPLE, minimum=st.integers(5, 8), data=st.data())
def test_nothing_shown_changes_when_answers_that_may_not_be_shown_do(rows, minimum, data):
    """Counted here by itself: an answer is secret when fewer than `minimum` of its group gave one in that round."""
    assume(rows)
    cells = {}
    for round_number, group, answers in rows:
        for statement, level in enumerate(answers):
            if level is not None:
                cells[round_number, group, statement] = cells.get((round_number, group, statement), 0) + 1
    secret = {cell for cell, answered in cells.items() if answered < minimum}
    assume(secret)
    changed = [
        (
            round_number,
            group,
            tuple(
                data.draw(st.integers(1, 5))
                if level is not None and (round_number, group, statement) in secret
                else level
                for statement, level in enumerate(answers)
            ),
        )
        for round_number, group, answers in rows
    ]

    def shown(of_rows, round_number):
        everybody = responses([Person(0, *row) for row in of_rows], components=("a", "a", "b", "b"))
        of = assess(everybody, round=round_number, minimum=minimum)
        return of, of.widest_first(of.statements), of.widest_first(of.components)

    for round_number in (1, 2):
        assert shown(rows, round_number) == shown(changed, round_number)
        of, *_ = shown(rows, round_number)
        drawn = {
            (round_number, group, place) for place, one in enumerate(of.statements) for group in one.spreads
        }
        assert drawn == {
            cell for cell, answered in cells.items() if cell[0] == round_number and answered >= minimum
        }


@settings(deadline=None)
@given(answers=st.lists(st.tuples(LEVEL, LEVEL), min_size=10, max_size=30))
def test_the_one_number_is_the_mean_of_what_is_shown(answers):
    of = assess(responses(people("nurses", *answers), components=("a", "b")))
    kept = [
        level
        for column in zip(*answers, strict=True)
        if sum(level is not None for level in column) >= 10
        for level in column
        if level is not None
    ]
    assert of.mean is None if not kept else math.isclose(of.mean, sum(kept) / len(kept))


# Reading a file


def test_a_plain_file_is_read_row_by_row():
    read = read_responses(
        "group,round,purpose: We know what comes first,We finish\nboard,1,4,\nnurses,2,1,2\n"
    )
    assert [(one.words, one.component) for one in read.statements] == [
        ("We know what comes first", "purpose"),
        ("We finish", ""),
    ]
    assert read.people == (Person(2, 1, "board", (4, None)), Person(3, 2, "nurses", (1, 2)))
    assert read.bad_rows == ()


def test_the_course_s_own_file_is_read_one_organisation_at_a_time():
    text = (datasets.locate("datasets", "self_assessment.csv")).read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"more than one organisation.*community trust.*never added"):
        read_responses(text)
    read = read_responses(text, organisation=" Acute  TRUST ")
    assert assess(read) == assess(trust("acute"))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffgroup;a;b\r\nboard;4;3\r\nnurses;2;1\r\n",
        "sep=;\ngroup;a;b\nboard;4;3\nnurses;2;1",
        "group\ta\tb\nboard\t4\t3\nnurses\t2\t1\n\n",
        "\n\nRole, a, b\nboard, 4, 3\nnurses, 2, 1",
        '"Which professional group are you in?",a,b\n"board","4","3"\n"nurses","2.0","1,0"',
        "group,a,b\nboard,in most places,3 - in some places\nnurses,First Steps,1: not yet\n",
    ],
)  # fmt: skip
def test_files_as_spreadsheets_and_form_tools_save_them(text):
    read = read_responses(text)
    assert [(person.group, person.answers) for person in read.people] == [
        ("board", (4, 3)),
        ("nurses", (2, 1)),
    ]
    assert read.bad_rows == ()


def test_semicolons_part_cells_though_the_headings_are_full_of_commas():
    read = read_responses("group;We know, all of us, what, and why;b\nboard;4;3\nnurses;2;1")
    assert [one.words for one in read.statements] == ["We know, all of us, what, and why", "b"]


def test_an_export_with_names_and_dates_keeps_only_the_group_and_the_levels():
    read = read_responses(
        "ID,Start time,Email,Name,Your staff group,We know what comes first,Anything else?\n"
        "1,01/09/2026 09:00,a@b.org,Ann,Nurses,3,yes: the bleep\n2,01/09/2026 09:05,c@d.org,Bo,Board,5,\n"
    )
    assert [one.words for one in read.statements] == ["We know what comes first"]
    assert [person.group for person in read.people] == ["Nurses", "Board"]
    (note,) = read.notes
    assert all(heading in note for heading in ("“Email”", "“Name”", "“Anything else?”"))
    assert "Ann" not in repr(read)


@pytest.mark.parametrize(
    ("row", "column", "mend"),
    [
        ("nurses,6", "q", "above level 5"),
        ("nurses,0", "q", "add one to every answer"),
        ("nurses,-1", "q", "below level 1"),
        ("nurses,2.5", "q", "between two levels"),
        ('nurses,"2,5"', "q", "between two levels"),
        ("nurses,=1+1", "q", "is no level"),
        ("nurses,often", "q", "is no level"),
        ("nurses,34", "q", "above level 5"),
        (",3", "group", "is empty"),
        ("=HYPERLINK(1),3", "group", "no name for a group"),
        ("+board,3", "group", "no name for a group"),
        ("＝cmd,3", "group", "no name for a group"),
        ("ann@trust.org,3", "group", "no name for a group"),
        ("7,3", "group", "no name for a group"),
        ("nurses,", "", "no answers"),
        ("nurses,n/a", "", "no answers"),
        ("nurses,3,4", "", "3 cells under 2 headings"),
        ("group,q", "", "the heading again"),
    ],
)
def test_a_bad_row_is_named_with_what_to_mend_and_costs_no_other(row, column, mend):
    bad = only(f"group,q\nboard,4\n{row}\nboard,5\n")
    assert (bad.row, bad.column) == (3, column)
    assert bad.problem.startswith("Row 3, column" if column else "Row 3:")
    assert mend in bad.problem


def test_blank_rows_and_cells_with_line_breaks_keep_the_row_numbers_of_the_spreadsheet():
    bad = only('group,q,"why, in\nyour words"\nboard,4,\n\nnurses,9,"two\nlines"\nboard,4,\n')
    assert bad.row == 4


def test_somebody_who_answered_twice_is_counted_once_in_a_round():
    text = "respondent,group,round,q\n12,board,1,4\n12,board,1,5\n12,board,2,5\n"
    assert only(text) == BadRow(
        3,
        "respondent",
        "Row 3, column “respondent”: “12” has already answered in row 2. Keep one of the two.",
    )


def test_a_round_other_than_the_first_or_second_is_a_row_to_mend():
    assert "Write 1 for the first time" in only("group,round,q\na,1,3\nb,round 2,3\nb,3,3\n").problem


def test_groups_that_differ_only_in_capitals_spaces_or_invisible_letters_are_one():
    read = read_responses(
        "group,q\nPatient partners,3\npatient  PARTNERS,3\n patient\u200b partners\u00a0,4\n"
    )
    assert {person.group for person in read.people} == {"Patient partners"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "No columns were found"),
        ("hello", "No columns were found"),
        ("group,q", "No column holds levels"),
        ("group,comment\nboard,fine", "No column holds levels"),
        ("name,q\nAnn,3", "Head it “group”"),
        ("role,profession,q\na,b,3", "More than one column could be the group"),
        ("group,q,q\nboard,3,4", "Two columns are headed “q”"),
        ("group,=q\nboard,3", "run as a formula"),
        ('group,q\nboard,"3\nnurses,4', "Row 2 has a quotation mark"),
        ("group,q\n" + "\n".join(f"g{letter}x,3" for letter in "abcdefghijklmnopqrstu"), "21 different groups"),
        ("group,q\n" + "board,3\n" * 20_001, "20,001 rows"),
        ("group," + ",".join(f"q{n}" for n in range(61)) + "\nboard" + ",3" * 61, "61 statements"),
        ("trust,group,q\nA,board,3\n,board,3", "rows that name none"),
    ],
)  # fmt: skip
def test_what_is_no_such_table_says_what_to_do(text, what):
    with pytest.raises(ValueError, match=what):
        read_responses(text)


def test_a_group_headed_group_is_believed_though_other_columns_could_be_it():
    read = read_responses("group,role,q\nboard,chair,3\nnurses,sister,4")
    assert [person.group for person in read.people] == ["board", "nurses"]


def test_twenty_thousand_people_are_read():
    read = read_responses("group,q\n" + "board,3\n" * 20_000)
    assert assess(read).groups == {"board": 20_000}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='group,;"\n\t =+-@12345670.éx\ufeff', max_size=200))
def test_any_text_is_read_or_refused_with_words(text):
    try:
        read = read_responses("group,q\n" + text)
    except ValueError:
        pass
    else:
        assert all(level in {None, 1, 2, 3, 4, 5} for person in read.people for level in person.answers)
        assert all(person.group[0] not in "=+-@" for person in read.people)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["board", "nurses", "allied, and others"]),
            st.lists(LEVEL, min_size=3, max_size=3),
        ),
        min_size=4,
        max_size=40,
    ),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_was_written_is_what_is_read(rows, delimiter):
    rows = [row for row in rows if any(level is not None for level in row[1])]
    assume(len(rows) > 1)
    assume(all(any(row[1][place] is not None for row in rows) for place in range(3)))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["group", "a; one", "b, two", "c"])
    writer.writerows([[group, *answers] for group, answers in rows])
    read = read_responses(text.getvalue())
    assert [(person.group, list(person.answers)) for person in read.people] == rows
