"""Preset ``cn-labour``: Labour Law of the PRC and the working-hours regulations of 1995, standard hours.

Of the overtime of art. 41 the usual hour a day is allowed, where the contract agrees overtime at all; for
"special reasons" up to three: set ``daily-hours.overtime_minutes = 180``. Rotas around the clock run on
comprehensive working hours (art. 39, by approval): then the preset ``cn-comprehensive`` stands in place of
this one. A rest of 11 hours between shifts is not statutory: put it in force as a company rule.
"""

from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.minimum_age import MinimumAge
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import PROTECTED, only
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "cn-labour"
TITLE = "中华人民共和国劳动法 (Labour Law of the PRC) and 国务院关于职工工作时间的规定 (1995), standard hours"
JURISDICTION = "China (mainland)"
READ_ON = "2026-11-22"
LAW = "Labour Law of the PRC"
REGULATIONS = "State Council regulations on working hours 1995"
FEMALE = "Special Rules on the Labour Protection of Female Employees 2012"
ARTICLES: Articles = {
    LAW: {
        "art. 36": "read", "art. 38": "read", "art. 39": "read", "art. 41": "read", "art. 42": "read",
        "art. 15": "read", "art. 44": "read", "art. 58": "read", "art. 61": "read", "art. 63": "read",
        "art. 64": "read",
    },
    FEMALE: {"art. 6": "read", "art. 9": "read"},
    REGULATIONS: {"art. 3": "read", "art. 6": "read", "art. 7": "read"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Labour Law art. 15, 36 to 45 and 58 to 65 and the regulations of 1995 art. 3, 6 and 7 were read in Chinese, as a "
    "private collection of the text of 2018 and a commented extract give them.",
    "40 hours a week rest on the regulations of 1995 art. 3; the Labour Law itself says 44 on average (art. 36).",
    "The rules of 2012 on female employees, art. 6 and 9, were read as law firms and collections quote them.",
    "The night of art. 61 and 63 has no hours in the law: 22:00 to 6:00 rest on a summary of the ministry's explanation.",
    "That a day off is 24 hours without interruption is recalled from the ministry's explanation of 1994.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "That overtime is agreed with the union and the worker (art. 41): the contract's overtime counts as agreed.",
    "The emergencies of art. 42, which lift the limits of art. 41.",
    "Shorter hours for special work (regulations art. 4), which were not read, and provincial rules.",
    "Young workers from 16 to 18: the law bars kinds of work and asks for health checks (art. 64, 65), it sets them no "
    "hours; that they have neither overtime nor nights is common advice, to be put in force as a company rule.",
    "An hour a day to nurse, part of paid time (rules of 2012 art. 9), rest in the seventh month's shifts (art. 6) and "
    "lighter work; a protected period is to be told from the seventh month on.",
    "Breaks within a shift: no national length is known to us.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(
            480, f"{REGULATIONS} art. 3: 8 hours a day; {LAW} art. 41: overtime 1 hour a day", 60, preset=NAME
        ),
        WeeklyHours(
            2400, f"{REGULATIONS} art. 3: 40 hours a week, overtime as the contract agrees", preset=NAME
        ),
        MonthlyOvertime(2160, f"{LAW} art. 41: overtime at most 36 hours a month", preset=NAME),
        WeeklyDayOff(f"{LAW} art. 38: at least one day off a week", preset=NAME),
        MinimumAge(16, f"{LAW} art. 15: nobody under 16 is employed", NAME),
        *only(PROTECTED, *of_the_protected(NAME)),
    )


def of_the_protected(preset: str) -> tuple[Rule, ...]:
    """No overtime and no nights from the seventh month of pregnancy on and while nursing a child under one year."""
    return (
        DailyHours(480, f"{LAW} art. 61, art. 63: no longer hours than 8 a day", preset=preset),
        WeeklyHours(
            2400, f"{LAW} art. 61, art. 63: no overtime on 40 hours a week", "paid_minutes", False, preset
        ),
        NoNightWork(
            f"{LAW} art. 61, art. 63: no night shift, read as no work from 22:00 to 6:00", preset=preset
        ),
    )
