from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import Grid, day_number, to_timestamps
from forecasts.history import clean_history

MONDAY = date(2024, 1, 1)
START = day_number(MONDAY + timedelta(days=56))


def clean(history, zone, start=START, **more):
    return clean_history(history, start, zone, **more)


def all_day(grid):
    return np.ones(len(grid.starts), dtype=bool)


def local(table, zone):
    return table["interval_start"].dt.tz_convert(zone)


def test_every_row_lands_on_its_local_day_and_slot(contacts, berlin):
    table = contacts(56)
    queue = clean(table, berlin).queues["客服"]
    assert queue.offered.shape == (55, 48)  # to the last row's day, a Saturday
    assert np.nansum(queue.offered) == table["offered"].sum()
    first = table[local(table, berlin) == pd.Timestamp("2024-01-09 14:00", tz=berlin)]["offered"].iloc[0]
    assert queue.offered[8, 28] == first


def test_closed_hours_are_zero_and_a_missing_open_interval_is_a_gap(contacts, berlin):
    table = contacts(56)
    gap = local(table, berlin) == pd.Timestamp("2024-01-09 14:00", tz=berlin)
    history = clean(table[~gap], berlin)
    queue = history.queues["客服"]
    assert np.isnan(queue.offered[8, 28])
    assert (queue.offered[:, :16] == 0).all()
    assert (queue.offered[6] == 0).all()  # Sunday
    assert history.report.gaps == {"客服": 1}
    assert queue.usable[8]


def test_a_day_of_which_half_is_missing_is_left_out_and_counted(contacts, berlin):
    table = contacts(56)
    when = local(table, berlin)
    lost = (when.dt.date == date(2024, 1, 9)) & (when.dt.hour >= 13)
    history = clean(table[~lost], berlin)
    assert history.report.days_left_out == {"客服": 1}
    assert np.flatnonzero(~history.queues["客服"].usable).tolist() == [8]


def test_stated_hours_beat_learned_ones(contacts, berlin):
    table = contacts(56)
    table.loc[0, "offered"] = 0.0
    history = clean(table, berlin, opening={"客服": all_day})
    assert np.isnan(history.queues["客服"].offered[0, 0])
    assert history.report.gaps["客服"] == 55 * 48 - 48 * 24


def test_rows_from_the_start_on_are_ignored_and_counted(contacts, berlin):
    table = contacts(60)
    history = clean(table, berlin)
    later = (local(table, berlin) >= pd.Timestamp("2024-02-26", tz=berlin)).sum()
    assert later == 4 * 24
    assert history.report.rows_ignored == {"客服": later}
    assert history.report.rows_used == {"客服": len(table) - later}
    assert history.report.spans == {"客服": ("2024-01-01", "2024-02-24")}


def test_quiet_intervals_of_an_export_without_zeros_are_zero(berlin):
    grid = Grid(berlin, START - 56, 56, 60)
    came = np.random.default_rng(3).poisson(0.7, len(grid.starts)).astype(float)
    table = pd.DataFrame({"interval_start": to_timestamps(grid.starts), "queue": "q", "offered": came})
    history = clean(table[came > 0], berlin)
    assert np.isnan(history.queues["q"].offered).sum() == 0
    assert history.queues["q"].offered.mean() == pytest.approx(came.mean())
    assert "read as 0" in history.report.warnings[0]


@pytest.mark.parametrize(
    ("day", "hours", "slots_known"), [(date(2024, 3, 31), 23, 46), (date(2024, 10, 27), 25, 48)]
)
def test_days_on_which_clocks_change_keep_their_slots_and_teach_nothing(berlin, day, hours, slots_known):
    first = day_number(day) - 10
    grid = Grid(berlin, first, 14, 30)
    table = pd.DataFrame({"interval_start": to_timestamps(grid.starts), "queue": "q", "offered": 6.0})
    assert len(table) == (13 * 24 + hours) * 2
    history = clean(table, berlin, start=first + 14)
    queue = history.queues["q"]
    assert (queue.offered[10] == 6).sum() == slots_known
    assert queue.offered[9:12].shape == (3, 48)
    assert (queue.offered[[9, 11]] == 6).all()
    assert queue.usable.tolist() == [True] * 10 + [False] + [True] * 3
    assert history.report.gaps == {"q": 0}


