"""The report's data read back from a results folder."""

import json
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from centre.errors import BadInput, Fault
from centre.folder import read_forecast, read_requirement, read_rota
from scenarios.report_data import Language, ReportData
from scenarios.report_filling import typed_violations
from scenarios.report_folder import HISTORY, SOURCE, TABLES
from scheduler.backup import by_pool
from scheduler.rota import Rota

SOME_PLANS = ("levers", "standby", "activities", "activity_quota", "onboarding", "onboarding_ramp", "online")
"""Tables of some plans only."""
TEXTS = frozenset(
    ["queue", "agent_id", "team", "kind", "shift", "cause", "rules", "reason", "from", "to", "who", "activity", "period", "room", "leader",
     "mentor", "stage"]
)  # fmt: skip
"""Columns of theirs that are text, whatever stands in them."""


def read_report_source(folder: Path, language: Language | None) -> ReportData:
    """The data of a finished plan's report, in another language where one is given.

    Raises
    ------
    BadInput
        where the folder is no results folder of this version, naming the file that is not as written.
    """
    told = _told(folder / SOURCE)
    if language is not None:
        told["language"] = language
    zone = told["timezone"]
    tables: dict[str, Any] = {}
    try:
        tables["history"] = _instants(pd.read_csv(folder / HISTORY, dtype={"queue": str}))
        tables["coverage"] = _instants(pd.read_csv(folder / "coverage.csv", dtype={"queue": str}))
        found = pd.read_csv(folder / "violations.csv", dtype=str, keep_default_na=False)
        tables["violations"] = typed_violations(found)
    except (OSError, ValueError, KeyError) as error:
        fault = Fault(
            str(folder), "the tables of a results folder as `paiban plan` writes them", str(error)[:60]
        )
        raise BadInput([fault]) from None
    forecast = folder / "forecast.csv"
    tables |= {name: _if_there(folder / f"{name}.csv") for name in SOME_PLANS}
    tables["requests"] = _if_there(folder / "requests_result.csv")
    tables["requirement"] = read_requirement(folder / "requirement.csv", zone)
    tables["forecast"] = read_forecast(forecast, zone) if forecast.exists() else tables["requirement"][:0]
    return ReportData(**told, **tables, rota=by_pool(Rota.from_frame(read_rota(folder / "rota.csv", zone))))


def _told(path: Path) -> dict[str, Any]:
    """The fields of `ReportData` that are no tables."""
    hints = get_type_hints(ReportData)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        names = [name for name in hints if name not in TABLES]
        return {name: TypeAdapter(hints[name]).validate_python(values[name]) for name in names}
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else "another version's, or changed"
        raise BadInput([Fault(str(path), "a results folder as `paiban plan` writes it", found)]) from None


def _instants(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(interval_start=pd.to_datetime(table["interval_start"], utc=True))


def _if_there(path: Path) -> pd.DataFrame:
    """A table of some plans only: instants and days read, blank texts as empty ones; no rows where the plan has none."""
    if not path.exists():
        return pd.DataFrame()
    names = pd.read_csv(path, nrows=0).columns
    texts = {name: str for name in names if name in TEXTS}
    table = pd.read_csv(path, dtype=texts).fillna(dict.fromkeys(texts, ""))
    instants = [name for name in ("interval_start", "start", "end") if name in table]
    table = table.assign(**{name: pd.to_datetime(table[name], utc=True) for name in instants})
    return table.assign(due=pd.to_datetime(table["due"]).dt.date) if "due" in table else table
