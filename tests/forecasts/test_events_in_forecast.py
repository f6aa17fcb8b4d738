"""Events through the whole forecast: an invented centre with known campaigns, learned beside a model that must
find level, weekdays and hours itself.
"""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, day_of, day_start, to_timestamps
from forecasts.events import Event, event_cells
from forecasts.forecast import make_forecast
from forecasts.grid import local_positions

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, PAST, AHEAD = day_number(date(2024, 1, 1)), 200, 14
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.7, 0.5])
TRUTH = {"618: 高峰": 0.8, "账单": 0.25}


def event(name, first, days, phase=""):
    start, end = day_start(SHANGHAI, FIRST + first), day_start(SHANGHAI, FIRST + first + days)
    return Event(name, phase, start, end, kind="campaign")


EVENTS = [event("618", day, 3, "高峰") for day in (60, 130, 206)] + [
    event("账单", d, 1) for d in (40, 71, 101, 132, 203)
]


@pytest.fixture(scope="module")
def centre():
    """Mean and contacts of two queues at half hours of opening, events and days off by 5 % included."""
    rng = np.random.default_rng(3)
    grid = Grid(SHANGHAI, FIRST, PAST + AHEAD, 30)
    days, slots = local_positions(grid.starts, SHANGHAI, 30)
    hump = np.where((slots >= 16) & (slots < 44), 0.4 + np.sin(np.pi * (slots - 16) / 28), 0.0)
    parts = []
    for queue, peak in (("热线", 80.0), ("在线", 15.0)):
        mean = peak * hump * WEEK[(days + 3) % 7] * np.exp(rng.normal(0, 0.05, grid.days))[days - FIRST]
        for each in EVENTS:
            cells = event_cells([each], queue, SHANGHAI, FIRST, grid.days, 30)[days - FIRST, slots]
            mean = mean * np.where(cells, 1 + TRUTH[each.title], 1.0)
        came = rng.poisson(mean).astype(float)
        part = {
            "interval_start": to_timestamps(grid.starts),
            "queue": queue,
            "offered": came,
            "aht_seconds": 200.0,
        }
        parts.append(pd.DataFrame(part | {"day": days - FIRST, "mean": mean}))
    table = pd.concat(parts, ignore_index=True)
    return table[table["mean"] > 0]


def errors(centre, events):
    """Interval WAPE and 80 % coverage on the coming days with events, and the forecast."""
    made = make_forecast(centre, day_of(FIRST + PAST), AHEAD, timezone=SHANGHAI, events=events)
    asked = centre[centre["day"].isin([203, 206, 207, 208])].rename(columns={"offered": "came"})
    both = made.table().merge(asked, on=["interval_start", "queue"])
    inside = (both["came"] >= both["offered_p10"]) & (both["came"] <= both["offered_p90"])
    return (both["offered"] - both["came"]).abs().sum() / both["came"].sum(), inside.mean(), made


def test_campaigns_are_learned_and_their_next_occurrence_is_met(centre):
    blind, blind_cover, _ = errors(centre, ())
    wape, cover, made = errors(centre, EVENTS)
    assert blind > 0.3 > blind_cover
    assert wape < blind / 2
    assert 0.7 <= cover <= 1.0
    table = made.events.table()
    assert len(table) == 4
    for row in table.itertuples():
        truth = TRUTH["618: 高峰" if row.event == "618" else "账单"]
        assert row.uplift_p10 < truth < row.uplift_p90
        assert row.uplift == pytest.approx(truth, abs=0.15)
        assert row.source == "learned"
