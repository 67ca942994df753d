"""Dataset D06, second file: what the same pathway costs each partner, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.hypertension_frailty_pathway import (
    FIRST_MONTH,
    LAG_MONTHS,
    MONTHS,
    REGISTERS,
    START_MONTHS,
)
from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 62
COLUMNS = {"month": date, "place": str, "partner": str, "cost_pounds": int}

# Pounds a month for each 1,000 people on the register: before, and the change once it takes hold.
COST_PER_1000 = {
    "primary care": (22_000, 3_500),
    "community trust": (30_000, 3_000),
    "hospital trust": (110_000, -11_000),
    "council": (45_000, -1_500),
}
# Who pays does so from the first month; who saves sees it only when the admissions fall.
LATE = ("hospital trust", "council")

_COST_SD = 0.02


def rows() -> Iterator[tuple[date, str, str, int]]:
    """The rows in file order: every partner of a place, every place of a month, then the next month."""
    noise = Noise(SEED)
    for number in range(MONTHS):
        for place, start in START_MONTHS.items():
            for partner, (before, change) in COST_PER_1000.items():
                changed = number >= start + LAG_MONTHS * (partner in LATE)
                thousands = REGISTERS[place] / 1000
                cost = thousands * (noise.normal(before, _COST_SD * before) + change * changed)
                yield month_start(*FIRST_MONTH, number), place, partner, 100 * round(cost / 100)
