"""Violations as the table of ``violations.csv``; a rota has `Rota.to_frame` and `Rota.from_frame`."""

from collections.abc import Iterable
from dataclasses import fields

import pandas as pd

from centre.instants import format_instant
from scheduler.rules.rule import Violation

VIOLATION_COLUMNS = (
    "rule",
    "source",
    "agent_id",
    "from",
    "to",
    "found",
    "limit",
    "unit",
    "verdict",
    "explanation",
)


def violations_frame(violations: Iterable[Violation]) -> pd.DataFrame:
    """The table of ``violations.csv``: instants as text in UTC, cells empty where there is nothing.

    Examples
    --------
    >>> one = Violation("daily-hours", "x", "a1", 0, 60, 61.0, 60.0, "minutes", "breach", "words")
    >>> table = violations_frame([one])
    >>> table.iloc[0, 2:7].tolist()
    ['a1', '1970-01-01T00:00:00Z', '1970-01-01T01:00:00Z', '61', '60']
    """
    names = [field.name for field in fields(Violation)]
    columns = dict(zip(VIOLATION_COLUMNS, names, strict=True))
    found = list(violations)
    table = {
        column: [_text(name, getattr(violation, name)) for violation in found]
        for column, name in columns.items()
    }
    return pd.DataFrame(table, columns=list(VIOLATION_COLUMNS), dtype=object)


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in ("start", "end") and isinstance(value, int):
        return format_instant(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
