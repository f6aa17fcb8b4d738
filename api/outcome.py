"""What a command hands back, and the exit codes that every command keeps to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DONE, FINDINGS, BAD_INPUT, STOPPED = 0, 1, 2, 3
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """The end of a command: its exit code, what is told to people (``lines``) and to machines (``data``).

    ``warnings`` go to stderr for people and are part of ``data`` for machines.
    """

    code: int = DONE
    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
