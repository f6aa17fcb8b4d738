"""Files that somebody sends: zips and spreadsheets unpacked within limits, names that are paths refused, rows counted."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from api.downloads import SPREADSHEET
from api.errors import Problem
from api.settings import ServiceSettings
from centre.errors import BadInput, Fault
from scenarios.workbook import FORMULA_SIGNS

MOST_ENTRIES, MOST_COLUMNS = 200, 1_000
CHUNK = 1 << 20
ZIP = "application/zip"
CSV = "text/csv"
TOML = "application/toml"
_ESCAPED = re.compile(rf"(?m)(^|,|\")'(?=[{re.escape(''.join(FORMULA_SIGNS))}])")


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken.

    Parameters
    ----------
    unpacked : bytes of everything in a zip or spreadsheet
    rows : of a table
    """

    unpacked: int
    rows: int

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Limits":
        """Those of the settings."""
        return cls(settings.unpacked_megabytes << 20, settings.rows)


def unzipped(content: bytes, limits: Limits) -> dict[str, bytes]:
    """A centre folder in a zip, as content by file name; one folder around all of it is left out, any other is a fault.

    Raises
    ------
    BadInput
        for what is no zip, and names that are paths.
    Problem
        413 where it unpacks to more than the limits.
    """
    with _opened(content) as archive:
        entries = [each for each in archive.infolist() if not each.is_dir()]
        if len(entries) > MOST_ENTRIES:
            raise Problem("too-large", f"the zip has more than {MOST_ENTRIES} files")
        around = _around([each.filename for each in entries])
        names = [each.filename.removeprefix(around) for each in entries]
        faults = [
            Fault("zip", "files of one folder, each once", name[:60])
            for name in names
            if "/" in name or "\\" in name or not name or name.startswith(".") or names.count(name) > 1
        ]
        if faults:
            raise BadInput(faults)
        files, left = {}, limits.unpacked
        for name, entry in zip(names, entries, strict=True):
            files[name] = _unpacked(archive, entry, left)
            left -= len(files[name])
    for name, each in files.items():
        files[name] = checked(name, each, limits)
    return files


def checked(name: str, content: bytes, limits: Limits) -> bytes:
    """A table within the limits, without the apostrophes that `api.downloads` puts before what a spreadsheet would take for a formula."""
    if name.endswith(".xlsx"):
        _check_spreadsheet(name, content, limits)
        return content
    if not name.endswith(".csv"):
        return content
    if content.count(b"\n") > limits.rows + 1:
        raise Problem("too-large", f"{name} has more than {limits.rows:,} rows")
    if b"'" not in content:
        return content
    try:
        return _ESCAPED.sub(r"\1", content.decode("utf-8")).encode()
    except UnicodeDecodeError:
        return content  # told with its row where the file is read


def table_name(stem: str, media_type: str) -> str:
    """The file name of a table that is sent as CSV or spreadsheet; raises `Problem` 415 for another form."""
    media = media_type.partition(";")[0].strip().lower()
    if media == SPREADSHEET:
        return f"{stem}.xlsx"
    if media == CSV:
        return f"{stem}.csv"
    raise Problem("media-type", f"send {CSV} or {SPREADSHEET}")


def need(media_type: str, *wanted: str) -> None:
    """Raise `Problem` 415 where a body is in none of the forms that are wanted."""
    if media_type.partition(";")[0].strip().lower() not in wanted:
        raise Problem("media-type", f"send {' or '.join(wanted)}")


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadInput([Fault("body", "a zip of a centre folder")]) from None


def _around(names: list[str]) -> str:
    """The one folder that all names begin with, such as ``my-centre/``; empty where there is none."""
    first = names[0].partition("/")[0] if names else ""
    folder = f"{first}/"
    plain = first not in ("", ".", "..") and "\\" not in first
    return folder if plain and all(name.startswith(folder) for name in names) else ""


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One file; what its header says of its size is not believed."""
    parts, size = [], 0
    try:
        with archive.open(entry) as file:
            while part := file.read(CHUNK):
                size += len(part)
                if size > left:
                    raise Problem("too-large", "it unpacks to more than the limit")
                parts.append(part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error, OSError, ValueError):
        raise BadInput(
            [Fault("zip", "files that are whole and not encrypted", entry.filename[:60])]
        ) from None
    return b"".join(parts)


def _check_spreadsheet(name: str, content: bytes, limits: Limits) -> None:
    left = limits.unpacked
    with _opened(content) as archive:
        if len(archive.infolist()) > MOST_ENTRIES:
            raise Problem("too-large", f"{name} has more than {MOST_ENTRIES} parts")
        for entry in archive.infolist():
            left -= len(_unpacked(archive, entry, left))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        raise BadInput([Fault(name, "a spreadsheet in .xlsx format")]) from None
    if sheet.total_height > limits.rows + 1 or sheet.total_width > MOST_COLUMNS:
        raise Problem("too-large", f"{name} has more than {limits.rows:,} rows or {MOST_COLUMNS} columns")
