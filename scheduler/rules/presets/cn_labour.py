"""Preset ``cn-labour``: Labour Law of the PRC and the working-hours regulations of 1995, standard hours.

Comprehensive working hours (art. 39, by approval), the emergencies of art. 42 and the protection of minors,
pregnancy and nursing are not in here. Of the overtime of art. 41 the usual hour a day is allowed, where the
contract agrees overtime at all; for "special reasons" up to three: set ``daily-hours.overtime_minutes =
180``. A rest of 11 hours between shifts is not statutory: put it in force as a company rule. No legal advice.
"""

from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "cn-labour"
LAW = "Labour Law of the PRC"
REGULATIONS = "State Council regulations on working hours 1995"


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
