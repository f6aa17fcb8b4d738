"""The kinds of change that a what-if knows, of demand and of settings; those of people are in `scenarios.change_people`."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.amounts import Amount, amount_of
from centre.availability import hours_of_week
from centre.cells import suggestion
from centre.instants import from_timestamps
from centre.queue_checks import clock
from centre.toml_words import WEEKDAYS
from scenarios.change_events import EVENT_KINDS
from scenarios.change_people import PEOPLE_KINDS
from scenarios.change_where import OFFERED, where_of
from scenarios.changes import Apply, Kind, Reader
from scenarios.demand import holidays_of, open_rows
from scenarios.inputs import Inputs


def _demand(name: str, columns: Sequence[str]) -> Reader:
    def read(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
        where, amount = where_of(selectors, inputs), amount_of(value)
        if amount.of(1.0) < 0 or (amount.how == "plus" and columns == OFFERED):
            raise ValueError("a share such as +10%, a factor such as x1.2, or a number to set")

        def apply(now: Inputs) -> Inputs:
            return replace(now, forecast=_changed(now, where.rows(now), columns, amount))

        return f"{name} {amount.words}{where.words}", apply

    return read


def _changed(inputs: Inputs, rows: NDArray[np.bool_], columns: Sequence[str], amount: Amount) -> pd.DataFrame:
    table = inputs.forecast.copy()
    for column in columns:
        if column in table:
            values = table[column].to_numpy(dtype=float, copy=True)
            values[rows] = (
                [amount.of(value) for value in values[rows]]
                if amount.how == "set"
                else _moved(values[rows], amount)
            )
            table[column] = values
    return table


def _moved(values: NDArray[np.float64], amount: Amount) -> NDArray[np.float64]:
    return values * amount.number if amount.how == "times" else values + amount.number


def _pattern(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    where, step = where_of(selectors, inputs), inputs.grid.interval_minutes
    match = re.fullmatch(r"([+-]\d+)min", value)
    if match is None or int(match[1]) % step:
        raise ValueError(f"minutes later or earlier in whole intervals of {step}, +60min")
    moved = int(match[1]) // step

    def apply(now: Inputs) -> Inputs:
        table, rows = now.forecast.copy(), where.rows(now)
        day = now.grid.local_days()[(from_timestamps(table["interval_start"]) - now.grid.start) // step]
        groups = table[rows].groupby(["queue", day[rows]]).indices.values()
        for column in OFFERED:
            values, within = table[column].to_numpy(dtype=float, copy=True), np.flatnonzero(rows)
            for own in groups:
                values[within[own]] = _later(values[within[own]], moved)
            table[column] = values
        return replace(now, forecast=table)

    return f"arrivals {value} in the day{where.words}", apply


def _later(values: NDArray[np.float64], intervals: int) -> NDArray[np.float64]:
    """Contacts so many intervals later; those that would come before the first or after the last come in it."""
    to = np.clip(np.arange(len(values)) + intervals, 0, len(values) - 1)
    return np.bincount(to, values, minlength=len(values)).astype(np.float64)


def _queue_setting(field: str) -> Reader:
    def read(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
        names = [queue.name for queue in inputs.centre.settings.queue]
        for part in selectors:
            if part not in names:
                raise ValueError(f"queues of the centre{suggestion(part, names)}")
        amount, chosen = amount_of(value), list(selectors) or names

        def apply(now: Inputs) -> Inputs:
            return now.with_settings(*((f"queue.{name}.{field}", value) for name in chosen))

        for queue in inputs.centre.settings.queue:
            if queue.name in chosen and amount.how != "set" and getattr(queue, field) is None:
                raise ValueError(f"a value to set: queue {queue.name} tells no {field}")
        where = f" ({', '.join(selectors)})" if selectors else ""
        return f"{field} {amount.words}{where}", apply

    return read


def _opening(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    names = [queue.name for queue in inputs.centre.settings.queue]
    if not selectors or any(part not in names for part in selectors):
        raise ValueError(f"queues of the centre: {', '.join(names)}")
    spans = [
        {
            "days": [WEEKDAYS[day] for day in each.days],
            "opens": clock(each.opens),
            "closes": clock(each.closes),
        }
        for each in hours_of_week(value)
    ]
    if not spans:
        raise ValueError("hours of the week")

    def apply(now: Inputs) -> Inputs:
        changed = now.with_settings(*((f"queue.{name}.opening", spans) for name in selectors))
        centre, table = changed.centre, changed.forecast
        is_open = open_rows(table, centre.settings, holidays_of(centre, now.grid), centre.calendar)
        kept = is_open | ~table["queue"].isin(list(selectors)).to_numpy()
        return replace(changed, forecast=table[kept].reset_index(drop=True))

    return f"open {value} ({', '.join(selectors)}), contacts outside these hours are lost", apply


def _shrinkage(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    causes = inputs.centre.settings.shrinkage.unplanned
    name = selectors[0] if selectors else "absence"
    amount, now_ = amount_of(value), causes.get(name, 0.0)
    if len(selectors) > 1 or not isinstance(now_, float | int):
        raise ValueError("one unplanned cause of shrinkage that is one share")
    share = amount.of(float(now_)) if amount.how != "plus" else float(now_) + amount.number / 100

    def apply(now: Inputs) -> Inputs:
        return now.with_settings((f"shrinkage.unplanned.{name}", f"{share:.6f}"))

    return f"unplanned shrinkage {name} {100 * float(now_):.1f} % to {100 * share:.1f} %", apply


def _set(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    if len(selectors) != 1:
        raise ValueError("one setting of centre.toml by its path")
    path = selectors[0]
    return f"{path} = {value}", lambda now: now.with_settings((path, value))


def _preset(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    sign, name = value[:1], value[1:]
    presets = list(inputs.centre.settings.rules.presets)
    if selectors or sign not in "+-" or not name or (sign == "-" and name not in presets):
        raise ValueError(f"+NAME to add, -NAME to drop a preset in force ({', '.join(presets)})")

    def apply(now: Inputs) -> Inputs:
        rules = now.centre.settings.rules
        kept = [preset for preset in rules.presets if preset != name]
        return now.with_settings(("rules.presets", [*kept, name] if sign == "+" else kept))

    return f"preset {name} {'added' if sign == '+' else 'dropped'}", apply


KINDS: tuple[Kind, ...] = (
    Kind(
        "volume",
        "contacts offered, by queue, date and hour",
        "volume:calls,2026-03-02..2026-03-04=+20%",
        _demand("volume", OFFERED),
    ),
    Kind("aht", "handle time, by queue, date and hour", "aht=-5%", _demand("aht", ("aht_seconds",))),
    Kind("arrivals", "contacts later or earlier in the day", "arrivals:calls=+60min", _pattern),
    *(
        Kind(field, about, f"{field}={example}", _queue_setting(field))
        for field, about, example in (
            ("target_share", "share to be answered in time, by queue", "90%"),
            ("target_seconds", "threshold of the service level, by queue", "30"),
            ("patience_seconds", "how long customers wait, by queue", "-20%"),
            ("max_occupancy", "occupancy limit, by queue", "0.85"),
            ("minimum_agents", "minimum cover, by queue", "3"),
            ("containment_share", "contacts that a bot keeps, by queue", "15%"),
            ("containment_aht_factor", "how much longer those are that the bot leaves, by queue", "1.1"),
            ("first_contact_resolution", "share resolved at the first contact, by queue", "80%"),
            ("transfer_share", "share handed on, by queue", "10%"),
            ("callback_share", "share of waiting customers who take a call-back, by queue", "20%"),
        )
    ),
    Kind(
        "opening", "opening hours of a queue", "opening:calls=mon-fri 08:00-18:00; sat 09:00-13:00", _opening
    ),
    Kind("shrinkage", "unplanned loss by cause: +2 is two points more", "shrinkage:sickness=+2", _shrinkage),
    Kind("preset", "a preset of rules added or dropped", "preset=+eu-wtd", _preset),
    *EVENT_KINDS,
    *PEOPLE_KINDS,
    Kind(
        "set",
        "any setting of centre.toml by its path: prices, rules, backup, levers, contracts, shifts",
        "set:objective.change=0",
        _set,
    ),
)
"""Every kind of change, in the order of ``--list``."""
