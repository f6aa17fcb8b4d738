"""One person's rota with a change made."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from centre.instants import day_number, from_minutes
from scheduler.alone import Alone
from scheduler.intraday.options import ADDED, EDITS, Option, moved_pause, pauses_moved, rows_added
from scheduler.intraday.rows import renamed, rows_of, with_rows
from scheduler.intraday.window import Window
from scheduler.mend_edits import Edit, applied
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.shifts import CandidateShift


def changed(option: Option, alone: Alone) -> Rota | None:
    """One person's rota with a change; None where it cannot be made."""
    rota: Rota | None = alone.rota
    assert rota is not None
    if option.kind in ADDED:
        assert option.template is not None
        day = _day_of(option.shift, alone.facts)
        shift = CandidateShift(option.template, day, option.shift, option.shift + option.minutes)
        rota = with_rows(rota, None, rows_added(shift, option.kind), option.name, day)
    elif option.kind != "break":
        k = shift_at(rota, option.shift)
        edited = applied(Edit(k, EDITS[option.kind], option.minutes), rota, alone.facts)
        rota = None if edited is None else renamed(edited, k, option.name)
    for pause in option.pauses:
        if rota is not None:
            k = shift_at(rota, pause[0])
            rows = moved_pause(rows_of(rota, k), *pause)
            rota = None if rows is None else with_rows(rota, k, rows, option.name, int(rota.duties.day[k]))
    return rota


def with_pauses(option: Option, alone: Alone, rota: Rota, window: Window) -> Iterator[Option]:
    """The same change with one more pause moved.

    Parameters
    ----------
    alone, rota : the person as they were, and with the change
    """
    within = option.shift + (option.minutes if option.kind == "move" else 0)
    k = shift_at(rota, within)
    template = option.template or (alone.facts.templates or {}).get(rota.shift_names[rota.duties.shift[k]])
    if template is None:
        return
    moved = {after for _, after in option.pauses}
    for more in pauses_moved(option.agent_id, rows_of(rota, k), template, window):
        if more.pauses[0][0] not in moved:
            yield replace(option, spans=(*option.spans, *more.spans), pauses=(*option.pauses, *more.pauses))


def shift_at(rota: Rota, instant: int) -> int:
    """Index of the shift of one person that lasts at an instant."""
    return int(np.flatnonzero((rota.duties.start <= instant) & (rota.duties.end > instant))[0])


def _day_of(instant: int, facts: Facts) -> int:
    """The local day of an instant."""
    return day_number(from_minutes(instant, facts.zone).date())
