"""Small random problems with everything in them: any primitive, breaks, wishes, overtime, preferences, charges, prices, duty, minimum.

A problem is told by its seed, so that one found can be named.
"""

from dataclasses import replace
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Grid, day_number, local_instant
from centre.model import Break, Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    ForbiddenDay,
    ForbiddenTime,
    FreeDayInExchange,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
    Nights,
    RestAfterNights,
    ShiftBreak,
    ShiftLength,
    UnbrokenWork,
)
from scheduler.shifts import candidate_shifts
from scheduler.terms import (
    Charge,
    CoverPrices,
    DaysOffTogether,
    DutyRow,
    ForwardRotation,
    OvertimePay,
    SameStart,
    Wish,
)

ZONE, HOUR = ZoneInfo("Europe/Berlin"), 60
FIRST_DAYS = [day_number(d) for d in (date(2026, 3, 2), date(2026, 3, 28), date(2026, 10, 23))]
"""A Monday in winter, and days shortly before clocks go forward and back."""
SIZES = [(1, 7), (1, 4), (2, 3), (2, 4), (3, 2), (3, 3), (4, 2), (5, 2)]
"""People and days."""
LARGE = [(2, 7), (3, 5), (3, 7), (4, 4), (4, 7), (5, 4), (5, 7)]


def problem_of(seed, large=0.1):
    """The problem of a seed, one in ten of which is `LARGE`; in every other one all levels and speeds are whole minutes."""
    random = Random(seed)
    whole, queues = random.random() < 0.5, random.choice([1, 2])
    count, days = random.choice(LARGE if random.random() < large else SIZES)
    grid = Grid(ZONE, random.choice(FIRST_DAYS), days, random.choice([30, 60, 60, 60]))
    shifts = tuple(candidate_shifts(_templates(random), grid))
    levels, speeds = ([0.0, 1.0, 2.0], [1.0]) if whole else ([0.0, 1.0, 1.5, 2.25], [1.0, 1.0, 0.5, 0.8])
    people = tuple(
        replace(_person(random, grid, shifts, queues, speeds), agent_id=f"p{k}") for k in range(count)
    )
    required = _by_hours(random, queues, grid, levels)
    minimum = _by_hours(random, queues, grid, [0, 0, 0, 1]) * (random.random() < 0.15)
    prices = _prices(random, queues, grid, required) if random.random() < 0.4 else None
    duty = tuple(_duty(random, grid, count, whole) for _ in range(random.choice([0, 0, 1])))
    objective = Objective(deep_shortage_share=0.5 if whole else 0.1)
    names = ("a", "b")[:queues]
    return RotaProblem(grid, names, required, minimum, shifts, people, objective, None, prices, duty)


def _templates(random):
    """One to three templates, 2 to 8 starts a day; breaks one after another, in windows that do not touch."""
    for k in range(random.randint(1, 3)):
        earliest = random.choice([0, 6, 8, 9, 13, 14, 22]) * HOUR
        latest = min(earliest + random.randint(0 if k else 1, 2) * HOUR, 23 * HOUR)
        breaks = []
        if random.random() < 0.5:
            wide = random.choice([0, 30, 60])
            breaks.append(Break(random.choice([15, 30]), 60, 60 + wide, random.random() < 0.5, "break", 30))
        if random.random() < 0.5:
            breaks.append(Break(30, 150, random.choice([150, 180]), random.random() < 0.5, "meal", 15))
        length = random.choice([240, 300, 480, 510, 600])
        if length >= 480 and random.random() < 0.1:
            breaks.append(Break(120, 240, 240, False, "split"))
        yield ShiftTemplate(f"t{k}", earliest, latest, length, HOUR, breaks=tuple(breaks))


def nights_of(grid):
    """Nights from 23:00 to 06:00 as windows in UTC."""
    days = range(grid.first_day - 1, grid.first_day + grid.days)
    windows = ((local_instant(ZONE, d, 23 * HOUR), local_instant(ZONE, d + 1, 6 * HOUR)) for d in days)
    return Nights(tuple(windows), 3 * HOUR)


