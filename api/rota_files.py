"""A rota, clock records or calendars for a command: the rows, and what the file has wrong as findings."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from centre.any_rota import read_any_rota
from centre.instants import day_start
from centre.wide.notes import Note
from scheduler.rota import Rota
from scheduler.rules.rule import Violation


def recorded(
    path: Path,
    zone: ZoneInfo,
    listed: Collection[str] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
    span: tuple[int, int] | None = None,
) -> tuple[Rota, list[Violation], dict[str, ZoneInfo], frozenset[tuple[str, int]]]:
    """The rota of a file or folder, a finding of rule ``file`` for everything left out or assumed, the clocks
    that the file tells of people, and the days of people of which a record was left out; see
    `centre.any_rota.read_any_rota`.
    """
    read = read_any_rota(path, zone, listed, zones, span)
    rota = Rota.from_frame(read.frame)
    return rota, list(_findings(read.notes, rota, zone)), read.zones, read.unclear


def _findings(notes: list[Note], rota: Rota, zone: ZoneInfo) -> Iterator[Violation]:
    """Notes as findings ``not_checked``, over the days of the rota where a note names no day."""
    whole = (int(rota.day.min()), int(rota.day.max()) + 1) if len(rota) else None
    for note in notes:
        span = whole if note.day is None else (note.day, note.day + 1)
        start, end = (None, None) if span is None else (day_start(zone, at) for at in span)
        yield Violation("file", "", note.agent_id, start, end, None, None, "", "not_checked", note.sentence)
