"""What the two files of dataset D12 share: ten invented mental health teams and how safe it is to speak up in each."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_MONTH = (2024, 10)
MONTHS = 24
QUIET_TEAM = "Willow"
FLATTERED_TEAM = "Larch"


@dataclass(frozen=True)
class Team:
    """Staff in post, the chance at first and at last that an event is reported, and the share who say they feel safe."""

    setting: str
    staff: int
    reported: tuple[float, float]
    feel_safe: tuple[float, float]


TEAMS = {
    "Alder": Team("ward", 26, (0.12, 0.62), (0.46, 0.74)),
    "Beech": Team("ward", 28, (0.10, 0.58), (0.42, 0.70)),
    "Cherry": Team("community", 22, (0.12, 0.66), (0.50, 0.78)),
    "Elm": Team("community", 20, (0.10, 0.60), (0.44, 0.72)),
    "Hazel": Team("ward", 30, (0.08, 0.54), (0.40, 0.66)),
    "Larch": Team("ward", 27, (0.10, 0.12), (0.82, 0.84)),
    "Oak": Team("community", 24, (0.14, 0.70), (0.52, 0.80)),
    "Pine": Team("ward", 25, (0.10, 0.62), (0.44, 0.72)),
    "Willow": Team("ward", 29, (0.06, 0.06), (0.28, 0.26)),
    "Yew": Team("community", 11, (0.12, 0.64), (0.48, 0.76)),
}
