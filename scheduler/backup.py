"""Backup pools in a plan: people from outside who work nothing, or a call-out where the rota finds one worth its price."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from centre.backup_file import BackupMember
from centre.folder import Centre
from centre.model import Backup, Contract, Settings, ShiftTemplate
from centre.people import Agent
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.shared.call_outs import BACKUP, called_out
from scheduler.shifts import CandidateShift

LENGTHS = 8
"""How many lengths of call-out a plan weighs for a pool, at most."""
CALL_OUT = "call_out"
"""Name of the price of call-outs in the cost."""
LATEST_START = 1439


def with_backup(centre: Centre) -> Centre:
    """The centre with those of its backup pools who come from outside as people of its own.

    Each pool that may be planned with brings shifts ``backup:POOL:MINUTES`` that start at any interval of its hours, from its shortest to
    its longest in at most `LENGTHS` lengths, and a contract of that name without least or most hours. People of pools who are employed
    work their own shifts in a plan: they are called on the day alone. A centre without pools is returned as it is.
    """
    settings, pools = centre.settings, {pool.name: pool for pool in centre.settings.backup}
    here = {agent.agent_id for agent in centre.agents}
    outside = [member for member in centre.backup if not member.employed and member.agent_id not in here]
    if not outside:
        return centre
    shifts = {pool.name: tuple(_shifts(pool, settings)) for pool in pools.values() if pool.planned}
    contracts = {
        (member.pool, member.hourly_cost): _contract(member, pools[member.pool], shifts.get(member.pool, ()))
        for member in outside
    }
    agents = tuple(
        Agent(
            member.agent_id, "", member.pool, "intermediate", member.skills,
            contracts[member.pool, member.hourly_cost].name, role=BACKUP,
        )
        for member in outside
    )  # fmt: skip
    rules = replace(
        settings.rules, scoped=(*settings.rules.scoped, *_scoped(pools.values(), contracts.values()))
    )
    settings = replace(
        settings,
        shift=(*settings.shift, *(shift for own in shifts.values() for shift in own)),
        contract=(*settings.contract, *contracts.values()),
        rules=rules,
    )
    return replace(centre, settings=settings, agents=(*centre.agents, *agents))


def own_contracts(settings: Settings) -> list[str]:
    """The contracts that people are hired by, without those that `with_backup` adds."""
    return [each.name for each in settings.contract if not each.name.startswith(f"{BACKUP}:")]


def _shifts(pool: Backup, settings: Settings) -> Iterator[ShiftTemplate]:
    """Every call-out that a plan weighs, as templates."""
    step = settings.centre.interval_minutes
    for length in lengths_of(pool, step):
        for place, hours in enumerate(pool.hours):
            latest = min(hours.closes - length, LATEST_START)
            if latest < hours.opens:
                continue
            name = f"{BACKUP}:{pool.name}:{length}" + (f":{place + 1}" if place else "")
            latest = hours.opens + (latest - hours.opens) // step * step
            yield ShiftTemplate(name, hours.opens, latest, length, step, hours.days)


def lengths_of(pool: Backup, step: int) -> list[int]:
    """Lengths of call-out in minutes, the shortest and the longest among them, whole intervals of ``step`` minutes.

    Examples
    --------
    >>> lengths_of(Backup("pool", ("chat",), minimum_minutes=50, maximum_minutes=250), 30)
    [60, 120, 180, 240]
    >>> lengths_of(Backup("pool", ("chat",), minimum_minutes=30, maximum_minutes=600), 30)
    [30, 120, 210, 300, 390, 480, 570, 600]
    """
    whole_day = max(hours.closes - hours.opens for hours in pool.hours)
    first = int(-(-pool.minimum_minutes // step) * step) or step
    last = int(min(pool.maximum_minutes, whole_day, 1440) // step * step)
    apart = max(60, -(-(last - first) // (LENGTHS - 1)), step)
    apart = -(-apart // step) * step
    return sorted({*range(first, last + 1, apart), *([last] if last >= first else [])})


def _contract(member: BackupMember, pool: Backup, shifts: Sequence[ShiftTemplate]) -> Contract:
    """What binds somebody who may be called and need not be: a price, and the pool's call-outs."""
    cost = pool.hourly_cost if member.hourly_cost is None else member.hourly_cost
    name = f"{BACKUP}:{pool.name}" + ("" if cost == pool.hourly_cost else f":{cost:g}")
    names = tuple(shift.name for shift in shifts)
    return Contract(name, 0, 7 * 1440, 0, 7, names, cost)


def _scoped(pools: Iterable[Backup], contracts: Iterable[Contract]) -> Iterator[dict[str, object]]:
    """Rules of their own, for the pools that name some."""
    names = [contract.name for contract in contracts]
    for pool in pools:
        own = [
            name
            for name in names
            if name == f"{BACKUP}:{pool.name}" or name.startswith(f"{BACKUP}:{pool.name}:")
        ]
        for preset in pool.presets if own else ():
            yield {"label": f"{BACKUP}-{pool.name}-{preset}", "preset": preset, "contracts": own}


def call_out_prices(
    pool: Backup, hourly_cost: float, shifts: Iterable[CandidateShift], statutory: Collection[int]
) -> tuple[float, ...]:
    """What each shift of a plan costs one of a pool besides its hours at the usual price: the call-out, and more on ``statutory`` days."""
    dearer = hourly_cost * (pool.statutory_day_multiplier - 1) / 60
    return tuple(
        pool.call_out_cost + (dearer * shift.paid_minutes if shift.day in statutory else 0.0)
        if shift.template.name.startswith(f"{BACKUP}:{pool.name}:")
        else 0.0
        for shift in shifts
    )


def as_call_outs(rota: Rota) -> Rota:
    """The rota with the work of call-outs told as activity ``backup``, as others read it."""
    activities = (*rota.activities, BACKUP) if BACKUP not in rota.activities else rota.activities
    called = called_out(rota) & rota.is_kind("work")
    activity = np.where(called, activities.index(BACKUP), rota.activity).astype(np.int32)
    return replace(rota, activities=activities, activity=activity) if called.any() else rota


def of_employees(rota: Rota, facts: Facts) -> Rota:
    """The rota without people from outside, whom no pay law and no payroll knows."""
    people = facts.people or {}
    inside = [name not in people or not people[name].outside for name in rota.agent_ids]
    return rota if all(inside) else rota.narrowed(np.array(inside, dtype=bool)[rota.agent])


def by_pool(rota: Rota) -> Rota:
    """The rota with call-outs of any length under the name of their pool, for people to read.

    Examples
    --------
    >>> import pandas as pd
    >>> at = pd.to_datetime(["2026-03-02T09:00Z", "2026-03-02T11:00Z"], utc=True)
    >>> row = {"agent_id": "x", "day": at[0].date(), "start": at[0], "end": at[1], "activity": "backup", "paid": True}
    >>> by_pool(Rota.from_frame(pd.DataFrame([row | {"shift": "backup:agency:120"}]))).shift_names
    ('agency',)
    """
    told = [name.split(":")[1] if name.startswith(f"{BACKUP}:") else name for name in rota.shift_names]
    names, code = np.unique(np.array(told, dtype=object), return_inverse=True)
    return replace(rota, shift_names=tuple(names.tolist()), shift=code.astype(np.int32)[rota.shift])
