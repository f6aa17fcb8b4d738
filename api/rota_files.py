"""A rota or time record of any kind for a command: its rows, and what the file has wrong as findings."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from centre.any_rota import read_any_rota
from centre.clock_notes import Note
from centre.instants import day_number, day_start
from scheduler.rota import Rota
from scheduler.rules.rule import Violation


def rota_and_notes(
    path: Path,
    zone: ZoneInfo,
    listed: Collection[str] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
    start: date | None = None,
    days: int | None = None,
) -> tuple[Rota, list[Violation]]:
    """The rota of a file or folder and a finding of rule ``file`` for everything left out or assumed.

    ``start`` and ``days`` bound what recurring calendar events are unrolled to; see
    `centre.any_rota.read_any_rota` for the rest.
    """
    first = day_number(start) if start else None
    span = None if first is None or days is None else (first, first + days)
    frame, notes = read_any_rota(path, zone, listed, zones, span)
    rota = Rota.from_frame(frame)
    return rota, list(as_findings(notes, rota, zone))


def as_findings(notes: Iterable[Note], rota: Rota, zone: ZoneInfo) -> Iterable[Violation]:
    """Notes of a file as findings ``not_checked``, over the days of the rota where a note names none."""
    all_days = (int(rota.day.min()), int(rota.day.max()) + 1) if len(rota) else None
    for note in notes:
        span = all_days if note.day is None else (note.day, note.day + 1)
        start, end = (None, None) if span is None else (day_start(zone, at) for at in span)
        yield Violation("file", "", note.agent_id, start, end, None, None, "", "not_checked", note.sentence)
