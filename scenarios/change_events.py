"""Events that the forecast does not know of: a campaign, an outage, a storm, with an uplift that is told or learnt from its past."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.amounts import amount_of
from centre.folder import Centre
from centre.instants import MINUTES_A_DAY, day_of
from scenarios.change_where import OFFERED, Where, where_of
from scenarios.changes import Apply, Kind
from scenarios.demand import holidays_of
from scenarios.forecasting import forecast_of
from scenarios.inputs import Inputs

LEARN = "learn"


def _event(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    """``event:NAME,DATE[..DATE][,HH:MM-HH:MM][,QUEUE...]=+30%``, or ``=learn`` from the past of that name."""
    if not selectors:
        raise ValueError("the name of an event and its dates")
    name, where = selectors[0], where_of(selectors[1:], inputs)
    if where.days is None:
        raise ValueError("the dates of the event after its name")
    amount = None if value == LEARN else amount_of(value)
    if amount is not None and (amount.how != "times" or amount.number < 0):
        raise ValueError(f"how much more is offered, +30% or x1.3, or {LEARN}")
    past = inputs.centre.events
    if amount is None and not (past["name"] == name).any():
        known = ", ".join(sorted(set(past["name"]))) or "none"
        raise ValueError(
            f"an event of events.csv whose past can be learnt ({known}), or an uplift such as +30%"
        )
    uplift = nan if amount is None else amount.number - 1.0
    factor = _factor(inputs, [*_rows(name, where, uplift, inputs)])

    def apply(now: Inputs) -> Inputs:
        offered = {column: now.forecast[column] * factor for column in OFFERED if column in now.forecast}
        return replace(now, forecast=now.forecast.assign(**offered))

    told = "as in its past" if amount is None else amount.words
    return f"event {name} {told}{where.words}", apply


def _rows(name: str, where: Where, uplift: float, inputs: Inputs) -> Iterator[dict[str, Any]]:
    """Rows of ``Centre.events``: one, or one a day where hours are told."""
    assert where.days is not None
    first, last = where.days
    opens, closes = where.clock or (0, MINUTES_A_DAY)
    spans = [(first, last)] if where.clock is None else [(day, day) for day in range(first, last + 1)]
    for start, end in spans:
        yield {
            "name": name, "phase": "", "start": _instant(start, opens, inputs), "end": _instant(end, closes, inputs),
            "queues": where.queues, "kind": "", "uplift": uplift, "row": 0,
        }  # fmt: skip


def _instant(day: int, minute: int, inputs: Inputs) -> pd.Timestamp:
    """A clock time of the centre; minute 1440 is the next day's midnight."""
    date = day_of(day) + timedelta(days=minute // MINUTES_A_DAY)
    at = time(*divmod(minute % MINUTES_A_DAY, 60), tzinfo=inputs.centre.settings.centre.timezone)
    return pd.Timestamp(datetime.combine(date, at)).tz_convert("UTC")


def _factor(inputs: Inputs, rows: list[dict[str, Any]]) -> NDArray[np.float64]:
    """What the events do to each row of the forecast: the forecast with them over that without, shape (rows,)."""
    centre = inputs.centre
    events = pd.DataFrame(rows, columns=list(centre.events.columns))
    events = pd.concat([centre.events, events], ignore_index=True) if len(centre.events) else events
    keys = ["interval_start", "queue"]
    without, with_it = (
        _offered(each, inputs).set_index(keys)["offered"] for each in (centre, replace(centre, events=events))
    )
    place = pd.MultiIndex.from_frame(inputs.forecast[keys])
    before, after = (table.reindex(place).to_numpy(dtype=float) for table in (without, with_it))
    return np.asarray(np.divide(after, before, out=np.ones_like(after), where=before > 0))


def _offered(centre: Centre, inputs: Inputs) -> pd.DataFrame:
    return forecast_of(centre, inputs.grid, holidays_of(centre, inputs.grid)).table


EVENT_KINDS: tuple[Kind, ...] = (
    Kind(
        "event",
        "a campaign, an outage, a storm that the forecast does not know of, its uplift told or learnt from its past",
        "event:storm,2026-03-03,09:00-13:00,calls=+40%",
        _event,
    ),
)
