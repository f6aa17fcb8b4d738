"""Queues added up to groups, sites and the whole centre, and made to agree with what is forecast of these as a whole.

A node is a set of queues under a name: ``group:phone``, ``site:Shanghai``, ``centre:all``. Groups and sites
may cut across one another. Means are added; quantiles are not, so a node's come from sampled paths.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecasts.grid import Bools, Days, Floats

CENTRE = "centre:all"
QUANTILES = {"offered_p10": 0.1, "offered_p50": 0.5, "offered_p90": 0.9}
COLUMNS = ("interval_start", "node", "offered", "aht_seconds", *QUANTILES)
MOST_ROUNDS = 50  # of finding out which queues would fall below 0; a handful is usual


def tree_of(
    groups: Mapping[str, Sequence[str]],
    sites: Mapping[str, Sequence[str]] | None = None,
    queues: Sequence[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Nodes and the queues under each, sorted: every group, every site, and the whole centre.

    Parameters
    ----------
    groups, sites : name -> its queues; an empty name is no group, and so left out
    queues : queues of the centre, for those that are in no group and at no site

    Examples
    --------
    >>> tree_of({"phone": ["vip", "calls"]}, queues=["calls", "chat", "vip"])
    {'group:phone': ('calls', 'vip'), 'centre:all': ('calls', 'chat', 'vip')}
    """
    named = {f"group:{name}": found for name, found in groups.items() if name}
    named |= {f"site:{name}": found for name, found in (sites or {}).items() if name}
    every = {*queues}.union(*groups.values(), *(sites or {}).values())
    tree = {node: tuple(sorted({*named[node]})) for node in sorted(named) if named[node]}
    return tree | ({CENTRE: tuple(sorted(every))} if every else {})


def reconcile(
    queue_totals: Mapping[str, Floats],
    node_totals: Mapping[str, Floats],
    members: Mapping[str, Sequence[str]],
    queue_variance: Mapping[str, Floats],
    node_variance: Mapping[str, Floats],
) -> dict[str, Floats]:
    """Day totals of queues and nodes that agree: each moves the less, the surer it was.

    Least squares of all changes, each over its own variance, none below 0. A queue's day of 0 (closed) and a
    queue without variance stay as they are; a node without variance is met exactly wherever its queues can.
    Nodes of the same queues, such as a site that is the whole centre, count as one.

    Parameters
    ----------
    queue_totals : expected contacts by queue, shape (days,)
    node_totals : the same of nodes, forecast as a whole; NaN where there is none. A node without an entry is
        only added up
    members : node -> its queues
    queue_variance, node_variance : squared error to be expected, shape (days,) or ()

    Returns
    -------
    Totals of shape (days,) for every queue, and for every node of ``members`` the sum of its queues.

    Raises
    ------
    ValueError
        for a queue or node that is not known, and for totals or variances below 0 or not finite.

    **Source:** MinT with a diagonal covariance (Wickramasuriya, Athanasopoulos and Hyndman, 2019), never
    negative (Wickramasuriya, Turlach and Hyndman, 2020).

    Examples
    --------
    >>> found = reconcile(
    ...     {"a": np.array([60.0]), "b": np.array([30.0])}, {"centre:all": np.array([100.0])},
    ...     {"centre:all": ["a", "b"]}, {"a": np.array(2.0), "b": np.array(1.0)}, {"centre:all": np.array(2.0)},
    ... )
    >>> {name: float(total.round(6)[0]) for name, total in found.items()}
    {'a': 64.0, 'b': 32.0, 'centre:all': 96.0}
    """
    names, nodes = sorted(queue_totals), sorted(node_totals)
    _check_names(names, nodes, members)
    base, told = _matrix(queue_totals, names), _matrix(node_totals, nodes)
    days = max(base.shape[1], told.shape[1]) if nodes else base.shape[1]
    variance = np.where(base == 0, 0.0, np.broadcast_to(_matrix(queue_variance, names), base.shape))
    doubt = np.broadcast_to(_matrix(node_variance, nodes), (len(nodes), days))
    _check_numbers(base, told, variance, doubt)
    sets = [frozenset(members[node]) for node in nodes]
    under = np.array([[name in of for name in names] for of in sets], dtype=float)
    alike = np.array([[of == other for other in sets] for of in sets])
    fair = base.copy()
    for day in range(days) if nodes else ():
        use = ~np.isnan(told[:, day])
        once = doubt[use, day] * alike[use][:, use].sum(axis=1)
        fair[:, day] = _agree(base[:, day], variance[:, day], told[use, day], once, under[use])
    found = dict(zip(names, fair, strict=True))
    sums = {node: np.sum([found[name] for name in sorted(set(of))], axis=0) for node, of in members.items()}
    return found | sums


def _agree(base: Floats, variance: Floats, told: Floats, doubt: Floats, under: Floats) -> Floats:
    """One day: queues of totals 0 or more that agree best with their own and the nodes' forecasts.

    With a price p on each node, a queue is at max(0, base + variance x sum of the prices above it), and a
    node misses its forecast by doubt x p. The prices solve linear equations once it is known which queues
    are at 0: those are guessed, and guessed again until they stay.
    """
    at_zero: Bools = np.zeros(len(base), dtype=bool)
    fair = base
    for _ in range(MOST_ROUNDS):
        free_base, free_variance = np.where(at_zero, 0, base), np.where(at_zero, 0, variance)
        slopes = (under * free_variance) @ under.T + np.diag(doubt)
        prices = _solve(slopes, told - under @ free_base)
        fair = base + variance * (under.T @ prices)
        if ((fair < 0) == at_zero).all():
            break
        at_zero = fair < 0
    return np.maximum(fair, 0)


