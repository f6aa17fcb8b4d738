"""A centre folder on its way in and out: checked whole before anything is kept, its people's names apart from everything else.

Kept are the files that a centre folder reads; spreadsheets as CSV, files about people with the columns that are known, and without names.
"""

import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.store.csv_rows import CsvRows
from centre.backup_file import BACKUP, BACKUP_OPTIONAL
from centre.errors import Faults
from centre.exception_file import EXCEPTIONS, EXCEPTIONS_OPTIONAL
from centre.folder import TABLES, read_centre
from centre.interval_files import ROTA
from centre.passes import PASSES
from centre.people_files import AGENTS, AGENTS_OPTIONAL, LEAVE, LEDGER, REQUESTS
from centre.protections import PROTECTIONS
from centre.records import records_of

PERSONAL = {
    "agents": {*AGENTS, *AGENTS_OPTIONAL},
    "backup": {*BACKUP, *BACKUP_OPTIONAL},
    "leave": {*LEAVE},
    "requests": {*REQUESTS},
    "ledger": {*LEDGER},
    "passes": {*PASSES},
    "protections": {*PROTECTIONS},
    "exceptions": {*EXCEPTIONS, *EXCEPTIONS_OPTIONAL},
    "rota_before": {*ROTA},
    "rota_earlier": {*ROTA},
}
"""Columns kept of the files that tell of people, by stem."""
SETTINGS = "centre.toml"
NAMED = ("agents.csv", "backup.csv")
"""Files with a column of names."""
SHARED = ("requests.csv", "leave.csv")
"""Files in which people, or their team leads, may have rows of their own."""
LEAVE_FILE, REASONS_FILE = "leave.csv", "protections.csv"
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Told:
    """What the files tell of a person; ``name`` is empty where they tell none, and then the one that is known stays."""

    name: str
    team: str


@dataclass(frozen=True)
class Prepared:
    """A centre folder that has been read without a fault.

    Parameters
    ----------
    name : the centre's
    files : content by name, as they are kept
    people : by ``agent_id``
    warnings : what the user should see
    """

    name: str
    files: dict[str, bytes]
    people: dict[str, Told]
    warnings: tuple[str, ...]


def prepare(files: Files) -> Prepared:
    """Read a centre folder, given as content by file name, and divide it.

    Raises
    ------
    BadInput
        with every fault of every file.
    """
    wanted, left_out = _wanted(files)
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        folder = Path(place)
        for name, content in wanted.items():
            (folder / name).write_bytes(with_names(name, content, {}))
        centre = read_centre(folder)
        tables = {name: _as_csv(folder / name) for name in wanted if name.endswith(".xlsx")}
    plain = {
        name.removesuffix(".xlsx") + ".csv" if name in tables else name: tables.get(name, wanted[name])
        for name in wanted
    }
    warnings = (f"left out, a centre folder does not read them: {', '.join(left_out)}",) if left_out else ()
    kept = {name: _kept(name, content) for name, content in plain.items()}
    return Prepared(
        centre.settings.centre.name,
        dict(sorted(kept.items())),
        people_of(plain),
        (*warnings, *centre.warnings),
    )


def with_names(name: str, content: bytes, names: Mapping[str, str]) -> bytes:
    """A file as it is handed out: one that has names gets them back, empty for people of whom there is none."""
    if name not in NAMED:
        return content
    table = CsvRows.of(content)
    if "name" in table.header or "agent_id" not in table.header or (name != NAMED[0] and not names):
        return content
    return table.put(
        "name", [names.get(agent_id, "") for agent_id in table.column("agent_id")], "agent_id"
    ).bytes()


def without_reasons(files: Files) -> dict[str, bytes]:
    """The files without why somebody is on leave or protected."""
    told = {name: content for name, content in files.items() if name != REASONS_FILE}
    if LEAVE_FILE in told:
        told[LEAVE_FILE] = CsvRows.of(told[LEAVE_FILE]).blanked("kind").bytes()
    return told


def of_people(name: str, content: bytes, agents: set[str] | None) -> bytes:
    """A file with the rows of some people, where it tells of people; None for everybody."""
    if agents is None or Path(name).stem not in PERSONAL:
        return content
    return CsvRows.of(content).where("agent_id", agents.__contains__).bytes()


def people_of(files: Files) -> dict[str, Told]:
    """Everybody of the agents, and of the backup pools those who are not among them."""
    people: dict[str, Told] = {}
    for name in reversed(NAMED):
        table = CsvRows.of(files.get(name, b""))
        for agent_id, told, team in zip(
            table.column("agent_id"), table.column("name"), table.column("team"), strict=True
        ):
            before = people.get(agent_id)
            people[agent_id] = Told(told or (before.name if before else ""), team)
    return people


def name_of(files: Files) -> str:
    """The centre's name in settings that have been checked before."""
    return str(tomllib.loads(files[SETTINGS].decode("utf-8-sig"))["centre"]["name"])


def _wanted(files: Files) -> tuple[dict[str, bytes], list[str]]:
    """The files that a centre folder reads, and the names of the others; a name that is a path is a fault."""
    faults = Faults()
    for name in files:
        if Path(name).name != name or name.startswith(".") or "\\" in name or "\0" in name:
            faults.add("files", "the name of a file of a centre folder", found=name)
    faults.raise_if_any()
    names = {"centre.toml", *(stem + suffix for stem in TABLES for suffix in (".csv", ".xlsx"))}
    kept = {
        name for name in files if name in names or (name.startswith("calendar") and name.endswith(".json"))
    }
    return {name: files[name] for name in files if name in kept}, sorted({*files} - kept)


def _as_csv(path: Path) -> bytes:
    faults = Faults()
    rows = [list(row) for _, row in records_of(path, faults)]
    faults.raise_if_any()
    return CsvRows(rows[0], rows[1:]).bytes()


def _kept(name: str, content: bytes) -> bytes:
    known = PERSONAL.get(Path(name).stem)
    return content if known is None else CsvRows.of(content).only(known - {"name"}).bytes()
