"""Axes of a comparison's charts: where they begin and end, what stands at their ticks, names that fit beside them."""

import math

import numpy as np

from scenarios.comparison_days import Floats
from scenarios.figure_words import Unit
from scenarios.forecast_svg import ticks_to
from scenarios.report_words import Format


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
    text = form.number(value * scale, digits(step * scale)) + ("%" if plain and unit == "share" else "")
    return text if plain or value <= 0 else f"+{text}"


def digits(value: float) -> int:
    """Digits after the point that an axis needs for a round number, at most three.

    Examples
    --------
    >>> [digits(value) for value in (80.0, 82.5, 0.25)]
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
