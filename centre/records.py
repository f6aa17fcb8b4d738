"""The rows of a CSV file or spreadsheet as texts with their line numbers, or a fault."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from centre.errors import Faults

Record = tuple[int, Sequence[str]]
"""Line of a row as an editor or spreadsheet shows it, and the row's cells."""


def records_of(path: Path, faults: Faults) -> Iterator[Record]:
    """The rows that are not blank, header included; what ends the reading early is noted in ``faults``."""
    return (
        _spreadsheet_records(path, faults) if path.suffix.lower() == ".xlsx" else _csv_records(path, faults)
    )


def _csv_records(path: Path, faults: Faults) -> Iterator[Record]:
    content = _decoded(path, faults)
    if content is None:
        return
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    row = 1
    try:
        for record in reader:
            if record:
                yield row, record
            row = reader.line_num + 1
    except csv.Error as error:
        faults.add(path.name, "comma-separated values, quotes closed", found=str(error), row=row)


def _decoded(path: Path, faults: Faults) -> str | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        faults.add(path.name, "a file that can be read", found=error.strerror or "")
        return None
    if content.startswith(b"PK\x03\x04"):
        faults.add(path.name, "a CSV file; a spreadsheet must be named .xlsx", found="a spreadsheet")
    elif b"\0" in content:
        faults.add(path.name, "a CSV file of text in UTF-8", found="binary data")
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = content.count(b"\n", 0, error.start) + 1
            words = "text in UTF-8 (in a spreadsheet program: save as CSV UTF-8)"
            faults.add(path.name, words, found=f"byte 0x{content[error.start]:02x}", row=row)
    return None


def _spreadsheet_records(path: Path, faults: Faults) -> Iterator[Record]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        cells_ = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        faults.add(path.name, "a spreadsheet in .xlsx format", found=str(error))
        return
    for row, record in enumerate(cells_, start=1):
        if any(cell != "" for cell in record):
            yield row, [cell_text(cell) for cell in record]


def cell_text(cell: object) -> str:
    """A spreadsheet's cell as a CSV file would hold it; times are rounded to the second that their fraction
    of a day means, lengths of time have hours beyond 24.
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return (cell + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
