"""Hours on the queue and contacts of each person, averaged over their days with queue work and beside what is asked (policy P8).

It reads any rota, planned or worked, beside the contacts that were expected or came.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, from_timestamps
from centre.model import Online
from centre.people import Agent
from scheduler.coverage import add_minutes, speeds_of
from scheduler.pooling import shared
from scheduler.rota import Rota

Floats = NDArray[np.float64]
COLUMNS = (
    "agent_id", "team", "queue_days", "other_days", "online_hours_per_day", "asked_hours_per_day", "contacts_per_day",
    "asked_contacts_per_day", "meets_hours", "meets_contacts",
)  # fmt: skip
DECIMALS = 2


def online_figures(
    rota: Rota, contacts: pd.DataFrame, asked: Online, agents: Iterable[Agent], interval_minutes: int
) -> pd.DataFrame:
    """One row for each agent, in their order.

    Parameters
    ----------
    contacts : ``interval_start`` (aware), ``queue``, ``contacts`` handled in the interval and ``aht_seconds``; days without a row have no
        known contacts

    Returns
    -------
    DataFrame
        ``queue_days`` are days with time on the queue, ``other_days`` those with none (training, induction). Averages are over queue days;
        ``contacts_per_day`` is missing where no contacts are known. The contacts of an interval fall to those at work on the queue in
        proportion to their time and speed, people with several skills shared out as in `scheduler.coverage`. What is asked is that of
        ``asked``, times paid minutes of the queue days over those of full days. No queue day: nothing is asked.
    """
    agents = list(agents)
    code = {agent.agent_id: k for k, agent in enumerate(agents)}
    at_work = np.flatnonzero(rota.is_kind("work", "backup") & _known(rota, code)[rota.agent])
    whom = np.array([code.get(name, -1) for name in rota.agent_ids], dtype=np.int64)
    days = _Days(rota, whom, at_work, len(agents))
    count = np.maximum(days.queue, 1)
    share = days.paid / (count * asked.full_day_minutes)
    handled = contacts_by_person(rota, contacts, agents, interval_minutes)
    table = pd.DataFrame(
        {
            "agent_id": [agent.agent_id for agent in agents],
            "team": [agent.team for agent in agents],
            "queue_days": days.queue,
            "other_days": days.others,
            "online_hours_per_day": days.online / count / 60,
            "asked_hours_per_day": share * asked.hours_per_day,
            "contacts_per_day": np.where(days.queue > 0, handled / count, np.nan)
            if len(contacts)
            else np.nan,
            "asked_contacts_per_day": share * asked.contacts_per_day,
        }
    )
    table = table.round(dict.fromkeys(table.select_dtypes("float").columns, DECIMALS))
    table["meets_hours"] = table["online_hours_per_day"] >= table["asked_hours_per_day"]
    table["meets_contacts"] = (table["contacts_per_day"] >= table["asked_contacts_per_day"]) | (
        days.queue == 0
    )
    return table[list(COLUMNS)]


class _Days:
    """Days and minutes of each person, arrays of shape (people,)."""

    def __init__(self, rota: Rota, whom: Minutes, at_work: NDArray[np.intp], people: int) -> None:
        agent, day = whom[rota.agent], rota.day
        start, end = rota.stretches(at_work)
        self.online = np.bincount(agent[at_work], end - start, minlength=people)
        queue = np.unique(np.stack([agent[at_work], day[at_work]]), axis=1)
        self.queue = np.bincount(queue[0], minlength=people)
        duties = rota.duties
        owner, paid = whom[duties.agent], duties.paid.astype(float)
        known = owner >= 0
        every = np.unique(np.stack([owner[known], duties.day[known]]), axis=1)
        self.others = np.bincount(every[0], minlength=people) - self.queue
        keys = owner * (1 << 32) + duties.day
        on_queue = known & np.isin(keys, queue[0] * (1 << 32) + queue[1])
        self.paid = np.bincount(owner[on_queue], paid[on_queue], minlength=people)


def _known(rota: Rota, code: dict[str, int]) -> NDArray[np.bool_]:
    return np.array([name in code for name in rota.agent_ids], dtype=bool)


def contacts_by_person(
    rota: Rota, contacts: pd.DataFrame, agents: Iterable[Agent], interval_minutes: int
) -> Floats:
    """Contacts of each agent over all intervals told, in their order; those for whom nobody was at work fall to nobody."""
    agents = list(agents)
    names = sorted(set(contacts["queue"].astype(str)))
    starts, column = np.unique(from_timestamps(contacts["interval_start"]), return_inverse=True)
    row = pd.Index(names).get_indexer(pd.Index(contacts["queue"].astype(str)))
    came, load, is_open = np.zeros((3, len(names), len(starts)))
    came[row, column] = contacts["contacts"].to_numpy(dtype=float)
    seconds = contacts["aht_seconds"].fillna(0.0).to_numpy(dtype=float)
    load[row, column] = came[row, column] * seconds / (interval_minutes * 60)
    is_open[row, column] = 1.0
    whom, speeds, there = _at_work(rota, agents, names, starts, interval_minutes)
    total, floor = np.zeros(len(agents)), np.zeros(len(names))
    for t in np.flatnonzero(there.any(axis=0)):
        here = np.flatnonzero(there[:, t])
        kinds, kind = np.unique(speeds[here] * is_open[:, t], axis=0, return_inverse=True)
        size = np.bincount(kind, there[here, t], minlength=len(kinds)).astype(np.float64)
        flow = shared(size, kinds, floor, load[:, t]) * kinds
        served = flow.sum(axis=0)
        each = np.divide(came[:, t], served, out=np.zeros(len(names)), where=served > 0)
        per_agent = np.divide(flow @ each, size, out=np.zeros(len(kinds)), where=size > 0)
        np.add.at(total, whom[here], per_agent[kind] * there[here, t])
    return total


def _at_work(
    rota: Rota, agents: list[Agent], names: list[str], starts: Minutes, interval_minutes: int
) -> tuple[Minutes, Floats, Floats]:
    """People at each kind of work: who they are, shape (pairs,), their speeds, (pairs, queues), and their part of every interval,
    (pairs, intervals).
    """
    code = {agent.agent_id: k for k, agent in enumerate(agents)}
    rows = np.flatnonzero(rota.is_kind("work", "backup") & _known(rota, code)[rota.agent])
    kinds = np.stack([rota.agent[rows], rota.activity[rows]]).astype(np.int64)
    pairs, pair = np.unique(kinds, axis=1, return_inverse=True)
    minutes = np.zeros((pairs.shape[1], len(starts)))
    add_minutes(minutes, pair.reshape(-1), *rota.stretches(rows), starts, interval_minutes)
    whom = np.array([code[rota.agent_ids[agent]] for agent in pairs[0]], dtype=np.int64)
    told = [
        speeds_of(rota.activities[activity], dict(agents[k].skills), names)
        for k, activity in zip(whom, pairs[1], strict=True)
    ]
    return whom, np.array(told, dtype=float).reshape(len(whom), len(names)), minutes / interval_minutes
