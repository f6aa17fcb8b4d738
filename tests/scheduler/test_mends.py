"""Mends by hand, and each mend judged again by the whole audit on random small rotas."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number, day_of, local_instant
from centre.model import Contract, RuleSettings, ShiftTemplate
from scheduler.alone import Separate, bare, judged
from scheduler.audit import audit
from scheduler.mend_candidates import candidates
from scheduler.mend_edits import Edit
from scheduler.mends import MORE_THAN_ONE, NO_RULE, NO_SHIFT, NOT_ALONE, mends, smallest_mend
from scheduler.rota import joined
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.contract_minutes import ContractMinutes
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.facts import Facts, Person
from scheduler.rules.leave import Leave
from scheduler.rules.overlap import Overlap
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.shared.findings import breach, horizon_window
from scheduler.rules.shift_template import ShiftTemplateRule
from scheduler.rules.skills import Skills
from scheduler.rules.weekly_day_off import WeeklyDayOff

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = day_number(date(2024, 5, 6))
WEEK = Facts(BERLIN, MONDAY, 7)
REST = RestBetweenShifts(660, "art. 3")
MEAL = ((240, 30, False, "meal"),)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes, breaks...) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


def breaches(rota, rules, facts):
    return [v for v in audit(rota, rules, facts) if v.verdict == "breach"]


def words(rota, rules, facts, step=5, before=None):
    """What the first breach's mend says, without its last sentence; checked by the whole audit."""
    if before is not None:
        facts = replace(facts, before=before)
    told = breaches(rota, rules, facts)
    advice = mends(told, rota, rules, facts, step_minutes=step).advice[0]
    if advice.mend is None:
        return advice.reason
    left = breaches(changed(rota, advice.mend), rules, facts)
    assert Counter(map(rule_of, left)) <= Counter(map(rule_of, told[1:]))
    sentence, _, last = advice.mend.words.rpartition(" Checked against ")
    assert last == f"all rules ({len(rules)})."
    return sentence


def rule_of(v):
    return v.agent_id, v.rule, v.source


def changed(rota, mend):
    """The whole rota with one person's rows replaced by those of the mend."""
    own = np.array([name == mend.violation.agent_id for name in rota.agent_ids])[rota.agent]
    return joined(rota.narrowed(~own), mend.rota)


def contract(minimum, **more):
    """Facts in which everybody has a contract of at least so many minutes a week."""
    agreed = Contract("c", minimum, 9999, 0, 7, ("day",))
    return replace(WEEK, people={a: Person(a, agreed, **more) for a in "ab"})


