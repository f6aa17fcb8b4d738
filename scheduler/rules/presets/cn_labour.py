"""Preset ``cn-labour``: Labour Law of the PRC and the working-hours regulations of 1995, standard hours.

Of the overtime of art. 41 the usual hour a day is allowed, where the contract agrees overtime at all; for
"special reasons" up to three: set ``daily-hours.overtime_minutes = 180``. Rotas around the clock run on
comprehensive working hours (art. 39, by approval): then the presets ``cn-comprehensive-...`` stand in place of
this one. A rest of 11 hours between shifts is not statutory: put it in force as a company rule.
"""

from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.presets.about import Articles
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "cn-labour"
TITLE = "中华人民共和国劳动法 (Labour Law of the PRC) and 国务院关于职工工作时间的规定 (1995), standard hours"
JURISDICTION = "China (mainland)"
READ_ON = "2026-11-22"
LAW = "Labour Law of the PRC"
REGULATIONS = "State Council regulations on working hours 1995"
ARTICLES: Articles = {
    LAW: {
        "art. 36": "read", "art. 38": "read", "art. 39": "read", "art. 41": "read", "art. 42": "read",
        "art. 44": "read", "art. 58": "read", "art. 61": "read", "art. 63": "read",
    },
    REGULATIONS: {"art. 3": "read", "art. 6": "read", "art. 7": "read"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Labour Law art. 36 to 45 and 58 to 65 and the regulations of 1995 art. 3, 6 and 7 were read in Chinese, as a "
    "private collection of the text of 2018 and a commented extract give them.",
    "40 hours a week rest on the regulations of 1995 art. 3; the Labour Law itself says 44 on average (art. 36).",
    "That a day off is 24 hours without interruption is recalled from the ministry's explanation of 1994.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "that overtime is agreed with the union and the worker (art. 41): the contract's overtime counts as agreed;",
    "the emergencies of art. 42, which lift the limits of art. 41;",
    "shorter hours for special work (regulations art. 4), which were not read, and provincial rules;",
    "breaks within a shift: no national length is known to us.",
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
    )
