"""Stability, fairness, changes and mixes: prices made from settings, and the recount of a rota, each by hand."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.calendar import CalendarRow
from centre.instants import Grid, day_number, local_instant, to_timestamps
from centre.model import (
    Break,
    CentreInfo,
    Contract,
    Mix,
    Objective,
    Opening,
    Queue,
    RuleSettings,
    Settings,
    ShiftTemplate,
)
from centre.people import Agent
from scheduler.cost import cost_terms
from scheduler.duty import duty_rows, on_hours, price_per_hour
from scheduler.fairness import balances, fairness_charges, kinds_of, wish_factors
from scheduler.problem import rota_problem, without
from scheduler.recount import further_terms, missing_on_duty
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import Facts, day_classes, facts_of
from scheduler.shifts import candidate_shifts
from scheduler.stability import change_charges, preferences_of
from scheduler.terms import DaysOffTogether, ForwardRotation, SameStart

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = day_number(date(2026, 5, 11))
HOUR = 60
SHIFTS = (
    ShiftTemplate("早", 6 * HOUR, 9 * HOUR, 480, 60, breaks=(Break(30, 180, 240, kind="meal"),)),
    ShiftTemplate("中", 14 * HOUR, 14 * HOUR, 480, 60),
    ShiftTemplate("夜", 22 * HOUR, 22 * HOUR, 480, 60),
)
FULL = Contract("全职", 0, 2400, 0, 7, ("早", "中", "夜"))
HALF = replace(FULL, name="兼职", weekly_minutes_max=1200)
DAYS_ONLY = replace(FULL, name="白班", shifts=("早", "中"))
QUEUES = (
    Queue("热线", opening=(Opening((0, 1, 2, 3, 4), 480, 1200),), closed_holidays="all"),
    Queue("在线", opening=(Opening((0, 1, 2, 3, 4, 5, 6), 540, 720),)),
)


def spans(shifts):
    """Starts and ends of shifts."""
    return (np.array([getattr(shift, name) for shift in shifts], dtype=np.int64) for name in ("start", "end"))


def settings(objective=None, mix=(), zone=SHANGHAI):
    return Settings(
        CentreInfo("测试", zone, "CN", 60), QUEUES, SHIFTS, (FULL, HALF, DAYS_ONLY),
        rules=RuleSettings(presets=()), objective=objective or Objective(), mix=tuple(mix),
    )  # fmt: skip


def agent(agent_id, contract="全职", level="junior", team="一组", queues=("热线",), **more):
    return Agent(agent_id, "", team, level, tuple((q, 1.0) for q in queues), contract, **more)


def ledger(*rows):
    """Rows of (agent_id, account, period, amount)."""
    frame = pd.DataFrame(rows, columns=["agent_id", "account", "period", "amount"])
    return frame.assign(unit="shifts", as_of=date(2026, 5, 1))


def facts_for(told, agents, days=7, holidays=None, table=None):
    return facts_of(told, agents, None, None, MONDAY, days, holidays or {}, ledger=table)


def problem_of(told, agents, days=7, earlier=None, table=None, holidays=None, first=MONDAY, length=60):
    grid = Grid(told.centre.timezone, first, days, length)
    facts = facts_of(told, agents, None, None, first, days, holidays or {}, ledger=table)
    needed = pd.DataFrame(
        {"interval_start": to_timestamps(grid.starts), "queue": "热线", "agents_to_roster": 0.0}
    )
    return rota_problem(told, agents, needed, None, (), facts, grid, earlier=earlier)


def rota(*worked, zone=SHANGHAI, first=MONDAY, shift="早"):
    """Rows of (agent_id, day after the first, start, end[, shift, activity]) with clock minutes after that day's midnight."""
    rows = []
    for agent_id, day, start, end, *more in worked:
        times = (
            pd.Timestamp(local_instant(zone, first + day, minute) * 60, unit="s", tz="UTC")
            for minute in (start, end)
        )
        name, activity = (*more, *(shift, "work:热线")[len(more) :])
        rows.append((agent_id, date.fromordinal(719163 + first + day), *times, activity, name, True))
    return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paid": bool}))


