"""The planning spine: a confident plan leaks, every link broken by hand is named, and a reader's own plan is followed."""

import csv
import io
import re

import pytest

from improvement import datasets, planning, spc, views
from improvement.views import describe, schema
from improvement.views.check_questions_and_steps import CHECKS
from improvement.views.planning_spine import BANDS, EXAMPLES

KIND = "planning-spine"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
OWN = {
    "source": "own",
    "own_project": [{"what": "A night line", "detail": "head of nursing"}],
    "own_customer": [{"what": "Carers", "detail": "asked"}, {"what": "People cared for", "detail": "not asked"}],
    "own_need": [{"what": "An answer at night", "serves": "1, 2", "detail": "timeliness", "weight": 5}],
    "own_feature": [{"what": "A nurse on the line", "serves": "1"}],
    "own_step": [{"what": "Answer and advise", "serves": "1"}],
    "own_capability": [{"what": "6 of 10 answered", "serves": "1"}],
    "own_control": [{"what": "Calls given up", "serves": "1", "detail": "night lead"}],
    "own_transfer": [{"what": "From June", "serves": "1", "detail": "manager"}],
}  # fmt: skip


def spine(**params):
    return views.compute(KIND, params)


def mended(name, cut="none", **params):
    return spine(source=name, **{f"version_{name}": "mended", f"cut_{name}": cut}, **params)


def said(view, heading):
    return next(
        (one["text"] for one in view["panels"] if one.get("heading") == heading and "text" in one), ""
    )


def broken(view):
    (one,) = [one for one in view["panels"] if one["type"] == "listing"]
    return one["items"]


def graphs(view):
    return [one for one in view["panels"] if one["type"] == "graph"]


def table(view, start):
    (one,) = [one for one in view["panels"] if one["type"] == "table" and one["caption"].startswith(start)]
    return one


def bars(view):
    """Needs still on the spine, by stage."""
    (kept, *_) = view["panels"][0]["marks"]
    return dict(zip(kept["text"], kept["x2"], strict=True))


@pytest.mark.parametrize(("name", "number"), [("wounds", 8), ("crisis", 6), ("pressure", 7)])
def test_the_confident_plan_has_the_gaps_planted_in_it(name, number):
    """Counted by hand from what each plan leaves out."""
    view = spine(source=name, prediction="0")
    assert len(broken(view)) == number
    assert view["summary"].startswith(f"{number} broken links.")
    guess = said(view, "Your guess")
    assert guess.startswith(f"You said none or one; the plan you are reading has {number}.")
    assert "lies between the sentences" in guess
    assert "follows the links" in said(spine(source=name, prediction="6"), "Your guess")
    assert {line[:6] for line in broken(view)} >= {"Step 2", "Step 4", "Step 5", "Step 6"}


def test_the_pages_stand_before_the_guess_and_everything_else_waits_for_it():
    for name in EXAMPLES:
        view = spine(source=name)
        assert [one["heading"] for one in view["panels"] if not one["reveal"]] == ["Page 1", "Page 2"]
        marks = [mark for one in view["panels"] if one["type"] == "figure" for mark in one["marks"]]
        assert all(mark["reveal"] for mark in marks)


def test_every_number_of_broken_links_has_one_band():
    assert list(BANDS) == ["0", "2", "4", "6"]
    covered = [number for low, high, _ in BANDS.values() for number in range(low, min(high, 20) + 1)]
    assert covered == list(range(21))


