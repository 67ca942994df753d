"""Aims read for group, measure, amount and date as a person would by hand, and driver diagrams followed link by link."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.aims import LONGEST, PARTS, Node, build_diagram, read_aim

P, M, A, D = PARTS

# Twelve aims, classified by hand: what each lacks.
TWELVE = [
    ("Improve communication as soon as possible.", (P, M, A, D)),
    ("Reduce falls on Cedar ward by half by 31 March 2027.", ()),
    ("Missed visits for people on the Heron caseload from 40% to 20% by 30 June 2027", ()),
    ("Zero pressure ulcers among residents of Elm House by 1st May 2027.", ()),
    ("Reduce falls by 30%.", (P, D)),
    ("Cut missed appointments in the Tuesday memory clinic significantly by 30/6/27", (A,)),
    ("Every patient will be seen within 18 weeks.", (P, D)),
    ("Improve the quality of care for people with dementia at Brookside by Christmas 2026", (M, A)),
    ("By the end of March 2027, 95% of adults with sepsis in the emergency department will receive antibiotics within 60 minutes", ()),
    ("Reduce the number of patients waiting over 18 weeks for the memory clinic by 31 March 2027.", (A,)),
    ("Halve the time crews wait to hand over at Southmoor in six months.", (D,)),
    ("Become an outstanding service for our residents within two years.", (P, M, A, D)),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "lacks"), TWELVE)
def test_twelve_aims_are_classified_as_by_hand(sentence, lacks):
    aim = read_aim(sentence)
    assert aim.lacks == lacks
    assert aim.complete == (not lacks)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by 31 March 2027", date(2027, 3, 31)),
        ("by 1st of April 2027", date(2027, 4, 1)),
        ("by 3/4/27", date(2027, 4, 3)),
        ("by 03.04.2027", date(2027, 4, 3)),
        ("by 2027-04-03", date(2027, 4, 3)),
        ("by April 3rd 2027", date(2027, 4, 3)),
        ("by Feb 2028", date(2028, 2, 29)),
        ("by the end of December 2027", date(2027, 12, 31)),
        ("by Christmas 2026", date(2026, 12, 25)),
        ("by the end of 2026/27", date(2027, 3, 31)),
        ("by the end of 2027", date(2027, 12, 31)),
    ],
)
def test_dates_are_read_the_british_way(words, day):
    aim = read_aim(f"Falls at Elm House from 14 to 7 a month {words}")
    assert (aim.date.state, aim.day) == ("found", day)


@pytest.mark.parametrize("words", ["by 31 March", "by next April", "by the end of May", "by Christmas"])
def test_a_day_without_a_year_counts_and_is_asked_for_its_year(words):
    aim = read_aim(f"Falls at Elm House from 14 to 7 a month {words}")
    assert (aim.date.state, aim.day) == ("found", None)
    assert "year" in aim.date.note


@pytest.mark.parametrize(
    "words",
    [
        "as soon as possible", "ASAP", "soon", "going forward", "in due course", "in six months", "within 3 months", "over the next year",
        "by the end of the rotation", "by winter", "by Q3", "by Friday", "by the end of the year", "by 03/31/2027", "by 31 February 2027",
        "by 29 February 2027",
    ],
)  # fmt: skip
def test_words_that_bind_nobody_to_a_day_are_vague(words):
    aim = read_aim(f"Falls at Elm House from 14 to 7 a month {words}")
    assert (aim.date.state, aim.day) == ("vague", None)
    assert aim.date.words
    assert aim.date.note


def test_a_leap_day_is_a_day_when_there_is_one():
    assert read_aim("Falls at Elm House down by half by 29 February 2028").day == date(2028, 2, 29)


def test_a_wait_that_is_measured_is_no_date():
    aim = read_aim("Referrals to the Larch team seen within two weeks")
    assert aim.date.state == "missing"
    assert "within two weeks" in aim.measure.words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Cut waits at Mill Lane by half", "by half"),
        ("Cut waits at Mill Lane by a third", "by a third"),
        ("Cut waits at Mill Lane from 40% to 20%", "from 40% to 20%"),
        ("Cut waits at Mill Lane from 75 minutes to 60 minutes", "from 75 minutes to 60 minutes"),
        ("Zero falls at Mill Lane", "Zero"),
        ("No avoidable falls at Mill Lane", "No"),
        ("Raise the answer rate at Mill Lane to at least 90 per cent", "to at least 90 per cent"),
        ("Answer nine out of ten calls at Mill Lane", "nine out of ten"),
        ("Double the visits at Mill Lane", "Double"),
        ("All patients at Mill Lane will be seen", "All"),
    ],
)
def test_amounts(sentence, words):
    assert (read_aim(sentence).amount.state, read_aim(sentence).amount.words) == ("found", words)


@pytest.mark.parametrize(
    "sentence",
    [
        "Reduce falls on Ward 7", "Reduce waits for people over 75 at Mill Lane", "Reduce Category 2 calls at Northfield",
        "Reduce missed doses for people with type 2 diabetes", "Reduce falls by 31 March 2027",
        "Reduce the number of patients waiting over 18 weeks", "Reduce falls for all patients",
    ],
)  # fmt: skip
def test_a_number_that_names_a_place_a_group_a_limit_or_a_day_is_no_amount(sentence):
    assert read_aim(sentence).amount.state == "missing"


@pytest.mark.parametrize("words", ["significantly", "as much as possible", "to a minimum"])
def test_amounts_that_bind_nobody_are_vague(words):
    assert read_aim(f"Reduce falls on Cedar ward {words}").amount.state == "vague"


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("Reduce falls on Ward 7", "found"), ("Reduce falls at Elm House", "found"), ("Reduce falls among over-75s", "found"),
        ("Reduce missed doses for housebound patients", "found"), ("Reduce waits for adults with psychosis", "found"),
        ("Reduce falls for our patients", "vague"), ("Reduce falls on the ward", "vague"), ("Reduce errors by staff", "vague"),
        ("Reduce falls for all patients in the trust", "vague"), ("Reduce falls", "missing"),
    ],
)  # fmt: skip
def test_a_group_must_leave_somebody_out(sentence, state):
    assert read_aim(sentence).population.state == state


def test_zero_and_all_are_questioned():
    assert "Zero is a wish" in read_aim("Zero falls at Elm House").amount.note
    assert "100%" in read_aim("Every caller to Mill Lane will be rung back").amount.note


def test_words_are_those_of_the_sentence():
    for sentence, _ in TWELVE:
        aim = read_aim(sentence)
        for part in PARTS:
            assert getattr(aim, part).words in aim.sentence


def test_it_reads_words_and_not_sense():
    assert read_aim("Smiles among staff of Alder from 10% to 100% by 1 May 2027").complete


@pytest.mark.parametrize("sentence", ["", "   ", "..."])
def test_an_empty_aim_says_what_to_write(sentence):
    with pytest.raises(ValueError, match="Write one sentence"):
        read_aim(sentence)


def test_a_paragraph_is_refused():
    with pytest.raises(ValueError, match="not one aim"):
        read_aim("falls " * LONGEST)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_or_refused_with_words(text):
    try:
        aim = read_aim(text)
    except ValueError:
        return
    for part in PARTS:
        assert getattr(aim, part).state in {"found", "vague", "missing"}
        assert (getattr(aim, part).state == "missing") <= bool(getattr(aim, part).note)


# Driver diagrams


def diagram(*nodes, aim="Halve falls at Elm House by 30 June 2027"):
    return build_diagram(aim, [(node.id, node) for node in nodes])


P1 = Node("primary", "P1", "A safe way at night")
P2 = Node("primary", "P2", "Steady on their feet")
S1 = Node("secondary", "S1", "Light", ("P1",))
S2 = Node("secondary", "S2", "Awareness")
C1 = Node("idea", "C1", "Sensor lights", ("S1",))
C2 = Node("idea", "C2", "Posters", ("S2",))
C3 = Node("idea", "C3", "Yellow socks")
C4 = Node("idea", "C4", "Chair exercise", ("P2", "S2"))


def ids(nodes):
    return [node.id for node in nodes]


def test_an_idea_reaches_the_aim_only_when_its_links_do():
    drawn = diagram(P1, P2, S1, S2, C1, C2, C3, C4)
    assert ids(drawn.unreachable) == ["C2", "C3"]
    assert ids(drawn.stranded) == ["S2"]
    assert [ids(path) for path in drawn.paths("C1")] == [["C1", "S1", "P1"]]
    assert [ids(path) for path in drawn.paths("C4")] == [["C4", "P2"]]


def test_a_driver_is_idle_when_no_idea_passes_through_it():
    assert ids(diagram(P1, P2, S1, C1).idle) == ["P2"]
    assert ids(diagram(P1, S1).idle) == ["P1", "S1"]


def test_two_ways_to_the_aim_are_two_paths():
    wide = Node("secondary", "S1", "Light", ("P1", "P2"))
    assert [ids(path) for path in diagram(P1, P2, wide, C1).paths("C1")] == [
        ["C1", "S1", "P1"],
        ["C1", "S1", "P2"],
    ]


def test_without_an_aim_nothing_reaches_it():
    assert ids(diagram(P1, S1, C1, aim=" ").unreachable) == ["C1"]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_reaching_agrees_with_a_search_from_the_aim(data):
    secondary = [
        Node(
            "secondary", f"S{n}", "s", tuple(data.draw(st.lists(st.sampled_from(["P1", "P2"]), unique=True)))
        )
        for n in (1, 2, 3)
    ]
    ideas = [
        Node("idea", f"C{n}", "c", tuple(data.draw(st.lists(st.sampled_from(["P1", "P2", "S1", "S2", "S3"]), unique=True, max_size=2))))
        for n in range(1, 6)
    ]  # fmt: skip
    reached = {"P1", "P2"}
    for _ in range(3):
        reached |= {node.id for node in [*secondary, *ideas] if set(node.leads_to) & reached}
    drawn = diagram(P1, P2, *secondary, *ideas)
    assert ids(drawn.unreachable) == [idea.id for idea in ideas if idea.id not in reached]


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ((P1, Node("idea", "C1", "Lights", ("S9",))), "leads to S9, which is not there. You can use: P1"),
        ((P1, C1, Node("secondary", "S1", "Light", ("C1",))), "arrows run from ideas to drivers"),
        ((P1, Node("secondary", "S1", "Light", ("S1",))), "cannot lead there"),
        ((P1, P1), "used twice"),
        ((Node("primary", "P1", " "),), "has no words"),
        ((Node("box", "B1", "x"),), "no part of a diagram"),
    ],
)
def test_a_diagram_that_cannot_be_read_says_where(nodes, words):
    with pytest.raises(ValueError, match=words):
        diagram(*nodes)
