"""What ``paiban forecast`` and ``paiban backtest`` read: a centre folder, or a history file with what the
folder would have said.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd

from centre.calendar import CalendarRow, public_holidays
from centre.errors import Faults
from centre.folder import Centre, read_centre, read_history
from centre.instants import MINUTES_A_DAY, from_timestamps
from centre.opening import open_mask
from forecasts.hours import OpenMask

DAYS_AHEAD = 731


@dataclass(frozen=True, eq=False)
class Past:
    """History and what is known of its days; ``centre`` is None where there was only a file."""

    history: pd.DataFrame
    zone: ZoneInfo
    holidays: dict[int, str]
    opening: dict[str, OpenMask]
    centre: Centre | None


def read_past(args: argparse.Namespace) -> Past:
    """Read what the options of `api.options.add_history` name.

    Raises
    ------
    BadInput
        where it is not one of the two forms, and with every fault of the files.
    """
    _check_form(args)
    if args.centre is None:
        history = read_history(args.history, args.timezone)
        return Past(history, args.timezone, _holidays(args.country, history), {}, None)
    centre = read_centre(args.centre)
    holidays = _holidays(centre.settings.centre.country, centre.history, centre.calendar)
    known = [queue for queue in centre.settings.queue if queue.name in set(centre.history["queue"])]
    opening: dict[str, OpenMask] = {
        queue.name: partial(open_mask, queue, holidays=holidays, calendar=centre.calendar) for queue in known
    }
    return Past(centre.history, centre.settings.centre.timezone, holidays, opening, centre)


def _check_form(args: argparse.Namespace) -> None:
    faults = Faults()
    if (args.centre is None) == (args.history is None):
        found = "neither" if args.centre is None else "both"
        faults.add("command line", "a centre folder or --history FILE", found=found)
    if args.history is not None and args.timezone is None:
        faults.add("--timezone", "a time zone such as Asia/Shanghai beside --history")
    if args.centre is not None:
        for name in ("timezone", "country"):
            if getattr(args, name) is not None:
                faults.add(
                    f"--{name}",
                    "no such option beside a centre folder, whose centre.toml says it",
                    found=getattr(args, name),
                )
    if args.events is not None:
        faults.add("--events", "no events file: events are not used in forecasts yet", found=args.events)
    faults.raise_if_any()


def _holidays(
    country: str | None, history: pd.DataFrame, calendar: Sequence[CalendarRow] = ()
) -> dict[int, str]:
    days = from_timestamps(history["interval_start"]) // MINUTES_A_DAY
    faults = Faults()
    try:
        return public_holidays(country, int(days.min()) - 1, int(days.max()) + DAYS_AHEAD, calendar)
    except ValueError as error:
        faults.add("--country", str(error), found=country)
    faults.raise_if_any()
    return {}
