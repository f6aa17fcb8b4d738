"""Days off in longer periods, by hand: fixed and rolling, 24 hours or days of the calendar, together or apart."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, local_instant
from scheduler.rules.days_off_in_period import DaysOffInPeriod
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, GapInAnyWindow, GapInWindow

BERLIN = ZoneInfo("Europe/Berlin")
BLOCK = "2024-05-06"  # a Monday on which both two and four weeks begin, counted from 1970
FOUR = DaysOffInPeriod(4, "art. 35(2)")
TWO = DaysOffInPeriod(2, "reg. 11(2)", 14, rolling=True)
WHOLE = DaysOffInPeriod(1, "s", 7, whole_days=True)


def horizon(start, days=7, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, **more)


def daily(agent, first, days, clock="08:00", minutes=480, off=()):
    """A shift on each day from ``first``, but on those numbered in ``off``."""
    start = date.fromisoformat(first)
    return [(agent, f"{start + timedelta(k)}T{clock}", minutes) for k in range(days) if k not in off]


def at(day, minute):
    return local_instant(BERLIN, day_number(date.fromisoformat(day)), minute)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


@pytest.mark.parametrize(
    ("off", "expected"),
    [((0, 7, 14, 21), []), ((24, 25, 26), [("a", 3, 4)]), ((24, 25, 26, 27), []), ((0,), [("a", 1, 4)]), ((), [("a", 0, 4)])],
)  # fmt: skip
def test_four_days_off_in_four_weeks_wherever_they_lie(berlin, breaches, off, expected):
    rota = berlin(*daily("a", BLOCK, 28, off=off), *daily("b", BLOCK, 10))
    assert breaches(FOUR, rota, horizon(BLOCK, 28)) == expected


def test_each_period_by_itself_counted_from_1970_or_moved_on(berlin, breaches):
    rota = berlin(*daily("a", BLOCK, 56, off=(20, 22, 24, 26, 28, 30, 32, 34)))
    assert breaches(FOUR, rota, horizon(BLOCK, 56)) == []
    moved = DaysOffInPeriod(4, "s", offset_days=14)  # from 22 April, 20 May and 17 June
    assert breaches(moved, rota, horizon(BLOCK, 56)) == []
    assert breaches(DaysOffInPeriod(5, "s", offset_days=14), rota, horizon(BLOCK, 56)) == []
    first, second = breaches(DaysOffInPeriod(8, "s"), rota, horizon(BLOCK, 56))
    assert (first, second) == (("a", 4, 8), ("a", 4, 8))


@pytest.mark.parametrize(("minutes", "expected"), [(480, []), (481, [("a", 1, 2)])])
def test_two_rests_of_24_hours_in_a_fortnight(berlin, breaches, minutes, expected):
    # Every day from 08:00 to 20:00 but for two; the first rest is 36 h, the second begins a minute late.
    last = ("a", "2024-05-15T16:00", minutes)  # to 00:00, then from 00:00 of the 17th
    rota = berlin(
        *daily("a", BLOCK, 9, minutes=720, off=(3,)), last, ("a", "2024-05-17T00:00", 600),
        ("a", "2024-05-18T00:00", 600), *daily("a", "2024-05-19", 20, minutes=720, off=(3, 10, 17)),
    )  # fmt: skip
    assert breaches(DaysOffInPeriod(2, "s", 14), rota, horizon(BLOCK, 14)) == expected


def test_a_rest_of_48_hours_is_two_days_off(berlin, breaches):
    rota = berlin(
        *daily("a", BLOCK, 6), ("a", "2024-05-11T16:00", 480), *daily("a", "2024-05-14", 6, "00:00")
    )
    assert breaches(DaysOffInPeriod(2, "s", 14), rota, horizon(BLOCK, 14)) == []
    later = berlin(
        *daily("a", BLOCK, 6), ("a", "2024-05-11T16:00", 481), *daily("a", "2024-05-14", 6, "00:00")
    )
    assert breaches(DaysOffInPeriod(2, "s", 14), later, horizon(BLOCK, 14)) == [("a", 1, 2)]


def test_days_off_that_must_come_together(berlin, breaches):
    rule = DaysOffInPeriod(2, "s", 14, together=2)
    apart = berlin(*daily("a", BLOCK, 14, off=(3, 9)))
    pair = berlin(*daily("a", BLOCK, 14, off=(3, 4)))
    assert breaches(rule, apart, horizon(BLOCK, 14)) == [("a", 0, 2)]
    assert breaches(rule, pair, horizon(BLOCK, 14)) == []


def test_any_fortnight_is_judged_and_the_worst_told_once(berlin, breaches, not_checked):
    # Days off on the 3rd, 4th, 19th and 20th day: the 14 days in between have none.
    shifts = daily("a", BLOCK, 28, off=(2, 3, 18, 19))
    facts = horizon(BLOCK, 28)
    assert breaches(TWO, berlin(*shifts), facts) == [("a", 0, 2)]
    (finding,) = (v for v in TWO.violations(berlin(*shifts), facts) if v.verdict == "breach")
    assert finding.explanation == (
        "a had 0 day(s) off (1440 min in a row) in the 14 days from 2024-05-10; at least 2 are required "
        "(2 neighbouring period(s) also lack some)."
    )
    good = daily("a", BLOCK, 28, off=(2, 3, 14, 15))
    assert breaches(TWO, berlin(*good), facts) == []
    (sentence,) = not_checked(TWO, berlin(*good), facts)
    assert sentence.startswith("Not checked for 1 person: ")
    since = {"a": Person("a", starts_on=facts.first_day), "b": Person("b")}
    assert not_checked(TWO, berlin(*good), horizon(BLOCK, 28, people=since)) == []


def test_two_separate_rows_of_rolling_periods_are_two_findings(berlin, breaches):
    shifts = daily("a", BLOCK, 60, off=(0, 1, 20, 21, 22, 40, 41, 58, 59))
    assert len(breaches(TWO, berlin(*shifts), horizon(BLOCK, 60))) == 3


@pytest.mark.parametrize(
    ("minutes", "whole", "elapsed"), [(600, [], []), (601, [("a", 0, 1)], []), (960, [("a", 0, 1)], [])]
)
def test_a_day_off_of_the_calendar_begins_at_midnight(berlin, breaches, minutes, whole, elapsed):
    # Free from Wednesday night, a minute into Thursday or more, to Friday 06:00.
    rota = berlin(
        *daily("a", BLOCK, 2), ("a", "2024-05-08T14:00", minutes), ("a", "2024-05-10T06:00", 60),
        *daily("a", "2024-05-11", 2),
    )  # fmt: skip
    assert breaches(WHOLE, rota, horizon(BLOCK)) == whole
    assert breaches(DaysOffInPeriod(1, "s", 7), rota, horizon(BLOCK)) == elapsed


@pytest.mark.parametrize(
    ("week", "minutes", "expected"),
    [
        ("2024-03-25", 600, [("a", 0, 1)]),  # the free Sunday has 23 h
        ("2024-10-21", 600, []),  # it has 25 h
        ("2024-10-21", 660, []),
        ("2024-10-21", 661, [("a", 0, 1)]),
    ],
)
def test_sundays_on_which_clocks_change(berlin, breaches, week, minutes, expected):
    saturday = date.fromisoformat(week) + timedelta(5)
    rota = berlin(*daily("a", week, 5), ("a", f"{saturday}T14:00", minutes))
    assert breaches(DaysOffInPeriod(1, "s", 7), rota, horizon(week)) == expected
    to_midnight = berlin(*daily("a", week, 5), ("a", f"{saturday}T14:00", 600))
    assert breaches(WHOLE, to_midnight, horizon(week)) == []
    later = berlin(*daily("a", week, 5), ("a", f"{saturday}T14:00", 601))
    assert breaches(WHOLE, later, horizon(week)) == [("a", 0, 1)]


@pytest.mark.parametrize("week", ["2024-02-26", "2024-12-30"])
def test_leap_day_and_turn_of_the_year(berlin, breaches, week):
    assert breaches(WHOLE, berlin(*daily("a", week, 7, off=(3,))), horizon(week)) == []
    assert breaches(WHOLE, berlin(*daily("a", week, 7)), horizon(week)) == [("a", 0, 1)]


def test_what_came_before_counts_and_what_it_lost_is_not_told_again(berlin, breaches, not_checked):
    shifts = daily("a", BLOCK, 28, off=(0, 1, 2))
    first, last = shifts[:18], shifts[18:]
    facts = horizon("2024-05-27", before=berlin(*first))
    assert breaches(FOUR, berlin(*last), facts) == [("a", 3, 4)]
    lost = horizon("2024-06-02", 1, before=berlin(*daily("a", BLOCK, 27)))
    assert breaches(FOUR, berlin(), lost) == []
    assert not_checked(FOUR, berlin(*last), facts) == []
    unknown = horizon("2024-05-27")
    assert breaches(FOUR, berlin(*last), unknown) == []
    assert len(not_checked(FOUR, berlin(*last), unknown)) == 1
    assert not_checked(FOUR, berlin(*daily("a", "2024-05-27", 7, off=(1, 3, 4, 5))), unknown) == []


def test_a_period_that_ends_after_the_horizon_is_open(berlin, breaches, not_checked):
    rota = berlin(*daily("a", BLOCK, 14))
    assert breaches(FOUR, rota, horizon(BLOCK, 14)) == []
    assert len(not_checked(FOUR, rota, horizon(BLOCK, 14))) == 1
    assert breaches(FOUR, berlin(*daily("a", BLOCK, 25)), horizon(BLOCK, 25)) == [("a", 3, 4)]


def test_nobody_at_work_and_people_without_shifts(berlin):
    facts = horizon(BLOCK, 28, people={"b": Person("b")})
    assert list(FOUR.violations(berlin(), facts)) == []
    assert list(TWO.violations(berlin(), facts)) == []


def test_what_a_solver_is_told(berlin):
    week = 7 * 1440
    start = at(BLOCK, 0)
    parts = [GapInWindow(1440, start + k * week, start + (k + 1) * week) for k in range(4)]
    assert list(FOUR.lines(Person("a"), horizon(BLOCK, 28))) == parts
    assert list(TWO.lines(Person("a"), horizon(BLOCK)))[-1] == GapInAnyWindow(1440, (14 * 1440 - 60) // 2)
    before = horizon("2024-05-20", before=berlin(*daily("a", BLOCK, 14, off=(3, 4, 13))))
    half = (at("2024-05-18", 16 * 60) + at("2024-06-03", 0)) // 2  # the first half begins with a free Sunday
    assert list(FOUR.lines(Person("a"), before)) == [GapInWindow(1440, half, at("2024-06-03", 0))]
    late = horizon("2024-06-02", 1, before=berlin(*daily("a", BLOCK, 27, off=(3, 4, 5))))
    assert list(FOUR.lines(Person("a"), late)) == [
        GapInWindow(1440, at("2024-06-01", 960), at("2024-06-03", 0))
    ]
    lost = horizon("2024-06-02", 1, before=berlin(*daily("a", BLOCK, 27)))
    assert list(FOUR.lines(Person("a"), lost)) == []
    tight = horizon("2024-06-01", 2, before=berlin(*daily("a", BLOCK, 26, minutes=960, off=(3, 4))))
    assert list(FOUR.lines(Person("a"), tight)) == [
        GapInWindow(1440, at("2024-06-01", 0), at("2024-06-02", 0)),
        GapInWindow(1440, at("2024-06-02", 0), at("2024-06-03", 0)),
    ]
    whole = DaysOffInPeriod(2, "s", 7, whole_days=True)
    assert list(whole.lines(Person("a"), horizon(BLOCK, 7, before=berlin(*daily("a", "2024-05-04", 2))))) == [
        GapInWindow(2939, start, start + week // 2), GapInWindow(2939, start + week // 2, start + week),
    ]  # fmt: skip
    none_left = horizon("2024-05-08", 5, before=berlin(*daily("a", BLOCK, 2)))
    three = DaysOffInPeriod(4, "s", 7, whole_days=True)
    assert list(three.lines(Person("a"), none_left)) == [ForbiddenTime(at("2024-05-08", 0), start + week)]
