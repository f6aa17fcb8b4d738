"""One instance of the shift-scheduling benchmark as arrays.

**Source:** T. Curtois and R. Qu, Computational results on new staff scheduling benchmark instances, 2014
(schedulingbenchmarks.org); recalled and read in the instances' own comments, not in the report itself.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
OFF = -1
"""The shift number of a day without work."""
SATURDAY, SUNDAY = 5, 6
"""Days of a week that starts on a Monday, as every instance does."""


@dataclass(frozen=True, eq=False)
class NrpInstance:
    """People, shifts, hard limits and weighted wishes of one benchmark instance.

    People, days and shifts are numbered from 0; day 0 is a Monday. N people, D days, S shifts, R requests.

    Parameters
    ----------
    name : name of the file without its ending
    days : length of the horizon
    shifts : names of the shifts
    minutes : minutes of work, (S,)
    cannot_follow : (S, S), whether the second shift may not be worked on the day after the first
    staff : names of the people
    max_shifts : most days on each shift, (N, S)
    max_minutes, min_minutes : minutes of work over the horizon, (N,)
    max_run, min_run : days of work in a row, (N,); a run that touches either end of the horizon may be shorter
    min_off : days off in a row, (N,); a run that touches either end may be shorter
    max_weekends : most weekends with work on Saturday, Sunday or both, (N,)
    fixed_off : days on which the person does not work, (N, D)
    on_requests : person, day, shift, weight paid where it is not worked, (R, 4)
    off_requests : person, day, shift, weight paid where it is worked, (R, 4)
    required : people wanted, (D, S)
    under_weight, over_weight : price of each person missing and of each beyond, (D, S)
    """

    name: str
    days: int
    shifts: tuple[str, ...]
    minutes: Ints
    cannot_follow: Bools
    staff: tuple[str, ...]
    max_shifts: Ints
    max_minutes: Ints
    min_minutes: Ints
    max_run: Ints
    min_run: Ints
    min_off: Ints
    max_weekends: Ints
    fixed_off: Bools
    on_requests: Ints
    off_requests: Ints
    required: Ints
    under_weight: Ints
    over_weight: Ints

    @property
    def weekends(self) -> tuple[tuple[int, ...], ...]:
        """The days of each weekend that the horizon has a part of."""
        saturdays = range(SATURDAY, self.days, 7)
        return tuple(tuple(day for day in (first, first + 1) if day < self.days) for first in saturdays)

    def wishes(self) -> tuple[int, Ints]:
        """The requests as a price: what every day off costs, and what each shift adds to that, (N, D, S).

        Examples
        --------
        >>> from scheduler.nrp.reading import parse_instance
        >>> text = '''SECTION_HORIZON
        ... 1
        ... SECTION_SHIFTS
        ... E,480,
        ... SECTION_STAFF
        ... Ada,E=1,480,0,1,1,1,0
        ... SECTION_SHIFT_ON_REQUESTS
        ... Ada,0,E,3
        ... SECTION_COVER
        ... 0,E,1,100,1'''
        >>> constant, added = parse_instance(text, "one.txt").wishes()
        >>> constant, added.tolist()
        (3, [[[-3]]])
        """
        added = np.zeros((len(self.staff), self.days, len(self.shifts)), dtype=np.int64)
        for requests, sign in ((self.on_requests, -1), (self.off_requests, 1)):
            person, day, shift, weight = requests.T
            np.add.at(added, (person, day, shift), sign * weight)
        return int(self.on_requests[:, 3].sum()), added

    def triples(self, assignments: Ints) -> list[tuple[str, int, str]]:
        """A roster of shape (N, D), `OFF` where there is no work, as rows of employee, day, shift."""
        worked = zip(*(axis.tolist() for axis in np.nonzero(assignments != OFF)), strict=True)
        return [(self.staff[n], day, self.shifts[assignments[n, day]]) for n, day in worked]
