"""Handle times as other tools write them: seconds, milliseconds, minutes, h:mm:ss; and lengths of intervals."""

import math
import re
from collections.abc import Callable, Collection
from statistics import median

from centre.foreign.words import UNITS
from centre.volumes import MARKS, plainly

_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,3}):(\d{2})(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MOST_SECONDS, _LEAST_SECONDS = 20_000, 15
_INTERVAL = re.compile(r"(\d+)\s*(minutes?|mins?|m|分钟?|hours?|hrs?|h|小时)?", re.IGNORECASE)
_HOURS = ("h", "小时")


def unit_of(texts: Collection[str], each: bool) -> tuple[str, float]:
    """The unit that the texts of a column speak for, and how sure that is.

    Parameters
    ----------
    each : whether they are of one contact; only then their size says something

    Examples
    --------
    >>> unit_of(["00:04:05"], True), unit_of(["245000", "301000"], True), unit_of(["245"], True)
    (('clock', 1.0), ('milliseconds', 0.7), ('seconds', 0.8))
    """
    known = [plainly(text) for text in texts if plainly(text).lower() not in MARKS]
    if known and all(_CLOCK.fullmatch(text) for text in known):
        return "clock", 1.0 if all(text.count(":") == 2 for text in known) else 0.6
    commas = commas_of(known)
    values = [value for text in known if (value := _number(text, commas))]
    if each and values and median(values) > _MOST_SECONDS:
        return "milliseconds", 0.7
    if each and values and median(values) < _LEAST_SECONDS:
        return "minutes", 0.5
    return "seconds", 0.8 if each else 0.7


def seconds_reader(unit: str, commas: str = "") -> Callable[[str], float]:
    """Reader of one cell as seconds; NaN where nothing is recorded. Raises ValueError with what was expected.

    Parameters
    ----------
    commas : see `commas_of`

    Examples
    --------
    >>> seconds_reader("clock")("1:04:05"), seconds_reader("minutes", "decimal")("4,5")
    (3845.0, 270.0)
    """
    words = "a length of time such as 0:04:05" if unit == "clock" else f"a number of {unit}, 0 or more"

    def read(cell: str) -> float:
        text = plainly(cell)
        if text.lower() in MARKS:
            return math.nan
        if unit == "clock":
            found = _CLOCK.fullmatch(text)
            if not found or int(found[3]) > 59 or (found[1] and int(found[2]) > 59):
                raise ValueError(words)
            return int(found[1] or 0) * 3600.0 + int(found[2]) * 60 + int(found[3])
        value = _number(text, commas)
        if value is None:
            raise ValueError(words + (", without thousands separators" if "," in text else ""))
        return value * UNITS[unit]

    return read


def interval_minutes_in(text: str) -> int:
    """Minutes of an interval's length such as ``15mins``, ``1 hour``, ``30``; raises ValueError."""
    found = _INTERVAL.fullmatch(plainly(text).strip())
    minutes = 0 if not found else int(found[1]) * (60 if (found[2] or "").lower().startswith(_HOURS) else 1)
    if not 0 < minutes <= 60 or 60 % minutes:
        raise ValueError(
            "an interval of 60 minutes or a part of an hour; longer ones do not say when contacts came"
        )
    return minutes


def commas_of(texts: Collection[str]) -> str:
    """What a comma in the numbers of a column is: ``decimal``, ``thousands``, or empty where either is possible.

    Examples
    --------
    >>> commas_of(["245,5", "1,234"]), commas_of(["1,234.5", "99"]), commas_of(["1,234"])
    ('decimal', 'thousands', '')
    """
    plain = [plainly(text) for text in texts]
    if any(re.fullmatch(r"\d+,\d+", text) and not _GROUPED.fullmatch(text) for text in plain):
        return "decimal"
    return (
        "thousands"
        if any(_GROUPED.fullmatch(text) and ("." in text or text.count(",") > 1) for text in plain)
        else ""
    )


def _number(text: str, commas: str = "") -> float | None:
    plain = re.sub(r"(?<=\d)[ '\u2019](?=\d{3})", "", text)
    if commas == "thousands" and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if commas == "decimal":
        plain = plain.replace(",", ".")
    try:
        value = float(plain) if "_" not in plain else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
