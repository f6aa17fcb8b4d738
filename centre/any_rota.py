"""A rota or time record of any kind but a wide sheet: the reader is picked by what the file is.

rota.csv | clock records | iCalendar file or folder -> rows of rota.csv, and notes of what was left out
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from centre.clock.columns import is_clock_header
from centre.clock.notes import Recorded
from centre.clock.records import read_clock_records
from centre.errors import Faults
from centre.ical.rota import read_ical_rota
from centre.interval_files import ROTA, rota_rows
from centre.records import records_of
from centre.tables import read_table
from centre.wide.notes import Note


def is_record_file(path: Path) -> bool:
    """Whether `read_any_rota` knows what to do with a file or folder; a wide sheet is none."""
    if _is_calendar(path):
        return True
    header = _header(_file(path))
    return is_clock_header(header) or {*ROTA} <= {name.strip() for name in header}


def read_any_rota(
    path: Path,
    zone: ZoneInfo,
    listed: Collection[str] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
    span: tuple[int, int] | None = None,
) -> Recorded:
    """The table of ``rota.csv`` of any rota or record, and notes of what was left out or assumed.

    A folder is a results folder with ``rota.csv`` or one of ``.ics`` files. A file named ``.ics`` is
    iCalendar; a table whose header has a clock-in and a clock-out, or a time and an event, is clock records;
    any other is read as ``rota.csv``, rows with a fault left out.

    Parameters
    ----------
    zone : the clock of times without one
    listed : the people known; None where there is no list
    zones : zones by ``agent_id`` or by site, for records and calendars
    span : first day number and the one after the last, to which recurring events are unrolled

    Raises
    ------
    BadInput
        where the file cannot be read, lacks columns, or has no row without a fault.
    """
    if _is_calendar(path):
        return read_ical_rota(path, zone, listed, zones, span)
    file = _file(path)
    if is_clock_header(_header(file)):
        return read_clock_records(file, zone, listed, zones)
    return _rota_with_faults(file, zone)


def _rota_with_faults(path: Path, zone: ZoneInfo) -> Recorded:
    """A ``rota.csv`` without its faulty rows, each of them a note."""
    faults = Faults()
    table = read_table(path, ROTA, (), faults)
    frame = None if table is None else rota_rows(table, zone)
    if table is None or frame is None or (len(table) and table.bad.all()) or (faults and not len(table)):
        faults.raise_if_any()
    assert table is not None
    assert frame is not None
    notes = [Note(warning) for warning in faults.warnings]
    notes += [Note(f"{fault}; left out.") for fault in faults]
    return Recorded(frame[~table.bad].reset_index(drop=True), notes)


def _is_calendar(path: Path) -> bool:
    if path.is_dir():
        return not (path / "rota.csv").is_file() and any(path.glob("*.ics"))
    return path.suffix.lower() == ".ics"


def _file(path: Path) -> Path:
    return path / "rota.csv" if path.is_dir() else path


def _header(path: Path) -> list[str]:
    """The first row with anything in it; empty where the file cannot be read, which its reader will say."""
    top = next((record for _, record in records_of(path, Faults()) if any(record)), ())
    return list(top)
