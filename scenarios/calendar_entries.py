"""What stands in calendar feeds: one entry a shift, one a leave, each with a UID that it keeps while it moves.

Times are told in UTC (``20260302T000000Z``). Every calendar shows such times by its reader's own clock, the hour that clocks
show twice has one meaning, and no client has to understand a time zone that the file brings along (Outlook knows names of its
own). What a shift loses by it, to move with the clock as recurring events do, no single shift needs. Leave of whole local days
is told as dates. The zone of the feed stands in ``X-WR-TIMEZONE``, and times inside a description are local.

**Source:** RFC 5545 (iCalendar), 3.3.5 (times), 3.8.4.7 (UID); RFC 7986, 5.3 (UIDs tell nothing of a person).
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.instants import day_number, day_start, from_minutes, from_timestamps
from scenarios.report_words import ACTIVITY_KINDS
from scenarios.report_words import WORDS as REPORT_WORDS
from scheduler.rota import Rota, activity_kind

SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:paiban:calendar")
"""The name space of our UIDs: the same words give the same UID for ever."""
WORDS = {kind: REPORT_WORDS[kind] for kind in ACTIVITY_KINDS} | {
    "shift": ("Shift", "班次"), "work": ("work", "工作"), "leave": ("Leave", "休假"),
    "on_call": ("on call", "待命"), "call_out": ("call-out", "应召上班"),
}  # fmt: skip
"""Kinds of entries and of activities in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a shift: UTC minutes, the activity and whether it is paid as ``rota.csv`` has them."""

    start: int
    end: int
    activity: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of somebody's calendar.

    Parameters
    ----------
    kind : shift, leave or on_call
    day : the local day for which it counts, a day number
    ordinal : the how many-th of its kind on that day, from 1
    start, end : UTC minutes
    whole_days : first day and the one after the last, where it is leave of whole local days
    """

    agent_id: str
    kind: str
    day: int
    ordinal: int
    start: int
    end: int
    shift: str = ""
    parts: tuple[Part, ...] = ()
    whole_days: tuple[int, int] | None = None

    def uid(self, feed: str) -> str:
        """Its UID in a feed: of the person, the day and the ordinal, not of its times, so that it moves under its UID."""
        return f"{uuid.uuid5(SPACE, chr(10).join((feed, self.agent_id, self.kind, str(self.day), str(self.ordinal))))}@paiban"


def shift_entries(rota: Rota) -> Iterator[Entry]:
    """The shifts of a rota by person and start, each part of a split shift for itself; then what people stand by.

    Own time between the parts of a split shift is in no entry, pauses inside a shift are.
    """
    of_day: Counter[tuple[int, int]] = Counter()
    own_time = rota.is_kind("split")
    for first, last in zip(rota.duties.first.tolist(), rota.duties.last.tolist(), strict=True):
        rows = np.arange(first, last)[rota.duty[first:last] >= 0]
        for piece in np.split(rows, np.flatnonzero(own_time[rows])):
            piece = piece[~own_time[piece]]
            if len(piece):
                key = int(rota.agent[piece[0]]), int(rota.day[piece[0]])
                of_day[key] += 1
                yield _entry(rota, piece.tolist(), "shift", of_day[key])
    of_day.clear()
    for row in np.flatnonzero(rota.is_kind("on_call")).tolist():
        key = int(rota.agent[row]), int(rota.day[row])
        of_day[key] += 1
        yield _entry(rota, [row], "on_call", of_day[key])


def leave_entries(
    leave: pd.DataFrame, zones: dict[str, ZoneInfo], zone: ZoneInfo, span: tuple[int, int]
) -> Iterator[Entry]:
    """Leave that touches the UTC minutes of ``span``, without its kind; whole days by the clock of the centre, or by the person's own.

    Parameters
    ----------
    leave : ``agent_id``, aware ``start`` and ``end``
    zones : clocks of people by agent_id; others go by ``zone``
    """
    of_day: Counter[tuple[str, int]] = Counter()
    starts, ends = (from_timestamps(leave[name]).tolist() for name in ("start", "end"))
    told = sorted({*zip(leave["agent_id"].astype(str), starts, ends, strict=True)})
    for agent_id, start, end in told:
        clocks = (zone, zones.get(agent_id, zone))
        day = day_number(from_minutes(start, clocks[0]).date())
        of_day[agent_id, day] += 1
        if start < span[1] and end > span[0]:
            whole = next((days for clock in clocks if (days := _whole_days(start, end, clock))), None)
            yield Entry(agent_id, "leave", day, of_day[agent_id, day], start, end, whole_days=whole)


def description(entry: Entry, zone: ZoneInfo, language: str) -> str:
    """What is inside a shift, a line a stretch that is not plain work, by the clock of ``zone``."""
    begin, end = from_minutes(entry.start, zone), from_minutes(entry.end, zone)
    form = "%H:%M" if begin.utcoffset() == end.utcoffset() else "%H:%M (UTC%z)"
    return "\n".join(
        f"{from_minutes(part.start, zone):{form}}-{from_minutes(part.end, zone):{form}} {in_words(part.activity, language)}"
        for part in entry.parts
        if part.activity != "work:*" and entry.kind == "shift"
    )


def in_words(activity: str, language: str) -> str:
    """An activity or a kind of entry: what we know in the language, the name after the colon as it is written.

    Examples
    --------
    >>> in_words("training:新产品", "en"), in_words("coaching:复盘", "zh"), in_words("leave", "zh")
    ('training 新产品', '辅导 复盘', '休假')
    """
    kind, _, name = activity.partition(":")
    known = WORDS[kind][language == "zh"] if kind in WORDS else kind
    return f"{known} {name}".strip()


def activities(parts: Sequence[Part]) -> list[str]:
    """The activities of a shift as ``rota.csv`` has them, once each, ``work`` first and for all kinds of it."""
    names = dict.fromkeys(part.activity for part in parts)
    works = [name for name in names if activity_kind(name) == "work"]
    return [*(["work"] if works else []), *(name for name in names if name not in works)]


def _entry(rota: Rota, rows: list[int], kind: str, ordinal: int) -> Entry:
    parts = tuple(
        Part(int(rota.start[k]), int(rota.end[k]), rota.activities[rota.activity[k]], bool(rota.paid[k]))
        for k in rows
    )
    return Entry(
        rota.agent_ids[rota.agent[rows[0]]], kind, int(rota.day[rows[0]]), ordinal,
        parts[0].start, max(part.end for part in parts), rota.shift_names[rota.shift[rows[0]]], parts,
    )  # fmt: skip


def _whole_days(start: int, end: int, zone: ZoneInfo) -> tuple[int, int] | None:
    """First day and the one after the last of a time from midnight to midnight; None for any other."""
    first, last = (day_number(from_minutes(at, zone).date()) for at in (start, end))
    return (first, last) if (day_start(zone, first), day_start(zone, last)) == (start, end) else None
