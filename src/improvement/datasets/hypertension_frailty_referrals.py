"""Dataset D06, third file: what people were referred as, and the need found when somebody asked them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.hypertension_frailty_pathway import FIRST_MONTH, REGISTERS
from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 63
COLUMNS = {"referral": int, "month": date, "place": str, "referred_as": str, "need_found": str}

FIRST_REFERRAL_MONTH = 21
REFERRAL_MONTHS = 9
NEEDS_BY_LABEL = {
    "blood pressure": {"blood pressure": 30, "getting to the practice": 10},
    "falls": {"falls": 50, "too much blood pressure medicine": 26, "loneliness": 22, "carer worn out": 12},
    "medicines": {"medicines": 36, "opening or reading packs": 20, "falls": 18, "low mood": 16},
    "memory": {"memory": 30, "low mood": 16, "hearing": 14},
    "not coping": {"not coping": 34, "loneliness": 30, "carer worn out": 24, "low mood": 12},
}


def rows() -> Iterator[tuple[int, date, str, str, str]]:
    """The rows in file order: referrals numbered by month."""
    noise = Noise(SEED)
    pairs = [
        (label, need)
        for label, needs in NEEDS_BY_LABEL.items()
        for need, count in needs.items()
        for _ in range(count)
    ]
    places, sizes = list(REGISTERS), list(REGISTERS.values())
    for number, (label, need) in enumerate(noise.shuffled(pairs)):
        later = FIRST_REFERRAL_MONTH + number * REFERRAL_MONTHS // len(pairs)
        yield number + 1, month_start(*FIRST_MONTH, later), noise.pick_weighted(places, sizes), label, need
