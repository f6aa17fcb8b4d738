"""Preset ``customer-service``: what the policies of a customer-service organisation ask of rest.

P12 ("轮休", "每周≥8小时") can be read two ways. Reading (a), the default, is at least one day off in each
calendar week, its weekday free to rotate. Reading (b) is at least 8 hours of rest in a row in any 7 days; put
it in force, beside (a) or instead of it, with overrides: ``rest-in-any-window = {}``,
``weekly-day-off.enabled = false``.
"""

from scheduler.rules.presets.about import Articles
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff

NAME = "customer-service"
TITLE = "Policies of a customer-service organisation"
JURISDICTION = "Company policy, stricter or laxer than the law of the place: use it beside a law's preset"
READ_ON = "2026-11-22"
POLICY = "Company policy"
ARTICLES: Articles = {POLICY: {"P12": "read"}}
BASIS: tuple[str, ...] = (
    "P12 was read as the policies write it; it names neither a day nor hours in a row, so both readings are rules.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "P8, 6 hours and 30 contacts a day on queue: averages pro-rated by paid time, in online.csv; no yes or no about a shift.",
    "P10, 3 days of induction without cover, then a month beside a mentor: rules of the centre, by stage and mentor in agents.csv.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (WeeklyDayOff(f"{POLICY} P12, reading (a): a day off each calendar week", preset=NAME),)
