"""Instances written out by tests: two shifts, early and late, and people whose limits bind nothing unless they are told to."""

from collections.abc import Sequence

from scheduler.nrp import NrpInstance
from scheduler.nrp.reading import parse_instance


def person(
    name: str = "Ada", *, days: int = 14, most: str = "", max_minutes: int = 100_000, min_minutes: int = 0,
    max_run: int = 99, min_run: int = 1, min_off: int = 1, max_weekends: int = 99,
) -> str:  # fmt: skip
    """A row of the staff."""
    limits = (max_minutes, min_minutes, max_run, min_run, min_off, max_weekends)
    return ",".join([name, most or f"E={days}|L={days}", *map(str, limits)])


def text_of(
    *people: str, days: int = 14, off: Sequence[str] = (), on: Sequence[str] = (), against: Sequence[str] = (),
    cover: Sequence[str] = ("0,E,0,0,0",), shifts: Sequence[str] = ("E,480,", "L,600,E"),
) -> str:  # fmt: skip
    """The file of an instance: an early shift of 8 hours, and a late one of 10 after which no early one may follow."""
    sections = {
        "HORIZON": [str(days)], "SHIFTS": shifts, "STAFF": people, "DAYS_OFF": off,
        "SHIFT_ON_REQUESTS": on, "SHIFT_OFF_REQUESTS": against, "COVER": cover,
    }  # fmt: skip
    parts = [
        f"SECTION_{name}\n# columns\n" + "".join(f"{row}\n" for row in rows)
        for name, rows in sections.items()
    ]
    return "# a comment\n" + "\n".join(parts)


def instance_of(*people: str, days: int = 14, **sections: Sequence[str]) -> NrpInstance:
    """The instance of such a file."""
    return parse_instance(text_of(*(people or (person(days=days),)), days=days, **sections), "tiny.txt")
