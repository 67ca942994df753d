"""The loop builder: a missing link stops it, the gate blocks only tightening, and the plan can be saved."""

import itertools
import json
import re

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.control_loop import STORIES

KIND = "control-loop"
WHOLE = {"owner": "person"}
SEPSIS = {"story": "sepsis", "owner": "person"}


def view(**params):
    return views.compute(KIND, {"prediction": "3", **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def said(shown):
    return panel(shown, "sentence", "What the loop did")["text"]


def gaps(shown):
    graph = panel(shown, "graph")
    return {node["id"] for column in graph["columns"] for node in column["nodes"] if node["state"] == "gap"}


def links_to_mend(shown):
    return panel(shown, "listing", "Links to mend")["items"]


def troubles(shown):
    return panel(shown, "table", "What went wrong")["rows"]


def plan(shown):
    return dict(shown["data"]["rows"])


def test_before_the_guess_the_loop_is_drawn_and_nothing_says_which_link_is_broken():
    shown = views.compute(KIND, {})
    assert [one["type"] for one in shown["panels"] if not one["reveal"]] == ["graph"]
    assert gaps(shown) == set()
    assert "Missing" not in panel(shown, "graph")["description"]


def test_everybodys_job_is_nobodys_and_the_guess_is_undone():
    shown = view()
    assert said(shown).startswith(
        "Acted on: 0 of 3. Not one response in 120 days, 66 days of them in trouble."
    )
    assert gaps(shown) == {"owner", "back"}
    told = {guess: panel(view(prediction=guess), "sentence", "Your guess")["text"] for guess in "3210"}
    assert len(set(told.values())) == 4
    assert "none was acted on" in told["3"]
    assert told["0"].startswith("You said none, and none it was")


@pytest.mark.parametrize(
    ("rule", "response", "every"),
    list(itertools.product(("react", "limits", "runs"), ("cause", "explain"), (1, 7))),
)
def test_no_owner_no_action_whatever_else_is_there(rule, response, every):
    shown = view(owner="nobody", rule=rule, response=response, every=every)
    assert [row[2] for row in troubles(shown)] == [None, None, None]


def test_a_whole_loop_acts_on_all_three_and_has_nothing_to_mend():
    shown = view(**WHOLE)
    assert [row[5] for row in troubles(shown)] == ["acted on"] * 3
    assert links_to_mend(shown) == []
    assert gaps(shown) == set()
    for row in troubles(shown):
        assert row[3] == row[2] - row[1]
        assert row[4] == row[3] + 1
    assert said(shown).startswith("Acted on: 3 of 3.")


@pytest.mark.parametrize(
    ("links", "gap"),
    [
        ({"rule": "ignore"}, "rule"), ({"rule": "react"}, "rule"), ({"response": "nothing"}, "response"),
        ({"response": "explain"}, "response"), ({"owner": "committee"}, "owner"), ({"every": 7}, "sensor"),
        ({"delay": 6}, "sensor"), ({"every": 4, "delay": 3}, "sensor"),
    ],
)  # fmt: skip
def test_every_broken_link_is_named_where_it_is(links, gap):
    shown = view(**{**WHOLE, **links})
    assert gaps(shown) == {gap, "back"}
    assert len(links_to_mend(shown)) == 1
    assert gap in panel(shown, "graph")["description"].rpartition("Missing or too slow: ")[2]


def test_a_loop_without_a_rule_acts_on_nothing_or_on_everything():
    assert said(view(**WHOLE, rule="ignore")).startswith("Acted on: 0 of 3. Not one response")
    worried = view(**WHOLE, rule="react")
    numbers = re.search(r"(\d+) responses, (\d+) about nothing", said(worried))
    assert int(numbers.group(2)) > 40


def test_the_table_of_owners_agrees_with_choosing_each():
    shown = view(**WHOLE)
    for owner, row in zip(
        ("nobody", "person", "committee"), panel(shown, "table", "The same days")["rows"], strict=True
    ):
        other = view(owner=owner)
        acted = sum(line[2] is not None for line in troubles(other))
        assert row[1] == f"{acted} of 3"
        if acted:
            assert f"Days in trouble: {row[2]}." in said(other)


def test_on_an_incapable_process_the_gate_blocks_tightening_and_the_loop_runs_on():
    plain, asked = view(**SEPSIS), view(**SEPSIS, tighten=True)
    gate = panel(asked, "verdict")
    assert gate["heading"] == "The gate blocks tightening"
    assert gate["code"] == "reliably_misses"
    assert "22.7% of readings" in gate["text"]
    assert "redesign" in gate["text"]
    assert said(asked) == said(plain)
    assert troubles(asked) == troubles(plain)
    for shown in (plain, asked):
        found = re.search(
            r"(\d+) readings past the need; the people behind (\d+)", panel(shown, "verdict")["text"]
        )
        assert found.group(1) == found.group(2)  # everyone past the need is looked after
    assert plan(asked)["Tightening"] == "blocked: redesign first"
    assert plan(asked)["For each miss, whatever the rule"].startswith("look after the people")


def test_a_redesign_opens_the_gate():
    shown = view(**SEPSIS, tighten=True, redesign=True)
    assert panel(shown, "verdict")["heading"] == "The gate is open"
    assert "Redesigned: usual level 36." in panel(shown, "verdict")["text"]  # 60% of 60
    assert plan(shown)["Tightening"] == "a reason for every miss"


def test_redesign_leaves_a_capable_process_as_it_is():
    assert said(view(**WHOLE, redesign=True)) == said(view(**WHOLE))
    assert "needs no redesign" in panel(view(**WHOLE, redesign=True), "verdict")["text"]


def test_which_examples_meet_their_need():
    heads = {name: panel(view(story=name), "verdict")["words"] for name in STORIES}
    short = {name for name, words in heads.items() if words == "This process cannot meet the need"}
    assert short == {"sepsis", "handover"}
    assert len({story.sector for story in STORIES.values()}) == 5


def test_the_figure_holds_every_day_the_levels_and_the_troubles():
    shown = view(**WHOLE)
    figure = shown["panels"][0]
    assert figure["type"] == "figure"
    levels = {mark["label"]: mark["y"][0] for mark in figure["marks"] if mark["mark"] == "rule_y"}
    assert levels == {"Upper limit": 9, "Usual": 6, "Need": 10}
    (line,) = [mark for mark in figure["marks"] if mark["mark"] == "line"]
    assert line["x"] == list(range(1, 121))
    (shaded,) = [
        mark for mark in figure["marks"] if mark["mark"] == "band" and mark["role"] == "signal_concern"
    ]
    assert [start + 0.5 for start in shaded["x1"]] == [24, 61, 97]
    assert [end - 0.5 for end in shaded["x2"]] == [row[2] for row in troubles(shown)]
    assert "Trouble 2, a shift from day 61, was ended on day" in figure["description"]


def test_a_loop_of_ones_own_asks_for_the_boxes_that_are_empty_and_saves_a_plan():
    own = {"story": "own", "owner": "person"}
    empty = view(**own)
    assert {words.partition(":")[0] for words in links_to_mend(empty)} == {
        "Control subject",
        "Unit",
        "Sensor",
        "Owner",
        "Response",
    }
    assert not panel(empty, "challenge")["met"]
    filled = view(
        **own, subject="Visits moved", unit="visits", sensor="the 2 pm list", who="duty coordinator", answer="rings the next team",
        mean=4, sd=1, need=9, trouble="none",
    )  # fmt: skip
    assert links_to_mend(filled) == []
    rows = plan(filled)
    assert rows["Control subject"] == "Visits moved"
    assert rows["Owner"] == "duty coordinator"
    assert rows["Standard"] == "usual 4, upper limit 7"
    assert rows["Response"].endswith("rings the next team")
    assert rows["If it does not work: escalate to"] == "to be agreed"
    assert set(rows) >= {
        "Unit",
        "Sensor",
        "Frequency",
        "Delay until seen",
        "Decision rule",
        "Capability, checked first",
    }


def test_the_challenge_is_met_by_luck_and_by_a_worried_owner_and_not_by_a_whole_loop():
    assert panel(view(owner="nobody", trouble="none"), "challenge")["met"]
    assert panel(view(**WHOLE, rule="react"), "challenge")["met"]
    assert not panel(view(**WHOLE), "challenge")["met"]
    assert not panel(view(owner="nobody"), "challenge")["met"]


def test_every_corner_reads_whole():
    corners = itertools.product(
        [*STORIES, "own"], ("nobody", "committee", "person"), ("ignore", "react", "runs"), ("nothing", "explain", "cause"), (False, True)
    )  # fmt: skip
    for place, (story, owner, rule, response, flag) in enumerate(corners):
        shown = view(
            story=story, owner=owner, rule=rule, response=response, tighten=flag, redesign=place % 3 == 0,
            every=(1, 28)[place % 2], delay=(0, 42)[place % 5 == 0], trouble=("all", "spikes", "none")[place % 3], seed=place + 1,
        )  # fmt: skip
        assert not [notice for notice in shown["notices"] if notice["level"] == "error"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|one readings|one days|1 days|0 about nothing|0 too late)\b", text)


def test_a_wide_spread_is_warned_of_and_a_bad_entry_says_what_would_do():
    (notice,) = view(story="own", mean=2, sd=4)["notices"]
    assert notice["control"] == "sd"
    assert "28" in view(every=40)["notices"][0]["text"]
    assert "not a number" in view(delay="x")["notices"][0]["text"]


def test_the_self_check_times_the_loop_by_hand_arithmetic():
    answers = views.compute(
        "check-feedback-loop", {"link": "4", "slowest": 13 + 10, "signal": "2", "gate": "3"}
    )
    assert [one["right"] for one in answers["panels"]] == [True] * 4
    for slip in (24, 10, 14):
        (told,) = views.compute("check-feedback-loop", {"slowest": slip})["panels"]
        assert not told["right"]
        assert not told["text"].startswith("Count from")
