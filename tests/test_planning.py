"""Traceability of a plan: what is read, what is refused and where, and every broken link by its name."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.build import frontend
from improvement import planning
from improvement.planning import Gap, Item, Plan

HEADING = "part,id,what,serves,detail,weight\n"
SMALL = """\
project,P1,A night line,,head of nursing,
customer,C1,Carers,,asked,
need,N1,An answer at night,C1,timeliness,4
feature,F1,A nurse on the line,N1,,
step,S1,Answer and advise,F1,,
capability,K1,6 of 10 answered,S1,,
control,H1,"Calls given up, weekly",S1,night lead,
transfer,T1,From June,H1,locality manager,
"""


def read(rows: str = SMALL) -> Plan:
    return planning.read_plan(HEADING + rows)


def edited(old: str, new: str) -> Plan:
    assert SMALL.count(old) == 1
    return read(SMALL.replace(old, new))


def codes(plan: Plan) -> list[str]:
    return [gap.code for gap in planning.gaps(plan)]


def lacks(plan: Plan) -> dict[str, str | None]:
    return {chain.need.id: chain.lacks for chain in planning.follow(plan)}


# Reading


def test_a_plan_is_read_with_its_links_and_quoted_commas():
    plan = read()
    assert plan.of("control") == (Item("control", "H1", "Calls given up, weekly", ("S1",), "night lead"),)
    assert plan.of("need")[0].weight == 4
    assert plan.links == (("N1", "C1"), ("F1", "N1"), ("S1", "F1"), ("K1", "S1"), ("H1", "S1"), ("T1", "H1"))


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_tabs_semicolons_capitals_blank_lines_and_a_byte_order_mark_are_read(mark):
    rows = SMALL.replace('"Calls given up, weekly"', "Calls given up").replace(",", mark)
    text = (
        "\ufeff"
        + HEADING.replace(",", mark).upper()
        + "\r\n"
        + rows.replace("asked", "ASKED").replace("need", "Need")
    )
    assert codes(planning.read_plan(text)) == []


def test_several_links_stand_with_spaces_or_commas_and_count_once():
    plan = read(SMALL + 'feature,F2,Card,N1,,\nstep,S2,Hand over,"F1, F2 F1",,\n')
    assert plan.of("step")[1].serves == ("F1", "F2")


def test_what_was_read_can_be_written_and_read_again():
    plan = read()
    lines = ["\t".join("" if cell is None else str(cell) for cell in row) for row in planning.rows(plan)]
    assert planning.read_plan("\n".join(["\t".join(planning.COLUMNS), *lines])) == plan


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "mend"),
    [
        ("feature,F1", "idea,F1", "Row 5", "part", "project, customer, need"),
        ("step,S1,", "step,,", "Row 6", "id", "short name"),
        ("Carers", "", "Row 3", "what", "in words"),
        ("asked", "phoned", "Row 3", "detail", "asked, watched, spoken for, not asked"),
        ("timeliness", "speed", "Row 4", "detail", "outcomes, safety, equality"),
        ("timeliness,4", "timeliness,9", "Row 4", "weight", "from 1 to 5"),
        ("timeliness,4", "timeliness,", "Row 4", "weight", "from 1 to 5"),
        ("An answer at night,C1", "An answer at night,C7", "Row 4", "serves", "there is no C7"),
        ("Answer and advise,F1", "Answer and advise,N1", "Row 6", "serves", "N1 is a need, and a step serves a feature"),
        ("Carers,,", "Carers,P1,", "Row 3", "serves", "serves nothing"),
        ("transfer,T1", "transfer,H1", "Row 9", "id", "H1 stands in Row 8 too"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_the_row_the_column_and_the_mend(old, new, row, column, mend):
    with pytest.raises(ValueError, match=f"^{row}, column “{column}”: .*{re.escape(mend)}"):
        edited(old, new)


def test_a_missing_heading_a_missing_column_and_an_unquoted_comma_are_told_apart():
    with pytest.raises(ValueError, match="heading, has no column “part”"):
        planning.read_plan(SMALL)
    with pytest.raises(ValueError, match="heading, has no column “weight”"):
        planning.read_plan("part,id,what,serves,detail\nproject,P1,A line,,me")
    with pytest.raises(ValueError, match="Row 8 has 7 cells and the heading has 6"):
        edited('"Calls given up, weekly"', "Calls given up, weekly")
    with pytest.raises(ValueError, match="empty"):
        planning.read_plan(" \n ")


def test_a_plan_has_a_largest_size():
    rows = "".join(
        f"customer,C{number},Person {number},,asked,\n" for number in range(planning.MOST_ITEMS + 1)
    )
    with pytest.raises(ValueError, match="too many"):
        read(rows)


# Gaps


def test_a_whole_plan_has_no_gap_and_its_need_is_held():
    assert planning.gaps(read()) == ()
    assert lacks(read()) == {"N1": None}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (",,head of nursing", ",,", [("project-without-decider", 1, "P1")]),
        ("asked", "spoken for", [("absent-voice", 2, "C1")]),
        ("asked", "not asked", [("absent-voice", 2, "C1")]),
        ("night,C1", "night,", [("customer-without-need", 3, "C1"), ("need-of-nobody", 3, "N1")]),
        ("line,N1", "line,", [("unserved-need", 4, "N1"), ("feature-without-need", 4, "F1")]),
        ("advise,F1", "advise,", [("feature-without-step", 5, "F1"), ("step-without-feature", 5, "S1")]),
        ("answered,S1", "answered,", [("need-without-capability", 5, "N1"), ("capability-of-nothing", 5, "K1")]),
        ('weekly",S1', 'weekly",', [("step-without-control", 6, "S1"), ("control-of-nothing", 6, "H1")]),
        ("S1,night lead", "S1,", [("control-without-owner", 6, "H1")]),
        ("June,H1", "June,", [("control-not-handed-over", 6, "H1"), ("transfer-of-nothing", 6, "T1")]),
        ("H1,locality manager", "H1,", [("transfer-without-receiver", 6, "T1")]),
    ],
)  # fmt: skip
def test_each_broken_link_is_named_with_its_step_and_its_item(old, new, found):
    plan = edited(old, new)
    assert [(gap.code, gap.step, gap.item) for gap in planning.gaps(plan)] == found
    words = {item.id: item.what for item in plan.items}
    assert all(words[gap.item] in gap.sentence for gap in planning.gaps(plan))


@pytest.mark.parametrize(
    ("part", "code", "step"),
    [
        ("project", "no-project", 1), ("customer", "no-customers", 2), ("need", "no-needs", 3), ("feature", "no-features", 4),
        ("step", "no-steps", 5), ("capability", "no-capability", 5), ("transfer", "no-transfer", 6),
    ],
)  # fmt: skip
def test_a_part_that_is_missing_altogether_is_one_gap(part, code, step):
    found = planning.gaps(read().without_parts(part))
    assert [(gap.code, gap.step, gap.item) for gap in found] == [(code, step, "")]


def test_controls_missing_altogether_leave_a_handover_of_nothing_unsaid():
    assert codes(read().without_parts("control")) == ["no-controls"]


def test_an_empty_plan_lacks_every_part():
    assert len(planning.gaps(Plan(()))) == len(planning.PARTS)
    assert planning.follow(Plan(())) == ()


def test_gaps_come_in_the_order_of_the_steps():
    plan = edited("asked", "not asked").without("H1", "S1").without("F1", "N1")
    assert [gap.step for gap in planning.gaps(plan)] == sorted(gap.step for gap in planning.gaps(plan))
    assert isinstance(planning.gaps(plan)[0], Gap)


# Following a need


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("asked", "spoken for", "somebody asked"),
        ("night,C1", "night,", "somebody asked"),
        ("line,N1", "line,", "feature"),
        ("advise,F1", "advise,", "process step"),
        ("answered,S1", "answered,", "capability stated"),
        ('weekly",S1', 'weekly",', "control"),
        ("S1,night lead", "S1,", "control has an owner"),
        ("June,H1", "June,", "handed over"),
        ("H1,locality manager", "H1,", "handed over"),
    ],
)
def test_a_need_stops_at_the_first_thing_it_lacks(old, new, first):
    assert lacks(edited(old, new)) == {"N1": first}


def test_capability_and_control_on_different_steps_do_not_hold_a_need():
    plan = read(SMALL.replace('weekly",S1', 'weekly",S2') + "step,S2,Ring back,F1,,\n")
    assert lacks(plan) == {"N1": "control"}


def test_one_whole_way_is_enough():
    plan = read(SMALL + "feature,F2,A card,N1,,\nstep,S2,Print it,F2,,\n")
    assert lacks(plan) == {"N1": None}
    assert codes(plan) == ["step-without-control"]


def test_the_most_important_need_comes_first():
    more = "need,N2,Kind,C1,experience,2\nneed,N3,Safe,C1,safety,5\nneed,N4,Fair,C1,equality,5\n"
    assert [chain.need.id for chain in planning.follow(read(SMALL + more))] == ["N3", "N4", "N1", "N2"]


@st.composite
def plans(draw) -> Plan:
    """Plans of any shape, links drawn at random, everybody asked and every name given."""
    items = [Item("project", "P1", "p", (), "me")]
    for part, letter in zip(list(planning.PARTS)[1:], "CNFSKHT", strict=True):
        served = planning.SERVES.get(part)
        before = [item.id for item in items if item.part == served]
        for number in range(draw(st.integers(1, 4))):
            serves = tuple(sorted(draw(st.sets(st.sampled_from(before))))) if before else ()
            detail = {"customer": "asked", "need": "safety", "control": "x", "transfer": "x"}.get(part, "")
            items.append(
                Item(
                    part,
                    f"{letter}{number}",
                    f"{letter}{number}",
                    serves,
                    detail,
                    3 if part == "need" else None,
                )
            )
    return Plan(tuple(items))


@settings(max_examples=80, deadline=None)
@given(plans())
def test_links_and_chains_agree_with_a_search_by_hand(plan):
    """Every item without a link up or down is named, nothing else is, and chains follow real paths."""
    ups = {item.id: set(item.serves) for item in plan.items}
    downs = {item.id: {one.id for one in plan.items if item.id in one.serves} for item in plan.items}
    part = {item.id: item.part for item in plan.items}
    no_up = {one for one in ups if part[one] in planning.SERVES and not ups[one]}
    wanted = {
        "customer": "need",
        "need": "feature",
        "feature": "step",
        "step": "control",
        "control": "transfer",
    }
    no_down = {one for one in downs if part[one] in wanted and not any(part[end] == wanted[part[one]] for end in downs[one])}  # fmt: skip
    named = [gap for gap in planning.gaps(plan) if gap.code != "need-without-capability"]
    up_codes = {"need-of-nobody", "feature-without-need", "step-without-feature", "capability-of-nothing", "control-of-nothing", "transfer-of-nothing"}  # fmt: skip
    assert {gap.item for gap in named if gap.code in up_codes} == no_up
    assert {gap.item for gap in named if gap.code not in up_codes} == no_down
    for chain in planning.follow(plan):
        need = chain.need
        steps = {step for feature in downs[need.id] for step in downs[feature]}
        capable = {step for step in steps if any(part[end] == "capability" for end in downs[step])}
        controls = {end for step in capable for end in downs[step] if part[end] == "control"}
        tests = (need.serves, downs[need.id], steps, capable, controls, controls, {t for c in controls for t in downs[c]})  # fmt: skip
        first = next((stage for stage, there in zip(planning.STAGES, tests, strict=True) if not there), None)
        assert chain.lacks == first


# Orphans and priorities


def test_orphans_both_ways():
    found = planning.orphans(["a", "b", "c"], [1, 2, 3], [("a", 1), ("c", 1), ("a", 2)])
    assert (found.rows, found.columns) == (("b",), (3,))


def test_priorities_by_hand():
    scores = planning.priorities(
        {"N1": 5, "N2": 2}, ["F1", "F2", "F3"], {("N1", "F2"): 3, ("N2", "F2"): 9, ("N2", "F1"): 1}
    )
    assert [(one.feature, one.score) for one in scores] == [("F2", 33), ("F1", 2), ("F3", 0)]
    assert [one.share for one in scores] == pytest.approx([33 / 35, 2 / 35, 0])


def test_ties_keep_their_order_and_no_score_is_no_share():
    scores = planning.priorities({"N": 1}, ["B", "A"], {})
    assert [(one.feature, one.share) for one in scores] == [("B", 0), ("A", 0)]


def test_a_strength_below_nought_or_of_something_unlisted_is_refused():
    with pytest.raises(ValueError, match="N9 with F"):
        planning.priorities({"N": 1}, ["F"], {("N9", "F"): 1})
    with pytest.raises(ValueError, match="0 or more"):
        planning.priorities({"N": 1}, ["F"], {("N", "F"): -1})


def test_a_plans_features_are_scored_by_the_needs_they_serve():
    plan = read(SMALL + 'need,N2,Safe,C1,safety,5\nfeature,F2,Card,"N1 N2",,\n')
    assert [(one.feature, one.score) for one in planning.plan_priorities(plan)] == [("F2", 9), ("F1", 4)]


def test_the_browser_gets_the_module():
    assert "improvement/planning.py" in frontend.browser_sources()
