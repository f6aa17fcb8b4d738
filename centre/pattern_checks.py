"""What ``[[pattern]]`` must satisfy: days of shifts that exist, and a day to count from."""

from collections.abc import Collection, Mapping

from centre.cells import suggestion
from centre.model import Pattern
from centre.patterns import ANY, OFF
from centre.queue_checks import Blame


def check_patterns(patterns: Mapping[str, Pattern | None], shifts: Collection[str], blame: Blame) -> None:
    """Fault what cannot work; a pattern that is wrong in itself is None under its name."""
    for pattern in filter(None, patterns.values()):
        path = f"pattern.{pattern.name}"
        for place, name in enumerate(pattern.days, start=1):
            if name not in (OFF, ANY) and name not in shifts:
                words = f"a [[shift]] of centre.toml, {OFF} or {ANY}" + suggestion(name, shifts)
                blame(f"{path}.days.{place}", words, name)
        if pattern.starts_on is None and len(pattern.days) != 7:
            words = f"a date on which its cycle of {len(pattern.days)} days begins; only one of 7 days may go without"
            blame(f"{path}.starts_on", words, "none")
