"""Sundays and public holidays by hand: banned, so many free, a workday free in exchange; and substitutes by matching."""

from datetime import date
from itertools import combinations, product
from zoneinfo import ZoneInfo

import pytest

from centre.calendar import CalendarRow
from centre.instants import day_number, day_of, day_start
from scheduler.rules.facts import Facts, Person, day_classes
from scheduler.rules.primitives import BoundedDays, ForbiddenDay, ForbiddenTime, FreeDayInExchange
from scheduler.rules.shared.terms import absent_days, absent_table
from scheduler.rules.shared.worked import known_work
from scheduler.rules.special_day_ban import SpecialDayBan
from scheduler.rules.special_day_quota import SpecialDayQuota
from scheduler.rules.substitute_day import SubstituteDay

BERLIN = ZoneInfo("Europe/Berlin")
BAN = SpecialDayBan("s")
CLOCK = SpecialDayBan("s", counts="clock")
TWO_WEEKS = SubstituteDay("s")


def number(day):
    return day_number(date.fromisoformat(day))


def horizon(start, days=7, special=(), **more):
    return Facts(BERLIN, number(start), days, special_days={number(d): c for d, c in special}, **more)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


def on(agent, *days):
    return [(agent, f"{day}T08:00", 480) for day in days]


def daily(agent, start, count, free=()):
    first = number(start)
    return on(agent, *(str(day_of(first + k)) for k in range(count) if str(day_of(first + k)) not in free))


class TestSpecialDayBan:
    def test_a_shift_counts_for_its_day(self, berlin, breaches):
        rota = berlin(("a", "2024-05-04T22:00", 480), ("b", "2024-05-05T23:00", 480), *on("c", "2024-05-09"))
        facts = horizon("2024-05-03", 8, [("2024-05-09", "statutory")])
        assert breaches(BAN, rota, facts) == [("b", 1, 0), ("c", 1, 0)]
        assert breaches(SpecialDayBan("s", "sundays"), rota, facts) == [("b", 1, 0)]
        assert breaches(SpecialDayBan("s", "holidays"), rota, facts) == [("c", 1, 0)]

    @pytest.mark.parametrize(
        ("start", "minutes", "found"),
        [
            ("2024-05-04T16:00", 480, None),  # to midnight
            ("2024-05-04T16:00", 481, 1),
            ("2024-05-06T00:00", 480, None),
            ("2024-05-05T23:59", 480, 1),
            ("2024-03-30T23:00", 1500, 1380),  # that Sunday has 23 hours
            ("2024-10-26T23:00", 1620, 1500),
        ],
    )
    def test_by_the_clock_a_minute_is_too_much(self, berlin, breaches, start, minutes, found):
        rota = berlin(("a", start, minutes))
        assert breaches(CLOCK, rota, horizon(start[:10], 3)) == ([("a", found, 0)] if found else [])

    def test_a_sunday_and_a_holiday_after_it_are_one_stretch(self, berlin, breaches):
        rota = berlin(("a", "2024-12-29T20:00", 600))
        facts = horizon("2024-12-29", 3, [("2024-12-30", "statutory")])
        assert breaches(CLOCK, rota, facts) == [("a", 600, 0)]

    def test_the_day_may_be_moved(self, berlin, breaches):
        moved = SpecialDayBan("s", "sundays", "clock", 360)
        rota = berlin(
            ("a", "2024-05-04T22:00", 480), ("b", "2024-05-04T22:00", 481), ("c", "2024-05-06T05:59", 60)
        )
        assert breaches(moved, rota, horizon("2024-05-04", 3)) == [("b", 1, 0), ("c", 1, 0)]

    def test_sundays_beside_the_horizon_count_by_the_clock(self, berlin, breaches):
        rota = berlin(("a", "2024-05-04T22:00", 480), ("b", "2024-05-06T05:59", 60))
        assert breaches(CLOCK, rota, horizon("2024-05-03", 2)) == [("a", 360, 0)]
        moved = SpecialDayBan("s", "sundays", "clock", 360)
        assert breaches(moved, rota, horizon("2024-05-06", 1)) == [("b", 1, 0)]

    def test_rest_days_of_a_holiday_only_where_asked(self, berlin, breaches):
        rota = berlin(*on("a", "2024-02-29"))
        facts = horizon("2024-02-26", special=[("2024-02-29", "rest"), ("2024-02-28", "makeup")])
        assert breaches(SpecialDayBan("s", "holidays"), rota, facts) == []
        assert breaches(SpecialDayBan("s", "holidays-and-rest"), rota, facts) == [("a", 1, 0)]

    def test_without_a_calendar_sundays_are_judged_and_holidays_are_not(self, berlin, breaches, not_checked):
        rota = berlin(*on("a", "2024-05-05"), *on("b", "2024-05-06"))
        facts = Facts(BERLIN, number("2024-05-03"), 7)
        assert breaches(BAN, rota, facts) == [("a", 1, 0)]
        (sentence,) = not_checked(BAN, rota, facts)
        assert sentence.startswith("Not checked for 2 people")
        assert not_checked(SpecialDayBan("s", "sundays"), rota, facts) == []

    def test_what_a_solver_is_told(self):
        facts = horizon("2024-05-05", 2, [("2024-05-07", "statutory")])
        assert list(BAN.lines(Person("a"), facts)) == [ForbiddenDay(number("2024-05-05"))]
        sunday, holiday = (day_start(BERLIN, number(d)) for d in ("2024-05-05", "2024-05-07"))
        assert list(CLOCK.lines(Person("a"), facts)) == [
            ForbiddenTime(sunday, sunday + 1440),
            ForbiddenTime(holiday, holiday + 1440),
        ]


