"""Queues made to agree with what is forecast of their groups, sites and the whole centre.

What is common to many queues is seen better in their sum. Each node's day totals are forecast as a queue's
are, from the sum of its queues' histories; then queues and nodes move towards each other, the surer ones less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from centre.instants import MINUTES_A_DAY
from forecasts.day_totals import day_totals
from forecasts.grid import Floats, QueueHistory
from forecasts.hierarchy import reconcile
from forecasts.hours import Hours
from forecasts.models import Structural
from forecasts.queue_forecast import QueueForecast
from forecasts.trials import TRIALS, expect, spread_of, trial_lengths, trials_before

FEWEST_DAYS = 56  # of history in common, for a node to be forecast as a whole


def agreed(
    queues: Mapping[str, QueueForecast], members: Mapping[str, Sequence[str]]
) -> dict[str, QueueForecast]:
    """The queues' forecasts, each day's moved to agree with the nodes.

    Parameters
    ----------
    members : node -> its queues, as `forecasts.hierarchy.tree_of`; those without forecast are left out, and
        nodes with fewer than two queues, or less than `FEWEST_DAYS` of history that all of these have
    """
    nodes = {node: [name for name in of if name in queues] for node, of in members.items()}
    nodes = {
        node: of
        for node, of in nodes.items()
        if len(of) > 1 and _overlap([queues[name] for name in of]) >= FEWEST_DAYS
    }
    if not nodes:
        return dict(queues)
    totals = {name: queue.plain_totals() for name, queue in queues.items()}
    told, doubt = {}, {}
    for node, of in nodes.items():
        told[node], doubt[node] = _node_forecast(node, [queues[name] for name in of])
    variance = {name: _variance(queues[name], totals[name]) for name in queues}
    found = reconcile(totals, told, nodes, variance, doubt)
    moved = {
        name: np.divide(found[name], total, out=np.ones_like(total), where=total > 0)
        for name, total in totals.items()
    }
    return {name: replace(queue, agreed=moved[name]) for name, queue in queues.items()}


def _variance(queue: QueueForecast, totals: Floats) -> Floats:
    return np.asarray(totals + queue.fit.spread.day_variance(queue.special) * totals**2)


def _overlap(queues: Sequence[QueueForecast]) -> int:
    """Days that the histories of all have in common."""
    first = max(queue.past.history.first_day for queue in queues)
    return max(min(queue.past.history.end_day for queue in queues) - first, 0)


def _node_forecast(node: str, queues: Sequence[QueueForecast]) -> tuple[Floats, Floats]:
    """Day totals expected of a node and their variance, each of shape (days,); NaN on days on which one of its
    queues is not as usual.
    """
    history, grid = _sum(node, queues), queues[0].grid
    hours = Hours(grid.zone, {})
    length, shortest = trial_lengths(len(history.offered))
    models = (Structural(),)
    trials = trials_before(history, hours, models, days=length, count=TRIALS, shortest_past_days=shortest)
    total = expect(models, history, hours, grid.first_day, grid.days)[models[0].name].sum(axis=1)
    special = np.any([queue.special for queue in queues], axis=0)
    spread = spread_of(trials, models[0].name, history.end_day)
    variance = total + spread.day_variance(special) * total**2
    return np.where(special, np.nan, total), variance


def _sum(node: str, queues: Sequence[QueueForecast]) -> QueueHistory:
    """The node's history in slots of a day, over the days that all its queues have."""
    histories = [queue.past.history for queue in queues]
    first = max(history.first_day for history in histories)
    days = _overlap(queues)

    rows = [slice(first - history.first_day, first - history.first_day + days) for history in histories]
    both = list(zip(histories, rows, strict=True))
    totals = np.sum([day_totals(history)[of] for history, of in both], axis=0)
    whole = np.all([history.usable[of] for history, of in both], axis=0)
    special = np.max([history.special[of] for history, of in both], axis=0)
    nothing = np.zeros((days, 1))
    return QueueHistory(
        node, MINUTES_A_DAY, first, totals[:, None], nothing, nothing, special, whole,
        calendar=histories[0].calendar,
    )  # fmt: skip
