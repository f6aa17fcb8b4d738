"""Priorities inside one team: whoever is free takes the waiting customer of the highest class, first come first.

Nobody who is being served is interrupted. With one handle time and one patience for all classes everything is
exact: class by class the share answered in time, waits and abandonment (see `priority_kernels`). Where they
differ, simulate.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from centre.errors import BadInput, Fault
from centre.model import Definition
from scheduler.staffing.checks import (
    NOT_NEGATIVE,
    PATIENCE,
    POSITIVE,
    Expected,
    Flags,
    Floats,
    faults_in,
)
from scheduler.staffing.erlang import Performance
from scheduler.staffing.limits import (
    Ints,
    definition_faults,
    fewest,
    limit_arguments,
    measures_of,
    meets,
)
from scheduler.staffing.priority_kernels import each_priority
from scheduler.staffing.search import MOST_AGENTS

Given = Mapping[str, tuple[ArrayLike, Expected]]


def priority_performance(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
) -> tuple[Performance, ...]:
    """How each class fares with given numbers of agents, in a steady state with Poisson arrivals.

    Parameters
    ----------
    calls_per_hour : mean contacts offered, shape (classes, ...), the highest class first
    target_seconds : threshold of the service-level definitions: one number, shape (classes,) or (classes, ...)
    aht_seconds : mean handle time of every class, exponential
    agents : whole or fractional numbers; with patience, a fraction lies on the straight line between the whole
        numbers beside it
    patience_seconds : mean patience of every class; None where nobody abandons. Classes for which agents do
        not suffice then have a service level of 0 and endless waits, those above them do not

    The last three broadcast with the shape of ``calls_per_hour`` without its first axis.

    Returns
    -------
    tuple of Performance
        one a class; occupancy is the team's. A class without contacts is served perfectly.

    Raises
    ------
    BadInput
        naming every bad number and its index.

    Examples
    --------
    >>> vip, others = priority_performance([40, 160], 180, [12, 13], 20, patience_seconds=300)
    >>> vip.sl_offered.round(3).tolist(), others.sl_offered.round(3).tolist()
    ([0.887, 0.93], [0.765, 0.853])
    """
    function = "priority_performance"
    classes = {
        "calls_per_hour": (calls_per_hour, NOT_NEGATIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
    }
    (rates, thresholds), (aht, staff, patience), shape = _checked(
        function, classes, _team(aht_seconds, agents, patience_seconds)
    )

    def formula(some: Floats, rows: Ints) -> Floats:
        return each_priority(rates[:, rows] / 3600.0, aht[rows], some, thresholds[:, rows], patience[rows])

    found = measures_of(formula, staff, patience)
    return tuple(Performance(*found[:, j].reshape(len(found), *shape)) for j in range(len(rates)))


def required_agents_by_priority(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_share: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    definition: Definition | Sequence[Definition] = "offered",
    max_occupancy: ArrayLike | None = None,
    max_asa_seconds: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
) -> Ints:
    """Smallest number of agents with which every class that has contacts meets all of its limits.

    Parameters
    ----------
    calls_per_hour, aht_seconds, patience_seconds : as for `priority_performance`
    target_share, target_seconds, max_occupancy, max_asa_seconds, max_abandonment : as for `required_agents`;
        one number, shape (classes,) or (classes, ...)
    definition : one for all or one a class

    Returns
    -------
    int64 array of the broadcast shape without the axis of classes; one agent fewer always misses a limit.
        (By the definition `answered` a lower class can look better again with far fewer agents: in hopeless
        overload the few who are answered are those who found someone idle. Such numbers are not looked for.)

    Raises
    ------
    BadInput
        naming at once every bad number with its index, an unknown definition, and limits that no number of
        agents can reach.

    Examples
    --------
    >>> required_agents_by_priority([40, 160], 180, [0.9, 0.8], [10, 30], patience_seconds=300).tolist()
    14
    """
    function = "required_agents_by_priority"
    classes = {
        "calls_per_hour": (calls_per_hour, NOT_NEGATIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
        **limit_arguments(target_share, max_occupancy, max_asa_seconds, max_abandonment, patience_seconds),
    }
    definitions = [definition] if isinstance(definition, str) else list(definition)
    (rates, thresholds, *limits), (aht, _, patience), shape = _checked(
        function,
        classes,
        _team(aht_seconds, 1.0, patience_seconds),
        *definition_faults(function, *definitions),
    )
    if len(definitions) not in (1, len(rates)):
        expected = f"one of all classes or one for each of the {len(rates)}"
        raise BadInput([Fault(function, expected, f"{len(definitions)} of them", column="definition")])
    by_class = definitions * len(rates) if len(definitions) == 1 else definitions

    def enough(agents: Floats, rows: Ints) -> Flags:
        found = each_priority(rates[:, rows] / 3600.0, aht[rows], agents, thresholds[:, rows], patience[rows])
        good = [
            meets(found[:, j], name, [x[j, rows] for x in limits]) | (rates[j, rows] == 0.0)
            for j, name in enumerate(by_class)
        ]
        return np.asarray(np.all(good, axis=0))

    load = (rates.sum(axis=0) * aht / 3600.0).reshape(shape)
    return fewest(function, enough, load, load / MOST_AGENTS)


def _team(aht_seconds: ArrayLike, agents: ArrayLike, patience_seconds: ArrayLike | None) -> Given:
    return {
        "aht_seconds": (aht_seconds, POSITIVE),
        "agents": (agents, NOT_NEGATIVE),
        "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
    }


def _checked(
    function: str, classes: Given, team: Given, *others: Fault
) -> tuple[list[Floats], list[Floats], tuple[int, ...]]:
    """Arguments by class, shape (classes, n), those of the team, shape (n,), and the shape that n stands for.

    The first of ``classes`` says how many there are. Faults as by `checks.checked`, shapes included.
    """
    faults, arrays = list(others), {}
    for name, (value, expected) in {**classes, **team}.items():
        try:
            arrays[name] = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            faults.append(Fault(function, expected.words, str(value)[:60], column=name))
        else:
            faults.extend(faults_in(function, name, arrays[name], expected))
    first = next(iter(classes))
    count = len(arrays[first]) if first in arrays and arrays[first].ndim else 0
    if first in arrays and not count:
        faults.append(Fault(function, "a value for each class, the highest first", "none", column=first))
    by_class = [np.atleast_1d(arrays[name]) for name in classes if name in arrays]
    of_team = [arrays[name] for name in team if name in arrays]
    for name, array in zip(classes, by_class, strict=False):
        if count and len(array) not in (1, count):
            faults.append(
                Fault(
                    function, f"one value, or one for each of {count} classes", f"{len(array)}", column=name
                )
            )
    if faults:
        raise BadInput(faults)
    try:
        shape = np.broadcast_shapes(*(x.shape[1:] for x in by_class), *(x.shape for x in of_team))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.ndim)
        raise BadInput([Fault(function, "arrays that broadcast behind the classes", shapes)]) from None
    wide = [x.reshape(len(x), *(1,) * (len(shape) + 1 - x.ndim), *x.shape[1:]) for x in by_class]
    return (
        [np.array(np.broadcast_to(x, (count, *shape))).reshape(count, -1) for x in wide],
        [np.array(np.broadcast_to(x, shape)).ravel() for x in of_team],
        shape,
    )
