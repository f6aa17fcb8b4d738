"""What many pay laws share: overtime beyond so many minutes a day or a week, no minute counted twice."""

from scheduler.pay.paid_time import PaidTime
from scheduler.pay.words import day_words, over, week_words
from scheduler.rota import Flags
from scheduler.rules.shared.worked import weeks_of


def over_day_or_week(
    time: PaidTime, days: str, week_start: int, counted: str, daily: int, weekly: int
) -> PaidTime:
    """Cut and mark ``over_day`` and, of what is within the day's minutes, ``over_week``.

    Parameters
    ----------
    days, counted : marks that hold each stretch's day, and whether it counts

    Notes
    -----
    Together they are the greater of what lies beyond the days' and the week's limits.
    """
    time = time.beyond("over_day", time[days], time[counted], daily)
    weeks = weeks_of(time[days], week_start)
    return time.marked(week=weeks).beyond("over_week", weeks, time[counted] & ~time["over_day"], weekly)


def figures(time: PaidTime, k: int, day: int, daily: int, weekly: int) -> str:
    """The figures that made stretch ``k`` overtime."""
    if time["over_day"][k]:
        return over(int(time["over_day_total"][k]), daily, day_words(day))
    return over(int(time["over_week_total"][k]), weekly, week_words(int(time["week"][k])))


def beyond_either(time: PaidTime) -> Flags:
    """Whether a stretch is overtime by the day or the week."""
    either: Flags = time["over_day"] | time["over_week"]
    return either
