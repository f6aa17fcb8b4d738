"""The lower convex envelope of curves above a floor, and its straight pieces: what a linear programme can follow.

A shortage curve is S-shaped. Far below the load a further agent hardly helps, near it most, beyond it less and less: only the upper
part is convex. A linear programme that saw the whole curve through its convex envelope would mix "nobody" with "enough" and give
intervals up. Above a floor the envelope is nearly the curve itself; below it nobody is meant to plan.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault
from scheduler.compiled import compiled
from scheduler.staffing.checks import NAMED_AT_MOST, NOT_NEGATIVE, Expected, Floats, checked

Ints = NDArray[np.int64]
NUMBER = Expected("a finite number", np.isfinite)


@dataclass(frozen=True, eq=False, slots=True)
class Pieces:
    """Envelopes as straight pieces, the steepest first.

    Parameters
    ----------
    floor : agents at which each envelope begins, shape (curves,)
    late_at_floor : its value there, shape (curves,)
    agents : how many agents each piece is long, shape (curves, pieces), 0 where a curve has no more pieces
    avoided : late contacts that each agent of the piece avoids, same shape; along a row never more than before, 0 at the end
    """

    floor: Floats
    late_at_floor: Floats
    agents: Floats
    avoided: Floats

    def late(self, agents: ArrayLike) -> Floats:
        """Value of every envelope at so many agents, shape (curves,); below the floor its first piece goes on upwards."""
        beyond = np.broadcast_to(np.asarray(agents, dtype=float), self.floor.shape) - self.floor
        starts = np.cumsum(self.agents, axis=1) - self.agents
        used = np.clip(beyond[:, None] - starts, 0.0, self.agents)
        used[:, :1] += np.minimum(beyond, 0.0)[:, None]
        return np.asarray(self.late_at_floor - (used * self.avoided).sum(axis=1))


def envelope_pieces(agents: ArrayLike, late: ArrayLike, floor: ArrayLike) -> Pieces:
    """The lower convex envelopes of curves, above a floor, as pieces.

    Parameters
    ----------
    agents : numbers of agents at which each curve is known, rising along the last axis; shape (curves, points) or (points,) for
        all. Where a curve has fewer points, its last one is repeated
    late : its values, which do not rise; same shapes. Between points a curve is a straight line
    floor : agents where each envelope begins, between the curve's first and last point; shape (curves,) or one number for all

    Raises
    ------
    BadInput
        naming every bad number and its index.

    **Source:** the monotone chain of Andrew (1979), lower half.

    Examples
    --------
    >>> pieces = envelope_pieces([0, 1, 2, 3, 4], [10, 9, 4, 1, 0.5], floor=0)
    >>> pieces.agents.tolist(), pieces.avoided.tolist()
    ([[3.0, 1.0]], [[3.0, 0.5]])
    """
    x, y, start = _curves("envelope_pieces", agents, late, floor)
    corners, counts = _each_envelope(x, y, start)
    corners = corners[:, :, : int(counts.max(initial=1))]
    width, drop = np.diff(corners[0]), -np.diff(corners[1])
    gain = np.divide(drop, width, out=np.zeros(width.shape), where=width > 0)
    return Pieces(start, corners[1, :, 0].copy(), width, np.minimum.accumulate(gain, axis=1))


def lower_envelope(agents: ArrayLike, late: ArrayLike, floor: ArrayLike) -> Floats:
    """Values of the lower convex envelopes at the curves' own points, NaN below the floor; parameters as of `envelope_pieces`.

    Returns
    -------
    array of the shape of ``agents`` and ``late`` together

    Examples
    --------
    >>> lower_envelope([0, 1, 2, 3, 4], [10, 9, 4, 1, 0.5], floor=1).tolist()
    [nan, 9.0, 4.0, 1.0, 0.5]
    """
    x, y, start = _curves("lower_envelope", agents, late, floor)
    corners, counts = _each_envelope(x, y, start)
    shape = np.broadcast_shapes(np.shape(agents), np.shape(late))
    return _each_value(x, start, corners, counts).reshape(shape if np.ndim(floor) == 0 else x.shape)


def _curves(
    function: str, agents: ArrayLike, late: ArrayLike, floor: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Agents and values of shape (curves, points), floors of shape (curves,)."""
    points = checked(function, {"agents": (agents, NOT_NEGATIVE), "late": (late, NUMBER)})
    x, y = (np.atleast_2d(each) for each in points)
    start = np.asarray(floor, dtype=np.float64)
    faults = []
    if start.ndim > 1 or (start.ndim == 1 and len(start) != len(x) and len(x) > 1):
        faults.append(Fault(function, "one number or one a curve", f"shape {start.shape}", column="floor"))
    if not x.shape[1]:
        faults.append(Fault(function, "curves of at least one point", f"shape {x.shape}", column="agents"))
    if faults:
        raise BadInput(faults)
    x, y, floors = (np.array(a, order="C") for a in np.broadcast_arrays(x, y, start.reshape(-1, 1)))
    start = floors[:, 0].copy()
    _raise_if_not_curves(function, x, y, start)
    return x, y, start


