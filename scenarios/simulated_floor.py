"""The floor that a rota and a forecast make: contacts by queue, people by their stretches of work, as `simulate` takes it.

Only customers who wait are simulated. Work that may wait is left out: people rostered for it answer nobody meanwhile, people on
``work:*`` answer customers first and do it in the time that customers leave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.backup_file import BackupMember
from centre.errors import Faults
from centre.instants import Grid
from centre.model import Queue, Settings
from centre.people import Agent
from scenarios.simulated_backup import (
    BackupFacts,
    agents_required,
    day_starts,
    names_on_floor,
    pools_on_floor,
    pools_otherwise,
)
from scheduler.rota import Rota, activity_kind
from scheduler.staffing.backlog import works_of
from scheduler.staffing.checks import Floats
from scheduler.staffing.demand import Demand
from scheduler.staffing.floor import ELSEWHERE, WITH_BACKUP_SKILLS, Floor, Stretches
from scheduler.staffing.flows import flows_from, own_demand, pushed
from scheduler.staffing.shrinkage import unplanned_loss
from scheduler.staffing.staffed import staffed
from scheduler.staffing.teams import seconds_of, slowdown

Ints = NDArray[np.int64]
FILE = "rota"
ANY = "*"
AT_WORK = ("work", "backup")
"""Kinds of activity of people who answer: planned call-outs are such."""


class NamedFloor(NamedTuple):
    """A floor, what had to be taken otherwise than told, in sentences, and the names of its agents and pools."""

    floor: Floor
    otherwise: tuple[str, ...]
    people: tuple[str, ...]
    pools: tuple[str, ...]


def floor_of(
    rota: Rota,
    demand: Demand,
    settings: Settings,
    agents: Sequence[Agent],
    backlog: pd.DataFrame | None = None,
    backup: BackupFacts | None = None,
) -> tuple[Floor, tuple[str, ...]]:
    """The floor of `named_floor` and what had to be taken otherwise than told."""
    found = named_floor(rota, demand, settings, agents, backlog, backup)
    return found.floor, found.otherwise


def named_floor(
    rota: Rota,
    demand: Demand,
    settings: Settings,
    agents: Sequence[Agent],
    backlog: pd.DataFrame | None = None,
    backup: BackupFacts | None = None,
) -> NamedFloor:
    """The floor over the grid of a demand, in seconds from its start.

    Its queues are those of `simulated_queues`, its agents those of `names_on_floor`, its pools those of `pools_on_floor`.

    Parameters
    ----------
    backup : who is in the backup pools and when they may come; None: nobody
    backlog : work that may wait and is left from before, in the columns of ``deferred.csv``; it tells where follow-ups of such work
        come to customers' queues

    Notes
    -----
    Contacts are those that reach agents (`own_demand`), with the follow-ups that the requirement counts; transfers and redials arise
    in the simulation. Handle times and patience are exponential, as the formulas take them. Unplanned shrinkage is absence for whole
    shifts: with the mean probability over the shift, one draw a shift.
    """
    queues, grid = simulated_queues(settings), demand.grid
    code = {queue.name: q for q, queue in enumerate(queues)}
    facts = backup or BackupFacts()
    contacts, aht = _contacts(demand, settings, backlog)
    names = names_on_floor(rota, facts)
    skills = {agent.agent_id: dict(agent.skills) for agent in agents}
    rows = [[skills.get(who, {}).get(name, 0.0) for name in code] for who in names]
    speed = np.array(rows, dtype=float).reshape(len(names), len(code))
    work, absent = _stretches(rota, code, speed, settings, grid, facts)
    at_work = [names[a] for a in np.unique(np.asarray(work.agent)).tolist()]
    pools = pools_on_floor(rota, settings, grid, facts, code, at_work)
    shortest = aht.min(axis=1)
    floor = Floor(
        interval_seconds=settings.centre.interval_minutes * 60.0,
        arrivals=contacts,
        aht_seconds=aht,
        speed=speed,
        work=work,
        patience_seconds=[[queue.patience_seconds or np.inf] for queue in queues],
        target_seconds=[seconds_of(queue) for queue in queues],
        priority=[queue.priority for queue in queues],
        concurrency=[queue.concurrency for queue in queues],
        slowdown=[slowdown(queue) for queue in queues],
        wrap_up_seconds=[min(q.wrap_up_seconds, float(s)) for q, s in zip(queues, shortest, strict=True)],
        transfer_share=[queue.transfer_share if queue.transfer_to in code else 0.0 for queue in queues],
        transfer_to=[code.get(queue.transfer_to, -1) for queue in queues],
        redial_share=[queue.redial_share for queue in queues],
        overflow_to=[code.get(queue.overflow_to, -1) for queue in queues],
        overflow_seconds=[queue.overflow_seconds for queue in queues],
        agent_choice=settings.routing.agent,
        absence_share=absent,
        backup=tuple(pools.values()),
        agents_required=agents_required(facts, grid, code),
        day_starts_s=day_starts(grid),
    )
    otherwise = (*_otherwise(queues, shortest), *pools_otherwise(settings, grid, pools))
    return NamedFloor(floor, otherwise, names, tuple(pools))


def simulated_queues(settings: Settings) -> tuple[Queue, ...]:
    """The queues in which customers wait, in the order of the floor."""
    return tuple(queue for queue in settings.queue if not queue.deferred)


def check_people(
    rota: Rota,
    agents: Sequence[Agent],
    settings: Settings,
    faults: Faults,
    members: Sequence[BackupMember] = (),
) -> None:
    """Note people whom the centre has not, queues that it has not, and work for which somebody has no skill.

    People of backup pools who are not in ``agents`` may be on ``backup`` only.
    """
    skills = {agent.agent_id: {name for name, _ in agent.skills} for agent in agents}
    queues, called = [queue.name for queue in settings.queue], {member.agent_id for member in members}
    rows = np.flatnonzero(rota.is_kind("work"))
    for a in np.unique(rota.agent[rows]).tolist():
        if rota.agent_ids[a] not in skills:
            faults.add(FILE, "a person of agents.csv", found=rota.agent_ids[a], column="agent_id")
    for a in np.unique(rota.agent[rota.is_kind("backup")]).tolist():
        if rota.agent_ids[a] not in called | skills.keys():
            words = "a person of backup.csv or agents.csv, who is called out"
            faults.add(FILE, words, found=rota.agent_ids[a], column="agent_id")
    for a, activity in np.unique(np.column_stack([rota.agent[rows], rota.activity[rows]]), axis=0).tolist():
        who, queue = rota.agent_ids[a], _queue_of(rota.activities[activity])
        if queue not in (*queues, ANY):
            expected = f"{who} on work:* or on a queue of centre.toml: {', '.join(queues)}"
            faults.add(FILE, expected, found=rota.activities[activity], column="activity")
        elif who in skills and queue != ANY and queue not in skills[who]:
            expected = f"{who} on a queue that agents.csv names among the skills"
            faults.add(FILE, expected, found=rota.activities[activity], column="activity")


def _queue_of(activity: str) -> str:
    return activity.partition(":")[2]


def _contacts(demand: Demand, settings: Settings, backlog: pd.DataFrame | None) -> tuple[Floats, Floats]:
    """Contacts that come to each queue from outside the simulation and their handle time, shape (queues, intervals)."""
    queues, came = simulated_queues(settings), _sent_on(demand, settings, backlog)
    contacts, aht = np.zeros((2, len(queues), len(demand.grid.starts)))
    for q, queue in enumerate(queues):
        own = demand.queues[queue.name]
        contacts[q], handle = own_demand(queue, own.offered, own.aht_seconds)
        contacts[q] += came[queue.name]
        aht[q] = np.where(np.isnan(handle), _usual(handle), handle)
    return contacts, aht


def _usual(handle: Floats) -> float:
    """The mean of the handle times that are known; any number where none is, for then nothing comes."""
    return float(np.nanmean(handle)) if not np.isnan(handle).all() else 1.0


def _sent_on(demand: Demand, settings: Settings, backlog: pd.DataFrame | None) -> dict[str, Floats]:
    """Contacts that come to customers' queues from elsewhere, save the transfers that happen in the simulation; as the requirement
    counts them.
    """
    names = {queue.name for queue in simulated_queues(settings)}
    came = {name: np.zeros(len(demand.grid.starts)) for name in names}
    queues = (
        replace(queue, transfer_to="", transfer_share=0.0)
        if {queue.name, queue.transfer_to} <= names
        else queue
        for queue in settings.queue
    )
    apart = replace(settings, queue=tuple(queues))
    senders = [q.name for q in settings.queue if any(flow.to in names for flow in flows_from(apart, q.name))]
    if not senders:
        return came
    found = staffed(demand, settings, works_of(backlog, demand.grid))
    masks = {name: each.open for name, each in demand.queues.items()}
    for name in senders:
        service = found[name].service
        for to, sent in pushed(apart, name, service.answered, masks, service.callbacks).items():
            if to in names:
                came[to] += sent.contacts
    return came


def _otherwise(queues: Sequence[Queue], shortest: Floats) -> Iterator[str]:
    """What is simulated otherwise than the settings say, or told otherwise than elsewhere; ``shortest`` handle time by queue."""
    for queue, seconds in zip(queues, shortest, strict=True):
        if queue.callback_share:
            yield f"queue {queue.name}: call-backs are not simulated, who would take one waits like the others"
        if queue.concurrency > 1:
            yield (
                f"queue {queue.name}: agents busy are simulated as time with any chat, calculated as the share of chats held"
                " at a time"
            )
        if queue.wrap_up_seconds > seconds:
            yield (
                f"queue {queue.name}: wrap_up_seconds {queue.wrap_up_seconds:g} is more than the shortest handle time of the"
                f" forecast, {seconds:g} s, which is taken instead"
            )


def _stretches(
    rota: Rota, code: dict[str, int], speed: Floats, settings: Settings, grid: Grid, facts: BackupFacts
) -> tuple[Stretches, Floats]:
    """Who answers customers when, a minute that one person has twice taken once; and the probability that each shift is missed.

    Planned call-outs are work with all skills; of people who may support other queues, other work is told too.
    """
    rows = np.flatnonzero(rota.is_kind(*AT_WORK))
    agent, (start, end) = rota.agent[rows], rota.stretches(rows)
    missed = _missed(rota, unplanned_loss(settings.shrinkage, grid), grid)[rota.duty[rows]]
    queue = np.array([_code_of(activity, code) for activity in rota.activities], dtype=np.int64)
    queue = queue[rota.activity[rows]]
    able = np.asarray((speed > 0).any(axis=1))[agent]
    called = {m.agent_id for m in facts.members if any(name in code for name, _ in m.skills)}
    able |= (queue == WITH_BACKUP_SKILLS) & np.isin(agent, _places(rota, called))
    queue = np.where(able, queue, ELSEWHERE)
    supports = {pool.name for pool in settings.backup if pool.kind == "support"}
    helpers = _places(rota, {m.agent_id for m in facts.members if m.pool in supports})
    answers = (queue > ELSEWHERE) | np.isin(agent, helpers)
    kept = np.flatnonzero(answers & (end > start) & (end > grid.start) & (start < grid.end))
    start_s, end_s = (60.0 * (at[kept] - grid.start) for at in (start, end))
    return Stretches(agent[kept], start_s, end_s, queue[kept], rota.duty[rows][kept]), missed[kept]


def _code_of(activity: str, code: dict[str, int]) -> int:
    """What one on this activity serves, as `Stretches.queue` has it."""
    if activity_kind(activity) == "backup":
        return WITH_BACKUP_SKILLS
    return -1 if _queue_of(activity) == ANY else code.get(_queue_of(activity), ELSEWHERE)


def _places(rota: Rota, names: set[str]) -> Ints:
    """The codes of people in a rota."""
    return np.array([a for a, name in enumerate(rota.agent_ids) if name in names], dtype=np.int64)


def _missed(rota: Rota, lost: Floats, grid: Grid) -> Floats:
    """Share of every shift's minutes of work that is lost without plan, shape (shifts,); what lies outside the grid does not count."""
    rows = np.flatnonzero(rota.is_kind(*AT_WORK))
    step = grid.interval_minutes
    gone = np.concatenate([[0.0], np.cumsum(lost * step)])
    edges = grid.start + step * np.arange(len(gone))
    ends = np.clip(np.stack([rota.start[rows], rota.end[rows]]), edges[0], edges[-1])
    first, last = np.interp(ends, edges, gone)
    minutes = np.bincount(rota.duty[rows], ends[1] - ends[0], minlength=len(rota.duties))
    away = np.bincount(rota.duty[rows], last - first, minlength=len(rota.duties))
    return np.divide(away, minutes, out=np.zeros(len(minutes)), where=minutes > 0)
