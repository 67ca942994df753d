"""W26 as Juran drew it: the simulator run a quarter at a time, with a guess about what control does to an ordinary week."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import Any

from improvement.views import schema, trilogy
from improvement.views.schema import Choice, Option
from improvement.views.trilogy import Play

_GUESSES = {
    "half": "About half of what it did",
    "quarter": "About a quarter less",
    "little": "A little less",
    "same": "The same",
}

DECLARATION = replace(
    trilogy.DECLARATION,
    title="Juran's trilogy: run a service for two years",
    intro="Somebody planned this service, and you have just taken it over. Its opening quarter is drawn below. You decide seven more.",
    prediction=schema.Prediction(
        question=(
            "Trouble has just begun. Suppose control were as good as it gets: every spell of trouble is noticed in a week and ended in the next, for "
            "the rest of two years. No projects, no redesign. What will poor quality cost in an ordinary week by the end, when there is no trouble?"
        ),
        control=Choice(
            name="prediction",
            label="An ordinary week will cost",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=tuple(
        replace(control, default="turns") if control.name == "play" else control
        for control in trilogy.CONTROLS
    ),
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the simulator's view, with the guess about an ordinary week answered."""
    return trilogy.build(params, _judge, dashboard_first=False)


def _judge(guess: str, play: Play, params: schema.Params) -> str:
    alone, charted = trilogy.opening_runs(params["seed"])
    ordinary = [week.week for week in alone.weeks if not week.spike_minutes]
    cost = fmean(charted.weeks[week].cost for week in ordinary)
    before = fmean(alone.weeks[week].cost for week in ordinary)
    trouble = [sum(week.spike_minutes > 0 for week in run.weeks) for run in (alone, charted)]
    start = {
        "half": "You said half. It costs what it did",
        "quarter": "You said a quarter less. It costs what it did",
        "little": "You said a little less. It costs what it did",
        "same": "You said the same. It does cost the same",
    }[guess]
    return (
        f"{start}: £{cost:,.0f} in an ordinary week with perfect charting, £{before:,.0f} in the same weeks left alone. Control "
        f"cut the weeks of trouble from {trouble[0]} to {trouble[1]} and left the rest as planned. What the plan wastes every "
        "week is not trouble, so no alarm goes off."
    )
