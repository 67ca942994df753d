"""Pareto charts: which few categories make most of the total."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from improvement.spc import series, wording


@dataclass(frozen=True, slots=True)
class ParetoBar:
    """One bar: its category, how many, its share of the total, and the share reached so far (0 to 1)."""

    category: str
    count: float
    share: float
    cumulative: float


@dataclass(frozen=True, slots=True)
class Pareto:
    """A Pareto chart: bars from the largest down, "Other" last, and the vital few.

    `vital_few` names the fewest leading categories that reach `line` of the total (80% by convention), or
    every named category when they fall short of it without "Other".
    """

    bars: tuple[ParetoBar, ...]
    total: float
    line: float
    vital_few: tuple[str, ...]
    other: str

    @property
    def signals(self) -> tuple[()]:
        """Always empty: a Pareto chart has no test of chance behind it."""
        return ()

    def explain(self) -> tuple[str, ...]:
        """Return the chart in plain sentences."""
        named = len(self.bars) - (self.bars[-1].category == self.other)
        few = len(self.vital_few)
        reached = self.bars[few - 1].cumulative
        lines = [
            f"{wording.count(few).capitalize()} of the {wording.count(named)} named categories make {reached:.0%} "
            f"of the total of {self.total:,g}: {', '.join(self.vital_few)}."
        ]
        if reached < self.line - 1e-12:
            lines.append(f"Even together they do not reach {self.line:.0%}: {self.other} holds the rest.")
        lines.append(
            f"The line at {self.line:.0%} is a convention, not a law: many real charts have no vital few."
        )
        last = self.bars[-1]
        if last.category == self.other and last.count > self.bars[0].count:
            lines.append(f"{last.category} is the largest bar: the categories may need defining again.")
        lines.append("The tallest bar is the most frequent, which need not be the most harmful or costly.")
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the chart as plain JSON types, sentences included."""
        return {
            "bars": [asdict(bar) for bar in self.bars],
            "total": self.total,
            "line": self.line,
            "vital_few": list(self.vital_few),
            "other": self.other,
            "explanation": list(self.explain()),
        }


def pareto(
    data: Mapping[object, float] | Iterable[object],
    *,
    other: str = "Other",
    keep: int | None = None,
    line: float = 0.8,
) -> Pareto:
    """Return the Pareto chart of counts by category.

    >>> chart = pareto({"Drugs": 25, "Falls": 50, "Other": 25})
    >>> [(bar.category, bar.cumulative) for bar in chart.bars]
    [('Falls', 0.5), ('Drugs', 0.75), ('Other', 1.0)]
    >>> pareto(["Falls", "Drugs", "Falls"]).bars[0]             # one entry an event
    ParetoBar(category='Falls', count=2.0, share=0.6666666666666666, cumulative=0.6666666666666666)

    Parameters
    - `data`: a mapping from category to count (or cost, or hours: any amounts of 0 or more), or a list with
      one category for each event.
    - `other`: the name of the left-over category, in any case of letters; its bar goes last, whatever its size.
    - `keep`: show so many categories and add the rest to `other`.
    - `line`: the share of the total that the vital few reach.

    Bars go from the largest down; equal bars keep the order in which they came. Raises ValueError for a
    negative amount, a total of 0, or no categories.
    """
    amounts = _amounts(data)
    share = series.finite(line, "line")
    if not 0 < share <= 1:
        raise ValueError(f"line is {line!r}; it must be above 0 and at most 1.")
    if not isinstance(other, str):
        raise ValueError(f"other is {other!r}; give the name of the left-over category, such as 'Other'.")
    left_over = other.casefold()
    named = sorted(
        ((name, amount) for name, amount in amounts.items() if name.casefold() != left_over),
        key=lambda item: -item[1],
    )
    if not named:
        raise ValueError(f"There are no categories to chart besides {other!r}.")
    rest = [(name, amount) for name, amount in amounts.items() if name.casefold() == left_over]
    if keep is not None and series.whole(keep, "keep", least=1) < len(named):
        rest += named[keep:]
        named = named[:keep]
    if rest:
        named.append((other, math.fsum(amount for _, amount in rest)))
    total = math.fsum(amount for _, amount in named)
    if not 0 < total <= series.LARGEST:
        raise ValueError(f"The amounts come to {total:g}; a Pareto chart needs something to divide.")
    bars: list[ParetoBar] = []
    for i, (name, amount) in enumerate(named):
        reached = math.fsum(value for _, value in named[: i + 1]) / total
        bars.append(ParetoBar(name, amount, amount / total, reached))
    vital: list[str] = []
    for bar in bars:
        if bar.category == other and rest:
            break
        vital.append(bar.category)
        if bar.cumulative >= share - 1e-12:
            break
    return Pareto(tuple(bars), total, share, tuple(vital), other)


def _amounts(data: Mapping[object, float] | Iterable[object]) -> dict[str, float]:
    if isinstance(data, (str, bytes)) or not isinstance(data, Iterable):
        raise ValueError("Give counts by category, or a list with one category for each event.")
    if not isinstance(data, Mapping):
        events = list(data)
        data = Counter(_named(event, f"Event {i}") for i, event in enumerate(events, 1))
    if not data:
        raise ValueError("There are no categories to chart.")
    amounts: dict[str, float] = {}
    for i, (name, value) in enumerate(data.items(), 1):
        name = _named(name, f"Category {i}")
        amount = series.finite(value, f"Category {i} ({name})")
        if amount < 0:
            raise ValueError(f"Category {i} ({name}) is {amount:g}; an amount cannot be negative.")
        amounts[name] = amounts.get(name, 0.0) + amount
    return amounts


def _named(category: object, place: str) -> str:
    # repr as well: pandas's NA neither equals nor differs from itself.
    if category is None or repr(category) in ("nan", "<NA>", "NaT") or not str(category).strip():
        raise ValueError(f"{place} has no category ({category!r}). Name it, or leave it out and say so.")
    return str(category)
