"""What the simulation kernel works on: records of queues, agents and contacts, in three tuples of arrays.

Compiled code reads ``agents[a].group`` as fast as an array of its own; a record in place of ten arrays keeps the kernel legible.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats

Ints = NDArray[np.int64]
Records = Any  # arrays of the records below: their fields are known to the compiler, not to the type checker
_F, _I, _U = np.float64, np.int64, np.uint64

QUEUE = np.dtype(
    [
        # settings
        ("target", _F), ("sigma", _F), ("wrap_share", _F), ("slowdown", _F), ("transfer_share", _F), ("redial_share", _F),
        ("redial_seconds", _F), ("overflow_seconds", _F), ("service", _I), ("concurrency", _I), ("transfer_to", _I),
        ("overflow_to", _I),
        # its parts of the lists of groups that may answer it, at once and by overflow
        ("first_reach", _I), ("last_reach", _I), ("first_over", _I), ("last_over", _I),
        # the next contact that arrives
        ("stream", _U), ("id", _U), ("number", _U), ("at", _F), ("interval", _I),
        # those waiting (first, last, first not yet overflown, how many) and those in service
        ("head", _I), ("tail", _I), ("over_next", _I), ("waiting", _I), ("serving", _I),
    ]
)  # fmt: skip

GROUP = np.dtype([("first_entry", _I), ("last_entry", _I), ("on_duty", _I)])
"""Agents who answer alike: their part of the list of entries, and how many of them are at work."""

AGENT = np.dtype(
    [
        # group at work in (-1: off), the one it is to be in, contacts held, most that those held allow
        ("group", _I), ("wanted", _I), ("load", _I), ("limit", _I),
        # the group that the rota wants (-1: off), the one while called out; whether it is; whether it turns with contacts at hand
        ("rota", _I), ("help", _I), ("helping", _I), ("at_once", _I),
        # the list of free agents that it is in (-1: none), since when, and its neighbours there
        ("listed", _I), ("listed_at", _F), ("next", _I), ("previous", _I),
        ("busy_since", _F), ("staffed_since", _F), ("busy", _F), ("staffed", _F),
        # concurrency only: when the next of its contacts is done, which slot that is, up to when progress is booked
        ("done_at", _F), ("first", _I), ("progress_at", _F),
        # counted from the warm-up's end on
        ("contacts", _F), ("busy_counted", _F),
    ]
)  # fmt: skip

SLOT = np.dtype([("id", _U), ("queue", _I), ("wrapping", _I), ("remaining", _F), ("wrap", _F)])
"""A contact at an agent; ``remaining`` is work at usual speed, ``wrap`` the work still to come after the customer has gone."""

CONTACT = np.dtype(
    [("entered", _F), ("deadline", _F), ("work", _F), ("id", _U), ("queue", _I), ("interval", _I), ("state", _I), ("next", _I)]
)  # fmt: skip
"""A contact that waits, or one that will call again at its ``deadline``."""

LIST = np.dtype([("head", _I), ("tail", _I)])
"""Free agents of one group who hold the same number of contacts, longest free first."""

ENTRY = np.dtype([("queue", _I), ("tier", _I), ("delay", _F)])
"""A queue that a group answers, once a contact has waited for ``delay``; lower tiers first."""

REACH = np.dtype([("group", _I), ("rank", _I)])
"""A group that a contact of a queue may go to; lower ranks first."""

CHANGE = np.dtype(
    [("at", _F), ("agent", _I), ("group", _I), ("help", _I), ("shift", _I), ("absence_share", _F)]
)
"""A line of the rota: from now on the agent works in this group, or goes (-1); ``help`` is the group where called out."""

POOL = np.dtype(
    [
        ("lead", _F), ("minimum", _F), ("maximum", _F), ("batch", _I), ("check", _F), ("sustained", _F), ("hold", _F),
        ("cool_down", _F), ("a_day", _F), ("at_most", _F), ("rest", _F), ("support", _I),
        # its parts of the lists of helpers, queues and triggers
        ("first_agent", _I), ("last_agent", _I), ("first_queue", _I), ("last_queue", _I), ("first_trigger", _I), ("last_trigger", _I),
        # since when a trigger holds, since when all are over (inf: they do not), the last arrival, the last going
        ("held", _F), ("over", _F), ("arrived", _F), ("gone", _F),
        # how many are on the way and there, calls so far, when one comes or goes next, when somebody looks next, looks so far
        ("coming", _I), ("here", _I), ("calls", _I), ("move", _F), ("look", _F), ("looks", _I),
    ]
)  # fmt: skip

TRIGGER = np.dtype([("when", _I), ("threshold", _F), ("release", _F)])

HELPER = np.dtype(
    [
        # the agent, the group while called out (-1: as the rota says), call-outs had before, its part of the windows
        ("agent", _I), ("group", _I), ("before", _F), ("first_window", _I), ("last_window", _I),
        # off, on the way or there; when it comes or must go, the end of its window, when it came and last went
        ("state", _I), ("at", _F), ("until", _F), ("arrived", _F), ("left", _F),
        # call-outs of this replication and of its day, that day; the call of the pool that it came with; its line of the log
        ("calls", _I), ("today", _I), ("day", _I), ("call", _I), ("row", _I), ("window", _I),
    ]
)  # fmt: skip
"""An agent of a backup pool."""

WINDOW = np.dtype([("opens", _F), ("closes", _F)])
"""When a helper may be at work in a call-out."""

RECENT = np.dtype([("minute", _I), ("within", _F), ("late", _F)])
"""Contacts of one queue that came in in one minute: answered in time, and too late or not at all."""

CALL_OUT = np.dtype(
    [("pool", _I), ("agent", _I), ("called_s", _F), ("arrived_s", _F), ("left_s", _F), ("trigger", _I), ("value", _F)]
)  # fmt: skip
"""One person called out; NaN for an arrival after the floor's end, and for its end. ``trigger`` is a place in `floor.TRIGGERS`, ``value``
what was measured.
"""

EVENT = np.dtype([("at", _F), ("what", _I)])
"""An entry of a heap: an instant, and the queue, agent or contact that something then happens to."""

ARRIVAL = np.dtype([("at", _F), ("queue", _I), ("work", _F), ("patience", _F)])
"""A line of a trace."""

NOW = np.dtype(
    [
        # sizes of the heaps, the first free place for a contact, whether something had no place
        ("arriving", _I), ("done", _I), ("timers", _I), ("free", _I), ("full", _I),
        # next line of the rota and of the trace; when overflow and backup pools are to be looked at; when an agent last got free
        ("change", _I), ("row", _I), ("over_at", _F), ("backup_at", _F), ("ended", _F),
        # the day, and lines of the log of call-outs
        ("day", _I), ("logged", _I),
    ]
)  # fmt: skip
"""Where a replication stands."""

MINUTES = 31
"""Minutes of the service of the last half hour: those whole and the one begun."""

COUNTED = (
    "offered", "answered", "at_once", "within", "abandoned", "abandoned_within", "answered_wait_s", "other_wait_s", "transferred_in",
    "redialled",
)  # fmt: skip
"""What is counted of every queue and interval of arrival: the last axis of the kernel's counts."""