def starts(*clock, zone=SHANGHAI, first=MONDAY):
    """A rota of one person, a shift a day at these hours; None is a day off."""
    return rota(
        *(("a", day, round(h * HOUR), round(h * HOUR) + 60) for day, h in enumerate(clock) if h is not None),
        zone=zone, first=first,
    )  # fmt: skip


def term(problem, made, name):
    return further_terms(problem, made).get(name, 0.0)


# --- How shifts follow one another


@pytest.mark.parametrize(
    ("clock", "changes", "back"),
    [
        ((), 0, 0),
        ((8,), 0, 0),
        ((8, 8, 8), 0, 0),
        ((8, 9, 10), 0, 0),  # an hour each: within the tolerance
        ((10, 9, 8), 0, 0),
        ((8, 9 + 1 / 60), 1, 0),
        ((9 + 1 / 60, 8), 1, 1),
        ((6, None, None, 14), 1, 0),  # days off between do not matter
        ((14, 6), 1, 1),
        ((22, 6), 1, 0),  # 8 h forward, not 16 h back
        ((6, 22), 1, 1),
        ((23.5, 0.5), 0, 0),  # an hour the short way round
        ((23.5, 1), 1, 0),
        ((1, 23.5), 1, 1),
        ((6, 18), 1, 1),  # exactly twelve hours count as back
        ((6, 14, 22, 6, 14), 4, 0),
        ((6, 22, 14, 6), 3, 3),
    ],
)
def test_starts_are_compared_by_hand(clock, changes, back):
    told = settings(Objective(start_change=7.0, backward_rotation=11.0))
    p = problem_of(told, [agent("a")])
    made = starts(*clock)
    assert term(p, made, "start_change") == changes * 7.0
    assert term(p, made, "backward_rotation") == back * 11.0


def test_starts_are_compared_by_the_clock_through_a_clock_change():
    """On 29 March 2026 clocks in Berlin go forward: 08:00 on Saturday and on Sunday are 23 h apart and the same start."""
    saturday = day_number(date(2026, 3, 28))
    told = settings(Objective(start_change=7.0, start_change_tolerance_minutes=0), zone=BERLIN)
    p = problem_of(told, [agent("a")], first=saturday)
    assert term(p, starts(8, 8, zone=BERLIN, first=saturday), "start_change") == 0.0
    assert term(p, starts(8, 9, zone=BERLIN, first=saturday), "start_change") == 7.0


def test_a_person_elsewhere_is_judged_by_their_own_clock():
    """In Berlin, 08:00 on both days; in Shanghai 15:00 and 14:00."""
    saturday = day_number(date(2026, 3, 28))
    told = settings(Objective(start_change=7.0, start_change_tolerance_minutes=30))
    made = starts(8, 8, zone=BERLIN, first=saturday)
    there = problem_of(told, [agent("a", timezone="Europe/Berlin")], first=saturday)
    here = problem_of(told, [agent("a")], first=saturday)
    assert (term(there, made, "start_change"), term(here, made, "start_change")) == (0.0, 7.0)


def test_of_two_shifts_of_one_day_the_first_counts():
    told = settings(Objective(start_change=7.0))
    p = problem_of(told, [agent("a")])
    made = rota(("a", 0, 480, 600), ("a", 0, 1140, 1260), ("a", 1, 480, 600), ("a", 1, 1320, 1380))
    assert term(p, made, "start_change") == 0.0


def test_shifts_outside_the_horizon_are_not_compared():
    told = settings(Objective(start_change=7.0, single_day_off=5.0))
    p = problem_of(told, [agent("a")], days=2)
    made = rota(("a", -1, 840, 900), ("a", 0, 480, 600), ("a", 3, 840, 900))
    assert further_terms(p, made) == {"start_change": 0.0, "single_day_off": 0.0}


