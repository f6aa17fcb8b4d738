"""Deferred work: due times on the clock, staffing that no enumeration beats, minutes that are never lost."""

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.instants import Grid, day_number
from centre.model import Opening, Queue
from centre.opening import open_mask
from scheduler.staffing.deferred import Work, due_of, levelled, worked_off

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
WITHIN_A_DAY = Queue("反馈", channel="case", target_hours=24.0)
BY_DAY_END = Queue("归档", channel="case", due_by_day_end=True)


def grid(day: str, zone: ZoneInfo = SHANGHAI, days: int = 1, interval_minutes: int = 60) -> Grid:
    return Grid(zone, day_number(date.fromisoformat(day)), days, interval_minutes)


def work_of(*items: tuple[float, float, float]) -> Work:
    """Items as (release, due, minutes), a contact for every five minutes."""
    release, due, minutes = (np.array([item[k] for item in items]) for k in range(3))
    return Work(release.astype(np.int64), due.astype(np.int64), minutes / 5.0, minutes.astype(float))


# ---- due times ----


def test_p6_feedback_is_due_within_24_elapsed_hours_and_records_by_the_day_s_end() -> None:
    day = grid("2003-10-20", days=2, interval_minutes=30)
    complaint = 2 * 17  # Monday 17:00
    assert due_of(WITHIN_A_DAY, day, complaint) == complaint + 47  # done by Tuesday 17:00
    assert due_of(BY_DAY_END, day, complaint) == 47  # done by midnight
    assert due_of(BY_DAY_END, day, [47, 48]).tolist() == [47, 95]  # just before and at midnight


@pytest.mark.parametrize(("day", "hours"), [("2003-10-26", 25), ("2003-04-06", 23), ("2003-05-05", 24)])
def test_days_on_which_clocks_change(day: str, hours: int) -> None:
    days = grid(day, NEW_YORK, 2)
    assert due_of(WITHIN_A_DAY, days, [0, 30]).tolist() == [23, 53]  # elapsed
    assert due_of(BY_DAY_END, days, [0, hours - 1, hours]).tolist() == [hours - 1, hours - 1, hours + 23]


def test_hours_count_from_the_interval_s_start_and_at_least_one_interval() -> None:
    day = grid("2003-10-20", interval_minutes=30)
    for hours, intervals in ((0.1, 1), (0.5, 1), (0.75, 1), (1.0, 2), (1.4, 2), (1.5, 3), (1.1 - 0.1, 2)):
        assert due_of(Queue("邮件", target_hours=hours), day, 4) == 4 + intervals - 1


def test_due_may_lie_beyond_the_grid_and_the_earlier_of_two_holds() -> None:
    day = grid("2003-10-20")
    assert due_of(WITHIN_A_DAY, day, 23) == 46
    both = Queue("邮件", target_hours=4.0, due_by_day_end=True)
    assert due_of(both, day, [10, 22]).tolist() == [13, 23]


def test_due_times_of_work_that_may_not_wait_and_off_the_grid_are_bad_input() -> None:
    with pytest.raises(BadInput) as caught:
        due_of(Queue("热线", target_seconds=20), grid("2003-10-20"), [0, -1, 24, 1.5])
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("queue.热线.target_hours", ""),
        ("release", "-1 at index 1"), ("release", "24 at index 2"), ("release", "1.5 at index 3"),
    ]  # fmt: skip


# ---- the flattest staffing against enumeration ----


