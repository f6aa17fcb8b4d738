"""The slow peers of the forecast benchmark: each forecast is made once and kept on disk.

Run in the peers' own environment (their packages pin pandas < 3), then judge with `forecast.py`:

    python3 -m venv /tmp/paiban-peers
    /tmp/paiban-peers/bin/pip install -r benchmarks/requirements-forecast.txt
    OMP_NUM_THREADS=1 nice /tmp/paiban-peers/bin/python benchmarks/_forecast_peers.py --cache /tmp/paiban-peer-forecasts

Every peer sees the days before the origin only, laid on the local clock without closed weekdays and hours (those on
which nothing came in the last eight weeks); unknown days are filled with the mean of the neighbouring same weekdays; what
it says below zero counts as zero. Settings are those an analyst would start from, see each function.
"""

import argparse
import logging
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from _forecast_series import Series, Trial, main_trials, unseen_trials

YEARS_OF_STL = 2  # of history for MSTL: more only costs time
YEARS_OF_PROPHET = 1  # of intervals for Prophet, likewise
DATE = "datetime64[ns]"


def filled(series: Series, origin: int) -> np.ndarray:
    """Counts before the origin, unknown ones from the same weekdays around them, shape (origin, slots)."""
    past = pd.DataFrame(series.counts[:origin])
    by_weekday = past.groupby(series.weekdays[:origin])
    return by_weekday.transform(lambda c: c.interpolate(limit_direction="both")).fillna(0.0).to_numpy()


def spread(series: Series, origin: int, totals: np.ndarray, weeks: int = 8) -> np.ndarray:
    """Day totals of the horizon, by each weekday's mean profile of the last weeks, shape (days, slots)."""
    weekdays, past = series.weekdays, filled(series, origin)
    recent = np.arange(max(0, origin - 7 * weeks), origin)
    out = np.zeros((len(totals), past.shape[1]))
    for k, total in enumerate(totals):
        sums = past[recent[weekdays[recent] == weekdays[origin + k]]].sum(axis=0)
        out[k] = total * sums / max(sums.sum(), 1e-9)
    return out


