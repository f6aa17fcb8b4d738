"""Charts of scenarios beside a baseline, as inline SVG: by interval, by day, cost against service, differences with their intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from centre.instants import day_of
from scenarios.comparison_days import Floats
from scenarios.figure_format import signed, told
from scenarios.figure_words import FigureWords, Unit
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


@dataclass(frozen=True, slots=True)
class Whisker:
    """A difference and the ends of its interval, which are missing where it is not known how sure it is."""

    name: str
    value: float
    low: float
    high: float
    kind: str


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


def not_beaten(points: Sequence[tuple[float, float]]) -> list[int]:
    """Places of the points (cost, service) that no other beats in both, the cheapest first.

    Examples
    --------
    >>> not_beaten([(3.0, 0.9), (1.0, 0.8), (2.0, 0.7), (1.0, 0.8)])
    [1, 3, 0]
    """
    kept, best, last = list[int](), -math.inf, math.nan
    for k in sorted(range(len(points)), key=lambda k: (points[k][0], -points[k][1])):
        cost, service = points[k]
        if service > best or (service == best and cost == last):
            kept.append(k)
            best, last = service, cost
    return kept


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
        [form.percent(t, _digits(100 * (ticks[-1] - ticks[-2])) if len(ticks) > 1 else 1) for t in ticks],
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


def differences_chart(rows: Sequence[Whisker], words: FigureWords, form: Format, label: str) -> Markup:
    """A row a scenario: a dot at its difference, a whisker over its interval, a line at nought."""
    ends = [end for row in rows for end in (row.value, row.low, row.high) if math.isfinite(end)]
    low, high = padded(np.array([0.0, *ends]))
    height = 26 * len(rows) + 44
    chart = Chart(
        high - low, float(len(rows)), width=860, height=height, left=250, right=120, top=6, bottom=38
    )
    for tick in round_ticks(low, high, 5):
        chart.rule_down(tick - low)
        chart.below(tick - low, tick_text(tick, words.unit, form, ticks_to(high - low, 5)[1]))
    chart.rule_down(-low, "zero")
    for k, row in enumerate(rows):
        at = len(rows) - k - 0.5
        chart.add(
            '<text class="name" x="{x}" y="{y}" text-anchor="end">{t}</text>',
            x=240.0,
            y=chart.y(at) + 4,
            t=shortened(row.name, 34),
        )
        if not math.isfinite(row.value):
            continue
        if math.isfinite(row.low):
            chart.box(row.low - low, row.high - low, at - 0.08, at + 0.08, f"whisker {row.kind}")
        title = f"{row.name}: {signed(row.value, words.unit, form)}"
        chart.dot(row.value - low - 0.5, at, f"end {row.kind}", title, 5.0)
        chart.add(
            '<text class="value" x="{x}" y="{y}">{t}</text>',
            x=float(chart.width - 112),
            y=chart.y(at) + 4,
            t=signed(row.value, words.unit, form),
        )
    return chart.svg(label)


def tornado(
    rows: Sequence[tuple[str, float, float, float, str, str]], words: FigureWords, form: Format, label: str
) -> Markup:
    """A bar an axis from (axis, middle, low, high, first step, last step), the widest on top."""
    values = np.array([value for row in rows for value in row[1:4] if math.isfinite(value)])
    left, right = padded(values)
    chart = Chart(
        right - left,
        float(len(rows)),
        width=860,
        height=44 * len(rows) + 44,
        left=190,
        right=20,
        top=6,
        bottom=38,
    )
    for tick in round_ticks(left, right, 5):
        chart.rule_down(tick - left)
        chart.below(tick - left, tick_text(tick, words.unit, form, ticks_to(right - left, 5)[1], plain=True))
    for k, (axis, middle, low, high, first, last) in enumerate(rows):
        at = len(rows) - k - 0.5
        chart.add(
            '<text class="name" x="{x}" y="{y}" text-anchor="end">{t}</text>',
            x=180.0,
            y=chart.y(at) + 4,
            t=shortened(axis, 26),
        )
        for value, step, css in ((low, first, "first"), (high, last, "last")):
            if math.isfinite(value) and math.isfinite(middle):
                title = f"{axis} {step}: {told(value, words.unit, form)}"
                chart.box(
                    min(value, middle) - left, max(value, middle) - left, at - 0.3, at + 0.3, css, title
                )
        if math.isfinite(middle):
            chart.add(
                '<line class="zero" x1="{x}" x2="{x}" y1="{a}" y2="{b}"/>',
                x=chart.x(middle - left), a=chart.y(at + 0.42), b=chart.y(at - 0.42),
            )  # fmt: skip
        for value, step in ((low, first), (high, last)):
            if math.isfinite(value):
                anchor = (
                    "end"
                    if value < middle or (value == middle and step == first and low <= high)
                    else "start"
                )
                off = -6.0 if anchor == "end" else 6.0
                chart.add(
                    '<text class="tick" x="{x}" y="{y}" text-anchor="{a}">{t}</text>',
                    x=chart.x(value - left) + off,
                    y=chart.y(at) + 4,
                    a=anchor,
                    t=shortened(step, 22),
                )
    return chart.svg(label)


def padded(values: Floats) -> tuple[float, float]:
    """Least and most with a margin of an eighth on either side; a span of one value is widened."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) / 8 or abs(high) / 20 or 1.0
    return low - margin, high + margin


def round_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers between two values.

    Examples
    --------
    >>> round_ticks(0.91, 0.98), round_ticks(-3, 7)
    ([0.92, 0.94, 0.96, 0.98], [-2.0, 0.0, 2.0, 4.0, 6.0])
    """
    step = ticks_to(high - low, wanted)[1]
    return [
        round(step * k, 10) for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def tick_text(value: float, unit: Unit, form: Format, step: float, plain: bool = False) -> str:
    """A number on an axis with ticks so far apart; ``plain`` without a sign, shares in per cent."""
    scale = 100 if unit == "share" else 1
    text = form.number(value * scale, _digits(step * scale)) + ("%" if plain and unit == "share" else "")
    return text if plain or value <= 0 else f"+{text}"


def _digits(value: float) -> int:
    """Digits after the point that an axis needs for a round number, at most three.

    Examples
    --------
    >>> [_digits(value) for value in (80.0, 82.5, 0.25)]
    [0, 1, 2]
    """
    return next((digits for digits in range(3) if abs(round(value, digits) - value) < 1e-6), 3)


def shortened(text: str, most: int) -> str:
    """A text of at most so many signs, Chinese ones counted twice.

    Examples
    --------
    >>> shortened("abcdef", 4), shortened("情景一二", 6)
    ('abc…', '情景…')
    """
    widths = np.cumsum([1 + (sign > "\u2e7f") for sign in text])
    if not len(widths) or widths[-1] <= most:
        return text
    return text[: int((widths < most).sum())] + "…"
