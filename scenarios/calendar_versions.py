"""Versions of calendar events: what is as before keeps its stamps, what differs counts its sequence up, what is gone is cancelled.

**Source:** RFC 5545, 3.8.7.4 (SEQUENCE), 3.8.7.2 (DTSTAMP), 3.8.1.11 (STATUS).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from icalendar import Event

from centre.ical.rota import PART
from centre.instants import Grid, day_number, day_start, from_minutes, to_minutes

KEPT_DAYS = 31
"""Days before a rota for which earlier shifts stay in the feeds."""
DAY = "X-PAIBAN-DAY"
VERSIONED = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
"""What tells the version of an event and not what it is about."""


@dataclass
class Counts:
    """Events of all feeds by what became of them since the feeds before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    cancelled: int = 0


def versions(
    events: Iterable[Any], older: Mapping[str, Any], grid: Grid, now: int, counts: Counts
) -> list[Any]:
    """The events with sequence and stamps beside those of before, and of these what is cancelled or kept as it was."""
    stamp, found = from_minutes(now), {str(event["UID"]): event for event in events}
    for uid, event in found.items():
        before = older.get(uid)
        same = before is not None and _content(before) == _content(event)
        counts.unchanged, counts.changed, counts.new = (
            counts.unchanged + same,
            counts.changed + (before is not None and not same),
            counts.new + (before is None),
        )
        _stamped(event, before, same, stamp)
    for uid, before in older.items():
        if uid in found:
            continue
        if _is_past(before, grid) and (
            _is_cancelled(before) or day_told(before) < grid.first_day - KEPT_DAYS
        ):
            continue
        found[uid] = before
        if _is_covered(before, grid):
            counts.cancelled += 1
            if not _is_cancelled(before):
                found[uid] = _cancelled(before, stamp)
    return sorted(found.values(), key=lambda event: (_begin(event), str(event["UID"])))


def _stamped(event: Any, before: Any | None, same: bool, stamp: datetime) -> None:
    """Add sequence and stamps: those of before where nothing has changed, else the next one and now."""
    sequence = 0 if before is None else int(before.get("SEQUENCE", 0)) + (not same)
    event.add("SEQUENCE", sequence)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        event.add(name, before[name].dt if same and before is not None and name in before else stamp)


def _cancelled(before: Any, stamp: datetime) -> Any:
    """The event, cancelled: without what was inside it."""
    event: Any = Event()
    for name, value in before.items():
        if name not in ("STATUS", "DESCRIPTION", PART, *VERSIONED):
            event[name] = value
    event.add("STATUS", "CANCELLED")
    _stamped(event, before, same=False, stamp=stamp)
    return event


def _content(event: Any) -> bytes:
    """What an event is about, for comparison."""
    bare: Any = Event()
    for name, value in event.items():
        if name not in VERSIONED:
            bare[name] = value
    return bytes(bare.to_ical())


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")) == "CANCELLED"


def day_told(event: Any) -> int:
    """The day number for which an event counts."""
    return day_number(date.fromisoformat(str(event[DAY])))


def _is_past(event: Any, grid: Grid) -> bool:
    """Whether it is about days before the rota: a shift by its day, leave by its end."""
    return day_told(event) < grid.first_day and not (
        _is_leave(event) and _edge(event, "DTEND", grid) > grid.start
    )


def _is_covered(event: Any, grid: Grid) -> bool:
    """Whether the rota tells of it: a shift's day lies in the rota, leave touches it."""
    if _is_leave(event):
        return _edge(event, "DTSTART", grid) < grid.end and _edge(event, "DTEND", grid) > grid.start
    return grid.first_day <= day_told(event) < grid.first_day + grid.days


def _is_leave(event: Any) -> bool:
    return [str(name) for name in event["CATEGORIES"].cats] == ["leave"]


def _edge(event: Any, name: str, grid: Grid) -> int:
    """UTC minutes of an event's start or end."""
    told = event[name].dt
    return to_minutes(told) if isinstance(told, datetime) else day_start(grid.zone, day_number(told))


def _begin(event: Any) -> datetime:
    told = event["DTSTART"].dt
    return told if isinstance(told, datetime) else datetime.combine(told, datetime.min.time(), UTC)
