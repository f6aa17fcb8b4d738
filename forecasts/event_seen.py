"""What one queue's past says of events: contacts that came beside those expected, for every day and every set of
events that were on together; and how far the two differ on days without events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import MINUTES_A_DAY
from forecasts.event_windows import Event, Key, event_cells, local_day, share_of
from forecasts.grid import Bools, Days, Floats, QueueHistory

HOURS = 24
FEWEST_DAYS = 7  # days without events that tell how exact the baseline is
SMALLEST_DAY_SD = 0.03  # no baseline is more exact than this, as a share of a day's contacts
ASSUMED = (1.0, 0.1)  # dispersion and day's deviation where there are fewer days


@dataclass(frozen=True, slots=True)
class Baseline:
    """A queue's past, and what a model that knows of no events says of it.

    Parameters
    ----------
    expected : contacts expected without events, shape (days of history, slots); NaN where not known
    """

    history: QueueHistory
    expected: Floats

    @property
    def known(self) -> Bools:
        """Intervals in which both what came and what was expected are known, shape (days, slots)."""
        with np.errstate(invalid="ignore"):
            return ~np.isnan(self.history.offered) & (self.expected > 0)


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """An event as it was on one day: which, in which occurrence (its first local day), on which day of it."""

    key: Key
    occurrence: int
    day: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One queue's observations, one for every day and set of events that were on together.

    Parameters
    ----------
    terms : the events of each observation
    came, expected : contacts by hour of the day, shape (observations, 24)
    dispersion : variance of an interval's contacts over their mean
    day_sd : standard deviation of the logarithm of a day's contacts that is not dispersion
    """

    terms: tuple[tuple[Term, ...], ...]
    came: Floats
    expected: Floats
    dispersion: float
    day_sd: float


def observe(baseline: Baseline, events: Sequence[Event], zone: ZoneInfo) -> Seen:
    """What a queue's past says of the events; intervals that an event covers in part are left out."""
    history, known = baseline.history, baseline.known
    ours = [event for event in events if event.touches(history.queue)]
    minutes, first, days = history.interval_minutes, history.first_day, len(history.offered)
    touched = event_cells(ours, history.queue, zone, first, days, minutes)
    starts = [local_day(event.start, zone) for event in ours]
    shares = [share_of(event, zone, first, days, minutes) for event in ours]
    on_days = np.array([share.any(axis=1) for share in shares]).reshape(len(ours), days)
    hours = np.arange(history.slots) * minutes // 60
    terms, came, expected = [], [], []
    for row in np.flatnonzero((touched & known).any(axis=1)).tolist():
        today = np.flatnonzero(on_days[:, row]).tolist()
        cover = np.array([shares[k][row] for k in today])
        whole = known[row] & touched[row] & ((cover == 0) | (cover == 1)).all(axis=0)
        for on in np.unique(cover[:, whole] > 0, axis=1).T:
            cells = whole & ((cover > 0) == on[:, None]).all(axis=0)
            active = (k for k, is_on in zip(today, on, strict=True) if is_on)
            terms.append(
                tuple(sorted({Term(ours[k].key, starts[k], first + row - starts[k]) for k in active}))
            )
            came.append(np.bincount(hours[cells], history.offered[row, cells], minlength=HOURS))
            expected.append(np.bincount(hours[cells], baseline.expected[row, cells], minlength=HOURS))
    noise = _noise(baseline, touched)
    return Seen(tuple(terms), np.reshape(came, (-1, HOURS)), np.reshape(expected, (-1, HOURS)), *noise)


def _noise(baseline: Baseline, touched: Bools) -> tuple[float, float]:
    """Dispersion within days and deviation of whole days, from days without events."""
    history = baseline.history
    known = baseline.known & (history.usable & ~touched.any(axis=1))[:, None]
    came = np.where(known, history.offered, 0.0)
    expected = np.where(known, baseline.expected, 0.0)
    totals, means = came.sum(axis=1), expected.sum(axis=1)
    rows = np.flatnonzero((totals > 0) & (means > 0))
    if len(rows) < FEWEST_DAYS:
        return ASSUMED
    ratios = totals[rows] / means[rows]
    fitted = expected[rows] * ratios[:, None]
    inside = fitted > 0
    errors = ((came[rows] - fitted)[inside] ** 2 / fitted[inside]).sum()
    dispersion = float(errors / max(int(inside.sum()) - len(rows), 1))
    spread = 1.4826 * float(np.median(np.abs(np.log(ratios))))
    variance = spread**2 - dispersion * float(np.mean(1 / means[rows]))
    return dispersion, max(SMALLEST_DAY_SD, max(variance, 0.0) ** 0.5)


def weekday_hours(baseline: Baseline) -> Floats:
    """Mean contacts expected by weekday and hour, shape (7, 24): what a day's events are spread over."""
    history = baseline.history
    hours = np.arange(history.slots) * (MINUTES_A_DAY // history.slots) // 60
    weekdays: Days = (history.days + 3) % 7
    totals = np.zeros((7, HOURS))
    np.add.at(totals, (weekdays[:, None], hours[None, :]), np.nan_to_num(baseline.expected))
    return totals / np.maximum(np.bincount(weekdays, minlength=7), 1)[:, None]
