"""Preset ``uk-wtr``: Working Time Regulations 1998 (Great Britain).

Night work is read shift by shift, which is stricter than the average of reg. 6(1): a longer night shift is a
finding, not proof of an unlawful average. Weeks are calendar weeks from the centre's week start. That the
weekly rest should not overlap the daily rest (reg. 11(7), with exceptions) is not judged: for 24 + 11 hours
set ``weekly-rest.minimum_minutes = 2100``.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.night_work import NightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "uk-wtr"
TITLE = "Working Time Regulations 1998 (SI 1998/1833)"
JURISDICTION = "Great Britain"
READ_ON = "2026-11-22"
REGULATIONS = "Working Time Regulations 1998"
ARTICLES: Articles = {
    REGULATIONS: {
        "reg. 2": "second-hand", "reg. 4": "read", "reg. 5": "second-hand", "reg. 5A": "second-hand",
        "reg. 6": "read", "reg. 6A": "second-hand", "reg. 10": "read", "reg. 11": "read", "reg. 12": "second-hand",
    },
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "The first words of reg. 4(1), 4(3), 6(1), 10(1), 11(1) and 12(1) were read as collections and commentaries quote "
    "them; reg. 11(2) and 11(3) in the like-worded Northern Irish regulations of 2016, reg. 13.",
    "20 minutes (reg. 12), the night (reg. 2) and the figures for young workers rest on summaries.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "the opt-out of reg. 5: the average of reg. 4 is judged for everyone, also for whoever opted out;",
    "48 hours, or twice 24, of rest in 14 days, which an employer may choose instead (reg. 11(2));",
    "the average over 17 weeks of reg. 6(1), and who is a night worker by how often;",
    "young workers (reg. 5A, 6A, 10(2), 11(3), 12(4)), annual leave, health assessments, special cases (reg. 18 to "
    "27A) and compensatory rest (reg. 24).",
)


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
