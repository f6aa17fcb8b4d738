"""Columns and priors of the regression, against the calendar and against sums worked by hand."""

import calendar
from datetime import date, timedelta

import numpy as np
import pytest

from centre.calendar_days import SpecialDay
from centre.instants import day_number
from forecasts.day_calendar import NO_CALENDAR, DayCalendar
from forecasts.day_traits import EVE, MAKEUP, STATUTORY, WeekShape, day_traits
from forecasts.models.effects import (
    CLASS_SD,
    LEVEL_STEP_SD,
    MONTH_SD,
    MONTH_STEP_SD,
    SEASON_FROM_DAYS,
    WEEKDAY_SD,
    effects_for,
    month_positions,
)

MONDAY = day_number(date(2024, 1, 1))
OFFICE = WeekShape(np.array([1.0, 1, 1, 1, 1, 0.5, 0.4]))
HOLIDAY = {
    MONDAY + 9: SpecialDay("statutory", "元旦", 0, "元旦"),
    MONDAY + 13: SpecialDay("makeup", "元旦", 4, "调休"),
}


def prepared(days=70, told=NO_CALENDAR):
    numbers = np.arange(MONDAY, MONDAY + days)
    traits = day_traits(numbers, told, OFFICE)
    return numbers, traits, effects_for(numbers, MONDAY + days, traits)


@pytest.mark.parametrize("year", [2023, 2024, 2100])
@pytest.mark.parametrize("month", range(1, 13))
def test_days_of_a_month_stand_on_a_ring_by_whichever_end_is_nearer(year, month):
    length = calendar.monthrange(year, month)[1]
    first = day_number(date(year, month, 1))
    places = month_positions(np.arange(first, first + length)).tolist()
    assert places[:16] == list(range(16))
    assert places[16:] == list(range(31 - (length - 16), 31))
    assert month_positions(np.array([first - 1, first + length])).tolist() == [30, 0]


def test_the_29th_of_february_is_the_last_of_its_month():
    leap = np.array([day_number(date(2024, 2, day)) for day in (28, 29)])
    assert month_positions(leap).tolist() == [29, 30]
    assert month_positions(np.array([day_number(date(2023, 2, 28))])).tolist() == [30]


def test_days_before_1970_have_places_too():
    assert month_positions(np.array([-1, -31])).tolist() == [30, 0]