def _primitive(random, grid, names):
    """One primitive of any kind beside the rest between shifts that everybody has."""
    days, nights, pick = (
        list(range(grid.first_day, grid.first_day + grid.days)),
        nights_of(grid),
        random.choice,
    )
    first, last = sorted((pick(days), pick(days)))
    hours, day = random.randint(8, 30), pick(days)
    some = tuple(sorted(set(random.choices(days, k=random.randint(1, 4)))))
    begin = grid.start + random.randint(0, 24 * (grid.days - 1)) * HOUR
    worked_before = random.randint(0, 3)
    kinds = [
        lambda: BoundedSum(first, last, "shifts", pick([None, 1, 2]), random.randint(2, 5)),
        lambda: BoundedSum(first, last, "paid_minutes", pick([None, 240, 480]), pick([480, 960, 1500])),
        lambda: BoundedSum(first, last, "worked_minutes", None, pick([450, 900, 1500])),
        lambda: BoundedRun(random.randint(1, 4)),
        lambda: GapInWindow(hours * HOUR, begin, begin + (hours + random.randint(0, 40)) * HOUR),
        lambda: GapInAnyWindow(hours * HOUR, pick([60, 72, 96]) * HOUR),
        lambda: ForbiddenTime(begin, begin + hours * HOUR),
        lambda: ForbiddenDay(day),
        lambda: AllowedShifts(frozenset(random.choices(names, k=2))),
        lambda: ShiftLength(
            pick(["paid_minutes", "worked_minutes", "elapsed_minutes"]), pick([299, 480, 509])
        ),
        lambda: ShiftBreak(pick([270, 400]), pick([15, 30, 45]), pick([15, 30])),
        lambda: UnbrokenWork(pick([200, 240, 300, 330, 400, 480]), pick([15, 30])),
        lambda: BoundedShortRests(12 * HOUR, random.randint(7, 10) * HOUR, random.randint(0, 2)),
        lambda: BoundedDays(some, random.randint(0, 2)),
        lambda: FreeDayInExchange(day, some),
        lambda: BoundedNights(nights, first, last, random.randint(0, 2)),
        lambda: BoundedNightRun(nights, random.randint(1, 2), worked_before),
        lambda: RestAfterNights(
            nights, random.randint(1, 3), pick([24, 35, 46]) * HOUR, worked_before, grid.start + 6 * HOUR
        ),
    ]
    return pick(kinds)()


def _person(random, grid, shifts, queues, speeds):
    """One person with up to three rules more than rest, and whatever may be priced on a line."""
    days, names = range(grid.first_day, grid.first_day + grid.days), sorted({s.template.name for s in shifts})
    rest = (MinimumRest(random.choice([0, 11]) * HOUR),)
    more = tuple(_primitive(random, grid, names) for _ in range(random.randint(0, 3)))
    served = random.choice([(), (0,), (queues - 1,), tuple(range(queues)), tuple(range(queues))])
    overtime = OvertimePay(days[0], days[-1], random.choice([300, 900]), 0.25)
    wishes = (
        Wish(
            random.choice(days),
            random.choice(["off", "on"]),
            random.choice(["", *names]),
            random.choice([5.0, 33.3]),
        )
        for _ in range(random.randint(0, 2))
    )
    wanted = [SameStart(60, 4.0, ZONE), ForwardRotation(0, 7.5, ZONE), DaysOffTogether(9.0)]
    weights = tuple(float(random.randint(-3, 3)) for _ in shifts)
    return PlannedPerson(
        "", tuple((queue, random.choice(speeds)) for queue in served), rest + more, random.choice([0.0, 0.3, 0.5]),
        (overtime,) * random.choice([0, 1]), tuple(wishes), (("rest", rest), ("more", more)),
        (), tuple(random.sample(wanted, random.choice([0, 0, 1, 2]))),
        (Charge("unfair", weights, 3.0 * grid.days),) * random.choice([0, 1]),
    )  # fmt: skip


def _amounts(random, shape, values):
    """An array of these values."""
    return np.array(random.choices(values, k=int(np.prod(shape))), dtype=float).reshape(shape)


def _by_hours(random, queues, grid, values):
    """Values that hold for four hours each, shape (queues, intervals)."""
    intervals, each = len(grid.starts), 240 // grid.interval_minutes
    blocks = _amounts(random, (queues, -(-intervals // each)), values)
    return np.repeat(blocks, each, axis=1)[:, :intervals]


def _prices(random, queues, grid, required):
    """Convex prices of service by pieces."""
    rate = _by_hours(random, queues, grid, [10.0, 35.5])
    return CoverPrices(np.stack([required, np.minimum(required, 1.5)]), np.stack([rate, rate * 2]), rate / 10)


def _duty(random, grid, count, whole):
    """A row of duty."""
    weights = _amounts(random, (count,), [0.0, 1.0] if whole else [0.0, 1.0, 0.75, -0.25])
    return DutyRow("senior", weights, _by_hours(random, 1, grid, [-9.0, 0.0, 1.0])[0], 12.0)
