"""The X chart of an XmR chart as a figure, for widgets that draw one."""

from __future__ import annotations

from typing import Any

from improvement import spc
from improvement.views import schema

_ROLES = {"improvement": "signal_improvement", "concern": "signal_concern", "neutral": "signal_neutral"}
_WORDS = {"signal_improvement": "Improvement", "signal_concern": "Concern", "signal_neutral": "Special cause"}


def draw(
    chart: spc.XmrChart,
    title: str,
    *,
    description: str,
    y_label: str,
    titles: list[str],
    limits: tuple[float, float],
    y_range: tuple[float, float] | None = None,
    height: int = 300,
    reveal: bool = False,
) -> dict[str, Any]:
    """Return the figure of a chart with one phase and labelled points.

    `titles` says each point in words. `limits` is where the process limits are drawn: the chart's own, or held
    within what the measure can be, such as nought for a count.
    """
    phase = chart.phases[-1]
    x = list(range(1, len(chart.values) + 1))
    low, high = limits
    marks = [
        schema.mark("band", "limit", x1=[0.5], x2=[len(x) + 0.5], y1=[low], y2=[high]),
        schema.mark("rule_y", "limit", y=[high], label="Upper limit"),
        schema.mark("rule_y", "centre", y=[phase.mean], label="Mean"),
        schema.mark("rule_y", "limit", y=[low], label="Lower limit"),
    ]
    if chart.target is not None:
        marks.append(schema.mark("rule_y", "target", y=[chart.target], label="Target"))
    marks += [
        schema.mark("line", "data", x=x, y=chart.values),
        schema.mark("dot", "data", x=x, y=chart.values, title=titles),
    ]
    points: dict[str, list[int]] = {}
    for index in range(len(x)):
        kind = chart.variation_at(index).partition("_")[0]
        if kind in _ROLES:
            points.setdefault(_ROLES[kind], []).append(index)
    marks += [
        schema.mark(
            "dot",
            role,
            label=_WORDS[role],
            x=[index + 1 for index in indices],
            y=[chart.values[index] for index in indices],
            title=[titles[index] for index in indices],
        )
        for role, indices in points.items()
    ]
    return schema.figure(
        title,
        marks,
        description=description,
        x_label="",
        y_label=y_label,
        x_ticks=chart.labels,
        y_range=y_range,
        height=height,
        reveal=reveal,
    )