class TestRest:
    LATE = ("a", "2024-05-06T14:00", 480)

    @pytest.mark.parametrize(
        ("step", "start", "minutes"), [(1, "09:00", 1), (5, "09:00", 1), (60, "09:00", 1)]
    )
    def test_the_later_shift_starts_when_the_rest_is_had(self, berlin, step, start, minutes):
        rota = berlin(self.LATE, ("a", "2024-05-07T08:59", 481))
        assert words(rota, [REST], WEEK, step) == (
            f"Shift of 2024-05-07: 08:59–17:00 becomes {start}–17:00 (starts {minutes} min later)."
        )

    def test_starts_go_to_full_steps_of_the_clock(self, berlin):
        rota = berlin(self.LATE, ("a", "2024-05-07T08:48", 480))
        assert "becomes 09:00–16:48 (starts 12 min later)" in words(rota, [REST], WEEK, 15)
        rota = berlin(("a", "2024-05-06T14:01", 480), ("a", "2024-05-07T08:59", 481))
        assert "becomes 09:05–17:00 (starts 6 min later)" in words(rota, [REST], WEEK, 5)
        assert "becomes 09:01–17:00 (starts 2 min later)" in words(rota, [REST], WEEK, 1)

    def test_the_whole_shift_moves_where_the_contract_needs_its_minutes(self, berlin):
        rota = berlin(self.LATE, ("a", "2024-05-07T08:30", 480))
        told = words(rota, [REST, ContractMinutes("c")], contract(960))
        assert told == "Shift of 2024-05-07: 08:30–16:30 becomes 09:00–17:00 (moves 30 min later)."

    def test_a_template_is_moved_by_its_steps(self, berlin):
        template = ShiftTemplate("day", 480, 720, 480, 30)
        late = ShiftTemplate("late", 840, 840, 480)
        facts = replace(WEEK, templates={"day": template, "late": late})
        rota = berlin((*self.LATE, (), "late"), ("a", "2024-05-07T08:30", 480))
        rules = [RestBetweenShifts(655, "s"), ShiftTemplateRule("t")]
        assert "becomes 09:00–17:00 (moves 30 min later)" in words(rota, rules, facts)

    def test_the_shift_goes_where_its_template_has_no_other_start(self, berlin):
        facts = replace(
            WEEK,
            templates={
                "day": ShiftTemplate("day", 840, 840, 480),
                "early": ShiftTemplate("early", 480, 480, 480),
            },
        )
        rota = berlin(self.LATE, ("a", "2024-05-07T08:00", 480, (), "early"))
        told = words(rota, [REST, ShiftTemplateRule("t")], facts)
        assert told == "Shift of 2024-05-07: 08:00–16:00 is taken off, or given to somebody else (480 min)."

    @pytest.mark.parametrize(
        ("night", "start", "told"),
        [
            ("2024-03-30", "09:59", "09:59–17:59 becomes 10:00–17:59 (starts 1 min later)"),
            ("2024-10-26", "07:58", "07:58–15:58 becomes 08:00–15:58 (starts 2 min later)"),
        ],
    )
    def test_rest_is_elapsed_time_on_nights_when_clocks_change(self, berlin, night, start, told):
        first = day_number(date.fromisoformat(night))
        rota = berlin(("a", f"{night}T14:00", 480), ("a", f"{day_of(first + 1)}T{start}", 480))
        assert told in words(rota, [REST], Facts(BERLIN, first, 2))

    def test_a_shift_moved_over_midnight_belongs_to_the_next_day(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 300), ("a", "2024-05-06T23:30", 300))
        facts = replace(WEEK, people={"a": Person("a", Contract("c", 600, 9999, 1, 7, ("day",)))})
        rules = [REST, ContractMinutes("c")]
        first, *_ = breaches(rota, rules, facts)
        mend = smallest_mend(first, rota, rules, facts)
        assert mend.words.startswith(
            "Shift of 2024-05-06: 23:30–04:30 (+1) becomes 00:00–05:00 (moves 30 min later)."
        )
        assert mend.rota.day.tolist() == [MONDAY, MONDAY + 1]
        # on the horizon's last day it would leave the horizon: the other shift moves
        mend = smallest_mend(first, rota, [REST], replace(facts, days=1))
        assert mend.words.startswith(
            "Shift of 2024-05-06: 08:00–13:00 becomes 08:00–12:30 (ends 30 min earlier)."
        )

    def test_shifts_before_the_horizon_stay_as_they_are(self, berlin):
        before = berlin(("a", "2024-05-05T14:00", 540))
        rota = berlin(("a", "2024-05-06T08:30", 480))
        told = words(rota, [REST], WEEK, before=before)
        assert told == "Shift of 2024-05-06: 08:30–16:30 becomes 10:00–16:30 (starts 90 min later)."

    def test_nor_are_those_of_the_rota_itself_that_lie_before_it(self, berlin):
        rota = berlin(("a", "2024-05-05T14:00", 540), ("a", "2024-05-06T08:30", 480))
        told = words(rota, [REST, ContractMinutes("c")], contract(480))
        assert told == "Shift of 2024-05-06: 08:30–16:30 becomes 10:00–18:00 (moves 90 min later)."
        (found,) = breaches(rota, [REST], WEEK)
        edits = candidates(found, rota, WEEK, 5)
        assert {int(rota.duties.day[edit.shift]) for edit in edits} == {MONDAY}

    def test_another_breach_is_not_made_worse(self, berlin):
        """Moved later, Tuesday's shift would leave less than the 650 min before Wednesday's: so Monday's moves."""
        rota = berlin(
            ("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T08:30", 480), ("a", "2024-05-08T03:20", 480)
        )
        told = words(rota, [REST, ContractMinutes("c")], contract(1440))
        assert told == "Shift of 2024-05-06: 14:00–22:00 becomes 13:30–21:30 (moves 30 min earlier)."

    def test_no_shift_is_cut_down_to_begin_with_a_pause(self, berlin):
        pauses = ((125, 15, True, "break"),)
        rota = berlin(self.LATE, ("a", "2024-05-07T06:55", 480, pauses))
        assert "14:00–19:55 (ends 125 min earlier)" in words(rota, [REST], WEEK)

    def test_nothing_moves_onto_a_shift_before_the_horizon(self, berlin):
        away = local_instant(BERLIN, MONDAY, 570), local_instant(BERLIN, MONDAY, 1200)
        facts = replace(
            WEEK, people={"a": Person("a", Contract("c", 640, 9999, 4, 7, ("day",)), leave=(away,))}
        )
        rota, rules = berlin(("a", "2024-05-06T02:00", 480)), [Leave("l"), ContractMinutes("c")]
        before = berlin(("a", "2024-05-05T18:00", 465))
        assert "moves 30 min earlier" in words(rota, rules, facts)
        assert words(rota, rules, facts, before=before) == MORE_THAN_ONE

    def test_the_whole_horizon_is_judged_in_the_end(self, berlin):
        """In the weeks around nothing speaks against starting later; over six weeks the minutes are too few."""
        rota = berlin(self.LATE, ("a", "2024-05-07T08:30", 480), ("a", "2024-06-14T08:00", 480))
        facts = replace(WEEK, days=42)
        assert "starts 30 min later" in words(rota, [REST], facts)
        assert "moves 30 min later" in words(rota, [REST, EnoughInSixWeeks()], facts)

    def test_the_week_is_complete_by_what_others_are_known_to_have_worked(self, berlin):
        """The horizon starts on Tuesday; b's Monday makes Monday known, so a's week is judged and may not be cut."""
        facts = replace(contract(960), first_day=MONDAY + 1, days=6)
        rota = berlin(("a", "2024-05-07T14:00", 480), ("a", "2024-05-08T08:30", 480))
        rules = [REST, ContractMinutes("c")]
        own = replace(facts, before=berlin(("a", "2024-05-07T08:00", 60)), people={"a": facts.people["a"]})
        others = replace(own, before=berlin(("b", "2024-05-06T08:00", 60)))
        assert "starts 30 min later" in words(rota, rules, own)
        assert "moves 30 min later" in words(rota, rules, others)


