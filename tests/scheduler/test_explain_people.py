"""Clashes planted in one person's rules: each named exactly, none of its members to spare by a judge that tries every line."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.instants import Grid, day_number, to_minutes
from centre.model import Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedSum,
    ForbiddenDay,
    ForbiddenTime,
    FreeDayInExchange,
    GapInWindow,
    MinimumRest,
    Nights,
    RestAfterNights,
    ShiftLength,
)
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.shifts import candidate_shifts
from scheduler.solve.explain import stuck_people
from scheduler.solve.explain_loosen import ladders
from scheduler.solve.explain_people import Stuck
from tests.scheduler.explain_judge import Judge

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = day_number(date(2026, 3, 2))
HOUR = 60
EARLY = ShiftTemplate("early", 8 * HOUR, 8 * HOUR, 8 * HOUR)
LATE = ShiftTemplate("late", 14 * HOUR, 14 * HOUR, 8 * HOUR)
NIGHT = ShiftTemplate("night", 22 * HOUR, 22 * HOUR, 8 * HOUR)
LONG = ShiftTemplate("long", 8 * HOUR, 8 * HOUR, 10 * HOUR)


def at(text, zone=SHANGHAI):
    """UTC minutes of a local time."""
    return to_minutes(datetime.fromisoformat(text).replace(tzinfo=zone))


def horizon(templates, days=7, first=MONDAY, zone=SHANGHAI):
    """A problem without people or demand."""
    grid = Grid(zone, first, days, HOUR)
    none = np.zeros((1, len(grid.starts)))
    return RotaProblem(
        grid, ("calls",), none, none, tuple(candidate_shifts(templates, grid)), (), Objective()
    )


def somebody(agent_id, rules, **more):
    """A person bound by (rule, primitives) pairs."""
    told = tuple((name, tuple(primitives)) for name, primitives in rules)
    return PlannedPerson(agent_id, ((0, 1.0),), tuple(p for _, ps in told for p in ps), by_rule=told, **more)


def days_worked(low=None, high=None, first=MONDAY, days=7):
    return BoundedSum(first, first + days - 1, "shifts", low, high)


def nights(days=7):
    return Nights(
        tuple((at("2026-03-02T22:00") + 1440 * d, at("2026-03-03T06:00") + 1440 * d) for d in range(days)),
        180,
    )


NOISE = (
    ("rest-between-shifts", [MinimumRest(11 * HOUR)]),
    ("weekly-rest", [GapInWindow(24 * HOUR, at("2026-03-02T00:00"), at("2026-03-09T00:00"))]),
)


WEEK = horizon([EARLY])


@dataclass(frozen=True)
class Planted:
    """A clash: the person's rules, and of them those that clash; what is said, and the ways out."""

    rules: tuple
    clash: set
    says: str
    ways: tuple[str, ...]
    problem: RotaProblem = WEEK
    agent_id: str = "A017"


def leave(*days):
    return tuple(ForbiddenTime(at(f"2026-03-{d:02d}T00:00"), at(f"2026-03-{d + 1:02d}T00:00")) for d in days)