class Plan(NamedTuple):
    """What a replication reads and never changes."""

    interval: float
    horizon: float
    lazy: bool
    """Whether customers who give up are noticed only when their turn comes: right where nothing else depends on it."""
    least_occupied: bool
    busyness_shape: float
    most: int
    """Contacts that an agent may hold at most."""
    rates: Floats
    aht: Floats
    patience: Floats
    speed: Floats
    entries: Records
    reach: Records
    over: Records
    rota: Records
    trace: Records
    pool_queues: Ints
    pool_triggers: Records
    pool_serves: Ints
    """Whether a pool counts those in a group, shape (2, pools, groups): by the rota alone, and all who are at work."""
    windows: Records
    required: Floats
    days: Floats
    watches_service: bool


class Space(NamedTuple):
    """Where a replication works; each heap has a last place that stays empty."""

    now: Records
    queues: Records
    groups: Records
    agents: Records
    slots: Records
    lists: Records
    contacts: Records
    pools: Records
    helpers: Records
    recent: Records
    """Shape (queues, `MINUTES`); the last minutes' contacts, where a trigger asks for their service."""
    log: Records
    arriving: Records
    done: Records
    timers: Records


class Found(NamedTuple):
    """What is counted: of all replications with a first axis for them, of one without."""

    counts: Floats
    busy: Floats
    staffed: Floats
    agents: Floats
    """Shape (agents, 2): contacts, busy seconds."""
    pool_calls: Floats
    ended: Floats


def table(dtype: np.dtype[np.void], size: int, **fields: object) -> NDArray[np.void]:
    """Records of one kind, fields filled as given and zero elsewhere."""
    records = np.zeros(size, dtype)
    for name, values in fields.items():
        records[name] = values
    return records


def starts_of(sizes: list[int]) -> Ints:
    """Where each part of a list of parts begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
