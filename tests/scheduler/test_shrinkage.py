"""Shrinkage: causes compound, quotients round up once, exact ones stay; windows hold on the local clock."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.instants import Grid, day_number
from centre.model import LossWhen, Shrinkage
from scheduler.staffing.shrinkage import agents_to_roster, compound, headcount, planned_loss, unplanned_loss

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = day_number(date(2003, 10, 20))


def one_day(day: str, zone: ZoneInfo = NEW_YORK, interval_minutes: int = 60, days: int = 1) -> Grid:
    return Grid(zone, day_number(date.fromisoformat(day)), days, interval_minutes)


def lost(grid: Grid, *windows: LossWhen) -> list[float]:
    return unplanned_loss(Shrinkage(unplanned={"病假": windows}), grid).round(12).tolist()


def test_causes_compound() -> None:
    assert compound({}) == 0.0
    assert compound({"sickness": 0.05}) == pytest.approx(0.05)
    assert compound({"病假": 0.1, "迟到": 0.2}) == pytest.approx(0.28)


def test_bad_shares_are_all_named() -> None:
    causes = {
        "sickness": 5, "lateness": 0.02, "other": -0.1, "gone": 1.0, "unknown": float("nan"),
        "病假": (LossWhen(0.1),),
    }  # fmt: skip
    with pytest.raises(BadInput) as caught:
        compound(causes)
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("病假", ""), ("sickness", "5"), ("other", "-0.1"), ("gone", "1"), ("unknown", "nan"),
    ]  # fmt: skip
    assert "weekday and time" in caught.value.faults[0].expected


@pytest.mark.parametrize(
    ("required", "unplanned", "rostered"),
    [
        (9, 0.1, 10),
        (7, 0.3, 10),
        (14, 0.3, 20),
        (19, 0.05, 20),
        (10, 0.1, 12),
        (1, 0.01, 2),
        (0, 0.4, 0),
        (5, 0, 5),
    ],
)
def test_rounded_up_once(required: int, unplanned: float, rostered: int) -> None:
    assert agents_to_roster(required, unplanned) == rostered


def test_arrays_keep_their_shape_and_type() -> None:
    found = agents_to_roster(np.array([[9, 0], [2.5, 100]]), [0.1, 0.05])
    assert found.tolist() == [[10, 0], [3, 106]]
    assert found.dtype == np.int64
    assert agents_to_roster([], 0.1).shape == (0,)


@given(st.integers(0, 20_000), st.integers(0, 99))
def test_equals_exact_arithmetic(required: int, percent: int) -> None:
    exact = -((-required) // (1 - Fraction(percent, 100)))
    assert agents_to_roster(required, percent / 100) == exact


def test_bad_input() -> None:
    with pytest.raises(BadInput, match=r"at least 0 and below 1"):
        agents_to_roster(5, 30)
    with pytest.raises(BadInput, match="-1 at index 0"):
        agents_to_roster([-1, 3], 0.1)


@given(st.integers(0, 5_000), st.integers(0, 90), st.integers(0, 90))
def test_headcount_divides_by_both_parts_and_rounds_once(required: int, planned: int, unplanned: int) -> None:
    exact = -((-required) // ((1 - Fraction(planned, 100)) * (1 - Fraction(unplanned, 100))))
    found = headcount(required, planned / 100, unplanned / 100)
    assert found == exact
    assert found <= agents_to_roster(agents_to_roster(required, unplanned / 100), planned / 100)


def test_planned_causes_count_for_headcount_and_never_for_the_rota() -> None:
    grid = one_day("2003-10-20")
    shrinkage = Shrinkage(planned={"leave": 0.2, "meetings": 0.125}, unplanned={"sickness": 0.1})
    assert unplanned_loss(shrinkage, grid).tolist() == pytest.approx([0.1] * 24)
    assert planned_loss(shrinkage, grid).tolist() == pytest.approx([0.3] * 24)
    assert agents_to_roster(63, unplanned_loss(shrinkage, grid)).tolist() == [70] * 24
    assert (
        headcount(63, planned_loss(shrinkage, grid), unplanned_loss(shrinkage, grid)).tolist() == [100] * 24
    )


def test_the_last_window_that_fits_holds_and_nothing_is_lost_elsewhere() -> None:
    windows = (
        LossWhen(0.1, days=(0, 1), opens=480, closes=1080),
        LossWhen(0.3, days=(0,), opens=540, closes=660),
    )
    tuesday = [0.0] * 8 + [0.1] * 10 + [0.0] * 6
    monday = [0.0] * 8 + [0.1, 0.3, 0.3] + [0.1] * 7 + [0.0] * 6
    assert lost(one_day("2003-10-20", days=3), *windows) == [*monday, *tuesday, *[0.0] * 24]
    assert lost(one_day("2003-10-20"), *windows[::-1]) == tuesday


def test_causes_compound_minute_by_minute_and_intervals_have_the_mean() -> None:
    early = (LossWhen(0.2, opens=480, closes=510),)  # the first half of the hour from 8:00
    late = (LossWhen(0.5, opens=510, closes=540),)  # the second half: never together with the first
    grid = one_day("2003-10-20")
    found = unplanned_loss(Shrinkage(unplanned={"迟到": early, "培训": late, "病假": 0.1}), grid)
    assert found[8] == pytest.approx((1 - 0.9 * 0.8) / 2 + (1 - 0.9 * 0.5) / 2)
    assert found[7] == pytest.approx(0.1)
    together = unplanned_loss(Shrinkage(unplanned={"迟到": early, "培训": early}), grid)
    assert together[8] == pytest.approx((1 - 0.8 * 0.8) / 2)


def test_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    night = LossWhen(0.25, days=(6,), opens=1380, closes=1560)  # Sundays 23:00 to 2:00
    assert lost(one_day("2003-10-20", SHANGHAI), night) == [0.25, 0.25] + [0.0] * 22
    assert lost(one_day("2003-10-19", SHANGHAI), night) == [0.0] * 23 + [0.25]
    assert lost(one_day("2003-10-21", SHANGHAI), night) == [0.0] * 24
    two_days_on = LossWhen(0.25, days=(6,), opens=1380, closes=2940)  # into Tuesday, 1:00
    assert lost(one_day("2003-10-21", SHANGHAI), two_days_on) == [0.25] + [0.0] * 23


def test_days_on_which_clocks_change() -> None:
    morning = LossWhen(0.5, opens=0, closes=180)  # midnight to 3:00 on the clock
    assert lost(one_day("2003-10-26"), morning) == [0.5] * 4 + [0.0] * 21  # 1:00 to 2:00 comes twice
    assert lost(one_day("2003-04-06"), morning) == [0.5] * 2 + [0.0] * 21  # 2:00 to 3:00 never comes
    into_the_gap = LossWhen(0.5, opens=0, closes=150)
    assert lost(one_day("2003-04-06"), into_the_gap) == [0.5] * 2 + [0.0] * 21
    evening = LossWhen(0.5, opens=1380, closes=1440)
    assert lost(one_day("2003-10-26"), evening) == [0.0] * 24 + [0.5]
    assert lost(one_day("2003-04-06"), evening) == [0.0] * 22 + [0.5]


def test_every_bad_share_of_a_list_is_named() -> None:
    bad = Shrinkage(unplanned={"病假": (LossWhen(0.1), LossWhen(30), LossWhen(float("nan"))), "late": -0.1})
    with pytest.raises(BadInput) as caught:
        unplanned_loss(bad, one_day("2003-10-20"))
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("unplanned.病假.2", "30"), ("unplanned.病假.3", "nan"), ("unplanned.late", "-0.1"),
    ]  # fmt: skip


@st.composite
def windows(draw: Any) -> LossWhen:
    opens = draw(st.integers(0, 1439))
    closes = opens + draw(st.integers(1, 1440))
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    return LossWhen(draw(st.integers(0, 9)) / 10, tuple(days), opens, closes)


@settings(max_examples=40, deadline=None)
@given(st.lists(windows(), min_size=1, max_size=4), st.sampled_from([5, 15, 30, 60]))
def test_equals_a_look_at_every_minute(several: list[LossWhen], interval_minutes: int) -> None:
    """Where no clock changes, membership of each minute is told by its own weekday and clock time."""
    grid = Grid(SHANGHAI, MONDAY + 4, 3, interval_minutes)

    def share(minute: int) -> float:
        moment = datetime.fromtimestamp(minute * 60, UTC).astimezone(SHANGHAI)
        at, found = moment.hour * 60 + moment.minute, 0.0
        for window in several:
            for back in (0, 1, 2):
                fits = window.opens <= at + 1440 * back < window.closes
                if fits and (moment.weekday() - back) % 7 in window.days:
                    found = window.share
        return found

    by_minute = np.array([share(minute) for minute in range(grid.start, grid.end)])
    expected = by_minute.reshape(-1, interval_minutes).mean(axis=1)
    found = unplanned_loss(Shrinkage(unplanned={"病假": tuple(several)}), grid)
    assert found.tolist() == pytest.approx(expected.tolist())
