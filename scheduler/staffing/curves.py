"""Shortage curves: contacts late and lost in every interval as a function of agents at their desks, for ``curves.csv``.

A rota that cannot give every interval what it needs should go short where it hurts least. Each curve is sampled at a few numbers of
agents, close together about the requirement, and told with its lower convex envelope above a floor (`scheduler.staffing.envelope`).

The floor of an interval is where its curve turns convex, the agent who brought the most: from there on each further agent brings less
than the one before. About half of the contacts are in time there, whatever the load; below it, another agent taken away would be
missed less than the last one, so that an interval once started on would be given up entirely. The floor is never below the queue's
minimum, nor below half of the requirement, nor is it nobody where contacts come; and never above the requirement.

Every interval is taken by itself, in its steady state: what an overload leaves to the next interval shows where a rota's service is
recounted (`scheduler.coverage`), not here. Where people with several skills share queues outside a pool, curves come from simulation
(`scheduler.staffing.simulated_curves`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import Faults
from centre.model import Settings
from scheduler.staffing.checks import NOT_NEGATIVE, POSITIVE, Flags, Floats, checked
from scheduler.staffing.demand import check_queues
from scheduler.staffing.envelope import Pieces, envelope_pieces, lower_envelope
from scheduler.staffing.service import team_service
from scheduler.staffing.teams import Team, teams_of

Ints = NDArray[np.int64]
NEEDED = ("interval_start", "queue", "offered", "aht_seconds", "agents_required")
COLUMNS = ("interval_start", "queue", "agents", "expected_late", "expected_abandoned", "envelope_late")
NEGLIGIBLE = 0.001  # a curve is told up to the agents with whom this share of contacts is late
BELOW, ABOVE = 5, 6  # points down to the floor, evenly, and up from the requirement, closer together near it
FLAT = 1e-6  # a curve that has all contacts but this share late is flat there, not convex


def shortage_curves(table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The table of ``curves.csv`` for the immediate queues of a requirement.

    Parameters
    ----------
    table : columns ``interval_start, queue, offered`` (what reaches agents)``, aht_seconds, agents_required`` of `requirement`
    settings : queues and interval length

    Returns
    -------
    DataFrame
        columns ``interval_start, queue, agents, expected_late, expected_abandoned, envelope_late``, sorted by the first three: up to
        14 rows for each of the table's, ``agents_required`` and one fewer and one more among them; one row where nothing is offered.
        ``agents`` are at their desks, before shrinkage. ``envelope_late`` is the lower convex envelope, NaN below the floor: the
        first row that has one is the floor.

        A pool has one curve, told on each queue at its part of the team's agents (as ``agents_required`` shares them, else by load;
        fractions): a queue's contacts late depend on the whole team. Work that may wait has no curve.

    Raises
    ------
    BadInput
        naming every missing column, bad row and queue that cannot be staffed as it is set.
    """
    found = list(_demands(table, settings))
    if not found:
        return table.iloc[:0].reindex(columns=list(COLUMNS))
    starts = pd.Index(table["interval_start"]).unique().sort_values()
    parts = [demand.table(starts) for demand in found]
    return pd.concat(parts).sort_values(list(COLUMNS[:3]), ignore_index=True)


def least_agents(table: pd.DataFrame, settings: Settings, share: float) -> pd.DataFrame:
    """Fewest agents at their desks with which intervals reach ``share`` of their queue's target and keep its other limits.

    Parameters
    ----------
    table, settings : as of `shortage_curves`
    share : of each queue's ``target_share``; limits on occupancy, wait and abandonment hold unchanged

    Returns
    -------
    DataFrame
        columns ``interval_start, queue, agents``, a row for each of the table's that belongs to an immediate queue; of a pool each
        queue's part of the team. Never more than ``agents_required``, never less than the stated minimum
    """
    parts, starts = [], pd.Index(table["interval_start"]).unique().sort_values()
    for demand in _demands(table, settings):
        q, t = np.nonzero(~np.isnan(demand.required))
        names = np.array([queue.name for queue in demand.team.queues], dtype=object)
        columns = starts[t], names[q], demand.least(share)[q, t]
        parts.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=False))))
    return pd.concat(parts, ignore_index=True) if parts else table.iloc[:0].reindex(columns=list(COLUMNS[:3]))


def _demands(table: pd.DataFrame, settings: Settings) -> Iterator["_Demand"]:
    """What every team of immediate queues is asked, on the table's own intervals."""
    arrays = _checked(table, settings)
    starts, names = pd.Index(table["interval_start"]).unique().sort_values(), table["queue"].astype(str)
    place = starts.get_indexer(pd.Index(table["interval_start"]))
    for team in teams_of(settings.queue):
        row = pd.Index([queue.name for queue in team.queues]).get_indexer(pd.Index(names))
        if (row >= 0).any():
            shape = len(team.queues), len(starts)
            offered, aht, required = (_laid_out(array, row, place, shape) for array in arrays)
            yield _Demand(team, offered, aht, required, settings.centre.interval_minutes)


