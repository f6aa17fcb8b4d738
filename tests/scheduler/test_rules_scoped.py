"""Rules for some people and some time: who is in, who is out, who is not known, and where a scope begins."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, to_minutes
from scheduler.audit import audit
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.exceptions import RecordedException, excepted
from scheduler.rules.facts import Facts, Person
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.scoped import Scope, Scoped, birthday, with_limits
from scheduler.rules.weekly_hours import WeeklyHours

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
MONDAY = day_number(date(2026, 3, 2))
EIGHT_HOURS = DailyHours(480, "s")


def scoped(rule=EIGHT_HOURS, **scope):
    return Scoped(rule, Scope("here", **scope))


def people(**told):
    return {name: Person(name, **facts) for name, facts in told.items()}


def facts_with(listed, days=7, **more):
    return Facts(BERLIN, MONDAY, days, people=listed, **more)


@pytest.fixture(name="nine_hours")
def nine_hours_fixture(local_shift, rota_of):
    """A rota of nine hours from 08:00 on days of March 2026 for each agent."""

    def nine_hours(*agents, days=(2,), zone=BERLIN):
        shifts = [
            local_shift(zone, agent, f"2026-03-{day:02d}T08:00", 540) for agent in agents for day in days
        ]
        return rota_of(shifts)

    return nine_hours


class TestWhomItIsFor:
    @pytest.mark.parametrize(
        ("scope", "inside", "outside"),
        [
            ({"sites": frozenset({"X"})}, {"site": "X"}, {"site": "Y"}),
            ({"teams": frozenset({"X"})}, {"team": "X"}, {"team": "Y"}),
            ({"countries": frozenset({"X"})}, {"country": "X"}, {"country": "Y"}),
            ({"contracts": frozenset({"X"})}, {"contract_name": "X"}, {"contract_name": "Y"}),
            ({"protections": frozenset({"X"})}, {"protections": (("X", MONDAY, MONDAY),)}, {"protections": ()}),
            ({"under_age": 18}, {"born_on": day_number(date(2008, 3, 3))}, {"born_on": day_number(date(2008, 3, 2))}),
            ({"from_age": 18}, {"born_on": day_number(date(2008, 3, 2))}, {"born_on": day_number(date(2008, 3, 9))}),
        ],
    )  # fmt: skip
    def test_people_inside_outside_and_not_known(
        self, nine_hours, breaches, not_checked, scope, inside, outside
    ):
        rule = scoped(**scope)
        facts = facts_with(people(a=inside, b=outside, c={}))
        rota = nine_hours("a", "b", "c", "d")
        assert breaches(rule, rota, facts) == [("a", 540, 480)]
        (sentence,) = not_checked(rule, rota, facts)
        assert "2 people" in sentence  # c without the fact, d who is on no list
        assert list(rule.lines(facts.people["a"], facts)) == list(EIGHT_HOURS.lines(facts.people["a"], facts))
        assert list(rule.lines(facts.people["b"], facts)) == list(rule.lines(facts.people["c"], facts)) == []

    def test_all_that_is_told_must_hold(self, nine_hours, breaches):
        rule = scoped(sites=frozenset({"X"}), contracts=frozenset({"full"}))
        listed = people(a={"site": "X", "contract_name": "full"}, b={"site": "X", "contract_name": "part"})
        assert breaches(rule, nine_hours("a", "b"), facts_with(listed)) == [("a", 540, 480)]

    def test_nobody_known_is_one_finding_and_no_pass(self, nine_hours, not_checked):
        (sentence,) = not_checked(scoped(under_age=18), nine_hours("a", "b"), facts_with(None))
        assert sentence == "Not checked: birth date of nobody is known."

    def test_a_sentence_does_not_tell_which_protection(self, nine_hours, not_checked):
        rule = scoped(protections=frozenset({"pregnancy"}))
        (sentence,) = not_checked(rule, nine_hours("a"), facts_with(None))
        assert "pregnan" not in sentence

    def test_findings_go_by_the_name_with_the_label(self, nine_hours):
        rule = scoped(sites=frozenset({"X"}))
        (finding,) = rule.violations(nine_hours("a"), facts_with(people(a={"site": "X"})))
        assert (finding.rule, finding.source) == ("daily-hours:here", "s")

    def test_nobody_at_all(self, rota_of, not_checked):
        assert not_checked(scoped(under_age=18), rota_of([]), facts_with({})) == []


class TestWhen:
    def test_from_the_eighteenth_birthday_on_a_shift_is_no_minors(self, nine_hours, breaches):
        listed = people(a={"born_on": day_number(date(2008, 3, 4))})
        rule = scoped(under_age=18)
        assert breaches(rule, nine_hours("a", days=(3,)), facts_with(listed)) == [("a", 540, 480)]
        assert breaches(rule, nine_hours("a", days=(4,)), facts_with(listed)) == []
        grown = scoped(from_age=18)
        assert breaches(grown, nine_hours("a", days=(3,)), facts_with(listed)) == []
        assert breaches(grown, nine_hours("a", days=(4,)), facts_with(listed)) == [("a", 540, 480)]

    def test_a_rule_holds_from_its_day_to_its_last(self, nine_hours, rota_of):
        rule = scoped(first_day=MONDAY + 1, last_day=MONDAY + 2)
        found = rule.violations(nine_hours("a", days=(2, 3, 4, 5)), facts_with(None))
        assert [v.start // 1440 - MONDAY for v in found] == [1, 2]

    def test_a_rule_that_begins_within_the_horizon_looks_back(self, nine_hours, breaches):
        rule = scoped(WeeklyHours(2400, "s"), first_day=MONDAY + 4)
        rota = nine_hours("a", days=(2, 3, 4, 5, 6))
        assert breaches(rule, rota, facts_with(None)) == [("a", 2700, 2400)]
        before = nine_hours("a", days=(1,))
        rest = scoped(RestBetweenShifts(1440, "s"), first_day=MONDAY)
        assert breaches(rest, nine_hours("a"), facts_with(None, before=before)) == [("a", 900, 1440)]

    @pytest.mark.parametrize("scope", [{"first_day": MONDAY + 7}, {"last_day": MONDAY - 1}])
    def test_outside_its_time_it_finds_nothing_and_asks_nothing(self, nine_hours, scope):
        rule, facts = scoped(**scope), facts_with(people(a={}))
        assert list(rule.violations(nine_hours("a"), facts)) == []
        assert list(rule.lines(facts.people["a"], facts)) == []

    def test_a_solver_honours_a_rule_over_the_whole_horizon_if_it_holds_on_one_day(self):
        facts = facts_with(people(a={"protections": (("p", MONDAY + 6, MONDAY + 60),)}))
        rule = scoped(protections=frozenset({"p"}))
        assert not rule.exact
        assert list(rule.lines(facts.people["a"], facts))
        assert not list(rule.lines(facts.people["a"], replace(facts, days=6)))

    def test_two_periods_of_one_person(self, nine_hours):
        listed = people(a={"protections": (("p", MONDAY, MONDAY), ("p", MONDAY + 2, MONDAY + 2))})
        found = scoped(protections=frozenset({"p"})).violations(
            nine_hours("a", days=(2, 3, 4)), facts_with(listed)
        )
        assert [v.start // 1440 - MONDAY for v in found] == [0, 2]

    def test_birthdays_of_leap_days(self):
        born = day_number(date(2008, 2, 29))
        assert birthday(born, 4) == day_number(date(2012, 2, 29))
        assert birthday(born, 18) == day_number(date(2026, 3, 1))


def test_a_limit_within_a_scope_can_be_set():
    rule = with_limits(scoped(), minutes=420)
    assert (rule.rule.minutes, rule.name, rule.tighter) == (420, "daily-hours:here", EIGHT_HOURS.tighter)


class TestClocks:
    def test_each_person_is_judged_by_their_own_clock(self, local_shift, rota_of):
        # 40 hours in Shanghai's calendar week; by Berlin's clock its last shift would begin on Sunday
        shifts = [local_shift(SHANGHAI, "s", f"2026-03-{day:02d}T02:00", 540) for day in (9, 10, 11, 12)]
        shifts += [local_shift(BERLIN, "b", f"2026-03-{day:02d}T08:00", 540) for day in (9, 10, 11, 12, 13)]
        facts = Facts(BERLIN, MONDAY, 14, people=people(s={"zone": SHANGHAI}, b={}))
        found = [v for v in audit(rota_of(shifts), [WeeklyHours(2000, "s")], facts) if v.verdict == "breach"]
        assert [(v.agent_id, v.start) for v in found] == [
            ("b", to_minutes(date_at(BERLIN))), ("s", to_minutes(date_at(SHANGHAI))),
        ]  # fmt: skip

    def test_rest_over_a_clock_change_that_only_one_site_has(self, local_shift, rota_of):
        night = [
            local_shift(zone, a, "2026-03-28T14:00", 480) for zone, a in ((BERLIN, "b"), (SHANGHAI, "s"))
        ]
        morning = [
            local_shift(zone, a, "2026-03-29T09:00", 480) for zone, a in ((BERLIN, "b"), (SHANGHAI, "s"))
        ]
        facts = Facts(SHANGHAI, MONDAY + 21, 7, people=people(b={"zone": BERLIN}, s={}))
        (found,) = (
            v for v in audit(rota_of(night + morning), [RestBetweenShifts(660, "s")], facts) if v.found
        )
        assert (found.agent_id, found.found) == ("b", 600)
        assert "2026-03-29 09:00" in found.explanation


def date_at(zone):
    return datetime(2026, 3, 9, tzinfo=zone)


class TestExceptions:
    @pytest.mark.parametrize(
        ("changes", "covered"),
        [
            ({}, True),
            ({"agent_id": ""}, True),
            ({"agent_id": "b"}, False),
            ({"rule": "weekly-hours"}, False),
            ({"rule": "daily-hours:minors"}, False),
            ({"end": MONDAY * 1440}, False),
            ({"start": (MONDAY + 1) * 1440}, False),
        ],
    )
    def test_what_an_exception_covers(self, nine_hours, changes, covered):
        (finding,) = EIGHT_HOURS.violations(nine_hours("a"), facts_with(None))
        recorded = RecordedException("daily-hours", "a", MONDAY * 1440, (MONDAY + 1) * 1440, "flood", "HR")
        told = excepted(finding, [replace(recorded, **changes)])
        assert (told.verdict == "excepted") == covered
        assert told.explanation.endswith("Recorded exception: flood, approved by HR.") == covered

    def test_an_exception_for_a_rule_covers_its_scopes_too(self, nine_hours):
        rule = scoped(sites=frozenset({"X"}))
        (finding,) = rule.violations(nine_hours("a"), facts_with(people(a={"site": "X"})))
        recorded = RecordedException("daily-hours", "", 0, 10**9, "flood")
        assert excepted(finding, [recorded]).explanation.endswith("exception: flood.")

    def test_the_audit_tells_breaches_that_are_answered_for(self, nine_hours):
        recorded = RecordedException("daily-hours", "a", 0, 10**9, "flood")
        found = audit(nine_hours("a", "b"), [EIGHT_HOURS], facts_with(None), exceptions=[recorded])
        assert [(v.agent_id, v.verdict) for v in found] == [("a", "excepted"), ("b", "breach")]

    def test_what_was_not_checked_stays_so(self, nine_hours):
        (finding,) = scoped(under_age=18).violations(nine_hours("a"), facts_with(None))
        recorded = RecordedException("daily-hours", "", 0, 10**9, "flood")
        assert excepted(finding, [recorded]) == finding
