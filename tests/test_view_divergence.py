"""W39: groups part, widest first; no small group can be worked out from the page; any fit file works, not only ours."""

import csv
import io
import json
import statistics

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from improvement import assessment, datasets, views
from improvement.views import check_divergence, check_tool_and_limits, describe, divergence

KIND = "divergence"
SPEC = views.spec(KIND)


def view(**params):
    return views.compute(KIND, {"prediction": "one", **params})


def own(*rows, heading=("group", "q1", "q2"), **params):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading, *rows])
    return view(source="own", pasted=text.getvalue(), **params)


def panel(of, kind, heading=""):
    return next(
        one for one in of["panels"] if one["type"] == kind and one.get("heading", "").startswith(heading)
    )


def dots(of, role):
    """Group -> where its dot stands in the first figure."""
    lead = of["panels"][0]
    (mark,) = [one for one in lead["marks"] if one["mark"] == "dot" and one["role"] == role]
    return {lead["y_ticks"][round(y) - 1]: x for x, y in zip(mark["x"], mark["y"], strict=True)}


def said(of):
    return panel(of, "sentence", "What it shows")["text"]


def beside(of):
    return [
        one["text"]
        for one in of["panels"]
        if one["type"] == "sentence" and one["beside"] in {"source", "pasted"}
    ]


def everything(of):
    return json.dumps(of, ensure_ascii=False)


# The example


def test_the_page_opens_on_the_widest_gap_and_never_on_a_mean():
    page = view()
    assert page["panels"][0]["title"] == "We have few enough priorities to finish them (the widest gap)"
    found = dots(page, "group_a")
    assert found["board"] == 4
    assert {found[group] for group in ("doctors", "nurses", "allied health professionals")} == {1}
    assert (
        "three levels between doctors, nurses and allied health professionals at 1 and the board at 4"
        in said(page)
    )
    assert "mean" not in describe.as_text(SPEC, page).lower()
    assert "2.4" not in everything(page)


def test_one_level_is_expected_and_three_found():
    assert "You said “one level”: too little, the widest gap on a statement is three levels." in said(view())
    assert "about right" in said(view(prediction="three"))
    assert "about right" in said(view(source="acute"))
    assert "too much" in said(view(source="acute", prediction="three"))


def test_nothing_but_who_answered_shows_before_the_guess():
    visible = [one for one in views.compute(KIND, {})["panels"] if not one["reveal"]]
    assert {one["type"] for one in visible} == {"sentence"}
    assert not any("middle answer" in one["text"] or "gap" in one["text"] for one in visible)


def test_the_three_questions_start_with_the_widest_gap_and_take_in_a_split_group():
    first, second, third = panel(view(), "listing")["items"]
    assert first.startswith("“We have few enough priorities to finish them.”")
    assert "at 1, the board at 4" in first
    component = {words: name for name, of_it in divergence.COMPONENTS.items() for words in of_it.values()}
    assert component[second.partition("”")[0][1:]] != "purpose"
    assert third.startswith("“Improvement is part of our ordinary meetings, not an extra.” Middle managers")


def test_same_middle_opposite_spread_is_found_at_the_seventh_place():
    page = view(place=7)
    assert page["panels"][0]["title"].startswith("Improvement is part of our ordinary meetings")
    found = dots(page, "group_a")
    assert found["senior leaders"] == found["middle managers"] == 3
    assert "the middle half of middle managers runs from 1 to 5" in said(page)


def test_capability_is_the_component_without_a_gap():
    page = view(compare="components", place=5)
    assert page["panels"][0]["title"].startswith("Capability")
    assert set(dots(page, "group_a").values()) == {2}
    assert "no gap, every middle answer is 2" in said(page)
    assert panel(page, "listing")["items"] == panel(view(), "listing")["items"]
    purpose = dots(view(compare="components"), "group_a")
    assert (purpose["board"], purpose["nurses"]) == (4, 2)


def test_the_second_round_shows_the_board_coming_down_and_does_not_call_it_worse():
    page = view(second=True)
    assert dots(page, "group_b")["board"] == 2
    assert dots(page, "group_a")["board"] == 4
    assert "Lower now among the board. That need not be a step back" in said(page)


