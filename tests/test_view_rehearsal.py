"""W41 rehearsal: figures look like the way to open, then fail; every line, reply and ending is there to be read."""

from __future__ import annotations

import pytest

from improvement import views
from improvement.simulate import conversation
from improvement.simulate.conversation import BEATS, MOVES
from improvement.views import describe, rehearsal

KIND = "rehearsal"
SCENES = list(rehearsal.SCENES)
BEST = ["ask", "own", "show", "ask", "own", "ask"]


def show(**params):
    return views.compute(KIND, params)


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def said(view, heading):
    (one,) = panels(view, "sentence", heading)
    return one["text"]


def table(view, start):
    (one,) = [one for one in panels(view, "table") if one["caption"].startswith(start)]
    return one


def test_before_the_guess_only_a_strong_slide_is_seen():
    (slide,) = [one for one in show()["panels"] if not one["reveal"]]
    assert "Board, 15 people: median 4" in slide["description"]
    assert "Nurses, 120 people: median 1" in slide["description"]
    assert "gap of three levels" in slide["description"]


@pytest.mark.parametrize("opening", MOVES)
def test_every_guess_is_answered_with_what_its_opening_can_bring(opening):
    text = said(show(prediction=opening), "Your guess")
    ends = [end for moves, end in conversation.every_meeting() if moves[0] == opening]
    figures = [end for moves, end in conversation.every_meeting() if moves[0] == "show"]
    assert f"{sum(end.promises > 0 for end in figures)} of {len(figures)} meetings" in text
    if opening == "show":
        assert "Every other opening can bring three" in text
    else:
        assert max(end.promises for end in ends) == 3
        assert "can bring three promises" in text


def test_the_table_counts_every_possible_meeting():
    rows = table(show(prediction="show"), "Every possible")["rows"]
    for move, row in zip(MOVES, rows, strict=True):
        ends = [end for moves, end in conversation.every_meeting() if moves[0] == move]
        assert row == [
            rehearsal.MOVE_NAMES[move],
            max(end.promises for end in ends),
            max(end.candour for end in ends),
            f"{sum(end.promises > 0 for end in ends)} of {len(ends)}",
            sum(end.safety == "exposed" for end in ends),
        ]


@pytest.mark.parametrize("scene", SCENES)
def test_the_best_meeting_ends_with_three_promises_with_owners(scene):
    view = show(scene=scene, lines=BEST, prediction="ask")
    (ending,) = panels(view, "verdict")
    assert ending["words"] == "Candour, and three promises"
    last = view["data"]["rows"][-1][2]
    assert last.startswith("Three promises: ")
    for promise in rehearsal.SCENES[scene].promised.values():
        assert promise in last
    assert [row[3] for row in view["data"]["rows"]] == [2, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("scene", SCENES)
def test_head_on_is_defended_and_the_words_say_so(scene):
    view = show(scene=scene, lines=["show"] * 5, prediction="show")
    assert panels(view, "verdict")[0]["words"] == "Defended"
    assert "Guard 6 of 6" in view["summary"]
    assert "no promises made" in view["summary"]


def test_whoever_speaks_of_harm_is_exposed_by_a_wrong_line_and_the_page_says_what_to_do():
    for move in ("show", "tell", "ask"):
        view = show(lines=[*BEST[:4], move, "ask"], prediction="ask")
        (ending,) = panels(view, "verdict")
        assert "left standing" in ending["words"]
        assert "Go to that person now, alone" in ending["text"]
    assert "the end" not in said(show(lines=BEST[:4]), "Matron").lower()
    assert "leave a fall off" in said(show(lines=BEST[:4]), "Matron")


@pytest.mark.parametrize("scene", SCENES)
def test_every_meeting_in_every_room_has_words_for_each_turn(scene):
    for moves, end in conversation.every_meeting():
        rows = show(scene=scene, lines=list(moves))["data"]["rows"]
        assert len(rows) == len(moves)
        assert all(isinstance(cell, str) and len(cell) > 5 for row in rows for cell in row[:3])
        assert rows[-1][3] == end.guard


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_hard_to_say_comes_out_just_where_the_model_says(scene):
    hard = rehearsal.SCENES[scene].heard
    for moves, _ in conversation.every_meeting():
        turns = conversation.converse(moves)
        rows = show(scene=scene, lines=list(moves))["data"]["rows"]
        before = 0
        for turn, row in zip(turns, rows, strict=True):
            came_out = turn.beat in hard and row[2] == f"“{hard[turn.beat]}”"
            assert came_out == (turn.after.candour > before)
            before = turn.after.candour


@pytest.mark.parametrize("lines", [[], ["ask"], ["ask", "own", "show", "ask"], ["tell"] * 5])
def test_the_four_lines_you_could_say_stand_by_the_buttons(lines):
    view = show(lines=lines)
    beside = [one for one in view["panels"] if one.get("beside") == "lines"]
    turns = conversation.converse(lines)
    beat = turns[-1].after.beat if turns else BEATS[0]
    if beat:
        assert [one["heading"] for one in beside][-4:] == list(rehearsal.MOVE_NAMES.values())
    else:
        assert "Take back a line" in beside[-1]["text"]


def test_a_line_after_the_end_changes_nothing():
    assert show(lines=["show"] * 6)["data"] == show(lines=["show"] * 5)["data"]


def test_the_challenge_is_met_by_figures_first_and_a_promise_only():
    (not_yet,) = panels(show(lines=BEST, prediction="ask"), "challenge")
    assert not not_yet["met"]
    (met,) = panels(show(lines=["show", "ask", "own", "ask", "ask"], prediction="ask"), "challenge")
    assert met["met"]
    winners = [moves for moves, end in conversation.every_meeting() if moves[0] == "show" and end.promises]
    assert f"{len(winners)} of" in met["text"]


@pytest.mark.parametrize("lines", [[], BEST[:3], BEST, ["show"] * 5])
def test_every_view_can_be_read_in_words(lines):
    text = describe.as_text(views.spec(KIND), show(prediction="tell", lines=lines, scene="ambulance"))
    assert "None" not in text
    assert "ambulance" in text.lower()


def test_the_self_check_marks_right_answers_and_gives_each_wrong_one_its_reason():
    # The guard by hand: 3 + 3 (figures) - 2 (own) + 1 (a question when asked for a price) = 5.
    right = {
        "first": "2", "guard": 5,
        "lines": {"1": "Opens people up", "2": "Puts them on guard", "3": "Opens people up", "4": "Puts them on guard",
                  "5": "Puts them on guard", "6": "Opens people up"},
        "harm": "2", "plan": "4",
    }  # fmt: skip
    told = panels(views.compute("check-conversation", right), "feedback")
    assert [one["right"] for one in told] == [True] * 5
    wrong = {3: "dodged", 4: "dodge adds 1", 2: "raise it by 3", 9: "Figures above"}
    for given, words in wrong.items():
        (one,) = panels(views.compute("check-conversation", {"guard": given}), "feedback")
        assert not one["right"]
        assert words in one["text"]
