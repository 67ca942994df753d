"""Capability indices, their intervals and the share meeting a need, from a mean and a standard deviation.

Sources: Montgomery, Introduction to Statistical Quality Control, chapter 8; Bissell (1990), Applied Statistics
39: 331-340 (Cpk); Boyles (1991), Journal of Quality Technology 23: 17-26 (Cpm).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from improvement.spc import series, wording
from improvement.spc.distributions import (
    Interval,
    chi_square_quantile,
    confidence_level,
    normal_cdf,
    normal_quantile,
)


@dataclass(frozen=True, slots=True)
class NormalCapability:
    """What a normal process with a known mean and standard deviation gives, against a need.

    `p_meet` is the share that meets the need; `natural_limits` the mean plus and minus 3 standard deviations;
    `assurance` the code an XmR chart would show ("reliably_meets", "reliably_misses", "hit_and_miss"). `cp`,
    `cpk` and `k` need both limits, `cpm` a target as well; `cpu` an upper and `cpl` a lower limit; others are None.
    """

    mean: float
    sd: float
    lower: float | None
    upper: float | None
    target: float | None
    p_meet: float
    dpmo: float
    natural_limits: tuple[float, float]
    reliably_meets: bool
    assurance: str
    cp: float | None
    cpk: float | None
    cpu: float | None
    cpl: float | None
    cpm: float | None
    k: float | None

    @property
    def signals(self) -> tuple[()]:
        """Always empty: a process known in theory has no data to signal."""
        return ()

    def explain(self) -> tuple[str, ...]:
        """Return the result in plain sentences."""
        places = wording.decimals_for(self.sd)
        low, high = (wording.number(v, places) for v in self.natural_limits)
        words = {
            "reliably_meets": "every point can be relied on to meet the need",
            "reliably_misses": "no point can be relied on to meet it",
            "hit_and_miss": "some points will meet it and some will not, which says nothing of how many",
        }[self.assurance]
        return (
            f"A normal process with mean {wording.number(self.mean, places)} and standard deviation "
            f"{wording.number(self.sd, places)} meets the need of {need_words(self.lower, self.upper)} "
            f"{percent(self.p_meet)} of the time.",
            f"Its natural limits run from {low} to {high}: {words}.",
            "This is arithmetic for a process known exactly and steady for ever; real data give an estimate.",
        )

    def to_dict(self) -> dict[str, object]:
        """Return the result as plain JSON types, sentences included."""
        return asdict(self) | {
            "natural_limits": list(self.natural_limits),
            "explanation": list(self.explain()),
        }


def normal_capability(
    mean: float,
    sd: float,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
) -> NormalCapability:
    """Return what a normal process with known mean and standard deviation gives, for teaching.

    >>> round(normal_capability(75, 20, upper=60).p_meet, 4)
    0.2266
    >>> result = normal_capability(16, 2, lower=8, upper=20)
    >>> result.cp, round(result.cpk, 4)
    (1.0, 0.6667)

    `lower` and `upper` are the need, at least one of them; `target` is for Cpm only. Raises ValueError
    unless sd > 0 and lower < upper.
    """
    centre, spread = series.finite(mean, "The mean"), series.finite(sd, "The standard deviation")
    if spread <= 0:
        raise ValueError(f"The standard deviation is {spread:g}; it must be above 0.")
    low, high = (None if v is None else series.finite(v, "A limit") for v in (lower, upper))
    if low is None and high is None:
        raise ValueError(
            "Give a lower limit, an upper limit, or both: without a need there is no capability."
        )
    if low is not None and high is not None and low >= high:
        raise ValueError(f"The lower limit {low:g} must be below the upper limit {high:g}.")
    best = None if target is None else series.finite(target, "The target")
    values = index_values(centre, spread, low, high)
    miss = miss_rate(centre, spread, low, high)
    natural = (centre - 3 * spread, centre + 3 * spread)
    inside = inside_need(natural, low, high)
    outside = (high is not None and natural[0] > high) or (low is not None and natural[1] < low)
    return NormalCapability(
        mean=centre,
        sd=spread,
        lower=low,
        upper=high,
        target=best,
        p_meet=1 - miss,
        dpmo=1e6 * miss,
        natural_limits=natural,
        reliably_meets=inside,
        assurance="reliably_meets" if inside else "reliably_misses" if outside else "hit_and_miss",
        cp=values.get("cp"),
        cpk=values.get("cpk"),
        cpu=values.get("cpu"),
        cpl=values.get("cpl"),
        cpm=cpm_value(centre, spread, low, high, best),
        k=off_centre(centre, low, high),
    )


def cp_interval(cp: float, df: float, confidence: float = 0.95) -> Interval:
    """Return the chi-square interval for Cp or Pp on `df` degrees of freedom (n - 1 for Pp).

    >>> low, high = cp_interval(2.2857, 19)       # Montgomery, example 8.4, n = 20: 1.57 to 3.01
    >>> round(low, 3), round(high, 3)
    (1.565, 3.006)
    """
    value, freedom = series.finite(cp, "The index"), series.finite(df, "The degrees of freedom")
    if value <= 0 or freedom <= 0:
        raise ValueError(f"The index is {value:g} on {freedom:g} degrees of freedom; both must be above 0.")
    tail = (1 - confidence_level(confidence)) / 2
    ends = (math.sqrt(chi_square_quantile(p, freedom) / freedom) * value for p in (tail, 1 - tail))
    return Interval(*ends, confidence, f"chi-square, {freedom:.4g} degrees of freedom")


def cpk_interval(
    cpk: float, n: int, df: float | None = None, confidence: float = 0.95, *, one_sided: bool = False
) -> Interval:
    """Return Bissell's approximate interval for Cpk or Ppk from `n` values.

    Cpk (1 plus and minus z sqrt(1 / (9 n Cpk^2) + 1 / (2 df))), with df = n - 1 unless given. With
    `one_sided` each end is a bound by itself (z for 0.95 is 1.645), as qcc gives for Cpu and Cpl. Raises
    ValueError for an index of 0 or less, where the approximation fails.

    >>> low, high = cpk_interval(1.33, 20)
    >>> round(low, 2), round(high, 2)
    (0.88, 1.78)
    """
    value, size = series.finite(cpk, "The index"), series.whole(n, "n", least=2)
    freedom = size - 1.0 if df is None else series.finite(df, "The degrees of freedom")
    if value <= 0 or freedom <= 0:
        raise ValueError(f"The index is {value:g} on {freedom:g} degrees of freedom; both must be above 0.")
    sides = 1 if series.true_or_false(one_sided, "one_sided") else 2
    z = -normal_quantile((1 - confidence_level(confidence)) / sides)
    half = z * math.sqrt(1 / (9 * size * value * value) + 1 / (2 * freedom))
    name = "Bissell, each end one-sided" if one_sided else "Bissell"
    return Interval(
        value * (1 - half), value * (1 + half), confidence, f"{name}, {freedom:.4g} degrees of freedom"
    )


def cpm_interval(
    cpm: float, n: int, mean: float, sd: float, target: float, confidence: float = 0.95
) -> Interval:
    """Return Boyles's interval for Cpm: chi-square on n (1 + a^2)^2 / (1 + 2 a^2), with a = (mean - target) / sd.

    `n` is how many values, `sd` the overall standard deviation (n - 1) behind `cpm`.
    """
    spread = series.finite(sd, "sd")
    if spread <= 0:
        raise ValueError(f"sd is {spread:g}; it must be above 0.")
    a = (series.finite(mean, "The mean") - series.finite(target, "The target")) / spread
    size = series.whole(n, "n", least=2)
    return cp_interval(cpm, size * (1 + a * a) ** 2 / (1 + 2 * a * a), confidence)


def inside_need(natural: tuple[float, float], low: float | None, high: float | None) -> bool:
    """Say whether natural limits lie inside the need: strictly, as the assurance verdict has it."""
    return (low is None or natural[0] > low) and (high is None or natural[1] < high)


def miss_rate(mean: float, sigma: float, low: float | None, high: float | None) -> float:
    """Return the share of a normal process that falls outside the need."""
    below = 0.0 if low is None else normal_cdf((low - mean) / sigma)
    above = 0.0 if high is None else normal_cdf((mean - high) / sigma)
    return below + above


def index_values(mean: float, sigma: float, low: float | None, high: float | None) -> dict[str, float]:
    """Return cpu, cpl, cp and cpk for one sigma; only those the need has limits for."""
    values = {}
    if high is not None:
        values["cpu"] = (high - mean) / (3 * sigma)
    if low is not None:
        values["cpl"] = (mean - low) / (3 * sigma)
    if low is not None and high is not None:
        values["cp"] = (high - low) / (6 * sigma)
        values["cpk"] = min(values["cpu"], values["cpl"])
    return values


def cpm_value(
    mean: float, sigma: float, low: float | None, high: float | None, target: float | None
) -> float | None:
    """Return Cpm, or None without both limits and a target."""
    if target is None or low is None or high is None:
        return None
    return (high - low) / (6 * math.hypot(sigma, mean - target))


def off_centre(mean: float, low: float | None, high: float | None) -> float | None:
    """Return k, the mean's distance from the midpoint over half the need's width, or None without both limits."""
    if low is None or high is None:
        return None
    return abs(mean - (low + high) / 2) / ((high - low) / 2)


def need_words(low: float | None, high: float | None) -> str:
    """Return the need as "at most 60", "at least 5" or "between 5 and 60"."""
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"between {low:g} and {high:g}"


def percent(share: float) -> str:
    """Return a share as a percentage to one decimal place, never rounding a near certainty up to certainty."""
    if 0.9995 <= share < 1:
        return "over 99.9%"
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{wording.number(100 * share, 1)}%"
