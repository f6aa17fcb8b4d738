"""Presets on small rotas worked by hand from the articles: at the limit, a minute over, and for whom."""

from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, to_minutes
from centre.model import Contract, Overtime, RuleSettings
from scheduler.audit import audit
from scheduler.rules.facts import Facts, Person
from scheduler.rules.presets import PRESETS, rules_in_force
from scheduler.rules.primitives import Primitive

SHANGHAI, BERLIN, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
PARIS, TOKYO, KOLKATA = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Kolkata")
MANILA, LOS_ANGELES, CHICAGO = (
    ZoneInfo("Asia/Manila"),
    ZoneInfo("America/Los_Angeles"),
    ZoneInfo("America/Chicago"),
)
ADULT = day_number(date(1980, 1, 1))
TEN_HOURS_MORE = Contract("c", 0, 10000, 0, 7, (), overtime=Overtime(weekly_minutes=600))


@pytest.fixture(name="judged")
def judged_fixture(local_shift, rota_of):
    """(rule, person, minutes found, limit) of all that one preset finds other than doubts, and excepted ones."""

    def judged(preset, zone, first, days, shifts, verdict="breach", overrides=None, person=None, **facts):
        begin = day_number(date.fromisoformat(first))
        rota = rota_of(
            [local_shift(zone, "张伟1", start, minutes, pauses) for start, minutes, pauses in shifts]
        )
        told = Person(
            "张伟1", **{"born_on": ADULT, "protections": (), "contract": TEN_HOURS_MORE} | (person or {})
        )
        known = Facts(zone, begin, days, people={"张伟1": told}, **facts)
        rules = rules_in_force(RuleSettings((preset,), overrides or {}), with_centre=False)
        return [(v.rule, v.found, v.limit) for v in audit(rota, rules, known) if v.verdict == verdict]

    return judged


def every_day(first, days, clock, minutes, pauses=()):
    """The same shift on so many days in a row."""
    start = date.fromisoformat(first).toordinal()
    return [(f"{date.fromordinal(start + k)}T{clock}", minutes, pauses) for k in range(days)]