CASES = {
    "leave against the contract's days": Planted(
        (*NOISE, ("leave", leave(5, 6, 7, 8)), ("contract-days", [days_worked(5, 6)])),
        {("leave", leave(5, 6, 7, 8)), ("contract-days", (days_worked(low=5),))},
        "A017: leave (no work on Thu 2026-03-05 to Sun 2026-03-08) and contract-days (at least 5 shifts in Mon 2026-03-02 to "
        "Sun 2026-03-08) cannot all hold: at most 3 shifts can be had; not planned",
        (
            "contract-days: at least 5 shifts to 3 shifts for A017",
            "leave: work allowed on Sat 2026-03-07 to Sun 2026-03-08 for A017",
        ),
    ),
    "of two leaves only the one that matters": Planted(
        (("leave", (*leave(2), *leave(5, 6, 7, 8))), ("contract-days", [days_worked(4)])),
        {("leave", leave(5, 6, 7, 8)), ("contract-days", (days_worked(4),))},
        "at most 3 shifts can be had",
        ("contract-days: at least 4 shifts to 2 shifts for A017",),
    ),
    "rest against the only shifts to be had": Planted(
        (
            (
                "availability",
                [
                    ForbiddenTime(at("2026-03-02T00:00"), at("2026-03-02T14:00")),
                    ForbiddenTime(at("2026-03-03T16:00"), at("2026-03-04T00:00")),
                ],
            ),
            ("contract-days", [days_worked(2, 2, days=2)]),
            ("rest-between-shifts", [MinimumRest(11 * HOUR)]),
        ),
        {
            ("availability", (ForbiddenTime(at("2026-03-02T00:00"), at("2026-03-02T14:00")),)),
            ("availability", (ForbiddenTime(at("2026-03-03T16:00"), at("2026-03-04T00:00")),)),
            ("contract-days", (days_worked(low=2, days=2),)),
            ("rest-between-shifts", (MinimumRest(11 * HOUR),)),
        },
        "availability (no work in Mon 2026-03-02 00:00–14:00)",
        ("rest-between-shifts: 11 h to 10 h for A017",),
        horizon([EARLY, LATE], days=2),
    ),
    "days at most against hours at least": Planted(
        (
            *NOISE,
            ("contract-days", [days_worked(3, 4)]),
            ("contract-minutes", [BoundedSum(MONDAY, MONDAY + 6, "paid_minutes", 2400, 2640)]),
        ),
        {
            ("contract-days", (days_worked(high=4),)),
            ("contract-minutes", (BoundedSum(MONDAY, MONDAY + 6, "paid_minutes", 2400),)),
        },
        "at most 32 h paid can be had",
        (
            "contract-minutes: at least 40 h paid to 32 h paid for A017",
            "contract-days: at most 4 shifts to 5 shifts for A017",
        ),
    ),
    "a limit of nights against a contract of nights": Planted(
        (
            ("contract-shifts", [AllowedShifts(frozenset({"night"}))]),
            ("night-count", [BoundedNights(nights(), MONDAY, MONDAY + 4, 2)]),
            ("contract-days", [days_worked(4, 5, days=5)]),
        ),
        {
            ("contract-shifts", (AllowedShifts(frozenset({"night"})),)),
            ("night-count", (BoundedNights(nights(), MONDAY, MONDAY + 4, 2),)),
            ("contract-days", (days_worked(low=4, days=5),)),
        },
        "night-count (at most 2 night shifts in Mon 2026-03-02 to Fri 2026-03-06)",
        (
            "contract-days: at least 4 shifts to 2 shifts for A017",
            "night-count: 2 to 4 night shifts for A017",
            "contract-shifts: also the shift early for A017",
        ),
        horizon([EARLY, NIGHT], days=5),
    ),
    "the limit of a shift against the only shift": Planted(
        (
            ("contract-shifts", [AllowedShifts(frozenset({"long"}))]),
            ("daily-hours", [ShiftLength("worked_minutes", 9 * HOUR)]),
            ("contract-days", [days_worked(1, 5, days=4)]),
        ),
        {
            ("contract-shifts", (AllowedShifts(frozenset({"long"})),)),
            ("daily-hours", (ShiftLength("worked_minutes", 9 * HOUR),)),
            ("contract-days", (days_worked(low=1, days=4),)),
        },
        "daily-hours (shifts of at most 9 h of work)",
        ("daily-hours: 9 h to 10 h for A017",),
        horizon([EARLY, LONG], days=4),
    ),
    "times that overlap from two sides": Planted(
        (
            ("leave", [ForbiddenTime(at("2026-03-02T06:00"), at("2026-03-02T15:00"))]),
            ("rest-after-training", [ForbiddenTime(at("2026-03-02T13:00"), at("2026-03-02T15:00"))]),
            ("availability", [ForbiddenTime(at("2026-03-02T14:00"), at("2026-03-02T23:00"))]),
            ("contract-days", [days_worked(1, days=1)]),
        ),
        {
            ("leave", (ForbiddenTime(at("2026-03-02T06:00"), at("2026-03-02T15:00")),)),
            ("contract-days", (days_worked(1, days=1),)),
        },
        "leave (no work in Mon 2026-03-02 06:00–15:00)",
        (),
        horizon([EARLY, ShiftTemplate("late", 14 * HOUR, 14 * HOUR, 8 * HOUR)], days=1),
    ),
    "a start in the week": Planted(
        (
            *NOISE,
            ("employment", [ForbiddenDay(MONDAY + d) for d in range(3)]),
            ("contract-days", [days_worked(5, 6)]),
        ),
        {
            ("employment", tuple(ForbiddenDay(MONDAY + d) for d in range(3))),
            ("contract-days", (days_worked(low=5),)),
        },
        "employment (no work on Mon 2026-03-02 to Wed 2026-03-04)",
        (
            "contract-days: at least 5 shifts to 4 shifts for A017",
            "employment: work allowed on Wed 2026-03-04 for A017",
        ),
    ),
    "a long rest against every day": Planted(
        (
            ("weekly-rest", [GapInWindow(36 * HOUR, at("2026-03-02T00:00"), at("2026-03-09T00:00"))]),
            ("rest-between-shifts", [MinimumRest(11 * HOUR)]),
            ("contract-days", [days_worked(7, 7)]),
        ),
        {
            ("weekly-rest", (GapInWindow(36 * HOUR, at("2026-03-02T00:00"), at("2026-03-09T00:00")),)),
            ("contract-days", (days_worked(low=7),)),
        },
        "weekly-rest (36 h free in a row within Mon 2026-03-02 00:00–Sun 2026-03-08 24:00)",
        ("contract-days: at least 7 shifts to 6 shifts for A017", "weekly-rest: 36 h to 16 h for A017"),
    ),
    "days in a row": Planted(
        (("days-in-a-row", [BoundedRun(3)]), ("contract-days", [days_worked(7)])),
        {("days-in-a-row", (BoundedRun(3),)), ("contract-days", (days_worked(7),))},
        "days-in-a-row (at most 3 days in a row)",
        (
            "contract-days: at least 7 shifts to 6 shifts for A017",
            "days-in-a-row: 3 to 7 days in a row for A017",
        ),
    ),
    "nights, the rest after them and the contract": Planted(
        (
            ("contract-shifts", [AllowedShifts(frozenset({"night"}))]),
            ("nights-in-a-row", [BoundedNightRun(nights(), 2)]),
            ("rest-after-nights", [RestAfterNights(nights(), 2, 48 * HOUR)]),
            ("contract-days", [days_worked(4, 5, days=5)]),
        ),
        {
            ("contract-shifts", (AllowedShifts(frozenset({"night"})),)),
            ("nights-in-a-row", (BoundedNightRun(nights(), 2),)),
            ("rest-after-nights", (RestAfterNights(nights(), 2, 48 * HOUR),)),
            ("contract-days", (days_worked(low=4, days=5),)),
        },
        "rest-after-nights (48 h free after 2 night shifts in a row)",
        (
            "rest-after-nights: 48 h to 40 h for A017",
            "contract-days: at least 4 shifts to 3 shifts for A017",
            "nights-in-a-row: 2 to 3 days in a row for A017",
        ),
        horizon([EARLY, NIGHT], days=5),
    ),
    "the night on which clocks change": Planted(
        (
            ("rest-between-shifts", [MinimumRest(11 * HOUR)]),
            ("contract-days", [days_worked(2, first=day_number(date(2024, 3, 30)), days=2)]),
        ),
        {
            ("rest-between-shifts", (MinimumRest(11 * HOUR),)),
            ("contract-days", (days_worked(2, first=day_number(date(2024, 3, 30)), days=2),)),
        },
        "rest-between-shifts (at least 11 h between shifts)",
        (
            "rest-between-shifts: 11 h to 10 h for A017",
            "contract-days: at least 2 shifts to 1 shift for A017",
        ),
        horizon(
            [
                ShiftTemplate("day", 9 * HOUR, 9 * HOUR, 12 * HOUR, days=(5,)),
                ShiftTemplate("early", 8 * HOUR, 8 * HOUR, 8 * HOUR, days=(6,)),
            ],
            2,
            day_number(date(2024, 3, 30)),
            BERLIN,
        ),
    ),
    "a day off in exchange, told in Chinese": Planted(
        (
            ("调休", [FreeDayInExchange(MONDAY + 5, (MONDAY + 6,))]),
            ("contract-days", [days_worked(7)]),
            ("days-in-a-row", [BoundedRun(7)]),
        ),
        {("调休", (FreeDayInExchange(MONDAY + 5, (MONDAY + 6,)),)), ("contract-days", (days_worked(7),))},
        "坐席甲: 调休 (for work on Sat 2026-03-07 one of Sun 2026-03-08 free)",
        ("contract-days: at least 7 shifts to 6 shifts for 坐席甲", "调休: not asked for 坐席甲"),
        agent_id="坐席甲",
    ),
}


