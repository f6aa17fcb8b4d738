"""The ledger counted again from all rotas that were closed, by code that shares nothing with the close.

Day by day and row by row, in plain tables: slow, and easy to read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from centre.model import Objective

Key = tuple[str, str, str]
OFF = ("meeting", "training", "coaching", "checks", "exam", "admin")
APART = timedelta(hours=5)


def recounted_shifts(
    rotas: Iterable[pd.DataFrame],
    objective: Objective,
    clocks: Mapping[str, ZoneInfo],
    holidays: Iterable[date],
    makeup: Iterable[date] = (),
) -> dict[Key, float]:
    """Nights, weekends, holidays and late shifts by person, account and month.

    Parameters
    ----------
    rotas : columns of ``rota.csv``
    clocks : each person's clock; who is not in it is left out
    holidays, makeup : days off, and weekend days that are worked like weekdays
    """
    found, free, worked = Counter[Key](), set(holidays), set(makeup)
    for table in rotas:
        for shift in _shifts_of(table):
            who, start, end, day = shift.who, shift.start, shift.end, shift.day
            if who not in clocks:
                continue
            begin, finish = (at.astimezone(clocks[who]) for at in (start, end))
            month = f"{day:%Y-%m}"
            if begin.date() in free:
                found[who, "holidays", month] += 1
            if begin.weekday() in objective.weekend_days and begin.date() not in worked:
                found[who, "weekends", month] += 1
            if _night_minutes(start, end, clocks[who], objective) >= objective.night_minutes:
                found[who, "nights", month] += 1
            elif finish > _at(begin.date(), objective.late_after, clocks[who]):
                found[who, "lates", month] += 1
    return dict(found)


@dataclass
class _Shift:
    who: str
    start: datetime
    end: datetime
    day: date


def _rows(table: pd.DataFrame) -> Iterator[tuple[_Shift, str]]:
    """Every row as a stretch of time with its activity, by person and start."""
    for row in table.sort_values(["agent_id", "start", "end"]).to_dict("records"):
        start, end = (pd.Timestamp(row[name]).to_pydatetime() for name in ("start", "end"))
        yield _Shift(str(row["agent_id"]), start, end, pd.Timestamp(row["day"]).date()), str(row["activity"])


def _shifts_of(table: pd.DataFrame) -> list[_Shift]:
    """The shifts of a rota: rows of one day, unless five hours or more lie between them."""
    found: list[_Shift] = []
    for row, activity in _rows(table):
        if activity.partition(":")[0] in ("leave", "on_call"):
            continue
        last = found[-1] if found else None
        if last and (last.who, last.day) == (row.who, row.day) and row.start - last.end < APART:
            last.end = max(last.end, row.end)
        else:
            found.append(row)
    return found


def _night_minutes(start: datetime, end: datetime, clock: ZoneInfo, objective: Objective) -> float:
    """The most minutes of a shift in one night."""
    most, day = 0.0, start.astimezone(clock).date() - timedelta(days=1)
    while day <= end.astimezone(clock).date():
        until = day if objective.night_to > objective.night_from else day + timedelta(days=1)
        begins, ends = _at(day, objective.night_from, clock), _at(until, objective.night_to, clock)
        inside = (min(end, ends) - max(start, begins)).total_seconds() / 60
        most, day = max(most, inside), day + timedelta(days=1)
    return most


def _at(day: date, minute: int, clock: ZoneInfo) -> datetime:
    """A clock time of a day as an instant; minutes past midnight reach into the next day."""
    days, rest = divmod(minute, 1440)
    wall = datetime(day.year, day.month, day.day, rest // 60, rest % 60, tzinfo=clock) + timedelta(days=days)
    return wall.astimezone(ZoneInfo("UTC"))


def recounted_minutes(rotas: Iterable[pd.DataFrame]) -> dict[tuple[str, str], float]:
    """Minutes of each activity off the queue that everybody has done, by person and name; of leading none."""
    found: dict[tuple[str, str], float] = {}
    for table in rotas:
        for row, activity in _rows(table):
            kind, _, name = activity.partition(":")
            if kind in OFF:
                minutes = (row.end - row.start).total_seconds() / 60
                found[row.who, name] = found.get((row.who, name), 0.0) + minutes
    return found
