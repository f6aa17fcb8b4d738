"""Time and contacts that a person is to have on the queue: the section ``[online]`` of ``centre.toml``, with the units in the names."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt


@dataclass(frozen=True, slots=True)
class Online:
    """Averages over a person's days with queue work, told as figures, never as a rule. Defaults: policy P8.

    Of a day with fewer or more paid minutes than ``full_day_minutes`` as much less or more is asked.
    """

    hours_per_day: Annotated[float, Ge(0)] = 6.0
    contacts_per_day: Annotated[float, Ge(0)] = 30.0
    full_day_minutes: Annotated[int, Gt(0)] = 480
