"""A wide rota, people down and days across, as the table of ``rota.csv``.

sheets of codes + legend -> rows of rota.csv, and a note of every cell, row, column and sheet that was left out
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from centre.errors import BadInput, Fault, Faults
from centre.shift_legend import Legend, read_legend
from centre.wide.cells import Meaning, meaning_of
from centre.wide.coverage import note_uncovered
from centre.wide.doubts import judged_cells, note_shifts
from centre.wide.grid import Grid, grid_of
from centre.wide.layout import NOTHING, Layout, is_wide, layouts_of
from centre.wide.legend import LEGEND_SHEETS, OwnLegend, own_legend
from centre.wide.notes import Note, Notes, column_name
from centre.wide.sheets import SPREADSHEETS, Sheet, sheets_of
from centre.wide.shifts import lay, rows_of

__all__ = ["Note", "WideRota", "column_name", "is_wide_file", "read_wide_rota", "wide_sheets"]


@dataclass
class WideRota:
    """The table of ``rota.csv``, the days that the sheets cover, and what is to be known about the file.

    ``zones`` are the clocks of people whose row tells one.
    """

    frame: pd.DataFrame
    first_day: int
    days: int
    notes: list[Note] = field(default_factory=list)
    zones: dict[str, ZoneInfo] = field(default_factory=dict)


def is_wide_file(path: Path) -> bool:
    """Whether a file has a sheet with people down and days across; False too where it cannot be read."""
    return bool(wide_sheets(path))


def wide_sheets(path: Path) -> list[Sheet]:
    """The sheets of a file if one has people down and days across, else none; none too if it cannot be read."""
    if path.suffix.lower() not in SPREADSHEETS and not any(
        map(is_wide, sheets_of(path, Faults(), most_rows=20))
    ):
        return []
    sheets = sheets_of(path, Faults())
    return sheets if any(is_wide(sheet) for sheet in sheets) else []


def read_wide_rota(
    path: Path, legend_path: Path | None, zone: ZoneInfo, listed: Collection[str] | None = None,
    sheets: list[Sheet] | None = None,
) -> WideRota:  # fmt: skip
    """The rota of all wide sheets of a file.

    Parameters
    ----------
    legend_path : what the codes mean; None where the workbook says so itself
    zone : the clock of people whose row tells none
    listed : the people known, None where there is no list
    sheets : what `wide_sheets` read of the file, if it did

    Raises
    ------
    BadInput
        where a legend is faulty or there is none, or no sheet has a column of people and dates.
    """
    faults, notes = Faults(), Notes()
    given = read_legend(legend_path, faults) if legend_path else None
    sheets = sheets or sheets_of(path, faults)
    faults.raise_if_any()
    tables, reasons = _tables(sheets, notes)
    own, legend_sheets = own_legend(sheets, tables, faults if given is None else Faults())
    if not tables:
        nothing = [Fault(path.name, "a sheet that is shown and has people down and days across")]
        raise BadInput(
            [reason for reason in reasons if reason.file not in legend_sheets] or reasons or nothing
        )
    faults.raise_if_any()
    legend = own.codes if given is None else given
    _note_sheets(sheets, tables, reasons, legend_sheets, notes)
    grid = grid_of(tables, own.rows, legend, listed, notes)
    _note_legend(path.name, own, given, grid, notes)
    meanings = [legend_meaning(text, legend) for text in grid.texts]
    if given is None:
        _check_legend(path.name, grid, meanings)
    note_uncovered(grid, path.name, notes)
    laid = lay(grid, meanings, judged_cells(grid, meanings, notes, path.name), zone)
    note_shifts(grid, laid, notes, path.name)
    days = [column.day for table in tables for column in table.days if column.day is not None]
    return WideRota(rows_of(grid, laid), min(days), max(days) + 1 - min(days), notes.sorted(), grid.zones)


def legend_meaning(text: str, legend: Legend) -> Meaning | None:
    """What a text means; a dash means nothing unless the legend says otherwise."""
    return None if text in NOTHING and text not in legend else meaning_of(text, legend)


def _tables(sheets: list[Sheet], notes: Notes) -> tuple[list[Layout], list[Fault]]:
    """The tables of all sheets that are shown, and why sheets or parts of them have none."""
    tables: list[Layout] = []
    reasons: list[Fault] = []
    for sheet in sheets:
        if sheet.rows or len(sheets) == 1:
            found, wrong = layouts_of(sheet)
            if sheet.hidden and found:
                notes.add((-1,), f"{sheet.name}: the sheet is hidden; it was left out.")
                continue
            tables += found
            reasons += wrong
    return tables, reasons


def _note_sheets(
    sheets: list[Sheet], tables: list[Layout], reasons: list[Fault], legend_sheets: set[str], notes: Notes
) -> None:
    wide = {table.sheet.name for table in tables}
    for reason in reasons:
        if reason.file not in legend_sheets:
            what = "a table" if reason.file in wide else "the sheet"
            found = f": found {reason.found}" if reason.found else ""
            words = f"{reason.file}, row {reason.row}: {what} was left out, without {reason.expected}{found}."
            notes.add((-1,), words)


def _note_legend(
    file: str, own: OwnLegend, given: Legend | None, grid: Grid, notes: Notes
) -> None:  # fmt: skip
    if given is None:
        used = {name for text in grid.texts for name in (text, f"{text}班", text.removesuffix("班"))}
        for code, words in own.doubts:
            if code in used:
                notes.add((-1,), words)
    elif own.codes and any(given.get(code) != meaning for code, meaning in own.codes.items()):
        notes.add((-1,), f"{file}: explains codes itself; --legend was taken in place of that.")


def _check_legend(file: str, grid: Grid, meanings: list[Meaning | None]) -> None:
    """Refuse sheets of codes none of which is explained."""
    if any(
        meaning and not meaning.assumed and not all(p.by_times for p in meaning.pieces)
        for meaning in meanings
    ):
        return
    unknown = [
        text
        for text, meaning in zip(grid.texts, meanings, strict=True)
        if meaning is None and text not in NOTHING
    ]
    if unknown:
        words = (
            "a legend of the shift codes: a sheet named "
            + ", ".join(LEGEND_SHEETS[:3])
            + " or legend with columns "
            "code, start, end (代码, 开始, 结束), words such as 早 08:00-16:00 beside the table, or --legend FILE"
        )
        raise BadInput([Fault(file, words, "codes " + ", ".join(text[:10] for text in unknown[:8]))])
