"""``paiban staff --explain``: why an interval needs as many agents as it does, as lines to read and as data."""

from typing import Any

import pandas as pd

from api.explain_words import lines_of
from api.plain_data import plain
from centre.errors import BadInput, Fault
from centre.instants import from_timestamps
from scenarios import why_deferred, why_team
from scenarios.why import Facts, Working, inputs, limits, shrinkage
from scheduler.staffing.teams import teams_of


def explained(
    table: pd.DataFrame, working: Working, at: int, name: str, span: int = 1, compare: bool = False
) -> tuple[list[str], Facts]:
    """The explanation as lines to read and as data.

    Parameters
    ----------
    table : columns of ``requirement.csv``, made from the same forecast as ``working``
    at : UTC minutes of any instant of the interval
    name : a queue of the centre
    span : how many agents fewer and more are told
    compare : whether Erlang C, Erlang A and a simulation are put beside one another

    Raises
    ------
    BadInput
        where the requirement has no such interval.
    """
    row, interval = _row(table, working, at, name)
    queue, agents = working.queue(name), float(row["agents_required"])
    if queue.deferred:
        more = why_deferred.facts(working, name, interval, span)
    else:
        more = why_team.Case(working, name, interval).facts(span, compare)
    lost = shrinkage(working, agents, interval)
    facts: Facts = {
        "queue": name, "interval_start": f"{row['interval_start']:%Y-%m-%dT%H:%M:%SZ}", "offered": float(row["offered"]),
        "aht_seconds": float(row["aht_seconds"]), "formula": _formula(working, name), "agents_required": agents,
        "agents_to_roster": float(row["agents_to_roster"]), "unplanned_shrinkage": lost["unplanned_together"],
        "inputs": inputs(working, name, interval), "limits": limits(queue), "shrinkage": lost,
    } | more  # fmt: skip
    return lines_of(facts, working.settings), plain(_by_queue(facts, name))


def _row(table: pd.DataFrame, working: Working, at: int, name: str) -> tuple[dict[Any, Any], int]:
    """The requirement of the interval that holds an instant, and its place on the grid."""
    step, starts = working.settings.centre.interval_minutes, from_timestamps(table["interval_start"])
    here = (at >= starts) & (at < starts + step) & (table["queue"] == name).to_numpy()
    if not here.any():
        told = pd.Timestamp(at * 60, unit="s", tz="UTC").tz_convert(working.grid.zone)
        expected = f"an instant of an interval that the requirement of {name} has"
        raise BadInput([Fault("--explain", expected, f"{told:%Y-%m-%d %H:%M}")])
    return table[here].to_dict("records")[0], int((starts[here][0] - working.grid.start) // step)


def _formula(working: Working, name: str) -> str:
    """The formula of a queue in words."""
    queue = working.queue(name)
    if queue.deferred:
        due = "by the end of the day" if queue.due_by_day_end else f"within {queue.target_hours:g} h"
        return f"the flattest staffing that does all work in time, due {due}"
    alone = not queue.pool or sum(other.pool == queue.pool for other in working.settings.queue) == 1
    if queue.concurrency > 1 or queue.callback_share or not alone:
        return next(team.formula for team in teams_of(working.settings.queue) if queue in team.queues)
    if queue.patience_seconds is None:
        return "Erlang C: nobody abandons"
    told = f"Erlang A with a mean patience of {queue.patience_seconds:g} s"
    return told + (
        f"; {queue.redial_share:.0%} of those who abandon call again" if queue.redial_share else ""
    )


def _by_queue(facts: Facts, name: str) -> Facts:
    """The facts with the alternatives of the queue itself; those of all queues of a team stand at the team."""
    beside = facts.get("alternatives")
    if beside is None or "queue" not in beside:
        return facts
    own = beside[beside["queue"] == name].drop(columns="queue")
    return facts | {"alternatives": own, "team": facts["team"] | {"alternatives": beside}}
