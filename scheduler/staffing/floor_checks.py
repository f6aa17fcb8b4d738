"""What is wrong with a floor, all of it at once; and the floor as arrays of full shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scheduler.staffing import floor_people as people
from scheduler.staffing.checks import LOSS, NOT_NEGATIVE, PATIENCE, POSITIVE, SHARE, Expected, Floats
from scheduler.staffing.floor import DAY_SECONDS, SERVICES, AgentChoice, Decides, Floor
from scheduler.staffing.floor_pools import CheckedPool, checked_pools
from scheduler.staffing.floor_reading import NUMBER, Reading, whole

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Checked:
    """A floor whose arrays have their full shapes: (queues,), (queues, intervals), (agents, queues), (stretches,); ``paths`` (paths,
    queues, intervals), what pools tell in their order.
    """

    floor: Floor
    arrivals: Floats
    """The mean of the paths."""
    paths: Floats
    required: Floats
    aht_seconds: Floats
    patience_seconds: Floats
    speed: Floats
    preference: Floats
    by_queue: dict[str, Floats]
    service: Ints
    stretches: dict[str, Floats]
    trace: dict[str, Floats]
    days: Floats
    pools: list[CheckedPool]


def checked_floor(floor: Floor) -> Checked:
    """The floor in full shape.

    Raises
    ------
    BadInput
        naming everything that is wrong with it, arrays with the index.
    """
    reading = Reading()
    interval = float(reading.array("interval_seconds", floor.interval_seconds, POSITIVE, ()))
    paths = _paths(reading, floor.arrivals)
    arrivals = paths.mean(axis=0)
    speed = reading.matrix("speed", floor.speed, NOT_NEGATIVE)
    queues, intervals = arrivals.shape
    reading.need(queues > 0 and intervals > 0, "arrivals", "at least one queue and one interval")
    if speed.shape[1] != queues:
        reading.need(False, "speed", "a column a queue", f"{speed.shape[1]} columns")
        speed = np.ones((len(speed), queues))
    reading.array("busyness_cv", floor.busyness_cv, NOT_NEGATIVE, ())
    _check_words(reading, floor)
    aht = reading.by_queue_and_interval("aht_seconds", floor.aht_seconds, POSITIVE, arrivals.shape)
    patience = reading.by_queue_and_interval(
        "patience_seconds", floor.patience_seconds, PATIENCE, arrivals.shape
    )
    preference = 0 if floor.preference is None else floor.preference
    stretches = people.stretches(reading, floor, speed)
    pools = checked_pools(reading, floor, speed, stretches)
    checked = Checked(
        floor=floor,
        arrivals=arrivals,
        paths=paths,
        required=reading.by_queue_and_interval(
            "agents_required", floor.agents_required, NOT_NEGATIVE, arrivals.shape
        ),
        aht_seconds=aht,
        patience_seconds=patience,
        speed=speed,
        preference=reading.array("preference", preference, NUMBER, speed.shape),
        by_queue=_queue_settings(reading, floor, aht),
        service=_services(reading, floor.service, queues),
        stretches=stretches,
        trace=people.trace(reading, floor.trace, queues, interval * intervals),
        days=_days(reading, floor.day_starts_s, interval * intervals),
        pools=pools,
    )
    reading.faults.raise_if_any()
    return checked


def _paths(reading: Reading, given: ArrayLike) -> Floats:
    """Arrivals of shape (paths, queues, intervals)."""
    if np.ndim(given) != 3:
        return reading.matrix("arrivals", given, NOT_NEGATIVE)[None]
    found = reading.numbers("arrivals", given, NOT_NEGATIVE)
    reading.need(np.size(given) > 0, "arrivals", "at least one path, queue and interval")
    return np.ones((1, 1, 1)) if found is None or not found.size else np.ascontiguousarray(found)


def _days(reading: Reading, given: ArrayLike | None, end: float) -> Floats:
    """When days begin, the first at the floor's start or before."""
    told = np.arange(0.0, end, DAY_SECONDS) if given is None else np.ravel(given)
    found = reading.array("day_starts_s", told, NUMBER, (len(told),))
    rises = len(found) > 0 and found[0] <= 0 and (np.diff(found) > 0).all()
    words = "rising seconds, the first no later than the floor's start"
    reading.need(rises, "day_starts_s", words, str(found[:3].tolist()))
    return found


def _check_words(reading: Reading, floor: Floor) -> None:
    """Settings that are one of a few words."""
    for name, kind in (("agent_choice", AgentChoice), ("preference_decides", Decides)):
        found, known = getattr(floor, name), get_args(kind)
        reading.need(found in known, name, "one of " + ", ".join(known), found)


def _services(reading: Reading, given: str | Sequence[str], queues: int) -> Ints:
    """Code of each queue's distribution of work."""
    names = [given] * queues if isinstance(given, str) else list(given)
    codes: dict[str, int] = {name: code for code, name in enumerate(SERVICES)}
    reading.need(len(names) == queues, "service", f"one word, or {queues}", f"{len(names)} words")
    for q, name in enumerate(names):
        reading.need(name in codes, "service", "one of " + ", ".join(codes), f"{name} at index {q}")
    return np.array([codes.get(name, 0) for name in names], dtype=np.int64)


def _queue_settings(reading: Reading, floor: Floor, aht: Floats) -> dict[str, Floats]:
    """Every setting that is told by queue, shape (queues,)."""
    queues = len(aht)
    other = whole(-1, queues, f"the code of a queue below {queues}, or -1 for none")
    kinds: dict[str, Expected] = {
        "target_seconds": NOT_NEGATIVE,
        "service_cv": POSITIVE,
        "priority": NUMBER,
        "concurrency": whole(1, 101, "a whole number from 1 to 100"),
        "slowdown": SHARE,
        "wrap_up_seconds": NOT_NEGATIVE,
        "transfer_share": SHARE,
        "transfer_to": other,
        "redial_share": LOSS,
        "redial_seconds": POSITIVE,
        "overflow_to": other,
        "overflow_seconds": NOT_NEGATIVE,
    }
    found = {name: reading.array(name, getattr(floor, name), kind, (queues,)) for name, kind in kinds.items()}
    wrap, to = found["wrap_up_seconds"], found["overflow_to"]
    reading.need_each(wrap > aht.min(axis=1), "wrap_up_seconds", "at most the queue's aht_seconds", wrap)
    reading.need_each(to == np.arange(queues), "overflow_to", "a queue other than itself", to)
    _check_transfers(reading, found["transfer_share"], found["transfer_to"])
    return found


def _check_transfers(reading: Reading, share: Floats, to: Floats) -> None:
    """Transfers lead somewhere and come to an end."""
    nowhere = (share > 0) & (to < 0)
    reading.need_each(nowhere, "transfer_to", "a queue, since transfer_share is above 0", to)
    endless = np.zeros(len(share), dtype=bool)
    for q in range(len(share)):
        at, steps = q, 0
        while 0 <= at < len(share) and share[at] == 1 and steps <= len(share):
            at, steps = int(to[at]), steps + 1
        endless[q] = steps > len(share)
    reading.need_each(endless, "transfer_share", "a share below 1 somewhere in a circle of transfers", share)
