"""Worked beside planned, verdicts by hand: a shift of 2026-03-02 08:00 to 16:30 with a meal 12:00 to 12:30."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.instants import day_number
from scheduler.adherence import compare
from scheduler.adherence_figures import by_interval, figures, rest_lost
from scheduler.rota import COLUMNS, Rota

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
PARTS = ("kept", "other", "late", "left_early", "away", "absent", "unknown")


def rota(*rows, zone=SHANGHAI):
    """Rows of agent, day, start, end and activity; times of that day, or with a date of their own."""

    def moment(day, text):
        return datetime.fromisoformat(text if "T" in text else f"{day}T{text}").replace(tzinfo=zone)

    table = [
        (agent, day, moment(day, start), moment(day, end), (*more, "work:*")[0], "d", True)
        for agent, day, start, end, *more in rows
    ]
    frame = pd.DataFrame(table, columns=list(COLUMNS))
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return Rota.from_frame(frame)


DAY = "2026-03-02"
PLAN = (
    ("a1", DAY, "08:00", "12:00"), ("a1", DAY, "12:00", "12:30", "meal"), ("a1", DAY, "12:30", "16:30"),
)  # fmt: skip


def total(planned, worked, **more):
    found = compare(rota(*planned), rota(*worked), **more)
    return figures(found, "all").iloc[0] if len(figures(found, "all")) else None


def told(row, *names):
    return [float(row[name]) for name in names]


def test_worked_as_planned():
    row = total(PLAN, PLAN)
    assert told(row, "adherence", "conformance", "planned_minutes", "due_minutes") == [1, 1, 510, 480]
    assert told(row, "missed_breaks", "overrun_minutes", "rest_lost_minutes", "absent_shifts") == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("start", "end", "name", "minutes"),
    [
        ("08:06", "16:30", "late_minutes", 6),
        ("08:00", "16:24", "left_early_minutes", 6),
        ("07:54", "16:30", "early_start_minutes", 6),
        ("08:00", "16:36", "overrun_minutes", 6),
    ],
)
@pytest.mark.parametrize("tolerance", [5, 6])
def test_a_deviation_counts_from_one_minute_over_the_tolerance(start, end, name, minutes, tolerance):
    row = total(PLAN, [("a1", DAY, start, end)], tolerance=tolerance)
    counted = minutes if tolerance < minutes else 0
    assert row[name] == counted
    planned = name in ("late_minutes", "left_early_minutes")
    assert row["adherence"] == pytest.approx(1 - (counted / 510 if planned else 0))
    sign = -1 if planned else 1
    assert row["conformance"] == pytest.approx((510 + sign * minutes) / 510), "conformance forgives nothing"


def test_time_made_up_later_conforms_but_does_not_adhere():
    row = total(PLAN, [("a1", DAY, "09:00", "17:30")])
    assert told(row, "late_minutes", "overrun_minutes", "late_starts") == [60, 60, 1]
    assert told(row, "adherence", "conformance") == [450 / 510, 1]


def test_clock_records_tell_presence_alone_so_breaks_are_not_known():
    row = total(PLAN, [("a1", DAY, "08:00", "16:30")])
    assert told(row, "missed_breaks", "breaks_unknown", "due_minutes") == [0, 1, 510]


def test_a_break_taken_at_another_time_costs_adherence_and_is_not_missed():
    worked = [
        ("a1", DAY, "08:00", "13:00"),
        ("a1", DAY, "13:00", "13:30", "break"),
        ("a1", DAY, "13:30", "16:30"),
    ]
    row = total(PLAN, worked)
    assert told(row, "other_minutes", "missed_breaks", "shortened_breaks", "break_minutes_lost") == [
        60,
        0,
        0,
        0,
    ]
    assert told(row, "adherence", "conformance") == [450 / 510, 1]


@pytest.mark.parametrize(("until", "lost"), [("12:25", 0), ("12:24", 6)])
def test_a_break_cut_short(until, lost):
    worked = [("a1", DAY, "08:00", "12:00"), ("a1", DAY, "12:00", until, "meal"), ("a1", DAY, until, "16:30")]
    row = total(PLAN, worked)
    assert told(row, "shortened_breaks", "break_minutes_lost", "missed_breaks") == [int(lost > 0), lost, 0]


def test_one_of_two_breaks_missed():
    plan = [
        ("a1", DAY, "08:00", "10:00"), ("a1", DAY, "10:00", "10:15", "break"), ("a1", DAY, "10:15", "12:00"),
        ("a1", DAY, "12:00", "12:30", "meal"), ("a1", DAY, "12:30", "16:30"),
    ]  # fmt: skip
    worked = [
        ("a1", DAY, "08:00", "12:00"),
        ("a1", DAY, "12:00", "12:30", "break"),
        ("a1", DAY, "12:30", "16:30"),
    ]
    row = total(plan, worked)
    assert told(row, "missed_breaks", "shortened_breaks", "break_minutes_lost", "other_minutes") == [
        1,
        0,
        15,
        15,
    ]


def test_a_break_planned_after_the_person_had_left_is_not_missed():
    worked = [
        ("a1", DAY, "08:00", "10:00"),
        ("a1", DAY, "10:00", "10:10", "break"),
        ("a1", DAY, "10:10", "11:00"),
    ]
    row = total(PLAN, worked)
    assert told(row, "missed_breaks", "left_early_minutes", "left_early") == [0, 330, 1]
    assert told(row, "shortened_breaks", "break_minutes_lost") == [0, 0]


def test_nobody_need_clock_for_a_planned_break():
    row = total(PLAN, [("a1", DAY, "08:00", "12:00"), ("a1", DAY, "12:30", "16:30")])
    assert told(row, "adherence", "away_minutes") == [1, 0]


def test_away_in_the_middle():
    row = total(PLAN, [("a1", DAY, "08:00", "10:00"), ("a1", DAY, "11:00", "16:30")])
    assert told(row, "away_minutes", "adherence") == [60, 450 / 510]


def test_a_swap_is_one_absent_and_one_unplanned():
    row = figures(compare(rota(*PLAN), rota(("a2", DAY, "08:00", "16:30"))), "person").set_index("agent_id")
    assert told(row.loc["a1"], "absent_minutes", "absent_shifts", "unplanned_shifts", "adherence") == [
        510,
        1,
        0,
        0,
    ]
    assert told(row.loc["a2"], "unplanned_minutes", "unplanned_shifts", "planned_minutes") == [510, 1, 0]
    assert pd.isna(row.loc["a2", "adherence"])
    assert pd.isna(row.loc["a2", "conformance"])


def test_a_record_left_out_makes_a_shift_unknown_and_not_absent():
    unclear = {("a1", day_number(date(2026, 3, 2)))}
    row = total(
        [*PLAN, ("a1", "2026-03-03", "08:00", "12:00")],
        [("a1", "2026-03-03", "08:00", "12:00")],
        unclear=unclear,
    )
    assert told(row, "unknown_minutes", "absent_minutes", "adherence", "conformance") == [510, 0, 1, 1]


def test_activities_are_compared_where_both_tell_them():
    plan = [("a1", DAY, "08:00", "09:00", "training:x"), ("a1", DAY, "09:00", "12:00", "work:calls")]
    worked = [
        ("a1", DAY, "08:00", "09:00", "work:calls"),
        ("a1", DAY, "09:00", "10:00", "meeting:m"),
        ("a1", DAY, "10:00", "12:00", "work:chat"),
    ]
    assert told(total(plan, worked), "other_minutes", "kept_minutes") == [120, 120]
    assert total(plan, [("a1", DAY, "08:00", "12:00")])["adherence"] == 1, (
        "clock records cannot tell training"
    )


def test_nobody_planned_and_nobody_worked():
    assert total([], []) is None
    row = total([], PLAN)
    assert told(row, "unplanned_shifts", "planned_shifts", "unplanned_minutes") == [1, 0, 480]
    assert pd.isna(row["adherence"])
    assert told(total(PLAN, []), "adherence", "absent_shifts", "absent_minutes") == [0, 1, 510]


def test_over_midnight_a_shift_counts_on_the_day_it_was_planned():
    plan = [("a1", DAY, "22:00", "2026-03-03T06:00")]
    worked = [("a1", DAY, "22:00", "2026-03-03T02:00"), ("a1", "2026-03-03", "02:30", "07:00")]
    rows = figures(compare(rota(*plan), rota(*worked)), "day")
    assert rows["day"].tolist() == [date(2026, 3, 2)]
    assert told(rows.iloc[0], "away_minutes", "overrun_minutes") == [30, 60]


def test_a_shift_that_began_before_midnight_stands_for_one_planned_after_it():
    plan, worked = [("a1", "2026-03-03", "00:00", "08:00")], [("a1", DAY, "23:50", "2026-03-03T08:00")]
    days = (day_number(date(2026, 3, 3)), day_number(date(2026, 3, 4)))
    row = total(plan, worked, days=days)
    assert told(row, "early_start_minutes", "absent_shifts", "unplanned_shifts") == [10, 0, 0]


@pytest.mark.parametrize(("night", "minutes"), [("2026-03-28", 420), ("2026-10-24", 540)])
def test_nights_on_which_clocks_change_have_their_true_length(night, minutes):
    morning = f"{date.fromisoformat(night) + pd.Timedelta(days=1)}T06:00"[-16:]
    plan = rota(("a1", night, "22:00", morning), zone=BERLIN)
    row = figures(compare(plan, plan), "all").iloc[0]
    assert told(row, "planned_minutes", "kept_minutes") == [minutes, minutes]


def test_leap_day_and_year_end():
    plan = [("a1", "2028-02-28", "22:00", "2028-02-29T06:00"), ("a1", "2028-02-29", "22:00", "2028-03-01T06:00"),
            ("a1", "2027-12-31", "22:00", "2028-01-01T06:00")]  # fmt: skip
    rows = figures(compare(rota(*plan), rota(*plan[:1], *plan[2:])), "day")
    assert rows["day"].tolist() == [date(2027, 12, 31), date(2028, 2, 28), date(2028, 2, 29)]
    assert rows["adherence"].tolist() == [1, 1, 0]


def test_doubled_and_overlapping_rows_count_a_minute_once():
    row = total([*PLAN, PLAN[0]], [("a1", DAY, "08:00", "14:00"), ("a1", DAY, "10:00", "16:30")])
    assert told(row, "planned_minutes", "worked_minutes", "adherence") == [510, 510, 1]


def test_a_row_inside_another_counts_once_and_hides_nothing():
    row = total(PLAN, [("a1", DAY, "08:00", "16:30"), ("a1", DAY, "10:00", "11:00")])
    assert told(row, "worked_minutes", "adherence", "away_minutes") == [510, 1, 0]


@pytest.mark.parametrize(
    ("start", "end", "early", "over"),
    [("09:00", "20:00", 360, 0), ("07:00", "17:00", 0, 360), ("08:00", "18:00", 0, 360)],
)
def test_a_worked_shift_stands_for_the_planned_one_it_shares_most_with_the_earlier_of_equals(
    start, end, early, over
):
    plan = [("a1", DAY, "06:00", "10:00"), ("a1", DAY, "16:00", "22:00")]
    row = total(plan, [("a1", DAY, start, end)])
    assert told(row, "early_start_minutes", "overrun_minutes", "absent_shifts") == [early, over, 0]


@pytest.mark.parametrize(("back", "away"), [("10:05", 0), ("10:06", 6)])
def test_being_away_is_forgiven_up_to_the_tolerance(back, away):
    row = total(PLAN, [("a1", DAY, "08:00", "10:00"), ("a1", DAY, back, "16:30")])
    assert told(row, "away_minutes", "kept_minutes") == [away, 510 - away]


def test_each_run_of_a_deviation_is_forgiven_by_itself():
    row = total(PLAN, [("a1", DAY, "08:00", "16:34"), ("a1", DAY, "16:44", "16:48")])
    assert row["overrun_minutes"] == 0
    assert total(PLAN, [("a1", DAY, "08:00", "16:34"), ("a1", DAY, "16:44", "16:50")])["overrun_minutes"] == 6


def test_by_team_and_week():
    plan = [*PLAN, ("b1", "2026-03-09", "08:00", "16:00"), ("b2", "2026-03-09", "08:00", "16:00")]
    found = compare(rota(*plan), rota(*plan[:-1]))
    teams = figures(found, "team", {"a1": "电话", "b1": "在线", "b2": "在线"})
    assert teams["team"].tolist() == ["在线", "电话"]
    assert teams["adherence"].tolist() == [0.5, 1]
    weeks = figures(found, "week", week_start=0)
    assert weeks["week"].tolist() == [date(2026, 3, 2), date(2026, 3, 9)]
    assert weeks["absent_shifts"].tolist() == [0, 1]


def test_by_interval():
    found = compare(rota(("a1", DAY, "08:00", "09:00")), rota(("a1", DAY, "08:15", "09:15")))
    table = by_interval(found, 30)
    assert [t.tz_convert(SHANGHAI).strftime("%H:%M") for t in table["interval_start"]] == [
        "08:00",
        "08:30",
        "09:00",
    ]
    assert table["planned"].tolist() == [1, 1, 0]
    assert table["worked"].tolist() == [0.5, 1, 0.5]
    assert table["adherence"].tolist()[:2] == [0.5, 1]


def test_the_horizon_leaves_out_other_days():
    days = (day_number(date(2026, 3, 3)), day_number(date(2026, 3, 4)))
    plan = [*PLAN, ("a1", "2026-03-03", "08:00", "10:00"), ("a1", "2026-03-04", "08:00", "10:00")]
    row = total(
        plan, [("a1", "2026-03-03", "08:00", "10:00"), ("a1", "2026-03-05", "08:00", "10:00")], days=days
    )
    assert told(row, "planned_shifts", "planned_minutes", "adherence", "unplanned_shifts") == [1, 120, 1, 0]


def test_rest_lost_by_overrun_and_by_an_unplanned_shift():
    plan = [("a1", DAY, "08:00", "16:00"), ("a1", "2026-03-03", "08:00", "16:00")]
    late = [("a1", DAY, "08:00", "19:00"), ("a1", "2026-03-03", "07:00", "16:00")]
    table = rest_lost(compare(rota(*plan), rota(*late)))
    assert table[["planned_minutes", "had_minutes", "lost_minutes"]].values.tolist() == [[960, 720, 240]]
    assert total(plan, late)["rest_lost_minutes"] == 240
    assert total(plan, [("a1", DAY, "08:00", "16:05"), plan[1]])["rest_lost_minutes"] == 0
    extra = [*plan, ("a1", DAY, "21:30", "23:00")]
    table = rest_lost(compare(rota(*plan), rota(*extra)))
    assert table[["had_minutes", "lost_minutes"]].values.tolist() == [[540, 420]]
    assert len(rest_lost(compare(rota(*plan), rota(("a1", DAY, "08:00", "16:05"), plan[1])))) == 0
    assert len(rest_lost(compare(rota(*plan), rota(("a1", DAY, "08:00", "16:06"), plan[1])))) == 1


def test_leave_and_standing_by_are_neither_planned_nor_worked():
    plan = [*PLAN, ("a2", DAY, "08:00", "16:00", "leave"), ("a3", DAY, "18:00", "22:00", "on_call")]
    row = total(plan, PLAN)
    assert told(row, "planned_minutes", "planned_shifts", "adherence") == [510, 1, 1]


def test_the_parts_add_up_to_what_was_planned():
    row = total(
        PLAN,
        [
            ("a1", DAY, "08:30", "10:00"),
            ("a1", DAY, "11:00", "12:10", "break"),
            ("a1", DAY, "12:10", "15:00"),
        ],
    )
    assert sum(row[f"{part}_minutes"] for part in PARTS) == row["planned_minutes"]
