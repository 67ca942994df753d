"""The course's example data: read it without any other package, load it into pandas, or generate it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from improvement.datasets import (
    ambulance_response,
    did_not_attend,
    district_nurse_first_contact,
    ed_departures,
    ed_sepsis_antibiotics,
    evaluation_interviews,
    evaluation_quotations,
    hypertension_frailty_costs,
    hypertension_frailty_pathway,
    hypertension_frailty_referrals,
    incident_reports,
    portfolio_teams,
    practice_calls,
    pressure_ulcers,
    project_portfolio,
    prone_restraint_events,
    provider_survey,
    restrictive_interventions,
    self_assessment,
    speaking_up_survey,
    theatre_cost_rates,
    theatre_sessions,
)
from improvement.files import locate

if TYPE_CHECKING:
    from types import ModuleType

    import pandas

__all__ = ["Dataset", "generate_all", "load", "names", "read"]

_GENERATORS: dict[str, ModuleType] = {
    "ambulance_response": ambulance_response,
    "did_not_attend": did_not_attend,
    "district_nurse_first_contact": district_nurse_first_contact,
    "ed_departures": ed_departures,
    "ed_sepsis_antibiotics": ed_sepsis_antibiotics,
    "evaluation_interviews": evaluation_interviews,
    "evaluation_quotations": evaluation_quotations,
    "hypertension_frailty_costs": hypertension_frailty_costs,
    "hypertension_frailty_pathway": hypertension_frailty_pathway,
    "hypertension_frailty_referrals": hypertension_frailty_referrals,
    "incident_reports": incident_reports,
    "portfolio_teams": portfolio_teams,
    "practice_calls": practice_calls,
    "pressure_ulcers": pressure_ulcers,
    "project_portfolio": project_portfolio,
    "prone_restraint_events": prone_restraint_events,
    "provider_survey": provider_survey,
    "restrictive_interventions": restrictive_interventions,
    "self_assessment": self_assessment,
    "speaking_up_survey": speaking_up_survey,
    "theatre_cost_rates": theatre_cost_rates,
    "theatre_sessions": theatre_sessions,
}

_PARSERS: dict[type, Callable[[str], Any]] = {date: date.fromisoformat, float: float, int: int, str: str}


class Dataset(Mapping[str, list[Any]]):
    """A table as columns: ``dataset["week_starting"]`` is a list, in file order.

    Dates are ``datetime.date``, numbers ``int`` or ``float``, text ``str``; a missing value is ``None``.
    Every column has the same length, ``row_count``.
    """

    def __init__(self, name: str, columns: Mapping[str, list[Any]]) -> None:
        self.name = name
        self._columns = dict(columns)
        self.row_count = len(next(iter(self._columns.values())))

    def __getitem__(self, column: str) -> list[Any]:
        try:
            return self._columns[column]
        except KeyError:
            raise KeyError(f"{self.name} has no column {column!r}. It has: {', '.join(self)}.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"<Dataset {self.name}: {self.row_count} rows of {', '.join(self)}>"

    def where(self, **wanted: Any) -> Dataset:
        """Only the rows whose columns equal the values given, such as ``where(hospital="Northfield")``.

        Raises:
            KeyError: when a column does not exist.
            ValueError: when no row matches, with the values the column does hold.
        """
        keep = range(self.row_count)
        for column, value in wanted.items():
            cells = self[column]
            rows, keep = keep, [row for row in keep if cells[row] == value]
            if not keep:
                held = [str(cell) for cell in dict.fromkeys(cells[row] for row in rows)]
                choice = ", ".join(held[:12]) + (", ..." if len(held) > 12 else "")
                raise ValueError(
                    f"{self.name} has no such row with {column} {value!r}. Choose from: {choice}."
                )
        return Dataset(self.name, {name: [cells[row] for row in keep] for name, cells in self.items()})


def names() -> tuple[str, ...]:
    """The names of every dataset, in alphabetical order."""
    return tuple(sorted(_GENERATORS))


def read(name: str) -> Dataset:
    """Read a dataset from its CSV file with the standard library alone.

    Raises:
        ValueError: when there is no dataset of that name.
        FileNotFoundError: when the file is not where it should be, with what to run.
    """
    columns = _generator(name).COLUMNS
    with locate("datasets", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    return Dataset(
        name,
        {
            column: [_PARSERS[kind](record[column]) if record[column] else None for record in records]
            for column, kind in columns.items()
        },
    )


def load(name: str) -> pandas.DataFrame:
    """Read a dataset as a pandas DataFrame: dates become ``datetime64``, gaps become missing values.

    Raises:
        ValueError: when there is no dataset of that name.
        FileNotFoundError: when the file is not where it should be, with what to run.
    """
    import pandas as pd

    frame = pd.DataFrame(dict(read(name)))
    for column, kind in _generator(name).COLUMNS.items():
        if kind is date:
            frame[column] = pd.to_datetime(frame[column])
        elif kind is int and frame[column].isna().any():
            frame[column] = frame[column].astype("Int64")
    return frame


def generate_all(directory: Path) -> tuple[Path, ...]:
    """Write every dataset's CSV file into a directory and return the paths; the bytes never vary."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in names():
        path = directory / f"{name}.csv"
        path.write_bytes(_csv_text(name).encode("utf-8"))
        paths.append(path)
    return tuple(paths)


def _csv_text(name: str) -> str:
    generator = _generator(name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(generator.COLUMNS)
    writer.writerows(generator.rows())
    return text.getvalue()


def _generator(name: str) -> ModuleType:
    try:
        return _GENERATORS[name]
    except KeyError:
        raise ValueError(f"There is no dataset called {name!r}. Choose from: {', '.join(names())}.") from None