class TestSpecialDayQuota:
    def sundays(self, agent, first, count):
        return on(agent, *(str(day_of(number(first) + 7 * k)) for k in range(count)))

    def test_fifteen_of_52_sundays_stay_free(self, berlin, breaches):
        rota = berlin(*self.sundays("a", "2024-01-07", 37), *self.sundays("b", "2024-01-07", 38))
        assert breaches(SpecialDayQuota("s"), rota, horizon("2024-01-01", 366)) == [("b", 38, 37)]

    def test_a_year_that_begins_on_a_sunday_has_53(self, berlin, breaches):
        rota = berlin(*self.sundays("a", "2023-01-01", 38), *self.sundays("b", "2023-01-01", 39))
        assert breaches(SpecialDayQuota("s"), rota, horizon("2023-01-01", 365)) == [("b", 39, 38)]

    def test_a_month_and_some_weeks(self, berlin, breaches):
        rota = berlin(*on("a", "2024-02-25", "2024-03-03"), *on("b", "2024-02-18", "2024-02-25"))
        facts = horizon("2024-02-05", 35)
        assert breaches(SpecialDayQuota("s", 0, 1, period="month"), rota, facts) == [("b", 2, 1)]
        weeks = breaches(SpecialDayQuota("s", 0, 1, period="weeks", weeks=2), rota, facts)
        assert sorted(weeks) == [("a", 2, 1), ("b", 2, 1)]

    def test_two_shifts_on_one_sunday_are_one_day(self, berlin, breaches):
        rota = berlin(("a", "2024-05-05T00:00", 60), ("a", "2024-05-05T12:00", 60))
        assert breaches(SpecialDayQuota("s", 0, 1, period="month"), rota, horizon("2024-05-01", 31)) == []

    def test_what_was_worked_before_counts(self, berlin, breaches):
        before = berlin(*on("员工7", "2024-05-05"))
        rota = berlin(*on("员工7", "2024-05-12"))
        facts = horizon("2024-05-06", before=before)
        assert breaches(SpecialDayQuota("s", 0, 1, period="month"), rota, facts) == [("员工7", 2, 1)]

    def test_unknown_sundays_before_are_not_checked_unless_they_cannot_matter(self, berlin, not_checked):
        rota = berlin(*on("a", "2024-05-19"), *on("b", "2024-05-20"))
        facts = horizon("2024-05-13", 14)
        (sentence,) = not_checked(SpecialDayQuota("s", 0, 2, period="month"), rota, facts)  # the 5th and 12th
        assert "1 person:" in sentence
        assert not_checked(SpecialDayQuota("s", 0, 3, period="month"), rota, facts) == []
        assert not_checked(SpecialDayQuota("s"), rota, facts) == []  # twenty Sundays of 37

    def test_holidays_without_a_calendar_are_not_checked(self, berlin, breaches, not_checked):
        rota, facts = berlin(*on("a", "2024-05-19")), Facts(BERLIN, number("2024-05-13"), 14)
        rule = SpecialDayQuota("s", 0, 0, "holidays", "month")
        assert breaches(rule, rota, facts) == []
        assert "no calendar" in not_checked(rule, rota, facts)[0]

    def test_what_a_solver_is_told(self, berlin):
        facts = horizon("2024-05-06", 14, before=berlin(*on("a", "2024-05-05")))
        rule = SpecialDayQuota("s", 0, 2, period="month")
        sundays = (number("2024-05-12"), number("2024-05-19"))
        assert list(rule.lines(Person("a"), facts)) == [BoundedDays(sundays, 1)]
        assert list(rule.lines(Person("b"), facts)) == []


