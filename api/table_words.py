"""Tables of measures as people read them: weekdays by name, days by date."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def in_words(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with its columns ``weekday`` and ``day``, where it has them, in words."""
    from centre.instants import day_of
    from centre.toml_words import WEEKDAYS

    words = {"weekday": lambda number: WEEKDAYS[number], "day": lambda number: day_of(number).isoformat()}
    return table.assign(**{name: table[name].map(word) for name, word in words.items() if name in table})
