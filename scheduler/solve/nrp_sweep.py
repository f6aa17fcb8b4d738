"""The cheapest line of work over a span of days by dynamic programming: the compiled part.

A state is where a person stands (place: days off so far, or class of the last shift and days at work so far), how much is
worked already, weekends worked and, where a limit on a shift is counted, how often it was worked. All states of a day are
one block of memory; a step from one place to another is one pass over a stretch of it.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.nrp.instance import OFF, Bools, Ints
from scheduler.problem import Floats

Numbers = Floats | NDArray[np.float32]

INFINITE = 1e18
UNREACHED = 1e17
"""Values from here on are infinite, whatever was added to them."""
ANY = -2
"""A day on which the person may work or not."""


@compiled
def sweep(
    shape: tuple[int, ...], must: Ints, paid: Ints, lows: Ints, group: Ints, kind_group: Ints,
    follows: Ints, radix: Ints, cost: Numbers, table: Numbers, out: Ints,
) -> float:  # fmt: skip
    """Fill ``out`` with the cheapest lawful line over the span; return its cost, `INFINITE` where there is none.

    Parameters
    ----------
    shape : first day of the span, longest run, shortest run, shortest rest, weekends left, classes, states of the
        counts, width of the band of minutes, padding on both sides of it, place before the span, least minutes in steps
    must : for each day of the span a shift, `OFF` or `ANY`
    paid : for each day 1 where work on it costs no weekend any more
    lows : lowest and highest minutes (in steps) with which each day may end, (days + 1, 2); the first row is the start
    group : class of shift, minutes, step of the counts, for each group of shifts that lead to like states, (groups, 3)
    kind_group : the group of each shift, -1 where it cannot be worked
    follows : (classes + 1, shifts), 1 where the shift may follow; the last row is a day off
    radix : most days on the shift of each group that is counted
    cost : (days, shifts)
    table : scratch, at least (days + 1) x states; its type is the one that is reckoned in
    """
    start, longest, shortest, rest, weekends, classes, counts, band, pad, place0, least = shape
    days, kinds, groups = len(must), cost.shape[1], len(group)
    wide, width = weekends + 1, band + 2 * pad
    block = counts * wide * width
    places = rest + classes * longest
    layer = places * block
    price = np.full((days, classes + 1, groups), INFINITE, table.dtype)
    alive = np.zeros((days + 1, places), dtype=np.bool_)
    table[: layer * (days + 1)] = INFINITE
    table[place0 * block + pad] = 0.0
    alive[0, place0] = True
    for day in range(days):
        weekday, here, there = (start + day) % 7, day * layer, (day + 1) * layer
        slide = lows[day, 0] - lows[day + 1, 0]
        if must[day] < 0:  # a day off
            for place in range(places):
                if not alive[day, place]:
                    continue
                if place < rest:
                    target = min(place + 1, rest - 1)
                else:
                    run = (place - rest) % longest + 1
                    if run < shortest and run != start + day:
                        continue
                    target = 0
                alive[day + 1, target] = True
                source, goal = (
                    table[here + place * block : here + (place + 1) * block],
                    there + target * block,
                )
                into = table[goal + slide : goal + slide + block]
                if slide < 0:
                    source, into = source[-slide:], table[goal : goal + slide + block]
                for j in range(len(source)):
                    into[j] = min(into[j], source[j])
        if must[day] != OFF:
            for before in range(classes + 1):
                for kind in range(kinds):
                    if (
                        kind_group[kind] < 0
                        or (must[day] >= 0 and kind != must[day])
                        or not follows[before, kind]
                    ):
                        continue
                    if cost[day, kind] < price[day, before, kind_group[kind]]:
                        price[day, before, kind_group[kind]] = cost[day, kind]
            for place in range(rest - 1, places):
                if not alive[day, place]:
                    continue
                before, run = classes, 0
                if place >= rest:
                    before, run = (place - rest) // longest, (place - rest) % longest + 1
                if run >= longest:
                    continue
                extra = 0 if paid[day] or weekday < 5 or (weekday == 6 and run > 0) else 1
                if extra > weekends:
                    continue
                for g in range(groups):
                    add = price[day, before, g]
                    if add >= UNREACHED:
                        continue
                    target = rest + group[g, 0] * longest + run
                    alive[day + 1, target] = True
                    shift = slide + group[g, 1]
                    step = group[g, 2]
                    for count in range(counts):
                        if step and (count // step) % (radix[g] + 1) >= radix[g]:
                            continue
                        stretch = (wide - extra) * width
                        first = here + place * block + count * wide * width
                        goal = there + target * block + ((count + step) * wide + extra) * width + shift
                        skip = 0
                        if shift < 0:
                            skip = -shift
                        source = table[first + skip : first + stretch]
                        into = table[goal + skip : goal + stretch]
                        for j in range(len(source)):
                            into[j] = min(into[j], source[j] + add)
        high = lows[day + 1, 1] - lows[day + 1, 0]
        for place in range(places):  # what left the band counts no more
            if alive[day + 1, place]:
                for row in range(counts * wide):
                    at = there + place * block + row * width
                    table[at : at + pad] = INFINITE
                    table[at + pad + high + 1 : at + width] = INFINITE
    best, at = UNREACHED, -1
    end = days * layer
    floor = max(0, least - lows[days, 0])
    for place in range(places):
        if alive[days, place]:
            for row in range(counts * wide):
                for level in range(floor, band):
                    j = place * block + row * width + pad + level
                    if table[end + j] < best:
                        best, at = table[end + j], j
    if at < 0:
        return INFINITE
    for day in range(days - 1, -1, -1):
        at = _step_back(shape, day, at, must, paid, lows, group, radix, price, table, alive, out)
        if out[day] >= 0:  # a group so far, of the class that stands before it
            before, g = out[day] // groups, out[day] % groups
            for kind in range(kinds):
                if (
                    kind_group[kind] != g
                    or not follows[before, kind]
                    or (must[day] >= 0 and kind != must[day])
                ):
                    continue
                if cost[day, kind] == price[day, before, g]:
                    out[day] = kind
                    break
    return best


@compiled
def _step_back(
    shape: tuple[int, ...], day: int, at: int, must: Ints, paid: Ints, lows: Ints, group: Ints, radix: Ints, price: Numbers,
    table: Numbers, alive: Bools, out: Ints,
) -> int:  # fmt: skip
    """Which state of the day before leads to state ``at`` at the end of ``day``; ``out`` gets class before and group."""
    start, longest, shortest, rest, weekends, classes, counts, band, pad, _, _ = shape
    wide, width = weekends + 1, band + 2 * pad
    block = counts * wide * width
    layer = (rest + classes * longest) * block
    here, value = day * layer, table[(day + 1) * layer + at]
    place, inside = at // block, at % block
    count, inside = inside // (wide * width), inside % (wide * width)
    weekend, level = inside // width, inside % width
    slide, weekday = lows[day, 0] - lows[day + 1, 0], (start + day) % 7
    best, found = np.inf, -1
    if place < rest:
        out[day] = OFF
        for before in range(rest + classes * longest):
            if not alive[day, before] or level - slide >= width:
                continue
            if before < rest:
                target = min(before + 1, rest - 1)
            else:
                run = (before - rest) % longest + 1
                target = 0 if run >= shortest or run == start + day else -1
            if target == place:
                state = before * block + at % block - slide
                if abs(table[here + state] - value) < best:
                    best, found = abs(table[here + state] - value), state
        return found
    own, run = (place - rest) // longest, (place - rest) % longest
    extra = 0 if paid[day] or weekday < 5 or (weekday == 6 and run > 0) else 1
    for before in range(classes + 1):
        if (before == classes) != (run == 0):
            continue
        source = rest - 1 if run == 0 else rest + before * longest + run - 1
        if not alive[day, source]:
            continue
        for g in range(len(group)):
            earlier = level - group[g, 1] - slide
            if group[g, 0] != own or price[day, before, g] >= UNREACHED or not 0 <= earlier < width:
                continue
            step = group[g, 2]
            if count < step or weekend < extra or (step and (count // step) % (radix[g] + 1) == 0):
                continue
            state = source * block + ((count - step) * wide + weekend - extra) * width + earlier
            off = abs(table[here + state] + price[day, before, g] - value)
            if off < best:
                best, found = off, state
                out[day] = before * len(group) + g
    return found
