"""How a day's contacts spread over its slots: by weekday, pooled with like weekdays, and by class of day.

Profiles change slowly, and a recent one is noisy: the recent profile counts for as much as its distance from
the lasting one exceeds what the days' own noise explains.

**Source:** the positive-part shrinkage of James and Stein (Efron and Morris, 1973).
"""

from dataclasses import dataclass

import numpy as np

from forecasts.day_totals import ordinary_days
from forecasts.day_traits import CLASSES, EVENT, MAKEUP, ORDINARY, DayTraits, WeekShape, totals_by_weekday
from forecasts.grid import Bools, Days, Floats, QueueHistory, weekdays_of
from forecasts.spikes import robust_offered

RECENT_HALF_LIFE_DAYS, LASTING_HALF_LIFE_DAYS = 40.0, 365.0
LIKE_SHARE = 0.9  # weekdays whose profiles overlap this much are alike
POOLED_DAYS = 4.0  # weight of the profile of like weekdays, in days
BORROWED_DAYS = 14  # weight of another queue's profiles, in days of history
CLASS_POOLED_DAYS = 1.0  # weight of the profile of the weekday that a special day is like, in days


@dataclass(frozen=True, slots=True)
class Profiles:
    """Shares of a day's contacts in each slot.

    Parameters
    ----------
    weekday : of ordinary days, shape (7, slots), Monday first; each row adds up to 1, or is 0 where nothing
        comes
    class_sums, class_days : shares seen on days of each class, added up, and on how many days each slot was
        known, shape (classes, slots)
    """

    weekday: Floats
    class_sums: Floats
    class_days: Floats

    def beside(self, other: "Profiles", days: int) -> "Profiles":
        """These profiles, learned from so many days, mixed with those of another queue."""
        share = days / (days + BORROWED_DAYS)
        return Profiles(
            share * self.weekday + (1 - share) * other.weekday,
            self.class_sums + other.class_sums,
            self.class_days + other.class_days,
        )

    def of(self, traits: DayTraits) -> Floats:
        """Profile of each day, shape (days, slots)."""
        usual = traits.like @ self.weekday
        mixed = self.class_sums[traits.classes] + CLASS_POOLED_DAYS * usual
        mixed /= self.class_days[traits.classes] + CLASS_POOLED_DAYS
        return _whole(mixed)


def weekday_profiles(history: QueueHistory, totals: Floats) -> Floats:
    """Profile of each weekday, shape (7, slots), of a history whose days have these totals, shape (days,)."""
    rows = np.flatnonzero(ordinary_days(history))
    offered = robust_offered(history)[rows]
    return _shrunk_profiles(offered, history.days[rows], totals[rows], history.end_day)


def open_share(history: QueueHistory, profiles: Floats) -> Floats:
    """Share of each day's usual contacts, spread as its profile, in the hours told to be open, shape (days,)."""
    if history.is_open is None:
        return np.ones(len(profiles))
    whole = profiles.sum(axis=1)
    return np.asarray(np.where(whole > 0, (profiles * history.is_open).sum(axis=1), 1.0))


def inside_share(history: QueueHistory) -> Floats:
    """Share of each day's contacts that came in the hours told to be open, shape (days,); 1 where nothing came."""
    if history.is_open is None:
        return np.ones(len(history.offered))
    came = np.nansum(history.offered, axis=1)
    inside = np.nansum(history.offered * history.is_open, axis=1)
    return np.asarray(np.where(came > 0, inside / np.where(came > 0, came, 1.0), 1.0))


def with_classes(
    weekday: Floats, history: QueueHistory, traits: DayTraits, shape: WeekShape, totals: Floats
) -> Profiles:
    """Profiles of weekdays, and those of special days, given what their totals would be if wholly open."""
    sums, seen = (np.zeros((len(CLASSES), history.slots)) for _ in range(2))
    busy = shape.working[weekdays_of(history.days)] | (traits.classes == MAKEUP)
    special = ~np.isin(traits.classes, (ORDINARY, EVENT)) & busy & (totals > 0)
    for row in np.flatnonzero(special):
        known = ~np.isnan(history.offered[row])
        if history.is_open is not None:
            known &= history.is_open[row]
        sums[traits.classes[row]] += np.where(known, history.offered[row], 0) / totals[row]
        seen[traits.classes[row]] += known
    return Profiles(weekday, sums, seen)


def _shrunk_profiles(offered: Floats, days: Days, totals: Floats, end_day: int) -> Floats:
    """The recent profile of each weekday shrunk to its lasting one, shape (7, slots)."""
    known, usual = ~np.isnan(offered), totals_by_weekday(days, totals)
    recent, lasting = (
        _decayed_profiles(np.where(known, offered, 0), known, days, totals, usual, end_day, half_life)
        for half_life in (RECENT_HALF_LIFE_DAYS, LASTING_HALF_LIFE_DAYS)
    )
    some = totals > 0
    off = offered[some] / totals[some, None] - lasting[weekdays_of(days[some])]
    share = _share_of_recent(off, end_day - days[some], totals[some])
    return share * recent + (1 - share) * lasting


def _share_of_recent(off: Floats, age_days: Days, totals: Floats) -> float:
    """How much of the distance between the two profiles noise does not explain, given each day's distance
    from the lasting one, shape (days, slots).
    """
    if not len(off):
        return 0.0
    recent, lasting = (
        totals * 0.5 ** (age_days / half_life)
        for half_life in (RECENT_HALF_LIFE_DAYS, LASTING_HALF_LIFE_DAYS)
    )
    parts = (recent / recent.sum() - lasting / lasting.sum())[:, None] * np.nan_to_num(off)
    apart, noise = float((parts.sum(axis=0) ** 2).sum()), float((parts**2).sum())
    return max(0.0, 1 - noise / apart) if apart > 0 else 0.0


def _decayed_profiles(
    filled: Floats,
    known: Bools,
    days: Days,
    totals: Floats,
    usual: Floats,
    end_day: int,
    half_life_days: float,
) -> Floats:
    """Each weekday's profile, pooled with those of weekdays like it, shape (7, slots)."""
    weekdays = weekdays_of(days)
    weight = np.eye(7)[weekdays].T * 0.5 ** ((end_day - days) / half_life_days)
    sums, volume = weight @ filled, (weight * totals) @ known
    own = sums / np.where(volume > 0, volume, 1.0)
    alike = 1 - np.abs(own[:, None] - own[None]).sum(axis=2) / 2 >= LIKE_SHARE
    alike[~np.isin(np.arange(7), weekdays)] = True  # a weekday that was never seen resembles all others
    pooled = alike @ sums / np.maximum(alike @ volume, 1e-300)
    prior = POOLED_DAYS * np.where(usual > 0, usual, 1.0)[:, None]
    return _whole((sums + prior * pooled) / (volume + prior))


def _whole(profiles: Floats) -> Floats:
    """Profiles that add up to 1, but for those of nothing."""
    total = profiles.sum(axis=1, keepdims=True)
    return np.asarray(profiles / np.where(total > 0, total, 1.0))