def test_an_hour_that_comes_twice_holds_the_mean_of_both(berlin):
    first = day_number(date(2024, 10, 27)) - 10
    grid = Grid(berlin, first, 14, 60)
    offered = np.full(len(grid.starts), 6.0)
    twice = np.flatnonzero((grid.local_days() == first + 10) & (grid.local_minutes() == 120))
    offered[twice] = [10.0, 20.0]
    table = pd.DataFrame({"interval_start": to_timestamps(grid.starts), "queue": "q", "offered": offered})
    assert clean(table, berlin, start=first + 14).queues["q"].offered[10, 2] == 15.0


def faults_of(table, zone, **more):
    with pytest.raises(BadInput) as caught:
        clean(table, zone, **more)
    return caught.value.faults


def test_doubles_name_both_rows(contacts, berlin):
    table = contacts(56)
    again = table.iloc[[5, 7]].assign(offered=lambda t: t["offered"] + 1)
    faults = faults_of(pd.concat([table, again], ignore_index=True), berlin)
    assert [(fault.row, fault.column) for fault in faults] == [
        (len(table) + 2, "interval_start"),
        (len(table) + 3, "interval_start"),
    ]
    assert "row 7 " in faults[0].expected


def test_the_same_interval_of_two_queues_is_no_double(contacts, berlin):
    table = contacts(56)
    assert list(clean(pd.concat([table, table.assign(queue="VIP")]), berlin).queues) == ["客服", "VIP"]


def test_every_bad_number_is_told_with_the_line_given(contacts, berlin):
    table = contacts(56).assign(row=lambda t: np.arange(len(t)) + 100)
    table["offered"] = table["offered"].astype(object)
    table.loc[3, "offered"] = -1.0
    table.loc[4, "offered"] = "1,234"
    table.loc[9, "aht_seconds"] = np.inf
    found = [(fault.row, fault.column, fault.found) for fault in faults_of(table, berlin)]
    assert found == [(103, "offered", "-1.0"), (104, "offered", "1,234"), (109, "aht_seconds", "inf")]


def test_times_without_a_zone_and_missing_columns_are_refused(contacts, berlin):
    table = contacts(56)
    naive = table.assign(interval_start=table["interval_start"].dt.tz_localize(None))
    assert "time zone" in faults_of(naive, berlin)[0].expected
    missing = faults_of(table[["queue"]], berlin)
    assert [fault.column for fault in missing] == ["interval_start", "offered"]


@pytest.mark.parametrize("halves", [(30, 15), (15, 30), (60, 30), (30, 60)])
def test_a_change_of_interval_length_is_named_where_it_happens(truth, berlin, halves):
    late = MONDAY + timedelta(days=28)
    table = pd.concat(
        [truth(28, minutes=halves[0]), truth(28, first=late, minutes=halves[1])], ignore_index=True
    )
    report = clean(table, berlin).report
    change = len(truth(28, minutes=halves[0])) + 2
    assert report.interval_minutes == {"客服": max(halves)}
    (told,) = [warning for warning in report.warnings if "added up" in warning]
    assert f"{min(halves)} minutes in one part of the file and {max(halves)} in the other" in told
    row = int(told.split("changes at row ")[1].split(")")[0])
    assert abs(row - change) <= 2


def test_a_row_off_the_grid_is_named(contacts, berlin):
    table = contacts(56)
    table.loc[7, "interval_start"] += pd.Timedelta(minutes=7)
    (fault,) = faults_of(table, berlin)
    assert fault.row == 9
    assert "multiple of 30 minutes" in fault.expected


def test_under_a_week_and_no_history_at_all_are_refused(contacts, berlin):
    (fault,) = faults_of(contacts(4), berlin)
    assert (fault.found, fault.expected.startswith("at least 7 days")) == ("6 days", True)
    (fault,) = faults_of(contacts(6), berlin, start=day_number(MONDAY) + 6)
    assert fault.found == "6 days"
    assert clean(contacts(5), berlin, start=day_number(MONDAY) + 7)
    (fault,) = faults_of(contacts(56), berlin, opening={"客服": all_day, "邮件": all_day})
    assert "邮件" in fault.expected
    assert faults_of(contacts(56).iloc[:0], berlin)