def pieces_of(curves: pd.DataFrame) -> tuple[pd.DataFrame, Pieces]:
    """The envelopes in a table of ``curves.csv`` as pieces, one a row of (``interval_start``, ``queue``).

    Examples
    --------
    >>> curves = pd.DataFrame({"interval_start": 0, "queue": "calls", "agents": [3, 4, 6], "envelope_late": [9.0, 4.0, 2.0]})
    >>> pieces_of(curves)[1].avoided.tolist()
    [[5.0, 1.0]]
    """
    known = curves[curves["envelope_late"].notna()].sort_values(list(COLUMNS[:3]))
    groups = known.groupby(list(COLUMNS[:2]), sort=False)
    row, column, length = groups.ngroup().to_numpy(), groups.cumcount().to_numpy(), groups.size().to_numpy()
    filled = np.minimum(np.arange(length.max(initial=1)), length[:, None] - 1)  # the last point fills the row
    at = np.zeros(filled.shape, dtype=np.int64)
    at[row, column] = np.arange(len(known))
    at = np.take_along_axis(at, filled, axis=1)
    agents, late = (known[name].to_numpy(dtype=float)[at] for name in ("agents", "envelope_late"))
    keys = known.loc[(column == 0), list(COLUMNS[:2])].reset_index(drop=True)
    return keys, envelope_pieces(agents, late, agents[:, 0])


def _checked(table: pd.DataFrame, settings: Settings) -> list[Floats]:
    """Offered, handle time and requirement of every row."""
    faults = Faults()
    for name in NEEDED:
        if name not in table:
            faults.add("requirement", "this column", column=name)
    faults.raise_if_any()
    check_queues(table["queue"], settings, faults, "requirement")
    doubled = table[table.duplicated(list(NEEDED[:2]))]
    for start, queue in zip(doubled["interval_start"], doubled["queue"], strict=True):
        faults.add(
            "requirement",
            "each interval of a queue once",
            found=f"{start} in {queue}",
            column="interval_start",
        )
    offered = pd.to_numeric(table["offered"], errors="coerce").to_numpy(dtype=float)
    idle = offered == 0
    aht = np.where(idle, 1.0, pd.to_numeric(table["aht_seconds"], errors="coerce").to_numpy(dtype=float))
    required = pd.to_numeric(table["agents_required"], errors="coerce").to_numpy(dtype=float)
    given = {
        "offered": (offered, NOT_NEGATIVE),
        "aht_seconds": (aht, POSITIVE),
        "agents_required": (required, NOT_NEGATIVE),
    }
    return checked("shortage_curves", given, *faults)


