"""Dataset D07: a self-assessment answered by the groups of two invented trusts, one of them twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from improvement.datasets.noise import Noise

SEED = 7

LEVELS = {
    1: "not yet",
    2: "first steps",
    3: "in some places",
    4: "in most places",
    5: "how we work",
}

# Component -> its three statements: an odd number, so that a person's median is always a level.
COMPONENTS = {
    "purpose": {
        "purpose_known": "Anyone here can say what we are trying to improve, and for whom.",
        "purpose_few_priorities": "We have few enough priorities to finish them.",
        "purpose_patients": "Patients and carers helped to decide what matters most.",
    },
    "people": {
        "people_speak_up": "I can say that something is going wrong without fearing what comes next.",
        "people_time": "The working week has time in it for making work better.",
        "people_everyone": "Anyone who wants to improve something gets the chance, whatever their job.",
    },
    "leadership": {
        "leaders_visit": "Leaders come to where the work is done, and ask before they tell.",
        "leaders_unblock": "When we raise a problem we cannot solve, a leader clears the way.",
        "leaders_learn": "When a test fails, leaders ask what was learnt.",
    },
    "capability": {
        "capability_method": "People near me can take an improvement from start to finish.",
        "capability_data": "We look at our measures over time before we decide.",
        "capability_coach": "Somebody skilled helps when we get stuck.",
    },
    "management systems": {
        "systems_routine": "Improvement is part of our ordinary meetings, not an extra.",
        "systems_money": "Quality and money are talked about together.",
        "systems_hold": "Gains last after the project has ended.",
    },
}
ITEMS = tuple(item for statements in COMPONENTS.values() for item in statements)
COLUMNS = {"organisation": str, "round": int, "respondent": int, "group": str, **dict.fromkeys(ITEMS, int)}

GROUPS = (
    "board",
    "senior leaders",
    "middle managers",
    "doctors",
    "nurses",
    "allied health professionals",
    "admin and estates",
    "patient partners",
)

# (organisation, round) -> people of each of GROUPS.
SIZES = {
    ("community trust", 1): (15, 20, 40, 25, 120, 60, 50, 3),
    ("community trust", 2): (14, 18, 36, 22, 104, 54, 45, 3),
    ("acute trust", 1): (14, 24, 45, 70, 110, 35, 40, 7),
}

# The median of each of ITEMS, a digit each and a component at a time, for each of GROUPS.
_MEDIANS = {
    ("community trust", 1): (
        "445 433 424 232 333",
        "323 323 333 232 332",
        "323 323 333 222 322",
        "213 323 223 222 222",
        "213 323 222 222 222",
        "213 323 223 222 222",
        "223 322 222 222 222",
        "221 231 222 322 222",
    ),
    ("community trust", 2): (
        "323 323 334 232 333",
        "323 323 333 232 332",
        "323 323 333 222 322",
        "223 323 223 222 222",
        "223 323 222 222 222",
        "223 323 223 222 222",
        "223 322 222 222 222",
        "221 231 222 322 222",
    ),
    ("acute trust", 1): (
        "323 323 333 332 232",
        "323 323 333 332 232",
        "223 323 333 322 232",
        "222 323 232 332 222",
        "222 323 232 322 222",
        "222 323 232 322 222",
        "222 322 232 222 222",
        "222 332 332 222 222",
    ),
}

# Shapes planted in the first round of the community trust: how many people answer each level from 1 to 5.
PLANTED = {
    ("leaders_unblock", "board"): (5, 1, 1, 8, 0),
    ("leaders_unblock", "doctors"): (3, 11, 3, 4, 4),
    ("leaders_unblock", "nurses"): (12, 54, 18, 18, 18),
    ("leaders_unblock", "allied health professionals"): (6, 27, 9, 9, 9),
    ("systems_routine", "senior leaders"): (0, 3, 14, 3, 0),
    ("systems_routine", "middle managers"): (15, 3, 4, 3, 15),
}

# Elsewhere, the weight of a level by how far it lies from the median.
_WEIGHTS = {0: 0.5, 1: 0.2, 2: 0.05}


def rows() -> Iterator[tuple[str | int, ...]]:
    """The rows in file order: an organisation's round at a time, a group at a time."""
    noise = Noise(SEED)
    respondent = count(1)
    for (organisation, round_number), sizes in SIZES.items():
        medians = _MEDIANS[organisation, round_number]
        for group, size, digits in zip(GROUPS, sizes, medians, strict=True):
            # Some people mark everything higher than their neighbours do, which ties their answers together.
            leaning = [noise.normal(0, 1) for _ in range(size)]
            answers = []
            for item, digit in zip(ITEMS, digits.replace(" ", ""), strict=True):
                planted = (
                    PLANTED.get((item, group)) if (organisation, round_number) == next(iter(SIZES)) else None
                )
                answers.append(_dealt(noise, leaning, planted or _around(int(digit), size)))
            for person in zip(*answers, strict=True):
                yield organisation, round_number, next(respondent), group, *person


def _around(median: int, size: int) -> tuple[int, ...]:
    """How many of a group answer each level, most at the median: the largest remainders share out the rest."""
    weights = [_WEIGHTS.get(abs(level - median), 0.0) for level in LEVELS]
    shares = [size * weight / sum(weights) for weight in weights]
    counts = [int(share) for share in shares]
    by_remainder = sorted(range(len(LEVELS)), key=lambda place: counts[place] - shares[place])
    for place in by_remainder[: size - sum(counts)]:
        counts[place] += 1
    return tuple(counts)


def _dealt(noise: Noise, leaning: list[float], counts: tuple[int, ...]) -> list[int]:
    """A level for each person, low levels to those who lean low, with some luck; the counts are exact."""
    levels = [level for level, people in zip(LEVELS, counts, strict=True) for _ in range(people)]
    order = sorted(range(len(leaning)), key=lambda person: leaning[person] + noise.normal(0, 1))
    dealt = [0] * len(leaning)
    for person, level in zip(order, levels, strict=True):
        dealt[person] = level
    return dealt
