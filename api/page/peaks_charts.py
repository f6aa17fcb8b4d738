"""Pictures of the day: contacts against the forecast, customers online against what calls and releases; places in a drawing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from api.schemas.peaks import PeakInterval
from centre.instants import to_minutes
from scenarios.backup_now import PoolNow

WIDTH, HEIGHT, ROOM = 960, 120, 1.1


def against_forecast(rows: Sequence[PeakInterval], now: int) -> dict[str, Any]:
    """Bars of what came, a line of what was forecast, and where now is."""
    starts = [to_minutes(each.interval_start) for each in rows]
    step = min(np.diff(starts).tolist(), default=30) if len(starts) > 1 else 30
    first, last = starts[0], starts[-1] + step
    most = ROOM * max(max(each.offered or 0.0, each.forecast or 0.0) for each in rows) or 1.0
    wide = WIDTH / (last - first)
    bars = [
        {
            "x": _at((start - first) * wide),
            "width": _at(step * wide - 1),
            "height": _at(HEIGHT * each.offered / most),
        }
        for start, each in zip(starts, rows, strict=True)
        if each.offered
    ]
    line = [
        f"{_at((start + more - first) * wide)},{_at(HEIGHT * (1 - each.forecast / most))}"
        for start, each in zip(starts, rows, strict=True)
        if each.forecast is not None
        for more in (0, step)
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "bars": bars,
        "line": " ".join(line),
        "now": _at((now - first) * wide),
        "most": most / ROOM,
    }


def against_triggers(states: pd.DataFrame, pool: PoolNow, now: int) -> dict[str, Any] | None:
    """Customers online of a pool's queues through the day, with what calls and releases; None where it looks at something else."""
    trigger = next((each for each in pool.pool.triggers if each.when == "customers_online"), None)
    mine = states[states["queue"].isin(list(pool.pool.queues))]
    if trigger is None or mine.empty:
        return None
    sums = mine.pivot_table(index="at", columns="queue", values="customers_online").ffill().sum(axis=1)
    at, online = [int(str(each)) for each in sums.index], sums.to_numpy(dtype=float)
    first, last = at[0], max(now, at[-1], at[0] + 60)
    most = ROOM * max(float(online.max()), trigger.threshold)
    points = [
        f"{_at((one - first) * WIDTH / (last - first))},{_at(HEIGHT * (1 - value / most))}"
        for one, until, value in zip(at, [*at[1:], now], online.tolist(), strict=True)
        for one in (one, max(one, until))
    ]
    levels = {"call": trigger.threshold, "release": trigger.release}
    return {
        "width": WIDTH, "height": HEIGHT, "line": " ".join(points),
        "levels": {name: _at(HEIGHT * (1 - level / most)) for name, level in levels.items()},
        "threshold": trigger.threshold, "release": trigger.release, "online": float(online[-1]),
    }  # fmt: skip


def _at(place: float) -> float:
    return round(place, 2)
