"""Capability: what a predictable process gives the people who need it, and when no number may be given.

Three verdicts, kept apart: *predictable* (no special cause on the chart of the same data), *reliably meets*
(predictable, and the natural limits lie inside the need) and *meets the agreed aim* (predictable, and the
lower end of the interval for the proportion meeting the need reaches an aim agreed beforehand).

Sources: Montgomery, Introduction to Statistical Quality Control, chapter 8; ISO 22514-4 (percentiles); the
indices and their intervals are in `indices`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from improvement.spc import series, shapes, wording
from improvement.spc.attribute import p_chart, p_prime_chart
from improvement.spc.control_chart import ControlChart
from improvement.spc.distributions import Interval, wilson_interval
from improvement.spc.indices import (
    cp_interval,
    cpk_interval,
    cpm_interval,
    cpm_value,
    index_values,
    inside_need,
    miss_rate,
    need_words,
    off_centre,
    percent,
)
from improvement.spc.recalculation import Recalculation
from improvement.spc.rules import PRECEDENCE, Signal
from improvement.spc.subgroup import XbarSChart, measurements, xbar_s
from improvement.spc.verdicts import Verdict
from improvement.spc.xmr import XmrChart, xmr

D2 = 2 / math.sqrt(math.pi)
"""Average moving range of two over the standard deviation of a normal process, exactly (1.128379...)."""

FEWEST_POINTS = 20
"""No prediction and no index below this many points."""

FIRM_POINTS = 50
"""Below this many points the indices come with a warning."""

PERCENTILE_POINTS = 100
"""Below this many values the percentile method's tails are mostly extrapolation."""

RANGE_DF = 0.62
"""Degrees of freedom of the average moving range, for each point after the first (approximate)."""

