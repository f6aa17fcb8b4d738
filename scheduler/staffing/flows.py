"""Where contacts go on to: bot containment and repeats of a queue's own, then transfers, call-backs and follow-ups.

A centre is staffed in the order in which contacts flow (`scheduler.staffing.staffed.order`). Each queue's
contacts are, in this order: its forecast less what
a bot contains, raised by repeat contacts (`own_demand`); plus what queues before it sent on (`pushed`). Redials
come last, since they depend on the agents (`scheduler.staffing.redials`). Contacts sent on are neither contained
nor raised again, and take the handle time of the queue that they come to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from centre.errors import BadInput, Fault
from centre.model import Queue, Settings
from scheduler.staffing.checks import NOT_NEGATIVE, Expected, Flags, Floats, checked

HANDLE_TIME = Expected("seconds above 0, or NaN where nothing is offered", lambda x: np.isnan(x) | (x > 0))


@dataclass(frozen=True, slots=True)
class Flow:
    """Contacts that one queue sends to another: ``share`` of those answered (or of the call-backs it takes),
    ``after_minutes`` later.
    """

    to: str
    share: float
    after_minutes: int = 0
    of_callbacks: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Inflow:
    """Contacts that come to a queue from another.

    Parameters
    ----------
    contacts : in each interval of the horizon, shape (intervals,)
    spilled : after its end; the first is the interval that follows the last. Shape (at least 1,)
    """

    contacts: Floats
    spilled: Floats


def flows_from(settings: Settings, name: str) -> tuple[Flow, ...]:
    """Where the contacts of one queue go on to: its transfers, its call-backs, its follow-ups as they stand."""
    flows = []
    for queue in settings.queue:
        if queue.name == name and queue.transfer_to:
            flows.append(Flow(queue.transfer_to, queue.transfer_share))
        if queue.name == name and queue.callback_to:
            flows.append(Flow(queue.callback_to, 1.0, of_callbacks=True))
    for one in settings.follow_up:
        if one.queue == name:
            flows.append(Flow(one.to, one.share, one.after_minutes))
    return tuple(flows)


def own_demand(queue: Queue, offered: ArrayLike, aht_seconds: ArrayLike) -> tuple[Floats, Floats]:
    """Contacts of a queue's own that reach its agents, and their handle time.

    A bot takes ``containment_share`` of the contacts and leaves those that take ``containment_aht_factor`` times as
    long. Of each contact's ``1 - first_contact_resolution`` not resolved, ``repeat_share`` come again, and again: 1 / (1 - r)
    contacts for every first one, in place of the 1 / (1 - r of history) that the forecast was made from. Repeats
    are taken to come in the same interval, as they do on average where demand changes slowly against the time until
    customers come again.

    Parameters
    ----------
    offered : contacts in each interval as forecast, at least 0
    aht_seconds : their handle time; NaN stays where none is known

    Returns
    -------
    (contacts, handle time in seconds), each of the broadcast shape

    Raises
    ------
    BadInput
        naming every bad number, and settings by which every contact brings at least another one.

    Examples
    --------
    >>> queue = Queue("热线", containment_share=0.2, containment_aht_factor=1.1,
    ...     first_contact_resolution=0.75, history_first_contact_resolution=1.0)
    >>> [part.round(6).tolist() for part in own_demand(queue, [30.0], [300.0])]
    [[32.0], [330.0]]
    """
    given = {"offered": (offered, NOT_NEGATIVE), "aht_seconds": (aht_seconds, HANDLE_TIME)}
    contacts, aht = checked("own_demand", given)
    contacts *= (1.0 - queue.containment_share) * _repeats(queue)
    if queue.containment_share > 0.0:
        aht *= queue.containment_aht_factor
    return contacts, aht


def _repeats(queue: Queue) -> float:
    """Contacts for each one of the history, for their share that comes again."""
    now, then = queue.first_contact_resolution, queue.history_first_contact_resolution
    faults = []
    for setting, resolved in (("first_contact_resolution", now), ("history_first_contact_resolution", then)):
        if resolved is not None and (1.0 - resolved) * queue.repeat_share >= 1.0:
            expected = "more than 0, or a repeat_share below 1: else every contact brings another without end"
            faults.append(
                Fault("centre.toml", expected, str(resolved), column=f"queue.{queue.name}.{setting}")
            )
    if faults:
        raise BadInput(faults)
    if now is None or then is None:
        return 1.0  # as in the history
    return (1.0 - (1.0 - then) * queue.repeat_share) / (1.0 - (1.0 - now) * queue.repeat_share)


def pushed(
    settings: Settings,
    name: str,
    answered: ArrayLike,
    open_masks: Mapping[str, Flags],
    callbacks: ArrayLike | None = None,
) -> dict[str, Inflow]:
    """What one queue sends on to others.

    Contacts answered evenly over an interval are sent on evenly over a span as long, ``after_minutes`` (elapsed) later: where that
    is no whole number of intervals, each of the two intervals that it touches has its part. An immediate queue
    that is closed then gets them in its next open interval. A queue whose work may wait gets them at once, since
    its due times run from then, whether anybody works or not.

    Parameters
    ----------
    name : the queue that sends
    answered : contacts that its agents take up in each interval (of deferred work: finish), shape (intervals,)
    open_masks : whether each queue is open in each interval, at least for those sent to
    callbacks : contacts in each interval that take a call-back; None where there are none

    Returns
    -------
    dict
        queue -> contacts by interval and those after the horizon's end; what an immediate queue that opens no more
        would get is told in the first interval after it

    Raises
    ------
    BadInput
        naming every bad number with its index.
    """
    given = {"answered": (answered, NOT_NEGATIVE)}
    given["callbacks"] = (
        np.zeros_like(answered, dtype=float) if callbacks is None else callbacks,
        NOT_NEGATIVE,
    )
    taken, called_back = checked("pushed", given)
    deferred = {queue.name for queue in settings.queue if queue.deferred}
    found: dict[str, Inflow] = {}
    for flow in flows_from(settings, name):
        sent = flow.share * (called_back if flow.of_callbacks else taken)
        one = _later(sent, flow.after_minutes / settings.centre.interval_minutes)
        if flow.to not in deferred:
            one = _when_open(one, open_masks[flow.to])
        found[flow.to] = _together(found[flow.to], one) if flow.to in found else one
    return found


def _later(sent: Floats, intervals: float) -> Inflow:
    """All contacts so many intervals later, fractions shared between the two that they touch."""
    whole = int(intervals)
    part = intervals - whole
    moved = np.zeros(len(sent) + whole + 1)
    moved[whole : whole + len(sent)] = (1.0 - part) * sent
    moved[whole + 1 : whole + 1 + len(sent)] += part * sent
    return Inflow(moved[: len(sent)], moved[len(sent) :])


def _when_open(inflow: Inflow, is_open: Flags) -> Inflow:
    """Contacts of closed intervals in the next one that is open."""
    count = len(inflow.contacts)
    own = np.where(is_open, np.arange(count), count)
    following = np.minimum.accumulate(own[::-1])[::-1]
    moved = np.zeros(count + 1)
    np.add.at(moved, following, inflow.contacts)
    spilled = inflow.spilled.copy()
    spilled[0] += moved[count]
    return Inflow(moved[:count], spilled)


def _together(one: Inflow, other: Inflow) -> Inflow:
    spilled = np.zeros(max(len(one.spilled), len(other.spilled)))
    spilled[: len(one.spilled)] += one.spilled
    spilled[: len(other.spilled)] += other.spilled
    return Inflow(one.contacts + other.contacts, spilled)
