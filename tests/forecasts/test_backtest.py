from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import day_number
from forecasts import backtest, make_forecast
from forecasts.history import clean_history
from forecasts.models import SeasonalNaive, Structural, WeekdayMean, default_models
from forecasts.trials import choose, expect, trials_before

MONDAY = date(2024, 1, 1)


class Oracle:
    """Says what it is told, times a factor."""

    def __init__(self, name, table, factor=1.0):
        self.name, self.table, self.factor = name, table, factor

    def fit(self, history):
        return self

    def predict(self, days):
        return self.table[days - day_number(MONDAY)] * self.factor


def test_every_queue_origin_and_model_has_its_row(contacts, berlin):
    table = pd.concat([contacts(120), contacts(120, seed=2).assign(queue="VIP")])
    found = backtest(table, origins=3, days=14, timezone=berlin)
    assert list(found.columns[:4]) == ["queue", "model", "origin", "days"]
    assert len(found) == 2 * 3 * 6
    end = MONDAY + timedelta(days=120)
    wanted = [(end - timedelta(days=14 + 7 * k)).isoformat() for k in (2, 1, 0)]
    assert found["origin"].drop_duplicates().tolist() == wanted
    assert set(found["model"]) == {
        "seasonal_naive",
        "weekday_mean_4",
        "weekday_mean_8",
        "weekday_median_8",
        "structural",
        "chosen",
    }
    assert found[["wape", "day_wape", "mase", "pinball", "poisson_floor"]].gt(0).all(axis=None)


def test_on_poisson_contacts_errors_come_near_the_floor_and_bands_cover(contacts, berlin):
    found = (
        backtest(contacts(200), origins=8, days=14, timezone=berlin).groupby("model").mean(numeric_only=True)
    )
    chosen = found.loc["chosen"]
    assert chosen["wape"] < 1.1 * chosen["poisson_floor"]
    assert chosen["wape"] < 0.8 * found.loc["seasonal_naive", "wape"]
    assert abs(chosen["bias"]) < 0.02
    assert 0.75 < chosen["coverage"] < 0.9


def test_a_trial_sees_nothing_from_its_origin_on(contacts, berlin):
    table = contacts(84)
    cut = pd.Timestamp(MONDAY + timedelta(days=70), tz=berlin)
    other = table.assign(offered=table["offered"].where(table["interval_start"] < cut, 7777.0))
    found = []
    for rows in (table, other):
        history = clean_history(rows, day_number(MONDAY) + 84, berlin)
        queue, hours = history.queues["客服"], history.hours["客服"]
        found.append(expect(default_models(), queue.until(day_number(MONDAY) + 70), hours, queue.end_day, 14))
    for name, said in found[0].items():
        assert (said == found[1][name]).all()


def test_the_simpler_of_two_equals_is_taken_and_a_clearly_better_one_too(truth, berlin):
    table = truth(84)
    history = clean_history(table, day_number(MONDAY) + 84, berlin)
    queue, hours = history.queues["客服"], history.hours["客服"]
    said = np.vstack([queue.offered, np.zeros((30, 48))])
    cases = [(1.1, 1.1, "simple"), (1.1, 1.0995, "simple"), (1.1, 1.05, "clever"), (1.05, 1.1, "simple")]
    for simple, clever, best in cases:
        models = [Oracle("simple", said, simple), Oracle("clever", said, clever)]
        trials = trials_before(queue, hours, models, days=14, count=4, shortest_past_days=28)
        assert len(trials) == 4
        assert choose(trials, models).name == best


def test_without_trials_the_first_model_is_taken():
    assert choose([], [Structural(), SeasonalNaive(), WeekdayMean()]).name == "structural"


def test_special_days_are_scaled_and_closed_ones_empty(truth, berlin):
    table = truth(84)
    first = day_number(MONDAY)
    past, coming = [first + 15, first + 29, first + 43, first + 57], first + 85
    local = table["interval_start"].dt.tz_convert(berlin).dt.date.map(day_number)
    table.loc[local.isin(past), "offered"] *= 0.5
    options = {"timezone": berlin, "holidays": dict.fromkeys([*past, coming], "春节")}
    made = make_forecast(table, MONDAY + timedelta(days=84), 7, **options)
    totals = made.queues["客服"].offered.sum(axis=1)
    assert totals[1] / totals[0] == pytest.approx(0.5 * 1.1 / 1.3, rel=0.05)
    assert totals[6] == 0


def test_too_little_history_is_told_or_gives_no_rows(contacts, berlin):
    with pytest.raises(BadInput, match="at least 7 days"):
        backtest(contacts(5), timezone=berlin)
    assert len(backtest(contacts(10), days=28, timezone=berlin)) == 0
