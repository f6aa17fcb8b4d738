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
def counted(queues: int, speeds: Floats, pool: Minutes, reach: Floats, row: int, minutes: float) -> None:
    """Note that a pool serves a queue for so many minutes more."""
    pool[row] += int(minutes)
    for into in range(queues):
        if into != row and speeds[into] > 0:
            reach[row, into] += minutes
