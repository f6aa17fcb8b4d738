"""What the report's charts draw: history, forecast and cover of every queue as plain lists, ready to be JSON."""

from typing import Any

import numpy as np

from centre.instants import Grid, from_timestamps, to_timestamps
from scenarios.report_data import ReportData
from scenarios.report_figures import Cover, Floats, on_grid, summed
from scenarios.report_words import Format

PAST_DAYS = 28
LONGEST_GAP_DAYS = 56  # between the end of history and the horizon; what is older is not drawn
CHART_WORDS = (
    "history",
    "forecast",
    "band",
    "needed",
    "desks",
    "rostered",
    "net",
    "service",
    "agents",
    "contacts",
    "late",
    "filter_shown",
)


def past_grid(data: ReportData) -> Grid:
    """The last four weeks of history up to the horizon; no days at all where there is no history."""
    stamps = (
        from_timestamps(data.history["interval_start"]) if len(data.history) else np.zeros(0, dtype=np.int64)
    )
    stamps = stamps[stamps < data.grid.start]
    if not len(stamps):
        return Grid(data.timezone, data.first_day, 0, data.interval_minutes)
    last = to_timestamps(stamps.max(keepdims=True)).tz_convert(data.timezone)[0].date().toordinal() - 719163
    first = max(last - PAST_DAYS + 1, data.first_day - LONGEST_GAP_DAYS)
    return Grid(
        data.timezone, min(first, data.first_day), max(data.first_day - first, 0), data.interval_minutes
    )


def past_offered(data: ReportData, grid: Grid) -> Floats:
    """Contacts offered of every queue on ``grid``, shape (queues, intervals)."""
    names = [queue.name for queue in data.queues]
    return on_grid(data.history, "offered", names, grid.starts, data.interval_minutes)


def curves(data: ReportData, cover: Cover, form: Format, words: dict[str, str]) -> dict[str, Any]:
    """Everything that page.js draws; "all queues" comes first where there is more than one."""
    past = past_grid(data)
    history = past_offered(data, past)
    names = [queue.name for queue in data.queues]
    mean, p10, p90 = (
        on_grid(data.forecast, column, names, cover.starts, cover.step)
        for column in ("offered", "offered_p10", "offered_p90")
    )
    queues = [
        _curve(cover, slice(k, k + 1), history, mean)
        | {"name": queue.name, "p10": plain(p10[k]), "p90": plain(p90[k]), "target": queue.target_share}
        for k, queue in enumerate(data.queues)
    ]
    if len(queues) > 1:
        queues.insert(
            0, _curve(cover, slice(None), history, mean) | {"name": words["all_queues"], "target": None}
        )
    axis = np.concatenate([past.starts, cover.starts])
    days = np.concatenate([past.local_days(), cover.days]) if past.days else cover.days
    heads = np.flatnonzero(np.diff(days, prepend=-1))
    return {
        "clock": form.axis(iter(axis.tolist())),
        "days": [{"label": form.day(int(days[i])), "at": int(i)} for i in heads],
        "horizon": len(past.starts),
        "queues": queues,
        "words": {key: words[key] for key in CHART_WORDS},
    }


def _curve(cover: Cover, queues: slice, history: Floats, mean: Floats) -> dict[str, Any]:
    contacts, late = summed(cover.contacts[queues]), summed(cover.late[queues])
    single = cover.service[queues][0] if len(cover.service[queues]) == 1 else None
    with np.errstate(divide="ignore", invalid="ignore"):
        service = single if single is not None else np.where(contacts > 0, 1 - late / contacts, np.nan)
    needed, rostered = summed(cover.needed[queues]), summed(cover.rostered[queues])
    return {
        "history": plain(summed(history[queues])), "mean": plain(summed(mean[queues])),
        "needed": plain(needed), "desks": plain(summed(cover.desks[queues])), "rostered": plain(rostered),
        "net": plain(rostered - needed), "service": plain(service, 3), "late": plain(late),
    }  # fmt: skip


def plain(values: Floats, digits: int = 1) -> list[float | None]:
    """Rounded numbers with None for what is missing, fit for JSON."""
    return [None if v != v or abs(v) == np.inf else v for v in np.round(values, digits).tolist()]
