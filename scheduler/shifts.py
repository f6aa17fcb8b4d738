"""Shift templates turned into the candidate shifts of real dates, and the ways their breaks may lie."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from centre.instants import Grid, local_instant, weekday_of
from centre.model import ShiftTemplate


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


def candidate_shifts(templates: Iterable[ShiftTemplate], grid: Grid) -> Iterator[CandidateShift]:
    """Every shift that the templates allow to start on the days of ``grid``, by day, template, start.

    A start that clocks skip is left out; the length is elapsed time, so that a night on which clocks change is no longer or shorter.
    """
    templates = list(templates)
    for day in range(grid.first_day, grid.first_day + grid.days):
        for template in templates:
            if weekday_of(day) not in template.days:
                continue
            for minute in range(
                template.earliest_start, template.latest_start + 1, template.start_step_minutes
            ):
                start = local_instant(grid.zone, day, minute)
                if start is not None:
                    yield CandidateShift(template, day, start, start + template.duration_minutes)


def break_starts(shift: CandidateShift, index: int) -> range:
    """UTC minutes at which break ``index`` of a shift may start."""
    rest = shift.template.breaks[index]
    return range(
        shift.start + rest.earliest_minutes, shift.start + rest.latest_minutes + 1, rest.step_minutes
    )
