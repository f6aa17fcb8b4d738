"""``actuals.csv``: every fault told at once, and what of it is known at a moment."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.actuals_file import local_day, read_actuals, today_so_far
from centre.errors import BadInput
from centre.instants import day_number, day_start, parse_instant

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HEAD = "interval_start,queue,offered,aht_seconds,customers_online,waiting\n"


@pytest.fixture
def read(tmp_path):
    def read_(text, queues=("calls", "在线客服"), zone=SHANGHAI, minutes=30):
        path = tmp_path / "actuals.csv"
        path.write_text(text, encoding="utf-8")
        return read_actuals(path, zone, queues, minutes)

    return read_


def at(text, zone=SHANGHAI):
    return parse_instant(text, zone)


def test_rows_are_read_with_the_customers_that_are_there(read):
    frame = read(HEAD + "2026-03-02T09:00,calls,12,240,9,4\n2026-03-02T09:00,在线客服,30,,,\n")
    assert frame["offered"].tolist() == [12, 30]
    assert frame["customers_online"].tolist()[0] == 9
    assert np.isnan(frame["waiting"].iloc[1])
    assert np.isnan(frame["longest_wait_seconds"]).all()
    assert frame["queue"].tolist() == ["calls", "在线客服"]


def test_a_header_alone_is_a_day_without_news(read):
    today = today_so_far(read(HEAD), at("2026-03-02T09:00"), SHANGHAI, 30)
    assert (len(today.counts), len(today.states), today.notes) == (0, 0, ())


def test_every_fault_is_told_at_once(read):
    rows = (
        "2026-03-02T09:00,cals,12,240,9,4\n"
        "2026-03-02T09:10,calls,12,240,9,4\n"
        "2026-03-02T09:30,calls,-1,240,9,4\n"
        "2026-03-02T10:00,calls,12,240,9,10\n"
        "2026-03-02T10:30,calls,12,240,nine,1\n"
        "noon,calls,12,240,9,1\n"
    )
    with pytest.raises(BadInput) as caught:
        read(HEAD + rows)
    told = [(fault.row, fault.column, fault.found) for fault in caught.value.faults]
    assert sorted(told, key=lambda each: each[0]) == [
        (2, "queue", "cals"),
        (3, "interval_start", "2026-03-02T09:10"),
        (4, "offered", "-1"),
        (5, "waiting", "10"),
        (6, "customers_online", "nine"),
        (7, "interval_start", "noon"),
    ]
    assert "did you mean 'calls'" in str(caught.value)


def test_two_rows_of_one_interval_that_differ_are_a_fault_without_a_time_of_recording(read):
    with pytest.raises(BadInput, match="each queue and interval once"):
        read(HEAD + "2026-03-02T09:00,calls,12,240,9,4\n2026-03-02T09:00,calls,13,240,9,4\n")


def test_columns_that_are_not_known_are_told_and_missing_ones_are_a_fault(read):
    frame = read("interval_start,queue,offered,aht_seconds,weather\n2026-03-02T09:00,calls,12,240,rain\n")
    assert "weather" in frame.attrs["warnings"][0]
    with pytest.raises(BadInput, match="offered"):
        read("interval_start,queue\n2026-03-02T09:00,calls\n")


def test_what_begins_at_now_or_later_or_on_other_days_is_left_out_and_counted(read):
    rows = "".join(
        f"{when},calls,10,240,{k},0\n"
        for k, when in enumerate(
            (
                "2026-03-01T23:30",
                "2026-03-02T00:00",
                "2026-03-02T09:00",
                "2026-03-02T09:30",
                "2026-03-03T00:00",
            )
        )
    )
    today = today_so_far(read(HEAD + rows), at("2026-03-02T09:30"), SHANGHAI, 30)
    assert today.counts["offered"].tolist() == [10, 10]
    assert today.states["customers_online"].tolist() == [1, 2]
    assert today.notes == (
        "actuals: 1 row left out, of days before this one",
        "actuals: 2 rows left out, at or after now, 2026-03-02T01:30:00Z",
    )
    assert (today.start, today.end) == (at("2026-03-02T00:00"), at("2026-03-03T00:00"))


def test_an_interval_under_way_counts_for_the_minutes_that_have_passed(read):
    frame = read(HEAD + "2026-03-02T09:00,calls,10,240,3,0\n2026-03-02T09:30,calls,4,240,5,1\n")
    today = today_so_far(frame, at("2026-03-02T09:40"), SHANGHAI, 30)
    assert today.counts["passed_minutes"].tolist() == [30, 10]
    assert today.states["at"].tolist() == [at("2026-03-02T09:30"), at("2026-03-02T09:40")]


def test_a_row_recorded_again_holds_from_then_on(read):
    head = "interval_start,queue,offered,aht_seconds,recorded_at,customers_online\n"
    rows = "".join(
        f"2026-03-02T09:00,calls,{offered},240,2026-03-02T09:{minute:02d},{online}\n"
        for minute, offered, online in ((10, 4, 8), (20, 9, 20), (25, 11, 30))
    )
    frame = read(head + rows)
    today = today_so_far(frame, at("2026-03-02T09:22"), SHANGHAI, 30)
    assert today.counts[["offered", "passed_minutes"]].to_numpy().tolist() == [[9, 20]]
    assert today.states[["at", "customers_online"]].to_numpy().tolist() == [
        [at("2026-03-02T09:10"), 8],
        [at("2026-03-02T09:20"), 20],
    ]
    assert today.notes == ("actuals: 1 row left out, recorded after now, 2026-03-02T01:22:00Z",)


@pytest.mark.parametrize(
    ("moment", "day", "hours"),
    [
        ("2026-03-29T12:00", date(2026, 3, 29), 23),
        ("2026-10-25T12:00", date(2026, 10, 25), 25),
        ("2026-03-02T00:00", date(2026, 3, 2), 24),
        ("2026-03-02T23:59", date(2026, 3, 2), 24),
    ],
)
def test_a_local_day_has_its_own_length(moment, day, hours):
    start, end = local_day(at(moment, BERLIN), BERLIN)
    assert start == day_start(BERLIN, day_number(day))
    assert (end - start) == hours * 60
