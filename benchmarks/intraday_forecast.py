"""How much better the rest of a day is known at 10:00, 12:00, 14:00 and 16:00 from what came before, on days held out of real series.

    .venv/bin/python benchmarks/intraday_forecast.py            # the days reported
    .venv/bin/python benchmarks/intraday_forecast.py --chosen   # the days on which settings were chosen

Each day was forecast up to a week ahead, by `forecasts.make_forecast` with nothing of its week seen; the day's own contacts are then
known up to the hour. No day is both chosen on and reported. Needs no peers.

- none: the forecast as it was
- ratio: times contacts so far over those forecast so far
- recent: times the same with each interval back counting 0.8 of the next, an exponentially smoothed ratio
- half: times half of the way to the ratio
- additive: plus the mean error of an interval so far, nothing below 0 (pick-up)
- ours: `forecasts.reforecast`

Errors are absolute errors over contacts of the rest of the day (WAPE): of intervals, then of the rest of each day as a whole; "chance"
is what of the interval error would stay were the true mean known (Poisson). "holds" is the share of the intervals left within the 80 %
band: as the forecast gave it, and as it is updated; "width" is the updated band's mean width over the forecast's.
"""

import argparse
import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from _forecast_series import Series, anonbank, anonbank_types, denver, us_bank

from centre.calendar import public_holidays
from centre.instants import day_number
from forecasts import make_forecast
from forecasts.accuracy import poisson_floor
from forecasts.inputs import Options
from forecasts.intraday import reforecast
from scenarios.forecasting import day_calendar

HOURS = (10, 12, 14, 16)
AHEAD_DAYS = 7
RECENT = 0.8
YEARS_BEFORE = 3  # of denver: more changes the forecast little


@dataclass(frozen=True)
class Day:
    """One day of a series on its local clock: the forecast's table of it, and what came."""

    series: str
    day: date
    zone: str
    forecast: pd.DataFrame
    actual: pd.DataFrame


def origins_of(series: Series, first: date, last: date, step: int) -> list[int]:
    """Positions of the days from ``first`` to ``last``, every ``step``."""
    start, end = ((day - series.first_day).days for day in (first, last))
    return list(range(start, min(end, len(series.counts) - 1) + 1, step))


def spans(chosen: bool) -> Iterator[tuple[Series, list[int]]]:
    """Every series with the days on which forecasts of the week ahead are made."""
    bank, anon, ems = us_bank(), anonbank(), denver()
    if chosen:
        yield bank, origins_of(bank, date(2003, 5, 5), date(2003, 7, 7), 7)
        yield anon, origins_of(anon, date(1999, 4, 4), date(1999, 8, 15), 7)
        yield ems, origins_of(ems, date(2014, 2, 3), date(2016, 12, 5), 70)
    else:
        yield bank, origins_of(bank, date(2003, 7, 14), date(2003, 10, 20), 7)
        yield anon, origins_of(anon, date(1999, 8, 29), date(1999, 12, 26), 7)
        yield ems, origins_of(ems, date(2017, 1, 9), date(2019, 2, 4), 28)
    for each in anonbank_types():
        first = date(1999, 1, 25) if chosen else date(1999, 2, 8)
        yield each, origins_of(each, first, first, 7)


def days_of(series: Series, origins: list[int]) -> Iterator[Day]:
    """Every day forecast from these origins that is known as a whole."""
    came = series.history.interval_start.dt.tz_convert(series.timezone).dt.date
    for origin in origins:
        table = weekly_forecast(series, origin)
        local = table.interval_start.dt.tz_convert(series.timezone).dt.date
        for day in series.dates[origin : origin + AHEAD_DAYS]:
            actual = series.history[came == day]
            if len(actual) and actual.offered.sum() > 0 and (local == day).any():
                yield Day(series.name, day, series.timezone, table[local == day], actual)


def weekly_forecast(series: Series, origin: int) -> pd.DataFrame:
    """The forecast of a week from what was known before its first day."""
    start = series.dates[origin]
    begin = pd.Timestamp(start, tz=series.timezone)
    starts = series.history.interval_start
    seen = series.history[(starts < begin) & (starts >= begin - pd.DateOffset(years=YEARS_BEFORE))]
    first, last = day_number(series.first_day), day_number(start) + AHEAD_DAYS
    options = Options(
        timezone=series.timezone,
        holidays=public_holidays(series.country, first - 1, last),
        calendars={"": day_calendar(series.country, first, last)},
    )
    return make_forecast(seen, start, AHEAD_DAYS, **options).table()