def _laid_out(values: Floats, row: Ints, place: Ints, shape: tuple[int, int]) -> Floats:
    """Values of the rows of a team as queues x intervals, NaN where there is none."""
    found = np.full(shape, np.nan)
    found[row[row >= 0], place[row >= 0]] = values[row >= 0]
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Demand:
    """What a team is asked in each interval; arrays of shape (queues, intervals), NaN where the requirement has no row."""

    team: Team
    offered: Floats
    aht_seconds: Floats
    required: Floats
    interval_minutes: int

    def table(self, starts: pd.Index) -> pd.DataFrame:
        """The curves as rows of ``curves.csv``."""
        together, floor = self._points()
        found = self._shortage(together, np.arange(len(starts))[:, None])
        late, lost = (np.minimum.accumulate(each, axis=2) for each in found[:2])  # rounding aside it is so
        agents, first = self._split(together), self._split(floor[:, None])
        x, y = (each.reshape(-1, each.shape[-1]) for each in (agents, late))
        envelope = lower_envelope(x, y, first.ravel())
        told = np.ones(agents.shape, dtype=bool)
        told[..., 1:] = np.diff(agents, axis=2) > 0
        told &= ~np.isnan(self.required)[..., None]
        q, t, p = np.nonzero(told)
        names = np.array([queue.name for queue in self.team.queues], dtype=object)
        columns = (
            starts[t],
            names[q],
            *(a[q, t, p] for a in (agents, late, lost, envelope.reshape(agents.shape))),
        )
        return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))

    def least(self, share: float) -> Floats:
        """Agents for this share of every queue's target and its other limits, shape (queues, intervals)."""
        together = np.nansum(self.required, axis=0)
        weaker = Team(tuple(replace(q, target_share=q.target_share * share) for q in self.team.queues))
        rates = np.nan_to_num(self.offered) * (60.0 / self.interval_minutes)
        enough = weaker.required(rates, np.nan_to_num(self.aht_seconds, nan=1.0))
        minimum = np.array([queue.minimum_agents for queue in self.team.queues])[:, None]
        stated = np.nansum(np.minimum(self.required, minimum), axis=0)
        found = np.minimum(np.maximum(enough, stated), together)
        return self._split(found[:, None])[..., 0]

    def _points(self) -> tuple[Ints, Ints]:
        """Agents of the team at which each interval's curve is told, shape (intervals, points), rising, and its floor."""
        need = np.ceil(np.nansum(self.required, axis=0)).astype(np.int64)
        calls = np.nansum(self.offered, axis=0)
        floor = self._floor(need, calls)
        top = self._top(need, calls)
        below, above = (np.arange(1, count + 1) / count for count in (BELOW, ABOVE))
        points = [
            need[:, None] - np.rint((need - floor)[:, None] * below),
            need[:, None] + np.array([-1, 0, 1]),
            need[:, None] + np.rint((top - need)[:, None] * above**2),
        ]
        found = np.sort(np.maximum(np.hstack(points), 0.0), axis=1).astype(np.int64)
        return np.where(calls[:, None] > 0, found, need[:, None]), floor

    def _floor(self, need: Ints, calls: Floats) -> Ints:
        """Where each curve turns convex, within its limits, shape (intervals,)."""
        minimum = np.array([queue.minimum_agents for queue in self.team.queues])[:, None]
        stated = np.ceil(np.nansum(np.minimum(self.required, minimum), axis=0))
        least = np.minimum(np.maximum(stated, np.maximum(np.ceil(need / 2), 1)), need).astype(np.int64)
        least = np.where(calls > 0, least, need)

        def convex(agents: Ints, rows: Ints) -> Flags:
            beside = np.maximum(agents[:, None] + np.array([-1, 0, 1]), 0)
            late, _, all_calls = (each.sum(axis=0) for each in self._shortage(beside, rows[:, None]))
            before, after = late[:, 0] - late[:, 1], late[:, 1] - late[:, 2]
            steep = after <= before + 1e-9 * all_calls[:, 1]
            return np.asarray(steep & (late[:, 1] <= (1.0 - FLAT) * all_calls[:, 1]))

        return _first(convex, least, need)

    def _top(self, need: Ints, calls: Floats) -> Ints:
        """Where next to nobody is late, shape (intervals,); at least the requirement."""

        def enough(agents: Ints, rows: Ints) -> Flags:
            late, _, all_calls = self._shortage(agents, rows)
            return np.asarray(late.sum(axis=0) <= NEGLIGIBLE * all_calls.sum(axis=0))

        high, step, rows = need.copy(), 1, np.flatnonzero(calls > 0)
        while len(rows):
            rows = rows[~enough(high[rows], rows)]
            high[rows] += step
            step *= 2
        return _first(enough, need, high)

    def _shortage(self, agents: Ints, at: Ints) -> tuple[Floats, Floats, Floats]:
        """Contacts late, abandoned and all there are of each queue, with so many agents of the team in intervals ``at``.

        Shape (queues, ...) for ``agents`` and ``at`` that broadcast to (...).
        """
        agents, at = np.broadcast_arrays(agents, at)
        desks = np.zeros((len(self.team.queues), agents.size))
        desks[0] = agents.ravel()
        offered, aht = (
            np.nan_to_num(self.offered)[:, at.ravel()],
            np.nan_to_num(self.aht_seconds, nan=1.0)[:, at.ravel()],
        )
        found = team_service(self.team, offered, aht, desks, self.interval_minutes)
        measures = [[s.late, s.attempts * s.abandonment, s.attempts] for s in found]
        late, lost, all_calls = np.array(measures).transpose(1, 0, 2).reshape(3, -1, *agents.shape)
        return late, lost, all_calls

    def _split(self, together: Ints) -> Floats:
        """A team's agents, shape (intervals, points), told queue by queue, shape (queues, intervals, points)."""
        required, offered = np.nan_to_num(self.required), np.nan_to_num(self.offered)
        load = offered * np.nan_to_num(self.aht_seconds)
        by_load = ((required == 0) & (offered > 0)).any(axis=0) | (required.sum(axis=0) == 0)
        weight = np.where(by_load, load, required)
        weight = np.where(weight.sum(axis=0) > 0, weight, 1.0)
        return np.asarray(together * weight[..., None] / weight.sum(axis=0)[:, None])


def _first(holds: Callable[[Ints, Ints], Flags], low: Ints, high: Ints) -> Ints:
    """Smallest whole number from ``low`` to ``high`` for which a condition holds that once true stays so; ``high`` if none."""
    low, high = low.copy(), high.copy()
    rows = np.flatnonzero(low < high)
    while len(rows):
        middle = (low[rows] + high[rows]) // 2
        good = holds(middle, rows)
        high[rows[good]] = middle[good]
        low[rows[~good]] = middle[~good] + 1
        rows = rows[low[rows] < high[rows]]
    return high
