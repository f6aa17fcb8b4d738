"""Backup pools laid out for the kernel: the pools, their people with windows, and whom their triggers count."""

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.floor_checks import Checked
from scheduler.staffing.simulation_groups import CALLED, Called, Group
from scheduler.staffing.simulation_records import HELPER, POOL, WINDOW, Ints, Records, starts_of, table


def pool_records(checked: Checked) -> Records:
    """The backup pools, with their parts of the lists of agents, queues and triggers."""
    backup = checked.floor.backup
    parts = {
        name: starts_of([len(getattr(pool, told)) for pool in backup])
        for name, told in (("agent", "agents"), ("queue", "queues"), ("trigger", "triggers"))
    }
    told = {
        name: [getattr(pool, f"{name}_seconds") for pool in backup]
        for name in ("lead", "minimum", "maximum", "check", "sustained", "hold", "cool_down", "rest")
    }
    limits = {
        name: [np.inf if getattr(pool, limit) is None else getattr(pool, limit) for pool in backup]
        for name, limit in (("a_day", "calls_a_day"), ("at_most", "calls_at_most"))
    }
    return table(
        POOL,
        len(backup),
        batch=[pool.batch for pool in backup],
        support=[pool.support for pool in backup],
        **{f"first_{name}": at[:-1] for name, at in parts.items()},
        **{f"last_{name}": at[1:] for name, at in parts.items()},
        **told,
        **limits,
    )


def helper_records(checked: Checked, called: dict[int, Called]) -> tuple[Records, Records]:
    """Everybody of the pools, and the windows of all of them one after another."""
    agents = [a for pool in checked.pools for a in pool.agents]
    spans: list[tuple[float, float]] = []
    sizes = []
    for pool, told in zip(checked.floor.backup, checked.pools, strict=True):
        for a in told.agents:
            own = told.windows.get(a, []) if pool.windows is not None else [(-np.inf, np.inf)]
            if pool.support:
                shifts = _shifts(checked, a)
                own = [(max(x, s), min(y, e)) for s, e in shifts for x, y in own if max(x, s) < min(y, e)]
            spans += own
            sizes.append(len(own))
    at = starts_of(sizes)
    before = np.concatenate([np.zeros(0), *(pool.calls_before for pool in checked.pools)])
    helpers = table(
        HELPER,
        len(agents),
        agent=agents,
        group=[called[a].group(-1) for a in agents],
        before=before,
        first_window=at[:-1],
        last_window=at[1:],
    )
    return helpers, np.array(spans, dtype=WINDOW)


def _shifts(checked: Checked, agent: int) -> list[tuple[float, float]]:
    """First start and last end of each of an agent's shifts, in order."""
    at = checked.stretches
    rows = np.flatnonzero(at["agent"] == agent)
    found: dict[float, tuple[float, float]] = {}
    for i in rows.tolist():
        shift, start, end = float(at["shift"][i]), float(at["start_s"][i]), float(at["end_s"][i])
        found[shift] = (min(found.get(shift, (start, end))[0], start), end)
    return sorted(found.values())


def looked_at(checked: Checked, groups: list[Group], serves: NDArray[np.bool_]) -> Ints:
    """Whether a pool counts those in a group, for they serve one of its queues: by the rota alone, and whatever has brought them to it;
    shape (2, pools, groups).
    """
    by = np.array([by for _, _, by in groups], dtype=np.int64)
    otherwise = np.where(by >= 0, by, np.arange(len(groups)))
    looks = np.zeros((2, len(checked.floor.backup), len(groups)), dtype=np.int64)
    for b, pool in enumerate(checked.floor.backup):
        helps: NDArray[np.bool_] = np.asarray(serves[:, list(pool.queues)].any(axis=1))
        looks[:, b] = helps[otherwise] & (by != CALLED), helps
    return looks
