"""What moves a day's total, as columns of a regression on the log scale, each with a fixed prior.

Blocks of columns: weekday, level of the week (a random walk), position in the month (a ring), season (waves
of the year), class of the day, and what one festival adds to its class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.day_traits import (
    AFTER,
    BRIDGED,
    CLASSES,
    CLOSED,
    EVE,
    HALF_DAY,
    MAKEUP,
    OFF,
    ORDINARY,
    REST,
    STATUTORY,
    DayTraits,
)
from forecasts.grid import Days, Floats
from forecasts.models.regression import Rows, block_diagonal

LEVEL_SHIFT_SD = 1.0  # of the step in a week in which the level shifts for good
WEEKDAY_SD, LEVEL_STEP_SD, MONTH_SD, MONTH_STEP_SD, SEASON_SD = 0.5, 0.012, 0.05, 0.02, 0.05
MAKEUP_MEAN = (
    -0.06
)  # a make-up workday ran at .92 to .95 of a workday (daily flows of a Chinese fund, 2013-14)
CLASS_SD = {
    STATUTORY: 0.5, REST: 0.5, BRIDGED: 0.5, CLOSED: 0.5, MAKEUP: 0.2, EVE: 0.3, AFTER: 0.15, HALF_DAY: 0.3,
}  # fmt: skip
FESTIVAL_SD, FESTIVAL_EDGE_SD = (
    0.3,
    0.15,
)  # of a festival's days off, and of its other days, around their class
SEASON_FROM_DAYS = 400  # a yearly cycle is fitted from this much history
SEASON_WAVES = 3
MONTH = 31  # places on the ring of `month_positions`
Key = tuple[int, str]


def month_positions(days: Days) -> Days:
    """Place of days on a ring of 31: the 1st is 0, the last day 30, counted from whichever is nearer.

    Examples
    --------
    >>> month_positions(np.array(["2023-02-01", "2023-02-16", "2023-02-17", "2023-02-28"], "M8[D]").astype(int))
    array([ 0, 15, 19, 30])
    """
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    after_first = (dates - month.astype("datetime64[D]")).astype(np.int64)
    to_last = ((month + 1).astype("datetime64[D]") - dates).astype(np.int64) - 1
    return np.asarray(np.where(after_first < 16, after_first, MONTH - 1 - to_last))


@dataclass(frozen=True, slots=True)
class Effects:
    """The columns for one history.

    Parameters
    ----------
    first_day, weeks : day number on which the first of the weeks of level begins, and their number
    waves : of the season; 0 where history is too short
    festivals : (class, festival) of the special days in the history
    shifts : weeks of level, counted from 0, in which the level jumps
    """

    first_day: int
    weeks: int
    waves: int
    festivals: tuple[Key, ...]
    shifts: tuple[int, ...] = ()

    @property
    def blocks(self) -> dict[str, slice]:
        """Where each block's columns are."""
        sizes = {
            "weekday": 7, "level": self.weeks, "month": MONTH, "season": 2 * self.waves,
            "class": len(CLASSES), "festival": len(self.festivals),
        }  # fmt: skip
        ends = np.cumsum(list(sizes.values()))
        return {
            name: slice(int(end) - size, int(end))
            for (name, size), end in zip(sizes.items(), ends, strict=True)
        }

    def design(self, days: Days, traits: DayTraits) -> Rows:
        """Each day's entries; days after the history take the last week's level."""
        n, blocks = len(days), self.blocks
        week = np.clip((days - self.first_day) // 7, 0, self.weeks - 1)
        angle = 2 * np.pi * np.outer(days / 365.2425, np.arange(1.0, self.waves + 1))
        own = self._own_festival(traits)
        columns = [
            np.tile(np.arange(7), (n, 1)),
            blocks["level"].start + week[:, None],
            blocks["month"].start + month_positions(days)[:, None],
            np.tile(np.arange(blocks["season"].start, blocks["season"].stop), (n, 1)),
            blocks["class"].start + traits.classes.astype(np.int64)[:, None],
            np.where(own >= 0, blocks["festival"].start + own, 0)[:, None],
        ]
        ones, special = np.ones((n, 2)), (traits.classes != ORDINARY)[:, None]
        values = [traits.like, ones, np.cos(angle), np.sin(angle), special, (own >= 0)[:, None]]
        return Rows(np.hstack(columns), np.hstack(values), blocks["festival"].stop)

    def penalty(self) -> Floats:
        """Precision of the prior, shape (columns, columns)."""
        step_sd = np.full(self.weeks - 1, LEVEL_STEP_SD)
        step_sd[[week - 1 for week in self.shifts if 0 < week < self.weeks]] = LEVEL_SHIFT_SD
        steps = np.diff(np.eye(self.weeks), axis=0) / step_sd[:, None]
        round_the_month = (np.roll(np.eye(MONTH), 1, axis=1) - np.eye(MONTH)) / MONTH_STEP_SD
        class_sd = np.array([CLASS_SD.get(code, 1.0) for code in range(len(CLASSES))])
        festival_sd = np.array(
            [FESTIVAL_SD if code in OFF else FESTIVAL_EDGE_SD for code, _ in self.festivals]
        )
        waves = np.arange(1.0, self.waves + 1) ** 2 / SEASON_SD**2
        return block_diagonal([
            np.eye(7) / WEEKDAY_SD**2,
            steps.T @ steps + 1e-6 * np.eye(self.weeks),
            np.eye(MONTH) / MONTH_SD**2 + round_the_month.T @ round_the_month,
            np.diag(np.concatenate([waves, waves])),
            np.diag(1 / class_sd**2),
            np.diag(1 / festival_sd**2),
        ])  # fmt: skip

    def prior(self) -> Floats:
        """Mean of the prior, shape (columns,)."""
        mean = np.zeros(self.blocks["festival"].stop)
        mean[self.blocks["class"].start + MAKEUP] = MAKEUP_MEAN
        return mean

    def _own_festival(self, traits: DayTraits) -> Days:
        """Position of each day in ``festivals``, -1 for none, shape (days,)."""
        place = {key: k for k, key in enumerate(self.festivals)}
        keys = zip(traits.classes.tolist(), traits.festivals.tolist(), strict=True)
        return np.array([place.get(key, -1) for key in keys], dtype=np.int64)


def effects_for(days: Days, end_day: int, traits: DayTraits, shift_days: Sequence[int] = ()) -> Effects:
    """The columns for a history of these days, whose level shifts for good on some.

    A shift within a week of level shows in the steps to that week and to the next.
    """
    span = end_day - int(days[0])
    weeks = -(-span // 7)
    keys = zip(traits.classes.tolist(), traits.festivals.tolist(), strict=True)
    festivals = tuple(sorted({key for key in keys if key[0] != ORDINARY and key[1]}))
    first = end_day - 7 * weeks
    shifts = sorted({week for day in shift_days for week in ((day - first) // 7, -(-(day - first) // 7))})
    waves = SEASON_WAVES if span >= SEASON_FROM_DAYS else 0
    return Effects(first, weeks, waves, festivals, tuple(shifts))