@pytest.fixture(scope="module")
def judge(honours, shift_class):
    return Judge(honours, shift_class)


@pytest.mark.parametrize("name", CASES)
def test_a_planted_clash_is_named_exactly_and_none_of_it_is_to_spare(name, judge):
    case = CASES[name]
    person = somebody(case.agent_id, case.rules)
    found = {(d.rule, d.primitives) for d in Stuck(case.problem, person).cause()}
    assert found == case.clash
    primitives = [told for _, told in case.clash]
    assert judge.stuck(case.problem, sum(primitives, ()))
    for left_out in primitives:
        assert not judge.stuck(case.problem, sum((p for p in primitives if p is not left_out), ()))


@pytest.mark.parametrize("name", CASES)
def test_it_is_said_with_the_least_changes_that_help(name):
    case = CASES[name]
    other = somebody("free", [("rest-between-shifts", [MinimumRest(0)])])
    problem = replace(case.problem, people=(other, somebody(case.agent_id, case.rules)))
    (clash,) = stuck_people(problem, [case.agent_id])
    assert case.says in clash.sentence
    assert clash.agents == (case.agent_id,)
    assert set(clash.rules) == {rule for rule, _ in case.clash}
    assert tuple(way.sentence for way in clash.ways_out[: len(case.ways)]) == case.ways
    assert clash.way_out == (clash.ways_out[0].sentence if clash.ways_out else "")
    assert len(clash.members) == len(case.clash)
    assert all(
        member.agents == (case.agent_id,) and member.says in clash.sentence for member in clash.members
    )
    assert clash.minimal


