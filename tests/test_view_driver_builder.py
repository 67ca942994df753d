"""The aim and driver builder: most first drafts lack something, ideas stop halfway, and a charter that can be printed."""

import pytest

from improvement import views
from improvement.aims import PARTS, read_aim
from improvement.views import describe
from improvement.views.driver_builder import FIRST_DRAFTS, STARTS

KIND = "driver-builder"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}

# By hand, for each first draft: does it name a group, a measure, an amount, a date?
BY_HAND = [
    (False, False, False, False),
    (False, True, True, False),
    (False, False, False, True),
    (False, True, False, False),
    (True, True, True, True),
    (True, True, True, False),
    (False, False, False, False),
    (False, True, True, False),
    (True, True, True, True),
    (True, False, False, False),
]


def builder(**params):
    return views.compute(KIND, params)


def drivers(**params):
    return builder(job="drivers", **{"guess_ideas": "7 or more", **params})


def start(name, **params):
    (option,) = [one for one in CONTROLS["start"]["options"] if one["value"] == name]
    return drivers(start=name, **{**option["sets"], **params})


def said(view, heading):
    return next(
        (one["text"] for one in view["panels"] if one.get("heading") == heading and "text" in one), ""
    )


def listed(view, heading):
    return next(
        one["items"]
        for one in view["panels"]
        if one["type"] == "listing" and one["heading"].startswith(heading)
    )


def panel(view, kind):
    return next(one for one in view["panels"] if one["type"] == kind)


def test_the_first_drafts_are_read_as_by_hand():
    for sentence, named in zip(FIRST_DRAFTS, BY_HAND, strict=True):
        assert tuple(part not in read_aim(sentence).lacks for part in PARTS) == named, sentence


def test_the_guess_comes_before_the_reading():
    view = builder()
    assert [one["type"] for one in view["panels"]] == ["listing"]
    assert "Say how many" in view["summary"]
    assert listed(view, "Ten aims") == list(FIRST_DRAFTS)


def test_most_first_drafts_lack_a_group_or_a_number():
    view = builder(guess_aims="7 or more")
    whole = sum(all(named) for named in BY_HAND)
    unbound = sum(not (named[0] and named[2]) for named in BY_HAND)
    assert f"{whole} of 10 aims name all four parts." in said(view, "In plain English")
    assert f"{unbound} lack a group or an amount." in said(view, "In plain English")
    assert f"You said 7 or more; it is {whole}." in said(view, "Your guess")
    assert panel(view, "figure")["marks"][0]["x2"] == [*(sum(named[place] for named in BY_HAND) for place in range(4)), whole]  # fmt: skip
    assert "what is there" in said(builder(guess_aims="0 to 2"), "Your guess")


def test_own_aims_need_no_guess_and_one_is_told_in_the_singular():
    view = builder(list="Falls at Elm House from 14 to 7 by 1 May 2027\n\n")
    assert view["summary"] == "1 of 1 aim names all four parts."
    assert not said(view, "Your guess")
    assert listed(view, "What each lacks")[0].endswith("All four are there.")


def test_bad_lists_say_what_to_mend():
    assert "no aims" in builder(list=" \n ")["summary"]
    assert "Keep to 20" in builder(list="\n".join(["Reduce falls"] * 21))["summary"]
    assert "Line 2." in builder(list="Reduce falls\n...")["summary"]


def test_an_aim_and_its_charter_are_read_and_what_is_empty_is_named():
    view = builder(job="charter")
    assert panel(view, "verdict")["words"] == "0 of 4 named"
    empty = listed(view, "Still empty")
    assert len(empty) == 6
    assert any("Registered" in item for item in empty)
    assert any("which data you may use" in item for item in empty)
    assert any("I shall do myself" in item for item in empty)
    filled = builder(
        job="charter", sentence="Falls at Elm House from 14 to 7 a month by 1 May 2027", why="a", team="b", scope="c",
        registered="QI-1", governance="d", mine="I count",
    )  # fmt: skip
    assert panel(filled, "verdict")["words"] == "All four named"
    assert listed(filled, "Still empty") == []
    assert ["What I shall do myself", "I count"] in filled["data"]["rows"]
    assert views.spec(KIND)["printable"]


@pytest.mark.parametrize(
    ("source", "weeks", "words"),
    [
        ("weekly", 16, "12 points need 12 weeks. Of your 16, 4 are left"),
        ("weekly", 13, "1 is left"),
        ("weekly", 12, "the baseline alone uses them up"),
        ("daily", 16, "12 points need 3 weeks. Of your 16, 13 are left"),
        ("monthly", 52, "12 points need 52 weeks. You have 52"),
        ("records", 16, "a day or two of your 16 weeks"),
    ],
)
def test_twelve_points_take_the_weeks_they_take(source, weeks, words):
    assert words in said(builder(job="charter", baseline=source, weeks=weeks), "Twelve points to start from")


