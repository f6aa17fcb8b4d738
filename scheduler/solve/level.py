"""Pools with several skills make the best of an interval: they shift minutes from queue to queue, or swap places, as long as that saves."""

import numpy as np

from scheduler.compiled import compiled_bare
from scheduler.problem import Floats
from scheduler.solve.floor import price
from scheduler.solve.serve import NEAR, Ints, Minutes, ahead, behind, counted

MOST_POOLS = 16  # that shift minutes after one change
MOST_SHIFTS = 12


@compiled_bare
def level_out(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, several: Ints,
    t: int, pools: Minutes, reach: Floats, desk: Floats,
) -> None:  # fmt: skip
    """Let pools with several skills shift minutes from queue to queue, one or two of them in a row, as long as that saves.

    Parameters
    ----------
    speeds : of each set of skills, shape (pools, rows)
    several : pools with several skills; where they are many, some of them, from another one in each interval
    pools : minutes of each served in each queue of the interval, shape (pools, queues)
    reach : minutes served in one queue by people who know another too, kept up to date, shape (queues, queues)
    """
    if len(several) == 0 or desk[7, 0] == 0:
        return
    for _ in range(MOST_SHIFTS):
        for row in range(queues):
            desk[3, row], desk[4, row] = ahead(levels, rates, surplus, row, t, cover[row, t])
            desk[5, row], desk[6, row] = behind(levels, rates, surplus, row, t, cover[row, t])
        pool, out, into = _best_pool(queues, speeds, several, t, pools, desk)
        if pool >= 0 and _shift(
            levels,
            rates,
            surplus,
            wanted,
            queues,
            cover,
            speeds,
            t,
            pools,
            reach,
            desk,
            pool,
            out,
            -1,
            pool,
            into,
        ):
            continue
        if not _short(queues, desk):
            break
        out, middle, into = _way_round(queues, reach, desk)
        first, then = -1, -1
        if out >= 0:
            first = _who(speeds, several, t, pools, out, middle)
            then = _who(speeds, several, t, pools, middle, into)
        if (
            first >= 0
            and then >= 0
            and _shift(
                levels,
                rates,
                surplus,
                wanted,
                queues,
                cover,
                speeds,
                t,
                pools,
                reach,
                desk,
                first,
                out,
                middle,
                then,
                into,
            )
        ):
            continue
        if not _swap(levels, rates, surplus, wanted, queues, cover, speeds, several, t, pools, reach):
            break


@compiled_bare
def _first_pool(several: Ints, t: int) -> int:
    """Where the pools begin that may shift minutes of an interval."""
    return 0 if len(several) <= MOST_POOLS else (t * MOST_POOLS) % len(several)


@compiled_bare
def _best_pool(
    queues: int, speeds: Floats, several: Ints, t: int, pools: Minutes, desk: Floats
) -> tuple[int, int, int]:
    """Which pool saves most by shifting minutes from which queue to which other; -1 where none saves anything."""
    best, way = -NEAR, (-1, -1, -1)
    start = _first_pool(several, t)
    for k in range(start, start + min(len(several), MOST_POOLS)):
        one = several[k if k < len(several) else k - len(several)]
        for out in range(queues):
            if pools[one, out] > 0:
                worth = desk[5, out] * speeds[one, out]
                for into in range(queues):
                    if speeds[one, into] > 0 and into != out:
                        saved = desk[3, into] * speeds[one, into] - worth
                        if saved < best:
                            best, way = saved, (one, out, into)
    return way


@compiled_bare
def _way_round(queues: int, reach: Floats, desk: Floats) -> tuple[int, int, int]:
    """From which queue, through which other, to which minutes should be shifted that nobody can shift at once; -1: none."""
    best, way = -NEAR, (-1, -1, -1)
    for out in range(queues):
        for into in range(queues):
            saved = desk[3, into] - desk[5, out]
            if out != into and saved < best and reach[out, into] == 0:
                for middle in range(queues):
                    if reach[out, middle] > 0 and reach[middle, into] > 0:
                        best, way = saved, (out, middle, into)
                        break
    return way


