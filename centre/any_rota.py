"""A rota or time record of any kind: the reader is picked by what the file is.

rota.csv | clock records | iCalendar file or folder -> rows of rota.csv, and notes of what was left out
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from centre.clock_columns import is_clock_header
from centre.clock_notes import Note
from centre.clock_records import read_clock_records
from centre.errors import Faults
from centre.folder import read_rota
from centre.ical_rota import read_ical_rota
from centre.records import records_of


def read_any_rota(
    path: Path,
    zone: ZoneInfo,
    listed: Collection[str] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
    span: tuple[int, int] | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """The table of ``rota.csv`` of any rota or record, and notes of what was left out or assumed.

    A folder is a results folder with ``rota.csv`` or one of ``.ics`` files. A file named ``.ics`` is
    iCalendar; a table whose header has a clock-in and a clock-out, or a time and an event, is clock records;
    any other is read as ``rota.csv``.

    Parameters
    ----------
    zone : the clock of times without one
    listed : the people known; None where there is no list
    zones : zones by ``agent_id`` or by site
    span : first day number and the one after the last, to which recurring events are unrolled

    Raises
    ------
    BadInput
        where the file cannot be read at all, and for every fault of a ``rota.csv``.
    """
    if path.is_dir() and not (path / "rota.csv").is_file() and any(path.glob("*.ics")):
        return read_ical_rota(path, zone, listed, zones, span)
    file = path / "rota.csv" if path.is_dir() else path
    if file.suffix.lower() == ".ics":
        return read_ical_rota(file, zone, listed, zones, span)
    if is_clock_header(_header(file)):
        return read_clock_records(file, zone, listed, zones)
    return read_rota(file, zone), []


def _header(path: Path) -> list[str]:
    """The first row with anything in it; empty where the file cannot be read, which its reader will say."""
    top = next((record for _, record in records_of(path, Faults()) if any(record)), ())
    return list(top)