def test_every_day_has_a_weekday_a_week_and_a_place_in_the_month():
    days, traits, effects = prepared(70)
    dense, blocks = effects.design(days, traits).dense(), effects.blocks
    assert dense.shape == (70, blocks["festival"].stop)
    for name in ("weekday", "level", "month"):
        assert (dense[:, blocks[name]].sum(axis=1) == 1).all()
    assert (dense[:, blocks["weekday"]].argmax(axis=1) == np.arange(70) % 7).all()
    assert (dense[:, blocks["level"]].argmax(axis=1) == np.arange(70) // 7).all()
    assert not dense[:, blocks["class"]].any()
    ends = [blocks[name].start for name in ("level", "month", "season", "class", "festival")]
    assert ends == [blocks[name].stop for name in ("weekday", "level", "month", "season", "class")]


def test_a_history_of_broken_weeks_ends_with_a_whole_one():
    days, traits, effects = prepared(66)
    week = effects.design(days, traits).dense()[:, effects.blocks["level"]].argmax(axis=1)
    assert effects.weeks == 10
    assert np.bincount(week).tolist() == [3] + [7] * 9


def test_days_ahead_take_the_last_weeks_level():
    _, _, effects = prepared(70)
    ahead = np.arange(MONDAY + 70, MONDAY + 120)
    rows = effects.design(ahead, day_traits(ahead, NO_CALENDAR, OFFICE)).dense()
    assert (rows[:, effects.blocks["level"]].argmax(axis=1) == 9).all()


def test_special_days_have_a_class_and_a_festival_of_their_own():
    days, traits, effects = prepared(70, DayCalendar(HOLIDAY))
    dense, blocks = effects.design(days, traits).dense(), effects.blocks
    assert {code for code, _ in effects.festivals} >= {STATUTORY, MAKEUP, EVE}
    assert effects.festivals == tuple(sorted(effects.festivals))
    special = dense[:, blocks["class"]].sum(axis=1)
    assert np.flatnonzero(special).tolist() == [8, 9, 10, 13]
    assert (dense[:, blocks["festival"]].sum(axis=1) == special).all()
    assert dense[9, blocks["class"].start + STATUTORY] == 1
    assert dense[13, blocks["weekday"]] == pytest.approx([0.2] * 5 + [0, 0])


def test_a_festival_never_seen_has_its_class_only():
    _, _, effects = prepared(70, DayCalendar(HOLIDAY))
    day = MONDAY + 100
    other = DayCalendar({day: SpecialDay("statutory", "端午节", 0, "端午节")})
    row = effects.design(np.array([day]), day_traits(np.array([day]), other, OFFICE)).dense()[0]
    assert row[effects.blocks["class"].start + STATUTORY] == 1
    assert not row[effects.blocks["festival"]].any()


def test_a_yearly_cycle_is_fitted_from_over_a_year_on():
    assert prepared(SEASON_FROM_DAYS - 1)[2].waves == 0
    days, traits, effects = prepared(SEASON_FROM_DAYS)
    season = effects.design(days, traits).dense()[:, effects.blocks["season"]]
    assert season.shape == (SEASON_FROM_DAYS, 2 * effects.waves)
    assert season[365] == pytest.approx(season[0], abs=0.02)
    assert (season**2).sum(axis=1) == pytest.approx(np.full(SEASON_FROM_DAYS, float(effects.waves)))


def cost(effects, **blocks):
    """What the prior charges for coefficients that are 0 but for some blocks."""
    coefficients = np.zeros(effects.blocks["festival"].stop)
    for name, values in blocks.items():
        coefficients[effects.blocks[name]] = values
    return float(coefficients @ effects.penalty() @ coefficients)


def test_the_penalty_charges_steps_of_the_level_and_not_the_level():
    effects = prepared(70)[2]
    assert cost(effects, level=1.0) < 1e-4
    assert cost(effects, level=np.arange(10) >= 4) == pytest.approx(1 / LEVEL_STEP_SD**2, rel=1e-4)
    assert cost(effects, weekday=0.3) == pytest.approx(7 * (0.3 / WEEKDAY_SD) ** 2)


def test_the_month_is_a_ring():
    effects = prepared(70)[2]
    level = 31 * (0.1 / MONTH_SD) ** 2
    assert cost(effects, month=0.1) == pytest.approx(level)
    for place in (0, 15, 30):
        bump = np.where(np.arange(31) == place, 0.1, 0)
        assert cost(effects, month=bump) == pytest.approx(
            (0.1 / MONTH_SD) ** 2 + 2 * (0.1 / MONTH_STEP_SD) ** 2
        )
    turn = np.where((np.arange(31) < 3) | (np.arange(31) > 27), 0.1, 0)  # the end of one month and the next
    assert cost(effects, month=turn) == pytest.approx(
        6 * (0.1 / MONTH_SD) ** 2 + 2 * (0.1 / MONTH_STEP_SD) ** 2
    )


def test_fast_waves_cost_more_than_slow_ones():
    effects = prepared(SEASON_FROM_DAYS)[2]
    costs = [cost(effects, season=np.arange(2 * effects.waves) == k) for k in range(2 * effects.waves)]
    assert costs[0] < costs[1] < costs[2]
    assert costs[: effects.waves] == costs[effects.waves :]


def test_the_prior_leaves_no_direction_free():
    for days in (7, 8, 70, SEASON_FROM_DAYS):
        effects = prepared(days, DayCalendar(HOLIDAY))[2]
        penalty = effects.penalty()
        assert (penalty == penalty.T).all()
        assert np.linalg.eigvalsh(penalty).min() > 0


def test_only_makeup_days_are_expected_to_be_special():
    effects = prepared(70, DayCalendar(HOLIDAY))[2]
    prior = effects.prior()
    assert np.flatnonzero(prior).tolist() == [effects.blocks["class"].start + MAKEUP]
    assert 0.9 < np.exp(prior).min() < 0.96
    assert CLASS_SD[MAKEUP] < CLASS_SD[STATUTORY]


def test_the_first_and_the_last_day_of_a_year_stand_side_by_side():
    last = date(2023, 12, 31)
    assert month_positions(np.array([day_number(last), day_number(last + timedelta(days=1))])).tolist() == [
        30,
        0,
    ]
