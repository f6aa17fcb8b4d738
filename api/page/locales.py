"""Dates and numbers as readers of a language write them; filters of the templates."""

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
"""Locale by language of the page: English with the day before the month's name, which nobody misreads."""


def day_told(day: date | str, language: str) -> str:
    """A day in words, with its weekday and, of a local time such as of leave, its time.

    Examples
    --------
    >>> day_told(date(2026, 3, 2), "zh"), day_told("2026-03-02 09:30", "en")
    ('2026年3月2日周一', 'Mon, 2 Mar 2026 09:30')
    """
    text = str(day)
    told = format_skeleton("yMMMEd", date.fromisoformat(text[:10]), locale=LOCALES[language])
    return f"{told} {text[11:16]}".strip()


def number_told(value: float, language: str, digits: int = 0, sign: bool = False) -> str:
    """A number with so many digits after the point, and with ``sign`` a sign before it.

    Examples
    --------
    >>> number_told(12345.678, "en", 1), number_told(3, "zh", sign=True), number_told(-0.5, "zh", 2, sign=True)
    ('12,345.7', '+3', '-0.50')
    """
    form = "#,##0" + ("." + digits * "0" if digits else "")
    return format_decimal(value, f"+{form};-{form}" if sign else form, locale=LOCALES[language])


@pass_context
def _day(context: Context, day: date | str) -> str:
    return day_told(day, context["language"])


@pass_context
def _when(context: Context, day: date | str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day, day_told(day, context["language"]))


@pass_context
def _number(context: Context, value: float, digits: int = 0, sign: bool = False) -> str:
    return number_told(value, context["language"], digits, sign)


FILTERS: dict[str, Callable[..., Any]] = {"day": _day, "when": _when, "number": _number}
"""``day`` in words, ``when`` in words that a script can read too, ``number``."""
