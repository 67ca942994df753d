"""Self-checks: questions a reader answers in the page, with a reason for every answer, right or wrong.

A lesson's self-check is a widget whose module holds ``CHECKS``, ``DECLARATION = questions.declare(...)`` and a
``compute`` that calls `answer`. Nothing here is a mark: the reader may look, think and answer again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improvement.views import schema
from improvement.views.schema import CardSort, Choice, Number, Option


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer on offer, and what to say to whoever gives it."""

    label: str
    because: str
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Check:
    """A question. `outcome` is the verb of the module's outcome that it lets the reader practise."""

    name: str
    ask: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ChoiceCheck(Check):
    """A question with one right answer among a few; each carries its own reason."""

    answers: Sequence[Answer]

    def __post_init__(self) -> None:
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError(f"{self.name}: exactly one answer must be right")

    def control(self) -> Choice:
        options = [
            Option(value=str(place), label=answer.label) for place, answer in enumerate(self.answers, start=1)
        ]
        return Choice(name=self.name, label=self.ask, options=options, default=None, radio=True)

    def key(self) -> list[dict[str, Any]]:
        return [
            {"answer": answer.label, "right": answer.right, "because": answer.because}
            for answer in self.answers
        ]

    def judge(self, given: str) -> tuple[bool, str]:
        answer = self.answers[int(given) - 1]
        return answer.right, answer.because


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A wrong number people arrive at, and where the thinking went off."""

    value: float
    because: str


@dataclass(frozen=True, kw_only=True)
class NumberCheck(Check):
    """A question answered with a number, right within `tolerance` either side of `right`.

    `slips` are wrong numbers with a reason of their own; `otherwise` answers every other wrong number.
    """

    right: float
    tolerance: float
    because: str
    otherwise: str
    slips: Sequence[Slip] = ()
    unit: str = ""
    step: float = 1

    def __post_init__(self) -> None:
        for slip in self.slips:
            if abs(slip.value - self.right) <= self.tolerance:
                raise ValueError(f"{self.name}: the slip {slip.value:g} would be marked right")

    def control(self) -> Number:
        return Number(name=self.name, label=self.ask, default=None, step=self.step, unit=self.unit)

    def key(self) -> list[dict[str, Any]]:
        right = {"answer": schema.shown(self.right), "right": True, "because": self.because}
        return [right] + [
            {"answer": schema.shown(slip.value), "right": False, "because": slip.because}
            for slip in self.slips
        ]

    def judge(self, given: float) -> tuple[bool, str]:
        if abs(given - self.right) <= self.tolerance * (1 + 1e-9):
            return True, self.because
        for slip in self.slips:
            if abs(given - slip.value) <= self.tolerance:
                return False, slip.because
        return False, self.otherwise


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card to place, the piles it may go on (any of `piles`), and why."""

    label: str
    piles: Sequence[str]
    because: str


@dataclass(frozen=True, kw_only=True)
class SortCheck(Check):
    """Cards to put on piles; right when at least `enough` of them lie where they may."""

    piles: Sequence[str]
    cards: Sequence[Card]
    enough: int

    def __post_init__(self) -> None:
        for card in self.cards:
            if not card.piles or not set(card.piles) <= set(self.piles):
                raise ValueError(
                    f"{self.name}: the card {card.label!r} names a pile that is not on the table"
                )
        if not 1 <= self.enough <= len(self.cards):
            raise ValueError(f"{self.name}: enough must be from 1 to the number of cards")

    def control(self) -> CardSort:
        cards = [Option(value=str(place), label=card.label) for place, card in enumerate(self.cards, start=1)]
        piles = [Option(value=pile, label=pile) for pile in self.piles]
        return CardSort(name=self.name, label=self.ask, cards=cards, piles=piles)

    def key(self) -> list[dict[str, Any]]:
        return [
            {"answer": f"{card.label}: {' or '.join(card.piles)}", "right": True, "because": card.because}
            for card in self.cards
        ]

    def judge(self, given: Mapping[str, str]) -> tuple[bool, str]:
        missing = len(self.cards) - len(given)
        if missing:
            return False, f"{missing} {'card is' if missing == 1 else 'cards are'} still to be placed."
        astray = [
            card for place, card in enumerate(self.cards, start=1) if given[str(place)] not in card.piles
        ]
        placed = len(self.cards) - len(astray)
        score = f"{placed} of {len(self.cards)} are where they may lie; {self.enough} is enough."
        reasons = [f"{card.label}: {' or '.join(card.piles)}. {card.because}" for card in astray]
        return placed >= self.enough, " ".join([score, *reasons])


def declare(checks: Sequence[Check], *, title: str = "Check yourself", intro: str = "") -> schema.Declaration:
    """Return the declaration of a self-check made of `checks`, in the order they are asked.

    Raises ValueError when two of them have the same name.
    """
    names = [check.name for check in checks]
    if len(set(names)) != len(names):
        raise ValueError(f"two questions have the same name: {names}")
    return schema.Declaration(
        title=title,
        intro=intro or "Not marked, and nobody sees it but you. Answer, read why, change your mind.",
        controls=[
            schema.Question(name=check.name, label=check.ask, control=check.control(), answers=check.key())
            for check in checks
        ],
        assumptions=(),
        cannot_tell=(),
        honesty="",
    )


def answer(checks: Sequence[Check], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    panels = []
    for check in checks:
        if params[check.name] is not None:
            right, because = check.judge(params[check.name])
            panels.append(schema.feedback(check.name, right, because))
    right = sum(panel["right"] for panel in panels)
    if not panels:
        return schema.view([], summary="Nothing checked yet.")
    return schema.view(
        panels, summary=f"{right} right of {len(panels)} answered; {len(checks)} questions in all."
    )
