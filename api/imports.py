"""A foreign file on its way into a centre's history: read by a mapping that is proposed and may be changed, previewed, merged."""

import tempfile
from collections.abc import Mapping as Words
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.store.centre_files import SETTINGS, Files
from api.store.centre_history import FILE, merged
from centre.errors import BadInput, Fault, Faults
from centre.foreign.history import Imported, imported, span
from centre.foreign.mapping import Mapping, changed, proposed
from centre.foreign.sheet import Sheet, read_sheet
from centre.toml_file import read_draft
from centre.writing import write_csv

PREVIEWED_ROWS = 12
UNSURE = 0.8
"""Confidence below which somebody should look at a column."""


@dataclass(frozen=True, eq=False)
class Import:
    """A file read as far as it goes; ``faults`` keep it from being applied."""

    sheet: Sheet
    mapping: Mapping
    result: Imported
    faults: tuple[Fault, ...]
    timezone: str


def read_import(
    path: Path, settings: bytes | None, change: Words[str, Any], format_: str | None = None
) -> Import:
    """Read a file by what is proposed for it and what somebody changed.

    Parameters
    ----------
    settings : the centre's ``centre.toml``; without it queues keep their names, and times without an offset need a time zone
    change : see `centre.foreign.mapping.changed`

    Raises
    ------
    BadInput
        where it cannot be read as rows at all, or the settings are wrong.
    """
    faults = Faults()
    sheet = read_sheet(path, faults)
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        draft = None
        if settings is not None:
            (Path(place) / SETTINGS).write_bytes(settings)
            draft = read_draft(Path(place) / SETTINGS, faults)
    faults.raise_if_any()
    assert sheet is not None
    if not sheet.rows:
        raise BadInput([Fault(sheet.file, "rows of a history", "an empty file")])
    mapping = changed(sheet, proposed(sheet, format_), change, faults)
    queues = None if draft is None or draft.queues is None else list(draft.queues)
    minutes = draft.info.interval_minutes if draft is not None and draft.info is not None else None
    zone = draft.zone if draft is not None else read_draft(Path(), Faults()).zone
    result = imported(sheet, mapping, zone, faults, queues, minutes)
    if not result.rows and not faults:
        faults.add(sheet.file, "rows of a history below the header", found="none")
    return Import(sheet, mapping, result, tuple(faults.found), mapping.timezone or zone.key)


def history_csv(frame: Any) -> bytes:
    """A frame of `Imported` as a history file."""
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        write_csv(Path(place) / FILE, frame)
        return (Path(place) / FILE).read_bytes()


def with_history(files: Files, read: Import, now: datetime) -> Files:
    """A centre's files with the rows of an import; rows of an interval and queue that are there take their place.

    Raises
    ------
    BadInput
        with every fault of the import.
    """
    if read.faults:
        raise BadInput(read.faults)
    return {**files, FILE: merged(files, history_csv(read.result.frame), now)}


def told(read: Import) -> dict[str, Any]:
    """What an import comes to, for machines and for the page."""
    mapping, result = read.mapping, read.result
    found = span(result.frame)
    return {
        "file": read.sheet.file,
        "format": mapping.format,
        "encoding": read.sheet.encoding,
        "separator": read.sheet.separator,
        "header_row": mapping.header_row,
        "date_order": mapping.date_order,
        "timezone": read.timezone,
        "columns": [{**asdict(column), "examples": list(column.examples)} for column in mapping.columns],
        "queues": result.queues,
        "rows": result.rows,
        "intervals": len(result.frame),
        "interval_minutes": result.interval_minutes,
        "first": found[0] if found else None,
        "last": found[1] if found else None,
        "told": list(result.told),
        "faults": [asdict(fault) for fault in read.faults],
        "preview": _preview(result),
    }


def _preview(result: Imported) -> list[dict[str, Any]]:
    head = result.frame.head(PREVIEWED_ROWS)
    plain = head.astype(object).where(head.notna(), None)
    return [
        {str(name): value for name, value in row.items()}
        | {"interval_start": f"{row['interval_start']:%Y-%m-%dT%H:%M:%SZ}"}
        for row in plain.to_dict("records")
    ]
