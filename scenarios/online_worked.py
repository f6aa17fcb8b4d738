"""Hours on the queue and contacts of each person as they were, beside what is asked (policy P8)."""

import pandas as pd

from centre.folder import Centre
from centre.instants import day_start, from_timestamps
from scheduler.online import online_figures
from scheduler.rota import Rota


def online_worked(centre: Centre, worked: Rota, first_day: int, end_day: int) -> pd.DataFrame:
    """The table of ``online.csv`` of what was worked on ``first_day..end_day - 1``, with the contacts handled, else offered."""
    zone, history = centre.settings.centre.timezone, centre.history
    at = from_timestamps(history["interval_start"])
    inside = history[(at >= day_start(zone, first_day)) & (at < day_start(zone, end_day))]
    handled = inside["handled"] if "handled" in inside else pd.Series(float("nan"), index=inside.index)
    usual = {queue.name: queue.aht_seconds for queue in centre.settings.queue}
    told = inside[["interval_start", "queue"]].assign(
        contacts=handled.fillna(inside["offered"]),
        aht_seconds=inside["aht_seconds"].fillna(inside["queue"].map(usual).astype(float)),
    )
    step = centre.settings.centre.interval_minutes
    return online_figures(worked, told, centre.settings.online, centre.agents, step)
