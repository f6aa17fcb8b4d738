"""Preset ``de-arbzg``: Arbeitszeitgesetz (Germany), without collective agreements.

A night shift has at most 8 hours: the 10 hours of § 6(2), where nights average 8 over a month or four weeks,
are not used, which is stricter; where the average is kept by other means, set ``night-work.minutes = 600``.
The night is 23:00 to 06:00, not that of bakeries. Of the averages of § 3 that over 24 weeks is judged: six
working days of 8 hours, so 48 hours a week.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.night_work import NightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule

NAME = "de-arbzg"
TITLE = "Arbeitszeitgesetz (Working Time Act)"
JURISDICTION = "Germany"
READ_ON = "2026-11-22"
LAW = "Arbeitszeitgesetz"
ARTICLES: Articles = {
    LAW: {
        "§ 2": "read", "§ 3": "read", "§ 4": "read", "§ 5": "read", "§ 6": "read", "§ 9": "read", "§ 10": "read",
        "§ 11": "read",
    },
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "§§ 2 to 6 and 9 to 14 were read in German, in a public mirror of the federal statutes as it stood in 2013 to "
    "2017; later amendments were not looked for.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "the average of § 3 over six calendar months, which an employer may choose instead of 24 weeks;",
    "the 10 hours of § 6(2) with its average, and who is a night worker by how often (§ 2(5));",
    "no more than 6 hours in a row without a break (§ 4 sentence 3): only length and parts of breaks are judged;",
    "rest on Sundays and public holidays and the substitute day (§§ 9 to 11);",
    "the shorter rests of § 5(2) and (3), collective agreements and emergencies (§§ 7, 12, 14), minors and mothers.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(600, f"{LAW} § 3: 10 hours a day at most", measure="worked_minutes", preset=NAME),
        AverageWeeklyHours(
            2880, 24, f"{LAW} § 3: 8 hours a working day on average over 24 weeks, six working days a week",
            "worked_minutes", preset=NAME,
        ),
        BreaksInShift(f"{LAW} § 4: 30 minutes over 6 hours, in parts of 15", 360, 30, 15, NAME),
        BreaksInShift(f"{LAW} § 4: 45 minutes over 9 hours, in parts of 15", 540, 45, 15, NAME),
        RestBetweenShifts(660, f"{LAW} § 5(1): 11 hours after the end of a day's work", NAME),
        NightWork(
            480, f"{LAW} § 6(2) with § 2(4): 8 hours with more than two in the night, without its average", 121,
            preset=NAME,
        ),
    )  # fmt: skip
