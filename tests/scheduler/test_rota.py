"""The rota as columns: order, codes, the shifts seen in its rows, and the way back to a table."""

from datetime import date

import numpy as np
import pandas as pd

from scheduler.rota import COLUMNS, Rota, activity_kind, running_end

ROWS = [
    ("b", "2024-05-06", "2024-05-06T08:00Z", "2024-05-06T10:00Z", "work:电话", "早班", True),
    ("a", "2024-05-06", "2024-05-06T22:00Z", "2024-05-07T02:00Z", "work:*", "night", True),
    ("a", "2024-05-06", "2024-05-07T02:00Z", "2024-05-07T02:30Z", "meal", "night", False),
    ("a", "2024-05-06", "2024-05-07T02:30Z", "2024-05-07T06:00Z", "work:*", "night", True),
    ("a", "2024-05-08", "2024-05-08T00:00Z", "2024-05-09T00:00Z", "leave", "", True),
    ("a", "2024-05-09", "2024-05-09T08:00Z", "2024-05-09T12:00Z", "training:x", "day", True),
    ("a", "2024-05-09", "2024-05-09T12:00Z", "2024-05-09T12:15Z", "break", "day", True),
]


def rota(rows=ROWS):
    return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paid": bool}))


def test_rows_are_sorted_by_person_and_start_whatever_their_order():
    told = rota(ROWS[::-1])
    assert [told.agent_ids[k] for k in told.agent] == ["a"] * 6 + ["b"]
    assert (np.diff(told.start[:6]) > 0).all()


def test_a_table_comes_back_as_it_was():
    frame = rota().to_frame()
    assert list(frame.columns) == list(COLUMNS)
    again = Rota.from_frame(frame).to_frame()
    pd.testing.assert_frame_equal(frame, again)
    assert frame.iloc[-1].tolist()[:2] == ["b", date(2024, 5, 6)]
    assert frame.iloc[-1]["activity"] == "work:电话"


def test_shifts_leave_out_leave_and_hold_what_is_worked_and_paid():
    shifts = rota().duties
    assert len(shifts) == 3
    assert (shifts.end - shifts.start).tolist() == [480, 255, 120]
    assert shifts.worked.tolist() == [450, 240, 120]
    assert shifts.paid.tolist() == [450, 255, 120]
    assert list(zip(shifts.first.tolist(), shifts.last.tolist(), strict=True)) == [(0, 3), (4, 6), (6, 7)]


def test_every_row_knows_its_shift():
    assert rota().duty.tolist() == [0, 0, 0, -1, 1, 1, 2]


def two_stretches(start):
    return [
        ("a", "2024-05-06", "2024-05-06T06:00Z", "2024-05-06T10:00Z", "work:*", "day", True),
        ("a", "2024-05-06", f"2024-05-06T{start}Z", "2024-05-06T20:00Z", "work:*", "day", True),
    ]


def test_five_hours_of_nothing_part_two_shifts_of_one_day():
    assert len(rota(two_stretches("14:59")).duties) == 1
    assert len(rota(two_stretches("15:00")).duties) == 2


def test_a_row_inside_a_longer_one_parts_nothing():
    long = ("a", "2024-05-06", "2024-05-06T06:00Z", "2024-05-06T18:00Z", "work:*", "day", True)
    short = ("a", "2024-05-06", "2024-05-06T07:00Z", "2024-05-06T08:00Z", "meeting:x", "day", True)
    late = ("a", "2024-05-06", "2024-05-06T18:00Z", "2024-05-06T19:00Z", "work:*", "day", True)
    shifts = rota([long, short, late]).duties
    assert (shifts.end - shifts.start).tolist() == [780]


def test_an_empty_rota_has_no_shifts():
    assert len(rota([]).duties) == 0
    assert len(rota([]).duty) == 0
    assert len(rota([]).to_frame()) == 0


def test_running_end_starts_again_with_each_person():
    agent = np.array([0, 0, 0, 1], dtype=np.int32)
    assert running_end(agent, np.array([5, 3, 7, 2])).tolist() == [5, 5, 7, 2]


def test_the_kind_of_an_activity():
    assert [activity_kind(a) for a in ("work:a:b", "break", "")] == ["work", "break", ""]