@pytest.mark.parametrize(
    ("pattern", "singles"),
    [
        ("wowwwww", 1),
        ("wowowow", 3),
        ("wwwwwoo", 0),
        ("owwwwwo", 0),  # at the edges: days outside count as off
        ("wwoowww", 0),
        ("ooooooo", 0),
        ("w", 0),
    ],
)
def test_single_days_off_by_hand(pattern, singles):
    p = problem_of(settings(Objective(single_day_off=9.0)), [agent("a")], days=len(pattern))
    made = starts(*(8 if day == "w" else None for day in pattern))
    assert term(p, made, "single_day_off") == singles * 9.0


def test_leave_is_a_day_off():
    p = problem_of(settings(Objective(single_day_off=9.0)), [agent("a")])
    made = rota(("a", 0, 480, 600), ("a", 1, 0, 1440, "", "leave"), ("a", 2, 480, 600))
    assert term(p, made, "single_day_off") == 9.0


def test_only_priced_preferences_are_told():
    assert preferences_of(Objective(), SHANGHAI) == ()
    every = Objective(
        start_change=1.0, start_change_tolerance_minutes=15, backward_rotation=2.0, single_day_off=3.0
    )
    assert preferences_of(every, SHANGHAI) == (
        SameStart(15, 1.0, SHANGHAI), ForwardRotation(15, 2.0, SHANGHAI), DaysOffTogether(3.0),
    )  # fmt: skip


# --- Fair shares


def test_shares_by_hand():
    """9 nights over 2.5 contracts are 3.6 a contract: 2.4 more, 3.6 less, 1.2 more; a newcomer is at the average."""
    found = balances(
        {"a": 6.0, "b": 0.0, "half": 3.0, "gone": 50.0}, {"a": 1.0, "b": 1.0, "half": 0.5, "new": 1.0}
    )
    assert found == pytest.approx({"a": 2.4, "b": -3.6, "half": 1.2, "new": 0.0})
    assert balances({}, {"a": 1.0}) == {"a": 0.0}
    assert balances({"a": 3.0}, {"a": 0.0}) == {}


def charge(told, agents, table, agent_id, name, holidays=None):
    grid = Grid(SHANGHAI, MONDAY, 7, 60)
    shifts = tuple(candidate_shifts(SHIFTS, grid))
    charges = fairness_charges(
        told.objective, agents, facts_for(told, agents, holidays=holidays, table=table), shifts
    )
    found = [c for c in charges[agent_id] if c.term == name]
    return (
        {(s.template.name, s.day - MONDAY): price for s, price in zip(shifts, found[0].by_shift, strict=True)}
        if found
        else {}
    )


def test_nights_cost_by_the_balance_of_the_ledger():
    """Had 12, 4 and 2 of 18 nights, fair are 6 each: 6, -2, -4. Within four shifts either way: 2, 0.5 and 0 times the price."""
    told = settings(Objective(unfair_night=10.0))
    agents = [agent("a"), agent("b"), agent("c"), agent("new"), agent("白", "白班")]
    table = ledger(
        ("a", "nights", "2026-03", 5), ("a", "nights", "2026-04", 7), ("b", "nights", "2026-04", 4),
        ("c", "nights", "", 2), ("c", "weekends", "", 99),
    )  # fmt: skip
    prices = {k: charge(told, agents, table, k, "unfair_night") for k in ("a", "b", "c", "new")}
    assert {k: told["夜", 2] for k, told in prices.items()} == {"a": 20.0, "b": 5.0, "c": 0.0, "new": 10.0}
    assert {told[name, day] for told in prices.values() for name in ("早", "中") for day in range(7)} == {0.0}
    assert charge(told, agents, table, "白", "unfair_night") == {}


