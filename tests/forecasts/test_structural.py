"""The default model on histories whose truth is written down: level, week, special days, gaps, outliers."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from centre.calendar_days import SpecialDay
from centre.instants import day_number, day_of
from forecasts.day_calendar import NO_CALENDAR, DayCalendar, plain_calendar
from forecasts.day_traits import EVENT, ORDINARY, day_classes
from forecasts.grid import QueueHistory
from forecasts.models import Structural, WeekdayMean
from forecasts.models.structural import AVERAGED_DAYS

MONDAY = day_number(date(2023, 1, 2))
PROFILE = np.array([0.1, 0.4, 0.3, 0.2])
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.4])


def week_of(days, level=1000.0):
    return level * WEEK[np.arange(days) % 7]


def history_of(totals, calendar=NO_CALENDAR, **changed):
    """Day totals spread by the profile; special days marked as the calendar says."""
    rows, days = len(totals), np.arange(MONDAY, MONDAY + len(totals))
    classes = day_classes(days, calendar, WEEK > 0.7)[0]
    empty = np.full((rows, 4), np.nan)
    flags = {"special": classes, "usable": classes == ORDINARY} | changed
    return QueueHistory(
        "客服", 360, MONDAY, np.asarray(totals)[:, None] * PROFILE, empty, empty, calendar=calendar, **flags
    )


def ahead(history, days=28):
    return np.arange(history.end_day, history.end_day + days)


def totals_ahead(history, days=28):
    return Structural().fit(history).predict(ahead(history, days)).sum(axis=1)


def noisy(totals, seed=1):
    return np.random.default_rng(seed).poisson(totals).astype(float)


@pytest.mark.parametrize("days", [7, 30, 200, 800])
def test_factors_multiply_to_the_total_and_the_profile_spreads_it(days):
    model = Structural().fit(history_of(noisy(week_of(days)), plain_calendar({MONDAY + 3: "节"})))
    coming = np.arange(MONDAY + days - 3, MONDAY + days + 40)
    factors, predicted = model.factors(coming), model.predict(coming)
    assert np.prod(list(factors.values()), axis=0) == pytest.approx(predicted.sum(axis=1))
    assert model.profile(coming).sum(axis=1) == pytest.approx(np.ones(43))
    assert predicted == pytest.approx(predicted.sum(axis=1)[:, None] * model.profile(coming))
    assert list(factors)[:4] == ["level", "weekday", "position in month", "season"]


def test_factors_tell_the_week_apart_from_the_level():
    model = Structural().fit(history_of(week_of(280)))
    factors = model.factors(np.arange(MONDAY + 280, MONDAY + 287))
    assert factors["level"] == pytest.approx(np.full(7, 1000 * np.exp(np.log(WEEK[:5]).mean())), rel=0.02)
    assert factors["weekday"] / factors["weekday"][2] == pytest.approx(WEEK, rel=0.02)
    for name in ("position in month", "season", "special day", "around festival"):
        assert factors[name] == pytest.approx(np.ones(7), abs=0.02)


def test_a_short_history_is_averaged_with_the_eight_week_mean():
    rising = week_of(AVERAGED_DAYS + 7) * 1.02 ** (np.arange(AVERAGED_DAYS + 7) / 7)
    short = history_of(rising[7:])
    model = Structural().fit(short)
    factors = model.factors(ahead(short, 7))
    mean = WeekdayMean(8).fit(short).predict(ahead(short, 7)).sum(axis=1)
    alone = np.prod([part for name, part in factors.items() if name != "eight-week mean"], axis=0)
    assert (alone > mean).all()
    assert model.predict(ahead(short, 7)).sum(axis=1) == pytest.approx(np.sqrt(alone * mean))
    long = history_of(rising)
    assert "eight-week mean" not in Structural().fit(long).factors(ahead(long, 7))


HOLIDAYS = [MONDAY + 23 + 28 * k for k in range(4)]  # Wednesdays


def effect_of(truth, seen):
    """Effect found of a holiday that is `truth` times a day of rest, of which so many were seen between days that
    vary by a fifth; the mean of ten such histories, on the log scale.
    """
    day, found = MONDAY + 175 + 9, []
    calendar = plain_calendar(dict.fromkeys([*HOLIDAYS[:seen], day], "节"))
    for seed in range(10):
        totals = week_of(175) * np.random.default_rng(seed).lognormal(0, 0.2, 175)
        totals[[holiday - MONDAY for holiday in HOLIDAYS[:seen]]] = 400 * truth
        factors = Structural().fit(history_of(totals, calendar)).factors(np.array([day]))
        found.append(np.log(factors["special day"][0]))
    return np.mean(found)


@pytest.mark.parametrize("truth", [0.5, 1.6])
def test_effects_of_special_days_are_shrunk_towards_none_the_less_the_more_were_seen(truth):
    found = [effect_of(truth, seen) / np.log(truth) for seen in (0, 1, 4)]
    assert found[0] == 0.0
    assert 0.7 < found[1] < found[2] < 1.02
    assert found[2] > 0.9


def test_a_holiday_never_seen_is_a_day_of_rest():
    day = MONDAY + 175 + 9
    history = history_of(week_of(175), plain_calendar({day: "节"}))
    total = Structural().fit(history).predict(np.array([day, day + 7])).sum(axis=1)
    assert total == pytest.approx([400, 1000], rel=0.03)


def test_a_makeup_day_never_seen_is_nearly_a_workday():
    saturday = MONDAY + 175 + 5
    calendar = DayCalendar({saturday: SpecialDay("makeup", "国庆节", -3, "调休")})
    total = Structural().fit(history_of(week_of(175), calendar)).predict(np.array([saturday])).sum()
    assert 0.9 * 1040 < total < 0.98 * 1040
    assert Structural().fit(history_of(week_of(175))).predict(np.array([saturday])).sum() < 550


def test_one_festival_differs_from_another():
    """Of two holidays, one halves the contacts of a day of rest and the other doubles them."""
    totals, days = week_of(182 + 28), {}
    for k in range(6):
        row = 9 + 28 * k
        days[MONDAY + row] = ("春节", "国庆节")[k % 2]
        totals[row] = 400 * (0.5, 2.0)[k % 2]
    coming = {MONDAY + 182 + 9: "春节", MONDAY + 182 + 16: "国庆节"}
    history = history_of(totals[:182], plain_calendar(days | coming))
    found = Structural().fit(history).factors(np.array(list(coming)))["special day"]
    assert found[0] < 0.65
    assert found[1] > 1.5


def test_days_around_a_long_festival_are_laid_on_next_years():
    """Three days before and after it are busier; next year it is seven weeks earlier."""
    first, second = day_number(date(2023, 6, 7)), day_number(date(2024, 4, 17))
    days, anchors = {}, {first: "节", second: "节"}
    for anchor in anchors:
        days |= {anchor + k: SpecialDay("statutory", "节", k, "节") for k in range(3)}
    history = history_of(week_of(second - 10 - MONDAY), DayCalendar(days, anchors))
    offered = history.offered.copy()
    near = np.abs(history.days - first) <= 5
    offered[near] *= 1.4
    found = Structural().fit(replace(history, offered=offered)).factors(np.arange(second - 10, second + 20))
    around = found["around festival"]
    assert (around[[7, 8]] > 1.12).all()
    assert around[20:] == pytest.approx(np.ones(10), abs=0.03)
    assert Structural().fit(history).factors(np.arange(second - 3, second))[
        "around festival"
    ] == pytest.approx(np.ones(3), abs=0.02)


@pytest.mark.parametrize("factor", [0.05, 12.0])
def test_a_day_far_off_moves_nothing(factor):
    totals = noisy(week_of(175))
    plain = totals_ahead(history_of(totals))
    totals[[100, 166]] *= factor
    assert totals_ahead(history_of(totals)) == pytest.approx(plain, rel=0.02)


def test_days_of_events_teach_nothing():
    totals = noisy(week_of(175))
    special = np.zeros(175, dtype=np.int8)
    special[150:160] = EVENT
    flags = {"special": special, "usable": special == ORDINARY}
    plain = totals_ahead(history_of(totals, **flags))
    totals[150:160] *= 3
    assert totals_ahead(history_of(totals, **flags)) == pytest.approx(plain, rel=1e-9)


def test_recent_weeks_say_more_of_the_weekdays_than_old_ones():
    """Saturdays grew from .5 to .8 in the last 120 of 600 days: two fifths of all weight, a fifth of all days."""
    totals = noisy(week_of(600))
    new = (np.arange(600) >= 480) & (np.arange(600) % 7 == 5)
    totals[new] *= 1.6
    found = totals_ahead(history_of(totals))
    saturday = found[(np.arange(28) + 600) % 7 == 5].mean() / found[(np.arange(28) + 600) % 7 == 2].mean()
    assert 0.565 < saturday < 0.75  # .549 were all days to count alike


def test_a_gap_in_the_history_is_bridged_by_what_is_around_it():
    totals = week_of(400)
    totals[150:330] = np.nan
    usable = ~np.isnan(totals)
    found = totals_ahead(history_of(totals, usable=usable))
    assert found == pytest.approx(week_of(428)[400:], rel=0.03)


def test_days_of_which_half_is_unknown_count_by_what_is_known():
    history = history_of(week_of(175))
    offered = history.offered.copy()
    offered[::3, 2:] = np.nan
    found = Structural().fit(replace(history, offered=offered)).predict(ahead(history))
    assert found.sum(axis=1) == pytest.approx(week_of(203)[175:], rel=0.02)
    assert found[0] / found[0].sum() == pytest.approx(PROFILE, abs=0.01)


def test_a_weekday_on_which_nothing_comes_stays_empty():
    totals = week_of(175)
    totals[6::7] = 0
    found = totals_ahead(history_of(totals))
    assert (found[6::7] == 0).all()
    assert found[:6] == pytest.approx(week_of(6), rel=0.03)


def test_a_season_seen_twice_comes_again():
    days = 2 * 366

    def cycle(rows):
        return 1 + 0.25 * np.cos(2 * np.pi * (np.asarray(rows) - 30) / 365.2425)

    history = history_of(noisy(week_of(days) * cycle(np.arange(days))))
    coming = np.arange(days, days + 70)
    found = Structural().fit(history).predict(MONDAY + coming).sum(axis=1)
    wanted = week_of(days + 70)[days:] * cycle(coming)
    assert found == pytest.approx(wanted, rel=0.08)


def test_the_29th_of_february_is_the_end_of_a_month():
    """People write to us on the last day of the month, in 2024 on 29 February."""
    days = day_number(date(2024, 2, 20)) - MONDAY
    last = np.array([(day_of(MONDAY + k) + timedelta(days=1)).day == 1 for k in range(days)])
    found = Structural().fit(history_of(week_of(days) * np.where(last, 1.3, 1.0)))
    february = np.array([day_number(date(2024, 2, day)) for day in (27, 28, 29)])
    effect = found.factors(february)["position in month"]
    assert effect[2] > 1.08 * effect[0]
    assert effect[2] > effect[1]


def test_a_short_history_borrows_the_week_of_another_queue():
    lender = Structural().fit(history_of(week_of(280)))
    short = history_of(np.full(9, 200.0))
    alone, borrowed = (
        Structural(like).fit(short).predict(ahead(short, 14)).sum(axis=1) for like in (None, lender)
    )
    weekend = (ahead(short, 14) - MONDAY) % 7 >= 5
    assert (
        borrowed[weekend].mean() / borrowed[~weekend].mean() < alone[weekend].mean() / alone[~weekend].mean()
    )
    long = history_of(np.full(28, 200.0))
    own = Structural().fit(long).predict(ahead(long))
    assert (Structural(lender).fit(long).predict(ahead(long)) == own).all()


def test_nothing_learned_has_no_factors_and_expects_nothing():
    history = history_of(np.zeros(28))
    model = Structural().fit(history)
    assert model.factors(ahead(history)) == {}
    assert not model.predict(ahead(history)).any()
