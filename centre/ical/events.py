"""The events of an iCalendar file with their times as instants, recurring ones unrolled.

**Source:** RFC 5545 (Internet Calendaring and Scheduling Core Object Specification); unrolling is that of
`recurring_ical_events`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.error import BrokenCalendarProperty

from centre.errors import Faults
from centre.instants import day_number, day_of, day_start, from_minutes, to_minutes
from centre.wide.notes import Note

UNROLLED_DAYS = 366
"""Days after a file's first event to which a recurring event is unrolled where no span is asked for."""

TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
FIRST_YEAR, LAST_YEAR = 1970, 2100
_LONGEST = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31}
Clock = Callable[[Any, Any], ZoneInfo]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event at one time: UTC minutes, or whole local days where ``all_day`` (then minutes of midnights)."""

    place: str
    start: int
    end: int
    all_day: bool
    event: Any


def happenings(
    path: Path, clock: Clock, span: tuple[int, int] | None, faults: Faults, notes: list[Note]
) -> Iterator[tuple[Any, Happening]]:
    """Every event of a file that is not cancelled, with its calendar; faults are noted.

    Parameters
    ----------
    clock : the clock of floating times and of whole days, from a calendar and one of its events
    span : first day number and the one after the last that recurring events are unrolled to
    """
    for calendar, events in _calendars(path, faults):
        kept = _latest(events, notes)
        cancelled = sum(_is_cancelled(event) for _, event in kept)
        if cancelled:
            notes.append(Note(f"{path.name}: {cancelled} cancelled event(s) were left out."))
        reach = span or _reach(path.name, calendar, kept, clock, notes)
        series: dict[str, list[tuple[str, Any]]] = {}
        for place, event in kept:
            series.setdefault(str(event.get("UID", place)), []).append((place, event))
        for group in series.values():
            zone = clock(calendar, group[0][1])
            found = _unrolled(calendar, group, zone, reach, notes) if _recurs(group) else group
            for place, event in found:
                if not _is_cancelled(event) and (told := _timed(place, event, zone, notes)):
                    yield calendar, told


def _calendars(path: Path, faults: Faults) -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
    """The calendars of a file, each event with its place as file and line."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
        calendars = Calendar.from_ical(content, multiple=True)
    except OSError as error:
        faults.add(path.name, "a file that can be read", found=error.strerror or "")
        return
    except ValueError as error:
        faults.add(path.name, "an iCalendar file (RFC 5545) in UTF-8", found=str(error))
        return
    if not any(isinstance(calendar, Calendar) for calendar in calendars):
        faults.add(path.name, "an iCalendar file with BEGIN:VCALENDAR", found="none")
    lines = content.splitlines()
    rows = iter([k for k, line in enumerate(lines, 1) if line.strip().upper() == "BEGIN:VEVENT"])
    for calendar in calendars:
        events = [e for e in calendar.walk("VEVENT") if isinstance(e, Event)]
        yield calendar, [(f"{path.name}, row {next(rows, 0)}", event) for event in events]


def _latest(events: list[tuple[str, Any]], notes: list[Note]) -> list[tuple[str, Any]]:
    """Each UID (and instance of a series) once: the latest SEQUENCE, then the latest stamp, then the last."""
    best: dict[tuple[str, str], tuple[tuple[int, str], str, Any]] = {}
    for place, event in events:
        key = str(event.get("UID", place)), _text(event, "RECURRENCE-ID")
        rank = _sequence(event), _text(event, "LAST-MODIFIED") or _text(event, "DTSTAMP")
        older = best.get(key)
        if older is not None:
            loser = place if rank < older[0] else older[1]
            notes.append(
                Note(f"{loser}: another version of this event (same UID) is newer; it was left out.")
            )
        if older is None or rank >= older[0]:
            best[key] = rank, place, event
    return [(place, event) for _, place, event in best.values()]


def _sequence(event: Any) -> int:
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    return "" if value is None else value.to_ical().decode()


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _recurs(group: list[tuple[str, Any]]) -> bool:
    return len(group) > 1 or any(name in group[0][1] for name in ("RRULE", "RDATE"))


def _reach(
    file: str, calendar: Any, events: list[tuple[str, Any]], clock: Clock, notes: list[Note]
) -> tuple[int, int]:
    """Days to unroll to where none are asked for: those of the file, a year where a rule has no end."""
    timed = (
        (_timed(place, event, clock(calendar, event), []), clock(calendar, event)) for place, event in events
    )
    starts = [day_number(from_minutes(told.start, zone).date()) for told, zone in timed if told]
    if not starts:
        return 0, 0
    first, last = min(starts), max(starts)
    ends = [_rule_end(rule, last) for _, event in events for rule in _rules(event)]
    if None in ends:
        notes.append(Note(f"{file}: a recurring event has no end; it was unrolled for {UNROLLED_DAYS} days."))
    reach = max([last + 2, *(first + UNROLLED_DAYS if end is None else end for end in ends)])
    return first, min(reach, day_number(date(LAST_YEAR, 12, 31)))


