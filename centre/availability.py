"""Hours of the week of one person, as a cell of the agents file tells them: ``mon-fri 08:00-18:00; sat 09:00-13:00``."""

import re
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from centre import cells
from centre.hours import Opening
from centre.instants import day_start, existing_instant, weekday_of
from centre.toml_words import WEEKDAYS

WORDS = "hours of the week such as mon-fri 08:00-18:00; sat 09:00-13:00"
_PART = re.compile(r"([a-z,\- ]+?)\s+(\d\d?):([0-5]\d)\s*-\s*(\d\d?):([0-5]\d)")
_LONGEST = 1440


def hours_of_week(cell: str) -> tuple[Opening, ...]:
    """The hours that a cell tells; an end before its start is on the next day.

    Raises
    ------
    ValueError
        in the words of what was expected.

    Examples
    --------
    >>> hours_of_week("mon-wed,sat 08:00-18:00; sun 22:00-06:00")
    (Opening(days=(0, 1, 2, 5), opens=480, closes=1080), Opening(days=(6,), opens=1320, closes=1800))
    """
    return tuple(_part(part) for part in cells.words(cell.lower().replace("；", ";")))


def _part(part: str) -> Opening:
    match = _PART.fullmatch(part.strip())
    if match is None:
        raise ValueError(WORDS)
    opens, closes = (int(match[k]) * 60 + int(match[k + 1]) for k in (2, 4))
    closes += _LONGEST if closes <= opens else 0
    if opens >= _LONGEST or closes > 2 * _LONGEST:
        raise ValueError(WORDS)
    return Opening(tuple(_days(match[1])), opens, closes)


def _days(words: str) -> list[int]:
    days = set[int]()
    for piece in words.replace(" ", "").split(","):
        first, dash, last = piece.partition("-")
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise ValueError(WORDS)
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        days |= {day % 7 for day in range(begin, end + 1 + (7 if end < begin else 0))}
    return sorted(days)


def times_outside(
    hours: Sequence[Opening], zone: ZoneInfo, first_day: int, last_day: int
) -> Iterator[tuple[int, int]]:
    """Start and end in UTC minutes of the times outside the hours, from the start of ``first_day`` to the end of ``last_day``.

    Examples
    --------
    >>> list(times_outside([Opening((3,), 480, 600)], ZoneInfo("UTC"), 0, 0))  # 1970-01-01 is a Thursday
    [(0, 480), (600, 1440)]
    """
    inside = sorted(
        (existing_instant(zone, day, span.opens), existing_instant(zone, day, span.closes))
        for day in range(first_day - 1, last_day + 1)
        for span in hours
        if weekday_of(day) in span.days
    )
    free_from, ends = day_start(zone, first_day), day_start(zone, last_day + 1)
    for start, end in inside:
        if start == end:  # an hour that the clocks leave out
            continue
        if free_from < min(start, ends):
            yield free_from, min(start, ends)
        free_from = max(free_from, end)
    if free_from < ends:
        yield free_from, ends
