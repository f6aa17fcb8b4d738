"""Annealing of a benchmark roster by ruin and recreate: the driver, which cools by the clock and shares the work out to threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.problem import Floats
from scheduler.solve.nrp_pricing import Pricer, cover_of
from scheduler.solve.nrp_recreate import Singles, Staff, recreate

HOT, WARM, COLD = 0.3, 0.03, 0.01
"""Temperatures in prices of a person missing: at the start, where the start is a good one already, and at the end."""
NOISE = 0.3
"""Noise of prices in temperatures."""
WIDTHS = (7, 14, 28)
"""Days of a stretch."""
STEPS = 25
"""Steps between two looks at the clock."""
ROUND = 0.01
"""Share of the time after which threads change people and days."""
TABLE = 1 << 21
"""Most numbers of a table of states: 8 MiB for each thread."""


def staff_of(instance: NrpInstance, pricer: Pricer, wishes: Floats) -> Staff:
    """An instance as arrays for compiled code."""
    one, layouts = instance, pricer.layouts()
    people, kinds = one.max_shifts.shape
    sizes = np.array([(each.classes, len(each.group)) for each in layouts], dtype=np.int64).reshape(-1, 2)
    classes, groups = (int(size) for size in sizes.max(axis=0, initial=1))
    follows = np.ones((people, classes + 1, kinds), dtype=np.int64)
    group = np.zeros((people, groups, 3), dtype=np.int64)
    for person, each in enumerate(layouts):
        follows[person, : each.classes + 1] = each.follows
        group[person, : len(each.group)] = each.group
    levels = one.minutes // pricer.unit
    return Staff(
        np.stack([one.max_run, one.min_run, one.min_off], axis=1),
        np.stack([-(-one.min_minutes // pricer.unit), one.max_minutes // pricer.unit, one.max_weekends], axis=1),
        one.max_shifts, levels, np.where(one.max_shifts > 0, levels, 0).max(axis=1), sizes,
        np.stack([each.kind_class for each in layouts]), np.stack([each.kind_group for each in layouts]),
        follows, group, one.fixed_off, wishes.astype(np.float32), one.required,
        one.under_weight.astype(np.float32), one.over_weight.astype(np.float32),
    )  # fmt: skip


class Annealer:
    """Anneals rosters of one instance.

    Parameters
    ----------
    seed : of every random choice; what it makes of them depends on the clock too
    """

    def __init__(self, instance: NrpInstance, pricer: Pricer, wishes: Floats, seed: list[int]) -> None:
        self.instance, self.staff = instance, staff_of(instance, pricer, wishes)
        self._rng = np.random.default_rng(seed)
        self._widths = np.array(WIDTHS)
        weights = instance.under_weight[instance.required > 0]
        self._scale = float(weights.mean()) if len(weights) else 1.0

    def run(
        self, lines: Ints, hot: float, passed: Callable[[], float], told: Callable[[Ints], object], threads: int = 1
    ) -> None:  # fmt: skip
        """Better a lawful roster in place, from the temperature ``hot`` down.

        Parameters
        ----------
        passed : share of the time that has passed; the end is at 1
        told : gets a roster of its own after each round
        threads : they work on people and days of their own, both changed from round to round
        """
        cover = cover_of(lines, *self.instance.required.shape)
        tables = [np.zeros(TABLE, dtype=np.float32) for _ in range(threads)]
        with ThreadPoolExecutor(threads) as pool:
            while (now := passed()) < 1:
                until = now + ROUND
                work = [
                    pool.submit(self._round, lines, cover, people, days, hot, passed, until, rng, table)
                    for (people, days, rng), table in zip(self._shares(threads), tables, strict=True)
                ]
                for one in work:
                    one.result()
                told(lines.copy())

    def _shares(self, threads: int) -> list[tuple[Ints, tuple[int, int], np.random.Generator]]:
        """People, days and random numbers of its own for each thread."""
        people = np.array_split(self._rng.permutation(len(self.staff.widest)), threads)
        cuts = np.arange(1, threads) * self.instance.days / threads
        cuts += self._rng.uniform(-0.4, 0.4) * self.instance.days / threads
        edges = [0, *cuts.astype(int).tolist(), self.instance.days]
        order = self._rng.permutation(threads).tolist()
        return [
            (mine, (edges[k], edges[k + 1]), rng)
            for mine, k, rng in zip(people, order, self._rng.spawn(threads), strict=True)
        ]

    def _round(
        self, lines: Ints, cover: Ints, people: Ints, days: tuple[int, int], hot: float, passed: Callable[[], float],
        until: float, rng: np.random.Generator, table: Singles,
    ) -> None:  # fmt: skip
        """Steps of one thread until the round is over."""
        while (now := passed()) < min(1.0, until):
            heat = self._scale * hot * (COLD / hot) ** max(0.0, now)
            recreate(
                self.staff, lines, cover, people, days, self._widths, STEPS, heat, NOISE * heat, rng, table
            )


def compile_recreate(instance: NrpInstance) -> None:
    """Compile before a clock is started, where that has not been done yet."""
    staff = staff_of(instance, Pricer(instance), np.zeros((*instance.fixed_off.shape, len(instance.shifts))))
    lines, cover = np.full(instance.fixed_off.shape, OFF), np.zeros_like(instance.required)
    nobody, table = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.float32)
    recreate(
        staff, lines, cover, nobody, (0, instance.days), np.array(WIDTHS), 1, 1.0, 1.0, np.random.default_rng(1), table
    )  # fmt: skip