class TestSubstituteDay:
    """The Sunday 2024-04-14; its two weeks are the days from 1 to 27 April."""

    @pytest.mark.parametrize(
        ("free", "expected"),
        [
            ("2024-04-01", []),
            ("2024-04-27", []),
            ("2024-03-30", [("a", 0, 1)]),
            ("2024-04-29", [("a", 0, 1)]),
            ("2024-04-07", [("a", 0, 1)]),  # a Sunday is no workday
            ("2024-04-17", [("a", 0, 1)]),  # nor is a public holiday
        ],
    )
    def test_one_workday_free_within_two_weeks(self, berlin, breaches, free, expected):
        others = {"2024-03-31", "2024-04-07", "2024-04-21", "2024-04-28", "2024-04-17"} - {free}
        rota = berlin(*daily("a", "2024-03-25", 42, {free, *others}))
        facts = horizon("2024-03-25", 42, [("2024-04-17", "statutory")])
        found = breaches(SubstituteDay("s"), rota, facts)
        sundays = [v for v in SubstituteDay("s").violations(rota, facts) if v.verdict == "breach"]
        assert [("a", v.found, v.limit) for v in sundays if "2024-04-14" in v.explanation[:60]] == expected
        assert len(found) == len(sundays)

    def test_one_free_day_serves_one_sunday(self, berlin, breaches):
        free = {"2024-04-12"}
        one = berlin(*daily("a", "2024-04-01", 27, {"2024-04-07", "2024-04-21", *free}))
        two = berlin(*daily("a", "2024-04-01", 27, {"2024-04-07", *free}))
        facts = horizon("2024-04-01", 34)
        assert breaches(TWO_WEEKS, one, facts) == []
        assert breaches(TWO_WEEKS, two, facts) == []  # the last week of the horizon is free
        tight = horizon("2024-04-01", 34, special=[(f"2024-04-{d}", "statutory") for d in (29, 30)]
                        + [(f"2024-05-0{d}", "statutory") for d in (1, 2, 3, 4)])  # fmt: skip
        assert breaches(TWO_WEEKS, two, tight) == [("a", 0, 1)]

    def test_leave_is_no_substitute_and_employment_has_an_end(self, berlin, breaches):
        rota = berlin(*daily("a", "2024-04-01", 27, {"2024-04-07", "2024-04-21", "2024-04-10"}))
        midnight = day_start(BERLIN, number("2024-04-10"))
        facts = horizon("2024-04-01", 27)
        for person, expected in (
            (Person("a"), 0),
            (Person("a", leave=((midnight + 600, midnight + 720),)), 1),
            (Person("a", leave=((midnight + 1440, midnight + 2880),)), 0),
            (Person("a", starts_on=number("2024-04-11")), 1),
            (Person("a", leaves_on=number("2024-04-09")), 0),  # what follows is not judged
        ):
            known = Facts(BERLIN, facts.first_day, 27, special_days={}, people={"a": person})
            assert len(breaches(TWO_WEEKS, rota, known)) == expected, person

    def test_outside_the_known_days_it_is_not_checked(self, berlin, breaches, not_checked):
        rota = berlin(*daily("a", "2024-04-01", 26, {"2024-04-07", "2024-04-21"}))
        assert breaches(TWO_WEEKS, rota, horizon("2024-04-01", 26)) == []
        assert "1 person:" in not_checked(TWO_WEEKS, rota, horizon("2024-04-01", 26))[0]
        late = berlin(*daily("a", "2024-04-02", 26, {"2024-04-07", "2024-04-21"}))
        assert breaches(TWO_WEEKS, late, horizon("2024-04-02", 26)) == []
        assert "1 person:" in not_checked(TWO_WEEKS, late, horizon("2024-04-02", 26))[0]
        assert breaches(TWO_WEEKS, rota, Facts(BERLIN, number("2024-04-01"), 27)) == []
        assert "no calendar" in not_checked(TWO_WEEKS, rota, Facts(BERLIN, number("2024-04-01"), 27))[0]

    def test_a_sunday_before_the_horizon_whose_weeks_end_in_it(self, berlin, breaches):
        before = berlin(*daily("a", "2024-04-01", 21, {"2024-04-07"}))
        rota = berlin(*daily("a", "2024-04-22", 6))
        facts = horizon("2024-04-22", 6, before=before)
        assert breaches(TWO_WEEKS, rota, facts) == [("a", 0, 1)]
        assert breaches(TWO_WEEKS, berlin(*daily("a", "2024-04-22", 5)), facts) == []
        later = Facts(
            BERLIN,
            number("2024-04-28"),
            6,
            special_days={},
            before=berlin(*daily("a", "2024-04-01", 27, {"2024-04-07"})),
        )
        assert breaches(TWO_WEEKS, rota, later) == []  # the 14th was told of, the 21st still has a week

    def test_holidays_have_eight_weeks_and_sundays_are_not_theirs(self, berlin, breaches):
        eight = SubstituteDay("s", "holidays", 56)
        special = [("2024-05-01", "statutory"), ("2024-05-19", "statutory"), ("2024-05-02", "rest")]
        sundays = {str(day_of(number("2024-03-03") + 7 * k)) for k in range(20)}
        rota = berlin(*daily("a", "2024-03-07", 111, sundays - {"2024-05-19"}))
        facts = horizon("2024-03-07", 111, special)
        assert breaches(eight, rota, facts) == [("a", 0, 1)]
        rota = berlin(*daily("a", "2024-03-07", 111, sundays | {"2024-06-25"}))
        assert breaches(eight, rota, facts) == []
        rota = berlin(*daily("a", "2024-03-07", 111, sundays | {"2024-06-26"}))
        assert breaches(eight, rota, facts) == [("a", 0, 1)]

    def test_a_holiday_on_a_sunday_is_the_sundays(self, berlin, breaches):
        rota = berlin(*daily("a", "2024-05-13", 14))
        facts = horizon("2024-05-13", 14, [("2024-05-19", "statutory"), ("2024-05-22", "statutory")])
        assert breaches(SubstituteDay("s", "holidays", 3), rota, facts) == [("a", 0, 1)]
        assert breaches(SubstituteDay("s", "sundays", 3), rota, facts) == [("a", 0, 1)]

    def test_a_solver_hears_of_days_that_stand_for_one_each(self, berlin):
        facts = horizon("2024-04-01", 28, before=berlin(*daily("b", "2024-03-04", 28)))
        near = SubstituteDay("s", window_days=3)
        monday = number("2024-04-01")
        own = [
            FreeDayInExchange(s, (s - 2, s - 1, s + 1, s + 2)) for s in (monday + 6, monday + 13, monday + 20)
        ]
        assert list(near.lines(Person("a"), facts)) == own
        assert list(near.lines(Person("b"), facts)) == [BoundedDays((monday, monday + 1), 1), *own]