class TestChina:
    MARCH_10 = day_number(date(2026, 3, 10))

    @pytest.mark.parametrize("kind", ["pregnancy", "nursing"])
    @pytest.mark.parametrize(
        ("start", "minutes", "found"),
        [
            ("2026-03-10T08:00", 480, []),
            ("2026-03-10T08:00", 481, [("daily-hours:protected", 481, 480)]),
            ("2026-03-09T08:00", 481, []),  # an hour of overtime is agreed, and the period begins a day later
            ("2026-03-10T14:00", 480, []),
            ("2026-03-10T14:01", 480, [("no-night-work:protected", 1, 0)]),
            ("2026-03-10T06:00", 480, []),
            ("2026-03-10T05:59", 480, [("no-night-work:protected", 1, 0)]),
        ],
    )
    def test_no_overtime_and_no_night_in_a_protected_period(self, judged, kind, start, minutes, found):
        person = {"protections": ((kind, self.MARCH_10, self.MARCH_10 + 60),)}
        assert judged("cn-labour", SHANGHAI, "2026-03-09", 7, [(start, minutes, ())], person=person) == found

    def test_forty_hours_without_overtime_in_a_protected_period(self, judged):
        person = {"protections": (("nursing", self.MARCH_10 - 30, self.MARCH_10 + 60),)}
        six_days = every_day("2026-03-09", 6, "08:00", 400)
        assert judged("cn-labour", SHANGHAI, "2026-03-09", 7, six_days, person=person) == []
        six_days[5] = ("2026-03-14T08:00", 401, ())
        found = judged("cn-labour", SHANGHAI, "2026-03-09", 7, six_days, person=person)
        assert found == [("weekly-hours:protected", 2401, 2400)]
        assert judged("cn-labour", SHANGHAI, "2026-03-09", 7, six_days) == []  # others have overtime agreed

    def test_findings_do_not_tell_why_a_period_is_protected(self, local_shift, rota_of):
        rota = rota_of([local_shift(SHANGHAI, "a", "2026-03-10T14:01", 500)])
        told = Person("a", born_on=ADULT, protections=(("pregnancy", self.MARCH_10, self.MARCH_10),))
        facts = Facts(SHANGHAI, self.MARCH_10, 1, people={"a": told})
        found = [v for v in audit(rota, "cn-labour", facts) if v.rule.endswith(":protected")]
        assert len([v for v in found if v.verdict == "breach"]) == 2
        for finding in found:
            told = f"{finding.rule} {finding.source} {finding.explanation}".lower()
            assert not any(word in told for word in ("pregnan", "nurs", "birth", "孕", "哺乳"))

    def test_nobody_under_sixteen(self, judged):
        born = {"born_on": day_number(date(2010, 3, 10))}
        on_the_birthday = [("2026-03-10T08:00", 480, ())]
        assert judged("cn-labour", SHANGHAI, "2026-03-09", 7, on_the_birthday, person=born) == []
        (found,) = judged(
            "cn-labour", SHANGHAI, "2026-03-09", 7, [("2026-03-09T08:00", 480, ())], person=born
        )
        assert found[0] == "minimum-age"

    def test_comprehensive_hours_let_a_day_be_long_but_not_the_month(self, judged):
        # June 2026: 22 weekdays, the 19th a holiday: 21 days of 8 hours, 168 hours: 14 shifts of 12 hours.
        holiday = {day_number(date(2026, 6, 19)): "statutory"}
        shifts = every_day("2026-06-01", 14, "00:00", 720)
        facts = {"special_days": holiday}
        assert judged("cn-comprehensive", SHANGHAI, "2026-06-01", 30, shifts, **facts) == []
        shifts[13] = ("2026-06-14T00:00", 721, ())
        found = judged("cn-comprehensive", SHANGHAI, "2026-06-01", 30, shifts, **facts)
        assert found == [("period-hours", 168 * 60 + 1, 168 * 60)]
        standard = judged("cn-labour", SHANGHAI, "2026-06-01", 30, shifts, **facts)
        assert {"daily-hours", "weekly-hours", "weekly-day-off"} <= {rule for rule, _, _ in standard}

    def test_an_approval_may_name_a_quarter(self, judged):
        # April to June 2026 with holidays on 6 April, 1 May and 19 June: 65 - 3 = 62 days, 496 hours.
        days = ((4, 6), (5, 1), (6, 19))
        holidays = {day_number(date(2026, month, day)): "statutory" for month, day in days}
        quarter = {"period-hours": {"period": "quarter"}}
        shifts = every_day("2026-04-01", 62, "08:00", 480)
        facts = {"special_days": holidays, "overrides": quarter}
        assert judged("cn-comprehensive", SHANGHAI, "2026-04-01", 91, shifts, **facts) == []
        shifts.append(("2026-06-02T08:00", 1, ()))
        found = judged("cn-comprehensive", SHANGHAI, "2026-04-01", 91, shifts, **facts)
        assert found == [("period-hours", 496 * 60 + 1, 496 * 60)]


