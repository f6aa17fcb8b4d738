"""The legend of a wide rota: what each shift code means."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from centre import cells
from centre.errors import Faults
from centre.tables import Table, read_table


@dataclass(frozen=True, slots=True)
class LegendCode:
    """A code of the legend: minutes after midnight, None for a day off; ``break_minutes`` None if not told."""

    start: int | None
    end: int | None
    break_minutes: int | None
    paid: bool


def read_legend(path: Path, faults: Faults) -> dict[str, LegendCode]:
    """The codes of a legend file; every fault is noted."""
    table = read_table(path, ("code", "start", "end"), ("break_minutes", "paid"), faults)
    if table is None:
        return {}
    codes = [plain(code) for code in table.texts("code")]
    starts, ends = (table.values(name, _clock, object, None) for name in ("start", "end"))
    pauses = table.values("break_minutes", cells.integer(0, 1440), object, None)
    paid = table.values("paid", cells.flag, bool, True)
    legend: dict[str, LegendCode] = {}
    for k, code in enumerate(codes):
        if table.bad[k]:
            continue
        start, end = starts[k], ends[k]
        _check_code(table, k, start, end, pauses[k])
        if code in legend:
            table.blame([k], "code", "each code once", lambda k: codes[k])
        if start is not None and end is not None and end < start:
            end += 1440
        legend[code] = LegendCode(start, end, pauses[k], bool(paid[k]))
    return legend


@lru_cache(maxsize=4096)
def plain(code: str) -> str:
    """A code without blanks around it, full-width letters as the usual ones."""
    return unicodedata.normalize("NFKC", code).strip()


def _clock(text: str) -> int:
    hours, _, rest = text.partition(":")
    minutes, _, seconds = rest.partition(":")
    good = hours.isdigit() and len(minutes) == 2 and minutes.isdigit() and seconds in ("", "00")
    if not good or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 2880:
        raise ValueError("a time such as 08:30")
    return int(hours) * 60 + int(minutes)


def _check_code(table: Table, k: int, start: int | None, end: int | None, pause: int | None) -> None:
    if (start is None) != (end is None):
        table.blame([k], "end" if end is None else "start", "both a start and an end, or neither")
    elif start is not None and end is not None:
        length = end - start + (1440 if end < start else 0)
        if length == 0:
            table.blame([k], "end", "an end apart from the start; 24 hours from 08:00 end at 32:00")
        elif pause is not None and pause >= length:
            table.blame([k], "break_minutes", f"fewer minutes than the shift has ({length})", lambda _: pause)
