"""The records that the simulation kernel works on, one a queue, agent, contact and so on: fields side by side in memory.

Compiled code reads ``agents[a].group`` as fast as an array of its own; one record in place of ten arrays keeps the kernel legible.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats

Records = NDArray[np.void]
_F, _I, _U = np.float64, np.int64, np.uint64

QUEUE = np.dtype(
    [
        # settings
        ("target", _F), ("sigma", _F), ("wrap_share", _F), ("slowdown", _F), ("transfer_share", _F), ("redial_share", _F),
        ("redial_seconds", _F), ("overflow_seconds", _F), ("service", _I), ("concurrency", _I), ("transfer_to", _I),
        ("overflow_to", _I),
        # state: the next contact that arrives, then those waiting (first, last, first not yet overflown) and those in service
        ("stream", _U), ("id", _U), ("number", _U), ("at", _F), ("interval", _I), ("head", _I), ("tail", _I), ("over_next", _I),
        ("waiting", _I), ("serving", _I),
    ]
)  # fmt: skip

AGENT = np.dtype(
    [
        # group at work in (-1: off), the one that the rota wants, contacts held, most that those held allow, list of free agents
        ("group", _I), ("wanted", _I), ("load", _I), ("limit", _I), ("listed", _I), ("next", _I), ("previous", _I),
        ("listed_at", _F), ("busy_since", _F), ("staffed_since", _F), ("busy", _F), ("staffed", _F),
        # concurrency only: when the next of its contacts is done, which slot that is, up to when progress is booked
        ("done_at", _F), ("first", _I), ("progress_at", _F),
    ]
)  # fmt: skip

SLOT = np.dtype([("id", _U), ("queue", _I), ("wrapping", _I), ("remaining", _F), ("wrap", _F)])
"""A contact at an agent; ``remaining`` is work at usual speed, ``wrap`` the work still to come after the customer has gone."""

CONTACT = np.dtype(
    [
        ("entered", _F),
        ("deadline", _F),
        ("work", _F),
        ("id", _U),
        ("queue", _I),
        ("interval", _I),
        ("state", _I),
        ("next", _I),
    ]
)
"""A contact that waits, or one that will call again at its ``deadline``."""

LIST = np.dtype([("head", _I), ("tail", _I)])
"""Free agents of one group who hold the same number of contacts, longest free first."""

ENTRY = np.dtype([("queue", _I), ("tier", _I), ("delay", _F)])
"""A queue that a group answers, once a contact has waited for ``delay``; lower tiers first."""

REACH = np.dtype([("group", _I), ("rank", _I)])
"""A group that a contact of a queue may go to; lower ranks first."""

CHANGE = np.dtype([("at", _F), ("agent", _I), ("group", _I), ("shift", _I), ("absence_share", _F)])
"""A line of the rota: from now on the agent works in this group, or goes (-1)."""

POOL = np.dtype(
    [
        ("trigger", _I), ("threshold", _F), ("lead", _F), ("minimum", _F), ("first_agent", _I), ("last_agent", _I),
        ("first_queue", _I), ("last_queue", _I),
        ("state", _I), ("at", _F), ("turn", _I), ("until", _F),
    ]
)  # fmt: skip

ARRIVAL = np.dtype([("at", _F), ("queue", _I), ("work", _F), ("patience", _F)])
"""A line of a trace."""

COUNTED = (
    "offered", "answered", "at_once", "within", "abandoned", "abandoned_within", "answered_wait_s", "other_wait_s", "transferred_in",
    "redialled",
)  # fmt: skip
"""What is counted of every queue and interval of arrival: the last axis of the kernel's counts."""


def table(dtype: np.dtype[np.void], size: int, **fields: object) -> Records:
    """Records of one kind, fields filled as given and zero elsewhere."""
    records = np.zeros(size, dtype)
    for name, values in fields.items():
        records[name] = values
    return records


def starts_of(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each part of a list of parts begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


__all__ = ["Floats"]
