"""Profiles against weighted means worked beside them: what is recent, what lasts, what is special."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from centre.instants import day_number
from forecasts.day_calendar import NO_CALENDAR, DayCalendar, plain_calendar
from forecasts.day_totals import day_totals
from forecasts.day_traits import EVENT, STATUTORY, WeekShape, day_traits, totals_by_weekday, week_shape
from forecasts.grid import QueueHistory
from forecasts.models.profiles import (
    LASTING_HALF_LIFE_DAYS,
    RECENT_HALF_LIFE_DAYS,
    weekday_profiles,
    with_classes,
)

MONDAY = day_number(date(2024, 1, 1))
SLOTS = 24
EARLY = np.array([1.0] * 12 + [0.5] * 12) / 18
LATE = EARLY[::-1]


def history_of(offered, calendar=NO_CALENDAR, **changed):
    rows = len(offered)
    empty = np.full((rows, SLOTS), np.nan)
    flags = {"special": np.zeros(rows, dtype=np.int8), "usable": np.ones(rows, dtype=bool)} | changed
    return QueueHistory(
        "客服", 60, MONDAY, np.asarray(offered, dtype=float), empty, empty, calendar=calendar, **flags
    )


def learned(history, shape=None):
    totals = day_totals(history)
    shape = shape or week_shape(totals_by_weekday(history.days, totals))
    traits = day_traits(history.days, history.calendar, shape)
    return with_classes(weekday_profiles(history, totals), history, traits, shape, totals)


def decayed(offered, half_life):
    weight = 0.5 ** (np.arange(len(offered))[::-1] / half_life)
    mean = (weight[:, None] * offered).sum(axis=0)
    return mean / mean.sum()


def share_of_recent(offered):
    """Where the profile learned lies between the lasting (0) and the recent one (1)."""
    recent, lasting = (
        decayed(offered, half_life) for half_life in (RECENT_HALF_LIFE_DAYS, LASTING_HALF_LIFE_DAYS)
    )
    found = learned(history_of(offered)).weekday.mean(axis=0)
    step = recent - lasting
    return float((found - lasting) @ step / (step @ step))


def test_a_profile_that_changed_without_noise_is_the_recent_one():
    offered = 480 * np.repeat([EARLY, LATE], [210, 140], axis=0)
    assert share_of_recent(offered) == pytest.approx(1.0, abs=0.06)


def test_a_profile_that_only_seems_to_change_is_the_lasting_one():
    rng = np.random.default_rng(4)
    shares = [share_of_recent(rng.poisson(40, (350, SLOTS)).astype(float)) for _ in range(8)]
    assert np.mean(shares) < 0.3
    assert min(shares) > -0.1


def test_between_the_two_lies_what_noise_does_not_explain():
    rng = np.random.default_rng(4)
    turned = np.repeat([EARLY, LATE], [210, 140], axis=0)
    noisy, calm = (share_of_recent(rng.poisson(volume * turned).astype(float)) for volume in (8, 800))
    assert noisy < calm
    assert calm > 0.9


def test_shares_add_up_to_one_or_nothing_comes():
    offered = 100 * np.repeat([EARLY], 70, axis=0)
    offered[6::7] = 0
    found = learned(history_of(offered)).weekday
    assert found.sum(axis=1) == pytest.approx([1] * 6 + [0])
    assert not learned(history_of(np.zeros((28, SLOTS)))).weekday.any()


def test_like_weekdays_share_what_they_have_and_unlike_ones_keep_their_own():
    offered = 100 * np.repeat([EARLY], 70, axis=0)
    offered[6::7] = 60 * LATE  # on Sundays people call late
    found = learned(history_of(offered)).weekday
    assert found[:6] == pytest.approx(np.tile(EARLY, (6, 1)))
    assert found[6] == pytest.approx(LATE)
    offered[70 - 7 + 2] = 100 * np.roll(EARLY, 1)  # one odd Wednesday moves all working days a little
    moved = np.abs(learned(history_of(offered)).weekday - found).sum(axis=1)
    assert 0 < moved[0] < moved[2] < 0.05
    assert moved[6] == pytest.approx(0.0, abs=1e-9)


def test_a_weekday_never_seen_has_the_profile_of_the_others():
    offered = 100 * np.repeat([EARLY], 14, axis=0)
    found = learned(history_of(offered, usable=np.arange(14) % 7 != 3)).weekday
    assert found[3] == pytest.approx(EARLY)


def test_a_slot_that_is_often_unknown_keeps_its_share():
    offered = 100 * np.repeat([EARLY], 70, axis=0)
    offered[::2, 5] = np.nan
    assert learned(history_of(offered)).weekday == pytest.approx(np.tile(EARLY, (7, 1)), abs=1e-3)


def test_days_of_23_and_25_hours_do_not_bend_the_profile():
    """They are not usable; the hour that came twice or never says nothing of the slot."""
    offered = 100 * np.repeat([EARLY], 70, axis=0)
    usable = np.ones(70, dtype=bool)
    for row in (27, 62):
        offered[row, 2] *= 9
        usable[row] = False
    assert learned(history_of(offered, usable=usable)).weekday == pytest.approx(np.tile(EARLY, (7, 1)))


def seen_on_holidays(days):
    """A history whose holidays, so many Wednesdays, are busy late."""
    offered = 100 * np.repeat([EARLY], 70, axis=0)
    rows = [9 + 14 * k for k in range(days)]
    offered[rows] = 50 * LATE
    calendar = plain_calendar({MONDAY + row: "节" for row in rows})
    special = np.zeros(70, dtype=np.int8)
    special[rows] = STATUTORY
    return history_of(offered, calendar, special=special, usable=special == 0)


@pytest.mark.parametrize("days", [1, 3])
def test_days_of_a_class_have_a_profile_of_their_own_as_far_as_it_was_seen(days):
    history = seen_on_holidays(days)
    shape = WeekShape(np.array([1, 1, 1, 1, 1, 0.5, 0.5]))
    coming = MONDAY + 72, MONDAY + 73
    calendar = DayCalendar(plain_calendar({coming[0]: "节"}).special)
    found = learned(history, shape).of(day_traits(np.array(coming), calendar, shape))
    assert found[0] == pytest.approx((days * LATE + EARLY) / (days + 1), abs=1e-6)
    assert found[1] == pytest.approx(EARLY, abs=1e-6)  # the day after, a class never seen


def test_special_days_on_a_quiet_weekday_teach_nothing():
    history = seen_on_holidays(3)
    quiet = WeekShape(np.array([1, 1, 0.5, 1, 1, 1, 1]))  # Wednesdays
    assert not learned(history, quiet).class_days[STATUTORY].any()
    assert (learned(history).class_days[STATUTORY] == 3).all()


def test_days_of_an_event_teach_nothing():
    history = seen_on_holidays(3)
    special = np.where(history.special > 0, EVENT, 0).astype(np.int8)
    told = replace(history, special=special, calendar=NO_CALENDAR)
    found = learned(told)
    assert not found.class_days.any()
    assert found.weekday == pytest.approx(np.tile(EARLY, (7, 1)))


def test_another_queues_profiles_weigh_by_the_days_of_history():
    mine, other = (learned(history_of(100 * np.repeat([each], 14, axis=0))) for each in (EARLY, LATE))
    assert mine.beside(other, 14).weekday == pytest.approx(np.tile((EARLY + LATE) / 2, (7, 1)))
    assert mine.beside(other, 0).weekday == pytest.approx(other.weekday)
