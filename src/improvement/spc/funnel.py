"""Funnel plots: how far units of different size may differ by chance alone, for one period.

Source: Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in Medicine
24: 1185-1202: exact interpolated limits (appendix A.1.1 and A.2.1) and over-dispersion. The additive
adjustment is made on the transformed scale, as NHS Digital's SHMI and the R package FunnelPlotR make it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from improvement.spc import labels as point_labels
from improvement.spc import series, wording
from improvement.spc.control_chart import counts as clean_counts
from improvement.spc.control_chart import denominators as clean_denominators
from improvement.spc.distributions import binomial_step, normal_quantile, poisson_step
from improvement.spc.rules import Signal

LEVELS = (0.95, 0.998)
"""The two funnels usually drawn: limits at .025 and .975, and at .001 and .999."""

WINSORISED = 0.1
"""Share of z-scores pulled in at each end before over-dispersion is estimated."""

_MOST = 10**9
_FEWEST_EXPECTED = 5
_KINDS = ("proportion", "ratio", "rate")


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """The limits at one `level` (0.95, 0.998): `lower` and `upper`, one a unit, in plotted units."""

    level: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much more the units differ than chance explains, from their Winsorised z-scores.

    `phi` is the mean squared z-score (1 is chance alone); `tau_squared` the extra variance between units on
    the transformed scale (0 when `phi` leaves nothing to explain).
    """

    phi: float
    tau_squared: float
    z: tuple[float, ...]
    winsorised_z: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot: the units' values, the centre, the limits at each unit's size, and what lies outside.

    `limits` holds one `FunnelLimits` a level, the narrowest first. `signals` has one entry a unit outside
    any limit, for the widest limit it is outside. Indices are 0-based; sentences count units from 1 or use
    the labels.
    """

    kind: str
    values: tuple[float, ...]
    numerators: tuple[float, ...]
    denominators: tuple[float, ...]
    labels: tuple[str, ...] | None
    centre: float
    limits: tuple[FunnelLimits, ...]
    signals: tuple[Signal, ...]
    method: str
    overdispersion: Overdispersion
    per: float
    options: dict[str, Any] = field(repr=False)

    def limits_at(self, denominator: float) -> tuple[tuple[float, float, float], ...]:
        """Return (level, lower, upper) at any denominator, for drawing the funnel's curves."""
        size = clean_denominators([denominator], 1, whole=self.kind == "proportion")[0]
        return tuple(
            (found.level, found.lower[0], found.upper[0])
            for found in _all_limits(
                self.kind, (size,), self.centre / self.per, self.per, self.options, self.overdispersion
            )
        )

    def explain(self) -> tuple[str, ...]:
        """Return the plot in plain sentences: centre, limits, units outside, then cautions."""
        places = _decimals(self.values)
        low, high = self.limits[0], self.limits[-1]
        total = wording.plural(len(self.values), "unit")
        lines = [
            f"Funnel plot of a {self.kind}: {total}, centre {wording.number(self.centre, places)}, limits at "
            + " and ".join(_percent(found.level) for found in self.limits)
            + f" ({self.method}).",
        ]
        expected = (1 - low.level) * len(self.values)
        lines.append(
            f"By chance alone about {wording.number(expected, 1)} of them would fall outside the "
            f"{_percent(low.level)} limits, and {wording.number((1 - high.level) * len(self.values), 2)} outside "
            f"the {_percent(high.level)} limits."
        )
        lines += [signal.why for signal in self.signals]
        if not self.signals:
            lines.append("No unit is outside the limits: ranking them would rank chance.")
        phi = self.overdispersion.phi
        # Under chance alone phi varies about 1 with a standard error of sqrt(2/k) (Spiegelhalter 2005).
        if phi > 1 + 2 * math.sqrt(2 / len(self.values)):
            lines.append(
                f"The units differ more than chance explains (phi {phi:.3g}; 1 is chance alone), "
                + (
                    "and the limits allow for that."
                    if self.options["overdispersion"]
                    else "and the limits do not allow for that: consider the over-dispersion options."
                )
            )
        small = [
            i
            for i, size in enumerate(self.denominators)
            if _expected_least(self.kind, size, self.centre / self.per) < _FEWEST_EXPECTED
        ]
        if small:
            lines.append(
                f"{_name(small, self.labels)}: fewer than five events (or of those without one) are expected, so "
                "limits between whole counts are rough there, and outside them may mean a single case."
            )
        lines.append(
            "A unit outside is a question, not an answer: check the data, the mix of patients and the way "
            "cases are counted before the care."
        )
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the plot as plain JSON types, sentences included."""
        return {
            "kind": self.kind,
            "values": list(self.values),
            "numerators": list(self.numerators),
            "denominators": list(self.denominators),
            "labels": list(self.labels) if self.labels else None,
            "centre": self.centre,
            "per": self.per,
            "limits": [
                {"level": found.level, "lower": list(found.lower), "upper": list(found.upper)}
                for found in self.limits
            ],
            "signals": [signal.to_dict() for signal in self.signals],
            "method": self.method,
            "overdispersion": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in asdict(self.overdispersion).items()
            },
            "options": self.options | {"levels": list(self.options["levels"])},
            "explanation": list(self.explain()),
        }


def funnel(
    numerators: Iterable[float],
    denominators: Iterable[float],
    *,
    kind: str = "proportion",
    labels: Iterable[object] | None = None,
    centre: float | None = None,
    levels: Iterable[float] | float = LEVELS,
    overdispersion: str | None = None,
    winsorise: float = WINSORISED,
    per: float = 1.0,
) -> Funnel:
    """Return the funnel plot of many units in one period.

    >>> plot = funnel([4, 12, 32, 60], [50, 150, 300, 300], labels=["A", "B", "C", "D"])      # proportions
    >>> plot.centre, [(plot.labels[i], s.direction) for s in plot.signals for i in s.points]
    (0.135, [('D', 'high')])
    >>> plot = funnel([15, 30], [15.0, 20.0], kind="ratio")          # observed, expected: 95%, then 99.8% limits
    >>> plot.centre, plot.limits[1].level, round(plot.limits[1].lower[0], 3), round(plot.limits[1].upper[0], 3)
    (1.0, 0.998, 0.272, 1.856)
    >>> plot = funnel([5, 15], [2000, 3000], kind="rate", per=1000)  # falls, bed days
    >>> plot.centre
    4.0

    Parameters
    - `numerators`: events, whole numbers, one a unit. `denominators`: cases for "proportion" (whole numbers),
      expected events for "ratio", exposure for "rate".
    - `kind`: "proportion" (binomial), "ratio" (Poisson about a centre of 1) or "rate" (Poisson).
    - `labels`: the units' names. `per`: shows values and limits for each so many (100 for percentages).
    - `centre`: the value to compare with, in plotted units. By default all events over all denominators,
      but `per` times 1 for "ratio".
    - `levels`: the share of units inside by chance alone; (0.95, 0.998) puts limits at .025 and .975, and at
      .001 and .999.
    - `overdispersion`: None for exact limits from the binomial or Poisson distribution, interpolated.
      "additive" or "multiplicative" widens normal limits on a transformed scale (arcsine square root for
      proportions, square root for ratios and rates): additive by a variance between units, tau squared,
      multiplicative by the square root of phi when phi is above 1.
    - `winsorise`: the share of z-scores at each end pulled in to the quantile there (type 7) before phi and
      tau squared are estimated, so that outlying units do not widen the funnel that should find them.

    A unit on a limit is inside. Exact limits lie between two counts, so for a unit that expects under about
    five events a single case can put it outside; `explain` names such units. Raises ValueError, naming the
    unit from 1, for a negative or part count, a count over its denominator, a denominator not above 0, or a
    centre that the kind cannot have.
    """
    series.choice(kind, "kind", _KINDS)
    if overdispersion is not None:
        series.choice(overdispersion, "overdispersion", ("additive", "multiplicative"))
    x = _present(clean_counts(numerators), "count")
    n = _present(clean_denominators(denominators, len(x), whole=kind == "proportion"), "denominator")
    names = point_labels.clean(labels, len(x), in_time_order=False)
    scale = series.finite(per, "per")
    if scale <= 0:
        raise ValueError(f"per is {per!r}; it must be above 0.")
    trim = series.finite(winsorise, "winsorise")
    if not 0 <= trim < 0.5:
        raise ValueError(f"winsorise is {winsorise!r}; it must be from 0 up to, not including, 0.5.")
    for i, (count, size) in enumerate(zip(x, n, strict=True), 1):
        if kind == "proportion" and count > size:
            raise ValueError(
                f"Point {i} has a count of {count:g} out of {size:g}; it cannot be over its denominator."
            )
        if max(count, size) > _MOST:
            raise ValueError(f"Point {i} is {count:g} over {size:g}; exact limits stop at 1,000,000,000.")
        if size < 1 / _MOST:
            raise ValueError(f"Point {i} has a denominator of {size:g}, too small to compare with anything.")
    middle = _centre(kind, x, n, centre, scale)
    options = {
        "overdispersion": overdispersion,
        "winsorise": trim,
        "levels": tuple(sorted(_levels(levels))),
    }
    spread = _overdispersion(kind, x, n, middle, trim)
    limits = _all_limits(kind, n, middle, scale, options, spread)
    values = tuple(count / size * scale for count, size in zip(x, n, strict=True))
    return Funnel(
        kind=kind,
        values=values,
        numerators=x,
        denominators=n,
        labels=names,
        centre=middle * scale,
        limits=limits,
        signals=_signals(values, limits, names),
        method=_METHODS[overdispersion],
        overdispersion=spread,
        per=scale,
        options=options,
    )


def binomial_limit(probability: float, n: int, centre: float) -> float:
    """Return the interpolated binomial funnel limit, as a proportion of `n` (Spiegelhalter 2005, A.1.1).

    `probability` is .001, .025, .975 or .999, say; `n` the denominator; `centre` the proportion compared
    with. With r the smallest count whose cumulative probability F(r) reaches `probability`, the limit is
    (r - (F(r) - probability) / (F(r) - F(r-1))) / n, not below 0.

    >>> binomial_limit(0.75, 1, 0.5)      # r is 1, F(0) is 0.5 and F(1) is 1: 1 - (1 - 0.75) / 0.5
    0.5
    """
    size = series.whole(n, "The denominator", least=1, most=_MOST)
    return _exact(_tail(probability), size, _share(centre), True)


def poisson_limit(probability: float, expected: float, centre: float = 1.0) -> float:
    """Return the interpolated Poisson funnel limit, as a ratio to `expected` (Spiegelhalter 2005, A.2.1).

    As `binomial_limit`, for a count whose mean is `centre` times `expected`.

    >>> round(poisson_limit(0.001, 15), 3), round(poisson_limit(0.999, 15), 3)
    (0.272, 1.856)
    """
    size = series.finite(expected, "The expected count")
    ratio = series.finite(centre, "The centre")
    if not 0 < size <= _MOST or not 0 < ratio * size <= _MOST:
        raise ValueError(f"The expected count is {expected!r} at centre {centre!r}; both must be above 0.")
    return _exact(_tail(probability), size, ratio, False)


_METHODS = {
    None: "exact, interpolated, chance alone",
    "additive": "transformed, with additive over-dispersion",
    "multiplicative": "transformed, with multiplicative over-dispersion",
}


def _present(values: Sequence[float | None], name: str) -> tuple[float, ...]:
    for i, value in enumerate(values, 1):
        if value is None:
            raise ValueError(f"Point {i} has no {name}. Leave the unit out of the funnel and say so.")
    return tuple(values)


def _tail(probability: float) -> float:
    value = series.finite(probability, "The probability")
    if not 0 < value < 1:
        raise ValueError(f"The probability is {probability!r}; it must lie between 0 and 1, such as 0.975.")
    return value


def _share(value: float) -> float:
    share = series.finite(value, "The centre")
    if not 0 <= share <= 1:
        raise ValueError(f"The centre is {value!r}; a proportion lies between 0 and 1.")
    return share


def _levels(levels: Iterable[float] | float) -> list[float]:
    several = levels if isinstance(levels, Iterable) else [levels]
    chosen = [series.finite(level, "A level") for level in several]
    if not chosen or not all(0 < level < 1 for level in chosen):
        raise ValueError("levels must be shares between 0 and 1, such as (0.95, 0.998).")
    return chosen


def _centre(kind: str, x: Sequence[float], n: Sequence[float], centre: float | None, per: float) -> float:
    if centre is not None:
        middle = series.finite(centre, "The centre") / per
        if middle < 0 or (kind == "proportion" and middle > 1):
            raise ValueError(f"The centre is {centre!r}, which a {kind} cannot have.")
    else:
        middle = 1.0 if kind == "ratio" else math.fsum(x) / math.fsum(n)
    return middle


def _exact(probability: float, size: float, centre: float, binomial: bool) -> float:
    if binomial:
        if centre in (0.0, 1.0):
            return centre
        r, reached, mass = binomial_step(probability, int(size), centre)
    else:
        if centre == 0:
            return 0.0
        r, reached, mass = poisson_step(probability, centre * size)
    return max(0.0, r - (reached - probability) / mass) / size


def _transformed(kind: str, value: float) -> float:
    return math.asin(math.sqrt(value)) if kind == "proportion" else math.sqrt(value)


def _back(kind: str, value: float) -> float:
    if kind == "proportion":
        return math.sin(min(max(value, 0.0), math.pi / 2)) ** 2
    return max(value, 0.0) ** 2


def _overdispersion(
    kind: str, x: Sequence[float], n: Sequence[float], centre: float, trim: float
) -> Overdispersion:
    """Estimate phi and tau squared from z-scores on the transformed scale, where s = 1/(2 sqrt n)."""
    target = _transformed(kind, centre)
    z = [
        (_transformed(kind, count / size) - target) * 2 * math.sqrt(size)
        for count, size in zip(x, n, strict=True)
    ]
    low, high = _quantile(z, trim), _quantile(z, 1 - trim)
    pulled = [min(max(score, low), high) for score in z]
    k = len(z)
    phi = math.fsum(score * score for score in pulled) / k
    weights = [4 * size for size in n]
    total = math.fsum(weights)
    rest = total - math.fsum(w * (w / total) for w in weights)
    extra = k * phi - (k - 1)
    tau_squared = extra / rest if extra > 0 and rest > 0 else 0.0
    return Overdispersion(phi, tau_squared, tuple(z), tuple(pulled))


def _quantile(values: Sequence[float], p: float) -> float:
    """Return the type 7 quantile (linear between order statistics, as R does by default)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * p
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _all_limits(
    kind: str,
    n: Sequence[float],
    centre: float,
    per: float,
    options: dict[str, Any],
    spread: Overdispersion,
) -> tuple[FunnelLimits, ...]:
    found = []
    for level in options["levels"]:
        tail = (1 - level) / 2
        if options["overdispersion"] is None:
            pairs = [
                tuple(_exact(p, size, centre, kind == "proportion") for p in (tail, 1 - tail)) for size in n
            ]
        else:
            pairs = [_wide(kind, size, centre, -normal_quantile(tail), options, spread) for size in n]
        found.append(
            FunnelLimits(level, tuple(low * per for low, _ in pairs), tuple(high * per for _, high in pairs))
        )
    return tuple(found)


