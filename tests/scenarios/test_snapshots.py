"""Forecasts kept in a centre folder and held against what came."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.calendar import CalendarRow
from centre.errors import BadInput
from centre.folder import Centre
from centre.instants import Grid, day_number, to_timestamps
from scenarios.snapshots import CELLS, MadeBy, compare_snapshots, keep_snapshot, snapshot_files

MONDAY = date(2026, 3, 2)
BERLIN = ZoneInfo("Europe/Berlin")


def made(as_of=MONDAY, start=MONDAY, days=1):
    return MadeBy(as_of, start, days, {"热线": "structural"}, {"history.csv": "abc"})


def rows(first=MONDAY, days=1, minutes=60, queue="热线", zone=BERLIN, **columns):
    """Every interval of some days, with columns that are one value or one an interval."""
    starts = Grid(zone, day_number(first), days, minutes).starts
    return pd.DataFrame({"interval_start": to_timestamps(starts), "queue": queue, **columns})


def forecast(**how):
    columns = {
        "offered": 10.0,
        "aht_seconds": 200.0,
        "offered_p10": 6.0,
        "offered_p50": 10.0,
        "offered_p90": 14.0,
    }
    return rows(**{**columns, **how})


@pytest.fixture
def at(centre: Centre) -> Callable[..., Centre]:
    """The centre in Berlin, with this history."""

    def build(*history: pd.DataFrame) -> Centre:
        info = replace(centre.settings.centre, timezone=BERLIN, country="DE")
        return replace(centre, settings=replace(centre.settings, centre=info), history=pd.concat(history))

    return build


class TestKeeping:
    def test_a_forecast_is_kept_as_it_was_given_out_beside_what_it_was_made_with(self, tmp_path):
        path = keep_snapshot(tmp_path, forecast(open=True), made(as_of=date(2026, 2, 27)))
        assert path == tmp_path / "snapshots" / "2026-03-02_1d_asof-2026-02-27.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "interval_start,queue,offered,aht_seconds,offered_p10,offered_p50,offered_p90"
        assert lines[1] == "2026-03-01T23:00:00Z,热线,10.0,200.0,6.0,10.0,14.0"
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        assert told.pop("version")
        assert told == {
            "as_of": "2026-02-27", "start": "2026-03-02", "days": 1,
            "models": {"热线": "structural"}, "inputs": {"history.csv": "abc"},
        }  # fmt: skip
        assert sorted(each.suffix for each in path.parent.iterdir()) == [".csv", ".json"]

    def test_the_same_is_kept_once_and_another_beside_it(self, tmp_path):
        first = keep_snapshot(tmp_path, forecast(), made())
        text = first.read_text(encoding="utf-8")
        assert keep_snapshot(tmp_path, forecast(), made()) == first
        second = keep_snapshot(tmp_path, forecast(offered=11.0), made())
        assert second.name == "2026-03-02_1d_asof-2026-03-02_2.csv"
        assert keep_snapshot(tmp_path, forecast(offered=11.0), made()) == second
        assert first.read_text(encoding="utf-8") == text
        assert len(list(first.parent.iterdir())) == 4

    def test_of_several_the_last_counts_and_what_is_no_forecast_does_not(self, tmp_path):
        assert snapshot_files(tmp_path) == {}
        for offered in range(11):
            last = keep_snapshot(tmp_path, forecast(offered=float(offered)), made())
        other = keep_snapshot(tmp_path, forecast(days=2), made(days=2))
        (other.parent / "notes.csv").write_text("x", encoding="utf-8")
        assert last.name.endswith("_11.csv")
        assert snapshot_files(tmp_path) == {
            "2026-03-02_1d_asof-2026-03-02": last,
            "2026-03-02_2d_asof-2026-03-02": other,
        }

    def test_a_name_that_was_claimed_and_never_filled_is_left_alone(self, tmp_path):
        (tmp_path / "snapshots").mkdir()
        (tmp_path / "snapshots" / "2026-03-02_1d_asof-2026-03-02.json").write_text("{}", encoding="utf-8")
        assert keep_snapshot(tmp_path, forecast(), made()).name.endswith("_2.csv")


class TestComparing:
    def test_every_interval_with_an_actual_and_only_these(self, tmp_path, at):
        offered = np.arange(24.0)
        offered[3] = np.nan
        history = rows(first=date(2026, 2, 16), days=15, offered=np.concatenate([np.zeros(14 * 24), offered]))
        keep_snapshot(tmp_path, forecast(days=2, first=MONDAY), made(days=2))
        keep_snapshot(tmp_path, forecast(queue="unknown"), made())
        cells = compare_snapshots(tmp_path, at(history.drop(index=14 * 24 + 5)))
        assert tuple(cells.columns) == CELLS
        assert cells["actual"].tolist() == [k for k in range(24) if k not in (3, 5)]
        assert cells["expected"].unique().tolist() == [10]
        assert cells[["p10", "p50", "p90"]].iloc[0].tolist() == [6, 10, 14]
        assert cells["interval_start"].iloc[3] == pd.Timestamp("2026-03-02T03:00Z")
        assert set(cells["model"]) == {"forecast"}
        assert not cells["overridden"].any()

    def test_days_ahead_count_from_when_the_forecast_was_made(self, tmp_path, at):
        keep_snapshot(tmp_path, forecast(days=9), made(as_of=date(2026, 2, 27), days=9))
        cells = compare_snapshots(tmp_path, at(rows(days=9, offered=1.0)))
        by_day = cells.groupby("day").first()
        assert by_day.index.tolist() == [day_number(MONDAY) + k for k in range(9)]
        assert by_day["horizon_day"].tolist() == list(range(4, 13))
        assert by_day["weekday"].tolist() == [0, 1, 2, 3, 4, 5, 6, 0, 1]

    def test_special_days_are_called_by_their_class(self, tmp_path, at):
        may = date(2026, 4, 30)  # a Thursday, the eve of Labour Day
        keep_snapshot(tmp_path, forecast(first=may, days=3), made(may, may, 3))
        weekdays = rows(first=date(2026, 4, 6), days=27, offered=1.0)
        weekdays = weekdays[weekdays["interval_start"].dt.tz_convert(BERLIN).dt.day_of_week < 5]
        cells = compare_snapshots(tmp_path, at(weekdays, rows(first=date(2026, 5, 2), offered=0.1)))
        assert cells.groupby("day")["special"].first().tolist() == ["eve", "statutory", "ordinary"]

    def test_the_centres_own_days_count_too(self, tmp_path, at):
        keep_snapshot(tmp_path, forecast(days=2), made(days=2))
        closed = CalendarRow(day_number(MONDAY), "盘点", "closed", queues=("热线",))
        centre = replace(at(rows(days=2, offered=1.0)), calendar=(closed,))
        cells = compare_snapshots(tmp_path, centre)
        assert cells.groupby("day")["special"].first().tolist() == ["closed", "ordinary"]

    def test_what_came_in_an_outage_tells_nothing_of_the_forecast(self, tmp_path, at):
        offered = np.full(29 * 24, 50.0)
        offered[-14:-10] = 0.0  # 200 contacts missing on the last day, from 10:00 to 14:00
        keep_snapshot(tmp_path, forecast(), made())
        cells = compare_snapshots(tmp_path, at(rows(first=date(2026, 2, 2), days=29, offered=offered)))
        assert cells["outage"].to_numpy().nonzero()[0].tolist() == [10, 11, 12, 13]
        assert cells["actual"].isna().tolist() == cells["outage"].tolist()

    def test_of_corrected_rows_the_last_counts_and_contradictions_are_told(self, tmp_path, at):
        keep_snapshot(tmp_path, forecast(), made())
        first, later = pd.Timestamp("2026-03-03T00:00Z"), pd.Timestamp("2026-03-04T00:00Z")
        history = rows(offered=5.0, recorded_at=later), rows(offered=3.0, recorded_at=first)
        assert compare_snapshots(tmp_path, at(*history))["actual"].unique().tolist() == [5]
        with pytest.raises(BadInput):
            compare_snapshots(tmp_path, at(rows(offered=5.0), rows(offered=3.0)))

    def test_the_scale_of_errors_is_as_a_week_ago_before_the_forecast_only(self, tmp_path, at):
        weeks = np.repeat([10.0, 13.0, 18.0, 99.0], 7 * 24)  # 3 and 5 off; the last week was not seen
        keep_snapshot(tmp_path, forecast(), made())
        history = rows(first=date(2026, 2, 9), days=28, offered=weeks)
        assert compare_snapshots(tmp_path, at(history))["naive_error"].unique().tolist() == [4]
        keep_snapshot(tmp_path, forecast(first=date(2026, 2, 12)), made(date(2026, 2, 12), date(2026, 2, 12)))
        again = compare_snapshots(tmp_path, at(history)).groupby("origin")["naive_error"].first()
        assert np.isnan(again.iloc[0])

    def test_the_planners_hand_is_beside_what_would_have_been(self, tmp_path, at):
        before = np.full(24, 10.0)
        before[8:10] = [7.0, np.nan]  # a blank: nothing was changed there
        keep_snapshot(tmp_path, forecast(offered_before_override=before), made())
        keep_snapshot(tmp_path, forecast(first=date(2026, 3, 3)), made(start=date(2026, 3, 3)))
        cells = compare_snapshots(tmp_path, at(rows(days=2, offered=9.0)))
        assert cells.groupby("model").size().to_dict() == {"forecast": 48, "without_overrides": 24}
        touched = cells[cells["overridden"]]
        assert touched["interval_start"].dt.hour.tolist() == [7, 7]
        assert touched.set_index("model")["expected"].to_dict() == {"forecast": 10, "without_overrides": 7}
        without = cells[cells["model"] == "without_overrides"]
        assert without["p90"].isna().sum() == 1
        assert without["expected"].sum() == 23 * 10 + 7

    def test_a_coarser_history_is_compared_with_sums(self, tmp_path, at):
        keep_snapshot(tmp_path, forecast(minutes=15), made())
        cells = compare_snapshots(tmp_path, at(rows(minutes=30, offered=21.0)))
        assert len(cells) == 48
        assert cells["expected"].unique().tolist() == [20]
        assert cells["p90"].isna().all()

    def test_a_finer_history_is_added_up_where_it_is_whole(self, tmp_path, at):
        keep_snapshot(tmp_path, forecast(minutes=60), made())
        history = rows(minutes=30, offered=4.0).drop(index=[5])
        cells = compare_snapshots(tmp_path, at(history))
        assert cells["actual"].tolist() == [8] * 23
        assert pd.Timestamp("2026-03-02T01:00Z") not in cells["interval_start"].tolist()
        assert cells["p90"].unique().tolist() == [14]

    def test_intervals_that_do_not_fit_are_not_compared(self, tmp_path, at):
        keep_snapshot(tmp_path, forecast(minutes=20), made())
        assert compare_snapshots(tmp_path, at(rows(minutes=30, offered=4.0))).empty

    @pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
    def test_no_hour_is_lost_when_clocks_change(self, tmp_path, at, day, hours):
        keep_snapshot(tmp_path, forecast(first=day), made(day, day))
        cells = compare_snapshots(tmp_path, at(rows(first=day, offered=np.arange(float(hours)))))
        assert cells["actual"].tolist() == list(range(hours))
        assert cells["horizon_day"].unique().tolist() == [1]

    def test_what_is_wrong_in_kept_forecasts_is_told_all_at_once(self, tmp_path, at):
        first = keep_snapshot(tmp_path, forecast(), made())
        second = keep_snapshot(tmp_path, forecast(), made(as_of=date(2026, 3, 1)))
        first.write_text(first.read_text(encoding="utf-8").replace("10.0", "ten", 1), encoding="utf-8")
        second.write_text("queue,offered\n热线,3\n", encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            compare_snapshots(tmp_path, at(rows(offered=1.0)))
        faults = caught.value.faults
        assert {fault.file for fault in faults} == {first.name, second.name}
        assert ("ten", 2) in [(fault.found, fault.row) for fault in faults]

    def test_nothing_kept_or_nothing_known_is_an_empty_table(self, tmp_path, at):
        later = rows(first=date(2026, 4, 1), offered=1.0)
        assert compare_snapshots(tmp_path, at(later)).empty
        keep_snapshot(tmp_path, forecast(), made())
        for history in (later, later.iloc[:0], rows(first=date(2026, 3, 2), offered=np.nan)):
            cells = compare_snapshots(tmp_path, at(history))
            assert cells.empty
            assert tuple(cells.columns) == CELLS
