"""Ruin and recreate: stretches of a few people are taken out and given back one by one, each the cheapest beside all others.

The compiled part. A stretch given back is exact for the person (dynamic programming over its days, the rest of the line
kept), so that every roster on the way is lawful. Worse rosters are taken with a chance that falls with the temperature.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.nrp.instance import OFF, SATURDAY, Bools, Ints
from scheduler.solve.nrp_sweep import ANY, INFINITE, UNREACHED, sweep

Singles = NDArray[np.float32]
MOST = 3
"""People of a step at most."""
ATTEMPTS = 5
"""How often a stretch is priced again because it breaks a limit on a shift."""


class Staff(NamedTuple):
    """An instance as arrays for compiled code: N people, D days, S shifts, C classes and G groups of shifts at most.

    Parameters
    ----------
    runs : longest and shortest run of work and shortest run of days off, (N, 3)
    totals : least and most minutes in steps, and most weekends, (N, 3)
    most : most days on each shift, (N, S)
    levels : minutes of each shift in steps, (S,)
    widest : the longest shift that the person may work, in steps, (N,)
    sizes : how many classes and groups the person has, (N, 2)
    kind_class, kind_group, follows, group : the layout of each, see `nrp_sweep.sweep`
    off : fixed days off, (N, D)
    wishes : what each shift adds to the penalty, (N, D, S)
    required : people wanted, (D, S)
    under, over : price of each missing and beyond, (D, S)
    """

    runs: Ints
    totals: Ints
    most: Ints
    levels: Ints
    widest: Ints
    sizes: Ints
    kind_class: Ints
    kind_group: Ints
    follows: Ints
    group: Ints
    off: Bools
    wishes: Singles
    required: Ints
    under: Singles
    over: Singles


@compiled
def recreate(
    staff: Staff, lines: Ints, cover: Ints, people: Ints, days: tuple[int, int], widths: Ints, steps: int,
    temperature: float, noise: float, rng: np.random.Generator, table: Singles,
) -> float:  # fmt: skip
    """Run steps of taking out and giving back on lines and their cover, in place; what the penalty has gained.

    Parameters
    ----------
    lines : (N, D); nothing but those of ``people`` from the first to before the last of ``days`` is changed
    cover : of the lines, (D, S)
    widths : days of a stretch, one of them for each step
    temperature : extra penalty that is taken with chance 1/e
    noise : most that is added to each price of a stretch, so that ties and near ties fall in turn
    table : scratch; people whose stretch has more states keep it
    """
    gained = 0.0
    out = np.empty(lines.shape[1], dtype=np.int64)
    for _ in range(steps):
        length = min(days[1] - days[0], widths[rng.integers(0, len(widths))])
        first = days[0] + rng.integers(0, days[1] - days[0] - length + 1)
        last = first + length
        chosen = _some(people, rng)
        old = lines[chosen]
        change = 0.0
        for person in chosen:
            change += move(staff, cover, person, lines[person], first, last, -1)
        for person in chosen:
            renew(staff, cover, person, lines[person], first, last, noise, rng, table, out)
            change += move(staff, cover, person, lines[person], first, last, 1)
        if change <= 0 or rng.random() < np.exp(-change / temperature):
            gained += change
            continue
        for k in range(len(chosen)):
            move(staff, cover, chosen[k], lines[chosen[k]], first, last, -1)
            lines[chosen[k]] = old[k]
            move(staff, cover, chosen[k], lines[chosen[k]], first, last, 1)
    return gained


@compiled
def _some(people: Ints, rng: np.random.Generator) -> Ints:
    """One to `MOST` of the people, each at most once."""
    mixed = people.copy()
    count = min(len(mixed), 1 + int(rng.integers(0, MOST)))
    for k in range(count):
        other = rng.integers(k, len(mixed))
        mixed[k], mixed[other] = mixed[other], mixed[k]
    return mixed[:count]


@compiled
def move(staff: Staff, cover: Ints, person: int, line: Ints, first: int, last: int, sign: int) -> float:
    """Put a stretch of a line into the cover, or with sign -1 take it out; what the penalty gains."""
    cost = 0.0
    for day in range(first, last):
        kind = line[day]
        if kind != OFF:
            before = cover[day, kind] if sign > 0 else cover[day, kind] - 1
            price = staff.over[day, kind] if before >= staff.required[day, kind] else -staff.under[day, kind]
            cost += sign * (price + staff.wishes[person, day, kind])
            cover[day, kind] += sign
    return cost


@compiled
def renew(
    staff: Staff, cover: Ints, person: int, line: Ints, first: int, last: int, noise: float,
    rng: np.random.Generator, table: Singles, out: Ints,
) -> bool:  # fmt: skip
    """Make a stretch that is out of the cover the cheapest beside it, the rest of the line kept; whether it was priced."""
    end = _settled(line, last, staff.runs[person, 2])
    left, paid, low, high, weekends = _left(staff, person, line, first, last, end)
    must = np.full(end - first, ANY)
    must[last - first :] = line[last:end]
    for day in range(first, last):
        if staff.off[person, day]:
            must[day - first] = OFF
    longest, shortest, rest = staff.runs[person, 0], staff.runs[person, 1], staff.runs[person, 2]
    lows, band = _band(end - first, longest, rest, staff.widest[person], low, high)
    classes, groups = staff.sizes[person, 0], staff.sizes[person, 1]
    place = _place(line, first, longest, rest, staff.kind_class[person])
    shape = (
        first, longest, shortest, rest, weekends, classes, 1, band, staff.widest[person], place, low,
    )  # fmt: skip
    block = (weekends + 1) * (band + 2 * staff.widest[person])
    if (end - first + 1) * (rest + classes * longest) * block + block > len(table):
        return False
    cost = _prices(staff, cover, person, first, last, end, noise, rng)
    kind_group = staff.kind_group[person].copy()
    for kind in range(len(left)):
        if left[kind] <= 0:
            kind_group[kind] = -1
    for day in range(last, end):
        if line[day] != OFF:
            kind_group[line[day]] = staff.kind_group[person, line[day]]
    group, radix = staff.group[person, :groups], np.zeros(groups, dtype=np.int64)
    for _ in range(ATTEMPTS):
        found = sweep(
            shape, must, paid, lows, group, kind_group, staff.follows[person], radix, cost, table, out
        )  # fmt: skip
        if found >= UNREACHED:
            return False
        if _within(out[: last - first], left, cost):
            line[first:last] = out[: last - first]
            return True
    return False


@compiled
def _settled(line: Ints, last: int, rest: int) -> int:
    """As `nrp_span.span_within` has it: the first day from ``last`` on before which nothing earlier matters any more."""
    day, days = last, len(line)
    if day < days and line[day] == OFF:
        while day < days and line[day] == OFF and day - last < rest:
            day += 1
    else:
        while day < days and line[day] != OFF:
            day += 1
    return min(day + 1, days)


@compiled
def _left(
    staff: Staff, person: int, line: Ints, first: int, last: int, end: int
) -> tuple[Ints, Ints, int, int, int]:  # fmt: skip
    """What is left for a stretch: days on each shift, days of weekends that cost nothing, least and most steps, weekends.

    Steps and weekends are those to before ``end``: what is kept from ``last`` on is priced with the stretch.
    """
    left, paid = staff.most[person].copy(), np.zeros(end - first, dtype=np.int64)
    steps, weekends, seen = 0, 0, -1
    for day in range(len(line)):
        kind = line[day]
        if kind == OFF or first <= day < last:
            continue
        left[kind] -= 1
        if last <= day < end:
            continue
        steps += staff.levels[kind]
        if day % 7 >= SATURDAY and day // 7 != seen:
            seen = day // 7
            weekends += 1
            for other in range(max(first, 7 * seen + SATURDAY), min(end, 7 * seen + 7)):
                paid[other - first] = 1
    free = min(staff.totals[person, 2] - weekends, (end - 1) // 7 - first // 7 + 1)
    return left, paid, max(0, staff.totals[person, 0] - steps), staff.totals[person, 1] - steps, free


@compiled
def _band(days: int, longest: int, rest: int, widest: int, low: int, high: int) -> tuple[Ints, int]:
    """The least and most steps that each day may end with, (days + 1, 2), and how many there are at most."""
    lows, band, cycle = np.empty((days + 1, 2), dtype=np.int64), 1, longest + rest
    for day in range(days + 1):
        behind = day // cycle * longest + min(day % cycle, longest)
        ahead = (days - day) // cycle * longest + min((days - day) % cycle, longest)
        lows[day, 0] = 0 if day == 0 else max(0, low - widest * ahead)
        lows[day, 1] = min(high, widest * behind)
        band = max(band, lows[day, 1] - lows[day, 0] + 1)
    return lows, band


@compiled
def _place(line: Ints, first: int, longest: int, rest: int, kind_class: Ints) -> int:
    """Where the person stands before a day: see `nrp_sweep`."""
    before = first - 1
    while before >= 0 and (line[before] == OFF) == (line[first - 1] == OFF):
        before -= 1
    length = first - 1 - before
    if first == 0 or (line[first - 1] == OFF and before < 0):
        return rest - 1
    if line[first - 1] == OFF:
        return min(length, rest) - 1
    return int(rest + kind_class[line[first - 1]] * longest + length - 1)


@compiled
def _prices(
    staff: Staff, cover: Ints, person: int, first: int, last: int, end: int, noise: float,
    rng: np.random.Generator,
) -> Singles:  # fmt: skip
    """What each shift on each day of a stretch would add to the penalty, and some noise; nothing from ``last`` on."""
    cost = np.zeros((end - first, cover.shape[1]), dtype=np.float32)
    for day in range(first, last):
        for kind in range(cover.shape[1]):
            if staff.kind_group[person, kind] >= 0:
                price = staff.over[day, kind]
                if cover[day, kind] < staff.required[day, kind]:
                    price = -staff.under[day, kind]
                cost[day - first, kind] = price + staff.wishes[person, day, kind] + noise * rng.random()
    return cost


@compiled
def _within(stretch: Ints, left: Ints, cost: Singles) -> bool:
    """Whether the limits on shifts are kept; a shift that is worked too often is forbidden on all but its best days here."""
    good = True
    for kind in range(len(left)):
        used = 0
        for day in range(len(stretch)):
            used += stretch[day] == kind
        if used <= max(0, left[kind]):
            continue
        good = False
        for _ in range(used - max(0, left[kind])):
            worst = -1
            for day in range(len(stretch)):
                open_yet = stretch[day] == kind and cost[day, kind] < UNREACHED
                if open_yet and (worst < 0 or cost[day, kind] > cost[worst, kind]):
                    worst = day
            cost[worst, kind] = INFINITE
        for day in range(len(stretch)):
            if stretch[day] != kind:
                cost[day, kind] = INFINITE
    return good
