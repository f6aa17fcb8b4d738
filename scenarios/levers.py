"""What levers at peaks are worth: the requirement with and without each, the price of the hours between, its own price.

A lever is a ``[[peak]]`` that changes demand, routing or targets: a bot that takes more, call-backs offered, another priority, target
or occupancy. A stated minimum alone is none. What is priced is agents required at their desks, interval by interval, before breaks and
shrinkage, at the mean hourly cost of the people's contracts: what the rota could save, not what it does.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.folder import Centre
from centre.instants import Grid, from_timestamps
from centre.model import Queue, Settings
from centre.peak_checks import settings_of
from centre.peak_days import PeakTimes, contradictions
from centre.peaks import Peak
from scenarios.demand import in_order, requirement_of
from scenarios.peak_settings import SettingsInForce, settings_in_force

KEYS = ["interval_start", "queue"]
MEASURES = ("offered", "agents_required")
COLUMNS = (*KEYS, "offered", "offered_with_levers", "agents_required", "agents_required_with_levers")
HOURS_DECIMALS, MONEY_DECIMALS = 4, 2


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever over the horizon.

    Parameters
    ----------
    enabled : whether the plan uses it; one that is switched off is priced as if it were on
    days : local days on which it holds
    without : peaks of the plan that contradict it and are left out of its price
    agent_hours_saved : fewer agent-hours required with it than without; below 0 where it asks for more
    contacts_kept_away : contacts that its ``containment_share`` keeps from agents
    cost : ``cost_per_contact`` x contacts kept away + ``cost_per_day`` x days
    saving : what the hours are worth; ``net`` is that less ``cost``
    """

    name: str
    enabled: bool
    days: int
    without: tuple[str, ...]
    agent_hours_saved: float
    contacts_kept_away: float
    cost: float
    saving: float
    net: float
    sentence: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Levers:
    """All levers of a plan.

    Parameters
    ----------
    table : columns of ``levers.csv``: what reaches agents and how many are required, without any lever and with those of the plan
    hourly_cost : mean of the people's contracts
    """

    levers: tuple[Lever, ...]
    table: pd.DataFrame
    hourly_cost: float


def priced_levers(
    centre: Centre, grid: Grid, forecast: pd.DataFrame, holidays: dict[int, str]
) -> Levers | None:
    """Every lever priced, switched off or not, in the order told; None where the centre has no peaks.

    Parameters
    ----------
    forecast : columns of ``forecast.csv``
    holidays : day number -> name

    Raises
    ------
    BadInput
        as `settings_in_force`, also of a lever that is switched off.
    """
    peaks = centre.settings.peak
    if not peaks:
        return None
    floor, hourly = _Floor(centre, grid, forecast, holidays), hourly_cost(centre)
    on = frozenset(peak.name for peak in peaks if peak.enabled)
    names = [peak.name for peak in peaks if is_lever(peak)]
    levers = tuple(_priced(peak, on, floor, hourly) for peak in peaks if is_lever(peak))
    table = _beside(floor.requirement(on - set(names)), floor.requirement(on))
    return Levers(levers, table, round(hourly, HOURS_DECIMALS))


def is_lever(peak: Peak) -> bool:
    """Whether a peak changes more than the stated minimum.

    Examples
    --------
    >>> is_lever(Peak("a", minimum_agents=5)), is_lever(Peak("b", minimum_agents=5, containment_share=0.2))
    (False, True)
    """
    return bool(settings_of(peak).keys() - {"minimum_agents"})


def hourly_cost(centre: Centre) -> float:
    """Mean hourly cost of the people's contracts; of the contracts themselves where nobody is told, 0 without any."""
    by_name = {contract.name: contract.hourly_cost for contract in centre.settings.contract}
    costs = [by_name[agent.contract] for agent in centre.agents if agent.contract in by_name]
    return float(np.mean(costs or list(by_name.values()) or [0.0]))


