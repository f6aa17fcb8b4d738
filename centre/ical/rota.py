"""Calendars in iCalendar format as the table of ``rota.csv``: a file a person, a folder of them, a team's feed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from centre.clock.notes import Recorded
from centre.clock.rows import SPLIT_GAP_MINUTES
from centre.errors import BadInput, Faults
from centre.ical.events import Clock, Happening, happenings
from centre.ical.words import kind_of, people_of
from centre.instants import MINUTES_A_DAY, day_number, day_of, from_minutes, to_minutes, to_timestamps
from centre.wide.notes import Note

_COLUMNS = ("agent_id", "day", "start", "end", "activity", "shift", "paid")
_UNPAID = ("break", "meal", "leave", "on_call")
PART, PART_TIME = "X-PAIBAN-PART", "%Y%m%dT%H%M%z"
"""A stretch of a shift in feeds of ours, ``START/END/PAID/ACTIVITY`` (paid or unpaid), and how its times are written."""
DAY = "X-PAIBAN-DAY"
"""The local day for which an event of our feeds counts."""
_APART = ("leave", "on_call")  # what may lie beside or under a shift


@dataclass(slots=True)
class _Stretch:
    """A stretch of one person's calendar and where it stands."""

    start: int
    end: int
    activity: str
    shift: str
    place: str
    paid: bool | None = None  # None: as its kind says
    day: int | None = None  # None: that on which its shift starts

    @property
    def kind(self) -> str:
        return self.activity.partition(":")[0]


def read_ical_rota(
    path: Path,
    zone: ZoneInfo,
    listed: Collection[str] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
    span: tuple[int, int] | None = None,
) -> Recorded:
    """The rota of an ``.ics`` file or a folder of them, and notes of what was left out or assumed.

    Whose an event is, `centre.ical.words.people_of` says. Breaks, meals, meetings and training inside a shift
    take their time out of it. Whole days are leave, a day off, or left out with a note. Feeds of `scenarios.calendar_feeds` tell
    the stretches of each shift themselves.

    Parameters
    ----------
    zone : the clock of floating times, and of days where ``zones`` does not know the person
    listed : the people known; None where there is no list
    zones : zones by ``agent_id``
    span : first day number and the one after the last, to which recurring events are unrolled

    Raises
    ------
    BadInput
        where no file can be read as iCalendar.
    """
    files = sorted(path.glob("*.ics")) if path.is_dir() else [path]
    notes: list[Note] = []
    people: dict[str, list[_Stretch]] = {}
    unread: list[Faults] = []
    for file in files:
        faults = Faults()
        clock = _clock(file.stem, zone, zones or {})
        for calendar, told in happenings(file, clock, span, faults, notes):
            _take(calendar, told, file.stem, people, notes)
        if faults:
            unread.append(faults)
    if len(unread) == len(files):
        raise BadInput([fault for faults in unread for fault in faults])
    notes += [Note(f"{fault}; the file was left out.") for faults in unread for fault in faults]
    rows: list[tuple[object, ...]] = []
    for agent_id, found in sorted(people.items()):
        if listed is not None and agent_id not in listed:
            words = "is not on the list of people; judged without what the list would tell."
            notes.append(Note(f"{path.name}: {agent_id} {words}", agent_id))
        rows += _rows(agent_id, found, (zones or {}).get(agent_id, zone), notes)
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype="int64"))
    return Recorded(frame, notes)


def _clock(stem: str, zone: ZoneInfo, zones: Mapping[str, ZoneInfo]) -> Clock:
    """The clock of an event: that of the first of its people whose own is known, else the centre's."""

    def of_event(calendar: Any, event: Any) -> ZoneInfo:
        names = people_of(calendar, event, stem)[0] if zones else []
        return next((zones[name] for name in names if name in zones), zone)

    return of_event


def _take(
    calendar: object, told: Happening, stem: str, people: dict[str, list[_Stretch]], notes: list[Note]
) -> None:
    """Give an event to its people."""
    names, label = people_of(calendar, told.event, stem)
    kind = kind_of(told.event, label, told.all_day)
    if kind == "":
        words = "an event of whole days that is neither leave nor a day off has no times; it was left out."
        notes.append(Note(f"{told.place}: {words}"))
    if not told.all_day and told.end - told.start > MINUTES_A_DAY and kind not in (*_APART, "off"):
        minutes = told.end - told.start
        notes.append(Note(f"{told.place}: lasts {minutes} min, over 24 hours; it was left out."))
        return
    for name in names:
        mine = people.setdefault(name, [])
        if kind not in ("", "off"):
            shift = label.strip() if kind.startswith("work") else ""
            mine += _parts(told, label.strip()) or [_Stretch(told.start, told.end, kind, shift, told.place)]


