"""Hours of opening as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours that hold on some weekdays; ``closes`` of 1440 is midnight, beyond it the next day."""

    days: tuple[int, ...]
    opens: int
    closes: int


ALWAYS = (Opening(days=(0, 1, 2, 3, 4, 5, 6), opens=0, closes=1440),)
