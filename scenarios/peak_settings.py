"""The settings that hold in each interval: the centre's own, and variants of them while peaks hold; tables taken row by row from them.

A table that is worked out with settings is worked out once with each variant, over the whole horizon, and every interval has the rows
of the variant in force. For queues that answer at once that is exact. What goes from one interval into others is each variant's own:
work that may wait is levelled as if the variant held throughout. Where a peak begins, its rows count work that would have come before
it, and where it ends, the rows after it count none of what it leaves to do: contacts kept away by a bot late on a peak day are still among
the work that the next day owes, call-backs taken late are not. Coverage follows the work as it comes: what reaches agents in each interval
is by the settings in force there, and work done late shows.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import Fault, Faults
from centre.folder import Centre
from centre.instants import Grid, day_number, from_timestamps
from centre.model import Queue, Settings
from centre.peak_days import PeakTimes, changes_of, check_agree, peak_times
from centre.peaks import Peak
from centre.queue_checks import check_queues
from scheduler.problem import cover_of
from scheduler.staffing.curves import shortage_curves

Flags = NDArray[np.bool_]
FILE = "centre.toml"
OVER_DAYS = ("containment_share", "containment_aht_factor", "minimum_agents")
"""What a peak may change where a service target runs over days: none of it is in the target or the curves that price it."""


@dataclass(frozen=True, eq=False, slots=True)
class SettingsInForce:
    """Settings by interval.

    Parameters
    ----------
    settings : those that hold where no peak does, and beside the grid
    variants : settings and the intervals in which they hold, each of shape (intervals,): every interval in one; ``settings`` first
    times : where each peak holds, switched off or not
    """

    settings: Settings
    grid: Grid
    variants: tuple[tuple[Settings, Flags], ...]
    times: dict[str, PeakTimes]

    @property
    def peak_days(self) -> dict[str, frozenset[int]]:
        """Days on which each peak holds; none of one that is switched off."""
        return _days(self.times)

    def rows(self, table_of: Callable[[Settings], pd.DataFrame]) -> pd.DataFrame:
        """The rows of a table, each by the settings in force in its ``interval_start``, as they are numbered in their own table.

        Parameters
        ----------
        table_of : makes the table of some settings
        """
        if len(self.variants) == 1:
            return table_of(self.settings)
        tables = [(table_of(settings), settings, holds) for settings, holds in self.variants]
        parts = [table[self._in(table, settings, holds)] for table, settings, holds in tables]
        return pd.concat([part for part in parts if len(part)] or parts[:1])

    def target_shares(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """The ``target_share`` in force in each row of a table with ``interval_start`` and ``queue``, shape (rows,)."""
        found, names = np.zeros(len(table)), table["queue"].astype(str)
        for settings, holds in self.variants:
            here = self._in(table, settings, holds)
            share = {queue.name: queue.target_share for queue in settings.queue}
            found[here] = names[here].map(share)
        return found

    def _in(self, table: pd.DataFrame, settings: Settings, holds: Flags) -> Flags:
        """Which rows of a table are those of one variant, shape (rows,)."""
        place = (from_timestamps(table["interval_start"]) - self.grid.start) // self.grid.interval_minutes
        inside, mine = (place >= 0) & (place < len(holds)), np.full(len(table), settings is self.settings)
        mine[inside] = holds[place[inside]]
        return mine

    def minimum(self, requirement: pd.DataFrame) -> NDArray[np.float64]:
        """Agents below which no interval may fall, shape (queues, intervals), as of `scheduler.problem.RotaProblem`."""
        queues = tuple(queue.name for queue in self.settings.queue)
        found = np.zeros((len(queues), len(self.grid.starts)))
        for settings, holds in self.variants:
            found[:, holds] = cover_of(settings, requirement, queues, self.grid)[1][:, holds]
        return found

    def at(self, interval: int) -> Settings:
        """The settings of one interval."""
        return next(settings for settings, holds in self.variants if holds[interval])

    def at_instant(self, minute: int) -> Settings:
        """The settings of the interval that holds an instant, UTC minutes; the centre's own beside the grid."""
        place = (minute - self.grid.start) // self.grid.interval_minutes
        return self.at(place) if 0 <= place < len(self.grid.starts) else self.settings


def settings_in_force(
    centre: Centre, grid: Grid, switched: Mapping[str, bool] | None = None
) -> SettingsInForce:
    """The settings of a centre over the intervals of ``grid``.

    Parameters
    ----------
    switched : peaks that are on or off whatever ``enabled`` says, by name

    Raises
    ------
    BadInput
        naming peaks that contradict one another, and what they make of queues that cannot be.
    """
    settings, info = centre.settings, centre.settings.centre
    times = peak_times(settings.peak, grid, centre.events, info.country, centre.calendar)
    on = {peak.name for peak in settings.peak if (switched or {}).get(peak.name, peak.enabled)}
    check_agree(times, settings.queue, grid, on)
    variants, faults = _variants(settings, times, on, len(grid.starts)), Faults()
    for changed, holds in variants[1:]:
        _check(
            changed, [name for name in times if name in on and (times[name].intervals & holds).any()], faults
        )
    faults.raise_if_any()
    return SettingsInForce(settings, grid, variants, times)


