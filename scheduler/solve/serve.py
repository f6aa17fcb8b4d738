"""Who serves what while a rota is in the making: minutes of people with the same skills, poured into the queues where they save most.

In each interval the minutes at work of everybody with one set of skills and speeds are one pool, shared out over queues in whole minutes.
A person's minutes go in where the price of cover falls most, as far as it does; out come those that are missed least; then pools with
several skills shift minutes as long as that saves. So nobody counts twice, and one person's fifteen minutes may help two queues.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled_bare
from scheduler.problem import Floats
from scheduler.solve.floor import price

Ints = NDArray[np.int64]
Minutes = NDArray[np.int32]
NEAR = 1e-6  # minutes that are no difference
MOST_POOLS = 16  # that shift minutes after one change
MOST_SHIFTS = 12
DESK = 8
"""Rows of a scratch array of shape (8, queues): minutes given, at most, at which pace; then price ahead, room, price behind, room. The
last says in its first place whether minutes may be split, see `split`.
"""


def split(desk: Floats, may_be: bool) -> None:
    """Whether a person's minutes of an interval may be split over queues; if not, the best queue has them all and no pool shifts any.

    Whole minutes fit whole needs and are soon tried, split ones make the best of people with several skills.
    """
    desk[7, 0] = float(may_be)


@compiled_bare
def ahead(
    levels: Floats, rates: Floats, surplus: Floats, row: int, t: int, cover: float
) -> tuple[float, float]:
    """Price of one more minute, and minutes until that changes."""
    slope, room = surplus[row, t], np.inf
    for piece in range(levels.shape[2]):
        missing = levels[row, t, piece] - cover
        if missing <= NEAR:
            break
        if rates[row, t, piece] > 0:
            slope -= rates[row, t, piece]
            room = missing
    return slope, room


@compiled_bare
def behind(
    levels: Floats, rates: Floats, surplus: Floats, row: int, t: int, cover: float
) -> tuple[float, float]:
    """Price of the last minute that is there, and minutes back until that changes."""
    slope = surplus[row, t]
    for piece in range(levels.shape[2]):
        missing = levels[row, t, piece] - cover
        if rates[row, t, piece] > 0:
            if missing < -NEAR:
                return slope, -missing
            slope -= rates[row, t, piece]
    return slope, np.inf


@compiled_bare
def poured(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, t: int,
    minutes: float, reach: Floats, desk: Floats,
) -> float:  # fmt: skip
    """Change of price when a person with these speeds works ``minutes`` of an interval, duty rows with it.

    Parameters
    ----------
    speeds : a queue's speed (0: not their skill), and behind them what the person adds to each duty row, shape (rows,)
    reach : minutes served in one queue by people who know another too, shape (queues, queues)
    desk : scratch, see `DESK`
    """
    if minutes == 0:
        return 0.0
    given, most, pace = desk[0], desk[1], desk[2]
    change, fastest = 0.0, 0.0
    for row in range(queues, len(speeds)):
        if speeds[row] != 0:
            now = cover[row, t]
            change += price(levels, rates, surplus, wanted, row, t, now + minutes * speeds[row])
            change -= price(levels, rates, surplus, wanted, row, t, now)
    for row in range(queues):
        fastest = max(fastest, speeds[row])
    if fastest == 0:
        return change
    if desk[7, 0] == 0:
        return change + _whole(levels, rates, surplus, wanted, queues, cover, speeds, t, minutes)[1]
    for row in range(queues):
        most[row], pace[row] = 0.0, fastest
        if speeds[row] > 0:
            most[row], pace[row] = np.inf, speeds[row]
        else:
            for own in range(queues):
                if speeds[own] > 0:
                    most[row] = max(most[row], reach[own, row])
                    for middle in range(queues):
                        most[row] = max(most[row], min(reach[own, middle], reach[middle, row]))
    _pour(levels, rates, surplus, queues, cover, t, minutes, desk)
    for row in range(queues):
        if given[row] > 0:
            now = cover[row, t]
            change += price(levels, rates, surplus, wanted, row, t, now + given[row] * pace[row])
            change -= price(levels, rates, surplus, wanted, row, t, now)
    return change


@compiled_bare
def _whole(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, t: int,
    minutes: float,
) -> tuple[int, float]:  # fmt: skip
    """The queue in which all the minutes save most, and the change of price."""
    chosen, best = -1, np.inf
    for row in range(queues):
        if speeds[row] > 0:
            now = cover[row, t]
            change = price(levels, rates, surplus, wanted, row, t, now + minutes * speeds[row])
            change -= price(levels, rates, surplus, wanted, row, t, now)
            if change < best:
                chosen, best = row, change
    return chosen, best


@compiled_bare
def _pour(
    levels: Floats, rates: Floats, surplus: Floats, queues: int, cover: Floats, t: int, minutes: float, desk: Floats
) -> None:  # fmt: skip
    """Give minutes to the queues where the next one saves most, as far as it does and at most ``desk[1]``, until all are given."""
    given, most, pace = desk[0], desk[1], desk[2]
    for row in range(queues):
        given[row] = 0.0
    left = minutes
    while left > 0:
        chosen, best, step = -1, np.inf, left
        for row in range(queues):
            if most[row] > given[row]:
                slope, room = ahead(levels, rates, surplus, row, t, cover[row, t] + given[row] * pace[row])
                if slope * pace[row] < best:
                    chosen, best = row, slope * pace[row]
                    step = min(left, most[row] - given[row], np.ceil(room / pace[row]))
        given[chosen] += step
        left -= step


@compiled_bare
def serve(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, t: int, minutes: float,
    pool: Minutes, reach: Floats, desk: Floats,
) -> None:  # fmt: skip
    """Put a person's minutes of an interval in; ``pool`` holds those of their set of skills by queue, shape (queues,)."""
    for row in range(queues, len(speeds)):
        cover[row, t] += minutes * speeds[row]
    skilled = False
    for row in range(queues):
        desk[1, row], desk[2, row] = np.inf if speeds[row] > 0 else 0.0, speeds[row]
        skilled |= speeds[row] > 0
    if skilled and desk[7, 0] == 0:
        row, _ = _whole(levels, rates, surplus, wanted, queues, cover, speeds, t, minutes)
        cover[row, t] += minutes * speeds[row]
        counted(queues, speeds, pool, reach, row, minutes)
    elif skilled:
        _pour(levels, rates, surplus, queues, cover, t, minutes, desk)
        for row in range(queues):
            if desk[0, row] > 0:
                cover[row, t] += desk[0, row] * speeds[row]
                counted(queues, speeds, pool, reach, row, desk[0, row])


