"""One cell of a table: text in, value out, or a ValueError that says what was expected.

Each maker below gives a reader ``(text) -> value``; `centre.tables` applies it once to every distinct text of
a column.
"""

import math
import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from centre.instants import parse_instant

Reader = Callable[[str], object]
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def suggestion(word: str, known: Collection[str]) -> str:
    """A did-you-mean to append to what was expected, or nothing.

    Examples
    --------
    >>> suggestion("cals", ["calls", "chat"])
    " (did you mean 'calls'?)"
    """
    close = get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def text(cell: str) -> str:
    """Any text that is not blank."""
    if not cell:
        raise ValueError("a value")
    return cell


def number(low: float = -math.inf, high: float = math.inf, what: str = "") -> Callable[[str], float]:
    """Reader of a finite decimal number within ``low..high``; ``what`` replaces the usual words of a fault.

    Examples
    --------
    >>> number(low=0)("12.5")
    12.5
    """
    words = what or _range("a number", low, high)

    def read(cell: str) -> float:
        try:
            value = float(cell) if "_" not in cell else math.nan
        except ValueError:
            raise ValueError(words) from None
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError(words)
        return value

    return read


def integer(low: float = -math.inf, high: float = math.inf) -> Callable[[str], int]:
    """Reader of a whole number within ``low..high``; ``3.0``, as spreadsheets write it, is one."""
    words = _range("a whole number", low, high)
    decimal = number(low, high, words)

    def read(cell: str) -> int:
        value = decimal(cell)
        if value != int(value):
            raise ValueError(words)
        return int(value)

    return read


def share(cell: str) -> float:
    """A share between 0 and 1; a percentage is refused rather than guessed at."""
    return number(0, 1, "a share between 0 and 1, such as 0.8")(cell)


def day(cell: str) -> date:
    """A calendar date, ISO 8601; a spreadsheet's midnight is accepted."""
    try:
        moment = datetime.fromisoformat(cell.replace("/", "-"))
    except ValueError:
        raise ValueError("a date such as 2003-10-06") from None
    if moment.tzinfo is not None or moment.time() != datetime.min.time():
        raise ValueError("a date such as 2003-10-06, without a time")
    return moment.date()


def instant(zone: ZoneInfo) -> Callable[[str], int]:
    """Reader of an instant as UTC minutes; naive text is read in ``zone``, seconds are refused."""

    def read(cell: str) -> int:
        minutes = parse_instant(cell, zone)
        moment = datetime.fromisoformat(cell.replace("/", "-"))
        if moment.second or moment.microsecond:
            raise ValueError("an instant on a whole minute")
        return minutes

    return read


def is_zoned(cell: str) -> bool | None:
    """Whether the text of an instant carries its own offset or ``Z``; None where it is no instant."""
    try:
        return datetime.fromisoformat(cell.replace("/", "-")).tzinfo is not None
    except ValueError:
        return None


def choice(*options: str, what: str = "") -> Callable[[str], str]:
    """Reader of one of a few words; ``what`` names the kind of thing in place of listing it."""

    def read(cell: str) -> str:
        if cell not in options:
            raise ValueError((what or "one of " + ", ".join(options)) + suggestion(cell, options))
        return cell

    return read


def flag(cell: str) -> bool:
    """True or false, in the spellings that spreadsheets use."""
    value = _FLAGS.get(cell.lower())
    if value is None:
        raise ValueError("true or false")
    return value


def zone_name(cell: str) -> str:
    """Name of a time zone that the tz database knows."""
    try:
        return ZoneInfo(cell).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone of the tz database, such as Asia/Shanghai") from None


def words(cell: str) -> tuple[str, ...]:
    """Words separated by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def agent_id(agents: Collection[str] | None, or_else: str = "") -> Callable[[str], str]:
    """Reader of somebody whom the agents file tells of, anybody where ``agents`` is None; ``or_else`` ends the words of a fault."""

    def read(cell: str) -> str:
        if agents is not None and text(cell) not in agents:
            raise ValueError("an agent_id of the agents file" + or_else)
        return text(cell)

    return read


def unless_a_name(cell: str) -> str:
    """What a fault may repeat of a cell: not what might be a person's name standing in the wrong column."""
    return "" if looks_like_name(cell) else cell


def hidden(_: str) -> str:
    """What a fault may repeat of a cell that tells of somebody's life: nothing."""
    return ""


def looks_like_name(cell: str) -> bool:
    """Whether text might be a person's name, which errors must not repeat: no digit, and either Chinese or
    capitalised words.
    """
    if re.search(r"[\d_]", cell):
        return False
    return (
        bool(re.search(r"[\u3400-\u9fff]", cell))
        or bool(re.match(r"[^\W\d_]+[ ,][^\W\d_]", cell))
        or cell.istitle()
    )


def _range(kind: str, low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f"{kind} from {low:g} to {high:g}"
    if math.isfinite(low):
        return f"{kind}, {low:g} or more"
    return f"{kind}, {high:g} or less" if math.isfinite(high) else kind
