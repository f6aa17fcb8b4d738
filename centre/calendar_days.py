"""Special days by class: public holidays, weekends joined to them, bridged days, make-up workdays and closures,
each with its festival and its distance from the festival's first day, so that years can be laid over one another.
"""

from collections.abc import Sequence
from datetime import date

from centre.calendar import CalendarRow, DayClass, rows_for
from centre.calendar_blocks import ONE_FESTIVAL_DAYS, CountryDays, SpecialDay, country_days, noticed_years
from centre.instants import day_number, day_of

__all__ = [
    "CalendarRow",
    "DayClass",
    "SpecialDay",
    "festival_anchors",
    "makeup_days",
    "makeup_rows",
    "special_days",
]

MARGIN_DAYS = 40
AROUND = ("rest", "bridged", "makeup")


def special_days(
    country: str | None,
    first_day: int,
    last_day: int,
    table: Sequence[CalendarRow] = (),
    queue: str | None = None,
) -> dict[int, SpecialDay]:
    """The special days from ``first_day`` to ``last_day``, both counted, by day number.

    Parameters
    ----------
    country, first_day, last_day : as for `centre.calendar.public_holidays`
    table : the centre's own rows; they override the country's calendar
    queue : count the rows of this queue too; None: only those that hold for all queues

    Raises
    ------
    ValueError
        where the country is not known.

    Examples
    --------
    >>> from datetime import date
    >>> from centre.instants import day_number
    >>> first, last = day_number(date(2023, 1, 25)), day_number(date(2023, 1, 28))
    >>> [(day.day_class, day.offset) for day in special_days("CN", first, last).values()]
    [('rest', 3), ('bridged', 4), ('bridged', 5), ('makeup', 6)]
    """
    if last_day < first_day:
        return {}
    known = _known_days(country, first_day, last_day)
    rows = rows_for(table, queue)
    days, anchors = dict(known.days), _anchors(known, rows)
    for row in rows:
        if row.day_class == "workday":
            days.pop(row.day, None)
        elif row.day_class:
            festival = row.festival or _festival(row, days, anchors)
            offset = row.day - _nearest(anchors, row.day, festival)
            days[row.day] = SpecialDay(row.day_class, festival, offset, row.name)
    return {day: days[day] for day in sorted(days) if first_day <= day <= last_day}


def festival_anchors(
    country: str | None,
    first_day: int,
    last_day: int,
    table: Sequence[CalendarRow] = (),
    queue: str | None = None,
) -> dict[int, str]:
    """Day number of each festival's first day -> its name, so that days before and after it can be aligned;
    parameters as of `special_days`.

    Examples
    --------
    >>> from datetime import date
    >>> from centre.instants import day_number
    >>> autumn = day_number(date(2020, 9, 1)), day_number(date(2020, 10, 31))
    >>> {str(day_of(day)): name for day, name in festival_anchors("CN", *autumn).items()}
    {'2020-10-01': 'National Day'}
    """
    if last_day < first_day:
        return {}
    anchors = _anchors(_known_days(country, first_day, last_day), rows_for(table, queue))
    return {day: anchors[day] for day in sorted(anchors) if first_day <= day <= last_day}


def makeup_rows(country: str | None, first_day: int) -> tuple[CalendarRow, ...]:
    """The make-up workdays from ``first_day`` on that the country's notices tell, as rows that go before the
    centre's own; none in countries that do not exchange days.

    Raises
    ------
    ValueError
        where the country is not known.

    Examples
    --------
    >>> rows = makeup_rows("CN", day_number(date(2025, 9, 1)))
    >>> [str(day_of(row.day)) for row in rows][:2], makeup_rows("US", 0)
    (['2025-09-28', '2025-10-11'], ())
    """
    if country is None or not (years := noticed_years(country)):
        return ()
    special = special_days(country, first_day, day_number(date(max(years), 12, 31)))
    return tuple(
        CalendarRow(day, it.name, "makeup", it.festival)
        for day, it in special.items()
        if it.day_class == "makeup"
    )


def makeup_days(calendar: Sequence[CalendarRow]) -> frozenset[int]:
    """Day numbers of the make-up workdays of a centre: the last row of a day that holds for all queues says so.

    Examples
    --------
    >>> table = CalendarRow(3, "调休", "makeup"), CalendarRow(10, "调休", "makeup"), CalendarRow(10, "司庆", "closed")
    >>> makeup_days(table)
    frozenset({3})
    """
    classes = {row.day: row.day_class for row in rows_for(calendar, None) if row.day_class}
    return frozenset(day for day, name in classes.items() if name == "makeup")


def _anchors(known: CountryDays, rows: Sequence[CalendarRow]) -> dict[int, str]:
    """First day -> festival, those of the centre's own too: the first of days of one name that are near."""
    anchors = dict(known.anchors)
    for row in sorted(rows, key=lambda row: row.day):
        name = row.festival or row.name
        if row.day_class == "statutory" and row.day not in known.days:
            near = (there for there, other in anchors.items() if other == name)
            if all(abs(there - row.day) > ONE_FESTIVAL_DAYS for there in near):
                anchors[row.day] = name
    return anchors


def _festival(row: CalendarRow, days: dict[int, SpecialDay], anchors: dict[int, str]) -> str:
    """Whose day a row without festival is: the country's; else that of the nearest holiday, where its class is
    one of days around a holiday; else its own.
    """
    if row.day in days:
        return days[row.day].festival
    near = [there for there in anchors if abs(there - row.day) <= ONE_FESTIVAL_DAYS]
    if row.day_class in AROUND and near:
        return anchors[min(near, key=lambda there: (abs(there - row.day), there))]
    return row.name


def _nearest(anchors: dict[int, str], day: int, festival: str) -> int:
    """The nearest first day of the festival, or ``day`` itself where none is within the margin."""
    near = [there for there, name in anchors.items() if name == festival and abs(there - day) <= MARGIN_DAYS]
    return min(near, key=lambda there: abs(there - day), default=day)


def _known_days(country: str | None, first_day: int, last_day: int) -> CountryDays:
    if country is None:
        return CountryDays({}, {})
    return country_days(country, day_of(first_day - MARGIN_DAYS).year, day_of(last_day + MARGIN_DAYS).year)
