"""Preset ``eu-wtd``: Directive 2003/88/EC on working time, its minima as they stand.

National law may be stricter and is not in here; night work (art. 8) and annual leave (art. 7) are not judged.
No legal advice.
"""

from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "eu-wtd"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        RestBetweenShifts(660, "Directive 2003/88/EC art. 3, read between shifts", NAME),
        WeeklyRest(
            2100, "Directive 2003/88/EC art. 5 with art. 3: 24 + 11 hours in each calendar week", NAME
        ),
    )
