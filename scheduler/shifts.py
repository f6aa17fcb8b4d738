"""Shift templates turned into the candidate shifts of real dates, and the ways their breaks may lie."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from centre.instants import Grid, local_instant, weekday_of
from centre.model import ShiftTemplate
from centre.opening import FRIDAY


@dataclass(frozen=True, slots=True)
class CandidateShift:
    """One shift that someone could work: a template on a day at a start.

    ``start`` and ``end`` are UTC minutes; ``worked_minutes`` leaves out every break, ``paid_minutes`` only unpaid ones.
    """

    template: ShiftTemplate
    day: int
    start: int
    end: int

    @property
    def paid_minutes(self) -> int:
        """Minutes that are paid."""
        return self.template.paid_minutes

    @property
    def worked_minutes(self) -> int:
        """Minutes of work: duration less all breaks."""
        return self.template.duration_minutes - sum(b.minutes for b in self.template.breaks)


def candidate_shifts(
    templates: Iterable[ShiftTemplate],
    grid: Grid,
    makeup_days: Collection[int] = (),
    peak_days: Mapping[str, Collection[int]] | None = None,
) -> Iterator[CandidateShift]:
    """Every shift that the templates allow to start on the days of ``grid``, by day, template, start.

    A start that clocks skip is left out; the length is elapsed time, so that a night on which clocks change is no longer or shorter.

    Parameters
    ----------
    makeup_days : day numbers that count as the Friday before them (`template_weekday`)
    peak_days : days on which each peak holds, by name; None: not known, so that a template with ``peaks`` is offered whatever the day
    """
    templates = list(templates)
    for day in range(grid.first_day, grid.first_day + grid.days):
        weekday = template_weekday(day, makeup_days)
        for template in templates:
            if weekday not in template.days or not is_peak_of(template, day, peak_days):
                continue
            for minute in range(
                template.earliest_start, template.latest_start + 1, template.start_step_minutes
            ):
                start = local_instant(grid.zone, day, minute)
                if start is not None:
                    yield CandidateShift(template, day, start, start + template.duration_minutes)


def template_weekday(day: int, makeup_days: Collection[int]) -> int:
    """The weekday by which templates are offered on a day: its own; Friday on a make-up workday.

    Examples
    --------
    >>> from datetime import date
    >>> sunday = (date(2025, 9, 28) - date(1970, 1, 1)).days
    >>> template_weekday(sunday, ()), template_weekday(sunday, {sunday})
    (6, 4)
    """
    return FRIDAY if day in makeup_days else weekday_of(day)


def is_peak_of(template: ShiftTemplate, day: int, peak_days: Mapping[str, Collection[int]] | None) -> bool:
    """Whether a template that is offered at peaks alone is on this day; one that names none always is."""
    if not template.peaks or peak_days is None:
        return True
    return any(day in peak_days.get(name, ()) for name in template.peaks)


def break_starts(shift: CandidateShift, index: int) -> range:
    """UTC minutes at which break ``index`` of a shift may start."""
    rest = shift.template.breaks[index]
    return range(
        shift.start + rest.earliest_minutes, shift.start + rest.latest_minutes + 1, rest.step_minutes
    )
