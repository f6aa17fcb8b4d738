"""What a results folder keeps so that its report can be rendered again: all that is in none of its tables."""

from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from centre.writing import write_csv, write_text
from scenarios.report_data import ReportData
from scenarios.text import json_text

SOURCE, HISTORY = "report.json", "report_history.csv"
TABLES = (
    "history", "forecast", "requirement", "coverage", "rota", "violations", "levers", "standby", "requests", "online",
    "activities", "activity_quota", "onboarding", "onboarding_ramp",
)  # fmt: skip


def write_report_source(data: ReportData, folder: Path) -> None:
    """Write ``report.json`` and the weeks of history that the report draws; like the report, they name
    people.
    """
    told = {
        field.name: _plain(getattr(data, field.name)) for field in fields(data) if field.name not in TABLES
    }
    write_text(folder / SOURCE, json_text(told))
    write_csv(folder / HISTORY, data.history)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
