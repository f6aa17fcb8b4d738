"""Clashes planted in minimum cover: intervals, rules and people named exactly, none to spare by a judge that tries every line."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.instants import Grid, day_number, from_minutes, to_minutes
from centre.model import Break, Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import AllowedShifts, BoundedSum, ForbiddenTime, GapInWindow, MinimumRest
from scheduler.shifts import candidate_shifts
from scheduler.solution import Limits
from scheduler.solve import solve
from scheduler.solve.explain import unmet_cells
from scheduler.solve.explain_loosen import ladders
from scheduler.solve.explain_minimum import Team, shortages
from scheduler.solve.explain_ways import WaysOut
from tests.scheduler.explain_judge import Judge

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY, SPRING = day_number(date(2026, 3, 2)), day_number(date(2024, 3, 30))
HOUR = 60
EARLY = ShiftTemplate("early", 8 * HOUR, 8 * HOUR, 8 * HOUR)
LATE = ShiftTemplate("late", 14 * HOUR, 14 * HOUR, 8 * HOUR)
NIGHT = ShiftTemplate("night", 22 * HOUR, 22 * HOUR, 8 * HOUR)
SHORT = ShiftTemplate("short", 10 * HOUR, 10 * HOUR, 4 * HOUR)
LUNCH = ShiftTemplate(
    "lunch", 10 * HOUR, 10 * HOUR, 4 * HOUR, breaks=(Break(60, 2 * HOUR, 2 * HOUR, step_minutes=60),)
)
REST = ("rest-between-shifts", (MinimumRest(11 * HOUR),))


def at(text, zone=SHANGHAI):
    return to_minutes(datetime.fromisoformat(text).replace(tzinfo=zone))


def leave(day):
    return "leave", (ForbiddenTime(at(f"2026-03-{day:02d}T00:00"), at(f"2026-03-{day + 1:02d}T00:00")),)


def hours(high, days=3):
    return "weekly-hours", (BoundedSum(MONDAY, MONDAY + days - 1, "paid_minutes", None, high),)


@dataclass(frozen=True)
class Planted:
    """Minimum cover by (queue, local start, hours, agents), people as (queues, rules) by name, and what clashes.

    ``parts`` are (queue, local start, hours) of the minimum; ``clash`` is (agent_id, rule, primitives).
    """

    minimum: tuple
    people: dict
    parts: tuple
    clash: set
    says: str
    ways: tuple
    templates: tuple = (EARLY,)
    queues: tuple = ("calls", "chat")
    days: int = 1
    first: int = MONDAY
    zone: ZoneInfo = SHANGHAI

    def problem(self):
        grid = Grid(self.zone, self.first, self.days, HOUR)
        minimum = np.zeros((len(self.queues), len(grid.starts)))
        for queue, start, length, agents in self.minimum:
            t = (at(start, self.zone) - grid.start) // HOUR
            minimum[self.queues.index(queue), t : t + length] = agents
        people = tuple(
            PlannedPerson(
                name,
                tuple((self.queues.index(q), 1.0) for q in queues),
                tuple(p for _, told in rules for p in told),
                0.5,
                by_rule=tuple(rules),
            )
            for name, (queues, rules) in self.people.items()
        )
        shifts = tuple(candidate_shifts(self.templates, grid))
        return RotaProblem(grid, self.queues, np.zeros_like(minimum), minimum, shifts, people, Objective())


def alike(names, queues, *rules):
    return dict.fromkeys(names, (queues, rules))


CASES = {
    "too few who speak both on a Saturday": Planted(
        (("bilingual", "2026-03-07T10:00", 4, 3), ("calls", "2026-03-07T08:00", 8, 1)),
        alike(("A1", "A2"), ("calls", "bilingual"), REST) | alike(("A3", "A4", "A5"), ("calls",), REST),
        (("bilingual", "2026-03-07T10:00", 4),),
        set(),
        "minimum cover cannot be met: bilingual Sat 2026-03-07 10:00–14:00 asks 3, 2 can be had. 2 people with the skill, "
        "on shift then could be A1 and A2; no rule stands in the way, there are too few people.",
        (
            "1 more agent for bilingual: 1 on early Sat 2026-03-07 08:00–16:00",
            "minimum-agents: 3 to 2 for bilingual Sat 2026-03-07 10:00–14:00",
        ),
        queues=("calls", "bilingual"), days=2, first=MONDAY + 5,
    ),
    "everybody with the skill on leave": Planted(
        (("chat", "2026-03-03T08:00", 8, 1),),
        {"A1": (("chat",), (REST, leave(3))), "A2": (("chat",), (leave(2), leave(3))), "A3": (("calls",), (leave(3),))},
        (("chat", "2026-03-03T08:00", 8),),
        {("A1", *leave(3)), ("A2", *leave(3))},
        "2 people with the skill, on shift then could be nobody. It clashes with leave (no work on Tue 2026-03-03) for A1 and A2.",
        (
            "1 more agent for chat: 1 on early Tue 2026-03-03 08:00–16:00",
            "minimum-agents: 1 to 0 for chat Tue 2026-03-03 08:00–16:00",
            "leave: work allowed on Tue 2026-03-03 for A1",
        ),
        days=2,
    ),
    "rest between a night and the morning after": Planted(
        (("calls", "2026-03-03T03:00", 3, 1), ("calls", "2026-03-03T08:00", 2, 1)),
        alike(("A1",), ("calls",), REST, leave(5)),
        (("calls", "2026-03-03T03:00", 3), ("calls", "2026-03-03T08:00", 2)),
        {("A1", *REST)},
        "calls Tue 2026-03-03 03:00–06:00 asks 1; calls Tue 2026-03-03 08:00–10:00 asks 1, together 1 agent more than can be had.",
        (
            "rest-between-shifts: 11 h to 2 h for A1",
            "1 more agent for calls: 1 on night Mon 2026-03-02 22:00–Tue 2026-03-03 06:00",
        ),
        templates=(EARLY, NIGHT), days=2,
    ),
    "rest of as many people as it takes": Planted(
        (("calls", "2026-03-03T05:00", 1, 2), ("calls", "2026-03-03T08:00", 1, 3)),
        alike(("A1", "A2", "A3"), ("calls",), REST),
        (("calls", "2026-03-03T05:00", 1), ("calls", "2026-03-03T08:00", 1)),
        {("A1", *REST), ("A2", *REST)},
        "It clashes with rest-between-shifts (at least 11 h between shifts) for A1 and A2.",
        ("rest-between-shifts: 11 h to 2 h for A1 and A2",),
        templates=(EARLY, NIGHT), days=2,
    ),
    "hours of the week used up": Planted(
        (("calls", "2026-03-02T10:00", 4, 1), ("calls", "2026-03-03T10:00", 4, 1), ("calls", "2026-03-04T10:00", 4, 1)),
        alike(("A1",), ("calls",), REST, hours(9 * HOUR)),
        (("calls", "2026-03-02T10:00", 4), ("calls", "2026-03-03T10:00", 4), ("calls", "2026-03-04T10:00", 4)),
        {("A1", *hours(9 * HOUR))},
        "together 1 agent more than can be had",
        (
            "weekly-hours: at most 9 h paid to 12 h paid for A1",
            "1 more agent for calls: 1 on short Mon 2026-03-02 10:00–14:00",
        ),
        templates=(SHORT,), days=3,
    ),
    "two queues want the same flexible person": Planted(
        (("calls", "2026-03-02T10:00", 4, 1), ("chat", "2026-03-02T11:00", 4, 1)),
        alike(("A1",), ("calls", "chat"), REST),
        (("calls", "2026-03-02T11:00", 3), ("chat", "2026-03-02T11:00", 3)),
        set(),
        "1 person with the skill, on shift then could be A1; no rule stands in the way, there are too few people.",
        ("1 more agent for calls: 1 on early Mon 2026-03-02 08:00–16:00",),
    ),
    "an hour that no shift covers": Planted(
        (("calls", "2026-03-02T07:00", 3, 1),),
        alike(("A1", "A2"), ("calls",), REST),
        (("calls", "2026-03-02T07:00", 1),),
        set(),
        "calls Mon 2026-03-02 07:00–08:00 asks 1, 0 can be had. No shift of the centre is at work then; 2 people with the skill.",
        ("minimum-agents: 1 to 0 for calls Mon 2026-03-02 07:00–08:00",),
    ),
    "nobody has the skill": Planted(
        (("chat", "2026-03-02T09:00", 1, 1),),
        alike(("A1",), ("calls",), REST),
        (("chat", "2026-03-02T09:00", 1),),
        set(),
        "Nobody has the skill.",
        ("1 more agent for chat: 1 on early Mon 2026-03-02 08:00–16:00",),
    ),
    "the night on which clocks change": Planted(
        (("calls", "2024-03-30T20:00", 1, 1), ("calls", "2024-03-31T08:00", 2, 1)),
        alike(("A1",), ("calls",), REST),
        (("calls", "2024-03-30T20:00", 1), ("calls", "2024-03-31T08:00", 2)),
        {("A1", *REST)},
        "calls Sat 2024-03-30 20:00–21:00 asks 1; calls Sun 2024-03-31 08:00–10:00 asks 1",
        ("rest-between-shifts: 11 h to 10 h for A1",),
        templates=(ShiftTemplate("day", 13 * HOUR, 13 * HOUR, 8 * HOUR), EARLY), days=2, first=SPRING, zone=BERLIN,
    ),
    "one on leave and one without hours": Planted(
        (("calls", "2026-03-03T10:00", 4, 1),),
        {"A1": (("calls",), (leave(3), REST)), "A2": (("calls",), (hours(0, 2), REST))},
        (("calls", "2026-03-03T10:00", 4),),
        {("A1", *leave(3)), ("A2", *hours(0, 2))},
        "It clashes with leave (no work on Tue 2026-03-03) for A1 and weekly-hours (at most 0 h paid in Mon 2026-03-02 to "
        "Tue 2026-03-03) for A2.",
        ("1 more agent for calls: 1 on short Tue 2026-03-03 10:00–14:00", "minimum-agents: 1 to 0",
         "leave: work allowed on Tue 2026-03-03 for A1"),
        templates=(SHORT,), days=2,
    ),
    "a break that leaves the queue alone": Planted(
        (("calls", "2026-03-02T10:00", 4, 1),),
        alike(("A1",), ("calls",), REST),
        (("calls", "2026-03-02T12:00", 1),),
        set(),
        "calls Mon 2026-03-02 12:00–13:00 asks 1, 0 can be had. 1 person with the skill, on shift then could be A1; no rule stands in "
        "the way, breaks leave too few people.",
        ("minimum-agents: 1 to 0 for calls Mon 2026-03-02 12:00–13:00",),
        templates=(LUNCH,),
    ),
    "a contract of nights": Planted(
        (("calls", "2026-03-02T09:00", 3, 1),),
        {"A1": (("calls",), (("contract-shifts", (AllowedShifts(frozenset({"night"})),)), REST)), "A2": (("chat",), ())},
        (("calls", "2026-03-02T09:00", 3),),
        {("A1", "contract-shifts", (AllowedShifts(frozenset({"night"})),))},
        "It clashes with contract-shifts (only the shifts night) for A1.",
        ("1 more agent for calls: 1 on early Mon 2026-03-02 08:00–16:00", "minimum-agents", "contract-shifts: also the shift early for A1"),
        templates=(EARLY, NIGHT), days=2,
    ),
    "a weekly rest": Planted(
        (("calls", "2026-03-03T15:00", 1, 1),),
        alike(("A1",), ("calls",), ("weekly-rest", (GapInWindow(40 * HOUR, at("2026-03-02T00:00"), at("2026-03-05T00:00")),)), REST),
        (("calls", "2026-03-03T15:00", 1),),
        {("A1", "weekly-rest", (GapInWindow(40 * HOUR, at("2026-03-02T00:00"), at("2026-03-05T00:00")),))},
        "weekly-rest (40 h free in a row within Mon 2026-03-02 00:00–Wed 2026-03-04 24:00) for A1",
        ("weekly-rest: 40 h to 38 h for A1",),
        templates=(LATE,), days=3,
    ),
    "热线 on a holiday": Planted(
        (("热线", "2026-03-02T08:00", 8, 2),),
        {"坐席甲": (("热线",), (leave(2),)), "坐席乙": (("热线",), (REST,))},
        (("热线", "2026-03-02T08:00", 8),),
        {("坐席甲", *leave(2))},
        "热线 Mon 2026-03-02 08:00–16:00 asks 2, 1 can be had. 2 people with the skill, on shift then could be 坐席乙. "
        "It clashes with leave (no work on Mon 2026-03-02) for 坐席甲.",
        ("1 more agent for 热线: 1 on early Mon 2026-03-02 08:00–16:00",),
        queues=("热线",),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def judge(honours, shift_class):
    return Judge(honours, shift_class)


def asked_cells(problem):
    return [(int(q), int(t)) for t, q in zip(*problem.minimum.T.nonzero(), strict=True)]


def in_words(problem, cells):
    """Queue, local start and hours of cells in a row."""
    queue, first = min(cells)
    start = from_minutes(problem.grid.start + first * HOUR, problem.grid.zone)
    assert sorted(cells) == [(queue, first + k) for k in range(len(cells))]
    return problem.queues[queue], f"{start:%Y-%m-%dT%H:%M}", len(cells)


@pytest.mark.parametrize("name", CASES)
def test_a_planted_clash_is_named_exactly_and_none_of_it_is_to_spare(name, judge):
    case = CASES[name]
    problem = case.problem()
    (found,) = shortages(Team(problem), asked_cells(problem), 5)
    assert sorted(in_words(problem, part) for part in found.parts) == sorted(case.parts)
    assert {(d.agent_id, d.rule, d.primitives) for d in found.demands} == case.clash
    assert found.minimal

    def met(cells, clash):
        people = [
            ([q for q, _ in p.skills], sum((told for who, _, told in clash if who == p.agent_id), ()))
            for p in problem.people
        ]
        return judge.met(problem, people, cells)

    assert not met(found.cells, case.clash)
    for member in case.clash:
        assert met(found.cells, case.clash - {member})
    for part in found.parts:
        assert met(set(found.cells) - set(part), case.clash)
        if len(found.parts) == 1:
            assert not any(met([cell], case.clash) for cell in part)


@pytest.mark.parametrize("name", CASES)
def test_it_is_said_with_ways_out(name):
    case = CASES[name]
    problem = case.problem()
    (clash,) = unmet_cells(problem, asked_cells(problem))
    assert case.says in clash.sentence
    for way, wanted in zip(clash.ways_out, case.ways, strict=False):
        assert way.sentence.startswith(wanted)
    assert len(clash.ways_out) >= len(case.ways)
    assert set(clash.agents) == {who for who, _, _ in case.clash}
    assert clash.rules == (
        tuple(dict.fromkeys(rule for _, rule, _ in sorted(case.clash, key=str))) or ("minimum-agents",)
    )
    starts = {at(s, case.zone) + HOUR * k for _, s, n in case.parts for k in range(n)}
    assert set(clash.interval_starts) == starts


def with_way(problem, way):
    """The problem after a way out, made by hand from what it says it changes."""
    people = []
    for person in problem.people:
        told = dict(person.by_rule)
        for step, agents in way.steps:
            if person.agent_id in agents:
                kept = tuple(p for p in told[step.demand.rule] if p not in step.demand.primitives)
                told[step.demand.rule] = kept + step.primitives
        primitives = tuple(p for ps in told.values() for p in ps)
        people.append(replace(person, primitives=primitives, by_rule=tuple(told.items())))
    for number, (shift, count) in enumerate(way.added):
        wanted = problem.shifts[shift]
        busy = (wanted.start - 1440, wanted.start), (wanted.end, wanted.end + 1440)
        told = (("only then", tuple(ForbiddenTime(*span) for span in busy)),)
        skills = tuple((queue, 1.0) for queue, _ in way.skills)
        extra = [
            PlannedPerson(f"extra {number} {k}", skills, told[0][1], 0.5, by_rule=told) for k in range(count)
        ]
        people += extra
    minimum = problem.minimum.copy()
    for cells, less in way.lowered:
        for cell in cells:
            minimum[cell] -= less
    return replace(problem, people=tuple(people), minimum=minimum)


@pytest.mark.parametrize("name", CASES)
def test_every_way_out_meets_all_minimum_cover(name, judge):
    problem = CASES[name].problem()
    team = Team(problem)
    (found,) = shortages(team, asked_cells(problem), 5)
    ways = WaysOut(team, found, frozenset(found.cells)).all()
    assert ways
    for way in ways:
        mended = with_way(problem, way)
        people = [([q for q, _ in p.skills], p.primitives) for p in mended.people]
        assert judge.met(mended, people, asked_cells(mended)), way.out.sentence
        if len(way.steps) == 1 and way.steps[0][0].change < 1:
            ((step, agents),) = way.steps
            (ladder,) = ladders(step.demand, ["early"], SHANGHAI)
            fewer = [(step, agents[1:])] + [(s, agents) for s in ladder[: ladder.index(step)][-1:]]
            for less in fewer:
                mended = with_way(problem, replace(way, steps=(less,)))
                people = [([q for q, _ in p.skills], p.primitives) for p in mended.people]
                assert not judge.met(mended, people, asked_cells(mended)), less


def test_two_causes_are_two_clashes_and_each_is_mended_by_itself():
    case = Planted(
        (("calls", "2026-03-02T10:00", 4, 1), ("calls", "2026-03-04T10:00", 4, 2)),
        {"A1": (("calls",), (leave(2),)), "A2": (("chat",), ())},
        (), set(), "", (), templates=(SHORT,), days=3,
    )  # fmt: skip
    problem = case.problem()
    one, two = unmet_cells(problem, asked_cells(problem))
    assert (one.rules, one.agents) == (("leave",), ("A1",))
    assert two.rules == ("minimum-agents",)
    assert two.ways_out[0].sentence == "1 more agent for calls: 1 on short Wed 2026-03-04 10:00–14:00"
    assert "leave: work allowed on Mon 2026-03-02 for A1" in [way.sentence for way in one.ways_out]
    assert one.ways_out[0].price == 120.0  # 4 h at 0.5 a minute


def test_the_same_shortage_day_after_day_is_one_clash():
    minimum = tuple(("calls", f"2026-03-0{day}T08:00", 8, 3) for day in range(2, 7))
    case = Planted(minimum, alike(("A1", "A2"), ("calls",), REST), (), set(), "", (), days=5)
    (clash,) = unmet_cells(case.problem(), asked_cells(case.problem()))
    assert clash.sentence.startswith(
        "minimum cover cannot be met: calls Mon 2026-03-02 08:00–16:00 asks 3, 2 can be had; calls Tue"
    )
    assert "; and 1 more. 2 people with the skill" in clash.sentence
    assert clash.members[0].says.count("at least 3 agents for calls") == 5
    assert clash.ways_out[0].sentence.startswith(
        "5 more agents for calls: 1 on early Mon 2026-03-02 08:00–16:00"
    )


def test_a_leave_of_a_week_is_given_up_for_the_day_alone():
    days = ("leave", (ForbiddenTime(at("2026-03-02T00:00"), at("2026-03-07T00:00")),))
    case = Planted(
        (("calls", "2026-03-04T10:00", 4, 1),), {"A1": (("calls",), (days,))}, (), set(), "", (),
        templates=(SHORT,), days=5,
    )  # fmt: skip
    (clash,) = unmet_cells(case.problem(), asked_cells(case.problem()))
    assert clash.ways_out[-1].sentence == "leave: work allowed on Wed 2026-03-04 for A1"


def test_rules_of_two_people_that_need_two_changes():
    """One of them away is a clash already, so that only both rules loosened at once end it."""
    case = Planted(
        (("calls", "2026-03-03T10:00", 4, 2),),
        {"A1": (("calls",), (leave(3), REST)), "A2": (("calls",), (hours(0, 2), REST)), "A3": (("chat",), ())},
        (), set(), "", (), templates=(SHORT,), days=2,
    )  # fmt: skip
    (clash,) = unmet_cells(case.problem(), asked_cells(case.problem()))
    assert len(clash.agents) == 1
    assert [way.sentence for way in clash.ways_out] == [
        "2 more agents for calls: 2 on short Tue 2026-03-03 10:00–14:00",
        "minimum-agents: 2 to 0 for calls Tue 2026-03-03 10:00–14:00",
        "leave: work allowed on Tue 2026-03-03 for A1 and weekly-hours: at most 0 h paid to 4 h paid for A2",
    ]


def test_cells_that_can_be_met_are_no_clash():
    case = CASES["everybody with the skill on leave"]
    problem = replace(case.problem(), minimum=np.zeros_like(case.problem().minimum))
    problem.minimum[0, 8] = 1
    assert unmet_cells(problem, [(0, 8)]) == ()
    assert unmet_cells(problem, []) == ()


def test_more_causes_than_are_explained_are_said_to_be_left():
    minimum = tuple(("calls", f"2026-03-0{day}T10:00", 4, 1) for day in range(2, 9))
    apart = tuple((f"reason {day}", leave(day)[1]) for day in range(2, 9))
    case = Planted(minimum, {"A1": (("calls",), apart)}, (), set(), "", (), templates=(SHORT,), days=7)
    clashes = unmet_cells(case.problem(), asked_cells(case.problem()))
    assert [clash.rules for clash in clashes] == [(f"reason {day}",) for day in range(2, 7)] + [
        ("minimum-agents",)
    ]
    assert "calls Sat 2026-03-07 to Sun 2026-03-08 10:00–14:00 is short too" in clashes[-1].sentence
    assert len(clashes[-1].interval_starts) == 8


@pytest.mark.parametrize("name", ["everybody with the skill on leave", "the night on which clocks change"])
def test_a_solve_tells_the_clash_and_after_a_way_out_there_is_none(name):
    problem = CASES[name].problem()
    limits = Limits(effort=1, workers=1)
    found = solve(problem, limits)
    assert found.status == "clash"
    (clash,) = found.clashes
    assert set(clash.agents) == {who for who, _, _ in CASES[name].clash}
    (shortage,) = shortages(Team(problem), asked_cells(problem), 5)
    for way in WaysOut(Team(problem), shortage, frozenset(shortage.cells)).all():
        assert solve(with_way(problem, way), limits).clashes == (), way.out.sentence


def test_days_longer_than_shifts_are_one_clash():
    """Of three, two at a time for 16 hours: nobody's shift holds an hour and the one 8 h later, whichever it is."""
    case = Planted(
        (("calls", "2026-03-02T06:00", 16, 2),),
        alike(("A1", "A2", "A3"), ("calls",), REST),
        (), set(), "", (), templates=(ShiftTemplate("day", 6 * HOUR, 14 * HOUR, 8 * HOUR, 60),),
    )  # fmt: skip
    problem = case.problem()
    (found,) = shortages(Team(problem), asked_cells(problem), 5)
    assert found.minimal
    assert found.demands == ()
    assert len(found.parts) == 2
    assert set(found.cells) == set(asked_cells(problem))
    (clash,) = unmet_cells(problem, asked_cells(problem))
    assert clash.sentence == (
        "minimum cover cannot be met: calls Mon 2026-03-02 06:00–14:00 asks 2; calls Mon 2026-03-02 14:00–22:00 asks 2, together "
        "1 agent more than can be had. 3 people with the skill, on shift then could be A1, A2 and A3; no rule stands in the way, "
        "there are too few people for all of these times."
    )