def test_balances_are_rounded_to_whole_shifts():
    """1 and 0 of 1 night: half a shift more rounds to none (even), so that people alike stay alike."""
    told, agents = settings(Objective(unfair_night=10.0)), [agent("a"), agent("b")]
    table = ledger(("a", "nights", "", 1), ("b", "nights", "", 0))
    assert charge(told, agents, table, "a", "unfair_night")["夜", 0] == 10.0
    table = ledger(("a", "nights", "", 3), ("b", "nights", "", 1))
    assert charge(told, agents, table, "a", "unfair_night")["夜", 0] == 12.5


def test_a_shift_of_a_half_timer_counts_as_two():
    """9 nights over 1.5 contracts: fair are 6 and 3. With 7 and 2 the one is 1 above, the half 1 below, which is 2 of a whole contract."""
    told = settings(Objective(unfair_night=10.0))
    agents = [agent("a"), agent("half", "兼职")]
    table = ledger(("a", "nights", "", 7), ("half", "nights", "", 2))
    prices = [charge(told, agents, table, who, "unfair_night")["夜", 0] for who in ("a", "half")]
    assert prices == [12.5, 5.0]


def test_part_timers_owe_their_part():
    """6 and 3 nights for a whole and a half contract are fair."""
    told, agents = settings(Objective(unfair_night=10.0)), [agent("a"), agent("b", "兼职")]
    table = ledger(("a", "nights", "", 6), ("b", "nights", "", 3))
    assert {charge(told, agents, table, k, "unfair_night")["夜", 0] for k in "ab"} == {10.0}


def test_fairness_among_a_team_compares_with_the_team_alone():
    told = settings(Objective(unfair_night=10.0, fairness_among="team"))
    agents = [agent("a"), agent("b"), agent("c", team="二组")]
    table = ledger(("a", "nights", "", 8), ("b", "nights", "", 0), ("c", "nights", "", 90))
    assert [charge(told, agents, table, k, "unfair_night")["夜", 0] for k in "abc"] == [20.0, 0.0, 10.0]


def test_without_the_account_there_is_no_charge():
    told, agents = settings(Objective(unfair_night=10.0)), [agent("a")]
    assert charge(told, agents, None, "a", "unfair_night") == {}
    assert charge(told, agents, ledger(("a", "weekends", "", 3)), "a", "unfair_night") == {}
    assert charge(told, agents, ledger(("gone", "nights", "", 3)), "a", "unfair_night") == {}
    priced_at_nothing = settings(Objective(unfair_night=0.0))
    assert charge(priced_at_nothing, agents, ledger(("a", "nights", "", 3)), "a", "unfair_night") == {}


def test_kinds_of_shifts_by_the_clock():
    """夜 22:00-06:00 has 7 h between 23:00 and 06:00, 早 06:00 none; 中 ends at 22:00, later than 21:00; Saturday is day 5."""
    shifts = tuple(candidate_shifts(SHIFTS, Grid(SHANGHAI, MONDAY, 7, 60)))
    kinds = kinds_of(Objective(), *spans(shifts), SHANGHAI, {MONDAY + 2: "节"})

    def marked(name):
        return {
            (s.template.name, s.day - MONDAY) for s, mark in zip(shifts, kinds[name], strict=True) if mark
        }

    names = {"早", "中", "夜"}
    assert marked("unfair_night") == {("夜", day) for day in range(7)}
    assert marked("unfair_late") == {("中", day) for day in range(7)}
    assert marked("unfair_weekend") == {(name, day) for name in names for day in (5, 6)}
    assert marked("unfair_holiday") == {(name, 2) for name in names}
    assert kinds_of(Objective(), *spans(()), SHANGHAI, {})["unfair_night"].shape == (0,)


