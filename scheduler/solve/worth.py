"""What a shift is worth to a person given who else is there, and where its breaks hurt least."""

import numpy as np

from scheduler.compiled import compiled_bare
from scheduler.problem import Floats
from scheduler.solve.floor import Floor, Ints, overlap, span
from scheduler.solve.serve import poured


@compiled_bare
def place(
    floor: Floor,
    cover: Floats,
    speeds: Floats,
    shift: int,
    minutes: Floats,
    gains: Floats,
    reach: Floats,
    desk: Floats,
    out: Ints,
) -> float:
    """Change of price when this person works ``shift`` with its breaks where they hurt least, one after another.

    Writes minutes of work per touched interval to ``minutes`` and break starts to ``out``; ``gains`` is scratch of the same length.
    """
    length, levels, rates, breaks = floor.interval_minutes, floor.levels, floor.rates, floor.breaks
    surplus, wanted, queues = floor.surplus, floor.wanted, floor.queues
    start, end = floor.shift_start[shift], floor.shift_start[shift] + floor.shift_length[shift]
    first, last = span(start, end, length, cover.shape[1])
    total = 0.0
    for t in range(first, last):
        minutes[t - first] = overlap(start, end, t, length)
        gains[t - first] = poured(
            levels, rates, surplus, wanted, queues, cover, speeds, t, minutes[t - first], reach[t], desk
        )
        total += gains[t - first]
    for k in range(floor.first_break[shift], floor.first_break[shift + 1]):
        pause = breaks[k, 0]
        best, chosen = np.inf, start + breaks[k, 1]
        for at in range(start + breaks[k, 1], start + breaks[k, 2] + 1, breaks[k, 3]):
            change = 0.0
            for t in range(max(at // length, first), min(-((-at - pause) // length), last)):
                left = minutes[t - first] - overlap(at, at + pause, t, length)
                change += (
                    poured(levels, rates, surplus, wanted, queues, cover, speeds, t, left, reach[t], desk)
                    - gains[t - first]
                )
            if change < best - 1e-9:
                best, chosen = change, at
        out[k - floor.first_break[shift]] = chosen
        total += best
        for t in range(max(chosen // length, first), min(-((-chosen - pause) // length), last)):
            minutes[t - first] -= overlap(chosen, chosen + pause, t, length)
            gains[t - first] = poured(
                levels, rates, surplus, wanted, queues, cover, speeds, t, minutes[t - first], reach[t], desk
            )
    return total


@compiled_bare
def whole_gains(
    floor: Floor,
    cover: Floats,
    speeds: Floats,
    gains: Floats,
    sums: Floats,
    savings: Floats,
    reach: Floats,
    desk: Floats,
) -> None:
    """What this person changes by working whole intervals, and by not working a break inside them.

    Fills ``gains`` (intervals,), their running sum ``sums`` (intervals + 1,) and ``savings`` (pauses, atoms): the change of price when a
    break of that length starts at that atom of a stretch of whole intervals.
    """
    length, count = floor.interval_minutes, cover.shape[1]
    levels, rates, surplus = floor.levels, floor.rates, floor.surplus
    wanted, queues = floor.wanted, floor.queues
    sums[0] = 0.0
    for t in range(count):
        gains[t] = poured(levels, rates, surplus, wanted, queues, cover, speeds, t, length, reach[t], desk)
        sums[t + 1] = sums[t] + gains[t]
    for pause in range(len(floor.pauses)):
        minutes = floor.pauses[pause]
        for atom in range(savings.shape[1]):
            at, change = atom * floor.atom, 0.0
            for t in range(at // length, min(-((-at - minutes) // length), count)):
                left = float(length - overlap(at, at + minutes, t, length))
                change += (
                    poured(levels, rates, surplus, wanted, queues, cover, speeds, t, left, reach[t], desk)
                    - gains[t]
                )
            savings[pause, atom] = change


@compiled_bare
def worth(
    floor: Floor,
    cover: Floats,
    speeds: Floats,
    shifts: Ints,
    gains: Floats,
    sums: Floats,
    savings: Floats,
    reach: Floats,
    desk: Floats,
    value: Floats,
) -> None:
    """Add to ``value`` what each of ``shifts`` would change, from `whole_gains`; two breaks in one interval are taken as if apart."""
    length, levels, rates, surplus = floor.interval_minutes, floor.levels, floor.rates, floor.surplus
    wanted, queues, breaks, atom = floor.wanted, floor.queues, floor.breaks, floor.atom
    starts, lengths, first_break = floor.shift_start, floor.shift_length, floor.first_break
    for shift in shifts:
        start, end = starts[shift], starts[shift] + lengths[shift]
        first, last = span(start, end, length, cover.shape[1])
        if last <= first:
            continue
        total = sums[last] - sums[first]
        for t in (first, last - 1):
            inside = overlap(start, end, t, length)
            if inside < length and (t == first or last - 1 > first):
                total += (
                    poured(
                        levels,
                        rates,
                        surplus,
                        wanted,
                        queues,
                        cover,
                        speeds,
                        t,
                        float(inside),
                        reach[t],
                        desk,
                    )
                    - gains[t]
                )
        for k in range(first_break[shift], first_break[shift + 1]):
            best = np.inf
            for at in range(start + breaks[k, 1], start + breaks[k, 2] + 1, breaks[k, 3]):
                if at // atom < savings.shape[1]:
                    best = min(best, savings[breaks[k, 4], at // atom])
            if best < np.inf:
                total += best
        value[shift] += total
