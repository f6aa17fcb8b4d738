"""The series and rolling origins that the forecast benchmark judges; needs numpy, pandas and holidays only, so that
the peers' environment can read it too."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import holidays
import numpy as np
import pandas as pd

HERE = Path(__file__).parent
HORIZON_DAYS = 28
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Series:
    """One queue's contacts on the local clock, and as the table that a user would hand over.

    counts : shape (days, slots), wall-clock slots from midnight; NaN where nobody knows (the series has no row, or
        clocks skipped the hour); the mean of the two where clocks repeat an hour
    history : ``interval_start`` (UTC), ``queue``, ``offered``
    """

    name: str
    country: str
    timezone: str
    first_day: date
    counts: np.ndarray
    history: pd.DataFrame

    @property
    def dates(self) -> list[date]:
        return [self.first_day + k * DAY for k in range(len(self.counts))]

    @property
    def weekdays(self) -> np.ndarray:
        """Weekday of each day, Monday 0, shape (days,)."""
        return (self.first_day.weekday() + np.arange(len(self.counts))) % 7

    @property
    def minutes(self) -> int:
        return 1440 // self.counts.shape[1]

    def holidays(self) -> dict[date, str]:
        years = range(self.first_day.year, self.dates[-1].year + 2)
        return dict(sorted(holidays.country_holidays(self.country, years=years).items()))

    def special(self, days_after: int = 1) -> np.ndarray:
        """Public holidays, their eves and some days after them, shape (days,)."""
        free = set(self.holidays())
        marked = [{d + k * DAY for k in range(-1, days_after + 1)} for d in free]
        return np.isin(np.array(self.dates), sorted(set().union(*marked)))

    def open_cells(self, origin: int) -> np.ndarray:
        """Slots of the week with contacts in the eight weeks before the origin, shape (7, slots)."""
        past = slice(max(0, origin - 56), origin)
        counts, weekdays = self.counts[past], self.weekdays[past]
        return np.array([np.nan_to_num(counts[weekdays == w]).sum(axis=0) > 0 for w in range(7)])

    def since(self, day: int) -> "Series":
        """The series without its first days."""
        start = pd.Timestamp(self.dates[day], tz=self.timezone)
        kept = self.history[self.history.interval_start >= start]
        return replace(self, first_day=self.dates[day], counts=self.counts[day:], history=kept)


@dataclass(frozen=True)
class Trial:
    """A series and the days (positions in it) at which forecasts are made, each for ``horizon`` days."""

    series: Series
    origins: tuple[int, ...]
    horizon: int = HORIZON_DAYS


def _series(name: str, country: str, timezone: str, history: pd.DataFrame, minutes: int) -> Series:
    local = history.interval_start.dt.tz_convert(timezone).dt.tz_localize(None)
    by_clock = history.offered.groupby(local.to_numpy()).mean()
    first, last = by_clock.index[0].normalize(), by_clock.index[-1].normalize()
    clock = pd.date_range(first, last + pd.Timedelta(days=1), freq=f"{minutes}min", inclusive="left")
    counts = by_clock.reindex(clock).to_numpy().reshape(-1, 1440 // minutes)
    return Series(name, country, timezone, first.date(), counts, history)


def us_bank() -> Series:
    """Weekdays 07:00 to 21:00; days without rows (closed or lost) are unknown."""
    table = pd.read_csv(HERE.parent / "examples/us-bank/history.csv")
    history = table.assign(interval_start=pd.to_datetime(table.interval_start, utc=True))
    return _series("us-bank", "US", "America/New_York", history[["interval_start", "queue", "offered"]], 30)


def anonbank() -> Series:
    """All of 1999 on the local clock, zeros when closed. The half hours that clocks skipped are left out; those
    they repeated are one row."""
    return _anonbank_like("anonbank", pd.read_csv(HERE / "data/anonbank_1999_30min.csv.gz"))


def denver() -> Series:
    """Hours with fewer than 3 calls, dropped by the source, are read as 1; the last day is the last whole one."""
    table = pd.read_csv(HERE / "data/denver_911_ems_hourly_2011_2019.csv.gz")
    starts = pd.to_datetime(table.interval_start, utc=True)
    history = pd.DataFrame(
        {"interval_start": starts, "queue": "denver", "offered": table.offered.fillna(1).astype(float)}
    )
    kept = history[starts < pd.Timestamp("2019-02-11", tz="America/Denver")]
    return _series("denver", "US", "America/Denver", kept, 60)


def anonbank_types() -> list[Series]:
    """January and February 1999 by type of call, from the single records: calls that asked for an agent."""
    calls = pd.read_csv(
        HERE / "data/anonbank_1999_call_records.csv.gz", usecols=["arrival", "queue", "outcome"]
    )
    calls = calls[calls.outcome != "PHANTOM"]
    starts = pd.to_datetime(calls.arrival).dt.floor("30min")
    clock = pd.date_range("1999-01-01", "1999-03-01", freq="30min", inclusive="left")
    known = clock[~clock.normalize().isin(pd.to_datetime(["1999-01-11", "1999-01-12"]))]
    made = []
    for name in ("PS", "NE", "IN", "NW"):
        volume = starts[calls.queue == name].value_counts().reindex(known, fill_value=0)
        table = pd.DataFrame({"timestamp": known.astype(str), "volume": volume.to_numpy(dtype=float)})
        made.append(_anonbank_like(f"anonbank-{name}", table))
    return made


def _anonbank_like(name: str, table: pd.DataFrame) -> Series:
    clock = pd.DatetimeIndex(pd.to_datetime(table.timestamp))
    starts = clock.tz_localize("Asia/Jerusalem", nonexistent="NaT", ambiguous=np.ones(len(clock), bool))
    history = pd.DataFrame(
        {"interval_start": starts.tz_convert("UTC"), "queue": name, "offered": table.volume}
    )
    return _series(name, "IL", "Asia/Jerusalem", history.dropna().reset_index(drop=True), 30)


def main_trials() -> list[Trial]:
    """The published origins: the horizon of the last one ends with the series."""
    plan = ((us_bank(), 10, 7), (anonbank(), 12, 7), (denver(), 12, 28))
    return [Trial(s, _last_origins(s, count, step)) for s, count, step in plan]


def unseen_trials() -> list[Trial]:
    """Other origins and series, kept for the final check: no horizon shares a day with the published ones."""
    bank, anon, ems = us_bank(), anonbank(), denver()
    first = {t.series.name: t.origins[0] for t in main_trials()}
    trials = [
        Trial(bank, tuple(range(63, first["us-bank"] - HORIZON_DAYS + 1, 7))),
        Trial(anon, _between(anon, date(1999, 5, 1), date(1999, 8, 21), 7)),
        Trial(ems, _between(ems, date(2013, 1, 15), date(2016, 12, 31), 56)),
    ]
    return trials + [Trial(s, (28, 35, 42, 45), horizon=14) for s in anonbank_types()]


def _last_origins(series: Series, count: int, step: int) -> tuple[int, ...]:
    last = len(series.counts) - HORIZON_DAYS
    return tuple(last - step * k for k in reversed(range(count)))


def _between(series: Series, start: date, end: date, step: int) -> tuple[int, ...]:
    return tuple(range((start - series.first_day).days, (end - series.first_day).days + 1, step))
