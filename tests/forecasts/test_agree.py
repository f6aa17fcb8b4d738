"""Queues and their groups, moved towards each other."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasts import make_forecast

MONDAY = date(2024, 1, 1)
DAYS, AHEAD = 112, 14
START = date(2024, 4, 22)
SHARE = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.7, 0.0])
GROUPS = {"group:phone": ("calls", "热线"), "centre:all": ("calls", "热线", "chat")}


def history(names=("calls", "热线", "chat"), days=DAYS, factor=1.0):
    """Three queues of hourly contacts from 08:00 to 18:00, closed on Sundays, that share their good and bad days."""
    rng = np.random.default_rng(7)
    shared = np.exp(0.15 * rng.standard_normal(DAYS))
    tables = []
    for name, level in (("calls", 60.0), ("热线", 40.0), ("chat", 25.0)):
        hours = pd.date_range(MONDAY, periods=24 * DAYS, freq="h", tz="UTC")
        mean = level * np.where((hours.hour >= 8) & (hours.hour < 18), 1.0, 0.0) * SHARE[hours.day_of_week]
        offered = rng.poisson(mean * np.repeat(shared, 24)) * factor
        table = pd.DataFrame(
            {"interval_start": hours, "queue": name, "offered": offered, "aht_seconds": 200.0}
        )
        tables.append(table[(mean > 0) & (np.arange(len(hours)) >= 24 * (DAYS - days))])
    return pd.concat([table for table in tables if table["queue"].iloc[0] in names], ignore_index=True)


def totals(made):
    return made.day_table().pivot_table(index="day", columns="queue", values="offered")


@pytest.fixture(scope="module")
def alone():
    return make_forecast(history(), START, AHEAD, timezone="UTC")


@pytest.fixture(scope="module")
def together():
    return make_forecast(history(), START, AHEAD, timezone="UTC", groups=GROUPS)


def test_queues_move_a_little_towards_their_groups_and_keep_their_shape(alone, together):
    before, after = totals(alone), totals(together)
    moved = (after / before).to_numpy()[:6]
    assert np.nanmax(np.abs(moved - 1)) < 0.1
    assert np.nanmax(np.abs(moved - 1)) > 0.0005
    for name, queue in together.queues.items():
        shape = queue.offered / np.maximum(queue.offered.sum(axis=1, keepdims=True), 1e-9)
        plain = alone.queues[name].offered
        assert shape == pytest.approx(plain / np.maximum(plain.sum(axis=1, keepdims=True), 1e-9))


def test_a_closed_day_stays_closed(together):
    found = totals(together)
    sundays = pd.to_datetime(found.index).day_of_week == 6
    assert sundays.sum() == 2
    assert (found[sundays] == 0).all(axis=None)


def test_the_order_of_queues_and_groups_does_not_matter(together):
    turned = history().iloc[::-1]
    groups = {node: GROUPS[node][::-1] for node in reversed(GROUPS)}
    found = totals(make_forecast(turned, START, AHEAD, timezone="UTC", groups=groups))
    pd.testing.assert_frame_equal(found, totals(together), rtol=1e-9)


def test_a_group_of_one_or_with_little_in_common_changes_nothing(alone):
    for groups in ({"group:a": ("calls",)}, {"group:a": ("calls", "nobody")}, {}):
        found = make_forecast(history(), START, AHEAD, timezone="UTC", groups=groups)
        pd.testing.assert_frame_equal(found.table(), alone.table())
    short = pd.concat([history(("calls",)), history(("热线",), days=40)])
    one = totals(make_forecast(short, START, AHEAD, timezone="UTC"))
    both = totals(make_forecast(short, START, AHEAD, timezone="UTC", groups={"g": ("calls", "热线")}))
    pd.testing.assert_frame_equal(one, both)


def test_special_days_are_only_added_up(alone):
    holiday = {(START - date(1970, 1, 1)).days + 2: "节日"}
    options = {"timezone": "UTC", "holidays": holiday}
    plain = totals(make_forecast(history(), START, AHEAD, **options))
    found = totals(make_forecast(history(), START, AHEAD, **options, groups=GROUPS))
    assert found.iloc[2].tolist() == pytest.approx(plain.iloc[2].tolist())
    assert found.iloc[9].tolist() != pytest.approx(plain.iloc[9].tolist(), rel=1e-6)