@pytest.mark.parametrize("shift", range(4))
def test_matching_finds_a_substitute_for_all_where_there_is_one(shift, berlin):
    """Every way of working 14 of 17 days, each by one person, against a search through all pairs of days."""
    rule, first = SubstituteDay("s", "sundays", 5), number("2024-04-03") + shift
    frees = {f"a{k:03d}": free for k, free in enumerate(combinations(range(first, first + 17), 3))}
    worked = {who: [d for d in range(first, first + 17) if d not in free] for who, free in frees.items()}
    rota = berlin(
        *(each for who, days in worked.items() for each in on(who, *(str(day_of(d)) for d in days)))
    )
    facts = Facts(BERLIN, first, 17, special_days={})
    broken = {v.agent_id for v in rule.violations(rota, facts) if v.verdict == "breach"}
    outside = (*range(first - 4, first), *range(first + 17, first + 21))
    for who, free in frees.items():
        sundays = [d for d in worked[who] if (d + 3) % 7 == 6]
        usable = [d for d in (*free, *outside) if (d + 3) % 7 != 6]
        pairs = any(
            len(set(way)) == len(way) and all(abs(d - s) < 5 for d, s in zip(way, sundays, strict=True))
            for way in product(usable, repeat=len(sundays))
        )
        assert (who not in broken) == pairs
    assert 0 < len(broken) < len(frees)