@dataclass(frozen=True)
class Case:
    """A tiny centre: items (release, due, agents' intervals of work), who is idle, when somebody may work."""

    items: list[tuple[int, int, Fraction]]
    idle: list[Fraction]
    is_open: list[bool]

    def inside(self, first: int, last: int) -> Fraction:
        """Work that only intervals from ``first`` to ``last`` can do."""
        return sum(
            (work for release, due, work in self.items if first <= release and due <= last), Fraction(0)
        )

    def that_meet(self, agents: np.ndarray) -> np.ndarray:
        """The profiles that meet Hall's condition: every run of intervals has room for the work that lies wholly inside it."""
        unit = math.lcm(*(x.denominator for x in [*self.idle, *(item[2] for item in self.items)]))
        room = (agents * unit + [int(spare * unit) for spare in self.idle]) * self.is_open
        done = np.cumsum(np.pad(room, ((0, 0), (1, 0))), axis=1)
        runs = [(s, e) for s in range(len(self.idle)) for e in range(s, len(self.idle))]
        return agents[
            np.all([done[:, e + 1] - done[:, s] >= int(self.inside(s, e) * unit) for s, e in runs], axis=0)
        ]

    def flattest_fractions(self) -> list[Fraction]:
        """Yao, Demers and Shenker as they wrote it: the most crowded run of slots first, taken out, and again."""
        agents, items = [Fraction(0)] * len(self.idle), list(self.items)
        slots = [t for t, here in enumerate(self.is_open) if here]
        while slots and items:
            runs = [slots[i : k + 1] for i in range(len(slots)) for k in range(i, len(slots))]
            crowded = {}
            for run in runs:
                kept = [
                    item for item in items
                    if all(run[0] <= t <= run[-1] for t in slots if item[0] <= t <= item[1])
                ]  # fmt: skip
                free = sum(self.idle[t] for t in run)
                crowded[tuple(run)] = ((sum(item[2] for item in kept) - free) / len(run), kept)
            run, (level, kept) = max(crowded.items(), key=lambda pair: pair[1][0])
            if level <= 0:
                break
            for t in run:
                agents[t] = level
            slots = [t for t in slots if t not in run]
            items = [item for item in items if item not in kept]
        return agents

    def work(self) -> Work:
        return work_of(*((release, due, float(work) * 13.5) for release, due, work in self.items))

    def levelled(self) -> Any:
        return levelled(
            self.work(), self.is_open, [float(x) * 13.5 for x in self.idle], 15, max_occupancy=0.9
        )


def random_case(seed: int) -> Case:
    random = Random(seed)
    count = random.randint(1, 6)
    is_open = [random.random() < 0.8 for _ in range(count)]
    items = []
    for _ in range(random.randint(1, 5)):
        release = random.randrange(count)
        due = random.randrange(release, count)
        if any(is_open[release : due + 1]):
            items.append((release, due, Fraction(random.randint(1, 24), random.choice([4, 8, 10, 16]))))
    return Case(items, [Fraction(random.choice([0, 0, 0, 1, 2, 3]), 4) for _ in range(count)], is_open)


@pytest.mark.parametrize("block", range(5))
def test_no_enumeration_beats_the_flattest_staffing(block: int) -> None:
    """Of all profiles of whole agents: least peak, none above the flattest, least total, nearest, earliest."""
    for seed in range(60 * block, 60 * (block + 1)):
        case = random_case(seed)
        top = np.array([math.ceil(level) for level in case.flattest_fractions()])
        enough = case.that_meet(np.indices(top + 1).reshape(len(top), -1).T)
        least = enough[enough.sum(axis=1) == enough.sum(axis=1).min()]
        depth = np.maximum((top - least).max(axis=1), 1)
        near = least[depth == depth.min()]
        best = max(near.cumsum(axis=1).tolist())
        assert case.levelled().agents.cumsum().tolist() == best, seed
        if peak := top.max():  # no profile at all has a lower peak
            lower = np.indices([peak] * len(top)).reshape(len(top), -1).T
            assert not len(case.that_meet(lower)), seed


def test_a_day_worked_by_hand() -> None:
    """Four hours of work due in four, an hour of it by the second: one agent throughout, two would be a peak."""
    work = work_of((0, 3, 180), (1, 1, 60))
    found = levelled(work, [True] * 4, 0, 60)
    assert found.agents.tolist() == [1, 1, 1, 1]
    assert found.done.finish.tolist() == [3, 1]
    assert found.done.minutes.tolist() == [60, 60, 60, 60]


def test_idle_minutes_are_used_first() -> None:
    work = work_of((0, 3, 120))
    found = levelled(work, [True] * 4, [30, 30, 30, 30], 60)
    assert found.agents.tolist() == [0, 0, 0, 0]
    assert found.idle_used.tolist() == [30, 30, 30, 30]
    some = levelled(work, [True, False, True, True], [30, 30, 0, 10], 60)
    assert some.agents.sum() == 2
    assert some.idle_used[1] == 0  # nobody may work then
    assert some.done.late.sum() == 0


def test_max_occupancy_leaves_time_between_contacts() -> None:
    work = work_of((0, 1, 108))
    assert levelled(work, [True, True], 0, 60, max_occupancy=0.9).agents.tolist() == [1, 1]
    assert levelled(work, [True, True], 0, 60, max_occupancy=0.89).agents.sum() == 3


