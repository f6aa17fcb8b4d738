"""A day repaired: what happened is checked, the repair is looked for, audited and put beside doing nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.instants import format_instant, from_timestamps
from centre.opening import open_mask
from scenarios.activities_today import moved_sessions
from scenarios.demand import holidays_of, requirement_of
from scenarios.happened import Happened, moment, read_happened
from scenarios.onboarding import by_phases
from scenarios.peak_settings import SettingsInForce, settings_in_force
from scenarios.requirement_table import checked_requirement
from scenarios.rota_at_hand import RotaAtHand
from scheduler.activities.moving import Moved
from scheduler.audit import audit
from scheduler.coverage import coverage
from scheduler.intraday.absence import Absence
from scheduler.intraday.options import Reach
from scheduler.intraday.repair import Alternative, Asked, Repair, days_of, repair
from scheduler.intraday.window import Window, window_of
from scheduler.rota import Rota
from scheduler.rules.rule import Violation


@dataclass(frozen=True, eq=False)
class Judged:
    """An alternative with the service to expect from now on.

    Parameters
    ----------
    cover : rows of the window, columns of ``coverage.csv``
    short_hours : agent-hours missing to the requirement from now on
    in_time : share of contacts from now on that are answered in time; NaN where none are expected
    """

    way: Alternative
    cover: pd.DataFrame
    short_hours: float
    in_time: float


@dataclass(frozen=True, eq=False)
class Replanned:
    """A repaired day.

    Parameters
    ----------
    ways : alternatives, the best first
    planned : service as it was before anything happened
    violations : of the best alternative's rota; ``new``: breaches that the rota had not before, ``of_absence``: those of them that the
        absences alone leave, whatever is done
    sessions : time off the queue that was moved or given up, in every alternative
    """

    at_hand: RotaAtHand
    repair: Repair
    absences: tuple[Absence, ...]
    ways: tuple[Judged, ...]
    planned: Judged
    violations: tuple[Violation, ...]
    new: tuple[Violation, ...]
    of_absence: tuple[Violation, ...]
    warnings: tuple[str, ...]
    sessions: tuple[Moved, ...] = ()

    @property
    def best(self) -> Judged:
        """The alternative that is proposed."""
        return self.ways[0]

    @property
    def nothing(self) -> Judged:
        """What is left where nothing is done."""
        return next(way for way in self.ways if way.way.name == "nothing")


def replan(
    at_hand: RotaAtHand,
    happened: Happened,
    requirement: pd.DataFrame | None = None,
    forecast: pd.DataFrame | None = None,
    most: int | None = None,
    reach: Reach | None = None,
    time_off: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Replanned:
    """Repair a rota from now on.

    Parameters
    ----------
    requirement, forecast : what is needed; with a forecast, newer than the rota's, the requirement is worked out from it
    most : people that may be changed; None: twice as many as are absent
    reach : how far changes may go; None: as usual
    time_off : whether shifts may be shortened where too many are at work

    Raises
    ------
    BadInput
        with everything that is wrong with what happened, or where demand is not told up to the end of the day.
    """
    centre, rota = at_hand.centre, at_hand.rota
    info = centre.settings.centre
    now = moment(happened.now, at_hand)
    window = window_of(rota, now, info.timezone, info.interval_minutes)
    absences, outages = read_happened(happened, at_hand, window)
    progress("what is needed from now on")
    grid = days_of(window)
    in_force = settings_in_force(centre, grid)
    needed = _needed(at_hand, window, in_force, requirement, forecast, outages)
    asked = Asked(
        rota, at_hand.facts, at_hand.rules, at_hand.law, centre.settings, centre.agents, needed, now,
        in_force.minimum(needed),
    )  # fmt: skip
    sessions: tuple[Moved, ...] = ()
    if centre.settings.activity and (reach is None or reach.people is None):
        progress("sessions off the queue")
        planned_rota, sessions = moved_sessions(centre, asked, absences, (reach or Reach()).lead_minutes)
        asked = replace(asked, rota=planned_rota)
    found = repair(asked, absences, most, reach or Reach(), time_off, progress)
    progress("judge the repaired rota by all rules")
    found, violations, new, of_absence = _audited(at_hand, found)
    ways = tuple(judged_way(at_hand, needed, in_force, way, window) for way in found.alternatives)
    planned = Alternative("planned", (), rota, at_hand.facts, 0.0, 0.0)
    return Replanned(
        at_hand, found, absences, ways, judged_way(at_hand, needed, in_force, planned, window), violations, new, of_absence,
        (*centre.warnings, *at_hand.warnings), sessions,
    )  # fmt: skip


def judged_way(
    at_hand: RotaAtHand, needed: pd.DataFrame, in_force: SettingsInForce, way: Alternative, window: Window
) -> Judged:
    """The service to expect of an alternative, what waits carried along from the beginning of the day."""
    centre = at_hand.centre
    rota, people = by_phases(centre, way.rota)
    table = in_force.rows(lambda by: coverage(rota, needed, by, people)).sort_index()
    table = table[from_timestamps(table["interval_start"]) >= window.starts[0]].reset_index(drop=True)
    short = float(np.maximum(-table["net_staffing"], 0).sum()) * window.hours
    contacts = float(table["expected_contacts"].sum())
    in_time = 1 - float(table["expected_late"].sum()) / contacts if contacts else float("nan")
    return Judged(way, table, short, in_time)


def _needed(
    at_hand: RotaAtHand, window: Window, in_force: SettingsInForce, requirement: pd.DataFrame | None,
    forecast: pd.DataFrame | None, outages: Sequence[tuple[str, int]],
) -> pd.DataFrame:  # fmt: skip
    """What is needed from the beginning of the day to the end of the window, without queues that are out."""
    centre = at_hand.centre
    grid = in_force.grid
    holidays = holidays_of(centre, grid)
    file = "--requirement"
    if forecast is not None:
        file = "--forecast"
        requirement = requirement_of(
            forecast, centre.settings, holidays, centre.backlog, calendar=centre.calendar
        )
    assert requirement is not None
    table = checked_requirement(requirement, centre.settings, grid)
    instants = from_timestamps(table["interval_start"])
    faults = Faults()
    for queue in centre.settings.queue:
        is_open = open_mask(queue, grid, holidays, centre.calendar)
        asked = grid.starts[is_open & (grid.starts >= window.starts[0]) & (grid.starts < window.end)]
        missing = asked[~np.isin(asked, instants[table["queue"] == queue.name])]
        told = (requirement["queue"] == queue.name).any()
        if len(missing) and told:
            words = f"rows for queue {queue.name} up to the end of the day, {format_instant(window.end)}"
            found = f"none for {len(missing)} of {len(asked)} open intervals, the first {format_instant(int(missing[0]))}"
            faults.add(file, words, found=found, column="interval_start")
    faults.raise_if_any()
    table = table[instants < window.end].reset_index(drop=True)
    instants = from_timestamps(table["interval_start"])
    out = np.zeros(len(table), dtype=bool)
    for name, until in outages:
        out |= (table["queue"] == name).to_numpy() & (instants >= window.starts[0]) & (instants < until)
    return table[~out].reset_index(drop=True)


def _audited(
    at_hand: RotaAtHand, found: Repair
) -> tuple[Repair, tuple[Violation, ...], tuple[Violation, ...], tuple[Violation, ...]]:
    """The repair whose best alternative breaks nothing more than absences do, with its findings.

    Every change was judged for its person; an alternative that all rules together still fault is put last.
    """
    before = _breaches(at_hand, at_hand.rota, replace_facts=None)
    missing = _breaches(at_hand, found.missing, replace_facts=found)
    of_absence = tuple(_new(before, missing))
    ways = list(found.alternatives)
    for way in found.alternatives:
        violations = tuple(audit(way.rota, at_hand.rules, way.facts, exceptions=at_hand.exceptions))
        new = tuple(_new(before, [v for v in violations if v.verdict == "breach"]))
        if not list(_new(list(of_absence), new)):
            return replace(found, alternatives=tuple(ways)), violations, new, of_absence
        ways.remove(way)
        ways.append(way)
    raise AssertionError("doing nothing breaks no more than the absences")


def _breaches(at_hand: RotaAtHand, rota: Rota, replace_facts: Repair | None) -> list[Violation]:
    facts = at_hand.facts if replace_facts is None else replace_facts.facts
    found = audit(rota, at_hand.rules, facts, exceptions=at_hand.exceptions)
    return [violation for violation in found if violation.verdict == "breach"]


def _new(known: Sequence[Violation], found: Sequence[Violation]) -> Iterator[Violation]:
    """Breaches that are not among those known, nor one of them of the same rule and person made no worse."""
    pool = list(known)
    for violation in found:
        same = next(
            (
                each
                for each in pool
                if (each.rule, each.source, each.agent_id)
                == (violation.rule, violation.source, violation.agent_id)
                and (violation.short or 0) <= (each.short or 0)
            ),
            None,
        )
        if same is None:
            yield violation
        else:
            pool.remove(same)
