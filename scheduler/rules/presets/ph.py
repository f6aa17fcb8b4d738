"""Preset ``ph``: Labor Code of the Philippines, Book III.

The Code caps neither overtime nor the week; it prices them. The rest of art. 91 is read as in no more than six
days in a row, and 24 hours without work at the latest after 144 hours.
"""

from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.presets.about import Articles
from scheduler.rules.rest_in_any_window import RestInAnyWindow
from scheduler.rules.rule import Rule

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
    CHILD_ACT: {"s. 3": "read"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Art. 83, 85, 87 and 91 to 93 and section 3 of Republic Act 9231 were read in collections of the code; of art. 86 "
    "the 10 %, its hours 22:00 to 6:00 recalled. Some editions number these articles otherwise.",
    "Double pay on regular holidays (art. 94) is recalled.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "shorter meal breaks of 20 minutes that count as work, which the implementing rules allow;",
    "when an employer may ask for work on a rest day (art. 92) and the employee's choice of the day (art. 91(b));",
    "compressed work weeks, managerial and field staff (art. 82), and pay: see the pay rules.",
)
WHOLE_DAY = 1440  # overtime is paid, not capped


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(
            480, f"{CODE} art. 83: 8 hours a day, more only as overtime of art. 87", WHOLE_DAY - 480,
            "worked_minutes", NAME,
        ),
        BreaksInShift(f"{CODE} art. 85: 60 minutes off for the regular meal, in one piece", 300, 60, 60, NAME),
        DaysInARow(6, f"{CODE} art. 91(a): a rest after six days of work in a row", NAME),
        RestInAnyWindow(
            f"{CODE} art. 91(a): 24 hours in a row after six days, read as 144 hours between such rests",
            1440, 8 * 1440, NAME,
        ),
    )  # fmt: skip
