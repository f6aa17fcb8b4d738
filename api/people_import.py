"""A list of people of another tool: how it would be read by a centre, and its rows put into the centre's people."""

import csv
import io
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.judging import centre_of
from api.store.centre_files import Files
from centre.errors import BadInput, Fault, Faults
from centre.foreign.people import (
    Known,
    People,
    PeopleMapping,
    changed_people,
    imported_people,
    proposed_people,
)
from centre.foreign.sheet import Sheet, read_sheet
from centre.people_files import AGENTS
from scheduler.backup import own_contracts

FILE, PREVIEWED = "agents.csv", 10


@dataclass(frozen=True)
class PeopleImport:
    """A list as it was read, and every fault of it."""

    sheet: Sheet
    mapping: PeopleMapping
    result: People
    faults: tuple[Fault, ...]


def read_people(name: str, content: bytes, files: Files, change: dict[str, Any]) -> PeopleImport:
    """Read a list of people by a centre's queues, contracts and people; raises `BadInput` where it is no table.

    Parameters
    ----------
    files : the centre's, ``agents.csv`` with the names that may be seen
    change : ``roles`` by number of the column, ``queues`` and ``contracts`` by the file's name, as somebody chose
    """
    faults = Faults()
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        (Path(place) / name).write_bytes(content)
        sheet = read_sheet(Path(place) / name, faults)
    faults.raise_if_any()
    assert sheet is not None
    settings = centre_of(files).settings
    known = Known(
        [each.name for each in settings.queue],
        own_contracts(settings),
        {row["agent_id"]: row for row in rows_of(files)},
    )
    mapping = changed_people(proposed_people(sheet), change, faults)
    result = imported_people(sheet, mapping, known, faults)
    return PeopleImport(sheet, mapping, result, tuple(faults.found))


def with_people(files: Files, read: PeopleImport) -> bytes:
    """``agents.csv`` with what an import tells; raises `BadInput` with its faults."""
    if read.faults:
        raise BadInput(read.faults)
    rows = {row["agent_id"]: row for row in rows_of(files)}
    for row in read.result.rows:
        rows[row["agent_id"]] = {**rows.get(row["agent_id"], {}), **row}
    header = list(dict.fromkeys([*AGENTS, *(name for row in rows.values() for name in row)]))
    told = io.StringIO()
    writer = csv.DictWriter(told, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return told.getvalue().encode()


def rows_of(files: Files) -> list[dict[str, str]]:
    """The rows of a centre's ``agents.csv``."""
    content = files.get(FILE, b"").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def told(read: PeopleImport) -> dict[str, Any]:
    """What an import comes to, for machines and for the page."""
    result = read.result
    return {
        "file": read.sheet.file, "columns": [{**asdict(each), "examples": list(each.examples)} for each in read.mapping.columns],
        "queues": result.queues, "contracts": result.contracts, "rows": result.count, "people": len(result.rows),
        "told": list(result.told), "faults": [asdict(each) for each in read.faults],
        "preview": [{**row, "new": row["agent_id"] not in result.before} for row in result.rows[:PREVIEWED]],
    }  # fmt: skip
