"""When the intervals of a foreign file begin: dates and times of any spelling as instants, on the clock that they were read from."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from centre.foreign import times
from centre.foreign.reading import Reading
from centre.instants import MINUTES_A_DAY, Minutes
from centre.wall_clock import readings


def interval_starts(reading: Reading, zone: ZoneInfo, told: list[str]) -> Minutes:
    """UTC minutes of the intervals; of a time that clocks show twice the rows take turns."""
    mapping = reading.mapping
    place = (mapping.places("interval_start") or mapping.places("date"))[0]
    wall = np.zeros(len(reading.rows), dtype=np.int64)
    zoned = np.zeros(len(reading.rows), dtype=bool)
    if mapping.date_order is None and reading.rows:
        words = "dates whose order is told (day or month first), as both are possible: --date-order dmy, mdy or ymd"
        reading.blame(0, place, words)
        reading.bad[:] = True
        return wall
    order = mapping.date_order or "ymd"
    if mapping.places("interval_start"):
        _moments(reading, place, order, wall, zoned)
    else:
        days = reading.values(
            place, lambda text: times.day_in(times.date_texts([text])[0] if text else text, order)
        )
        minutes = reading.values(mapping.places("time")[0], times.minute_in)
        wall[:] = np.nan_to_num(days) * MINUTES_A_DAY + np.nan_to_num(minutes)
    if not mapping.date_order_sure:
        told.append(f"dates are read as {order}, by which alone their days follow one another")
    return _instants(reading, wall, zoned, zone, place, told)


def _moments(reading: Reading, place: int, order: str, wall: Any, zoned: Any) -> None:
    of_text: dict[str, bool] = {}

    def read(text: str) -> float:
        minutes, of_text[text] = times.moment_in(text, order)
        return minutes

    values = reading.values(place, read)
    wall[:] = np.nan_to_num(values)
    zoned[:] = [of_text.get(text, False) for text in reading.texts(place)]


def _instants(
    reading: Reading, wall: Any, zoned: Any, zone: ZoneInfo, place: int, told: list[str]
) -> Minutes:
    good = ~reading.bad & ~zoned
    meaning = readings(wall[good], zone)
    instants: Minutes = wall.copy()
    instants[good] = meaning.first
    where = np.flatnonzero(good)
    for k in where[meaning.skipped]:
        reading.blame(int(k), place, f"a time that exists in {zone.key}: clocks skipped this one")
    seen: Counter[tuple[str, ...]] = Counter()
    keys = [place for role in ("queue", "part") for place in reading.mapping.places(role)]
    alone = 0
    for k, second in zip(where[meaning.twice], meaning.second[meaning.twice], strict=True):
        cells = reading.rows[k][1]
        key = (str(wall[k]), *(cells[at] for at in keys if at < len(cells)))
        seen[key] += 1
        if seen[key] == 2:
            instants[k] = second
    alone = sum(times_ == 1 for times_ in seen.values())
    if seen:
        told.append(f"{len(seen):,} intervals that clocks of {zone.key} show twice: the first row is the first hour, the second the next"
                    + (f"; {alone:,} have one row, which is taken for the first" if alone else ""))  # fmt: skip
    return instants