def test_the_ideas_can_be_followed_before_the_diagram_shows_them():
    view = drivers(guess_ideas="")
    assert "graph" not in [one["type"] for one in view["panels"]]
    assert "C4 Training video for everybody: leads to S5" in listed(view, "What the meeting wrote")
    assert "C7 Yellow socks: leads nowhere yet" in listed(view, "What the meeting wrote")


@pytest.mark.parametrize("name", list(STARTS))
def test_every_example_has_a_whole_aim_and_ideas_that_stop_halfway(name):
    example = STARTS[name]
    assert read_aim(example.aim).complete
    # Count by hand-like search: a secondary driver is alive when it leads to a P, an idea when it leads to a live S or a P.
    alive = {f"S{n}" for n, (_, end) in enumerate(example.secondary, 1) if end.startswith("P")}
    reach = sum(any(end in alive or end.startswith("P") for end in ends.split()) for _, ends in example.ideas)
    halfway = sum(bool(ends) and ends not in alive for _, ends in example.ideas)
    assert halfway >= 2
    assert reach < 0.7 * len(example.ideas)
    view = start(name)
    assert f"{reach} of {len(example.ideas)} change ideas have a path to the aim." in view["summary"]
    assert f"it is {reach}" in said(view, "Your guess")


def test_the_gaps_are_named():
    gaps = listed(start("falls"), "Gaps")
    assert (
        "C7 “Yellow socks” has no path to the aim. It leads to no driver. What is it meant to change?" in gaps
    )
    assert (
        "C4 “Training video for everybody” has no path to the aim. It leads to S5, which leads no further."
        in gaps
    )
    assert "S4 “Somebody near when it is needed” has no change idea." in gaps
    assert "S5 “Staff who know about falls” leads to no primary driver." in gaps


def test_one_letter_wakes_three_ideas_and_nothing_in_the_world():
    secondary = [dict(row) for row in STARTS["falls"].sets["secondary"]]
    secondary[4]["leads_to"] = "p2"
    view = start("falls", secondary=secondary)
    assert "6 of 8" in view["summary"]
    assert not said(view, "Your guess")
    assert any("Posters in the lift”, so “Staff who know about falls”, so “A safe way" in line for line in listed(view, "Read each path"))  # fmt: skip


def test_the_graph_marks_what_reaches_and_what_does_not():
    graph = panel(start("falls"), "graph")
    state = {node["id"]: node["state"] for column in graph["columns"] for node in column["nodes"]}
    assert (state["C1"], state["C7"], state["S4"], state["S5"], state["P2"]) == (
        "good",
        "gap",
        "gap",
        "gap",
        "good",
    )
    edges = {(edge["from"], edge["to"]): edge["state"] for edge in graph["edges"]}
    assert (edges["C4", "S5"], edges["C1", "S1"], edges["P1", "aim"]) == ("gap", "plain", "plain")


def test_a_blank_sheet_asks_for_an_aim_and_needs_no_guess():
    view = start("blank", guess_ideas="")
    assert "There is no aim" in view["summary"]
    assert listed(view, "Gaps")[0] == "There is no aim."
    view = start("blank", aim="Reduce falls", primary=[{"what": "Light"}])
    assert "not clear about: for whom, where, how much, by when" in said(view, "In plain English")
    assert "P1 “Light” has no change idea." in listed(view, "Gaps")


def test_a_link_to_nowhere_says_which_row_to_mend():
    view = start("falls", ideas=[{"what": "Lights", "leads_to": "S9"}])
    assert "Change idea C1 leads to S9, which is not there" in view["summary"]
    view = start(
        "falls", secondary=[{"what": "Light", "leads_to": "C1"}], ideas=[{"what": "Lights", "leads_to": "S1"}]
    )
    assert "arrows run from ideas to drivers" in view["summary"]


def test_blank_rows_are_passed_over():
    view = start("falls", ideas=[{"what": " ", "leads_to": ""}, {"what": "Lights", "leads_to": "S3"}])
    assert "1 of 1 change idea has a path to the aim." in view["summary"]


def test_each_part_is_told_in_words():
    for view in (builder(guess_aims="3 or 4"), builder(job="charter"), start("falls")):
        assert len(describe.as_text(views.spec(KIND), view)) > 400
        assert view["data"]["rows"]