def test_minimum_agents_work_too() -> None:
    work = work_of((0, 3, 120), (2, 2, 90))
    found = levelled(work, [True, True, True, False], 0, 60, minimum_agents=1)
    assert found.agents.tolist() == [1, 1, 2, 0]
    assert found.idle_used.sum() == 0
    assert levelled(Work.none(), [True, False], 0, 60, minimum_agents=[2, 2]).agents.tolist() == [2, 0]


# ---- edges ----


def test_no_work_no_intervals_nobody() -> None:
    nothing = levelled(Work.none(), [True, False], [5, 5], 30)
    assert nothing.agents.tolist() == [0, 0]
    assert nothing.done.minutes.tolist() == [0, 0]
    assert len(nothing.done.left) == 0
    assert levelled(Work.none(), [], [], 30).agents.shape == (0,)
    assert worked_off(Work.none(), []).minutes.shape == (0,)
    closed = levelled(work_of((0, 1, 60), (0, 5, 60)), [False, False], 100, 30)
    assert closed.agents.tolist() == [0, 0]
    assert closed.impossible.tolist() == [True, False]  # when the second may be worked on is not known here
    assert closed.done.left.minutes.tolist() == [60, 60]


def test_impossible_deadlines_are_told_and_their_time_counts_anew() -> None:
    """Due by 3 in the night, closed until 6: told, done within four hours of opening; the rest stays in time."""
    is_open = [False] * 6 + [True] * 6
    found = levelled(work_of((0, 3, 240), (6, 7, 60)), is_open, 0, 60)
    assert found.impossible.tolist() == [True, False]
    assert found.done.in_time.tolist() == [0, 12]
    assert found.done.late.tolist() == [48, 0]
    assert found.done.finish[0] == 9
    assert found.agents.tolist() == [0] * 6 + [2, 1, 1, 1, 0, 0]


def test_opening_hours_that_end_before_leave_less_time() -> None:
    queue = Queue("归档", due_by_day_end=True, opening=(Opening(tuple(range(7)), 540, 1080),))
    day = grid("2003-10-20")
    is_open = open_mask(queue, day, {})
    release = np.array([8, 16, 17, 18])
    work = Work(release, due_of(queue, day, release), np.full(4, 12.0), np.full(4, 60.0))
    found = levelled(work, is_open, 0, 60)
    assert found.impossible.tolist() == [False, False, False, True]
    assert found.done.finish[:3].max() <= 17
    assert len(found.done.left) == 1


def test_of_work_due_after_the_horizon_only_its_share_is_owed() -> None:
    """A quarter of the time until the due time lies inside: a quarter of the work, the rest is left."""
    found = levelled(work_of((6, 13, 480)), [True] * 8, 0, 60)
    assert found.agents.tolist() == [0] * 6 + [1, 1]
    assert found.done.left.minutes.tolist() == [360]
    assert found.done.left.contacts.tolist() == [72]
    assert found.done.late.tolist() == [0]  # not late yet
    half_closed = levelled(work_of((2, 13, 480)), [True, False] * 4, 0, 60)
    assert half_closed.agents.sum() == 4  # three open intervals inside, three to be expected after


def test_backlog_is_carried_over() -> None:
    early = worked_off(work_of((0, 3, 50), (1, 1, 30)), [20, 20])
    assert early.minutes.tolist() == [20, 20]
    assert early.late.tolist() == [0, 2]
    assert early.left.minutes.tolist() == [30, 10]
    assert early.left.contacts.tolist() == [6, 2]
    carried = early.left.seen_from(2)
    assert (carried.release.tolist(), carried.due.tolist()) == ([-2, -1], [1, -1])
    late = worked_off(carried.and_also(work_of((0, 0, 10))), [30, 30])
    assert late.minutes.tolist() == [30, 20]
    assert late.in_time.tolist() == [6, 0, 2]
    assert late.waits.tolist() == pytest.approx([(2 * 10 + 3 * 20) / 30, 1, 0])


def test_overdue_work_goes_on_being_worked_at_before_all_else() -> None:
    done = worked_off(work_of((-5, -2, 60), (0, 1, 60)), [30, 30, 30, 60])
    assert done.in_time.tolist() == [0, 0]
    assert done.finish.tolist() == [1, 3]
    assert done.finished.tolist() == [6, 6, 6, 6]
    planned = levelled(work_of((-5, -2, 60), (0, 1, 60)), [True] * 4, 0, 60)
    assert planned.impossible.tolist() == [True, False]
    assert planned.agents.tolist() == [1, 1, 0, 0]  # four intervals from now on for what had four
    assert planned.done.in_time.tolist() == [0, 12]


