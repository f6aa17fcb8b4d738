"""Preset ``uk-wtr``: Working Time Regulations 1998 (Great Britain), for adult workers.

The first words of reg. 6(1) and the night and night worker of reg. 2 were read in November 2026 as commentaries
quote them, the figures of 48 hours, 17 weeks, 11 hours, 24 hours and 20 minutes in secondary summaries; the
rest, and the numbers of the regulations, are recalled. Not in here:

- the opt-out of reg. 5: the average of reg. 4 is judged for everyone, also for whoever opted out;
- 48 hours, or twice 24, of rest in 14 days, which an employer may choose instead (reg. 11(2)); that the
  weekly rest should not overlap the daily rest of reg. 10 (reg. 11(7), with exceptions): for 24 + 11 hours
  set ``weekly-rest.minimum_minutes = 2100``; weeks are calendar weeks from the centre's week start;
- the average over 17 weeks of reg. 6(1), and who is a night worker by how often: 8 hours are read shift by
  shift, which is stricter: a longer night shift is a finding, not proof of an unlawful average. The night
  is the default of reg. 2, 23:00 to 06:00;
- young workers (reg. 5A, 6A, 10(2), 11(3), 12(4)), annual leave, health assessments, special cases (reg. 18
  to 27A) and compensatory rest (reg. 24). No legal advice.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.night_work import NightWork
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "uk-wtr"
REGULATIONS = "Working Time Regulations 1998"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        AverageWeeklyHours(
            2880, 17, f"{REGULATIONS} reg. 4: 48 hours on average over 17 weeks, no opt-out read",
            "worked_minutes", preset=NAME,
        ),
        RestBetweenShifts(660, f"{REGULATIONS} reg. 10: 11 hours, read between shifts", NAME),
        WeeklyRest(1440, f"{REGULATIONS} reg. 11: 24 hours in each calendar week", NAME),
        BreaksInShift(f"{REGULATIONS} reg. 12: 20 minutes over 6 hours", 360, 20, 20, NAME),
        NightWork(480, f"{REGULATIONS} reg. 6: 8 hours at night, read by shift, without its average", preset=NAME),
    )  # fmt: skip