def _parts(told: Happening, shift: str) -> list[_Stretch]:
    """The stretches that a feed of ours tells of a shift (`PART`); none where they are not, or no longer, of the event's times."""
    lines = told.event.get(PART, [])
    texts = [str(line).split("/", 3) for line in (lines if isinstance(lines, list) else [lines])]
    try:
        day = day_number(date.fromisoformat(str(told.event.get(DAY, ""))))
        parts = [
            _Stretch(_instant(start), _instant(end), activity, shift, told.place, paid == "paid", day)
            for start, end, paid, activity in texts
        ]
    except ValueError:
        return []
    return parts if parts and (parts[0].start, parts[-1].end) == (told.start, told.end) else []


def _instant(text: str) -> int:
    return to_minutes(datetime.strptime(text, PART_TIME))


def _rows(
    agent_id: str, found: list[_Stretch], zone: ZoneInfo, notes: list[Note]
) -> Iterator[tuple[object, ...]]:
    """The rows of one person: work cut around what lies inside it, each with the day of its shift."""
    found = _once(agent_id, found, notes)
    inside = sorted((s for s in found if s.kind not in ("work", *_APART)), key=lambda s: (s.start, s.end))
    work = sorted((s for s in found if s.kind == "work"), key=lambda s: (s.start, s.end))
    inside = list(_apart(agent_id, inside, notes))
    parts = [*inside, *(part for s in _apart(agent_id, work, notes) for part in _around(s, inside))]
    head, until, day, name = 0, None, 0, ""
    for part in sorted(parts, key=lambda s: (s.start, s.end)):
        apart = until is None or part.start - until >= SPLIT_GAP_MINUTES or part.start - head >= MINUTES_A_DAY
        if apart or part.day not in (None, day):
            head = part.start
            day = day_number(from_minutes(head, zone).date()) if part.day is None else part.day
            name = part.shift or next((s.shift for s in work if s.start <= head < s.end), "")
        until = max(until or part.end, part.end)
        yield (
            agent_id,
            day_of(day),
            part.start,
            part.end,
            part.activity,
            part.shift or name,
            part.kind not in _UNPAID if part.paid is None else part.paid,
        )
    for part in found:
        if part.kind in _APART:
            on = from_minutes(part.start, zone).date()
            yield agent_id, on, part.start, part.end, part.activity, "", False


def _once(agent_id: str, found: list[_Stretch], notes: list[Note]) -> list[_Stretch]:
    """The same activity at the same times once."""
    kept: dict[tuple[int, int, str], _Stretch] = {}
    for one in found:
        key = one.start, one.end, one.kind
        if key in kept:
            notes.append(Note(f"{one.place}: the same as {kept[key].place}; it was taken once.", agent_id))
        kept.setdefault(key, one)
    return list(kept.values())


def _apart(agent_id: str, found: list[_Stretch], notes: list[Note]) -> Iterator[_Stretch]:
    """Stretches of which none begins before an earlier one has ended; what overlaps is noted, counted once."""
    before: _Stretch | None = None
    for one in found:
        if before is not None and one.start < before.end:
            both = min(one.end, before.end) - one.start
            words = f"overlaps {before.place} by {both} min; the time was counted once."
            notes.append(Note(f"{one.place}: {words}", agent_id))
            if one.end <= before.end:
                continue
            one = _Stretch(before.end, one.end, one.activity, one.shift, one.place, one.paid, one.day)
        before = one
        yield one


def _around(work: _Stretch, inside: list[_Stretch]) -> Iterator[_Stretch]:
    """What is left of a stretch of work beside what lies inside it."""
    at = work.start
    for other in inside:
        if other.end <= at or other.start >= work.end:
            continue
        if other.start > at:
            yield _Stretch(at, other.start, work.activity, work.shift, work.place, work.paid, work.day)
        at = other.end
    if at < work.end:
        yield _Stretch(at, work.end, work.activity, work.shift, work.place, work.paid, work.day)