def test_history_that_ended_long_ago_is_refused_and_weeks_ago_told(contacts, berlin):
    last = day_number(date(2024, 2, 24))  # the Saturday
    clean(contacts(56), berlin, start=last + 1 + 91)
    (fault,) = faults_of(contacts(56), berlin, start=last + 1 + 92)
    assert fault.found == "last row on 2024-02-24"
    told = clean(contacts(56), berlin, start=last + 1 + 29).report.warnings
    assert told == ["queue 客服: history ends on 2024-02-24, 29 days before the start"]
    assert clean(contacts(56), berlin, start=last + 1 + 28).report.warnings == []


def test_one_queue_that_stops_half_way_is_named(contacts, berlin):
    table = pd.concat([contacts(200), contacts(60).assign(queue="VIP")])
    (fault,) = faults_of(table, berlin, start=day_number(MONDAY) + 200)
    assert "VIP" in fault.expected


def test_a_zone_off_the_hour_keeps_its_own_midnight(truth):
    kathmandu = ZoneInfo("Asia/Kathmandu")
    queue = clean(truth(56, zone=kathmandu), kathmandu).queues["客服"]
    assert (queue.offered[0] > 0).nonzero()[0].tolist() == list(range(16, 40))


def test_rows_without_a_time_or_a_regular_distance_are_refused(contacts, berlin):
    table = contacts(56)
    table.loc[4, "interval_start"] = pd.NaT
    (fault,) = faults_of(table, berlin)
    assert (fault.row, fault.expected) == (6, "an instant")
    stamps = pd.date_range("2024-01-01", periods=30, freq="D", tz="UTC")
    (fault,) = faults_of(pd.DataFrame({"interval_start": stamps, "queue": "日报", "offered": 5.0}), berlin)
    assert "minutes apart" in fault.expected
    assert "日报" in fault.found


def test_contacts_outside_stated_hours_are_told(contacts, berlin):
    def mornings(grid):
        return np.array([start.hour < 12 for start in pd.to_datetime(grid.starts * 60, unit="s", utc=True)])

    def told(opening):
        warnings = clean(contacts(56), berlin, opening=opening).report.warnings
        return [warning for warning in warnings if "outside its opening hours" in warning]

    assert told({"客服": all_day}) == told({}) == []
    (warning,) = told({"客服": mornings})
    assert warning.startswith("queue 客服: ")


def at(table, zone, moment):
    return local(table, zone) == pd.Timestamp(moment, tz=zone)


def between(table, zone, begin, end):
    when = local(table, zone)
    return (when >= pd.Timestamp(begin, tz=zone)) & (when < pd.Timestamp(end, tz=zone))


def test_an_outage_becomes_unknown_and_is_told(contacts, berlin):
    table = contacts(56)
    table.loc[between(table, berlin, "2024-02-06 12:00", "2024-02-06 14:00"), "offered"] = 0.0
    history = clean(table, berlin)
    assert np.isnan(history.queues["客服"].offered[36, 24:28]).all()
    ((begin, end, missed),) = history.report.outages["客服"]
    assert (begin, end) == ("2024-02-06T12:00", "2024-02-06T14:00")
    assert missed == pytest.approx(4 * 40 * 1.1 * 1.2, rel=0.15)
    (told,) = history.report.warnings
    assert "2024-02-06T12:00 to 14:00" in told
    assert history.report.gaps == {"客服": 0}


def test_what_an_earlier_start_sees_does_not_change_with_later_rows(contacts, berlin):
    table = contacts(84)
    for begin, end in (("2024-01-24 09:00", "2024-01-24 19:00"), ("2024-02-06 12:00", "2024-02-06 14:00")):
        table.loc[between(table, berlin, begin, end), "offered"] = 0.0
    table.loc[between(table, berlin, "2024-02-14 08:00", "2024-02-14 10:00"), "offered"] *= 9
    table = table[~between(table, berlin, "2024-02-01 08:00", "2024-02-01 17:00")]
    hours = {"客服": lambda grid: (grid.local_minutes() >= 480) & (grid.local_minutes() < 1200)}
    whole = clean(table, berlin, start=day_number(MONDAY) + 84, opening=hours).queues["客服"]
    for days in (25, 31, 38, 56):
        day = day_number(MONDAY) + days
        past = clean(table, berlin, start=day, opening=hours).queues["客服"]
        seen = whole.until(past.end_day)
        np.testing.assert_array_equal(past.offered, seen.offered)
        np.testing.assert_array_equal(past.usable, seen.usable)


