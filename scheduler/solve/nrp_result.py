"""What a solver of benchmark instances hands back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scheduler.nrp.instance import Ints

Progress = Callable[[str], None]
Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, eq=False)
class NrpResult:
    """The end of a search.

    Parameters
    ----------
    assignments : shift numbers of shape (people, days), `OFF` where there is no work; None where no roster was found
    penalty : as the solver counts it; None where no roster was found
    bound : proven: no roster has a lower penalty
    seconds : from the call to its end, by the clock
    status : ``optimal``, ``feasible`` (a roster, not proven best), ``infeasible`` (proven: there is none), ``unknown`` (time was up
        before there was a roster)
    """

    assignments: Ints | None
    penalty: int | None
    bound: int
    seconds: float
    status: Status