class TestEuropeans:
    def test_seventeen_years_and_364_days(self, judged):
        person = {"born_on": day_number(date(2008, 3, 11))}
        pause = ((240, 60, False, "meal"),)
        for day, found in (("10", [("daily-hours:minors", 481, 480)]), ("11", [])):
            shifts = [(f"2026-03-{day}T08:00", 541, pause)]
            assert (
                judged("de-arbzg", BERLIN, "2026-03-09", 5, shifts, person=person, special_days={}) == found
            )

    def test_work_of_minors_until_eight_in_the_evening(self, judged):
        person = {"born_on": day_number(date(2009, 1, 1))}
        for minutes, found in ((240, []), (241, [("no-night-work:minors", 1, 0)])):
            shifts = [("2026-03-10T16:00", minutes, ())]
            assert (
                judged("de-arbzg", BERLIN, "2026-03-09", 5, shifts, person=person, special_days={}) == found
            )

    def test_a_sunday_worked_in_germany(self, judged):
        shifts = [("2026-03-08T08:00", 300, ())]
        assert judged("de-arbzg", BERLIN, "2026-03-02", 14, shifts, special_days={}) == [
            ("special-day-ban", 300, 0)
        ]
        allowed = {"special-day-ban": {"enabled": False}}
        assert judged("de-arbzg", BERLIN, "2026-03-02", 14, shifts, special_days={}, overrides=allowed) == []

    def test_eight_and_a_half_hours_for_mothers(self, judged):
        monday = day_number(date(2026, 3, 9))
        person = {"protections": (("pregnancy", monday, monday + 200),)}
        pause = ((240, 30, False, "meal"),)
        for minutes, found in ((540, []), (541, [("daily-hours:protected", 511, 510)])):
            shifts = [("2026-03-10T08:00", minutes, pause)]
            assert (
                judged("de-arbzg", BERLIN, "2026-03-09", 5, shifts, person=person, special_days={}) == found
            )

    def test_who_opted_out_in_britain_may_average_more_than_48_hours(self, judged):
        meal = ((240, 30, False, "meal"),)
        mondays = [date.fromordinal(date(2026, 1, 5).toordinal() + 7 * k).isoformat() for k in range(17)]
        shifts = [shift for monday in mondays for shift in every_day(monday, 6, "08:00", 510, meal)]
        person = {"starts_on": day_number(date(2026, 1, 5))}
        assert judged("uk-wtr", LONDON, "2026-01-05", 119, shifts, person=person) == []
        shifts[-1] = (shifts[-1][0], 511, meal)
        found = judged("uk-wtr", LONDON, "2026-01-05", 119, shifts, person=person)
        assert found == [("average-weekly-hours", 17 * 2880 + 1, 17 * 2880)]
        person |= {"opt_outs": frozenset({"average-weekly-hours"})}
        assert judged("uk-wtr", LONDON, "2026-01-05", 119, shifts, person=person) == []

    def test_the_break_in_france_is_owed_at_six_hours_sharp(self, judged):
        for minutes, found in ((359, []), (360, [("breaks-in-shift", 0, 20)])):
            assert judged("fr", PARIS, "2026-03-09", 5, [("2026-03-10T08:00", minutes, ())]) == found

    def test_48_hours_in_france_whatever_overtime_is_agreed(self, judged):
        pause = ((240, 20, False, "break"),)
        five_days = every_day("2026-03-09", 5, "08:00", 596, pause)
        assert judged("fr", PARIS, "2026-03-09", 7, five_days) == []
        five_days[0] = ("2026-03-09T08:00", 597, pause)
        assert judged("fr", PARIS, "2026-03-09", 7, five_days) == [("weekly-hours", 2881, 2880)]

    @pytest.mark.parametrize(
        ("saturday", "begins", "found"),
        [
            ("2026-03-28", "09:00", [("rest-between-shifts", 600, 660)]),  # clocks go forward: 10 hours
            ("2026-03-28", "10:00", []),
            ("2026-10-24", "08:00", []),  # clocks go back: 11 hours
            ("2026-10-24", "07:59", [("rest-between-shifts", 659, 660)]),
        ],
    )
    def test_eleven_hours_on_clock_change_nights(self, judged, saturday, begins, found):
        day = date.fromisoformat(saturday).toordinal()
        shifts = [(f"{saturday}T18:00", 240, ()), (f"{date.fromordinal(day + 1)}T{begins}", 240, ())]
        sundays = {"special-day-ban": {"enabled": False}}
        monday = date.fromordinal(day - 5).isoformat()
        facts = {"special_days": {}, "overrides": sundays}
        assert judged("de-arbzg", BERLIN, monday, 14, shifts, **facts) == found