def curves_in_force(requirement: pd.DataFrame, in_force: SettingsInForce) -> pd.DataFrame:
    """The table of ``curves.csv`` of a requirement, each interval's curves by the settings in force."""
    table = in_force.rows(lambda settings: shortage_curves(requirement, settings))
    return table.sort_values(["interval_start", "queue", "agents"], ignore_index=True)


def settings_of_table(centre: Centre, table: pd.DataFrame) -> SettingsInForce:
    """The settings of a centre over the local days that a table's ``interval_start`` touches; raises as `settings_in_force`."""
    zone, step = centre.settings.centre.timezone, centre.settings.centre.interval_minutes
    stamps = pd.DatetimeIndex(table["interval_start"])
    if not len(stamps):
        return settings_in_force(centre, Grid(zone, 0, 1, step))
    first, last = (day_number(edge.tz_convert(zone).date()) for edge in (stamps.min(), stamps.max()))
    return settings_in_force(centre, Grid(zone, first, last - first + 1, step))


def days_of_peaks(centre: Centre, first_day: int, days: int) -> dict[str, frozenset[int]]:
    """Days from ``first_day`` on, that many, on which each peak holds, by name; none of one that is switched off."""
    info = centre.settings.centre
    grid = Grid(info.timezone, first_day, days, info.interval_minutes)
    return _days(peak_times(centre.settings.peak, grid, centre.events, info.country, centre.calendar))


def _days(times: Mapping[str, PeakTimes]) -> dict[str, frozenset[int]]:
    return {name: each.days if each.peak.enabled else frozenset[int]() for name, each in times.items()}


def check_over_days(force: SettingsInForce) -> None:
    """That a service target over days or weeks meets no peak that it cannot be judged by.

    Raises
    ------
    BadInput
        naming each peak that changes more than containment and minimum cover.
    """
    span, faults = force.settings.objective.service, Faults()
    for name, each in force.times.items():
        if span == "interval" or not each.peak.enabled or not each.intervals.any():
            continue
        for setting in _settings_of_any(each.peak, force.settings.queue):
            if setting not in OVER_DAYS:
                words = f"no such setting while [objective] service is {span!r}: a target over a {span} is one for all its hours"
                faults.add(FILE, words, found=getattr(each.peak, setting), column=f"peak.{name}.{setting}")
    faults.raise_if_any()


def _settings_of_any(peak: Peak, queues: Collection[Queue]) -> list[str]:
    """Settings that a peak changes in any queue, by name."""
    return sorted({name for queue in queues for name in changes_of(peak, queue)})


def _variants(
    settings: Settings, times: Mapping[str, PeakTimes], on: Collection[str], count: int
) -> tuple[tuple[Settings, Flags], ...]:
    """The settings, then each variant of them that holds somewhere, by the first interval in which it does."""
    told = [times[name] for name in times if name in on]
    holds = np.array([each.intervals for each in told], dtype=bool).reshape(len(told), count)
    together, which = np.unique(holds, axis=1, return_inverse=True)
    found: dict[tuple[Queue, ...], Flags] = {settings.queue: np.zeros(count, dtype=bool)}
    for k in sorted(range(together.shape[1]), key=lambda k: int(np.argmax(which.ravel() == k))):
        peaks = [each.peak for each, here in zip(told, together[:, k], strict=True) if here]
        queues = tuple(_changed(queue, peaks) for queue in settings.queue)
        found[queues] = found.get(queues, np.zeros(count, dtype=bool)) | (which.ravel() == k)
    return tuple(
        (settings if queues == settings.queue else replace(settings, queue=queues), here)
        for queues, here in found.items()
    )


def _changed(queue: Queue, peaks: Collection[Peak]) -> Queue:
    """A queue while some peaks hold, which agree."""
    told: dict[str, object] = {}
    for peak in peaks:
        told |= changes_of(peak, queue)
    return replace(queue, **told) if told else queue  # type: ignore[arg-type]


def _check(settings: Settings, names: Collection[str], faults: Faults) -> None:
    """Note what is wrong with queues as peaks make them."""
    while_on = f", while [[peak]] {', '.join(names)} holds"

    def blame(path: str, expected: str, found: object) -> None:
        fault = Fault(FILE, expected + while_on, str(found), column=path)
        if fault not in faults.found:
            faults.found.append(fault)

    follow_ups = {str(place): each for place, each in enumerate(settings.follow_up, start=1)}
    check_queues({queue.name: queue for queue in settings.queue}, follow_ups, {}, blame, lambda _: None)
