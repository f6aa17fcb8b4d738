"""Minutes of people with the same skills, poured over queues: each counted once, and where queues are short, where that costs least."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from scheduler.solve.level import level_out
from scheduler.solve.serve import DESK, leave, poured, serve, split

QUEUES = 3
SKILLS = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1), (1, 1, 1)]
minutes = st.integers(1, 30)
paces = st.sampled_from([1.0, 0.8])


class Interval:
    """One interval of three queues: two levels each, the lower one dearer, and a surplus that costs a little."""

    def __init__(self, levels, speeds):
        self.levels = np.array([[[high, low]] for high, low in levels], dtype=float)
        self.rates = np.broadcast_to(np.array([1.0, 2.0]), self.levels.shape).copy()
        self.surplus = np.full((QUEUES, 1), 0.1)
        self.wanted = self.levels[:, :, 0].copy()
        self.rates[:, :, 0] += 0.1
        self.speeds = np.array(speeds, dtype=float)
        self.several = np.flatnonzero((self.speeds > 0).sum(axis=1) > 1)
        self.cover = np.zeros((QUEUES, 1))
        self.pools = np.zeros((len(speeds), QUEUES), dtype=np.int32)
        self.reach = np.zeros((QUEUES, QUEUES))
        self.desk = np.zeros((DESK, QUEUES))
        split(self.desk, True)

    def put(self, pool, length):
        serve(
            self.levels, self.rates, self.surplus, self.wanted, QUEUES, self.cover, self.speeds[pool], 0, length,
            self.pools[pool], self.reach, self.desk,
        )  # fmt: skip

    def stand(self, pool, queue, length):
        """People of a pool in a queue that is told."""
        known = self.speeds[pool].copy()
        self.speeds[pool] = 0.0
        self.speeds[pool, queue] = known[queue]
        self.put(pool, float(length))
        self.speeds[pool] = known
        self.reach[queue] += length * (known > 0) * (np.arange(QUEUES) != queue)

    def take(self, pool, length):
        leave(
            self.levels, self.rates, self.surplus, self.wanted, QUEUES, self.cover, self.speeds[pool], 0, length,
            self.pools[pool], self.reach, self.desk,
        )  # fmt: skip

    def level(self):
        level_out(
            self.levels, self.rates, self.surplus, self.wanted, QUEUES, self.cover, self.speeds, self.several, 0,
            self.pools, self.reach, self.desk,
        )  # fmt: skip

    def change(self, pool, length):
        return poured(
            self.levels, self.rates, self.surplus, self.wanted, QUEUES, self.cover, self.speeds[pool], 0, length,
            self.reach, self.desk,
        )  # fmt: skip

    def price(self):
        missing = np.maximum(0, self.levels - self.cover[:, :, None])
        return float(((self.cover - self.wanted) * self.surplus).sum() + (missing * self.rates).sum())

    def least(self, at_work):
        """The same by a linear programme."""
        model, parts, terms = mathopt.Model(), [[] for _ in range(QUEUES)], []
        for pool, length in enumerate(at_work):
            shares = {q: model.add_variable(lb=0) for q in np.flatnonzero(self.speeds[pool]).tolist()}
            model.add_linear_constraint(mathopt.fast_sum(shares.values()) == length)
            for q, share in shares.items():
                parts[q].append(float(self.speeds[pool, q]) * share)
        for q in range(QUEUES):
            total = mathopt.fast_sum(parts[q])
            terms.append(0.1 * (total - float(self.wanted[q, 0])))
            for level, rate in zip(self.levels[q, 0].tolist(), self.rates[q, 0].tolist(), strict=True):
                short = model.add_variable(lb=0)
                model.add_linear_constraint(short + total >= level)
                terms.append(rate * short)
        model.minimize(mathopt.fast_sum(terms))
        return mathopt.solve(model, mathopt.SolverType.GLOP).objective_value()


@st.composite
def intervals(draw, pace):
    """An interval, its pools, and who comes: numbers of pools with their minutes."""
    levels = [sorted((draw(st.integers(0, 90)), draw(st.integers(0, 90))), reverse=True) for _ in range(3)]
    speeds = [[pace_of * draw(pace) for pace_of in skills] for skills in SKILLS]
    come = draw(st.lists(st.tuples(st.integers(0, len(SKILLS) - 1), minutes), min_size=1, max_size=20))
    return Interval(levels, speeds), come


def fill(interval, come):
    """Everybody in, levelled after each; minutes at work by pool."""
    at_work = np.zeros(len(SKILLS))
    for pool, length in come:
        interval.put(pool, float(length))
        interval.level()
        at_work[pool] += length
    return at_work


def counted_once(interval, at_work):
    assert interval.pools.sum(axis=1) == pytest.approx(at_work)
    assert (interval.pools >= 0).all()
    assert (interval.pools[interval.speeds == 0] == 0).all()
    assert interval.cover[:, 0] == pytest.approx((interval.pools * interval.speeds).sum(axis=0))
    known = (interval.speeds > 0).astype(int)
    movable = (interval.pools.T @ known) * (1 - np.eye(QUEUES))
    assert interval.reach == pytest.approx(movable)


@given(intervals(st.just(1.0)))
@settings(max_examples=150)
def test_where_all_are_equally_quick_nobody_could_serve_better(made):
    interval, come = made
    at_work = fill(interval, come)
    counted_once(interval, at_work)
    for _ in range(5):
        interval.level()
    assert interval.price() == pytest.approx(interval.least(at_work), abs=1e-6)


@given(intervals(paces))
@settings(max_examples=150)
def test_every_minute_counts_once_and_levelling_never_costs(made):
    interval, come = made
    at_work = fill(interval, come)
    counted_once(interval, at_work)
    before = interval.price()
    interval.level()
    counted_once(interval, at_work)
    assert interval.least(at_work) - 1e-6 <= interval.price() <= before + 1e-6


@given(intervals(paces), st.integers(0, 19))
@settings(max_examples=100)
def test_who_leaves_takes_their_minutes_and_no_others(made, number):
    interval, come = made
    at_work = fill(interval, come)
    pool, length = come[number % len(come)]
    interval.take(pool, float(length))
    interval.level()
    at_work[pool] -= length
    counted_once(interval, at_work)


@given(intervals(paces), st.integers(0, len(SKILLS) - 1), minutes)
@settings(max_examples=150)
def test_what_a_person_would_change_is_what_they_change_where_nobody_else_can_move(made, pool, length):
    interval, come = made
    fill(interval, [(other % QUEUES, more) for other, more in come])  # people of one skill
    before, told = interval.price(), interval.change(pool, float(length))
    interval.put(pool, float(length))
    assert interval.price() - before == pytest.approx(told, abs=1e-6)


def test_fifteen_minutes_help_two_queues():
    interval = Interval([(5, 0), (10, 0), (0, 0)], SKILLS)
    assert interval.change(6, 15.0) == pytest.approx(-15.0)
    interval.put(6, 15.0)
    assert interval.pools[6].tolist() == [5, 10, 0]


def test_someone_in_between_makes_room():
    """The first queue has enough, the third is short: who knows two and three moves on, and who knows one and two fills their place."""
    interval = Interval([(15, 0), (15, 0), (15, 0)], SKILLS)
    for pool, queue in ((3, 0), (4, 1)):
        interval.stand(pool, queue, 15)
    assert interval.change(0, 15.0) == pytest.approx(-15.0)
    interval.put(0, 15.0)
    interval.level()
    assert interval.cover[:, 0].tolist() == [15, 15, 15]


def test_who_is_slow_changes_places_with_who_is_not():
    speeds = [(1.0, 0.8, 0.0), (1.0, 1.0, 0.0)]
    interval = Interval([(30, 0), (30, 0), (0, 0)], speeds)
    interval.stand(0, 1, 10)
    interval.stand(1, 0, 10)
    assert interval.cover[:, 0].tolist() == [10.0, 8.0, 0.0]
    interval.level()
    assert interval.cover.sum() == 20.0


def test_who_has_no_skill_changes_nothing():
    interval = Interval([(5, 0), (10, 0), (0, 0)], [(0, 0, 0)])
    assert interval.change(0, 15.0) == 0
    interval.put(0, 15.0)
    interval.take(0, 15.0)
    assert not interval.cover.any()


def test_unsplit_the_best_queue_has_all_minutes():
    interval = Interval([(5, 0), (10, 0), (0, 0)], SKILLS)
    split(interval.desk, False)
    assert interval.change(6, 15.0) == pytest.approx(-10.0 + 0.5)
    interval.put(6, 15.0)
    interval.level()
    assert interval.pools[6].tolist() == [0, 15, 0]
