"""A rehearsal in words, as a table and as plain numbers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from centre.instants import day_of
from scenarios.rehearsal import MOST_PEOPLE, Rehearsal, usual_fee
from scenarios.worlds import World
from scheduler.staffing.confidence import Estimate

MARK = "rehearsal.json"
COLUMNS = (
    *(
        "world",
        "queue",
        "in_time",
        "in_time_low",
        "in_time_high",
        "target_met",
        "target_met_low",
        "target_met_high",
    ),
    *("cost", "planned_cost", "live_cost", "planned_call_outs", "live_call_outs"),
)
DIGITS = 4


def table(made: Rehearsal) -> pd.DataFrame:
    """A row a way of staffing and queue on the peak day, and one for all queues together, whose time is that of all days."""
    return pd.DataFrame([row for each in made.worlds for row in _rows(each)], columns=list(COLUMNS))


def _rows(one: World) -> Iterator[tuple[object, ...]]:
    calls = one.planned_calls, round(float(one.live_calls.mean), DIGITS)
    money = round(one.cost, 2), round(one.planned_cost, 2), round(float(one.live_cost.mean), 2)
    for q, queue in enumerate(one.queues):
        yield one.name, queue, *_parts(one.share_in_time, q), *_parts(one.met_by_queue, q), *money, *calls
    yield one.name, "", *_parts(one.in_time_all_days), *_parts(one.met), *money, *calls


def _parts(
    estimate: Estimate, place: int | tuple[()] = (), digits: int = DIGITS
) -> tuple[float, float, float]:
    """Mean and interval; that of a share stays within 0 and 1."""
    mean, low, high = (float(np.asarray(getattr(estimate, part))[place]) for part in ("mean", "low", "high"))
    return round(mean, digits), round(max(0.0, low), digits), round(min(1.0, high), digits)


def figures(made: Rehearsal) -> dict[str, Any]:
    """What ``rehearsal.json`` holds."""
    return {
        "start": day_of(made.plan.grid.first_day).isoformat(),
        "days": made.plan.grid.days,
        "peak_day": day_of(made.peak_day).isoformat(),
        "replications": made.replications,
        "currency": made.plan.centre.settings.centre.currency,
        "effort": made.plan.limits.effort,
        "seconds": made.plan.limits.seconds,
        "seed": made.plan.limits.seed,
        "worlds": [dict(zip(COLUMNS, row, strict=True)) for each in made.worlds for row in _rows(each)],
        "called_in_share_of_replications": round(made.worlds[0].called_in, DIGITS),
        "overtime_minutes_a_week": made.overtime_minutes,
        "more_people": made.more_people,
        "yearly_cost_of_more_people": made.yearly_cost,
        "break_even_call_out_cost": made.break_even,
        "inputs": made.plan.inputs,
    }


def sentences(made: Rehearsal) -> Iterator[str]:
    """What it comes to, in words."""
    backup, nobody, overtime, *permanent = made.worlds
    currency, times = made.plan.centre.settings.centre.currency, made.replications
    yield (
        f"Peak day {day_of(made.peak_day)}: every target met in {_share(backup.met)} of {times} replications with backup,"
        f" in {_share(nobody.met)} with nobody called, in {_share(overtime.met)} on overtime for no more money."
    )
    yield (
        f"Call-outs: {backup.calls:,.1f} of people in all, {backup.planned_calls} of them planned; triggers call somebody in"
        f" {100 * backup.called_in:.1f} % of the replications."
    )
    yield (
        f"Cost: {backup.cost:,.0f} {currency} with backup, {nobody.cost:,.0f} with nobody called, {overtime.cost:,.0f} on overtime"
        f" (up to {made.overtime_minutes} min a week and person)."
    )
    if made.more_people is None:
        yield f"Permanent staff: more than {MOST_PEOPLE} more people would be needed to do as well."
    for each in permanent:
        yield (
            f"Permanent staff: {made.more_people} more people do as well; {each.cost - backup.cost:+,.0f} {currency} in these days,"
            f" {made.yearly_cost:,.0f} a year."
        )
    if made.break_even is None:
        yield "Break-even price of a call-out: none, for no other way does as well."
    else:
        now = usual_fee(made.plan.centre)
        yield f"Break-even price of a call-out: {made.break_even:,.0f} {currency}; now {now:,.0f}."


def _share(estimate: Estimate) -> str:
    mean, low, high = _parts(estimate)
    return f"{100 * mean:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
