"""Does the LightGBM companion help? Rolling origins a week apart through 2017 on the denver series, whose horizons share
no day with the origins that forecast.py publishes; beside it a queue of our own whose day has another shape in summer,
which the structural model cannot follow.

    pip install -e '.[ml]' && python benchmarks/forecast_companion.py

Under a year of history (anonbank, us-bank) the companion says what the structural model says: nothing to measure.
"""

from datetime import date

import numpy as np
import pandas as pd
from _forecast_series import denver

from centre.calendar import public_holidays
from centre.instants import day_number
from forecasts import backtest
from forecasts.models import companions
from scenarios.forecasting import day_calendar

END, YEARS, ORIGINS, DAYS = date(2018, 2, 1), 3, 44, 28
MODELS = ("weekday_mean_8", "structural", "lightgbm", "chosen")


def denver_before_2018() -> tuple[pd.DataFrame, str]:
    """Three years up to the end of January 2018."""
    series = denver()
    starts = series.history.interval_start
    first, end = (pd.Timestamp(day, tz=series.timezone) for day in (END.replace(year=END.year - YEARS), END))
    return series.history[(starts >= first) & (starts < end)], series.timezone


def summer_shift() -> tuple[pd.DataFrame, str]:
    """Three invented years: Poisson around a hump at noon, which comes four hours later in the warm half."""
    zone = "America/Denver"
    hours = pd.date_range(END.replace(year=END.year - YEARS), END, freq="h", inclusive="left")
    warm = np.sin(2 * np.pi * (hours.day_of_year - 100) / 365.25) > 0
    mean = (
        30
        * (0.2 + np.exp(-(((hours.hour - 12 - 4 * warm) / 4) ** 2)))
        * np.where(hours.day_of_week < 5, 1, 0.5)
    )
    starts = hours.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    offered = np.random.default_rng(1).poisson(mean).astype(float)
    table = pd.DataFrame({"interval_start": starts, "queue": "summer", "offered": offered}).dropna()
    return table.assign(interval_start=table.interval_start.dt.tz_convert("UTC")), zone


def measured(history: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Errors of each model at each origin."""
    first, last = day_number(END.replace(year=END.year - YEARS)), day_number(END)
    return backtest(
        history,
        origins=ORIGINS,
        days=DAYS,
        timezone=zone,
        holidays=public_holidays("US", first - 1, last),
        calendars={"": day_calendar("US", first, last)},
        models=companions(),
    )


def main() -> None:
    """Errors in percent, the ratio to the structural model by origin, how often the companion was taken."""
    for name, (history, zone) in (("denver", denver_before_2018()), ("summer shift", summer_shift())):
        table = measured(history, zone)
        means = 100 * table.groupby("model")[["wape", "day_wape", "bias"]].mean().loc[list(MODELS)]
        wide = table.set_index(["origin", "model"])["wape"].unstack()  # noqa: PD010
        ratio = wide["lightgbm"] / wide["structural"]
        taken = (wide["chosen"] == wide["lightgbm"]) & (wide["lightgbm"] != wide["structural"])
        print(f"{name}: {len(wide)} origins, percent of contacts\n{means.round(2).to_string()}")
        low, high = np.quantile(ratio, (0.1, 0.9))
        print(
            f"interval error, companion / structural: mean {ratio.mean():.4f}, 80 % of origins {low:.3f}-{high:.3f}"
        )
        print(f"taken at {int(taken.sum())} of {len(wide)} origins\n")


if __name__ == "__main__":
    main()