@dataclass(frozen=True)
class EnoughInSixWeeks:
    """1,440 min in a horizon of six weeks; shorter ones are not looked at."""

    source: str = "s"
    preset: str = ""
    name: ClassVar[str] = "enough"
    words: ClassVar[str] = ""
    example: ClassVar[str] = ""
    exact: ClassVar[bool] = False
    tighter: ClassVar[dict[str, int]] = {}

    def violations(self, rota, facts):
        for code, name in enumerate(rota.agent_ids):
            total = rota.duties.paid[rota.duties.agent == code].sum()
            if facts.days == 42 and total < 1440:
                yield breach(self, name, horizon_window(facts), total, 1440, "minutes", "works.")

    def lines(self, person, facts):
        return iter(())


class TestBreaks:
    def test_each_of_two_breaches_alike_is_mended_in_its_own_shift(self, berlin):
        """The shifts overlap, so that a breach in one could be taken for the other's."""
        rota = berlin(("a", "2024-05-06T22:00", 361), ("a", "2024-05-07T00:00", 361))
        rules = [BreaksInShift("art. 4")]
        one, two = mends(breaches(rota, rules, WEEK), rota, rules, WEEK, step_minutes=1).advice
        assert "Shift of 2024-05-06: 22:00–04:01 (+1) becomes 22:15" in one.mend.words
        assert "Shift of 2024-05-07: 00:00–06:01 becomes 00:15" in two.mend.words

    def test_a_break_does_not_grow_to_the_end_of_the_shift(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 480, ((465, 14, True, "break"),)))
        assert "is put in at" in words(rota, [BreaksInShift("art. 4")], WEEK, 1)

    def test_a_break_too_short_grows(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 480, ((120, 14, True, "break"),)))
        rule = BreaksInShift("art. 4")
        assert words(rota, [rule], WEEK, 1) == (
            "Shift of 2024-05-06: the break at 10:00 becomes 15 min long (1 min more)."
        )
        assert "becomes 19 min long (5 min more)" in words(rota, [rule], WEEK, 5)

    def test_a_break_is_put_in_where_there_is_none(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 480))
        (found,) = breaches(rota, [BreaksInShift("art. 4", 360, 30)], WEEK)
        mend = smallest_mend(found, rota, [BreaksInShift("art. 4", 360, 30)], WEEK)
        assert mend.words.startswith("Shift of 2024-05-06: a break of 30 min is put in at 11:45, unpaid.")
        assert mend.rota.end[-1] - mend.rota.start[0] == 480
        assert (mend.rota.end - mend.rota.start).tolist() == [225, 30, 225]

    def test_a_paid_one_where_the_contract_needs_the_minutes(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 480))
        told = words(rota, [BreaksInShift("art. 4", 360, 30), ContractMinutes("c")], contract(480))
        assert told.endswith("11:45, paid.")

    def test_work_is_cut_where_it_is_only_just_too_much(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 361), ("a", "2024-05-07T08:00", 481))
        told = breaches(rota, [DailyHours(480, "s")], WEEK)
        (advice,) = mends(told, rota, [DailyHours(480, "s")], WEEK, step_minutes=1).advice
        assert "becomes 08:01–16:01 (starts 1 min later)" in advice.mend.words


