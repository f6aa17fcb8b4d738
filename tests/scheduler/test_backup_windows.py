"""When backup people may come: hours on the centre's clock, leave, own shifts and the rest around them."""

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.calendar_days import makeup_days, makeup_rows
from centre.instants import Grid, day_number
from centre.model import Backup, Opening
from centre.people import Agent
from scheduler.backup_windows import Spans, backup_windows, without
from scheduler.rota import COLUMNS, Rota

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
POOL = Backup("外援", ("热线",), agents=1, rest_minutes=660)


def grid(first: str, days: int, zone: ZoneInfo = BERLIN) -> Grid:
    return Grid(zone, day_number(date.fromisoformat(first)), days, 30)


def worked(*rows: tuple[str, str, str], activity: str = "work:*") -> Rota:
    """Rows of (person, start, end) on Berlin's clock."""
    table = [
        (
            who,
            start[:10],
            *(pd.Timestamp(at, tz=BERLIN).tz_convert("UTC") for at in (start, end)),
            activity,
            "早",
            True,
        )
        for who, start, end in rows
    ]
    return Rota.from_frame(pd.DataFrame(table, columns=list(COLUMNS)))


def local(spans: Spans) -> list[tuple[str, str]]:
    """Starts and ends on Berlin's clock."""
    return [
        tuple(
            pd.Timestamp(60 * at, unit="s", tz="UTC").tz_convert(BERLIN).strftime("%d %H:%M") for at in span
        )  # type: ignore[misc]
        for span in spans
    ]


def test_hours_that_touch_are_one_window_from_the_first_day_to_the_day_after() -> None:
    found = backup_windows(POOL, ["甲", "乙"], grid("2026-03-02", 2))
    assert local(found["甲"]) == [("02 00:00", "05 00:00")]
    assert found["甲"] == found["乙"]


def test_hours_past_midnight_begin_the_day_before() -> None:
    night = Backup(
        "夜班", ("热线",), agents=1, hours=(Opening((6, 0), 1320, 1800),)
    )  # Sunday and Monday from ten to six
    assert local(backup_windows(night, ["甲"], grid("2026-03-02", 1))["甲"]) == [
        ("02 00:00", "02 06:00"),
        ("02 22:00", "03 06:00"),
    ]


def test_on_nights_on_which_clocks_change_hours_stay_on_the_clock() -> None:
    early = Backup("早", ("热线",), agents=1, hours=(Opening(EVERY_DAY, 60, 240),))
    for day, minutes in (("2026-03-29", 120), ("2026-10-25", 240), ("2026-10-26", 180)):
        (start, end), *_ = backup_windows(early, ["甲"], grid(day, 1))["甲"]
        assert end - start == minutes


def test_own_shifts_keep_them_away_with_their_rest_before_and_after() -> None:
    days = grid("2026-03-02", 2)
    before = worked(("甲", "2026-03-01T14:00", "2026-03-01T22:00"))
    rota = worked(
        ("甲", "2026-03-03T08:00", "2026-03-03T16:00"), ("乙", "2026-03-02T08:00", "2026-03-02T16:00")
    )
    assert local(backup_windows(POOL, ["甲"], days, rota, before)["甲"]) == [
        ("02 09:00", "02 21:00"),
        ("04 03:00", "05 00:00"),
    ]
    planned = worked(("甲", "2026-03-02T12:00", "2026-03-02T14:00"), activity="backup")
    assert local(backup_windows(POOL, ["甲"], days, planned)["甲"]) == [
        ("02 00:00", "02 01:00"),
        ("03 01:00", "05 00:00"),
    ]


def test_leave_and_standing_by_at_home() -> None:
    leave = pd.DataFrame(
        {
            "agent_id": ["甲", "丙"],
            "start": pd.to_datetime(["2026-03-02T09:00Z", "2026-03-02T00:00Z"]),
            "end": pd.to_datetime(["2026-03-02T11:00Z", "2026-03-09T00:00Z"]),
        }
    )
    standing_by = worked(("甲", "2026-03-02T16:00", "2026-03-02T20:00"), activity="on_call")
    found = backup_windows(POOL, ["甲"], grid("2026-03-02", 1), standing_by, leave=leave)
    assert local(found["甲"]) == [("02 00:00", "02 10:00"), ("02 12:00", "04 00:00")]


def test_only_while_employed() -> None:
    first = day_number(date(2026, 3, 3))
    person = Agent("甲", "王芳", "", "junior", (), "full", starts_on=first, leaves_on=first)
    found = backup_windows(POOL, ["甲"], grid("2026-03-02", 3), agents=[person])
    assert local(found["甲"]) == [("03 00:00", "04 00:00")]
    gone = Agent("甲", "王芳", "", "junior", (), "full", leaves_on=first - 400)
    assert backup_windows(POOL, ["甲"], grid("2026-03-02", 3), agents=[gone])["甲"] == []


def test_support_is_at_work_anyway() -> None:
    pool = Backup("互助", ("热线",), kind="support", hours=(Opening(EVERY_DAY, 540, 1080),))
    rota = worked(("甲", "2026-03-02T08:00", "2026-03-02T16:00"))
    assert local(backup_windows(pool, ["甲"], grid("2026-03-02", 1), rota)["甲"]) == [
        ("02 09:00", "02 18:00"),
        ("03 09:00", "03 18:00"),
    ]


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8)


@given(SPANS, SPANS)
def test_what_is_left_is_each_minute_that_is_open_and_not_blocked(
    opened: list[tuple[int, int]], blocked: list[tuple[int, int]]
) -> None:
    apart: Spans = []
    for start, length in sorted(opened):
        if not apart or start >= apart[-1][1]:
            apart.append((start, start + length))
    taken = [(start, start + length) for start, length in blocked]
    left = without(apart, taken)

    def minutes(spans: Spans) -> set[int]:
        return {minute for start, end in spans for minute in range(start, end)}

    assert minutes(left) == minutes(apart) - minutes(taken)
    assert all(start < end for start, end in left)


@pytest.mark.parametrize("people", [[], ["甲"]])
def test_a_pool_that_is_never_open_has_no_windows(people: list[str]) -> None:
    shut = Backup("外援", ("热线",), agents=1, hours=(Opening((5,), 0, 600),))
    assert backup_windows(shut, people, grid("2026-03-02", 2)) == {name: [] for name in people}


def test_a_makeup_workday_has_the_hours_of_a_friday() -> None:
    """Sunday 28 September 2025 is worked in exchange: Mondays to Fridays from nine to six, and it."""
    first = day_number(date(2025, 9, 22))
    week = Grid(ZoneInfo("Asia/Shanghai"), first, 7, 30)
    pool = Backup("agency", ("calls",), hours=(Opening((0, 1, 2, 3, 4), 540, 1080),))
    worked_days = makeup_days(makeup_rows("CN", first))
    usual = backup_windows(pool, ["x"], week)["x"]
    found = backup_windows(pool, ["x"], week, makeup_days=worked_days)["x"]
    assert [(start - week.start) // 1440 for start, _ in usual] == [0, 1, 2, 3, 4, 7]
    assert [(start - week.start) // 1440 for start, _ in found] == [0, 1, 2, 3, 4, 6, 7]
