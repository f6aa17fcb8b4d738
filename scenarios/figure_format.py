"""How figures and their differences are written for readers."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.figure_words import Unit, figure_words
from scenarios.report_words import Format

DIGITS: dict[Unit, int] = {"hours": 1, "agent_hours": 1, "seconds": 1, "shifts": 1, "share": 2}
"""Digits after the point; other units are told whole."""
UNITS: dict[Unit, tuple[str, str]] = {
    "hours": ("h", "小时"),
    "seconds": ("s", "秒"),
    "shifts": ("shifts", "班次"),
}
POINTS = ("points", "个百分点")
Row = Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference to the baseline as it is written.

    Parameters
    ----------
    kind : ``same``, ``unknown``, ``chance`` where its 95 % interval holds 0, ``better``, ``worse`` or ``moved`` where it is neither
    """

    text: str
    share: str
    sure: str
    kind: str


def told(value: float, unit: Unit, form: Format) -> str:
    """A figure without its unit; shares are in per cent."""
    if value in (math.inf, -math.inf):
        return "∞"
    return (
        form.percent(value, DIGITS["share"]) if unit == "share" else form.number(value, DIGITS.get(unit, 0))
    )


def number_format(unit: Unit) -> str:
    """How a spreadsheet shows a figure.

    Examples
    --------
    >>> number_format("share"), number_format("hours"), number_format("money")
    ('0.00%', '#,##0.0', '#,##0')
    """
    digits = DIGITS.get(unit, 0)
    return ("0" if unit == "share" else "#,##0") + "." * bool(digits) + "0" * digits + "%" * (unit == "share")


def unit_words(unit: Unit, form: Format) -> str:
    """The unit as it stands beside a figure's name; empty where its name says it, or no currency is told."""
    return form.currency if unit == "money" else UNITS.get(unit, ("", ""))[form.language == "zh"]


def difference(row: Row, form: Format) -> Difference:
    """The difference of one row of a comparison."""
    words, change = figure_words(str(row["figure"])), float(row["difference"])
    if change != change:
        return Difference("–", "", "", "unknown")
    if change == 0:
        return Difference("", "", "", "same")
    low, high = float(row["difference_low"]), float(row["difference_high"])
    sure = f"{signed(low, words.unit, form, '')} … {signed(high, words.unit, form)}" if low == low else ""
    share = float(row["difference_share"])
    percent = form.signed(share) if words.unit != "share" and share == share else ""
    kind = "chance" if low <= 0 <= high else words.tone(change) or "moved"
    return Difference(signed(change, words.unit, form), percent, sure, kind)


def signed(change: float, unit: Unit, form: Format, points: str | None = None) -> str:
    """A difference with its sign, shares in percentage points (``points`` in place of that word); about nought where no digit is left."""
    value, digits = (100 * change if unit == "share" else change), DIGITS.get(unit, 0)
    text = form.number(value, digits)
    if change and not float(f"{value:.{digits}f}"):
        text = "≈0"
    elif value > 0:
        text = f"+{text}"
    if unit != "share":
        return text
    return f"{text} {POINTS[form.language == 'zh'] if points is None else points}".rstrip()