def kept_days(series: Series, origins: list[int], folder: Path | None, chosen: bool) -> list[Day]:
    """The days of a series, from a folder where an earlier run has left them."""
    file = folder / f"{'chosen' if chosen else 'reported'}_{series.name}.pkl" if folder else None
    if file is not None and file.exists():
        return pickle.loads(file.read_bytes())
    days = list(days_of(series, origins))
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(days))
    return days


def methods(came: np.ndarray, due: np.ndarray, ahead: np.ndarray) -> dict[str, np.ndarray]:
    """What simple methods say of the intervals ahead, from those seen."""
    weight = RECENT ** np.arange(len(came))[::-1]
    ratio, recent = _ratio(came, due), _ratio(weight * came, weight * due)
    return {
        "none": ahead,
        "ratio": ahead * ratio,
        "recent": ahead * recent,
        "half": ahead * (1 + ratio) / 2,
        "additive": np.maximum(ahead + (came - due).mean(), 0) if len(came) else ahead,
    }


def _ratio(came: np.ndarray, due: np.ndarray) -> float:
    return came.sum() / due.sum() if due.sum() > 0 else 1.0


@dataclass
class Tally:
    """Sums over days at one hour: absolute errors of intervals and of rests, by method; contacts; bands."""

    off: Counter[str] = field(default_factory=Counter)
    rest: Counter[str] = field(default_factory=Counter)
    contacts: float = 0.0
    chance: float = 0.0
    days: int = 0
    intervals: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    width: Counter[str] = field(default_factory=Counter)

    def add(self, day: Day, hour: int) -> None:
        """One day at one hour."""
        now = pd.Timestamp(f"{day.day}T{hour:02d}:00", tz=day.zone)
        plan = day.forecast.set_index("interval_start")
        actual = day.actual.set_index("interval_start")["offered"].reindex(plan.index)
        known = actual.notna().to_numpy()
        past, ahead = known & (plan.index < now), known & (plan.index >= now)
        came = actual.to_numpy()[ahead]
        if not came.sum() > 0:
            return
        told = (
            actual[past]
            .rename("offered")
            .reset_index()
            .assign(queue=plan["queue"].iloc[0], aht_seconds=np.nan)
        )
        minutes = int(now.timestamp()) // 60
        found = reforecast(day.forecast, told, minutes, ZoneInfo(day.zone)).table.set_index("interval_start")
        due = plan["offered"].to_numpy()
        said = methods(actual.to_numpy()[past], due[past], due[ahead])
        said["ours"] = found["offered"].to_numpy()[ahead]
        for name, expected in said.items():
            self.off[name] += float(np.abs(expected - came).sum())
            self.rest[name] += float(abs(expected.sum() - came.sum()))
        self.contacts += float(came.sum())
        self.chance += poisson_floor(said["ours"]) * float(said["ours"].sum())
        self.days += 1
        for name, table in (("before", plan), ("after", found)):
            low, high = (table[column].to_numpy()[ahead] for column in ("offered_p10", "offered_p90"))
            counted = plan["offered_p90"].to_numpy()[ahead] > 0
            self.inside[name] += int(((came >= low) & (came <= high) & counted).sum())
            self.width[name] += float((high - low).sum())
        self.intervals += int(counted.sum())

    def line(self, hour: int) -> str:
        """Percent: intervals / rests of days by method, then the bands."""
        parts = [
            f"{100 * self.off[name] / self.contacts:7.2f} /{100 * self.rest[name] / self.contacts:6.2f}"
            for name in METHODS
        ]
        holds = [f"{100 * self.inside[name] / self.intervals:6.1f}" for name in ("before", "after")]
        width = f"{self.width['after'] / self.width['before']:6.2f}"
        chance = f"{100 * self.chance / self.contacts:7.2f}"
        return (
            f"  {hour:02d}:00 {self.days:5d}"
            + "".join(f"{part:>17}" for part in parts)
            + chance
            + "".join(holds)
            + width
        )


METHODS = ("none", "ratio", "recent", "half", "additive", "ours")


def main() -> None:
    """Print a table for each series."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chosen", action="store_true", help="the days on which settings were chosen")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the forecasts of the days, or take them from there"
    )
    parser.add_argument("--only", nargs="*", metavar="SERIES", help="these series only")
    args = parser.parse_args()
    print(f"{'':14}" + "".join(f"{name:>17}" for name in METHODS) + " chance holds after width")
    for series, origins in spans(args.chosen):
        if args.only and series.name not in args.only:
            continue
        days = kept_days(series, origins, args.keep, args.chosen)
        print(
            f"{series.name}: days {min(day.day for day in days)} to {max(day.day for day in days)}",
            flush=True,
        )
        for hour in HOURS:
            tally = Tally()
            for day in days:
                tally.add(day, hour)
            print(tally.line(hour), flush=True)


if __name__ == "__main__":
    main()
