"""The conversation (W41): every meeting that can be held, against the rules told again here in plain steps."""

from itertools import product

import pytest

from improvement.simulate import conversation
from improvement.simulate.conversation import BEATS, ENDINGS, MOVES, State

ENDS = conversation.every_meeting()


def told_again(moves):
    """The docstring's rules step by step, on plain variables; returns None if the moves are too few or too many."""
    guard, candour, owned, stories, promises = 3, 0, False, 0, 0
    ground, safety = set(), ""
    left = list(moves)

    def after(change):
        return max(0, min(6, guard + change))

    for beat in ("opening", "challenge", "money", "partner", "disclosure", "close"):
        if beat == "disclosure" and candour < 2:
            continue
        if not left:
            return None
        move = left.pop(0)
        if beat == "disclosure":
            if move == "own":
                safety, owned = "safe", True
            else:
                safety, guard, candour, ground = "exposed", 6, 0, set()
            continue
        if move == "show":
            guard = after(3 if guard > 2 else 0)
        elif move == "own":
            guard, owned = after(0 if owned else -2), True
        elif beat == "money":
            guard = after(1)
        elif move == "ask":
            guard = after(-1)
        else:
            guard = after(1 if stories else -1)
        stories += move == "tell"
        if move == "ask" and beat in ("opening", "challenge", "partner") and guard <= 2:
            candour = min(candour + 1, 2 if owned else max(1, candour))
        if beat == "challenge" and move in ("ask", "own") and guard <= 3:
            ground.add(beat)
        if beat == "money" and move == "show" and guard <= 2:
            ground.add(beat)
        if beat == "partner" and move in ("ask", "own") and guard <= 2:
            ground.add(beat)
        if beat == "close" and move == "ask" and guard <= 2:
            promises = len(ground) if owned else min(1, len(ground))
    return None if left else (guard, candour, promises, safety)


def test_every_meeting_follows_the_rules_told_again_and_none_is_left_out():
    expected = {
        moves: found
        for length in (5, 6)
        for moves in product(MOVES, repeat=length)
        if (found := told_again(moves)) is not None
    }
    got = {moves: (end.guard, end.candour, end.promises, end.safety) for moves, end in ENDS}
    assert got == expected
    assert len(ENDS) == len(got)


def test_there_are_no_dead_ends_and_every_beat_and_ending_is_reached():
    assert all(end.beat == "" for _, end in ENDS)
    assert all(len(conversation.converse(moves)) == len(moves) for moves, _ in ENDS)
    # At every beat of every meeting all four moves lead on: a meeting with that beginning and that move exists.
    beginnings = {moves[:place] for moves, _ in ENDS for place in range(1, len(moves) + 1)}
    for moves, _ in ENDS:
        for place in range(len(moves)):
            assert all((*moves[:place], move) in beginnings for move in MOVES)
    turns = [turn for moves, _ in ENDS for turn in conversation.converse(moves)]
    assert {(turn.beat, turn.move) for turn in turns} == set(product(BEATS, MOVES))
    assert {conversation.ending(end) for _, end in ENDS} == set(ENDINGS)


def test_the_best_meetings_include_a_concession_and_figures_only_when_asked_for():
    most = max((end.promises, end.candour) for _, end in ENDS)
    best = [(moves, end) for moves, end in ENDS if (end.promises, end.candour) == most]
    assert most == (3, 2)
    assert all(conversation.ending(end) == "whole" and end.safety == "safe" for _, end in best)
    for moves, _ in best:
        assert "own" in moves[:2]
        assert moves[2] == "show"
        assert moves[0] != "show"


def test_head_on_fails_and_curiosity_opens():
    by_opening = {move: [end for moves, end in ENDS if moves[0] == move] for move in MOVES}
    best = {move: max(end.promises for end in ends) for move, ends in by_opening.items()}
    assert best["show"] == 1 < best["ask"] == 3
    with_any = {move: sum(end.promises > 0 for end in ends) / len(ends) for move, ends in by_opening.items()}
    assert with_any["show"] < 0.01 < 0.1 < with_any["ask"]
    assert conversation.step(State(), "ask").candour == 1
    assert all(conversation.step(State(), move).candour == 0 for move in ("show", "tell", "own"))
    assert conversation.step(State(), "show").guard == 6


def test_without_owning_anything_little_is_said_or_promised():
    for moves, end in ENDS:
        if "own" not in moves:
            assert end.candour <= 1
            assert end.promises <= 1


def test_speaking_of_harm_is_safe_only_when_it_is_owned_and_taken_out_of_the_room():
    told = [(moves, end) for moves, end in ENDS if end.safety]
    assert told
    for moves, end in told:
        assert (end.safety == "safe") == (moves[4] == "own")
        if end.safety == "exposed":
            assert (end.candour, end.promises) == (0, 0)
            assert conversation.ending(end) == "exposed"


def test_the_guard_stays_between_nought_and_six():
    guards = {turn.after.guard for moves, _ in ENDS for turn in conversation.converse(moves)}
    assert guards == set(range(7))


def test_moves_after_the_end_are_left_out_and_misuse_is_named():
    assert len(conversation.converse(["show"] * 9)) == 5
    over = conversation.converse(["show"] * 5)[-1].after
    with pytest.raises(ValueError, match="over"):
        conversation.step(over, "ask")
    with pytest.raises(ValueError, match=r"move must be one of .*'shout'"):
        conversation.step(State(), "shout")
    with pytest.raises(ValueError, match="not over: 'opening'"):
        conversation.ending(State())