def test_p11_a_makeup_workday_is_no_weekend():
    """In the week of 22 September 2025 Saturday is free and Sunday worked, in exchange for a day of the holiday after it."""
    first = day_number(date(2025, 9, 22))
    shifts = tuple(candidate_shifts(SHIFTS[:1], Grid(SHANGHAI, first, 7, 60)))
    facts = facts_of(
        settings(), [agent("a"), agent("b")], None, None, first, 7, special_days=day_classes("CN", first, 7),
        ledger=ledger(("a", "weekends", "", 3), ("b", "weekends", "", 1)),
    )  # fmt: skip
    charges = fairness_charges(Objective(unfair_weekend=10.0), [agent("a"), agent("b")], facts, shifts)
    (weekend,) = (charge for charge in charges["a"] if charge.term == "unfair_weekend")
    priced = {shift.day - first for shift, price in zip(shifts, weekend.by_shift, strict=True) if price}
    assert priced == {5}


def test_the_least_of_a_night_and_the_end_of_the_day_at_the_limit():
    shifts = tuple(
        candidate_shifts(
            (ShiftTemplate("x", 1020, 1020, 480, 60), ShiftTemplate("y", 780, 780, 480, 60)),
            Grid(SHANGHAI, MONDAY, 1, 60),
        )
    )
    kinds = kinds_of(
        Objective(), *spans(shifts), SHANGHAI, {}
    )  # x: 17:00 to 01:00, two hours after 23:00; y ends at 21:00
    assert (kinds["unfair_night"].tolist(), kinds["unfair_late"].tolist()) == ([True, False], [False, False])
    kinds = kinds_of(Objective(night_minutes=121, late_after=1259), *spans(shifts), SHANGHAI, {})
    assert (kinds["unfair_night"].tolist(), kinds["unfair_late"].tolist()) == ([False, False], [True, True])


def test_fairness_is_recounted_from_the_rota():
    """a pays 20 for each of two nights, c nothing, an early shift nothing."""
    told = settings(Objective(unfair_night=10.0, unfair_weekend=0.0))
    agents = [agent("a"), agent("c")]
    p = problem_of(told, agents, table=ledger(("a", "nights", "", 12), ("c", "nights", "", 2)))
    made = rota(
        ("a", 0, 1320, 1800, "夜"), ("a", 1, 1320, 1800, "夜"), ("a", 4, 360, 840), ("c", 0, 1320, 1800, "夜")
    )
    assert further_terms(p, made) == {"unfair_night": 40.0}


# --- Changes from an earlier rota


def changes(earlier, made, days=7):
    p = problem_of(
        settings(Objective(change=60.0)), [agent("a"), agent("b"), agent("new")], days=days, earlier=earlier
    )
    return term(p, made, "change") / 60.0


EARLIER = (
    ("a", 0, 360, 840),
    ("a", 1, 360, 840),
    ("a", 4, 840, 1320, "中"),
    ("b", 0, 360, 840),
    ("b", 6, 360, 840),
)


@pytest.mark.parametrize(
    ("made", "count"),
    [
        (EARLIER, 0),
        (EARLIER[1:], 1),  # taken away
        ((*EARLIER, ("a", 2, 360, 840)), 1),  # added
        ((("a", 0, 420, 900), *EARLIER[1:]), 1),  # starts later
        ((("a", 0, 840, 1320, "中"), *EARLIER[1:]), 1),  # another shift
        ((("a", 2, 360, 840), *EARLIER[1:]), 2),  # moved: one day taken away, one added
        ((*EARLIER, ("b", 1, 360, 840), ("b", 4, 840, 1320, "中")), 2),  # as somebody else had it
        ((*EARLIER, ("new", 0, 360, 840)), 0),  # who was not in it had no rota to change
        ((), 5),
    ],
)
def test_changed_days_by_hand(made, count):
    assert changes(rota(*EARLIER), rota(*made)) == count