def test_of_two_due_at_once_the_earlier_goes_first() -> None:
    done = worked_off(work_of((0, 2, 30), (-1, 2, 30), (-2, 3, 30)), [30, 30, 30])
    assert done.finish.tolist() == [1, 0, 2]


def test_every_bad_number_is_named_with_its_index() -> None:
    work = Work(np.array([0, 4]), np.array([1.5, 4]), np.array([1.0, np.nan]), np.array([-1.0, 0.0]))
    with pytest.raises(BadInput) as caught:
        levelled(work, [1, 2], [0, -1], 0, 85, minimum_agents=[0.5, 0])
    assert {(fault.column, fault.found) for fault in caught.value.faults} == {
        ("due", "1.5 at index 0"), ("contacts", "nan at index 1"), ("minutes", "-1 at index 0"),
        ("may_work", "2 at index 1"), ("idle_minutes", "-1 at index 1"), ("interval_minutes", "0"),
        ("max_occupancy", "85"), ("minimum_agents", "0.5 at index 0"),
    }  # fmt: skip
    after = Work(np.array([0, 4]), np.array([1, 4]), np.array([1.0, 1.0]), np.array([5.0, 0.0]))
    with pytest.raises(BadInput) as caught:
        worked_off(after, [1, 1])
    assert {(fault.column, fault.found) for fault in caught.value.faults} == {
        ("release", "4 at index 1"), ("minutes", "0 at index 1"),
    }  # fmt: skip


# ---- properties ----


@st.composite
def horizons(draw: Any) -> tuple[Work, np.ndarray, np.ndarray]:
    """Work, whether somebody may work and idle minutes of up to 60 intervals of half an hour."""
    count = draw(st.integers(1, 60))
    spans = st.tuples(st.integers(-3, count - 1), st.integers(-2, 40), st.floats(0.001, 300))
    items = draw(st.lists(spans, max_size=25))
    is_open = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    idle = np.array(draw(st.lists(st.floats(0, 40), min_size=count, max_size=count)))
    return work_of(*((release, release + span, minutes) for release, span, minutes in items)), is_open, idle


@settings(max_examples=150, deadline=None)
@given(horizons())
def test_everything_due_is_done_and_no_minute_is_lost(horizon: tuple[Work, np.ndarray, np.ndarray]) -> None:
    work, is_open, idle = horizon
    count = len(is_open)
    found = levelled(work, is_open, idle, 30, 0.9)
    done = found.done
    assert done.minutes.sum() + done.left.minutes.sum() == pytest.approx(work.minutes.sum())
    assert done.finished.sum() + done.left.contacts.sum() == pytest.approx(work.contacts.sum())
    assert not done.minutes[~is_open].any()
    assert (done.minutes <= found.idle_used + found.agents * 27.0 + 1e-6).all()
    for item in range(len(work)):
        reach = is_open[max(work.release[item], 0) : max(work.due[item] + 1, 0)]
        if work.due[item] < count:
            assert found.impossible[item] == (not reach.any())
            assert found.impossible[item] or done.late[item] == 0.0
            assert found.impossible[item] or done.finish[item] <= work.due[item]
            assert done.in_time[item] + done.late[item] == pytest.approx(work.contacts[item])


@settings(max_examples=100, deadline=None)
@given(horizons())
def test_flattening_never_needs_more_and_nobody_can_be_spared(
    horizon: tuple[Work, np.ndarray, np.ndarray],
) -> None:
    work, is_open, idle = horizon
    idle = np.where(is_open, idle, 0.0)
    inside = [
        k for k in range(len(work))
        if work.due[k] < len(is_open) and is_open[max(work.release[k], 0) : max(work.due[k] + 1, 0)].any()
    ]  # fmt: skip
    work = Work(work.release[inside], work.due[inside], work.contacts[inside], work.minutes[inside])
    agents = levelled(work, is_open, idle, 30).agents
    at_once, evenly = np.zeros(len(is_open)), np.zeros(len(is_open))
    for release, due, minutes in zip(np.maximum(work.release, 0), work.due, work.minutes, strict=True):
        window = release + np.flatnonzero(is_open[release : due + 1])
        at_once[window[0]] += minutes
        evenly[window] += minutes / len(window)
    for plan in (at_once, evenly):
        naive = np.ceil(np.maximum(plan - idle, 0.0) / 30.0 - 1e-12)
        assert agents.max(initial=0) <= naive.max(initial=0)
    assert agents.sum() >= math.ceil((work.minutes.sum() - idle.sum()) / 30.0 - 1e-6)
    for place in np.flatnonzero(agents):
        fewer = agents - (np.arange(len(agents)) == place)
        done = worked_off(work, idle + fewer * 30.0)
        assert done.late.sum() + done.left.contacts.sum() > 0.0


