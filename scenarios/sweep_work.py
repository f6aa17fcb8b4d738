"""The work of a sweep that may run anywhere: plain data in, plain data out, the same wherever it ran."""

import math
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from centre.errors import PaibanError
from scenarios.answers import Level, answer
from scenarios.change_kinds import KINDS
from scenarios.changes import Scenario, read_changes
from scenarios.inputs import Inputs
from scheduler.solution import Limits


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario of a sweep.

    Parameters
    ----------
    place : for the grid, which step of each axis it takes; empty for others
    sample : which draw of the sample it is, from 1; 0 for none
    path : which demand path of the forecaster takes the place of the forecast, from 1; 0 for none
    """

    name: str
    changes: tuple[str, ...] = ()
    place: tuple[int, ...] = ()
    path: int = 0
    sample: int = 0


@dataclass(frozen=True, eq=False)
class Base:
    """What all scenarios of a sweep go out from.

    Parameters
    ----------
    paths : demand paths, shape (paths, rows of the forecast)
    """

    inputs: Inputs
    paths: NDArray[np.float64]
    level: Level
    limits: Limits

    def packed(self) -> bytes:
        """As it is sent to workers."""
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Base:
    base: Base = pickle.loads(packed)
    return base


def worked(packed: bytes, points: Sequence[Point]) -> list[dict[str, Any]]:
    """What each scenario comes to, in order: ``figures`` and ``notes``, or ``reason`` where it failed.

    ``packed`` is of our own making; a fault of one scenario is told in its place and stops none.
    """
    base = _unpacked(packed)
    return [_one(base, point) for point in points]


def _one(base: Base, point: Point) -> dict[str, Any]:
    try:
        inputs = base.inputs.with_offered(base.paths[point.path - 1]) if point.path else base.inputs
        scenario = Scenario(point.name, read_changes(point.changes, inputs, KINDS))
        found = answer(scenario.applied(inputs), base.level, base.limits)
    except PaibanError as error:
        return {"reason": str(error)}
    except Exception as error:  # what it says stays out, for it may hold people's data
        return {
            "reason": f"a fault of ours, {type(error).__name__}; `paiban whatif` with its changes shows it"
        }
    figures = {name: value if math.isfinite(value) else None for name, value in found.figures.items()}
    return {"figures": figures, "notes": list(found.notes)}