def _rule_end(rule: Any, last: int) -> int | None:
    """A day after the last that a rule can reach from day ``last``; None where it has no end."""
    if not isinstance(rule, dict):
        return last
    until, count, step = (
        next(iter(_listed(rule.get(name))), None) for name in ("UNTIL", "COUNT", "INTERVAL")
    )
    if isinstance(until, date):
        return day_number(until.date() if isinstance(until, datetime) else until) + 2
    if isinstance(count, int):
        return last + 2 + count * int(step or 1) * _LONGEST.get(_frequency(rule), 366)
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _rules(event: Any) -> list[Any]:
    return _listed(event.get("RRULE"))


def _frequency(rule: Any) -> str:
    told = rule.get("FREQ", "") if isinstance(rule, dict) else ""
    return str(told[0] if isinstance(told, list) and told else told).upper()


def _unrolled(
    calendar: Any, group: list[tuple[str, Any]], zone: ZoneInfo, reach: tuple[int, int], notes: list[Note]
) -> Iterator[tuple[str, Any]]:
    """The events of one UID with its rule, exceptions and changed instances, inside the days of ``reach``."""
    alone = Calendar()
    for name in ("X-WR-TIMEZONE",):
        if name in calendar:
            alone.add(name, calendar[name])
    for part in calendar.walk("VTIMEZONE"):
        alone.add_component(part)
    for _, event in group:
        alone.add_component(event)
    place = next((place for place, event in group if "RECURRENCE-ID" not in event), group[0][0])
    often = [rule for _, event in group for rule in _rules(event) if _frequency(rule) in TOO_OFTEN]
    if often:
        words = f"it recurs {_frequency(often[0]).lower()}, which no shift does; it was left out."
        notes.append(Note(f"{place}: {words}"))
        return
    try:
        begin, until = (datetime.combine(day_of(day), datetime.min.time(), UTC) for day in reach)
        found = recurring_ical_events.of(alone, keep_recurrence_attributes=True).between(
            begin - timedelta(days=1), until + timedelta(days=1)
        )
    except Exception:  # the library raises whatever its parts raise on a rule that makes no sense
        notes.append(Note(f"{place}: the rule by which this event recurs cannot be read; it was left out."))
        return
    usual = next((_length(event, zone) for _, event in group if "RECURRENCE-ID" not in event), None)
    changed = {_text(event, "DTSTART") for _, event in group if "RECURRENCE-ID" in event}
    uneven: list[int] = []
    for event in found:
        day = _local_day(event.get("DTSTART").dt, zone)
        if not reach[0] <= day < reach[1]:
            continue
        if usual and _length(event, zone) != usual and _text(event, "DTSTART") not in changed:
            uneven.append(day)
        yield place, event
    if uneven:
        words = f"{len(uneven)} time(s), first on {day_of(min(uneven))}, this event keeps its time of day"
        notes.append(Note(f"{place}: {words} where clocks change, and so is not {usual} min long."))


def _local_day(moment: date | datetime, zone: ZoneInfo) -> int:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return day_number(moment.date() if isinstance(moment, datetime) else moment)


def _length(event: Any, zone: ZoneInfo) -> int | None:
    """Minutes of a timed event, None for whole days and what cannot be read."""
    told = _timed("", event, zone, [])
    return told.end - told.start if told and not told.all_day else None


def _timed(place: str, event: Any, zone: ZoneInfo, notes: list[Note]) -> Happening | None:
    """The times of an event; where there are none that make sense, a note and None."""
    for name, _ in event.errors:
        notes.append(Note(f"{place}: {name} cannot be read."))
    start, end, duration = (_value(event, name) for name in ("DTSTART", "DTEND", "DURATION"))
    if start is None:
        notes.append(Note(f"{place}: the event has no start (DTSTART); it was left out."))
        return None
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        words = f"the event is in {start.year}, not from {FIRST_YEAR} to {LAST_YEAR}; it was left out."
        notes.append(Note(f"{place}: {words}"))
        return None
    if not isinstance(start, datetime):
        days = max(1, (end - start).days) if type(end) is date else duration.days if duration else 1
        first = day_number(start)
        whole = Happening(place, day_start(zone, first), day_start(zone, first + days), True, event)
        return whole
    begin = _instant(place, start, zone, notes)
    if isinstance(end, datetime):
        until = _instant(place, end, zone, notes)
    elif duration is not None:
        nominal = _instant(place, start + timedelta(days=duration.days), zone, notes)
        until = nominal + int(duration.seconds // 60)
    else:
        notes.append(Note(f"{place}: the event has no end (DTEND or DURATION); it was left out."))
        return None
    if until <= begin:
        notes.append(Note(f"{place}: the event ends before or when it starts; it was left out."))
        return None
    return Happening(place, begin, until, False, event)


def _value(event: Any, name: str) -> Any:
    """The date, time or duration of a property; None where there is none or it cannot be read."""
    try:
        return getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None


def _instant(place: str, moment: datetime, zone: ZoneInfo, notes: list[Note]) -> int:
    """The instant of a time; a floating one is read in ``zone``. What clocks skip or show twice is noted."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    utc = aware.astimezone(UTC)
    clock = f"{moment:%Y-%m-%d %H:%M}"
    if utc.astimezone(aware.tzinfo).replace(tzinfo=None, fold=0) != moment.replace(tzinfo=None, fold=0):
        notes.append(Note(f"{place}: clocks skip {clock}; it was read with the offset before."))
    elif aware.replace(fold=1).utcoffset() != aware.replace(fold=0).utcoffset():
        notes.append(Note(f"{place}: clocks show {clock} twice; the first was taken."))
    return to_minutes(utc)