def test_a_second_round_that_is_not_there_is_said_to_be_missing():
    (notice,) = view(source="acute", second=True)["notices"]
    assert "There is one round here" in notice["text"]


def test_with_the_one_number_the_story_is_gone():
    page = view(one_number=True)
    assert "“We are a 2.4.”" in panel(page, "sentence")["text"]
    assert "An acute trust is also a 2.4" in panel(page, "sentence")["text"]
    assert "three levels here and one level there" in panel(page, "sentence")["text"]
    assert panel(page, "listing")["items"] == []
    assert page["data"] is None
    assert sum(len(mark["x"]) for mark in page["panels"][0]["marks"]) == 1
    assert "few enough priorities" not in everything(page)


def test_luck_makes_the_acute_gap_and_hardly_the_community_s():
    assert "in none of 40 tries: hardly luck" in said(view())
    assert "luck can do this" in said(view(source="acute"))


def test_luck_agrees_with_shuffling_whole_people():
    """An independent check: deal people, not answers, to the groups of the acute trust."""
    import random

    rows = datasets.read("self_assessment").where(organisation="acute trust")
    shown = [place for place, group in enumerate(rows["group"]) if group != "patient partners"]
    badges = [rows["group"][place] for place in shown]
    draw, wide = random.Random(8), 0
    for _ in range(60):
        draw.shuffle(badges)
        gaps = []
        for key in assessment.from_columns(rows, OURS).statements:
            by_group = {}
            for badge, place in zip(badges, shown, strict=True):
                by_group.setdefault(badge, []).append(rows[key.key][place])
            medians = [statistics.median(levels) for levels in by_group.values()]
            gaps.append(max(medians) - min(medians))
        wide += max(gaps) >= 1
    deals = assessment.gaps_by_luck(divergence.example("acute"))
    assert abs(wide / 60 - sum(gap >= 1 for gap in deals) / len(deals)) < 0.2


OURS = {
    key: (component, words)
    for component, of_it in divergence.COMPONENTS.items()
    for key, words in of_it.items()
}


# Small groups


@pytest.mark.parametrize("minimum", [5, 10])
@pytest.mark.parametrize("compare", ["statements", "components", "table"])
@pytest.mark.parametrize("second", [False, True])
def test_three_patient_partners_are_named_and_never_shown(minimum, compare, second):
    page = view(minimum=minimum, compare=compare, second=second)
    assert "patient partners" not in page["panels"][0]["y_ticks"]
    assert all("patient partners" not in row for row in page["data"]["rows"])
    (naming,) = [one for one in page["panels"] if "patient partners" in json.dumps(one)]
    assert naming["heading"] == "Who is here"
    assert "3" not in naming["text"].partition("not shown")[2]


def test_seven_patient_partners_show_only_at_a_minimum_of_seven_or_less():
    assert "patient partners" in view(source="acute", minimum=7)["panels"][0]["y_ticks"]
    assert "patient partners" not in view(source="acute", minimum=8)["panels"][0]["y_ticks"]


@pytest.mark.parametrize("minimum", [4, 1, 0])
def test_a_minimum_under_five_is_refused(minimum):
    page = view(minimum=minimum)
    assert page["panels"] == []
    assert "The least it can be is 5" in page["notices"][0]["text"]


LEVEL = st.sampled_from([None, 1, 2, 3, 4, 5])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["board", "nurses", "nurses", "carers"]),
            st.sampled_from([1, 1, 2]),
            LEVEL,
            LEVEL,
            LEVEL,
        ),
        min_size=12,
        max_size=45,
    ),
    others=st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=45, max_size=45),
    compare=st.sampled_from(["statements", "components", "table"]),
    second=st.booleans(),
    one_number=st.booleans(),
)
def test_whatever_a_hidden_group_answers_the_page_is_the_same(rows, others, compare, second, one_number):
    rows = [row for row in rows if any(level is not None for level in row[2:])]
    counts = {}
    for row in rows:
        for place, level in enumerate(row[2:]):
            if level is not None:
                counts[row[0], row[1], place] = counts.get((row[0], row[1], place), 0) + 1
    assume(any(count < 5 for count in counts.values()))
    changed = [
        (
            *row[:2],
            *(
                other if level is not None and counts[row[0], row[1], place] < 5 else level
                for place, (level, other) in enumerate(zip(row[2:], of_others, strict=True))
            ),
        )
        for row, of_others in zip(rows, others, strict=False)
    ]
    options = {"minimum": 5, "compare": compare, "second": second, "one_number": one_number}
    heading = ("group", "round", "a: one", "a: two", "b: three")
    assert own(*rows, heading=heading, **options) == own(*changed, heading=heading, **options)