def test_days_and_intervals_far_off_and_changes_of_level_are_told(contacts, berlin):
    table = contacts(112)
    late = local(table, berlin) >= pd.Timestamp("2024-02-26", tz=berlin)
    table.loc[late, "offered"] = (table.loc[late, "offered"] * 1.6).round()
    table.loc[between(table, berlin, "2024-02-06", "2024-02-07"), "offered"] *= 3
    table.loc[at(table, berlin, "2024-01-18 14:00"), "offered"] = 250.0
    report = clean(table, berlin, start=day_number(MONDAY) + 112).report
    ((day, total, usual),) = report.outliers["客服"]
    assert day == "2024-02-06"
    assert total / usual == pytest.approx(3, rel=0.15)
    ((when, came, expected),) = report.spikes["客服"]
    assert (when, came) == ("2024-01-18T14:00", 250.0)
    assert 30 < expected < 60
    ((shift, factor),) = report.level_shifts["客服"]
    assert shift == "2024-02-26"
    assert factor == pytest.approx(1.6, rel=0.05)
    assert len(report.warnings) == 3
    assert all(warning.startswith("queue 客服: ") for warning in report.warnings)


def test_rows_alike_count_once(contacts, berlin):
    table = contacts(56)
    history = clean(pd.concat([table, table.iloc[[5, 7]]], ignore_index=True), berlin)
    assert history.report.doubled == {"客服": 2}
    assert history.report.rows_used == {"客服": len(table)}
    np.testing.assert_array_equal(history.queues["客服"].offered, clean(table, berlin).queues["客服"].offered)


