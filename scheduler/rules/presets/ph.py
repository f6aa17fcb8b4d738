"""Preset ``ph``: Labor Code of the Philippines, Book III.

The Code caps neither overtime nor the week; it prices them. The rest of art. 91 is read as no more than six
days in a row with a shift, and 24 hours without work inside any seven days.
"""

from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.days_off_in_period import DaysOffInPeriod
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import MINORS, only
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "ph"
TITLE = "Labor Code of the Philippines (Presidential Decree 442), Book III"
JURISDICTION = "Philippines"
READ_ON = "2026-11-22"
CODE = "Labor Code of the Philippines"
CHILD_ACT = "Republic Act 9231"
ARTICLES: Articles = {
    CODE: {
        "art. 83": "read", "art. 85": "read", "art. 86": "read", "art. 87": "read", "art. 91": "read",
        "art. 92": "read", "art. 93": "read", "art. 94": "recalled",
    },
    CHILD_ACT: {"s. 3": "read", "s. 3, night": "recalled"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Art. 83, 85, 87 and 91 to 93 and section 3 of Republic Act 9231 were read in collections of the code; of art. 86 "
    "the 10 %, its hours 22:00 to 6:00 as the implementing rules (Book III, rule II) have them. Some "
    "editions number these articles otherwise.",
    "That the meal of art. 85 is owed over five hours of work is an assumption: the article names no hour.",
    "Double pay on regular holidays (art. 94) and the night of Republic Act 9231 (22:00 to 6:00) are recalled.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "Shorter meal breaks of 20 minutes that count as work, which the implementing rules allow.",
    "When an employer may ask for work on a rest day (art. 92) and the employee's choice of the day (art. 91(b)).",
    "Minors under 15 years (Republic Act 9231).",
    "Compressed work weeks, managerial and field staff (art. 82), and pay: see the pay rules.",
)
WHOLE_DAY = 1440  # overtime is paid, not capped


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(
            480, f"{CODE} art. 83: 8 hours a day, more only as overtime of art. 87", WHOLE_DAY - 480,
            "worked_minutes", NAME,
        ),
        BreaksInShift(f"{CODE} art. 85: 60 minutes off for the regular meal, read as over 5 hours and in one piece", 300, 60, 60, NAME),
        DaysInARow(6, f"{CODE} art. 91(a): a rest after six days of work in a row", NAME),
        DaysOffInPeriod(1, f"{CODE} art. 91(a): 24 hours in a row in any seven days", 7, rolling=True, preset=NAME),
        *only(
            MINORS,
            DailyHours(480, f"{CHILD_ACT} s. 3: 8 hours a day", measure="worked_minutes", preset=NAME),
            WeeklyHours(2400, f"{CHILD_ACT} s. 3: 40 hours a week", "worked_minutes", False, NAME),
            NoNightWork(f"{CHILD_ACT} s. 3, night: no work from 22:00 to 6:00", preset=NAME),
        ),
    )  # fmt: skip