def test_breaks_may_move_without_a_change():
    earlier = rota(("a", 0, 360, 540), ("a", 0, 540, 570, "早", "meal"), ("a", 0, 570, 840))
    made = rota(("a", 0, 360, 600), ("a", 0, 600, 630, "早", "meal"), ("a", 0, 630, 840))
    assert changes(earlier, made) == 0


def test_days_that_the_earlier_rota_does_not_cover_are_not_compared():
    earlier = rota(("a", -1, 360, 840), ("a", 2, 360, 840))
    assert changes(earlier, rota(("a", 2, 360, 840), ("a", 3, 360, 840), ("a", 6, 360, 840))) == 0
    assert changes(earlier, rota(("a", 1, 360, 840), ("a", 3, 360, 840))) == 2


def test_a_day_of_two_shifts_cannot_be_kept_by_one():
    earlier = rota(("a", 0, 360, 840), ("a", 0, 1200, 1320, "中"), ("a", 1, 360, 840))
    assert changes(earlier, rota(("a", 0, 360, 840), ("a", 1, 360, 840))) == 1


def test_no_price_or_no_earlier_shift_is_no_charge():
    grid = Grid(SHANGHAI, MONDAY, 7, 60)
    shifts = tuple(candidate_shifts(SHIFTS, grid))
    assert change_charges(Objective(change=0.0), rota(*EARLIER), shifts, grid) == {}
    assert change_charges(Objective(), rota(), shifts, grid) == {}


# --- Mixes on duty

PEOPLE = (
    agent("a", level="supervisor"), agent("b", level="senior", team="二组", role="质检"), agent("c"),
    agent("d", queues=("在线",), site="成都"), agent("e", level="intermediate", queues=("热线", "在线")),
)  # fmt: skip


def weights(mix):
    grid = Grid(SHANGHAI, MONDAY, 1, 60)
    (row,) = duty_rows(settings(mix=[mix]), PEOPLE, grid, {})
    return row.weights.tolist()


@pytest.mark.parametrize(
    ("mix", "wanted"),
    [
        (Mix("x", levels=("supervisor", "manager"), minimum=1), [1, 0, 0, 0, 0]),
        (Mix("x", roles=("质检",), minimum=1), [0, 1, 0, 0, 0]),
        (Mix("x", levels=("senior", "supervisor"), teams=("二组",), minimum=1), [0, 1, 0, 0, 0]),
        (Mix("x", skills=("在线",), minimum=1), [0, 0, 0, 1, 1]),
        (Mix("x", minimum=2), [1, 1, 1, 1, 1]),
        (Mix("x", of="team:二组", minimum=2), [0, 1, 0, 0, 0]),
        (Mix("x", levels=("senior", "supervisor"), share=0.25), [0.75, 0.75, -0.25, -0.25, -0.25]),
        (Mix("x", levels=("senior", "intermediate"), of="queue:在线", share=0.5), [0, 0, 0, -0.5, 0.5]),
        (Mix("x", levels=("senior",), of="site:成都", share=0.5), [0, 0, 0, -0.5, 0]),
    ],
)
def test_who_counts_in_a_mix(mix, wanted):
    assert weights(mix) == wanted


def hours(mix, holidays=None, calendar=(), days=7):
    """Hours from which to which the mix asks for something, day by day of the week."""
    mask = on_hours(mix, QUEUES, Grid(SHANGHAI, MONDAY, days, 60), holidays or {}, calendar)
    return [np.flatnonzero(day).tolist() for day in mask.reshape(days, 24)]


def test_the_hours_of_a_mix():
    office, chat, nothing = list(range(8, 20)), list(range(9, 12)), []
    assert hours(Mix("x", minimum=1)) == [office] * 5 + [chat] * 2
    assert hours(Mix("x", queues=("热线",), minimum=1)) == [office] * 5 + [nothing] * 2
    assert hours(Mix("x", of="queue:在线", minimum=1)) == [chat] * 7
    assert hours(Mix("x", of="queue:在线", queues=("热线",), minimum=1)) == [office] * 5 + [nothing] * 2
    own = Mix("x", minimum=1, hours=(Opening((0,), 1380, 1500), Opening((6,), 0, 60)))
    assert hours(own) == [[23], [0], *[nothing] * 4, [0]]