def slowly_worked_off(work: Work, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Interval by interval, the item due first of those that have come; (minutes, in time, finish)."""
    left, minutes = work.minutes.copy(), np.zeros(len(capacity))
    finish, late = np.full(len(work), len(capacity)), np.zeros(len(work))
    for t, room in enumerate(capacity):
        for item in sorted(range(len(work)), key=lambda k: (work.due[k], work.release[k])):
            if work.release[item] <= t and left[item] > 1e-9:
                take = min(left[item], room - minutes[t])
                left[item] -= take
                minutes[t] += take
                if left[item] <= 1e-9:
                    finish[item] = t
        late = np.where(work.due == t, left, np.where(work.due < 0, work.minutes, late))
    unknown = work.due >= len(capacity)
    late = np.where(unknown, left, late)
    return minutes, work.contacts * (1.0 - late / work.minutes), finish


@settings(max_examples=150, deadline=None)
@given(horizons())
def test_worked_off_equals_a_slow_walk(horizon: tuple[Work, np.ndarray, np.ndarray]) -> None:
    work, _, capacity = horizon
    done = worked_off(work, capacity)
    minutes, in_time, finish = slowly_worked_off(work, capacity)
    assert done.minutes.tolist() == pytest.approx(minutes.tolist(), abs=1e-6)
    assert done.in_time.tolist() == pytest.approx(in_time.tolist(), abs=1e-6)
    assert done.finish.tolist() == finish.tolist()
    assert np.isinf(done.waits).tolist() == (finish == len(capacity)).tolist()


@settings(max_examples=60, deadline=None)
@given(horizons(), st.data())
def test_two_halves_are_the_whole(horizon: tuple[Work, np.ndarray, np.ndarray], data: Any) -> None:
    work, _, capacity = horizon
    cut = data.draw(st.integers(0, len(capacity)))
    first = work.release < cut
    early = Work(work.release[first], work.due[first], work.contacts[first], work.minutes[first])
    then = Work(work.release[~first], work.due[~first], work.contacts[~first], work.minutes[~first])
    one = worked_off(early, capacity[:cut])
    other = worked_off(one.left.and_also(then).seen_from(cut), capacity[cut:])
    whole = worked_off(work, capacity)
    assert [*one.minutes, *other.minutes] == pytest.approx(whole.minutes.tolist(), abs=1e-6)
    assert other.left.minutes.sum() == pytest.approx(whole.left.minutes.sum(), abs=1e-6)


def test_thirteen_weeks_of_quarter_hours() -> None:
    """Both nights on which clocks change are no matter: whoever works by day has what comes at night done in time."""
    quarter = grid("2003-08-01", NEW_YORK, 91, 15)
    queue = Queue("邮件", target_hours=24.0, opening=(Opening(tuple(range(7)), 480, 1200),))
    is_open, count = open_mask(queue, quarter, {}), len(quarter.starts)
    random = np.random.default_rng(1)
    contacts = random.poisson(2.0, count) + 1.0
    release = np.arange(count)
    work = Work(release, due_of(queue, quarter, release), contacts, contacts * 6.0)
    idle = random.uniform(0, 8, count) * is_open
    found = levelled(work, is_open, idle, 15, 0.9)
    inside = work.due < count
    assert count == 91 * 96 + 4
    assert not found.impossible.any()
    assert found.done.late.sum() == 0
    assert found.done.in_time[inside].tolist() == contacts[inside].tolist()
    assert (found.done.finish <= work.due)[inside].all()
    assert np.isfinite(found.done.waits[inside]).all()
    assert found.agents.sum() * 13.5 < work.minutes.sum() - idle.sum() + 13.5
    assert found.agents[is_open].min() >= 1
    assert found.agents.max() <= 5