@pytest.mark.parametrize("holidays", [(1, 2), (-1, 0, 2), (-2, 0), (2, 3, 5), (-1, 5)])
@pytest.mark.parametrize("window", [3, 5])
def test_a_solvers_lines_all_find_their_substitutes(holidays, window, berlin, honours, shift_class):
    """Every way of working eight days after ten worked but for one: what the lines accept, the verdict passes."""
    rule, first = SubstituteDay("s", "holidays", window), number("2024-05-06")
    special = {first + k: "statutory" for k in holidays}
    lines = {f"a{n:03d}": [first + k for k in range(8) if n >> k & 1] for n in range(256)}
    worked = {
        who: [*(d for d in range(first - 10, first) if d != first - 4), *days] for who, days in lines.items()
    }
    whole = berlin(
        *(each for who, days in worked.items() for each in on(who, *(str(day_of(d)) for d in days)))
    )
    rota = whole.narrowed(whole.day >= first)
    facts = Facts(BERLIN, first, 8, special_days=special, before=whole.narrowed(whole.day < first))
    broken = {v.agent_id for v in rule.violations(rota, facts) if v.verdict == "breach"}
    primitives = list(rule.lines(Person("a000"), facts))
    accepted = {
        who
        for who, days in lines.items()
        if all(honours(p, [shift_class(who, d, d * 1440, d * 1440 + 480) for d in days]) for p in primitives)
    }
    assert accepted
    assert not accepted & broken


def test_absent_days_of_everyone_are_those_of_each(berlin, rota_of, local_shift):
    away = local_shift(BERLIN, "a", "2024-03-30T22:00", 180)
    rows = [(*row[:4], "leave:annual", *row[5:]) for row in away.rows()]
    facts = horizon("2024-03-31", before=rota_of([], rows))
    midnight = day_start(BERLIN, number("2024-04-02"))
    people = {
        "a": Person("a", leave=((midnight - 1, midnight + 1), (midnight + 100, midnight + 2880))),
        "b": Person("b", starts_on=number("2024-04-01"), leaves_on=number("2024-04-03")),
        "c": Person("c", starts_on=number("2023-04-01"), leave=((0, 60),)),
        "d": Person("d", leaves_on=number("2023-04-01")),
    }
    facts = Facts(BERLIN, facts.first_day, 7, people=people, before=facts.before)
    work, first, last = known_work(rota_of([]), facts), facts.first_day - 3, facts.first_day + 6
    table = absent_table(work, facts, first, last)
    for row, name in enumerate(work.agent_ids):
        expected = absent_days(people[name], facts, first, last)
        assert {first + int(k) for k in table[row].nonzero()[0]} == expected
    assert table.any()


def test_day_classes_reach_more_than_a_year_back_and_ten_weeks_ahead():
    first = number("2024-06-01")
    assert day_classes(None, first, 7) is None
    classes = day_classes("DE", first, 7)
    assert classes[number("2023-05-01")] == "statutory"
    assert number("2023-04-10") not in classes
    own = day_classes(
        None, first, 1, [CalendarRow(first + d, "own", "statutory") for d in (-401, -400, 71, 72)]
    )
    assert own == {first - 400: "statutory", first + 71: "statutory"}
