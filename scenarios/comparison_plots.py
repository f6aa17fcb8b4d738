"""Charts of scenarios beside a baseline, as inline SVG: by interval, by day, cost against service."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from centre.instants import day_of
from scenarios.comparison_axes import digits, padded, round_ticks
from scenarios.comparison_days import Floats
from scenarios.figure_words import FigureWords
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report_words import WEEKDAYS, Format

MOST_DAYS = 7
"""Of more days, their mean by time of day is drawn."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A scenario in a chart: its number, name and place, and what is told on hovering."""

    label: str
    title: str
    x: float
    y: float
    css: str = "beaten"


@dataclass(frozen=True, eq=False)
class Clocks:
    """Days and intervals of a day that charts show, and where: ``days`` are empty where a mean over days is shown."""

    days: NDArray[np.int64]
    rows: NDArray[np.intp]
    first: int
    last: int
    minutes: int

    @classmethod
    def of(cls, days: NDArray[np.int64], values: Floats, minutes: int) -> "Clocks":
        """Those on which ``values``, shape (days, intervals), tell something."""
        rows = np.flatnonzero(~np.isnan(values).all(axis=1))
        slots = np.flatnonzero(~np.isnan(values).all(axis=0))
        first, last = (int(slots[0]), int(slots[-1])) if len(slots) else (0, values.shape[1] - 1)
        return cls(days[rows] if len(rows) <= MOST_DAYS else days[:0], rows, first, last, minutes)

    def line(self, values: Floats) -> Floats:
        """The values shown, one after another; shape (days x intervals,)."""
        part = values[self.rows, self.first : self.last + 1]
        if len(self.days) or not len(part):
            return np.asarray(part.ravel(), dtype=np.float64)
        known = ~np.isnan(part)
        count, total = known.sum(axis=0), np.where(known, part, 0.0).sum(axis=0)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float64)

    def below(self, chart: Chart, language: str) -> None:
        """Weekdays under a chart, or hours where it shows a mean day."""
        width = self.last + 1 - self.first
        for k, day in enumerate(self.days.tolist()):
            chart.below((k + 0.5) * width, WEEKDAYS[day_of(day).weekday()][language == "zh"])
            if k:
                chart.rule_down(k * width)
        for hour in range(0, 25, 3) if not len(self.days) else ():
            at = hour * 60 / self.minutes - self.first
            if 0 < at < width:
                chart.below(at, str(hour))


def _small(steps: int, high: float, low: float = 0.0) -> Chart:
    """A chart that stands beside others of its kind."""
    return Chart(max(steps, 1), high, low, width=420, height=190, left=44, right=8, top=10, bottom=26)


def interval_chart(own: Floats, base: Floats, clocks: Clocks, top: float, form: Format, label: str) -> Markup:
    """One measure of a scenario over the baseline's; ``own`` and ``base`` as `Clocks.line` gives them."""
    ticks = ticks_to(top, 3)
    chart = _small(len(own), ticks[-1])
    chart.axis(ticks, [form.number(tick, 0 if ticks[-1] >= 4 else 1) for tick in ticks])
    clocks.below(chart, form.language)
    chart.band(np.zeros_like(base), base, "base-area")
    chart.line(base, "base")
    chart.line(own, "own")
    return chart.svg(label)


def day_chart(own: Floats, base: Floats, days: Sequence[int], low: float, form: Format, label: str) -> Markup:
    """Service of each day over the baseline's, shares; ``low`` is the bottom of the axis."""
    chart = _small(len(days), 1.0, low)
    ticks = [low + (1 - low) * k / 4 for k in range(5)]
    chart.axis(ticks, [form.percent(tick, 0) for tick in ticks])
    every = -(-len(days) // 7)
    for k, day in enumerate(days):
        if k % every == 0:
            told_ = (
                WEEKDAYS[day_of(day).weekday()][form.language == "zh"]
                if len(days) <= MOST_DAYS
                else f"{day_of(day):%m-%d}"
            )
            chart.below(k + 0.5, told_)
    for values, css in ((base, "base"), (own, "own")):
        chart.line(values, css)
        for k, value in enumerate(values.tolist()):
            if math.isfinite(value):
                chart.dot(k, value, f"at-{css}", f"{form.day(days[k])}: {form.percent(value, 2)}", 3.5)
    return chart.svg(label)


def scatter(
    dots: Sequence[Dot],
    joined: Sequence[int],
    axes: tuple[FigureWords, FigureWords],
    form: Format,
    label: str,
) -> Markup:
    """Cost to the right, service up; ``joined`` are the places of dots that a line joins, in order."""
    xs, ys = np.array([d.x for d in dots]), np.array([d.y for d in dots])
    (left, right), (bottom, top) = padded(xs), padded(ys)
    chart = Chart(
        right - left,
        min(top, 1.0) if axes[1].unit == "share" else top,
        bottom,
        width=860,
        height=420,
        left=72,
        top=34,
        bottom=54,
    )
    ticks = round_ticks(bottom, chart.high)
    chart.axis(
        ticks,
        [form.percent(t, digits(100 * (ticks[-1] - ticks[-2])) if len(ticks) > 1 else 1) for t in ticks],
    )
    for tick in round_ticks(left, right):
        chart.rule_down(tick - left)
        chart.below(tick - left, form.number(tick))
    unit = f" ({form.currency})" if form.currency else ""
    chart.below((right - left) / 2, axes[0].name(form.language) + unit, row=1)
    chart.add('<text class="tick" x="{x}" y="{y}">{t}</text>', x=4.0, y=10.0, t=axes[1].name(form.language))
    points = " ".join(f"{chart.x(dots[k].x - left):.1f},{chart.y(dots[k].y):.1f}" for k in joined)
    chart.add('<polyline class="joined" points="{p}"/>', p=points)
    for dot in dots:
        chart.dot(
            dot.x - left - 0.5,
            dot.y,
            dot.css,
            dot.title,
            8.0 if dot.css == "baseline" else 6.0 if dot.label else 4.0,
        )
    named = [dot for dot in dots if dot.label]
    for (dx, dy), dot in zip(
        _apart([(chart.x(d.x - left), chart.y(d.y)) for d in named]), named, strict=True
    ):
        chart.add('<text class="value" x="{x}" y="{y}">{t}</text>', x=dx, y=dy, t=dot.label)
    return chart.svg(label)


def _apart(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where labels stand beside their dots so that none is on another."""
    found: list[tuple[float, float]] = []
    for x, y in places:
        at = (x + 9, y + 4)
        while any(abs(at[0] - a) < 18 and abs(at[1] - b) < 13 for a, b in found):
            at = (at[0], at[1] - 13)
        found.append(at)
    return found
