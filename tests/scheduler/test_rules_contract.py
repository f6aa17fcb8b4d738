"""Contract, employment, leave and skill rules, verdicts worked by hand."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, local_instant
from centre.model import Contract, Overtime
from scheduler.rules.contract_days import ContractDays
from scheduler.rules.contract_minutes import ContractMinutes
from scheduler.rules.contract_shifts import ContractShifts
from scheduler.rules.employment import Employment
from scheduler.rules.facts import Facts, Person
from scheduler.rules.known_people import KnownPeople
from scheduler.rules.leave import Leave
from scheduler.rules.primitives import BoundedSum
from scheduler.rules.skills import Skills

BERLIN = ZoneInfo("Europe/Berlin")
FULL = Contract("5x8", 2400, 2400, 5, 5, ("day",), overtime=Overtime(60))
FLEXIBLE = Contract("flexible", 900, 1500, 2, 4, ("day", "late"))
MONDAY = day_number(date(2024, 5, 6))


def person(agent_id="a", contract=FULL, **more):
    return Person(agent_id, contract, **more)


def horizon(*people, first=MONDAY, days=7, before=None):
    return Facts(BERLIN, first, days, people={p.agent_id: p for p in people}, before=before)


def instant(day, clock):
    hour, minute = map(int, clock.split(":"))
    return local_instant(BERLIN, day_number(date.fromisoformat(day)), hour * 60 + minute)


def leave(start, end):
    return instant(*start.split("T")), instant(*end.split("T"))


@pytest.fixture(name="rota")
def rota_fixture(local_shift, rota_of):
    """A rota of (agent, day of May 2024, paid minutes, name), all from 08:00."""

    def rota(*told):
        return rota_of(
            [local_shift(BERLIN, a, f"2024-05-{d:02d}T08:00", m, (), *name) for a, d, m, *name in told]
        )

    return rota


def days(agent, *numbers, minutes=480):
    return [(agent, number, minutes) for number in numbers]


class TestContractMinutes:
    RULE = ContractMinutes("contract")

    def test_the_week_lies_between_minimum_and_maximum_with_overtime(self, rota, breaches):
        facts = horizon(*(person(a) for a in "abcd"))
        told = [(a, d, 480) for a in "abcd" for d in range(6, 10)]
        friday = [("a", 10, 480), ("b", 10, 479), ("c", 10, 540), ("d", 10, 541)]
        assert breaches(self.RULE, rota(*told, *friday), facts) == [("d", 2461, 2460), ("b", 2399, 2400)]

    def test_who_is_not_in_the_rota_at_all_lacks_the_minimum(self, rota, breaches):
        facts = horizon(person("a"), person("b", FLEXIBLE))
        assert breaches(self.RULE, rota(*days("a", 6, 7, 8, 9, 10)), facts) == [("b", 0, 900)]

    @pytest.mark.parametrize(
        ("away", "minimum"),
        [
            (("2024-05-10T00:00", "2024-05-11T00:00"), 1920),  # a day
            (("2024-05-10T10:00", "2024-05-10T12:00"), 1920),  # a part of a day
            (("2024-05-09T23:00", "2024-05-10T01:00"), 1440),  # parts of two days
            (("2024-05-01T00:00", "2024-06-01T00:00"), 0),
        ],
    )
    def test_each_day_of_leave_lowers_the_minimum_by_a_days_part(self, rota, breaches, away, minimum):
        facts = horizon(person(leave=(leave(*away),)))
        enough = [("a", 6, minimum)] if minimum else []
        assert breaches(self.RULE, rota(*enough, ("b", 6, 1)), facts) == []
        if minimum:
            assert breaches(self.RULE, rota(("a", 6, minimum - 1)), facts) == [("a", minimum - 1, minimum)]
        (line,) = self.RULE.lines(facts.people["a"], facts)
        assert line == BoundedSum(MONDAY, MONDAY + 6, "paid_minutes", minimum or None, 2460)

    def test_days_not_employed_lower_it_too(self, rota, breaches):
        facts = horizon(person("a", starts_on=MONDAY + 3), person("b", leaves_on=MONDAY + 1))
        told = rota(("a", 9, 479), ("a", 10, 480), ("b", 6, 480))
        # a: Thursday to Sunday, 3 days absent: 960; b: Monday and Tuesday, 5 absent: 0
        assert breaches(self.RULE, told, facts) == [("a", 959, 960)]

    def test_weeks_known_in_part_have_a_maximum_and_an_open_minimum(self, rota, breaches, not_checked):
        facts = horizon(person("a"), person("b"), first=MONDAY + 2, days=5)
        told = rota(*days("a", 8, 9, 10), *days("b", 8, 9, minutes=1300))
        assert breaches(self.RULE, told, facts) == [("b", 2600, 2460)]
        (sentence,) = not_checked(self.RULE, told, facts)
        assert "1 person" in sentence
        assert [line.low for line in self.RULE.lines(facts.people["a"], facts)] == [None]

    def test_before_completes_the_week(self, rota, breaches):
        before = rota(*days("a", 6, 7), *days("b", 6))
        facts = horizon(person("a"), person("b"), first=MONDAY + 2, days=5, before=before)
        told = rota(*days("a", 8, 9, 10), *days("b", 8, 9, 10))
        assert breaches(self.RULE, told, facts) == [("b", 1920, 2400)]
        (line,) = self.RULE.lines(facts.people["b"], facts)
        assert line == BoundedSum(MONDAY + 2, MONDAY + 6, "paid_minutes", 1920, 1980)

    def test_missing_lists_and_contracts_are_told_once(self, rota, not_checked):
        told = rota(*days("a", 6), *days("b", 6), *days("c", 6))
        assert len(not_checked(self.RULE, told, Facts(BERLIN, MONDAY, 7))) == 1
        (sentence,) = not_checked(self.RULE, told, horizon(person("a", None), person("b", FLEXIBLE)))
        assert "2 people" in sentence


class TestContractDays:
    RULE = ContractDays("contract")

    def test_between_minimum_and_maximum(self, rota, breaches):
        facts = horizon(*(person(a, FLEXIBLE) for a in "abcd"))
        told = rota(
            *days("a", 6, 7), *days("b", 6), *days("c", 6, 7, 8, 9), *days("d", 6, 7, 8, 9, 10, minutes=60)
        )
        assert breaches(self.RULE, told, facts) == [("d", 5, 4), ("b", 1, 2)]

    def test_leave_lowers_the_minimum_by_its_days(self, rota, breaches):
        facts = horizon(person("a", leave=(leave("2024-05-09T00:00", "2024-05-11T00:00"),)))
        assert breaches(self.RULE, rota(*days("a", 6, 7, 8)), facts) == []
        assert breaches(self.RULE, rota(*days("a", 6, 7)), facts) == [("a", 2, 3)]

    def test_two_stretches_of_a_day_are_one_day(self, rota, breaches):
        facts = horizon(person("a", FLEXIBLE))
        told = rota(("a", 6, 60), ("a", 7, 60), ("a", 8, 60), ("a", 9, 60), ("a", 9, 30))
        assert breaches(self.RULE, told, facts) == []


def test_contract_shifts(rota, breaches, not_checked):
    rule = ContractShifts("contract")
    facts = horizon(person("a"), person("b", FLEXIBLE), person("c", None))
    told = rota(("a", 6, 480, "late"), ("a", 7, 480), ("b", 6, 480, "late"), ("c", 6, 480, "late"))
    assert breaches(rule, told, facts) == [("a", None, None)]
    (finding,) = (v for v in rule.violations(told, facts) if v.agent_id)
    assert "'late'" in finding.explanation
    assert len(not_checked(rule, told, facts)) == 1
    assert len(not_checked(rule, told, Facts(BERLIN, MONDAY, 7))) == 1


def test_employment_counts_its_first_and_last_day(rota, breaches):
    facts = horizon(person("a", starts_on=MONDAY + 1, leaves_on=MONDAY + 3), person("b"))
    told = rota(*days("a", 6, 7, 9, 10), *days("b", 6))
    assert breaches(Employment("s"), told, facts) == [("a", 480, 0), ("a", 480, 0)]
    assert [v.start for v in Employment("s").violations(told, facts)] == [
        instant("2024-05-06", "08:00"),
        instant("2024-05-10", "08:00"),
    ]


class TestLeave:
    RULE = Leave("leave.csv")

    def test_work_may_touch_leave_and_not_enter_it(self, rota, breaches):
        away = (leave("2024-05-06T16:00", "2024-05-07T08:00"), leave("2024-05-08T15:59", "2024-05-09T00:00"))
        facts = horizon(person("a", leave=away), person("b"))
        told = rota(*days("a", 6, 7, 8), *days("b", 6, 7, 8))
        assert breaches(self.RULE, told, facts) == [("a", 1, 0)]

    def test_a_leave_of_days_meets_every_shift_inside(self, rota, breaches):
        facts = horizon(person("a", leave=(leave("2024-05-07T00:00", "2024-05-09T12:00"),)))
        assert breaches(self.RULE, rota(*days("a", 6, 7, 8, 9, 10)), facts) == [
            ("a", 480, 0),
            ("a", 480, 0),
            ("a", 240, 0),
        ]

    def test_a_row_of_leave_is_no_work(self, rota_of, breaches):
        row = ("a", date(2024, 5, 6), "2024-05-06T06:00Z", "2024-05-06T14:00Z", "leave", "", True)
        facts = horizon(person("a", leave=(leave("2024-05-06T00:00", "2024-05-07T00:00"),)))
        assert breaches(self.RULE, rota_of([], [row]), facts) == []

    def test_the_sentence_tells_nothing_but_the_hours(self, rota):
        facts = horizon(person("a", leave=(leave("2024-05-06T12:00", "2024-05-07T00:00"),)))
        (finding,) = self.RULE.violations(rota(*days("a", 6)), facts)
        assert finding.explanation == (
            "a works from 2024-05-06 12:00 to 2024-05-06 16:00 during leave (240 min; none are allowed)."
        )


def test_skills(rota_of, breaches, not_checked):
    rows = [
        (
            agent,
            date(2024, 5, 6),
            f"2024-05-06T{hour:02d}:00Z",
            f"2024-05-06T{hour + 1:02d}:00Z",
            activity,
            "day",
            True,
        )
        for agent in "abc"
        for hour, activity in (
            (6, "work:电话"),
            (7, "work:chat"),
            (8, "work:*"),
            (9, "break"),
            (10, "meeting:chat"),
        )
    ]
    facts = horizon(person("a", skills=frozenset({"电话"})), person("b", skills=frozenset({"电话", "chat"})))
    told = rota_of([], rows)
    assert breaches(Skills("s"), told, facts) == [("a", 60, 0)]
    assert len(not_checked(Skills("s"), told, facts)) == 1  # c is not on the list
    assert len(not_checked(Skills("s"), told, Facts(BERLIN, MONDAY, 7))) == 1


def test_known_people(rota, breaches, not_checked):
    told = rota(*days("a", 6), *days("x", 6, 7))
    assert breaches(KnownPeople("s"), told, horizon(person("a"))) == [("x", 2, 0)]
    assert len(not_checked(KnownPeople("s"), told, Facts(BERLIN, MONDAY, 7))) == 1
