"""A swap asked for by people: checked, with what it does to service, and who else could take the shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.folder import Centre
from centre.instants import Grid, day_number, day_of, from_minutes, from_timestamps
from centre.model import Settings
from scenarios.onboarding import by_phases
from scenarios.peak_settings import settings_in_force
from scenarios.requirement_table import checked_requirement
from scenarios.rota_at_hand import RotaAtHand, ids_like
from scheduler.coverage import coverage
from scheduler.rota import Rota
from scheduler.swaps import Answer, Given, Swaps

GIVE, WITH = "--give", "--with"


@dataclass(frozen=True, slots=True)
class Service:
    """Service of the days that a swap touches: agent-hours short, and contacts in time (NaN where none come)."""

    short_hours: float
    in_time: float


@dataclass(frozen=True, eq=False)
class SwapTold:
    """The answer to a swap.

    Parameters
    ----------
    answer : None for an offer that names nobody
    others : who could take the shift otherwise, the nearest first
    before, after : service, where a requirement is known
    """

    given: Given
    answer: Answer | None
    others: tuple[Answer, ...]
    before: Service | None
    after: Service | None

    @property
    def allowed(self) -> bool:
        """Whether the swap, or for an offer some, may be."""
        return bool(self.others) if self.answer is None else self.answer.allowed


def swap(
    at_hand: RotaAtHand, give: str, with_: str | None = None, requirement: pd.DataFrame | None = None
) -> SwapTold:
    """Check a swap.

    Parameters
    ----------
    give : ``AGENT:DATE``, the shift that somebody gives
    with_ : ``AGENT`` who takes it, giving their own shift of that day where they have one; ``AGENT:DATE`` gives that of another day;
        None: whoever could
    requirement : what is needed; None: service is not told

    Raises
    ------
    BadInput
        with everything that is wrong with what was asked.
    """
    faults = Faults()
    swaps = Swaps(at_hand.rota, at_hand.facts, at_hand.rules)
    given = _given(give, swaps, at_hand, faults, GIVE, None)
    faults.raise_if_any()
    assert given is not None
    back = None if with_ is None else _given(with_, swaps, at_hand, faults, WITH, given)
    faults.raise_if_any()
    answer = None
    if back is not None:
        answer = swaps.check(given, back.agent_id, back if swaps.has_shift(back) else None)
    others = [] if answer is not None and answer.allowed else swaps.others(given)
    others = [other for other in others if answer is None or other.takes != answer.takes]
    before = after = None
    if requirement is not None:
        seen = answer or (others[0] if others else None)
        days = sorted({given.day, back.day if back is not None else given.day})
        before = service_of(at_hand, at_hand.rota, requirement, days)
        after = None if seen is None else service_of(at_hand, seen.rota, requirement, days)
    return SwapTold(given, answer, tuple(others), before, after)


def _given(
    text: str, swaps: Swaps, at_hand: RotaAtHand, faults: Faults, option: str, other: Given | None
) -> Given | None:
    """Whose shifts of which day; None with the faults noted."""
    listed = sorted({*at_hand.rota.agent_ids, *(at_hand.facts.people or {})})
    name, _, told = (text, "", "") if other is not None and text in listed else text.rpartition(":")
    if name not in listed:
        faults.add(option, ids_like(name or text, listed), found=name or text)
        return None
    if other is not None and name == other.agent_id:
        faults.add(option, f"somebody else than {other.agent_id}", found=name)
        return None
    first, days = at_hand.facts.first_day, at_hand.facts.days
    try:
        day = other.day if other is not None and not told else day_number(date.fromisoformat(told))
    except ValueError:
        faults.add(option, f"AGENT:DATE, such as {name}:{day_of(first)}", found=text)
        return None
    if not first <= day < first + days:
        words = f"a day of the rota, from {day_of(first)} to {day_of(first + days - 1)}"
        faults.add(option, words, found=told)
        return None
    given = Given(name, day)
    if (other is None or told) and not swaps.has_shift(given):
        faults.add(option, f"a day on which {name} has a shift", found=text)
        return None
    return given


def service_of(at_hand: RotaAtHand, rota: Rota, requirement: pd.DataFrame, days: Sequence[int]) -> Service:
    """Service of a rota over some days (day numbers), where ``requirement`` knows what is needed on them."""
    centre = at_hand.centre
    info, short, contacts, late = centre.settings.centre, 0.0, 0.0, 0.0
    for day in days:
        grid = Grid(info.timezone, day, 1, info.interval_minutes)
        inside = from_timestamps(requirement["interval_start"])
        if not ((inside >= grid.start) & (inside < grid.end)).any():
            continue
        needed, in_force = (
            checked_requirement(requirement, centre.settings, grid),
            settings_in_force(centre, grid),
        )
        table = in_force.rows(partial(_covered, rota, needed, centre))
        short += float(np.maximum(-table["net_staffing"], 0).sum()) * info.interval_minutes / 60
        contacts += float(table["expected_contacts"].sum())
        late += float(table["expected_late"].sum())
    return Service(short, 1 - late / contacts if contacts else float("nan"))


def _covered(rota: Rota, needed: pd.DataFrame, centre: Centre, by: Settings) -> pd.DataFrame:
    by_day, people = by_phases(centre, rota)
    return coverage(by_day, needed, by, people)


def words_of(answer: Answer, at_hand: RotaAtHand) -> str:
    """A swap that could be, in a sentence."""
    gives = f"{answer.gives.agent_id}'s {shifts_told(answer.gives, at_hand)}"
    if answer.back is None:
        return f"{answer.takes} takes {gives}"
    return f"{answer.takes} takes {gives} for their {shifts_told(answer.back, at_hand)}"


def shifts_told(given: Given, at_hand: RotaAtHand) -> str:
    """Somebody's shifts of a day, by their clock."""
    rota, duties = at_hand.rota, at_hand.rota.duties
    person = (at_hand.facts.people or {}).get(given.agent_id)
    zone = (person.zone if person is not None else None) or at_hand.facts.zone
    mine = (duties.agent == rota.agent_ids.index(given.agent_id)) & (duties.day == given.day)
    spans = [
        f"{rota.shift_names[duties.shift[k]]} {from_minutes(int(duties.start[k]), zone):%H:%M}-"
        f"{from_minutes(int(duties.end[k]), zone):%H:%M}"
        for k in np.flatnonzero(mine)
    ]
    return f"{', '.join(spans)} of {day_of(given.day)}"
