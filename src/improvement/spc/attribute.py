"""Control charts for counts: P, NP, C and U, and Laney's P' and U' for large denominators.

Sources: Montgomery, Introduction to Statistical Quality Control, chapter 7; NIST/SEMATECH e-Handbook 6.3.3;
Laney (2002), "Improved control charts for attributes", Quality Engineering 14: 531-537.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from improvement.spc import series
from improvement.spc.control_chart import (
    MOVING_RANGE_D2,
    ChartOptions,
    ControlChart,
    Lines,
    Recipe,
    build,
    chart_options,
    counts,
    denominators,
)
from improvement.spc.xmr import xmr_limits


def p_chart(
    counts: Iterable[float | None],
    denominators: Iterable[float | None] | float,
    *,
    per: float = 1.0,
    **options: Any,
) -> ControlChart:
    """Return the P chart of a proportion, such as patients seen in time out of patients seen.

    >>> chart = p_chart([10, 40, 25], [100, 200, 100])        # 75 of 400; one number will do for equal sizes
    >>> chart.centre, round(chart.lower_limit, 4), round(chart.upper_limit, 4), chart.outside
    (0.1875, 0.0704, 0.3046, ())
    >>> [round(limit, 4) for limit in chart.upper_limits]     # narrower where the denominator is larger
    [0.3046, 0.2703, 0.3046]

    Parameters
    - `counts`: how many of each denominator, whole numbers in time order, None for a gap.
    - `denominators`: how many there were, one a point or one number for all.
    - `per`: 1 plots proportions (0 to 1), 100 plots percentages.
    - `options`: labels, baseline, recalculations, ghosted, centre, improvement_direction, target,
      multiplier, shift_n, trend_n, two_sigma, equal; see `ChartOptions`.

    The centre is all counts over all denominators (never an average of proportions), the limits are
    pbar plus and minus 3 sqrt(pbar (1 - pbar) / n) at each point, kept within 0 and 1.
    Raises ValueError, naming the point from 1, for a negative or part count, a zero denominator or a count
    over its denominator.
    """
    return _chart("p", counts, denominators, per, chart_options(options))


def np_chart(
    counts: Iterable[float | None], denominators: Iterable[float | None] | float, **options: Any
) -> ControlChart:
    """Return the NP chart of how many out of each denominator, such as red beads in a scoop of 50.

    >>> chart = np_chart([12, 16, 8], 48)
    >>> chart.centre, chart.lower_limit, round(chart.upper_limit, 3)
    (12.0, 3.0, 21.0)

    Parameters and errors are those of `p_chart`. The centre is n pbar, the limits n pbar plus and minus
    3 sqrt(n pbar (1 - pbar)), kept within 0 and n; `centre` (an option) is in counts when every denominator
    is the same, and is refused otherwise. When denominators differ the centre line moves: prefer a P chart.
    """
    return _chart("np", counts, denominators, 1.0, chart_options(options))


def c_chart(counts: Iterable[float | None], **options: Any) -> ControlChart:
    """Return the C chart of counts over equal chances to occur, such as falls a month on one ward.

    >>> chart = c_chart([16, 14, 18, 16])
    >>> chart.centre, chart.lower_limit, chart.upper_limit
    (16.0, 4.0, 28.0)

    `counts` are whole numbers in time order, None for a gap; `options` as in `ChartOptions`. The centre is
    the mean count, the limits cbar plus and minus 3 sqrt(cbar), not below 0. Raises ValueError, naming the
    point from 1, for a negative or part count.
    """
    return _chart("c", counts, 1.0, 1.0, chart_options(options))


def u_chart(
    counts: Iterable[float | None],
    denominators: Iterable[float | None] | float,
    *,
    per: float = 1.0,
    **options: Any,
) -> ControlChart:
    """Return the U chart of a rate, such as falls per 1,000 bed days.

    >>> chart = u_chart([4, 6, 5, 1], [1000, 1000, 1000, 1000], per=1000)     # falls, bed days
    >>> chart.centre, chart.lower_limit, chart.upper_limit
    (4.0, 0.0, 10.0)

    `counts` are whole numbers in time order; `denominators` the amount of exposure, any number above 0;
    rates, centre and limits are shown for each `per` units of it. `options` as in `ChartOptions`. The centre
    is all counts over all exposure, the limits ubar plus and minus 3 sqrt(ubar / n), not below 0. Raises
    ValueError, naming the point from 1, for a negative or part count or a denominator not above 0.
    """
    return _chart("u", counts, denominators, per, chart_options(options))


def p_prime_chart(
    counts: Iterable[float | None],
    denominators: Iterable[float | None] | float,
    *,
    per: float = 1.0,
    screen: bool = False,
    sigma_z_floor: float | None = None,
    **options: Any,
) -> ControlChart:
    """Return Laney's P' chart: a P chart whose limits are stretched by the variation the points really show.

    >>> chart = p_prime_chart([2000, 4000, 2000, 4000], 10000)                # seen in time, attendances
    >>> chart.centre, round(chart.sigma_z, 1), round(chart.upper_limit, 3)    # sigma z of 1: chance alone
    (0.3, 38.7, 0.832)

    As `p_chart`, with limits pbar plus and minus 3 sigma_z sqrt(pbar (1 - pbar) / n). Sigma z is the mean
    moving range of z = (p - pbar) / sqrt(pbar (1 - pbar) / n), over 1.128 (Laney 2002). `screen` first drops
    moving ranges of z that are 3.267 times their mean or more (qicharts2 does; Laney and Minitab do not).
    `sigma_z_floor` is the least sigma z allowed: 1 keeps the limits from being narrower than a P chart's.
    """
    return _chart("p_prime", counts, denominators, per, chart_options(options), screen, sigma_z_floor)


def u_prime_chart(
    counts: Iterable[float | None],
    denominators: Iterable[float | None] | float,
    *,
    per: float = 1.0,
    screen: bool = False,
    sigma_z_floor: float | None = None,
    **options: Any,
) -> ControlChart:
    """Return Laney's U' chart: a U chart whose limits are stretched by the variation the points really show.

    >>> chart = u_prime_chart([20, 40, 20, 40], [1000, 1000, 1000, 1000], per=1000)
    >>> chart.centre, round(chart.sigma_z, 2), round(chart.upper_limit, 2)
    (30.0, 3.24, 83.19)

    As `u_chart`, with limits ubar plus and minus 3 sigma_z sqrt(ubar / n); `screen` and `sigma_z_floor` as
    in `p_prime_chart`.
    """
    return _chart("u_prime", counts, denominators, per, chart_options(options), screen, sigma_z_floor)


_TITLES = {
    "p": "P chart: a proportion at each point",
    "np": "NP chart: a count out of a denominator at each point",
    "c": "C chart: a count at each point",
    "u": "U chart: a rate at each point",
    "p_prime": "P' chart (Laney): a proportion at each point",
    "u_prime": "U' chart (Laney): a rate at each point",
}
_ERRORS = {
    "p": "the square root of average times (1 minus average) over the denominator",
    "np": "the square root of denominator times average times (1 minus average)",
    "c": "the square root of the average",
    "u": "the square root of the average over the denominator",
}


def _chart(
    kind: str,
    numerators: Iterable[float | None],
    sizes: Iterable[float | None] | float,
    per: float,
    options: ChartOptions,
    screen: bool = False,
    floor: float | None = None,
) -> ControlChart:
    prime = kind.endswith("_prime")
    base = kind.removesuffix("_prime")
    binomial = base in ("p", "np")
    x = counts(numerators)
    n = denominators(sizes, len(x), whole=binomial)
    if binomial:
        _check_shares(x, n)
    per = series.finite(per, "per")
    if per <= 0:
        raise ValueError(
            f"per is {per:g}; it must be above 0 (100 for percentages, 1000 for rates per 1,000)."
        )
    series.true_or_false(screen, "screen")
    floor = 0.0 if floor is None else series.finite(floor, "sigma_z_floor")
    if floor < 0:
        raise ValueError(
            f"sigma_z_floor is {floor:g}; it must be 0 or more (1 keeps to a P or U chart's limits)."
        )
    scale: list[float | None] = [None if size is None else size if base == "np" else per for size in n]
    known = _known_share(base, options.centre, n, per)
    points = [
        None if count is None or size is None else count if base == "np" else count / size * per
        for count, size in zip(x, n, strict=True)
    ]

    def lines(used: Sequence[int], start: int, stop: int) -> Lines:
        share = known
        if share is None:
            share = math.fsum(x[i] for i in used) / math.fsum(n[i] for i in used)
        spread = share * (1 - share) if binomial else share
        inside = range(start, stop)
        # On the scale of one unit of denominator, so that sigma z has the same meaning whatever is plotted.
        errors = [None if n[i] is None else math.sqrt(spread / n[i]) for i in inside]
        details = {"proportion": share} if base == "np" else {}
        if prime:
            within = set(used)
            z = [
                None if x[i] is None or not error or i not in within else (x[i] / n[i] - share) / error
                for i, error in zip(inside, errors, strict=True)
            ]
            details["sigma_z"] = max(floor, _sigma_z(z, screen, options.missing, spread))
            errors = [None if error is None else error * details["sigma_z"] for error in errors]
        return Lines(
            centre=[None if scale[i] is None else share * scale[i] for i in inside],
            sigma=[
                None if error is None else error * scale[i] for i, error in zip(inside, errors, strict=True)
            ],
            details=details,
            given=known is not None and not prime,
        )

    return build(
        Recipe(
            kind=kind,
            title=_TITLES[kind],
            method=_method(base, prime, screen),
            lines=lines,
            ceiling=scale if binomial else None,
        ),
        points,
        options,
        denominator=None if base == "c" else n,
    )


def _check_shares(x: Sequence[float | None], n: Sequence[float | None]) -> None:
    for i, (count, size) in enumerate(zip(x, n, strict=True), 1):
        if count is not None and size is not None and count > size:
            raise ValueError(
                f"Point {i} has a count of {count:g} out of {size:g}; it cannot be over its denominator."
            )


def _known_share(base: str, centre: float | None, n: Sequence[float | None], per: float) -> float | None:
    """Return a known centre on the scale of one unit of denominator, or None."""
    if centre is None:
        return None
    given = series.finite(centre, "The centre")
    if base == "np":
        if len({size for size in n if size is not None}) != 1:
            raise ValueError("An NP chart with a known centre needs one denominator for every point.")
        given /= next(size for size in n if size is not None)
    else:
        given /= per
    if given < 0 or (base in ("p", "np") and given > 1):
        raise ValueError(f"The centre is {centre:g}, which a {base.upper()} chart cannot have.")
    return given


def _sigma_z(z: Sequence[float | None], screen: bool, missing: str, spread: float) -> float:
    if spread == 0:
        return 1.0
    try:
        return xmr_limits(z, screen=screen, missing=missing).mean_moving_range / MOVING_RANGE_D2
    except ValueError:
        raise ValueError(
            "Sigma z needs at least two points next to each other, to see how much they move. "
            "Use a longer stretch, or a P or U chart."
        ) from None


def _method(base: str, prime: bool, screen: bool) -> str:
    text = "Limits: average plus and minus {multiplier} standard errors; a standard error is " + _ERRORS[base]
    if prime:
        text += ", times sigma z, the average moving range of the standardised points over 1.128"
        text += " (extreme moving ranges left out)" if screen else ""
    return text + "."
