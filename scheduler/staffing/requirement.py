"""The step from demand to requirement: agents needed per interval and queue, what service they give, and why.

`requirement` makes the table of ``requirement.csv``; `expected_service` says what a rota's agents would give
in the same intervals; `alternatives` lays out the numbers of agents beside a given one, so that a planner can
see why it is not one fewer.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from centre.calendar import CalendarRow
from centre.errors import Faults
from centre.instants import Grid, from_timestamps, to_timestamps
from centre.model import Queue, Settings
from scheduler.staffing.backlog import work_table, works_of
from scheduler.staffing.checks import NOT_NEGATIVE, Floats, checked
from scheduler.staffing.deferred import Work
from scheduler.staffing.demand import Demand, check_queues, demand, grid_of
from scheduler.staffing.flows import flows_from
from scheduler.staffing.service import Service, deferred_service, spare, take, team_service, work_of
from scheduler.staffing.shrinkage import agents_to_roster, unplanned_loss
from scheduler.staffing.staffed import ANY_AHT, Staffed, staffed
from scheduler.staffing.teams import Team, missed, teams_of

MEASURES = ("service_level", "asa_seconds", "abandonment", "occupancy")
COLUMNS = (
    *("interval_start", "queue", "offered", "aht_seconds", "agents_required", "agents_to_roster"),
    *MEASURES,
)


def requirement(
    forecast: pd.DataFrame,
    settings: Settings,
    open_intervals: ArrayLike | None = None,
    holidays: Mapping[int, str] | None = None,
    backlog: pd.DataFrame | None = None,
    available: pd.DataFrame | None = None,
    calendar: Sequence[CalendarRow] = (),
) -> pd.DataFrame:
    """Agents required and to roster for every row of a forecast, with the service they give.

    Queues that get contacts from others, and those whose work may wait, have rows wherever they are open between
    the forecast's first and last interval, forecast or not.

    Parameters
    ----------
    forecast : columns ``interval_start`` (aware), ``queue``, ``offered`` (mean contacts in the interval),
        ``aht_seconds`` (may be missing where the queue states an assumed one) and, if known, ``open``
    settings : targets and limits per queue, flows between them, interval length, unplanned shrinkage
    open_intervals : whether the queue is open in each row, where its ``minimum_agents`` hold; if None, the
        column ``open``; without one, wherever contacts are offered
    holidays : day number -> name, for queues whose opening hours are not told row by row
    backlog : work left from before in the columns of ``deferred.csv``
    available : columns ``interval_start``, ``queue``, ``agents_effective`` as a rota's ``coverage.csv`` has them: where these are
        too few, the intervals that follow are staffed for what is still waiting. For queues by Erlang C and A
    calendar : the centre's own days, beside ``holidays``

    Returns
    -------
    DataFrame
        the columns of ``requirement.csv``, sorted by interval and queue. ``offered`` is what reaches agents:
        the forecast less the share that a bot contains, with repeats and what other queues send.
        ``service_level`` (by the queue's own definition), ``asa_seconds`` (of those answered), ``abandonment``
        and ``occupancy`` are those of ``agents_required``; see `scheduler.staffing.service.Service` for work
        that may wait. A column ``assumed`` is added where a queue's assumed handle time was used.

    Raises
    ------
    BadInput
        naming every bad row by interval and queue, and every setting that is missing.
    """
    asked = demand(forecast, settings, open_intervals, holidays, calendar)
    lost = unplanned_loss(settings.shrinkage, asked.grid)
    found = staffed(asked, settings, works_of(backlog, asked.grid), _at_desks(available, asked.grid, lost))
    tables = [_rows(name, each, asked, settings, lost) for name, each in found.items()]
    table = pd.concat(tables).sort_values(["interval_start", "queue"], kind="stable", ignore_index=True)
    return table if table["assumed"].any() else table.drop(columns="assumed")


def _at_desks(available: pd.DataFrame | None, grid: Grid, lost: Floats) -> dict[str, Floats]:
    """Agents who are there in each interval of the grid, by queue; without end where nothing is told, shape (intervals,)."""
    found = dict[str, Floats]()
    if available is not None:
        place = (from_timestamps(available["interval_start"]) - grid.start) // grid.interval_minutes
        inside = (place >= 0) & (place < len(lost))
        for name, rows in available[inside].groupby("queue"):
            at = place[inside][available[inside]["queue"] == name]
            cap = np.full(len(lost), np.inf)
            cap[at] = rows["agents_effective"].to_numpy(dtype=float) * (1.0 - lost[at])
            found[str(name)] = cap
    return found


def _rows(name: str, found: Staffed, asked: Demand, settings: Settings, lost: Floats) -> pd.DataFrame:
    """One queue's rows of the table."""
    own, here = asked.queues[name], np.zeros(len(asked.grid.starts), dtype=bool)
    fed = any(flow.to == name for queue in settings.queue for flow in flows_from(settings, queue.name))
    if fed or found.work is not None:
        here[asked.span] = (own.open | (found.offered > 0))[asked.span]
    at = np.flatnonzero(own.told | here)
    columns = {
        "interval_start": to_timestamps(asked.grid.starts[at]),
        "queue": name,
        "offered": found.offered[at],
        "aht_seconds": found.aht_seconds[at],
        "agents_required": found.agents[at].astype(np.int64),
        "agents_to_roster": agents_to_roster(found.agents[at], lost[at]),
        **{measure: getattr(found.service, measure)[at] for measure in MEASURES},
        "assumed": own.assumed[at],
    }
    return pd.DataFrame(columns)


def expected_service(
    table: pd.DataFrame,
    agents: ArrayLike,
    settings: Settings,
    carry_over: bool = False,
    backlog: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What service rostered agents give in every row of a requirement, after unplanned shrinkage.

    Parameters
    ----------
    table : columns ``interval_start``, ``queue``, ``offered`` (what reaches agents) and ``aht_seconds``, as `requirement` returns
        them
    agents : agents rostered per row before shrinkage, fractions allowed, shape (rows,) or one number for all
    settings : targets per queue, interval length, unplanned shrinkage
    carry_over : whether what waits at the end of an interval is carried into the next (`scheduler.staffing.carryover`),
        or each interval is in a steady state of its own
    backlog : work left from before in the columns of ``deferred.csv``

    Returns
    -------
    DataFrame
        columns ``service_level, asa_seconds, abandonment, occupancy, expected_late`` on the index of
        ``table``; ``expected_late`` is the number of contacts outside the service target

    Raises
    ------
    BadInput
        naming bad numbers of agents, unknown queues and queues that cannot be staffed as they are set.
    """
    laid = _LaidOut(table, agents, settings)
    services = laid.services(carry_over, backlog)
    found = np.zeros((len(table), len(MEASURES) + 1))
    for name, service in services.items():
        rows = laid.rows[name]
        parts = [*(getattr(service, measure) for measure in MEASURES), service.late]
        found[rows] = np.column_stack([part[laid.place[rows]] for part in parts])
    return pd.DataFrame(found, index=table.index, columns=[*MEASURES, "expected_late"])


def work_left(
    table: pd.DataFrame, agents: ArrayLike, settings: Settings, backlog: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Work that may wait and that rostered agents leave at the end, in the columns of ``deferred.csv``: the next horizon's backlog.

    Parameters and errors as of `expected_service`.
    """
    laid = _LaidOut(table, agents, settings)
    laid.services(False, backlog)
    return work_table(laid.left, laid.grid)


class _LaidOut:
    """A requirement with a rota's agents on the grid, queue by queue; agents are those at their desks."""

    def __init__(self, table: pd.DataFrame, agents: ArrayLike, settings: Settings) -> None:
        faults = Faults()
        check_queues(table["queue"], settings, faults)
        self.grid, self.place = grid_of(table, settings, faults)
        faults.raise_if_any()
        given = {"agents": (agents, NOT_NEGATIVE), "offered": (table["offered"], NOT_NEGATIVE)}
        rostered, offered = checked("expected_service", given)
        at_desks = rostered * (1.0 - unplanned_loss(settings.shrinkage, self.grid)[self.place])
        names = table["queue"].astype(str).to_numpy()
        self.settings, self.left = settings, dict[str, Work]()
        self.rows = {q.name: np.flatnonzero(names == q.name) for q in settings.queue}
        aht = table["aht_seconds"].fillna(ANY_AHT).to_numpy(dtype=float)
        self.arrays = {
            name: (
                self._dense(offered, rows, 0.0),
                self._dense(aht, rows, ANY_AHT),
                self._dense(at_desks, rows, 0.0),
            )
            for name, rows in self.rows.items()
        }
        self.told = {
            name: self._dense(np.ones(len(table)), rows, 0.0) > 0 for name, rows in self.rows.items()
        }

    def _dense(self, values: Floats, rows: NDArray[np.intp], empty: float) -> Floats:
        dense = np.full(len(self.grid.starts), empty)
        dense[self.place[rows]] = values[rows]
        return dense

    def services(self, carry_over: bool, backlog: pd.DataFrame | None) -> dict[str, Service]:
        """The service of every queue; what deferred ones leave undone is kept in ``left``."""
        step, found = self.settings.centre.interval_minutes, dict[str, Service]()
        idle, minutes = dict[str, Floats](), dict[str, Floats]()
        for team in teams_of(self.settings.queue):
            mine = [self.arrays[queue.name] for queue in team.queues]
            offered, aht, agents = (np.array(part) for part in zip(*mine, strict=True))
            told = np.any([self.told[queue.name] for queue in team.queues], axis=0)
            opened = told & ~np.append(False, told[:-1])
            each = team_service(team, offered, aht, agents, step, opened if carry_over else None)
            for queue, n, service in zip(team.queues, agents, each, strict=True):
                found[queue.name], idle[queue.name], minutes[queue.name] = (
                    service,
                    service.idle_minutes,
                    n * step,
                )
        before = works_of(backlog, self.grid)
        for queue in (q for q in self.settings.queue if q.deferred):
            offered, aht, agents = self.arrays[queue.name]
            work = work_of(queue, self.grid, offered, aht, before.get(queue.name))
            others = spare(queue, idle, minutes, len(offered)) * self.told[queue.name]
            found[queue.name], taken, done = deferred_service(queue, work, offered, agents, others, step)
            self.left[queue.name] = done.left
            take(queue, taken, idle, minutes)
        return found


def alternatives(
    offered: float, aht_seconds: float, queue: Queue, interval_minutes: int, agents: int, span: int = 1
) -> pd.DataFrame:
    """The service of ``agents`` and of a few more and fewer: why 23 at 10:30 and not 22.

    Parameters
    ----------
    offered : contacts that reach agents in the interval
    span : how many agents to go down and up

    Returns
    -------
    DataFrame
        columns ``agents, erlangs, service_level, asa_seconds, abandonment, occupancy, misses``; ``misses``
        names the limits of the queue that this number of agents does not meet, empty where it meets them all

    Examples
    --------
    >>> calls = Queue("calls", target_seconds=30)
    >>> alternatives(200, 180, calls, 30, 24)[["agents", "misses"]].values.tolist()
    [[23, 'service_level'], [24, ''], [25, '']]
    """
    team = Team((queue,))
    return team_alternatives(team, [offered], [aht_seconds], interval_minutes, agents, span).drop(
        columns="queue"
    )


def team_alternatives(
    team: Team, offered: ArrayLike, aht_seconds: ArrayLike, interval_minutes: int, agents: int, span: int = 1
) -> pd.DataFrame:
    """As `alternatives` for all queues of a team: ``offered`` and ``aht_seconds`` of each, a row for each number and ``queue``."""
    numbers = np.arange(max(agents - span, 0), agents + span + 1)
    contacts, aht = (
        np.asarray(x, dtype=float)[:, None] * np.ones(len(numbers)) for x in (offered, aht_seconds)
    )
    found = team.performance(contacts * (60.0 / interval_minutes), aht, numbers.astype(float))
    minimum = sum(queue.minimum_agents for queue in team.queues)
    tables = []
    for k, (queue, each) in enumerate(zip(team.queues, found, strict=True)):
        missing = missed(queue, each) | {"minimum_agents": numbers < minimum}
        columns = {
            "agents": numbers,
            "queue": queue.name,
            "erlangs": contacts[k] * aht[k] / (60.0 * interval_minutes),
            "service_level": each.service_level(queue.service_level_definition),
            "asa_seconds": each.asa_served_s,
            "abandonment": each.p_abandon,
            "occupancy": each.occupancy,
            "misses": [
                ", ".join(name for name, bad in missing.items() if bad[n]) for n in range(len(numbers))
            ],
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables).sort_values(["agents"], kind="stable", ignore_index=True)
