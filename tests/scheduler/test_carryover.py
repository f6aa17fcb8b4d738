"""Queues carried from interval to interval: against dense matrix exponentials, published days, steady states."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing import performance, required_agents
from scheduler.staffing.carryover import (
    METHODS,
    CarriedPerformance,
    carried_performance,
    required_agents_carried,
)
from scheduler.staffing.erlang import DEFINITIONS

SHARES = ("p_wait", "p_abandon", *(f"sl_{name}" for name in DEFINITIONS))

# ---- the whole floor as a matrix: every (in service, waiting), and one customer watched among those who wait ----


def after(rates: np.ndarray, seconds: float, values: np.ndarray) -> np.ndarray:
    """``exp(rates * seconds) @ values``, by Taylor series of short steps."""
    steps = int(np.ceil(np.abs(rates).sum(axis=1).max() * seconds)) + 1
    step = rates * (seconds / steps)
    for _ in range(steps):
        term = values
        for k in range(1, 20):
            term = step @ term / k
            values = values + term
    return values


def marched(rates: np.ndarray, times: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """`after` each of several times in ascending order, from one to the next."""
    found = []
    for seconds in np.diff(times, prepend=0.0):
        values = after(rates, seconds, values)
        found.append(values)
    return found


@dataclass
class Dense:
    """One queue over a few intervals; states (s in service, q waiting), s up to ``most``, q up to ``room``."""

    calls: list[float]
    aht: list[float]
    agents: list[float]
    target: float
    patience: list[float]
    minutes: float
    resets: tuple[int, ...] = ()
    room: int = 14

    def __post_init__(self) -> None:
        self.most = int(np.ceil(max(self.agents)))
        self.states = list(product(range(self.most + 1), range(self.room + 1)))
        self.place = {state: k for k, state in enumerate(self.states)}
        self.seconds = 60.0 * self.minutes

    def staff(self, i: int) -> list[tuple[int, float]]:
        few = int(self.agents[i])
        more = self.agents[i] - few
        return [(n, w) for n, w in ((few, 1 - more), (few + 1, more)) if w > 0]

    def chain(self, i: int, n: int) -> np.ndarray:
        rate, mu, theta = self.calls[i] / 3600, 1 / self.aht[i], 1 / self.patience[i]
        found = np.zeros((len(self.states),) * 2)
        for (s, q), k in self.place.items():
            moves = []
            if s < n:
                moves.append(((s + 1, q), rate))
            elif q < self.room:
                moves.append(((s, q + 1), rate))
            if s:
                moves.append(((s, q - 1) if q and s <= n else (s - 1, q), s * mu))
            if q:
                moves.append(((s, q - 1), q * theta))
            for to, speed in moves:
                found[k, self.place[to]] += speed
                found[k, k] -= speed
        return found

    def watched(self, i: int, n: int, gives_up: bool) -> tuple[np.ndarray, np.ndarray]:
        """Moves of a customer with q ahead while s are in service, and the rate at which it is served."""
        mu, theta = 1 / self.aht[i], 1 / self.patience[i]
        found, served = np.zeros((len(self.states),) * 2), np.zeros(len(self.states))
        for (s, q), k in self.place.items():
            if s < n:
                continue  # never waits
            moves = [((s, q - 1), q * theta)] if q else []
            if s > n:
                moves.append(((s - 1, q), s * mu))
            elif q:
                moves.append(((s, q - 1), s * mu))
            else:
                served[k] = s * mu
            for to, speed in moves:
                found[k, self.place[to]] += speed
            found[k, k] -= sum(speed for _, speed in moves) + served[k] + (theta if gives_up else 0.0)
        return found, served

    def taken(self, n: int, watched: bool) -> np.ndarray:
        """How states map when n agents take over; a watched customer may be taken itself."""
        found = np.zeros((len(self.states),) * 2)
        for (s, q), k in self.place.items():
            free = max(n - s, 0)
            if not watched:
                found[k, self.place[s + min(free, q), q - min(free, q)]] = 1.0
            elif free <= q:
                found[k, self.place[s + free, q - free]] = 1.0
        return found

    def later(self, i: int, values: dict[str, np.ndarray] | None) -> dict[str, np.ndarray]:
        """Chance to be served, total wait and wait of the served of one watched at the start of interval i, before
        its agents take over; ``values`` are those at its end (None: it never ends).
        """
        size = len(self.states)
        if i in self.resets:
            return {name: np.zeros(size) for name in ("served", "wait", "served_wait")}
        found = {name: np.zeros(size) for name in ("served", "wait", "served_wait")}
        for n, share in self.staff(i):
            (at,) = self.within(i, n, values, np.array([self.seconds]))
            jump = self.taken(n, watched=True)
            at_once = 1.0 - jump.sum(axis=1)
            for name in found:
                found[name] += share * (jump @ at[name] + (at_once if name == "served" else 0.0))
        return found

    def within(
        self, i: int, n: int, values: dict[str, np.ndarray] | None, left: np.ndarray
    ) -> list[dict[str, np.ndarray]]:
        """The same, each of ``left`` seconds (ascending) before the end of interval i with n agents."""
        moves, rate = self.watched(i, n, gives_up=True)
        wait = np.array([s >= n for s, _ in self.states], dtype=float)
        if values is None:
            solve = np.linalg.inv(-moves + np.diag(1.0 - wait))
            served = solve @ rate
            return [{"served": served, "wait": solve @ wait, "served_wait": solve @ served}] * len(left)
        size = len(moves)
        block = np.zeros((3 * size + 1, 3 * size + 1))
        for k in range(3):
            block[k * size : (k + 1) * size, k * size : (k + 1) * size] = moves
        block[:size, -1], block[size : 2 * size, -1] = rate, wait
        block[2 * size : 3 * size, :size] = np.diag(wait)
        end = np.concatenate([values["served"], values["wait"], values["served_wait"], [1.0]])
        parts = {
            "served": slice(size),
            "wait": slice(size, 2 * size),
            "served_wait": slice(2 * size, 3 * size),
        }
        return [{name: now[part] for name, part in parts.items()} for now in marched(block, left, end)]

    def late(self, i: int, n: int, left: float, target: float, gives_up: bool) -> np.ndarray:
        """Chance still to wait after ``target``, ``left`` seconds before the end of interval i with n agents."""
        moves, last = self.watched(i, n, gives_up)[0], i == len(self.calls) - 1
        if last or target <= left:
            return after(moves, target, self.waits(n))
        return after(moves, left, self.late_from(i + 1, target - left, gives_up))

    def late_from(self, i: int, target: float, gives_up: bool) -> np.ndarray:
        """The same at the start of interval i, before its agents take over."""
        if i in self.resets:
            return np.ones(len(self.states))
        parts = [
            share * self.taken(n, watched=True) @ self.late(i, n, self.seconds, target, gives_up)
            for n, share in self.staff(i)
        ]
        return np.sum(parts, axis=0)

    def waits(self, n: int) -> np.ndarray:
        return np.array([s >= n for s, _ in self.states], dtype=float)

    def solve(self, nodes: int = 12) -> dict[str, np.ndarray]:
        names = ("p_wait", "late", "there", "served", "wait", "served_wait", "queue", "busy", "present")
        found = {name: np.zeros(len(self.calls)) for name in (*names, "end_queue", "end_system")}
        s, q = np.array(self.states, dtype=float).T
        end: list[dict[str, np.ndarray] | None] = [None] * len(self.calls)
        for i in range(len(self.calls) - 1, 0, -1):
            end[i - 1] = self.later(i, end[i])
        now = np.zeros(len(self.states))
        now[self.place[0, 0]] = 1.0
        points, weights = np.polynomial.legendre.leggauss(nodes)
        for i in range(len(self.calls)):
            if i in self.resets:
                now = np.zeros(len(self.states))
                now[self.place[0, 0]] = 1.0
            end_of = np.zeros(len(self.states))
            for n, share in self.staff(i):
                begin, chain = share * now @ self.taken(n, watched=False), self.chain(i, n)
                cut = max(self.seconds - self.target, 0.0)
                parts = [(a, b - a) for a, b in ((0.0, cut), (cut, self.seconds))]
                times = np.concatenate([a + span * (points + 1) / 2 for a, span in parts])
                shares = np.concatenate([span * weights / 2 for _, span in parts]) / self.seconds
                there = marched(chain.T, np.append(times, self.seconds), begin)
                watched = self.within(i, n, end[i], self.seconds - times[::-1])[::-1]
                lates: dict[tuple[float, bool], np.ndarray] = {}  # the same as long as the target lies within
                for x, w, floor, at in zip(times, shares, there[:-1], watched, strict=True):
                    p = w * floor
                    waits = p * self.waits(n)
                    for name, gives_up in (("late", False), ("there", True)):
                        key = min(self.seconds - x, self.target), gives_up
                        if key not in lates:
                            lates[key] = self.late(i, n, self.seconds - x, self.target, gives_up)
                        found[name][i] += waits @ lates[key]
                    found["p_wait"][i] += waits.sum()
                    for name in ("served", "wait", "served_wait"):
                        found[name][i] += waits @ at[name]
                    found["queue"][i] += p @ q
                    found["busy"][i] += p @ s
                    found["present"][i] += p @ np.maximum(s, n)
                end_of += there[-1]
            now = end_of
            found["end_queue"][i], found["end_system"][i] = now @ q, now @ (s + q)
        served = found["served"] + 1.0 - found["p_wait"]
        return {
            "p_wait": found["p_wait"],
            "sl_virtual": 1.0 - found["late"],
            "sl_exit": 1.0 - found["there"],
            "p_abandon": 1.0 - served,
            "wait_all_s": found["wait"],
            "asa_served_s": found["served_wait"] / served,
            "occupancy": found["busy"] / found["present"],
            "mean_queue": found["queue"],
            "waiting_at_end": found["end_queue"],
            "in_system_at_end": found["end_system"],
        }


def starts(day: Dense) -> np.ndarray:
    return np.isin(np.arange(len(day.calls)), day.resets)


def carried(day: Dense, method: Any) -> CarriedPerformance:
    series = day.calls, day.aht, day.agents, day.target, day.patience
    return carried_performance(*series, day.minutes, method, resets=starts(day))


AGENTS_COME_AND_GO = Dense([60, 90, 40], [180] * 3, [3, 2, 3], 20, [120] * 3, 10)
EVERYTHING_CHANGES = Dense(
    [50, 70, 20, 40],
    [180, 150, 200, 180],
    [2.0, 1.5, 2.7, 1.0],
    60,
    [100, 80, 120, 90],
    5,
    resets=(2,),
    room=18,
)
LONG_TARGET = Dense([40, 50, 20], [120] * 3, [2, 0, 1], 400, [100] * 3, 3)


@pytest.mark.parametrize("day", [AGENTS_COME_AND_GO, EVERYTHING_CHANGES, LONG_TARGET])
def test_exact_equals_the_whole_floor_as_a_matrix(day: Dense) -> None:
    # Agents who leave finish their contact, customers wait on under the next interval's rates, some past two
    # boundaries, some are turned away at a new start. The oracle cuts queues at its room: about 1e-9.
    found = carried(day, "exact")
    for name, values in day.solve().items():
        unit = 1e-7 if name in SHARES else 1e-5
        np.testing.assert_allclose(getattr(found, name), values, rtol=0, atol=unit, err_msg=name)


def test_fast_is_near_even_where_two_agents_serve() -> None:
    found = carried(AGENTS_COME_AND_GO, "fast")
    for name, values in AGENTS_COME_AND_GO.solve(4).items():
        if name in SHARES:
            np.testing.assert_allclose(getattr(found, name), values, rtol=0, atol=0.003, err_msg=name)
        elif name == "asa_served_s":  # those who cross a boundary bring the wait behind them along
            np.testing.assert_allclose(found.asa_served_s, values, rtol=0, atol=3)


# ---- steady states ----


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("calls", "aht", "agents", "patience"),
    [(200, 180, 13, 300), (40, 180, 4, 30), (1_100, 180, 52, 60), (600, 120, 24, None), (30, 600, 2, 400)],
)
def test_long_intervals_end_in_the_steady_state(
    method: Any, calls: int, aht: int, agents: int, patience: int | None
) -> None:
    found = carried_performance([calls] * 40, aht, agents, 20, patience, 60, method)
    steady = performance(calls, aht, agents, 20, patience)
    tolerance = 1e-8 if method == "exact" else 1e-6
    for name in (*SHARES, "occupancy", "mean_queue", "wait_all_s", "asa_served_s"):
        assert getattr(found, name)[-1] == pytest.approx(float(getattr(steady, name)), rel=tolerance), name


@pytest.mark.parametrize("method", METHODS)
def test_fractions_of_agents_end_on_the_line_between_whole_ones(method: Any) -> None:
    found = carried_performance([200] * 3, 180, 13.4, 20, 300, 60_000, method)
    steady = performance(200, 180, 13.4, 20, 300)
    for name in ("p_wait", "sl_virtual", "sl_offered", "sl_exit", "p_abandon", "mean_queue", "wait_all_s"):
        assert getattr(found, name)[-1] == pytest.approx(float(getattr(steady, name)), rel=1e-4), name


# ---- known answers ----


@pytest.mark.parametrize("method", METHODS)
def test_many_agents_lag_behind_a_wave_of_calls(method: Any) -> None:
    # Eick, Massey and Whitt: arrivals 100 + 20 sin t, service rate 1, mean busy 100 + 10 (sin t - cos t). A start
    # at its 90 stays on it. Rates are constant over 1/20 of a unit of time here: about 0.0034 off.
    t = np.arange(1, 127) / 20
    found = carried_performance(
        100 + 20 * np.sin(t - 1 / 40), 3600, 400, 20, interval_minutes=3, method=method, start=90
    )
    np.testing.assert_allclose(found.in_system_at_end, 100 + 10 * (np.sin(t) - np.cos(t)), atol=0.005)
    assert found.in_system_at_end.max() == pytest.approx(114.14, abs=0.005)
    assert t[found.in_system_at_end.argmax()] == pytest.approx(0.75 * np.pi, abs=0.05)
    assert found.waiting_at_end.max() < 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_twelve_servers_over_a_day_from_empty(method: Any) -> None:
    patient = carried_performance([252] * 16, 120, 12, 20, method=method)
    assert patient.sl_offered.mean() == pytest.approx(0.902, abs=0.002)
    impatient = carried_performance([252] * 16, 120, 12, 20, 60, method=method)
    assert 126 * impatient.p_abandon.sum() == pytest.approx(58.61, abs=0.95)
    short = 1 - impatient.sl_offered / impatient.sl_exclshort  # abandoned within the threshold
    assert impatient.sl_offered.sum() / (1 - short).sum() == pytest.approx(0.968, abs=0.0005)


@pytest.mark.parametrize("method", METHODS)
def test_the_half_hour_after_an_overload(method: Any) -> None:
    # 182 erlangs for an hour on 100 agents, then 96.65 again: Erlang A interval by interval sees nothing of it.
    calls = 12 * np.array([96.65, 182, 182, 96.65])
    found = carried_performance(calls, 300, 100, 20, 600, method=method)
    assert (
        f"{found.p_abandon[3]:.3f} {performance(calls[3], 300, 100, 20, 600).p_abandon:.3f}" == "0.174 0.020"
    )
    assert found.sl_offered[3] < 0.2 < 0.7 < performance(calls[3], 300, 100, 20, 600).sl_offered


# ---- what has to add up ----


@pytest.mark.parametrize(("method", "near"), [("exact", 1e-9), ("fast", 0.01)])
def test_abandoned_contacts_of_a_day_add_up(method: Any, near: float) -> None:
    # By arrival: contacts times p_abandon. By the clock: waiting contacts times patience rate.
    calls, agents = np.array([200, 300, 320, 150, 80, 0, 0]), np.array([12, 11, 10.5, 12, 6, 3, 0])
    found = carried_performance(calls, 180, agents, 20, 240, method=method)
    assert calls @ found.p_abandon / 2 == pytest.approx(found.mean_queue.sum() * 1800 / 240, rel=near)
    assert calls @ found.wait_all_s / 2 == pytest.approx(found.mean_queue.sum() * 1800, rel=near)


def test_without_patience_an_overload_grows_and_is_worked_off() -> None:
    calls, agents = np.array([300.0, 400, 400, 100, 100, 100]), 16
    found = carried_performance(calls, 180, agents, 20)
    growth = np.diff(found.in_system_at_end[:3])
    np.testing.assert_allclose(growth, (calls[1:3] - agents * 20) / 2, rtol=0.05)
    assert found.waiting_at_end[-1] < 0.01
    assert (found.p_abandon == 0).all()
    assert calls @ found.wait_all_s / 2 == pytest.approx(found.mean_queue.sum() * 1800, rel=1e-6)
    assert found.wait_all_s[2] > found.wait_all_s[1] > 100


def test_who_still_waits_at_a_new_start_is_turned_away() -> None:
    series = [100.0, 100.0, 100.0], 180, [4, 4, 7], 20
    on, anew = (carried_performance(*series, resets=resets) for resets in (None, [False, False, True]))
    assert on.sl_offered[2] < 0.3 < 0.8 < anew.sl_offered[2]
    np.testing.assert_allclose(
        anew.sl_offered[2], carried_performance([100], 180, 7, 20).sl_offered[0], atol=1e-9
    )
    assert (on.p_abandon == 0).all()
    assert 100 / 2 * anew.p_abandon.sum() == pytest.approx(anew.waiting_at_end[1], rel=1e-9)
    assert np.isfinite(anew.asa_served_s).all()


def test_contacts_in_the_system_at_the_start_are_there() -> None:
    minutes = np.arange(1, 7)
    found = carried_performance([0] * 6, 300, 100, 20, interval_minutes=1, start=80)
    np.testing.assert_allclose(found.in_system_at_end, 80 * np.exp(-minutes / 5), rtol=1e-9)
    late = carried_performance([60], 180, 3, 20, interval_minutes=5, start=10)
    assert late.sl_offered[0] < 0.1 < carried_performance([60], 180, 3, 20, interval_minutes=5).sl_offered[0]


# ---- fast against exact ----


DAY = np.array([0.35, 0.55, 0.75, 0.9, 1, 1.02, 1, 0.95, 0.85, 0.8, 0.82, 0.9, 0.95, 0.9, 0.7, 0.5, 0.3])


@pytest.mark.parametrize(
    ("erlangs", "aht", "near"),
    [
        (3, 300, (0.008, 0.011)),
        (40, 180, (0.003, 0.015)),
        (120, 300, (0.008, 0.045)),
        (40, 600, (0.015, 0.08)),
    ],
)
@pytest.mark.parametrize("minutes", [30, 5])
def test_fast_on_days_with_too_few_at_noon(
    erlangs: int, aht: int, near: tuple[float, float], minutes: int
) -> None:
    # Worst at the end of the day, where a third of the agents leave at once.
    calls = erlangs * 3600 / aht * DAY
    for patience in (60, 240):
        agents = required_agents(calls, aht, 0.8, 20, patience)
        agents[8:10] = np.floor(0.8 * agents[8:10])
        series = np.repeat(calls, 30 // minutes), aht, np.repeat(agents, 30 // minutes), 20, patience, minutes
        exact, fast = (carried_performance(*series, method=method) for method in METHODS)
        for name in SHARES:
            error = np.abs(getattr(exact, name) - getattr(fast, name))
            assert error.max() < near[minutes == 5], name
            assert error.mean() < 0.0035, name
        np.testing.assert_allclose(fast.waiting_at_end, exact.waiting_at_end, atol=0.25, rtol=0.01)


# ---- monotone ----


@settings(max_examples=25, deadline=None)
@given(
    data=st.data(),
    calls=st.lists(st.floats(0, 150), min_size=1, max_size=4),
    patience=st.sampled_from([None, 30.0, 300.0]),
)
def test_more_agents_never_serve_worse(
    data: st.DataObject, calls: list[float], patience: float | None
) -> None:
    # In their interval and before. After it they may: who was answered is still in service, who gave up is gone.
    agents = data.draw(st.lists(st.floats(0, 8), min_size=len(calls), max_size=len(calls)))
    extra = data.draw(st.integers(0, len(calls) - 1))
    more = [n + (0.5 if i == extra else 0.0) for i, n in enumerate(agents)]
    few, many = (carried_performance(calls, 150, n, 30, patience, 15) for n in (agents, more))
    judged = slice(None, extra + 1) if patience else slice(None)
    for name in ("sl_virtual", "sl_offered"):
        assert (getattr(many, name) >= getattr(few, name) - 1e-7)[judged].all(), name
    assert (many.waiting_at_end <= few.waiting_at_end + 1e-7)[judged].all()
    assert ((few.sl_offered >= 0) & (few.sl_offered <= 1)).all()


# ---- edges ----


@pytest.mark.parametrize("method", METHODS)
def test_edges(method: Any) -> None:
    def found(*given: Any, **more: Any) -> CarriedPerformance:
        return carried_performance(*given, method=method, **more)

    idle = found([0, 0], 180, [5, 0], 20)
    assert idle.sl_offered.tolist() == [1, 1]
    assert idle.occupancy.tolist() == idle.wait_all_s.tolist() == [0, 0]
    nobody = found([100, 0], 180, [0, 0], 20)
    assert nobody.sl_offered == pytest.approx([0, 1])
    assert nobody.asa_served_s[0] == np.inf
    assert nobody.waiting_at_end == pytest.approx([50, 50], rel=1e-4)
    assert nobody.occupancy.tolist() == [1, 0]
    gone = found([100], 180, [0], 20, 60)
    assert gone.p_abandon == pytest.approx([1])
    assert gone.wait_all_s == pytest.approx([60])
    later = found([30, 0, 0, 30], 180, [0, 0, 2, 2], 20)
    assert later.wait_all_s[0] == pytest.approx(
        900 + 1800 + 390, rel=0.1
    )  # half its own, the next, then in turn
    rare = found([1e-6] * 2, 180, [1, 0], 20, 60)
    assert rare.sl_offered == pytest.approx([1, 0], abs=2e-3)
    assert found([], 180, [], 20).sl_offered.shape == (0,)
    assert found(200, 180, 13, 20).sl_offered.shape == (1,)
    assert found([100] * 12, 180, 6, 0, 60, interval_minutes=5).sl_offered == pytest.approx(
        1 - found([100] * 12, 180, 6, 0, 60, interval_minutes=5).p_wait
    )


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(BadInput) as told:
        carried_performance(
            [1, np.nan], [180, 0], [1, -1], 20, [5, 0], [5, 5], "slow", start=1.5, resets=[0, 2]  # type: ignore[arg-type]
        )  # fmt: skip
    faults = {fault.column: fault.found for fault in told.value.faults}
    assert faults == {
        "method": "slow",
        "interval_minutes": "shape (2,)",
        "calls_per_hour": "nan at index 1",
        "aht_seconds": "0 at index 1",
        "agents": "-1 at index 1",
        "patience_seconds": "0 at index 1",
        "resets": "2 at index 1",
        "start": "1.5",
    }
    with pytest.raises(BadInput, match="broadcast"):
        carried_performance([1, 2, 3], 180, [1, 2], 20)
    with pytest.raises(BadInput, match="in their order"):
        carried_performance([[1, 2]], 180, 2, 20)


# ---- agents required ----


OVERLOADED = np.array([150.0, 240, 240, 200, 200, 120, 0])
THERE = [99.0, 8, 8, 99, 99, 99, 99]


@pytest.mark.parametrize("method", METHODS)
def test_the_hour_after_an_overload_is_staffed_for_what_still_waits(method: Any) -> None:
    alone = required_agents(OVERLOADED, 180, 0.8, 20)
    agents = required_agents_carried(OVERLOADED, 180, 0.8, 20, at_most=THERE, method=method)
    assert agents.dtype == np.int64
    assert agents[1:3].tolist() == [8, 8]
    assert agents[3] > 2 * alone[3]
    assert (agents[[0, 4, 5, 6]] >= alone[[0, 4, 5, 6]]).all()
    assert agents[6] == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("minutes", [30, 5])
@pytest.mark.parametrize(
    "limits",
    [
        {"patience_seconds": 300},
        {"patience_seconds": 120, "definition": "answered"},
        {"patience_seconds": 300, "max_abandonment": 0.02, "max_asa_seconds": 6, "max_occupancy": 0.8},
        {},
    ],
)
def test_one_agent_fewer_fails_a_limit(method: Any, minutes: int, limits: dict[str, Any]) -> None:
    chosen = required_agents_carried(
        OVERLOADED, 180, 0.8, 20, **limits, interval_minutes=minutes, at_most=THERE, method=method
    )
    alone = required_agents(OVERLOADED, 180, 0.8, 20, **limits)
    for i in (0, 3, 4, 5):
        for agents in {chosen[i], max(chosen[i] - 1, alone[i])}:
            tried = np.append(chosen[:i], agents)
            found = carried_performance(
                OVERLOADED[: i + 1], 180, tried, 20, limits.get("patience_seconds"), minutes, method
            )
            met = (
                found.service_level(limits.get("definition", "offered"))[i] >= 0.8
                and found.p_abandon[i] <= limits.get("max_abandonment", 1)
                and found.asa_served_s[i] <= limits.get("max_asa_seconds", np.inf)
                and found.occupancy[i] <= limits.get("max_occupancy", 1)
            )
            assert met == (agents == chosen[i])


def test_where_nothing_is_left_over_the_plain_requirement_is_enough() -> None:
    calls = 1_000 * DAY
    alone = required_agents(calls, 180, 0.8, 20, 240)
    rising, falling = np.arange(5), np.arange(5, len(calls))
    agents = required_agents_carried(calls, 180, 0.8, 20, 240)
    assert agents[rising].tolist() == alone[rising].tolist()
    assert (agents[falling] >= alone[falling]).all()
    assert (agents[falling] - alone[falling]).max() <= 2
    assert np.abs(agents - required_agents_carried(calls, 180, 0.8, 20, 240, method="exact")).max() <= 1


def test_required_agents_edges_and_faults() -> None:
    assert required_agents_carried([], 180, 0.8, 20).shape == (0,)
    assert required_agents_carried(100, 180, 0.8, 20).tolist() == [8]
    assert required_agents_carried([100, 0, 100], 180, 0.8, 20, at_most=[2.7, 0, 99]).tolist() == [2, 0, 14]
    anew = required_agents_carried([100, 0, 100], 180, 0.8, 20, at_most=[2.7, 0, 99], resets=[0, 0, 1])
    assert anew.tolist() == [2, 0, 8]
    with pytest.raises(BadInput) as told:
        required_agents_carried([1, np.inf], 0, 80, 20, definition="best", at_most=[-1, 2], max_occupancy=0)  # type: ignore[arg-type]
    assert {fault.column for fault in told.value.faults} == {
        "calls_per_hour", "aht_seconds", "target_share", "definition", "at_most", "max_occupancy",
    }  # fmt: skip