@compiled_bare
def _shift(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, t: int,
    pools: Minutes, reach: Floats, desk: Floats, first: int, out: int, middle: int, then: int, into: int,
) -> bool:  # fmt: skip
    """Shift minutes of one pool, or of two in a row over ``middle``, as far as it saves; whether it does."""
    most = float(min(pools[first, out], pools[then, out if middle < 0 else middle]))
    rooms = min(desk[4, into] / speeds[then, into], desk[6, out] / speeds[first, out])
    step = min(most, max(1.0, np.floor(rooms)))
    less, more = cover[out, t] - step * speeds[first, out], cover[into, t] + step * speeds[then, into]
    change = price(levels, rates, surplus, wanted, out, t, less)
    change += price(levels, rates, surplus, wanted, into, t, more)
    change -= price(levels, rates, surplus, wanted, out, t, cover[out, t])
    change -= price(levels, rates, surplus, wanted, into, t, cover[into, t])
    if middle >= 0:
        between = cover[middle, t] + step * (speeds[first, middle] - speeds[then, middle])
        change += price(levels, rates, surplus, wanted, middle, t, between)
        change -= price(levels, rates, surplus, wanted, middle, t, cover[middle, t])
        if change < -NEAR:
            cover[middle, t] = between
            counted(queues, speeds[first], pools[first], reach, middle, step)
            counted(queues, speeds[then], pools[then], reach, middle, -step)
    if change < -NEAR:
        cover[out, t], cover[into, t] = less, more
        counted(queues, speeds[first], pools[first], reach, out, -step)
        counted(queues, speeds[then], pools[then], reach, into, step)
    return change < -NEAR


@compiled_bare
def _who(speeds: Floats, several: Ints, t: int, pools: Minutes, out: int, into: int) -> int:
    """The pool that has most to shift from one queue to another."""
    most, chosen = 0, -1
    first = _first_pool(several, t)
    for k in range(first, first + min(len(several), MOST_POOLS)):
        one = several[k if k < len(several) else k - len(several)]
        if speeds[one, into] > 0 and pools[one, out] > most:
            most, chosen = pools[one, out], one
    return chosen


@compiled_bare
def _short(queues: int, desk: Floats) -> bool:
    """Whether one more minute would save anything anywhere."""
    least = 0.0
    for row in range(queues):
        least = min(least, desk[3, row])
    return least < -NEAR


@compiled_bare
def _swap(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, several: Ints,
    t: int, pools: Minutes, reach: Floats,
) -> bool:  # fmt: skip
    """Let a pool that serves a queue in which it is slow change places with another where that saves; whether it does."""
    first = _first_pool(several, t)
    last = first + min(len(several), MOST_POOLS)
    for k in range(first, last):
        one = several[k if k < len(several) else k - len(several)]
        for slow in range(queues):
            if pools[one, slow] <= 0:
                continue
            for fast in range(queues):
                if speeds[one, fast] <= speeds[one, slow]:
                    continue
                for j in range(first, last):
                    other = several[j if j < len(several) else j - len(several)]
                    if pools[other, fast] <= 0 or speeds[other, slow] <= 0 or other == one:
                        continue
                    at_slow = speeds[other, slow] - speeds[one, slow]
                    at_fast = speeds[one, fast] - speeds[other, fast]
                    if at_slow + at_fast <= 0:
                        continue
                    step = min(pools[one, slow], pools[other, fast])
                    change = 0.0
                    for row, more in ((slow, step * at_slow), (fast, step * at_fast)):
                        now = cover[row, t]
                        change += price(levels, rates, surplus, wanted, row, t, now + more)
                        change -= price(levels, rates, surplus, wanted, row, t, now)
                    if change < -NEAR:
                        cover[slow, t] += step * at_slow
                        cover[fast, t] += step * at_fast
                        counted(queues, speeds[one], pools[one], reach, slow, -step)
                        counted(queues, speeds[other], pools[other], reach, slow, step)
                        counted(queues, speeds[other], pools[other], reach, fast, -step)
                        counted(queues, speeds[one], pools[one], reach, fast, step)
                        return True
    return False