@pytest.mark.parametrize("name", CASES)
def test_every_way_out_gives_a_line_and_a_step_less_does_not(name, judge):
    case = CASES[name]
    stuck = Stuck(case.problem, somebody(case.agent_id, case.rules))
    ways = stuck.ways_out(stuck.cause())
    assert ways or name == "times that overlap from two sides"

    def lines_with(*steps):
        instead = {step.demand: step.primitives for step in steps}
        return not judge.stuck(
            case.problem, tuple(p for d in stuck.demands for p in instead.get(d, d.primitives))
        )

    for way in ways:
        assert lines_with(*way)
        for k, step in enumerate(way):
            ladder = next(
                steps
                for steps in ladders(step.demand, stuck.templates, case.problem.grid.zone)
                if step in steps
            )
            before = ladder[: ladder.index(step)][-1:]
            assert not lines_with(*way[:k], *before, *way[k + 1 :])


def facts_with(rota_of, shifts, first, days):
    return Facts(SHANGHAI, first, days, before=rota_of(shifts))


def test_hours_worked_before_the_horizon_are_said_to_count(rota_of, local_shift):
    thursday = MONDAY + 3
    worked = [local_shift(SHANGHAI, "A017", f"2026-03-0{day}T08:00", 600) for day in (2, 3, 4)]
    told = tuple(WeeklyHours(2400, "law").lines(Person("A017"), facts_with(rota_of, worked, thursday, 4)))
    wanted = days_worked(2, first=thursday, days=4)
    person = somebody("A017", [("weekly-hours", told), ("contract-days", [wanted])])
    problem = replace(horizon([EARLY], 4, thursday), people=(person,))
    (clash,) = stuck_people(problem, ["A017"])
    assert clash.rules == ("weekly-hours", "contract-days")
    assert clash.sentence == (
        "A017: weekly-hours (at most 10 h paid in Thu 2026-03-05 to Sun 2026-03-08, work before counted in) and contract-days "
        "(at least 2 shifts in Thu 2026-03-05 to Sun 2026-03-08) cannot all hold: at most 1 shift can be had; not planned"
    )
    assert "weekly-hours: at most 10 h paid to 16 h paid for A017" in [way.sentence for way in clash.ways_out]


