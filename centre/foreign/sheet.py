"""The rows of a file of any encoding and separator, as texts with their line numbers; what was found out is told."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from centre.errors import Faults
from centre.records import Record, records_of

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SPREADSHEET_MARK = b"PK\x03\x04"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FIRST_LINES = 200
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class Sheet:
    """A file as rows of texts.

    Parameters
    ----------
    file : its name, as faults tell it
    rows : line number, as an editor or spreadsheet shows it, and the stripped cells of every row that is not blank
    encoding, separator : as they were found; empty for a spreadsheet
    """

    file: str
    rows: list[Record]
    encoding: str = ""
    separator: str = ""


def read_sheet(path: Path, faults: Faults) -> Sheet | None:
    """The rows of a text file or spreadsheet, or None with the fault noted.

    Text is UTF-8, UTF-16 or GB18030, else Windows' Latin; values are parted by commas, semicolons, tabs or bars.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        faults.add(path.name, "a file that can be read", found=error.strerror or "")
        return None
    if content.startswith(SPREADSHEET_MARK):
        return _spreadsheet(path, faults)
    encoding = encoding_of(content)
    if encoding is None:
        faults.add(path.name, "a text file or an .xlsx spreadsheet", found="binary data")
        return None
    text = content.decode(encoding)
    separator = separator_of(text)
    return _rows(path.name, text, encoding, separator, faults)


def encoding_of(content: bytes) -> str | None:
    """The name of a text's encoding, None where it is no text.

    Examples
    --------
    >>> encoding_of("时间,来电量".encode("gb18030")), encoding_of("time,offered".encode("utf-16"))
    ('gb18030', 'utf-16')
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name if _decodes(content, name) else None
    if b"\0" in content:
        wide = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
        return wide if _decodes(content, wide) and "\0" not in content.decode(wide) else None
    if _decodes(content, "utf-8"):
        return "utf-8"
    if _decodes(content, "gb18030") and _is_chinese(content):
        return "gb18030"
    return "cp1252" if _decodes(content, "cp1252") else None


def separator_of(text: str) -> str:
    """The character that parts values: that by which most lines have the same number of them, above one.

    Examples
    --------
    >>> separator_of("a;b;c\\n1,5;2;3\\n")
    ';'
    """
    lines = [line for line in text.splitlines()[:_FIRST_LINES] if line.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
        width, times = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        return times, width

    return max(SEPARATORS, key=agreement)


def _rows(file: str, text: str, encoding: str, separator: str, faults: Faults) -> Sheet | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Record] = []
    row = 1
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(cells):
                rows.append((row, cells))
            row = reader.line_num + 1
    except csv.Error as error:
        faults.add(file, "values with quotes closed", found=str(error), row=row)
        return None
    return Sheet(file, rows, encoding, SEPARATORS[separator])


def _spreadsheet(path: Path, faults: Faults) -> Sheet | None:
    if path.suffix.lower() != ".xlsx":
        faults.add(path.name, "a spreadsheet named .xlsx", found="a spreadsheet")
        return None
    before = len(faults.found)
    rows: list[Record] = [
        (row, [cell.strip() for cell in record]) for row, record in records_of(path, faults)
    ]
    return Sheet(path.name, rows) if len(faults.found) == before else None


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(content: bytes) -> bool:
    """Whether the bytes beyond ASCII come in pairs, as Chinese has them; letters with accents mostly stand alone."""
    runs = [len(run) for run in _BEYOND_ASCII.findall(content)]
    return sum(length % 2 == 0 for length in runs) > 0.8 * len(runs)
