"""The sheets of a workbook, or the one of a CSV file, as rows of texts with the ranges that are merged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from centre.errors import Faults
from centre.records import cell_text, records_of

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
Merge = tuple[tuple[int, int], tuple[int, int]]
"""Upper left and lower right cell of a merged range, as (place in ``rows``, column)."""


@dataclass
class Sheet:
    """One sheet: the name that faults are told under, its own title, rows that are not blank and their lines."""

    name: str
    title: str
    rows: list[list[str]]
    numbers: list[int]
    merged: list[Merge] = field(default_factory=list)
    hidden: bool = False


def sheets_of(path: Path, faults: Faults, most_rows: int | None = None) -> list[Sheet]:
    """The sheets of a file, blank ones too; what cannot be read is noted. ``most_rows`` reads but the first ones."""
    if path.suffix.lower() in SPREADSHEETS:
        return list(_workbook(path, faults, most_rows))
    records = [
        (row, [cell.strip() for cell in cells_])
        for row, cells_ in islice(records_of(path, faults), most_rows)
    ]
    return [Sheet(path.name, "", [cells_ for _, cells_ in records], [row for row, _ in records])]


def _workbook(path: Path, faults: Faults, most_rows: int | None) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        told = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        for one in told:
            sheet = book.get_sheet_by_name(one.name)
            name = f"{path.name}, sheet {one.name}" if len(told) > 1 else path.name
            grid = sheet.to_python(skip_empty_area=False, nrows=most_rows)
            read = _sheet(name, one.name, grid, sheet.merged_cell_ranges or [])
            read.hidden = one.visible != SheetVisibleEnum.Visible
            yield read
    except (CalamineError, OSError) as error:
        faults.add(path.name, "a spreadsheet in .xlsx format", found=str(error))


def _sheet(name: str, title: str, grid: Sequence[Sequence[object]], merged: list[Merge]) -> Sheet:
    rows: list[list[str]] = []
    numbers: list[int] = []
    place: dict[int, int] = {}
    for k, record in enumerate(grid):
        if any(cell != "" for cell in record):
            place[k] = len(rows)
            rows.append([cell.strip() if type(cell) is str else cell_text(cell) for cell in record])
            numbers.append(k + 1)
    ranges = [
        ((place[top], left), (max(place[k] for k in range(top, bottom + 1) if k in place), right))
        for (top, left), (bottom, right) in merged if top in place
    ]  # fmt: skip
    return Sheet(name, title, rows, numbers, ranges)
