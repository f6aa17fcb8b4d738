"""The words of ``centre.toml``: clock times and weekdays as values, and what to say of a wrong setting."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic_core import ErrorDetails

from centre import activities, cells, hours, model, objective, onboarding, online, patterns, peaks

Converters = dict[str, Any]
"""Setting -> function that turns what the file says into what the model holds, or such a dict for a list of
tables.
"""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHARE_WORDS = "a share between 0 and 1, such as 0.8"
LOSS_WORDS = SHARE_WORDS + ", or a list of shares by weekday and time"
KINDS = [
    kind
    for kind in vars(model).values()
    if isinstance(kind, type)
    and is_dataclass(kind)
    and kind.__module__
    in (each.__name__ for each in (activities, hours, model, objective, onboarding, online, patterns, peaks))
]
"""The dataclasses of settings."""
_SETTING_NAMES = {item.name for kind in KINDS for item in fields(kind)}


def words_of(path: str, detail: ErrorDetails) -> str:
    """What was expected at a dotted path, for one finding of pydantic."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "unexpected_keyword_argument":
        key = str(detail["loc"][-1])
        return "a setting that is known" + cells.suggestion(key, _SETTING_NAMES)
    if _is_share(path) and kind not in ("missing", "greater_than"):
        return "a share of at least 0 and less than 1, such as 0.2" if kind == "less_than" else SHARE_WORDS
    words = {
        "missing": "this setting, which has no default",
        "float_type": "a number",
        "int_type": "a whole number",
        "string_type": "text in quotes",
        "bool_type": "true or false",
        "tuple_type": "a list in square brackets",
        "dict_type": "a table",
        "dataclass_type": "a table",
        "greater_than": f"more than {context.get('gt')}",
        "greater_than_equal": f"{context.get('ge')} or more",
        "less_than": f"less than {context.get('lt')}",
        "less_than_equal": f"{context.get('le')} or less",
        "literal_error": f"one of {context.get('expected')}",
        "too_short": "at least one",
        "string_too_short": "text that is not empty",
    }
    return words.get(kind, detail["msg"])


def _is_share(path: str) -> bool:
    name = path.rpartition(".")[2]
    return (
        name.endswith(("_share", "first_contact_resolution"))
        or name in ("max_occupancy", "max_abandonment", "concurrency_slowdown")
        or (name == "share" and path.startswith(("shrinkage.", "mix.")))
    )


def zone_name(value: Any) -> str:
    """The name of a time zone, where it is one."""
    return cells.zone_name(value if isinstance(value, str) else "")


def _weekday(value: Any) -> int:
    if value not in WEEKDAYS:
        raise ValueError("a weekday: " + ", ".join(WEEKDAYS))
    return WEEKDAYS.index(value)


def _weekdays(value: Any) -> list[int]:
    if not isinstance(value, list) or not value or any(day not in WEEKDAYS for day in value):
        raise ValueError("a list of weekdays: " + ", ".join(WEEKDAYS))
    return sorted({WEEKDAYS.index(day) for day in value})


def _clock(latest: int) -> Callable[[Any], int]:
    """Converter of a clock time such as ``"07:30"`` to minutes after midnight; hours past 24 reach into the
    next day.
    """
    words = f'a clock time in quotes from "00:00" to "{latest // 60:02d}:{latest % 60:02d}"'

    def convert(value: Any) -> int:
        match = re.fullmatch(r"(\d\d?):([0-5]\d)", value) if isinstance(value, str) else None
        minutes = int(match[1]) * 60 + int(match[2]) if match else latest + 1
        if minutes > latest:
            raise ValueError(words)
        return minutes

    return convert


def _closed_holidays(value: Any) -> Any:
    if value in ("all", "none") or (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        return value
    raise ValueError('"all", "none" or a list of the holidays\' names')


CENTRE: Converters = {"timezone": zone_name, "week_start": _weekday}
HOURS: Converters = {"days": _weekdays, "opens": _clock(1439), "closes": _clock(2880)}
QUEUE: Converters = {"opening": HOURS, "closed_holidays": _closed_holidays}
MIX: Converters = {"hours": HOURS}
BACKUP: Converters = {"hours": HOURS}
ACTIVITY: Converters = {
    "at": _clock(1439), "earliest": _clock(1440), "latest": _clock(1440), "days": _weekdays,
}  # fmt: skip
ONBOARDING: Converters = {"induction_starts": _clock(1439)}
PEAK: Converters = {"opens": _clock(1439), "closes": _clock(2880)}
OBJECTIVE: Converters = {
    "night_from": _clock(1439), "night_to": _clock(1439), "late_after": _clock(2879), "weekend_days": _weekdays,
}  # fmt: skip
SHIFT: Converters = {"earliest_start": _clock(1439), "latest_start": _clock(1439), "days": _weekdays}
