"""Two stories: both lines true of the same dots, questions paired by evidence, and a conversation with stated rules."""

import itertools
import json
import re
import statistics

import pytest

from improvement import views
from improvement.views import describe, two_stories

KIND = "two-stories"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
SCENES = sorted(two_stories.SCENES)
SIDES = ("board", "improver")
KEY = {
    "dots": {"last", "lasted"},
    "need": {"promise", "able"},
    "numbers": {"average", "moved"},
    "work": {"way", "written"},
}
RIGHT = {name: pile for pile, names in KEY.items() for name in names}
MOVES = ("blame", "push", "advise", "chart", "work", "concede", "agree")
BEST = ["concede", "chart", "work", "work", "agree"]
EVERYTHING = {"chart", "work", "owned", "agreed"}


def show(**params):
    return views.compute(KIND, {"prediction": "both", **params})


def talk(*moves, side="board", **params):
    return show(job="talk", side=side, **{f"said_{side}": list(moves)}, **params)


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def line(view, who):
    (one,) = panels(view, "sentence", f"{who} writes")
    return one["text"]


def limits(values):
    """Mean ± 2.66 times the mean moving range, by hand."""
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    mean, reach = statistics.fmean(values), 2.66 * statistics.fmean(steps)
    return mean, mean - reach, mean + reach


def by_the_rules(moves):
    """A second reading of the rules as the widget states them: what has been heard, and the guard after each move."""
    guard, conceded, heard, guards = 3, False, set(), []
    for move in moves:
        change = {"blame": 2, "push": 1, "advise": 1, "work": -1}.get(move, 0)
        if move == "concede" and not conceded:
            change, conceded = -2, True
        guard = max(0, min(6, guard + change))
        guards.append(guard)
        if move == "chart" and guard <= 4:
            heard.add("chart")
        elif move == "work" and guard <= 3:
            heard.add("owned" if "work" in heard and conceded and guard <= 1 else "work")
        elif move == "agree" and guard <= 2 and {"chart", "work"} <= heard:
            heard.add("agreed")
    return heard, guards


@pytest.mark.parametrize("scene", SCENES)
def test_both_lines_are_true_of_the_dots(scene):
    one = two_stories.SCENES[scene]()
    values, need = list(one.values), one.need
    board, improver = (line(show(scene=scene), who) for who in ("Board member", "Improver"))
    met = sum(value <= need for value in values)
    number = {0: "None", 7: "Seven", 11: "Eleven", 12: "Twelve"}[met]
    assert board.startswith(
        f"“{number} of {len(values)} {one.period}s met {need:g}. The last, {values[-1]:g}, is "
    )
    assert ("up on" if values[-1] > values[-2] else "down on") + f" the {values[-2]:g} before" in board

    mean, low, high = limits(values)
    end = list(itertools.takewhile(lambda value: (value > mean) == (values[-1] > mean), reversed(values)))
    if len(end) >= 7:
        words = "worse" if values[-1] > mean else "better"
        assert f"Something changed for the {words}" in improver
        assert one.labels[-len(end)] in improver
    else:
        assert low <= values[-1] <= high
        assert f"last {one.period} is an ordinary one" in improver
    outside = [label for label, value in zip(one.labels, values, strict=True) if not low <= value <= high]
    assert all(label in improver for label in outside) or len(end) >= 7


def test_the_scenes_tell_different_stories_from_four_sectors():
    assert {option["sector"] for option in CONTROLS["scene"]["options"]} == {
        "acute", "ambulance", "community", "mental health",
    }  # fmt: skip
    assert len({line(show(scene=scene), "Improver") for scene in SCENES}) == 4
    assert any("for the better" in line(show(scene=scene), "Improver") for scene in SCENES)
    assert any(
        "down on" in line(show(scene=scene), "Board member")
        and "worse" in line(show(scene=scene), "Improver")
        for scene in SCENES
    )


def test_before_the_guess_only_the_dots_and_the_need_can_be_seen():
    view = views.compute(KIND, {})
    figure = view["panels"][0]
    assert {mark["role"] for mark in figure["marks"] if not mark["reveal"]} == {"data", "target"}
    _, low, high = limits(two_stories.SCENES["ambulance"]().values)
    for number in (low, high):
        assert f"{number:.1f}" not in figure["description"]
        assert f"{number:.1f}" in show()["panels"][0]["description"]
    assert not panels(view, "sentence", "Your guess")


def test_only_both_is_right():
    said = {}
    for option in views.spec(KIND)["prediction"]["control"]["options"]:
        (one,) = panels(show(prediction=option["value"]), "sentence", "Your guess")
        said[option["value"]] = one["text"]
    assert [guess for guess, text in said.items() if "Right." in text] == ["both"]
    assert all("Both lines are true" in text for text in said.values())


def test_each_kind_of_evidence_is_asked_for_by_both_sides():
    (table,) = panels(show(placed=RIGHT), "table")
    assert [len(row) for row in table["rows"]] == [4] * 4
    for row, names in zip(table["rows"], KEY.values(), strict=True):
        assert {row[1], row[2]} == {two_stories.QUESTIONS[name][2] for name in names}
    assert [row[3] for row in table["rows"]][2:] == ["This chart cannot say.", "No chart can say."]
    (score,) = panels(show(placed=RIGHT), "sentence", "Your sorting")
    assert score["text"].startswith("8 of 8")
    for pile in KEY:
        (score,) = panels(show(placed=dict.fromkeys(RIGHT, pile)), "sentence", "Your sorting")
        assert score["text"].startswith("2 of 8")


