"""What the commands of the day under way read: a centre, the day so far, and the moment that is now."""

import argparse
from dataclasses import dataclass
from pathlib import Path

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


def add_moment(parser: argparse.ArgumentParser) -> None:
    """CENTRE, ``--actuals`` and ``--now``."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument(
        "--actuals",
        type=Path,
        required=True,
        metavar="FILE",
        help="the day so far: columns of history.csv, and customers_online, waiting, longest_wait_seconds",
    )
    parser.add_argument(
        "--now",
        required=True,
        metavar="INSTANT",
        help="the moment it is, such as 2026-03-02T12:10 (local time, or with an offset): later rows are left out",
    )


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
