"""Preset ``eu-wtd``: Directive 2003/88/EC on working time, its minima as they stand.

National law may be stricter and is not in here; night work (art. 8), annual leave (art. 7) and opt-outs (art.
22) are not judged. The length of the break of art. 4 is national law: 15 minutes are an assumption. No legal
advice.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "eu-wtd"
DIRECTIVE = "Directive 2003/88/EC"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        RestBetweenShifts(660, f"{DIRECTIVE} art. 3: 11 hours, read between shifts", NAME),
        BreaksInShift(f"{DIRECTIVE} art. 4: a break over 6 hours, its 15 minutes an assumption", preset=NAME),
        WeeklyRest(2100, f"{DIRECTIVE} art. 5 with art. 3: 24 + 11 hours in each calendar week", NAME),
        AverageWeeklyHours(
            2880, 17, f"{DIRECTIVE} art. 6(b), 16(b): 48 hours on average over 17 weeks", preset=NAME
        ),
    )