def test_nothing_is_given_away_until_all_eight_are_placed():
    assert not panels(show(placed={name: RIGHT[name] for name in list(RIGHT)[:7]}), "table")
    one_wrong = show(placed={**RIGHT, "way": "dots"})
    (again,) = panels(one_wrong, "listing")
    assert len(again["items"]) == 1
    assert "The people who do the work do" in again["items"][0]


def test_a_process_that_changed_promises_nothing():
    for scene in SCENES:
        one = two_stories.SCENES[scene]()
        said = two_stories.from_need(one, one.chart())
        low = limits(one.values)[1]
        if scene == "ambulance":
            assert low > one.need
            assert "go on missing" in said
        else:
            assert "promises nothing yet" in said


def test_the_best_path_has_a_concession_by_both_sides():
    best = max(
        (moves for moves in itertools.product(MOVES, repeat=5)), key=lambda moves: len(by_the_rules(moves)[0])
    )
    assert by_the_rules(best)[0] == EVERYTHING
    for moves in itertools.product(MOVES, repeat=5):
        state = two_stories.converse(moves)[-1][0]
        if state.heard >= {"owned"}:
            assert "concede" in moves
    assert two_stories.converse(BEST)[-1][0].heard == EVERYTHING
    (verdict,) = panels(talk(*BEST), "verdict")
    assert verdict["words"] == "Everything heard, and something agreed"


def test_every_path_follows_the_stated_rules_and_has_a_reply():
    replies = set()
    for moves in itertools.product(MOVES, repeat=6):
        path = two_stories.converse(moves)
        heard, guards = by_the_rules(moves)
        assert path[-1][0].heard == heard
        assert [state.guard for state, _ in path] == guards
        replies |= {reply for _, reply in path}
    for side in SIDES:
        for scene in SCENES:
            one = two_stories.SCENES[scene]()
            words = {two_stories._words(reply, side, one, one.chart()) for reply in replies}
            assert len(words) == len(replies)
    assert replies >= EVERYTHING | {
        "excuse",
        "promise",
        "thanks",
        "closed",
        "held back",
        "about what",
        "action point",
        "again",
        "softened",
    }


def test_there_is_no_dead_end():
    """From wherever a conversation can stand after two turns something new can still be heard in the other four."""
    for first in itertools.product(MOVES, repeat=2):
        before = by_the_rules(first)[0]
        assert any(
            by_the_rules((*first, *rest))[0] > before
            for rest in itertools.product(("concede", "work", "chart"), repeat=4)
        ), first


def test_blame_and_push_hear_nothing():
    for move in ("blame", "push", "advise"):
        (verdict,) = panels(talk(*[move] * 6), "verdict")
        assert (verdict["code"], verdict["words"]) == ("reliably_misses", "Nothing heard")


def test_the_same_question_hears_different_things():
    asked = "What gets in the way, and what is hard to tell us?"
    said = {
        row[2]
        for moves in (["work"], ["blame", "work"], ["concede", "work", "work"])
        for row in panels(talk(*moves), "table")[0]["rows"]
        if row[1] == asked
    }
    assert len(said) == 3


def test_agreeing_without_what_is_hard_to_say_is_told_apart():
    (verdict,) = panels(talk("work", "chart", "agree"), "verdict")
    assert verdict["words"] == "Agreed, without what is hard to say"
    assert verdict["text"].endswith("Three turns left.")


def test_the_challenge_is_met_by_one_blame_mended_with_no_turn_to_waste():
    def met(*moves):
        (one,) = panels(talk(*moves), "challenge")
        return one["met"]

    assert met("blame", *BEST) is True
    assert met(*BEST) is False
    assert met("blame", "blame", *BEST[:4]) is False
    assert not any(met_ for met_ in (met("blame", "push", *BEST[:4]), met()))


@pytest.mark.parametrize("side", SIDES)
def test_the_last_reply_stands_by_the_buttons_and_a_turn_taken_back_leaves_no_trace(side):
    three = talk("chart", "concede", "work", side=side)
    (last,) = [one for one in panels(three, "sentence") if one["beside"] == f"said_{side}"]
    rows = panels(three, "table")[0]["rows"]
    assert last["text"] == f"“{rows[-1][2]}”"
    assert panels(talk("chart", "concede", side=side), "table")[0]["rows"] == rows[:2]
    assert "3 of 6" in three["summary"]


def test_what_was_said_stays_when_the_reader_sorts_or_changes_sides():
    both = {"said_board": ["blame"], "said_improver": ["concede"], "prediction": "both", "job": "talk"}
    (other,) = panels(views.compute(KIND, {**both, "side": "improver"}), "table")
    (own,) = panels(views.compute(KIND, {**both, "side": "board"}), "table")
    assert [row[3] for row in own["rows"]] == [5]
    assert [row[3] for row in other["rows"]] == [1]


def test_bad_input_says_what_to_mend():
    assert "Press Reset" in show(placed={"last": "nowhere"})["summary"]
    assert "7 answers is too many" in talk(*["work"] * 7)["summary"]


@pytest.mark.parametrize(("scene", "side"), list(itertools.product(SCENES, SIDES)))
def test_the_text_is_whole_at_every_length(scene, side):
    for moves in ([], ["agree"], ["work"], BEST, ["blame"] * 6, ["concede"] * 6):
        text = describe.as_text(views.spec(KIND), talk(*moves, scene=scene, side=side))
        assert not re.search(
            r"\bnan\b|\bNone\b (?!of)|\.\.|  |\b1 turns|\bof 1 ", text.replace("[Table] ", "")
        )
    assert json.dumps(talk(*BEST, scene=scene, side=side))
