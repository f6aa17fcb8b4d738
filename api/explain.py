"""Why an interval needs as many agents as it does: inputs, load, formula, one fewer and one more,
shrinkage.
"""

import math
from typing import Any

import pandas as pd

from centre.errors import BadInput, Fault, Faults
from centre.instants import from_timestamps, parse_instant
from centre.model import Queue, Settings
from scheduler.staffing.requirement import alternatives
from scheduler.staffing.shrinkage import compound

HEAD = f"{'agents':>8} {'service':>9} {'ASA s':>9} {'abandon':>9} {'occupied':>9}  misses"


def explained(
    table: pd.DataFrame, settings: Settings, instant: str, queue_name: str | None
) -> tuple[list[str], dict[str, Any]]:
    """The explanation as lines to read and as data.

    Parameters
    ----------
    table : columns of ``requirement.csv``
    instant : any instant of the interval, local time or with an offset
    queue_name : may be None where the centre has one queue

    Raises
    ------
    BadInput
        where the instant or the queue is wrong, or the requirement has no such interval.
    """
    row, queue = _row(table, settings, instant, queue_name)
    minutes, lost = settings.centre.interval_minutes, compound(settings.shrinkage.unplanned)
    offered, aht, agents, roster = (float(row[name]) for name in table.columns[2:6])
    beside = alternatives(offered, aht, queue, minutes, int(agents))
    load = offered * aht / (60 * minutes)
    local = row["interval_start"].tz_convert(settings.centre.timezone)
    causes = (
        ", ".join(f"{name} {share:.1%}" for name, share in settings.shrinkage.unplanned.items()) or "none"
    )
    lines = [
        f"{queue.name}, {minutes} minutes from {local:%Y-%m-%d %H:%M} ({settings.centre.timezone.key})",
        f"Inputs: {offered:g} contacts reach agents, {aht:g} s of work each; {_limits(queue)}",
        f"Load: {offered:g} contacts x {aht:g} s / {60 * minutes} s = {load:.2f} erlangs",
        f"Formula: {_formula(queue)}",
        HEAD,
        *(_line(each) for each in beside.to_dict("records")),
        f"Required at their desks: {agents:g}, the fewest that miss nothing",
        f"Unplanned shrinkage: {causes}; together {lost:.2%}",
        f"To roster: {agents:g} / (1 - {lost:.4f}) = {agents / (1 - lost):.2f}, rounded up: {roster:g}",
    ]
    data = {
        "queue": queue.name, "interval_start": f"{row['interval_start']:%Y-%m-%dT%H:%M:%SZ}",
        "offered": offered, "aht_seconds": aht, "erlangs": load, "formula": _formula(queue),
        "agents_required": agents, "agents_to_roster": roster, "unplanned_shrinkage": lost,
        "alternatives": [
            {str(name): _finite(value) for name, value in each.items()} for each in beside.to_dict("records")
        ],
    }  # fmt: skip
    return lines, data


def _row(
    table: pd.DataFrame, settings: Settings, instant: str, queue_name: str | None
) -> tuple[dict[Any, Any], Queue]:
    """The requirement of the interval that holds the instant, and its queue."""
    faults, at = Faults(), 0
    queues = {queue.name: queue for queue in settings.queue}
    name = queue_name if queue_name is not None else next(iter(queues)) if len(queues) == 1 else ""
    if name not in queues:
        faults.add("--queue", f"a queue of centre.toml: {', '.join(queues)}", found=name)
    try:
        at = parse_instant(instant, settings.centre.timezone)
    except ValueError as error:
        faults.add("--explain", str(error), found=instant)
    faults.raise_if_any()
    since = at - from_timestamps(table["interval_start"])
    here = (since >= 0) & (since < settings.centre.interval_minutes) & (table["queue"] == name).to_numpy()
    if not here.any():
        raise BadInput([Fault("--explain", f"an instant that the forecast of {name} covers", instant)])
    return table[here].to_dict("records")[0], queues[name]


def _limits(queue: Queue) -> str:
    """What the queue promises and allows."""
    told = [f"{queue.target_share:.0%} within {queue.target_seconds:g} s ({queue.service_level_definition})"]
    if queue.max_occupancy is not None:
        told.append(f"occupancy at most {queue.max_occupancy:.0%}")
    if queue.max_asa_seconds is not None:
        told.append(f"ASA at most {queue.max_asa_seconds:g} s")
    if queue.max_abandonment is not None:
        told.append(f"abandonment at most {queue.max_abandonment:.0%}")
    if queue.minimum_agents:
        told.append(f"never fewer than {queue.minimum_agents} agents")
    return ", ".join(told)


def _formula(queue: Queue) -> str:
    if queue.patience_seconds is None:
        return "Erlang C: nobody abandons"
    return f"Erlang A with a mean patience of {queue.patience_seconds:g} s"


def _line(each: dict[Any, Any]) -> str:
    return (
        f"{each['agents']:>8} {each['service_level']:>9.1%} {each['asa_seconds']:>9.1f} "
        f"{each['abandonment']:>9.1%} {each['occupancy']:>9.1%}  {each['misses'] or 'nothing'}"
    )


def _finite(value: Any) -> Any:
    return value if isinstance(value, str | int) or math.isfinite(value) else None
