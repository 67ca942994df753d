"""Inspection and prevention: what is made wrong, what is found, what reaches people, and what it all costs a month.

Expected numbers only, so there is no seed. Of N `items` a month a share p has a defect. Inspection looks at a share f
of them, takes no longer than it takes and changes nothing about how the next item is made::

    made wrong      A = N p
    found           F = f D A                 with D the detection of a full inspection
    reach people    R = A - F = A (1 - f D)
    cost            C = N f n k_inspect + F k_correct + R k_harm + (prevention, if it is used)

**Several checks.** A full inspection is n checks one after another. The first finds a defect with probability d. Each
later one looks with fresh eyes at a share q (`independence`) of what is left and finds d of those::

    D = 1 - (1 - d) (1 - d q)^(n - 1)

So q = 1 is independent checkers and q = 0 a second signature that adds nothing.

**Prevention** costs K a month and takes a share e off the defect rate: p becomes p (1 - e).

**All or none.** C is a straight line in f, so either no inspection or all of it is cheapest. Its slope
N (n k_inspect + p D k_correct - p D k_harm) changes sign at the break-even defect rate

    p* = n k_inspect / (D (k_harm - k_correct)),

with none (None) unless harm costs more than correction. With perfect single checks and free correction this is
k1 / k2, the rule of W. E. Deming, Out of the Crisis (MIT 1986), chapter 15, for a process in statistical control.
"""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from improvement.simulate import checks

ASSUMPTIONS = (
    "Defects arise at a steady rate, by chance, whether or not anybody inspects.",
    "Inspection never calls a good item bad, and every defect found is corrected before it reaches anybody.",
    "Every defect that gets through costs the same.",
    "Prevention works from the first month, at once and for good. Real prevention takes time and may fade.",
)
CANNOT_TELL = (
    "What a harm is worth: the pounds are yours, and no sum makes up for it to the person harmed.",
    "What being inspected does to people: some take more care, some leave the care to the inspector.",
    "Whether a defect rate you believe in is the true one. Somebody independent has to look.",
)


@dataclass(frozen=True)
class Parameters:
    """Items a month, shares from 0 to 1, pounds an item or a month."""

    items: int = 5000
    defect_rate: float = 0.02
    share: float = 0.5
    detection: float = 0.8
    checks_each: int = 1
    independence: float = 1.0
    cost_inspection: float = 0.5
    cost_correction: float = 5.0
    cost_harm: float = 60.0
    prevented: float = 0.5
    cost_prevention: float = 1500.0

    def __post_init__(self) -> None:
        checks.whole("items", self.items, 1, 10_000_000)
        for name in ("defect_rate", "share", "detection", "independence", "prevented"):
            checks.number(name, getattr(self, name), 0, 1)
        checks.whole("checks_each", self.checks_each, 1, 10)
        for name in ("cost_inspection", "cost_correction", "cost_harm", "cost_prevention"):
            checks.number(name, getattr(self, name), 0, 1e9, unit="pounds")

    @property
    def full_detection(self) -> float:
        """D: the chance that a full inspection of an item, all its checks together, finds its defect."""
        d, q = self.detection, self.independence
        return 1 - (1 - d) * (1 - d * q) ** (self.checks_each - 1)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Policy:
    """A month under one policy: expected counts of items, and pounds."""

    made: float
    found: float
    reach: float
    cost_inspecting: float
    cost_correcting: float
    cost_harm: float
    cost_prevention: float

    @property
    def cost(self) -> float:
        return self.cost_inspecting + self.cost_correcting + self.cost_harm + self.cost_prevention

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "cost": self.cost}


def month(parameters: Parameters = DEFAULTS, *, prevent: bool = False) -> Policy:
    """Return a month with the given share inspected, with prevention or without."""
    p = parameters
    made = p.items * p.defect_rate * (1 - p.prevented if prevent else 1)
    found = p.share * p.full_detection * made
    return Policy(
        made,
        found,
        made - found,
        p.items * p.share * p.checks_each * p.cost_inspection,
        found * p.cost_correction,
        (made - found) * p.cost_harm,
        p.cost_prevention if prevent else 0.0,
    )


def policies(parameters: Parameters = DEFAULTS) -> dict[str, Policy]:
    """Return a month under "none", "inspect" (the given share), "prevent" (no inspection) and "both"."""
    unlooked = replace(parameters, share=0.0)
    return {
        "none": month(unlooked),
        "inspect": month(parameters),
        "prevent": month(unlooked, prevent=True),
        "both": month(parameters, prevent=True),
    }


def break_even(parameters: Parameters = DEFAULTS) -> float | None:
    """Return the defect rate above which inspecting everything is cheaper than inspecting nothing.

    It may be above 1: then inspection never pays. None if harm costs no more than correction, or nothing is found.
    """
    p = parameters
    saved = p.full_detection * (p.cost_harm - p.cost_correction)
    if saved <= 0:
        return None
    rate = p.checks_each * p.cost_inspection / saved
    return rate if math.isfinite(rate) else None