def test_holidays_and_the_centres_own_days_shut_a_mix():
    mix = Mix("x", queues=("热线",), minimum=1)
    assert hours(mix, {MONDAY: "Labor Day"})[:2] == [[], list(range(8, 20))]
    closed = CalendarRow(MONDAY + 1, "盘点", "closed")
    own = Mix("x", minimum=1, hours=(Opening((0, 1), 480, 540),))
    assert hours(own, calendar=(closed,))[:2] == [[8], []]
    worked = CalendarRow(
        MONDAY + 5, "调休", "makeup"
    )  # a Saturday that is worked: own hours go by the weekday all the same
    own = Mix("x", minimum=1, hours=(Opening((4,), 480, 540), Opening((5,), 600, 660)))
    assert hours(own, calendar=(worked,))[4:6] == [[8], [10]]


def test_prices_of_mixes():
    objective = Objective(shortage_per_agent_hour=50.0)
    assert price_per_hour(Mix("x", minimum=1), objective) == 5000.0
    assert price_per_hour(Mix("x", levels=("senior",), share=0.5), objective) == 150.0
    assert price_per_hour(Mix("x", minimum=1, price_per_hour=8.0), objective) == 8.0
    grid = Grid(SHANGHAI, MONDAY, 1, 60)
    assert duty_rows(settings(mix=[Mix("x", minimum=1, price_per_hour=0.0)]), PEOPLE, grid, {}) == ()


def mix_problem(mix, people=PEOPLE, days=1):
    told = settings(mix=[mix])
    p = problem_of(told, people, days=days)
    return p, lambda made: missing_on_duty(p.duty[0], [person.agent_id for person in p.people], made, p.grid)


def test_a_minimum_is_recounted_by_hand():
    """热线 08-20: a from 06:00 to 14:00 less 09:30-10:00, b from 14:15: half of 09-10 and a quarter of 14-15 are missing, 22 on."""
    mix = Mix("x", levels=("supervisor", "senior"), queues=("热线",), minimum=1, price_per_hour=10.0)
    p, missing = mix_problem(mix)
    made = rota(
        ("a", 0, 360, 570), ("a", 0, 570, 600, "早", "meal"), ("a", 0, 600, 840), ("b", 0, 855, 1140), ("c", 0, 480, 1200),
    )  # fmt: skip
    gone = missing(made)
    assert {k: m for k, m in enumerate(gone.tolist()) if m > 1e-9} == pytest.approx(
        {9: 0.5, 14: 0.25, 19: 1.0}
    )
    assert further_terms(p, made) == {"mix": pytest.approx(17.5)}
    assert further_terms(p, rota()) == {"mix": pytest.approx(120.0)}


def test_a_share_is_recounted_by_hand():
    """09-10: 1 of 4, none missing to a quarter; 10-11: 0 of 3, 0.75 missing; 11-12: nobody, none; before 9 nothing is asked."""
    mix = Mix("x", levels=("senior", "supervisor"), share=0.25, queues=("在线",), price_per_hour=100.0)
    p, missing = mix_problem(mix)
    made = rota(("a", 0, 540, 600), *((k, 0, 480, 660) for k in "cde"))
    assert missing(made)[9:12].tolist() == pytest.approx([0.0, 0.75, 0.0])
    assert further_terms(p, made) == {"mix": pytest.approx(75.0)}


