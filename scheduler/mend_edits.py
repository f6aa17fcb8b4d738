"""Changes of one shift of one person's rota: an end moved, all of it moved, a break, the shift given away."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from centre.instants import day_number, from_minutes
from scheduler.alone import NEW_PAUSE_ACTIVITY
from scheduler.rota import PAUSES, Flags, Rota
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import Rows

Kind = Literal["start_later", "start_earlier", "end_earlier", "end_later", "move", "break", "drop"]
NEW_PAUSE = -1
FIELDS = ("agent", "day", "start", "end", "activity", "shift", "paid")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one shift.

    Parameters
    ----------
    shift : index into `Rota.duties` of the person's rota
    kind : which change
    minutes : by how much, above 0; a move to an earlier time is below 0; all of the shift where it is dropped
    row : for a break, the row of the pause that is lengthened at its end, `NEW_PAUSE` for a new one
    at : for a new break, UTC minutes at which it starts
    paid : for a new break, whether it is paid
    """

    shift: int
    kind: Kind
    minutes: int
    row: int = NEW_PAUSE
    at: int = 0
    paid: bool = False

    @property
    def cost(self) -> int:
        """Minutes of the person's time that change: those of a move count at both ends of the shift."""
        return 2 * abs(self.minutes) if self.kind == "move" else self.minutes

    def bounds(self, rota: Rota) -> tuple[int, int] | None:
        """Start and end of the shift afterwards, UTC minutes; None where it is dropped."""
        start, end = int(rota.duties.start[self.shift]), int(rota.duties.end[self.shift])
        match self.kind:
            case "start_later":
                return start + self.minutes, end
            case "start_earlier":
                return start - self.minutes, end
            case "end_earlier":
                return start, end - self.minutes
            case "end_later":
                return start, end + self.minutes
            case "move":
                return start + self.minutes, end + self.minutes
            case "drop":
                return None
            case "break":
                return start, end

    def pause(self, rota: Rota) -> tuple[int, int] | None:
        """Start and end of the pause that is longer or new afterwards, UTC minutes; None for other changes."""
        if self.kind != "break":
            return None
        if self.row == NEW_PAUSE:
            return self.at, self.at + self.minutes
        return int(rota.start[self.row]), int(rota.end[self.row]) + self.minutes


def applied(edit: Edit, rota: Rota, facts: Facts) -> Rota | None:
    """The rota with the edit; None where that cannot be done.

    That is where nothing would be left of the shift, somebody would be in two places, or the shift would leave
    the horizon. ``rota`` holds one person alone. A shift that starts on another day by the clock of ``facts``
    belongs to another day.
    """
    bounds, own = edit.bounds(rota), rota.duty == edit.shift
    if bounds is None:
        return rota.narrowed(~own)
    if bounds[0] >= bounds[1]:
        return None
    shared = 0 if edit.kind == "break" else _shared(rota, own, facts, bounds)
    if shared and shared > _shared(rota, own, facts, None):
        return None
    day = _day_after(rota, edit.shift, bounds[0], facts)
    if not facts.first_day <= day < facts.end_day:
        return None
    moved = replace(rota, day=np.where(own, day, rota.day))
    if edit.kind == "move":
        by = np.where(own, edit.minutes, 0)
        return _sorted(replace(moved, start=rota.start + by, end=rota.end + by))
    if edit.kind == "break":
        return _paused(edit, rota, own, bounds)
    return _resized(moved, own, edit.shift, bounds, rota)


def _shared(rota: Rota, own: Flags, facts: Facts, bounds: tuple[int, int] | None) -> int:
    """Minutes that the rows of a shift, or ``bounds``, have in common with whatever else the person has."""
    if bounds is None:
        bounds = int(rota.start[own].min()), int(rota.end[own].max())
    minutes = np.minimum(rota.end[~own], bounds[1]) - np.maximum(rota.start[~own], bounds[0])
    shared = int(np.maximum(minutes, 0).sum())
    before = facts.before
    if before is not None and rota.agent_ids[0] in before.agent_ids:
        theirs = (before.agent == before.agent_ids.index(rota.agent_ids[0])) & (before.day < facts.first_day)
        minutes = np.minimum(before.end[theirs], bounds[1]) - np.maximum(before.start[theirs], bounds[0])
        shared += int(np.maximum(minutes, 0).sum())
    return shared


def _resized(moved: Rota, own: Flags, shift: int, bounds: tuple[int, int], rota: Rota) -> Rota | None:
    """The shift cut to its bounds, or its outermost work stretched to them; None where a pause is outermost then."""
    start, end = moved.start.copy(), moved.end.copy()
    first, last = int(rota.duties.start[shift]), int(rota.duties.end[shift])
    start[own & (start == first)] = min(first, bounds[0])
    end[own & (end == last)] = max(last, bounds[1])
    start[own] = np.maximum(start[own], bounds[0])
    end[own] = np.minimum(end[own], bounds[1])
    kept = ~own | (start < end)
    outermost = own & kept & ((start == bounds[0]) | (end == bounds[1]))
    if rota.is_kind(*PAUSES)[outermost].any():
        return None
    return _sorted(replace(moved, start=start, end=end).narrowed(kept))


def _paused(edit: Edit, rota: Rota, own: Flags, bounds: tuple[int, int]) -> Rota | None:
    """Work turned into a pause; None where it is not all work, or the pause would lie at an end of the shift."""
    _, end = edit.pause(rota) or (0, 0)
    start = end - edit.minutes
    work = own & ~rota.is_kind(*PAUSES) & (rota.start < end) & (rota.end > start)
    turned = (np.minimum(rota.end[work], end) - np.maximum(rota.start[work], start)).sum()
    if turned != edit.minutes or start <= bounds[0] or end >= bounds[1]:
        return None
    before, after = work & (rota.start < start), work & (rota.end > end)
    kept = ~work
    parts = [_columns(rota, kept), _columns(rota, before, end=start), _columns(rota, after, start=end)]
    if edit.row == NEW_PAUSE:
        pause = _columns(rota, np.flatnonzero(work)[:1], start=start, end=end)
        pause[4] = np.array([rota.activities.index(NEW_PAUSE_ACTIVITY)], dtype=np.int32)
        pause[6] = np.array([edit.paid])
        parts.append(pause)
    else:
        longer = rota.end.copy()
        longer[edit.row] = end
        parts[0][3] = longer[kept]
    joined = (np.concatenate(column) for column in zip(*parts, strict=True))
    columns: dict[str, Any] = dict(zip(FIELDS, joined, strict=True))
    return _sorted(replace(rota, **columns))


def _columns(
    rota: Rota, rows: Flags | Rows, start: int | None = None, end: int | None = None
) -> list[NDArray[Any]]:
    """Columns of some rows, all of them with another start or end where one is told."""
    columns = [getattr(rota, name)[rows] for name in FIELDS]
    for place, value in ((2, start), (3, end)):
        if value is not None:
            columns[place] = np.full(len(columns[place]), value, dtype=np.int64)
    return columns


def _day_after(rota: Rota, shift: int, start: int, facts: Facts) -> int:
    """The day of a shift that now starts at ``start``: as many days from its own as its clock has passed."""
    was = int(rota.duties.start[shift])
    by_clock = [day_number(from_minutes(instant, facts.zone).date()) for instant in (was, start)]
    return int(rota.duties.day[shift]) + by_clock[1] - by_clock[0]


def _sorted(rota: Rota) -> Rota:
    """The rows in order of start and end."""
    order = np.lexsort((rota.end, rota.start, rota.agent))
    columns = {name: getattr(rota, name)[order] for name in FIELDS}
    return replace(rota, **columns)
