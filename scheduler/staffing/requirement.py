"""The step from demand to requirement: agents needed per interval and queue, what service they give, and why.

`requirement` makes the table of ``requirement.csv``; `expected_service` says what a rota's agents would give
in the same intervals; `alternatives` lays out the numbers of agents beside a given one, so that a planner can
see why it is not one fewer.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault, Faults
from centre.model import Queue, Settings
from scheduler.staffing.checks import NOT_NEGATIVE, Floats, checked
from scheduler.staffing.demand import check_queues, demand, queues_of
from scheduler.staffing.erlang import Performance, performance
from scheduler.staffing.shrinkage import agents_to_roster, compound
from scheduler.staffing.targets import required_agents

MEASURES = ("service_level", "asa_seconds", "abandonment", "occupancy")
COLUMNS = (
    *("interval_start", "queue", "offered", "aht_seconds", "agents_required", "agents_to_roster"),
    *MEASURES,
)
ANY_AHT = 1.0  # stands in where nothing is offered and no handle time is known: nothing depends on it


def requirement(
    forecast: pd.DataFrame, settings: Settings, open_intervals: ArrayLike | None = None
) -> pd.DataFrame:
    """Agents required and to roster for every row of a forecast, with the service they give.

    Parameters
    ----------
    forecast : columns ``interval_start`` (aware), ``queue``, ``offered`` (mean contacts in the interval),
        ``aht_seconds`` (may be missing where the queue states an assumed one) and, if known, ``open``
    settings : targets and limits per queue, interval length, unplanned shrinkage
    open_intervals : whether the queue is open in each row, where its ``minimum_agents`` hold; if None, the
        column ``open``; without one, wherever contacts are offered

    Returns
    -------
    DataFrame
        the columns of ``requirement.csv``, sorted by interval and queue. ``offered`` is what reaches agents:
        the forecast less the share that a bot contains. ``service_level`` (by the queue's own definition),
        ``asa_seconds`` (of those answered), ``abandonment`` and ``occupancy`` are those of
        ``agents_required``. A column ``assumed`` is added where a queue's assumed handle time was used.

    Raises
    ------
    BadInput
        naming every bad row by interval and queue, and every setting that is missing or not supported yet.
    """
    table = demand(forecast, settings, open_intervals)
    required = np.zeros(len(table), dtype=np.int64)
    for name, rows in table.groupby("queue").indices.items():
        required[rows] = _required(
            table.iloc[rows], queues_of(settings)[str(name)], settings.centre.interval_minutes
        )
    table["agents_required"] = required
    table["agents_to_roster"] = agents_to_roster(required, compound(settings.shrinkage.unplanned))
    served = _service(table, required.astype(float), settings)
    columns = [*COLUMNS, "assumed"] if table["assumed"].any() else list(COLUMNS)
    return table.join(served[list(MEASURES)])[columns]


def expected_service(table: pd.DataFrame, agents: ArrayLike, settings: Settings) -> pd.DataFrame:
    """What service rostered agents give in every row of a requirement, after unplanned shrinkage.

    Parameters
    ----------
    table : columns ``queue``, ``offered`` (what reaches agents) and ``aht_seconds``, as `requirement` returns
        them
    agents : agents rostered per row before shrinkage, fractions allowed, shape (rows,) or one number for all
    settings : targets per queue, interval length, unplanned shrinkage

    Returns
    -------
    DataFrame
        columns ``service_level, asa_seconds, abandonment, occupancy, expected_late`` on the index of
        ``table``; ``expected_late`` is the number of contacts outside the service target: offered x (1 -
        service_level)

    Raises
    ------
    BadInput
        naming bad numbers of agents, unknown queues and queues that are not supported yet.
    """
    faults = Faults()
    check_queues(table["queue"], settings, faults)
    faults.raise_if_any()
    given = {"agents": (agents, NOT_NEGATIVE), "offered": (table["offered"], NOT_NEGATIVE)}
    rostered, _ = checked("expected_service", given)
    return _service(table, rostered * (1.0 - compound(settings.shrinkage.unplanned)), settings)


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
    numbers = np.arange(max(agents - span, 0), agents + span + 1)
    found = _performance(offered, aht_seconds, numbers, queue, interval_minutes)
    table = pd.DataFrame(dict(zip(MEASURES, _measures(found, queue), strict=True)))
    table.insert(0, "agents", numbers)
    table.insert(1, "erlangs", offered * aht_seconds / (60.0 * interval_minutes))
    return table.assign(misses=_misses(table, queue))


def _required(part: pd.DataFrame, queue: Queue, interval_minutes: int) -> NDArray[np.int64]:
    """Agents required at their desks in the rows of one queue, the stated minimum included."""
    needed = required_agents(
        part["offered"] * (60.0 / interval_minutes),
        part["aht_seconds"].fillna(ANY_AHT),
        queue.target_share,
        _target_seconds(queue),
        queue.patience_seconds,
        queue.service_level_definition,
        queue.max_occupancy,
        queue.max_asa_seconds,
        queue.max_abandonment,
    )
    return np.maximum(needed, np.where(part["open"], queue.minimum_agents, 0))


def _service(table: pd.DataFrame, agents: Floats, settings: Settings) -> pd.DataFrame:
    """Service of agents at their desks per row; see `expected_service` for the columns."""
    found = np.zeros((len(table), len(MEASURES)))
    for name, rows in table.groupby("queue").indices.items():
        queue, part = queues_of(settings)[str(name)], table.iloc[rows]
        aht = part["aht_seconds"].fillna(ANY_AHT)
        served = _performance(part["offered"], aht, agents[rows], queue, settings.centre.interval_minutes)
        found[rows] = np.column_stack(_measures(served, queue))
    service = pd.DataFrame(found, index=table.index, columns=list(MEASURES))
    return service.assign(expected_late=table["offered"] * (1.0 - service["service_level"]))


def _performance(
    offered: ArrayLike, aht_seconds: ArrayLike, agents: ArrayLike, queue: Queue, interval_minutes: int
) -> Performance:
    calls_per_hour = np.asarray(offered, dtype=float) * (60.0 / interval_minutes)
    return performance(calls_per_hour, aht_seconds, agents, _target_seconds(queue), queue.patience_seconds)


def _measures(found: Performance, queue: Queue) -> tuple[Floats, Floats, Floats, Floats]:
    """The four figures that tables show, in the order of `MEASURES`."""
    level = found.service_level(queue.service_level_definition)
    return level, found.asa_served_s, found.p_abandon, found.occupancy


def _misses(table: pd.DataFrame, queue: Queue) -> list[str]:
    """Names of the limits that each row does not meet, joined by commas."""
    missed = {
        "service_level": table["service_level"] < queue.target_share,
        "asa_seconds": table["asa_seconds"] > (queue.max_asa_seconds or np.inf),
        "abandonment": table["abandonment"] > (queue.max_abandonment or 1.0),
        "occupancy": table["occupancy"] > (queue.max_occupancy or 1.0),
        "minimum_agents": table["agents"] < queue.minimum_agents,
    }
    return [", ".join(name for name in missed if missed[name].iloc[row]) for row in range(len(table))]


def _target_seconds(queue: Queue) -> float:
    if queue.target_seconds is None:
        where = f"queue.{queue.name}.target_seconds"
        raise BadInput(
            [
                Fault(
                    "centre.toml",
                    "the seconds within which target_share of contacts are served",
                    column=where,
                )
            ]
        )
    return queue.target_seconds
