"""What a forecast is made from: history cleaned and its days classed, and all that may be told beside it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from centre.errors import BadInput, Fault
from centre.instants import day_number
from forecasts.day_calendar import DayCalendar, plain_calendar
from forecasts.day_traits import EVENT, ORDINARY, day_classes, totals_by_weekday, week_shape
from forecasts.event_windows import local_day
from forecasts.events import Event, event_cells
from forecasts.grid import Bools, Days, QueueHistory
from forecasts.history import clean_history
from forecasts.history_report import HistoryReport
from forecasts.hours import Hours, OpenMask
from forecasts.models import Model


class Options(TypedDict, total=False):
    """What may be told beside the history; all of it may be left out.

    timezone : the centre's clock; default: the zone that the timestamps carry
    interval_minutes : length of the intervals wanted; default: that of the history. Finer than the history
        is spread evenly
    holidays : day number -> name of public holidays, over the history and the horizon; see
        `centre.calendar.public_holidays`
    calendars : queue -> its special days by class and the first days of festivals; "" for queues not named.
        Default: ``holidays`` as days off
    opening : queue -> function of a `centre.instants.Grid` giving its open intervals; these queues must have
        history. A queue without is open when its contacts used to come, and closed on holidays on which none
        did
    events : campaigns and other events, past and to come
    aht_seconds : queue -> stated AHT, used where history has none; without either the column stays NaN and a
        warning says so
    like : queue -> the queue whose shape it borrows while its own history is short
    groups : node -> its queues: queues are made to agree with the node's own forecast
    offered_definition : what counts as offered, see `forecasts.history.clean_history`
    models : the model to use, then companions that are taken where they did better; default
        `forecasts.models.default_models`
    executor : runs queues side by side; results do not depend on it
    """

    timezone: ZoneInfo | str | None
    interval_minutes: int | None
    holidays: Mapping[int, str] | None
    calendars: Mapping[str, DayCalendar] | None
    opening: Mapping[str, OpenMask] | None
    events: Sequence[Event]
    aht_seconds: Mapping[str, float | None] | None
    like: Mapping[str, str]
    groups: Mapping[str, Sequence[str]]
    offered_definition: str
    models: Sequence[Model] | None
    executor: Executor | None


@dataclass(frozen=True, slots=True)
class Past:
    """A queue's cleaned history with its days classed, and its opening hours."""

    history: QueueHistory
    hours: Hours

    def classes(self, days: Days) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
        """Class of each day, past or to come, shape (days,)."""
        return classes_of(self.history, days)


def read_pasts(
    history: pd.DataFrame, first_day: int, zone: ZoneInfo, options: Options
) -> tuple[dict[str, Past], HistoryReport]:
    """Clean the history before ``first_day`` and class its days; raises as `clean_history`."""
    holidays = options.get("holidays") or {}
    calendars = options.get("calendars") or {"": plain_calendar(holidays)}
    cleaned = clean_history(
        history,
        first_day,
        zone,
        holidays=holidays,
        opening=_with_history(options, set(history["queue"].unique()) if "queue" in history else set()),
        special_days=_known_days(history, calendars, options.get("events", ()), zone),
        offered_definition=options.get("offered_definition", "all"),
    )
    common = calendars.get("", DayCalendar())
    pasts = {}
    for name, queue in cleaned.queues.items():
        event_days = _event_days(options.get("events", ()), queue, zone)
        hours = cleaned.hours[name]
        queue = replace(queue, is_open=told_hours(queue, hours))
        pasts[name] = Past(classed(queue, calendars.get(name, common), event_days), hours)
    return pasts, cleaned.report


def _known_days(
    history: pd.DataFrame, calendars: Mapping[str, DayCalendar], events: Sequence[Event], zone: ZoneInfo
) -> dict[str, set[int]]:
    """Days of each queue that the calendar calls special or an event touches; "" for queues not named."""
    found = {name: set(told.special) for name, told in calendars.items()}
    common = found.get("", set())
    for name in set(history["queue"].astype(str).unique()) if "queue" in history and events else ():
        days = [
            day
            for event in events
            if event.touches(name)
            for day in range(local_day(event.start, zone), local_day(event.end - 1, zone) + 1)
        ]
        found[name] = found.get(name, common) | set(days)
    return found


def _with_history(options: Options, known: set[str]) -> dict[str, OpenMask]:
    """Opening hours of the queues that must have history: all but those that may copy another's."""
    opening, like = options.get("opening") or {}, options.get("like", {})
    return {name: mask for name, mask in opening.items() if name in known or name not in like}


def copies(pasts: Mapping[str, Past], zone: ZoneInfo, options: Options) -> dict[str, Past]:
    """Queues that have no history and whose shape is another's: that one's history under their name."""
    opening = options.get("opening") or {}
    found = {}
    for name, other in options.get("like", {}).items():
        if name not in pasts and other in pasts:
            theirs = pasts[other]
            hours = Hours(zone, theirs.hours.holidays, opening[name]) if name in opening else theirs.hours
            found[name] = Past(replace(theirs.history, queue=name), hours)
    return found


def told_hours(history: QueueHistory, hours: Hours) -> Bools | None:
    """Open slots of the history's days where opening hours are known, else None."""
    if hours.known is None:
        return None
    return hours.matrix(history.offered, history.first_day, history.first_day, len(history.offered))


def classed(history: QueueHistory, calendar: DayCalendar, event_days: Days) -> QueueHistory:
    """The history with special days and those of events marked, which are not usable as ordinary ones."""
    history = replace(history, calendar=calendar)
    classes = classes_of(history, history.days)
    classes[np.isin(history.days, event_days)] = EVENT
    return replace(history, special=classes, usable=history.usable & (classes == ORDINARY))


def classes_of(history: QueueHistory, days: Days) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    """Class of each day as this history knows its weekdays, shape (days,)."""
    rows = history.usable if history.usable.any() else np.ones(len(history.usable), dtype=bool)
    totals = totals_by_weekday(history.days[rows], np.nansum(history.offered[rows], axis=1))
    return day_classes(days, history.calendar, week_shape(totals).working)[0]


def _event_days(events: Sequence[Event], queue: QueueHistory, zone: ZoneInfo) -> Days:
    """Days of the history that an event touches."""
    cells = event_cells(
        events, queue.queue, zone, queue.first_day, len(queue.offered), queue.interval_minutes
    )
    return queue.days[cells.any(axis=1)]


def first_day_of(start: date | str) -> int:
    """Day number of the start of a horizon; raises `BadInput` where it is no date."""
    try:
        day = date.fromisoformat(start) if isinstance(start, str) else start
    except ValueError:
        raise BadInput([Fault("start", "a date such as 2003-10-20", str(start))]) from None
    if isinstance(day, datetime) and (day.hour, day.minute) != (0, 0):
        raise BadInput([Fault("start", "a date: the horizon begins at local midnight", str(start))])
    return day_number(day.date() if isinstance(day, datetime) else day)


def zone_of(history: pd.DataFrame, timezone: ZoneInfo | str | None) -> ZoneInfo:
    """The zone asked for, else that of the timestamps; raises `BadInput` where there is no such."""
    if isinstance(timezone, ZoneInfo):
        return timezone
    carried = getattr(history["interval_start"].dtype, "tz", None) if "interval_start" in history else None
    name = timezone or str(carried or "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput([Fault("timezone", "a time zone such as Europe/Berlin", name)]) from None
