"""Labels of points: text, one a point, and in time order when they are dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import date, datetime, time
from itertools import pairwise


def clean(
    labels: Iterable[object] | None, count: int, *, in_time_order: bool = True
) -> tuple[str, ...] | None:
    """Return `labels` as strings, one a point.

    Raises ValueError unless there are exactly `count` of them with none missing. When all are dates (date or
    datetime objects, or text such as 2024-03-04, 2024-03, 04/03/2024, 4 Mar 2024, Mar 2024 or Mar-24) each must
    also be later than the one before, unless `in_time_order` is False; the error names the position and the date.
    """
    if labels is None:
        return None
    if isinstance(labels, (str, bytes, Mapping, Set)) or not isinstance(labels, Iterable):
        raise ValueError("labels must be a list with one label for each point.")
    given = list(labels)
    if len(given) != count:
        raise ValueError(f"There are {len(given)} labels for {count} points; give one label for each point.")
    cleaned = tuple(map(text, given))
    for i, (label, shown) in enumerate(zip(given, cleaned, strict=True), 1):
        if label is None or label != label or not shown:
            raise ValueError(f"Point {i} has no label ({label!r}). Give every point a label, or none.")
    if in_time_order and count:
        _check_dates(given, cleaned)
    return cleaned


def text(label: object) -> str:
    """Return a label as text: a date without a time of day as 2024-03-04."""
    if isinstance(label, datetime) and label.time() == time():
        return label.date().isoformat()
    return str(label).strip()


_ISO_DATE = re.compile(r"\d{4}-\d\d(-\d\d([ T]\d\d:\d\d.*)?)?")
_DATE_FORMATS = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %Y",
    "%B %Y",
    "%b-%y",
)


def _check_dates(given: Sequence[object], shown: Sequence[str]) -> None:
    """Refuse dates that do not rise. A day and month that could be either are read whichever way rises."""
    readings = []
    for read in (_as_given, _as_iso, *(_as_format(pattern) for pattern in _DATE_FORMATS)):
        with suppress(ValueError, TypeError):
            read(given[0])
            readings.append([read(label) for label in given])
    wrong = [_first_not_later(dates) for dates in readings]
    if not wrong or None in wrong:
        return
    i = wrong[0]
    before, here = readings[0][i - 1], readings[0][i]
    if here == before:
        raise ValueError(
            f"Points {i} and {i + 1} are both labelled {shown[i]}. Give each point its own date, add the time of "
            "day, or number the points."
        )
    raise ValueError(
        f"Point {i + 1} is labelled {shown[i]}, which is not later than point {i} ({shown[i - 1]}). Put the "
        "points in time order."
    )


def _first_not_later(dates: Sequence[datetime]) -> int | None:
    try:
        return next((i for i, (a, b) in enumerate(pairwise(dates), 1) if not b > a), None)
    except TypeError:
        raise ValueError(
            "Some labels are times with a time zone and some are without. Use one kind."
        ) from None


def _as_given(label: object) -> datetime:
    if isinstance(label, datetime):
        return label
    if isinstance(label, date):
        return datetime.combine(label, time())
    raise ValueError


def _as_iso(label: object) -> datetime:
    shown = str(label).strip()
    if not _ISO_DATE.fullmatch(shown):
        raise ValueError
    return datetime.fromisoformat(shown if len(shown) > 7 else shown + "-01")


def _as_format(pattern: str) -> Callable[[object], datetime]:
    return lambda label: datetime.strptime(str(label).strip(), pattern)
