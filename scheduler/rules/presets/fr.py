"""Preset ``fr``: Code du travail (France), the limits of public order and those that hold without agreement.

Overtime pay over 35 hours, agreements that allow more (12 hours a day, 46 hours over 12 weeks, 9 hours of
rest) and permits of the inspectorate are not in here.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.night_average import NightAverage
from scheduler.rules.night_work import NightWork
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import MINORS, only
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.unbroken_work import UnbrokenWork
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "fr"
TITLE = "Code du travail (Labour Code)"
JURISDICTION = "France"
READ_ON = "2026-11-22"
CODE = "Code du travail"
ARTICLES: Articles = {
    CODE: {
        "L3121-16": "read", "L3121-18": "read", "L3121-20": "read", "L3121-22": "read", "L3122-2": "second-hand",
        "L3122-5": "read", "L3122-6": "read", "L3122-7": "second-hand", "L3122-20": "read", "L3131-1": "second-hand",
        "L3132-1": "read", "L3132-2": "second-hand", "L3133-4": "read", "L3162-1": "read", "L3162-3": "read",
        "L3163-1": "read", "L3163-2": "second-hand", "L3164-1": "read", "L3164-2": "read",
    },
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "L3121-16, -18 and -22 were read in the official journal of 9 August 2016 as a copy gives it; L3121-20, L3122-5, "
    "L3122-6, L3122-20, L3162-1, L3162-3, L3163-1, L3164-1 and L3164-2 in collections of the code.",
    "L3131-1 and L3132-2 (11 hours; 24 + 11) were read as others quote them, not in the code itself; L3163-2, the ban of "
    "nights for the young, in summaries.",
    "L3122-7 (night workers, 40 hours over 12 weeks) was read in its wording before 2016, then L3122-35.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "Who is a night worker (L3122-5): 8 hours bind every shift with 3 hours between 21:00 and 6:00; 40 hours on "
    "average those with two such shifts a week over 12 weeks, not those with 270 hours a year.",
    "Sunday as the day of rest (L3132-3) with its many exceptions, and 1 May (L3133-4): a matter of pay in what cannot "
    "interrupt its work (L3133-6).",
    "Young workers under 16, and apprentices' exceptions by decree.",
    "Agreements and permits that allow more: L3121-19, L3121-21, L3121-23 to -25, L3122-17, L3131-2.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(600, f"{CODE} L3121-18: 10 hours of work a day", measure="worked_minutes", preset=NAME),
        WeeklyHours(2880, f"{CODE} L3121-20: 48 hours in any one week", "worked_minutes", False, NAME),
        AverageWeeklyHours(
            2640, 12, f"{CODE} L3121-22: 44 hours a week on average over any 12 weeks in a row",
            "worked_minutes", preset=NAME,
        ),
        BreaksInShift(f"{CODE} L3121-16: 20 minutes in a row once the day's work reaches 6 hours", 359, 20, 20, NAME),
        RestBetweenShifts(660, f"{CODE} L3131-1: 11 hours in a row, read between shifts", NAME),
        WeeklyRest(2100, f"{CODE} L3132-2 with L3131-1: 24 + 11 hours in each calendar week", NAME),
        WeeklyDayOff(f"{CODE} L3132-1: no more than six days a week", unbroken_minutes=0, preset=NAME),
        NightWork(
            480, f"{CODE} L3122-6 with L3122-5, L3122-20: 8 hours where 3 lie between 21:00 and 6:00", 180,
            1260, 360, NAME,
        ),
        NightAverage(
            f"{CODE} L3122-7 with L3122-5: 40 hours a week on average over 12 weeks for night workers", 12, 400, 24,
            6, 180, 1260, 360, NAME,
        ),
        *only(
            MINORS,
            DailyHours(480, f"{CODE} L3162-1: 8 hours of work a day", measure="worked_minutes", preset=NAME),
            WeeklyHours(2100, f"{CODE} L3162-1: 35 hours of work a week", "worked_minutes", False, NAME),
            BreaksInShift(f"{CODE} L3162-3: 30 minutes in a row over 4.5 hours", 270, 30, 30, NAME),
            UnbrokenWork(270, f"{CODE} L3162-3: no more than 4.5 hours in a row", 30, preset=NAME),
            NoNightWork(f"{CODE} L3163-1, L3163-2: no work from 22:00 to 6:00", preset=NAME),
            RestBetweenShifts(720, f"{CODE} L3164-1: 12 hours in a row, read between shifts", NAME),
            WeeklyDayOff(f"{CODE} L3164-2: two days of rest in a row a week", 2, 2880, NAME),
        ),
    )  # fmt: skip
