"""Clock records: pairs and events, nights, clock changes, zones, and every fault that is named and left out."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.any_rota import is_record_file, read_any_rota
from centre.clock.notes import MOST_NOTES
from centre.clock.rows import SPLIT_GAP_MINUTES
from centre.errors import BadInput
from centre.instants import day_number, from_minutes, local_instant
from centre.wall_clock import clock_changes, local_days, readings

SHANGHAI, BERLIN, KOLKATA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")


@pytest.fixture
def read(tmp_path):
    """Read lines as worked.csv: rows as (agent, day, start, end, activity) in local time, and the sentences."""

    def read_(*lines, zone=SHANGHAI, listed=None, zones=None, header="agent_id,clock_in,clock_out"):
        path = tmp_path / "worked.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        told = read_any_rota(path, zone, listed, zones)
        ends = [told.frame[name].dt.tz_convert(zone).dt.strftime("%m-%d %H:%M") for name in ("start", "end")]
        days = pd.to_datetime(told.frame["day"]).dt.strftime("%m-%d")
        rows = list(zip(told.frame["agent_id"], days, *ends, told.frame["activity"], strict=True))
        return (
            rows,
            [note.sentence for note in told.notes if "no record of a break" not in note.sentence],
            told,
        )

    return read_


def test_a_pair_is_a_shift(read):
    rows, notes, told = read("a1,2026-03-02 08:00,2026-03-02T16:30:59")
    assert rows == [("a1", "03-02", "03-02 08:00", "03-02 16:30", "work:*")]
    assert notes == []
    assert told.frame["paid"].tolist() == [True]


@pytest.mark.parametrize(
    "header",
    [
        "工号,上班时间,下班时间",
        "员工编号,签到时间,签退时间",
        "AGENT_ID,Clock_In,Clock_Out",
        "agent_id,start,end",
    ],
)
def test_headings_of_other_tools(read, header):
    assert len(read("甲一,2026/3/2 8:05,2026年3月2日 16:30", header=header)[0]) == 1


def test_other_spellings_of_times(read):
    rows, _, _ = read("a1,2026/3/2 8:05,2026年3月2日 16:30", "a1,2026-03-03T08:00+08:00,2026-03-03T08:00Z")
    assert [row[2:4] for row in rows] == [("03-02 08:05", "03-02 16:30"), ("03-03 08:00", "03-03 16:00")]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:00+09",
        "2026-03-02 09:00+0900",
        "2026-03-02 09:00:30+09:00",
        "2026-03-01T19:00-05:00",
        "2026-03-02T00:00Z",
    ],
)
def test_offsets(read, text):
    assert read(f"a1,{text},2026-03-02T16:00+08:00")[0][0][2] == "03-02 08:00"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 08:00 UTC",
        "2026-03-02 08:00 CST",
        "2026-W10-1T08:00",
        "2026-061T08:00",
        "2026-03-02 08:00+99:99",
    ],
)
def test_times_that_could_mean_anything_are_refused(read, text):
    rows, notes, _ = read(f"a1,{text},2026-03-02 16:00")
    assert rows == []
    assert "clock_in" in notes[0]


def test_times_beside_a_day_run_over_midnight(read):
    header = "工号,日期,上班打卡,下班打卡"
    rows, notes, _ = read(
        "a1,2026-03-02,22:00,06:00",
        "a1,2026-03-04,22:00,次日06:00",
        "a1,2026-03-06,08:00,16:00",
        "a2,,08:00,16:00",
        "a3,2026-03-06,08:00,08:00",
        "a4,2026-03-08,08:00,次日08:00",
        header=header,
    )
    assert [row[1:4] for row in rows] == [
        ("03-02", "03-02 22:00", "03-03 06:00"), ("03-04", "03-04 22:00", "03-05 06:00"), ("03-06", "03-06 08:00", "03-06 16:00"),
        ("03-08", "03-08 08:00", "03-09 08:00"),
    ]  # fmt: skip
    assert "a time without a date" in notes[0]
    assert "row 6: a3: ends before or when it starts" in notes[-1]


@pytest.mark.parametrize(("back", "day"), [("06:59", "03-02"), ("07:00", "03-03")])
def test_a_stretch_after_midnight_belongs_to_its_shift_below_the_split_gap(read, back, day):
    rows, _, _ = read("a1,2026-03-02 18:00,2026-03-03 02:00", f"a1,2026-03-03 {back},2026-03-03 10:00")
    assert rows[-1][1] == day


def test_the_split_gap_is_that_of_the_rota():
    from scheduler.rota import SPLIT_GAP_MINUTES as SAME

    assert SPLIT_GAP_MINUTES == SAME


def test_time_clocked_out_within_a_shift_is_a_break_and_said_so(read):
    rows, notes, told = read("a1,2026-03-02 08:00,2026-03-02 12:00", "a1,2026-03-02 12:30,2026-03-02 16:30")
    assert [row[2:] for row in rows] == [
        ("03-02 08:00", "03-02 12:00", "work:*"), ("03-02 12:00", "03-02 12:30", "break"), ("03-02 12:30", "03-02 16:30", "work:*"),
    ]  # fmt: skip
    assert told.frame["paid"].tolist() == [True, False, True]
    assert notes == [
        "worked.csv: 1 gap(s) between clock-out and clock-in within a shift were taken as unpaid breaks."
    ]


def test_days_without_a_recorded_break_are_counted(read):
    lines = (
        "a1,2026-03-02 08:00,2026-03-02 12:00",
        "a1,2026-03-02 12:30,2026-03-02 16:30",
        "a2,2026-03-02 08:00,2026-03-02 16:00",
    )
    told = [note.sentence for note in read(*lines)[2].notes]
    assert (
        "worked.csv: 1 day(s) of people have no record of a break; whether there was one is not known, rules count none."
        in told
    )


def test_a_shift_does_not_go_on_for_ever(read):
    lines = [f"a1,2026-03-0{d} {h:02d}:00,2026-03-0{d} {h + 8:02d}:00" for d in (2, 3, 4) for h in (0, 12)]
    days = [row[1] for row in read(*lines)[0] if row[4] == "work:*"]
    assert days == ["03-02", "03-02", "03-03", "03-03", "03-04", "03-04"]


def test_other_shift_names_are_other_shifts(read):
    header = "agent_id,clock_in,clock_out,班次"
    rows, _, told = read(
        "a1,2026-03-02 18:00,2026-03-02 23:00,晚", "a1,2026-03-03 01:00,2026-03-03 04:00,夜", header=header
    )
    assert [row[1] for row in rows] == ["03-02", "03-03"]
    assert told.frame["shift"].tolist() == ["晚", "夜"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a1,2026-03-02 08:00,", "row 2: a1: has no clock-out"),
        ("a1,2026-03-02 08:00,未打卡", "row 2: a1: has no clock-out"),
        ("a1,,2026-03-02 16:00", "row 2: a1: has no clock-in"),
        ("a1,,", "row 2: a1: has neither"),
        ("a1,2026-03-02 08:00,2026-03-02 08:00", "row 2: a1: ends before or when it starts"),
        ("a1,2026-03-02 08:00,2026-03-01 17:00", "row 2: a1: ends before or when it starts"),
        ("a1,2026-03-02 08:00,2026-03-03 08:01", "row 2: a1: lasts 1441 min, over 24 hours"),
        ("a1,2026-02-29 08:00,2026-03-01 17:00", "clock_in '2026-02-29 08:00': expected a date that exists: there is no 2026-02-29"),
        ("a1,2026-03-02,2026-03-02 17:00", "clock_in '2026-03-02': expected a time beside the date"),
        ("a1,2026-03-02 08:00,2026-03-02 24:10", "clock_out '2026-03-02 24:10': expected a time from 00:00 to 23:59"),
        ("a1,8 o'clock,2026-03-02 17:00", "clock_in \"8 o'clock\": expected a date and time"),
        ("a1,2026-03-02 08:00,9999-03-02 17:00", "expected a year from 1970 to 2100"),
        (",2026-03-02 08:00,2026-03-02 17:00", "row 2: nobody: the row names no person"),
        ("a1,2026-03-02 08:00", "row 2: found '2 values', expected 3 values"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_named_and_the_rest_is_read(read, line, words):
    rows, notes, _ = read(line, "a2,2026-03-02 08:00,2026-03-02 16:00")
    assert [row[0] for row in rows] == ["a2"]
    assert len(notes) == 1
    assert words in notes[0]


def test_exactly_24_hours_are_read(read):
    assert len(read("a1,2026-03-02 08:00,2026-03-03 08:00")[0]) == 1


def test_days_of_which_a_record_was_left_out_are_told(read):
    told = read("a1,2026-03-02 08:00,", "a2,,2026-03-02 06:00", "a3,2026-03-02 08:00,2026-02-30 09:00")[2]
    second = day_number(date(2026, 3, 2))
    assert told.unclear == {("a1", second), ("a2", second), ("a2", second - 1), ("a3", second)}
    assert [note.day for note in told.notes if "no clock-out" in note.sentence] == [second]


def test_a_double_is_taken_once_and_an_overlap_counted_once(read):
    rows, notes, _ = read(
        "a1,2026-03-02 08:00,2026-03-02 12:00", "a1,2026-03-02 08:00,2026-03-02 12:00",
        "a1,2026-03-02 11:00,2026-03-02 16:00", "a1,2026-03-02 13:00,2026-03-02 14:00",
        "a2,2026-03-02 12:00,2026-03-02 16:00",
    )  # fmt: skip
    assert [row[2:4] for row in rows] == [
        ("03-02 08:00", "03-02 12:00"),
        ("03-02 12:00", "03-02 16:00"),
        ("03-02 12:00", "03-02 16:00"),
    ]
    assert [words for note in notes for words in ("row 3: a1: the record of row 2 once more", "by 60 min", ) if words in note] == [
        "row 3: a1: the record of row 2 once more", "by 60 min", "by 60 min",
    ]  # fmt: skip
    assert len(notes) == 3


def test_the_second_night_of_two_o_clock_is_named(read):
    back = "2026-10-25"
    rows, notes, _ = read(f"a1,{back} 02:30,{back} 06:00", zone=BERLIN)
    assert "clocks show the time of the clock-in twice; the first was taken" in notes[0]
    assert rows[0][2] == f"{back[5:]} 02:30"


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("a1,2026-10-25 02:50,2026-10-25 02:10", 20),  # 02:50 summer time to 02:10 winter time
        ("a1,2026-10-25 01:00,2026-10-25 02:30", 90),  # both readings possible: the first
        ("a1,2026-10-24 22:00,2026-10-25 06:00", 540),
        ("a1,2026-03-28 22:00,2026-03-29 06:00", 420),
    ],
)
def test_nights_on_which_clocks_change(read, line, minutes):
    _, notes, told = read(line, zone=BERLIN)
    row = told.frame.iloc[0]
    assert (row["end"] - row["start"]).total_seconds() == 60 * minutes
    decided = [note for note in notes if "the only reading in which the clock-in comes first" in note]
    assert len(decided) == (minutes == 20)
    assert len(notes) == (minutes in (20, 90))


def test_a_time_that_clocks_skip_is_named(read):
    rows, notes, _ = read("a1,2026-03-29 02:30,2026-03-29 06:00", zone=BERLIN)
    assert rows[0][2] == "03-29 03:00"
    assert "clock_in 2026-03-29 02:30: clocks in Europe/Berlin skip this time" in notes[0]


def test_each_row_site_and_person_may_have_a_zone(read):
    header = "agent_id,clock_in,clock_out,site,timezone"
    lines = ("a1,2026-03-02 08:00,2026-03-02 16:00,x,Asia/Kolkata", "a2,2026-03-02 08:00,2026-03-02 16:00,孟买,",
             "a3,2026-03-02 08:00,2026-03-02 16:00,x,", "a4,2026-03-02 08:00,2026-03-02 16:00,x,Mars/Base")  # fmt: skip
    rows, notes, told = read(*lines, header=header, zones={"孟买": KOLKATA, "a3": BERLIN})
    assert [row[2] for row in rows] == ["03-02 10:30", "03-02 10:30", "03-02 15:00"]
    assert notes == ["worked.csv, row 5: a4: 'Mars/Base' is no time zone; the row was left out."]
    assert {name: zone.key for name, zone in told.zones.items()} == {
        "a1": "Asia/Kolkata",
        "a2": "Asia/Kolkata",
        "a3": "Europe/Berlin",
    }


def test_the_day_is_that_of_the_rows_own_clock(read):
    header = "agent_id,clock_in,clock_out,timezone"
    rows, _, _ = read("a1,2026-03-02T20:00Z,2026-03-03T02:00Z,Europe/Berlin", header=header)
    assert rows[0][1] == "03-02", "in Shanghai it is the third already"


def test_two_zones_for_one_time(read):
    header = "agent_id,clock_in,clock_out,timezone"
    rows, notes, _ = read(
        "a1,2026-03-02T08:00+09:00,2026-03-02T16:00+08:00,Asia/Shanghai",
        "a2,2026-03-02T00:00Z,2026-03-02T08:00Z,Asia/Shanghai",
        header=header,
    )
    assert rows[0][2] == "03-02 07:00"
    assert len(notes) == 1
    assert "row 2: a1: clock_in 2026-03-02T08:00+09:00 has another offset than Asia/Shanghai" in notes[0]


def test_people_who_are_not_on_the_list_are_named_once_and_judged(read):
    rows, notes, _ = read(
        "a1,2026-03-02 08:00,2026-03-02 16:00",
        *[f"a7,2026-03-0{d} 08:00,2026-03-0{d} 16:00" for d in (2, 3)],
        listed={"a1"},
    )
    assert len(rows) == 3
    assert notes == [
        "worked.csv, row 3: a7: is not on the list of people; judged without what the list would tell."
    ]


def test_activities_and_pay_where_they_are_told(read):
    header = "agent_id,clock_in,clock_out,activity,paid"
    rows, notes, told = read(
        "a1,2026-03-02 08:00,2026-03-02 12:00,work:calls,是", "a1,2026-03-02 12:00,2026-03-02 12:30,meal,",
        "a1,2026-03-02 13:00,2026-03-02 14:00,juggling,false", header=header,
    )  # fmt: skip
    assert [row[4] for row in rows] == ["work:calls", "meal", "work:*"]
    assert told.frame["paid"].tolist() == [True, False, False]
    assert "activity 'juggling' is not known" in notes[0]


def test_unknown_columns_are_told(read):
    assert (
        "left out: 备注"
        in read("a1,2026-03-02 08:00,2026-03-02 16:00,x", header="agent_id,clock_in,clock_out,备注")[1][0]
    )


EVENTS = "agent_id,time,event"


def test_events_make_stretches(read):
    rows, notes, told = read(
        "a1,2026-03-02 16:00,下班", "a1,2026-03-02 08:00,上班", "a1,2026-03-02 12:00,休息开始", "a1,2026-03-02 12:30,休息结束",
        header="工号,打卡时间,事件",
    )  # fmt: skip
    assert [row[2:] for row in rows] == [
        ("03-02 08:00", "03-02 12:00", "work:*"), ("03-02 12:00", "03-02 12:30", "break"), ("03-02 12:30", "03-02 16:00", "work:*"),
    ]  # fmt: skip
    assert told.frame["paid"].tolist() == [True, False, True]
    assert notes == []


@pytest.mark.parametrize(
    ("events", "kept", "words"),
    [
        (["02 08:00,in", "03 08:00,in", "03 16:00,out"], 1, "row 2: a1: has no clock-out (another clock-in follows)"),
        (["02 08:00,in", "03 08:01,out"], 0, "row 2: a1: has no clock-out (no event follows within 24 hours)"),
        (["02 08:00,in"], 0, "row 2: a1: has no clock-out (nothing follows)"),
        (["02 16:00,out", "03 08:00,in", "03 16:00,out"], 1, "row 2: a1: a clock-out without a clock-in"),
        (["02 08:00,in", "02 16:00,out", "02 16:00,out"], 1, "row 4: a1: the same event at the same time once more"),
        (["02 08:00,in", "02 12:00,lunch", "02 16:00,out"], 1, "row 3: a1: event 'lunch': expected one of in, out"),
        (["02 08:00,in", "02 12:00,break_end", "02 16:00,out"], 1, "row 3: a1: break_end does not follow on work"),
        (["02 08:00,in", "02 12:00,break_start", "02 16:00,out"], 1, "row 3: a1: a break that ends with the clock-out"),
        (["02 08:00,in", "02 12:00,break_start", "02 12:30,in", "02 16:00,out"], 3, "row 4: a1: a clock-in during a break"),
        (["02 08:00,in", ",in", "02 16:00,out"], 1, "row 3: a1: has no time"),
        (["02 08:00,in", "30 25:00,in", "02 16:00,out"], 1, "row 3: a1: time '2026-03-30 25:00'"),
    ],
)  # fmt: skip
def test_faulty_events_are_named_and_the_rest_is_read(read, events, kept, words):
    lines = [f"a1,{'2026-03-' if one[0] != ',' else ''}{one}" for one in events]
    rows, notes, _ = read(*lines, header=EVENTS)
    assert len(rows) == kept
    assert any(words in note for note in notes), notes


def test_events_on_the_night_that_has_two_o_clock_twice_follow_the_order_of_the_file(read):
    lines = (
        "a1,2026-10-24 22:00,in",
        "a1,2026-10-25 02:40,break_start",
        "a1,2026-10-25 02:10,break_end",
        "a1,2026-10-25 06:00,out",
    )
    _, notes, told = read(*lines, zone=BERLIN, header=EVENTS)
    assert ((told.frame["end"] - told.frame["start"]).dt.total_seconds() // 60).tolist() == [280, 30, 230]
    assert "the second was taken, as the event before it in the file demands" in notes[1]


def test_out_and_in_at_one_minute(read):
    rows, notes, _ = read(
        "a1,2026-03-02 08:00,in",
        "a1,2026-03-02 12:00,in",
        "a1,2026-03-02 12:00,out",
        "a1,2026-03-02 16:00,out",
        header=EVENTS,
    )
    assert len(rows) == 2
    assert notes == []


@pytest.mark.parametrize("header", ["agent_id,clock_in", "agent_id,time", "clock_in,clock_out"])
def test_missing_columns_are_bad_input(tmp_path, header):
    path = tmp_path / "worked.csv"
    path.write_text(f"{header}\na1,2026-03-02 08:00\n", encoding="utf-8")
    with pytest.raises(BadInput):
        read_any_rota(path, SHANGHAI)


def test_a_file_that_is_not_closed_is_bad_input(tmp_path):
    path = tmp_path / "worked.csv"
    path.write_text('agent_id,clock_in,clock_out\na1,"2026-03-02 08:00,2026-03-02 16:00\n', encoding="utf-8")
    with pytest.raises(BadInput, match="quotes closed"):
        read_any_rota(path, SHANGHAI)


def test_no_rows_and_no_good_row_give_an_empty_rota(read):
    assert read()[0] == []
    assert read("a1,2026-03-02 08:00,")[0] == []
    assert read(header=EVENTS)[0] == []


def test_many_faults_of_a_kind_end_in_a_count(read):
    _, notes, told = read(*[f"a{k},2026-03-02 08:00," for k in range(MOST_NOTES + 7)])
    assert len(notes) == MOST_NOTES + 1
    assert notes[-1] == "worked.csv: 7 more rows: no clock-out."
    assert len(told.unclear) == MOST_NOTES + 7


def test_a_faulty_rota_row_is_left_out_and_told(tmp_path):
    path = tmp_path / "rota.csv"
    lines = [
        "a1,2026-03-02,2026-03-02T08:00,2026-03-02T16:00,work:*,d,true",
        "a1,2026-03-03,2026-03-03T08:00,2026-03-03T07:00,work:*,d,true",
        "a1,2026-02-30,2026-03-03T08:00,2026-03-03T17:00,work:*,d,true",
    ]
    header = "agent_id,day,start,end,activity,shift,paid"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    told = read_any_rota(path, SHANGHAI)
    assert len(told.frame) == 1
    assert [note.sentence.partition(":")[0] for note in told.notes] == [
        "rota.csv, row 4, day",
        "rota.csv, row 3, end",
    ]
    path.write_text("\n".join([header, *lines[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(BadInput):
        read_any_rota(path, SHANGHAI)


def test_what_is_a_record_file(tmp_path):
    path = tmp_path / "x.csv"
    for header, known in (
        ("agent_id,clock_in,clock_out", True),
        ("工号,1,2,3", False),
        ("agent_id,day,start,end,activity,shift,paid", True),
    ):
        path.write_text(header + "\n", encoding="utf-8")
        assert is_record_file(path) is known
    assert is_record_file(tmp_path / "none.csv") is False


@given(st.lists(st.integers(day_number(date(2024, 1, 1)) * 1440, day_number(date(2027, 1, 1)) * 1440), min_size=1, max_size=20),
       st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Shanghai", "Pacific/Apia"]))  # fmt: skip
@settings(max_examples=40)
def test_wall_clock_times_as_the_scalar_reader_has_them(wall, name):
    zone = ZoneInfo(name)
    told = readings(np.array(wall, dtype=np.int64), zone)
    for k, minute in enumerate(wall):
        one = local_instant(zone, *divmod(minute, 1440))
        assert bool(told.skipped[k]) == (one is None)
        if one is not None:
            assert told.first[k] == one
            assert from_minutes(int(told.second[k]), zone).replace(tzinfo=None) == from_minutes(
                one, zone
            ).replace(tzinfo=None)
    days = local_days(told.first, zone)
    assert days.tolist() == [day_number(from_minutes(int(at), zone).date()) for at in told.first]


@given(
    st.lists(st.tuples(st.sampled_from(["a1", "a2"]), st.integers(0, 3000), st.integers(1, 900)), max_size=8),
    st.randoms(use_true_random=False),
)
@settings(max_examples=30)
def test_the_order_of_rows_changes_nothing_and_no_minute_is_told_twice(tmp_path_factory, records, random):
    path = tmp_path_factory.mktemp("clock") / "worked.csv"

    def frame(rows):
        def text(minute):
            return f"{from_minutes(29540160 + minute):%Y-%m-%d %H:%M}"

        lines = [f"{agent},{text(start)},{text(start + minutes)}" for agent, start, minutes in rows]
        path.write_text("\n".join(["agent_id,clock_in,clock_out", *lines]) + "\n", encoding="utf-8")
        return read_any_rota(path, ZoneInfo("UTC")).frame

    once, again = frame(records), frame(random.sample(records, len(records)))
    keys = ["agent_id", "start", "end"]
    pd.testing.assert_frame_equal(
        once.sort_values(keys, ignore_index=True), again.sort_values(keys, ignore_index=True)
    )
    work = once[once["activity"] == "work:*"]
    for agent in ("a1", "a2"):
        mine = {m for who, start, minutes in records if who == agent for m in range(start, start + minutes)}
        told = work[work["agent_id"] == agent]
        assert (told["end"] - told["start"]).dt.total_seconds().sum() == 60 * len(mine)


def test_a_workbook_of_times_as_spreadsheets_hold_them(tmp_path):
    import xlsxwriter

    path = tmp_path / "考勤.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, moment, clock = (
            book.add_worksheet(),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            book.add_format({"num_format": "hh:mm"}),
        )
        for k, name in enumerate(("工号", "日期", "上班时间", "下班时间")):
            sheet.write(0, k, name)
        for row, (start, end, style) in enumerate(
            [
                (datetime(2026, 3, 2, 8, 0), datetime(2026, 3, 2, 16, 0), moment),
                (time(22, 0), time(6, 0), clock),
            ],
            start=1,
        ):
            sheet.write(row, 0, 1001)
            sheet.write_datetime(
                row, 1, datetime(2026, 3, row + 1), book.add_format({"num_format": "yyyy-mm-dd"})
            )
            sheet.write_datetime(row, 2, start, style)
            sheet.write_datetime(row, 3, end, style)
    assert is_record_file(path)
    told = read_any_rota(path, SHANGHAI)
    assert told.frame["agent_id"].tolist() == ["1001", "1001"]
    ends = [
        told.frame[name].dt.tz_convert(SHANGHAI).dt.strftime("%d %H:%M").tolist() for name in ("start", "end")
    ]
    assert ends == [["02 08:00", "03 22:00"], ["02 16:00", "04 06:00"]]


@pytest.mark.parametrize("name", ["America/Sao_Paulo", "Europe/Berlin", "Asia/Tehran"])
def test_the_day_at_the_very_minute_that_clocks_change(name):
    zone = ZoneInfo(name)
    changes, offsets = clock_changes(zone, day_number(date(2015, 1, 1)), day_number(date(2019, 1, 1)))
    assert len(changes) == len(offsets) - 1 >= 7
    at = np.concatenate([changes - 1, changes, changes + 1])
    assert local_days(at, zone).tolist() == [day_number(from_minutes(int(one), zone).date()) for one in at]
