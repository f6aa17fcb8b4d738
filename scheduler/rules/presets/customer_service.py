"""Preset ``customer-service``: what the policies of a customer-service organisation ask of rest.

P12 ("轮休", "每周≥8小时") can be read two ways. Reading (a), the default, is at least one day off in each
calendar week, its weekday free to rotate. Reading (b) is at least 8 hours of rest in a row in any 7 days; put
it in force, beside (a) or instead of it, with overrides: ``rest-in-any-window = {}``,
``weekly-day-off.enabled = false``.
"""

from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff

NAME = "customer-service"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        WeeklyDayOff(source="Company policy P12, reading (a): a day off each calendar week", preset=NAME),
    )
