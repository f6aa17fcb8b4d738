"""Time and cancelling: a clock only cuts work short, and a run that was cut says so."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
ASKED_EVERY_SECONDS = 0.1


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass
class Clock:
    """Wall-clock time since the start, who may cancel, and whether either cut any work short."""

    seconds: float | None
    stop: Callable[[], bool] = never
    started: float = field(default_factory=time.monotonic)
    cut: bool = False

    @property
    def left(self) -> float | None:
        """Seconds left, None without a limit."""
        return None if self.seconds is None else max(0.0, self.started + self.seconds - time.monotonic())

    def up(self, share: float = 1.0) -> bool:
        """Whether this share of the time is up, or the work is no longer wanted; asked only where that cuts work short."""
        late = self.seconds is not None and time.monotonic() >= self.started + share * self.seconds
        over = late or self.stop()
        self.cut = self.cut or over
        return over

    def unless_stopped(self, work: Callable[[], T]) -> T | None:
        """The result of work that cannot be interrupted, or None as soon as it is no longer wanted: it then ends unheard.

        What the work raises is raised here.
        """
        done: list[T] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                done.append(work())
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(ASKED_EVERY_SECONDS)
            if self.stop():
                self.cut = True
                return None
        if failed:
            raise failed[0]
        return done[0]
