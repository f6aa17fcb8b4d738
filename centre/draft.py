"""What could be read of a ``centre.toml``, right or not, against which the tables of the folder are checked."""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from centre.model import Backup, CentreInfo, Contract, Queue, Settings, ShiftTemplate


@dataclass
class Draft:
    """The parts of a ``centre.toml``; one that is wrong is None under its name.

    ``settings`` is there only when nothing is wrong; None for a whole section means that nothing is known of
    it. ``raw`` is the file as TOML tells it.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    settings: Settings | None = None
    info: CentreInfo | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    queues: dict[str, Queue | None] | None = None
    shifts: dict[str, ShiftTemplate | None] | None = None
    contracts: dict[str, Contract | None] | None = None
    backups: dict[str, Backup | None] | None = None