def test_shares_are_given_in_tenths_so_that_nobody_can_be_counted():
    # 2 of 15 and 7 of 24 stand at levels 1 and 2.
    page = own(
        *[("board", 2, 5)] * 2, *[("board", 4, 5)] * 13, *[("nurses", 1, 5)] * 7, *[("nurses", 3, 5)] * 17
    )
    tenths = {row[3]: row[8] for row in page["data"]["rows"] if row[2] == "q1"}
    assert tenths == {"board": 1, "nurses": 3}


# A file of one's own


def test_without_a_file_the_template_is_shown_and_may_be_saved():
    page = view(source="own")
    assert page["data"]["columns"] == panel(page, "table")["columns"]
    assert "Paste or open your file" in page["notices"][0]["text"]
    read = assessment.read_responses(divergence.template_csv())
    assert [person.group for person in read.people] == ["board", "nurses"]
    assert {one.component for one in read.statements} == set(divergence.COMPONENTS)
    assert read.bad_rows == ()


def test_other_groups_and_statements_than_ours():
    page = own(
        *[("trustees", 5, 2)] * 12,
        *[("volunteer drivers", 2, 2)] * 15,
        heading=("role", "We know what comes first", "Lifts arrive in time"),
    )
    assert dots(page, "group_a") == {"trustees": 5, "volunteer drivers": 2}
    assert page["panels"][0]["title"].startswith("We know what comes first")
    first, second = panel(page, "listing")["items"]
    assert "Volunteer drivers at 2, trustees at 5" in first
    assert second.startswith("“Lifts arrive in time” Every group puts it low")


def test_the_courses_own_file_asks_which_trust_and_gives_the_same_page():
    text = datasets.locate("datasets", "self_assessment.csv").read_text(encoding="utf-8")
    asked = view(source="own", pasted=text)
    assert asked["panels"] == []
    assert "“community trust”, “acute trust”" in asked["notices"][0]["text"]
    loaded = view(source="own", pasted=text, organisation="community trust")
    assert loaded["data"] == view()["data"]


def test_bad_rows_are_named_among_the_controls_and_the_others_kept():
    page = own(
        *[("board", 4, 4)] * 12, *[("nurses", 2, 2)] * 12, ("nurses", 9, 2), ("", 3, 3), ("nurses", "=1+1", 2)
    )
    assert dots(page, "group_a") == {"board": 4, "nurses": 2}
    text = beside(page)
    assert text[0].startswith("3 rows were left out")
    assert [line.partition(":")[0] for line in text[1:4]] == [
        "Row 26, column “q1”",
        "Row 27, column “group”",
        "Row 28, column “q1”",
    ]


def test_a_long_list_of_bad_rows_is_cut_short():
    page = own(*[("board", 4, 4)] * 60, *[("nurses", 9, 2)] * 25)
    assert "And 15 more." in beside(page)
    assert sum(text.startswith("Row ") for text in beside(page)) == 10


def test_a_file_of_bad_rows_alone_is_answered_with_what_to_mend():
    page = own(("board", 9), ("nurses", 0), heading=("group", "purpose_known"))
    assert page["panels"][0]["heading"] == "Nobody yet"
    assert [text.partition(":")[0] for text in beside(page)[1:]] == [
        "Row 2, column “purpose_known”",
        "Row 3, column “purpose_known”",
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("board", 4, 4)] * 4 + [("nurses", 4, 4)] * 9, "No group has ten people or more"),
        ([("board", 4, 4)] * 10 + [("nurses", 4, 4)] * 9, "Only one group, board, has ten people or more"),
        ([("board", 4, "")] * 10 + [("nurses", "", 4)] * 10, "No two groups have ten people or more"),
    ],
)
def test_too_few_to_compare_says_so_and_gives_no_figure(rows, words):
    page = own(*rows)
    assert words in page["summary"]
    assert {one["type"] for one in page["panels"]} == {"sentence"}
    assert page["data"] is None