class TestElsewhere:
    def test_breaks_in_japan(self, judged):
        def breaks(minutes, pause):
            shifts = [("2026-03-10T08:00", minutes + pause, ((240, pause, False, "break"),) if pause else ())]
            return judged("jp", TOKYO, "2026-03-09", 5, shifts)

        assert breaks(360, 0) == []
        assert breaks(361, 45) == []
        assert breaks(361, 44) == [("breaks-in-shift", 44, 45)]
        assert breaks(480, 45) == []
        assert breaks(481, 60) == []
        assert breaks(481, 59) == [("breaks-in-shift", 59, 60)]

    def test_overtime_in_japan_with_and_without_the_special_clause(self, judged):
        # June 2026, weeks from Monday the 1st on: 5 days of 8 h + 2 h 15 min a week, four weeks: 45 h, then a minute.
        meal = ((240, 60, False, "meal"),)
        shifts = [
            shift for k in range(4) for shift in every_day(f"2026-06-{1 + 7 * k:02d}", 5, "08:00", 675, meal)
        ]
        person = {"starts_on": day_number(date(2026, 6, 1))}
        more = Contract("c", 0, 10000, 0, 7, (), overtime=Overtime(weekly_minutes=1200))
        person |= {"contract": more}
        assert judged("jp", TOKYO, "2026-06-01", 28, shifts, person=person) == []
        shifts[19] = (shifts[19][0], 676, meal)
        assert judged("jp", TOKYO, "2026-06-01", 28, shifts, person=person) == [
            ("monthly-overtime", 2701, 2700)
        ]
        assert judged("jp-special", TOKYO, "2026-06-01", 28, shifts, person=person) == []

    @pytest.mark.parametrize(
        ("kind", "found"),
        [
            ("pregnancy", [("no-night-work:protected", 1, 0)]),
            ("after_birth", [("no-night-work:protected", 1, 0)]),
            ("nursing", []),
        ],
    )
    def test_no_night_in_japan_from_pregnancy_to_a_year_after_birth(self, judged, kind, found):
        monday = day_number(date(2026, 3, 9))
        person = {"protections": ((kind, monday, monday + 365),)}
        shifts = [("2026-03-10T16:01", 360, ())]
        assert judged("jp", TOKYO, "2026-03-09", 5, shifts, person=person) == found

    def test_spread_over_and_interval_in_india(self, judged):
        pauses = ((240, 240, False, "break"),)
        for minutes, found in ((720, []), (721, [("daily-span", 721, 720)])):
            assert judged("in", KOLKATA, "2026-03-09", 5, [("2026-03-10T08:00", minutes, pauses)]) == found
        for before, found in ((300, []), (301, [("unbroken-work", 301, 300)])):
            shifts = [("2026-03-10T08:00", 480, ((before, 30, False, "meal"),))]
            assert judged("in", KOLKATA, "2026-03-09", 5, shifts) == found

    def test_the_seventh_day_in_the_philippines(self, judged):
        meal = ((240, 60, False, "meal"),)
        person = {"starts_on": day_number(date(2026, 3, 9))}
        six, seven = (every_day("2026-03-10", days, "08:00", 540, meal) for days in (6, 7))
        assert judged("ph", MANILA, "2026-03-09", 14, six, person=person) == []
        found = judged("ph", MANILA, "2026-03-09", 14, seven, person=person)
        assert found == [("days-in-a-row", 7, 6), ("days-off-in-period", 0, 1)]

    def test_meals_and_rest_in_california(self, judged):
        rests = ((120, 10, True, "break"), (400, 10, True, "break"))

        def found(meal_at):
            pauses = tuple(sorted((*rests, (meal_at, 30, False, "meal"))))
            return judged("us-ca", LOS_ANGELES, "2026-03-09", 5, [("2026-03-10T08:00", 510, pauses)])

        assert found(299) == []
        assert [rule for rule, _, _ in found(301)] == ["meal-timing"]
        without_rest = [("2026-03-10T08:00", 510, ((240, 30, False, "meal"),))]
        assert judged("us-ca", LOS_ANGELES, "2026-03-09", 5, without_rest) == [("breaks-in-shift", 30, 50)]

    def test_notice_and_consent_in_chicago(self, judged):
        def found(told_on, verdict="breach", **person):
            published = to_minutes(told_on)
            shifts = [("2026-03-16T12:00", 480, ()), ("2026-03-17T05:59", 480, ())]  # 9 h 59 min between
            return judged(
                "us-chicago", CHICAGO, "2026-03-16", 5, shifts, verdict, person=person, published_at=published
            )

        in_time = datetime(2026, 3, 2, 18, tzinfo=CHICAGO)
        late = datetime(2026, 3, 3, 18, tzinfo=CHICAGO)
        assert found(in_time) == [("rest-between-shifts", 599, 600)]
        assert [rule for rule, _, _ in found(late)] == ["notice-of-change", "rest-between-shifts"]
        agreed = {"opt_outs": frozenset({"rest-between-shifts"})}
        assert found(in_time, **agreed) == []
        assert found(in_time, "excepted", **agreed) == [("rest-between-shifts", 599, 600)]