class TestWeeks:
    def test_a_shift_is_taken_off_where_seven_days_are_worked(self, berlin):
        rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 480 - d) for d in range(6, 13)))
        told = words(rota, [DaysInARow(6, "s")], WEEK)
        assert told == "Shift of 2024-05-12: 08:00–15:48 is taken off, or given to somebody else (468 min)."

    def test_two_days_too_many_in_the_week_take_off_the_two_shortest_shifts(self, berlin):
        rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 480 - d % 4) for d in range(6, 13)))
        told = words(rota, [WeeklyDayOff("s", days=2, unbroken_minutes=0)], WEEK)
        assert told == (
            "Shift of 2024-05-07: 08:00–15:57 is taken off, or given to somebody else (477 min). "
            "Shift of 2024-05-11: 08:00–15:57 is taken off, or given to somebody else (477 min)."
        )

    def test_three_days_too_many_need_more_changes_than_are_tried(self, berlin):
        rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 13)))
        assert words(rota, [WeeklyDayOff("s", days=3, unbroken_minutes=0)], WEEK) == MORE_THAN_ONE

    def test_a_long_rest_is_made_longer_where_it_lacks_minutes(self, berlin):
        rota = berlin(
            *(("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 12)), ("a", "2024-05-12T15:50", 400)
        )
        rule = WeeklyDayOff("s", days=1, unbroken_minutes=1440)
        assert "is taken off" in words(rota, [rule], WEEK)


class TestReasons:
    def test_no_shift_is_concerned(self, berlin):
        facts = contract(480)
        rota = berlin(("b", "2024-05-06T08:00", 480))
        assert words(rota, [ContractMinutes("c")], facts) == NO_SHIFT

    def test_the_rule_is_not_given(self, berlin):
        rota = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T08:59", 480))
        told = breaches(rota, [REST], WEEK)
        assert mends(told, rota, [DailyHours(480, "s")], WEEK).advice[0].reason == NO_RULE

    def test_a_breach_that_this_rota_does_not_have(self, berlin):
        rota = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T08:59", 480))
        (found,) = breaches(rota, [REST], WEEK)
        assert mends([replace(found, found=1.0)], rota, [REST], WEEK).advice[0].reason == NOT_ALONE

    def test_only_so_many_are_looked_at_and_the_rest_counted(self, berlin):
        rota = berlin(*(("a", f"2024-05-{d:02d}T{6 if d % 2 else 14:02d}:00", 480) for d in range(6, 13)))
        found = audit(rota, [REST], WEEK)
        told = [v for v in found if v.verdict == "breach"]
        assert len(told) == 3
        assert len(found) == 4  # one was not checked
        some = mends(found, rota, [REST], WEEK, most=2)
        assert [a.violation for a in some.advice] == told[:2]
        assert some.left_out == 1
        assert mends(found, rota, [REST], WEEK, most=3).left_out == 0

    def test_steps_of_nothing_are_refused(self, berlin):
        with pytest.raises(ValueError, match="1 or more, not 0"):
            mends([], berlin(("a", "2024-05-06T14:00", 480)), [REST], WEEK, step_minutes=0)


def test_a_mend_that_breaks_another_rule_is_not_taken(berlin, local_shift):
    """Starting later is ruled out by the contract, moving later by leave: so the earlier shift moves."""
    leave = local_instant(BERLIN, MONDAY + 1, 17 * 60), local_instant(BERLIN, MONDAY + 1, 20 * 60)
    facts = contract(960, leave=(leave,))
    rota = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T08:45", 495))
    rules = [REST, ContractMinutes("c"), Leave("l")]
    facts = replace(
        facts,
        people={
            a: replace(p, contract=Contract("c", 1300, 9999, 4, 7, ("day",))) for a, p in facts.people.items()
        },
    )
    assert "2024-05-06: 14:00–22:00 becomes 13:45–21:45 (moves 15 min earlier)" in words(rota, rules, facts)


def test_nobody_is_put_in_two_places(rota_of, local_shift):
    """The row of leave in the rota, which no rule here looks at, stops the shift from moving later."""
    shifts = [
        local_shift(BERLIN, "a", "2024-05-06T14:00", 480),
        local_shift(BERLIN, "a", "2024-05-07T08:45", 495),
    ]
    away = local_shift(BERLIN, "a", "2024-05-07T17:00", 120)
    rows = [away.row(away.start, away.end, "leave:annual", True)]
    rota = rota_of(shifts, rows)
    assert "moves 15 min earlier" in words(rota, [REST, ContractMinutes("c")], contract(975))


def test_people_with_a_clock_of_their_own_are_told_by_it(rota_of, local_shift):
    rota = rota_of(
        local_shift(NEW_YORK, "a", start, 480) for start in ("2024-05-06T14:00", "2024-05-07T08:59")
    )
    facts = replace(WEEK, people={"a": Person("a", zone=NEW_YORK), "b": Person("b")})
    assert "2024-05-07: 08:59–16:59 becomes 09:00–16:59" in words(rota, [REST], facts)


def test_what_lies_before_the_weeks_judged_is_known_once(berlin):
    """Rest before the first day judged, and an average that reaches back, are as over the whole horizon."""
    days = [date.fromordinal(date(2024, 5, 4).toordinal() + k) for k in range(40) if k % 7 < 6]
    rota = berlin(*(("a", f"{day}T{14 if k % 2 else 8:02d}:00", 480) for k, day in enumerate(days)))
    facts, rules = replace(WEEK, days=35), [REST, AverageWeeklyHours(2400, 2, "s")]
    person = Separate(rota, facts).person("a")
    (whole,) = judged([(person, rota)], rules)
    first = MONDAY + 15
    (part,) = judged([(person, person.rota)], rules, (first, facts.end_day))
    start = first * 1440 - 120  # midnight in Berlin
    assert part == Counter(v for v in whole.elements() if v.end > start)
    assert {v.rule for v in part} == {"rest-between-shifts", "average-weekly-hours"}


def test_a_move_changes_minutes_at_both_ends():
    assert Edit(0, "move", -30).cost == 60
    assert Edit(0, "start_later", 30).cost == 30


def test_the_rota_itself_is_not_changed(berlin):
    rota = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T08:59", 480))
    copy = rota.to_frame()
    mends(breaches(rota, [REST], WEEK), rota, [REST], WEEK)
    assert rota.to_frame().equals(copy)


def test_a_skill_that_is_missing_is_mended_by_giving_the_shift_away(rota_of, local_shift):
    shift = local_shift(BERLIN, "a", "2024-05-06T08:00", 480)
    rota = rota_of([], [shift.row(shift.start, shift.end, "work:chat", True)])
    facts = replace(WEEK, people={"a": Person("a", skills=frozenset({"phone"}))})
    assert "is taken off, or given to somebody else" in words(rota, [Skills("s")], facts)


def test_two_things_at_once_are_mended_by_starting_later(rota_of, local_shift):
    one, two = (
        local_shift(BERLIN, "a", "2024-05-06T08:00", 480),
        local_shift(BERLIN, "a", "2024-05-06T22:00", 480),
    )
    before = rota_of([local_shift(BERLIN, "a", "2024-05-05T22:00", 630)])
    told = words(rota_of([one, two]), [Overlap("o")], WEEK, before=before)
    assert "becomes 08:30–16:00 (starts 30 min later)" in told


SETS = [("eu-wtd", "customer-service"), ("cn-labour", "de-arbzg"), ("uk-wtr",)]
CLOCKS = st.sampled_from([0, 360, 480, 539, 600, 840, 1320, 1380])
LENGTHS = st.sampled_from([240, 361, 480, 541, 600, 780])
BREAKS = st.sampled_from(
    [(), MEAL, ((120, 14, True, "break"),), ((100, 15, True, "break"), (230, 5, False, "meal"))]
)
SHIFT = st.one_of(st.none(), st.tuples(CLOCKS, LENGTHS, BREAKS))


@st.composite
def rotas(draw):
    """Shifts of two people over the last week before and the first after clocks go forward."""
    first, lines = day_number(date(2024, 3, 25)), []
    for agent in "ab":
        for k, shift in enumerate(draw(st.lists(SHIFT, min_size=6, max_size=12))):
            if shift is not None:
                clock, minutes, pauses = shift
                lines.append(
                    (agent, f"{day_of(first - 2 + k)}T{clock // 60:02d}:{clock % 60:02d}", minutes, pauses)
                )
    return lines, Facts(BERLIN, first, 10, week_start=draw(st.sampled_from([0, 6])))


@settings(max_examples=10, deadline=None)
@given(rotas(), st.sampled_from(SETS), st.sampled_from([1, 5, 15]))
def test_each_mend_removes_its_breach_and_adds_none_by_the_whole_audit(
    rota_of, local_shift, told, presets, step
):
    lines, facts = told
    rules = rules_in_force(RuleSettings(presets), with_centre=False)
    rota = rota_of(local_shift(BERLIN, *line) for line in lines)
    found = breaches(rota, rules, facts)
    by_rule = Counter(map(rule_of, found))
    for advice in mends(found, rota, rules, facts, most=4, step_minutes=step).advice:
        if advice.mend is None:
            assert advice.reason in (MORE_THAN_ONE, NO_SHIFT)
            continue
        after = changed(rota, advice.mend)
        left = breaches(after, rules, facts)
        assert advice.violation not in left
        assert Counter(map(rule_of, left)) <= by_rule - Counter([rule_of(advice.violation)])
        assert (after.start < after.end).all()
        assert all(
            change.after is None or change.after[0] < change.after[1] for change in advice.mend.changes
        )
        old = Counter(s for s in shifts_of(rota) if s[0] != advice.violation.agent_id)
        assert old == Counter(s for s in shifts_of(after) if s[0] != advice.violation.agent_id)


def shifts_of(rota):
    d = rota.duties
    return [
        (rota.agent_ids[a], s, e) for a, s, e in zip(d.agent, d.start.tolist(), d.end.tolist(), strict=True)
    ]


@settings(max_examples=10, deadline=None)
@given(rotas(), st.sampled_from(SETS))
def test_a_person_alone_is_judged_as_among_the_others(rota_of, local_shift, told, presets):
    lines, facts = told
    rules = rules_in_force(RuleSettings(presets), with_centre=False)
    rota = rota_of(local_shift(BERLIN, *line) for line in lines)
    separate = Separate(rota, facts)
    people = [person for agent in "ab" if (person := separate.person(agent))]
    if not people:
        return
    found = judged([(person, person.rota) for person in people], rules)
    for person, broken in zip(people, found, strict=True):
        among = [bare(v) for v in breaches(rota, rules, facts) if v.agent_id == person.agent_id]
        assert broken == Counter(among)
