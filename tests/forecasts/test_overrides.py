"""The planner's hand: totals right, bands moved along, nothing else touched, everything odd told."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import Grid, day_number, parse_instant, to_timestamps
from forecasts.overrides import apply_overrides

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2024, 3, 4)


def forecast_table(offered=None, *, days=2, first=MONDAY, minutes=60, queues=("calls", "客服")):
    starts = Grid(BERLIN, day_number(first), days, minutes).starts
    local = to_timestamps(starts).tz_convert(BERLIN).hour
    is_open = (local >= 8) & (local < 12)
    parts = []
    for queue in queues:
        mean = (
            np.array([10.0, 20.0, 40.0, 30.0] * days) if offered is None else np.asarray(offered, dtype=float)
        )
        part = pd.DataFrame(
            {"interval_start": to_timestamps(starts[is_open]), "queue": queue, "offered": mean}
        )
        bands = {f"offered_p{p}": mean * factor for p, factor in ((10, 0.8), (50, 1.0), (90, 1.3))}
        parts.append(part.assign(aht_seconds=200.0, **bands, open=True))
    return pd.concat(parts, ignore_index=True)


def override(start, end, kind, value, queue="calls", measure="offered", **more):
    told = {"reason": "促销", "author": "王芳", "row": 2}
    window = {"start": parse_instant(start, BERLIN), "end": parse_instant(end, BERLIN)}
    row = window | {"queue": queue, "kind": kind, "value": value, "measure": measure} | told | more
    frame = pd.DataFrame([row])
    return frame.assign(**{name: to_timestamps(frame[name].to_numpy()) for name in ("start", "end")})


def calls(table, column="offered"):
    return table.loc[table["queue"] == "calls", column].to_numpy()


def test_none_leave_the_table_as_it_is():
    table = forecast_table()
    found, told = apply_overrides(table, pd.DataFrame(), BERLIN)
    pd.testing.assert_frame_equal(found, table)
    assert told == ()


def test_set_spreads_the_total_in_the_forecasts_proportions():
    found, told = apply_overrides(forecast_table(), override("2024-03-04", "2024-03-05", "set", 200), BERLIN)
    assert calls(found)[:4] == pytest.approx([20, 40, 80, 60])
    assert calls(found, "offered_p10")[:4] == pytest.approx([16, 32, 64, 48])
    assert calls(found, "offered_p90")[:4] == pytest.approx([26, 52, 104, 78])
    assert told == ()


def test_multiply_takes_every_interval_and_its_band_times_the_value():
    found, _ = apply_overrides(
        forecast_table(), override("2024-03-04", "2024-03-05", "multiply", 1.5), BERLIN
    )
    assert calls(found)[:4] == pytest.approx([15, 30, 60, 45])
    assert calls(found, "offered_p90")[:4] == pytest.approx([19.5, 39, 78, 58.5])


def test_add_goes_to_the_total_and_the_band_stays_as_wide_in_contacts():
    found, _ = apply_overrides(forecast_table(), override("2024-03-04", "2024-03-05", "add", 100), BERLIN)
    assert calls(found)[:4] == pytest.approx([20, 40, 80, 60])
    assert calls(found, "offered_p10")[:4] == pytest.approx([18, 36, 72, 54])
    assert calls(found, "offered_p90")[:4] == pytest.approx([23, 46, 92, 69])


def test_what_is_not_in_the_window_or_queue_stays():
    table = forecast_table()
    found, _ = apply_overrides(table, override("2024-03-04", "2024-03-05", "set", 200), BERLIN)
    pd.testing.assert_frame_equal(found.iloc[4:][table.columns], table.iloc[4:])
    assert found["offered_before_override"].tolist() == table["offered"].tolist()
    assert "aht_before_override" not in found


def test_hours_and_parts_of_intervals():
    window = override("2024-03-04T09:30", "2024-03-04T11:00", "set", 100)
    found, _ = apply_overrides(forecast_table(), window, BERLIN)
    # of 9-10 the second half (10) and 10-11 (40) were 50 and are now 100
    assert calls(found)[:4] == pytest.approx([10, 10 + 20, 80, 30])


def test_a_window_in_utc_across_the_clock_change():
    sunday = date(2024, 3, 31)  # 23 hours; local 08:00 is 06:00Z
    table = forecast_table(days=1, first=sunday)
    found, _ = apply_overrides(table, override("2024-03-31T06:00Z", "2024-03-31T07:00Z", "set", 77), BERLIN)
    assert calls(found) == pytest.approx([77, 20, 40, 30])
    whole, _ = apply_overrides(table, override("2024-03-31", "2024-04-01", "set", 50), BERLIN)
    assert calls(whole).sum() == pytest.approx(50)


def test_a_forecast_of_nothing_is_set_evenly_and_told():
    table = forecast_table(offered=[0] * 8)
    found, told = apply_overrides(table, override("2024-03-04", "2024-03-05", "set", 8), BERLIN)
    assert calls(found).tolist() == [2, 2, 2, 2, 0, 0, 0, 0]
    assert calls(found, "offered_p90")[:4].tolist() == [2, 2, 2, 2]
    assert len(told) == 1
    assert "evenly" in told[0]
    _, told = apply_overrides(table, override("2024-03-04", "2024-03-05", "multiply", 2), BERLIN)
    assert "changes nothing" in told[0]
    _, told = apply_overrides(table, override("2024-03-04", "2024-03-05", "set", 0), BERLIN)
    assert told == ()


def test_adding_less_than_nothing_leaves_nothing():
    found, told = apply_overrides(forecast_table(), override("2024-03-04", "2024-03-05", "add", -150), BERLIN)
    assert calls(found)[:4].tolist() == [0, 0, 0, 0]
    assert (calls(found, "offered_p10") >= 0).all()
    assert "takes away more than the 100.0 contacts" in told[0]


@pytest.mark.parametrize(
    "window",
    [
        override("2024-03-08", "2024-03-09", "set", 5),  # after the forecast
        override("2024-03-04T13:00", "2024-03-04T15:00", "set", 5),  # closed
        override("2024-03-04", "2024-03-05", "set", 5, queue="邮件"),
    ],
)
def test_windows_without_rows_are_told(window):
    table = forecast_table()
    found, told = apply_overrides(table, window, BERLIN)
    pd.testing.assert_frame_equal(found[table.columns], table)
    assert len(told) == 1
    assert "no open interval" in told[0]
    assert "王芳" not in told[0]


def test_overlapping_ones_apply_in_the_order_of_the_file_and_are_told():
    double = override("2024-03-04", "2024-03-05", "multiply", 2)
    one = override("2024-03-04T08:00", "2024-03-04T09:00", "set", 5, row=3)
    found, told = apply_overrides(forecast_table(), pd.concat([double, one]), BERLIN)
    assert calls(found)[:4].tolist() == [5, 40, 80, 60]
    assert len(told) == 1
    assert "overlaps row 2" in told[0]
    other, told = apply_overrides(forecast_table(), pd.concat([one, double]), BERLIN)
    assert calls(other)[:4].tolist() == [10, 40, 80, 60]
    assert "overlaps row 3" in told[0]
    assert calls(other, "offered_before_override")[:4].tolist() == [10, 20, 40, 30]


def test_side_by_side_is_no_overlap():
    pair = [override("2024-03-04", "2024-03-05", "set", 5), override("2024-03-05", "2024-03-06", "set", 5)]
    assert apply_overrides(forecast_table(), pd.concat(pair), BERLIN)[1] == ()
    aht = override("2024-03-04", "2024-03-05", "set", 240, measure="aht_seconds")
    assert apply_overrides(forecast_table(), pd.concat([pair[0], aht]), BERLIN)[1] == ()


@pytest.mark.parametrize(
    ("kind", "value", "expected"), [("set", 240, 240), ("multiply", 1.1, 220), ("add", -20, 180)]
)
def test_handle_times(kind, value, expected):
    table = forecast_table()
    found, told = apply_overrides(
        table, override("2024-03-04", "2024-03-05", kind, value, measure="aht_seconds"), BERLIN
    )
    assert calls(found, "aht_seconds") == pytest.approx([expected] * 4 + [200] * 4)
    assert found["aht_before_override"].eq(200).all()
    assert found["offered"].equals(table["offered"])
    assert told == ()


def test_handle_times_that_are_unknown_or_would_vanish():
    table = forecast_table().assign(aht_seconds=np.nan)
    window = ("2024-03-04", "2024-03-05")
    found, told = apply_overrides(table, override(*window, "multiply", 2, measure="aht_seconds"), BERLIN)
    assert found["aht_seconds"].isna().all()
    assert "4 intervals have no handle time" in told[0]
    found, told = apply_overrides(table, override(*window, "set", 90, measure="aht_seconds"), BERLIN)
    assert calls(found, "aht_seconds")[:4].tolist() == [90] * 4
    assert told == ()
    found, told = apply_overrides(
        forecast_table(), override(*window, "add", -200, measure="aht_seconds"), BERLIN
    )
    assert calls(found, "aht_seconds").tolist() == [200] * 8
    assert "0 or less" in told[0]


def test_types_rows_and_index_are_kept():
    table = (
        forecast_table()
        .sample(frac=1, random_state=1)
        .astype({"queue": "category", "offered_p50": "float32"})
    )
    found, _ = apply_overrides(table, override("2024-03-04", "2024-03-05", "set", 50), BERLIN)
    assert (found[table.columns].dtypes == table.dtypes).all()
    assert found.index.equals(table.index)
    assert found["interval_start"].equals(table["interval_start"])
    assert table["offered"].sum() == 400  # what was given is left alone


@settings(max_examples=25)
@given(
    offered=st.lists(st.floats(0, 1e4), min_size=8, max_size=8),
    kind=st.sampled_from(["set", "multiply", "add"]),
    value=st.floats(0, 1e4),
    edges=st.lists(st.integers(0, 48 * 60), min_size=2, max_size=2, unique=True),
)
def test_whatever_the_override_bands_stay_in_order_and_totals_come_out(offered, kind, value, edges):
    table = forecast_table(offered)
    begin, end = (parse_instant("2024-03-04", BERLIN) + edge for edge in sorted(edges))
    window = override("2024-03-04", "2024-03-05", kind, value)
    window["start"], window["end"] = to_timestamps(np.array([begin])), to_timestamps(np.array([end]))
    found, told = apply_overrides(table, window, BERLIN)
    bands = found[["offered_p10", "offered_p50", "offered_p90"]].to_numpy()
    assert (bands >= 0).all()
    assert (np.diff(bands, axis=1) >= -1e-9).all()
    change = (found["offered"] - table["offered"]).sum()
    if kind == "add" and not any("no open interval" in sentence for sentence in told):
        assert change == pytest.approx(value, abs=1e-6)
    assert found.loc[found["queue"] != "calls", "offered"].equals(
        table.loc[table["queue"] != "calls", "offered"]
    )
