"""Times of shifts as sheets write them: a time, from one time to another, a stretch with what is done in it."""

import re

_TIME = r"\d{1,2}:\d{2}(?::00)?"
_NEXT = r"次日|翌日|第二天|\+1天?"
SPAN = (
    rf"(?:{_TIME}|\d{{4}}(?=\s*[-–—~]\s*\d{{4}}(?!\d)))\s*(?:[-–—―~〜至到]+)\s*"
    rf"(?:\(?(?:{_NEXT})\)?)?\s*(?:{_TIME}|(?<!:)\d{{4}}(?!\d))(?:\s*\(?(?:{_NEXT})\)?)?"
)
"""A pattern of a span such as ``08:00-16:00``, ``22:00至次日6:00`` or ``0800-1600``, full-width forms made plain before."""
_ENDS = re.compile(rf"({_TIME}|\d{{4}})\s*[-–—―~〜至到]+\s*(.*)")
_STRETCH = re.compile(rf"({_TIME})-({_TIME})\s+(.+?)(?:\s+(paid|unpaid))?")


def clock(text: str) -> int:
    """Minutes after midnight of a time such as ``08:30``, up to 48:00.

    Examples
    --------
    >>> clock("08:30"), clock("32:00:00"), clock("次日6:00")
    (510, 1920, 1800)
    """
    later = 1440 if re.match(_NEXT, text) else 0
    hours, _, rest = re.sub(_NEXT, "", text).strip().partition(":")
    minutes, _, seconds = rest.partition(":")
    good = hours.isdecimal() and len(minutes) == 2 and minutes.isdecimal() and seconds in ("", "00")
    if not good or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 2880:
        raise ValueError("a time such as 08:30")
    return int(hours) * 60 + int(minutes) + later


def time_span(text: str) -> tuple[int, int]:
    """Start and end in minutes after midnight; an end before the start is on the next day.

    Examples
    --------
    >>> time_span("8:00–12:00"), time_span("22:00至次日6:00"), time_span("2200-0600")
    ((480, 720), (1320, 1800), (1320, 1800))
    """
    match = _ENDS.fullmatch(text) if re.fullmatch(SPAN, text) else None
    if match is None:
        raise ValueError("times such as 08:00-16:00")
    start, end = (clock(_colon(re.sub(rf"\(?(?:{_NEXT})\)?", "", part).strip())) for part in match.groups())
    later = re.search(_NEXT, match[2]) is not None
    if start == end and not later:
        raise ValueError("an end apart from the start; 24 hours from 08:00 end at 32:00")
    return start, end + 1440 if end <= start or (later and end < 1440) else end


def span_in(text: str) -> tuple[int, int] | None:
    """`time_span`, None where the text is none, such as the number of a telephone.

    Examples
    --------
    >>> span_in("0800-1600"), span_in("1234-5678"), span_in("早")
    ((480, 960), None, None)
    """
    try:
        return time_span(text)
    except ValueError:
        return None


def stretch(text: str) -> tuple[int, int, str, bool]:
    """A part of a shift: start, end, activity and whether it is paid.

    Examples
    --------
    >>> stretch("12:00-12:30 meal unpaid"), stretch("08:00-12:00 work:calls")
    ((720, 750, 'meal', False), (480, 720, 'work:calls', True))
    """
    match = _STRETCH.fullmatch(text)
    if match is None:
        raise ValueError("stretches such as 08:00-12:00 work:calls; 12:00-12:30 meal unpaid")
    start, end = clock(match[1]), clock(match[2])
    if end <= start:
        raise ValueError("stretches that end after they start; hours after midnight go on as 24:00, 25:00")
    return start, end, match[3], match[4] != "unpaid"


def stretch_text(start: int, end: int, activity: str, paid: bool) -> str:
    """A part of a shift as `stretch` reads it.

    Examples
    --------
    >>> stretch_text(720, 1530, "meal", False)
    '12:00-25:30 meal unpaid'
    """
    return f"{clock_text(start)}-{clock_text(end)} {activity} {'paid' if paid else 'unpaid'}"


def clock_text(minute: int) -> str:
    """Minutes after midnight as `clock` reads them; hours after midnight go on as 24:00, 25:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _colon(text: str) -> str:
    return text if ":" in text else f"{text[:-2]}:{text[-2:]}"
