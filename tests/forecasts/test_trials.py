"""Trials at earlier origins: when they are, what they see, what is made of them."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.instants import day_number
from forecasts.day_calendar import plain_calendar
from forecasts.day_traits import EVENT
from forecasts.grid import QueueHistory
from forecasts.hours import Hours
from forecasts.models import SeasonalNaive, Structural, WeekdayMean
from forecasts.trials import (
    Trial,
    by_day,
    choose,
    day_errors,
    expect,
    pooled_wape,
    spread_of,
    trial_lengths,
    trials_before,
)

MONDAY = day_number(date(2024, 1, 1))
ALWAYS = Hours(ZoneInfo("UTC"), {})
TEN = np.full((84, 4), 10.0)


class Told:
    """Says what it is told, times a factor, and remembers what it was shown."""

    def __init__(self, table=TEN, factor=1.0, name="told"):
        self.name, self.table, self.factor, self.shown = name, table, factor, []

    def fit(self, history):
        self.shown.append(history)
        return self

    def predict(self, days):
        return self.table[(days - MONDAY) % len(self.table)] * self.factor


def history_of(offered=TEN, **changed):
    rows = len(offered)
    empty = np.full(offered.shape, np.nan)
    flags = {"special": np.zeros(rows, dtype=np.int8), "usable": np.ones(rows, dtype=bool)} | changed
    return QueueHistory("客服", 1440 // offered.shape[1], MONDAY, offered, empty, empty, **flags)


def tried(history, models, days=14, count=4, shortest=21):
    return trials_before(history, ALWAYS, models, days=days, count=count, shortest_past_days=shortest)


def trial(actual, *, origin=MONDAY, special=None, **expected):
    rows = len(actual)
    special = np.zeros(rows, dtype=bool) if special is None else special
    return Trial(origin, history_of(), np.asarray(actual, dtype=float), expected, special)


@given(st.integers(7, 2000))
def test_trials_fit_into_the_history_they_learn_from(days):
    length, shortest = trial_lengths(days)
    assert 7 <= length <= 28
    assert 7 <= shortest <= 28
    assert length % 7 == 0
    if days >= 14:
        assert length + shortest <= days  # one trial at the least
    if days >= 35:
        assert (days - length - shortest) // 7 >= 1


def test_trials_are_a_week_apart_in_order_and_the_last_ends_with_the_history():
    found = tried(history_of(), [Told()])
    assert [each.origin - MONDAY for each in found] == [49, 56, 63, 70]
    assert found[-1].end == MONDAY + 84
    assert [len(each.past.offered) for each in found] == [49, 56, 63, 70]


def test_no_trial_learns_from_less_than_was_asked():
    assert [each.origin - MONDAY for each in tried(history_of(), [Told()], count=50)] == list(
        range(21, 71, 7)
    )
    assert tried(history_of(), [Told()], days=28, shortest=57) == []


def test_nothing_is_seen_from_the_origin_on():
    rng = np.random.default_rng(1)
    offered = rng.poisson(10, TEN.shape).astype(float)
    models = [Told(), SeasonalNaive(), WeekdayMean(8), Structural()]
    plain = tried(history_of(offered), models)
    for each in plain:
        rows = each.origin - MONDAY
        nonsense = offered.copy()
        nonsense[rows:] = 7777.0
        again = next(t for t in tried(history_of(nonsense), models) if t.origin == each.origin)
        for name, expected in each.expected.items():
            assert (again.expected[name] == expected).all()
    assert [history.end_day for history in models[0].shown[:4]] == [each.origin for each in plain]


def test_days_of_an_event_are_left_out_of_what_came():
    special = np.zeros(84, dtype=np.int8)
    special[75] = EVENT
    found = tried(history_of(special=special, usable=special == 0), [Told()])
    assert np.isnan(found[-1].actual[5]).all()
    assert np.isnan(found[-1].actual).sum() == 4
    assert not found[-1].special.any()  # to the model, the day was an ordinary one


def test_special_days_of_a_trial_are_marked():
    calendar = plain_calendar({MONDAY + 79: "劳动节"})
    found = tried(replace(history_of(), calendar=calendar), [Told()])
    assert np.flatnonzero(found[-1].special).tolist() == [8, 9, 10]  # with its eve and the day after
    assert not found[0].special.any()


def test_closed_intervals_expect_nothing():
    offered = TEN.copy()
    offered[:, 0] = 0
    found = expect([Told()], history_of(offered), ALWAYS, MONDAY + 84, 7)["told"]
    assert found.tolist() == [[0, 10, 10, 10]] * 7


def test_the_simpler_of_two_equals_is_taken_and_a_clearly_better_one_too():
    cases = [(1.1, 1.1, "simple"), (1.1, 1.0995, "simple"), (1.1, 1.05, "clever"), (1.05, 1.1, "simple")]
    for simple, clever, best in cases:
        models = [Told(factor=simple, name="simple"), Told(factor=clever, name="clever")]
        trials = tried(history_of(), models)
        assert len(trials) == 4
        assert choose(trials, models).name == best


def test_of_several_companions_the_best_is_taken():
    models = [Told(factor=f, name=str(f)) for f in (1.3, 1.2, 1.05, 1.1)]
    assert choose(tried(history_of(), models), models).name == "1.05"


def test_days_count_as_much_as_intervals():
    """One puts contacts into the wrong hours of the right days, the other misses every day a little."""
    swapped, short = np.tile([12.0, 8, 12, 8], (84, 1)), np.full((84, 4), 8.5)
    models = [Told(short, name="short"), Told(swapped, name="swapped")]
    assert choose(tried(history_of(), models), models).name == "swapped"


def test_without_trials_or_contacts_the_first_model_is_taken():
    models = [Structural(), SeasonalNaive(), WeekdayMean()]
    assert choose([], models).name == "structural"
    empty = [trial(np.zeros((7, 4)), **{model.name: np.zeros((7, 4)) for model in models})]
    assert choose(empty, models).name == "structural"


def test_wape_is_pooled_over_trials():
    one = trial([[10.0, 20.0]], told=np.array([[12.0, 20.0]]))
    two = trial([[10.0, np.nan]], told=np.array([[5.0, 99.0]]))
    assert pooled_wape([one, two], "told") == pytest.approx(7 / 40)
    assert np.isnan(pooled_wape([], "told"))
    assert np.isnan(pooled_wape([trial([[0.0]], told=np.array([[1.0]]))], "told"))


def test_day_sums_are_over_what_is_known():
    came, said = by_day(np.array([[1.0, np.nan], [np.nan, np.nan]]), np.array([[2.0, 5.0], [3.0, 4.0]]))
    assert came.tolist() == [1, 0]
    assert said.tolist() == [2, 0]


def test_day_errors_are_those_of_the_latest_trial():
    first = trial([[11.0], [8.0], [10.0]], told=np.full((3, 1), 10.0))
    second = trial([[8.0], [10.0], [np.nan]], origin=MONDAY + 1, told=np.array([[16.0], [8.0], [8.0]]))
    found = day_errors([first, second], "told")
    assert found == pytest.approx({MONDAY: 0.1, MONDAY + 1: -0.5, MONDAY + 2: 0.25})


def test_old_trials_weigh_less_in_the_spread():
    rng = np.random.default_rng(3)
    mean = np.full((28, 24), 100.0)
    calm = rng.poisson(mean)
    wild = rng.poisson(mean * np.exp(0.4 * rng.standard_normal((28, 1))))
    last = trial(wild, origin=MONDAY + 280, told=mean)
    first = trial(calm, told=mean)
    today = MONDAY + 308
    recent_wild = spread_of([first, last], "told", today)
    old_wild = spread_of([replace(last, origin=MONDAY), replace(first, origin=MONDAY + 280)], "told", today)
    assert recent_wild.day > 1.5 * old_wild.day
    assert recent_wild.tried_days == 28
