from datetime import date, timedelta

import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import day_number, day_of
from forecasts import backtest, make_forecast
from forecasts.backtest import judged
from forecasts.models import SeasonalNaive, Structural

MONDAY = date(2024, 1, 1)


def test_every_queue_origin_and_model_has_its_row(contacts, berlin):
    table = pd.concat([contacts(85, minutes=60), contacts(85, seed=2, minutes=60).assign(queue="VIP")])
    found = backtest(table, origins=3, days=14, timezone=berlin)
    assert list(found.columns[:4]) == ["queue", "model", "origin", "days"]
    assert len(found) == 2 * 3 * 6
    end = MONDAY + timedelta(days=85)
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
        backtest(contacts(140, minutes=60), origins=8, days=14, timezone=berlin)
        .groupby("model")
        .mean(numeric_only=True)
    )
    chosen = found.loc["chosen"]
    assert chosen["wape"] < 1.1 * chosen["poisson_floor"]
    assert chosen["wape"] < 0.8 * found.loc["seasonal_naive", "wape"]
    assert abs(chosen["bias"]) < 0.02
    assert 0.75 < chosen["coverage"] < 0.9


def test_bands_and_the_choice_at_an_origin_see_nothing_of_what_came(contacts, berlin):
    """Whatever comes from the first origin on, what is said at that origin stays."""
    table, first = contacts(64, minutes=60), day_number(MONDAY) + 64 - 14 - 7
    cut = pd.Timestamp(day_of(first), tz=berlin)
    mad = table.assign(offered=table["offered"].where(table["interval_start"] < cut, table["offered"] * 3))
    usual, other = (
        [
            each
            for each in judged(
                rows, origins=2, days=14, timezone=berlin, models=[Structural(), SeasonalNaive()]
            )
            if each.trial.origin == first
        ]
        for rows in (table, mad)
    )
    assert len(usual) == 6
    for one, two in zip(usual, other, strict=True):
        assert (one.shown, one.name, one.spread) == (two.shown, two.name, two.spread)
        assert (one.expected == two.expected).all()
        assert all((a == b).all() for a, b in zip(one.bands(), two.bands(), strict=True))
        assert two.trial.actual.sum() == pytest.approx(3 * one.trial.actual.sum())


def test_special_days_are_scaled_and_closed_ones_empty(truth, berlin):
    table = truth(84, minutes=60)
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
        backtest(contacts(5, minutes=60), timezone=berlin)
    assert len(backtest(contacts(10, minutes=60), days=28, timezone=berlin)) == 0