def _wide(
    kind: str, size: float, centre: float, z: float, options: dict[str, Any], spread: Overdispersion
) -> tuple[float, float]:
    variance = 1 / (4 * size)
    if options["overdispersion"] == "additive":
        variance += spread.tau_squared
    else:
        variance *= max(1.0, spread.phi)
    target, reach = _transformed(kind, centre), z * math.sqrt(variance)
    return _back(kind, target - reach), _back(kind, target + reach)


def _signals(
    values: Sequence[float], limits: Sequence[FunnelLimits], labels: tuple[str, ...] | None
) -> tuple[Signal, ...]:
    places = _decimals(values)
    signals = []
    for i, value in enumerate(values):
        slack = 1e-12 * abs(value)
        for found in reversed(limits):
            low, high = found.lower[i], found.upper[i]
            if low - slack <= value <= high + slack:
                continue
            above = value > high
            limit = high if above else low
            shown = wording.decimals_apart(value, limit, places)
            name = labels[i] if labels else f"Unit {i + 1}"
            signals.append(
                Signal(
                    "outside_limits",
                    (i,),
                    "high" if above else "low",
                    f"{name}: {wording.number(value, shown)} is {'above the upper' if above else 'below the lower'} "
                    f"{_percent(found.level)} limit of {wording.number(limit, shown)} for its size.",
                )
            )
            break
    return tuple(signals)


def _expected_least(kind: str, size: float, centre: float) -> float:
    """Return the expected events, or non-events when they are fewer."""
    return size * (min(centre, 1 - centre) if kind == "proportion" else centre)


def _name(units: Sequence[int], labels: Sequence[str] | None) -> str:
    return wording.names(units, labels) if labels else wording.names(units, None).replace("Point", "Unit")


def _percent(level: float) -> str:
    return f"{100 * level:.6g}%"


def _decimals(values: Sequence[float]) -> int:
    return wording.decimals_for((max(values) - min(values)) / 10 or max(values) / 10)
