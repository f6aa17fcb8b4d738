"""Bars of a comparison, as inline SVG: differences with their intervals, and how far each axis of a sweep moves a figure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from scenarios.comparison_axes import padded, round_ticks, shortened, tick_text
from scenarios.figure_format import signed, told
from scenarios.figure_words import FigureWords
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report_words import Format


@dataclass(frozen=True, slots=True)
class Whisker:
    """A difference and the ends of its interval, which are missing where it is not known how sure it is."""

    name: str
    value: float
    low: float
    high: float
    kind: str


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
