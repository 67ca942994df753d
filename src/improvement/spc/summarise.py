"""Bulk: one chart for each of many series, with an error kept beside the good results when a series has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from improvement.spc import series
from improvement.spc.attribute import c_chart, np_chart, p_chart, p_prime_chart, u_chart, u_prime_chart
from improvement.spc.control_chart import ControlChart
from improvement.spc.rare import g_chart, t_chart
from improvement.spc.run_chart import RunChart, run_chart
from improvement.spc.xmr import XmrChart, xmr

Chart = XmrChart | RunChart | ControlChart

_DENOMINATED: dict[str, Callable[..., ControlChart]] = {
    "p": p_chart,
    "np": np_chart,
    "u": u_chart,
    "p_prime": p_prime_chart,
    "u_prime": u_prime_chart,
}
_PLAIN: dict[str, Callable[..., Chart]] = {
    "xmr": xmr,
    "run": run_chart,
    "c": c_chart,
    "g": g_chart,
    "t": t_chart,
}
_OPTIONS = {kind: frozenset(signature(_PLAIN[kind]).parameters) for kind in ("xmr", "run")}
CHARTS = (*_PLAIN, *_DENOMINATED)
"""What a row's "chart" may be."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One series: its `name`, the `kind` of chart, and either the `chart` or the `error` that stopped it.

    `variation` and `assurance` are the chart's verdict codes, `latest` its last value that is neither missing nor
    ghosted;    they are None with an error, and where the chart has no such verdict (a run chart).
    """

    name: str
    kind: str
    chart: Chart | None
    error: str | None

    @property
    def ok(self) -> bool:
        """True when there is a chart."""
        return self.chart is not None

    @property
    def variation(self) -> str | None:
        """The variation verdict's code, such as "concern_high"."""
        return None if self.chart is None or self.kind == "run" else self.chart.variation.code

    @property
    def assurance(self) -> str | None:
        """The assurance verdict's code, such as "hit_and_miss"."""
        return None if self.chart is None or self.kind == "run" else self.chart.assurance.code

    @property
    def latest(self) -> float | None:
        """The last value that is neither missing nor ghosted, which the variation verdict describes."""
        if self.chart is None:
            return None
        active = series.without(self.chart.values, self.chart.ghosted)
        return next((v for v in reversed(active) if v is not None), None)

    def to_dict(self) -> dict[str, object]:
        """Return the row as plain JSON types, without the chart's points."""
        signals = [signal.to_dict() for signal in self.chart.signals] if self.chart else []
        return {
            "name": self.name,
            "kind": self.kind,
            "latest": self.latest,
            "variation": self.variation,
            "assurance": self.assurance,
            "signals": signals,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """The charts of many series, in the order given. `summary["A&E"]` is the row of that name."""

    rows: tuple[SummaryRow, ...]
    _by_name: dict[str, SummaryRow] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Reversed so that the first of two rows with one name is the one found.
        object.__setattr__(self, "_by_name", {row.name: row for row in reversed(self.rows)})

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[SummaryRow]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> SummaryRow:
        return self._by_name[name]

    @property
    def errors(self) -> dict[str, str]:
        """The message of each series that could not be charted, by name."""
        return {row.name: row.error for row in self.rows if row.error is not None}

    @property
    def signals(self) -> dict[str, tuple]:
        """The signals of each series that has any, by name."""
        return {
            row.name: row.chart.signals for row in self.rows if row.chart is not None and row.chart.signals
        }

    def explain(self) -> tuple[str, ...]:
        """Return the summary in plain sentences: how many of each verdict, then each error."""
        good = [row for row in self.rows if row.ok]
        lines = [f"{len(good)} of {len(self.rows)} series charted."]
        for label, codes in (
            ("Variation", Counter(row.variation for row in good if row.variation)),
            ("Assurance", Counter(row.assurance for row in good if row.assurance)),
        ):
            if codes:
                listed = ", ".join(
                    f"{code.replace('_', ' ')} {count}" for code, count in sorted(codes.items())
                )
                lines.append(f"{label}: {listed}.")
        lines += [f"{row.name}: {row.error}" for row in self.rows if row.error is not None]
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the summary as plain JSON types."""
        return {"rows": [row.to_dict() for row in self.rows], "explanation": list(self.explain())}


def summarise(
    table: Mapping[object, Any] | Iterable[Mapping[str, Any]], *, chart: str = "xmr", **options: Any
) -> Summary:
    """Return one chart for each series of a table, such as a whole board report.

    >>> table = {"Falls": [3, 5, 4, 3], "Waits": [60, 62, "n/a", 58]}
    >>> summary = summarise(table, improvement_direction="decrease", target=20)
    >>> summary["Falls"].variation, summary["Falls"].assurance, summary["Waits"].chart
    ('common_cause', 'reliably_meets', None)
    >>> summary.errors
    {'Waits': "Point 3 is 'n/a', which is not a number; write None for a missing value."}
    >>> summary = summarise([
    ...     {"name": "Waits", "values": [60, 62, 58], "target": 60, "improvement_direction": "decrease"},
    ...     {"name": "Seen in time", "values": [70, 80, 90], "denominators": 100, "chart": "p_prime"},
    ... ])
    >>> [(row.name, row.kind, row.latest) for row in summary]
    [('Waits', 'xmr', 58.0), ('Seen in time', 'p_prime', 0.9)]

    Parameters
    - `table`: a mapping from name to values, or from name to a mapping of options with "values"; or rows,
      each a mapping with "name" and "values". A row's other entries are options of its chart.
    - `chart`: "xmr", "run", "c", "g" or "t"; or, with "denominators" in the row, "p", "np", "u", "p_prime"
      or "u_prime" ("values" are then the counts). A row's own "chart" comes first.
    - `options`: options for every series, such as `preset`; a row's own come first.

    A series that cannot be charted, for any reason of its own (values, options, a missing or repeated
    name), keeps its place with the message in `error`; the others are charted. Raises ValueError only when
    the table itself is not of these forms.
    """
    if chart not in CHARTS:
        raise ValueError(f"chart is {chart!r}; choose one of {', '.join(map(repr, CHARTS))}.")
    seen: set[str] = set()
    rows = []
    for position, (name, given) in enumerate(_entries(table), 1):
        shown = f"Row {position}" if name is None else str(name)
        kind = str(given.get("chart", chart)) if isinstance(given, Mapping) else chart
        try:
            if name is None or name != name or not shown.strip():
                raise ValueError(f"Row {position} has no name.")
            if shown in seen:
                raise ValueError(f"There is already a series named {shown!r}. Give each its own name.")
            drawn, error = _draw(given, kind, options), None
        except (ValueError, TypeError, ArithmeticError) as problem:
            drawn, error = None, str(problem)
        seen.add(shown)
        rows.append(SummaryRow(shown, kind, drawn, error))
    return Summary(tuple(rows))


def _entries(table: Mapping[object, Any] | Iterable[Mapping[str, Any]]) -> Iterator[tuple[object, Any]]:
    if isinstance(table, Mapping):
        yield from table.items()
        return
    if isinstance(table, (str, bytes)) or not isinstance(table, Iterable):
        raise ValueError("Give a mapping from name to values, or a list of rows with name and values.")
    for position, row in enumerate(table, 1):
        if not isinstance(row, Mapping):
            raise ValueError(f"Row {position} is not a mapping with name and values.")
        yield row.get("name"), {key: value for key, value in row.items() if key != "name"}


def _draw(given: Any, kind: str, options: Mapping[str, Any]) -> Chart:
    if not isinstance(given, Mapping):
        given = {"values": given}
    own = dict(options) | {key: value for key, value in given.items() if key != "chart"}
    if "values" not in own:
        raise ValueError("The series has no values.")
    values = own.pop("values")
    if kind in _DENOMINATED:
        if "denominators" not in own:
            raise ValueError(f"A {kind} chart needs denominators as well as values.")
        return _DENOMINATED[kind](values, own.pop("denominators"), **own)
    if unknown := [key for key in own if kind in _OPTIONS and key not in _OPTIONS[kind]]:
        raise ValueError(
            f"{unknown[0]!r} is not an option of this chart ({kind}); leave it out, or choose another chart."
        )
    if kind not in _PLAIN:
        raise ValueError(f"chart is {kind!r}; choose one of {', '.join(map(repr, CHARTS))}.")
    return _PLAIN[kind](values, **own)