def worked_days(series: Series, origin: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Days on weekdays that are open: positions before the origin, and of the horizon."""
    is_open = series.open_cells(origin).any(axis=1)[series.weekdays]
    days = np.flatnonzero(is_open[: origin + horizon])
    return days[days < origin], days[days >= origin]


def ets_profile(series: Series, origin: int, horizon: int) -> np.ndarray:
    """AutoETS (all forms tried, chosen by AICc) on day totals, a week as season, times the 8-week profile."""
    from statsforecast.models import AutoETS

    past, ahead = worked_days(series, origin, horizon)
    week = int(series.open_cells(origin).any(axis=1).sum())
    totals = filled(series, origin).sum(axis=1)[past]
    said = AutoETS(season_length=week).forecast(y=np.maximum(totals, 1.0), h=len(ahead))["mean"]
    out = np.zeros(horizon)
    out[ahead - origin] = said
    return spread(series, origin, out)


def mstl(series: Series, origin: int, horizon: int) -> np.ndarray:
    """MSTL with a day and a week as seasons and a non-seasonal AutoETS for the trend (the package's default)."""
    from statsforecast.models import MSTL

    past, ahead = worked_days(series, origin, horizon)
    past = past[past >= origin - 365 * YEARS_OF_STL]
    cells = series.open_cells(origin)
    slots, week = cells.any(axis=0), int(cells.any(axis=1).sum())
    values = filled(series, origin)[past][:, slots].ravel()
    seasons = [int(slots.sum()), int(slots.sum()) * week]
    said = MSTL(season_length=seasons).forecast(y=values, h=len(ahead) * seasons[0])["mean"]
    out = np.zeros((horizon, len(slots)))
    out[np.ix_(ahead - origin, np.flatnonzero(slots))] = said.reshape(-1, seasons[0])
    return out


def _holiday_table(series: Series) -> pd.DataFrame:
    """Each holiday with its eve and the day after."""
    rows = [(name, pd.Timestamp(day), -1, 1) for day, name in series.holidays().items()]
    return pd.DataFrame(rows, columns=["holiday", "ds", "lower_window", "upper_window"])


def _prophet(series: Series, table: pd.DataFrame, ahead: pd.DataFrame, intraday: bool) -> np.ndarray:
    from prophet import Prophet

    model = Prophet(
        holidays=_holiday_table(series), uncertainty_samples=0,
        seasonality_mode="additive" if intraday else "multiplicative",
        daily_seasonality=10 if intraday else False, weekly_seasonality=20 if intraday else "auto",
    )  # fmt: skip
    return model.fit(table).predict(ahead)["yhat"].to_numpy()


def prophet(series: Series, origin: int, horizon: int) -> np.ndarray:
    """Prophet on intervals of the last year: holidays with eve and day after, day (10 pairs of sines) and week (20),
    additive (multiplicative did worse and took longer)."""
    past, ahead = worked_days(series, origin, horizon)
    past = past[past >= origin - 365 * YEARS_OF_PROPHET]
    slots = np.flatnonzero(series.open_cells(origin).any(axis=0))
    days = np.array(series.dates, dtype=DATE)
    times = (slots * series.minutes).astype("timedelta64[m]")
    table = pd.DataFrame({"ds": np.add.outer(days[past], times).ravel()})
    table["y"] = series.counts[past][:, slots].ravel()
    future = pd.DataFrame({"ds": np.add.outer(days[ahead], times).ravel()})
    out = np.zeros((horizon, series.counts.shape[1]))
    said = _prophet(series, table, future, intraday=True)
    out[np.ix_(ahead - origin, slots)] = said.reshape(len(ahead), -1)
    return out


def prophet_day(series: Series, origin: int, horizon: int) -> np.ndarray:
    """Prophet on day totals (same holidays, multiplicative, its own weekly and yearly terms) times the 8-week profile."""
    past, ahead = worked_days(series, origin, horizon)
    days = np.array(series.dates, dtype=DATE)
    known = past[~np.isnan(series.counts[past]).all(axis=1)]
    table = pd.DataFrame({"ds": days[known], "y": np.nansum(series.counts[known], axis=1)})
    out = np.zeros(horizon)
    out[ahead - origin] = _prophet(series, table, pd.DataFrame({"ds": days[ahead]}), intraday=False)
    return spread(series, origin, np.maximum(out, 0))


def _calendar(series: Series) -> pd.DataFrame:
    """What is known of a day beforehand, by day."""
    free, days = set(series.holidays()), pd.DatetimeIndex(series.dates)
    near = {f"holiday_{k:+d}": [d + timedelta(days=k) in free for d in series.dates] for k in (-1, 0, 1)}
    return pd.DataFrame(near).astype(int).assign(
        weekday=series.weekdays, month_day=days.day, days_to_month_end=days.days_in_month - days.day,
        year_day=days.dayofyear,
    )  # fmt: skip


def lightgbm(series: Series, origin: int, horizon: int) -> np.ndarray:
    """LightGBM through mlforecast: same slot 4 to 8 weeks ago, their rolling means, weekday, slot, month position,
    yearly position, holidays with eve and day after; Poisson loss, 400 trees of 31 leaves, rate 0.05."""
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean, SeasonalRollingMean

    past, ahead = worked_days(series, origin, horizon)
    cells = series.open_cells(origin)
    slots, week = np.flatnonzero(cells.any(axis=0)), int(cells.any(axis=1).sum())
    day, lag = len(slots), -(-horizon // 7) * week * len(slots)
    table = _calendar(series).loc[np.concatenate([past, ahead])].loc[lambda t: t.index.repeat(day)]
    table = table.assign(slot=np.tile(slots, len(past) + len(ahead)), unique_id="q", ds=np.arange(len(table)))
    table = table.reset_index(drop=True)
    known = len(past) * day
    train = table[:known].assign(y=filled(series, origin)[past][:, slots].ravel())
    weeks = min(4, (len(past) * day - lag) // (day * week))
    model = LGBMRegressor(
        objective="poisson", n_estimators=400, num_leaves=31, learning_rate=0.05, min_child_samples=20,
        subsample=0.8, subsample_freq=1, colsample_bytree=0.8, random_state=1, n_jobs=1, verbose=-1,
    )  # fmt: skip
    fitted = MLForecast(
        models={"said": model}, freq=1, lags=[lag + k * day * week for k in range(weeks + 1)],
        lag_transforms={lag: [SeasonalRollingMean(day * week, 4, min_samples=1), RollingMean(day * week)]},
    ).fit(train, static_features=[], dropna=False)  # fmt: skip
    said = fitted.predict(h=len(ahead) * day, X_df=table[known:])["said"].to_numpy()
    out = np.zeros((horizon, series.counts.shape[1]))
    out[np.ix_(ahead - origin, slots)] = said.reshape(len(ahead), -1)
    return out


PEERS: dict[str, Callable[[Series, int, int], np.ndarray]] = {
    "ets_profile": ets_profile,
    "prophet_day": prophet_day,
    "lightgbm": lightgbm,
    "mstl": mstl,
    "prophet": prophet,
}


def one(method: str, trial: Trial, origin: int, folder: Path) -> None:
    """Make and keep one forecast, unless it is there."""
    series = trial.series
    target = folder / series.name / method / f"{series.dates[origin]}.npz"
    if target.exists():
        return
    began = time.perf_counter()
    seen = _before(series, origin, trial.horizon)
    said = PEERS[method](seen, origin, trial.horizon)
    cells = series.open_cells(origin)[series.weekdays[origin : origin + trial.horizon]]
    target.parent.mkdir(parents=True, exist_ok=True)
    seconds = time.perf_counter() - began
    np.savez_compressed(target, expected=np.maximum(said, 0) * cells, seconds=seconds)
    print(f"{series.name} {method} {series.dates[origin]}: {seconds:.1f} s", flush=True)


def _before(series: Series, origin: int, horizon: int) -> Series:
    """The series with everything from the origin on made unknown, so that no peer can look."""
    counts = series.counts[: origin + horizon].copy()
    counts[origin:] = np.nan
    return Series(series.name, series.country, series.timezone, series.first_day, counts, series.history[:0])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder of the forecasts")
    parser.add_argument("--only", nargs="+", choices=sorted(PEERS), default=list(PEERS))
    parser.add_argument("--unseen", action="store_true", help="the origins and series of the final check")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for noisy in ("prophet", "cmdstanpy"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    trials = unseen_trials() if options.unseen else main_trials()
    for method in options.only:
        for trial in trials:
            for origin in trial.origins:
                one(method, trial, origin, options.cache)


if __name__ == "__main__":
    main()