def test_hours_that_clash_likewise_are_told_with_the_clash(judge):
    """As before, but for a longer shift that no contract has: it would hold two hours 8 h apart, though not all such hours at once."""
    held = ("contract-shifts", (AllowedShifts(frozenset({"day"})),))
    case = Planted(
        (("calls", "2026-03-02T06:00", 16, 2),),
        alike(("A1", "A2", "A3"), ("calls",), held),
        (), set(), "", (),
        templates=(ShiftTemplate("day", 6 * HOUR, 14 * HOUR, 8 * HOUR, 120), ShiftTemplate("long", 6 * HOUR, 12 * HOUR, 10 * HOUR, 120)),
    )  # fmt: skip
    problem = case.problem()
    (found,) = shortages(Team(problem), asked_cells(problem), 5)
    assert found.minimal
    assert [d.agent_id for d in found.demands] == ["A1", "A2", "A3"]
    assert found.likewise
    assert {*found.cells, *found.likewise} == set(asked_cells(problem))
    everybody = [([0], held[1])] * 3
    assert not judge.met(problem, everybody, [part[0] for part in found.parts])
    assert judge.met(problem, [*everybody[1:], ([0], ())], found.cells)
    assert not judge.met(problem, [*everybody[1:], ([0], ())], [*found.cells, *found.likewise])
    (clash,) = unmet_cells(problem, asked_cells(problem))
    assert " more than can be had. Likewise calls Mon 2026-03-02" in clash.sentence