def _raise_if_not_curves(function: str, x: Floats, y: Floats, start: Floats) -> None:
    within = (start >= x[:, 0]) & (start <= x[:, -1])
    wrong = [
        ("agents", (np.diff(x) < 0).any(axis=1), "numbers of agents that rise along a curve"),
        ("late", (np.diff(y) > 0).any(axis=1), "late contacts that do not rise with agents"),
        ("floor", ~within, "a number between the curve's first and last point"),
    ]
    faults = [
        Fault(function, words, f"otherwise in curve {k}", column=column)
        for column, bad, words in wrong
        for k in np.flatnonzero(bad)[:NAMED_AT_MOST]
    ]
    if faults:
        raise BadInput(faults)


@compiled
def _each_envelope(agents: Floats, late: Floats, floor: Floats) -> tuple[Floats, Ints]:
    """Corners of every envelope, shape (2, curves, points), and how many each has; the last one fills the rest of its row."""
    curves, points = agents.shape
    corners, counts = np.empty((2, curves, points + 1)), np.empty(curves, dtype=np.int64)
    for i in range(curves):
        x, y = corners[0, i], corners[1, i]
        j = 0
        while j < points - 1 and agents[i, j + 1] <= floor[i]:
            j += 1
        x[0], y[0] = floor[i], late[i, j]
        if agents[i, j] < floor[i]:
            part = (floor[i] - agents[i, j]) / (agents[i, j + 1] - agents[i, j])
            y[0] += part * (late[i, j + 1] - late[i, j])
        n = 1
        for k in range(j + 1, points):
            if agents[i, k] <= x[n - 1]:
                continue
            while n > 1:
                before, after = x[n - 1] - x[n - 2], agents[i, k] - x[n - 2]
                if (late[i, k] - y[n - 2]) * before > (y[n - 1] - y[n - 2]) * after:
                    break
                n -= 1
            x[n], y[n] = agents[i, k], late[i, k]
            n += 1
        counts[i] = n
        x[n:], y[n:] = x[n - 1], y[n - 1]
    return corners, counts


@compiled
def _each_value(agents: Floats, floor: Floats, corners: Floats, counts: Ints) -> Floats:
    """Every envelope at its curve's points, shape (curves, points); NaN below the floor."""
    found = np.full(agents.shape, np.nan)
    for i in range(agents.shape[0]):
        x, y, c = corners[0, i], corners[1, i], 0
        for k in range(agents.shape[1]):
            if agents[i, k] < floor[i]:
                continue
            while c < counts[i] - 2 and agents[i, k] > x[c + 1]:
                c += 1
            if agents[i, k] == x[c] or counts[i] == 1:
                found[i, k] = y[c]
            elif agents[i, k] == x[c + 1]:
                found[i, k] = y[c + 1]
            else:
                found[i, k] = y[c] + (y[c + 1] - y[c]) * ((agents[i, k] - x[c]) / (x[c + 1] - x[c]))
    return found
