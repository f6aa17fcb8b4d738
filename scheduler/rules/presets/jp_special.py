"""Preset ``jp-special``: Labour Standards Act (Japan) under a special clause of art. 36(5), in place of ``jp``.

For offices whose agreement has the clause, and for the times of extraordinary work that it names: 720 hours of
overtime a year, under 100 in a month, 80 a month on average over any two to six months. Do not name it beside
``jp``, whose 45 and 360 hours would still bind.
"""

from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.presets import jp
from scheduler.rules.presets.about import Articles
from scheduler.rules.rule import Rule

NAME = "jp-special"
TITLE = f"{jp.TITLE}, overtime under a special clause of article 36"
JURISDICTION = "Japan, where an agreement with a special clause is filed"
READ_ON = "2026-11-22"
ARTICLES: Articles = jp.ARTICLES
BASIS: tuple[str, ...] = jp.BASIS
NOT_IN_HERE: tuple[str, ...] = (
    "That 45 hours a month are passed in at most six months of a year (art. 36(5)).",
    "Work on rest days, which counts for the 100 and 80 hours of art. 36(6), is not told apart from other hours.",
    *(words for words in jp.NOT_IN_HERE if "special clause" not in words),
)
HOUR = 60


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        *jp.without_overtime(NAME),
        MonthlyOvertime(100 * HOUR - 1, f"{jp.ACT} art. 36(6): under 100 hours of overtime in a month", preset=NAME),
        *(
            OvertimeInPeriod(
                80 * HOUR * months, f"{jp.ACT} art. 36(6): 80 hours a month on average over any {months} months", months,
                True, preset=NAME,
            )
            for months in range(2, 7)
        ),
        OvertimeInPeriod(
            720 * HOUR, f"{jp.ACT} art. 36(5): overtime at most 720 hours a year", 12, first_month=4, preset=NAME
        ),
    )  # fmt: skip