def test_in_half_hours_a_minimum_costs_the_same():
    """在线 09-12, a from 09:15 to 11:00: a quarter of an hour and an hour are missing, at 10 an hour."""
    told = settings(mix=[Mix("x", minimum=1, queues=("在线",), price_per_hour=10.0)])
    for length in (15, 30, 60):
        p = problem_of(told, PEOPLE, days=1, length=length)
        assert further_terms(p, rota(("a", 0, 555, 660))) == {"mix": pytest.approx(12.5)}


def test_people_at_work_twice_count_once_and_strangers_not_at_all():
    _, missing = mix_problem(Mix("x", minimum=2, queues=("在线",), price_per_hour=1.0))
    made = rota(("a", 0, 540, 720), ("a", 0, 540, 720), ("stranger", 0, 540, 720))
    assert missing(made)[9:12].tolist() == pytest.approx([1.0, 1.0, 1.0])


def test_work_across_midnight_counts_where_it_lies():
    _, missing = mix_problem(
        Mix("x", minimum=1, hours=(Opening((0, 1), 0, 1440),), price_per_hour=1.0), days=2
    )
    made = rota(("a", 0, 1320, 1800, "夜"), ("b", -1, 1320, 1500, "夜"))
    there = missing(made) < 1e-9
    assert np.flatnonzero(there).tolist() == [0, 22, 23, *range(24, 30)]


def test_without_somebody_the_rows_still_fit():
    p, _ = mix_problem(Mix("x", levels=("senior", "supervisor"), minimum=1))
    fewer = without(p, {"a", "c"})
    assert [person.agent_id for person in fewer.people] == ["b", "d", "e"]
    assert fewer.duty[0].weights.tolist() == [1, 0, 0]
    assert without(p, ()).people == p.people


def test_the_problem_holds_everything_in_the_order_of_its_people():
    told = settings(Objective(start_change=1.0), mix=[Mix("x", levels=("supervisor",), minimum=1)])
    p = problem_of(told, PEOPLE[::-1], earlier=rota(*EARLIER), table=ledger(("a", "nights", "", 9)))
    assert [person.agent_id for person in p.people] == list("abcde")
    assert p.duty[0].weights.tolist() == [1, 0, 0, 0, 0]
    assert [[c.term for c in person.charges] for person in p.people] == [["unfair_night", "change"]] * 2 + [
        ["unfair_night"]
    ] * 3
    assert all(person.preferences == (SameStart(60, 1.0, SHANGHAI),) for person in p.people)


def test_all_terms_add_up_in_the_cost():
    told = settings(Objective(start_change=1.0, single_day_off=2.0), mix=[Mix("x", minimum=1)])
    p = problem_of(told, PEOPLE, earlier=rota(*EARLIER), table=ledger(("a", "nights", "", 9)))
    terms = cost_terms(p, rota(*EARLIER), np.zeros((2, len(p.grid.starts))))
    assert list(terms) == [
        "pay", "overtime", "requests", "start_change", "single_day_off", "unfair_night", "change", "mix", "shortage",
        "surplus", "below_minimum",
    ]  # fmt: skip
    plain = problem_of(settings(), PEOPLE)
    assert further_terms(plain, rota(*EARLIER)) == {}


def test_requests_of_whoever_was_refused_more_weigh_more():
    ledger = {("a", "wishes_asked", "2026-03"): (4.0, 0), ("a", "wishes_granted", "2026-03"): (0.0, 0)}
    ledger |= {("b", "wishes_asked", "2026-03"): (4.0, 0), ("b", "wishes_granted", "2026-03"): (4.0, 0)}
    facts = Facts(SHANGHAI, MONDAY, 7, ledger=ledger)
    assert wish_factors(Objective(), facts) == {"a": 1.5, "b": 0.5}  # 2 beyond the average of half, 2 below
    assert wish_factors(Objective(wish_span_refusals=1.0), facts) == {"a": 2.0, "b": 0.5}
    assert wish_factors(Objective(wish_span_refusals=0.0), facts) == {}
    assert wish_factors(Objective(), Facts(SHANGHAI, MONDAY, 7)) == {}
