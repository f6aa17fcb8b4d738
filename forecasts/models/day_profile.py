"""Day total times intraday profile: a small structural model, robust, its shrinkage fixed rather than tuned.

The day's total is exp(level of the week + weekday + position in the month + season of the year). The level
is a random walk over weeks; every effect is shrunk towards 0 by a fixed prior standard deviation, weighed
against the noise that the queue's own days show. The total is spread over the day by the weekday's profile,
recent days counting more, pooled with like weekdays.

**Source:** penalised iteratively reweighted least squares (Wood, *Generalized Additive Models*, 2nd ed.,
3.4) with log link, variance proportional to the squared mean and Huber's weights.
"""

import calendar
from dataclasses import dataclass
from typing import Self

import numpy as np

from centre.instants import day_of
from forecasts.day_totals import day_totals, ordinary_days
from forecasts.grid import Days, Floats, QueueHistory, weekdays_of

WEEKDAY_SD, LEVEL_STEP_SD, MONTH_SD, MONTH_STEP_SD, SEASON_SD = 0.5, 0.015, 0.05, 0.02, 0.05
HALF_LIFE_DAYS = 120.0  # how fast older days lose weight in the regression
PROFILE_HALF_LIFE_DAYS = 56.0
LIKE_SHARE = 0.9  # weekdays whose profiles overlap this much are alike
POOLED_DAYS = 4.0  # weight of the profile of like weekdays, in days
LONGEST_DAYS = 2 * 366  # older history is not looked at
SEASON_FROM_DAYS = 400  # a yearly cycle is fitted from this much history
SEASON_WAVES = 3
MONTH = 31  # places on the ring of `month_position`
HUBER = 1.5
SMALLEST_NOISE = 0.01
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a design matrix in which few of ``width`` columns differ from 0; shapes (days, entries)."""

    columns: Days
    values: Floats
    width: int

    def times(self, coefficients: Floats) -> Floats:
        """The product with a vector, shape (days,)."""
        return np.asarray((coefficients[self.columns] * self.values).sum(axis=1))

    def normal(self, weights: Floats) -> Floats:
        """X'WX, shape (width, width)."""
        cells = self.columns[:, :, None] * self.width + self.columns[:, None, :]
        products = self.values[:, :, None] * self.values[:, None, :] * weights[:, None, None]
        sums = np.bincount(cells.ravel(), weights=products.ravel(), minlength=self.width**2)
        return np.asarray(sums.reshape(self.width, self.width))

    def moments(self, weighted: Floats) -> Floats:
        """X'v of a vector, shape (width,)."""
        products = self.values * weighted[:, None]
        return np.asarray(np.bincount(self.columns.ravel(), weights=products.ravel(), minlength=self.width))