@compiled_bare
def leave(
    levels: Floats, rates: Floats, surplus: Floats, wanted: Floats, queues: int, cover: Floats, speeds: Floats, t: int,
    minutes: float, pool: Minutes, reach: Floats, desk: Floats,
) -> None:  # fmt: skip
    """Take a person's minutes of an interval out, those first that are missed least; unsplit ones of one queue where one has them all."""
    for row in range(queues, len(speeds)):
        cover[row, t] -= minutes * speeds[row]
    left = minutes
    if desk[7, 0] == 0:
        chosen, best = -1, np.inf
        for row in range(queues):
            if pool[row] >= minutes:
                now = cover[row, t]
                change = price(levels, rates, surplus, wanted, row, t, now - minutes * speeds[row])
                change -= price(levels, rates, surplus, wanted, row, t, now)
                if change < best:
                    chosen, best = row, change
        if chosen >= 0:
            cover[chosen, t] -= minutes * speeds[chosen]
            counted(queues, speeds, pool, reach, chosen, -minutes)
            left = 0.0
    while left > 0:
        chosen, best, step = -1, -np.inf, left
        for row in range(queues):
            if pool[row] > 0:
                slope, room = behind(levels, rates, surplus, row, t, cover[row, t])
                if slope * speeds[row] > best:
                    chosen, best = row, slope * speeds[row]
                    step = min(left, float(pool[row]), np.ceil(room / speeds[row]))
        if chosen < 0:  # whoever has no skill is in no pool
            return
        cover[chosen, t] -= step * speeds[chosen]
        counted(queues, speeds, pool, reach, chosen, -step)
        left -= step


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
def counted(queues: int, speeds: Floats, pool: Minutes, reach: Floats, row: int, minutes: float) -> None:
    """Note that a pool serves a queue for so many minutes more."""
    pool[row] += int(minutes)
    for into in range(queues):
        if into != row and speeds[into] > 0:
            reach[row, into] += minutes


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