def _solve(slopes: Floats, missing: Floats) -> Floats:
    """Prices of nodes; where two nodes say the same without doubt, or nothing can move, the smallest ones."""
    scale = np.sqrt(np.diag(slopes))
    scale = np.where(scale > 0, scale, 1.0)
    even = slopes / scale[:, None] / scale
    return np.asarray(np.linalg.pinv(even, rcond=1e-12, hermitian=True) @ (missing / scale) / scale)


def roll_up(
    table: pd.DataFrame, members: Mapping[str, Sequence[str]], paths: Mapping[str, Floats] | None = None
) -> pd.DataFrame:
    """Every node's rows, as a forecast has them of queues.

    Parameters
    ----------
    table : forecast of queues: ``interval_start, queue, offered, aht_seconds`` and quantiles; others are
        left out
    members : node -> its queues; queues without rows count as nothing
    paths : sampled contacts by queue, shape (samples, rows of the queue in ``table``, in their order); one
        sample is one course of events for all queues

    Returns
    -------
    ``interval_start, node, offered, aht_seconds, offered_p10, offered_p50, offered_p90`` by node and time.
    ``aht_seconds`` is weighted by contacts, and NaN without contacts or where a queue that has some knows
    none. Quantiles of a node of several queues are NaN without paths: they cannot be added.

    Raises
    ------
    ValueError
        where a queue's paths do not fit its rows, or are missing beside those of others.
    """
    found = [_node_rows(node, table[table["queue"].isin(set(of))], paths) for node, of in members.items()]
    kept = [rows for rows in found if len(rows)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=list(COLUMNS))


def _node_rows(node: str, rows: pd.DataFrame, paths: Mapping[str, Floats] | None) -> pd.DataFrame:
    place, starts = pd.factorize(rows["interval_start"], sort=True)
    offered = rows["offered"].to_numpy(dtype=float)
    aht = np.where(offered > 0, rows["aht_seconds"].to_numpy(dtype=float), 0.0)
    sums = np.bincount(place, offered, len(starts))
    work = np.bincount(place, offered * aht, len(starts))
    seconds = np.divide(work, sums, out=np.full(len(starts), np.nan), where=sums > 0)
    columns = {"interval_start": starts, "node": node, "offered": sums, "aht_seconds": seconds}
    return pd.DataFrame(columns | _quantiles(rows, place, len(starts), paths), columns=list(COLUMNS))


def _quantiles(
    rows: pd.DataFrame, place: Days, intervals: int, paths: Mapping[str, Floats] | None
) -> dict[str, Floats]:
    """Quantiles of a node's intervals: of the sum of its queues' paths, of its only queue, or NaN."""
    queues = rows["queue"].to_numpy()
    if paths is None:
        alone = len(set(queues)) == 1
        unknown = np.full(intervals, np.nan)
        return {
            name: rows[name].to_numpy(dtype=float)[np.argsort(place)] if alone and name in rows else unknown
            for name in QUANTILES
        }
    total = np.zeros((0, intervals))
    for queue in sorted(set(queues)):
        at = place[queues == queue]
        path = paths.get(queue, np.zeros((0, 0)))
        if path.ndim != 2 or path.shape[1] != len(at) or (len(total) and len(path) != len(total)):
            raise ValueError(f"paths of queue {queue!r}: (samples, {len(at)}) expected, {path.shape} found")
        total = total if len(total) else np.zeros((len(path), intervals))
        total[:, at] += path
    return {name: np.quantile(total, level, axis=0) for name, level in QUANTILES.items()}


def _matrix(rows: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """Rows in the order of their names, shape (names, days); single numbers hold on every day."""
    missing = [name for name in names if name not in rows]
    if missing:
        raise ValueError(f"a total and a variance for each name expected, none found for {missing}")
    columns = np.broadcast_arrays(*(np.atleast_1d(rows[name]) for name in names)) if names else []
    return np.stack(columns).astype(float) if names else np.zeros((0, 1))


def _check_names(queues: Sequence[str], nodes: Sequence[str], members: Mapping[str, Sequence[str]]) -> None:
    unknown = {name for of in members.values() for name in of} - set(queues) | set(nodes) - set(members)
    twice = set(queues) & set(members)
    if unknown or twice:
        words = f"found {sorted(unknown)} that are neither, {sorted(twice)} that are both"
        raise ValueError(f"names of queues, and others of nodes, expected; {words}")


def _check_numbers(base: Floats, told: Floats, variance: Floats, doubt: Floats) -> None:
    for what, numbers in (("totals", base), ("variances", variance)):
        if not (np.isfinite(numbers) & (numbers >= 0)).all():
            raise ValueError(f"{what} of queues that are finite and 0 or more expected")
    used = ~np.isnan(told)
    if not (
        np.isfinite(doubt[used]) & (doubt[used] >= 0) & np.isfinite(told[used]) & (told[used] >= 0)
    ).all():
        raise ValueError("totals of nodes of 0 or more (NaN: none) with finite variances expected")