def test_a_group_of_one_mind_is_pointed_out_to_whoever_holds_the_file_and_not_on_the_print():
    page = own(
        *[("the board", 4, level) for level in range(1, 5)] * 3,
        *[("nurses", 2, level) for level in range(1, 5)] * 3,
    )
    assert any("Everybody among the board gave one answer to “q1”" in text for text in beside(page))
    assert not any("one answer" in json.dumps(one) for one in page["panels"] if not one.get("beside"))


def test_without_components_statements_are_compared_and_the_reader_told_how_to_name_them():
    page = own(*[("board", 4, 4)] * 10, *[("nurses", 2, 2)] * 10, compare="components")
    assert "name no components" in page["notices"][0]["text"]
    assert page["panels"][0]["title"].startswith("Q1")


def test_a_place_beyond_the_last_shows_the_last():
    page = own(*[("board", 4, 3)] * 10, *[("nurses", 2, 3)] * 10, place=9)
    assert "There are 2 to compare" in page["notices"][0]["text"]
    assert page["panels"][0]["title"].startswith("Q2")


@pytest.mark.parametrize("source", ["community", "acute", "ambulance"])
def test_all_medians_are_in_the_table_and_the_download(source):
    page = view(source=source, compare="table")
    table = panel(page, "table")
    assert len(table["rows"]) == len({row[2] for row in page["data"]["rows"]})
    gaps = [row[1] for row in table["rows"]]
    assert gaps == sorted(gaps, reverse=True)
    for row in table["rows"]:
        assert row[1] == max(row[2:]) - min(row[2:])


def test_executives_of_a_service_and_its_responders_are_hidden_in_the_ambulance_file():
    page = view(source="ambulance")
    assert "executives and community responders" in panel(page, "sentence", "Who is here")["text"]
    assert beside(page)[0].startswith("3 rows were left out")
    assert "executives" in view(source="ambulance", minimum=8)["panels"][0]["y_ticks"]


def test_the_note_on_executives_and_freedom_of_information_stands_by_the_minimum():
    note = panel(view(), "sentence", "Before you print")
    assert note["beside"] == "minimum"
    assert "Executives" in note["text"]
    assert "freedom of information" in note["text"]


def test_a_description_says_each_groups_middle_and_spread():
    text = view()["panels"][0]["description"]
    assert "board: middle answer 4, middle half 3 to 4, about 1 in 10 at levels 1 and 2" in text
    assert SPEC["printable"]


# Self-checks


@pytest.mark.parametrize("check", [check_divergence, check_tool_and_limits])
def test_every_answer_of_the_self_checks_is_answered_and_one_is_right(check):
    kind = check.__name__.rpartition(".")[2].replace("_", "-")
    for question in check.CHECKS:
        if hasattr(question, "cards"):
            piles = {str(place): card.piles[0] for place, card in enumerate(question.cards, start=1)}
            (reply,) = views.compute(kind, {question.name: piles})["panels"]
            assert reply["right"]
            continue
        key = question.key()
        assert sum(answer["right"] for answer in key) == 1
        for place, answer in enumerate(key, start=1):
            given_as = str(place) if hasattr(question, "answers") else float(answer["answer"])
            (reply,) = views.compute(kind, {question.name: given_as})["panels"]
            assert reply["right"] == answer["right"]
            assert reply["text"] == answer["because"]


def test_the_numbers_of_the_self_checks_by_hand():
    numbers = {
        one.name: one.right
        for one in (*check_divergence.CHECKS, *check_tool_and_limits.CHECKS)
        if hasattr(one, "right")
    }
    # Partners 3 4 4 4 4 | 5 5 5 5 5: 4.5. Reception's sixth of eleven: 2. Crew's sixth of eleven: 3.
    assert numbers == {"gap": 2.5, "subtract": 3, "median": 3}
