"""Preset ``cn-labour``: Labour Law of the PRC and the working-hours regulations of 1995, standard hours.

Comprehensive working hours (art. 39, by approval), the emergencies of art. 42 and the protection of minors,
pregnancy and nursing are not in here. A rest of 11 hours between shifts is not statutory: put it in force as
a company rule. No legal advice.
"""

from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff

NAME = "cn-labour"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (WeeklyDayOff(source="Labour Law of the PRC art. 38: at least one day off a week", preset=NAME),)
