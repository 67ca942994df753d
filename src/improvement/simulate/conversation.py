"""W41 the conversation: what a room says and promises when it is shown how its self-assessment differs between groups.

A meeting goes through the beats of `BEATS`. At each you make one of four moves. The room's guard G is a whole number from 0
to 6, at the start 3; every change stops at those ends. With "low" for G <= 2 after the change, a move does this:

    show (the figures)    G + 3 if G > 2 before, else no change
    ask  (and wait)       G - 1
    tell (a story)        G - 1 the first time, G + 1 afterwards
    own  (your part)      G - 2 the first time, no change afterwards

**A direct question wants an answer.** At "money" asking and telling raise the guard by 1 instead.

**Candour** is how many hard things the room says, at most two: one for each ask at "opening", "challenge" or "partner" that
leaves the guard low. Until you have owned something it is at most one.

**Ground** for a promise is won at "challenge" by asking or owning with G <= 3 afterwards, at "money" by showing with a low
guard, and at "partner" by asking or owning with a low guard. At "close" asking turns each ground into one promise, if the
guard is low; if you have owned nothing, into one at most. Every other close brings none.

**Disclosure.** With a candour of two after "partner", somebody says that harm was hushed up, before "close". Owning it
(thanking, stopping, making sure of people's safety, taking it out of the room) keeps the speaker safe. Every other move exposes
them: the guard goes to 6, what was said is taken back (candour 0) and no ground is left. It moves the guard in no other way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from improvement.simulate import checks

BEATS = ("opening", "challenge", "money", "partner", "disclosure", "close")
MOVES = ("show", "tell", "ask", "own")
START, HIGHEST, LOW, HEARS = 3, 6, 2, 3
MOST_CANDOUR = 2
ENDINGS = ("exposed", "whole", "promises", "talk", "defended", "polite")

ASSUMPTIONS = (
    "Everybody in the room shares one guard, which each line raises or lowers by the same amount for all.",
    "Figures raise the guard of people who have not asked for them, and do no harm to people whose guard is low.",
    "The first time you own something counts; until then people say and promise little.",
    "Somebody who speaks of harm is safe only if you stop and take it out of the room.",
)
CANNOT_TELL = (
    "What your room would do. The sizes are numbers we chose to fit a few stories; no study measured them.",
    "How tone, rank and last year's meeting change what a line does.",
    "Whether a promise is kept.",
)


@dataclass(frozen=True)
class State:
    """Where the meeting stands before a beat; `beat` is "" when it is over.

    `ground` holds the beats at which ground for a promise was won. `safety` is "" if nobody spoke of harm, or "safe" or
    "exposed".
    """

    beat: str = BEATS[0]
    guard: int = START
    candour: int = 0
    told: bool = False
    owned: bool = False
    ground: frozenset[str] = frozenset()
    promises: int = 0
    safety: str = ""


@dataclass(frozen=True)
class Turn:
    """One beat, the move made, the state after it, and whether it brought a hard thing, ground or promises (`gained`)."""

    beat: str
    move: str
    after: State
    gained: bool


def step(state: State, move: str) -> State:
    """Return the state after a move.

    Raises:
        ValueError: for an unknown move, or when the meeting is over.
    """
    checks.choice("move", move, MOVES)
    if not state.beat:
        raise ValueError("The meeting is over. Take back a line to try another.")
    if state.beat == "disclosure":
        return _disclosed(state, move)
    guard = min(HIGHEST, max(0, state.guard + _change(state, move)))
    owned = state.owned or move == "own"
    candid = move == "ask" and state.beat in ("opening", "challenge", "partner") and guard <= LOW
    candour = max(state.candour, min(state.candour + candid, MOST_CANDOUR if owned else 1))
    ground = state.ground | ({state.beat} if _wins(state.beat, move, guard) else set())
    promises = 0
    if state.beat == "close" and move == "ask" and guard <= LOW:
        promises = len(ground) if owned else min(1, len(ground))
    return State(
        _next(state.beat, candour),
        guard,
        candour,
        state.told or move == "tell",
        owned,
        ground,
        promises,
        state.safety,
    )


def converse(moves: Sequence[str]) -> tuple[Turn, ...]:
    """Return the turns that the moves make; moves after the end of the meeting are left out."""
    turns: list[Turn] = []
    state = State()
    for move in moves:
        if not state.beat:
            break
        after = step(state, move)
        gained = (
            after.candour > state.candour
            or after.ground > state.ground
            or after.promises > 0
            or (state.beat == "disclosure" and after.safety == "safe")
        )
        turns.append(Turn(state.beat, move, after, gained))
        state = after
    return tuple(turns)


def ending(state: State) -> str:
    """Return which of `ENDINGS` a meeting came to.

    Raises:
        ValueError: if the meeting is not over.
    """
    if state.beat:
        raise ValueError(f"the meeting is not over: {state.beat!r} is to come")
    if state.safety == "exposed":
        return "exposed"
    if state.promises == 3 and state.candour == MOST_CANDOUR:
        return "whole"
    if state.promises:
        return "promises"
    if state.candour:
        return "talk"
    return "defended" if state.guard > HEARS else "polite"


@cache
def every_meeting() -> tuple[tuple[tuple[str, ...], State], ...]:
    """Return every meeting from start to end: its moves, and the state it ends in."""

    def onward(state: State, moves: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], State]]:
        if not state.beat:
            yield moves, state
            return
        for move in MOVES:
            yield from onward(step(state, move), (*moves, move))

    return tuple(onward(State(), ()))


def _change(state: State, move: str) -> int:
    if move == "show":
        return 3 if state.guard > LOW else 0
    if move == "own":
        return 0 if state.owned else -2
    if state.beat == "money":
        return 1
    return 1 if move == "tell" and state.told else -1


def _wins(beat: str, move: str, guard: int) -> bool:
    if beat == "challenge":
        return move in ("ask", "own") and guard <= HEARS
    if beat == "money":
        return move == "show" and guard <= LOW
    return beat == "partner" and move in ("ask", "own") and guard <= LOW


def _next(beat: str, candour: int) -> str:
    if beat == "close":
        return ""
    following = dict(pairwise(BEATS))[beat]
    return "close" if following == "disclosure" and candour < MOST_CANDOUR else following


def _disclosed(state: State, move: str) -> State:
    if move == "own":
        return replace(state, beat="close", owned=True, safety="safe")
    return replace(state, beat="close", guard=HIGHEST, candour=0, ground=frozenset(), safety="exposed")