def test_rest_after_the_last_shift_before_the_horizon(rota_of, local_shift):
    worked = [local_shift(SHANGHAI, "A017", "2026-03-01T22:00", 480)]
    told = tuple(RestBetweenShifts(660, "law").lines(Person("A017"), facts_with(rota_of, worked, MONDAY, 1)))
    rules = [("rest-between-shifts", told), ("contract-days", [days_worked(1, days=1)])]
    problem = replace(horizon([EARLY], 1), people=(somebody("A017", rules),))
    (clash,) = stuck_people(problem, ["A017"])
    assert clash.members[0].says == "no work in Mon 2026-03-02 00:00–17:00"
    assert (
        "rest-between-shifts (no work in Mon 2026-03-02 00:00–17:00, work before counted in)"
        in clash.sentence
    )
    assert "rest-between-shifts: work allowed in Mon 2026-03-02 08:00–17:00 for A017" in [
        way.sentence for way in clash.ways_out
    ]


def test_people_stuck_alike_are_told_together_and_two_causes_apart():
    rules = [("leave", leave(4, 5, 6, 7, 8)), ("contract-days", [days_worked(5)])]
    other = [
        ("employment", [ForbiddenDay(MONDAY + d) for d in range(4)]),
        ("contract-days", [days_worked(5)]),
    ]
    people = (*(somebody(f"A{k}", rules) for k in range(8)), somebody("B", other), somebody("C", ()))
    problem = replace(horizon([EARLY]), people=people)
    alike, alone = stuck_people(problem, [p.agent_id for p in people[:-1]])
    assert alike.agents == tuple(f"A{k}" for k in range(8))
    assert alike.sentence.startswith("A0, A1, A2, A3, A4, A5 and 2 more: leave")
    assert (alone.agents, alone.rules) == (("B",), ("employment", "contract-days"))


def test_two_clashes_of_one_person_need_two_changes():
    rules = [
        ("leave", leave(2, 3, 4)),
        ("contract-days", [days_worked(2, days=3), days_worked(4, first=MONDAY + 3, days=4)]),
        ("days-in-a-row", [BoundedRun(3)]),
    ]
    stuck = Stuck(horizon([EARLY]), somebody("a", rules))
    first, *others = stuck.ways_out(stuck.cause())
    assert [step.words for step in first] == [
        "contract-days: at least 2 shifts to 0 shifts",
        "contract-days: at least 4 shifts to 3 shifts",
    ]
    assert {len(way) for way in others} == {2}


def test_limits_without_names_are_explained_too():
    person = replace(somebody("a", [("x", [days_worked(5), *leave(2, 3, 4)])]), by_rule=())
    (clash,) = stuck_people(replace(horizon([EARLY]), people=(person,)), ["a"])
    assert clash.rules == ("rules",)
    assert len(clash.members) == 2
