"""Preset ``eu-wtd``: Directive 2003/88/EC on working time, its minima as they stand.

National law may be stricter and is not in here. The length of the break of art. 4 is national law: 15 minutes
are an assumption. Young workers are those under 18 who no longer go to school (Directive 94/33/EC).
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import MINORS, only
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest

NAME = "eu-wtd"
TITLE = (
    "Directive 2003/88/EC on the organisation of working time and Directive 94/33/EC on young people at work"
)
JURISDICTION = "European Union: minima that each member state's own law carries out"
READ_ON = "2026-11-22"
DIRECTIVE = "Directive 2003/88/EC"
YOUNG = "Directive 94/33/EC"
ARTICLES: Articles = {
    DIRECTIVE: {
        "art. 2": "read", "art. 3": "second-hand", "art. 4": "second-hand", "art. 5": "second-hand",
        "art. 6": "read", "art. 8": "read", "art. 16": "recalled", "art. 22": "read",
    },
    YOUNG: {"art. 8": "recalled", "art. 9": "recalled", "art. 10": "recalled", "art. 12": "recalled"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Art. 2(3), 2(4), 6(b), 8 and 22(1) were read as others quote the official journal; art. 3 to 5 in summaries of the "
    "Court's judgments.",
    "Art. 16 (17 weeks for four months, leave left out) is recalled, and so are the figures of Directive "
    "94/33/EC, of which only the recitals were read; British and German law, which carry it out, have the same.",
    "That the weekly rest may lie anywhere in each seven days is read in the Court's summary of C-306/16 (2017).",
    "11 hours are read between shifts, not in each 24 hours: for split shifts the two differ.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "National law, which may be stricter, and the derogations of art. 17 and 18 with their compensatory rest.",
    "Night work (art. 8): 8 hours a day on average over a period that each state sets; with six days a week and 17 weeks "
    "it asks no more than art. 6, from which nobody is opted out here. Special hazards: 8 hours without an average.",
    "The opt-out of art. 22, which a state may allow: where it does, set average-weekly-hours.opt_out = true.",
    "Young workers still at school, and national exceptions (Directive 94/33/EC).",
    "Annual leave (art. 7), the health of night workers (art. 9 to 12) and patterns of work (art. 13).",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        RestBetweenShifts(660, f"{DIRECTIVE} art. 3: 11 hours, read between shifts", NAME),
        BreaksInShift(f"{DIRECTIVE} art. 4: a break over 6 hours, its 15 minutes an assumption", preset=NAME),
        WeeklyRest(2100, f"{DIRECTIVE} art. 5 with art. 3: 24 + 11 hours in each calendar week", NAME),
        AverageWeeklyHours(
            2880, 17, f"{DIRECTIVE} art. 6(b), art. 16(b): 48 hours on average over 17 weeks", preset=NAME
        ),
        *only(
            MINORS,
            DailyHours(480, f"{YOUNG} art. 8: 8 hours a day", measure="worked_minutes", preset=NAME),
            WeeklyHours(2400, f"{YOUNG} art. 8: 40 hours a week", "worked_minutes", False, NAME),
            NoNightWork(f"{YOUNG} art. 9: no work from 22:00 to 6:00", preset=NAME),
            RestBetweenShifts(720, f"{YOUNG} art. 10(1): 12 hours, read between shifts", NAME),
            WeeklyDayOff(f"{YOUNG} art. 10(2): two days a week, at least 36 hours in a row", 2, 2160, NAME),
            BreaksInShift(f"{YOUNG} art. 12: 30 minutes over 4.5 hours", 270, 30, 15, NAME),
        ),
    )