def test_who_is_added_works_the_shift_with_the_least_pay_that_does():
    later = ("contract-shifts", (AllowedShifts(frozenset({"later"})),))
    case = Planted(
        (("calls", "2026-03-02T10:00", 4, 1),), alike(("A1",), ("calls",), later), (), set(), "", (),
        templates=(SHORT, ShiftTemplate("tiny", 10 * HOUR, 10 * HOUR, 2 * HOUR), ShiftTemplate("later", 12 * HOUR, 12 * HOUR, 2 * HOUR)),
    )  # fmt: skip
    (clash,) = unmet_cells(case.problem(), asked_cells(case.problem()))
    (added,) = [way for way in clash.ways_out if "more agent" in way.sentence]
    assert added.sentence == "1 more agent for calls: 1 on tiny Mon 2026-03-02 10:00–12:00"
    assert added.price == 60.0


def test_fewer_people_at_a_larger_step_is_a_way_of_its_own():
    """Five shifts for three people with one each: two more by one more for two of them, or by two more for one."""
    limit = ("contract-days", (BoundedSum(MONDAY, MONDAY + 4, "shifts", None, 1),))
    minimum = tuple(("calls", f"2026-03-0{day}T10:00", 4, 1) for day in range(2, 7))
    case = Planted(
        minimum, alike(("A1", "A2", "A3"), ("calls",), limit), (), set(), "", (), templates=(SHORT,), days=5,
    )  # fmt: skip
    (clash,) = unmet_cells(case.problem(), asked_cells(case.problem()))
    said = [way.sentence for way in clash.ways_out]
    assert "contract-days: at most 1 shift to 2 shifts for A1 and A2" in said
    assert "contract-days: at most 1 shift to 3 shifts for A1" in said
    assert [s for s in said if "more agents" in s] == [
        "2 more agents for calls: 1 on short Mon 2026-03-02 10:00–14:00 and 1 on short Tue 2026-03-03 10:00–14:00"
    ]
