"""Files that the API hands out: CSV, spreadsheets and zips in which nothing is ever a formula."""

import io
import re
import zipfile
from collections.abc import Mapping

import xlsxwriter

from api.store.csv_rows import CsvRows
from scenarios.workbook import FORMULA_SIGNS

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")
WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")


def safe_csv(content: bytes) -> bytes:
    """A CSV file as it is, with an apostrophe before each cell that a spreadsheet would take for a formula; `api.uploads` takes it off.

    Examples
    --------
    >>> safe_csv(b"agent_id,name\\na1,=1+1\\na2,-5\\n")
    b"agent_id,name\\na1,'=1+1\\na2,-5\\n"
    """
    if not any(sign.encode() in content for sign in FORMULA_SIGNS):
        return content
    table = CsvRows.of(content)
    if not any(_is_formula(cell) for row in table.rows for cell in row):
        return content
    rows = [[f"'{cell}" if _is_formula(cell) else cell for cell in row] for row in table.rows]
    return CsvRows(table.header, rows).bytes()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A folder as a zip; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            content = safe_csv(files[name]) if name.endswith(".csv") else files[name]
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def workbook(files: Mapping[str, bytes]) -> bytes:
    """Tables as one workbook, a sheet each; other text files line by line. Text is text, numbers are numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False}) as book:
        for name in sorted(files):
            sheet = book.add_worksheet(name.removesuffix(".csv")[:31])
            for row, cells in enumerate(_lines(name, files[name])):
                for column, cell in enumerate(cells):
                    if row and WHOLE.fullmatch(cell):
                        sheet.write_number(row, column, float(cell))
                    elif cell:
                        sheet.write_string(row, column, cell)
    return out.getvalue()


def _lines(name: str, content: bytes) -> list[list[str]]:
    if not name.endswith(".csv"):
        return [[line] for line in content.decode("utf-8-sig").splitlines()]
    table = CsvRows.of(content)
    return [table.header, *table.rows]


def _is_formula(cell: str) -> bool:
    return cell.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(cell)
