"""Preset ``uk-wtr``: Working Time Regulations 1998 (Great Britain).

Weeks are calendar weeks from the centre's week start. That the weekly rest should not overlap the daily rest
(reg. 11(7), with exceptions) is not judged: for 24 + 11 hours set ``weekly-rest.minimum_minutes = 2100``. Work
at night with special hazards or heavy strain has 8 hours without an average (reg. 6(7)): set ``night-work``.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.night_average import NightAverage
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import MINORS, only
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "uk-wtr"
TITLE = "Working Time Regulations 1998 (SI 1998/1833)"
JURISDICTION = "Great Britain"
READ_ON = "2026-11-22"
REGULATIONS = "Working Time Regulations 1998"
ARTICLES: Articles = {
    REGULATIONS: {
        "reg. 4": "read", "reg. 5": "second-hand", "reg. 5A": "second-hand", "reg. 6": "read", "reg. 6A": "second-hand", "reg. 10": "read",
        "reg. 10(2)": "second-hand", "reg. 11": "read", "reg. 11(3)": "second-hand", "reg. 12": "second-hand",
        "reg. 12(4)": "second-hand",
    },
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "The first words of reg. 4(1), 4(3), 6(1), 10(1), 11(1) and 12(1) were read as collections and commentaries quote "
    "them; reg. 11(2) and 11(3) in the like-worded Northern Irish regulations of 2016, reg. 13.",
    "20 minutes (reg. 12), the night from 23:00 to 6:00 (reg. 2) and the figures for young workers rest on summaries; "
    "reg. 6A is cited for the night of young workers, 22:00 to 6:00.",
    "That a week has six days of eight hours at night, the weekly rest left out, is the reading of reg. 6(5).",
)
NOT_IN_HERE: tuple[str, ...] = (
    "That an opt-out (reg. 5) is in writing and was not withdrawn: agents.csv says who has average-weekly-hours.",
    "48 hours, or twice 24, of rest in 14 days, which an employer may choose instead of 24 in seven (reg. 11(2)): set "
    "weekly-rest.enabled = false and days-off-in-period to 2 days in 14.",
    "Night workers are those with a night shift in the 17 weeks; who is one by how often is not asked.",
    "Young workers by contract from 23:00 to 7:00, and the trades in which they may work nights (reg. 27A).",
    "Annual leave, health assessments, special cases (reg. 18 to 27A) and compensatory rest (reg. 24).",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        AverageWeeklyHours(
            2880, 17, f"{REGULATIONS} reg. 4 with reg. 5: 48 hours on average over 17 weeks, unless opted out",
            "worked_minutes", True, NAME,
        ),
        RestBetweenShifts(660, f"{REGULATIONS} reg. 10: 11 hours, read between shifts", NAME),
        WeeklyRest(1440, f"{REGULATIONS} reg. 11: 24 hours in each calendar week", NAME),
        BreaksInShift(f"{REGULATIONS} reg. 12: 20 minutes over 6 hours", 360, 20, 20, NAME),
        NightAverage(f"{REGULATIONS} reg. 6: night workers 8 hours a day on average over 17 weeks", 17, preset=NAME),
        *only(
            MINORS,
            DailyHours(480, f"{REGULATIONS} reg. 5A: 8 hours a day", measure="worked_minutes", preset=NAME),
            WeeklyHours(2400, f"{REGULATIONS} reg. 5A: 40 hours a week", "worked_minutes", False, NAME),
            NoNightWork(f"{REGULATIONS} reg. 6A: no work from 22:00 to 6:00", preset=NAME),
            RestBetweenShifts(720, f"{REGULATIONS} reg. 10(2): 12 hours, read between shifts", NAME),
            WeeklyRest(2880, f"{REGULATIONS} reg. 11(3): 48 hours in each calendar week", NAME),
            BreaksInShift(f"{REGULATIONS} reg. 12(4): 30 minutes over 4.5 hours", 270, 30, 30, NAME),
        ),
    )  # fmt: skip
