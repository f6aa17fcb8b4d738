"""What ``paiban forecast`` and ``paiban backtest`` read: a centre folder, or a history file with what the
folder would have said.
"""

import argparse
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import pandas as pd

from centre.calendar import public_holidays
from centre.errors import Faults
from centre.folder import Centre, read_centre, read_history
from centre.instants import MINUTES_A_DAY, from_timestamps
from centre.planner_files import events_frame
from forecasts.events import events_of
from forecasts.inputs import Options
from forecasts.models import companions
from scenarios.forecasting import centre_options, day_calendar

DAYS_AHEAD = 731


@dataclass(frozen=True, eq=False)
class Past:
    """History and all that is told beside it; ``centre`` is None where there was only a file."""

    history: pd.DataFrame
    zone: ZoneInfo
    holidays: dict[int, str]
    options: Options
    centre: Centre | None


def read_past(args: argparse.Namespace) -> Past:
    """Read what the options of `api.options.add_history` name.

    Raises
    ------
    BadInput
        where it is not one of the two forms, and with every fault of the files.
    """
    _check_form(args)
    models = companions() if args.companion else None
    past = _of_file(args) if args.centre is None else _of_centre(read_centre(args.centre))
    return replace(past, options=past.options | {"models": models})


def _of_centre(centre: Centre) -> Past:
    first, last = _span(centre.history)
    country = centre.settings.centre.country
    holidays = public_holidays(country, first - 1, last + DAYS_AHEAD, centre.calendar)
    options = centre_options(centre, holidays, last + DAYS_AHEAD)
    return Past(centre.history, centre.settings.centre.timezone, holidays, options, centre)


def _of_file(args: argparse.Namespace) -> Past:
    history = read_history(args.history, args.timezone)
    first, last = _span(history)
    faults = Faults()
    events = events_frame(args.events, args.timezone, faults, sorted(set(history["queue"])))
    try:
        holidays = public_holidays(args.country, first - 1, last + DAYS_AHEAD)
    except ValueError as error:
        faults.add("--country", str(error), found=args.country)
    faults.raise_if_any()
    options = Options(
        timezone=args.timezone,
        holidays=holidays,
        calendars={"": day_calendar(args.country, first, last + DAYS_AHEAD)},
        events=events_of(events),
    )
    return Past(history, args.timezone, holidays, options, None)


def _check_form(args: argparse.Namespace) -> None:
    faults = Faults()
    if (args.centre is None) == (args.history is None):
        found = "neither" if args.centre is None else "both"
        faults.add("command line", "a centre folder or --history FILE", found=found)
    if args.history is not None and args.timezone is None:
        faults.add("--timezone", "a time zone such as Asia/Shanghai beside --history")
    if args.centre is not None:
        for name, file in (("timezone", "centre.toml"), ("country", "centre.toml"), ("events", "events.csv")):
            if getattr(args, name) is not None:
                expected = f"no such option beside a centre folder, whose {file} says it"
                faults.add(f"--{name}", expected, found=getattr(args, name))
    faults.raise_if_any()


def _span(history: pd.DataFrame) -> tuple[int, int]:
    """First and last day of a history, in UTC."""
    days = from_timestamps(history["interval_start"]) // MINUTES_A_DAY
    return int(days.min()), int(days.max())