def test_corrections_hold_once_they_are_recorded(contacts, berlin):
    table = contacts(60).assign(recorded_at=pd.NaT)
    table["recorded_at"] = pd.to_datetime(table["recorded_at"], utc=True)
    corrected = table.loc[[100, 101]].assign(offered=27.0)
    corrected["recorded_at"] = pd.to_datetime(["2024-01-20T00:00Z", "2024-02-27T00:00Z"])
    history = clean(pd.concat([corrected, table], ignore_index=True), berlin)
    days, slots = (local(table, berlin).iloc[100] - pd.Timestamp(MONDAY, tz=berlin)).days, 48
    cells = history.queues["客服"].offered[days].reshape(slots)
    known = local(table, berlin).iloc[[100, 101]]
    first, second = ((known.dt.hour * 60 + known.dt.minute) // 30).tolist()
    assert cells[first] == 27.0
    assert cells[second] == table.loc[101, "offered"]
    assert history.report.replaced == {"客服": 1}
    assert history.report.unseen == {"客服": 1}
    assert len(history.report.warnings) == 2


def test_a_definition_of_offered_is_applied_and_told(contacts, berlin):
    table = contacts(56).assign(abandoned_short=1.0, transferred_in=0.0)
    table = table[table["offered"] >= 1]
    history = clean(table, berlin, offered_definition="without_short_abandons")
    plain = clean(table, berlin)
    assert np.nansum(plain.queues["客服"].offered - history.queues["客服"].offered) == len(table)
    assert history.report.offered_definition == "without_short_abandons"
    assert history.report.taken_off == {"客服": len(table)}
    assert f"{len(table):,} contacts are left out" in history.report.warnings[0]
    (fault,) = faults_of(contacts(56), berlin, offered_definition="without_transfers")
    assert fault.column == "transferred_in"


def test_a_queue_that_falls_silent_while_others_go_on_is_told(contacts, berlin):
    table = pd.concat([contacts(56), contacts(30).assign(queue="VIP")])
    told = [warning for warning in clean(table, berlin).report.warnings if "VIP" in warning]
    assert len(told) == 1
    assert "last contacts came on 2024-01-30, 25 days before" in told[0]
    longer = clean(table, berlin, start=START + 7).report.warnings
    assert [warning for warning in longer if "VIP" in warning] == [
        "queue VIP: history ends on 2024-01-30, 33 days before the start"
    ]
    zeros = contacts(56, seed=2).assign(queue="邮件")
    zeros.loc[local(zeros, berlin) >= pd.Timestamp("2024-02-05", tz=berlin), "offered"] = 0.0
    told = clean(pd.concat([contacts(56), zeros]), berlin).report.warnings
    assert any("queue 邮件: its last contacts came on 2024-02-03, 21 days" in warning for warning in told)


def test_a_queue_without_any_contact_is_told(contacts, berlin):
    table = pd.concat([contacts(56), contacts(56).assign(queue="VIP", offered=0.0)])
    history = clean(table, berlin)
    assert history.report.warnings == [
        "queue VIP: no contacts in all of its history, so its forecast is 0: leave it out if it is not in use"
    ]
    assert history.report.outages["VIP"] == []


def test_a_history_in_another_zone_than_stated_is_told(truth, berlin):
    first = date(2024, 3, 4)
    grid_utc = truth(56, first=first, zone=ZoneInfo("UTC"))
    report = clean(grid_utc, berlin, start=day_number(first) + 55).report
    (told,) = report.warnings
    assert "60 minutes later from 2024-03-31" in told
    assert "check the time zone" in told


def test_partial_days_are_named(contacts, berlin):
    table = contacts(56)
    lost = between(table, berlin, "2024-01-09 13:00", "2024-01-10")
    half = local(table, berlin) < pd.Timestamp("2024-01-01 16:00", tz=berlin)
    assert clean(table[~lost & ~half], berlin).report.partial_days == {"客服": ["2024-01-01", "2024-01-09"]}


def test_faults_of_every_kind_are_told_at_once(contacts, berlin):
    table = pd.concat(
        [contacts(56), contacts(3).assign(queue="VIP"), contacts(56).assign(queue="邮件")], ignore_index=True
    )
    table["offered"] = table["offered"].astype(object)
    table.loc[3, "offered"] = "N/A"
    table.loc[4, "offered"] = -2.0
    table.loc[5, "interval_start"] = pd.NaT
    table.loc[8, "interval_start"] += pd.Timedelta(minutes=7)
    twice = table.loc[[20]].assign(offered=9999.0)
    faults = faults_of(pd.concat([table, twice], ignore_index=True), berlin)
    assert [(fault.row, fault.column) for fault in faults] == [
        (7, "interval_start"), (5, "offered"), (6, "offered"), (len(table) + 2, "interval_start"),
        (10, "interval_start"), (None, "interval_start"),
    ]  # fmt: skip
    assert "VIP" in faults[-1].expected


def test_queues_in_any_order_are_cleaned_alike(contacts, berlin):
    tables = [contacts(56, seed=k).assign(queue=f"q{k}") for k in range(3)]
    one, other = (clean(pd.concat(some), berlin) for some in (tables, tables[::-1]))
    mixed = clean(pd.concat(tables).sample(frac=1.0, random_state=1), berlin)
    for name in ("q0", "q1", "q2"):
        for history in (other, mixed):
            np.testing.assert_array_equal(one.queues[name].offered, history.queues[name].offered)


def test_silence_on_special_days_and_their_eves_is_no_outage(contacts, berlin):
    table = contacts(56)
    table.loc[between(table, berlin, "2024-02-06", "2024-02-07"), "offered"] = 0.0
    table.loc[between(table, berlin, "2024-02-05 12:00", "2024-02-06"), "offered"] = 0.0
    day = day_number(date(2024, 2, 6))
    assert len(clean(table, berlin).report.outages["客服"]) == 2
    for more in (
        {"holidays": {day: "节日"}},
        {"special_days": {"": [day]}},
        {"special_days": {"客服": [day]}},
    ):
        history = clean(table, berlin, **more)
        assert history.report.outages["客服"] == []
        assert history.queues["客服"].offered[36].sum() == 0
        assert not history.queues["客服"].usable[36]
        assert all(told[0] != "2024-02-06" for told in history.report.outliers["客服"])
    other = clean(table, berlin, special_days={"": [day], "客服": []})
    assert len(other.report.outages["客服"]) == 2