def test_without_birth_dates_the_rules_for_minors_are_not_checked(local_shift, rota_of):
    rota = rota_of([local_shift(LONDON, "a", "2026-03-10T09:00", 480, ((240, 30, False, "meal"),))])
    rules = rules_in_force(RuleSettings(("uk-wtr",)), with_centre=False)
    minors = [rule.name for rule in rules if rule.name.endswith(":minors")]
    facts = Facts(LONDON, day_number(date(2026, 3, 9)), 7, people={"a": Person("a")})
    found = [v for v in audit(rota, rules, facts) if v.rule in minors]
    assert sorted(v.rule for v in found) == sorted(minors)
    assert {(v.verdict, v.agent_id) for v in found} == {("not_checked", "")}
    assert all("birth date" in v.explanation for v in found)


@pytest.mark.parametrize("preset", PRESETS)
class TestEveryPreset:
    """Whatever is known or not: a verdict and its reason, never a fault."""

    DAY = day_number(date(2026, 3, 9))

    def rota(self, local_shift, rota_of):
        return rota_of([local_shift(SHANGHAI, "张伟1", "2026-03-10T14:00", 480, ((240, 60, False, "meal"),))])

    def test_with_no_facts_at_all_what_needs_them_is_not_checked(self, preset, local_shift, rota_of):
        found = audit(self.rota(local_shift, rota_of), preset, Facts(SHANGHAI, self.DAY, 7))
        assert all(v.verdict in ("breach", "not_checked") and v.explanation for v in found)
        doubted = {v.rule for v in found if v.verdict == "not_checked"}
        rules = PRESETS[preset]()
        asks_about_people = [rule.name for rule in rules if ":" in rule.name or rule.name == "minimum-age"]
        assert set(asks_about_people) <= doubted
        assert ("special-day-ban" in doubted) == any(rule.name == "special-day-ban" for rule in rules)

    def test_an_adult_within_all_limits_breaks_nothing(self, preset, local_shift, rota_of):
        told = Person("张伟1", born_on=ADULT, protections=(), starts_on=self.DAY, contract=TEN_HOURS_MORE)
        facts = Facts(
            SHANGHAI, self.DAY, 7, people={"张伟1": told}, special_days={}, published_at=to_minutes(datetime(2026, 1, 1, tzinfo=SHANGHAI))
        )  # fmt: skip
        found = audit(self.rota(local_shift, rota_of), preset, facts)
        assert [v.rule for v in found if v.verdict == "breach"] == []

    def test_a_solver_is_told_in_primitives_for_everyone(self, preset):
        kinds = get_args(Primitive)
        people = (
            Person("nobody is known"),
            Person("adult", born_on=ADULT, protections=(), contract=TEN_HOURS_MORE),
            Person("minor", born_on=day_number(date(2009, 1, 1)), protections=()),
            Person("protected", born_on=ADULT, protections=(("pregnancy", self.DAY, self.DAY + 99),)),
        )
        for special_days in (None, {self.DAY + 2: "statutory"}):
            facts = Facts(
                SHANGHAI, self.DAY, 14, people={p.agent_id: p for p in people}, special_days=special_days
            )
            for person in people:
                lines = [line for rule in PRESETS[preset]() for line in rule.lines(person, facts)]
                assert all(isinstance(line, kinds) for line in lines)