@dataclass(frozen=True, slots=True)
class _Effects:
    """Columns of the regression: weekday, level of the week, position in the month, season."""

    first_day: int
    weeks: int
    waves: int

    def design(self, days: Days) -> _Rows:
        """Each day's entries; days after the history take the last week's level."""
        week = np.clip((days - self.first_day) // 7, 0, self.weeks - 1)
        position = np.array([month_position(int(day)) for day in days], dtype=np.int64)
        effects = np.stack([weekdays_of(days), 7 + week, 7 + self.weeks + position], axis=1)
        seasons = 7 + self.weeks + MONTH + np.tile(np.arange(2 * self.waves), (len(days), 1))
        angle = 2 * np.pi * np.outer(days / 365.2425, np.arange(1.0, self.waves + 1))
        values = np.hstack([np.ones((len(days), 3)), np.cos(angle), np.sin(angle)])
        return _Rows(np.hstack([effects, seasons]), values, 7 + self.weeks + MONTH + 2 * self.waves)

    def penalty(self) -> Floats:
        """Precision of the prior, shape (columns, columns)."""
        steps = np.diff(np.eye(self.weeks), axis=0) / LEVEL_STEP_SD
        round_the_month = (np.roll(np.eye(MONTH), 1, axis=1) - np.eye(MONTH)) / MONTH_STEP_SD
        blocks = [
            np.eye(7) / WEEKDAY_SD**2,
            steps.T @ steps + 1e-6 * np.eye(self.weeks),
            np.eye(MONTH) / MONTH_SD**2 + round_the_month.T @ round_the_month,
            *[np.diag(np.arange(1.0, self.waves + 1) ** 2 / SEASON_SD**2)] * 2,
        ]
        return _block_diagonal(blocks)


def month_position(day: int) -> int:
    """Place on a ring of 31: the 1st is 0, the last day 30, counted from whichever is nearer.

    Examples
    --------
    >>> from datetime import date
    >>> from centre.instants import day_number
    >>> [month_position(day_number(date(2023, 2, d))) for d in (1, 16, 17, 28)]
    [0, 15, 19, 30]
    """
    date = day_of(day)
    if date.day <= 16:
        return date.day - 1
    return MONTH - 1 - (calendar.monthrange(date.year, date.month)[1] - date.day)


def _block_diagonal(blocks: list[Floats]) -> Floats:
    size = sum(len(block) for block in blocks)
    whole, at = np.zeros((size, size)), 0
    for block in blocks:
        whole[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return whole


def _regress(totals: Floats, start: Floats, design: _Rows, penalty: Floats, weights: Floats) -> Floats:
    """Coefficients on the log scale of totals whose spread grows with their mean; ``start`` guesses them."""
    log_mean = np.log(start)
    for _ in range(ROUNDS):
        off = totals / np.exp(log_mean) - 1
        noise = max(1.4826 * float(np.median(np.abs(off))), SMALLEST_NOISE)
        w = weights * np.minimum(1.0, HUBER * noise / np.maximum(np.abs(off), 1e-12)) / noise**2
        working = design.moments(w * (log_mean + off))
        coefficients: Floats = np.linalg.solve(design.normal(w) + penalty, working).astype(np.float64)
        log_mean = design.times(coefficients)
    return coefficients


class DayProfile:
    """Structural model of log day totals, times a pooled and decayed profile of the weekday."""

    name = "day_profile"

    def __init__(self) -> None:
        self._effects = _Effects(0, 1, 0)
        self._coefficients: Floats = np.zeros(0)
        self._scale = 1.0  # makes fitted days add up to what came: robust weights alone fall short
        self._profiles: Floats = np.zeros((7, 0))

    def fit(self, history: QueueHistory) -> Self:
        """Regress the totals of ordinary days and average their profiles."""
        rows = np.flatnonzero(ordinary_days(history))
        rows = rows[history.days[rows] >= history.end_day - LONGEST_DAYS] if len(rows) else rows
        days, totals = history.days[rows], day_totals(history)[rows]
        self._profiles = _profiles(history.offered[rows], days, totals, history.end_day)
        busy = totals_by_weekday(days, totals)[weekdays_of(days)] > 0
        self._coefficients = np.zeros(0)
        if busy.any():
            self._fit_totals(days[busy], totals[busy], history.end_day)
        return self

    def _fit_totals(self, days: Days, totals: Floats, end_day: int) -> None:
        span = end_day - int(days[0])
        waves = SEASON_WAVES if span >= SEASON_FROM_DAYS else 0
        self._effects = _Effects(int(end_day - 7 * -(-span // 7)), -(-span // 7), waves)
        weights = 0.5 ** ((end_day - days) / HALF_LIFE_DAYS)
        start = totals_by_weekday(days, totals)[weekdays_of(days)]
        design = self._effects.design(days)
        self._coefficients = _regress(totals, start, design, self._effects.penalty(), weights)
        self._scale = float(
            (weights * totals).sum() / (weights * np.exp(design.times(self._coefficients))).sum()
        )

    def predict(self, days: Days) -> Floats:
        """Day totals spread over the slots, shape (len(days), slots)."""
        if not len(self._coefficients):
            return np.zeros((len(days), self._profiles.shape[1]))
        totals = self._scale * np.exp(self._effects.design(days).times(self._coefficients))
        return np.asarray(totals[:, None] * self._profiles[weekdays_of(days)])


def totals_by_weekday(days: Days, totals: Floats) -> Floats:
    """Median total of each weekday, or the mean where that is 0, shape (7,); 0 where nothing comes."""
    of_weekday = [totals[weekdays_of(days) == k] for k in range(7)]
    return np.array([(np.median(some) or np.mean(some)) if len(some) else 0.0 for some in of_weekday])


def _profiles(offered: Floats, days: Days, totals: Floats, end_day: int) -> Floats:
    """Share of the day's contacts in each slot, shape (7, slots): the weekday's own pooled with like ones'.

    Each row sums to 1, or is 0 throughout for a weekday on which nothing comes.
    """
    weight = 0.5 ** ((end_day - days) / PROFILE_HALF_LIFE_DAYS)
    weekdays = weekdays_of(days)
    sums, volume = np.zeros((7, offered.shape[1])), np.zeros((7, offered.shape[1]))
    for k in range(7):
        rows = weekdays == k
        known = ~np.isnan(offered[rows])
        sums[k] = (weight[rows, None] * np.where(known, offered[rows], 0)).sum(axis=0)
        volume[k] = ((weight * totals)[rows, None] * known).sum(axis=0)
    own = sums / np.where(volume > 0, volume, 1.0)
    alike = 1 - np.abs(own[:, None] - own[None]).sum(axis=2) / 2 >= LIKE_SHARE
    alike[~np.isin(np.arange(7), weekdays)] = True  # a weekday that was never seen resembles all others
    pooled = alike @ sums / np.maximum(alike @ volume, 1e-300)
    usual = totals_by_weekday(days, totals)
    prior = POOLED_DAYS * np.where(usual > 0, usual, 1.0)[:, None]
    profiles = (sums + prior * pooled) / (volume + prior)
    whole = profiles.sum(axis=1, keepdims=True)
    return np.asarray(profiles / np.where(whole > 0, whole, 1.0))
