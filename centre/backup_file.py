"""Reading ``backup.csv``: who is in which backup pool. Faults name people by ``agent_id`` and repeat nothing else of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from centre import cells
from centre.cells import suggestion
from centre.errors import Faults
from centre.model import Backup, Queue
from centre.people_files import skills_reader
from centre.tables import Table, read_table

BACKUP = ("pool", "agent_id")
BACKUP_OPTIONAL = ("skills", "hourly_cost", "name")


@dataclass(frozen=True, slots=True)
class BackupMember:
    """One person of a backup pool, a row of ``backup.csv``.

    ``skills`` are (queue, speed) pairs, empty: the pool's queues at its speed; ``hourly_cost`` None: the pool's. ``employed`` tells
    whether the person is in ``agents.csv`` too, so that the rota's own shifts count for their rest.
    """

    pool: str
    agent_id: str
    skills: tuple[tuple[str, float], ...] = ()
    hourly_cost: float | None = None
    employed: bool = False


def backup_members(
    path: Path | None,
    pools: Mapping[str, Backup | None] | None,
    queues: Mapping[str, Queue | None] | None,
    agents: Collection[str] | None,
    faults: Faults,
) -> tuple[BackupMember, ...]:
    """The people of a backup file; wrong rows are left out. ``agents`` are those of the agents file; None: not known."""
    if path is None or (table := read_table(path, BACKUP, BACKUP_OPTIONAL, faults)) is None:
        return ()

    def pool_name(cell: str) -> str:
        if pools is not None and cells.text(cell) not in pools:
            raise ValueError("a [[backup]] of centre.toml" + suggestion(cell, pools))
        return cells.text(cell)

    columns = {
        "pool": table.values("pool", pool_name),
        "agent_id": table.texts("agent_id"),
        "skills": table.values("skills", skills_reader(queues), blank=()),
        "hourly_cost": table.values("hourly_cost", cells.number(0), blank=None),
    }
    good = np.flatnonzero(~table.bad).tolist()
    taken = Counter(columns["agent_id"][k] for k in good)
    twice = [k for k in good if taken[columns["agent_id"][k]] > 1]
    table.blame(twice, "agent_id", "each person in one pool, once", lambda k: columns["agent_id"][k])
    for k in good:
        pool = (pools or {}).get(columns["pool"][k])
        if pool is not None:
            _check_member(table, k, pool, columns["skills"][k], columns["agent_id"][k], agents)
    kept = np.flatnonzero(~table.bad).tolist()
    inside = set(agents or ())
    rows = ({name: values[k] for name, values in columns.items()} for k in kept)
    return tuple(BackupMember(**row, employed=row["agent_id"] in inside) for row in rows)


def _check_member(
    table: Table,
    k: int,
    pool: Backup,
    skills: Sequence[tuple[str, float]],
    agent_id: str,
    agents: Collection[str] | None,
) -> None:
    """Fault somebody who cannot help, and support from outside."""
    if skills and not {queue for queue, _ in skills} & set(pool.queues):
        table.blame([k], "skills", f"a skill for one of the pool's queues: {', '.join(pool.queues)}")
    if pool.kind == "support" and agents is not None and agent_id not in agents:
        words = "a person of agents.csv: support comes from people who are at work"
        table.blame([k], "agent_id", words, lambda _: agent_id)


def named_members(
    pools: Sequence[Backup],
    told: Sequence[BackupMember],
    agents: Collection[str],
    faults: Faults,
) -> tuple[BackupMember, ...]:
    """Everybody of every pool in the pools' order, with skills and costs filled in: those told, else people named after the pool.

    Faults pools with nobody in them, and pools whose number of people is not that of the file.
    """
    found = []
    for pool in pools:
        mine = [member for member in told if member.pool == pool.name]
        if mine and pool.agents and pool.agents != len(mine):
            words = f"the number of its people in backup.csv, {len(mine)}, or no number"
            faults.add("centre.toml", words, found=pool.agents, column=f"backup.{pool.name}.agents")
        if not mine and not pool.agents:
            words = "agents (how many people), or rows of backup.csv that name them: nobody is available"
            faults.add("centre.toml", words, found="nobody", column=f"backup.{pool.name}.agents")
        if not mine and pool.agents and pool.kind == "support":
            words = (
                "rows of backup.csv that name people of agents.csv: support comes from people who are at work"
            )
            faults.add("centre.toml", words, found="a number of agents", column=f"backup.{pool.name}.agents")
        digits = len(str(pool.agents))
        names = [f"{pool.name}-{k:0{digits}d}" for k in range(1, pool.agents + 1)] if not mine else []
        for name in set(names) & set(agents):
            words = "a name of its own: agents.csv has somebody named as the first people of this pool"
            faults.add("centre.toml", words, found=name, column=f"backup.{pool.name}.name")
        everyone = mine or [BackupMember(pool.name, name) for name in names]
        usual = tuple((queue, pool.speed) for queue in pool.queues)
        found += [
            replace(
                member,
                skills=member.skills or usual,
                hourly_cost=pool.hourly_cost if member.hourly_cost is None else member.hourly_cost,
            )
            for member in everyone
        ]
    return tuple(found)
