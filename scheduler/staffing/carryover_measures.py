"""What both ways to carry a queue over count in an interval, and the measures that planners know it by."""

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats

FIGURES = (
    *("p_wait", "queue", "busy", "present"),  # means over the interval's time, which arrivals see
    *("late", "late_and_there", "in_time"),  # P(V > T), P(V > T, τ > T), P(V <= T, V < τ)
    *("p_abandon", "wait", "wait_of_abandoned"),  # of the interval's arrivals; seconds
    *("waiting_at_end", "in_system_at_end"),
)
NOBODY_SERVED = 1e-10


def measures(figures: Floats, arrivals: Floats) -> dict[str, Floats]:
    """Fields of `Performance` and numbers at the end, by name; ``figures`` of shape (FIGURES, intervals).

    Where nobody arrives, nobody waits: service is perfect, as `performance` has it.
    """
    found = dict(zip(FIGURES, figures, strict=True))
    someone = arrivals > 0.0
    served = 1.0 - found["p_abandon"]
    answered = found["wait"] - np.where(np.isinf(found["wait"]), 0.0, found["wait_of_abandoned"])
    missed = found["late_and_there"]
    in_time = _share(found["in_time"])
    shares = {
        "p_wait": (found["p_wait"], 0.0),
        "sl_virtual": (1.0 - found["late"], 1.0),
        "sl_offered": (in_time, 1.0),
        "sl_answered": (_ratio(in_time, served), 1.0),
        "sl_exit": (1.0 - missed, 1.0),
        "sl_exclshort": (_ratio(in_time, in_time + missed), 1.0),
        "p_abandon": (found["p_abandon"], 0.0),
    }
    waits = {
        "asa_served_s": np.where(
            served > NOBODY_SERVED, answered / np.maximum(served, NOBODY_SERVED), np.inf
        ),
        "wait_all_s": found["wait"],
    }
    return {
        **{name: np.where(someone, _share(share), empty) for name, (share, empty) in shares.items()},
        **{name: np.where(someone, np.maximum(wait, 0.0), 0.0) for name, wait in waits.items()},
        "occupancy": np.where(found["present"] > 0.0, _ratio(found["busy"], found["present"]), 1.0 * someone),
        "mean_queue": np.maximum(found["queue"], 0.0),
        "waiting_at_end": np.maximum(found["waiting_at_end"], 0.0),
        "in_system_at_end": np.maximum(found["in_system_at_end"], 0.0),
    }


def _share(values: Floats) -> NDArray[np.float64]:
    """Rounding may leave a share a hair outside 0 to 1."""
    return np.clip(values, 0.0, 1.0)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Share of a whole; 0 where there is nothing."""
    return _share(np.divide(part, whole, out=np.zeros_like(part), where=whole > 1e-300))