KINDS = ("individual", "subgroups", "average", "proportion")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why prediction and indices are not given: a `code` for programs and a `sentence` for a reader.

    Codes: "special_cause", "not_in_time_order", "recalculation", "too_few_points", "no_spread",
    "no_specification", "limits_reversed", "attribute_data", "averages".
    """

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """An index with its interval.

    `df` are the degrees of freedom behind the interval; `interval` is None where no honest one is known (an
    index of 0 or less, or the percentile method). `method` says how both were found.
    """

    value: float
    interval: Interval | None
    df: float | None
    method: str


@dataclass(frozen=True, slots=True)
class Capability:
    """What a process gives, against a need.

    - `observed`: the share of points that met the need, `meeting` of `n` (points in the series, or for
      proportions people); `observed_interval` its Wilson interval. None only when there is no usable need.
    - `predictable`, `reliably_meets`, `meets_aim`: True, False, or None when it cannot be said;
      `verdicts` puts the three in words, in that order.
    - `refusals`: why prediction is refused; empty when it is not. When it is, `natural_limits`,
      `expected_proportion` and `dpmo` are None and `indices` is empty. Data that are not individual values
      ("attribute_data", "averages") lose only what needs individual values.
    - `natural_limits`: where the process's points will fall, (lower, upper).
    - `mean`: the mean of a predictable process; for proportions, its mean proportion.
    - `expected_proportion`: the share expected to meet it (the yield), from the fitted distribution (for
      proportions, the mean proportion meeting it); `dpmo` what it leaves, per million.
    - `indices`: from name ("cp", "cpk", "cpu", "cpl", "pp", "ppk", "ppu", "ppl", "cpm") to `Estimate`. With
      one specification limit only the index of that side exists. `k` is how far off centre the mean is.
    - `sigma_within`, `sigma_overall`: the standard deviations behind Cp and Pp.
    - `percentiles`: X0.135, X50 and X99.865 of a fitted skewed distribution, None for a normal one.
    - `chart`: the chart of the same data, with its signals.
    """

    kind: str
    n: int
    lower: float | None
    upper: float | None
    target: float | None
    aim: float | None
    meeting: int | None
    observed: float | None
    observed_interval: Interval | None
    predictable: bool | None
    reliably_meets: bool | None
    meets_aim: bool | None
    verdicts: tuple[Verdict, Verdict, Verdict]
    refusals: tuple[Refusal, ...]
    natural_limits: tuple[float, float] | None
    mean: float | None
    expected_proportion: float | None
    dpmo: float | None
    indices: Mapping[str, Estimate]
    k: float | None
    sigma_within: float | None
    sigma_overall: float | None
    percentiles: tuple[float, float, float] | None
    distribution: str
    cautions: tuple[str, ...]
    chart: XmrChart | XbarSChart | ControlChart
    dot: str = field(repr=False)

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The special causes on the chart of the same data."""
        return self.chart.signals

    @property
    def refused(self) -> bool:
        """True when no index is given; `refusals` say why."""
        return bool(self.refusals)

    def explain(self) -> tuple[str, ...]:
        """Return the result in plain sentences: observed first, then verdicts, refusals, numbers, cautions."""
        lines = [_observed_sentence(self)]
        lines += [verdict.sentence for verdict in self.verdicts]
        lines += [refusal.sentence for refusal in self.refusals]
        lines += _number_sentences(self)
        lines += self.cautions
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the result as plain JSON types, sentences included."""
        return {
            "kind": self.kind,
            "n": self.n,
            "lower": self.lower,
            "upper": self.upper,
            "target": self.target,
            "aim": self.aim,
            "meeting": self.meeting,
            "observed": self.observed,
            "observed_interval": self.observed_interval.to_dict() if self.observed_interval else None,
            "predictable": self.predictable,
            "reliably_meets": self.reliably_meets,
            "meets_aim": self.meets_aim,
            "verdicts": [asdict(verdict) for verdict in self.verdicts],
            "refusals": [asdict(refusal) for refusal in self.refusals],
            "natural_limits": list(self.natural_limits) if self.natural_limits else None,
            "mean": self.mean,
            "expected_proportion": self.expected_proportion,
            "dpmo": self.dpmo,
            "indices": {name: asdict(estimate) for name, estimate in self.indices.items()},
            "k": self.k,
            "sigma_within": self.sigma_within,
            "sigma_overall": self.sigma_overall,
            "percentiles": list(self.percentiles) if self.percentiles else None,
            "distribution": self.distribution,
            "cautions": list(self.cautions),
            "signals": [signal.to_dict() for signal in self.signals],
            "explanation": list(self.explain()),
        }


def capability(
    values: Iterable[Any],
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    aim: float | None = None,
    kind: str = "individual",
    denominators: Iterable[float | None] | float | None = None,
    counting: str = "meeting",
    prime: bool = False,
    distribution: str = "normal",
    confidence: float = 0.95,
    in_time_order: bool = True,
    recalculations: Iterable[Recalculation] = (),
    ghosted: Iterable[int] = (),
    labels: Iterable[object] | None = None,
    preset: str = "mdc",
    dot: str = "point",
) -> Capability:
    """Return what a process gives against a need, or why that cannot be said.

    >>> result = capability([50, 54] * 12, upper=60, aim=0.8, dot="patient")       # minutes, one a patient
    >>> result.observed, round(result.observed_interval.low, 2)                    # always given
    (1.0, 0.86)
    >>> result.predictable, result.reliably_meets, result.meets_aim
    (True, False, True)
    >>> cpu = result.indices["cpu"]                                                # (60 - 52) / 3 sigma
    >>> round(cpu.value, 2), round(cpu.df, 2), cpu.interval.method
    (0.75, 14.26, 'Bissell, each end one-sided, 14.26 degrees of freedom')
    >>> refused = capability([50, 54] * 4, upper=60)
    >>> refused.observed, dict(refused.indices), [refusal.code for refusal in refused.refusals]
    (1.0, {}, ['too_few_points'])
    >>> counted = capability([90] * 20, kind="proportion", denominators=100)       # meeting, seen
    >>> counted.expected_proportion, [refusal.code for refusal in counted.refusals]
    (0.9, ['attribute_data'])

    Parameters
    - `values`: in time order. One number a point for kind "individual" and "average", a list of lists for
      "subgroups", counts for "proportion". None is a gap.
    - `lower`, `upper`: the need (specification limits) in the units of the values, as proportions for kind
      "proportion"; at least one for an index. A value on a limit meets the need.
    - `target`: the best value, for Cpm only; never taken to be the midpoint.
    - `aim`: the share that should meet the need, agreed beforehand, above 0 and at most 1.
    - `kind`: what one dot is. "individual" is one patient or one case, to whom the need applies;
      "subgroups" are several individuals a point; "average" is a summary, such as a monthly mean (no index:
      the need is not about averages); "proportion" is a count out of `denominators` (no index: the answer
      is the predictable process's mean proportion). `counting` says whether the counts are of those
      "meeting" or "missing" the need.
    - `prime`: for proportions, judge by Laney's P' chart (for thousands of patients a point) rather than P;
      the interval then widens with sigma z.
    - `distribution`: "normal", or "lognormal", "weibull" or "gamma" for the percentile method (Pp and Ppk
      only, from the fitted distribution; individual values above 0).
    - `in_time_order`: False when the order is lost; prediction is then refused, and labels are not used.
    - `recalculations`, `ghosted`, `labels`, `preset`: for the chart, as in `xmr`. Ghosted points are left out.
    - `dot`: the word for one point in sentences, such as "patient".

    The chart is XmR (2.66 mean moving ranges), Xbar-S, or P. Cp, Cpk, Cpu and Cpl use the standard deviation
    within: the mean moving range over 1.128379, or that pooled within subgroups. Pp, Ppk, Ppu, Ppl and Cpm
    use the overall standard deviation (n - 1). Intervals: chi-square for Cp and Pp, Bissell's for Cpk and
    Ppk, the same with each end one-sided for Cpu, Cpl, Ppu and Ppl, Boyles's for Cpm. Degrees of freedom:
    n - 1 overall, the sum of (subgroup size - 1) within subgroups, 0.62 (n - 1) for moving ranges.
    `expected_proportion` is from the standard deviation within. For proportions `lower` and `upper` are
    limits on the proportion counted, and only `reliably_meets` uses them.

    Refused, with the reason in `refusals`: a special cause on the chart, order not known, a recalculation
    in the series, under 20 points, no spread, no need or limits the wrong way round, attribute data,
    averages. Raises ValueError for values, limits or options that cannot be used.
    """
    series.choice(kind, "kind", KINDS)
    series.choice(counting, "counting", ("meeting", "missing"))
    series.choice(distribution, "distribution", ("normal", *shapes.SHAPES))
    series.true_or_false(in_time_order, "in_time_order")
    series.true_or_false(prime, "prime")
    if not isinstance(dot, str) or not dot.strip():
        raise ValueError(f"dot is {dot!r}; give the word for one point, such as 'patient'.")
    need = tuple(
        None if v is None else series.finite(v, f"The {n} limit")
        for v, n in ((lower, "lower"), (upper, "upper"))
    )
    if kind == "proportion" and any(limit is not None and not 0 <= limit <= 1 for limit in need):
        raise ValueError("For proportions give the limits as shares between 0 and 1 (0.95, not 95).")
    best = None if target is None else series.finite(target, "The target")
    goal = _aim(aim)
    if (denominators is not None) != (kind == "proportion"):
        raise ValueError('Give denominators for kind "proportion", and only for that.')
    if distribution != "normal" and kind != "individual":
        raise ValueError("The percentile method needs individual values.")
    shared: dict[str, Any] = {
        "labels": labels if in_time_order else None,
        "recalculations": recalculations,
        "ghosted": ghosted,
    }
    if kind == "proportion":
        study = _proportion(values, denominators, need, counting, prime, confidence, shared)
    elif kind == "subgroups":
        study = _subgroups(values, need, confidence, shared)
    else:
        study = _individuals(values, need, confidence, shared | {"preset": preset})
    refusals = _refusals(study, kind, need, in_time_order, dot)
    return _judge(study, kind, need, best, goal, distribution, confidence, refusals, in_time_order, dot)


@dataclass(frozen=True, slots=True)
class _Study:
    """What is known of the data before any judgement."""

    chart: XmrChart | XbarSChart | ControlChart
    n: int
    points: int
    individuals: tuple[float, ...]
    meeting: int | None
    interval: Interval | None
    mean: float
    natural: tuple[float, float]
    within: float
    within_df: float
    within_how: str
    proportion: float | None = None


def _aim(aim: float | None) -> float | None:
    if aim is None:
        return None
    share = series.finite(aim, "The aim")
    if not 0 < share <= 1:
        raise ValueError(f"The aim is {aim!r}; give it as a share, above 0 and at most 1 (0.95, not 95).")
    return share


def _usable(need: tuple[float | None, float | None]) -> bool:
    low, high = need
    return not (low is None and high is None) and (low is None or high is None or low < high)


def _count_meeting(
    values: Sequence[float], need: tuple[float | None, float | None], confidence: float
) -> tuple[int | None, Interval | None]:
    if not _usable(need):
        return None, None
    low, high = need
    met = sum((low is None or v >= low) and (high is None or v <= high) for v in values)
    return met, wilson_interval(met, len(values), confidence)


def _individuals(
    values: Iterable[float | None],
    need: tuple[float | None, float | None],
    confidence: float,
    options: dict[str, Any],
) -> _Study:
    chart = xmr(values, **options)
    hidden = set(chart.ghosted)
    used = tuple(v for i, v in enumerate(chart.values) if v is not None and i not in hidden)
    met, interval = _count_meeting(used, need, confidence)
    phase = chart.phases[-1]
    return _Study(
        chart=chart,
        n=len(used),
        points=len(used),
        individuals=used,
        meeting=met,
        interval=interval,
        mean=phase.mean,
        natural=(phase.lower_limit, phase.upper_limit),
        within=phase.mean_moving_range / D2,
        within_df=RANGE_DF * phase.ranges_used,
        within_how="average moving range over 1.128379",
    )


def _subgroups(
    values: Iterable[Any],
    need: tuple[float | None, float | None],
    confidence: float,
    options: dict[str, Any],
) -> _Study:
    groups = measurements(values)
    chart = xbar_s(groups, **options)
    hidden = set(chart.xbar.ghosted)
    kept = [group for i, group in enumerate(groups) if group is not None and i not in hidden]
    used = tuple(v for group in kept for v in group)
    met, interval = _count_meeting(used, need, confidence)
    df = len(used) - len(kept)
    within = math.hypot(*(v - math.fsum(group) / len(group) for group in kept for v in group)) / math.sqrt(df)
    mean = math.fsum(used) / len(used)
    return _Study(
        chart=chart,
        n=len(used),
        points=len(kept),
        individuals=used,
        meeting=met,
        interval=interval,
        mean=mean,
        natural=(mean - 3 * within, mean + 3 * within),
        within=within,
        within_df=df,
        within_how="standard deviation pooled within subgroups",
    )


def _proportion(
    values: Iterable[float | None],
    denominators: Iterable[float | None] | float,
    need: tuple[float | None, float | None],
    counting: str,
    prime: bool,
    confidence: float,
    options: dict[str, Any],
) -> _Study:
    draw = p_prime_chart if prime else p_chart
    chart = draw(values, denominators, **options)
    hidden = set(chart.ghosted)
    used = [i for i, v in enumerate(chart.values) if v is not None and i not in hidden]
    total = math.fsum(chart.denominators[i] for i in used)
    events = math.fsum(chart.values[i] * chart.denominators[i] for i in used)
    met = round(events if counting == "meeting" else total - events)
    widen = max(1.0, chart.sigma_z or 1.0) ** 2
    interval = wilson_interval(met / widen, total / widen, confidence)
    if widen > 1:
        interval = Interval(interval.low, interval.high, confidence, "Wilson score, widened by sigma z")
    return _Study(
        chart=chart,
        n=round(total),
        points=len(used),
        individuals=(),
        meeting=met,
        interval=interval,
        mean=events / total,
        natural=(chart.lower_limit, chart.upper_limit),
        within=0.0,
        within_df=0.0,
        within_how="",
        proportion=met / total,
    )


def _refusals(
    study: _Study,
    kind: str,
    need: tuple[float | None, float | None],
    in_time_order: bool,
    dot: str,
) -> tuple[Refusal, ...]:
    low, high = need
    found = []
    if kind == "proportion":
        found.append(
            Refusal(
                "attribute_data",
                "These are counts of people, not measurements of each: there is no Cp for them. The answer is the "
                "predictable process's mean proportion.",
            )
        )
    elif kind == "average":
        found.append(
            Refusal(
                "averages",
                f"Each {dot} is a summary, and the need is about the people behind it: averages vary less than "
                "people, so an index would flatter. Use individual values.",
            )
        )
    elif set(study.individuals) <= {0.0, 1.0}:
        found.append(
            Refusal(
                "attribute_data",
                "Every value is 0 or 1, so these are attributes, not measurements: there is no Cp for them. "
                'Use kind "proportion" with counts and denominators.',
            )
        )
    if kind != "proportion":
        if low is None and high is None:
            found.append(
                Refusal("no_specification", "No need was given, so there is nothing to be capable of.")
            )
        elif not _usable(need):
            found.append(
                Refusal("limits_reversed", f"The lower limit {low:g} is not below the upper limit {high:g}.")
            )
    if not in_time_order:
        found.append(
            Refusal(
                "not_in_time_order",
                "The values are not in time order, so no chart can show whether the process is predictable.",
            )
        )
    elif study.chart.signals:
        first = min(study.chart.signals, key=lambda signal: PRECEDENCE.index(signal.rule))
        found.append(
            Refusal(
                "special_cause",
                "The chart of the same data shows a special cause, so the past is no guide to what comes next. "
                f"Find the cause first. {first.why}",
            )
        )
    phases = (study.chart.xbar if isinstance(study.chart, XbarSChart) else study.chart).phases
    if len(phases) > 1:
        latest = phases[-1]
        when = f" ({latest.date})" if latest.date else ""
        found.append(
            Refusal(
                "recalculation",
                f"The limits were recalculated at point {latest.start + 1}{when}: {latest.reason.rstrip('.')}. So the series holds more than one "
                "process. Use the points since then alone.",
            )
        )
    if study.points < FEWEST_POINTS:
        found.append(
            Refusal(
                "too_few_points",
                f"There are {wording.plural(study.points, 'point')}; at least {FEWEST_POINTS} are needed "
                f"before the process can be called predictable ({FIRM_POINTS} are better).",
            )
        )
    if kind != "proportion" and _spreadless(study, need):
        found.append(
            Refusal(
                "no_spread",
                "The values show no spread to speak of from one to the next. Check how they are rounded or recorded.",
            )
        )
    return tuple(found)


def _spreadless(study: _Study, need: tuple[float | None, float | None]) -> bool:
    """Say whether the spread is lost in rounding beside the values and the need."""
    low, high = min(study.individuals), max(study.individuals)
    size = max(abs(low), abs(high), *(abs(limit) for limit in need if limit is not None))
    return low == high or study.within <= 1e-12 * size


_DATA_ONLY = frozenset({"attribute_data", "averages", "no_specification", "limits_reversed"})
"""Refusals that leave prediction itself sound: only the index, or the need, is missing."""


def _judge(
    study: _Study,
    kind: str,
    need: tuple[float | None, float | None],
    target: float | None,
    aim: float | None,
    distribution: str,
    confidence: float,
    refusals: tuple[Refusal, ...],
    in_time_order: bool,
    dot: str,
) -> Capability:
    low, high = need
    predictable = None if not in_time_order else not study.chart.signals
    codes = {refusal.code for refusal in refusals}
    may_predict = codes <= _DATA_ONLY and not (kind == "individual" and "attribute_data" in codes)
    natural = study.natural if may_predict else None
    reliably = _reliably(predictable, natural, need)
    meets = None
    if aim is not None and study.interval is not None:
        meets = False if predictable is False else study.interval.low >= aim if may_predict else None
    indices: dict[str, Estimate] = {}
    expected = rate = overall = percentiles = None
    cautions = [] if refusals else list(_cautions(study, kind, distribution))
    hidden = (study.chart.xbar if isinstance(study.chart, XbarSChart) else study.chart).ghosted
    if hidden:
        cautions.append(
            f"{wording.plural(len(hidden), 'ghosted point').capitalize()} left out of every figure here."
        )
    if not refusals:
        overall = _deviation(study.individuals)
        if distribution == "normal":
            indices = _normal_indices(study, overall, need, target, confidence)
            miss = miss_rate(study.mean, study.within, low, high)
        else:
            shape = shapes.fit(study.individuals, distribution)
            percentiles = tuple(shape.quantile(p) for p in (0.00135, 0.5, 0.99865))
            indices = _percentile_indices(percentiles, need, distribution)
            miss = (0.0 if low is None else shape.cdf(low)) + (0.0 if high is None else 1 - shape.cdf(high))
        expected, rate = 1 - miss, 1e6 * miss
    elif kind == "proportion" and may_predict:
        expected, rate = study.proportion, 1e6 * (1 - study.proportion)
    return Capability(
        kind=kind,
        n=study.n,
        lower=low,
        upper=high,
        target=target,
        aim=aim,
        meeting=study.meeting,
        observed=None if study.meeting is None else study.meeting / study.n,
        observed_interval=study.interval,
        predictable=predictable,
        reliably_meets=reliably,
        meets_aim=meets,
        verdicts=(
            _predictable_verdict(predictable, study, dot),
            _reliable_verdict(reliably, predictable, natural, need, study, dot),
            _aim_verdict(meets, predictable, aim, study.interval),
        ),
        refusals=refusals,
        natural_limits=natural,
        mean=study.mean if may_predict else None,
        expected_proportion=expected,
        dpmo=rate,
        indices=indices,
        k=off_centre(study.mean, low, high) if not refusals else None,
        sigma_within=study.within if not refusals else None,
        sigma_overall=overall,
        percentiles=percentiles,
        distribution=distribution,
        cautions=tuple(cautions),
        chart=study.chart,
        dot=dot,
    )


def _reliably(
    predictable: bool | None,
    natural: tuple[float, float] | None,
    need: tuple[float | None, float | None],
) -> bool | None:
    if not _usable(need):
        return None
    if predictable is False:
        return False
    return None if natural is None else inside_need(natural, *need)


def _deviation(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.hypot(*(v - mean for v in values)) / math.sqrt(len(values) - 1)


def _normal_indices(
    study: _Study,
    overall: float,
    need: tuple[float | None, float | None],
    target: float | None,
    confidence: float,
) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    families = (
        ("c", study.within, study.within_df, study.within_how),
        ("p", overall, study.n - 1.0, "overall standard deviation"),
    )
    for letter, sigma, df, how in families:
        for name, value in index_values(study.mean, sigma, *need).items():
            if value <= 0:
                interval = None
            elif name == "cp":
                interval = cp_interval(value, df, confidence)
            else:
                interval = cpk_interval(value, study.n, df, confidence, one_sided=name != "cpk")
            own_name = name if letter == "c" else "p" + name[1:]
            found[own_name] = Estimate(value, interval, df, f"from the {how}")
    middle = cpm_value(study.mean, overall, *need, target)
    if middle is not None:
        interval = cpm_interval(middle, study.n, study.mean, overall, target, confidence)
        found["cpm"] = Estimate(middle, interval, study.n - 1.0, "from the overall standard deviation")
    return found


def _percentile_indices(
    percentiles: tuple[float, float, float], need: tuple[float | None, float | None], distribution: str
) -> dict[str, Estimate]:
    low, middle, high = percentiles
    values = {}
    if need[1] is not None:
        values["ppu"] = (need[1] - middle) / (high - middle)
    if need[0] is not None:
        values["ppl"] = (middle - need[0]) / (middle - low)
    if None not in need:
        values["pp"] = (need[1] - need[0]) / (high - low)
        values["ppk"] = min(values["ppu"], values["ppl"])
    how = f"percentile method (ISO 22514-4), {distribution} fitted"
    return {name: Estimate(value, None, None, how) for name, value in values.items()}


def _cautions(study: _Study, kind: str, distribution: str) -> Iterable[str]:
    values = study.individuals
    if study.points < FIRM_POINTS:
        yield (
            f"There are {study.points} points: any index from so few is uncertain (its interval says how much); "
            f"{FIRM_POINTS} or more are better."
        )
    if distribution == "normal":
        if shapes.anderson_darling(values) > shapes.NORMALITY_LIMIT:
            yield (
                "The values do not look normal (Anderson-Darling, 5%): expected proportions and indices lean on that "
                "shape. Look at the histogram, and consider the percentile method."
            )
    elif study.n < PERCENTILE_POINTS:
        yield (
            f"The percentile method from {study.n} values reads tails that the data hardly reach: about "
            f"{PERCENTILE_POINTS} are needed. Pp and Ppk found this way do not compare with those of a normal process."
        )
    if kind != "subgroups":
        mean = math.fsum(values) / len(values)
        scale = max(abs(v - mean) for v in values)
        off = [(v - mean) / scale for v in values]
        total = math.fsum(v * v for v in off)
        echo = math.fsum(a * b for a, b in pairwise(off)) / total
        if abs(echo) > 2 / math.sqrt(len(values)):
            yield (
                f"Neighbouring values are alike or opposed (correlation {echo:.2f}): limits and indices suppose that "
                "each is independent of the one before."
            )


def _observed_sentence(result: Capability) -> str:
    if result.observed is None:
        return "No share meeting the need can be given, because no usable need was given."
    interval = result.observed_interval
    span = (
        f"{percent(interval.confidence)} interval {percent(interval.low)} to {percent(interval.high)} "
        f"({interval.method})"
    )
    if result.kind == "proportion":
        return f"{result.meeting:,} of {result.n:,} met the need: {percent(result.observed)}, {span}."
    return (
        f"{result.meeting:,} of {wording.plural(result.n, 'value' if result.kind == 'subgroups' else result.dot)} "
        f"met the need of {need_words(result.lower, result.upper)}: {percent(result.observed)}, {span}."
    )


def _predictable_verdict(predictable: bool | None, study: _Study, dot: str) -> Verdict:
    if predictable is None:
        return Verdict("cannot_say", "Cannot say", "Whether the process is predictable cannot be said.")
    if predictable:
        few = " so far, with too few to rely on" if study.points < FEWEST_POINTS else ""
        return Verdict(
            "predictable",
            "Predictable",
            f"Predictable{few}: the chart of the same data shows no special cause in {study.points} points.",
        )
    causes = wording.plural(len(study.chart.signals), "special cause")
    return Verdict(
        "not_predictable", "Not predictable", f"Not predictable: the chart of the same data shows {causes}."
    )


def _reliable_verdict(
    reliably: bool | None,
    predictable: bool | None,
    natural: tuple[float, float] | None,
    need: tuple[float | None, float | None],
    study: _Study,
    dot: str,
) -> Verdict:
    if not _usable(need):
        return Verdict(
            "cannot_say", "Cannot say", "Whether it reliably meets the need cannot be said: no usable need."
        )
    if natural is None:
        why = (
            "it is not predictable" if predictable is False else "prediction is refused, for the reason below"
        )
        code, words = (
            ("does_not_reliably_meet", "Not reliable") if reliably is False else ("cannot_say", "Cannot say")
        )
        return Verdict(code, words, f"It cannot be said to meet the need reliably: {why}.")
    places = wording.decimals_for(max(natural[1] - natural[0], 0.0) / 6)
    span = f"natural limits {wording.number(natural[0], places)} to {wording.number(natural[1], places)}"
    if reliably:
        return Verdict(
            "reliably_meets",
            "Reliably meets",
            f"Reliably meets the need of {need_words(*need)}: {span} lie inside it.",
        )
    return Verdict(
        "does_not_reliably_meet",
        "Does not reliably meet",
        f"Does not reliably meet the need of {need_words(*need)}: {span} are not inside it. The process as it "
        "is will go on giving this; meeting the need takes a change to the process.",
    )


def _aim_verdict(
    meets: bool | None, predictable: bool | None, aim: float | None, interval: Interval | None
) -> Verdict:
    if aim is None:
        return Verdict("cannot_say", "No aim", "No aim was agreed beforehand.")
    if interval is None:
        return Verdict("cannot_say", "Cannot say", "The aim cannot be judged without a need.")
    if meets is None or predictable is False:
        why = (
            "the process is not predictable"
            if predictable is False
            else "prediction is refused, for the reason below"
        )
        code, words = ("short_of_aim", "Short of the aim") if meets is False else ("cannot_say", "Cannot say")
        return Verdict(code, words, f"It cannot be said to meet the agreed aim of {percent(aim)}: {why}.")
    ends = f"the interval's lower end is {percent(interval.low)}"
    if meets:
        return Verdict(
            "meets_aim", "Meets the agreed aim", f"Meets the agreed aim of {percent(aim)}: {ends}."
        )
    return Verdict(
        "short_of_aim", "Short of the aim", f"Not shown to meet the agreed aim of {percent(aim)}: {ends}."
    )


def _number_sentences(result: Capability) -> list[str]:
    lines = []
    if result.expected_proportion is not None:
        if result.kind == "proportion":
            lines.append(
                f"The predictable process's mean proportion meeting the need is {percent(result.expected_proportion)}."
            )
        else:
            lines.append(
                f"A {result.distribution} process like this would meet the need "
                f"{percent(result.expected_proportion)} of the time, if it stays as it is."
            )
    for name, estimate in result.indices.items():
        text = f"{name.capitalize()} {estimate.value:.2f}, {estimate.method}"
        if estimate.interval:
            text += (
                f"; {percent(estimate.interval.confidence)} interval {estimate.interval.low:.2f} to "
                f"{estimate.interval.high:.2f} ({estimate.interval.method})"
            )
        elif estimate.df is not None:
            text += "; no interval, because the approximation fails for an index of 0 or less"
        lines.append(text + ".")
    return lines
