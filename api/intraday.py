"""What the commands of the day under way read: a centre, the day so far, and the moment that is now."""

import argparse
from dataclasses import dataclass

import pandas as pd

from centre.actuals_file import read_actuals
from centre.errors import Faults
from centre.folder import Centre
from centre.instants import parse_instant


@dataclass(frozen=True, eq=False)
class Moment:
    """A centre at a moment: ``now`` in UTC minutes, ``actuals`` as `centre.actuals_file.read_actuals` gives them."""

    centre: Centre
    actuals: pd.DataFrame
    now: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the files have to tell."""
        return (*self.centre.warnings, *self.actuals.attrs["warnings"])


def read_moment(centre: Centre, args: argparse.Namespace, faults: Faults) -> Moment | None:
    """Read what belongs to the moment; None with the faults noted."""
    told, now = centre.settings.centre, None
    try:
        now = parse_instant(args.now, told.timezone)
    except ValueError as error:
        faults.add("--now", str(error), found=args.now)
    queues = [queue.name for queue in centre.settings.queue]
    actuals = faults.tried(lambda: read_actuals(args.actuals, told.timezone, queues, told.interval_minutes))
    return None if actuals is None or now is None else Moment(centre, actuals, now)
