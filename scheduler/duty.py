"""From the mixes of a centre to rows of duty: who counts, in which intervals, at what price."""

from collections.abc import Mapping, Sequence

import numpy as np

from centre.calendar import CalendarRow
from centre.instants import Grid
from centre.mix_checks import counts_in
from centre.model import Mix, Objective, Queue, Settings
from centre.opening import open_mask
from centre.people import Agent
from scheduler.rota import Flags
from scheduler.terms import DutyRow


def duty_rows(
    settings: Settings,
    agents: Sequence[Agent],
    grid: Grid,
    holidays: Mapping[int, str],
    calendar: Sequence[CalendarRow] = (),
) -> tuple[DutyRow, ...]:
    """A row for every mix that has a price; ``agents`` in the order of the problem's people.

    A minimum weighs those who count 1 and asks for the minimum. A share weighs them 1 - share, the others whom the mix is about
    -share, and asks for 0: so the sum is (those who count) - share x (all of them), short by as many as are missing to
    the share.
    """
    rows = []
    for mix in settings.mix:
        price = price_per_hour(mix, settings.objective)
        if price <= 0:
            continue
        told = [counts_in(mix, agent) for agent in agents]
        about, counts = (np.array([pair[k] for pair in told], dtype=float) for k in (0, 1))
        weights = counts if mix.share is None else counts - mix.share * about
        asked = on_hours(mix, settings.queue, grid, holidays, calendar)
        nothing = -float(len(agents) + 1)
        rows.append(DutyRow(mix.name, weights, np.where(asked, float(mix.minimum or 0), nothing), price))
    return tuple(rows)


def price_per_hour(mix: Mix, objective: Objective) -> float:
    """What one missing to a mix costs in an hour."""
    if mix.price_per_hour is not None:
        return mix.price_per_hour
    factor = objective.mix_minimum_factor if mix.share is None else objective.mix_share_factor
    return factor * objective.shortage_per_agent_hour


def on_hours(
    mix: Mix,
    queues: Sequence[Queue],
    grid: Grid,
    holidays: Mapping[int, str],
    calendar: Sequence[CalendarRow] = (),
) -> Flags:
    """In which intervals the mix asks for something, shape (intervals,)."""
    if mix.hours:
        kept = [Queue(mix.name, opening=mix.hours, makeup_hours="weekday")]
    else:
        kind, _, name = mix.of.partition(":")
        names = mix.queues or ((name,) if kind == "queue" else ())
        kept = [queue for queue in queues if not names or queue.name in names]
    masks = [open_mask(queue, grid, dict(holidays), calendar) for queue in kept]
    return np.asarray(np.any(masks, axis=0))