def test_the_numbers_of_the_valley_plan_are_those_of_the_data():
    valley = datasets.read("hypertension_frailty_pathway").where(place="Valley")
    share = sum(valley["blood_pressure_controlled"]) / sum(valley["people_on_register"])
    assert round(100 * share) == 60
    assert not spc.p_chart(valley["blood_pressure_controlled"], valley["people_on_register"]).signals
    assert len(valley["month"]) == 30
    referred = datasets.read("hypertension_frailty_referrals").where(referred_as="falls")
    assert len(referred["need_found"]) == 110
    assert referred["need_found"].count("too much blood pressure medicine") == 26
    words = [item.what for item in EXAMPLES["pressure"].whole.of("capability")]
    assert words[0].startswith("60 in 100")
    assert words[1].startswith("26 of 110")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_mended_plan_holds_every_need_of_all_six_kinds(name):
    view = mended(name)
    needs = EXAMPLES[name].whole.of("need")
    assert broken(view) == []
    assert set(bars(view).values()) == {len(needs)}
    assert view["summary"] == f"0 broken links. {len(needs)} of {len(needs)} needs are held to the end."
    assert {need.detail for need in needs} == set(planning.NEED_KINDS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_taking_out_any_link_or_owner_raises_a_named_gap(name):
    words = {item.id: item.what for item in EXAMPLES[name].whole.items}
    for option in CONTROLS[f"cut_{name}"]["options"][6:]:
        start, end = option["value"].split()
        found = broken(mended(name, option["value"]))
        assert found, option["label"]
        named = {words[end]} if start == "owner" else {words[start], words[end]}
        assert any(word in line for word in named for line in found), option["label"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_link_and_every_owner_of_the_plan_can_be_taken_out(name):
    plan = EXAMPLES[name].whole
    offered = {option["value"] for option in CONTROLS[f"cut_{name}"]["options"]}
    assert {f"{start} {end}" for start, end in plan.links} <= offered
    assert {f"owner {control.id}" for control in plan.of("control")} <= offered


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_plan_without_controls_keeps_its_features_and_holds_no_need(name):
    """The discovery of the lesson: nothing is missing on the first day, and every need leaks."""
    whole = mended(name)
    view = mended(name, "step 6")
    assert bars(view)["A process step"] == bars(whole)["A process step"] > 0
    assert bars(view)["Capability stated"] == bars(whole)["Capability stated"]
    assert bars(view)["A control"] == bars(view)["Its owner"] == bars(view)["Handed over"] == 0
    assert broken(view) == [
        "Step 6. No controls: step 6 is missing.",
        "Step 6. No transfer to operations: nobody has taken the plan over.",
    ]
    assert "anybody who would notice" in said(view, "In plain English")
    states = {row[0][0]: row[3] for row in table(view, "Juran")["rows"]}
    assert states == {"1": "whole", "2": "whole", "3": "whole", "4": "whole", "5": "whole", "6": "missing"}


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6])
def test_any_of_the_steps_can_be_missing_and_the_view_still_speaks(number):
    for name in EXAMPLES:
        view = mended(name, f"step {number}")
        states = {row[0][0]: row[3] for row in table(view, "Juran")["rows"]}
        assert states[str(number)] == "missing"
        assert bars(view)["Handed over"] == 0
        if number == 3:
            assert "No need is named, so there is nothing to follow." in view["summary"]


def test_the_count_can_be_broken_and_the_challenge_says_how():
    def challenge(cut):
        (one,) = [one for one in mended("wounds", cut)["panels"] if one["type"] == "challenge"]
        return one

    assert challenge("step 4")["met"]
    assert "Look at the bars" in challenge("step 4")["text"]
    assert not challenge("none")["met"]
    assert not challenge("step 6")["met"]
    assert not challenge("owner H1")["met"]


def test_the_spine_is_drawn_whole_and_marks_what_leaks():
    view = spine(prediction="2")
    first, second = graphs(view)
    assert [column["heading"] for column in first["columns"]] == [
        "Customers",
        "Needs",
        "Features",
        "Process steps",
    ]
    assert [column["heading"] for column in second["columns"]] == [
        "How capable",
        "Process steps",
        "Controls",
        "Handed over",
    ]
    plan = EXAMPLES["wounds"].written
    assert len(first["edges"]) + len(second["edges"]) == len(plan.links)
    marked = {node["id"] for graph in (first, second) for column in graph["columns"] for node in column["nodes"] if node["state"] == "gap"}  # fmt: skip
    assert marked == {gap.item for gap in planning.gaps(plan)}
    for gap in planning.gaps(plan):
        what = next(item.what for item in plan.items if item.id == gap.item)
        assert what in first["description"] + second["description"]


def test_the_bars_describe_themselves_and_never_grow():
    for name in EXAMPLES:
        view = spine(source=name)
        left = list(bars(view).values())
        assert left == sorted(left, reverse=True)
        for stage, number in bars(view).items():
            assert f"{stage.lower()} {number}" in view["panels"][0]["description"]


