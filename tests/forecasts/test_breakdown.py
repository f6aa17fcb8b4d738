import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.accuracy import bias, coverage, mase, pinball, poisson_floor, wape
from forecasts.breakdown import MEASURES, breakdown


def cells_of(origins=2, days=9, slots=4, seed=1, **columns):
    """Two queues and two models at some origins, closed in the last slot, one actual in ten unknown."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [
            ["客服", "chat"],
            ["naive", "ours"],
            range(100, 100 + 7 * origins, 7),
            range(1, days + 1),
            range(slots),
        ],
        names=["queue", "model", "origin", "horizon_day", "slot"],
    )
    cells = index.to_frame(index=False)
    mean = rng.uniform(0, 30, len(cells)) * (cells["slot"] < slots - 1)
    actual = rng.poisson(mean).astype(float)
    actual[rng.random(len(cells)) < 0.1] = np.nan
    cells["day"] = cells["origin"] + cells["horizon_day"] - 1
    cells["weekday"] = (cells["day"] + 3) % 7
    cells["special"] = np.where(cells["day"] % 5 == 0, "statutory", "ordinary")
    spread = 1.28 * np.sqrt(mean)
    return cells.assign(
        actual=actual, expected=mean, p10=np.maximum(mean - spread, 0), p50=mean, p90=mean + spread,
        naive_error=np.where(cells["queue"] == "chat", 4.0, 5.0), **columns,
    )  # fmt: skip


def one(cells, queue, model, origin):
    """A series as matrices of days x slots."""
    rows = cells[(cells["queue"] == queue) & (cells["model"] == model) & (cells["origin"] == origin)]
    return {
        name: rows.pivot_table(index="day", columns="slot", values=name, dropna=False).to_numpy()
        for name in ("actual", "expected", "p10", "p50", "p90")
    }


def test_a_group_has_the_measures_that_its_cells_have_alone():
    cells = cells_of()
    table = breakdown(cells, ["queue", "model", "origin"]).set_index(["queue", "model", "origin"])
    assert len(table) == 8
    part = one(cells, "客服", "ours", 107)
    actual, expected = part["actual"], part["expected"]
    known = ~np.isnan(actual)
    found = table.loc[("客服", "ours", 107)]
    sums = [np.where(known, values, 0).sum(axis=1) for values in (actual, expected)]
    weeks = [np.add.reduceat(values, [0, 7]) for values in sums]
    quantiles = ("p10", 0.1), ("p50", 0.5), ("p90", 0.9)
    past = np.repeat([[1.0], [6.0]], 7, axis=0) * np.ones(4)  # "as a week ago" is 5 off on every day
    wanted = {
        "contacts": np.nansum(actual),
        "intervals": known.sum(),
        "wape": wape(actual, expected),
        "day_wape": wape(*sums),
        "week_wape": wape(*weeks),
        "bias": bias(actual, expected),
        "mase": mase(actual, expected, past),
        "pinball": np.mean([pinball(actual, part[name], level) for name, level in quantiles]),
        "coverage": coverage(actual, part["p10"], part["p90"]),
        "poisson_floor": poisson_floor(expected[known] * np.nansum(actual) / expected[known].sum()),
    }
    assert {name: found[name] for name in wanted} == pytest.approx(wanted)
    assert found["at_floor"] == (wanted["wape"] <= 1.1 * wanted["poisson_floor"])


def test_weeks_ahead_weekdays_and_kinds_of_day_are_groups_like_any_other():
    cells = cells_of()
    weeks = breakdown(cells, ["model", "week_ahead"])
    assert weeks[["model", "week_ahead"]].to_numpy().tolist() == [
        *(["naive", 1], ["naive", 2]),
        *(["ours", 1], ["ours", 2]),
    ]
    second = cells[(cells["model"] == "ours") & (cells["horizon_day"] > 7)]
    assert weeks["wape"][3] == pytest.approx(wape(second["actual"].to_numpy(), second["expected"].to_numpy()))
    assert breakdown(cells, ["special"])["special"].tolist() == ["ordinary", "statutory"]
    assert breakdown(cells, ["weekday"])["weekday"].tolist() == list(range(7))


def test_errors_of_different_queues_and_origins_do_not_cancel():
    cells = pd.DataFrame(
        {
            "queue": ["a", "b", "a"], "model": "m", "origin": [1, 1, 2], "day": 5, "horizon_day": [5, 5, 4],
            "actual": 10.0, "expected": [12.0, 8.0, 8.0],
        }
    )  # fmt: skip
    found = breakdown(cells, ["model"]).iloc[0]
    assert (found["wape"], found["day_wape"], found["week_wape"]) == pytest.approx((0.2, 0.2, 0.2))
    assert found["bias"] == pytest.approx(-2 / 30)


def test_within_a_day_and_a_week_they_do():
    cells = pd.DataFrame(
        {
            "queue": "a", "model": "m", "origin": 1, "day": [1, 1, 2, 2], "horizon_day": [1, 1, 2, 2],
            "actual": [10.0, 10.0, 10.0, np.nan], "expected": [12.0, 8.0, 13.0, 50.0],
        }
    )  # fmt: skip
    found = breakdown(cells, ["queue"]).iloc[0]
    assert (found["wape"], found["day_wape"], found["week_wape"]) == pytest.approx((7 / 30, 3 / 30, 3 / 30))
    assert found["intervals"] == 3


def test_what_is_not_known_is_no_number():
    cells = cells_of().drop(columns=["p10", "p50", "p90", "naive_error"])
    table = breakdown(cells, ["queue"])
    assert table[["mase", "pinball", "coverage"]].isna().all(axis=None)
    nothing = breakdown(cells.assign(actual=0.0, expected=0.0), ["queue"])
    assert nothing[["wape", "day_wape", "week_wape", "bias", "poisson_floor"]].isna().all(axis=None)
    assert not nothing["at_floor"].any()
    partly = cells_of()
    partly.loc[partly["day"] > 103, ["p10", "p50", "p90"]] = np.nan
    near = partly[partly["day"] <= 103]
    for name in ("coverage", "pinball"):
        assert breakdown(partly, ["queue"])[name].tolist() == pytest.approx(
            breakdown(near, ["queue"])[name].tolist()
        )


def test_groups_without_any_actual_are_left_out():
    cells = cells_of()
    cells.loc[cells["queue"] == "chat", "actual"] = np.nan
    assert breakdown(cells, ["queue"])["queue"].tolist() == ["客服"]
    empty = breakdown(cells.assign(actual=np.nan), ["queue", "week_ahead"])
    assert list(empty.columns) == ["queue", "week_ahead", *MEASURES]
    assert len(empty) == 0


def test_no_key_is_everything_together():
    table = breakdown(cells_of(), [])
    assert len(table) == 1
    assert table["intervals"][0] == cells_of()["actual"].notna().sum()


@pytest.mark.parametrize("level", [1.0, 30.0])
def test_a_true_mean_of_poisson_contacts_is_at_the_floor_and_a_wrong_one_is_not(level):
    mean = level * np.random.default_rng(4).uniform(1, 3, 6000)
    cells = pd.DataFrame(
        {
            "queue": np.repeat(["high", "low", "true"], 2000), "model": "m", "origin": 0, "day": 0,
            "horizon_day": 1, "actual": np.random.default_rng(5).poisson(mean).astype(float),
            "expected": mean * np.repeat([1.4, 0.6, 1.0], 2000),
        }
    )  # fmt: skip
    table = breakdown(cells, ["queue"])
    assert table["at_floor"].tolist() == [False, False, True]
    assert table["poisson_floor"].tolist() == pytest.approx([table["poisson_floor"][2]] * 3, rel=0.05)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="client, expected"):
        breakdown(cells_of().drop(columns="expected"), ["client"])


@given(
    seed=st.integers(0, 99), by=st.sampled_from([["queue"], ["model", "weekday"], ["special", "week_ahead"]])
)
@settings(max_examples=10)
def test_the_order_of_rows_does_not_matter(seed, by):
    cells = cells_of(seed=seed)
    table, again = breakdown(cells, by), breakdown(cells.sample(frac=1, random_state=seed), by)
    pd.testing.assert_frame_equal(table, again, rtol=1e-9)


@given(seed=st.integers(0, 99), factor=st.floats(0.01, 100))
@settings(max_examples=10)
def test_shares_do_not_change_with_the_volume(seed, factor):
    cells = cells_of(seed=seed)
    names = ["actual", "expected", "p10", "p50", "p90", "naive_error"]
    scaled = cells.assign(**{name: cells[name] * factor for name in names})
    shares = ["wape", "day_wape", "week_wape", "bias", "mase", "coverage"]
    table, again = (breakdown(each, ["queue", "model"])[shares] for each in (cells, scaled))
    pd.testing.assert_frame_equal(table, again, rtol=1e-6, atol=1e-9)