@dataclass(frozen=True, eq=False)
class _Floor:
    """Requirements with some peaks on, each variant of the settings worked out once."""

    centre: Centre
    grid: Grid
    forecast: pd.DataFrame
    holidays: dict[int, str]
    known: dict[tuple[Queue, ...], pd.DataFrame] = field(default_factory=dict)

    def in_force(self, on: Collection[str]) -> SettingsInForce:
        """The settings with these peaks on and all others off."""
        switched = {peak.name: peak.name in on for peak in self.centre.settings.peak}
        return settings_in_force(self.centre, self.grid, switched)

    def requirement(self, on: Collection[str]) -> pd.DataFrame:
        """Columns of ``requirement.csv``."""
        return in_order(self.in_force(on).rows(self._of))

    def _of(self, settings: Settings) -> pd.DataFrame:
        if settings.queue not in self.known:
            centre = self.centre
            self.known[settings.queue] = requirement_of(
                self.forecast, settings, self.holidays, centre.backlog, calendar=centre.calendar
            )
        return self.known[settings.queue]

    def agent_hours(self, on: Collection[str]) -> float:
        """Agent-hours required."""
        return float(self.requirement(on)["agents_required"].sum()) * self.grid.interval_minutes / 60

    def kept_away(self, more: Collection[str], fewer: Collection[str]) -> float:
        """Contacts that a bot takes with more peaks on and not with fewer."""
        place = (
            from_timestamps(self.forecast["interval_start"]) - self.grid.start
        ) // self.grid.interval_minutes
        names = [queue.name for queue in self.centre.settings.queue]
        row = pd.Index(names).get_indexer(pd.Index(self.forecast["queue"].astype(str)))
        inside = (place >= 0) & (place < len(self.grid.starts)) & (row >= 0)
        higher = np.maximum(_contained(self.in_force(more)) - _contained(self.in_force(fewer)), 0.0)
        offered = self.forecast["offered"].to_numpy(dtype=float)[inside]
        return float((offered * higher[row[inside], place[inside]]).sum())


def _contained(in_force: SettingsInForce) -> NDArray[np.float64]:
    """The share that a bot takes, shape (queues, intervals)."""
    found = np.zeros((len(in_force.settings.queue), len(in_force.grid.starts)))
    for settings, holds in in_force.variants:
        found[:, holds] = np.array([queue.containment_share for queue in settings.queue])[:, None]
    return found


def _priced(peak: Peak, on: frozenset[str], floor: _Floor, hourly: float) -> Lever:
    """One lever, beside the peaks of the plan that do not contradict it."""
    queues, times = floor.centre.settings.queue, floor.in_force(()).times
    rivals = () if peak.enabled else tuple(_rivals(peak.name, on, times, queues))
    fewer = on - {peak.name, *rivals}
    more = fewer | {peak.name}
    hours = floor.agent_hours(fewer) - floor.agent_hours(more)
    contacts, days = floor.kept_away(more, fewer), len(times[peak.name].days)
    cost = round(peak.cost_per_contact * contacts + peak.cost_per_day * days, MONEY_DECIMALS)
    saving = round(hours * hourly, MONEY_DECIMALS)
    lever = Lever(
        peak.name, peak.enabled, days, rivals, round(hours, HOURS_DECIMALS), round(contacts, HOURS_DECIMALS),
        cost, saving, round(saving - cost, MONEY_DECIMALS),
    )  # fmt: skip
    return replace(lever, sentence=_sentence(lever, hourly, floor.centre.settings.centre.currency))


def _rivals(
    name: str, on: Collection[str], times: dict[str, PeakTimes], queues: Collection[Queue]
) -> Iterator[str]:
    """Peaks of the plan that hold while this one does and tell a queue something else."""
    for other in times:
        if other in on and any(True for _ in contradictions(times[name], times[other], queues)):
            yield other


def _sentence(lever: Lever, hourly: float, currency: str) -> str:
    """The lever in words."""
    kind = "on" if lever.enabled else "off, as if it were on"
    if lever.without:
        kind += f" and {', '.join(lever.without)}, which contradicts it, were off"
    if not lever.days:
        return f"lever {lever.name} ({kind}): holds on no day of the horizon"
    hours, days = lever.agent_hours_saved, f"{lever.days} day" + "s" * (lever.days != 1)
    kept = f" ({lever.contacts_kept_away:.1f} contacts kept from agents)" if lever.contacts_kept_away else ""
    return (
        f"lever {lever.name} ({kind}): {abs(hours):g} agent-hours {'fewer' if hours >= 0 else 'more'} on {days}, worth "
        f"{abs(lever.saving):.2f} {currency} at {hourly:.2f} an hour, the mean of the people's contracts; its own cost "
        f"{lever.cost:.2f}{kept}; net {lever.net:.2f}"
    )


def _beside(without: pd.DataFrame, with_levers: pd.DataFrame) -> pd.DataFrame:
    """The two requirements side by side, 0 where one of them has no row."""
    columns = [*KEYS, *MEASURES]
    table = without[columns].merge(with_levers[columns], on=KEYS, how="outer", suffixes=("", "_with_levers"))
    numbers = list(COLUMNS[2:])
    table[numbers] = table[numbers].fillna(0)
    for name in ("agents_required", "agents_required_with_levers"):
        table[name] = table[name].astype(np.int64)
    return table.sort_values(KEYS, kind="stable", ignore_index=True)[list(COLUMNS)]
