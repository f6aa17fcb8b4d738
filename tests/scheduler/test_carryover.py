"""Queues carried from interval to interval: against dense matrix exponentials, published days, and steady states."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from scheduler.staffing.carryover import carried_performance

# ---- the whole floor as a matrix: every (in service, waiting), and one customer watched among those who wait ----


def exponential(matrix: np.ndarray) -> np.ndarray:
    """Matrix exponential by Taylor series of a scaled matrix, squared back."""
    halvings = max(int(np.ceil(np.log2(max(np.abs(matrix).sum(axis=1).max(), 1e-9)))) + 2, 0)
    small, term = matrix / 2.0**halvings, np.eye(len(matrix))
    total = term.copy()
    for k in range(1, 20):
        term = term @ small / k
        total += term
    for _ in range(halvings):
        total = total @ total
    return total


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
    room: int = 20

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
            at = self.within(i, n, values, self.seconds)
            jump = self.taken(n, watched=True)
            at_once = 1.0 - jump.sum(axis=1)
            for name in found:
                found[name] += share * (jump @ at[name] + (at_once if name == "served" else 0.0))
        return found

    def within(
        self, i: int, n: int, values: dict[str, np.ndarray] | None, left: float
    ) -> dict[str, np.ndarray]:
        """The same, ``left`` seconds before the end of interval i with n agents."""
        moves, rate = self.watched(i, n, gives_up=True)
        wait = np.array([s >= n for s, _ in self.states], dtype=float)
        if values is None:
            solve = np.linalg.inv(-moves + np.diag(1.0 - wait))
            served = solve @ rate
            return {"served": served, "wait": solve @ wait, "served_wait": solve @ served}
        size = len(moves)
        block = np.zeros((3 * size + 1, 3 * size + 1))
        for k in range(3):
            block[k * size : (k + 1) * size, k * size : (k + 1) * size] = moves
        block[:size, -1], block[size : 2 * size, -1] = rate, wait
        block[2 * size : 3 * size, :size] = np.diag(wait)
        end = np.concatenate([values["served"], values["wait"], values["served_wait"], [1.0]])
        now = exponential(block * left) @ end
        return {"served": now[:size], "wait": now[size : 2 * size], "served_wait": now[2 * size : 3 * size]}

    def late(self, i: int, n: int, left: float, gives_up: bool) -> np.ndarray:
        """Chance still to wait after the target, ``left`` seconds before the end of interval i."""
        target, steps, path = self.target, [], []
        while True:
            last = i == len(self.calls) - 1
            step = target if last else min(target, left)
            path.append((i, n, step))
            target -= step
            if target <= 0:
                break
            i, left = i + 1, self.seconds
            steps.append(i)
            return exponential(self.watched(i - 1, n, gives_up)[0] * step) @ self._late_from(i, target, gives_up)
        return exponential(self.watched(i, n, gives_up)[0] * step) @ self.waits(n)

    def _late_from(self, i: int, target: float, gives_up: bool) -> np.ndarray:
        if i in self.resets:
            return np.ones(len(self.states))
        found = np.zeros(len(self.states))
        kept, self.target = self.target, target
        for n, share in self.staff(i):
            found += share * self.taken(n, watched=True) @ self.late(i, n, self.seconds, gives_up)
        self.target = kept
        return found

    def waits(self, n: int) -> np.ndarray:
        return np.array([s >= n for s, _ in self.states], dtype=float)

    def solve(self, nodes: int = 24) -> dict[str, np.ndarray]:
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
            after = np.zeros(len(self.states))
            for n, share in self.staff(i):
                begin, chain = share * now @ self.taken(n, watched=False), self.chain(i, n)
                cut = max(self.seconds - self.target, 0.0)
                for a, b in ((0.0, cut), (cut, self.seconds)):
                    for x, w in zip(a + (b - a) * (points + 1) / 2, weights * (b - a) / 2, strict=True):
                        p = w / self.seconds * (begin @ exponential(chain * x))
                        waits = p * self.waits(n)
                        at = self.within(i, n, end[i], self.seconds - x)
                        found["p_wait"][i] += waits.sum()
                        found["late"][i] += waits @ self.late(i, n, self.seconds - x, gives_up=False)
                        found["there"][i] += waits @ self.late(i, n, self.seconds - x, gives_up=True)
                        for name in ("served", "wait", "served_wait"):
                            found[name][i] += waits @ at[name]
                        found["queue"][i] += p @ q
                        found["busy"][i] += p @ s
                        found["present"][i] += p @ np.maximum(s, n)
                after += begin @ exponential(chain * self.seconds)
            now = after
            found["end_queue"][i], found["end_system"][i] = now @ q, now @ (s + q)
        found["served"] += 1.0 - found["p_wait"]
        return found
