"""Notice, standing by, call-outs, training, minimum age and consent by hand: limits, clock changes, edges of what is known."""

from dataclasses import replace
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, local_instant
from scheduler.rota import joined
from scheduler.rules.call_out_rest import CallOutRest
from scheduler.rules.facts import Facts, Person
from scheduler.rules.minimum_age import MinimumAge
from scheduler.rules.notice_of_change import NoticeOfChange
from scheduler.rules.on_call_days import OnCallDays
from scheduler.rules.on_call_hours import OnCallHours
from scheduler.rules.primitives import ForbiddenDay, ForbiddenTime
from scheduler.rules.rest_after_training import RestAfterTraining
from scheduler.rules.rest_between_shifts import RestBetweenShifts

BERLIN = ZoneInfo("Europe/Berlin")
FOURTEEN = NoticeOfChange(14, "s")
HOURS = NoticeOfChange(3, "s", "24-hours")


def number(day):
    return day_number(date.fromisoformat(day))


def at(text):
    day, clock = text.split("T")
    return local_instant(BERLIN, number(day), int(clock[:2]) * 60 + int(clock[3:]))


def horizon(start, days=7, **more):
    return Facts(BERLIN, number(start), days, **more)


@pytest.fixture(name="told")
def told_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes, activity) in Berlin, each a row of its own."""

    def told(*stretches):
        rows = []
        for agent, start, minutes, *kind in stretches:
            for row in local_shift(BERLIN, agent, start, minutes).rows():
                rows.append((*row[:4], *(kind or ["work:*"]), *row[5:]))
        return rota_of([], rows)

    return told


class TestNotice:
    @pytest.mark.parametrize(
        ("published", "day", "expected"),
        [
            ("2024-03-01T23:59", "2024-03-15", []),
            ("2024-03-01T00:00", "2024-03-14", [("a", 13, 14)]),
            ("2024-02-15T12:00", "2024-02-29", []),
            ("2024-02-16T00:00", "2024-02-29", [("a", 13, 14)]),
            ("2024-12-20T12:00", "2025-01-02", [("a", 13, 14)]),
            ("2025-01-03T12:00", "2025-01-02", [("a", 0, 14)]),  # told afterwards
        ],
    )
    def test_calendar_days(self, told, breaches, published, day, expected):
        rota = told(("a", f"{day}T00:30", 60))
        assert breaches(FOURTEEN, rota, horizon(day, 1, published_at=at(published))) == expected

    @pytest.mark.parametrize(
        ("published", "start", "expected"),
        [
            ("2024-05-06T08:00", "2024-05-09T08:00", []),
            ("2024-05-06T08:01", "2024-05-09T08:00", [("a", 4319, 4320)]),
            ("2024-03-29T08:00", "2024-04-01T08:00", [("a", 4260, 4320)]),  # three days less an hour
            ("2024-03-29T07:00", "2024-04-01T08:00", []),
            ("2024-10-25T09:00", "2024-10-28T08:00", []),  # three days and an hour
        ],
    )
    def test_days_of_24_hours_are_elapsed_time(self, told, breaches, published, start, expected):
        rota = told(("a", start, 60))
        assert breaches(HOURS, rota, horizon(start[:10], 1, published_at=at(published))) == expected

    def test_a_change_told_later_counts_for_its_day_alone(self, told, breaches, not_checked):
        rota = told(
            ("员工7", "2024-05-20T08:00", 60),
            ("员工7", "2024-05-21T08:00", 60),
            ("b", "2024-05-21T08:00", 60),
        )
        notices = {("员工7", number("2024-05-21")): at("2024-05-19T08:00"), ("nobody", 5): 0}
        facts = horizon("2024-05-20", published_at=at("2024-05-01T08:00"), notices=notices)
        assert breaches(FOURTEEN, rota, facts) == [("员工7", 2, 14)]
        assert breaches(NoticeOfChange(2, "s", "24-hours"), rota, facts) == []
        unknown = horizon("2024-05-20", notices=notices)
        assert breaches(FOURTEEN, rota, unknown) == [("员工7", 2, 14)]
        (sentence,) = not_checked(FOURTEEN, rota, unknown)
        assert sentence.startswith("Not checked for 2 people")

    def test_what_cannot_be_known_is_not_checked(self, told, breaches, not_checked):
        rota = told(("a", "2024-05-20T08:00", 60), ("b", "2024-05-28T08:00", 60))
        assert breaches(FOURTEEN, rota, horizon("2024-05-20")) == []
        assert "1 person:" in not_checked(FOURTEEN, rota, horizon("2024-05-20"))[0]
        assert not_checked(FOURTEEN, told(), horizon("2024-05-20")) == []

    def test_what_a_solver_is_told(self):
        facts = horizon("2024-05-06", published_at=at("2024-05-05T08:00"))
        assert list(NoticeOfChange(2, "s").lines(Person("a"), facts)) == [ForbiddenDay(number("2024-05-06"))]
        until = at("2024-05-08T08:00")
        assert list(HOURS.lines(Person("a"), facts)) == [ForbiddenTime(at("2024-05-06T00:00"), until)]
        assert list(HOURS.lines(Person("a"), horizon("2024-05-06"))) == []
        assert list(HOURS.lines(Person("a"), horizon("2024-05-06", published_at=0))) == []

    def test_a_solver_is_told_of_a_persons_own_changes_day_by_day(self):
        second, third = number("2024-05-07"), number("2024-05-08")
        told = {("a", second): at("2024-05-06T20:00"), ("b", third): at("2024-05-07T20:00")}
        facts = horizon("2024-05-06", published_at=at("2024-04-01T08:00"), notices=told)
        day = ForbiddenTime(at("2024-05-07T00:00"), at("2024-05-08T00:00"))
        assert list(HOURS.lines(Person("a"), facts)) == [day]
        assert list(HOURS.lines(Person("c"), facts)) == []
        assert list(NoticeOfChange(2, "s").lines(Person("a"), facts)) == [ForbiddenDay(second)]

    @pytest.mark.parametrize("changed", [None, "2024-03-30T10:00"])
    @pytest.mark.parametrize("rule", [NoticeOfChange(2, "s"), NoticeOfChange(2, "s", "24-hours")])
    def test_its_lines_are_those_that_its_verdict_passes(self, rule, changed, local_shift, rota_of, honours):
        first = number("2024-03-29")
        clocks = {"day": ("07:00", 510), "late": ("12:30", 480), "night": ("22:00", 600)}
        lines = [
            [
                local_shift(
                    BERLIN,
                    f"p{n:03d}",
                    f"{date.fromordinal(719163 + first + k)}T{clocks[c][0]}",
                    clocks[c][1],
                )
                for k, c in enumerate(line)
                if c
            ]
            for n, line in enumerate(product((None, *clocks), repeat=4))
        ]
        notices = {(f"p{n:03d}", first + 2): at(changed) for n in range(len(lines)) if changed}
        facts = Facts(BERLIN, first, 4, published_at=at("2024-03-28T12:30"), notices=notices)
        rota = rota_of([s for line in lines for s in line])
        broken = {v.agent_id for v in rule.violations(rota, facts)}
        accepted = {
            f"p{n:03d}"
            for n, line in enumerate(lines)
            if all(honours(p, line) for p in rule.lines(Person(f"p{n:03d}"), facts))
        }
        passed = {f"p{n:03d}" for n in range(len(lines))} - broken
        assert accepted <= passed
        assert accepted == passed or (changed and rule.counting == "24-hours")
        assert 1 < len(accepted) < len(lines)


class TestOnCall:
    def stand_by(self, agent, *days, minutes=720):
        return [(agent, f"{day}T18:00", minutes, "on_call") for day in days]

    def test_days_of_a_week_and_of_a_month(self, told, breaches):
        rota = told(
            *self.stand_by("a", "2024-02-28", "2024-02-29", "2024-03-01"),
            *self.stand_by("b", "2024-02-26", "2024-02-27", "2024-02-28"),
            ("a", "2024-02-28T08:00", 60, "on_call"),  # the same day again
        )
        facts = horizon("2024-02-26")
        assert sorted(breaches(OnCallDays(2, "s"), rota, facts)) == [("a", 3, 2), ("b", 3, 2)]
        assert breaches(OnCallDays(2, "s", "month"), rota, facts) == [("b", 3, 2)]
        assert breaches(OnCallDays(3, "s"), rota, facts) == []

    @pytest.mark.parametrize(
        ("minutes", "night", "expected"),
        [
            (720, "2024-05-06", []),
            (721, "2024-05-06", [("a", 721, 720)]),
            (721, "2024-03-31", [("a", 721, 720)]),
        ],
    )
    def test_minutes_at_the_limit(self, told, breaches, minutes, night, expected):
        rota = told(*self.stand_by("a", night, minutes=minutes))
        assert breaches(OnCallHours(720, "s"), rota, horizon(night)) == expected

    def test_a_minute_told_twice_counts_once_and_work_counts_not(self, told, breaches):
        rota = told(
            *self.stand_by("a", "2024-05-06"), *self.stand_by("a", "2024-05-06", minutes=600),
            ("a", "2024-05-06T08:00", 480), ("a", "2024-05-06T20:00", 60, "call_out:line"),
        )  # fmt: skip
        assert breaches(OnCallHours(720, "s"), rota, horizon("2024-05-06")) == []
        assert breaches(OnCallHours(719, "s"), rota, horizon("2024-05-06")) == [("a", 720, 719)]

    def test_before_the_horizon_counts_and_what_is_unknown_is_not_checked(self, told, breaches, not_checked):
        before = told(*self.stand_by("a", "2024-05-06", "2024-05-07"))
        rota = told(*self.stand_by("a", "2024-05-08"), *self.stand_by("c", "2024-05-12"))
        facts = horizon("2024-05-08", 5, before=before)
        assert breaches(OnCallDays(2, "s"), rota, facts) == [("a", 3, 2)]
        assert breaches(OnCallHours(1440, "s"), rota, facts) == [("a", 2160, 1440)]
        for rule in (OnCallDays(2, "s"), OnCallHours(1440, "s")):
            alone = horizon("2024-05-08", 5, people={"c": Person("c", starts_on=number("2024-05-08"))})
            assert "1 person:" in not_checked(rule, rota, alone)[0]
            assert not_checked(rule, rota, horizon("2024-05-06", 7)) == []
            assert list(rule.lines(Person("a"), facts)) == []
            assert breaches(rule, told(), facts) == []


class TestCallOutRest:
    REST = CallOutRest(660, "s")
    ANYWHERE = CallOutRest(660, "s", "anywhere")

    def test_eleven_hours_from_its_end(self, told, breaches):
        def day(agent, start):
            return (
                (agent, "2024-05-06T08:00", 480), (agent, "2024-05-06T22:30", 60, "call_out"),
                (agent, start, 480),
            )  # fmt: skip

        rota = told(*day("a", "2024-05-07T10:30"), *day("b", "2024-05-07T10:29"))
        assert breaches(self.REST, rota, horizon("2024-05-06")) == [("b", 659, 660)]
        assert breaches(self.ANYWHERE, rota, horizon("2024-05-06")) == [("b", 659, 660)]

    def test_a_rest_had_before_it_is_enough_where_anywhere_counts(self, told, breaches):
        rota = told(
            ("a", "2024-05-06T08:00", 480), ("a", "2024-05-07T03:00", 60, "call_out"), ("a", "2024-05-07T08:00", 60),
            ("b", "2024-05-06T08:00", 480), ("b", "2024-05-07T02:59", 60, "call_out"), ("b", "2024-05-07T08:00", 60),
        )  # fmt: skip
        assert breaches(self.REST, rota, horizon("2024-05-06")) == [("a", 240, 660), ("b", 241, 660)]
        assert breaches(self.ANYWHERE, rota, horizon("2024-05-06")) == [("b", 659, 660)]

    def test_the_last_of_several_counts_and_the_rest_between_them(self, told, breaches):
        rota = told(
            ("a", "2024-05-06T08:00", 480), ("a", "2024-05-06T20:00", 60, "call_out"),
            ("a", "2024-05-07T08:00", 60, "call_out"), ("a", "2024-05-07T12:00", 60),
        )  # fmt: skip
        assert breaches(self.REST, rota, horizon("2024-05-06")) == [("a", 180, 660)]
        assert breaches(self.ANYWHERE, rota, horizon("2024-05-06")) == []
        assert breaches(replace(self.ANYWHERE, minimum_minutes=661), rota, horizon("2024-05-06")) == [
            ("a", 660, 661)
        ]

    def test_one_that_lengthens_a_shift_breaks_into_no_rest(self, told, breaches):
        rota = told(
            ("a", "2024-05-06T08:00", 480), ("a", "2024-05-06T16:00", 60, "call_out"), ("a", "2024-05-07T00:00", 60),
            ("b", "2024-05-06T08:00", 480), ("b", "2024-05-06T16:01", 60, "call_out"), ("b", "2024-05-07T00:00", 60),
            ("c", "2024-05-06T08:00", 120), ("c", "2024-05-06T10:00", 60, "call_out"), ("c", "2024-05-06T11:00", 60),
            ("d", "2024-05-06T08:00", 480), ("d", "2024-05-06T16:00", 60, "call_out"),
            ("d", "2024-05-06T17:00", 60, "call_out"), ("d", "2024-05-07T00:00", 60),
        )  # fmt: skip
        assert breaches(self.REST, rota, horizon("2024-05-06")) == [("b", 419, 660)]

    def test_clocks_change_in_the_rest(self, told, breaches):
        rota = told(("a", "2024-03-30T20:00", 60, "call_out"), ("a", "2024-03-31T08:00", 60))
        assert breaches(self.REST, rota, horizon("2024-03-30")) == [("a", 600, 660)]
        rota = told(("a", "2024-10-26T20:00", 60, "call_out"), ("a", "2024-10-27T07:00", 60))
        assert breaches(self.REST, rota, horizon("2024-10-26")) == []

    def test_a_call_out_before_the_horizon_counts_for_verdict_and_lines(self, told, breaches):
        before = told(("a", "2024-12-31T08:00", 480), ("a", "2024-12-31T23:00", 60, "call_out"))
        facts = horizon("2025-01-01", before=before)
        soon = ForbiddenTime(at("2025-01-01T00:00"), at("2025-01-01T11:00"))
        for start, found in (("10:59", [("a", 659, 660)]), ("11:00", [])):
            assert breaches(self.REST, told(("a", f"2025-01-01T{start}", 60)), facts) == found
        assert list(self.REST.lines(Person("a"), facts)) == [soon]
        assert list(self.ANYWHERE.lines(Person("a"), facts)) == [soon]
        assert list(CallOutRest(420, "s", "anywhere").lines(Person("a"), facts)) == []
        assert list(self.REST.lines(Person("b"), facts)) == []
        assert list(self.REST.lines(Person("a"), horizon("2025-01-01"))) == []

    def test_what_may_lie_before_the_known_days_is_not_checked(self, told, breaches, not_checked):
        rota = told(
            ("a", "2024-05-06T08:00", 60),
            ("a", "2024-05-08T18:00", 60, "on_call"),
            ("b", "2024-05-06T08:00", 60),
        )
        assert "1 person:" in not_checked(self.REST, rota, horizon("2024-05-06"))[0]
        newcomer = {"a": Person("a", starts_on=number("2024-05-06"))}
        assert not_checked(self.REST, rota, horizon("2024-05-06", people=newcomer)) == []
        first = told(("a", "2024-05-06T03:00", 60, "call_out"), ("a", "2024-05-06T08:00", 60))
        assert breaches(self.ANYWHERE, first, horizon("2024-05-06")) == []
        assert breaches(self.REST, first, horizon("2024-05-06")) == [("a", 240, 660)]


class TestRestAfterTraining:
    REST = RestAfterTraining(720, "s")

    @pytest.mark.parametrize(
        ("start", "expected"), [("2024-05-07T06:00", []), ("2024-05-07T05:59", [("a", 719, 720)])]
    )
    def test_twelve_hours_from_the_end_of_the_shift(self, told, breaches, start, expected):
        rota = told(
            ("a", "2024-05-06T09:00", 120, "training:product"),
            ("a", "2024-05-06T11:00", 420),
            ("a", start, 60),
        )
        assert breaches(self.REST, rota, horizon("2024-05-06")) == expected
        assert breaches(replace(self.REST, training="whole"), rota, horizon("2024-05-06")) == []

    def test_a_shift_of_training_and_breaks_is_whole(self, told, breaches):
        rota = told(
            ("a", "2024-05-06T09:00", 120, "training"), ("a", "2024-05-06T11:00", 30, "meal"),
            ("a", "2024-05-06T11:30", 420, "training"), ("a", "2024-05-07T06:00", 60),
            ("b", "2024-05-06T09:00", 480), ("b", "2024-05-07T04:00", 60, "training"), ("b", "2024-05-07T22:00", 60),
        )  # fmt: skip
        assert breaches(replace(self.REST, training="whole"), rota, horizon("2024-05-06")) == [
            ("a", 690, 720)
        ]

    def test_training_of_another_shift_or_person_asks_for_none(self, told, breaches):
        rota = told(("a", "2024-05-06T09:00", 480, "training"), ("b", "2024-05-06T18:00", 60))
        assert breaches(self.REST, rota, horizon("2024-05-06")) == []
        near = told(
            ("a", "2024-05-06T08:02", 60, "training"),
            ("b", "2024-05-06T08:00", 60),
            ("b", "2024-05-06T16:00", 60),
        )
        assert breaches(self.REST, near, horizon("2024-05-06")) == []
        parts = told(("a", "2024-05-05T06:00", 120, "training"), ("a", "2024-05-05T14:00", 240))
        facts = horizon("2024-05-06", before=parts)
        assert breaches(self.REST, told(("a", "2024-05-06T05:59", 60)), facts) == []
        assert list(self.REST.lines(Person("a"), facts)) == []

    @pytest.mark.parametrize(
        ("day", "start", "found"),
        [
            ("2024-03-30", "2024-03-31T06:00", 660),
            ("2024-10-26", "2024-10-27T04:59", 719),
            ("2024-12-31", "2025-01-01T05:59", 719),
            ("2024-02-28", "2024-02-29T05:59", 719),
        ],
    )
    def test_elapsed_time_across_nights_and_years(self, told, breaches, day, start, found):
        rota = told(("a", f"{day}T10:00", 480, "training"), ("a", start, 60))
        assert breaches(self.REST, rota, horizon(day)) == [("a", found, 720)]

    def test_training_before_the_horizon(self, told, breaches, not_checked):
        before = told(
            ("a", "2024-05-05T10:00", 480, "training"), ("b", "2024-05-05T10:00", 480),
            ("c", "2024-05-04T10:00", 480, "training"), ("c", "2024-05-05T10:00", 480),
        )  # fmt: skip
        rota = told(*((who, "2024-05-06T05:59", 60) for who in "abc"))
        facts = horizon("2024-05-06", before=before)
        assert breaches(self.REST, rota, facts) == [("a", 719, 720)]
        assert not_checked(self.REST, rota, facts) == []
        assert "3 people" in not_checked(self.REST, rota, horizon("2024-05-06"))[0]
        ended = at("2024-05-05T18:00")
        assert list(self.REST.lines(Person("a"), facts)) == [ForbiddenTime(ended, ended + 720)]
        whole = replace(self.REST, training="whole")
        assert list(whole.lines(Person("a"), facts)) == [ForbiddenTime(ended, ended + 720)]
        for who in "bcd":
            assert list(self.REST.lines(Person(who), facts)) == []
        mixed = replace(facts, before=joined(before, told(("a", "2024-05-05T18:00", 60))))
        assert list(whole.lines(Person("a"), mixed)) == []
        assert list(self.REST.lines(Person("a"), mixed)) == [ForbiddenTime(ended + 60, ended + 780)]


class TestMinimumAge:
    SIXTEEN = MinimumAge(16, "s")

    @pytest.mark.parametrize(
        ("born", "day", "age"),
        [
            ("2010-03-02", "2026-03-02", None),
            ("2010-03-02", "2026-03-01", 15),
            ("2010-03-02", "2025-03-02", 15),
            ("2008-02-29", "2024-02-29", None),
            ("2008-02-29", "2024-02-28", 15),
            ("2012-02-29", "2028-02-28", 15),
            ("2010-12-31", "2026-12-30", 15),
            ("2010-01-01", "2024-12-31", 14),
        ],
    )
    def test_the_birthday_is_the_first_lawful_day(self, told, breaches, born, day, age):
        people = {"a": Person("a", born_on=number(born))}
        facts = horizon(day, 1, people=people)
        rota = told(("a", f"{day}T08:00", 60))
        assert breaches(self.SIXTEEN, rota, facts) == ([("a", age, 16)] if age else [])
        forbidden = [ForbiddenDay(number(day))] if age else []
        assert list(self.SIXTEEN.lines(people["a"], facts)) == forbidden

    def test_each_person_once_and_only_while_too_young(self, told):
        people = {"a": Person("a", born_on=number("2010-05-08")), "b": Person("b", born_on=0)}
        rota = told(*((who, f"2026-05-{day:02d}T08:00", 60) for who in "ab" for day in (6, 7, 8)))
        (finding,) = self.SIXTEEN.violations(rota, horizon("2026-05-06", people=people))
        assert "2 shift(s)" in finding.explanation
        assert (finding.start, finding.end) == (at("2026-05-06T08:00"), at("2026-05-07T09:00"))

    def test_an_unknown_birth_date_is_not_checked(self, told, breaches, not_checked):
        rota = told(
            ("a", "2026-05-06T08:00", 60), ("b", "2026-05-06T08:00", 60), ("c", "2026-05-14T08:00", 60)
        )
        facts = horizon("2026-05-06", people={"a": Person("a")})
        assert breaches(self.SIXTEEN, rota, facts) == []
        assert not_checked(self.SIXTEEN, rota, facts)[0].startswith("Not checked for 2 people")
        assert list(self.SIXTEEN.lines(Person("a"), facts)) == []
        assert not_checked(self.SIXTEEN, told(), facts) == []


def test_a_short_rest_with_consent_on_record_is_excepted(told, breaches):
    rule = RestBetweenShifts(600, "s", consent=True)
    rota = told(*((who, start, 60) for who in "abc" for start in ("2024-05-06T22:00", "2024-05-07T08:59")))
    agreed = Person("a", opt_outs=frozenset({"rest-between-shifts"}))
    facts = horizon("2024-05-06", people={"a": agreed, "b": Person("b")})
    assert breaches(rule, rota, facts) == [("b", 599, 600), ("c", 599, 600)]
    (excepted,) = [v for v in rule.violations(rota, facts) if v.verdict == "excepted"]
    assert (excepted.agent_id, excepted.found, excepted.short) == ("a", 599, 1)
    assert "consent" in excepted.explanation
    assert list(rule.lines(agreed, facts)) == []
    assert list(rule.lines(Person("b"), facts)) != []
    strict = RestBetweenShifts(600, "s")
    assert len(breaches(strict, rota, facts)) == 3
    assert list(strict.lines(agreed, facts)) != []


@pytest.mark.parametrize(("start", "expected"), [("10:30", []), ("10:29", [("a", 659, 660)])])
def test_a_call_out_begins_the_rest_between_shifts_anew(told, breaches, start, expected):
    rota = told(
        ("a", "2024-05-06T08:00", 480), ("a", "2024-05-06T22:30", 60, "call_out"), ("a", f"2024-05-07T{start}", 480),
        ("b", "2024-05-06T08:00", 480), ("b", "2024-05-06T22:30", 60), ("b", "2024-05-07T10:30", 60),
    )  # fmt: skip
    rule = RestBetweenShifts(660, "s")
    assert breaches(rule, rota, horizon("2024-05-06")) == [*expected, ("b", 390, 660)]
    within = told(
        ("a", "2024-05-06T08:00", 840),
        ("a", "2024-05-07T06:00", 120),
        ("a", "2024-05-07T08:00", 60, "call_out"),
    )
    assert breaches(rule, within, horizon("2024-05-06")) == [("a", 480, 660)]
    early = told(("a", "2024-05-05T22:30", 60, "call_out"))
    later = told(("a", "2024-05-06T10:29", 60))
    assert breaches(rule, later, horizon("2024-05-06", before=early)) == [("a", 659, 660)]
