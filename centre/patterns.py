"""Rotation patterns: the sections ``[[pattern]]`` of ``centre.toml``."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from annotated_types import MinLen

OFF = "off"
ANY = "any"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cycle of days that its people work round and round: of each day the name of a shift, ``off`` or ``any``.

    ``days`` is the cycle, day by day from ``starts_on``; somebody whose agents file says ``NAME:8`` is 8 days ahead in it.
    ``teams`` work it as a whole, together; others by the column ``pattern`` of the agents file.
    """

    name: Annotated[str, MinLen(1)]
    days: Annotated[tuple[str, ...], MinLen(1)]
    starts_on: date | None = None
    teams: tuple[str, ...] = ()