def test_priorities_are_importance_added_up_and_needs_come_most_important_first():
    view = mended("crisis")
    features = table(view, "Priorities: features")["rows"]
    # Beds answer needs of importance 4 and 2; all needs together weigh 5 + 4 + 5 + 4 + 4 + 2 = 24.
    assert features[0][1:] == [6, "25%"]
    assert sum(row[1] for row in features) == 24
    weights = [row[2] for row in table(view, "Priorities: each need")["rows"]]
    assert weights == sorted(weights, reverse=True)


def test_saved_data_are_a_dossier_that_can_be_read_again():
    for params in ({"source": "crisis"}, OWN):
        data = spine(**params)["data"]
        file = io.StringIO()
        csv.writer(file).writerows([data["columns"], *data["rows"]])
        plan = planning.read_plan("\ufeff" + file.getvalue())
        assert len(plan.items) == len(data["rows"])
        assert [gap.sentence for gap in planning.gaps(plan)] == [line[8:] for line in broken(spine(**params))]
    assert views.spec(KIND)["printable"]


# The reader's own service


def test_an_empty_plan_says_where_to_begin():
    assert "step 1" in spine(source="own")["summary"]


def test_an_own_plan_is_followed_whichever_step_is_open():
    for fill in "123456":
        view = spine(**OWN, fill=fill)
        assert view["summary"] == "1 broken link. 1 of 1 need is held to the end."
        assert broken(view) == ["Step 2. People cared for: an absent voice. Nobody has asked them."]


def test_a_link_to_nothing_names_the_line_the_column_and_what_there_is():
    astray = {**OWN, "own_control": [{"what": "Calls given up", "serves": "H1", "detail": "night lead"}]}
    assert spine(**astray)["summary"] == (
        "Controls, line 1, column “serves”: H1 is a control, and a control serves a step. There are: S1."
    )
    bad = {**OWN, "own_need": [{"what": "x", "serves": "7", "detail": "safety", "weight": 1}]}
    assert (
        "Needs, line 1, column “serves”: there is no C7, and a need serves a customer. There are: C1, C2."
        in spine(**bad)["summary"]
    )


def test_lines_left_empty_are_skipped_and_numbers_still_count_the_lines():
    blank = {"what": " ", "detail": "asked"}
    view = spine(source="own", own_customer=[blank, {"what": "Carers", "detail": "asked"}],
                 own_need=[{"what": "Rest", "serves": "2", "detail": "outcomes", "weight": 3}])  # fmt: skip
    assert [row[1] for row in view["data"]["rows"]] == ["C2", "N1"]
    assert "0 of 1 need is held" in view["summary"]


def test_own_plans_have_sensible_limits_and_words_are_kept():
    rows = [{"what": f"Person {number}", "detail": "asked"} for number in range(11)]
    assert "Keep to 10" in spine(source="own", fill="2", own_customer=rows)["summary"]
    assert "Keep to 60" in spine(source="own", own_project=[{"what": "x" * 61, "detail": ""}])["summary"]


def test_sectors_lead_to_their_example():
    sectors = {option["value"]: option["sector"] for option in CONTROLS["source"]["options"]}
    assert sectors == {"wounds": "community", "crisis": "mental health", "pressure": "system", "own": ""}
    assert {sector for sector in sectors.values() if sector} <= set(schema.SECTORS)


def test_text_reads_whole_and_never_says_none():
    for params in ({}, {"source": "crisis", "prediction": "0"}, OWN):
        text = describe.as_text(views.spec(KIND), spine(**params))
        assert not re.search(r"\bNone\b(?! of|\.| or)|nan", text)


# The self-check


def test_steps_are_put_in_order_and_three_plans_each_miss_one():
    order, *plans = CHECKS
    given = [int(card.piles[0][-1]) for card in order.cards]
    assert given != sorted(given)
    assert {card.piles[0] for card in order.cards} == {f"Step {number}" for number in planning.STEPS}
    missing = [next(answer.label[0] for answer in check.answers if answer.right) for check in plans]
    assert missing == ["6", "3", "5"]
