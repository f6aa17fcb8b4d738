"""A rota from a file of any kind that the audit reads: ``rota.csv``, a sheet with people down and days across,
clock-in records, iCalendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scheduler.rota import Rota
    from scheduler.rules.facts import Facts
    from scheduler.rules.rule import Violation


@dataclass(frozen=True)
class AnyRota:
    """A rota, the first day and number of days that its file covers (None where it does not say), findings about
    the file itself, the clocks that it tells of people, and the days of people of which a record was left out.
    """

    rota: "Rota"
    covered: tuple[int, int] | None = None
    notes: "list[Violation]" = field(default_factory=list)
    zones: "dict[str, ZoneInfo]" = field(default_factory=dict)
    unclear: frozenset[tuple[str, int]] = frozenset()


def any_rota(
    path: Path,
    legend: Path | None,
    clock: "ZoneInfo",
    listed: Any = None,
    zones: "Mapping[str, ZoneInfo] | None" = None,
    span: tuple[int, int] | None = None,
) -> AnyRota:
    """The rota of a file or folder; with a legend it is a wide sheet, without one it may be.

    Clock-in records and iCalendar, a file or a folder of files, are read with ``zones`` by person or site and
    recurring events of ``span``, see `centre.any_rota.read_any_rota`.

    Raises
    ------
    BadInput
        with every fault of the file.
    """
    from api.rota_files import recorded
    from centre.any_rota import is_record_file
    from centre.folder import read_rota
    from centre.instants import day_start
    from centre.wide.rota import read_wide_rota, wide_sheets
    from scheduler.rota import Rota
    from scheduler.rules.rule import Violation

    file = rota_file(path)
    sheets = [] if legend else wide_sheets(file)  # looked for first: large workbooks are read once
    if not legend and not sheets:
        if not is_record_file(path):
            return AnyRota(Rota.from_frame(read_rota(file, clock)))
        rota, found, own, unclear = recorded(path, clock, listed, zones, span)
        return AnyRota(rota, None, found, own, unclear)
    sheet = read_wide_rota(file, legend, clock, listed, sheets)

    def told(agent_id: str, day: int | None, sentence: str) -> Violation:
        first, last = (sheet.first_day, sheet.first_day + sheet.days) if day is None else (day, day + 1)
        zone = sheet.zones.get(agent_id, clock)
        window = day_start(zone, first), day_start(zone, last)
        return Violation("file", "", agent_id, *window, None, None, "", "not_checked", sentence)

    notes = [told(note.agent_id, note.day, note.sentence) for note in sheet.notes]
    return AnyRota(Rota.from_frame(sheet.frame), (sheet.first_day, sheet.days), notes, sheet.zones)


def rota_file(path: Path) -> Path:
    """The rota file of a results folder; a file as it is."""
    return path / "rota.csv" if path.is_dir() else path


def with_zones(facts: "Facts", read: AnyRota) -> "Facts":
    """Facts with the clocks that the file tells of people."""
    from scheduler.rules.facts import Person

    if not read.zones:
        return facts
    known = facts.people
    if known is None:
        known = {agent_id: Person(agent_id) for agent_id in read.rota.agent_ids}
    people = {
        agent_id: replace(person, zone=read.zones.get(agent_id, person.zone))
        for agent_id, person in known.items()
    }
    return replace(facts, people=people)
