"""What a change of demand is about: queues, days and hours, as its selectors tell them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from centre.cells import suggestion
from centre.instants import day_number, day_of, from_timestamps
from centre.queue_checks import clock
from scenarios.forecasting import FORECAST_COLUMNS
from scenarios.inputs import Inputs

_SPAN = re.compile(r"(\d\d?):(\d\d)-(\d\d?):(\d\d)")
OFFERED = tuple(name for name in FORECAST_COLUMNS if name.startswith("offered"))


@dataclass(frozen=True, slots=True)
class Where:
    """Queues (empty: all), days (None: all) and minutes of the day that a change of demand is about."""

    queues: tuple[str, ...] = ()
    days: tuple[int, int] | None = None
    clock: tuple[int, int] | None = None

    def rows(self, inputs: Inputs) -> NDArray[np.bool_]:
        """Which rows of the forecast are meant, shape (rows,)."""
        table, grid = inputs.forecast, inputs.grid
        place = (from_timestamps(table["interval_start"]) - grid.start) // grid.interval_minutes
        kept = np.ones(len(table), dtype=bool)
        if self.queues:
            kept &= table["queue"].isin(self.queues).to_numpy()
        if self.days:
            day = grid.local_days()[place]
            kept &= (day >= self.days[0]) & (day <= self.days[1])
        if self.clock:
            minute = grid.local_minutes()[place]
            kept &= (minute >= self.clock[0]) & (minute < self.clock[1])
        return kept

    @property
    def words(self) -> str:
        """In words, to follow what is changed."""
        told = [", ".join(self.queues)] if self.queues else []
        if self.days:
            first, last = map(day_of, self.days)
            told.append(f"on {first}" if first == last else f"from {first} to {last}")
        if self.clock:
            told.append(" to ".join(map(clock, self.clock)))
        return f" ({', '.join(told)})" if told else ""


def where_of(selectors: Sequence[str], inputs: Inputs) -> Where:
    """Selectors of demand: queues, one date or two (``2026-03-02..2026-03-04``), a span of the clock (``09:00-12:00``)."""
    names, queues = [queue.name for queue in inputs.centre.settings.queue], list[str]()
    days: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    for part in selectors:
        first, _, last = part.partition("..")
        if part in names:
            queues.append(part)
        elif (match := _SPAN.fullmatch(part)) is not None:
            hours = [int(value) for value in match.groups()]
            span = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
            if not 0 <= span[0] < span[1] <= 1440:
                raise ValueError("a span of one day, its start before its end")
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", first):
            days = day_number(date.fromisoformat(first)), day_number(date.fromisoformat(last or first))
            _check_days(days, inputs)
        else:
            raise ValueError(
                f"a queue of the centre, a date or two, a span of the clock{suggestion(part, names)}"
            )
    return Where(tuple(queues), days, span)


def _check_days(days: tuple[int, int], inputs: Inputs) -> None:
    if days[0] > days[1]:
        raise ValueError("the first date before the last")
    if days[1] < inputs.grid.first_day or days[0] >= inputs.grid.first_day + inputs.grid.days:
        raise ValueError("days of the horizon")
