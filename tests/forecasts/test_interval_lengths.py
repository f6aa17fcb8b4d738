"""Interval lengths: found, and added up where they change in mid-file."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import day_number
from forecasts.history import clean_history

MONDAY = date(2024, 1, 1)
START = day_number(MONDAY) + 56


@pytest.fixture
def changing(truth):
    """Poisson contacts by 15 minutes; from ``late`` days on only their sums by the half hour are kept."""

    def build(late=28, seconds=True):
        fine = truth(56, minutes=15, peak=20.0)
        rng = np.random.default_rng(4)
        fine["offered"] = rng.poisson(fine["offered"]).astype(float)
        fine["aht_seconds"] = np.where(fine["offered"] > 0, rng.normal(250, 20, len(fine)), np.nan)
        half = fine["interval_start"].dt.floor("30min")
        work = (fine["offered"] * fine["aht_seconds"]).groupby(half).sum()
        sums = fine.groupby(half)["offered"].sum()
        coarse = pd.DataFrame({"interval_start": sums.index, "queue": "客服", "offered": sums.to_numpy()})
        coarse["aht_seconds"] = (work / sums).where(sums > 0).to_numpy()
        cut = pd.Timestamp(MONDAY + timedelta(days=late), tz="Europe/Berlin")
        parts = [fine[fine["interval_start"] < cut], coarse[coarse["interval_start"] >= cut]]
        return pd.concat(parts, ignore_index=True), coarse

    return build


def test_finer_intervals_add_up_to_the_coarser(changing, berlin):
    mixed, coarse = changing()
    found, wanted = (clean_history(table, START, berlin) for table in (mixed, coarse))
    assert found.report.interval_minutes == {"客服": 30}
    for name in ("offered", "aht_seconds"):
        np.testing.assert_allclose(getattr(found.queues["客服"], name), getattr(wanted.queues["客服"], name))
    assert "added up to 30 minutes" in found.report.warnings[0]
    assert wanted.report.warnings == []


def test_an_interval_of_which_a_part_is_missing_is_unknown(changing, berlin):
    mixed, _ = changing()
    lost = mixed["interval_start"].dt.tz_convert(berlin) == pd.Timestamp("2024-01-09 14:15", tz=berlin)
    assert lost.sum() == 1
    offered = clean_history(mixed[~lost], START, berlin).queues["客服"].offered
    assert np.isnan(offered[8, 28])
    assert np.isnan(offered).sum() == 1


def test_handle_times_of_parts_are_weighed_by_what_they_rest_on(changing, berlin):
    mixed, _ = changing()
    when = mixed["interval_start"].dt.tz_convert(berlin)
    rows = [when == pd.Timestamp(f"2024-01-09 14:{minute:02}", tz=berlin) for minute in (0, 15, 30, 45)]
    for row, offered, seconds in zip(rows, (10, 30, 10, 30), (100.0, 200.0, 100.0, np.nan), strict=True):
        mixed.loc[row, ["offered", "aht_seconds"]] = offered, seconds
    queue = clean_history(mixed, START, berlin).queues["客服"]
    assert queue.offered[8, 28:30].tolist() == [40, 40]
    assert queue.aht_seconds[8, 28:30].tolist() == [175, 100]
    assert queue.handled[8, 28:30].tolist() == [40, 10]


def test_lengths_that_do_not_add_up_are_one_fault(truth, berlin):
    late = MONDAY + timedelta(days=28)
    table = pd.concat([truth(28, minutes=20), truth(28, first=late, minutes=30)], ignore_index=True)
    with pytest.raises(BadInput) as caught:
        clean_history(table, START, berlin)
    (fault,) = caught.value.faults
    assert "one interval length throughout" in fault.expected


def test_a_row_off_the_finer_grid_is_still_a_fault(changing, berlin):
    mixed, _ = changing()
    mixed.loc[40, "interval_start"] += pd.Timedelta(minutes=7)
    with pytest.raises(BadInput) as caught:
        clean_history(mixed, START, berlin)
    assert [fault.row for fault in caught.value.faults] == [42]


def test_queues_may_differ_in_length(truth, berlin):
    table = pd.concat([truth(56, minutes=15), truth(56, minutes=60).assign(queue="VIP")])
    report = clean_history(table, START, berlin).report
    assert report.interval_minutes == {"客服": 15, "VIP": 60}
    assert report.warnings == []
